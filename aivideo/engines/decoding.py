"""Files as streams of samples: narrations of ours, music and clips from outside.

Files from outside are opened with both allow-lists, protocols and containers, as pictures are.
Samples lie where the file's own times say: what begins late is preceded by silence, a hole in
the middle stays a hole, and a packet that cannot be decoded leaves one.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from aivideo.engines.ffmpeg import in_name
from aivideo.engines.media import OWN_FILE, opened, picture_stream
from aivideo.engines.samples import BLOCK, RATE, Samples, silence
from aivideo.engines.timing import FAR
from aivideo.errors import ClipSoundUnreadable, MusicUnusable, NarrationUnreadable, NotMedia

if TYPE_CHECKING:
    import av
    import av.container
    import av.filter

MUSIC_FORMATS: Final = "mp3,wav,flac,ogg,mov,matroska,aac,aiff"
"""Containers that music may come in: none that names other files."""
HOLE: Final = 0.05
"""Seconds that may be missing, or too much, before the times are believed instead."""
RUN_UP: Final = 1.0
"""Seconds before a place at which reading begins: containers interleave loosely, and codecs
need a few packets until they sound right."""
ROUGHLY: Final = 4.0
"""The same in a stream without an index, where sound may lie seconds from its pictures."""
SLOWEST_STEP: Final = 0.5
"""The slowest tempo of one ``atempo`` filter; slower takes two."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a clip's own sound.

    Attributes:
        start: When it begins, on the clock of the clip's pictures (see ``timing.Entry``).
        slower: How many times longer than it was recorded it lasts; its pitch stays.
    """

    start: float = 0.0
    slower: float = 1.0


def narration(path: Path) -> Iterator[Samples]:
    """A WAV file of ours.

    Raises:
        NarrationUnreadable: It is no sound.
    """
    import av

    try:
        yield from _own(path, "wav")
    except (av.FFmpegError, IndexError) as problem:
        raise NarrationUnreadable(path.name, detail=str(problem)) from problem


def metered(encoded: Path) -> Iterator[tuple[Samples, float | None]]:
    """An encoded sound of ours, each block with the loudness of all up to it in LUFS.

    None until there is enough to be measured.
    """
    import av

    with av.open(in_name(encoded), format="mov", options=OWN_FILE) as container:
        frames = _frames(container, container.streams.audio[0])
        for frame in _pushed(frames, ("ebur128", "metadata=1:framelog=verbose")):
            measured = frame.metadata.get("lavfi.r128.I")
            yield _block(frame), None if measured is None else float(measured)


def _own(path: Path, kind: str) -> Iterator[Samples]:
    import av

    with av.open(in_name(path), format=kind, options=OWN_FILE) as container:
        yield from _filtered(_frames(container, container.streams.audio[0]), 1.0)


def music(path: Path) -> Iterator[Samples]:
    """Music from outside, again and again without end.

    Raises:
        MusicUnusable: There is nothing to hear in it.
    """
    import av

    # A WAV is named as one: some tones look like a transport stream to the prober.
    kind = "wav" if path.suffix.lower() == ".wav" else None
    options = {"protocol_whitelist": "file", "format_whitelist": MUSIC_FORMATS}
    heard = True
    while heard:
        heard = False
        try:
            with av.open(in_name(path), format=kind, options=options) as container:
                for block in _filtered(_frames(container, container.streams.audio[0]), 1.0):
                    heard = heard or len(block) > 0
                    yield block
        except (av.FFmpegError, IndexError, UnicodeError) as problem:
            raise MusicUnusable(path.name, detail=str(problem)) from problem
    raise MusicUnusable(path.name, detail="no sound could be decoded")


def clip(path: Path, stretch: Stretch, *, seekable: bool = True) -> Iterator[Samples]:
    """A clip's own sound from a place on; nothing where there is none.

    Of several tracks it is the one that the file calls the default, or else the first.

    Args:
        path: The file.
        stretch: Where it begins, and how much slower it runs.
        seekable: Whether a place in it is found exactly; one without an index is entered well
            before the place, or read from its beginning.

    Raises:
        ClipSoundUnreadable: It has sound that cannot be read.
    """
    try:
        with opened(path) as container:
            stream = _default_track(container)
            if stream is None:
                return
            zero = stretch.start + _clock(path, container, seekable=seekable)
            frames = _entered(container, stream, zero, stretch.start, seekable=seekable)
            yield from _laid(frames, stretch, zero)
    except (NotMedia, ValueError, IndexError) as problem:
        # PyAV stumbles over streams that turn up in a damaged transport stream.
        detail = problem.detail if isinstance(problem, NotMedia) else str(problem)
        raise ClipSoundUnreadable(path.name, detail=detail) from problem


def _entered(
    container: av.container.InputContainer,
    stream: av.AudioStream,
    zero: float,
    start: float,
    *,
    seekable: bool,
) -> Iterator[av.AudioFrame]:
    """A track's frames from somewhere before a time of the container, ``start`` seconds into it.

    Where there is no index, a place is found by guessing where in the file it might be. Frames
    say when they are heard, so that any place before will do; after one that lies behind, as
    where clocks begin anew in the middle, the track is read from its beginning.
    """
    before = RUN_UP if seekable else ROUGHLY
    if start <= (before if seekable else FAR):
        return _frames(container, stream)
    container.seek(round((zero - before) * 1_000_000))
    frames = _frames(container, stream)
    if seekable:
        return frames
    first = next(frames, None)
    if first is not None and first.time is not None and zero - FAR <= first.time <= zero:
        return itertools.chain([first], frames)
    container.seek(container.start_time or 0)
    return _frames(container, stream)


def _default_track(container: av.container.InputContainer) -> av.AudioStream | None:
    from av.stream import Disposition

    tracks = container.streams.audio
    chosen = (track for track in tracks if track.disposition & Disposition.default)
    return next(chosen, tracks[0] if tracks else None)


def _clock(path: Path, container: av.container.InputContainer, *, seekable: bool) -> float:
    """The container's time at which the clock of its pictures is at 0, as ``Entry`` says."""
    if seekable:
        return (container.start_time or 0) / 1_000_000
    pictures = picture_stream(path, container)
    return float((pictures.start_time or 0) * (pictures.time_base or 0))


