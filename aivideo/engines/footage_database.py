"""An SQLite file of derived data: read by many, made anew when it is damaged."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import filelock

from aivideo.engines.footage_tables import SCHEMA_NUMBER, make_tables, version_of
from aivideo.errors import DiskFull, NoWritePermission
from aivideo.workspace import discard

logger = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE: Final = 15.0
"""Seconds that one writer waits for another."""
_DAMAGE: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""What SQLite says of a file that is damaged, is no database, or lacks our tables."""
_CLOSED: Final = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


class FootageDatabase:
    """The file. Any thread may ask it; each question has a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"footage-{SCHEMA_NUMBER}.db"
        self._idle: list[tuple[int, sqlite3.Connection]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        with self._lock:
            _close(self._idle)

    def read(self, question: str, *values: object) -> list[Any]:
        """The rows that answer a question."""
        return self.ask(lambda connection: connection.execute(question, values).fetchall())

    def write(self, write: Callable[[sqlite3.Connection], object]) -> None:
        """Change the file in one transaction."""

        def transaction(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                write(connection)
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

        self.ask(transaction)

    def ask(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """An answer of the file; of a new one, when the old one is damaged.

        Raises:
            DiskFull: There is no room for it.
            NoWritePermission: It cannot be opened or written.
        """
        try:
            try:
                return self._answer(ask)
            except sqlite3.DatabaseError as problem:
                if _code(problem) not in _DAMAGE:
                    raise
                logger.warning("The index of footage is damaged and made anew: %s", problem)
                self._discard()
                return self._answer(ask)
        except sqlite3.OperationalError as problem:
            raise self._told(problem) from problem

    def _told(self, problem: sqlite3.OperationalError) -> Exception:
        """What SQLite reports as our sentence, where we have one."""
        if _code(problem) == sqlite3.SQLITE_FULL:
            return DiskFull(self.path.parent, detail=str(problem))
        if _code(problem) in _CLOSED:
            return NoWritePermission(self.path, detail=str(problem))
        return problem

    def _answer(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        with self._connected() as connection:
            return ask(connection)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses now; kept for the next when all went well."""
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        # A file that somebody removed would be written on, unseen.
        if kept is not None and kept[0] != _number_of(self.path):
            kept[1].close()
            kept = None
        connection = kept[1] if kept else self._open()
        number = kept[0] if kept else _number_of(self.path)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append((number, connection))

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            if version_of(connection) != SCHEMA_NUMBER:
                with filelock.FileLock(self.path.with_suffix(".making"), timeout=PATIENCE):
                    connection.execute("PRAGMA journal_mode = WAL")
                    make_tables(connection)
                self._discard_older()
        except BaseException:
            connection.close()
            raise
        return connection

    def _discard_older(self) -> None:
        """Remove what other versions of the app made of the same footage."""
        for pattern in ("footage-*.db*", "*-2.json"):
            for path in self.path.parent.glob(pattern):
                if not path.name.startswith(self.path.name):
                    discard(path)

    def _discard(self) -> None:
        """Remove the file, unless another process has made a good one meanwhile."""
        self.close()
        with filelock.FileLock(self.path.with_suffix(".mending"), timeout=PATIENCE):
            try:
                self._answer(_thorough)
            except sqlite3.DatabaseError:
                discard(
                    *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm", ""))
                )
            self.close()


def _close(idle: list[tuple[int, sqlite3.Connection]]) -> None:
    while idle:
        idle.pop()[1].close()


def _thorough(connection: sqlite3.Connection) -> None:
    """Look through the whole file.

    Raises:
        DatabaseError: It is damaged.
    """
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise sqlite3.DatabaseError(said)
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    for table in ("counts", "folders", "files", "meanings"):
        connection.execute(f"SELECT * FROM {table} LIMIT 1")  # noqa: S608 - one of four names


def _number_of(path: Path) -> int:
    """What tells a file from one that took its place; 0 for none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _code(problem: sqlite3.Error) -> int:
    """The primary code of what SQLite reports; 0 for what does not come from it."""
    return int(getattr(problem, "sqlite_errorcode", 0)) & 0xFF
