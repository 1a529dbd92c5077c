"""Stock sources: what they are asked, what they offer, and a sentence for every refusal."""

from __future__ import annotations

import json
import logging
import zlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from staging_stock import QUICK, SOURCES, Shelf, shelf
from stock_server import (
    PEXELS_KEY,
    PIXABAY_KEY,
    commons_film,
    commons_photo,
    openverse_photo,
    pexels_film,
    pexels_photo,
    pixabay_film,
    pixabay_photo,
)
from tls_host import Served

from aivideo import __version__
from aivideo.answers import Answers
from aivideo.engines.finding import ClipQuery
from aivideo.engines.pexels import Pexels
from aivideo.engines.stock_text import (
    encrypted,
    first_link,
    plain_words,
    shape,
    slug,
    text_of,
    whole,
)
from aivideo.errors import (
    AIVideoError,
    DiskFull,
    StockAnswerBroken,
    StockContactWanted,
    StockKeyMissing,
    StockKeyRefused,
    StockLimited,
    StockRefused,
    StockUnreachable,
)
from aivideo.progress import finish, together
from aivideo.store import Answer

__all__ = ["shelf"]

WITH_KEY = {"pexels": "pexels_api_key", "pixabay": "pixabay_api_key"}
WITH_FILMS = ["pexels", "pixabay", "commons"]
UPRIGHT = (1080, 1920)

each_source = pytest.mark.parametrize("name", SOURCES)


# --------------------------------------------------------------------------- what is offered
@each_source
def test_what_is_found_can_be_shown_credited_and_fetched(shelf: Shelf, name: str) -> None:
    """Every source says all that a clip needs."""
    for clip in shelf.find(name):
        assert (clip.source, clip.kind in shelf.open(name).about.kinds) == (name, True)
        assert clip.source_id
        assert clip.title
        assert clip.author
        assert clip.licence
        addresses = [clip.url, clip.author_url, clip.licence_url, clip.picture_address]
        addresses += [file.address for file in clip.media]
        assert all(address.startswith("https://") for address in addresses)
        assert min(clip.width, clip.height) > 0
        assert all(file.mime and file.width and file.height for file in clip.media)
        assert (clip.duration_seconds is None) is (clip.kind == "still")
        assert clip.thumbnail == ""


def test_a_film_of_pexels(shelf: Shelf) -> None:
    """It has no title, so its page's address gives one; lists of pieces are no files."""
    film, photo = shelf.find("pexels")
    assert (film.source_id, film.title, film.author) == (
        "video-1",
        "ocean waves at dawn",
        "Ann Lee",
    )
    assert (film.width, film.height, film.duration_seconds) == (3840, 2160, 12.0)
    assert film.author_url == "https://www.pexels.com/@ann"
    assert [file.width for file in film.media] == [3840, 1920, 1280, 640]
    assert {file.mime for file in film.media} == {"video/mp4"}
    assert (photo.source_id, photo.kind, photo.title) == ("photo-2", "still", "Waves on a beach")
    assert photo.description == "blue sea"
    assert [(file.width, file.height) for file in photo.media] == [(1733, 1300), (4000, 3000)]


def test_a_film_of_pixabay(shelf: Shelf) -> None:
    """Its tags give title and description; a size that there is not is left out."""
    film, photo = shelf.find("pixabay")
    assert (film.source_id, film.title) == ("video-1", "ocean, waves, beach, sand, blue")
    assert (film.description, film.author) == ("summer", "Cy Twombly")
    assert film.author_url == "https://pixabay.com/users/Cy%20Twombly-77/"
    assert (film.width, film.height, film.duration_seconds) == (1920, 1080, 14.0)
    assert [(file.width, file.size) for file in film.media] == [
        (1920, 1_920_000),
        (1280, 1_280_000),
        (960, 960_000),
    ]
    assert film.picture_address == "https://cdn.pixabay.com/video/2024/1_small.jpg"
    assert (photo.kind, photo.width, photo.height) == ("still", 1280, 720)


