"""Stage 4: what a scene is offered, what can be chosen, and choosing for all of them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FixedFinder
from footage import Reel, scratch
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from aivideo import clips, projects
from aivideo.clips import ClipView
from aivideo.engines.finding import About, ClipFinder, ClipQuery, FoundClip, Wanted
from aivideo.engines.library import FootageFolder
from aivideo.errors import (
    AIVideoError,
    ClipGone,
    ClipNotChosen,
    ClipUnusable,
    DiskFull,
    Health,
    InvalidArgument,
    MediaTruncated,
    NotFound,
    NothingToFetch,
    NotMedia,
    UnknownProvider,
    YouTubeQuota,
    YouTubeUnreachable,
)
from aivideo.progress import Progress, Work, finish
from aivideo.store import AudioFile, Clip, ClipSelection, Project, Scene, Search, get_row, now
from aivideo.studio import Studio


class Source:
    """A source that finds by words: ``{name: score}`` for each word of its stock."""

    def __init__(self, name: str, stock: Mapping[str, Mapping[str, float]], file: Path) -> None:
        self.name = name
        self.stock = stock
        self.file = file
        self.kind = "video"
        self.asked: list[ClipQuery] = []
        self.fetched: list[str] = []
        self.failure: AIVideoError | None = None
        self.broken: dict[str, AIVideoError] = {}

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """The stock of the query's first known word, best first."""
        self.asked.append(query)
        yield Progress(0.5, "Looking")
        if self.failure:
            raise self.failure
        word = next((word for word in query.words.split() if word in self.stock), "")
        return [
            FoundClip(
                source=self.name,
                source_id=one,
                title=one,
                kind="illustration" if self.kind == "illustration" else "video",
                duration_seconds=None if self.kind == "illustration" else 40.0,
                licence="CC0",
                url=f"https://example.com/{one}",
                score=score,
                recipe={"word": word} if self.kind == "illustration" else {},
            )
            for one, score in self.stock.get(word, {}).items()
        ][: query.at_most]

    @property
    def about(self) -> About:
        """What it can."""
        return About(self.name, "What a test says.", online=False)

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """There is none."""
        yield Progress(1.0)
        return clip

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """The file, unless this clip is broken."""
        self.fetched.append(wanted.source_id)
        yield Progress(0.5, "Fetching")
        if wanted.source_id in self.broken:
            raise self.broken[wanted.source_id]
        return self.file

    def check(self) -> Health:
        """Always well."""
        return Health(self.name, works=True, says="well")


class Artist(Source):
    """A source that draws six pictures for any words."""

    def __init__(self) -> None:
        super().__init__("illustrated", {}, Path())
        self.kind = "illustration"

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Six pictures for the words."""
        drawn = {f"{query.words} {number}": 0.5 for number in range(6)}
        self.stock = dict.fromkeys(query.words.split(), drawn)
        return super().find(query)


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    """Real clips, each made once for this file."""
    return Reel(tmp_path_factory.mktemp("reel"))


@pytest.fixture
def artist() -> Artist:
    """The source that always has something."""
    return Artist()


@pytest.fixture
def archive(reel: Reel) -> Source:
    """Footage of three subjects."""
    stock = {
        "volcano": {"volcano": 0.9, "lava": 0.8},
        "bees": {"bees": 0.9, "hive": 0.7, "meadow": 0.1},
        "city": {"city": 0.9},
        "bad": {"bad": 0.05},
    }
    return Source("archive", stock, reel["plain"].path)


@pytest.fixture
def desk(studio: Studio, archive: Source, artist: Artist) -> Studio:
    """A studio that asks the archive first and the artist last."""
    return with_sources(studio, archive, artist)


def with_sources(studio: Studio, *sources: ClipFinder) -> Studio:
    """The studio with other sources."""
    return replace(studio, finders={source.name: source for source in sources})


def make_project(studio: Studio, *queries: str, aspect: str = "16:9") -> str:
    """A project with a scene for each visual query."""
    project = projects.create_project(studio, topic="The world", aspect=aspect)
    with studio.store.session() as session:
        row = get_row(session, Project, project.project_id)
        row.scenes = [
            Scene(position=place, text=f"Here is scene {place + 1} of them.", visual_query=query)
            for place, query in enumerate(queries)
        ]
    return project.project_id


def suggest(
    studio: Studio,
    project_id: str,
    number: int = 1,
    *,
    query: str | None = None,
    source: str | None = None,
    max_results: int = 6,
    fresh: bool = False,
) -> list[ClipView]:
    """Candidates for a scene."""
    return finish(
        clips.suggest(
            studio,
            project_id,
            number,
            query=query,
            source=source,
            max_results=max_results,
            fresh=fresh,
        )
    )


def titles(found: list[ClipView]) -> list[str]:
    """What was found, by title."""
    return [clip.title for clip in found]


def chosen(studio: Studio, project_id: str) -> list[str | None]:
    """The title of each scene's clip."""
    views = [
        clips.selection_view(studio, project_id, scene.scene_number)
        for scene in projects.open_project(studio, project_id).scenes
    ]
    return [view.clip.title if view else None for view in views]


