"""YouTube as a source: what is asked, what is offered, and a sentence for every refusal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from youtube_server import CONSOLE, JPEG, DataApiServer, Video

from aivideo.engines import searches, youtube
from aivideo.engines.library import ClipQuery, FoundClip
from aivideo.engines.searches import Day, Searches
from aivideo.engines.youtube import YouTube
from aivideo.errors import (
    AIVideoError,
    ClipUnusable,
    YouTubeAnswerBroken,
    YouTubeKeyMissing,
    YouTubeKeyRefused,
    YouTubeNotEnabled,
    YouTubeQuota,
    YouTubeRightsUnconfirmed,
    YouTubeUnreachable,
)
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace

SEA = Video("sea00000001", "Ocean waves & foam", tags=("sea",), channel="Ann")


@pytest.fixture
def service() -> Iterator[DataApiServer]:
    """The Data API on this machine, with one video."""
    with DataApiServer().running() as server:
        server.videos = [SEA]
        yield server


@pytest.fixture
def source(settings: Settings, workspace: Workspace, service: DataApiServer) -> YouTube:
    """YouTube, asking the service with a good key."""
    return opened(settings, workspace, service, key="good")


def opened(
    settings: Settings, workspace: Workspace, service: DataApiServer, *, key: str
) -> YouTube:
    """YouTube with a key of one's choice."""
    return YouTube(
        settings.model_copy(update={"youtube_api_key": SecretStr(key)}),
        workspace,
        endpoint=f"{service.address}/",
        pictures=service.address,
    )


def find(source: YouTube, words: str = "ocean waves") -> list[FoundClip]:
    """What YouTube answers to a query."""
    return finish(source.find(ClipQuery(words)))


# --------------------------------------------------------------------------- finding
def test_a_video_is_offered_with_everything_that_its_credit_needs(source: YouTube) -> None:
    """Title as people read it, author, addresses, licence, length and a picture."""
    clip = find(source)[0]
    assert clip.title == "Ocean waves & foam"
    assert (clip.source, clip.source_id, clip.author) == ("youtube", "sea00000001", "Ann")
    assert clip.url == "https://www.youtube.com/watch?v=sea00000001"
    assert clip.author_url.startswith("https://www.youtube.com/channel/UC")
    assert (clip.licence, clip.duration_seconds) == ("CC BY", 20.0)
    assert clip.licence_url.startswith("https://")
    assert clip.score >= 0.5
    assert Path(clip.thumbnail).read_bytes() == JPEG


def test_only_short_free_videos_are_asked_for(source: YouTube, service: DataApiServer) -> None:
    """The service filters; as many as one answer holds are asked for, since it costs the same."""
    find(source)
    method, asked = service.asked[0]
    assert method == "search"
    assert (
        asked.items()
        >= {
            "q": "ocean waves",
            "type": "video",
            "videoLicense": "creativeCommon",
            "videoDuration": "short",
            "maxResults": "50",
        }.items()
    )


def test_the_key_stands_in_no_address(source: YouTube, service: DataApiServer) -> None:
    """Addresses end in logs; the key goes in a header."""
    find(source)
    assert all("good" not in json.dumps(asked) for asked in service.asked)
    assert service.keys == ["good", "good"]


@pytest.mark.parametrize(
    "video",
    [
        replace(SEA, duration="P0D", live="live"),
        replace(SEA, live="upcoming"),
        replace(SEA, duration="P1DT2H3M4S"),
        replace(SEA, duration="soon"),
        replace(SEA, privacy="unlisted"),
        replace(SEA, rating={"ytRating": "ytAgeRestricted"}),
        replace(SEA, id="not an id!!"),
    ],
    ids=["live", "upcoming", "a day long", "no length", "unlisted", "age", "id"],
)
def test_a_video_that_could_not_be_used_is_not_offered(
    source: YouTube, service: DataApiServer, video: Video
) -> None:
    """Live, endless, hidden and restricted ones are left out before anybody picks them."""
    service.videos = [video, replace(SEA, id="sea00000002", title="More ocean waves")]
    assert [clip.source_id for clip in find(source)] == ["sea00000002"]


