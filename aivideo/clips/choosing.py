"""The clip of a scene: chosen, with in-point and fit; its media brought to this machine."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from aivideo import projects
from aivideo.clips.condition import seconds_of, warning_about
from aivideo.clips.views import SelectionView, view_clip
from aivideo.engines import probing
from aivideo.engines.finding import ClipFinder, MediaFile, Wanted
from aivideo.engines.library import FootageFolder
from aivideo.engines.media import MediaInfo
from aivideo.engines.youtube import YouTube
from aivideo.errors import (
    AIVideoError,
    ClipNotChosen,
    ClipUnusable,
    InvalidArgument,
    NothingToFetch,
    UnknownProvider,
)
from aivideo.progress import Work, finish
from aivideo.projects import SceneView, find_scene
from aivideo.shots import FITS
from aivideo.store import Clip, ClipSelection, Project, Scene, get_row, now
from aivideo.studio import Studio

OUR_CODES: Final = ("CLIP_", "YOUTUBE_", "DOWNLOAD")
"""What the codes of this stage's failures begin with; choosing a clip settles them."""
SOUND_LEVELS: Final = (-40.0, 6.0)
"""Decibels by which a clip's own sound may be quieter or louder than it was recorded."""


def choose(
    studio: Studio,
    project_id: str,
    scene_number: int,
    clip_id: str,
    *,
    start_seconds: float = 0.0,
    fit: str = "crop",
    sound_level_db: float | None = None,
) -> SceneView:
    """Make a clip the scene's; footage of one's own is opened first, and refused if unusable.

    What is damaged in the stretch that would be shown becomes a warning of the scene.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        clip_id: A candidate's id.
        start_seconds: Where in a video the scene begins; a picture has no such place.
        fit: How it fills the canvas: ``crop``, ``blur`` or ``contain``.
        sound_level_db: How loud its own sound is, -40 to 6 dB of what was recorded; None for
            not at all.

    Raises:
        NotFound: There is no such project, scene or clip.
        InvalidArgument: The place lies outside the clip, there is no such fit, or the level
            lies outside its limits.
        UnknownProvider: The clip's source is not among the sources any more.
        ClipGone: The file was moved or replaced.
        AIVideoError: The file cannot be used, with the reason.
    """
    if fit not in FITS:
        raise InvalidArgument(f"There is no fit {fit!r}. Choose one of: {', '.join(FITS)}.")
    level = _valid_level(sound_level_db)
    with studio.store.session() as session:
        seconds = seconds_of(find_scene(session, project_id, scene_number))
        clip = get_row(session, Clip, clip_id)
    start = _valid_start(clip, start_seconds)
    path = _own_file(studio, clip)
    warning = warning_about(path, start, seconds) if path else None
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        chosen = scene.selection or ClipSelection(project_id=project_id)
        same = chosen.clip_id == clip_id
        chosen.clip_id, chosen.clip_url = clip_id, clip.url
        chosen.youtube_video_id = clip.source_id if clip.source == YouTube.name else None
        chosen.downloaded_path = str(path) if path else chosen.downloaded_path if same else None
        chosen.start_seconds, chosen.fit, chosen.sound_level_db = start, fit, level
        scene.selection = chosen
        _settle(scene, warning)
        project = get_row(session, Project, project_id)
        project.last_active = now()
        session.flush()
        return projects.view(studio, project).scenes[scene_number - 1]


