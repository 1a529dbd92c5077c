"""Pauses that the author writes into a text, such as ``[pause 0.8s]``: heard, never shown.

``[pause]`` is half a second; a length is in seconds or, with ``ms``, in milliseconds. Other
text in brackets is no pause.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from aivideo.errors import PauseImpossible

USUAL: Final = 0.5
"""Seconds of a pause without a length."""
LONGEST: Final = 10.0
"""Seconds of the longest pause at one mark."""

_MARK: Final = re.compile(
    r"\[\s*pause(?:[\s:=]+(?P<length>[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*"
    r"(?P<unit>ms|milliseconds?|s|secs?|seconds?)?)?\s*\]",
    re.IGNORECASE,
)
_BLANKS: Final = " \t"
_ENDS_WORD: Final = re.compile(r"[ \t]*([.,;:!?…]+)(?=\s|$)")


def without_marks(text: str) -> str:
    """The text as captions show it: without pauses, everything else as it was."""
    shown, _ = _read(text)
    return shown


def words_of(text: str) -> list[str]:
    """The author's words in order, as captions show them."""
    return without_marks(text).split()


def pauses(text: str) -> dict[int, float]:
    """Where silence is asked for, and how many seconds of it.

    The key is the index of the word that follows, or the count of the words at the end.

    Raises:
        PauseImpossible: A pause is shorter than nothing or longer than ten seconds.
    """
    asked: dict[int, float] = {}
    for place, mark in _read(text)[1]:
        seconds = _seconds(mark)
        if not 0.0 <= seconds <= LONGEST:
            raise PauseImpossible(mark[0], LONGEST)
        asked[place] = asked.get(place, 0.0) + seconds
    return asked


def paragraph_starts(text: str) -> set[int]:
    """The index of each word that begins a new paragraph: one that a blank line is before."""
    paragraphs = re.split(r"\n\s*\n", without_marks(text).strip())
    return set(accumulate(len(each.split()) for each in paragraphs[:-1]))


def silence_of(text: str) -> float:
    """Seconds of silence that a text asks for, for estimates: what is impossible is held."""
    return sum(min(max(_seconds(mark), 0.0), LONGEST) for _, mark in _read(text)[1])


def _read(text: str) -> tuple[str, list[tuple[int, re.Match[str]]]]:
    """The text without its marks, and each mark with the count of the words before it."""
    shown, marks, at = "", [], 0
    for mark in _MARK.finditer(text):
        shown = _joined(shown, text[at : mark.start()])
        marks.append((len(shown.split()), mark))
        at = mark.end()
    return (_joined(shown, text[at:]) if marks else text), marks


def _joined(before: str, after: str) -> str:
    """What stands on both sides of a mark; a full stop behind it belongs to the word before."""
    before, ends_word = before.rstrip(_BLANKS), _ENDS_WORD.match(after)
    if before and ends_word:
        return f"{before}{ends_word[1]}{after[ends_word.end() :]}"
    after = after.lstrip(_BLANKS)
    parted = before and after and not before.endswith("\n")
    return f"{before}{' ' * bool(parted)}{after}"


def _seconds(mark: re.Match[str]) -> float:
    if mark["length"] is None:
        return USUAL
    length = float(mark["length"].replace(",", "."))
    return length / 1000 if (mark["unit"] or "").lower().startswith("m") else length
