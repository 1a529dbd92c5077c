"""Words and the icons they call for: the index that lies beside the artwork."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from aivideo.engines.drawing.palettes import Rgb, rgb
from aivideo.errors import ArtworkMissing

ASSETS: Final = Path(__file__).resolve().parents[3] / "assets"
LONGEST_PHRASE: Final = 3  # words
IRREGULAR: Final = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "halves": "half",
    "knives": "knife",
    "leaves": "leaf",
    "lives": "life",
    "loaves": "loaf",
    "mice": "mouse",
    "oxen": "ox",
    "teeth": "tooth",
    "wolves": "wolf",
}


@dataclass(frozen=True)
class Vocabulary:
    """Everything we know about icons and places.

    Attributes:
        names: What an icon is called, for people.
        colors: The mean colour of an icon.
        standing: The icons that can stand in a landscape.
        words: For each word or phrase the icons that it calls for, with weights 0..1.
        asked: The same and more, for where only nouns stand.
        places: For each name of a place its longitude and latitude in degrees.
    """

    names: Mapping[str, str]
    colors: Mapping[str, Rgb]
    standing: frozenset[str]
    words: Mapping[str, Mapping[str, float]]
    asked: Mapping[str, Mapping[str, float]]
    places: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Term:
    """A word or phrase of a text that we know.

    Attributes:
        said: As it stands in the text.
        key: As it stands in the index.
        start: Which word of the text it begins with, from 0.
        length: How many words it has.
    """

    said: str
    key: str
    start: int
    length: int


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Read the index; it is kept.

    Raises:
        ArtworkMissing: It is not where it belongs, or damaged.
    """
    index = _read(ASSETS / "icons" / "index.json")
    globe = _read(ASSETS / "globe" / "globe.json")
    icons = index["icons"]
    return Vocabulary(
        names={slug: icon["name"] for slug, icon in icons.items()},
        colors={slug: rgb(icon["color"]) for slug, icon in icons.items()},
        standing=frozenset(slug for slug, icon in icons.items() if icon["stands"]),
        words=index["words"],
        asked={**_called_so(icons), **index["asked"], **index["words"]},
        places={name: (x, y) for name, (x, y) in globe["places"].items()},
    )


def _called_so(icons: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """What icons themselves are called."""
    slugs = {slug.replace("-", " "): {slug: 1.0} for slug in icons}
    return {**slugs, **{icon["name"]: {slug: 1.0} for slug, icon in icons.items()}}


def listed(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


def split_words(text: str) -> list[str]:
    """The words of a text as they stand there, apostrophes and hyphens inside kept."""
    return re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", text)


def terms(words: Sequence[str], known: Mapping[str, object]) -> Iterator[Term]:
    """The known phrases of a text from left to right, the longest first; none overlap."""
    start = 0
    while start < len(words):
        term = _term_at(words, start, known)
        if term:
            yield term
        start += term.length if term else 1


def _term_at(words: Sequence[str], start: int, known: Mapping[str, object]) -> Term | None:
    for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
        said = " ".join(words[start : start + length])
        for key in _forms(said.lower().replace("\u2019", "'").replace("-", " ")):
            if key in known:
                return Term(said, key, start, length)
    return None


def _forms(phrase: str) -> Iterator[str]:
    """A phrase as it is, and with its last word in the singular."""
    yield phrase
    *before, last = phrase.split()
    last = last.removesuffix("'s")
    yield " ".join((*before, last))
    for singular in _singulars(last):
        yield " ".join((*before, singular))


def _singulars(word: str) -> Iterator[str]:
    if word in IRREGULAR:
        yield IRREGULAR[word]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):  # noqa: PLR2004 - "bus"
        yield word[:-1]
        if word.endswith("ies"):
            yield word[:-3] + "y"
        if word.endswith("es"):
            yield word[:-2]


def _read(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise ArtworkMissing(path, detail=str(problem)) from problem
    return data
