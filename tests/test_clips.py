"""Stage 4: what a scene is offered, and what can be chosen."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from clip_sources import (
    Artist,
    Source,
    chosen,
    make_project,
    scene_of,
    speak,
    stocked,
    suggest,
    titles,
    with_sources,
)
from footage import Reel, scratch
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from aivideo import clips, projects, script
from aivideo.engines.finding import ClipQuery, FoundClip
from aivideo.engines.library import FootageFolder
from aivideo.errors import (
    ClipGone,
    ClipNotChosen,
    ClipUnusable,
    InvalidArgument,
    MediaTruncated,
    NotFound,
    NotMedia,
    UnknownProvider,
    YouTubeKeyMissing,
    YouTubeQuota,
    YouTubeUnreachable,
)
from aivideo.progress import Progress, Work, finish
from aivideo.script import SceneDraft
from aivideo.store import Clip, ClipSelection, Search, now
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


# --------------------------------------------------------------------------- suggesting
def test_footage_that_fits_comes_first_and_drawn_pictures_fill_up(desk: Studio) -> None:
    """There are always six, and what fits is what one sees first."""
    found = suggest(desk, make_project(desk, "volcano"))
    assert titles(found) == ["volcano", "lava", *(f"volcano {n}" for n in range(4))]
    assert not any(clip.guess for clip in found)


def test_a_guess_comes_last_and_is_marked(desk: Studio) -> None:
    """It may be just right, but it must not look as if we knew."""
    found = suggest(desk, make_project(desk, "odd"))
    assert titles(found)[-1] == "strange"
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
    speak(desk, project_id, 9.0)
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


def test_a_source_that_fails_says_why_beside_what_the_others_found(
    desk: Studio, archive: Source
) -> None:
    """B15: used up is not nothing found; the sentence stays with the scene's candidates."""
    archive.failure = YouTubeQuota(100, "09:00")
    project_id = make_project(desk, "volcano")
    suggest(desk, project_id)
    offered = clips.suggestions(desk, project_id, 1)
    [failure] = offered.failures
    assert (failure.source, failure.title, failure.code) == ("archive", "Archive", "YOUTUBE_QUOTA")
    assert "used up" in failure.message
    assert [clip.source for clip in offered.clips] == ["illustrated"] * 6


def test_a_failure_is_not_kept_as_an_answer(desk: Studio, archive: Source) -> None:
    """Once the source is back it is asked again, without anybody asking for it."""
    project_id = make_project(desk, "volcano")
    archive.failure = YouTubeUnreachable()
    suggest(desk, project_id)
    archive.failure = None
    assert titles(suggest(desk, project_id))[0] == "volcano"
    assert clips.suggestions(desk, project_id, 1).failures == ()


def test_clips_found_so_far_stay_when_nobody_answers(studio: Studio, archive: Source) -> None:
    """B15: a search that fails takes nothing away."""
    alone = with_sources(studio, archive)
    project_id = make_project(alone, "volcano")
    found = suggest(alone, project_id)
    archive.failure = YouTubeUnreachable()
    with pytest.raises(YouTubeUnreachable):
        suggest(alone, project_id, fresh=True)
    assert clips.candidates(alone, project_id, 1) == found


def test_a_scene_whose_sources_all_fail_says_so(studio: Studio, archive: Source) -> None:
    """B23: whoever looks at it later reads the reason."""
    alone = with_sources(studio, archive)
    archive.failure = YouTubeUnreachable()
    project_id = make_project(alone, "volcano")
    with pytest.raises(YouTubeUnreachable):
        suggest(alone, project_id)
    assert [one.code for one in clips.suggestions(alone, project_id, 1).failures] == [
        "YOUTUBE_UNREACHABLE"
    ]


def test_a_silent_source_is_left_behind(desk: Studio, archive: Source) -> None:
    """B23: the others are shown, and the sentence says how long was waited."""
    archive.silent = True
    project_id = make_project(desk, "volcano")
    found = suggest(desk, project_id, patience=0.05)
    assert {clip.source for clip in found} == {"illustrated"}
    [failure] = clips.suggestions(desk, project_id, 1).failures
    assert failure.code == "SOURCE_SLOW"
    assert "0.05 seconds" in failure.message


