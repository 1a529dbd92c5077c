"""What a file of a person's footage says of itself: by its name, its contents, its sidecars."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from aivideo import ranking
from aivideo.engines import media
from aivideo.errors import AIVideoError, ClipUnusable, MachineFailure, NotMedia

logger = logging.getLogger(__name__)

SUFFIXES: Final = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts"}
    | {".m2t", ".vob", ".ogv", ".ogg", ".flv", ".f4v", ".wmv", ".asf", ".3gp", ".3g2"}
    | {".jpg", ".jpeg", ".jfif", ".png", ".apng", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
    | {".avif", ".heic", ".heif"}
)
"""What counts as footage; whether a file can be used is found out by opening it, and one that
cannot is named with its reason instead of being passed over."""

READERS_FAULTS: Final = (
    ArithmeticError,
    LookupError,
    MemoryError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What the readers of files may stumble over; one such file must not hide all others."""

SIDECARS: Final = frozenset({".txt", ".json", ".srt", ".vtt"})
"""What describes the file of the same name beside it: words, credits, what is said in it."""

CREDITS: Final = ("author", "author_url", "url", "licence", "licence_url")
"""What a sidecar may say about where a clip comes from."""

_SIDECAR_LIMIT: Final = 64_000
_END_BYTES: Final = 65_536
_TOLD_INSIDE: Final = ("title", "comment", "description", "keywords")
_CUE_TIMES: Final = re.compile(r"^.*-->.*$|^\d+$|^WEBVTT.*$|<[^>]*>", re.MULTILINE)
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class FootageFile:
    """A file where it lies, before it was looked into.

    Attributes:
        root: The folder it may not lead out of.
        name: Its path below that folder, with forward slashes.
        sidecars: The files beside it that describe it.
    """

    root: Path
    path: Path
    name: str
    sidecars: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Content:
    """What a file holds; it stays the same wherever the file is moved.

    Attributes:
        seconds: How long it is; None for a still.
        told: What its own tags say: title, comment.
    """

    kind: Literal["video", "still"] = "video"
    width: int = 0
    height: int = 0
    seconds: float | None = None
    told: str = ""


Recall = Callable[[str], Content | None]
"""What is known already of the content with a digest."""


@dataclass(frozen=True)
class Footage:
    """A file as it was found.

    Attributes:
        name: Its path below its folder, with forward slashes.
        digest: Tells it from a file that replaced it: 16 hex digits of its length and ends.
        file_words: The words of its own name; ``title`` may say something else.
        folder_words: The words of the folders above it.
        description: The words of what lies beside it and of its own tags.
        credit: What is known of ``CREDITS``.
        unusable: Why it cannot be used, as a sentence; empty when it can.
    """

    name: str
    digest: str = ""
    content: Content = Content()
    title: str = ""
    file_words: str = ""
    folder_words: str = ""
    description: str = ""
    credit: Mapping[str, str] = field(default_factory=dict)
    unusable: str = ""

    @property
    def fields(self) -> tuple[str, str, str]:
        """What it can be searched by: of its names, of its folders, of what else is told."""
        named, described = f"{self.title} {self.file_words}", self.description
        parts = (tokens(named), tokens(self.folder_words), dict.fromkeys(tokens(described)))
        return " ".join(parts[0]), " ".join(parts[1]), " ".join(parts[2])


def _nothing(_digest: str) -> None:
    """Nothing is known."""


def examine(file: FootageFile, recall: Recall = _nothing) -> Footage:
    """Look into a file; what is wrong with it becomes a reason, not a failure."""
    try:
        return look_into(file, recall)
    except MachineFailure:
        raise
    except AIVideoError as problem:
        return Footage(file.name, unusable=problem.message)
    except OSError as problem:
        return Footage(file.name, unusable=f"{file.name} cannot be read ({problem.strerror}).")
    except READERS_FAULTS as problem:
        logger.warning("%s is left out: %r", file.name, problem)
        reason = ClipUnusable(file.name, "it is damaged in a way that nobody foresaw")
        return Footage(file.name, unusable=reason.message)


