"""How fast a project's voice speaks: measured where it has spoken, a usual pace before."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo.script.form import WORDS_PER_SECOND
from aivideo.spoken import words_of
from aivideo.store import AudioFile, Project, Scene, get_row
from aivideo.studio import Studio

ENOUGH_WORDS: Final = 40
"""Before a voice has spoken so many words, what it has spoken may not be like the rest."""
NARRATIONS: Final = 60
"""The newest of them are looked at."""
POSSIBLE: Final = (1.2, 5.0)
"""Words a second; outside, something else than words was counted."""


def words_per_second(studio: Studio, project_id: str) -> float:
    """How many words the project's voice says in a second, at the project's speed.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        voice_id = project.selected_voice or studio.settings.default_voice
        return _natural_pace(session, voice_id) * project.speed


def _natural_pace(session: Session, voice_id: str) -> float:
    """Words a second at the speed 1, over whatever this voice has spoken in any project."""
    query = (
        select(Scene.text, AudioFile.duration_seconds, Project.speed)
        .join(Scene, Scene.id == AudioFile.scene_id)
        .join(Project, Project.id == AudioFile.project_id)
        .where(AudioFile.voice_id == voice_id)
        .order_by(AudioFile.created_at.desc())
        .limit(NARRATIONS)
    )
    spoken = session.execute(query).all()
    words = sum(len(words_of(text)) for text, _, _ in spoken)
    seconds = sum(duration * speed for _, duration, speed in spoken)
    slowest, fastest = POSSIBLE
    if words < ENOUGH_WORDS or not slowest * seconds <= words <= fastest * seconds:
        return WORDS_PER_SECOND
    return float(words / seconds)
