"""Captions: the words of the script, timed by the voice, burned in and beside the video. Pure.

``timed_words`` puts times to a scene's words, ``make_cues`` shares them out to what is on
screen at once, and ``to_ass``, ``to_srt`` and ``to_vtt`` write that down.
"""

from aivideo.captions.ass import FONTS, RECIPE, to_ass
from aivideo.captions.cues import (
    LAYOUTS,
    READING,
    Cue,
    Layout,
    later,
    layout_of,
    make_cues,
    timed_words,
)
from aivideo.captions.style import Position, Preset, Style
from aivideo.captions.subtitles import to_srt, to_vtt

__all__ = [
    "FONTS",
    "LAYOUTS",
    "READING",
    "RECIPE",
    "Cue",
    "Layout",
    "Position",
    "Preset",
    "Style",
    "later",
    "layout_of",
    "make_cues",
    "timed_words",
    "to_ass",
    "to_srt",
    "to_vtt",
]
