"""What the sources of clips answered, kept until it expires, so that asking again costs nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aivideo.store import LOCAL_OWNER, Answer, Store, now


class Answers:
    """Answers by who was asked what; neither may hold a key or another secret."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, source: str, question: Mapping[str, object]) -> Any | None:
        """The answer to a question; None when it was never asked, or too long ago."""
        with self._store.session() as session:
            row = session.scalar(
                select(Answer).where(
                    Answer.owner_id == LOCAL_OWNER,
                    Answer.source == source,
                    Answer.key == _key(question),
                    Answer.expires_at > now(),
                )
            )
            return None if row is None else row.answer

    def keep(
        self, source: str, question: Mapping[str, object], answer: Any, lasts: timedelta
    ) -> None:
        """Keep an answer in place of the one before; what has expired anywhere is forgotten.

        Args:
            source: Who was asked.
            question: All that decides the answer, as JSON-like data.
            answer: JSON-like data.
            lasts: For how long it counts.
        """
        # Another process may keep the same at the same moment; then its answer does.
        with suppress(IntegrityError), self._store.session() as session:
            _forget(session, source, _key(question))
            session.add(
                Answer(
                    source=source,
                    key=_key(question),
                    question=dict(question),
                    answer=answer,
                    expires_at=now() + lasts,
                )
            )

    def questions(self, source: str) -> Iterator[Mapping[str, Any]]:
        """The questions whose answers still count, the newest first."""
        with self._store.session() as session:
            kept = session.scalars(
                select(Answer.question)
                .where(
                    Answer.owner_id == LOCAL_OWNER,
                    Answer.source == source,
                    Answer.expires_at > now(),
                )
                .order_by(Answer.created_at.desc())
            )
            questions = list(kept)
        yield from questions


def _forget(session: Session, source: str, key: str) -> None:
    session.execute(
        delete(Answer).where(Answer.owner_id == LOCAL_OWNER, Answer.expires_at <= now())
    )
    session.execute(
        delete(Answer).where(
            Answer.owner_id == LOCAL_OWNER, Answer.source == source, Answer.key == key
        )
    )


def _key(question: Mapping[str, object]) -> str:
    text = json.dumps(question, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
