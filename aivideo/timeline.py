"""Scenes on whole frames: exact in all, and steady from one render to the next.

A scene lasts its narration and its pause, which is no whole number of frames. Rounding each
scene by itself would add up over a hundred of them; rounding where they begin would make half
of all later scenes a frame longer or shorter when one narration changes, and they would all have
to be filmed again. So the frames of scenes that did not change are remembered, and those that
did take up what is missing.
"""

from __future__ import annotations

import itertools
import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from aivideo.workspace import Workspace, discard

logger = logging.getLogger(__name__)

FEWEST_FRAMES: Final = 10
"""Of a scene: parts of one or two frames would not join cleanly."""
MOST_OFF: Final = 2.0
"""By how many frames a scene that did not change may come to differ from what it ought to last."""

Length = tuple[float, float]
"""Of a scene: the seconds of its narration, and those of the pause after it."""
Kept = Mapping[str, tuple[Length, int]]
"""Of each scene, by its id: the length for which so many frames were taken."""


def frame_starts(lengths: Iterable[Length], fps: int, kept: Sequence[int | None] = ()) -> list[int]:
    """The frame on which each scene begins, and the one after the last.

    The last is always that of the cumulative time, rounded, so nothing adds up over a hundred
    scenes; a narration always has its full time, and what that costs the next pause gives back.

    Args:
        lengths: Of each scene.
        fps: Frames a second.
        kept: How many frames each scene had before, when it did not change since.
    """
    wanted = list(lengths)
    fresh = _rounded(wanted, fps)
    believed = [
        frames if frames is not None and _is_near(frames, length, fps) else None
        for frames, length in zip(kept, wanted, strict=False)
    ]
    if all(frames is None for frames in believed):
        return fresh
    steady = _settled(wanted, fps, believed, total=fresh[-1])
    return list(itertools.accumulate(steady, initial=0)) if steady else fresh


def scene_starts(scenes: Sequence[tuple[str, Length]], fps: int, kept: Kept) -> list[int]:
    """The frame on which each scene begins, and the one after the last, as ``frame_starts`` says.

    Args:
        scenes: Of each scene, its id and its length.
        fps: Frames a second.
        kept: What was kept of the project's scenes; a scene whose length is another one now
            has changed.
    """
    before = [kept.get(scene_id) for scene_id, _ in scenes]
    steady = [
        was[1] if was and was[0] == length else None
        for (_, length), was in zip(scenes, before, strict=True)
    ]
    return frame_starts([length for _, length in scenes], fps, steady)


def _rounded(lengths: Sequence[Length], fps: int) -> list[int]:
    """Where scenes begin when the cumulative time is rounded."""
    starts, elapsed = [0], 0.0
    for narration, pause in lengths:
        elapsed += narration + pause
        starts.append(max(round(elapsed * fps), starts[-1] + _least(narration, fps)))
    return starts


def _settled(
    lengths: Sequence[Length], fps: int, kept: Sequence[int | None], *, total: int
) -> list[int]:
    """Frames of each scene that come to a total, those kept left alone if that can be; or none."""
    exact = [(narration + pause) * fps for narration, pause in lengths]
    least = [_least(narration, fps) for narration, _ in lengths]
    frames = [
        max(round(wanted), fewest) if before is None else before
        for wanted, fewest, before in zip(exact, least, kept, strict=True)
    ]
    changed = [scene for scene, before in enumerate(kept) if before is None]
    while missing := total - sum(frames):
        step = 1 if missing > 0 else -1

        def owed(scene: int, step: int = step) -> float:
            return step * (exact[scene] - frames[scene])

        able = [
            scene
            for scene in range(len(frames))
            if frames[scene] + step >= least[scene] and owed(scene) > 1 - MOST_OFF
        ]
        if not able:
            return []
        frames[max(set(able) & set(changed) or able, key=owed)] += step
    return frames


def _is_near(frames: int, length: Length, fps: int) -> bool:
    """Whether rounding may have given a scene of this length so many frames."""
    least = _least(length[0], fps)
    return least <= frames <= max(least, sum(length) * fps + MOST_OFF)


def _least(narration: float, fps: int) -> int:
    return max(math.ceil(narration * fps - 1e-6), FEWEST_FRAMES)


def recall(workspace: Workspace, project_id: str, fps: int) -> Kept:
    """What was kept of a project's scenes; nothing when that is lost, and all is rounded anew."""
    try:
        kept = json.loads(_file(workspace, project_id, fps).read_text("utf-8"))
        return {
            str(scene_id): ((float(narration), float(pause)), int(frames))
            for scene_id, (narration, pause, frames) in kept.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as problem:
        logger.info("The frames of project %s cannot be read: %s", project_id, problem)
        return {}


def keep(workspace: Workspace, project_id: str, fps: int, kept: Kept) -> None:
    """Keep how many frames scenes have, for the next plan.

    Raises:
        DiskFull: There is no room.
        NoWritePermission: The workspace cannot be written.
    """
    if kept == recall(workspace, project_id, fps):
        return
    plain = {scene_id: (*length, frames) for scene_id, (length, frames) in kept.items()}
    with workspace.draft(_file(workspace, project_id, fps)) as draft:
        draft.write_text(json.dumps(plain), encoding="utf-8")


def forget(workspace: Workspace, project_id: str) -> None:
    """Remove what was kept of a project that is gone."""
    discard(*workspace.folder("timelines").glob(f"{project_id}-*.json"))


def _file(workspace: Workspace, project_id: str, fps: int) -> Path:
    return workspace.folder("timelines") / f"{project_id}-{fps}.json"
