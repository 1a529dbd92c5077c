"""Engines that a test feeds and looks at; built through the app's own composition root."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from aivideo.engines.chat import Asking, Turn
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.speech import NOTHING, RATE, Lexicon, Speech, Voice, Word, find_voice
from aivideo.errors import Health
from aivideo.progress import Progress, Work
from aivideo.spoken import words_of


class QueuedChat:
    """A chat model that gives the answers queued into it and keeps what it was asked."""

    name = "queued answers"

    def __init__(self) -> None:
        self.answers: deque[str | Exception] = deque()
        self.asked: list[tuple[tuple[Turn, ...], Asking]] = []
        self.closed_early = 0

    def prepare(self) -> Work[None]:
        """Nothing to make ready."""
        yield Progress(1.0)

    def stream(self, turns: Sequence[Turn], asking: Asking) -> Iterator[str]:
        """The next answer word by word, or the next failure."""
        self.asked.append((tuple(turns), asking))
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        finished = False
        try:
            for piece in answer.split(" "):
                yield piece + " "
            finished = True
        finally:
            self.closed_early += not finished

    def check(self) -> Health:
        """Always well."""
        return Health("Language model", works=True, says="Answers are queued.", needed=True)


class ToneSpeaker:
    """A speaker that hums: a quarter of a second a word, each word at its own pitch."""

    name = "tones 1"
    word_seconds = 0.25

    def __init__(self) -> None:
        self.spoken: list[tuple[str, str]] = []
        self.manners: list[tuple[float, Lexicon]] = []

    def voices(self) -> Sequence[Voice]:
        """Three voices, one of which cannot speak here."""
        return (
            Voice("af_heart", "Heart", "female", "en-US", "A"),
            Voice("am_michael", "Michael", "male", "en-US", "C+"),
            Voice("jf_alpha", "Alpha", "female", "ja-JP", "C+", missing="Not in this fake."),
        )

    def prepare(self) -> Work[None]:
        """Nothing to make ready."""
        yield Progress(1.0)

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Hum the text; a voice that is not among its own is refused."""
        find_voice(self.voices(), voice_id)
        self.spoken.append((text, voice_id))
        self.manners.append((speed, lexicon))
        seconds = self.word_seconds / speed
        samples: list[np.ndarray] = []
        words: list[Word] = []
        written = words_of(text)
        for index, word in enumerate(written):
            yield Progress(index / max(1, len(written)))
            time = np.arange(round(seconds * RATE)) / RATE
            samples.append(0.2 * np.sin(2 * math.pi * (200 + 20 * (index % 12)) * time))
            words.append(Word(word, index * seconds, (index + 1) * seconds))
        return Speech(np.concatenate(samples).astype(np.float32), tuple(words))

    def check(self) -> Health:
        """Always well."""
        return Health("Voice", works=True, says="It hums.", needed=True)


class FixedFinder:
    """A source with a fixed set of clips, real files given by the test."""

    name = "fixed"

    def __init__(self, clips: dict[str, Path] | None = None) -> None:
        self.clips = clips or {}
        self.asked: list[ClipQuery] = []

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """All clips, in the order given; each says that it shows just what is wanted."""
        self.asked.append(query)
        yield Progress(1.0)
        return [
            FoundClip(
                source=self.name,
                source_id=name,
                title=name.replace("-", " "),
                description=f"{query.words} {query.narration}",
                duration_seconds=2.0,
                width=320,
                height=180,
                author="A. Tester",
                licence="CC0",
                licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
                url=f"https://example.com/{name}",
                score=0.9 - 0.1 * index,
            )
            for index, name in enumerate(self.clips)
        ][: query.at_most]

    @property
    def about(self) -> About:
        """What it can."""
        return About("Fixed", "Always the same clips.", kinds=("video", "still"), online=False)

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """There is none."""
        yield Progress(1.0)
        return clip

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """The file itself."""
        yield Progress(1.0)
        return self.clips[wanted.source_id]

    def check(self) -> Health:
        """Always well."""
        return Health("Clips: fixed", works=True, says=f"{len(self.clips)} clips.")
