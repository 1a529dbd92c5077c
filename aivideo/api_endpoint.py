"""What makes a function an endpoint: checked arguments, one envelope, nothing raised.

One of the two places where everything is caught on its way to a caller; the page is the other.
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypedDict, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from aivideo.errors import AIVideoError, BadArgument, Unexpected
from aivideo.jobs import Jobs
from aivideo.studio import Studio

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What every endpoint is handed besides its arguments."""

    studio: Studio
    jobs: Jobs


class Problem(TypedDict):
    """Why an endpoint did not do what it was asked for."""

    code: str
    message: str


Function = Callable[..., Any]
Envelope = dict[str, Any]


def endpoint(function: Function) -> Function:
    """Make a step an endpoint: ``(desk, *arguments)`` to an envelope, or to a stream of them.

    The arguments are checked against the function's own hints, since Gradio takes hints for
    documentation only.
    """
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def answers(desk: Desk, *values: object) -> Iterator[Envelope]:
            yield from _envelopes(function, desk, values)

        return answers

    @functools.wraps(function)
    def answer(desk: Desk, *values: object) -> Envelope:
        return next(_envelopes(function, desk, values))

    return answer


def bind(function: Function, desk: Desk) -> Function:
    """The endpoint as Gradio is given it: without the desk, its hints resolved."""
    hints = get_type_hints(function)
    _, *parameters = inspect.signature(function).parameters.values()
    resolved = [parameter.replace(annotation=hints[parameter.name]) for parameter in parameters]
    data = get_args(hints["return"])[0] if streams(function) else hints["return"]
    answer_type = _answer_type(function.__name__, data)
    bound: Function = _bound_stream(function, desk) if streams(function) else _bound(function, desk)
    functools.update_wrapper(bound, function)
    del bound.__dict__["__wrapped__"]  # else its hints, with the desk, would be read
    bound.__annotations__ = {parameter.name: hints[parameter.name] for parameter in parameters} | {
        "return": answer_type
    }
    bound.__dict__["__signature__"] = inspect.Signature(resolved, return_annotation=answer_type)
    return bound


def streams(function: Function) -> bool:
    """Whether an endpoint answers with a stream."""
    return inspect.isgeneratorfunction(function)


def _bound(function: Function, desk: Desk) -> Function:
    def call(*values: object) -> Envelope:
        envelope: Envelope = function(desk, *values)
        return envelope

    return call


def _bound_stream(function: Function, desk: Desk) -> Function:
    def call(*values: object) -> Iterator[Envelope]:
        yield from function(desk, *values)

    return call


def _envelopes(function: Function, desk: Desk, values: tuple[object, ...]) -> Iterator[Envelope]:
    try:
        arguments = _checked(function, values)
        answer = function(desk, **arguments)
        if inspect.isgenerator(answer):
            with closing(answer):
                for item in answer:
                    yield {"success": True, "data": item}
        else:
            yield {"success": True, "data": answer}
    except AIVideoError as failure:
        logger.info("%s refused: %s %s", function.__name__, failure.code, failure.detail)
        yield _refused(failure.code, failure.message)
    except Exception:
        unexpected = Unexpected()
        logger.exception(
            "%s failed unexpectedly, reference %s", function.__name__, unexpected.reference
        )
        yield _refused(unexpected.code, unexpected.message)


def _refused(code: str, message: str) -> Envelope:
    return {"success": False, "error": {"code": code, "message": message}}


def _checked(function: Function, values: tuple[object, ...]) -> dict[str, Any]:
    """The arguments by name, as the hints want them.

    Raises:
        InvalidArgument: One is missing or of another kind.
    """
    hints = get_type_hints(function, include_extras=True)
    _, *parameters = inspect.signature(function).parameters.values()
    given = dict(zip([parameter.name for parameter in parameters], values, strict=False))
    return {
        parameter.name: _check(parameter.name, given.get(parameter.name), hints[parameter.name])
        for parameter in parameters
        if parameter.name in given or parameter.default is inspect.Parameter.empty
    }


def _check(name: str, value: object, kind: Any) -> object:
    try:
        json.dumps(value, ensure_ascii=False).encode()
        return _adapter(kind).validate_python(value)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join([name, *map(str, first["loc"])])
        said = first["msg"][0].lower() + first["msg"][1:]
        raise BadArgument(place, said, detail=first["type"]) from problem
    except UnicodeEncodeError as problem:
        said = "it holds half a character, which no text can"
        raise BadArgument(name, said, detail=problem.reason) from problem


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@functools.cache
def _answer_type(name: str, data: Any) -> Any:
    """The envelope around ``data``, for the documentation that Gradio makes from hints."""
    title = "".join(word.capitalize() for word in name.split("_"))
    fields = {"success": bool, "data": data, "error": Problem}
    return TypedDict(f"{title}Answer", fields, total=False)  # type: ignore[operator] # fields are only known here
