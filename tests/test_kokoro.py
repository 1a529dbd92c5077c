"""The network, two ways: on small graphs and small random weights, and on the real ones."""

from __future__ import annotations

import importlib
import io
import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hearing
import numpy as np
import pytest

from aivideo.engines.kokoro import (
    CONFIGURATION,
    DURATIONS,
    FRAME,
    STYLE,
    VOCABULARY,
    OfficialNetwork,
    OnnxNetwork,
    with_output,
)
from aivideo.engines.speakers import open_speaker
from aivideo.engines.speech import RATE, KokoroSpeaker
from aivideo.engines.waiting import Once, Reporter, aside
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing, VoiceUnreadable
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.spoken import without_marks
from aivideo.workspace import Workspace, content_hash

NUMBERS = [VOCABULARY[letter] for letter in "h\u0259l\u02c8O"]
ROW = np.zeros(STYLE, np.float32)


def varint(number: int) -> bytes:
    """A number as protobuf writes it, seven bits at a time."""
    head = b""
    while number > 127:
        head += bytes([number % 128 + 128])
        number //= 128
    return head + bytes([number])


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protobuf message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    """A graph's input or output: its name, element type and shape."""
    dims = b"".join(
        field(1, field(2, size.encode()) if isinstance(size, str) else field(1, size))
        for size in shape
    )
    return field(1, name.encode()) + field(2, field(1, field(1, kind) + field(2, dims)))


def node(operator: str, inputs: Sequence[str], output: str, attribute: bytes = b"") -> bytes:
    """One operation of a graph."""
    named = b"".join(field(1, name.encode()) for name in inputs)
    return field(1, named + field(2, output.encode()) + field(4, operator.encode()) + attribute)


def graph(durations: str, *, style: int = STYLE) -> bytes:
    """An ONNX model with Kokoro's inputs: it "speaks" the numbers times the speed.

    ``durations`` names an inner tensor with the numbers as floats.
    """
    to_float = field(5, field(1, b"to") + field(3, 1) + field(20, 2))
    content = (
        node("Cast", ["tokens"], durations, to_float)
        + node("Mul", [durations, "speed"], "audio")
        + field(2, b"test")
        + field(11, tensor("tokens", 7, [1, "n"]))
        + field(11, tensor("style", 1, [1, style]))
        + field(11, tensor("speed", 1, [1]))
        + field(12, tensor("audio", 1, [1, "n"]))
    )
    return field(1, 8) + field(7, content) + field(8, field(2, 17))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small graph as a file."""
    path = tmp_path / "small.onnx"
    path.write_bytes(graph(DURATIONS))
    return path


def test_every_phoneme_has_its_published_number() -> None:
    """Samples of the published vocabulary, its ends and its size."""
    published = {";": 1, " ": 16, "A": 24, "a": 43, "z": 68, "\u0261": 92, "\u02c8": 156, "ᵻ": 177}
    assert published.items() <= VOCABULARY.items()
    assert len(VOCABULARY) == 114
    assert len(set(VOCABULARY.values())) == 114


def test_an_inner_tensor_becomes_an_output(small: Path) -> None:
    """The frames of each phoneme come out of a graph that only gives audio."""
    taken = finish(OnnxNetwork(small).run(NUMBERS, ROW, 2.0))
    assert taken.frames.tolist() == [0, *NUMBERS, 0]
    assert taken.samples.tolist() == [0, *(2.0 * number for number in NUMBERS), 0]


def test_an_export_without_durations_still_speaks(tmp_path: Path) -> None:
    """Every phoneme then lasts equally long."""
    path = tmp_path / "other.onnx"
    path.write_bytes(graph("another name"))
    taken = finish(OnnxNetwork(path).run(NUMBERS, ROW, 1.0))
    assert len(taken.frames) == len(NUMBERS) + 2
    assert taken.frames.sum() * FRAME == pytest.approx(len(taken.samples))


def test_the_appended_bytes_leave_the_model_as_it_was() -> None:
    """An output is declared after the model's own bytes."""
    assert with_output(b"model", "inner").startswith(b"model")


@pytest.mark.parametrize("content", [b"", b"this is no model", b"\x00" * 400])
def test_a_file_that_is_no_model_is_told(tmp_path: Path, content: bytes) -> None:
    """The sentence names the file and the setting."""
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(VoiceUnreadable, match=r"broken\.onnx.*KOKORO_MODEL"):
        OnnxNetwork(path)


