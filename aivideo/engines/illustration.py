"""The built-in picture source: scenes that the app draws itself, with no network."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from aivideo.engines.drawing.moods import mood_of
from aivideo.engines.drawing.palettes import FAMILIES, PALETTES, suited
from aivideo.engines.drawing.reading import read
from aivideo.engines.drawing.recipe import Recipe, read_recipe
from aivideo.engines.drawing.storyboard import Sketch, sketch
from aivideo.engines.drawing.vocabulary import split_words, vocabulary
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.errors import (
    AIVideoError,
    DrawingUnavailable,
    Health,
    IllustrationUnreadable,
    NothingToFetch,
)
from aivideo.progress import Progress, Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

THUMBNAIL_WIDTH: Final = 480
JPEG_QUALITY: Final = 88
POSTER_SECONDS: Final = 6.0  # a thumbnail shows a scene of this length ...
POSTER_AT: Final = 0.8  # ... after this share of it, when everything has arrived
TOPIC_ICONS: Final = 2  # of a topic that say which colours go with it
LARGEST: Final = 900  # pixels of the shorter side; above it one pays for what nobody sees
ICONS_PAGE: Final = "https://github.com/microsoft/fluentui-emoji"
LICENCE_PAGE: Final = f"{ICONS_PAGE}/blob/main/LICENSE"


class Illustrator:
    """Draws a picture for any scene; there is always one."""

    name = "illustrated"

    def __init__(self, settings: Settings, workspace: Workspace) -> None:
        del settings
        self._workspace = workspace

    @property
    def about(self) -> About:
        """What it can."""
        return About(
            "Drawn by this app",
            "Moving graphics of what a scene names; there is always one, without any network.",
            kinds=("illustration",),
            online=False,
            address=LICENCE_PAGE,
        )

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Four to six clearly different drawn candidates, best first.

        Raises:
            DrawingUnavailable: The drawing library does not load.
            ArtworkMissing: Icons or fonts are not where they belong.
        """
        with _drawing():
            from aivideo.engines.drawing.lettering import covers

            reading = read(query.words, query.narration, query.objects)
            seed = _seed(query)
            sketches = sketch(reading, seed, at_most=query.at_most, settable=covers)
        yield Progress(1.0)
        return [self._clip(one, query) for one in sketches]

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The same clip with its thumbnail, drawn.

        Raises:
            IllustrationUnreadable: Its recipe is of another version, or is none.
            DrawingUnavailable: The drawing library does not load.
            ArtworkMissing: Icons or fonts are not where they belong.
        """
        yield Progress(0.0, "Drawing suggestions")
        recipe = read_recipe(clip.recipe)
        thumbnail = self._thumbnail(recipe, (clip.width, clip.height))
        return replace(clip, thumbnail=str(thumbnail))

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """There is no file: the render draws the scene from its recipe.

        Raises:
            NothingToFetch: Always.
        """
        yield Progress(0.0)
        raise NothingToFetch(wanted.source_id)

    def check(self) -> Health:
        """Whether scenes can be drawn here, found out by drawing one."""
        try:
            list(draw(_CHECK.as_json(), (64, 36), 30, 1))
        except AIVideoError as problem:
            return Health(
                "Drawn scenes", works=False, says=problem.message, remedy=_remedy(problem)
            )
        return Health("Drawn scenes", works=True, says="Scenes are drawn on this machine.")

    def _clip(self, one: Sketch, query: ClipQuery) -> FoundClip:
        return FoundClip(
            source=self.name,
            source_id=one.recipe.name(query.size),
            title=one.title,
            kind="illustration",
            width=query.size[0],
            height=query.size[1],
            url=ICONS_PAGE,
            author="Illustrated by this app; icons: Fluent Emoji",
            author_url=ICONS_PAGE,
            licence="MIT",
            licence_url=LICENCE_PAGE,
            score=one.score,
            recipe=one.recipe.as_json(),
        )

    def _thumbnail(self, recipe: Recipe, size: tuple[int, int]) -> Path:
        width, height = THUMBNAIL_WIDTH, round(THUMBNAIL_WIDTH * size[1] / size[0])
        path = self._workspace.artifact(
            "thumbnails", ".jpg", recipe=recipe.as_json(), size=(width, height), at=POSTER_AT
        )
        if not path.exists():
            with _drawing():
                from aivideo.engines.drawing.picture import Picture

                picture = Picture(recipe, (width, height), POSTER_SECONDS)
                picture.paint(POSTER_AT * POSTER_SECONDS)
                jpeg = picture.as_jpeg(JPEG_QUALITY)
            with self._workspace.draft(path) as draft:
                draft.write_bytes(jpeg)
        return path


def drawn_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size to draw at for a canvas of this size, even numbers; the render scales it up.

    At 900 lines a frame costs two thirds of what it costs at 1080, and scaled up it can
    hardly be told from it.
    """
    scale = min(1.0, LARGEST / min(size))
    return 2 * round(size[0] * scale / 2), 2 * round(size[1] * scale / 2)


