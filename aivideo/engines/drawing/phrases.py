"""The few words of a narration that can be set large."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aivideo.engines.drawing.vocabulary import listed, split_words, terms, vocabulary

STOP: Final = listed(
    "a about above after again against all almost along already also although always am among an "
    "and another any anything are aren't around as at away back be became because become becomes "
    "been before began begin begins behind being below better between beyond both bring but by "
    "call called came can can't cannot change come comes could couldn't day days did didn't do "
    "does doesn't doing don't done down during each either else end enough even ever every "
    "everyone everything exactly far feel few finally find first five follow for found four from "
    "full gave get gets getting give given gives go goes going gone good got great had hardly has "
    "have having he heard hello her here here's hers high him his hold how however hundred i i'm "
    "if in inside instead into is isn't it it's its itself just keep keeps kept kind knew know "
    "known last later least leave left less let let's like likely little long look looks lot low "
    "made make makes making man many may maybe me mean means meet met might mind mine more most "
    "move much must my myself near nearly need needs never new next no nobody none nor not nothing "
    "now of off often oh ok old on once one only onto open or other others our out over own "
    "people per perhaps place put quite rather really right said same saw say says second "
    "see seem seems seen set several she should show since six small so some someone something "
    "sometimes soon start starts still stop such take taken takes tell ten than that that's the "
    "their them themselves then there there's these they they're thing things think this those "
    "though thought thousand three through time times to today together told too took toward "
    "turn turned turns two under until up upon us use used uses using usually very want wants was "
    "wasn't way ways we we're we've well went were what what's when where whether which while who "
    "whole whom whose why will with within without won't word words work works would wouldn't "
    "year years yes yet you you're your yourself"
)
PLAIN_NOUNS: Final = listed(  # fit to end a phrase, too plain to stand alone
    "answer beginning change chapter difference discovery effect ending fact force idea lesson "
    "level limit mistake moment part pattern point power problem question reason rule secret "
    "side sign story surprise trick truth twist type value world "
    "days degrees hours miles minutes people times years"
)
NOUN_ENDINGS: Final = re.compile(
    r"(tion|sion|ment|ness|ity|ism|ist|ship|ance|ence|age|ure|dom|hood|logy|graphy|or|er)s?$"
)
VERBAL_ENDINGS: Final = re.compile(r"(ly|ing|ed)$")
SENTENCE: Final = re.compile(  # a point within a number ends none
    r"(?:[^.!?\u3002\uff01\uff1f]|(?<=\d)\.(?=\d))+[.!?\u3002\uff01\uff1f]*"
)
CLAUSE: Final = re.compile(r"(?:[^,;:\u2013\u2014()\u3001\uff0c]|(?<=\d),(?=\d))+")
SHORT_STATEMENT: Final = (18, 96)  # characters
QUOTED: Final = re.compile(  # pairs of marks, as they are used in any language
    "\u201c([^\u201c\u201d]+)\u201d|\u201e([^\u201c\u201d\u201e]+)[\u201c\u201d]"
    "|\u00ab([^\u00ab\u00bb]+)\u00bb|\u300c([^\u300c\u300d]+)\u300d|\u300e([^\u300e\u300f]+)\u300f"
    '|"([^"]+)"'
)
QUOTATION: Final = (12, 150)  # characters; what is shorter is a word in quotation marks
UNSPACED_QUOTATION: Final = 6
WIDE_LETTERS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
PHRASE_WORDS: Final = 3
PHRASE_LETTERS: Final = 26
KNOWN: Final = 0.5  # what a phrase gains when we know it as one


def statement(narration: str) -> str:
    """The first sentence, or else clause, short enough to be read at a glance; or empty."""
    shortest, longest = SHORT_STATEMENT
    if WIDE_LETTERS.search(narration):  # a letter says as much as two or three others
        shortest, longest = shortest // 2, longest // 2
    sentences = [sentence.strip() for sentence in SENTENCE.findall(narration)]
    fitting = [part for part in sentences if shortest <= len(part) <= longest]
    clauses = (clause.strip(" \"'\u201c\u201d") for clause in _clauses(narration))
    fitting += [_capital(part) for part in clauses if shortest <= len(part) <= longest]
    return fitting[0] if fitting else ""


def quotation(narration: str) -> str:
    """What somebody is quoted with, without the marks, when it is a sentence; or empty."""
    shortest, longest = QUOTATION
    for match in QUOTED.finditer(narration):
        text = next(group for group in match.groups() if group).strip(" ,")
        enough = UNSPACED_QUOTATION if WIDE_LETTERS.search(text) else shortest
        if enough <= len(text) <= longest and (" " in text or enough < shortest):
            return text
    return ""


def phrase(narration: str) -> str:
    """The run of up to three words without small words in it that says most; or empty."""
    best, most = "", 0.0
    for clause in _clauses(narration):
        for run in _runs(split_words(clause)):
            text, worth = " ".join(run), _worth(run)
            if worth > most and len(text) <= PHRASE_LETTERS:
                best, most = text, worth
    return _capital(best)


def ends_well(words: list[str]) -> bool:
    """Whether the last word can end a phrase: a noun, as far as one can tell by looking."""
    last = words[-1]
    known = vocabulary()
    return (
        last.lower() in PLAIN_NOUNS
        or bool(NOUN_ENDINGS.search(last.lower()))
        or last[0].isupper()
        or any(term.start + term.length == len(words) for term in terms(words, known.words))
        or any(term.start + term.length == len(words) for term in terms(words, known.places))
    )


def _clauses(text: str) -> Iterator[str]:
    for sentence in SENTENCE.findall(text):
        yield from CLAUSE.findall(sentence)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _runs(words: list[str]) -> Iterator[list[str]]:
    """Neighbours that are no small words, up to three at a time."""
    run: list[str] = []
    for word in [*words, ""]:
        if word and word.lower().replace("\u2019", "'") not in STOP and not word.isdigit():
            run.append(word)
            continue
        for length in range(1, PHRASE_WORDS + 1):
            for start in range(len(run) - length + 1):
                yield run[start : start + length]
        run = []


def _worth(run: list[str]) -> float:
    """Long words, names and known phrases say more; what does not end in a noun, hardly any."""
    words = [min(len(word), 11) / 11 + 0.15 * word[0].isupper() for word in run]
    plain = [0.4 if VERBAL_ENDINGS.search(word) else 1.0 for word in run]
    worth = sum(w * p for w, p in zip(words, plain, strict=True)) / (1 + 0.3 * abs(len(run) - 2))
    if " ".join(run).lower() in vocabulary().words and len(run) > 1:
        worth += KNOWN
    if len(run) == 1 and run[0].lower() in PLAIN_NOUNS:
        return 0.1
    return worth if ends_well(run) else 0.1 * worth
