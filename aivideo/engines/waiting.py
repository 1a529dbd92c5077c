"""Waiting for slow calls of vendors: in a thread, with news for whoever waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final, Generic, TypeVar

from aivideo.progress import Progress, Work

T = TypeVar("T")

TICK: Final = 0.2
"""Seconds between two yields while nothing happens."""


def awaited(call: Callable[[], T], stop: Callable[[], None], message: str = "") -> Work[T]:
    """Run a blocking call in a thread of its own.

    Args:
        call: What blocks; its value or its exception becomes that of the Work.
        stop: Called when the Work is closed early; makes ``call`` come back soon. The Work
            waits for it, so that nothing runs on behind its back.
        message: What is being done, for the person who waits.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(call)
        try:
            yield from _until_done(future, message)
        finally:
            if not future.done():
                stop()
    return future.result()


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


def _until_done(future: Future[T], message: str) -> Work[None]:
    while not wait([future], timeout=TICK).done:
        yield Progress(0.0, message)
