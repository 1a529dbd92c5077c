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
from aivideo.shots import keep_frames, motions_of
from aivideo.store import AudioFile, ClipSelection
from aivideo.studio import Studio


# --------------------------------------------------------------------------- the look
@pytest.mark.parametrize(
    "wrong",
    [{"aspect": "4:3"}, {"fps": 29}, {"quality": "best"}, {"short_clip": "cut"},
     {"music": Path("no-such-tune.mp3")}, {"transition": "wipe"}, {"transition_seconds": 0.05},
     {"transition_seconds": 3.5}],
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
        ("16:9", "preview", (854, 480)),
        ("9:16", "preview", (480, 854)),
    ],
)
def test_a_look_decides_the_size(aspect: str, quality: Any, size: tuple[int, int]) -> None:
    """1080 lines, or 720 for a draft, or 480 for a preview."""
    assert Look(aspect=aspect, quality=quality).canvas.size == size


@pytest.mark.parametrize(
    ("transition", "seconds", "fps", "frames"),
    [("cut", 0.5, 30, 0), ("crossfade", 0.5, 30, 16), ("fade", 0.4, 25, 10), ("fade", 0.1, 24, 4)],
)
def test_a_transition_takes_an_even_number_of_frames(
    transition: Any, seconds: float, fps: int, frames: int
) -> None:
    """Half of it lies in each of the two scenes."""
    assert Look(transition=transition, transition_seconds=seconds, fps=fps).overlap == frames


# --------------------------------------------------------------------------- the plan
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


def test_neighbouring_stills_never_move_alike() -> None:
    """Nearer or away, to the left or to the right: something is always different."""
    motions = list(motions_of(f"scene {number}" for number in range(200)))

    ways = [(motion.closer, motion.right) for motion in motions]
    assert all(one != other for one, other in itertools.pairwise(ways))
    assert len(set(ways)) == 4


def test_a_still_goes_on_moving_as_it_did_when_scenes_move() -> None:
    """One that is put in or taken away changes at most a few of those that follow."""
    ids = [f"scene {number}" for number in range(100)]
    before = dict(zip(ids, motions_of(ids), strict=True))

    after = dict(zip(ids[1:], motions_of(ids[1:]), strict=True))
    moved = dict(zip(ids[50:] + ids[:50], motions_of(ids[50:] + ids[:50]), strict=True))

    assert sum(after[scene] != before[scene] for scene in after) <= 3
    assert sum(moved[scene] != before[scene] for scene in moved) <= 3


def test_a_plan_keeps_the_frames_of_scenes_that_did_not_change(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Whatever a narration before them became; the total stays exact."""
    scenes = [SceneOf(file=reel["plain"].path, seconds=1.013 + n / 97) for n in range(12)]
    project_id = make_project(studio, finder, scenes)
    _, before = plan(studio, project_id, DRAFT)
    keep_frames(studio, project_id, before, DRAFT.fps)
    with studio.store.session() as session:
        spoken = {audio.scene_number: audio for audio in session.scalars(select(AudioFile))}
        spoken[3].duration_seconds = 1.7171

    _, after = plan(studio, project_id, DRAFT)

    changed = [a.number for a, b in zip(after, before, strict=True) if a.frames != b.frames]
    assert changed == [3]
    seconds = sum(shot.narration_seconds + shot.pause_seconds for shot in after)
    assert sum(shot.frames for shot in after) == round(seconds * 30)
