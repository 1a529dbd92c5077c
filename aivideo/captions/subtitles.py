"""Cues as SRT and WebVTT, the files beside the video. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

from aivideo.captions.cues import Cue, clean

_MARKUP: Final = re.compile(r"([<{])(?=[\\/!a-zA-Z])|(-)(?=->)")
"""What begins a tag, a command of ASS or an arrow, which players of SRT obey."""


def to_srt(cues: Iterable[Cue]) -> str:
    """The cues as an SRT file."""
    blocks = (
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_literal(cue.text)}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def to_vtt(cues: Iterable[Cue]) -> str:
    """The cues as a WebVTT file."""
    blocks = (
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n"
        f"{html.escape(clean(cue.text), quote=False)}\n"
        for cue in cues
    )
    return "\n".join(["WEBVTT\n", *blocks])


def _literal(text: str) -> str:
    """Text in which players find no markup: SRT has no escapes, so a word joiner parts it."""
    return _MARKUP.sub("\\g<0>\u2060", clean(text))


def _clock(seconds: float, point: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
