"""What files turned out to be is remembered, as long as they stay what they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from footage import Reel

from aivideo.engines import media, probing
from aivideo.engines.probing import keep, probed, recall, stamp_of
from aivideo.errors import NotMedia
from aivideo.workspace import Workspace


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Each test begins as a fresh process does."""
    probing._known.clear()
    yield
    probing._known.clear()


@pytest.fixture
def clip(reel: Reel, tmp_path: Path) -> Path:
    """A clip that a test may change."""
    return Path(shutil.copy(reel["plain"].path, tmp_path / "clip.mp4"))


def spoil(path: Path) -> None:
    """Make a file unreadable and let nobody see it from outside."""
    status = path.stat()
    path.write_bytes(bytes(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_file_is_looked_into_once(clip: Path) -> None:
    """It may be asked for again and again."""
    info = probed(stamp_of(clip))
    spoil(clip)
    assert probed(stamp_of(clip)) == info
    assert (info.width, info.height, info.codec) == (320, 180, "h264")


def test_the_next_process_need_not_look(workspace: Workspace, clip: Path) -> None:
    """What one found out, another knows, in every part."""
    info = probed(stamp_of(clip))
    keep(workspace, [clip])
    probing._known.clear()
    spoil(clip)
    recall(workspace, [clip])
    assert probed(stamp_of(clip)) == info


def test_a_file_that_was_written_anew_is_looked_into_anew(workspace: Workspace, clip: Path) -> None:
    """Its name and its length say nothing."""
    probed(stamp_of(clip))
    keep(workspace, [clip])
    clip.write_bytes(bytes(clip.stat().st_size))
    recall(workspace, [clip])
    with pytest.raises(NotMedia):
        probed(stamp_of(clip))


@pytest.mark.parametrize("kept", ["", "[1]", "{}", '{"kind": "video", "depth": 3}'])
def test_what_was_kept_and_is_damaged_is_found_out_anew(
    workspace: Workspace, clip: Path, kept: str
) -> None:
    """It costs time and nothing else; so do files that are gone."""
    info = probed(stamp_of(clip))
    keep(workspace, [clip, clip.with_name("gone.mp4")])
    probing._known.clear()
    (file,) = workspace.folder("probes").iterdir()
    file.write_text(kept)
    recall(workspace, [clip, clip.with_name("gone.mp4")])
    assert probed(stamp_of(clip)) == info == media.probe(clip)


def test_what_is_remembered_has_an_end(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at first is forgotten first."""
    monkeypatch.setattr(probing, "REMEMBERED", 1)
    other = Path(shutil.copy(clip, clip.with_name("other.mp4")))
    first = stamp_of(clip)
    probed(first)
    probed(stamp_of(other))
    assert list(probing._known) == [stamp_of(other)]
    clip.unlink()
    with pytest.raises(FileNotFoundError):
        probed(first)
