"""Stage 1: talk about the idea with a persona, and settle the topic."""

from __future__ import annotations

from aivideo.conversation.given import PromptView, preview_prompt
from aivideo.conversation.memory import MessageView, list_messages, notes_of
from aivideo.conversation.personas import (
    PersonaView,
    copy_persona,
    create_persona,
    list_personas,
    manner_of,
    persona_in,
    remove_persona,
    removed_presets,
    restore_persona,
    update_persona,
)
from aivideo.conversation.talking import (
    MESSAGE_LIMIT,
    SPEECH,
    Reply,
    answering,
    take_back,
    talk,
    talk_again,
)
from aivideo.conversation.topic import settle_topic, suggest_topic

__all__ = [
    "MESSAGE_LIMIT",
    "SPEECH",
    "MessageView",
    "PersonaView",
    "PromptView",
    "Reply",
    "answering",
    "copy_persona",
    "create_persona",
    "list_messages",
    "list_personas",
    "manner_of",
    "notes_of",
    "persona_in",
    "preview_prompt",
    "remove_persona",
    "removed_presets",
    "restore_persona",
    "settle_topic",
    "suggest_topic",
    "take_back",
    "talk",
    "talk_again",
    "update_persona",
]
