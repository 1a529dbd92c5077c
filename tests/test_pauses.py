"""Pauses in a script on their way through the stages: heard, and nowhere to be seen."""

from __future__ import annotations

import pytest

from aivideo import script, voiceover
from aivideo.captions import READING, make_cues, timed_words
from aivideo.clips.wishes import seconds_of_scene, wish_of
from aivideo.engines.speech import Word
from aivideo.errors import SceneTooLong
from aivideo.progress import finish
from aivideo.projects import create_project
from aivideo.script import SceneDraft, visual_words
from aivideo.store import AudioFile, Scene
from aivideo.studio import Studio

TEXT = "The bees [pause 0.8s] make honey [Pause 500ms]."


def saved(studio: Studio, *texts: str) -> tuple[str, list[str | None]]:
    """A project with these scenes, and the code of each scene's failure."""
    project_id = create_project(studio, topic="Bees").project_id
    scenes = script.save_script(studio, project_id, [SceneDraft(text) for text in texts])
    return project_id, [scene.error["code"] if scene.error else None for scene in scenes]


def test_the_author_keeps_the_marks_and_captions_do_not(studio: Studio) -> None:
    """The script is as it was written; the narration's words are those that captions show."""
    project_id, _ = saved(studio, TEXT)
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    assert script.get_script(studio, project_id)[0].text == TEXT
    assert [word.text for word in narration.words] == ["The", "bees", "make", "honey."]
    with studio.store.session() as session:
        heard = [Word(**word) for word in session.query(AudioFile).one().words]
    assert timed_words(TEXT, heard, 9.0) == heard


def test_captions_without_times_do_not_show_a_pause() -> None:
    """Nor do the words that share a narration nobody timed."""
    words = timed_words(TEXT, [], 4.0)
    [cue] = make_cues(words, READING, until=4.0)
    assert cue.text == "The bees make honey."


def test_a_pause_does_not_count_to_the_limit_of_a_scene(studio: Studio) -> None:
    """2,000 characters are those that are read."""
    full = "x" * 2000
    _, codes = saved(studio, f"[pause 2s]{full}[pause 1s]")
    assert codes == [None]
    with pytest.raises(SceneTooLong, match="2001 characters"):
        saved(studio, f"[pause 2s]{full}x")


def test_an_impossible_pause_is_told_when_it_is_saved(studio: Studio) -> None:
    """Before anything is spoken; the scene that is mended is well again."""
    project_id, codes = saved(studio, "One [pause 60s] two.", "[pause 1s]", "Fine [pause].")
    assert codes == ["PAUSE_IMPOSSIBLE", "NOTHING_TO_SPEAK", None]
    scenes = script.get_script(studio, project_id)
    drafts = [SceneDraft("One [pause 6s] two.", scene_id=scenes[0].scene_id)]
    assert script.save_script(studio, project_id, drafts)[0].error is None


def test_a_pause_is_nothing_to_look_for(studio: Studio) -> None:
    """It lengthens the scene; the search and the picture do not know of it."""
    project_id, _ = saved(studio, TEXT)
    wish = wish_of(studio, project_id, 1)
    assert "pause" not in f"{wish.query.words} {wish.query.narration}".lower()
    assert "pause" not in visual_words("[pause 1s] The pausing. A [pause 2s] hive.").split()
    with studio.store.session() as session:
        scene = session.query(Scene).one()
        with_pauses = seconds_of_scene(scene, 2.5)
        scene.text = "The bees make honey."
        assert with_pauses - seconds_of_scene(scene, 2.5) == pytest.approx(1.3)
