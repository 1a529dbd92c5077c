"""Long work as generators: it yields how far it is, returns its value, stops when closed.

The one rule for a Work: hold no session, lock or thread-bound object across a ``yield``, and
yield at least four times a second, so that closing it (cancel) takes effect within a second.
"""

from __future__ import annotations

import contextlib
import operator
import queue
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """How far a piece of work is.

    Attributes:
        fraction: Done, 0..1.
        message: What is being done now, for the person who waits.
        stage: The stage it belongs to (script, voice, clips, render), set by the caller.
        so_far: The scenes of a script as far as they are written, each with ``text`` and
            ``visual_query``; they may still change.
    """

    fraction: float
    message: str = ""
    stage: str = ""
    so_far: Sequence[Mapping[str, str]] = ()


Work = Generator[Progress, None, T]


def finish(work: Work[T], watch: Callable[[Progress], None] | None = None) -> T:
    """Run a Work to its end and return its value; ``watch`` sees each Progress."""
    try:
        while True:
            progress = next(work)
            if watch is not None:
                watch(progress)
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        work.close()


def within(work: Work[T], start: float, end: float, *, stage: str = "") -> Work[T]:
    """Run a Work as the part ``start``..``end`` of a longer one."""
    try:
        while True:
            progress = next(work)
            yield replace(
                progress,
                fraction=start + (end - start) * min(max(progress.fraction, 0.0), 1.0),
                stage=stage or progress.stage,
            )
    except StopIteration as done:
        value: T = done.value
        return value
    finally:
        work.close()


def together(
    works: Sequence[Work[T]], *, at_once: int, weights: Sequence[float] = ()
) -> Work[list[T]]:
    """Run Works side by side, ``at_once`` at a time; the values come in the order given.

    The first failure stops the others and is raised. Closing this closes every Work in the
    thread that drives it, and waits until each has cleaned up.

    Args:
        works: What to run.
        at_once: How many at a time.
        weights: How much there is to do in each, for the progress; the same when not given.
    """
    stop = threading.Event()
    news: queue.SimpleQueue[tuple[int, Progress | None]] = queue.SimpleQueue()
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        futures = [pool.submit(_drive, work, index, stop, news) for index, work in enumerate(works)]
        try:
            yield from _merge(futures, news, weights or [1.0] * len(works))
        finally:
            stop.set()
    _raise_first_failure(futures)
    return [future.result() for future in futures]


class _Stopped(Exception):
    pass


def _drive(
    work: Work[T],
    index: int,
    stop: threading.Event,
    news: queue.SimpleQueue[tuple[int, Progress | None]],
) -> T:
    try:
        while not stop.is_set():
            news.put((index, next(work)))
    except StopIteration as end:
        news.put((index, None))
        value: T = end.value
        return value
    finally:
        work.close()
    raise _Stopped


def _merge(
    futures: Sequence[Future[T]],
    news: queue.SimpleQueue[tuple[int, Progress | None]],
    weights: Sequence[float],
) -> Generator[Progress, None, None]:
    """Yield the weighted mean of all fractions until each Work has ended or one has failed."""
    fractions = [0.0] * len(futures)
    message, ended = "", 0
    while ended < len(futures) and not any(f.done() and f.exception() for f in futures):
        with contextlib.suppress(queue.Empty):
            index, progress = news.get(timeout=0.2)
            ended += progress is None
            fractions[index] = 1.0 if progress is None else progress.fraction
            message = (progress.message if progress else "") or message
        done = sum(map(operator.mul, fractions, weights)) / (sum(weights) or 1.0)
        yield Progress(min(1.0, done), message)


def _raise_first_failure(futures: Sequence[Future[T]]) -> None:
    for future in futures:
        failure = future.exception()
        if failure is not None and not isinstance(failure, _Stopped):
            raise failure
