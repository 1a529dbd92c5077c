"""A loopback stand-in for an OpenAI-compatible server: its models and its chat, fed by the test.

``/v1/models`` as JSON and ``/v1/chat/completions`` as server-sent events. What it is asked, and
with which key, is kept.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal

from loopback import serving

LONGEST_SILENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """One answer of the model.

    Attributes:
        pieces: What it says, piece by piece.
        ends: ``well``; ``marked`` with the last mark alone, without a reason; ``broken`` cuts the
            connection; ``early`` ends without either; ``error`` sends an error; ``filtered``
            stops at a filter; ``declined`` says why it does not answer; ``silent`` goes quiet;
            ``whole`` sends everything as one JSON, ``page`` as HTML.
        pause: Seconds before each piece.
    """

    pieces: Sequence[str] = ()
    ends: Literal[
        "well",
        "marked",
        "broken",
        "early",
        "error",
        "filtered",
        "declined",
        "silent",
        "whole",
        "page",
    ] = "well"
    pause: float = 0.0


@dataclass(frozen=True)
class Refused:
    """An HTTP error, or a redirect, in place of an answer."""

    status: int
    body: Mapping[str, Any] | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def refused(status: int, message: str, **more: Any) -> Refused:
    """A refusal in OpenAI's form."""
    return Refused(status, {"error": {"message": message, **more}})


@dataclass
class OpenAIServer:
    """What the server has, what it will say, and what it was asked."""

    models: Sequence[str] = ("small", "large")
    listing: deque[Refused] = field(default_factory=deque)
    """Refusals that come before the list of models does."""
    answers: deque[Answer | Refused] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    looked: int = 0
    keys: list[str | None] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@contextmanager
def running_openai() -> Iterator[OpenAIServer]:
    """Run a server on a free loopback port for the length of the block."""
    state = OpenAIServer()

    class Handler(_Handler):
        server_state = state

    with serving(Handler) as port:
        state.url = f"http://127.0.0.1:{port}/v1"
        yield state


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_state: OpenAIServer

    def handle(self) -> None:
        """Answer until they hang up, which they may do in the middle."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the console."""

    def do_GET(self) -> None:
        state = self.server_state
        state.looked += 1
        state.keys.append(self.headers.get("Authorization"))
        if self.path != "/v1/models":
            self._refuse(Refused(404, "<html>Nothing here</html>"))
        elif state.listing:
            self._refuse(state.listing.popleft())
        else:
            data = [{"id": name, "object": "model", "owned_by": "me"} for name in state.models]
            self._send(200, json.dumps({"object": "list", "data": data}))

    def do_POST(self) -> None:
        state = self.server_state
        state.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        state.keys.append(self.headers.get("Authorization"))
        answer = state.answers.popleft()
        if isinstance(answer, Refused):
            self._refuse(answer)
        elif answer.ends == "whole":
            message = {"role": "assistant", "content": "".join(answer.pieces)}
            body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
            self._send(200, json.dumps(body))
        elif answer.ends == "page":
            self._send(200, "<html>It works!</html>", kind="text/html")
        else:
            self._stream(answer)

    def _stream(self, answer: Answer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._write(": a comment that keeps the connection open\n\n")
        self._event({"choices": [{"delta": {"role": "assistant"}, "finish_reason": None}]})
        for piece in answer.pieces:
            time.sleep(answer.pause)
            self._event({"choices": [{"delta": {"content": piece}, "finish_reason": None}]})
        if answer.ends == "silent":
            self._wait_until_they_hang_up()
            return
        if answer.ends == "broken":
            self.close_connection = True
            return
        self._end(answer.ends)
        self.wfile.write(b"0\r\n\r\n")

    def _end(self, ends: str) -> None:
        if ends == "error":
            self._event({"error": {"message": "the engine has died", "code": 500}})
        if ends == "declined":
            self._event({"choices": [{"delta": {"refusal": "I will not."}}]})
        reason = {"well": "stop", "filtered": "content_filter"}.get(ends)
        if reason:
            self._event({"choices": [{"delta": {}, "finish_reason": reason}]})
            self._event({"choices": [], "usage": {"total_tokens": 9}})
        if ends in {"well", "marked"}:
            self._write("data: [DONE]\n\n")

    def _event(self, chunk: Mapping[str, Any]) -> None:
        self._write(f"data: {json.dumps(chunk)}\n\n")

    def _write(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _wait_until_they_hang_up(self) -> None:
        self.connection.settimeout(LONGEST_SILENCE)
        if self.connection.recv(1) == b"":
            self.server_state.hung_up.set()
        self.close_connection = True

    def _refuse(self, refusal: Refused) -> None:
        body = refusal.body if isinstance(refusal.body, str) else json.dumps(refusal.body)
        kind = "text/html" if isinstance(refusal.body, str) else "application/json"
        self._send(refusal.status, body, kind=kind, headers=refusal.headers)

    def _send(
        self,
        status: int,
        body: str,
        *,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
