"""Pixabay as a source of clips: films and photos, free to use, with a free key.

Its terms demand that an answer is used again for a day. The key can only go out as a parameter;
it joins the address at the very end (``network.Transport``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from aivideo.engines.finding import ClipQuery, FoundClip, MediaFile
from aivideo.engines.stock import Stock
from aivideo.engines.stock_api import Question, Secret, Service, bare_key
from aivideo.engines.stock_media import type_of
from aivideo.engines.stock_text import encrypted, inside, shape, text_of, whole

SEARCH: Final = "https://pixabay.com/api/"
FILMS, PHOTOS = "60", "20"
"""How many are asked for; the service gives 3 to 200."""
SMALLEST: Final = "1280"
"""Pixels of the side that matters: less is not sharp on any canvas of ours."""
LARGE_PHOTO: Final = (1280, 1280)
"""The box that Pixabay fits its ``largeImageURL`` into."""
TITLE_TAGS: Final = 5

LICENCE_URL: Final = "https://pixabay.com/service/license-summary/"


class Pixabay(Stock):
    """Films and photos of Pixabay."""

    name = "pixabay"
    service = Service(
        name="pixabay",
        title="Pixabay",
        says="Films and photos; free to use, also commercially, credit is not demanded.",
        kinds=("video", "still"),
        terms=LICENCE_URL,
        hosts=("pixabay.com",),
        setting="PIXABAY_API_KEY",
        key_address="https://pixabay.com/api/docs/",
        lasts=timedelta(days=1),
    )

    @property
    def _secret(self) -> Secret:
        key = bare_key(self._settings.pixabay_api_key)
        return Secret(key, parameters={"key": key})

    def _questions(self, words: str, query: ClipQuery) -> Sequence[Question]:
        side = "min_height" if query.size[1] > query.size[0] else "min_width"
        same = {"q": words, "safesearch": "true", side: SMALLEST}
        films = {**same, "video_type": "film", "per_page": FILMS}
        photos = {
            **same,
            "image_type": "photo",
            "orientation": shape(query.size, "horizontal", "vertical", "all"),
            "per_page": PHOTOS,
        }
        return (
            Question("video", f"{SEARCH}videos/", films),
            Question("still", SEARCH, photos),
        )

    def _rows(self, answer: Any) -> list[Any]:
        found: list[Any] = answer["hits"]
        return found

    def _clip(self, row: Any, question: Question, query: ClipQuery) -> FoundClip | None:
        del query
        tags = [tag.strip() for tag in text_of(row.get("tags")).split(",") if tag.strip()]
        person, number = text_of(row.get("user")), whole(row.get("user_id"))
        found = FoundClip(
            source=self.name,
            source_id="",
            title=", ".join(tags[:TITLE_TAGS]) or f"Pixabay {row['id']}",
            description=", ".join(tags[TITLE_TAGS:]),
            url=encrypted(row.get("pageURL")),
            author=person,
            author_url=f"https://pixabay.com/users/{quote(person)}-{number}/" if number else "",
            licence="Pixabay",
            licence_url=LICENCE_URL,
        )
        return (_film if question.kind == "video" else _photo)(row, found)


def _film(row: Mapping[str, Any], found: FoundClip) -> FoundClip:
    files = tuple(_files(row["videos"]))
    largest = max(files, key=lambda one: one.width * one.height)
    return replace(
        found,
        source_id=f"video-{int(row['id'])}",
        duration_seconds=float(row["duration"]),
        width=largest.width,
        height=largest.height,
        picture_address=next(
            (
                encrypted(row["videos"][size].get("thumbnail"))
                for size in ("small", "medium", "tiny")
                if size in row["videos"]
            ),
            "",
        ),
        media=files,
    )


def _files(videos: Mapping[str, Mapping[str, Any]]) -> Iterator[MediaFile]:
    """The sizes that there are; one that there is not stands there without an address."""
    for row in videos.values():
        if address := encrypted(row.get("url")):
            yield MediaFile(
                address,
                type_of(address) or "video/mp4",
                whole(row["width"]),
                whole(row["height"]),
                whole(row.get("size")),
            )


def _photo(row: Mapping[str, Any], found: FoundClip) -> FoundClip:
    size = inside((whole(row["imageWidth"]), whole(row["imageHeight"])), LARGE_PHOTO)
    address = encrypted(row["largeImageURL"])
    return replace(
        found,
        kind="still",
        source_id=f"photo-{int(row['id'])}",
        width=size[0],
        height=size[1],
        picture_address=encrypted(row.get("webformatURL")),
        media=(MediaFile(address, type_of(address) or "image/jpeg", *size),) if address else (),
    )
