"""What a frame of each layout costs to draw, at the size at which 1080p is drawn.

    python benchmarks/bench_drawing.py [--frames N] [--layouts NAME ...]

Processor time is counted, so that the figures hold beside other work too; the median of three
runs is said. It ends with 1 when a layout is above the limit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from aivideo.engines.drawing.picture import LAYOUTS, Picture  # noqa: E402 - the checkout has to be on the path first
from aivideo.engines.drawing.recipe import Recipe  # noqa: E402 - the same
from aivideo.engines.illustration import drawn_size  # noqa: E402 - the same

CANVASES: Final = ((1920, 1080), (1080, 1920))
LIMIT: Final = 25.0
"""Milliseconds of one core a frame."""
RUNS: Final = 3
FPS: Final = 30
SECONDS: Final = 6.0
STATEMENT: Final = "Nobody knew why the river ran backwards on that cold and silent night."
TEXTS: Final = {"number": "bees in one hive", "keyword": "Event horizon", "split": "VS"}


def recipe(layout: str) -> Recipe:
    """A recipe that gives a layout as much to draw as it can show."""
    return Recipe(
        layout=layout,
        palette="midnight",
        seed=5,
        icons=("honeybee", "sunflower", "honey-pot", "blossom"),
        labels=("Bees", "Flower", "Honey", "Blossom"),
        text=TEXTS.get(layout, STATEMENT),
        figure="40,000",
        place=(39.2, 9.0) if layout == "globe" else None,
    )


def cost(layout: str, canvas: tuple[int, int], frames: int) -> float:
    """Milliseconds of processor time a frame: drawing it and handing its bytes over."""
    spent = []
    for _ in range(RUNS):
        picture = Picture(recipe(layout), drawn_size(canvas), SECONDS)
        begin = time.process_time()
        for index in range(frames):
            picture.paint(SECONDS / 4 + index / FPS)
            picture.pixels.tobytes()
        spent.append((time.process_time() - begin) / frames * 1000)
    return statistics.median(spent)


def main() -> int:
    """Measure the layouts that are asked for; 1 when one of them is too dear."""
    parser = argparse.ArgumentParser(description="What drawing a frame costs.")
    parser.add_argument("--frames", type=int, default=90)
    parser.add_argument("--layouts", nargs="*", choices=sorted(LAYOUTS), default=list(LAYOUTS))
    asked = parser.parse_args()
    print(f"ms of CPU a frame, limit {LIMIT:g}; drawn at 900 lines, scaled by the encoder")
    missed = 0
    for layout in asked.layouts:
        costs = [cost(layout, canvas, asked.frames) for canvas in CANVASES]
        over = max(costs) > LIMIT
        missed += over
        figures = "  ".join(f"{figure:5.1f}" for figure in costs)
        print(f"{layout:<10} {figures}  {'MISSED' if over else 'ok'}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
