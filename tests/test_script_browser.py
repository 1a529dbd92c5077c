"""The Script tab in a real Chromium: scenes are cut, joined, locked, rewritten, and restored."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import test_page_browser as pages
from playwright.sync_api import Page, expect
from served import Served
from test_page_browser import scene, written
from visiting import PHONE, Watched, typed

from aivideo import script
from aivideo.script import SceneDraft

pytestmark = pytest.mark.browser

browser, served, visit = pages.browser, pages.served, pages.visit
"""Fixtures; this file has a page of its own."""

Visit = Callable[..., Watched]


def texts(served: Served, project_id: str) -> list[str]:
    """The script as the database has it."""
    return [each.text for each in script.get_script(served.studio, project_id)]


def opened(visit: Visit, project_id: str, **how: Any) -> Page:
    """The Script tab of a project."""
    page = visit(f"/?project={project_id}&tab=script", **how).page
    expect(page.locator(".editor .sum")).not_to_be_empty()
    return page


def saved(page: Page) -> None:
    """Save what stands there; by itself it is saved too, and then there is nothing to press."""
    page.get_by_role("button", name="Save", exact=True).click(force=True)
    expect(page.locator(".editor .status")).to_have_text("Saved")


def test_a_scene_is_split_joined_and_brought_back(visit: Visit, served: Served) -> None:
    """At the cursor, or else between sentences; each step can be undone."""
    project_id = written(served, "Bees fly. They land.", "Honey is sweet.")
    page = opened(visit, project_id)
    scene(page, 1).click()
    scene(page, 1).evaluate("box => box.setSelectionRange(4, 4)")
    page.get_by_role("button", name="Split scene 1").click()
    expect(scene(page, 1)).to_have_value("Bees")
    expect(scene(page, 2)).to_have_value("fly. They land.")
    expect(page.locator(".editor .sum")).to_have_text("3 scenes, about 0:04")
    expect(page.locator(".editor .length").nth(1)).to_have_text("3 words, about 0:01")
    page.get_by_role("button", name="Undo").click()
    expect(scene(page, 1)).to_have_value("Bees fly. They land.")
    scene(page, 1).evaluate("box => box.setSelectionRange(0, 0)")
    page.get_by_role("button", name="Split scene 1").click()
    expect(scene(page, 2)).to_have_value("They land.")
    page.get_by_role("button", name="Join with next: scene 2").click()
    expect(scene(page, 2)).to_have_value("They land. Honey is sweet.")
    page.get_by_role("button", name="Insert below scene 1").click()
    scene(page, 2).fill("In between.")
    saved(page)
    assert texts(served, project_id) == [
        "Bees fly.",
        "In between.",
        "They land. Honey is sweet.",
    ]


def test_a_deleted_scene_comes_back_as_the_same_scene(visit: Visit, served: Served) -> None:
    """Within a few seconds it is not even gone in the database; its id stays."""
    project_id = written(served, "First.", "Second.")
    before = script.get_script(served.studio, project_id)
    page = opened(visit, project_id)
    page.get_by_role("button", name="Delete scene 1").click()
    expect(page.locator(".editor section")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(scene(page, 1)).to_have_value("First.")
    assert script.get_script(served.studio, project_id) == before


def test_a_scene_is_locked_and_another_one_rewritten(visit: Visit, served: Served) -> None:
    """A locked one cannot be edited; the old words of a rewritten one come back by undo."""
    project_id = written(served, "Bees fly far.", "Honey is sweet.")
    page = opened(visit, project_id)
    page.get_by_role("button", name="Lock scene 1").click()
    expect(scene(page, 1)).not_to_be_editable()
    expect(page.get_by_role("button", name="Rewrite scene 1")).to_be_disabled()
    served.chat_model.answers.append('{"narration": "Honey tastes like summer."}')
    page.get_by_role("button", name="Rewrite scene 2").click()
    page.get_by_label("How to rewrite scene 2").fill("say what it tastes like")
    page.get_by_label("How to rewrite scene 2").press("Enter")
    expect(scene(page, 2)).to_have_value("Honey tastes like summer.")
    assert script.get_script(served.studio, project_id)[0].locked
    expect(scene(page, 2)).to_be_editable()
    page.get_by_role("button", name="Undo").click()
    expect(scene(page, 2)).to_have_value("Honey is sweet.")


def test_a_pasted_script_asks_before_it_replaces_one_and_can_be_taken_back(
    visit: Visit, served: Served
) -> None:
    """The second press replaces; the script before is restored from the history."""
    project_id = written(served, "Old words.")
    page = opened(visit, project_id)
    page.get_by_text("Paste or upload a whole script").click()
    page.get_by_label("A whole script").fill("# One\nNarrator: Bees fly.\n# Two\n(softly) Honey.")
    page.get_by_role("button", name="Replace the 1 scene").click()
    assert texts(served, project_id) == ["Old words."]
    page.get_by_role("button", name="Really replace 1 scene?").click()
    expect(scene(page, 2)).to_have_value("Honey.")
    assert texts(served, project_id) == ["Bees fly.", "Honey."]
    page.get_by_text("Earlier versions (2)").click()
    page.get_by_role("button", name="Restore the script of").last.click()
    expect(scene(page, 1)).to_have_value("Old words.")
    assert texts(served, project_id) == ["Old words."]


def test_a_word_file_is_read_before_it_is_used(visit: Visit, served: Served) -> None:
    """Its text stands in the box to be looked through; then it is added to the end."""
    project_id = written(served, "First.")
    page = opened(visit, project_id)
    page.get_by_text("Paste or upload a whole script").click()
    file = {"name": "bees.docx", "mimeType": "application/zip", "buffer": word("Second.", "Third.")}
    page.get_by_label("A file with a script").set_input_files(file)  # type: ignore[arg-type] # a FilePayload
    expect(page.get_by_label("A whole script")).to_have_value("Second.\n\nThird.")
    page.get_by_role("button", name="Add to the end").click()
    expect(scene(page, 3)).to_have_value("Third.")
    assert texts(served, project_id) == ["First.", "Second.", "Third."]


def word(*paragraphs: str) -> bytes:
    """A file of a word processor."""
    body = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return data.getvalue()


def elsewhere(served: Served, project_id: str, number: int, text: str) -> None:
    """Somebody else changes one scene."""
    drafts = [
        SceneDraft(text if each.scene_number == number else each.text, scene_id=each.scene_id)
        for each in script.get_script(served.studio, project_id)
    ]
    script.save_script(served.studio, project_id, drafts)


def test_edits_of_different_scenes_are_joined(visit: Visit, served: Served) -> None:
    """Nobody is asked where nobody is in another one's way."""
    project_id = written(served, "One.", "Two.")
    page = opened(visit, project_id)
    scene(page, 1).press_sequentially(" Mine", delay=1)
    elsewhere(served, project_id, 2, "Two, theirs.")
    scene(page, 1).press_sequentially(" too.", delay=1)
    expect(scene(page, 2)).to_have_value("Two, theirs.")
    expect(page.locator(".editor .status")).to_have_text("Saved")
    assert texts(served, project_id) == ["One. Mine too.", "Two, theirs."]


