"""Cues as ASS, which ffmpeg burns in: each word lights up in the frame where it begins. Pure."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from aivideo.captions.cues import Cue, Layout, Piece, clean
from aivideo.captions.style import Style

RECIPE: Final = 1
"""Grows with every change that alters what is burned in."""

FONTS: Final = Path(__file__).resolve().parents[2] / "assets" / "fonts"
FONT: Final = "Inter"
LINE_HEIGHT: Final = 1.21
"""A font's size in ASS is its line's height; an em of ours is this many times smaller."""
EMOJI: Final = frozenset(map(chr, (0xFE0F, 0x20E3, *range(0x1F3FB, 0x1F400))))
"""What goes with emoji besides the symbols themselves: variants, key caps, skin colours."""

_LIT: Final = r"{\c&H3CD7FF&}"
_UNLIT: Final = r"{\c&HFFFFFF&}"

_ASS_HEAD: Final = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 0
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Word,{font},{font_size},&H00FFFFFF,&H00FFFFFF,&H00101010,&H7A000000,-1,0,0,0,100,100,0,0,\
{border},{outline},{padding},{corner},{side},{side},{bottom},-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"""
"""White, bold and outlined in black, each line in its own direction; border style 4 is a veil."""

_SCRIPTS: Final = (
    ("Noto Sans Hebrew", 100, "\u0590-\u05ff\ufb1d-\ufb4f"),
    ("Noto Sans Arabic", 125, "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("Noto Sans Devanagari", 110, "\u0900-\u097f"),
    ("Noto Sans Thai", 110, "\u0e00-\u0e7f"),
)
"""Fonts of ours for scripts that the main font lacks: name, size in per cent, characters."""

_RUNS: Final = re.compile("|".join(f"([{letters}]+)" for _, _, letters in _SCRIPTS))


def to_ass(
    cues: Iterable[Cue],
    layout: Layout,
    size: tuple[int, int],
    fps: int,
    *,
    style: Style | None = None,
) -> str:
    """The cues as an ASS file in which each word lights up in the frame where it begins.

    Args:
        cues: In order.
        layout: How they are set.
        size: The canvas, (width, height) in pixels.
        fps: Its frames a second.
        style: How they look.
    """
    del style
    width, height = size
    font_size = round(height * layout.size)
    head = _ASS_HEAD.format(
        width=width,
        height=height,
        font=FONT,
        font_size=font_size,
        border=4,
        outline=max(1, font_size // 24),
        padding=font_size // 4,
        corner=2,
        side=round(width * layout.side),
        bottom=round(height * layout.bottom),
    )
    return "\n".join([head, *(event for cue in cues for event in _events(cue, fps)), ""])


def _events(cue: Cue, fps: int) -> Iterator[str]:
    """One event a word: the whole cue, that word lit, from its frame to the next word's."""
    pieces = [piece for line in cue.lines for piece in line]
    starts = [cue.start, *(piece.start for piece in pieces[1:]), cue.end]
    for lit, (start, end) in enumerate(itertools.pairwise(starts)):
        first, after = _ass_time(start, fps), _ass_time(end, fps)
        if first < after:
            yield f"Dialogue: 0,{first},{after},Word,,0,0,0,,{_ass_text(cue, pieces[lit])}"


def _ass_time(seconds: float, fps: int) -> str:
    """The last hundredth of a second before the frame in which something is to change.

    Times have steps of 10 ms and an event shows from its start on, so a rounded time could
    come a frame late.
    """
    hundredths = math.floor(round(seconds * fps) * 100 / fps + 1e-6)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"


def _ass_text(cue: Cue, lit: Piece) -> str:
    lines = []
    for line in cue.lines:
        words = []
        for number, piece in enumerate(line):
            shown = _in_scripts(_ass_escaped(piece.text))
            blank = " " if number and not piece.joined else ""
            words.append(blank + (f"{_LIT}{shown}{_UNLIT}" if piece is lit else shown))
        lines.append("".join(words))
    return r"\N".join(lines)


def _ass_escaped(text: str) -> str:
    """Text that means nothing to ASS: no commands, no line breaks, no pictures it cannot show.

    A word joiner after a backslash keeps it from being read together with what follows.
    """
    text = "".join(c for c in clean(text) if not _is_emoji(c))
    return text.replace("\\", "\\\u2060").replace("{", r"\{").replace("}", r"\}")


def _is_emoji(character: str) -> bool:
    return character in EMOJI or (character >= "\u2600" and unicodedata.category(character) == "So")


def _in_scripts(text: str) -> str:
    """The text with our font for each script that the main one lacks."""

    def dressed(found: re.Match[str]) -> str:
        font, size, _ = _SCRIPTS[(found.lastindex or 1) - 1]
        scale = f"\\fscx{size}\\fscy{size}"
        return f"{{\\fn{font}{scale}}}{found[0]}{{\\fn{FONT}\\fscx100\\fscy100}}"

    return _RUNS.sub(dressed, text)
