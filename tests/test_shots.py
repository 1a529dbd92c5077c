"""The look, and the plan: each scene on its exact frame."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from fakes import FixedFinder
from footage import Reel
from sqlalchemy import select
from staging import DRAFT, SceneOf, make_project

from aivideo import projects
from aivideo.errors import ClipNotChosen, InvalidArgument, NotFound, SceneNotSpoken, ScriptEmpty
from aivideo.render import Look, plan
from aivideo.shots import frame_starts
from aivideo.store import AudioFile, ClipSelection
from aivideo.studio import Studio


# --------------------------------------------------------------------------- the look
@pytest.mark.parametrize(
    "wrong",
    [{"aspect": "4:3"}, {"fps": 29}, {"quality": "best"}, {"short_clip": "cut"},
     {"music": Path("no-such-tune.mp3")}],
)  # fmt: skip
def test_a_look_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    """The sentence names what can be chosen."""
    with pytest.raises(InvalidArgument):
        Look(**wrong)


@pytest.mark.parametrize(
    ("aspect", "quality", "size"),
    [
        ("16:9", "standard", (1920, 1080)),
        ("9:16", "standard", (1080, 1920)),
        ("1:1", "high", (1080, 1080)),
        ("16:9", "draft", (1280, 720)),
        ("9:16", "draft", (720, 1280)),
    ],
)
def test_a_look_decides_the_size(aspect: str, quality: Any, size: tuple[int, int]) -> None:
    """1080 lines, or 720 for a draft."""
    assert Look(aspect=aspect, quality=quality).canvas.size == size


# --------------------------------------------------------------------------- the plan
def test_a_scene_lasts_its_narration_and_its_pause_to_the_frame() -> None:
    """Nothing adds up: after a hundred odd lengths the end is within half a frame."""
    lengths = [(1.2345, 0.35)] * 100

    starts = frame_starts(lengths, 30)

    assert abs(starts[-1] / 30 - 100 * 1.5845) <= 0.5 / 30 + 1e-9
    assert all(b - a in {47, 48} for a, b in itertools.pairwise(starts))


def test_a_narration_without_a_pause_is_never_cut() -> None:
    """Each scene has room for its last sample."""
    starts = frame_starts([(1.01, 0.0)] * 50, 30)

    assert all((b - a) / 30 >= 1.01 for a, b in itertools.pairwise(starts))


def test_a_very_short_scene_lasts_long_enough_to_be_joined() -> None:
    """Ten frames at the least."""
    assert frame_starts([(0.05, 0.0)], 30) == [0, 10]


def test_a_plan_gives_each_scene_its_place(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """Number, first frame, length, words and clip, in order."""
    project_id = make_project(
        studio, finder, [SceneOf(file=reel["plain"].path), SceneOf("Two words.", reel["fast"].path)]
    )

    facts, (first, second) = plan(studio, project_id, DRAFT)

    assert facts.name == "Bees"
    assert (first.number, first.first_frame, first.frames) == (1, 0, 24)
    assert (second.number, second.first_frame, second.frames) == (2, 24, 24)
    assert [word.text for word in second.words] == ["Two", "words."]
    assert second.clip.source_id == "fast.mp4"


def test_a_project_without_scenes_cannot_be_rendered(studio: Studio) -> None:
    """It is said, before any work."""
    project_id = projects.create_project(studio, topic="Bees").project_id

    with pytest.raises(ScriptEmpty):
        plan(studio, project_id, DRAFT)


def test_a_project_that_is_not_there_is_not_rendered(studio: Studio) -> None:
    """A wrong id is told."""
    with pytest.raises(NotFound):
        plan(studio, "nothing", DRAFT)


def test_scenes_without_narration_are_named(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """All of them at once, also one whose file has gone."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)] * 3)
    with studio.store.session() as session:
        spoken = {audio.scene_number: audio for audio in session.scalars(select(AudioFile))}
        Path(spoken[2].file_path).unlink()
        session.delete(spoken[1])

    with pytest.raises(SceneNotSpoken, match="Scenes 1 and 2 have"):
        plan(studio, project_id, DRAFT)


def test_scenes_without_a_clip_are_named(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """The person sees which to choose for."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)] * 2)
    with studio.store.session() as session:
        for selection in session.scalars(select(ClipSelection)):
            if selection.scene_number == 2:
                session.delete(selection)

    with pytest.raises(ClipNotChosen, match="Scene 2 has no clip"):
        plan(studio, project_id, DRAFT)


@pytest.mark.parametrize("words", [[{"text": "Bees"}], [{"text": "Bees", "start": None, "end": 1}]])
def test_word_times_that_are_missing_are_made_up(
    studio: Studio, finder: FixedFinder, reel: Reel, words: list[dict[str, Any]]
) -> None:
    """Captions never fail for want of a time."""
    project_id = make_project(studio, finder, [SceneOf("Bees", reel["plain"].path)])
    with studio.store.session() as session:
        session.scalars(select(AudioFile)).one().words = words

    _, (shot,) = plan(studio, project_id, DRAFT)

    assert [(word.text, word.start) for word in shot.words] == [("Bees", 0.0)]
