"""Making what the quick look of a project lacks, while the person still chooses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

from aivideo import voiceover
from aivideo.clips import choosing
from aivideo.engines import media, proxies
from aivideo.engines.ffmpeg import frames_of
from aivideo.errors import (
    AIVideoError,
    ClipUnreadable,
    MachineFailure,
    MediaTruncated,
    NotMedia,
    PictureTooLarge,
    ProgramFailed,
)
from aivideo.progress import Progress, Work, within
from aivideo.quicklook.standing import as_proxy, plan_scenes, proxy_path
from aivideo.render.takes import bring, take
from aivideo.shots import Look, Shot
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

MOST_BYTES: Final = 2 << 30
"""Of all proxies together: a few hours of them. Those that were not looked at for longest go
first, and are made again when somebody looks."""

Step = Literal["speak", "film"]
LookOf = Callable[[], Look]
"""Reads anew how the video is to look: it may be changed while proxies are made."""


def prepare(studio: Studio, project_id: str, look_of: LookOf) -> Work[int]:
    """Make the narrations and proxies that are missing, scene by scene; how many it were.

    Before each scene the project is read again: what was chosen meanwhile is made, what is not
    chosen any more is not. A scene that fails keeps the reason as its state, and the others go
    on. Nothing is fetched for the voice: narrations are made once its weights are here.

    Raises:
        NotFound: There is no such project.
        DiskFull: There is no room.
        NoWritePermission: The workspace cannot be written.
    """
    tried: set[tuple[Step, Path]] = set()
    done = 0
    while True:
        look = look_of()
        todo = [
            (step, shot, path)
            for step, shot, path in _steps(studio, project_id, look)
            if (step, path) not in tried
        ]
        if not todo:
            return done
        step, shot, path = todo[0]
        tried.add((step, path))
        start, end = (part / (done + len(todo)) for part in (done, done + 1))
        yield Progress(start, f"Preparing the quick look of scene {shot.number}")
        speaks = step == "speak"
        work = _speak(studio, project_id, shot) if speaks else _film(studio, shot, look, path)
        yield from within(_noting(studio, shot, work), start, end)
        done += 1


def _steps(studio: Studio, project_id: str, look: Look) -> Iterator[tuple[Step, Shot, Path]]:
    """What is to be made: scene by scene, its narration first."""
    for planned in plan_scenes(studio, project_id, look):
        if planned.shot is not None:
            path = proxy_path(studio, planned.shot, look)
            if planned.speak:
                yield "speak", planned.shot, path
            if planned.film:
                yield "film", planned.shot, path


def _noting(studio: Studio, shot: Shot, work: Work[None]) -> Work[None]:
    """Do it; a failure that is the scene's own becomes its state."""
    try:
        yield from work
    except MachineFailure:
        raise
    except AIVideoError as failure:
        logger.info("Scene %d has no quick look: %s", shot.number, failure.code)
        choosing.note_failure(studio, shot.scene_id, failure)


def _speak(studio: Studio, project_id: str, shot: Shot) -> Work[None]:
    yield from voiceover.speak_scenes(studio, project_id, scene_number=shot.number)


def _film(studio: Studio, shot: Shot, look: Look, target: Path) -> Work[None]:
    """Film a proxy; whatever is wrong with a clip is one failure, which another choice settles."""
    small = as_proxy(look)
    path = yield from within(bring(studio, shot.clip), 0.0, 0.5)
    with studio.workspace.draft(target) as draft:
        try:
            made = take(shot, small, path)
            work = studio.ffmpeg.run(
                proxies.proxy_arguments(
                    made.arguments, made.graph("film", small.canvas), shot.frames
                ),
                draft,
                feed=made.feed() if made.feed else None,
                read_line=frames_of(shot.frames),
            )
            yield from within(work, 0.5, 1.0)
        except (ProgramFailed, NotMedia, MediaTruncated, PictureTooLarge) as problem:
            raise ClipUnreadable(shot.clip.title, detail=problem.message) from problem
        if media.count_frames(draft) != shot.frames:
            raise ClipUnreadable(shot.clip.title)
    studio.workspace.trim("proxies", MOST_BYTES)
