"""The poster: the best of a few pictures of the video, with its title inside safe margins."""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aivideo.engines import filters, posters, title_fonts, titles
from aivideo.engines.ffmpeg import clip_input, frame_arguments, frames_of, pictures_arguments
from aivideo.engines.filters import Canvas, Fit
from aivideo.engines.media import MediaInfo
from aivideo.engines.timing import find_key, find_key_from
from aivideo.errors import AIVideoError, ArtworkMissing, DrawingUnavailable, MachineFailure
from aivideo.progress import Progress, Work, within
from aivideo.render.takes import Take, bring, glimpse, place
from aivideo.shots import Look, ProjectFacts, Shot
from aivideo.studio import Studio

if TYPE_CHECKING:
    from PIL import Image

logger = logging.getLogger(__name__)

SCENES: Final = 5
"""How many scenes are looked at, spread over the video."""
FIRST_SCENE: Final = 1.3
"""How much better the picture of the first scene counts: it says what the video is about."""
LETTERED: Final = frozenset({"keyword", "quote", "number"})
LETTERED_COUNTS: Final = 0.7
"""How much a drawn scene counts that has words of its own beside the title."""
LOOKED_THROUGH, LOOKED_FURTHER = 3, 40
"""Seconds of a clip whose key pictures count: in which the first is looked at that the scene
shows, and of which all are."""
LOOKED_AT: Final = 320
"""The longer side, in pixels, of pictures that are only compared."""
MESSAGE: Final = "Making the poster"
RECIPE: Final = 4
"""Grows with every change that alters posters."""


@dataclass(frozen=True)
class Source:
    """A scene that may give the poster its picture.

    Attributes:
        film: The clip's file, when it moves: not that of a still, and none of a drawn scene.
        middle: The take of one picture from about its middle.
        worth: How much its pictures count.
    """

    shot: Shot
    film: Path | None
    middle: Take
    worth: float


@dataclass(frozen=True)
class Candidate:
    """A picture that may become the poster.

    Attributes:
        appeal: How good it would be.
        picture: The picture, when it has the poster's size already.
        take: What shows it in that size, when it has not.
    """

    appeal: float
    picture: Image.Image | None = None
    take: tuple[Sequence[str], str] = ((), "")


def make_poster(
    studio: Studio, project: ProjectFacts, shots: Sequence[Shot], look: Look
) -> Work[Path]:
    """A JPEG of the video's shape with the project's name on it; or what is there already.

    A picture of the video is chosen that shows something; a picture of its clips that the video
    does not reach, when none does; a coloured ground when there is none either.

    Raises:
        MachineFailure: There is no room, or no ffmpeg.
    """
    # A draft's size is that of a poster: 1280 x 720.
    small = replace(look, quality="draft", captions=False)
    sources = yield from _sources(studio, shots, small)
    poster = studio.workspace.artifact(
        "posters",
        ".jpg",
        title=titles.tidied(project.name),
        size=small.canvas.size,
        takes=[(source.middle.ingredients, source.middle.chain) for source in sources],
        recipe=(RECIPE, titles.RECIPE, filters.RECIPE),
        fonts=title_fonts.fonts_recipe(),
    )
    if not poster.exists():
        with studio.workspace.draft(poster) as draft:
            picture = yield from _best(studio, sources, small, draft)
            if picture is None:
                picture = posters.ground(small.canvas.size, project.name)
            posters.save(_lettered(picture, project.name), draft)
    yield Progress(1.0, MESSAGE)
    return poster


def _lettered(picture: Image.Image, name: str) -> Image.Image:
    """The picture with the title; without it where titles cannot be drawn, as health tells.

    A video whose scenes were filmed is worth more than its poster's title.
    """
    try:
        missing = title_fonts.undrawable(titles.tidied(name))
        if missing:
            logger.warning("No font here has these letters of the title: %s", missing)
        return titles.lettered(picture, name)
    except (ArtworkMissing, DrawingUnavailable) as problem:
        logger.warning("The poster bears no title. %s", problem.message)
        return picture


