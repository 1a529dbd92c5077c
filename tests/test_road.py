"""The whole road as a person walks it: the real command in a process of its own.

Real Kokoro, real ffmpeg, drawn pictures; the script is given, so that no language model has
to think. Interrupted, killed, out of disk: nothing is lost and nothing is left half-written.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import oracle
import pytest

CHECKOUT = Path(__file__).parent.parent
STORY = """Bees leave the hive at dawn and look for flowers.

They carry the nectar home and fan it with their wings.

The honey is sealed with wax and kept for the winter.
"""
SHORT_STORY = "Bees look for flowers.\n\nThey carry nectar home.\n\nIt turns into honey.\n"
"""For what is made again and again."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc as on Linux and macOS"),
]


class Road:
    """A folder to walk the road in, with the checkout's weights."""

    def __init__(self, folder: Path, voice: Path, story: str = SHORT_STORY) -> None:
        self.folder = folder
        self.out = folder / "bees.mp4"
        self.cache = folder / "cache"
        self._environment = {
            **os.environ,
            "CACHE_DIR": str(self.cache),
            "DATABASE_PATH": str(folder / "videos.db"),
            "KOKORO_MODEL": str(voice),
            "MODEL_HUB": "",
            "FOOTAGE_DIR": str(folder / "footage"),
        }
        (folder / "story.txt").write_text(story, encoding="utf-8")

    def start(self, *more: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable,
                str(CHECKOUT / "aivideo_app.py"),
                *("make", "How bees make honey"),
                *("--script", str(self.folder / "story.txt")),
                *("--out", str(self.out), "--quality", "draft", "--json"),
                *more,
            ],
            cwd=self.folder,
            env={**self._environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str, str]:
        """Wait for the command: exit code, stdout, stderr."""
        said, shown = process.communicate(timeout=300)
        return process.returncode, said, shown

    def files(self, kind: str) -> dict[str, int]:
        """The finished products of one kind, and when each was written."""
        folder = self.cache / kind
        return {
            path.name: path.stat().st_mtime_ns
            for path in (folder.iterdir() if folder.exists() else ())
            if ".draft-" not in path.name
        }

    def finished(self) -> dict[str, int]:
        """The narrations and filmed parts that are done."""
        return self.files("audio") | self.files("parts")

    def drafts(self) -> list[str]:
        """What is left half-written anywhere."""
        return [path.name for path in self.folder.rglob("*") if ".draft-" in path.name]


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Read the progress until it tells of ``word``."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    pytest.fail(f"It never came to {word!r}")


def ffmpegs(road: Road) -> list[str]:
    """Processes that still work in the road's folder."""
    listed = subprocess.run(
        ["ps", "-eo", "args"],  # noqa: S607 - found on the path, as on every Unix
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [line for line in listed.splitlines() if str(road.cache) in line]


@pytest.fixture(autouse=True)
def listening_to_ctrl_c() -> Iterator[None]:
    """A shell's background job ignores Ctrl-C, and so would all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def voice(weights_dir: Path) -> Path:
    """The voice's weights; skipped where they were never fetched."""
    voice = weights_dir / "kokoro-v1.0.int8.onnx"
    if not voice.exists():
        pytest.skip("Run 'python aivideo_app.py fetch --tests' once, for the voice's weights")
    return voice


@pytest.fixture
def road(tmp_path: Path, voice: Path) -> Road:
    """A fresh folder."""
    return Road(tmp_path, voice)


def test_a_story_becomes_a_video_that_the_oracle_accepts(
    tmp_path: Path, voice: Path, weights_dir: Path
) -> None:
    """Frames, streams, loudness and the words that are heard are right."""
    road = Road(tmp_path, voice, STORY)
    code, said, shown = road.finish(road.start())
    assert code == 0, shown
    answer = json.loads(said)
    assert answer["video"] == str(road.out)
    whisper = weights_dir / "faster-whisper-tiny.en"
    found = oracle.check(
        road.out,
        script=" ".join(scene["text"] for scene in answer["scenes"]),
        whisper=whisper if whisper.exists() else None,
    )
    assert found.complaints == []
    for beside in ("bees.jpg", "bees.srt", "bees.vtt", "bees.credits.txt"):
        assert (road.folder / beside).stat().st_size > 0
    assert road.drafts() == []


def test_ctrl_c_leaves_nothing_half_written(road: Road) -> None:
    """At each stage: exit code 130, no draft, no process; the same command goes on from there."""
    kept: dict[str, int] = {}
    for stage in ("voice:", "clips:", "Filming"):
        process = road.start()
        wait_for(process, stage)
        process.send_signal(signal.SIGINT)
        code, said, shown = road.finish(process)
        assert (code, said) == (130, "")
        assert "the same command goes on" in shown
        assert road.drafts() == []
        assert ffmpegs(road) == []
        assert not road.out.exists()
        assert kept.items() <= road.finished().items()
        kept = road.finished()
    code, _, shown = road.finish(road.start())
    assert code == 0, shown
    assert kept.items() <= road.finished().items()


def test_kill_9_costs_only_what_was_being_made(road: Road) -> None:
    """Killed while filming: the next run removes the drafts and redoes no finished part."""
    process = road.start()
    wait_for(process, "Filming")
    deadline = time.monotonic() + 120
    while not road.files("parts") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    kept = road.finished()
    assert road.files("parts")
    code, _, shown = road.finish(road.start())
    assert code == 0, shown
    assert kept.items() <= road.finished().items()
    assert road.drafts() == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk"
)
def test_a_full_disk_is_a_sentence_and_the_project_goes_on(road: Road) -> None:
    """With the cache on a disk of a few megabytes the command says so and leaves no draft."""
    small = road.folder / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 - as root
        pytest.skip("this machine does not let us mount")
    try:
        code, said, shown = road.finish(road.start(CACHE_DIR=str(small)))
        assert (code, said) == (1, "")
        assert shown.strip().endswith("[DISK_FULL]")
        assert list(small.rglob("*.draft-*")) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)  # noqa: S603, S607 - as root
    code, _, shown = road.finish(road.start())
    assert code == 0, shown
