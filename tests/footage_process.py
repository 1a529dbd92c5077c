"""Looking through footage in a process of its own, for tests that kill it or run two at once."""

from __future__ import annotations

from pathlib import Path

from aivideo.engines.library import FootageFolder
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace


def settings_in(folder: Path) -> Settings:
    """Settings that keep everything inside a folder."""
    return Settings(
        cache_dir=folder / "cache",
        output_dir=folder / "cache" / "output",
        database_path=folder / "test.db",
        footage_dir=folder / "footage",
        model_hub="",
    )


def index(folder: Path) -> None:
    """Index a folder's footage."""
    settings = settings_in(folder)
    workspace = Workspace(settings)
    try:
        finish(FootageFolder(settings, workspace).index())
    finally:
        workspace.close()