def test_a_licence_that_changed_since_the_search_is_noticed(
    source: YouTube, service: DataApiServer
) -> None:
    """What the video itself says counts, not what the search filtered by."""
    find(source)
    kept = next(source._workspace.folder("youtube").glob("*.json"))  # the answer, by hand
    assert json.loads(kept.read_text("utf-8"))[0]["status"]["license"] == "creativeCommon"
    kept.write_text(kept.read_text("utf-8").replace("creativeCommon", "youtube"), "utf-8")
    assert find(source) == []
    assert service.spent["searches"] == 1


def test_a_video_that_has_gone_since_is_passed_over(
    source: YouTube, service: DataApiServer
) -> None:
    """The service leaves out what it does not have, in silence."""
    found = json.dumps({"items": [{"id": {"videoId": "gone0000001"}}, {"id": {}}, "odd"]})
    service.answers.append((200, found.encode(), False))
    assert find(source) == []


def test_an_item_that_is_not_as_it_should_be_costs_only_itself(
    source: YouTube, service: DataApiServer
) -> None:
    """One odd video spoils no answer."""
    ids = json.dumps({"items": [{"id": {"videoId": one}} for one in ("odd00000001", SEA.id)]})
    odd = {"id": "odd00000001", "snippet": None}
    good = {
        "id": SEA.id,
        "snippet": {"title": "Ocean waves", "channelId": "UC1"},
        "contentDetails": {"duration": "PT9S"},
        "status": {"license": "creativeCommon"},
    }
    service.answers.append((200, ids.encode(), False))
    service.answers.append((200, json.dumps({"items": [odd, good]}).encode(), False))
    assert [clip.duration_seconds for clip in find(source)] == [9.0]


def test_a_talking_video_comes_after_footage(source: YouTube, service: DataApiServer) -> None:
    """A compilation has the words and not the pictures."""
    service.videos = [
        Video("talk0000001", "TOP 10 ocean waves compilation", channel="Ben"),
        replace(SEA, title="Ocean waves"),
    ]
    assert [clip.source_id for clip in find(source)] == ["sea00000001", "talk0000001"]


def test_what_the_service_finds_by_other_words_is_a_guess(
    source: YouTube, service: DataApiServer
) -> None:
    """Its reasons are not ours to know."""
    service.videos = [Video("sea00000003", "Relaxing sounds", description="x " * 600 + "ocean")]
    assert find(source)[0].score < 0.2


def test_nothing_found_is_an_empty_answer(source: YouTube) -> None:
    """No videos is no failure."""
    assert find(source, "zeppelin") == []


def test_a_query_without_words_asks_nobody(source: YouTube, service: DataApiServer) -> None:
    """A search costs one of a hundred."""
    assert find(source, "...") == []
    assert service.asked == []


def test_a_picture_that_cannot_be_had_is_left_out(source: YouTube, service: DataApiServer) -> None:
    """A thumbnail is worth no failure, whether it is missing or the host is."""
    find(source)
    for picture in source._workspace.folder("thumbnails").iterdir():
        picture.unlink()
    service.videos = []
    assert find(source)[0].thumbnail == ""
    unreachable = YouTube(source._settings, source._workspace, pictures="http://127.0.0.1:9")
    assert find(unreachable)[0].thumbnail == ""


def test_closing_a_search_stops_fetching_pictures(source: YouTube, service: DataApiServer) -> None:
    """A cancelled search leaves nothing running that goes on for long."""
    service.picture_seconds = 0.3
    service.videos = [replace(SEA, id=f"sea0000000{n}", channel=f"{n}") for n in range(6)]
    work = source.find(ClipQuery("ocean waves"))
    while not service.pictures:
        next(work)
    work.close()
    time.sleep(0.5)
    assert len(service.pictures) < 6


# --------------------------------------------------------------------------- what it costs
def test_the_same_words_are_searched_once(source: YouTube, service: DataApiServer) -> None:
    """Asked again, in another order or form too, the kept answer is used."""
    find(source)
    assert find(source, "Wave of the oceans")
    assert service.spent == {"searches": 1, "units": 1}


@pytest.mark.parametrize("days", [8, 31])
def test_an_old_answer_is_asked_for_again(
    source: YouTube, service: DataApiServer, days: int
) -> None:
    """After a week the answer is stale; after thirty days it may not lie here any more."""
    find(source)
    age_answers(source, days)
    find(source)
    assert service.spent["searches"] == 2


