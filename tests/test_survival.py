"""Killed at any moment: what was finished stays as it was, and the result is the same."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import Reel, make_stills
from render_process import render, settings_in
from staging import SceneOf, luma_of, make_project

from aivideo.autopilot import look_from
from aivideo.engines import media
from aivideo.engines.inspection import complaints_about
from aivideo.render.joining import video_name
from aivideo.shots import plan
from aivideo.studio import open_studio
from aivideo.workspace import DRAFT, content_hash

TESTS = Path(__file__).parent
KILLS = 50
PATIENCE = 300.0
"""Seconds that a render may take on a machine that is busy otherwise."""
MOST_APART = 3.0
"""Levels, of 255, that pictures may differ on average when other threads encoded them."""
LOOKS: tuple[Mapping[str, Any], ...] = (
    {"quality": "preview"},
    {"quality": "preview", "transition": "crossfade", "captions": False},
    {"quality": "preview", "aspect": "9:16", "caption_style": "pop"},
)
PRODUCTS = ("parts", "sound", "posters", "captions", "transitions")

if sys.platform == "linux":
    PROCESSES = multiprocessing.get_context("forkserver")
else:  # libraries of the system do not bear being forked
    PROCESSES = multiprocessing.get_context("spawn")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="a signal that nobody can catch"),
]


@pytest.fixture
def project_id(tmp_path: Path, reel: Reel) -> str:
    """A project in a folder of its own: clips, a still, a drawn scene."""
    clips = tmp_path / "clips"
    clips.mkdir()
    for kind in ("plain", "phone", "webm"):
        shutil.copy(reel[kind].path, clips)
    stills = tmp_path / "stills"
    stills.mkdir()
    shutil.copy(make_stills(stills)["plain.png"], clips)
    finder = FixedFinder()
    scenes = [
        SceneOf("Bees dance and sing.", clip, seconds=1.3 + 0.17 * number)
        for number, clip in enumerate(sorted(clips.iterdir()))
    ]
    with open_studio(
        settings_in(tmp_path),
        chat_model=QueuedChat(),
        speaker=ToneSpeaker(),
        finders={"fixed": finder},
    ) as studio:
        return make_project(studio, finder, scenes)


@pytest.fixture(autouse=True)
def nursery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are born of one that has imported everything: that takes longer than a render."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (TESTS, TESTS.parent))))
    PROCESSES.set_forkserver_preload(["render_process", "av", "PIL.Image", "skia"])


def start(folder: Path, project_id: str, look: Mapping[str, Any]) -> tuple[Process, Connection]:
    """Start a render in a process of its own; it is about to begin."""
    said, saying = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=render, args=(saying, folder, project_id, look))
    process.start()
    saying.close()
    assert said.poll(PATIENCE), "it does not start"
    assert said.recv() == "ready"
    return process, said


def rendered(folder: Path, project_id: str, look: Mapping[str, Any]) -> Path:
    """The video of a render that nobody disturbs."""
    process, said = start(folder, project_id, look)
    assert said.poll(PATIENCE), "it does not end"
    path = Path(said.recv())
    process.join()
    assert process.exitcode == 0
    return path


def videos(folder: Path, project_id: str) -> list[Path]:
    """The video of each look, undisturbed; two of them take each other's place in the output."""
    return [
        Path(shutil.copy(rendered(folder, project_id, look), folder / f"look-{number}.mp4"))
        for number, look in enumerate(LOOKS)
    ]


def assert_alike(one: Path, other: Path) -> None:
    """The same pictures; their bytes depend on how many threads were free for each part."""
    frames = itertools.zip_longest(luma_of(one), luma_of(other))
    apart = [
        float(np.abs(a.astype(np.int16) - b).mean()) if a is not None and b is not None else 255.0
        for a, b in frames
    ]
    assert max(apart) < MOST_APART


def products(folder: Path) -> dict[Path, tuple[int, str]]:
    """Everything that is finished: when each file was written, and its content."""
    return {
        path: (path.stat().st_mtime_ns, content_hash(path))
        for kind in PRODUCTS
        for path in (folder / "cache" / kind).glob("*")
        if not DRAFT.search(path.name)
    }


def assert_whole(folder: Path, project_id: str) -> None:
    """What is served, if anything, are whole videos as they were planned."""
    with open_studio(
        settings_in(folder),
        chat_model=QueuedChat(),
        speaker=ToneSpeaker(),
        finders={"fixed": FixedFinder()},
    ) as studio:
        served = set((folder / "output").glob("*.mp4"))
        for look in LOOKS:
            wanted = look_from(look, aspect=look.get("aspect", "16:9"))
            project, shots = plan(studio, project_id, wanted)
            path = video_name(studio, project, wanted)
            if path.exists():
                frames = sum(shot.frames for shot in shots)
                assert complaints_about(path, wanted.canvas, frames) == []
            served.discard(path)
        assert not [path for path in served if not DRAFT.search(path.name)]


def test_killed_at_fifty_moments_nothing_is_lost_or_broken(tmp_path: Path, project_id: str) -> None:
    """Each kill costs what was being made; finished parts are neither touched nor made again."""
    untouched = tmp_path.with_name(f"{tmp_path.name}-untouched")
    shutil.copytree(tmp_path, untouched)
    wanted = videos(untouched, project_id)
    moments = random.Random(20_26)  # noqa: S311 - moments, not secrets
    finished: dict[Path, tuple[int, str]] = {}
    killed, window = 0, 0.6
    for number in range(KILLS):
        look = LOOKS[number % len(LOOKS)]
        process, _ = start(tmp_path, project_id, look)
        time.sleep(moments.uniform(0.0, window))
        process.kill()
        process.join()
        died = process.exitcode == -signal.SIGKILL
        # All of a render is to be hit, be it slow or nearly done by those before it.
        killed, window = killed + died, min(2.0, window * 1.2) if died else window / 2
        now = products(tmp_path)
        assert finished.items() <= now.items(), "a finished product was changed or lost"
        finished = now
        assert_whole(tmp_path, project_id)
    assert len(finished) > 4 * len(LOOKS), "the renders were killed too early to finish anything"
    assert killed > KILLS // 2, "the renders were too short to be killed"
    for one, other in zip(videos(tmp_path, project_id), wanted, strict=True):
        assert_alike(one, other)
    assert finished.items() <= products(tmp_path).items()
    assert all(media.count_frames(part) for part in (tmp_path / "cache" / "parts").glob("*.mp4"))
    assert not [path.name for path in tmp_path.rglob("*") if DRAFT.search(path.name)]
