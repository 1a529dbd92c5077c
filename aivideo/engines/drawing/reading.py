"""What a scene's words offer to the eye: icons, a number, a phrase, a place, a turn of mind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from aivideo.engines.drawing import figures, phrases, tongues
from aivideo.engines.drawing.phrases import STOP
from aivideo.engines.drawing.tongues import Called
from aivideo.engines.drawing.vocabulary import listed, split_words, terms, vocabulary
from aivideo.spoken.languages import language_of

Cue = Literal["versus", "journey", "steps", "world"]

CUES: Final[dict[Cue, re.Pattern[str]]] = {
    "versus": re.compile(
        r"\b(versus|vs|compared|unlike|whereas|instead of|rather than|on the other hand"
        r"|differences? between"
        r"|(?!other |rather )\w+er than|(better|worse) than|(more|less) \w+ than)\b"
    ),
    "journey": re.compile(
        r"\b(from [\w' ]+ to [\w']+|journeys?|routes?|voyages?|travel(s|led|ed|ling|ing)?"
        r"|migrat\w+|marche[sd]|sail(s|ed|ing)|crossed|carry|carries|carried|sends?|sent)\b"
    ),
    "steps": re.compile(
        r"\b(first\b.*\b(then|next|finally)|then\b.*\b(then|finally)|steps?|stages?|process"
        r"|after that|recipe|turns? into|becomes?)\b"
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
ENGLISH: Final = "en"
ENGLISH_MARKS: Final = listed("the of and with from is are this that your their over after")
UNDERSTOOD: Final = 0.3  # the share of a text's letters that makes a guess at its language good
LIKE_AN_ARTICLE: Final = 3  # letters that an article counts like
NAMES_IT: Final = 0.9  # a word of this weight can stand under the icon as its label
WHEREABOUTS: Final = listed(
    "on in with at from after before by over under through to into for during behind near inside "
    "around against between"
)
GENERAL: Final = listed(  # what says little after another noun: jazz music, a football match
    "game games match matches player players team teams music concert theater theatre building "
    "buildings shop store market room course class lesson industry company production season "
    "party day night field fields farm club factory festival show "
    "worker workers employee employees staff crew member members expert experts professional "
    "professionals user users owner owners visitor visitors guest guests"
)
ASKING: Final = listed("how why what when where who which")
WHERE: Final = 0.65  # what the name of a place counts: it says where, not what ...
BESIDES: Final = 0.75  # ... what stands behind a word such as "on" or "with" ...
ADJECTIVE: Final = 0.85  # ... a noun before another noun ...
LATER: Final = 0.9  # ... and, in other languages, what comes later
FROM_QUERY: Final = 1.0  # what a word counts, by where it stands
FROM_NARRATION: Final = 0.6
FROM_OBJECT: Final = 2.0  # one that the script names ...
NEXT_OBJECT: Final = 0.88  # ... and how much less than its neighbour each after the first
LEADS: Final = 0.5  # how sure the icon of an object must be to go before what is no object
DESCRIBES: Final = 0.5  # what a word counts that only says which thing of its kind it is
PARTS: Final = listed("piece pieces part parts group pair bunch slice slices kind type pile set")
BESIDE_A_WORD: Final = 0.75  # what the second icon counts of one of several words ...
BESIDE_IT: Final = 0.5  # ... and of one of several objects: the next one goes before


@dataclass(frozen=True)
class Hit:
    """An icon that a word of the scene called for.

    Attributes:
        slug: The icon.
        weight: How surely it is meant, 0..1.
        mentioned: Which word of the narration names it; a number beyond them when none does.
        said: That word as it stands there, or empty.
        spoken: Whether the narration names it.
    """

    slug: str
    weight: float
    mentioned: int
    said: str
    spoken: bool = False


@dataclass(frozen=True)
class Reading:
    """What the words of a scene offer.

    Attributes:
        hits: Icons, the surest first, each once.
        covered: The share of what was asked for, objects or else words, that called for icons.
        figure: A number worth showing, or None.
        phrase: The few words that matter most, or empty.
        statement: One short sentence or clause, or empty.
        quotation: What somebody is quoted with, in quotation marks, or empty.
        place: A place by name with longitude and latitude, or None.
        cues: What kind of thought it is.
    """

    hits: tuple[Hit, ...]
    covered: float
    figure: figures.Figure | None
    phrase: str
    statement: str
    quotation: str
    place: tuple[str, tuple[float, float]] | None
    cues: frozenset[Cue]


def read(query: str, narration: str, objects: Sequence[str] = ()) -> Reading:
    """Look through a scene's visual query, its narration, and the objects that it names.

    Args:
        query: A few words that say what should be seen.
        narration: What is said, in any language.
        objects: Things that can be seen in the scene, the most important first.
    """
    objects = [one for one in objects if one.strip()]
    language = _language(query, narration, objects)
    both = f"{query}. {narration}".lower()
    spoken = _called(narration, language, also_english=False)
    gathered = _Gathered(len(narration))
    shares = [gathered.of_object(place, one, language) for place, one in enumerate(objects)]
    asked = [call for call in _called(query, language) if call.said.lower() not in NOT_SHOWN]
    words = _each_once(asked)
    if language == ENGLISH:
        words += _head(query, asked)
    for call, worth in _weighed(words, query, language):
        beside = BESIDE_A_WORD if len(words) > 1 else 1.0
        gathered.count(call, FROM_QUERY * worth, beside=beside)
    for place, call in enumerate(spoken):
        gathered.count(call, FROM_NARRATION * (1.0 if place == 0 else LATER))
        gathered.hear(call)
    share = sum(shares) / len(shares) if shares else _covered(query, words)
    capitals = split_words(narration)
    return Reading(
        hits=gathered.hits(),
        covered=share,
        figure=figures.find(narration, language),
        phrase=phrases.phrase(narration) if language == ENGLISH else _longest(spoken),
        statement=phrases.statement(narration),
        quotation=phrases.quotation(narration),
        place=_place(capitals) or _place(split_words(query)),
        cues=frozenset(cue for cue, pattern in CUES.items() if pattern.search(both)),
    )


class _Gathered:
    """Icons as they are called for, with their scores and the words that name them."""

    def __init__(self, after: int) -> None:
        self._after = after  # where something is mentioned that the narration does not mention
        self._scores: dict[str, float] = {}
        self._labels: dict[str, tuple[float, int, str]] = {}
        self._leads: dict[str, int] = {}  # the icon of each object, by its place
        self._spoken: set[str] = set()
        self._first: dict[str, int] = {}  # which word called for an icon first

    def count(self, call: Called, worth: float, *, beside: float = 1.0) -> None:
        """Add what a word says to the scores; ``beside`` is for all icons but its surest.

        Of icons that show nearly the same only the surest counts: nobody wants two globes.
        """
        surest = call.surest
        shown = set(surest.split("-"))
        for slug, weight in call.icons.items():
            if slug != surest and shown.intersection(slug.split("-")):
                continue
            part = worth * call.surely * weight**1.5 * (1.0 if slug == surest else beside)
            self._scores[slug] = self._scores.get(slug, 0.0) + part
            self._first.setdefault(slug, len(self._first))

    def name(self, call: Called, mentioned: int) -> None:
        """Remember the word that an icon can be labelled with, and where it is mentioned first."""
        for slug, weight in call.icons.items():
            if weight >= NAMES_IT:
                known = self._labels.get(slug, (0.0, mentioned, ""))
                said = call.said if weight > known[0] else known[2]
                self._labels[slug] = (max(weight, known[0]), min(mentioned, known[1]), said)

    def hear(self, call: Called) -> None:
        """Remember that the narration names what the call's surest icon shows."""
        self.name(call, call.start)
        self._spoken.add(call.surest)

    def of_object(self, place: int, name: str, language: str) -> float:
        """Count one of the scene's objects; how much of it called for an icon, 0..1."""
        calls = _called(name, language, nouns=True)
        if not calls:
            return 0.0
        english = calls == _in_english(name, nouns=True)
        noun = _noun_of(name, calls) if english else calls[0]
        for call in calls:
            worth = FROM_OBJECT if call is noun else FROM_OBJECT * DESCRIBES
            self.count(call, worth * NEXT_OBJECT**place, beside=BESIDE_IT)
        if noun is None:
            return DESCRIBES
        surest = noun.surest
        if noun.icons[surest] >= LEADS:
            self._leads.setdefault(surest, place)
        if language == ENGLISH or not english:
            self.name(Called(name, 0, 1, {surest: noun.icons[surest]}, 1.0), self._after + place)
        return 1.0

    def hits(self) -> tuple[Hit, ...]:
        """The icons, those of objects first in their order, then the surest first."""
        ordered = sorted(
            self._scores.items(),
            key=lambda item: (self._leads.get(item[0], math.inf), -item[1], self._first[item[0]]),
        )
        unsaid = (0.0, self._after, "")
        return tuple(
            Hit(slug, min(score, 1.0), *self._labels.get(slug, unsaid)[1:], slug in self._spoken)
            for slug, score in ordered
        )


