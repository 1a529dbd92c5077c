"""A person's own recording: read through both allow-lists, trimmed, levelled like our voices.

All of it is decided when the file is handed over: what cannot be a narration is refused then,
with its reason, and what is kept needs no second look. Samples are mono at ``RATE``.
"""

from __future__ import annotations

import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.decoding import MUSIC_FORMATS
from aivideo.engines.ffmpeg import in_name
from aivideo.engines.media import as_far_as_it_goes
from aivideo.engines.narration import AFTER, BEFORE, RATE, fade
from aivideo.engines.strangers import reason_against
from aivideo.engines.wav import LOUDEST, LOUDNESS, loudness
from aivideo.errors import (
    RecordingDamaged,
    RecordingNotAudio,
    RecordingSilent,
    RecordingTooLarge,
    RecordingTooLong,
    RecordingTooShort,
)

if TYPE_CHECKING:
    import av
    import av.container

RECIPE: Final = 1
"""Grows when the same file sounds different: trimming, levelling."""
FORMATS: Final = f"{MUSIC_FORMATS},amr,asf,au,caf,w64,wv"
"""Containers that a recording may come in, those of phones included: none that names others."""
TIMED: Final = frozenset({"wav", "w64", "flac", "aiff", "au", "caf", "mov"})
"""Containers that know exactly how long they last; others guess, or do not say."""
_COUNT: Final = re.compile(
    rb"(?:Xing|Info)\x00\x00\x00[\x01\x03\x05\x07\x09\x0b\x0d\x0f](.{4})", re.DOTALL
)
"""What stands in the first packet of an MP3 that says how many follow (Xing's header)."""
FULL, FULL_FROM = 1_152, 32_000
"""Samples of a packet of MP3 from this rate on; at lower ones there are half as many."""
UNTOLD: Final = 0x7FFF0000
"""A length from which on it is said by programs that do not know it."""
_ORDERS: Final[Mapping[bytes, Literal["little", "big"]]] = {b"RIFF": "little", b"FORM": "big"}
LARGEST: Final = 250_000_000
"""Bytes: five minutes of the finest sound that a studio records."""
LONGEST: Final = 300.0
"""Seconds: the longest text of a scene, read slowly, with time to take a breath."""
SHORTEST: Final = 0.25
"""Seconds of speech: a short word."""
LOST: Final = 0.2
"""Seconds that may be missing: the first and last packets of a whole file often are."""
FAINTEST: Final = 0.001
"""The peak, -60 dBFS, from which anything can be heard once it is amplified."""

STEP: Final = RATE // 100
"""Samples of a block in which loudness is measured (10 ms)."""
PAUSE: Final = 0.15
"""Seconds of quiet that are a pause; a "k" or a "p" closes for less."""
EVEN: Final = 6.0
"""Decibels between the loud and the quiet parts of a sound below which it is a hum or a hiss."""
OVER_NOISE: Final = 6.0
"""Decibels above the noise of a room from which it is speech."""
RANGE: Final = (40.0, 20.0)
"""Decibels below speech: quieter than the first is a pause, louder than the second is none."""
SPOKEN: Final = 10
"""Blocks that are at least as loud as speech: the shortest word is as long as these."""
PASSES: Final = 3
"""Times that it is levelled: a knock on the microphone counts until it has been turned down."""
HOLD: Final = 5
"""Blocks of 1 ms before and after a peak in which the sound is turned down."""

Samples = NDArray[np.float32]


def read_recording(path: Path, name: str) -> Samples:
    """The sound of a file from outside.

    Args:
        path: The file.
        name: What the person calls it.

    Raises:
        RecordingTooLarge: It has more than 250 MB.
        RecordingTooLong: It lasts more than five minutes.
        RecordingNotAudio: There is no sound in it of a kind that we read.
        RecordingDamaged: It breaks off, or parts of it cannot be decoded.
        OSError: It cannot be read at all.
    """
    import av

    size = path.stat().st_size
    if size > LARGEST:
        raise RecordingTooLarge(name, size, LARGEST)
    # A WAV is named as one: some tones look like a transport stream to the prober.
    with path.open("rb") as file:
        kind = "wav" if file.read(4) in {b"RIFF", b"RF64"} else None
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    try:
        with av.open(
            in_name(path), format=kind, options=options, metadata_errors="replace"
        ) as container:
            return _sound(container, path, name)
    except (av.FFmpegError, UnicodeError) as problem:
        raise RecordingNotAudio(name, reason_against(path), detail=str(problem)) from problem


def as_narration(samples: Samples, name: str) -> Samples:
    """A recording as a scene tells it: no silence around it, as loud as the spoken scenes.

    Raises:
        RecordingSilent: Nothing is heard in it, or nothing but an even noise.
        RecordingTooShort: Less than a quarter of a second is heard in it.
    """
    samples = samples - np.float32(samples.mean() if len(samples) else 0.0)
    stretches = voiced(samples)
    if not stretches:
        raise RecordingSilent(name)
    heard = sum(end - start for start, end in stretches) / RATE
    if heard < SHORTEST:
        raise RecordingTooShort(name, heard)
    start, end = max(0, stretches[0][0] - BEFORE), stretches[-1][1] + AFTER
    told = samples[start:end].copy()
    fade(told)
    for _ in range(PASSES):
        told = _limited(told * np.float32(LOUDNESS / loudness(told)))
    return told


