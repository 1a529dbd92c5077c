"""Captions: the words of the script, timed by the voice, burned in and beside the video. Pure.

``timed_words`` puts times to a scene's words, ``make_cues`` shares them out to what is on
screen at once, and ``to_ass``, ``to_srt`` and ``to_vtt`` write that down.
"""

from aivideo.captions.ass import RECIPE, Layer, to_ass, to_layer
from aivideo.captions.cues import Cue, Piece, later, make_cues, timed_words
from aivideo.captions.fonts import FONT_NAMES, FONTS
from aivideo.captions.layout import LAYOUTS, READING, Layout, layout_of
from aivideo.captions.reading import missing_letters, unreadable
from aivideo.captions.style import Position, Preset, Style, font_file
from aivideo.captions.subtitles import to_srt, to_vtt

__all__ = [
    "FONTS",
    "FONT_NAMES",
    "LAYOUTS",
    "READING",
    "RECIPE",
    "Cue",
    "Layer",
    "Layout",
    "Piece",
    "Position",
    "Preset",
    "Style",
    "font_file",
    "later",
    "layout_of",
    "make_cues",
    "missing_letters",
    "timed_words",
    "to_ass",
    "to_layer",
    "to_srt",
    "to_vtt",
    "unreadable",
]
