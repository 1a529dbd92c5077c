"""The clip of a scene: chosen, with in-point and fit; looked at again when its words changed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from aivideo import projects
from aivideo.clips import kept
from aivideo.clips.condition import holds, seconds_of, warning_about
from aivideo.clips.views import SelectionView, Standing, view_clip
from aivideo.engines import probing
from aivideo.engines.finding import ClipFinder, MediaFile, Wanted
from aivideo.engines.library import FootageFolder
from aivideo.engines.media import MediaInfo
from aivideo.engines.sections import section_offset
from aivideo.engines.youtube import YouTube
from aivideo.errors import (
    AIVideoError,
    ClipNotChosen,
    ClipRefused,
    ClipUnusable,
    InvalidArgument,
    UnknownProvider,
)
from aivideo.progress import finish
from aivideo.projects import SceneView, find_scene
from aivideo.shots import FITS, SIZES
from aivideo.store import Clip, ClipSelection, Project, Scene, get_row, now
from aivideo.studio import Studio

OUR_CODES: Final = (
    *("CLIP_", "YOUTUBE_", "DOWNLOAD", "STOCK_", "SOURCE_", "VIDEO_"),
    *("NOT_MEDIA", "TRUNCATED", "PICTURE_TOO_LARGE", "UNKNOWN_PROVIDER"),
)
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
        ClipRefused: It was found earlier that it can never be had.
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
    if clip.refused_code:
        raise ClipRefused(clip.refused_code, clip.refused_message or "")
    path = _own_file(studio, clip)
    warning = warning_about(path, start, seconds) if path else None
    found_by = kept.suggestions(studio, project_id, scene_number)
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        project = get_row(session, Project, project_id)
        chosen = scene.selection or ClipSelection(project_id=project_id)
        same = chosen.clip_id == clip_id
        chosen.clip_id, chosen.clip_url = clip_id, clip.url
        chosen.youtube_video_id = clip.source_id if clip.source.startswith(YouTube.name) else None
        chosen.start_seconds, chosen.fit, chosen.sound_level_db = start, fit, level
        before = Path(chosen.downloaded_path) if same and chosen.downloaded_path else None
        stays = before is not None and holds(before, _wanted(clip, project, scene, start))
        keep_file(chosen, path or (before if stays else None))
        chosen.chosen_text, chosen.chosen_at = scene.text, now()
        if any(one.clip_id == clip_id for one in found_by.clips):
            chosen.found_by = found_by.query
        elif not same:
            chosen.found_by = ""
        scene.selection = chosen
        settle(scene, warning)
        return _changed(studio, session, project_id, scene_number)


def confirm_clip(studio: Studio, project_id: str, scene_number: int) -> SceneView:
    """Say that a scene's clip goes with its words as they are now.

    Raises:
        NotFound: There is no such project or scene.
        ClipNotChosen: The scene has no clip.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        if scene.selection is None:
            raise ClipNotChosen(scene_number)
        scene.selection.chosen_text = scene.text
        return _changed(studio, session, project_id, scene_number)


def move(studio: Studio, project_id: str, scene_number: int, start_seconds: float) -> SceneView:
    """Begin a scene's clip at another place; everything else about it stays.

    Raises:
        NotFound: There is no such project or scene.
        ClipNotChosen: The scene has no clip.
        InvalidArgument: The place lies outside the clip.
    """
    now_chosen = selection_view(studio, project_id, scene_number)
    if now_chosen is None:
        raise ClipNotChosen(scene_number)
    return choose(
        studio,
        project_id,
        scene_number,
        now_chosen.clip.clip_id,
        start_seconds=start_seconds,
        fit=now_chosen.fit,
        sound_level_db=now_chosen.sound_level_db,
    )


