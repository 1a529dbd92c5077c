"""Small footage of every kind that breaks naive recipes, made when it is asked for.

Each picture carries, in its middle, a grid of 4 x 4 cells that says which clip and which of
its frames it is, so that a test can tell which source frame a rendered frame shows: after
trimming, changing the rate, looping, rotating and cropping. The grid is half as high as the
shorter side of the upright picture, so it survives a crop to any of our shapes.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from aivideo.engines.ffmpeg import FFmpeg, raw_input
from aivideo.progress import finish

Pixels = NDArray[np.uint8]

CELLS = 4
FRAME_BITS = 8


@dataclass(frozen=True)
class Footage:
    """A made clip, and what is true of it.

    Attributes:
        mark: The number of the clip that its grid shows, 0..15.
        width: Upright width in pixels.
        height: Upright height in pixels.
        fps: Frames a second, on average.
        frames: How many there are.
        first: The number that the first of them shows.
    """

    path: Path
    mark: int
    width: int = 320
    height: int = 180
    fps: float = 30.0
    frames: int = 45
    first: int = 0

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.fps


# --------------------------------------------------------------------------- the marks
def grid_bits(mark: int, frame: int) -> list[int]:
    """The 16 cells, row by row: white, black, 4 bits of clip, 8 of frame, 2 of parity."""
    clip = [mark >> bit & 1 for bit in range(4)]
    number = [frame >> bit & 1 for bit in range(FRAME_BITS)]
    return [1, 0, *clip, *number, sum(clip) % 2, sum(number) % 2]


def picture(mark: int, frame: int, width: int, height: int, moment: int | None = None) -> Pixels:
    """One upright RGB picture: a gradient, a square that travels with the moment, the grid."""
    image = np.empty((height, width, 3), np.uint8)
    image[..., 0] = np.linspace(60, 180, width)[None, :]
    image[..., 1] = np.linspace(60, 180, height)[:, None]
    image[..., 2] = 70 + 10 * mark
    side = min(width, height) // 10
    left = 4 * (frame if moment is None else moment) % (width - side)
    image[side : 2 * side, left : left + side] = (235, 220, 40)
    cell = min(width, height) // 2 // CELLS
    top, start = (height - CELLS * cell) // 2, (width - CELLS * cell) // 2
    edge, reach = cell // 2, CELLS * cell + cell // 2
    image[top - edge : top + reach, start - edge : start + reach] = 16
    for index, bit in enumerate(grid_bits(mark, frame)):
        y, x = top + index // CELLS * cell, start + index % CELLS * cell
        image[y : y + cell, x : x + cell] = 235 if bit else 16
    return image


def read_mark(
    luma: Pixels, width: int, height: int, *, cover: bool = True
) -> tuple[int, int] | None:
    """The clip and frame that a rendered picture shows, or None when that cannot be read.

    Args:
        luma: The rendered picture's brightness, shape (height, width).
        width: The clip's upright width.
        height: The clip's upright height.
        cover: Whether it was cropped to the canvas, or shown whole.
    """
    canvas_height, canvas_width = luma.shape
    scales = (canvas_width / width, canvas_height / height)
    cell = min(width, height) // 2 // CELLS * (max(scales) if cover else min(scales))
    levels = []
    for index in range(CELLS * CELLS):
        x = canvas_width / 2 + (index % CELLS - CELLS / 2 + 0.5) * cell
        y = canvas_height / 2 + (index // CELLS - CELLS / 2 + 0.5) * cell
        reach = max(1, int(cell * 0.2))
        patch = luma[int(y) - reach : int(y) + reach + 1, int(x) - reach : int(x) + reach + 1]
        levels.append(float(patch.mean()))
    if levels[0] - levels[1] < 80:
        return None
    bits = [int(level > (levels[0] + levels[1]) / 2) for level in levels]
    mark = sum(bits[2 + bit] << bit for bit in range(4))
    frame = sum(bits[6 + bit] << bit for bit in range(FRAME_BITS))
    return (mark, frame) if bits == grid_bits(mark, frame) else None


# --------------------------------------------------------------------------- clips
# fmt: off
H264 = (
    "-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-pix_fmt", "yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
)
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M",
       "-pix_fmt", "yuv420p")
AV1 = ("-c:v", "libsvtav1", "-preset", "8", "-crf", "8", "-pix_fmt", "yuv420p",
       "-svtav1-params", "lp=1")
TO_PQ = (
    "setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr,"
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020,"
    "zscale=t=smpte2084:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"
)
HDR10 = (
    "-vf", TO_PQ,
    "-c:v", "libx265", "-preset", "ultrafast", "-crf", "14", "-tag:v", "hvc1",
    "-x265-params", "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
)
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100")
# fmt: on


def encode(
    path: Path,
    pictures: Iterable[Pixels],
    *,
    size: tuple[int, int] = (320, 180),
    fps: float = 30,
    codec: Sequence[str] = H264,
    sound: Sequence[str] = (),
) -> None:
    """Encode RGB pictures of one size (width, height) as a file; ``sound`` names its codec."""
    heard = (*sound, "-shortest") if sound else ("-an",)
    arguments = [
        *raw_input(size, 30, "rgb24")[:-4],
        *("-framerate", str(fps), "-i", "pipe:0"),
        *(TONE if sound else ()),
        *codec,
        *heard,
    ]
    feed = (np.ascontiguousarray(image).tobytes() for image in pictures)
    finish(FFmpeg().run(arguments, path, feed=feed))


def copy_with(
    source: Path, target: Path, *, before: Sequence[str] = (), after: Sequence[str] = ()
) -> None:
    """Copy the streams of a file into another, with arguments before and after the input."""
    finish(FFmpeg().run([*before, "-i", str(source), "-c", "copy", *after], target))


def pictures(clip: Footage) -> Iterable[Pixels]:
    """All upright pictures of a clip in order."""
    return (picture(clip.mark, n, clip.width, clip.height) for n in range(clip.frames))


def _plain(folder: Path) -> Footage:
    clip = Footage(folder / "plain.mp4", mark=1)
    encode(clip.path, pictures(clip), sound=("-c:a", "aac"))
    return clip


def _film_rate(folder: Path) -> Footage:
    clip = Footage(folder / "film.mp4", mark=2, fps=24000 / 1001, frames=36)
    encode(clip.path, pictures(clip), fps=24000 / 1001)
    return clip


def _fast(folder: Path) -> Footage:
    clip = Footage(folder / "fast.mp4", mark=3, fps=60, frames=90)
    encode(clip.path, pictures(clip), fps=60)
    return clip


def _portrait(folder: Path) -> Footage:
    clip = Footage(folder / "portrait.mp4", mark=4, width=180, height=320)
    encode(clip.path, pictures(clip), size=(180, 320))
    return clip


def _phone(folder: Path) -> Footage:
    """Stored lying on its side, with the note that it has to be turned."""
    clip = Footage(folder / "phone.mp4", mark=5, width=180, height=320)
    stored = folder / "phone.stored.mp4"
    encode(stored, (np.rot90(image) for image in pictures(clip)), size=(320, 180))
    copy_with(stored, clip.path, before=("-display_rotation", "-90"))
    return clip


def _upside_down(folder: Path) -> Footage:
    clip = Footage(folder / "upside_down.mp4", mark=6)
    stored = folder / "upside_down.stored.mp4"
    encode(stored, (np.rot90(image, 2) for image in pictures(clip)))
    copy_with(stored, clip.path, before=("-display_rotation", "180"))
    return clip


def _odd(folder: Path) -> Footage:
    clip = Footage(folder / "odd.webm", mark=7, width=213, height=121)
    encode(clip.path, pictures(clip), size=(213, 121), codec=VP9)
    return clip


def _anamorphic(folder: Path) -> Footage:
    """240 pixels across that are shown as 320."""
    clip = Footage(folder / "anamorphic.mp4", mark=8)
    narrow = (np.asarray(Image.fromarray(image).resize((240, 180))) for image in pictures(clip))
    encode(clip.path, narrow, size=(240, 180), codec=("-vf", "setsar=4/3", *H264))
    return clip


def _varying(folder: Path) -> Footage:
    """As a screen recorder writes: frames only when something moved."""
    clip = Footage(folder / "varying.mp4", mark=9, fps=30, frames=60)
    thinned = ("-vf", "select='lt(mod(n,20),12)+not(mod(n,4))'", "-fps_mode", "vfr")
    encode(clip.path, pictures(clip), codec=(*thinned, *H264))
    return clip


def _webm(folder: Path) -> Footage:
    clip = Footage(folder / "web.webm", mark=10)
    encode(clip.path, pictures(clip), codec=VP9, sound=("-c:a", "libopus"))
    return clip


def _av1(folder: Path) -> Footage:
    clip = Footage(folder / "av1.mp4", mark=11, fps=25, frames=38)
    encode(clip.path, pictures(clip), fps=25, codec=AV1)
    return clip


def _interlaced(folder: Path) -> Footage:
    """Each picture woven from two moments, the upper lines first."""
    clip = Footage(folder / "interlaced.mp4", mark=12, fps=25, frames=38)

    def woven(n: int) -> Pixels:
        first, second = (picture(12, n, 320, 180, moment) for moment in (2 * n, 2 * n + 1))
        first[1::2] = second[1::2]
        return first

    flags = (*H264, "-flags", "+ilme+ildct", "-x264-params", "tff=1")
    encode(clip.path, map(woven, range(clip.frames)), fps=25, codec=("-vf", "setfield=tff", *flags))
    return clip


def _hdr(folder: Path) -> Footage:
    clip = Footage(folder / "hdr.mp4", mark=13)
    encode(clip.path, pictures(clip), codec=HDR10)
    return clip


def _transport_stream(folder: Path) -> Footage:
    """Without an index, and beginning at 1.4 seconds."""
    clip = Footage(folder / "broadcast.ts", mark=14)
    encode(clip.path, pictures(clip), sound=("-c:a", "aac"))
    return clip


def _short(folder: Path) -> Footage:
    clip = Footage(folder / "short.mp4", mark=15, frames=12)
    encode(clip.path, pictures(clip))
    return clip


def _truncated(folder: Path) -> Footage:
    """A download that broke off: the index is there, half of the pictures are not."""
    whole = Footage(folder / "whole.mp4", mark=2, frames=120)
    noisy = np.random.default_rng(1).integers(0, 30, (180, 320, 3), dtype=np.uint8)
    moving = (image // 2 + np.roll(noisy, 7 * n, 1) for n, image in enumerate(pictures(whole)))
    encode(whole.path, moving, codec=(*H264, "-movflags", "+faststart"))
    clip = replace(whole, path=folder / "truncated.mp4", frames=60)
    data = whole.path.read_bytes()
    clip.path.write_bytes(data[: len(data) // 2])
    return clip


MAKERS: dict[str, Callable[[Path], Footage]] = {
    "plain": _plain,
    "film_rate": _film_rate,
    "fast": _fast,
    "portrait": _portrait,
    "phone": _phone,
    "upside_down": _upside_down,
    "odd": _odd,
    "anamorphic": _anamorphic,
    "varying": _varying,
    "webm": _webm,
    "av1": _av1,
    "interlaced": _interlaced,
    "hdr": _hdr,
    "transport_stream": _transport_stream,
    "short": _short,
    "truncated": _truncated,
}


class Reel:
    """The footage of a test run: each clip is made once, when it is first asked for."""

    def __init__(
        self, folder: Path, makers: Mapping[str, Callable[[Path], Footage]] | None = None
    ) -> None:
        self.folder = folder
        self._makers = makers or MAKERS
        self._made: dict[str, Footage] = {}

    def __getitem__(self, name: str) -> Footage:
        if name not in self._made:
            self._made[name] = self._makers[name](self.folder)
        return self._made[name]


# --------------------------------------------------------------------------- stills
def make_stills(folder: Path) -> dict[str, Path]:
    """Pictures of every kind that surprises: see-through, for print, turned, wide, deep."""
    upright = Image.fromarray(picture(3, 0, 320, 180))
    see_through = Image.new("RGBA", (320, 180), (200, 0, 0, 0))
    see_through.paste((0, 0, 255, 255), (100, 50, 220, 130))
    turned = Image.Exif()
    turned[0x0112] = 6
    deep = Image.fromarray(np.linspace(0, 65535, 320 * 180).reshape(180, 320).astype(np.uint16))
    stills: dict[str, tuple[Image.Image, dict[str, Any]]] = {
        "plain.png": (upright, {}),
        "see_through.png": (see_through, {}),
        "see_through.webp": (see_through, {"lossless": True}),
        "print.jpg": (upright.convert("CMYK"), {}),
        "turned.jpg": (upright.rotate(90, expand=True), {"exif": turned, "quality": 95}),
        "wide.jpg": (upright.resize((3000, 200)), {}),
        "deep.png": (deep, {}),
    }
    for name, (image, options) in stills.items():
        image.save(folder / name, **options)
    return {name: folder / name for name in stills}


# --------------------------------------------------------------------------- files that are none
def scratch(good: Path, target: Path) -> Path:
    """A copy of a clip with bytes of its pictures changed, in the second quarter of it."""
    data = bytearray(good.read_bytes())
    for place in range(len(data) // 4, len(data) // 2, 997):
        data[place] ^= 0x5A
    target.write_bytes(bytes(data))
    return target


def damaged_files(folder: Path, good: Path) -> dict[str, Path]:
    """Files that look like clips by their name and are none, or would lead to other files."""
    data = good.read_bytes()
    contents: dict[str, bytes] = {
        "empty.mp4": b"",
        "page.mp4": b"<html>403 Forbidden</html>\n" * 50,
        "notes.mp4": b"remember the milk\n" * 200,
        "no_index.mp4": data[: data.index(b"moov") - 4],
        "playlist.mp4": f"#EXTM3U\n#EXTINF:2,\n{good}\n#EXT-X-ENDLIST\n".encode(),
        "list.mp4": f"ffconcat version 1.0\nfile '{good}'\n".encode(),
        "drawing.mp4": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "half.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 20,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}


# --------------------------------------------------------------------------- sound
def write_tone(path: Path, seconds: float, *, hertz: float = 220.0, rate: int = 24_000) -> Path:
    """A mono WAV that swells as often as words come, so that it has speech's ups and downs."""
    time = np.arange(round(seconds * rate)) / rate
    swell = 0.1 + 0.9 * np.sin(np.pi * 2.3 * time) ** 2
    samples = 0.4 * swell * np.sin(2 * np.pi * hertz * time)
    samples[-rate // 20 :] *= np.linspace(1, 0, rate // 20)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path
