"""Projects that are spoken and have their clips, ready to be rendered; and looking at videos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
from fakes import FixedFinder
from footage import Pixels, write_tone
from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo import projects
from aivideo.progress import finish
from aivideo.render import Look, Shot
from aivideo.render.filming import Unfilmed, film
from aivideo.render.segments import Segment, whole
from aivideo.shots import ChosenClip
from aivideo.store import AudioFile, Clip, ClipSelection, Project, Scene
from aivideo.studio import Studio

DRAFT = Look(quality="draft", captions=False)


@dataclass(frozen=True)
class SceneOf:
    """A scene to be: its words, its clip's file, and how it is shown."""

    text: str = "Bees dance and sing."
    file: Path | None = None
    seconds: float = 0.6
    pause: float = 0.2
    start: float = 0.0
    fit: str = "crop"
    kind: str = "video"
    recipe: Mapping[str, Any] | None = None


def make_project(
    studio: Studio, finder: FixedFinder, scenes: Sequence[SceneOf], name: str = "Bees"
) -> str:
    """A project whose scenes are spoken and have their clips; the id."""
    with studio.store.session() as session:
        project = Project(name=name, topic=name)
        session.add(project)
        session.flush()
        for position, scene in enumerate(scenes):
            row = Scene(
                project_id=project.id,
                position=position,
                text=scene.text,
                pause_seconds=scene.pause,
            )
            session.add(row)
            session.flush()
            _speak(studio, session, row, scene.seconds)
            _choose(finder, session, row, scene)
        return project.id


def _speak(studio: Studio, session: Session, row: Scene, seconds: float) -> None:
    voice = studio.workspace.folder("audio") / f"{row.id}.wav"
    session.add(
        AudioFile(
            project_id=row.project_id,
            scene_id=row.id,
            file_path=str(write_tone(voice, seconds, hertz=220 + 40 * row.position)),
            voice_id="af_heart",
            duration_seconds=seconds,
        )
    )


def _choose(finder: FixedFinder, session: Session, row: Scene, scene: SceneOf) -> None:
    name = scene.file.name if scene.file else f"drawn-{row.position}"
    if scene.file:
        finder.clips[name] = scene.file
    clip = session.scalar(select(Clip).where(Clip.source_id == name))
    if clip is None:
        clip = Clip(
            source="fixed",
            source_id=name,
            title=name,
            kind=scene.kind,
            author="A. Tester",
            licence="CC0",
            recipe=dict(scene.recipe or {}),
        )
        session.add(clip)
        session.flush()
    session.add(
        ClipSelection(
            project_id=row.project_id,
            scene_id=row.id,
            clip_id=clip.id,
            start_seconds=scene.start,
            fit=scene.fit,
        )
    )


def shot_of(path: Path, *, frames: int = 30, **clip: Any) -> Shot:
    """A shot of a file, without a project; ``clip`` changes what is known of it."""
    chosen = ChosenClip("fixed", path.name, "video", path.name, path=path)
    return Shot(
        number=1,
        scene_id="none",
        first_frame=0,
        frames=frames,
        narration=path,
        narration_seconds=frames / 30,
        voice_id="af_heart",
        words=(),
        clip=replace(chosen, **clip),
    )


def filmed(studio: Studio, shot: Shot, look: Look = DRAFT) -> Path:
    """The part of a shot; its failure is the test's."""
    return filmed_segment(studio, whole(shot), look)


def filmed_segment(studio: Studio, segment: Segment, look: Look = DRAFT) -> Path:
    """The part of a segment; its failure is the test's."""
    part = finish(film(studio, segment, look))
    if isinstance(part, Unfilmed):
        raise part.failure
    return part.path


def luma_of(path: Path) -> Iterator[Pixels]:
    """The brightness of every frame of a video."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            plane = np.frombuffer(bytes(frame.planes[0]), np.uint8)
            yield plane.reshape(-1, frame.planes[0].line_size)[: frame.height, : frame.width]


def scene_errors(studio: Studio, project_id: str) -> list[str | None]:
    """The error code of each scene."""
    scenes = projects.open_project(studio, project_id).scenes
    return [scene.error["code"] if scene.error else None for scene in scenes]


def drafts(studio: Studio) -> list[str]:
    """Unfinished files that lie about."""
    return [path.name for path in studio.workspace.root.rglob("*.draft-*")]
