"""The illustrated scenes: what is offered for a text, and what is drawn of it."""

from __future__ import annotations

import importlib.util
import io
import itertools
import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from aivideo.engines.drawing import figures, phrases, sprites, vocabulary
from aivideo.engines.drawing.lettering import covers, fit, width
from aivideo.engines.drawing.palettes import PALETTES, contrast, ranked, rgb
from aivideo.engines.drawing.picture import LAYOUTS, Picture
from aivideo.engines.drawing.reading import read
from aivideo.engines.drawing.recipe import VERSION, Recipe, read_recipe
from aivideo.engines.drawing.stage import CALM, shape_of
from aivideo.engines.drawing.storyboard import CARDS
from aivideo.engines.drawing.vocabulary import split_words, terms
from aivideo.engines.finding import ClipQuery, FoundClip, Wanted
from aivideo.engines.illustration import Illustrator, _drawing, draw, drawn_size
from aivideo.errors import (
    ArtworkMissing,
    DrawingUnavailable,
    IllustrationUnreadable,
    NothingToFetch,
)
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace

ICONS: Final = Path(__file__).parent.parent / "assets" / "icons"
SIZES: Final = {"wide": (320, 180), "square": (180, 180), "tall": (180, 320)}
FPS: Final = 30
BEES: Final = ClipQuery(
    "honeybee on flower", "A single hive holds up to 60,000 bees, and each makes a little honey."
)

Frame = NDArray[np.int16]


@pytest.fixture
def illustrator(settings: Settings, workspace: Workspace) -> Illustrator:
    """The real source; it needs no network and no fake."""
    return Illustrator(settings, workspace)


def recipe(layout: str, *, seed: int = 5, palette: str = "midnight") -> Recipe:
    """A recipe that gives a layout everything that it can show."""
    plain = layout in {"waves", "network", "ripples", "shapes"}
    text = {
        "number": "bees in one hive",
        "keyword": "Event horizon",
        "quote": "Nobody knew why the river ran backwards that night.",
        "statement": "Nobody knew why the river ran backwards that night.",
        "split": "VS",
    }
    return Recipe(
        layout=layout,
        palette=palette,
        seed=seed,
        icons=() if plain else ("honeybee", "sunflower", "honey-pot", "blossom"),
        labels=() if plain else ("Bees", "Flower", "Honey", "Blossom"),
        text=text.get(layout, ""),
        figure="40,000" if layout == "number" else "",
        place=(39.2, 9.0) if layout == "globe" else None,
    )


def frames_of(
    what: Recipe, size: tuple[int, int], seconds: float, times: list[float]
) -> list[Frame]:
    """The colours of a scene at some times, (height, width, 3)."""
    picture = Picture(what, size, seconds)
    frames = []
    for time in times:
        picture.paint(time)
        frames.append(picture.pixels[..., :3].astype(np.int16))
    return frames


def edges(frame: Frame, rows: slice) -> float:
    """The share of a frame's pixels, in some rows, that differ clearly from their neighbours."""
    grey = frame.mean(axis=2)[rows]
    return float((np.abs(np.diff(grey, axis=1)) > 6).mean())


def found(illustrator: Illustrator, query: ClipQuery) -> list[FoundClip]:
    """The candidates for a query, with their thumbnails."""
    return [finish(illustrator.picture(clip)) for clip in finish(illustrator.find(query))]


# --- what is offered


def test_a_scene_is_offered_four_to_six_different_pictures(illustrator: Illustrator) -> None:
    """No two candidates share their layout or their colours."""
    clips = found(illustrator, BEES)
    assert 4 <= len(clips) <= 6
    assert len({clip.recipe["layout"] for clip in clips}) == len(clips)
    assert len({clip.recipe["palette"] for clip in clips}) == len(clips)
    assert len({clip.source_id for clip in clips}) == len(clips)


