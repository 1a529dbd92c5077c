"""The author's own pronunciations: how a word is said, as phonemes or respelt.

``/kokoʊɹoʊ/`` between slashes is IPA. Anything else is a respelling, read as it is written:
``koh-KOH-roh``, its syllables parted by hyphens and the stressed one in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from aivideo.engines.kokoro import VOCABULARY
from aivideo.engines.phonemes import Pronouncing, Sound
from aivideo.errors import PronunciationInvalid
from aivideo.spoken import Said, words_of

Lexicon = Mapping[str, str]
"""Words as the author writes them, and how each is said."""

MOST_WORDS: Final = 500
LONGEST_WORD: Final = 60
LONGEST_SAID: Final = 120

_IPA: Final = (
    ("\u0361", ""),
    ("\u035c", ""),
    (".", ""),
    ("'", "\u02c8"),
    (":", "\u02d0"),
    ("a\u026a", "I"),
    ("aʊ", "W"),
    ("e\u026a", "A"),
    ("ɔ\u026a", "Y"),
    ("dʒ", "ʤ"),
    ("tʃ", "ʧ"),
    ("r", "ɹ"),
    ("g", "\u0261"),
    ("ɫ", "l"),
    ("ɝ", "ɜɹ"),
)
_AMERICAN: Final = (*_IPA, ("oʊ", "O"), ("əʊ", "O"), ("ɚ", "əɹ"), ("ɾ", "T"), ("\u02d0", ""))
_BRITISH: Final = (*_IPA, ("oʊ", "Q"), ("əʊ", "Q"), ("ɚ", "ə"))
_TABLES: Final = {"a": _AMERICAN, "b": _BRITISH}
_STRESS: Final = "\u02c8ˌ"
_VOWEL: Final = "AIOQWYaeiouyæø\u0251ɐɒɔəɘɛɜ\u026aɨ\u026fʉʊʌᵊᵻ"
_BEFORE_VOWEL: Final = re.compile(f"([{_STRESS}])([^ {_STRESS}{_VOWEL}]*)(?=[{_VOWEL}])")
_PHONEMES: Final = re.compile(r"/(.*)/", re.DOTALL)
_RESPELT: Final = re.compile(r"[^\W\d_]+(?:[-' ][^\W\d_]+)*")
_AROUND: Final = "()[]{}\"'“”\u2018\u2019«».,;:!?…*_"
_HYPHENS: Final = re.compile("[-\u2010\u2011]")
_HISSING: Final = frozenset("szʃʒʧʤ")
_VOICELESS: Final = frozenset("ptkfθ")


def checked(entries: Mapping[str, str]) -> dict[str, str]:
    """The entries without blanks around them, in the order given.

    Raises:
        PronunciationInvalid: A word is none or is given twice, or it cannot be said so.
    """
    if len(entries) > MOST_WORDS:
        raise PronunciationInvalid("", f"there are {len(entries)} words, and {MOST_WORDS} fit")
    tidy = {" ".join(word.split()): " ".join(said.split()) for word, said in entries.items()}
    folded = [_folded(word) for word in tidy]
    for word, said in tidy.items():
        _check_word(word)
        _check_said(word, said)
        if folded.count(_folded(word)) > 1 or len(tidy) < len(entries):
            raise PronunciationInvalid(word, "a word is given twice")
    return tidy


def read_lines(text: str) -> dict[str, str]:
    """Entries that a person wrote one a line: ``Kokoro = koh-KOH-roh``.

    Raises:
        PronunciationInvalid: A line has no "=", or a word is given twice.
    """
    entries: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        word, equals, said = (part.strip() for part in line.partition("="))
        if not equals:
            raise PronunciationInvalid(word, "there is no = between the word and how it is said")
        if word in entries:
            raise PronunciationInvalid(word, "a word is given twice")
        entries[word] = said
    return entries


def as_lines(lexicon: Lexicon) -> str:
    """Entries as a person writes them, one a line."""
    return "\n".join(f"{word} = {said}" for word, said in lexicon.items())


def used(text: str, lexicon: Lexicon) -> dict[str, str]:
    """The entries of those words that stand in a text."""
    if not lexicon:
        return {}
    found = {key for word in words_of(text) for key, *_ in _matches(word, _by_key(lexicon)) if key}
    return {word: said for word, said in lexicon.items() if _folded(word) in found}


class Lexical:
    """A front end that says some words as the author wants.

    Args:
        front_end: Pronounces everything else; and the syllables of what is respelt.
        lexicon: How the author's words are said.
        accent: ``a`` for American, ``b`` for British; another language's letter otherwise.
    """

    def __init__(self, front_end: Pronouncing, lexicon: Lexicon, accent: str) -> None:
        self._front_end = front_end
        self._entries = _by_key(lexicon)
        self._accent = accent

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """The sounds of a text, in order; a word without any is silent."""
        own = {
            index: phonemes
            for index, word in enumerate(said)
            if word.spoken and (phonemes := self._own(word.written))
        }
        by_word = groupby(self._front_end.sounds(said), key=lambda sound: sound.word)
        sounds = {word: list(group) for word, group in by_word}
        for index, phonemes in own.items():
            own_sound = Sound(phonemes, index, spaced=True)
            sounds[index] = list(_replaced(sounds.get(index, []), own_sound))
        return [sound for index in sorted(sounds) for sound in sounds[index]]

    def _own(self, written: str) -> str:
        """How a written word is said; empty when the author says nothing about it."""
        parts = list(_matches(written, self._entries))
        if not any(key for key, *_ in parts):
            return ""
        return "".join(
            _with_ending(self._said(self._entries[key]), ending, self._accent)
            if key
            else self._read(part)
            for key, part, ending in parts
        )

    def _said(self, said: str) -> str:
        phonemes = _PHONEMES.fullmatch(said)
        if phonemes:
            return in_symbols(phonemes[1], self._accent)
        return " ".join(self._respelt(word.split("-")) for word in said.split())

    def _respelt(self, syllables: Sequence[str]) -> str:
        """Syllables as one word; where some are in capitals, those alone are stressed."""
        read = [self._read(syllable.lower()) for syllable in syllables]
        if len(read) == 1 or not any(syllable.isupper() for syllable in syllables):
            return "".join(read)
        plain = ["".join(c for c in phonemes if c not in _STRESS) for phonemes in read]
        pairs = zip(syllables, plain, strict=True)
        return "".join(_stressed(word) if syllable.isupper() else word for syllable, word in pairs)

    def _read(self, text: str) -> str:
        sounds = self._front_end.sounds((Said(text, text),))
        return "".join(sound.phonemes for sound in sounds if sound.is_heard)


def _stressed(phonemes: str) -> str:
    return re.sub(f"(?=[{_VOWEL}])", "\u02c8", phonemes, count=1)


def in_symbols(ipa: str, accent: str) -> str:
    """IPA in Kokoro's symbols, where a stress stands right before its vowel."""
    for theirs, ours in _TABLES.get(accent, _IPA):
        ipa = ipa.replace(theirs, ours)
    return _BEFORE_VOWEL.sub(r"\2\1", ipa.strip())


