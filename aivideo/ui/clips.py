"""The Clips tab: a board with candidates for every scene, one of them chosen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import gradio as gr

from aivideo import clips
from aivideo.api_files import media_address, uploaded
from aivideo.clips import ClipView, RightsWarning, Suggestions
from aivideo.errors import AIVideoError
from aivideo.progress import Progress, finish
from aivideo.projects import SceneView
from aivideo.ui.clip_sources import build_sources
from aivideo.ui.look import note, page_file, tracker
from aivideo.ui.page import (
    LIVELY,
    PRIVATE,
    Page,
    Snapshot,
    Values,
    guarded,
    read,
    telling,
)

BOARD_FAILED_JS: Final = "() => document.dispatchEvent(new Event('aiv:board-failed'))"
SCRIPTS: Final = ("cards.js", "filmstrip.js", "board.js")


@dataclass(frozen=True)
class Numbered:
    """A scene that something is to be done about."""

    scene_number: int


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
    """What the board sends: words to look for, or a clip to find others like, for one scene."""

    scene_number: int
    query: str
    source: str
    reusable: bool = True
    like: str = ""


@dataclass(frozen=True)
class Watched:
    """A candidate that somebody looks at."""

    clip_id: str


@dataclass(frozen=True)
class Brought(Numbered):
    """A scene whose clip is to be brought here; else the next one that fits, when that may be."""

    else_next: bool


@dataclass(frozen=True)
class OwnFile(Numbered):
    """A file of the person's own for a scene: where the upload lies, and what it is called."""

    path: str
    name: str


def build_clips_tab(page: Page) -> gr.Button:
    """Lay out the tab and wire it; the value is its button that assembles."""
    with gr.Row(elem_id="clip-bar"):
        track = gr.HTML(tracker(0, 0))
        best = gr.Button("Choose the best", size="md")
        onward = gr.Button("Next without clip", size="md")
        assemble = gr.Button("Assemble video", variant="primary", size="md", interactive=False)
    rights = gr.HTML(elem_classes="said", elem_id="rights")
    said = gr.HTML(elem_classes="said")
    board = gr.HTML(
        None,
        html_template='<div class="board"></div>',
        js_on_load="\n".join(map(page_file, SCRIPTS)),
        apply_default_css=False,
    )
    build_sources(page)
    page.follow([board], sees=_board, show=lambda snapshot: [_board(snapshot)])
    page.follow([track, assemble, best], sees=_counts, show=_show_counts)
    page.follow([rights], sees=_warnings, show=lambda snapshot: [_told(_warnings(snapshot))])
    _wire(page, board, said)
    best.click(
        guarded(functools.partial(_choose_best, page)),
        page.project_id,
        [said, page.mark],
        **LIVELY,
    )
    onward.click(None, js="() => aiv.nextWithoutClip()", **PRIVATE)
    return assemble


def _wire(page: Page, board: gr.HTML, said: gr.HTML) -> None:
    """What the board sends, and what becomes of it."""
    steps: tuple[tuple[Any, type[Any], Callable[..., object]], ...] = (
        (board.pick, Picked, _pick),
        (board.part, Numbered, _other_part),
        (board.confirm, Numbered, _confirm),
        (board.bring, Brought, _bring),
        (board.footage, OwnFile, _use_own_file),
    )
    for trigger, kind, step in steps:
        page.receive(trigger, kind, functools.partial(step, page)).failure(
            None, js=BOARD_FAILED_JS, **PRIVATE
        )
    for trigger, answer in ((board.preview, _film), (board.strip, _strip)):
        trigger(
            _answering(page, answer),
            page.project_id,
            board,
            **{**LIVELY, "trigger_mode": "multiple"},
        ).failure(None, js=BOARD_FAILED_JS, **PRIVATE)

    def search(project_id: str, event: gr.EventData) -> Iterator[Values]:
        yield from _search(page, project_id, read(event, Sought))

    board.search(
        guarded(search),
        page.project_id,
        [said, page.mark],
        **{**LIVELY, "trigger_mode": "multiple"},
    ).then(None, js=BOARD_FAILED_JS, **PRIVATE)


def _answering(
    page: Page, answer: Callable[[Page, str, gr.EventData], dict[str, Any]]
) -> Callable[..., dict[str, Any]]:
    """A handler that tells the board what it asks for, beside how everything is now."""

    def handler(project_id: str, event: gr.EventData) -> dict[str, Any]:
        told = answer(page, project_id, event)
        return {**_board(page.snapshot(project_id)), "told": told}

    return guarded(handler)


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


def _other_part(page: Page, project_id: str, sent: Numbered) -> None:
    clips.another_part(page.studio, project_id, sent.scene_number)
    page.jobs.start("preview", project_id)


def _confirm(page: Page, project_id: str, sent: Numbered) -> None:
    clips.confirm_clip(page.studio, project_id, sent.scene_number)


def _bring(page: Page, project_id: str, sent: Brought) -> None:
    options = {"scene_number": sent.scene_number, "else_next": sent.else_next}
    page.jobs.start("fetch_clip", project_id, options)


