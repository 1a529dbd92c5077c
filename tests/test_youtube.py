"""YouTube as a source: what is asked, what is offered, and a sentence for every refusal."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from youtube_server import CONSOLE, JPEG, DataApiServer, Video

from aivideo import ranking
from aivideo.answers import Answers
from aivideo.engines import searches
from aivideo.engines.finding import ClipQuery, FoundClip, Wanted
from aivideo.engines.searches import Day, Searches
from aivideo.engines.youtube import YouTube
from aivideo.engines.youtube_clips import are_alike
from aivideo.errors import (
    AIVideoError,
    YouTubeAnswerBroken,
    YouTubeKeyMissing,
    YouTubeKeyRefused,
    YouTubeNotEnabled,
    YouTubeQuota,
    YouTubeRightsUnconfirmed,
    YouTubeTooFast,
    YouTubeUnreachable,
)
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.store import Answer, Store
from aivideo.workspace import Workspace

CLOUD = "https://console.cloud.google.com/apis"
Open = Callable[..., YouTube]
SEA = Video("sea00000001", "Ocean waves & foam", tags=("sea",), channel="Ann")


@pytest.fixture
def service() -> Iterator[DataApiServer]:
    """The Data API on this machine, with one video."""
    with DataApiServer().running() as server:
        server.videos = [SEA]
        yield server


@pytest.fixture
def store(settings: Settings, empty_database: Path) -> Iterator[Store]:
    """A database to keep answers in."""
    settings.database_path.parent.mkdir(parents=True)
    shutil.copyfile(empty_database, settings.database_path)
    store = Store(settings.database_path)
    yield store
    store.close()


@pytest.fixture
def open_source(
    settings: Settings, workspace: Workspace, service: DataApiServer, store: Store
) -> Open:
    """Makes YouTube with a key of one's choice, and other settings."""

    def opened(key: str = "good", *, endpoint: str = "", **others: Any) -> YouTube:
        return YouTube(
            settings.model_copy(update={"youtube_api_key": SecretStr(key)} | others),
            workspace,
            Answers(store),
            endpoint=endpoint or f"{service.address}/",
            pictures=service.address,
        )

    return opened


@pytest.fixture
def source(open_source: Open) -> YouTube:
    """YouTube, asking the service with a good key."""
    return open_source()


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
    assert clip.licence_text == "creativeCommon"
    assert "sea" in clip.description
    assert clip.score == 1.0
    assert clip.picture_address.endswith("/vi/sea00000001/mqdefault.jpg")
    assert Path(finish(source.picture(clip)).thumbnail).read_bytes() == JPEG


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
        replace(SEA, regions={"allowed": ["DE", "FR"]}),
        replace(SEA, regions={"allowed": []}),
        replace(SEA, regions={"blocked": [f"{n:02}" for n in range(200)]}),
    ],
    ids=[
        "live",
        "upcoming",
        "a day long",
        "no length",
        "unlisted",
        "age",
        "id",
        "in two countries",
        "nowhere",
        "rarely",
    ],
)
def test_a_video_that_could_not_be_used_is_not_offered(
    source: YouTube, service: DataApiServer, video: Video
) -> None:
    """Live, endless, hidden and restricted ones are left out before anybody picks them."""
    service.videos = [video, replace(SEA, id="sea00000002", title="More ocean waves")]
    assert [clip.source_id for clip in find(source)] == ["sea00000002"]


def test_a_video_that_few_countries_block_is_offered(
    source: YouTube, service: DataApiServer
) -> None:
    """In which country we are is not known; most see it."""
    service.videos = [replace(SEA, regions={"blocked": ["KP"]})]
    assert find(source)


def test_a_video_that_its_owner_shows_at_youtube_alone_is_not_offered(
    source: YouTube, service: DataApiServer
) -> None:
    """Neither by the search nor, should that have changed, by what the video says."""
    service.videos = [replace(SEA, embeddable=False)]
    assert find(source, "waves") == []
    found = json.dumps({"items": [{"id": {"videoId": SEA.id}}]})
    service.answers.append((200, found.encode(), False))
    assert find(source, "ocean") == []