def test_the_best_picture_comes_first_and_is_on_topic(illustrator: Illustrator) -> None:
    """Candidates are sorted by an honest score, and a bee scene shows a bee."""
    clips = found(illustrator, BEES)
    scores = [clip.score for clip in clips]
    assert scores == sorted(scores, reverse=True)
    assert 0.6 < scores[0] <= 1.0
    assert all("honeybee" in str(clip.recipe["icons"]) for clip in clips if clip.score > 0.2)


def test_a_picture_says_whose_work_it_is(illustrator: Illustrator) -> None:
    """Author, licence and source of the artwork come with every candidate."""
    clip = found(illustrator, BEES)[0]
    assert (clip.source, clip.kind, clip.licence) == ("illustrated", "illustration", "MIT")
    assert "Fluent Emoji" in clip.author
    assert clip.url.startswith("https://")
    assert clip.licence_url.startswith("https://")
    assert clip.title.endswith(", drawn")
    assert (clip.width, clip.height) == (1920, 1080)


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1080, 1080)])
def test_a_thumbnail_has_the_shape_of_the_canvas(
    illustrator: Illustrator, workspace: Workspace, size: tuple[int, int]
) -> None:
    """It is a JPEG in the workspace, 480 pixels wide, with something on it."""
    clip = found(illustrator, ClipQuery("bee", size=size, at_most=1))[0]
    path = workspace.confine(clip.thumbnail)
    image = Image.open(path)
    assert image.format == "JPEG"
    assert image.size == (480, round(480 * size[1] / size[0]))
    assert np.asarray(image).std() > 8


def test_the_same_scene_is_offered_the_same_pictures(illustrator: Illustrator) -> None:
    """Source ids stay for ever, and thumbnails are drawn once."""
    first, again = found(illustrator, BEES), found(illustrator, BEES)
    assert first == again


def test_scenes_with_the_same_subject_do_not_all_look_alike(illustrator: Illustrator) -> None:
    """The narration decides between equals: ten scenes about bees get several first choices."""
    looks = set()
    for index in range(10):
        query = ClipQuery("honeybee on flower", f"This is what bees do, {'x' * index}.", at_most=1)
        best = found(illustrator, query)[0]
        looks.add((best.recipe["layout"], best.recipe["palette"]))
    assert len(looks) >= 4


def test_another_canvas_gives_another_id(illustrator: Illustrator) -> None:
    """A thumbnail of one shape is never shown for another."""
    wide = found(illustrator, BEES)[0]
    tall = found(illustrator, ClipQuery(BEES.words, BEES.narration, size=(1080, 1920)))[0]
    assert wide.source_id != tall.source_id


@pytest.mark.parametrize(
    ("words", "narration"),
    [
        ("", ""),
        ("   ", "\n"),
        ("???", "!!! ..."),
        ("🙂🙂", "🙂"),
        ("", "But here is the surprising part: nobody knew why."),
        ("", "それはまだ誰も知らない。"),
        ("", "The third thing is to store it well."),
        ("xyzzy plugh", "0"),
        ("close up shot", "a" * 2000),
    ],
)
def test_a_text_that_shows_nothing_still_gets_pictures(
    illustrator: Illustrator, words: str, narration: str
) -> None:
    """There is always a picture; that it is a guess is said by its score."""
    clips = found(illustrator, ClipQuery(words, narration))
    assert len(clips) >= 4
    assert min(clip.score for clip in clips) < 0.2


def test_no_more_than_wanted_are_offered(illustrator: Illustrator) -> None:
    """``at_most`` is kept, below four too."""
    assert len(found(illustrator, ClipQuery("volcano", "Volcanoes erupt.", at_most=2))) == 2


def test_at_most_two_candidates_are_words(illustrator: Illustrator) -> None:
    """A picture is wanted, not a page."""
    query = ClipQuery("", "Nobody knew why 90 percent of the surprising evidence vanished.")
    layouts = [clip.recipe["layout"] for clip in found(illustrator, query)]
    assert 1 <= len(CARDS.intersection(map(str, layouts))) <= 2


