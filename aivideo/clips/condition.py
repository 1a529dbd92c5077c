"""What a person should know of a clip's file before it is rendered: a warning, no refusal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from aivideo.engines import damage
from aivideo.engines.finding import Wanted
from aivideo.engines.probing import probed, stamp_of
from aivideo.engines.sections import reaches, section_offset
from aivideo.errors import AIVideoError, ClipBrokenOff, ClipDamaged
from aivideo.store import Scene

UNSPOKEN: Final = 6.0
"""Seconds of a clip that are looked at for a scene that has no narration yet."""


SOME: Final = 0.5
"""Seconds that every part of a clip has, and every scene shows."""


def seconds_of(scene: Scene) -> float:
    """How much of a clip a scene shows."""
    spoken = scene.audio.duration_seconds if scene.audio else UNSPOKEN
    return spoken + scene.pause_seconds


def holds(path: Path, wanted: Wanted) -> bool:
    """Whether a file of a clip has what is wanted of it; one that is no part of it always has."""
    some = replace(wanted, seconds=max(SOME, wanted.seconds))
    is_part = reaches(path, replace(some, start_seconds=section_offset(path), seconds=SOME))
    return not is_part or reaches(path, some)


def warning_about(path: Path, start: float, seconds: float) -> AIVideoError | None:
    """What is the matter with a stretch of a clip; None when nothing was found.

    Args:
        path: A file that was opened and can be used.
        start: Where the stretch begins, in seconds of the clip.
        seconds: How long it is.

    Raises:
        NotMedia: It cannot be opened (any more).
        MediaTruncated: Nothing of it can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: It cannot be read at all.
    """
    info = probed(stamp_of(path))
    if info.truncated:
        return ClipBrokenOff(info.duration_seconds)
    flaws = damage.flaws(path, info, max(0.0, start - section_offset(path)), seconds)
    return ClipDamaged(flaws) if flaws else None
