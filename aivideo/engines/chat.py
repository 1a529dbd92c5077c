"""Which language model answers: Ollama, a server of one's own, the one built in, or a choice.

The protocol and what it speaks of live in ``dialogue``; they are offered here too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from aivideo.engines.connections import A_GLANCE
from aivideo.engines.dialogue import Asking, ChatModel, Role, Turn
from aivideo.engines.local_chat import BuiltInModel
from aivideo.engines.ollama_chat import OllamaModel
from aivideo.engines.openai_chat import OpenAIModel
from aivideo.errors import AIVideoError, Health, ModelMissing, UnknownProvider
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

__all__ = ["Asking", "ChatModel", "Role", "Turn", "WhicheverIsThere", "open_chat_model"]

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
        "openai": OpenAIModel,
        "local": BuiltInModel,
    }
    if settings.llm_provider not in factories:
        raise UnknownProvider("language model", settings.llm_provider, factories)
    return factories[settings.llm_provider](settings, workspace)


class WhicheverIsThere:
    """The first that is there: Ollama with the model, a server that was named, the built-in one.

    A key alone names no server: it stands in many an environment for another program, and what
    a person says would leave the machine.
    """

    def __init__(self, settings: Settings, workspace: Workspace) -> None:
        self._ollama = OllamaModel(settings)
        self._server = OpenAIModel(settings) if _names_a_server(settings) else None
        self._unused_key = self._server is None and settings.openai_api_key is not None
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
        with self._choosing_anew_after_failure():
            yield from self._choose().prepare()

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The answer of the chosen one.

        Raises:
            AIVideoError: What the chosen model raises.
        """
        with self._choosing_anew_after_failure():
            yield from self._choose().stream(turns, asking)

    def check(self) -> Health:
        """How the chosen one is, why it was chosen, and why the others were not."""
        health = self._choose().check()
        return replace(health, says=f"{health.says} {self._why}")

    @property
    def lacking(self) -> bool:
        """Whether Ollama ran and lacked only the model."""
        return self._ollama.lacking

    def pull(self) -> Work[None]:
        """Have Ollama fetch the model, and use it from then on.

        Raises:
            AIVideoError: See ``pull_model``.
        """
        yield from self._ollama.pull()
        self._until = 0.0

    @contextmanager
    def _choosing_anew_after_failure(self) -> Iterator[None]:
        """Who has gone meanwhile is not asked until the choice ends."""
        try:
            yield
        except AIVideoError:
            self._until = 0.0
            raise

    def _choose(self) -> ChatModel:
        with self._choosing:
            if time.monotonic() >= self._until:
                self._chosen, self._why = self._look()
                self._until = time.monotonic() + CHOICE_HOLDS
            return self._chosen

    def _look(self) -> tuple[ChatModel, str]:
        without_ollama = self._why_not_ollama()
        if not without_ollama:
            return self._ollama, "It is used because it answers; the built-in model would step in."
        if self._server is None:
            unused = (
                "; OPENAI_API_KEY alone is not used, name OPENAI_MODEL too"
                if self._unused_key
                else ""
            )
            return self._local, f"It is used because {without_ollama}{unused}."
        try:
            self._server.look(A_GLANCE)
        except AIVideoError as failure:
            said = failure.message.partition(". ")[0]
            return self._local, f"It is used because {without_ollama}, and: {said}."
        return self._server, f"It is used because {without_ollama}."

    def _why_not_ollama(self) -> str:
        try:
            self._ollama.look(A_GLANCE)
        except ModelMissing as missing:
            return f"Ollama lacks {missing.model} (`ollama pull {missing.model}` brings it)"
        except AIVideoError:
            return f"no Ollama answers at {self._ollama.url}"
        return ""


def lacks_model(model: ChatModel) -> bool:
    """Whether Ollama, when it was last looked at, ran and lacked only the model."""
    return isinstance(model, OllamaModel | WhicheverIsThere) and model.lacking


def pull_model(settings: Settings, model: ChatModel) -> Work[None]:
    """Have Ollama fetch the model that the settings name, whoever answers meanwhile.

    Raises:
        OllamaNotRunning: Nothing answers.
        ModelUnknown: There is no such model.
        AIVideoError: The fetching broke off or failed.
    """
    if isinstance(model, OllamaModel | WhicheverIsThere):
        return model.pull()
    return OllamaModel(settings).pull()


def _names_a_server(settings: Settings) -> bool:
    return bool({"openai_base_url", "openai_model"} & settings.model_fields_set)
