"""How near texts are in meaning: a small English model that knows that a pollinator is a bee.

The model is all-MiniLM-L6-v2, six layers that fit into 91 MB; it is read off its file and worked
out with numpy, since that is ready in half a second where its usual runtime takes four and 200
MB. What it makes of other languages than English is worth little; where a text is in a script
that it hardly knows, it says nothing rather than something.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines import weights
from aivideo.engines.model_files import ModelFile
from aivideo.engines.waiting import aside
from aivideo.errors import Health
from aivideo.progress import Work, within
from aivideo.ranking import Prospect, Wish, question, wording
from aivideo.settings import Settings
from aivideo.workspace import Workspace

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

WIDTH: Final = 384
"""Numbers in a vector of the model that is shipped."""
HEADS: Final = 12
LONGEST: Final = 64
"""Pieces of words that are read of a text; a title has ten."""
BATCH: Final = 64
"""Texts that are worked out together: 64 of the longest take 60 MB while they are."""
KEPT: Final = 8_192
"""Vectors of texts that are kept for the next time, 13 MB."""
READABLE: Final = 0.5
"""The share of a text's letters that has to be Latin."""
_LAYER: Final = re.compile(r"encoder\.layer\.\d+\.output\.dense\.bias")
_LAST_LATIN: Final = "\u024f"


class Meaning:
    """Vectors of texts that lie close to each other where the texts mean much the same.

    It may be asked from several threads. Until ``prepare`` has brought the model, ``ready`` is
    False and only words can be compared.
    """

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        *,
        files: Sequence[ModelFile] = weights.MINILM,
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._files = files
        self._loading = threading.Lock()
        self._model: _Model | None = None
        self._known = _Known(KEPT)

    @property
    def ready(self) -> bool:
        """Whether it can be asked now, without fetching anything."""
        return self._model is not None or all(
            weights.is_here(file, self._workspace) for file in self._files
        )

    def prepare(self) -> Work[None]:
        """Bring the model when it is not here, and load it.

        Raises:
            WeightsUnreachable: No source answers.
            WeightsDamaged: What arrived is not the model.
            DiskFull: There is no room for it.
        """
        fetching = weights.fetch_all(self._files, self._settings, self._workspace)
        yield from within(fetching, 0.0, 0.9)
        loading = aside(lambda _: self._load(), "Loading the model for meanings")
        yield from within(loading, 0.9, 1.0)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text.

        Raises:
            FileNotFoundError: It is not ``ready``.
        """
        known = self._known.of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            model = self._load()
            found = dict(zip(new, model.vectors(new), strict=True))
            self._known.keep(found)
            known = {**known, **found}
        return np.array([known[text] for text in texts], np.float32).reshape(
            len(texts), -1 if texts else WIDTH
        )

    def likeness(self, query: Wish, clips: Sequence[Prospect]) -> list[float | None]:
        """How near each clip's words come in meaning to what a scene wants, for ``judge``.

        Returns:
            A cosine each; None for what cannot be compared: texts of scripts that the model
            does not know, everything while it is not ``ready``.
        """
        asked = question(query)
        told = [wording(clip) for clip in clips]
        if not (self.ready and readable(asked)):
            return [None] * len(clips)
        first, *others = self.vectors([asked, *told])
        return [
            float(first @ vector) if readable(text) else None
            for text, vector in zip(told, others, strict=True)
        ]

    def check(self) -> Health:
        """Whether clips are judged by meaning or by their words alone."""
        size = sum(file.size for file in self._files)
        return Health(
            "Clips: judging by meaning",
            works=True,
            says=(
                f"The model for meanings is on this machine ({size / 1e6:.0f} MB)."
                if self.ready
                else f"Clips are judged by their words alone: the model for meanings "
                f"({size / 1e6:.0f} MB) is not on this machine yet."
            ),
            remedy=(
                "" if self.ready else "Run `python aivideo_app.py fetch` while there is a network."
            ),
            tried=False,
        )

    def _load(self) -> _Model:
        with self._loading:
            if self._model is None:
                model, words = (weights.where(file, self._workspace) for file in self._files)
                self._model = _Model.read(model, words)
            return self._model


def readable(text: str) -> bool:
    """Whether a text is mostly in Latin letters; the model guesses at any other script."""
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and sum(s <= _LAST_LATIN for s in letters) >= READABLE * len(letters)


class _Known:
    """The vectors that were asked for last."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def of(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Those that are known."""
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in found:
                self._vectors.move_to_end(text)
            return found

    def keep(self, found: Mapping[str, Vectors]) -> None:
        """Add some; the oldest go when there are too many."""
        with self._lock:
            self._vectors.update(found)
            while len(self._vectors) > self._at_most:
                self._vectors.popitem(last=False)


