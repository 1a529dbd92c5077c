"""Figures in words, for a front end that reads "2024", "1,200" and "$3.50" badly.

A written word stays one: however many spoken words a figure needs, they stay in its place. Only
a currency moves, behind the "million" that is written after its amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aivideo.spoken.tables import list_of

_ONES: Final = list_of(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS: Final = list_of("twenty thirty forty fifty sixty seventy eighty ninety")
_SIZES: Final = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
)
_ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_CURRENCIES: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}
_LONGEST: Final = 15
"""Figures from which a number is read one by one."""
_YEARS: Final = range(1100, 2100)
_FIRST_OF_MILLENNIUM: Final = range(2000, 2010)
_WORD_END: Final = "\n"
_SIZE: Final = r"[ \n](?:hundred|thousand|million|billion|trillion)\b"
_AMOUNT: Final = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+"
_MONEY: Final = re.compile(rf"([$£€])({_AMOUNT})(?:\.(\d+))?({_SIZE})?")
_MANY: Final = re.compile(r"(?<![\w.,])'?(\d{2,4})'?s\b")
_NTH: Final = re.compile(rf"({_AMOUNT})(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(rf"({_AMOUNT})?(?:\.(\d+))?")


def written_out(words: Sequence[str]) -> list[str]:
    """The same words with every figure in them spelt: as many, in the same order."""
    text = _WORD_END.join(words)
    text = _MONEY.sub(_money, text)
    text = _MANY.sub(lambda found: _plural(_counted(found[1])), text)
    text = _NTH.sub(lambda found: _ordinal(_plain(found[1])), text)
    text = _NUMBER.sub(_number, text).replace("%", " percent")
    return [" ".join(word.split()) for word in text.split(_WORD_END)]


def cardinal(number: int) -> str:
    """A number in words, without "and": "one hundred one"."""
    if number < len(_ONES):
        return _ONES[number]
    if number < 100:  # noqa: PLR2004 - the tens end here
        tens, ones = divmod(number, 10)
        return f"{_TENS[tens - 2]} {_ONES[ones]}" if ones else _TENS[tens - 2]
    size, name = next(pair for pair in _SIZES if pair[0] <= number)
    many, rest = divmod(number, size)
    return f"{cardinal(many)} {name} {cardinal(rest) if rest else ''}".strip()


def _money(found: re.Match[str]) -> str:
    sign, amount, fraction, size = found.groups()
    one, many, one_small, many_small = _CURRENCIES[sign]
    if size or (fraction and len(fraction) != len("50")):
        return f"{_plain(amount)}{_after_point(fraction)}{size or ''} {many}"
    whole, small = int(amount.replace(",", "")), int(fraction or 0)
    said = [f"{_plain(amount)} {one if whole == 1 else many}"] * bool(whole or not small)
    said += [f"{cardinal(small)} {one_small if small == 1 else many_small}"] * bool(small)
    return " and ".join(said)


def _number(found: re.Match[str]) -> str:
    """A number in running text, parted from the letters it touches ("A4", "4K")."""
    amount, fraction = found.groups()
    if not found[0]:
        return ""
    read = _plain if fraction else _counted
    said = f"{read(amount) if amount else ''}{_after_point(fraction)}".strip()
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return "-" * before.isalpha() + said + " " * after.isalpha()


def _after_point(fraction: str | None) -> str:
    return f" point {_one_by_one(fraction)}" if fraction else ""


def _plain(amount: str) -> str:
    figures = amount.replace(",", "")
    if len(figures) > _LONGEST or (len(figures) > 1 and figures.startswith("0")):
        return _one_by_one(figures)
    return cardinal(int(figures))


def _counted(amount: str) -> str:
    """A number that is a year when it looks like one: "nineteen eighty four"."""
    if len(amount) != len("1984") or int(amount) not in _YEARS:
        return _plain(amount)
    year = int(amount)
    century, rest = divmod(year, 100)
    if year in _FIRST_OF_MILLENNIUM:
        return cardinal(year)
    ending = f"oh {_ONES[rest]}" if rest < 10 else cardinal(rest)  # noqa: PLR2004 - one figure
    return f"{cardinal(century)} {ending if rest else 'hundred'}"


def _one_by_one(figures: str) -> str:
    return " ".join(_ONES[int(figure)] for figure in figures)


def _ordinal(said: str) -> str:
    start, last = _parted(said)
    plain = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return start + _ORDINALS.get(last, plain)


def _plural(said: str) -> str:
    start, last = _parted(said)
    if last.endswith("y"):
        return f"{start}{last[:-1]}ies"
    return f"{start}{last}{'es' if last.endswith('x') else 's'}"


def _parted(said: str) -> tuple[str, str]:
    """All but the last word, and the last word."""
    start, blank, last = said.rpartition(" ")
    return start + blank, last
