"""The sound's way to one track: narration on exact samples, clips' own sound and music under it.

Everything flows in blocks, so hours take no more memory than seconds. Tracks between are raw
floats: nothing clips before the whole is levelled.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from aivideo.engines import decoding, ducking, samples
from aivideo.engines.decoding import Stretch
from aivideo.engines.ducking import Span
from aivideo.engines.ffmpeg import FFmpeg, in_name
from aivideo.engines.loudness import LOUDNESS, SILENCE, bounded, measure, raw_sound
from aivideo.engines.samples import BLOCK, RATE, Samples, ratio
from aivideo.errors import ClipSoundUnreadable, MusicUnusable, NarrationTooLong, ProgramFailed
from aivideo.progress import Progress, Work, within

logger = logging.getLogger(__name__)

MUSIC_BELOW: Final = 9.0
"""LU that music lies below the narration where nobody speaks; ducking takes off more."""
FADE_IN, FADE_OUT = 0.8, 3.0
"""Seconds over which music comes and goes, in a video that is long enough."""
MOST_FADE: Final = 3
"""The part of a shorter video that a fade takes."""
ROUNDING: Final = 16
"""Samples by which resampling may make a narration longer; the last of them are silent."""
RECIPE: Final = 4
"""Grows with every change that alters sound, so that what was made before is not used again."""

_BYTES: Final = 8
"""Of one sample: two channels of 32 bit floats."""


@dataclass(frozen=True)
class Narration:
    """A spoken scene: its file, how many samples the scene lasts, how much louder it is in dB."""

    path: Path
    samples: int
    level_db: float = 0.0


@dataclass(frozen=True)
class OwnSound:
    """What a scene plays of its clip's own sound.

    Attributes:
        path: The clip.
        samples: How many samples the scene lasts.
        level_db: How much louder than it was recorded, in dB.
        pieces: Its stretches, one after the other, each with its samples; silence follows.
        seekable: Whether a place in the clip is found exactly.
    """

    path: Path
    samples: int
    level_db: float
    pieces: tuple[tuple[Stretch, int], ...]
    seekable: bool = True


def lay(narrations: Sequence[Narration], target: Path) -> Work[list[Span]]:
    """Write all narrations one after the other, each beginning on its scene's first sample.

    Each rises and falls within 20 ms, so that none begins or ends with a click.

    Returns:
        Where somebody speaks.

    Raises:
        NarrationUnreadable: One of the files is no sound.
        NarrationTooLong: One lasts longer than its scene, and would have to be cut.
    """
    spans: list[Span] = []
    first = 0
    with target.open("wb") as file:
        for number, narration in enumerate(narrations):
            steps = [np.zeros(0)]
            for block in samples.in_blocks(_voice(narration)):
                yield Progress(number / len(narrations))
                file.write(block.tobytes())
                steps.append(ducking.energies(block))
            spans += ducking.spoken(np.concatenate(steps), first)
            first += narration.samples
    return spans


def _voice(narration: Narration) -> Iterator[Samples]:
    """A narration with its level and its fades, and silence up to its scene's end."""
    left = narration.samples
    for block in samples.faded(decoding.narration(narration.path)):
        if len(block) > left + ROUNDING:
            raise NarrationTooLong(narration.path.name, narration.samples / RATE)
        yield block[: max(0, left)] * np.float32(ratio(narration.level_db))
        left -= len(block)
    yield from samples.silence(left)


def mix(
    ffmpeg: FFmpeg,
    voices: Path,
    spans: Sequence[Span],
    target: Path,
    *,
    clips: Sequence[OwnSound | int] = (),
    music: Path | None = None,
) -> Work[None]:
    """Write narrations, brought to one loudness, with clips' own sounds and music under them.

    Args:
        ffmpeg: The program.
        voices: The narrations as ``lay`` wrote them.
        spans: Where somebody speaks.
        target: What is written.
        clips: What each scene plays of its clip, or how many samples it plays nothing of it.
        music: A sound file.

    Raises:
        MusicUnusable: The music cannot be played.
    """
    length = voices.stat().st_size // _BYTES
    gain = yield from within(_spoken_gain(ffmpeg, voices, length / RATE), 0.0, 0.25)
    under = [own_sounds(clips, gain)] if clips else []
    if music is not None:
        played = yield from within(_music_gain(ffmpeg, music, length / RATE), 0.25, 0.5)
        under.append(ducked(music, played, spans, length))
    layers = [samples.in_blocks(each) for each in under]
    factor, done = np.float32(ratio(gain)), 0
    with target.open("wb") as file:
        for block, *others in zip(_read(voices), *layers, strict=True):
            file.write(sum(others, start=block * factor).tobytes())
            done += len(block)
            yield Progress(0.5 + done / length / 2)