def test_several_sources_can_be_named(desk: Studio, archive: Source, artist: Artist) -> None:
    """All of them are asked, each once, and nobody else."""
    other = Source("other", {"volcano": {"crater": 0.5}})
    third = Source("third", {})
    desk = with_sources(desk, archive, other, third, artist)
    project_id = make_project(desk, "volcano")
    found = suggest(desk, project_id, source="other, archive,other")
    assert set(titles(found)) == {"volcano", "lava", "crater"}
    assert (len(archive.asked), len(other.asked), third.asked, artist.asked) == (1, 1, [], [])
    assert clips.suggestions(desk, project_id, 1).sources == ("other", "archive")


def test_sources_are_asked_at_the_same_time(desk: Studio, archive: Source) -> None:
    """One that is silent until the other was asked: in a row neither would ever answer."""

    class Waiting(Source):
        def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
            """Wait for the archive to be asked."""
            while not archive.asked:
                yield Progress(0.0)
            return (yield from super().find(query))

    waiting = Waiting("waiting", {"volcano": {"crater": 0.9}})
    both = with_sources(desk, waiting, archive)
    assert set(titles(suggest(both, make_project(both, "volcano")))) == {
        "volcano",
        "lava",
        "crater",
    }


def test_what_all_sources_answer_is_judged_together(desk: Studio, archive: Source) -> None:
    """Which source it comes from does not matter; the reasons say what does."""
    other = Source("other", {"volcano": {"the old volcano": 0.1}})
    archive.stock = {"volcano": {"the market": 0.9}}
    desk = replace(with_sources(desk, archive, other), meaning=None)
    found = suggest(desk, make_project(desk, "old volcano"))
    assert titles(found) == ["the old volcano", "the market"]
    assert found[0].reasons[0] == "Its title says 'old' and 'volcano'"
    assert [clip.guess for clip in found] == [False, True]


def test_clips_are_compared_by_meaning_where_that_is_known(desk: Studio, archive: Source) -> None:
    """No word in common, and yet it is what was looked for."""
    archive.stock = {"volcano": {"the old volcano": 0.1, "an eruption": 0.9}}
    found = suggest(desk, make_project(desk, "volcano"), source="archive")
    assert titles(found) == ["an eruption", "the old volcano"]
    assert "Close in meaning to 'volcano'" in found[0].reasons


def test_what_has_few_searches_is_spared_while_others_have_enough(
    desk: Studio, archive: Source
) -> None:
    """B15: a hundred searches a day are for what nobody else has; by name it is asked at once."""
    scarce = Source("scarce", {"volcano": {"scarce volcano": 0.9}, "bees": {"scarce bee": 0.9}})
    scarce.searches_left = 3
    archive.stock = {**archive.stock, "volcano": {f"volcano {n}": 0.9 for n in range(6)}}
    desk = with_sources(desk, scarce, archive)
    suggest(desk, make_project(desk, "volcano"))
    assert scarce.asked == []
    assert "scarce bee" in titles(suggest(desk, make_project(desk, "bees")))
    assert len(suggest(desk, make_project(desk, "volcano"), source="scarce,archive")) == 6
    assert len(scarce.asked) == 2


def test_a_source_that_lacks_its_key_is_passed_over_unless_it_is_named(
    desk: Studio, archive: Source
) -> None:
    """Nobody wants to read at each scene that there is no key; who asks for it is told."""
    archive.needs, archive.failure = "A key.", YouTubeKeyMissing()
    project_id = make_project(desk, "volcano")
    suggest(desk, project_id)
    assert (archive.asked, clips.suggestions(desk, project_id, 1).failures) == ([], ())
    with pytest.raises(YouTubeKeyMissing):
        suggest(desk, project_id, source="archive")


def test_only_what_may_be_reused_is_offered_unless_all_is_wanted(
    desk: Studio, archive: Source
) -> None:
    """On by default; without the filter what is not free says so, and the source is told."""
    archive.stock = {"volcano": dict.fromkeys(("a", "b", "c", "d"), 0.9)}
    for name, licence in zip("abcd", ("CC BY-NC 4.0", "youtube", "", "CC BY-SA 4.0"), strict=True):
        archive.facts[name] = {"licence": licence}
    project_id = make_project(desk, "volcano")
    assert titles(suggest(desk, project_id, source="archive")) == ["d"]
    everything = suggest(desk, project_id, source="archive", reusable=False)
    assert {clip.title: clip.reusable for clip in everything} == {
        "a": False,
        "b": False,
        "c": False,
        "d": True,
    }
    assert [query.reusable for query in archive.asked] == [True, False]
    assert not clips.suggestions(desk, project_id, 1).reusable


