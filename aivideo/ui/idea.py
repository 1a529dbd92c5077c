"""The Idea tab: talk with a persona until the topic is settled, then have the script written."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import gradio as gr

from aivideo import conversation, projects
from aivideo.autopilot import DEFAULT_SCENES, DEFAULT_SECONDS
from aivideo.conversation import MessageView
from aivideo.projects import TOPIC_LIMIT
from aivideo.ui.look import UNNAMED, note
from aivideo.ui.page import LIVELY, PRIVATE, Page, Snapshot, Values, guarded, telling
from aivideo.ui.personas import build_personas, persona_of

WELCOME: Final = (
    "### What should the video be about?\n"
    "Say a rough idea. The persona asks, suggests and sharpens it until it is one topic."
)
COUNT_JS: Final = f"() => aiv.count('topic', 'topic-count', {TOPIC_LIMIT})"


def build_idea_tab(page: Page) -> None:
    """Lay out the tab and wire it."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320, elem_id="chat-column"):
            persona = gr.Dropdown(label="Persona", choices=[], interactive=True)
            _build_chat(page, persona)
            build_personas(page)
        with gr.Column(scale=2, min_width=280):
            topic = gr.Textbox(
                label="Topic of the video",
                info="One or two sentences. The script is written from it.",
                placeholder="How bees make honey, told through one bee's working day",
                lines=4,
                elem_id="topic",
            )
            gr.HTML(
                '<div id="topic-count" class="counter"></div>',
                js_on_load=f"({COUNT_JS})()",
                elem_classes="said",
            )
            suggest = gr.Button("Take the topic from the chat")
            said = gr.HTML(elem_classes="said")
            scenes = gr.Slider(1, 40, DEFAULT_SCENES, step=1, label="Scenes")
            seconds = gr.Slider(10, 600, DEFAULT_SECONDS, step=5, label="Length in seconds, about")
            write = gr.Button("Write the script", variant="primary")
            make = gr.Button("Make the whole video for me")
    _follow(page, persona, topic, write)
    topic.change(None, None, None, js=COUNT_JS, **PRIVATE)
    page.act(topic.blur, functools.partial(_keep_topic, page), [topic])
    page.act(persona.input, functools.partial(_choose_persona, page), [persona])
    suggest.click(
        guarded(functools.partial(_suggest, page)),
        page.project_id,
        [topic, said, page.mark],
        **LIVELY,
    )
    wanted = [topic, scenes, seconds]
    page.act(write.click, functools.partial(_write, page), wanted).success(
        None, js="() => aiv.openTab('script')", **PRIVATE
    )
    page.act(make.click, functools.partial(_make, page), wanted).success(
        None, js="() => aiv.openTab('video')", **PRIVATE
    )


def _build_chat(page: Page, persona: gr.Dropdown) -> None:
    def talk(message: str, _history: Any, project_id: str, persona_id: str) -> Iterator[Any]:
        replies = conversation.talk(page.studio, project_id, message, persona_id=persona_id)
        with closing(replies):
            for reply in replies:
                said = reply.text or (f"*{reply.notice}*" if reply.notice else "…")
                yield _bubble("assistant", said, reply.message_id)

    chat = gr.ChatInterface(
        guarded(talk),
        title="",
        additional_inputs=[page.project_id, persona],
        api_visibility="private",
        fill_height=False,
        concurrency_limit=4,
        chatbot=gr.Chatbot(
            label="Conversation",
            show_label=False,
            height=480,
            buttons=["copy"],
            layout="bubble",
            allow_tags=False,
            elem_classes="chatbot",
            placeholder=WELCOME,
        ),
        textbox=gr.Textbox(
            placeholder="Say an idea…",
            label="Message",
            show_label=False,
            submit_btn="Send",
            stop_btn="Stop",
            autofocus=False,
        ),
    )
    page.follow([chat.chatbot_value], sees=_heard, show=_show_chat)


