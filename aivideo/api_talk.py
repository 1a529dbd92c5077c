"""Endpoints of the conversation: its personas, what is said, the topic it comes to."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import cast

from aivideo import conversation
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_talk_types import (
    MessagesData,
    PreviewData,
    PromptData,
    PromptsData,
    RemovedPromptData,
    ReplyData,
    TakenBackData,
    TopicData,
)
from aivideo.api_types import plain
from aivideo.conversation import PersonaView, Reply
from aivideo.progress import finish
from aivideo.store import now


class TalkEndpoints(Desk):
    """What programs do with a conversation."""

    @endpoint
    def list_system_prompts(self) -> PromptsData:
        """List the personas that can be talked with, and the presets that were removed."""
        return {
            "system_prompts": [_prompt(each) for each in conversation.list_personas(self.studio)],
            "removed": [_prompt(each) for each in conversation.removed_presets(self.studio)],
        }

    @endpoint
    def create_system_prompt(self, name: str, prompt: str) -> PromptData:
        """Add a persona.

        Args:
            name: What to call it.
            prompt: What the model is told about how to talk.
        """
        return _prompt(conversation.create_persona(self.studio, name, prompt))

    @endpoint
    def update_system_prompt(
        self,
        system_prompt_id: str,
        name: str | None = None,
        prompt: str | None = None,
        is_default: bool | None = None,  # noqa: FBT001 - endpoints are called by position
    ) -> PromptData:
        """Change a persona's name or prompt, or make it the default one.

        Args:
            system_prompt_id: The persona.
            name: What to call it.
            prompt: What the model is told about how to talk.
            is_default: True makes it the one of all projects without one of their own.
        """
        changed = conversation.update_persona(
            self.studio, system_prompt_id, name=name, prompt=prompt, is_default=is_default
        )
        return _prompt(changed)

    @endpoint
    def delete_system_prompt(self, system_prompt_id: str) -> RemovedPromptData:
        """Remove a persona; projects that used it go on with the default one.

        Args:
            system_prompt_id: The persona.
        """
        used = conversation.remove_persona(self.studio, system_prompt_id)
        return {"removed": system_prompt_id, "projects": used}

    @endpoint
    def restore_system_prompt(self, system_prompt_id: str) -> PromptData:
        """Give an edited preset its own words back, or bring a removed one back.

        Args:
            system_prompt_id: The persona.
        """
        return _prompt(conversation.restore_persona(self.studio, system_prompt_id))

    @endpoint
    def preview_system_prompt(self, project_id: str) -> PreviewData:
        """Give what the model is told before the next message: persona, topic, facts, talk.

        Args:
            project_id: The project.
        """
        return cast("PreviewData", plain(conversation.preview_prompt(self.studio, project_id)))

    @endpoint
    def chat(
        self,
        project_id: str,
        message: str,
        system_prompt_id: str | None = None,
        instead_of: str | None = None,
    ) -> Iterator[ReplyData]:
        """Talk about the idea; the answer streams, each value holding all that was said so far.

        Args:
            project_id: The project.
            message: What to say.
            system_prompt_id: The persona that answers; the project's own when left out.
            instead_of: A message_id of the person's that this is said in the place of; what
                followed it goes.
        """
        replies = conversation.talk(
            self.studio, project_id, message, persona_id=system_prompt_id, instead_of=instead_of
        )
        yield from _replies(replies)

    @endpoint
    def retry_message(self, project_id: str) -> Iterator[ReplyData]:
        """Have the last message answered anew; the answer streams as that of /chat does.

        Args:
            project_id: The project.
        """
        yield from _replies(conversation.talk_again(self.studio, project_id))

    @endpoint
    def undo_message(self, project_id: str) -> TakenBackData:
        """Take the person's last message back, with its answer.

        Args:
            project_id: The project.
        """
        message = conversation.take_back(self.studio, project_id)
        left = conversation.list_messages(self.studio, project_id)
        return {"message": message, "messages": plain(left)}

    @endpoint
    def list_messages(self, project_id: str) -> MessagesData:
        """Give the conversation of a project, oldest first.

        Args:
            project_id: The project.
        """
        return {"messages": plain(conversation.list_messages(self.studio, project_id))}

    @endpoint
    def suggest_topic(self, project_id: str) -> TopicData:
        """Propose the topic in one sentence from the conversation; nothing is changed.

        Args:
            project_id: The project.
        """
        return {"topic": finish(conversation.suggest_topic(self.studio, project_id))}


def _replies(replies: Generator[Reply, None, None]) -> Iterator[ReplyData]:
    with closing(replies):
        for reply in replies:
            yield {
                "message_id": reply.message_id,
                "response": reply.text,
                "notice": reply.notice,
                "done": reply.done,
                "timestamp": now().isoformat(),
            }


def _prompt(view: PersonaView) -> PromptData:
    return {
        "id": view.persona_id,
        "name": view.name,
        "prompt": view.prompt,
        "description": view.description,
        "is_preset": view.is_preset,
        "is_edited": view.is_edited,
        "is_default": view.is_default,
        "projects": view.projects,
    }