def test_a_failing_run_is_told(tmp_path: Path) -> None:
    """What the runtime says goes to the details."""
    path = tmp_path / "other.onnx"
    path.write_bytes(graph(DURATIONS, style=5))
    with pytest.raises(SpeechFailed) as caught:
        finish(OnnxNetwork(path).run(NUMBERS, ROW, 1.0))
    assert "style" in caught.value.detail


@pytest.mark.parametrize(
    ("network", "package"),
    [
        (OnnxNetwork, "onnxruntime"),
        pytest.param(OfficialNetwork, "kokoro", marks=pytest.mark.slow),  # it imports torch first
    ],
)
def test_a_missing_runtime_is_named(
    network: type[OnnxNetwork | OfficialNetwork],
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sentence says which package is missing."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VoiceRuntimeMissing, match=package):
        network(tmp_path / "any")


def test_closing_a_wait_stops_the_call_and_waits_for_it() -> None:
    """Nothing runs on behind the back of who cancelled."""
    stopped, ended = threading.Event(), threading.Event()

    def call(_: Reporter) -> None:
        stopped.wait(5)
        ended.set()

    work = aside(call, "Waiting", stop=stopped.set)
    assert next(work).message == "Waiting"
    work.close()
    assert ended.is_set()


def test_something_slow_is_made_once_for_all_who_wait() -> None:
    """Two who ask at the same time get the same thing."""
    made: list[object] = []

    def make() -> object:
        time.sleep(0.3)
        made.append(object())
        return made[-1]

    once = Once(make)
    first, second = once.get(), once.get()
    next(first)
    assert finish(second) is finish(first) is made[0]
    assert once.is_ready
    assert len(made) == 1


def test_something_that_failed_is_made_anew() -> None:
    """A failure is told to who waits, and not kept for ever."""
    answers: list[Exception | str] = ["well", ValueError("bad day")]

    def make() -> str:
        answer = answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(make)
    with pytest.raises(ValueError, match="bad day"):
        finish(once.get())
    assert not once.is_ready
    assert finish(once.get()) == "well"


SMALL: dict[str, Any] = {
    **CONFIGURATION,
    "n_layer": 1,
    "max_dur": 4,
    "plbert": {
        **CONFIGURATION["plbert"],
        "hidden_size": 48,
        "num_hidden_layers": 2,
        "intermediate_size": 64,
        "num_attention_heads": 4,
    },
    "istftnet": {
        **CONFIGURATION["istftnet"],
        "resblock_kernel_sizes": [3],
        "resblock_dilation_sizes": [[1, 3, 5]],
    },
}


def save_random(path: Path, configuration: dict[str, Any]) -> None:
    """Random weights of this shape, as the publisher saves them."""
    torch = importlib.import_module("torch")
    modules = importlib.import_module("kokoro.modules")
    istftnet = importlib.import_module("kokoro.istftnet")
    albert = importlib.import_module("transformers").AlbertConfig
    torch.manual_seed(3)
    hidden, style = configuration["hidden_dim"], configuration["style_dim"]
    parts = {
        "bert": modules.CustomAlbert(
            albert(vocab_size=configuration["n_token"], **configuration["plbert"])
        ),
        "bert_encoder": torch.nn.Linear(configuration["plbert"]["hidden_size"], hidden),
        "predictor": modules.ProsodyPredictor(
            style_dim=style,
            d_hid=hidden,
            nlayers=configuration["n_layer"],
            max_dur=configuration["max_dur"],
            dropout=configuration["dropout"],
        ),
        "text_encoder": modules.TextEncoder(
            channels=hidden,
            kernel_size=configuration["text_encoder_kernel_size"],
            depth=configuration["n_layer"],
            n_symbols=configuration["n_token"],
        ),
        "decoder": istftnet.Decoder(
            dim_in=hidden,
            style_dim=style,
            dim_out=configuration["n_mels"],
            **configuration["istftnet"],
        ),
    }
    torch.save({name: part.state_dict() for name, part in parts.items()}, path)


@pytest.fixture(scope="module")
def random_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small random weights with their configuration beside them; not on Python 3.13."""
    pytest.importorskip("kokoro")
    folder = tmp_path_factory.mktemp("official")
    save_random(folder / "small.pth", SMALL)
    (folder / "config.json").write_text(json.dumps(SMALL), "utf-8")
    return folder / "small.pth"


@pytest.fixture(scope="module")
def official(random_weights: Path) -> OfficialNetwork:
    """The official network with them."""
    return OfficialNetwork(random_weights)


@pytest.mark.slow
def test_the_official_network_tells_sound_and_durations(official: OfficialNetwork) -> None:
    """Samples and frames agree, as the ONNX network's do."""
    taken = finish(official.run(NUMBERS * 5, np.ones(STYLE, np.float32), 1.0))
    assert len(taken.frames) == len(NUMBERS) * 5 + 2
    assert taken.frames.sum() * FRAME == len(taken.samples)
    assert np.isfinite(taken.samples).all()


@pytest.mark.slow
def test_closing_the_official_network_stops_it(official: OfficialNetwork) -> None:
    """The next layer sees that nobody waits, and the network can be used again."""
    work = official.run(NUMBERS * 90, ROW, 0.5)
    next(work)
    start = time.monotonic()
    work.close()
    assert time.monotonic() - start < 2
    assert len(finish(official.run(NUMBERS, ROW, 1.0)).samples)


@pytest.mark.slow
def test_the_official_package_speaks_a_text(
    random_weights: Path, settings: Settings, workspace: Workspace
) -> None:
    """Its own loading of weights, our front end, sound, and a time for every word."""
    chosen = settings.model_copy(update={"kokoro_model": random_weights})
    speaker = open_speaker(chosen, workspace, front_end=hearing.front_end)
    text = "Bees fly out at dawn. They come home [pause 1s] for $3.50!"
    speech = finish(speaker.speak(text, "am_michael:0.5+bf_emma:0.5", 0.8))
    assert [word.text for word in speech.words] == without_marks(text).split()
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert len({word.start for word in speech.words}) == len(speech.words)
    assert edges[-1] <= len(speech.samples) / RATE + 0.001
    assert np.isfinite(speech.samples).all()
    assert np.abs(speech.samples).max() > 0
    assert content_hash(random_weights)[:12] in speaker.name
    assert isinstance(speaker, KokoroSpeaker)
    assert finish(speaker.measure()) > 0


def damaged(whole: bytes) -> dict[str, bytes]:
    """Files that are no weights of Kokoro, by what is wrong with them."""
    torch = importlib.import_module("torch")
    strange = io.BytesIO()
    torch.save({"language_model": {"weight": torch.zeros(2)}}, strange)
    tensor = io.BytesIO()
    torch.save(torch.zeros(2), tensor)
    return {
        "empty": b"",
        "no archive": b"this is no model",
        "cut off": whole[: len(whole) // 2],
        "another model": strange.getvalue(),
        "no parts": tensor.getvalue(),
    }


@pytest.mark.slow
def test_a_file_that_is_no_checkpoint_is_told(tmp_path: Path, random_weights: Path) -> None:
    """The sentence names the file, whatever is wrong with it."""
    (tmp_path / "config.json").write_text(json.dumps(SMALL), "utf-8")
    for wrong, content in damaged(random_weights.read_bytes()).items():
        path = tmp_path / f"{wrong}.pth"
        path.write_bytes(content)
        with pytest.raises(VoiceUnreadable, match=f"{wrong}.pth"):
            OfficialNetwork(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "configuration",
    [
        "",
        "[]",
        "{}",
        json.dumps({**SMALL, "n_layer": 2, "max_dur": 5, "n_token": 100}),
        json.dumps({name: value for name, value in SMALL.items() if name != "istftnet"}),
    ],
    ids=["empty", "list", "nothing", "another shape", "incomplete"],
)
def test_a_wrong_configuration_is_told(
    tmp_path: Path, random_weights: Path, configuration: str
) -> None:
    """A ``config.json`` beside the weights that is none, or not theirs."""
    path = tmp_path / "small.pth"
    path.hardlink_to(random_weights)
    (tmp_path / "config.json").write_text(configuration, "utf-8")
    with pytest.raises(VoiceUnreadable, match=r"small\.pth"):
        OfficialNetwork(path)
