"""Having a script written by a model: asked for, read, mended, once asked again, kept."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from aivideo import projects, prompts
from aivideo.conversation import notes_of
from aivideo.engines.dialogue import Asking, Turn, answer
from aivideo.errors import AIVideoError, EmptyReply, ScriptUnusable
from aivideo.progress import Work, within
from aivideo.projects import SceneView
from aivideo.script.drafts import SceneDraft, visual_words
from aivideo.script.form import (
    Form,
    corrected,
    distance,
    divide,
    faults,
    grammar,
    lay_out,
    mend,
    pool,
    schema,
    split_up,
)
from aivideo.script.reader import read_script
from aivideo.script.saving import save_script
from aivideo.store import Project, SystemPrompt, get_row
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

NOTES: Final = 350
"""Tokens of conversation that go into the prompt."""
MANNER_LIMIT: Final = 300
CHARACTERS_PER_WORD: Final = 9
"""Of the answer for each spoken word, JSON and pictures included; for the progress alone."""
SHOT_WORDS: Final = 8
"""A longer phrase only tells where the first words are."""
CHAPTER: Final = r"""chapter ::= "\"" [A-Z] [A-Za-z0-9 ,'-]{12,70} "\"" """


@dataclass(frozen=True)
class Brief:
    """What a script is to be about.

    Attributes:
        notes: What was agreed on in the conversation, ready for a prompt; may be empty.
        manner: How its persona tells things, ready for a prompt; may be empty.
    """

    topic: str
    notes: str
    manner: str


@dataclass(frozen=True)
class Attempt:
    """What one asking has brought.

    Attributes:
        reply: What the model wrote, as it came.
        scenes: What could be used of it.
        faults: What is wrong with it, as sentences for the model.
    """

    reply: str
    scenes: Sequence[SceneDraft]
    faults: Sequence[str]


def write_script(
    studio: Studio,
    project_id: str,
    *,
    topic: str | None = None,
    scenes: int = 5,
    seconds: float = 45.0,
) -> Work[list[SceneView]]:
    """Have a script written; it replaces the scenes there are once it is complete.

    Args:
        studio: The collaborators.
        project_id: The project.
        topic: Becomes the project's topic; its own when left out.
        scenes: How many scenes.
        seconds: How long the video should be; met within a fifth as far as the model obeys.

    Raises:
        NotFound: There is no such project.
        TopicInvalid: There is no topic, or it is too long.
        LengthImpossible: That many scenes cannot last that long.
        ScriptUnusable: What the model wrote is no script, twice.
        AIVideoError: What the model's engine raises.
    """
    parts = divide(lay_out(scenes, seconds))
    brief = _brief(studio, project_id, topic)
    yield from within(studio.chat_model.prepare(), 0.0, 0.1)
    chapters = yield from within(_name_chapters(studio, brief, len(parts)), 0.1, 0.15)
    written: list[SceneDraft] = []
    replies: list[str] = []
    for number, part in enumerate(parts):
        asked = _ask_for(brief, part, chapters, number, written)
        start, end = (0.15 + 0.85 * (number + more) / len(parts) for more in (0, 1))
        attempt = yield from within(_write_part(studio, asked, part, written), start, end)
        written += split_up(attempt.scenes, part)
        replies.append(attempt.reply)
        _keep_reply(studio, project_id, "\n\n".join(replies))
        if not attempt.scenes:
            raise ScriptUnusable(studio.chat_model.name, detail=attempt.reply)
    return save_script(studio, project_id, with_pictures(written))


def with_pictures(drafts: Sequence[SceneDraft]) -> list[SceneDraft]:
    """The scenes with words for their pictures, no two alike as far as their texts allow."""
    taken: set[str] = set()
    chosen = []
    for draft in drafts:
        shown = " ".join(draft.visual_query.split()[:SHOT_WORDS])
        words = visual_words(shown)
        if " " not in words or words in taken:
            words = visual_words(f"{shown}. {draft.text}")
        taken.add(words)
        chosen.append(replace(draft, visual_query=words))
    return chosen


def _brief(studio: Studio, project_id: str, topic: str | None) -> Brief:
    """What the project says about its script; a topic that is given becomes the project's."""
    if topic is not None:
        projects.update_project(studio, project_id, topic=topic)
    conversation = notes_of(studio, project_id, NOTES)
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        settled = projects.valid_topic(project.topic or "")
        manner = _manner(session, project.system_prompt_id)
    return Brief(
        topic=settled,
        notes=prompts.SCRIPT_NOTES.format(conversation=conversation) if conversation else "",
        manner=prompts.SCRIPT_MANNER.format(manner=manner) if manner else "",
    )


def _manner(session: Session, persona_id: str | None) -> str:
    """How a persona that was chosen on purpose tells things; the default one has no manner."""
    if persona_id in {None, prompts.DEFAULT_PERSONA}:
        return ""
    persona = get_row(session, SystemPrompt, persona_id)
    return persona.description or persona.prompt[:MANNER_LIMIT]


def _name_chapters(studio: Studio, brief: Brief, parts: int) -> Work[list[str]]:
    """What each part of a long script tells, so that no two tell the same; blank when unknown."""
    if parts == 1:
        return [""]
    items: dict[str, object] = {"type": "string"}
    chapters = {"type": "array", "items": items, "minItems": parts, "maxItems": parts}
    listed = ' "," '.join(["chapter"] * parts)
    asking = Asking(
        max_tokens=40 * parts,
        temperature=0.4,
        schema={
            "type": "object",
            "properties": {"chapters": chapters},
            "required": ["chapters"],
        },
        grammar=f'root ::= "{{\\"chapters\\":[" {listed} "]}}"\n{CHAPTER}',
        seed=_seed(),
        repeat_penalty=1.1,
    )
    question = prompts.CHAPTERS_ASKED.format(parts=parts, topic=brief.topic, notes=brief.notes)
    turns = [Turn("user", question)]
    reply = yield from answer(studio.chat_model, turns, asking, "Planning the chapters")
    named = [draft.text for draft in read_script(reply)][:parts]
    return named + [""] * (parts - len(named))


def _ask_for(
    brief: Brief, part: Form, chapters: Sequence[str], number: int, written: Sequence[SceneDraft]
) -> list[Turn]:
    """What the model is told to write one part."""
    question = prompts.SCRIPT_ASKED.format(
        scenes=part.scenes,
        words=round(part.words / part.scenes),
        topic=brief.topic,
        notes=brief.notes,
        manner=brief.manner,
        place=_place(part, chapters, number, written),
    )
    return [Turn("system", prompts.SCRIPT_WRITER), Turn("user", question)]


def _place(part: Form, chapters: Sequence[str], number: int, written: Sequence[SceneDraft]) -> str:
    """Where a part stands in the whole."""
    if len(chapters) == 1:
        whole = prompts.SCRIPT_WHOLE if part.scenes > 1 else prompts.SCRIPT_SINGLE
        return whole.format(scenes=part.scenes)
    before = prompts.SCRIPT_BEFORE.format(sentence=written[-1].text) if written else ""
    place = prompts.SCRIPT_PART.format(
        part=number + 1, parts=len(chapters), chapter=chapters[number], before=before
    )
    opens = "" if number else prompts.SCRIPT_OPENS
    is_last = number + 1 == len(chapters)
    return f"{place}{opens}{prompts.SCRIPT_CLOSES if is_last else prompts.SCRIPT_GOES_ON}"


def _write_part(
    studio: Studio, turns: Sequence[Turn], part: Form, before: Sequence[SceneDraft]
) -> Work[Attempt]:
    """Ask for one part; when something is wrong with it ask once more and take the best of both."""
    asking = _asking(part, temperature=0.4, repeat_penalty=1.1)
    first = yield from within(_attempt(studio, turns, asking, part, before), 0.0, 0.6)
    if not first.faults:
        return first
    logger.info("The script is written again: %s", " ".join(first.faults))
    asking = _asking(corrected(part, first.scenes), temperature=0.7, repeat_penalty=1.15)
    try:
        second = yield from within(
            _attempt(studio, _repair(turns, first), asking, part, before), 0.6, 1.0
        )
    except AIVideoError:
        if not first.scenes:
            raise
        logger.info("The script stays as it was first written", exc_info=True)
        return first
    return _best_of(first, second, part)


def _repair(turns: Sequence[Turn], attempt: Attempt) -> list[Turn]:
    """The same question again, with what was wrong with the answer."""
    repair = prompts.REPAIR_ASKED.format(faults=" ".join(attempt.faults))
    return [*turns[:-1], Turn("user", f"{turns[-1].content}\n\n{repair}")]


def _best_of(first: Attempt, second: Attempt, part: Form) -> Attempt:
    """The attempt that is nearer to the form, filled up from the other one if that helps."""
    near, far = sorted((first, second), key=lambda attempt: distance(attempt.scenes, part))
    pooled = pool(near.scenes, far.scenes, part)
    if near.faults and distance(pooled, part) < distance(near.scenes, part):
        return replace(near, scenes=pooled)
    return near


def _asking(form: Form, *, temperature: float, repeat_penalty: float) -> Asking:
    return Asking(
        max_tokens=form.tokens,
        temperature=temperature,
        schema=schema(form),
        grammar=grammar(form),
        seed=_seed(),
        repeat_penalty=repeat_penalty,
    )


def _attempt(
    studio: Studio,
    turns: Sequence[Turn],
    asking: Asking,
    part: Form,
    before: Sequence[SceneDraft],
) -> Work[Attempt]:
    expected = CHARACTERS_PER_WORD * part.words
    heard = answer(studio.chat_model, turns, asking, "Writing the script", expected=expected)
    try:
        reply = yield from heard
    except EmptyReply:
        reply = ""
    scenes = mend(read_script(reply), part, before)
    return Attempt(reply, scenes, faults(scenes, part) if scenes else [prompts.FAULT_NO_SCRIPT])


def _keep_reply(studio: Studio, project_id: str, reply: str) -> None:
    """Keep what the model wrote as it came, for whoever wants to know."""
    with studio.store.session() as session:
        get_row(session, Project, project_id).script_json = reply


def _seed() -> int:
    """A fresh seed, so that asking again brings something new."""
    return secrets.randbelow(2**31)