def test_what_the_service_told_is_removed_after_thirty_days(source: YouTube) -> None:
    """Its terms say so; the next search of anything cleans up."""
    find(source)
    age_answers(source, 31)
    find(source, "zeppelin")
    texts = [path.read_text("utf-8") for path in source._workspace.folder("youtube").glob("*.json")]
    assert not any("Ocean" in text for text in texts)


def age_answers(source: YouTube, days: int) -> None:
    """Make every kept file some days older."""
    then = time.time() - days * 24 * 3600
    for path in source._workspace.folder("youtube").glob("*.json"):
        os.utime(path, (then, then))


def test_an_answer_that_cannot_be_read_is_asked_for_again(
    source: YouTube, service: DataApiServer
) -> None:
    """A kept file is a convenience."""
    find(source)
    next(
        path
        for path in source._workspace.folder("youtube").glob("*.json")
        if path.name != "searches.json"
    ).write_text("{broken", "utf-8")
    assert find(source)
    assert service.spent["searches"] == 2


def test_searches_are_counted(source: YouTube) -> None:
    """The health list says how many of the day's hundred are gone."""
    find(source)
    find(source, "forest")
    assert "2 of 100 searches were made today" in source.check().says


def test_a_new_day_begins_at_midnight_in_california(workspace: Workspace) -> None:
    """Yesterday's count does not burden today, nor does a count that cannot be read."""
    count = Searches(workspace)
    file = workspace.folder("youtube") / "searches.json"
    file.write_text(json.dumps({"day": "2020-01-01", "made": 99, "used_up": True}), "utf-8")
    assert count.today() == Day(searches.pacific_day().isoformat(), made=0, used_up=False)
    file.write_text("[]", "utf-8")
    assert count.today().made == 0


def test_used_up_searches_are_not_asked_for_again(source: YouTube, service: DataApiServer) -> None:
    """The service says no once; the next scene is told at once, and when it will work again."""
    service.searches_a_day = 0
    with pytest.raises(YouTubeQuota, match=r"used up \(100 a day\); they return at \d\d:\d\d"):
        find(source)
    with pytest.raises(YouTubeQuota):
        find(source, "forest")
    assert len(service.asked) == 1


def test_the_hour_of_return_is_midnight_in_california() -> None:
    """Told by the clock of this machine."""
    hour, minute = (int(part) for part in searches.returns_at().split(":"))
    now = datetime.now().astimezone()
    soon = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    soon += timedelta(days=soon <= now)
    assert soon.astimezone(UTC).hour in {7, 8}


# --------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("bad", (YouTubeKeyRefused, "wrong or has expired")),
        ("expired", (YouTubeKeyRefused, "wrong or has expired")),
        ("old", (YouTubeKeyRefused, "wrong or has expired")),
        ("web", (YouTubeKeyRefused, "Remove its restrictions")),
        ("ip", (YouTubeKeyRefused, "Remove its restrictions")),
        ("maps", (YouTubeKeyRefused, "Remove its restrictions")),
        ("off", (YouTubeNotEnabled, CONSOLE)),
        ("off without address", (YouTubeNotEnabled, "console.cloud.google.com")),
    ],
)
def test_each_trouble_with_the_key_has_its_own_sentence(
    settings: Settings,
    workspace: Workspace,
    service: DataApiServer,
    key: str,
    expected: tuple[type[AIVideoError], str],
) -> None:
    """Wrong, restricted and not enabled are mended in different places."""
    failure, sentence = expected
    with pytest.raises(failure) as raised:
        find(opened(settings, workspace, service, key=key))
    assert sentence in raised.value.message


def test_no_failure_shows_the_key(
    settings: Settings, workspace: Workspace, service: DataApiServer
) -> None:
    """Neither the sentence, nor the details, nor any cause behind them."""
    hidden = "AIza-not-to-be-seen"
    service.answers.extend([(403, b'{"error": {"errors": []}}', False)])
    with pytest.raises(AIVideoError) as raised:
        find(opened(settings, workspace, service, key=hidden))
    problem: BaseException | None = raised.value
    while problem is not None:
        assert hidden not in f"{problem} {vars(problem)}"
        problem = problem.__cause__ or problem.__context__


def test_no_units_left_is_the_quota_too(source: YouTube, service: DataApiServer) -> None:
    """The service has two buckets; both return at the same hour."""
    service.units_a_day = 0
    with pytest.raises(YouTubeQuota):
        find(source)