def test_a_film_of_commons(shelf: Shelf) -> None:
    """Its licence and author are told in HTML; its smaller versions can be had too."""
    film, photo = shelf.find("commons")
    assert (film.source_id, film.title, film.author) == ("1", "1 Ocean waves", "Eve & Co")
    assert film.author_url == "https://commons.wikimedia.org/wiki/User:Eve"
    assert film.description == "Waves of the Pacific Ocean waves, Videos of beaches"
    assert (film.licence, film.duration_seconds) == ("CC BY-SA 4.0", 31.5)
    assert film.licence_url == "https://creativecommons.org/licenses/by-sa/4.0"
    assert film.licence_text.endswith("Share Alike 4.0; attribution required")
    assert [file.height for file in film.media] == [1080, 720, 240]
    assert (photo.kind, photo.licence) == ("still", "CC0")
    assert [(file.width, file.height) for file in photo.media] == [
        (6000, 4000),
        (1920, 1280),
        (3840, 2560),
    ]
    assert photo.media[1].address.endswith("/thumb/c/cd/Ocean.jpg/1920px-Ocean.jpg")


def test_a_photo_of_openverse(shelf: Shelf) -> None:
    """It brings its own sentence of attribution."""
    [photo] = shelf.find("openverse")
    assert (photo.source_id, photo.title, photo.kind) == ("a1", "Ocean & waves", "still")
    assert (photo.licence, photo.description, photo.author) == ("CC BY 2.0", "sea, beach", "Fay")
    assert photo.licence_text == '"Ocean & waves" by Fay is licensed under CC BY 2.0.'
    assert photo.media[0].mime == "image/jpeg"


@pytest.mark.parametrize("name", WITH_FILMS)
def test_the_order_is_the_sources_own(shelf: Shelf, name: str) -> None:
    """Films first, each kind in the order in which the source gives it, nothing twice."""
    film, photo = shelf.server.films[name][0], shelf.server.photos[name][0]
    make = {"pexels": pexels_film, "pixabay": pixabay_film, "commons": commons_film}[name]
    shelf.server.films[name] = [make(7), make(3), film, make(7)]
    shelf.server.photos[name] = [photo]
    found = [int(clip.source_id.rpartition("-")[2]) for clip in shelf.find(name)]
    expected = [7, 3, 1, 2]
    # Commons tells the place in its search, which here is the page's number.
    assert found == ([*sorted(expected[:3]), 2] if name == "commons" else expected)


BAD: list[Any] = [
    None,
    7,
    "text",
    [],
    {},
    {"id": 5},
    {"id": "five", "url": 8, "width": None, "height": None},
]


@each_source
def test_one_bad_thing_costs_only_itself(shelf: Shelf, name: str) -> None:
    """What a source leaves out or writes differently is passed over."""
    pages = [row for row in BAD if isinstance(row, dict)]
    bad = pages if name == "commons" else BAD
    for rows in (shelf.server.films, shelf.server.photos):
        rows[name] = [*bad, *rows.get(name, []), *bad]
    assert len(shelf.find(name)) == len(shelf.open(name).about.kinds)


ELSEWHERE = {
    "file_type": "video/mp4",
    "link": "https://player.example.com/1.mp4",
    "width": 1920,
    "height": 1080,
}


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("pexels", pexels_film(video_files=[])),
        ("pexels", pexels_film(video_files=[{"file_type": "video/mp4", "link": "http://a/b.mp4"}])),
        ("pexels", pexels_film(duration=None)),
        ("pexels", pexels_film(video_files=[ELSEWHERE])),
        ("pixabay", pixabay_film(videos={})),
        ("pixabay", pixabay_film(videos={"large": {"url": "", "width": 0, "height": 0}})),
        ("commons", commons_film(mime="application/pdf")),
        ("commons", commons_film(url="ftp://upload.wikimedia.org/x.webm", derivatives=[])),
        ("commons", commons_film(extmetadata=None)),
    ],
)
def test_what_cannot_be_had_is_not_offered(shelf: Shelf, name: str, row: Any) -> None:
    """A clip without a file that can be brought is none."""
    shelf.server.films[name], shelf.server.photos[name] = [row], []
    assert shelf.find(name) == []


