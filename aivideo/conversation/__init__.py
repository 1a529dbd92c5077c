"""Stage 1: talk about the idea with a persona, and settle the topic.

What a person says is saved before the model is asked, what the model says when it ends; so a
failure, a closed page or a crash loses no more than the rest of one answer.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from aivideo import projects, prompts
from aivideo.conversation.memory import MessageView, list_messages, newest, notes_of, turns_of
from aivideo.conversation.personas import (
    PersonaView,
    create_persona,
    list_personas,
    opening,
    persona_of,
    remove_persona,
    update_persona,
)
from aivideo.engines.dialogue import Asking, ChatModel, Turn, answer, close_iterator
from aivideo.errors import EmptyReply, MessageInvalid, NothingSaidYet
from aivideo.progress import Work, within
from aivideo.projects import ProjectView
from aivideo.store import Message, Project, SystemPrompt, get_row, new_id, now
from aivideo.studio import Studio

__all__ = [
    "MESSAGE_LIMIT",
    "MessageView",
    "PersonaView",
    "Reply",
    "create_persona",
    "list_messages",
    "list_personas",
    "notes_of",
    "remove_persona",
    "settle_topic",
    "suggest_topic",
    "talk",
    "update_persona",
]

MESSAGE_LIMIT: Final = 4000
MEMORY: Final = 2600
"""Tokens of conversation that a model is given. With the longest persona and the answer that
fits into 4,096, the smallest memory among the models we talk to."""
SPEECH: Final = Asking(max_tokens=300, temperature=0.7, repeat_penalty=1.1)
PREAMBLE: Final = re.compile(
    r"^\W*(?:(?:topic|video|sentence)\s*:|(?:the|this) video is about)\s*", re.IGNORECASE
)
ONE_SENTENCE: Final = r'root ::= [A-Z] [^\n".!?]{20,280} [.!?]'


@dataclass(frozen=True)
class Reply:
    """An answer as far as it was said.

    Attributes:
        message_id: The id under which it is saved.
        text: Everything said so far.
        notice: What is being done while nothing is said yet; the same until that changes.
        done: Nothing more follows.
    """

    message_id: str
    text: str
    notice: str = ""
    done: bool = False


def talk(
    studio: Studio, project_id: str, message: str, *, persona_id: str | None = None
) -> Generator[Reply, None, None]:
    """Say something and hear the answer grow; closing stops the model and keeps what it said.

    A persona that is named becomes the project's. While the model is silent the same Reply
    comes again several times a second, so that whoever listens can stop.

    Raises:
        NotFound: There is no such project or persona.
        MessageInvalid: The message is empty or longer than 4,000 characters.
        EmptyReply: The model said nothing.
        AIVideoError: What the model's engine raises; the message stays saved.
    """
    model, reply_id, text, whole = studio.chat_model, new_id(), "", False
    turns = _take_down(studio, project_id, message, persona_id)
    try:
        for notice in _prepare(model):
            yield Reply(reply_id, "", notice)
        for text in _growing(model, turns):
            yield Reply(reply_id, text)
        whole = True
    finally:
        _keep(studio, project_id, Reply(reply_id, text, done=whole))
    if not text:
        raise EmptyReply(model.name)
    yield Reply(reply_id, text, done=True)


def settle_topic(studio: Studio, project_id: str, topic: str) -> ProjectView:
    """Make this the project's topic.

    Raises:
        NotFound: There is no such project.
        TopicInvalid: The topic is empty or longer than 500 characters.
    """
    projects.update_project(studio, project_id, topic=topic)
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        if project.current_step == "topic":
            project.current_step = "voice"
    return projects.open_project(studio, project_id)


def suggest_topic(studio: Studio, project_id: str) -> Work[str]:
    """Say in one sentence what the conversation has come to; nothing is changed.

    Raises:
        NotFound: There is no such project.
        NothingSaidYet: There is no conversation.
        EmptyReply: The model said nothing.
        AIVideoError: What the model's engine raises.
    """
    conversation = notes_of(studio, project_id, MEMORY)
    if not conversation:
        raise NothingSaidYet
    question = Turn("user", prompts.TOPIC_ASKED.format(conversation=conversation))
    asking = Asking(max_tokens=100, temperature=0.2, grammar=ONE_SENTENCE)
    model = studio.chat_model
    yield from within(model.prepare(), 0.0, 0.5)
    heard = answer(model, [question], asking, "Reading the conversation")
    said = yield from within(heard, 0.5, 1.0)
    return _one_sentence(said)


def _take_down(studio: Studio, project_id: str, message: str, persona_id: str | None) -> list[Turn]:
    """Save what the person says; return everything that the model is to be told."""
    message = message.strip()
    if not 1 <= len(message) <= MESSAGE_LIMIT:
        raise MessageInvalid(len(message), MESSAGE_LIMIT)
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        if persona_id:
            project.system_prompt_id = get_row(session, SystemPrompt, persona_id).id
        project.last_active = now()
        session.add(Message(project_id=project_id, role="user", content=message))
        session.flush()
        before = opening(persona_of(session, project), project.topic)
        return [*before, *newest(turns_of(session, project_id), MEMORY)]


def _prepare(model: ChatModel) -> Iterator[str]:
    """Make the model ready; yield what is being done, blank when nothing much is."""
    with closing(model.prepare()) as work:
        for progress in work:
            done = f": {progress.fraction:.0%}" if progress.message else ""
            yield f"{progress.message}{done}"


def _growing(model: ChatModel, turns: Sequence[Turn]) -> Iterator[str]:
    """Everything said so far, whenever something was said and while nothing is."""
    text = ""
    pieces = model.stream(turns, SPEECH)
    try:
        for piece in pieces:
            text += piece
            yield text.strip()
    finally:
        close_iterator(pieces)


def _keep(studio: Studio, project_id: str, reply: Reply) -> None:
    """Save what the model said, unless it said nothing or the project is gone meanwhile."""
    with studio.store.session() as session:
        if reply.text and session.get(Project, project_id) is not None:
            session.add(
                Message(
                    id=reply.message_id,
                    project_id=project_id,
                    role="assistant",
                    content=reply.text,
                    interrupted=not reply.done,
                )
            )


def _one_sentence(said: str) -> str:
    """The sentence without what models like to put around it."""
    line = next(line for line in said.splitlines() if line.strip())
    line = PREAMBLE.sub("", line.strip()).strip(" \"'\u201c\u201d*_`")
    return projects.valid_topic((line[:1].upper() + line[1:])[: projects.TOPIC_LIMIT])
