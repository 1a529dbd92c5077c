"""The sound's way: narration laid at exact samples, music under it, one loudness, one encode.

The gain is constant and found by measuring, and a limiter holds the peaks: unlike loudnorm,
which pumps on speech and costs twenty times as much. All sound between is PCM at ``RATE``.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from aivideo.engines.ffmpeg import FFmpeg, in_name, seconds_of
from aivideo.errors import MusicUnusable, NarrationUnreadable, ProgramFailed
from aivideo.progress import Progress, Work, within

RATE: Final = 48_000
"""Samples a second of every sound that we make."""
LOUDNESS: Final = -14.0
"""LUFS of a finished video."""
CLOSE_ENOUGH: Final = 0.15
"""LU that a measured loudness may be off before the gain is corrected again."""
SILENCE: Final = -60.0
"""Below this many LUFS there is nothing to make louder."""
MOST_GAIN: Final = 30.0
"""Decibels; more would only make noise of the recording."""
MUSIC_BELOW: Final = 9.0
"""LU that music lies below the narration where nobody speaks; ducking takes off more."""
FADE_IN, FADE_OUT = 0.8, 3.0
"""Seconds over which music comes and goes."""
TRUE_PEAK: Final = -1.0
"""dBTP that the encoded sound stays under."""
CEILING: Final = -1.72
"""dBFS to which the limiter holds the samples; AAC adds a little to some of them."""
HEADROOM: Final = 0.2
"""Decibels that the ceiling comes down further than an encode overshot."""
MOST_ENCODES: Final = 3
RECIPE: Final = 2
"""Grows with every change that alters sound, so that what was made before is not used again."""

MUSIC_FORMATS: Final = "mp3,wav,flac,ogg,mov,matroska,aac,aiff"
_BYTES: Final = 4
"""Of one sample: two channels of 16 bit."""


@dataclass(frozen=True)
class Narration:
    """A spoken scene: its file, and how many samples the scene lasts."""

    path: Path
    samples: int


def lay(narrations: Sequence[Narration], target: Path) -> Work[None]:
    """Write all narrations one after the other, each beginning on its scene's first sample.

    Done here and not by a filter graph: two hundred inputs would not fit on a command line.

    Raises:
        NarrationUnreadable: One of the files is no sound.
    """
    with wave.open(str(target), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for number, narration in enumerate(narrations):
            yield Progress(number / len(narrations))
            left = narration.samples * _BYTES
            for block in _resampled(narration.path):
                file.writeframes(block[:left])
                left -= len(block[:left])
            file.writeframes(bytes(left))


def _resampled(path: Path) -> Iterator[bytes]:
    """A WAV file as blocks of stereo PCM at our rate."""
    import av

    with contextlib.ExitStack() as stack:
        try:
            container = stack.enter_context(av.open(str(path), format="wav"))
            resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
            for frame in itertools.chain(container.decode(audio=0), [None]):
                for ready in resampler.resample(frame):
                    yield np.ascontiguousarray(ready.to_ndarray()).tobytes()
        except (av.FFmpegError, IndexError) as problem:
            raise NarrationUnreadable(path.name, detail=str(problem)) from problem


def measure(ffmpeg: FFmpeg, sound: Path, seconds: float, filters: str = "anull") -> Work[float]:
    """The integrated loudness of a WAV file in LUFS, after filters."""
    finished = yield from ffmpeg.run(
        measure_arguments(_wav(sound), filters), read_line=seconds_of(seconds)
    )
    return loudness_in(finished.tail)


def find_gain(ffmpeg: FFmpeg, sound: Path, seconds: float) -> Work[float]:
    """The gain in decibels that brings a WAV file to ``LOUDNESS``, the limiter's share included."""
    heard = yield from within(measure(ffmpeg, sound, seconds), 0.0, 0.25)
    if heard < SILENCE:
        return 0.0
    gain = _bounded(LOUDNESS - heard)
    for start in (0.25, 0.5, 0.75):
        work = measure(ffmpeg, sound, seconds, level(gain))
        after = yield from within(work, start, start + 0.25)
        if abs(LOUDNESS - after) < CLOSE_ENOUGH:
            break
        gain = _bounded(gain + LOUDNESS - after)
    return gain


def add_music(
    ffmpeg: FFmpeg, voices: Path, music: Path, seconds: float, target: Path
) -> Work[None]:
    """Lay music under the narration: looped, quieter while somebody speaks, faded at the end.

    Raises:
        MusicUnusable: It cannot be read as music.
    """
    spoken = yield from within(measure(ffmpeg, voices, seconds), 0.0, 0.3)
    try:
        played = yield from within(_measure_music(ffmpeg, music, seconds), 0.3, 0.6)
        arguments = mix_arguments(
            voices,
            music,
            seconds,
            voice_gain=_bounded(LOUDNESS - spoken) if spoken > SILENCE else 0.0,
            music_gain=_bounded(LOUDNESS - MUSIC_BELOW - played),
        )
        work = ffmpeg.run(arguments, target, read_line=seconds_of(seconds))
        yield from within(work, 0.6, 1.0)
    except ProgramFailed as problem:
        raise MusicUnusable(music.name, detail=problem.detail) from problem


def _measure_music(ffmpeg: FFmpeg, music: Path, seconds: float) -> Work[float]:
    finished = yield from ffmpeg.run(
        measure_arguments(music_input(music, seconds), "anull"), read_line=seconds_of(seconds)
    )
    return loudness_in(finished.tail)


