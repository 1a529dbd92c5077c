"""Talking about the idea: what is said is kept, whatever happens; and the topic is settled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from fakes import QueuedChat

from aivideo import conversation, projects, prompts
from aivideo.conversation import MESSAGE_LIMIT, Reply
from aivideo.conversation.memory import beginning, newest, trimmed
from aivideo.engines.dialogue import Asking, Turn, count_tokens
from aivideo.errors import (
    AnswerUnderway,
    EditedMeanwhile,
    EmptyReply,
    MessageInvalid,
    ModelBrokeOff,
    NoMessageYet,
    NotAPersonsMessage,
    NotFound,
    NothingSaidYet,
    OllamaNotRunning,
    PersonaInvalid,
    PersonaIsDefault,
    PersonaNotPreset,
    TopicInvalid,
)
from aivideo.progress import Progress, Work, finish
from aivideo.settings import Settings
from aivideo.store import Message, Project, get_row
from aivideo.studio import Studio, _seed_personas, open_studio


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project that has just been started."""
    return projects.create_project(studio).project_id


def said(studio: Studio, project_id: str) -> list[tuple[str, str]]:
    """The conversation as (role, text)."""
    return [
        (message.role, message.content)
        for message in conversation.list_messages(studio, project_id)
    ]


class Breaking(QueuedChat):
    """Says something and breaks off."""

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The beginning of an answer, then a failure."""
        self.asked.append((tuple(turns), asking))
        yield "Bees are"
        raise ModelBrokeOff(self.name)


class Loading(QueuedChat):
    """Has to be fetched first, and is silent for a moment."""

    def prepare(self) -> Work[None]:
        """Fetch for a while."""
        yield Progress(0.43, "Fetching the built-in model")
        yield Progress(1.0)

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """Silence before the answer."""
        yield ""
        yield from super().stream(turns, asking)


def stick_to(studio: Studio, project_id: str, facts: str) -> None:
    """Give the project facts, as the Script tab does."""
    with studio.store.session() as session:
        get_row(session, Project, project_id).sources = facts


def with_model(studio: Studio, model: QueuedChat) -> Studio:
    """The same studio with another model."""
    return replace(studio, chat_model=model)


# Talking


def test_an_answer_grows_and_is_kept(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Each reply holds everything said so far; the last is done and saved under its id."""
    chat_model.answers.append("Bees are busy.")
    replies = list(conversation.talk(studio, project_id, "Something about bees"))
    assert [reply.text for reply in replies if reply.text] == [
        "Bees",
        "Bees are",
        "Bees are busy.",
        "Bees are busy.",
    ]
    assert [reply.done for reply in replies[-2:]] == [False, True]
    assert said(studio, project_id) == [
        ("user", "Something about bees"),
        ("assistant", "Bees are busy."),
    ]
    saved = conversation.list_messages(studio, project_id)[-1]
    assert saved.message_id == replies[-1].message_id
    assert not saved.interrupted


def test_the_wait_for_a_model_is_told(studio: Studio, project_id: str) -> None:
    """While the model is fetched the notice says how far it is."""
    model = Loading()
    model.answers.append("Hello.")
    replies = list(conversation.talk(with_model(studio, model), project_id, "Hi"))
    assert replies[0].notice == "Fetching the built-in model: 43%"
    assert [reply.notice for reply in replies[1:]] == [""] * (len(replies) - 1)


def test_a_silent_model_can_be_stopped(studio: Studio, project_id: str) -> None:
    """Replies come while nothing is said; closing then leaves no empty bubble."""
    model = Loading()
    model.answers.append("Hello.")
    talking = conversation.talk(with_model(studio, model), project_id, "Hi")
    replies = [next(talking) for _ in range(3)]
    assert [reply.text for reply in replies] == ["", "", ""]
    talking.close()
    assert said(studio, project_id) == [("user", "Hi")]


