"""Kokoro's network, two ways: the published weights through ONNX, and the official package.

Both take phoneme numbers, one row of a voice and a speed, and give samples together with how
long each phoneme lasts. Nothing here knows words.
"""

from __future__ import annotations

import json
import os
import pickle
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.waiting import Reporter, aside
from aivideo.errors import AIVideoError, SpeechFailed, VoiceRuntimeMissing, VoiceUnreadable
from aivideo.progress import Work

FRAME: Final = 600
"""Samples of one predicted duration frame (25 ms)."""
LONGEST: Final = 510
"""The most phonemes that the network takes at once."""
STYLE: Final = 256
"""Numbers in one row of a voice."""
MOST_THREADS: Final = 4
"""More threads than this wait for each other; the cores are also there for filming."""
FITTING: Final = 0.9
"""The share of a part's saved tensors that must have a place in the network; old ones save more."""
DURATIONS: Final = "/encoder/Clip_output_0"
"""The tensor inside the published graph that holds the frames of each phoneme."""

# The numbers of Kokoro's phonemes, as its published configuration has them.
_NUMBERED: Final = (
    (1, ";:,.!?"),
    (9, '—…"()“” \u0303ʣʥʦʨᵝ\uab67A'),
    (25, "I"),
    (31, "O"),
    (33, "Q"),
    (35, "ST"),
    (39, "W"),
    (41, "Yᵊabcdef"),
    (50, "hijklmnopqrstuvwxyz\u0251ɐɒæ"),
    (75, "βɔɕç"),
    (80, "ɖðʤə"),
    (85, "ɚɛɜ"),
    (90, "ɟ"),
    (92, "\u0261"),
    (99, "ɥ"),
    (101, "ɨ\u026aʝ"),
    (110, "ɯɰŋɳɲɴø"),
    (118, "\u0278θœ"),
    (123, "ɹ"),
    (125, "ɾɻ"),
    (128, "ʁɽʂʃʈʧ"),
    (135, "ʊ\u028b"),
    (138, "ʌ\u0263ɤ"),
    (142, "χʎ"),
    (147, "ʒʔ"),
    (156, "ˈˌ\u02d0"),
    (162, "ʰ"),
    (164, "ʲ"),
    (169, "↓"),
    (171, "→↗↘"),
    (177, "ᵻ"),
)
VOCABULARY: Final = {
    letter: first + index for first, letters in _NUMBERED for index, letter in enumerate(letters)
}
"""Each phoneme's number; a character that is not here has no sound."""

CONFIGURATION: Final[dict[str, Any]] = {
    "n_token": 178,
    "hidden_dim": 512,
    "style_dim": 128,
    "n_layer": 3,
    "max_dur": 50,
    "dropout": 0.2,
    "text_encoder_kernel_size": 5,
    "n_mels": 80,
    "plbert": {
        "hidden_size": 768,
        "num_attention_heads": 12,
        "intermediate_size": 2048,
        "max_position_embeddings": 512,
        "num_hidden_layers": 12,
        "dropout": 0.1,
    },
    "istftnet": {
        "upsample_kernel_sizes": [20, 12],
        "upsample_rates": [10, 6],
        "gen_istft_hop_size": 5,
        "gen_istft_n_fft": 20,
        "resblock_kernel_sizes": [3, 7, 11],
        "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
        "upsample_initial_channel": 512,
    },
    "vocab": VOCABULARY,
}
"""The shape of the published network; the official package would ask the hub for it."""


@dataclass(frozen=True)
class Utterance:
    """What the network made of some phonemes.

    Attributes:
        samples: Mono, 24 kHz, -1..1, shape (n,).
        frames: How long each phoneme lasts in frames, the start and end marks included:
            shape (phonemes + 2,).
        proportional: Whether that is a guess, since the network does not tell.
    """

    samples: NDArray[np.float32]
    frames: NDArray[np.float32]
    proportional: bool = False


class Network(Protocol):
    """Phonemes in, sound out."""

    def run(
        self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
    ) -> Work[Utterance]:
        """Speak 1 to ``LONGEST`` phonemes; closing the Work stops within a second.

        Args:
            numbers: Phonemes as ``VOCABULARY`` numbers them.
            style: One row of a voice, shape (STYLE,).
            speed: 1 is natural, 2 is twice as fast.

        Raises:
            SpeechFailed: The network failed.
        """


