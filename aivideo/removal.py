"""Removing a project, with the products that nobody else uses."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from aivideo import projects, quicklook, timeline
from aivideo.autopilot import look_from
from aivideo.errors import InvalidArgument
from aivideo.shots import Look
from aivideo.store import ClipSelection
from aivideo.studio import Studio
from aivideo.workspace import discard


def remove_project(studio: Studio, project_id: str) -> None:
    """Remove a project with everything that hangs on it, and its quick look's proxies.

    Proxies that another project shows as well stay, and so do finished videos: they are the
    person's. Narrations and parts are kept under their content's names, for whoever wants the same.

    Raises:
        NotFound: There is no such project.
    """
    shown = _proxies(studio, project_id)
    for other in _with_the_same_clips(studio, project_id):
        shown -= _proxies(studio, other)
    projects.remove_project(studio, project_id)
    timeline.forget(studio.workspace, project_id)
    discard(*shown)


def _proxies(studio: Studio, project_id: str) -> set[Path]:
    project = projects.open_project(studio, project_id)
    # Music that is gone would forbid the look, and is not seen.
    options = {name: value for name, value in project.look.items() if name != "music"}
    try:
        look = look_from(options, aspect=project.aspect)
    except InvalidArgument:  # the choice of another version of the app must not keep a project
        look = Look(aspect=project.aspect)
    return quicklook.proxies_of(studio, project_id, look)


def _with_the_same_clips(studio: Studio, project_id: str) -> list[str]:
    """The other projects that show a clip of this one."""
    selection = ClipSelection
    clips = select(selection.clip_id).where(selection.project_id == project_id)
    with studio.store.session() as session:
        return list(
            session.scalars(
                select(selection.project_id)
                .where(selection.clip_id.in_(clips), selection.project_id != project_id)
                .distinct()
            )
        )
