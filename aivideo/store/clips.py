"""The tables of clip sources: what was found, what was answered, what was agreed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aivideo.columns import IsoTime
from aivideo.store.base import Base, Id, Json, Owner, Time


class Clip(Base):
    """Every candidate ever offered, with where it came from and what its licence allows.

    ``refused_code`` and ``refused_message`` say why it can never be had, once that is known.
    """

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
    licence_text: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    picture_address: Mapped[str] = mapped_column(default="")
    media: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    recipe: Mapped[Json]
    refused_code: Mapped[str | None]
    refused_message: Mapped[str | None]
    retrieved_at: Mapped[Time]


class Search(Base):
    """What a source answered to a query, so that asking again costs nothing.

    ``scores`` says how well each clip of ``clip_ids`` fits and ``reasons`` why, in the same
    order; ``failures`` has the code and the sentence of each source that could not answer.
    """

    __tablename__ = "searches"
    __table_args__ = (Index("ix_searches_key", "owner_id", "key"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    key: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(200))
    query: Mapped[str]
    reusable: Mapped[bool] = mapped_column(default=True)
    clip_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    scores: Mapped[list[float]] = mapped_column(JSON, default=list)
    reasons: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    failures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    created_at: Mapped[Time]
    expires_at: Mapped[datetime | None] = mapped_column(IsoTime)


class Answer(Base):
    """What a source of clips answered, as it came, until it expires."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("owner_id", "source", "key", name="uq_answers_question"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    source: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    question: Mapped[Json]
    answer: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[Time]
    expires_at: Mapped[datetime] = mapped_column(IsoTime)


class Consent(Base):
    """What a person has confirmed, in the words that they were shown, and when."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("owner_id", "kind", name="uq_consents_kind"),)

    id: Mapped[Id]
    owner_id: Mapped[Owner]
    kind: Mapped[str] = mapped_column(String(32))
    text: Mapped[str]
    given_at: Mapped[Time]