def scene_of(studio: Studio, project_id: str, number: int = 1) -> projects.SceneView:
    """A scene as it is now."""
    return projects.open_project(studio, project_id).scenes[number - 1]


# --------------------------------------------------------------------------- suggesting
def test_footage_that_fits_comes_first_and_drawn_pictures_fill_up(desk: Studio) -> None:
    """There are always six, and what fits is what one sees first."""
    found = suggest(desk, make_project(desk, "volcano"))
    assert titles(found) == ["volcano", "lava", *(f"volcano {n}" for n in range(4))]
    assert not any(clip.guess for clip in found)


def test_a_guess_comes_last_and_is_marked(desk: Studio) -> None:
    """It may be just right, but it must not look as if we knew."""
    found = suggest(desk, make_project(desk, "bad"))
    assert titles(found)[-1] == "bad"
    assert [clip.guess for clip in found] == [False] * 5 + [True]


def test_guesses_take_half_of_the_room_at_most(desk: Studio, archive: Source) -> None:
    """A folder of unnamed phone clips is offered, and pictures that do fit beside it."""
    archive.stock = {"volcano": {f"IMG_{n}": 0.1 for n in range(9)}}
    found = suggest(desk, make_project(desk, "volcano"))
    assert [clip.kind for clip in found] == ["illustration"] * 3 + ["video"] * 3


def test_an_own_folder_without_a_match_is_offered_whole(desk: Studio, archive: Source) -> None:
    """Asked for alone, a source gives all it has."""
    archive.stock = {"volcano": {f"IMG_{n}": 0.1 for n in range(9)}}
    assert len(suggest(desk, make_project(desk, "volcano"), source="archive")) == 6


def test_sources_behind_enough_footage_are_not_asked(
    desk: Studio, archive: Source, artist: Artist
) -> None:
    """Drawing costs time, and a search one of a hundred."""
    archive.stock = {"volcano": {f"volcano {n}": 0.9 for n in range(6)}}
    assert len(suggest(desk, make_project(desk, "volcano"))) == 6
    assert artist.asked == []


def test_a_source_is_asked_for_what_is_missing(desk: Studio, artist: Artist) -> None:
    """Two clips fit, so four pictures are drawn."""
    suggest(desk, make_project(desk, "volcano"))
    assert artist.asked[0].at_most == 4


@pytest.mark.parametrize(
    ("aspect", "size"), [("16:9", (1920, 1080)), ("9:16", (1080, 1920)), ("1:1", (1080, 1080))]
)
def test_a_source_is_told_what_the_scene_wants(
    desk: Studio, archive: Source, aspect: str, size: tuple[int, int]
) -> None:
    """Words, narration, shape and length."""
    suggest(desk, make_project(desk, "volcano", aspect=aspect))
    asked = archive.asked[0]
    assert (asked.words, asked.narration) == ("volcano", "Here is scene 1 of them.")
    assert asked.size == size
    assert asked.seconds == pytest.approx(6 / 2.5 + 0.35)


def test_a_spoken_scene_lasts_as_long_as_it_is_spoken(desk: Studio, archive: Source) -> None:
    """The narration knows better than a guess from the number of words."""
    project_id = make_project(desk, "volcano")
    with desk.store.session() as session:
        scene = projects.find_scene(session, project_id, 1)
        scene.audio = AudioFile(
            project_id=project_id, file_path="a.wav", voice_id="v", duration_seconds=9.0
        )
    suggest(desk, project_id)
    assert archive.asked[0].seconds == pytest.approx(9.35)


