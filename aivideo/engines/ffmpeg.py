"""ffmpeg: argument lists (pure functions), and running them as Works.

One encode stands between a source and the finished video: a scene is filmed once, the sound
is encoded once, and the join copies both. Every list is literal, flag and value side by side.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from aivideo.engines import process
from aivideo.engines.filters import Canvas
from aivideo.engines.media import FORMATS
from aivideo.engines.process import Finished, ReadLine
from aivideo.errors import AIVideoError, FFmpegLacks, Health, ProgramFailed, ProgramMissing
from aivideo.progress import Progress, Work, finish

logger = logging.getLogger(__name__)

NEEDED: Final = {
    "-filters": (
        "ass",
        "alimiter",
        "ebur128",
        "overlay",
        "perspective",
        "xfade",
        "zscale",
    ),
    "-encoders": ("libx264", "aac"),
}

AAC_PACKETS: Final = 47
"""A second of sound at 48 kHz, 1,024 samples each."""
INDEX_HEAD, INDEX_ENTRY = 16_384, 32
"""Bytes of an MP4's index at most: in any case, and for a picture or a packet of sound (size 4,
offset 8, its chunk 12, reordering 8); about 14 are used."""

# fmt: off
QUIET: Final = (
    "-nostdin",
    "-hide_banner",
    "-nostats",
    "-progress", "pipe:1",
    "-stats_period", "0.25",
    "-y",
)
# fmt: on


@dataclass(frozen=True)
class Encoding:
    """How hard x264 works: its preset, and its constant quality (lower is better)."""

    preset: str
    crf: int


Quality = Literal["preview", "draft", "standard", "high"]
ENCODINGS: Final[dict[Quality, Encoding]] = {
    "preview": Encoding("ultrafast", 26),
    "draft": Encoding("superfast", 23),
    "standard": Encoding("veryfast", 20),
    "high": Encoding("fast", 17),
}


class FFmpeg:
    """The ffmpeg program: the one that the settings name, or the packaged one, or the system's."""

    def __init__(self, path: Path | None = None) -> None:
        self._wanted = path

    @cached_property
    def path(self) -> Path:
        """The program.

        Raises:
            ProgramMissing: There is none.
        """
        if self._wanted is not None:
            return self._wanted
        import imageio_ffmpeg

        try:
            return Path(imageio_ffmpeg.get_ffmpeg_exe())
        except RuntimeError as problem:
            found = shutil.which("ffmpeg")
            if found is None:
                raise ProgramMissing("ffmpeg", detail=str(problem)) from problem
            return Path(found)

    @cached_property
    def version(self) -> str:
        """Such as ``9.0.2``: an ingredient of everything that it makes.

        Raises:
            ProgramMissing: There is no such program.
        """
        found = re.search(r"ffmpeg version n?(\d[\d.]*|\S+)", self._listed("-version"))
        return found[1] if found else "of unknown version"

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """The filters and encoders that a render needs and this program was built without."""
        return tuple(
            name
            for kind, names in NEEDED.items()
            for name in names
            if not re.search(rf"^ \S+ +{name} ", self._listed(kind), re.MULTILINE)
        )

    def check(self) -> Health:
        """Whether it is there and can do what a render needs."""
        try:
            version = self.version
            if self.lacking:
                raise FFmpegLacks(self.path, self.lacking)
        except AIVideoError as problem:
            says, _, remedy = problem.message.partition(". ")
            return Health("Video engine", works=False, says=f"{says}.", remedy=remedy, needed=True)
        return Health("Video engine", works=True, says=f"ffmpeg {version} is ready.", needed=True)

    def has_encoder(self, name: str) -> bool:
        """Whether it was built with an encoder; it may still need a driver.

        Raises:
            ProgramMissing: There is no such program.
        """
        return bool(re.search(rf"^ \S+ +{name} ", self._listed("-encoders"), re.MULTILINE))

    def run(
        self,
        arguments: Sequence[str],
        target: Path | None = None,
        *,
        feed: Iterable[bytes] | None = None,
        read_line: ReadLine | None = None,
    ) -> Work[Finished]:
        """Run it with these arguments, writing to a file, or nowhere (``-f null``).

        Raises:
            ProgramFailed: It ended with an error; its last words are in the details.
            FFmpegLacks: It ended with an error, and cannot do what a render needs.
            ProgramKilled: The system ended it.
            ProgramStuck: It made no progress for a minute.
            ProgramMissing: It cannot be started.
            DiskFull: There is no room for the file.
        """
        output = "-" if target is None else in_name(target)
        try:
            return (
                yield from process.run(
                    [self.path, *QUIET, *arguments, output],
                    feed=feed,
                    read_line=read_line,
                    folder=target.parent if target else None,
                )
            )
        except ProgramFailed as problem:
            if self.lacking:
                raise FFmpegLacks(self.path, self.lacking, detail=problem.detail) from problem
            raise

    def _listed(self, question: str) -> str:
        """What it prints on standard output when asked."""
        lines: list[str] = []
        finish(process.run([self.path, "-hide_banner", question], read_line=lines.append))
        return "\n".join(lines)