@pytest.mark.parametrize(
    ("aspect", "first"), [("9:16", "upright"), ("16:9", "wide")], ids=["portrait", "landscape"]
)
def test_a_clip_of_the_projects_shape_comes_first(
    desk: Studio, archive: Source, aspect: str, first: str
) -> None:
    """B21: the other shape is offered behind it, and says what is cut off."""
    archive.stock = {"volcano": {"wide": 0.9, "upright": 0.9}}
    archive.facts = {
        "wide": {"width": 1920, "height": 1080},
        "upright": {"width": 1080, "height": 1920},
    }
    found = suggest(desk, make_project(desk, "volcano", aspect=aspect), source="archive")
    assert (found[0].title, len(found)) == (first, 2)
    assert any("is cut off" in reason for reason in found[1].reasons)


def test_no_author_fills_the_row(desk: Studio, archive: Source) -> None:
    """Two of one author at most, and no pictures twice; one's own footage is all one's own."""
    archive.stock = {"volcano": {f"volcano {word}": 0.9 for word in ("red", "old", "big", "hot")}}
    archive.facts = {name: {"author": "Ada"} for name in archive.stock["volcano"]}
    assert len(suggest(desk, make_project(desk, "volcano"), source="archive")) == 2
    archive.name = "library"
    home = with_sources(desk, archive)
    assert len(suggest(home, make_project(home, "volcano"))) == 4


def test_a_clip_that_another_scene_shows_is_told_and_comes_later(desk: Studio) -> None:
    """Not hidden: it may be wanted twice."""
    project_id = make_project(desk, "volcano", "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id, 1)[0].clip_id)
    found = {clip.title: clip for clip in suggest(desk, project_id, 2)}
    assert next(iter(found)) == "lava"
    assert (found["volcano"].used_in, found["lava"].used_in) == ((1,), ())
    assert clips.candidates(desk, project_id, 1)[0].used_in == ()


def test_more_like_one_is_looked_for_by_its_words(desk: Studio, archive: Source) -> None:
    """The same author comes first, and the clip itself is not offered again."""
    archive.stock = {
        "volcano": {"old volcano crater": 0.9},
        "crater": {"old volcano crater": 0.9, "crater lake": 0.9, "red crater": 0.9},
    }
    archive.facts = {
        "old volcano crater": {"author": "Ada", "title": "crater old"},
        "red crater": {"author": "Ada"},
    }
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    found = suggest(desk, project_id, like=clip.clip_id, source="archive")
    assert archive.asked[-1].words == "crater old"
    assert titles(found) == ["red crater", "crater lake"]
    assert "By the same author" in found[0].reasons


def test_more_like_a_clip_that_is_not_there_is_refused(desk: Studio) -> None:
    """An id is a row, not a wish."""
    with pytest.raises(NotFound):
        suggest(desk, make_project(desk, "volcano"), like="no-such-clip")


@pytest.mark.parametrize(
    ("query", "broader"),
    [
        ("sprouting zeppelin field morning", ("field morning", "morning", "sprouting")),
        ("old zeppelin", ("zeppelin", "old", "scene")),
        ("zeppelin", ("scene", "world")),
    ],
)
def test_where_little_fits_broader_words_are_offered(
    desk: Studio, query: str, broader: tuple[str, ...]
) -> None:
    """B23: fewer of the words, and the scene's own; found without a model."""
    project_id = make_project(desk, query)
    suggest(desk, project_id)
    assert clips.suggestions(desk, project_id, 1).broader == broader


def test_where_enough_fits_no_other_words_are_offered(desk: Studio, archive: Source) -> None:
    """They would only lead away."""
    archive.stock = {"volcano": {f"volcano {n}": 0.9 for n in range(4)}}
    project_id = make_project(desk, "volcano")
    suggest(desk, project_id)
    assert clips.suggestions(desk, project_id, 1).broader == ()


def test_drawn_pictures_differ_from_each_other_and_from_the_neighbours(studio: Studio) -> None:
    """Each layout once before any comes again, those of the scenes beside it last."""
    artist = Artist(["hero", "hero", "grid", "trio", "grid", "globe"])
    desk = with_sources(studio, artist)
    project_id = make_project(desk, "tea", "tea", "tea")

    def layouts(number: int) -> list[object]:
        with desk.store.session() as session:
            ids = [clip.clip_id for clip in suggest(desk, project_id, number)]
            rows = {row.id: row.recipe["layout"] for row in session.scalars(select(Clip))}
            return [rows[clip_id] for clip_id in ids]

    assert layouts(2) == ["hero", "grid", "trio", "globe", "hero", "grid"]
    others_first = ["grid", "trio", "globe", "grid", "hero", "hero"]
    assert layouts(3) == others_first  # the second would show the hero
    second = suggest(desk, project_id, 2)
    clips.choose(desk, project_id, 2, second[2].clip_id)
    suggest(desk, project_id, 3, fresh=True)
    assert layouts(3) == ["hero", "grid", "globe", "hero", "grid", "trio"]  # it shows the trio
    assert layouts(1)[0] == "grid"  # the hero was seen a moment ago
    suggest(desk, project_id, 2, fresh=True)
    assert layouts(2) == ["trio", "globe", "hero", "grid", "hero", "grid"]


def test_a_picture_that_cannot_be_had_costs_no_candidate(desk: Studio, archive: Source) -> None:
    """It is offered without one."""
    archive.unpictured = {"volcano"}
    assert titles(suggest(desk, make_project(desk, "volcano")))[0] == "volcano"


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
    archive.facts["volcano"] = {"author": "Ada"}
    again = suggest(desk, project_id, 2)[0]
    assert (again.clip_id, again.author) == (first.clip_id, "Ada")
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


def test_a_choice_keeps_why_it_was_made(desk: Studio) -> None:
    """The words that found it, what the scene said, and when."""
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id, query="volcano at night")[0]
    clips.choose(desk, project_id, 1, clip.clip_id)
    with desk.store.session() as session:
        row = session.scalars(select(ClipSelection)).one()
    assert (row.found_by, row.chosen_text) == ("volcano at night", "Here is scene 1 of them.")
    assert row.chosen_at is not None
    assert abs(row.chosen_at - now()) < timedelta(minutes=1)
    view = clips.selection_view(desk, project_id, 1)
    assert view is not None
    assert (view.found_by, view.check) == ("volcano at night", False)


