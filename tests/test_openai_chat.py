"""OpenAI-compatible servers over a loopback stand-in: what they say, and all they may refuse."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai_server import Answer, OpenAIServer, Refused, refused, running_openai
from pydantic import SecretStr
from tiny_model import make_tiny_model

from aivideo import conversation, projects
from aivideo.engines import local_chat, openai_chat, weights
from aivideo.engines.connections import LOOKING, TALKING, is_private, shown
from aivideo.engines.dialogue import Asking, Turn, answer
from aivideo.engines.openai_chat import OpenAIModel
from aivideo.engines.openai_wire import FORMS
from aivideo.engines.refusals import seconds_until
from aivideo.errors import (
    AIVideoError,
    ConversationTooLong,
    EmptyReply,
    KeyUnprotected,
    ModelBrokeOff,
    ModelBusy,
    ModelDeclined,
    ModelFailed,
    ModelKeyRefused,
    ModelLoading,
    ModelNotServed,
    ModelServerForeign,
    ModelServerRedirects,
    ModelServerSilent,
    ModelServerUnreachable,
    ModelTooSlow,
)
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.studio import open_studio

HELLO = [Turn("system", "Be brief."), Turn("user", "Hello?")]
KEY = "sk-very-secret-0123456789"
SCHEMA = {"type": "object"}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """A stand-in that has two models."""
    with running_openai() as server:
        yield server


@pytest.fixture
def wanted(server: OpenAIServer, settings: Settings) -> Settings:
    """Settings that name the stand-in, one of its models and a key."""
    return settings.model_copy(
        update={
            "llm_provider": "openai",
            "openai_base_url": server.url,
            "openai_model": "small",
            "openai_api_key": SecretStr(KEY),
        }
    )


@pytest.fixture
def model(wanted: Settings) -> OpenAIModel:
    """The engine in front of the stand-in."""
    return OpenAIModel(wanted)


def at(settings: Settings, url: str, **more: Any) -> OpenAIModel:
    """The engine in front of some address."""
    update = {"openai_base_url": url, "openai_model": "small", **more}
    return OpenAIModel(settings.model_copy(update=update))


def closed_port() -> str:
    """An address at which nothing answers."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}/v1"


def say(model: OpenAIModel, asking: Asking | None = None) -> str:
    """The whole answer to a greeting."""
    return "".join(model.stream(HELLO, asking or Asking()))


# Asking and hearing


def test_it_answers_piece_by_piece(server: OpenAIServer, model: OpenAIModel) -> None:
    """The pieces come as the model says them; comments, roles and counts are no text."""
    server.answers.append(Answer(["Good ", "morning", "!"]))
    assert [piece for piece in model.stream(HELLO, Asking()) if piece] == [
        "Good ",
        "morning",
        "!",
    ]
    assert model.name == "small at 127.0.0.1"


def test_it_is_told_everything_that_was_asked(server: OpenAIServer, model: OpenAIModel) -> None:
    """Model, turns, schema, limit and seed are in the body, the key in a header alone."""
    server.answers.append(Answer(["{}"]))
    say(model, Asking(max_tokens=90, temperature=0.2, schema=SCHEMA, seed=7))
    assert server.asked == [
        {
            "model": "small",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hello?"},
            ],
            "stream": True,
            "max_tokens": 90,
            "temperature": 0.2,
            "seed": 7,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
            },
        }
    ]
    assert server.keys == [f"Bearer {KEY}"]


def test_without_a_key_none_is_sent(server: OpenAIServer, settings: Settings) -> None:
    """Servers of one's own want none."""
    server.answers.append(Answer(["Hi."]))
    assert say(at(settings, server.url)) == "Hi."
    assert server.keys == [None]


@pytest.mark.parametrize("ends", ["marked", "whole"])
def test_other_ways_to_end_are_understood(
    server: OpenAIServer, model: OpenAIModel, ends: Any
) -> None:
    """A server that names no reason, and one that does not stream."""
    server.answers.append(Answer(["One ", "two."], ends=ends))
    assert say(model) == "One two."


def test_a_server_with_one_model_needs_no_name_for_it(
    server: OpenAIServer, settings: Settings
) -> None:
    """LM Studio and llama.cpp serve what was loaded."""
    server.models = ["qwen.gguf"]
    server.answers.append(Answer(["Hi."]))
    model = at(settings, server.url, openai_model=None)
    assert model.name == "The model at 127.0.0.1"
    assert say(model) == "Hi."
    assert server.asked[0]["model"] == "qwen.gguf"
    assert model.name == "qwen.gguf at 127.0.0.1"


