"""Small pictures that are prepared once and then moved about: icons, lights, tiles."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import skia

from aivideo.engines.drawing.palettes import Rgb
from aivideo.errors import ArtworkMissing

ICONS: Final = Path(__file__).resolve().parents[3] / "assets" / "icons" / "icons.zip"
SMOOTH: Final = skia.SamplingOptions(skia.FilterMode.kLinear)
SHRINK: Final = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
GROW: Final = skia.SamplingOptions(skia.CubicResampler.Mitchell())
EYE: Final = 0.96  # how much of its square an icon fills
FAINT: Final = 8  # of 255
INVISIBLE: Final = 0.004  # less than one level


@dataclass(frozen=True)
class Sprite:
    """A picture with its shadow, ready to be put anywhere at any angle.

    Attributes:
        image: The pixels, with the margin that the shadow needs on each side.
        width: Of what is seen, in pixels.
        height: Of what is seen, in pixels.
    """

    image: Any
    width: float
    height: float

    def paint(
        self,
        canvas: Any,
        x: float,
        y: float,
        *,
        scale: float = 1.0,
        angle: float = 0.0,
        alpha: float = 1.0,
    ) -> None:
        """Put its middle at a point, between pixels too; angle in degrees."""
        if scale < INVISIBLE or alpha < INVISIBLE:
            return
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(angle)
        canvas.scale(scale, scale)
        canvas.drawImage(
            self.image,
            -self.image.width() / 2,
            -self.image.height() / 2,
            SMOOTH,
            skia.Paint(Alphaf=min(alpha, 1.0)),
        )
        canvas.restore()


def color(rgb: Rgb, alpha: float = 1.0) -> Any:
    """A colour as skia takes it."""
    return skia.Color(*rgb, round(255 * min(max(alpha, 0.0), 1.0)))


def darker(rgb: Rgb, share: float) -> Rgb:
    """A colour with this share of its light."""
    red, green, blue = (round(value * share) for value in rgb)
    return red, green, blue


def ink(rgb: Rgb, alpha: float = 1.0, *, stroke: float = 0.0) -> Any:
    """A paint that fills, or with ``stroke`` draws a round line of that width."""
    paint = skia.Paint(Color=color(rgb, alpha), AntiAlias=True)
    if stroke:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(stroke)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
    return paint


def line_through(points: Iterable[tuple[float, float]], *, closed: bool) -> Any:
    """A path of straight lines; ``detach()`` ends it, more may be added before."""
    path = skia.PathBuilder()
    path.addPolygon([skia.Point(x, y) for x, y in points], closed)
    return path


def icon(slug: str, size: float, *, blur: float = 0.0, shade: Rgb = (0, 0, 0)) -> Sprite:
    """An icon of this size in pixels with a soft shadow; ``blur`` puts it out of focus.

    Raises:
        ArtworkMissing: The icons are not where they belong.
    """
    small = _scaled(read_icon(slug), size)
    filters = skia.ImageFilters.DropShadow(
        0, size * 0.05, size * 0.05, size * 0.05, color(shade, 0.42)
    )
    if blur:
        filters = skia.ImageFilters.Blur(blur, blur, skia.TileMode.kDecal, filters)
    return _with_margin(small, size * 0.2 + 3 * blur, skia.Paint(ImageFilter=filters))


def silhouette(slug: str, size: float, tint: Rgb) -> Sprite:
    """An icon's outline, filled with one colour."""
    paint = skia.Paint(ColorFilter=skia.ColorFilters.Blend(color(tint), skia.BlendMode.kSrcIn))
    return _with_margin(_scaled(read_icon(slug), size), 2, paint)


def light(radius: float, tint: Rgb, *, edge: float = 0.0) -> Sprite:
    """A round light of this radius in pixels; ``edge`` 0 fades all the way, 1 hardly."""
    side = max(2, round(2 * radius))
    surface = skia.Surface(side, side)
    shader = skia.GradientShader.MakeRadial(
        (side / 2, side / 2),
        side / 2,
        [color(tint), color(tint, 0.85), color(tint, 0.0)],
        [0.0, edge * 0.9, 1.0],
    )
    surface.getCanvas().drawPaint(skia.Paint(Shader=shader))
    return Sprite(surface.makeImageSnapshot(), side, side)


