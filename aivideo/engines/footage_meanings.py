"""What a person's footage shows, compared by meaning: a pollinator is found among the bees."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from aivideo import ranking
from aivideo.engines.footage_index import FootageIndex
from aivideo.engines.footage_matching import clip_of
from aivideo.engines.meaning import readable

MODEL: Final = "all-MiniLM-L6-v2, wording 1"
"""Names the model and the text that is compared; another name lets all be found out anew."""

FEW: Final = 4
"""Texts that are worked out together: whoever searches waits for no more than these."""
LONGEST_WAIT: Final = 0.5
"""Seconds after which a search goes by words alone, on a machine that is busy otherwise."""
SOMETHING: Final = "footage"
_MOMENT: Final = 0.005

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What turns texts into vectors that lie close where their meanings do."""

    @property
    def ready(self) -> bool:
        """Whether it can be asked now."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text."""


class Meanings:
    """The vectors of a library's files, all in memory: ten thousand take 15 MB."""

    def __init__(self, index: FootageIndex, embedder: Embedder | None = None) -> None:
        self._index = index
        self._embedder = embedder
        self._lock = threading.Lock()
        self._asking: set[int] = set()
        self._turn = -1
        self._numbers: Sequence[int] = ()
        self._matrix: Vectors = np.zeros((0, 0), np.float32)

    def warm(self) -> None:
        """Load what the first question would have to wait for."""
        self.nearest(SOMETHING, 1)

    def learn(self, at_most: int) -> int:
        """Find out the meaning of files that have none; of how many it was found out."""
        if self._embedder is None or not self._embedder.ready:
            return 0
        entries = self._index.without_meaning(MODEL, at_most)
        if entries:
            texts = [ranking.wording(clip_of(entry.footage)) for entry in entries]
            vectors = itertools.chain.from_iterable(
                self._worked_out(self._embedder, list(few)) for few in _batches(texts)
            )
            packed = (vector.astype("<f2").tobytes() for vector in vectors)
            numbers = (entry.id for entry in entries)
            self._index.note_meanings(MODEL, list(zip(numbers, packed, strict=True)))
        return len(entries)

    def _worked_out(self, embedder: Embedder, texts: Sequence[str]) -> Vectors:
        """The vectors of a few texts, while nobody asks; nothing is near what cannot be read."""
        while self._asking:
            time.sleep(_MOMENT)
        with self._lock:
            vectors = embedder.vectors([text if readable(text) else SOMETHING for text in texts])
        can = np.array([[readable(text)] for text in texts], np.float32)
        return vectors * can

    def nearest(self, text: str, at_most: int) -> Mapping[int, float]:
        """The files whose meaning is nearest to a text's, each with the cosine between them."""
        if self._embedder is None or not self._embedder.ready or not readable(text):
            return {}
        self._asking.add(threading.get_ident())
        try:
            if not self._lock.acquire(timeout=LONGEST_WAIT):
                return {}
            try:
                wanted = self._embedder.vectors([text])[0]
                numbers, matrix = self._all()
            finally:
                self._lock.release()
        finally:
            self._asking.discard(threading.get_ident())
        if not len(numbers):
            return {}
        cosines = matrix @ wanted
        best = np.argsort(-cosines)[:at_most]
        return {numbers[place]: float(cosines[place]) for place in best}

    def _all(self) -> tuple[Sequence[int], Vectors]:
        turn = self._index.meanings_turn()
        if turn != self._turn:
            rows = self._index.meanings(MODEL)
            packed = b"".join(vector for _, vector in rows)
            self._numbers = [number for number, _ in rows]
            halves = np.frombuffer(packed, "<f2").reshape(len(rows), -1 if rows else 0)
            self._matrix = halves.astype(np.float32)
            self._turn = turn
        return self._numbers, self._matrix


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), FEW):
        yield texts[start : start + FEW]
