"""The render beside its floor and beside other ways of making the same cut, in one run.

    python benchmarks/bench_render.py [--quick] [--parts ours,captions,graph] [--rounds 3]

Makes footage (once; kept in ``--footage``), narrations and a project, renders it through the real
render stage with an empty cache, and makes the same cut in the other ways in turn. The floor is
decoding with filtering alone plus encoding the same raw frames alone, at the same preset and as
many at a time. Prints what each way cost and which goals are met; exits 1 when one is missed.

Walls mean something on a quiet machine only; processor seconds nearly always. The MoviePy way
takes many minutes and an interpreter with MoviePy (``benchmarks/requirements.txt``). Linux.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import goals
import imageio_ffmpeg
from goals import ALL_DRAWN, AT_OUR_PRESET, CAPTIONED, FEW, GRAPH, MANY, OURS, SHIPPED
from measuring import Cost, middle
from scenery import KINDS, Kind, make_footage, make_still
from scenes import PAUSE, SceneOf, scenes_over, write_voice

HERE: Final = Path(__file__).parent
FOOTAGE: Final = HERE.parent / ".cache" / "bench-footage"
FONT: Final = HERE.parent / "assets" / "fonts"
PARTS: Final = (
    "ours", "captions", "graph", "drawn", "moviepy", "moviepy-preset", "less", "memory", "frames",
    "presets",
)  # fmt: skip
USUAL: Final = ("ours", "captions", "graph", "moviepy", "less", "memory")
QUICK: Final = ("ours", "captions", "graph", "memory")

SIZE, FPS, PRESET = (1920, 1080), 30, "veryfast"
"""Of the render's standard quality, for the way that knows nothing of the app."""
LONG_SCENES, LONG_STRETCH = 20, 1.78
"""Scenes of a cut of three minutes."""
CHANGED: Final = 5
"""The scene of it, from 0, that gets another clip: one of the shortest, 3.5 % of its frames."""
PLAIN: Final = tuple(kind for kind in KINDS if kind.name in {"camera.mp4", "second.mp4"})
"""Clips for the memory: of one size, so that scenes differ in their number only."""
SHORT: Final = 0.25
"""Of the usual lengths, for the memory."""
NO_MOVIEPY: Final = (
    "MoviePy is not there. Install benchmarks/requirements.txt into an environment of its own and "
    "name its interpreter with --moviepy-python, or leave that part out with --parts."
)


