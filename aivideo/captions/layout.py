"""How captions of a style are set in each shape of picture. Pure.

Bounds are those of the platforms' own viewers: titles keep 5 % from every edge of a wide
picture; what is upright is shown under buttons that cover about the lowest fifth, a tenth on
the right, and the name of the channel on top.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from aivideo.captions.fonts import MAIN, Font
from aivideo.captions.style import Preset, Style

LINE_HEIGHT: Final = 1.21
"""A font's size in ASS is its line's height; an em of the main font is so many times smaller."""
SHRUNK: Final = 0.62
"""To which part of its preset's own size a word that is too wide is set before it is broken."""
PADDING: Final = (0.42, 0.22)
"""How far a veil reaches beyond the text, in ems, sideways and upwards."""


@dataclass(frozen=True)
class Layout:
    """How captions are set in a shape.

    Attributes:
        line_ems: How wide a line may be, in ems.
        lines: How many lines a cue may have.
        size: The font's size as a part of the canvas's height, as ASS counts it.
        bottom: The free space below, or above when they stand on top, as a part of the height.
        side: The free space left and right, as a part of the width.
        word_ems: From which width on a word is broken; a narrower one is set smaller.
        font: What they are measured in.
        words: How many words a cue may have.
    """

    line_ems: float
    lines: int
    size: float
    bottom: float
    side: float
    word_ems: float
    font: Font = MAIN
    words: float = math.inf


@dataclass(frozen=True)
class _Shape:
    """A shape of picture: width by height, and what stays free at its sides and edges."""

    ratio: float
    side: float
    bottom: float
    top: float


@dataclass(frozen=True)
class _Setting:
    """A preset in a shape: its em as a part of the height, and how long lines and cues get."""

    em: float
    line_ems: float
    lines: int = 2
    words: float = math.inf


_SHAPES: Final = {
    "16:9": _Shape(16 / 9, side=0.08, bottom=0.075, top=0.075),
    "9:16": _Shape(9 / 16, side=0.11, bottom=0.22, top=0.13),
    "1:1": _Shape(1.0, side=0.07, bottom=0.08, top=0.08),
}
_SETTINGS: Final[dict[Preset, dict[str, _Setting]]] = {
    "clean": {
        "16:9": _Setting(0.0512, 23.0),
        "9:16": _Setting(0.0390, 11.5),
        "1:1": _Setting(0.0529, 14.0),
    },
    "karaoke": {
        "16:9": _Setting(0.0600, 21.0),
        "9:16": _Setting(0.0450, 10.5),
        "1:1": _Setting(0.0600, 13.0),
    },
    "pop": {
        "16:9": _Setting(0.0880, 15.0, lines=1, words=4),
        "9:16": _Setting(0.0600, 9.0, words=4),
        "1:1": _Setting(0.0880, 10.0, words=4),
    },
}


def layout_of(aspect: str, style: Style) -> Layout:
    """How captions of a style are set in a shape: larger letters make shorter lines."""
    shape, setting, look = _SHAPES[aspect], _SETTINGS[style.preset][aspect], style.appearance
    em = setting.em * style.size
    beside = PADDING[0] if look.veil else look.outline + look.glow
    # A spoken word that grows is about a third of its line.
    room = (shape.ratio * (1 - 2 * shape.side) / em - 2 * beside) / (1 + (look.zoom - 1) / 3)
    line_ems = min(setting.line_ems, room)
    return Layout(
        line_ems=line_ems,
        lines=setting.lines,
        size=em * LINE_HEIGHT,
        bottom=shape.top if style.position == "top" else shape.bottom,
        side=shape.side,
        word_ems=line_ems / SHRUNK * max(1.0, style.size),
        font=style.face,
        words=setting.words,
    )


LAYOUTS: Final = {aspect: layout_of(aspect, Style()) for aspect in _SHAPES}
"""Of the style that nobody changed."""
READING: Final = Layout(24.0, lines=2, size=0.0, bottom=0.0, side=0.0, word_ems=math.inf)
"""For SRT and VTT, whatever the shape: two lines of about 42 characters, words left whole."""
