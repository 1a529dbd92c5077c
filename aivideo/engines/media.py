"""What a media file is, and one picture of it: videos through PyAV, pictures through Pillow.

Files come from outside, so nothing is believed: containers and protocols are restricted (a
playlist named ``.mp4`` could open other files), names are never taken for options, and what
a file declares is compared with what can be read.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from aivideo.engines import animations, stills, tones
from aivideo.engines.orientation import orientation_of
from aivideo.engines.strangers import reason_against
from aivideo.errors import MediaTruncated, NotMedia, PictureTooLarge

if TYPE_CHECKING:
    import av
    import av.container

FORMATS: Final = "mov,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf"
"""Containers that a clip may come in, for PyAV and ffmpeg alike: none that names other files."""

OWN_FILE: Final = {"protocol_whitelist": "file"}
"""What PyAV may do with a file of ours, whose container is named when it is opened."""

LARGEST_FRAME: Final = 8192 * 4608
"""Pixels of the largest moving picture: 8K in every shape that cameras give it."""
UNSPECIFIED: Final = 2
HD_SHORT, HD_LONG = 720, 1280
"""From one of these sides on, a video that does not say so is BT.709; below it is BT.601."""

SLOWEST, FASTEST = 0.5, 300.0
"""Pictures a second beyond which a rate is a container's clock and not a camera's."""
FLATTEST: Final = 8
"""How much wider than high a stored pixel may be; beyond that the file is wrong about it."""
NEAR: Final = 0.2
"""By which part of what is measured a stated rate may differ from it."""
VARYING: Final = 1.5
"""How much longer than the shortest step between pictures one may be at a constant rate."""

_SAMPLE_PACKETS: Final = 240
_TAIL_SECONDS: Final = 1.0
_STILL_BRANDS: Final = frozenset({"heic", "heix", "mif1", "msf1", "avif", "avis"})


@dataclass(frozen=True)
class MediaInfo:
    """A media file as it is seen and heard, not as it is stored.

    Attributes:
        kind: Whether it moves.
        width: Upright width in pixels: rotation and pixel aspect applied.
        height: Upright height in pixels.
        duration_seconds: How much of it can be shown; 0 for a still.
        fps: Pictures a second on average; 0 for a still.
        codec: The codec of the pictures, such as ``h264``; for a picture such as ``png``.
        has_audio: Whether it carries sound.
        varying_rate: Whether the steps between pictures differ (phones, screen recorders).
        interlaced: Whether each picture is woven from two moments.
        hdr: Whether its light has to be mapped for an ordinary screen (PQ, HLG).
        tagged: Whether it says what its colours mean.
        truncated: Whether it ends before it says it does.
        seekable: Whether a place in it is found exactly (MPEG streams have no index).
        animation: Whether it is a moving picture without a codec (GIF and its kin).
    """

    kind: Literal["video", "still"]
    width: int
    height: int
    duration_seconds: float = 0.0
    fps: float = 0.0
    codec: str = ""
    has_audio: bool = False
    varying_rate: bool = False
    interlaced: bool = False
    hdr: bool = False
    tagged: bool = True
    truncated: bool = False
    seekable: bool = True
    animation: bool = False

    @property
    def high_definition(self) -> bool:
        """Whether colours that are not explained are those of HD, in either orientation."""
        short, long = sorted((self.width, self.height))
        return short >= HD_SHORT or long >= HD_LONG


def probe(path: Path) -> MediaInfo:
    """Find out what a file is.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read; the reason is said.
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: The file cannot be read at all.
    """
    if animations.is_animation(path):
        return _probe_animation(path)
    if stills.is_picture(path):
        return MediaInfo("still", *(size := stills.measure(path))[:2], codec=size[2])
    with opened(path) as container:
        return _probe_video(path, container)


def count_frames(path: Path) -> int:
    """How many pictures a video of ours holds, without decoding them; 0 when it is none."""
    try:
        with opened(path, decode=False) as container:
            stream = picture_stream(path, container)
            # An MP4 says it in its index, which is written last; others have to be read through.
            return stream.frames or sum(p.pts is not None for p in container.demux(stream))
    except NotMedia:
        return 0


def sound_seconds(path: Path) -> float:
    """How long the sound of a file of ours lasts; 0 when there is none."""
    try:
        with opened(path) as container:
            stream = container.streams.audio[0]
            return float((stream.duration or 0) * (stream.time_base or 0))
    except (NotMedia, IndexError):
        return 0.0


def _probe_animation(path: Path) -> MediaInfo:
    found = animations.measure(path)
    return MediaInfo(
        kind="video",
        width=found.width,
        height=found.height,
        duration_seconds=found.seconds,
        fps=len(found.lengths) / found.seconds,
        codec=found.codec,
        varying_rate=max(found.lengths) > VARYING * min(filter(None, found.lengths)),
        truncated=found.truncated,
        animation=True,
    )


@contextlib.contextmanager
def opened(path: Path, *, decode: bool = True) -> Iterator[av.container.InputContainer]:
    """The file as a container of a kind that we allow; its vendor's errors become ours.

    Args:
        path: The file.
        decode: Whether opening may decode pictures to find out what they are. Without, it takes
            0.3 ms instead of 20 (720 lines) to 150 (4K); enough for times of packets.

    Raises:
        NotMedia: It is none.
    """
    import av

    try:
        with av.open(
            f"file:{path.resolve()}",
            options={
                "protocol_whitelist": "file",
                "format_whitelist": FORMATS,
                **({} if decode else {"codec_whitelist": "none"}),
            },
            metadata_errors="replace",
        ) as container:
            yield container
    except (av.FFmpegError, UnicodeError) as problem:
        raise NotMedia(path.name, reason_against(path), detail=str(problem)) from problem


def _probe_video(path: Path, container: av.container.InputContainer) -> MediaInfo:
    stream = picture_stream(path, container)
    frame, times = _first_look(path, container, stream)
    rate, varying = _rate(stream, times)
    seconds, truncated = _readable_seconds(container, stream, rate)
    context = stream.codec_context
    width, height = _upright_size(frame, stream)
    return MediaInfo(
        kind="video",
        width=width,
        height=height,
        duration_seconds=seconds,
        fps=rate,
        codec=context.codec.canonical_name,
        has_audio=bool(container.streams.audio),
        varying_rate=varying,
        interlaced=frame.interlaced_frame,
        hdr=bool({context.color_trc, frame.color_trc} & tones.CURVES.keys()),
        tagged={context.colorspace, frame.colorspace} != {UNSPECIFIED},
        truncated=truncated,
        seekable=not container.format.name.startswith("mpeg"),
    )


def picture_stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """The first stream of moving pictures: no cover art, no tiles of a still.

    Raises:
        NotMedia: There is none, or none that can be decoded.
        PictureTooLarge: Its pictures have too many pixels.
    """
    from av.stream import Disposition

    brand = container.metadata.get("major_brand", "")
    for stream in container.streams.video:
        if brand not in _STILL_BRANDS and not stream.disposition & Disposition.attached_pic:
            return _decodable(path, stream)
    reason = reason_against(path) or "it has no moving pictures"
    raise NotMedia(path.name, reason, detail=f"{container.format.name} {brand}")


def _decodable(path: Path, stream: av.VideoStream) -> av.VideoStream:
    context = stream.codec_context
    if context is None or not context.is_decoder:
        raise NotMedia(path.name, "no decoder for its pictures is known here")
    if context.width * context.height > LARGEST_FRAME:
        raise PictureTooLarge(path.name, detail=f"{context.width}x{context.height}")
    return stream


def start_of(stream: av.VideoStream) -> float:
    """When a stream's first picture is shown, in seconds of its own clock."""
    return float((stream.start_time or 0) * (stream.time_base or 1))