def selection_view(studio: Studio, project_id: str, scene_number: int) -> SelectionView | None:
    """The scene's clip and how it is shown; None when none is chosen.

    Raises:
        NotFound: There is no such project or scene.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        if scene.selection is None:
            return None
        project, used = get_row(session, Project, project_id), kept.users_of(session, project_id)
        return _selection(scene, scene.selection, project, used)


def selections(studio: Studio, project_id: str) -> dict[int, SelectionView]:
    """The chosen clips of a project and how they are shown, by scene number, read together.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        used = kept.users_of(session, project_id)
        scenes = session.scalars(
            select(Scene)
            .join(Scene.selection)
            .where(Scene.project_id == project_id)
            .options(contains_eager(Scene.selection).joinedload(ClipSelection.clip))
        )
        return {
            scene.number: _selection(scene, scene.selection, project, used)
            for scene in scenes
            if scene.selection is not None
        }


def _selection(
    scene: Scene, chosen: ClipSelection, project: Project, used: Mapping[str, Sequence[int]]
) -> SelectionView:
    standing = Standing(
        score=1.0,
        chosen=True,
        size=SIZES[project.aspect],
        used_in=[number for number in used.get(chosen.clip_id, ()) if number != scene.number],
    )
    return SelectionView(
        clip=view_clip(chosen.clip, standing),
        start_seconds=chosen.start_seconds,
        fit=chosen.fit,
        sound_level_db=chosen.sound_level_db,
        path=chosen.downloaded_path,
        offset_seconds=section_offset(Path(chosen.downloaded_path or "")),
        found_by=chosen.found_by,
        check=projects.clip_is_outdated(scene),
    )


def wanted_of(session: Session, clip: Clip, scene: Scene | None = None) -> Wanted:
    """What of a clip its source is asked for: as much as the scene shows, all of it without one."""
    if scene is None:
        return _wanted(clip)
    chosen = scene.selection
    start = chosen.start_seconds if chosen and chosen.clip_id == clip.id else 0.0
    return _wanted(clip, get_row(session, Project, scene.project_id), scene, start)


def _wanted(
    clip: Clip, project: Project | None = None, scene: Scene | None = None, start: float = 0.0
) -> Wanted:
    return Wanted(
        source_id=clip.source_id,
        title=clip.title,
        media=tuple(MediaFile(**file) for file in clip.media),
        licence=clip.licence,
        size=SIZES[project.aspect if project else "16:9"],
        start_seconds=start,
        seconds=seconds_of(scene) if scene else 0.0,
    )


def keep_file(chosen: ClipSelection, path: Path | None) -> None:
    """Where the clip's file lies, and from which of the clip's seconds on it has it."""
    chosen.downloaded_path = str(path) if path else None
    chosen.offset_seconds = section_offset(path) if path else 0.0


def note_failure(studio: Studio, scene_id: str, failure: AIVideoError) -> None:
    """Make a failure the scene's state; the other scenes go on."""
    with studio.store.session() as session:
        scene = session.get(Scene, scene_id)
        if scene is not None:  # it may have been removed meanwhile
            scene.error_code, scene.error_message = failure.code, failure.message


def settle(scene: Scene, warning: AIVideoError | None) -> None:
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
    finder = finder_of(studio, clip)
    if finder.name != FootageFolder.name:
        return None
    with studio.store.session() as session:
        wanted = wanted_of(session, clip)
    path = finish(finder.fetch(wanted))
    opened(studio, path, clip.title)
    return path


def _changed(studio: Studio, session: Session, project_id: str, scene_number: int) -> SceneView:
    """The scene after a change, which counts as work on its project."""
    project = get_row(session, Project, project_id)
    project.last_active = now()
    session.flush()
    return projects.view(studio, project).scenes[scene_number - 1]


def finder_of(studio: Studio, clip: Clip) -> ClipFinder:
    """The source of a clip.

    Raises:
        UnknownProvider: It is not among the sources any more.
    """
    if clip.source not in studio.finders:
        raise UnknownProvider("clip source", clip.source, studio.finders)
    return studio.finders[clip.source]


def opened(studio: Studio, path: Path, title: str) -> MediaInfo:
    """What a file is, if it can be used as it is; kept, so that plans need not look again."""
    try:
        info = probing.probed(probing.stamp_of(path))
    except OSError as problem:
        raise ClipUnusable(title, "it cannot be read", detail=str(problem)) from problem
    probing.keep(studio.workspace, [path])
    return info
