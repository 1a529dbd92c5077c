"""The picture's way from any source to our canvas, as ffmpeg filter chains. Pure text.

Whatever comes in, what goes out is a given number of frames of one size, at one constant
rate, with square pixels, as 8 bit BT.709: so that scenes from unlike clips can be joined
without encoding them a second time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from aivideo.engines.media import HD_LINES, MediaInfo

Fit = Literal["crop", "blur", "contain"]

RECIPE: Final = 1
"""Grows with every change that alters pictures, so that parts made before are not used again."""

STILL_SCALE: Final = 1.2
"""How much larger than the canvas a moving still is sampled, which keeps it sharp."""
ZOOM: Final = 0.12
"""How much closer a still comes while it is shown."""
DRIFT: Final = 0.025
"""How far the middle of the view travels over a still, as a part of its size."""

TAGS: Final = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
TONE_MAP: Final = (
    "t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv"
)


@dataclass(frozen=True)
class Canvas:
    """The size and rate of every picture of a video: pixels, and frames a second."""

    width: int
    height: int
    fps: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height


@dataclass(frozen=True)
class Motion:
    """How the view moves over a still.

    Attributes:
        closer: Whether it comes closer, or draws back.
        right: Which way its middle drifts, -1..1 of ``DRIFT``.
        down: The same, downwards.
    """

    closer: bool = True
    right: float = 1.0
    down: float = -0.6


def clip_chain(
    info: MediaInfo,
    canvas: Canvas,
    frames: int,
    *,
    fit: Fit = "crop",
    stretch: float = 1.0,
    skip_seconds: float = 0.0,
) -> str:
    """From a clip's frames to ours.

    Args:
        info: What the clip is.
        canvas: What comes out.
        frames: How many frames come out; the last is held when the clip ends before.
        fit: Cover the canvas (crop), or show all of the picture before itself blurred (blur)
            or before black (contain).
        stretch: How many times longer it lasts than it was shot.
        skip_seconds: What is left out at the beginning, for clips that cannot be sought in.
    """
    rate = f"fps={canvas.fps}:start_time=0:round=near"
    faster = info.fps / stretch > canvas.fps
    return ",".join(
        [
            *([f"trim=start={skip_seconds:.3f}"] if skip_seconds else []),
            # The first frame kept is time 0: an in-point between two frames, or the coarse
            # clock of WebM, would make the rate filter double some frames and drop others.
            "setpts=PTS-STARTPTS" if stretch == 1 else f"setpts=(PTS-STARTPTS)*{stretch:.4f}",
            *(["bwdif=mode=send_frame"] if info.interlaced else []),
            *([rate] if faster else []),
            *_fitted(info, canvas, fit),
            *([] if faster else [rate]),
            *_cut(frames),
        ]
    )


def drawn_chain(canvas: Canvas, frames: int) -> str:
    """From frames that we drew (RGB, the canvas's shape, any size) to ours."""
    return ",".join([_scaled(canvas.width, canvas.height, "lanczos"), *_cut(frames)])


def still_chain(canvas: Canvas, frames: int, motion: Motion) -> str:
    """From one picture of ``still_size`` to frames that move over it.

    The corners of the view are computed for each frame and sampled between pixels: smooth,
    where zoompan shakes by whole pixels (measured: 0.01 against 1 pixel of jitter).
    """
    return ",".join(
        [
            "scale=flags=bicubic:out_color_matrix=bt709:out_range=tv",
            "format=yuv420p",
            f"loop=loop={frames - 1}:size=1",
            f"setpts=N/({canvas.fps}*TB)",
            _moving_view(frames, motion),
            f"scale={canvas.width}:{canvas.height}:flags=bicubic",
            *_cut(frames),
        ]
    )


def still_size(canvas: Canvas) -> tuple[int, int]:
    """The size at which a still is handed to ``still_chain``."""
    return _even(canvas.width * STILL_SCALE), _even(canvas.height * STILL_SCALE)


def captions_filter(ass: Path, fonts: Path) -> str:
    """Burn an ASS file in, with the fonts of a folder."""
    return f"ass=filename={in_filter(ass)}:fontsdir={in_filter(fonts)}"


def in_filter(path: Path) -> str:
    """A path inside a filter's option: escaped for the option, then for the graph."""
    option = "".join(f"\\{c}" if c in "\\':" else c for c in path.as_posix())
    return "".join(f"\\{c}" if c in "\\'[],;" else c for c in option)


def covering(width: int, height: int, canvas: Canvas) -> tuple[int, int]:
    """The even size at which a picture just covers the canvas."""
    factor = max(canvas.width / width, canvas.height / height)
    return (
        max(canvas.width, _even(width * factor)),
        max(canvas.height, _even(height * factor)),
    )


def inside(width: int, height: int, canvas: Canvas) -> tuple[int, int]:
    """The even size at which all of a picture just fits into the canvas."""
    factor = min(canvas.width / width, canvas.height / height)
    return (
        min(canvas.width, max(2, _even(width * factor))),
        min(canvas.height, max(2, _even(height * factor))),
    )


def _even(length: float) -> int:
    return math.ceil(length / 2 - 1e-6) * 2


def _fitted(info: MediaInfo, canvas: Canvas, fit: Fit) -> list[str]:
    size = (covering if fit == "crop" else inside)(info.width, info.height, canvas)
    coloured = _coloured(info, *size)
    if size == canvas.size:
        return [coloured]
    if fit == "crop":
        return [coloured, f"crop={canvas.width}:{canvas.height}"]
    if fit == "contain":
        return [coloured, f"pad={canvas.width}:{canvas.height}:(ow-iw)/2:(oh-ih)/2"]
    return [coloured, _before_itself(size, canvas)]


def _before_itself(size: tuple[int, int], canvas: Canvas) -> str:
    """The picture in front of a blurred copy of itself that fills the canvas."""
    small = Canvas(_even(canvas.width / 8), _even(canvas.height / 8), canvas.fps)
    width, height = covering(*size, small)
    left, top = ((whole - part) // 4 * 2 for whole, part in zip(canvas.size, size, strict=True))
    return (
        "split[front][copy];"
        f"[copy]scale={width}:{height}:flags=area,crop={small.width}:{small.height},"
        f"gblur=sigma=8,scale={canvas.width}:{canvas.height}:flags=bicubic,"
        f"eq=brightness=-0.06:saturation=0.9[back];"
        f"[back][front]overlay={left}:{top}:shortest=1"
    )


def _coloured(info: MediaInfo, width: int, height: int) -> str:
    """Scale to a size, and bring the colours to 8 bit BT.709 on the way."""
    if info.hdr:
        said = "" if info.tagged else "setparams=colorspace=bt2020nc:color_primaries=bt2020,"
        return f"{said}zscale=w={width}:h={height}:{TONE_MAP},format=yuv420p"
    if info.tagged:
        return _scaled(width, height)
    meant = "bt709" if info.height >= HD_LINES else "smpte170m"
    return f"setparams=colorspace={meant},{_scaled(width, height)}"


def _scaled(width: int, height: int, flags: str = "bicubic") -> str:
    return (
        f"scale={width}:{height}:flags={flags}:out_color_matrix=bt709:out_range=tv,format=yuv420p"
    )


def _cut(frames: int) -> list[str]:
    """Exactly this many frames: the last is held when there are fewer."""
    return ["setsar=1", "tpad=stop=-1:stop_mode=clone", f"trim=end_frame={frames}", TAGS]


def _moving_view(frames: int, motion: Motion) -> str:
    """The four corners of the view as expressions of the frame number, which counts from 1."""
    done = f"((on-1)/{max(1, frames - 1)})"
    nearness = done if motion.closer else f"(1-{done})"
    zoom = f"(1+{ZOOM}*{nearness})"
    # Kept inside the picture at every zoom: the view may leave the middle by half of what
    # the zoom has left over.
    middle = {
        "W": f"(0.5+{DRIFT * motion.right:.4f}*{nearness})",
        "H": f"(0.5+{DRIFT * motion.down:.4f}*{nearness})",
    }
    left, right = (f"'W*({middle['W']}{sign}0.5/{zoom})'" for sign in "-+")
    top, bottom = (f"'H*({middle['H']}{sign}0.5/{zoom})'" for sign in "-+")
    return (
        f"perspective=x0={left}:y0={top}:x1={right}:y1={top}:"
        f"x2={left}:y2={bottom}:x3={right}:y3={bottom}:interpolation=linear:eval=frame"
    )