@dataclass
class Bench:
    """Where the ways run, and what they cost so far."""

    footage: Path
    folder: Path
    moviepy_python: str
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def run(
        self, way: str, scenes: Sequence[SceneOf], quality: str = "standard", **more: Any
    ) -> dict[str, Cost]:
        """Run one of our ways in a process and a folder of its own."""
        job = {
            "way": way,
            "quality": quality,
            "scenes": [{**asdict(scene), "clip": str(scene.clip)} for scene in scenes],
            **more,
        }
        return self._child(sys.executable, "ways.py", job)

    def run_moviepy(self, scenes: Sequence[SceneOf], preset: str) -> Cost:
        """Run the MoviePy way with a preset, or with its own when that is empty."""
        return self._child(
            self.moviepy_python, "moviepy_way.py", self._moviepy_job(scenes, preset)
        )["moviepy"]

    def keep(self, costs: Mapping[str, Cost]) -> None:
        """Add one round's costs, and say them at once."""
        for name, cost in costs.items():
            self.costs.setdefault(name, []).append(cost)
            print(f"  {name}: {cost.cpu:.1f} CPU s, {cost.wall:.1f} s", flush=True)

    @property
    def medians(self) -> dict[str, Cost]:
        """The median of each way's rounds."""
        return {name: middle(costs) for name, costs in self.costs.items()}

    def _child(self, python: str, script: str, job: Mapping[str, Any]) -> dict[str, Cost]:
        place = Path(tempfile.mkdtemp(prefix="way-", dir=self.folder))
        try:
            described = place / "job.json"
            described.write_text(json.dumps({**job, "folder": str(place)}), encoding="utf-8")
            said = subprocess.run(  # noqa: S603 - our own scripts
                [python, str(HERE / script), str(described)],
                env={**os.environ, "PYTHONPATH": str(HERE.parent)},
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            ).stdout
            return {name: Cost(**cost) for name, cost in json.loads(said).items()}
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _moviepy_job(self, scenes: Sequence[SceneOf], preset: str) -> dict[str, Any]:
        ends = itertools.accumulate(scene.seconds + PAUSE for scene in scenes)
        starts = [0, *(round(end * FPS) for end in ends)]
        voices = self.folder / "voices"
        voices.mkdir(exist_ok=True)
        told = []
        for number, scene in enumerate(scenes):
            voice = voices / f"{number}.wav"
            write_voice(voice, scene, pitch=110 + 7 * (number % 12))
            told.append(
                {
                    "clip": str(scene.clip),
                    "start": scene.start,
                    "frames": starts[number + 1] - starts[number],
                    "voice": str(voice),
                    "words": scene.words,
                }
            )
        return {
            "scenes": told,
            "size": SIZE,
            "preset": preset,
            "captions": True,
            "font": str(next(FONT.rglob("*.[ot]tf"))),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 when a goal is missed."""
    asked = parse(arguments)
    parts = asked.parts.split(",") if asked.parts else list(QUICK if asked.quick else USUAL)
    unknown = set(parts) - set(PARTS)
    if unknown:
        print(f"There is no part {', '.join(sorted(unknown))}. Choose from {', '.join(PARTS)}.")
        return 2
    if any(part.startswith("moviepy") for part in parts) and not has_moviepy(asked.moviepy_python):
        print(NO_MOVIEPY)
        return 2
    count = asked.scenes or (4 if asked.quick else 10)
    ffmpeg = Path(imageio_ffmpeg.get_ffmpeg_exe())
    make_footage(ffmpeg, asked.footage, kinds_of(parts, count))
    with tempfile.TemporaryDirectory(prefix="bench-render-") as folder:
        bench = Bench(asked.footage, Path(folder), asked.moviepy_python)
        for number in range(asked.rounds):
            print(f"round {number + 1} of {asked.rounds}, load {os.getloadavg()[0]:.1f}")
            for part in parts:
                run_part(bench, part, count)
    return report(bench)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="4 scenes, no part that takes minutes")
    parser.add_argument("--scenes", type=int, help="how many scenes the cut has (10; quick: 4)")
    parser.add_argument("--rounds", type=int, default=1, help="medians of so many rounds in turn")
    parser.add_argument("--parts", default="", help=f"some of {', '.join(PARTS)}, with commas")
    parser.add_argument("--footage", type=Path, default=FOOTAGE, help="where footage is kept")
    parser.add_argument(
        "--moviepy-python", default=sys.executable, help="an interpreter that has MoviePy"
    )
    return parser.parse_args(arguments)


def kinds_of(parts: Sequence[str], count: int) -> tuple[Kind, ...]:
    """The kinds of clips that these parts need."""
    return KINDS if {"less", "frames"} & set(parts) else KINDS[: max(count, 5)]


def has_moviepy(python: str) -> bool:
    """Whether an interpreter can import MoviePy."""
    done = subprocess.run(  # noqa: S603 - the interpreter that the person named
        [python, "-c", "import moviepy"], capture_output=True, check=False
    )
    return done.returncode == 0


def run_part(bench: Bench, part: str, count: int) -> None:
    """Run one part once."""
    scenes = scenes_over(bench.footage, count)
    if part == "ours":
        bench.keep(bench.run("floor", scenes))
        bench.keep(bench.run(OURS, scenes))
    elif part == "captions":
        bench.keep(bench.run(CAPTIONED, scenes))
    elif part == "drawn":
        bench.keep(bench.run(ALL_DRAWN, scenes))
    elif part == "graph":
        bench.keep(bench.run(GRAPH, scenes))
    elif part == "moviepy":
        bench.keep({SHIPPED: bench.run_moviepy(scenes, "")})
    elif part == "moviepy-preset":
        bench.keep({AT_OUR_PRESET: bench.run_moviepy(scenes, PRESET)})
    elif part == "memory":
        for name, number in ((FEW, 10), (MANY, 100)):
            short = scenes_over(bench.footage, number, stretch=SHORT, kinds=PLAIN)
            bench.keep({name: bench.run(OURS, short, "preview")[OURS]})
    elif part == "less":
        long = scenes_over(bench.footage, LONG_SCENES, stretch=LONG_STRETCH)
        clip = str(bench.footage / KINDS[-1].name)
        bench.keep(bench.run("less", long, index=CHANGED, clip=clip))
    else:
        print("\n".join(goals.frame_table(list(figures(bench, part)))))


def figures(bench: Bench, part: str) -> Iterator[tuple[str, float]]:
    """Processor milliseconds a frame of each kind, or a megapixel-frame at each quality."""
    scenes = scenes_over(bench.footage, len(KINDS) if part == "frames" else 3, stretch=0.6)
    if part == "frames":
        scenes.append(SceneOf(3.0, make_still(bench.footage / "photo.jpg")))
        scenes = [SceneOf(3.0, scene.clip) for scene in scenes]
    for name, cost in bench.run(part, scenes).items():
        yield name, 1000 * cost.cpu


def report(bench: Bench) -> int:
    """Print what was measured; 1 when a goal is missed."""
    costs = bench.medians
    if not costs:
        return 0
    judged = goals.goals(costs, cores=os.cpu_count() or 1)
    print("\n".join(["", *goals.cost_table(costs), "", *goals.goal_table(judged)]))
    return int(any(goal.missed for goal in judged))


if __name__ == "__main__":
    sys.exit(main())
