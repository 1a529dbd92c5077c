"""What a render would do, said before it starts; nothing is fetched, decoded or written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aivideo import captions, clips, recordings
from aivideo.clips import RightsWarning
from aivideo.engines import probing
from aivideo.errors import AIVideoError
from aivideo.render.filming import known_part
from aivideo.render.pace import estimate
from aivideo.render.segments import Segment, cut_up
from aivideo.render.sound import known_sound
from aivideo.shots import Look, Shot, plan
from aivideo.studio import Studio

MINUTES_FROM: Final = 100
"""Seconds from which on people think in minutes."""


@dataclass(frozen=True)
class RenderPlan:
    """What a render will do.

    Attributes:
        scenes: How many scenes the video has.
        filmed: The numbers of those that will be filmed.
        joins: How many transitions will be filmed.
        sound: Whether the sound will be mixed.
        seconds: About how long it all will take on this machine.
        warnings: What the person should know of the result before it is made.
    """

    scenes: int
    filmed: tuple[int, ...]
    joins: int
    sound: bool
    seconds: float
    warnings: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The plan, for the person who decides."""
        if self.filmed or self.joins:
            return f"{self._what_is_filmed()} will be filmed, {self._duration()}."
        if self.sound:
            return f"No scene is filmed again, only the sound is mixed, {self._duration()}."
        return f"Nothing changed: the video is joined again, {self._duration()}."

    def _what_is_filmed(self) -> str:
        transitions = f"{self.joins} transition{'s' if self.joins > 1 else ''}"
        if not self.filmed:
            return transitions
        scenes = f"{len(self.filmed)} of {self.scenes} scene{'s' if self.scenes > 1 else ''}"
        return f"{scenes} and {transitions}" if self.joins else scenes

    def _duration(self) -> str:
        if self.seconds < MINUTES_FROM:
            return f"about {max(1, round(self.seconds))} s"
        return f"about {round(self.seconds / 60)} min"


def plan_render(studio: Studio, project_id: str, look: Look) -> RenderPlan:
    """Find out what rendering a project would do, without doing any of it.

    A clip that was not fetched yet counts as one to be filmed, and so does one that cannot be
    used: the render will say so.

    Raises:
        NotFound: There is no such project.
        ScriptEmpty: It has no scenes.
        SceneNotSpoken: Scenes have no narration.
        ClipNotChosen: Scenes have no clip.
    """
    _, shots = plan(studio, project_id, look)
    segments = unfilmed(studio, cut_up(shots, look), look)
    sound = not _sound_is_there(studio, shots, look)
    length = sum(shot.frames for shot in shots) / look.fps
    return RenderPlan(
        scenes=len(shots),
        filmed=tuple(segment.shot.number for segment in segments if not segment.crosses),
        joins=sum(segment.crosses for segment in segments),
        sound=sound,
        seconds=estimate(studio, look, segments, seconds=length, sound=sound),
        warnings=(
            *recordings.warnings(studio, project_id),
            *_warnings(shots, look, clips.rights(studio, project_id)),
        ),
    )


def _warnings(shots: Sequence[Shot], look: Look, rights: Sequence[RightsWarning]) -> Iterator[str]:
    for shot in shots:
        unreadable = captions.unreadable(shot.words, look.style) if look.captions else None
        if unreadable:
            yield f"Scene {shot.number}: {unreadable.message}"
        yield from (each.message for each in rights if each.scene_number == shot.number)


def unfilmed(studio: Studio, segments: Sequence[Segment], look: Look) -> list[Segment]:
    """The segments that have no part yet."""
    sides = itertools.chain.from_iterable(segment.sides for segment in segments)
    files = {side.shot.clip.path for side in sides if side.shot.clip.path}
    probing.recall(studio.workspace, files)
    missing = [segment for segment in segments if not _part_is_there(studio, segment, look)]
    probing.keep(studio.workspace, files)
    return missing


def _part_is_there(studio: Studio, segment: Segment, look: Look) -> bool:
    try:
        return known_part(studio, segment, look) is not None
    except (AIVideoError, OSError):
        return False


def _sound_is_there(studio: Studio, shots: Sequence[Shot], look: Look) -> bool:
    try:
        return known_sound(studio, shots, look) is not None
    except (AIVideoError, OSError):
        return False
