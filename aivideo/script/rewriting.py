"""Having one scene rewritten: shorter, longer, funnier, or as a person says in their own words."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from aivideo import prompts, ranking
from aivideo.engines.dialogue import Asking, ChatModel, Turn, answer
from aivideo.errors import (
    AIVideoError,
    EmptyReply,
    NotFound,
    SceneLocked,
    ScriptUnusable,
    WishInvalid,
)
from aivideo.progress import Work, within
from aivideo.projects import SceneView
from aivideo.script.brief import Brief, brief_of
from aivideo.script.drafts import TEXT_LIMIT
from aivideo.script.form import SENTENCE_MOST, SENTENCES, unglued, words_in
from aivideo.script.grammars import letters_of, narration_grammar
from aivideo.script.reader import read_script
from aivideo.script.saving import get_script, reword
from aivideo.spoken import language_of
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

WISH_LIMIT: Final = 300
FACTORS: Final = {"shorter": 0.6, "longer": 1.6}
"""How many words there are to be, as a part of those that there are."""
MOST_WORDS: Final = 280
"""Two thousand characters, about."""
TOO_LONG: Final = 1.6
"""So many times the words that were asked for; a joke may take a few, an essay may not."""
SPARE_WORDS: Final = 8
"""A scene of three words may get so many more all the same."""
MORE: Final = re.compile(
    r"\b(?:longer|lengthen|more|add|adding|expand|extend|elaborate|details?|sentences|words"
    r"|länger|mehr|ergänz\w*|ausführlich\w*|Sätze|plus|ajoute\w*|más|añad\w*)\b",
    re.IGNORECASE,
)
"""Wishes in own words that ask for a longer scene, or say themselves how long it is to be."""
KEEPS_ITS_SUBJECT: Final = frozenset({"shorter", "longer", "funnier"})
"""Wishes after which a scene still tells the same; own words may ask for something else."""
SENTENCE_WORDS: Final = 9
SAME: Final = 0.95
SCHEMA: Final = {
    "type": "object",
    "properties": {"narration": {"type": "string"}},
    "required": ["narration"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Rewording:
    """What is to become of a scene.

    Attributes:
        text: What it says now.
        wish: ``shorter``, ``longer``, ``funnier``, or somebody's own words.
        before: What the scene before it says; empty for the first.
        after: What the scene after it says; empty for the last.
    """

    text: str
    wish: str
    before: str = ""
    after: str = ""

    @property
    def words(self) -> int:
        """About how many words it is to have."""
        return min(max(6, round(words_in(self.text) * FACTORS.get(self.wish, 1.0))), MOST_WORDS)

    @property
    def may_grow(self) -> bool:
        """Whether the wish asks for more than there is."""
        return self.wish == "longer" or MORE.search(self.wish) is not None

    @property
    def most(self) -> int:
        """The words at which it is too long."""
        if self.may_grow:
            return MOST_WORDS
        return min(max(round(TOO_LONG * self.words), self.words + SPARE_WORDS), MOST_WORDS)


def rewrite_scene(studio: Studio, project_id: str, scene_number: int, wish: str) -> Work[SceneView]:
    """Have one scene's words rewritten; its picture and clip stay, the script before is kept.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        wish: ``shorter``, ``longer``, ``funnier``, or what is wanted in own words.

    Raises:
        NotFound: There is no such project or scene.
        WishInvalid: The wish is empty or has more than 300 characters.
        SceneLocked: The scene is locked.
        TopicInvalid: The project has no topic.
        ScriptUnusable: What the model wrote is no narration, twice.
        EditedMeanwhile: Somebody has edited the scene since; what they wrote stays.
        AIVideoError: What the model's engine raises.
    """
    wish = " ".join(wish.split())
    if not 1 <= len(wish) <= WISH_LIMIT:
        raise WishInvalid(len(wish), WISH_LIMIT)
    scenes = get_script(studio, project_id)
    if not 1 <= scene_number <= len(scenes):
        raise NotFound("scene", scene_number)
    scene = scenes[scene_number - 1]
    if scene.locked:
        raise SceneLocked(scene_number)
    around = ["", *(each.text for each in scenes), ""]
    asked = Rewording(scene.text, wish, around[scene_number - 1], around[scene_number + 1])
    brief = brief_of(studio, project_id)
    yield from within(studio.chat_model.prepare(), 0.0, 0.1)
    text = yield from within(rewording(studio.chat_model, brief, asked), 0.1, 1.0)
    return reword(studio, project_id, scene, text)


def rewording(model: ChatModel, brief: Brief, asked: Rewording) -> Work[str]:
    """The new words; asked for once more when something is wrong with them.

    Raises:
        ScriptUnusable: There were none, twice.
        AIVideoError: What the model's engine raises, when there is nothing to keep.
    """
    question = _question(brief, asked)
    first = yield from within(_ask(model, question, asked, 0.5), 0.0, 0.6)
    wrong = _faults(first, asked)
    if not wrong:
        return first
    logger.info("The scene is written again: %s", " ".join(wrong))
    repair = prompts.REPAIR_ASKED.format(faults=" ".join(wrong))
    freedom = 1.1 if prompts.FAULT_SAME in wrong else 0.8
    try:
        second = yield from within(_ask(model, f"{question}\n\n{repair}", asked, freedom), 0.6, 1.0)
    except AIVideoError:
        if not _is_usable(first, asked):
            raise
        return _cut(first, asked)
    usable = [text for text in (second, first) if _is_usable(text, asked)]
    if not usable:
        raise ScriptUnusable(model.name, detail=second or first)
    return _cut(min(usable, key=lambda text: len(_faults(text, asked))), asked)


def _question(brief: Brief, asked: Rewording) -> str:
    return prompts.SCENE_ASKED.format(
        topic=brief.topic,
        background=brief.background(asked.text),
        before=prompts.SCENE_BEFORE.format(text=asked.before) if asked.before else "",
        after=prompts.SCENE_AFTER.format(text=asked.after) if asked.after else "",
        text=asked.text,
        wish=prompts.WISHES.get(asked.wish, asked.wish.rstrip(". ")),
        words=asked.words,
    )


def _ask(model: ChatModel, question: str, asked: Rewording, temperature: float) -> Work[str]:
    """What the model makes of it, down to the spoken words; empty when there are none."""
    asking = Asking(
        max_tokens=4 * asked.words + 80,
        temperature=temperature,
        schema=SCHEMA,
        grammar=_grammar(asked),
        seed=secrets.randbelow(2**31),
        repeat_penalty=1.1,
    )
    turns = [
        Turn("system", prompts.SCRIPT_WRITER),
        Turn("user", f"{question}{prompts.SCENE_JSON}"),
    ]
    try:
        reply = yield from answer(
            model, turns, asking, "Rewriting the scene", expected=8 * asked.words
        )
    except EmptyReply:
        return ""
    text = " ".join(draft.text for draft in read_script(reply))
    return unglued(text, [asked.text, asked.before, asked.after, text])


def _grammar(asked: Rewording) -> str | None:
    """Whole sentences of plain words, as many as the length takes."""
    language = language_of(asked.text) or ("en" if asked.text.isascii() else None)
    words = 2 * asked.words if asked.may_grow else asked.words
    sentences = max(1, round(words / SENTENCE_WORDS))
    return narration_grammar(SENTENCE_MOST, sentences, letters_of(language))


def _faults(text: str, asked: Rewording) -> Sequence[str]:
    """What is wrong with the new words, as sentences for the model."""
    if not text:
        return [prompts.FAULT_NO_SCRIPT]
    found, had = words_in(text), words_in(asked.text)
    alike = SequenceMatcher(None, asked.text.lower().split(), text.lower().split()).ratio()
    here, there = language_of(asked.text), language_of(text)
    checks = (
        (alike > SAME, prompts.FAULT_SAME),
        (
            asked.wish == "shorter" and found >= had,
            prompts.FAULT_NOT_SHORTER.format(found=found, limit=had),
        ),
        (
            asked.wish == "longer" and found <= had,
            prompts.FAULT_NOT_LONGER.format(found=found, limit=had),
        ),
        (
            found > asked.most,
            prompts.FAULT_WORDS.format(found=found, wanted=asked.words),
        ),
        (bool(here and there and here != there), prompts.FAULT_LANGUAGE),
        (_is_elsewhere(text, asked), prompts.FAULT_ELSEWHERE),
    )
    return [fault for is_so, fault in checks if is_so]


def _is_elsewhere(text: str, asked: Rewording) -> bool:
    """Whether nothing is left of what the scene was about and was to stay about."""
    if asked.wish not in KEEPS_ITS_SUBJECT:
        return False
    subject = set(ranking.terms(asked.text))
    return bool(subject) and subject.isdisjoint(ranking.terms(text))


def _cut(text: str, asked: Rewording) -> str:
    """The words without last sentences that make them far too long; one sentence stays whole."""
    sentences = SENTENCES.split(text)
    while len(sentences) > 1 and words_in(" ".join(sentences)) > asked.most:
        sentences.pop()
    return " ".join(sentences)


def _is_usable(text: str, asked: Rewording) -> bool:
    """Whether the words can stand: there are some, not too many, in the scene's language."""
    is_foreign = prompts.FAULT_LANGUAGE in _faults(text, asked)
    return 0 < len(text) <= TEXT_LIMIT and not is_foreign
