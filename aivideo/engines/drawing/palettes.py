"""Eight sets of colours, and which of them an icon stands out from."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from aivideo.engines.drawing.motion import chance

Rgb = tuple[int, int, int]
Lab = tuple[float, float, float]


def rgb(code: str) -> Rgb:
    """``#rrggbb`` as three numbers 0..255."""
    value = int(code.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


@dataclass(frozen=True)
class Palette:
    """The colours of one scene.

    Attributes:
        base: The ground.
        mesh: Four colours that wander over the ground.
        glow: The light behind what matters, and of everything airy.
        accent: Lines, bars and numbers that call for attention.
    """

    name: str
    base: Rgb
    mesh: tuple[Rgb, Rgb, Rgb, Rgb]
    glow: Rgb
    accent: Rgb


def _palette(name: str, base: str, mesh: str, glow: str, accent: str) -> Palette:
    one, two, three, four = (rgb(code) for code in mesh.split())
    return Palette(name, rgb(base), (one, two, three, four), rgb(glow), rgb(accent))


PALETTES: Final = {
    palette.name: palette
    for palette in (
        _palette("midnight", "0b1640", "1c2f8a 2c56d8 0f74b8 43259a", "8fb0ff", "ffc857"),
        _palette("lagoon", "053038", "0b6670 15988c 0d4a78 2bb8a0", "9ff7e4", "ffbf69"),
        _palette("plum", "2a0d42", "632085 9c3090 3f2080 c64a7a", "ffb8ea", "ffd66b"),
        _palette("ember", "3a0f18", "8c2433 cc4f30 6a1d50 e48438", "ffd7a3", "ffe28a"),
        _palette("forest", "07301f", "12603f 22905a 0e4a58 5fae4c", "d2fab8", "ffd970"),
        _palette("slate", "1a2436", "34486a 52698f 263657 6c84a8", "d5e4fb", "7be7ff"),
        _palette("sky", "1d74cf", "3797ea 62bdf6 2a5fcb 7fd0f2", "ffffff", "ffec8f"),
        _palette("coral", "d9523f", "f0834a ffae5e cf3f5f f0716b", "fff1d6", "fff3a6"),
    )
}


Mood = Literal["night", "work", "water", "garden", "stage", "hearth", "play"]

# What looks well side by side in one video; none is all of one hue, which tires within a minute.
FAMILIES: Final[Mapping[Mood, tuple[str, ...]]] = {
    "night": ("midnight", "plum", "lagoon"),
    "work": ("slate", "lagoon", "coral"),
    "water": ("lagoon", "sky", "coral"),
    "garden": ("forest", "lagoon", "ember"),
    "stage": ("plum", "ember", "midnight"),
    "hearth": ("ember", "coral", "slate"),
    "play": ("coral", "plum", "sky"),
}
ENOUGH: Final = 0.1  # contrast; below it an icon is hard to see on a palette, even with its glow


def suited(icon: Rgb | None, family: Sequence[str], avoid: Collection[str] = ()) -> str:
    """The palette of a family that an icon stands out from best, but none of those to avoid.

    One of those is taken all the same where the icon would be lost on all others.
    """
    others = [name for name in family if name not in avoid] or list(family)
    if icon is None:
        return others[0]
    best = max(others, key=lambda name: contrast(icon, PALETTES[name]))
    if contrast(icon, PALETTES[best]) < ENOUGH:
        return max(family, key=lambda name: contrast(icon, PALETTES[name]))
    return best


def ranked(icon: Rgb | None, seed: int) -> list[Palette]:
    """All palettes: first, in an order of the seed's, the four that the icon stands out from.

    The rest follows by contrast, so that whoever takes several gets none that swallows the
    icon before all others are used.
    """
    order = chance(seed)
    everything = list(PALETTES.values())
    order.shuffle(everything)
    if icon is None:
        return everything
    everything.sort(key=lambda palette: -contrast(icon, palette))
    best, rest = everything[:4], everything[4:]
    order.shuffle(best)
    return best + rest


def contrast(icon: Rgb, palette: Palette) -> float:
    """How far an icon's mean colour is from what will be behind it, about 0..1."""
    behind = _blend(_mean((palette.base, *palette.mesh[:3])), palette.glow, 0.3)
    lightness, a, b = (x - y for x, y in zip(oklab(icon), oklab(behind), strict=True))
    return math.sqrt(lightness**2 + 1.6 * (a**2 + b**2))


def oklab(color: Rgb) -> Lab:
    """A colour in OKLab, where distances look as far as they are."""
    red, green, blue = (_linear(value / 255) for value in color)
    long = (0.4122215 * red + 0.5363325 * green + 0.0514460 * blue) ** (1 / 3)
    medium = (0.2119035 * red + 0.6806996 * green + 0.1073970 * blue) ** (1 / 3)
    short = (0.0883025 * red + 0.2817189 * green + 0.6299787 * blue) ** (1 / 3)
    return (
        0.2104543 * long + 0.7936178 * medium - 0.0040720 * short,
        1.9779985 * long - 2.4285922 * medium + 0.4505937 * short,
        0.0259040 * long + 0.7827718 * medium - 0.8086758 * short,
    )


def _linear(value: float) -> float:
    """A channel in linear light; the straight foot of the curve, below one level, is left out."""
    return float(((value + 0.055) / 1.055) ** 2.4)


def _mean(colors: tuple[Rgb, ...]) -> Rgb:
    red, green, blue = (sum(channel) // len(colors) for channel in zip(*colors, strict=True))
    return red, green, blue


def _blend(under: Rgb, over: Rgb, share: float) -> Rgb:
    red, green, blue = (
        round(low + (high - low) * share) for low, high in zip(under, over, strict=True)
    )
    return red, green, blue
