"""The picture's way from any source to our canvas, as ffmpeg filter chains. Pure text.

Whatever comes in, what goes out is a given number of frames of one size, at one constant
rate, with square pixels, as 8 bit BT.709: so that scenes from unlike clips can be joined
without encoding them a second time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from aivideo.engines import tones
from aivideo.engines.media import MediaInfo

Fit = Literal["crop", "blur", "contain"]

RECIPE: Final = 4
"""Grows with every change that alters pictures, so that parts made before are not used again."""

MUCH_HIDDEN: Final = 1.25
"""How many times the canvas a covering picture has to be before it pays to cut it first."""
STILL_SCALE: Final = 1.2
"""How much larger than the canvas a moving still is sampled, which keeps it sharp."""
ZOOM: Final = 0.12
"""How much closer a still comes while it is shown."""
DRIFT: Final = 0.025
"""How far the middle of the view travels over a still, as a part of its size."""

TAGS: Final = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
TONE_MAP: Final = (
    f"t=linear:npl={tones.WHITE:.0f},format=gbrpf32le,zscale=p=bt709,"
    f"tonemap=mobius:param={tones.KNEE}:peak={tones.PEAK:.4f}:desat=0,"
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
    begin_seconds: float | None = None,
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
        begin_seconds: The time of the clip that the first frame shows; the first picture that
            comes, when it is not given. Before a clip begins its first picture is shown.
    """
    rate = f"fps={canvas.fps}:start_time=0:round=near"
    faster = info.fps / stretch > canvas.fps
    return ",".join(
        [
            *([f"trim=start={skip_seconds:.3f}"] if skip_seconds else []),
            _begun(begin_seconds, stretch),
            *(["bwdif=mode=send_frame"] if info.interlaced else []),
            *([rate] if faster else []),
            *_fitted(info, canvas, fit),
            *([] if faster else [rate]),
            *_cut(frames),
        ]
    )


def picture_chain(info: MediaInfo, canvas: Canvas, fit: Fit) -> str:
    """From one picture of a clip to one of ours."""
    woven = ["bwdif=mode=send_frame"] if info.interlaced else []
    return ",".join([*woven, *_fitted(info, canvas, fit), "setsar=1", TAGS])


def _begun(begin_seconds: float | None, stretch: float) -> str:
    """Count time from a picture of the clip.

    An in-point between two pictures, or the coarse clock of WebM, would make the rate filter
    double some frames and drop others. The clock of AVI ticks once a picture, too coarse for a
    place between two, so a finer one is set first.
    """
    begin = "STARTPTS" if begin_seconds is None else f"({begin_seconds:.6f})/TB"
    slower = "" if stretch == 1 else f"*{stretch:.4f}"
    return f"settb=AVTB,setpts=(PTS-{begin}){slower}"


def drawn_chain(canvas: Canvas, frames: int) -> str:
    """From frames that we drew (RGB, the canvas's shape, any size) to ours."""
    return ",".join([_scaled(canvas.width, canvas.height), *_cut(frames)])


def still_chain(canvas: Canvas, frames: int, motion: Motion, *, part: range | None = None) -> str:
    """From one picture of ``still_size`` to frames that move over it.

    The corners of the view are computed for each frame and sampled between pixels: smooth,
    where zoompan shakes by whole pixels (measured: 0.01 against 1 pixel of jitter).

    Args:
        canvas: What comes out.
        frames: Over how many frames the view moves.
        motion: How it moves.
        part: Which of these frames come out; all when it is not given.
    """
    shown = range(frames) if part is None else part
    return ",".join(
        [
            "scale=flags=bicubic:out_color_matrix=bt709:out_range=tv",
            "format=yuv420p",
            f"loop=loop={len(shown) - 1}:size=1",
            f"setpts=N/({canvas.fps}*TB)",
            _moving_view(frames, motion, shown.start),
            f"scale={canvas.width}:{canvas.height}:flags=bicubic",
            *_cut(len(shown)),
        ]
    )


def still_size(canvas: Canvas) -> tuple[int, int]:
    """The size at which a still is handed to ``still_chain``."""
    return _even(canvas.width * STILL_SCALE), _even(canvas.height * STILL_SCALE)


def one_after_the_other(first: str, second: str, fps: int) -> str:
    """A graph's end: the frames called ``[first]``, then those called ``[second]``."""
    return f"{first}{second}concat=n=2:v=1:a=0,{_counted(fps)}"


def cross_fade(first: str, second: str, frames: int, fps: int) -> str:
    """A graph's end: as many frames of each of two, the one giving way to the other.

    The first frame is still all of the one; the frame after the last would be all of the other.
    """
    # The mixer wants both at one constant rate and counted in the same unit.
    return (
        f"{first}{_counted(fps)}[before];{second}{_counted(fps)}[after];[before][after]"
        f"xfade=transition=fade:duration={frames / fps:.6f}:offset=0,{TAGS}"
    )


