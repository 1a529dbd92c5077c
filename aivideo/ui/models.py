"""The offer to have Ollama fetch the model that it lacks."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import gradio as gr

from aivideo.engines.chat import lacks_model, pull_model
from aivideo.progress import Progress
from aivideo.ui.look import note
from aivideo.ui.page import LIVELY, Page, Snapshot, Values, guarded, telling


def build_pull(page: Page) -> None:
    """Lay out the offer; it is seen only while Ollama runs without the model."""
    model = page.studio.settings.ollama_model
    with gr.Row(visible=False, elem_id="pull") as offer:
        said = gr.HTML(note(f"Ollama runs, and does not have {model}."))
        fetch = gr.Button(f"Fetch {model}", size="sm", min_width=120)
    page.follow(
        [offer, said, fetch],
        sees=lacks,
        show=lambda snapshot: [
            gr.Row(visible=lacks(snapshot)),
            note(f"Ollama runs, and does not have {model}."),
            gr.Button(visible=True),
        ],
    )
    fetch.click(
        guarded(functools.partial(_fetch, page)),
        page.project_id,
        [said, fetch, page.mark],
        **LIVELY,
    )


def lacks(snapshot: Snapshot) -> bool:
    """Whether Ollama, when it was last looked at, ran and lacked only the model."""
    return lacks_model(snapshot.studio.chat_model)


def _fetch(page: Page, project_id: str) -> Iterator[Values]:
    work = pull_model(page.studio.settings, page.studio.chat_model)
    yield from telling(work, _news)
    done = note("It is there and answers from now on.")
    yield [done, gr.Button(visible=False), page.look(project_id)]


def _news(progress: Progress) -> list[Any]:
    return [note(f"{progress.message} ({progress.fraction:.0%})"), gr.skip(), gr.skip()]
