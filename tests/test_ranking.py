"""Which clip fits a scene, and which scene gets which clip."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from aivideo import ranking
from aivideo.ranking import CONFIDENT, assign, relevance, same, score, shortlist, suitability

LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)


@dataclass(frozen=True)
class Offered:
    """A candidate with what tells it from others."""

    source_id: str
    score: float = 0.5
    author: str = ""
    title: str = "A clip"
    duration_seconds: float | None = 10.0
    source: str = "fixed"


def words(text: str) -> frozenset[str]:
    """The terms of a text as a set."""
    return frozenset(ranking.terms(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("waves", "waving"),
        ("berries", "berry"),
        ("running", "run"),
        ("poured", "pouring"),
        ("glasses", "glass"),
        ("cities", "city"),
        ("drive", "driving"),
        ("rose", "roses"),
        ("bus", "buses"),
        ("dance", "dancing"),
        ("horse", "horses"),
        ("Café", "cafe"),
        ("bee's", "bees"),
        ("STRASSE", "straße"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    """A clip named after a form of the word is found by any other form."""
    assert ranking.terms(one) == ranking.terms(other) != ()


@pytest.mark.parametrize(("one", "other"), [("plane", "planet"), ("car", "care"), ("fir", "fire")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    """Endings are taken off, not meanings."""
    assert ranking.terms(one) != ranking.terms(other)


@pytest.mark.parametrize("word", ["king", "ring", "bed", "gas", "series", "species", "red"])
def test_short_words_keep_what_looks_like_an_ending(word: str) -> None:
    """A stem that is no word any more would meet everything."""
    assert len(ranking.terms(word)[0]) >= 3


def test_words_that_say_nothing_are_left_out() -> None:
    """Numbers, signs and stop words find everything and so nothing."""
    assert ranking.terms("The 24 most of these, & 7!") == ()


def test_a_text_without_blanks_gives_pairs_of_letters() -> None:
    """Chinese, Japanese and Thai have no blanks to split at, and are found all the same."""
    assert words("海洋波浪") & words("大海洋") == {"海洋"}
    assert ranking.terms("海") == ("海",)


def test_other_scripts_keep_their_vowel_signs() -> None:
    """Hindi words stay whole."""
    assert ranking.terms("हिन्दी वीडियो") == ("हिन्दी", "वीडियो")


def test_a_scene_without_a_query_is_searched_by_its_most_telling_phrase() -> None:
    """Three words at most, none of them a stop word."""
    assert ranking.search_words("In the deep ocean, fish sing.") == "deep ocean"
    assert ranking.search_words("But then: honey bees don't sleep at night.") == "honey bees don't"


def test_a_scene_that_says_nothing_is_searched_by_the_topic() -> None:
    """A scene of stop words shows what the video is about."""
    assert ranking.search_words("And so it is.", "The life of coral reefs") == "coral reefs"
    assert ranking.search_words("...", "") == ""


def test_a_clip_that_names_every_word_is_fully_relevant() -> None:
    """The query's words in the title are all that can be asked for."""
    assert relevance(words("ocean waves"), words("big ocean waves at dawn")) == 1.0


def test_a_name_counts_more_than_a_description() -> None:
    """What a clip is called says more than its folder and tags."""
    named = relevance(words("ocean"), words("ocean"))
    described = relevance(words("ocean"), words("beach"), words("ocean"))
    assert named > described > 0.5


def test_the_narration_breaks_ties() -> None:
    """Of two clips that fit the query alike, the one that is spoken about comes first."""
    spoken = words("Bees visit flowers")
    with_bees = relevance(words("meadow"), words("meadow bees"), spoken=spoken)
    without = relevance(words("meadow"), words("meadow cows"), spoken=spoken)
    assert with_bees >= without
    assert relevance(words("field"), words("bees"), spoken=spoken) > 0.0


def test_nothing_in_common_is_not_relevant() -> None:
    """Nor is a clip of which nothing is known, nor a query that says nothing."""
    assert relevance(words("volcano"), words("office meeting")) == 0.0
    assert relevance(words("volcano"), frozenset()) == 0.0
    assert relevance(frozenset(), words("office")) == 0.0


def test_matching_orientation_suits_best() -> None:
    """A portrait clip in a landscape video loses two thirds of its picture, and the reverse."""
    assert suitability(PORTRAIT, PORTRAIT, 10, 6) > suitability(LANDSCAPE, PORTRAIT, 10, 6)
    assert suitability(LANDSCAPE, LANDSCAPE, 10, 6) > suitability(PORTRAIT, LANDSCAPE, 10, 6)


def test_a_clip_as_long_as_its_scene_suits_better_than_a_shorter_one() -> None:
    """Looping and slowing are for want of better; hours of film are hard to search."""
    lengths = [suitability(LANDSCAPE, LANDSCAPE, seconds, 6) for seconds in (2, 5, 10)]
    assert lengths == sorted(lengths)
    assert suitability(LANDSCAPE, LANDSCAPE, 3600, 6) < lengths[-1]
    assert suitability(LANDSCAPE, LANDSCAPE, None, 6) < lengths[-1]


