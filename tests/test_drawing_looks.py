"""How drawn scenes look beside each other: layouts, palettes, and how smoothly they move."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final, get_args

import numpy as np
import pytest
import skia
from numpy.typing import NDArray

from aivideo.captions.layout import layout_of as caption_layout
from aivideo.captions.style import Preset, Style
from aivideo.engines.drawing import globe, props, sprites
from aivideo.engines.drawing.moods import MOOD_OF, MOODS
from aivideo.engines.drawing.motion import Moment
from aivideo.engines.drawing.palettes import (
    FAMILIES,
    PALETTES,
    Mood,
    contrast,
    oklab,
    rgb,
    suited,
)
from aivideo.engines.drawing.reading import read
from aivideo.engines.drawing.recipe import VERSION, Recipe
from aivideo.engines.drawing.stage import CALM, Layer, Stage, shape_of
from aivideo.engines.drawing.storyboard import Sketch, sketch
from aivideo.engines.finding import FoundClip
from aivideo.engines.illustration import (
    draw,
    layout_of,
    palette_of,
    palettes_of,
    restyled,
    suited_palette,
    with_palette,
)
from aivideo.errors import IllustrationUnreadable
from aivideo.shots import SIZES

SIZE: Final = (320, 180)
FPS: Final = 30
APART: Final = 60  # degrees of hue between two palettes that nobody takes for one
JITTER: Final = 0.1  # pixels that a step may differ from the step before
STAR: Final = Recipe("hero", "slate", 1, icons=("star",))


def offered(words: str, narration: str, *objects: str) -> list[Sketch]:
    """The candidates of a scene."""
    return sketch(read(words, narration, objects), 3, at_most=6, settable=lambda _: True)


# --- the layout says what the scene says


@pytest.mark.parametrize(
    ("words", "narration", "layout"),
    [
        ("road", "The Romans built more than fifty thousand miles of road.", "number"),
        ("cables", "About 99 percent of all data travels through cables.", "number"),
        ("goat", "A goat herder in Ethiopia saw his goats dance.", "globe"),
        ("physics", "He said: \u201cImagination is more important than knowledge.\u201d", "quote"),
        ("electric car", "An electric car is faster than a bus.", "split"),
        ("tea coffee", "Tea is milder than coffee.", "split"),
        ("tea coffee", "Tea is more popular than coffee.", "split"),
    ],
)
def test_the_layout_is_called_for_by_what_is_said(words: str, narration: str, layout: str) -> None:
    """A key number, a place, a quotation, a comparison come first."""
    assert offered(words, narration)[0].recipe.layout == layout


def test_only_what_is_compared_is_set_against_each_other() -> None:
    """Not what a scene shows besides."""
    sketches = offered("cooking", "Cooking is cheaper than eating out.", "pot", "vegetables")
    split = next((one for one in sketches if one.recipe.layout == "split"), None)
    assert split is None or split.recipe.text == ""
    compared = offered("", "Tea is milder than coffee.", "mug", "tea", "coffee")[0].recipe
    assert (compared.layout, compared.text) == ("split", "VS")
    assert compared.icons == ("teapot", "hot-beverage")


@pytest.mark.parametrize(
    "narration",
    [
        "But here is the surprising part: nobody knew why.",
        "Freedom is never given, it must be demanded.",
        "And that is what nobody had expected.",
        "Aber hier ist der überraschende Teil: Niemand wusste es.",
        "それはまだ誰も知らない。",
    ],
)
def test_an_abstract_scene_is_set_in_type(narration: str) -> None:
    """Where nothing can be shown, words are, and no silly picture."""
    best = offered("", narration)[0].recipe
    assert best.layout in {"statement", "keyword"}
    assert best.icons == ()


def test_a_place_of_which_nothing_else_is_known_gets_a_pin() -> None:
    """There is a map even where there is no icon."""
    best = offered("", "It happened in Kazakhstan, and nobody noticed.")[0].recipe
    assert (best.layout, best.icons, best.labels) == ("globe", ("round-pushpin",), ("Kazakhstan",))


@pytest.mark.parametrize(
    ("words", "narration", "objects"),
    [
        ("honeybee on flower", "A hive holds 60,000 bees.", ("honeybee", "flower")),
        ("", "But here is the surprising part: nobody knew why.", ()),
        ("volcano", "", ()),
        ("", "", ()),
    ],
)
def test_there_are_always_four_layouts_to_choose_from(
    words: str, narration: str, objects: tuple[str, ...]
) -> None:
    """So that no scene has to look like the one before it."""
    layouts = [layout_of(one.recipe.as_json()) for one in offered(words, narration, *objects)]
    assert len(set(layouts)) == len(layouts) >= 4


@pytest.mark.parametrize("preset", get_args(Preset))
@pytest.mark.parametrize("aspect", SIZES)
def test_captions_stand_where_a_drawn_scene_has_nothing(aspect: str, preset: Preset) -> None:
    """Their letters lie below everything that is shown, however many lines they have.

    In a square, where room is dear, four large words on two lines may reach into it.
    """
    layout = caption_layout(aspect, Style(preset=preset))
    lines = 1 if (aspect, preset) == ("1:1", "pop") else layout.lines
    assert layout.bottom + lines * layout.size < CALM[shape_of(SIZES[aspect])]


# --- the colours of a project


def test_a_project_has_one_family_of_palettes() -> None:
    """The same for the same project, two or three, all of them known; projects differ."""
    families = {palettes_of(f"project {index}") for index in range(60)}
    assert families == set(FAMILIES.values())
    assert palettes_of("project 1") == palettes_of("project 1")
    for family in families:
        assert 2 <= len(family) <= 3
        assert set(family) <= PALETTES.keys()


@pytest.mark.parametrize(
    ("topic", "mood"),
    [
        ("How bees make honey", "garden"),
        ("Wie Bienen Honig machen", "garden"),
        ("The perfect cup of coffee", "hearth"),
        ("Why the sea is salty", "water"),
        ("Los planetas del sistema solar", "night"),
        ("How to save money as a student", "work"),
        ("The rules of football", "play"),
        ("The history of jazz music", "stage"),
    ],
)
def test_the_palettes_go_with_the_topic(topic: str, mood: Mood) -> None:
    """In whichever language, and whatever the project."""
    assert palettes_of("one", topic) == palettes_of("two", topic) == FAMILIES[mood]


def test_a_word_calls_for_one_mood() -> None:
    """Or the order of the lists would decide."""
    assert len(MOOD_OF) == sum(len(words) for words in MOODS.values())


def test_a_topic_that_calls_for_no_colours_leaves_it_to_the_project() -> None:
    """Then projects differ as they do without a topic."""
    for index in range(20):
        assert palettes_of(f"{index}", "Why nobody knew") == palettes_of(f"{index}")


@pytest.mark.parametrize("family", FAMILIES.values())
def test_no_family_is_all_of_one_hue(family: tuple[str, ...]) -> None:
    """Or a video with drawn scenes would be blue from beginning to end."""
    tones = [oklab(PALETTES[name].mesh[1]) for name in family]
    hues = [np.degrees(np.arctan2(b, a)) % 360 for _, a, b in tones]
    apart = [abs((one - two + 180) % 360 - 180) for one, two in itertools.combinations(hues, 2)]
    assert max(apart) > APART


def test_the_palette_of_a_recipe_can_be_changed() -> None:
    """Nothing else changes."""
    before = STAR.as_json()
    after = with_palette(before, "plum")
    assert palette_of(after) == "plum"
    assert {**after, "palette": "slate"} == before
    with pytest.raises(IllustrationUnreadable):
        with_palette(before, "beige")


def test_an_icon_gets_the_palette_of_the_family_that_it_stands_out_from() -> None:
    """But not that of the scene before, while another one will do."""
    family = ("midnight", "plum", "lagoon")
    first = suited_palette(STAR.as_json(), family)
    second = suited_palette(STAR.as_json(), family, {first})
    assert first != second
    assert {first, second} < set(family)
    assert suited(None, family, {"midnight"}) == "plum"
    assert suited(None, family, {"midnight", "plum"}) == "lagoon"
    assert suited(None, family, set(family)) == "midnight"


def test_an_icon_is_not_lost_for_the_sake_of_change() -> None:
    """Where only one palette of a family shows an icon, it comes twice."""
    blue = rgb("#2c56d8")
    family = ("coral", "midnight")
    assert contrast(blue, PALETTES["midnight"]) < 0.1
    assert suited(blue, family, {"coral"}) == "coral"


@pytest.mark.parametrize("family", FAMILIES.values())
def test_every_family_shows_every_colour(family: tuple[str, ...]) -> None:
    """Whatever the icon, one palette of each family lets it stand out."""
    icons = [rgb(code) for code in ("#1a1a1f", "#f5f5f5", "#d33a2f", "#ffc93c", "#2f9e4f")]
    for icon in icons:
        best = PALETTES[suited(icon, family)]
        assert contrast(icon, best) > 0.15


def test_a_candidate_in_other_colours_is_another_one() -> None:
    """Its id changes with its recipe, and its thumbnail has to be drawn again."""
    clip = FoundClip("illustrated", "x", "Star, drawn", width=1920, height=1080)
    clip = FoundClip(**{**vars(clip), "recipe": STAR.as_json(), "thumbnail": "old.jpg"})
    other = restyled(clip, "plum")
    assert palette_of(other.recipe) == "plum"
    assert other.source_id == Recipe("hero", "plum", 1, icons=("star",)).name((1920, 1080))
    assert other.thumbnail == ""
    assert other.title == clip.title


def test_a_recipe_of_the_version_before_is_drawn() -> None:
    """Projects that were made before are filmed as they are."""
    old = {**STAR.as_json(), "version": VERSION - 1}
    assert len(list(draw(old, (64, 36), 30, 2))) == 2


# --- how things move


def centre(layer: Layer, moment: Moment) -> NDArray[np.float64]:
    """Where the middle of what a layer draws lies, to a fraction of a pixel."""
    pixels = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    surface = skia.Surface(pixels, colorType=skia.kBGRA_8888_ColorType)
    layer(surface.getCanvas(), moment)
    seen = pixels[..., 3].astype(np.float64)
    rows, columns = np.indices(seen.shape)
    weight = float(seen.sum())
    return np.array([float((axis * seen).sum()) / weight for axis in (columns, rows)])


def hovering(stage: Stage) -> Layer:
    """An icon that sways and drifts."""
    return props.hovering(stage.icon(0, 60), (150.3, 80.7), sway=3.0, drift=(9.0, -4.0))


def glass(stage: Stage) -> Layer:
    """A pane of glass."""
    pane = sprites.tile(70, 70, stage.palette.glow, radius=10, shadow=False)
    return props.hovering(pane, (150.3, 80.7), sway=3.0, tilt=0, phase=0.1)


def land(stage: Stage) -> Layer:
    """A globe that turns, with one dot on it."""
    ball = globe.Ball(stage, (150.3, 80.7), 50, np.array([[30.0, 15.0]]))
    return ball.paint


@pytest.mark.parametrize("layer", [hovering, glass, land])
def test_what_moves_moves_between_pixels(layer: Callable[[Stage], Layer]) -> None:
    """After its entrance no step differs from the one before by a tenth of a pixel."""
    painted = layer(Stage(STAR, SIZE, 6.0))
    centres = [centre(painted, Moment(2.0 + index / FPS, 6.0)) for index in range(40)]
    steps = [b - a for a, b in itertools.pairwise(centres)]
    jitter = max(float(np.abs(b - a).max()) for a, b in itertools.pairwise(steps))
    assert jitter < JITTER
    assert max(float(np.abs(step).max()) for step in steps) < 1.0
    assert sum(float(np.abs(step).max()) for step in steps) > 0.5
