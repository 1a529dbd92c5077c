"""One render in a process of its own, for tests that kill it."""

from __future__ import annotations

from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fakes import FixedFinder, QueuedChat, ToneSpeaker

from aivideo.autopilot import look_from
from aivideo.progress import finish
from aivideo.render import render_project
from aivideo.settings import Settings
from aivideo.studio import open_studio


def settings_in(folder: Path) -> Settings:
    """Settings that keep everything inside a folder."""
    return Settings(
        cache_dir=folder / "cache",
        output_dir=folder / "output",
        database_path=folder / "test.db",
        model_hub="",
        workers=2,
    )


def render(said: Connection, folder: Path, project_id: str, options: Mapping[str, Any]) -> None:
    """Say "ready" when it is about to begin, and the video's path when it is done."""
    finder = FixedFinder({path.name: path for path in (folder / "clips").iterdir()})
    with open_studio(
        settings_in(folder),
        chat_model=QueuedChat(),
        speaker=ToneSpeaker(),
        finders={"fixed": finder},
    ) as studio:
        said.send("ready")
        look = look_from(options, aspect=options.get("aspect", "16:9"))
        video = finish(render_project(studio, project_id, look))
        said.send(str(video.path))
