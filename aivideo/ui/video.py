"""The Video tab: the cut as it stands, how it should look, and the finished video."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import gradio as gr

from aivideo import render
from aivideo.api_files import media_address
from aivideo.export import block_of
from aivideo.render import FinishedVideo
from aivideo.ui.look import download_links, film_screen, note, page_file
from aivideo.ui.options import build_options, options_of
from aivideo.ui.page import LIVELY, PRIVATE, Page, Snapshot, Values, guarded
from aivideo.ui.player import cut_value, prepare

OPEN_JS: Final = "() => aiv.openTab('video')"


def build_video_tab(page: Page, assemble: gr.Button, plan_key: gr.Textbox) -> None:
    """Lay out the tab and wire it.

    Args:
        page: The page.
        assemble: The other tab's button for the same.
        plan_key: Hidden; changes whenever a render would do something else.
    """
    with gr.Row(elem_id="cutting-room"):
        with gr.Column(scale=3, min_width=300, elem_id="watching"):
            film = gr.HTML(visible=False)
            player = gr.HTML(
                None,
                html_template='<div class="quicklook" tabindex="0"></div>',
                js_on_load=page_file("quicklook.js"),
                apply_default_css=False,
            )
        with gr.Column(scale=2, min_width=300, elem_id="making"):
            start = gr.Button("Assemble video", variant="primary", interactive=False)
            said = gr.HTML(elem_classes="said", elem_id="render-plan")
            build_options(page)
    credit = gr.Textbox(
        label="Credits, to paste under the video",
        visible=False,
        lines=4,
        buttons=["copy"],
        elem_id="credits",
    )
    for button in (start, assemble):
        page.act(button.click, functools.partial(_assemble, page)).success(
            None, js=OPEN_JS, **PRIVATE
        )
    page.act(player.prepare, functools.partial(prepare, page))
    page.follow([player], sees=cut_value, show=lambda snapshot: [cut_value(snapshot)])
    page.follow([start], sees=_readiness, show=_show_readiness)
    page.follow([film, credit], sees=_shown, show=_show_video)
    page.follow([plan_key], sees=_plan_key, show=lambda snapshot: [_plan_key(snapshot)])
    # Planning looks into every clip: the page does not wait for it.
    plan_key.change(
        guarded(lambda project_id: _told(page.snapshot(project_id))),
        page.project_id,
        said,
        **{**LIVELY, "concurrency_limit": 1, "trigger_mode": "always_last"},
    )


def _told(snapshot: Snapshot) -> str:
    return "".join(map(note, plan_sentences(snapshot)))


def plan_sentences(snapshot: Snapshot) -> Sequence[str]:
    """What assembling would do now and what to know of the result, or what it still takes."""
    if missing := _still_missing(snapshot):
        return [missing]
    plan = render.plan_render(snapshot.studio, snapshot.project_id, snapshot.look)
    return [plan.sentence, *plan.warnings]


def _still_missing(snapshot: Snapshot) -> str:
    project = snapshot.project
    total, chosen = project.scene_count, project.chosen_count
    if snapshot.running:
        return "On its way: the bar above tells how far it is. You can close this page."
    if not total:
        return "Settle a topic and have the script written first."
    if chosen < total:
        return f"{total - chosen} of {total} scenes still need a clip."
    unspoken = total - project.spoken_count
    if unspoken:
        return f"{unspoken} of {total} scenes will be spoken first, then filmed."
    return ""


def _assemble(page: Page, project_id: str) -> None:
    options = options_of(page.snapshot(project_id).project)
    page.jobs.start("assemble", project_id, options)


def _readiness(snapshot: Snapshot) -> list[object]:
    project = snapshot.project
    return [project.scene_count, project.chosen_count, snapshot.running, bool(snapshot.video)]


def _show_readiness(snapshot: Snapshot) -> Values:
    total, chosen = snapshot.project.scene_count, snapshot.project.chosen_count
    label = "Assemble again" if snapshot.video else "Assemble video"
    return [gr.Button(label, interactive=0 < total == chosen and not snapshot.running)]


def _plan_key(snapshot: Snapshot) -> str:
    """Another text whenever a render would do something else."""
    project = snapshot.project
    what = [project.scenes, project.look, project.aspect, _shown(snapshot), snapshot.running]
    return repr(what)


def _shown(snapshot: Snapshot) -> list[str]:
    return [video.video_id for video in (snapshot.preview, snapshot.video) if video]


def _show_video(snapshot: Snapshot) -> Values:
    made, preview = snapshot.video, snapshot.preview
    shown = "".join(
        [
            _screen(snapshot, preview, "Preview, 480 lines", "Download preview") if preview else "",
            _screen(snapshot, made, "Your video", "Download MP4") if made else "",
        ]
    )
    latest = made or preview
    credit = block_of(latest.credits.read_text("utf-8")) if latest else ""
    return [
        gr.HTML(shown, visible=bool(shown)),
        gr.Textbox(value=credit, visible=bool(credit)),
    ]


def _screen(snapshot: Snapshot, made: FinishedVideo, title: str, download: str) -> str:
    """A finished video with its poster, and links to all that goes with it."""
    workspace = snapshot.studio.workspace
    # The same name may be rendered again: its address has to be another one then.
    fresh = f"?v={made.video_id[:8]}"
    video, poster, words = (
        f"{media_address(workspace, path)}{fresh}" for path in (made.path, made.thumbnail, made.vtt)
    )
    return film_screen(title, video, poster, words) + download_links(
        _links(snapshot, made, download)
    )


def _links(snapshot: Snapshot, made: FinishedVideo, download: str) -> list[tuple[str, str, str]]:
    name = "".join(letter if letter.isalnum() else "-" for letter in snapshot.project.name)[:60]
    files = [
        (f"{download}, {made.file_size_bytes / 1e6:.1f} MB", made.path),
        ("Thumbnail", made.thumbnail),
        ("Captions SRT", made.srt),
        ("Captions VTT", made.vtt),
        ("Captions ASS", made.ass),
        ("Credits", made.credits),
    ]
    workspace = snapshot.studio.workspace
    return [
        (label, media_address(workspace, path), f"{name}{path.suffix}") for label, path in files
    ]
