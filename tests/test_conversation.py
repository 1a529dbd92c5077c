"""Talking about the idea: what is said is kept, whatever happens; and the topic is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from fakes import QueuedChat

from aivideo import conversation, projects, prompts
from aivideo.conversation import MESSAGE_LIMIT, Reply
from aivideo.conversation.memory import newest
from aivideo.engines.dialogue import Asking, Turn, count_tokens
from aivideo.errors import (
    EmptyReply,
    MessageInvalid,
    ModelBrokeOff,
    NotFound,
    NothingSaidYet,
    OllamaNotRunning,
    PersonaInvalid,
    PersonaIsPreset,
    TopicInvalid,
)
from aivideo.progress import Progress, Work, finish
from aivideo.store import Message
from aivideo.studio import Studio


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


def test_the_project_talked_about_last_comes_first(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Talking is working on a project."""
    projects.create_project(studio, name="Newer")
    chat_model.answers.append("Yes.")
    list(conversation.talk(studio, project_id, "Hello?"))
    assert projects.list_projects(studio)[0].project_id == project_id


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
    assert turns[-1].content == "And now?"
    assert turns[-2].content.startswith("turn 199")
    assert sum(count_tokens(turn.content) for turn in turns) < 4096 - 300


def test_a_conversation_that_fits_is_told_whole() -> None:
    """Nothing is dropped without need."""
    turns = [Turn("user", f"{number}") for number in range(50)]
    assert newest(turns, 1000) == turns


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


def test_a_preset_stays(studio: Studio) -> None:
    """It can be edited, not removed."""
    with pytest.raises(PersonaIsPreset):
        conversation.remove_persona(studio, "viral_strategist")
    edited = conversation.update_persona(studio, "viral_strategist", prompt="Be loud.")
    assert edited.prompt == "Be loud."


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
