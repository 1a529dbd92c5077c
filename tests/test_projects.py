"""Projects: what is there, how far it is, what each scene still needs."""

from __future__ import annotations

import pytest

from aivideo import projects
from aivideo.errors import InvalidArgument, NotFound, TopicInvalid
from aivideo.store import AudioFile, Clip, ClipSelection, Project, Scene, get_row
from aivideo.studio import Studio


def add_scenes(studio: Studio, project_id: str, *, scenes: int, chosen: int, spoken: int) -> None:
    """Give a project scenes, some with a clip, some with narration."""
    with studio.store.session() as session:
        clip = Clip(source="fixed", source_id="x", title="X")
        session.add(clip)
        project = get_row(session, Project, project_id)
        project.scenes = [Scene(position=n, text=f"Scene {n + 1}.") for n in range(scenes)]
        session.flush()
        for scene in project.scenes[:chosen]:
            session.add(ClipSelection(project_id=project_id, scene_id=scene.id, clip_id=clip.id))
        for scene in project.scenes[:spoken]:
            session.add(
                AudioFile(
                    project_id=project_id,
                    scene_id=scene.id,
                    file_path="a.wav",
                    voice_id="af_heart",
                    duration_seconds=1.5,
                )
            )


def test_a_project_without_a_name_is_called_after_its_topic(studio: Studio) -> None:
    """Nobody has to think of a name first."""
    project = projects.create_project(studio, topic="  How bees make honey ")
    assert (project.name, project.topic) == ("How bees make honey", "How bees make honey")


def test_a_project_can_start_without_a_topic(studio: Studio) -> None:
    """The chat comes before the topic."""
    project = projects.create_project(studio)
    assert (project.name, project.topic, project.stage) == ("Untitled video", None, "topic")


@pytest.mark.parametrize("topic", ["", "   ", "x" * 501])
def test_a_topic_outside_its_limits_is_refused(studio: Studio, topic: str) -> None:
    """1 to 500 characters, with the limit in the sentence; nothing is created."""
    with pytest.raises(TopicInvalid, match="1 to 500"):
        projects.create_project(studio, topic=topic)
    assert projects.list_projects(studio) == []


def test_a_topic_of_500_characters_is_kept_whole(studio: Studio) -> None:
    """The limit is allowed; the name is shortened where one can see it."""
    project = projects.create_project(studio, topic="x" * 500)
    assert project.topic == "x" * 500
    assert len(project.name) == projects.NAME_LIMIT
    assert project.name.endswith("…")


def test_an_unknown_aspect_is_refused_with_the_choice(studio: Studio) -> None:
    """The sentence lists what there is."""
    with pytest.raises(InvalidArgument, match="16:9, 9:16, 1:1"):
        projects.create_project(studio, topic="Bees", aspect="4:3")


def test_an_unknown_persona_is_refused(studio: Studio) -> None:
    """A project cannot point to a persona that is not there."""
    with pytest.raises(NotFound, match=r"persona|system prompt"):
        projects.create_project(studio, topic="Bees", system_prompt_id="nobody")


def test_the_project_worked_on_last_comes_first(studio: Studio) -> None:
    """The list is in the order of use, without scenes."""
    first = projects.create_project(studio, topic="Bees")
    second = projects.create_project(studio, topic="Ants")
    projects.update_project(studio, first.project_id, name="Honey bees")
    listed = projects.list_projects(studio)
    assert [project.project_id for project in listed] == [first.project_id, second.project_id]
    assert listed[0].name == "Honey bees"
    assert listed[0].scenes == ()


