"""A clip for every scene that has none, without anybody looking on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aivideo import projects, ranking
from aivideo.clips.asking import Round
from aivideo.clips.choosing import note_failure, selections
from aivideo.clips.fetching import may_be_taken, take_first
from aivideo.clips.suggesting import suggest
from aivideo.clips.views import ClipView
from aivideo.errors import AIVideoError, ClipNotFound, MachineFailure
from aivideo.progress import Progress, Work, within
from aivideo.projects import SceneView
from aivideo.spoken import without_marks
from aivideo.studio import Studio


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
    used = [chosen.clip for chosen in selections(studio, project_id).values()]
    assigned = ranking.assign([offer.footage for offer in offers], used)
    used += [clip for clip in assigned if clip]
    count = 0
    for place, (offer, first) in enumerate(zip(offers, assigned, strict=True)):
        order = [*([first] if first else []), *_others(offer, used)]
        share = (0.5 + place / len(offers) / 2, 0.5 + (place + 1) / len(offers) / 2)
        taken = yield from within(_settled(studio, project_id, offer, order), *share)
        if taken is not None:
            used.append(taken)
            count += 1
    yield Progress(1.0)
    return count


def _offers(studio: Studio, project_id: str, scenes: Sequence[SceneView]) -> Work[list[_Offer]]:
    """What each scene without a clip is offered that could be taken without asking anybody."""
    empty = [scene for scene in scenes if scene.clip_id is None]
    offers, sitting = [], Round()
    for place, scene in enumerate(empty):
        share = (place / len(empty), (place + 1) / len(empty))
        looking = suggest(studio, project_id, scene.scene_number, sitting=sitting)
        try:
            found = yield from within(looking, *share)
            offers.append(_sorted(studio, scene, found))
        except MachineFailure:
            raise
        except AIVideoError as failure:
            offers.append(_Offer(scene, failure=failure))
    return offers


def _sorted(studio: Studio, scene: SceneView, found: Sequence[ClipView]) -> _Offer:
    """Footage that fits and can be had, and drawn pictures; guesses are left out."""
    usable = [clip for clip in found if may_be_taken(studio, clip)]
    drawn = tuple(clip for clip in usable if clip.kind == "illustration")
    return _Offer(scene, tuple(clip for clip in usable if clip not in drawn), drawn)


def _others(offer: _Offer, used: Sequence[ClipView]) -> list[ClipView]:
    """What could stand in for the clip assigned: other footage, then drawn pictures."""
    spare = [clip for clip in offer.footage if not any(ranking.same(clip, other) for other in used)]
    # Drawn pictures share their author and often their words, and are different all the same.
    drawn_already = {clip.clip_id for clip in used}
    fresh = [clip for clip in offer.drawn if clip.clip_id not in drawn_already]
    return [*spare, *(fresh or offer.drawn)]


def _settled(
    studio: Studio, project_id: str, offer: _Offer, order: Sequence[ClipView]
) -> Work[ClipView | None]:
    """Take the first clip that can be had; without one, the reason is the scene's state."""
    taken, problem = yield from take_first(studio, project_id, offer.scene, order)
    if taken is None:
        words = offer.scene.visual_query or without_marks(offer.scene.text)[:60]
        nothing = ClipNotFound(offer.scene.scene_number, words)
        note_failure(studio, offer.scene.scene_id, offer.failure or problem or nothing)
    return taken
