"""How each kind of clip is put before the encoder: video, still, illustration."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from aivideo.clips.condition import holds
from aivideo.engines import animations, filters, media, stills
from aivideo.engines.ffmpeg import clip_input, raw_input
from aivideo.engines.filters import Canvas
from aivideo.engines.finding import Wanted
from aivideo.engines.illustration import draw, drawn_size
from aivideo.engines.media import MediaInfo
from aivideo.engines.probing import Stamp, probed, stamp_of
from aivideo.engines.sections import section_offset
from aivideo.engines.timing import Entry, find_entry, find_key
from aivideo.errors import AIVideoError, ClipBrokenOff, UnknownProvider
from aivideo.progress import Work
from aivideo.shots import ChosenClip, Look, ShortClip, Shot
from aivideo.studio import Studio

SLOWEST: Final = 4.0
"""A clip that would have to run slower than this stands still at its end."""
SHORTEST_LOOP: Final = 0.3
"""Seconds; anything shorter would flicker, and stands still instead."""
LEAD: Final = 1.05
"""How many pictures before the first one reading begins; where their steps vary, ..."""
VARYING_LEAD: Final = 0.5
"""... how many seconds before."""
SETTLE: Final = 0.002
"""Seconds by which pictures are counted late: one that lies half-way between two frames (60 to
30 a second) would otherwise fall to the one or the other as the clip's clock rounds it."""
DECODING_SHARE, DRAWING_SHARE = 0.3, 0.6
"""Of the work of encoding a frame, what decoding one of that size and drawing one takes."""
_SAMPLE: Final = 1 << 20


@dataclass(frozen=True)
class Take:
    """What one encode needs.

    Attributes:
        arguments: ffmpeg's inputs.
        chain: The filters from the first of them to the canvas.
        ingredients: What decides the pixels, for the part's name.
        feed: Makes the bytes for ffmpeg's input, when that is us.
        warnings: What the person should know about the clip.
        again: The filters from the second input, where the clip begins again, to the canvas.
    """

    arguments: tuple[str, ...]
    chain: str
    ingredients: Mapping[str, object]
    feed: Callable[[], Iterable[bytes]] | None = None
    warnings: tuple[AIVideoError, ...] = ()
    again: str = ""

    def graph(self, name: str, canvas: Canvas, number: int = 0) -> str:
        """The way from the inputs, the first of which has this number, to what gets this name."""
        chain = filters.numbered(self.chain, number)
        if not self.again:
            return f"[{number}:V:0]{chain}[{name}]"
        once, again = f"[{name}.once]", f"[{name}.again]"
        return (
            f"[{number}:V:0]{chain}{once};"
            f"[{number + 1}:V:0]{filters.numbered(self.again, number + 1)}{again};"
            f"{filters.one_after_the_other(once, again, canvas.fps)}[{name}]"
        )

    @property
    def inputs(self) -> int:
        """How many inputs it has."""
        return 2 if self.again else 1


def bring(studio: Studio, clip: ChosenClip) -> Work[Path | None]:
    """The clip's file, fetched from its source when what is shown is not here; None when drawn.

    Raises:
        UnknownProvider: Its source is not among those in use.
        AIVideoError: The source cannot give it.
    """
    if clip.kind == "illustration":
        return None
    wanted = Wanted(
        source_id=clip.source_id,
        title=clip.title,
        media=clip.media,
        licence=clip.licence,
        size=clip.size,
        start_seconds=clip.start_seconds,
        seconds=clip.seconds,
    )
    if clip.path is not None and clip.path.is_file() and holds(clip.path, wanted):
        return clip.path
    if clip.source not in studio.finders:
        raise UnknownProvider("clip source", clip.source, studio.finders)
    return (yield from studio.finders[clip.source].fetch(wanted))