def _check_word(word: str) -> None:
    if not any(character.isalnum() for character in word) or " " in word:
        raise PronunciationInvalid(word, "it is not one word")
    if len(word) > LONGEST_WORD:
        raise PronunciationInvalid(word, f"the word is longer than {LONGEST_WORD} characters")


def _check_said(word: str, said: str) -> None:
    if len(said) > LONGEST_SAID:
        raise PronunciationInvalid(word, f"it is longer than {LONGEST_SAID} characters")
    if phonemes := _PHONEMES.fullmatch(said):
        symbols = in_symbols(phonemes[1], "a")
        unknown = [symbol for symbol in symbols if symbol not in VOCABULARY]
        if unknown:
            raise PronunciationInvalid(word, f"the voice has no sound for {unknown[0]!r}")
        if not re.search(f"[{_VOWEL}]", symbols):
            raise PronunciationInvalid(word, "there is no vowel between the slashes")
    elif not _RESPELT.fullmatch(said):
        raise PronunciationInvalid(word, f"{said!r} is neither a respelling nor phonemes")


def _by_key(lexicon: Lexicon) -> dict[str, str]:
    return {_folded(word): said for word, said in lexicon.items()}


def _folded(word: str) -> str:
    return word.replace("\u2019", "'").casefold()


def _matches(written: str, entries: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """A written word in the parts that are looked up, each with its entry and its ending.

    Yields:
        The entry's key, or nothing; the part as it is written; ``'s`` or nothing.
    """
    core = written.strip(_AROUND)
    whole = _match(written, entries) if _folded(written) in entries else _match(core, entries)
    if whole[0]:
        yield whole
        return
    for part in _HYPHENS.split(core):
        if part:
            yield _match(part, entries)


def _match(part: str, entries: Mapping[str, str]) -> tuple[str, str, str]:
    folded = _folded(part)
    if folded in entries:
        return folded, part, ""
    base = folded.removesuffix("'s")
    return (base, part, "'s") if base != folded and base in entries else ("", part, "")


def _with_ending(phonemes: str, ending: str, accent: str) -> str:
    """A word with the sound of a possessive, which its last sound decides."""
    if not ending:
        return phonemes
    if phonemes[-1] in _HISSING:
        return f"{phonemes}{'ᵻ' if accent == 'a' else chr(0x26A)}z"
    return phonemes + ("s" if phonemes[-1] in _VOICELESS else "z")


def _replaced(sounds: Sequence[Sound], own: Sound) -> Iterator[Sound]:
    """A word's sounds with one in the place of all that is heard; its marks stay."""
    heard = [place for place, sound in enumerate(sounds) if sound.is_heard]
    if not heard:
        yield own
        yield from sounds
        return
    yield from sounds[: heard[0]]
    yield Sound(own.phonemes, own.word, spaced=sounds[heard[-1]].spaced)
    yield from sounds[heard[-1] + 1 :]
