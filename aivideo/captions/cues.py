"""Words with times -> cues: what is on screen at once, in lines that fit. Pure."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aivideo.captions.style import Style
from aivideo.engines.speech import Word
from aivideo.spoken import words_of

WIDE, NARROW, CAPITAL, ORDINARY, FULL = 0.92, 0.30, 0.68, 0.56, 1.05
"""Widths of kinds of characters in ems, a little more than they are in our font."""

PAUSE: Final = 0.7
"""Seconds of silence between two words that always part two cues."""
LINGER: Final = 0.4
"""Seconds that the last cue before a silence stays on."""
_CLOSING: Final = "[\"'\u201d\u2019)\\]\u00bb]*$"
SENTENCE_END: Final = re.compile(f"[.!?\u2026\u3002\uff01\uff1f\u061f\u0964]{_CLOSING}")
CLAUSE_END: Final = re.compile(f"[,;:\u2013\u2014\u3001\uff0c\uff1b\uff1a\u060c]{_CLOSING}")
ABBREVIATION: Final = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|e\.g|i\.e|[A-Z])\.$")


@dataclass(frozen=True)
class Layout:
    """How captions are set in a shape.

    Attributes:
        line_ems: How wide a line may be, in ems.
        lines: How many lines a cue may have.
        size: The font's size as a part of the canvas's height.
        bottom: The free space below, as a part of the height.
        side: The free space left and right, as a part of the width.
        word_ems: From which width on a word is broken.
    """

    line_ems: float
    lines: int
    size: float
    bottom: float
    side: float
    word_ems: float


LAYOUTS: Final = {
    "16:9": Layout(23.0, lines=2, size=0.062, bottom=0.075, side=0.08, word_ems=23.0),
    "9:16": Layout(11.0, lines=2, size=0.047, bottom=0.135, side=0.08, word_ems=11.0),
    "1:1": Layout(13.5, lines=2, size=0.064, bottom=0.08, side=0.07, word_ems=13.5),
}


def layout_of(aspect: str, style: Style) -> Layout:
    """How captions of a style are set in a shape."""
    del style
    return LAYOUTS[aspect]


READING: Final = Layout(24.0, lines=2, size=0.0, bottom=0.0, side=0.0, word_ems=48.0)
"""For SRT and VTT, whatever the shape: two lines of about 42 characters, words left whole."""


@dataclass(frozen=True)
class Piece:
    """A word, or a part of one that is too long for a line.

    Attributes:
        joined: Whether it follows the piece before without a blank.
    """

    text: str
    start: float
    end: float
    joined: bool = False


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
    if [word.text for word in heard] == words and _in_order(heard):
        return list(heard)
    weights = list(itertools.accumulate((_text_width(word) + 1 for word in words), initial=0.0))
    return [
        Word(word, seconds * start / weights[-1], seconds * end / weights[-1])
        for word, (start, end) in zip(words, itertools.pairwise(weights), strict=True)
    ]


def make_cues(words: Iterable[Word], layout: Layout, *, until: float) -> list[Cue]:
    """Share words out to cues: sentence by sentence, in parts of about the same size.

    Args:
        words: In order.
        layout: What fits on screen.
        until: When the last cue has to be gone, in seconds.
    """
    sentences = _sentences(pieces_of(words, layout.word_ems))
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
    return [replace(cue, start=cue.start + seconds, end=cue.end + seconds) for cue in cues]


def _in_order(words: Sequence[Word]) -> bool:
    return all(a.start <= a.end and a.start <= b.start for a, b in itertools.pairwise(words))


def pieces_of(words: Iterable[Word], ems: float) -> Iterator[Piece]:
    """The words, those wider than this in parts that share its time."""
    for word in words:
        parts = _parts(word.text, ems)
        step = (word.end - word.start) / len(parts)
        for index, part in enumerate(parts):
            start = word.start + index * step
            yield Piece(part, start, start + step, joined=index > 0)


def _parts(text: str, ems: float) -> list[str]:
    """A text in parts no wider than this, none beginning with a mark that belongs to a letter."""
    parts, used = [""], 0.0
    for character in text:
        width = _character_width(character)
        if used + width > ems and not unicodedata.category(character).startswith("M"):
            parts.append("")
            used = 0.0
        parts[-1] += character
        used += width
    return parts


def _sentences(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Runs of pieces that end with a sentence, or before a silence."""
    run: list[Piece] = []
    for piece in pieces:
        if run and not piece.joined and (_ends_sentence(run) or _silence(run, piece)):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _ends_sentence(run: Sequence[Piece]) -> bool:
    """Whether a sentence ends here; one of a single word goes on with the next."""
    last = run[-1].text
    return len(run) > 1 and bool(SENTENCE_END.search(last)) and not ABBREVIATION.search(last)


def _silence(run: Sequence[Piece], piece: Piece) -> bool:
    return piece.start - run[-1].end >= PAUSE


def _groups(sentence: Sequence[Piece], layout: Layout) -> list[list[Piece]]:
    """A sentence in as few cues as fit on screen."""
    for filled in (0.96, 0.8, 0.65):
        groups = share(sentence, layout.line_ems * layout.lines * filled)
        if all(len(share(group, layout.line_ems)) <= layout.lines for group in groups):
            return groups
    return share(sentence, layout.line_ems)


def share(pieces: Sequence[Piece], ems: float) -> list[list[Piece]]:
    """Cut pieces into as few groups as fit, about equal, rather at commas than elsewhere.

    The cheapest way to cut the first n pieces, for each n in turn, from those before.
    """
    ends = list(itertools.accumulate((_width(piece) for piece in pieces), initial=0.0))
    wanted = ends[-1] / max(1, math.ceil(ends[-1] / ems))
    ways: list[tuple[float, tuple[int, ...]]] = [(0.0, (0,))]
    for end in range(1, len(pieces) + 1):
        options = []
        for start in range(end - 1, -1, -1):
            width = ends[end] - ends[start]
            if width > ems and start < end - 1:
                break
            cost = (width - wanted) ** 2 + _cost_of_cut(pieces, end) * wanted**2
            options.append((ways[start][0] + cost, (*ways[start][1], end)))
        ways.append(min(options))
    return [list(pieces[a:b]) for a, b in itertools.pairwise(ways[-1][1])]


def _cost_of_cut(pieces: Sequence[Piece], end: int) -> float:
    if end == len(pieces) or CLAUSE_END.search(pieces[end - 1].text):
        return 0.0
    return 0.3 if pieces[end].joined else 0.15


def _width(piece: Piece) -> float:
    return _text_width(piece.text) + (0.0 if piece.joined else NARROW)


def _text_width(text: str) -> float:
    return sum(map(_character_width, text))


def _character_width(character: str) -> float:
    if unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return FULL
    if character in "mwMW@%\u2014\u2026":
        return WIDE
    if character in "iljtfrI.,:;!|'()[]-":
        return NARROW
    return CAPITAL if character.isupper() else ORDINARY


def plain(line: Sequence[Piece]) -> str:
    """The pieces of a line as text."""
    return "".join((" " if n and not p.joined else "") + p.text for n, p in enumerate(line))


def clean(text: str) -> str:
    """The text without control characters, which no caption format allows."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")
