"""The one folder we write to."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from aivideo.errors import DiskFull, NoWritePermission, OutsideWorkspace
from aivideo.settings import Settings
from aivideo.workspace import Workspace, content_hash, ensure_writable, save_copy, writing


def test_the_same_ingredients_give_the_same_name(workspace: Workspace) -> None:
    """A product is named by what went in, whatever the order it is said in."""
    first = workspace.artifact("audio", ".wav", text="Hello", voice="af_heart")
    second = workspace.artifact("audio", ".wav", voice="af_heart", text="Hello")
    assert first == second
    assert first.parent == workspace.root / "audio"
    assert first.suffix == ".wav"


def test_another_ingredient_gives_another_name(workspace: Workspace) -> None:
    """Anything that decides the bytes decides the name."""
    names = {workspace.artifact("audio", ".wav", text=text) for text in ("a", "b", "A")}
    assert len(names) == 3


def test_a_draft_gets_its_final_name_when_the_block_ends_well(workspace: Workspace) -> None:
    """Nobody can see a half-written product under its final name."""
    final = workspace.artifact("parts", ".mp4", n=1)
    with workspace.draft(final) as draft:
        draft.write_bytes(b"abc")
        assert not final.exists()
        assert draft.suffix == ".mp4"
    assert final.read_bytes() == b"abc"
    assert list(final.parent.iterdir()) == [final]


def test_a_failed_draft_leaves_nothing_and_keeps_the_earlier_product(workspace: Workspace) -> None:
    """A failure costs the new file only."""
    final = workspace.artifact("parts", ".mp4", n=1)
    final.write_bytes(b"earlier")
    with pytest.raises(ValueError, match="broken"), workspace.draft(final) as draft:
        draft.write_bytes(b"half")
        raise ValueError("broken")
    assert [path.read_bytes() for path in final.parent.iterdir()] == [b"earlier"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_a_sentence(workspace: Workspace, number: int) -> None:
    """What the system says about a full disk becomes ours, with what to do."""
    final = workspace.artifact("parts", ".mp4", n=1)
    with pytest.raises(DiskFull, match="Free some space"), workspace.draft(final):
        raise OSError(number, "No space left on device")


def test_a_forbidden_folder_is_a_sentence(tmp_path: Path) -> None:
    """No write permission names the place and the settings that move it."""
    with pytest.raises(NoWritePermission, match="CACHE_DIR"), writing(tmp_path / "x"):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_a_folder_where_a_file_stands_cannot_be_used(tmp_path: Path) -> None:
    """Other problems are not dressed up as one of ours."""
    with pytest.raises(OSError, match="odd"), writing(tmp_path / "x"):
        raise OSError(errno.EIO, "odd")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "audio", "audio/../../secret"])
def test_a_name_cannot_lead_out_of_our_folders(workspace: Workspace, name: str) -> None:
    """Confinement holds for relative, absolute and winding names, and for folders."""
    workspace.folder("audio")
    (workspace.root.parent / "secret").write_text("x")
    with pytest.raises(OutsideWorkspace):
        workspace.confine(name)


def test_a_link_cannot_lead_out_of_our_folders(workspace: Workspace, tmp_path: Path) -> None:
    """A symbolic link is followed before the check."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    (workspace.folder("audio") / "link.wav").symlink_to(secret)
    with pytest.raises(OutsideWorkspace):
        workspace.confine("audio/link.wav")


def test_a_file_of_ours_is_found_by_its_name(workspace: Workspace) -> None:
    """Relative to the cache folder, or absolute."""
    path = workspace.folder("audio") / "a.wav"
    path.write_bytes(b"x")
    assert workspace.confine("audio/a.wav") == path
    assert workspace.confine(str(path)) == path


def test_tidying_removes_the_drafts_of_dead_processes_only(settings: Settings) -> None:
    """A crash leaves drafts; the next start removes them, but never those still written."""
    dead, living, me = Workspace(settings), Workspace(settings), Workspace(settings)
    for tenant in (dead, living):
        (me.folder("parts") / f"x.draft-{tenant.tenant}-00000000.mp4").write_bytes(b"half")
    keep = me.folder("parts") / "finished.mp4"
    keep.write_bytes(b"whole")
    dead.close()
    assert me.tidy() == 1
    assert {path.name for path in me.folder("parts").iterdir()} == {
        "finished.mp4",
        f"x.draft-{living.tenant}-00000000.mp4",
    }


def used_before(path: Path, seconds: float) -> Path:
    """A file of 10 bytes that was last used so long ago, and written long before."""
    path.write_bytes(b"0123456789")
    os.utime(path, (time.time() - seconds, 1_000_000))
    return path


def test_what_was_not_used_for_longest_goes_first(workspace: Workspace) -> None:
    """Until the rest keeps within its limit; what is still being written is not counted."""
    folder = workspace.folder("proxies")
    old, older, oldest = (
        used_before(folder / f"{hours}.mp4", 3600.0 * hours) for hours in (3, 4, 5)
    )
    with workspace.draft(folder / "new.mp4") as draft:
        used_before(draft, 10**6)
        assert workspace.trim("proxies", 30) == 0
        assert workspace.trim("proxies", 29) == 1
        assert (old.exists(), older.exists(), oldest.exists()) == (True, True, False)
        assert workspace.trim("proxies", 10) == 1
        assert (old.exists(), older.exists(), draft.exists()) == (True, False, True)


def test_what_is_in_use_stays_however_much_it_is(workspace: Workspace) -> None:
    """Whoever asks for a file has it for the next hour; when it was written does not change."""
    folder = workspace.folder("proxies")
    asked, forgotten = (used_before(folder / name, 10**6) for name in ("a.mp4", "b.mp4"))
    assert workspace.use(asked)
    assert not workspace.use(folder / "none.mp4")
    assert workspace.trim("proxies", 0) == 1
    assert (asked.exists(), forgotten.exists()) == (True, False)
    assert asked.stat().st_mtime == 1_000_000


def test_a_tenant_is_alive_until_it_closes(settings: Settings) -> None:
    """Another process can tell the living from the dead; oneself is alive."""
    one, other = Workspace(settings), Workspace(settings)
    assert one.alive(one.tenant)
    assert one.alive(other.tenant)
    other.close()
    assert not one.alive(other.tenant)
    assert not one.alive("0" * 12)


def test_too_little_room_is_said_before_the_work(workspace: Workspace) -> None:
    """ensure_room refuses early and tells how much is there."""
    with pytest.raises(DiskFull) as caught:
        workspace.ensure_room(1 << 60)
    assert "bytes are needed" in caught.value.detail
    workspace.ensure_room(1)


def test_a_finished_file_is_copied_in_one_step(tmp_path: Path) -> None:
    """save_copy makes the folder, replaces an earlier file, and leaves no draft."""
    source, target = tmp_path / "a.mp4", tmp_path / "out" / "b.mp4"
    source.write_bytes(b"new")
    target.parent.mkdir()
    target.write_bytes(b"old")
    save_copy(source, target)
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


def test_a_place_is_tried_without_leaving_a_trace(tmp_path: Path) -> None:
    """ensure_writable makes the folder and nothing in it."""
    ensure_writable(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_the_hash_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    """The known digest of the empty string and of abc (FIPS 180-4)."""
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert content_hash(path).startswith("ba7816bf8f01cfea414140de5dae2223")
