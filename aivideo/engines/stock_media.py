"""Which of a clip's files is brought, and what is made of it. Pure but for ``publish_*``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from aivideo.engines import media, stills
from aivideo.engines.finding import MediaFile
from aivideo.errors import ClipUnusable, MediaTruncated, NotMedia, PictureTooLarge

THUMBNAIL_WIDTH: Final = 480

NEARLY: Final = 1.05
"""How much a file may be enlarged and still count as large enough."""
SOFT: Final = 1.8
"""How much a file may be enlarged before a much too large one is better."""
SPARE: Final = 1920 * 1080
"""By how many pixels a file may be larger than the canvas needs."""
LARGEST: Final = 500_000_000
"""Bytes."""

_SUFFIXES: Final = {
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/ogg": ".ogv",
    "application/ogg": ".ogv",
    "video/quicktime": ".mov",
    "video/mpeg": ".mpg",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/tiff": ".tif",
}
_TYPES: Final = {
    **{suffix: kind for kind, suffix in reversed(_SUFFIXES.items())},
    ".jpeg": "image/jpeg",
    ".tiff": "image/tiff",
    ".ogg": "video/ogg",
}


def best_file(files: Sequence[MediaFile], size: tuple[int, int]) -> MediaFile | None:
    """The file to bring for a canvas: the smallest that covers it, if that is not far too large.

    Args:
        files: Those in which the clip can be had.
        size: The canvas, (width, height).
    """
    usable = [one for one in files if one.size <= LARGEST]
    return min(usable, key=lambda one: _order(one, size), default=None)


def _order(file: MediaFile, size: tuple[int, int]) -> tuple[int, int, float]:
    """What to compare files by: the least is the best."""
    foreign = int("mp4" not in file.mime and file.mime.startswith("video/"))
    if not (file.width and file.height):
        return 4, foreign, file.size
    enlarged = max(size[0] / file.width, size[1] / file.height)
    pixels = file.width * file.height
    spare = pixels * (1 - min(enlarged, 1.0) ** 2)
    if enlarged <= NEARLY:
        return (0 if spare <= SPARE else 2), foreign, pixels
    return (1 if enlarged <= SOFT else 3), foreign, -pixels


def type_of(address: str) -> str:
    """The media type that an address's ending means; empty when it says nothing."""
    return _TYPES.get(PurePosixPath(unquote(urlsplit(address).path)).suffix.lower(), "")


def suffix_of(file: MediaFile) -> str:
    """How the name of a file of ours ends for it."""
    mime = file.mime.partition(";")[0].strip().lower() or type_of(file.address)
    return _SUFFIXES.get(mime, ".bin")


def publish_media(name: str, came: Path, final: Path) -> None:
    """Let a video or picture that came be the product, if it is one.

    Raises:
        ClipUnusable: It is none.
    """
    try:
        media.probe(came)
    except (NotMedia, MediaTruncated, PictureTooLarge) as problem:
        detail = f"{problem.message} {problem.detail}"
        reason = "what came is no video or picture that can be read"
        raise ClipUnusable(name, reason, detail=detail) from problem
    came.replace(final)


def publish_thumbnail(name: str, came: Path, final: Path) -> None:
    """Make a small JPEG of a picture that came.

    Raises:
        ClipUnusable: It is none.
    """
    try:
        picture = stills.open_still(came, near=(THUMBNAIL_WIDTH, THUMBNAIL_WIDTH))
    except (NotMedia, MediaTruncated, PictureTooLarge) as problem:
        raise ClipUnusable(name, "its small picture cannot be read") from problem
    height = max(1, round(picture.height * THUMBNAIL_WIDTH / picture.width))
    picture.resize((THUMBNAIL_WIDTH, height)).save(final, "JPEG", quality=85)
