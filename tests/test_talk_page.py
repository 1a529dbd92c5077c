"""What the page shows of a talk, its personas and its project, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import gradio as gr
import pytest
from fakes import QueuedChat
from gradio.helpers import special_args

from aivideo import conversation, projects
from aivideo.jobs import Jobs
from aivideo.studio import Studio
from aivideo.ui import chat, header, personas
from aivideo.ui.page import Page, Panel, Snapshot

NO_JOBS = cast("Jobs", None)
"""Nothing here starts or shows one."""


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project with a persona of its own."""
    persona = conversation.create_persona(studio, "Critic", "You doubt everything.")
    return projects.create_project(studio, system_prompt_id=persona.persona_id).project_id


@pytest.fixture
def sheet(studio: Studio) -> Page:
    """An empty page."""
    with gr.Blocks() as blocks:
        project_id, mark, shown = (gr.Textbox(visible="hidden") for _ in range(3))
    return Page(studio, NO_JOBS, blocks, project_id, mark, shown)


def built(page: Page, *parts: Callable[[Page], object]) -> Page:
    """The page with these parts on it."""
    with page.blocks:
        for part in parts:
            part(page)
    return page


def panel_of(page: Page, label: str) -> Panel:
    """The panel that has the button with this label."""
    return next(
        panel
        for panel in page.panels
        if any(getattr(each, "value", None) == label for each in panel.outputs)
    )


def looks(page: Page, panel: Panel, project_id: str) -> Callable[[], object]:
    """What decides how a panel looks, whenever it is asked for."""
    return lambda: panel.sees(page.snapshot(project_id))


def called(page: Page, button: str, *values: Any) -> Sequence[Any]:
    """What a click on a button hands back."""
    for each in page.blocks.fns.values():
        for block_id, event in each.targets:
            block = page.blocks.blocks[block_id or 0]
            if event == "click" and getattr(block, "value", "") == button:
                return cast("Sequence[Any]", cast("Any", each.fn)(*values))
    raise AssertionError(button)


# An answer that is being written


def bubbles(values: Sequence[Any]) -> list[str]:
    """What a chat shows."""
    return [each["content"] for each in values[0]]


def test_every_other_window_reads_along(
    studio: Studio, chat_model: QueuedChat, sheet: Page, project_id: str
) -> None:
    """What is said so far, in place of the answer that it replaces; the window itself streams."""
    chat_model.answers += ["Which bees?", "Honey and wax."]
    list(conversation.talk(studio, project_id, "Bees"))
    talks = chat.Talks()
    here, there = (Snapshot(studio, NO_JOBS, project_id, window) for window in ("a", "b"))
    assert chat._can_be_changed(sheet.snapshot(project_id)) == (True, True)
    again = conversation.talk_again(studio, project_id)
    with talks.going_on(project_id, "a"):
        before = chat._heard(sheet.snapshot(project_id))
        while next(again).text != "Honey and":
            pass
        assert chat._heard(sheet.snapshot(project_id)) != before
        assert talks.show(here) == [gr.skip()]
        shown = bubbles(talks.show(there))
        assert shown == ["Bees", f"Honey and\n\n{chat.BEING_WRITTEN}"]
        assert chat._can_be_changed(sheet.snapshot(project_id)) == (False, True)
        list(again)
    assert bubbles(talks.show(sheet.snapshot(project_id))) == ["Bees", "Honey and wax."]
    assert chat._can_be_changed(sheet.snapshot(project_id)) == (True, True)


def test_a_question_that_is_gone_shows_no_answer_to_it(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """It was taken back in another window while it was answered."""
    chat_model.answers.append("Which bees?")
    talking = conversation.talk(studio, project_id, "Bees")
    while not next(talking).text:
        pass
    conversation.take_back(studio, project_id)
    assert chat._show_chat(Snapshot(studio, NO_JOBS, project_id)) == [[]]
    talking.close()


def test_handlers_learn_which_window_asks(sheet: Page) -> None:
    """Gradio hands a request to whom names one; it would not say if a hint were not understood."""
    page = built(sheet, chat.build_chat, lambda page: page.show_on(page.mark.change))
    request = gr.Request(session_hash="window")
    handlers = [each.fn for each in page.blocks.fns.values() if each.fn]
    names = {"talk", "anew", "otherwise", "stopped", "refresh"}
    asked = [each for each in handlers if getattr(each, "__name__", "") in names]
    assert {each.__name__ for each in asked} >= names - {"talk"}
    for each in asked:
        inputs, *_ = special_args(each, ["project", "shown"], request)
        assert request in inputs


# Questions that wait for an answer


def test_nothing_but_its_own_news_takes_the_question_of_a_removal_away(
    studio: Studio, sheet: Page, project_id: str
) -> None:
    """Words, other personas and the talk change; only users, the default and another one count."""
    page = built(sheet, personas.build_personas)
    critic = conversation.persona_in(studio, project_id).persona_id
    question = looks(page, panel_of(page, "Really remove it?"), project_id)
    before = question()
    conversation.update_persona(studio, critic, name="Doubter", prompt="You doubt a little.")
    conversation.create_persona(studio, "Pirate", "Talk like a pirate.")
    projects.update_project(studio, project_id, name="Bees", topic="Bees", sources="Five eyes.")
    assert question() == before
    projects.create_project(studio, system_prompt_id=critic)
    used_twice = question()
    conversation.update_persona(studio, critic, is_default=True)
    by_default = question()
    projects.update_project(studio, project_id, system_prompt_id="viral_strategist")
    assert len({str(each) for each in (before, used_twice, by_default, question())}) == 4


def test_the_persona_that_was_asked_about_is_the_one_that_goes(
    studio: Studio, sheet: Page, project_id: str
) -> None:
    """Somebody may choose another one for the project while the question stands."""
    page = built(sheet, personas.build_personas)
    critic = conversation.persona_in(studio, project_id).persona_id
    remove, sure, asked = called(page, "Remove it", project_id)
    assert (remove.visible, sure.visible, asked) == (False, True, critic)
    projects.update_project(studio, project_id, system_prompt_id="viral_strategist")
    said, _ = called(page, "Really remove it?", project_id, asked)
    assert "Critic is removed. 0 projects go on with Creative Assistant" in said
    assert conversation.persona_in(studio, project_id).persona_id == "viral_strategist"
    with pytest.raises(gr.Error, match="There is no"):
        called(page, "Really remove it?", project_id, asked)


def test_only_another_project_takes_the_question_of_a_deletion_away(
    studio: Studio, sheet: Page, project_id: str
) -> None:
    """It may be given another name meanwhile."""
    page = built(sheet, header._build_manage)
    panel = panel_of(page, "Really delete it?")
    question = looks(page, panel, project_id)
    before = question()
    projects.update_project(studio, project_id, name="Wasps")
    assert question() == before
    other = projects.create_project(studio).project_id
    assert looks(page, panel, other)() != before
