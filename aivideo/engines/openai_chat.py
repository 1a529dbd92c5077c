"""Any OpenAI-compatible server: OpenAI, LM Studio, llama.cpp, vLLM and others."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Final

import httpx

from aivideo.engines.connections import (
    LOOK_HOLDS,
    LOOKING,
    TALKING,
    Line,
    client_options,
    host_of,
    is_private,
    shown,
)
from aivideo.engines.dialogue import Asking, Hear, Turn, count_tokens, speech, unwell
from aivideo.engines.openai_wire import (
    END,
    Chunk,
    ModelList,
    Said,
    chat_request,
    events,
    lacks_model,
    part_refused,
    refusal_in,
    refusal_of,
)
from aivideo.engines.refusals import Refusal, failure_of, without_keys
from aivideo.errors import (
    AIVideoError,
    Health,
    KeyUnprotected,
    ModelBrokeOff,
    ModelDeclined,
    ModelKeyRefused,
    ModelLoading,
    ModelNotServed,
    ModelServerForeign,
    ModelServerRedirects,
    ModelServerSilent,
    ModelServerUnreachable,
    ModelTooSlow,
)
from aivideo.progress import Progress, Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

LOADS_FOR: Final = 600.0
"""Seconds that a server may take to load its model."""
LOOK_AGAIN: Final = 0.2
KEY_SETTING: Final = "OPENAI_API_KEY"
NO_LIST: Final = frozenset({404, 405, 501})
FILTERED: Final = "content_filter"


class OpenAIModel:
    """A model that a server with OpenAI's interface runs."""

    def __init__(self, settings: Settings, workspace: Workspace | None = None) -> None:
        del workspace  # nothing is kept
        self.url = settings.openai_base_url.rstrip("/")
        key = settings.openai_api_key
        self._key = key.get_secret_value().strip() if key else ""
        self._model = settings.openai_model or ""
        self._refused: frozenset[str] = frozenset()
        """Parts of a request that this server or its model does not take."""
        self._looked_until = 0.0

    @property
    def name(self) -> str:
        """Model and server."""
        model = self._short or "The model"
        with contextlib.suppress(httpx.InvalidURL):
            return f"{model} at {host_of(self.url)}"
        return model

    @property
    def _short(self) -> str:
        """The model without the folder or the owner that some servers put before it."""
        return self._model.replace("\\", "/").rpartition("/")[2]

    def prepare(self) -> Work[None]:
        """Make sure that the server answers; wait for it while it loads its model.

        Raises:
            ModelServerUnreachable: Nothing answers.
            ModelServerSilent: It takes the call and says nothing.
            ModelServerForeign: What answers is no such server.
            ModelNotServed: It has several models, and the settings name none.
            ModelLoading: It still loads after ten minutes.
            AIVideoError: It refuses the key, or answers with an error.
        """
        give_up = time.monotonic() + LOADS_FOR
        while time.monotonic() >= self._looked_until:
            yield Progress(0.0, f"Looking for {self.name}")
            try:
                self.look(LOOKING)
            except ModelLoading:
                if time.monotonic() >= give_up:
                    raise
                yield Progress(0.1, f"{self.name} is loading")
                time.sleep(LOOK_AGAIN)
        yield Progress(1.0)

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer in pieces; closing cuts the connection, at which servers stop.

        Raises:
            ModelBrokeOff: The connection broke, or the answer has no end.
            ModelTooSlow: Nothing came for ten minutes.
            ModelDeclined: The model, or a filter, does not answer this.
            ConversationTooLong: The model cannot read so much.
            AIVideoError: What ``prepare`` raises, or the server answers with an error.
        """
        line = Line()

        def tell(hear: Hear[str]) -> None:
            looked, self._looked_until = self._looked_until, 0.0  # after a failure, look again
            with self._translating(TALKING), self._client(TALKING, line) as client:
                if not self._model:
                    self._list(client)
                answered = False
                while not answered:
                    answered = self._answer(client, turns, asking, hear)
            self._looked_until = looked

        return speech(tell, line.cut)

    def check(self) -> Health:
        """Whether the server answers and lists the model; the model itself is not asked."""
        try:
            listed = self.look(LOOKING)
        except AIVideoError as failure:
            return unwell(failure)
        if not listed:
            said = "answers, and has no list of models"
        elif self._model in listed:
            said = f"answers and lists {self._short}"
        else:
            said = f"answers, and does not list {self._short} among its {len(listed)} models"
        return Health(
            "Language model",
            works=True,
            says=f"The server at {shown(self.url)} {said}.",
            needed=True,
            tried=False,
        )

    def look(self, timeout: httpx.Timeout) -> Sequence[str]:
        """The models that the server lists; none when it has no list.

        Raises:
            AIVideoError: See ``prepare``.
        """
        with self._translating(timeout), self._client(timeout) as client:
            listed = self._list(client)
        self._looked_until = time.monotonic() + LOOK_HOLDS
        return listed

    def _list(self, client: httpx.Client) -> Sequence[str]:
        """What the server lists; where no model is set, the only one there is becomes ours."""
        response = client.get(f"{self.url}/models")
        self._refuse_redirect(response)
        if response.status_code in NO_LIST and self._model:
            return ()
        if response.status_code != httpx.codes.OK:
            raise self._failure(refusal_of(response, self._key))
        listed = [model.id for model in ModelList.model_validate_json(response.content).data]
        if not self._model:
            if len(listed) != 1:
                raise ModelNotServed(shown(self.url), "", listed)
            self._model = listed[0]
        return listed

    def _answer(
        self, client: httpx.Client, turns: Sequence[Turn], asking: Asking, hear: Hear[str]
    ) -> bool:
        """Ask once; False when the server has to be asked again, for less."""
        request = chat_request(self._model, turns, asking, self._refused)
        with client.stream("POST", f"{self.url}/chat/completions", json=request) as response:
            if response.status_code == httpx.codes.OK:
                self._read(response, hear)
                return True
            response.read()
        self._refuse_redirect(response)
        refusal = refusal_of(response, self._key)
        if lacks_model(refusal):
            raise self._model_not_served(client, refusal)
        part = part_refused(refusal, request)
        if part is None:
            raise self._failure(refusal, turns)
        self._refused |= {part}
        return False

    def _read(self, response: httpx.Response, hear: Hear[str]) -> None:
        """Pass the answer on as it comes."""
        ended = False
        for data in events(response):
            if data == END:
                ended = True
                break
            for piece, reason in self._pieces(Chunk.model_validate_json(data)):
                ended |= reason is not None
                if not hear(piece):
                    return
        if not ended:
            raise ModelBrokeOff(self.name, detail="the stream ended without a finish reason")

    def _pieces(self, chunk: Chunk) -> Iterator[tuple[str, str | None]]:
        """What one event says, and the reason to end when it names one."""
        if chunk.error is not None:
            raise self._failure(refusal_in(chunk.error, 0, self._key))
        for choice in chunk.choices:
            said = choice.delta or choice.message or Said()
            if said.refusal or choice.finish_reason == FILTERED:
                detail = without_keys(said.refusal or FILTERED, self._key)
                raise ModelDeclined(self.name, detail=detail)
            yield said.content or "", choice.finish_reason

    def _failure(self, refusal: Refusal, turns: Sequence[Turn] = ()) -> AIVideoError:
        wrong_place = refusal.status == httpx.codes.NOT_FOUND
        if wrong_place or (refusal.foreign and refusal.status in NO_LIST):
            return ModelServerForeign(shown(self.url), detail=refusal.said)
        tokens = sum(count_tokens(turn.content) for turn in turns)
        return failure_of(refusal, self.name, KEY_SETTING, tokens=tokens, has_key=bool(self._key))

    def _model_not_served(self, client: httpx.Client, refusal: Refusal) -> AIVideoError:
        listed: Sequence[str] = ()
        with contextlib.suppress(AIVideoError, httpx.HTTPError, ValueError):
            listed = self._list(client)
        return ModelNotServed(shown(self.url), self._model, listed, detail=refusal.said)

    def _refuse_redirect(self, response: httpx.Response) -> None:
        if response.has_redirect_location:
            target = shown(response.headers["location"])
            raise ModelServerRedirects(shown(self.url), target)

    @contextlib.contextmanager
    def _client(self, timeout: httpx.Timeout, line: Line | None = None) -> Iterator[httpx.Client]:
        """A client that has the key in its headers, where it may be sent."""
        host = host_of(self.url)
        if self._key and not self.url.startswith("https://") and not is_private(host):
            raise KeyUnprotected(host)
        if not (self._key.isascii() and self._key.isprintable()):
            raise ModelKeyRefused(self.name, KEY_SETTING, detail="no header can carry its letters")
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        options = client_options(self.url, timeout, line)
        with httpx.Client(headers=headers, follow_redirects=False, **options) as client:
            yield client

    @contextlib.contextmanager
    def _translating(self, timeout: httpx.Timeout) -> Iterator[None]:
        """Turn what httpx raises into our sentences."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as problem:
            raise ModelServerUnreachable(shown(self.url), detail=repr(problem)) from problem
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as problem:
            raise ModelServerUnreachable(shown(self.url), detail=repr(problem)) from problem
        except httpx.ReadTimeout as problem:
            if timeout is not TALKING:
                waited = timeout.read or 0
                raise ModelServerSilent(shown(self.url), waited, detail=repr(problem)) from problem
            raise ModelTooSlow(self.name, TALKING.read or 0, detail=repr(problem)) from problem
        except httpx.TransportError as problem:
            raise ModelBrokeOff(self.name, detail=repr(problem)) from problem
        except ValueError as problem:
            detail = without_keys(str(problem), self._key)
            raise ModelServerForeign(shown(self.url), detail=detail) from problem
