"""How well a clip fits a scene, from everything that is known of both, with the reasons. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from aivideo.ranking.choosing import CONFIDENT, Candidate, same
from aivideo.ranking.suiting import kept, lasting, sharp, talks
from aivideo.ranking.words import terms, words_with_stems

NEAR: Final = 0.4
"""A likeness from which on it is worth telling."""
FREE: Final = 0.95
"""Licences worth this ask for nothing."""
CREDITED: Final = 0.9
"""Licences worth this ask for credit."""
WHOLE: Final = 0.7
"""The share of a picture that may be cut to without a word."""
SLIVER: Final = 0.4

NOTHING_USED: Final[Mapping[int, Candidate]] = MappingProxyType({})


class Wish(Protocol):
    """What a scene wants to show, such as ``engines.finding.ClipQuery``."""

    @property
    def words(self) -> str:
        """The visual query, a few concrete words."""

    @property
    def narration(self) -> str:
        """What is said meanwhile; may be empty."""

    @property
    def seconds(self) -> float:
        """How long the scene lasts, about."""

    @property
    def size(self) -> tuple[int, int]:
        """The canvas, (width, height) in pixels."""


class Prospect(Candidate, Protocol):
    """A clip as its source describes it, such as ``engines.finding.FoundClip``."""

    @property
    def kind(self) -> str:
        """``video``, ``still`` or ``illustration``."""

    @property
    def description(self) -> str:
        """What else is known of what it shows: tags, description, folders."""

    @property
    def width(self) -> int:
        """Upright width in pixels; 0 when unknown."""

    @property
    def height(self) -> int:
        """Upright height in pixels; 0 when unknown."""

    @property
    def licence(self) -> str:
        """The licence's short name."""


@dataclass(frozen=True)
class Judgement:
    """How well a clip fits a scene.

    Attributes:
        score: 0..1; from ``CONFIDENT`` on it is no guess.
        reasons: Why, short sentences for people, the weightiest first.
    """

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def confident(self) -> bool:
        """Whether the clip may be chosen without anybody looking on."""
        return self.score >= CONFIDENT


@dataclass(frozen=True)
class _Aspect:
    """One thing that speaks for or against a clip.

    Attributes:
        weight: How much it moves the score; only its size counts.
        says: One sentence; empty when there is nothing to say.
    """

    weight: float
    says: str


def judge(
    query: Wish,
    clip: Prospect,
    *,
    likeness: float | None = None,
    place: int = 0,
    used: Mapping[int, Candidate] = NOTHING_USED,
) -> Judgement:
    """Judge how well a clip fits a scene.

    Args:
        query: What the scene wants.
        clip: The candidate.
        likeness: How near the clip's words are in meaning to the query, as
            ``Meaning.likeness`` tells it; None without the model.
        place: Where its source put it among its own answers, from 0.
        used: The clips that other scenes of the project show, by scene number.
    """
    relevant, why = _relevance(query, clip, likeness, place)
    aspects = [*why, *_aspects(query, clip)]
    quality = 1.0 - sum(aspect.weight for aspect in _aspects(query, clip))
    value = relevant * quality
    taken = [number for number, other in used.items() if same(clip, other)]
    if taken:
        value *= 0.4
        aspects.append(_Aspect(0.6, f"Already used in scene {min(taken)}"))
    told = sorted(aspects, key=lambda aspect: -aspect.weight)
    return Judgement(round(value, 3), tuple(aspect.says for aspect in told if aspect.says))


def _relevance(
    query: Wish, clip: Prospect, likeness: float | None, place: int
) -> tuple[float, list[_Aspect]]:
    """How likely the clip shows what is wanted, and what speaks for that."""
    wanted = words_with_stems(query.words)
    named = frozenset(terms(clip.title))
    described = frozenset(terms(clip.description))
    in_title = [word for stem, word in wanted.items() if stem in named]
    beside = [word for stem, word in wanted.items() if stem in described - named]
    match = (len(in_title) + 0.75 * len(beside)) / len(wanted) if wanted else 0.0
    near = match if likeness is None else 0.5 * match + 0.5 * max(0.0, likeness)
    why = [
        _Aspect(match, f"Its title says {_listed(in_title)}" if in_title else ""),
        _Aspect(0.7 * match, f"Its description says {_listed(beside)}" if beside else ""),
    ]
    if likeness is not None and likeness > NEAR:
        why.append(_Aspect(likeness, f"Close in meaning to '{query.words}'"))
    if talks(clip.title):
        near *= 0.5
        why.append(_Aspect(0.5, "Its title sounds like a video in which somebody talks"))
    return min(1.0, near + 0.05 / (1 + place)), why


def _listed(words: list[str]) -> str:
    quoted = [f"'{word}'" for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _aspects(query: Wish, clip: Prospect) -> Iterator[_Aspect]:
    """What is taken off for licence, shape, sharpness and length."""
    yield _Aspect(0.2 * (1.0 - licence_worth(clip.licence)), _of_licence(clip.licence))
    size = (clip.width, clip.height)
    share = kept(size, query.size)
    yield _Aspect(0.2 * (1.0 - share), _of_shape(size, share))
    yield _Aspect(0.1 * (1.0 - sharp(size, query.size)), "")
    seconds = None if clip.kind != "video" else clip.duration_seconds
    too_short = clip.kind == "video" and seconds is not None and seconds < query.seconds
    says = "Shorter than the scene: it would be repeated" if too_short else ""
    yield _Aspect(0.15 * (1.0 - lasting(seconds, query.seconds)), says)


def _of_licence(licence: str) -> str:
    worth = licence_worth(licence)
    if licence == "own":
        return "Your own"
    if worth >= FREE:
        return "Free to reuse"
    if worth >= CREDITED:
        return "Free to reuse with credit"
    return "Its licence asks the video to share alike" if worth else "Not free to reuse"


def _of_shape(size: tuple[int, int], share: float) -> str:
    if not all(size) or share > WHOLE:
        return ""
    name = "Portrait" if size[0] < size[1] else "Landscape"
    return f"{name}: {'two thirds' if share < SLIVER else 'a part'} of it is cut off"


def licence_worth(licence: str) -> float:
    """How freely a clip may be used, 0..1; nought when nothing allows it."""
    name = licence.casefold()
    if re.search(r"\bn[cd]\b|non-?commercial|no-?deriv", name):
        return 0.0
    for pattern, worth in _WORTHS:
        if re.match(pattern, name):
            return worth
    return 0.0


_WORTHS: Final = (
    (r"own$|cc0|public domain|pd\b", 1.0),
    (r"pexels|pixabay|unsplash|mit$|apache", 0.95),
    (r"cc[ -]by[ -]sa|.*share-?alike", 0.6),
    (r"cc[ -]by|creative ?commons attribution", 0.9),
)


def chance(evidence: float) -> float:
    """Evidence as a probability."""
    return 1.0 / (1.0 + math.exp(-evidence))
