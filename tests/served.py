"""The page on a free port of this machine, on fakes; and how to talk to it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import MAKERS

from aivideo import autopilot
from aivideo.engines.dialogue import Asking, Turn, close_iterator
from aivideo.engines.speech import NOTHING, Lexicon, Speech
from aivideo.jobs import Jobs
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.studio import Studio, open_studio
from aivideo.ui import app


class PatientSpeaker(ToneSpeaker):
    """A speaker that takes its time when it is told to, so that a job can be watched.

    ``holding`` makes it stay with each word until it is let go or cancelled.
    """

    delay = 0.0
    holding = False

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Hum the text, ``delay`` seconds a word later than usual."""
        work = super().speak(text, voice_id, speed, lexicon)
        try:
            while True:
                progress = next(work)
                yield progress
                time.sleep(self.delay)
                while self.holding:
                    time.sleep(0.05)
                    yield progress
        except StopIteration as end:
            speech: Speech = end.value
            return speech


class PatientChat(QueuedChat):
    """A chat model that falls silent when it is told to, so that an answer can be stopped."""

    silent_after: int | None = None
    """Words that it still says; None lets it speak on."""

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The next answer, as far as it may."""
        pieces = super().stream(turns, asking)
        try:
            for said, piece in enumerate(pieces):
                while self.silent_after is not None and said >= self.silent_after:
                    time.sleep(0.05)
                    yield ""
                yield piece
        finally:
            close_iterator(pieces)


@dataclass(frozen=True)
class Served:
    """An open page and everything behind it."""

    opened: app.Opened
    studio: Studio
    jobs: Jobs
    chat_model: PatientChat
    speaker: PatientSpeaker
    finder: FixedFinder
    port: int

    @property
    def url(self) -> str:
        """Where it is, without the key."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **how: Any) -> httpx.Response:
        """GET a path; redirects are not followed."""
        return httpx.get(f"{self.url}{path}", timeout=30, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        """POST to a path."""
        return httpx.post(f"{self.url}{path}", timeout=30, **how)


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def serve(folder: Path, **how: Any) -> Iterator[Served]:
    """Open the page on fakes that have two small clips, everything below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(footage_dir=folder / "footage", model_hub="", workers=2).under(folder)
    chat_model, speaker, port = PatientChat(), PatientSpeaker(), free_port()
    clips = {name: MAKERS[name](folder).path for name in ("plain", "portrait")}
    finder = FixedFinder({"a-bee-at-work": clips["plain"], "a-hive": clips["portrait"]})
    with (
        open_studio(
            settings, chat_model=chat_model, speaker=speaker, finders={"fixed": finder}
        ) as studio,
        autopilot.open_desk(studio) as jobs,
    ):
        opened = app.launch(studio, jobs, port=port, **{"block": False, **how})
        try:
            yield Served(opened, studio, jobs, chat_model, speaker, finder, port)
        finally:
            opened.close()
