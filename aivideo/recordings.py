"""A person's own recordings as rows: whose they are, what pages see, which files nobody uses.

The file is named by its content, so two scenes may share it; it is the person's and cannot be
made again, so it stays until the last row that names it is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo.errors import RecordingOutdated
from aivideo.spoken import words_of
from aivideo.store import Recording, Scene
from aivideo.studio import Studio

OWN_VOICE: Final = "own recording"
"""What stands in a narration's row instead of a voice."""


@dataclass(frozen=True)
class RecordingView:
    """A scene's recording as pages and programs see it.

    Attributes:
        name: What the person calls the file.
        duration_seconds: How long it lasts as the scene tells it.
        warning: That the scene's words are not any more those of the recording; else empty.
    """

    name: str
    duration_seconds: float
    warning: str = ""


def view_of(scene: Scene) -> RecordingView | None:
    """The scene's recording, if it has one; call it inside the session of the row."""
    recording = scene.recording
    if recording is None:
        return None
    return RecordingView(
        recording.name,
        recording.duration_seconds,
        _warning(recording.text, scene.text, scene.number),
    )


def warnings(studio: Studio, project_id: str) -> list[str]:
    """Which scenes of a project have other words than their recordings, in sentences."""
    found = (
        select(Recording.text, Scene.text, Scene.position)
        .join(Scene, Scene.id == Recording.scene_id)
        .where(Recording.project_id == project_id)
        .order_by(Scene.position)
    )
    with studio.store.session() as session:
        rows = session.execute(found).all()
    said = (_warning(recorded, text, position + 1) for recorded, text, position in rows)
    return [warning for warning in said if warning]


def _warning(recorded: str, text: str, scene_number: int) -> str:
    if words_of(recorded) == words_of(text):
        return ""
    return RecordingOutdated(scene_number).message


def unused_after(session: Session, recordings: Iterable[Recording]) -> set[Path]:
    """The files that nobody uses once these rows are gone."""
    rows = list(recordings)
    paths = {row.file_path for row in rows}
    others = select(Recording.file_path).where(
        Recording.file_path.in_(paths), Recording.id.not_in(row.id for row in rows)
    )
    return {Path(path) for path in paths - set(session.scalars(others))}


def of_project(session: Session, project_id: str) -> list[Recording]:
    """All recordings of a project, those of scenes that were removed included."""
    return list(session.scalars(select(Recording).where(Recording.project_id == project_id)))


def bring_back(session: Session, scene: Scene) -> None:
    """Give a new scene the recording that a scene with its words had before it was removed."""
    lost = select(Recording).where(
        Recording.project_id == scene.project_id, Recording.scene_id.is_(None)
    )
    for recording in session.scalars(lost.order_by(Recording.created_at.desc())):
        if words_of(recording.text) == words_of(scene.text):
            scene.recording = recording
            return