def fades(frames: int, fade_in: int, fade_out: int) -> list[str]:
    """From black at the beginning, to black at the end, in so many of all frames."""
    return [
        *([f"fade=t=in:start_frame=0:nb_frames={fade_in}"] if fade_in else []),
        *([f"fade=t=out:start_frame={frames - fade_out}:nb_frames={fade_out}"] if fade_out else []),
    ]


@dataclass(frozen=True)
class Lettering:
    """Captions to be laid over pictures.

    Attributes:
        ass: Their file, made for a layer of their own that has these rows.
        fonts: The folder of its fonts.
        rows: The rows of the picture that they touch, from an even one to an even one.
        drawn: The frames for which they are drawn, the first of all among them; in those between
            they look as in the one before.
        first: Which frame of the file's time the first one is.
    """

    ass: Path
    fonts: Path
    rows: range
    drawn: Sequence[int]
    first: int = 0


def captions_over(graph: str, lettering: Lettering, canvas: Canvas, number: int = 0) -> str:
    """A graph's end with captions over it.

    Letters are drawn on a layer of their own, in the few frames in which a word lights up, and
    that is laid over all: a third of the work of drawing them into each picture. The layer is
    black where it shows nothing, which is right at their edges because those are black too.

    Args:
        graph: What gives the pictures.
        lettering: The captions.
        canvas: The size and rate of the pictures.
        number: Of the layer, where there are more.
    """
    rows, fps, drawn = lettering.rows, canvas.fps, lettering.drawn
    layer = [
        f"color=c=black@0:s={canvas.width}x{len(rows)}:r={fps}:d={(drawn[-1] + 1) / fps:.6f}",
        f"format=yuva420p,{TAGS}",
        f"select='{_among(drawn)}'",
        # Captions change by themselves, so it is their clock that is shifted and not their times.
        f"setpts=PTS+({lettering.first})",
        f"{captions_filter(lettering.ass, lettering.fonts)}:alpha=1",
        f"setpts=PTS-({lettering.first})",
    ]
    return (
        f"{graph},{_counted(fps)}[below{number}];{','.join(layer)}[words{number}];"
        f"[below{number}][words{number}]overlay=0:{rows.start}:eval=init:format=yuv420"
    )


def _among(frames: Sequence[int]) -> str:
    """Whether a frame is one of these, as an expression; they are in order.

    A tree, since ffmpeg 9 refuses expressions of more than a hundred terms in a row.
    """
    if len(frames) == 1:
        return f"eq(n,{frames[0]})"
    half = len(frames) // 2
    return f"if(lt(n,{frames[half]}),{_among(frames[:half])},{_among(frames[half:])})"


def numbered(chain: str, number: int) -> str:
    """The chain with labels of its own, so that a graph may hold it twice."""
    return re.sub(r"\[(\w+)\]", rf"[\g<1>{number}]", chain)


def _counted(fps: int) -> str:
    """Number the frames; some versions forget the rate where times change."""
    return f"settb=1/{fps},setpts=N,fps={fps}"


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
    if fit == "crop" and size != canvas.size:
        before, size = _seen_alone(info, size, canvas)
        return [*before, _coloured(info, *size), f"crop={canvas.width}:{canvas.height}"]
    coloured = _coloured(info, *size)
    if size == canvas.size:
        return [coloured]
    if fit == "contain":
        return [coloured, f"pad={canvas.width}:{canvas.height}:(ow-iw)/2:(oh-ih)/2"]
    return [coloured, _before_itself(size, canvas)]


def _seen_alone(
    info: MediaInfo, size: tuple[int, int], canvas: Canvas
) -> tuple[list[str], tuple[int, int]]:
    """What to cut away before scaling, and the size that is left to scale to.

    Of a picture that stands upright, in a canvas that lies, two thirds are never seen: scaling
    them, or mapping their light, would be most of the work.
    """
    width, height = size
    if height > MUCH_HIDDEN * canvas.height:
        lines = 2 * math.ceil(info.height * canvas.height / height / 2)
        # The pixels are square and the size is even, so the scale is off by a line at most.
        kept = max(canvas.height, _even(lines * height / info.height))
        return [f"crop=iw:2*ceil(ih*{canvas.height / height:.6f}/2)"], (width, kept)
    if width > MUCH_HIDDEN * canvas.width:
        columns = 2 * math.ceil(info.width * canvas.width / width / 2)
        kept = max(canvas.width, _even(columns * width / info.width))
        return [f"crop=2*ceil(iw*{canvas.width / width:.6f}/2):ih"], (kept, height)
    return [], size


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
    meant = "bt709" if info.high_definition else "smpte170m"
    return f"setparams=colorspace={meant},{_scaled(width, height)}"


def _scaled(width: int, height: int) -> str:
    return (
        f"scale={width}:{height}:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p"
    )


def _cut(frames: int) -> list[str]:
    """Exactly this many frames: the last is held when there are fewer."""
    return ["setsar=1", "tpad=stop=-1:stop_mode=clone", f"trim=end_frame={frames}", TAGS]


def _moving_view(frames: int, motion: Motion, first: int) -> str:
    """The four corners of the view as expressions of the frame number, which counts from 1."""
    done = f"((on-1+{first})/{max(1, frames - 1)})"
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