def test_closing_keeps_what_was_said(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """A person who stops the answer keeps its beginning, marked as interrupted."""
    chat_model.answers.append("Bees are busy all day.")
    talking = conversation.talk(studio, project_id, "Bees?")
    while next(talking).text != "Bees are busy":
        pass
    talking.close()
    last = conversation.list_messages(studio, project_id)[-1]
    assert (last.content, last.interrupted) == ("Bees are busy", True)
    assert chat_model.closed_early == 1


def test_a_failure_keeps_the_person_s_words(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The message stays, no error text becomes an answer, and the failure is raised."""
    chat_model.answers.append(OllamaNotRunning("http://localhost:11434"))
    with pytest.raises(OllamaNotRunning):
        list(conversation.talk(studio, project_id, "Hello?"))
    assert said(studio, project_id) == [("user", "Hello?")]


def test_an_answer_that_broke_off_is_kept_and_raised(studio: Studio, project_id: str) -> None:
    """Both are true: it failed, and something was said."""
    with pytest.raises(ModelBrokeOff):
        list(conversation.talk(with_model(studio, Breaking()), project_id, "Bees?"))
    last = conversation.list_messages(studio, project_id)[-1]
    assert (last.content, last.interrupted) == ("Bees are", True)


def test_an_empty_answer_is_an_error(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Nothing said leaves no bubble."""
    chat_model.answers.append(" ")
    with pytest.raises(EmptyReply):
        list(conversation.talk(studio, project_id, "Hello?"))
    assert said(studio, project_id) == [("user", "Hello?")]


def test_an_answer_to_a_project_that_is_gone_is_dropped(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Removing a project while its model talks harms nobody."""
    chat_model.answers.append("Bees are busy.")
    talking = conversation.talk(studio, project_id, "Bees?")
    next(talking)
    projects.remove_project(studio, project_id)
    last = list(talking)[-1]
    assert last == Reply(last.message_id, "Bees are busy.", done=True)


@pytest.mark.parametrize("message", ["", "  \n ", "x" * (MESSAGE_LIMIT + 1)])
def test_a_message_over_its_limits_is_refused(
    studio: Studio, project_id: str, message: str
) -> None:
    """Never a silent cut: the limit and the count are said, nothing is saved."""
    with pytest.raises(MessageInvalid, match="4000"):
        list(conversation.talk(studio, project_id, message))
    assert said(studio, project_id) == []


def test_a_message_of_4000_characters_is_heard(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The limit itself is allowed."""
    chat_model.answers.append("Long.")
    list(conversation.talk(studio, project_id, "x" * MESSAGE_LIMIT))
    assert len(said(studio, project_id)) == 2


def test_talking_needs_a_project(studio: Studio) -> None:
    """A project that is not there is told as such."""
    with pytest.raises(NotFound):
        list(conversation.talk(studio, "nowhere", "Hello?"))
    with pytest.raises(NotFound):
        conversation.list_messages(studio, "nowhere")


def test_the_talk_is_remembered_after_a_restart(
    settings: Settings, studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """What was said is there, and the model is told it."""
    two_rounds(studio, chat_model, project_id)
    before = conversation.list_messages(studio, project_id)
    chat_model.answers.append("And wax.")
    with open_studio(settings, chat_model=chat_model) as reopened:
        assert conversation.list_messages(reopened, project_id) == before
        list(conversation.talk(reopened, project_id, "And then?"))
    turns, _ = chat_model.asked[0]
    assert [turn.content for turn in turns[3:]] == [
        *(message.content for message in before),
        "And then?",
    ]


def test_the_project_talked_about_last_comes_first(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Talking is working on a project."""
    projects.create_project(studio, name="Newer")
    chat_model.answers.append("Yes.")
    list(conversation.talk(studio, project_id, "Hello?"))
    assert projects.list_projects(studio)[0].project_id == project_id


# Saying it differently, hearing it again, taking it back


def two_rounds(studio: Studio, chat_model: QueuedChat, project_id: str) -> list[str]:
    """A talk of two questions with their answers; the ids of its four messages."""
    chat_model.answers += ["Which bees?", "Then honey."]
    list(conversation.talk(studio, project_id, "Bees"))
    list(conversation.talk(studio, project_id, "All of them"))
    chat_model.asked.clear()
    return [message.message_id for message in conversation.list_messages(studio, project_id)]


def test_a_message_said_differently_goes_on_from_there(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """It takes the old one's place, what followed is gone, and the model knows nothing of it."""
    ids = two_rounds(studio, chat_model, project_id)
    chat_model.answers.append("Which wasps?")
    list(conversation.talk(studio, project_id, "Wasps", instead_of=ids[0]))
    assert said(studio, project_id) == [("user", "Wasps"), ("assistant", "Which wasps?")]
    turns, _ = chat_model.asked[0]
    assert [turn.content for turn in turns[3:]] == ["Wasps"]


def test_what_is_said_differently_stays_when_the_model_fails(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The new words are saved before the model is asked, and what was before them stays."""
    ids = two_rounds(studio, chat_model, project_id)
    chat_model.answers.append(OllamaNotRunning("x"))
    with pytest.raises(OllamaNotRunning):
        list(conversation.talk(studio, project_id, "Only one", instead_of=ids[2]))
    assert said(studio, project_id) == [
        ("user", "Bees"),
        ("assistant", "Which bees?"),
        ("user", "Only one"),
    ]


def test_only_what_a_person_said_here_can_be_said_differently(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Neither an answer, nor a message of another project, nor one that is not there."""
    ids = two_rounds(studio, chat_model, project_id)
    elsewhere = projects.create_project(studio).project_id
    before = said(studio, project_id)
    with pytest.raises(NotAPersonsMessage):
        list(conversation.talk(studio, project_id, "X", instead_of=ids[1]))
    for project, message_id in ((elsewhere, ids[0]), (project_id, "nothing")):
        with pytest.raises(NotFound):
            list(conversation.talk(studio, project, "X", instead_of=message_id))
    assert said(studio, project_id) == before
    assert said(studio, elsewhere) == []


def test_an_answer_is_given_anew(studio: Studio, chat_model: QueuedChat, project_id: str) -> None:
    """The model is asked as it was before; its new answer takes the place of the old one."""
    two_rounds(studio, chat_model, project_id)
    chat_model.answers.append("Then wax.")
    replies = list(conversation.talk_again(studio, project_id))
    assert said(studio, project_id) == [
        ("user", "Bees"),
        ("assistant", "Which bees?"),
        ("user", "All of them"),
        ("assistant", "Then wax."),
    ]
    turns, _ = chat_model.asked[0]
    assert [turn.content for turn in turns[3:]] == ["Bees", "Which bees?", "All of them"]
    assert conversation.list_messages(studio, project_id)[-1].message_id == replies[-1].message_id


def test_an_answer_stays_when_no_other_one_comes(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Neither a failure, nor half an answer, nor an empty one takes the place of a whole one."""
    two_rounds(studio, chat_model, project_id)
    before = said(studio, project_id)
    chat_model.answers += [OllamaNotRunning("x"), " "]
    for failing, failure in (
        (studio, OllamaNotRunning),
        (studio, EmptyReply),
        (with_model(studio, Breaking()), ModelBrokeOff),
    ):
        with pytest.raises(failure):
            list(conversation.talk_again(failing, project_id))
        assert said(studio, project_id) == before


def test_a_new_answer_that_is_stopped_is_the_one_that_stays(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The person has seen its beginning and was content with it."""
    two_rounds(studio, chat_model, project_id)
    chat_model.answers.append("Then wax and more.")
    talking = conversation.talk_again(studio, project_id)
    while next(talking).text != "Then wax":
        pass
    talking.close()
    last = conversation.list_messages(studio, project_id)[-1]
    assert (last.content, last.interrupted) == ("Then wax", True)
    assert len(said(studio, project_id)) == 4


def test_a_message_without_an_answer_is_answered_at_last(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """After a failure nothing has to be typed again."""
    chat_model.answers += [OllamaNotRunning("x"), "Yes."]
    with pytest.raises(OllamaNotRunning):
        list(conversation.talk(studio, project_id, "Hello?"))
    list(conversation.talk_again(studio, project_id))
    assert said(studio, project_id) == [("user", "Hello?"), ("assistant", "Yes.")]


def test_the_last_message_is_taken_back_with_its_answer(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Its words are handed back; one after the other down to the first."""
    two_rounds(studio, chat_model, project_id)
    assert conversation.take_back(studio, project_id) == "All of them"
    assert said(studio, project_id) == [("user", "Bees"), ("assistant", "Which bees?")]
    assert conversation.take_back(studio, project_id) == "Bees"
    assert said(studio, project_id) == []


def test_where_nothing_was_said_nothing_can_be_taken_back(studio: Studio, project_id: str) -> None:
    """Nor be answered anew."""
    with pytest.raises(NoMessageYet):
        conversation.take_back(studio, project_id)
    with pytest.raises(NoMessageYet):
        list(conversation.talk_again(studio, project_id))
    with pytest.raises(NotFound):
        conversation.take_back(studio, "nowhere")


def test_nobody_takes_back_what_they_have_not_seen(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Somebody at another window said something after the message that is seen last here."""
    ids = two_rounds(studio, chat_model, project_id)
    before = said(studio, project_id)
    with pytest.raises(EditedMeanwhile):
        conversation.take_back(studio, project_id, seen=ids[1])
    with pytest.raises(EditedMeanwhile):
        list(conversation.talk_again(studio, project_id, seen=ids[1]))
    assert said(studio, project_id) == before
    assert conversation.take_back(studio, project_id, seen=ids[3]) == "All of them"


class Waiting(QueuedChat):
    """Has said the beginning of an answer, and goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """Half of it, a wait, the rest."""
        yield "Then "
        self.begun.set()
        assert self.go.wait(30)
        yield from super().stream(turns, asking)


@contextmanager
def in_a_thread(step: Callable[[], object]) -> Iterator[Future[object]]:
    """Do something beside; it has ended when the block has."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(step)


def test_a_message_is_answered_by_one_window_at_a_time(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The second one is told so, and everybody can read along; then there is one answer."""
    two_rounds(studio, chat_model, project_id)
    model = Waiting()
    model.answers.append("wax.")
    waiting = with_model(studio, model)
    with in_a_thread(lambda: list(conversation.talk_again(waiting, project_id))):
        assert model.begun.wait(30)
        with pytest.raises(AnswerUnderway):
            list(conversation.talk_again(waiting, project_id))
        growing = conversation.answering(studio, project_id)
        elsewhere = conversation.answering(studio, projects.create_project(studio).project_id)
        model.go.set()
    assert growing is not None
    assert growing.text == "Then"
    assert elsewhere is None
    assert conversation.answering(studio, project_id) is None
    assert said(studio, project_id)[2:] == [("user", "All of them"), ("assistant", "Then wax.")]


@pytest.mark.parametrize("fails_first", [True, False])
def test_two_answers_at_the_same_moment_leave_one(
    studio: Studio, chat_model: QueuedChat, project_id: str, *, fails_first: bool
) -> None:
    """Also of two processes, and where there was no answer yet; the late one says so."""
    chat_model.answers.append(OllamaNotRunning("x") if fails_first else "Which bees?")
    with suppress(OllamaNotRunning):
        list(conversation.talk(studio, project_id, "Bees"))
    models = [Waiting(), Waiting()]
    late = []
    with ThreadPoolExecutor(2) as pool:
        answers = []
        for model in models:
            model.answers.append("wax.")
            process = replace(studio, chat_model=model, growing={})
            answers.append(pool.submit(list, conversation.talk_again(process, project_id)))
        assert all(model.begun.wait(30) for model in models)
        for model in models:
            model.go.set()
        for answer in answers:
            try:
                answer.result()
            except EditedMeanwhile:
                late.append(answer)
    assert said(studio, project_id) == [("user", "Bees"), ("assistant", "Then wax.")]
    assert len(late) == 1


def test_an_answer_to_words_that_were_taken_back_is_dropped(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """An answer without its question would be nobody's."""
    chat_model.answers.append("Bees are busy.")
    talking = conversation.talk(studio, project_id, "Bees?")
    next(talking)
    conversation.take_back(studio, project_id)
    list(talking)
    assert said(studio, project_id) == []


# What the model is told


def test_the_model_is_told_persona_topic_example_and_conversation(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """In this order, the person's newest words last."""
    conversation.settle_topic(studio, project_id, "How bees make honey")
    chat_model.answers.append("Good.")
    list(conversation.talk(studio, project_id, "Shorter, please"))
    turns, _ = chat_model.asked[0]
    assert turns[0].role == "system"
    assert prompts.PERSONAS[0].prompt in turns[0].content
    assert "How bees make honey" in turns[0].content
    assert [turn.content for turn in turns[1:3]] == list(prompts.CHAT_EXAMPLE)
    assert turns[-1] == Turn("user", "Shorter, please")


def test_a_persona_that_is_named_becomes_the_project_s(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The next message without a name is answered by the same."""
    chat_model.answers += ["One.", "Two."]
    list(conversation.talk(studio, project_id, "A", persona_id="viral_strategist"))
    list(conversation.talk(studio, project_id, "B"))
    told = [turns[0].content for turns, _ in chat_model.asked]
    assert all(prompts.PERSONAS[1].prompt in text for text in told)


def test_an_unknown_persona_is_refused_before_anything_is_said(
    studio: Studio, project_id: str
) -> None:
    """Nothing is saved for it."""
    with pytest.raises(NotFound):
        list(conversation.talk(studio, project_id, "Hi", persona_id="nobody"))
    assert said(studio, project_id) == []


def test_a_persona_of_one_s_own_is_told_its_prompt_alone(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Its author may want lists; neither our style nor our example gets in the way."""
    persona = conversation.create_persona(studio, "Lister", "Answer with five points.")
    chat_model.answers.append("1. One")
    list(conversation.talk(studio, project_id, "Bees", persona_id=persona.persona_id))
    turns, _ = chat_model.asked[0]
    assert turns == (Turn("system", "Answer with five points."), Turn("user", "Bees"))


def test_two_messages_in_a_row_become_one_turn(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """After a failure the person speaks twice; some models insist on taking turns."""
    chat_model.answers += [OllamaNotRunning("x"), "Yes."]
    with pytest.raises(OllamaNotRunning):
        list(conversation.talk(studio, project_id, "Hello?"))
    list(conversation.talk(studio, project_id, "Anybody?"))
    turns, _ = chat_model.asked[-1]
    assert turns[-1] == Turn("user", "Hello?\nAnybody?")


def test_a_long_conversation_keeps_persona_topic_and_newest_words(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """200 long turns: the middle goes, the beginning and the end stay, all fits."""
    conversation.settle_topic(studio, project_id, "How bees make honey")
    with studio.store.session() as session:
        for number in range(200):
            role = "assistant" if number % 2 else "user"
            text = f"turn {number} " + "word " * 80
            session.add(Message(project_id=project_id, role=role, content=text))
            session.flush()
    chat_model.answers.append("Yes.")
    list(conversation.talk(studio, project_id, "And now?"))
    turns, _ = chat_model.asked[0]
    assert "How bees make honey" in turns[0].content
    assert prompts.PERSONAS[0].prompt in turns[0].content
    assert turns[3].content.startswith("turn 0 ")
    assert turns[-1].content == "And now?"
    assert turns[-2].content.startswith("turn 199")
    assert sum(count_tokens(turn.content) for turn in turns) < 4096 - 300


def test_the_longest_persona_topic_facts_and_message_fit_together(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """What stands before the talk takes its room from the talk's middle, never from its end."""
    persona = conversation.create_persona(studio, "Long", "word " * 600)
    stick_to(studio, project_id, "A fact about bees. " * 400)
    conversation.settle_topic(studio, project_id, "x" * 500)
    chat_model.answers += ["Yes. " * 60] * 12
    for number in range(12):
        words = f"{number} " + "y" * 1000
        list(conversation.talk(studio, project_id, words, persona_id=persona.persona_id))
    list_of_turns = [turns for turns, _ in chat_model.asked]
    assert all(turns[0] == list_of_turns[0][0] for turns in list_of_turns)
    for turns in list_of_turns:
        assert sum(count_tokens(turn.content) for turn in turns) <= 4096 - 300
    assert list_of_turns[-1][1].content.startswith("0 y")
    assert list_of_turns[-1][-1].content.startswith("11 y")


def test_a_conversation_that_fits_is_told_whole() -> None:
    """Nothing is dropped without need."""
    turns = [Turn("user", f"{number}") for number in range(50)]
    assert newest(turns, 1000) == turns
    assert trimmed(turns, 1000) == turns


def test_the_middle_is_left_out_and_speakers_still_take_turns() -> None:
    """The first message and the last ones stay, whoever speaks where the gap is."""
    turns = [Turn("assistant" if at % 2 else "user", f"{at} " + "x" * 300) for at in range(40)]
    for count in range(20, 41):
        told = trimmed(turns[:count], 1000)
        assert told[0].content.startswith(turns[0].content)
        assert told[-1] == turns[count - 1]
        roles = [turn.role for turn in told]
        assert all(one != other for one, other in pairwise(roles))
        assert sum(count_tokens(turn.content) for turn in told) <= 1000 + 10
        assert len(told) < count


def test_a_long_beginning_goes_with_the_middle() -> None:
    """A pasted essay must not push out what was said last."""
    turns = [Turn("user", "x" * 2000), *[Turn("assistant", "y" * 400)] * 12]
    assert trimmed(turns, 1000)[0] == turns[1]


def test_facts_are_told_by_whole_sentences() -> None:
    """As many from the start as fit; one that alone is too long is cut rather than forgotten."""
    text = "Bees have six legs. They dance! Do they sleep? Yes.\nThey do."
    assert beginning(text, 100) == text
    assert beginning(text, 18) == "Bees have six legs. They dance! Do they sleep?"
    assert beginning("x" * 900, 50) == "x" * 50


def test_the_preview_is_what_the_model_is_told(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Persona, topic, facts, example and talk: the next message comes after exactly that."""
    conversation.settle_topic(studio, project_id, "How bees make honey")
    stick_to(studio, project_id, "Bees fly at 24 km/h.")
    two_rounds(studio, chat_model, project_id)
    shown = conversation.preview_prompt(studio, project_id)
    chat_model.answers.append("Yes.")
    list(conversation.talk(studio, project_id, "And now?"))
    turns, _ = chat_model.asked[0]
    assert [*shown.turns, Turn("user", "And now?")] == list(turns)
    assert "Bees fly at 24 km/h." in shown.turns[0].content
    assert (shown.name, shown.left_out) == (prompts.PERSONAS[0].name, 0)
    assert shown.tokens == sum(count_tokens(turn.content) for turn in shown.turns)


def test_the_preview_says_how_much_of_the_talk_is_left_out(studio: Studio, project_id: str) -> None:
    """A person can see what the model has forgotten."""
    with studio.store.session() as session:
        for number in range(100):
            role = "assistant" if number % 2 else "user"
            session.add(Message(project_id=project_id, role=role, content="word " * 80))
            session.flush()
    shown = conversation.preview_prompt(studio, project_id)
    assert shown.left_out > 50
    assert shown.left_out + len(shown.turns) - 3 in {100, 101}


def test_a_conversation_that_was_cleared_begins_alike_for_some_turns() -> None:
    """A model need not read everything anew after each message."""
    turns = [Turn("user", "x" * 346) for _ in range(60)]
    starts = [len(turns[:count]) - len(newest(turns[:count], 1030)) for count in range(1, 61)]
    assert starts == sorted(starts)
    assert len(set(starts)) < 15


def test_the_last_turn_is_told_even_when_it_alone_is_too_long() -> None:
    """Whether a model can take it is for its engine to say."""
    turns = [Turn("user", "short"), Turn("user", "x" * 10_000)]
    assert newest(turns, 100) == turns[1:]


# The topic


def test_settling_the_topic_goes_on_to_the_voice(studio: Studio, project_id: str) -> None:
    """The project has its topic and its next stage."""
    view = conversation.settle_topic(studio, project_id, " How bees make honey ")
    assert (view.topic, view.stage) == ("How bees make honey", "voice")


def test_settling_again_does_not_go_back(studio: Studio, project_id: str) -> None:
    """Another wording later changes the topic alone."""
    conversation.settle_topic(studio, project_id, "Bees")
    assert conversation.settle_topic(studio, project_id, "Wasps").topic == "Wasps"


def test_a_topic_of_501_characters_is_refused(studio: Studio, project_id: str) -> None:
    """The limit and the count are said."""
    with pytest.raises(TopicInvalid, match="501"):
        conversation.settle_topic(studio, project_id, "x" * 501)


@pytest.mark.parametrize(
    "answered",
    [
        "How bees make honey, told for children.",
        '"How bees make honey, told for children."',
        "\nTopic: How bees make honey, told for children.\nShall we go on?",
        "The video is about how bees make honey, told for children.",
    ],
)
def test_the_topic_of_a_conversation_is_one_clean_sentence(
    studio: Studio, chat_model: QueuedChat, project_id: str, answered: str
) -> None:
    """Quotes, labels and what models add are taken away; the project is left alone."""
    chat_model.answers += ["Fine.", answered]
    list(conversation.talk(studio, project_id, "How bees make honey, for kids"))
    topic = finish(conversation.suggest_topic(studio, project_id))
    assert topic == "How bees make honey, told for children."
    assert projects.open_project(studio, project_id).topic is None
    question = chat_model.asked[-1][0][-1].content
    assert "Person: How bees make honey, for kids\nPartner: Fine." in question


def test_the_topic_is_asked_for_in_the_language_of_the_talk(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The question is English, as all prompts are, so it has to say so; German stays German."""
    chat_model.answers += ["Worüber genau?", "Überwinternde Bienen, für Kinder erzählt."]
    list(conversation.talk(studio, project_id, "Etwas über Bienen im Winter, für Kinder"))
    assert finish(conversation.suggest_topic(studio, project_id)) == (
        "Überwinternde Bienen, für Kinder erzählt."
    )
    question = chat_model.asked[-1][0][-1].content
    assert "in the language the person writes in" in question
    assert "Etwas über Bienen im Winter" in question


def test_a_topic_is_never_longer_than_a_topic_may_be(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """A model that goes on and on is cut to what can be saved."""
    chat_model.answers += ["Fine.", "Honey " * 200]
    list(conversation.talk(studio, project_id, "Bees"))
    assert 1 <= len(finish(conversation.suggest_topic(studio, project_id))) <= 500


def test_a_topic_needs_a_conversation(studio: Studio, project_id: str) -> None:
    """Before anything was said there is nothing to take it from."""
    with pytest.raises(NothingSaidYet):
        finish(conversation.suggest_topic(studio, project_id))


# Personas


def test_the_default_persona_comes_first(studio: Studio) -> None:
    """Then the others by name."""
    personas = conversation.list_personas(studio)
    assert [persona.persona_id for persona in personas] == [
        "creative_assistant",
        "documentary_filmmaker",
        "educational_designer",
        "viral_strategist",
    ]
    assert [persona.is_default for persona in personas] == [True, False, False, False]


def test_a_persona_can_be_made_changed_and_removed(studio: Studio) -> None:
    """What is not given stays as it is."""
    made = conversation.create_persona(studio, " Pirate ", " Talk like a pirate. ")
    assert (made.name, made.prompt, made.is_preset) == ("Pirate", "Talk like a pirate.", False)
    changed = conversation.update_persona(studio, made.persona_id, name="Captain")
    assert (changed.name, changed.prompt) == ("Captain", "Talk like a pirate.")
    changed = conversation.update_persona(studio, made.persona_id, prompt="Arr.")
    assert (changed.name, changed.prompt) == ("Captain", "Arr.")
    conversation.remove_persona(studio, made.persona_id)
    assert made.persona_id not in {
        persona.persona_id for persona in conversation.list_personas(studio)
    }


def test_an_edited_preset_gets_its_own_words_back(studio: Studio) -> None:
    """Presets can be changed like all others, and are never lost."""
    edited = conversation.update_persona(studio, "viral_strategist", name="V", prompt="Be loud.")
    assert (edited.prompt, edited.is_edited) == ("Be loud.", True)
    restored = conversation.restore_persona(studio, "viral_strategist")
    preset = prompts.PERSONAS[1]
    assert (restored.name, restored.prompt) == (preset.name, preset.prompt)
    assert not restored.is_edited


def test_a_removed_preset_stays_away_until_it_is_restored(studio: Studio, project_id: str) -> None:
    """No start of the app brings it back, nobody can choose it, a word does."""
    conversation.remove_persona(studio, "viral_strategist")
    _seed_personas(studio.store)
    listed = {each.persona_id for each in conversation.list_personas(studio)}
    assert "viral_strategist" not in listed
    assert [each.name for each in conversation.removed_presets(studio)] == [
        prompts.PERSONAS[1].name
    ]
    for choosing in (
        lambda: projects.update_project(studio, project_id, system_prompt_id="viral_strategist"),
        lambda: projects.create_project(studio, system_prompt_id="viral_strategist"),
        lambda: list(conversation.talk(studio, project_id, "Hi", persona_id="viral_strategist")),
        lambda: conversation.update_persona(studio, "viral_strategist", name="V"),
        lambda: conversation.remove_persona(studio, "viral_strategist"),
    ):
        with pytest.raises(NotFound):
            choosing()
    conversation.restore_persona(studio, "viral_strategist")
    assert conversation.removed_presets(studio) == []
    assert len(conversation.list_personas(studio)) == 4


def test_one_s_own_persona_has_nothing_to_be_restored_to(studio: Studio) -> None:
    """Only what comes with the app has words of its own."""
    made = conversation.create_persona(studio, "Pirate", "Talk like a pirate.")
    with pytest.raises(PersonaNotPreset, match="Pirate"):
        conversation.restore_persona(studio, made.persona_id)


def test_the_default_persona_can_be_another_one(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Projects without one of their own talk with it; the former default can go then."""
    with pytest.raises(PersonaIsDefault):
        conversation.remove_persona(studio, "creative_assistant")
    made = conversation.create_persona(studio, "Pirate", "Talk like a pirate.")
    assert not conversation.update_persona(studio, made.persona_id, is_default=False).is_default
    conversation.update_persona(studio, made.persona_id, is_default=True)
    assert [each.name for each in conversation.list_personas(studio) if each.is_default] == [
        "Pirate"
    ]
    chat_model.answers.append("Arr.")
    list(conversation.talk(studio, project_id, "Hello?"))
    assert chat_model.asked[0][0][0].content == "Talk like a pirate."
    conversation.remove_persona(studio, "creative_assistant")
    with pytest.raises(PersonaIsDefault):
        conversation.remove_persona(studio, made.persona_id)


def test_a_project_can_go_back_to_the_default_persona(studio: Studio, project_id: str) -> None:
    """Its own choice is taken away with an empty one."""
    projects.update_project(studio, project_id, system_prompt_id="viral_strategist")
    assert conversation.persona_in(studio, project_id).persona_id == "viral_strategist"
    projects.update_project(studio, project_id, system_prompt_id="")
    assert conversation.persona_in(studio, project_id).is_default
    assert projects.open_project(studio, project_id).system_prompt_id is None


def test_a_copy_is_one_s_own_and_talks_alike(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Each copy has a name of its own; what presets are told besides stands in it."""
    first = conversation.copy_persona(studio, "viral_strategist")
    second = conversation.copy_persona(studio, "viral_strategist")
    assert (first.name, second.name) == (
        "Viral Content Strategist 2",
        "Viral Content Strategist 3",
    )
    assert not first.is_preset
    again = conversation.copy_persona(studio, first.persona_id)
    assert again.prompt == first.prompt
    chat_model.answers.append("Yes.")
    list(conversation.talk(studio, project_id, "Hi", persona_id=first.persona_id))
    told = chat_model.asked[0][0][0].content
    assert prompts.PERSONAS[1].prompt in told
    assert prompts.CHAT_STYLE in told


@pytest.mark.parametrize("preset", [True, False])
def test_removing_a_persona_says_how_many_projects_go_on_with_the_default_one(
    studio: Studio, *, preset: bool
) -> None:
    """Only those that had chosen it; and their order stays."""
    made = conversation.create_persona(studio, "Pirate", "Talk like a pirate.")
    persona_id = "viral_strategist" if preset else made.persona_id
    users = [projects.create_project(studio, system_prompt_id=persona_id) for _ in range(2)]
    projects.create_project(studio, system_prompt_id="educational_designer")
    projects.create_project(studio)
    order = [each.project_id for each in projects.list_projects(studio)]
    listed = {each.persona_id: each.projects for each in conversation.list_personas(studio)}
    assert listed[persona_id] == 2
    assert conversation.remove_persona(studio, persona_id) == 2
    for user in users:
        assert conversation.persona_in(studio, user.project_id).is_default
    assert [each.project_id for each in projects.list_projects(studio)] == order


def test_a_persona_colours_the_script(studio: Studio, project_id: str) -> None:
    """A preset by its manner, a persona that somebody wrote by those words; the default by none."""
    made = conversation.create_persona(studio, "Pirate", "Talk like a pirate. " * 40)

    def manner(persona_id: str) -> str:
        projects.update_project(studio, project_id, system_prompt_id=persona_id)
        with studio.store.session() as session:
            return conversation.manner_of(session, get_row(session, Project, project_id))

    assert manner("") == ""
    assert manner("documentary_filmmaker") == prompts.PERSONAS[3].manner
    assert manner(made.persona_id).startswith("Talk like a pirate. Talk")
    assert count_tokens(manner(made.persona_id)) <= 90
    conversation.update_persona(studio, "documentary_filmmaker", prompt="Only rhymes.")
    assert manner("documentary_filmmaker") == "Only rhymes."
    conversation.update_persona(studio, made.persona_id, is_default=True)
    assert manner("").startswith("Talk like a pirate.")


def test_a_project_whose_persona_is_gone_talks_with_the_default_one(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Removing a persona breaks no project."""
    persona = conversation.create_persona(studio, "Pirate", "Talk like a pirate.")
    projects.update_project(studio, project_id, system_prompt_id=persona.persona_id)
    conversation.remove_persona(studio, persona.persona_id)
    chat_model.answers.append("Yes.")
    list(conversation.talk(studio, project_id, "Hello?"))
    turns, _ = chat_model.asked[0]
    assert turns[0].content.startswith(prompts.PERSONAS[0].prompt)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "prompt": "Be kind."},
        {"name": "x" * 81, "prompt": "Be kind."},
        {"name": "Kind", "prompt": " "},
        {"name": "Kind", "prompt": "x" * 3001},
    ],
)
def test_a_persona_over_its_limits_is_refused(studio: Studio, fields: dict[str, Any]) -> None:
    """The field, the limit and the count are said."""
    with pytest.raises(PersonaInvalid, match=r"80|3000"):
        conversation.create_persona(studio, **fields)


def test_a_persona_that_is_not_there_is_told_as_such(studio: Studio) -> None:
    """For changing and for removing."""
    with pytest.raises(NotFound):
        conversation.update_persona(studio, "nobody", name="X")
    with pytest.raises(NotFound):
        conversation.remove_persona(studio, "nobody")
