"""Before clips are chosen for somebody: footage is looked through, meanings are understood."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from footage import Reel

from aivideo import clips
from aivideo.engines.library import FootageFolder
from aivideo.engines.meaning import Meaning
from aivideo.errors import AIVideoError, DiskFull, WeightsUnreachable
from aivideo.progress import Progress, Work, finish
from aivideo.settings import Settings
from aivideo.studio import Studio


class Bringing:
    """A model for meanings that is not here yet, and how often it was sent for."""

    ready = False

    def __init__(self, failure: AIVideoError | None = None) -> None:
        self.failure = failure
        self.brought = 0

    def prepare(self) -> Work[None]:
        """Bring it, or fail to."""
        yield Progress(0.5)
        self.brought += 1
        if self.failure:
            raise self.failure
        self.ready = True


@pytest.fixture
def shelf(studio: Studio) -> Iterator[FootageFolder]:
    """The library, with nothing in it."""
    studio.settings.footage_dir.mkdir()
    library = FootageFolder(studio.settings, studio.workspace)
    yield library
    library.stop()


def with_shelf(studio: Studio, shelf: FootageFolder, model: Bringing) -> Studio:
    """A studio with a library and a model for meanings."""
    return replace(studio, finders={"library": shelf}, meaning=cast("Meaning", model))


def put(settings: Settings, reel: Reel, name: str) -> None:
    """Copy a clip into the footage folder."""
    shutil.copyfile(reel["plain"].path, settings.footage_dir / name)


def test_footage_is_looked_through_and_understood(
    studio: Studio, shelf: FootageFolder, reel: Reel
) -> None:
    """All that is new, before anything is looked for."""
    put(studio.settings, reel, "bees.mp4")
    model = Bringing()
    finish(clips.get_ready(with_shelf(studio, shelf, model)))
    assert (shelf.state.indexed, model.brought) == (1, 1)


def test_nothing_is_brought_where_there_is_nothing_to_compare(
    studio: Studio, shelf: FootageFolder
) -> None:
    """An empty folder needs no model of 91 MB."""
    model = Bringing()
    finish(clips.get_ready(with_shelf(studio, shelf, model)))
    assert model.brought == 0


def test_without_the_model_words_will_do(studio: Studio, shelf: FootageFolder, reel: Reel) -> None:
    """No network is no failure; a full disk is."""
    put(studio.settings, reel, "bees.mp4")
    missing = Bringing(WeightsUnreachable("The model", 1, ""))
    finish(clips.get_ready(with_shelf(studio, shelf, missing)))
    assert missing.brought == 1
    full = Bringing(DiskFull(studio.settings.cache_dir))
    with pytest.raises(DiskFull):
        finish(clips.understand(with_shelf(studio, shelf, full)))


def test_the_page_keeps_the_index_up_to_date(
    studio: Studio, shelf: FootageFolder, reel: Reel
) -> None:
    """From when it is watched; a studio without a library has nothing to watch."""
    clips.watch_footage(studio)
    put(studio.settings, reel, "bees.mp4")
    clips.watch_footage(with_shelf(studio, shelf, Bringing()))
    finish(shelf.index(pictures=False))  # waits for the watcher, should it be at work
    assert shelf.state.indexed == 1