def _spoken_gain(ffmpeg: FFmpeg, voices: Path, seconds: float) -> Work[float]:
    """The gain in decibels that brings narrations to ``LOUDNESS``; 0 when nobody speaks."""
    heard = yield from measure(ffmpeg, raw_sound(voices), seconds)
    return bounded(LOUDNESS - heard) if heard > SILENCE else 0.0


def _music_gain(ffmpeg: FFmpeg, music: Path, seconds: float) -> Work[float]:
    """The gain in decibels that brings music to where it lies while nobody speaks."""
    try:
        played = yield from measure(ffmpeg, music_input(music, seconds), seconds)
    except ProgramFailed as problem:
        raise MusicUnusable(music.name, detail=problem.detail) from problem
    return bounded(LOUDNESS - MUSIC_BELOW - played) if played > SILENCE else 0.0


def _read(track: Path) -> Iterator[Samples]:
    with track.open("rb") as file:
        while data := file.read(BLOCK * _BYTES):
            yield np.frombuffer(data, np.float32).reshape(-1, 2)


def ducked(music: Path, gain: float, spans: Sequence[Span], length: int) -> Iterator[Samples]:
    """Music under so many samples of video: looped, lower while somebody speaks, faded at the ends.

    Args:
        music: The file.
        gain: How much louder it gets, in dB.
        spans: Where somebody speaks.
        length: How many samples the video lasts.

    Raises:
        MusicUnusable: It cannot be played.
    """
    shortest = length / RATE / MOST_FADE
    curve = ducking.faded(
        ducking.curve(spans, length),
        length,
        rise=min(FADE_IN, shortest),
        fall=min(FADE_OUT, shortest),
    )
    place = 0
    for block in samples.in_blocks(samples.at_most(decoding.music(music), length)):
        yield block * ducking.at(curve, place, len(block)) * np.float32(ratio(gain))
        place += len(block)


def own_sounds(sounds: Sequence[OwnSound | int], gain: float) -> Iterator[Samples]:
    """The clips' own sounds, scene by scene.

    What cannot be read on the way is silent: a render does not stop for it.

    Args:
        sounds: What each scene plays, or how many samples it is silent.
        gain: How much louder they get, in dB, beside the level of each.
    """
    for sound in sounds:
        if isinstance(sound, int):
            yield from samples.silence(sound)
        else:
            factor = np.float32(ratio(gain + sound.level_db))
            for block in samples.exactly(_pieces(sound), sound.samples):
                yield block * factor


def _pieces(sound: OwnSound) -> Iterator[Samples]:
    for stretch, length in sound.pieces:
        heard = _as_far_as_it_goes(decoding.clip(sound.path, stretch, seekable=sound.seekable))
        faded = samples.faded(samples.at_most(heard, length))
        yield from samples.exactly(faded, length)


def _as_far_as_it_goes(sound: Iterator[Samples]) -> Iterator[Samples]:
    try:
        yield from sound
    except ClipSoundUnreadable as problem:
        logger.info("%s %s", problem.message, problem.detail)


# fmt: off
def music_input(music: Path, seconds: float) -> tuple[str, ...]:
    """Read music from outside, again and again, for so many seconds."""
    return (
        "-protocol_whitelist", "file",
        "-format_whitelist", decoding.MUSIC_FORMATS,
        "-stream_loop", "-1",
        "-t", f"{seconds:.3f}",
        # A WAV is named as one: some tones look like a transport stream to the prober.
        *(("-f", "wav") if music.suffix.lower() == ".wav" else ()),
        "-i", in_name(music),
    )
# fmt: on
