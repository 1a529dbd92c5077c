"""Openverse as a source of stills: openly licensed photos of many collections, without a key.

It only knows where pictures are; they lie with the collections. Those whose hosts we do not know
are not offered, since nothing is brought from hosts that a stranger names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aivideo.engines.finding import ClipQuery, FoundClip, MediaFile
from aivideo.engines.stock import Stock
from aivideo.engines.stock_api import Question, Service
from aivideo.engines.stock_media import type_of
from aivideo.engines.stock_text import encrypted, shape, text_of, whole

SEARCH: Final = "https://api.openverse.org/v1/images/"
ASKED_FOR: Final = "20"
"""The most that it gives those who do not sign in."""
HOSTS: Final = (
    "api.openverse.org",
    "staticflickr.com",
    "upload.wikimedia.org",
    "cdn.stocksnap.io",
    "images.rawpixel.com",
    "images.metmuseum.org",
    "ids.si.edu",
    "images.nasa.gov",
    "images-assets.nasa.gov",
    "inaturalist-open-data.s3.amazonaws.com",
)
FREE: Final = frozenset({"by", "by-sa", "cc0", "pdm"})
"""Licences under which a video may be published."""

_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
_NAMES: Final = {"cc0": "CC0", "pdm": "Public domain"}


class Openverse(Stock):
    """Photos that Openverse knows of."""

    name = "openverse"
    service = Service(
        name="openverse",
        title="Openverse",
        says="Openly licensed photos of many collections, no films; most want their author named.",
        kinds=("still",),
        terms="https://docs.openverse.org/terms_of_service.html",
        hosts=HOSTS,
    )

    def _questions(self, words: str, query: ClipQuery) -> Sequence[Question]:
        free = {"license": ",".join(sorted(FREE)), "license_type": "commercial,modification"}
        parameters = {
            "q": words,
            "aspect_ratio": shape(query.size, "wide", "tall", "square"),
            "size": "large",
            "page_size": ASKED_FOR,
            **(free if query.reusable else {}),
        }
        return (Question("still", SEARCH, parameters),)

    def _rows(self, answer: Any) -> list[Any]:
        found: list[Any] = answer["results"]
        return found

    def _clip(self, row: Any, question: Question, query: ClipQuery) -> FoundClip | None:
        file, licence = _file(row), str(row["license"]).lower()
        if file is None or (query.reusable and licence not in FREE):
            return None
        return FoundClip(
            source=self.name,
            source_id=str(row["id"]),
            title=text_of(row.get("title")) or "Photo",
            kind=question.kind,
            width=file.width,
            height=file.height,
            description=", ".join(text_of(tag.get("name")) for tag in row.get("tags") or ()),
            url=encrypted(row.get("foreign_landing_url")),
            picture_address=encrypted(row.get("thumbnail")),
            media=(file,),
            author=text_of(row.get("creator")),
            author_url=encrypted(row.get("creator_url")),
            licence=_licence(licence, text_of(row.get("license_version"))),
            licence_url=encrypted(row.get("license_url")),
            licence_text=text_of(row.get("attribution")),
        )


def _file(row: Mapping[str, Any]) -> MediaFile | None:
    """The picture, if it is of a kind that we know."""
    address = encrypted(row["url"])
    mime = type_of(f"/x.{row.get('filetype')}") or type_of(address) or "image/jpeg"
    known = mime in _PHOTOS and row.get("filetype") not in {"gif", "svg"}
    size = whole(row.get("width")), whole(row.get("height"))
    return MediaFile(address, mime, *size, whole(row.get("filesize"))) if known else None


def _licence(code: str, version: str) -> str:
    return _NAMES.get(code) or " ".join(filter(None, ["CC", code.upper(), version]))
