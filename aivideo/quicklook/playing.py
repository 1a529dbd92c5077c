"""The cut as it stands, as a page plays it and a program reads it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aivideo import captions
from aivideo.captions import Cue, Layout, Style, timed_words
from aivideo.engines.speech import Word
from aivideo.quicklook.standing import Planned, as_proxy, plan_scenes
from aivideo.render.segments import overlap
from aivideo.shots import Look, Transition, heard
from aivideo.studio import Studio
from aivideo.timeline import recall, scene_starts


@dataclass(frozen=True)
class CutScene:
    """A scene of the cut.

    Attributes:
        start_seconds: When it begins in the video.
        seconds: How long it lasts; a guess while it is not spoken.
        transition_seconds: How long the transition from the scene before takes; half of it
            lies before the beginning.
        narration: Its sound; None while it is not spoken.
        level_db: How much louder than the others its narration is, in dB.
        proxy: What it shows; None while that is not made, or when no clip is chosen.
        poster: A picture of its clip, or empty.
        clip_id: The chosen clip, or None.
        cues: Its captions, in seconds from its own start.
        problem: Why there is no proxy, when making it failed.
    """

    scene_number: int
    text: str
    start_seconds: float
    seconds: float
    transition_seconds: float
    narration: Path | None
    level_db: float
    proxy: Path | None
    poster: str
    clip_id: str | None
    cues: tuple[Cue, ...]
    problem: str


@dataclass(frozen=True)
class Cut:
    """All that a page needs to play a video that is not rendered yet.

    Attributes:
        size: The proxies' width and height in pixels.
        seconds: How long it lasts.
        captions: Whether captions are burned in; ``style`` and ``layout`` say how they look.
        missing: The scenes that have a clip and no proxy or narration yet, but can have them.
    """

    project_id: str
    size: tuple[int, int]
    seconds: float
    transition: Transition
    captions: bool
    style: Style
    layout: Layout
    scenes: tuple[CutScene, ...]
    missing: tuple[int, ...]


def cut(studio: Studio, project_id: str, look: Look) -> Cut:
    """The cut as it stands, made of what is there; nothing is made for it.

    Raises:
        NotFound: There is no such project.
    """
    planned = plan_scenes(studio, project_id, look)
    lengths = [(each.scene.id, (each.seconds, each.scene.pause_seconds)) for each in planned]
    starts = scene_starts(lengths, look.fps, recall(studio.workspace, project_id, look.fps))
    layout = captions.layout_of(look.aspect, look.style)
    return Cut(
        project_id=project_id,
        size=as_proxy(look).canvas.size,
        seconds=starts[-1] / look.fps,
        transition=look.transition,
        captions=look.captions,
        style=look.style,
        layout=layout,
        scenes=tuple(
            _cut_scene(each, range(start, end), taken, look)
            for each, (start, end), taken in zip(
                planned, itertools.pairwise(starts), _overlaps(starts, look), strict=True
            )
        ),
        missing=tuple(each.scene.number for each in planned if each.speak or each.film),
    )


def _overlaps(starts: Sequence[int], look: Look) -> list[int]:
    """How many frames the transition into each scene takes; none into the first."""
    lengths = [after - first for first, after in itertools.pairwise(starts)]
    return [0, *(overlap(min(pair), look) for pair in itertools.pairwise(lengths))][: len(lengths)]


def _cut_scene(planned: Planned, frames: range, taken: int, look: Look) -> CutScene:
    scene = planned.scene
    spoken = heard(scene.audio.words) if scene.audio and planned.narration else []
    selection, seconds = scene.selection, len(frames) / look.fps
    layout = captions.layout_of(look.aspect, look.style)
    return CutScene(
        scene_number=scene.number,
        text=scene.text,
        start_seconds=frames.start / look.fps,
        seconds=seconds,
        transition_seconds=taken / look.fps,
        narration=planned.narration,
        level_db=scene.level_db,
        proxy=planned.proxy,
        poster=selection.clip.thumbnail if selection else "",
        clip_id=selection.clip_id if selection else None,
        cues=_cues(scene.text, tuple(spoken), layout, planned.seconds, seconds),
        problem=planned.problem,
    )


@lru_cache(maxsize=1024)
def _cues(
    text: str, spoken: tuple[Word, ...], layout: Layout, voice_seconds: float, until: float
) -> tuple[Cue, ...]:
    """A scene's captions; kept, since every open page asks for them again and again."""
    words = timed_words(text, spoken, voice_seconds)
    return tuple(captions.make_cues(words, layout, until=until))