def test_where_any_licence_will_do_each_is_marked(source: YouTube, service: DataApiServer) -> None:
    """A standard licence leads to YouTube's terms; the two kinds of answers are kept apart."""
    service.videos = [replace(SEA, licence="youtube"), replace(SEA, id="sea00000002")]
    assert [clip.licence for clip in find(source)] == ["CC BY"]
    both = finish(source.find(ClipQuery("ocean waves", reusable=False)))
    assert [clip.licence for clip in both] == ["YouTube standard", "CC BY"]
    assert both[0].licence_url == "https://www.youtube.com/t/terms"
    assert both[0].licence_text == "youtube"
    assert service.asked[2][1]["videoLicense"] == "any"
    assert len(find(source)) == 1


def test_longer_videos_are_asked_for_where_there_are_no_short_ones(
    source: YouTube, service: DataApiServer
) -> None:
    """A part of one shows the same; it costs a second search."""
    service.videos = [replace(SEA, duration="PT25M", seconds=1500)]
    assert [clip.duration_seconds for clip in find(source)] == [1500.0]
    assert service.spent == {"searches": 2, "units": 1}
    assert [asked.get("videoDuration") for _, asked in service.asked] == ["short", "any", None]


@pytest.mark.parametrize(
    ("words", "language"),
    [("ocean waves", "en"), ("\u6d77\u306e\u6ce2", "ja"), ("\u043c\u043e\u0440\u0435", "ru")],
)
def test_the_words_tell_in_which_language_to_look(
    source: YouTube, service: DataApiServer, words: str, language: str
) -> None:
    """Their letters do; most queries are English."""
    find(source, words)
    assert service.asked[0][1]["relevanceLanguage"] == language


def test_a_licence_that_changed_since_the_search_is_noticed(
    source: YouTube, service: DataApiServer
) -> None:
    """What the video itself says counts, not what the search filtered by."""
    found = json.dumps({"items": [{"id": {"videoId": SEA.id}}]})
    service.answers.append((200, found.encode(), False))
    service.videos = [replace(SEA, licence="youtube")]
    assert find(source) == []


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


def test_the_services_own_order_is_kept(source: YouTube, service: DataApiServer) -> None:
    """How well a clip fits is judged elsewhere, for all sources alike."""
    service.videos = [
        Video("talk0000001", "TOP 10 ocean waves compilation", channel="Ben"),
        replace(SEA, title="Ocean waves"),
    ]
    found = find(source)
    assert [clip.source_id for clip in found] == ["talk0000001", "sea00000001"]
    assert [clip.score for clip in found] == [1.0, 0.5]


def test_nothing_found_is_an_empty_answer(source: YouTube) -> None:
    """No videos is no failure."""
    assert find(source, "zeppelin") == []


def test_a_query_without_words_asks_nobody(source: YouTube, service: DataApiServer) -> None:
    """A search costs one of a hundred."""
    assert find(source, "...") == []
    assert service.asked == []


def test_a_picture_that_cannot_be_had_is_left_out(
    settings: Settings, workspace: Workspace, source: YouTube, service: DataApiServer
) -> None:
    """A thumbnail is worth no failure, whether it is missing or the host is."""
    clip = find(source)[0]
    service.videos = []
    assert finish(source.picture(clip)).thumbnail == ""
    unreachable = YouTube(settings, workspace, source._answers, pictures="http://127.0.0.1:9")
    assert finish(unreachable.picture(clip)).thumbnail == ""


def test_a_picture_is_brought_once(source: YouTube, service: DataApiServer) -> None:
    """The second time it is here, and only ids of YouTube are asked for."""
    clip = find(source)[0]
    assert finish(source.picture(clip)) == finish(source.picture(clip))
    assert finish(source.picture(replace(clip, source_id="../../etc/x"))).thumbnail == ""
    assert service.pictures == ["/vi/sea00000001/mqdefault.jpg"]


