"""Slow calls of vendors as Works: in a thread, with news for whoever waits, stopped when closed."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from aivideo.progress import Progress, Work

T = TypeVar("T")

TICK: Final = 0.2
"""Seconds between two yields while the call is silent."""
GRACE: Final = 1.0
"""Seconds that a closed call has to notice; then it is left to end by itself, unheard."""


@dataclass(frozen=True)
class Reporter:
    """The call's line to the one who waits: it tells how far it is, and asks whether to stop."""

    news: queue.SimpleQueue[Progress] = field(default_factory=queue.SimpleQueue)
    stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, fraction: float, message: str = "") -> None:
        """Say how far the call is."""
        self.news.put(Progress(fraction, message))

    @property
    def stopped(self) -> bool:
        """Whether nobody waits any more."""
        return self.stop.is_set()


def aside(
    call: Callable[[Reporter], T],
    message: str = "",
    *,
    stop: Callable[[], None] | None = None,
) -> Work[T]:
    """Run a call that blocks in a thread of its own, and yield while it does.

    Args:
        call: Is handed a Reporter; its value is the Work's, its failure is raised.
        message: What is shown until the call tells something.
        stop: Makes the call come back soon; called when the Work is closed early, which then
            waits for the call, so that nothing runs on behind its back. A call that cannot be
            stopped is left behind after ``GRACE``.
    """
    reporter = Reporter()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")
    outcome = thread.submit(call, reporter)
    try:
        yield from _until_done(outcome, message, reporter)
        return outcome.result()
    finally:
        reporter.stop.set()
        if stop is not None and not outcome.done():
            stop()
        wait([outcome], timeout=GRACE if stop is None else None)
        thread.shutdown(wait=False)


class Once(Generic[T]):
    """Something slow to make, made once, on first use.

    Whoever needs it while it is being made waits for the same one. Closing the wait does not
    stop the making, which no vendor lets us do: it goes on and serves the next who asks. A
    failure is told to those who wait, and the next one tries anew.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._making: Future[T] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it was made before."""
        return self._made(self._making)

    def get(self, message: str = "") -> Work[T]:
        """The thing itself, after it was made."""
        making = self._begin()
        yield from _until_done(making, message)
        return making.result()

    def _begin(self) -> Future[T]:
        with self._lock:
            if self._making is None or (self._making.done() and not self._made(self._making)):
                pool = ThreadPoolExecutor(max_workers=1)
                self._making = pool.submit(self._make)
                pool.shutdown(wait=False)
            return self._making

    @staticmethod
    def _made(making: Future[T] | None) -> bool:
        return making is not None and making.done() and making.exception() is None


def _until_done(future: Future[T], message: str, reporter: Reporter | None = None) -> Work[None]:
    """Yield the last news until the future is done."""
    progress = Progress(0.0, message)
    while not wait([future], timeout=TICK).done:
        with contextlib.suppress(queue.Empty):
            while reporter is not None:
                progress = reporter.news.get_nowait()
        yield progress
