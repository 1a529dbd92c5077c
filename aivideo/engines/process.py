"""The only place that starts programs: an argument list, no shell, watched, stopped when closed.

A program runs as a Work. Its standard output is read line by line (progress), the end of its
standard error is kept (the reason of a failure), raw bytes can be fed to its standard input.
Closing the Work ends the program and its children within about a second.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import queue
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from aivideo.errors import DiskFull, ProgramFailed, ProgramKilled, ProgramMissing, ProgramStuck
from aivideo.progress import Progress, Work

logger = logging.getLogger(__name__)

TICK: Final = 0.2
"""Seconds between two yields while a program is silent."""
GRACE: Final = 1.0
"""Seconds that a program has to end by itself when it is told to."""
TAIL_LINES: Final = 200
ENDED_BY_THE_SYSTEM: Final = (getattr(signal, "SIGKILL", 9), signal.SIGTERM)
"""Signals that come from outside; a program that crashes gets another one, by its own fault."""

ReadLine = Callable[[str], Progress | None]


@dataclass(frozen=True)
class Finished:
    """How a program ended: its exit code, and the last lines it wrote to standard error."""

    exit_code: int
    tail: str


@dataclass
class _Running:
    """A started program, and what its threads have heard from it."""

    process: subprocess.Popen[bytes]
    name: str
    lines: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue)
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL_LINES))
    signs: int = 0
    """Grows with each sign of life: a line of standard error, a chunk of bytes taken in."""


def run(
    arguments: Sequence[str | Path],
    *,
    feed: Iterable[bytes] | None = None,
    read_line: ReadLine | None = None,
    folder: Path | None = None,
    timeout_without_news: float = 60.0,
) -> Work[Finished]:
    """Run a program to its end.

    Args:
        arguments: The program and its arguments, each passed on as it is.
        feed: Bytes for its standard input, taken in a thread, one ahead of what the program
            has taken in, and closed at the end; without it there is nothing to read there.
        read_line: Is handed each line of standard output; the Progress it makes of one is
            yielded from then on.
        folder: Where the program writes, for the sentence about a full disk.
        timeout_without_news: Seconds after which it is stopped when all it does is repeat
            itself: no line on standard error, nothing taken in, no other Progress.

    Raises:
        ProgramMissing: There is no such program, or it cannot be started.
        ProgramStuck: It gave no news for too long.
        ProgramKilled: The system ended it, as it does when memory runs out.
        DiskFull: It said that there is no space left.
        ProgramFailed: It ended with another exit code than 0.
    """
    command = [str(argument) for argument in arguments]
    running = _start(command, with_input=feed is not None)
    fed: Future[None] | None = None
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix=running.name) as threads:
        threads.submit(_hear_output, running)
        threads.submit(_hear_errors, running)
        if feed is not None:
            fed = threads.submit(_feed, running, iter(feed))
        try:
            yield from _follow(running, read_line, timeout_without_news)
        finally:
            _stop(running.process)
    if fed is not None:
        fed.result()
    return _ended_well(running, folder or Path.cwd())


def _start(command: Sequence[str], *, with_input: bool) -> _Running:
    logger.debug("Starting %s", command)
    own_group: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        own_group = {"creationflags": flags}
    try:
        process = subprocess.Popen(  # noqa: S603 - an argument list, never a shell
            command,
            stdin=subprocess.PIPE if with_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **own_group,
        )
    except OSError as problem:
        raise ProgramMissing(command[0], detail=str(problem)) from problem
    # Packaged programs carry their platform: "ffmpeg-linux-x86_64-v9.0.2".
    return _Running(process, name=Path(command[0]).name.split("-")[0])


def _hear_output(running: _Running) -> None:
    """Pass the lines on; None says that there are no more and that the program has ended."""
    for line in _lines(running.process.stdout):
        running.lines.put(line)
    running.process.wait()
    running.lines.put(None)


def _hear_errors(running: _Running) -> None:
    for line in _lines(running.process.stderr):
        running.tail.append(line)
        running.signs += 1


def _lines(stream: IO[bytes] | None) -> Iterator[str]:
    with stream or io.BytesIO() as lines:
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip()


def _feed(running: _Running, feed: Iterator[bytes]) -> None:
    """Hand the bytes over until they end, or the program takes no more of them."""
    stream = running.process.stdin or io.BytesIO()
    try:
        with contextlib.closing(_ahead(feed)) as chunks:
            for chunk in chunks:
                if not _hand_over(stream, chunk):
                    break
                running.signs += 1
    finally:
        with contextlib.suppress(OSError):
            stream.close()
        if isinstance(feed, Generator):
            feed.close()


def _ahead(feed: Iterator[bytes]) -> Generator[bytes]:
    """The same chunks, each made while the program takes in the one before."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="feed") as maker:
        coming = maker.submit(next, feed, None)
        while (chunk := coming.result()) is not None:
            coming = maker.submit(next, feed, None)
            yield chunk


def _hand_over(stream: IO[bytes], chunk: bytes) -> bool:
    """Whether the program took the chunk: one that ended or closed its input does not."""
    try:
        stream.write(chunk)
    except OSError:
        return False
    return True


def _follow(
    running: _Running, read_line: ReadLine | None, timeout_without_news: float
) -> Iterator[Progress]:
    progress, signs, last_news = Progress(0.0), -1, time.monotonic()
    while (line := _next_line(running)) is not None:
        told = read_line(line) if read_line and line else None
        if signs != running.signs or (told and told != progress) or (line and not read_line):
            last_news = time.monotonic()
        elif time.monotonic() - last_news > timeout_without_news:
            raise ProgramStuck(running.name, timeout_without_news, detail="\n".join(running.tail))
        progress, signs = told or progress, running.signs
        yield progress


def _next_line(running: _Running) -> str | None:
    """The next line of standard output; empty when a tick passed without one, None at the end."""
    try:
        return running.lines.get(timeout=TICK)
    except queue.Empty:
        return ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs: ask it, wait a moment, then make it and its children."""
    if process.poll() is not None:
        return
    _signal(process, forcibly=False)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _signal(process, forcibly=True)
    process.wait()


def _signal(process: subprocess.Popen[bytes], *, forcibly: bool) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL if forcibly else signal.SIGTERM)


def _ended_well(running: _Running, folder: Path) -> Finished:
    """How it ended, when that was well; the failure it stands for otherwise."""
    code, tail = running.process.returncode, "\n".join(running.tail)
    if code == 0:
        return Finished(code, tail)
    if "No space left on device" in tail or "not enough space on the disk" in tail:
        raise DiskFull(folder, detail=tail)
    if -code in ENDED_BY_THE_SYSTEM:
        raise ProgramKilled(running.name, -code, detail=tail)
    raise ProgramFailed(running.name, code, detail=tail)
