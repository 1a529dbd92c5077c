"""How Mandarin Chinese is pronounced: by misaki, where the packages it builds on are installed."""

from __future__ import annotations

from typing import Final

from aivideo.engines.unspaced import Reader
from aivideo.errors import VoiceRuntimeMissing

PACKAGES: Final = {
    "misaki": "misaki",
    "jieba": "jieba",
    "pypinyin": "pypinyin",
    "cn2an": "cn2an",
    "ordered_set": "ordered-set",
}
"""What is imported, and the package that brings it."""


def open_reader() -> Reader:
    """Load what gives Chinese text its phonemes with tones.

    Raises:
        VoiceRuntimeMissing: A package is missing.
    """
    try:
        import jieba
        from misaki.zh import ZHG2P
    except ImportError as problem:
        missing = PACKAGES.get(problem.name or "", "misaki")
        raise VoiceRuntimeMissing(missing, detail=str(problem)) from problem
    jieba.setLogLevel("WARNING")
    pronounce = ZHG2P()
    return lambda text: str(pronounce(text)[0])
