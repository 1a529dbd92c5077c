"""How burned-in captions look: a preset, and what the person changed about it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from aivideo.errors import InvalidArgument

Preset = Literal["clean", "karaoke", "pop"]
Position = Literal["bottom", "middle", "top"]

SMALLEST, LARGEST = 0.6, 1.8
"""Of a preset's own size."""
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


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
