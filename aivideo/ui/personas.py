"""The personas, on the Idea tab: who talks, its words, one's own, what the model is given."""

from __future__ import annotations

from typing import Any, Final

import gradio as gr

from aivideo import conversation, projects
from aivideo.conversation import PersonaView, PromptView
from aivideo.conversation.personas import PROMPT_LIMIT
from aivideo.ui.look import note, safe
from aivideo.ui.page import IN_ORDER, LIVELY, PRIVATE, Page, Snapshot, Values, guarded

COUNT_JS: Final = f"() => aiv.count('persona-prompt', 'persona-count', {PROMPT_LIMIT})"

SPEAKERS: Final = {"system": "Told before everything", "user": "Person", "assistant": "Model"}


def build_picker(page: Page) -> None:
    """Lay out the choice of who talks in this project, and wire it."""
    persona = gr.Dropdown(label="Persona", choices=[], interactive=True, elem_id="persona")
    page.follow([persona], sees=_choice, show=_show_choice)
    page.act(
        persona.input,
        lambda project_id, chosen: projects.update_project(
            page.studio, project_id, system_prompt_id=chosen
        ),
        [persona],
    )


def build_personas(page: Page) -> None:
    """Lay out the two folds and wire them."""
    with (
        gr.Column(scale=3, min_width=320),
        gr.Accordion("Change this persona, or write your own", open=False, elem_id="personas"),
    ):
        state = gr.HTML()
        name = gr.Textbox(label="Its name")
        prompt = gr.Textbox(
            label="What the model is told", lines=6, max_lines=14, elem_id="persona-prompt"
        )
        gr.HTML('<div id="persona-count" class="counter"></div>', elem_classes="said")
        with gr.Row(elem_classes="tools"):
            save = gr.Button("Save the changes", size="sm", min_width=130)
            create = gr.Button("Save as a new persona", size="sm", min_width=160)
            copy = gr.Button("Duplicate", size="sm", min_width=100)
            default = gr.Button("Make it the default", size="sm", min_width=140)
            restore = gr.Button("Restore its own words", size="sm", min_width=160)
            remove = gr.Button("Remove it", size="sm", min_width=100)
            sure = gr.Button("Really remove it?", variant="stop", size="sm", visible=False)
            asked = gr.Textbox(visible="hidden", label="Asked about")
        said = gr.HTML(elem_classes="said")
        with gr.Row(visible=False, elem_classes="tools") as gone:
            lost = gr.Dropdown(
                label="Removed, but not lost", choices=[], interactive=True, min_width=240
            )
            bring = gr.Button("Bring it back", size="sm", min_width=120)
    _build_preview(page)
    words = [name, prompt]
    page.follow(words, sees=_words, show=_words)
    page.follow([state, default, restore], sees=lambda it: vars(_persona(it)), show=_show_state)
    # By itself, so that nothing else that changes takes a question away that is being answered.
    page.follow([remove, sure], sees=_removal, show=_show_removal)
    page.follow([gone, lost], sees=_removed, show=_show_removed)
    prompt.change(None, None, None, js=COUNT_JS, **PRIVATE)

    def ask(project_id: str) -> Values:
        persona = conversation.persona_in(page.studio, project_id)
        really = gr.Button(_really(persona.projects), visible=True)
        return [gr.Button(visible=False), really, persona.persona_id]

    remove.click(guarded(ask), page.project_id, [remove, sure, asked], **LIVELY)

    def tells(trigger: Any, step: Any, inputs: Values = ()) -> None:
        def handler(project_id: str, *values: Any) -> Values:
            return [note(step(page, project_id, *values)), page.look(project_id)]

        outputs = [said, page.mark]
        trigger(guarded(handler), [page.project_id, *inputs], outputs, **IN_ORDER)

    tells(save.click, _change, words)
    tells(create.click, _create, words)
    tells(copy.click, _copy)
    tells(default.click, _make_default)
    tells(restore.click, _restore)
    tells(sure.click, _remove, [asked])
    tells(bring.click, _bring_back, [lost])


def _build_preview(page: Page) -> None:
    with (
        gr.Column(scale=2, min_width=280),
        gr.Accordion("What the model is given", open=False, elem_id="given"),
    ):
        given = gr.HTML(apply_default_css=False)
    page.follow([given], sees=_given, show=lambda snapshot: [preview(_given(snapshot))])


def preview(given: PromptView) -> str:
    """What a model is given before the next message, to be read."""
    left_out = (
        f" {given.left_out} turns from the middle of the conversation are left out."
        if given.left_out
        else ""
    )
    turns = "".join(
        f"<li><b>{SPEAKERS[turn.role]}</b><p>{safe(turn.content)}</p></li>" for turn in given.turns
    )
    return (
        '<p class="hint">This, word for word, and then the next message: about '
        f"{given.tokens} tokens.{left_out}</p><ol class='given'>{turns}</ol>"
    )


