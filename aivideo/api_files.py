"""Which files may leave this machine, and under what address.

Only media that the app itself made or fetched, from a handful of folders: no database, no
weights, no upload as it came, nothing that a browser would run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from gradio.utils import get_upload_folder

from aivideo.captions import FONTS
from aivideo.errors import InvalidArgument, OutsideWorkspace
from aivideo.workspace import Workspace, content_hash, save_copy

FOLDERS: Final = (
    "audio",
    "footage",
    "posters",
    "previews",
    "proxies",
    "recordings",
    "samples",
    "thumbnails",
    "videos",
)
"""Folders of the workspace, besides the output folder, whose media may be seen."""

SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".gif"}
    | {".mp4", ".webm", ".mov", ".m4v", ".mkv"}
    | {".wav", ".mp3", ".flac", ".m4a", ".srt", ".vtt", ".ass", ".txt"}
    | {".otf", ".ttf"}
)

NOT_UPLOADED: Final = (
    "That is no file that was uploaded. Hand it over with gradio_client's handle_file, or by way "
    "of /gradio_api/upload, and give what that answers."
)


def open_folders(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """Each folder that may be looked into, under the name it has in addresses."""
    yield "output", workspace.output
    yield "fonts", FONTS
    for name in FOLDERS:
        yield name, (workspace.root / name).resolve()


def find_media(workspace: Workspace, address: str) -> Path:
    """The file that ``<folder>/<name>`` means.

    Raises:
        OutsideWorkspace: It leads out of the open folders, is no media, or is not there.
    """
    folder, _, name = address.partition("/")
    home = dict(open_folders(workspace)).get(folder)
    try:
        path = (home / name).resolve() if home else None
        if path and path.is_relative_to(home or path) and _is_media(path):
            return path
    except (OSError, ValueError) as problem:
        raise OutsideWorkspace(address[:200]) from problem
    raise OutsideWorkspace(address[:200])


def media_address(workspace: Workspace, path: str | Path | None) -> str:
    """Where a browser finds a file of ours, relative to the page; empty when it may not."""
    if not path:
        return ""
    resolved = (workspace.root / path).resolve()
    for name, folder in open_folders(workspace):
        if resolved.is_relative_to(folder) and _is_media(resolved):
            return f"media/{name}/{quote(resolved.relative_to(folder).as_posix())}"
    return ""


def shareable(workspace: Workspace, path: str | Path) -> Path:
    """The file itself where it lies in an open folder, else a copy of it in one.

    The path is one of ours, such as that of a clip in the person's own footage folder; a path
    that a caller named never gets here.
    """
    path = (workspace.root / path).resolve()
    if any(path.is_relative_to(folder) for _, folder in open_folders(workspace)):
        return path
    stat = path.stat()
    copy = workspace.artifact(
        "videos", path.suffix, copy_of=str(path), size=stat.st_size, changed=stat.st_mtime_ns
    )
    if not copy.exists():
        save_copy(path, copy)
    return copy


def uploaded(path: str) -> Path:
    """The file that a caller handed over by way of Gradio's upload, and nothing else.

    Raises:
        InvalidArgument: It is no such file: a caller names any path, and is not given it.
    """
    home = Path(get_upload_folder()).resolve()
    try:
        found = Path(path).resolve()
        if found.is_relative_to(home) and found.is_file():
            return found
    except (OSError, ValueError) as problem:
        raise InvalidArgument(NOT_UPLOADED, detail=str(problem)) from problem
    raise InvalidArgument(NOT_UPLOADED)


def keep_upload(workspace: Workspace, upload: Path) -> Path:
    """An upload, under a name of ours where it stays for as long as a render may need it."""
    kept = workspace.artifact("music", upload.suffix, sha256=content_hash(upload))
    if not kept.exists():
        save_copy(upload, kept)
    return kept


def _is_media(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()