def test_a_server_with_several_models_has_to_be_told_which(
    server: OpenAIServer, settings: Settings
) -> None:
    """The sentence lists them, and not hundreds of them."""
    server.models = [f"model-{number:03}" for number in range(40)]
    with pytest.raises(ModelNotServed) as caught:
        finish(at(settings, server.url, openai_model=None).prepare())
    assert "OPENAI_MODEL" in caught.value.message
    assert "model-000, model-001" in caught.value.message
    assert "and 28 more" in caught.value.message


# What a server does not take


def test_a_schema_that_is_refused_is_asked_for_more_loosely(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    """In the older way, without a schema, in no form; what was refused is not tried again."""
    no_schema = refused(400, "'response_format.type' must be 'json_object' or 'text'")
    unknown = refused(400, "Unknown parameter: 'response_format.schema'")
    no_json = refused(400, "json mode is not supported", param="response_format")
    server.answers.extend([no_schema, Answer(["{}"]), unknown, Answer(["{}"])])
    server.answers.extend([no_json, Answer(["{}"]), Answer(["{}"])])
    asking = Asking(schema=SCHEMA)
    assert [say(model, asking) for _ in range(4)] == ["{}"] * 4
    forms = [asked.get("response_format", {}) for asked in server.asked]
    older = {"type": "json_object", "schema": SCHEMA}
    assert forms[0]["type"] == "json_schema"
    assert forms[1:] == [older, older, {"type": "json_object"}, {"type": "json_object"}, {}, {}]


def test_what_a_server_calls_its_own_error_may_be_a_part_that_it_does_not_take(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    """llama-cpp-python answers a schema in OpenAI's form with the status 500, in these words."""
    said = (
        "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', "
        "'type'), 'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}"
    )
    server.answers.extend([refused(500, said), Answer(["{}"]), refused(500, "out of order")])
    assert say(model, Asking(schema=SCHEMA)) == "{}"
    assert server.asked[1]["response_format"] == {"type": "json_object", "schema": SCHEMA}
    with pytest.raises(ModelFailed, match="500"):
        say(model, Asking(schema=SCHEMA))
    assert len(server.asked) == 3


def test_the_names_of_newer_models_are_learned(server: OpenAIServer, model: OpenAIModel) -> None:
    """They count the answer's tokens under another name, and take one temperature alone."""
    length = refused(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
        param="max_tokens",
        code="unsupported_parameter",
    )
    warmth = refused(
        400,
        "Unsupported value: only the default (1) is supported",
        param="temperature",
        code="unsupported_value",
    )
    server.answers.extend([length, warmth, Answer(["Yes."]), Answer(["Yes."])])
    assert say(model, Asking(max_tokens=50)) == "Yes."
    assert say(model, Asking(max_tokens=60)) == "Yes."
    last = server.asked[-1]
    assert last["max_completion_tokens"] == 60
    assert "max_tokens" not in last
    assert "temperature" not in last
    assert len(server.asked) == 4


def test_a_request_that_is_refused_for_another_reason_fails_at_once(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    """Nothing is left out for a refusal that names nothing."""
    server.answers.append(refused(400, "messages must alternate"))
    with pytest.raises(ModelFailed) as caught:
        say(model)
    assert "alternate" in caught.value.detail
    assert len(server.asked) == 1


# Refusals, each with its own sentence


@pytest.mark.parametrize(
    ("refusal", "code", "words"),
    [
        (refused(401, "Incorrect API key provided"), "MODEL_KEY_REFUSED", "refuses the key"),
        (refused(403, "country not supported"), "MODEL_KEY_REFUSED", "OPENAI_API_KEY"),
        (refused(402, "Insufficient Balance"), "MODEL_QUOTA", "402"),
        (refused(429, "no", code="insufficient_quota"), "MODEL_QUOTA", "Top up"),
        (refused(429, "slow down"), "MODEL_RATE_LIMITED", "Wait a minute"),
        (refused(503, "overloaded"), "MODEL_RATE_LIMITED", "503"),
        (refused(503, "Loading model"), "MODEL_LOADING", "still loading"),
        (refused(500, "CUDA out of memory"), "MODEL_TOO_LARGE", "smaller"),
        (refused(500, "boom"), "MODEL_FAILED", "the error 500"),
        (Refused(502, "<html>Bad gateway</html>"), "MODEL_FAILED", "502"),
        (Refused(400, {"detail": "odd"}), "MODEL_FAILED", "400"),
        (Refused(400, "[1]"), "MODEL_FAILED", "400"),
        (Refused(404, "<html>404</html>"), "MODEL_SERVER_FOREIGN", "/v1"),
        (Refused(405, "<html>405</html>"), "MODEL_SERVER_FOREIGN", "/v1"),
    ],
)
def test_each_refusal_has_its_own_sentence(
    server: OpenAIServer, model: OpenAIModel, refusal: Refused, code: str, words: str
) -> None:
    """A provider's error is an error with a code and a remedy, never text of the answer."""
    server.answers.append(refusal)
    with pytest.raises(AIVideoError) as caught:
        say(model)
    assert caught.value.code == code
    assert words in caught.value.message


def test_a_server_that_wants_a_key_and_got_none_says_so(
    server: OpenAIServer, settings: Settings
) -> None:
    """Another sentence than for a wrong one."""
    server.listing.append(refused(401, "no"))
    with pytest.raises(ModelKeyRefused, match="wants a key"):
        finish(at(settings, server.url).prepare())


@pytest.mark.parametrize(
    "refusal",
    [
        refused(404, "The model `small` does not exist", code="model_not_found"),
        refused(404, "The model `small` does not exist."),
        refused(400, "Model not found: small"),
    ],
)
def test_a_missing_model_names_those_that_are_there(
    server: OpenAIServer, model: OpenAIModel, refusal: Refused
) -> None:
    """Whatever the server calls it."""
    server.answers.append(refusal)
    with pytest.raises(ModelNotServed, match=r"does not have the model small.*: large, small\."):
        say(model)


def test_a_missing_model_is_told_even_when_the_list_fails(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    """The list is only a help."""
    server.answers.append(refused(404, "no", code="model_not_found"))
    server.listing.append(refused(500, "no"))
    with pytest.raises(ModelNotServed, match="none"):
        say(model)


@pytest.mark.parametrize(
    ("refusal", "tokens", "limit"),
    [
        (
            refused(
                400,
                "This model's maximum context length is 4096 tokens. However, you requested 5,012 "
                "tokens (4612 in the messages, 400 in the completion).",
                code="context_length_exceeded",
            ),
            "5012",
            "at most 4096",
        ),
        (
            refused(
                400,
                "the request exceeds the available context size",
                type="exceed_context_size_error",
                n_prompt_tokens=9000,
                n_ctx=2048,
            ),
            "9000",
            "at most 2048",
        ),
        (
            refused(400, "'max_tokens' is too large: maximum context length reached"),
            "13",
            "reads fewer",
        ),
    ],
)
def test_too_long_a_conversation_is_told_with_the_numbers(
    server: OpenAIServer, model: OpenAIModel, refusal: Refused, tokens: str, limit: str
) -> None:
    """They are the server's where it names them; no part of the request is taken for refused."""
    server.answers.append(refusal)
    with pytest.raises(ConversationTooLong) as caught:
        say(model)
    assert f"That is {tokens} tokens" in caught.value.message
    assert limit in caught.value.message


def test_how_long_to_wait_is_the_server_s_word(server: OpenAIServer, model: OpenAIModel) -> None:
    """A number of seconds in its header stands in the sentence."""
    server.answers.append(Refused(429, {"error": {"message": "no"}}, {"Retry-After": "17"}))
    with pytest.raises(ModelBusy, match="Wait 17 seconds") as caught:
        say(model)
    assert caught.value.seconds == 17


def test_a_retry_after_may_be_a_date_or_nonsense() -> None:
    """Both forms of RFC 9110; what is neither says nothing."""
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 50 < (seconds_until(in_a_minute) or 0) <= 60
    assert seconds_until("soon") is None
    assert seconds_until(None) is None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(closed_port(), id="nobody listens"),
        "http://",
        "nonsense://somewhere",
        "http://[::bad",
    ],
)
def test_a_server_that_does_not_run_is_told_within_five_seconds(
    settings: Settings, url: str
) -> None:
    """The sentence names the address and the setting; nothing is waited for."""
    model = at(settings, url)
    with pytest.raises(ModelServerUnreachable, match="OPENAI_BASE_URL"):
        finish(model.prepare())
    with pytest.raises(ModelServerUnreachable):
        say(model)
    assert not model.check().works
    assert (LOOKING.connect or 9) + (LOOKING.read or 9) <= 5
    assert (TALKING.connect or 9) <= 5


def test_a_server_that_takes_the_call_and_says_nothing_is_told_as_busy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look waits no ten minutes; some servers answer one call at a time, and it does run."""
    monkeypatch.setattr(openai_chat, "LOOKING", httpx.Timeout(0.1))
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        model = at(settings, f"http://127.0.0.1:{deaf.getsockname()[1]}/v1")
        with pytest.raises(ModelServerSilent, match="busy"):
            finish(model.prepare())


def test_a_model_that_says_nothing_for_too_long_is_told_as_slow(
    server: OpenAIServer, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there, and it does not come to its first word."""
    monkeypatch.setattr(openai_chat, "TALKING", httpx.Timeout(0.2))
    server.answers.append(Answer(ends="silent"))
    with pytest.raises(ModelTooSlow, match="smaller model"):
        say(model)


def test_some_other_server_is_not_taken_for_one(server: OpenAIServer, settings: Settings) -> None:
    """An address without /v1, and a page in place of an answer."""
    wrong = at(settings, server.url.removesuffix("/v1"), openai_model=None)
    with pytest.raises(ModelServerForeign, match="/v1"):
        finish(wrong.prepare())
    server.answers.append(Answer(ends="page"))
    with pytest.raises(ModelServerForeign):
        say(at(settings, server.url))


def test_a_server_without_a_list_is_believed(server: OpenAIServer, model: OpenAIModel) -> None:
    """Some have none; the model that was named is asked for."""
    server.listing.extend([Refused(404, "no"), Refused(404, "no")])
    finish(model.prepare())
    model._looked_until = 0
    assert "has no list" in model.check().says


@pytest.mark.parametrize("place", ["listing", "answers"])
def test_a_redirect_is_not_followed(server: OpenAIServer, model: OpenAIModel, place: str) -> None:
    """The key would go along; where it leads is said, without what else stands in the address."""
    getattr(server, place).append(
        Refused(307, {}, {"Location": "https://me:pass@elsewhere.example/v1?token=abc"})
    )
    with pytest.raises(ModelServerRedirects) as caught:
        finish(model.prepare())
        say(model)
    assert "https://elsewhere.example/v1," in caught.value.message
    assert len(server.keys) == 1 + (place == "answers")


# Answers that go wrong


@pytest.mark.parametrize("ends", ["broken", "early"])
def test_an_answer_without_an_end_broke_off(
    server: OpenAIServer, model: OpenAIModel, ends: Any
) -> None:
    """What was said arrives before the failure does."""
    server.answers.append(Answer(["One ", "two"], ends=ends))
    heard = ""
    pieces = model.stream(HELLO, Asking())
    with pytest.raises(ModelBrokeOff):
        for piece in pieces:
            heard += piece
    assert heard == "One two"


def test_an_error_in_mid_answer_is_a_failure(server: OpenAIServer, model: OpenAIModel) -> None:
    """An event with an error ends the answer."""
    server.answers.append(Answer(["One "], ends="error"))
    with pytest.raises(ModelFailed, match="the error 500") as caught:
        say(model)
    assert "the engine has died" in caught.value.detail


@pytest.mark.parametrize("ends", ["filtered", "declined"])
def test_what_a_model_declines_is_no_answer(
    server: OpenAIServer, model: OpenAIModel, ends: Any
) -> None:
    """Neither a filter's stop nor a refusal becomes text."""
    server.answers.append(Answer(["One "], ends=ends))
    with pytest.raises(ModelDeclined):
        say(model)


def test_nothing_said_is_told_as_such(server: OpenAIServer, model: OpenAIModel) -> None:
    """With who said nothing."""
    server.answers.append(Answer([" "]))
    with pytest.raises(EmptyReply, match="small"):
        finish(answer(model, HELLO, Asking(), "Writing"))


def test_closing_the_answer_hangs_up(server: OpenAIServer, model: OpenAIModel) -> None:
    """The server stops working for nobody."""
    server.answers.append(Answer(ends="silent"))
    pieces = model.stream(HELLO, Asking())
    for _ in range(3):
        next(pieces)
    pieces.close()  # type: ignore[attr-defined] # the protocol promises an iterator
    assert server.hung_up.wait(5)


def test_loading_is_waited_for_and_told(
    server: OpenAIServer, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """llama.cpp answers with 503 until its model is in memory."""
    monkeypatch.setattr(openai_chat, "LOOK_AGAIN", 0)
    server.listing.extend([refused(503, "Loading model")] * 2)
    told = [progress.message for progress in model.prepare()]
    assert told.count("small at 127.0.0.1 is loading") == 2
    assert told[-1] == ""


def test_loading_is_not_waited_for_without_end(
    server: OpenAIServer, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After ten minutes it is a failure."""
    monkeypatch.setattr(openai_chat, "LOADS_FOR", 0)
    server.listing.append(refused(503, "Loading model"))
    with pytest.raises(ModelLoading):
        finish(model.prepare())


def test_a_server_that_was_there_is_not_looked_for_before_each_turn(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    """Over the internet each look would delay the first word."""
    finish(model.prepare())
    finish(model.prepare())
    assert server.looked == 1


# The key


@pytest.mark.parametrize("url", ["http://api.example.com/v1", "HTTP://8.8.8.8/v1"])
def test_a_key_does_not_cross_the_internet_in_the_clear(settings: Settings, url: str) -> None:
    """It is refused before anything is sent, with https as the remedy."""
    model = at(settings, url, openai_api_key=SecretStr(KEY))
    with pytest.raises(KeyUnprotected, match="https"):
        finish(model.prepare())
    with pytest.raises(KeyUnprotected):
        say(model)


def test_a_network_of_one_s_own_is_known() -> None:
    """There a key may go without https, as many such servers have none."""
    own = ["localhost", "127.0.0.1", "192.168.1.20", "10.0.0.5", "fd00::1", "vllm", "gpu.local"]
    others = ["api.openai.com", "8.8.8.8", "2001:4860:4860::8888", "local.evil.example"]
    assert [host for host in own + others if is_private(host)] == own


@pytest.mark.parametrize("key", ["sk-ключ", "sk-two\nlines"])
def test_a_key_that_no_header_carries_is_refused_with_a_sentence(
    server: OpenAIServer, settings: Settings, key: str
) -> None:
    """It would raise something that quotes it."""
    model = at(settings, server.url, openai_api_key=SecretStr(key))
    with pytest.raises(ModelKeyRefused) as caught:
        finish(model.prepare())
    assert key not in caught.value.message + caught.value.detail
    assert server.keys == []


def test_a_key_is_nowhere_but_in_its_header(
    server: OpenAIServer,
    model: OpenAIModel,
    wanted: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in sentences, details, logs or the settings' own text, even when a server repeats it."""
    caplog.set_level(logging.DEBUG)
    server.answers.extend(
        [
            refused(401, f"Incorrect API key provided: {KEY}"),
            refused(401, "Incorrect API key provided: sk-very*****6789."),
            Refused(500, f"<pre>Authorization: Bearer {KEY}</pre>"),
            Answer(["One "]),
        ]
    )
    said = repr(wanted) + model.check().says
    for _ in range(3):
        with pytest.raises(AIVideoError) as caught:
            say(model)
        said += caught.value.message + caught.value.detail + repr(caught.value)
    say(model)
    assert KEY not in said + caplog.text
    assert "6789" not in said + caplog.text


def test_a_password_in_the_address_is_not_shown(server: OpenAIServer, settings: Settings) -> None:
    """Neither in the health list nor in a sentence."""
    assert shown("https://me:pass@host:8/v1?key=abc") == "https://host:8/v1"
    url = server.url.replace("//", "//me:pass@")
    assert "pass" not in at(settings, url).check().says
    assert "pass" not in at(settings, "http://me:pass@127.0.0.1:1/v1").check().says


# The conversation


def test_no_failure_becomes_a_message_and_none_is_lost(
    server: OpenAIServer, wanted: Settings
) -> None:
    """What the person said stays; a half answer is marked, an empty or refused one is not there."""
    server.answers.extend(
        [
            refused(429, "Error: slow down"),
            Answer([" "]),
            Answer(["Half an ", "answer"], ends="broken"),
            Answer(["<think>Hm.</think>", "Whole."]),
        ]
    )
    codes = []
    with open_studio(wanted) as studio:
        project_id = projects.create_project(studio).project_id
        for said in ("One", "Two", "Three", "Four"):
            try:
                list(conversation.talk(studio, project_id, said))
            except AIVideoError as failure:
                codes.append(failure.code)
        messages = conversation.list_messages(studio, project_id)
    assert codes == ["MODEL_RATE_LIMITED", "EMPTY_REPLY", "MODEL_BROKE_OFF"]
    assert [(each.role, each.content, each.interrupted) for each in messages] == [
        ("user", "One", False),
        ("user", "Two", False),
        ("user", "Three", False),
        ("assistant", "Half an answer", True),
        ("user", "Four", False),
        ("assistant", "Whole.", False),
    ]


def test_a_slow_answer_can_be_stopped(server: OpenAIServer, wanted: Settings) -> None:
    """The conversation is free again at once, and no empty bubble is kept."""
    server.answers.append(Answer(ends="silent"))
    with open_studio(wanted) as studio:
        project_id = projects.create_project(studio).project_id
        replies = conversation.talk(studio, project_id, "Hello?")
        for _ in range(4):
            next(replies)
        replies.close()
        messages = conversation.list_messages(studio, project_id)
    assert server.hung_up.wait(5)
    assert [each.content for each in messages] == ["Hello?"]


# A real server


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """llama.cpp's own server on loopback, behind ``KEY``, with a tiny model of nonsense."""
    path = make_tiny_model(tmp_path_factory.mktemp("llama") / "nonsense.gguf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_urlsafe", lambda _length: KEY)
        running = local_chat._open_server(path)
    yield f"{running.listening_address}/v1"
    del running


@pytest.fixture
def real(llama: str, settings: Settings) -> OpenAIModel:
    """The engine in front of it, told the address and the key alone."""
    return at(settings, llama, openai_model=None, openai_api_key=SecretStr(KEY))


def test_a_real_server_answers(real: OpenAIModel) -> None:
    """It names its only model itself, and the same seed says the same."""
    finish(real.prepare())
    first, again = (say(real, Asking(max_tokens=12, seed=1)) for _ in range(2))
    assert first
    assert first == again
    assert real.name == "nonsense.gguf at 127.0.0.1"
    assert "answers and lists" in real.check().says


def test_a_real_server_that_cannot_keep_a_form_is_asked_without_it(real: OpenAIModel) -> None:
    """This model has no brackets among its tokens; whoever reads the answer has to be lenient."""
    asking = Asking(schema=SCHEMA, max_tokens=12, seed=1)
    assert say(real, asking) == say(real, asking)
    assert real._refused == set(FORMS)


def test_a_real_server_refuses_in_ways_that_are_understood(
    llama: str, settings: Settings, real: OpenAIModel
) -> None:
    """A wrong key, and more than it can read."""
    stranger = at(settings, llama, openai_api_key=SecretStr("sk-wrong-wrong"))
    with pytest.raises(ModelKeyRefused):
        say(stranger)
    with pytest.raises(ConversationTooLong, match="at most 4096"):
        list(real.stream([Turn("user", "x" * 9000)], Asking()))


def test_a_real_server_stops_when_nobody_listens(real: OpenAIModel) -> None:
    """The next question is answered, not queued behind the rest of the last answer."""
    pieces = real.stream([Turn("user", "count")], Asking(max_tokens=4000))
    next(piece for piece in pieces if piece)
    pieces.close()  # type: ignore[attr-defined] # the protocol promises an iterator
    assert say(real, Asking(max_tokens=1, seed=1)) is not None


@pytest.mark.slow
def test_a_real_model_keeps_a_schema_over_http(
    weights_dir: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default weights behind llama.cpp's server answer with JSON of the shape asked for."""
    path = weights_dir / weights.QWEN.file_name
    if not path.is_file():
        pytest.skip("The built-in model's weights are not in the cache")
    monkeypatch.setattr("secrets.token_urlsafe", lambda _length: KEY)
    running = local_chat._open_server(path)
    url = f"{running.listening_address}/v1"
    model = at(settings, url, openai_model=None, openai_api_key=SecretStr(KEY))
    schema = {
        "type": "object",
        "properties": {"colour": {"type": "string", "maxLength": 20}},
        "required": ["colour"],
        "additionalProperties": False,
    }
    turns = [Turn("user", "What colour is honey? Answer as JSON.")]
    said = "".join(model.stream(turns, Asking(schema=schema, max_tokens=40, temperature=0.1)))
    assert isinstance(json.loads(said)["colour"], str)
    assert model._refused == frozenset()
