"""Having a script written by a model: asked for, read, mended, once asked again, kept."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aivideo import projects, prompts
from aivideo.engines.dialogue import Asking, Turn, answer, close_iterator
from aivideo.errors import AIVideoError, EmptyReply, ScriptUnusable
from aivideo.progress import Progress, Work, within
from aivideo.projects import SceneView
from aivideo.script.brief import Brief, brief_of
from aivideo.script.drafts import SceneDraft, with_pictures
from aivideo.script.form import (
    Form,
    corrected,
    distance,
    divide,
    faults,
    lay_out,
    mend,
    pool,
    repeated,
    split_up,
)
from aivideo.script.grammars import (
    chapters_grammar,
    chapters_schema,
    grammar,
    letters_of,
    schema,
)
from aivideo.script.locking import locked_of, rest_of, woven
from aivideo.script.pace import words_per_second
from aivideo.script.reader import read_script
from aivideo.script.rewriting import Rewording, rewording
from aivideo.script.saving import save_script
from aivideo.spoken import language_of
from aivideo.store import Project, get_row
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

CHARACTERS_PER_WORD: Final = 11
"""Of the answer for each spoken word, JSON and pictures included; for the progress alone."""
SHOWN_WORDS: Final = 8
LOCKED_SHOWN: Final = 1500
"""Characters of locked scenes that the model is shown; more would push out what it is asked."""
MOST_VARIED: Final = 3
"""Scenes that are written anew because they tell what others tell; each costs one answer."""
NARRATIONS: Final = re.compile(r'"(?:narration|text)"\s*:\s*"((?:[^"\\]|\\.)*)')
SENTENCE_ENDS: Final = re.compile(r'[.!?\u2026\u3002\uff01\uff1f"]')
"""Before one comes, what can be read of an answer is what could be read before."""


@dataclass(frozen=True)
class Asked:
    """One part of a script, as it is asked for.

    Attributes:
        turns: What is said to the model.
        part: The form it is to have.
        stay: The scenes that are locked.
        written: The scenes that were written before it.
        total: How many are to be written in all.
        language: What it is to be in, by its ISO 639 code; None where that is not known.
    """

    turns: Sequence[Turn]
    part: Form
    stay: Sequence[SceneDraft]
    written: Sequence[SceneDraft]
    total: int
    language: str | None

    @property
    def before(self) -> Sequence[SceneDraft]:
        """The scenes that are there already, and not to be told again."""
        return [*self.stay, *self.written]

    def says(self, reply: str) -> str:
        """Which scene is being written, and how its words begin."""
        begun = list(NARRATIONS.finditer(reply))
        if not begun:
            return "Writing the script"
        number = min(len(self.written) + len(begun), self.total)
        words = begun[-1][1].split()
        shown = f": {' '.join(words[:SHOWN_WORDS])}…" if len(words) > SHOWN_WORDS else ""
        return f"Writing scene {number} of {self.total}{shown}"


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

    Scenes that are locked stay word for word where they are and count among the scenes; the
    script that was there is kept.

    Args:
        studio: The collaborators.
        project_id: The project.
        topic: Becomes the project's topic; its own when left out.
        scenes: How many scenes.
        seconds: How long the video should be, at the pace of the project's voice; met within
            15 % as far as the model obeys.

    Raises:
        NotFound: There is no such project.
        TopicInvalid: There is no topic, or it is too long.
        LengthImpossible: That many scenes cannot last that long.
        AllScenesLocked: As many scenes are locked as there are to be.
        EditedMeanwhile: Somebody has locked, unlocked or edited a locked scene since.
        ScriptUnusable: What the model wrote is no script, twice.
        AIVideoError: What the model's engine raises.
    """
    pace = words_per_second(studio, project_id)
    lay_out(scenes, seconds, pace)  # refuses what is impossible, whatever is locked
    if topic is not None:
        projects.update_project(studio, project_id, topic=topic)
    brief = brief_of(studio, project_id)
    stay = [each.draft for each in locked_of(studio, project_id)]
    parts = divide(lay_out(*rest_of(stay, scenes, seconds, pace), pace))
    yield from within(studio.chat_model.prepare(), 0.0, 0.1)
    drafts = yield from within(_write_parts(studio, project_id, brief, parts, stay), 0.1, 0.9)
    drafts = yield from within(_varied(studio, brief, drafts, stay), 0.9, 1.0)
    drafts = woven(locked_of(studio, project_id), with_pictures(drafts, brief.topic))
    return save_script(studio, project_id, drafts, reason="written")