def test_titles_are_found_where_there_are_none(shelf: Shelf) -> None:
    """A clip is never without one."""
    shelf.server.films["pexels"] = [pexels_film(4, url="https://www.pexels.com/video/4/")]
    shelf.server.photos["pexels"] = [pexels_photo(5, alt="", url="https://www.pexels.com/photo/5/")]
    shelf.server.films["pixabay"] = [pixabay_film(6, tags="")]
    shelf.server.photos["pixabay"] = [pixabay_photo(7, tags=None)]
    shelf.server.photos["openverse"] = [openverse_photo(title=None)]
    titles = [clip.title for name in SOURCES for clip in shelf.find(name)]
    assert {"Pexels video 4", "Pexels photo 5", "Pixabay 6", "Pixabay 7", "Photo"} <= set(titles)


# --------------------------------------------------------------------------- licences
@pytest.mark.parametrize(
    ("licence", "offered"),
    [
        ("CC0", True),
        ("Public domain", True),
        ("PD-USGov", True),
        ("CC BY 4.0", True),
        ("CC BY 3.0 us", True),
        ("CC BY-SA 3.0 de", True),
        ("CC BY-SA 2.5", True),
        ("CC BY-NC 4.0", False),
        ("CC BY-ND 2.0", False),
        ("CC BY-NC-SA 4.0", False),
        ("GFDL", False),
        ("Fair use", False),
        ("Attribution", False),
        ("", False),
    ],
)
def test_of_commons_only_free_licences_are_offered(
    shelf: Shelf,
    licence: str,
    offered: bool,  # noqa: FBT001 - a case
) -> None:
    """Unless clips that may not be published are wanted as well."""
    shelf.server.films["commons"] = [commons_film(1, licence)]
    shelf.server.photos["commons"] = [commons_photo(2, licence)]
    assert bool(shelf.find("commons")) is offered
    assert len(shelf.find("commons", reusable=False)) == 2


def test_of_openverse_only_free_licences_are_asked_for(shelf: Shelf) -> None:
    """And nothing else is offered, whatever it answers."""
    rows = [
        openverse_photo(licence, license=licence) for licence in ("by-sa", "by-nc", "cc0", "pdm")
    ]
    shelf.server.photos["openverse"] = rows
    assert [clip.licence for clip in shelf.find("openverse")] == [
        "CC BY-SA 2.0",
        "CC0",
        "Public domain",
    ]
    asked = shelf.server.searches[0].parameters
    assert asked["license"] == "by,by-sa,cc0,pdm"
    assert asked["license_type"] == "commercial,modification"
    assert len(shelf.find("openverse", reusable=False)) == 4
    assert not {"license", "license_type"} & shelf.server.searches[1].parameters.keys()


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://photos.example.com/a.jpg"},
        {"url": "http://live.staticflickr.com/a.jpg"},
        {"url": "https://live.staticflickr.com.example.com/a.jpg"},
        {"filetype": "svg"},
        {"filetype": "gif"},
        {"url": "https://live.staticflickr.com/a.svg", "filetype": "svg"},
    ],
    ids=str,
)
def test_of_openverse_only_photos_at_known_places_are_offered(
    shelf: Shelf, changed: dict[str, str]
) -> None:
    """Nothing is brought from a host that a stranger names, so it is not offered either."""
    shelf.server.photos["openverse"] = [openverse_photo(**changed)]
    assert shelf.find("openverse") == []


