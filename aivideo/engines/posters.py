"""Which picture of a video makes a good poster, and making room on it for a title (Pillow)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

SHADE: Final = 0.8
"""How dark the lower edge gets, 0..1, so that a title can be read on any picture."""
SHADED: Final = 0.7
"""The part of the height over which it gets dark."""
DARK, BRIGHT = 40.0, 215.0
"""Mean brightness, 0..255, beyond which a picture shows little."""


def open_picture(path: Path) -> Image.Image:
    """A picture of ours, loaded."""
    from PIL import Image

    with Image.open(path) as picture:
        return picture.convert("RGB")


def empty(size: tuple[int, int]) -> Image.Image:
    """A dark picture, for a title when there is nothing better."""
    from PIL import Image

    return Image.new("RGB", size, (24, 28, 36))


def appeal(picture: Image.Image) -> float:
    """How good a poster it would make: sharp detail, and neither dark nor washed out."""
    from PIL import ImageFilter, ImageStat

    grey = picture.convert("L").resize((320, 320 * picture.height // picture.width))
    detail = ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).stddev[0]
    light = ImageStat.Stat(grey).mean[0]
    exposed = min(1.0, light / DARK, (255.0 - light) / (255.0 - BRIGHT))
    return detail * max(0.0, exposed)


def shaded(picture: Image.Image) -> Image.Image:
    """The picture with its lower part darkened towards the edge."""
    from PIL import Image

    width, height = picture.size
    top = round(height * (1 - SHADED))
    veil = Image.linear_gradient("L").resize((width, height - top))
    result = picture.copy()
    result.paste("black", (0, top), veil.point(lambda level: level * SHADE))
    return result
