"""From one sentence to an MP4, on fakes for the engines and the real ffmpeg."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import Reel

from aivideo import autopilot, projects, render
from aivideo.errors import InvalidArgument
from aivideo.jobs import Jobs, JobView
from aivideo.studio import Studio

SCRIPT = json.dumps(
    {
        "scenes": [
            {"narration": "Bees leave the hive at dawn.", "search": "bees hive"},
            {"narration": "They drink nectar from flowers.", "search": "bee flower"},
        ]
    }
)

DRAFT = {"scenes": 2, "seconds": 6.0, "quality": "draft"}


@pytest.fixture
def jobs(
    studio: Studio, chat_model: QueuedChat, finder: FixedFinder, tmp_path: Path
) -> Iterator[Jobs]:
    """An open desk, with footage to choose from and a script on the model's tongue."""
    reel = Reel(tmp_path)
    finder.clips = {"bees-hive": reel["plain"].path, "bee-flower": reel["portrait"].path}
    chat_model.answers.extend([SCRIPT, SCRIPT])
    with autopilot.open_desk(studio) as jobs:
        yield jobs


def make(studio: Studio, jobs: Jobs, options: dict[str, object]) -> JobView:
    """Run the whole road for a new project."""
    project_id = projects.create_project(studio, topic="How bees make honey").project_id
    return list(jobs.watch(jobs.start("make_video", project_id, options).job_id))[-1]


def test_one_sentence_becomes_a_video(studio: Studio, jobs: Jobs) -> None:
    """Script, voice, clips and render in a row; everything the result names is there."""
    job = make(studio, jobs, DRAFT)
    assert job.error is None
    assert job.result is not None
    for name in ("video", "thumbnail", "credits"):
        assert Path(job.result[name]).stat().st_size > 0
    for path in job.result["captions"].values():
        assert "Bees leave the hive" in Path(path).read_text("utf-8")
    project = projects.open_project(studio, job.project_id)
    assert (project.stage, project.spoken_count, project.chosen_count) == ("assembly", 2, 2)


def test_what_is_there_is_not_made_again(
    studio: Studio, jobs: Jobs, chat_model: QueuedChat, speaker: ToneSpeaker
) -> None:
    """A second walk over the same project writes and speaks nothing."""
    first = make(studio, jobs, DRAFT)
    asked, spoken = len(chat_model.asked), len(speaker.spoken)
    again = jobs.start("make_video", first.project_id, DRAFT)
    assert list(jobs.watch(again.job_id))[-1].state == "done"
    assert (len(chat_model.asked), len(speaker.spoken)) == (asked, spoken)


def test_an_interrupted_command_is_gone_on_with(
    studio: Studio, jobs: Jobs, chat_model: QueuedChat
) -> None:
    """The same topic and options find the unfinished project; other options do not."""
    chat_model.answers.clear()
    chat_model.answers.append(InvalidArgument("The model is away. Call it back."))
    failed = make(studio, jobs, DRAFT)
    assert failed.state == "failed"
    topic = "How bees make honey"
    assert autopilot.unfinished(studio, topic, DRAFT) == failed.project_id
    assert autopilot.unfinished(studio, topic, {**DRAFT, "scenes": 3}) is None
    assert autopilot.unfinished(studio, "How ants dig", DRAFT) is None


@pytest.mark.parametrize("quality", ["draft", "preview"])
def test_a_finished_command_starts_anew(studio: Studio, jobs: Jobs, quality: str) -> None:
    """Asking again after the video is there makes another one."""
    options = {**DRAFT, "quality": quality}
    make(studio, jobs, options)
    assert autopilot.unfinished(studio, "How bees make honey", options) is None


def test_the_video_after_its_preview_is_of_the_same_project(studio: Studio, jobs: Jobs) -> None:
    """Whoever liked the preview gets what it showed; with other words it is another video."""
    options = {**DRAFT, "quality": "preview"}
    previewed = make(studio, jobs, options)
    topic = "How bees make honey"
    assert autopilot.unfinished(studio, topic, DRAFT) == previewed.project_id
    assert autopilot.unfinished(studio, topic, {**DRAFT, "scenes": 3}) is None
    assert autopilot.unfinished(studio, topic, options) is None


def test_the_look_takes_what_the_options_name(tmp_path: Path) -> None:
    """The project's aspect is the look's; what is left out stays at its default."""
    music = tmp_path / "a.mp3"
    music.write_bytes(b"x")
    options = {"captions": False, "music": str(music), "fps": None, "scenes": 3}
    assert autopilot.look_from(options, aspect="9:16") == render.Look(
        aspect="9:16", captions=False, music=music
    )
