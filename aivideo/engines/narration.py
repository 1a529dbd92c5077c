"""From the network's utterances to one narration: trimmed, joined without clicks, every word timed.

All arithmetic on samples and frames; positions are counted in samples at 24 kHz.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.kokoro import FRAME, Utterance
from aivideo.engines.phonemes import CLAUSE, SENTENCE, Piece, break_after

RATE: Final = 24_000
"""Samples a second of everything that Kokoro speaks."""

LEAD: Final = 3 * FRAME // 2
"""The decoder sounds each phoneme this much before its nominal place (37.5 ms): measured on 60
words after pauses in four voices, where twice as much put words 38 ms before they were heard."""
AUDIBLE: Final = 0.01
"""Of an utterance's loudest sample: what is above it is sound (-40 dB)."""
BEFORE: Final = round(0.06 * RATE)
"""Kept before the first sound, so that a soft onset stays whole."""
AFTER: Final = round(0.10 * RATE)
"""Kept after the last sound, so that a breath or a soft consonant stays whole."""
FADE_IN: Final = round(0.005 * RATE)
FADE_OUT: Final = round(0.02 * RATE)
CLAUSE_PAUSE: Final = round(0.06 * RATE)
"""Silence put between two utterances that part at a comma, beside what is kept at their ends;
about what the network leaves there by itself (0.15 to 0.3 s in all)."""
STOP: Final = round(0.04 * RATE)
"""Quiet from which two sentences can be parted; where the network reads on without any, a cut
would be heard."""
RING: Final = round(0.03 * RATE)
"""A word counts as heard this long after its last audible sample."""


@dataclass(frozen=True)
class Span:
    """When a written word is heard, in samples; ``proportional`` as in ``speech.Word``."""

    word: int
    start: int
    end: int
    proportional: bool = False


@dataclass(frozen=True)
class Reading:
    """Samples, mono at ``RATE``, shape (n,); and the words heard in them, in order."""

    samples: NDArray[np.float32]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Pauses:
    """How long it is silent where a text pauses, in seconds of what is heard.

    Attributes:
        sentence: Between two sentences.
        paragraph: Between two paragraphs.
        paragraph_starts: The indices of words that begin a paragraph.
        asked: What the author asks for, by the index of the word that follows; it counts
            instead of the other pauses at its place.
    """

    sentence: float = 0.45
    paragraph: float = 0.9
    paragraph_starts: Collection[int] = ()
    asked: Mapping[int, float] = field(default_factory=dict)

    @property
    def stops(self) -> set[int]:
        """The words before which an utterance ends."""
        return {*self.paragraph_starts, *self.asked}

    def between(self, before: Piece, after: Piece) -> float | None:
        """Seconds of silence between two pieces; None where a breath is enough."""
        words = range(before[-1].word + 1, after[0].word + 1)
        if asked := [self.asked[word] for word in words if word in self.asked]:
            return sum(asked)
        if any(word in self.paragraph_starts for word in words):
            return self.paragraph
        return self.sentence if break_after(before) == SENTENCE else None

    def at_start(self, first: Piece) -> float:
        """Seconds of silence that the author asks for before the first sound."""
        return sum(seconds for word, seconds in self.asked.items() if word <= first[0].word)

    def at_end(self, last: Piece) -> float:
        """Seconds of silence that the author asks for after the last sound."""
        return sum(seconds for word, seconds in self.asked.items() if word > last[-1].word)


def edit(piece: Piece, utterance: Utterance) -> Reading:
    """One utterance without the silence around it, faded at both ends, with its words' times."""
    loud = _loud(utterance.samples)
    spans = [_heard(span, loud) for span in _spans(piece, utterance)]
    start, end = _kept(spans, loud, len(utterance.samples))
    samples = utterance.samples[start:end].copy()
    fade(samples)
    moved = (
        replace(span, start=max(0, span.start - start), end=min(span.end, end) - start)
        for span in spans
    )
    return Reading(samples, tuple(moved))


def sentences(piece: Piece, reading: Reading) -> list[tuple[Piece, Reading]]:
    """An utterance parted where the network made a stop between two sentences.

    The stops are as long as the network likes, so they are cut out for ``join`` to set; not where
    the words' places are a guess, since another pause might be cut out instead.
    """
    if any(span.proportional for span in reading.spans):
        return [(piece, reading)]
    loud = _loud(reading.samples)
    parts: list[tuple[Piece, Reading]] = []
    first, at = 0, 0
    for end in range(1, len(piece)):
        stop = break_after(piece[:end]) == SENTENCE and _stop(piece, end, reading.spans, loud)
        if stop and stop[0] > at:
            parts.append((piece[first:end], _slice(reading, piece[first:end], at, stop[0])))
            first, at = end, stop[1]
    rest = _slice(reading, piece[first:], at, len(reading.samples))
    return [*parts, (piece[first:], rest)]