def test_a_number_in_the_narration_gets_its_card(illustrator: Illustrator) -> None:
    """Sixty thousand bees are shown as a number that counts them."""
    cards = [clip.recipe for clip in found(illustrator, BEES) if clip.recipe["layout"] == "number"]
    assert [(card["figure"], card["text"]) for card in cards] == [("60,000", "bees")]


def test_a_place_in_the_narration_is_pinned_on_the_globe(illustrator: Illustrator) -> None:
    """Ethiopia is found where it lies, and named."""
    query = ClipQuery("coffee beans", "A goat herder in Ethiopia noticed his goats dancing.")
    globes = [clip for clip in found(illustrator, query) if clip.recipe["layout"] == "globe"]
    assert globes[0].title == "Ethiopia on the globe, drawn"
    assert globes[0].recipe["labels"] == ("Ethiopia",)


def test_the_whole_world_turns_without_a_pin(illustrator: Illustrator) -> None:
    """A thought about all the earth gets a globe that is not about one place."""
    query = ClipQuery("internet cables", "The internet reaches almost every country in the world.")
    globes = [clip for clip in found(illustrator, query) if clip.recipe["layout"] == "globe"]
    assert globes[0].recipe["place"] is None
    assert globes[0].title.endswith("and the world, drawn")


def test_closing_the_work_leaves_no_draft(illustrator: Illustrator, workspace: Workspace) -> None:
    """Cancelling is clean."""
    work = illustrator.picture(finish(illustrator.find(BEES))[0])
    next(work)
    work.close()
    assert not list(workspace.root.rglob("*.draft-*"))


def test_there_is_nothing_to_fetch(illustrator: Illustrator) -> None:
    """A drawn scene has no file, and says what to do instead."""
    with pytest.raises(NothingToFetch, match="drawn while the video is rendered"):
        finish(illustrator.fetch(Wanted("abc")))


def test_the_source_says_that_it_works(illustrator: Illustrator) -> None:
    """The health list is told after a picture was really drawn."""
    health = illustrator.check()
    assert health.works
    assert health.tried


def test_a_missing_library_is_said_in_a_sentence() -> None:
    """Where skia does not load, the person reads what to install."""
    with pytest.raises(DrawingUnavailable, match="pip install") as caught, _drawing():
        raise ImportError("libGL.so.1: cannot open shared object file")
    assert "libGL" in caught.value.detail


# --- what the words say


@pytest.mark.parametrize(
    ("text", "icon"),
    [
        ("honeybee on flower", "honeybee"),
        ("Inside a battery, lithium ions travel.", "battery"),
        ("The Romans built roads.", "classical-building"),
        ("a Roman road of stones", "motorway"),
        ("Inflation eats your savings.", "money-with-wings"),
        ("While you sleep, the brain works.", "zzz"),
        ("coffee beans", "hot-beverage"),
        ("Nothing escapes a black hole.", "milky-way"),
        ("jazz in New Orleans", "saxophone"),
        ("sourdough bread", "bread"),
        ("Volcanoes erupt.", "volcano"),
        ("chess pieces", "chess-pawn"),
        ("The internet is a network of cables.", "globe-with-meridians"),
        ("Wolves hunt at night.", "wolf"),
        ("Leaves turn sunlight into sugar.", "leaf-fluttering-in-wind"),
        ("a hot dog stand", "hot-dog"),
        ("the stock market", "chart-increasing"),
        ("DNA and genes", "dna"),
        ("The immune system fights viruses.", "shield"),
        ("Batteries store energy.", "battery"),
    ],
)
def test_words_call_for_icons(text: str, icon: str) -> None:
    """What a text names is among its first three icons."""
    assert icon in [hit.slug for hit in read(text, "").hits[:3]]


