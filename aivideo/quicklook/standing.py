"""How far the quick look of each scene is: what there is, and what is still to be made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from aivideo import voiceover
from aivideo.clips import choosing
from aivideo.engines import filters, proxies
from aivideo.engines.filters import Motion
from aivideo.script import words_per_second
from aivideo.shots import SIZES, Look, Shot, chosen_clip, motions_of
from aivideo.spoken import silence_of, words_of
from aivideo.store import ClipSelection, Project, Scene, get_row
from aivideo.studio import Studio
from aivideo.timeline import frame_starts

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


@dataclass(frozen=True)
class Planned:
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


def plan_scenes(studio: Studio, project_id: str, look: Look) -> list[Planned]:
    """Each scene of a project, what there is of it, and what can be made.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        get_row(session, Project, project_id)
        scenes = session.scalars(WHOLE_SCENES.where(Scene.project_id == project_id)).all()
    narrations = [_narration(scene) for scene in scenes]
    can_speak = any(scene.audio is None for scene in scenes) and _can_speak(studio)
    # To a tenth: whatever the voice says anywhere would change every guess otherwise.
    pace = round(words_per_second(studio, project_id), 1) if None in narrations else 0.0
    motions = motions_of([scene.id for scene in scenes])
    return [
        _planned(studio, look, _Read(scene, narration, pace, motion), can_speak=can_speak)
        for scene, narration, motion in zip(scenes, narrations, motions, strict=True)
    ]


def proxies_of(studio: Studio, project_id: str, look: Look) -> set[Path]:
    """The proxies that the cut of a project shows, as far as they are made.

    Raises:
        NotFound: There is no such project.
    """
    return {each.proxy for each in plan_scenes(studio, project_id, look) if each.proxy}


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
        canvas=as_proxy(look).canvas,
        recipes=(filters.RECIPE, proxies.RECIPE),
    )


def as_proxy(look: Look) -> Look:
    """The same look as proxies have it: transitions are left to the player."""
    return replace(look, quality="preview", fps=FPS, captions=False, transition="cut")


def _narration(scene: Scene) -> Path | None:
    path = Path(scene.audio.file_path) if scene.audio else None
    return path if path and path.is_file() else None


@dataclass(frozen=True)
class _Read:
    """A scene as it was read.

    Attributes:
        narration: Its sound, if it is there.
        pace: Words that the project's voice says in a second; 0 where every scene is spoken.
    """

    scene: Scene
    narration: Path | None
    pace: float
    motion: Motion

    @property
    def seconds(self) -> float:
        """How long its narration lasts, or is guessed to last."""
        text, audio = self.scene.text, self.scene.audio
        if audio and self.narration:
            return audio.duration_seconds
        return max(SHORTEST_ESTIMATE, len(words_of(text)) / self.pace + silence_of(text))


def _planned(studio: Studio, look: Look, read: _Read, *, can_speak: bool) -> Planned:
    scene, narration = read.scene, read.narration
    shot = _shot(read, SIZES[look.aspect])
    path = proxy_path(studio, shot, look) if shot else None
    proxy = path if path and studio.workspace.use(path) else None
    failed = scene.error_code or ""
    unspeakable = narration is None and failed.startswith(voiceover.OUR_CODES)
    unusable = proxy is None and failed.startswith(choosing.OUR_CODES)
    return Planned(
        scene=scene,
        seconds=read.seconds,
        narration=narration,
        shot=shot,
        proxy=proxy,
        problem=(scene.error_message or "") if unspeakable or unusable else "",
        speak=bool(shot) and narration is None and can_speak and not unspeakable,
        film=bool(shot) and proxy is None and not unusable,
    )


def _shot(read: _Read, size: tuple[int, int]) -> Shot | None:
    """The scene as a shot of its own: where it stands in the video does not matter here."""
    scene, seconds = read.scene, read.seconds
    if scene.selection is None:
        return None
    return Shot(
        number=scene.number,
        scene_id=scene.id,
        first_frame=0,
        frames=frame_starts([(seconds, scene.pause_seconds)], FPS)[-1],
        narration=read.narration or Path(),
        narration_seconds=seconds,
        voice_id=scene.voice_id or "",
        words=(),
        clip=replace(
            chosen_clip(scene.selection), size=size, seconds=seconds + scene.pause_seconds
        ),
        motion=read.motion,
    )


def _can_speak(studio: Studio) -> bool:
    """Whether the voice's weights are here: they are not fetched for a look."""
    health = studio.speaker.check()
    return health.works and health.tried
