"""What files turned out to be, remembered: in this process, and on the disk for the next.

Finding out what a video is takes decoding a picture, 20 ms of a small one and 150 ms of 4K. A plan
of twenty scenes asks for twenty of them whenever something changed, so what was found out when a
clip was chosen does for all that follow. A file that was written anew is another one.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

from aivideo.engines import media
from aivideo.engines.media import MediaInfo
from aivideo.errors import MachineFailure
from aivideo.workspace import Workspace

RECIPE: Final = 1
"""Grows with every change to what ``media.probe`` says of the same file."""
MOST_BYTES: Final = 4 << 20
"""Of what is kept on the disk: about ten thousand files."""
REMEMBERED: Final = 4096
"""Files; those that were looked at first are forgotten first."""

Stamp = tuple[Path, int, int]
"""A file as it is now: its path, length, and when it was written, in nanoseconds."""

_known: dict[Stamp, MediaInfo] = {}


def stamp_of(path: Path) -> Stamp:
    """What tells a file from any other, and from what it was before.

    Raises:
        OSError: The file cannot be looked at.
    """
    status = path.stat()
    return path, status.st_size, status.st_mtime_ns


def probed(stamp: Stamp) -> MediaInfo:
    """What a file is; looked into when that is not remembered.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: The file cannot be read at all.
    """
    found = _known.get(stamp)
    return found or _learn(stamp, media.probe(stamp[0]))


def recall(workspace: Workspace, paths: Iterable[Path]) -> None:
    """Remember what was kept of files; what is not there or damaged is found out anew."""
    for path in paths:
        # A file that is gone says so where it is needed.
        with contextlib.suppress(OSError, ValueError, TypeError):
            stamp = stamp_of(path)
            kept = _kept(workspace, stamp)
            if stamp not in _known and workspace.use(kept):
                _learn(stamp, MediaInfo(**json.loads(kept.read_text("utf-8"))))


def keep(workspace: Workspace, paths: Iterable[Path]) -> None:
    """Keep what this process knows of files for the next; where that cannot be, it looks again."""
    fresh = False
    for path in paths:
        with contextlib.suppress(OSError, MachineFailure):
            stamp = stamp_of(path)
            kept = _kept(workspace, stamp)
            if stamp in _known and not kept.exists():
                fresh = True
                with workspace.draft(kept) as draft:
                    draft.write_text(json.dumps(asdict(_known[stamp])), encoding="utf-8")
    if fresh:
        workspace.trim("probes", MOST_BYTES)


def _learn(stamp: Stamp, info: MediaInfo) -> MediaInfo:
    _known[stamp] = info
    if len(_known) > REMEMBERED:
        for oldest in list(_known)[:-REMEMBERED]:
            _known.pop(oldest, None)
    return info


def _kept(workspace: Workspace, stamp: Stamp) -> Path:
    names = [field.name for field in fields(MediaInfo)]
    return workspace.artifact("probes", ".json", file=stamp, recipe=(RECIPE, names))