def join(parts: Sequence[tuple[Piece, Reading]], pauses: Pauses) -> Reading:
    """One narration of several parts, with the pauses between them exactly as long as set."""
    head, tail = _quiet(parts[0][1].samples)[0], _quiet(parts[-1][1].samples)[1]
    sounds = [_silence(pauses.at_start(parts[0][0]), head)]
    spans: list[Span] = []
    at = len(sounds[0])
    for number, (piece, part) in enumerate(parts, 1):
        spans += (replace(s, start=s.start + at, end=s.end + at) for s in part.spans)
        if number < len(parts):
            pause = _pause(pauses.between(piece, parts[number][0]), (piece, part), parts[number])
        else:
            pause = _silence(pauses.at_end(piece), tail)
        sounds += [part.samples, pause]
        at += len(part.samples) + len(pause)
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
            guessed = is_heard and heard[word].proportional
            filled.append(Span(word, start, at, guessed))
    return filled


def _loud(samples: NDArray[np.float32]) -> NDArray[np.int64]:
    """Where the samples are sound."""
    return np.flatnonzero(np.abs(samples) > AUDIBLE * np.abs(samples).max(initial=0.0))


def _quiet(samples: NDArray[np.float32]) -> tuple[int, int]:
    """How many samples are silent before the first sound and after the last."""
    loud = _loud(samples)
    return (int(loud[0]), len(samples) - 1 - int(loud[-1])) if len(loud) else (0, 0)


def _silence(seconds: float, there: int) -> NDArray[np.float32]:
    """What has to be added to a silence that is there, for it to be so long."""
    return np.zeros(max(0, round(seconds * RATE) - there) if seconds else 0, np.float32)


def _pause(
    seconds: float | None, before: tuple[Piece, Reading], after: tuple[Piece, Reading]
) -> NDArray[np.float32]:
    """The silence to put between two parts."""
    if seconds is None:
        return np.zeros(CLAUSE_PAUSE if break_after(before[0]) == CLAUSE else 0, np.float32)
    there = _quiet(before[1].samples)[1] + _quiet(after[1].samples)[0]
    return _silence(seconds, there)


def _stop(
    piece: Piece, end: int, spans: Sequence[Span], loud: NDArray[np.int64]
) -> tuple[int, int] | None:
    """Where the sound before a stop is cut off and the sound after it begins, in samples."""
    heard = {span.word: span for span in spans}
    before = [s.word for s in piece[:end] if s.word in heard]
    after = [s.word for s in piece[end:] if s.word in heard]
    if not before or not after or before[-1] == after[0]:
        return None
    last, first = heard[before[-1]], heard[after[0]]
    place = int(np.searchsorted(loud, (last.end + first.start) // 2))
    if not 0 < place < len(loud) or loud[place] - loud[place - 1] < STOP:
        return None
    begin = max(int(loud[place - 1]) + 1, min(int(loud[place]), first.start) - BEFORE)
    return min(int(loud[place - 1]) + AFTER, begin), begin


def _slice(reading: Reading, piece: Piece, start: int, end: int) -> Reading:
    """A part of a reading with the words of a part of its piece, faded at both ends."""
    samples = reading.samples[start:end].copy()
    fade(samples)
    words = {sound.word for sound in piece}
    moved = (
        replace(span, start=max(0, span.start - start), end=min(span.end, end) - start)
        for span in reading.spans
        if span.word in words
    )
    return Reading(samples, tuple(moved))


def _spans(piece: Piece, utterance: Utterance) -> list[Span]:
    """When each word of a piece is heard, from how long each of its phonemes lasts."""
    edges = np.concatenate(([0.0], np.cumsum(utterance.frames))) * FRAME - LEAD
    edges = np.clip(edges, 0, len(utterance.samples))
    spans: list[Span] = []
    at = 1  # the network's own start mark comes first
    for sound in piece:
        end = at + len(sound.phonemes)
        if sound.is_heard:
            start, stop = round(edges[at]), round(edges[end])
            spans.append(Span(sound.word, start, stop, utterance.proportional))
        at = end + sound.spaced
    return list(_united(spans))


def _united(spans: Sequence[Span]) -> Iterator[Span]:
    """One span for each word, from its first sound to its last."""
    for _, own in groupby(spans, key=lambda span: span.word):
        first, *rest = own
        yield replace(first, end=rest[-1].end if rest else first.end)


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


def fade(samples: NDArray[np.float32]) -> None:
    """Let a sound come and go without a click, in place: mono at ``RATE``, shape (n,)."""
    samples[:FADE_IN] *= np.linspace(0, 1, FADE_IN, dtype=np.float32)[: len(samples)]
    samples[-FADE_OUT:] *= np.linspace(1, 0, FADE_OUT, dtype=np.float32)[-len(samples) :]
