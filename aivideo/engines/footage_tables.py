"""The tables of the footage index, and what is written into them. Each function is one change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from aivideo.engines.footage import Content, Footage
from aivideo.engines.footage_folders import Folder, Seen

SCHEMA_NUMBER: Final = 1
"""Grows with every change to the tables and to what is found out; an older file is removed."""
MOST_GONE: Final = 20_000
"""Files that are no longer there, of which it is remembered what they held."""

SCHEMA: Final = (
    "CREATE TABLE counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO counts VALUES ('meanings', 0)",
    """CREATE TABLE folders (
        root TEXT NOT NULL, name TEXT NOT NULL, changed INTEGER NOT NULL,
        settled INTEGER NOT NULL, problem TEXT NOT NULL,
        PRIMARY KEY (root, name)) WITHOUT ROWID""",
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        root TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL,
        stamp TEXT NOT NULL, beside TEXT NOT NULL,
        gone INTEGER NOT NULL DEFAULT 0, waits INTEGER NOT NULL DEFAULT 1,
        usable INTEGER NOT NULL DEFAULT 0, pictured INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        unusable TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL DEFAULT 'video', width INTEGER NOT NULL DEFAULT 0,
        height INTEGER NOT NULL DEFAULT 0, seconds REAL, told TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '', file_words TEXT NOT NULL DEFAULT '',
        folder_words TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
        credit TEXT NOT NULL DEFAULT '{}',
        UNIQUE (root, name))""",
    "CREATE INDEX files_by_folder ON files (root, folder)",
    "CREATE INDEX files_by_digest ON files (digest) WHERE usable = 1",
    "CREATE INDEX files_counted ON files (root, gone, waits, usable)",
    "CREATE INDEX files_waiting ON files (waits) WHERE waits = 1 AND gone = 0",
    "CREATE INDEX files_plain ON files (pictured) WHERE pictured = 0 AND usable = 1 AND gone = 0",
    "CREATE TABLE meanings (file INTEGER PRIMARY KEY, model TEXT NOT NULL, vector BLOB NOT NULL)",
    """CREATE VIRTUAL TABLE words USING fts5 (
        named, folder, sidecar,
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')""",
)


@dataclass(frozen=True)
class Waiting:
    """A file that somebody has to look into: where it is, and as what it was seen.

    Attributes:
        tries: How many times looking into it was begun and never ended.
    """

    id: int
    root: str
    name: str
    stamp: str
    beside: tuple[str, ...]
    tries: int = 0


@dataclass(frozen=True)
class Entry:
    """A file of the index.

    Attributes:
        root: The key of the root that it lies in.
        named: The tokens of its name, and ...
        described: ... of its folders and all else, each with a blank before and behind.
    """

    id: int
    root: str
    footage: Footage
    named: str = ""
    described: str = ""


def make_tables(connection: sqlite3.Connection) -> None:
    """The tables, in a file that has none, unless another process was faster."""
    connection.execute("BEGIN IMMEDIATE")
    if not version_of(connection):
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
    connection.execute("COMMIT")


