"""The language model built into the app: llama.cpp inside this process."""

from __future__ import annotations

import functools
import importlib.util
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from aivideo.engines import weights
from aivideo.engines.dialogue import Asking, Hear, Turn, speech, unwell
from aivideo.engines.waiting import Once
from aivideo.errors import (
    AIVideoError,
    ConversationTooLong,
    Health,
    ModelBrokeOff,
    ModelFailed,
    ModelRuntimeMissing,
    ModelUnreadable,
    WeightsNotFound,
)
from aivideo.progress import Progress, Work, finish, within
from aivideo.settings import Settings, calm_vendors
from aivideo.workspace import Workspace

CONTEXT: Final = 4096
"""Tokens of conversation and answer together; costs 115 MB beside the default weights."""
BATCH: Final = 64
"""Tokens read in one go: a cancel is heard after each, and reading is not slower for it."""
MOST_THREADS: Final = 8
"""Reading weights from memory is the limit; more threads only wait for each other."""
SLEEPS_AFTER: Final = 600
"""Seconds without a question after which the weights leave the memory; the next one brings
them back within a few seconds."""
LOADING: Final = "Loading the built-in model"
PENALTY_WINDOW: Final = 256
MIN_P: Final = 0.05


class BuiltInModel:
    """The default weights, or a GGUF file of one's own, loaded once on first use."""

    def __init__(self, settings: Settings, workspace: Workspace) -> None:
        self._settings = settings
        self._workspace = workspace
        self._server: Once[Any] = Once(self._load)

    @property
    def name(self) -> str:
        """Provider and model."""
        own = self._settings.local_model
        return f"The built-in model ({own.stem if own else 'Qwen2.5 Coder 1.5B'})"

    def prepare(self) -> Work[None]:
        """Fetch the weights and load them.

        Raises:
            WeightsNotFound: LOCAL_MODEL names no file.
            WeightsUnreachable: The weights are not here and no source answers.
            ModelUnreadable: The file is no language model, or memory is short.
            ModelRuntimeMissing: The package that runs it is not installed.
        """
        if not self._server.is_ready:
            yield from within(self._fetch(), 0.0, 0.9)
            yield Progress(0.95, LOADING)
            yield from within(self._server.get(LOADING), 0.95, 1.0)
        yield Progress(1.0)

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer in pieces; closing stops the model within a batch or a token.

        Raises:
            ConversationTooLong: The turns do not fit into the model's memory.
            ModelBrokeOff: The answer has no end.
            ModelFailed: The model refuses the request.
            AIVideoError: What ``prepare`` raises, when it was not called before.
        """
        with closing(self.prepare()) as preparing:
            for _ in preparing:
                yield ""
        server = finish(self._server.get())
        tell = functools.partial(self._tell, server, chat_request(turns, asking))
        yield from speech(tell, _nothing)

    def check(self) -> Health:
        """What stands on the disk; the model itself is neither loaded nor asked."""
        if importlib.util.find_spec("xllamacpp") is None:
            return unwell(ModelRuntimeMissing())
        own = self._settings.local_model
        if own is not None and not own.is_file():
            return unwell(WeightsNotFound("LOCAL_MODEL", own))
        if own is None and not weights.is_here(weights.QWEN, self._workspace):
            return Health(
                "Language model",
                works=True,
                says=f"{self.name} is fetched on first use ({weights.QWEN.size / 1e9:.1f} GB).",
                remedy="Run `python aivideo_app.py fetch` while there is a network.",
                needed=True,
                tried=False,
            )
        size = (own or weights.where(weights.QWEN, self._workspace)).stat().st_size
        return Health(
            "Language model",
            works=True,
            says=f"{self.name} is on this machine ({size / 1e9:.1f} GB).",
            needed=True,
            tried=False,
        )

    def _fetch(self) -> Work[Path]:
        return weights.fetch(
            weights.QWEN, self._settings, self._workspace, own=self._settings.local_model
        )

    def _load(self) -> Any:
        calm_vendors(self._settings)
        own = self._settings.local_model
        return _open_server(own or weights.where(weights.QWEN, self._workspace))

    def _tell(self, server: Any, request: Mapping[str, Any], hear: Hear[str]) -> None:
        """Drive the model in this thread until it has ended or nobody listens."""
        reading = _Reading(hear)
        server.handle_chat_completions(request, reading)
        if reading.error is not None:
            raise _failure(self.name, reading.error)
        if not reading.ended:
            raise ModelBrokeOff(self.name, detail="no finish reason came")


class _Reading:
    """What the model's callback has seen; returning True tells the model to stop."""

    def __init__(self, hear: Hear[str]) -> None:
        self._hear = hear
        self.ended = False
        self.error: Mapping[str, Any] | None = None

    def __call__(self, chunk: Mapping[str, Any]) -> bool:
        if "error" in chunk:
            self.error = chunk["error"]
            return True
        piece = ""
        for choice in chunk.get("choices", ()):
            piece += choice["delta"].get("content") or ""
            self.ended |= choice.get("finish_reason") is not None
        listening = self._hear(piece)
        self.ended |= not listening
        return not listening


def _open_server(path: Path) -> Any:
    try:
        import xllamacpp
    except ImportError as problem:
        raise ModelRuntimeMissing(detail=str(problem)) from problem
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = CONTEXT
    parameters.n_batch = parameters.n_ubatch = BATCH
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.verbosity = 0
    parameters.sleep_idle_seconds = SLEEPS_AFTER
    parameters.no_extra_bufts = True  # no second, repacked copy of the weights in memory
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    # It also listens on a loopback port; a key that nobody is told keeps that shut.
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.ui = False
    parameters.endpoint_slots = False
    try:
        return xllamacpp.Server(parameters)
    except RuntimeError as problem:
        raise ModelUnreadable(path, detail=str(problem)) from problem


def chat_request(turns: Sequence[Turn], asking: Asking) -> dict[str, Any]:
    """The request in the words of llama.cpp's chat completions."""
    request: dict[str, Any] = {
        "messages": [{"role": turn.role, "content": turn.content} for turn in turns],
        "stream": True,
        "return_progress": True,  # news while it reads, at which a cancel is heard
        "cache_prompt": True,
        "max_tokens": asking.max_tokens,
        "temperature": asking.temperature,
        "min_p": MIN_P,
        "repeat_penalty": asking.repeat_penalty,
        "repeat_last_n": PENALTY_WINDOW,
    }
    if asking.seed is not None:
        request["seed"] = asking.seed
    if asking.grammar is not None:
        request["grammar"] = asking.grammar
    elif asking.schema is not None:
        schema = {"name": "answer", "schema": asking.schema, "strict": True}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    return request


def _failure(name: str, error: Mapping[str, Any]) -> AIVideoError:
    said = str(error.get("message", error))
    if error.get("type") == "exceed_context_size_error":
        return ConversationTooLong(name, error["n_prompt_tokens"], error["n_ctx"], detail=said)
    return ModelFailed(name, int(error.get("code", 0)), detail=said)


def _nothing() -> None:
    """Nothing to hang up: the model looks for the listener itself after every piece."""
