"""The personas: who the model is while it talks about an idea, and how it has a script told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from aivideo import prompts
from aivideo.conversation.memory import beginning
from aivideo.errors import NotFound, PersonaInvalid, PersonaIsDefault, PersonaNotPreset
from aivideo.store import LOCAL_OWNER, Project, SystemPrompt, get_row
from aivideo.studio import Studio

NAME_LIMIT: Final = 80
PROMPT_LIMIT: Final = 3000
MANNER: Final = 90
"""Tokens of a persona's own words that a script is told by."""
PRESETS: Final = {persona.id: persona for persona in prompts.PERSONAS}


@dataclass(frozen=True)
class PersonaView:
    """A persona as pages and programs see it.

    Attributes:
        is_edited: A preset that does not have the words any more that it came with.
        is_default: Projects without a persona of their own talk with it.
        projects: How many projects have chosen it.
    """

    persona_id: str
    name: str
    prompt: str
    description: str
    is_preset: bool
    is_edited: bool
    is_default: bool
    projects: int


def list_personas(studio: Studio) -> list[PersonaView]:
    """Every persona, the default first, then by name."""
    return _listed(studio, removed=False)


def removed_presets(studio: Studio) -> list[PersonaView]:
    """The presets that were removed and can be restored, by name."""
    return _listed(studio, removed=True)


def create_persona(studio: Studio, name: str, prompt: str) -> PersonaView:
    """Add a persona; the model is told its prompt and nothing else.

    Raises:
        PersonaInvalid: Name or prompt is empty or too long.
    """
    persona = SystemPrompt(name=_valid_name(name), prompt=_valid_prompt(prompt))
    with studio.store.session() as session:
        session.add(persona)
        session.flush()
        return _view(session, persona)


def copy_persona(studio: Studio, persona_id: str) -> PersonaView:
    """Make a persona of one's own out of another one; it talks alike.

    Raises:
        NotFound: There is no such persona.
    """
    with studio.store.session() as session:
        original = find_persona(session, persona_id)
        style = f"\n\n{prompts.CHAT_STYLE}" if original.is_preset else ""
        copy = SystemPrompt(
            name=_free_name(session, original.name),
            prompt=original.prompt[: PROMPT_LIMIT - len(style)] + style,
            description=original.description,
        )
        session.add(copy)
        session.flush()
        return _view(session, copy)


def update_persona(
    studio: Studio,
    persona_id: str,
    *,
    name: str | None = None,
    prompt: str | None = None,
    is_default: bool | None = None,
) -> PersonaView:
    """Change what is given; None leaves it as it is. Presets may be changed too.

    ``is_default`` makes it the default persona instead of the one that is; there is always
    one, so False changes nothing.

    Raises:
        NotFound: There is no such persona.
        PersonaInvalid: Name or prompt is empty or too long.
    """
    with studio.store.session() as session:
        persona = find_persona(session, persona_id)
        if name is not None:
            persona.name = _valid_name(name)
        if prompt is not None:
            persona.prompt = _valid_prompt(prompt)
        if is_default:
            for other in session.scalars(select(SystemPrompt).where(SystemPrompt.is_default)):
                other.is_default = False
            persona.is_default = True
        session.flush()
        return _view(session, persona)


def restore_persona(studio: Studio, persona_id: str) -> PersonaView:
    """Give a preset back the name and the words that it came with, and bring a removed one back.

    Raises:
        NotFound: There is no such persona.
        PersonaNotPreset: It is one of the person's own.
    """
    with studio.store.session() as session:
        persona = get_row(session, SystemPrompt, persona_id)
        preset = PRESETS.get(persona_id)
        if preset is None:
            raise PersonaNotPreset(persona.name)
        persona.name, persona.prompt = preset.name, preset.prompt
        persona.description, persona.removed = preset.description, False
        session.flush()
        return _view(session, persona)


def remove_persona(studio: Studio, persona_id: str) -> int:
    """Remove a persona; return how many projects used it and go on with the default one.

    Raises:
        NotFound: There is no such persona.
        PersonaIsDefault: Projects without one of their own talk with it.
    """
    with studio.store.session() as session:
        persona = find_persona(session, persona_id)
        if persona.is_default:
            raise PersonaIsDefault(persona.name)
        users = _users(session, persona_id)
        back = {"system_prompt_id": None, "last_active": Project.last_active}
        session.execute(update(Project).where(Project.system_prompt_id == persona_id).values(back))
        if persona.is_preset:
            persona.removed = True
        else:
            session.delete(persona)
        return users


def find_persona(session: Session, persona_id: str) -> SystemPrompt:
    """A persona that can be talked with.

    Raises:
        NotFound: There is none with this id, or it was removed.
    """
    persona = get_row(session, SystemPrompt, persona_id)
    if persona.removed:
        raise NotFound("system prompt", persona_id)
    return persona


def persona_of(session: Session, project: Project) -> SystemPrompt:
    """The persona that a project talks with: its own, else the default one."""
    if project.system_prompt_id:
        return get_row(session, SystemPrompt, project.system_prompt_id)
    return session.scalars(
        select(SystemPrompt).where(
            SystemPrompt.owner_id == LOCAL_OWNER, SystemPrompt.is_default.is_(True)
        )
    ).one()


def persona_in(studio: Studio, project_id: str) -> PersonaView:
    """Who talks in a project.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        return _view(session, persona_of(session, get_row(session, Project, project_id)))


def manner_of(session: Session, project: Project) -> str:
    """How the project's persona has a script told, ready for a prompt; the first preset has none.

    A persona whose words a person wrote is told by those words.
    """
    persona = persona_of(session, project)
    preset = PRESETS.get(persona.id)
    if preset is not None and persona.prompt == preset.prompt:
        return preset.manner
    return beginning(persona.prompt, MANNER)


def _listed(studio: Studio, *, removed: bool) -> list[PersonaView]:
    with studio.store.session() as session:
        rows = session.scalars(
            select(SystemPrompt)
            .where(SystemPrompt.owner_id == LOCAL_OWNER, SystemPrompt.removed.is_(removed))
            .order_by(SystemPrompt.is_default.desc(), func.lower(SystemPrompt.name))
        )
        return [_view(session, row) for row in rows]


def _view(session: Session, row: SystemPrompt) -> PersonaView:
    preset = PRESETS.get(row.id)
    return PersonaView(
        persona_id=row.id,
        name=row.name,
        prompt=row.prompt,
        description=row.description,
        is_preset=row.is_preset,
        is_edited=preset is not None and (row.name, row.prompt) != (preset.name, preset.prompt),
        is_default=row.is_default,
        projects=_users(session, row.id),
    )


def _users(session: Session, persona_id: str) -> int:
    chosen = select(func.count()).where(Project.system_prompt_id == persona_id)
    return session.scalar(chosen) or 0


def _free_name(session: Session, name: str) -> str:
    """The name with the first number behind it that no persona has yet."""
    taken = set(session.scalars(select(SystemPrompt.name)))
    stem = name[: NAME_LIMIT - 8].strip()
    number = 2
    while f"{stem} {number}" in taken:
        number += 1
    return f"{stem} {number}"


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
