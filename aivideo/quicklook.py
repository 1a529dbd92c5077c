"""The quick look: the whole cut as a page can play it, without any render.

A scene's proxy is its shot, taken by the very rules of the render (in-point, fit, motion, what
happens to a clip that is too short), but small, mute and without captions. ``prepare`` makes
the proxies and narrations that are missing while the person still chooses; ``cut`` says what
there is and when each scene begins. Sound comes from the narrations, captions from the cues.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from aivideo import captions, voiceover
from aivideo.captions import Cue, Layout, Style, timed_words
from aivideo.clips import choosing
from aivideo.engines import filters, media, proxies
from aivideo.engines.ffmpeg import frames_of
from aivideo.engines.filters import Motion
from aivideo.engines.speech import Word
from aivideo.errors import (
    AIVideoError,
    ClipUnreadable,
    MachineFailure,
    MediaTruncated,
    NotMedia,
    PictureTooLarge,
    ProgramFailed,
)
from aivideo.progress import Progress, Work, within
from aivideo.render.segments import overlap
from aivideo.render.takes import bring, take
from aivideo.script.form import WORDS_PER_SECOND
from aivideo.shots import Look, Shot, Transition, chosen_clip, heard, motions_of
from aivideo.spoken import silence_of, words_of
from aivideo.store import ClipSelection, Project, Scene, get_row
from aivideo.studio import Studio
from aivideo.timeline import frame_starts

logger = logging.getLogger(__name__)

FPS: Final = 30
"""Frames a second of a proxy, whatever the video has: changing that costs no proxy."""
SHORTEST_ESTIMATE: Final = 1.5
"""Seconds that a scene lasts at least while nobody has spoken it."""

WHOLE_SCENES: Final = (
    select(Scene)
    .options(
        selectinload(Scene.audio),
        selectinload(Scene.selection).selectinload(ClipSelection.clip),
    )
    .order_by(Scene.position)
)
"""Scenes with all that a cut needs of them, in four queries however many there are."""

Step = Literal["speak", "film"]
LookOf = Callable[[], Look]
"""Reads anew how the video is to look: it may be changed while proxies are made."""


@dataclass(frozen=True)
class CutScene:
    """A scene of the cut.

    Attributes:
        start_seconds: When it begins in the video.
        seconds: How long it lasts; a guess while it is not spoken.
        transition_seconds: How long the transition from the scene before takes; half of it
            lies before the beginning.
        narration: Its sound; None while it is not spoken.
        level_db: How much louder than the others its narration is, in dB.
        proxy: What it shows; None while that is not made, or when no clip is chosen.
        poster: A picture of its clip, or empty.
        clip_id: The chosen clip, or None.
        cues: Its captions, in seconds from its own start.
        problem: Why there is no proxy, when making it failed.
    """

    scene_number: int
    text: str
    start_seconds: float
    seconds: float
    transition_seconds: float
    narration: Path | None
    level_db: float
    proxy: Path | None
    poster: str
    clip_id: str | None
    cues: tuple[Cue, ...]
    problem: str


@dataclass(frozen=True)
class Cut:
    """All that a page needs to play a video that is not rendered yet.

    Attributes:
        size: The proxies' width and height in pixels.
        seconds: How long it lasts.
        captions: Whether captions are burned in; ``style`` and ``layout`` say how they look.
        missing: The scenes that have a clip and no proxy or narration yet, but can have them.
    """

    project_id: str
    size: tuple[int, int]
    seconds: float
    transition: Transition
    captions: bool
    style: Style
    layout: Layout
    scenes: tuple[CutScene, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class _Planned:
    """A scene, what there is of it, and what is still to be made that can be made.

    Attributes:
        shot: What its proxy shows; None while it has no clip.
        speak: Whether it is to be spoken, which comes first: it decides how long the shot is.
        film: Whether its proxy is to be made.
    """

    scene: Scene
    seconds: float
    narration: Path | None
    shot: Shot | None
    proxy: Path | None
    problem: str
    speak: bool
    film: bool


def cut(studio: Studio, project_id: str, look: Look) -> Cut:
    """The cut as it stands, made of what is there; nothing is made for it.

    Raises:
        NotFound: There is no such project.
    """
    planned = _plan(studio, project_id, look)
    lengths = [(each.seconds, each.scene.pause_seconds) for each in planned]
    starts = frame_starts(lengths, look.fps)
    layout = captions.layout_of(look.aspect, look.style)
    return Cut(
        project_id=project_id,
        size=_small(look).canvas.size,
        seconds=starts[-1] / look.fps,
        transition=look.transition,
        captions=look.captions,
        style=look.style,
        layout=layout,
        scenes=tuple(
            _cut_scene(each, range(start, end), taken, look)
            for each, (start, end), taken in zip(
                planned, itertools.pairwise(starts), _overlaps(starts, look), strict=True
            )
        ),
        missing=tuple(each.scene.number for each in planned if each.speak or each.film),
    )


def prepare(studio: Studio, project_id: str, look_of: LookOf) -> Work[int]:
    """Make the narrations and proxies that are missing, scene by scene; how many it were.

    Before each scene the project is read again: what was chosen meanwhile is made, what is not
    chosen any more is not. A scene that fails keeps the reason as its state, and the others go
    on. Nothing is fetched for the voice: narrations are made once its weights are here.

    Raises:
        NotFound: There is no such project.
        DiskFull: There is no room.
        NoWritePermission: The workspace cannot be written.
    """
    tried: set[tuple[Step, Path]] = set()
    done = 0
    while True:
        look = look_of()
        todo = [
            (step, shot, path)
            for step, shot, path in _steps(studio, project_id, look)
            if (step, path) not in tried
        ]
        if not todo:
            return done
        step, shot, path = todo[0]
        tried.add((step, path))
        start, end = (part / (done + len(todo)) for part in (done, done + 1))
        yield Progress(start, f"Preparing the quick look of scene {shot.number}")
        speaks = step == "speak"
        work = _speak(studio, project_id, shot) if speaks else _film(studio, shot, look, path)
        yield from within(_noting(studio, shot, work), start, end)
        done += 1


def _steps(studio: Studio, project_id: str, look: Look) -> Iterator[tuple[Step, Shot, Path]]:
    """What is to be made: scene by scene, its narration first."""
    for planned in _plan(studio, project_id, look):
        if planned.shot is not None:
            path = proxy_path(studio, planned.shot, look)
            if planned.speak:
                yield "speak", planned.shot, path
            if planned.film:
                yield "film", planned.shot, path


def proxy_path(studio: Studio, shot: Shot, look: Look) -> Path:
    """Where a shot's proxy lies, or would lie: its name is what went in.

    A source names a clip by its content, so the file itself is not looked at, nor is ffmpeg:
    this has to cost next to nothing, since every open page asks for it again and again.
    """
    clip = shot.clip
    return studio.workspace.artifact(
        "proxies",
        ".mp4",
        clip=(clip.source, clip.source_id),
        recipe=clip.recipe,
        start=clip.start_seconds,
        fit=clip.fit,
        way=look.short_clip if clip.kind == "video" else shot.motion,
        frames=shot.frames,
        canvas=_small(look).canvas,
        recipes=(filters.RECIPE, proxies.RECIPE),
    )


def _plan(studio: Studio, project_id: str, look: Look) -> list[_Planned]:
    with studio.store.session() as session:
        get_row(session, Project, project_id)
        scenes = session.scalars(WHOLE_SCENES.where(Scene.project_id == project_id)).all()
        can_speak = any(scene.audio is None for scene in scenes) and _can_speak(studio)
        motions = motions_of([scene.id for scene in scenes])
        return [
            _planned(studio, scene, look, motion, can_speak=can_speak)
            for scene, motion in zip(scenes, motions, strict=True)
        ]


def _planned(
    studio: Studio, scene: Scene, look: Look, motion: Motion, *, can_speak: bool
) -> _Planned:
    spoken = Path(scene.audio.file_path) if scene.audio else None
    narration = spoken if spoken and spoken.is_file() else None
    seconds = scene.audio.duration_seconds if scene.audio and narration else _estimate(scene.text)
    shot = _shot(scene, seconds, narration, motion)
    path = proxy_path(studio, shot, look) if shot else None
    proxy = path if path and path.is_file() else None
    failed = scene.error_code or ""
    unspeakable = narration is None and failed.startswith(voiceover.OUR_CODES)
    unusable = proxy is None and failed.startswith(choosing.OUR_CODES)
    return _Planned(
        scene=scene,
        seconds=seconds,
        narration=narration,
        shot=shot,
        proxy=proxy,
        problem=(scene.error_message or "") if unspeakable or unusable else "",
        speak=bool(shot) and narration is None and can_speak and not unspeakable,
        film=bool(shot) and proxy is None and not unusable,
    )


def _estimate(text: str) -> float:
    return max(SHORTEST_ESTIMATE, len(words_of(text)) / WORDS_PER_SECOND + silence_of(text))


def _shot(scene: Scene, seconds: float, narration: Path | None, motion: Motion) -> Shot | None:
    """The scene as a shot of its own: where it stands in the video does not matter here."""
    if scene.selection is None:
        return None
    return Shot(
        number=scene.number,
        scene_id=scene.id,
        first_frame=0,
        frames=frame_starts([(seconds, scene.pause_seconds)], FPS)[-1],
        narration=narration or Path(),
        narration_seconds=seconds,
        voice_id=scene.voice_id or "",
        words=(),
        clip=chosen_clip(scene.selection),
        motion=motion,
    )


def _overlaps(starts: Sequence[int], look: Look) -> list[int]:
    """How many frames the transition into each scene takes; none into the first."""
    lengths = [after - first for first, after in itertools.pairwise(starts)]
    return [0, *(overlap(min(pair), look) for pair in itertools.pairwise(lengths))][: len(lengths)]


def _cut_scene(planned: _Planned, frames: range, taken: int, look: Look) -> CutScene:
    scene = planned.scene
    spoken = heard(scene.audio.words) if scene.audio and planned.narration else []
    selection, seconds = scene.selection, len(frames) / look.fps
    layout = captions.layout_of(look.aspect, look.style)
    return CutScene(
        scene_number=scene.number,
        text=scene.text,
        start_seconds=frames.start / look.fps,
        seconds=seconds,
        transition_seconds=taken / look.fps,
        narration=planned.narration,
        level_db=scene.level_db,
        proxy=planned.proxy,
        poster=selection.clip.thumbnail if selection else "",
        clip_id=selection.clip_id if selection else None,
        cues=_cues(scene.text, tuple(spoken), layout, planned.seconds, seconds),
        problem=planned.problem,
    )


@lru_cache(maxsize=1024)
def _cues(
    text: str, spoken: tuple[Word, ...], layout: Layout, voice_seconds: float, until: float
) -> tuple[Cue, ...]:
    """A scene's captions; kept, since every open page asks for them again and again."""
    words = timed_words(text, spoken, voice_seconds)
    return tuple(captions.make_cues(words, layout, until=until))


