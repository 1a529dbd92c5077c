"""Candidates that show nearly the same picture under different names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aivideo.clips.offers import Offer
from aivideo.engines.library import FootageFolder
from aivideo.engines.picture_hash import difference_hash, nearly_same


def repeated(offers: Sequence[Offer]) -> frozenset[tuple[str, str]]:
    """Those whose picture shows what one before them shows, by source and id there.

    A person's own footage is never among them: two takes look alike, and both are theirs. Nor is
    what we draw, which differs in other ways.
    """
    return frozenset(_repeated(offers))


def _repeated(offers: Sequence[Offer]) -> Iterator[tuple[str, str]]:
    known: list[int] = []
    for offer in offers:
        clip = offer.clip
        if clip.kind == "illustration" or not clip.thumbnail:
            continue
        told = difference_hash(Path(clip.thumbnail))
        if told is None:
            continue
        own = clip.source == FootageFolder.name
        if not own and any(nearly_same(told, other) for other in known):
            yield offer.key
        known.append(told)
