"""The page without a browser: what it shows, what it refuses, how it follows the database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from served import Served, serve

from aivideo import clips, projects, script, voiceover
from aivideo.api_video_types import LookInput
from aivideo.errors import BadArgument, Health, InvalidArgument, NotFound
from aivideo.jobs import JobView
from aivideo.progress import Progress, Work, finish
from aivideo.script import SceneDraft
from aivideo.studio import Studio
from aivideo.ui import app, look, options, page, player, video
from aivideo.ui import clips as tab
from aivideo.ui.options import Chosen
from aivideo.ui.page import Page, Snapshot

RUNNING = JobView(
    job_id="j",
    project_id="p",
    kind="make_video",
    state="running",
    progress=0.42,
    stage="voice",
    message="Speaking scene 2 of <5>",
    eta_seconds=61.0,
    error=None,
    result=None,
    created_at=datetime.now(UTC),
)


@dataclass(frozen=True)
class Sent:
    """What a component might send."""

    number: int
    words: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page on fakes; its parts are looked at from the inside."""
    with serve(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def sheet(served: Served) -> Page:
    """An empty page on the same studio."""
    with gr.Blocks() as blocks:
        project_id, mark, shown = (gr.Textbox(visible="hidden") for _ in range(3))
    return Page(served.studio, served.jobs, blocks, project_id, mark, shown)


def test_a_running_job_tells_how_far_it_is_and_how_long_it_takes() -> None:
    """Title, message, share, rest, and the road of its stages."""
    shown = look.job_strip(RUNNING, ["script", "voice", "clips", "render"])
    for words in ("Making the video", "Speaking scene 2 of &lt;5&gt;", "42%", "about 61 s left"):
        assert words in shown
    assert '<span class="past">script</span><span class="now">voice</span>' in shown
    assert 'aria-valuenow="42"' in shown


def test_a_long_rest_is_told_in_minutes() -> None:
    """Nobody counts in hundreds of seconds."""
    assert "about 5 min left" in look.job_strip(replace(RUNNING, eta_seconds=290.0))


def test_a_failed_job_shows_its_sentence() -> None:
    """What happened, then what to do."""
    problem = {"code": "DISK_FULL", "message": "The disk is full. Free some space."}
    shown = look.job_strip(replace(RUNNING, state="failed", error=problem), ["a", "b"])
    assert "Failed" in shown
    assert "The disk is full. Free some space." in shown
    assert "progressbar" not in shown


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_a_job_that_is_over_takes_no_room(state: Any) -> None:
    """The video says more than a bar at 100 %."""
    assert look.job_strip(replace(RUNNING, state=state)) == ""
    assert look.job_strip(None) == ""


def test_the_health_list_has_marks_and_remedies() -> None:
    """Works, is missed, could be better: told apart without colour."""
    shown = look.health_items(
        [
            Health("Voice", works=True, says="It speaks."),
            Health("Model", works=False, says="None.", remedy="Run fetch.", needed=True),
            Health("YouTube", works=False, says="No key.", tried=False),
        ]
    )
    assert [mark in shown for mark in ("✓", "✗", "!")] == [True, True, True]
    assert "<p>Run fetch.</p>" in shown
    assert "No key. (not tried)" in shown


def test_fragments_never_carry_foreign_markup() -> None:
    """Neither HTML nor what Gradio's templates would run."""
    foreign = '"><u>${x}`'
    for shown in (
        look.note(foreign),
        look.empty(foreign, foreign),
        look.download_links([(foreign, "media/x.mp4", foreign)]),
        look.job_strip(replace(RUNNING, message=foreign)),
    ):
        assert "x}" in shown
        assert not [mark for mark in ("<u>", "${", "`", '""') if mark in shown]


def test_links_that_lead_nowhere_are_left_out() -> None:
    """A file that may not be seen has no link."""
    assert "<a " not in look.download_links([("Video", "", "x.mp4")])


def test_the_theme_is_dark_whatever_the_system_prefers() -> None:
    """Both of Gradio's modes have the same values."""
    theme = look.theme()
    assert theme.body_background_fill == theme.body_background_fill_dark == "*neutral_950"


def test_a_handlers_failure_is_a_toast_with_its_sentence() -> None:
    """HTML in a sentence is shown, not run."""

    def refuse() -> None:
        raise InvalidArgument("There is no <b>aspect</b>. Choose another.")

    with pytest.raises(gr.Error, match="There is no &lt;b&gt;aspect"):
        page.guarded(refuse)()


@pytest.mark.usefixtures("expect_errors")
def test_a_handler_that_breaks_gives_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    """The toast says nothing of the inside; the log has it under the same reference."""

    def broken() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("a secret detail")

    with pytest.raises(gr.Error) as caught:
        list(page.guarded(broken)())
    message = str(caught.value.message)
    assert "secret" not in message
    assert message.split("reference ")[1][:8] in caplog.text


def test_a_toast_of_gradio_passes_through() -> None:
    """It is a sentence already."""

    def already() -> None:
        raise gr.Error("Said.")

    with pytest.raises(gr.Error, match="Said"):
        page.guarded(already)()


def test_a_work_tells_news_now_and_then_and_gives_its_value() -> None:
    """Not each of a thousand steps."""

    def thousand() -> Work[str]:
        for step in range(1000):
            yield Progress(step / 1000, f"step {step}")
        return "made"

    def handler() -> Iterator[str]:
        value = yield from page.telling(thousand(), lambda news: news.message)
        yield value

    told = list(handler())
    assert told[0] == "step 0"
    assert told[-1] == "made"
    assert len(told) < 20


def test_leaving_a_handler_stops_its_work() -> None:
    """Closing the browser ends what it had started."""
    ended: list[str] = []

    def endless() -> Work[None]:
        try:
            while True:
                yield Progress(0.5)
        finally:
            ended.append("ended")

    told = page.telling(endless(), lambda _: "news")
    next(told)
    told.close()
    assert ended == ["ended"]


def test_what_a_component_sends_is_read_into_what_it_must_be() -> None:
    """Fields by name; others are not looked at."""
    event = gr.EventData(None, {"number": 3, "words": "bees", "more": "ignored"})
    assert page.read(event, Sent) == Sent(3, "bees")


@pytest.mark.parametrize(
    "sent", [{}, {"number": "x", "words": "y"}, {"number": 1, "words": ["y"]}, "text", 5, None, []]
)
def test_what_a_forger_sends_is_refused(sent: object) -> None:
    """Whoever can reach the page can send anything."""
    with pytest.raises(BadArgument):
        page.read(gr.EventData(None, sent), Sent)


def test_only_panels_that_look_different_are_shown_again(served: Served, sheet: Page) -> None:
    """What is being typed in the others stays."""
    project_id = projects.create_project(served.studio, name="One").project_id
    sheet.follow(["name"], sees=_name, show=lambda snapshot: [_name(snapshot)])
    sheet.follow(["aspect"], sees=_aspect, show=lambda snapshot: [_aspect(snapshot)])
    marks, *first = sheet.refresh(project_id, "")
    assert first == ["One", "16:9"]
    before = sheet.look(project_id)
    projects.update_project(served.studio, project_id, name="Two")
    assert sheet.look(project_id) != before
    _, name, aspect = sheet.refresh(project_id, marks)
    assert name == "Two"
    assert aspect == gr.skip()


def _name(snapshot: Snapshot) -> str:
    return snapshot.project.name


def _aspect(snapshot: Snapshot) -> str:
    return snapshot.project.aspect


def test_marks_are_those_of_the_panels(served: Served, sheet: Page) -> None:
    """Another project looks different even when it says the same."""
    sheet.follow(["aspect"], sees=_aspect, show=lambda snapshot: [_aspect(snapshot)])
    ids = [projects.create_project(served.studio, name="Same").project_id for _ in range(2)]
    marks = [json.loads(sheet.refresh(project_id, "")[0]) for project_id in ids]
    assert marks[0] != marks[1]


def test_a_project_that_is_gone_has_a_mark_of_its_own(sheet: Page) -> None:
    """So a timer does not raise every few seconds."""
    sheet.follow(["name"], sees=_name, show=lambda snapshot: [_name(snapshot)])
    assert sheet.look("nowhere") == "gone nowhere"
    with pytest.raises(NotFound):
        sheet.refresh("nowhere", "")


def test_a_chosen_clip_stays_on_the_board_after_another_search(served: Served) -> None:
    """What is chosen is always among what can be seen."""
    studio = served.studio
    project_id = with_scenes(studio, "Bees fly out at dawn.")
    finish(clips.suggest(studio, project_id, 1))
    chosen = clips.candidates(studio, project_id, 1)[1]
    clips.choose(studio, project_id, 1, chosen.clip_id)
    before = dict(served.finder.clips)
    del served.finder.clips["a-hive"]
    finish(clips.suggest(studio, project_id, 1, query="something else", fresh=True))
    served.finder.clips.update(before)
    offered = Snapshot(studio, served.jobs, project_id).candidates[1]
    assert [clip.title for clip in offered] == ["a hive", "a bee at work"]


def with_scenes(studio: Studio, *texts: str) -> str:
    """A project with scenes."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    script.save_script(studio, project_id, [SceneDraft(text) for text in texts])
    return project_id


def test_the_tabs_tell_how_far_each_stage_is(served: Served) -> None:
    """Topic settled, scenes written, clips chosen."""
    empty = projects.create_project(served.studio, name="Empty").project_id
    assert app.labels(Snapshot(served.studio, served.jobs, empty)) == [
        *("Idea", "Voice", "Script", "Clips", "Video")
    ]
    project_id = with_scenes(served.studio, "One.", "Two.")
    assert app.labels(Snapshot(served.studio, served.jobs, project_id)) == [
        *("Idea ✓", "Voice", "Script 2", "Clips 0/2", "Video")
    ]


def test_music_is_kept_for_as_long_as_a_render_may_need_it(
    served: Served, sheet: Page, tmp_path: Path
) -> None:
    """An upload is removed after a day; its copy has a name of ours, and the project knows it."""
    upload = tmp_path / "my song.mp3"
    upload.write_bytes(b"music")
    project_id = with_scenes(served.studio, "Bees.")
    options._add_music(sheet, project_id, str(upload))
    upload.unlink()
    chosen = options.options_of(projects.open_project(served.studio, project_id))
    kept = Path(chosen["music"])
    assert kept.is_relative_to(served.studio.workspace.root)
    assert (kept.read_bytes(), chosen["music_name"]) == (b"music", "my song.mp3")
    kept.unlink()
    snapshot = Snapshot(served.studio, served.jobs, project_id)
    assert "music" not in options.options_of(snapshot.project)
    assert snapshot.look.music is None
    options._add_music(sheet, project_id, None)
    assert projects.open_project(served.studio, project_id).look == {}


def test_every_option_of_a_look_can_be_chosen_on_the_page(served: Served, sheet: Page) -> None:
    """And is remembered with the project, as a program would set it; a wrong one is refused."""
    project_id = with_scenes(served.studio, "Bees.")
    wanted: dict[str, bool | int | float | str] = {
        "quality": "preview",
        "fps": 60,
        "short_clip": "hold",
        "transition": "crossfade",
        "transition_seconds": 0.8,
        "captions": True,
        "caption_style": "pop",
        "caption_font": "Inter",
        "caption_size": 1.25,
        "caption_colour": "#00ff00",
        "caption_position": "top",
    }
    assert set(wanted) == set(options.DEFAULTS)
    assert set(wanted) | {"music"} == {part.name for part in fields(LookInput)}
    for name, value in wanted.items():
        options._choose(sheet, project_id, Chosen(name, value))
    options._choose(sheet, project_id, Chosen("aspect", "9:16"))
    project = projects.open_project(served.studio, project_id)
    assert (project.look, project.aspect) == (wanted, "9:16")
    wrong: dict[str, int | float | str] = {"fps": 29, "caption_size": 9.0, "nothing": 1}
    wrong["music"] = "/etc/passwd"
    for name, value in wrong.items():
        with pytest.raises(InvalidArgument):
            options._choose(sheet, project_id, Chosen(name, value))
    assert projects.open_project(served.studio, project_id).look == wanted


def test_the_plan_is_said_before_it_is_carried_out(served: Served) -> None:
    """What is missing first, then how much would be filmed; what is being made needs no plan."""
    studio = served.studio
    project_id = projects.create_project(studio, topic="Bees").project_id
    assert "Settle a topic" in plan_of(served, project_id)
    project_id = with_scenes(studio, "Bees fly out.", "They come home.")
    assert plan_of(served, project_id) == "2 of 2 scenes still need a clip."
    for number in (1, 2):
        found = finish(clips.suggest(studio, project_id, number))
        clips.choose(studio, project_id, number, found[0].clip_id)
    assert plan_of(served, project_id) == "2 of 2 scenes will be spoken first, then filmed."
    finish(voiceover.speak_scenes(studio, project_id))
    assert plan_of(served, project_id).startswith("2 of 2 scenes will be filmed, about ")


def plan_of(served: Served, project_id: str) -> str:
    """What the page says beside its button."""
    return " ".join(video.plan_sentences(Snapshot(served.studio, served.jobs, project_id)))


def test_a_choice_has_its_quick_look_made_out_of_sight(served: Served, sheet: Page) -> None:
    """The button to assemble stays as it is, the bar tells nothing."""
    studio = served.studio
    project_id = with_scenes(studio, "Bees fly out.")
    found = finish(clips.suggest(studio, project_id, 1))
    tab._pick(sheet, project_id, tab.Picked(1, found[0].clip_id, 0.2, "blur", -12.0))
    snapshot = Snapshot(studio, served.jobs, project_id)
    assert not snapshot.running
    assert snapshot.jobs == []
    scene = snapshot.project.scenes[0]
    assert (scene.start_seconds, scene.fit, scene.sound_level_db) == (0.2, "blur", -12.0)
    for _ in range(200):
        value = player.cut_value(Snapshot(studio, served.jobs, project_id))
        if not value["missing"]:
            break
        time.sleep(0.05)
    assert value["scenes"][0]["proxy"].startswith("media/proxies/")
    assert value["scenes"][0]["narration"].startswith("media/audio/")
    assert served.get(f"/{value['style']['font_file']}").content[:4] in {b"OTTO", b"\0\1\0\0"}
    assert served.get(f"/{value['scenes'][0]['proxy']}").status_code == 200


def test_the_finished_video_shows_its_poster_first() -> None:
    """Not its first frame; under the same name another video has another address."""
    shown = look.film_screen("Your video", "media/output/x.mp4?v=1", "media/output/x.jpg", "x.vtt")
    assert 'poster="media/output/x.jpg"' in shown
    assert 'src="media/output/x.mp4?v=1"' in shown
    assert 'aria-label="Your video"' in shown


def test_a_preview_is_shown_until_a_video_is_finished_after_it(served: Served) -> None:
    """It never takes the video's place: it has a name of its own, and says what it is."""
    studio = served.studio
    project_id = with_scenes(studio, "Bees fly out.")
    found = finish(clips.suggest(studio, project_id, 1))
    clips.choose(studio, project_id, 1, found[0].clip_id)
    assert made(served, project_id, "preview")[:2] == [True, False]
    shown, credit = video._show_video(Snapshot(studio, served.jobs, project_id))
    assert "Preview, 480 lines" in shown.value
    assert "Your video" not in shown.value
    assert "A. Tester" in credit.value
    assert made(served, project_id, "draft") == [False, True]
    assert made(served, project_id, "preview") == [True, True]


def made(served: Served, project_id: str, quality: str) -> list[bool]:
    """Assemble; whether a preview and whether a video is shown then."""
    *_, job = served.jobs.watch(
        served.jobs.start("assemble", project_id, {"quality": quality}).job_id
    )
    assert job.state == "done"
    snapshot = Snapshot(served.studio, served.jobs, project_id)
    return [snapshot.preview is not None, snapshot.video is not None]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "http://example.com", "//x.com", ""]
)
def test_only_an_encrypted_address_becomes_a_link(address: str) -> None:
    """What a source tells may be anything."""
    assert look.link_out("Terms", address) == ""
    assert "<a" not in look.note("A warning.", address)


def test_nothing_gets_out_of_a_link() -> None:
    """Neither out of its address nor out of its words."""
    link = look.link_out("<b>Terms</b>", 'https://example.com/"onclick="alert(1)')
    assert link.count('"') == 6
    assert "<b>" not in link