def _laid(frames: Iterable[av.AudioFrame], stretch: Stretch, zero: float) -> Iterator[Samples]:
    """A track's samples from a time of the container on, each where its time says."""
    scale = stretch.slower * RATE
    for run, members in itertools.groupby(_timed(frames, zero), key=lambda timed: timed[0]):
        yield from silence(round(max(0.0, run.gap) * scale))
        sound = _filtered((frame for _, frame in members), stretch.slower)
        yield from _without(sound, round(max(0.0, -run.gap) * scale))


@dataclass(frozen=True)
class _Run:
    """Frames that follow each other and are alike: which run, and how long after the one before.

    A negative ``gap`` says how much of its beginning lies before the place that is wanted.
    """

    number: int
    gap: float
    kind: tuple[str, str, int]


def _frames(
    container: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[av.AudioFrame]:
    """What can be decoded of a track; damaged packets are passed over.

    Raises:
        av.FFmpegError: Nothing could be.
    """
    import av

    decoded, problem = False, None
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError as failure:
            problem = failure
            continue
        for frame in frames:
            decoded = True
            yield frame
    if problem is not None and not decoded:
        raise problem


def _timed(frames: Iterable[av.AudioFrame], zero: float) -> Iterator[tuple[_Run, av.AudioFrame]]:
    """The frames from a time on, each with the run that it belongs to.

    Time is counted in samples and compared with what the frames say, so that neither jitter
    makes holes nor a clock that drifts goes unnoticed.
    """
    run, place = None, zero
    for frame in frames:
        begins = place if frame.time is None else frame.time
        gap = begins - place
        length = frame.samples / frame.sample_rate
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if (run is None and gap + length <= 0) or (run is not None and gap < -HOLE):
            continue
        if run is None or gap > HOLE or kind != run.kind:
            run = _Run(
                run.number + 1 if run else 0, gap if run is None or gap > HOLE else 0.0, kind
            )
            place += run.gap
        place += length
        yield run, frame


def _without(stream: Iterable[Samples], samples: int) -> Iterator[Samples]:
    """A stream without its beginning."""
    for block in stream:
        yield block[samples:]
        samples = max(0, samples - len(block))


def _filtered(frames: Iterable[av.AudioFrame], slower: float) -> Iterator[Samples]:
    """Frames of one kind as blocks of ours: mixed to two channels, resampled, slowed down."""
    steps = math.ceil(math.log(slower, 1 / SLOWEST_STEP) - 1e-9) if slower > 1 else 0
    tempo = [("atempo", f"{slower ** (-1 / max(1, steps)):.6f}")] * steps
    # Large blocks: what is done to each of them costs the same for any size.
    for frame in _pushed(frames, *tempo, ("asetnsamples", f"n={BLOCK}:p=0")):
        yield _block(frame)


def _block(frame: av.AudioFrame) -> Samples:
    block: Samples = frame.to_ndarray().reshape(-1, 2).astype(np.float32, copy=False)
    return block


def _pushed(frames: Iterable[av.AudioFrame], *filters: tuple[str, str]) -> Iterator[av.AudioFrame]:
    """What comes of frames of one kind at our rate, in two channels, through filters."""
    graph: av.filter.Graph | None = None
    for frame in frames:
        graph = graph or _graph(frame, filters)
        frame.pts = None
        graph.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.push(None)
        yield from _pulled(graph)


def _graph(frame: av.AudioFrame, filters: Iterable[tuple[str, str]]) -> av.filter.Graph:
    import av.filter

    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=frame.sample_rate,
        format=frame.format.name,
        layout=frame.layout.name,
        time_base=Fraction(1, frame.sample_rate),
    )
    form = f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=stereo"
    nodes = [graph.add(name, options) for name, options in (("aformat", form), *filters)]
    graph.link_nodes(source, *nodes, graph.add("abuffersink")).configure()
    return graph


def _pulled(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    """What a graph has ready."""
    import av

    with contextlib.suppress(av.BlockingIOError, av.EOFError):
        while True:
            frame = graph.pull()
            if isinstance(frame, av.AudioFrame):
                yield frame
