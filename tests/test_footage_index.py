"""The index of a person's footage: what it knows, how it keeps up, and what it survives."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock
import numpy as np
import pytest
from footage import Reel, copy_with
from footage_process import index, settings_in
from numpy.typing import NDArray
from PIL import Image

from aivideo.engines import media
from aivideo.engines.finding import ClipQuery, FoundClip, Wanted
from aivideo.engines.folder_watch import FolderWatch
from aivideo.engines.footage import Content, FootageFile, digest_of, examine
from aivideo.engines.footage_indexing import FEW, TRIES, Indexing
from aivideo.engines.footage_meanings import Meanings
from aivideo.engines.library import AT_ONCE, FootageFolder
from aivideo.engines.waiting import Reporter
from aivideo.errors import ClipGone, ClipUnreadable, DiskFull, NoWritePermission
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import DRAFT, Workspace

PATIENCE = 60.0
"""Seconds for what another thread or process has to do, on a machine that is busy otherwise."""

if sys.platform == "linux":
    PROCESSES = multiprocessing.get_context("forkserver")
else:
    PROCESSES = multiprocessing.get_context("spawn")

Vectors = NDArray[np.float32]


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    """Real clips, each made once for this file."""
    return Reel(tmp_path_factory.mktemp("reel"))


@pytest.fixture
def folder(settings: Settings) -> Path:
    """The person's footage folder, empty."""
    settings.footage_dir.mkdir()
    return settings.footage_dir


@pytest.fixture
def shelf(settings: Settings, workspace: Workspace) -> Iterator[FootageFolder]:
    """The library over the footage folder."""
    shelf = FootageFolder(settings, workspace)
    yield shelf
    shelf.stop()


def picture(path: Path, number: int = 0) -> Path:
    """A small picture; another number, another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (32, 18), (number % 256, number // 256, 90)).save(path)
    return path


def clip(reel: Reel, path: Path, name: str = "plain", number: int = 0) -> Path:
    """A copy of a clip; another number, another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(reel[name].path.read_bytes() + number.to_bytes(12, "big"))
    return path


def find(shelf: FootageFolder, words: str, **facts: object) -> list[FoundClip]:
    """What fits a query; guesses are left out."""
    found = finish(shelf.find(ClipQuery(words, **facts)))  # type: ignore[arg-type]  # - as given
    return [one for one in found if one.score > 0.06]


def titles(found: Sequence[FoundClip]) -> list[str]:
    """What was found, by title."""
    return [one.title for one in found]


def wait_until(come: Callable[[], bool]) -> None:
    """Wait for another thread or process."""
    ends = time.monotonic() + PATIENCE
    while not come():
        assert time.monotonic() < ends, "it does not come"
        time.sleep(0.02)


def rows(shelf: FootageFolder, question: str) -> list[tuple[object, ...]]:
    """What the index holds, past the library."""
    connection = sqlite3.connect(shelf._index.path, isolation_level=None, timeout=PATIENCE)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


