"""The Clips tab: a board with candidates for every scene, one of them chosen."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from aivideo import clips
from aivideo.api_files import media_address
from aivideo.clips import ClipView
from aivideo.export import REUSABLE
from aivideo.projects import SceneView
from aivideo.ui.look import note, page_file, tracker
from aivideo.ui.page import LIVELY, PRIVATE, Page, Snapshot, Values, guarded, read, telling

BOARD_FAILED_JS: Final = "() => document.dispatchEvent(new Event('aiv:board-failed'))"


@dataclass(frozen=True)
class Picked:
    """What the board sends: the clip for a scene, from where it starts, how it fills the frame.

    ``sound_level_db`` is how loud its own sound is; None when it is not heard.
    """

    scene_number: int
    clip_id: str
    start_seconds: float
    fit: str
    sound_level_db: float | None = None


@dataclass(frozen=True)
class Sought:
    """What the board sends: words to look for, for one scene."""

    scene_number: int
    query: str
    source: str


def build_clips_tab(page: Page) -> gr.Button:
    """Lay out the tab and wire it; the value is its button that assembles."""
    with gr.Row(elem_id="clip-bar"):
        track = gr.HTML(tracker(0, 0))
        best = gr.Button("Choose the best", size="md")
        onward = gr.Button("Next without clip", size="md")
        assemble = gr.Button("Assemble video", variant="primary", size="md", interactive=False)
    said = gr.HTML(elem_classes="said")
    board = gr.HTML(
        None,
        html_template='<div class="board"></div>',
        js_on_load=page_file("board.js"),
        apply_default_css=False,
    )
    page.follow([board], sees=_board, show=lambda snapshot: [_board(snapshot)])
    page.follow([track, assemble, best], sees=_counts, show=_show_counts)
    page.receive(board.pick, Picked, functools.partial(_pick, page)).failure(
        None, js=BOARD_FAILED_JS, **PRIVATE
    )

    def search(project_id: str, event: gr.EventData) -> Iterator[Values]:
        yield from _search(page, project_id, read(event, Sought))

    board.search(
        guarded(search),
        page.project_id,
        [said, page.mark],
        trigger_mode="multiple",
        **LIVELY,
    ).then(None, js=BOARD_FAILED_JS, **PRIVATE)
    best.click(
        guarded(functools.partial(_choose_best, page)),
        page.project_id,
        [said, page.mark],
        **LIVELY,
    )
    onward.click(None, js="() => aiv.nextWithoutClip()", **PRIVATE)
    return assemble


def _pick(page: Page, project_id: str, sent: Picked) -> None:
    clips.choose(
        page.studio,
        project_id,
        sent.scene_number,
        sent.clip_id,
        start_seconds=sent.start_seconds,
        fit=sent.fit,
        sound_level_db=sent.sound_level_db,
    )
    page.jobs.start("preview", project_id)


def _search(page: Page, project_id: str, sent: Sought) -> Iterator[Values]:
    work = clips.suggest(
        page.studio,
        project_id,
        sent.scene_number,
        query=sent.query.strip() or None,
        source=sent.source or None,
    )
    found = yield from telling(
        work, lambda news: [note(f"Scene {sent.scene_number}: {news.message}"), gr.skip()]
    )
    told = "" if found else f"Nothing was found for scene {sent.scene_number}. Try other words."
    yield [note(told), page.look(project_id)]


def _choose_best(page: Page, project_id: str) -> Iterator[Values]:
    work = clips.choose_best(page.studio, project_id)
    chosen = yield from telling(
        work, lambda news: [note(f"{news.message} {news.fraction:.0%}"), gr.skip()]
    )
    page.jobs.start("preview", project_id)
    scenes = "scene" if chosen == 1 else "scenes"
    yield [note(f"Chosen for {chosen} {scenes}. Change whatever you like."), page.look(project_id)]


def _counts(snapshot: Snapshot) -> list[int]:
    return [snapshot.project.chosen_count, snapshot.project.scene_count]


def _show_counts(snapshot: Snapshot) -> Values:
    chosen, total = _counts(snapshot)
    complete = 0 < total == chosen
    return [
        tracker(chosen, total),
        gr.Button(interactive=complete),
        gr.Button(interactive=total > chosen),
    ]


def _board(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "sources": list(snapshot.studio.finders),
        "scenes": [_scene(snapshot, scene) for scene in snapshot.project.scenes],
    }


def _scene(snapshot: Snapshot, scene: SceneView) -> dict[str, Any]:
    offered = snapshot.candidates[scene.scene_number]
    return {
        "scene_number": scene.scene_number,
        "text": scene.text,
        "query": scene.visual_query,
        "seconds": scene.audio_seconds,
        "clip_id": scene.clip_id,
        "start_seconds": scene.start_seconds,
        "fit": scene.fit,
        "sound_level_db": scene.sound_level_db,
        "error": (scene.error or {}).get("message", ""),
        "clips": [_clip(snapshot, clip) for clip in offered],
    }


def _clip(snapshot: Snapshot, clip: ClipView) -> dict[str, Any]:
    workspace = snapshot.studio.workspace
    return {
        "clip_id": clip.clip_id,
        "title": clip.title,
        "source": clip.source,
        "kind": clip.kind,
        "thumbnail": media_address(workspace, clip.thumbnail),
        "preview": media_address(workspace, clip.preview),
        "duration": clip.duration,
        "guess": clip.guess,
        "size": f"{clip.width}x{clip.height}" if clip.width and clip.height else "",
        "licence": clip.licence,
        "reusable": clip.kind == "illustration" or bool(REUSABLE.fullmatch(clip.licence.strip())),
        "url": clip.url,
    }
