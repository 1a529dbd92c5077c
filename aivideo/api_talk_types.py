"""The shapes of the conversation and its personas; see ``api_types``."""

from __future__ import annotations

from typing import TypedDict

from aivideo.api_types import RemovedData


class PromptData(TypedDict):
    """A persona: what the model is told about how to talk."""

    id: str
    name: str
    prompt: str
    description: str
    is_preset: bool
    is_edited: bool
    is_default: bool
    projects: int


class PromptsData(TypedDict):
    """All personas; ``removed`` are presets that can be restored."""

    system_prompts: list[PromptData]
    removed: list[PromptData]


class RemovedPromptData(RemovedData):
    """A persona that is gone; so many projects go on with the default one."""

    projects: int


class TurnData(TypedDict):
    """What a model is told in one turn."""

    role: str
    content: str


class PreviewData(TypedDict):
    """What a model is given before the next message; ``left_out`` turns are not told any more."""

    persona_id: str
    name: str
    turns: list[TurnData]
    tokens: int
    left_out: int


class TopicData(TypedDict):
    """A topic that was proposed."""

    topic: str


class TakenBackData(TypedDict):
    """A message that was taken back, and what is left of the conversation."""

    message: str
    messages: list[MessageData]


class ReplyData(TypedDict):
    """An answer as far as it is said; ``done`` with the last."""

    message_id: str
    response: str
    notice: str
    done: bool
    timestamp: str


class MessageData(TypedDict):
    """One turn of a conversation."""

    message_id: str
    role: str
    content: str
    interrupted: bool
    timestamp: str


class MessagesData(TypedDict):
    """A conversation."""

    messages: list[MessageData]
