"""The Clips tab in a real Chromium: candidates are watched, understood, sought, brought and cut."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from served import Served, serve
from visiting import PHONE, Watched, chromium, eventually, visitor

from aivideo import clips, projects, script
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.library import FootageFolder
from aivideo.errors import Health, StockUnreachable
from aivideo.progress import Progress, Work, finish
from aivideo.projects import SceneView
from aivideo.script import SceneDraft

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]

BEES: Final = "Bees fly out at dawn and come home with golden nectar."


class Archive:
    """A source far away: it answers with one clip that may not be published, or not at all."""

    name = "archive"
    reached = True

    @property
    def about(self) -> About:
        """What it can."""
        return About("The archive", "Films of others.", address="https://example.com/terms")

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """One clip, unless only free ones are wanted."""
        yield Progress(0.5, "Asking")
        if not self.reached:
            raise StockUnreachable(self.about.title)
        clip = FoundClip(
            source=self.name,
            source_id="1",
            title=f"{query.words} for sale",
            duration_seconds=9.0,
            width=1920,
            height=1080,
            author="B. Keeper",
            author_url="javascript:alert(1)",
            licence="CC BY-NC 4.0",
            licence_url="https://creativecommons.org/licenses/by-nc/4.0/",
            url="https://example.com/1",
        )
        return [] if query.reusable else [clip]

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """There is none."""
        yield Progress(1.0)
        return clip

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """It is never to be had."""
        yield Progress(0.5, f"Asking for {wanted.title}")
        raise StockUnreachable(self.about.title)

    def check(self) -> Health:
        """Always well."""
        return Health("Clips: archive", works=True, says="It is there.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for all tests of this file."""
    yield from chromium()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page with three sources: a library of real films, an archive, and a fixed one."""
    folder = tmp_path_factory.mktemp("served")
    with serve(folder) as served:
        footage = served.studio.settings.footage_dir
        footage.mkdir()
        for name in ("bees at dawn", "bees on a flower"):
            shutil.copyfile(next(iter(served.finder.clips.values())), footage / f"{name}.mp4")
        finders = cast("dict[str, Any]", served.studio.finders)
        library = FootageFolder(served.studio.settings, served.studio.workspace)
        finders |= {"library": library, "archive": Archive()}
        yield served
        library.stop()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """Open the page as a fresh visitor."""
    yield from visitor(browser, served)


@pytest.fixture
def archive(served: Served) -> Archive:
    """The source far away, within reach."""
    archive = cast("Archive", served.studio.finders["archive"])
    archive.reached = True
    return archive


def sought(served: Served, words: str = "bees dawn", source: str | None = None) -> str:
    """A project with one scene that was offered clips for these words."""
    project_id = projects.create_project(served.studio, topic="Bees").project_id
    script.save_script(served.studio, project_id, [SceneDraft(BEES, visual_query=words)])
    finish(clips.suggest(served.studio, project_id, 1, source=source))
    return project_id


def board(visit: Visit, project_id: str, **how: Any) -> Page:
    """The Clips tab of a project."""
    page = visit(f"/?project={project_id}&tab=clips", **how).page
    expect(page.locator(".board section")).to_be_visible()
    return page


def card(page: Page, title: str) -> Locator:
    """A candidate."""
    return page.locator(".clip", has=page.get_by_text(title, exact=True))


def scene(served: Served, project_id: str) -> SceneView:
    """The only scene as the database has it."""
    return projects.open_project(served.studio, project_id).scenes[0]


def for_sale(visit: Visit, served: Served, project_id: str) -> tuple[Page, Locator]:
    """The Clips tab of a project that was offered the archive's clip, and that clip's card."""
    finish(clips.suggest(served.studio, project_id, 1, source="archive", reusable=False))
    page = board(visit, project_id)
    return page, card(page, "bees dawn for sale")


def test_a_candidate_plays_while_it_is_looked_at(visit: Visit, served: Served) -> None:
    """A small silent film that was made for it, in its place; it leaves with the pointer."""
    page = board(visit, sought(served))
    card(page, "bees at dawn").locator(".screen").hover()
    film = page.locator(".clip video")
    expect(film).to_be_visible()
    eventually(page, lambda: film.evaluate("film => film.muted && film.videoWidth > 0") is True)
    page.locator(".board .query").hover()
    expect(film).to_have_count(0)


def test_a_candidate_plays_at_a_tap(visit: Visit, served: Served) -> None:
    """Where nothing hovers: once to play, once more to stop; nothing is chosen by it."""
    page = board(visit, sought(served), size=PHONE)
    play = page.get_by_role("button", name="Preview bees at dawn")
    play.click()
    expect(page.locator(".clip video")).to_be_visible()
    play.click()
    expect(page.locator(".clip video")).to_have_count(0)
    expect(page.get_by_text("0/1 scenes have a clip")).to_be_visible()


def test_a_candidate_that_cannot_be_played_says_so(
    visit: Visit, served: Served, archive: Archive
) -> None:
    """A press on its button is answered, and the answer leaves with the next one."""
    del archive
    _, found = for_sale(visit, served, sought(served))
    found.get_by_role("button", name="Preview").click()
    expect(found.locator(".no-film")).to_contain_text("No preview")
    found.get_by_role("button", name="Preview").click()
    expect(found.locator(".no-film")).to_have_count(0)


def test_a_candidate_says_why_it_is_offered(visit: Visit, served: Served) -> None:
    """On demand, in plain sentences, beside what it is, whose, how long and how large."""
    page = board(visit, sought(served))
    found = card(page, "bees at dawn")
    expect(found).to_contain_text("Your own footage")
    expect(found).to_contain_text("320x180")
    expect(found.locator(".reasons")).to_be_hidden()
    page.get_by_role("button", name="Why bees at dawn is offered").click()
    expect(found.locator(".reasons")).to_contain_text("bees")
    expect(page.get_by_text("0/1 scenes have a clip")).to_be_visible()


def test_more_like_a_candidate_are_found(visit: Visit, served: Served) -> None:
    """That one itself is not offered again."""
    page = board(visit, sought(served))
    page.get_by_role("button", name="More like bees at dawn").click()
    expect(card(page, "bees at dawn")).to_have_count(0)
    expect(card(page, "bees on a flower")).to_be_visible()


def test_a_source_that_fails_says_why_and_the_others_answer(
    visit: Visit, served: Served, archive: Archive
) -> None:
    """At the scene it was asked for; the sources are chosen there, several at once."""
    archive.reached = False
    page = board(visit, sought(served, source="fixed"))
    expect(card(page, "bees at dawn")).to_have_count(0)
    page.get_by_label("Sources for scene 1").click()
    for source in ("Your own footage", "The archive"):
        page.get_by_role("checkbox", name=source).check()
    page.get_by_role("button", name="Find clips").click()
    expect(page.locator(".failed")).to_contain_text("The archive does not answer")
    expect(card(page, "bees at dawn")).to_be_visible()


def test_what_may_not_be_published_is_shown_only_when_it_is_wanted(
    visit: Visit, served: Served, archive: Archive
) -> None:
    """Marked as such, and told once more before the video is assembled."""
    del archive
    project_id = sought(served)
    page = board(visit, project_id)
    expect(card(page, "bees dawn for sale")).to_have_count(0)
    page.get_by_label("Only free to reuse").uncheck()
    page.get_by_role("button", name="Find clips").click()
    found = card(page, "bees dawn for sale")
    expect(found).to_contain_text("may not be published")
    found.locator("input").check(force=True)
    expect(page.locator("#rights")).to_contain_text("bees dawn for sale")
    terms = page.locator("#rights").get_by_role("link", name="Read more")
    expect(terms).to_have_attribute("href", "https://creativecommons.org/licenses/by-nc/4.0/")
    page.get_by_role("button", name="Fetch the clip of scene 1").click()
    expect(page.locator(".board .problem")).to_contain_text("The archive does not answer")
    page.get_by_role("button", name="Take the next clip for scene 1").click()
    eventually(page, lambda: scene(served, project_id).clip_id in _own(served, project_id))


def test_a_candidate_leads_to_its_page_and_its_licence(
    visit: Visit, served: Served, archive: Archive
) -> None:
    """In a new tab, without being chosen by it; what is no address of the web is no link."""
    del archive
    project_id = sought(served)
    page, found = for_sale(visit, served, project_id)
    licence = found.get_by_role("link", name="CC BY-NC 4.0")
    expect(licence).to_have_attribute("href", "https://creativecommons.org/licenses/by-nc/4.0/")
    expect(licence).to_have_attribute("rel", "noopener noreferrer")
    origin = found.get_by_role("link", name="The archive")
    expect(origin).to_have_attribute("href", "https://example.com/1")
    expect(found.get_by_text("B. Keeper")).to_be_visible()
    expect(found.get_by_role("link", name="B. Keeper")).to_have_count(0)
    for address in ("javascript:alert(1)", "data:text/html,x", "http://example.com", "//x.com", ""):
        kind = "address => window.aiv.link('<b>x</b>', address).outerHTML"
        assert page.evaluate(kind, address) == "<span>&lt;b&gt;x&lt;/b&gt;</span>"
    page.context.route("https://creativecommons.org/**", lambda route: route.fulfill(body="Terms"))
    with page.expect_popup() as opened:
        licence.click()
    expect(opened.value.locator("body")).to_have_text("Terms")
    assert scene(served, project_id).clip_id is None


def test_a_scene_starts_where_the_strip_says(visit: Visit, served: Served) -> None:
    """Pictures of the clip, the stretch that is shown over them; by keyboard too."""
    project_id = sought(served)
    page = board(visit, project_id)
    card(page, "bees at dawn").locator("input").check(force=True)
    expect(page.locator(".strip.seen")).to_be_visible()
    place = page.get_by_label("Where scene 1 begins in bees at dawn")
    place.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Starts at")).to_have_value("0.5")
    eventually(page, lambda: scene(served, project_id).start_seconds == 0.5)


def test_a_clip_that_has_no_other_part_says_so(visit: Visit, served: Served) -> None:
    """As a toast; what was chosen stays."""
    project_id = sought(served)
    page = board(visit, project_id)
    card(page, "bees at dawn").locator("input").check(force=True)
    page.get_by_role("button", name="Use a different part").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("no other part")
    assert scene(served, project_id).start_seconds == 0


def test_a_scene_whose_words_changed_asks_to_check_its_clip(visit: Visit, served: Served) -> None:
    """Until somebody says that it still fits."""
    project_id = sought(served)
    chosen = clips.candidates(served.studio, project_id, 1)[0]
    clips.choose(served.studio, project_id, 1, chosen.clip_id)
    kept = scene(served, project_id).scene_id
    draft = SceneDraft("Volcanoes throw lava high into the night sky.", scene_id=kept)
    script.save_script(served.studio, project_id, [draft])
    page = board(visit, project_id)
    expect(page.locator(".check")).to_contain_text("says something else now")
    page.get_by_role("button", name="The clip of scene 1 still fits").click()
    expect(page.locator(".check")).to_have_count(0)
    assert scene(served, project_id).clip_id == chosen.clip_id


def test_a_file_of_ones_own_becomes_the_scenes_clip(
    visit: Visit, served: Served, tmp_path: Path
) -> None:
    """It goes to the library under its own name; one that is no film says why."""
    project_id = sought(served)
    page = board(visit, project_id)
    film = shutil.copyfile(next(iter(served.finder.clips.values())), tmp_path / "My hive.mp4")
    chooser = page.get_by_label("A file of yours for scene 1")
    chooser.set_input_files(film)
    expect(page.get_by_text("1/1 scenes have a clip")).to_be_visible()
    expect(card(page, "My hive")).to_be_visible()
    words = tmp_path / "notes.mp4"
    words.write_text("These are only words.")
    chooser.set_input_files(words)
    expect(page.get_by_test_id("toast-text")).to_contain_text("notes")
    expect(card(page, "My hive")).to_be_visible()


def test_where_clips_come_from_is_told(visit: Visit, served: Served) -> None:
    """What each source has and where its terms are; how far the library is."""
    page = board(visit, sought(served))
    page.get_by_role("button", name="Where clips come from").click()
    panel = page.locator("#clip-sources")
    expect(panel).to_contain_text("Films of others.")
    expect(panel).to_contain_text("files")
    assert panel.get_by_role("link", name="Terms").first.get_attribute("href") == (
        "https://example.com/terms"
    )


def test_the_board_fits_a_phone(visit: Visit, served: Served) -> None:
    """Nothing is wider than the window, the open list of sources included."""
    watched = visit(f"/?project={sought(served)}&tab=clips", size=PHONE)
    watched.page.get_by_label("Sources for scene 1").click()
    expect(watched.page.get_by_role("checkbox", name="The archive")).to_be_visible()
    assert not watched.overflows()


def _own(served: Served, project_id: str) -> set[str]:
    """The ids of the candidates that are not the archive's."""
    offered = clips.candidates(served.studio, project_id, 1)
    return {clip.clip_id for clip in offered if clip.source != "archive"}