@pytest.mark.parametrize(
    ("text", "silly"),
    [
        ("The third reason is simple.", "medal"),
        ("Plants store energy.", "store"),
        ("a hot dog stand", "dog"),
        ("Fortune favours the bold.", "fortune-cookie"),
        ("He crosses the street.", "latin-cross"),
        ("Prices rose last year.", "rose"),
        ("Turn right and watch the time.", "watch"),
        ("It can fall at any second.", "fallen-leaf"),
    ],
)
def test_words_call_for_nothing_silly(text: str, silly: str) -> None:
    """A wrong picture is worse than none."""
    for slug in (hit.slug for hit in read(text, "").hits):
        assert slug != silly
        assert not slug.endswith(f"-{silly}") or silly == "dog"


def test_a_phrase_is_found_before_its_words() -> None:
    """The longest known phrase wins, the plural of its last word too."""
    found_terms = list(
        terms(split_words("Black holes and solar systems"), vocabulary.vocabulary().words)
    )
    assert [term.key for term in found_terms] == ["black holes", "solar system"]


def test_the_narration_fills_what_the_query_leaves_open() -> None:
    """Icons of the query come first; those of the narration are known by its words."""
    hits = read("coffee", "A goat found it.").hits
    assert hits[0].slug == "hot-beverage"
    goat = next(hit for hit in hits if hit.slug == "goat")
    assert (goat.said, goat.mentioned) == ("goat", 1)


@pytest.mark.parametrize(
    ("text", "figure", "counts"),
    [
        ("A hive holds up to 60,000 bees.", "60,000", "bees"),
        (
            "About 99 percent of international data travels by cable.",
            "99%",
            "of international data",
        ),
        ("It lost 75% of its value.", "75%", "of its value"),
        ("More than fifty thousand miles of road were built.", "50,000", "miles of road"),
        ("Two hundred and twelve degrees is enough.", "212", "degrees"),
        ("It costs $3.", "$3", ""),
        ("About 7 million people came.", "7", "million people"),
        ("In 1969 we landed on the moon.", "1969", ""),
        ("The tree is 1500 years old.", "1500", "years"),
    ],
)
def test_numbers_worth_showing_are_found(text: str, figure: str, counts: str) -> None:
    """In digits or spelled out, with what they count; a year counts nothing."""
    number = figures.find(text)
    assert number is not None
    assert number.text == figure
    assert number.counts.startswith(counts)


@pytest.mark.parametrize("text", ["", "It has three parts.", "One and only.", "No number and."])
def test_small_numbers_are_counted_not_shown(text: str) -> None:
    """Three things are no figure."""
    assert figures.find(text) is None


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Nothing escapes once it crosses the event horizon.", "Event horizon"),
        ("But here is the surprising part.", "Surprising part"),
        ("Inside, lithium ions travel from one side to the other.", "Lithium ions"),
        ("It was the story of the year.", "Story"),
        ("", ""),
    ],
)
def test_the_words_that_matter_most_are_found(text: str, phrase: str) -> None:
    """A phrase ends in a noun and has no small words in it."""
    assert phrases.phrase(text) == phrase


def test_a_statement_is_short_and_whole() -> None:
    """A long sentence gives its first clause that stands alone; numbers are not cut at commas."""
    text = f"A single hive holds up to 60,000 bees, {'and so on ' * 12}."
    assert phrases.statement(text) == "A single hive holds up to 60,000 bees"
    assert phrases.statement("Why?") == ""


def test_letters_that_our_fonts_lack_are_not_set(illustrator: Illustrator) -> None:
    """Mongolian narration gets pictures, never boxes in place of letters."""
    assert covers("Größe, عربي, हिन्दी")
    assert covers("日本, বাংলা")
    assert not covers("\u182e\u1823\u1829")
    clips = found(
        illustrator,
        ClipQuery("train", "\u182d\u1820\u182f \u1832\u1821\u1837\u182d\u1821 \u182d\u1820\u182f."),
    )
    assert not CARDS.intersection(str(clip.recipe["layout"]) for clip in clips)


