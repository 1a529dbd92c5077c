"""The tables as classes, and sessions on them.

Names and columns follow the owner's specification. Ids are made in Python, times are aware
UTC, every table carries ``owner_id`` ("local" for now), and nothing here is SQLite's own
dialect but the PRAGMAs, so that the step to PostgreSQL stays a change of address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from aivideo.errors import NotFound
from aivideo.sqlite import rebuilding, set_pragmas, translating
from aivideo.store.base import LOCAL_OWNER, Base, new_id, now
from aivideo.store.clips import Answer, Clip, Consent, Search
from aivideo.store.tables import (
    AudioFile,
    ClipSelection,
    Job,
    Message,
    Project,
    Recording,
    RenderedVideo,
    Scene,
    ScriptVersion,
    SystemPrompt,
)
from aivideo.workspace import writing

__all__ = [
    "LOCAL_OWNER",
    "Answer",
    "AudioFile",
    "Base",
    "Clip",
    "ClipSelection",
    "Consent",
    "Job",
    "Message",
    "Project",
    "Recording",
    "RenderedVideo",
    "Scene",
    "ScriptVersion",
    "Search",
    "Store",
    "SystemPrompt",
    "get_row",
    "new_id",
    "now",
]

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
        with translating(self.path), rebuilding(self.engine) as connection:
            config = Config()
            scripts = Path(__file__).parent.parent / "migrations"
            config.set_main_option("script_location", str(scripts))
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