# --------------------------------------------------------------------------- what it costs
def test_the_same_words_are_searched_once(source: YouTube, service: DataApiServer) -> None:
    """Asked again, in another order or form too, the kept answer is used."""
    find(source)
    assert find(source, "Wave of the oceans")
    assert service.spent == {"searches": 1, "units": 1}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ocean waves", "waves of the ocean", True),
        ("ocean waves beach", "ocean waves", True),
        ("ocean waves", "ocean waves beach", True),
        ("ocean waves", "ocean", False),
        ("ocean", "waves", False),
        ("red sports car", "red sports bike", False),
        ("ocean waves beach sunset", "ocean waves beach storm night", False),
        ("tall old oak tree in green summer wood", "tall old oak tree in green winter wood", True),
    ],
)
def test_searches_that_are_nearly_the_same_are_alike(one: str, other: str, alike: bool) -> None:  # noqa: FBT001 - a table's column
    """One word more or less of three; or three quarters in common."""
    assert are_alike(ranking.terms(one), ranking.terms(other)) is alike


def test_nearly_the_same_words_are_searched_once(source: YouTube, service: DataApiServer) -> None:
    """Scenes of one video ask for much the same; what fits each is judged afterwards."""
    assert find(source, "ocean waves beach")
    assert find(source, "ocean waves")
    assert find(source, "big ocean waves beach")
    assert service.spent["searches"] == 1
    find(source, "stormy waves")
    assert service.spent["searches"] == 2


def test_an_empty_answer_serves_its_own_question_alone(
    source: YouTube, service: DataApiServer
) -> None:
    """And for a day, not a week: fewer words may find something."""
    assert find(source, "purple zeppelin hangar") == []
    spent = service.spent["searches"]
    assert find(source, "hangar of a purple zeppelin") == []
    assert service.spent["searches"] == spent
    service.videos = [replace(SEA, title="A purple zeppelin")]
    assert find(source, "purple zeppelin")


def test_an_answer_is_kept_without_what_nobody_reads(
    source: YouTube, service: DataApiServer, store: Store
) -> None:
    """Fifty descriptions with their links would fill the database."""
    service.videos = [replace(SEA, description="ocean " * 2000)]
    find(source)
    with store.session() as session:
        kept = session.query(Answer).one()
    assert len(json.dumps(kept.answer)) < 2000


def test_an_old_answer_is_asked_for_again(
    source: YouTube, service: DataApiServer, store: Store
) -> None:
    """After a week the answer is stale."""
    find(source)
    age_answers(store, 8)
    find(source)
    assert service.spent["searches"] == 2


def test_what_the_service_told_is_removed_before_thirty_days(source: YouTube, store: Store) -> None:
    """Its terms say so; the next search of anything cleans up."""
    find(source)
    age_answers(store, 8)
    find(source, "zeppelin")
    with store.session() as session:
        kept = [str(row.answer) for row in session.query(Answer)]
    assert kept
    assert not any("Ocean" in answer for answer in kept)


def age_answers(store: Store, days: int) -> None:
    """Make every kept answer some days older."""
    with store.session() as session:
        for row in session.query(Answer):
            row.expires_at -= timedelta(days=days)


def test_searches_are_counted(source: YouTube) -> None:
    """The health list says how many of the day's hundred are gone."""
    find(source)
    find(source, "waves")
    assert "98 of 100 searches are left today" in source.check().says
    assert source.about.searches_left == 98


def test_a_new_day_begins_at_midnight_in_california(workspace: Workspace) -> None:
    """Yesterday's count does not burden today, nor does a count that cannot be read."""
    count = Searches(workspace)
    count.count()
    file = next(workspace.folder("youtube").glob("searches-*.json"))
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
    assert source.about.searches_left == 0


def test_another_key_has_searches_of_its_own(open_source: Open, service: DataApiServer) -> None:
    """What one key has used up does not burden the next; no file tells a key."""
    service.searches_a_day = 0
    first = open_source("good")
    with pytest.raises(YouTubeQuota):
        find(first)
    service.searches_a_day = 100
    second = open_source("another")
    assert find(second)
    assert (first.about.searches_left, second.about.searches_left) == (0, 99)


