"""What real voices are tested with: front ends, the network and a listener, each loaded once.

Loading costs more than the sentences that are spoken, so the whole run shares them.
"""

from __future__ import annotations

import functools
import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np

from aivideo.engines.front_ends import open_front_end
from aivideo.engines.kokoro import OnnxNetwork
from aivideo.engines.phonemes import Pronouncing
from aivideo.engines.speech import RATE, Speech

HEARD_RATE = 16_000
"""Samples a second that the listener takes."""
SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@functools.cache
def front_end(accent: str) -> Pronouncing:
    """The front end that speaks an accent here."""
    return open_front_end(accent)


@functools.cache
def network(path: Path) -> OnnxNetwork:
    """The network with these weights."""
    return OnnxNetwork(path)


@functools.cache
def listener(folder: Path) -> Any:
    """A small speech recogniser."""
    whisper = importlib.import_module("faster_whisper")
    return whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)


def heard_by(folder: Path, speech: Speech, language: str = "en") -> str:
    """What the recogniser in this folder understands."""
    at = np.arange(0, len(speech.samples), RATE / HEARD_RATE)
    slower = np.interp(at, np.arange(len(speech.samples)), speech.samples).astype(np.float32)
    segments, _ = listener(folder).transcribe(
        slower, language=language, beam_size=1, condition_on_previous_text=False
    )
    return " ".join(segment.text for segment in segments)


def counted(text: str) -> str:
    """A text as it is compared: figures apart from letters, small ones as figures, signs named."""
    text = text.lower().replace("\u2019", "'").replace("p.m.", "pm")
    for sign, name in (("°c", " degrees celsius"), ("%", " percent"), ("-", " minus ")):
        text = text.replace(sign, name)
    words = re.findall(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*", text)
    return " ".join(str(SMALL.index(word)) if word in SMALL else word for word in words)
