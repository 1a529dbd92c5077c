"""Kinds of columns that SQLAlchemy does not have."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator


class IsoTime(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as ISO 8601 text with its zone."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write a time as text; a naive one is refused, since its zone would be a guess."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read a time back, aware and in UTC."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)
