"""The front end of Mandarin Chinese: misaki's, where the packages it builds on are installed.

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
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.spoken import Said

PACKAGES: Final = {
    "misaki": "misaki",
    "jieba": "jieba",
    "pypinyin": "pypinyin",
    "cn2an": "cn2an",
    "ordered_set": "ordered-set",
}
"""What is imported, and the package that brings it."""

_MARKS: Final = str.maketrans("、。《》「」【】", ",.“”“”“”")
_MARK: Final = frozenset(',.;:!?—…“”()"')
_PARTS: Final = re.compile(
    r"""[,.;:!?—…“”()"]|[A-Za-z' -]*[A-Za-z][A-Za-z']*|[^,.;:!?—…“”()"A-Za-z]+"""
)
_STUMBLES: Final = (AssertionError, LookupError, TypeError, ValueError)


class MandarinFrontEnd:
    """Chinese characters to phonemes with tones; Latin words are left to an English front end.

    Args:
        english: Pronounces Latin words.
        load: Gives what pronounces Chinese text.

    Raises:
        VoiceRuntimeMissing: A package is missing.
    """

    def __init__(
        self,
        english: Callable[[Sequence[Said]], Sequence[Sound]],
        load: Callable[[], Callable[[str], str]] | None = None,
    ) -> None:
        self._english = english
        self._lock = threading.Lock()
        self._pronounce = (load or _load)()

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """The sounds of a text, in order; a word without any is silent.

        Raises:
            SpeechFailed: The front end stumbles over the text.
        """
        with self._lock:
            return [sound for index, word in enumerate(said) for sound in self._word(index, word)]

    def _word(self, index: int, word: Said) -> Iterator[Sound]:
        parts = _PARTS.findall(word.spoken.translate(_MARKS))
        sounds = [phonemes for part in parts if (phonemes := self._part(part))]
        for number, phonemes in enumerate(sounds, 1):
            ends = number == len(sounds) or phonemes in _MARK
            yield Sound(phonemes, index, spaced=ends)

    def _part(self, part: str) -> str:
        if part in _MARK:
            return part
        if part.strip().isascii() and any(character.isalpha() for character in part):
            sounds = self._english((Said(part.strip(), part.strip()),))
            return " ".join(sound.phonemes for sound in sounds if sound.is_heard)
        try:
            phonemes = self._pronounce(part)
        except _STUMBLES as problem:
            raise SpeechFailed(detail=f"{part!r}: {problem!r}") from problem
        return "".join(symbol for symbol in phonemes if symbol in VOCABULARY).strip()


def _load() -> Callable[[str], str]:
    try:
        import jieba
        from misaki.zh import ZHG2P
    except ImportError as problem:
        missing = PACKAGES.get(problem.name or "", "misaki")
        raise VoiceRuntimeMissing(missing, detail=str(problem)) from problem
    jieba.setLogLevel("WARNING")
    pronounce = ZHG2P()
    return lambda text: str(pronounce(text)[0])
