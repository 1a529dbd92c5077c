"""The form of a script: how many sentences and words, and whether it was kept.

What no grammar can say (a repeated scene, a sentence that stops in the middle) is found here,
after a model has answered.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from aivideo import prompts
from aivideo.errors import LengthImpossible
from aivideo.script.drafts import (
    SCENES_LIMIT,
    SHORTEST_WORD,
    STOP_WORDS,
    WORD,
    SceneDraft,
)

WORDS_PER_SECOND: Final = 2.5
"""How fast Kokoro speaks at its own pace; 2.4 to 2.6 were measured."""
PAUSE: Final = 0.35
"""Seconds of silence after a scene, the default of its row."""
SENTENCE_WORDS: Final = 13.5
"""How long the sentences are that models write when they are left alone."""
SENTENCE_MOST: Final = 40
SCENE_SECONDS: Final = (3.0, 90.0)
"""Below, there is no sentence; above, 2,000 characters may not be enough."""
PART_SCENES: Final = 8
PART_WORDS: Final = 420
"""What a model writes in one go; with the prompt it stays well below 4,096 tokens."""
TOLERANCE: Final = 0.15
ALIKE: Final = 0.8
RETOLD: Final = 0.67
FEWEST_SUBJECTS: Final = 5
"""Of so few words, two thirds may be the same by chance."""
STEM: Final = 6
UNFINISHED: Final = re.compile(
    r"\b(?:a|an|and|as|because|but|into|its|or|our|than|the|their|which|while|your)[.!?]$",
    re.IGNORECASE,
)
ABOUT_ITSELF: Final = re.compile(
    r"\b(?:(?:thanks|thank you) for (?:watching|joining|listening)|stay tuned|goodbye|see you next"
    r"|end of (?:the )?video|(?:this|next|other) videos?|brought to you by|next part of"
    r"|(?:below|in) the comments|comments below|have a (?:great|nice) day"
    r"|(?:i|we) hope you|feel free to (?:ask|leave|check|reach))\b",
    re.IGNORECASE,
)
"""What small models fill a scene with that has nothing to tell."""
SENTENCES: Final = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])\s*")
GLUED: Final = re.compile(
    r"\b(the|and|of|its|into|from|this|that|their)([a-z]{4,})\b", re.IGNORECASE
)
"""A small word and another one without the blank between. Under a penalty for saying a word
again, a model may fall back on the letters of that word without their blank ("theflowers")."""
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of Thai, Lao, Japanese and Chinese, which put no blanks between words."""
LETTERS_OF_A_WORD: Final = 1.7
"""Of those letters are spoken in the time of one English word: four to five a second."""


@dataclass(frozen=True)
class Form:
    """What is asked of a script or of a part of one.

    Attributes:
        sentences: How many each scene is to have.
        words: How many all of them together are to have.
    """

    sentences: tuple[int, ...]
    words: int

    @property
    def scenes(self) -> int:
        """How many scenes there are to be."""
        return len(self.sentences)

    @property
    def sentence_words(self) -> float:
        """How long a sentence is to be."""
        return self.words / sum(self.sentences)

    @property
    def sentence_most(self) -> int:
        """Words at which the grammar ends a sentence that has got out of hand."""
        short = math.ceil(1.5 * self.sentence_words) + 1
        return SENTENCE_MOST if self.sentence_words > SENTENCE_WORDS / 1.5 else short

    @property
    def tokens(self) -> int:
        """Room for the answer: JSON, sentences that run long, and what there is to see."""
        return round(2.2 * self.words) + 70 * self.scenes + 60


def lay_out(scenes: int, seconds: float, pace: float = WORDS_PER_SECOND) -> Form:
    """The form of a script for a video of this length, spoken at a pace in words a second.

    Raises:
        LengthImpossible: That many scenes cannot last that long.
    """
    shortest, longest = SCENE_SECONDS
    if not (1 <= scenes <= SCENES_LIMIT and shortest * scenes <= seconds <= longest * scenes):
        raise LengthImpossible(scenes, seconds, limit=SCENES_LIMIT, each=SCENE_SECONDS)
    words = round((seconds - PAUSE * scenes) * pace)
    return Form(_spread(scenes, words / SENTENCE_WORDS), words)