def test_a_limit_of_a_minute_is_not_the_days(open_source: Open) -> None:
    """It says to wait a minute, and the next search is made."""
    hasty = open_source("slow down")
    with pytest.raises(YouTubeTooFast, match="Wait a minute"):
        find(hasty)
    assert hasty.about.searches_left == 99


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
        ("off without address", (YouTubeNotEnabled, f"{CLOUD}/library/youtube.googleapis.com")),
        ("bad", (YouTubeKeyRefused, f"{CLOUD}/credentials")),
        ("web", (YouTubeKeyRefused, f"{CLOUD}/credentials")),
        ("nothing granted", (YouTubeQuota, f"{CLOUD}/api/youtube.googleapis.com/quotas")),
    ],
)
def test_each_trouble_with_the_key_has_its_own_sentence(
    open_source: Open,
    key: str,
    expected: tuple[type[AIVideoError], str],
) -> None:
    """Wrong, restricted and not enabled are mended in different places."""
    failure, sentence = expected
    with pytest.raises(failure) as raised:
        find(open_source(key))
    assert sentence in raised.value.message


def test_no_failure_shows_the_key(open_source: Open, service: DataApiServer) -> None:
    """Neither the sentence, nor the details, nor any cause behind them."""
    hidden = "AIza-not-to-be-seen"
    service.answers.extend([(403, b'{"error": {"errors": []}}', False)])
    with pytest.raises(AIVideoError) as raised:
        find(open_source(hidden))
    problem: BaseException | None = raised.value
    while problem is not None:
        assert hidden not in f"{problem} {vars(problem)}"
        problem = problem.__cause__ or problem.__context__


def test_no_log_shows_the_key(
    open_source: Open, service: DataApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even one that tells everything, whether the search goes well or not."""
    hidden = "AIza-not-to-be-seen"
    caplog.set_level(logging.DEBUG)
    assert find(open_source(hidden))
    service.answers.append((403, b'{"error": {"errors": []}}', False))
    with pytest.raises(AIVideoError):
        find(open_source(hidden), "forest")
    assert "youtube/v3/search" in caplog.text
    assert hidden not in caplog.text


def test_no_units_left_is_the_quota_too(source: YouTube, service: DataApiServer) -> None:
    """The service has two buckets; both return at the same hour."""
    service.units_a_day = 0
    with pytest.raises(YouTubeQuota):
        find(source)


def test_without_a_key_the_way_to_one_is_said(open_source: Open) -> None:
    """In search, in what it needs and on the health list."""
    keyless = open_source(youtube_api_key=None)
    with pytest.raises(YouTubeKeyMissing, match="YOUTUBE_API_KEY"):
        find(keyless)
    health = keyless.check()
    assert not health.works
    assert "YOUTUBE_API_KEY" in health.remedy
    assert "YOUTUBE_API_KEY" in keyless.about.needs
    assert keyless.about.searches_left is None


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


def test_no_connection_is_said_at_once(open_source: Open) -> None:
    """A closed port stands for no network."""
    offline = open_source(endpoint="http://127.0.0.1:9/")
    with pytest.raises(YouTubeUnreachable, match="internet connection"):
        find(offline)
    assert offline.about.searches_left == 100


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
        finish(source.fetch(Wanted(SEA.id)))
    health = source.check()
    assert health.works
    assert "Downloads are off" in health.says
    assert "YOUTUBE_DOWNLOADS" in health.remedy


def test_consent_on_the_page_allows_downloads_too(
    settings: Settings, workspace: Workspace, store: Store
) -> None:
    """Where the settings say nothing, the person is believed."""
    asked: list[str] = []

    def allowed(what: str) -> bool:
        asked.append(what)
        return False

    source = YouTube(settings, workspace, Answers(store), allowed=allowed)
    with pytest.raises(YouTubeRightsUnconfirmed):
        finish(source.fetch(Wanted(SEA.id)))
    assert asked == ["youtube-downloads"]


def test_the_downloader_is_looked_at_before_work_begins(open_source: Open) -> None:
    """Its age stands in the health list, beside what is left of the day."""
    health = open_source(youtube_downloads=True).check()
    assert "searches are left today. yt-dlp is of 20" in health.says
    assert not health.tried
