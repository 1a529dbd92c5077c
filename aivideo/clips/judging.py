"""Candidates of all sources in one row: how well each fits the scene, and which are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from aivideo import ranking
from aivideo.clips.drawn import varied
from aivideo.clips.licences import may_be_reused
from aivideo.clips.offers import Offer
from aivideo.clips.wishes import Wish
from aivideo.engines.finding import FoundClip
from aivideo.engines.library import FootageFolder

PER_AUTHOR: Final = 2
"""Candidates of one author; one's own footage is not counted."""
ALIKE: Final = 0.1
"""What it is worth to be by the author of the clip that others are wanted like; half of it to be
from the same source."""


@dataclass(frozen=True)
class Known:
    """What the project and earlier tries tell about clips.

    Attributes:
        refused: Those that can never be had, by source and id there.
        used: Those that the other scenes show, by scene number.
        likeness: How near in meaning to what is wanted they are, by source and id there.
    """

    refused: frozenset[tuple[str, str]] = frozenset()
    used: Mapping[int, FoundClip] = field(default_factory=dict)
    likeness: dict[tuple[str, str], float | None] = field(default_factory=dict)


def shown(found: Sequence[Sequence[FoundClip]], wish: Wish, known: Known) -> list[Offer]:
    """The candidates in the order in which they are offered.

    What fits comes first, drawn pictures fill up, and what fits badly comes last, at most as
    half of what was still missing.

    Args:
        found: What each source answered, in its own order.
        wish: What is wanted.
        known: What else decides.
    """
    at_most = wish.query.at_most
    offers = [
        judged(clip, wish, known, place)
        for clips in found
        for place, clip in enumerate(clips)
        if _may_be_offered(clip, wish, known)
    ]
    footage = [offer for offer in offers if offer.clip.kind != "illustration"]
    fresh = [o for o in footage if not any(ranking.same(o.clip, u) for u in known.used.values())]
    fitting = _best([o for o in fresh if o.score >= ranking.CONFIDENT], at_most)
    again = [o for o in footage if o not in fresh and o.score >= ranking.CONFIDENT]
    fitting += _best(again, at_most - len(fitting))
    room = at_most - len(fitting)
    guesses = _best([o for o in footage if o.score < ranking.CONFIDENT], room)
    drawn = varied([o for o in offers if o.clip.kind == "illustration"], wish.beside)
    drawn = drawn[: room - min(len(guesses), room // 2)]
    return [*fitting, *drawn, *guesses][:at_most]


def judged(clip: FoundClip, wish: Wish, known: Known, place: int) -> Offer:
    """How well a candidate fits the scene, and why."""
    if clip.kind == "illustration":
        return Offer(clip, clip.score, ("Drawn for this scene",))
    near = known.likeness.get((clip.source, clip.source_id))
    judgement = ranking.judge(wish.query, clip, likeness=near, place=place, used=known.used)
    if wish.like is None:
        return Offer(clip, judgement.score, judgement.reasons)
    by_same = bool(clip.author) and clip.author == wish.like.author
    alike = ALIKE if by_same else ALIKE / 2 if clip.source == wish.like.source else 0.0
    reasons = (*judgement.reasons, *(["By the same author"] if by_same else []))
    return Offer(clip, min(1.0, round(judgement.score + alike, 3)), reasons)


def _may_be_offered(clip: FoundClip, wish: Wish, known: Known) -> bool:
    if (clip.source, clip.source_id) in known.refused:
        return False
    like = wish.like
    if like is not None and (clip.source, clip.source_id) == (like.source, like.source_id):
        return False
    # One's own footage is one's own business, whatever a note beside it says.
    own = clip.source == FootageFolder.name
    free = not wish.query.reusable or own
    return free or may_be_reused(clip.kind, clip.licence, clip.licence_url)


def _best(offers: Sequence[Offer], at_most: int) -> list[Offer]:
    """The best of them: no pictures twice, no other author more than twice."""
    scored = {offer.key: replace(offer.clip, score=offer.score) for offer in offers}
    own = [clip for clip in scored.values() if clip.source == FootageFolder.name]
    others = [clip for clip in scored.values() if clip.source != FootageFolder.name]
    kept = [*own, *ranking.shortlist(others, len(others), per_author=PER_AUTHOR)]
    best = ranking.shortlist(kept, max(0, at_most), per_author=max(1, len(kept)))
    by_key = {offer.key: offer for offer in offers}
    return [by_key[clip.source, clip.source_id] for clip in best]