@dataclass(frozen=True)
class _Model:
    """The model's numbers, on the disk until they are touched, and its tokenizer."""

    numbers: Mapping[str, NDArray[np.float32]]
    tokenizer: Tokenizer

    @property
    def _width(self) -> int:
        return len(self.numbers["embeddings.LayerNorm.weight"])

    @classmethod
    def read(cls, model: Path, words: Path) -> _Model:
        """Open both files."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(words))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        return cls(read_tensors(model), tokenizer)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text; those of like length are worked out together."""
        pieces = [coded.ids for coded in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        found = np.empty((len(texts), self._width), np.float32)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            found[places] = self._together([pieces[place] for place in places])
        return found

    def _together(self, pieces: Sequence[Sequence[int]]) -> Vectors:
        """The vectors of a few texts: what the layers make of their pieces, on average."""
        length = max(map(len, pieces))
        ids = np.zeros((len(pieces), length), np.int64)
        there = np.zeros((len(pieces), length, 1), np.float32)
        for row, text in enumerate(pieces):
            ids[row, : len(text)] = text
            there[row, : len(text)] = 1.0
        state = self._layers(ids, there)
        vectors: Vectors = (state * there).sum(1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _layers(self, ids: NDArray[np.int64], there: Vectors) -> Vectors:
        count, length = ids.shape
        state = self.numbers["embeddings.word_embeddings.weight"][ids]
        state = state + self.numbers["embeddings.position_embeddings.weight"][:length]
        state += self.numbers["embeddings.token_type_embeddings.weight"][0]
        state = self._norm(state.reshape(-1, self._width), "embeddings.LayerNorm")
        # What is only padding gets no attention.
        absent = (there.reshape(count, 1, 1, length) - 1.0) * 10_000.0
        for number in range(sum(_LAYER.fullmatch(name) is not None for name in self.numbers)):
            layer = f"encoder.layer.{number}"
            heard = self._attention(state, absent, f"{layer}.attention.self")
            heard = self._linear(heard, f"{layer}.attention.output.dense")
            state = self._norm(state + heard, f"{layer}.attention.output.LayerNorm")
            thought = gelu(self._linear(state, f"{layer}.intermediate.dense"))
            thought = self._linear(thought, f"{layer}.output.dense")
            state = self._norm(state + thought, f"{layer}.output.LayerNorm")
        return state.reshape(count, length, -1)

    def _attention(self, state: Vectors, absent: Vectors, name: str) -> Vectors:
        """What each piece takes from the others of its text."""
        count, length = absent.shape[0], absent.shape[-1]
        shape = (count, length, HEADS, self._width // HEADS)
        query, key, value = (
            self._linear(state, f"{name}.{part}").reshape(shape).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        query = query / np.float32(np.sqrt(shape[-1]))
        heed = query @ key.transpose(0, 1, 3, 2) + absent
        heed = np.exp(heed - heed.max(-1, keepdims=True))
        heed /= heed.sum(-1, keepdims=True)
        taken: Vectors = (heed @ value).transpose(0, 2, 1, 3).reshape(-1, self._width)
        return taken

    def _linear(self, state: Vectors, name: str) -> Vectors:
        return state @ self.numbers[f"{name}.weight"].T + self.numbers[f"{name}.bias"]

    def _norm(self, state: Vectors, name: str) -> Vectors:
        state = state - state.mean(-1, keepdims=True)
        spread = np.einsum("ij,ij->i", state, state)[:, None] / np.float32(self._width)
        state /= np.sqrt(spread + np.float32(1e-12))
        normed: Vectors = state * self.numbers[f"{name}.weight"] + self.numbers[f"{name}.bias"]
        return normed


def gelu(state: Vectors) -> Vectors:
    """The smooth step of the model's inner layers, by its usual approximation."""
    bent = state * state
    bent *= np.float32(0.044715)
    bent += np.float32(1.0)
    bent *= state
    bent *= np.float32(np.sqrt(2.0 / np.pi))
    np.tanh(bent, out=bent)
    bent += np.float32(1.0)
    bent *= state
    bent *= np.float32(0.5)
    return bent


def read_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file, mapped from the disk."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entries = json.loads(file.read(length))
    data = np.memmap(path, np.uint8, "r", offset=8 + length)
    return {
        name: data[slice(*entry["data_offsets"])].view("<f4").reshape(entry["shape"])
        for name, entry in entries.items()
        if entry.get("dtype") == "F32"
    }
