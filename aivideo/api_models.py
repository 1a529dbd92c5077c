"""Endpoints of the language models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TypedDict

from aivideo.api_endpoint import Desk, endpoint
from aivideo.engines.chat import pull_model


class PulledData(TypedDict):
    """How far the fetching of a model is."""

    model: str
    progress: float
    message: str
    done: bool


class ModelEndpoints(Desk):
    """What programs do with the language models."""

    @endpoint
    def pull_model(self) -> Iterator[PulledData]:
        """Have Ollama fetch OLLAMA_MODEL; streams how far it is; leaving stops it."""
        model = self.studio.settings.ollama_model
        with closing(pull_model(self.studio.settings, self.studio.chat_model)) as work:
            for progress in work:
                yield {
                    "model": model,
                    "progress": progress.fraction,
                    "message": progress.message,
                    "done": False,
                }
        yield {"model": model, "progress": 1.0, "message": "", "done": True}
