"""What a media file is, and one picture of it: videos through PyAV, stills through Pillow.

Files come from outside, so nothing is believed: containers and protocols are restricted (a
playlist named ``.mp4`` could open other files), names are never taken for options, and what
a file declares is compared with what can be read.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from aivideo.errors import MediaTruncated, NotMedia, PictureTooLarge

if TYPE_CHECKING:
    import av
    import av.container
    from PIL import Image

FORMATS: Final = "mov,matroska,webm,avi,mpegts,mpeg,ogg,flv"
"""Containers that a clip may come in, for PyAV and ffmpeg alike: none that names other files."""

STILL_FORMATS: Final = ("PNG", "JPEG", "WEBP")
STILL_LIMIT: Final = 150_000_000
"""Pixels of the largest picture that is opened."""

PERCEPTUAL_QUANTIZER, HYBRID_LOG_GAMMA = 16, 18
UNSPECIFIED: Final = 2
HD_LINES: Final = 720
"""From this height on, a video that does not say so is BT.709; below it is BT.601."""

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
        codec: The codec of the pictures, such as ``h264``; for a still ``png``, ``jpeg``, ``webp``.
        has_audio: Whether it carries sound.
        varying_rate: Whether the steps between pictures differ (phones, screen recorders).
        interlaced: Whether each picture is woven from two moments.
        hdr: Whether its light has to be mapped for an ordinary screen (PQ, HLG).
        tagged: Whether it says what its colours mean.
        truncated: Whether it ends before it says it does.
        seekable: Whether a place in it is found exactly (MPEG streams have no index).
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


def probe(path: Path) -> MediaInfo:
    """Find out what a file is.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: It is a video of which nothing can be shown.
        PictureTooLarge: It is a picture with too many pixels.
        OSError: The file cannot be read at all.
    """
    if is_still(path):
        return _probe_still(path)
    with _opened(path) as container:
        return _probe_video(path, container)


def is_still(path: Path) -> bool:
    """Whether the file's first bytes are those of a picture that we read."""
    with path.open("rb") as file:
        head = file.read(12)
    return (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
        or head[:4] + head[8:] == b"RIFFWEBP"
    )


def open_still(path: Path, *, near: tuple[int, int] | None = None) -> Image.Image:
    """A picture as upright RGB, transparency laid on white.

    Args:
        path: The file.
        near: The size it will be shown at; a much larger JPEG is then decoded smaller.

    Raises:
        NotMedia: It cannot be read as a picture.
        PictureTooLarge: It has too many pixels.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=STILL_FORMATS) as picture:
            if picture.width * picture.height > STILL_LIMIT:
                raise PictureTooLarge(path.name, detail=f"{picture.size}")
            if near:
                picture.draft("RGB", near)
            return _flat(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as problem:
        raise PictureTooLarge(path.name, detail=str(problem)) from problem
    except (OSError, SyntaxError, ValueError) as problem:
        raise NotMedia(path.name, detail=str(problem)) from problem


def poster(path: Path, at_seconds: float | None = None) -> Image.Image:
    """One upright RGB picture of a file: a still itself, or a video's frame.

    Args:
        path: The file.
        at_seconds: Where in a video; without it, a third of the way in.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: It is a video of which nothing can be shown.
        PictureTooLarge: It is a picture with too many pixels.
    """
    if is_still(path):
        return open_still(path)
    info = probe(path)
    start = info.duration_seconds / 3 if at_seconds is None else at_seconds
    with _opened(path) as container:
        return _upright(_frame_at(path, container, start), info)


def framed_still(path: Path, size: tuple[int, int], fit: str) -> Image.Image:
    """A picture brought to an exact size as RGB: cropped, or whole before itself or black.

    Args:
        path: The file.
        size: Width and height in pixels.
        fit: ``crop``, ``blur`` or ``contain``.

    Raises:
        NotMedia: It cannot be read as a picture.
        PictureTooLarge: It has too many pixels.
    """
    from PIL import Image, ImageFilter, ImageOps

    picture = open_still(path, near=size)
    if fit == "crop":
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    whole = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    back = Image.new("RGB", size, "black")
    if fit == "blur":
        small = ImageOps.fit(picture, (size[0] // 8, size[1] // 8), Image.Resampling.BOX)
        blurred = small.filter(ImageFilter.GaussianBlur(8)).point(lambda level: level * 0.8)
        back = blurred.resize(size, Image.Resampling.BICUBIC)
    back.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return back


def count_frames(path: Path) -> int:
    """How many pictures a video of ours holds, without decoding them; 0 when it is none."""
    try:
        with _opened(path) as container:
            packets = container.demux(_picture_stream(path, container))
            return sum(packet.pts is not None for packet in packets)
    except NotMedia:
        return 0


def sound_seconds(path: Path) -> float:
    """How long the sound of a file of ours lasts; 0 when there is none."""
    try:
        with _opened(path) as container:
            stream = container.streams.audio[0]
            return float((stream.duration or 0) * (stream.time_base or 0))
    except (NotMedia, IndexError):
        return 0.0


def _probe_still(path: Path) -> MediaInfo:
    from PIL import Image

    picture = open_still(path, near=(64, 64))
    with Image.open(path, formats=STILL_FORMATS) as stored:
        width, height = stored.size
        codec = (stored.format or "").lower()
    if (width > height) != (picture.width > picture.height):
        width, height = height, width
    return MediaInfo("still", width, height, codec=codec)


def _flat(picture: Image.Image) -> Image.Image:
    from PIL import Image

    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda level: level / 256, "L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[av.container.InputContainer]:
    """The file as a container of a kind that we allow; its vendor's errors become ours."""
    import av

    try:
        with av.open(
            f"file:{path.resolve()}",
            options={"protocol_whitelist": "file", "format_whitelist": FORMATS},
            metadata_errors="replace",
        ) as container:
            yield container
    except (av.FFmpegError, UnicodeError) as problem:
        raise NotMedia(path.name, detail=str(problem)) from problem


