"""Where a word may be broken: between characters where a script has no blanks. Pure.

After Unicode Standard Annex 14 (line breaking) and JIS X 4051 (kinsoku), as far as captions
need them: what closes does not begin a line, what opens does not end one, and Latin words
and numbers inside Chinese stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final

SKIN_COLOURS: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
"""Of people in emoji."""
JAPANESE: Final = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")

NOT_BEFORE: Final = frozenset(
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\u30fb\u2026\u2025\uff0d\u301c\uff5e\u30fc"
    "\u300d\u300f\u3011\u3009\u300b\u3015\u3017\uff09\uff3d\uff5d\u3005\u309d\u309e\u30fd\u30fe"
    "\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308e\u30a1\u30a3\u30a5\u30a7\u30a9"
    "\u30c3\u30e3\u30e5\u30e7\u30ee\u30f5\u30f6\u2019\u201d\u00b7\u2014\u2013,.:;!?)]}>%\"'"
    "\uff05\u2030\u2103\u00b0\u0e2f\u0e46\u17d4\u17d5\u104a\u104b"
)
"""What does not begin a line: closing marks, stops, small kana, what lengthens or repeats."""
NOT_AFTER: Final = frozenset(
    "\u300c\u300e\u3010\u3008\u300a\u3014\u3016\uff08\uff3b\uff5b\u2018\u201c([{<$\u00a3\u00a5"
    "\uffe5\u20ac#\uff03@"
)
"""What does not end a line: opening marks, and signs before a number."""

_KINDS: Final = {
    "han": "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "hiragana": "\u3041-\u309f",
    "katakana": "\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "fullwidth": "\u3000-\u3004\u3008-\u3040\uff01-\uff60\uffe0-\uffe6",
    "thai": "\u0e01-\u0e4e\u0e81-\u0ecd",
    "khmer": "\u1780-\u17d3",
    "burmese": "\u1000-\u103f\u1050-\u109f",
}
_KIND: Final = re.compile("|".join(f"(?P<{kind}>[{chars}])" for kind, chars in _KINDS.items()))
_BEFORE_A_VOWEL: Final = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4]")
"""Vowels that Thai and Lao write before their consonant: a syllable begins with them."""
_LEADING: Final = frozenset("\u0e09\u0e1c\u0e1d\u0e2b\u0e2e")
"""Thai consonants that end no syllable: the one behind them belongs to theirs, as in nueng."""
_SILENT_O: Final = "\u0e2d\u0e22"
"""O ang and yo yak, which begin a syllable together, as in yu."""
_KILLED: Final = re.compile("[\u1039\u103a]")
"""A Burmese consonant with one of these ends the syllable before it."""

ZERO_WIDTH_BLANK: Final = "\u200b"
LONGEST: Final = 6
"""Characters of Japanese that light up at once; longer runs are parted."""
LONGEST_PHRASE: Final = 14
"""Characters of Thai, Lao, Khmer or Burmese between two blanks that are left together."""
LONGEST_THAI: Final = 8
"""From how many on any syllable may begin a part; before, only a plain one does."""
_SOUTH_EAST: Final = re.compile("[\u0e01-\u0ecd\u1000-\u103f\u1780-\u17d3]")
_AFTER_A_CONSONANT: Final = frozenset("\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3")
"""Vowels of Thai and Lao that stand behind their consonant without being marks."""
_VIRAMA: Final = 9
"""The combining class of marks that join a consonant to the next."""


def units(word: str) -> list[str]:
    """A word in the parts between which a line may break, each lit by itself when spoken.

    A word of a script with blanks is one part, whatever its length.
    """
    if len(word) <= LONGEST_PHRASE and _SOUTH_EAST.search(word):
        return [word]
    japanese = bool(JAPANESE.search(word))
    found: list[str] = []
    for cluster in clusters(word):
        if found and not _may_break(found[-1], cluster, japanese=japanese):
            found[-1] += cluster
        else:
            found.append(cluster)
    return found


def cut(text: str, ems: float, width: Callable[[str], float]) -> list[str]:
    """A text in parts no wider than this, none beginning with what belongs to the letter before."""
    parts, used = [""], 0.0
    for cluster in clusters(text):
        wide = width(cluster)
        if parts[-1] and used + wide > ems and cluster not in NOT_BEFORE:
            parts.append("")
            used = 0.0
        parts[-1] += cluster
        used += wide
    return parts


def clusters(text: str) -> Iterator[str]:
    """A letter with what belongs to it: marks, joined consonants and pictures."""
    cluster, joining = "", False
    for character in text:
        if cluster and not joining and not _continues(character):
            yield cluster
            cluster = ""
        cluster += character
        joining = _joins(character) or (character == "\u200d" and cluster[0] > "\u2000")
    if cluster:
        yield cluster


def _joins(character: str) -> bool:
    """Whether a mark makes its consonant one with the next; Burmese has one that ends it."""
    return unicodedata.combining(character) == _VIRAMA and character != "\u103a"


def has_blanks(text: str) -> bool:
    """Whether a text's script puts blanks between its words."""
    return not text or _kind(text[-1]) == ""


def _continues(character: str) -> bool:
    category = unicodedata.category(character)
    belongs = _AFTER_A_CONSONANT | SKIN_COLOURS
    return category in {"Mn", "Mc", "Me", "Cf"} or character in belongs


def _may_break(before: str, cluster: str, *, japanese: bool) -> bool:
    last, first = before[-1], cluster[0]
    kinds = _kind(_letter(before)), _kind(first)
    if first in NOT_BEFORE or last in NOT_AFTER:
        return False
    if kinds == ("", "") or (last.isdecimal() and kinds[1] == "han"):
        return last == ZERO_WIDTH_BLANK
    if japanese:
        return _between_japanese(before, kinds)
    if kinds == ("thai", "thai"):
        return _between_syllables(before, cluster)
    return kinds != ("burmese", "burmese") or not _KILLED.search(cluster)


def _between_syllables(before: str, cluster: str) -> bool:
    """Whether a part may end here in Thai or Lao, where only a dictionary knows the words.

    A consonant without a vowel of its own most likely ends the syllable before it.
    """
    last = before[-1]
    if _BEFORE_A_VOWEL.match(last) or last in _LEADING or last + cluster[0] == _SILENT_O:
        return False
    begins = bool(_BEFORE_A_VOWEL.match(cluster)) and len(before) > 1
    return begins or (len(before) >= LONGEST_THAI and len(cluster) > 1)


def _between_japanese(before: str, kinds: Sequence[str]) -> bool:
    """Between phrases: Chinese characters and katakana keep the hiragana that follow them."""
    together = {("han", "hiragana"), ("katakana", "hiragana")}
    if kinds[0] == kinds[1] or tuple(kinds) in together:
        return len(before) >= LONGEST
    return True


def _letter(text: str) -> str:
    """The last character that is not a mark of the one before."""
    return next((c for c in reversed(text) if not _continues(c)), text[-1])


def _kind(character: str) -> str:
    """The kind of a script without blanks; empty for all others."""
    found = _KIND.match(character)
    return (found.lastgroup or "") if found else ""
