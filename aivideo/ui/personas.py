"""The personas, on the Idea tab: change the one that talks, add one's own."""

from __future__ import annotations

import functools

import gradio as gr

from aivideo import conversation, projects
from aivideo.conversation import PersonaView
from aivideo.ui.page import Page, Snapshot


def build_personas(page: Page) -> None:
    """Lay out the fold and wire it."""
    with gr.Accordion("Change this persona, or write your own", open=False):
        name = gr.Textbox(label="Its name")
        prompt = gr.Textbox(label="What the model is told", lines=6, max_lines=14)
        with gr.Row():
            save = gr.Button("Save the changes", min_width=120)
            create = gr.Button("Save as a new persona", min_width=120)
            remove = gr.Button("Remove it", min_width=120)
    page.follow(
        [name, prompt],
        sees=lambda snapshot: [persona_of(snapshot).name, persona_of(snapshot).prompt],
        show=lambda snapshot: [persona_of(snapshot).name, persona_of(snapshot).prompt],
    )
    words = [name, prompt]
    page.act(save.click, functools.partial(_change, page), words)
    page.act(create.click, functools.partial(_create, page), words)
    page.act(remove.click, functools.partial(_remove, page))


def persona_of(snapshot: Snapshot) -> PersonaView:
    """Who talks in a project: its own persona, else the default one."""
    listed = {each.persona_id: each for each in conversation.list_personas(snapshot.studio)}
    default = next(each for each in listed.values() if each.is_default)
    return listed.get(snapshot.project.system_prompt_id or "", default)


def _change(page: Page, project_id: str, name: str, prompt: str) -> None:
    persona = persona_of(page.snapshot(project_id))
    conversation.update_persona(page.studio, persona.persona_id, name=name, prompt=prompt)


def _create(page: Page, project_id: str, name: str, prompt: str) -> None:
    made = conversation.create_persona(page.studio, name, prompt)
    projects.update_project(page.studio, project_id, system_prompt_id=made.persona_id)


def _remove(page: Page, project_id: str) -> None:
    persona = persona_of(page.snapshot(project_id))
    conversation.remove_persona(page.studio, persona.persona_id)