def _probe_video(path: Path, container: av.container.InputContainer) -> MediaInfo:
    stream = _picture_stream(path, container)
    frame, steps = _first_look(container, stream)
    if frame is None:
        raise MediaTruncated(path.name)
    seconds, truncated = _readable_seconds(container, stream)
    context = stream.codec_context
    width, height = _upright_size(frame, stream)
    return MediaInfo(
        kind="video",
        width=width,
        height=height,
        duration_seconds=seconds,
        fps=_rate(stream),
        codec=context.codec.canonical_name,
        has_audio=bool(container.streams.audio),
        varying_rate=bool(steps) and max(steps) > VARYING * min(steps),
        interlaced=frame.interlaced_frame,
        hdr=context.color_trc in {PERCEPTUAL_QUANTIZER, HYBRID_LOG_GAMMA},
        tagged=context.colorspace != UNSPECIFIED,
        truncated=truncated,
        seekable=not container.format.name.startswith("mpeg"),
    )


def _picture_stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """The first stream of moving pictures: no cover art, no tiles of a still."""
    from av.stream import Disposition

    brand = container.metadata.get("major_brand", "")
    for stream in container.streams.video:
        if brand not in _STILL_BRANDS and not stream.disposition & Disposition.attached_pic:
            return stream
    raise NotMedia(path.name, detail=f"no moving pictures in {container.format.name} {brand}")


def _rate(stream: av.VideoStream) -> float:
    return float(stream.average_rate or stream.guessed_rate or 30)


def _first_look(
    container: av.container.InputContainer, stream: av.VideoStream
) -> tuple[av.VideoFrame | None, list[int]]:
    """The first picture that can be decoded, and the steps between the first few hundred."""
    frame, times = None, []
    with _as_far_as_it_goes():
        for packet in itertools.islice(container.demux(stream), _SAMPLE_PACKETS):
            frame = frame or next(iter(_decoded(packet)), None)
            if packet.pts is not None:
                times.append(packet.pts)
    return frame, [b - a for a, b in itertools.pairwise(sorted(times))]


def _decoded(packet: av.Packet[av.VideoStream]) -> list[av.VideoFrame]:
    """The pictures in a packet; none when it is damaged, since the next may be whole."""
    with _as_far_as_it_goes():
        return packet.decode()
    return []


@contextlib.contextmanager
def _as_far_as_it_goes() -> Iterator[None]:
    import av

    with contextlib.suppress(av.FFmpegError):
        yield


def _readable_seconds(
    container: av.container.InputContainer, stream: av.VideoStream
) -> tuple[float, bool]:
    """How long the pictures last that are really there, and whether more were promised."""
    base = stream.time_base or Fraction(1)
    start = float((stream.start_time or 0) * base)
    promised = float((stream.duration or 0) * base) or (container.duration or 0) / 1_000_000
    pictures, anything = _end_after(container, stream, start + promised - _TAIL_SECONDS)
    if pictures is None:
        pictures, anything = _end_after(container, stream, start)
    missing = promised - ((anything or start) - start)
    seconds = (pictures or start) - start
    return max(seconds, 1 / _rate(stream)), missing > max(0.5, 0.05 * promised)


def _end_after(
    container: av.container.InputContainer, stream: av.VideoStream, seconds: float
) -> tuple[float | None, float | None]:
    """When the last picture after a time ends, and the last packet of anything; None for none."""
    pictures, anything = None, None
    with _as_far_as_it_goes():
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
    width = round(frame.width * (stream.sample_aspect_ratio or 1))
    return (frame.height, width) if frame.rotation % 180 else (width, frame.height)


def _frame_at(path: Path, container: av.container.InputContainer, seconds: float) -> av.VideoFrame:
    """The picture shown at a time; the last one before it when the file ends earlier."""
    stream = _picture_stream(path, container)
    start = float((stream.start_time or 0) * (stream.time_base or 1))
    wanted = start + seconds
    # A stream without an index may be entered behind its last key frame; then from the start.
    for entry in (wanted, start):
        found = _first_from(container, stream, entry, wanted)
        if found is not None:
            return found
    raise MediaTruncated(path.name)


def _first_from(
    container: av.container.InputContainer, stream: av.VideoStream, entry: float, wanted: float
) -> av.VideoFrame | None:
    found: av.VideoFrame | None = None
    with _as_far_as_it_goes():
        container.seek(int(entry * 1_000_000))
        for packet in container.demux(stream):
            for frame in _decoded(packet):
                found = frame
                if frame.pts is None or frame.time >= wanted:
                    return found
    return found


def _upright(frame: av.VideoFrame, info: MediaInfo) -> Image.Image:
    from av.video.reformatter import Colorspace
    from PIL import Image

    untagged_hd = not info.tagged and frame.height >= HD_LINES
    colours = Colorspace.ITU709 if untagged_hd else None
    pixels = frame.reformat(format="rgb24", src_colorspace=colours).to_ndarray()
    picture = Image.fromarray(pixels)
    if frame.rotation:
        picture = picture.rotate(frame.rotation, expand=True)
    return picture.resize((info.width, info.height))
