"""How things move: pure functions of time, none of which ever jumps."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Final

UNHURRIED: Final = 3.5  # seconds; a shorter scene plays its entrances faster


@dataclass(frozen=True)
class Moment:
    """One instant of a scene.

    Attributes:
        seconds: Since the scene began.
        total: How long the scene lasts, in seconds.
    """

    seconds: float
    total: float

    @property
    def share(self) -> float:
        """How much of the scene is over, 0..1."""
        return unit(self.seconds / self.total)

    def since(self, delay: float, lasts: float = 0.9) -> float:
        """How far something is that starts ``delay`` seconds in and takes ``lasts``, 0..1."""
        hurry = min(1.0, self.total / UNHURRIED)
        return unit((self.seconds - delay * hurry) / (lasts * hurry))

    def wave(self, period: float, phase: float = 0.0) -> float:
        """A sine of this period in seconds, -1..1; ``phase`` in turns."""
        return math.sin(math.tau * (self.seconds / period + phase))


def chance(seed: int | str) -> random.Random:
    """The chances of a picture; the same seed, the same luck."""
    return random.Random(seed)  # noqa: S311 - a look is chosen, not a secret


def unit(x: float) -> float:
    """The value, kept within 0..1."""
    return min(max(x, 0.0), 1.0)


def spring(x: float) -> float:
    """From 0 to 1 with one small overshoot, starting and ending at rest."""
    if x >= 1.0:
        return 1.0
    return 1 - math.exp(-7 * x) * (math.cos(9 * x) + 7 / 9 * math.sin(9 * x))


def ease_out(x: float) -> float:
    """From 0 to 1, fast first."""
    return 1 - (1 - unit(x)) ** 3


def ease(x: float) -> float:
    """From 0 to 1, at rest at both ends."""
    x = unit(x)
    return x * x * (3 - 2 * x)


def between(start: float, end: float, x: float) -> float:
    """The value ``x`` of the way from start to end."""
    return start + (end - start) * x
