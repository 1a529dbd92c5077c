"""Ollama, through its official client."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import httpx

from aivideo.engines.connections import LOOK_HOLDS, LOOKING, TALKING, Line, client_options
from aivideo.engines.dialogue import (
    Asking,
    Hear,
    Turn,
    count_tokens,
    from_thread,
    speech,
    unwell,
)
from aivideo.engines.refusals import Refusal, failure_of
from aivideo.errors import (
    AIVideoError,
    ConversationTooLong,
    Health,
    ModelBrokeOff,
    ModelFailed,
    ModelMissing,
    ModelTooSlow,
    ModelUnknown,
    OllamaNotRunning,
)
from aivideo.progress import Progress, Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

if TYPE_CHECKING:
    from ollama import Client, ListResponse

STAYS_LOADED: Final = "15m"
CONTEXT_STEP: Final = 4096
"""Tokens. Ollama loads a model anew whenever its window changes, so windows come in steps."""
MARGIN: Final = 1.25
"""Our count of tokens is low for some languages, and a turn has tokens around it."""
PENALTY_WINDOW: Final = 256
MIN_P: Final = 0.05
NO_SUCH_MODEL: Final = ("file does not exist", "not found")


class OllamaModel:
    """A model that an Ollama server runs."""

    def __init__(self, settings: Settings, workspace: Workspace | None = None) -> None:
        del workspace  # everything that Ollama keeps is its own
        self.url = settings.ollama_base_url
        self.model = settings.ollama_model
        self._window = CONTEXT_STEP
        """The largest that was needed: a smaller one would load the model anew."""
        self._ready_until = 0.0
        self.lacking = False
        """Whether the server, when it last answered, had not got the model."""

    @property
    def name(self) -> str:
        """Provider and model."""
        return f"Ollama ({self.model})"

    def prepare(self) -> Work[None]:
        """Make sure that the server runs and has the model, and that it is loaded.

        Raises:
            OllamaNotRunning: Nothing answers.
            ModelMissing: It does not have the model.
            AIVideoError: It answers with an error.
        """
        if time.monotonic() >= self._ready_until:
            yield Progress(0.0, "Looking for Ollama")
            with self._translating(looking=True), _client(self.url, LOOKING) as client:
                size = self._find(client)
                loaded = self._is_loaded(client)
            if not loaded:
                yield from self._load(size)
            self._ready_until = time.monotonic() + LOOK_HOLDS
        yield Progress(1.0)

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer in pieces; closing cuts the connection, at which Ollama stops.

        Raises:
            OllamaNotRunning: Nothing answers.
            ModelMissing: It does not have the model.
            ConversationTooLong: The model cannot read so much.
            ModelBrokeOff: The connection broke, or the answer has no end.
            ModelTooSlow: It said nothing for ten minutes.
            AIVideoError: It answers with an error.
        """
        line = Line()

        def tell(hear: Hear[str]) -> None:
            ready, self._ready_until = self._ready_until, 0.0  # after a failure it is looked for
            with self._translating(turns), _client(self.url, TALKING, line) as client:
                self._widen(client, turns, asking)
                for part in client.chat(**chat_request(self.model, turns, asking, self._window)):
                    if not hear(part.message.content or "") or part.done:
                        self._ready_until = ready
                        return
                raise ModelBrokeOff(self.name, detail="the stream ended without its last part")

        return speech(tell, line.cut)

    def check(self) -> Health:
        """Whether the server answers and has the model; the model itself is not asked."""
        try:
            size = self.look()
        except AIVideoError as failure:
            return unwell(failure)
        return Health(
            "Language model",
            works=True,
            says=f"Ollama answers at {self.url} and has {self.model} ({size / 1e9:.1f} GB).",
            needed=True,
            tried=False,
        )

    def look(self, timeout: httpx.Timeout = LOOKING) -> int:
        """The size of the model on the server, in bytes.

        Raises:
            OllamaNotRunning: Nothing answers in time.
            ModelMissing: It does not have the model.
            AIVideoError: It answers with an error.
        """
        with self._translating(looking=True), _client(self.url, timeout) as client:
            return self._find(client)

    def pull(self) -> Work[None]:
        """Have the server fetch the model; what it has when this is closed, it keeps.

        Raises:
            OllamaNotRunning: Nothing answers.
            ModelUnknown: The server finds no such model.
            ModelBrokeOff: The connection broke.
            AIVideoError: It answers with an error.
        """
        line, layers = Line(), dict[str, tuple[int, int]]()
        told = Progress(0.0, f"Ollama fetches {self.model}")

        def tell(hear: Hear[Progress]) -> None:
            with self._pulling(), _client(self.url, TALKING, line) as client:
                for part in client.pull(self.model, stream=True):
                    if part.digest and part.total:
                        layers[part.digest] = (part.completed or 0, part.total)
                    if not hear(_fetched(self.model, layers.values())) or part.status == "success":
                        return
                raise ModelBrokeOff(self.name, detail="the fetching ended without a success")

        with contextlib.closing(from_thread(tell, line.cut, silence=None)) as news:
            for progress in news:
                told = progress or told
                yield told
        self.lacking = False
        yield Progress(1.0)

    def _load(self, size: int) -> Work[None]:
        """Have the server bring the model into memory, with a word for whoever waits."""
        line = Line()
        message = f"Ollama is loading {self.model} ({size / 1e9:.1f} GB)"

        def tell(hear: Hear[Progress]) -> None:
            with self._translating(), _client(self.url, TALKING, line) as client:
                hear(Progress(0.1, message))
                options = {"num_ctx": self._window}
                client.generate(self.model, options=options, keep_alive=STAYS_LOADED)

        yield from from_thread(tell, line.cut, silence=Progress(0.1, message))

    def _find(self, client: Client) -> int:
        sizes = _sizes(client.list())
        names = (self.model, f"{self.model}:latest")
        found = next((sizes[name] for name in names if name in sizes), None)
        self.lacking = found is None
        if found is None:
            raise ModelMissing(self.model, sizes)
        return found

    def _is_loaded(self, client: Client) -> bool:
        """Whether the model is in memory; a server that cannot tell loads it when it is asked."""
        from ollama import ResponseError

        try:
            loaded = {entry.model for entry in client.ps().models}
        except ResponseError:
            return True
        return not loaded.isdisjoint({self.model, f"{self.model}:latest"})

    def _widen(self, client: Client, turns: Sequence[Turn], asking: Asking) -> None:
        """Make the window wide enough: what does not fit, Ollama would drop without a word.

        It also cuts a window down to what the model was made for, so that is asked first.
        """
        tokens = _tokens(turns)
        need = round(tokens * MARGIN) + asking.max_tokens
        if need <= self._window:
            return
        limit = _longest(client.show(self.model).modelinfo or {})
        if limit is not None and tokens + asking.max_tokens > limit:
            raise ConversationTooLong(self.name, tokens, limit - asking.max_tokens)
        self._window = -(-need // CONTEXT_STEP) * CONTEXT_STEP

    @contextlib.contextmanager
    def _translating(self, turns: Sequence[Turn] = (), *, looking: bool = False) -> Iterator[None]:
        """Turn what the client raises into our sentences."""
        from ollama import ResponseError

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as problem:
            raise OllamaNotRunning(self.url, detail=repr(problem)) from problem
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as problem:
            raise OllamaNotRunning(self.url, detail=repr(problem)) from problem
        except ResponseError as problem:
            refusal = Refusal(problem.status_code, str(problem))
            raise self._refusal(refusal, turns) from problem
        except httpx.ReadTimeout as problem:
            if looking:
                raise OllamaNotRunning(self.url, detail=repr(problem)) from problem
            raise ModelTooSlow(self.name, TALKING.read or 0, detail=repr(problem)) from problem
        except httpx.TransportError as problem:
            raise ModelBrokeOff(self.name, detail=repr(problem)) from problem
        except ValueError as problem:
            raise ModelFailed(self.name, 0, detail=f"not Ollama's answer: {problem}") from problem

    @contextlib.contextmanager
    def _pulling(self) -> Iterator[None]:
        """The same, where a model that is not there is one that nobody has."""
        try:
            with self._translating():
                yield
        except AIVideoError as failure:
            if any(words in failure.detail for words in NO_SUCH_MODEL):
                raise ModelUnknown(self.model, detail=failure.detail) from failure
            raise

    def _refusal(self, refusal: Refusal, turns: Sequence[Turn]) -> AIVideoError:
        if refusal.status == httpx.codes.NOT_FOUND and self.model in refusal.said:
            self.lacking = True
            with self._translating(), _client(self.url, LOOKING) as client:
                return ModelMissing(self.model, _sizes(client.list()), detail=refusal.said)
        setting = "OLLAMA_API_KEY"  # which the client reads by itself
        return failure_of(refusal, self.name, setting, tokens=_tokens(turns), has_key=False)


def _client(url: str, timeout: httpx.Timeout, line: Line | None = None) -> Client:
    from ollama import Client

    options = client_options(url, timeout, line)
    try:
        return Client(url, **options)
    except ValueError as problem:
        raise httpx.InvalidURL(str(problem)) from problem


def chat_request(model: str, turns: Sequence[Turn], asking: Asking, window: int) -> dict[str, Any]:
    """The arguments of the client's ``chat``."""
    options: dict[str, float | int] = {
        "num_ctx": window,
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
        "think": False,  # thoughts would use up the answer's tokens
    }


def _tokens(turns: Sequence[Turn]) -> int:
    return sum(count_tokens(turn.content) for turn in turns)


def _longest(facts: Mapping[str, Any]) -> int | None:
    """The longest context that a model was made for, as Ollama reads it off its file."""
    found = (value for name, value in facts.items() if name.endswith(".context_length"))
    return next((int(value) for value in found), None)


def _sizes(listing: ListResponse) -> dict[str, int]:
    return {entry.model: int(entry.size or 0) for entry in listing.models if entry.model}


def _fetched(model: str, layers: Iterable[tuple[int, int]]) -> Progress:
    """How far the fetching of a model's layers is."""
    pairs = list(layers)
    done, total = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    if not total:
        return Progress(0.0, f"Ollama fetches {model}")
    return Progress(
        done / total, f"Ollama fetches {model}: {done / 1e9:.1f} of {total / 1e9:.1f} GB"
    )