# --------------------------------------------------------------------------- what is asked
@pytest.mark.parametrize(
    ("name", "size", "asked"),
    [
        ("pexels", (1920, 1080), [{"orientation": "landscape", "size": "medium"}]),
        ("pexels", (1280, 720), [{"orientation": "landscape", "size": "small"}]),
        ("pexels", UPRIGHT, [{"orientation": "portrait"}, {"orientation": "portrait"}]),
        ("pexels", (1080, 1080), [{"orientation": "square"}]),
        ("pixabay", (1920, 1080), [{"min_width": "1280"}, {"orientation": "horizontal"}]),
        ("pixabay", UPRIGHT, [{"min_height": "1280"}, {"orientation": "vertical"}]),
        ("pixabay", (1080, 1080), [{"min_width": "1280"}, {"orientation": "all"}]),
        ("openverse", (1920, 1080), [{"aspect_ratio": "wide", "size": "large"}]),
        ("openverse", UPRIGHT, [{"aspect_ratio": "tall"}]),
        ("openverse", (1080, 1080), [{"aspect_ratio": "square"}]),
        ("commons", (1920, 1080), [{"gsrsearch": "ocean waves filetype:video filew:>1279"}]),
        ("commons", UPRIGHT, [{"gsrsearch": "ocean waves filetype:video fileh:>1279"}]),
        ("commons", (1080, 1080), [{"gsrsearch": "ocean waves filetype:video fileh:>719"}]),
    ],
)
def test_clips_of_the_canvas_shape_are_asked_for(
    shelf: Shelf, name: str, size: tuple[int, int], asked: list[dict[str, str]]
) -> None:
    """As far as a source can tell them apart."""
    shelf.find(name, size=size)
    for one, wanted in zip(shelf.server.searches, asked, strict=False):
        assert wanted.items() <= one.parameters.items()


@each_source
def test_one_request_is_made_for_each_kind(shelf: Shelf, name: str) -> None:
    """However much there is, no second page is asked for."""
    shelf.find(name)
    asked = Counter(one.address for one in shelf.server.searches)
    kinds = len(shelf.open(name).about.kinds)
    assert sum(asked.values()) == kinds
    assert not [one for one in shelf.server.searches if "page" in one.parameters]


@each_source
def test_a_source_is_told_who_asks(shelf: Shelf, name: str) -> None:
    """The app, its version, and whom to write to when that was set."""
    shelf.find(name)
    agents = {one.headers["user-agent"] for one in shelf.server.searches}
    assert agents == {f"ai-video-generator/{__version__} (me@example.com)"}


def test_nothing_but_plain_words_of_a_contact_goes_out(shelf: Shelf) -> None:
    """A line break in a setting cannot become another header."""
    source = shelf.open("commons", contact="me@example.com\r\nX-Evil: 1\u00e9")
    finish(source.find(ClipQuery("ocean waves")))
    assert shelf.server.searches[0].headers["user-agent"].endswith("(me@example.comX-Evil: 1)")


@each_source
@pytest.mark.parametrize("words", ["", "   ", "the of and", "!?", "123"])
def test_a_query_without_words_asks_nobody(shelf: Shelf, name: str, words: str) -> None:
    """There is nothing to look for."""
    assert shelf.find(name, words) == []
    assert shelf.server.asked == []


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("Ocean  Waves", "ocean waves"),
        ('-ocean "waves" insource:/x/ OR ~sea', "ocean waves insource x or sea"),
        ("sea_shore|b&key=1#", "sea shore b key 1"),
        ("M\u00fcnchen \u6d77\u6d6a", "m\u00fcnchen \u6d77\u6d6a"),
        ("word " * 40, " ".join(["word"] * 20)),
        ("x" * 300, ""),
    ],
)
def test_a_query_is_plain_words(words: str, plain: str) -> None:
    """Nothing that a search would take for a command; no longer than all of them take."""
    assert plain_words(words) == plain
    assert len(plain) <= 100


def test_commons_is_asked_for_any_of_the_words_when_it_has_none_with_all(shelf: Shelf) -> None:
    """Its search wants every word in the text about a file."""
    found = shelf.find("commons", "hands on waves")
    assert [clip.kind for clip in found] == ["video", "still"]
    assert [one.parameters["gsrsearch"].partition(" file")[0] for one in shelf.server.searches] == [
        "hands on waves",
        "hands OR on OR waves",
        "hands on waves",
        "hands OR on OR waves",
    ]
    assert shelf.find("commons", "hands") == []
    assert len(shelf.server.searches) == 6


