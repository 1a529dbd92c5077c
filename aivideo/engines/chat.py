"""Language models: the protocol, Ollama, and the model built into the app.

Models talk, stages ask: prompts, parsing and repair live in the stages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from aivideo.errors import Health
from aivideo.progress import Work

Role = Literal["system", "user", "assistant"]


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
    """

    max_tokens: int = 400
    temperature: float = 0.7
    schema: Mapping[str, object] | None = None
    grammar: str | None = None
    seed: int | None = None


class ChatModel(Protocol):
    """Something that answers a conversation, a piece at a time."""

    @property
    def name(self) -> str:
        """Who answers, for people: provider and model."""

    def prepare(self) -> Work[None]:
        """Make ready what the first answer needs: fetch and load weights. Cheap when ready."""

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer in pieces as they come; closing the iterator stops the model."""

    def check(self) -> Health:
        """How the model is, within five seconds and without loading it."""
