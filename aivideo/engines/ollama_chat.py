"""Ollama, through its official client."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from aivideo.engines.dialogue import Asking, Hear, Turn, count_tokens, from_thread
from aivideo.errors import (
    AIVideoError,
    Health,
    ModelBrokeOff,
    ModelFailed,
    ModelMissing,
    OllamaNotRunning,
)
from aivideo.progress import Progress, Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

if TYPE_CHECKING:
    from ollama import Client, ListResponse

TALKING: Final = httpx.Timeout(600, connect=5)
"""Seconds. A large model may load and read for minutes; one that does not run is soon known."""
LOOKING: Final = httpx.Timeout(3, connect=2)
STAYS_LOADED: Final = "15m"
CONTEXT_STEP: Final = 4096
"""Tokens. Ollama loads a model anew whenever its window changes, so windows come in steps."""
PENALTY_WINDOW: Final = 256
MIN_P: Final = 0.05


class OllamaModel:
    """A model that an Ollama server runs."""

    def __init__(self, settings: Settings, workspace: Workspace | None = None) -> None:
        del workspace  # everything that Ollama keeps is its own
        self.url = settings.ollama_base_url
        self.model = settings.ollama_model

    @property
    def name(self) -> str:
        """Provider and model."""
        return f"Ollama ({self.model})"

    def prepare(self) -> Work[None]:
        """Make sure that the server runs and has the model; it loads it when first asked.

        Raises:
            OllamaNotRunning: Nothing answers.
            ModelMissing: It does not have the model.
            ModelFailed: It answers with an error.
        """
        yield Progress(0.0, "Looking for Ollama")
        self.look()
        yield Progress(1.0)

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer in pieces; closing cuts the connection, at which Ollama stops.

        Raises:
            OllamaNotRunning: Nothing answers.
            ModelMissing: It does not have the model.
            ModelBrokeOff: The connection broke, or the answer has no end.
            ModelFailed: It answers with an error.
        """
        line = _Line()

        def tell(hear: Hear) -> None:
            with self._translating(), _client(self.url, TALKING, line) as client:
                for part in client.chat(**_request(self.model, turns, asking)):
                    if not hear(part.message.content or "") or part.done:
                        return
                raise ModelBrokeOff(self.name, detail="the stream ended without its last part")

        return from_thread(tell, line.cut)

    def check(self) -> Health:
        """Whether the server answers and has the model; the model itself is not asked."""
        try:
            size = self.look(LOOKING)
        except AIVideoError as failure:
            what, _, remedy = failure.message.partition(". ")
            return Health(
                "Language model", works=False, says=f"{what}.", remedy=remedy, needed=True
            )
        return Health(
            "Language model",
            works=True,
            says=f"Ollama answers at {self.url} and has {self.model} ({size / 1e9:.1f} GB).",
            needed=True,
            tried=False,
        )

    def look(self, timeout: httpx.Timeout = TALKING) -> int:
        """The size of the model on the server, in bytes.

        Raises:
            OllamaNotRunning: Nothing answers in time.
            ModelMissing: It does not have the model.
            ModelFailed: It answers with an error.
        """
        with self._translating(), _client(self.url, timeout) as client:
            sizes = _sizes(client.list())
        names = (self.model, f"{self.model}:latest")
        found = next((sizes[name] for name in names if name in sizes), None)
        if found is None:
            raise ModelMissing(self.model, sizes)
        return found

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        """Turn what the client raises into our sentences."""
        from ollama import ResponseError

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as problem:
            raise OllamaNotRunning(self.url, detail=repr(problem)) from problem
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as problem:
            raise OllamaNotRunning(self.url, detail=repr(problem)) from problem
        except ResponseError as problem:
            raise self._refusal(problem.status_code, str(problem)) from problem
        except httpx.TransportError as problem:
            raise ModelBrokeOff(self.name, detail=repr(problem)) from problem
        except ValueError as problem:
            raise ModelFailed(self.name, 0, detail=f"not Ollama's answer: {problem}") from problem

    def _refusal(self, status: int, said: str) -> AIVideoError:
        if status == httpx.codes.NOT_FOUND and self.model in said:
            with self._translating(), _client(self.url, LOOKING) as client:
                return ModelMissing(self.model, _sizes(client.list()), detail=said)
        return ModelFailed(self.name, status, detail=said)


class _Line:
    """The connections of one request, so that it can be cut while its reader is blocked."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Keep the socket of each connection that httpx reports as made."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def cut(self) -> None:
        """End every connection; a blocked read in another thread comes back at once."""
        for connected in self._sockets:
            with contextlib.suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)


def _client(url: str, timeout: httpx.Timeout, line: _Line | None = None) -> Client:
    from ollama import Client

    hooks: dict[str, list[Callable[[httpx.Request], None]]] = {"request": []}
    if line is not None:
        hooks["request"].append(lambda request: request.extensions.update(trace=line.watch))
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
        # A proxy of the environment is for the world outside, not for this machine.
        trust_env = host not in {"localhost", "127.0.0.1", "::1"}
        return Client(url, timeout=timeout, event_hooks=hooks, trust_env=trust_env)
    except ValueError as problem:
        raise httpx.InvalidURL(str(problem)) from problem


def _request(model: str, turns: Sequence[Turn], asking: Asking) -> dict[str, Any]:
    """The arguments of the client's ``chat``."""
    options: dict[str, float | int] = {
        "num_ctx": _window(turns, asking),
        "num_predict": asking.max_tokens,
        "temperature": asking.temperature,
        "min_p": MIN_P,
        "repeat_penalty": asking.repeat_penalty,
        "repeat_last_n": PENALTY_WINDOW,
    }
    if asking.seed is not None:
        options["seed"] = asking.seed
    return {
        "model": model,
        "messages": [{"role": turn.role, "content": turn.content} for turn in turns],
        "format": asking.schema,
        "options": options,
        "keep_alive": STAYS_LOADED,
        "stream": True,
    }


def _window(turns: Sequence[Turn], asking: Asking) -> int:
    """The context that conversation and answer need: Ollama's default would drop the start."""
    need = sum(count_tokens(turn.content) for turn in turns) + asking.max_tokens
    return -(-need // CONTEXT_STEP) * CONTEXT_STEP


def _sizes(listing: ListResponse) -> dict[str, int]:
    return {entry.model: int(entry.size or 0) for entry in listing.models if entry.model}
