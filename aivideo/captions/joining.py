"""Arabic letters in the forms that they take when they are joined, to measure them. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_PRESENTATION_FORMS: Final = (range(0xFB50, 0xFDFC), range(0xFE80, 0xFEF5))
"""Blocks of Unicode in which fonts have the joined forms as characters of their own."""


def joined(text: str) -> str:
    """The text with each Arabic letter in the form that its neighbours give it."""
    letters = [n for n, c in enumerate(text) if unicodedata.category(c) not in {"Mn", "Cf"}]
    shown = list(text)
    for place, number in enumerate(letters):
        if forms := _forms().get(text[number]):
            shown[number] = forms.get(_form(text, letters, place), text[number])
    return "".join(shown)


def _form(text: str, letters: Sequence[int], place: int) -> str:
    known, number = _forms(), letters[place]
    before = known.get(text[letters[place - 1]], {}) if place else {}
    after = known.get(text[letters[place + 1]], {}) if place + 1 < len(letters) else {}
    from_before = "<initial>" in before and "<final>" in known[text[number]]
    to_after = "<initial>" in known[text[number]] and "<final>" in after
    return {
        (True, True): "<medial>",
        (True, False): "<final>",
        (False, True): "<initial>",
        (False, False): "<isolated>",
    }[from_before, to_after]


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """The forms of each letter, from the characters that Unicode says decompose to it."""
    found: dict[str, dict[str, str]] = {}
    for block in _PRESENTATION_FORMS:
        for code in block:
            form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
            if len(letters) == 1:
                found.setdefault(chr(int(letters[0], 16)), {})[form] = chr(code)
    return found
