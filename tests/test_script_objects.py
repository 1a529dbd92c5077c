"""The things that a scene names to be seen: told by the model, kept, and what they are for."""

from __future__ import annotations

import json

import pytest
from fakes import QueuedChat

from aivideo import clips, projects, script
from aivideo.clips.wishes import wish_of
from aivideo.engines.drawing.reading import read
from aivideo.progress import finish
from aivideo.projects import SceneView
from aivideo.script import SceneDraft
from aivideo.script.drafts import visible_objects, with_pictures
from aivideo.script.form import lay_out
from aivideo.script.grammars import schema
from aivideo.studio import Studio

BEES = "Bees fly out at dawn to find the flowers that opened over night."
HONEY = "At home in the dark they turn nectar into golden honey for winter."


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project with a topic."""
    return projects.create_project(studio, topic="How bees make honey").project_id


def written(*scenes: tuple[str, str, list[object]]) -> str:
    """A model's answer: narration, what the camera shows, and the objects."""
    names = ("narration", "camera_shows", "visible_objects")
    return json.dumps({"scenes": [dict(zip(names, scene, strict=True)) for scene in scenes]})


def seen(studio: Studio, project_id: str, *objects: str) -> SceneView:
    """A project's only scene, which names these objects."""
    draft = SceneDraft(BEES, "bee flower", objects=objects)
    return script.save_script(studio, project_id, [draft])[0]


def test_the_model_is_asked_for_three_objects_of_each_scene() -> None:
    """By the schema as by the grammar, so that every engine is."""
    scenes = schema(lay_out(2, 10))["properties"]["scenes"]  # type: ignore[index] # a JSON schema
    asked = scenes["items"]["properties"]["visible_objects"]
    assert "visible_objects" in scenes["items"]["required"]
    assert (asked["type"], asked["minItems"], asked["maxItems"]) == ("array", 3, 3)


def test_what_the_model_names_becomes_the_scenes_objects(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Scenes keep them, and the source that draws is told them."""
    chat_model.answers.append(
        written(
            (BEES, "a bee on a flower", ["a bee", "Flower", "picture"]),
            (HONEY, "a hive", ["honeycomb", 3, "the hive"]),
        )
    )
    first, second = finish(script.write_script(studio, project_id, scenes=2, seconds=10))
    assert (first.objects, second.objects) == (("bee", "flower"), ("honeycomb", "hive"))
    assert wish_of(studio, project_id, 2).query.objects == ("honeycomb", "hive")


def test_who_looks_for_other_words_wants_to_see_something_else(
    studio: Studio, project_id: str
) -> None:
    """What the script names would come first otherwise, whatever was typed."""
    seen(studio, project_id, "bee", "flower")
    assert wish_of(studio, project_id, 1, query="lighthouse").query.objects == ()


def test_a_script_without_objects_is_one_all_the_same(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Not every model keeps the form; then the words of the scene say what is drawn."""
    scenes = [{"narration": text, "camera_shows": "a bee on a flower"} for text in (BEES, HONEY)]
    chat_model.answers.append(json.dumps({"scenes": scenes}))
    written_so = finish(script.write_script(studio, project_id, scenes=2, seconds=10))
    assert [scene.objects for scene in written_so] == [(), ()]
    assert wish_of(studio, project_id, 1).query.objects == ()


def test_objects_of_an_answer_that_broke_off_are_read() -> None:
    """As far as their list is whole."""
    whole = written((BEES, "a bee", ["bee", "flower"]), (HONEY, "a hive", ["hive", "honey"]))
    drafts = script.read_script(whole[: whole.index('"honey"')])
    assert [draft.objects for draft in drafts] == [("bee", "flower"), None]


@pytest.mark.parametrize(
    ("names", "objects"),
    [
        (["a Bee", "bee", "the  honey jar"], ("bee", "honey jar")),
        (["picture", "a scene", "", "an"], ()),
        (["picture frame", "their shoes", "all three bees"], ("picture frame", "shoes", "bees")),
        ([f"jar {letter}" for letter in "abcdefghij"], tuple(f"jar {c}" for c in "abcdef")),
        (["x" * 60], ("x" * 40,)),
    ],
)
def test_objects_are_names_of_things(names: list[str], objects: tuple[str, ...]) -> None:
    """Without articles, words of film, and repetitions; no more than can be shown."""
    assert visible_objects(names) == objects


def test_scenes_in_a_row_are_not_led_by_the_same_object() -> None:
    """A small model names the same three things for every scene."""
    same = ("brain", "projector", "bed")
    drafts = [SceneDraft(f"Scene {n} of them.", f"a brain {n}", objects=same) for n in range(4)]
    leading = [(draft.objects or ("",))[0] for draft in with_pictures(drafts)]
    assert leading == ["brain", "projector", "brain", "projector"]


def test_objects_make_up_for_a_shot_of_one_word() -> None:
    """A search for one word finds everything."""
    [draft] = with_pictures([SceneDraft(HONEY, "the ocean", objects=("waves", "clouds"))])
    assert draft.visual_query == "ocean waves clouds"


def test_other_words_for_the_picture_take_the_objects_away(studio: Studio, project_id: str) -> None:
    """They belong to the picture that the model had in mind; new words of the text do not hurt."""
    scene = seen(studio, project_id, "bee", "flower")
    same = SceneDraft(HONEY, scene.visual_query, scene_id=scene.scene_id)
    assert script.save_script(studio, project_id, [same])[0].objects == ("bee", "flower")
    other = SceneDraft(HONEY, "lighthouse storm", scene_id=scene.scene_id)
    assert script.save_script(studio, project_id, [other])[0].objects == ()


def test_objects_can_be_given_with_a_scene(studio: Studio, project_id: str) -> None:
    """By a program; they win over what other words for the picture would do."""
    scene = seen(studio, project_id, "bee")
    draft = SceneDraft(BEES, "hive", scene_id=scene.scene_id, objects=("the hive", "smoke"))
    assert script.save_script(studio, project_id, [draft])[0].objects == ("hive", "smoke")


def test_a_script_that_is_brought_back_has_its_objects(studio: Studio, project_id: str) -> None:
    """A kept script is the whole script."""
    seen(studio, project_id, "bee", "flower")
    script.save_script(studio, project_id, [SceneDraft(HONEY)], reason="brought")
    [_, first] = script.list_script_versions(studio, project_id)
    [scene] = script.restore_script(studio, project_id, first.version_id)
    assert scene.objects == ("bee", "flower")


def test_where_little_fits_the_objects_are_offered_as_words(
    studio: Studio, project_id: str
) -> None:
    """They are what the scene wants to show."""
    seen(studio, project_id, "honeycomb")
    finish(clips.suggest(studio, project_id, 1))
    assert "honeycomb" in clips.suggestions(studio, project_id, 1).broader


def test_what_works_like_a_person_does_not_stand_before_the_thing() -> None:
    """A query that says a word of people twice is still about the bee."""
    for query in ("bee worker young workers", "worker bees", "bee workers"):
        assert read(query, "Workers feed the young bees.").hits[0].slug == "honeybee"
