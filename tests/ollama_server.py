"""A loopback stand-in for the Ollama server: its list of models and its chat, fed by the test.

It speaks the parts of the HTTP interface that the official client uses, in the same shapes:
``/api/tags``, ``/api/ps`` and ``/api/show``, and ``/api/chat``, ``/api/generate`` (which here
only loads) and ``/api/pull`` as lines of JSON. What it is asked is kept.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal

from loopback import serving

WHEN = datetime(2025, 1, 1, tzinfo=UTC).isoformat()
LONGEST_SILENCE = 30.0
"""Seconds after which a silent answer gives up, so that no test hangs for ever."""


@dataclass(frozen=True)
class Answer:
    """One answer of the model.

    Attributes:
        pieces: What it says, piece by piece.
        ends: ``well``; ``broken`` cuts the connection in the middle; ``early`` ends without
            the last part; ``error`` sends a line with an error; ``silent`` goes quiet.
        pause: Seconds before each piece.
    """

    pieces: Sequence[str] = ()
    ends: Literal["well", "broken", "early", "error", "silent"] = "well"
    pause: float = 0.0


@dataclass(frozen=True)
class Refusal:
    """An HTTP error in place of an answer."""

    status: int
    said: str


@dataclass
class OllamaServer:
    """What the server has, what it will say, and what it was asked."""

    models: dict[str, int] = field(default_factory=lambda: {"llama3.2:latest": 2_019_393_189})
    answers: deque[Answer | Refusal] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    looked: int = 0
    loaded: set[str] = field(default_factory=lambda: {"llama3.2:latest"})
    loading: threading.Event | None = None
    """When set, a model is in memory only after this event."""
    load_refused: Refusal | None = None
    longest: int = 131_072
    """The context that its models were made for, in tokens."""
    fetches: Sequence[dict[str, Any]] = ()
    """What a pull tells; after a success the model is there."""
    page: str = ""
    """When set, every request gets this text, as from some other server."""
    hung_up: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@contextmanager
def running_ollama() -> Iterator[OllamaServer]:
    """Run a server on a free loopback port for the length of the block."""
    state = OllamaServer()

    class Handler(_Handler):
        server_state = state

    with serving(Handler) as port:
        state.url = f"http://127.0.0.1:{port}"
        yield state


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_state: OllamaServer

    def handle(self) -> None:
        """Answer until they hang up, which they may do in the middle."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the console."""

    def do_GET(self) -> None:
        state = self.server_state
        state.looked += 1
        named = state.loaded if self.path == "/api/ps" else state.models
        models = [
            {"name": name, "model": name, "modified_at": WHEN, "digest": "0" * 64}
            | {"size": state.models.get(name, 1)}
            for name in named
        ]
        self._send(200, state.page or json.dumps({"models": models}))

    def do_POST(self) -> None:
        state = self.server_state
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state.asked.append(asked)
        model = asked["model"]
        if self.path == "/api/pull":
            self._pull(model)
        elif model not in state.models and f"{model}:latest" not in state.models:
            self._send(404, json.dumps({"error": f"model '{model}' not found"}))
        elif self.path == "/api/show":
            facts = {"general.architecture": "llama", "llama.context_length": state.longest}
            self._send(200, json.dumps({"model_info": facts}))
        elif self.path == "/api/generate":
            self._load(model)
        else:
            self._chat(model)

    def _chat(self, model: str) -> None:
        answer = self.server_state.answers.popleft()
        if isinstance(answer, Refusal):
            self._send(answer.status, json.dumps({"error": answer.said}))
        else:
            self._answer(model, answer)

    def _load(self, model: str) -> None:
        state = self.server_state
        if state.loading is not None:
            state.loading.wait(LONGEST_SILENCE)
        if state.load_refused is not None:
            self._send(state.load_refused.status, json.dumps({"error": state.load_refused.said}))
            return
        state.loaded.add(f"{model}:latest")
        done = {"model": model, "created_at": WHEN, "response": "", "done": True}
        self._send(200, json.dumps({**done, "done_reason": "load"}))

    def _pull(self, model: str) -> None:
        state = self.server_state
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in state.fetches:
            self._line(part)
            if part.get("status") == "success":
                state.models[f"{model}:latest"] = 2_019_393_189
        self.wfile.write(b"0\r\n\r\n")

    def _answer(self, model: str, answer: Answer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in answer.pieces:
            time.sleep(answer.pause)
            self._line(_part(model, piece))
        if answer.ends == "silent":
            self._wait_until_they_hang_up()
        elif answer.ends == "broken":
            self.close_connection = True
        else:
            if answer.ends == "error":
                self._line({"error": "the runner has stopped"})
            if answer.ends == "well":
                self._line({**_part(model, ""), "done": True, "done_reason": "stop"})
            self.wfile.write(b"0\r\n\r\n")

    def _line(self, part: dict[str, Any]) -> None:
        line = json.dumps(part).encode() + b"\n"
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def _wait_until_they_hang_up(self) -> None:
        self.connection.settimeout(LONGEST_SILENCE)
        if self.connection.recv(1) == b"":
            self.server_state.hung_up.set()
        self.close_connection = True

    def _send(self, status: int, body: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _part(model: str, piece: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": piece}
    return {"model": model, "created_at": WHEN, "message": message, "done": False}