def _language(query: str, narration: str, objects: Sequence[str]) -> str:
    """The language of a scene: told by its words, else the one that knows most of them."""
    written = " ".join((query, *objects))
    told = language_of(narration) or language_of(f"{narration} {written}")
    if told:
        return told
    text = narration if narration.strip() else written
    words = set(re.split(r"[\W_]+", text.lower()))
    if words & ENGLISH_MARKS:
        return ENGLISH
    reach = {ENGLISH: _reach(_in_english(text, nouns=True))}
    abroad = [one for one in tongues.languages() if words & tongues.tongue(one).articles]
    if not abroad and not reach[ENGLISH] and any(letter.isalpha() for letter in text):
        abroad = list(tongues.languages())
    letters = sum(letter.isalpha() for letter in text)
    if len(text.split()) == 1 and text.isascii():
        return ENGLISH  # one word alone may be anything
    for one in abroad:
        calls = tongues.called(text, one)
        found = _reach(calls)
        written_so = bool(words & tongues.tongue(one).articles)
        exactly = _reach([call for call in calls if call.surely >= 1.0])
        if written_so or exactly >= UNDERSTOOD * letters:
            reach[one] = found + LIKE_AN_ARTICLE * written_so
    return max(reach, key=lambda one: reach[one])


def _weighed(calls: Sequence[Called], text: str, language: str) -> Iterator[tuple[Called, float]]:
    """How much each word of a query counts: what it is about, more than where or with what."""
    if language != ENGLISH:
        for place, call in enumerate(calls):
            yield call, 1.0 if place == 0 else LATER
        return
    words = [word.lower() for word in split_words(text)]
    cut = next((i for i, word in enumerate(words) if word in WHEREABOUTS), len(words))
    for place, call in enumerate(calls):
        after = calls[place + 1] if place + 1 < len(calls) else None
        joined = after is not None and after.start == call.start + call.length < cut
        if call.said.lower() in vocabulary().places:
            yield call, WHERE
        elif place and (call.start >= cut > calls[0].start or call.said.lower() in GENERAL):
            yield call, BESIDES
        elif after and joined and after.said.lower() not in GENERAL:
            yield call, ADJECTIVE  # of two nouns the last is what it is: a school bus is a bus
        else:
            yield call, 1.0


