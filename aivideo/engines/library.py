"""Clip sources: the protocol, and the person's own footage folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from aivideo.errors import Health
from aivideo.progress import Work

Kind = Literal["video", "still", "illustration"]


@dataclass(frozen=True)
class ClipQuery:
    """What a scene wants to show.

    Attributes:
        words: The visual query, a few concrete words.
        narration: What is said meanwhile, for tie-breaks.
        seconds: How long the scene lasts, about.
        size: The canvas, (width, height) in pixels.
        at_most: How many candidates are wanted.
    """

    words: str
    narration: str = ""
    seconds: float = 6.0
    size: tuple[int, int] = (1920, 1080)
    at_most: int = 6


@dataclass(frozen=True)
class FoundClip:
    """One candidate as a source describes it.

    Attributes:
        source_id: Names it within its source, for ever.
        width: Upright width in pixels (rotation and pixel aspect applied); 0 when unknown.
        height: Upright height in pixels; 0 when unknown.
        thumbnail: A picture file in the workspace.
        preview: A small video file in the workspace, or empty.
        score: How well it fits, about 0..1; below 0.2 it is a guess and said to be one.
        recipe: For an illustration, everything that decides its pixels.
    """

    source: str
    source_id: str
    title: str
    kind: Kind = "video"
    duration_seconds: float | None = None
    width: int = 0
    height: int = 0
    url: str = ""
    thumbnail: str = ""
    preview: str = ""
    author: str = ""
    author_url: str = ""
    licence: str = ""
    licence_url: str = ""
    score: float = 0.0
    recipe: Mapping[str, object] = field(default_factory=dict)


class ClipFinder(Protocol):
    """One source of clips."""

    @property
    def name(self) -> str:
        """The source's name in settings and tables."""

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Candidates for a query, best first; an empty list when it has none."""

    def fetch(self, source_id: str) -> Work[Path]:
        """Bring the media to a local file (already there for one's own footage).

        For an illustration there is no file; the render draws it from its recipe.
        """

    def check(self) -> Health:
        """How the source is."""
