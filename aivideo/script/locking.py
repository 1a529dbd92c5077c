"""Scenes that stay while the others are written anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aivideo.errors import AllScenesLocked
from aivideo.script.drafts import SceneDraft
from aivideo.script.form import PAUSE, SCENE_SECONDS, count_words
from aivideo.script.saving import get_script
from aivideo.studio import Studio


@dataclass(frozen=True)
class Locked:
    """A scene that stays, and where: its place from 0."""

    place: int
    draft: SceneDraft


def locked_of(studio: Studio, project_id: str) -> list[Locked]:
    """The locked scenes as they are now, in order.

    Raises:
        NotFound: There is no such project.
    """
    return [
        Locked(
            place,
            SceneDraft(scene.text, scene.visual_query, scene.scene_id, objects=scene.objects),
        )
        for place, scene in enumerate(get_script(studio, project_id))
        if scene.locked
    ]


def rest_of(
    locked: Sequence[SceneDraft], scenes: int, seconds: float, pace: float
) -> tuple[int, float]:
    """How many scenes are left to write, and about how many seconds they have.

    Raises:
        AllScenesLocked: None are left.
    """
    left = scenes - len(locked)
    if left < 1:
        raise AllScenesLocked(len(locked), scenes)
    taken = count_words(locked) / pace + PAUSE * len(locked)
    shortest, longest = SCENE_SECONDS
    return left, min(max(seconds - taken, shortest * left), longest * left)


def woven(locked: Sequence[Locked], written: Sequence[SceneDraft]) -> list[SceneDraft]:
    """The written scenes with the locked ones at their places, or at the end."""
    scenes = list(written)
    for each in locked:
        scenes.insert(min(each.place, len(scenes)), each.draft)
    return scenes
