"""The poster: the best of a few pictures of the video, with its title inside safe margins."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from aivideo import captions
from aivideo.engines import posters
from aivideo.engines.ffmpeg import frame_arguments, frames_of, poster_arguments
from aivideo.engines.filters import captions_filter
from aivideo.progress import Progress, Work, within
from aivideo.render.takes import Take, bring, glimpse
from aivideo.shots import Look, ProjectFacts, Shot
from aivideo.studio import Studio

CANDIDATES: Final = 4
FIRST_SCENE: Final = 1.4
"""How much better the picture of the first scene counts: it says what the video is about."""
MESSAGE: Final = "Making the poster"
RECIPE: Final = 1
"""Grows with every change that alters posters."""


def make_poster(
    studio: Studio, project: ProjectFacts, shots: Sequence[Shot], look: Look
) -> Work[Path]:
    """A JPEG of the video's shape with the project's name on it; or what is there already.

    Raises:
        AIVideoError: A clip's pictures cannot be read.
    """
    # A draft's size is that of a poster: 1280 x 720.
    small = replace(look, quality="draft", captions=False)
    takes = yield from _glimpses(studio, shots, small)
    poster = studio.workspace.artifact(
        "posters",
        ".jpg",
        title=project.name,
        takes=[(made.ingredients, made.chain) for made in takes],
        recipe=(RECIPE, captions.RECIPE),
    )
    if not poster.exists():
        with studio.workspace.draft(poster) as draft:
            yield from _make(studio, project.name, takes, small, draft)
    return poster


def _glimpses(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[list[Take]]:
    """One picture each of a few shots, spread over the video."""
    step = max(1, len(shots) // CANDIDATES)
    takes = []
    for shot in itertools.islice(shots, 0, step * CANDIDATES, step):
        path = yield from within(bring(studio, shot.clip), 0.0, 0.0)
        takes.append(glimpse(shot, look, path))
        yield Progress(0.0, MESSAGE)
    return takes


def _make(
    studio: Studio, title: str, takes: Sequence[Take], look: Look, target: Path
) -> Work[None]:
    frame, card = target.with_suffix(".png"), target.with_suffix(".ass")
    pictures = [(0.0, posters.empty(look.canvas.size))]
    try:
        for number, made in enumerate(takes):
            frame.unlink(missing_ok=True)
            work = studio.ffmpeg.run(
                frame_arguments(made.arguments, made.chain),
                frame,
                feed=made.feed() if made.feed else None,
                read_line=frames_of(1, MESSAGE),
            )
            done = 0.8 * number / len(takes)
            yield from within(work, done, done + 0.8 / len(takes))
            # A clip may be too damaged to show just that frame; then it is no candidate.
            if frame.exists():
                picture = posters.open_picture(frame)
                bonus = FIRST_SCENE if number == 0 else 1.0
                pictures.append((posters.appeal(picture) * bonus, picture))
        _, best = max(pictures, key=lambda pair: pair[0])
        card.write_text(captions.title_card(title, look.canvas.size), encoding="utf-8")
        work = studio.ffmpeg.run(
            poster_arguments(look.canvas.size, captions_filter(card, captions.FONTS)),
            target,
            feed=[posters.shaded(best).tobytes()],
            read_line=frames_of(1, MESSAGE),
        )
        yield from within(work, 0.8, 1.0)
    finally:
        frame.unlink(missing_ok=True)
        card.unlink(missing_ok=True)
