"""Whether the voices are understood: what a multilingual listener hears of every greeting.

    python benchmarks/hear_voices.py FOLDER [--voices PREFIX ...]

``FOLDER`` has a faster-whisper model that knows the languages, such as faster-whisper-base. Errors
are counted by characters without marks and blanks, so that languages can be compared.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from oracle import error_rate  # noqa: E402 - the checkout has to be on the path first

from aivideo.engines.greetings import RECORDINGS, greeting, heard  # noqa: E402 - the same
from aivideo.engines.speech import CATALOGUE, RATE, Voice  # noqa: E402 - the same

HEARD_RATE: Final = 16_000
SCRIPTS: Final = {"hi": "यह हिन्दी में लिखा हुआ है।", "zh": "以下是普通话的句子。"}
"""A sentence before, in the script to write in: Hindi would be written as Urdu, say."""


def letters(text: str) -> str:
    """What counts of a text: letters, their marks and figures."""
    return "".join(c for c in text.casefold() if c.isalnum() or ord(c) in range(0x900, 0x980))


def understood(listener: Any, voice: Voice) -> str:
    """What the listener hears of a voice's greeting, told which language it is."""
    samples = heard(RECORDINGS / f"{voice.id}.opus")
    at = np.arange(0, len(samples), RATE / HEARD_RATE)
    slower = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
    segments, _ = listener.transcribe(
        slower,
        language=voice.language[:2],
        initial_prompt=SCRIPTS.get(voice.language[:2]),
        condition_on_previous_text=False,
    )
    return " ".join(segment.text.strip() for segment in segments)


def main() -> None:
    """Listen and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--voices", nargs="*", default=["e", "f", "h", "i", "j", "p", "z"])
    chosen = parser.parse_args()
    whisper = importlib.import_module("faster_whisper")
    listener = whisper.WhisperModel(str(chosen.folder), device="cpu", compute_type="int8")
    by_language: dict[str, list[float]] = {}
    for voice in CATALOGUE:
        if voice.id.startswith(tuple(chosen.voices)):
            text = understood(listener, voice)
            wrong = error_rate(letters(greeting(voice)), letters(text))
            by_language.setdefault(voice.language, []).append(wrong)
            print(f"{voice.id:<14} {wrong:5.2f}  {text}")
    for language, rates in by_language.items():
        print(f"{language}: median {statistics.median(rates):.2f}, worst {max(rates):.2f}")


if __name__ == "__main__":
    main()
