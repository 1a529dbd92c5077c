"""Which colours go with what a video is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from aivideo.engines.drawing.palettes import Mood
from aivideo.engines.drawing.vocabulary import listed, terms

MOODS: Final[Mapping[Mood, frozenset[str]]] = {
    "night": listed(
        "space star planet galaxy moon rocket satellite astronaut telescope universe comet night "
        "sky sleep dream bed computer laptop robot brain internet network code program chip phone "
        "technology science physics atom quantum ai future artificial owl bat dna "
        "microscope alembic thought"
    ),
    "work": listed(
        "money coin budget bank business chart work job office career market stock economy tax "
        "invest law court school study exam university student book read library history museum "
        "language city building train car bus bridge road factory machine bicycle engine electric "
        "map gear briefcase newspaper clock time calendar"
    ),
    "water": listed(
        "sea ocean water wave river lake rain fish whale dolphin shark coral reef ship boat sail "
        "swim beach ice snow winter penguin weather cloud rainbow droplet submarine octopus turtle "
        "island surf dive health medicine doctor hospital vaccine syringe virus tooth lung heart "
        "germ microbe soap bath"
    ),
    "garden": listed(
        "garden plant flower tree leaf forest jungle farm bee honey honeybee insect butterfly bird "
        "frog animal nature soil seed seedling vegetable fruit tea grass mushroom spider ant snail "
        "climate environment recycle green pollinator blossom potted sheaf cow horse sheep rabbit"
    ),
    "stage": listed(
        "music song guitar piano violin drum concert opera dance theatre theater film movie cinema "
        "camera art paint painting palette fashion dress love romance wedding wine magic "
        "mystery king queen crown castle knight ghost vampire poetry musical performing masks"
    ),
    "hearth": listed(
        "fire volcano lava bread bake baking cook cooking kitchen coffee chocolate cake pizza soup "
        "spice pepper food hot beverage desert camel pyramid egypt roman rome greece ancient "
        "empire war sword dinosaur fossil africa sun sunset autumn campfire candle gold mine lion "
        "classical gladiator viking pot"
    ),
    "play": listed(
        "sport football soccer basketball tennis ball game chess toy party birthday balloon circus "
        "holiday travel suitcase summer ice-cream dog cat puppy kitten child kids family baby run "
        "running marathon gym yoga joke funny laugh humour humor video social viral youtube gift "
        "skate ski olympic medal trophy"
    ),
}


MOOD_OF: Final = {word: mood for mood, words in MOODS.items() for word in words}


def mood_of(words: Sequence[str]) -> Mood | None:
    """The mood that most of the words call for, of equals the one called for first; None without.

    Args:
        words: What it is about, in English.
    """
    counts = Counter(MOOD_OF[term.key] for term in terms(words, MOOD_OF))
    return next((mood for mood, _ in counts.most_common(1)), None)
