"""Draws the contact sheets of ``docs/screens``: ``python tests/make_screens.py``.

Twenty scenes of four videos in both orientations, as they are drawn where nobody chooses. To be
run when drawn scenes look different, and looked at.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from aivideo import clips, projects, script  # noqa: E402 - the checkout has to be on the path first
from aivideo.engines.illustration import Illustrator, draw  # noqa: E402 - the same
from aivideo.progress import finish  # noqa: E402 - the same
from aivideo.script import SceneDraft  # noqa: E402 - the same
from aivideo.settings import Settings  # noqa: E402 - the same
from aivideo.store import Clip, get_row  # noqa: E402 - the same
from aivideo.studio import Studio, open_studio  # noqa: E402 - the same

SCREENS: Final = ROOT / "docs" / "screens"
SIZES: Final = {"wide": ("16:9", (640, 360), 2), "tall": ("9:16", (360, 640), 5)}
"""Aspect, size of a frame in pixels, frames side by side."""
GAP: Final = 6
FPS: Final = 30
FRAMES: Final = 180
SHOWN: Final = 150
"""The frame that is kept: everything has arrived."""

VIDEOS: Final[Mapping[str, Sequence[tuple[str, str, tuple[str, ...]]]]] = {
    "How bees make honey": (
        ("In summer a hive holds 60,000 bees.", "beehive bees", ("bees", "hive", "flowers")),
        (
            "From flower to flower a forager carries nectar home.",
            "bee flower",
            ("flower", "bee", "honeycomb"),
        ),
        ("Workers feed the young bees.", "bee worker young workers", ("worker bee", "egg")),
        ("But here is the surprising part: nobody knew why.", "", ()),
        (
            "Without them we would lose apples, almonds and pumpkins.",
            "orchard harvest",
            ("apples", "nuts", "pumpkin"),
        ),
    ),
    "The history of coffee": (
        (
            "A goat herder in Ethiopia saw his goats dance all night.",
            "goat herder",
            ("goat", "berries", "coffee cup"),
        ),
        (
            "Camels carried it through the desert to the ships.",
            "camel desert",
            ("camel", "palm tree", "ship"),
        ),
        (
            "Somebody wrote: \u201cFor a penny, you can listen to all the news of the world.\u201d",
            "newspaper coffee house",
            ("newspaper", "coffee cup"),
        ),
        (
            "First the beans are roasted, then ground, and finally brewed with hot water.",
            "roasted beans",
            ("coffee beans", "fire", "coffee cup", "water"),
        ),
        ("Tea is milder than coffee, and yet it wakes you.", "tea coffee", ("teapot", "coffee")),
    ),
    "Why we went to the moon": (
        ("It began with a rocket and a promise.", "rocket launch", ("rocket", "moon", "stars")),
        (
            "Three astronauts looked back at the whole Earth.",
            "astronaut earth",
            ("astronaut", "earth", "helmet"),
        ),
        ("They had 72 kilobytes of memory.", "computer", ("computer", "code")),
        ("Freedom is never given, it must be demanded.", "", ()),
        (
            "They brought home 382 kilograms of stone.",
            "moon rocks",
            ("rock", "microscope", "scientist"),
        ),
    ),
    "How to save money as a student": (
        ("Write down what you spend for a week.", "notebook pen", ("notebook", "pen", "coins")),
        (
            "Cooking at home is cheaper than eating out.",
            "cooking kitchen",
            ("pot", "vegetables", "restaurant"),
        ),
        ("Half of all subscriptions are never used.", "phone subscriptions", ("phone", "bill")),
        (
            "Buy used books, borrow tools, share a ride.",
            "used books",
            ("books", "tools", "car"),
        ),
        ("The smallest habit is the one that stays.", "piggy bank", ("piggy bank", "seedling")),
    ),
}


def frames(studio: Studio, aspect: str, size: tuple[int, int]) -> Iterator[Image.Image]:
    """Each scene of each video, drawn as it is when everything has arrived."""
    for topic, scenes in VIDEOS.items():
        project_id = projects.create_project(studio, topic=topic, aspect=aspect).project_id
        drafts = [SceneDraft(text, query, objects=names) for text, query, names in scenes]
        script.save_script(studio, project_id, drafts)
        finish(clips.choose_best(studio, project_id))
        for scene in projects.open_project(studio, project_id).scenes:
            with studio.store.session() as session:
                recipe = dict(get_row(session, Clip, scene.clip_id or "").recipe)
            pixels = next(iter(draw(recipe, size, FPS, FRAMES, part=range(SHOWN, SHOWN + 1))))
            yield Image.frombytes("RGBA", size, pixels, "raw", "BGRA").convert("RGB")


def sheet(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """The pictures side by side."""
    width, height = pictures[0].size
    rows = -(-len(pictures) // columns)
    size = (columns * (width + GAP) - GAP, rows * (height + GAP) - GAP)
    whole = Image.new("RGB", size)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        whole.paste(picture, (column * (width + GAP), row * (height + GAP)))
    return whole


def main() -> None:
    """Draw them all."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings().under(Path(folder))
        with open_studio(settings) as studio:
            drawing = Illustrator(settings, studio.workspace)
            alone = replace(studio, finders={drawing.name: drawing})
            for shape, (aspect, size, columns) in SIZES.items():
                pictures = list(frames(alone, aspect, size))
                for number, half in enumerate((pictures[:10], pictures[10:]), 1):
                    path = SCREENS / f"illustrated-{shape}-{number}.jpg"
                    sheet(half, columns).save(path, quality=85)


if __name__ == "__main__":
    main()