def encode(ffmpeg: FFmpeg, sound: Path, seconds: float, gain: float, target: Path) -> Work[float]:
    """Encode a WAV file as AAC, made louder by the gain and limited; return its true peak.

    What AAC adds to the peaks is only known afterwards: where it is too much, the limiter's
    ceiling comes down and the sound is encoded again.
    """
    ceiling, peak = CEILING, 0.0
    for number in range(MOST_ENCODES):
        start, end = number / MOST_ENCODES, (number + 1) / MOST_ENCODES
        arguments = encode_arguments(sound, gain, ceiling)
        work = ffmpeg.run(arguments, target, read_line=seconds_of(seconds))
        yield from within(work, start, (start + end) / 2)
        peak = yield from within(_measure_peak(ffmpeg, target, seconds), (start + end) / 2, end)
        if peak <= TRUE_PEAK:
            break
        ceiling -= peak - TRUE_PEAK + HEADROOM
    return peak


def _measure_peak(ffmpeg: FFmpeg, encoded: Path, seconds: float) -> Work[float]:
    arguments = measure_arguments(("-i", in_name(encoded)), "anull", meter="ebur128=peak=true")
    finished = yield from ffmpeg.run(arguments, read_line=seconds_of(seconds))
    return peak_in(finished.tail)


def level(gain: float, ceiling: float = CEILING) -> str:
    """A constant gain in decibels, and a limiter (dBFS) that neither pumps nor comes late."""
    limit = 10 ** (ceiling / 20)
    return f"volume={gain:.2f}dB,alimiter=limit={limit:.4f}:level=0:attack=2:release=60:latency=1"


def peak_in(tail: str) -> float:
    """The true peak in dBTP that ebur128 wrote at the end; very low for silence."""
    found = re.findall(r"Peak:\s+(-?[\d.]+) dBFS", tail)
    return float(found[-1]) if found else 2 * SILENCE


def loudness_in(tail: str) -> float:
    """The integrated loudness in LUFS that ebur128 wrote at the end; very low for silence."""
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", tail)
    return float(found[-1]) if found else 2 * SILENCE


# fmt: off
def measure_arguments(
    source: Sequence[str], filters: str, *, meter: str = "ebur128=peak=none"
) -> list[str]:
    """Measure a sound after filters, and write nothing."""
    return [
        "-loglevel", "info",
        *source,
        "-map", "0:a:0",
        # "verbose" keeps the measurement of each moment out of the log; 5.1 knows no "quiet".
        "-af", f"{filters},{meter}:framelog=verbose",
        "-f", "null",
    ]


def encode_arguments(sound: Path, gain: float, ceiling: float = CEILING) -> list[str]:
    """Level a WAV file and encode it as AAC."""
    return [
        "-loglevel", "warning",
        *_wav(sound),
        "-af", level(gain, ceiling),
        "-ar", str(RATE),
        "-c:a", "aac",
        "-b:a", "192k",
        # Noise that the encoder makes up for real noise peaked 4 dB above the limiter (9.0.2).
        "-aac_pns", "0",
        "-map_metadata", "-1",
        "-f", "ipod",
    ]


def music_input(music: Path, seconds: float) -> tuple[str, ...]:
    """Read music from outside, again and again, for so many seconds."""
    return (
        "-protocol_whitelist", "file",
        "-format_whitelist", MUSIC_FORMATS,
        "-stream_loop", "-1",
        "-t", f"{seconds:.3f}",
        # A WAV is named as one: some tones look like a transport stream to the prober.
        *(("-f", "wav") if music.suffix.lower() == ".wav" else ()),
        "-i", in_name(music),
    )


def mix_arguments(
    voices: Path, music: Path, seconds: float, *, voice_gain: float, music_gain: float
) -> list[str]:
    """Narration and music as one WAV of floats, which cannot clip before it is levelled."""
    return [
        "-loglevel", "warning",
        *_wav(voices),
        *music_input(music, seconds),
        "-filter_complex", mix_graph(seconds, voice_gain=voice_gain, music_gain=music_gain),
        "-map", "[mixed]",
        "-c:a", "pcm_f32le",
        "-f", "wav",
    ]


def _wav(path: Path) -> tuple[str, ...]:
    return ("-f", "wav", "-i", in_name(path))
# fmt: on


def mix_graph(seconds: float, *, voice_gain: float, music_gain: float) -> str:
    """The filters that put music (input 1) under the narration (input 0)."""
    fade_out = min(FADE_OUT, seconds / 3)
    return (
        f"[0:a]volume={voice_gain:.2f}dB,asplit[voice][key];"
        f"[1:a]aresample={RATE},aformat=channel_layouts=stereo,volume={music_gain:.2f}dB,"
        f"afade=t=in:d={min(FADE_IN, seconds / 3):.2f},"
        f"afade=t=out:st={seconds - fade_out:.3f}:d={fade_out:.3f}[music];"
        "[music][key]sidechaincompress="
        "threshold=0.01:ratio=8:attack=40:release=500:knee=4:mix=0.86[ducked];"
        "[voice][ducked]amix=inputs=2:duration=first:normalize=0[mixed]"
    )


def _bounded(gain: float) -> float:
    return max(-MOST_GAIN, min(MOST_GAIN, gain))
