"""The voice's second front end: eSpeak NG, where the official one cannot be installed.

eSpeak speaks IPA, Kokoro its own dialect of it; a table translates. eSpeak also melts small
words into one ("of the", "to be"), so which sound is whose is found out by comparing a clause
with what its words sound like alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Final

from aivideo.engines.kokoro import VOCABULARY
from aivideo.engines.phonemes import Sound
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.spoken import Said
from aivideo.spoken.figures import written_out

Reader = Callable[[str], str]
"""Text without marks -> IPA with a blank between words and U+0361 inside one phoneme."""

VOICES: Final = {
    "a": "en-us",
    "b": "en-gb-x-rp",
    "e": "es",
    "f": "fr-fr",
    "h": "hi",
    "i": "it",
    "p": "pt-br",
}
"""eSpeak's voice for each accent or language; its plain British says "bath" as in the north."""

_IPA: Final = (
    ("\u0294ˌn\u0329", "tn"),
    ("\u0294n\u0329", "tn"),
    ("a\u0361\u026a", "I"),
    ("a\u0361ʊ", "W"),
    ("e\u0361\u026a", "A"),
    ("o\u0361ʊ", "O"),
    ("ə\u0361ʊ", "Q"),
    ("ɔ\u0361\u026a", "Y"),
    ("d\u0361ʒ", "ʤ"),
    ("t\u0361ʃ", "ʧ"),
    ("ə\u0361l", "ᵊl"),
    ("n\u0329", "ᵊn"),
    ("l\u0329", "ᵊl"),
    ("m\u0329", "ᵊm"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɬ", "l"),
    ("ʲ", ""),
    ("\u0303", ""),
)
_AMERICAN: Final = (
    *_IPA,
    ("\u0361", ""),
    ("ɚɹ", "əɹ"),
    ("ɚ", "əɹ"),
    ("ɜ\u02d0ɹ", "ɜɹ"),
    ("ɜ\u02d0", "ɜɹ"),
    ("\u026aə", "iə"),
    ("ɾ", "T"),
    ("\u0294", "t"),
    ("\u02d0", ""),
    ("e", "ɛ"),
    ("o", "ɔ"),
)
_BRITISH: Final = (
    *_IPA,
    ("e\u0361ə", "ɛ\u02d0"),
    ("i\u0361ə", "\u026aə"),
    ("\u0361", ""),
    ("ɚ", "ə"),
    ("ɾ", "t"),
    ("\u0294", "t"),
    ("æ", "a"),
    ("e", "ɛ"),
    ("o", "ɔ"),
)
_FOREIGN: Final = (
    ("a\u0361\u026a", "I"),
    ("a\u0361ʊ", "W"),
    ("e\u0361\u026a", "A"),
    ("o\u0361ʊ", "O"),
    ("ə\u0361ʊ", "Q"),
    ("ɔ\u0361\u026a", "Y"),
    ("d\u0361ʒ", "ʤ"),
    ("d\u0361z", "ʣ"),
    ("t\u0361ʃ", "ʧ"),
    ("t\u0361s", "ʦ"),
    ("\u0361", ""),
)
"""Other languages keep eSpeak's symbols, as their voices learnt them; only pairs become one."""
_TABLES: Final = {"a": _AMERICAN, "b": _BRITISH}
_SWITCH: Final = re.compile(r"\([a-z\u0361-]{2,}\)")
"""Where eSpeak tells that it reads a word as one of another language, tied like any phonemes."""
_STOPS: Final = str.maketrans({"\u0964": ".", "\u0965": ".", "\u00bf": "", "\u00a1": ""})
"""Marks of other languages as the voice knows them."""

_BREAKS: Final = frozenset(";:,.!?—…")
_MARK: Final = r'[;:,!?—…()"“”]|(?<!\w)\.|\.(?!\w)'
_TOKEN: Final = re.compile(rf"{_MARK}|(?:(?!{_MARK})\S)+")
_DASH: Final = re.compile("\u2013|--+")
_OPENING: Final = re.compile(r'(?<!\S)"|(?<=\()"')
_SIGNS: Final = frozenset("&+@%€$£")
"""What eSpeak has a word for although it is no letter."""
_SHORTENED: Final = re.compile(r"Dr|Mrs?|Ms|[A-Z]")
_UNIT: Final = re.compile("[ˈˌ]*[^ˈˌ\u02d0]\u02d0?")
_MARKS: Final = "ˈˌ\u02d0"
_VOWELS: Final = frozenset("AIOQWYaeiouæ\u0251ɐɒɔəɛɜ\u026aʊʌᵊᵻ")
_BREATH: Final = 40
"""Words that are read at once; fitting sounds to words grows with the square."""
_STUMBLES: Final = (RuntimeError, ValueError)


@dataclass(frozen=True)
class _Token:
    """A word to pronounce or a mark, and the written word that it is of."""

    text: str
    word: int
    spaced: bool

    @property
    def is_mark(self) -> bool:
        return re.fullmatch(_MARK, self.text) is not None

    @property
    def has_sound(self) -> bool:
        return any(c.isalnum() or c in _SIGNS for c in self.text)


def translated(ipa: str, accent: str) -> str:
    """IPA in Kokoro's symbols; what Kokoro has no symbol for is dropped."""
    for theirs, ours in _TABLES.get(accent, _FOREIGN):
        ipa = ipa.replace(theirs, ours)
    return "".join(symbol for symbol in ipa if symbol in VOCABULARY)


def _as_official(word: str, accent: str) -> str:
    """A word's phonemes with the endings and weak vowels that the official front end gives."""
    if accent not in _TABLES:
        return word
    if accent == "b":
        word = re.sub("(?<=\\w)\u026a$", "i", word)  # "city"
        word = re.sub(r"^(w[ˈˌ]?)ɒ(?=ns?$)", r"\1ʌ", word)  # "one", "once"
    return word if len(word) <= len("ɐn") else word.replace("ɐ", "ə")  # it is for "a" and "an"


class EspeakFrontEnd:
    """Spelling to phonemes through eSpeak NG, in one accent of English or another language.

    eSpeak is a C library with a state, so one text is read at a time.

    Args:
        accent: A key of ``VOICES``: ``a`` for American, ``b`` for British, ``f`` for French.
        load: Gives what reads, for the name of one of eSpeak's voices.

    Raises:
        VoiceRuntimeMissing: eSpeak or its wrapper is missing or broken.
    """

    def __init__(self, accent: str, load: Callable[[str], Reader] | None = None) -> None:
        self._accent = accent
        self._lock = threading.Lock()
        self._read = (load or _load)(VOICES[accent])

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """The sounds of a text, in order; a word without any is silent.

        Raises:
            SpeechFailed: eSpeak stumbles over the text.
        """
        sounds: list[Sound] = []
        try:
            with self._lock:
                for clause in _clauses(_tokens(self._spelt(said))):
                    sounds.extend(self._clause(clause))
        except _STUMBLES as problem:
            text = " ".join(word.spoken for word in said)
            raise SpeechFailed(detail=f"{text!r}: {problem!r}") from problem
        return sounds

    def _spelt(self, said: Sequence[Said]) -> list[str]:
        """What is read of each word; eSpeak reads figures well but in English."""
        spoken = [word.spoken for word in said]
        if self._accent in _TABLES:
            return written_out(spoken)
        return [word.translate(_STOPS) for word in spoken]

    def _clause(self, clause: Sequence[_Token]) -> Iterator[Sound]:
        """The sounds of some words that are read in one breath, and of the marks among them."""
        pronounced = iter(self._words([token.text for token in clause if not token.is_mark]))
        for token in clause:
            parts = [token.text] if token.is_mark else next(pronounced)
            for number, part in enumerate(parts, 1):
                yield Sound(part, token.word, spaced=token.spaced or number < len(parts))

    def _words(self, words: Sequence[str]) -> list[list[str]]:
        """What each word sounds like where it stands; most have one part, "iPhone" has two."""
        sounds: list[list[str]] = [[] for _ in words]
        for start in range(0, len(words), _BREATH):
            breath = words[start : start + _BREATH]
            alone = [self._units(word) for word in breath]
            owned = _owned(self._units(" ".join(breath)), alone)
            for (_, owner), units in groupby(owned, key=itemgetter(0, 1)):
                part = "".join(unit for *_, unit in units)
                sounds[start + owner].append(_as_official(part, self._accent))
        return sounds

    def _units(self, text: str) -> list[str]:
        """Phonemes with their marks of stress and length, and a blank between words."""
        ipa = _SWITCH.sub("", self._read(text))
        words = (translated(word, self._accent) for word in ipa.split())
        return _UNIT.findall(" ".join(word for word in words if word))


def _tokens(spelt: Sequence[str]) -> list[_Token]:
    tokens: list[_Token] = []
    for index, text in enumerate(spelt):
        marked = _OPENING.sub("“", _DASH.sub("—", text)).replace('"', "”")
        for found in _TOKEN.finditer(marked):
            ends_word = marked[found.end() : found.end() + 1].strip() == ""
            tokens.append(_Token(found[0], index, spaced=ends_word))
    heard = [token for token in tokens if token.is_mark or token.has_sound]
    return _without_false_stops(heard)


def _without_false_stops(tokens: Sequence[_Token]) -> list[_Token]:
    """Without the full stop of a shortened word ("Dr.") that something follows."""
    kept: list[_Token] = []
    for number, token in enumerate(tokens, 1):
        follows = tokens[number].text if number < len(tokens) else ""
        if kept and token.text == "." and follows and _is_shortened(kept[-1].text, follows):
            kept[-1] = replace(kept[-1], spaced=token.spaced)
        else:
            kept.append(token)
    return kept


def _is_shortened(word: str, follows: str) -> bool:
    return bool(_SHORTENED.fullmatch(word)) or ("." in word[:-1] and follows[0].islower())


def _clauses(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """What is read in one breath: up to and with each mark that makes one pause."""
    clause: list[_Token] = []
    for token in tokens:
        clause.append(token)
        if token.text in _BREAKS:
            yield clause
            clause = []
    yield clause


def _owned(units: Sequence[str], alone: Sequence[Sequence[str]]) -> list[tuple[int, int, str]]:
    """Whose each unit of a text is, from what its words sound like alone.

    Returns:
        For each unit that is no blank: how many blanks are before it, its word, and itself.
    """
    source = [(index, unit) for index, word in enumerate(alone) for unit in (*word, " ")][:-1]
    owners = _aligned([unit for _, unit in source], units)
    owned: list[tuple[int, int, str]] = []
    blanks = 0
    for unit, place in zip(units, owners, strict=True):
        if unit == " ":
            blanks += 1
        else:
            owned.append((blanks, source[place][0], unit))
    return owned


def _aligned(one: Sequence[str], other: Sequence[str]) -> list[int]:
    """For each place in the other sequence the place in the first that fits, at the least cost."""
    costs = [[float(column) for column in range(len(other) + 1)]]
    for row, unit in enumerate(one, 1):
        above, costs_here = costs[-1], [float(row)]
        for column, heard in enumerate(other, 1):
            costs_here.append(
                min(
                    above[column - 1] + _difference(unit, heard),
                    above[column] + 1,
                    costs_here[-1] + 1,
                )
            )
        costs.append(costs_here)
    return _traced(costs, one, other)


def _traced(costs: list[list[float]], one: Sequence[str], other: Sequence[str]) -> list[int]:
    places = [0] * len(other)
    row, column = len(one), len(other)
    while column:
        places[column - 1] = max(0, row - 1)
        cost = costs[row][column]
        here = row and cost == costs[row - 1][column - 1] + _difference(
            one[row - 1], other[column - 1]
        )
        if here:
            row, column = row - 1, column - 1
        elif row and cost == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
    return places


def _difference(unit: str, heard: str) -> float:
    """How badly two units fit: vowels change with stress, a blank is nothing else."""
    one, other = unit.strip(_MARKS), heard.strip(_MARKS)
    if one == other:
        return 0.0
    if " " in {unit, heard}:
        return 3.0
    return 0.5 if (one in _VOWELS) == (other in _VOWELS) else 1.5


def _load(voice: str) -> Reader:
    try:
        import espeakng_loader
        from phonemizer.backend.espeak.wrapper import EspeakWrapper
    except ImportError as problem:
        missing = "espeakng-loader" if problem.name == "espeakng_loader" else "phonemizer-fork"
        raise VoiceRuntimeMissing(missing, detail=str(problem)) from problem
    try:
        EspeakWrapper.set_library(espeakng_loader.get_library_path())
        EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
        reader = EspeakWrapper()
        reader.set_voice(voice)
    except (OSError, RuntimeError) as problem:
        raise VoiceRuntimeMissing("espeakng-loader", detail=str(problem)) from problem
    return lambda text: str(reader.text_to_phonemes(text, tie=True))
