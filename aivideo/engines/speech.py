"""Kokoro, the voice: the protocol, the catalogue, and the network behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from aivideo.errors import Health
from aivideo.progress import Work

RATE = 24_000
"""Samples a second of everything that Kokoro speaks."""


@dataclass(frozen=True)
class Voice:
    """One published voice.

    Attributes:
        id: Such as ``af_heart``.
        name: For people, such as "Heart".
        gender: ``female`` or ``male``.
        language: BCP 47, such as ``en-US``.
        grade: The grade its publisher gives it, A to F.
        missing: Why it cannot speak on this machine; empty when it can.
    """

    id: str
    name: str
    gender: Literal["female", "male"]
    language: str
    grade: str
    missing: str = ""


@dataclass(frozen=True)
class Word:
    """A word as the author wrote it, and when it is heard, in seconds from the start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Speech:
    """Spoken text: mono samples in -1..1 at ``RATE``, shape (n,), and its words in order."""

    samples: NDArray[np.float32]
    words: tuple[Word, ...]


class Speaker(Protocol):
    """Something that speaks text with a voice and knows when each word is heard."""

    @property
    def name(self) -> str:
        """Engine, weights and recipe version: an ingredient of every narration's name."""

    def voices(self) -> Sequence[Voice]:
        """The whole catalogue, best grade first."""

    def prepare(self) -> Work[None]:
        """Make ready what the first word needs: fetch and load weights. Cheap when ready."""

    def speak(self, text: str, voice_id: str, speed: float = 1.0) -> Work[Speech]:
        """Speak the whole text; closing the Work stops within a second."""

    def check(self) -> Health:
        """How the voice is, without loading it."""
