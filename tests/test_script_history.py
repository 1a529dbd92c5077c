"""Scripts that are kept and restored; two people at one script; scenes that are locked."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from fakes import QueuedChat

from aivideo import projects, script
from aivideo.errors import AllScenesLocked, EditedMeanwhile, NotFound
from aivideo.progress import finish
from aivideo.projects import SceneView
from aivideo.script import SceneDraft
from aivideo.script.history import KEPT
from aivideo.script.locking import Locked, woven
from aivideo.script.saving import reword
from aivideo.studio import Studio


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project with a topic."""
    return projects.create_project(studio, topic="How bees make honey").project_id


def saved(studio: Studio, project_id: str, *texts: str, **how: Any) -> list[SceneView]:
    """Scenes of these texts, all new."""
    return script.save_script(studio, project_id, [SceneDraft(text) for text in texts], **how)


def same(scene: SceneView, **changes: Any) -> SceneDraft:
    """A draft that names this scene."""
    return replace(SceneDraft(scene.text, scene_id=scene.scene_id), **changes)


def texts(scenes: list[SceneView]) -> list[str]:
    """What is said."""
    return [scene.text for scene in scenes]


def reasons(studio: Studio, project_id: str) -> list[str]:
    """Why scripts were kept, the newest first."""
    return [each.reason for each in script.list_script_versions(studio, project_id)]


# History


def test_a_new_project_has_no_history(studio: Studio, project_id: str) -> None:
    """Nothing was replaced yet; a project that is not there has none at all."""
    assert script.list_script_versions(studio, project_id) == []
    with pytest.raises(NotFound):
        script.list_script_versions(studio, "nowhere")


def test_a_replaced_script_can_be_restored_word_for_word(studio: Studio, project_id: str) -> None:
    """With pictures, pauses, levels and locks; the one it replaces is kept in its turn."""
    first = script.save_script(
        studio,
        project_id,
        [
            SceneDraft("Bees fly.", "bee wings", pause_seconds=1.0, level_db=3.0, locked=True),
            SceneDraft("They land."),
        ],
    )
    saved(studio, project_id, "Wasps.", reason="brought")
    newest, older = script.list_script_versions(studio, project_id)
    assert (newest.reason, newest.scene_count, newest.beginning) == ("brought", 1, "Wasps.")
    assert (older.reason, older.scene_count) == ("edited", 2)
    assert older.beginning == "Bees fly. They land."
    back = script.restore_script(studio, project_id, older.version_id)
    hidden: dict[str, Any] = {"scene_id": "", "scene_number": 0}
    assert [replace(scene, **hidden) for scene in back] == [
        replace(scene, **hidden) for scene in first
    ]
    assert reasons(studio, project_id)[0] == "restored"
    again = script.restore_script(studio, project_id, newest.version_id)
    assert texts(again) == ["Wasps."]


def test_scenes_that_are_still_there_keep_their_ids_when_restored(
    studio: Studio, project_id: str
) -> None:
    """So their clips and narrations stay."""
    one, two = saved(studio, project_id, "One.", "Two.")
    script.save_script(studio, project_id, [same(one)])
    [version] = script.list_script_versions(studio, project_id)
    back = script.restore_script(studio, project_id, version.version_id)
    assert [scene.text for scene in back] == ["One.", "Two."]
    assert back[0].scene_id == one.scene_id
    assert back[1].scene_id != two.scene_id


def test_an_edit_that_loses_no_scene_is_not_kept(studio: Studio, project_id: str) -> None:
    """Otherwise a minute of typing would push everything else out."""
    [scene] = saved(studio, project_id, "One.")
    script.save_script(studio, project_id, [same(scene, text="One bee."), SceneDraft("Two.")])
    assert reasons(studio, project_id) == []


def test_the_same_script_is_kept_once(studio: Studio, project_id: str) -> None:
    """Restoring what is there adds nothing."""
    saved(studio, project_id, "One.", reason="brought")
    [version] = script.list_script_versions(studio, project_id)
    script.restore_script(studio, project_id, version.version_id)
    assert reasons(studio, project_id) == ["brought"]


def test_the_history_is_bounded(studio: Studio, project_id: str) -> None:
    """The oldest ones give way."""
    for number in range(KEPT + 5):
        saved(studio, project_id, f"Number {number}.", reason="brought")
    kept = script.list_script_versions(studio, project_id)
    assert len(kept) == KEPT
    assert kept[0].beginning == f"Number {KEPT + 4}."
    assert kept[-1].beginning == "Number 5."


def test_a_version_of_another_project_cannot_be_restored(studio: Studio, project_id: str) -> None:
    """Nor one that is not there; nothing is changed."""
    saved(studio, project_id, "One.", reason="brought")
    [version] = script.list_script_versions(studio, project_id)
    other = projects.create_project(studio, topic="Wasps").project_id
    for place, version_id in ((other, version.version_id), (project_id, "nowhere")):
        with pytest.raises(NotFound, match="version of the script"):
            script.restore_script(studio, place, version_id)
    assert script.get_script(studio, other) == []


