"""How well a clip fits a scene, from everything that is known of both, with the reasons. Pure.

What the words and the meaning say is added up as evidence and told as the chance that the clip
shows what the scene wants; that is taken down by what is wrong with its licence, shape,
sharpness and length. The weights were found with one half of the labelled scenes of
``benchmarks/bench_clips.py``, which prints what they achieve on the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from aivideo.ranking.choosing import CONFIDENT, Candidate, same
from aivideo.ranking.suiting import kept, lasting, sharp, talks
from aivideo.ranking.words import is_english, plain_title, terms, words_with_stems

BY_LIKENESS: Final = 5.9
LITERAL_BESIDE_LIKENESS: Final = 0.5
NOTHING_KNOWN: Final = -3.2
"""The evidence's weights where the meaning is known; it stands for most of what words say."""
BY_WORDS: Final = 3.0
BY_ECHO: Final = 0.5
MOST_ECHOES: Final = 2
NOTHING_SAID: Final = -2.3
"""The evidence's weights where only words are known."""
BY_PLACE: Final = 0.5
BY_TALK: Final = -4.0
"""What the source's own order and a title that promises talk weigh in both cases."""
TAGGED, TOLD = 0.9, 0.75
"""How much a word in short tags and in a long description counts beside one in the title."""
SINGLE: Final = 0.8
"""How much a query of a single word counts, which can mean many things."""

LICENCE, SHAPE, SHARPNESS, LENGTH = 0.15, 0.25, 0.1, 0.15
"""How much of the score each can take away."""
ALREADY_USED: Final = 0.4
"""What is left of the score when another scene shows the clip."""

NEAR: Final = 0.45
"""A likeness from which on it is worth telling."""
LIKE: Final = 0.3
"""A likeness below which it is told that there is none."""
FREE, CREDITED = 0.95, 0.9
"""What licences are worth that ask for nothing, and for credit."""
WHOLE: Final = 0.8
"""The share of a picture that may be cut to without a word."""
SMALL: Final = 0.6
"""The share of the canvas's lines below which a picture looks soft."""
SHORT_TAGS: Final = 200
"""Letters; a description no longer is tags, a longer one tells stories."""
SPARE: Final = 1.05
"""A clip should be so many times as long as its scene."""
TELLING: Final = 2
"""Words that a title needs to speak for itself."""

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
class _Reason:
    """One thing that speaks for or against a clip: how much it moves the score, and a sentence."""

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
    shared = _shared(query, clip)
    chance = 1.0 / (1.0 + math.exp(-_evidence(clip, shared, likeness, place)))
    suits = [*_licence(clip), *_shape(clip, query), *_length(clip, query)]
    score = chance * (1.0 - sum(reason.weight for reason in suits))
    taken = [number for number, other in used.items() if same(clip, other)]
    reasons = [*_why(query, clip, shared, likeness), *suits]
    if taken:
        score *= ALREADY_USED
        reasons.append(_Reason(2.0, f"Already used in scene {min(taken)}"))
    told = sorted(reasons, key=lambda reason: -reason.weight)
    return Judgement(round(score, 3), tuple(reason.says for reason in told if reason.says))


def question(query: Wish) -> str:
    """What a scene wants, in one text to compare meanings with.

    The narration tells a crane from a crane; it counts only where it is English, as the query is.
    """
    return f"{query.words}. {query.narration}" if is_english(query.narration) else query.words


def wording(clip: Prospect) -> str:
    """What a clip says of itself, in one text to compare meanings with."""
    title = plain_title(clip.title)
    if clip.description and (len(clip.description) <= SHORT_TAGS or len(terms(title)) < TELLING):
        return f"{title}. {clip.description[:SHORT_TAGS]}"
    return title


# ------------------------------------------------------------------------ relevance
@dataclass(frozen=True)
class _Shared:
    """The words that a scene and a clip have in common, as the scene writes them.

    Attributes:
        named: Words of the query in the title.
        described: Words of the query only in the description.
        echoed: Other words of the narration in either.
        match: How much of the query that is, 0..1.
        literal: The same as it counts: the last word that is missing is missed most, and a
            single word can mean many things.
    """

    named: tuple[str, ...]
    described: tuple[str, ...]
    echoed: tuple[str, ...]
    match: float
    literal: float


def _shared(query: Wish, clip: Prospect) -> _Shared:
    wanted = words_with_stems(query.words)
    spoken = words_with_stems(query.narration)
    title = frozenset(terms(plain_title(clip.title)))
    beside = frozenset(terms(clip.description)) - title
    named = tuple(word for stem, word in wanted.items() if stem in title)
    described = tuple(word for stem, word in wanted.items() if stem in beside)
    echoed = (w for stem, w in spoken.items() if stem not in wanted and stem in title | beside)
    worth = _worth_of_description(clip) if title else 1.0
    match = (len(named) + worth * len(described)) / max(1, len(wanted))
    literal = match**2 * (SINGLE if len(wanted) == 1 else 1.0)
    return _Shared(named, described, tuple(echoed), match, literal)


