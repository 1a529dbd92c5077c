"""Parts of long videos: the right frames, only the bytes that are needed, nothing left behind."""

from __future__ import annotations

import itertools
import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from footage import encode, picture, read_mark
from youtube_site import SiteVideo, YouTubeSite, segmented

from aivideo.engines import ffmpeg, media
from aivideo.engines.download import LONGEST, SHORT, Downloads, Order
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import Wanted
from aivideo.engines.sections import Remote, Section, arguments, around, reaches, section_offset
from aivideo.engines.segments import read
from aivideo.engines.thumbnails import thumbnail
from aivideo.errors import (
    DownloaderOutdated,
    DownloadFailed,
    VideoTooLong,
    VideoTooShort,
    YouTubeUnreachable,
)
from aivideo.progress import Progress, Work, finish
from aivideo.workspace import Workspace

FILM = "film-000001"
FPS, SECONDS, MARK = 12000 / 1001, 60, 5
SIZE = (320, 180)
# An uneven rate, key frames every two seconds, pictures that lean on later ones: as they come.
CODEC = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p")
GROUPS = ("-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "3")
START, LASTS = 31.4, 4.0


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute whose every picture says which it is; the site claims that it lasts longer."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    images = (picture(MARK, number & 255, *SIZE) for number in range(int(FPS * SECONDS)))
    encode(path, images, fps=FPS, codec=(*CODEC, *GROUPS, "-movflags", "+faststart"))
    return path


@pytest.fixture
def site(tmp_path: Path, film: Path) -> Iterator[YouTubeSite]:
    """YouTube's site on this machine, with one long film."""
    with YouTubeSite(tmp_path).running() as site:
        site.videos[FILM] = SiteVideo(film, seconds=SHORT + 1)
        yield site


@pytest.fixture(scope="module")
def in_segments(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film as a list of segments."""
    return segmented(film, tmp_path_factory.mktemp("segments") / "film")


def bring(
    workspace: Workspace, site: YouTubeSite, start: float = START, seconds: float = LASTS
) -> Work[Path]:
    """The download of a part."""
    wanted = Wanted(FILM, start_seconds=start, seconds=seconds)
    return Downloads(workspace, FFmpeg(), site.options).bring(Order(wanted))


def numbers(path: Path) -> Iterator[tuple[float, int]]:
    """Each picture of a file: when it is shown, and which of the film's it is."""
    with av.open(path) as container:
        for frame in container.decode(video=0):
            luma = frame.to_ndarray(format="gray").astype(np.uint8)
            found = read_mark(luma, *SIZE)
            assert found is not None
            assert found[0] == MARK
            yield float(frame.time or 0.0), found[1]


def number_at(seconds: float) -> int:
    """The number of the picture that comes on at a time."""
    return round(seconds * FPS) & 255


def number_from(seconds: float) -> int:
    """The number of the first picture that comes on from a time on."""
    return math.ceil(seconds * FPS - 1e-6) & 255


# --------------------------------------------------------------------------- the right frames
@pytest.mark.parametrize("start", [0.0, 31.4, 52.0])
def test_a_part_shows_to_the_frame_what_the_film_shows(
    workspace: Workspace, site: YouTubeSite, start: float
) -> None:
    """Second s of the film is second s - offset of the part, wherever its key frames lie."""
    path = finish(bring(workspace, site, start))
    offset = section_offset(path)
    shown = [(time, number) for time, number in numbers(path) if time >= 0]
    assert offset <= max(0.0, start - 1.0)
    assert offset + shown[-1][0] >= start + LASTS
    wrong = [(at, is_) for at, is_ in shown if is_ != number_at(offset + at)]
    assert wrong == []


def test_the_programs_that_render_see_the_same_frames(
    workspace: Workspace, site: YouTubeSite, tmp_path: Path
) -> None:
    """Entering the part, and a small picture of it, show what the film shows."""
    path = finish(bring(workspace, site))
    begin = START - section_offset(path)
    raw = tmp_path / "frame.gray"
    source = ffmpeg.clip_input(path, start=begin, seconds=1.0)
    kind = ("-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray")
    finish(FFmpeg().run([*source, *kind], raw))
    luma = np.frombuffer(raw.read_bytes(), np.uint8).reshape(SIZE[1], SIZE[0])
    assert read_mark(luma, *SIZE) == (MARK, number_from(START))
    small = np.asarray(thumbnail(path, begin).convert("L"))
    assert read_mark(small, *SIZE) == (MARK, number_from(START))


def test_a_part_of_a_video_in_segments_is_right_too(
    workspace: Workspace, site: YouTubeSite, in_segments: Path
) -> None:
    """Some videos come as a list of segments only; no more of them are asked for than needed."""
    site.videos[FILM] = SiteVideo(playlist=in_segments, seconds=SHORT + 1)
    path = finish(bring(workspace, site))
    offset = section_offset(path)
    shown = [(time, number) for time, number in numbers(path) if time >= 0]
    assert [pair for pair in shown if pair[1] != number_at(offset + pair[0])] == []
    assert shown[0][0] <= START - offset
    assert offset + shown[-1][0] >= START + LASTS
    assert len({name for name in site.files if name.endswith(".ts")}) < SECONDS / 5 / 2


@pytest.mark.parametrize(
    ("broken", "failure"),
    [
        (SiteVideo(status=403), DownloaderOutdated),
        (SiteVideo(breaks_off=True, bytes_a_second=2000), YouTubeUnreachable),
    ],
    ids=["refused", "breaks off"],
)
def test_segments_that_cannot_be_had_leave_nothing(
    workspace: Workspace,
    site: YouTubeSite,
    in_segments: Path,
    broken: SiteVideo,
    failure: type[Exception],
) -> None:
    """Neither among the videos nor where they come in."""
    site.videos[FILM] = replace(broken, playlist=in_segments, seconds=SHORT + 1)
    with pytest.raises(failure):
        finish(bring(workspace, site))
    assert list(workspace.folder("videos").iterdir()) == []
    assert list(workspace.folder("incoming").glob("*.part")) == []


LIST = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5.005,\na.ts\n#EXTINF:4.5,\nb.ts\n"


def test_a_list_of_segments_tells_where_each_begins() -> None:
    """By the sum of the lengths before; only those that hold a part are brought."""
    playlist = read(LIST, "https://x.googlevideo.com/p/media.m3u8")
    a, b = playlist.segments
    assert (a.address, b.address) == (
        "https://x.googlevideo.com/p/a.ts",
        "https://x.googlevideo.com/p/b.ts",
    )
    assert (b.begin, b.end) == pytest.approx((5.005, 9.505))
    assert playlist.holding(Section(5.1, 6)) == (b,)
    assert playlist.holding(Section(5.0, 6)) == (a, b)
    assert playlist.holding(Section(10, 11)) == ()
    with_head = LIST.replace("#EXTINF:5", '#EXT-X-MAP:URI="head.mp4"\n#EXTINF:5')
    assert read(with_head, "https://x.googlevideo.com/p/").head.endswith("/p/head.mp4")


@pytest.mark.parametrize(
    "text",
    [
        "<html>no</html>",
        LIST.replace("a.ts", "file:///etc/passwd"),
        LIST.replace("a.ts", "https://evil.example/a.ts"),
        LIST.replace("#EXTINF:5", '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXTINF:5'),
        LIST.replace("#EXTINF:5", '#EXT-X-MAP:URI="file:///etc/passwd"\n#EXTINF:5'),
        LIST.replace("a.ts", "#EXT-X-BYTERANGE:5@0\na.ts"),
    ],
    ids=["page", "file", "host", "encrypted", "head", "ranges"],
)
def test_a_list_that_leads_elsewhere_is_not_followed(text: str) -> None:
    """No file of this machine, no other host, nothing that is not read for certain."""
    with pytest.raises(DownloadFailed):
        read(text, "https://x.googlevideo.com/p/media.m3u8")


# --------------------------------------------------------------------------- what it costs
def test_only_the_bytes_that_are_needed_are_asked_for(
    workspace: Workspace, site: YouTubeSite, film: Path
) -> None:
    """A tenth of the film comes, not the film."""
    path = finish(bring(workspace, site))
    assert path.stat().st_size < film.stat().st_size / 3
    assert media.probe(path).duration_seconds < LASTS + 8
    assert len(site.ranges) > 0


def test_a_part_that_is_here_is_not_brought_again(workspace: Workspace, site: YouTubeSite) -> None:
    """A scene that moves a little, or ends a little later, asks nobody."""
    path = finish(bring(workspace, site))
    site.videos.clear()
    assert finish(bring(workspace, site, START - 0.3, LASTS + 1)) == path


def test_a_scene_elsewhere_in_the_film_brings_another_part(
    workspace: Workspace, site: YouTubeSite
) -> None:
    """Both parts lie side by side under names that say where they begin."""
    first, second = finish(bring(workspace, site)), finish(bring(workspace, site, 10.0))
    assert section_offset(first) == pytest.approx(14 * 25 / FPS, abs=1e-5)
    assert section_offset(second) == pytest.approx(4 * 25 / FPS, abs=1e-5)
    assert first.exists()


def test_a_short_video_is_brought_whole(workspace: Workspace, site: YouTubeSite) -> None:
    """Its other parts are here then, too, and it begins at its beginning."""
    site.videos[FILM] = replace(site.videos[FILM], seconds=SHORT)
    path = finish(bring(workspace, site))
    assert section_offset(path) == 0.0
    assert media.probe(path).duration_seconds == pytest.approx(SECONDS, abs=0.2)


def test_progress_is_told_while_a_part_comes(
    workspace: Workspace, site: YouTubeSite, film: Path
) -> None:
    """It grows from nothing to all."""
    site.videos[FILM].bytes_a_second = film.stat().st_size
    told: list[Progress] = []
    finish(bring(workspace, site), told.append)
    shares = [news.fraction for news in told if news.message == "Downloading a part"]
    assert shares == sorted(shares)
    assert told[-1].fraction == 1.0


# --------------------------------------------------------------------------- when it fails
def test_a_part_that_is_cancelled_leaves_no_program_and_no_file(
    workspace: Workspace, site: YouTubeSite
) -> None:
    """Closing the download ends what runs for it before it returns."""
    site.videos[FILM].bytes_a_second = 3_000
    work = bring(workspace, site)
    next(news for news in work if news.message == "Downloading a part" and site.ranges)
    running = programs(workspace)
    work.close()
    assert running != []
    assert programs(workspace) == []
    assert list(workspace.folder("videos").iterdir()) == []


def programs(workspace: Workspace) -> list[str]:
    """The programs that run with a file of this workspace among their arguments."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("what runs can be listed on Linux only")
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return [line for line in lines if f"file:{workspace.root.resolve()}" in line]


@pytest.mark.parametrize(
    ("broken", "failure"),
    [
        (SiteVideo(status=403), DownloaderOutdated),
        (SiteVideo(status=503), YouTubeUnreachable),
        (SiteVideo(breaks_off=True, bytes_a_second=200_000), YouTubeUnreachable),
    ],
    ids=["refused", "server fails", "breaks off"],
)
def test_a_part_that_cannot_be_had_is_said_and_not_published(
    workspace: Workspace,
    site: YouTubeSite,
    film: Path,
    broken: SiteVideo,
    failure: type[Exception],
) -> None:
    """Half a part is none: the scene would freeze where it ends."""
    site.videos[FILM] = replace(broken, file=film, seconds=SHORT + 1)
    with pytest.raises(failure):
        finish(bring(workspace, site))
    assert list(workspace.folder("videos").iterdir()) == []


def test_a_host_that_falls_silent_is_given_up(
    workspace: Workspace, site: YouTubeSite, film: Path
) -> None:
    """Nobody waits for ever for the next byte, and what has come is not taken for all."""
    site.videos[FILM] = SiteVideo(film, seconds=SHORT + 1, stops_after=8_000)
    site.options = {**site.options, "socket_timeout": 0.5}
    with pytest.raises(YouTubeUnreachable):
        finish(bring(workspace, site))
    assert list(workspace.folder("videos").iterdir()) == []
    assert list(workspace.folder("incoming").glob("*.part")) == []


def test_what_is_no_video_is_not_published(
    workspace: Workspace, site: YouTubeSite, tmp_path: Path
) -> None:
    """A page under a video's address is no clip."""
    page = tmp_path / "page.mp4"
    page.write_bytes(b"<html>no</html>" * 5000)
    site.videos[FILM].file = page
    with pytest.raises(DownloadFailed):
        finish(bring(workspace, site))
    assert list(workspace.folder("videos").iterdir()) == []


@pytest.mark.parametrize(
    ("seconds", "start", "failure"),
    [(LONGEST + 1, 10.0, VideoTooLong), (SHORT + 1, SHORT + 5.0, VideoTooShort)],
    ids=["endless", "behind its end"],
)
def test_what_cannot_be_a_part_is_refused_before_its_first_byte(
    workspace: Workspace, site: YouTubeSite, seconds: int, start: float, failure: type[Exception]
) -> None:
    """Three hours are looked through, no more, and nothing lies behind the end."""
    site.videos[FILM].seconds = seconds
    with pytest.raises(failure):
        finish(bring(workspace, site, start))
    assert site.ranges == []


# --------------------------------------------------------------------------- pure
@pytest.mark.parametrize(
    ("start", "seconds", "duration", "section"),
    [
        (31.4, 4.0, 400.0, Section(30, 39)),
        (0.0, 4.0, 400.0, Section(0, 7)),
        (0.5, 4.0, 400.0, Section(0, 8)),
        (396.0, 10.0, 399.5, Section(395, 400)),
        (5.0, 2.0, 400.0, Section(4, 10)),
    ],
)
def test_a_part_has_something_on_either_side(
    start: float, seconds: float, duration: float, section: Section
) -> None:
    """In whole seconds, and within the video."""
    assert around(start, seconds, duration) == section


def test_the_name_of_a_part_says_where_it_begins(tmp_path: Path) -> None:
    """So the two cannot be parted, whoever copies the file."""
    path = tmp_path / f"0123abc{Section(30, 39).suffix}"
    assert section_offset(path) == 30.0
    assert section_offset(tmp_path / "0123abc.mp4") == 0.0
    assert section_offset(tmp_path / f"0123abc{Section(10.0100001, 15.0159).suffix}") == 10.01
    assert reaches(path, Wanted(FILM, start_seconds=30.0, seconds=9.0))
    assert not reaches(path, Wanted(FILM, start_seconds=30.0, seconds=9.1))
    assert not reaches(path, Wanted(FILM, start_seconds=29.9, seconds=1.0))
    assert not reaches(path, Wanted(FILM))


@pytest.mark.parametrize(
    "address",
    [
        "http://rr1.googlevideo.com/x",
        "file:///etc/passwd",
        "https://evil.example/videoplayback",
        "https://googlevideo.com.evil.example/x",
        "concat:/etc/passwd",
    ],
)
def test_a_part_comes_from_youtubes_hosts_alone(address: str) -> None:
    """Whatever a page says where a video lies."""
    with pytest.raises(DownloadFailed):
        Remote(address)


def test_a_part_goes_past_no_proxy() -> None:
    """One that the program cannot use is no reason to do without."""
    with pytest.raises(DownloadFailed):
        Remote("https://rr1.googlevideo.com/x", proxy="socks5://127.0.0.1:1080")


def test_the_program_may_read_from_the_net_alone() -> None:
    """No file of this machine, no command; certificates are looked at."""
    told = arguments(Remote("https://rr1.googlevideo.com/x", authorities="ca.pem"), Section(3, 9))
    pairs = dict(itertools.pairwise(told))
    assert "file" not in pairs["-protocol_whitelist"].split(",")
    assert pairs["-ca_file"] == "ca.pem"
    assert "-tls_verify" not in told
    assert pairs["-c"] == "copy"
    assert shutil.which("sh") not in told
