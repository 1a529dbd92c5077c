"""When each word of a text is heard in a recording of it, in two ways. Only arithmetic.

``align`` warps our own spoken version of the text, whose word times are known, onto the
recording: dynamic time warping (H. Sakoe and S. Chiba, 1978) of mel cepstra (S. Davis and
P. Mermelstein, 1980), which speaker and room change little. ``share_out`` needs no voice: the
words share the stretches in which somebody speaks by how much there is to say in each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines import sharing
from aivideo.engines.narration import RATE
from aivideo.engines.recordings import Samples, voiced
from aivideo.engines.speech import Word
from aivideo.spoken import say

RECIPE: Final = 1
"""Grows when the same recording gets other word times."""

HOP: Final = RATE // 100
"""Samples from one frame to the next (10 ms)."""
MOST_FRAMES: Final = 4_000
"""Forty seconds in frames of 10 ms; longer sounds are compared in longer steps."""
WINDOW: Final = RATE // 40
"""Samples of a frame (25 ms)."""
SPECTRUM: Final = 1_024
MELS: Final = 26
LOWEST, HIGHEST = 80.0, 7_600.0
"""Hertz: the range of the human voice, as telephones and microphones let it through."""
CEPSTRA: Final = 13
CHANGE: Final = 2.0
"""How much a step of the change over time counts, compared with one of the sound itself."""
EMPHASIS: Final = 0.97
"""Of the sample before that is taken off each: consonants count as much as vowels."""
FLOOR: Final = 1e-7
"""Of the loudest band: what is quieter is the noise of a room."""
INSIDE: Final = round(0.04 * RATE)
"""How far inside a word its place is looked for: its edge may lie in a pause, which is longer
here than there."""
UNLIKE: Final = 2.5
"""A recording that speaks so much longer or shorter than the voice says something else."""

_OURS, _THEIRS = 1, 2
"""Steps of a warp in which only one of the two goes on; in step 0 both do."""

Frames = NDArray[np.float32]


def align(words: Sequence[Word], spoken: Samples, recorded: Samples) -> tuple[Word, ...] | None:
    """The words with the times at which they are heard in a recording.

    Args:
        words: The text's words as our voice speaks them.
        spoken: Our voice, mono at ``RATE``.
        recorded: Somebody who says the same.

    Returns:
        None where the recording is so much longer or shorter that it can only say something else.
    """
    ours, theirs = (sum(end - start for start, end in voiced(each)) for each in (spoken, recorded))
    if not words or not ours or not 1 / UNLIKE <= theirs / ours <= UNLIKE:
        return None
    hop = HOP * math.ceil(max(len(spoken), len(recorded)) / HOP / MOST_FRAMES)
    places = _warped(_cepstra(spoken, hop), _cepstra(recorded, hop)) * hop
    inside = np.array([min(INSIDE, (w.end - w.start) * RATE / 2) for w in words])
    starts, ends = (
        np.interp(edges + moved, np.arange(len(places)) * hop, places) - moved
        for edges, moved in (
            (np.array([word.start for word in words]) * RATE, inside),
            (np.array([word.end for word in words]) * RATE, -inside),
        )
    )
    return _in_order(words, starts / RATE, ends / RATE, len(recorded) / RATE)


def share_out(text: str, recorded: Samples) -> tuple[Word, ...]:
    """The words of a text with their shares of a recording's time, marked as that.

    Pauses of the recording belong to no word; they are taken to lie where the text has them.
    """
    return tuple(
        Word(
            each.text,
            round(each.start / RATE, 3),
            round(each.end / RATE, 3),
            proportional=True,
            joined=each.joined,
        )
        for each in sharing.share_out(say(text), recorded)
    )


def _in_order(
    words: Sequence[Word], starts: NDArray[np.float64], ends: NDArray[np.float64], length: float
) -> tuple[Word, ...]:
    """The words at their places, none of which begins before the one before it has ended."""
    starts = np.maximum.accumulate(np.clip(starts, 0.0, length))
    ends = np.clip(ends, starts, np.append(starts[1:], length))
    return tuple(
        replace(word, start=round(float(start), 3), end=round(float(end), 3))
        for word, start, end in zip(words, starts, ends, strict=True)
    )


def _cepstra(samples: Samples, hop: int) -> Frames:
    """What is heard at each step, and how it changes: shape (frames, 2 x ``CEPSTRA``)."""
    emphasised = np.append(samples[:1], samples[1:] - EMPHASIS * samples[:-1])
    padded = np.pad(emphasised, (WINDOW // 2, WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: len(samples) + 1 : hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), SPECTRUM)) ** 2
    bands = power @ _mel_bands().T
    logs = np.log(bands + FLOOR * power.max(initial=1e-12))
    order = np.arange(CEPSTRA)[:, None] * (np.arange(MELS)[None] + 0.5)
    cepstra = logs @ np.cos(np.pi / MELS * order).T
    # The mean and spread of what is spoken are those of the speaker and the microphone.
    low, high = np.percentile(cepstra[:, 0], (5, 95))
    loud = cepstra[cepstra[:, 0] > (low + high) / 2]
    heard = loud if len(loud) else cepstra
    cepstra = (cepstra - heard.mean(axis=0)) / np.maximum(heard.std(axis=0), 1e-6)
    near = np.pad(cepstra, ((2, 2), (0, 0)), mode="edge")
    change = (2 * (near[4:] - near[:-4]) + near[3:-1] - near[1:-3]) / 10
    return np.hstack([cepstra, CHANGE * change]).astype(np.float32)


def _mel_bands() -> NDArray[np.float64]:
    """Overlapping triangles, evenly spaced in mel (O'Shaughnessy's 2595 log10(1 + f / 700))."""
    lowest, highest = (2595 * math.log10(1 + hertz / 700) for hertz in (LOWEST, HIGHEST))
    hertz = 700 * (10 ** (np.linspace(lowest, highest, MELS + 2) / 2595) - 1)
    low, middle, high = hertz[:-2, None], hertz[1:-1, None], hertz[2:, None]
    bins = np.fft.rfftfreq(SPECTRUM, 1 / RATE)[None]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float64)


def _warped(ours: Frames, theirs: Frames) -> NDArray[np.float64]:
    """For each of our frames, which of theirs says the same: the cheapest way through both.

    The costs are summed up diagonal by diagonal, since those of one depend on the two before
    alone; a diagonal is indexed by our frame plus one.
    """
    count, other = len(ours), len(theirs)
    steps = np.zeros((count, other), np.uint8)
    costs = np.full((2, count + 1), np.inf, np.float32)
    for diagonal in range(count + other - 1):
        own = np.arange(max(0, diagonal - other + 1), min(count - 1, diagonal) + 1)
        apart = np.linalg.norm(ours[own] - theirs[diagonal - own], axis=1)
        # From both before, from our frame before, from theirs before: in the order of the steps.
        ways = np.stack([costs[0, own], costs[1, own], costs[1, own + 1]])
        steps[own, diagonal - own] = ways.argmin(axis=0)
        now = np.full(count + 1, np.inf, np.float32)
        now[own + 1] = apart + (ways.min(axis=0) if diagonal else 0)
        costs = np.stack([costs[1], now])
    return _walked(steps)


def _walked(steps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The way back from the end, as the mean of their frames for each of ours."""
    own, their = steps.shape[0] - 1, steps.shape[1] - 1
    sums, counts = np.zeros(own + 1), np.zeros(own + 1)
    while True:
        sums[own] += their
        counts[own] += 1
        if not own and not their:
            return sums / counts
        step = steps[own, their] if own and their else (_OURS if own else _THEIRS)
        own -= step != _THEIRS
        their -= step != _OURS