# --------------------------------------------------------------------------- asked once
@each_source
def test_asking_again_costs_nothing_and_needs_no_network(shelf: Shelf, name: str) -> None:
    """Not by this source, nor by another that was opened later on the same database."""
    source = shelf.open(name)
    first = finish(source.find(ClipQuery("Ocean waves")))
    asked = len(shelf.server.asked)
    assert finish(source.find(ClipQuery("ocean  WAVES"))) == first
    shelf.unplug()
    assert shelf.find(name) == first
    assert len(shelf.server.asked) == asked


@each_source
def test_an_answer_counts_as_long_as_the_terms_say(shelf: Shelf, name: str) -> None:
    """Pixabay's for a day, the others' for a week; no key is in what is kept."""
    shelf.find(name)
    with shelf.store.session() as session:
        kept = list(session.scalars(select(Answer)))
        lasts = {one.expires_at - one.created_at for one in kept}
        text = json.dumps([[one.question, one.answer] for one in kept])
    days = 1 if name == "pixabay" else 7
    assert all(abs(one - timedelta(days=days)) < timedelta(minutes=5) for one in lasts)
    assert PEXELS_KEY not in text
    assert PIXABAY_KEY not in text


def test_an_answer_kept_by_an_older_version_is_asked_for_again(shelf: Shelf) -> None:
    """What cannot be read any more is as if it was never kept."""
    shelf.find("pexels")
    with shelf.store.session() as session:
        for one in session.scalars(select(Answer)):
            one.answer = {"something": "else"}
    assert len(shelf.find("pexels")) == 2
    assert len(shelf.server.searches) == 4


def test_two_scenes_that_ask_the_same_cost_one_search(shelf: Shelf) -> None:
    """The second waits for its turn, and finds the answer there."""
    source = shelf.open("openverse")
    source._api._turn.acquire()
    work = source.find(ClipQuery("ocean waves"))
    told = [next(work).message for _ in range(3)]
    found = shelf.find("openverse")
    source._api._turn.release()
    assert finish(work) == found
    assert told[-1] == "Asking Openverse"
    assert len(shelf.server.asked) == 1


def test_scenes_are_searched_for_one_after_the_other(shelf: Shelf) -> None:
    """As Commons asks for; a scene that is given up does not wait any longer."""
    source = shelf.open("commons")
    works = [source.find(ClipQuery(words)) for words in ("ocean", "waves", "ocean waves")]
    assert [len(found) for found in finish(together(works, at_once=3))] == [2, 2, 2]
    source._api._turn.acquire()
    waiting = source.find(ClipQuery("waves ocean"))
    next(waiting)
    waiting.close()
    source._api._turn.release()
    assert len(shelf.server.asked) == 6


def test_a_full_disk_is_no_failure_of_a_source(shelf: Shelf) -> None:
    """It stops the work, where a source that fails is passed over."""

    class Full(Answers):
        def keep(self, source: str, question: Any, answer: Any, lasts: timedelta) -> None:
            if question["address"].endswith("/v1/search"):
                raise DiskFull(shelf.workspace.root)
            super().keep(source, question, answer, lasts)

    source = Pexels(shelf.settings, shelf.workspace, Full(shelf.store), network=shelf.network)
    with pytest.raises(DiskFull):
        finish(source.find(ClipQuery("ocean waves")))


