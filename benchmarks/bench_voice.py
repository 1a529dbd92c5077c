"""How fast the voice is: our whole path against the bare network, by threads and by scenes.

Run it on a machine that does nothing else; the figures by CPU hold beside other work too:

    python benchmarks/bench_voice.py [--rounds N] [--scenes N ...] [--options]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from aivideo.engines import weights  # noqa: E402 - the checkout has to be on the path first
from aivideo.engines.kokoro import (  # noqa: E402 - the same
    DURATIONS,
    STYLE,
    VOCABULARY,
    OnnxNetwork,
    Utterance,
    with_output,
)
from aivideo.engines.phonemes import cut, phonemes_of  # noqa: E402 - the same
from aivideo.engines.speech import CATALOGUE, RATE, KokoroSpeaker, find_voice  # noqa: E402 - the same
from aivideo.engines.voices import vector  # noqa: E402 - the same
from aivideo.progress import Work, finish  # noqa: E402 - the same
from aivideo.settings import Settings, calm_vendors  # noqa: E402 - the same
from aivideo.spoken import say  # noqa: E402 - the same
from aivideo.workspace import Workspace  # noqa: E402 - the same

VOICE: Final = "af_heart"
TEXT: Final = (
    "In its dark comb, honey can last for years. A bee visits fifty flowers on each trip. Back "
    "home, she passes the nectar on, and her sisters fan it with their wings until it is thick. "
    "By autumn the hive has gathered more than twenty kilograms, enough for the long winter."
)
SENTENCES: Final = (
    "The bees fly out at dawn.",
    "They come home heavy with nectar.",
    "Then it rains.",
)
Feeds = list[dict[str, Any]]


def bare(network: OnnxNetwork, feeds: Feeds) -> float:
    """Seconds of sound that the network makes of the same phonemes, with nothing around it."""
    session = network._session  # noqa: SLF001 - the bare engine is what is measured
    return float(sum(session.run(None, feed)[0].size for feed in feeds)) / RATE


def feeds_of(speaker: KokoroSpeaker, network: OnnxNetwork) -> Feeds:
    """What the network is given for the text."""
    front_end = finish(speaker._ready(VOICE[0]))  # noqa: SLF001 - the same pieces as our own path
    style = vector(find_voice(CATALOGUE, VOICE))
    feeds: Feeds = []
    for piece in cut(front_end.sounds(say(TEXT))):
        numbers = [VOCABULARY[phoneme] for phoneme in phonemes_of(piece)]
        values = (
            np.array([[0, *numbers, 0]], np.int64),
            style[len(numbers) - 1].reshape(1, STYLE),
            np.array([1.0], np.float32),
        )
        feeds.append(dict(zip(network._inputs, values, strict=True)))  # noqa: SLF001 - the same
    return feeds


@dataclass(frozen=True, order=True)
class Turn:
    """What one turn took, and made: seconds by the clock, of all cores, and of sound."""

    wall: float
    cpu: float
    sound: float


def take(call: Callable[[], float]) -> Turn:
    """Measure one turn of something that makes sound."""
    wall, cpu = time.perf_counter(), time.process_time()
    sound = call()
    return Turn(time.perf_counter() - wall, time.process_time() - cpu, sound)


def compare(speaker: KokoroSpeaker, network: OnnxNetwork, rounds: int) -> None:
    """Our path beside the bare network, turn by turn, so that both meet the same machine."""
    feeds = feeds_of(speaker, network)
    alone: list[Turn] = []
    ours: list[Turn] = []
    for _ in range(rounds):
        alone.append(take(lambda: bare(network, feeds)))
        ours.append(take(lambda: len(finish(speaker.speak(TEXT, VOICE)).samples) / RATE))
    sound = alone[0].sound
    print(f"sound                 {sound:7.2f} s in {len(feeds)} pieces")
    for name, turns in (("bare network", alone), ("our path", ours)):
        wall, cpu = min(turn.wall for turn in turns), min(turn.cpu for turn in turns)
        print(
            f"{name:<21} {wall:7.2f} s, {sound / wall:.2f}x real time; "
            f"{cpu:.2f} s of CPU, {sound / cpu:.2f}x"
        )
    walls = min(turn.wall for turn in alone) / min(turn.wall for turn in ours)
    cpus = statistics.median(one.cpu / our.cpu for one, our in zip(alone, ours, strict=True))
    print(f"ours of the bare      {walls:7.3f} by the best turns, {cpus:.3f} by CPU (median)")


class Replay:
    """A network that gives again what another one made, at once, so that only ours takes time."""

    def __init__(self, network: OnnxNetwork) -> None:
        self._network = network
        self._made: dict[tuple[int, ...], Utterance] = {}

    def run(
        self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
    ) -> Work[Utterance]:
        """What was made of these phonemes, made now if it is the first time."""
        key = tuple(numbers)
        if key not in self._made:
            self._made[key] = yield from self._network.run(numbers, style, speed)
        return self._made[key]


def weigh(settings: Settings, workspace: Workspace, network: OnnxNetwork, rounds: int) -> None:
    """The CPU of all that is ours beside the network's own: it holds on a busy machine too."""
    replay = Replay(network)
    speaker = KokoroSpeaker(settings, workspace, weights.KOKORO, lambda _: replay)
    finish(speaker.prepare())
    whole = take(lambda: len(finish(speaker.speak(TEXT, VOICE)).samples) / RATE)
    ours = statistics.median(
        take(lambda: len(finish(speaker.speak(TEXT, VOICE)).samples) / RATE).cpu
        for _ in range(5 * rounds)
    )
    share = 1 - ours / whole.cpu
    print(f"ours alone            {1000 * ours:7.0f} ms of {whole.cpu:.2f} s of CPU: {share:.3f}")


