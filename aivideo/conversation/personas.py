"""The personas: who the model is while it talks about an idea."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo import prompts
from aivideo.engines.dialogue import Turn
from aivideo.errors import PersonaInvalid, PersonaIsPreset
from aivideo.store import LOCAL_OWNER, Project, SystemPrompt, get_row
from aivideo.studio import Studio

NAME_LIMIT: Final = 80
PROMPT_LIMIT: Final = 3000


@dataclass(frozen=True)
class PersonaView:
    """A persona as pages and programs see it."""

    persona_id: str
    name: str
    prompt: str
    description: str
    is_preset: bool
    is_default: bool


def list_personas(studio: Studio) -> list[PersonaView]:
    """Every persona, the default first, then by name."""
    with studio.store.session() as session:
        rows = session.scalars(
            select(SystemPrompt)
            .where(SystemPrompt.owner_id == LOCAL_OWNER)
            .order_by(SystemPrompt.is_default.desc(), SystemPrompt.name)
        )
        return [_view_persona(row) for row in rows]


def create_persona(studio: Studio, name: str, prompt: str) -> PersonaView:
    """Add a persona; the model is told its prompt and nothing else.

    Raises:
        PersonaInvalid: Name or prompt is empty or too long.
    """
    persona = SystemPrompt(name=_valid_name(name), prompt=_valid_prompt(prompt))
    with studio.store.session() as session:
        session.add(persona)
        session.flush()
        return _view_persona(persona)


def update_persona(
    studio: Studio, persona_id: str, *, name: str | None = None, prompt: str | None = None
) -> PersonaView:
    """Change what is given; None leaves it as it is. Presets may be changed too.

    Raises:
        NotFound: There is no such persona.
        PersonaInvalid: Name or prompt is empty or too long.
    """
    with studio.store.session() as session:
        persona = get_row(session, SystemPrompt, persona_id)
        if name is not None:
            persona.name = _valid_name(name)
        if prompt is not None:
            persona.prompt = _valid_prompt(prompt)
        session.flush()
        return _view_persona(persona)


def remove_persona(studio: Studio, persona_id: str) -> None:
    """Remove a persona; projects that used it go on with the default one.

    Raises:
        NotFound: There is no such persona.
        PersonaIsPreset: It comes with the app.
    """
    with studio.store.session() as session:
        persona = get_row(session, SystemPrompt, persona_id)
        if persona.is_preset:
            raise PersonaIsPreset(persona.name)
        session.delete(persona)


def opening(persona: SystemPrompt, topic: str | None) -> Iterator[Turn]:
    """What stands before the conversation: never trimmed, and the same every time.

    The style and the example belong to the presets; a persona of one's own is told what its
    author wrote, who may well want lists.
    """
    told = [persona.prompt]
    if persona.is_preset:
        told.append(prompts.CHAT_STYLE)
    if topic:
        told.append(prompts.CHAT_TOPIC.format(topic=topic))
    yield Turn("system", "\n\n".join(told))
    if persona.is_preset:
        asked, answered = prompts.CHAT_EXAMPLE
        yield Turn("user", asked)
        yield Turn("assistant", answered)


def persona_of(session: Session, project: Project) -> SystemPrompt:
    """The persona that a project talks with: its own, else the default one."""
    chosen = project.system_prompt_id or prompts.DEFAULT_PERSONA
    return get_row(session, SystemPrompt, chosen)


def _view_persona(row: SystemPrompt) -> PersonaView:
    return PersonaView(
        persona_id=row.id,
        name=row.name,
        prompt=row.prompt,
        description=row.description,
        is_preset=row.is_preset,
        is_default=row.is_default,
    )


def _valid_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise PersonaInvalid("name", len(name), NAME_LIMIT)
    return name


def _valid_prompt(prompt: str) -> str:
    prompt = prompt.strip()
    if not 1 <= len(prompt) <= PROMPT_LIMIT:
        raise PersonaInvalid("prompt", len(prompt), PROMPT_LIMIT)
    return prompt
