"""How near a file of the person's own comes to what a scene wants to show. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from aivideo import ranking
from aivideo.engines.finding import ClipQuery, FoundClip
from aivideo.engines.footage import Footage, tokens
from aivideo.engines.footage_tables import Entry

UNLIKE, ALIKE = 0.2, 0.7
"""Cosines of words that have nothing to do with each other, and that mean the same."""
BEGINNING: Final = 0.3
"""How much a word counts of which the clip has one that only begins so: bee, beehive."""
SHORTEST: Final = 4
"""Letters of the shortest word that may be the beginning of another."""
DESCRIBED: Final = 2_000
"""Letters of a description that are passed on."""


@dataclass(frozen=True)
class Question:
    """What is looked for, as it is compared with every file.

    Attributes:
        wanted: The tokens of the visual query.
        things: Those of each thing in the scene.
        spoken: The terms of the narration.
    """

    query: ClipQuery
    wanted: frozenset[str]
    things: tuple[frozenset[str], ...]
    spoken: frozenset[str]

    @classmethod
    def of(cls, query: ClipQuery) -> Self:
        """A query, read once."""
        return cls(
            query=query,
            wanted=frozenset(tokens(query.words)),
            things=tuple(frozenset(tokens(thing)) for thing in query.objects),
            spoken=frozenset(ranking.terms(query.narration)),
        )

    @property
    def tokens(self) -> frozenset[str]:
        """Everything that is looked for."""
        return self.wanted.union(*self.things)

    def closeness(self, entry: Entry, cosine: float = 0.0) -> float:
        """How well a file fits, 0..1, by its words, its meaning, and its shape and length.

        Args:
            entry: The file.
            cosine: How near its meaning comes to the query's, if that is known.
        """
        relevant = max(
            self._said(entry, self.wanted),
            # One of the things in a scene is not yet all that it is about.
            *(0.9 * self._said(entry, thing) for thing in self.things),
            meant(cosine),
        )
        content, query = entry.footage.content, self.query
        size = (content.width, content.height)
        suitable = ranking.suitability(size, query.size, content.seconds, query.seconds)
        return ranking.score(relevant, suitable)

    def _said(self, entry: Entry, wanted: frozenset[str]) -> float:
        """How relevant a file is by its words."""
        if not wanted:
            return 0.0
        named = frozenset(entry.named.split())
        described = frozenset(term for term in wanted if f" {term} " in entry.described)
        whole = ranking.relevance(wanted, named, described, self.spoken)
        begun = sum(
            len(term) >= SHORTEST and f" {term}" in entry.named + entry.described
            for term in wanted - named - described
        )
        return max(whole, BEGINNING * begun / len(wanted))


def meant(cosine: float) -> float:
    """How relevant something is whose meaning comes so near; words that are said count more."""
    return 0.8 * min(1.0, max(0.0, (cosine - UNLIKE) / (ALIKE - UNLIKE)))


def clip_of(footage: Footage, prefix: str = "", *, score: float = 0.0) -> FoundClip:
    """A file as a clip, under the name that it has in the library."""
    content, credit = footage.content, footage.credit
    described = f"{footage.folder_words} {footage.description}".strip()
    return FoundClip(
        source="library",
        source_id=f"{prefix}{footage.name}#{footage.digest}",
        title=footage.title,
        kind=content.kind,
        duration_seconds=content.seconds,
        width=content.width,
        height=content.height,
        description=described[:DESCRIBED],
        url=credit.get("url", ""),
        author=credit.get("author", ""),
        author_url=credit.get("author_url", ""),
        licence=credit.get("licence", "own"),
        licence_url=credit.get("licence_url", ""),
        score=score,
    )
