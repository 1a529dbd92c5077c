"""Numbers in a text that are worth showing large, in digits or spelled out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aivideo.engines.drawing.phrases import ends_well
from aivideo.engines.drawing.tongues import UNSPACED
from aivideo.engines.drawing.vocabulary import split_words


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


ONES: Final = _numbered(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    first=0,
)
TENS: Final = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", first=20, step=10)
ENOUGH: Final = 10  # smaller numbers are counted, not shown
LABEL_WORDS: Final = 5
LABEL_LETTERS: Final = 34
FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 2100

_SPELLED: Final = "|".join((*ONES, *TENS, "hundred", "thousand"))
_PERCENT: Final = (
    r"percent\b|per cent\b|pour cent\b|por ciento\b|por cento\b|per cento\b|prozent\b|procent\w*"
    r"|\u043f\u0440\u043e\u0446\u0435\u043d\u0442\w*|y\u00fczde\b"
)
ENGLISH: Final = "en"
NUMBER: Final = re.compile(
    rf"(?P<money>[$\u20ac\u00a3])?"
    rf"(?P<digits>\d{{1,3}}(?:[,\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<percent>\s?%|\s+(?:{_PERCENT}))?"
    rf"|\b(?P<spelled>(?:(?:{_SPELLED})(?:[ -]|\band\b)*)+)(?P<parts>percent\b|per cent\b)?",
    re.IGNORECASE,
)
ABROAD: Final = re.compile(  # thousands by points or blanks, decimals by commas
    rf"(?P<money>[$\u20ac\u00a3\u00a5])?"
    rf"(?P<digits>\d{{1,3}}(?:[.,\u202f\u00a0 ]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?)"
    rf"(?P<percent>\s?[%\uff05]|\s+(?:{_PERCENT})|\u30d1\u30fc\u30bb\u30f3\u30c8|\ud37c\uc13c\ud2b8)?",
    re.IGNORECASE,
)
LARGE: Final = re.compile(
    r"\s*(million|billion|trillion|millionen|milliarden?|millions|milliards?|millones|milioni"
    r"|miliardi|milh\u00f5es|bilh\u00f5es|miljoen|miljard|milion\w*|miliard\w*|\u043c\u0438\u043b\u043b\u0438\w*|milyon|milyar)\b",
    re.IGNORECASE,
)
MYRIAD: Final = re.compile("[\u4e07\u5104\u4ebf\u5146\ub9cc\uc5b5]")  # ten thousand and its powers


@dataclass(frozen=True)
class Figure:
    """A number as it is shown.

    Attributes:
        text: Such as ``40,000``, ``75%``, ``$3``, ``1969``.
        counts: The few words that follow it: what it counts; empty for a year.
        worth: How much it deserves a picture of its own, 0..1.
    """

    text: str
    counts: str
    worth: float


def find(text: str, language: str = ENGLISH) -> Figure | None:
    """The number of a text that is most worth showing, or None."""
    pattern = NUMBER if language == ENGLISH else ABROAD
    found = [
        figure for match in pattern.finditer(text) if (figure := _figure(match, text, language))
    ]
    return max(found, key=lambda figure: figure.worth, default=None)


def _figure(match: re.Match[str], text: str, language: str) -> Figure | None:
    groups = match.groupdict()
    percent = bool(match["percent"] or groups.get("parts"))
    if match["digits"]:
        value, shown = _value(match["digits"], language), match["digits"]
    else:
        spelled = spelled_number(match["spelled"])
        if spelled is None:
            return None
        value, shown = spelled, f"{spelled:,}"
    rest = text[match.end() :]
    myriad = MYRIAD.match(rest)
    if myriad and not percent:
        shown, rest = shown + myriad.group(), rest[1:]
    large = bool(LARGE.match(rest) or myriad)
    if value < ENOUGH and not (percent or match["money"] or large):
        return None
    shown = f"{match['money'] or ''}{shown}{'%' if percent else ''}"
    if _is_year(shown, value, rest):
        return Figure(shown, "", 0.6)
    counts = _label(rest) if language not in UNSPACED else ""
    return Figure(shown, counts, 0.95 if percent or large or value >= FIRST_YEAR else 0.75)


def _value(digits: str, language: str) -> float:
    """What digits are worth; outside English a comma or point before three of them is none."""
    if language == ENGLISH:
        return float(digits.replace(",", "").replace("\u202f", ""))
    grouped = re.fullmatch(r"\d{1,3}(?:[.,\u202f\u00a0 ]\d{3})+", digits)
    plain = re.sub(r"\D", "", digits) if grouped else digits.replace(",", ".")
    return float(plain)


def _is_year(shown: str, value: float, rest: str) -> bool:
    """Four digits that are followed by no noun of their own."""
    plain = shown.isdigit() and FIRST_YEAR <= value <= LAST_YEAR
    return plain and not re.match(
        r"\s+(years?|people|miles|degrees|kilomet\w+|meters|times)\b", rest
    )


def spelled_number(text: str) -> int | None:
    """The value of a number in words, such as ``forty-five thousand``; None when it is none."""
    total = part = 0
    seen = False
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in ONES or word in TENS:
            part += ONES.get(word, 0) + TENS.get(word, 0)
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = (total + max(part, 1)) * 1000, 0
        else:
            continue
        seen = True
    return total + part if seen else None


def _label(rest: str) -> str:
    """The words after a number up to the end of the thought, few enough to be read."""
    clause = re.match(r"[^.,;:!?\u2013\u2014()]*", rest)
    words = clause.group().split() if clause else []
    label = words[:LABEL_WORDS]
    while len(label) > 1 and not ends_well(split_words(" ".join(label)) or ["-"]):
        label.pop()
    while len(" ".join(label)) > LABEL_LETTERS:
        label.pop()
    return " ".join(label)
