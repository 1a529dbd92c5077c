"""The tables of a project: its words, its scenes, and what was made for each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from aivideo.columns import IsoTime
from aivideo.store.base import Base, Id, Json, Owner, ProjectRef, SceneRef, Time, now
from aivideo.store.clips import Clip


class SystemPrompt(Base):
    """A persona: what the model is told about how to talk.

    A preset that is ``removed`` keeps its row, so that no start of the app brings it back.
    """

    __tablename__ = "system_prompts"

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    name: Mapped[str]
    prompt: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    is_preset: Mapped[bool] = mapped_column(default=False)
    is_default: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Time]
    updated_at: Mapped[Time] = mapped_column(onupdate=now)


class Project(Base):
    """One video on its way: topic, voice, look, and the stage it has reached.

    ``script_json`` keeps the model's last reply as it came, for inspection; the scenes are
    the truth.
    """

    __tablename__ = "projects"
    __table_args__ = (Index("ix_projects_owner_last_active", "owner_id", "last_active"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    name: Mapped[str]
    topic: Mapped[str | None]
    current_step: Mapped[str] = mapped_column(default="topic")
    selected_voice: Mapped[str | None]
    script_json: Mapped[str | None]
    aspect: Mapped[str] = mapped_column(default="16:9")
    look: Mapped[Json]
    speed: Mapped[float] = mapped_column(default=1.0)
    pronunciations: Mapped[Json]
    sources: Mapped[str] = mapped_column(default="")
    system_prompt_id: Mapped[str | None] = mapped_column(
        ForeignKey("system_prompts.id", ondelete="SET NULL")
    )
    created_at: Mapped[Time]
    last_active: Mapped[Time] = mapped_column(onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    scenes: Mapped[list[Scene]] = relationship(
        order_by="Scene.position", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own contract


class Message(Base):
    """One turn of the conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'assistant', 'system')", name="role"),
        Index("ix_messages_project_timestamp", "project_id", "timestamp"),
    )

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    role: Mapped[str] = mapped_column(String(16))
    content: Mapped[str]
    interrupted: Mapped[bool] = mapped_column(default=False)
    timestamp: Mapped[Time]


class Scene(Base):
    """The unit of truth: its own words, picture and state, under an id that survives reorder."""

    __tablename__ = "scenes"
    __table_args__ = (Index("ix_scenes_project_position", "project_id", "position"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    position: Mapped[int]
    text: Mapped[str]
    visual_query: Mapped[str] = mapped_column(default="")
    objects: Mapped[list[str]] = mapped_column(JSON, default=list)
    pause_seconds: Mapped[float] = mapped_column(default=0.35)
    voice_id: Mapped[str | None]
    level_db: Mapped[float] = mapped_column(default=0.0)
    locked: Mapped[bool] = mapped_column(default=False)
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    audio: Mapped[AudioFile | None] = relationship(cascade="all, delete-orphan")
    selection: Mapped[ClipSelection | None] = relationship(cascade="all, delete-orphan")
    recording: Mapped[Recording | None] = relationship(passive_deletes=True, lazy="selectin")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own contract

    @property
    def number(self) -> int:
        """The scene's place as people count it, from 1."""
        return self.position + 1


class ScriptVersion(Base):
    """A script as it once was: its scenes as drafts, and why it was kept."""

    __tablename__ = "script_versions"
    __table_args__ = (Index("ix_script_versions_project", "project_id", "created_at"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    reason: Mapped[str]
    scenes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[Time]


def _number_of(scene_id: Mapped[str]) -> Any:
    """The specification's ``scene_number``: read from the scene, so that no reorder can lie."""
    number = select(Scene.position + 1).where(Scene.id == scene_id).correlate_except(Scene)
    return column_property(number.scalar_subquery())


class ClipSelection(Base):
    """The clip chosen for a scene, with in-point and fit.

    ``chosen_text`` is what the scene said then, ``found_by`` the words that found the clip, and
    ``offset_seconds`` the clip's second with which its file begins.
    """

    __tablename__ = "clip_selections"

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    scene_id: Mapped[SceneRef] = mapped_column()
    scene_number: Mapped[int] = _number_of(scene_id)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"))
    youtube_video_id: Mapped[str | None]
    clip_url: Mapped[str] = mapped_column(default="")
    downloaded_path: Mapped[str | None]
    start_seconds: Mapped[float] = mapped_column(default=0.0)
    fit: Mapped[str] = mapped_column(String(16), default="crop")
    sound_level_db: Mapped[float | None]
    offset_seconds: Mapped[float] = mapped_column(default=0.0)
    chosen_text: Mapped[str] = mapped_column(default="")
    found_by: Mapped[str] = mapped_column(default="")
    chosen_at: Mapped[datetime | None] = mapped_column(IsoTime)

    clip: Mapped[Clip] = relationship()


class AudioFile(Base):
    """A scene as it was spoken: the file, its length, and when each word is heard."""

    __tablename__ = "audio_files"

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    scene_id: Mapped[SceneRef] = mapped_column()
    scene_number: Mapped[int] = _number_of(scene_id)
    file_path: Mapped[str]
    voice_id: Mapped[str]
    duration_seconds: Mapped[float]
    words: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[Time]


class Recording(Base):
    """A person's own recording for a scene; it outlives the scene, and goes with its project.

    ``text`` is what the scene said when it was recorded.
    """

    __tablename__ = "recordings"

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    scene_id: Mapped[str | None] = mapped_column(
        ForeignKey("scenes.id", ondelete="SET NULL"), unique=True
    )
    name: Mapped[str]
    file_path: Mapped[str]
    duration_seconds: Mapped[float]
    text: Mapped[str]
    created_at: Mapped[Time]


class RenderedVideo(Base):
    """A finished video with everything that goes with it."""

    __tablename__ = "rendered_videos"

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    file_path: Mapped[str]
    thumbnail_path: Mapped[str]
    srt_path: Mapped[str]
    vtt_path: Mapped[str]
    ass_path: Mapped[str] = mapped_column(default="")
    credits_path: Mapped[str]
    quality: Mapped[str] = mapped_column(String(16), default="standard")
    duration_seconds: Mapped[float]
    file_size_bytes: Mapped[int]
    created_at: Mapped[Time]


class Job(Base):
    """Ties a durable workflow to its project, kind, options and outcome."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_owner_project", "owner_id", "project_id"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    project_id: Mapped[ProjectRef]
    kind: Mapped[str] = mapped_column(String(32))
    options: Mapped[Json]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    created_at: Mapped[Time]
    finished_at: Mapped[datetime | None] = mapped_column(IsoTime)
