"""Stage 2: the voices, a sample of each, and the scenes spoken with every word's time.

``choices`` says who speaks, how fast, and how words are said; ``speaking`` speaks, what a
scene wants spoken being its line in ``lines``; ``recorded`` has a person's own recording instead.
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
from aivideo.voiceover.lines import Narration
from aivideo.voiceover.recorded import remove_recording, use_recording
from aivideo.voiceover.speaking import OUR_CODES, Sample, preview, speak_scenes

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
    "remove_recording",
    "set_pronunciations",
    "speak_scenes",
    "use_recording",
]
