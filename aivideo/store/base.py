"""What all tables have in common: ids, owners, times, and the base class."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from sqlalchemy import JSON, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

from aivideo.columns import IsoTime

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