class Senses:
    """An embedder that knows a few words, and which of them mean the same."""

    meanings = ("bee pollinator insect", "dog puppy", "volcano eruption lava")

    def __init__(self) -> None:
        self.ready = True
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A direction for each meaning."""
        self.asked += texts
        found = np.zeros((len(texts), 96), np.float32)
        for row, text in enumerate(texts):
            words = set(text.lower().replace(".", " ").split())
            places = [n for n, same in enumerate(self.meanings) if words & set(same.split())]
            found[row, places[0] if places else 10 + row] = 1.0
        return found


# --------------------------------------------------------------------------- keeping up
def test_indexing_says_how_far_it_is(shelf: FootageFolder, folder: Path) -> None:
    """How many of how many; afterwards the state says what there is."""
    for number in range(70):
        picture(folder / f"waves {number:02d}.png", number)
    (folder / "waves.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))

    reporter = Reporter()
    # By itself: what of the news a waiting Work passes on depends on how fast the machine is.
    shelf._indexing.run(reporter)
    told = [reporter.news.get_nowait() for _ in range(reporter.news.qsize())]
    state = shelf.state

    assert (state.files, state.indexed, state.unusable, state.is_running) == (71, 71, 1, False)
    said = {one.message for one in told}
    assert said >= {
        "Looking through your footage",
        "Looking through your footage: 0 of 71",
        "Looking through your footage: 64 of 71",
    }
    assert all(0.0 <= one.fraction <= 1.0 for one in told)
    assert shelf.state == state


def test_an_index_makes_thumbnails(shelf: FootageFolder, folder: Path) -> None:
    """Whoever looks at the library later finds them made."""
    picture(folder / "waves.png")
    finish(shelf.index())
    assert rows(shelf, "SELECT pictured FROM files") == [(1,)]
    made = finish(shelf.picture(find(shelf, "waves")[0])).thumbnail
    assert Path(made).is_file()


def test_what_is_stopped_goes_on_where_it_was(shelf: FootageFolder, folder: Path) -> None:
    """What was found out is kept batch by batch."""
    for number in range(120):
        picture(folder / f"waves {number:03d}.png", number)
    work = shelf.index()
    for _ in work:
        if shelf.state.indexed:
            break
    work.close()
    wait_until(lambda: not shelf.state.is_running)
    assert shelf.state.files == 120

    assert finish(shelf.index()).indexed == 120


def test_a_renamed_file_keeps_what_was_found_out(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """By its content; it is found by its new name and no more by its old one."""
    path = clip(reel, folder / "ocean.mp4")
    finish(shelf.index())
    rows(shelf, "UPDATE files SET seconds = 99")

    path.rename(folder / "volcano.mp4")

    found = find(shelf, "volcano")
    assert [(one.title, one.duration_seconds) for one in found] == [("volcano", 99)]
    assert find(shelf, "ocean") == []


def test_a_removed_file_that_comes_back_keeps_what_was_found_out(
    reel: Reel, shelf: FootageFolder, folder: Path, tmp_path: Path
) -> None:
    """A drive may be unplugged for a while."""
    clip(reel, folder / "trip" / "ocean.mp4")
    finish(shelf.index())
    rows(shelf, "UPDATE files SET seconds = 99")

    folder.rename(tmp_path / "away")
    assert find(shelf, "ocean") == []
    assert shelf.state.files == 0
    (tmp_path / "away").rename(folder)

    assert [one.duration_seconds for one in find(shelf, "ocean")] == [99]


def test_a_chosen_clip_that_was_moved_is_fetched_where_it_is(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """Tidying up the folder costs no scene its clip."""
    path = clip(reel, folder / "ocean.mp4")
    chosen = find(shelf, "ocean")[0]
    moved = folder / "sea" / "Ocean at noon.mp4"
    moved.parent.mkdir()
    path.rename(moved)
    clip(reel, path, number=7)
    finish(shelf.index())
    assert finish(shelf.fetch(Wanted(chosen.source_id))) == moved
    moved.unlink()
    with pytest.raises(ClipGone, match=r"^ocean\.mp4 is no longer there"):
        finish(shelf.fetch(Wanted(chosen.source_id)))


@pytest.mark.parametrize("many", [False, True])
def test_folders_that_come_and_go_are_followed(
    shelf: FootageFolder, folder: Path, *, many: bool
) -> None:
    """In a small library and in a large one, where only changed folders are looked at."""
    for number in range(FEW + 1 if many else 1):
        picture(folder / "rest" / f"rest {number:03d}.png", number)
    finish(shelf.index())

    picture(folder / "a" / "b" / "volcano.png", 401)
    assert titles(find(shelf, "volcano")) == ["volcano"]
    picture(folder / "a" / "b" / "c" / "volcano again.png", 402)
    assert len(find(shelf, "volcano")) == 2
    (folder / "a" / "b" / "volcano.txt").write_text("lava")
    assert titles(find(shelf, "lava")) == ["volcano"]
    shutil.rmtree(folder / "a" / "b" / "c")
    assert titles(find(shelf, "volcano")) == ["volcano"]
    (folder / "a").rename(folder / "z")
    assert [one.source_id.split("#")[0] for one in find(shelf, "volcano")] == ["z/b/volcano.png"]
    shutil.rmtree(folder / "z")
    assert find(shelf, "volcano") == []
    assert "cannot be" not in shelf.check().says


def test_a_search_does_not_wait_for_many_new_files(shelf: FootageFolder, folder: Path) -> None:
    """It answers what is known and says what is not; the rest is looked into behind its back."""
    picture(folder / "waves.png")
    finish(shelf.index())
    for number in range(AT_ONCE + 1):
        picture(folder / f"ocean waves {number}.png", number + 1)

    told: list[str] = []
    finish(shelf.find(ClipQuery("waves")), lambda progress: told.append(progress.message))

    assert told == [f"Still looking through {AT_ONCE + 1} files of your footage"]
    wait_until(lambda: shelf.state.indexed == AT_ONCE + 2)
    assert len(find(shelf, "ocean")) == AT_ONCE + 1


def test_a_watched_folder_is_indexed_by_itself(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """At the start, and whenever something is put in, taken out or replaced."""
    clip(reel, folder / "ocean.mp4")
    watch = FolderWatch(shelf._indexing.run, shelf._indexing.notice, poll=0.02, whole=60.0)
    watch.start()
    try:
        wait_until(lambda: shelf.state.indexed == 1)
        clip(reel, folder / "volcano.mp4", number=1)
        wait_until(lambda: shelf.state.indexed == 2)
        before = rows(shelf, "SELECT digest FROM files WHERE name = 'ocean.mp4'")
        clip(reel, folder / "ocean.mp4", "portrait", 2)
        wait_until(lambda: rows(shelf, "SELECT digest FROM files ORDER BY id")[:1] != before)
        (folder / "volcano.mp4").unlink()
        wait_until(lambda: shelf.state.files == 1)
    finally:
        watch.stop()
    assert not [one for one in threading.enumerate() if one.name == "footage-watch"]


def test_a_library_is_watched_until_it_is_stopped(shelf: FootageFolder, folder: Path) -> None:
    """The thread ends; the library answers on, and can be watched again."""
    picture(folder / "ocean.png")
    for _ in range(2):
        shelf.start_watching()
        shelf.start_watching()
        wait_until(lambda: shelf.state.indexed == 1)
        shelf.stop()
        assert not [one for one in threading.enumerate() if one.name == "footage-watch"]
    assert titles(find(shelf, "ocean")) == ["ocean"]


@pytest.mark.parametrize("failure", [DiskFull(Path("x")), OSError("gone"), sqlite3.Error("no")])
def test_a_watch_outlives_a_failure(failure: Exception) -> None:
    """What cannot be looked at now is looked at later."""
    tries = itertools.count()

    def broken(_reporter: Reporter) -> None:
        next(tries)
        raise failure

    def noticed() -> bool:
        raise failure

    watch = FolderWatch(broken, noticed, poll=0.01, whole=0.05)
    watch.start()
    wait_until(lambda: next(tries) > 20)
    watch.stop()


def test_new_files_come_before_thumbnails(shelf: FootageFolder, folder: Path) -> None:
    """Pictures of thousands take an hour; what is copied meanwhile is found before that ends."""
    for number in range(40):
        picture(folder / f"waves {number:02d}.png", number)
    made: list[str] = []

    def make(_root: object, name: str, _digest: str) -> None:
        made.append(name)
        if name == "waves 00.png":
            picture(folder / "volcano.png", 99)
        elif name == "waves 39.png":
            assert titles(find(shelf, "volcano")) == ["volcano"]
            assert shelf.state.indexed == 41

    indexing = Indexing(shelf._index, shelf._roots, Meanings(shelf._index), make)
    indexing.run(Reporter())
    assert len(made) == 41


def test_a_file_that_ends_the_program_is_left_alone_in_the_end(
    shelf: FootageFolder, folder: Path
) -> None:
    """A fault of a decoder may take us with it: the file is found out by itself, and named."""
    for number in range(3):
        picture(folder / f"waves {number}.png", number)
    shelf._indexing.survey()
    first, second, bad = shelf._index.waiting(3)
    shelf._index.note_try([first, second, bad])
    for _ in range(TRIES - 1):
        shelf._index.note_try([bad])

    told: list[str] = []
    finish(shelf.find(ClipQuery("waves")), lambda progress: told.append(progress.message))
    assert not [one for one in told if one.startswith("Looking at")]  # nobody who waits is at risk
    wait_until(lambda: shelf.state.indexed == 3)

    assert len(find(shelf, "waves")) == 2
    assert f"waves 2.png cannot be used: the program ended {TRIES} times" in shelf.check().says
    picture(folder / "waves 2.png", 50)
    os.utime(folder / "waves 2.png", ns=(1, 1))
    assert len(find(shelf, "waves")) == 3


def test_stopping_is_held_against_no_file(shelf: FootageFolder, folder: Path) -> None:
    """What was not looked into counts as not tried."""
    for number in range(AT_ONCE):
        picture(folder / f"waves {number}.png", number)
    reporter = Reporter()
    shelf._indexing.survey()
    reporter.stop.set()
    with ThreadPoolExecutor(1) as pool:
        shelf._indexing._look_into(shelf._index.waiting(AT_ONCE), pool, reporter)
    assert {one.tries for one in shelf._index.waiting(AT_ONCE)} <= {0}


def test_a_folder_that_is_added_to_a_large_library_is_noticed(
    settings: Settings, workspace: Workspace, shelf: FootageFolder, folder: Path, tmp_path: Path
) -> None:
    """With the first search."""
    for number in range(FEW + 1):
        (folder / f"rest {number}.png").write_bytes(b"")
    finish(shelf.index())
    picture(tmp_path / "there" / "waves.png")
    wider = FootageFolder(more(settings, tmp_path / "there"), workspace)
    assert titles(find(wider, "waves")) == ["waves"]
    wider.stop()


def test_a_reader_that_stumbles_hides_no_other_file(folder: Path) -> None:
    """Whatever it stumbles over; what is wrong with the machine is another matter."""

    def stumble(_digest: str) -> Content:
        raise IndexError

    def full(_digest: str) -> Content:
        raise DiskFull(folder)

    path = picture(folder / "waves.png")
    file = FootageFile(folder, path, path.name)
    assert "waves.png cannot be used: it is damaged" in examine(file, stumble).unusable
    with pytest.raises(DiskFull):
        examine(file, full)


# --------------------------------------------------------------------------- several at once
def test_a_file_that_is_handed_in_is_in_the_index_at_once(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """However many files wait to be looked into."""
    for number in range(AT_ONCE + 1):
        picture(folder / f"rest {number}.png", number)
    shelf._indexing.survey()
    shelf.add(reel["plain"].path, title="火" * 120, tags="lava")
    newest = shelf._index.entries(shelf._index.newest(1))
    assert [one.footage.title for one in newest] == ["火" * 120]
    assert shelf.state.indexed == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal that nobody can catch")
def test_killed_in_the_middle_it_goes_on(tmp_path: Path) -> None:
    """What was found out before counts."""
    for number in range(400):
        picture(tmp_path / "footage" / f"waves {number:03d}.png", number)
    settings = settings_in(tmp_path)
    workspace = Workspace(settings)
    shelf = FootageFolder(settings, workspace)
    process = PROCESSES.Process(target=index, args=(tmp_path,))
    process.start()
    wait_until(lambda: shelf.state.indexed > 0)
    process.kill()
    process.join()
    done = shelf.state.indexed

    assert done > 0
    assert finish(shelf.index()).indexed == 400
    assert len(find(shelf, "waves", at_most=400)) > 100
    shelf.stop()
    workspace.close()


def test_two_processes_share_the_work(tmp_path: Path) -> None:
    """Both end, and each file is there once."""
    for number in range(60):
        picture(tmp_path / "footage" / f"waves {number:03d}.png", number)
    both = [PROCESSES.Process(target=index, args=(tmp_path,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(PATIENCE)
    assert [process.exitcode for process in both] == [0, 0]
    settings = settings_in(tmp_path)
    workspace = Workspace(settings)
    shelf = FootageFolder(settings, workspace)
    assert (shelf.state.files, shelf.state.indexed) == (60, 60)
    assert rows(shelf, "SELECT count(*) FROM words") == [(60,)]
    shelf.stop()
    workspace.close()


def test_another_window_that_indexes_is_waited_for(shelf: FootageFolder, folder: Path) -> None:
    """It is said; closing the wait is possible at once, and searching never waits."""
    picture(folder / "waves.png")
    with filelock.FileLock(shelf._index.path.with_suffix(".indexing")):
        work = shelf.index()
        wait_until(lambda: "Another window" in next(work).message)
        assert titles(find(shelf, "waves")) == ["waves"]
        work.close()
    assert finish(shelf.index()).indexed == 1


# --------------------------------------------------------------------------- damage
@pytest.mark.parametrize("damage", ["cut off", "overwritten", "emptied", "removed", "no tables"])
def test_a_damaged_index_is_made_anew(
    shelf: FootageFolder, folder: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """While it is used, too: the files are looked into again."""
    for number in range(30):
        picture(folder / f"waves {number}.png", number)
    finish(shelf.index())
    path = shelf._index.path
    if damage == "no tables":
        rows(shelf, "DROP TABLE files")
    else:
        shelf._index.close()
        whole = path.read_bytes()
        path.write_bytes(
            {
                "cut off": whole[: len(whole) // 2],
                "overwritten": whole[:100] + os.urandom(len(whole) - 100),
                "emptied": b"",
                "removed": whole,
            }[damage]
        )
    if damage == "removed":
        path.unlink()

    assert len(find(shelf, "waves")) == 30
    assert len(find(shelf, "waves")) == 30
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_the_index_of_another_version_is_removed(shelf: FootageFolder) -> None:
    """It can be made anew, and takes room."""
    others = [shelf._index.path.with_name(name) for name in ("footage-0.db", "0123-2.json")]
    for path in others:
        path.write_text("{}")
    assert shelf.state.files == 0
    assert [path for path in others if path.exists()] == []


def test_an_index_that_is_removed_while_it_is_open_is_made_anew(
    shelf: FootageFolder, folder: Path
) -> None:
    """Somebody may clean up the cache."""
    picture(folder / "waves.png")
    assert titles(find(shelf, "waves")) == ["waves"]
    for path in shelf._index.path.parent.iterdir():
        path.unlink()
    assert titles(find(shelf, "waves")) == ["waves"]
    assert shelf._index.path.exists()


def test_an_index_without_room_says_so(shelf: FootageFolder, folder: Path) -> None:
    """As any other writing does."""
    for number in range(200):
        (folder / f"waves {number}.png").write_bytes(b"")

    def full(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO folders VALUES (?, 'x', 0, 1, '')",
            [("y" * 9000 + str(n),) for n in range(99)],
        )

    shelf.state  # noqa: B018 - makes the file
    with pytest.raises(DiskFull):
        shelf._index._database.ask(full)
    assert shelf.state.files == 0


def test_an_index_that_cannot_be_opened_says_so(shelf: FootageFolder) -> None:
    """With the place that has to be made writable."""
    shelf._index.path.mkdir()
    with pytest.raises(NoWritePermission, match="footage-"):
        shelf.state  # noqa: B018 - asking is the act


def test_a_failing_change_leaves_nothing_behind(shelf: FootageFolder) -> None:
    """All of it or nothing."""

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO counts VALUES ('half', 1)")
        raise ClipGone("x")

    with pytest.raises(ClipGone):
        shelf._index._database.write(half)
    assert rows(shelf, "SELECT * FROM counts WHERE name = 'half'") == []


# --------------------------------------------------------------------------- which folders
def more(settings: Settings, *folders: Path) -> Settings:
    """Settings with more folders of one's own clips."""
    return settings.model_copy(update={"more_footage": ";".join(map(str, folders))})


