"""The Voice tab: listen, choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

import gradio as gr

from aivideo import projects, voiceover
from aivideo.engines.lexicon import as_lines, read_lines
from aivideo.engines.speech import FASTEST, SLOWEST
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
    odd = gr.HTML(elem_classes="said")
    page.follow([odd], sees=_warnings, show=lambda snapshot: [note(" ".join(_warnings(snapshot)))])
    page.follow([picker], sees=_chosen, show=lambda snapshot: [_voices(snapshot)])
    page.receive(picker.pick, Voiced, lambda pid, sent: _choose(page, pid, sent.voice))

    def hear_one(text: str, event: gr.EventData) -> Iterator[Values]:
        yield from _preview(page, read(event, Voiced).voice, text)

    def hear_chosen(text: str, project_id: str) -> Iterator[Values]:
        project = projects.open_project(page.studio, project_id)
        yield from _preview(page, project.voice_id, text, speed=project.speed)

    picker.hear(guarded(hear_one), sentence, [sample, said], **LIVELY)
    hear.click(guarded(hear_chosen), [sentence, page.project_id], [sample, said], **LIVELY)
    _build_manner(page)


def _build_manner(page: Page) -> None:
    """How the voice speaks: its speed, a blend, the author's pronunciations."""
    with gr.Accordion("Speed, blend, pronunciation", open=False):
        with gr.Row():
            speed = gr.Number(
                1.0,
                label="Speed",
                info=f"From {SLOWEST:g} to {FASTEST:g}; 1 is natural.",
                minimum=SLOWEST,
                maximum=FASTEST,
                step=0.05,
            )
            blend = gr.Textbox(
                label="Blend of voices",
                info="Write it and press Enter; the weights add up to 1.",
                placeholder="af_heart:0.6+am_michael:0.4",
                max_lines=1,
            )
        words = gr.Textbox(
            label="How words are said",
            info="One a line: a word, =, and how it sounds or its phonemes between slashes.",
            placeholder="Kokoro = koh-KOH-roh",
            lines=3,
        )
        keep = gr.Button("Save pronunciations")
    page.follow([speed], sees=_speed, show=lambda snapshot: [_speed(snapshot)])
    page.follow([blend], sees=_blend, show=lambda snapshot: [_blend(snapshot)])
    page.follow([words], sees=_said, show=lambda snapshot: [as_lines(_said(snapshot))])
    left = partial(gr.on, [speed.submit, speed.blur])
    page.act(left, lambda pid, value: _quicken(page, pid, value), [speed])
    page.act(blend.submit, lambda pid, written: _choose(page, pid, written), [blend])
    page.act(keep.click, lambda pid, text: _keep(page, pid, text), [words])


def _chosen(snapshot: Snapshot) -> str:
    return snapshot.project.voice_id


def _warnings(snapshot: Snapshot) -> list[str]:
    found = voiceover.language_warnings(snapshot.studio, snapshot.project_id)
    return [each.message for each in found]


def _speed(snapshot: Snapshot) -> float:
    return snapshot.project.speed


def _blend(snapshot: Snapshot) -> str:
    """The project's voice where the picker cannot show it."""
    voice_id = snapshot.project.voice_id
    return voice_id if "+" in voice_id else ""


def _said(snapshot: Snapshot) -> dict[str, str]:
    return voiceover.get_pronunciations(snapshot.studio, snapshot.project_id)


def _voices(snapshot: Snapshot) -> dict[str, Any]:
    voices = voiceover.list_voices(snapshot.studio)
    return {
        "voices": [asdict(voice) for voice in voices],
        "selected": snapshot.project.voice_id,
    }


def _choose(page: Page, project_id: str, voice_id: str) -> None:
    voiceover.choose_voice(page.studio, project_id, voice_id)


def _quicken(page: Page, project_id: str, speed: float) -> None:
    voiceover.choose_voice(page.studio, project_id, speed=speed)


def _keep(page: Page, project_id: str, text: str) -> None:
    voiceover.set_pronunciations(page.studio, project_id, read_lines(text))


def _preview(page: Page, voice_id: str, text: str, *, speed: float = 1.0) -> Iterator[Values]:
    work = voiceover.preview(page.studio, voice_id, text.strip() or None, speed=speed)
    sample = yield from telling(work, _news)
    yield [str(sample.path), note("")]


def _news(progress: Progress) -> Values:
    return [gr.skip(), note(f"{progress.message or 'Speaking'} {progress.fraction:.0%}")]
