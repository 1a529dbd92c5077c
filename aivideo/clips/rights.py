"""What a person should know of the licences of the chosen clips before the video is made."""

from __future__ import annotations

from collections.abc import Iterator

from aivideo.clips.licences import licence_of
from aivideo.clips.views import RightsWarning
from aivideo.errors import AIVideoError, LicenceForbids, LicenceShareAlike, LicenceUnclear
from aivideo.store import Clip, Project, get_row
from aivideo.studio import Studio


def rights(studio: Studio, project_id: str) -> list[RightsWarning]:
    """The chosen clips whose licence forbids reuse, does not allow it clearly, or reaches far.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        chosen = [
            (scene.number, scene.selection.clip)
            for scene in get_row(session, Project, project_id).scenes
            if scene.selection is not None
        ]
        return [
            RightsWarning(number, each.code, each.message, clip.licence_url or clip.url)
            for number, clip in chosen
            for each in _problems(number, clip)
        ]


def _problems(number: int, clip: Clip) -> Iterator[AIVideoError]:
    if clip.kind == "illustration":
        return
    licence = licence_of(clip.licence, clip.licence_url)
    if licence.forbids:
        yield LicenceForbids(number, clip.title, licence.name)
    elif not licence.allows:
        yield LicenceUnclear(number, clip.title)
    elif licence.shares_alike:
        yield LicenceShareAlike(number, clip.title, licence.name)
