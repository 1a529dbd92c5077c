"""Words with times -> cues: what is on screen at once, in lines that fit. Pure."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from aivideo.captions import fonts
from aivideo.captions.breaking import cut, has_blanks, units
from aivideo.captions.layout import Layout
from aivideo.engines.speech import Word
from aivideo.spoken import words_of

BLANK: Final = 0.3
"""The width of a blank in ems."""
PAUSE: Final = 0.7
"""Seconds of silence between two words that always part two cues."""
LINGER: Final = 0.4
"""Seconds that the last cue before a silence stays on."""
SHORT: Final = 3.0
"""Ems below which a word is not left alone where that can be helped."""
_CLOSING: Final = "[\"'\u201d\u2019)\\]\u00bb\u300d\u300f\uff09]*$"
FULL_STOP: Final = re.compile(f"[\u3002\uff01\uff1f]{_CLOSING}")
SMALL_WORD: Final = re.compile("[^\\W\\d_]{1,3}")
"""An article, a preposition, a conjunction: what goes with the word after it."""
SENTENCE_END: Final = re.compile(f"[.!?\u2026\u3002\uff01\uff1f\u061f\u0964]{_CLOSING}")
CLAUSE_END: Final = re.compile(f"[,;:\u2013\u2014\u3001\uff0c\uff1b\uff1a\u060c]{_CLOSING}")
ABBREVIATION: Final = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|e\.g|i\.e|[A-Z])\.$")


@dataclass(frozen=True)
class Piece:
    """A word, or a part of one that is too long for a line.

    Attributes:
        joined: Whether it follows the piece before without a blank.
        ems: How wide it is.
        proportional: Whether its time is its share of a longer stretch, and was not measured.
    """

    text: str
    start: float
    end: float
    joined: bool = False
    ems: float = 0.0
    proportional: bool = False


@dataclass(frozen=True)
class Cue:
    """What is on screen at once, in seconds, as lines of pieces."""

    start: float
    end: float
    lines: tuple[tuple[Piece, ...], ...]

    @property
    def text(self) -> str:
        """Its lines as plain text."""
        return "\n".join(plain(line) for line in self.lines)


def timed_words(text: str, heard: Sequence[Word], seconds: float) -> list[Word]:
    """The words of the script with times, whatever the voice engine could tell.

    Args:
        text: The scene's text.
        heard: What the engine says; used when its words are those of the text.
        seconds: How long the narration lasts, to share out when they are not.
    """
    words = words_of(text)
    if _written(heard) == words and _in_order(heard):
        return list(heard)
    weights = list(
        itertools.accumulate((fonts.width(word, fonts.MAIN) + 1 for word in words), initial=0.0)
    )
    return [
        Word(word, seconds * start / weights[-1], seconds * end / weights[-1], proportional=True)
        for word, (start, end) in zip(words, itertools.pairwise(weights), strict=True)
    ]


def make_cues(words: Iterable[Word], layout: Layout, *, until: float) -> list[Cue]:
    """Share words out to cues: sentence by sentence, in parts of about the same size.

    Args:
        words: In order.
        layout: What fits on screen.
        until: When the last cue has to be gone, in seconds.
    """
    sentences = _sentences(pieces_of(words, layout))
    groups = [group for sentence in sentences for group in _groups(sentence, layout)]
    cues = []
    for index, group in enumerate(groups):
        following = groups[index + 1][0].start if index + 1 < len(groups) else until
        silent = following - group[-1].end
        end = following if silent < PAUSE else group[-1].end + LINGER
        lines = tuple(tuple(line) for line in share(group, layout.line_ems))
        cues.append(Cue(group[0].start, max(end, group[0].start), lines))
    return cues


def later(cues: Iterable[Cue], seconds: float) -> list[Cue]:
    """The same cues, so many seconds later."""
    return [
        Cue(
            cue.start + seconds,
            cue.end + seconds,
            tuple(
                tuple(replace(p, start=p.start + seconds, end=p.end + seconds) for p in line)
                for line in cue.lines
            ),
        )
        for cue in cues
    ]


def _written(heard: Iterable[Word]) -> list[str]:
    """The words between blanks: a sentence that follows another one without is no new one."""
    written: list[str] = []
    for word in heard:
        before = written.pop() if word.joined and written else ""
        written.append(before + word.text)
    return written


def _in_order(words: Sequence[Word]) -> bool:
    return all(a.start <= a.end and a.start <= b.start for a, b in itertools.pairwise(words))


def pieces_of(words: Iterable[Word], layout: Layout) -> Iterator[Piece]:
    """The words; those that may be broken in parts that share the word's time by their width."""
    wide = partial(fonts.width, font=layout.font)
    for word in words:
        parts = [part for unit in units(word.text) for part in cut(unit, layout.word_ems, wide)]
        ems = [wide(part) for part in parts]
        step = (word.end - word.start) / max(sum(ems), 1e-9)
        start = word.start
        for index, (part, share_of_it) in enumerate(zip(parts, ems, strict=True)):
            end = word.end if index == len(parts) - 1 else start + step * share_of_it
            shared = word.proportional or len(parts) > 1
            yield Piece(part, start, end, index > 0 or word.joined, share_of_it, shared)
            start = end


