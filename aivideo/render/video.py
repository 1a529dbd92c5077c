"""The render, read aloud: plan, film, mix, join, and all that goes with the video."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import delete, select

from aivideo import captions, export
from aivideo.errors import AIVideoError, SceneNotFilmed
from aivideo.progress import Progress, Work, together, within
from aivideo.render.filming import Filmed, film
from aivideo.render.joining import join, video_name
from aivideo.render.poster import make_poster
from aivideo.render.sound import make_sound
from aivideo.shots import Look, ProjectFacts, Shot, plan
from aivideo.store import LOCAL_OWNER, RenderedVideo
from aivideo.studio import Studio

BYTES_PER_PIXEL: Final = 0.015
"""Of an encoded frame, generously: detailed footage at the standard quality has 0.013."""
COPIES: Final = 2.2
"""Parts and the joined video lie on the disk at the same time, with the sound."""


@dataclass(frozen=True)
class FinishedVideo:
    """A rendered video with everything that goes with it."""

    video_id: str
    path: Path
    thumbnail: Path
    srt: Path
    vtt: Path
    credits: Path
    duration_seconds: float
    file_size_bytes: int


def render_project(studio: Studio, project_id: str, look: Look) -> Work[FinishedVideo]:
    """Turn a curated project into one MP4 with poster, captions and credits.

    What was made before and would come out the same is used again, so changing one scene costs
    that scene. The video made before stays in its place until the new one was found right.

    Raises:
        NotFound: There is no such project.
        ScriptEmpty: It has no scenes.
        SceneNotSpoken: Scenes have no narration.
        ClipNotChosen: Scenes have no clip.
        SceneNotFilmed: Clips cannot be used; each such scene says why.
        DiskFull: There is no room.
        AIVideoError: The sound or the join failed.
    """
    project, shots = plan(studio, project_id, look)
    _ensure_room(studio, shots, look)
    sound, parts = yield from within(_film_and_mix(studio, shots, look), 0.0, 0.93, stage="film")
    poster = yield from within(make_poster(studio, project, shots, look), 0.93, 0.95, stage="film")
    target = video_name(studio, project, look)
    joining = join(studio, shots, parts, sound, look=look, target=target)
    yield from within(joining, 0.95, 1.0, stage="join")
    _write_beside(studio, target, project, shots, look)
    with studio.workspace.draft(target.with_suffix(".jpg")) as draft:
        shutil.copyfile(poster, draft)
    return _record(studio, project, target, seconds=sum(s.frames for s in shots) / look.fps)


def latest_video(studio: Studio, project_id: str) -> FinishedVideo | None:
    """The video that was finished last and is still there; None when there is none."""
    with studio.store.session() as session:
        rows = session.scalars(
            select(RenderedVideo)
            .where(RenderedVideo.project_id == project_id, RenderedVideo.owner_id == LOCAL_OWNER)
            .order_by(RenderedVideo.created_at.desc())
        )
        return next((_finished(row) for row in rows if Path(row.file_path).is_file()), None)


def _film_and_mix(
    studio: Studio, shots: Sequence[Shot], look: Look
) -> Work[tuple[Path, list[Path]]]:
    """The sound and every part, side by side: the sound first, then the longest scenes."""
    longest_first = sorted(shots, key=lambda shot: -shot.frames)
    threads = max(1, studio.settings.at_once // len(shots))
    works: list[Work[Filmed]] = [_mixing(studio, shots, look)]
    for shot in longest_first:
        message = f"Filming scene {shot.number} of {len(shots)}"
        works.append(film(studio, shot, look, message=message, threads=threads))
    made = yield from together(works, at_once=studio.settings.at_once)
    _raise_failures(longest_first, made[1:])
    sound, *parts = (each for each in made if isinstance(each, Path))
    in_order = sorted(zip(longest_first, parts, strict=True), key=lambda pair: pair[0].number)
    return sound, [part for _, part in in_order]


def _mixing(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[Filmed]:
    yield Progress(0.0, "Mixing the sound")
    return (yield from make_sound(studio, shots, look))


def _raise_failures(shots: Sequence[Shot], filmed: Sequence[Filmed]) -> None:
    failures = {
        shot.number: outcome
        for shot, outcome in zip(shots, filmed, strict=True)
        if isinstance(outcome, AIVideoError)
    }
    if failures:
        first = failures[min(failures)]
        raise SceneNotFilmed(tuple(sorted(failures)), first) from first


def _ensure_room(studio: Studio, shots: Sequence[Shot], look: Look) -> None:
    frames = sum(shot.frames for shot in shots)
    need = frames * look.canvas.width * look.canvas.height * BYTES_PER_PIXEL
    studio.workspace.ensure_room(round(need * COPIES))
    studio.workspace.ensure_room(round(need), folder=studio.workspace.output)


def _write_beside(
    studio: Studio, target: Path, project: ProjectFacts, shots: Sequence[Shot], look: Look
) -> None:
    """Write captions and credits next to the video."""
    cues = [
        cue
        for shot in shots
        for cue in captions.later(
            captions.make_cues(shot.words, captions.READING, until=shot.frames / look.fps),
            shot.first_frame / look.fps,
        )
    ]
    texts = {
        ".srt": captions.to_srt(cues),
        ".vtt": captions.to_vtt(cues),
        ".credits.txt": export.credits_text(project.name, shots, look.fps, look.music),
    }
    for suffix, text in texts.items():
        with studio.workspace.draft(target.with_suffix(suffix)) as draft:
            draft.write_text(text, encoding="utf-8")


def _record(
    studio: Studio, project: ProjectFacts, target: Path, *, seconds: float
) -> FinishedVideo:
    """Keep the video as a row; a row that spoke of the file it replaced goes."""
    row = RenderedVideo(
        project_id=project.id,
        file_path=str(target),
        thumbnail_path=str(target.with_suffix(".jpg")),
        srt_path=str(target.with_suffix(".srt")),
        vtt_path=str(target.with_suffix(".vtt")),
        credits_path=str(target.with_suffix(".credits.txt")),
        duration_seconds=seconds,
        file_size_bytes=target.stat().st_size,
    )
    with studio.store.session() as session:
        session.execute(delete(RenderedVideo).where(RenderedVideo.file_path == row.file_path))
        session.add(row)
        session.flush()
        return _finished(row)


def _finished(row: RenderedVideo) -> FinishedVideo:
    return FinishedVideo(
        video_id=row.id,
        path=Path(row.file_path),
        thumbnail=Path(row.thumbnail_path),
        srt=Path(row.srt_path),
        vtt=Path(row.vtt_path),
        credits=Path(row.credits_path),
        duration_seconds=row.duration_seconds,
        file_size_bytes=row.file_size_bytes,
    )
