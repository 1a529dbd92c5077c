"""Whether everyday topics get a picture that fits."""

from __future__ import annotations

import pytest
from everyday_topics import Topic, topics
from named_objects import NAMED, SHOWS_NOTHING
from visible_objects import visible_objects

from aivideo.engines.drawing.reading import Reading, read
from aivideo.engines.drawing.storyboard import sketch
from aivideo.engines.drawing.vocabulary import vocabulary

WANTED = 300
MOST_MISNAMED = 4
MOST_UNFIT = 50  # of six hundred visible things; today there are 44
MOST_MISSES = 10  # of all topics; today it is less than half of that


def main_picture(topic: Topic) -> str:
    """The icon that stands for a topic in the best candidate; empty where there is none."""
    query, narration = ("", topic.text) if topic.spoken else (topic.text, "")
    return first_icon(read(query, narration))


def first_icon(reading: Reading) -> str:
    """The main picture of the best candidate; empty where there is none."""
    best = sketch(reading, 7, at_most=6, settable=lambda _: True)[0]
    return best.recipe.icons[0] if best.recipe.icons else ""


def test_everyday_topics_get_a_fitting_main_picture() -> None:
    """Of some five hundred topics nearly all do; those that do not are listed."""
    shown = {topic: main_picture(topic) for topic in topics()}
    misses = [f"{t.text}: {icon or 'none'}" for t, icon in shown.items() if icon not in t.icons]
    assert len(shown) - len(misses) >= WANTED, misses
    assert len(misses) <= MOST_MISSES, misses


def test_topics_are_many_and_name_icons_that_exist_mostly() -> None:
    """Each topic is asked once, and has an icon among ours that would fit."""
    everything = topics()
    assert len({topic.text for topic in everything}) == len(everything) >= WANTED
    shipped = set(vocabulary().names)
    assert [topic.text for topic in everything if not topic.icons & shipped] == []


def test_things_that_a_model_names_get_a_fitting_picture() -> None:
    """As they were written by one, two hundred of them; those that do not are listed."""
    shown = {name: read("", "", (name,)).hits for name in NAMED}
    first = {name: hits[0].slug if hits else "none" for name, hits in shown.items()}
    misses = [f"{name}: {icon}" for name, icon in first.items() if icon != NAMED[name]]
    assert len(NAMED) >= 200
    assert len(misses) <= MOST_MISNAMED, misses


def test_visible_things_get_a_fitting_picture_or_none() -> None:
    """Of six hundred that a script could name nearly all do; those that do not are listed."""
    things = visible_objects()
    shown = {name: first_icon(read("", "", (name,))) or "-" for name in things}
    misses = [f"{name}: {icon}" for name, icon in shown.items() if icon not in things[name]]
    assert len(things) >= 600
    assert {icon for icons in things.values() for icon in icons} - {"-"} <= set(vocabulary().names)
    assert len(misses) <= MOST_UNFIT, misses


@pytest.mark.parametrize(
    "name",
    ["people", "member", "team members", "expert", "professionals", "workers", "bee workers"],
)
def test_people_in_general_call_for_no_office(name: str) -> None:
    """Who works need not do so at a desk."""
    shown = {hit.slug for hit in read("", "", (name,)).hits}
    assert shown.isdisjoint({"briefcase", "office-worker", "office-building"})


def test_what_nobody_can_see_gets_no_picture() -> None:
    """Though a model names it as a thing."""
    shown = {name: [hit.slug for hit in read("", "", (name,)).hits] for name in SHOWS_NOTHING}
    silly = {name: icons for name, icons in shown.items() if icons}
    assert len(silly) <= MOST_MISNAMED, silly


@pytest.mark.parametrize(
    ("objects", "icons"),
    [
        (("goat", "coffee cup", "desert"), ["goat", "hot-beverage", "desert"]),
        (("a watch", "an old key", "a rose"), ["watch", "old-key", "rose"]),
        (("planet", "sun", "moon"), ["ringed-planet", "sun", "full-moon"]),
        (("coins", "shopping cart", "chart"), ["coin", "shopping-cart", "bar-chart"]),
    ],
)
def test_the_objects_of_a_scene_come_first_in_their_order(
    objects: tuple[str, ...], icons: list[str]
) -> None:
    """What the script says can be seen goes before what query and narration suggest."""
    reading = read("busy street in the city", "Every morning the trains are full.", objects)
    assert [hit.slug for hit in reading.hits[:3]] == icons
    assert reading.covered == 1.0


@pytest.mark.parametrize(
    ("name", "icon"),
    [
        ("sea turtle", "turtle"),
        ("water wheel", "wheel"),
        ("worker bee", "honeybee"),
        ("city walls", "brick"),
        ("gold coins", "coin"),
        ("danger of storms", "warning"),
        ("piece of gold", "coin"),
        ("cup of coffee", "hot-beverage"),
    ],
)
def test_a_thing_of_several_words_is_what_its_noun_says(name: str, icon: str) -> None:
    """What stands before the noun, or after "of", only says which one of its kind."""
    assert read("", "", (name, "rocket")).hits[0].slug == icon


def test_nothing_is_shown_twice_in_two_pictures_of_it() -> None:
    """Two sides of the globe, or a horse and its head, are one thing."""
    for name in ("earth", "horse", "book", "cloud"):
        kinds = [set(hit.slug.split("-")) for hit in read("", "", (name,)).hits]
        assert all(kinds[0].isdisjoint(other) for other in kinds[1:])


def test_a_thing_of_which_only_the_kind_is_known_leads_nothing() -> None:
    """Half of it is understood, and what is understood whole goes before it."""
    reading = read("", "", ("movie flumadiddle", "rocket"))
    assert reading.hits[0].slug == "rocket"
    assert reading.covered == 0.75


def test_objects_that_nothing_is_known_of_are_no_hints() -> None:
    """Where half of the objects say nothing, half of what was asked for is covered."""
    reading = read("", "", ("rocket", "flumadiddle"))
    assert reading.hits[0].slug == "rocket"
    assert reading.covered == 0.5


def test_an_object_is_the_label_of_its_icon_in_the_language_that_is_spoken() -> None:
    """An English name does not stand under an icon while German is spoken."""
    english = read("", "The bread is ready and it is good.", ("flour", "oven", "bread"))
    german = read("", "Das Brot ist fertig und es ist gut.", ("bread", "salt"))
    assert "bread" in [hit.said for hit in english.hits]
    assert "Brot" in [hit.said for hit in german.hits]
    assert "salt" not in [hit.said for hit in german.hits]
