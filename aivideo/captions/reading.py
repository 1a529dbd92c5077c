"""Which letters of a text no font of ours can show, told before anything is rendered. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from aivideo.captions import fonts
from aivideo.captions.cues import clean
from aivideo.captions.style import Style
from aivideo.engines.speech import Word
from aivideo.errors import CaptionsUnreadable


def missing_letters(text: str, style: Style | None = None) -> str:
    """The letters of a text that neither the style's font nor another of ours has, each once."""
    return fonts.missing(clean(text), (style or Style()).face)


def unreadable(
    words: str | Iterable[Word], style: Style | None = None
) -> CaptionsUnreadable | None:
    """What is to be told of a text's captions before they are burned in; None when all is well.

    Args:
        words: The text of a scene, or its words.
        style: How they are to look.
    """
    text = words if isinstance(words, str) else " ".join(word.text for word in words)
    letters = missing_letters(text, style)
    return CaptionsUnreadable(" ".join(letters)) if letters else None