# --------------------------------------------------------------------------- refusals
@pytest.mark.parametrize("key", [None, SecretStr(""), SecretStr("  ")])
@pytest.mark.parametrize("name", WITH_KEY)
def test_without_a_key_nobody_is_asked(shelf: Shelf, name: str, key: SecretStr | None) -> None:
    """The sentence says where a free one is made and what to set."""
    source = shelf.open(name, QUICK, **{WITH_KEY[name]: key})
    with pytest.raises(StockKeyMissing) as raised:
        finish(source.find(ClipQuery("ocean waves")))
    assert WITH_KEY[name].upper() in raised.value.message
    assert source.service.key_address in raised.value.message
    assert source.about.needs == raised.value.message
    assert source.check().remedy == raised.value.message
    assert not source.check().works
    assert shelf.server.asked == []


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_key_that_is_not_accepted_is_said_to_be_wrong(shelf: Shelf, name: str) -> None:
    """Pexels says 401, Pixabay 400; the key itself is not repeated."""
    source = shelf.open(name, QUICK, **{WITH_KEY[name]: SecretStr("wrong-key-9876543210")})
    with pytest.raises(StockKeyRefused) as raised:
        finish(source.find(ClipQuery("ocean waves")))
    assert WITH_KEY[name].upper() in raised.value.message
    assert "wrong-key" not in raised.value.message + raised.value.detail
    assert len(shelf.server.asked) == 1


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_page_that_forbids_says_nothing_of_the_key(shelf: Shelf, name: str) -> None:
    """It is the word of what stands before the service; the key may be right."""
    shelf.server.answers.append(Served(b"<html>Are you human?</html>", "text/html", status=403))
    with pytest.raises(StockRefused, match="403"):
        shelf.find(name)


@each_source
def test_a_source_that_was_asked_too_often_is_left_alone(shelf: Shelf, name: str) -> None:
    """It is not asked before its time, and what is known still serves."""
    source = shelf.open(name)
    known = finish(source.find(ClipQuery("ocean waves")))
    shelf.server.left[name] = 0
    asked = len(shelf.server.asked)
    for _ in range(3):
        with pytest.raises(StockLimited, match=r"answers again at \d\d:\d\d"):
            finish(source.find(ClipQuery("mountain lake")))
    assert len(shelf.server.asked) == asked + 1
    assert finish(source.find(ClipQuery("ocean waves"))) == known
    assert "asked often" in source.check().says


@pytest.mark.parametrize("name", WITH_KEY)
def test_the_last_search_that_is_left_is_not_answered_with_another(shelf: Shelf, name: str) -> None:
    """What an answer says of the next is believed; films that came are not lost with photos."""
    shelf.server.left[name] = 1
    source = shelf.open(name)
    assert [clip.kind for clip in finish(source.find(ClipQuery("ocean waves")))] == ["video"]
    with pytest.raises(StockLimited):
        finish(source.find(ClipQuery("mountain lake")))
    assert len(shelf.server.asked) == 1


def packed(text: bytes) -> Served:
    """An answer that says it is packed and breaks."""
    return Served(
        zlib.compress(text)[:-6] + b"broken",
        "application/json",
        headers={"Content-Encoding": "deflate"},
    )


JSON = "application/json"


@each_source
@pytest.mark.parametrize(
    "served",
    [Served(b"<html>Sign in</html>", "text/html"), Served(b"[]", JSON)],
    ids=["page", "list"],
)
def test_what_is_no_answer_is_not_kept(shelf: Shelf, name: str, served: Served) -> None:
    """A sign-in page may answer, or a service that has changed; the next search may find."""
    shelf.server.answers.append(served)
    with pytest.raises(StockAnswerBroken, match=shelf.open(name).service.title):
        shelf.find(name)
    assert len(shelf.find(name)) == len(shelf.open(name).about.kinds)


@pytest.mark.parametrize(
    ("served", "failure"),
    [
        (Served(b"<html>Sign in</html>", "text/html"), StockAnswerBroken),
        (Served(b'{"videos": [', JSON), StockAnswerBroken),
        (Served(b'{"error": {}}', JSON), StockAnswerBroken),
        (Served(b"[1, 2]", JSON), StockAnswerBroken),
        (Served(b"null", JSON), StockAnswerBroken),
        (Served(b"[" * 100_000, JSON), StockAnswerBroken),
        (Served(b"\xff\xfe\x00", JSON), StockAnswerBroken),
        (Served(b" " * 10_000_001, JSON), StockAnswerBroken),
        (Served(b'{"videos": []}', JSON, breaks=[5]), StockAnswerBroken),
        (packed(b"x" * 9_999), StockAnswerBroken),
        (Served(b"{}", JSON, headers={"Content-Encoding": "br"}), StockAnswerBroken),
        (
            Served(b"", status=302, headers={"Location": "https://evil.example/"}),
            StockAnswerBroken,
        ),
        (Served(b"", status=500), StockUnreachable),
        (Served(b"", status=503), StockUnreachable),
        (Served(b"", status=503, headers={"Retry-After": "60"}), StockLimited),
        (Served(b"", status=429), StockLimited),
        (Served(b"no", status=418), StockRefused),
        (Served(b"{}", JSON, stalls=1), StockUnreachable),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value.status),
)
def test_each_wrong_answer_has_a_sentence(
    shelf: Shelf, served: Served, failure: type[AIVideoError]
) -> None:
    """No redirect is followed, and nothing is asked twice."""
    name = "pixabay"
    shelf.server.answers.append(replace(served, breaks=list(served.breaks)))
    with pytest.raises(AIVideoError) as raised:
        shelf.find(name)
    assert type(raised.value) is failure
    assert "Pixabay" in raised.value.message
    assert len(shelf.server.asked) == 1
    assert len(shelf.find(name)) == 2


