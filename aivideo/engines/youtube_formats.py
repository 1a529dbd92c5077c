"""Which of a video's files is brought: the smallest that is sharp enough, in H.264 if there is one.

What counts is the shorter side: an upright video of 1080 lines is 1080 pixels wide. The page
offers each video in some twenty files; most have no sound, and none of them needs any here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

MOST_LINES: Final = 1080
"""Sharper files are in other codecs, and three times as large."""
LARGEST: Final = 500_000_000
"""Bytes."""

_CODECS: Final = ("avc1", "vp09", "vp9", "hev1", "hvc1", "av01")
"""From what every machine decodes with ease to what some decode slowly."""
_DIRECT: Final = ("https", "http")
_USUAL_RATE: Final = 30

Format = Mapping[str, Any]
"""One file of a video, as the downloader describes it."""


def lines_for(size: tuple[int, int]) -> int:
    """The shorter side that a file needs to be sharp on a canvas of this size."""
    return min(*size, MOST_LINES)


def pick(formats: Sequence[Format], lines: int, *, largest: int = LARGEST) -> Format | None:
    """The file to bring; None when there is none with pictures that may be had.

    Args:
        formats: What there is.
        lines: How many pixels its shorter side should have.
        largest: How many bytes it may have; one too large is picked only when all are.
    """
    usable = [one for one in formats if _has_pictures(one)]
    fitting = [one for one in usable if size_of(one) <= largest]
    return min(fitting or usable, key=lambda one: _rank(one, lines), default=None)


def selector(lines: int, largest: int = LARGEST) -> Any:
    """The same choice, in the shape in which the downloader takes it."""

    def select(context: Mapping[str, Any]) -> Iterator[Format]:
        chosen = pick(context["formats"], lines, largest=largest)
        if chosen is not None:
            yield chosen

    return select


def size_of(file: Format) -> int:
    """How many bytes a file has, as far as that is told; 0 when unknown."""
    return int(file.get("filesize") or file.get("filesize_approx") or 0)


def _has_pictures(file: Format) -> bool:
    moving = file.get("vcodec") not in {None, "none"} and file.get("ext") != "mhtml"
    return moving and not file.get("has_drm") and _lines(file) <= MOST_LINES


def _lines(file: Format) -> int:
    return min(file.get("width") or 0, file.get("height") or 0)


def _rank(file: Format, lines: int) -> tuple[int, ...]:
    """What is compared, first things first; lower is better."""
    has = _lines(file)
    codec = str(file.get("vcodec") or "")
    place = next((n for n, name in enumerate(_CODECS) if codec.startswith(name)), len(_CODECS))
    return (
        0 if has >= lines else 1,
        has if has >= lines else -has,
        place,
        0 if file.get("protocol") in _DIRECT else 1,
        0 if file.get("acodec") in {None, "none"} else 1,
        int((file.get("fps") or 0) > _USUAL_RATE),
        size_of(file),
    )