def test_a_scene_without_a_query_is_searched_by_its_own_words(
    desk: Studio, archive: Source
) -> None:
    """A script written by hand has no visual queries."""
    project_id = make_project(desk, "")
    suggest(desk, project_id)
    with desk.store.session() as session:
        projects.find_scene(session, project_id, 1).text = "So it is."
    suggest(desk, project_id)
    assert [query.words for query in archive.asked] == ["scene", "world"]


def test_other_words_can_be_searched(desk: Studio) -> None:
    """What a person types counts instead of the scene's query."""
    found = suggest(desk, make_project(desk, "volcano"), query="  city ")
    assert found[0].title == "city"


def test_one_source_can_be_asked_alone(desk: Studio, artist: Artist) -> None:
    """Nothing fills up then."""
    assert titles(suggest(desk, make_project(desk, "volcano"), source="archive")) == [
        "volcano",
        "lava",
    ]
    assert artist.asked == []


@pytest.mark.parametrize("source", [None, "", "auto"])
def test_no_source_means_all(desk: Studio, source: str | None) -> None:
    """Pages send an empty choice, programs none."""
    assert len(suggest(desk, make_project(desk, "volcano"), source=source)) == 6


def test_an_unknown_source_is_an_error_that_lists_the_names(desk: Studio) -> None:
    """A typing error is found by reading the sentence."""
    with pytest.raises(UnknownProvider, match="archive, auto, illustrated"):
        suggest(desk, make_project(desk, "volcano"), source="youtub")


@pytest.mark.parametrize("many", [0, 21])
def test_a_senseless_number_of_candidates_is_refused(desk: Studio, many: int) -> None:
    """The limits are said."""
    with pytest.raises(InvalidArgument, match="1 to 20"):
        suggest(desk, make_project(desk, "volcano"), max_results=many)


def test_a_scene_that_is_not_there_is_said_to_be(desk: Studio) -> None:
    """Scenes are counted from 1."""
    with pytest.raises(NotFound):
        suggest(desk, make_project(desk, "volcano"), 2)
    with pytest.raises(NotFound):
        clips.candidates(desk, "no-such-project", 1)


def test_a_source_that_fails_leaves_it_to_the_others(desk: Studio, archive: Source) -> None:
    """The person is told, and gets pictures all the same."""
    archive.failure = YouTubeQuota(100, "09:00")
    told: list[str] = []
    work = clips.suggest(desk, make_project(desk, "volcano"), 1)
    found = finish(work, lambda news: told.append(news.message))
    assert [clip.source for clip in found] == ["illustrated"] * 6
    assert any("used up" in message for message in told)


def test_when_nobody_answers_the_reason_is_raised(studio: Studio, archive: Source) -> None:
    """A failure is not an empty answer."""
    alone = with_sources(studio, archive)
    archive.failure = YouTubeUnreachable()
    with pytest.raises(YouTubeUnreachable):
        suggest(alone, make_project(alone, "volcano"))


def test_nothing_found_is_an_empty_answer(studio: Studio, archive: Source) -> None:
    """Within seconds, and never stuck."""
    alone = with_sources(studio, archive)
    assert suggest(alone, make_project(alone, "zeppelin")) == []


# --------------------------------------------------------------------------- what is kept
def test_the_same_question_again_asks_nobody(desk: Studio, archive: Source) -> None:
    """A page refresh costs no search."""
    project_id = make_project(desk, "volcano")
    first = suggest(desk, project_id)
    assert suggest(desk, project_id) == first == clips.candidates(desk, project_id, 1)
    assert len(archive.asked) == 1


def test_fewer_candidates_come_from_what_was_kept(desk: Studio, archive: Source) -> None:
    """Four of six need no new search."""
    project_id = make_project(desk, "volcano")
    assert suggest(desk, project_id)[:4] == suggest(desk, project_id, max_results=4)
    assert len(archive.asked) == 1


def test_another_question_is_asked(desk: Studio, archive: Source) -> None:
    """Other words, another source, more clips, or explicitly."""
    project_id = make_project(desk, "volcano")
    suggest(desk, project_id)
    suggest(desk, project_id, fresh=True)
    suggest(desk, project_id, query="city")
    suggest(desk, project_id, source="archive")
    suggest(desk, project_id, max_results=8)
    assert len(archive.asked) == 5


