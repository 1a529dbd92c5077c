"""The credits of a video, with what its scenes really show of their clips."""

from __future__ import annotations

from collections.abc import Sequence

from aivideo.engines import animations, stills
from aivideo.engines.sections import section_offset
from aivideo.engines.tags import read_tags
from aivideo.errors import AIVideoError, MachineFailure
from aivideo.export import Music, Stretch, credits_text
from aivideo.progress import Work
from aivideo.render.takes import bring, place
from aivideo.shots import Look, ProjectFacts, Shot
from aivideo.studio import Studio


def credit_of(
    studio: Studio, project: ProjectFacts, shots: Sequence[Shot], look: Look
) -> Work[str]:
    """The credits as a text, whose last part is the block to paste under the video.

    Raises:
        MachineFailure: The machine cannot go on.
    """
    stretches = {}
    for shot in shots:
        stretch = yield from _stretch(studio, shot, look)
        if stretch is not None:
            stretches[shot.number] = stretch
    music = Music(look.music.name, read_tags(look.music)) if look.music else None
    return credits_text(project.name, shots, look.fps, music, stretches)


def _stretch(studio: Studio, shot: Shot, look: Look) -> Work[Stretch | None]:
    """What a scene shows of its film; None where that is as it was chosen, or cannot be told."""
    if shot.clip.kind != "video":
        return None
    try:
        path = yield from bring(studio, shot.clip)
        if path is None or animations.is_animation(path) or stills.is_still(path):
            return None
        placed = place(shot, look, path)
    except MachineFailure:
        raise
    except (AIVideoError, OSError):
        # Its part was filmed while it was there; the in-point is known all the same.
        return None
    shown = shot.frames / look.fps / placed.stretch
    end = placed.end if placed.way in {"loop", "hold"} else min(placed.end, placed.start + shown)
    before = section_offset(path)
    return Stretch(before + placed.start, before + end, placed.way)
