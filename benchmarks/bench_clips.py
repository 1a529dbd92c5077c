"""How well clips are judged, and how fast a person's own footage is searched.

    python benchmarks/bench_clips.py --parts ranking,library --data .cache

``ranking`` takes the labelled scenes of ``clip_labels.txt``: the weights of ``ranking.judge`` were
found with one half of them, and the goals are set on the other. The model for meanings is fetched
first where it is not there. ``library`` indexes ten thousand small files and searches them.
Each figure stands beside its limit; the exit code is 1 when one is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from goals import Goal, goal_table
from measuring import private_kilobytes

sys.path.insert(0, str(Path(__file__).parent.parent))

from aivideo.settings import Settings, calm_vendors

calm_vendors(Settings())  # as the app does, before numpy is imported

import clip_files  # noqa: E402 - the same
import clip_labels  # noqa: E402 - the same
from clip_labels import Labelled  # noqa: E402 - the same

from aivideo import ranking  # noqa: E402 - the same
from aivideo.engines.finding import FoundClip  # noqa: E402 - the same
from aivideo.engines.library import FootageFolder  # noqa: E402 - the same
from aivideo.engines.meaning import Meaning  # noqa: E402 - the same
from aivideo.progress import finish  # noqa: E402 - the same
from aivideo.workspace import Workspace  # noqa: E402 - the same

AT_TOP: Final = 4
"""Clips that a person sees without looking further."""
TITLES: Final = 50
ROUNDS: Final = 8
SEARCH: Final = 50.0
"""Milliseconds in which a search has to answer."""
NAMES: Final = 2_000
"""Names that are worked out, to say what ten thousand would take."""

Score = Callable[[Labelled, FoundClip, int], float]


@dataclass(frozen=True)
class Accuracy:
    """How well a way of judging does on some scenes.

    Attributes:
        first: The share of scenes whose best clip fits, of those with one that fits.
        top: The share of the four best (or as many as fit) that fit, on average over scenes.
        confident: The share of all scenes with a clip that may be chosen by itself.
        right: The share of those clips that fit.
    """

    first: float
    top: float
    confident: float
    right: float


def main() -> int:
    """Measure the chosen parts and print them; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default="ranking,library")
    parser.add_argument("--files", type=int, default=10_000, help="how many are indexed")
    parser.add_argument("--data", type=Path, help="a folder with weights in it; a fresh one if not")
    chosen = parser.parse_args()
    found: list[Goal] = []
    with tempfile.TemporaryDirectory() as folder:
        data = chosen.data or Path(folder) / "data"
        for part in chosen.parts.split(","):
            if part == "ranking":
                found += ranked(data)
            elif part == "library":
                found += searched(data, Path(folder), chosen.files)
            else:
                parser.error(f"There is no part {part}; there are ranking and library")
    print("\n".join(["", *goal_table(found)]))
    return int(any(goal.missed for goal in found))


# ---------------------------------------------------------------------------- ranking
def ranked(data: Path) -> list[Goal]:
    """Judge the labelled scenes in each way."""
    workspace = Workspace(Settings(cache_dir=data, output_dir=data / "output"))
    try:
        meaning = Meaning(Settings(cache_dir=data), workspace)
        before = private_kilobytes(os.getpid())
        begin = time.monotonic()
        finish(meaning.prepare())
        meaning.vectors(["a text"])
        print(f"meaning: ready in {time.monotonic() - begin:.2f} s")
        return [*judged(meaning), *timed(meaning, before)]
    finally:
        workspace.close()


def judged(meaning: Meaning) -> list[Goal]:
    """Print what each way of judging achieves on each half; the goals are set on the second."""
    tuned, held = clip_labels.halves(clip_labels.read())
    near = {
        (scene.query, clip.source_id): likeness
        for scene in (*tuned, *held)
        for clip, likeness in zip(
            scene.clips, meaning.likeness(scene.query, scene.clips), strict=True
        )
    }
    ways: dict[str, Score] = {
        "the source's order": lambda _scene, _clip, place: -place,
        "words": lambda scene, clip, place: ranking.judge(scene.query, clip, place=place).score,
        "words and meaning": lambda scene, clip, place: (
            ranking.judge(
                scene.query, clip, place=place, likeness=near[scene.query, clip.source_id]
            ).score
        ),
    }
    print(f"{len(tuned)} scenes to tune on, {len(held)} held out")
    print(f"{'':<22} {'tuned':>35} {'held out':>35}")
    columns = f"{'best fits':>9} {f'of best {AT_TOP}':>9} {'sure':>7} {'and right':>9}"
    print(f"{'':<22} {columns} {columns}")
    achieved = {}
    for name, score in ways.items():
        seen, achieved[name] = accuracy(tuned, score), accuracy(held, score)
        print(f"{name:<22} {_row(seen)} {_row(achieved[name])}")
    full, words = achieved["words and meaning"], achieved["words"]
    return [
        Goal("held out: best clip fits", full.first, 0.85, at_least=True),
        Goal(f"held out: of the best {AT_TOP} fit", full.top, 0.65, at_least=True),
        Goal("held out: scenes with a sure pick", full.confident, 0.6, at_least=True),
        Goal("held out: sure picks that are right", full.right, 0.95, at_least=True),
        Goal("held out: sure picks by words that are right", words.right, 0.9, at_least=True),
    ]


