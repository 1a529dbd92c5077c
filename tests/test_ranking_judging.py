"""How a clip is judged, and what people are told about it."""

from __future__ import annotations

from dataclasses import replace

import clip_labels
import pytest

from aivideo.engines.finding import ClipQuery, FoundClip
from aivideo.ranking import CONFIDENT, judge, licence_worth, question, wording
from aivideo.ranking.suiting import talks
from aivideo.ranking.words import is_english, plain_title

LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)
QUERY = ClipQuery("bee on flower", "A bee visits hundreds of blossoms a day.", seconds=6.0)
GOOD = FoundClip(
    source="pexels",
    source_id="1",
    title="Bee on a flower",
    duration_seconds=14.0,
    width=1920,
    height=1080,
    licence="Pexels",
)


def reasons(query: ClipQuery = QUERY, clip: FoundClip = GOOD, **known: float) -> tuple[str, ...]:
    """What is told about a clip."""
    return judge(query, clip, likeness=known.get("likeness")).reasons


# ---------------------------------------------------------------------------- relevance
def test_a_clip_that_says_every_word_may_be_chosen() -> None:
    """By its words alone, wherever its source put it, with the words that decided."""
    judgement = judge(QUERY, GOOD, place=40)
    assert judgement.confident
    assert judgement.reasons[0] == "Its title says 'bee' and 'flower'"


def test_a_clip_that_says_none_is_a_guess() -> None:
    """However free, sharp and long it is, and wherever it stands."""
    judgement = judge(QUERY, replace(GOOD, title="City traffic", licence="own"))
    assert not judgement.confident
    assert judgement.reasons[0] == "Has nothing in common with 'bee on flower'"


def test_meaning_finds_what_words_do_not() -> None:
    """A hoverfly on daisies has no word in common with a pollinator."""
    clip = replace(GOOD, title="Hoverfly on daisies")
    query = ClipQuery("pollinator at work")
    assert not judge(query, clip).confident
    near = judge(query, clip, likeness=0.6)
    assert near.confident
    assert near.reasons[0] == "Close in meaning to 'pollinator at work'"


def test_meaning_rejects_what_only_has_the_words() -> None:
    """A spelling bee at a flower show has both words, and nothing of the kind."""
    pun = replace(GOOD, title="Spelling bee at the flower show")
    assert judge(QUERY, pun).confident
    assert not judge(QUERY, pun, likeness=0.3).confident