def fetch(studio: Studio, project_id: str, scene_number: int) -> Work[Path]:
    """Bring the media of a scene's clip here; what is here already is not brought again.

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
        path = yield from bring(studio, clip_id)
    except AIVideoError as failure:
        note_failure(studio, scene_id, failure)
        raise
    if path is None:
        raise NothingToFetch(f"of scene {scene_number}")
    with studio.store.session() as session:
        scene = get_row(session, Scene, scene_id)
        chosen = scene.selection
        if chosen is not None and chosen.clip_id == clip_id:
            chosen.downloaded_path = str(path)
            _settle(scene, warning_about(path, chosen.start_seconds, seconds_of(scene)))
    return path


def bring(studio: Studio, clip_id: str) -> Work[Path | None]:
    """Bring a clip's media here and note its size; None for a drawn one, which has no file.

    Raises:
        NotFound: There is no such clip.
        UnknownProvider: Its source is not among the sources any more.
        AIVideoError: It cannot be had, or cannot be used.
    """
    with studio.store.session() as session:
        clip = get_row(session, Clip, clip_id)
    if clip.kind == "illustration":
        return None
    path = yield from _finder(studio, clip).fetch(wanted_of(clip))
    info = _opened(studio, path, clip.title)
    with studio.store.session() as session:
        clip = get_row(session, Clip, clip_id)
        clip.width, clip.height = info.width, info.height
    return path


def selection_view(studio: Studio, project_id: str, scene_number: int) -> SelectionView | None:
    """The scene's clip and how it is shown; None when none is chosen.

    Raises:
        NotFound: There is no such project or scene.
    """
    with studio.store.session() as session:
        chosen = find_scene(session, project_id, scene_number).selection
        if chosen is None:
            return None
        return SelectionView(
            clip=view_clip(chosen.clip, 1.0, chosen=True),
            start_seconds=chosen.start_seconds,
            fit=chosen.fit,
            sound_level_db=chosen.sound_level_db,
            path=chosen.downloaded_path,
        )


def wanted_of(clip: Clip) -> Wanted:
    """The whole of a clip, as its source is asked for it."""
    media = tuple(MediaFile(**file) for file in clip.media)
    return Wanted(clip.source_id, clip.title, media)


def note_failure(studio: Studio, scene_id: str, failure: AIVideoError) -> None:
    """Make a failure the scene's state; the other scenes go on."""
    with studio.store.session() as session:
        scene = session.get(Scene, scene_id)
        if scene is not None:  # it may have been removed meanwhile
            scene.error_code, scene.error_message = failure.code, failure.message


def _settle(scene: Scene, warning: AIVideoError | None) -> None:
    """A failure of this stage is over; one of another stage is not ours to forget."""
    if scene.error_code and scene.error_code.startswith(OUR_CODES):
        scene.error_code = scene.error_message = None
    if warning is not None and scene.error_code is None:
        scene.error_code, scene.error_message = warning.code, warning.message


def _valid_start(clip: Clip, start_seconds: float) -> float:
    if clip.kind != "video":
        return 0.0
    length = clip.duration_seconds or math.inf
    if not 0.0 <= start_seconds < length:
        raise InvalidArgument(
            f"{clip.title} lasts {length:.1f} seconds and cannot begin at {start_seconds:.1f}. "
            "Choose a place inside it."
        )
    return start_seconds


def _valid_level(level_db: float | None) -> float | None:
    least, most = SOUND_LEVELS
    if level_db is not None and not least <= level_db <= most:
        raise InvalidArgument(
            f"A clip's own sound cannot be at {level_db:g} dB. Choose from {least:g} to {most:g}, "
            "or leave it off."
        )
    return level_db


def _own_file(studio: Studio, clip: Clip) -> Path | None:
    """Footage of one's own, opened to see whether it can be used; None for other sources."""
    finder = _finder(studio, clip)
    if finder.name != FootageFolder.name:
        return None
    path = finish(finder.fetch(wanted_of(clip)))
    _opened(studio, path, clip.title)
    return path


def _finder(studio: Studio, clip: Clip) -> ClipFinder:
    if clip.source not in studio.finders:
        raise UnknownProvider("clip source", clip.source, studio.finders)
    return studio.finders[clip.source]


def _opened(studio: Studio, path: Path, title: str) -> MediaInfo:
    """What a file is, if it can be used as it is; kept, so that plans need not look again."""
    try:
        info = probing.probed(probing.stamp_of(path))
    except OSError as problem:
        raise ClipUnusable(title, "it cannot be read", detail=str(problem)) from problem
    probing.keep(studio.workspace, [path])
    return info
