"""What a run costs: wall seconds, processor seconds and memory of a process with all it starts."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

T = TypeVar("T")

LOOK_EVERY: Final = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Cost:
    """What a run cost.

    Attributes:
        wall: Seconds that passed.
        cpu: Seconds that processors were busy for it, children included.
        megabytes: The most memory that it and its children had for themselves at one time.
        size: Bytes of the file that came out.
    """

    wall: float
    cpu: float
    megabytes: float = 0.0
    size: int = 0


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        wall=median(cost.wall for cost in costs),
        cpu=median(cost.cpu for cost in costs),
        megabytes=median(cost.megabytes for cost in costs),
        size=round(median(cost.size for cost in costs)),
    )


def added(costs: Sequence[Cost]) -> Cost:
    """Runs one after the other as one: times and sizes add up, memory does not."""
    return Cost(
        wall=sum(cost.wall for cost in costs),
        cpu=sum(cost.cpu for cost in costs),
        megabytes=max(cost.megabytes for cost in costs),
        size=sum(cost.size for cost in costs),
    )


def run(command: Sequence[str | Path]) -> Cost:
    """Run a program and say what it cost.

    Raises:
        RuntimeError: It failed.
    """
    return measured(lambda: call(command))[0]


def call(command: Sequence[str | Path]) -> None:
    """Run a program.

    Raises:
        RuntimeError: It failed; its last words.
    """
    done = subprocess.run(  # noqa: S603 - an argument list of ours
        [*map(str, command)], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")


def measured(work: Callable[[], T]) -> tuple[Cost, T]:
    """Do something in this process and say what it and the programs it waited for cost."""
    cpu = cpu_seconds()
    with peak_memory(os.getpid()) as peak:
        begin = time.monotonic()
        result = work()
        wall = time.monotonic() - begin
    # The looks at the memory are no part of the work. Both readings enclose all of them: one
    # that is half inside would be taken off whole.
    return Cost(wall, cpu_seconds() - cpu - peak.cpu, peak.megabytes), result


def cpu_seconds() -> float:
    """Processor seconds of this process and of all children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


@dataclass
class Peak:
    """The most memory seen, in megabytes, and what looking cost in processor seconds."""

    megabytes: float = 0.0
    cpu: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)


@contextmanager
def peak_memory(pid: int) -> Iterator[Peak]:
    """Watch the private memory of a process and of all that it starts."""
    peak = Peak()
    watcher = threading.Thread(target=_watch, args=(pid, peak), daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        peak.done.set()
        watcher.join()


def _watch(pid: int, peak: Peak) -> None:
    while True:
        kilobytes = sum(private_kilobytes(member) for member in family(pid))
        peak.megabytes = max(peak.megabytes, kilobytes / 1024)
        peak.cpu = time.thread_time()
        if peak.done.wait(LOOK_EVERY):
            return


def family(pid: int) -> Sequence[int]:
    """A process and all its descendants that are programs of their own.

    A child that has not started its program yet still has its parent's memory, which would be
    counted twice: the more programs are started, the likelier it is that one of them is seen so.
    """
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    members = [pid]
    for member in members:
        children = [child for child, parent in parents.items() if parent == member]
        members.extend(child for child in children if _command(child) != _command(member))
    return members


def _command(pid: int) -> bytes:
    """The command line of a process; empty where there is none any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def private_kilobytes(pid: int) -> int:
    """The memory that is this process's alone, from its smaps_rollup; 0 where there is none."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(size) for size in re.findall(r"Private_\w+:\s+(\d+)", text))