@pytest.mark.parametrize("likeness", [None, 0.5], ids=["words", "meaning"])
def test_a_better_place_breaks_ties(likeness: float | None) -> None:
    """The source knows more of its clips than their titles; later places hardly differ."""
    scores = [judge(QUERY, GOOD, likeness=likeness, place=place).score for place in (0, 1, 5, 50)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


@pytest.mark.parametrize("likeness", [None, 0.5], ids=["words", "meaning"])
def test_a_title_of_talk_is_a_guess(likeness: float | None) -> None:
    """It has the words and not the pictures, and says why."""
    clip = replace(GOOD, title="Bee on a flower explained | podcast #12")
    judgement = judge(QUERY, clip, likeness=likeness)
    assert not judgement.confident
    assert "By its title somebody talks, plays or lists in it" in judgement.reasons


@pytest.mark.parametrize(
    "title",
    [
        "How to paint a bee",
        "What is a bee",
        "TOP 10 bees",
        "Bees | Documentary",
        "10 hours of rain",
    ],
)
def test_titles_of_talk_are_known(title: str) -> None:
    """As video sites write them."""
    assert talks(title)


@pytest.mark.parametrize(
    "title",
    ["Bees show how", "Newspaper in the wind", "Factory", "Fingertips on glass", "Top view"],
)
def test_plain_titles_are_not_taken_for_talk(title: str) -> None:
    """A part of a word is no such word."""
    assert not talks(title)


def test_a_description_counts_less_than_a_title() -> None:
    """And a long one less than short tags: it tells stories."""
    titled = judge(QUERY, GOOD).score
    tagged = judge(QUERY, replace(GOOD, title="Insect", description="bee, flower")).score
    long = "bee and flower " + "and much else besides " * 20
    told = judge(QUERY, replace(GOOD, title="Insect", description=long)).score
    assert titled > tagged > told
    assert reasons(clip=replace(GOOD, title="Insect", description="bee, flower"))[0] == (
        "Its description says 'bee' and 'flower'"
    )


def test_a_camera_s_file_name_leaves_the_word_to_its_folder() -> None:
    """What lies in a folder of bees and is called IMG_2031 is as good as its folder's name."""
    clip = replace(GOOD, title="IMG_2031.JPG", description="bee flower")
    assert judge(QUERY, clip).score == judge(QUERY, GOOD).score


def test_the_narration_tells_two_meanings_apart() -> None:
    """Of two clips with one word of the query, the one that is spoken about comes first."""
    query = ClipQuery("orange tree", "The first groves came to Sicily with the farmers.")
    grove = judge(query, replace(GOOD, title="Orange groves of Sicily")).score
    paint = judge(query, replace(GOOD, title="Orange paint on canvas")).score
    assert grove > paint
    assert reasons(query, replace(GOOD, title="Farmers of Sicily"))[0] == (
        "It shares 'Sicily' and 'farmers' with the narration"
    )


def test_a_single_word_needs_more() -> None:
    """It can mean many things: the same share of a longer query says more."""
    one = judge(ClipQuery("success"), replace(GOOD, title="Success")).score
    two = judge(ClipQuery("bee flower"), replace(GOOD, title="Bee flower")).score
    assert one < two


def test_scripts_without_blanks_are_judged_by_their_letters() -> None:
    """Chinese words meet; there the model for meanings is silent."""
    query = ClipQuery("海洋波浪")
    assert judge(query, replace(GOOD, title="海洋波浪")).confident
    assert not judge(query, replace(GOOD, title="火车穿过隧道")).confident


def test_nothing_wanted_is_found_nowhere() -> None:
    """A query of signs alone makes a guess of everything."""
    assert not judge(ClipQuery("..."), GOOD).confident


# -------------------------------------------------------------------------- suitability
@pytest.mark.parametrize(
    ("licence", "worth"),
    [
        ("own", 1.0),
        ("CC0 1.0", 1.0),
        ("Public domain", 1.0),
        ("PD", 1.0),
        ("Pexels", 0.95),
        ("Pixabay", 0.95),
        ("CC BY 4.0", 0.9),
        ("cc-by-3.0", 0.9),
        ("Creative Commons Attribution license (reuse allowed)", 0.9),
        ("CC BY-SA 4.0", 0.6),
        ("Creative Commons Attribution-ShareAlike 4.0", 0.6),
        ("CC BY-NC 4.0", 0.0),
        ("CC BY-ND 2.0", 0.0),
        ("youtube", 0.0),
        ("unknown", 0.0),
        ("", 0.0),
        ("Owned by somebody", 0.0),
    ],
)
def test_freer_licences_are_worth_more(licence: str, worth: float) -> None:
    """What nothing is known of allows nothing."""
    assert licence_worth(licence) == worth


@pytest.mark.parametrize(
    ("licence", "says"),
    [
        ("own", "Your own"),
        ("Pexels", "Free to reuse"),
        ("CC BY 4.0", "Free to reuse with credit"),
        ("CC BY-SA 4.0", "Asks that your video is shared alike"),
        ("youtube", "Not free to reuse"),
    ],
)
def test_the_licence_is_told(licence: str, says: str) -> None:
    """In words, for everybody."""
    assert says in reasons(clip=replace(GOOD, licence=licence))


@pytest.mark.parametrize(("canvas", "best"), [(LANDSCAPE, LANDSCAPE), (PORTRAIT, PORTRAIT)])
def test_the_canvas_shape_comes_first(canvas: tuple[int, int], best: tuple[int, int]) -> None:
    """B21: matching orientation first, the others behind with what is cut off."""
    query = replace(QUERY, size=canvas)
    scores = {
        size: judge(query, replace(GOOD, width=size[0], height=size[1])).score
        for size in (LANDSCAPE, PORTRAIT)
    }
    assert max(scores, key=lambda size: scores[size]) == best


@pytest.mark.parametrize(
    ("size", "canvas", "says"),
    [
        (PORTRAIT, LANDSCAPE, "Portrait: two thirds of it is cut off"),
        (LANDSCAPE, PORTRAIT, "Landscape: two thirds of it is cut off"),
        ((1440, 1080), LANDSCAPE, "Landscape: a quarter of it is cut off"),
        ((1080, 1080), LANDSCAPE, "Square: half of it is cut off"),
        ((3840, 1080), LANDSCAPE, "Landscape: half of it is cut off"),
        ((1440, 1080), (1080, 1080), "Landscape: a quarter of it is cut off"),
        ((3840, 1080), PORTRAIT, "Landscape: three quarters of it is cut off"),
    ],
)
def test_what_is_cut_off_is_told(size: tuple[int, int], canvas: tuple[int, int], says: str) -> None:
    """Before anybody takes the clip; 4:3 loses a quarter."""
    said = reasons(replace(QUERY, size=canvas), replace(GOOD, width=size[0], height=size[1]))
    assert says in said


@pytest.mark.parametrize("size", [LANDSCAPE, (2048, 1080), (0, 0)], ids=["same", "near", "unknown"])
def test_where_hardly_anything_is_lost_nothing_is_told(size: tuple[int, int]) -> None:
    """Nor where nobody knows."""
    said = reasons(clip=replace(GOOD, width=size[0], height=size[1]))
    assert not any("cut off" in reason or "soft" in reason for reason in said)


def test_a_small_picture_comes_later_and_says_so() -> None:
    """Blown up it is soft."""
    small = replace(GOOD, width=640, height=360)
    assert judge(QUERY, small).score < judge(QUERY, GOOD).score
    assert "Only 640 x 360 pixels: it would look soft" in reasons(clip=small)


def test_a_clip_shorter_than_its_scene_comes_later_and_says_so() -> None:
    """Best is one with a little to spare, and not so long that nobody finds the moment."""
    scores = [
        judge(QUERY, replace(GOOD, duration_seconds=seconds)).score
        for seconds in (2.0, 5.0, 6.1, 8.0)
    ]
    assert scores == sorted(scores)
    assert len(set(scores)) == 4
    film = replace(GOOD, duration_seconds=3600.0)
    assert judge(QUERY, film).score < scores[-1]
    short = replace(GOOD, duration_seconds=2.0)
    assert "Shorter than the scene: it would be repeated" in reasons(clip=short)
    assert "Very long: the wanted moment may be hard to find" in reasons(clip=film)


def test_a_film_of_unknown_length_is_taken_for_long_enough() -> None:
    """A picture is not: it does not move, and says so."""
    unknown = replace(GOOD, duration_seconds=None)
    still = replace(unknown, kind="still")
    assert judge(QUERY, unknown).score == judge(QUERY, GOOD).score > judge(QUERY, still).score
    assert "A picture that does not move" in reasons(clip=still)


def test_a_clip_that_another_scene_shows_is_a_guess() -> None:
    """It is told first, by the number of the scene; others' clips do not matter."""
    used = {3: GOOD, 5: GOOD, 2: replace(GOOD, source_id="2", title="Sea")}
    judgement = judge(QUERY, GOOD, used=used)
    assert not judgement.confident
    assert judgement.reasons[0] == "Already used in scene 3"
    assert judge(QUERY, GOOD, used={2: used[2]}).confident


@pytest.mark.parametrize("likeness", [None, -1.0, 0.0, 1.0])
@pytest.mark.parametrize("size", [LANDSCAPE, (1, 10_000), (0, 0)])
def test_a_score_is_a_share(likeness: float | None, size: tuple[int, int]) -> None:
    """Whatever comes together, it lies between nought and one, and every reason is a sentence."""
    clip = replace(GOOD, width=size[0], height=size[1], licence="youtube", duration_seconds=0.0)
    judgement = judge(QUERY, clip, likeness=likeness, used={1: clip})
    assert 0.0 <= judgement.score <= 1.0
    assert all(reason[0].isupper() and reason[-1] != "." for reason in judgement.reasons)


# ----------------------------------------------------------------------------- wording
@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("bee_macro_03.mp4", "bee macro"),
        ("BeeMacro4k.mp4", "Bee Macro"),
        ("harvest-mouse-nest.mov", "harvest mouse nest"),
        ("DSC_0192 flower market", "flower market"),
        ("IMG_2031.JPG", ""),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Grass in the wind 60fps", "Grass in the wind"),
        ("Aerial View of a River", "Aerial View of a River"),
        ("U.S. Navy", "U.S. Navy"),
        ("Videos of imgur", "Videos of imgur"),
    ],
)
def test_a_file_name_is_read_as_words(title: str, words: str) -> None:
    """Endings, numbers and what cameras write say nothing of what is seen."""
    assert plain_title(title) == words


