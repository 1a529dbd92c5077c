"""What the words of other languages than English call for, and how such words are found.

A word of a text is looked up as it stands, then without its ending; in German and Dutch also
by its parts. Where words are not divided by blanks, the longest known one is taken at each
place, and a single Chinese character only where no other stands beside it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from aivideo.engines.drawing.vocabulary import ASSETS, LONGEST_PHRASE, listed
from aivideo.errors import ArtworkMissing

FOLDER: Final = ASSETS / "icons" / "languages"
SHORT_WORDS: Final = listed("ko hi ar")  # where two letters are a word, or one
UNSPACED: Final = listed("ja zh")
COMPOUNDING: Final = listed("de nl")
ELIDING: Final = listed("fr it")
ELISION: Final = re.compile(r"\b[^\W\d_]{1,4}['\u2019](?=\w)")
NOUNS_HAVE_CAPITALS: Final = "de"
SHORTEST_STEM: Final = {"ko": 1, "hi": 2}
OTHER_STEMS: Final = 3
SHORTEST_WORD: Final = 3  # letters, where letters are not whole words
SHORTEST_PART: Final = 4  # letters of a part of a compound
COMPOUND: Final = 7  # letters of the shortest word that is taken apart
STEM: Final = 0.95  # how sure a word is that was found without its ending ...
PART: Final = 0.75  # ... or that is a part of a longer one
ARTICLE: Final = re.compile(  # Arabic: it is written as one with its noun
    "^(?:[\u0648\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=..)"
)
WORD: Final = re.compile(  # vowel signs are no letters to ``re``, but belong to their words
    "[^\\W_](?:[^\\W_]|[\u0300-\u036f\u0610-\u065f\u0900-\u0963\u0971-\u0d7f'\u2019-])*"
)
_HAN: Final = re.compile("[\u3400-\u9fff]")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")

Icons = Mapping[str, float]


@dataclass(frozen=True)
class Called:
    """A word or phrase of a text, and the icons that it calls for.

    Attributes:
        said: As it stands in the text.
        start: Which word of the text it begins with, or which character where there are no
            blanks.
        length: How many of them it has.
        icons: The icons with weights 0..1.
        surely: How sure it is that this was meant; a phrase is surer than a word.
    """

    said: str
    start: int
    length: int
    icons: Icons
    surely: float

    @property
    def surest(self) -> str:
        """The icon that it calls for most."""
        return max(self.icons, key=lambda slug: self.icons[slug])


@dataclass(frozen=True)
class Tongue:
    """One language's words.

    Attributes:
        language: Its ISO 639 code.
        words: For each word or phrase the icons that it calls for.
        small: Words to pass over.
        articles: Small words that tell the language.
        endings: What a word may end with, the longest first.
        plain: The words by how they are written without accents.
        stems: The words by what is left of them without their endings.
        longest: How many characters the longest has.
    """

    language: str
    words: Mapping[str, Icons]
    small: frozenset[str]
    articles: frozenset[str]
    endings: tuple[str, ...]
    plain: Mapping[str, str]
    stems: Mapping[str, str]
    longest: int


def languages() -> tuple[str, ...]:
    """The languages whose words we know, English not among them."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@lru_cache(maxsize=16)
def tongue(language: str) -> Tongue:
    """A language's words; they are read once.

    Raises:
        ArtworkMissing: They are not where they belong, or damaged.
    """
    path = FOLDER / f"{language}.json"
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        words: dict[str, Icons] = data["words"]
        small, articles = frozenset(data["small"]), frozenset(data["articles"])
        endings = tuple(sorted(data["endings"], key=len, reverse=True))
    except (OSError, ValueError, KeyError) as problem:
        raise ArtworkMissing(path, detail=str(problem)) from problem
    plain: dict[str, str] = {}
    stems: dict[str, str] = {}
    if language not in UNSPACED:
        for word in sorted(words, key=lambda word: -max(words[word].values())):
            plain.setdefault(unaccented(word), word)
            stems.setdefault(stem(word, language, endings), word)
    longest = max(map(len, words), default=0)
    return Tongue(language, words, small, articles, endings, plain, stems, longest)


def called(text: str, language: str) -> list[Called]:
    """The words of a text that call for icons, from left to right; none overlap."""
    known = tongue(language)
    text = unicodedata.normalize("NFC", text)
    if language in UNSPACED:
        return list(_unspaced(text, known))
    if language in ELIDING:
        text = ELISION.sub("", text)
    return list(_spaced(WORD.findall(text), known))