@each_source
def test_without_connection_that_is_said(shelf: Shelf, name: str) -> None:
    """Quickly, and with what to do."""
    shelf.unplug()
    with pytest.raises(StockUnreachable, match="internet connection"):
        shelf.find(name)


def test_a_source_that_takes_for_ever_is_given_up(shelf: Shelf) -> None:
    """Also when a byte comes now and then."""
    shelf.server.answers.append(Served(b"{}", JSON, stalls=1))
    source = shelf.open("pexels", patience=replace(QUICK, idle=60, total=0.3))
    with pytest.raises(StockUnreachable) as raised:
        finish(source.find(ClipQuery("ocean waves")))
    assert "too long in all" in raised.value.detail


def test_a_search_that_is_closed_lets_go(shelf: Shelf) -> None:
    """The next one need not wait for the answer that nobody waits for."""
    shelf.server.answers.append(Served(b"{}", JSON, stalls=1))
    source = shelf.open("pexels", patience=replace(QUICK, idle=60))
    work = source.find(ClipQuery("ocean waves"))
    next(work)
    next(work)
    work.close()
    assert len(finish(source.find(ClipQuery("ocean waves")))) == 2


@pytest.mark.parametrize("name", WITH_FILMS)
def test_photos_that_fail_cost_no_films(shelf: Shelf, name: str) -> None:
    """The second question may go wrong."""
    shelf.server.photos.pop(name)
    shelf.server.photos[name] = None  # type: ignore[assignment] # it goes wrong on purpose
    if name == "commons":
        shelf.server.photos[name] = [{"pageid": 1, "title": "ocean waves", "index": {}}]
    assert [clip.kind for clip in shelf.find(name)] == ["video"]


def test_commons_wants_to_know_who_asks(shelf: Shelf) -> None:
    """With a contact it answers, without one the sentence says which setting."""
    shelf.server.wants_contact = True
    with pytest.raises(StockContactWanted, match="CONTACT"):
        finish(shelf.open("commons", contact="").find(ClipQuery("ocean waves")))
    assert len(shelf.find("commons")) == 2


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("ratelimited", StockLimited),
        ("maxlag", StockLimited),
        ("badvalue", StockAnswerBroken),
    ],
)
def test_commons_says_errors_in_good_answers(
    shelf: Shelf, code: str, failure: type[AIVideoError]
) -> None:
    """Its status is 200 all the same."""
    told = json.dumps({"error": {"code": code, "info": "..."}}).encode()
    shelf.server.answers.append(Served(told, JSON))
    with pytest.raises(failure):
        shelf.find("commons")


