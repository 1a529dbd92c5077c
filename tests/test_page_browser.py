"""The page in a real Chromium: what a person sees, does, reloads and types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from footage import write_tone
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from served import Served, serve
from visiting import DESK, PHONE, Watched, chromium, eventually, typed, visitor

from aivideo import clips, conversation, projects, script, voiceover
from aivideo.errors import EmptyReply
from aivideo.progress import finish
from aivideo.projects import SceneView
from aivideo.script import SceneDraft

pytestmark = pytest.mark.browser

TABS: Final = ("idea", "voice", "script", "clips", "video")

SCRIPT: Final = """{"scenes": [
{"text": "Bees fly out at dawn to find the flowers.", "visual_query": "bee flower"},
{"text": "At home they turn nectar into golden honey.", "visual_query": "honey comb"}]}"""

HOSTILE: Final = "Bees <img src=x onerror=boom()> ${boom()} `boom()` {{boom}}"


def scene(page: Page, number: int) -> Locator:
    """The box of a scene's words."""
    return page.get_by_role("textbox", name=f"Scene {number}", exact=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for all tests of this file."""
    yield from chromium()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page on fakes, for all tests of this file."""
    with serve(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Callable[..., Watched]]:
    """Open the page as a fresh visitor."""
    yield from visitor(browser, served)


def written(served: Served, *texts: str) -> str:
    """A project with scenes of these texts."""
    project_id = projects.create_project(served.studio, topic="Bees").project_id
    script.save_script(served.studio, project_id, [SceneDraft(text) for text in texts])
    return project_id


def curated(served: Served, *texts: str) -> str:
    """The same with a clip chosen for each scene."""
    project_id = written(served, *texts)
    for number in range(1, len(texts) + 1):
        found = finish(clips.suggest(served.studio, project_id, number))
        clips.choose(served.studio, project_id, number, found[0].clip_id)
    return project_id


def _scenes(served: Served, project_id: str) -> Sequence[SceneView]:
    return projects.open_project(served.studio, project_id).scenes


def _prompts(served: Served) -> dict[str, str]:
    return {each.name: each.prompt for each in conversation.list_personas(served.studio)}


def test_the_page_opens_with_five_tabs_and_a_project(
    visit: Callable[..., Watched], served: Served
) -> None:
    """A first visit has something to work on, and the address names it."""
    page = visit().page
    names = page.get_by_role("tab").all_inner_texts()
    assert [name.split()[0] for name in names] == ["Idea", "Voice", "Script", "Clips", "Video"]
    page.wait_for_url(re.compile(r"project=[0-9a-f]{32}"))
    assert len(projects.list_projects(served.studio)) == 1


def test_the_road_from_an_idea_to_a_video(visit: Callable[..., Watched], served: Served) -> None:
    """Talk, settle the topic, have the script written, choose clips, assemble, watch."""
    served.chat_model.answers.extend(
        [
            "Follow one bee through her day.",
            "How one bee makes honey in her short life.",
            *[SCRIPT, SCRIPT],
        ]
    )
    watched = visit()
    page = watched.page
    page.get_by_role("button", name="New", exact=True).click()
    typed(page.get_by_role("textbox", name="Message"), "Something about bees?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Follow one bee through her day.")).to_be_visible()
    page.get_by_role("button", name="Take the topic from the chat").click()
    topic = page.get_by_label("Topic of the video")
    expect(topic).to_have_value("How one bee makes honey in her short life.")
    typed(page.get_by_label("number input for Scenes"), "2")
    typed(page.get_by_label("number input for Length"), "10")
    page.get_by_role("button", name="Write the script").click()
    expect(page.locator(".editor section")).to_have_count(2)
    expect(scene(page, 1)).to_have_value(re.compile("Bees fly out"))
    watched.tab("clips")
    for number in (0, 1):
        section = page.locator(".board section").nth(number)
        section.get_by_role("button", name="Find clips").click()
        section.locator(".clip").nth(number).click()
    expect(page.get_by_text("2/2 scenes have a clip")).to_be_visible()
    page.get_by_role("button", name="Assemble video").first.click()
    film = page.locator(".film video")
    expect(film).to_be_visible(timeout=60_000)
    expect(film).to_have_attribute("poster", re.compile(r"^media/output/.*\.jpg"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download MP4").click()
    assert download.value.path().read_bytes()[4:8] == b"ftyp"
    assert download.value.suggested_filename.endswith(".mp4")
    expect(page.locator("#credits textarea")).to_have_value(re.compile("A. Tester"))
    for name in ("Thumbnail", "Captions SRT", "Captions VTT", "Captions ASS", "Credits"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_window(
    visit: Callable[..., Watched], served: Served, size: ViewportSize
) -> None:
    """Every tab, with and without content, at the two sizes that are promised."""
    project_id = curated(served, "Bees fly out at dawn. " * 12, "W" * 300)
    watched = visit(f"/?project={project_id}", size)
    expect(watched.page.locator("[data-tab-id=clips]").first).to_contain_text("2/2")
    for name in TABS:
        watched.tab(name)
        watched.page.wait_for_timeout(300)
        assert not watched.overflows(), name
    watched.page.locator("#health-chip").click()
    assert not watched.overflows()


def test_a_reload_in_the_middle_of_a_job_shows_it_again(
    visit: Callable[..., Watched], served: Served
) -> None:
    """The job is in the database; so is a second visitor's view of it, who may cancel it."""
    project_id = curated(served, "One two three four five six. " * 8)
    served.speaker.holding = True
    try:
        first = visit(f"/?project={project_id}&tab=video")
        first.page.get_by_role("button", name="Assemble video").last.click()
        expect(first.page.locator(".job")).to_contain_text("Speaking scene 1")
        first.page.reload()
        expect(first.page.locator(".job")).to_contain_text("Speaking scene 1")
        second = visit(f"/?project={project_id}", PHONE)
        expect(second.page.locator(".job")).to_contain_text("Assembling the video")
        second.page.get_by_role("button", name="Cancel").click()
        expect(second.page.locator(".job")).to_have_count(0)
        expect(first.page.locator(".job")).to_have_count(0)
        answer = served.post("/gradio_api/run/list_jobs", json={"data": [project_id]}).json()
        assert [job["state"] for job in answer["data"][0]["data"]["jobs"]] == ["cancelled"]
    finally:
        served.speaker.holding = False


def test_the_tab_and_the_project_outlive_a_reload(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Both are in the address; a bare visit remembers the project."""
    project_id = written(served, "Bees fly out at dawn.")
    written(served, "A newer project.")
    watched = visit(f"/?project={project_id}")
    watched.tab("script")
    watched.page.reload()
    expect(scene(watched.page, 1)).to_have_value("Bees fly out at dawn.")
    watched.page.goto(served.url)
    watched.page.wait_for_url(re.compile(project_id))


def test_what_is_typed_is_saved_and_a_draft_outlives_a_reload(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Complete scenes save themselves; what cannot be saved yet waits in this browser."""
    project_id = written(served, "Bees fly out at dawn.")
    watched = visit(f"/?project={project_id}&tab=script")
    page = watched.page
    scene(page, 1).fill("Bees fly out at noon.")
    expect(page.locator(".editor .status")).to_have_text("Saved")
    assert (
        projects.open_project(served.studio, project_id).scenes[0].text == "Bees fly out at noon."
    )
    page.get_by_role("button", name="Add a scene").click()
    scene(page, 1).fill("Bees fly out at night.")
    expect(page.locator(".editor .status")).to_contain_text("Scene 2 has no words")
    page.reload()
    expect(scene(page, 1)).to_have_value("Bees fly out at night.")
    expect(page.locator(".editor section")).to_have_count(2)
    page.get_by_role("button", name="Discard changes").click()
    expect(scene(page, 1)).to_have_value("Bees fly out at noon.")


def test_scenes_are_added_moved_and_deleted(visit: Callable[..., Watched], served: Served) -> None:
    """With the mouse and with the keyboard."""
    project_id = written(served, "First.", "Second.")
    page = visit(f"/?project={project_id}&tab=script").page
    scene(page, 2).press("Alt+ArrowUp")
    expect(scene(page, 1)).to_have_value("Second.")
    page.get_by_role("button", name="Add a scene").click()
    scene(page, 3).fill("Third.")
    page.get_by_role("button", name="Move up scene 3").click()
    page.get_by_role("button", name="Delete scene 1").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".editor .status")).to_have_text("Saved")
    assert [each.text for each in _scenes(served, project_id)] == ["Third.", "First."]


def test_a_change_in_one_window_shows_in_the_other(
    visit: Callable[..., Watched], served: Served
) -> None:
    """A program, a second tab, a phone: all see the same truth, and nobody's typing is lost."""
    project_id = written(served, "Bees fly out at dawn.")
    page = visit(f"/?project={project_id}&tab=script").page
    expect(page.locator(".editor section")).to_have_count(1)
    script.save_script(served.studio, project_id, [SceneDraft("Anew."), SceneDraft("And more.")])
    expect(page.locator(".editor section")).to_have_count(2)
    expect(scene(page, 1)).to_have_value("Anew.")
    expect(page.locator("[data-tab-id=clips]").first).to_contain_text("0/2")


def test_a_failure_is_a_toast_and_the_words_stay(
    visit: Callable[..., Watched], served: Served
) -> None:
    """The sentence of the failure; the topic is still in its box, beside its counter."""
    page = visit(f"/?project={written(served, 'Bees.')}").page
    topic = page.get_by_label("Topic of the video")
    typed(topic, "x" * 501)
    expect(page.locator("#topic-count")).to_have_text("501 / 500 characters")
    page.get_by_role("button", name="Make the whole video").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("The topic has 501 characters.")
    expect(topic).to_have_value("x" * 501)


def test_a_model_that_fails_leaves_the_message_in_the_chat(
    visit: Callable[..., Watched], served: Served
) -> None:
    """What the person said is saved before the model is asked."""
    project_id = written(served, "Bees.")
    served.chat_model.answers.append(EmptyReply("queued answers"))
    page = visit(f"/?project={project_id}").page
    typed(page.get_by_role("textbox", name="Message"), "Do you hear me?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("queued answers")
    page.reload()
    expect(page.get_by_text("Do you hear me?")).to_be_visible()


def test_hostile_words_are_only_words(visit: Callable[..., Watched], served: Served) -> None:
    """Names, scenes, topics, messages and clip titles run nothing, wherever they are shown."""
    served.finder.clips[HOSTILE] = next(iter(served.finder.clips.values()))
    project_id = projects.create_project(served.studio, name=HOSTILE, topic=HOSTILE).project_id
    script.save_script(served.studio, project_id, [SceneDraft(HOSTILE, visual_query=HOSTILE)])
    served.chat_model.answers.append(HOSTILE)
    finish_talk(served, project_id)
    finish(clips.suggest(served.studio, project_id, 1))
    watched = visit(f"/?project={project_id}")
    watched.page.add_init_script("window.boom = () => { window.boomed = true; }")
    watched.page.reload()
    for name in TABS:
        watched.tab(name)
        watched.page.wait_for_timeout(300)
    watched.tab("clips")
    expect(watched.page.locator(".clip").get_by_text(HOSTILE, exact=True)).to_be_visible()
    watched.tab("script")
    expect(scene(watched.page, 1)).to_have_value(HOSTILE)
    assert watched.page.evaluate("window.boomed === undefined")
    del served.finder.clips[HOSTILE]


def finish_talk(served: Served, project_id: str) -> None:
    """Say the hostile words and hear them."""
    for _reply in conversation.talk(served.studio, project_id, HOSTILE):
        pass


def test_clips_are_chosen_by_keyboard(visit: Callable[..., Watched], served: Served) -> None:
    """Arrow keys move the choice, and every choice is saved in order."""
    project_id = written(served, "Bees fly out at dawn.")
    found = finish(clips.suggest(served.studio, project_id, 1))
    page = visit(f"/?project={project_id}&tab=clips").page
    page.locator(".clip input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("1/1 scenes have a clip")).to_be_visible()
    expect(page.get_by_role("button", name="Assemble video").first).to_be_enabled()
    eventually(page, lambda: _scenes(served, project_id)[0].clip_id == found[1].clip_id)


def test_a_clip_tells_why_it_is_offered_without_being_chosen(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Reasons open and close by keyboard; what may not be published is left out at first."""
    project_id = written(served, "Bees fly out at dawn.")
    finish(clips.suggest(served.studio, project_id, 1))
    page = visit(f"/?project={project_id}&tab=clips").page
    why, reasons = page.locator(".clip .why").first, page.locator(".clip .reasons").first
    expect(reasons).to_be_hidden()
    why.press("Enter")
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(reasons).to_be_visible()
    why.press("Enter")
    expect(reasons).to_be_hidden()
    expect(page.locator(".board input.reusable")).to_be_checked()
    expect(page.get_by_text("0/1 scenes have a clip")).to_be_visible()
    assert _scenes(served, project_id)[0].clip_id is None


def test_in_point_and_fit_of_the_chosen_clip_are_kept(
    visit: Callable[..., Watched], served: Served
) -> None:
    """And shown again after a reload."""
    project_id = curated(served, "Bees fly out at dawn.")
    page = visit(f"/?project={project_id}&tab=clips").page
    page.get_by_label("How the clip fills the frame").select_option("blur")
    start = page.get_by_label("Starts at")
    start.fill("0.5")
    start.blur()
    eventually(page, lambda: _scenes(served, project_id)[0].start_seconds == 0.5)
    page.reload()
    expect(page.get_by_label("Starts at")).to_have_value("0.5")
    expect(page.get_by_label("How the clip fills the frame")).to_have_value("blur")


def test_a_choice_that_cannot_be_saved_is_taken_back(
    visit: Callable[..., Watched], served: Served
) -> None:
    """The board shows what the database says, with the reason as a toast."""
    project_id = curated(served, "Bees fly out at dawn.")
    page = visit(f"/?project={project_id}&tab=clips").page
    start = page.get_by_label("Starts at")
    start.fill("99")
    start.blur()
    expect(page.get_by_test_id("toast-text")).to_be_visible()
    expect(page.get_by_label("Starts at")).to_have_value("0")


def test_the_best_clips_are_chosen_on_request(
    visit: Callable[..., Watched], served: Served
) -> None:
    """For all scenes at once; then the video can be assembled."""
    project_id = written(served, "Bees fly out at dawn.", "They come home.")
    page = visit(f"/?project={project_id}&tab=clips").page
    page.get_by_role("button", name="Choose the best").click()
    expect(page.get_by_text("2/2 scenes have a clip")).to_be_visible()


def test_voices_are_heard_filtered_and_chosen(
    visit: Callable[..., Watched], served: Served
) -> None:
    """A voice that cannot speak here says why."""
    project_id = written(served, "Bees.")
    page = visit(f"/?project={project_id}&tab=voice").page
    page.get_by_role("button", name="Hear Michael").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Male", exact=True).click()
    expect(page.locator(".voice")).to_have_count(1)
    page.get_by_role("radio", name=re.compile("Michael")).check()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_text("1 more that cannot speak here").click()
    expect(page.get_by_text("Not in this fake.")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("Alpha"))).to_be_disabled()
    page.get_by_label("Language").select_option("ja-JP")
    expect(page.get_by_text("Michael")).to_be_hidden()
    typed(page.get_by_label("A sentence to hear"), "My own words.")
    page.get_by_role("button", name="Hear the chosen voice").click()
    eventually(page, lambda: served.speaker.spoken[-1] == ("My own words.", "am_michael"))


def test_a_voice_is_blended_slowed_and_taught_words(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Each is the project's at once; what cannot be used is told in a sentence."""
    project_id = written(served, "Bees.")
    page = visit(f"/?project={project_id}&tab=voice").page
    page.get_by_text("Speed, blend, pronunciation").click()
    typed(page.get_by_label("Blend of voices"), "af_heart+am_michael")
    page.get_by_label("Blend of voices").press("Enter")
    expect(page.get_by_label("Blend of voices")).to_have_value("af_heart:0.5+am_michael:0.5")
    typed(page.get_by_label("How words are said"), "Bees = beez\nKokoro = koh-KOH-roh")
    page.get_by_role("button", name="Save pronunciations").click()
    said = {"Bees": "beez", "Kokoro": "koh-KOH-roh"}
    eventually(page, lambda: voiceover.get_pronunciations(served.studio, project_id) == said)
    page.get_by_label("Speed", exact=True).fill("1.5")
    page.get_by_label("Speed", exact=True).press("Enter")
    eventually(page, lambda: projects.open_project(served.studio, project_id).speed == 1.5)
    typed(page.get_by_label("How words are said"), "Bees beez")
    page.get_by_role("button", name="Save pronunciations").click()
    expect(page.get_by_text("there is no = between")).to_be_visible()


def test_scenes_can_be_spoken_and_heard(visit: Callable[..., Watched], served: Served) -> None:
    """From the script; the exact length then replaces the guess."""
    project_id = written(served, "One two three four.")
    page = visit(f"/?project={project_id}&tab=script").page
    page.get_by_role("button", name="Speak the scenes").click()
    expect(page.get_by_role("button", name="Hear scene 1")).to_be_visible()
    expect(page.locator(".editor .length")).to_have_text("4 words, 0:01")


def test_personas_are_written_and_taken_away(visit: Callable[..., Watched], served: Served) -> None:
    """A new one talks at once; when it is removed the default one does."""
    project_id = written(served, "Bees.")
    page = visit(f"/?project={project_id}").page
    page.get_by_text("Change this persona, or write your own").click()
    typed(page.get_by_label("Its name"), "Critic")
    typed(page.get_by_label("What the model is told"), "You doubt everything.")
    page.get_by_role("button", name="Save as a new persona").click()
    expect(page.get_by_label("Persona", exact=True)).to_have_value("Critic")
    typed(page.get_by_label("What the model is told"), "You doubt little.")
    page.get_by_role("button", name="Save the changes").click()
    eventually(page, lambda: _prompts(served)["Critic"] == "You doubt little.")
    page.get_by_role("button", name="Remove it").click()
    page.get_by_role("button", name="Really remove it?").click()
    expect(page.get_by_label("Persona", exact=True)).to_have_value(re.compile("Creative"))
    expect(page.get_by_text("Critic is removed. 1 project goes on with Creative")).to_be_visible()


def talked(served: Served, *answers: str) -> str:
    """A project with a talk of as many rounds as there are answers."""
    project_id = projects.create_project(served.studio, name="Talk").project_id
    served.chat_model.answers.extend(answers)
    for number in range(1, len(answers) + 1):
        for _reply in conversation.talk(served.studio, project_id, f"Question {number}"):
            pass
    return project_id


def _talk(served: Served, project_id: str) -> list[str]:
    return [each.content for each in conversation.list_messages(served.studio, project_id)]


def test_an_answer_is_given_anew(visit: Callable[..., Watched], served: Served) -> None:
    """The new one takes the old one's place, here, in the database and in another window."""
    project_id = talked(served, "First answer.")
    page = visit(f"/?project={project_id}").page
    other = visit(f"/?project={project_id}", PHONE).page
    expect(page.get_by_text("First answer.")).to_be_visible()
    served.chat_model.answers.append("Another answer.")
    page.get_by_role("button", name="Answer again").click()
    for window in (page, other):
        expect(window.get_by_text("Another answer.")).to_be_visible()
        expect(window.get_by_text("First answer.")).to_have_count(0)
        expect(window.get_by_text("Question 1")).to_be_visible()
    assert _talk(served, project_id) == ["Question 1", "Another answer."]
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_an_answer_that_no_other_one_replaces_comes_back(
    visit: Callable[..., Watched], served: Served
) -> None:
    """The model fails, or is stopped before it said a word: the chat is as it was."""
    project_id = talked(served, "First answer.")
    page = visit(f"/?project={project_id}").page
    expect(page.get_by_text("First answer.")).to_be_visible()
    served.chat_model.answers.append(EmptyReply("queued answers"))
    page.get_by_role("button", name="Answer again").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("queued answers")
    expect(page.get_by_text("First answer.")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    served.chat_model.answers.append("Never heard of.")
    served.chat_model.silent_after = 0
    try:
        page.get_by_role("button", name="Answer again").click()
        expect(page.get_by_text("First answer.")).to_have_count(0)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("First answer.")).to_be_visible()
    finally:
        served.chat_model.silent_after = None
    assert _talk(served, project_id) == ["Question 1", "First answer."]


def test_the_last_message_is_taken_back_into_the_box(
    visit: Callable[..., Watched], served: Served
) -> None:
    """To be said differently; what was being typed stays behind it."""
    project_id = talked(served, "First answer.", "Second answer.")
    page = visit(f"/?project={project_id}").page
    expect(page.get_by_text("Second answer.")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    box = page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("Question 2")
    expect(page.get_by_text("Second answer.")).to_have_count(0)
    assert _talk(served, project_id) == ["Question 1", "First answer."]
    page.get_by_role("button", name="Take back").click()
    expect(box).to_have_value("Question 1\nQuestion 2")
    expect(page.get_by_text("What should the video be about?")).to_be_visible()
    expect(page.get_by_role("button", name="Take back")).to_be_disabled()
    assert _talk(served, project_id) == []


def test_a_message_is_edited_and_the_talk_goes_on_from_there(
    visit: Callable[..., Watched], served: Served
) -> None:
    """What followed it is gone, in every window."""
    project_id = talked(served, "First answer.", "Second answer.")
    page = visit(f"/?project={project_id}").page
    other = visit(f"/?project={project_id}").page
    expect(other.get_by_text("Second answer.")).to_be_visible()
    served.chat_model.answers.append("Wasps, then.")
    page.get_by_role("button", name="Edit", exact=True).nth(1).click()
    typed(page.locator(".chatbot textarea"), "Say something about wasps")
    page.get_by_role("button", name="Submit").click()
    for window in (page, other):
        expect(window.get_by_text("Wasps, then.")).to_be_visible()
        expect(window.get_by_text("Say something about wasps")).to_be_visible()
        expect(window.get_by_text("Second answer.")).to_have_count(0)
    assert _talk(served, project_id) == ["Say something about wasps", "Wasps, then."]


def test_an_answer_that_is_stopped_is_kept_as_far_as_it_came(
    visit: Callable[..., Watched], served: Served
) -> None:
    """And says that it was stopped; before the first word there is no bubble."""
    project_id = projects.create_project(served.studio, name="Talk").project_id
    served.chat_model.answers.extend(["Bees are very busy all day long.", "Never heard of."])
    page = visit(f"/?project={project_id}").page
    served.chat_model.silent_after = 2
    try:
        typed(page.get_by_role("textbox", name="Message"), "Bees?")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Bees are")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("(stopped here)")).to_be_visible()
        kept = conversation.list_messages(served.studio, project_id)[-1]
        assert kept.interrupted
        assert "Bees are very busy all day long.".startswith(kept.content)
        served.chat_model.silent_after = 0
        typed(page.get_by_role("textbox", name="Message"), "And wasps?")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".chatbot .bot")).to_have_count(2)
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".chatbot .bot")).to_have_count(1)
        expect(page.get_by_text("And wasps?")).to_be_visible()
    finally:
        served.chat_model.silent_after = None


def test_a_failure_leaves_no_empty_bubble_and_every_window_knows_the_message(
    visit: Callable[..., Watched], served: Served
) -> None:
    """The words are in the talk, ready to be answered again."""
    project_id = projects.create_project(served.studio, name="Talk").project_id
    page = visit(f"/?project={project_id}").page
    other = visit(f"/?project={project_id}").page
    served.chat_model.answers.append(EmptyReply("queued answers"))
    typed(page.get_by_role("textbox", name="Message"), "Do you hear me?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("queued answers")
    for window in (page, other):
        expect(window.get_by_text("Do you hear me?")).to_be_visible()
        expect(window.locator(".chatbot .bot")).to_have_count(0)
        expect(window.get_by_role("button", name="Send")).to_be_visible()
    typed(page.get_by_role("textbox", name="Message"), "Are you there?")
    served.chat_model.answers.append("I do.")
    other.get_by_role("button", name="Answer again").click()
    for window in (page, other):
        expect(window.get_by_text("I do.")).to_be_visible()


def test_a_message_that_is_too_long_stays_in_its_box(
    visit: Callable[..., Watched], served: Served
) -> None:
    """It is refused with its length, not lost and not cut."""
    project_id = projects.create_project(served.studio, name="Talk").project_id
    page = visit(f"/?project={project_id}").page
    typed(page.get_by_role("textbox", name="Message"), "x" * 4001)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The message has 4001 characters.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("x" * 4001)
    assert _talk(served, project_id) == []


def test_a_topic_of_one_s_own_is_only_replaced_on_purpose(
    visit: Callable[..., Watched], served: Served
) -> None:
    """What the chat has come to is proposed beside it."""
    project_id = talked(served, "Honey, then.")
    projects.update_project(served.studio, project_id, topic="My own topic.")
    page = visit(f"/?project={project_id}").page
    topic = page.get_by_label("Topic of the video")
    for choice, becomes in (
        ("Keep mine", "My own topic."),
        ("Use this one", "How one bee makes honey in her life."),
    ):
        served.chat_model.answers.append("How one bee makes honey in her life.")
        page.get_by_role("button", name="Take the topic from the chat").click()
        proposed = page.get_by_label("Proposed from the chat")
        expect(proposed).to_have_value("How one bee makes honey in her life.")
        expect(topic).to_have_value("My own topic.")
        page.get_by_role("button", name=choice).click()
        expect(proposed).to_be_hidden()
        expect(topic).to_have_value(becomes)
    assert projects.open_project(served.studio, project_id).topic == becomes


def test_a_preset_is_edited_restored_removed_and_brought_back(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Nothing that comes with the app is ever lost; projects fall back, and it is said."""
    ids = [
        projects.create_project(
            served.studio, name="P", system_prompt_id="viral_strategist"
        ).project_id
        for _ in range(2)
    ]
    page = visit(f"/?project={ids[0]}").page
    chosen = page.get_by_label("Persona", exact=True)
    expect(chosen).to_have_value("Viral Content Strategist")
    page.get_by_text("Change this persona, or write your own").click()
    own_words = _prompts(served)["Viral Content Strategist"]
    expect(page.get_by_label("What the model is told")).to_have_value(own_words)
    typed(page.get_by_label("What the model is told"), "Be loud.")
    page.get_by_role("button", name="Save the changes").click()
    eventually(page, lambda: _prompts(served)["Viral Content Strategist"] == "Be loud.")
    page.get_by_role("button", name="Restore its own words").click()
    expect(page.get_by_label("What the model is told")).to_have_value(own_words)
    page.get_by_role("button", name="Remove it").click()
    page.get_by_role("button", name="Really remove it? 2 projects use it").click()
    expect(page.get_by_text("2 projects go on with Creative Assistant")).to_be_visible()
    expect(chosen).to_have_value("Default: Creative Assistant (Unrestricted)")
    expect(page.get_by_label("Removed, but not lost")).to_have_value("Viral Content Strategist")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_label("Removed, but not lost")).to_be_hidden()
    assert _prompts(served)["Viral Content Strategist"] == own_words


def test_a_persona_is_duplicated_and_made_the_default(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Projects that chose nothing follow; the preview shows what the model is given."""
    project_id = projects.create_project(served.studio, name="P", topic="Bees").project_id
    quiet = projects.create_project(served.studio, name="Q").project_id
    page = visit(f"/?project={project_id}").page
    page.get_by_text("Change this persona, or write your own").click()
    page.get_by_role("button", name="Duplicate").click()
    chosen = page.get_by_label("Persona", exact=True)
    expect(chosen).to_have_value("Creative Assistant (Unrestricted) 2")
    typed(page.get_by_label("Its name"), "Doubter")
    typed(page.get_by_label("What the model is told"), "You doubt everything.")
    expect(page.locator("#persona-count")).to_have_text("21 / 3000 characters")
    page.get_by_role("button", name="Save the changes").click()
    expect(chosen).to_have_value("Doubter")
    page.get_by_text("What the model is given").click()
    given = page.locator("ol.given")
    expect(given).to_contain_text("You doubt everything.")
    expect(given).to_contain_text("The topic settled so far: Bees")
    page.get_by_role("button", name="Make it the default").click()
    expect(page.get_by_text("talk with Doubter now")).to_be_visible()
    assert conversation.persona_in(served.studio, quiet).name == "Doubter"
    conversation.update_persona(served.studio, "creative_assistant", is_default=True)


def test_a_project_is_renamed_and_deleted(visit: Callable[..., Watched], served: Served) -> None:
    """Deleting asks once more, then another project is open; other windows follow."""
    project_id = written(served, "Bees.")
    first, second = visit(f"/?project={project_id}"), visit(f"/?project={project_id}")
    page = first.page
    page.get_by_role("button", name="Edit", exact=True).click()
    typed(page.get_by_label("Name of this project"), "All about bees")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_label("Project", exact=True)).to_have_value("All about bees")
    page.get_by_role("button", name="Delete this project").click()
    page.get_by_role("button", name="Really delete it?").click()
    for watched in (first, second):
        watched.page.wait_for_function(f"!location.search.includes('{project_id}')")


def test_the_shape_belongs_to_the_project(visit: Callable[..., Watched], served: Served) -> None:
    """Chosen on the page, kept with the project."""
    project_id = written(served, "Bees.")
    page = visit(f"/?project={project_id}&tab=video").page
    page.locator(".options .segment", has_text="9:16").click()
    eventually(page, lambda: projects.open_project(served.studio, project_id).aspect == "9:16")


def test_the_look_is_remembered_with_the_project(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Chosen by mouse or keys, saved at once, seen by every window and after a reload."""
    project_id = curated(served, "Bees fly out at dawn.")
    page = visit(f"/?project={project_id}&tab=video").page
    page.locator(".options .segment", has_text="Crossfade").click()
    lasts = page.get_by_role("slider", name="Lasts")
    lasts.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("radio", name="Pop").focus()
    page.keyboard.press("Space")
    page.get_by_role("combobox", name="Quality").select_option("draft")
    wanted = {
        "transition": "crossfade",
        "transition_seconds": 0.6,
        "caption_style": "pop",
        "quality": "draft",
    }
    eventually(page, lambda: projects.open_project(served.studio, project_id).look == wanted)
    page.reload()
    expect(page.get_by_role("radio", name="Pop")).to_be_checked()
    expect(page.get_by_role("combobox", name="Quality")).to_have_value("draft")
    expect(page.locator(".options output").first).to_have_text("0.6 s")
    changed = {**wanted, "captions": False}
    projects.update_project(served.studio, project_id, look=changed)
    expect(page.get_by_role("radio", name="Pop")).to_be_hidden()


def test_the_cut_is_played_before_it_is_rendered(
    visit: Callable[..., Watched], served: Served
) -> None:
    """Pictures, narration and words of every scene, from parts that are made meanwhile."""
    project_id = curated(served, "Bees fly out at dawn.", "They come home in the evening.")
    page = visit(f"/?project={project_id}&tab=video").page
    look = page.locator(".quicklook")
    expect(look).to_contain_text("Quick look: not rendered yet")
    expect(look.locator(".hint")).to_contain_text("Pictures are small copies")
    look.locator(".large").click()
    expect(look).to_have_attribute("data-running", "true")
    expect(look.locator(".word.lit")).to_be_visible()
    eventually(page, lambda: showing(page) == 1 and moved(page))
    expect(look.locator(".words")).to_contain_text("They come home")
    expect(look).to_have_attribute("data-running", "false")
    place, end = page.evaluate(
        "(({ value, max }) => [Number(value), Number(max)])("
        "document.querySelector('.quicklook .seek'))"
    )
    assert place == pytest.approx(end, abs=0.02)
    assert not [job for job in served.jobs.list(project_id) if job.kind == "assemble"]


def showing(page: Page) -> int:
    """Which scene's picture is seen, from 0."""
    place: int = page.evaluate(
        "Math.max(-1, ...[...document.querySelectorAll('.quicklook video')]"
        ".filter((one) => Number(one.style.opacity) > 0).map((one) => Number(one.style.zIndex)))"
    )
    return place


def moved(page: Page) -> bool:
    """Whether the picture that is seen has begun to move."""
    begun: bool = page.evaluate(
        "[...document.querySelectorAll('.quicklook video')]"
        ".some((one) => Number(one.style.opacity) > 0 && one.currentTime > 0.1)"
    )
    return begun


def test_the_quick_look_answers_to_keys(visit: Callable[..., Watched], served: Served) -> None:
    """Space plays and pauses, arrows move in time and from scene to scene."""
    project_id = curated(served, "Bees fly out at dawn. " * 3, "They come home.", "They sleep.")
    page = visit(f"/?project={project_id}&tab=video").page
    look = page.locator(".quicklook")
    expect(look.locator(".hint")).to_contain_text("Pictures are small copies")
    look.focus()
    for key, number in (("ArrowDown", 2), ("ArrowDown", 3), ("ArrowUp", 2), ("Home", 1)):
        page.keyboard.press(key)
        expect(look.locator(".seek")).to_have_attribute(
            "aria-valuetext", re.compile(f"scene {number}$")
        )
    page.keyboard.press("ArrowRight")
    expect(look.locator(".time")).to_contain_text("0:02 /")
    page.keyboard.press("Space")
    expect(look).to_have_attribute("data-running", "true")
    page.keyboard.press("Space")
    expect(look).to_have_attribute("data-running", "false")
    page.get_by_role("slider", name="Place in the quick look").fill("0.5")
    expect(look.locator(".word.lit")).to_have_text("out")
    page.get_by_role("button", name="Sound off").click()
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()


def test_a_scene_without_a_clip_shows_its_text(
    visit: Callable[..., Watched], served: Served
) -> None:
    """So the whole story can be followed from the first script on; hostile words are words."""
    page = visit(f"/?project={written(served, HOSTILE, 'Bees.')}&tab=video").page
    card = page.locator(".quicklook .card")
    expect(card).to_contain_text(HOSTILE)
    expect(card).to_contain_text("No clip chosen yet")
    expect(page.locator(".quicklook .hint")).to_contain_text("2 scenes have no clip yet")
    expect(page.locator(".quicklook .hint")).to_contain_text("lengths are a guess")


def test_the_plan_stands_beside_the_button(visit: Callable[..., Watched], served: Served) -> None:
    """What assembling would do now; it follows what is changed, and never makes one wait."""
    project_id = curated(served, "One plan for a scene.", "Another plan for a scene.")
    finish(voiceover.speak_scenes(served.studio, project_id))
    page = visit(f"/?project={project_id}&tab=video").page
    plan = page.locator("#render-plan")
    expect(plan).to_contain_text("2 of 2 scenes will be filmed, about")
    page.locator(".options .segment", has_text="Crossfade").click()
    expect(plan).to_contain_text("2 of 2 scenes and 1 transition will be filmed")
    script.save_script(served.studio, project_id, [SceneDraft("Anew.")])
    expect(plan).to_contain_text("1 of 1 scenes still need a clip")


def test_levels_are_set_beside_what_they_are_about(
    visit: Callable[..., Watched], served: Served
) -> None:
    """A clip's own sound on the board, a narration's level beside its words."""
    project_id = curated(served, "Bees fly out at dawn.")
    watched = visit(f"/?project={project_id}&tab=clips")
    page = watched.page
    page.get_by_label("Sound of the clip of scene 1").select_option("-18")
    eventually(page, lambda: _scenes(served, project_id)[0].sound_level_db == -18.0)
    watched.tab("script")
    page.get_by_label("Louder by").fill("3")
    eventually(page, lambda: _scenes(served, project_id)[0].level_db == 3.0)
    assert _scenes(served, project_id)[0].sound_level_db == -18.0
    page.reload()
    expect(page.get_by_label("Louder by")).to_have_value("3")


def test_a_scene_is_told_by_a_recording(
    visit: Callable[..., Watched], served: Served, tmp_path: Path
) -> None:
    """Chosen at its scene, where its name and length stand then; taken away the voice speaks."""
    project_id = written(served, "Bees fly far.", "They land.")
    watched = visit(f"/?project={project_id}&tab=script")
    page = watched.page
    take = write_tone(tmp_path / "my 'take' & co.wav", 1.5)
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n", "utf-8")
    own = page.locator(".editor .own")
    for number, file in ((2, playlist), (1, take)):
        page.get_by_role("button", name=f"Own voice for scene {number}").click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=f"Choose a recording for scene {number}").click()
        chooser.value.set_files(file)
        if file == playlist:
            expect(page.get_by_text("list.m3u8 is no recording that can be read")).to_be_visible()
    expect(own.first).to_contain_text("Your own recording: my 'take' & co.wav, 0:0")
    expect(page.get_by_role("button", name="Hear scene 1")).to_be_visible()
    expect(page.locator(".editor .length").first).to_contain_text("word times shared out by length")
    expect(own.nth(1)).to_contain_text("The voice speaks this scene")
    typed(scene(page, 1), "Bees fly home.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(own.first).to_contain_text("The words of scene 1 were changed after your recording")
    page.set_viewport_size(PHONE)
    assert not watched.overflows()
    page.get_by_role("button", name="Remove the recording of scene 1").click()
    expect(own.first).to_be_hidden()
    assert _scenes(served, project_id)[0].recording is None


def test_tabs_answer_to_arrow_keys(visit: Callable[..., Watched]) -> None:
    """As people expect of tabs."""
    page = visit().page
    page.locator("[role=tab][data-tab-id=idea]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[role=tab][data-tab-id=voice]")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(page.locator("[role=tab][data-tab-id=video]")).to_have_attribute("aria-selected", "true")


def test_the_light_look_is_remembered(visit: Callable[..., Watched]) -> None:
    """Dark slate until somebody wants it otherwise."""
    page = visit().page
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(2, 6, 23)"
    page.get_by_role("button", name="◐").click()
    expect(page.locator("html")).to_have_attribute("data-look", "light")
    page.reload()
    expect(page.locator("#health-chip")).to_contain_text("Ready")
    assert page.evaluate(ground) == "rgb(248, 250, 252)"


def test_the_health_list_opens_and_can_be_asked_again(visit: Callable[..., Watched]) -> None:
    """Each engine with its own word."""
    page = visit().page
    expect(page.get_by_text("It hums.")).to_be_hidden()
    page.locator("#health-chip").click()
    expect(page.get_by_text("It hums.")).to_be_visible()
    page.get_by_role("button", name="Check again").click()
    expect(page.locator("#health-chip")).to_contain_text("Ready")
