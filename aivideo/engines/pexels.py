"""Pexels as a source of clips: curated films and photos, free to use, with a free key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from aivideo.engines.finding import ClipQuery, FoundClip, MediaFile
from aivideo.engines.stock import Stock
from aivideo.engines.stock_api import Question, Secret, Service, bare_key
from aivideo.engines.stock_text import encrypted, inside, shape, slug, text_of, whole

SEARCH: Final = "https://api.pexels.com/v1"
FILMS, PHOTOS = "60", "20"
"""How many are asked for; the service gives at most 80."""
SMALL: Final = 720
"""The shorter side of a canvas up to which small films are large enough."""
LARGE_PHOTO: Final = (1880, 1300)
"""The box that Pexels fits its ``large2x`` into: twice 940 by 650."""

LICENCE_URL: Final = "https://www.pexels.com/license/"


class Pexels(Stock):
    """Films and photos of Pexels."""

    name = "pexels"
    service = Service(
        name="pexels",
        title="Pexels",
        says="Curated films and photos; free to use, also commercially, credit is not demanded.",
        kinds=("video", "still"),
        terms=LICENCE_URL,
        hosts=("pexels.com",),
        setting="PEXELS_API_KEY",
        key_address="https://www.pexels.com/api/",
        rest=900.0,
    )

    @property
    def _secret(self) -> Secret:
        key = bare_key(self._settings.pexels_api_key)
        return Secret(key, headers={"Authorization": key})

    def _questions(self, words: str, query: ClipQuery) -> Sequence[Question]:
        same = {
            "query": words,
            "orientation": shape(query.size, "landscape", "portrait", "square"),
        }
        size = "small" if min(query.size) <= SMALL else "medium"
        films = {**same, "size": size, "per_page": FILMS}
        photos = {**same, "size": "small", "per_page": PHOTOS}
        return (
            Question("video", f"{SEARCH}/videos/search", films),
            Question("still", f"{SEARCH}/search", photos),
        )

    def _rows(self, answer: Any) -> list[Any]:
        found: list[Any] = answer["videos"] if "videos" in answer else answer["photos"]
        return found

    def _clip(self, row: Any, question: Question, query: ClipQuery) -> FoundClip | None:
        del query
        found = FoundClip(
            source=self.name,
            source_id="",
            title=slug(row["url"]),
            width=whole(row["width"]),
            height=whole(row["height"]),
            url=encrypted(row["url"]),
            licence="Pexels",
            licence_url=LICENCE_URL,
        )
        return (_film if question.kind == "video" else _photo)(row, found)


def _film(row: Mapping[str, Any], found: FoundClip) -> FoundClip:
    person = row.get("user") or {}
    return replace(
        found,
        source_id=f"video-{int(row['id'])}",
        title=found.title or f"Pexels video {row['id']}",
        duration_seconds=float(row["duration"]),
        picture_address=encrypted(row.get("image")),
        media=tuple(_files(row["video_files"])),
        author=text_of(person.get("name")),
        author_url=encrypted(person.get("url")),
    )


def _files(rows: Sequence[Mapping[str, Any]]) -> Iterator[MediaFile]:
    for row in rows:
        mime, address = str(row.get("file_type") or ""), encrypted(row.get("link"))
        if address and mime.startswith("video/"):  # others are lists of pieces
            yield MediaFile(
                address, mime, whole(row["width"]), whole(row["height"]), whole(row.get("size"))
            )


def _photo(row: Mapping[str, Any], found: FoundClip) -> FoundClip:
    described, size = text_of(row.get("alt")), (found.width, found.height)
    addresses = (
        (row["src"].get("large2x"), inside(size, LARGE_PHOTO)),
        (row["src"]["original"], size),
    )
    return replace(
        found,
        kind="still",
        source_id=f"photo-{int(row['id'])}",
        title=described or found.title or f"Pexels photo {row['id']}",
        description=found.title if described else "",
        picture_address=encrypted(row["src"].get("medium")),
        media=tuple(
            MediaFile(encrypted(address), "image/jpeg", *measured)
            for address, measured in addresses
            if encrypted(address)
        ),
        author=text_of(row.get("photographer")),
        author_url=encrypted(row.get("photographer_url")),
    )
