"""From the network's utterances to one narration: trimmed, joined without clicks, every word timed.

All arithmetic on samples and frames; positions are counted in samples at 24 kHz.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.kokoro import FRAME, Utterance
from aivideo.engines.phonemes import CLAUSE, SENTENCE, WORD, Piece, break_after

RATE: Final = 24_000
"""Samples a second of everything that Kokoro speaks."""

LEAD: Final = 3 * FRAME
"""The decoder sounds each phoneme this much before its nominal place (75 ms, measured)."""
AUDIBLE: Final = 0.01
"""Of an utterance's loudest sample: what is above it is sound (-40 dB)."""
BEFORE: Final = round(0.06 * RATE)
"""Kept before the first sound, so that a soft onset stays whole."""
AFTER: Final = round(0.10 * RATE)
"""Kept after the last sound, so that a breath or a soft consonant stays whole."""
FADE_IN: Final = round(0.005 * RATE)
FADE_OUT: Final = round(0.02 * RATE)
PAUSES: Final = {
    SENTENCE: round(0.30 * RATE),
    CLAUSE: round(0.06 * RATE),
    WORD: 0,
    0: 0,
}
"""Silence put between two utterances, beside what is kept at their ends; about what the network
leaves by itself between sentences (0.4 to 0.55 s in all) and at commas (0.15 to 0.3 s)."""
RING: Final = round(0.03 * RATE)
"""A word counts as heard this long after its last audible sample."""


@dataclass(frozen=True)
class Span:
    """When a written word is heard, in samples."""

    word: int
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """Samples, mono at ``RATE``, shape (n,); and the words heard in them, in order."""

    samples: NDArray[np.float32]
    spans: tuple[Span, ...]


def edit(piece: Piece, utterance: Utterance) -> Reading:
    """One utterance without the silence around it, faded at both ends, with its words' times."""
    loud = np.flatnonzero(
        np.abs(utterance.samples) > AUDIBLE * np.abs(utterance.samples).max(initial=0.0)
    )
    spans = [_heard(span, loud) for span in _spans(piece, utterance)]
    start, end = _kept(spans, loud, len(utterance.samples))
    samples = utterance.samples[start:end].copy()
    _fade(samples)
    moved = (
        replace(span, start=max(0, span.start - start), end=min(span.end, end) - start)
        for span in spans
    )
    return Reading(samples, tuple(moved))


def join(pieces: Sequence[Piece], parts: Sequence[Reading]) -> Reading:
    """One narration of several, with a pause as long as each break is strong."""
    sounds: list[NDArray[np.float32]] = []
    spans: list[Span] = []
    at = 0
    for number, (piece, part) in enumerate(zip(pieces, parts, strict=True), 1):
        spans += (replace(s, start=s.start + at, end=s.end + at) for s in part.spans)
        pause = PAUSES[break_after(piece)] if number < len(pieces) else 0
        sounds += [part.samples, np.zeros(pause, np.float32)]
        at += len(part.samples) + pause
    return Reading(np.concatenate(sounds), tuple(_united(spans)))


def fill_in(spans: Sequence[Span], words: int, length: int) -> list[Span]:
    """A span for each of ``words`` words: one that is silent gets the pause it stands in.

    A narration of ``length`` samples; the spans come out in order and do not overlap.
    """
    heard = {span.word: span for span in spans}
    filled: list[Span] = []
    at = 0
    for is_heard, run in groupby(range(words), key=heard.__contains__):
        group = list(run)
        following = heard[group[-1] + 1].start if group[-1] + 1 in heard else length
        share = max(0, following - at) // len(group)
        for word in group:
            start = max(at, heard[word].start) if is_heard else at
            at = max(start, heard[word].end if is_heard else start + share)
            filled.append(Span(word, start, at))
    return filled


def _spans(piece: Piece, utterance: Utterance) -> list[Span]:
    """When each word of a piece is heard, from how long each of its phonemes lasts."""
    edges = np.concatenate(([0.0], np.cumsum(utterance.frames))) * FRAME - LEAD
    edges = np.clip(edges, 0, len(utterance.samples))
    spans: list[Span] = []
    at = 1  # the network's own start mark comes first
    for sound in piece:
        end = at + len(sound.phonemes)
        if sound.is_heard:
            spans.append(Span(sound.word, round(edges[at]), round(edges[end])))
        at = end + sound.spaced
    return list(_united(spans))


def _united(spans: Sequence[Span]) -> Iterator[Span]:
    """One span for each word, from its first sound to its last."""
    for word, own in groupby(spans, key=lambda span: span.word):
        first, *rest = own
        yield Span(word, first.start, rest[-1].end if rest else first.end)


def _heard(span: Span, loud: NDArray[np.int64]) -> Span:
    """A span without the silence at its end, which the network counts to the last phoneme."""
    inside = loud[np.searchsorted(loud, span.start) : np.searchsorted(loud, span.end)]
    return replace(span, end=min(span.end, int(inside[-1]) + RING)) if len(inside) else span


def _kept(spans: Sequence[Span], loud: NDArray[np.int64], length: int) -> tuple[int, int]:
    """From where to where an utterance is kept."""
    if not len(loud):
        return 0, length
    first = min(int(loud[0]), spans[0].start)
    return max(0, first - BEFORE), min(length, int(loud[-1]) + AFTER)


def _fade(samples: NDArray[np.float32]) -> None:
    samples[:FADE_IN] *= np.linspace(0, 1, FADE_IN, dtype=np.float32)[: len(samples)]
    samples[-FADE_OUT:] *= np.linspace(1, 0, FADE_OUT, dtype=np.float32)[-len(samples) :]
