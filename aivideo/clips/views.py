"""Clips as pages and programs see them."""

from __future__ import annotations

from dataclasses import dataclass

from aivideo import ranking
from aivideo.store import Clip


@dataclass(frozen=True)
class ClipView:
    """A candidate.

    Attributes:
        kind: ``video``, ``still`` or ``illustration``.
        thumbnail: A picture file, or empty.
        preview: A small video file, or empty.
        duration: Seconds; None for pictures and when unknown.
        width: Upright, in pixels; 0 when unknown.
        height: Upright, in pixels; 0 when unknown.
        score: How well it fits the scene, 0..1.
        chosen: Whether it is the scene's clip.
    """

    clip_id: str
    source: str
    kind: str
    title: str
    thumbnail: str
    preview: str
    duration: float | None
    width: int
    height: int
    url: str
    author: str
    licence: str
    licence_url: str
    score: float
    chosen: bool

    @property
    def guess(self) -> bool:
        """Whether it fits so badly that it has to be said."""
        fits = self.chosen or self.kind == "illustration" or self.score >= ranking.CONFIDENT
        return not fits

    @property
    def source_id(self) -> str:
        """What tells it from others of its source, for ``ranking``."""
        return self.clip_id

    @property
    def duration_seconds(self) -> float | None:
        """Its length, for ``ranking``."""
        return self.duration


@dataclass(frozen=True)
class SelectionView:
    """A scene's clip, how it is shown and heard.

    Attributes:
        sound_level_db: How loud its own sound is, in dB; None when it is not heard.
        path: Its file; None while its media is not here.
    """

    clip: ClipView
    start_seconds: float
    fit: str
    sound_level_db: float | None
    path: str | None


def view_clip(row: Clip, score: float, *, chosen: bool) -> ClipView:
    """A row as a candidate."""
    return ClipView(
        clip_id=row.id,
        source=row.source,
        kind=row.kind,
        title=row.title,
        thumbnail=row.thumbnail,
        preview=row.preview,
        duration=row.duration_seconds,
        width=row.width or 0,
        height=row.height or 0,
        url=row.url,
        author=row.author,
        licence=row.licence,
        licence_url=row.licence_url,
        score=score,
        chosen=chosen,
    )
