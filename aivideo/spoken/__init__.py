"""From what is written to what is said: pure text, word for word.

The front end of the voice knows most numbers, dates and abbreviations. What it gets wrong is
rewritten here beforehand, by a table of rules. The author's words stay countable: a rule may
turn one written word into several spoken ones, but it never joins or splits written words, so
captions show the script as it stands while it is read out ("$3.50" is one word on the screen
and five in the air).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from aivideo.errors import AIVideoError, NothingToSpeak, PauseImpossible
from aivideo.spoken.languages import LANGUAGES, language_of, script_of
from aivideo.spoken.marks import paragraph_starts, pauses, silence_of, without_marks, words_of
from aivideo.spoken.rules import INNER, OF_EVERY_LANGUAGE, RULES, Match, Replacement
from aivideo.spoken.tables import BRACKETS, CLEAN, UNSAYABLE

__all__ = [
    "LANGUAGES",
    "Said",
    "fault_of",
    "has_sound",
    "is_speakable",
    "language_of",
    "paragraph_starts",
    "pauses",
    "say",
    "script_of",
    "silence_of",
    "without_marks",
    "words_of",
]


@dataclass(frozen=True)
class Said:
    """One word as the author wrote it, and as it is said.

    Attributes:
        written: The word with its punctuation, as captions show it.
        spoken: What the voice is given; empty when there is nothing to say (an emoji, a cue).
    """

    written: str
    spoken: str


def say(text: str, language: str = "en") -> tuple[Said, ...]:
    """How each word of a text is said; as many as ``words_of`` has, in the same order.

    Args:
        text: What the author wrote.
        language: ISO 639 or BCP 47; only English is read out by rules of our own, the front
            ends of other languages know how to.
    """
    lines = [line.split() for line in without_marks(text).splitlines()]
    written = [word for words in lines for word in words]
    if not written:
        return ()
    line = unicodedata.normalize("NFC", " ".join(written)).translate(CLEAN)
    for pattern, replacement in RULES if language.startswith("en") else OF_EVERY_LANGUAGE:
        line = pattern.sub(_keeping_words(replacement), line)
    spoken = [_sayable(word) for word in line.split(" ")]
    for end in accumulate(len(words) for words in lines if words):
        spoken[end - 1] = _closed(spoken[end - 1])
    return tuple(Said(was, now) for was, now in zip(written, spoken, strict=True))


def is_speakable(text: str) -> bool:
    """Whether there is anything to say in a text: not so for "...", an emoji or "(music)"."""
    return any(has_sound(word.spoken) for word in say(text))


def fault_of(text: str) -> AIVideoError | None:
    """Why a text cannot be spoken, whatever the voice; None when it can."""
    try:
        pauses(text)
    except PauseImpossible as impossible:
        return impossible
    return None if is_speakable(text) else NothingToSpeak(text)


def has_sound(spoken: str) -> bool:
    """Whether a spoken word has a letter or a digit."""
    return any(character.isalnum() for character in spoken)


def _keeping_words(replacement: Replacement) -> Callable[[Match], str]:
    """A replacement that leaves a match alone rather than join or split written words."""

    def replaced(match: Match) -> str:
        said = replacement(match) if callable(replacement) else match.expand(replacement)
        said = said.replace("·", INNER)
        return said if said.count(" ") == match.group().count(" ") else match.group()

    return replaced


def _sayable(word: str) -> str:
    """A spoken word without the characters that no voice can say."""
    folded = unicodedata.normalize("NFKC", word.replace(INNER, "\n"))
    kept = (c for c in folded if c.isascii() or unicodedata.category(c) not in UNSAYABLE)
    plain = re.sub(r"[*_`~^|<>\\=#/]", " ", "".join(kept).translate(BRACKETS))
    return re.sub(r" (?=[.,;:!?)])", "", " ".join(plain.split()))


def _closed(word: str) -> str:
    """The last word of a line, with a full stop where the author only broke the line."""
    return f"{word}." if word and word[-1].isalnum() else word
