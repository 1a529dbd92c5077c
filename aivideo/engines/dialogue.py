"""What is said to a language model, and the one way in which its answer arrives.

Models talk, stages ask: prompts, parsing and repair live in the stages.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeVar

from aivideo.errors import AIVideoError, EmptyReply, Health
from aivideo.progress import Progress, Work

Role = Literal["system", "user", "assistant"]

HEARTBEAT: Final = 0.2
"""Seconds of silence after which an empty piece is handed on."""

THINKS: Final = "<think>"
THOUGHT: Final = "</think>"

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


T = TypeVar("T")

Hear = Callable[[T], bool]
"""Takes a piece of what is told; False says that nobody listens any more."""


def speech(tell: Callable[[Hear[str]], None], hang_up: Callable[[], None]) -> Iterator[str]:
    """Hand on the answer that ``tell`` gives in a thread of its own, without what was thought.

    Args:
        tell: See ``from_thread``.
        hang_up: See ``from_thread``.
    """
    spoken = Spoken()
    with closing(from_thread(tell, hang_up, silence="")) as pieces:
        for piece in pieces:
            yield spoken.hear(piece)
    yield spoken.rest()


def from_thread(
    tell: Callable[[Hear[T]], None], hang_up: Callable[[], None], *, silence: T
) -> Generator[T, None, None]:
    """Hand on what ``tell`` says in a thread of its own, with ``silence`` while it says nothing.

    Args:
        tell: Blocks, passes each piece to the function it is given and ends when that
            returns False. What it raises is raised here, after the last piece.
        hang_up: Called in the reader's thread when the reading ends, for whatever reason;
            makes ``tell`` come back soon when it sits in a blocking call.
        silence: Handed on several times a second while nothing comes.
    """
    news: queue.SimpleQueue[T] = queue.SimpleQueue()
    gone = threading.Event()

    def hear(piece: T) -> bool:
        news.put(piece)
        return not gone.is_set()

    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="language-model")
    telling = pool.submit(tell, hear)
    telling.add_done_callback(lambda _: news.put(silence))
    try:
        while not telling.done() or not news.empty():
            yield _next(news, silence)
    finally:
        gone.set()
        hang_up()
        pool.shutdown(wait=False)
    telling.result()


def _next(news: queue.SimpleQueue[T], silence: T) -> T:
    try:
        return news.get(timeout=HEARTBEAT)
    except queue.Empty:
        return silence


class Spoken:
    """Keeps back what a reasoning model thinks aloud, between two tags, before it answers."""

    def __init__(self) -> None:
        self._held = ""
        self._state: Literal["beginning", "thinking", "speaking"] = "beginning"

    def hear(self, piece: str) -> str:
        """What of a piece, and of those held so far, is said."""
        if self._state == "speaking":
            return piece
        self._held += piece
        if self._state == "beginning":
            start = self._held.lstrip()
            if start.startswith(THINKS):
                self._state = "thinking"
            elif not THINKS.startswith(start):
                return self._speak(self._held)
        if self._state == "thinking":
            _, ended, said = self._held.partition(THOUGHT)
            return self._speak(said) if ended else ""
        return ""

    def rest(self) -> str:
        """What was held at the end; a thought without an end was no answer."""
        return "" if self._state == "thinking" else self._speak(self._held)

    def _speak(self, said: str) -> str:
        self._held, self._state = "", "speaking"
        return said


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


def unwell(failure: AIVideoError) -> Health:
    """A model's health, from the failure that asking for it met."""
    what, _, remedy = failure.message.partition(". ")
    return Health("Language model", works=False, says=f"{what}.", remedy=remedy, needed=True)
