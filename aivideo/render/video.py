"""The render, read aloud: plan, film, mix, join, and all that goes with the video."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import delete, select

from aivideo import captions
from aivideo.engines.ffmpeg import Quality
from aivideo.errors import EncoderLost, SceneNotFilmed
from aivideo.progress import Progress, Work, together, within
from aivideo.render.crediting import credit_of
from aivideo.render.filming import Filmed, Part, Unfilmed, effort, film
from aivideo.render.joining import join, unlike, video_name
from aivideo.render.pace import remember
from aivideo.render.planning import unfilmed
from aivideo.render.poster import make_poster
from aivideo.render.segments import Segment, cut_up
from aivideo.render.sound import make_sound, note_unheard
from aivideo.shots import Look, ProjectFacts, Shot, keep_frames, plan
from aivideo.store import LOCAL_OWNER, RenderedVideo
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

BYTES_PER_PIXEL: Final = 0.015
"""Of an encoded frame, generously: detailed footage at the standard quality has 0.013."""
SOUND_SHARE: Final = 0.1
"""How much work the sound is, as a share of all filming."""
MOST_BYTES: Final = {"parts": 20 << 30, "sound": 2 << 30, "posters": 1 << 29}
"""Of what renders leave for those to come: parts for about five hours of video."""
PREVIEW: Final[Quality] = "preview"
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
    ass: Path
    credits: Path
    duration_seconds: float
    file_size_bytes: int
    quality: str = "standard"


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
    keep_frames(studio, project_id, shots, look.fps)
    segments = cut_up(shots, look)
    filming = _film_and_mix(studio, project, shots, segments, look)
    sound, parts, poster = yield from within(filming, 0.0, 0.95, stage="film")
    yield from within(note_unheard(studio, shots, look), 0.95, 0.95, stage="film")
    target = video_name(studio, project, look)
    joining = join(studio, segments, parts, sound, look=look, target=target)
    yield from within(joining, 0.95, 1.0, stage="join")
    credit = yield from within(credit_of(studio, project, shots, look), 1.0, 1.0, stage="join")
    _write_beside(studio, target, shots, look, credit=credit)
    with studio.workspace.draft(target.with_suffix(".jpg")) as draft:
        shutil.copyfile(poster, draft)
    _clear_out(studio, used=[*parts, sound, poster])
    seconds = sum(shot.frames for shot in shots) / look.fps
    return _record(studio, project, target, look.quality, seconds=seconds)


def latest_video(studio: Studio, project_id: str, *, preview: bool = False) -> FinishedVideo | None:
    """The video that was finished last and is still there; None when there is none.

    Args:
        studio: The collaborators.
        project_id: Whose video.
        preview: Whether to look for a preview, which is never taken for the video itself.
    """
    quality = RenderedVideo.quality
    with studio.store.session() as session:
        rows = session.scalars(
            select(RenderedVideo)
            .where(RenderedVideo.project_id == project_id, RenderedVideo.owner_id == LOCAL_OWNER)
            .where(quality == PREVIEW if preview else quality != PREVIEW)
            .order_by(RenderedVideo.created_at.desc())
        )
        return next((_finished(row) for row in rows if Path(row.file_path).is_file()), None)


_Pieces = tuple[Path, list[Path], Path]
"""The sound, the parts in their order, and the poster."""


def _film_and_mix(
    studio: Studio,
    project: ProjectFacts,
    shots: Sequence[Shot],
    segments: Sequence[Segment],
    look: Look,
) -> Work[_Pieces]:
    """The sound, every part, all of one kind, and the poster.

    What is missing is filmed once more when a hardware encoder was lost meanwhile, or when
    parts from before do not fit those of today (its driver is not part of their names).
    """
    try:
        pieces = yield from _film_once(studio, project, shots, segments, look)
    except EncoderLost as lost:
        logger.warning("%s Filming goes on without it.", lost.message.partition(". ")[0])
        return (yield from _film_once(studio, project, shots, segments, look))
    strays = unlike(pieces[1])
    if not strays:
        return pieces
    for stray in strays:
        stray.unlink(missing_ok=True)
    return (yield from _film_once(studio, project, shots, segments, look))


def _film_once(
    studio: Studio,
    project: ProjectFacts,
    shots: Sequence[Shot],
    segments: Sequence[Segment],
    look: Look,
) -> Work[_Pieces]:
    """All side by side: the sound first, then what takes longest, so that no core waits long.

    The poster comes last: it is quick, and by then the clips are here.
    """
    at_once = studio.encoder.chosen(look.canvas).at_once(studio.settings.at_once)
    left = {segment.first_frame for segment in unfilmed(studio, segments, look)}
    threads = max(1, at_once // max(1, len(left)))
    order = sorted(segments, key=lambda segment: (segment.crosses, -effort(segment, look)))
    works: list[Work[Filmed]] = [_mixing(studio, shots, look)]
    for segment in order:
        message = f"Filming {_named(segment)} of {len(shots)}"
        works.append(film(studio, segment, look, message=message, threads=threads))
    frames = [segment.frames if segment.first_frame in left else 0 for segment in order]
    works.append(_posing(studio, project, shots, look))
    weights = [SOUND_SHARE * sum(segment.frames for segment in order), *frames, 1]
    made = yield from together(works, at_once=at_once, weights=weights)
    _raise_failures([each for each in made if isinstance(each, Unfilmed)])
    sound, *parts, poster = (each for each in made if isinstance(each, Part))
    remember(studio, look, ((s, part.seconds) for s, part in zip(order, parts, strict=True)))
    in_time = sorted(zip(order, parts, strict=True), key=lambda pair: pair[0].first_frame)
    return sound.path, [part.path for _, part in in_time], poster.path


def _named(segment: Segment) -> str:
    number = segment.shot.number
    return f"the transition after scene {number}" if segment.crosses else f"scene {number}"


def _mixing(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[Filmed]:
    yield Progress(0.0, "Mixing the sound")
    return Part((yield from make_sound(studio, shots, look)))


def _posing(
    studio: Studio, project: ProjectFacts, shots: Sequence[Shot], look: Look
) -> Work[Filmed]:
    return Part((yield from make_poster(studio, project, shots, look)))


def _raise_failures(unfilmed: Sequence[Unfilmed]) -> None:
    """Name the scenes that could not be filmed; a transition is due to a scene that could not."""
    failures = {each.numbers[0]: each.failure for each in unfilmed if len(each.numbers) == 1}
    for each in unfilmed:
        if not failures.keys() & set(each.numbers):
            failures |= dict.fromkeys(each.numbers, each.failure)
    if failures:
        first = failures[min(failures)]
        raise SceneNotFilmed(tuple(sorted(failures)), first) from first


def _ensure_room(studio: Studio, shots: Sequence[Shot], look: Look) -> None:
    frames = sum(shot.frames for shot in shots)
    need = frames * look.canvas.width * look.canvas.height * BYTES_PER_PIXEL
    studio.workspace.ensure_room(round(need * COPIES))
    studio.workspace.ensure_room(round(need), folder=studio.workspace.output)


def _clear_out(studio: Studio, *, used: Sequence[Path]) -> None:
    """Let go of what was made for renders of long ago, where all of it has become too much."""
    for product in used:
        studio.workspace.use(product)
    for kind, most in MOST_BYTES.items():
        studio.workspace.trim(kind, most)


def _write_beside(
    studio: Studio, target: Path, shots: Sequence[Shot], look: Look, *, credit: str
) -> None:
    """Write captions and credits next to the video."""
    reading = _all_cues(shots, captions.READING, look)
    layout, canvas = captions.layout_of(look.aspect, look.style), look.canvas
    styled = _all_cues(shots, layout, look)
    texts = {
        ".srt": captions.to_srt(reading),
        ".vtt": captions.to_vtt(reading),
        ".ass": captions.to_ass(styled, layout, canvas.size, canvas.fps, style=look.style),
        ".credits.txt": credit,
    }
    for suffix, text in texts.items():
        with studio.workspace.draft(target.with_suffix(suffix)) as draft:
            draft.write_text(text, encoding="utf-8")


def _all_cues(shots: Sequence[Shot], layout: captions.Layout, look: Look) -> list[captions.Cue]:
    """The captions of all scenes, in the video's time."""
    return [
        cue
        for shot in shots
        for cue in captions.later(
            captions.make_cues(shot.words, layout, until=shot.frames / look.fps),
            shot.first_frame / look.fps,
        )
    ]


def _record(
    studio: Studio, project: ProjectFacts, target: Path, quality: Quality, *, seconds: float
) -> FinishedVideo:
    """Keep the video as a row; a row that spoke of the file it replaced goes."""
    row = RenderedVideo(
        project_id=project.id,
        file_path=str(target),
        thumbnail_path=str(target.with_suffix(".jpg")),
        srt_path=str(target.with_suffix(".srt")),
        vtt_path=str(target.with_suffix(".vtt")),
        ass_path=str(target.with_suffix(".ass")),
        credits_path=str(target.with_suffix(".credits.txt")),
        quality=quality,
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
        # Videos from before that file was written have none; it would lie there.
        ass=Path(row.ass_path or Path(row.srt_path).with_suffix(".ass")),
        credits=Path(row.credits_path),
        duration_seconds=row.duration_seconds,
        file_size_bytes=row.file_size_bytes,
        quality=row.quality,
    )
