"""How well a clip fits a scene, and which clip goes to which scene. Pure functions.

``judge`` gives a score of 0..1 with its reasons; below ``CONFIDENT`` it is a guess, which may be
offered, marked as one, but is never chosen for anybody. ``shortlist`` says what is shown, and
``assign`` which scene gets which clip.
"""

from aivideo.ranking.choosing import CONFIDENT, Candidate, assign, same, shortlist
from aivideo.ranking.judging import (
    Judgement,
    Prospect,
    Wish,
    judge,
    licence_worth,
    question,
    wording,
)
from aivideo.ranking.suiting import LONGEST_USEFUL, relevance, score, suitability
from aivideo.ranking.words import STOP_WORDS, search_words, stem, terms

__all__ = [
    "CONFIDENT",
    "LONGEST_USEFUL",
    "STOP_WORDS",
    "Candidate",
    "Judgement",
    "Prospect",
    "Wish",
    "assign",
    "judge",
    "licence_worth",
    "question",
    "relevance",
    "same",
    "score",
    "search_words",
    "shortlist",
    "stem",
    "suitability",
    "terms",
    "wording",
]
