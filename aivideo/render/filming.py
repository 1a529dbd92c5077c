"""Film: each shot once, straight to the video's frames, under a name made of what went in."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from aivideo import captions
from aivideo.engines import filters, media
from aivideo.engines.encoders import SOFTWARE, film_arguments
from aivideo.engines.ffmpeg import frames_of, lossless_arguments, lossless_input
from aivideo.engines.process import ReadLine
from aivideo.errors import (
    AIVideoError,
    CaptionsUnreadable,
    ClipBrokenOff,
    ClipDamaged,
    ClipGone,
    ClipUnreadable,
    EncoderLost,
    MachineFailure,
    ProgramFailed,
    ProgramKilled,
    ProgramStuck,
)
from aivideo.progress import Work, within
from aivideo.render.segments import Segment, Side
from aivideo.render.takes import Take, bring, heaviness, take
from aivideo.shots import Look, Shot
from aivideo.store import Clip, ClipSelection, Scene
from aivideo.studio import Studio
from aivideo.workspace import save_copy

DECODE_ERRORS: Final = re.compile(r"; (\d+) decode errors")
MISSING_LETTER: Final = re.compile(r"failed to find any fallback with glyph 0x([0-9A-Fa-f]+)")
WARNINGS: Final = tuple(kind.code for kind in (ClipBrokenOff, ClipDamaged, CaptionsUnreadable))


@dataclass(frozen=True)
class Part:
    """A segment's file, and the seconds its encode took; 0 when the file was there already."""

    path: Path
    seconds: float = 0.0


@dataclass(frozen=True)
class Unfilmed:
    """Why a segment has no part, and the numbers of the scenes that it may be due to."""

    numbers: tuple[int, ...]
    failure: AIVideoError


Filmed = Part | Unfilmed
"""One scene's failure does not stop the others."""


def film(
    studio: Studio, segment: Segment, look: Look, *, message: str = "", threads: int = 1
) -> Work[Filmed]:
    """Film one segment, unless its part is there already; scenes' rows say what went wrong.

    Args:
        studio: The collaborators.
        segment: What to film.
        look: How the video is to look.
        message: What is told meanwhile.
        threads: How many cores the encoder may keep busy.

    Raises:
        DiskFull: There is no room; the other scenes would find none either.
        NoWritePermission: The workspace cannot be written.
    """
    takes: list[Take] = []
    for side in segment.sides:
        try:
            takes.append((yield from within(_put_before(studio, side, look), 0.0, 0.1)))
        except MachineFailure:
            raise
        except AIVideoError as failure:
            _note(studio, side.shot, failure)
            return Unfilmed((side.shot.number,), failure)
    part = part_name(studio, segment, look, takes)
    if media.count_frames(part) == segment.frames:
        _forgive(studio, segment)
        return Part(part)
    begun = time.monotonic()
    read_line = frames_of(segment.frames, message)
    work = _encode(studio, segment, look, takes, part, read_line=read_line, threads=threads)
    try:
        warnings = yield from within(work, 0.1, 1.0)
    except MachineFailure:
        raise
    except AIVideoError as failure:
        if not segment.crosses:
            _note(studio, segment.shot, failure)
        return Unfilmed(segment.numbers, failure)
    if not segment.crosses:
        if warnings:
            _note(studio, segment.shot, warnings[0])
        else:
            # The encoder's log is silent about damage in some codecs; choosing looked closer.
            _forgive(studio, segment, kept=(ClipDamaged.code,))
    return Part(part, time.monotonic() - begun)


def _put_before(studio: Studio, side: Side, look: Look) -> Work[Take]:
    """What one side of a segment gives the encoder.

    Raises:
        ClipGone: Its file went away after it was found.
        AIVideoError: Its source cannot give it, or it cannot be used.
    """
    path = yield from _bring(studio, side.shot)
    try:
        return take(side.shot, look, path, side.frames)
    except OSError as problem:
        raise ClipGone(side.shot.clip.title, detail=str(problem)) from problem


def effort(segment: Segment, look: Look) -> float:
    """How much work a segment is, in frames of the canvas's size that are only encoded."""
    return segment.frames * sum(heaviness(side.shot, look) for side in segment.sides)


