"""What goes over the wire to an OpenAI-compatible server, and what comes back.

Servers differ in what they take: a model may refuse a temperature, a server a schema. Such a
part is left out after the first refusal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import httpx
from pydantic import BaseModel

from aivideo.engines.dialogue import Asking, Turn
from aivideo.engines.refusals import Refusal, is_too_long, seconds_until, without_keys

END: Final = "[DONE]"
PARTS: Final = ("max_tokens", "max_completion_tokens", "temperature", "seed")
"""Parts of a request that some models refuse, by the names under which they do."""
OBJECT_BY_SCHEMA: Final = "json_object with a schema"
"""How servers ask for it that took JSON before OpenAI had schemas: llama-cpp-python, Together."""
FORMS: Final = ("json_schema", OBJECT_BY_SCHEMA, "json_object")
"""Ways to ask for JSON, the stricter first."""
FORM_WORDS: Final = ("response_format", "json", "schema", "grammar", "sampler", "structured output")
NOT_TAKEN: Final = frozenset({400, 422, 501})
INVALID: Final = re.compile(r"validation error|input should be", re.IGNORECASE)
"""Words of servers that call what they do not take an error of their own, with the status 500."""
NO_MODEL: Final = ("not found", "not exist", "unknown model", "invalid model", "no models")


class ListedModel(BaseModel):
    """One model of a server's list."""

    id: str


class ModelList(BaseModel):
    """A server's answer to ``/models``."""

    data: list[ListedModel]


class Said(BaseModel):
    """A piece of an answer, or a whole one from a server that does not stream."""

    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    """The answer that was asked for; there is only one."""

    delta: Said | None = None
    message: Said | None = None
    finish_reason: str | None = None


class Chunk(BaseModel):
    """One event of the stream."""

    choices: list[Choice] = []
    error: dict[str, Any] | str | None = None


def chat_request(
    model: str, turns: Sequence[Turn], asking: Asking, refused: Collection[str] = ()
) -> dict[str, Any]:
    """The body of a request for an answer, without the parts that were refused before."""
    request: dict[str, Any] = {
        "model": model,
        "messages": [{"role": turn.role, "content": turn.content} for turn in turns],
        "stream": True,
    }
    length = "max_completion_tokens" if "max_tokens" in refused else "max_tokens"
    wishes = {length: asking.max_tokens, "temperature": asking.temperature, "seed": asking.seed}
    request |= {
        name: wish for name, wish in wishes.items() if wish is not None and name not in refused
    }
    forms = [form for form in FORMS if form not in refused]
    if asking.schema is not None and forms:
        request["response_format"] = _response_format(forms[0], asking.schema)
    return request


def part_refused(refusal: Refusal, request: Mapping[str, Any]) -> str | None:
    """The part of a request that the server does not take; None when that is not its trouble."""
    if is_too_long(refusal) or not (refusal.status in NOT_TAKEN or INVALID.search(refusal.said)):
        return None
    words = f"{refusal.parameter} {refusal.said}".lower()
    form = request.get("response_format")
    if form is not None and any(word in words for word in FORM_WORDS):
        return OBJECT_BY_SCHEMA if "schema" in form else str(form["type"])
    return next((part for part in PARTS if part in request and part in words), None)


def lacks_model(refusal: Refusal) -> bool:
    """Whether a server says that it does not have the model."""
    if refusal.code == "model_not_found":
        return True
    said = refusal.said.lower()
    asked_wrong = refusal.status in {400, 404, 422}
    return asked_wrong and "model" in said and any(words in said for words in NO_MODEL)


def events(response: httpx.Response) -> Iterator[str]:
    """The data of each server-sent event; the body of a server that answers in one piece.

    Raises:
        ValueError: It is a page, and no answer of a model.
    """
    kind = response.headers.get("content-type", "")
    if "html" in kind:
        raise ValueError(kind)
    if "application/json" in kind:
        yield response.read().decode()
        return
    for line in response.iter_lines():
        field, _, value = line.partition(":")
        if field == "data":
            yield value.strip()


def refusal_of(response: httpx.Response, key: str) -> Refusal:
    """What a response that was read to its end refuses; no key stands in it."""
    wait = seconds_until(response.headers.get("retry-after"))
    try:
        body = json.loads(response.content)
    except ValueError:
        said = without_keys(response.text, key)
        return Refusal(response.status_code, said, retry_after=wait, foreign=True)
    if not isinstance(body, dict):
        return Refusal(response.status_code, without_keys(str(body), key), foreign=True)
    told = body.get("error") or body.get("detail") or body
    return refusal_in(told, response.status_code, key, retry_after=wait)


def refusal_in(told: object, status: int, key: str, *, retry_after: float | None = None) -> Refusal:
    """The refusal that an error object is: OpenAI's, or what others make of it."""
    facts = told if isinstance(told, dict) else {}
    limit = facts.get("n_ctx")
    code = facts.get("code")
    return Refusal(
        status or (code if isinstance(code, int) else 0),
        without_keys(str(facts.get("message") or told), key),
        code=str(code if isinstance(code, str) else facts.get("type") or ""),
        parameter=str(facts.get("param") or ""),
        retry_after=retry_after,
        limit=limit if isinstance(limit, int) else None,
        tokens=facts["n_prompt_tokens"] if isinstance(facts.get("n_prompt_tokens"), int) else 0,
    )


def _response_format(form: str, schema: Mapping[str, object]) -> dict[str, Any]:
    if form == "json_object":
        return {"type": form}
    if form == OBJECT_BY_SCHEMA:
        return {"type": "json_object", "schema": schema}
    return {"type": form, form: {"name": "answer", "schema": schema, "strict": True}}
