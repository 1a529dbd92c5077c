"""A scene before it is saved, the limits of a script, and the words that a picture is sought by."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from aivideo.errors import InvalidArgument, SceneTooLong, ScriptEmpty, ScriptTooLong
from aivideo.projects import PAUSES
from aivideo.spoken import without_marks

SCENES_LIMIT: Final = 200
TEXT_LIMIT: Final = 2000
LONGEST_PAUSE: Final = PAUSES[1]
"""Seconds of silence after a scene."""
QUERY_WORDS: Final = 4
SHOT_WORDS: Final = 8
"""A longer phrase only tells where the first words are."""
FEWEST_WORDS: Final = 2
"""Up to here a verb or an adverb is better than nothing."""
SHORTEST_WORD: Final = 3
SHORTEST_WITH_ENDING: Final = 5
"""Characters; "bed" and "king" do not end like verbs."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: Final = _words(
    """
    a about above across after again against ago all almost along already also although always am
    among an and another any anyone anything are around as at away back be became because become
    becomes been before began begin begins behind being below between both brought but by call
    called came can cannot come comes could did do does doing done down during each either else
    enough even ever every everyone everything far few find first for found from full gave get
    gets getting give gives go goes going gone got great had has have he her here hers herself him
    himself his how however i if imagine in including inside instead into is it its itself just
    keep keeps know known last later least leave leaves left less let like likely little long look
    looks lot made make makes making many may maybe me mean means might more most much must my
    near nearly need needs never new next no nobody none nor not nothing now of off often on once
    one only onto or other others our out outside over own part per perhaps put quite rather really
    right said same saw say says see seem seems seen several shall she should show showing shows
    since so some someone something sometimes soon still such take taken takes tell tells than that
    the their them themselves then there these they thing things this those though through thus
    till to today together told too took toward towards true try turn turned turns under until up
    upon us use used using usually very want wants was way ways we well went were what whatever
    when where whether which while who whole whom whose why will with within without would yet you
    your yours yourself
    action camera clip close closeup edge final footage front group image kind montage photo photos
    picture pictures scene screen series shot sort thought top video view
    actually beautiful big different early every good hard high huge large late main old real short
    simple small special whatever wow yes yourselves zero two three four five six seven eight nine
    ten hundred thousand million billion
    """
)
DETERMINERS: Final = _words(
    "a an the his her its their our your my this that these those some any each every all many "
    "one two three four five six several few"
)
OBJECTS_LIMIT: Final = 6
OBJECT_LENGTH: Final = 40
"""Characters."""
LEADS_TO_A_NOUN: Final = _words(
    """
    a an the his her its their our your my this that these those of from with in on at into over
    under through between across behind inside every each some many two three four five
    """
)
ENDINGS_OF_OTHER_WORDS: Final = ("ly", "ing", "ed")
WORD: Final = re.compile(r"[^\W\d_][\w'-]*")
SENTENCE_END: Final = re.compile(r"(?<=[.!?:])\s+")


@dataclass(frozen=True)
class SceneDraft:
    """A scene as it is to be.

    Attributes:
        text: What is spoken.
        visual_query: A few words for the picture; empty to keep the scene's own while its text
            stands, and to have them taken from the text otherwise.
        scene_id: The scene it changes; None makes a new one.
        pause_seconds: Silence after the words; None leaves it as it is.
        voice_id: A voice of its own; empty for the project's, None leaves it as it is.
        level_db: How much louder than the others it is spoken, -24 to 12 dB; None leaves it.
        locked: Whether its words stay when the script is written anew; None leaves it.
        objects: Things that can be seen, the most important first; None keeps the scene's own
            while its ``visual_query`` stands, and takes them away otherwise.
    """

    text: str
    visual_query: str = ""
    scene_id: str | None = None
    pause_seconds: float | None = None
    voice_id: str | None = None
    level_db: float | None = None
    locked: bool | None = None
    objects: tuple[str, ...] | None = None


