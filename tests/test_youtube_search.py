"""YouTube without a key: what its search page is asked, what is offered, and that it is off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from footage import Footage, Reel
from youtube_site import SiteVideo, YouTubeSite

from aivideo.answers import Answers
from aivideo.engines.finding import ClipQuery, FoundClip, Wanted
from aivideo.engines.youtube_search import YouTubeSearch
from aivideo.errors import (
    VideoLicenceGone,
    YouTubeBusy,
    YouTubeDistrust,
    YouTubeRightsUnconfirmed,
    YouTubeSearchOff,
    YouTubeUnreachable,
)
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.store import Store
from aivideo.workspace import Workspace

SEA, RIGHTS, LONG, LIVE = "sea-0_00001", "sea-0_00002", "sea-0_00003", "sea-0_00004"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """A real clip to download."""
    return Reel(tmp_path_factory.mktemp("reel"))["plain"]


@pytest.fixture
def site(tmp_path: Path, clip: Footage) -> Iterator[YouTubeSite]:
    """YouTube's site on this machine: one free video, and others that are not wanted."""
    with YouTubeSite(tmp_path).running() as site:
        site.videos[RIGHTS] = SiteVideo(clip.path, licence="")
        site.videos[SEA] = SiteVideo(clip.path)
        site.videos[LONG] = SiteVideo(clip.path, seconds=900)
        yield site


@pytest.fixture
def answers(settings: Settings, empty_database: Path) -> Iterator[Answers]:
    """A database to keep answers in."""
    settings.database_path.parent.mkdir(parents=True)
    shutil.copyfile(empty_database, settings.database_path)
    store = Store(settings.database_path)
    yield Answers(store)
    store.close()


@pytest.fixture
def source(
    settings: Settings, workspace: Workspace, answers: Answers, site: YouTubeSite
) -> YouTubeSearch:
    """The search, turned on, with downloads."""
    return opened(settings, workspace, answers, site.options)


def opened(
    settings: Settings,
    workspace: Workspace,
    answers: Answers,
    options: Mapping[str, object],
    **changed: Any,
) -> YouTubeSearch:
    """The search with settings of one's choice."""
    usual = {"youtube_search": True, "youtube_downloads": True}
    mine = settings.model_copy(update=usual | changed)
    return YouTubeSearch(mine, workspace, answers, options=options)


def find(
    source: YouTubeSearch, words: str = "ocean waves", *, reusable: bool = True
) -> list[FoundClip]:
    """What is offered for some words."""
    return finish(source.find(ClipQuery(words, reusable=reusable)))


# --------------------------------------------------------------------------- finding
def test_only_free_short_videos_are_asked_for(source: YouTubeSearch, site: YouTubeSite) -> None:
    """The filters reach the site as its own page would send them, and it lets the rest out."""
    assert [found.source_id for found in find(source)] == [SEA]
    assert site.searches == [{"query": "ocean waves", "filters": "EgYQARgBMAE="}]


def test_a_video_is_offered_with_everything_that_its_credit_needs(source: YouTubeSearch) -> None:
    """Title, author, addresses, length; the licence is what the filter says, and said so."""
    found = find(source)[0]
    assert (found.source, found.title, found.author) == (
        "youtube-search",
        "Ocean waves",
        "Open Footage",
    )
    assert found.url == f"https://www.youtube.com/watch?v={SEA}"
    assert found.author_url == "https://www.youtube.com/channel/UC" + "a" * 22
    assert (found.licence, found.duration_seconds) == ("CC BY", 2.0)
    assert "filter" in found.licence_text
    assert (found.width, found.height, found.score) == (0, 0, 1.0)
    assert "beach" in found.description
    assert found.picture_address == f"https://i.ytimg.com/vi/{SEA}/mqdefault.jpg"


def test_videos_under_any_licence_are_marked_so(source: YouTubeSearch, site: YouTubeSite) -> None:
    """Which of them are free the search does not tell; none is called free."""
    found = find(source, reusable=False)
    assert [one.source_id for one in found] == [RIGHTS, SEA]
    assert {one.licence for one in found} == {"YouTube standard"}
    assert site.searches[0]["filters"] == "EgQQARgB"


def test_a_stream_is_not_offered(source: YouTubeSearch, site: YouTubeSite) -> None:
    """It has no length and no end."""
    site.videos[LIVE] = SiteVideo(live=True)
    assert [found.source_id for found in find(source)] == [SEA]


