"""How Japanese is pronounced: read by Open JTalk, where it is installed, and spelt for Kokoro.

Open JTalk tells the reading of every word in katakana. Kokoro's Japanese voices learnt a close
transcription of kana, which the table here follows: palatal consonants are marked, "u" is
fronted after "s" and "ts", "n" is like what follows, and a doubled consonant is a glottal stop.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aivideo.engines.unspaced import Reader
from aivideo.errors import VoiceRuntimeMissing

PACKAGES: Final = {"pyopenjtalk": "pyopenjtalk-plus"}
"""What is imported, and the package that brings it; others of that name have no dictionary."""
DICTIONARY: Final = Path("dictionary", "sys.dic")
"""Inside the package; without it the package would fetch one when it is first used."""

_ROWS: Final = (
    ("アイウエオ", "a i \u026f e o"),
    ("カキクケコ", "ka kʲi k\u026f ke ko"),
    ("ガギグゲゴ", "\u0261a \u0261ʲi \u0261\u026f \u0261e \u0261o"),
    ("サシスセソ", "sa ɕi sɨ se so"),
    ("ザジズゼゾ", "ʣa ʥi zɨ ʣe ʣo"),
    ("タチツテト", "ta ʨi ʦɨ te to"),
    ("ダヂヅデド", "da ʥi zɨ de do"),
    ("ナニヌネノ", "na ɲi n\u026f ne no"),
    ("ハヒフヘホ", "ha çi \u0278\u026f he ho"),
    ("バビブベボ", "ba bʲi b\u026f be bo"),
    ("パピプペポ", "pa pʲi p\u026f pe po"),
    ("マミムメモ", "ma mʲi m\u026f me mo"),
    ("ヤユヨ", "ja j\u026f jo"),
    ("ラリルレロ", "ɾa ɾʲi ɾ\u026f ɾe ɾo"),
    ("ワヰヱヲヴ", "βa i e o v\u026f"),
    ("ァィゥェォ", "a i \u026f e o"),
    ("ャュョヮ", "ja j\u026f jo βa"),
    ("ッー", "\u0294 \u02d0"),
)
_KANA: Final = {
    kana: phonemes
    for row, sounds in _ROWS
    for kana, phonemes in zip(row, sounds.split(), strict=True)
}
_SMALL: Final = {
    "ァ": "a",
    "ィ": "i",
    "ゥ": "\u026f",
    "ェ": "e",
    "ォ": "o",
    "ャ": "a",
    "ュ": "ɨ",
    "ョ": "o",
    "ヮ": "a",
}
"""The vowel that a small kana gives to the one before it."""
_SYLLABIC: Final = "ン"
_LIKE: Final = (("m", "mpb"), ("ŋ", "k\u0261"), ("ɲ", "ɲʨʥ"), ("n", "ntdɾz"))
"""How the syllabic "n" sounds before which consonants; a uvular one elsewhere."""


def is_here() -> bool:
    """Whether Open JTalk is installed with a dictionary; nothing is loaded."""
    found = importlib.util.find_spec("pyopenjtalk")
    folders = found.submodule_search_locations if found else None
    return any((Path(folder) / DICTIONARY).is_file() for folder in folders or ())


def open_reader() -> Reader:
    """Load what gives Japanese text its phonemes.

    Raises:
        VoiceRuntimeMissing: Open JTalk or its dictionary is missing.
    """
    if not is_here():
        raise VoiceRuntimeMissing(PACKAGES["pyopenjtalk"])
    try:
        import pyopenjtalk
    except ImportError as problem:
        raise VoiceRuntimeMissing(PACKAGES["pyopenjtalk"], detail=str(problem)) from problem
    return reading(pyopenjtalk.run_frontend)


def reading(analyse: Callable[[str], Sequence[Mapping[str, Any]]]) -> Reader:
    """A reader around what tells the words of a text, each with its ``pron`` in katakana."""

    def read(text: str) -> str:
        words = (phonemes_of(str(word["pron"])) for word in analyse(text))
        # Nothing parts a doubled consonant from the one that it doubles.
        return " ".join(filter(None, words)).replace("\u0294 ", "\u0294")

    return read


def phonemes_of(katakana: str) -> str:
    """A reading in Kokoro's phonemes; what is no kana is passed over."""
    return "".join(_syllables([kana for kana in katakana if kana in _KANA or kana == _SYLLABIC]))


def _syllables(kana: list[str]) -> Iterator[str]:
    for place, one in enumerate(kana):
        following = kana[place + 1] if place + 1 < len(kana) else ""
        if one in _SMALL and place and _joins(kana[place - 1], one):
            continue
        if one == _SYLLABIC:
            yield _nasal(_KANA.get(following, ""))
        elif following in _SMALL and _joins(one, following):
            yield _joined(one, following)
        else:
            yield _KANA[one]


def _joins(one: str, small: str) -> bool:
    """Whether a kana and the small one after it are one syllable."""
    return one not in _SMALL and one not in {_SYLLABIC, "ッ", "ー"} and small in _SMALL


def _joined(one: str, small: str) -> str:
    """One syllable of two kana: the consonant of the first with the vowel of the second."""
    vowel, consonant = _SMALL[small], _KANA[one][:-1]
    if one == "ウ":
        return f"β{vowel}"
    if one == "イ":
        return f"j{vowel}"
    if one in "クグ" and small not in "ャュョ":
        return f"{consonant}ᵝ{vowel}"
    soft = vowel == "i" or small in "ャュョ"
    is_soft = consonant[-1:] in "ʲɕʥʨɲçj"
    return f"{consonant}{'ʲ' if soft and consonant and not is_soft else ''}{vowel}"


def _nasal(following: str) -> str:
    first = following[:1] or " "
    return next((nasal for nasal, before in _LIKE if first in before), "ɴ")
