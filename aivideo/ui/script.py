"""The Script tab: every scene's words and what it should show, edited in place."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from aivideo import projects, script, voiceover
from aivideo.api_files import media_address, uploaded
from aivideo.api_types import SceneInput, plain
from aivideo.errors import EditedMeanwhile, ScriptFileUnreadable
from aivideo.projects import SOURCE_LIMIT, SceneView
from aivideo.script import Into
from aivideo.ui.look import note, page_file
from aivideo.ui.page import EACH, PRIVATE, Page, Snapshot, guarded, read

WRITING: Final = ("write_script", "make_video")
"""The kinds of jobs that write a script."""

SAVE_FAILED_JS: Final = "() => document.dispatchEvent(new Event('aiv:save-failed'))"
COUNT_JS: Final = f"() => aiv.count('sources', 'sources-count', {SOURCE_LIMIT})"
DOUBT: Final = (
    "A model writes what sounds right, and it may be wrong. Read the scenes before you have them "
    "spoken; facts that must be right belong into the sources."
)


@dataclass(frozen=True)
class Asked:
    """What everything has that the editor sends: whose, and a token to know the answer by."""

    token: str
    project_id: str


@dataclass(frozen=True)
class Saved(Asked):
    """The whole script as it stands, and the version of the one that was edited."""

    scenes: list[SceneInput]
    version: str


@dataclass(frozen=True)
class Brought(Asked):
    """A whole script from elsewhere."""

    text: str
    into: Into


@dataclass(frozen=True)
class Uploaded(Asked):
    """A file with a script, its bytes as base64."""

    name: str
    content: str


@dataclass(frozen=True)
class Restored(Asked):
    """A script that was kept."""

    version_id: str


@dataclass(frozen=True)
class Wished:
    """What is to become of a scene."""

    scene_number: int
    wish: str


@dataclass(frozen=True)
class Recorded:
    """A recording that is to tell a scene: where the upload lies, and what the person calls it."""

    scene_number: int
    path: str
    name: str


@dataclass(frozen=True)
class Unrecorded:
    """A scene whose recording is to be taken away."""

    scene_number: int


def build_script_tab(page: Page) -> None:
    """Lay out the tab and wire it."""
    gr.HTML(note(DOUBT), elem_classes="said")
    _build_sources(page)
    editor = gr.HTML(
        None,
        html_template='<div class="editor"></div>',
        js_on_load="\n".join(map(page_file, ("merging.js", "recording.js", "editor.js"))),
        apply_default_css=False,
    )
    speak = gr.Button("Speak the scenes, to hear them now", interactive=False)
    answers: dict[Any, Callable[[Page, Any], dict[str, Any]]] = {
        editor.save: _save,
        editor.bring: _bring,
        editor.restore: _restore,
        editor.upload: _upload,
        editor.reply: _reply,
    }
    for trigger, answer in answers.items():
        trigger(_answering(page, answer), None, [editor, page.mark], **EACH).failure(
            None, js=SAVE_FAILED_JS, **PRIVATE
        )
    page.receive(editor.rewrite, Wished, functools.partial(_rewrite, page)).failure(
        None, js=SAVE_FAILED_JS, **PRIVATE
    )
    for trigger, sent, step in (
        (editor.record, Recorded, _record),
        (editor.unrecord, Unrecorded, _unrecord),
    ):
        page.receive(trigger, sent, functools.partial(step, page)).failure(
            None, js=SAVE_FAILED_JS, **PRIVATE
        )
    page.act(speak.click, lambda project_id: page.jobs.start("speak", project_id))
    page.follow([editor], sees=_script, show=lambda snapshot: [_script(snapshot)])
    page.follow(
        [speak],
        sees=lambda snapshot: bool(snapshot.project.scenes),
        show=lambda snapshot: [gr.Button(interactive=bool(snapshot.project.scenes))],
    )


def _build_sources(page: Page) -> None:
    with gr.Accordion("Sources that the script must stick to", open=False):
        sources = gr.Textbox(
            label="Sources",
            info="Notes, figures, quotations. They count from the next writing on.",
            placeholder="A bee visits 50 to 100 flowers on one trip.",
            lines=5,
            max_lines=14,
            elem_id="sources",
        )
        gr.HTML(
            '<div id="sources-count" class="counter"></div>',
            js_on_load=f"({COUNT_JS})()",
            elem_classes="said",
        )
    sources.change(None, None, None, js=COUNT_JS, **PRIVATE)
    page.act(sources.blur, functools.partial(_keep_sources, page), [sources])
    page.follow(
        [sources],
        sees=lambda snapshot: snapshot.project.sources,
        show=lambda snapshot: [snapshot.project.sources],
    )


def _keep_sources(page: Page, project_id: str, sources: str) -> None:
    if sources.strip() != projects.open_project(page.studio, project_id).sources:
        projects.update_project(page.studio, project_id, sources=sources)


def _rewrite(page: Page, project_id: str, sent: Wished) -> None:
    options = {"scene_number": sent.scene_number, "wish": sent.wish}
    page.jobs.start("rewrite_scene", project_id, options)


def _record(page: Page, project_id: str, sent: Recorded) -> None:
    upload = uploaded(sent.path)
    voiceover.use_recording(page.studio, project_id, sent.scene_number, upload, sent.name)
    page.jobs.start("speak", project_id, {"scene_number": sent.scene_number})


def _unrecord(page: Page, project_id: str, sent: Unrecorded) -> None:
    voiceover.remove_recording(page.studio, project_id, sent.scene_number)
    page.jobs.start("speak", project_id, {"scene_number": sent.scene_number})


def _answering(
    page: Page, answer: Callable[[Page, gr.EventData], dict[str, Any]]
) -> Callable[..., Any]:
    """A handler that does what the editor asks for, and tells it how the script is now."""

    def handler(event: gr.EventData) -> tuple[dict[str, Any], str]:
        asked = read(event, Asked)
        told = answer(page, event)
        value = _script(page.snapshot(asked.project_id))
        return {**value, **told, "answers": asked.token}, page.look(asked.project_id)

    return guarded(handler)


def _save(page: Page, event: gr.EventData) -> dict[str, Any]:
    sent = read(event, Saved)
    drafts = [each.draft() for each in sent.scenes]
    try:
        script.save_script(page.studio, sent.project_id, drafts, seen=sent.version)
    except EditedMeanwhile:
        return {"refused": True}
    return {}


def _bring(page: Page, event: gr.EventData) -> dict[str, Any]:
    sent = read(event, Brought)
    script.bring_script(page.studio, sent.project_id, sent.text, into=sent.into)
    return {}


def _restore(page: Page, event: gr.EventData) -> dict[str, Any]:
    sent = read(event, Restored)
    script.restore_script(page.studio, sent.project_id, sent.version_id)
    return {}


def _upload(_page: Page, event: gr.EventData) -> dict[str, Any]:
    sent = read(event, Uploaded)
    try:
        data = base64.b64decode(sent.content, validate=True)
    except ValueError as problem:
        raise ScriptFileUnreadable(sent.name, "it came damaged", detail=str(problem)) from problem
    return {"text": script.text_of_file(sent.name, data)}


def _reply(page: Page, event: gr.EventData) -> dict[str, Any]:
    return {"text": script.last_reply(page.studio, read(event, Asked).project_id)}


def _script(snapshot: Snapshot) -> dict[str, Any]:
    studio, project_id = snapshot.studio, snapshot.project_id
    scenes = snapshot.project.scenes
    rewrites = [job for job in snapshot.jobs if job.kind == "rewrite_scene"]
    writing = [job for job in snapshot.jobs if job.kind in WRITING and not job.finished]
    return {
        "project_id": project_id,
        "version": script.fingerprint(scenes),
        "scenes": [_scene(snapshot, scene) for scene in scenes],
        "pace": script.words_per_second(studio, project_id),
        "pause": studio.settings.scene_pause,
        "limit": script.TEXT_LIMIT,
        "most": script.SCENES_LIMIT,
        "writing": bool(writing),
        "so_far": [dict(draft) for job in writing for draft in job.so_far],
        "rewriting": any(not job.finished for job in rewrites),
        "rewritten": sum(job.finished for job in rewrites),
        "versions": plain(script.list_script_versions(studio, project_id)),
        "has_reply": bool(script.last_reply(studio, project_id)),
        "answers": "",
    }


def _scene(snapshot: Snapshot, scene: SceneView) -> dict[str, Any]:
    return {
        "scene_id": scene.scene_id,
        "text": scene.text,
        "visual_query": scene.visual_query,
        "objects": list(scene.objects),
        "pause_seconds": scene.pause_seconds,
        "voice_id": scene.voice_id,
        "level_db": scene.level_db,
        "locked": scene.locked,
        "audio": media_address(snapshot.studio.workspace, scene.audio_path),
        "seconds": scene.audio_seconds,
        "proportional": scene.proportional,
        "recording": plain(scene.recording),
        "error": (scene.error or {}).get("message", ""),
    }