def _use_own_file(page: Page, project_id: str, sent: OwnFile) -> None:
    title = sent.name.rpartition(".")[0] or sent.name
    clip = clips.add_footage(page.studio, uploaded(sent.path), title=title)
    clips.choose(page.studio, project_id, sent.scene_number, clip.clip_id)
    page.jobs.start("preview", project_id)


def _search(page: Page, project_id: str, sent: Sought) -> Iterator[Values]:
    work = clips.suggest(
        page.studio,
        project_id,
        sent.scene_number,
        query=sent.query.strip() or None,
        source=sent.source or None,
        reusable=sent.reusable,
        like=sent.like or None,
    )
    try:
        yield from telling(
            work, lambda news: [note(f"Scene {sent.scene_number}: {news.message}"), gr.skip()]
        )
    finally:
        # Also when nobody answered: the scene says why.
        look = page.look(project_id)
    yield [note(""), look]


def _choose_best(page: Page, project_id: str) -> Iterator[Values]:
    def say(news: Progress) -> Values:
        return [note(f"{news.message} {news.fraction:.0%}"), gr.skip()]

    yield from telling(clips.understand(page.studio), say)
    chosen = yield from telling(clips.choose_best(page.studio, project_id), say)
    page.jobs.start("preview", project_id)
    scenes = "scene" if chosen == 1 else "scenes"
    yield [note(f"Chosen for {chosen} {scenes}. Change whatever you like."), page.look(project_id)]


def _film(page: Page, _project_id: str, event: gr.EventData) -> dict[str, Any]:
    """The small film of a clip; it may have none."""
    clip_id = read(event, Watched).clip_id
    try:
        path = finish(clips.preview(page.studio, clip_id))
    except AIVideoError:
        path = None  # whoever only passes over a card need not be told
    return {"films": {clip_id: media_address(page.studio.workspace, path)}}


def _strip(page: Page, project_id: str, event: gr.EventData) -> dict[str, Any]:
    """The strip of a scene's clip."""
    number = read(event, Numbered).scene_number
    chosen = clips.selection_view(page.studio, project_id, number)
    if chosen is None:
        return {}
    strip = finish(clips.filmstrip(page.studio, project_id, number))
    address = media_address(page.studio.workspace, strip.path)
    return {"strips": {chosen.clip.clip_id: {**asdict(strip), "path": "", "address": address}}}


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


def _warnings(snapshot: Snapshot) -> list[RightsWarning]:
    """What the licences of the chosen clips do not allow, before anything is assembled."""
    return clips.rights(snapshot.studio, snapshot.project_id)


def _told(warnings: Sequence[RightsWarning]) -> str:
    return "".join(note(f"⚠ {each.message}", each.address) for each in warnings)


def _board(snapshot: Snapshot) -> dict[str, Any]:
    sources = clips.sources(snapshot.studio)
    known = {
        source.name: {"title": source.title, "online": source.online, "needs": source.needs}
        for source in sources
    }
    return {
        "sources": [{"name": name, **about} for name, about in known.items()],
        "scenes": [_scene(snapshot, scene, known) for scene in snapshot.project.scenes],
    }


def _scene(
    snapshot: Snapshot, scene: SceneView, known: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    told: Suggestions = snapshot.suggestions[scene.scene_number]
    chosen = snapshot.selections.get(scene.scene_number)
    here = chosen is not None and chosen.path is not None
    # A strip of what would first have to be downloaded is made when it is here.
    online = chosen is not None and known.get(chosen.clip.source, {}).get("online", False)
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
        "check": scene.check,
        "here": here,
        "strip": here or not online,
        "asked": bool(told.sources),
        "reusable": told.reusable,
        "failures": [asdict(failure) for failure in told.failures],
        "broader": list(told.broader),
        "clips": [_clip(snapshot, clip, known) for clip in snapshot.candidates[scene.scene_number]],
    }


def _clip(snapshot: Snapshot, clip: ClipView, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    workspace, about = snapshot.studio.workspace, known.get(clip.source, {})
    pixels = f"{clip.width}x{clip.height}" if clip.width and clip.height else ""
    megabytes = f"{max(0.1, clip.file_size / 1e6):.1f} MB" if clip.file_size else ""
    return {
        "clip_id": clip.clip_id,
        "title": clip.title,
        "source": clip.source,
        "source_title": about.get("title", clip.source),
        "online": about.get("online", False),
        "author": clip.author if clip.kind != "illustration" else "",
        "author_url": clip.author_url,
        "kind": clip.kind,
        "thumbnail": media_address(workspace, clip.thumbnail),
        "preview": media_address(workspace, clip.preview),
        "duration": clip.duration,
        "guess": clip.guess,
        "size": ", ".join(filter(None, [pixels, megabytes])),
        "licence": clip.licence,
        "licence_url": clip.licence_url,
        "reusable": clip.reusable,
        "reasons": list(clip.reasons),
        "refused": clip.refused,
        "used_in": list(clip.used_in),
        "url": clip.url,
    }
