"""What was found out about a person's footage, in one SQLite file that can always be made anew.

Files come in by folders, wait until somebody has looked into them, and can be searched by their
words from then on. Readers never wait for the writer; several processes may write.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aivideo.engines.footage import Content, Footage
from aivideo.engines.footage_database import FootageDatabase
from aivideo.engines.footage_folders import Folder
from aivideo.engines.footage_tables import (
    Entry,
    Listing,
    Waiting,
    entry_of,
    forget_folders,
    settle,
)

_PREFIX_FROM: Final = 4
"""Letters from which on a word also finds words that begin with it."""


@dataclass(frozen=True)
class Counts:
    """How many files there are, how many of them wait, and how many can be used."""

    files: int = 0
    waiting: int = 0
    usable: int = 0

    @property
    def unusable(self) -> int:
        """How many were looked into and cannot be used."""
        return self.files - self.waiting - self.usable


class FootageIndex:
    """The index of the roots that are in use; what it knows of others is kept for later."""

    def __init__(self, folder: Path, roots: Sequence[str]) -> None:
        self._database = FootageDatabase(folder)
        self._roots = json.dumps(list(roots))

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._database.path

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        self._database.close()

    # ----------------------------------------------------------------- what lies in the folders
    def folders(self) -> list[tuple[str, Folder]]:
        """Every folder that was listed, with the key of its root, without what lies in it."""
        rows = self._database.read(
            "SELECT root, name, changed, settled, problem FROM folders "
            "WHERE root IN (SELECT value FROM json_each(?))",
            self._roots,
        )
        return [
            (root, Folder(name, changed, settled=bool(settled), problem=problem))
            for root, name, changed, settled, problem in rows
        ]

    def enter(self, root: str, folders: Iterable[Folder]) -> None:
        """Take down what lies in some folders: what is new or has changed waits from now on.

        Args:
            root: The key of the root that they lie in.
            folders: As they were listed.
        """
        listings = [Listing(root, folder) for folder in folders]

        def write(connection: sqlite3.Connection) -> None:
            for one in different:
                one.write(connection)

        different = self._database.ask(
            lambda connection: [one for one in listings if one.differs(connection)]
        )
        if different:
            self._database.write(write)

    def leave(self, root: str, folders: Collection[str]) -> None:
        """Some folders are no longer there, nor is what lay in them."""
        if folders:
            self._database.write(lambda connection: forget_folders(connection, root, folders))

    # ----------------------------------------------------------------- looking into files
    def waiting(self, at_most: int) -> list[Waiting]:
        """Files that somebody has to look into, those that were seen first before others."""
        rows = self._database.read(
            "SELECT id, root, name, stamp, beside, tries FROM files WHERE waits = 1 AND gone = 0 "
            "AND root IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?",
            self._roots,
            at_most,
        )
        return [_waiting(row) for row in rows]

    def waiting_for(self, root: str, name: str) -> list[Waiting]:
        """One file, if somebody has to look into it."""
        rows = self._database.read(
            "SELECT id, root, name, stamp, beside, tries FROM files "
            "WHERE waits = 1 AND gone = 0 AND root = ? AND name = ?",
            root,
            name,
        )
        return [_waiting(row) for row in rows]

    def content(self, digest: str) -> Content | None:
        """What a file with this digest was found to hold, wherever that was or is."""
        rows = self._database.read(
            "SELECT kind, width, height, seconds, told FROM files "
            "WHERE digest = ? AND usable = 1 LIMIT 1",
            digest,
        )
        return Content(*rows[0]) if rows else None

    def settle(self, found: Collection[tuple[Waiting, Footage]]) -> None:
        """Keep what was found out; a file that has changed meanwhile waits on."""

        def write(connection: sqlite3.Connection) -> None:
            for waiting, footage in found:
                settle(connection, waiting, footage)

        if found:
            self._database.write(write)

    def note_try(self, batch: Iterable[Waiting]) -> None:
        """Remember that these are being looked into, until they are settled."""
        rows = [(one.id,) for one in batch]
        statement = "UPDATE files SET tries = tries + 1 WHERE id = ?"
        self._database.write(lambda connection: connection.executemany(statement, rows))

    def forget_try(self, batch: Collection[Waiting]) -> None:
        """These were not looked into after all."""
        rows = [(one.tries, one.id) for one in batch]
        statement = "UPDATE files SET tries = ? WHERE id = ?"
        if rows:
            self._database.write(lambda connection: connection.executemany(statement, rows))

    def plain(self) -> int:
        """How many files nobody tried to make a picture of yet."""
        rows = self._database.read(
            "SELECT count(*) FROM files WHERE pictured = 0 AND usable = 1 AND gone = 0 "
            "AND root IN (SELECT value FROM json_each(?))",
            self._roots,
        )
        return int(rows[0][0])

    def unpictured(self, at_most: int) -> list[tuple[int, str, str, str]]:
        """Number, root, name and digest of files of which nobody tried to make a picture yet."""
        return self._database.read(
            "SELECT id, root, name, digest FROM files "
            "WHERE pictured = 0 AND usable = 1 AND gone = 0 "
            "AND root IN (SELECT value FROM json_each(?)) LIMIT ?",
            self._roots,
            at_most,
        )

    def note_pictured(self, numbers: Iterable[int]) -> None:
        """Remember that pictures of these files were made, or cannot be made."""
        rows = [(number,) for number in numbers]
        statement = "UPDATE files SET pictured = 1 WHERE id = ?"
        self._database.write(lambda connection: connection.executemany(statement, rows))

    # ----------------------------------------------------------------- meanings
    def without_meaning(self, model: str, at_most: int) -> list[Entry]:
        """Files whose meaning is not known in the terms of this model."""
        numbers = self._database.read(
            "SELECT id FROM files WHERE usable = 1 AND gone = 0 "
            "AND root IN (SELECT value FROM json_each(?)) AND NOT EXISTS "
            "(SELECT 1 FROM meanings WHERE file = files.id AND model = ?) LIMIT ?",
            self._roots,
            model,
            at_most,
        )
        return self.entries(number for (number,) in numbers)

    def note_meanings(self, model: str, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Keep the vectors of files, by their numbers."""
        rows = [(number, model, vector) for number, vector in vectors]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO meanings VALUES (?, ?, ?)", rows)
            connection.execute("UPDATE counts SET value = value + 1 WHERE name = 'meanings'")

        self._database.write(write)

    def meanings_turn(self) -> int:
        """Another number after each change of the vectors."""
        turn: int = self._database.read("SELECT value FROM counts WHERE name = 'meanings'")[0][0]
        return turn

    def meanings(self, model: str) -> list[tuple[int, bytes]]:
        """The vectors of all files that can be used, with their numbers."""
        return self._database.read(
            "SELECT file, vector FROM meanings JOIN files ON files.id = file "
            "WHERE model = ? AND root IN (SELECT value FROM json_each(?)) AND usable = 1",
            model,
            self._roots,
        )

    # ----------------------------------------------------------------- questions
    def matching(self, words: Collection[str], at_most: int) -> list[int]:
        """The numbers of the files that have some of these tokens, the likeliest first."""
        if not words:
            return []
        rows = self._database.read(
            "SELECT words.rowid FROM words JOIN files ON files.id = words.rowid "
            "WHERE words MATCH ? AND root IN (SELECT value FROM json_each(?)) "
            "ORDER BY bm25(words, 10.0, 4.0, 1.0) LIMIT ?",
            " OR ".join(map(_quoted, words)),
            self._roots,
            at_most,
        )
        return [number for (number,) in rows]

    def newest(self, at_most: int) -> list[int]:
        """The numbers of the files that came in last, of those that can be used."""
        rows = self._database.read(
            "SELECT id FROM files WHERE usable = 1 AND gone = 0 "
            "AND root IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?",
            self._roots,
            at_most,
        )
        return [number for (number,) in rows]

    def entries(self, numbers: Iterable[int]) -> list[Entry]:
        """Files by their numbers, with their words; those that are gone are left out."""
        rows = self._database.read(
            "SELECT id, root, files.name, digest, kind, width, height, seconds, told, title, "
            "file_words, folder_words, description, credit, words.named, words.folder, sidecar "
            "FROM files JOIN words ON words.rowid = id "
            "WHERE id IN (SELECT value FROM json_each(?)) AND gone = 0 AND usable = 1",
            json.dumps(list(numbers)),
        )
        return [entry_of(row) for row in rows]

    def located(self, digest: str) -> list[tuple[str, str]]:
        """Where files with this digest are: the keys of their roots, and their names."""
        return self._database.read(
            "SELECT root, name FROM files WHERE digest = ? AND usable = 1 AND gone = 0 "
            "AND root IN (SELECT value FROM json_each(?))",
            digest,
            self._roots,
        )

    def reasons(self, at_most: int) -> list[str]:
        """Why files cannot be used, a sentence for each."""
        rows = self._database.read(
            "SELECT unusable FROM files WHERE gone = 0 AND waits = 0 AND usable = 0 "
            "AND root IN (SELECT value FROM json_each(?)) ORDER BY root, name LIMIT ?",
            self._roots,
            at_most,
        )
        return [sentence for (sentence,) in rows]

    def counts(self) -> Counts:
        """How many files there are and how far they are."""
        rows = self._database.read(
            "SELECT count(*), total(waits), total(usable = 1 AND waits = 0) FROM files "
            "WHERE gone = 0 AND root IN (SELECT value FROM json_each(?))",
            self._roots,
        )
        return Counts(*map(int, rows[0]))


def _waiting(row: Sequence[Any]) -> Waiting:
    number, root, name, stamp, beside, tries = row
    return Waiting(number, root, name, stamp, tuple(json.loads(beside)), tries)


def _quoted(word: str) -> str:
    """A token for a question, whatever signs are in it: a long one finds what begins with it."""
    quoted = '"' + word.replace('"', '""') + '"'
    return f"{quoted} *" if len(word) >= _PREFIX_FROM else quoted
