"""Looking through a person's footage, in the background: what is there, what it is, how it looks.

What was found out is kept batch by batch, so that this can be stopped or killed at any moment and
goes on where it was. One process does it at a time; the others wait for what it finds.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import filelock

from aivideo.engines import footage
from aivideo.engines.footage import Footage
from aivideo.engines.footage_folders import Folder, Root, has_changed, list_folder, walk
from aivideo.engines.footage_index import FootageIndex
from aivideo.engines.footage_meanings import Meanings
from aivideo.engines.footage_tables import Waiting
from aivideo.engines.waiting import Reporter
from aivideo.errors import ClipUnusable

AT_ONCE: Final = 2
"""Files that are opened side by side; more would be felt by whoever works meanwhile."""
BATCH: Final = 32
"""Files after which what was found out is kept."""
TRIES: Final = 3
"""How many times the program may end while a file is looked into, by a decoder's fault."""
FEW: Final = 300
"""Files of which each is looked at whenever somebody asks whether anything has changed."""
AT_A_TIME: Final = 500
"""Files and folders that are taken down in one transaction, unless one folder has more."""
NICENESS: Final = 10
_TICK: Final = 0.2

LOOKING: Final = "Looking through your footage"


@dataclass(frozen=True)
class IndexState:
    """How far the index of a person's footage is.

    Attributes:
        files: How many files there are.
        indexed: How many of them were looked into, those that cannot be used included.
        unusable: How many cannot be used.
        is_running: Whether this process is looking through them.
        message: What it is doing, for the person who waits; empty when it does nothing.
    """

    files: int = 0
    indexed: int = 0
    unusable: int = 0
    is_running: bool = False
    message: str = ""


