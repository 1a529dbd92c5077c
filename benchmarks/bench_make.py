"""How long the whole road takes, stage by stage, and how much memory: a real run of the command.

    python benchmarks/bench_make.py "How bees make honey" --scenes 5 --seconds 45

Prints the wall seconds of each stage, each beside its limit (the length of the finished video:
a stage at 1.0 works in real time), and the peak of the private memory of the command with
everything it started (Linux; from /proc).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import peak_memory

CHECKOUT = Path(__file__).parent.parent


def main() -> int:
    """Run the command once and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("topic")
    parser.add_argument("--data", type=Path, help="a folder with weights in it; a fresh one if not")
    chosen, more = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        data = chosen.data or Path(folder) / "data"
        out = Path(folder) / "video.mp4"
        run = subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable,
                str(CHECKOUT / "aivideo_app.py"),
                *("--data", str(data), "make", chosen.topic),
                *("--out", str(out), "--json", *more),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with peak_memory(run.pid) as peak:
            stages = time_stages(run)
            said = run.stdout.read() if run.stdout else ""
            code = run.wait()
    if code:
        print(f"The command failed with exit code {code}")
        return code
    report(stages, seconds=json.loads(said)["duration"], peak=peak.megabytes)
    return 0


def time_stages(run: subprocess.Popen[str]) -> dict[str, float]:
    """Wall seconds of each stage, in order, as the progress tells them."""
    begin = time.monotonic()
    stages: dict[str, float] = {}
    name, since = "start", begin
    for line in run.stderr or ():
        found = re.search(r"% (\w+):", line)
        if found and found[1] != name:
            stages[name] = stages.get(name, 0.0) + time.monotonic() - since
            name, since = found[1], time.monotonic()
        elif not found and not line.startswith("["):
            print(line, end="")
    stages[name] = stages.get(name, 0.0) + time.monotonic() - since
    stages["in all"] = time.monotonic() - begin
    return stages


def report(stages: dict[str, float], *, seconds: float, peak: float) -> None:
    """Print the table."""
    print(f"a video of {seconds:.1f} s")
    print(f"{'stage':<10} {'wall s':>8} {'x its length':>13}")
    for name, wall in stages.items():
        print(f"{name:<10} {wall:8.1f} {wall / seconds:13.2f}")
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