def _small(look: Look) -> Look:
    """The same look as proxies have it: transitions are left to the player."""
    return replace(look, quality="preview", fps=FPS, captions=False, transition="cut")


def _noting(studio: Studio, shot: Shot, work: Work[None]) -> Work[None]:
    """Do it; a failure that is the scene's own becomes its state."""
    try:
        yield from work
    except MachineFailure:
        raise
    except AIVideoError as failure:
        logger.info("Scene %d has no quick look: %s", shot.number, failure.code)
        choosing.note_failure(studio, shot.scene_id, failure)


def _can_speak(studio: Studio) -> bool:
    """Whether the voice's weights are here: they are not fetched for a look."""
    health = studio.speaker.check()
    return health.works and health.tried


def _speak(studio: Studio, project_id: str, shot: Shot) -> Work[None]:
    yield from voiceover.speak_scenes(studio, project_id, scene_number=shot.number)


def _film(studio: Studio, shot: Shot, look: Look, target: Path) -> Work[None]:
    """Film a proxy; whatever is wrong with a clip is one failure, which another choice settles."""
    small = _small(look)
    path = yield from within(bring(studio, shot.clip), 0.0, 0.5)
    with studio.workspace.draft(target) as draft:
        try:
            made = take(shot, small, path)
            work = studio.ffmpeg.run(
                proxies.proxy_arguments(
                    made.arguments, made.graph("film", small.canvas), shot.frames
                ),
                draft,
                feed=made.feed() if made.feed else None,
                read_line=frames_of(shot.frames),
            )
            yield from within(work, 0.5, 1.0)
        except (ProgramFailed, NotMedia, MediaTruncated, PictureTooLarge) as problem:
            raise ClipUnreadable(shot.clip.title, detail=problem.message) from problem
        if media.count_frames(draft) != shot.frames:
            raise ClipUnreadable(shot.clip.title)
