"""The sound's last step: one loudness, and peaks that hold after the encoder had its way."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from oracle import loudness_of

from aivideo.engines import mixing
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.progress import finish

SECONDS = 4.0


@pytest.fixture
def bursts(tmp_path: Path) -> Path:
    """Noise in bursts that start at once: AAC overshoots most on such."""
    chance = np.random.default_rng(7)
    time = np.arange(round(SECONDS * mixing.RATE)) / mixing.RATE
    loud = chance.normal(0, 0.2, time.size) * ((time * 6 % 1) < 0.3)
    samples = np.clip(loud, -1, 1)
    path = tmp_path / "bursts.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(mixing.RATE)
        file.writeframes((np.repeat(samples, 2) * 32767).astype("<i2").tobytes())
    return path


def test_an_encode_that_overshoots_is_made_again_lower(bursts: Path, tmp_path: Path) -> None:
    """What AAC adds to the peaks never gets into a video."""
    ffmpeg, target = FFmpeg(None), tmp_path / "sound.m4a"
    once = tmp_path / "once.m4a"
    finish(ffmpeg.run(mixing.encode_arguments(bursts, 12.0), once))
    assert loudness_of(once)[1] > mixing.TRUE_PEAK, "these bursts no longer overshoot"
    peak = finish(mixing.encode(ffmpeg, bursts, SECONDS, 12.0, target))
    assert peak <= mixing.TRUE_PEAK
    assert loudness_of(target)[1] == pytest.approx(peak, abs=0.1)


def test_an_encode_that_fits_is_left_alone(bursts: Path, tmp_path: Path) -> None:
    """Where nothing overshoots, the first encode is the last."""
    ffmpeg = FFmpeg(None)
    once, target = tmp_path / "once.m4a", tmp_path / "sound.m4a"
    finish(ffmpeg.run(mixing.encode_arguments(bursts, -12.0), once))
    finish(mixing.encode(ffmpeg, bursts, SECONDS, -12.0, target))
    assert target.read_bytes() == once.read_bytes()


def test_a_ceiling_is_told_in_decibels() -> None:
    """-6 dBFS is half the full scale, as the limiter takes it."""
    assert "limit=0.5012:" in mixing.level(0.0, -6.0)


def test_silence_has_no_peak() -> None:
    """A log without a measurement counts as silence."""
    assert mixing.peak_in("nothing") < mixing.SILENCE