def test_an_old_answer_is_not_used(desk: Studio, archive: Source) -> None:
    """After a week the sources are asked again."""
    project_id = make_project(desk, "volcano")
    suggest(desk, project_id)
    with desk.store.session() as session:
        search = session.scalars(select(Search)).one()
        search.expires_at = now() - timedelta(seconds=1)
    suggest(desk, project_id)
    assert len(archive.asked) == 2


def test_another_shape_has_its_own_candidates(desk: Studio) -> None:
    """What was found for landscape is not shown for portrait, and comes back with landscape."""
    project_id = make_project(desk, "volcano")
    first = suggest(desk, project_id)
    projects.update_project(desk, project_id, aspect="9:16")
    assert clips.candidates(desk, project_id, 1) == []
    projects.update_project(desk, project_id, aspect="16:9")
    assert clips.candidates(desk, project_id, 1) == first


def test_nothing_was_offered_before_anybody_asked(desk: Studio) -> None:
    """A fresh scene has no candidates."""
    assert clips.candidates(desk, make_project(desk, "volcano"), 1) == []


def test_a_clip_that_is_found_twice_is_one_clip(desk: Studio, archive: Source) -> None:
    """Its row is brought up to date; its id stays, since scenes hang on it."""
    project_id = make_project(desk, "volcano", "volcano")
    first = suggest(desk, project_id, 1)[0]
    archive.stock = {"volcano": {"volcano": 0.7}}
    again = suggest(desk, project_id, 2)[0]
    assert (again.clip_id, again.score) == (first.clip_id, 0.7)
    assert clips.candidates(desk, project_id, 1)[0].score == 0.9
    with desk.store.session() as session:
        rows = session.scalar(select(func.count()).where(Clip.source == "archive"))
    assert rows == 2


def test_everything_a_credit_needs_is_kept(desk: Studio) -> None:
    """Licence, address and when it was found; for a drawn picture its recipe."""
    suggest(desk, make_project(desk, "volcano"))
    with desk.store.session() as session:
        footage = session.scalars(select(Clip).where(Clip.source_id == "volcano")).one()
        drawn = session.scalars(select(Clip).where(Clip.source_id == "volcano 0")).one()
    assert (footage.licence, footage.url) == ("CC0", "https://example.com/volcano")
    assert abs(footage.retrieved_at - now()) < timedelta(minutes=1)
    assert (drawn.kind, drawn.recipe) == ("illustration", {"word": "volcano"})


def test_two_that_save_the_same_clip_at_once_both_succeed(desk: Studio) -> None:
    """A page and a job may look for the same scene."""

    def squeeze_in(*_: object) -> None:
        """Save the clip in the moment between looking for it and saving it."""
        row = {"id": "first", "source": "archive", "source_id": "volcano", "title": "Old"}
        with desk.store.engine.begin() as connection:
            connection.execute(insert(Clip).values(**row, recipe={}))

    project_id = make_project(desk, "volcano")
    event.listen(Session, "before_flush", squeeze_in, once=True)
    found = suggest(desk, project_id)
    assert (found[0].clip_id, found[0].title) == ("first", "volcano")


# --------------------------------------------------------------------------- choosing
def test_a_chosen_clip_is_the_scenes(desk: Studio) -> None:
    """With its place and fit, in the scene, among the candidates and as the selection."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[1]
    scene = clips.choose(desk, project_id, 1, clip.clip_id, start_seconds=12.5, fit="blur")
    assert (scene.clip_id, scene.start_seconds, scene.fit) == (clip.clip_id, 12.5, "blur")
    assert [one.chosen for one in clips.candidates(desk, project_id, 1)] == [False, True] + [
        False
    ] * 4
    view = clips.selection_view(desk, project_id, 1)
    assert view is not None
    assert (view.clip.title, view.start_seconds, view.fit, view.path) == (
        "lava",
        12.5,
        "blur",
        None,
    )


def test_choosing_again_replaces_the_clip(desk: Studio) -> None:
    """A scene has one clip; what was fetched for the other does not count for it."""
    project_id = make_project(desk, "volcano")
    first, second, *_ = suggest(desk, project_id)
    clips.choose(desk, project_id, 1, first.clip_id)
    finish(clips.fetch(desk, project_id, 1))
    clips.choose(desk, project_id, 1, first.clip_id, start_seconds=3.0)
    kept = clips.selection_view(desk, project_id, 1)
    clips.choose(desk, project_id, 1, second.clip_id)
    changed = clips.selection_view(desk, project_id, 1)
    assert kept is not None
    assert changed is not None
    assert kept.path is not None
    assert (changed.clip.clip_id, changed.path) == (second.clip_id, None)
    with desk.store.session() as session:
        assert session.scalar(select(func.count()).select_from(ClipSelection)) == 1


def test_a_clip_can_be_heard(desk: Studio) -> None:
    """At a level; a choice names everything, so one that says no level makes it silent."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    loud = clips.choose(desk, project_id, 1, clip.clip_id, sound_level_db=-12.0)
    view = clips.selection_view(desk, project_id, 1)
    silent = clips.choose(desk, project_id, 1, clip.clip_id)
    assert view is not None
    assert (loud.sound_level_db, view.sound_level_db, silent.sound_level_db) == (-12, -12, None)


