"""The one folder we write to: names by content, confinement, atomic writing, tidying.

A product is named by what went into it: the same ingredients give the same name, so whoever
finds the file may use it. It is written under a draft name and gets its final name in one
step, after it was found right. Caching, resuming and re-rendering one scene of twenty are
this one idea.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import stat
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import filelock

from aivideo.errors import DiskFull, NoWritePermission, OutsideWorkspace
from aivideo.settings import Settings

DRAFT: Final = re.compile(r"\.draft-(?P<tenant>[0-9a-f]{12})-[0-9a-f]{8}(?:\.|$)")

SPARED: Final = 3600.0
"""Seconds since it was last used in which a cached file is not removed: whoever has it in an open
page asks for it again much sooner."""
NOTED: Final = 60.0
"""Seconds in which one note of a file's use does for all."""

CANNOT_WRITE: Final = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
"""What a system says where we may not, or cannot ever, put a file or a folder."""


class Workspace:
    """The folders that the app may write to, and the names of what lies in them.

    Each process is a tenant: it holds a lock under its own id for as long as it lives. Its
    drafts and its running jobs carry that id, so another process can tell what a dead one
    left behind from what a living one is still writing.
    """

    def __init__(self, settings: Settings) -> None:
        self.root = settings.cache_dir.resolve()
        self.output = settings.output_dir.resolve()
        self.tenant = uuid.uuid4().hex[:12]
        with writing(self.root):
            for folder in (self.root, self.output, self.root / "tenants"):
                folder.mkdir(parents=True, exist_ok=True)
            self._lock = filelock.FileLock(self._lock_path(self.tenant), thread_local=False)
            self._lock.acquire()

    def close(self) -> None:
        """Give up this process's id; its drafts count as abandoned from now on."""
        self._lock.release()
        self._lock_path(self.tenant).unlink(missing_ok=True)

    def folder(self, kind: str) -> Path:
        """The folder for one kind of product: audio, videos, parts, weights, projects, ..."""
        folder = self.root / kind
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def artifact(self, kind: str, suffix: str, **ingredients: object) -> Path:
        """The path of the product that these ingredients give.

        Args:
            kind: The folder it belongs to.
            suffix: The file name's end, with its dot.
            **ingredients: Everything that decides the bytes, JSON-like; the versions of the
                engine and of the recipe included.
        """
        recipe = json.dumps(ingredients, sort_keys=True, default=str, ensure_ascii=False)
        name = hashlib.sha256(recipe.encode()).hexdigest()[:32]
        return self.folder(kind) / f"{name}{suffix}"

    @contextlib.contextmanager
    def draft(self, final: Path) -> Iterator[Path]:
        """Give a draft name; publish it as ``final`` when the block ends well, else remove it.

        Raises:
            DiskFull: The disk filled up while writing.
            NoWritePermission: The folder cannot be written.
        """
        draft = final.with_name(
            f"{final.stem[:80]}.draft-{self.tenant}-{uuid.uuid4().hex[:8]}{final.suffix}"
        )
        try:
            with writing(final):
                final.parent.mkdir(parents=True, exist_ok=True)
                yield draft
                draft.replace(final)
        finally:
            draft.unlink(missing_ok=True)

    def use(self, path: Path) -> bool:
        """Whether a cached file is there; if so, it counts as used now, and ``trim`` spares it.

        The time of its last access says so: when it was written stays as it is.
        """
        try:
            found = path.stat()
            if time.time() - found.st_atime > NOTED:
                os.utime(path, ns=(time.time_ns(), found.st_mtime_ns))
        except FileNotFoundError:
            return False
        except PermissionError:  # somebody else's file can be shown all the same
            return path.is_file()
        return stat.S_ISREG(found.st_mode)

    def trim(self, kind: str, most: int) -> int:
        """Remove the files of a kind that were not used for longest; return how many.

        Args:
            kind: The folder; everything in it can be made again.
            most: How many bytes the rest may take. What was used within the last hour stays,
                whatever it takes, and so does what is still being written.
        """
        files = [
            (found.st_atime, found.st_size, path)
            for path in self.folder(kind).iterdir()
            if not DRAFT.search(path.name) and (found := _status(path))
        ]
        left, spared, removed = sum(size for _, size, _ in files), time.time() - SPARED, 0
        for used, size, path in sorted(files):
            if left <= most or used > spared:
                break
            discard(path)
            left, removed = left - size, removed + 1
        return removed

    def confine(self, name: str) -> Path:
        """The file of ours that ``name`` (relative to the cache folder, or absolute) means.

        Raises:
            OutsideWorkspace: It leads out of our folders, or is no file.
        """
        path = (self.root / name).resolve()
        if not (path.is_relative_to(self.root) or path.is_relative_to(self.output)):
            raise OutsideWorkspace(name)
        if not path.is_file():
            raise OutsideWorkspace(name)
        return path

    def ensure_room(self, need: int, *, folder: Path | None = None) -> None:
        """Refuse early when the disk has less than ``need`` bytes free.

        Raises:
            DiskFull: It has less.
        """
        place = folder or self.root
        free = shutil.disk_usage(place).free
        if free < need:
            raise DiskFull(place, detail=f"{need} bytes are needed, {free} are free")

    def alive(self, tenant: str) -> bool:
        """Whether the process with this id still runs."""
        if tenant == self.tenant:
            return True
        path = self._lock_path(tenant)
        if not path.exists():
            return False
        try:
            with filelock.FileLock(path, timeout=0):
                pass
        except filelock.Timeout:
            return True
        path.unlink(missing_ok=True)
        return False

    def tidy(self) -> int:
        """Remove the drafts of processes that are gone; return how many."""
        removed = 0
        for folder in {self.root, self.output}:
            for path in folder.rglob("*.draft-*"):
                found = DRAFT.search(path.name)
                if found and not self.alive(found["tenant"]):
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _lock_path(self, tenant: str) -> Path:
        return self.root / "tenants" / f"{tenant}.lock"


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what an operating system says about a full or forbidden disk into our sentences."""
    try:
        yield
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(path.parent, detail=str(problem)) from problem
        if problem.errno in CANNOT_WRITE:
            raise NoWritePermission(path, detail=str(problem)) from problem
        raise


def discard(*paths: Path) -> None:
    """Remove files that nobody needs any more; one that a program will not let go of stays."""
    for path in paths:
        with contextlib.suppress(PermissionError):
            path.unlink(missing_ok=True)


def _status(path: Path) -> os.stat_result | None:
    """A file's size and times; None when another process removed it meanwhile."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def content_hash(path: Path) -> str:
    """The sha256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_copy(source: Path, target: Path) -> None:
    """Copy a finished file to where the person asked for it, in one step at the end.

    Raises:
        DiskFull: There is no room.
        NoWritePermission: The place cannot be written.
    """
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, draft)
            draft.replace(target)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def ensure_writable(folder: Path) -> None:
    """Find out before the work, not after it, whether results can be put into a folder.

    Raises:
        NoWritePermission: They cannot.
        DiskFull: There is no room even for a few bytes.
    """
    probe = folder / f".aivideo-{uuid.uuid4().hex[:8]}"
    try:
        with writing(probe):
            folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"probe")
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
