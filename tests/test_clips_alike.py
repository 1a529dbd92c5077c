"""Candidates that show the same picture: told by it, and offered once."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from clip_sources import Source, make_project, suggest, with_sources
from PIL import Image, ImageFilter

from aivideo.engines.picture_hash import difference_hash, nearly_same
from aivideo.studio import Studio

SIZE = (640, 360)


def picture(seed: int) -> Image.Image:
    """A picture like no other: soft fields of colour, and grain."""
    chance = np.random.default_rng(seed)
    fields = Image.fromarray(chance.integers(0, 256, (6, 9, 3), dtype=np.uint8))
    soft = np.asarray(fields.resize(SIZE, Image.Resampling.BICUBIC)).astype(int)
    grain = chance.integers(-25, 25, soft.shape)
    return Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, path: Path, quality: int = 85) -> Path:
    """The picture as a JPEG."""
    image.save(path, quality=quality)
    return path


def told(image: Image.Image, path: Path, quality: int = 85) -> int:
    """Its hash, once it was saved."""
    found = difference_hash(saved(image, path, quality))
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_copy_is_known_as_one(tmp_path: Path, seed: int) -> None:
    """Scaled, cropped a little, blurred, or encoded badly."""
    image, path = picture(seed), tmp_path / "x.jpg"
    first = told(image, path)
    copies = (
        image.resize((320, 180)),
        image.resize((1280, 720)),
        image.crop((10, 6, 630, 354)).resize(SIZE),
        image.filter(ImageFilter.GaussianBlur(2)),
    )
    assert all(nearly_same(first, told(copy, path)) for copy in copies)
    assert nearly_same(first, told(image, path, 30))


def test_other_pictures_are_not_copies(tmp_path: Path) -> None:
    """Whatever two of them."""
    hashes = [told(picture(seed), tmp_path / "x.jpg") for seed in range(24)]
    assert not any(nearly_same(*pair) for pair in itertools.combinations(hashes, 2))


@pytest.mark.parametrize("colour", ["black", "white", "#3355aa"])
def test_a_flat_picture_tells_nothing(tmp_path: Path, colour: str) -> None:
    """Two black ones need not be the same clip."""
    assert difference_hash(saved(Image.new("RGB", SIZE, colour), tmp_path / "x.jpg")) is None


def test_what_is_no_picture_tells_nothing(tmp_path: Path) -> None:
    """A thumbnail may be damaged or gone."""
    broken = tmp_path / "x.jpg"
    broken.write_bytes(b"\xff\xd8\xff nonsense")
    assert difference_hash(broken) is None
    assert difference_hash(tmp_path / "nothing.jpg") is None


def archive_of(tmp_path: Path, name: str, *looks: int) -> Source:
    """A source of clips that look like the pictures of these numbers, the best first."""
    names = [f"volcano {place}" for place in range(len(looks))]
    scores = {one: 0.9 - 0.02 * place for place, one in enumerate(names)}
    archive = Source(name, {"volcano": scores})
    archive.facts = {one: {"author": f"Author {one}"} for one in names}
    archive.pictures = {
        one: saved(picture(look), tmp_path / f"{one}.jpg", 60 + 5 * place)
        for place, (one, look) in enumerate(zip(names, looks, strict=True))
    }
    return archive


def test_a_picture_is_offered_once_and_the_next_moves_up(studio: Studio, tmp_path: Path) -> None:
    """Uploads of one film under several titles are one candidate, the best of them."""
    desk = with_sources(studio, archive_of(tmp_path, "archive", 1, 1, 2, 1, 3, 4))
    found = suggest(desk, make_project(desk, "volcano"), max_results=3)
    assert [clip.title for clip in found] == ["volcano 0", "volcano 2", "volcano 4"]


def test_ones_own_takes_are_all_offered(studio: Studio, tmp_path: Path) -> None:
    """They look alike because they are takes of one shot."""
    desk = with_sources(studio, archive_of(tmp_path, "library", 1, 1, 1))
    found = suggest(desk, make_project(desk, "volcano"), max_results=3)
    assert [clip.title for clip in found] == ["volcano 0", "volcano 1", "volcano 2"]
