"""Saying something and hearing the answer; saying it differently; taking it back.

What a person says is saved before the model is asked, what the model says when it ends; so a
failure, a closed page or a crash loses no more than the rest of one answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from aivideo.conversation.given import given
from aivideo.conversation.memory import rows_of, turns_in
from aivideo.conversation.personas import find_persona
from aivideo.engines.dialogue import Asking, ChatModel, Turn, close_iterator
from aivideo.errors import (
    AIVideoError,
    AnswerUnderway,
    EditedMeanwhile,
    EmptyReply,
    MessageInvalid,
    NoMessageYet,
    NotAPersonsMessage,
    NotFound,
)
from aivideo.store import Message, Project, get_row, new_id, now
from aivideo.studio import Growing, Studio

MESSAGE_LIMIT: Final = 4000
SPEECH: Final = Asking(max_tokens=300, temperature=0.7, repeat_penalty=1.1)


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


@dataclass(frozen=True)
class Question:
    """What is to be answered.

    Attributes:
        project_id: Whose conversation it is.
        message_id: The person's message.
        turns: Everything that the model is told.
        replaces: The messages whose place the answer takes.
    """

    project_id: str
    message_id: str
    turns: Sequence[Turn]
    replaces: Sequence[str] = ()


def talk(
    studio: Studio,
    project_id: str,
    message: str,
    *,
    persona_id: str | None = None,
    instead_of: str | None = None,
) -> Generator[Reply, None, None]:
    """Say something and hear the answer grow; closing stops the model and keeps what it said.

    While the model is silent the same Reply comes again several times a second, so that
    whoever listens can stop.

    Args:
        studio: The collaborators.
        project_id: The project.
        message: What the person says, 1 to 4,000 characters.
        persona_id: Becomes the project's persona; its own when left out.
        instead_of: The person's message that this one takes the place of; what was said after
            that one goes, and the talk goes on from here.

    Raises:
        NotFound: There is no such project, persona or message.
        NotAPersonsMessage: ``instead_of`` was said by the model.
        MessageInvalid: The message is empty or longer than 4,000 characters.
        EmptyReply: The model said nothing.
        AIVideoError: What the model's engine raises; the message stays saved.
    """
    message = message.strip()
    if not 1 <= len(message) <= MESSAGE_LIMIT:
        raise MessageInvalid(len(message), MESSAGE_LIMIT)
    with studio.store.session() as session:
        project = _touch(session, project_id)
        if persona_id:
            project.system_prompt_id = find_persona(session, persona_id).id
        if instead_of:
            _forget(session, _since(session, project_id, instead_of))
        said = Message(project_id=project_id, role="user", content=message)
        session.add(said)
        session.flush()
        turns = given(session, project, turns_in(rows_of(session, project_id)))
        question = Question(project_id, said.id, turns)
    yield from _answered(studio, question)


def talk_again(
    studio: Studio, project_id: str, *, seen: str | None = None
) -> Generator[Reply, None, None]:
    """Have the last message answered anew; see ``talk`` for how the answer comes.

    The answer that was there goes when another one has come; after a failure it stays.

    Args:
        studio: The collaborators.
        project_id: The project.
        seen: The newest message that the person has seen; refused when there is a newer one.

    Raises:
        NotFound: There is no such project.
        NoMessageYet: Nobody has said anything.
        EditedMeanwhile: Somebody else said something meanwhile, or another answer was kept
            while this one was written.
        AnswerUnderway: The message is being answered already.
        EmptyReply: The model said nothing.
        AIVideoError: What the model's engine raises.
    """
    with studio.store.session() as session:
        project = _touch(session, project_id)
        rows = rows_of(session, project_id)
        place = _last_question(rows, seen)
        turns = given(session, project, turns_in(rows[: place + 1]))
        later = [row.id for row in rows[place + 1 :]]
        question = Question(project_id, rows[place].id, turns, later)
    yield from _answered(studio, question)


def take_back(studio: Studio, project_id: str, *, seen: str | None = None) -> str:
    """Take back the person's last message with its answer; return it, to be said differently.

    Args:
        studio: The collaborators.
        project_id: The project.
        seen: The newest message that the person has seen; refused when there is a newer one.

    Raises:
        NotFound: There is no such project.
        NoMessageYet: Nobody has said anything.
        EditedMeanwhile: Somebody else said something meanwhile.
    """
    with studio.store.session() as session:
        _touch(session, project_id)
        rows = rows_of(session, project_id)
        place = _last_question(rows, seen)
        _forget(session, rows[place:])
        return rows[place].content


def answering(studio: Studio, project_id: str) -> Growing | None:
    """The answer that is being written in a project, by whichever window or program."""
    return next(
        (each for each in studio.growing.copy().values() if each.project_id == project_id), None
    )


def _touch(session: Session, project_id: str) -> Project:
    """The project, which is the one worked on last now; nobody's edit of it collides with that."""
    project = get_row(session, Project, project_id)
    touched = update(Project).where(Project.id == project_id).values(last_active=now())
    session.execute(touched.execution_options(synchronize_session=False))
    return project


