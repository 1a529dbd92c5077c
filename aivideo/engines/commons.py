"""Wikimedia Commons as a source of clips: free films and photos, without any key.

Each file has a licence of its own, told in HTML. Its films are WebM or Ogg, often very large, so
one of the smaller versions that Commons makes of each is brought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aivideo.engines.finding import ClipQuery, FoundClip, Kind, MediaFile
from aivideo.engines.resting import Rest
from aivideo.engines.stock import Stock
from aivideo.engines.stock_api import Question, Service
from aivideo.engines.stock_text import encrypted, first_link, shape, text_of, whole
from aivideo.errors import StockLimited
from aivideo.progress import Work, within

SEARCH: Final = "https://commons.wikimedia.org/w/api.php"
HOME: Final = "https://commons.wikimedia.org/"
ASKED_FOR: Final = "40"
LEAST_WIDE, LEAST_HIGH = 1279, 719
"""A film or photo is larger than this in the direction that matters."""
ENOUGH: Final = 1080
"""The shorter side of a version from which on a larger original is not brought."""
PICTURE_WIDTH: Final = "500"
"""One of the widths that Commons keeps; others it would have to make."""
SHOWN_WIDTHS: Final = (1920, 3840)
"""More of them, in which a photo is brought instead of its original."""

FIELDS: Final = (
    "LicenseShortName|LicenseUrl|UsageTerms|Artist|Credit|AttributionRequired|ImageDescription"
    "|Restrictions|Categories"
)
FREE: Final = re.compile(
    r"CC0( 1\.0)?|Public domain|PD(-.*)?|CC[ -]BY([ -]SA)?[ -][\d.,-]+( [a-z]{2,}(-[a-z]+)*)?",
    re.IGNORECASE,
)
"""Short names of the licences under which a video may be published."""

BUSY: Final = frozenset({"ratelimited", "maxlag"})
"""Its words for being asked too often."""

_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
_FILMS: Final = ("video/webm", "video/mp4", "video/ogg", "application/ogg", "video/mpeg")
_ENDING: Final = re.compile(r"\.\w{2,5}$")


class Commons(Stock):
    """Free films and photos of Wikimedia Commons."""

    name = "commons"
    service = Service(
        name="commons",
        title="Wikimedia Commons",
        says="Free films and photos without a key; most want their author named.",
        kinds=("video", "still"),
        terms="https://commons.wikimedia.org/wiki/Commons:Reusing_content_outside_Wikimedia",
        hosts=("upload.wikimedia.org", "commons.wikimedia.org"),
        wants_contact=True,
    )

    def _questions(self, words: str, query: ClipQuery) -> Sequence[Question]:
        kinds: tuple[tuple[Kind, str], ...] = (("video", "video"), ("still", "bitmap"))
        least = shape(
            query.size, f"filew:>{LEAST_WIDE}", f"fileh:>{LEAST_WIDE}", f"fileh:>{LEAST_HIGH}"
        )
        return [_question(kind, f"{words} filetype:{asked} {least}") for kind, asked in kinds]

    def _rows(self, answer: Any) -> list[Any]:
        if "error" in answer:
            code = str(answer["error"]["code"])
            if code in BUSY:
                raise StockLimited(self.service.title, Rest.of(self.service.rest).clock)
            raise ValueError(code)
        pages = answer.get("query", {}).get("pages", [])  # without a find there is neither
        return sorted(pages, key=lambda page: whole(page.get("index")))

    def _ask(self, question: Question) -> Work[list[Any]]:
        """Ask for all the words, and when that finds nothing, for any of them."""
        rows = yield from within(super()._ask(question), 0.0, 0.5)
        words, filters = _parted(question.parameters["gsrsearch"])
        if rows or len(words) == 1:
            return rows
        wider = _question(question.kind, " ".join([" OR ".join(words), *filters]))
        return (yield from within(super()._ask(wider), 0.5, 1.0))

    def _clip(self, row: Any, question: Question, query: ClipQuery) -> FoundClip | None:
        about = row["videoinfo"][0]
        told = {name: entry.get("value") for name, entry in about["extmetadata"].items()}
        licence = text_of(told.get("LicenseShortName"))
        if query.reusable and not FREE.fullmatch(licence):
            return None
        name = _ENDING.sub("", row["title"].partition(":")[2]).replace("_", " ")
        seconds = float(about.get("duration") or 0)
        return FoundClip(
            source=self.name,
            source_id=str(int(row["pageid"])),
            title=name,
            kind=question.kind,
            duration_seconds=seconds if question.kind == "video" else None,
            width=whole(about["width"]),
            height=whole(about["height"]),
            description=_described(told),
            url=encrypted(about["descriptionurl"]),
            picture_address=encrypted(about.get("thumburl")),
            media=tuple((_films if question.kind == "video" else _photos)(about)),
            author=text_of(told.get("Artist")) or text_of(told.get("Credit")),
            author_url=first_link(told.get("Artist"), HOME),
            licence=licence,
            licence_url=_licence_address(told),
            licence_text=_licence_text(told),
        )


def _question(kind: Kind, search: str) -> Question:
    # fmt: off
    parameters = {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "generator": "search",
        "gsrnamespace": "6",
        "gsrlimit": ASKED_FOR,
        "gsrsearch": search,
        "prop": "videoinfo",
        "viprop": "url|size|mime|extmetadata|derivatives",
        "viurlwidth": PICTURE_WIDTH,
        "viextmetadatafilter": FIELDS,
        "viextmetadatalanguage": "en",
    }
    # fmt: on
    return Question(kind, SEARCH, parameters)


def _parted(search: str) -> tuple[list[str], list[str]]:
    """The words of a search, and its filters."""
    parts = search.split()
    return [one for one in parts if ":" not in one], [one for one in parts if ":" in one]


def _films(about: Mapping[str, Any]) -> Iterator[MediaFile]:
    """The smaller versions of a film, and itself where there are none or they are no smaller."""
    mime, original = str(about["mime"]), encrypted(about["url"])
    if not mime.startswith(_FILMS):
        return
    versions = [one for one in _versions(about) if one.address != original]
    size = whole(about["width"]), whole(about["height"])
    needed = min(size) <= ENOUGH or not any(
        min(one.width, one.height) >= ENOUGH for one in versions
    )
    if original and needed:
        yield MediaFile(original, mime, *size, whole(about["size"]))
    yield from versions


def _versions(about: Mapping[str, Any]) -> Iterator[MediaFile]:
    """The versions that Commons made of a film, in kinds that we read."""
    for row in about.get("derivatives", ()):
        address, kind = encrypted(row.get("src")), str(row.get("type") or "")
        if address and kind.startswith(_FILMS):
            yield MediaFile(address, kind, whole(row.get("width")), whole(row.get("height")))


def _photos(about: Mapping[str, Any]) -> Iterator[MediaFile]:
    """The photo itself, and the smaller versions that Commons has of it."""
    mime, original = str(about["mime"]), encrypted(about["url"])
    width, height = whole(about["width"]), whole(about["height"])
    if mime not in _PHOTOS or not original:
        return
    yield MediaFile(original, mime, width, height, whole(about["size"]))
    small = encrypted(about.get("thumburl"))
    for shown in SHOWN_WIDTHS:
        address = re.sub(rf"(?<=[/-]){PICTURE_WIDTH}px-", f"{shown}px-", small)
        if shown < width and address != small:
            kind = "image/png" if address.endswith(".png") else "image/jpeg"
            yield MediaFile(address, kind, shown, round(height * shown / width))


def _described(told: Mapping[str, Any]) -> str:
    categories = text_of(told.get("Categories")).replace("|", ", ")
    return " ".join(filter(None, [text_of(told.get("ImageDescription")), categories]))


def _licence_address(told: Mapping[str, Any]) -> str:
    address = text_of(told.get("LicenseUrl"))
    return encrypted(re.sub(r"^(http:)?//", "https://", address))


def _licence_text(told: Mapping[str, Any]) -> str:
    """What Commons says about the licence, and what else has to be minded."""
    terms = text_of(told.get("UsageTerms")) or text_of(told.get("LicenseShortName"))
    named = text_of(told.get("AttributionRequired")).lower() == "true"
    minded = text_of(told.get("Restrictions"))
    said = [terms, "attribution required" if named else "", minded and f"restrictions: {minded}"]
    return "; ".join(filter(None, said))
