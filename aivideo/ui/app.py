"""The page as a whole: built, and opened behind its gate."""

from __future__ import annotations

import contextlib
import functools
import logging
import socket
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import gradio as gr
from gradio.events import api
from gradio_client import Client  # type: ignore[import-untyped] # it ships no types
from starlette.middleware import Middleware

from aivideo.api import ENDPOINTS
from aivideo.api_endpoint import Desk, bind, streams
from aivideo.api_files import open_folders
from aivideo.errors import PortTaken
from aivideo.jobs import Jobs
from aivideo.studio import Studio
from aivideo.ui import clips, header, idea, script, video, voice
from aivideo.ui.gate import Gate, is_loopback, key_for, media_route
from aivideo.ui.look import head, theme
from aivideo.ui.page import PRIVATE, UNSEEN, Page, Snapshot, Values, guarded

logger = logging.getLogger(__name__)

TITLE: Final = "AI Video Generator"

SECRET_FILES: Final = (".env", ".env.local", ".git")

FILMING: Final = ("assemble", "make_video")
"""The kinds of jobs that end with a video."""

UPLOAD_LIMIT: Final = 500 * 1024 * 1024
"""Bytes of one uploaded file."""

WORKING: Final = (
    "generate_script",
    "rewrite_scene",
    "preview_voice",
    "search_clips",
    "suggest_topic",
)
"""Endpoints that work for a while before they answer."""

TALKING: Final = ("chat", "retry_message")
"""Endpoints that stream what is made for them, where others only watch."""

AT_ONCE: Final = 4
"""Calls of one kind that run side by side; the rest wait in the queue."""

WAITING: Final = 64
"""Calls that may wait; whoever comes then is told to come again."""

OTHERS_SECONDS: Final = 4.0
"""How soon a page sees what another page or a program changed."""


@dataclass(frozen=True)
class Opened:
    """An open page.

    Attributes:
        address: Where it is on this machine, with the key inside when there is one.
        share_address: Where a collaborator finds it, key inside; None when it is not shared.
        key: What visitors need; None when only this machine may come in.
    """

    blocks: gr.Blocks
    address: str
    share_address: str | None
    key: str | None

    def wait(self) -> None:
        """Stay until the page is closed or the program is interrupted; then close it."""
        try:
            while self.blocks.is_running:
                time.sleep(0.2)
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening."""
        self.blocks.close(verbose=False)


def build(studio: Studio, jobs: Jobs) -> gr.Blocks:
    """The page with its tabs, and the endpoints beside it."""
    blocks = gr.Blocks(
        title=TITLE, fill_width=True, delete_cache=(3600, 86_400), analytics_enabled=False
    )
    with blocks:
        page = Page(
            studio,
            jobs,
            blocks,
            project_id=gr.Textbox(visible="hidden", label="Project id", elem_id="project-id"),
            mark=gr.Textbox(visible="hidden", label="Mark"),
            shown=gr.Textbox(visible="hidden", label="Shown"),
        )
        header.build_header(page)
        build_tabs(page)
        page.show_on(page.mark.change)
        gr.Timer(OTHERS_SECONDS).tick(
            guarded(functools.partial(_news, page)),
            page.project_id,
            [page.project_id, page.mark],
            **UNSEEN,
        )
        blocks.load(None, None, None, js="() => aiv.restoreTab()", **PRIVATE)
        _add_endpoints(Desk(studio, jobs))
    return blocks


def build_tabs(page: Page) -> None:
    """The five tabs; their labels tell how far each stage is."""
    # What only an opened tab has cannot tell of a change: this stands outside of them.
    plan_key = gr.Textbox(visible="hidden", label="Plan")
    with gr.Tabs(selected="idea", overflow_behavior="wrap"):
        with gr.Tab("Idea", id="idea") as idea_tab:
            idea.build_idea_tab(page)
        with gr.Tab("Voice", id="voice") as voice_tab:
            voice.build_voice_tab(page)
        with gr.Tab("Script", id="script") as script_tab:
            script.build_script_tab(page)
        with gr.Tab("Clips", id="clips") as clips_tab:
            assemble = clips.build_clips_tab(page)
        with gr.Tab("Video", id="video") as video_tab:
            video.build_video_tab(page, assemble, plan_key)
    page.follow(
        [idea_tab, voice_tab, script_tab, clips_tab, video_tab],
        sees=labels,
        show=lambda snapshot: [gr.Tab(label=label) for label in labels(snapshot)],
    )


def labels(snapshot: Snapshot) -> Sequence[str]:
    """The tabs' labels: what is done, and how much of it."""
    project = snapshot.project
    scenes = f" {project.scene_count}" if project.scene_count else ""
    chosen = f" {project.chosen_count}/{project.scene_count}" if project.scene_count else ""
    filming = any(not job.finished and job.kind in FILMING for job in snapshot.jobs)
    video_state = " …" if filming else " ✓" if snapshot.video else ""
    return [
        f"Idea{' ✓' if project.topic else ''}",
        "Voice",
        f"Script{scenes}",
        f"Clips{chosen}",
        f"Video{video_state}",
    ]