def last_reply(studio: Studio, project_id: str) -> str:
    """What the model wrote last, as it came; empty before it wrote anything.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        return get_row(session, Project, project_id).script_json or ""


def _write_parts(
    studio: Studio,
    project_id: str,
    brief: Brief,
    parts: Sequence[Form],
    stay: Sequence[SceneDraft],
) -> Work[list[SceneDraft]]:
    """The scenes of all parts; what the model said is kept after each of them."""
    chapters = yield from within(_name_chapters(studio, brief, len(parts)), 0.0, 0.1)
    written: list[SceneDraft] = []
    replies: list[str] = []
    total = sum(part.scenes for part in parts)
    for number, part in enumerate(parts):
        place = _place(part, chapters, number, written)
        turns = _ask_for(brief, part, chapters[number], place, stay)
        start, end = (0.1 + 0.9 * (number + more) / len(parts) for more in (0, 1))
        asked = Asked(turns, part, stay, tuple(written), total, brief.language)
        work = _write_part(studio, asked)
        attempt = yield from within(work, start, end)
        written += split_up(attempt.scenes, part)
        replies.append(attempt.reply)
        _keep_reply(studio, project_id, "\n\n".join(replies))
        if not attempt.scenes:
            raise ScriptUnusable(studio.chat_model.name, detail=attempt.reply)
    return written


def _varied(
    studio: Studio, brief: Brief, drafts: Sequence[SceneDraft], stay: Sequence[SceneDraft]
) -> Work[list[SceneDraft]]:
    """The scenes with those rewritten that still tell what another one tells, where it helps."""
    scenes = [*stay, *drafts]
    again = [late for late, _ in repeated(scenes) if late >= len(stay)][:MOST_VARIED]
    for number, late in enumerate(again):
        around = ["", *(scene.text for scene in scenes), ""]
        asked = Rewording(scenes[late].text, "another", around[late], around[late + 2])
        work = _beside(rewording(studio.chat_model, brief, asked), scenes[len(stay) :])
        try:
            text = yield from within(work, number / len(again), (number + 1) / len(again))
        except AIVideoError:
            logger.info("A scene goes on telling what another one tells", exc_info=True)
            continue
        changed = [*scenes[:late], SceneDraft(text), *scenes[late + 1 :]]
        if late not in {number for number, _ in repeated(changed)}:
            scenes = changed
    return scenes[len(stay) :]


def _name_chapters(studio: Studio, brief: Brief, parts: int) -> Work[list[str]]:
    """What each part of a long script tells, so that no two tell the same; blank when unknown."""
    if parts == 1:
        return [""]
    asking = Asking(
        max_tokens=40 * parts,
        temperature=0.4,
        schema=chapters_schema(parts),
        grammar=chapters_grammar(parts, letters_of(brief.language)),
        seed=_seed(),
        repeat_penalty=1.1,
    )
    question = prompts.CHAPTERS_ASKED.format(
        parts=parts,
        topic=brief.topic,
        language=brief.in_language,
        notes=brief.background(),
    )
    turns = [Turn("user", question)]
    reply = yield from answer(studio.chat_model, turns, asking, "Planning the chapters")
    named = [draft.text for draft in read_script(reply)][:parts]
    return named + [""] * (parts - len(named))


def _ask_for(
    brief: Brief, part: Form, chapter: str, place: str, stay: Sequence[SceneDraft]
) -> list[Turn]:
    """What the model is told to write one part."""
    locked = "\n".join(draft.text for draft in stay)
    question = prompts.SCRIPT_ASKED.format(
        scenes=part.scenes,
        words=round(part.words / part.scenes),
        topic=brief.topic,
        language=brief.in_language,
        notes=brief.background(chapter),
        manner=prompts.SCRIPT_LOCKED.format(scenes=locked[:LOCKED_SHOWN]) if locked else "",
        place=place,
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


def _write_part(studio: Studio, asked: Asked) -> Work[Attempt]:
    """Ask for one part; when something is wrong with it ask once more and take the best of both."""
    part = asked.part
    asking = _asking(part, asked.language, temperature=0.4, repeat_penalty=1.1)
    first = yield from within(_attempt(studio, asked, asking), 0.0, 0.6)
    if not first.faults:
        return first
    logger.info("The script is written again: %s", " ".join(first.faults))
    form = corrected(part, first.scenes)
    asking = _asking(form, asked.language, temperature=0.7, repeat_penalty=1.15)
    again = replace(asked, turns=_repair(asked.turns, first))
    try:
        second = yield from within(_attempt(studio, again, asking), 0.6, 1.0)
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
    foreign = [prompts.FAULT_LANGUAGE in attempt.faults for attempt in (first, second)]
    if foreign == [True, False]:
        return second
    if foreign == [False, True]:
        return first
    near, far = sorted((first, second), key=lambda attempt: distance(attempt.scenes, part))
    pooled = pool(near.scenes, far.scenes, part)
    if near.faults and distance(pooled, part) < distance(near.scenes, part):
        return replace(near, scenes=pooled)
    return near


def _asking(
    form: Form, language: str | None, *, temperature: float, repeat_penalty: float
) -> Asking:
    return Asking(
        max_tokens=form.tokens,
        temperature=temperature,
        schema=schema(form),
        grammar=grammar(form, letters_of(language)),
        seed=_seed(),
        repeat_penalty=repeat_penalty,
    )


def _attempt(studio: Studio, asked: Asked, asking: Asking) -> Work[Attempt]:
    try:
        reply = yield from _heard(studio, asked, asking)
    except EmptyReply:
        reply = ""
    scenes = mend(read_script(reply), asked.part, asked.before)
    wrong = faults(scenes, asked.part) if scenes else [prompts.FAULT_NO_SCRIPT]
    spoken = language_of(" ".join(scene.text for scene in scenes))
    if asked.language and spoken and spoken != asked.language:
        wrong.append(prompts.FAULT_LANGUAGE)
    return Attempt(reply, scenes, wrong)


def _heard(studio: Studio, asked: Asked, asking: Asking) -> Work[str]:
    """The model's answer, telling with each piece of it what is written so far.

    Raises:
        EmptyReply: The answer is blank.
    """
    text, expected = "", CHARACTERS_PER_WORD * asked.part.words
    so_far = _shown(asked.written)
    pieces = studio.chat_model.stream(asked.turns, asking)
    try:
        for piece in pieces:
            text += piece
            if SENTENCE_ENDS.search(piece):
                so_far = _shown([*asked.written, *read_script(text)])
            yield Progress(min(len(text) / expected, 1.0), asked.says(text), so_far=so_far)
    finally:
        close_iterator(pieces)
    if not text.strip():
        raise EmptyReply(studio.chat_model.name)
    return text


def _beside(work: Work[str], drafts: Sequence[SceneDraft]) -> Work[str]:
    """A Work during which the script is what it was before."""
    try:
        while True:
            yield replace(next(work), so_far=_shown(drafts))
    except StopIteration as end:
        value: str = end.value
        return value
    finally:
        work.close()


def _shown(drafts: Sequence[SceneDraft]) -> Sequence[Mapping[str, str]]:
    """Scenes for whoever reads along."""
    return [{"text": draft.text, "visual_query": draft.visual_query} for draft in drafts]


def _keep_reply(studio: Studio, project_id: str, reply: str) -> None:
    """Keep what the model wrote as it came, for whoever wants to know."""
    with studio.store.session() as session:
        get_row(session, Project, project_id).script_json = reply


def _seed() -> int:
    """A fresh seed, so that asking again brings something new."""
    return secrets.randbelow(2**31)
