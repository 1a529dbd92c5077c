"""The fonts of captions: which of ours shows which letter, how wide, and what none can show."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from aivideo.captions.breaking import SKIN_COLOURS, clusters
from aivideo.captions.glyphs import Glyphs, read_glyphs
from aivideo.captions.joining import joined

FONTS: Final = Path(__file__).resolve().parents[2] / "assets" / "fonts"

UNKNOWN_WIDTH: Final = 1.05
"""Ems that a letter of no font of ours may take: as a square one."""


@dataclass(frozen=True)
class Font:
    """One of our fonts.

    Attributes:
        file: Its file in ``FONTS``.
        family: What a renderer of ASS knows it by.
        bold: Whether that renderer is to ask for the bold one of its family.
        scale: How many times the size of the main font, to look as large.
        above: How far its letters reach above the base line, in ems of the main font.
        below: The same, below.
        script: Which script it is for; empty for the main ones.
    """

    file: str
    family: str
    bold: bool = True
    scale: float = 1.0
    above: float = 0.92
    below: float = 0.26
    script: str = ""

    @property
    def glyphs(self) -> Glyphs:
        """What it can show."""
        return _glyphs(self.file)


@lru_cache
def _glyphs(file: str) -> Glyphs:
    return read_glyphs(FONTS / file)


MAIN: Final = Font("Inter-Bold.otf", "Inter")
_CHOICE: Final = {
    "Inter": MAIN,
    "Montserrat": Font("Montserrat-Black.ttf", "Montserrat Black"),
    "Poppins": Font("Poppins-ExtraBold.ttf", "Poppins ExtraBold", above=0.95, below=0.3),
    "Anton": Font("Anton-Regular.ttf", "Anton", bold=False, above=1.15),
    "Bangers": Font("Bangers-Regular.ttf", "Bangers", bold=False, scale=1.1, above=0.98),
}
FONT_NAMES: Final = tuple(_CHOICE)
"""The families that a person may choose."""


def _noto(
    script: str, scale: float = 1.1, above: float = 0.95, below: float = 0.3, ending: str = "ttf"
) -> Font:
    """Noto's font for a script; the sizes are such that it looks as large as the main font."""
    return Font(
        f"NotoSans{script.replace(' ', '')}-Bold.{ending}",
        f"Noto Sans {script}".strip(),
        scale=scale,
        above=above,
        below=below,
        script=script,
    )


EMOJI: Final = Font("NotoEmoji-Bold.ttf", "Noto Emoji", above=0.9)
CJK: Final = Font("NotoSansCJK-Bold.otf", "Noto Sans CJK JP", above=0.98, below=0.22)
_FALLBACK: Final = (
    MAIN,
    _noto("", 1.0),
    _noto("Hebrew", 1.12),
    _noto("Arabic", 1.2, above=1.18, below=0.42),
    _noto("Devanagari", 1.15, above=1.05, below=0.42),
    _noto("Bengali", 1.12, above=1.05, below=0.42),
    _noto("Gurmukhi", 1.12, above=1.05, below=0.42),
    _noto("Gujarati", 1.15, above=1.05, below=0.42),
    _noto("Oriya", 1.08, above=1.05, below=0.45),
    _noto("Tamil", 1.08, above=1.0, below=0.4),
    _noto("Telugu", 1.08, above=1.05, below=0.5),
    _noto("Kannada", 1.08, above=1.05, below=0.55),
    _noto("Malayalam", 1.08, above=1.0, below=0.42),
    _noto("Sinhala", 1.08, above=1.1, below=0.4),
    _noto("Thai", 1.2, above=1.28, below=0.38),
    _noto("Lao", 1.2, above=1.38, below=0.4),
    _noto("Khmer", 1.12, above=1.1, below=0.6),
    _noto("Myanmar", 1.1, above=1.15, below=0.6),
    _noto("Georgian", 1.05),
    _noto("Armenian", 1.05),
    _noto("Ethiopic", 1.05),
    EMOJI,
    CJK,
)
"""Where a letter is looked for that the chosen font lacks; the largest file comes last."""


def font_named(name: str) -> Font:
    """The font of a family that a person may choose."""
    return _CHOICE[name]


def runs(text: str, font: Font) -> list[tuple[Font, str]]:
    """A text in runs of one font each: the given one where it can, ours for the script else.

    Marks stay with their letter, and punctuation with the letters before it.
    """
    found: list[tuple[Font, str]] = []
    for cluster in clusters(text):
        fitting = _fitting(cluster, font, found[-1][0] if found else None)
        if found and found[-1][0] == fitting:
            found[-1] = (fitting, found[-1][1] + cluster)
        else:
            found.append((fitting, cluster))
    return found


def width(text: str, font: Font) -> float:
    """How wide a text is in ems of the main font, conjuncts and kerning aside."""
    return sum(
        run.scale * run.glyphs.widths.get(character, UNKNOWN_WIDTH)
        for run, part in runs(text, font)
        for character in (joined(part) if run.script == "Arabic" else part)
        if _shows(character)
    )


def missing(text: str, font: Font) -> str:
    """The letters of a text that none of our fonts can show, each once."""
    found = [
        character
        for run, part in runs(text, font)
        for character in unicodedata.normalize("NFC", part)
        if _shows(character) and character not in run.glyphs.widths
    ]
    return "".join(dict.fromkeys(found))


def files(texts: Iterable[str], font: Font, *, signs: str = "") -> tuple[str, ...]:
    """The files of the fonts that texts need, in order; the main one always.

    Args:
        texts: What is said.
        font: In which font, where it can.
        signs: All that is drawn: a sign that none of those fonts has is looked for in the others.
    """
    needed = {MAIN, font, *(run for text in texts for run, _ in runs(text, font))}
    for character in sorted(set(signs)):
        if not any(character in each.glyphs.widths for each in needed):
            needed |= set(_having(character))
    return tuple(sorted(each.file for each in needed))


@lru_cache(maxsize=1024)
def _having(character: str) -> tuple[Font, ...]:
    """The first of our fonts that has a character; none when it is of no font."""
    return tuple(itertools.islice((f for f in _FALLBACK if character in f.glyphs.widths), 1))


def room(text: str, font: Font) -> tuple[float, float]:
    """How far a line of text reaches above and below its base line, in ems of the main font."""
    fonts = [font, *(run for run, _ in runs(text, font))]
    return max(each.above for each in fonts), max(each.below for each in fonts)


def _is_neutral(character: str) -> bool:
    """Whether a character belongs to no script: punctuation, signs, blanks."""
    return unicodedata.category(character)[0] in "PSZ"


@lru_cache(maxsize=4096)
def _fitting(cluster: str, font: Font, before: Font | None) -> Font:
    """The font for a letter and its marks, as it follows on another font."""
    needed = [c for c in unicodedata.normalize("NFC", cluster) if _shows(c)]
    picture = cluster.endswith(("\ufe0f", "\u20e3"))
    first = [EMOJI] if picture else []
    if before and before != EMOJI and _is_neutral(cluster[0]):
        first.append(before)
    candidates = [*first, font, *_FALLBACK]
    whole = (each for each in candidates if all(c in each.glyphs.widths for c in needed))
    base = (each for each in candidates if cluster[0] in each.glyphs.widths)
    return next(itertools.chain(whole, base), font)


def _shows(character: str) -> bool:
    """Whether a font needs a glyph for a character."""
    hidden = "\ufe00" <= character <= "\ufe0f" or character in SKIN_COLOURS
    return not (hidden or character.isspace() or unicodedata.category(character) in {"Cf", "Cc"})
