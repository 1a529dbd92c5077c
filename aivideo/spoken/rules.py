"""The rules of speaking: each finds something written, and says how it is read out.

They work on the author's words with one blank between each. In what a rule gives, ``·`` parts
spoken words inside one written word; a blank always parts written ones. Order matters: what
has a narrow shape (an address, a telephone number) comes before what has a wide one (a range).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from aivideo.spoken import tables
from aivideo.spoken.tables import any_of

INNER: Final = "\x1f"
"""What ``·`` becomes, so that later rules see a gap: ``\\s`` matches it and no author writes it."""

Match = re.Match[str]
Replacement = str | Callable[[Match], str]

_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
_MANY: Final = r"(?: (?:hundred|thousand|million|billion|trillion))?"
_PAUSED: Final = r"(?=[ \x1f]|[.,;:!?)]|$)"


def _silence(match: Match) -> str:
    return " " * match.group().count(" ")


def _address(match: Match) -> str:
    """A web or mail address: its signs by name, a country's two letters one by one."""
    bare = re.sub(r"^(?:\w+://)?(?:www\.)?", "", match.group()).rstrip("/")
    host, slash, path = bare.partition("/")
    stem, dot, ending = host.rpartition(".")
    if re.fullmatch("[a-z]{2}", ending) and ending not in tables.SAID_AS_WORDS:
        ending = INNER.join(ending.upper()).replace(INNER, "\0")
    said = (
        f"·{tables.ADDRESS_SIGNS[sign]}·" if sign in tables.ADDRESS_SIGNS else sign
        for sign in f"{stem}{dot}{ending}{slash}{path}"
    )
    return "".join(said).replace(" ", "·").replace("\0", ".").strip("·")


def _digits(match: Match) -> str:
    """A telephone number, digit by digit, with a breath between its groups."""
    groups = re.findall(r"\+?\d+| ", match.group())
    said = ("·".join(group).replace("+", "plus") for group in groups)
    return re.sub(r",· ,·", ", ", ",·".join(said))


def _iso_date(match: Match) -> str:
    year, month, day = match.groups()
    return f"{tables.MONTHS[int(month) - 1]}·{int(day)},·{year}"


def _clock(match: Match) -> str:
    hour, minute, second, half_of_day = match.groups()
    if second:
        return f"{hour}·{minute}·{second}"
    if minute != "00":
        return f"{hour}·{minute}" if minute[0] != "0" else f"{hour}·oh·{minute[1]}"
    if half_of_day:
        return hour
    return f"{hour}·o'clock" if int(hour) <= len(tables.MONTHS) else f"{hour}·hundred"


def _version(match: Match) -> str:
    numbers = match.group().split(".")
    return ("·point·" if len(numbers) == len("x.y") else "·dot·").join(numbers)


def _fraction(match: Match) -> str:
    above, below = match.groups()
    if below not in tables.PARTS or int(above) >= int(below):
        return f"{above}·{below}"
    many = "s" if int(above) > 1 else ""
    return f"{above}·{tables.PARTS[below]}{many}" if below != "2" else f"{above}·half"


def _vulgar(match: Match) -> str:
    whole, part = match.groups()
    said = unicodedata.normalize("NFKC", part).replace("\u2044", "/")
    return f"{whole}·and·{said}" if whole else said


def _grouped(match: Match) -> str:
    """Thousands parted by blanks: the whole number is said with its first group."""
    return match.group().replace(" ", "") + " " * match.group().count(" ")


def _power(match: Match) -> str:
    power = unicodedata.normalize("NFKC", match.group()).replace("\u2212", "minus·")
    return {"2": "·squared", "3": "·cubed"}.get(power, f"·to·the·{power}")


def _money(match: Match) -> str:
    sign, gap, amount = match.groups()
    return f"{gap}{amount}·{tables.CURRENCIES[sign]}"


def _magnitude(match: Match) -> str:
    return f"{match[1]}·{tables.MAGNITUDES[match[2]]}"


