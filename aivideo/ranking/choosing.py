"""Which of the judged clips are shown, and which scene gets which clip. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Protocol, TypeVar

from aivideo.ranking.words import terms

CONFIDENT: Final = 0.4
"""A score below this is a guess: it may be offered, marked as one, but is never chosen for us."""


class Candidate(Protocol):
    """What must be known of a clip to tell it from others and to compare it with them."""

    @property
    def source(self) -> str:
        """Where it comes from."""

    @property
    def source_id(self) -> str:
        """Its name there."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def author(self) -> str:
        """Who made it; empty when unknown."""

    @property
    def duration_seconds(self) -> float | None:
        """How long it is; None for a still or when unknown."""

    @property
    def score(self) -> float:
        """How well it fits, 0..1."""


C = TypeVar("C", bound=Candidate)


def same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates show the same pictures, as far as their descriptions tell."""
    if (one.source, one.source_id) == (other.source, other.source_id):
        return True
    if not one.author or one.author != other.author:
        return False
    ours, theirs = set(terms(one.title)), set(terms(other.title))
    alike = len(ours & theirs) > 0.8 * len(ours | theirs)
    apart = abs((one.duration_seconds or 0.0) - (other.duration_seconds or 0.0))
    return alike and apart < 1.0


def shortlist(found: Collection[C], at_most: int, *, per_author: int = 2) -> list[C]:
    """The best candidates, best first: no pictures twice, no author more than twice."""
    best: list[C] = []
    authors: Counter[str] = Counter()
    for candidate in sorted(found, key=lambda one: (-one.score, one.source, one.source_id)):
        if len(best) == at_most:
            break
        if authors[candidate.author] >= per_author or any(same(candidate, one) for one in best):
            continue
        best.append(candidate)
        # An unknown author is not one author.
        authors[candidate.author] += bool(candidate.author)
    return best


def assign(offers: Sequence[Sequence[C]], used: Collection[Candidate] = ()) -> list[C | None]:
    """One clip for each scene, none twice: the scene that would lose most chooses first.

    Args:
        offers: For each scene its candidates, in any order.
        used: Clips that are taken already.

    Returns:
        For each scene its clip, or None when every candidate is a guess or taken.
    """
    chosen: list[C | None] = [None] * len(offers)
    free = [_free(offer, used) for offer in offers]
    while any(free):
        *_, scene = max((*_regret(left), -place) for place, left in enumerate(free) if left)
        choice = free[-scene][0]
        chosen[-scene] = choice
        free[-scene] = []
        free = [_free(left, [choice]) for left in free]
    return chosen


def _free(offer: Sequence[C], used: Collection[Candidate]) -> list[C]:
    """The candidates that are neither guesses nor taken, best first."""
    left = [one for one in offer if one.score >= CONFIDENT and not any(same(one, u) for u in used)]
    return sorted(left, key=lambda one: -one.score)


def _regret(left: Sequence[Candidate]) -> tuple[float, float]:
    """What a scene would lose without its best candidate; and how good that one is."""
    second = left[1].score if len(left) > 1 else 0.0
    return left[0].score - second, left[0].score
