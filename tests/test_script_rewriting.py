"""One scene rewritten; scenes that repeat each other; what a script sticks to; how fast it is."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fakes import QueuedChat

from aivideo import projects, prompts, script, voiceover
from aivideo.engines import weights
from aivideo.engines.dialogue import count_tokens
from aivideo.engines.local_chat import BuiltInModel
from aivideo.errors import (
    EditedMeanwhile,
    NotFound,
    OllamaNotRunning,
    SceneLocked,
    ScriptUnusable,
    TopicInvalid,
    WishInvalid,
)
from aivideo.progress import Work, finish
from aivideo.projects import SceneView
from aivideo.script import SceneDraft
from aivideo.script.brief import SOURCE_TOKENS, excerpt
from aivideo.script.drafts import with_pictures
from aivideo.script.form import WORDS_PER_SECOND, faults, lay_out, repeated
from aivideo.script.rewriting import Rewording
from aivideo.settings import Settings
from aivideo.store import AudioFile
from aivideo.studio import Studio

BEES = "The bees fly out at dawn and they come home with golden nectar."
HONEY = "Then the honey is thick enough for the winter that is to come."


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project with two scenes."""
    made = projects.create_project(studio, topic="How bees make honey").project_id
    drafts = [SceneDraft(BEES, "bee dawn"), SceneDraft(HONEY, "honey jar")]
    script.save_script(studio, made, drafts)
    return made


def said(text: str) -> str:
    """A model's answer."""
    return json.dumps({"narration": text})


def rewritten(studio: Studio, project_id: str, wish: str, number: int = 1) -> SceneView:
    """The scene after it was rewritten."""
    return finish(script.rewrite_scene(studio, project_id, number, wish))


# Rewriting a scene