def part_name(studio: Studio, segment: Segment, look: Look, takes: Sequence[Take]) -> Path:
    """The name of a segment's part: everything that decides its bytes."""
    shots = [side.shot for side in segment.sides]
    return studio.workspace.artifact(
        "parts",
        ".mp4",
        takes=[(made.ingredients, made.chain, made.again) for made in takes],
        firsts=[side.frames.start for side in segment.sides],
        frames=segment.frames,
        fades=(segment.fade_in, segment.fade_out),
        canvas=look.canvas,
        encoder=studio.encoder.chosen(look.canvas).ingredients(look.encoding, look.canvas),
        captions=[_layer(shot, look).text for shot in shots] if look.captions else [],
        recipes=(filters.RECIPE, captions.RECIPE),
        ffmpeg=studio.ffmpeg.version,
    )


def known_part(studio: Studio, segment: Segment, look: Look) -> Path | None:
    """The segment's part if it is there; nothing is fetched to find that out.

    Raises:
        AIVideoError: A clip cannot be used.
    """
    takes = []
    for side in segment.sides:
        clip = side.shot.clip
        if clip.kind != "illustration" and (clip.path is None or not clip.path.is_file()):
            return None
        path = None if clip.kind == "illustration" else clip.path
        takes.append(take(side.shot, look, path, side.frames))
    part = part_name(studio, segment, look, takes)
    return part if media.count_frames(part) == segment.frames else None


def _layer(shot: Shot, look: Look) -> captions.Layer:
    """The shot's captions."""
    layout, canvas = captions.layout_of(look.aspect, look.style), look.canvas
    cues = captions.make_cues(shot.words, layout, until=shot.frames / canvas.fps)
    return captions.to_layer(cues, layout, canvas.size, canvas.fps, style=look.style)


def _encode(
    studio: Studio,
    segment: Segment,
    look: Look,
    takes: Sequence[Take],
    part: Path,
    *,
    read_line: ReadLine,
    threads: int,
) -> Work[list[AIVideoError]]:
    """Encode a part, look at what was written, publish it; what the person should know."""
    title = segment.sides[-1].shot.clip.title
    encoder = studio.encoder.chosen(look.canvas)
    with studio.workspace.draft(part) as draft, _set_aside(draft) as aside:
        try:
            ready = yield from _keep_all_but_one_feed(studio, segment, takes, aside)
            arguments = film_arguments(
                [argument for made in ready for argument in made.arguments],
                _graph(studio, segment, look, ready),
                segment.frames,
                look.canvas,
                look.encoding,
                encoder=encoder,
                threads=threads,
            )
            feed = next((made.feed() for made in ready if made.feed), None)
            finished = yield from studio.ffmpeg.run(
                arguments, draft, feed=feed, read_line=read_line
            )
        except (ProgramFailed, ProgramKilled, ProgramStuck) as problem:
            if encoder != SOFTWARE and not studio.encoder.still_works(encoder, look.canvas):
                raise EncoderLost(encoder.title, detail=problem.detail) from problem
            if not isinstance(problem, ProgramFailed):
                raise
            raise ClipUnreadable(title, detail=problem.detail) from problem
        if media.count_frames(draft) != segment.frames:
            raise ClipUnreadable(title, detail=finished.tail)
    warnings = [warning for made in takes for warning in made.warnings]
    return [*warnings, *_unreadable(segment, look), *complaints(finished.tail)]


def _unreadable(segment: Segment, look: Look) -> list[AIVideoError]:
    """What is known of the captions' letters before they are burned in."""
    if not look.captions:
        return []
    found = (captions.unreadable(side.shot.words, look.style) for side in segment.sides)
    return [warning for warning in found if warning]


@contextmanager
def _set_aside(draft: Path) -> Iterator[Path]:
    """A place for frames that wait, gone afterwards."""
    aside = draft.with_suffix(".nut")
    try:
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def _keep_all_but_one_feed(
    studio: Studio, segment: Segment, takes: Sequence[Take], aside: Path
) -> Work[Sequence[Take]]:
    """The takes, where two are fed by us the first from a lossless file: a program has one input.

    What was lost by then is nothing, so the crossfade of two drawings is as good as any other.
    """
    first, *others = takes
    if first.feed is None or not any(made.feed for made in others):
        return takes
    arguments = lossless_arguments(first.arguments, first.chain, segment.frames)
    yield from studio.ffmpeg.run(arguments, aside, feed=first.feed(), read_line=frames_of(10**9))
    return [replace(first, arguments=lossless_input(aside), chain=filters.TAGS, feed=None), *others]


