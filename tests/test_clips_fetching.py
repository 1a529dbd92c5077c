"""Stage 4: a clip's file brought here, and a clip for every scene."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from clip_sources import (
    Artist,
    Source,
    chosen,
    error_code,
    make_project,
    scene_of,
    speak,
    stocked,
    suggest,
    with_sources,
)
from fakes import FixedFinder
from footage import Reel

from aivideo import clips, projects
from aivideo.errors import (
    ClipNotChosen,
    ClipRefused,
    ClipUnusable,
    DiskFull,
    NothingToFetch,
    VideoPrivate,
    YouTubeUnreachable,
)
from aivideo.progress import finish
from aivideo.studio import Studio


@pytest.fixture
def artist() -> Artist:
    """The source that always has something."""
    return Artist()


@pytest.fixture
def archive(reel: Reel) -> Source:
    """Footage of three subjects."""
    return stocked(reel["plain"].path)


@pytest.fixture
def desk(studio: Studio, archive: Source, artist: Artist) -> Studio:
    """A studio that asks the archive first and the artist last."""
    return with_sources(studio, archive, artist)


# --------------------------------------------------------------------------- fetching
def test_fetching_brings_the_media_and_learns_its_size(desk: Studio, reel: Reel) -> None:
    """A source may not tell the size; the file does."""
    project_id = make_project(desk, "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    assert finish(clips.fetch(desk, project_id, 1)) == reel["plain"].path
    view = clips.selection_view(desk, project_id, 1)
    assert view is not None
    assert view.path == str(reel["plain"].path)
    assert (view.clip.width, view.clip.height) == (320, 180)


def test_fetching_without_a_clip_says_to_choose_one(desk: Studio) -> None:
    """The scene is named."""
    with pytest.raises(ClipNotChosen, match="Scene 1 has no clip yet"):
        finish(clips.fetch(desk, make_project(desk, "volcano"), 1))


def test_a_drawn_picture_has_nothing_to_fetch(desk: Studio, artist: Artist) -> None:
    """It is drawn when the video is made."""
    project_id = make_project(desk, "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[-1].clip_id)
    with pytest.raises(NothingToFetch, match="scene 1"):
        finish(clips.fetch(desk, project_id, 1))
    assert artist.fetched == []
    assert scene_of(desk, project_id).error is None


def test_a_failed_fetch_is_that_scenes_state(desk: Studio, archive: Source) -> None:
    """The reason stays with the scene until a fetch succeeds."""
    project_id = make_project(desk, "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    archive.broken["volcano"] = YouTubeUnreachable()
    with pytest.raises(YouTubeUnreachable):
        finish(clips.fetch(desk, project_id, 1))
    assert error_code(desk, project_id) == "YOUTUBE_UNREACHABLE"
    archive.broken.clear()
    finish(clips.fetch(desk, project_id, 1))
    assert scene_of(desk, project_id).error is None


def test_what_can_never_be_had_is_remembered(desk: Studio, archive: Source) -> None:
    """B17: it is asked for once, marked where it was offered, and not offered or chosen again."""
    project_id = make_project(desk, "volcano", "volcano")
    clip = suggest(desk, project_id)[0]
    clips.choose(desk, project_id, 1, clip.clip_id)
    archive.broken["volcano"] = VideoPrivate("volcano")
    for expected in (VideoPrivate, ClipRefused):
        with pytest.raises(expected, match="private") as caught:
            finish(clips.fetch(desk, project_id, 1))
        assert caught.value.code == "VIDEO_PRIVATE"
    assert archive.fetched == ["volcano"]
    assert "private" in clips.candidates(desk, project_id, 1)[0].refused
    assert "volcano" not in [one.title for one in suggest(desk, project_id, 2)]
    with pytest.raises(ClipRefused, match="private"):
        clips.choose(desk, project_id, 2, clip.clip_id)


def test_what_is_wrong_with_own_footage_may_be_mended(studio: Studio, reel: Reel) -> None:
    """Its disk may be plugged in again; it is not written off."""
    library = Source("library", {"volcano": {"volcano": 0.9}}, reel["plain"].path)
    home = with_sources(studio, library)
    project_id = make_project(home, "volcano")
    clips.choose(home, project_id, 1, suggest(home, project_id)[0].clip_id)
    library.broken["volcano"] = ClipUnusable("volcano", "it cannot be read")
    with pytest.raises(ClipUnusable):
        finish(clips.fetch(home, project_id, 1))
    library.broken.clear()
    assert finish(clips.fetch(home, project_id, 1)) == reel["plain"].path


def test_the_next_that_fits_is_taken_where_the_person_allows_it(
    desk: Studio, archive: Source
) -> None:
    """B17: the scene has it then, no failure stays, and which it is was told."""
    project_id = make_project(desk, "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    archive.broken["volcano"] = VideoPrivate("volcano")
    told: list[str] = []
    work = clips.fetch(desk, project_id, 1, else_next=True)
    path = finish(work, lambda news: told.append(news.message))
    assert path == archive.file
    assert chosen(desk, project_id) == ["lava"]
    assert scene_of(desk, project_id).error is None
    assert any("private" in message and "lava was taken" in message for message in told)


def test_where_no_other_fits_the_failure_stays(desk: Studio, archive: Source) -> None:
    """A drawn picture is no stand-in that anybody asked for."""
    project_id = make_project(desk, "city")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    archive.broken["city"] = VideoPrivate("city")
    with pytest.raises(VideoPrivate):
        finish(clips.fetch(desk, project_id, 1, else_next=True))
    assert chosen(desk, project_id) == ["city"]
    assert error_code(desk, project_id) == "VIDEO_PRIVATE"


def test_a_full_disk_takes_no_other(desk: Studio, archive: Source) -> None:
    """It would not fit either."""
    project_id = make_project(desk, "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    archive.broken["volcano"] = DiskFull(Path("/"))
    with pytest.raises(DiskFull):
        finish(clips.fetch(desk, project_id, 1, else_next=True))
    assert archive.fetched == ["volcano"]


def test_a_source_is_told_what_of_a_clip_is_needed(desk: Studio, archive: Source) -> None:
    """The canvas, the place, and how long the scene lasts: a long film need not come whole."""
    project_id = make_project(desk, "volcano", aspect="9:16")
    speak(desk, project_id, 9.0)
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id, start_seconds=12.0)
    finish(clips.fetch(desk, project_id, 1))
    [wanted] = archive.wanted
    assert (wanted.size, wanted.start_seconds) == ((1080, 1920), 12.0)
    assert wanted.seconds == pytest.approx(9.35)
    assert wanted.licence == "CC0"


def test_a_clip_changed_during_a_fetch_keeps_its_own_file(desk: Studio) -> None:
    """What arrives late belongs to nobody any more."""
    project_id = make_project(desk, "volcano")
    first, second, *_ = suggest(desk, project_id)
    clips.choose(desk, project_id, 1, first.clip_id)
    work = clips.fetch(desk, project_id, 1)
    next(work)
    clips.choose(desk, project_id, 1, second.clip_id)
    finish(work)
    view = clips.selection_view(desk, project_id, 1)
    assert view is not None
    assert (view.clip.clip_id, view.path) == (second.clip_id, None)


def test_a_scene_removed_during_a_fetch_takes_nobody_down(desk: Studio, archive: Source) -> None:
    """The failure has nowhere to go, and the other scenes go on."""
    project_id = make_project(desk, "volcano", "bees")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    archive.broken["volcano"] = ClipUnusable("volcano", "it is private")
    work = clips.fetch(desk, project_id, 1)
    next(work)
    with desk.store.session() as session:
        session.delete(projects.find_scene(session, project_id, 1))
    with pytest.raises(ClipUnusable):
        finish(work)


# --------------------------------------------------------------------------- choosing for all
def test_each_scene_gets_the_clip_that_shows_it(desk: Studio) -> None:
    """Clip n belongs to scene n; its media is here when it is chosen."""
    project_id = make_project(desk, "bees", "city", "volcano")
    assert finish(clips.choose_best(desk, project_id)) == 3
    assert chosen(desk, project_id) == ["bees", "city", "volcano"]
    view = clips.selection_view(desk, project_id, 1)
    assert view is not None
    assert view.path is not None


def test_no_clip_is_chosen_twice(desk: Studio) -> None:
    """Three scenes about one subject: two clips, and a picture for the third."""
    project_id = make_project(desk, "volcano", "volcano", "volcano")
    finish(clips.choose_best(desk, project_id))
    assert sorted(filter(None, chosen(desk, project_id))) == ["lava", "volcano", "volcano 0"]


def test_no_picture_is_chosen_twice_either(desk: Studio) -> None:
    """Two scenes that nothing fits get two pictures."""
    project_id = make_project(desk, "zeppelin", "zeppelin")
    finish(clips.choose_best(desk, project_id))
    assert chosen(desk, project_id) == ["zeppelin 0", "zeppelin 1"]


def test_where_nothing_fits_the_scene_is_illustrated(desk: Studio) -> None:
    """Never a random clip: a guess is left to the person."""
    project_id = make_project(desk, "odd")
    finish(clips.choose_best(desk, project_id))
    assert chosen(desk, project_id) == ["odd 0"]


def test_clips_chosen_by_hand_stay_and_are_not_repeated(desk: Studio) -> None:
    """The person's choice comes first."""
    project_id = make_project(desk, "volcano", "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id, start_seconds=5.0)
    assert finish(clips.choose_best(desk, project_id)) == 1
    assert chosen(desk, project_id) == ["volcano", "lava"]
    assert scene_of(desk, project_id).start_seconds == 5.0


def test_a_project_with_all_its_clips_is_left_alone(desk: Studio, archive: Source) -> None:
    """Running it again costs nothing."""
    project_id = make_project(desk, "volcano")
    finish(clips.choose_best(desk, project_id))
    asked = len(archive.asked)
    assert finish(clips.choose_best(desk, project_id)) == 0
    assert len(archive.asked) == asked


def test_a_clip_that_cannot_be_had_is_passed_over(desk: Studio, archive: Source) -> None:
    """The next that fits, then a picture; no failure stays behind."""
    archive.broken["volcano"] = ClipUnusable("volcano", "it is private")
    project_id = make_project(desk, "volcano")
    finish(clips.choose_best(desk, project_id))
    assert chosen(desk, project_id) == ["lava"]
    archive.broken["bees"] = archive.broken["hive"] = YouTubeUnreachable()
    second = make_project(desk, "bees")
    finish(clips.choose_best(desk, second))
    assert chosen(desk, second) == ["bees 0"]
    assert scene_of(desk, second).error is None


def test_a_scene_for_which_nothing_is_left_says_so(studio: Studio, archive: Source) -> None:
    """It needs a clip; the others have theirs."""
    alone = with_sources(studio, archive)
    project_id = make_project(alone, "zeppelin", "city")
    assert finish(clips.choose_best(alone, project_id)) == 1
    assert chosen(alone, project_id) == [None, "city"]
    error = scene_of(alone, project_id).error
    assert error is not None
    assert error["code"] == "CLIP_NOT_FOUND"
    assert "zeppelin" in error["message"]


def test_a_scene_whose_only_clip_cannot_be_had_says_why(studio: Studio, archive: Source) -> None:
    """The reason is the clip's own."""
    alone = with_sources(studio, archive)
    archive.broken["city"] = ClipUnusable("city", "it is private")
    project_id = make_project(alone, "city")
    assert finish(clips.choose_best(alone, project_id)) == 0
    error = scene_of(alone, project_id).error
    assert error is not None
    assert error["code"] == "CLIP_UNUSABLE"


def test_sources_that_do_not_answer_are_each_scenes_state(studio: Studio, archive: Source) -> None:
    """Nothing is raised; the scenes say what is wrong."""
    alone = with_sources(studio, archive)
    archive.failure = YouTubeUnreachable()
    project_id = make_project(alone, "city", "bees")
    assert finish(clips.choose_best(alone, project_id)) == 0
    errors = [scene.error for scene in projects.open_project(alone, project_id).scenes]
    assert [error and error["code"] for error in errors] == ["YOUTUBE_UNREACHABLE"] * 2


def test_a_full_disk_ends_the_looking(desk: Studio, archive: Source) -> None:
    """The other sources would need the same disk, so it is no matter of one scene."""
    archive.failure = DiskFull(Path("/"))
    project_id = make_project(desk, "city")
    with pytest.raises(DiskFull):
        suggest(desk, project_id)
    with pytest.raises(DiskFull):
        finish(clips.choose_best(desk, project_id))
    assert scene_of(desk, project_id).error is None


def test_a_full_disk_ends_the_choosing(desk: Studio, archive: Source) -> None:
    """No other clip would fit either."""
    archive.broken["city"] = DiskFull(Path("/"))
    with pytest.raises(DiskFull):
        finish(clips.choose_best(desk, make_project(desk, "city")))


@pytest.mark.parametrize(("allowed", "title"), [(True, "city"), (False, "city 0")])
def test_youtube_is_chosen_only_when_downloads_are_allowed(
    studio: Studio, archive: Source, artist: Artist, *, allowed: bool, title: str
) -> None:
    """What the person has not said they may download is theirs to pick."""
    archive.name = "youtube"
    settings = studio.settings.model_copy(update={"youtube_downloads": allowed})
    desk = with_sources(replace(studio, settings=settings), archive, artist)
    project_id = make_project(desk, "city")
    finish(clips.choose_best(desk, project_id))
    assert chosen(desk, project_id) == [title]


def test_a_foreign_video_begins_behind_its_titles(studio: Studio, archive: Source) -> None:
    """A tenth is skipped, if enough is left; the video's id is kept with the selection."""
    archive.name = "youtube"
    settings = studio.settings.model_copy(update={"youtube_downloads": True})
    desk = with_sources(replace(studio, settings=settings), archive)
    project_id = make_project(desk, "city", "bees")
    speak(desk, project_id, 38.0, number=2)
    finish(clips.choose_best(desk, project_id))
    assert scene_of(desk, project_id, 1).start_seconds == 4.0
    assert scene_of(desk, project_id, 2).start_seconds == 0.0
    with desk.store.session() as session:
        selection = projects.find_scene(session, project_id, 1).selection
        assert selection is not None
        assert (selection.youtube_video_id, selection.clip_url) == (
            "city",
            "https://example.com/city",
        )


def test_scenes_that_want_the_same_are_asked_once(desk: Studio, archive: Source) -> None:
    """B15: word order and endings make no other question; each gets its own clip all the same."""
    project_id = make_project(desk, "volcano red", "red volcanoes", "bees")
    archive.stock = {**archive.stock, "red": archive.stock["volcano"]}
    finish(clips.choose_best(desk, project_id))
    assert [query.words for query in archive.asked] == ["volcano red", "bees"]
    assert sorted(filter(None, chosen(desk, project_id))) == ["bees", "lava", "volcano"]


def test_a_source_that_is_out_is_waited_for_once(desk: Studio, archive: Source) -> None:
    """B23: twenty scenes do not wait for the same silence twenty times."""
    archive.failure = YouTubeUnreachable()
    project_id = make_project(desk, "bees", "city", "volcano")
    assert finish(clips.choose_best(desk, project_id)) == 3
    assert len(archive.asked) == 1
    assert chosen(desk, project_id) == ["bees 0", "city 0", "volcano 0"]


def test_clip_n_belongs_to_scene_n(desk: Studio, archive: Source) -> None:
    """B22: three subjects, each with labelled footage, in any order; a guess is never taken."""
    archive.stock = {word: {"meadow": 0.1, word: 0.9} for word in ("whale", "moon")}
    project_id = make_project(desk, "moon", "bees", "whale")
    finish(clips.choose_best(desk, project_id))
    assert chosen(desk, project_id) == ["moon", "bees 0", "whale"]


def test_choosing_can_be_cancelled_between_scenes(desk: Studio) -> None:
    """What was chosen stays; the rest is left for the next time."""
    project_id = make_project(desk, "bees", "city", "volcano")
    work = clips.choose_best(desk, project_id)
    for _ in work:
        if any(chosen(desk, project_id)):
            break
    work.close()
    some = [title for title in chosen(desk, project_id) if title]
    assert 0 < len(some) < 3
    assert finish(clips.choose_best(desk, project_id)) == 3 - len(some)
    assert chosen(desk, project_id) == ["bees", "city", "volcano"]


def test_the_fixed_source_of_other_tests_can_be_chosen(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """The studio of the fixtures walks this stage too."""
    finder.clips = {"a-sea": reel["plain"].path, "a-shore": reel["short"].path}
    project_id = make_project(studio, "sea", "shore")
    assert finish(clips.choose_best(studio, project_id)) == 2
    assert sorted(filter(None, chosen(studio, project_id))) == ["a sea", "a shore"]