def compare_options(path: Path, feeds: Feeds, rounds: int) -> None:
    """Other ways to run the same network: threads, spinning, optimisation, parallel parts."""
    model = with_output(path.read_bytes(), DURATIONS)
    levels, modes = ort.GraphOptimizationLevel, ort.ExecutionMode
    ways: list[tuple[str, dict[str, Any], str]] = [
        *((f"{count} threads", {"intra_op_num_threads": count}, "0") for count in (1, 2, 4)),
        ("2 threads, spinning", {"intra_op_num_threads": 2}, "1"),
        ("2, extended", {"graph_optimization_level": levels.ORT_ENABLE_EXTENDED}, "0"),
        ("2, basic", {"graph_optimization_level": levels.ORT_ENABLE_BASIC}, "0"),
        ("2, parallel parts", {"execution_mode": modes.ORT_PARALLEL}, "0"),
        ("2, no memory pattern", {"enable_mem_pattern": False}, "0"),
        ("2, no arena", {"enable_cpu_mem_arena": False}, "0"),
    ]
    for name, values, spinning in ways:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", spinning)
        for option, value in values.items():
            setattr(options, option, value)
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        best = min(
            take(lambda session=session: sum(session.run(None, f)[0].size for f in feeds) / RATE)  # type: ignore[misc] # a loop value, bound now
            for _ in range(rounds)
        )
        print(f"{name:<21} {best.wall:7.2f} s, {best.sound / best.wall:.2f}x real time")


def grow(speaker: KokoroSpeaker, counts: Sequence[int]) -> None:
    """How the time grows with the number of scenes, each a text of its own."""
    for count in counts:
        texts = [
            f"{SENTENCES[number % len(SENTENCES)]} Scene {number + 1} of {count}."
            for number in range(count)
        ]
        turns = [
            take(lambda text=text: len(finish(speaker.speak(text, VOICE)).samples) / RATE)  # type: ignore[misc] # a loop value, bound now
            for text in texts
        ]
        wall, cpu, sound = (sum(part) for part in zip(*map(astuple, turns), strict=True))
        print(
            f"{count:3} scenes            {wall:7.2f} s, {wall / count:.2f} s a scene, "
            f"{sound / wall:.2f}x real time; by CPU {cpu / count:.2f} s, {sound / cpu:.2f}x"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="0 weighs by CPU alone")
    parser.add_argument("--scenes", type=int, nargs="*", default=[1, 4, 10, 40])
    parser.add_argument("--options", action="store_true", help="compare session options as well")
    chosen = parser.parse_args()
    settings = Settings(cache_dir=ROOT / ".cache", model_hub="", kokoro_model=None)
    calm_vendors(settings)
    workspace = Workspace(settings)
    networks: list[OnnxNetwork] = []

    def open_network(path: Path) -> OnnxNetwork:
        networks.append(OnnxNetwork(path))
        return networks[0]

    speaker = KokoroSpeaker(settings, workspace, weights.KOKORO, open_network)
    start = time.perf_counter()
    finish(speaker.prepare())
    print(f"cores {os.cpu_count()}, load average {os.getloadavg()[0]:.1f}")
    print(f"loading               {time.perf_counter() - start:7.2f} s")
    weigh(settings, workspace, networks[0], max(1, chosen.rounds))
    if chosen.rounds:
        compare(speaker, networks[0], chosen.rounds)
    if chosen.options:
        path = weights.where(weights.KOKORO, workspace)
        compare_options(path, feeds_of(speaker, networks[0]), chosen.rounds)
    grow(speaker, chosen.scenes)
    print(
        f"memory, at most       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB"
    )
    workspace.close()


if __name__ == "__main__":
    main()