def draw(
    recipe: Mapping[str, object],
    size: tuple[int, int],
    fps: int,
    frames: int,
    *,
    part: range | None = None,
) -> Iterator[bytes]:
    """The frames of a scene as raw BGRA, each width x height x 4 bytes.

    Args:
        recipe: What ``find`` gave, as it is or as it came back from a row.
        size: Width and height in pixels; ``drawn_size`` says which are worth it.
        fps: Frames a second.
        frames: How many there are; the motion is paced over them.
        part: Which of them to draw, when not all: before the scene begins it stands still,
            after it has ended the ground goes on moving.

    Raises:
        IllustrationUnreadable: The recipe is of another version, or is none.
        DrawingUnavailable: The drawing library does not load.
        ArtworkMissing: Icons or fonts are not where they belong.
    """
    known = read_recipe(recipe)
    with _drawing():
        from aivideo.engines.drawing.picture import Picture

        picture = Picture(known, size, frames / fps)
    for index in range(frames) if part is None else part:
        picture.paint(max(0, index) / fps)
        yield picture.pixels.tobytes()


def layout_of(recipe: Mapping[str, object]) -> str:
    """How a recipe is arranged, such as ``hero`` or ``globe``; two neighbours should differ.

    Raises:
        IllustrationUnreadable: It is none, or one of a version that is not understood.
    """
    return read_recipe(recipe).layout


def palette_of(recipe: Mapping[str, object]) -> str:
    """The name of a recipe's colours.

    Raises:
        IllustrationUnreadable: It is none, or one of a version that is not understood.
    """
    return read_recipe(recipe).palette


def with_palette(recipe: Mapping[str, object], palette: str) -> dict[str, object]:
    """The same recipe in other colours.

    Raises:
        IllustrationUnreadable: It is none, or there is no such palette.
    """
    if palette not in PALETTES:
        raise IllustrationUnreadable(detail=f"no palette {palette!r}")
    return replace(read_recipe(recipe), palette=palette).as_json()


def palettes_of(project_id: str, topic: str = "") -> tuple[str, ...]:
    """The palettes that all drawn scenes of a project share.

    Those that go with its topic, in whichever language, as far as it is known to call for some;
    else its id decides.

    Raises:
        ArtworkMissing: The index of the icons is not where it belongs.
    """
    icons = [hit.slug for hit in read(topic, topic).hits[:TOPIC_ICONS]] if topic.strip() else []
    mood = mood_of(split_words(" ".join((topic, *icons)).replace("-", " ")))
    if mood:
        return FAMILIES[mood]
    digest = hashlib.sha256(project_id.encode()).digest()
    return tuple(FAMILIES.values())[int.from_bytes(digest[:4], "big") % len(FAMILIES)]


def suited_palette(
    recipe: Mapping[str, object], family: Sequence[str], avoid: Collection[str] = ()
) -> str:
    """The palette of a family in which a recipe is seen best.

    Args:
        recipe: What is drawn.
        family: What to choose from, such as ``palettes_of`` a project.
        avoid: The palettes of the scenes beside it, taken only where nothing else would do.

    Raises:
        IllustrationUnreadable: It is none, or one of a version that is not understood.
        ArtworkMissing: The index of the icons is not where it belongs.
    """
    icons = read_recipe(recipe).icons
    color = vocabulary().colors.get(icons[0]) if icons else None
    return suited(color, family, avoid)


def restyled(clip: FoundClip, palette: str) -> FoundClip:
    """A drawn candidate in other colours: another recipe, another id, and no thumbnail yet.

    Raises:
        IllustrationUnreadable: Its recipe is none, or there is no such palette.
    """
    recipe = with_palette(clip.recipe, palette)
    name = read_recipe(recipe).name((clip.width, clip.height))
    return replace(clip, source_id=name, recipe=recipe, thumbnail="")


_CHECK: Final = Recipe("hero", "slate", 1, icons=("star",))


@contextmanager
def _drawing() -> Iterator[None]:
    """Turn what happens when skia cannot be loaded into our sentence."""
    try:
        yield
    except ImportError as problem:
        raise DrawingUnavailable(detail=str(problem)) from problem


def _seed(query: ClipQuery) -> int:
    """Different scenes get different looks, the same scene always the same."""
    text = "\n".join((query.words, query.narration, *query.objects))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _remedy(problem: AIVideoError) -> str:
    return problem.message.partition(". ")[2]