# --- what is drawn


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_draws_in_every_shape(layout: str, shape: str) -> None:
    """Frames have the asked number and size, and show something."""
    size = SIZES[shape]
    frames = list(draw(recipe(layout).as_json(), size, 5, 10))
    assert len(frames) == 10
    assert {len(frame) for frame in frames} == {size[0] * size[1] * 4}
    pixels = np.frombuffer(frames[-1], np.uint8).reshape(size[1], size[0], 4)
    assert pixels[..., :3].std() > 10
    assert (pixels[..., 3] == 255).all()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_recipe_gives_the_same_bytes(layout: str) -> None:
    """Also after it was kept as JSON in a row."""
    data = recipe(layout).as_json()
    kept = json.loads(json.dumps(data))
    assert list(draw(data, (96, 54), 3, 4)) == list(draw(kept, (96, 54), 3, 4))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_jumps_and_nothing_stands_still(layout: str) -> None:
    """After the entrances each frame differs from the one before, a little, and evenly."""
    times = [index / FPS for index in range(90, 150)]
    frames = frames_of(recipe(layout), SIZES["wide"], 5.0, times)
    steps = [float(np.abs(b - a).mean()) for a, b in itertools.pairwise(frames)]
    assert min(steps) > 0.03
    assert max(steps) < 2.5
    assert max(abs(b - a) for a, b in itertools.pairwise(steps)) < 0.5


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_first_seconds_are_lively(layout: str) -> None:
    """The picture has changed clearly when a second is over."""
    first, then = frames_of(recipe(layout), SIZES["wide"], 5.0, [0.0, 1.0])
    assert np.abs(then - first).mean() > 1.0


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_place_of_the_captions_is_calm(layout: str, shape: str) -> None:
    """The lower part has hardly an edge, from the first frame to the last."""
    size = (SIZES[shape][0] * 2, SIZES[shape][1] * 2)
    top = round(size[1] * (1 - CALM[shape_of(size)]))
    for frame in frames_of(recipe(layout), size, 5.0, [0.5, 2.5, 4.9]):
        assert edges(frame, slice(top, None)) < 0.02


@pytest.mark.parametrize("palette", PALETTES)
def test_white_captions_can_be_read_on_every_palette(palette: str) -> None:
    """Where captions stand, white has a contrast of 3:1 or more."""
    (frame,) = frames_of(recipe("hero", palette=palette), SIZES["wide"], 5.0, [4.0])
    foot = frame[round(180 * 0.8) :] / 255
    blue, green, red = (float((foot[..., channel] ** 2.2).mean()) for channel in range(3))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert 1.05 / (luminance + 0.05) >= 3


def test_motion_is_paced_over_the_length() -> None:
    """A scene of a second has all its steps too, and a very short one draws."""
    picture = recipe("steps")
    (short,) = frames_of(picture, SIZES["wide"], 1.0, [0.97])
    (start,) = frames_of(picture, SIZES["wide"], 20.0, [0.97])
    last = slice(230, 300)
    assert edges(short[:, last], slice(40, 110)) > edges(start[:, last], slice(40, 110))
    assert len(list(draw(picture.as_json(), (64, 36), 30, 1))) == 1


def test_a_picture_without_icons_for_its_layout_still_draws() -> None:
    """Cards do without icons, a journey without a traveller, a globe without a place."""
    bare = [
        Recipe("number", "coral", 1, text="of it", figure="75%"),
        Recipe("keyword", "sky", 2, text="Truth"),
        Recipe("quote", "plum", 3, text="Nobody knew why it was so."),
        Recipe("journey", "slate", 4, icons=("house", "school")),
        Recipe("globe", "forest", 5, icons=("airplane",)),
        Recipe("split", "ember", 6, icons=("sun", "crescent-moon")),
        Recipe("trio", "lagoon", 7, icons=("sun", "star")),
    ]
    for one in bare:
        frame = np.frombuffer(list(draw(one.as_json(), (96, 54), 1, 2))[-1], np.uint8)
        assert frame.reshape(-1, 4)[:, :3].std() > 8