def launch(
    studio: Studio,
    jobs: Jobs,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    share: bool = False,
    key: str | None = None,
    open_browser: bool = False,
    mcp: bool = False,
    block: bool = True,
    say: Callable[[str], None] | None = None,
) -> Opened:
    """Open the page behind its gate; with ``block``, stay until it is interrupted.

    Args:
        studio: What every step is handed.
        jobs: Where long work is started.
        host: Where to listen; anything but this machine alone demands a key.
        port: The TCP port.
        share: Whether to open a tunnel for a collaborator; demands a key.
        key: What visitors need; a fresh one is made where one is demanded and none is given.
        open_browser: Whether to show the page in the browser at once.
        mcp: Whether programs may use the endpoints as MCP tools.
        block: Whether to stay.
        say: Is told the addresses, key inside; the log gets them without it.

    Raises:
        KeyTooShort: The given key would not keep anybody out.
        PortTaken: The page cannot listen there.
    """
    key = key_for(key=key, host=host, share=share)
    ensure_free(host, port)
    blocks = build(studio, jobs)
    blocks.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING)
    gr.set_static_paths([folder for _, folder in open_folders(studio.workspace)])
    everyone = share or not is_loopback(host)
    blocks.launch(
        server_name=host,
        server_port=port,
        share=share,
        mcp_server=mcp,
        prevent_thread_lock=True,
        **_ways(studio, Middleware(Gate, key=key, everyone=everyone)),
    )
    if mcp and everyone:
        _give_tools_the_key(blocks, str(key))
    opened = _opened(blocks, key)
    _announce(opened, say=say, shared=share)
    if open_browser:
        webbrowser.open(opened.address)
    if block:
        opened.wait()
    return opened


def ensure_free(host: str, port: int) -> None:
    """Refuse early when the page could not listen there.

    Raises:
        PortTaken: It could not.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with contextlib.closing(socket.socket(family)) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as problem:
        raise PortTaken(host, port, detail=str(problem)) from problem


def _ways(studio: Studio, gate: Middleware) -> dict[str, Any]:
    """How Gradio is to serve: our look, our gate and routes, and nothing that it adds itself."""
    database = studio.store.path
    return {
        "theme": theme(),
        "head": head(),
        "footer_links": ["api"],
        "show_error": False,
        "quiet": True,
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "max_file_size": UPLOAD_LIMIT,
        "blocked_paths": [
            str(database),
            *(f"{database}-{part}" for part in ("wal", "shm", "journal")),
            str(studio.workspace.folder("weights")),
            *(str(Path.cwd() / name) for name in SECRET_FILES),
        ],
        "app_kwargs": {
            "routes": [media_route(studio.workspace)],
            "middleware": [gate],
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    }


def _give_tools_the_key(blocks: gr.Blocks, key: str) -> None:
    """Let Gradio's tools through our gate: they call the queued endpoints by way of HTTP."""
    client = Client(
        str(blocks.local_url),
        headers={"authorization": f"Bearer {key}", "x-gradio-user": "mcp"},
        download_files=False,
        verbose=False,
        analytics_enabled=False,
        _skip_components=False,
    )
    vars(blocks.mcp_server_obj)["_client_instance"] = client


def _add_endpoints(desk: Desk) -> None:
    """Streams that only watch are unlimited; what works itself waits its turn in the queue."""
    for function in ENDPOINTS:
        name = function.__name__
        watches = streams(function) and name not in TALKING
        api(
            bind(function, desk),
            api_name=name,
            queue=streams(function) or name in WORKING,
            concurrency_limit=None if watches else "default",
        )


def _news(page: Page, project_id: str) -> Values:
    """What another page or program changed; a project that is gone gives way to the next one."""
    mark = page.look(project_id)
    if project_id and not mark.startswith("gone"):
        return [gr.skip(), mark]
    instead = header.first_project(page, None)
    return [instead, page.look(instead)]


def _opened(blocks: gr.Blocks, key: str | None) -> Opened:
    query = f"?{urlencode({'key': key})}" if key else ""
    address, shared = (str(url or "").rstrip("/") for url in (blocks.local_url, blocks.share_url))
    share_address = f"{shared}/{query}" if shared else None
    return Opened(blocks, f"{address}/{query}", share_address, key)


def _announce(opened: Opened, *, say: Callable[[str], None] | None, shared: bool) -> None:
    logger.info("The page is open at %s", opened.blocks.local_url)
    if say is None:
        return
    say(f"The page is open at {opened.address}")
    if opened.share_address:
        say(f"For your collaborator: {opened.share_address}")
    elif shared:
        say("No share link could be made; is there a network? The page goes on on this machine.")