def _sentences(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Runs of pieces that end with a sentence, or before a silence."""
    run: list[Piece] = []
    for piece in pieces:
        if run and (_ends_sentence(run, piece) or _silence(run, piece)):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _ends_sentence(run: Sequence[Piece], following: Piece) -> bool:
    """Whether a sentence ends here; one of a single word goes on with the next."""
    last = run[-1].text
    if following.joined:
        return len(run) > 1 and bool(FULL_STOP.search(last))
    return len(run) > 1 and bool(SENTENCE_END.search(last)) and not ABBREVIATION.search(last)


def _silence(run: Sequence[Piece], piece: Piece) -> bool:
    return not piece.joined and piece.start - run[-1].end >= PAUSE


def _groups(sentence: Sequence[Piece], layout: Layout) -> list[list[Piece]]:
    """A sentence in as few cues as fit on screen."""
    for filled in (0.96, 0.8, 0.65):
        ems = layout.line_ems * layout.lines * filled
        groups = share(sentence, ems, most=layout.words)
        if all(len(share(group, layout.line_ems)) <= layout.lines for group in groups):
            return groups
    return share(sentence, layout.line_ems, most=layout.words)


def share(pieces: Sequence[Piece], ems: float, *, most: float = math.inf) -> list[list[Piece]]:
    """Cut pieces into as few groups as fit, about equal, rather at clauses than elsewhere.

    The cheapest way to cut the first n pieces, for each n in turn, from those before; after
    D. E. Knuth and M. F. Plass, "Breaking Paragraphs into Lines" (1981).

    Args:
        pieces: In order.
        ems: How wide a group may be.
        most: How many words it may have.
    """
    ends = list(itertools.accumulate(map(_width, pieces), initial=0.0))
    counts = list(itertools.accumulate(map(_count, pieces), initial=0.0))
    wanted = ends[-1] / max(1, math.ceil(ends[-1] / ems), math.ceil(counts[-1] / most))
    ways: list[tuple[float, tuple[int, ...]]] = [(0.0, (0,))]
    for end in range(1, len(pieces) + 1):
        options = []
        for start in range(end - 1, -1, -1):
            width = ends[end] - ends[start]
            full = width > ems or counts[end] - counts[start] > most
            if full and start < end - 1:
                break
            dear = _cost_of_cut(pieces, end) + _cost_of_being_alone(pieces, start, end, width)
            cost = ways[start][0] + (width - wanted) ** 2 + dear * wanted**2
            options.append((cost, (*ways[start][1], end)))
        ways.append(min(options))
    return [list(pieces[a:b]) for a, b in itertools.pairwise(ways[-1][1])]


def _cost_of_cut(pieces: Sequence[Piece], end: int) -> float:
    """What it costs to part two pieces: little at a clause, more in or after a small word."""
    if end == len(pieces) or CLAUSE_END.search(pieces[end - 1].text):
        return 0.0
    if pieces[end].joined:
        return 0.5 if has_blanks(pieces[end - 1].text) else 0.1
    return 0.3 if SMALL_WORD.fullmatch(pieces[end - 1].text) else 0.15


def _cost_of_being_alone(pieces: Sequence[Piece], start: int, end: int, width: float) -> float:
    """What it costs to leave a short word by itself."""
    alone = end - start == 1 < len(pieces)
    return 0.6 if alone and width < SHORT else 0.0


def _count(piece: Piece) -> float:
    """How many words a piece is: half a one in writing without blanks."""
    if has_blanks(piece.text):
        return 0.0 if piece.joined else 1.0
    return 0.5


def _width(piece: Piece) -> float:
    return piece.ems + (0.0 if piece.joined else BLANK)


def plain(line: Sequence[Piece]) -> str:
    """The pieces of a line as text."""
    return "".join((" " if n and not p.joined else "") + p.text for n, p in enumerate(line))


def clean(text: str) -> str:
    """The text without control characters, which no caption format allows."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")
