"""What an SQLite file needs when it is opened, and what it reports, as our sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from aivideo.errors import DiskFull, EditedMeanwhile, NoWritePermission


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Turn what a database reports (no room, no right, two writers) into our sentences."""
    try:
        yield
    except StaleDataError as problem:
        raise EditedMeanwhile from problem
    except OperationalError as problem:
        said = str(problem.orig)
        if "full" in said:
            raise DiskFull(path.parent, detail=said) from problem
        if "readonly" in said or "unable to open" in said:
            raise NoWritePermission(path, detail=said) from problem
        raise


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be rebuilt without losing the rows that point to them.

    A column that SQLite cannot add is added by copying the table and dropping the old one, and
    dropping a table deletes what points to its rows as if they had been deleted one by one.
    """
    with engine.connect() as connection:
        # Ignored inside a transaction, and none has begun on a fresh connection.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        try:
            with connection.begin():
                yield connection
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.commit()


def set_pragmas(connection: Any, _record: object) -> None:
    """Make a fresh connection keep foreign keys, wait for other writers, and survive a crash."""
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")