def test_what_there_is_to_see_goes_with_the_words_for_the_picture(
    visit: Visit, served: Served
) -> None:
    """It is told, outlives an edit of the text, and goes when other words are saved."""
    project_id = written(served, "Bees fly.")
    draft = SceneDraft("Bees fly.", "bee flower", objects=("bee", "flower"))
    script.save_script(served.studio, project_id, [draft])

    def objects() -> tuple[str, ...]:
        return script.get_script(served.studio, project_id)[0].objects

    page = opened(visit, project_id)
    expect(page.locator(".editor .objects")).to_have_text("To see: bee, flower")
    scene(page, 1).fill("Bees fly far.")
    saved(page)
    assert objects() == ("bee", "flower")
    words = page.get_by_label("Picture")
    words.fill("bee flower by night")
    expect(page.locator(".editor .objects")).to_be_hidden()
    words.fill("bee flower")
    expect(page.locator(".editor .objects")).to_have_text("To see: bee, flower")
    words.fill("lighthouse")
    saved(page)
    assert objects() == ()
    expect(page.locator(".editor .objects")).to_be_hidden()


def test_a_script_is_read_along_while_somebody_types(visit: Visit, served: Served) -> None:
    """What is written comes beside what is typed, and takes nothing of it away."""
    project_id = written(served, "Old words.")
    page = opened(visit, project_id)
    scenes = [{"narration": text, "camera_shows": "a bee"} for text in ("Bees fly.", "They land.")]
    served.chat_model.answers.append(json.dumps({"scenes": scenes}))
    served.chat_model.silent_after = 7
    options = {"scenes": 2, "seconds": 8.0, "rewrite": True}
    with ThreadPoolExecutor(1) as elsewhere:
        job = elsewhere.submit(served.jobs.start, "write_script", project_id, options).result()
        try:
            expect(page.locator(".editor .along li")).to_have_text(["Bees fly.Picture: a bee"])
            scene(page, 1).fill("Mine.")
            saved(page)
            expect(page.locator(".editor .along li")).to_have_count(1)
        finally:
            elsewhere.submit(served.jobs.cancel, job.job_id).result()
            assert elsewhere.submit(served.jobs.runner.rest, 30).result()
            served.chat_model.silent_after = None
    expect(page.locator(".editor .along")).to_be_hidden()
    expect(scene(page, 1)).to_have_value("Mine.")
    assert texts(served, project_id) == ["Mine."]


