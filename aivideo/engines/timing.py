"""Where the pictures of a clip stand in time, found without decoding any.

A scene and the transitions at its ends are encoded each by itself, from places of the clip that
lie half a transition apart. They show the same pictures only when all of them count from one
picture's exact time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aivideo.engines.media import (
    MediaInfo,
    as_far_as_it_goes,
    opened,
    picture_stream,
    start_of,
)

if TYPE_CHECKING:
    import av
    import av.container

TOLERANCE: Final = 0.001
"""Seconds by which a picture may come before the place asked for: the clock of WebM has 1 ms."""


FAR: Final = 15.0
"""Seconds into a stream without an index from which it pays not to decode from its beginning."""
RUN_UP: Final = 1.0
"""Seconds before a place at which such a stream is entered, since it is found only roughly."""
LONGEST_GROUP: Final = 12.0
"""Seconds before a place within which a key frame is looked for."""


@dataclass(frozen=True)
class Entry:
    """A place in a clip, on ffmpeg's clock.

    That clock counts seconds since the file begins where it can be sought in, since its first
    picture where it cannot.

    Attributes:
        shown: When the first picture from the place on is shown.
        begin: When the first picture of all is shown.
        end: When the last one ends.
    """

    shown: float
    begin: float
    end: float


def find_entry(path: Path, info: MediaInfo, seconds: float) -> Entry:
    """Find the first picture from a place on; the place itself where no picture follows.

    Raises:
        NotMedia: It is no video of a kind that we read.
    """
    with opened(path, decode=not info.seekable) as container:
        stream = picture_stream(path, container)
        base = stream.time_base or Fraction(1)
        pictures = float((stream.start_time or 0) * base)
        file = (container.start_time or 0) / 1_000_000 if info.seekable else pictures
        if info.seekable or seconds > FAR:
            before = 0.0 if info.seekable else RUN_UP
            container.seek(math.floor((file + seconds - before) * 1_000_000))
        shown = _first_from(container, stream, file + seconds - TOLERANCE)
    begin = pictures - file
    return Entry(
        shown=seconds if shown is None else shown - file,
        begin=begin,
        end=begin + info.duration_seconds,
    )


def find_key(path: Path, seconds: float) -> tuple[float, float] | None:
    """Where to enter a stream without an index so that a place in it can be decoded.

    Args:
        path: The file.
        seconds: The place, counted from its first picture.

    Returns:
        The entry as ffmpeg's ``-ss`` counts, and as ``seconds`` does; None where the beginning
        is as good, or no key frame is near.

    Raises:
        NotMedia: It is no video of a kind that we read.
    """
    if seconds <= FAR:
        return None
    with opened(path) as container, as_far_as_it_goes():
        stream = picture_stream(path, container)
        first = start_of(stream)
        found: float | None = None
        container.seek(math.floor((first + seconds - LONGEST_GROUP) * 1_000_000))
        for packet in container.demux(stream):
            shown = float((packet.pts or 0) * (packet.time_base or 1)) - first
            if shown > seconds:
                break
            if packet.is_keyframe and packet.pts is not None:
                found = shown
        if found is not None:
            begin = math.floor((found - RUN_UP) * 1000) / 1000
            return begin + first - (container.start_time or 0) / 1_000_000, begin
    return None


def find_key_from(path: Path, seconds: float, until: float) -> float | None:
    """When the first key picture in a stretch is shown, on the clock of ``Entry``.

    Args:
        path: A file that can be sought in.
        seconds: Where the stretch begins.
        until: Where it ends.

    Returns:
        None when it has none.

    Raises:
        NotMedia: It is no video of a kind that we read.
    """
    with opened(path, decode=False) as container, as_far_as_it_goes():
        stream = picture_stream(path, container)
        file = (container.start_time or 0) / 1_000_000
        container.seek(math.floor((file + seconds) * 1_000_000))
        for packet in container.demux(stream):
            if packet.pts is None or packet.time_base is None or not packet.is_keyframe:
                continue
            shown = float(packet.pts * packet.time_base) - file
            if shown >= seconds - TOLERANCE:
                return shown if shown < until else None
    return None


def _first_from(
    container: av.container.InputContainer, stream: av.VideoStream, seconds: float
) -> float | None:
    """When the first picture from a time on is shown; packets come in the order of decoding."""
    found: float | None = None
    for packet in container.demux(stream):
        if packet.pts is None or packet.time_base is None:
            continue
        shown = float(packet.pts * packet.time_base)
        if shown >= seconds:
            found = shown if found is None else min(found, shown)
        # What is decoded later than this is shown later than this.
        decoded = None if packet.dts is None else float(packet.dts * packet.time_base)
        if found is not None and decoded is not None and decoded >= found:
            break
    return found
