"""What a model is given to read before it answers: persona, topic, facts, and the talk so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from aivideo import prompts
from aivideo.conversation.memory import beginning, trimmed, turns_of
from aivideo.conversation.personas import persona_of
from aivideo.engines.dialogue import Turn, count_tokens
from aivideo.store import Project, SystemPrompt, get_row
from aivideo.studio import Studio

MEMORY: Final = 3600
"""Tokens that a model is given in all. With the answer they fit into 4,096, the smallest memory
among the models we talk to."""
TALK: Final = 2600
"""Of them for the conversation: a small model reads about forty a second."""
FACTS: Final = 350
"""Of them for the facts that the person wants to stick to."""


@dataclass(frozen=True)
class PromptView:
    """What a model is given before the next message, exactly as it is given.

    Attributes:
        persona_id: Who talks.
        name: The same for people.
        turns: In order; the first says who the model is, what the topic and what the facts are.
        tokens: How long all of it is, about.
        left_out: How many turns of the middle of the conversation are not told any more.
    """

    persona_id: str
    name: str
    turns: tuple[Turn, ...]
    tokens: int
    left_out: int


def preview_prompt(studio: Studio, project_id: str) -> PromptView:
    """What a model is given before the next message.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        persona = persona_of(session, project)
        said = turns_of(session, project_id)
        turns = given(session, project, said)
        begun = len(list(opening(persona, project)))
        return PromptView(
            persona_id=persona.id,
            name=persona.name,
            turns=tuple(turns),
            tokens=sum(count_tokens(turn.content) for turn in turns),
            left_out=len(said) - (len(turns) - begun),
        )


def given(session: Session, project: Project, said: list[Turn]) -> list[Turn]:
    """Everything that the model is told, ``said`` being the conversation."""
    before = list(opening(persona_of(session, project), project))
    room = MEMORY - sum(count_tokens(turn.content) for turn in before)
    return [*before, *trimmed(said, min(TALK, room))]


def opening(persona: SystemPrompt, project: Project) -> Iterator[Turn]:
    """What stands before the conversation: never trimmed, and the same every time.

    The style and the example belong to the presets; a persona of one's own is told what its
    author wrote, who may well want lists.
    """
    told = [persona.prompt]
    if persona.is_preset:
        told.append(prompts.CHAT_STYLE)
    if project.topic:
        told.append(prompts.CHAT_TOPIC.format(topic=project.topic))
    if project.sources:
        told.append(prompts.CHAT_FACTS.format(facts=beginning(project.sources, FACTS)))
    yield Turn("system", "\n\n".join(told))
    if persona.is_preset:
        asked, answered = prompts.CHAT_EXAMPLE
        yield Turn("user", asked)
        yield Turn("assistant", answered)