# fmt: off
def clip_input(
    path: Path, *, start: float, seconds: float, loop: bool = False
) -> tuple[str, ...]:
    """Read a clip from outside: as a known container, from this disk, no longer than needed.

    Args:
        path: The file.
        start: Where to begin, in seconds.
        seconds: How much of it to read.
        loop: Whether to begin again at the end.
    """
    return (
        "-threads", "1",
        "-protocol_whitelist", "file",
        "-format_whitelist", FORMATS,
        *(("-stream_loop", "-1") if loop else ()),
        *(("-ss", f"{start:.3f}") if start else ()),
        "-t", f"{seconds:.3f}",
        "-i", in_name(path),
    )


def raw_input(
    size: tuple[int, int], fps: int, pixels: Literal["bgr0", "rgb24", "yuv420p"]
) -> tuple[str, ...]:
    """Read frames that we feed: width and height, frames a second, and how a pixel is laid out."""
    return (
        # Versions differ in what they call it.
        "-protocol_whitelist", "pipe,fd",
        "-f", "rawvideo",
        "-pixel_format", pixels,
        "-video_size", f"{size[0]}x{size[1]}",
        "-framerate", str(fps),
        "-i", "pipe:0",
    )


def lossless_arguments(source: Sequence[str], chain: str, frames: int) -> list[str]:
    """Frames kept as they are for a moment, because only one input of a program can be fed."""
    return [
        "-loglevel", "error",
        *source,
        "-map", "0:V:0",
        "-vf", chain,
        "-frames:v", str(frames),
        "-c:v", "ffvhuff",
        "-f", "nut",
    ]


def lossless_input(path: Path) -> tuple[str, ...]:
    """Read what ``lossless_arguments`` wrote."""
    return ("-protocol_whitelist", "file", "-f", "nut", "-i", in_name(path))


def frame_arguments(source: Sequence[str], chain: str) -> list[str]:
    """One picture of a scene, as PPM for a moment: packing it would be half of the work."""
    return [
        "-loglevel", "error",
        *source,
        "-map", "0:V:0",
        "-vf", f"{chain},format=rgb24",
        "-frames:v", "1",
        "-c:v", "ppm",
        "-update", "1",
        "-f", "image2",
    ]


def pictures_arguments(source: Sequence[str], chain: str) -> list[str]:
    """A few pictures of a clip, as bare RGB one after the other."""
    return [
        "-loglevel", "error",
        *source,
        "-map", "0:V:0",
        "-vf", f"{chain},format=rgb24",
        "-fps_mode", "passthrough",
        "-c:v", "rawvideo",
        "-f", "rawvideo",
    ]


def join_arguments(parts: Path, sound: Path, canvas: Canvas, frames: int) -> list[str]:
    """Parts and sound copied into one file that starts fast.

    Room for the index is left in front, so that the file is written once; ``faststart`` would
    write and read it again.

    Args:
        parts: A list made by ``concat_list``.
        sound: The sound's file.
        canvas: The size and rate of the pictures.
        frames: How many pictures there are.
    """
    packets = frames * AAC_PACKETS // canvas.fps
    return [
        "-loglevel", "warning",
        "-protocol_whitelist", "file",
        "-format_whitelist", "concat,mov",
        # Otherwise a few pictures of each part are decoded when it is opened, most of the work of
        # a join; what they would tell is in the part's header. It grumbles and copies all the same.
        "-codec_whitelist", "none",
        "-f", "concat",
        "-safe", "0",
        "-i", in_name(parts),
        "-protocol_whitelist", "file",
        "-f", "mov",
        "-i", in_name(sound),
        "-map", "0:v:0",
        "-map", "1:a:0",
        "-c", "copy",
        "-map_metadata", "-1",
        "-video_track_timescale", str(512 * canvas.fps),
        "-moov_size", str(INDEX_HEAD + INDEX_ENTRY * (frames + packets)),
        "-f", "mp4",
    ]
# fmt: on


def concat_list(parts: Iterable[tuple[Path, int]], fps: int) -> str:
    """The list of parts with their frame counts.

    The lengths matter: without them the demuxer trusts rounded file durations, and the steps
    between frames stop being equal at the joins.
    """
    lines = ["ffconcat version 1.0"]
    for path, frames in parts:
        quoted = in_name(path).replace("'", "'\\''")
        lines += [f"file '{quoted}'", f"duration {frames / fps:.6f}"]
    return "\n".join(lines) + "\n"


def in_name(path: Path) -> str:
    """A path as an argument that can be neither an option nor another protocol."""
    return f"file:{path.resolve()}"


def frames_of(total: int, message: str = "") -> ReadLine:
    """A reader of ``-progress`` that counts frames."""

    def read(line: str) -> Progress | None:
        name, _, value = line.partition("=")
        if name == "frame" and value.strip().isdigit():
            return Progress(min(1.0, int(value) / max(1, total)), message)
        return None

    return read


def seconds_of(total: float, message: str = "") -> ReadLine:
    """A reader of ``-progress`` that looks at the time written."""

    def read(line: str) -> Progress | None:
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.strip().isdigit():
            return Progress(min(1.0, int(value) / 1_000_000 / max(0.001, total)), message)
        return None

    return read
