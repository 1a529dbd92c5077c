"""Kokoro, the voice: the protocol, the catalogue, and the network behind it."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from aivideo.engines import front_ends, hub_cache, weights
from aivideo.engines.kokoro import VOCABULARY, Network
from aivideo.engines.lexicon import Lexical, Lexicon
from aivideo.engines.narration import RATE, Pauses, Reading, edit, fill_in, join, sentences
from aivideo.engines.phonemes import Piece, Pronouncing, cut, phonemes_of
from aivideo.engines.sharing import Share, share_out, shares_in
from aivideo.engines.voices import CATALOGUE, Voice, check_script, find_voice, vector
from aivideo.engines.waiting import Once
from aivideo.errors import (
    AIVideoError,
    Health,
    InvalidArgument,
    NothingToSpeak,
    VoiceRuntimeMissing,
    WeightsNotFound,
)
from aivideo.progress import Progress, Work, within
from aivideo.settings import Settings
from aivideo.spoken import Said, fault_of, paragraph_starts, pauses, say
from aivideo.workspace import Workspace, content_hash

__all__ = [
    "CATALOGUE",
    "NOTHING",
    "RATE",
    "KokoroSpeaker",
    "Lexicon",
    "Speaker",
    "Speech",
    "Voice",
    "Word",
    "check_speed",
    "find_voice",
]

RECIPE: Final = 5
"""Grows when the same text sounds different: front end, cutting, trimming, joining."""
SLOWEST: Final = 0.5
FASTEST: Final = 2.0
NOTHING: Final[Lexicon] = MappingProxyType({})
"""No word is said otherwise than the voice knows."""
MEASURED: Final = "biz flI Wt at dOn, and kam hOm hevi wiT nekta, ovA da mado and da hil."
"""A short sentence to measure with, as phonemes; what it says does not matter."""


@dataclass(frozen=True)
class Word:
    """A word as the author wrote it, and when it is heard, in seconds from the start.

    Where a language has no blanks, each sentence is a word of its own.

    Attributes:
        proportional: Whether the times were not measured: the words of a stretch share it by
            their length.
        joined: Whether it follows the word before without a blank.
    """

    text: str
    start: float
    end: float
    proportional: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Speech:
    """Spoken text: mono samples in -1..1 at ``RATE``, shape (n,), and its words in order."""

    samples: NDArray[np.float32]
    words: tuple[Word, ...]


class Speaker(Protocol):
    """Something that speaks text with a voice and knows when each word is heard."""

    @property
    def name(self) -> str:
        """Engine, weights and recipe version: an ingredient of every narration's name."""

    def voices(self) -> Sequence[Voice]:
        """The whole catalogue, best grade first."""

    def prepare(self) -> Work[None]:
        """Make ready what the first word needs: fetch and load weights. Cheap when ready."""

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Speak the whole text; closing the Work stops within a second."""

    def check(self) -> Health:
        """How the voice is, without loading it."""


class KokoroSpeaker:
    """Kokoro with one of its networks; everything is loaded once, on first use.

    Args:
        model: The weights that are fetched when the person has none of their own.
        open_network: Loads weights; is given their path.
        open_front_end: Loads what pronounces; is given the accent, a voice's first letter.
    """

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        model: weights.ModelFile,
        open_network: Callable[[Path], Network],
        open_front_end: Callable[[str], Pronouncing] = front_ends.open_front_end,
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._model = model
        self._network = Once(lambda: open_network(self._path))
        self._front_ends = {
            accent: Once(partial(open_front_end, accent)) for accent in front_ends.ACCENTS
        }

    @cached_property
    def name(self) -> str:
        """Engine, weights, recipe version, pauses, and a front end that is not the official one."""
        silences = f"{self._settings.sentence_pause:g} {self._settings.paragraph_pause:g}"
        front_end = front_ends.chosen().mark
        return f"kokoro {self.weights_sum[:12]} recipe {RECIPE} pauses {silences}{front_end}"

    @cached_property
    def weights_sum(self) -> str:
        """The sha256 of the weights, 64 hex digits."""
        own = self._settings.kokoro_model
        return content_hash(own) if own and own.is_file() else self._model.sha256

    def voices(self) -> Sequence[Voice]:
        """The whole catalogue, best grade first."""
        return CATALOGUE

    def prepare(self) -> Work[None]:
        """Fetch the weights, load them and the front end of the default voice.

        Raises:
            WeightsNotFound: KOKORO_MODEL names no file.
            WeightsUnreachable: The weights are not here and no source answers.
            WeightsDamaged: What arrived is not the weights.
            VoiceUnreadable: The weights cannot be loaded.
            VoiceRuntimeMissing: A package is missing.
        """
        yield from self._ready(self._settings.default_voice[:1])

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Speak the whole text; closing the Work stops within a second.

        The words are those that captions show, each with the time at which it is heard. Pauses
        that the author asks for are as long as asked; the others shrink as the speed grows.

        Raises:
            NothingToSpeak: There is no word in the text.
            PauseImpossible: A pause in the text is too long.
            VoiceUnknown: There is no such voice.
            VoiceBlendInvalid: A blend's weights do not add up to 1, say.
            VoiceUnavailable: The voice cannot speak on this machine.
            TextNotForVoice: The text is in a script that the voice cannot read.
            InvalidArgument: The speed is outside 0.5..2.
            SpeechFailed: The network failed.
            AIVideoError: What ``prepare`` raises, when it was not called before.
        """
        voice = find_voice(self.voices(), voice_id)
        check_speed(speed)
        if fault := fault_of(text):
            raise fault
        said = say(text, voice.language)
        check_script(text, voice)
        front_end = yield from within(self._ready(voice.id[0]), 0.0, 0.1)
        silences = self._pauses(text, speed)
        if lexicon:
            front_end = Lexical(front_end, lexicon, voice.id[0])
        pieces = cut(front_end.sounds(said), silences.stops)
        if not pieces:
            raise NothingToSpeak(text)
        parts = yield from within(self._record(pieces, voice, speed), 0.1, 1.0)
        reading = join(parts, silences)
        return Speech(reading.samples, tuple(_timed(said, reading)))

    def check(self) -> Health:
        """Whether weights and packages are there; nothing is loaded."""
        own = self._settings.kokoro_model
        front_end = front_ends.chosen()
        absent = _absent((*self.packages, *front_end.packages))
        if absent:
            return _unwell(VoiceRuntimeMissing(absent[0]))
        if own is not None and not own.is_file():
            return _unwell(WeightsNotFound("KOKORO_MODEL", own))
        if not self._path.is_file():
            return Health(
                "Voice",
                works=True,
                says=f"Kokoro is fetched on first use ({self._model.size / 1e6:.0f} MB)."
                + front_end.remark,
                remedy="Run `python aivideo_app.py fetch` while there is a network.",
                needed=True,
                tried=False,
            )
        ready = [voice for voice in CATALOGUE if not voice.missing]
        languages = len({voice.language[:2] for voice in ready})
        return Health(
            "Voice",
            works=True,
            says=f"Kokoro is on this machine, with {len(ready)} voices in {languages} languages."
            + front_end.remark,
            needed=True,
            tried=False,
        )

    @property
    def packages(self) -> tuple[str, ...]:
        """What the network is run with, as it is imported."""
        return ("kokoro", "torch") if self._model.file_name.endswith(".pth") else ("onnxruntime",)

    @property
    def lacks(self) -> str:
        """What it would take to speak without fetching anything; empty when nothing lacks."""
        if absent := _absent(self.packages):
            return f"the package {absent[0]} is not installed"
        return "" if self._path.is_file() else "its weights are not on this machine"

    def measure(self, clock: Callable[[], float] = time.perf_counter) -> Work[float]:
        """Speak a short sentence; the value is how many times faster than real time that was.

        Raises:
            AIVideoError: What ``prepare`` raises.
            SpeechFailed: The network failed.
        """
        yield from within(self._load(), 0.0, 0.6)
        network = yield from self._network.get()
        numbers = [VOCABULARY[phoneme] for phoneme in MEASURED]
        row = vector(find_voice(CATALOGUE, CATALOGUE[0].id))[len(numbers) - 1]
        # The first run allocates what all later ones use.
        yield from within(network.run(numbers[: len(numbers) // 3], row, 1.0), 0.6, 0.7)
        start = clock()
        utterance = yield from within(network.run(numbers, row, 1.0), 0.7, 1.0)
        return len(utterance.samples) / RATE / max(clock() - start, 1e-6)

    @property
    def _own(self) -> Path | None:
        """Weights that need no fetching: the person's, or what the hub's own client has brought."""
        if self._settings.kokoro_model or weights.is_here(self._model, self._workspace):
            return self._settings.kokoro_model
        return hub_cache.find(self._model)

    @property
    def _path(self) -> Path:
        return self._own or weights.where(self._model, self._workspace)

    def _load(self) -> Work[None]:
        """Fetch the weights where they are missing, and load the network."""
        if not self._network.is_ready:
            fetching = weights.fetch(self._model, self._settings, self._workspace, own=self._own)
            yield from within(fetching, 0.0, 0.9)
            yield from within(self._network.get("Loading the voice"), 0.9, 1.0)

    def _ready(self, accent: str) -> Work[Pronouncing]:
        """The front end of an accent, with the network loaded as well."""
        yield from within(self._load(), 0.0, 0.95)
        front_end = self._front_ends[accent if accent in self._front_ends else "a"]
        return (yield from within(front_end.get("Loading the voice"), 0.95, 1.0))

    def _pauses(self, text: str, speed: float) -> Pauses:
        return Pauses(
            sentence=self._settings.sentence_pause / speed,
            paragraph=self._settings.paragraph_pause / speed,
            paragraph_starts=paragraph_starts(text),
            asked=pauses(text),
        )

    def _record(
        self, pieces: Sequence[Piece], voice: Voice, speed: float
    ) -> Work[list[tuple[Piece, Reading]]]:
        network = yield from self._network.get()
        style = vector(voice)
        parts: list[tuple[Piece, Reading]] = []
        for number, piece in enumerate(pieces):
            yield Progress(number / len(pieces), f"Speaking with {voice.name}")
            numbers = [VOCABULARY[phoneme] for phoneme in phonemes_of(piece)]
            running = network.run(numbers, style[len(numbers) - 1], speed)
            utterance = yield from within(running, number / len(pieces), (number + 1) / len(pieces))
            parts += sentences(piece, edit(piece, utterance))
        return parts


def check_speed(speed: float) -> float:
    """The speed, when the voice can speak with it.

    Raises:
        InvalidArgument: It is outside 0.5..2.
    """
    if not SLOWEST <= speed <= FASTEST:
        raise InvalidArgument(
            f"The speed {speed:g} is not possible. Choose one from {SLOWEST:g} to {FASTEST:g}."
        )
    return speed


def _timed(said: Sequence[Said], reading: Reading) -> Iterator[Word]:
    if any(span.proportional for span in reading.spans):
        yield from _words(share_out(said, reading.samples), proportional=True)
        return
    spans = fill_in(reading.spans, len(said), len(reading.samples))
    for word, span in zip(said, spans, strict=True):
        heard = shares_in(word.written, span, reading.samples)
        yield from _words(heard, proportional=len(heard) > 1)


def _words(shares: Iterable[Share], *, proportional: bool) -> Iterator[Word]:
    for each in shares:
        start, end = (round(place / RATE, 3) for place in (each.start, each.end))
        yield Word(each.text, start, end, proportional, each.joined)


def _absent(packages: Sequence[str]) -> list[str]:
    return [package for package in packages if importlib.util.find_spec(package) is None]


def _unwell(failure: AIVideoError) -> Health:
    what, _, remedy = failure.message.partition(". ")
    return Health("Voice", works=False, says=f"{what}.", remedy=remedy, needed=True)