def check_limits(drafts: Sequence[SceneDraft]) -> None:
    """Refuse what no video can be made of.

    Raises:
        ScriptEmpty: There are no scenes.
        ScriptTooLong: There are more than 200.
        SceneTooLong: One has more than 2,000 characters.
        InvalidArgument: A pause is no length of time, or longer than ten seconds.
    """
    if not drafts:
        raise ScriptEmpty(SCENES_LIMIT)
    if len(drafts) > SCENES_LIMIT:
        raise ScriptTooLong(len(drafts), SCENES_LIMIT)
    for number, draft in enumerate(drafts, 1):
        length = len(without_marks(draft.text))
        if length > TEXT_LIMIT:
            raise SceneTooLong(number, length, TEXT_LIMIT)
        if draft.pause_seconds is not None and not 0.0 <= draft.pause_seconds <= LONGEST_PAUSE:
            raise InvalidArgument(
                f"The pause after scene {number} cannot be {draft.pause_seconds} seconds. "
                f"Choose from 0 to {LONGEST_PAUSE:.0f}."
            )


def visual_words(text: str) -> str:
    """Up to four words of a text that most likely name what a camera can see, in their order.

    Nouns are told by what stands before them (an article, a possessive, a preposition), by a
    capital within a sentence, and by not ending like an adverb or a verb.
    """
    weights: dict[str, int] = {}
    for sentence in SENTENCE_END.split(without_marks(text).replace("\u2019", "'")):
        before = ""
        for place, word in enumerate(WORD.findall(sentence)):
            key = word.lower().removesuffix("'s")
            if len(key) >= SHORTEST_WORD and key not in STOP_WORDS and "'" not in key:
                weight = _weight(key, before, is_name=place > 0 and word[0].isupper())
                weights[key] = max(weight, weights.get(key, weight))
            before = key
    ranked = sorted(weights, key=lambda word: -weights[word])[:QUERY_WORDS]
    best = [word for place, word in enumerate(ranked) if place < FEWEST_WORDS or weights[word] >= 0]
    return " ".join(word for word in weights if word in best)


def visible_objects(names: Sequence[str]) -> tuple[str, ...]:
    """Things by their names as a model lists them: no articles, no film language, each once."""
    shown: list[str] = []
    for name in names:
        words = name.lower().split()
        words = list(itertools.dropwhile(lambda word: word in DETERMINERS, words))
        if any(word not in STOP_WORDS for word in words):
            shown.append(" ".join(words)[:OBJECT_LENGTH].strip())
    return tuple(dict.fromkeys(shown))[:OBJECTS_LIMIT]


def with_pictures(
    drafts: Sequence[SceneDraft], topic: str = "", *, trusted: bool = False
) -> list[SceneDraft]:
    """The scenes with words for their pictures, no two alike as far as their texts allow.

    Of objects that two scenes in a row share, another one leads the second.

    Args:
        drafts: The scenes.
        topic: Lends its words to a scene that names nothing a camera could see.
        trusted: Whether the words that are there are a person's, and stay as they are.
    """
    taken: set[str] = set()
    leading = ""
    chosen = []
    for draft in drafts:
        words, objects = draft.visual_query.strip(), draft.objects
        if not (trusted and words):
            words = _pictured(draft, topic, taken)
            if objects and objects[0] == leading:
                objects = (*objects[1:], leading)
        taken.add(words)
        leading = objects[0] if objects else ""
        chosen.append(replace(draft, visual_query=words, objects=objects))
    return chosen


def _pictured(draft: SceneDraft, topic: str, taken: set[str]) -> str:
    shown = " ".join(draft.visual_query.split()[:SHOT_WORDS])
    words = visual_words(shown)
    if " " not in words or words in taken:
        words = _named(words, draft.objects or ())
    if " " not in words or words in taken:
        words = visual_words(f"{shown}. {draft.text}")
    if " " not in words:
        words = visual_words(f"{draft.text}. {topic}") or words
    return words


def _named(words: str, objects: Sequence[str]) -> str:
    """Words for a picture that name the objects too, each word once."""
    every = dict.fromkeys(" ".join((words, *objects)).split())
    return " ".join(list(every)[:QUERY_WORDS])


def _weight(word: str, before: str, *, is_name: bool) -> int:
    """How likely a word is a noun that can be shown."""
    unlikely = len(word) >= SHORTEST_WITH_ENDING and word.endswith(ENDINGS_OF_OTHER_WORDS)
    return (before in LEADS_TO_A_NOUN) + is_name - unlikely