def _last_question(rows: Sequence[Message], seen: str | None) -> int:
    """Where the person's last message stands."""
    if seen is not None and (not rows or rows[-1].id != seen):
        raise EditedMeanwhile
    asked = [place for place, row in enumerate(rows) if row.role == "user"]
    if not asked:
        raise NoMessageYet
    return asked[-1]


def _since(session: Session, project_id: str, message_id: str) -> Sequence[Message]:
    """A person's message and everything after it."""
    rows = rows_of(session, project_id)
    for place, row in enumerate(rows):
        if row.id == message_id:
            if row.role != "user":
                raise NotAPersonsMessage
            return rows[place:]
    raise NotFound("message", message_id)


def _forget(session: Session, rows: Sequence[Message]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()


def _answered(studio: Studio, question: Question) -> Generator[Reply, None, None]:
    """The answer as it grows; it is kept when it ends, whether it was heard out or stopped."""
    model, reply_id, text, whole, kept = studio.chat_model, new_id(), "", False, True
    with _underway(studio, question) as tell:
        try:
            for notice in _prepare(model):
                yield Reply(reply_id, "", notice)
            for text in _growing(model, question.turns):
                tell(text)
                yield Reply(reply_id, text)
            whole = True
        except AIVideoError:
            if question.replaces:  # a whole answer is worth more than half of another
                text = ""
            raise
        finally:
            kept = _keep(studio, question, Reply(reply_id, text, done=whole))
    if not text:
        raise EmptyReply(model.name)
    if not kept:
        raise EditedMeanwhile
    yield Reply(reply_id, text, done=True)


@contextmanager
def _underway(studio: Studio, question: Question) -> Iterator[Callable[[str], None]]:
    """Let everybody see that, and how far, a message is being answered; only once at a time.

    Raises:
        AnswerUnderway: It is being answered already.
    """
    mine = Growing(question.project_id, question.message_id)
    if studio.growing.setdefault(question.message_id, mine) is not mine:
        raise AnswerUnderway

    def tell(text: str) -> None:
        studio.growing[question.message_id] = replace(mine, text=text)

    try:
        yield tell
    finally:
        del studio.growing[question.message_id]


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


def _keep(studio: Studio, question: Question, reply: Reply) -> bool:
    """Save what the model said, unless it said nothing or its question is gone meanwhile.

    False when another answer than those it was to replace was kept first: there is one.
    """
    if not reply.text:
        return True
    with studio.store.session() as session:
        # A write that changes nothing takes the lock: nobody answers between look and write.
        asked = update(Message).where(Message.id == question.message_id)
        session.execute(
            asked.values(owner_id=Message.owner_id).execution_options(synchronize_session=False)
        )
        if session.get(Message, question.message_id) is None:
            return True
        if _is_answered(session, question):
            return False
        for message_id in question.replaces:
            old = session.get(Message, message_id)
            if old is not None:
                session.delete(old)
        session.add(
            Message(
                id=reply.message_id,
                project_id=question.project_id,
                role="assistant",
                content=reply.text,
                interrupted=not reply.done,
            )
        )
    return True


def _is_answered(session: Session, question: Question) -> bool:
    """Whether an answer follows the question that this one would not replace."""
    after = dropwhile(
        lambda row: row.id != question.message_id, rows_of(session, question.project_id)
    )
    next(after, None)
    answers = takewhile(lambda row: row.role != "user", after)
    return any(row.id not in question.replaces for row in answers)
