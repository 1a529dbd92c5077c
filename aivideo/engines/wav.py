"""Narration as a file: levelled, written as 16-bit PCM, read back to see that it is whole."""

from __future__ import annotations

import warnings
import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.errors import NarrationUnreadable

LOUDNESS: Final = 0.1
"""The level that speech is brought to: -20 dBFS, root mean square of what is not silence."""
LOUDEST: Final = 0.89
"""No sample goes above -1 dBFS."""
QUIET: Final = 0.1
"""Of the loudest block: a block below that is a pause and does not count."""
BLOCK: Final = 1_200
"""Samples of a block (50 ms)."""


def level(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same speech at one level for every scene and voice, by one gain for the whole of it."""
    loud = loudness(samples)
    peak = float(np.abs(samples).max(initial=0.0))
    if not loud or not peak:
        return samples
    return samples * np.float32(min(LOUDNESS / loud, LOUDEST / peak))


def loudness(samples: NDArray[np.float32]) -> float:
    """How loud speech is: the root mean square of what is not silence; 0 when all of it is."""
    whole = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK)
    blocks = np.sqrt(np.mean(np.square(whole if len(whole) else samples[None]), axis=1))
    speech = blocks[blocks > QUIET * blocks.max(initial=0.0)]
    return float(np.sqrt(np.mean(np.square(speech)))) if len(speech) else 0.0


def save_wav(samples: NDArray[np.float32], rate: int, path: Path) -> None:
    """Write mono samples in -1..1 as 16-bit PCM; a sample beyond is held at the edge."""
    with warnings.catch_warnings():
        # It warns about a missing ffmpeg, which plain WAV does not need.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    pcm = np.round(np.clip(samples, -1, 1) * 32_767).astype("<i2")
    sound = AudioSegment(pcm.tobytes(), sample_width=2, frame_rate=rate, channels=1)
    sound.export(path, format="wav").close()


def read_wav(path: Path) -> NDArray[np.float32]:
    """The samples of a mono WAV file of ours, in -1..1.

    Raises:
        NarrationUnreadable: It is not there, or none of ours.
    """
    try:
        with wave.open(str(path), "rb") as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, EOFError, ValueError, wave.Error) as problem:
        raise NarrationUnreadable(path.name, detail=str(problem)) from problem
    return pcm.astype(np.float32) / np.float32(32_767)


def wav_seconds(path: Path) -> float:
    """How long a WAV file of ours lasts.

    Raises:
        NarrationUnreadable: It is not there, or not whole.
    """
    try:
        with wave.open(str(path), "rb") as file:
            frames = file.getnframes()
            if not frames or len(file.readframes(frames)) != frames * file.getsampwidth():
                raise NarrationUnreadable(path.name, detail="it ends early")
            return frames / file.getframerate()
    except (OSError, EOFError, wave.Error) as problem:
        raise NarrationUnreadable(path.name, detail=str(problem)) from problem