@pytest.mark.parametrize(("chosen", "stage"), [(0, "clips"), (1, "curation"), (2, "assembly")])
def test_the_stage_is_what_is_there(studio: Studio, chosen: int, stage: str) -> None:
    """The stage follows the work, not the page that was opened."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    add_scenes(studio, project_id, scenes=2, chosen=chosen, spoken=1)
    project = projects.open_project(studio, project_id)
    assert project.stage == stage
    assert (project.scene_count, project.chosen_count, project.spoken_count) == (2, chosen, 1)


def test_a_scene_says_what_it_has(studio: Studio) -> None:
    """Narration, clip and error of a scene are in its view."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    add_scenes(studio, project_id, scenes=2, chosen=1, spoken=1)
    with studio.store.session() as session:
        scene = projects.find_scene(session, project_id, 2)
        scene.error_code, scene.error_message = "CLIP_GONE", "The clip is gone."
    first, second = projects.open_project(studio, project_id).scenes
    assert (first.audio_seconds, first.error) == (1.5, None)
    assert first.clip_id is not None
    assert (second.audio_path, second.clip_id) == (None, None)
    assert second.error == {"code": "CLIP_GONE", "message": "The clip is gone."}


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_scene_that_is_not_there_is_said(studio: Studio, number: int) -> None:
    """Scenes count from 1."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    add_scenes(studio, project_id, scenes=2, chosen=0, spoken=0)
    with pytest.raises(NotFound, match=f"scene {number}"), studio.store.session() as session:
        projects.find_scene(session, project_id, number)


def test_what_is_not_given_stays_as_it_is(studio: Studio) -> None:
    """update_project changes the fields that are named."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    changed = projects.update_project(
        studio,
        project_id,
        topic="Wasps",
        aspect="9:16",
        system_prompt_id="documentary_filmmaker",
    )
    assert (changed.name, changed.topic, changed.aspect) == ("Bees", "Wasps", "9:16")
    assert changed.system_prompt_id == "documentary_filmmaker"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_outside_its_limits_is_refused(studio: Studio, name: str) -> None:
    """A name that was given is never cut silently."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    with pytest.raises(InvalidArgument, match="1 to 120"):
        projects.update_project(studio, project_id, name=name)


def test_a_removed_project_is_gone(studio: Studio) -> None:
    """With its scenes, for good."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    add_scenes(studio, project_id, scenes=2, chosen=2, spoken=2)
    projects.remove_project(studio, project_id)
    with pytest.raises(NotFound):
        projects.open_project(studio, project_id)
    assert projects.list_projects(studio) == []


# --------------------------------------------------------------------------- how a scene sounds
def test_a_scene_can_be_louder_and_pause_longer(studio: Studio) -> None:
    """What is not given stays; its narration still stands."""
    project = projects.create_project(studio, topic="Bees")
    add_scenes(studio, project.project_id, scenes=2, chosen=0, spoken=2)

    projects.update_scene(studio, project.project_id, 2, level_db=6.5)
    scene = projects.update_scene(studio, project.project_id, 2, pause_seconds=1.5)

    assert (scene.level_db, scene.pause_seconds, scene.audio_path) == (6.5, 1.5, "a.wav")
    first, second = projects.open_project(studio, project.project_id).scenes
    assert (first.level_db, second.level_db) == (0.0, 6.5)
    assert second == scene


@pytest.mark.parametrize(
    "change",
    [
        {"level_db": -24.1},
        {"level_db": 12.1},
        {"level_db": float("nan")},
        {"pause_seconds": -0.1},
        {"pause_seconds": 10.1},
    ],
)
def test_a_level_or_pause_outside_its_limits_is_refused(
    studio: Studio, change: dict[str, float]
) -> None:
    """The limits stand in the sentence; nothing is changed."""
    project = projects.create_project(studio, topic="Bees")
    add_scenes(studio, project.project_id, scenes=1, chosen=0, spoken=0)
    before = projects.open_project(studio, project.project_id).scenes
    with pytest.raises(InvalidArgument, match="Choose from"):
        projects.update_scene(studio, project.project_id, 1, **change)
    assert projects.open_project(studio, project.project_id).scenes == before


def test_a_scene_that_is_not_there_cannot_be_changed(studio: Studio) -> None:
    """Scenes are counted from 1."""
    project = projects.create_project(studio, topic="Bees")
    with pytest.raises(NotFound):
        projects.update_scene(studio, project.project_id, 1, level_db=1.0)
