"""Stage 2: the voices, a sample of each, and the scenes spoken with every word's time.

``choices`` says who speaks, how fast, and how words are said; ``speaking`` speaks, what a
scene wants spoken being its line in ``lines``.
"""

from __future__ import annotations

from aivideo.voiceover.choices import (
    Gender,
    check_voice,
    choose_voice,
    get_pronunciations,
    language_warnings,
    list_voices,
    set_pronunciations,
)
from aivideo.voiceover.speaking import (
    OUR_CODES,
    Narration,
    Sample,
    preview,
    speak_scenes,
)

__all__ = [
    "OUR_CODES",
    "Gender",
    "Narration",
    "Sample",
    "check_voice",
    "choose_voice",
    "get_pronunciations",
    "language_warnings",
    "list_voices",
    "preview",
    "set_pronunciations",
    "speak_scenes",
]
