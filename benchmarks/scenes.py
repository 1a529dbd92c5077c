"""The scenes of the cut that is measured: which clip, how long, what is said, and its sound."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scenery import KINDS, Kind

WORDS: Final = (
    "Bees", "carry", "pollen", "from", "flower", "to", "flower,", "and", "while", "they", "do,",
    "the", "whole", "meadow", "is", "made", "anew.", "Nobody", "asked", "them,",
)  # fmt: skip
WORD_SECONDS: Final = 0.36
VOICE_RATE: Final = 24_000
VOICED: Final = 0.6
"""How much of a word hums; then it hisses."""
PAUSE: Final = 0.25
"""Seconds after each narration."""
LENGTHS: Final = (5.0, 4.2, 5.6, 4.6, 6.4, 3.4, 5.2, 4.4, 6.0, 4.8)
"""Seconds of narration, scene by scene, over and over."""
IN_POINT: Final = 0.35
"""Seconds; on no frame of most of the clips, as in-points of people are."""
LATER: Final = 0.2
"""Seconds by which a clip begins later each time it is shown again: what is filmed twice alike is
filmed once, and a cut of twenty scenes would cost as much as one of thirteen."""


@dataclass(frozen=True)
class SceneOf:
    """A scene to be: how long its narration is, and which clip it shows from where."""

    seconds: float
    clip: Path
    start: float = IN_POINT

    @property
    def words(self) -> list[dict[str, object]]:
        """The words and when they are heard."""
        count = max(1, int(self.seconds / WORD_SECONDS))
        step = self.seconds / count
        return [
            {"text": WORDS[n % len(WORDS)], "start": n * step, "end": (n + 0.8) * step}
            for n in range(count)
        ]

    @property
    def text(self) -> str:
        """What is said."""
        return " ".join(str(word["text"]) for word in self.words)


def scenes_over(
    footage: Path, count: int, *, stretch: float = 1.0, kinds: Sequence[Kind] = KINDS
) -> list[SceneOf]:
    """So many scenes over kinds of clips in turn.

    Args:
        footage: The folder with a clip of each kind.
        count: How many scenes.
        stretch: How many times the usual lengths they last.
        kinds: The kinds of clips.
    """
    scenes = []
    for number in range(count):
        kind, seconds = kinds[number % len(kinds)], stretch * LENGTHS[number % len(LENGTHS)]
        start, left = IN_POINT + LATER * (number // len(kinds)), kind.seconds - seconds - PAUSE
        # A clip that is long enough for its scene stays so.
        fitting = start % left if left > IN_POINT else start
        scenes.append(SceneOf(seconds, footage / kind.name, round(fitting, 3)))
    return scenes


def write_voice(path: Path, scene: SceneOf, *, pitch: float) -> None:
    """A mono WAV that hums and hisses in the rhythm of the words, with speech's harmonics."""
    time = np.arange(round(scene.seconds * VOICE_RATE)) / VOICE_RATE
    step = scene.seconds / len(scene.words)
    within = time % step / step
    swell = np.sin(np.pi * np.minimum(within / 0.8, 1.0)) ** 0.6
    hum = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, 12))
    hiss = np.random.default_rng(round(pitch)).standard_normal(time.size)
    samples = 0.16 * swell * (hum + 0.3 * hiss * (within > VOICED))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(VOICE_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
