"""What is said to a language model, and the one way in which its answer arrives.

Models talk, stages ask: prompts, parsing and repair live in the stages.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from aivideo.errors import EmptyReply, Health
from aivideo.progress import Progress, Work

Role = Literal["system", "user", "assistant"]

HEARTBEAT: Final = 0.2
"""Seconds of silence after which an empty piece is handed on."""

CHARACTERS_PER_TOKEN: Final = 3.5
"""A rough, low figure for English; it decides about room, not about cuts."""


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation, as a model is given it."""

    role: Role
    content: str


@dataclass(frozen=True)
class Asking:
    """How a model is to answer.

    Attributes:
        max_tokens: The longest answer.
        temperature: 0 is dull and repeatable, 1 is lively.
        schema: A JSON schema that the whole answer must fit; None for free text.
        grammar: The same as GBNF, stricter than a schema can say (whole sentences); engines
            that cannot take it use ``schema``.
        seed: The same seed gives the same answer where the engine allows it.
        repeat_penalty: Above 1 makes words said lately less likely.
    """

    max_tokens: int = 400
    temperature: float = 0.7
    schema: Mapping[str, object] | None = None
    grammar: str | None = None
    seed: int | None = None
    repeat_penalty: float = 1.0


class ChatModel(Protocol):
    """Something that answers a conversation, a piece at a time."""

    @property
    def name(self) -> str:
        """Who answers, for people: provider and model."""

    def prepare(self) -> Work[None]:
        """Make ready what the first answer needs: fetch and load weights. Cheap when ready."""

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer in pieces as they come; closing the iterator stops the model.

        While the model is silent (it loads, it reads a long conversation), empty pieces come
        several times a second, so that whoever reads can stop.
        """

    def check(self) -> Health:
        """How the model is, within five seconds and without loading it."""


Hear = Callable[[str], bool]
"""Takes a piece of an answer; False says that nobody listens any more."""


def from_thread(tell: Callable[[Hear], None], hang_up: Callable[[], None]) -> Iterator[str]:
    """Hand on what ``tell`` says in a thread of its own, with empty pieces while it is silent.

    Args:
        tell: Blocks, passes each piece to the function it is given and ends when that
            returns False. What it raises is raised here, after the last piece.
        hang_up: Called in the reader's thread when the reading ends, for whatever reason;
            makes ``tell`` come back soon when it sits in a blocking call.
    """
    news: queue.SimpleQueue[str] = queue.SimpleQueue()
    gone = threading.Event()

    def hear(piece: str) -> bool:
        news.put(piece)
        return not gone.is_set()

    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="language-model")
    telling = pool.submit(tell, hear)
    telling.add_done_callback(lambda _: news.put(""))
    try:
        while not telling.done() or not news.empty():
            yield _next(news)
    finally:
        gone.set()
        hang_up()
        pool.shutdown(wait=False)
    telling.result()


def _next(news: queue.SimpleQueue[str]) -> str:
    try:
        return news.get(timeout=HEARTBEAT)
    except queue.Empty:
        return ""


def answer(
    model: ChatModel,
    turns: Sequence[Turn],
    asking: Asking,
    message: str,
    *,
    expected: int | None = None,
) -> Work[str]:
    """The whole answer of a model, which must have been prepared.

    Args:
        model: Who is asked.
        turns: What is said to it.
        asking: How it is to answer.
        message: What is being done, for the person who waits.
        expected: About how many characters will come; as many as may come when left out.

    Raises:
        EmptyReply: The answer is blank.
        AIVideoError: What the model's engine raises.
    """
    text, whole = "", expected or asking.max_tokens * CHARACTERS_PER_TOKEN
    pieces = model.stream(turns, asking)
    try:
        for piece in pieces:
            text += piece
            yield Progress(min(len(text) / whole, 1.0), message)
    finally:
        close_iterator(pieces)
    if not text.strip():
        raise EmptyReply(model.name)
    return text


def close_iterator(pieces: Iterator[str]) -> None:
    """Close what may be closed: a generator stops its model, a plain iterator has none."""
    close = getattr(pieces, "close", None)
    if close is not None:
        close()


def count_tokens(text: str) -> int:
    """About how many tokens a text is; generous for scripts other than Latin."""
    plain = sum(character.isascii() for character in text)
    return round(plain / CHARACTERS_PER_TOKEN) + len(text) - plain + 4
