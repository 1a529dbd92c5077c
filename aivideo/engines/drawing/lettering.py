"""Words as sprites, shaped and set in the app's own fonts."""

from __future__ import annotations

import itertools
import re
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
LONGEST_PIECE: Final = 5  # characters of a piece of a text without blanks
WIDE_RANGES: Final = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"  # scripts without blanks
PIECE: Final = re.compile(  # what is not torn: a word with its endings and the marks around it
    "[\u300c\u300e\uff08]*[^\u3041-\u3096\u3001\u3002\uff01\uff1f\uff0c\u300d\u300f\uff09]*"
    "[\u3041-\u3096]*[\u3001\u3002\uff01\uff1f\uff0c\u300d\u300f\uff09]*"
)
WIDE: Final = re.compile(f"[{WIDE_RANGES}]")
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
    words = pieces(text)
    size = largest
    while True:
        lines = _wrap(words, wide, size)
        leading = size * 1.16
        fits = len(lines) <= most_lines and len(lines) * leading <= high
        if size < SMALLEST or (fits and all(width(together(line), size) <= wide for line in lines)):
            return Setting(size, _balanced(words, lines, size), leading)
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


def pieces(text: str) -> list[str]:
    """A text where lines may break: its words, and of scripts without blanks short pieces."""
    found: list[str] = []
    for word in text.split():
        if not WIDE.search(word):
            found.append(word)
            continue
        for piece in filter(None, PIECE.findall(word)):
            # The last piece keeps the marks that must not begin a line.
            bare = len(piece.rstrip("\u3001\u3002\uff01\uff1f\uff0c\u300d\u300f\uff09"))
            cuts = [*range(0, max(1, bare - 1), LONGEST_PIECE), len(piece)]
            found += [piece[a:b] for a, b in itertools.pairwise(cuts)]
    return found


def together(parts: Sequence[str]) -> str:
    """Pieces as one line: with blanks between them, but not between letters that need none."""
    line = ""
    for part in parts:
        blank = bool(line) and not (WIDE.match(line[-1]) and WIDE.match(part[0]))
        line += f"{' ' * blank}{part}"
    return line


def joined(parts: Sequence[str], size: float) -> tuple[tuple[float, ...], float]:
    """Where the middles of a line's words lie from its left edge, and how wide it is."""
    middles = []
    for index, piece in enumerate(parts):
        before = width(together(parts[: index + 1]), size)
        middles.append(before - width(piece, size) / 2)
    return tuple(middles), width(together(parts), size)


def _balanced(
    parts: Sequence[str], lines: tuple[tuple[str, ...], ...], size: float
) -> tuple[tuple[str, ...], ...]:
    """As many lines, each about as long as the others: no word is left alone.

    Of all ways to break the text into so many lines, none wider than the widest was, it is the
    one whose lines fall short of that by the least squares.
    """
    room = max((width(together(line), size) for line in lines), default=0.0) + 0.01
    best: dict[int, tuple[float, tuple[tuple[str, ...], ...]]] = {0: (0.0, ())}
    for _ in lines:
        longer: dict[int, tuple[float, tuple[tuple[str, ...], ...]]] = {}
        for start, (cost, before) in best.items():
            for end in range(start + 1, len(parts) + 1):
                line = tuple(parts[start:end])
                short = room - width(together(line), size)
                if short < 0:
                    break
                whole = cost + short * short
                if end not in longer or whole < longer[end][0]:
                    longer[end] = (whole, (*before, line))
        best = longer
    return best[len(parts)][1] if len(parts) in best else lines


def _wrap(parts: Sequence[str], wide: float, size: float) -> tuple[tuple[str, ...], ...]:
    lines: list[tuple[str, ...]] = []
    line: tuple[str, ...] = ()
    for piece in parts:
        if line and width(together((*line, piece)), size) > wide:
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