def _unit(match: Match) -> str:
    count, gap, unit, per = match.groups()
    single, _, several = tables.UNITS[unit].partition("/")
    name = single if count == "1" or gap == "-" else several or f"{single}s"
    rate = f"·per·{tables.PER[per].partition('/')[0]}" if per else ""
    return f"{count}{' ' if gap == ' ' else '·'}{name.replace(' ', '·')}{rate}"


def _range(match: Match) -> str:
    """Two numbers that grow are a range; others may be a score, a model or a part of a code."""
    sign, low, high = match.groups()
    grows = int(low.replace(",", "")) < int(high.replace(",", ""))
    return f"{sign}{low}·to·{sign}{high}" if grows and low[0] != "0" else match.group()


def _between(match: Match) -> str:
    """A long dash between two names is a way (Paris to Dakar), between other words a pause."""
    after = match.string[match.end()]
    before = re.search(r"(\w)\w*$", match.string[: match.start()])
    return "·to·" if before and before[1].isupper() and after.isupper() else "—"


def _greek(match: Match) -> str:
    return f"·{tables.GREEK[match[1]]}·"


def _half_of_day(match: Match) -> str:
    return f"{match[1] or '·'}{match[2].upper()}.M"


def _value(numeral: str) -> int:
    values = [tables.ROMAN[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-v if v < then else v for v, then in zip(values, following, strict=True))


def _ruler(match: Match) -> str:
    name, numeral = match.groups()
    value = _value(numeral)
    if not 1 <= value <= len(tables.ORDINALS):
        return match.group()
    return f"{name} the·{tables.ORDINALS[value - 1]}"


def _numbered(match: Match) -> str:
    word, numeral = match.groups()
    is_none = word in tables.NOT_NAMES or numeral in tables.SIZES
    return match.group() if is_none else f"{word} {_value(numeral)}"


def _numerals(match: Match) -> str:
    low, high = match.groups()
    return f"{_value(low)}·to·{_value(high)}"


def _century(match: Match) -> str:
    value = _value(match[1])
    known = 1 <= value <= len(tables.ORDINALS)
    return tables.ORDINALS[value - 1] if known else match.group()


def _scientific(match: Match) -> str:
    number, sign, power = match.groups()
    return f"{number}·times·10·to·the·{'minus·' if sign == '-' else ''}{power}"


def _abbreviation(words: Mapping[str, str]) -> Callable[[Match], str]:
    """Writes an abbreviation out; a number that touches it is moved away a little."""

    def written_out(match: Match) -> str:
        touched = match.end() < len(match.string) and match.string[match.end()].isdigit()
        return words[match[1]] + ("·" if touched else "")

    return written_out


_ABBREVIATIONS: Final[tuple[tuple[str, Replacement], ...]] = (
    (r"\b[Ii]\.e\.,?", "that·is,"),
    (r"\b[Ee]\.g\.,?", "for·example,"),
    (r"\ba\.?k\.?a\b\.?", "also·known·as"),
    (r"(?<!\S)w/o(?!\S)", "without"),
    (r"(?<!\S)w/(?!\S)", "with"),
    (r"(?<!\S)b/c(?!\S)", "because"),
    (rf"\b({any_of(tables.BEFORE_NUMBERS)})\.(?= ?\d)", _abbreviation(tables.BEFORE_NUMBERS)),
    (rf"\b({any_of(tables.MONTH_STARTS)})\b\.?(?= \d)", _abbreviation(tables.MONTH_STARTS)),
    (rf"(?<=\d )({any_of(tables.MONTH_STARTS)})\b\.?", _abbreviation(tables.MONTH_STARTS)),
    (rf"\b({any_of(tables.DAYS)})\b\.?(?= ?[\d\u2013,-])", _abbreviation(tables.DAYS)),
    (rf"(?<=[\u2013-])({any_of(tables.DAYS)})\b\.?", _abbreviation(tables.DAYS)),
    (rf"\b({any_of(tables.BEFORE_NAMES)})\.(?= [A-Z])", _abbreviation(tables.BEFORE_NAMES)),
    (rf"\b({any_of(tables.ELSEWHERE)})\.(?= [a-z0-9]|[,;:)])", _abbreviation(tables.ELSEWHERE)),
    (rf"\b({any_of(tables.ELSEWHERE)})(?=\.)", _abbreviation(tables.ELSEWHERE)),
    (r"\bvs\b", "versus"),
    (r"\b([IVXL]+)(?:th|st|nd|rd)?(?= centur(?:y|ies)\b)", _century),
    (r"\b([IVX]+)[-\u2013]([IVX]+)\b", _numerals),
    (rf"\b({tables.RULERS}) ([IVX]{{2,}}|[VX])\b", _ruler),
    (rf"\b({tables.RULERS}) (I)(?=[,.;:!?)]|'s| (?:of|was|ruled|reigned)\b|$)", _ruler),
    (rf"\b((?i:{tables.NUMBERED})) ([IVX]+)\b", _numbered),
    (rf"\b([A-Z][a-z]+) ({tables.NUMERAL})\b", _numbered),
)

_NUMBERS: Final[tuple[tuple[str, Replacement], ...]] = (
    (r"(?<![\w-])(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-.]\d{4}(?![\w-])", _digits),
    (r"(?<![\w-])\d{3}-\d{4}(?![\w-])", _digits),
    (r"(?<!\S)\+\d{1,3}(?:[ -]\d{2,4}){2,}(?![\w-])", _digits),
    (r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b", _iso_date),
    (
        r"(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])(?:(?= ?([AaPp])\.?[Mm]\b))?",
        _clock,
    ),
    (r"(?<=\d[AaPp]m)[-\u2013](?=\d)", "·to·"),
    (r"(?<=\d)( ?)([AaPp])\.?[Mm]\b(\.(?= [a-z]))?", _half_of_day),
    (r"(?<![\d:])(\d+):(\d+)(?![\d:])", r"\1·to·\2"),
    (r"\b[vV](?=\d+(?:\.\d+)*\b)", "version·"),
    (r"(?<![\w.])(\d{1,3})[.'](\d{3})[.'](\d{3})(?![\w.']|\.\d)", r"\1\2\3"),
    (r"(?<![\w.'])(\d{1,3})'(\d{3})(?![\w'])", r"\1\2"),
    (r"(?<![\w.])(\d+(?:\.\d+)?)[eE]([+-]?)(\d{1,3})(?!\w)", _scientific),
    (r"(?<=\d)\^(?=\d)", "·to·the·"),
    (r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)", _version),
    (r"(\d*)([\u00bc-\u00be\u2150-\u215e])", _vulgar),
    (r"\b(\d+) (?=1/2|[1-3]/[34]|[1-7]/8)", r"\1·and "),
    (r"(?<![\w/.,])(\d{1,3})/(\d{1,4})(?![\w/])", _fraction),
    (r"\bUS\$(?=\d)", "$"),
    (rf"({_NUMBER}{_MANY})([$€£])(?!\d)", r"\2\1"),
    (rf"([{''.join(tables.CURRENCIES)}])( ?)({_NUMBER}{_MANY})", _money),
    (rf"([$€£]{_NUMBER})({any_of(tables.MAGNITUDES)})\b", _magnitude),
    (rf"\b({_NUMBER})(M|B|bn|tn){_PAUSED}", _magnitude),
    (r"([$€£]\d[\d,]*\.\d)(?!\d|[ \x1f](?:hundred|thousand|million|billion|trillion))", r"\g<1>0"),
    (r"(?<![\d,.])\d{1,3}(?: \d{3}){2,}(?![\d,.]\d)", _grouped),
    (r"(?<=\d)¢", "·cents"),
    (r"(?<=\d) [-\u2013] (?=[$€£]?\d)", " to "),
    (r"(?<=[\d%°])\u2013(?=[$€£]?\d)", "·to·"),
    (r"(?<![\w./:-])([$€£]?)(\d[\d,]*)-(?:\1)?(\d[\d,]*)(?![\d/:-]|[.,]\d)", _range),
    (
        (
            rf"(?<![\w.])({_NUMBER}{_MANY})([ \x1f-]?)({any_of(tables.UNITS)})"
            rf"(?:/({any_of(tables.PER)}))?(?!\w)"
        ),
        _unit,
    ),
    (r"\b([3-8])'(\d{1,2})\b\"?", r"\1·foot·\2"),
    (r"(?<=\d)[\u00d7x](?=\d)", "·by·"),
    (r"(?<=\d)[\u00d7x](?!\w)", "·times"),
    (r"(?<=\d)/(?=[a-z]{2,})", "·per·"),
    (r"(?<=[\w)])\u207b?[\u00b2\u00b3\u00b9\u2070-\u2079]+", _power),
    (r"(?<![\w/])km/h(?!\w)", "kilometers·per·hour"),
    (r"(?<![\w/])m/s(?!\w)", "meters·per·second"),
    (r"(?<![\w)\]])[-](?=[$€£]?\d)", "minus·"),
    (r"(?<=\d)/(?=\d)", "·"),
    (r"(?<=\d)°", "·degrees"),
)

_MARKS: Final[tuple[tuple[str, Replacement], ...]] = (
    (r"(?<!\S)#(?=\d)", "number·"),
    (r"\b([A-G])#(?!\w)", r"\1·sharp"),
    (r"(?<!\S)#(?=[A-Za-z])", "hashtag·"),
    (r"(?<!\S)@(?=[A-Za-z])", "at·"),
    (rf"(?<=\w)\.({tables.FILES})\b(?!\.\w)", r"·dot·\1"),
    (rf"\b(?:{tables.FORMULAS})\b", lambda match: "·".join(match.group())),
    (r"[~≈](?=[$€£]?\d)", "about·"),
    (r"±(?=\d)", "plus·or·minus·"),
    (r"§+(?=[ \x1f]?\d)", "section·"),
    (r"‰", "·per·thousand"),
    # "A+" is left to the front end: a lone "A" would be read as the article.
    (r"(?<=[\w+])(?<!\bA)\+(?!\w)", "·plus"),
    (r"(?<=\w)\+(?=\w)", "·plus·"),
    (r"(?<=\w)=(?=\w)", "·equals·"),
    (r"-{2,}", "—"),
    (rf"(?<!\S)({any_of(tables.SIGNS)})(?!\S)", lambda match: tables.SIGNS[match[1]]),
    (r"(?<=\w)\u2013(?=\w)", _between),
    (rf"(?<![\u0370-\u03ff])([{''.join(tables.GREEK)}])(?![\u0370-\u03ff])", _greek),
    (r"√", "square·root·of·"),
    (r"∞", "infinity"),
)

_SILENT: Final[tuple[tuple[str, Replacement], ...]] = (
    (rf"(?i)[(\[*]{tables.CUE}[)\]*]", _silence),
    (r"\[\d{1,3}\]", ""),
    (r"</?[A-Za-z][^<> ]*>", ""),
    (r"\[([^\[\]]+)\]\((?:https?:)?[^() ]+\)", r"\1"),
    (r"(?<!\S)[:;=8][-o^']?[()DPp/\\|](?!\S)", ""),
)

_ADDRESSES: Final[tuple[tuple[str, Replacement], ...]] = (
    (r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _address),
    (r"(?i)\b(?:https?://|ftp://|www\.)\S+?(?=[.,;:!?)\"']*(?:\s|$))", _address),
    (
        (
            rf"(?i)\b(?:[a-z0-9][a-z0-9-]*\.)+(?:{tables.ENDINGS})\b(?:[/?#:]\S*?)?"
            r"(?=[.,;:!?)\"']*(?:\s|$))"
        ),
        _address,
    ),
)

Rules = tuple[tuple[re.Pattern[str], Replacement], ...]


def _compiled(*rules: tuple[str, Replacement]) -> Rules:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rules)


OF_EVERY_LANGUAGE: Final[Rules] = _compiled(*_SILENT)
"""What is silent in any language: cues, references, tags, smileys."""
RULES: Final[Rules] = (
    *OF_EVERY_LANGUAGE,
    *_compiled(*_ADDRESSES, *_NUMBERS, *_ABBREVIATIONS, *_MARKS),
)
"""How English is read out."""
