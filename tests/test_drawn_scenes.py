"""Drawn scenes of one video, one after the other, as the real illustrator draws them."""

from __future__ import annotations

import itertools

import pytest
from clip_sources import with_sources

from aivideo import clips, projects, script
from aivideo.engines.illustration import Illustrator, palettes_of
from aivideo.progress import finish
from aivideo.script import SceneDraft
from aivideo.settings import Settings
from aivideo.store import Clip, get_row
from aivideo.studio import Studio

SCENES = (
    "Bees fly out at dawn to find the flowers.",
    "They drink the nectar and carry it home.",
    "In the hive they pass it from bee to bee.",
    "Wings fan the comb until the honey is thick.",
    "A cap of wax keeps it for the winter.",
    "And in spring it all begins again.",
)
TOPIC = "How bees make honey"


@pytest.fixture
def desk(settings: Settings, studio: Studio) -> Studio:
    """A studio that has nothing but what it draws."""
    return with_sources(studio, Illustrator(settings, studio.workspace))


def recipes(desk: Studio, project_id: str) -> list[dict[str, object]]:
    """How the chosen pictures are drawn, in order."""
    with desk.store.session() as session:
        chosen = [scene.clip_id for scene in projects.open_project(desk, project_id).scenes]
        return [dict(get_row(session, Clip, clip_id or "").recipe) for clip_id in chosen]


@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
def test_no_scene_looks_like_the_one_before_it(desk: Studio, aspect: str) -> None:
    """Although they all show the same things, and nobody chooses."""
    project_id = projects.create_project(desk, topic=TOPIC, aspect=aspect).project_id
    drafts = [SceneDraft(text, "bee flower", objects=("bee", "flower", "jar")) for text in SCENES]
    script.save_script(desk, project_id, drafts)
    assert finish(clips.choose_best(desk, project_id)) == len(SCENES)
    drawn = recipes(desk, project_id)
    for before, after in itertools.pairwise(drawn):
        assert before["layout"] != after["layout"]
        assert before["palette"] != after["palette"]
    assert len({recipe["layout"] for recipe in drawn}) >= 4
    assert {recipe["palette"] for recipe in drawn} <= set(palettes_of(project_id, TOPIC))


def test_the_first_pictures_that_are_offered_differ_too(desk: Studio) -> None:
    """Who looks at the board before choosing sees no row of the same picture."""
    project_id = projects.create_project(desk, topic=TOPIC).project_id
    script.save_script(desk, project_id, [SceneDraft(text, "bee flower") for text in SCENES])
    first = [finish(clips.suggest(desk, project_id, n))[0].clip_id for n in (2, 1, 3, 4, 6, 5)]
    with desk.store.session() as session:
        looks = [get_row(session, Clip, clip_id).recipe for clip_id in first]
    by_scene = [looks[place] for place in (1, 0, 2, 3, 5, 4)]
    for before, after in itertools.pairwise(by_scene):
        assert before["layout"] != after["layout"]
        assert before["palette"] != after["palette"]


def test_what_was_offered_before_a_neighbour_was_chosen_is_offered_anew(desk: Studio) -> None:
    """Or the picture that a person chose would come twice in a row."""
    project_id = projects.create_project(desk, topic=TOPIC).project_id
    script.save_script(desk, project_id, [SceneDraft(text, "bee flower") for text in SCENES[:3]])
    offered = [finish(clips.suggest(desk, project_id, number)) for number in (1, 2, 3)]
    clips.choose(desk, project_id, 1, offered[1][0].clip_id)
    finish(clips.choose_best(desk, project_id))
    for before, after in itertools.pairwise(recipes(desk, project_id)):
        assert before["layout"] != after["layout"]
        assert before["palette"] != after["palette"]


def test_the_things_that_a_scene_names_are_drawn(desk: Studio) -> None:
    """Whatever else its words would call for."""
    project_id = projects.create_project(desk, topic=TOPIC).project_id
    words = "bee worker young workers"
    draft = SceneDraft("Workers feed the young bees.", words, objects=("bee", "hive", "egg"))
    script.save_script(desk, project_id, [draft])
    finish(clips.choose_best(desk, project_id))
    [recipe] = recipes(desk, project_id)
    assert recipe["icons"][0] == "honeybee"  # type: ignore[index] # names of icons