def rewrite(studio: Studio, project_id: str, *texts: str) -> None:
    """Save other words for the scenes, which stay themselves."""
    scenes = script.get_script(studio, project_id)
    script.save_script(
        studio,
        project_id,
        [
            SceneDraft(text, scene.visual_query, scene_id=scene.scene_id)
            for text, scene in zip(texts, scenes, strict=True)
        ],
    )


BEFORE = "Bees fly out at dawn to find the flowers of the meadow."


@pytest.mark.parametrize(
    ("after", "check"),
    [
        (BEFORE, False),
        ("At dawn, the bees flew out to find flowers in a meadow!", False),
        ("Bees fly out at dawn to find water.", False),
        ("Honey was money in many an ancient kingdom.", True),
        ("Bees make honey in winter, deep in their warm hive.", True),
    ],
    ids=["same", "other words around", "a part", "another subject", "another scene"],
)
def test_a_clip_is_to_be_checked_when_its_scene_says_something_else(
    desk: Studio, after: str, *, check: bool
) -> None:
    """It stays chosen; choosing it again, or confirming it, settles that."""
    project_id = make_project(desk, "bees")
    rewrite(desk, project_id, BEFORE)
    clip = suggest(desk, project_id)[0]
    clips.choose(desk, project_id, 1, clip.clip_id)
    rewrite(desk, project_id, after)
    assert (scene_of(desk, project_id).clip_id, scene_of(desk, project_id).check) == (
        clip.clip_id,
        check,
    )
    assert not clips.confirm_clip(desk, project_id, 1).check
    rewrite(desk, project_id, BEFORE)
    assert not clips.choose(desk, project_id, 1, clip.clip_id).check


def test_only_a_chosen_clip_can_be_confirmed(desk: Studio) -> None:
    """The sentence names the scene."""
    with pytest.raises(ClipNotChosen, match="Scene 1"):
        clips.confirm_clip(desk, make_project(desk, "volcano"), 1)


def test_a_choice_survives_reorder(desk: Studio) -> None:
    """It belongs to the scene, wherever that stands."""
    project_id = make_project(desk, "bees", "city")
    for number in (1, 2):
        clips.choose(desk, project_id, number, suggest(desk, project_id, number)[0].clip_id)
    first, second = script.get_script(desk, project_id)
    drafts = [SceneDraft(s.text, s.visual_query, scene_id=s.scene_id) for s in (second, first)]
    script.save_script(desk, project_id, drafts)
    assert chosen(desk, project_id) == ["city", "bees"]
    assert not any(scene.check for scene in projects.open_project(desk, project_id).scenes)


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
