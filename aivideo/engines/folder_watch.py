"""A thread that keeps the index of a person's footage at what lies in the folders."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Final

from aivideo.engines.waiting import Reporter
from aivideo.errors import AIVideoError

logger = logging.getLogger(__name__)

POLL: Final = 3.0
"""Seconds between two looks at the folders: one question of the system for each folder."""
WHOLE: Final = 60.0
"""Seconds between two looks at every file, which find what was written over."""
RESTS: Final = 50.0
"""How many times longer than such a look took it rests at least: folders may lie far away."""
PARTING: Final = 5.0
"""Seconds that ``stop`` waits for the thread; it ends with the file that it looks into."""


class FolderWatch:
    """Indexes at the start, then whenever something has changed; no program waits for its end.

    Asking the folders again and again finds changes on every system and on network drives,
    where a system's own notices do not come, and costs a millisecond.
    """

    def __init__(
        self,
        index: Callable[[Reporter], None],
        notice: Callable[[], bool],
        *,
        poll: float = POLL,
        whole: float = WHOLE,
    ) -> None:
        self._index = index
        self._notice = notice
        self._poll = poll
        self._whole = whole
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._watches = False

    def start(self) -> None:
        """Index now and watch from now on."""
        self._begin(watch=True)

    def nudge(self) -> None:
        """Index soon, whether it watches or not."""
        self._wake.set()
        self._begin(watch=False)

    def stop(self) -> None:
        """End it; what was found out is kept."""
        with self._lock:
            thread, self._thread, self._watches = self._thread, None, False
            self._stop.set()
            self._wake.set()
        if thread is not None:
            thread.join(PARTING)

    def _begin(self, *, watch: bool) -> None:
        with self._lock:
            self._watches = self._watches or watch
            if self._thread is None or not self._thread.is_alive():
                self._stop = threading.Event()
                self._thread = threading.Thread(
                    target=self._run, args=(self._stop,), name="footage-watch", daemon=True
                )
                self._thread.start()

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._wake.clear()
            began = time.monotonic()
            self._look_through(stop)
            with self._lock:
                if not self._watches and not self._wake.is_set():
                    self._thread = None
                    return
            lasted = min(10 * self._whole, RESTS * (time.monotonic() - began))
            self._rest(stop, time.monotonic() + max(self._whole, lasted))

    def _rest(self, stop: threading.Event, until: float) -> None:
        """Wait until something has changed, somebody asks, or it is time."""
        while not stop.is_set() and time.monotonic() < until:
            if self._wake.wait(min(self._poll, max(0.0, until - time.monotonic()))):
                return
            if self._noticed():
                return

    def _noticed(self) -> bool:
        try:
            return self._notice()
        except (AIVideoError, OSError, sqlite3.Error) as problem:
            logger.debug("The footage folders cannot be looked at: %s", problem)
            return False

    def _look_through(self, stop: threading.Event) -> None:
        try:
            self._index(Reporter(stop=stop))
        except (AIVideoError, OSError, sqlite3.Error) as problem:
            logger.warning("Your footage could not be looked through: %s", problem)
        except RuntimeError as problem:  # no thread is started any more: the program ends
            logger.debug("Your footage is looked through another time: %s", problem)