def take(shot: Shot, look: Look, path: Path | None, frames: range | None = None) -> Take:
    """Put a shot before the encoder.

    Args:
        shot: The shot.
        look: How the video is to look.
        path: The clip's file; None for an illustration.
        frames: Which frames of the shot, when not all; they may reach beyond its ends, where
            the clip goes on.

    Raises:
        NotMedia: The file is no video and no picture.
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It is a picture with too many pixels.
    """
    part = range(shot.frames) if frames is None else frames
    if path is None:
        return _illustration(shot, look.canvas, part)
    if animations.is_animation(path):
        return _animation(shot, look.canvas, path, part)
    if stills.is_still(path):
        return _still(shot, look, path, part)
    return _video(shot, look, path, part)


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


def _illustration(shot: Shot, canvas: Canvas, part: range) -> Take:
    size = drawn_size(canvas.size)
    return Take(
        arguments=raw_input(size, canvas.fps, "bgr0"),
        chain=filters.drawn_chain(canvas, len(part)),
        ingredients={
            "recipe": shot.clip.recipe,
            "drawn": size,
            "part": (part.start, part.stop, shot.frames),
        },
        feed=lambda: draw(shot.clip.recipe, size, canvas.fps, shot.frames, part=part),
    )


def _still(shot: Shot, look: Look, path: Path, part: range) -> Take:
    size, name = filters.still_size(look.canvas), fingerprint(path)
    # It moves on while it is crossed with its neighbours.
    beyond = look.overlap // 2 if look.transition == "crossfade" else 0
    moved = range(part.start + beyond, part.stop + beyond)
    return Take(
        arguments=raw_input(size, look.fps, "rgb24"),
        chain=filters.still_chain(look.canvas, shot.frames + 2 * beyond, shot.motion, part=moved),
        ingredients={"still": name, "fit": shot.clip.fit},
        feed=lambda: [stills.framed_still(path, size, shot.clip.fit).tobytes()],
    )


def _animation(shot: Shot, canvas: Canvas, path: Path, part: range) -> Take:
    """An animation begins again at its end, as it does wherever it is shown."""
    info, clip = media.probe(path), shot.clip
    covering = filters.covering(info.width, info.height, canvas)
    size = min((info.width, info.height), covering)
    order = animations.measure(path).shown_at(clip.start_seconds + n / canvas.fps for n in part)
    fed = replace(info, width=size[0], height=size[1], fps=float(canvas.fps))
    return Take(
        arguments=raw_input(size, canvas.fps, "rgb24"),
        chain=filters.clip_chain(fed, canvas, len(part), fit=clip.fit),
        ingredients={"animation": fingerprint(path), "order": order, "fit": clip.fit},
        feed=lambda: animations.frames(path, size, order),
        warnings=(ClipBrokenOff(info.duration_seconds),) if info.truncated else (),
    )


@dataclass(frozen=True)
class Placing:
    """Which stretch of a video clip is shown in a scene, and how: the same for its sound.

    A frame ``n`` of the scene shows the clip at ``start + n / (fps * stretch)`` seconds, until
    ``end``; a clip that begins again does so on the scene's frame ``once``, from its first
    picture on, which is shown at ``begin``.

    Attributes:
        info: What the clip is.
        start: The second of the file at which the scene begins: that of a picture.
        begin: The second at which its first picture is shown.
        end: The second at which its last picture ends.
        once: After how many frames of the scene the clip has ended.
        way: What is done about a clip that is too short; None when it is long enough.
        stretch: How many times longer than it was shot it lasts.
    """

    info: MediaInfo
    start: float
    begin: float
    end: float
    once: int
    way: ShortClip | None
    stretch: float


def place(shot: Shot, look: Look, path: Path) -> Placing:
    """Find out which stretch of a video clip a shot shows.

    Raises:
        NotMedia: The file is no video and no picture.
        MediaTruncated: Nothing of it can be shown.
    """
    stamp, need = stamp_of(path), shot.frames / look.fps
    info = probed(stamp)
    start = max(0.0, shot.clip.start_seconds - section_offset(path))
    entry = _entered(stamp, info, in_point(info, start, need))
    way = way_to_fill(info, entry.shown - entry.begin, need, look.short_clip)
    left = entry.end - entry.shown
    stretch = min(SLOWEST, need / left) if way == "slow" else 1.0
    once = max(1, round(left * stretch * look.fps))
    return Placing(info, entry.shown, entry.begin, entry.end, once, way, stretch)


