"""Bringing a scene's clip to this machine, or the next one that fits when it cannot be had."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aivideo.clips import kept
from aivideo.clips.choosing import (
    choose,
    finder_of,
    keep_file,
    note_failure,
    opened,
    settle,
    wanted_of,
)
from aivideo.clips.condition import seconds_of, warning_about
from aivideo.clips.consents import DOWNLOADS, is_allowed
from aivideo.clips.views import ClipView
from aivideo.engines.youtube import YouTube
from aivideo.errors import AIVideoError, ClipNotChosen, ClipRefused, MachineFailure, NothingToFetch
from aivideo.progress import Progress, Work, within
from aivideo.projects import SceneView, find_scene, open_project
from aivideo.store import Clip, Scene, get_row
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

OPENING: Final = 0.1
"""The share of a foreign video that is skipped: titles and logos."""


def fetch(
    studio: Studio, project_id: str, scene_number: int, *, else_next: bool = False
) -> Work[Path]:
    """Bring the media of a scene's clip here; what is here already is not brought again.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        else_next: Take the next candidate that fits when this one cannot be had; then that one
            is the scene's clip.

    Raises:
        NotFound: There is no such project or scene.
        ClipNotChosen: The scene has no clip.
        NothingToFetch: The clip is drawn by the app, so there is no file.
        AIVideoError: It cannot be had; the scene keeps the reason as its state.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        if scene.selection is None:
            raise ClipNotChosen(scene_number)
        clip_id, scene_id = scene.selection.clip_id, scene.id
    try:
        path = yield from bring(studio, clip_id, scene_id)
    except AIVideoError as failure:
        note_failure(studio, scene_id, failure)
        if not else_next or isinstance(failure, MachineFailure):
            raise
        return (yield from _next(studio, project_id, scene_number, failure))
    if path is None:
        raise NothingToFetch(f"of scene {scene_number}")
    _arrived(studio, scene_id, clip_id, path)
    return path


def bring(studio: Studio, clip_id: str, scene_id: str | None = None) -> Work[Path | None]:
    """Bring a clip's media here and note its size; None for a drawn one, which has no file.

    Whether it can never be had is remembered: it is not offered again.

    Args:
        studio: The collaborators.
        clip_id: The clip.
        scene_id: The scene that shows it, which decides how large and which part is needed.

    Raises:
        NotFound: There is no such clip.
        UnknownProvider: Its source is not among the sources any more.
        ClipRefused: It was found earlier that it can never be had.
        AIVideoError: It cannot be had, or cannot be used.
    """
    with studio.store.session() as session:
        clip = get_row(session, Clip, clip_id)
        scene = session.get(Scene, scene_id) if scene_id else None
        wanted = wanted_of(session, clip, scene)
    if clip.kind == "illustration":
        return None
    if clip.refused_code:
        raise ClipRefused(clip.refused_code, clip.refused_message or "")
    finder = finder_of(studio, clip)
    try:
        path = yield from finder.fetch(wanted)
        info = opened(studio, path, clip.title)
    except AIVideoError as failure:
        # What is wrong with one's own file may be mended.
        if failure.permanent and finder.about.online:
            _refuse(studio, clip_id, failure)
        raise
    with studio.store.session() as session:
        clip = get_row(session, Clip, clip_id)
        clip.width, clip.height = info.width, info.height
    return path


def take_first(
    studio: Studio, project_id: str, scene: SceneView, order: Sequence[ClipView]
) -> Work[tuple[ClipView | None, AIVideoError | None]]:
    """Make the first clip that can be had the scene's; with the first reason why one could not.

    Raises:
        MachineFailure: The machine cannot go on.
    """
    reason: AIVideoError | None = None
    for clip in order:
        try:
            yield from _take(studio, project_id, scene, clip)
        except MachineFailure:
            raise
        except AIVideoError as problem:
            logger.info("%s of %s is passed over: %s", clip.clip_id, clip.source, problem.code)
            reason = reason or problem
            yield Progress(0.0, f"{clip.title} is passed over: {problem.message}")
        else:
            return clip, reason
    return None, reason


def may_be_taken(studio: Studio, clip: ClipView) -> bool:
    """Whether we may choose a clip for somebody who does not look on."""
    # A video that the person has not said they may download is theirs to pick, not ours.
    closed = clip.source.startswith(YouTube.name) and not is_allowed(studio, DOWNLOADS)
    return not (clip.guess or clip.refused or closed)


def _take(studio: Studio, project_id: str, scene: SceneView, clip: ClipView) -> Work[None]:
    """Bring a clip's media, and only then make it the scene's."""
    path = yield from within(bring(studio, clip.clip_id, scene.scene_id), 0.0, 0.95)
    start = _opening(clip, scene) if clip.source.startswith(YouTube.name) else 0.0
    choose(studio, project_id, scene.scene_number, clip.clip_id, start_seconds=start)
    if path is not None:
        yield from within(fetch(studio, project_id, scene.scene_number), 0.95, 1.0)


def _opening(clip: ClipView, scene: SceneView) -> float:
    """Where the pictures begin behind the titles, if enough is left for the scene."""
    start = OPENING * (clip.duration or 0.0)
    left = (clip.duration or 0.0) - start
    return start if left > (scene.audio_seconds or 0.0) + scene.pause_seconds else 0.0


def _next(studio: Studio, project_id: str, scene_number: int, failure: AIVideoError) -> Work[Path]:
    """The file of the next candidate that fits and can be had; without one, the failure."""
    scene = open_project(studio, project_id).scenes[scene_number - 1]
    order = [
        clip
        for clip in kept.candidates(studio, project_id, scene_number)
        if may_be_taken(studio, clip) and clip.kind != "illustration"
        if not clip.used_in and not clip.chosen
    ]
    taken, _ = yield from take_first(studio, project_id, scene, order)
    if taken is None:
        note_failure(studio, scene.scene_id, failure)
        raise failure
    yield Progress(1.0, f"{failure.message} {taken.title} was taken instead.")
    return (yield from fetch(studio, project_id, scene_number))


def _arrived(studio: Studio, scene_id: str, clip_id: str, path: Path) -> None:
    """Make the file the scene's, unless it has another clip by now."""
    with studio.store.session() as session:
        scene = session.get(Scene, scene_id)
        chosen = scene.selection if scene else None
        if scene is not None and chosen is not None and chosen.clip_id == clip_id:
            keep_file(chosen, path)
            settle(scene, warning_about(path, chosen.start_seconds, seconds_of(scene)))


def _refuse(studio: Studio, clip_id: str, failure: AIVideoError) -> None:
    """Remember that a clip can never be had."""
    with studio.store.session() as session:
        clip = session.get(Clip, clip_id)
        if clip is not None:
            clip.refused_code, clip.refused_message = failure.code, failure.message
