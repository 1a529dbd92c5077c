"""Which of the two ways to Kokoro's network speaks here: the one that is named, or the faster."""

from __future__ import annotations

import functools
import importlib.metadata
import json
import logging
import os
import platform
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aivideo.engines import front_ends, weights
from aivideo.engines.kokoro import Network, OfficialNetwork, OnnxNetwork
from aivideo.engines.phonemes import Pronouncing
from aivideo.engines.speech import NOTHING, KokoroSpeaker, Lexicon, Speaker, Speech, Voice
from aivideo.errors import AIVideoError, Health, UnknownProvider
from aivideo.progress import Work, within
from aivideo.settings import Settings
from aivideo.workspace import Workspace, content_hash

logger = logging.getLogger(__name__)

PACES: Final = "voice-pace.json"
"""What was measured on this machine, in the workspace."""
PROCESSORS: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Way:
    """A way to run Kokoro's network.

    Attributes:
        title: What a sentence calls it.
        model: The weights that it is published with.
        open_network: Loads them.
        suffix: How a file of a person's own weights for it ends.
    """

    title: str
    model: weights.ModelFile
    open_network: Callable[[Path], Network]
    suffix: str


WAYS: Final[Mapping[str, Way]] = {
    "onnx": Way("ONNX", weights.KOKORO, OnnxNetwork, ".onnx"),
    "kokoro": Way("the official package", weights.KOKORO_OFFICIAL, OfficialNetwork, ".pth"),
}
"""By their names in ``TTS_ENGINE``; the first is fetched where neither is there."""

Opened = tuple[str, Callable[[], KokoroSpeaker]]
"""A speaker's title, and what makes it; nothing is loaded by that."""


def open_speaker(
    settings: Settings,
    workspace: Workspace,
    ways: Mapping[str, Way] = WAYS,
    front_end: Callable[[str], Pronouncing] = front_ends.open_front_end,
) -> Speaker:
    """The speaker that the settings name; nothing is loaded yet.

    Args:
        settings: Name the engine, and weights of a person's own.
        workspace: Where weights are, and what was measured.
        ways: By the names that the settings know.
        front_end: Loads what pronounces; is given the accent.

    Raises:
        UnknownProvider: There is no such voice engine.
    """
    shared = functools.cache(front_end)

    def opening(way: Way, chosen: Settings) -> Callable[[], KokoroSpeaker]:
        return lambda: KokoroSpeaker(chosen, workspace, way.model, way.open_network, shared)

    if settings.tts_engine in ways:
        return opening(ways[settings.tts_engine], settings)()
    if settings.tts_engine != "auto":
        raise UnknownProvider("voice engine", settings.tts_engine, ("auto", *ways))
    own = settings.kokoro_model
    fitting = [way for way in ways.values() if own and own.suffix == way.suffix]
    if own and not (fitting and _is_published(own, fitting[0])):
        # Somebody's own network: the other way would speak with another one.
        return opening(fitting[0] if fitting else ways["onnx"], settings)()
    plain = settings.model_copy(update={"kokoro_model": None})
    opened = [
        (way.title, opening(way, settings if way in fitting else plain)) for way in ways.values()
    ]
    return FasterSpeaker(opened, workspace)


