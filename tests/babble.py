"""Sounds that behave like speech: syllables of their own colour, with pauses where they are put."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from aivideo.engines.narration import RATE
from aivideo.engines.speech import Word

Samples = NDArray[np.float32]


def babble(
    words: Sequence[str], *, pitch: float = 120.0, pace: float = 1.0, stop: float = 0.3
) -> tuple[Samples, tuple[Word, ...]]:
    """Each word as a few syllables that only its letters decide; a stop after a full one.

    Args:
        words: What is "said"; the same word always sounds alike.
        pitch: Hertz of the speaker's voice.
        pace: How many times faster than a quarter of a second for a syllable.
        stop: Seconds of silence after a word with a full stop or a comma.
    """
    pieces, timed, at = [np.zeros(RATE // 20)], [], 0.05
    for number, word in enumerate(words):
        seconds = 0.0
        for letter in [each for each in word if each.isalpha()][::3] or ["x"]:
            # No two speakers hold every syllable equally long.
            length = round((0.16 + 0.01 * (ord(letter) * (number + 3) % 7)) / pace, 3)
            pieces.append(_syllable(letter, length, pitch))
            seconds += length
        timed.append(Word(word, at, at + seconds))
        silence = stop if word[-1] in ".," else 0.0
        pieces.append(np.zeros(round(silence * RATE)))
        at += seconds + silence
    whole = np.concatenate(pieces) + np.random.default_rng(7).normal(0, 1e-4, sum(map(len, pieces)))
    return whole.astype(np.float32), tuple(timed)


@functools.cache
def _syllable(letter: str, seconds: float, pitch: float) -> NDArray[np.float64]:
    """A buzz through two resonances, swelling and fading."""
    time = np.arange(round(seconds * RATE)) / RATE
    place = ord(letter.lower()) * 7 % 26
    formants = (300 + 22 * place, 1000 + 60 * (place * 5 % 26))
    harmonics = np.arange(1, int(3500 / pitch)) * pitch
    weights = sum(np.exp(-(((harmonics - f) / 120) ** 2)) for f in formants) + 0.01
    waves = np.sin(2 * np.pi * harmonics[:, None] * time)
    envelope = np.sin(np.pi * np.clip(time / seconds, 0, 1)) ** 0.5
    return np.asarray(0.1 * envelope * (weights @ waves), np.float64)


def save_as(
    path: Path, samples: Samples, codec: str, *, rate: int = RATE, layout: str = "mono"
) -> Path:
    """Write a sound in any format; the container follows from the file's name."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = RATE
        for each in [frame, None]:
            for made in resampler.resample(each):
                made.pts = None
                container.mux(stream.encode(made))
        container.mux(stream.encode(None))
    return path
