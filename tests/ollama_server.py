"""A loopback stand-in for the Ollama server: its list of models and its chat, fed by the test.

It speaks the parts of the HTTP interface that the official client uses, in the same shapes:
``/api/tags``, and ``/api/chat`` as lines of JSON. What it is asked is kept.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    """

    pieces: Sequence[str] = ()
    ends: Literal["well", "broken", "early", "error", "silent"] = "well"


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
    server_state: OllamaServer

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the console."""

    def do_GET(self) -> None:
        state = self.server_state
        state.looked += 1
        models = [
            {"name": name, "model": name, "modified_at": WHEN, "size": size, "digest": "0" * 64}
            for name, size in state.models.items()
        ]
        self._send(200, state.page or json.dumps({"models": models}))

    def do_POST(self) -> None:
        state = self.server_state
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state.asked.append(asked)
        model = asked["model"]
        if model not in state.models and f"{model}:latest" not in state.models:
            self._send(404, json.dumps({"error": f"model '{model}' not found"}))
            return
        answer = state.answers.popleft()
        if isinstance(answer, Refusal):
            self._send(answer.status, json.dumps({"error": answer.said}))
        else:
            self._answer(model, answer)

    def _answer(self, model: str, answer: Answer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in answer.pieces:
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
