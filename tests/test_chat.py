"""The language models: Ollama over a loopback stand-in, the built-in one with a tiny real model."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ollama_server import Answer, OllamaServer, Refusal, running_ollama
from openai_server import Answer as OpenAIAnswer
from openai_server import running_openai
from pydantic import SecretStr
from tiny_model import make_tiny_model

from aivideo.engines import ollama_chat, weights
from aivideo.engines.chat import (
    CHOICE_HOLDS,
    Asking,
    ChatModel,
    Turn,
    WhicheverIsThere,
    lacks_model,
    open_chat_model,
    pull_model,
)
from aivideo.engines.dialogue import Spoken, answer, count_tokens
from aivideo.engines.local_chat import BuiltInModel
from aivideo.engines.local_chat import chat_request as local_request
from aivideo.engines.ollama_chat import OllamaModel
from aivideo.engines.openai_chat import OpenAIModel
from aivideo.errors import (
    AIVideoError,
    ConversationTooLong,
    EmptyReply,
    ModelBrokeOff,
    ModelFailed,
    ModelMissing,
    ModelRuntimeMissing,
    ModelTooLarge,
    ModelTooSlow,
    ModelUnknown,
    ModelUnreadable,
    OllamaNotRunning,
    UnknownProvider,
    WeightsNotFound,
)
from aivideo.progress import Progress, finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace

HELLO = [Turn("system", "Be brief."), Turn("user", "Hello?")]


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """A stand-in for Ollama that has llama3.2."""
    with running_ollama() as server:
        yield server


@pytest.fixture
def ollama(server: OllamaServer, settings: Settings) -> OllamaModel:
    """The engine in front of the stand-in."""
    return OllamaModel(settings.model_copy(update={"ollama_base_url": server.url}))


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model of 115 kB that talks nonsense."""
    return make_tiny_model(tmp_path_factory.mktemp("model") / "nonsense.gguf")


@pytest.fixture
def local(tiny_gguf: Path, settings: Settings, workspace: Workspace) -> BuiltInModel:
    """The engine of the built-in model, on the tiny one."""
    return BuiltInModel(settings.model_copy(update={"local_model": tiny_gguf}), workspace)


def closed_port() -> str:
    """An address at which nothing answers."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}"


def say(model: ChatModel, asking: Asking | None = None) -> str:
    """The whole answer to a greeting."""
    return "".join(model.stream(HELLO, asking or Asking()))


# Ollama


def test_ollama_answers_piece_by_piece(server: OllamaServer, ollama: OllamaModel) -> None:
    """The pieces come as the model says them."""
    server.answers.append(Answer(["Good ", "morning", "!"]))
    pieces = [piece for piece in ollama.stream(HELLO, Asking()) if piece]
    assert pieces == ["Good ", "morning", "!"]


def test_ollama_is_told_everything_that_was_asked(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Model, turns, schema, limits and seed reach the server."""
    server.answers.append(Answer(["{}"]))
    schema = {"type": "object"}
    say(ollama, Asking(max_tokens=90, temperature=0.2, schema=schema, seed=7, repeat_penalty=1.1))
    [asked] = server.asked
    assert asked["model"] == "llama3.2"
    assert asked["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello?"},
    ]
    assert asked["format"] == schema
    assert asked["keep_alive"] == "15m"
    options = {"num_predict": 90, "temperature": 0.2, "seed": 7, "repeat_penalty": 1.1}
    assert options.items() <= asked["options"].items()


def test_without_a_schema_ollama_may_answer_freely(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Neither a format nor a seed is invented."""
    server.answers.append(Answer(["Hi."]))
    say(ollama)
    assert "format" not in server.asked[0]
    assert "seed" not in server.asked[0]["options"]


@pytest.mark.parametrize(("characters", "window"), [(10, 4096), (14_000, 8192), (30_000, 12_288)])
def test_the_window_has_room_for_the_whole_conversation(
    server: OllamaServer, ollama: OllamaModel, characters: int, window: int
) -> None:
    """Ollama's own default would silently drop the beginning; steps save it from reloading."""
    server.answers.append(Answer(["Yes."]))
    list(ollama.stream([Turn("user", "x" * characters)], Asking(max_tokens=400)))
    assert server.asked[-1]["options"]["num_ctx"] == window


def test_a_server_that_has_the_model_is_ready(ollama: OllamaModel) -> None:
    """Preparing finds llama3.2 under its full name llama3.2:latest."""
    finish(ollama.prepare())
    assert ollama.name == "Ollama (llama3.2)"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(closed_port(), id="nobody listens"),
        "http://",
        "nonsense://somewhere",
        "[::bad",
    ],
)
def test_a_server_that_does_not_run_is_told_as_such(settings: Settings, url: str) -> None:
    """The sentence names the address and what to start, and comes within five seconds."""
    model = OllamaModel(settings.model_copy(update={"ollama_base_url": url}))
    began = time.monotonic()
    with pytest.raises(OllamaNotRunning) as prepared:
        finish(model.prepare())
    with pytest.raises(OllamaNotRunning):
        say(model)
    assert time.monotonic() - began < 5
    assert url in prepared.value.message
    assert "ollama serve" in prepared.value.message


