"""A language model of a few kilobytes that talks nonsense: a GGUF file with random weights.

It has everything that the real ones have (a vocabulary, a template, a window), so the engine
that runs them is tested for real without a download.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import numpy as np

WIDTH: Final = 32
HEADS: Final = 4
INNER: Final = 64
SPECIAL: Final = ("<unk>", "<s>", "</s>")
TEMPLATE: Final = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
ALIGNMENT: Final = 32
UINT32, INT32, FLOAT32, STRING, ARRAY = 4, 5, 6, 8, 9
"""GGUF's own numbers for the types of values."""
UNKNOWN, CONTROL, BYTE = 2, 3, 6
"""And for the kinds of tokens."""


def make_tiny_model(path: Path, *, window: int = 8192) -> Path:
    """Write the model to ``path`` and return it."""
    words = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
    values = [
        _string("general.architecture", "llama"),
        _string("general.name", "nonsense"),
        *(
            _key(f"llama.{name}") + struct.pack("<II", UINT32, value)
            for name, value in {
                "context_length": window,
                "embedding_length": WIDTH,
                "block_count": 1,
                "feed_forward_length": INNER,
                "attention.head_count": HEADS,
                "attention.head_count_kv": HEADS,
                "rope.dimension_count": WIDTH // HEADS,
                "vocab_size": len(words),
            }.items()
        ),
        _key("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", FLOAT32, 1e-5),
        _string("tokenizer.ggml.model", "llama"),
        _key("tokenizer.ggml.tokens") + _array(STRING, [_text(word) for word in words]),
        _key("tokenizer.ggml.scores") + _array(FLOAT32, [struct.pack("<f", 0.0)] * len(words)),
        _key("tokenizer.ggml.token_type")
        + _array(
            INT32,
            [struct.pack("<i", kind) for kind in [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256]],
        ),
        _key("tokenizer.ggml.bos_token_id") + struct.pack("<II", UINT32, 1),
        _key("tokenizer.ggml.eos_token_id") + struct.pack("<II", UINT32, 2),
        _string("tokenizer.chat_template", TEMPLATE),
    ]
    tensors = _tensors(len(words))
    path.write_bytes(
        b"GGUF"
        + struct.pack("<IQQ", 3, len(tensors), len(values))
        + b"".join(values)
        + _described(tensors)
    )
    path.write_bytes(_padded(path.read_bytes()) + b"".join(map(_data, tensors.values())))
    return path


def _tensors(words: int) -> dict[str, np.ndarray]:
    """Random weights under the names that the architecture wants; norms are ones."""
    shapes = {
        "token_embd.weight": (words, WIDTH),
        "output.weight": (words, WIDTH),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_k.weight": (WIDTH, WIDTH),
        "blk.0.attn_v.weight": (WIDTH, WIDTH),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_gate.weight": (INNER, WIDTH),
        "blk.0.ffn_up.weight": (INNER, WIDTH),
        "blk.0.ffn_down.weight": (WIDTH, INNER),
    }
    random = np.random.default_rng(1)
    weights = {name: random.normal(0, 0.3, shape) for name, shape in shapes.items()}
    norms = ("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight")
    return {**weights, **{name: np.ones(WIDTH) for name in norms}}


def _described(tensors: dict[str, np.ndarray]) -> bytes:
    """Name, shape (innermost first), type and place of each tensor."""
    described, offset = b"", 0
    for name, tensor in tensors.items():
        shape = struct.pack(f"<{tensor.ndim}Q", *reversed(tensor.shape))
        described += _text(name) + struct.pack("<I", tensor.ndim) + shape
        described += struct.pack("<IQ", 0, offset)
        offset += len(_data(tensor))
    return described


def _data(tensor: np.ndarray) -> bytes:
    return _padded(tensor.astype("<f4").tobytes())


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % ALIGNMENT)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _key(name: str) -> bytes:
    return _text(name)


def _string(name: str, value: str) -> bytes:
    return _key(name) + struct.pack("<I", STRING) + _text(value)


def _array(kind: int, items: list[bytes]) -> bytes:
    return struct.pack("<IIQ", ARRAY, kind, len(items)) + b"".join(items)
