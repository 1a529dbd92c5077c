"""The folders of a person's footage: what lies in them, and whether anything there has changed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from aivideo.engines.footage import SIDECARS, SUFFIXES, FootageFile, inside
from aivideo.settings import Settings
from aivideo.workspace import Workspace

UPLOADS: Final = "uploads:"
"""What the names of files begin with that were handed in through the app."""
COARSE: Final = 2_000_000_000
"""Nanoseconds within which two changes of a folder may bear the same time."""

_LANGUAGE: Final = re.compile(r"\.[A-Za-z]{2,3}(?:-\w{2,8})?$")


@dataclass(frozen=True)
class Root:
    """A folder with footage in it and below it.

    Attributes:
        path: Where it is.
        prefix: What the names of its files begin with in the library.
        apart: The paths below it of folders that are not part of it.
    """

    path: Path
    prefix: str = ""
    apart: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> str:
        """What it is called in the index: where it is, links followed."""
        return str(self.path.resolve())

    def file(self, name: str, beside: Iterable[str] = ()) -> FootageFile:
        """A file by its path below the folder, and the names of what describes it."""
        path = self.path / name
        return FootageFile(self.path, path, name, tuple(map(path.with_name, beside)))

    def locate(self, name: str) -> Path | None:
        """The file of this name, if it is there and does not lie elsewhere."""
        path = self.path / name
        return path if _is_file(path) and inside(self.path, path) else None


@dataclass(frozen=True)
class Seen:
    """A file as it was seen in its folder.

    Attributes:
        name: Its path below the root, with forward slashes.
        stamp: Changes when the file or what lies beside it does.
        beside: The names of the files beside it that describe it.
    """

    name: str
    stamp: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Folder:
    """A folder as it was listed.

    Attributes:
        name: Its path below the root, with forward slashes; empty for the root itself.
        changed: When anything was put into it or taken out, in nanoseconds.
        settled: Whether it was listed long enough after that for every later change to show.
        problem: Why it cannot be listed; empty when it can.
    """

    name: str
    changed: int = 0
    settled: bool = True
    problem: str = ""
    folders: tuple[str, ...] = ()
    files: tuple[Seen, ...] = field(default=(), repr=False)


def roots_of(settings: Settings, workspace: Workspace) -> tuple[Root, ...]:
    """What was handed in, then the person's folders; each once, none as a part of another.

    Nothing that we make ourselves is footage, wherever the person lets us put it.
    """
    uploads = workspace.folder("footage")
    paths = {path.resolve(): path for path in reversed((uploads, *settings.footage_dirs))}
    main = settings.footage_dir.resolve()
    prefixes = {main: "", uploads.resolve(): UPLOADS}
    others = {*paths, workspace.root, workspace.output}
    return tuple(
        Root(path, prefixes.get(resolved) or _prefix(resolved, main), _below(resolved, others))
        for resolved, path in reversed(paths.items())
    )


def _below(folder: Path, others: Iterable[Path]) -> frozenset[str]:
    """Those of some folders that lie in one, by their paths below it."""
    inner = (other for other in others if other != folder and other.is_relative_to(folder))
    return frozenset(other.relative_to(folder).as_posix() for other in inner)


def _prefix(path: Path, main: Path) -> str:
    if path == main:
        return ""
    return f"more-{hashlib.sha256(str(path).encode('utf-8', 'replace')).hexdigest()[:8]}:"


def walk(root: Root, start: str = "") -> Iterator[Folder]:
    """A folder of a root and every one below it; hidden and linked ones left out."""
    waiting = [start]
    while waiting:
        folder = list_folder(root, waiting.pop())
        yield folder
        waiting.extend(reversed(folder.folders))


def list_folder(root: Root, name: str) -> Folder:
    """What lies in one folder: files that count as footage, and folders."""
    path, before = root.path / name, time.time_ns()
    try:
        changed = path.stat().st_mtime_ns
        with os.scandir(path) as entries:
            found = {_sayable(one.name): one for one in entries if not one.name.startswith(".")}
    except OSError as problem:
        return Folder(name, problem=problem.strerror or str(problem))
    stem = f"{name}/" if name else ""
    folders = {one for one, entry in found.items() if entry.is_dir(follow_symlinks=False)}
    below = (stem + one for one in sorted(folders))
    return Folder(
        name=name,
        changed=changed,
        settled=before - changed > COARSE,
        folders=tuple(one for one in below if one not in root.apart),
        files=tuple(_seen(stem, found, folders)),
    )


def has_changed(root: Root, name: str, changed: int) -> bool:
    """Whether anything was put into a folder or taken out of it since it was listed."""
    try:
        return os.stat(f"{root.key}/{name}").st_mtime_ns != changed  # noqa: PTH116 - of thousands
    except OSError:
        return changed != 0


def _seen(
    stem: str, found: Mapping[str, os.DirEntry[str]], folders: Collection[str]
) -> Iterator[Seen]:
    described = _described_by(found)
    for name in sorted(found):
        bare, suffix = os.path.splitext(name)  # noqa: PTH122 - of a mere name, ten thousand times
        if name not in folders and suffix.lower() in SUFFIXES:
            beside = sorted({*described.get(bare, ()), *described.get(name, ())})
            stamp = "|".join(_status(found[one]) for one in (name, *beside))
            yield Seen(stem + name, stamp, tuple(beside))


def _described_by(found: Mapping[str, os.DirEntry[str]]) -> Mapping[str, list[str]]:
    """``ocean.txt``, ``ocean.mp4.json`` and ``ocean.de.srt``, by what they describe."""
    described: dict[str, list[str]] = {}
    for name in found:
        base, suffix = os.path.splitext(name)  # noqa: PTH122 - the same
        if suffix.lower() in SIDECARS and _is_file(found[name]):
            described.setdefault(base, []).append(name)
            if suffix.lower() in {".srt", ".vtt"} and _LANGUAGE.search(base):
                described.setdefault(_LANGUAGE.sub("", base), []).append(name)
    return described


def _sayable(name: str) -> str:
    """A name as text; one in an encoding that is not the system's is not found by it, and named."""
    return name.encode("utf-8", "replace").decode()


def _is_file(entry: os.DirEntry[str] | Path) -> bool:
    try:
        return entry.is_file()
    except (OSError, ValueError):
        return False


def _status(entry: os.DirEntry[str]) -> str:
    try:
        fact = entry.stat()
    except OSError:  # a link to nowhere, or removed just now: opening it will say so
        return "?"
    return f"{fact.st_size}.{fact.st_mtime_ns}.{stat.S_IMODE(fact.st_mode)}"
