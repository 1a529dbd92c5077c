"""What a person's footage shows, compared by meaning: a pollinator is found among the bees."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.footage_index import FootageIndex

RECIPE: Final = "1"
"""Grows with every change to the text that is compared."""

Vectors = NDArray[np.float32]


class Meaning(Protocol):
    """What turns texts into vectors that lie close where their meanings do."""

    @property
    def ready(self) -> bool:
        """Whether it can be asked now."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text."""


class Meanings:
    """The vectors of a library's files, all in memory: ten thousand take a few megabytes."""

    def __init__(self, index: FootageIndex, meaning: Meaning | None = None) -> None:
        self._index = index
        self._meaning = meaning
        self._lock = threading.Lock()
        self._turn = -1
        self._numbers: Sequence[int] = ()
        self._matrix: Vectors = np.zeros((0, 0), np.float32)

    def learn(self, at_most: int) -> int:
        """Find out the meaning of files that have none; of how many it was found out."""
        if self._meaning is None or not self._meaning.ready:
            return 0
        entries = self._index.without_meaning(RECIPE, at_most)
        if entries:
            vectors = self._meaning.vectors([entry.footage.meaning for entry in entries])
            packed = (vector.astype("<f2").tobytes() for vector in vectors)
            numbers = (entry.id for entry in entries)
            self._index.note_meanings(RECIPE, zip(numbers, packed, strict=True))
        return len(entries)

    def nearest(self, text: str, at_most: int) -> Mapping[int, float]:
        """The files whose meaning is nearest to a text's, each with the cosine between them."""
        if self._meaning is None or not self._meaning.ready or not text.strip():
            return {}
        numbers, matrix = self._all()
        if not len(numbers):
            return {}
        cosines = matrix @ self._meaning.vectors([text])[0]
        best = np.argsort(-cosines)[:at_most]
        return {numbers[place]: float(cosines[place]) for place in best}

    def _all(self) -> tuple[Sequence[int], Vectors]:
        turn = self._index.meanings_turn()
        with self._lock:
            if turn != self._turn:
                rows = self._index.meanings(RECIPE)
                packed = b"".join(vector for _, vector in rows)
                shape = (len(rows), -1) if rows else (0, 0)
                self._numbers = [number for number, _ in rows]
                self._matrix = np.frombuffer(packed, "<f2").astype(np.float32).reshape(shape)
                self._turn = turn
            return self._numbers, self._matrix
