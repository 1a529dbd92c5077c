"""Having Ollama fetch its model: the endpoint, and the offer on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import gradio as gr
import pytest
from ollama_server import OllamaServer, running_ollama

from aivideo import autopilot, projects
from aivideo.api_models import ModelEndpoints
from aivideo.jobs import Jobs
from aivideo.settings import Settings
from aivideo.studio import Studio, open_studio
from aivideo.ui import header, models
from aivideo.ui.page import Page, Snapshot

FETCHES: Final[list[dict[str, Any]]] = [
    {"status": "pulling manifest"},
    {"status": "pulling a", "digest": "sha256:a", "total": 2 * 10**9, "completed": 10**9},
    {"status": "success"},
]


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """Ollama without a model, which it can fetch."""
    with running_ollama() as server:
        server.models, server.fetches = {}, FETCHES
        yield server


@pytest.fixture
def studio(server: OllamaServer, settings: Settings, tmp_path: Path) -> Iterator[Studio]:
    """A studio that talks with that Ollama."""
    update = {"llm_provider": "ollama", "ollama_base_url": server.url}
    with open_studio(settings.under(tmp_path).model_copy(update=update)) as studio:
        yield studio


@pytest.fixture
def jobs(studio: Studio) -> Iterator[Jobs]:
    """The desk of that studio."""
    with autopilot.open_desk(studio) as jobs:
        yield jobs


def test_the_endpoint_streams_how_far_it_is(studio: Studio, jobs: Jobs) -> None:
    """The last value says that the model is there."""
    envelopes: list[Any] = list(ModelEndpoints(studio, jobs).pull_model())
    values = [envelope["data"] for envelope in envelopes]
    assert {value["model"] for value in values} == {"llama3.2"}
    assert "Ollama fetches llama3.2: 1.0 of 2.0 GB" in [value["message"] for value in values]
    assert [value["done"] for value in values] == [False] * (len(values) - 1) + [True]
    assert studio.chat_model.check().works


def test_the_endpoint_refuses_with_a_sentence(
    studio: Studio, jobs: Jobs, server: OllamaServer
) -> None:
    """Nothing is raised at a program."""
    server.fetches = [{"error": "pull model manifest: file does not exist"}]
    envelopes: list[Any] = list(ModelEndpoints(studio, jobs).pull_model())
    assert envelopes[-1]["error"]["code"] == "MODEL_UNKNOWN"


def test_the_page_offers_it_while_the_model_is_lacking(studio: Studio, jobs: Jobs) -> None:
    """One click, with its progress; then the offer goes."""
    with gr.Blocks() as blocks:
        project_id, mark, shown = (gr.Textbox(visible="hidden") for _ in range(3))
        page = Page(studio, jobs, blocks, project_id, mark, shown)
        models.build_pull(page)
    project = projects.create_project(studio).project_id
    panel = page.panels[-1]

    def offered() -> bool:
        row, *_ = panel.show(Snapshot(studio, jobs, project))
        visible: bool = row.visible
        return visible

    assert not offered()
    assert not studio.chat_model.check().works  # as the page does when it is opened
    assert offered()
    told = list(models._fetch(page, project))
    said = [values[0] for values in told]
    assert told[-1][1].visible is False
    assert "Ollama fetches llama3.2" in said[0]
    assert "It is there" in said[-1]
    assert not offered()


def test_the_health_is_looked_at_again_when_the_model_has_come(studio: Studio, jobs: Jobs) -> None:
    """In every window: each follows whether the model is lacking, and a change is a new look."""
    with gr.Blocks() as blocks:
        project_id, mark, shown = (gr.Textbox(visible="hidden") for _ in range(3))
        page = Page(studio, jobs, blocks, project_id, mark, shown)
        header._build_health(page, gr.Button("Checking…"))
    snapshot = Snapshot(studio, jobs, projects.create_project(studio).project_id)
    [panel] = page.panels
    [box] = panel.outputs
    [look] = [each for each in blocks.fns.values() if (box._id, "change") in each.targets]
    check = cast("Callable[[], list[Any]]", look.fn)
    _, before = check()
    assert (panel.sees(snapshot), panel.show(snapshot)) == (True, ["True"])
    for _ in models._fetch(page, snapshot.project_id):
        pass
    assert (panel.sees(snapshot), panel.show(snapshot)) == (False, ["False"])
    _, after = check()
    assert "does not have" in before
    assert "Ollama answers at" in after