def _graph(studio: Studio, segment: Segment, look: Look, takes: Sequence[Take]) -> str:
    """From the takes' inputs to the frames that are encoded."""
    canvas, names = look.canvas, ("one", "other")[: len(takes)]
    numbers = itertools.accumulate((made.inputs for made in takes), initial=0)
    ways = [made.graph(n, canvas, k) for made, n, k in zip(takes, names, numbers, strict=False)]
    mixed = (
        filters.cross_fade("[one]", "[other]", segment.frames, canvas.fps)
        if segment.crosses
        else "[one]null"
    )
    after = filters.fades(segment.frames, segment.fade_in, segment.fade_out)
    graph = ";".join([*ways, ",".join([mixed, *after])])
    for number, side in enumerate(segment.sides if look.captions else ()):
        layer = _layer(side.shot, look)
        if layer.rows:
            lettering = _lettering(studio, layer, side.frames)
            graph = filters.captions_over(graph, lettering, canvas, number)
    return f"{graph}[film]"


def complaints(tail: str) -> list[AIVideoError]:
    """What the encoder's log tells about damaged pictures and letters that no font has."""
    found: list[AIVideoError] = []
    errors = DECODE_ERRORS.search(tail)
    if errors and int(errors[1]):
        found.append(ClipDamaged(int(errors[1])))
    letters = {chr(int(code, 16)) for code in MISSING_LETTER.findall(tail)}
    if letters:
        found.append(CaptionsUnreadable(" ".join(sorted(letters))))
    return found


def _lettering(studio: Studio, layer: captions.Layer, frames: range) -> filters.Lettering:
    """Captions where ffmpeg finds them: their file, and a folder with the fonts they need."""
    path = studio.workspace.artifact("captions", ".ass", text=layer.text)
    if not path.exists():
        with studio.workspace.draft(path) as draft:
            draft.write_text(layer.text, encoding="utf-8")
    # All fonts of a folder are read for each part, and ours are many and large.
    sizes = [(name, (captions.FONTS / name).stat().st_size) for name in layer.files]
    fonts = studio.workspace.artifact("fonts", "", files=sizes)
    for name in layer.files:
        if not (fonts / name).exists():
            save_copy(captions.FONTS / name, fonts / name)
    changes = (frame - frames.start for frame in layer.changes if frame in frames)
    drawn = sorted({0, *changes})
    return filters.Lettering(path, fonts, layer.rows, drawn, frames.start)


def _bring(studio: Studio, shot: Shot) -> Work[Path | None]:
    """The clip's file; where it lies is kept, so that the next plan need not fetch to know."""
    path = yield from bring(studio, shot.clip)
    if path is not None and path != shot.clip.path:
        same_clip = select(Clip.id).where(
            Clip.source == shot.clip.source, Clip.source_id == shot.clip.source_id
        )
        with studio.store.session() as session:
            session.execute(
                update(ClipSelection)
                .where(ClipSelection.scene_id == shot.scene_id)
                .where(ClipSelection.clip_id.in_(same_clip))
                .values(downloaded_path=str(path))
            )
    return path


def _note(studio: Studio, shot: Shot, problem: AIVideoError) -> None:
    """Write on the scene what is the matter with it."""
    with studio.store.session() as session:
        session.execute(
            update(Scene)
            .where(Scene.id == shot.scene_id)
            .values(error_code=problem.code, error_message=problem.message)
        )


def _forgive(studio: Studio, segment: Segment, *, kept: Sequence[str] = WARNINGS) -> None:
    """Take an old failure off a scene whose part is there; a warning still holds."""
    if segment.crosses:
        return
    with studio.store.session() as session:
        session.execute(
            update(Scene)
            .where(Scene.id == segment.shot.scene_id, Scene.error_code.not_in(kept))
            .values(error_code=None, error_message=None)
        )
