"""The topic: settled by a person, or proposed from what was said."""

from __future__ import annotations

import re
from typing import Final

from aivideo import projects, prompts
from aivideo.conversation.memory import notes_of
from aivideo.engines.dialogue import Asking, Turn, answer
from aivideo.errors import NothingSaidYet
from aivideo.progress import Work, within
from aivideo.projects import ProjectView
from aivideo.store import Project, get_row
from aivideo.studio import Studio

TALK: Final = 2600
"""Tokens of conversation that are read for it."""
PREAMBLE: Final = re.compile(
    r"^\W*(?:(?:topic|video|sentence)\s*:|(?:the|this) video is about)\s*", re.IGNORECASE
)
ONE_SENTENCE: Final = r'root ::= [^a-z \n\t".!?*#`-] [^\n".!?\u3002]{12,280} [.!?\u3002]'
"""In any script: it begins with no small letter and no mark, and ends with its first full stop."""


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
    conversation = notes_of(studio, project_id, TALK)
    if not conversation:
        raise NothingSaidYet
    question = Turn("user", prompts.TOPIC_ASKED.format(conversation=conversation))
    asking = Asking(max_tokens=100, temperature=0.2, grammar=ONE_SENTENCE)
    model = studio.chat_model
    yield from within(model.prepare(), 0.0, 0.5)
    heard = answer(model, [question], asking, "Reading the conversation")
    said = yield from within(heard, 0.5, 1.0)
    return _one_sentence(said)


def _one_sentence(said: str) -> str:
    """The sentence without what models like to put around it."""
    line = next(line for line in said.splitlines() if line.strip())
    line = PREAMBLE.sub("", line.strip()).strip(" \"'\u201c\u201d*_`")
    return projects.valid_topic((line[:1].upper() + line[1:])[: projects.TOPIC_LIMIT])
