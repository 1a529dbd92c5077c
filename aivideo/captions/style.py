"""How burned-in captions look: a preset, and what the person changed about it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from aivideo.captions.fonts import FONT_NAMES, FONTS, Font, font_named
from aivideo.errors import InvalidArgument

Preset = Literal["clean", "karaoke", "pop"]
Position = Literal["bottom", "middle", "top"]

SMALLEST, LARGEST = 0.6, 1.8
"""Of a preset's own size."""
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Appearance:
    """What makes a preset; lengths are in ems.

    Attributes:
        font: Its own font.
        lit: The colour of the spoken word, as ``#rrggbb``.
        plain: The colour of the other words.
        stays_lit: Whether a word keeps its colour once it was spoken.
        zoom: How many times its size the spoken word has.
        outline: How thick letters are outlined in black.
        glow: How far that outline is blurred.
        drop: How far below itself the text throws a shadow.
        veil: How dark the area behind the text is, 0..1.
    """

    font: str
    lit: str
    plain: str
    stays_lit: bool = False
    zoom: float = 1.0
    outline: float = 0.0
    glow: float = 0.0
    drop: float = 0.0
    veil: float = 0.0


APPEARANCES: Final[dict[Preset, Appearance]] = {
    "clean": Appearance("Inter", "#ffd73c", "#ffffff", outline=0.03, veil=0.58),
    "karaoke": Appearance(
        "Inter", "#ffd73c", "#ffffff", stays_lit=True, outline=0.07, glow=0.02, drop=0.05
    ),
    "pop": Appearance("Montserrat", "#ffe14d", "#ffffff", zoom=1.12, outline=0.13, drop=0.06),
}


@dataclass(frozen=True)
class Style:
    """How captions look.

    Attributes:
        preset: clean (the spoken word lit on a veil), karaoke (words stay lit once spoken) or
            pop (a few large words at a time).
        font: A font of ours by its family name; the preset's own when empty.
        size: How many times the preset's own size.
        colour: Of the spoken word, as ``#rrggbb``; the preset's own when empty.
        position: Where in the picture.

    Raises:
        InvalidArgument: A value is none of those allowed.
    """

    preset: Preset = "clean"
    font: str = ""
    size: float = 1.0
    colour: str = ""
    position: Position = "bottom"

    def __post_init__(self) -> None:
        for what, value, allowed in (
            ("caption style", self.preset, get_args(Preset)),
            ("caption position", self.position, get_args(Position)),
            ("caption font", self.font or FONT_NAMES[0], FONT_NAMES),
        ):
            if value not in allowed:
                raise InvalidArgument(
                    f"There is no {what} {value!r}. Choose one of: {', '.join(allowed)}."
                )
        if not SMALLEST <= self.size <= LARGEST:
            raise InvalidArgument(
                f"Captions cannot be {self.size} times their size. "
                f"Choose from {SMALLEST} to {LARGEST}."
            )
        if self.colour and not COLOUR.fullmatch(self.colour):
            raise InvalidArgument(
                f"{self.colour!r} is no colour. Write it as six hexadecimal digits: #ffd73c."
            )

    @property
    def appearance(self) -> Appearance:
        """What the preset makes of the words."""
        return APPEARANCES[self.preset]

    @property
    def face(self) -> Font:
        """The font in use."""
        return font_named(self.font or self.appearance.font)

    @property
    def lit(self) -> str:
        """The colour in use for the spoken word, as ``#rrggbb``."""
        return self.colour or self.appearance.lit


def font_file(style: Style) -> Path:
    """The file of a style's font, for a page that shows captions as they will be."""
    return FONTS / style.face.file
