"""The Script tab: every scene's words and what it should show, edited in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from aivideo import script
from aivideo.api_files import media_address
from aivideo.api_types import SceneInput
from aivideo.projects import SceneView
from aivideo.ui.look import page_file
from aivideo.ui.page import EACH, PRIVATE, Page, Snapshot, guarded, read

WRITING: Final = ("write_script", "make_video")
"""The kinds of jobs that write a script."""

SAVE_FAILED_JS: Final = "() => document.dispatchEvent(new Event('aiv:save-failed'))"


@dataclass(frozen=True)
class Saved:
    """What the editor sends: the whole script as it stands, and a token to know the answer by."""

    token: str
    project_id: str
    scenes: list[SceneInput]


def build_script_tab(page: Page) -> None:
    """Lay out the tab and wire it."""
    editor = gr.HTML(
        None,
        html_template='<div class="editor"></div>',
        js_on_load=page_file("editor.js"),
        apply_default_css=False,
    )
    speak = gr.Button("Speak the scenes, to hear them now", interactive=False)

    def save(event: gr.EventData) -> tuple[dict[str, Any], str]:
        sent = read(event, Saved)
        script.save_script(page.studio, sent.project_id, [each.draft() for each in sent.scenes])
        value = _script(page.snapshot(sent.project_id))
        return {**value, "saved": sent.token}, page.look(sent.project_id)

    editor.save(guarded(save), None, [editor, page.mark], **EACH).failure(
        None, js=SAVE_FAILED_JS, **PRIVATE
    )
    page.act(speak.click, lambda project_id: page.jobs.start("speak", project_id))
    page.follow([editor], sees=_script, show=lambda snapshot: [_script(snapshot)])
    page.follow(
        [speak],
        sees=lambda snapshot: bool(snapshot.project.scenes),
        show=lambda snapshot: [gr.Button(interactive=bool(snapshot.project.scenes))],
    )


def _script(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "project_id": snapshot.project_id,
        "scenes": [_scene(snapshot, scene) for scene in snapshot.project.scenes],
        "limit": script.TEXT_LIMIT,
        "most": script.SCENES_LIMIT,
        "saved": "",
        "writing": any(not job.finished and job.kind in WRITING for job in snapshot.jobs),
    }


def _scene(snapshot: Snapshot, scene: SceneView) -> dict[str, Any]:
    return {
        "scene_id": scene.scene_id,
        "text": scene.text,
        "visual_query": scene.visual_query,
        "pause_seconds": scene.pause_seconds,
        "voice_id": scene.voice_id,
        "level_db": scene.level_db,
        "audio": media_address(snapshot.studio.workspace, scene.audio_path),
        "seconds": scene.audio_seconds,
        "error": (scene.error or {}).get("message", ""),
    }
