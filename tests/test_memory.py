"""Many scenes on a small machine: few programs at a time, one of which the system ends."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any, Final

import oracle
import pytest
from fakes import FixedFinder
from footage import Reel
from staging import DRAFT, SceneOf, drafts, make_project

from aivideo.errors import ProgramKilled
from aivideo.progress import finish
from aivideo.render import latest_video, render_project
from aivideo.studio import Studio

SCENES: Final = 12
LOOK: Final = replace(DRAFT, quality="preview")


class Films:
    """What films scenes: how many at a time, and one of them ended as a full memory ends it."""

    def __init__(self, doomed: int | None = None) -> None:
        self.doomed = doomed
        self.most_at_once = 0
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str], **how: Any) -> subprocess.Popen[bytes]:
        """Start a program."""
        child: subprocess.Popen[bytes] = POPEN(command, **how)
        if "libx264" in command:
            self._started.append(child)
            living = [each for each in self._started if each.poll() is None]
            self.most_at_once = max(self.most_at_once, len(living))
            if len(self._started) == self.doomed:
                child.kill()
        return child


POPEN: Final[Any] = subprocess.Popen


def hive(studio: Studio, finder: FixedFinder, reel: Reel) -> str:
    """A project of many short scenes, none like the others."""
    plain = reel["plain"].path
    scenes = [
        SceneOf(f"Bee {number}.", plain, seconds=0.3, start=number / 10) for number in range(SCENES)
    ]
    return make_project(studio, finder, scenes)


def test_no_more_scenes_are_filmed_at_once_than_was_set(
    studio: Studio, finder: FixedFinder, reel: Reel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, two workers film two of them at a time."""
    films = Films()
    monkeypatch.setattr(subprocess, "Popen", films.start)
    finish(render_project(studio, hive(studio, finder, reel), LOOK))
    assert films.most_at_once <= studio.settings.at_once == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends no program by a signal")
def test_a_program_that_is_ended_costs_only_its_own_scene(
    studio: Studio, finder: FixedFinder, reel: Reel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause and the way out are told; what was finished stays, and the next render ends it."""
    project_id = hive(studio, finder, reel)
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", Films(doomed=5).start)
        with pytest.raises(ProgramKilled, match="memory ran out"):
            finish(render_project(studio, project_id, LOOK))
    assert drafts(studio) == []
    assert latest_video(studio, project_id, preview=True) is None
    parts = studio.workspace.folder("parts")
    kept = {path: path.stat().st_mtime_ns for path in parts.iterdir()}
    assert 3 <= len(kept) < SCENES

    video = finish(render_project(studio, project_id, LOOK))

    assert oracle.check(video.path).complaints == []
    assert len(list(parts.iterdir())) == SCENES
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
