"""What was said: the messages of a project, and how much of them a model is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo.engines.dialogue import Role, Turn, count_tokens
from aivideo.store import Message, Project, get_row
from aivideo.studio import Studio

ROLES: Final[dict[str, Role]] = {"user": "user", "assistant": "assistant", "system": "system"}
GAP: Final = "[…]"
"""Stands where the middle of a conversation was left out within one turn."""
SENTENCES: Final = re.compile(r".+?(?:[.!?]\s+|\u3002|\n+|$)", re.DOTALL)
SPEAKERS: Final = {"user": "Person", "assistant": "Partner"}


@dataclass(frozen=True)
class MessageView:
    """One turn of the conversation.

    Attributes:
        interrupted: The model was stopped, or failed, before it had said everything.
    """

    message_id: str
    role: Role
    content: str
    interrupted: bool
    timestamp: datetime


def list_messages(studio: Studio, project_id: str) -> list[MessageView]:
    """The conversation of a project, oldest first.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        get_row(session, Project, project_id)
        return [
            MessageView(
                message_id=row.id,
                role=ROLES[row.role],
                content=row.content,
                interrupted=row.interrupted,
                timestamp=row.timestamp,
            )
            for row in rows_of(session, project_id)
        ]


def notes_of(studio: Studio, project_id: str, tokens: int) -> str:
    """The newest part of the conversation as text, about this many tokens at most.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        get_row(session, Project, project_id)
        turns = newest(turns_of(session, project_id), tokens)
    return "\n".join(
        f"{SPEAKERS[turn.role]}: {turn.content}" for turn in turns if turn.role in SPEAKERS
    )


def turns_of(session: Session, project_id: str) -> list[Turn]:
    """The conversation of a project as turns."""
    return turns_in(rows_of(session, project_id))


def turns_in(rows: Sequence[Message]) -> list[Turn]:
    """The messages as turns; two in a row by the same speaker become one.

    That happens after a failure, and some models insist on taking turns.
    """
    turns: list[Turn] = []
    for row in rows:
        role = ROLES[row.role]
        if turns and turns[-1].role == role:
            turns[-1] = Turn(role, f"{turns[-1].content}\n{row.content}")
        else:
            turns.append(Turn(role, row.content))
    return turns


def newest(turns: Sequence[Turn], tokens: int) -> list[Turn]:
    """The end of a conversation that fits; the last turn is always in it.

    When it gets too long, half of the room is cleared at once: the next few turns then find
    the same beginning, which a model need not read again.
    """
    start, used = 0, 0
    for end, turn in enumerate(turns):
        used += count_tokens(turn.content)
        if used > tokens:
            while start < end and used > tokens // 2:
                used -= count_tokens(turns[start].content)
                start += 1
    return list(turns[start:])


def trimmed(turns: Sequence[Turn], tokens: int) -> list[Turn]:
    """A conversation that fits: what it began with and its end, the middle left out.

    The beginning is the person's first message, which mostly holds the idea; a long one that
    would take more than a quarter of the room goes with the middle.
    """
    tail = newest(turns, tokens)
    if len(tail) == len(turns):
        return tail
    first, cost = turns[0], count_tokens(turns[0].content)
    if first.role != "user" or cost > tokens // 4:
        return tail
    tail = newest(turns, tokens - cost)
    if tail[0].role != first.role:
        return [first, *tail]
    return [Turn(first.role, f"{first.content}\n{GAP}\n{tail[0].content}"), *tail[1:]]


def beginning(text: str, tokens: int) -> str:
    """The first sentences of a text that fit; all of it when it does."""
    if count_tokens(text) <= tokens:
        return text
    kept = ""
    for sentence in SENTENCES.findall(text):
        if count_tokens(kept + sentence) > tokens:
            break
        kept += sentence
    return kept.strip() or text[:tokens]


def rows_of(session: Session, project_id: str) -> Sequence[Message]:
    """The messages of a project, oldest first."""
    return session.scalars(
        select(Message)
        .where(Message.project_id == project_id)
        .order_by(Message.timestamp, Message.id)
    ).all()