def _rate(stream: av.VideoStream, times: Sequence[int]) -> tuple[float, bool]:
    """Pictures a second, and whether the steps between them vary.

    What the container says is taken while it is possible and near what is measured: some say
    the ticks of their clock, a thousand or ninety thousand a second.
    """
    steps = [b - a for a, b in itertools.pairwise(times) if b > a]
    varying = bool(steps) and max(steps) > VARYING * min(steps)
    said = float(stream.average_rate or stream.guessed_rate or 0)
    if not steps:
        return said if SLOWEST <= said <= FASTEST else 30.0, False
    span = float((times[-1] - times[0]) * (stream.time_base or 1))
    measured = max(SLOWEST, min(FASTEST, (len(times) - 1) / span))
    believed = SLOWEST <= said <= FASTEST and (varying or abs(said / measured - 1) < NEAR)
    return (said if believed else measured), varying


def _first_look(
    path: Path, container: av.container.InputContainer, stream: av.VideoStream
) -> tuple[av.VideoFrame, list[int]]:
    """The first picture that can be decoded, and when the first few hundred are shown, sorted.

    Raises:
        NotMedia: They are encrypted.
        MediaTruncated: None can be decoded.
    """
    frame, times, locked = None, [], False
    with as_far_as_it_goes():
        for packet in itertools.islice(container.demux(stream), _SAMPLE_PACKETS):
            frame = frame or _only(packet)
            locked = locked or packet.has_sidedata("encryption_info")
            if packet.pts is not None:
                times.append(packet.pts)
    if locked:
        raise NotMedia(path.name, "it is encrypted")
    if frame is None:
        raise MediaTruncated(path.name)
    return frame, sorted(times)