def _follow(page: Page, persona: gr.Dropdown, topic: gr.Textbox, write: gr.Button) -> None:
    page.follow([persona], sees=_personas, show=_show_personas)
    page.follow(
        [topic],
        sees=lambda snapshot: snapshot.project.topic,
        show=lambda snapshot: [snapshot.project.topic or ""],
    )
    page.follow(
        [write],
        sees=lambda snapshot: snapshot.project.scene_count,
        show=lambda snapshot: [gr.Button(_write_label(snapshot.project.scene_count))],
    )


def _personas(snapshot: Snapshot) -> tuple[str, list[tuple[str, str]]]:
    listed = conversation.list_personas(snapshot.studio)
    return persona_of(snapshot).persona_id, [(each.name, each.persona_id) for each in listed]


def _show_personas(snapshot: Snapshot) -> Values:
    chosen, choices = _personas(snapshot)
    return [gr.Dropdown(choices=choices, value=chosen)]


def _write_label(scene_count: int) -> str:
    if not scene_count:
        return "Write the script"
    return f"Write it anew (replaces {scene_count} {'scene' if scene_count == 1 else 'scenes'})"


def _heard(snapshot: Snapshot) -> list[str]:
    """Up to the last answer: while one is being spoken, the chat is left to its own stream."""
    ids = [message.message_id for message in snapshot.messages]
    answers = [at for at, message in enumerate(snapshot.messages) if message.role == "assistant"]
    return ids[: answers[-1] + 1] if answers else []


def _show_chat(snapshot: Snapshot) -> Values:
    return [[_message(message) for message in snapshot.messages if message.role != "system"]]


def _message(message: MessageView) -> dict[str, Any]:
    stopped = "\n\n*(stopped here)*" if message.interrupted else ""
    return _bubble(message.role, message.content + stopped, message.message_id)


def _bubble(role: str, text: str, message_id: str) -> dict[str, Any]:
    """A message; Markdown is welcome in it, HTML is shown as it was written."""
    text = text.replace("<", "&lt;")
    return {"role": role, "content": text, "metadata": {"id": message_id}}


def _keep_topic(page: Page, project_id: str, topic: str) -> None:
    """Settle what was typed; an empty or overfull box waits, and its counter says why."""
    topic = topic.strip()
    known = projects.open_project(page.studio, project_id).topic
    if 1 <= len(topic) <= TOPIC_LIMIT and topic != known:
        _settle(page, project_id, topic)


def _settle(page: Page, project_id: str, topic: str) -> None:
    """Make it the project's topic, and its name as long as nobody gave it one."""
    project = conversation.settle_topic(page.studio, project_id, topic)
    if project.name == UNNAMED and project.topic:
        name = textwrap.shorten(project.topic, 60, placeholder="…")
        projects.update_project(page.studio, project_id, name=name)


def _choose_persona(page: Page, project_id: str, persona_id: str) -> None:
    projects.update_project(page.studio, project_id, system_prompt_id=persona_id)


def _suggest(page: Page, project_id: str) -> Iterator[Values]:
    topic = yield from telling(
        conversation.suggest_topic(page.studio, project_id),
        lambda progress: [gr.skip(), note(progress.message or "Reading the chat…"), gr.skip()],
    )
    _settle(page, project_id, topic)
    yield [topic, note("Taken from the chat. Change it as you like."), page.look(project_id)]


def _write(page: Page, project_id: str, topic: str, scenes: float, seconds: float) -> None:
    _settle(page, project_id, topic)
    options = {"scenes": int(scenes), "seconds": float(seconds), "rewrite": True}
    page.jobs.start("write_script", project_id, options)


def _make(page: Page, project_id: str, topic: str, scenes: float, seconds: float) -> None:
    _settle(page, project_id, topic)
    page.jobs.start("make_video", project_id, {"scenes": int(scenes), "seconds": float(seconds)})
