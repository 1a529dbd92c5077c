"""Why a file that is neither video nor picture is none, as far as its first bytes tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aivideo.engines.stills import brands, head_of

_HEIF: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
_LISTS: Final = re.compile(
    rb"#EXTM3U|ffconcat|\[playlist\]|\[Reference\]|v=0\r?\n|RTSPtext|<\?xml|<MPD|<smil|<asx"
    rb"|<SmoothStreamingMedia",
    re.IGNORECASE,
)
_DRAWINGS: Final = re.compile(rb"<svg|%!PS|%PDF", re.IGNORECASE)
_PAGES: Final = re.compile(rb"<!doctype html|<html", re.IGNORECASE)


def reason_against(path: Path) -> str:
    """Why it cannot be used, as half a sentence; empty when that cannot be told.

    It is only told, never relied on: what may open a file is said by the allow-lists.
    """
    try:
        head = head_of(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as problem:
        return f"it cannot be opened ({problem.strerror})"
    if not head:
        return "it is empty"
    if _HEIF & set(brands(head)):
        return "it is a HEIC photo, which cannot be read here"
    if _PAGES.match(head):
        return "it is a web page"
    if _DRAWINGS.search(head):
        return "it is a drawing or a document"
    return "it is a list that names other files" if _LISTS.match(head) else ""
