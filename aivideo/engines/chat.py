"""Which language model answers: Ollama, the one built in, or whichever is there.

The protocol and what it speaks of live in ``dialogue``; they are offered here too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import httpx

from aivideo.engines.dialogue import Asking, ChatModel, Role, Turn
from aivideo.engines.local_chat import BuiltInModel
from aivideo.engines.ollama_chat import OllamaModel
from aivideo.errors import AIVideoError, Health, ModelMissing, UnknownProvider
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

__all__ = ["Asking", "ChatModel", "Role", "Turn", "WhicheverIsThere", "open_chat_model"]

A_GLANCE: Final = httpx.Timeout(2, connect=1)
"""Seconds that Ollama has to show itself before the built-in model takes over."""
CHOICE_HOLDS: Final = 30.0
"""Seconds for which a choice stands, so that a conversation does not ask before each turn."""


def open_chat_model(settings: Settings, workspace: Workspace) -> ChatModel:
    """The model that ``LLM_PROVIDER`` names; nothing is loaded or asked yet.

    Raises:
        UnknownProvider: There is none of that name.
    """
    factories: dict[str, Callable[[Settings, Workspace], ChatModel]] = {
        "auto": WhicheverIsThere,
        "ollama": OllamaModel,
        "local": BuiltInModel,
    }
    if settings.llm_provider not in factories:
        raise UnknownProvider("language model", settings.llm_provider, factories)
    return factories[settings.llm_provider](settings, workspace)


class WhicheverIsThere:
    """Ollama when it answers at once and has the model, else the model built in."""

    def __init__(self, settings: Settings, workspace: Workspace) -> None:
        self._ollama = OllamaModel(settings)
        self._local = BuiltInModel(settings, workspace)
        self._choosing = threading.Lock()
        self._chosen: ChatModel = self._local
        self._why = ""
        self._until = 0.0

    @property
    def name(self) -> str:
        """Who answers now."""
        return self._choose().name

    def prepare(self) -> Work[None]:
        """Choose, and make the chosen one ready.

        Raises:
            AIVideoError: What the chosen model's ``prepare`` raises.
        """
        return self._choose().prepare()

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer of the chosen one.

        Raises:
            AIVideoError: What the chosen model raises.
        """
        return self._choose().stream(turns, asking)

    def check(self) -> Health:
        """How the chosen one is, and why it was chosen."""
        health = self._choose().check()
        return replace(health, says=f"{health.says} {self._why}")

    def _choose(self) -> ChatModel:
        with self._choosing:
            if time.monotonic() >= self._until:
                self._chosen, self._why = self._look()
                self._until = time.monotonic() + CHOICE_HOLDS
            return self._chosen

    def _look(self) -> tuple[ChatModel, str]:
        try:
            self._ollama.look(A_GLANCE)
        except ModelMissing as missing:
            return self._local, f"It is used because Ollama lacks {missing.model}."
        except AIVideoError:
            return self._local, f"It is used because no Ollama answers at {self._ollama.url}."
        return self._ollama, "It is used because it answers; the built-in model would step in."