def heaviness(shot: Shot, look: Look) -> float:
    """How many times as much work a frame of a shot is as one that is only encoded."""
    path = shot.clip.path
    if path is None or not path.is_file():
        return 1 + DRAWING_SHARE
    try:
        info = probed(stamp_of(path))
    except AIVideoError:
        return 1.0
    pixels = info.width * info.height / (look.canvas.width * look.canvas.height)
    return 1 + DECODING_SHARE * pixels * max(1.0, info.fps / look.fps)


def _video(shot: Shot, look: Look, path: Path, part: range) -> Take:
    placed = place(shot, look, path)
    once = range(part.start, min(part.stop, placed.once))
    again = range(max(part.start, placed.once) - placed.once, part.stop - placed.once)
    pieces = [_piece(shot, look, path, placed, part)]
    if placed.way == "loop" and again:
        pieces = [_piece(shot, look, path, placed, once)] if once else []
        from_start = replace(placed, start=placed.begin)
        pieces.append(_piece(shot, look, path, from_start, again, loop=True))
    return Take(
        arguments=tuple(itertools.chain.from_iterable(piece.arguments for piece in pieces)),
        chain=pieces[0].chain,
        again=pieces[1].chain if len(pieces) > 1 else "",
        ingredients={
            "video": fingerprint(path),
            "read": [piece.read for piece in pieces],
        },
        warnings=(ClipBrokenOff(placed.info.duration_seconds),) if placed.info.truncated else (),
    )


@dataclass(frozen=True)
class _Piece:
    arguments: tuple[str, ...]
    chain: str
    read: tuple[float, float, bool]


def _piece(
    shot: Shot, look: Look, path: Path, placed: Placing, part: range, *, loop: bool = False
) -> _Piece:
    """Frames that follow each other in the clip."""
    info, canvas = placed.info, look.canvas
    shown = placed.start + part.start / (look.fps * placed.stretch)
    if not loop:
        shown = min(shown, max(placed.start, placed.end - 1 / info.fps))
    # The picture that is on at that time may have come on a little earlier.
    early = max(0.0, shown - (VARYING_LEAD if info.varying_rate else LEAD / info.fps))
    # Where a clip begins again, ffmpeg counts wrong from a place that was sought.
    seek = math.floor(early * 1000) / 1000 if info.seekable and not loop else 0.0
    key = None if info.seekable or loop else _keyed(stamp_of(path), early)
    seek, counted = key or (seek, seek)
    seconds = shown - counted + len(part) / (look.fps * placed.stretch) + 0.5
    chain = filters.clip_chain(
        info,
        canvas,
        len(part),
        fit=shot.clip.fit,
        stretch=placed.stretch,
        skip_seconds=0.0 if info.seekable and seek else early - counted,
        begin_seconds=shown - counted - SETTLE,
    )
    return _Piece(
        arguments=clip_input(path, start=seek, seconds=seconds, loop=loop),
        # From the beginning of a stream without an index, its first picture is the sure place.
        chain=chain if info.seekable or key else f"setpts=PTS-STARTPTS,{chain}",
        read=(seek, round(seconds, 3), loop),
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
    return _sampled(stamp_of(path))


# A render looks at each clip several times: for the plan, its body and its transitions.
@lru_cache(1024)
def _entered(stamp: Stamp, info: MediaInfo, seconds: float) -> Entry:
    return find_entry(stamp[0], info, seconds)


@lru_cache(1024)
def _keyed(stamp: Stamp, seconds: float) -> tuple[float, float] | None:
    return find_key(stamp[0], seconds)


@lru_cache(1024)
def _sampled(stamp: Stamp) -> str:
    path, size, _ = stamp
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for place in (0, max(0, size // 2 - _SAMPLE // 2), max(0, size - _SAMPLE)):
            file.seek(place)
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
