"""A script read along while it is written: by programs, and on the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest
from fakes import QueuedChat

from aivideo import autopilot, projects, script
from aivideo.api_projects import ProjectEndpoints
from aivideo.engines.dialogue import Asking, Turn
from aivideo.jobs import Jobs
from aivideo.script import SceneDraft
from aivideo.studio import Studio
from aivideo.ui.page import Page, Snapshot
from aivideo.ui.script import _reply, _script

BEES = "Bees fly out at dawn to find the flowers that have opened."
HONEY = "At home they turn the nectar into honey for the long winter."
FIRST = f'{{"scenes": [{{"narration": "{BEES}", "camera_shows": "a bee"}},'
REST = f'{{"narration": "{HONEY}", "camera_shows": "a jar"}}]}}'


class Pausing(QueuedChat):
    """Writes a scene, and the other one when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """Signs of life between the two."""
        self.asked.append((tuple(turns), asking))
        yield FIRST
        while not self.go.wait(0.05):
            yield ""
        yield REST


@pytest.fixture
def chat_model() -> Pausing:
    """The chat model of ``studio``."""
    return Pausing()


@pytest.fixture
def jobs(studio: Studio) -> Iterator[Jobs]:
    """The desk of that studio."""
    with autopilot.open_desk(studio) as jobs:
        yield jobs


def test_a_program_and_the_page_read_along(studio: Studio, jobs: Jobs, chat_model: Pausing) -> None:
    """Scene by scene, beside the script that is there; afterwards the raw answer can be seen."""
    project_id = projects.create_project(studio, topic="How bees make honey").project_id
    script.save_script(studio, project_id, [SceneDraft("Old words.")])
    endpoints = ProjectEndpoints(studio, jobs)
    states: list[Any] = []
    for envelope in endpoints.generate_script(project_id, None, 2, 11.0):
        assert envelope["success"], envelope
        states.append(envelope["data"])
        if states[-1]["so_far"] and not chat_model.go.is_set():
            shown = _script(Snapshot(studio, jobs, project_id))
            chat_model.go.set()
    first = {"text": BEES, "visual_query": "a bee"}
    assert first in [draft for state in states for draft in state["so_far"]]
    assert (shown["writing"], shown["so_far"]) == (True, [first])
    assert [scene["text"] for scene in shown["scenes"]] == ["Old words."]
    last = states[-1]
    assert (last["state"], last["so_far"], last["result"]) == ("done", [], None)
    assert [scene["text"] for scene in last["scenes"]] == [BEES, HONEY]
    assert last["version"] == script.fingerprint(script.get_script(studio, project_id))
    after = _script(Snapshot(studio, jobs, project_id))
    assert (after["writing"], after["so_far"], after["has_reply"]) == (False, [], True)
    page = cast("Page", SimpleNamespace(studio=studio))
    event = gr.EventData(None, {"token": "t", "project_id": project_id})
    assert _reply(page, event) == {"text": FIRST + REST}


def test_a_program_is_told_why_no_script_is_written(studio: Studio, jobs: Jobs) -> None:
    """The code is that of the cause, and the old script stays."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    endpoints = ProjectEndpoints(studio, jobs)
    *_, last = endpoints.generate_script(project_id, None, 5, 10.0)
    assert last["error"]["code"] == "LENGTH_IMPOSSIBLE"
    [unknown] = endpoints.generate_script("nowhere", None, 5, 45.0)
    assert unknown["error"]["code"] == "NOT_FOUND"
