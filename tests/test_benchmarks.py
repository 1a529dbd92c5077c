"""The render's benchmark, as far as it is pure: its goals, its tables, its scenes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import goals
import measuring
import pytest
import scenery
import scenes
from goals import CAPTIONED, CHANGED, DECODE, FULL, LIMIT, OURS, SHIPPED, Goal
from measuring import Cost

COSTS = {
    DECODE: Cost(wall=5, cpu=8, megabytes=200),
    LIMIT: Cost(wall=10, cpu=12, megabytes=500, size=10_000_000),
    OURS: Cost(wall=11, cpu=20.8, megabytes=600, size=11_000_000),
}


def judged(costs: dict[str, Cost]) -> dict[str, Goal]:
    """The goals by the beginning of their names."""
    return {goal.name.split(",")[0]: goal for goal in goals.goals(costs)}


def test_the_floor_is_decoding_and_encoding_alone() -> None:
    """One after the other: times add up, memory does not; nothing when one is missing."""
    assert goals.floor_of(COSTS) == Cost(wall=15, cpu=20, megabytes=500, size=10_000_000)
    assert goals.floor_of({LIMIT: COSTS[LIMIT]}) is None


def test_the_render_is_measured_against_the_floor() -> None:
    """CPU and wall each against the floor's CPU."""
    found = judged(COSTS)

    assert found["CPU"].measured == pytest.approx(1.04)
    assert found["CPU"].met
    assert found["wall on 2 cores"].measured == pytest.approx(0.55)
    assert found["wall on 2 cores"].met


def test_a_goal_that_is_missed_is_told_from_one_that_was_not_measured() -> None:
    """Only the first makes the benchmark fail."""
    found = judged({**COSTS, OURS: Cost(wall=30, cpu=30)})

    assert (found["CPU"].met, found["CPU"].missed) == (False, True)
    unmeasured = found["CPU with captions"]
    assert (unmeasured.met, unmeasured.missed) == (False, False)
    said = "\n".join(goals.goal_table(found.values()))
    assert "1.500  <= 1.05  MISS" in said
    assert "not measured" in said


def test_other_ways_are_measured_against_the_same_cut_of_ours() -> None:
    """MoviePy lays captions, so ours with captions stands beside it; a change beside its cut."""
    found = judged(
        {
            CAPTIONED: Cost(wall=12, cpu=22),
            SHIPPED: Cost(wall=90, cpu=198),
            FULL: Cost(wall=100, cpu=200),
            CHANGED: Cost(wall=5, cpu=6),
        }
    )

    assert found["CPU of MoviePy as it ships"].measured == pytest.approx(9)
    assert found["CPU of MoviePy as it ships"].met
    assert found["CPU of one clip changed of 20"].measured == pytest.approx(0.03)


def test_the_goal_for_the_wall_follows_the_cores() -> None:
    """Twice the cores, half the time."""
    walls = [goals.goals(COSTS, cores=cores)[2].limit for cores in (2, 4)]

    assert walls == [0.6, 0.3]


def test_the_table_says_the_floor_and_each_way_beside_it() -> None:
    """One line each, with ratios where there is something to compare with."""
    lines = goals.cost_table(COSTS)

    assert len(lines) == 5
    assert lines[3].split()[-2:] == ["1.04", "1.10"]
    assert lines[4].startswith("floor")


def test_rounds_are_told_by_their_medians() -> None:
    """One slow round does not count."""
    rounds = [Cost(1, 10, 100, 5), Cost(2, 20, 200, 5), Cost(9, 90, 900, 5)]

    assert measuring.middle(rounds) == Cost(2, 20, 200, 5)


@pytest.mark.skipif(sys.platform == "win32", reason="counts as Unix does")
def test_what_a_program_costs_is_counted() -> None:
    """A program that works for a moment costs about that; the time it sleeps is wall alone."""
    cost = measuring.run([sys.executable, "-c", "import time; time.sleep(0.3)"])

    assert cost.wall >= 0.3
    assert 0 < cost.cpu < cost.wall


@pytest.mark.skipif(sys.platform == "win32", reason="counts as Unix does")
def test_work_done_here_is_counted() -> None:
    """Our own part of a render counts like that of the programs it starts."""
    begin = time.process_time()

    cost, result = measuring.measured(lambda: sum(range(2_000_000)))

    assert result == 1999999000000
    assert 0 < cost.cpu <= time.process_time() - begin + 0.1


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks as Linux does")
def test_a_program_that_is_about_to_start_has_no_memory_of_its_own() -> None:
    """Until then it has its parent's, which is counted once; a program that runs counts."""
    script = (
        "import os, subprocess, sys, time\n"
        "sleeping = subprocess.Popen(['sleep', '20'])\n"
        "twin = os.fork() or time.sleep(20)\n"
        "print(sleeping.pid, twin, flush=True)\n"
        "sys.stdin.read()\n"
        "os.kill(twin, 9), sleeping.kill()\n"
    )
    with subprocess.Popen(  # noqa: S603 - a script of our own
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        sleeping, twin = map(int, parent.stdout.readline().split())
        found = measuring.family(parent.pid)
        parent.communicate()

    assert set(found) == {parent.pid, sleeping}
    assert twin not in found


def test_a_program_that_fails_is_no_measurement() -> None:
    """Its last words are said."""
    with pytest.raises(RuntimeError, match="no such luck"):
        measuring.run([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_scenes_take_the_kinds_of_clips_in_turn() -> None:
    """So that few of them are as mixed as many; words fill the narration."""
    found = scenes.scenes_over(Path("f"), 12, stretch=2.0)

    assert [scene.clip.name for scene in found[:3]] == ["camera.mp4", "web720.mp4", "phone.mp4"]
    assert found[10].clip == found[0].clip
    assert found[0].seconds == 2 * scenes.LENGTHS[0]
    assert found[0].words[0]["start"] == 0
    assert len(found[0].text.split()) == len(found[0].words)


@pytest.mark.parametrize(
    ("count", "stretch", "kinds"),
    [(20, 1.78, scenery.KINDS), (100, 0.25, (scenery.KINDS[0], scenery.KINDS[4]))],
)
def test_no_two_scenes_of_a_cut_are_alike(
    count: int, stretch: float, kinds: tuple[scenery.Kind, ...]
) -> None:
    """What is alike is filmed once, which would flatter whatever is measured over all."""
    found = scenes.scenes_over(Path("f"), count, stretch=stretch, kinds=kinds)
    lengths = {kind.name: kind.seconds for kind in scenery.KINDS}

    assert len({(scene.clip, scene.start) for scene in found}) == count
    assert all(
        scene.start + scene.seconds <= lengths[scene.clip.name]
        for scene in found
        if scene.clip.name != "snippet.mp4"
    )


def test_a_cut_of_three_minutes_is_changed_by_its_share() -> None:
    """The scene that changes is 3.5 % of the frames, so the goal is its share and no more."""
    long = scenes.scenes_over(Path("f"), 20, stretch=1.78)
    lengths = [scene.seconds + scenes.PAUSE for scene in long]

    assert 178 < sum(lengths) < 184
    assert 0.034 < lengths[5] / sum(lengths) < 0.036


def test_the_ground_has_detail_at_every_size() -> None:
    """Neighbours differ and so do far places, as in nature; flat colour would flatter us."""
    picture = scenery.ground(160, 96, 1).astype(int)

    assert picture.shape == (96, 160, 3)
    assert abs(picture[:, 1:] - picture[:, :-1]).mean() > 2
    assert picture.std() > 30