def test_odd_results_cost_only_themselves(source: YouTubeSearch, site: YouTubeSite) -> None:
    """Lists, channels and rows of another shape stand on the page as well."""
    answer = dict(site.search("ocean waves", "EgYQARgBMAE="))
    rows = answer["contents"]["twoColumnSearchResultsRenderer"]["primaryContents"]
    row = rows["sectionListRenderer"]["contents"][0]["itemSectionRenderer"]["contents"]
    row[:0] = [{"channelRenderer": {}}, {"videoRenderer": {"videoId": "odd"}}]
    site.search_answer = answer
    assert [found.source_id for found in find(source)] == [SEA]


def test_nothing_found_is_an_empty_answer(source: YouTubeSearch) -> None:
    """No videos is no failure."""
    assert find(source, "zeppelin") == []


def test_a_query_without_words_asks_nobody(source: YouTubeSearch, site: YouTubeSite) -> None:
    """Nor does one of signs alone."""
    assert find(source, "...") == []
    assert site.searches == []


@pytest.mark.parametrize(
    "words",
    [
        "https://evil.example/x ocean",
        "ytsearch5:ocean",
        "--exec rm ocean",
        "ocean\nwaves",
        "all:ocean",
    ],
)
def test_words_are_words_whatever_they_look_like(
    source: YouTubeSearch, site: YouTubeSite, words: str
) -> None:
    """No address, option or other search can be smuggled in: the site is asked for the text."""
    find(source, words)
    assert [search["query"] for search in site.searches] == [words]
    assert set(site.hosts) <= {"www.youtube.com"}


def test_the_same_words_are_searched_once(source: YouTubeSearch, site: YouTubeSite) -> None:
    """Asked again, in another form or with one word more, the kept answer is used."""
    find(source, "ocean waves beach")
    assert find(source, "Waves at the ocean's beach")
    assert find(source, "ocean waves beach sunset")
    assert len(site.searches) == 1


# --------------------------------------------------------------------------- off and on
def test_it_is_off_until_somebody_turns_it_on(
    settings: Settings, workspace: Workspace, answers: Answers, site: YouTubeSite
) -> None:
    """The sentence says what it means and how it is turned on; nobody is asked."""
    off = opened(settings, workspace, answers, site.options, youtube_search=False)
    with pytest.raises(YouTubeSearchOff, match=r"no agreement.*YOUTUBE_SEARCH=true"):
        find(off)
    assert "YOUTUBE_SEARCH=true" in off.about.needs
    health = off.check()
    assert (health.works, health.says) == (False, "It is off.")
    assert site.searches == []


def test_consent_on_the_page_turns_it_on(
    settings: Settings, workspace: Workspace, answers: Answers, site: YouTubeSite
) -> None:
    """Searching and downloading are two things, asked for by their names."""
    given: set[str] = set()
    source = YouTubeSearch(
        settings, workspace, answers, options=site.options, allowed=given.__contains__
    )
    assert source.about.needs
    given.add("youtube-search")
    assert source.about.needs == ""
    assert find(source)
    with pytest.raises(YouTubeRightsUnconfirmed):
        finish(source.fetch(Wanted(SEA)))
    assert "Downloads are off" in source.check().says
    given.add("youtube-downloads")
    assert finish(source.fetch(Wanted(SEA))).exists()
    assert "yt-dlp is of" in source.check().says


# --------------------------------------------------------------------------- fetching, refusals
def test_the_licence_is_looked_at_again_when_it_is_fetched(
    source: YouTubeSearch, site: YouTubeSite
) -> None:
    """A filter is no promise, and an uploader may change a licence."""
    found = find(source)[0]
    site.videos[SEA].licence = ""
    with pytest.raises(VideoLicenceGone):
        finish(source.fetch(Wanted(found.source_id, found.title)))
    assert site.ranges == []


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("Sign in to confirm you\u2019re not a bot", YouTubeDistrust),
        ("The current session has been rate-limited by YouTube for up to an hour", YouTubeBusy),
    ],
)
def test_a_refused_search_is_said(
    source: YouTubeSearch, site: YouTubeSite, said: str, failure: type[Exception]
) -> None:
    """The search page refuses in the same words as a video's."""
    alert = {"alertRenderer": {"type": "ERROR", "text": {"simpleText": said}}}
    site.search_answer = {"alerts": [alert]}
    with pytest.raises(failure):
        find(source)


def test_without_connection_that_is_said(
    settings: Settings, workspace: Workspace, answers: Answers
) -> None:
    """A proxy that nobody answers at stands for no network."""
    options = {"proxy": "http://127.0.0.1:9", "retries": 0, "extractor_retries": 0}
    with pytest.raises(YouTubeUnreachable):
        find(opened(settings, workspace, answers, options))