@pytest.mark.parametrize(
    ("choice", "after"),
    [
        ("Keep mine", ["Mine."]),
        ("Take theirs", ["Theirs."]),
        ("Keep both", ["Theirs.", "Mine."]),
    ],
)
def test_edits_of_the_same_scene_are_decided_by_a_person(
    visit: Visit, served: Served, choice: str, after: list[str]
) -> None:
    """Neither is saved over the other before that."""
    project_id = written(served, "One.")
    page = opened(visit, project_id, size=PHONE)
    scene(page, 1).fill("")
    elsewhere(served, project_id, 1, "Theirs.")
    expect(page.get_by_role("alertdialog")).to_contain_text("Scene 1 was changed here and")
    scene(page, 1).fill("Mine.")
    assert texts(served, project_id) == ["Theirs."]
    page.get_by_role("button", name=choice).click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(scene(page, len(after))).to_have_value(after[-1])
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    assert texts(served, project_id) == after


def test_two_orders_become_one(visit: Visit, served: Served) -> None:
    """Moved, inserted and removed scenes: small letters were there before, large ones are new."""
    page = opened(visit, written(served, "One."))
    joined = {
        ("ab", "ba"): "ba",
        ("ba", "abX"): "bXa",
        ("abY", "abX"): "abYX",
        ("b", "ab"): "b",
        ("ab", "b"): "b",
        ("aXb", "b"): "Xb",
    }
    asked = """([mine, theirs]) => {
        const drafts = (letters) => [...letters].map((letter) => ({
            scene_id: letter === letter.toLowerCase() ? letter : null, text: letter,
        }));
        return aiv.merging.merge(drafts("ab"), drafts(mine), drafts(theirs), "mine")
            .map((draft) => draft.text).join("");
    }"""
    assert {orders: page.evaluate(asked, list(orders)) for orders in joined} == joined


def test_sources_are_kept_with_the_project(visit: Visit, served: Served) -> None:
    """Beside a counter, and the sentence that a model may be wrong."""
    project_id = written(served, "One.")
    page = opened(visit, project_id)
    expect(page.get_by_text("it may be wrong")).to_be_visible()
    page.get_by_text("Sources that the script must stick to").click()
    box = page.locator("#sources textarea")
    typed(box, "Bees have five eyes.")
    expect(page.locator("#sources-count")).to_have_text("20 / 8000 characters")
    box.blur()
    page.reload()
    page.get_by_text("Sources that the script must stick to").click()
    expect(page.locator("#sources textarea")).to_have_value("Bees have five eyes.")
