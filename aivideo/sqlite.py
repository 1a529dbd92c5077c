"""What an SQLite file needs when it is opened, and what it reports, as our sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


def set_pragmas(connection: Any, _record: object) -> None:
    """Make a fresh connection keep foreign keys, wait for other writers, and survive a crash."""
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")