def voiced(samples: Samples) -> list[tuple[int, int]]:
    """The stretches in which somebody speaks, from and to which sample; pauses part them.

    What counts as quiet depends on how loud the speech and how noisy the room is.
    """
    blocks = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    if not len(blocks) or np.abs(samples).max() < FAINTEST:
        return []
    levels = 10 * np.log10(np.mean(np.square(blocks), axis=1) + 1e-12)
    noise, speech = np.percentile(levels, 5), np.sort(levels)[-SPOKEN:][0]
    if speech - noise < EVEN:
        return []
    quiet = max(speech - RANGE[0], min(noise + OVER_NOISE, speech - RANGE[1]))
    return _louder_than(samples, float(quiet))


def _louder_than(samples: Samples, decibels: float) -> list[tuple[int, int]]:
    with warnings.catch_warnings():
        # It warns about a missing ffmpeg, which samples do not need.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
        from pydub.silence import detect_nonsilent
    peak = float(np.abs(samples).max())
    pcm = np.round(samples / peak * 32_767).astype("<i2")
    sound = AudioSegment(pcm.tobytes(), sample_width=2, frame_rate=RATE, channels=1)
    found = detect_nonsilent(
        sound,
        min_silence_len=round(PAUSE * 1000),
        silence_thresh=decibels - 20 * np.log10(peak),
        seek_step=10,
    )
    return [(start * RATE // 1000, min(end * RATE // 1000, len(samples))) for start, end in found]


def _sound(container: av.container.InputContainer, path: Path, name: str) -> Samples:
    """All samples of the first sound track, mixed to one channel."""
    if not container.streams.audio:
        raise RecordingNotAudio(name, reason_against(path) or "there is no sound in it")
    kinds = set(container.format.name.split(","))
    stream = container.streams.audio[0]
    promised = float((stream.duration or 0) * (stream.time_base or 0)) * _promise(path)
    if promised > LONGEST and TIMED & kinds:
        raise RecordingTooLong(name, LONGEST)
    samples, lost = _decoded(container, stream)
    if not len(samples):
        raise RecordingNotAudio(name, reason_against(path), detail="nothing could be decoded")
    seconds = len(samples) / RATE
    if seconds > LONGEST:
        raise RecordingTooLong(name, LONGEST)
    if "mp3" in kinds:
        promised = _counted(path, stream.rate)
    if "mp3" in kinds or TIMED & kinds:
        lost = max(lost, promised - seconds)
    if lost > LOST:
        raise RecordingDamaged(name, lost)
    return samples


def _counted(path: Path, rate: int) -> float:
    """How many seconds an MP3 says that it has; 0 for one that does not say it."""
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3":  # a title and a picture, maybe; 7 bits of each byte are its length
            high, middle, low, lowest = head[6:]
            file.seek(10 + (high << 21 | middle << 14 | low << 7 | lowest))
        else:
            file.seek(0)
        first = file.read(4096)
    found = _COUNT.search(first)
    packets = int.from_bytes(found[1]) if found else 0
    return packets * (FULL if rate >= FULL_FROM else FULL // 2) / rate


def _promise(path: Path) -> float:
    """How many times longer than it is a file says it is, in the oldest containers."""
    with path.open("rb") as file:
        head = file.read(8)
    order = _ORDERS.get(head[:4])
    said = int.from_bytes(head[4:], order) if order else 0
    return max(1.0, (said + 8) / path.stat().st_size) if said < UNTOLD else 1.0


def _decoded(
    container: av.container.InputContainer, stream: av.AudioStream
) -> tuple[Samples, float]:
    """What can be decoded until it is too long, and how many seconds could not be."""
    lost: list[float] = []
    blocks: list[Samples] = []
    length = 0
    for block in _resampled(_frames(container, stream, lost)):
        blocks.append(block)
        length += len(block)
        if length > LONGEST * RATE:
            break
    whole = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    return np.nan_to_num(whole, posinf=0.0, neginf=0.0), sum(lost)


def _frames(
    container: av.container.InputContainer, stream: av.AudioStream, lost: list[float]
) -> Iterator[av.AudioFrame]:
    """What can be decoded; ``lost`` is told how many seconds each other packet has."""
    import av

    with as_far_as_it_goes():
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                lost.append(float((packet.duration or 0) * (packet.time_base or 0)))


def _resampled(frames: Iterable[av.AudioFrame]) -> Iterator[Samples]:
    """Frames as mono samples at our rate; files put one behind the other may change their kind."""
    import av

    for _, alike in itertools.groupby(
        frames, key=lambda frame: (frame.format.name, frame.layout.name, frame.sample_rate)
    ):
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in itertools.chain(alike, [None]):
            if frame is not None:
                frame.pts = None
            for made in resampler.resample(frame):
                yield made.to_ndarray().ravel().astype(np.float32)


def _limited(samples: Samples) -> Samples:
    """The same without a sample above the ceiling: turned down around peaks, without a step."""
    size = RATE // 1000
    padded = np.pad(samples, (0, -len(samples) % size))
    peaks = np.abs(padded).reshape(-1, size).max(axis=1)
    gains = np.pad(np.minimum(1.0, LOUDEST / np.maximum(peaks, 1e-9)), 2 * HOLD, mode="edge")
    held = np.lib.stride_tricks.sliding_window_view(gains, 2 * HOLD + 1).min(axis=1)
    smooth = np.convolve(held, np.full(2 * HOLD + 1, 1 / (2 * HOLD + 1)), mode="valid")
    places = (np.arange(len(smooth)) + 0.5) * size
    gain = np.interp(np.arange(len(samples)), places, smooth)
    return np.clip(samples * gain, -LOUDEST, LOUDEST).astype(np.float32)