def unaccented(text: str) -> str:
    """Small letters without accents."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.lower()))
    return unicodedata.normalize("NFC", plain)


def stem(phrase: str, language: str, endings: Sequence[str]) -> str:
    """Words without accents and endings, as far as enough is left of each."""
    words = (next(_cut(word, language, endings)) for word in unaccented(phrase).split())
    return " ".join(words)


def _cut(word: str, language: str, endings: Sequence[str]) -> Iterator[str]:
    """A word without its ending, the longest that fits first, and at last as it is."""
    shortest = SHORTEST_STEM.get(language, OTHER_STEMS)
    if language == "ar":
        word = ARTICLE.sub("", word)
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            yield word[: -len(ending)]
    yield word


def _spaced(words: list[str], known: Tongue) -> Iterator[Called]:
    # A text with capitals has one on each noun, and only nouns can be shown.
    capitals = known.language == NOUNS_HAVE_CAPITALS and any(w[0].isupper() for w in words)
    start = 0
    while start < len(words):
        found = None
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            said = " ".join(words[start : start + length])
            if length == 1 and (said.lower() in known.small or (capitals and said[0].islower())):
                continue
            found = _looked_up(said, start, length, known)
            if found:
                yield found
                break
        else:
            if not (capitals and words[start][0].islower()):
                yield from _parts(words[start], start, known)
        start += found.length if found else 1


def _looked_up(said: str, start: int, length: int, known: Tongue) -> Called | None:
    surely = 1.0 + 0.25 * (length - 1)
    key = said.lower()
    if len(key) < (1 if known.language in SHORT_WORDS else SHORTEST_WORD):
        return None
    exact = known.words.get(key)
    declined = known.words.get(_declined(said, known) or "")
    # A plural may be a mere tag of something, and its singular the name of the thing itself.
    if declined and (exact is None or max(declined.values()) > max(exact.values())):
        return Called(said, start, length, declined, STEM * surely)
    return Called(said, start, length, exact, surely) if exact else None


def _declined(said: str, known: Tongue) -> str | None:
    """The word of the index of which this is another form; of several the surest."""
    before, _, last = unaccented(said).rpartition(" ")
    forms = [*_cut(last, known.language, known.endings)]
    found = [known.plain.get(f"{before} {form}".strip()) for form in reversed(forms)]
    found.append(known.stems.get(stem(said, known.language, known.endings)))
    # A short word has to be written as it is: "the" is not "th\u00e9".
    words = [
        word
        for word in found
        if word and (len(word) > SHORTEST_WORD or unaccented(word) == word.lower())
    ]
    return max(words, key=lambda word: max(known.words[word].values()), default=None)


def _parts(word: str, start: int, known: Tongue) -> Iterator[Called]:
    """The longest known end of a compound, which says what it is, and its known beginning."""
    if known.language not in COMPOUNDING or len(word) < COMPOUND:
        return
    small = word.lower()
    for cut in range(1, len(small) - SHORTEST_PART + 1):
        key = _known(small[cut:], known)
        if key:
            yield Called(word, start, 1, known.words[key], PART)
            break
    for end in range(len(small) - 1, SHORTEST_PART - 1, -1):
        key = _known(small[:end], known) or _known(small[:end].removesuffix("s"), known)
        if key:
            yield Called(word[:end], start, 1, known.words[key], PART)
            break


def _known(word: str, known: Tongue) -> str | None:
    """The word of the index that this part is, as it stands or without its ending."""
    if word in known.words:
        return word
    found = _declined(word, known)
    return found if found and len(found) >= SHORTEST_PART else None


def _unspaced(text: str, known: Tongue) -> Iterator[Called]:
    start = 0
    while start < len(text):
        for length in range(min(known.longest, len(text) - start), 0, -1):
            said = text[start : start + length]
            if said.lower() in known.words and _stands_alone(text, start, length):
                surely = 1.0 if length == 1 else 1.1
                yield Called(said, start, length, known.words[said.lower()], surely)
                break
        else:
            length = 1
        start += length


def _stands_alone(text: str, start: int, length: int) -> bool:
    """Whether a single character is a word and no part of one; longer words are ones."""
    if length > 1 or not _HAN.match(text[start]):
        return length > 1
    beside = text[max(0, start - 1) : start] + text[start + 1 : start + 2]
    return not _HAN.search(beside)
