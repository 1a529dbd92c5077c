"""Damage is found when a clip is chosen, where the scene would show it, and only there."""

from __future__ import annotations

import os
import random
from pathlib import Path

import numpy as np
import pytest
from footage import Footage, Reel, encode, pictures, scratch
from kinds import EVERY_KIND

from aivideo.engines import damage, media

FINE = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p")


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    """Footage of every kind, each clip made once for this file."""
    return Reel(tmp_path_factory.mktemp("damage"), EVERY_KIND)


def scattered(source: Path, target: Path, seed: int = 3) -> Path:
    """A copy with sixty bytes of its middle third changed."""
    data = bytearray(source.read_bytes())
    chance = random.Random(seed)  # noqa: S311 - which bytes are changed is no secret
    for _ in range(60):
        place = chance.randrange(len(data) // 3, len(data) * 2 // 3)
        data[place] ^= chance.randrange(1, 255)
    target.write_bytes(bytes(data))
    return target


@pytest.mark.parametrize(
    "kind",
    ["one_key_frame", "hdr", "webm", "av1", "prores", "broadcast_mpeg2", "transport_stream",
     "motion_jpeg", "mpeg_stream", "matroska"],
)  # fmt: skip
def test_damage_is_noticed_in_every_codec_that_can_tell(
    reel: Reel, tmp_path: Path, kind: str
) -> None:
    """Changed bytes make pictures that cannot be decoded as they were shot.

    VP9 decodes many a changed byte without a word, so one of several such copies is enough.
    """
    source = reel[kind].path
    copies = (scattered(source, tmp_path / f"{seed}-{source.name}", seed) for seed in range(3, 19))

    assert any(damage.flaws(path, media.probe(path), 0.0, 6.0) for path in copies)


def test_damage_elsewhere_is_none_of_the_scene_s(tmp_path: Path) -> None:
    """A scene is warned of what it would show, not of the rest of the file."""
    clip = Footage(tmp_path / "long.mp4", mark=1, frames=240)
    encode(clip.path, pictures(clip), codec=(*FINE, "-g", "30"))
    path = scratch(clip.path, tmp_path / "scratched.mp4")
    info = media.probe(path)

    assert damage.flaws(path, info, 2.0, 2.0) > 0
    assert damage.flaws(path, info, 5.0, 2.0) == 0


def test_a_long_stretch_is_looked_at_in_three_places(tmp_path: Path) -> None:
    """What is decoded of it stays the same however long it is."""
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    clip = tmp_path / "long.mp4"
    encode(
        clip,
        (np.roll(noise, 5 * n, axis=1) for n in range(900)),
        size=(64, 64),
        codec=(*FINE, "-g", "12"),
    )
    path = scratch(clip, tmp_path / "scratched.mp4")
    info = media.probe(path)

    # The damage lies in the second quarter of thirty seconds, and so in the middle place.
    assert info.duration_seconds * info.fps > damage.MOST
    assert damage.flaws(path, info, 0.0, 30.0) > 0
    assert damage.flaws(path, info, 17.0, 13.0) == 0


def test_what_is_no_film_has_no_flaws(stills: dict[str, Path]) -> None:
    """Pictures are decoded whole when they are opened."""
    info = media.probe(stills["plain.png"])

    assert damage.flaws(stills["plain.png"], info, 0.0, 6.0) == 0


def test_a_file_that_was_mended_is_looked_at_again(reel: Reel, tmp_path: Path) -> None:
    """What was found is remembered for that file alone."""
    source = reel["one_key_frame"].path
    path = scattered(source, tmp_path / "clip.mp4")
    info = media.probe(path)
    assert damage.flaws(path, info, 0.0, 6.0) > 0

    path.write_bytes(source.read_bytes())
    os.utime(path, (1, 1))

    assert damage.flaws(path, info, 0.0, 6.0) == 0