def test_a_sharper_clip_suits_better() -> None:
    """A small picture blown up is blurred."""
    assert suitability((640, 360), LANDSCAPE, 10, 6) < suitability(LANDSCAPE, LANDSCAPE, 10, 6)


def test_unknown_sizes_are_middling() -> None:
    """A source that does not tell sizes is neither favoured nor left out."""
    unknown = suitability((0, 0), LANDSCAPE, 10, 6)
    assert (
        suitability(PORTRAIT, LANDSCAPE, 10, 6) < unknown < suitability(LANDSCAPE, LANDSCAPE, 10, 6)
    )


def test_a_clip_without_a_common_word_is_a_guess_however_well_it_suits() -> None:
    """A perfect picture of something else is not what the scene says."""
    assert score(0.0, 1.0) < CONFIDENT


def test_a_score_stays_between_nought_and_one() -> None:
    """Pages show it as a share."""
    assert score(1.0, 1.0) == 1.0
    assert score(0.0, 0.0) == 0.0


def test_a_talking_title_counts_half() -> None:
    """A compilation or a tutorial has the words and not the pictures."""
    assert score(1.0, 1.0, "TOP 10 ocean waves compilation") == 0.5
    assert score(1.0, 1.0, "Ocean waves, drone footage") == 1.0


def test_a_clip_is_the_same_as_itself_only_in_its_own_source() -> None:
    """Ids are given by each source for itself."""
    assert same(Offered("a"), Offered("a", score=0.1, title="Another title"))
    assert not same(Offered("a"), Offered("a", source="other"))


def test_an_upload_of_the_same_pictures_twice_is_noticed() -> None:
    """The same author, words and length under two ids are the same pictures."""
    first = Offered("a", author="Ann", title="Ocean waves 4K", duration_seconds=20.0)
    again = Offered("b", author="Ann", title="Ocean Waves (HD)", duration_seconds=20.4)
    assert same(first, Offered("b", author="Ann", title="Ocean waves", duration_seconds=20.4))
    assert not same(first, Offered("b", author="Ann", title="Ocean waves", duration_seconds=40.0))
    assert not same(first, Offered("b", author="Ben", title="Ocean waves", duration_seconds=20.0))
    assert not same(first, again)


def test_a_shortlist_is_ordered_and_cut() -> None:
    """The best six, best first, in the same order every time."""
    found = [Offered(f"clip {n}", score=0.1 * n) for n in range(8)]
    assert [one.source_id for one in shortlist(found, 3)] == ["clip 7", "clip 6", "clip 5"]


def test_a_shortlist_takes_two_clips_of_an_author() -> None:
    """Six clips of one shooting are no choice; clips without an author are no one's."""
    mine = [
        Offered(f"a{n}", author="Ann", title=f"Clip {'x' * n}", duration_seconds=5.0 * n)
        for n in range(4)
    ]
    nobody = [Offered(f"n{n}", score=0.1) for n in range(4)]
    found = [one.author for one in shortlist([*mine, *nobody], 6)]
    assert found == ["Ann", "Ann", "", "", "", ""]


def test_a_shortlist_shows_no_pictures_twice() -> None:
    """The second upload of a clip is left out."""
    twice = [Offered("a", author="Ann"), Offered("b", author="Ann")]
    assert [one.source_id for one in shortlist(twice, 6)] == ["a"]


def test_no_clip_is_assigned_twice() -> None:
    """Two scenes about the sea show two clips."""
    sea, shore = Offered("sea", 0.9), Offered("shore", 0.8)
    assert assign([[sea, shore], [sea, shore]]) == [sea, shore]


def test_the_scene_that_would_lose_most_chooses_first() -> None:
    """The first scene can do without the sea, the second cannot."""
    sea, shore, office = Offered("sea", 0.9), Offered("shore", 0.85), Offered("office", 0.3)
    assert assign([[sea, shore], [sea, office]]) == [shore, sea]


def test_a_guess_is_never_assigned() -> None:
    """Better no clip than a random one."""
    assert assign([[Offered("guess", CONFIDENT - 0.01)], []]) == [None, None]


def test_a_clip_that_the_project_shows_already_is_not_assigned() -> None:
    """What was chosen by hand counts as taken."""
    sea, shore = Offered("sea", 0.9), Offered("shore", 0.6)
    assert assign([[sea, shore]], used=[sea]) == [shore]


def test_disjoint_subjects_each_get_their_own_clip() -> None:
    """Clip n belongs to scene n, whatever the order in which they are offered."""
    subjects = ["volcano lava", "honey bees", "city traffic"]
    offers = [
        [
            Offered(name, score(relevance(words(query), words(name)), 0.9))
            for name in reversed(subjects)
        ]
        for query in subjects
    ]
    assert [one and one.source_id for one in assign(offers)] == subjects


def test_two_hundred_scenes_are_assigned_quickly() -> None:
    """The longest script waits no second for it."""
    offers = [[Offered(f"{n % 150}-{m}", 0.9 - 0.1 * m) for m in range(6)] for n in range(200)]
    chosen = [one.source_id for one in assign(offers) if one]
    assert len(chosen) == len(set(chosen)) == 200
