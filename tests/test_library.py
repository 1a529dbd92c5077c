"""The footage folder: what is found in it, under which words, and what is refused and why."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from footage import Reel, damaged_files
from PIL import Image

from aivideo.engines.finding import ClipQuery, FoundClip, Wanted
from aivideo.engines.footage import digest_of
from aivideo.engines.library import FootageFolder
from aivideo.errors import ClipGone, ClipUnusable, NotMedia
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace


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
def shelf(settings: Settings, workspace: Workspace) -> FootageFolder:
    """The library over the footage folder."""
    return FootageFolder(settings, workspace)


def put(reel: Reel, name: str, target: Path) -> Path:
    """Copy a clip of the reel into the footage folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return shutil.copyfile(reel[name].path, target)


def find(
    shelf: FootageFolder,
    words: str,
    *,
    size: tuple[int, int] = (1920, 1080),
    seconds: float = 6.0,
    at_most: int = 6,
) -> list[FoundClip]:
    """What the library answers to a query, with thumbnails."""
    found = finish(shelf.find(ClipQuery(words, seconds=seconds, size=size, at_most=at_most)))
    return [finish(shelf.picture(clip)) for clip in found]


def titles(found: list[FoundClip]) -> list[str]:
    """What was found, by title."""
    return [clip.title for clip in found]


def size_of(picture: str) -> tuple[int, int]:
    """Width and height of a picture file."""
    with Image.open(picture) as opened:
        return opened.size


# --------------------------------------------------------------------------- finding
def test_a_folder_that_is_missing_has_no_clips(shelf: FootageFolder, settings: Settings) -> None:
    """Footage of one's own is a gift, not a duty: no folder is no error, and said."""
    assert find(shelf, "ocean") == []
    health = shelf.check()
    assert health.works
    assert str(settings.footage_dir) in health.says


def test_a_folder_that_is_empty_has_no_clips(shelf: FootageFolder, folder: Path) -> None:
    """The same for a folder with nothing in it, or nothing that is footage."""
    (folder / "notes.docx").write_text("x")
    assert find(shelf, "ocean") == []
    assert "none yet" in shelf.check().says


@pytest.mark.parametrize(
    "name",
    ["OceanWaves4K.mp4", "ocean_waves-01.mp4", "beach day/ocean/waves.mp4", "Océan.Wave.MP4"],
)
def test_a_clip_is_found_by_the_words_of_its_name(
    reel: Reel, shelf: FootageFolder, folder: Path, name: str
) -> None:
    """Names split at signs, capitals and numbers; folders count; accents and case do not."""
    put(reel, "plain", folder / "cat.mp4")
    put(reel, "plain", folder / name)
    best = find(shelf, "ocean waves")[0]
    assert best.source_id.startswith(name + "#")
    assert best.score > 0.5


