"""The Idea tab: talk with a persona until the topic is settled, then have the script written."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator
from typing import Final

import gradio as gr

from aivideo import conversation, projects
from aivideo.autopilot import DEFAULT_SCENES, DEFAULT_SECONDS
from aivideo.projects import TOPIC_LIMIT
from aivideo.ui.chat import build_chat
from aivideo.ui.look import UNNAMED, note
from aivideo.ui.models import build_pull
from aivideo.ui.page import (
    IN_ORDER,
    LIVELY,
    PRIVATE,
    UNSEEN,
    Page,
    Values,
    guarded,
    telling,
)
from aivideo.ui.personas import build_personas, build_picker

COUNT_JS: Final = f"() => aiv.count('topic', 'topic-count', {TOPIC_LIMIT})"


def build_idea_tab(page: Page) -> None:
    """Lay out the tab and wire it."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320, elem_id="chat-column"):
            build_picker(page)
            build_pull(page)
            build_chat(page)
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
            proposal = _build_proposal(page, topic)
            scenes = gr.Slider(1, 40, DEFAULT_SCENES, step=1, label="Scenes")
            seconds = gr.Slider(10, 600, DEFAULT_SECONDS, step=5, label="Length in seconds, about")
            write = gr.Button("Write the script", variant="primary")
            make = gr.Button("Make the whole video for me")
    with gr.Row(equal_height=False):
        build_personas(page)
    _follow(page, topic, write)
    topic.change(None, None, None, js=COUNT_JS, **PRIVATE)
    page.act(topic.blur, functools.partial(_keep_topic, page), [topic])
    suggest.click(
        guarded(functools.partial(_suggest, page)),
        page.project_id,
        [topic, said, *proposal, page.mark],
        **LIVELY,
    )
    wanted = [topic, scenes, seconds]
    page.act(write.click, functools.partial(_write, page), wanted).success(
        None, js="() => aiv.openTab('script')", **PRIVATE
    )
    page.act(make.click, functools.partial(_make, page), wanted).success(
        None, js="() => aiv.openTab('video')", **PRIVATE
    )


def _follow(page: Page, topic: gr.Textbox, write: gr.Button) -> None:
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


def _write_label(scene_count: int) -> str:
    if not scene_count:
        return "Write the script"
    return f"Write it anew (replaces {scene_count} {'scene' if scene_count == 1 else 'scenes'})"


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


def _build_proposal(page: Page, topic: gr.Textbox) -> tuple[gr.Column, gr.Textbox]:
    """What was proposed while there is a topic already, which only its author may replace."""
    with gr.Column(visible=False, elem_id="proposal") as card:
        proposed = gr.Textbox(label="Proposed from the chat", lines=3)
        with gr.Row():
            use = gr.Button("Use this one", variant="primary", size="sm", min_width=110)
            keep = gr.Button("Keep mine", size="sm", min_width=110)

    def take(project_id: str, words: str) -> Values:
        _settle(page, project_id, words)
        return [words, gr.Column(visible=False), page.look(project_id)]

    use.click(guarded(take), [page.project_id, proposed], [topic, card, page.mark], **IN_ORDER)
    keep.click(lambda: gr.Column(visible=False), None, card, **UNSEEN)
    return card, proposed


def _suggest(page: Page, project_id: str) -> Iterator[Values]:
    hidden = gr.Column(visible=False)
    topic = yield from telling(
        conversation.suggest_topic(page.studio, project_id),
        lambda progress: [
            gr.skip(),
            note(progress.message or "Reading the chat…"),
            hidden,
            gr.skip(),
            gr.skip(),
        ],
    )
    if projects.open_project(page.studio, project_id).topic:
        yield [gr.skip(), "", gr.Column(visible=True), topic, gr.skip()]
        return
    _settle(page, project_id, topic)
    done = note("Taken from the chat. Change it as you like.")
    yield [topic, done, hidden, gr.skip(), page.look(project_id)]


def _write(page: Page, project_id: str, topic: str, scenes: float, seconds: float) -> None:
    _settle(page, project_id, topic)
    options = {"scenes": int(scenes), "seconds": float(seconds), "rewrite": True}
    page.jobs.start("write_script", project_id, options)


def _make(page: Page, project_id: str, topic: str, scenes: float, seconds: float) -> None:
    _settle(page, project_id, topic)
    page.jobs.start("make_video", project_id, {"scenes": int(scenes), "seconds": float(seconds)})
