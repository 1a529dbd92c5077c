"""Downloads from YouTube: the real yt-dlp against a stand-in site, and the words it uses."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import filelock
import pytest
from footage import Footage, Reel
from youtube_site import SiteVideo, YouTubeSite, segmented

from aivideo.engines import media
from aivideo.engines.download import Downloads, Order, Words, _watch
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import Wanted
from aivideo.engines.incoming import KEPT_PARTS
from aivideo.engines.waiting import Reporter, aside
from aivideo.engines.youtube_clips import STANDARD, Videos
from aivideo.engines.youtube_formats import LARGEST
from aivideo.engines.youtube_refusals import explain
from aivideo.errors import (
    AIVideoError,
    DiskFull,
    DownloaderOutdated,
    DownloadFailed,
    VideoForMembers,
    VideoIdInvalid,
    VideoLicenceGone,
    VideoLive,
    VideoNotForAll,
    VideoNotInRegion,
    VideoPrivate,
    VideoProtected,
    VideoRemoved,
    VideoTooLarge,
    VideoTooLong,
    VideoTooShort,
    VideoUpcoming,
    YouTubeBusy,
    YouTubeDistrust,
    YouTubeUnreachable,
)
from aivideo.progress import Progress, Work, finish, together
from aivideo.settings import Settings
from aivideo.workspace import Workspace

SEA = "sea-0_00001"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """A real clip to download."""
    return Reel(tmp_path_factory.mktemp("reel"))["plain"]


@pytest.fixture
def site(tmp_path: Path, clip: Footage) -> Iterator[YouTubeSite]:
    """YouTube's site on this machine, with one video."""
    with YouTubeSite(tmp_path).running() as site:
        site.videos[SEA] = SiteVideo(clip.path)
        yield site


def bring(workspace: Workspace, site: YouTubeSite, video_id: str = SEA) -> Path:
    """Download a video from the site."""
    return finish(download(workspace, video_id, site.options))


def download(workspace: Workspace, video_id: str, options: Mapping[str, Any]) -> Work[Path]:
    """The download of a whole video."""
    return Downloads(workspace, FFmpeg(), options).bring(Order(Wanted(video_id)))


def left_behind(workspace: Workspace) -> list[str]:
    """What lies where downloads come in, locks aside."""
    return sorted(path.name for path in workspace.folder("incoming").glob("*.*[!k]"))


