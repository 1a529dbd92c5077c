"""Our own labelled scenes: what candidates a source answers with, and which of them fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aivideo.engines.finding import ClipQuery, FoundClip

FILE: Final = Path(__file__).with_name("clip_labels.txt")
SECONDS: Final = 14.0
"""Every candidate is as long, as large and as free as the next: only its words are judged."""


@dataclass(frozen=True)
class Labelled:
    """A scene, its candidates in the source's order, and which of them show what is wanted."""

    query: ClipQuery
    clips: tuple[FoundClip, ...]
    fitting: frozenset[str]


def read(file: Path = FILE) -> list[Labelled]:
    """All labelled scenes, in the order of the file."""
    scenes: list[Labelled] = []
    for block in file.read_text("utf-8").split("\n= ")[1:]:
        head, *lines = block.strip().splitlines()
        words, _, narration = head.partition(" | ")
        clips = tuple(_clip(line, place) for place, line in enumerate(lines))
        fitting = {
            clip.source_id for clip, line in zip(clips, lines, strict=True) if line[0] == "+"
        }
        scenes.append(Labelled(ClipQuery(words, narration), clips, frozenset(fitting)))
    return scenes


def halves(scenes: list[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Every other scene to tune on, and those between to report on."""
    return scenes[::2], scenes[1::2]


def _clip(line: str, place: int) -> FoundClip:
    title, _, tags = line[2:].partition(" ;; ")
    return FoundClip(
        source="labelled",
        source_id=str(place),
        title=title,
        description=tags,
        duration_seconds=SECONDS,
        width=1920,
        height=1080,
        licence="Pexels",
    )
