"""Footage for benchmarks, made here: textured, grainy, always moving, in the kinds people have.

A camera that sways over fractal ground with something passing in front of it costs an encoder
about what real clips do; flat test patterns would flatter everything that is measured.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

OCTAVES: Final = 10
GRAIN: Final = 4
"""Strength of the grain, of ffmpeg's noise filter: that of a good camera by day."""


# fmt: off
H264: Final = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-pix_fmt", "yuv420p")
VP9: Final = (
    "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1",
    "-b:v", "9M", "-pix_fmt", "yuv420p",
)
# fmt: on


@dataclass(frozen=True)
class Kind:
    """A kind of clip.

    Attributes:
        name: Its file's name.
        width: As it is stored, in pixels.
        height: As it is stored.
        fps: Frames a second.
        seconds: How long it is.
        turned: Whether it is stored lying on its side, as phones do.
    """

    name: str
    width: int = 1920
    height: int = 1080
    fps: float = 30.0
    seconds: float = 12.0
    codec: Sequence[str] = H264
    turned: bool = False


KINDS: Final = (
    Kind("camera.mp4"),
    Kind("web720.mp4", 1280, 720, 25.0),
    Kind("phone.mp4", turned=True),
    Kind("uhd.mp4", 3840, 2160, seconds=9.2),
    Kind("second.mp4"),
    Kind("browser.webm", codec=VP9),
    Kind("sport60.mp4", fps=60.0),
    Kind("film.mp4", fps=24000 / 1001),
    Kind("snippet.mp4", seconds=2.5),
    Kind("third.mp4"),
)
"""In the order in which scenes take them."""


def make_footage(ffmpeg: Path, folder: Path, kinds: Sequence[Kind] = KINDS) -> list[Path]:
    """The clips of these kinds, made when they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seed, kind in enumerate(kinds):
        path = folder / kind.name
        if not path.exists():
            _make(ffmpeg, path, kind, seed)
        paths.append(path)
    return paths


def make_still(path: Path, width: int = 4000, height: int = 3000) -> Path:
    """A photo, made when it is not there yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(ground(width, height, 77)).save(path, quality=92)
    return path


def ground(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Ridged fractal noise, (height, width, 3) RGB: edges and detail at every size."""
    random = np.random.default_rng(seed)
    shade = np.zeros((height, width), np.float32)
    for octave in range(1, OCTAVES + 1):
        shade -= np.abs(_noise(random, 2**octave, (width, height))) * 0.8**octave
    shade = 112 + 46 * (shade - shade.mean()) / shade.std()
    tints = [28 * _noise(random, 4, (width, height)) for _ in range(3)]
    picture: NDArray[np.float32] = np.stack([shade + tint for tint in tints], axis=2)
    return picture.clip(0, 255).astype(np.uint8)


def _noise(random: np.random.Generator, cells: int, size: tuple[int, int]) -> NDArray[np.float32]:
    """Smooth noise with so many cells down the picture."""
    values = random.standard_normal((cells, 2 * cells)).astype(np.float32)
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BICUBIC))


def _make(ffmpeg: Path, path: Path, kind: Kind, seed: int) -> None:
    frames = round(kind.seconds * kind.fps)
    wide, high = round(kind.width * 1.15 / 2) * 2, round(kind.height * 1.15 / 2) * 2
    passer = kind.height // 4
    draft = path.with_name(f"draft-{path.name}")
    stored = path.with_name(f"stored-{path.name}") if kind.turned else draft
    # fmt: off
    subprocess.run(  # noqa: S603 - our own argument list
        [
            ffmpeg, "-nostdin", "-v", "error", "-y",
            "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{wide}x{high}",
            "-framerate", f"{kind.fps:.6f}", "-i", "pipe:0",
            "-f", "lavfi", "-i",
            f"mandelbrot=size={passer}x{passer}:rate={kind.fps:.6f}:end_pts=900,format=yuv420p",
            "-filter_complex", _camera(kind, frames),
            "-map", "[out]", "-frames:v", str(frames), *kind.codec,
            "-g", str(round(kind.fps * 2)),
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            str(stored),
        ],
        input=ground(wide, high, seed).tobytes(),
        check=True,
    )
    if kind.turned:
        subprocess.run(  # noqa: S603 - our own argument list
            [ffmpeg, "-nostdin", "-v", "error", "-y", "-display_rotation", "-90",
             "-i", stored, "-c", "copy", draft],
            check=True,
        )
        stored.unlink()
    # fmt: on
    draft.replace(path)


def _camera(kind: Kind, frames: int) -> str:
    """A view that sways over the ground, something that crosses it, and grain over both."""
    second = f"(on/{kind.fps:.4f})"
    across = f"(0.06+0.055*sin(0.9*{second})+0.004*sin(7*{second}))"
    down = f"(0.06+0.05*cos(0.7*{second})+0.004*cos(8*{second}))"
    left, right = f"'W*{across}'", f"'W*({across}+0.87)'"
    top, bottom = f"'H*{down}'", f"'H*({down}+0.87)'"
    return (
        f"[0:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
        f"loop=loop={frames - 1}:size=1,setpts=N/({kind.fps:.6f}*TB),"
        f"perspective=x0={left}:y0={top}:x1={right}:y1={top}:x2={left}:y2={bottom}:"
        f"x3={right}:y3={bottom}:interpolation=linear:eval=frame,"
        f"scale={kind.width}:{kind.height}:flags=bilinear[ground];"
        f"[ground][1:v]overlay=x='mod(t*W/5\\,W)':y='H*0.3+H*0.1*sin(t*2)':shortest=0,"
        f"noise=alls={GRAIN}:allf=t[out]"
    )