def _worth_of_description(clip: Prospect) -> float:
    return TAGGED if len(clip.description) <= SHORT_TAGS else TOLD


def _evidence(clip: Prospect, shared: _Shared, likeness: float | None, place: int) -> float:
    """What speaks for the clip showing what is wanted; nought is as likely as not."""
    evidence = BY_PLACE / (1 + place) + BY_TALK * talks(clip.title)
    if likeness is None:
        echoes = min(MOST_ECHOES, len(shared.echoed))
        return evidence + NOTHING_SAID + BY_WORDS * shared.literal + BY_ECHO * echoes
    literal = LITERAL_BESIDE_LIKENESS * shared.literal
    return evidence + NOTHING_KNOWN + BY_LIKENESS * likeness + literal


def _why(query: Wish, clip: Prospect, shared: _Shared, likeness: float | None) -> list[_Reason]:
    """What the words and the meaning say."""
    found = []
    if shared.named:
        found.append(_Reason(shared.match, f"Its title says {_listed(shared.named)}"))
    if shared.described:
        weight = TAGGED * shared.match
        found.append(_Reason(weight, f"Its description says {_listed(shared.described)}"))
    if shared.echoed and not (shared.named or shared.described):
        found.append(_Reason(0.2, f"It shares {_listed(shared.echoed[:2])} with the narration"))
    if likeness is not None and likeness >= NEAR:
        found.append(_Reason(likeness, f"Close in meaning to '{query.words}'"))
    elif not found and (likeness is None or likeness < LIKE):
        found.append(_Reason(1.0, f"Has nothing in common with '{query.words}'"))
    if talks(clip.title):
        found.append(_Reason(0.9, "By its title somebody talks, plays or lists in it"))
    return found


def _listed(words: Sequence[str]) -> str:
    """Words in quotes: 'bee', 'flower' and 'field'."""
    *others, last = [f"'{word}'" for word in words]
    return f"{', '.join(others)} and {last}" if others else last


# ---------------------------------------------------------------------- suitability
def licence_worth(licence: str) -> float:
    """How freely a clip may be used, 0..1; nought when nothing is known to allow it."""
    if _CLOSED.search(licence):
        return 0.0
    return next((worth for known, worth in _WORTHS if known.match(licence)), 0.0)


_CLOSED: Final = re.compile(r"\bn[cd]\b|non-?commercial|no-?deriv", re.IGNORECASE)
_WORTHS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), worth)
    for pattern, worth in (
        (r"own$|cc0|public domain|pd\b", 1.0),
        (r"pexels|pixabay|unsplash|mit$|apache", FREE),
        (r"cc[ -]by[ -]sa|.*share-?alike", 0.6),
        (r"cc[ -]by|creative ?commons attribution", CREDITED),
    )
)


def _licence(clip: Prospect) -> list[_Reason]:
    worth = licence_worth(clip.licence)
    says = "Not free to reuse" if not worth else "Asks that your video is shared alike"
    if worth >= CREDITED:
        says = "Free to reuse" if worth >= FREE else "Free to reuse with credit"
    return [_Reason(LICENCE * (1.0 - worth), "Your own" if clip.licence == "own" else says)]


def _shape(clip: Prospect, query: Wish) -> list[_Reason]:
    size = (clip.width, clip.height)
    share, lines = kept(size, query.size), sharp(size, query.size)
    cropped = soft = ""
    if all(size) and share < WHOLE:
        shape = "Landscape" if size[0] > size[1] else "Portrait" if size[0] < size[1] else "Square"
        cropped = f"{shape}: {_part(1.0 - share)} of it is cut off"
    if all(size) and lines < SMALL:
        soft = f"Only {size[0]} x {size[1]} pixels: it would look soft"
    return [_Reason(SHAPE * (1.0 - share), cropped), _Reason(SHARPNESS * (1.0 - lines), soft)]


def _part(share: float) -> str:
    """How much of a picture is lost, in words."""
    steps = ((0.29, "a quarter"), (0.42, "a third"), (0.58, "half"), (0.71, "two thirds"))
    return next((words for most, words in steps if share <= most), "three quarters")


def _length(clip: Prospect, query: Wish) -> list[_Reason]:
    seconds = clip.duration_seconds if clip.kind == "video" else None
    # A film whose length nobody tells is most likely long enough.
    need = query.seconds * SPARE
    fits = 1.0 if clip.kind == "video" and seconds is None else lasting(seconds, need)
    says = ""
    if clip.kind == "still":
        says = "A picture that does not move"
    elif seconds is not None and seconds < query.seconds:
        says = "Shorter than the scene: it would be repeated"
    elif seconds is not None and fits < 1.0:
        says = "Very long: the wanted moment may be hard to find"
    return [_Reason(LENGTH * (1.0 - fits), says)]