# --------------------------------------------------------------------------- the real thing
def test_a_video_arrives_whole_under_its_own_name(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """It is published only after it was found to be a video; nothing else is left."""
    path = bring(workspace, site)
    assert path.parent == workspace.folder("videos")
    assert path.read_bytes() == clip.path.read_bytes()
    assert media.probe(path).width == 320
    assert left_behind(workspace) == []


def test_a_video_that_is_here_is_not_brought_again(workspace: Workspace, site: YouTubeSite) -> None:
    """The second time costs nothing and asks nobody."""
    path = bring(workspace, site)
    site.videos.clear()
    assert bring(workspace, site) == path
    assert len(site.ranges) == 1


def test_the_one_who_waits_is_told_how_far_it_is(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """Progress grows, and says how much has come."""
    site.videos[SEA].bytes_a_second = clip.path.stat().st_size * 2
    told: list[Progress] = []
    finish(download(workspace, SEA, site.options), told.append)
    shares = [news.fraction for news in told]
    assert shares == sorted(shares)
    assert any("MB" in news.message and 0 < news.fraction < 1 for news in told)


def test_a_cancelled_download_ends_at_once_and_goes_on_later(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """The part stays, and the next one asks for the rest alone."""
    site.videos[SEA].bytes_a_second = clip.path.stat().st_size // 3
    work = download(workspace, SEA, site.options)
    for news in work:
        if news.fraction > 0.2:
            break
    work.close()
    wait_for(lambda: left_behind(workspace) == [f"yt-{SEA}-137.mp4.part"])
    site.videos[SEA].bytes_a_second = 0
    assert bring(workspace, site).read_bytes() == clip.path.read_bytes()
    assert not site.ranges[-1].startswith("bytes=0-")


def test_cancelling_while_a_video_is_looked_up_ends_soon(
    workspace: Workspace, site: YouTubeSite
) -> None:
    """No byte was asked for yet, and none is after."""
    work = download(workspace, SEA, site.options)
    next(work)
    work.close()
    with filelock.FileLock(workspace.folder("incoming") / f"{SEA}.lock", timeout=20):
        assert site.ranges == []


def test_a_download_that_breaks_off_says_so(workspace: Workspace, site: YouTubeSite) -> None:
    """The connection is at fault, and trying again is the remedy."""
    site.videos[SEA].breaks_off = True
    site.videos[SEA].bytes_a_second = 20_000
    options = {**site.options, "retries": 0}
    with pytest.raises(YouTubeUnreachable):
        finish(download(workspace, SEA, options))
    assert list(workspace.folder("videos").iterdir()) == []


BOT = "Sign in to confirm you\u2019re not a bot"
REFUSED: Mapping[str, tuple[SiteVideo, type[AIVideoError], str]] = {
    "gone": (SiteVideo(licence=""), VideoRemoved, "does not have it any more"),
    "removed": (
        SiteVideo(because="This video has been removed by the uploader"),
        VideoRemoved,
        "does not have it any more",
    ),
    "private": (SiteVideo(reason="Private video"), VideoPrivate, "it is private"),
    "members": (
        SiteVideo(reason="Join this channel to get access to members-only content like this video"),
        VideoForMembers,
        "members",
    ),
    "for sale": (SiteVideo(trailer="trailer0001"), VideoForMembers, "members"),
    "age": (
        SiteVideo(reason="Sign in to confirm your age", because="It may be inappropriate"),
        VideoNotForAll,
        "grown-ups",
    ),
    "region": (
        SiteVideo(because="The uploader has not made this video available in your country"),
        VideoNotInRegion,
        "country",
    ),
    "licence": (SiteVideo(Path("x"), licence=""), VideoLicenceGone, "Creative Commons"),
    "live": (SiteVideo(Path("x"), live=True), VideoLive, "it is live"),
    "upcoming": (
        SiteVideo(upcoming=True, reason="This live event will begin in 3 hours."),
        VideoUpcoming,
        "not begun",
    ),
    "upcoming with a trailer": (SiteVideo(Path("x"), upcoming=True), VideoUpcoming, "not begun"),
    "protected": (SiteVideo(Path("x"), protected=True), VideoProtected, "copying"),
    "long": (SiteVideo(Path("x"), seconds=4 * 3600), VideoTooLong, "longer than 3 hours"),
    "long and all of it": (
        SiteVideo(Path("x"), seconds=4000),
        VideoTooLong,
        "longer than 10 minutes",
    ),
    "robot": (SiteVideo(reason=BOT), YouTubeDistrust, "Wait an hour"),
    "too fast": (
        SiteVideo(reason="This content isn't available, try again later."),
        YouTubeBusy,
        "up to an hour",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_used_is_refused_before_its_first_byte(
    workspace: Workspace, site: YouTubeSite, clip: Footage, case: str
) -> None:
    """Each by a failure of its own, whose sentence says why; no media is asked for."""
    video, failure, reason = REFUSED[case]
    site.videos[SEA] = replace(video, file=clip.path if video.file else None)
    site.videos["trailer0001"] = SiteVideo(clip.path)
    with pytest.raises(failure, match=reason) as raised:
        bring(workspace, site)
    assert site.ranges == []
    assert left_behind(workspace) == []
    assert "cookies" not in raised.value.message


FOR_EVER = (
    VideoPrivate("x"),
    VideoRemoved("x"),
    VideoForMembers("x"),
    VideoNotForAll("x"),
    VideoNotInRegion("x"),
    VideoProtected("x"),
    VideoLicenceGone("x"),
    VideoTooLarge("x", LARGEST),
    VideoTooLong("x", 180),
    VideoIdInvalid("x"),
)
FOR_NOW = (
    VideoTooLong("x", 10, whole=True),
    VideoTooShort("x", 9.0),
    VideoLive("x"),
    VideoUpcoming("x"),
    YouTubeBusy(),
    YouTubeDistrust(),
    YouTubeUnreachable(),
    DownloaderOutdated(),
    DownloadFailed("x"),
)


def test_a_failure_says_whether_it_will_pass() -> None:
    """What will not pass is remembered, and the video not offered again; the rest is tried."""
    assert [failure for failure in FOR_EVER if not failure.permanent] == []
    assert [failure for failure in FOR_NOW if failure.permanent] == []


def test_every_failure_has_a_code_of_its_own() -> None:
    """Programs tell them apart by it."""
    codes = {type(failure): failure.code for failure in (*FOR_EVER, *FOR_NOW)}
    assert len(set(codes.values())) == len(codes)


def test_a_standard_licence_will_do_where_that_is_wanted(
    workspace: Workspace, site: YouTubeSite
) -> None:
    """Whoever has the right to a video may bring it, whatever its page says."""
    site.videos[SEA].licence = ""
    order = Order(Wanted(SEA), free=False)
    assert finish(Downloads(workspace, FFmpeg(), site.options).bring(order)).exists()


def test_a_source_looks_whether_the_licence_is_still_the_one_that_was_found(
    settings: Settings, workspace: Workspace, site: YouTubeSite
) -> None:
    """What was found free must be free; what was found without is a person's own business."""
    site.videos[SEA].licence = ""
    allowed = settings.model_copy(update={"youtube_downloads": True})
    videos = Videos(allowed, workspace, options=site.options)
    with pytest.raises(VideoLicenceGone):
        finish(videos.fetch(Wanted(SEA, licence="CC BY")))
    assert finish(videos.fetch(Wanted(SEA, licence=STANDARD))).exists()


def test_a_download_that_broke_off_goes_on_where_it_was(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """Trying again asks for the rest alone, and the whole is what the host has."""
    site.videos[SEA] = SiteVideo(clip.path, breaks_off=True, bytes_a_second=20 * 3000)
    with pytest.raises(YouTubeUnreachable):
        finish(download(workspace, SEA, {**site.options, "retries": 0}))
    part = workspace.folder("incoming") / f"yt-{SEA}-137.mp4.part"
    has = part.stat().st_size
    site.videos[SEA] = SiteVideo(clip.path)
    assert bring(workspace, site).read_bytes() == clip.path.read_bytes()
    assert site.ranges[-1].startswith(f"bytes={has}-")


def test_a_host_that_falls_silent_is_given_up(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """Nobody waits for ever for the next byte."""
    site.videos[SEA] = SiteVideo(clip.path, stops_after=2000)
    options = {**site.options, "retries": 0, "socket_timeout": 0.3}
    with pytest.raises(YouTubeUnreachable):
        finish(download(workspace, SEA, options))


def test_a_slow_download_is_no_failure(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """A thin line takes its time; the downloader must not call that throttling and give up."""
    settings = Downloads(workspace, FFmpeg())._settings(
        Order(Wanted(SEA)), workspace.folder("incoming"), Words(Reporter())
    )
    assert "throttledratelimit" not in settings
    site.videos[SEA] = SiteVideo(clip.path, bytes_a_second=clip.path.stat().st_size)
    assert bring(workspace, site).exists()


def test_media_that_moved_to_another_host_is_followed(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """The site sends to a nearer host now and then."""
    site.videos[SEA] = SiteVideo(clip.path, moved=True)
    assert bring(workspace, site).read_bytes() == clip.path.read_bytes()
    assert "rr2.googlevideo.com" in site.hosts


def test_media_that_is_not_there_is_said(workspace: Workspace, site: YouTubeSite) -> None:
    """A page may be there longer than what it shows."""
    site.videos[SEA].status = 404
    with pytest.raises(VideoRemoved):
        bring(workspace, site)


def test_a_video_in_segments_arrives_whole(
    workspace: Workspace, site: YouTubeSite, clip: Footage, tmp_path: Path
) -> None:
    """Some videos come as a list of segments only."""
    folder = segmented(clip.path, tmp_path / "segments")
    site.videos[SEA] = SiteVideo(playlist=folder)
    path = bring(workspace, site)
    assert media.probe(path).duration_seconds == pytest.approx(clip.seconds, abs=0.1)
    assert left_behind(workspace) == []


def test_a_small_canvas_brings_a_small_file(workspace: Workspace, site: YouTubeSite) -> None:
    """A draft does not wait for pixels that it does not show; both files are kept."""
    site.videos[SEA].sizes = {137: (1920, 1080), 136: (1280, 720)}
    downloads = Downloads(workspace, FFmpeg(), site.options)
    draft = finish(downloads.bring(Order(Wanted(SEA, size=(1280, 720)))))
    final = finish(downloads.bring(Order(Wanted(SEA, size=(1080, 1920)))))
    assert site.files == ["136", "137"]
    assert draft != final
    assert finish(downloads.bring(Order(Wanted(SEA, size=(1280, 720))))) == draft
    assert site.files == ["136", "137"]


def test_a_sharper_file_that_is_here_will_do(workspace: Workspace, site: YouTubeSite) -> None:
    """A draft made after the final video downloads nothing."""
    site.videos[SEA].sizes = {137: (1920, 1080), 136: (1280, 720)}
    downloads = Downloads(workspace, FFmpeg(), site.options)
    final = finish(downloads.bring(Order(Wanted(SEA))))
    assert finish(downloads.bring(Order(Wanted(SEA, size=(1280, 720))))) == final
    assert site.files == ["137"]


def test_two_videos_come_at_once_and_a_third_waits(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """Whoever asks for everything at once is taken for a robot."""
    ids = [f"sea-0_0000{number}" for number in range(3)]
    for one in ids:
        site.videos[one] = SiteVideo(clip.path, bytes_a_second=clip.path.stat().st_size * 2)
    most = 0
    works = [download(workspace, one, site.options) for one in ids]
    messages: list[str] = []
    together_work = together(works, at_once=3)
    for news in together_work:
        messages.append(news.message)
        most = max(most, len(list(workspace.folder("incoming").glob("*.part"))))
    assert most <= 2
    assert len(list(workspace.folder("videos").iterdir())) == 3


def test_a_video_that_the_host_refuses_is_the_downloaders_fault(
    workspace: Workspace, site: YouTubeSite
) -> None:
    """A 403 on the media is what an outdated downloader looks like."""
    site.videos[SEA].status = 403
    with pytest.raises(DownloaderOutdated, match="yt-dlp"):
        bring(workspace, site)


def test_a_video_that_is_too_large_is_not_passed_over_in_silence(
    workspace: Workspace, site: YouTubeSite
) -> None:
    """The downloader skips it without a word; we give it one."""
    with pytest.raises(VideoTooLarge, match="larger than 500 MB"):
        finish(download(workspace, SEA, {**site.options, "max_filesize": 100}))


def test_media_that_cannot_be_shown_is_not_published(
    workspace: Workspace, site: YouTubeSite, tmp_path: Path
) -> None:
    """A page under a video's address is no clip, and is not kept as a part either."""
    site.videos[SEA].file = tmp_path / "page.mp4"
    (tmp_path / "page.mp4").write_bytes(b"<html>no</html>" * 100)
    with pytest.raises(DownloadFailed, match=SEA):
        bring(workspace, site)
    assert list(workspace.folder("videos").iterdir()) == []
    assert left_behind(workspace) == []


def test_without_connection_that_is_said(workspace: Workspace) -> None:
    """A proxy that nobody answers at stands for no network."""
    options = {"proxy": "http://127.0.0.1:9", "retries": 0, "extractor_retries": 0}
    with pytest.raises(YouTubeUnreachable):
        finish(download(workspace, SEA, options))


@pytest.mark.parametrize(
    "video_id",
    ["", "short", "x" * 12, "https://evil", "../../etc/p", "-o /tmp/xxxx", "a b c d e f"],
)
def test_only_ids_of_youtube_are_taken(
    workspace: Workspace, site: YouTubeSite, video_id: str
) -> None:
    """No address, path or option reaches the downloader."""
    with pytest.raises(VideoIdInvalid, match="not the id"):
        bring(workspace, site, video_id)


def test_two_processes_do_not_bring_the_same_video_twice(
    workspace: Workspace, site: YouTubeSite, clip: Footage
) -> None:
    """The second waits for the first and takes what it brought."""
    other = filelock.FileLock(workspace.folder("incoming") / f"{SEA}.lock")
    other.acquire()
    work = download(workspace, SEA, site.options)
    told = [next(work).message for _ in range(6)]
    brought = bring_by_hand(workspace, site, clip)
    other.release()
    assert finish(work) == brought
    assert "Another window is bringing this video" in told
    assert site.ranges == []


def bring_by_hand(workspace: Workspace, site: YouTubeSite, clip: Footage) -> Path:
    """Publish the video as another process would, which has its own lock."""
    elsewhere = Workspace(
        Settings(cache_dir=workspace.root / "elsewhere", output_dir=workspace.root / "elsewhere")
    )
    name = bring(elsewhere, site).name
    site.ranges.clear()
    elsewhere.close()
    return shutil.copyfile(clip.path, workspace.folder("videos") / name)


def test_old_parts_are_given_up(workspace: Workspace, site: YouTubeSite) -> None:
    """A download that nobody went on with for a week is removed."""
    old = workspace.folder("incoming") / "yt-old00000001-1080.mp4.part"
    old.write_bytes(b"x")
    then = time.time() - KEPT_PARTS - 1
    os.utime(old, (then, then))
    bring(workspace, site)
    assert not old.exists()


def test_a_full_disk_is_noticed_before_the_download(
    workspace: Workspace, site: YouTubeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a gigabyte may come; without room for it nothing begins."""
    full = SimpleNamespace(total=10**9, used=10**9, free=LARGEST)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(DiskFull):
        bring(workspace, site)
    assert site.ranges == []


# --------------------------------------------------------------------------- its words
@pytest.mark.parametrize(
    ("said", "failure", "sentence"),
    [
        ("Sign in to confirm you're not a bot. Use --cookies", YouTubeDistrust, "robot"),
        ("This content isn't available. The session has been rate-limited", YouTubeBusy, "an hour"),
        ("HTTP Error 429: Too Many Requests", YouTubeBusy, "an hour"),
        ("Sign in to confirm your age. It may be inappropriate", VideoNotForAll, "grown-ups"),
        ("Private video. Sign in if you've been granted access", VideoPrivate, "private"),
        ("Join this channel to get access to members-only content", VideoForMembers, "members"),
        ("This video requires payment to watch", VideoForMembers, "paying"),
        ("The uploader has not made this available in your country", VideoNotInRegion, "country"),
        ("This video is DRM protected", VideoProtected, "copying"),
        ("This live event will begin in 3 hours.", VideoUpcoming, "begun"),
        ("Premieres in 2 days", VideoUpcoming, "begun"),
        ("This live stream recording is not available", VideoLive, "live"),
        ("Video unavailable. This video has been removed by the uploader", VideoRemoved, "any"),
        ("HTTP Error 404: Not Found", VideoRemoved, "any more"),
        ("Server returned 404 Not Found", VideoRemoved, "any more"),
        ("Server returned 403 Forbidden (access denied)", DownloaderOutdated, "pip"),
        ("Input/output error", YouTubeUnreachable, "connection"),
        ("HTTP Error 503: Service Unavailable", YouTubeUnreachable, "connection"),
        ("Requested format is not available", DownloaderOutdated, "pip install"),
        ("unable to download video data: HTTP Error 403: Forbidden", DownloaderOutdated, "pip"),
        ("<urlopen error [Errno -2] Name or service not known>", YouTubeUnreachable, "connection"),
        ("The read operation timed out", YouTubeUnreachable, "connection"),
        ("49152 bytes read, 1232 more expected", YouTubeUnreachable, "connection"),
        ("An extractor error has occurred. (caused by KeyError('x'))", DownloaderOutdated, "pip"),
        ("Something never seen before", DownloadFailed, "report"),
    ],
)  # fmt: skip
def test_each_of_its_words_has_a_sentence(
    said: str, failure: type[AIVideoError], sentence: str
) -> None:
    """What yt-dlp says is for people who know yt-dlp; it is kept as the detail."""
    problem = explain("Ocean waves", f"ERROR: [youtube] abc: {said}")
    assert type(problem) is failure
    assert sentence in problem.message
    assert said in problem.detail


def test_no_failure_tells_where_media_lies() -> None:
    """Such an address names the one who asked, and opens the media for whoever reads it."""
    said = "https://rr1.googlevideo.com/videoplayback?ip=192.0.2.7&sig=abc: 403 Forbidden"
    problem = explain("Ocean waves", said)
    assert "192.0.2.7" not in problem.detail
    assert "https://rr1.googlevideo.com/videoplayback" in problem.detail
    assert type(problem) is DownloaderOutdated


def test_a_download_without_a_known_length_is_stopped_when_it_grows_too_large() -> None:
    """The limit holds where the host does not say how much will come."""
    words = Words(Reporter())
    _watch(words, {"status": "downloading", "downloaded_bytes": LARGEST})
    with pytest.raises(VideoTooLarge, match="larger than 500 MB"):
        _watch(words, {"status": "downloading", "downloaded_bytes": LARGEST + 1})


def test_a_disk_that_fills_up_is_said_to_be_full(workspace: Workspace, site: YouTubeSite) -> None:
    """The downloader wraps the system's word; ours is about room."""

    def no_room(_state: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    options = {**site.options, "progress_hooks": [no_room]}
    with pytest.raises(DiskFull, match="is full"):
        finish(download(workspace, SEA, options))


# --------------------------------------------------------------------------- blocking calls
def test_a_blocking_call_gives_its_value() -> None:
    """What it tells on the way is yielded."""

    def call(reporter: Reporter) -> str:
        reporter.tell(0.5, "half")
        time.sleep(0.3)
        return "done"

    told: list[Progress] = []
    assert finish(aside(call, "begin"), told.append) == "done"
    assert told[-1] == Progress(0.5, "half")


def test_a_call_that_does_not_notice_is_left_behind() -> None:
    """Nobody waits longer than a moment for a dead connection."""
    free, ended = threading.Event(), threading.Event()

    def call(_reporter: Reporter) -> None:
        free.wait(20)
        ended.set()

    work = aside(call)
    next(work)
    work.close()
    assert not ended.is_set()
    free.set()


def wait_for(happened: object, seconds: float = 5.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    assert callable(happened)
    while not happened():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)
