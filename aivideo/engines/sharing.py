"""Words that share stretches of sound by how much there is to say in each. Only arithmetic."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.narration import RATE, Span
from aivideo.engines.recordings import Samples, voiced
from aivideo.spoken import Said

SENTENCE_DRAWS, CLAUSE_DRAWS = 0.35 * RATE, 0.2 * RATE
"""Samples of speech by which a pause may be off, to be where the text has one."""

_CLOSING: Final = "[\"'\u201d\u2019)\\]\u00bb\u300d\u300f\uff09]*"
_SENTENCE: Final = re.compile(f"[.!?\u2026\u3002\uff01\uff1f\u061f\u0964]{_CLOSING}$")
_CLAUSE: Final = re.compile(f"[,;:\u2013\u2014\u3001\uff0c\uff1b\uff1a\u060c]{_CLOSING}$")
_UNSPACED: Final = re.compile(
    f".+?(?:[\u3002\uff01\uff1f]+{_CLOSING}(?=[^\\s\u3002\uff01\uff1f])|$)", re.DOTALL
)


def sentences_of(written: str) -> list[str]:
    """A written word as the sentences in it: several where a language has no blanks."""
    return _UNSPACED.findall(written) or [written]


@dataclass(frozen=True)
class Share:
    """A text's share of what is heard, in samples; ``joined`` as in ``speech.Word``."""

    text: str
    start: int
    end: int
    joined: bool = False


def share_out(said: Sequence[Said], samples: Samples) -> list[Share]:
    """Where each word is heard, by how long it is to say; sentences without blanks as words."""
    parts = [
        (part, number > 0, word.spoken if part == word.written else part)
        for word in said
        for number, part in enumerate(sentences_of(word.written))
    ]
    if not parts:
        return []
    spans = share([part for part, *_ in parts], [_length(said) for *_, said in parts], samples)
    return [
        Share(part, start, end, joined)
        for (part, joined, _), (start, end) in zip(parts, spans, strict=True)
    ]


def shares_in(written: str, span: Span, samples: Samples) -> list[Share]:
    """The sentences of a word with the samples from and to which each is heard.

    Args:
        written: A word without blanks.
        span: Where the whole of it is heard.
        samples: What is heard.
    """
    parts = sentences_of(written)
    if len(parts) == 1:
        return [Share(written, span.start, span.end)]
    places = share(parts, [len(part) for part in parts], samples[span.start : span.end])
    return [
        Share(part, span.start + start, span.start + end, number > 0)
        for number, (part, (start, end)) in enumerate(zip(parts, places, strict=True))
    ]


def share(
    texts: Sequence[str], lengths: Sequence[float], samples: Samples
) -> list[tuple[int, int]]:
    """From and to which sample each text is heard, by its share of what is spoken.

    Pauses belong to no text; each is put between the two that are nearest to it by the speech
    before it, or at an end of a sentence or a clause that is about as near.

    Args:
        texts: In order; their marks say where they pause.
        lengths: How much there is to say in each.
        samples: What is heard.
    """
    stretches = voiced(samples) or [(0, len(samples))]
    ends = np.cumsum(np.asarray(lengths, np.float64) + 1e-9)
    ends *= sum(end - start for start, end in stretches) / ends[-1]
    firsts = _firsts(texts, ends, stretches)
    spans: list[tuple[int, int]] = []
    for (start, end), (first, after) in zip(stretches, itertools.pairwise(firsts), strict=True):
        begin = ends[first - 1] if first else 0.0
        scale = (end - start) / max(ends[after - 1] - begin, 1e-9) if after > first else 0.0
        edges = [start, *(round(start + (ends[at] - begin) * scale) for at in range(first, after))]
        spans += itertools.pairwise(edges)
    return spans


def _length(spoken: str) -> float:
    """About how long a word is to say, in letters; a digit is a word of its own."""
    letters, digits = (sum(map(kind, spoken)) for kind in (str.isalpha, str.isdigit))
    return 0.1 + (letters + 4 * digits + 1 if letters or digits else 0)


def _firsts(
    texts: Sequence[str], ends: NDArray[np.float64], stretches: Sequence[tuple[int, int]]
) -> list[int]:
    """The index of the first text of each stretch, and after all how many texts there are."""
    drawn = np.array([_drawn(text) for text in texts])
    firsts, before = [0], 0
    for start, end in stretches[:-1]:
        before += end - start
        away = np.abs(ends - before) - drawn
        away[: firsts[-1]] = np.inf
        firsts.append(int(np.argmin(away)) + 1)
    return [*firsts, len(texts)]


def _drawn(text: str) -> float:
    if _SENTENCE.search(text):
        return SENTENCE_DRAWS
    return CLAUSE_DRAWS if _CLAUSE.search(text) else 0.0
