"""A blocking call as a Work: it runs in a thread, reports, and is asked to stop when closed."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final, TypeVar

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


def aside(call: Callable[[Reporter], T], message: str = "") -> Work[T]:
    """Run a call that blocks, such as one on the network, and yield while it does.

    Args:
        call: Is handed a Reporter; its value is the Work's, its failure is raised.
        message: What is shown until the call tells something.
    """
    reporter = Reporter()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")
    outcome = thread.submit(call, reporter)
    progress = Progress(0.0, message)
    try:
        while not wait([outcome], timeout=TICK).done:
            with contextlib.suppress(queue.Empty):
                while True:
                    progress = reporter.news.get_nowait()
            yield progress
        return outcome.result()
    finally:
        reporter.stop.set()
        wait([outcome], timeout=GRACE)
        thread.shutdown(wait=False)
