"""Another part of the same film: the next stretch that no scene of the project shows yet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from aivideo.clips.choosing import move
from aivideo.clips.condition import seconds_of
from aivideo.engines import filmstrips
from aivideo.engines.sections import section_offset
from aivideo.errors import AIVideoError, ClipNotChosen, InvalidArgument
from aivideo.projects import SceneView, find_scene
from aivideo.store import ClipSelection, Scene
from aivideo.studio import Studio

OPENING: Final = 0.1
"""The share of a film that is skipped: titles and logos."""
MARGIN: Final = 0.5
"""Seconds left over at the end, where films fade out."""
SEARCHED, STEP, JUMP = 2.0, 0.25, 30.0
"""For how many seconds after a place a cut is looked for, in which steps, and by how much the
grey of the pictures changes there at least, of 255."""


@dataclass(frozen=True)
class Part:
    """A stretch of a film, in seconds."""

    start: float
    end: float

    def meets(self, other: Part) -> bool:
        """Whether both have pictures in common."""
        return self.start < other.end and other.start < self.end


def another_part(studio: Studio, project_id: str, scene_number: int) -> SceneView:
    """Begin a scene's film at the next place whose part no scene of the project shows.

    Where all of it is shown already, the part is the one shown least. Where the file is here,
    the place moves to the beginning of a shot, should one be close.

    Raises:
        NotFound: There is no such project or scene.
        ClipNotChosen: The scene has no clip.
        InvalidArgument: Its clip is a picture, or too short to have another part.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        chosen = scene.selection
        if chosen is None:
            raise ClipNotChosen(scene_number)
        clip, now, need = chosen.clip, chosen.start_seconds, seconds_of(scene)
        shown = session.execute(
            select(ClipSelection, Scene)
            .join(Scene, Scene.id == ClipSelection.scene_id)
            .where(ClipSelection.project_id == project_id, ClipSelection.clip_id == clip.id)
        ).all()
        parts = [Part(one.start_seconds, one.start_seconds + seconds_of(s)) for one, s in shown]
        here = Path(chosen.downloaded_path) if chosen.downloaded_path else None
    length = clip.duration_seconds or 0.0
    start = next_start(length, need, now, parts) if clip.kind == "video" else None
    if start is None:
        raise InvalidArgument(f"{clip.title} has no other part. Choose another clip.")
    if here is not None and here.is_file():
        start = _at_a_cut(here, start, min(start + SEARCHED, length - need - MARGIN))
    return move(studio, project_id, scene_number, start)


def next_start(length: float, need: float, now: float, shown: Sequence[Part]) -> float | None:
    """Where the next part begins; None when there is only one.

    Args:
        length: The film's seconds.
        need: How many of them are shown.
        now: Where the scene begins at present.
        shown: What scenes show of it, this one included.
    """
    places = [place for place in _places(length, need) if abs(place - now) > MARGIN]
    ahead = [*(p for p in places if p > now), *(p for p in places if p < now)]
    free = (p for p in ahead if not any(Part(p, p + need).meets(part) for part in shown))
    return next(free, min(ahead, key=lambda p: _overlap(p, need, shown), default=None))


def _places(length: float, need: float) -> Iterator[float]:
    """Where parts begin that follow each other."""
    last = length - need - MARGIN
    first = min(OPENING * length, max(0.0, last))
    for number in itertools.count():
        place = first + number * need
        if place > last:
            return
        yield round(place, 2)


def _overlap(place: float, need: float, shown: Sequence[Part]) -> float:
    return sum(max(0.0, min(place + need, part.end) - max(place, part.start)) for part in shown)


def _at_a_cut(path: Path, start: float, last: float) -> float:
    """The first beginning of a shot from a place on, or the place itself."""
    offset = section_offset(path)
    try:
        found = filmstrips.first_cut(path, start - offset, last - offset, step=STEP, jump=JUMP)
    except (AIVideoError, OSError):
        return start  # whoever films it will say what is wrong with it
    return start if found is None else round(found + offset, 2)
