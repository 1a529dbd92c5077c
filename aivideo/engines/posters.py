"""Which picture of a video makes a good poster, and a ground for when none does (Pillow)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.drawing.palettes import PALETTES

if TYPE_CHECKING:
    from PIL import Image

DARK, BRIGHT = 40.0, 205.0
"""Mean brightness, 0..255, beyond which a picture shows little."""
CLIPPED: Final = 0.3
"""How much of a picture may be all black or all white without harm."""
FLAT: Final = 30.0
"""Brightness between a picture's dark and light parts; with less it is all of one colour."""
GOOD: Final = 0.08
"""The appeal from which on a picture can be a poster: below it are black, blank, blown-out and
nearly even ones."""
JPEG_QUALITY: Final = 90

_HALF_DETAIL, _HALF_COLOUR = 9.0, 35.0
"""The detail and the colour of a picture that is halfway between none and any amount."""
_SMALL: Final = 320
_GROUNDS: Final = ("midnight", "lagoon", "plum", "ember", "forest")


def open_picture(path: Path) -> Image.Image:
    """A picture of ours, loaded."""
    from PIL import Image

    with Image.open(path, formats=("PPM",)) as picture:
        return picture.convert("RGB")


def raw_pictures(path: Path, size: tuple[int, int]) -> Iterator[Image.Image]:
    """The whole pictures in a file of bare RGB; none when there is no such file."""
    from PIL import Image

    length = size[0] * size[1] * 3
    data = path.read_bytes() if path.exists() else b""
    for start in range(0, len(data) - length + 1, length):
        yield Image.frombytes("RGB", size, data[start : start + length])


def drawn_picture(frame: bytes, drawn: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """A frame that we drew (BGRA) as a picture of another size."""
    from PIL import Image

    picture = Image.frombytes("RGB", drawn, frame, "raw", "BGRX")
    return picture if drawn == size else picture.resize(size, Image.Resampling.LANCZOS)


def appeal(picture: Image.Image) -> float:
    """How good a poster a picture would make, about 0..1: well exposed, sharp, colourful.

    Colour is measured after Hasler and Suesstrunk, "Measuring colourfulness in natural images",
    2003; detail is the mean step between neighbouring pixels at 320 pixels of width.
    """
    pixels = np.asarray(picture.convert("RGB").resize((_SMALL, _shorter(picture))), np.float32)
    grey = pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    low, high = np.percentile(grey, (3, 97))
    if high - low < FLAT:
        return 0.0
    light = float(grey.mean())
    exposed = min(1.0, light / DARK, (255.0 - light) / (255.0 - BRIGHT))
    clipped = float(((grey < 4) | (grey > 251)).mean())  # noqa: PLR2004 - of 0..255
    exposed *= 1 - max(0.0, clipped - CLIPPED)
    steps = (np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()) / 2
    detail = float(steps / (steps + _HALF_DETAIL))
    colour = _colourfulness(pixels)
    return exposed * (0.15 + detail) * (0.5 + colour / (colour + _HALF_COLOUR))


def ground(size: tuple[int, int], name: str) -> Image.Image:
    """A quiet coloured ground for a title where no picture shows anything.

    Args:
        size: Width and height in pixels.
        name: The same name gets the same colours.
    """
    from PIL import Image

    choice = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    palette = PALETTES[_GROUNDS[choice[0] % len(_GROUNDS)]]
    width, height = size
    across = np.linspace(0, width / max(size), width, dtype=np.float32)[None, :]
    down = np.linspace(0, height / max(size), height, dtype=np.float32)[:, None]
    pixels = np.empty((height, width, 3), np.float32)
    pixels[:] = palette.base
    for tint, x, y in zip(palette.mesh, choice[1:], choice[5:], strict=False):
        far = (across - x / 255 * width / max(size)) ** 2 + (
            down - y / 255 * height / max(size)
        ) ** 2
        share = 0.75 * np.exp(-far / 0.09)[..., None]
        pixels += share * (np.array(tint, np.float32) - pixels)
    # A little noise keeps the slow change of colour from showing steps.
    pixels += np.random.default_rng(choice[0]).uniform(-1, 1, (height, width, 1))
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture as a JPEG whose colours are as sharp as its light."""
    picture.save(path, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)


def _shorter(picture: Image.Image) -> int:
    return max(1, round(_SMALL * picture.height / picture.width))


def _colourfulness(pixels: NDArray[np.float32]) -> float:
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    first, second = red - green, (red + green) / 2 - blue
    spread = np.hypot(first.std(), second.std())
    return float(spread + 0.3 * np.hypot(first.mean(), second.mean()))