def test_several_folders_are_one_library(
    settings: Settings, workspace: Workspace, folder: Path, tmp_path: Path
) -> None:
    """Clips of all are found, told apart, shown and fetched."""
    here, there = picture(folder / "waves.png"), picture(tmp_path / "there" / "waves.png", 9)
    shelf = FootageFolder(more(settings, tmp_path / "there", tmp_path / "none"), workspace)
    found = find(shelf, "waves")
    assert len({one.source_id for one in found}) == 2
    assert {finish(shelf.fetch(Wanted(one.source_id))) for one in found} == {here, there}
    assert all(finish(shelf.picture(one)).thumbnail for one in found)
    assert str(tmp_path / "there") in shelf.about.says
    there.unlink()
    with pytest.raises(ClipGone, match=r"^waves\.png is no longer there"):
        finish(shelf.fetch(Wanted(next(o.source_id for o in found if ":" in o.source_id))))


@pytest.mark.parametrize("given", ["twice", "inside", "around", "by a link"])
def test_no_clip_is_found_twice(
    settings: Settings, workspace: Workspace, folder: Path, given: str, tmp_path: Path
) -> None:
    """However the folders lie in each other, and by whatever way they are named."""
    picture(folder / "sea" / "waves.png")
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    others = {
        "twice": [folder, folder / "." / "sea" / ".."],
        "inside": [folder / "sea"],
        "around": [tmp_path],
        "by a link": [tmp_path / "link"],
    }
    shelf = FootageFolder(more(settings, *others[given]), workspace)
    found = find(shelf, "waves")
    assert titles(found) == ["waves"]
    assert finish(shelf.fetch(Wanted(found[0].source_id))).is_file()


