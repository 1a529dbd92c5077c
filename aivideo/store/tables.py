"""The tables as classes, and sessions on them.

Names and columns follow the owner's specification. Ids are made in Python, times are aware
UTC, every table carries ``owner_id`` ("local" for now), and nothing here is SQLite's own
dialect but the PRAGMAs, so that the step to PostgreSQL stays a change of address.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    String,
    UniqueConstraint,
    create_engine,
    event,
    select,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    column_property,
    mapped_column,
    relationship,
    sessionmaker,
)

from aivideo.columns import IsoTime
from aivideo.errors import NotFound
from aivideo.sqlite import set_pragmas, translating
from aivideo.workspace import writing

LOCAL_OWNER: Final = "local"


def new_id() -> str:
    """A fresh id for a row, 32 hex digits."""
    return uuid.uuid4().hex


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


Id = Annotated[str, mapped_column(String(36), primary_key=True, default=new_id)]
Owner = Annotated[str, mapped_column(String(64), default=LOCAL_OWNER)]
Time = Annotated[datetime, mapped_column(IsoTime, default=now)]
Json = Annotated[dict[str, Any], mapped_column(JSON, default=dict)]
ProjectRef = Annotated[str, mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))]
SceneRef = Annotated[str, mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), unique=True)]


class Base(DeclarativeBase):
    """The base of all tables; constraints get names, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


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


class Clip(Base):
    """Every candidate ever offered, with where it came from and what its licence allows."""

    __tablename__ = "clips"
    __table_args__ = (UniqueConstraint("owner_id", "source", "source_id", name="uq_clips_source"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    source: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16), default="video")
    title: Mapped[str]
    duration_seconds: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    url: Mapped[str] = mapped_column(default="")
    thumbnail: Mapped[str] = mapped_column(default="")
    preview: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(default="")
    author_url: Mapped[str] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(default="")
    licence_url: Mapped[str] = mapped_column(default="")
    recipe: Mapped[Json]
    retrieved_at: Mapped[Time]


class Search(Base):
    """What a source answered to a query, so that asking again costs nothing.

    ``scores`` says how well each clip of ``clip_ids`` fits, in the same order.
    """

    __tablename__ = "searches"
    __table_args__ = (Index("ix_searches_key", "owner_id", "key"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    key: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(32))
    query: Mapped[str]
    clip_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    scores: Mapped[list[float]] = mapped_column(JSON, default=list)
    created_at: Mapped[Time]
    expires_at: Mapped[datetime | None] = mapped_column(IsoTime)


def _number_of(scene_id: Mapped[str]) -> Any:
    """The specification's ``scene_number``: read from the scene, so that no reorder can lie."""
    number = select(Scene.position + 1).where(Scene.id == scene_id).correlate_except(Scene)
    return column_property(number.scalar_subquery())


class ClipSelection(Base):
    """The clip chosen for a scene, with in-point and fit."""

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


Row = TypeVar("Row", bound=Base)


class Store:
    """The database of one installation; ``session()`` is the only way to its rows."""

    def __init__(self, database_path: Path) -> None:
        self.path = database_path.resolve()
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self.url = f"sqlite:///{self.path.as_posix()}"
        self.engine = create_engine(self.url)
        event.listen(self.engine, "connect", set_pragmas)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One unit of work: commits when the block ends well, rolls back otherwise."""
        with translating(self.path), self._sessions.begin() as session:
            yield session

    def upgrade(self) -> None:
        """Bring the file to the newest schema, making it when it is missing."""
        with translating(self.path), self.engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def get_row(session: Session, table: type[Row], row_id: str) -> Row:
    """The row with this id.

    Raises:
        NotFound: There is none.
    """
    row = session.get(table, row_id)
    if row is None:
        raise NotFound(table.__tablename__.removesuffix("s").replace("_", " "), row_id)
    return row