def tile(width: float, height: float, tint: Rgb, *, radius: float, shadow: bool = True) -> Sprite:
    """A pane of frosted glass with a bright edge and a soft shadow.

    It stays a picture: skia moves shapes by quarters of a pixel only.
    """
    margin = (round(0.16 * min(width, height)) if shadow else 0) + 2
    surface = skia.Surface(round(width) + 2 * margin, round(height) + 2 * margin)
    canvas = surface.getCanvas()
    pane = skia.RRect(skia.Rect.MakeXYWH(margin, margin, width, height), radius, radius)
    if shadow:
        _cast_shadow(canvas, pane, margin)
    shader = skia.GradientShader.MakeLinear(
        [(0, margin), (0, margin + height)], [color(tint, 0.34), color(tint, 0.13)]
    )
    canvas.drawRRect(pane, skia.Paint(Shader=shader, AntiAlias=True))
    edge = ink(tint, 0.4, stroke=max(1.5, radius * 0.06))
    canvas.drawRRect(pane, edge)
    return Sprite(surface.makeImageSnapshot(), width, height)


def on_pill(words: Sprite, tint: Rgb) -> Sprite:
    """Words on a dark pill, to be read on anything."""
    high, wide = 1.75 * words.height, words.width + 1.3 * words.height
    surface = skia.Surface(round(wide) + 4, round(high) + 4)
    canvas = surface.getCanvas()
    pill = skia.RRect(skia.Rect.MakeXYWH(2, 2, round(wide), round(high)), high / 2, high / 2)
    canvas.drawRRect(pill, ink(tint, 0.82))
    image = words.image
    x, y = (surface.width() - image.width()) / 2, (surface.height() - image.height()) / 2
    canvas.drawImage(image, x, y, SMOOTH)
    return Sprite(surface.makeImageSnapshot(), wide, high)


def plate(radius: float, tint: Rgb, shine: Rgb) -> Sprite:
    """A round plate that hides what is behind it, lit from above, with a bright edge."""
    margin = round(0.05 * radius) + 2
    side = round(2 * radius) + 2 * margin
    surface = skia.Surface(side, side)
    canvas, middle = surface.getCanvas(), side / 2
    canvas.drawCircle(middle, middle, radius, ink(tint))
    shader = skia.GradientShader.MakeLinear(
        [(0, margin), (0, side - margin)], [color(shine, 0.55), color(shine, 0.1)]
    )
    canvas.drawCircle(middle, middle, radius, skia.Paint(Shader=shader, AntiAlias=True))
    canvas.drawCircle(middle, middle, radius, ink(shine, 0.6, stroke=0.02 * radius))
    return Sprite(surface.makeImageSnapshot(), 2 * radius, 2 * radius)


@lru_cache(maxsize=48)
def read_icon(slug: str) -> Any:
    """The icon as it lies in the archive, without the empty edges around it.

    Raises:
        ArtworkMissing: The archive or the icon is not there, or cannot be read.
    """
    try:
        with zipfile.ZipFile(ICONS) as archive:
            image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(archive.read(f"{slug}.webp")))
    except (OSError, KeyError, zipfile.BadZipFile) as problem:
        raise ArtworkMissing(ICONS, detail=str(problem)) from problem
    if image is None:
        raise ArtworkMissing(ICONS, detail=f"{slug} is not a picture")
    return _trimmed(image.makeRasterImage())


def _scaled(image: Any, size: float) -> Any:
    """An image at its final size, with the best resampling, so that moving it can be cheap.

    Icons fill their squares differently; here each gets the same weight for the eye, and its
    middle in the middle.
    """
    wide, high = image.width(), image.height()
    scale = 2 * EYE * size / (max(wide, high) + (wide * high) ** 0.5)
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    surface = skia.Surface(width, height)
    sampling = GROW if scale > 1 else SHRINK
    surface.getCanvas().drawImageRect(image, skia.Rect(0, 0, width, height), sampling)
    return surface.makeImageSnapshot()


def _trimmed(image: Any) -> Any:
    opaque = image.toarray()[..., 3] > FAINT
    rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
    left, top = int(columns[0]), int(rows[0])
    box = skia.IRect(left, top, int(columns[-1]) + 1, int(rows[-1]) + 1)
    return image.makeSubset(box)


def _with_margin(image: Any, margin: float, paint: Any) -> Sprite:
    edge = round(margin)
    surface = skia.Surface(image.width() + 2 * edge, image.height() + 2 * edge)
    surface.getCanvas().drawImage(image, edge, edge, SMOOTH, paint)
    return Sprite(surface.makeImageSnapshot(), image.width(), image.height())


def _cast_shadow(canvas: Any, pane: Any, margin: float) -> None:
    """Draw a pane's shadow around it only, so that the glass stays clear."""
    canvas.save()
    canvas.clipRRect(pane, op=skia.ClipOp.kDifference, doAntiAlias=True)
    shadow = skia.Paint(Color=skia.Color(0, 0, 0, 90), AntiAlias=True)
    shadow.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, margin * 0.4))
    canvas.translate(0, margin * 0.3)
    canvas.drawRRect(pane, shadow)
    canvas.restore()
