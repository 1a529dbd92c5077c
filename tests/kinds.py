"""The other kinds of footage that people have, beside those in ``footage``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from footage import (
    AV1,
    H264,
    MAKERS,
    TO_PQ,
    VP9,
    Footage,
    Pixels,
    copy_with,
    encode,
    picture,
    pictures,
)
from PIL import Image

# fmt: off
TAGGED = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
TO_HLG = TO_PQ.replace("t=smpte2084", "t=arib-std-b67")
HLG = (
    "-vf", TO_HLG,
    "-c:v", "libx265", "-preset", "ultrafast", "-crf", "14", "-tag:v", "hvc1",
    "-x265-params", "log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc",
)
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p",
        "-tag:v", "hvc1", "-x265-params", "log-level=error", *TAGGED)
PRORES = ("-c:v", "prores_ks", "-profile:v", "2", "-pix_fmt", "yuv422p10le", *TAGGED)
HIGH_422 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "14",
            "-pix_fmt", "yuv422p10le", *TAGGED)
B_FRAMES = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-crf", "12",
            "-pix_fmt", "yuv420p", "-movflags", "+negative_cts_offsets", *TAGGED)
FULL_RANGE = ("-vf", "scale=out_range=pc:out_color_matrix=bt709,format=yuvj420p",
              "-c:v", "libx264", "-preset", "ultrafast", "-crf", "14",
              "-color_range", "pc", *TAGGED)
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "4", "-b:v", "3M",
       "-pix_fmt", "yuv420p")
MPEG2 = ("-c:v", "mpeg2video", "-q:v", "2", "-pix_fmt", "yuv420p")
MOTION_JPEG = ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p")
THEORA = ("-c:v", "libtheora", "-q:v", "10", "-pix_fmt", "yuv420p")
WINDOWS_MEDIA = ("-c:v", "wmv2", "-q:v", "2", "-pix_fmt", "yuv420p")
FLASH = ("-c:v", "flv", "-q:v", "2", "-pix_fmt", "yuv420p")
# fmt: on


@dataclass(frozen=True)
class _Kind:
    """A kind that differs from the plain clip in its file, codec, size or rate alone."""

    name: str
    codec: Sequence[str] = H264
    size: tuple[int, int] = (320, 180)
    fps: float = 30.0
    frames: int = 45
    sound: Sequence[str] = ()

    def __call__(self, folder: Path) -> Footage:
        """Make it."""
        mark = sum(map(ord, self.name)) % 16
        width, height = self.size
        clip = Footage(folder / self.name, mark, width, height, self.fps, self.frames)
        encode(
            clip.path,
            pictures(clip),
            size=self.size,
            fps=self.fps,
            codec=self.codec,
            sound=self.sound,
        )
        return clip


def _turned(folder: Path, degrees: int) -> Footage:
    """Stored lying on its side, to be turned by so many degrees against the clock."""
    clip = Footage(folder / f"turned_{degrees}.mov", mark=5, width=180, height=320)
    stored = folder / f"turned_{degrees}.stored.mp4"
    turns = {90: 3, 270: 1}[degrees]
    encode(stored, (np.rot90(image, turns) for image in pictures(clip)), size=(320, 180))
    copy_with(stored, clip.path, before=("-display_rotation", str(degrees)))
    return clip


def _bottom_first(folder: Path) -> Footage:
    """Each picture woven from two moments, the lower lines first."""
    clip = Footage(folder / "bottom_first.mov", mark=12, fps=25, frames=38)

    def woven(n: int) -> Pixels:
        first, second = (picture(12, n, 320, 180, moment) for moment in (2 * n, 2 * n + 1))
        first[::2] = second[::2]
        return first

    flags = (*H264, "-flags", "+ilme+ildct", "-x264-params", "bff=1")
    encode(clip.path, map(woven, range(clip.frames)), fps=25, codec=("-vf", "setfield=bff", *flags))
    return clip


def _many_sounds(folder: Path) -> Footage:
    """Two languages and 5.1, beside the pictures."""
    clip = Footage(folder / "many_sounds.mkv", mark=4)
    more = ("-map", "0:v", "-map", "1:a", "-map", "1:a", "-ac:a:0", "6")
    encode(clip.path, pictures(clip), codec=(*H264, *more), sound=("-c:a", "aac"))
    return clip


def _edit_list(folder: Path) -> Footage:
    """Copied from inside a group of pictures: an edit list hides what comes before the start."""
    whole = Footage(folder / "edit_list.whole.mp4", mark=6, frames=120)
    encode(whole.path, pictures(whole), codec=(*H264, "-g", "60"))
    path = folder / "edit_list.mp4"
    copy_with(whole.path, path, before=("-ss", "1.0"), after=("-avoid_negative_ts", "disabled"))
    return replace(whole, path=path, frames=90, first=30)


def _without_length(folder: Path) -> Footage:
    """As a browser records: no length, no index."""
    clip = Footage(folder / "recorded.webm", mark=7)
    encode(clip.path, pictures(clip), codec=(*VP9, "-f", "webm", "-live", "1"))
    return clip


def _dvd(folder: Path) -> Footage:
    """MPEG-2 with pixels that are wider than high, as on a DVD."""
    clip = Footage(folder / "dvd.mpg", mark=8, width=640, height=360, fps=25, frames=38)
    narrow = ("-vf", "scale=480:360,setsar=4/3", *MPEG2)
    encode(clip.path, pictures(clip), size=(640, 360), fps=25, codec=narrow)
    return clip


def _cover(folder: Path) -> Footage:
    """A clip that carries a picture of itself as well, as shops deliver them."""
    clip, plain = Footage(folder / "cover.mp4", mark=9), folder / "cover.plain.mp4"
    encode(plain, pictures(clip))
    cover = folder / "cover.jpg"
    Image.fromarray(picture(1, 0, 320, 180)).save(cover)
    before = ("-f", "image2", "-c:v", "mjpeg", "-i", str(cover))
    after = ("-map", "0", "-map", "1", "-disposition:v:0", "attached_pic")
    copy_with(plain, clip.path, before=before, after=after)
    return clip


MORE: dict[str, Callable[[Path], Footage]] = {
    "uhd_hevc": _Kind("uhd.mp4", HEVC, size=(3840, 2160), fps=60, frames=8),
    "hlg": _Kind("hlg.mp4", HLG),
    "prores": _Kind("prores.mov", PRORES),
    "high_422": _Kind("high_422.mp4", HIGH_422),
    "full_range": _Kind("full_range.mp4", FULL_RANGE),
    "vp8": _Kind("vp8.webm", VP8),
    "av1_webm": _Kind("av1.webm", AV1),
    "matroska": _Kind("matroska.mkv", sound=("-c:a", "flac")),
    "motion_jpeg": _Kind("camera.avi", MOTION_JPEG),
    "mpeg_stream": _Kind("stream.mpg", MPEG2, fps=25, frames=38),
    "broadcast_mpeg2": _Kind("mpeg2.ts", MPEG2, fps=25, frames=38, sound=("-c:a", "mp2")),
    "theora": _Kind("theora.ogv", THEORA),
    "windows_media": _Kind("windows.wmv", WINDOWS_MEDIA),
    "flash": _Kind("flash.flv", FLASH),
    "one_key_frame": _Kind("one_key_frame.mp4", (*H264, "-g", "600"), frames=150),
    "later_pictures_first": _Kind("later_first.mp4", B_FRAMES),
    "odd_large": _Kind("odd_large.webm", VP9, size=(853, 481)),
    "ntsc": _Kind("ntsc.mp4", fps=30000 / 1001),
    "pal_fast": _Kind("pal_fast.mp4", fps=50, frames=75),
    "very_fast": _Kind("very_fast.mp4", fps=120, frames=150),
    "one_frame": _Kind("one_frame.mp4", frames=1),
    "turned_90": lambda folder: _turned(folder, 90),
    "turned_270": lambda folder: _turned(folder, 270),
    "bottom_first": _bottom_first,
    "many_sounds": _many_sounds,
    "edit_list": _edit_list,
    "without_length": _without_length,
    "dvd": _dvd,
    "cover": _cover,
}
EVERY_KIND: dict[str, Callable[[Path], Footage]] = MAKERS | MORE