@pytest.mark.parametrize("level", [-40.5, 6.5, float("nan")])
def test_a_level_outside_its_limits_is_refused(desk: Studio, level: float) -> None:
    """The limits stand in the sentence; no clip is chosen."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    with pytest.raises(InvalidArgument, match="from -40 to 6"):
        clips.choose(desk, project_id, 1, clip.clip_id, sound_level_db=level)
    assert scene_of(desk, project_id).clip_id is None


def test_a_scene_without_a_clip_has_no_selection(desk: Studio) -> None:
    """None, not an empty one."""
    assert clips.selection_view(desk, make_project(desk, "volcano"), 1) is None


@pytest.mark.parametrize("start", [-0.1, 40.0, 1e9, float("nan"), float("inf")])
def test_a_place_outside_the_clip_is_refused(desk: Studio, start: float) -> None:
    """The sentence tells how long the clip is."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    with pytest.raises(InvalidArgument, match=r"lasts 40\.0 seconds"):
        clips.choose(desk, project_id, 1, clip.clip_id, start_seconds=start)
    assert scene_of(desk, project_id).clip_id is None


def test_a_picture_has_no_place_to_begin(desk: Studio) -> None:
    """What a page sends from the clip before does no harm."""
    project_id = make_project(desk, "volcano")
    drawn = suggest(desk, project_id)[-1]
    scene = clips.choose(desk, project_id, 1, drawn.clip_id, start_seconds=7.0)
    assert scene.start_seconds == 0.0


def test_an_unknown_fit_is_refused(desk: Studio) -> None:
    """The names are listed."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    with pytest.raises(InvalidArgument, match="crop, blur, contain"):
        clips.choose(desk, project_id, 1, clip.clip_id, fit="stretch")


def test_a_clip_that_was_never_offered_cannot_be_chosen(desk: Studio) -> None:
    """An id is a row, not a wish."""
    with pytest.raises(NotFound, match="There is no clip"):
        clips.choose(desk, make_project(desk, "volcano"), 1, "no-such-clip")


def test_a_clip_of_a_source_that_was_taken_away_cannot_be_chosen(
    desk: Studio, artist: Artist
) -> None:
    """Nobody could bring it."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    with pytest.raises(UnknownProvider, match="archive"):
        clips.choose(with_sources(desk, artist), project_id, 1, clip.clip_id)


def test_choosing_settles_a_failure_of_this_stage_only(desk: Studio) -> None:
    """A missing voice stays a missing voice."""
    project_id = make_project(desk, "volcano", "volcano")
    with desk.store.session() as session:
        for number, code in ((1, "CLIP_NOT_FOUND"), (2, "VOICE_UNKNOWN")):
            scene = projects.find_scene(session, project_id, number)
            scene.error_code, scene.error_message = code, "Said."
    for number in (1, 2):
        clip = suggest(desk, project_id, number)[0]
        clips.choose(desk, project_id, number, clip.clip_id)
    assert scene_of(desk, project_id, 1).error is None
    assert scene_of(desk, project_id, 2).error == {"code": "VOICE_UNKNOWN", "message": "Said."}


# --------------------------------------------------------------------------- own footage
@pytest.fixture
def home(studio: Studio) -> Studio:
    """A studio with the person's footage folder as its only source."""
    studio.settings.footage_dir.mkdir()
    return with_sources(studio, FootageFolder(studio.settings, studio.workspace))


def put(studio: Studio, reel: Reel, name: str, target: str) -> Path:
    """Copy a clip of the reel into the footage folder."""
    return shutil.copyfile(reel[name].path, studio.settings.footage_dir / target)


