"""How each kind of clip is put before the encoder: video, still, illustration."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aivideo.engines import filters, media
from aivideo.engines.ffmpeg import clip_input, raw_input
from aivideo.engines.filters import Canvas, Motion
from aivideo.engines.illustration import draw, drawn_size
from aivideo.engines.media import MediaInfo
from aivideo.errors import AIVideoError, ClipBrokenOff, UnknownProvider
from aivideo.progress import Work
from aivideo.shots import ChosenClip, Look, ShortClip, Shot
from aivideo.studio import Studio

SLOWEST: Final = 4.0
"""A clip that would have to run slower than this stands still at its end."""
SHORTEST_LOOP: Final = 0.3
"""Seconds; anything shorter would flicker, and stands still instead."""
_SAMPLE: Final = 1 << 20


@dataclass(frozen=True)
class Take:
    """What one encode needs.

    Attributes:
        arguments: ffmpeg's input.
        chain: The filters from there to the canvas.
        ingredients: What decides the pixels, for the part's name.
        feed: Makes the bytes for ffmpeg's input, when that is us.
        warnings: What the person should know about the clip.
    """

    arguments: tuple[str, ...]
    chain: str
    ingredients: Mapping[str, object]
    feed: Callable[[], Iterable[bytes]] | None = None
    warnings: tuple[AIVideoError, ...] = ()


def bring(studio: Studio, clip: ChosenClip) -> Work[Path | None]:
    """The clip's file, fetched from its source when it is not here; None for an illustration.

    Raises:
        UnknownProvider: Its source is not among those in use.
        AIVideoError: The source cannot give it.
    """
    if clip.kind == "illustration":
        return None
    if clip.path is not None and clip.path.is_file():
        return clip.path
    if clip.source not in studio.finders:
        raise UnknownProvider("clip source", clip.source, studio.finders)
    return (yield from studio.finders[clip.source].fetch(clip.source_id))


def take(shot: Shot, look: Look, path: Path | None) -> Take:
    """Put a shot before the encoder.

    Args:
        shot: The shot.
        look: How the video is to look.
        path: The clip's file; None for an illustration.

    Raises:
        NotMedia: The file is no video and no picture.
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It is a picture with too many pixels.
    """
    if path is None:
        return _illustration(shot, look.canvas)
    if media.is_still(path):
        return _still(shot, look.canvas, path)
    return _video(shot, look, path)


def glimpse(shot: Shot, look: Look, path: Path | None) -> Take:
    """One picture of a shot, from about its middle; arguments as for ``take``."""
    seconds, canvas = shot.frames / look.fps, look.canvas
    if path is None:
        # Drawn at two frames a second, so that the middle is reached after a few.
        size, frames = drawn_size(canvas.size), max(2, round(2 * seconds))
        middle = frames * 2 // 3
        return Take(
            arguments=raw_input(size, canvas.fps, "bgr0"),
            chain=filters.drawn_chain(canvas, 1),
            ingredients={"recipe": shot.clip.recipe, "drawn": size, "middle": (middle, frames)},
            feed=lambda: itertools.islice(
                draw(shot.clip.recipe, size, 2, frames), middle, middle + 1
            ),
        )
    clip = replace(shot.clip, start_seconds=shot.clip.start_seconds + seconds / 2)
    return take(replace(shot, frames=1, clip=clip), look, path)


def _illustration(shot: Shot, canvas: Canvas) -> Take:
    size = drawn_size(canvas.size)
    return Take(
        arguments=raw_input(size, canvas.fps, "bgr0"),
        chain=filters.drawn_chain(canvas, shot.frames),
        ingredients={"recipe": shot.clip.recipe, "drawn": size},
        feed=lambda: draw(shot.clip.recipe, size, canvas.fps, shot.frames),
    )


def _still(shot: Shot, canvas: Canvas, path: Path) -> Take:
    size, name = filters.still_size(canvas), fingerprint(path)
    # Which way the view moves comes from the picture, so that it stays when scenes move.
    choice = int(name[:2], 16)
    motion = Motion(
        closer=choice % 2 == 0,
        right=1.0 if choice & 2 else -1.0,
        down=0.6 if choice & 4 else -0.6,
    )
    return Take(
        arguments=raw_input(size, canvas.fps, "rgb24"),
        chain=filters.still_chain(canvas, shot.frames, motion),
        ingredients={"still": name, "fit": shot.clip.fit},
        feed=lambda: [media.framed_still(path, size, shot.clip.fit).tobytes()],
    )


@dataclass(frozen=True)
class Placing:
    """Which stretch of a video clip is shown in a scene, and how: the same for its sound.

    Attributes:
        info: What the clip is.
        start: The second of the clip at which the scene begins.
        way: What is done about a clip that is too short; None when it is long enough.
        stretch: How many times longer than it was shot it lasts.
    """

    info: MediaInfo
    start: float
    way: ShortClip | None
    stretch: float


def place(shot: Shot, look: Look, path: Path) -> Placing:
    """Find out which stretch of a video clip a shot shows.

    Raises:
        NotMedia: The file is no video and no picture.
        MediaTruncated: Nothing of it can be shown.
    """
    info, need = media.probe(path), shot.frames / look.fps
    start = in_point(info, shot.clip.start_seconds, need)
    way = way_to_fill(info, start, need, look.short_clip)
    stretch = min(SLOWEST, need / (info.duration_seconds - start)) if way == "slow" else 1.0
    return Placing(info, start, way, stretch)


def _video(shot: Shot, look: Look, path: Path) -> Take:
    clip, canvas, placed = shot.clip, look.canvas, place(shot, look, path)
    info, start, way, stretch = placed.info, placed.start, placed.way, placed.stretch
    need = shot.frames / canvas.fps
    seek = start if info.seekable else 0.0
    return Take(
        arguments=clip_input(
            path, start=seek, seconds=start - seek + need / stretch + 0.5, loop=way == "loop"
        ),
        chain=filters.clip_chain(
            info,
            canvas,
            shot.frames,
            fit=clip.fit,
            stretch=stretch,
            skip_seconds=start - seek,
        ),
        ingredients={"video": fingerprint(path), "start": start, "fit": clip.fit, "way": way},
        warnings=(ClipBrokenOff(info.duration_seconds),) if info.truncated else (),
    )


def in_point(info: MediaInfo, wanted: float, need: float) -> float:
    """Where to begin in a clip: as wanted, unless the clip ends before that."""
    # Two frames short of the end, so that rounding cannot lead behind the last one.
    last = info.duration_seconds - 2 / info.fps
    return wanted if wanted < last else max(0.0, min(last, info.duration_seconds - need))


def way_to_fill(
    info: MediaInfo, start: float, need: float, short_clip: ShortClip
) -> ShortClip | None:
    """What to do about a clip that is shorter than its scene; None when it is not."""
    if info.duration_seconds - start + 1 / info.fps >= need:
        return None
    if short_clip == "loop" and info.duration_seconds < SHORTEST_LOOP:
        return "hold"
    return short_clip


def fingerprint(path: Path) -> str:
    """Names a file by its content, at the same price for any size.

    Its length and three samples stand for it: hashing gigabytes of clips at each render would
    cost more than joining the video does.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for place in (0, max(0, size // 2 - _SAMPLE // 2), max(0, size - _SAMPLE)):
            file.seek(place)
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