def look_into(file: FootageFile, recall: Recall = _nothing) -> Footage:
    """Look into a file.

    Args:
        file: The file.
        recall: What is known already of the content with a digest; then it is not opened.

    Raises:
        ClipUnusable: It leads out of its folder, or is no ordinary file.
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: It cannot be read at all.
    """
    if not inside(file.root, file.path):
        raise ClipUnusable(file.name, "it is a link that leads out of its folder")
    if not stat.S_ISREG(file.path.stat().st_mode):
        raise ClipUnusable(file.name, "it is not an ordinary file")
    digest = digest_of(file.path)
    return _described(file, digest, recall(digest) or _content_of(file.path))


def inside(root: Path, path: Path) -> bool:
    """Whether a path, links followed, stays below a folder."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle; a name that cannot be one
        return False


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


def tokens(text: str) -> tuple[str, ...]:
    """What a text is found by: its terms, its numbers, and each letter of unspaced scripts.

    A person who looks for a clip by its number, or by a word of one letter (sea, mountain and
    cat are such words in Japanese), finds it.
    """
    numbers = re.findall(r"\d{2,}", text)
    return (*ranking.terms(text), *numbers, *_UNSPACED.findall(text))


def _content_of(path: Path) -> Content:
    info = media.probe(path)
    return Content(
        kind=info.kind,
        width=info.width,
        height=info.height,
        seconds=info.duration_seconds if info.kind == "video" else None,
        told="" if info.animation or info.kind == "still" else _told_inside(path),
    )


def _told_inside(path: Path) -> str:
    """What a video's own tags say that may be words about its pictures."""
    with contextlib.suppress(NotMedia), media.opened(path, decode=False) as container:
        told = {key.lower(): value for key, value in container.metadata.items()}
        return " ".join(told[key].strip()[:300] for key in _TOLD_INSIDE if told.get(key))
    return ""


def _described(file: FootageFile, digest: str, content: Content) -> Footage:
    told = _read_sidecars(path for path in file.sidecars if inside(file.root, path))
    words = words_of(file.path.stem)
    return Footage(
        name=file.name,
        digest=digest,
        content=content,
        title=told.get("title") or words,
        file_words=words,
        folder_words=words_of(PurePosixPath(file.name).parent.as_posix()),
        description=" ".join(f"{told.get('description', '')} {content.told}".split()),
        credit={key: told[key] for key in CREDITS if key in told},
    )


def _read_sidecars(paths: Iterable[Path]) -> Mapping[str, str]:
    """Title, description and credits, as far as the files beside a clip tell."""
    told: dict[str, str] = {}
    descriptions: list[str] = []
    for path in paths:
        read = dict(_read_sidecar(path))
        descriptions.append(read.pop("description", ""))
        told |= read
    return told | {"description": " ".join(descriptions)}


def _read_sidecar(path: Path) -> Mapping[str, str]:
    try:
        with path.open("rb") as file:
            text = file.read(_SIDECAR_LIMIT).decode("utf-8-sig", "replace")
    except OSError:
        return {}
    if path.suffix.lower() == ".json":
        return _read_json(text)
    if path.suffix.lower() in {".srt", ".vtt"}:
        return {"description": _CUE_TIMES.sub(" ", text)}
    return {"description": text}


def _read_json(text: str) -> Mapping[str, str]:
    """The fields that we know; nothing from a file that is not as it should be."""
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    tags = told.get("tags") or ()
    described = tags if isinstance(tags, str) else " ".join(map(str, _listed(tags)))
    return {key: str(told[key]) for key in ("title", *CREDITS) if told.get(key)} | {
        "description": f"{described} {told.get('description') or ''}"
    }


def _listed(value: object) -> Iterator[object]:
    """The things in a list; whatever else it is, the thing itself."""
    if isinstance(value, list | tuple | dict):
        yield from value
    else:
        yield value