def accuracy(scenes: Iterable[Labelled], score: Score) -> Accuracy:
    """What a way of judging achieves on some scenes."""
    first, top, sure = [], [], []
    scenes = list(scenes)
    for scene in scenes:
        scored = [(score(scene, clip, place), clip) for place, clip in enumerate(scene.clips)]
        scored.sort(key=lambda pair: -pair[0])
        fits = [clip.source_id in scene.fitting for _, clip in scored]
        if scored[0][0] >= ranking.CONFIDENT:
            sure.append(fits[0])
        if scene.fitting:
            first.append(fits[0])
            top.append(sum(fits[:AT_TOP]) / min(AT_TOP, len(scene.fitting)))
    right = sum(sure) / len(sure) if sure else 1.0
    return Accuracy(sum(first) / len(first), sum(top) / len(top), len(sure) / len(scenes), right)


def _row(found: Accuracy) -> str:
    return f"{found.first:9.2f} {found.top:9.2f} {found.confident:7.2f} {found.right:9.2f}"


def timed(meaning: Meaning, before: int) -> list[Goal]:
    """What the model costs: one question with fifty titles, and ten thousand names."""
    titles = [ranking.wording(clip) for scene in clip_labels.read() for clip in scene.clips]
    times = []
    for number in range(ROUNDS):
        asked = [f"{title} {number}" for title in titles[:TITLES]]
        begin = time.monotonic()
        meaning.vectors([f"bee on flower {number}", *asked])
        times.append(time.monotonic() - begin)
    begin = time.monotonic()
    meaning.vectors([f"{titles[n % len(titles)]} take {n}" for n in range(NAMES)])
    each = (time.monotonic() - begin) / NAMES
    memory = (private_kilobytes(os.getpid()) - before) / 1024
    print(f"\nmeaning: {1e3 * median(times):.0f} ms for a question and {TITLES} titles, ", end="")
    print(f"{each * 10_000:.0f} s for 10,000 names, {memory:.0f} MB of its own memory")
    return [Goal(f"meaning of a question and {TITLES} titles, ms", 1e3 * median(times), 1500)]


# ---------------------------------------------------------------------------- library
def searched(data: Path, folder: Path, files: int) -> list[Goal]:
    """Index a folder of many files and search it, by words and then by meaning too."""
    written = clip_files.fill(folder / "footage", files)
    print(f"\n{files:,} files, {written / 1e6:.0f} MB")
    # The weights may be elsewhere; the index has to be new.
    weights = Workspace(Settings(cache_dir=data, output_dir=data / "output"))
    settings = Settings(
        cache_dir=folder / "cache", output_dir=folder / "output", footage_dir=folder / "footage"
    )
    workspace = Workspace(settings)
    meaning = Meaning(Settings(cache_dir=data), weights)
    library = FootageFolder(settings, workspace, meaning=meaning)
    words_only = FootageFolder(settings, workspace)
    try:
        finish(meaning.prepare())
        before = private_kilobytes(os.getpid())
        indexed = _index(library, lambda: library.state.indexed == files > 0)
        by_words = _search(words_only)
        learnt = _index(library, lambda: library.state.message.startswith("Making"))
        by_meaning = _search(library)
        memory = (private_kilobytes(os.getpid()) - before) / 1024
    finally:
        words_only.stop()
        library.stop()
        workspace.close()
        weights.close()
    print(f"indexed in {indexed:.0f} s, {1e3 * indexed / files:.1f} ms a file; ", end="")
    print(f"meanings in {learnt:.0f} s more; {memory:.0f} MB of its own memory")
    return [
        Goal("index, ms a file", 1e3 * indexed / files, 20.0),
        *_speed("words", by_words),
        *_speed("words and meaning", by_meaning),
    ]


def _index(library: FootageFolder, is_done: Callable[[], bool]) -> float:
    """Index until something is done; the seconds that it takes."""
    begin = time.monotonic()
    work = library.index()
    for _ in work:
        if is_done():
            break
    seconds = time.monotonic() - begin
    work.close()
    return seconds


def _search(library: FootageFolder) -> list[float]:
    """The seconds of a search for each labelled scene, each asked for the first time."""
    times = []
    for scene in clip_labels.read():
        begin = time.monotonic()
        finish(library.find(scene.query))
        times.append(time.monotonic() - begin)
    return times


def _speed(name: str, times: list[float]) -> list[Goal]:
    return [
        Goal(f"search by {name}, median ms", 1e3 * median(times), SEARCH),
        Goal(f"search by {name}, 95 in 100, ms", 1e3 * quantiles(times, n=20)[-1], SEARCH),
    ]


if __name__ == "__main__":
    sys.exit(main())
