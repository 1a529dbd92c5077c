"""How well a clip's words, shape, sharpness and length fit a scene, each for itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

LONGEST_USEFUL: Final = 240.0
"""Seconds; in a longer video the wanted moment is hard to find."""

_TALKING_TITLE: Final = re.compile(
    r"compilation|reaction|tutorial|how (?:to|do|does|i|you)\b|what (?:is|to do)\b|review|podcast"
    r"|lyrics|official (?:music )?video|trailer|gameplay|vlog|full (?:movie|episode|match)|top \d+"
    r"|\bmeme|\bnews\b|interview|subscribe|screensaver|#shorts|documentary|explained|unboxing"
    r"|debate|\btips\b|\bfacts\b|highlights|playlist|\basmr\b|\d+ hours|webinar|karaoke"
    r"|teardown|lecture\b|advert",
    re.IGNORECASE,
)
"""Talk, lists, films and music: they have the words and not the pictures."""


def relevance(
    wanted: AbstractSet[str],
    named: AbstractSet[str],
    described: AbstractSet[str] = frozenset(),
    spoken: AbstractSet[str] = frozenset(),
) -> float:
    """How much of what a scene wants to show a clip says that it shows, 0..1.

    Args:
        wanted: Terms of the query.
        named: Terms of the clip's title or file name.
        described: Terms of what else is known: tags, description, folder.
        spoken: Terms of the narration, which break ties.
    """
    found = sum(1.0 if term in named else 0.75 for term in wanted & (named | described))
    matched = (found / len(wanted)) ** 1.5 if wanted else 0.0
    echoed = len(spoken & named) / len(named) if named else 0.0
    return matched + 0.3 * echoed * (1.0 - matched)


def suitability(
    size: tuple[int, int],
    canvas: tuple[int, int],
    seconds: float | None,
    need: float,
) -> float:
    """How well a clip's shape, sharpness and length fit, 0..1; unknown counts as middling.

    Args:
        size: Upright width and height in pixels; zeros when unknown.
        canvas: Width and height of the video in pixels.
        seconds: The clip's length; None for a still.
        need: How long the scene lasts, in seconds.
    """
    return 0.5 * kept(size, canvas) + 0.25 * sharp(size, canvas) + 0.25 * lasting(seconds, need)


def kept(size: tuple[int, int], canvas: tuple[int, int]) -> float:
    """The share of the picture that survives a crop to the canvas."""
    if not all(size):
        return 0.75
    shape, wanted = size[0] / size[1], canvas[0] / canvas[1]
    return min(shape, wanted) / max(shape, wanted)


def sharp(size: tuple[int, int], canvas: tuple[int, int]) -> float:
    """How much of the canvas's resolution the clip has, 0..1."""
    return min(1.0, min(size) / min(canvas)) if all(size) else 0.7


def lasting(seconds: float | None, need: float) -> float:
    """How well a clip's length fits, 0..1."""
    if seconds is None:
        return 0.8
    if seconds < need:
        return 0.7 * seconds / need
    return 1.0 if seconds <= LONGEST_USEFUL else 0.8


def score(relevant: float, suitable: float, title: str = "") -> float:
    """One figure from relevance and suitability; titles of talking videos count half."""
    promise = 0.5 if _TALKING_TITLE.search(title) else 1.0
    return round(promise * (0.95 * relevant * (0.5 + 0.5 * suitable) + 0.05 * suitable), 3)


def talks(title: str) -> bool:
    """Whether a title promises talk, a list or a film instead of plain footage."""
    return _TALKING_TITLE.search(title) is not None