def _persona(snapshot: Snapshot) -> PersonaView:
    return conversation.persona_in(snapshot.studio, snapshot.project_id)


def _given(snapshot: Snapshot) -> PromptView:
    return conversation.preview_prompt(snapshot.studio, snapshot.project_id)


def _words(snapshot: Snapshot) -> list[str]:
    persona = _persona(snapshot)
    return [persona.name, persona.prompt]


def _choice(snapshot: Snapshot) -> tuple[str, str, list[tuple[str, str]]]:
    """Who is chosen, what is said of it, and who can be; the default one is nobody's choice."""
    listed = conversation.list_personas(snapshot.studio)
    default = next(each for each in listed if each.is_default)
    choices = [(f"Default: {default.name}", "")]
    choices += [(each.name, each.persona_id) for each in listed]
    persona = _persona(snapshot)
    about = persona.description or "Your own persona"
    return snapshot.project.system_prompt_id or "", about, choices


def _show_choice(snapshot: Snapshot) -> Values:
    chosen, about, choices = _choice(snapshot)
    return [gr.Dropdown(choices=choices, value=chosen, info=about)]


def _show_state(snapshot: Snapshot) -> Values:
    persona = _persona(snapshot)
    return [
        _state(persona),
        gr.Button(visible=not persona.is_default),
        gr.Button(visible=persona.is_edited),
    ]


def _removal(snapshot: Snapshot) -> tuple[str, bool, int]:
    """What decides whether and how a persona's removal is asked for."""
    persona = _persona(snapshot)
    return persona.persona_id, persona.is_default, persona.projects


def _show_removal(snapshot: Snapshot) -> Values:
    _, is_default, users = _removal(snapshot)
    return [gr.Button(visible=not is_default), gr.Button(_really(users), visible=False)]


def _state(persona: PersonaView) -> str:
    facts = [
        "Comes with the app" if persona.is_preset else "Your own",
        "edited" if persona.is_edited else "",
        "the default persona" if persona.is_default else "",
        f"chosen by {_projects(persona.projects)}" if persona.projects else "",
    ]
    return f'<p class="hint">{safe(", ".join(filter(None, facts)))}.</p>'


def _really(users: int) -> str:
    if users < 2:  # noqa: PLR2004 - this project, and no other
        return "Really remove it?"
    return f"Really remove it? {_projects(users)} use it"


def _projects(count: int) -> str:
    return "1 project" if count == 1 else f"{count} projects"


def _removed(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(each.name, each.persona_id) for each in conversation.removed_presets(snapshot.studio)]


def _show_removed(snapshot: Snapshot) -> Values:
    choices = _removed(snapshot)
    first = choices[0][1] if choices else None
    return [gr.Row(visible=bool(choices)), gr.Dropdown(choices=choices, value=first)]


def _change(page: Page, project_id: str, name: str, prompt: str) -> str:
    persona = conversation.persona_in(page.studio, project_id)
    conversation.update_persona(page.studio, persona.persona_id, name=name, prompt=prompt)
    return "Saved. It counts from the next message on."


def _create(page: Page, project_id: str, name: str, prompt: str) -> str:
    return _choose(page, project_id, conversation.create_persona(page.studio, name, prompt))


def _copy(page: Page, project_id: str) -> str:
    persona = conversation.persona_in(page.studio, project_id)
    return _choose(page, project_id, conversation.copy_persona(page.studio, persona.persona_id))


def _choose(page: Page, project_id: str, made: PersonaView) -> str:
    projects.update_project(page.studio, project_id, system_prompt_id=made.persona_id)
    return f"{made.name} talks in this project now."


def _make_default(page: Page, project_id: str) -> str:
    persona = conversation.persona_in(page.studio, project_id)
    conversation.update_persona(page.studio, persona.persona_id, is_default=True)
    return f"Projects without a persona of their own talk with {persona.name} now."


def _restore(page: Page, project_id: str) -> str:
    persona = conversation.persona_in(page.studio, project_id)
    conversation.restore_persona(page.studio, persona.persona_id)
    return "It has its own words again."


def _remove(page: Page, _project_id: str, persona_id: str) -> str:
    """Remove the persona that was asked about, whoever talks here by now."""
    personas = {each.persona_id: each for each in conversation.list_personas(page.studio)}
    users = conversation.remove_persona(page.studio, persona_id)
    default = next(each for each in personas.values() if each.is_default)
    verb = "goes" if users == 1 else "go"
    name = personas[persona_id].name
    return f"{name} is removed. {_projects(users)} {verb} on with {default.name}."


def _bring_back(page: Page, _project_id: str, persona_id: str) -> str:
    restored = conversation.restore_persona(page.studio, persona_id or "")
    return f"{restored.name} is back, with its own words."
