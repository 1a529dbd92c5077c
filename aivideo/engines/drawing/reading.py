"""What a scene's words offer to the eye: icons, a number, a phrase, a place, a turn of mind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from aivideo.engines.drawing import figures, phrases
from aivideo.engines.drawing.phrases import STOP
from aivideo.engines.drawing.vocabulary import Term, listed, split_words, terms, vocabulary

Cue = Literal["versus", "journey", "steps", "world"]

CUES: Final[dict[Cue, re.Pattern[str]]] = {
    "versus": re.compile(
        r"\b(versus|vs|compared|unlike|whereas|instead of|rather than|on the other hand"
        r"|differences? between"
        r"|(better|worse|faster|slower|bigger|smaller|stronger|weaker|hotter|colder) than)\b"
    ),
    "journey": re.compile(
        r"\b(from [\w' ]+ to [\w']+|journeys?|roads?|routes?|voyages?|travel\w*|migrat\w+"
        r"|marche[sd]|sail\w*|trade[sd]?|spread|crossed|across|flows?|moves?|carry|carries"
        r"|carried|sends?|sent)\b"
    ),
    "steps": re.compile(
        r"\b(first|then|next|finally|step|steps|stages?|process|after that|before|eventually"
        r"|recipe|begins?|turns? into|becomes?)\b"
    ),
    "world": re.compile(
        r"\b(world|worldwide|global\w*|earth|planet|countries|continents?|everywhere|nations?"
        r"|humanity|international|internet)\b"
    ),
}
NOT_SHOWN: Final = listed(  # words of film language in a visual query, not things to show
    "aerial background camera cinematic close close-up closeup footage shot shots slow motion "
    "timelapse time-lapse view wide zoom macro drone pan scene person people man woman hand hands "
    "video clip stock image photo"
)
NAMES_IT: Final = 0.9  # a word of this weight can stand under the icon as its label
FROM_NARRATION: Final = 0.6  # what a word of the narration counts beside one of the query


@dataclass(frozen=True)
class Hit:
    """An icon that a word of the scene called for.

    Attributes:
        slug: The icon.
        weight: How surely it is meant, 0..1.
        mentioned: Which word of the narration names it; the number of words when none does.
        said: That word as it stands there, or empty.
    """

    slug: str
    weight: float
    mentioned: int
    said: str


@dataclass(frozen=True)
class Reading:
    """What the words of a scene offer.

    Attributes:
        hits: Icons, the surest first, each once.
        covered: The share of the query's meaningful words that called for an icon.
        figure: A number worth showing, or None.
        phrase: The few words that matter most, or empty.
        statement: One short sentence or clause, or empty.
        place: A place by name with longitude and latitude, or None.
        cues: What kind of thought it is.
    """

    hits: tuple[Hit, ...]
    covered: float
    figure: figures.Figure | None
    phrase: str
    statement: str
    place: tuple[str, tuple[float, float]] | None
    cues: frozenset[Cue]


def read(query: str, narration: str) -> Reading:
    """Look through a scene's visual query and its narration."""
    asked = [word for word in split_words(query) if word.lower() not in NOT_SHOWN]
    spoken = split_words(narration)
    hits, covered = _hits(asked, spoken)
    both = f"{query}. {narration}".lower()
    return Reading(
        hits=hits,
        covered=covered,
        figure=figures.find(narration),
        phrase=phrases.phrase(narration),
        statement=phrases.statement(narration),
        place=_place(spoken) or _place(asked),
        cues=frozenset(cue for cue, pattern in CUES.items() if pattern.search(both)),
    )


def _hits(asked: list[str], spoken: list[str]) -> tuple[tuple[Hit, ...], float]:
    """The icons for query and narration; the narration fills what the query leaves open."""
    scores: dict[str, float] = {}
    labels: dict[str, tuple[float, int, str]] = {}
    covered: set[int] = set()
    for term in _meant(asked):
        covered.update(range(term.start, term.start + term.length))
        _count(term, 1.0, scores)
    for term in _meant(spoken):
        for slug, weight in _count(term, FROM_NARRATION, scores).items():
            if weight >= NAMES_IT and weight > labels.get(slug, (0.0,))[0]:
                labels[slug] = (weight, term.start, term.said)
    meaningful = [i for i, word in enumerate(asked) if word.lower() not in STOP]
    share = len(covered.intersection(meaningful)) / len(meaningful) if meaningful else 0.0
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    unsaid = (0.0, len(spoken), "")
    return (
        tuple(Hit(slug, min(score, 1.0), *labels.get(slug, unsaid)[1:]) for slug, score in ordered),
        share,
    )


def _meant(words: list[str]) -> Iterator[Term]:
    """The terms of a text that call for icons; a small word alone never does."""
    for term in terms(words, vocabulary().words):
        if term.length > 1 or term.key not in STOP:
            yield term


def _count(term: Term, worth: float, scores: dict[str, float]) -> Mapping[str, float]:
    """Add what a term says to the scores; return the icons that it calls for."""
    icons = vocabulary().words[term.key]
    for slug, weight in icons.items():
        scores[slug] = scores.get(slug, 0.0) + worth * _surely(term) * weight**1.5
    return icons


def _surely(term: Term) -> float:
    """A phrase is surer than a word: there are fewer things it can mean."""
    return 1.0 + 0.25 * (term.length - 1)


def _place(words: list[str]) -> tuple[str, tuple[float, float]] | None:
    """The first place that is named; its name must be written with a capital."""
    places = vocabulary().places
    for term in terms(words, places):
        if term.said[0].isupper() or term.length > 1:
            return term.said, places[term.key]
    return None