class Indexing:
    """Keeps an index at what lies in the folders."""

    def __init__(
        self,
        index: FootageIndex,
        roots: Sequence[Root],
        meanings: Meanings,
        picture: Callable[[Root, str, str], object],
    ) -> None:
        self._index = index
        self._roots = {root.key: root for root in roots}
        self._meanings = meanings
        self._picture = picture
        self._message = ""
        self._is_looking = False

    @property
    def state(self) -> IndexState:
        """How far it is."""
        counts = self._index.counts()
        return IndexState(
            files=counts.files,
            indexed=counts.files - counts.waiting,
            unusable=counts.unusable,
            is_running=bool(self._message),
            message=self._message,
        )

    # ----------------------------------------------------------------- what is there
    def survey(self) -> None:
        """Take down every file of every folder: which are new, have changed, or are gone."""
        known = self._known_folders()
        for key, root in self._roots.items():
            lost = {folder.name for folder in known[key]}
            for folders in _by_size(walk(root)):
                self._index.enter(key, folders)
                lost.difference_update(folder.name for folder in folders)
            self._index.leave(key, lost)

    def notice(self) -> bool:
        """Take down what has changed, as far as folders tell it; whether anything waits.

        A folder tells what was put into it or taken out. That a file was written over is seen in
        a small library at once, in a large one by the next ``survey``. Nobody need wait for this
        while a large one is looked through: that finds the same.
        """
        if self._index.counts().files <= FEW:
            self.survey()
        elif not self._is_looking:
            for key, folders in self._known_folders().items():
                self._notice(self._roots[key], folders)
        return bool(self._index.waiting(1))

    def _known_folders(self) -> dict[str, list[Folder]]:
        known: dict[str, list[Folder]] = {key: [] for key in self._roots}
        for key, folder in self._index.folders():
            known[key].append(folder)
        return known

    def _notice(self, root: Root, known: Sequence[Folder]) -> None:
        names = {folder.name for folder in known}
        doubtful = [
            folder.name
            for folder in known or [Folder("", settled=False)]
            if not folder.settled or has_changed(root, folder.name, folder.changed)
        ]
        lost = [name for name in doubtful if name and not (root.path / name).is_dir()]
        self._index.leave(root.key, lost)
        self._index.enter(root.key, list(_relisted(root, set(doubtful) - set(lost), names)))

    # ----------------------------------------------------------------- what it is
    def examine(self, waiting: Waiting) -> Footage:
        """Look into a file that waits, unless the program has ended over it again and again."""
        if waiting.tries >= TRIES:
            problem = ClipUnusable(waiting.name, f"the program ended {TRIES} times over it")
            return Footage(waiting.name, unusable=problem.message)
        file = self._roots[waiting.root].file(waiting.name, waiting.beside)
        return footage.examine(file, self._index.content)

    def run(self, reporter: Reporter, *, pictures: bool = True) -> None:
        """Survey, look into what waits, compare meanings, make pictures; until it is stopped."""
        lock = filelock.FileLock(self._index.path.with_suffix(".indexing"))
        if not _acquired(lock, reporter):
            return
        try:
            self._tell(reporter, 0.0, LOOKING)
            self._meanings.warm()
            self.survey()
            # Only what opens files gives way: who compares meanings may be waited for.
            with ThreadPoolExecutor(AT_ONCE, "footage", initializer=give_way) as pool:
                self._keep_on(pool, reporter, pictures=pictures)
        finally:
            self._message = ""
            lock.release()

    def _keep_on(self, pool: ThreadPoolExecutor, reporter: Reporter, *, pictures: bool) -> None:
        while not reporter.stopped:
            self._look(pool, reporter)
            self._compare(reporter)
            if not pictures or not self._portray(pool, reporter):
                break
            # Pictures of thousands take an hour; what is new meanwhile comes first.
            self.notice()

    def _tell(self, reporter: Reporter, fraction: float, message: str) -> None:
        self._message = message
        reporter.tell(fraction, message)

    def _look(self, pool: ThreadPoolExecutor, reporter: Reporter) -> None:
        self._is_looking = True
        try:
            while not reporter.stopped and (batch := self._next()):
                state = self.state
                said = f"{LOOKING}: {state.indexed:,} of {state.files:,}"
                self._tell(reporter, 0.7 * state.indexed / max(1, state.files), said)
                self._look_into(batch, pool, reporter)
        finally:
            self._is_looking = False

    def _next(self) -> list[Waiting]:
        """Files to look into together: those that were in work when the program ended, alone."""
        batch = self._index.waiting(BATCH)
        suspects = [one for one in batch if one.tries]
        return suspects[:1] or batch

    def _look_into(
        self, batch: Sequence[Waiting], pool: ThreadPoolExecutor, reporter: Reporter
    ) -> None:
        self._index.note_try(batch)
        futures = [pool.submit(self.examine, one) for one in batch]
        found = _as_far_as_done(batch, futures, reporter)
        self._index.settle(found)
        done = {waiting.id for waiting, _ in found}
        self._index.forget_try([one for one in batch if one.id not in done])

    def _compare(self, reporter: Reporter) -> None:
        while not reporter.stopped and self._meanings.learn(BATCH):
            self._tell(reporter, 0.7, "Learning what your footage shows")

    def _portray(self, pool: ThreadPoolExecutor, reporter: Reporter) -> int:
        """Make a few pictures that are missing; how many were tried."""
        batch = self._index.unpictured(BATCH)
        # Before they are made: one that ends the program is not made a second time.
        self._index.note_pictured(number for number, *_ in batch)

        def make(row: tuple[int, str, str, str]) -> None:
            _, key, name, digest = row
            if not reporter.stopped:
                self._picture(self._roots[key], name, digest)

        list(pool.map(make, batch))
        left, files = self._index.plain(), self._index.counts().usable
        said = f"Making thumbnails of your footage: {files - left:,} of {files:,}"
        self._tell(reporter, 1.0 - 0.3 * left / max(1, files), said)
        return len(batch)


def give_way() -> None:
    """Let everything else on the machine come before this thread, where it can be said of one."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _by_size(folders: Iterable[Folder]) -> Iterator[list[Folder]]:
    """Folders in groups that take a moment to write, so that nobody waits long to write."""
    group: list[Folder] = []
    for folder in folders:
        group.append(folder)
        if sum(1 + len(one.files) for one in group) >= AT_A_TIME:
            yield group
            group = []
    yield group


def _relisted(root: Root, doubtful: Iterable[str], known: set[str]) -> Iterator[Folder]:
    """Folders anew, and all of those below them that nobody knew of."""
    for name in sorted(doubtful):
        folder = list_folder(root, name)
        yield folder
        for below in folder.folders:
            if below not in known:
                yield from walk(root, below)


def _acquired(lock: filelock.BaseFileLock, reporter: Reporter) -> bool:
    """Whether we have the lock; another process that has it is waited for."""
    while not reporter.stopped:
        try:
            lock.acquire(timeout=_TICK)
        except filelock.Timeout:
            reporter.tell(0.0, "Another window is looking through your footage")
        else:
            return True
    return False


def _as_far_as_done(
    batch: Sequence[Waiting], futures: Sequence[Future[Footage]], reporter: Reporter
) -> list[tuple[Waiting, Footage]]:
    """What was found out; when nobody waits any more, without what was not begun."""
    found = []
    for waiting, future in zip(batch, futures, strict=True):
        if reporter.stopped and future.cancel():
            continue
        found.append((waiting, future.result()))
    return found
