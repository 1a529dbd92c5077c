"""Words as sprites, shaped and set in the app's own fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import skia

from aivideo.engines.drawing.palettes import Rgb
from aivideo.engines.drawing.sprites import Sprite, color
from aivideo.errors import ArtworkMissing

FONTS: Final = Path(__file__).resolve().parents[3] / "assets" / "fonts"
FIRST: Final = "Inter-Bold"
PROBE: Final = 100.0  # pixels; widths grow in step with the size
SMALLEST: Final = 8.0  # pixels; below it nothing is gained by fitting
WHITE: Final = (255, 255, 255)


@dataclass(frozen=True)
class Setting:
    """A text broken into lines that fit.

    Attributes:
        size: Font size in pixels.
        lines: The words of each line.
        leading: From one line's middle to the next, in pixels.
    """

    size: float
    lines: tuple[tuple[str, ...], ...]
    leading: float


def covers(text: str) -> bool:
    """Whether our fonts have a glyph for every character."""
    faces = [face for face, _ in _faces()]
    return all(
        any(face.unicharToGlyph(ord(letter)) for face in faces)
        for letter in text
        if not letter.isspace()
    )


def width(text: str, size: float) -> float:
    """How wide a text is on one line, in pixels."""
    return _probe(text) * size / PROBE


def fit(text: str, wide: float, high: float, *, largest: float, most_lines: int = 4) -> Setting:
    """The largest setting of a text within a box of these pixels, not above ``largest``."""
    words = text.split()
    size = largest
    while True:
        lines = _wrap(words, wide, size)
        leading = size * 1.16
        fits = len(lines) <= most_lines and len(lines) * leading <= high
        if size < SMALLEST or (fits and all(width(" ".join(line), size) <= wide for line in lines)):
            return Setting(size, lines, leading)
        size *= 0.94


def words(text: str, size: float, tint: Rgb = WHITE, *, shadow: float = 0.35) -> Sprite:
    """A piece of one line as a sprite; its middle is the middle of its line."""
    paragraph = _paragraph(text, size, tint)
    wide, high = paragraph.LongestLine, paragraph.Height
    margin = round(size * 0.3) + 2
    surface = skia.Surface(round(wide) + 2 * margin, round(high) + 2 * margin)
    canvas = surface.getCanvas()
    if shadow:
        below = skia.ImageFilters.DropShadow(
            0, size * 0.05, size * 0.09, size * 0.09, skia.Color(0, 0, 0, round(255 * shadow))
        )
        canvas.saveLayer(None, skia.Paint(ImageFilter=below))
    paragraph.paint(canvas, margin, margin)
    if shadow:
        canvas.restore()
    return Sprite(surface.makeImageSnapshot(), wide, size)


def joined(pieces: Sequence[str], size: float) -> tuple[tuple[float, ...], float]:
    """Where the middles of a line's words lie from its left edge, and how wide it is."""
    middles = []
    for index, piece in enumerate(pieces):
        before = width(" ".join(pieces[: index + 1]), size)
        middles.append(before - width(piece, size) / 2)
    return tuple(middles), width(" ".join(pieces), size)


def _wrap(pieces: Sequence[str], wide: float, size: float) -> tuple[tuple[str, ...], ...]:
    lines: list[tuple[str, ...]] = []
    line: tuple[str, ...] = ()
    for piece in pieces:
        if line and width(" ".join((*line, piece)), size) > wide:
            lines.append(line)
            line = ()
        line = (*line, piece)
    return (*lines, line) if line else tuple(lines)


@lru_cache(maxsize=512)
def _probe(text: str) -> float:
    return float(_paragraph(text, PROBE, WHITE).LongestLine)


def _paragraph(text: str, size: float, tint: Rgb) -> Any:
    """One line of text; the paragraph engine gives kerning, joined letters and direction."""
    layout = skia.textlayout
    look = layout.TextStyle()
    look.setFontFamilies([name for _, name in _faces()])
    look.setFontSize(size)
    look.setColor(color(tint))
    style = layout.ParagraphStyle()
    style.setTextStyle(look)
    builder = layout.ParagraphBuilder.make(style, _collection(), skia.Unicodes.ICU.Make())
    builder.addText(text)
    paragraph = builder.Build()
    paragraph.layout(100_000)
    return paragraph


@lru_cache(maxsize=1)
def _faces() -> tuple[tuple[Any, str], ...]:
    """Our bold fonts, the one that is used for most letters first."""
    paths = sorted(FONTS.glob("*-Bold.[ot]tf"), key=_rank)
    faces = [(skia.Typeface.MakeFromFile(str(path)), path.stem) for path in paths]
    if not faces or any(face is None for face, _ in faces):
        raise ArtworkMissing(FONTS)
    return tuple(faces)


def _rank(font: Path) -> tuple[bool, bool, bool, str]:
    """Fonts with letters of many scripts come after those that are made for one."""
    return font.stem != FIRST, "Emoji" in font.stem, "CJK" in font.stem, font.stem


@lru_cache(maxsize=1)
def _collection() -> Any:
    provider = skia.textlayout.TypefaceFontProvider()
    for face, name in _faces():
        provider.registerTypeface(face, name)
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(provider)
    return collection
