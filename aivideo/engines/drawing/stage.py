"""What a layout is given: the room, the colours, the recipe; and what it gives back."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from aivideo.engines.drawing import lettering, sprites
from aivideo.engines.drawing.backdrop import Glow
from aivideo.engines.drawing.motion import Moment, chance
from aivideo.engines.drawing.palettes import PALETTES, Palette, Rgb
from aivideo.engines.drawing.recipe import Recipe
from aivideo.errors import IllustrationUnreadable

Shape = Literal["wide", "square", "tall"]
Layer = Callable[[Any, Moment], None]

CALM: Final = {"wide": 0.235, "square": 0.24, "tall": 0.37}  # what captions take of the height
HEAD: Final = {"wide": 0.06, "square": 0.06, "tall": 0.10}
TALL: Final = 0.8
WIDE: Final = 1.25


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def x(self) -> float:
        """The middle."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """The middle."""
        return (self.top + self.bottom) / 2

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The point at these shares of width and height."""
        return self.left + x * self.width, self.top + y * self.height


@dataclass(frozen=True)
class Scene:
    """What a layout has set up.

    Attributes:
        layers: Painted in this order, one over the other.
        glows: The lights that the ground gets behind them.
        push: How much nearer the camera comes over the scene; 0.05 is 5 %.
    """

    layers: Sequence[Layer]
    glows: Sequence[Glow] = field(default_factory=tuple)
    push: float = 0.05


class Stage:
    """The room of one scene. Lengths are pixels; ``u`` is a hundredth of the shorter side."""

    def __init__(self, recipe: Recipe, size: tuple[int, int], total: float) -> None:
        self.recipe = recipe
        self.width, self.height = size
        self.total = total
        self.u = min(size) / 100
        self.shape = shape_of(size)
        self.calm = CALM[self.shape]
        side = 0.06 * self.width
        self.area = Box(
            side, HEAD[self.shape] * self.height, self.width - side, (1 - self.calm) * self.height
        )
        self.palette = _palette(recipe.palette)

    def order(self, what: str) -> random.Random:
        """The chances of one part of the picture; the same for the same recipe."""
        return chance(f"{self.recipe.seed} {what}")

    def icon(self, index: int, size: float, *, blur: float = 0.0) -> sprites.Sprite:
        """The recipe's icon of this number; they come round again when there are fewer."""
        icons = self.recipe.icons
        return sprites.icon(icons[index % len(icons)], size, blur=blur, shade=self._shade())

    def label(self, index: int, size: float, wide: float) -> sprites.Sprite | None:
        """The word for an icon, no wider than this, or None where there is none."""
        labels = self.recipe.labels
        text = labels[index] if index < len(labels) else ""
        if not text:
            return None
        return lettering.words(text, min(size, size * wide / lettering.width(text, size)))

    def glow(self, x: float, y: float, radius: float, strength: float = 0.42) -> Glow:
        """A light on the ground at a point in pixels; its radius in hundredths like ``u``."""
        return Glow(x / self.width, y / self.height, radius / 100, strength)

    def _shade(self) -> Rgb:
        """Shadows have the ground's own hue; black ones look dirty on colour."""
        return sprites.darker(self.palette.base, 0.25)


def shape_of(size: tuple[int, int]) -> Shape:
    """Which of the three arrangements a canvas calls for."""
    aspect = size[0] / size[1]
    if aspect < TALL:
        return "tall"
    return "wide" if aspect > WIDE else "square"


def _palette(name: str) -> Palette:
    if name not in PALETTES:
        raise IllustrationUnreadable(detail=f"no palette {name!r}")
    return PALETTES[name]
