"""Damage in a clip, looked for where a scene would show it, within a second.

A whole stretch of 4K cannot be decoded while a person waits, so a part of it stands for all:
the beginning, the middle and the end of the stretch. The render decodes all of it and has the
last word.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aivideo.engines.media import MediaInfo, as_far_as_it_goes, opened, picture_stream, start_of

if TYPE_CHECKING:
    import av
    import av.container

SAMPLE: Final = 150_000_000
"""Pixels that are decoded: 72 pictures of 1080p, 18 of 4K; measured about half a second."""
FEWEST, MOST = 9, 600
"""Pictures that are decoded of even the largest and the smallest clip."""
SILENT: Final = frozenset({"hevc"})
"""Codecs whose decoder leaves damaged pictures out without a word unless it is made strict."""
PLACES: Final = 3
"""Where in a stretch is looked when not all of it can be."""


def flaws(path: Path, info: MediaInfo, start: float, seconds: float) -> int:
    """How many pictures of a stretch were found that cannot be decoded as they were shot.

    It is remembered for as long as the file stays as it is.

    Args:
        path: A video clip.
        info: What it is.
        start: Where the stretch begins, in seconds.
        seconds: How long it is.

    Raises:
        NotMedia: It cannot be opened as a video.
        PictureTooLarge: Its pictures have too many pixels.
        OSError: It cannot be read at all.
    """
    if info.kind == "still" or info.animation:
        return 0
    fact = path.stat()
    return _found(path, (fact.st_size, fact.st_mtime_ns), info, (start, seconds))


@lru_cache(maxsize=256)
def _found(
    path: Path, _stamp: tuple[int, int], info: MediaInfo, stretch: tuple[float, float]
) -> int:
    start, seconds = stretch
    length = min(seconds, max(0.0, info.duration_seconds - start))
    pictures = min(MOST, max(FEWEST, SAMPLE // (info.width * info.height)))
    places = [0.0]
    if length * info.fps > pictures:
        pictures //= PLACES
        places = [(length - pictures / info.fps) * n / (PLACES - 1) for n in range(PLACES)]
    with opened(path) as container:
        stream = picture_stream(path, container)
        stream.thread_type = "AUTO"
        if info.codec in SILENT:
            stream.codec_context.options = {"err_detect": "explode"}
        begin = start_of(stream) + start
        return sum(
            _flaws_in(container, stream, (begin + place, begin + length), pictures)
            for place in places
        )


def _flaws_in(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    stretch: tuple[float, float],
    pictures: int,
) -> int:
    """Flaws among so many pictures of a stretch, from the key frame before it on."""
    with as_far_as_it_goes():
        container.seek(int(max(stretch[0], 0.0) * 1_000_000))
    packets = itertools.islice(_from_key_frame(container, stream), pictures)
    return sum(_flawed(packet) for packet in _until(stretch[1], packets))


def _from_key_frame(
    container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[av.Packet[av.VideoStream]]:
    """Packets from the first that can be decoded alone; a stream may be entered behind one.

    What is shown before that key frame needs pictures before it, and is no flaw of the clip.
    """
    first: int | None = None
    with as_far_as_it_goes():
        for packet in container.demux(stream):
            if first is None and packet.is_keyframe:
                first = packet.pts or 0
            if first is not None and (packet.pts is None or packet.pts >= first):
                yield packet


def _until(
    seconds: float, packets: Iterable[av.Packet[av.VideoStream]]
) -> Iterator[av.Packet[av.VideoStream]]:
    """Packets up to a time; one by itself that is behind it has a damaged time."""
    behind = 0
    for packet in packets:
        at = float((packet.dts or 0) * (packet.time_base or 1))
        behind = behind + 1 if at >= seconds else 0
        if behind > 1:
            return
        yield packet


def _flawed(packet: av.Packet[av.VideoStream]) -> int:
    import av

    try:
        return sum(frame.is_corrupt for frame in packet.decode())
    except av.FFmpegError:
        return 1