def test_the_history_goes_with_its_project(studio: Studio, project_id: str) -> None:
    """Nothing of a removed project stays behind."""
    saved(studio, project_id, "One.", reason="brought")
    projects.remove_project(studio, project_id)
    with pytest.raises(NotFound):
        script.list_script_versions(studio, project_id)


# Two people


def test_a_script_that_was_edited_meanwhile_is_not_overwritten(
    studio: Studio, project_id: str
) -> None:
    """Whoever saves what they saw before is told; whoever saw the newest one is not."""
    [scene] = saved(studio, project_id, "One.")
    seen = script.fingerprint([scene])
    mine = script.save_script(studio, project_id, [same(scene, text="One bee.")], seen=seen)
    with pytest.raises(EditedMeanwhile):
        script.save_script(studio, project_id, [same(scene, text="One wasp.")], seen=seen)
    assert script.get_script(studio, project_id) == mine
    seen = script.fingerprint(mine)
    theirs = script.save_script(studio, project_id, [same(scene, text="One wasp.")], seen=seen)
    assert texts(theirs) == ["One wasp."]


def test_what_is_not_edited_does_not_count_as_an_edit(studio: Studio, project_id: str) -> None:
    """A script is the same one after it was spoken; every edited field makes it another one."""
    [scene] = saved(studio, project_id, "One.")
    seen = script.fingerprint([scene])
    assert script.fingerprint([replace(scene, audio_path="a.wav", clip_id="c")]) == seen
    others: dict[str, Any] = {
        "text": "Two.",
        "visual_query": "bee",
        "objects": ("bee",),
        "pause_seconds": 2.0,
        "level_db": 3.0,
        "voice_id": "am_michael",
        "locked": True,
        "scene_id": "x",
    }
    changed = {script.fingerprint([replace(scene, **{name: it})]) for name, it in others.items()}
    assert len(changed - {seen}) == len(others)


def test_new_words_never_land_on_a_scene_that_was_edited_meanwhile(
    studio: Studio, project_id: str
) -> None:
    """Nor on one that was locked or removed."""
    one, two, three = saved(studio, project_id, "One.", "Two.", "Three.")
    script.save_script(studio, project_id, [same(one, text="Uno."), same(two, locked=True)])
    for scene in (one, two, three):
        with pytest.raises(EditedMeanwhile):
            reword(studio, project_id, scene, "Other words.")
    assert texts(script.get_script(studio, project_id)) == ["Uno.", "Two."]


# Locks


NUMBERS = count(1)


def narrations(scenes: int, words: int) -> str:
    """A model's answer: so many scenes of so many words, no two alike."""
    return json.dumps({"scenes": [{"narration": one_of(words)} for _ in range(scenes)]})


def one_of(words: int) -> str:
    """A sentence like no other."""
    number = next(NUMBERS)
    return " ".join(f"w{number}x{place}" for place in range(words)).capitalize() + "."


def test_locked_scenes_stay_word_for_word(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """At their places, with their ids; the model is told what they say and writes the others."""
    one, two, three = saved(studio, project_id, "One locked thing.", "Two.", "Three locked things.")
    drafts = [same(one, locked=True), same(two), same(three, locked=True)]
    locked = script.save_script(studio, project_id, drafts)
    chat_model.answers.append(narrations(2, 22))
    after = finish(script.write_script(studio, project_id, scenes=4, seconds=20))
    assert [scene.locked for scene in after] == [True, False, True, False]
    assert [after[0], after[2]] == [locked[0], locked[2]]
    [(turns, asking)] = chat_model.asked
    assert "2 scenes" in turns[-1].content
    assert "One locked thing.\nThree locked things." in turns[-1].content
    assert asking.grammar is not None
    assert reasons(studio, project_id) == ["written", "edited"]


def test_there_must_be_something_left_to_write(studio: Studio, project_id: str) -> None:
    """A script whose scenes are all locked is not asked for at all."""
    script.save_script(studio, project_id, [SceneDraft("One.", locked=True)])
    with pytest.raises(AllScenesLocked, match="1 scene is locked"):
        finish(script.write_script(studio, project_id, scenes=1, seconds=10))


def test_a_lock_stays_until_it_is_taken_off(studio: Studio, project_id: str) -> None:
    """None leaves it."""
    [scene] = script.save_script(studio, project_id, [SceneDraft("One.", locked=True)])
    [scene] = script.save_script(studio, project_id, [same(scene)])
    assert scene.locked
    [scene] = script.save_script(studio, project_id, [same(scene, locked=False)])
    assert not scene.locked


def test_a_locked_scene_beyond_the_end_comes_last() -> None:
    """A shorter script does not lose it."""
    locked = [Locked(0, SceneDraft("First.")), Locked(7, SceneDraft("Last."))]
    drafts = woven(locked, [SceneDraft("Middle.")])
    assert [draft.text for draft in drafts] == ["First.", "Middle.", "Last."]
