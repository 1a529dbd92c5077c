"""How the video is to look: chosen on the Video tab, remembered with the project."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gradio as gr

from aivideo import autopilot, captions, projects
from aivideo.api_files import keep_upload
from aivideo.captions.style import APPEARANCES
from aivideo.errors import BadArgument
from aivideo.projects import ProjectView
from aivideo.render import Look
from aivideo.ui.look import page_file, safe
from aivideo.ui.page import PRIVATE, Page, Snapshot, Values

FAILED_JS: Final = "() => document.dispatchEvent(new Event('aiv:options-failed'))"

MUSIC: Final = ("music", "music_name")
"""Where the look keeps its music: our copy of the file, and what the person calls it."""


@dataclass(frozen=True)
class Chosen:
    """What the panel sends: an option and what it is to be."""

    name: str
    value: bool | int | float | str


def build_options(page: Page) -> None:
    """Lay out the panel and wire it; every change is saved at once."""
    panel = gr.HTML(
        None,
        html_template='<div class="options"></div>',
        js_on_load=page_file("options.js"),
        apply_default_css=False,
    )
    with gr.Row(elem_id="music-row"):
        music = gr.HTML()
        add = gr.UploadButton("Add music", file_types=["audio"], size="sm", min_width=110)
        remove = gr.Button("Remove", size="sm", visible=False, min_width=90)
    page.follow([panel], sees=_panel, show=lambda snapshot: [_panel(snapshot)])
    page.follow([music, remove], sees=_music, show=_show_music)
    page.receive(panel.choose, Chosen, functools.partial(_choose, page)).failure(
        None, js=FAILED_JS, **PRIVATE
    )
    page.act(add.upload, functools.partial(_add_music, page), [add])
    page.act(remove.click, lambda project_id: _add_music(page, project_id, None))


def options_of(project: ProjectView) -> dict[str, Any]:
    """Every option of a project's look as a job takes it, those never chosen at their default.

    Music whose file is gone is none.
    """
    chosen = {name: value for name, value in project.look.items() if value is not None}
    if not Path(chosen.get("music", "")).is_file():
        chosen = {name: value for name, value in chosen.items() if name not in MUSIC}
    return {**DEFAULTS, **chosen}


def _defaults() -> dict[str, Any]:
    look = Look()
    names = ("quality", "fps", "short_clip", "transition", "transition_seconds", "captions")
    style = {name: getattr(look.style, part) for name, part in autopilot.STYLE_OPTIONS.items()}
    return {name: getattr(look, name) for name in names} | style


DEFAULTS: Final = _defaults()


def _choose(page: Page, project_id: str, sent: Chosen) -> None:
    """Save an option, unless no video could be made with it."""
    if sent.name == "aspect":
        projects.update_project(page.studio, project_id, aspect=str(sent.value))
        return
    if sent.name not in DEFAULTS:
        raise BadArgument("name", f"there is no option {sent.name!r}")
    project = projects.open_project(page.studio, project_id)
    wanted = {**project.look, sent.name: sent.value}
    autopilot.look_from({**options_of(project), sent.name: sent.value}, aspect=project.aspect)
    projects.update_project(page.studio, project_id, look=wanted)


def _add_music(page: Page, project_id: str, upload: str | None) -> None:
    """Lay a sound file under the narration; without one, lay none."""
    project = projects.open_project(page.studio, project_id)
    look = {name: value for name, value in project.look.items() if name not in MUSIC}
    if upload is not None:
        kept = keep_upload(page.studio.workspace, Path(upload))
        look |= {"music": str(kept), "music_name": Path(upload).name}
    projects.update_project(page.studio, project_id, look=look)


def _panel(snapshot: Snapshot) -> dict[str, Any]:
    project = snapshot.project
    options = {name: value for name, value in options_of(project).items() if name not in MUSIC}
    return {
        "project_id": project.project_id,
        "chosen": {"aspect": project.aspect, **options},
        "fonts": list(captions.FONT_NAMES),
        "styles": {name: style.lit for name, style in APPEARANCES.items()},
    }


def _music(snapshot: Snapshot) -> str:
    options = options_of(snapshot.project)
    return str(options.get("music_name", "a file")) if options.get("music") else ""


def _show_music(snapshot: Snapshot) -> Values:
    name = _music(snapshot)
    said = f"<b>Music</b> {safe(name)}" if name else "<b>Music</b> none"
    return [f'<p class="music">{said}</p>', gr.Button(visible=bool(name))]