def test_a_clip_says_what_it_is(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Length, upright size, licence and a thumbnail 480 pixels wide come with it."""
    put(reel, "plain", folder / "OceanWaves4K.mp4")
    clip = find(shelf, "ocean")[0]
    assert (clip.source, clip.title, clip.kind) == ("library", "Ocean Waves 4K", "video")
    assert (clip.width, clip.height, clip.licence) == (320, 180, "own")
    assert clip.duration_seconds == pytest.approx(1.5, abs=0.05)
    assert size_of(clip.thumbnail) == (480, 270)


def test_a_phone_clip_is_upright(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """A clip stored on its side is portrait, in its size and in its thumbnail."""
    put(reel, "phone", folder / "ocean.mp4")
    clip = find(shelf, "ocean")[0]
    assert (clip.width, clip.height) == (180, 320)
    assert size_of(clip.thumbnail) == (480, 853)


def test_a_photo_is_footage_too(shelf: FootageFolder, folder: Path) -> None:
    """Pictures are found like videos, without a length."""
    Image.new("RGB", (1920, 1080), "teal").save(folder / "forest lake.png")
    clip = find(shelf, "forest")[0]
    assert (clip.kind, clip.duration_seconds, clip.width) == ("still", None, 1920)


@pytest.mark.parametrize(
    ("size", "first"), [((1080, 1920), "waves tall"), ((1920, 1080), "waves wide")]
)
def test_matching_orientation_comes_first(
    reel: Reel, shelf: FootageFolder, folder: Path, size: tuple[int, int], first: str
) -> None:
    """A portrait project is offered portrait clips before others; the others stay allowed."""
    put(reel, "plain", folder / "waves_wide.mp4")
    put(reel, "portrait", folder / "waves_tall.mp4")
    found = find(shelf, "waves", size=size)
    assert found[0].title == first
    assert len(found) == 2


def test_a_clip_long_enough_comes_first(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """A clip that lasts as long as its scene needs no loop."""
    put(reel, "short", folder / "waves_a.mp4")
    put(reel, "plain", folder / "waves_b.mp4")
    assert titles(find(shelf, "waves", seconds=1.2)) == ["waves b", "waves a"]


def test_clips_without_a_common_word_are_guesses(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """IMG_1234 may be just right, but that cannot be known: offered last, marked by its score."""
    put(reel, "plain", folder / "IMG_1234.mp4")
    put(reel, "plain", folder / "volcano.mp4")
    best, guess = find(shelf, "volcano")
    assert best.score >= 0.2 > guess.score
    assert guess.title == "IMG 1234"


def test_guesses_fill_up_to_what_was_asked_for(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """All that fits is offered to be judged; what does not fit is no more than asked for."""
    for number in range(4):
        put(reel, "short", folder / f"waves {number}.mp4")
    assert len(find(shelf, "waves", at_most=3)) == 4
    assert len(find(shelf, "volcano", at_most=3)) == 3


# --------------------------------------------------------------------------- sidecars
def test_a_text_beside_a_clip_describes_it(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """A ``.txt`` of the same name adds words to find it by."""
    put(reel, "plain", folder / "IMG_1234.mp4")
    (folder / "IMG_1234.txt").write_text("A volcano in Iceland", "utf-8")
    assert find(shelf, "volcano")[0].score >= 0.2


def test_a_json_beside_a_clip_gives_title_tags_and_credits(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """Downloaded footage can keep its author and licence."""
    put(reel, "plain", folder / "IMG_1234.mp4")
    credit = {
        "title": "Lava at night",
        "tags": ["volcano", "fire"],
        "author": "Ann",
        "author_url": "https://example.com/ann",
        "url": "https://example.com/lava",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    }
    (folder / "IMG_1234.mp4.json").write_text(json.dumps(credit), "utf-8")
    clip = find(shelf, "volcano")[0]
    assert clip.score >= 0.2
    assert {key: getattr(clip, key) for key in credit if key != "tags"} == {
        key: value for key, value in credit.items() if key != "tags"
    }


@pytest.mark.parametrize(
    "text", ["{broken", '["a", "list"]', '{"tags": null, "title": ""}', "\xff\xfe\x00"]
)
def test_a_sidecar_that_makes_no_sense_is_passed_over(
    reel: Reel, shelf: FootageFolder, folder: Path, text: str
) -> None:
    """The clip is found by its own name all the same."""
    put(reel, "plain", folder / "volcano.mp4")
    (folder / "volcano.json").write_bytes(text.encode("latin-1"))
    assert titles(find(shelf, "volcano")) == ["volcano"]


def test_a_sidecar_that_is_a_folder_is_passed_over(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """What cannot be read describes nothing."""
    put(reel, "plain", folder / "volcano.mp4")
    (folder / "volcano.txt").symlink_to(folder / "nowhere")
    assert titles(find(shelf, "volcano")) == ["volcano"]


def test_tags_may_be_one_text(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Words with commas are understood like a list."""
    put(reel, "plain", folder / "a.mp4")
    (folder / "a.json").write_text('{"tags": "volcano, fire"}', "utf-8")
    assert find(shelf, "volcano")[0].score >= 0.2


# --------------------------------------------------------------------------- what changes
def test_a_new_file_is_found_at_once(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Drop a clip in and search again."""
    assert find(shelf, "waves") == []
    put(reel, "plain", folder / "waves.mp4")
    assert titles(find(shelf, "waves")) == ["waves"]


def test_a_file_that_was_looked_at_is_not_opened_again(
    reel: Reel, settings: Settings, workspace: Workspace, folder: Path
) -> None:
    """What was found out is kept, over a restart too, until the file changes."""
    path = put(reel, "plain", folder / "waves.mp4")
    find(FootageFolder(settings, workspace), "waves")
    stamp = path.stat()
    path.write_bytes(b"x" * stamp.st_size)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert titles(find(FootageFolder(settings, workspace), "waves")) == ["waves"]


def test_a_file_that_changed_is_looked_at_again(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """A clip that was replaced is another clip, under another id."""
    put(reel, "plain", folder / "waves.mp4")
    before = find(shelf, "waves")[0]
    put(reel, "portrait", folder / "waves.mp4")
    after = find(shelf, "waves")[0]
    assert (after.width, after.height) == (180, 320)
    assert after.source_id != before.source_id


def test_a_sidecar_that_changed_is_read_again_and_the_clip_keeps_its_id(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """Tagging a clip does not make it another one."""
    put(reel, "plain", folder / "a.mp4")
    before = find(shelf, "volcano")[0]
    (folder / "a.txt").write_text("volcano", "utf-8")
    after = find(shelf, "volcano")[0]
    assert after.source_id == before.source_id
    assert after.score > before.score


def test_a_broken_index_is_made_anew(
    reel: Reel, settings: Settings, workspace: Workspace, folder: Path
) -> None:
    """The index is a convenience; without it the files are opened again."""
    put(reel, "plain", folder / "waves.mp4")
    find(FootageFolder(settings, workspace), "waves")
    for index in workspace.folder("library").iterdir():
        index.write_text('{"a": {"no such": "field"}}', "utf-8")
    assert titles(find(FootageFolder(settings, workspace), "waves")) == ["waves"]


def test_closing_a_search_keeps_what_was_found_out(
    reel: Reel, settings: Settings, workspace: Workspace, folder: Path
) -> None:
    """A thousand files need not be opened twice because the first search was cancelled."""
    for number in range(3):
        put(reel, "short", folder / f"waves {number}.mp4")
    work = FootageFolder(settings, workspace).find(ClipQuery("waves"))
    told = [next(work).message for _ in range(3)]
    work.close()
    rest = FootageFolder(settings, workspace).find(ClipQuery("waves"))
    again = [progress.message for progress in rest if progress.message.startswith("Looking")]
    assert told == [f"Looking at waves {number}.mp4" for number in range(3)]
    assert again == ["Looking at waves 2.mp4"]


# --------------------------------------------------------------------------- what is refused
def test_one_bad_file_spoils_nothing(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Unusable files are skipped in search and named with their reason on the health list."""
    put(reel, "plain", folder / "waves.mp4")
    (folder / "broken waves.mp4").write_bytes(reel["plain"].path.read_bytes()[:500])
    (folder / "waves notes.mp4").write_text("remember the milk")
    assert titles(find(shelf, "waves")) == ["waves"]
    health = shelf.check()
    assert health.works
    assert "1 clips are in" in health.says
    assert "2 files cannot be used" in health.says
    assert "broken waves.mp4 cannot be read as a video or a picture" in health.says
    assert "waves notes.mp4 cannot be read as a video or a picture" in health.says
    assert health.remedy


def test_every_kind_of_damage_is_skipped(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Empty files, web pages, playlists and drawings under a video's name."""
    bad = damaged_files(folder, reel["plain"].path)
    assert find(shelf, "page") == []
    assert f"{len(bad)} files cannot be used" in shelf.check().says


def test_hidden_files_are_left_alone(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Caches and half-copied files of other programs are not footage."""
    put(reel, "plain", folder / ".waves.mp4")
    put(reel, "plain", folder / ".cache" / "waves.mp4")
    assert find(shelf, "waves") == []


def test_a_link_out_of_the_folder_is_refused(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """Nothing outside the folder is shown, fetched or named."""
    (folder / "waves.mp4").symlink_to(reel["plain"].path)
    (folder / "linked").symlink_to(reel.folder, target_is_directory=True)
    assert find(shelf, "waves") == []
    assert "leads out of its folder" in shelf.check().says


def test_a_link_inside_the_folder_is_followed(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """A person may sort footage by links."""
    path = put(reel, "plain", folder / "all" / "IMG_1.mp4")
    (folder / "waves.mp4").symlink_to(path)
    assert "waves" in titles(find(shelf, "waves"))


def test_a_file_that_may_not_be_read_is_named(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """A dead link is the simplest of them."""
    put(reel, "plain", folder / "waves.mp4")
    (folder / "gone.mp4").symlink_to(folder / "nowhere.mp4")
    assert titles(find(shelf, "waves")) == ["waves"]
    assert "gone.mp4 cannot be read (" in shelf.check().says


def test_a_clip_whose_picture_cannot_be_shown_is_offered_without(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """A file damaged behind our back costs its thumbnail, not the search."""
    path = put(reel, "plain", folder / "waves.mp4")
    list(shelf.find(ClipQuery("nothing", at_most=0)))
    stamp = path.stat()
    path.write_bytes(b"x" * stamp.st_size)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert [clip.thumbnail for clip in find(shelf, "waves")] == [""]


def test_a_clip_that_is_removed_during_a_search_is_offered_without_a_picture(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """A person may tidy up while we search."""
    path = put(reel, "plain", folder / "waves.mp4")
    work = shelf.find(ClipQuery("waves"))
    found = finish(work, lambda progress: path.unlink() if "thumb" in progress.message else None)
    assert [clip.thumbnail for clip in found] == [""]


def test_a_check_opens_no_file(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """The health list answers at once and says what was not looked at."""
    for number in range(3):
        put(reel, "short", folder / f"waves {number}.mp4")
    assert "3 files were not looked at yet" in shelf.check().says


# --------------------------------------------------------------------------- fetching
def test_fetching_gives_the_file_itself(reel: Reel, shelf: FootageFolder, folder: Path) -> None:
    """Own footage is not copied."""
    path = put(reel, "plain", folder / "sea" / "waves.mp4")
    assert finish(shelf.fetch(Wanted(find(shelf, "waves")[0].source_id))) == path


@pytest.mark.parametrize("what", ["moved", "replaced"])
def test_a_clip_that_was_moved_or_replaced_is_gone(
    reel: Reel, shelf: FootageFolder, folder: Path, what: str
) -> None:
    """The sentence names the file and the way back."""
    path = put(reel, "plain", folder / "waves.mp4")
    clip = find(shelf, "waves")[0]
    path.rename(folder / "other.mp4")
    if what == "replaced":
        put(reel, "portrait", path)
    with pytest.raises(ClipGone, match=r"^waves\.mp4 is no longer there.*Put it back"):
        finish(shelf.fetch(Wanted(clip.source_id)))


def test_a_touched_file_is_still_the_same_clip(
    reel: Reel, shelf: FootageFolder, folder: Path
) -> None:
    """Copied back from a backup with a new date, a chosen clip is not lost."""
    path = put(reel, "plain", folder / "waves.mp4")
    clip = find(shelf, "waves")[0]
    os.utime(path, (1, 1))
    assert finish(shelf.fetch(Wanted(clip.source_id))) == path
    assert find(shelf, "waves")[0].source_id == clip.source_id


@pytest.mark.parametrize("name", ["../secret.mp4", "/etc/hostname", "", "uploads:../secret.mp4"])
def test_no_id_leads_out_of_the_folder(shelf: FootageFolder, folder: Path, name: str) -> None:
    """A source id is never taken for a path."""
    secret = folder.parent / "secret.mp4"
    secret.write_bytes(b"secret")
    with pytest.raises(ClipGone):
        finish(shelf.fetch(Wanted(f"{name}#{digest_of(secret)}")))


# --------------------------------------------------------------------------- adding
def test_a_file_that_was_handed_in_is_found(reel: Reel, shelf: FootageFolder) -> None:
    """Uploads are searched together with the folder, by title and tags, after a restart too."""
    added = shelf.add(reel["plain"].path, title="Morning coffee!", tags="espresso cup")
    found = find(shelf, "espresso")[0]
    assert (found.source_id, found.title) == (added.source_id, "Morning coffee!")
    assert found.score >= 0.2
    assert (
        finish(shelf.fetch(Wanted(added.source_id))).read_bytes() == reel["plain"].path.read_bytes()
    )
    assert Path(added.thumbnail).is_file()


def test_a_file_without_a_title_is_called_after_its_name(
    reel: Reel, shelf: FootageFolder, tmp_path: Path
) -> None:
    """Names with quotes, emoji and percent signs are words like others."""
    path = put(reel, "short", tmp_path / 'it\'s "best" 100% [a];b🎬.mp4')
    added = shelf.add(path)
    assert added.title == "it s best 100 a b"
    assert titles(find(shelf, "best")) == [added.title]


def test_the_same_file_twice_is_one_clip(reel: Reel, shelf: FootageFolder) -> None:
    """Handing a file in again changes nothing."""
    once = shelf.add(reel["short"].path, title="Waves")
    assert shelf.add(reel["short"].path, title="Waves").source_id == once.source_id
    assert titles(find(shelf, "waves")) == ["Waves"]


@pytest.mark.parametrize(
    ("name", "failure"),
    [("program.exe", ClipUnusable), ("noending", ClipUnusable), ("text.mp4", NotMedia)],
)
def test_a_file_that_is_no_footage_is_not_taken(
    shelf: FootageFolder, workspace: Workspace, tmp_path: Path, name: str, failure: type[Exception]
) -> None:
    """It is refused with its reason and leaves nothing behind."""
    (tmp_path / name).write_text("hello")
    with pytest.raises(failure, match=name):
        shelf.add(tmp_path / name)
    assert list(workspace.folder("footage").iterdir()) == []


def test_a_broken_off_file_is_taken_for_what_is_there(reel: Reel, shelf: FootageFolder) -> None:
    """Two of four seconds can be shown; that the rest is missing is said when it is chosen."""
    added = shelf.add(reel["truncated"].path)
    assert added.duration_seconds == pytest.approx(2, abs=0.5)