def version_of(connection: sqlite3.Connection) -> int:
    """Whether a file has our tables: 0 when it has none."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


# --------------------------------------------------------------------------- folders
@dataclass(frozen=True)
class Listing:
    """A folder as it was listed just now, to be compared with what is known of it."""

    root: str
    folder: Folder

    @cached_property
    def row(self) -> tuple[object, ...]:
        """Its row."""
        one = self.folder
        return self.root, one.name, one.changed, int(one.settled), one.problem

    def differs(self, connection: sqlite3.Connection) -> bool:
        """Whether the index knows anything else of it."""
        known = connection.execute(
            "SELECT * FROM folders WHERE root = ? AND name = ?", self.row[:2]
        ).fetchone()
        return known != self.row or any(self._differences(connection))

    def write(self, connection: sqlite3.Connection) -> None:
        """Take down what is new, has changed or is gone."""
        fresh, missing = self._differences(connection)
        connection.executemany(
            "INSERT INTO files (root, folder, name, stamp, beside) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (root, name) DO UPDATE SET stamp = excluded.stamp, "
            "beside = excluded.beside, gone = 0, waits = 1, tries = 0",
            [
                (self.root, self.folder.name, seen.name, seen.stamp, json.dumps(seen.beside))
                for seen in fresh
            ],
        )
        forget(connection, missing)
        connection.execute("INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?, ?)", self.row)

    def _differences(self, connection: sqlite3.Connection) -> tuple[list[Seen], list[int]]:
        """Files that are new or have changed, and the numbers of those that are gone."""
        rows = connection.execute(
            "SELECT name, stamp, id FROM files WHERE root = ? AND folder = ? AND gone = 0",
            (self.root, self.folder.name),
        ).fetchall()
        stamps = {name: stamp for name, stamp, _ in rows}
        seen = {one.name for one in self.folder.files}
        fresh = [one for one in self.folder.files if stamps.get(one.name) != one.stamp]
        return fresh, [number for name, _, number in rows if name not in seen]


def forget_folders(connection: sqlite3.Connection, root: str, lost: Collection[str]) -> None:
    """These folders of a root are no longer there, nor is what lay in them."""
    for name in lost:
        rows = connection.execute(
            "SELECT id FROM files WHERE root = ? AND folder = ? AND gone = 0", (root, name)
        ).fetchall()
        forget(connection, [number for (number,) in rows])
        connection.execute("DELETE FROM folders WHERE root = ? AND name = ?", (root, name))


def forget(connection: sqlite3.Connection, gone: Sequence[int]) -> None:
    """These files are no longer there; what they held is remembered for when they come back."""
    rows = [(number,) for number in gone]
    connection.executemany("UPDATE files SET gone = 1, waits = 1 WHERE id = ?", rows)
    connection.executemany("DELETE FROM words WHERE rowid = ?", rows)
    connection.executemany("DELETE FROM meanings WHERE file = ?", rows)
    if rows:
        connection.execute(
            "DELETE FROM files WHERE gone = 1 AND id <= "
            "(SELECT id FROM files WHERE gone = 1 ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (MOST_GONE,),
        )


# --------------------------------------------------------------------------- files
def settle(connection: sqlite3.Connection, waiting: Waiting, found: Footage) -> None:
    """Keep what was found out about a file, unless it is gone or has changed since."""
    content = found.content
    changed = connection.execute(
        "UPDATE files SET waits = 0, tries = 0, usable = ?, unusable = ?, "
        "pictured = pictured AND digest = ?, digest = ?, kind = ?, width = ?, height = ?, "
        "seconds = ?, told = ?, title = ?, file_words = ?, folder_words = ?, "
        "description = ?, credit = ? "
        "WHERE id = ? AND stamp = ? AND gone = 0",
        (
            *(int(not found.unusable), found.unusable, found.digest, found.digest),
            *(content.kind, content.width, content.height, content.seconds, content.told),
            *(found.title, found.file_words, found.folder_words, found.description),
            *(json.dumps(dict(found.credit), ensure_ascii=False), waiting.id, waiting.stamp),
        ),
    )
    if changed.rowcount:
        connection.execute("DELETE FROM words WHERE rowid = ?", (waiting.id,))
        connection.execute("DELETE FROM meanings WHERE file = ?", (waiting.id,))
        if not found.unusable:
            connection.execute(
                "INSERT INTO words (rowid, named, folder, sidecar) VALUES (?, ?, ?, ?)",
                (waiting.id, *found.fields),
            )


def entry_of(row: Sequence[Any]) -> Entry:
    """An entry from the row that ``FACTS`` asks for."""
    number, root, name, digest, kind, width, height, seconds, told, *rest = row
    title, file_words, folder_words, description, credit, named, folder, sidecar = rest
    footage = Footage(
        name=name,
        digest=digest,
        content=Content(kind, width, height, seconds, told),
        title=title,
        file_words=file_words,
        folder_words=folder_words,
        description=description,
        credit=json.loads(credit),
    )
    return Entry(number, root, footage, f" {named} ", f" {folder} {sidecar} ")
