"""What a source of clips is: the protocol, what it is asked, and what it answers.

A source only finds and fetches. How well a clip fits a scene is judged in one place for all of
them (``clips``), so that what several sources answer can stand in one row.
"""

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
        at_most: How many candidates will be shown; a source may answer with more, to be judged.
        reusable: Whether only clips are wanted whose licence allows to publish them.
        objects: Things that can be seen in the scene, as the script names them; may be empty.
    """

    words: str
    narration: str = ""
    seconds: float = 6.0
    size: tuple[int, int] = (1920, 1080)
    at_most: int = 6
    reusable: bool = True
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class MediaFile:
    """One file in which a clip can be had from a source with direct links.

    Attributes:
        address: Where it lies, https.
        mime: Its media type as the source names it; may be empty.
        width: In pixels; 0 when unknown.
        height: In pixels; 0 when unknown.
        size: In bytes; 0 when unknown.
    """

    address: str
    mime: str = ""
    width: int = 0
    height: int = 0
    size: int = 0


@dataclass(frozen=True)
class FoundClip:
    """One candidate as a source describes it.

    Attributes:
        source_id: Names it within its source, for ever.
        width: Upright width in pixels (rotation and pixel aspect applied); 0 when unknown.
        height: Upright height in pixels; 0 when unknown.
        description: What else is known of what it shows: tags, description, folders.
        thumbnail: A picture file in the workspace; empty until ``picture`` made it.
        preview: A small video file in the workspace, or empty.
        picture_address: Where the source has a small picture of it; empty for what is local.
        media: The files in which it can be had; empty where the source needs only its id.
        licence: Its short name, such as ``CC BY 4.0``, ``Pexels`` or ``own``.
        licence_text: What the source says about it, as it was received.
        score: How well the source's own search says that it fits, 0..1; what is shown is
            judged by ``clips``.
        recipe: For an illustration, everything that decides its pixels.
    """

    source: str
    source_id: str
    title: str
    kind: Kind = "video"
    duration_seconds: float | None = None
    width: int = 0
    height: int = 0
    description: str = ""
    url: str = ""
    thumbnail: str = ""
    preview: str = ""
    picture_address: str = ""
    media: tuple[MediaFile, ...] = ()
    author: str = ""
    author_url: str = ""
    licence: str = ""
    licence_url: str = ""
    licence_text: str = ""
    score: float = 0.0
    recipe: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """A clip whose media is to be brought here, and what of it is needed.

    Attributes:
        source_id: What its source calls it.
        title: What people call it, for sentences.
        media: The files in which it can be had, as it was found.
        size: The canvas, (width, height): nothing larger than it needs is brought.
        start_seconds: Where the scene begins in it.
        seconds: How much of it the scene shows; 0 for all of it.
        licence: Its licence as it was found; a source may look whether it still is that.
    """

    source_id: str
    title: str = ""
    media: tuple[MediaFile, ...] = ()
    size: tuple[int, int] = (1920, 1080)
    start_seconds: float = 0.0
    seconds: float = 0.0
    licence: str = ""


@dataclass(frozen=True)
class About:
    """What a source can and what it needs, for people.

    Attributes:
        title: What it is called.
        says: What it has and under which terms, one sentence.
        kinds: What it offers.
        online: Whether asking it leaves this machine.
        needs: What is missing before it can be asked, one sentence with the remedy; empty
            when it can be asked now.
        address: Where people read its terms; empty for what is local.
        searches_left: How many more times it can be asked today; None where that is not limited.
    """

    title: str
    says: str
    kinds: tuple[Kind, ...] = ("video",)
    online: bool = True
    needs: str = ""
    address: str = ""
    searches_left: int | None = None


class ClipFinder(Protocol):
    """One source of clips."""

    @property
    def name(self) -> str:
        """The source's name in settings and tables."""

    @property
    def about(self) -> About:
        """What it can and what it needs; quick, and asks nobody."""

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Candidates for a query, in the source's own order; an empty list when it has none."""

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The same clip with its thumbnail in the workspace; without one where it has none."""

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """Bring the media to a local file (already there for one's own footage).

        For an illustration there is no file; the render draws it from its recipe.
        """

    def check(self) -> Health:
        """How the source is."""