class FasterSpeaker:
    """The faster one of several ways to the same network, as measured once on this machine.

    A way that would have to fetch its weights is no rival of one that is here already. What was
    measured is kept with the versions, the weights and the machine that it was measured on.

    Args:
        opened: The ways, the one first that speaks where nothing is here or measured.
        workspace: Keeps what was measured.
        clock: Seconds, for measuring.
    """

    def __init__(
        self,
        opened: Sequence[Opened],
        workspace: Workspace,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._open = dict(opened)
        self._speakers = {title: open_one() for title, open_one in opened}
        self._notes = workspace.root / PACES
        self._workspace = workspace
        self._clock = clock
        self._failed: set[str] = set()

    @property
    def name(self) -> str:
        """The name of the one that speaks."""
        return self._chosen.name

    def voices(self) -> Sequence[Voice]:
        """The whole catalogue, best grade first."""
        return self._chosen.voices()

    def prepare(self) -> Work[None]:
        """Measure the rivals if that was not done here, and make the faster one ready.

        Raises:
            AIVideoError: What the chosen one's ``prepare`` raises.
        """
        unmeasured = [title for title in self._rivals if title not in self._paces()]
        if len(self._rivals) > 1 and unmeasured:
            yield from within(self._measure(unmeasured), 0.0, 0.5)
        yield from within(self._chosen.prepare(), 0.5, 1.0)

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Speak the whole text with the chosen one.

        Raises:
            AIVideoError: What it raises.
        """
        return (yield from self._chosen.speak(text, voice_id, speed, lexicon))

    def check(self) -> Health:
        """How the chosen one is, which one that is, and why."""
        health = self._chosen.check()
        return replace(health, says=f"{health.says} {self._why()}")

    @property
    def _chosen(self) -> KokoroSpeaker:
        return self._speakers[self._title]

    @property
    def _title(self) -> str:
        """The one that speaks."""
        rivals = self._rivals or list(self._speakers)[:1]
        paces = self._paces() if len(rivals) > 1 else {}
        return max(rivals, key=lambda title: paces.get(title, 0.0))

    @property
    def _rivals(self) -> list[str]:
        """Those that can speak without fetching anything."""
        return [title for title, speaker in self._speakers.items() if not speaker.lacks]

    def _measure(self, titles: Sequence[str]) -> Work[None]:
        for number, title in enumerate(titles):
            measuring = self._speakers[title].measure(self._clock)
            try:
                pace = yield from within(
                    measuring, number / len(titles), (number + 1) / len(titles)
                )
            except AIVideoError as failure:
                logger.info("%s cannot speak here: %s %s", title, failure.message, failure.detail)
                self._failed.add(title)
            else:
                self._keep(title, pace)
        for title in self._rivals:
            if title != self._title:  # what it has loaded is let go of
                self._speakers[title] = self._open[title]()

    def _why(self) -> str:
        title, paces = self._title, self._paces()
        lacking = [
            (name, speaker.lacks) for name, speaker in self._speakers.items() if name != title
        ]
        others = [f"{name} is not used, since {lacks}" for name, lacks in lacking if lacks]
        rivals = [name for name, lacks in lacking if not lacks]
        if any(name not in paces for name in (title, *rivals)) and rivals:
            others += [f"{name} is measured beside it before the next narration" for name in rivals]
        else:
            others += [
                f"{name} was slower ({paces[name]:.1f}x)" if paces[name] else f"{name} failed"
                for name in rivals
            ]
        pace = f" at {paces[title]:.1f}x real time" if paces.get(title) else ""
        graphics = (
            " TTS_ENGINE=kokoro fetches them and speaks on the graphics card."
            if _has_graphics_card() and any("weights" in lacks for _, lacks in lacking)
            else ""
        )
        return f"It speaks through {title}{pace}; {', '.join(others)}.{graphics}"

    def _paces(self) -> dict[str, float]:
        """Times real time, of those that were measured as they are now."""
        kept = self._kept()
        keys = {title: self._key(title) for title in self._speakers}
        paces = {title: kept[key] for title, key in keys.items() if key in kept}
        return paces | dict.fromkeys(self._failed, 0.0)

    def _kept(self) -> dict[str, float]:
        try:
            kept = json.loads(self._notes.read_text("utf-8"))
            return {str(key): float(pace) for key, pace in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as problem:
            logger.info("What was measured of the voice cannot be read: %s", problem)
            return {}

    def _keep(self, title: str, pace: float) -> None:
        kept = self._kept() | {self._key(title): round(pace, 3)}
        with self._workspace.draft(self._notes) as draft:
            draft.write_text(json.dumps(kept), encoding="utf-8")

    def _key(self, title: str) -> str:
        speaker = self._speakers[title]
        versions = " ".join(f"{name} {_version(name)}" for name in speaker.packages)
        return f"{speaker.weights_sum[:12]} {versions} {_machine()}"


def _is_published(own: Path, way: Way) -> bool:
    """Whether a person's file is the one that the way is published with."""
    same_size = own.is_file() and own.stat().st_size == way.model.size
    return same_size and content_hash(own) == way.model.sha256


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


@functools.cache
def _machine() -> str:
    """What the speed depends on: the processor, its cores, a graphics card."""
    processor = platform.processor()
    if PROCESSORS.is_file():
        lines = PROCESSORS.read_text("utf-8", errors="replace").splitlines()
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        processor = models[0] if models else processor
    graphics = " with a graphics card" if _has_graphics_card() else ""
    return f"{platform.machine()} {processor} x{os.cpu_count()}{graphics}"


def _has_graphics_card() -> bool:
    """Whether NVIDIA's driver is installed; torch would take seconds to tell."""
    return shutil.which("nvidia-smi") is not None
