"""The front end of languages that are written without blanks, such as Chinese and Japanese.

A written word is what stands between blanks, so often a whole sentence; it is pronounced part
by part, so that the voice pauses at its marks.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from aivideo.engines.kokoro import VOCABULARY
from aivideo.engines.phonemes import Sound
from aivideo.errors import SpeechFailed
from aivideo.spoken import Said

Reader = Callable[[str], str]
"""Text without marks and Latin words -> phonemes, with a blank where one may be cut."""

_MARKS: Final = str.maketrans("、。《》「」『』【】", ",.“”“”“”“”")
_MARK: Final = frozenset(',.;:!?—…“”()"')
_MARKED: Final = r'[;!?—…“”()"]|(?<!\d)[,.:]|[,.:](?!\d)'
_LATIN: Final = r"[A-Za-z' -]*[A-Za-z][A-Za-z']*"
_PARTS: Final = re.compile(rf"{_MARKED}|{_LATIN}|(?:(?!{_MARKED})[^A-Za-z])+")
_INITIALS: Final = re.compile("[A-Z]{1,5}")
_STUMBLES: Final = (AssertionError, LookupError, TypeError, ValueError)


class UnspacedFrontEnd:
    """Characters to phonemes; Latin words are left to an English front end.

    Args:
        english: Pronounces Latin words.
        read: Pronounces everything else; called by one thread at a time.
        initials: Whether ``read`` knows how the language spells initials ("AI").
    """

    def __init__(
        self,
        english: Callable[[Sequence[Said]], Sequence[Sound]],
        read: Reader,
        *,
        initials: bool = False,
    ) -> None:
        self._english = english
        self._lock = threading.Lock()
        self._read = read
        self._initials = initials

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """The sounds of a text, in order; a word without any is silent.

        Raises:
            SpeechFailed: The front end stumbles over the text.
        """
        with self._lock:
            return [sound for index, word in enumerate(said) for sound in self._word(index, word)]

    def _word(self, index: int, word: Said) -> Iterator[Sound]:
        parts = _PARTS.findall(word.spoken.translate(_MARKS))
        runs = [phonemes.split() for part in parts if (phonemes := self._part(part))]
        for number, run in enumerate(runs, 1):
            for place, phonemes in enumerate(run, 1):
                ends = number == len(runs) or phonemes in _MARK
                yield Sound(phonemes, index, spaced=ends or place < len(run))

    def _part(self, part: str) -> str:
        bare = part.strip()
        if part in _MARK:
            return part
        if bare.isascii() and re.search("[A-Za-z]", bare) and not self._spells(bare):
            sounds = self._english((Said(bare, bare),))
            return " ".join(sound.phonemes for sound in sounds if sound.is_heard)
        try:
            phonemes = self._read(part)
        except _STUMBLES as problem:
            raise SpeechFailed(detail=f"{part!r}: {problem!r}") from problem
        return "".join(symbol for symbol in phonemes if symbol in VOCABULARY).strip()

    def _spells(self, latin: str) -> bool:
        return self._initials and _INITIALS.fullmatch(latin) is not None
