"""The Voice tab: listen, choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import gradio as gr

from aivideo import projects, voiceover
from aivideo.progress import Progress
from aivideo.ui.look import note, page_file
from aivideo.ui.page import LIVELY, Page, Snapshot, Values, guarded, read, telling

SENTENCE_LIMIT: Final = 300


@dataclass(frozen=True)
class Voiced:
    """What the picker sends: the voice that was chosen, or that is to be heard."""

    voice: str


def build_voice_tab(page: Page) -> None:
    """Lay out the tab and wire it."""
    with gr.Row(equal_height=True):
        with gr.Column(scale=3, min_width=280):
            sentence = gr.Textbox(
                label="A sentence to hear",
                info="Leave it empty for the usual sample.",
                placeholder="This is how your video will sound.",
                lines=2,
            )
            hear = gr.Button("Hear the chosen voice")
            said = gr.HTML(elem_classes="said")
        with gr.Column(scale=2, min_width=280):
            sample = gr.Audio(
                label="Sample",
                interactive=False,
                autoplay=True,
                buttons=["download"],
                type="filepath",
            )
    picker = gr.HTML(
        None,
        html_template='<div class="voices"></div>',
        js_on_load=page_file("voices.js"),
        apply_default_css=False,
    )
    page.follow([picker], sees=_chosen, show=lambda snapshot: [_voices(snapshot)])
    page.receive(picker.pick, Voiced, lambda pid, sent: _choose(page, pid, sent.voice))

    def hear_one(text: str, event: gr.EventData) -> Iterator[Values]:
        yield from _preview(page, read(event, Voiced).voice, text)

    def hear_chosen(text: str, project_id: str) -> Iterator[Values]:
        chosen = projects.open_project(page.studio, project_id).voice_id
        yield from _preview(page, chosen, text)

    picker.hear(guarded(hear_one), sentence, [sample, said], **LIVELY)
    hear.click(guarded(hear_chosen), [sentence, page.project_id], [sample, said], **LIVELY)


def _chosen(snapshot: Snapshot) -> str:
    return snapshot.project.voice_id


def _voices(snapshot: Snapshot) -> dict[str, Any]:
    voices = voiceover.list_voices(snapshot.studio)
    return {
        "voices": [asdict(voice) for voice in voices],
        "selected": snapshot.project.voice_id,
    }


def _choose(page: Page, project_id: str, voice_id: str) -> None:
    voiceover.choose_voice(page.studio, project_id, voice_id)


def _preview(page: Page, voice_id: str, text: str) -> Iterator[Values]:
    work = voiceover.preview(page.studio, voice_id, text.strip() or None)
    sample = yield from telling(work, _news)
    yield [str(sample.path), note("")]


def _news(progress: Progress) -> Values:
    return [gr.skip(), note(f"{progress.message or 'Speaking'} {progress.fraction:.0%}")]
