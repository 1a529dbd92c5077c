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
from aivideo.store import Recording, Scene

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
    outdated = recording.text.split() != scene.text.split()
    warning = RecordingOutdated(scene.number).message if outdated else ""
    return RecordingView(recording.name, recording.duration_seconds, warning)


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


def discard(paths: Iterable[Path]) -> None:
    """Remove files that nobody uses; one that a program holds open stays."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            continue
