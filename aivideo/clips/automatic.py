"""A clip for every scene that has none, without anybody looking on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aivideo import projects, ranking
from aivideo.clips.choosing import bring, choose, fetch, note_failure, selection_view
from aivideo.clips.suggesting import suggest
from aivideo.clips.views import ClipView
from aivideo.engines.youtube import YouTube
from aivideo.errors import AIVideoError, ClipNotFound, MachineFailure
from aivideo.progress import Progress, Work, within
from aivideo.projects import SceneView
from aivideo.spoken import without_marks
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

OPENING: Final = 0.1
"""The share of a foreign video that is skipped: titles and logos."""


@dataclass(frozen=True)
class _Offer:
    """What a scene without a clip was offered, or why it was offered nothing."""

    scene: SceneView
    footage: tuple[ClipView, ...] = ()
    drawn: tuple[ClipView, ...] = ()
    failure: AIVideoError | None = None


def choose_best(studio: Studio, project_id: str) -> Work[int]:
    """Choose and bring the best clip for every scene without one; return how many got one.

    No clip is taken twice, and the scene that would lose most chooses first. A guess is never
    taken: where nothing fits, the scene is illustrated. A clip that cannot be had is passed
    over for the next. A scene for which nothing is left keeps the reason as its state.

    Raises:
        NotFound: There is no such project.
        DiskFull: There is no room for what would be brought.
    """
    scenes = projects.open_project(studio, project_id).scenes
    offers = yield from within(_offers(studio, project_id, scenes), 0.0, 0.5)
    used = _used(studio, project_id, scenes)
    assigned = ranking.assign([offer.footage for offer in offers], used)
    used += [clip for clip in assigned if clip]
    count = 0
    for place, (offer, first) in enumerate(zip(offers, assigned, strict=True)):
        order = [*([first] if first else []), *_others(offer, used)]
        share = (0.5 + place / len(offers) / 2, 0.5 + (place + 1) / len(offers) / 2)
        taken = yield from within(_take_first(studio, project_id, offer, order), *share)
        if taken is not None:
            used.append(taken)
            count += 1
    yield Progress(1.0)
    return count


def _offers(studio: Studio, project_id: str, scenes: Sequence[SceneView]) -> Work[list[_Offer]]:
    """What each scene without a clip is offered that could be taken without asking anybody."""
    empty = [scene for scene in scenes if scene.clip_id is None]
    offers = []
    for place, scene in enumerate(empty):
        share = (place / len(empty), (place + 1) / len(empty))
        try:
            found = yield from within(suggest(studio, project_id, scene.scene_number), *share)
            offers.append(_sorted(studio, scene, found))
        except MachineFailure:
            raise
        except AIVideoError as failure:
            offers.append(_Offer(scene, failure=failure))
    return offers


def _sorted(studio: Studio, scene: SceneView, found: Sequence[ClipView]) -> _Offer:
    """Footage that fits and can be had, and drawn pictures; guesses are left out."""
    # A video that the person has not said they may download is theirs to pick, not ours.
    closed = set() if studio.settings.youtube_downloads else {YouTube.name}
    usable = [clip for clip in found if not clip.guess and clip.source not in closed]
    drawn = tuple(clip for clip in usable if clip.kind == "illustration")
    return _Offer(scene, tuple(clip for clip in usable if clip not in drawn), drawn)


def _used(studio: Studio, project_id: str, scenes: Sequence[SceneView]) -> list[ClipView]:
    """The clips that the project shows already."""
    views = [
        selection_view(studio, project_id, scene.scene_number) for scene in scenes if scene.clip_id
    ]
    return [view.clip for view in views if view]


def _others(offer: _Offer, used: Sequence[ClipView]) -> list[ClipView]:
    """What could stand in for the clip assigned: other footage, then drawn pictures."""
    spare = [clip for clip in offer.footage if not any(ranking.same(clip, other) for other in used)]
    # Drawn pictures share their author and often their words, and are different all the same.
    drawn_already = {clip.clip_id for clip in used}
    fresh = [clip for clip in offer.drawn if clip.clip_id not in drawn_already]
    return [*spare, *(fresh or offer.drawn)]


def _take_first(
    studio: Studio, project_id: str, offer: _Offer, order: Sequence[ClipView]
) -> Work[ClipView | None]:
    """Take the first clip that can be had; without one, the reason is the scene's state."""
    failure = offer.failure
    for clip in order:
        try:
            yield from _take(studio, project_id, offer.scene, clip)
        except MachineFailure:
            raise
        except AIVideoError as problem:
            logger.info("%s of %s is passed over: %s", clip.clip_id, clip.source, problem.code)
            failure = failure or problem
        else:
            return clip
    words = offer.scene.visual_query or without_marks(offer.scene.text)[:60]
    note_failure(
        studio, offer.scene.scene_id, failure or ClipNotFound(offer.scene.scene_number, words)
    )
    return None


def _take(studio: Studio, project_id: str, scene: SceneView, clip: ClipView) -> Work[None]:
    """Bring a clip's media, and only then make it the scene's."""
    path = yield from within(bring(studio, clip.clip_id), 0.0, 0.95)
    start = _opening(clip, scene) if clip.source == YouTube.name else 0.0
    choose(studio, project_id, scene.scene_number, clip.clip_id, start_seconds=start)
    if path is not None:
        yield from within(fetch(studio, project_id, scene.scene_number), 0.95, 1.0)


def _opening(clip: ClipView, scene: SceneView) -> float:
    """Where the pictures begin behind the titles, if enough is left for the scene."""
    start = OPENING * (clip.duration or 0.0)
    left = (clip.duration or 0.0) - start
    return start if left > (scene.audio_seconds or 0.0) + scene.pause_seconds else 0.0