# --------------------------------------------------------------------------- secrets
@pytest.mark.parametrize("name", WITH_KEY)
def test_a_key_is_in_no_log_and_no_failure(
    shelf: Shelf, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not with everything logged, not when an answer or a redirect repeats it."""
    key = {"pexels": PEXELS_KEY, "pixabay": PIXABAY_KEY}[name]
    caplog.set_level(logging.DEBUG)
    shelf.find(name)
    problems = []
    for served in (
        Served(f"your key {key}".encode(), "text/plain", status=400),
        Served(f'{{"key": "{key}"}}'.encode(), JSON),
        Served(b"", status=301, headers={"Location": f"https://pixabay.com/?key={key}"}),
        Served(b"", status=500, headers={"X-Key": key}),
        Served(f"api key {key}".encode(), "text/plain", status=403),
    ):
        shelf.server.answers.append(served)
        with pytest.raises(AIVideoError) as raised:
            shelf.find(name, "mountain lake")
        problems.append(raised.value)
    told = "".join(f"{one!r}{one.message}{one.detail}{one.__cause__!r}" for one in problems)
    assert "HTTP Request: GET https://" in caplog.text
    assert key not in caplog.text
    assert key not in told
    assert key not in repr(shelf.open(name)._secret)


def test_the_key_of_pexels_stands_in_no_address(shelf: Shelf) -> None:
    """It goes out as a header."""
    shelf.find("pexels")
    assert all(PEXELS_KEY not in str(one.parameters) for one in shelf.server.searches)
    assert {one.headers["authorization"] for one in shelf.server.searches} == {PEXELS_KEY}


# --------------------------------------------------------------------------- what they say
@each_source
def test_a_source_says_what_it_can(shelf: Shelf, name: str) -> None:
    """In a sentence, with the address of its terms; and nobody is asked for that."""
    about = shelf.open(name).about
    assert about.title
    assert about.says.endswith(".")
    assert about.online
    assert about.needs == ""
    assert about.address.startswith("https://")
    assert about.searches_left is None
    health = shelf.open(name).check()
    assert (health.works, health.tried, health.remedy) == (True, False, "")
    assert about.title in health.name
    assert shelf.server.asked == []


# --------------------------------------------------------------------------- their texts
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a <b>bold</b> &amp; <i>new</i>\n\tone", "a bold & new one"),
        ("<p>one</p><p>two</p>", "one two"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ("1 < 2", "1 < 2"),
        ("a\0b\ud800c", "a b?c"),
        (None, ""),
        (7, ""),
        ("x" * 50_000, "x" * 2_000),
    ],
)
def test_html_becomes_text(html: object, text: str) -> None:
    """One line, without what only a browser runs."""
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href="//commons.wikimedia.org/wiki/User:A">A</a>', "https://commons.wikimedia.org/wiki/User:A"),
        ('<a href="/wiki/User:A">A</a><a href="https://b.c">B</a>', "https://x.org/wiki/User:A"),
        ('<a href="javascript:alert(1)">A</a>', ""),
        ("nobody", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_the_first_link_of_some_html(html: object, link: str) -> None:
    """Encrypted, whole; nothing that runs."""
    assert first_link(html, "https://x.org/") == link


@pytest.mark.parametrize(
    ("address", "whole_address"),
    [
        ("https://a.b/c?d=%20&e='f'", "https://a.b/c?d=%20&e='f'"),
        ("//a.b/c", "https://a.b/c"),
        ("http://a.b/c", ""),
        ("javascript:alert(1)", ""),
        ('https://a.b/"onclick=', ""),
        ("https://a.b/<b>", ""),
        ("https://a.b/\u202egpj", ""),
        ("https://a.b/c d", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_only_addresses_that_can_be_shown_are_kept(address: object, whole_address: str) -> None:
    """They become links on the page and in the credits."""
    assert encrypted(address) == whole_address


def test_the_shape_of_a_canvas() -> None:
    """Nearly square counts as square."""
    sizes = [(1920, 1080), (1080, 1920), (1080, 1080), (1200, 1080)]
    assert [shape(size, "w", "t", "s") for size in sizes] == ["w", "t", "s", "s"]


def test_words_and_numbers_of_strangers() -> None:
    """What is none is empty, or nothing."""
    assert slug("https://www.pexels.com/video/a-red-car-12/") == "a red car"
    assert [whole(one) for one in (7, "8", 9.9, None, "x", -1, True, float("inf"))] == [
        7, 8, 9, 0, 0, 0, 0, 0
    ]  # fmt: skip
