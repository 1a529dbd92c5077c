"""What is said to models: complete, short enough, and fillable."""

from __future__ import annotations

import string

import pytest

from aivideo import prompts
from aivideo.conversation.personas import NAME_LIMIT, PROMPT_LIMIT
from aivideo.engines.dialogue import count_tokens

TEXTS = {
    name: value
    for name, value in vars(prompts).items()
    if name.isupper() and isinstance(value, str) and name not in {"DEFAULT_PERSONA", "SCENE_JSON"}
}
"""All but an id, and but what is added to a question that was filled already."""


def test_the_four_presets_are_those_of_the_specification() -> None:
    """Their ids are rows of the database and must not change."""
    assert [persona.id for persona in prompts.PERSONAS] == [
        "creative_assistant",
        "viral_strategist",
        "educational_designer",
        "documentary_filmmaker",
    ]


def test_the_default_persona_is_a_preset() -> None:
    """A project without a persona talks with it."""
    assert prompts.DEFAULT_PERSONA in {persona.id for persona in prompts.PERSONAS}


@pytest.mark.parametrize("persona", prompts.PERSONAS, ids=lambda persona: persona.id)
def test_a_preset_keeps_the_limits_of_every_persona(persona: prompts.Persona) -> None:
    """What a person may write, a preset may too, and has to be complete."""
    assert 1 <= len(persona.name) <= NAME_LIMIT
    assert 1 <= len(persona.prompt) <= PROMPT_LIMIT
    assert persona.description


@pytest.mark.parametrize("persona", prompts.PERSONAS, ids=lambda persona: persona.id)
def test_a_preset_is_read_in_a_few_seconds(persona: prompts.Persona) -> None:
    """A small model reads forty tokens a second before its first word."""
    whole = persona.prompt + prompts.CHAT_STYLE + "".join(prompts.CHAT_EXAMPLE)
    assert count_tokens(whole) < 350


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_can_be_filled(name: str) -> None:
    """A stray brace would break the asking in front of a person."""
    fields = [field for _, field, _, _ in string.Formatter().parse(TEXTS[name]) if field]
    filled = TEXTS[name].format(**dict.fromkeys(fields, "x"))
    assert "{" not in filled or name == "CHAPTERS_ASKED"


@pytest.mark.parametrize("persona", prompts.PERSONAS, ids=lambda persona: persona.id)
def test_a_manner_is_short_and_speaks_of_no_camera(persona: prompts.Persona) -> None:
    """It goes into every script's prompt, and a small model's narrator says what it reads there."""
    assert bool(persona.manner) == (persona.id != prompts.DEFAULT_PERSONA)
    assert count_tokens(persona.manner) < 60
    assert not {"camera", "film", "picture", "shot", "video"} & set(persona.manner.lower().split())
