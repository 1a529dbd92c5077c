"""Clips as pages and programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aivideo import ranking
from aivideo.clips.licences import may_be_reused
from aivideo.engines.finding import Kind, MediaFile
from aivideo.engines.stock_media import best_file
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
        reasons: Why it stands where it stands, short, the weightiest first.
        reusable: Whether its licence allows it to be published in a video.
        file_size: Bytes of the file that would be brought, or that is here; None when unknown.
        refused: Why it can never be had, once that is known; else empty.
        used_in: The numbers of the other scenes of the project that show it.
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
    author_url: str = ""
    reasons: tuple[str, ...] = ()
    reusable: bool = True
    file_size: int | None = None
    refused: str = ""
    used_in: tuple[int, ...] = ()

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
        offset_seconds: The clip's second with which that file begins.
        found_by: The words that found it.
        check: Whether the scene says something else now than when it was chosen.
    """

    clip: ClipView
    start_seconds: float
    fit: str
    sound_level_db: float | None
    path: str | None
    offset_seconds: float = 0.0
    found_by: str = ""
    check: bool = False


@dataclass(frozen=True)
class SourceFailure:
    """A source that could not answer: what it is called, and why in one sentence."""

    source: str
    title: str
    code: str
    message: str


@dataclass(frozen=True)
class Suggestions:
    """What a scene was offered last.

    Attributes:
        query: The words that were looked for.
        sources: The names of those that were asked.
        reusable: Whether only what may be reused was wanted.
        clips: The candidates, best first.
        failures: The sources that could not answer.
        broader: Other words to look for, where little fits.
    """

    scene_number: int
    query: str
    sources: tuple[str, ...] = ()
    reusable: bool = True
    clips: tuple[ClipView, ...] = ()
    failures: tuple[SourceFailure, ...] = ()
    broader: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceView:
    """A source of clips.

    Attributes:
        says: What it has and under which terms, one sentence.
        kinds: What it offers.
        online: Whether asking it leaves this machine.
        needs: What is missing before it can be asked, with the remedy; empty when nothing is.
        address: Where its terms can be read; empty for what is local.
        searches_left: How many more times it can be asked today; None where that is not limited.
        consent: The kind of consent that must be given first; empty when none is missing.
    """

    name: str
    title: str
    says: str
    kinds: tuple[Kind, ...]
    online: bool
    needs: str
    address: str
    searches_left: int | None
    consent: str = ""


@dataclass(frozen=True)
class Filmstrip:
    """Pictures of a clip side by side in one file, at equal distances in time.

    Attributes:
        path: A JPEG, ``frames * width`` pixels wide.
        frames: How many pictures.
        seconds: How long the stretch is that they are from: all of the clip, or what is here.
        width: Pixels of one picture.
        height: Pixels of one picture.
        begin: The clip's second at which that stretch begins.
    """

    path: Path
    frames: int
    seconds: float
    width: int
    height: int
    begin: float = 0.0


@dataclass(frozen=True)
class RightsWarning:
    """What a person should know of a chosen clip's licence before the video is made.

    Attributes:
        address: Where its terms can be read, else where it is from; may be empty.
    """

    scene_number: int
    code: str
    message: str
    address: str = ""


@dataclass(frozen=True)
class Standing:
    """How a candidate stands in one scene.

    Attributes:
        size: The project's canvas, which decides which file would be brought.
        used_in: The numbers of the other scenes that show it.
    """

    score: float = 0.0
    chosen: bool = False
    reasons: Sequence[str] = ()
    size: tuple[int, int] = (1920, 1080)
    used_in: Sequence[int] = ()


def view_clip(row: Clip, standing: Standing) -> ClipView:
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
        score=standing.score,
        chosen=standing.chosen,
        author_url=row.author_url,
        reasons=tuple(standing.reasons),
        reusable=may_be_reused(row.kind, row.licence, row.licence_url),
        file_size=_file_size(row, standing.size),
        refused=row.refused_message or "",
        used_in=tuple(standing.used_in),
    )


def _file_size(row: Clip, size: tuple[int, int]) -> int | None:
    file = best_file([MediaFile(**file) for file in row.media], size)
    return (file.size or None) if file else None
