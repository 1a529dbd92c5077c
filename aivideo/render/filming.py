"""Film: each shot once, straight to the video's frames, under a name made of what went in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sqlalchemy import update

from aivideo import captions
from aivideo.engines import filters, media
from aivideo.engines.ffmpeg import film_arguments, frames_of
from aivideo.engines.process import ReadLine
from aivideo.errors import (
    AIVideoError,
    CaptionsUnreadable,
    ClipBrokenOff,
    ClipDamaged,
    ClipUnreadable,
    MachineFailure,
    ProgramFailed,
)
from aivideo.progress import Work, within
from aivideo.render.takes import Take, bring, take
from aivideo.shots import Look, Shot
from aivideo.store import Scene
from aivideo.studio import Studio

DECODE_ERRORS: Final = re.compile(r"; (\d+) decode errors")
MISSING_LETTER: Final = re.compile(r"failed to find any fallback with glyph 0x([0-9A-Fa-f]+)")
WARNINGS: Final = tuple(kind.code for kind in (ClipBrokenOff, ClipDamaged, CaptionsUnreadable))

Filmed = Path | AIVideoError
"""A part, or why there is none: one scene's failure does not stop the others."""


def film(
    studio: Studio, shot: Shot, look: Look, *, message: str = "", threads: int = 1
) -> Work[Filmed]:
    """Film one shot, unless its part is there already; the scene's row says what went wrong.

    Args:
        studio: The collaborators.
        shot: What to film.
        look: How the video is to look.
        message: What is told meanwhile.
        threads: How many cores the encoder may keep busy.

    Raises:
        DiskFull: There is no room; the other scenes would find none either.
        NoWritePermission: The workspace cannot be written.
    """
    try:
        path = yield from within(bring(studio, shot.clip), 0.0, 0.1)
        made = take(shot, look, path)
        part = part_name(studio, shot, look, made)
        if media.count_frames(part) == shot.frames:
            _forgive(studio, shot)
        else:
            read_line = frames_of(shot.frames, message)
            work = _encode(studio, shot, look, made, part, read_line=read_line, threads=threads)
            warnings = yield from within(work, 0.1, 1.0)
            _note(studio, shot, next(iter(warnings), None))
    except MachineFailure:
        raise
    except AIVideoError as failure:
        _note(studio, shot, failure)
        return failure
    return part


def part_name(studio: Studio, shot: Shot, look: Look, made: Take) -> Path:
    """The name of a shot's part: everything that decides its bytes."""
    return studio.workspace.artifact(
        "parts",
        ".mp4",
        **made.ingredients,
        clip_kind=shot.clip.kind,
        frames=shot.frames,
        canvas=look.canvas,
        encoding=look.encoding,
        captions=caption_file(shot, look) if look.captions else "",
        recipes=(filters.RECIPE, captions.RECIPE),
        ffmpeg=studio.ffmpeg.version,
    )


def caption_file(shot: Shot, look: Look) -> str:
    """The shot's captions as the text of an ASS file."""
    layout, canvas = captions.layout_of(look.aspect, look.style), look.canvas
    cues = captions.make_cues(shot.words, layout, until=shot.frames / canvas.fps)
    return captions.to_ass(cues, layout, canvas.size, canvas.fps, style=look.style)


def _encode(
    studio: Studio,
    shot: Shot,
    look: Look,
    made: Take,
    part: Path,
    *,
    read_line: ReadLine,
    threads: int,
) -> Work[list[AIVideoError]]:
    """Encode a part, look at what was written, publish it; what the person should know."""
    chain = made.chain
    if look.captions:
        written = _write_captions(studio, shot, look)
        chain = f"{chain},{filters.captions_filter(written, captions.FONTS)}"
    arguments = film_arguments(
        made.arguments,
        f"[0:V:0]{chain}[film]",
        shot.frames,
        look.canvas,
        look.encoding,
        threads=threads,
    )
    with studio.workspace.draft(part) as draft:
        try:
            feed = made.feed() if made.feed else None
            finished = yield from studio.ffmpeg.run(
                arguments, draft, feed=feed, read_line=read_line
            )
        except ProgramFailed as problem:
            raise ClipUnreadable(shot.clip.title, detail=problem.detail) from problem
        if media.count_frames(draft) != shot.frames:
            raise ClipUnreadable(shot.clip.title, detail=finished.tail)
    return [*made.warnings, *complaints(finished.tail)]


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


def _write_captions(studio: Studio, shot: Shot, look: Look) -> Path:
    text = caption_file(shot, look)
    path = studio.workspace.artifact("captions", ".ass", text=text)
    if not path.exists():
        with studio.workspace.draft(path) as draft:
            draft.write_text(text, encoding="utf-8")
    return path


def _note(studio: Studio, shot: Shot, problem: AIVideoError | None) -> None:
    """Write on the scene what is the matter with it, or that nothing is."""
    with studio.store.session() as session:
        session.execute(
            update(Scene)
            .where(Scene.id == shot.scene_id)
            .values(
                error_code=problem.code if problem else None,
                error_message=problem.message if problem else None,
            )
        )


def _forgive(studio: Studio, shot: Shot) -> None:
    """Take an old failure off a scene whose part is there; a warning still holds."""
    with studio.store.session() as session:
        session.execute(
            update(Scene)
            .where(Scene.id == shot.scene_id, Scene.error_code.not_in(WARNINGS))
            .values(error_code=None, error_message=None)
        )