class OnnxNetwork:
    """The network through onnxruntime: no torch, a quarter of the size."""

    def __init__(self, path: Path) -> None:
        try:
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as failures
        except ImportError as problem:
            raise VoiceRuntimeMissing("onnxruntime", detail=str(problem)) from problem
        self._runtime = onnxruntime
        self._failures = tuple(
            failure
            for failure in vars(failures).values()
            if isinstance(failure, type) and issubclass(failure, Exception)
        )
        with _raising(VoiceUnreadable, self._failures, path):
            self._session = self._open(path)
        self._inputs = [given.name for given in self._session.get_inputs()]

    def run(
        self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
    ) -> Work[Utterance]:
        """Speak phonemes; the run is told to end when the Work is closed."""
        values = (
            np.array([[0, *numbers, 0]], np.int64),
            style.reshape(1, STYLE).astype(np.float32),
            np.array([speed], np.float32),
        )
        feeds = dict(zip(self._inputs, values, strict=True))
        options = self._runtime.RunOptions()

        def stop() -> None:
            options.terminate = True

        with _raising(SpeechFailed, self._failures):
            samples, *durations = yield from aside(
                lambda _: self._session.run(None, feeds, options), stop=stop
            )
        frames = durations[0] if durations else _even(samples.size, len(numbers) + 2)
        return Utterance(samples.ravel(), frames.ravel().astype(np.float32), not durations)

    def _open(self, path: Path) -> Any:
        model = path.read_bytes()
        try:
            return self._session_of(with_output(model, DURATIONS))
        except self._failures:
            # Another export of Kokoro: it tells durations by itself, or not at all.
            return self._session_of(model)

    def _session_of(self, model: bytes) -> Any:
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
        options.log_severity_level = 4
        # A waiting thread sleeps instead of spinning: ffmpeg may need the core.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return self._runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _even(samples: int, count: int) -> NDArray[np.float32]:
    """Durations for an export that tells none: every phoneme lasts equally long."""
    return np.full(count, samples / FRAME / count, np.float32)


def with_output(model: bytes, tensor: str) -> bytes:
    """An ONNX model in which one of its inner float tensors is an output as well.

    A protobuf message is merged with whatever follows it, so a few appended bytes that say
    "the graph has one more output" are enough, and no package for editing graphs is needed.
    """
    is_float = _field(2, _field(1, b"\x08\x01"))
    return model + _field(7, _field(12, _field(1, tensor.encode()) + is_float))


def _field(number: int, content: bytes) -> bytes:
    """A protobuf field of bytes; both its number and its length fit into seven bits here."""
    return bytes([number << 3 | 2, len(content)]) + content


class OfficialNetwork:
    """The official package's own network; needs torch and weights as its publisher saved them.

    It runs on the graphics card where torch finds one. A ``config.json`` beside the weights is
    used instead of the published configuration.
    """

    def __init__(self, path: Path) -> None:
        try:
            import torch
            from kokoro import KModel
        except ImportError as problem:
            raise VoiceRuntimeMissing("kokoro", detail=str(problem)) from problem
        torch.set_num_threads(min(MOST_THREADS, os.cpu_count() or 1))
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._run = threading.local()
        with warnings.catch_warnings(), _raising(VoiceUnreadable, _TORCH_FAILURES, path):
            warnings.simplefilter("ignore")  # old names inside torch, nothing to act on
            # Read first: what is no checkpoint is told before a network of 82 million is built.
            saved = torch.load(path, map_location="cpu", weights_only=True)
            self._model = KModel(
                repo_id="hexgrad/Kokoro-82M", config=_configuration(path), model=str(path)
            ).eval()
            _check_fit(self._model, saved)
            self._model.to(self._device)
        for part in self._model.modules():
            part.register_forward_pre_hook(self._look_up)

    def run(
        self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
    ) -> Work[Utterance]:
        """Speak phonemes; each layer looks first whether the Work was closed."""
        stopped = threading.Event()
        tensor = partial(self._torch.tensor, device=self._device)
        tokens = tensor([[0, *numbers, 0]])
        row = tensor(style.reshape(1, STYLE).astype(np.float32))

        def speak(_: Reporter) -> Utterance:
            self._run.stopped = stopped
            samples, frames = self._model.forward_with_tokens(tokens, row, speed)
            sound, lasting = samples.cpu().numpy(), frames.cpu().numpy()
            return Utterance(sound.ravel(), lasting.ravel().astype(np.float32))

        with _raising(SpeechFailed, _TORCH_FAILURES):
            return (yield from aside(speak, stop=stopped.set))

    def _look_up(self, *_: object) -> None:
        # The package shares some parts among all networks: another one's run is not ours to stop.
        stopped: threading.Event | None = getattr(self._run, "stopped", None)
        if stopped is not None and stopped.is_set():
            raise _Stopped


class _Stopped(Exception):
    """Ends a run of the official network in the middle."""


_TORCH_FAILURES: Final = (
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)
"""What torch and the official package raise on weights or shapes that are not theirs."""


def _check_fit(model: Any, saved: Mapping[str, Mapping[str, Any]]) -> None:
    """See that the weights were taken: the package passes over what does not fit, and hums noise.

    Raises:
        ValueError: One is of another shape than its place, or too many have no place.
    """
    for part, values in saved.items():
        own = getattr(model, part).state_dict()
        named = {name.removeprefix("module."): value for name, value in values.items()}
        placed = named.keys() & own.keys()
        if len(placed) < FITTING * len(named):
            raise ValueError(f"{len(named) - len(placed)} tensors of {part} have no place")
        if strange := [name for name in placed if named[name].shape != own[name].shape]:
            raise ValueError(f"{len(strange)} tensors of {part} are of another shape")


def _configuration(weights: Path) -> dict[str, Any]:
    own = weights.with_name("config.json")
    if not own.is_file():
        return CONFIGURATION
    configuration: dict[str, Any] = json.loads(own.read_text("utf-8"))
    return configuration


@contextmanager
def _raising(
    failure: Callable[..., AIVideoError], causes: tuple[type[Exception], ...], *facts: object
) -> Iterator[None]:
    """Turn a vendor's exceptions into one of ours."""
    try:
        yield
    except causes as problem:
        raise failure(*facts, detail=repr(problem)) from problem
