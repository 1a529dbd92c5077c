"""Pictures of a film at several places: side by side in one file, or compared with each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aivideo.engines import thumbnails

if TYPE_CHECKING:
    import numpy as np

QUALITY: Final = 80
COMPARED: Final = (32, 18)
"""Pixels in which two pictures are compared."""


def write_strip(
    film: Path,
    places: Sequence[float],
    size: tuple[int, int],
    target: Path,
    told: Callable[[float], None],
) -> None:
    """Write the pictures at some seconds of a film side by side, as a JPEG.

    Args:
        film: The file.
        places: Their seconds, in order.
        size: Width and height of each picture.
        target: Where to write.
        told: Is told how far it is, and may raise to stop it.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: Nothing of it can be shown.
    """
    from PIL import Image

    strip = Image.new("RGB", (len(places) * size[0], size[1]))
    for place, seconds in enumerate(places):
        told(place / len(places))
        strip.paste(thumbnails.thumbnail(film, seconds).resize(size), (place * size[0], 0))
    strip.save(target, "JPEG", quality=QUALITY)


def first_cut(film: Path, start: float, end: float, *, step: float, jump: float) -> float | None:
    """The first place in a stretch at which a film's picture changes at once; None without one.

    Args:
        film: The file.
        start: Where to look, in seconds.
        end: How far.
        step: How far apart the pictures are that are compared, in seconds.
        jump: By how much the grey of their pixels differs at least, on average, of 255.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: Nothing of it can be shown.
    """
    at, before = start, _grey(film, start)
    while at + step <= end:
        at, after = at + step, _grey(film, at + step)
        if abs(after - before).mean() > jump:
            return at
        before = after
    return None


def _grey(film: Path, seconds: float) -> np.ndarray:
    import numpy as np

    picture = thumbnails.thumbnail(film, max(0.0, seconds)).convert("L").resize(COMPARED)
    return np.asarray(picture, dtype=np.float32)