def test_a_scene_is_rewritten_and_keeps_all_but_its_words(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Id, picture and neighbours stay; what it said before is in the history."""
    before = script.get_script(studio, project_id)
    chat_model.answers.append(said("At dawn the bees leave for nectar."))
    scene = rewritten(studio, project_id, "shorter")
    assert scene == replace(before[0], text="At dawn the bees leave for nectar.")
    assert script.get_script(studio, project_id) == [scene, before[1]]
    [version] = script.list_script_versions(studio, project_id)
    assert version.beginning.startswith(BEES)


def test_the_model_is_told_the_wish_and_what_stands_around(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Own words go in as they are, with topic, sources, manner and the next scene."""
    projects.update_project(studio, project_id, sources="Bees have five eyes.")
    projects.update_project(studio, project_id, system_prompt_id="viral_strategist")
    chat_model.answers.append(said("Who has five eyes and flies out at dawn? A bee has."))
    rewritten(studio, project_id, "  begin with\na question. ")
    [(turns, asking)] = chat_model.asked
    question = turns[-1].content
    assert "begin with a question. Write about 13 words" in question
    for part in ("How bees make honey", "five eyes", "Manner: ", BEES, f"after it says: {HONEY}"):
        assert part in question
    assert "before it says" not in question
    assert asking.schema is not None
    assert asking.grammar is not None


@pytest.mark.parametrize(
    ("wish", "faulty", "fault"),
    [
        ("shorter", f"{BEES} And more of it.", "fewer than 13"),
        ("longer", "Bees fly.", "more than 13"),
        ("funnier", BEES, prompts.FAULT_SAME),
        ("funnier", "What a surprise!", prompts.FAULT_ELSEWHERE),
        ("funnier", "", prompts.FAULT_NO_SCRIPT),
        ("funnier", f"{HONEY} {HONEY}", "26 words instead of about 13"),
        ("start with a question", f"Why? {HONEY} {HONEY}", "27 words instead of about 13"),
        (
            "funnier",
            "Die Bienen fliegen und sie sind nicht mehr da, aber der Honig ist für die Kinder.",
            prompts.FAULT_LANGUAGE,
        ),
    ],
)
def test_a_faulty_answer_is_asked_for_once_more(  # noqa: PLR0917 - three fixtures, three cases
    studio: Studio, chat_model: QueuedChat, project_id: str, wish: str, faulty: str, fault: str
) -> None:
    """The second question says what was wrong; its answer is taken."""
    good = {"longer": f"{BEES} Their wings hum in the cool morning air."}
    expected = good.get(wish, "At dawn the bees go shopping for gold.")
    chat_model.answers += [said(faulty) if faulty else " ", said(expected)]
    assert rewritten(studio, project_id, wish).text == expected
    assert fault in chat_model.asked[1][0][-1].content
    assert chat_model.asked[0][1].seed != chat_model.asked[1][1].seed


def test_the_better_of_two_answers_is_taken(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """When the second one is no better, or fails, what the first one brought is kept."""
    longer = "The bees fly out at dawn, and all of them come home with some golden nectar, always."
    chat_model.answers += [said(longer), "{}"]
    assert rewritten(studio, project_id, "shorter").text == longer
    chat_model.answers += [said(f"{HONEY} Sweet."), OllamaNotRunning("x")]
    assert rewritten(studio, project_id, "shorter", 2).text == f"{HONEY} Sweet."


ESSAY = f"Who flies at dawn? The bees do. {HONEY} {HONEY} {HONEY}"


@pytest.mark.parametrize("second", [said(ESSAY), OllamaNotRunning("x")])
def test_a_rewrite_that_stays_far_too_long_loses_its_last_sentences(
    studio: Studio, chat_model: QueuedChat, project_id: str, second: str | Exception
) -> None:
    """A scene does not get three times as long because it was to be funnier."""
    chat_model.answers += [said(ESSAY), second]
    text = rewritten(studio, project_id, "funnier").text
    assert text == f"Who flies at dawn? The bees do. {HONEY}"


@pytest.mark.parametrize(
    "wish", ["longer", "add what honey is for", "Two more sentences!", "Mach es länger"]
)
def test_a_rewrite_that_is_to_be_longer_stays_whole(
    studio: Studio, chat_model: QueuedChat, project_id: str, wish: str
) -> None:
    """Also where that is said in own words."""
    chat_model.answers.append(said(ESSAY))
    assert rewritten(studio, project_id, wish).text == ESSAY
    assert len(chat_model.asked) == 1


def test_only_what_is_spoken_is_left(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Labels, emphasis and directions are a model's, not the narrator's."""
    chat_model.answers.append('Sure!\n\n**Narrator:** "Bees *leave* at dawn." (music)')
    assert rewritten(studio, project_id, "shorter").text == "Bees leave at dawn."


def test_a_scene_in_another_script_is_asked_for_without_an_english_grammar(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Which could spell nothing but English."""
    script.save_script(studio, project_id, [SceneDraft("Пчёлы летят на рассвете за нектаром.")])
    chat_model.answers.append(said("Пчёлы улетают на рассвете."))
    assert rewritten(studio, project_id, "shorter").text == "Пчёлы улетают на рассвете."
    assert chat_model.asked[0][1].grammar is None


def test_no_answer_twice_is_an_error_that_changes_nothing(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """What the model wrote is no script; what the engine raises is raised."""
    before = script.get_script(studio, project_id)
    chat_model.answers += ["{}", "I'm sorry, I can't."]
    with pytest.raises(ScriptUnusable):
        rewritten(studio, project_id, "shorter")
    chat_model.answers += ["{}", OllamaNotRunning("x")]
    with pytest.raises(OllamaNotRunning):
        rewritten(studio, project_id, "shorter")
    assert script.get_script(studio, project_id) == before


def test_what_cannot_be_rewritten_is_refused_before_the_model_is_asked(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """No wish, no scene, no topic, or a lock."""
    for wish in (" ", "x" * 301):
        with pytest.raises(WishInvalid, match="300"):
            rewritten(studio, project_id, wish)
    for number in (0, 3):
        with pytest.raises(NotFound, match=f"no scene {number}"):
            rewritten(studio, project_id, "shorter", number)
    script.save_script(studio, project_id, [SceneDraft(BEES, locked=True)])
    with pytest.raises(SceneLocked, match="Scene 1"):
        rewritten(studio, project_id, "shorter")
    other = projects.create_project(studio).project_id
    script.save_script(studio, other, [SceneDraft(BEES)])
    with pytest.raises(TopicInvalid):
        rewritten(studio, other, "shorter")
    assert not chat_model.asked


def test_a_scene_that_somebody_edits_meanwhile_keeps_their_words(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The model's words come too late."""
    chat_model.answers.append(said("At dawn the bees leave."))
    work: Work[Any] = script.rewrite_scene(studio, project_id, 1, "shorter")
    next(work)
    [first, _] = script.get_script(studio, project_id)
    script.save_script(studio, project_id, [SceneDraft("Mine.", scene_id=first.scene_id)])
    with pytest.raises(EditedMeanwhile):
        finish(work)
    assert [scene.text for scene in script.get_script(studio, project_id)] == ["Mine."]


@pytest.mark.slow
def test_the_built_in_model_rewrites_a_scene(
    studio: Studio, project_id: str, settings: Settings, weights_dir: Path
) -> None:
    """Whole plain sentences in other words, and about as long.

    Now and then a model this small says the same again; a person then asks once more.
    """
    path = weights_dir / weights.QWEN.file_name
    if not path.is_file():
        pytest.skip("The built-in model is not in the cache")
    model = BuiltInModel(settings.model_copy(update={"local_model": path}), studio.workspace)
    studio = replace(studio, chat_model=model)
    tries = (rewritten(studio, project_id, "funnier").text for _ in range(4))
    text = next((text for text in tries if text != BEES), BEES)
    asked = Rewording(BEES, "funnier")
    assert text != BEES
    assert text[0].isupper()
    assert text[-1] in ".!?"
    assert not set(text) & set('*#{}[]()"')
    assert 0 < len(text.split()) <= asked.most


# Repetition

AGAIN = "Golden nectar comes home with bees that fly out when the dawn begins."


def test_a_scene_that_tells_another_one_again_is_found() -> None:
    """In other words too; scenes that share only their subject are not taken for it."""
    drafts = [SceneDraft(BEES), SceneDraft(HONEY), SceneDraft(AGAIN)]
    assert repeated(drafts) == [(2, 0)]
    assert "Scene 3 told again what scene 1 tells." in faults(drafts, lay_out(3, 15))
    assert repeated([SceneDraft("Bees fly."), SceneDraft("Bees fly far.")]) == []


NUMBERS = count(1)


def unlike(words: int) -> str:
    """A sentence like no other."""
    number = next(NUMBERS)
    return " ".join(f"wo{number}rd{place}" for place in range(words)).capitalize() + "."


def test_a_repeated_scene_is_written_anew(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """After the second asking repeats it too, that scene alone is asked for."""
    both = json.dumps({"scenes": [{"narration": BEES}, {"narration": AGAIN}]})
    chat_model.answers += [both, both, said(HONEY)]
    scenes = finish(script.write_script(studio, project_id, scenes=2, seconds=11))
    assert [scene.text for scene in scenes] == [BEES, HONEY]
    assert prompts.WISHES["another"] in chat_model.asked[2][0][-1].content
    assert scenes[0].visual_query != scenes[1].visual_query


@pytest.mark.parametrize("last", [said(AGAIN), OllamaNotRunning("x")])
def test_a_repetition_that_cannot_be_helped_stays(
    studio: Studio, chat_model: QueuedChat, project_id: str, last: str | Exception
) -> None:
    """A script with two like scenes is better than none."""
    both = json.dumps({"scenes": [{"narration": BEES}, {"narration": AGAIN}]})
    chat_model.answers += [both, both, last, OllamaNotRunning("x")]
    scenes = finish(script.write_script(studio, project_id, scenes=2, seconds=11))
    assert [scene.text for scene in scenes] == [BEES, AGAIN]


# Sources


def test_the_script_is_told_its_sources(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Under a sentence that says what they are for; without sources there is none."""
    chat_model.answers.append(json.dumps({"scenes": [{"narration": unlike(22)}]}))
    finish(script.write_script(studio, project_id, scenes=1, seconds=9))
    assert "Stick to these facts" not in chat_model.asked[0][0][-1].content
    projects.update_project(studio, project_id, sources="Bees have five eyes.")
    chat_model.answers.append(json.dumps({"scenes": [{"narration": unlike(22)}]}))
    finish(script.write_script(studio, project_id, scenes=1, seconds=9))
    question = chat_model.asked[1][0][-1].content
    assert "Stick to these facts" in question
    assert "Bees have five eyes." in question


def test_of_long_sources_the_sentences_that_matter_are_shown() -> None:
    """In their order, whole, and never more than a small model can read."""
    filler = [f"Item {number} on the list is about something else." for number in range(300)]
    notes = " ".join([*filler[:150], "The queen lays 2,000 eggs.", *filler[150:]])
    shown = excerpt(notes, "How the queen lays eggs", 100)
    assert "The queen lays 2,000 eggs." in shown
    assert count_tokens(shown) <= 110
    assert all(f"{part}." in notes for part in shown.removesuffix(".").split(". "))
    assert excerpt("Short notes.", "bees", SOURCE_TOKENS) == "Short notes."


# Pace


def test_a_voice_that_has_not_spoken_yet_has_the_usual_pace(
    studio: Studio, project_id: str
) -> None:
    """At the project's speed."""
    assert script.words_per_second(studio, project_id) == WORDS_PER_SECOND
    voiceover.choose_voice(studio, project_id, "af_heart", speed=1.2)
    assert script.words_per_second(studio, project_id) == pytest.approx(WORDS_PER_SECOND * 1.2)


@pytest.mark.parametrize(("seconds", "pace"), [(15.0, 3.0), (1.0, 2.5), (900.0, 2.5)])
def test_a_voice_is_measured_by_what_it_has_spoken(
    studio: Studio, chat_model: QueuedChat, project_id: str, seconds: float, pace: float
) -> None:
    """And the script is as long as this voice needs; a pace that cannot be is not believed."""
    [scene] = script.save_script(studio, project_id, [SceneDraft(unlike(45))])
    voice = projects.open_project(studio, project_id).voice_id
    with studio.store.session() as session:
        session.add(
            AudioFile(
                project_id=project_id,
                scene_id=scene.scene_id,
                file_path="1.wav",
                voice_id=voice,
                duration_seconds=seconds,
            )
        )
    assert script.words_per_second(studio, project_id) == pytest.approx(pace)
    words = lay_out(2, 30, pace).words
    answer = {"scenes": [{"narration": unlike(words // 2)}, {"narration": unlike(words // 2)}]}
    chat_model.answers.append(json.dumps(answer))
    finish(script.write_script(studio, project_id, scenes=2, seconds=30))
    assert f"about {round(words / 2)} words each" in chat_model.asked[0][0][-1].content


# Words for pictures


def test_a_scene_that_names_nothing_to_film_borrows_from_the_topic() -> None:
    """Two words are the least that a picture is sought by."""
    [draft] = with_pictures([SceneDraft("And why? Because.")], "Bees in a garden")
    assert draft.visual_query == "bees garden"
