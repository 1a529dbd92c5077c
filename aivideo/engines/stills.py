"""Stills: pictures of every kind that people have, as upright sRGB, through Pillow.

Which readers may look at a file is said by name, and only after its first bytes said that it
is a picture: none of them opens anything but the file.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from aivideo.errors import MediaTruncated, NotMedia, PictureTooLarge

if TYPE_CHECKING:
    from PIL import Image, ImageFile

logger = logging.getLogger(__name__)

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""The readers of Pillow that may look at a file."""
ANIMATED: Final = frozenset({"PNG", "WEBP", "GIF", "AVIF"})
"""Formats whose further pictures are later moments; in the others they are other pages."""
LIMIT: Final = 150_000_000
"""Pixels of the largest picture that is opened."""

HEAD: Final = 64
"""Bytes that are enough to tell what a file is."""
_STARTS: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
)
_BITMAP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
"""Lengths of the header that follows a BMP's first 14 bytes."""


def head_of(path: Path) -> bytes:
    """A file's first bytes.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return file.read(HEAD)


def is_picture(path: Path) -> bool:
    """Whether the file's first bytes are those of a picture that we read, moving or not."""
    head = head_of(path)
    return (
        head.startswith(_STARTS)
        or head[:4] + head[8:12] == b"RIFFWEBP"
        or (head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS)
        or b"avif" in brands(head)
        or b"avis" in brands(head)
    )


def brands(head: bytes) -> tuple[bytes, ...]:
    """What a file of the MP4 family says it is; nothing for other files."""
    if head[4:8] != b"ftyp":
        return ()
    end = min(len(head), int.from_bytes(head[:4], "big"))
    return (head[8:12], *(head[place : place + 4] for place in range(16, end, 4)))


def is_still(path: Path) -> bool:
    """Whether the file is a picture that does not move.

    Raises:
        NotMedia: It begins like a picture and cannot be read as one.
        PictureTooLarge: It has too many pixels.
        OSError: The file cannot be read at all.
    """
    if not is_picture(path):
        return False
    with opened(path) as picture:
        return not moves(picture)


def moves(picture: ImageFile.ImageFile) -> bool:
    """Whether a picture is an animation."""
    return picture.format in ANIMATED and bool(getattr(picture, "is_animated", False))


def measure(path: Path) -> tuple[int, int, str]:
    """Upright width and height of a still in pixels, and its format in lower case.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: It breaks off.
        PictureTooLarge: It has too many pixels.
    """
    # Read to its end, so that a picture that breaks off is known before it is chosen.
    upright = open_still(path, near=(64, 64))
    with opened(path) as stored:
        # Whether the size told is that before or after turning differs between formats.
        long, short = max(stored.size), min(stored.size)
        size = (long, short) if upright.width > upright.height else (short, long)
        return *size, (stored.format or "").lower()


def open_still(path: Path, *, near: tuple[int, int] | None = None) -> Image.Image:
    """A picture as upright sRGB, transparency laid on white.

    Args:
        path: The file.
        near: The size it will be shown at; a much larger picture is then made smaller first.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: It breaks off.
        PictureTooLarge: It has too many pixels.
    """
    from PIL import ImageOps

    with opened(path) as picture:
        if near:
            longer = max(near)
            picture.draft(None, (longer, longer))
        picture.load()
        smaller = _reduced(picture, near) if near else picture
        return flat(ImageOps.exif_transpose(smaller), picture.info.get("icc_profile"))


def framed_still(path: Path, size: tuple[int, int], fit: str) -> Image.Image:
    """A picture brought to an exact size as RGB: cropped, or whole before itself or black.

    Args:
        path: The file.
        size: Width and height in pixels.
        fit: ``crop``, ``blur`` or ``contain``.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: It breaks off.
        PictureTooLarge: It has too many pixels.
    """
    from PIL import Image, ImageFilter, ImageOps

    picture = open_still(path, near=size)
    if fit == "crop":
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    whole = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    back = Image.new("RGB", size, "black")
    if fit == "blur":
        small = ImageOps.fit(picture, (size[0] // 8, size[1] // 8), Image.Resampling.BOX)
        blurred = small.filter(ImageFilter.GaussianBlur(8)).point(lambda level: level * 0.8)
        back = blurred.resize(size, Image.Resampling.BICUBIC)
    back.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return back


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """The file in Pillow, not decoded yet; what Pillow finds wrong with it becomes ours.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: It breaks off.
        PictureTooLarge: It has too many pixels.
    """
    from PIL import Image

    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > LIMIT:
                raise PictureTooLarge(path.name, detail=f"{picture.size}")
            yield picture
    except Image.DecompressionBombError as problem:
        raise PictureTooLarge(path.name, detail=str(problem)) from problem
    except (OSError, SyntaxError, ValueError, EOFError) as problem:
        kind = MediaTruncated if "truncated" in str(problem) else NotMedia
        raise kind(path.name, detail=str(problem)) from problem


def flat(picture: Image.Image, profile: bytes | None = None) -> Image.Image:
    """Eight bits of sRGB, transparency laid on white.

    Args:
        picture: A picture of any mode.
        profile: The ICC profile that says what its colours mean, if it has one.
    """
    from PIL import Image

    picture = _eight_bits(picture)
    if not picture.has_transparency_data:
        return _in_srgb(picture, profile)
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(_in_srgb(layered.convert("RGB"), profile), mask=layered.getchannel("A"))
    return paper


def _reduced(picture: Image.Image, near: tuple[int, int]) -> Image.Image:
    """A picture that is very much larger than it will be shown, at a whole part of its size."""
    factor = min(picture.size) // (2 * max(near))
    if factor < 2:  # noqa: PLR2004 - by less than half it would not become smaller
        return picture
    whole = picture.convert("RGBA") if picture.mode in {"P", "PA", "1"} else _eight_bits(picture)
    return whole.reduce(factor)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, or of fractions, as eight bits; other pictures as they are."""
    from PIL import Image

    if not picture.mode.startswith(("I", "F")):
        return picture
    levels = np.asarray(picture).astype(np.float32)
    deep = picture.mode.startswith("I;16") or levels.max(initial=0) > 255  # noqa: PLR2004 - a byte
    if deep:
        levels /= 257
    elif picture.mode == "F" and levels.max(initial=0) <= 1:
        levels *= 255
    return Image.fromarray(np.clip(levels.round(), 0, 255).astype(np.uint8))


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB as an ordinary screen shows it: Display P3 and Adobe RGB lose their own meaning here."""
    from PIL import ImageCms

    if not profile:
        return picture.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if ImageCms.getProfileDescription(source).startswith("sRGB"):
            return picture.convert("RGB")
        screen = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, source, screen, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError) as problem:
        logger.info("A colour profile makes no sense and is left out: %s", problem)
        converted = None
    return converted or picture.convert("RGB")
