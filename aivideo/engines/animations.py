"""Moving pictures without a codec: animated GIF, WebP, PNG and AVIF, read by Pillow as film.

Pillow lays each frame over those before it as the file says (disposal, blending, offsets), and
nothing else of ours would have to open these files.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from aivideo.engines import stills
from aivideo.errors import AIVideoError, MediaTruncated

if TYPE_CHECKING:
    from PIL import Image, ImageFile

SHORTEST: Final = 0.011
"""Seconds up to which browsers do not believe the length of a frame (HTML, image timing in
practice: 0 and 10 ms)."""
UNBELIEVED: Final = 0.1
"""Seconds for which browsers show such a frame instead."""
MOST_FRAMES: Final = 3000
"""Frames that are looked at; what comes behind them is not shown."""


@dataclass(frozen=True)
class Animation:
    """An animation as it is shown.

    Attributes:
        width: In pixels.
        height: In pixels.
        codec: Its format in lower case.
        lengths: How long each frame is shown, in seconds.
        truncated: Whether it breaks off before its last frame.
    """

    width: int
    height: int
    codec: str
    lengths: tuple[float, ...]
    truncated: bool = False

    @property
    def seconds(self) -> float:
        """How long it takes until it begins again."""
        return sum(self.lengths)

    def shown_at(self, seconds: Iterable[float]) -> list[int]:
        """The frame shown at each time; the animation begins again at its end."""
        ends = np.cumsum(self.lengths)
        # A time that is meant to be a frame's first moment must not fall just before it.
        moments = (np.fromiter(seconds, float) + 1e-6) % ends[-1]
        places = np.searchsorted(ends, moments, side="right")
        return [int(place) for place in np.minimum(places, len(ends) - 1)]


def is_animation(path: Path) -> bool:
    """Whether the file is a picture that moves.

    Raises:
        NotMedia: It begins like a picture and cannot be read as one.
        PictureTooLarge: It has too many pixels.
        OSError: The file cannot be read at all.
    """
    return stills.is_picture(path) and not stills.is_still(path)


def measure(path: Path) -> Animation:
    """What an animation is; every frame is decoded once to find out.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: Not one frame can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: The file cannot be read at all.
    """
    fact = path.stat()
    return _measured(path, (fact.st_size, fact.st_mtime_ns))


def frames(path: Path, size: tuple[int, int], order: Sequence[int]) -> Iterator[bytes]:
    """Frames as raw RGB, on white.

    Args:
        path: The file.
        size: Width and height that each gets, in pixels.
        order: Which frames, one after the other; repeating one costs nothing.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: It breaks off.
    """
    with stills.opened(path) as picture:
        for number, repeats in itertools.groupby(order):
            picture.seek(number)
            shown = _flat(picture)
            pixels = (shown if shown.size == size else shown.resize(size)).tobytes()
            for _ in repeats:
                yield pixels


def frame_at(path: Path, seconds: float) -> Image.Image:
    """The frame shown at a time.

    Raises:
        NotMedia: It cannot be read as a picture.
        MediaTruncated: Not one frame can be shown.
        PictureTooLarge: It has too many pixels.
    """
    (number,) = measure(path).shown_at([seconds])
    with stills.opened(path) as picture:
        picture.seek(number)
        return _flat(picture)


@lru_cache(maxsize=256)
def _measured(path: Path, _stamp: tuple[int, int]) -> Animation:
    """What is told of a file is kept as long as the file stays as it is."""
    lengths: list[float] = []
    with stills.opened(path) as picture:
        width, height, codec = picture.width, picture.height, (picture.format or "").lower()
        count, whole = getattr(picture, "n_frames", 1), True
        for number in range(min(count, MOST_FRAMES)):
            try:
                lengths.append(_length(picture, number))
            except (AIVideoError, OSError, EOFError, SyntaxError, ValueError):
                whole = False
                break
    if not any(lengths):
        raise MediaTruncated(path.name)
    return Animation(width, height, codec, tuple(lengths), truncated=not whole)


def _length(picture: ImageFile.ImageFile, number: int) -> float:
    """How long a frame is shown; 0 for a PNG's picture that stands for it where nothing moves."""
    picture.seek(number)
    picture.load()
    if number == 0 and getattr(picture, "default_image", False):
        return 0.0
    seconds = float(picture.info.get("duration") or 0) / 1000
    return seconds if seconds >= SHORTEST else UNBELIEVED


def _flat(picture: ImageFile.ImageFile) -> Image.Image:
    return stills.flat(picture.copy(), picture.info.get("icc_profile"))