def test_without_a_key_the_way_to_one_is_said(settings: Settings, workspace: Workspace) -> None:
    """In search and on the health list."""
    keyless = YouTube(settings, workspace)
    with pytest.raises(YouTubeKeyMissing, match="YOUTUBE_API_KEY"):
        find(keyless)
    health = keyless.check()
    assert not health.works
    assert "YOUTUBE_API_KEY" in health.remedy


def test_a_server_that_fails_once_is_asked_again(source: YouTube, service: DataApiServer) -> None:
    """A hiccup is nobody's business."""
    service.answers.append((503, b"{}", False))
    assert find(source)


def test_a_server_that_goes_on_failing_is_unreachable(
    source: YouTube, service: DataApiServer
) -> None:
    """It is asked twice, not for ever."""
    service.answers.extend([(503, b"{}", False)] * 3)
    with pytest.raises(YouTubeUnreachable):
        find(source)
    assert len(service.answers) == 1


def test_no_connection_is_said_at_once(settings: Settings, workspace: Workspace) -> None:
    """A closed port stands for no network."""
    offline = YouTube(
        settings.model_copy(update={"youtube_api_key": SecretStr("good")}),
        workspace,
        endpoint="http://127.0.0.1:9/",
    )
    with pytest.raises(YouTubeUnreachable, match="internet connection"):
        find(offline)


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>Please sign in to this hotel</html>", False),
        (200, b'{"items": [', False),
        (200, b'{"kind": "something else"}', False),
        (200, b'{"items": [], "padding": "' + b"x" * 200 + b'"}', True),
        (404, b"<html>Not found</html>", False),
        (400, b'{"error": "a word"}', False),
    ],
    ids=["sign-in page", "cut JSON", "no items", "broken off", "page", "odd error"],
)
def test_an_answer_that_is_none_is_said_to_be(
    source: YouTube, service: DataApiServer, answer: tuple[int, bytes, bool]
) -> None:
    """Hotels and proxies answer with pages; a search is then not simply empty."""
    service.answers.append(answer)
    with pytest.raises(YouTubeAnswerBroken, match="proxy"):
        find(source)


# --------------------------------------------------------------------------- downloads and health
def test_downloads_are_off_until_the_person_says_that_they_may(source: YouTube) -> None:
    """The sentence names the setting that says so; nothing is asked of YouTube."""
    with pytest.raises(YouTubeRightsUnconfirmed, match="YOUTUBE_DOWNLOADS=true"):
        finish(source.fetch(SEA.id))
    health = source.check()
    assert health.works
    assert "Downloads are off" in health.says
    assert "YOUTUBE_DOWNLOADS" in health.remedy


def test_a_video_that_could_not_be_had_is_not_offered_again(
    settings: Settings, workspace: Workspace, service: DataApiServer
) -> None:
    """A refusal that will not go away is remembered."""
    bold = settings.model_copy(update={"youtube_downloads": True})
    source = opened(bold, workspace, service, key="good")
    odd = "x" * 12
    with pytest.raises(ClipUnusable):
        finish(source.fetch(odd))
    service.videos = [replace(SEA, id="x" * 11), SEA]
    source._refused("x" * 11).write_text("it is private", "utf-8")
    assert [clip.source_id for clip in find(source)] == [SEA.id]
    assert "is not the id" in source._refused(odd).read_text("utf-8")


def test_the_downloader_tells_its_age(
    settings: Settings, workspace: Workspace, service: DataApiServer
) -> None:
    """YouTube changes often, and an old downloader fails without saying why."""
    source = opened(
        settings.model_copy(update={"youtube_downloads": True}), workspace, service, key="good"
    )
    health = source.check()
    assert "yt-dlp is of 20" in health.says
    assert not health.tried


def test_a_missing_javascript_helper_is_said(
    settings: Settings,
    service: DataApiServer,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it YouTube gives only some of its videos."""
    monkeypatch.setattr(sys, "executable", str(workspace.root / "python"))
    source = opened(
        settings.model_copy(update={"youtube_downloads": True}), workspace, service, key="good"
    )
    health = source.check()
    assert "JavaScript helper is missing" in health.says
    assert "yt-dlp[default,deno]" in health.remedy


def test_a_downloader_of_last_year_is_stale() -> None:
    """From ninety days on; its version is a date, sometimes with more behind it."""
    assert youtube.is_stale("2020.01.02")
    assert not youtube.is_stale(f"{datetime.now(UTC):%Y.%m.%d}.1")
