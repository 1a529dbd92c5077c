"""How well a clip fits a scene, and which clip goes to which scene. Pure functions.

A score is 0..1. It is led by the words that scene and clip share: a clip that shares less than
a third of them stays below ``CONFIDENT`` and counts as a guess, however well its picture fits.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Protocol, TypeVar

CONFIDENT: Final = 0.2
"""A score below this is a guess: it may be offered, marked as one, but is never chosen for us."""

LONGEST_USEFUL: Final = 240.0
"""Seconds; in a longer video the wanted moment is hard to find."""

STOP_WORDS: Final = frozenset(
    """a about after all also always an and any are as at away back be because been before being
    between both but by came can come could day days did do does done each even ever every few
    first for from get gets give go goes going good had has have he her here him his how i if in
    into is it its just know last let like made make makes making many may me might more most
    much must my never new next no not now of off often on once one only or other our out over
    own part people put really said same say see seen she should since so some something still
    such take than that the their them then there these they thing things this those though
    three through time times to together too two under until up us use used uses very want was
    way ways we well went were what when where which while who whole why will with within
    without would year years yet you your""".split()  # noqa: SIM905 - a paragraph reads better than 160 quoted words
)

_TALKING_TITLE: Final = re.compile(
    r"compilation|reaction|tutorial|how to|review|podcast|lyrics|official (music )?video|trailer"
    r"|gameplay|vlog|full (movie|episode)|top \d+|meme|\bnews\b|interview|subscribe|screensaver"
    r"|#shorts",
    re.IGNORECASE,
)
_ENDING: Final = re.compile(r"(?<=[^aeious])ies$|(?<=(?:s|x|z|h))es$|ing$|ed$|(?<=[^siu])s$")
_LOST_ITS_E: Final = re.compile("[^aeiouy]*[aeiouy][^aeiousxzwy]")
"""Short stems that had an e: wav(e), driv(e), car(e). It tells care from car."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_SHORTEST_STEM: Final = 3
_PHRASE: Final = 3


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


def terms(text: str) -> tuple[str, ...]:
    """The words of a text that can be searched for, in order, each as its stem.

    Case, accents, digits, punctuation and stop words are gone. Scripts that put no blanks
    between words (Chinese, Japanese, Thai ...) give overlapping pairs of letters.
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    letters = "".join(
        sign if unicodedata.category(sign)[0] in "LM" else " "
        for sign in unicodedata.normalize("NFC", re.sub("['\u2019]s?\\b", "", plain))
    )
    return tuple(term for word in letters.split() for term in _terms_of(word))


def _terms_of(word: str) -> Iterator[str]:
    if _UNSPACED.fullmatch(word):
        yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
    elif len(word) > 1 and word not in STOP_WORDS:
        yield stem(word)


def stem(word: str) -> str:
    """A word without its English ending: waves and waving meet wave, berries meet berry."""
    bare = _ENDING.sub("", word)
    if len(bare) < _SHORTEST_STEM or not re.search("[aeiouy]", bare):
        bare = word
    elif word.endswith("ies"):
        return bare + "y"
    elif word.endswith(("ing", "ed")):
        if bare[-1] == bare[-2] and bare[-1] not in "lsz":
            return bare[:-1]
        if _LOST_ITS_E.fullmatch(bare):
            return bare + "e"
    silent = bare.endswith("e") and len(bare) > _SHORTEST_STEM
    return bare[:-1] if silent and not _LOST_ITS_E.fullmatch(bare[:-1]) else bare


def search_words(text: str, topic: str = "") -> str:
    """Words to search a picture with, for a scene that names none itself.

    The most telling phrase of the text (up to three words); with nothing to hold on to, the
    topic's.
    """
    return max(_phrases(text) or _phrases(topic), key=_weight, default="")


def _phrases(text: str) -> list[str]:
    """Runs of words without a stop word or punctuation between them, cut to three words."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|[^\w\s]", text):
        if word.casefold() in STOP_WORDS or not word[0].isalpha():
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(run[:_PHRASE]) for run in runs if any(len(word) > 1 for word in run)]


def _weight(phrase: str) -> int:
    return sum(len(word) for word in phrase.split() if len(word) > _SHORTEST_STEM)


def relevance(
    wanted: AbstractSet[str],
    named: AbstractSet[str],
    described: AbstractSet[str] = frozenset(),
    spoken: AbstractSet[str] = frozenset(),
) -> float:
    """How much of what a scene wants to show a clip says that it shows, 0..1.

    Args:
        wanted: Terms of the query.
        named: Terms of the clip's title or file name.
        described: Terms of what else is known: tags, description, folder.
        spoken: Terms of the narration, which break ties.
    """
    found = sum(1.0 if term in named else 0.75 for term in wanted & (named | described))
    matched = (found / len(wanted)) ** 1.5 if wanted else 0.0
    echoed = len(spoken & named) / len(named) if named else 0.0
    return matched + 0.3 * echoed * (1.0 - matched)


def suitability(
    size: tuple[int, int],
    canvas: tuple[int, int],
    seconds: float | None,
    need: float,
) -> float:
    """How well a clip's shape, sharpness and length fit, 0..1; unknown counts as middling.

    Args:
        size: Upright width and height in pixels; zeros when unknown.
        canvas: Width and height of the video in pixels.
        seconds: The clip's length; None for a still.
        need: How long the scene lasts, in seconds.
    """
    return 0.5 * _kept(size, canvas) + 0.25 * _sharp(size, canvas) + 0.25 * _lasting(seconds, need)


def _kept(size: tuple[int, int], canvas: tuple[int, int]) -> float:
    """The share of the picture that survives a crop to the canvas."""
    if not all(size):
        return 0.75
    shape, wanted = size[0] / size[1], canvas[0] / canvas[1]
    return min(shape, wanted) / max(shape, wanted)


def _sharp(size: tuple[int, int], canvas: tuple[int, int]) -> float:
    return min(1.0, min(size) / min(canvas)) if all(size) else 0.7


def _lasting(seconds: float | None, need: float) -> float:
    if seconds is None:
        return 0.8
    if seconds < need:
        return 0.7 * seconds / need
    return 1.0 if seconds <= LONGEST_USEFUL else 0.8


def score(relevant: float, suitable: float, title: str = "") -> float:
    """One figure from relevance and suitability; titles of talking videos count half."""
    promise = 0.5 if _TALKING_TITLE.search(title) else 1.0
    return round(promise * (0.95 * relevant * (0.5 + 0.5 * suitable) + 0.05 * suitable), 3)


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