def test_a_missing_model_names_the_installed_ones_and_the_command(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Not a bare 404: what is there, and how to get what is not."""
    server.models = {"mistral:7b": 1, "gemma2:2b": 1}
    with pytest.raises(ModelMissing) as caught:
        finish(ollama.prepare())
    assert "ollama pull llama3.2" in caught.value.message
    assert "gemma2:2b, mistral:7b" in caught.value.message


def test_a_model_that_went_missing_is_noticed_when_it_is_asked(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """The server's 404 becomes the same sentence."""
    server.models = {"mistral:7b": 1}
    with pytest.raises(ModelMissing, match="mistral:7b"):
        say(ollama)


@pytest.mark.parametrize(
    ("refusal", "code", "remedy"),
    [
        (Refusal(401, "unauthorized"), "MODEL_KEY_REFUSED", "OLLAMA_API_KEY"),
        (Refusal(402, "no"), "MODEL_QUOTA", "Top up"),
        (Refusal(429, "no"), "MODEL_RATE_LIMITED", "Wait a minute"),
        (Refusal(503, "server busy, maximum pending requests"), "MODEL_RATE_LIMITED", "Wait"),
        (Refusal(500, "no"), "MODEL_FAILED", "Try again"),
    ],
)
def test_a_refusal_names_the_status_and_a_remedy(
    server: OllamaServer, ollama: OllamaModel, refusal: Refusal, code: str, remedy: str
) -> None:
    """A provider's error is an error of its own, never text of the answer."""
    server.answers.append(refusal)
    with pytest.raises(AIVideoError) as caught:
        say(ollama)
    assert caught.value.code == code
    assert str(refusal.status) in caught.value.message
    assert remedy in caught.value.message


def test_a_window_that_was_widened_stays_wide(server: OllamaServer, ollama: OllamaModel) -> None:
    """A narrower one would load the model anew, and what it had read would be lost."""
    for characters in (14_000, 10):
        server.answers.append(Answer(["Yes."]))
        list(ollama.stream([Turn("user", "x" * characters)], Asking()))
    assert server.asked[-1]["options"]["num_ctx"] == 8192


def test_more_than_the_model_was_made_for_is_refused_with_the_numbers(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Ollama would cut the window down to the model's and drop the beginning without a word."""
    server.longest = 6000
    with pytest.raises(ConversationTooLong, match="at most 5600"):
        list(ollama.stream([Turn("user", "x" * 30_000)], Asking(max_tokens=400)))
    assert not any("messages" in asked for asked in server.asked)


def test_thoughts_use_up_no_tokens_of_the_answer(server: OllamaServer, ollama: OllamaModel) -> None:
    """Ollama is asked to have reasoning models answer at once."""
    server.answers.append(Answer(["Yes."]))
    say(ollama)
    assert server.asked[0]["think"] is False


def test_loading_is_told_while_it_lasts(server: OllamaServer, ollama: OllamaModel) -> None:
    """A large model loads for a minute; whoever waits is told what for."""
    server.loaded, server.loading = set(), threading.Event()
    work = ollama.prepare()
    messages = [next(work).message for _ in range(3)]
    server.loading.set()
    finish(work)
    assert messages == ["Looking for Ollama", *["Ollama is loading llama3.2 (2.0 GB)"] * 2]
    assert server.loaded == {"llama3.2:latest"}
    assert server.asked[0]["keep_alive"] == "15m"
    assert server.asked[0]["options"]["num_ctx"] == 4096


def test_a_loaded_model_is_not_loaded_again(server: OllamaServer, ollama: OllamaModel) -> None:
    """Preparing costs two short looks."""
    finish(ollama.prepare())
    assert server.asked == []


def test_a_model_too_large_for_the_memory_is_told_as_such(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Ollama's own words are in the details."""
    server.loaded = set()
    said = "model requires more system memory (9.1 GiB) than is available (3.2 GiB)"
    server.load_refused = Refusal(500, said)
    with pytest.raises(ModelTooLarge) as caught:
        finish(ollama.prepare())
    assert "smaller" in caught.value.message
    assert said in caught.value.detail


def test_silence_is_told_as_what_it_is(
    server: OllamaServer, ollama: OllamaModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that answers no look does not run; a model without a word in ten minutes is slow."""
    monkeypatch.setattr(ollama_chat, "TALKING", httpx.Timeout(0.2))
    server.answers.append(Answer(ends="silent"))
    with pytest.raises(ModelTooSlow, match="smaller model"):
        say(ollama)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        ollama.url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setattr(ollama_chat, "LOOKING", httpx.Timeout(0.2))
        with pytest.raises(OllamaNotRunning):
            finish(ollama.prepare())


def test_a_server_is_looked_for_again_after_a_failure_only(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Looking before each turn would delay its first word."""
    server.answers.extend([Answer(["Yes."]), Answer(ends="error")])
    finish(ollama.prepare())
    say(ollama)
    looked = server.looked
    finish(ollama.prepare())
    assert server.looked == looked
    with pytest.raises(ModelFailed):
        say(ollama)
    finish(ollama.prepare())
    assert server.looked > looked


# Fetching a model


FETCHES: list[dict[str, Any]] = [
    {"status": "pulling manifest"},
    {"status": "pulling aaaa", "digest": "sha256:a", "total": 1_500_000_000},
    {"status": "pulling aaaa", "digest": "sha256:a", "total": 1_500_000_000, "completed": 10**9},
    {"status": "pulling bbbb", "digest": "sha256:b", "total": 500_000_000, "completed": 5 * 10**8},
    {"status": "success"},
]


def test_a_missing_model_is_fetched_with_its_progress(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """How much of how much has come, over all its layers; then it is there."""
    server.models, server.fetches = {}, FETCHES
    told = list(ollama.pull())
    assert told[0].message == "Ollama fetches llama3.2"
    assert Progress(0.75, "Ollama fetches llama3.2: 1.5 of 2.0 GB") in told
    finish(ollama.prepare())


def test_a_model_that_nobody_has_is_told_as_such(server: OllamaServer, ollama: OllamaModel) -> None:
    """A typing mistake in OLLAMA_MODEL, with where to look."""
    server.fetches = [{"error": "pull model manifest: file does not exist"}]
    with pytest.raises(ModelUnknown, match="OLLAMA_MODEL"):
        finish(ollama.pull())


def test_a_fetching_that_breaks_off_is_no_success(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """Half a model is none."""
    server.fetches = FETCHES[:3]
    with pytest.raises(ModelBrokeOff):
        finish(ollama.pull())


def test_any_other_failure_of_the_fetching_keeps_its_sentence(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """A full disk of the server is not a name that nobody knows."""
    server.fetches = [{"error": "write: no space left on device"}]
    with pytest.raises(ModelFailed) as caught:
        finish(ollama.pull())
    assert "no space left" in caught.value.detail


def test_a_lacking_model_is_known_from_the_last_look(
    server: OllamaServer, settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """The page offers to fetch it, without asking anybody for that; then it is used at once."""
    wanted = auto_settings(settings, server.url, tiny_gguf)
    model = open_chat_model(wanted, workspace)
    assert not lacks_model(model)
    server.models, server.fetches = {}, FETCHES
    assert model.check().works
    assert lacks_model(model)
    finish(pull_model(wanted, model))
    assert not lacks_model(model)
    assert model.name == "Ollama (llama3.2)"


def test_a_model_that_an_answer_found_missing_can_be_fetched(
    server: OllamaServer, ollama: OllamaModel, settings: Settings
) -> None:
    """Also where Ollama alone may answer; where it may not, it is fetched all the same."""
    server.models, server.fetches = {}, FETCHES
    with pytest.raises(ModelMissing):
        say(ollama)
    assert lacks_model(ollama)
    here = settings.model_copy(update={"ollama_base_url": server.url})
    other: Any = object()
    assert not lacks_model(other)
    finish(pull_model(here, other))
    finish(ollama.prepare())
    assert not lacks_model(ollama)


def test_an_error_in_mid_answer_is_a_failure(server: OllamaServer, ollama: OllamaModel) -> None:
    """A line with an error ends the answer with that error in the details."""
    server.answers.append(Answer(["One ", "two"], ends="error"))
    pieces = ollama.stream(HELLO, Asking())
    with pytest.raises(ModelFailed) as caught:
        list(pieces)
    assert "the runner has stopped" in caught.value.detail


@pytest.mark.parametrize("ends", ["broken", "early"])
def test_an_answer_without_an_end_broke_off(
    server: OllamaServer, ollama: OllamaModel, ends: Any
) -> None:
    """What was said arrives before the failure does."""
    server.answers.append(Answer(["One ", "two"], ends=ends))
    heard = ""
    pieces = ollama.stream(HELLO, Asking())
    with pytest.raises(ModelBrokeOff):
        for piece in pieces:
            heard += piece
    assert heard == "One two"


def test_some_other_server_is_not_taken_for_ollama(
    server: OllamaServer, ollama: OllamaModel
) -> None:
    """A page in place of the list of models is a failure of the model, with a sentence."""
    server.page = "<html>It works!</html>"
    with pytest.raises(ModelFailed) as caught:
        finish(ollama.prepare())
    assert "not Ollama's answer" in caught.value.detail


def test_a_silent_model_sends_signs_of_life(server: OllamaServer, ollama: OllamaModel) -> None:
    """While nothing is said, empty pieces come at least four times a second."""
    server.answers.append(Answer(ends="silent"))
    pieces = ollama.stream(HELLO, Asking())
    began = time.monotonic()
    assert [next(pieces) for _ in range(4)] == [""] * 4
    assert time.monotonic() - began < 1.5
    close(pieces)


@pytest.mark.parametrize("said", [(), ("One ",)])
def test_closing_the_answer_hangs_up_at_once(
    server: OllamaServer, ollama: OllamaModel, said: tuple[str, ...]
) -> None:
    """Ollama stops working for nobody, whether it has begun to speak or not."""
    server.answers.append(Answer(said, ends="silent"))
    pieces = ollama.stream(HELLO, Asking())
    for _ in range(4):
        next(pieces)
    began = time.monotonic()
    close(pieces)
    assert server.hung_up.wait(2)
    assert time.monotonic() - began < 1


def close(pieces: Iterator[str]) -> None:
    """Close an answer that is a generator."""
    pieces.close()  # type: ignore[attr-defined] # the protocol promises an iterator


def test_the_health_of_ollama_says_what_was_seen(ollama: OllamaModel) -> None:
    """Server, model and size; the model itself was not asked, and that is said."""
    health = ollama.check()
    assert health.works
    assert not health.tried
    assert "has llama3.2 (2.0 GB)" in health.says


def test_the_health_without_ollama_has_a_remedy(settings: Settings) -> None:
    """What is wrong and what mends it are two sentences."""
    settings = settings.model_copy(update={"ollama_base_url": closed_port()})
    health = OllamaModel(settings).check()
    assert not health.works
    assert health.says.startswith("Ollama does not answer at")
    assert health.remedy.startswith("Start it")


# The built-in model


def test_the_built_in_model_answers_and_repeats_itself_for_a_seed(local: BuiltInModel) -> None:
    """The same seed gives the same answer; another one another."""
    first, again, other = (say(local, Asking(max_tokens=24, seed=seed)) for seed in (1, 1, 2))
    assert first
    assert first == again
    assert first != other


def test_a_grammar_binds_the_built_in_model(local: BuiltInModel) -> None:
    """Even a model that talks nonsense says what the grammar allows."""
    assert say(local, Asking(grammar='root ::= "yes" | "no"', max_tokens=8)) in {"yes", "no"}


def test_loading_is_told_and_done_once(local: BuiltInModel) -> None:
    """The first preparing says that it loads; the second has nothing to do."""
    assert "Loading the built-in model" in {progress.message for progress in local.prepare()}
    assert [progress.fraction for progress in local.prepare()] == [1.0]


def test_closing_the_answer_stops_the_built_in_model(local: BuiltInModel) -> None:
    """The next question is answered at once, not after the rest of the last answer."""
    pieces = local.stream([Turn("user", "count " * 300)], Asking(max_tokens=400))
    next(piece for piece in pieces if piece)
    close(pieces)
    began = time.monotonic()
    say(local, Asking(max_tokens=1))
    assert time.monotonic() - began < 2


def test_a_conversation_that_does_not_fit_is_refused_with_the_numbers(local: BuiltInModel) -> None:
    """The sentence says how long it is and how much fits."""
    with pytest.raises(ConversationTooLong) as caught:
        list(local.stream([Turn("user", "x" * 9000)], Asking()))
    assert "90" in caught.value.message
    assert "4096" in caught.value.message


def test_a_grammar_that_is_none_is_a_failure(local: BuiltInModel) -> None:
    """What the runtime says about it is in the details."""
    with pytest.raises(ModelFailed) as caught:
        say(local, Asking(grammar="root ::= ((("))
    assert "grammar" in caught.value.detail


def test_an_answer_without_a_reason_to_end_broke_off(
    local: BuiltInModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runtime that returns in the middle of an answer is not taken for one that finished."""

    class Broken:
        def handle_chat_completions(self, _request: object, hear: Any) -> None:
            hear({"choices": [{"delta": {"content": "One "}, "finish_reason": None}]})

    monkeypatch.setattr(local._server, "_make", Broken)
    with pytest.raises(ModelBrokeOff):
        say(local)


def test_a_schema_is_used_where_there_is_no_grammar() -> None:
    """A grammar can say more than a schema; the schema is for engines that take none."""
    schema = {"type": "object"}
    both = local_request(HELLO, Asking(schema=schema, grammar="root ::= x"))
    assert "response_format" not in both
    assert local_request(HELLO, Asking(schema=schema))["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema, "strict": True},
    }


def test_the_runtime_s_own_port_is_locked(local: BuiltInModel) -> None:
    """It listens on loopback, and lets nobody in who does not know the key."""
    finish(local.prepare())
    server = finish(local._server.get())
    answered = httpx.get(f"{server.listening_address}/v1/models", timeout=5)
    assert answered.status_code == httpx.codes.UNAUTHORIZED


def test_a_file_that_is_no_model_is_told_as_such(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """The sentence names the file and the setting."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 100)
    model = BuiltInModel(settings.model_copy(update={"local_model": path}), workspace)
    with pytest.raises(ModelUnreadable) as caught:
        finish(model.prepare())
    assert str(path) in caught.value.message
    assert "LOCAL_MODEL" in caught.value.message


def test_a_model_file_that_is_not_there_is_told_before_anything_is_loaded(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """In the health list and when it is to be used."""
    path = tmp_path / "nowhere.gguf"
    model = BuiltInModel(settings.model_copy(update={"local_model": path}), workspace)
    assert not model.check().works
    with pytest.raises(WeightsNotFound):
        say(model)


def test_a_missing_runtime_has_a_sentence(
    local: BuiltInModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package that runs it, the remedy is to install it or to use Ollama."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelRuntimeMissing, match="LLM_PROVIDER=ollama"):
        finish(local.prepare())


def test_the_health_says_that_weights_are_still_to_come(
    settings: Settings, workspace: Workspace
) -> None:
    """Nothing is fetched for a health list; its size and the command are said."""
    health = BuiltInModel(settings, workspace).check()
    assert health.works
    assert not health.tried
    assert "1.1 GB" in health.says
    assert "fetch" in health.remedy


def test_the_health_of_a_model_that_is_here_names_it(local: BuiltInModel) -> None:
    """A file of one's own is called by its name."""
    health = local.check()
    assert health.works
    assert "nonsense" in health.says
    assert "is on this machine" in health.says


# Choosing


def test_an_unknown_provider_lists_the_known_ones(settings: Settings, workspace: Workspace) -> None:
    """A typing mistake in LLM_PROVIDER is told with what to choose from."""
    settings = settings.model_copy(update={"llm_provider": "olama"})
    with pytest.raises(UnknownProvider, match="auto, local, ollama, openai"):
        open_chat_model(settings, workspace)


@pytest.mark.parametrize(
    ("provider", "kind"),
    [
        ("auto", WhicheverIsThere),
        ("ollama", OllamaModel),
        ("openai", OpenAIModel),
        ("local", BuiltInModel),
    ],
)
def test_each_provider_opens_without_being_asked_anything(
    settings: Settings, workspace: Workspace, provider: str, kind: type
) -> None:
    """Opening is quick; nothing is loaded and no server needed."""
    settings = settings.model_copy(
        update={"llm_provider": provider, "ollama_base_url": closed_port()}
    )
    assert isinstance(open_chat_model(settings, workspace), kind)


def auto_settings(settings: Settings, url: str, tiny_gguf: Path) -> Settings:
    """Both models at hand: Ollama at an address, the tiny one as the built-in one."""
    return settings.model_copy(update={"ollama_base_url": url, "local_model": tiny_gguf})


def test_ollama_answers_when_it_is_there(
    server: OllamaServer, settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """The choice falls on it, says so, and holds for a while without looking again."""
    model = WhicheverIsThere(auto_settings(settings, server.url, tiny_gguf), workspace)
    server.answers.append(Answer(["Here."]))
    finish(model.prepare())
    looked = server.looked
    assert say(model) == "Here."
    assert model.name == "Ollama (llama3.2)"
    assert server.looked == looked
    assert "because it answers" in model.check().says


def test_the_built_in_model_steps_in_without_ollama(
    settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """Nobody has to install anything; the health list says why it is used."""
    model = WhicheverIsThere(auto_settings(settings, closed_port(), tiny_gguf), workspace)
    assert say(model, Asking(grammar='root ::= "yes"', max_tokens=8)) == "yes"
    assert "nonsense" in model.name
    assert "because no Ollama answers at" in model.check().says


def test_the_built_in_model_steps_in_when_ollama_lacks_the_model(
    server: OllamaServer, settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """An Ollama without llama3.2 is no help; the health list says what it lacks."""
    server.models = {"mistral:7b": 1}
    model = WhicheverIsThere(auto_settings(settings, server.url, tiny_gguf), workspace)
    assert "because Ollama lacks llama3.2" in model.check().says


def test_a_choice_is_looked_at_again_after_a_while(
    server: OllamaServer, settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """An Ollama that was started meanwhile is found without a restart."""
    server.models = {}
    model = WhicheverIsThere(auto_settings(settings, server.url, tiny_gguf), workspace)
    assert "nonsense" in model.name
    server.models = {"llama3.2:latest": 1}
    model._until -= CHOICE_HOLDS
    assert model.name == "Ollama (llama3.2)"


def test_a_server_that_was_named_comes_before_the_built_in_model(
    settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """Ollama first; the health list says why that is not the one."""
    with running_openai() as named:
        update = {"openai_base_url": named.url, "openai_model": "small"}
        wanted = auto_settings(settings, closed_port(), tiny_gguf).model_copy(update=update)
        model = WhicheverIsThere(wanted, workspace)
        named.answers.append(OpenAIAnswer(["Here."]))
        assert say(model) == "Here."
        health = model.check()
    assert health.works
    assert not health.tried
    assert "lists small. It is used because no Ollama answers at" in health.says


def test_the_built_in_model_steps_in_for_a_named_server_and_says_why(
    settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """Both others have their reason in the health list."""
    wanted = auto_settings(settings, closed_port(), tiny_gguf)
    wanted = wanted.model_copy(update={"openai_base_url": f"{closed_port()}/v1"})
    says = WhicheverIsThere(wanted, workspace).check().says
    assert "is on this machine" in says
    assert "because no Ollama answers at" in says
    assert "and: No language server answers at" in says


def test_a_key_alone_names_no_server(
    settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """Many an environment has one for another program; nothing said leaves the machine for it."""
    wanted = auto_settings(settings, closed_port(), tiny_gguf)
    wanted = wanted.model_copy(update={"openai_api_key": SecretStr("sk-secret-secret")})
    model = WhicheverIsThere(wanted, workspace)
    assert "nonsense" in model.name
    assert "OPENAI_API_KEY alone is not used" in model.check().says


def test_a_server_that_has_gone_is_not_waited_for_until_the_choice_ends(
    server: OllamaServer, settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """The failure is told once; the next question finds who is there."""
    model = WhicheverIsThere(auto_settings(settings, server.url, tiny_gguf), workspace)
    assert "Ollama" in model.name
    server.models = {}
    with pytest.raises(ModelMissing):
        finish(model.prepare())
    finish(model.prepare())
    assert "nonsense" in model.name


def test_a_server_that_goes_in_mid_talk_is_not_asked_again(
    server: OllamaServer, settings: Settings, workspace: Workspace, tiny_gguf: Path
) -> None:
    """The answer fails with its sentence; the next question finds who is there."""
    model = WhicheverIsThere(auto_settings(settings, server.url, tiny_gguf), workspace)
    finish(model.prepare())
    server.models = {}
    with pytest.raises(ModelMissing):
        say(model)
    assert "nonsense" in model.name


# What all have in common


@pytest.mark.parametrize(
    ("pieces", "spoken"),
    [
        (["<think>Well, ", "bees.</think>", "Bees make honey."], "Bees make honey."),
        (["\n<th", "ink>\nHm.", "</thi", "nk>\n\nHoney."], "\n\nHoney."),
        (["<think>", "never ends"], ""),
        (["<th", "e end"], "<the end"),
        (["<th"], "<th"),
        (["  ", "Plain."], "  Plain."),
        (["I <think>so</think>."], "I <think>so</think>."),
    ],
)
def test_what_a_model_thinks_is_not_said(pieces: list[str], spoken: str) -> None:
    """Only a thought before the answer is one, however it is cut into pieces."""
    voice = Spoken()
    assert "".join(map(voice.hear, pieces)) + voice.rest() == spoken


def test_a_whole_answer_tells_how_far_it_is(server: OllamaServer, ollama: OllamaModel) -> None:
    """The fractions grow with what was said, towards what is expected."""
    server.answers.append(Answer(["12345", "67890"]))
    work = answer(ollama, HELLO, Asking(), "Writing", expected=20)
    fractions = []
    assert finish(work, lambda progress: fractions.append(progress.fraction)) == "1234567890"
    assert fractions == sorted(fractions)
    assert fractions[-1] == 0.5


def test_a_blank_answer_is_an_error(server: OllamaServer, ollama: OllamaModel) -> None:
    """Nothing said is told as such, with who said nothing."""
    server.answers.append(Answer([" ", "\n"]))
    with pytest.raises(EmptyReply, match=r"llama3\.2"):
        finish(answer(ollama, HELLO, Asking(), "Writing"))


def test_a_plain_iterator_is_an_answer_too() -> None:
    """A model that cannot be stopped half-way is still a model."""

    class Fixed:
        name = "fixed"

        def stream(self, *_: object) -> Iterator[str]:
            return iter(["Hello."])

    model: Any = Fixed()
    assert finish(answer(model, HELLO, Asking(), "")) == "Hello."


def test_tokens_of_other_scripts_are_counted_one_by_one() -> None:
    """3.5 characters a token is a figure for Latin letters alone."""
    assert count_tokens("a" * 350) == pytest.approx(104, abs=1)
    assert count_tokens("蜂" * 350) == pytest.approx(354, abs=1)


@pytest.mark.parametrize("code", ["OLLAMA_NOT_RUNNING", "MODEL_MISSING", "MODEL_BROKE_OFF"])
def test_the_codes_are_the_promised_ones(code: str) -> None:
    """Programs rely on them."""
    assert code in {kind.code for kind in AIVideoError.__subclasses__()}


# Real weights


@pytest.fixture(scope="module")
def real_gguf(weights_dir: Path) -> Path:
    """The default weights, when they were fetched before."""
    path = weights_dir / weights.QWEN.file_name
    if not path.is_file():
        pytest.skip("The built-in model's weights are not in the cache")
    return path


@pytest.mark.slow
def test_a_real_model_fits_its_answer_to_a_schema(
    real_gguf: Path, settings: Settings, workspace: Workspace
) -> None:
    """It answers with JSON of the shape that was asked for."""
    model = BuiltInModel(settings.model_copy(update={"local_model": real_gguf}), workspace)
    schema = {
        "type": "object",
        "properties": {"colour": {"type": "string", "maxLength": 20}},
        "required": ["colour"],
    }
    said = say(model, Asking(schema=schema, temperature=0.1, seed=1))
    assert isinstance(json.loads(said)["colour"], str)


@pytest.mark.slow
def test_a_real_model_answers_through_the_official_client(
    server: OllamaServer,
    ollama: OllamaModel,
    real_gguf: Path,
    settings: Settings,
    workspace: Workspace,
) -> None:
    """Its own pieces pass the stand-in and the client unchanged."""
    model = BuiltInModel(settings.model_copy(update={"local_model": real_gguf}), workspace)
    asking = Asking(max_tokens=20, temperature=0.1, seed=1)
    pieces = [piece for piece in model.stream(HELLO, asking) if piece]
    server.answers.append(Answer(pieces))
    assert say(ollama, asking) == "".join(pieces)
