"""What a person's footage shows, compared by meaning: a pollinator is found among the bees."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from aivideo import ranking
from aivideo.engines.footage_index import FootageIndex
from aivideo.engines.footage_matching import clip_of
from aivideo.engines.meaning import WIDTH, readable

MODEL: Final = "all-MiniLM-L6-v2, wording 1"
"""Names the model and the text that is compared; another name lets all be found out anew."""

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
        self._turn = -1
        self._numbers: Sequence[int] = ()
        self._matrix: Vectors = np.zeros((0, WIDTH), np.float32)

    def warm(self) -> None:
        """Load what the first question would have to wait for."""
        self.nearest("footage", 1)

    def learn(self, at_most: int) -> int:
        """Find out the meaning of files that have none; of how many it was found out."""
        if self._embedder is None or not self._embedder.ready:
            return 0
        entries = self._index.without_meaning(MODEL, at_most)
        if entries:
            texts = [ranking.wording(clip_of(entry.footage)) for entry in entries]
            vectors = np.zeros((len(texts), WIDTH), np.float32)
            # What the model cannot read comes near nothing.
            read = [place for place, text in enumerate(texts) if readable(text)]
            if read:
                vectors[read] = self._embedder.vectors([texts[place] for place in read])
            packed = (vector.astype("<f2").tobytes() for vector in vectors)
            numbers = (entry.id for entry in entries)
            self._index.note_meanings(MODEL, zip(numbers, packed, strict=True))
        return len(entries)

    def nearest(self, text: str, at_most: int) -> Mapping[int, float]:
        """The files whose meaning is nearest to a text's, each with the cosine between them."""
        if self._embedder is None or not self._embedder.ready or not readable(text):
            return {}
        wanted = self._embedder.vectors([text])[0]
        numbers, matrix = self._all()
        cosines = matrix @ wanted
        best = np.argsort(-cosines)[:at_most]
        return {numbers[place]: float(cosines[place]) for place in best}

    def _all(self) -> tuple[Sequence[int], Vectors]:
        turn = self._index.meanings_turn()
        with self._lock:
            if turn != self._turn:
                rows = self._index.meanings(MODEL)
                packed = b"".join(vector for _, vector in rows)
                self._numbers = [number for number, _ in rows]
                self._matrix = np.frombuffer(packed, "<f2").astype(np.float32).reshape(-1, WIDTH)
                self._turn = turn
            return self._numbers, self._matrix