def divide(form: Form) -> list[Form]:
    """The parts that are written one after the other, as even as can be."""
    count = max(math.ceil(form.scenes / PART_SCENES), math.ceil(form.words / PART_WORDS))
    count = min(count, form.scenes)
    edges = [form.scenes * part // count for part in range(count + 1)]
    parts = [form.sentences[start:end] for start, end in itertools.pairwise(edges)]
    return [Form(part, round(sum(part) * form.sentence_words)) for part in parts]


def corrected(form: Form, drafts: Sequence[SceneDraft]) -> Form:
    """The form with more or fewer sentences, after a model made them shorter or longer."""
    written = sum(len(_sentences(draft)) for draft in drafts)
    each = min(max(count_words(drafts) / max(written, 1), 5.0), 25.0)
    return replace(form, sentences=_spread(form.scenes, form.words / each))


def mend(
    drafts: Sequence[SceneDraft], form: Form, before: Sequence[SceneDraft] = ()
) -> list[SceneDraft]:
    """Take away what a script is better without: said before, broken off, farewells, too much.

    A scene whose sentences are merely broken keeps them; one that has nothing to tell goes.

    Args:
        drafts: What the model wrote.
        form: What it was to be.
        before: The scenes of the parts before this one.
    """
    said = [sentence for draft in before for sentence in _sentences(draft)]
    known = [draft.text for draft in (*before, *drafts)]
    kept = []
    for draft in (replace(each, text=unglued(each.text, known)) for each in drafts):
        fresh: list[str] = []
        for sentence in _sentences(draft):
            if not (ABOUT_ITSELF.search(sentence) or _is_among(sentence, [*said, *fresh])):
                fresh.append(sentence)
        whole = [sentence for sentence in fresh if _is_whole(sentence, form)] or fresh
        said += whole
        if whole:
            kept.append(replace(draft, text=" ".join(whole)))
    return _shortened(kept, form)


def unglued(text: str, known: Sequence[str]) -> str:
    """A text with a blank where two words stick together, the second being a known one."""
    words = set(WORD.findall(" ".join(known).lower()))

    def parted(found: re.Match[str]) -> str:
        is_one = found[2].lower() not in words
        return found[0] if is_one else f"{found[1]} {found[2]}"

    return GLUED.sub(parted, text)


def faults(drafts: Sequence[SceneDraft], form: Form) -> list[str]:
    """What is wrong with a mended script, as sentences for the model."""
    return [
        *_count_faults(drafts, form),
        *(
            prompts.FAULT_UNFINISHED.format(number=number)
            for number, draft in enumerate(drafts, 1)
            if not all(_is_whole(sentence, form) for sentence in _sentences(draft))
        ),
        *(
            prompts.FAULT_REPEATED.format(number=late + 1, earlier=early + 1)
            for late, early in repeated(drafts)
        ),
    ]


def repeated(drafts: Sequence[SceneDraft]) -> list[tuple[int, int]]:
    """The scenes that tell in other words what an earlier one tells, and which that is; from 0.

    Told by the words that carry meaning: two scenes of one script share its subject, and so
    a third of them, but hardly two thirds.
    """
    told = [_subjects(draft.text) for draft in drafts]
    found = []
    for late, words in enumerate(told):
        for early, others in enumerate(told[:late]):
            fewest = min(len(words), len(others))
            if fewest >= FEWEST_SUBJECTS and len(words & others) >= RETOLD * fewest:
                found.append((late, early))
                break
    return found


def distance(drafts: Sequence[SceneDraft], form: Form) -> float:
    """How far a script is from its form; 0 when it has its scenes and words to the letter."""
    words, scenes = count_words(drafts) / form.words, len(drafts) / form.scenes
    return abs(words - 1) + abs(scenes - 1)


def pool(
    drafts: Sequence[SceneDraft], others: Sequence[SceneDraft], form: Form
) -> list[SceneDraft]:
    """Fill up a script with what only another one of the same form says, scene by scene."""
    pairs = itertools.zip_longest(drafts, others, fillvalue=SceneDraft(""))
    pooled = [
        replace(one if one.visual_query else other, text=f"{one.text} {other.text}".strip())
        for one, other in itertools.islice(pairs, form.scenes)
    ]
    return mend(pooled, form)


def split_up(drafts: Sequence[SceneDraft], form: Form) -> list[SceneDraft]:
    """Make up for a few missing scenes by parting the longest ones between two sentences.

    When more than half are missing the model had a script of its own in mind, which stays.
    """
    scenes = list(drafts)
    if 2 * len(scenes) < form.scenes:
        return scenes
    while len(scenes) < form.scenes:
        longest = max(range(len(scenes)), key=lambda at: len(_sentences(scenes[at])))
        sentences = _sentences(scenes[longest])
        middle = len(sentences) // 2
        if middle == 0:
            break
        scenes[longest : longest + 1] = [
            replace(scenes[longest], text=" ".join(sentences[:middle])),
            replace(scenes[longest], text=" ".join(sentences[middle:])),
        ]
    return scenes


def count_words(drafts: Sequence[SceneDraft]) -> int:
    """How many words a script has, counted so that they take as long as English ones."""
    return sum(words_in(draft.text) for draft in drafts)


def words_in(text: str) -> int:
    """How many words a text has, where there are no blanks about as many as they would be."""
    unspaced = len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + round(unspaced / LETTERS_OF_A_WORD)


def _subjects(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings as far as six letters tell."""
    words = WORD.findall(text.lower())
    return frozenset(
        word[:STEM] for word in words if len(word) >= SHORTEST_WORD and word not in STOP_WORDS
    )


def _count_faults(drafts: Sequence[SceneDraft], form: Form) -> Iterator[str]:
    if len(drafts) != form.scenes:
        yield prompts.FAULT_SCENES.format(found=len(drafts), wanted=form.scenes)
    words = count_words(drafts)
    if abs(words - form.words) > TOLERANCE * form.words:
        yield prompts.FAULT_WORDS.format(found=words, wanted=form.words)


def _spread(scenes: int, sentences: float) -> tuple[int, ...]:
    """So many sentences over so many scenes, as even as can be, each at least one."""
    total = max(scenes, round(sentences))
    edges = [total * scene // scenes for scene in range(scenes + 1)]
    return tuple(end - start for start, end in itertools.pairwise(edges))


def _sentences(draft: SceneDraft) -> list[str]:
    return [sentence for sentence in SENTENCES.split(draft.text) if sentence]


def _is_whole(sentence: str, form: Form) -> bool:
    """Whether a sentence comes to its end instead of being cut there by the grammar."""
    return UNFINISHED.search(sentence) is None and len(sentence.split()) != form.sentence_most


def _is_among(sentence: str, said: Sequence[str]) -> bool:
    """Whether a sentence was said before, in nearly the same words."""
    words = sentence.lower().split()
    return any(SequenceMatcher(None, words, each.lower().split()).ratio() > ALIKE for each in said)


def _shortened(drafts: list[SceneDraft], form: Form) -> list[SceneDraft]:
    """Leave out last sentences of the longest scenes while the whole is too long."""
    drafts = list(drafts)
    while count_words(drafts) > (1 + TOLERANCE) * form.words:
        longest = max(range(len(drafts)), key=lambda at: len(_sentences(drafts[at])))
        sentences = _sentences(drafts[longest])
        if len(sentences) == 1:
            break
        drafts[longest] = replace(drafts[longest], text=" ".join(sentences[:-1]))
    return drafts