def test_own_footage_is_there_when_it_is_chosen(home: Studio, reel: Reel) -> None:
    """No download; the selection knows the file at once."""
    path = put(home, reel, "plain", "volcano.mp4")
    project_id = make_project(home, "volcano")
    clips.choose(home, project_id, 1, suggest(home, project_id)[0].clip_id)
    view = clips.selection_view(home, project_id, 1)
    assert view is not None
    assert view.path == str(path)
    assert finish(clips.fetch(home, project_id, 1)) == path


def test_own_footage_that_was_moved_cannot_be_chosen(home: Studio, reel: Reel) -> None:
    """It is noticed now, not in the middle of a render."""
    path = put(home, reel, "plain", "volcano.mp4")
    project_id = make_project(home, "volcano")
    clip = suggest(home, project_id)[0]
    path.unlink()
    with pytest.raises(ClipGone, match=r"volcano\.mp4"):
        clips.choose(home, project_id, 1, clip.clip_id)
    assert scene_of(home, project_id).clip_id is None


@pytest.mark.parametrize("damage", ["text", "unreadable"])
def test_unusable_footage_is_refused_with_its_reason(
    studio: Studio, tmp_path: Path, damage: str
) -> None:
    """Whatever came over the file since it was offered."""
    file = tmp_path / "volcano.mp4"
    source = Source("library", {"volcano": {"volcano": 0.9}}, file)
    if damage == "text":
        file.write_text("remember the milk")
    home = with_sources(studio, source)
    project_id = make_project(home, "volcano")
    clip = suggest(home, project_id)[0]
    with pytest.raises((ClipUnusable, NotMedia, MediaTruncated), match="volcano"):
        clips.choose(home, project_id, 1, clip.clip_id)


@pytest.mark.parametrize(
    ("damage", "code"), [("truncated", "CLIP_BROKEN_OFF"), ("scratched", "CLIP_DAMAGED")]
)
def test_damaged_footage_can_be_chosen_with_a_warning(
    studio: Studio, reel: Reel, tmp_path: Path, damage: str, code: str
) -> None:
    """What is left of it can be shown; another clip takes the warning away."""
    bad, good = tmp_path / "volcano.mp4", reel["plain"].path
    broken = reel["truncated"].path
    shutil.copyfile(broken, bad) if damage == "truncated" else scratch(
        broken.with_name("whole.mp4"), bad
    )
    source = Source("library", {"volcano": {"volcano": 0.9}}, bad)
    home = with_sources(studio, source)
    project_id = make_project(home, "volcano")
    clip = suggest(home, project_id)[0]

    scene = clips.choose(home, project_id, 1, clip.clip_id)

    assert scene.error
    assert scene.error["code"] == code
    shutil.copyfile(good, bad)
    assert clips.choose(home, project_id, 1, clip.clip_id).error is None


def test_footage_that_is_handed_in_can_be_chosen_at_once(home: Studio, reel: Reel) -> None:
    """It is a clip like others, with the title that it was given."""
    added = clips.add_footage(home, reel["plain"].path, title="My volcano", tags="lava")
    project_id = make_project(home, "lava")
    assert titles(suggest(home, project_id)) == ["My volcano"]
    scene = clips.choose(home, project_id, 1, added.clip_id)
    assert scene.clip_id == added.clip_id


def test_footage_cannot_be_handed_in_without_a_library(desk: Studio, reel: Reel) -> None:
    """The sentence lists the sources that there are."""
    with pytest.raises(UnknownProvider, match="library"):
        clips.add_footage(desk, reel["plain"].path)


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
    archive.broken["volcano"] = ClipUnusable("volcano", "it is private")
    with pytest.raises(ClipUnusable):
        finish(clips.fetch(desk, project_id, 1))
    error = scene_of(desk, project_id).error
    assert error is not None
    assert (error["code"], "it is private" in error["message"]) == ("CLIP_UNUSABLE", True)
    archive.broken.clear()
    finish(clips.fetch(desk, project_id, 1))
    assert scene_of(desk, project_id).error is None


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
    project_id = make_project(desk, "bad")
    finish(clips.choose_best(desk, project_id))
    assert chosen(desk, project_id) == ["bad 0"]


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
    with desk.store.session() as session:
        scene = projects.find_scene(session, project_id, 2)
        scene.audio = AudioFile(
            project_id=project_id, file_path="a.wav", voice_id="v", duration_seconds=38.0
        )
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