def test_a_clip_s_wording_takes_short_tags_with_it() -> None:
    """A long description tells of other things, and speaks only for a title that says nothing."""
    long = "Filmed on our journey through the south. " * 10
    assert wording(replace(GOOD, description="bee, pollen")) == "Bee on a flower. bee, pollen"
    assert wording(replace(GOOD, description=long)) == "Bee on a flower"
    assert wording(replace(GOOD, title="IMG_2031.JPG", description=long)).startswith(". Filmed")


def test_the_question_takes_english_narration_with_it() -> None:
    """It tells a crane from a crane; another language would only blur the query."""
    assert question(QUERY) == "bee on flower. A bee visits hundreds of blossoms a day."
    german = replace(QUERY, narration="Eine Biene besucht am Tag hunderte von Blüten.")
    assert question(german) == "bee on flower"
    assert question(replace(QUERY, narration="")) == "bee on flower"
    assert not is_english("")


# --------------------------------------------------------------------- the labelled set
def test_the_labelled_scenes_are_whole() -> None:
    """Sixty scenes and more, each with twelve candidates and more, none of them twice."""
    scenes = clip_labels.read()
    assert len(scenes) >= 60
    assert len({scene.query.words for scene in scenes}) == len(scenes)
    for scene in scenes:
        assert 12 <= len(scene.clips) <= 20, scene.query.words
        assert len({clip.title for clip in scene.clips}) == len(scene.clips), scene.query.words
        assert scene.query.narration
    assert sum(not scene.fitting for scene in scenes) >= 4


def test_the_halves_share_no_scene() -> None:
    """What was tuned on one says something on the other only then."""
    tuned, held = clip_labels.halves(clip_labels.read())
    assert abs(len(tuned) - len(held)) <= 1
    assert not {scene.query for scene in tuned} & {scene.query for scene in held}


def test_sure_picks_by_words_are_mostly_right() -> None:
    """B22: on the labelled scenes nine in ten of the clips that would be chosen by themselves."""
    right = []
    for scene in clip_labels.read():
        scored = [
            (judge(scene.query, clip, place=place).score, clip.source_id in scene.fitting)
            for place, clip in enumerate(scene.clips)
        ]
        score, fits = max(scored)
        if score >= CONFIDENT:
            right.append(fits)
    assert len(right) >= 0.75 * 72
    assert sum(right) >= 0.9 * len(right)