def _sources(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[list[Source]]:
    """A few scenes spread over the video, those left out whose clip cannot be read any more."""
    step = max(1, math.ceil(len(shots) / SCENES))
    sources = []
    for shot in itertools.islice(shots, 0, None, step):
        yield Progress(0.0, MESSAGE)
        try:
            path = yield from within(bring(studio, shot.clip), 0.0, 0.0)
            middle = glimpse(shot, look, path)
        except MachineFailure:
            raise
        except (AIVideoError, FileNotFoundError) as problem:
            logger.info("Scene %d gives no poster: %s", shot.number, problem)
            continue
        worth = FIRST_SCENE if shot is shots[0] else 1.0
        if path is None and shot.clip.recipe.get("layout") in LETTERED:
            worth *= LETTERED_COUNTS
        sources.append(Source(shot, None if middle.feed else path, middle, worth))
    return sources


def _best(
    studio: Studio, sources: Sequence[Source], look: Look, draft: Path
) -> Work[Image.Image | None]:
    """The picture of most appeal; the dearer ways to find one are gone only when they must be."""
    ways = (_quickly, _in_the_middle, _anywhere)
    found: list[Candidate] = []
    for way, source in itertools.product(ways, sources):
        if source is sources[0] and max((c.appeal for c in found), default=0.0) >= posters.GOOD:
            break
        try:
            candidates = yield from within(way(studio, source, look, draft), 0.5, 0.5)
        except MachineFailure:
            raise
        except (AIVideoError, FileNotFoundError) as problem:
            logger.info("Scene %d gives no poster: %s", source.shot.number, problem)
            continue
        found += (replace(each, appeal=each.appeal * source.worth) for each in candidates)
    for best in sorted(found, key=lambda each: -each.appeal):
        if best.appeal < posters.GOOD:
            break
        picture = best.picture or (yield from _pictured(studio, *best.take, draft=draft))
        if picture is not None:
            return picture
    return None


def _quickly(studio: Studio, source: Source, look: Look, draft: Path) -> Work[list[Candidate]]:
    """A drawn scene or a still; of a film its first key picture, which needs no other decoded."""
    if source.film is None:
        return (yield from _the_middle(studio, source, draft))
    placed, fit = place(source.shot, look, source.film), source.shot.clip.fit
    shown = source.shot.frames / look.fps / placed.stretch
    seconds = min(shown, LOOKED_THROUGH, placed.end - placed.start)
    if not placed.info.seekable:
        stretch = _Stretch(source.film, placed.info, placed.start, seconds, fit)
        return (yield from _key_pictures(studio, stretch, look.canvas, draft))
    key = find_key_from(source.film, placed.start, placed.start + seconds)
    if key is None:
        return []
    # Told to skip all but key pictures, ffmpeg decodes several of them to find out what they are.
    alone = clip_input(source.film, start=math.ceil(key * 1000) / 1000, seconds=1 / placed.info.fps)
    chain = filters.picture_chain(placed.info, look.canvas, fit)
    picture = yield from _pictured(studio, ("-noaccurate_seek", *alone), chain, draft=draft)
    return [Candidate(posters.appeal(picture), picture)] if picture else []


def _in_the_middle(
    studio: Studio, source: Source, look: Look, draft: Path
) -> Work[list[Candidate]]:
    """A film's picture in the middle of the scene, wherever the key pictures are."""
    del look
    return (yield from _the_middle(studio, source, draft)) if source.film else []


def _anywhere(studio: Studio, source: Source, look: Look, draft: Path) -> Work[list[Candidate]]:
    """A film's key pictures, whether the scene shows them or not."""
    if source.film is None:
        return []
    info = place(source.shot, look, source.film).info
    seconds = min(LOOKED_FURTHER, info.duration_seconds)
    stretch = _Stretch(source.film, info, 0.0, seconds, source.shot.clip.fit)
    return (yield from _key_pictures(studio, stretch, look.canvas, draft))


def _the_middle(studio: Studio, source: Source, draft: Path) -> Work[list[Candidate]]:
    made = source.middle
    feed = made.feed() if made.feed else None
    picture = yield from _pictured(studio, made.arguments, made.chain, draft=draft, feed=feed)
    return [Candidate(posters.appeal(picture), picture)] if picture else []


def _pictured(
    studio: Studio,
    arguments: Sequence[str],
    chain: str,
    *,
    draft: Path,
    feed: Iterable[bytes] | None = None,
) -> Work[Image.Image | None]:
    """The first picture of an input; None when it is too damaged to show one."""
    frame = draft.with_suffix(".ppm")
    try:
        yield from studio.ffmpeg.run(
            frame_arguments(arguments, chain), frame, feed=feed, read_line=frames_of(1, MESSAGE)
        )
        return posters.open_picture(frame) if frame.exists() else None
    finally:
        frame.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Stretch:
    """A part of a film, in seconds, and how it is brought to the canvas."""

    film: Path
    info: MediaInfo
    start: float
    seconds: float
    fit: Fit

    @property
    def pictures(self) -> int:
        """How many are looked at: one a second."""
        return max(1, math.floor(self.seconds))

    @property
    def rate(self) -> int:
        """Frames a second, no fewer than the film has: one alone lasts too short to be one."""
        return max(1, math.ceil(self.info.fps))

    @property
    def early(self) -> float:
        """A little before the first picture, which seeking might miss otherwise."""
        return max(0.0, self.start - 1.5 / self.info.fps)

    @cached_property
    def entry(self) -> tuple[float, float]:
        """Where it is entered, as ffmpeg's ``-ss`` counts and as ``start`` does."""
        if self.info.seekable:
            return self.early, self.early
        return find_key(self.film, self.early) or (0.0, 0.0)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The input for ffmpeg: its key pictures alone."""
        seek, counted = self.entry
        stretch = clip_input(self.film, start=seek, seconds=self.early - counted + self.seconds)
        return ("-skip_frame", "nokey", *stretch)

    def chain(self, size: tuple[int, int], number: int | None = None) -> str:
        """The filters from there to all the pictures, or to one of them."""
        frames = filters.clip_chain(
            self.info,
            Canvas(*size, self.rate),
            self.pictures * self.rate,
            fit=self.fit,
            skip_seconds=self.early - self.entry[1],
        )
        wanted = f"eq(n,{(number or 0) * self.rate})"
        return f"{frames},select='{f'not(mod(n,{self.rate}))' if number is None else wanted}'"


def _key_pictures(
    studio: Studio, stretch: _Stretch, canvas: Canvas, draft: Path
) -> Work[list[Candidate]]:
    """One candidate a second of a stretch, compared small."""
    scale = LOOKED_AT / max(canvas.size) / 2
    small = (2 * round(canvas.width * scale), 2 * round(canvas.height * scale))
    arguments, read_line = stretch.arguments, frames_of(stretch.pictures, MESSAGE)
    raw = draft.with_suffix(".rgb")
    try:
        yield from studio.ffmpeg.run(
            pictures_arguments(arguments, stretch.chain(small)), raw, read_line=read_line
        )
        appeals = [posters.appeal(picture) for picture in posters.raw_pictures(raw, small)]
    finally:
        raw.unlink(missing_ok=True)
    return [
        Candidate(each, take=(arguments, stretch.chain(canvas.size, number)))
        for number, each in enumerate(appeals)
    ]
