"""Which way to the network speaks: what is there, what was measured, and why."""

from __future__ import annotations

import gc
import json
import shutil
import sys
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from numpy.typing import NDArray
from test_speech import Hum, Spelling

from aivideo.engines import hub_cache, speakers, weights
from aivideo.engines.kokoro import Utterance
from aivideo.engines.speakers import PACES, WAYS, FasterSpeaker, Way, open_speaker
from aivideo.engines.speech import RATE, KokoroSpeaker
from aivideo.errors import UnknownProvider, VoiceUnreadable
from aivideo.progress import Work, finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace, content_hash


class Paced(Hum):
    """A network that hums as many times faster than real time as it is told, by a clock."""

    def __init__(self, path: Path, clock: Clock, pace: float) -> None:
        super().__init__(path)
        self._clock, self._pace = clock, pace

    def run(
        self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
    ) -> Work[Utterance]:
        """Hum, and let that much time pass."""
        utterance = yield from super().run(numbers, style, speed)
        self._clock.seconds += len(utterance.samples) / RATE / self._pace
        return utterance


@dataclass
class Clock:
    """Seconds that pass when somebody says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


@dataclass
class Bench:
    """Two ways to a network, "one" and "other", and what became of them.

    Attributes:
        paces: How fast each is; at 0 its weights cannot be loaded.
        opened: Which networks were loaded, in order.
    """

    settings: Settings
    workspace: Workspace
    folder: Path
    paces: dict[str, float]
    opened: list[str] = field(default_factory=list)
    alive: dict[str, weakref.ref[Paced]] = field(default_factory=dict)

    def speaker(self) -> FasterSpeaker:
        """As the program makes one at each start."""
        clock = Clock()

        def opener(title: str) -> Callable[[], KokoroSpeaker]:
            def open_network(path: Path) -> Paced:
                self.opened.append(title)
                if not self.paces[title]:
                    raise VoiceUnreadable(path)
                network = Paced(path, clock, self.paces[title])
                self.alive[title] = weakref.ref(network)
                return network

            own = self.settings.model_copy(update={"kokoro_model": self.folder / f"{title}.onnx"})
            return lambda: KokoroSpeaker(
                own, self.workspace, weights.KOKORO, open_network, Spelling
            )

        return FasterSpeaker(
            [(title, opener(title)) for title in self.paces], self.workspace, clock
        )


@pytest.fixture
def bench(settings: Settings, workspace: Workspace, tmp_path: Path) -> Bench:
    """The other one is faster."""
    for title in ("one", "other"):
        (tmp_path / f"{title}.onnx").write_bytes(title.encode())
    return Bench(settings, workspace, tmp_path, {"one": 1.5, "other": 2.4})


@pytest.mark.parametrize(("paces", "faster"), [((1.5, 2.4), 1), ((3.0, 2.4), 0)])
def test_the_faster_one_speaks(bench: Bench, paces: tuple[float, float], faster: int) -> None:
    """Both are measured before the first narration; ``check`` says which was taken, and why."""
    titles = list(bench.paces)
    bench.paces = dict(zip(titles, paces, strict=True))
    speaker = bench.speaker()
    assert "other is measured beside it before the next narration" in speaker.check().says
    finish(speaker.prepare())
    taken, slower = titles[faster], titles[1 - faster]
    says = speaker.check().says
    assert f"speaks through {taken} at {paces[faster]:.1f}x real time" in says
    assert f"{slower} was slower ({paces[1 - faster]:.1f}x)" in says
    network = bench.alive[taken]()
    assert network
    before = len(network.given)
    finish(speaker.speak("Honey bees fly.", "af_heart"))
    assert len(network.given) == before + 1


def test_the_name_is_that_of_the_one_that_speaks(bench: Bench) -> None:
    """So a narration is never taken for one that the other way spoke."""
    speaker = bench.speaker()
    before = speaker.name
    finish(speaker.prepare())
    assert speaker.name != before
    assert bench.speaker().name == speaker.name


def test_it_is_measured_once_on_a_machine(bench: Bench) -> None:
    """The next start loads the faster one alone."""
    finish(bench.speaker().prepare())
    assert sorted(set(bench.opened)) == ["one", "other"]
    bench.opened.clear()
    again = bench.speaker()
    finish(again.prepare())
    assert bench.opened == ["other"]
    assert "other at 2.4x" in again.check().says


def test_what_the_slower_one_has_loaded_is_let_go_of(bench: Bench) -> None:
    """Two networks in memory would be one too many."""
    speaker = bench.speaker()
    finish(speaker.prepare())
    gc.collect()
    assert bench.alive["one"]() is None
    assert bench.alive["other"]() is not None
    assert speaker.check().works


def test_other_weights_are_measured_anew(bench: Bench) -> None:
    """What was measured is of those weights, those versions and that machine."""
    finish(bench.speaker().prepare())
    (bench.folder / "one.onnx").write_bytes(b"other weights")
    bench.paces["one"] = 9.0
    speaker = bench.speaker()
    finish(speaker.prepare())
    assert "one at 9.0x" in speaker.check().says
    kept = json.loads((bench.workspace.root / PACES).read_text("utf-8"))
    assert len(kept) == 3
    assert all("onnxruntime 1" in key for key in kept)


def test_a_way_without_weights_is_not_measured(bench: Bench) -> None:
    """The one that is here speaks, without anything being fetched for a comparison."""
    (bench.folder / "other.onnx").unlink()
    speaker = bench.speaker()
    finish(speaker.prepare())
    assert bench.opened == ["one"]
    assert "other is not used, since its weights are not on this machine" in speaker.check().says
    assert not (bench.workspace.root / PACES).exists()


def test_a_way_that_fails_is_passed_over(bench: Bench) -> None:
    """``check`` tells; after the next start it is tried again, since it may have been mended."""
    bench.paces["other"] = 0.0
    speaker = bench.speaker()
    finish(speaker.prepare())
    assert "speaks through one at 1.5x real time; other failed" in speaker.check().says
    bench.paces["other"] = 2.4
    again = bench.speaker()
    finish(again.prepare())
    assert "through other" in again.check().says


@pytest.mark.parametrize("content", ["", "[]", '{"a": "b"}', "\x00"])
def test_broken_notes_are_measured_anew(bench: Bench, content: str) -> None:
    """Nobody has to know the file."""
    (bench.workspace.root / PACES).write_text(content, encoding="utf-8")
    speaker = bench.speaker()
    finish(speaker.prepare())
    assert "other at 2.4x" in speaker.check().says


def test_an_unknown_engine_lists_those_there_are(settings: Settings, workspace: Workspace) -> None:
    """A wrong setting is found when the studio opens."""
    with pytest.raises(UnknownProvider, match="auto, kokoro, onnx"):
        open_speaker(settings.model_copy(update={"tts_engine": "espeak"}), workspace)


@pytest.mark.parametrize(
    ("suffix", "engine", "packages"),
    [
        (".pth", "auto", ("kokoro", "torch")),
        (".onnx", "auto", ("onnxruntime",)),
        (".bin", "auto", ("onnxruntime",)),
        (".pth", "onnx", ("onnxruntime",)),
        (".onnx", "kokoro", ("kokoro", "torch")),
    ],
)
def test_weights_of_ones_own_choose_their_way(
    bench: Bench, suffix: str, engine: str, packages: tuple[str, ...]
) -> None:
    """Nothing is compared with them: the other way would speak with another network."""
    own = bench.folder / f"own{suffix}"
    own.write_bytes(b"weights")
    chosen = bench.settings.model_copy(update={"kokoro_model": own, "tts_engine": engine})
    speaker = open_speaker(chosen, bench.workspace)
    assert isinstance(speaker, KokoroSpeaker)
    assert speaker.packages == packages


def test_published_weights_are_compared_with_the_other_way(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """A file of one's own with the published sum is the same network."""
    own = tmp_path / "kokoro.pth"
    own.write_bytes(b"published")
    published = replace(weights.KOKORO_OFFICIAL, size=9, sha256=content_hash(own))
    ways = dict(WAYS) | {"kokoro": Way("the official package", published, Hum, ".pth")}
    chosen = settings.model_copy(update={"kokoro_model": own})
    assert isinstance(open_speaker(chosen, workspace, ways), FasterSpeaker)
    own.write_bytes(b"otherwise")
    assert isinstance(open_speaker(chosen, workspace, ways), KokoroSpeaker)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the hub's own client keeps one snapshot of Kokoro."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = tmp_path / "hub" / "models--hexgrad--Kokoro-82M"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text("abc", encoding="utf-8")
    snapshot = folder / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    return snapshot


