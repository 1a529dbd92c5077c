"""Whole frames: exact after a hundred scenes, and the same for scenes that did not change."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from aivideo.settings import Settings
from aivideo.timeline import FEWEST_FRAMES, _settled, forget, frame_starts, keep, recall
from aivideo.workspace import Workspace


def odd_lengths(count: int = 100, seed: int = 1) -> list[tuple[float, float]]:
    """Narrations and pauses as they come."""
    chance = np.random.default_rng(seed)
    return [(float(chance.uniform(1.2, 9)), float(chance.uniform(0.1, 0.6))) for _ in range(count)]


def frames_of(starts: list[int]) -> list[int]:
    """How many frames each scene has."""
    return [after - first for first, after in itertools.pairwise(starts)]


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_a_hundred_odd_lengths_come_to_the_exact_total(fps: int) -> None:
    """Cumulative seconds times frames a second, rounded; each scene within a frame."""
    lengths = odd_lengths()

    starts = frame_starts(lengths, fps)

    assert starts[-1] == round(sum(map(sum, lengths)) * fps)
    for (narration, pause), frames in zip(lengths, frames_of(starts), strict=True):
        assert abs(frames - (narration + pause) * fps) < 1


def test_a_scene_lasts_its_narration_and_its_pause_to_the_frame() -> None:
    """Nothing adds up: after a hundred odd lengths the end is within half a frame."""
    starts = frame_starts([(1.2345, 0.35)] * 100, 30)

    assert abs(starts[-1] / 30 - 100 * 1.5845) <= 0.5 / 30 + 1e-9
    assert set(frames_of(starts)) == {47, 48}


def test_a_narration_without_a_pause_is_never_cut() -> None:
    """Each scene has room for its last sample."""
    starts = frame_starts([(1.01, 0.0)] * 50, 30)

    assert all(frames / 30 >= 1.01 for frames in frames_of(starts))


def test_a_very_short_scene_lasts_long_enough_to_be_joined() -> None:
    """Ten frames at the least."""
    assert frame_starts([(0.05, 0.0)], 30) == [0, FEWEST_FRAMES]


def test_a_new_narration_leaves_the_other_scenes_as_long_as_they_were() -> None:
    """The new one takes up what the total wants; only after many changes another has to, too."""
    lengths = odd_lengths(20)
    frames = frames_of(frame_starts(lengths, 30))
    chance, others = np.random.default_rng(2), []
    for _ in range(200):
        place = int(chance.integers(20))
        lengths[place] = (float(chance.uniform(1.2, 9)), lengths[place][1])
        kept = [None if n == place else was for n, was in enumerate(frames)]

        after = frames_of(frame_starts(lengths, 30, kept))

        assert sum(after) == round(sum(map(sum, lengths)) * 30)
        others.append(sum(n != place and after[n] != frames[n] for n in range(20)))
        assert all(f >= narration * 30 for f, (narration, _) in zip(after, lengths, strict=True))
        assert abs(after[place] - sum(lengths[place]) * 30) <= 2
        frames = after
    assert max(others) <= 1
    assert others[:20] == [0] * 20
    assert sum(others) < 20


def test_scenes_that_only_moved_keep_their_frames() -> None:
    """In whatever order they stand."""
    lengths = odd_lengths(20)
    frames = frames_of(frame_starts(lengths, 30))

    assert frames_of(frame_starts(lengths[::-1], 30, frames[::-1])) == frames[::-1]


def test_without_a_scene_at_most_one_of_the_others_changes() -> None:
    """The total is exact, and somebody has to pay for it."""
    lengths = odd_lengths(20)
    frames = frames_of(frame_starts(lengths, 30))

    after = frames_of(frame_starts(lengths[1:], 30, frames[1:]))

    assert sum(after) == round(sum(map(sum, lengths[1:])) * 30)
    assert sum(now != before for now, before in zip(after, frames[1:], strict=True)) <= 1


def test_what_cannot_be_kept_is_rounded_anew() -> None:
    """Frames that no rounding gives are not believed."""
    lengths = odd_lengths(3)

    assert frame_starts(lengths, 30, [5000, None, 3]) == frame_starts(lengths, 30)
    assert _settled(lengths, 30, [None, None, None], total=5000) == []


def test_the_frames_of_a_project_are_remembered(settings: Settings) -> None:
    """For each rate by itself; what is not there or damaged is none."""
    workspace = Workspace(settings)
    kept = {"a": ((1.25, 0.35), 48), "b": ((2.0, 0.0), 60)}

    keep(workspace, "bees", 30, kept)

    assert recall(workspace, "bees", 30) == kept
    assert recall(workspace, "bees", 25) == {}
    (file,) = Path(workspace.root / "timelines").iterdir()
    file.write_text('{"a": [1, 2]}')
    assert recall(workspace, "bees", 30) == {}
    keep(workspace, "wasps", 30, kept)
    forget(workspace, "bees")
    assert [path.name for path in file.parent.iterdir()] == ["wasps-30.json"]
    workspace.close()
