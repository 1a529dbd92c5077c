"""The Video tab: how it should look, the finished video, and everything that goes with it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final, get_args

import gradio as gr

from aivideo import projects
from aivideo.api_files import media_address
from aivideo.projects import Aspect
from aivideo.render import FinishedVideo
from aivideo.ui.look import download_links, empty
from aivideo.ui.page import PRIVATE, Page, Snapshot, Values
from aivideo.workspace import content_hash, save_copy

QUALITIES: Final = [("Draft, quick and small", "draft"), ("Standard", "standard"), ("High", "high")]
SHORT_CLIPS: Final = [("begins again", "loop"), ("runs slower", "slow"), ("stands still", "hold")]
RATES: Final = [24, 25, 30, 60]

OPEN_JS: Final = "() => aiv.openTab('video')"


def build_video_tab(page: Page, assemble: gr.Button) -> None:
    """Lay out the tab and wire it; ``assemble`` is the other tab's button for the same."""
    with gr.Accordion("How it should look", open=False):
        with gr.Row():
            aspect = gr.Dropdown(list(get_args(Aspect)), label="Shape", min_width=120)
            quality = gr.Dropdown(QUALITIES, value="standard", label="Quality", min_width=160)
            fps = gr.Dropdown(RATES, value=30, label="Frames a second", min_width=120)
            short = gr.Dropdown(
                SHORT_CLIPS, value="loop", label="A clip that is too short", min_width=160
            )
        with gr.Row():
            captions = gr.Checkbox(value=True, label="Burn the captions into the picture")
            music = gr.File(label="Music under the narration", file_types=["audio"], height=110)
    start = gr.Button("Assemble video", variant="primary", interactive=False)
    state = gr.HTML(empty("No video yet", ""))
    video = gr.Video(
        label="Your video", visible=False, interactive=False, height=460, elem_id="player"
    )
    links = gr.HTML()
    credit = gr.Textbox(
        label="Credits, to paste under the video",
        visible=False,
        lines=4,
        buttons=["copy"],
        elem_id="credits",
    )
    look = [captions, quality, fps, short, music]
    for button in (start, assemble):
        page.act(button.click, functools.partial(_assemble, page), look).success(
            None, js=OPEN_JS, **PRIVATE
        )
    page.act(aspect.input, functools.partial(_reshape, page), [aspect])
    page.follow(
        [aspect],
        sees=lambda snapshot: snapshot.project.aspect,
        show=lambda snapshot: [snapshot.project.aspect],
    )
    page.follow([start, state], sees=_readiness, show=_show_readiness)
    page.follow([video, links, credit], sees=_shown, show=_show_video)


def _assemble(page: Page, project_id: str, *look: Any) -> None:
    captions, quality, fps, short, music = look
    options = {
        "captions": bool(captions),
        "quality": quality,
        "fps": fps,
        "short_clip": short,
        "music": str(_kept(page, Path(music))) if music else None,
    }
    page.jobs.start("assemble", project_id, options)


def _kept(page: Page, upload: Path) -> Path:
    """An upload, under a name of ours where it stays for as long as a render may need it."""
    kept = page.studio.workspace.artifact("music", upload.suffix, sha256=content_hash(upload))
    if not kept.exists():
        save_copy(upload, kept)
    return kept


def _reshape(page: Page, project_id: str, aspect: str) -> None:
    projects.update_project(page.studio, project_id, aspect=aspect)


def _readiness(snapshot: Snapshot) -> list[object]:
    project = snapshot.project
    return [project.scene_count, project.chosen_count, snapshot.running, bool(snapshot.video)]


def _show_readiness(snapshot: Snapshot) -> Values:
    total, chosen = snapshot.project.scene_count, snapshot.project.chosen_count
    ready = 0 < total == chosen
    label = "Assemble again" if snapshot.video else "Assemble video"
    return [
        gr.Button(label, interactive=ready and not snapshot.running),
        gr.HTML(_missing(total, chosen, running=snapshot.running), visible=not snapshot.video),
    ]


def _missing(total: int, chosen: int, *, running: bool) -> str:
    if running:
        return empty("On its way", "The bar above tells how far it is; you can close this page.")
    if not total:
        return empty("No video yet", "Settle a topic and have the script written first.")
    if chosen < total:
        return empty("No video yet", f"{total - chosen} of {total} scenes still need a clip.")
    return empty("No video yet", "Every scene has a clip: assemble the video.")


def _shown(snapshot: Snapshot) -> str:
    return str(snapshot.video.path) if snapshot.video else ""


def _show_video(snapshot: Snapshot) -> Values:
    made = snapshot.video
    if made is None:
        return [gr.Video(value=None, visible=False), "", gr.Textbox(value="", visible=False)]
    return [
        gr.Video(value=str(made.path), visible=True),
        download_links(_links(snapshot, made)),
        gr.Textbox(value=made.credits.read_text("utf-8"), visible=True),
    ]


def _links(snapshot: Snapshot, made: FinishedVideo) -> list[tuple[str, str, str]]:
    name = "".join(letter if letter.isalnum() else "-" for letter in snapshot.project.name)[:60]
    files = [
        (f"Download MP4, {made.file_size_bytes / 1e6:.1f} MB", made.path),
        ("Thumbnail", made.thumbnail),
        ("Captions SRT", made.srt),
        ("Captions VTT", made.vtt),
        ("Credits", made.credits),
    ]
    workspace = snapshot.studio.workspace
    return [
        (label, media_address(workspace, path), f"{name}{path.suffix}") for label, path in files
    ]