def test_weights_in_the_hubs_cache_are_used(
    hub: Path, settings: Settings, workspace: Workspace
) -> None:
    """Whoever has the official package's weights need not fetch them again."""
    model = replace(weights.KOKORO_OFFICIAL, size=7, file_name="small.onnx")  # run with ONNX
    assert hub_cache.find(model) is None
    speaker = KokoroSpeaker(settings, workspace, model, Hum, Spelling)
    assert speaker.lacks
    (hub / "kokoro-v1_0.pth").write_bytes(b"weights")
    assert hub_cache.find(model) == hub / "kokoro-v1_0.pth"
    assert speaker.lacks == ""
    assert len(finish(speaker.speak("Honey bees fly.", "af_heart")).words) == 3


def test_a_broken_file_in_the_hubs_cache_is_not_used(hub: Path) -> None:
    """It has another length than the published one."""
    (hub / "kokoro-v1_0.pth").write_bytes(b"half of it")
    assert hub_cache.find(weights.KOKORO_OFFICIAL) is None
    assert hub_cache.find(weights.KOKORO) is None


def test_without_the_hubs_client_its_cache_is_not_looked_for(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes with the official package, which need not be installed."""
    (hub / "kokoro-v1_0.pth").write_bytes(b"weights")
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert hub_cache.find(replace(weights.KOKORO_OFFICIAL, size=7)) is None


@pytest.mark.parametrize(("driver", "told"), [("/usr/bin/nvidia-smi", True), (None, False)])
def test_a_graphics_card_that_lies_idle_is_pointed_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, driver: str | None, *, told: bool
) -> None:
    """Nothing is fetched for it; ``check`` names the setting that does."""
    monkeypatch.setattr(shutil, "which", lambda _: driver)
    (bench.folder / "other.onnx").unlink()
    assert ("TTS_ENGINE=kokoro fetches them" in bench.speaker().check().says) is told


def test_another_processor_is_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was measured on one says nothing about the other; not every system lists them."""
    listing = tmp_path / "cpuinfo"
    monkeypatch.setattr(speakers, "PROCESSORS", listing)
    monkeypatch.setattr("platform.processor", lambda: "an old one")
    machine = speakers._machine.__wrapped__
    assert "an old one x" in machine()
    listing.write_text("processor : 0\nmodel name\t: Brand New 9000\n", encoding="utf-8")
    assert "Brand New 9000 x" in machine()
    assert speakers._version("no-such-package") == "none"