@pytest.mark.parametrize(
    ("canvas", "drawn"),
    [
        ((1920, 1080), (1600, 900)),
        ((1080, 1920), (900, 1600)),
        ((1080, 1080), (900, 900)),
        ((3840, 2160), (1600, 900)),
        ((640, 360), (640, 360)),
    ],
)
def test_the_drawn_size_keeps_the_shape(canvas: tuple[int, int], drawn: tuple[int, int]) -> None:
    """At most 900 pixels on the shorter side, never more than the canvas, even numbers."""
    assert drawn_size(canvas) == drawn


@pytest.mark.parametrize(
    "change",
    [
        {"version": VERSION + 1},
        {"layout": "fresco"},
        {"palette": "beige"},
        {"icons": "honeybee"},
        {"seed": "many"},
        {"place": [1.0]},
    ],
)
def test_a_recipe_of_another_version_is_refused(change: dict[str, object]) -> None:
    """The sentence says what to do: suggest again."""
    data = {**recipe("globe").as_json(), **change}
    with pytest.raises(IllustrationUnreadable, match="Suggest clips for the scene again"):
        next(draw(data, (64, 36), 30, 1))


def test_a_recipe_survives_being_kept() -> None:
    """What comes back from a row is what was put in."""
    one = recipe("globe")
    assert read_recipe(json.loads(json.dumps(one.as_json()))) == one


def test_missing_artwork_is_said_in_a_sentence(tmp_path: Path) -> None:
    """An icon that is not in the archive, an index that is not there."""
    with pytest.raises(ArtworkMissing, match="Install the app again"):
        sprites.read_icon("no-such-icon")
    with pytest.raises(ArtworkMissing, match=r"gone\.json"):
        vocabulary._read(tmp_path / "gone.json")


# --- colours and letters


def test_an_icon_gets_a_palette_that_it_stands_out_from() -> None:
    """The four that come first are the four with the most contrast, in the seed's order."""
    black = rgb("#1a1a1f")
    by_contrast = sorted(PALETTES.values(), key=lambda palette: -contrast(black, palette))
    for seed in range(5):
        first = ranked(black, seed)[:4]
        assert {palette.name for palette in first} == {p.name for p in by_contrast[:4]}
    assert len({ranked(black, seed)[0].name for seed in range(20)}) > 1
    assert len(ranked(None, 1)) == len(PALETTES)


def test_a_text_is_set_to_fit() -> None:
    """No line is wider than the room, all lines together not higher."""
    setting = fit("Nobody knew why the river ran backwards", 300, 120, largest=90, most_lines=3)
    assert len(setting.lines) <= 3
    assert max(width(" ".join(line), setting.size) for line in setting.lines) <= 300
    assert setting.leading * len(setting.lines) <= 120


def test_a_word_too_long_for_its_room_is_made_small() -> None:
    """It ends, even where nothing fits."""
    assert fit("Donaudampfschifffahrt" * 9, 40, 20, largest=60).size < 9


# --- the artwork


def maker() -> ModuleType:
    """The script that made the artwork."""
    spec = importlib.util.spec_from_file_location("make_icons", ICONS / "make_icons.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_index_is_made_from_the_words_as_they_stand() -> None:
    """Nobody changed the one without the other."""
    chosen = maker().read_words((ICONS / "words.txt").read_text("utf-8"))
    index = json.loads((ICONS / "index.json").read_text("utf-8"))
    assert index["words"] == chosen.words
    assert index["asked"] == chosen.asked
    assert {slug: icon["name"] for slug, icon in index["icons"].items()} == chosen.names
    assert {slug for slug, icon in index["icons"].items() if icon["stands"]} == chosen.standing


def test_every_icon_is_there_and_can_be_read() -> None:
    """The archive holds what the index names, 512 pixels wide with alpha; no word dangles."""
    known = vocabulary.vocabulary()
    with zipfile.ZipFile(ICONS / "icons.zip") as archive:
        assert {f"{slug}.webp" for slug in known.names} == set(archive.namelist())
        for name in archive.namelist()[::40]:
            image = Image.open(io.BytesIO(archive.read(name)))
            assert (image.size, image.mode) == ((512, 512), "RGBA")
    assert {slug for icons in known.asked.values() for slug in icons} <= set(known.names)
