"""Looking over a finished video before anybody sees it, without decoding a picture."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.filters import Canvas
from aivideo.engines.media import OWN_FILE

if TYPE_CHECKING:
    import av.container

BT709: Final = 1
LIMITED_RANGE: Final = 1
SOUND_RATE: Final = 48_000
_BOX_HEAD: Final = struct.Struct(">I4s")


def complaints_about(path: Path, canvas: Canvas, frames: int) -> list[str]:
    """What is wrong with a finished video; nothing when it is what was planned.

    Args:
        path: The file.
        canvas: The size and rate it is to have.
        frames: How many frames it is to have.
    """
    import av

    found: list[str] = []
    try:
        with av.open(str(path), format="mov", options=OWN_FILE) as container:
            found += _about_picture(container, canvas)
            found += _about_steps(container, canvas, frames)
            found += _about_sound(container, frames / canvas.fps, 1 / canvas.fps)
    except (av.FFmpegError, IndexError) as problem:
        return [f"it cannot be opened: {problem}"]
    if not starts_fast(path):
        found.append("its index does not come first")
    return found


def complaints_about_pictures(path: Path, canvas: Canvas, frames: int) -> list[str]:
    """What is wrong with the pictures of a file of ours, each of which is decoded.

    Args:
        path: The file.
        canvas: The size and rate they are to have.
        frames: How many they are to be.
    """
    import av

    found: list[str] = []
    try:
        with av.open(str(path), format="mov", options=OWN_FILE) as container:
            found += _about_picture(container, canvas)
            found += _about_steps(container, canvas, frames)
            container.seek(0)
            decoded = sum(1 for _ in container.decode(video=0))
        if decoded != frames:
            found.append(f"{decoded} of {frames} frames can be decoded")
    except (av.FFmpegError, IndexError) as problem:
        return [f"it cannot be decoded: {problem}"]
    return found


def headers_of(path: Path) -> bytes:
    """What a decoder is told before the first picture; parts with equal ones can be joined.

    Empty when the file cannot be read.
    """
    import av

    try:
        # Opening decodes a picture otherwise, which takes most of the time.
        options = {**OWN_FILE, "codec_whitelist": "none"}
        with av.open(str(path), format="mov", options=options) as container:
            return bytes(container.streams.video[0].codec_context.extradata or b"")
    except (av.FFmpegError, IndexError):
        return b""


def first_luma(path: Path) -> NDArray[np.uint8]:
    """The brightness of the first picture of a file of ours, (height, width)."""
    import av

    with av.open(str(path), format="mov", options=OWN_FILE) as container:
        frame = next(container.decode(video=0))
        plane = np.frombuffer(bytes(frame.planes[0]), np.uint8)
        return plane.reshape(frame.height, -1)[:, : frame.width]


def starts_fast(path: Path) -> bool:
    """Whether a player finds an MP4's index before its pictures."""
    kinds = [kind for kind in box_kinds(path) if kind in {"moov", "mdat"}]
    return kinds == ["moov", "mdat"]


def box_kinds(path: Path) -> Iterator[str]:
    """The kinds of an MP4's outermost boxes, in their order."""
    end, place = path.stat().st_size, 0
    with path.open("rb") as file:
        while place + _BOX_HEAD.size <= end:
            file.seek(place)
            length, kind = _BOX_HEAD.unpack(file.read(_BOX_HEAD.size))
            yield kind.decode("latin1")
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8))
            if length < _BOX_HEAD.size:
                return
            place += length


def _about_picture(container: av.container.InputContainer, canvas: Canvas) -> Iterator[str]:
    stream = container.streams.video[0]
    context = stream.codec_context
    if (context.name, context.profile, context.pix_fmt) != ("h264", "High", "yuv420p"):
        yield f"its pictures are {context.name} {context.profile} {context.pix_fmt}"
    if (stream.width, stream.height, stream.sample_aspect_ratio or 1) != (*canvas.size, 1):
        yield f"its size is {stream.width}x{stream.height}, pixels {stream.sample_aspect_ratio}"
    tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
    if tags != (BT709, BT709, BT709, LIMITED_RANGE):
        yield f"its colour tags are {tags}"


def _about_steps(
    container: av.container.InputContainer, canvas: Canvas, frames: int
) -> Iterator[str]:
    stream = container.streams.video[0]
    base = stream.time_base or Fraction(1)
    # Only times are kept: the packets hold the whole file.
    packets = ((packet.pts, packet.dts) for packet in container.demux(stream))
    times = [(shown, decoded) for shown, decoded in packets if shown is not None]
    shown = sorted(shown for shown, _ in times)
    if len(shown) != frames:
        yield f"it has {len(shown)} frames instead of {frames}"
    steps = {step * base for step in {b - a for a, b in itertools.pairwise(shown)}}
    if steps - {Fraction(1, canvas.fps)}:
        yield f"the steps between its frames are {sorted(map(float, steps))} seconds"
    if shown and shown[0] != 0:
        yield f"its first frame is at {float(shown[0] * base):.3f} seconds"
    decoded = [decoded for _, decoded in times if decoded is not None]
    if any(b <= a for a, b in itertools.pairwise(decoded)):
        yield "its frames are not in decoding order"


def _about_sound(
    container: av.container.InputContainer, seconds: float, frame: float
) -> Iterator[str]:
    stream = container.streams.audio[0]
    context = stream.codec_context
    if (context.name, context.sample_rate, context.channels) != ("aac", SOUND_RATE, 2):
        yield f"its sound is {context.name} {context.sample_rate} Hz, {context.channels} channels"
    heard = float((stream.duration or 0) * (stream.time_base or 0))
    if abs(heard - seconds) > frame:
        yield f"its sound lasts {heard:.3f} seconds instead of {seconds:.3f}"
