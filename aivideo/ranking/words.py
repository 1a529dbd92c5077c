"""The words of a text that a picture can be searched by, and what to search a scene by. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

STOP_WORDS: Final = frozenset(
    """a about after all also always an and any are as at away back be because been before being
    between both but by came can come could day days did do does done each even ever every few
    first for from get gets give go goes going good had has have he her here him his how i if in
    into is it its just know last let like made make makes making many may me might more most
    much must my never new next no not now of off often on once one only or other our out over
    own part people put really said same say see seen she should since so some something still
    such take than that the their them then there these they thing things this those though
    three through time times to together too two under until up us use used uses very want was
    way ways we well went were what when where which while who whole why will with within
    without would year years yet you your""".split()  # noqa: SIM905 - a paragraph reads better than 160 quoted words
)

_FILE_ENDING: Final = re.compile(
    r"\.(?:mp4|m4v|mov|mkv|webm|avi|mpe?g|m?ts|og[gv]|wmv|flv|3gp|jpe?g|png|webp|gif|tiff?|bmp"
    r"|heic|avif)$",
    re.IGNORECASE,
)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERING: Final = re.compile(
    r"[_#|\d]+(?:(?:k|p|fps|hd|s)\b)?|\b(?:u?hd|fhd|dsc[nf]?|img|mvi|vid|gopr|dji|pxl)(?=[\W\d_])",
    re.IGNORECASE,
)
_ENGLISH: Final = 0.2
"""The share of stop words from which on a sentence is taken for English; it has twice as many."""
_ENDING: Final = re.compile(r"(?<=[^aeious])ies$|(?<=(?:s|x|z|h))es$|ing$|ed$|(?<=[^siu])s$")
_LOST_ITS_E: Final = re.compile("[^aeiouy]*[aeiouy][^aeiousxzwy]")
"""Short stems that had an e: wav(e), driv(e), car(e). It tells care from car."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_SHORTEST_STEM: Final = 3
_PHRASE: Final = 3


def plain_title(title: str) -> str:
    """A title or file name as words: no ending, no numbers, no names that cameras give."""
    name = _FILE_ENDING.sub("", html.unescape(title).strip())
    if not re.search(r"\s", name):
        name = _HUMP.sub(" ", name).replace("-", " ")
    return " ".join(_NUMBERING.sub(" ", name).split())


def is_english(text: str) -> bool:
    """Whether a sentence is likely English, by its small words."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return sum(word in STOP_WORDS for word in words) >= _ENGLISH * max(1, len(words))


def terms(text: str) -> tuple[str, ...]:
    """The words of a text that can be searched for, in order, each as its stem.

    Case, accents, digits, punctuation and stop words are gone. Scripts that put no blanks
    between words (Chinese, Japanese, Thai ...) give overlapping pairs of letters.
    """
    return tuple(term for word in _letters(text).split() for term in _terms_of(word))


def words_with_stems(text: str) -> dict[str, str]:
    """The terms of a text, each with the word that it came from, in order."""
    found: dict[str, str] = {}
    for word in re.findall(r"\w+", text):
        for term in terms(word):
            found.setdefault(term, word)
    return found


def _letters(text: str) -> str:
    """A text without case, accents, digits and punctuation."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return "".join(
        sign if unicodedata.category(sign)[0] in "LM" else " "
        for sign in unicodedata.normalize("NFC", re.sub("['\u2019]s?\\b", "", plain))
    )


def _terms_of(word: str) -> Iterator[str]:
    if _UNSPACED.fullmatch(word):
        yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
    elif len(word) > 1 and word not in STOP_WORDS:
        yield stem(word)


def stem(word: str) -> str:
    """A word without its English ending: waves and waving meet wave, berries meet berry."""
    bare = _ENDING.sub("", word)
    if len(bare) < _SHORTEST_STEM or not re.search("[aeiouy]", bare):
        bare = word
    elif word.endswith("ies"):
        return bare + "y"
    elif word.endswith(("ing", "ed")):
        if bare[-1] == bare[-2] and bare[-1] not in "lsz":
            return bare[:-1]
        if _LOST_ITS_E.fullmatch(bare):
            return bare + "e"
    silent = bare.endswith("e") and len(bare) > _SHORTEST_STEM
    return bare[:-1] if silent and not _LOST_ITS_E.fullmatch(bare[:-1]) else bare


def search_words(text: str, topic: str = "") -> str:
    """Words to search a picture with, for a scene that names none itself.

    The most telling phrase of the text (up to three words); with nothing to hold on to, the
    topic's.
    """
    return max(_phrases(text) or _phrases(topic), key=_weight, default="")


def _phrases(text: str) -> list[str]:
    """Runs of words without a stop word or punctuation between them, cut to three words."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|[^\w\s]", text):
        if word.casefold() in STOP_WORDS or not word[0].isalpha():
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(run[:_PHRASE]) for run in runs if any(len(word) > 1 for word in run)]


def _weight(phrase: str) -> int:
    return sum(len(word) for word in phrase.split() if len(word) > _SHORTEST_STEM)