def test_what_we_make_ourselves_is_no_footage(
    settings: Settings, workspace: Workspace, tmp_path: Path, reel: Reel
) -> None:
    """A cache inside the footage folder: uploads are found once, thumbnails not at all."""
    shelf = FootageFolder(settings.model_copy(update={"footage_dir": tmp_path}), workspace)
    shelf.add(reel["plain"].path, title="waves")
    picture(settings.output_dir / "waves rendered.png")
    assert titles(find(shelf, "waves")) == ["waves"]


def test_a_folder_that_cannot_be_listed_is_named(
    shelf: FootageFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are searched all the same."""
    picture(folder / "waves.png")
    picture(folder / "locked" / "waves.png")
    scan = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert len(find(shelf, "waves")) == 1
    health = shelf.check()
    assert f"{folder / 'locked'} cannot be read (Permission denied)." in health.says
    assert health.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_in_another_encoding_are_named(shelf: FootageFolder, folder: Path) -> None:
    """They cannot be shown, nor kept in a database: renaming helps."""
    picture(folder / "waves.png")
    os.rename(os.fsencode(folder / "waves.png"), os.fsencode(folder) + b"/caf\xe9.png")  # noqa: PTH104 - bytes
    os.mkdir(os.fsencode(folder) + b"/caf\xe9")  # noqa: PTH102 - bytes
    assert finish(shelf.find(ClipQuery("waves"))) == []
    assert "caf?.png cannot be read" in shelf.check().says


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_in_a_circle_end(shelf: FootageFolder, folder: Path) -> None:
    """Linked folders are not entered, a link to itself is named."""
    picture(folder / "sea" / "waves.png")
    (folder / "sea" / "again").symlink_to(folder, target_is_directory=True)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert titles(find(shelf, "waves")) == ["waves"]
    assert "loop.png cannot be" in shelf.check().says


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files there")
def test_what_is_no_ordinary_file_is_not_opened(shelf: FootageFolder, folder: Path) -> None:
    """A pipe would keep us waiting for ever, beside a clip as well."""
    os.mkfifo(folder / "pipe.mp4")
    os.mkfifo(folder / "waves.txt")
    picture(folder / "waves.png")
    assert titles(find(shelf, "waves")) == ["waves"]
    assert "it is not an ordinary file" in shelf.check().says


def test_a_sidecar_that_leads_out_of_the_folder_is_not_read(
    shelf: FootageFolder, folder: Path, tmp_path: Path
) -> None:
    """Nor is what it says shown."""
    (tmp_path / "secret.txt").write_text("volcano")
    picture(folder / "waves.png")
    (folder / "waves.txt").symlink_to(tmp_path / "secret.txt")
    assert find(shelf, "volcano") == []


# --------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Bienenstöcke im Frühling.png", "bienenstocke"),
        ("Bienenstock.png", "Biene"),
        ("IMG_1234.png", "1234"),
        ("蜜蜂の巣.png", "蜂"),
        ("蜜蜂の巣.png", "蜜蜂"),
        ("海辺のねこ" * 15 + ".png", "ねこ"),
        ("ทะเลสาบ.png", "ทะเล"),
        ("пчёлы на цветке.png", "цветке"),
        ('it\'s "best" 100% [a];b🎬 waves.png', "waves"),
        ("🐝 bees.png", "bee"),
        ("running horses.png", "horse runs"),
        ("a'; DROP TABLE files; -- waves.png", "waves"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="some of these names cannot be given there")
def test_names_in_every_script_are_found(
    shelf: FootageFolder, folder: Path, name: str, query: str
) -> None:
    """By whole words, their stems, what begins with them, numbers and single signs."""
    picture(folder / "nothing.png")
    picture(folder / name, 1)
    assert len(find(shelf, query)) == 1


@pytest.mark.parametrize(
    ("query", "looked_for"),
    [
        *((query, True) for query in ("waves*", "NEAR(waves, 2)", "-waves", "waves OR")),
        *((query, True) for query in ("named:waves", '"waves" AND "', "{a b}: waves", "^waves")),
        *((query, True) for query in ("waves\0", "WAVES;", "waves\ud800")),
        *((query, False) for query in ('"', "*", "AND", "')--", "waves" * 400, "%_", "\ud800")),
    ],
    ids=repr,
)
def test_no_query_is_taken_for_a_command(
    shelf: FootageFolder, folder: Path, query: str, *, looked_for: bool
) -> None:
    """Signs mean nothing; the words among them are looked for."""
    picture(folder / "waves.png")
    picture(folder / "volcano.png", 1)
    assert titles(find(shelf, query)) == (["waves"] if looked_for else [])


def test_an_empty_query_is_answered_with_guesses(shelf: FootageFolder, folder: Path) -> None:
    """No more than were asked for."""
    for number in range(9):
        picture(folder / f"waves {number}.png", number)
    assert len(finish(shelf.find(ClipQuery("", at_most=6)))) == 6
    assert find(shelf, "") == []


def test_names_count_more_than_folders_and_folders_more_than_notes(
    shelf: FootageFolder, folder: Path
) -> None:
    """All are found."""
    picture(folder / "c.png", 1)
    (folder / "c.txt").write_text("volcano")
    picture(folder / "volcano" / "b.png", 2)
    picture(folder / "volcano.png", 3)
    assert titles(find(shelf, "volcano"))[0] == "volcano"
    assert len(find(shelf, "volcano")) == 3


def test_the_things_in_a_scene_are_looked_for(shelf: FootageFolder, folder: Path) -> None:
    """Where its own words find nothing."""
    picture(folder / "bee macro.png")
    picture(folder / "street.png", 1)
    assert titles(find(shelf, "pollination at work", objects=("bees",))) == ["bee macro"]


@pytest.mark.parametrize("name", ["a.srt", "a.vtt", "a.png.srt", "a.en.srt", "a.pt-BR.vtt"])
def test_what_is_said_in_a_clip_is_found(shelf: FootageFolder, folder: Path, name: str) -> None:
    """Subtitles beside it, without their times and numbers."""
    picture(folder / "a.png")
    (folder / name).write_text(
        "WEBVTT\n\n17\n00:00:01,500 --> 00:00:02,000\n<i>Lava</i> flows\n", "utf-8"
    )
    assert [one.description for one in find(shelf, "lava")] == ["Lava flows"]
    assert find(shelf, "500") == []


def test_the_tags_inside_a_file_are_found(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Cameras and editors write titles and comments."""
    copy_with(reel["plain"].path, folder / "a.mp4", after=["-metadata", "comment=Lava at night"])
    assert [one.description for one in find(shelf, "lava")] == ["Lava at night"]


# --------------------------------------------------------------------------- meanings
def test_a_clip_is_found_by_its_meaning(
    settings: Settings, workspace: Workspace, folder: Path
) -> None:
    """Whatever it is called; a word in common counts more."""
    picture(folder / "bee_macro_03.png")
    picture(folder / "street.png", 1)
    picture(folder / "蜜蜂.png", 2)
    shelf = FootageFolder(settings, workspace, meaning=Senses())
    assert titles(find(shelf, "pollinator")) == ["bee macro 03"]
    picture(folder / "pollinator.png", 3)
    assert titles(find(shelf, "pollinator")) == ["pollinator", "bee macro 03"]
    (folder / "bee_macro_03.png").rename(folder / "volcano.png")
    assert titles(find(shelf, "pollinator")) == ["pollinator"]
    assert titles(find(shelf, "eruption")) == ["volcano"]
    shelf.stop()


def test_meanings_are_found_out_once_and_when_they_can_be(
    settings: Settings, workspace: Workspace, folder: Path
) -> None:
    """The model may come later; what was found out is kept over a restart."""
    picture(folder / "bee.png")
    senses = Senses()
    senses.ready = False
    shelf = FootageFolder(settings, workspace, meaning=senses)
    assert find(shelf, "insect") == []
    senses.ready = True
    finish(shelf.index())
    assert titles(find(shelf, "insect")) == ["bee"]
    shelf.stop()
    again = Senses()
    assert titles(find(FootageFolder(settings, workspace, meaning=again), "insect")) == ["bee"]
    assert "bee" not in again.asked


# --------------------------------------------------------------------------- previews
def test_a_preview_is_small_mute_and_short(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """It begins a tenth into the clip, starts at its first byte, and is made once."""
    clip(reel, folder / "waves.mp4", "phone")
    wanted = Wanted(find(shelf, "waves")[0].source_id)
    made = finish(shelf.proxy(wanted))
    assert made is not None
    info = media.probe(made)
    assert (info.width, info.height, info.has_audio, info.codec) == (270, 480, False, "h264")
    assert 1.0 < info.duration_seconds <= 6.0
    whole = made.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")
    assert list(shelf.proxy(wanted)) == []
    assert finish(shelf.proxy(wanted)) == made


@pytest.mark.parametrize("name", ["waves.png", "waves.gif"])
def test_what_needs_no_preview_has_none(shelf: FootageFolder, folder: Path, name: str) -> None:
    """Stills do not move, animations do so by themselves."""
    frames = [Image.new("RGB", (32, 18), colour) for colour in ("red", "blue")]
    frames[0].save(folder / name, save_all=name.endswith("gif"), append_images=frames[1:])
    assert finish(shelf.proxy(Wanted(find(shelf, "waves")[0].source_id))) is None


def test_a_preview_that_is_not_wanted_leaves_nothing(
    reel: Reel, shelf: FootageFolder, folder: Path, workspace: Workspace
) -> None:
    """Closed after its first news."""
    clip(reel, folder / "waves.mp4")
    work = shelf.proxy(Wanted(find(shelf, "waves")[0].source_id))
    next(work)
    next(work)
    work.close()
    assert [one for one in workspace.root.rglob("*") if DRAFT.search(one.name)] == []


def test_a_clip_that_cannot_be_shown_any_more_has_no_preview(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """The sentence names it; so does that for one that is gone."""
    path = clip(reel, folder / "waves.mp4")
    found = find(shelf, "waves")[0]
    path.write_bytes(b"")
    with pytest.raises(ClipGone):
        finish(shelf.proxy(Wanted(found.source_id)))
    bad = folder / "bad.mp4"
    bad.write_bytes(b"remember the milk")
    with pytest.raises(ClipUnreadable, match="Waves"):
        finish(shelf.proxy(Wanted(f"bad.mp4#{digest_of(bad)}", "Waves")))
