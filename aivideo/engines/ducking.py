"""When somebody speaks, and how loud music is meanwhile: a curve known before a sample is mixed.

A compressor follows the words and lets music swell between them. We know the whole narration,
so music goes down before somebody speaks, stays down through a sentence, and comes back only
in a pause that is long enough to hear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.samples import RATE, Samples, ratio

STEP: Final = RATE // 100
"""Samples of one step of the curve: 10 ms."""
DEPTH: Final = 14.0
"""Decibels that music lies lower while somebody speaks."""
SHORTEST_PAUSE: Final = 1.0
"""Seconds; in a shorter pause music stays down."""
LEAD: Final = 0.05
"""Seconds before the first sound of a word at which music is down."""
FALL, HOLD, RISE = 0.35, 0.25, 0.9
"""Seconds in which music goes down; stays down after the last word; and comes back."""
QUIETER: Final = 26.0
"""Decibels below the loud parts of a narration down to which it counts as speech."""
INAUDIBLE: Final = -60.0
"""dBFS below which nothing counts as speech."""

Curve = NDArray[np.float32]
"""One factor for each ``STEP``, and one for the end."""


@dataclass(frozen=True)
class Span:
    """Where somebody speaks: from one sample up to another."""

    start: int
    end: int


def energies(block: Samples) -> NDArray[np.float64]:
    """The mean square of each step of a block; the last one may be shorter."""
    missing = -len(block) % STEP
    whole = np.pad(block, ((0, missing), (0, 0))).reshape(-1, STEP * 2)
    means: NDArray[np.float64] = np.mean(np.square(whole, dtype=np.float64), axis=1)
    return means


def spoken(steps: NDArray[np.float64], first: int = 0) -> list[Span]:
    """Where a narration is heard, by its own measure: a quiet voice is speech as a loud one is.

    Args:
        steps: Its ``energies``.
        first: The sample of the video at which it begins.
    """
    loud = float(np.quantile(steps, 0.95)) if len(steps) else 0.0
    heard = steps > max(loud / ratio(QUIETER) ** 2, ratio(INAUDIBLE) ** 2)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], heard.astype(np.int8), [0]])))
    return [
        Span(first + int(start) * STEP, first + int(end) * STEP)
        for start, end in edges.reshape(-1, 2)
    ]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same spans, each pause that is too short for music left out."""
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].end < SHORTEST_PAUSE * RATE:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def curve(spans: Sequence[Span], samples: int) -> Curve:
    """How loud music is over the whole video: 1 where nobody speaks, ``DEPTH`` lower elsewhere."""
    times = np.arange(-(-samples // STEP) + 1) * STEP / RATE
    depth = np.zeros(len(times))
    for span in joined(spans):
        start, end = span.start / RATE, span.end / RATE
        first, last = np.searchsorted(times, [start - LEAD - FALL, end + HOLD + RISE])
        near = times[first:last]
        falling = _eased((near - (start - LEAD - FALL)) / FALL)
        rising = _eased((near - (end + HOLD)) / RISE)
        np.maximum(depth[first:last], np.minimum(falling, 1 - rising), out=depth[first:last])
    factors: Curve = (10 ** (-DEPTH * depth / 20)).astype(np.float32)
    return factors


def faded(factors: Curve, samples: int, *, rise: float, fall: float) -> Curve:
    """A curve that also comes from nothing in ``rise`` seconds and goes in the last ``fall``."""
    times = np.arange(len(factors)) * STEP / RATE
    ends = np.minimum(times / rise, (samples / RATE - times) / fall)
    changed: Curve = (factors * _eased(ends)).astype(np.float32)
    return changed


def at(factors: Curve, start: int, samples: int) -> Samples:
    """The curve's factor for each of so many samples from ``start`` on, straight between steps."""
    places = np.arange(start, start + samples) / STEP
    values = np.interp(places, np.arange(len(factors)), factors)
    between: Samples = values.astype(np.float32)[:, None]
    return between


def _eased(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """0..1 along half a cosine, level at both ends."""
    eased: NDArray[np.float64] = np.sin(np.clip(share, 0, 1) * np.pi / 2) ** 2
    return eased
