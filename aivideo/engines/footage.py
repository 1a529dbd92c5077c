"""What lies in a folder of footage: the files, and what each says about itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from aivideo import ranking
from aivideo.engines import media
from aivideo.errors import AIVideoError, ClipUnusable

SUFFIXES: Final = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts"}
    | {".m2t", ".vob", ".ogv", ".ogg", ".flv", ".f4v", ".wmv", ".asf", ".3gp", ".3g2"}
    | {".jpg", ".jpeg", ".jfif", ".png", ".apng", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
    | {".avif", ".heic", ".heif"}
)
"""What counts as footage; whether a file can be used is found out by opening it, and one that
cannot is named with its reason instead of being passed over."""

CREDITS: Final = ("author", "author_url", "url", "licence", "licence_url")
"""What a sidecar may say about where a clip comes from."""

UPLOADS: Final = "uploads:"
"""What the names of files begin with that were handed in through the app."""

_SIDECAR_LIMIT: Final = 64_000
_END_BYTES: Final = 65_536


@dataclass(frozen=True)
class FootageFile:
    """A file where it lies, before it was looked into.

    Attributes:
        root: The folder it may not lead out of.
        name: Its path below that folder, with forward slashes.
        stamp: Changes when the file or what lies beside it does.
        sidecars: The files beside it that describe it.
    """

    root: Path
    path: Path
    name: str
    stamp: str = ""
    sidecars: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Footage:
    """A file as it was found.

    Attributes:
        name: Its path below the folder, with forward slashes.
        digest: Tells it from a file that replaced it: 16 hex digits of its length and ends.
        seconds: How long it is; None for a still.
        file_words: The words of its own name; ``title`` may say something else.
        description: The words of its folders and of what lies beside it.
        credit: What is known of ``CREDITS``.
        unusable: Why it cannot be used, as a sentence; empty when it can.
    """

    name: str
    kind: Literal["video", "still"] = "video"
    digest: str = ""
    width: int = 0
    height: int = 0
    seconds: float | None = None
    title: str = ""
    file_words: str = ""
    description: str = ""
    credit: Mapping[str, str] = field(default_factory=dict)
    unusable: str = ""

    @property
    def source_id(self) -> str:
        """What names it in the library."""
        return f"{self.name}#{self.digest}"

    @cached_property
    def named(self) -> frozenset[str]:
        """The terms of its title and name."""
        return frozenset(ranking.terms(f"{self.title} {self.file_words}"))

    @cached_property
    def described(self) -> frozenset[str]:
        """The terms of what else is known."""
        return frozenset(ranking.terms(self.description))


def walk(root: Path, prefix: str = "") -> Iterator[FootageFile]:
    """The files below a folder that count as footage, hidden ones and linked folders left out.

    Args:
        root: The folder; nothing comes of one that is not there.
        prefix: What the names begin with.
    """
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        beside = frozenset(names)
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith("."):
                relative = prefix + path.relative_to(root).as_posix()
                sidecars = tuple(_sidecars(path, beside))
                yield FootageFile(root, path, relative, _stamp(relative, path, *sidecars), sidecars)


def examine(file: FootageFile) -> Footage:
    """Look into a file; what is wrong with it becomes a reason, not a failure."""
    try:
        return look_into(file)
    except AIVideoError as problem:
        return Footage(file.name, unusable=problem.message)
    except OSError as problem:
        return Footage(file.name, unusable=f"{file.name} cannot be read ({problem.strerror}).")


def look_into(file: FootageFile) -> Footage:
    """Look into a file.

    Raises:
        ClipUnusable: It leads out of its folder.
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: It cannot be read at all.
    """
    if not inside(file.root, file.path):
        raise ClipUnusable(file.name, "it is a link that leads out of its folder")
    return _described(file, digest_of(file.path), media.probe(file.path))


def inside(root: Path, path: Path) -> bool:
    """Whether a path, links followed, stays below a folder."""
    return path.resolve().is_relative_to(root.resolve())


def digest_of(path: Path) -> str:
    """16 hex digits of a file's length and both ends: enough to notice a replacement."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_END_BYTES))
        file.seek(max(0, size - _END_BYTES))
        digest.update(file.read(_END_BYTES))
    return digest.hexdigest()[:16]


def words_of(name: str) -> str:
    """A file's or folder's name as words: split at signs, at capitals and before numbers."""
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)", " ", name)
    return " ".join(re.split(r"[\W_]+", spaced)).strip()


def _described(file: FootageFile, digest: str, info: media.MediaInfo) -> Footage:
    told = _read_sidecars(file.sidecars)
    words = words_of(file.path.stem)
    folders = PurePosixPath(file.name.removeprefix(UPLOADS)).parent
    return Footage(
        name=file.name,
        kind=info.kind,
        digest=digest,
        width=info.width,
        height=info.height,
        seconds=info.duration_seconds if info.kind == "video" else None,
        title=told.get("title") or words,
        file_words=words,
        description=f"{words_of(folders.as_posix())} {told.get('description', '')}",
        credit={key: told[key] for key in CREDITS if key in told},
    )


def _sidecars(path: Path, beside: Collection[str]) -> Iterator[Path]:
    """``ocean.txt``, ``ocean.json``, ``ocean.mp4.txt``, ``ocean.mp4.json``, if they are there."""
    for base in (path.stem, path.name):
        for end in (".txt", ".json"):
            if base + end in beside:
                yield path.with_name(base + end)


def _stamp(name: str, *paths: Path) -> str:
    facts = [name]
    for path in paths:
        try:
            fact = path.stat()
            facts.append(f"{fact.st_size}.{fact.st_mtime_ns}")
        except OSError:  # a link to nowhere, or removed just now: opening it will say so
            facts.append("?")
    return "|".join(facts)


def _read_sidecars(paths: Collection[Path]) -> Mapping[str, str]:
    """Title, description and credits, as far as the files beside a clip tell."""
    told: dict[str, str] = {}
    descriptions: list[str] = []
    for path in paths:
        try:
            text = path.read_bytes()[:_SIDECAR_LIMIT].decode("utf-8", "replace")
        except OSError:
            continue
        read = _read_json(text) if path.suffix == ".json" else {"description": text}
        descriptions.append(read.get("description", ""))
        told |= read
    return told | {"description": " ".join(descriptions)}


def _read_json(text: str) -> Mapping[str, str]:
    """The fields that we know; nothing from a file that is not as it should be."""
    try:
        told: Any = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    tags = told.get("tags") or ()
    described = tags if isinstance(tags, str) else " ".join(map(str, tags))
    return {key: str(told[key]) for key in ("title", *CREDITS) if told.get(key)} | {
        "description": f"{described} {told.get('description', '')}"
    }