def _only(packet: av.Packet[av.VideoStream]) -> av.VideoFrame | None:
    """The picture in a packet, if it needs no other; several of 4K would take long to decode."""
    found = decoded(packet)
    context = packet.stream.codec_context
    if not found and packet.is_keyframe:
        with as_far_as_it_goes():
            found = context.decode(None)
        context.flush_buffers()
    return next(iter(found), None)


def decoded(packet: av.Packet[av.VideoStream]) -> list[av.VideoFrame]:
    """The pictures in a packet; none when it is damaged, since the next may be whole."""
    with as_far_as_it_goes():
        return packet.decode()
    return []


@contextlib.contextmanager
def as_far_as_it_goes() -> Iterator[None]:
    """Let damage end what is read, and not become a failure."""
    import av

    # In a damaged transport stream, streams turn up of which PyAV does not know yet.
    with contextlib.suppress(av.FFmpegError, IndexError):
        yield


def _readable_seconds(
    container: av.container.InputContainer, stream: av.VideoStream, rate: float
) -> tuple[float, bool]:
    """How long the pictures last that are really there, and whether more were promised."""
    base = stream.time_base or Fraction(1)
    start = start_of(stream)
    promised = float((stream.duration or 0) * base) or (container.duration or 0) / 1_000_000
    pictures, anything = _end_after(container, stream, start + promised - _TAIL_SECONDS)
    if pictures is None:
        pictures, anything = _end_after(container, stream, start)
    missing = promised - ((anything or start) - start)
    seconds = (pictures or start) - start
    return max(seconds, 1 / rate), missing > max(0.5, 0.05 * promised)


def _end_after(
    container: av.container.InputContainer, stream: av.VideoStream, seconds: float
) -> tuple[float | None, float | None]:
    """When the last picture after a time ends, and the last packet of anything; None for none."""
    pictures, anything = None, None
    with as_far_as_it_goes():
        container.seek(int(max(seconds, 0.0) * 1_000_000))
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            anything = max(anything or end, end)
            if packet.stream_index == stream.index and packet.size and not packet.is_corrupt:
                pictures = max(pictures or end, end)
    return pictures, anything


def _upright_size(frame: av.VideoFrame, stream: av.VideoStream) -> tuple[int, int]:
    aspect = stream.sample_aspect_ratio or Fraction(1)
    believed = Fraction(1, FLATTEST) <= aspect <= FLATTEST
    width = max(1, round(frame.width * aspect)) if believed else frame.width
    return (frame.height, width) if orientation_of(frame).aside else (width, frame.height)