def _called(
    text: str, language: str, *, also_english: bool = True, nouns: bool = False
) -> list[Called]:
    """The words that call for icons; a query may be English whatever is spoken."""
    english = _in_english(text, nouns=nouns) if also_english or language == ENGLISH else []
    if language == ENGLISH or language not in tongues.languages():
        return english
    own = tongues.called(text, language)
    return english if _reach(english) > _reach(own) else own


def _in_english(text: str, *, nouns: bool = False) -> list[Called]:
    """The terms of an English text that call for icons; a small word alone never does."""
    known = vocabulary()
    words = known.asked if nouns else known.words
    return [
        # A phrase is surer than a word: there are fewer things it can mean.
        Called(term.said, term.start, term.length, words[term.key], 1.0 + 0.25 * (term.length - 1))
        for term in terms(split_words(text), words)
        if term.length > 1 or term.key not in STOP
    ]


def _head(query: str, calls: Sequence[Called]) -> list[Called]:
    """The last word of what should be seen, which is a noun, when it said nothing as a word."""
    words = split_words(query)
    cut = next((i for i, word in enumerate(words) if word.lower() in WHEREABOUTS), len(words))
    if (
        cut == 0
        or words[0].lower() in ASKING
        or any(call.start + call.length >= cut > call.start for call in calls)
    ):
        return []
    return [
        Called(words[cut - 1], cut - 1, 1, call.icons, call.surely)
        for call in _in_english(words[cut - 1], nouns=True)
        if call.said.lower() not in NOT_SHOWN
    ]


def _each_once(calls: Sequence[Called]) -> list[Called]:
    """The calls without those that say again what one before them said."""
    return [
        call
        for place, call in enumerate(calls)
        if all(call.icons != before.icons for before in calls[:place])
    ]


def _noun_of(name: str, calls: Sequence[Called]) -> Called | None:
    """The call of the noun that an English name of a thing is about, if it called for anything.

    It stands last, or before "of": a sea turtle is a turtle, a city of gold a city; but a piece
    of gold is gold.
    """
    words = [word.lower() for word in split_words(name)]
    ends = [place for place, word in enumerate(words) if word in WHEREABOUTS or word == "of"]
    ends.append(len(words))
    if words[ends[0] - 1] in PARTS:
        ends.pop(0)
    return next((c for c in calls if ends and c.start < ends[0] <= c.start + c.length), None)


def _reach(calls: Sequence[Called]) -> int:
    """How many letters of a text were understood."""
    return sum(len(call.said) for call in calls)


def _covered(asked: str, calls: Sequence[Called]) -> float:
    """The share of the words that mean something and were understood, by their letters."""
    small = STOP | NOT_SHOWN
    meant = [word for word in split_words(asked) if word.lower() not in small]
    letters = sum(len(word) for word in meant)
    return min(1.0, _reach(calls) / letters) if letters else 0.0


def _longest(calls: Sequence[Called]) -> str:
    """The longest word that surely names something; for languages whose grammar we lack."""
    sure = [call.said for call in calls if max(call.icons.values()) >= NAMES_IT]
    longest = max(sure, key=len, default="")
    return longest[:1].upper() + longest[1:]


def _place(words: Sequence[str]) -> tuple[str, tuple[float, float]] | None:
    """The first place that is named; its name must be written with a capital."""
    places = vocabulary().places
    for term in terms(words, places):
        if term.said[0].isupper() or term.length > 1:
            return term.said, places[term.key]
    return None
