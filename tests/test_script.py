"""Having a script written, and keeping it: whatever the model says, nothing is lost."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import QueuedChat
from sqlalchemy import select
from tiny_model import make_tiny_model

from aivideo import conversation, projects, prompts, script
from aivideo.engines import weights
from aivideo.engines.dialogue import Asking, Turn
from aivideo.engines.local_chat import BuiltInModel
from aivideo.errors import (
    InvalidArgument,
    LengthImpossible,
    ModelFailed,
    NotFound,
    OllamaNotRunning,
    SceneTooLong,
    ScriptEmpty,
    ScriptTooLong,
    ScriptUnusable,
    TopicInvalid,
)
from aivideo.progress import Progress, finish
from aivideo.script import SceneDraft
from aivideo.script.drafts import with_pictures
from aivideo.script.form import (
    TOLERANCE,
    WORDS_PER_SECOND,
    Form,
    corrected,
    count_words,
    divide,
    faults,
    lay_out,
    mend,
    pool,
    split_up,
    words_in,
)
from aivideo.script.grammars import grammar, letters_of, schema
from aivideo.settings import Settings
from aivideo.store import AudioFile, Clip, ClipSelection, Message, Project, Scene
from aivideo.studio import Studio

SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi")
WORDS = [f"{one}{two}{three}" for one in SYLLABLES for two in SYLLABLES for three in SYLLABLES[:3]]
"""Words of no language: no two sentences made of them are alike by chance."""


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project with a topic."""
    return projects.create_project(studio, topic="How bees make honey").project_id


def sentence(words: int, seed: int) -> str:
    """A sentence of so many words, like no other."""
    order = np.random.default_rng(seed).permutation(len(WORDS))
    return " ".join(WORDS[place] for place in order[:words]).capitalize() + "."


def written(form: Form, seed: int = 0) -> str:
    """What an obedient model answers: the form, kept to the word."""
    scenes, number = [], seed * 1000
    for count in form.sentences:
        texts = []
        for _ in range(count):
            number += 1
            texts.append(sentence(round(form.sentence_words), number))
        shown = f"a {WORDS[number % len(WORDS)]} on the {WORDS[(number * 7) % len(WORDS)]}"
        scenes.append({"narration": " ".join(texts), "camera_shows": shown})
    return json.dumps({"scenes": scenes})


def reply_of(texts: Sequence[str]) -> str:
    """A model's answer with these narrations."""
    return json.dumps({"scenes": [{"narration": text} for text in texts]})


def raw_reply(studio: Studio, project_id: str) -> str | None:
    """What is kept of the model's own words."""
    with studio.store.session() as session:
        project = session.get(Project, project_id)
        assert project is not None
        return project.script_json


def drafts_of(*texts: str) -> list[SceneDraft]:
    """Scenes with these texts."""
    return [SceneDraft(text) for text in texts]


# Writing


def test_a_script_is_written_in_one_go(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """One question, five scenes, each with words to seek its picture by."""
    chat_model.answers.append(written(lay_out(5, 45)))
    scenes = finish(script.write_script(studio, project_id))
    assert len(chat_model.asked) == 1
    assert [scene.scene_number for scene in scenes] == [1, 2, 3, 4, 5]
    assert all(scene.text.endswith(".") and scene.visual_query for scene in scenes)
    assert script.get_script(studio, project_id) == scenes
    assert projects.open_project(studio, project_id).stage == "clips"


def test_the_model_is_told_topic_length_notes_and_manner(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """What was agreed on in the chat and the persona's way of telling go into the question."""
    projects.update_project(studio, project_id, system_prompt_id="documentary_filmmaker")
    with studio.store.session() as session:
        session.add(Message(project_id=project_id, role="user", content="Told by a beekeeper"))
    form = lay_out(3, 30)
    chat_model.answers.append(written(form))
    finish(script.write_script(studio, project_id, scenes=3, seconds=30))
    [(turns, asking)] = chat_model.asked
    question = turns[-1].content
    assert "How bees make honey" in question
    assert "3 scenes of about 24 words" in question
    assert "Told by a beekeeper" in question
    [told] = [each for each in prompts.PERSONAS if each.id == "documentary_filmmaker"]
    assert f"Manner: {told.manner}" in question
    assert asking.grammar == grammar(form)
    assert asking.schema == schema(form)


def test_a_persona_of_one_s_own_gives_its_manner_too(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """It has no description, so the beginning of its prompt stands in."""
    persona = conversation.create_persona(studio, "Pirate", "Talk like a pirate.")
    projects.update_project(studio, project_id, system_prompt_id=persona.persona_id)
    chat_model.answers.append(written(lay_out(1, 20)))
    finish(script.write_script(studio, project_id, scenes=1, seconds=20))
    assert "Manner: Talk like a pirate." in chat_model.asked[0][0][-1].content


def test_the_default_persona_leaves_the_manner_open(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """It is a partner for finding ideas, not a way of telling."""
    chat_model.answers.append(written(lay_out(5, 45)))
    finish(script.write_script(studio, project_id))
    assert "Manner" not in chat_model.asked[0][0][-1].content


GERMAN = "Die Bienen sind nicht müde, aber der Honig ist noch nicht da, und es wird kalt."


@pytest.mark.parametrize(
    ("topic", "said", "told", "letters"),
    [
        ("Warum der Himmel blau ist", "", "in German.", letters_of("de")),
        ("Bienen", "Wie sie sich im Winter wärmen.", "in German.", letters_of("de")),
        ("Почему небо голубое", "", "in Russian.", ""),
        ("Bienen", "", "in the language of the topic.", letters_of(None)),
        ("Why the sky is blue and what we see in it", "", "", letters_of("en")),
    ],
)
def test_a_script_is_asked_for_in_the_language_of_its_topic(  # noqa: PLR0917 - cases
    studio: Studio, chat_model: QueuedChat, topic: str, said: str, told: str, letters: str
) -> None:
    """Or of the talk where the topic is too short to tell; the grammar has its letters."""
    project_id = projects.create_project(studio, topic=topic).project_id
    if said:
        with studio.store.session() as session:
            session.add(Message(project_id=project_id, role="user", content=said))
    parts = divide(lay_out(10, 100))
    chat_model.answers.append('{"chapters": ["One", "Two"]}')
    chat_model.answers += [written(part, seed) for seed, part in enumerate([*parts, *parts])]
    finish(script.write_script(studio, project_id, scenes=10, seconds=100))
    for turns, asking in chat_model.asked:
        assert (f"Every narration is {told}" in turns[-1].content) is bool(told)
        assert ("Every narration is" in turns[-1].content) is bool(told)
        assert (asking.grammar is None) is (letters == "")
        assert f"[{letters}" in (asking.grammar or "[")


def test_a_script_in_another_language_is_asked_for_again(
    studio: Studio, chat_model: QueuedChat
) -> None:
    """A small model easily falls back to English; what stays so after that is a person's to see."""
    project_id = projects.create_project(studio, topic="Warum der Honig nicht da ist").project_id
    english = "The bees are not tired, but the honey is not there yet, and it will be cold."
    chat_model.answers += [reply_of([english]), reply_of([GERMAN])]
    [scene] = finish(script.write_script(studio, project_id, scenes=1, seconds=7))
    assert prompts.FAULT_LANGUAGE in chat_model.asked[1][0][-1].content
    assert scene.text == GERMAN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bees make honey.", 3),
        ("\u871c\u8702\u91c7\u96c6\u82b1\u871c\u3002", 5),
        ("\u30df\u30c4\u30d0\u30c1\u306f\u98db\u3076", 4),
        ("Honig \u871c\u8702", 2),
    ],
)
def test_words_are_counted_where_there_are_no_blanks(text: str, words: int) -> None:
    """As many as are spoken in that time; else a Chinese script would always seem too short."""
    assert words_in(text) == words


def test_the_progress_grows_with_what_is_written(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """It never goes back, says what is being done and shows the scenes as they come."""
    chat_model.answers.append(written(lay_out(5, 45)))
    seen: list[Progress] = []
    finish(script.write_script(studio, project_id), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) > 50
    shown = [len(progress.so_far) for progress in seen]
    assert shown == sorted(shown)
    assert {1, 2, 3, 4, 5} <= set(shown)
    assert [draft["text"] for draft in seen[-1].so_far] == [
        scene.text for scene in script.get_script(studio, project_id)
    ]
    told = list(dict.fromkeys(progress.message.split(":")[0] for progress in seen))
    assert told[-6:] == ["Writing the script", *(f"Writing scene {n} of 5" for n in range(1, 6))]
    assert "…" in seen[-1].message


def test_a_topic_that_is_given_becomes_the_project_s(
    studio: Studio, chat_model: QueuedChat
) -> None:
    """The script and the project are about the same."""
    project_id = projects.create_project(studio).project_id
    chat_model.answers.append(written(lay_out(5, 45)))
    finish(script.write_script(studio, project_id, topic=" Wasps "))
    assert projects.open_project(studio, project_id).topic == "Wasps"
    assert "Topic: Wasps\n" in chat_model.asked[0][0][-1].content


@pytest.mark.parametrize("topic", [None, " ", "x" * 20_000])
def test_a_script_needs_a_topic_within_its_limits(studio: Studio, topic: str | None) -> None:
    """A pasted essay is refused with the limit and the count, not cut."""
    project_id = projects.create_project(studio).project_id
    with pytest.raises(TopicInvalid, match="500"):
        finish(script.write_script(studio, project_id, topic=topic))


@pytest.mark.parametrize(
    ("scenes", "seconds"), [(0, 45), (201, 900), (5, 10), (1, 600), (-1, 45), (5, float("nan"))]
)
def test_an_impossible_length_is_refused_before_anything_is_written(
    studio: Studio, project_id: str, scenes: int, seconds: float
) -> None:
    """The sentence says what would be possible."""
    with pytest.raises(LengthImpossible, match="3 to 90 seconds each"):
        finish(script.write_script(studio, project_id, scenes=scenes, seconds=seconds))


def test_a_project_that_is_not_there_has_no_script(studio: Studio) -> None:
    """For reading, writing and saving."""
    with pytest.raises(NotFound):
        script.get_script(studio, "nowhere")
    with pytest.raises(NotFound):
        finish(script.write_script(studio, "nowhere"))
    with pytest.raises(NotFound):
        script.save_script(studio, "nowhere", drafts_of("Hello."))


def test_a_faulty_script_is_asked_for_once_more_and_told_why(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The second question names the fault and has another seed; its answer is taken."""
    form = lay_out(5, 45)
    chat_model.answers += [reply_of(["Only one scene."]), written(form)]
    scenes = finish(script.write_script(studio, project_id))
    assert len(scenes) == 5
    (first, first_asking), (second, second_asking) = chat_model.asked
    assert second[-1].content.startswith(first[-1].content)
    assert "It had 1 scenes instead of 5." in second[-1].content
    assert first_asking.seed != second_asking.seed


def test_markdown_becomes_scenes_and_the_reply_is_kept(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """A heading kills no job: only spoken words remain, and the raw text can be looked at."""
    reply = (
        "## Video Script\n**Scene 1: Intro**\n*(upbeat music)*\n"
        'Narrator: "Bees make honey for the winter, drop by drop, all summer long."\n---\n'
        '**Scene 2**\n[close-up]\nNarrator: "A spoonful is the life\'s work of twelve of them."'
    )
    chat_model.answers += [reply, reply]
    scenes = finish(script.write_script(studio, project_id, scenes=2, seconds=10))
    assert [scene.text for scene in scenes] == [
        "Bees make honey for the winter, drop by drop, all summer long.",
        "A spoonful is the life's work of twelve of them.",
    ]
    assert raw_reply(studio, project_id) == reply + " "


@pytest.mark.parametrize(
    "reply", ["I'm sorry, I can't help with that.", '{"error": "insufficient balance"}', " "]
)
def test_what_is_no_script_twice_is_an_error_that_loses_nothing(
    studio: Studio, chat_model: QueuedChat, project_id: str, reply: str
) -> None:
    """The old scenes stay, and what the model wrote is in the details."""
    before = script.save_script(studio, project_id, drafts_of("Old words."))
    chat_model.answers += [reply, reply]
    with pytest.raises(ScriptUnusable) as caught:
        finish(script.write_script(studio, project_id))
    assert caught.value.detail.strip() == reply.strip()
    assert script.get_script(studio, project_id) == before
    assert script.last_reply(studio, project_id).strip() == reply.strip()


def test_a_provider_s_error_never_becomes_a_script(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """It travels as an error; the old scenes stay."""
    before = script.save_script(studio, project_id, drafts_of("Old words."))
    chat_model.answers.append(ModelFailed("Ollama", 402))
    with pytest.raises(ModelFailed, match="402"):
        finish(script.write_script(studio, project_id))
    assert script.get_script(studio, project_id) == before


def test_a_script_about_an_error_is_a_script(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """The words "Error: 404" may be spoken like any others."""
    texts = ["Error: 404 is what a server says about a page that nobody can find."]
    chat_model.answers.append(reply_of(texts))
    scenes = finish(script.write_script(studio, project_id, scenes=1, seconds=6))
    assert [scene.text for scene in scenes] == texts


def test_a_second_asking_that_fails_costs_nothing(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """What the first one brought is kept, short as it is."""
    chat_model.answers += [reply_of(["Only one scene."]), OllamaNotRunning("x")]
    scenes = finish(script.write_script(studio, project_id))
    assert [scene.text for scene in scenes] == ["Only one scene."]


def test_a_second_asking_that_fails_after_nothing_is_raised(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """When there is nothing to keep, the failure is what is told."""
    chat_model.answers += ["{}", OllamaNotRunning("x")]
    with pytest.raises(OllamaNotRunning):
        finish(script.write_script(studio, project_id))


def test_a_short_script_is_filled_up_from_the_second_one(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Two halves that each miss a scene make one that has them all."""
    form = lay_out(3, 30)
    first, second = (json.loads(written(form, seed))["scenes"] for seed in (1, 2))
    chat_model.answers += [
        json.dumps({"scenes": first[:2]}),
        json.dumps({"scenes": [*second[:1], {"narration": ""}, *second[2:]]}),
    ]
    scenes = finish(script.write_script(studio, project_id, scenes=3, seconds=30))
    words = sum(len(scene.text.split()) for scene in scenes)
    assert abs(words - form.words) <= TOLERANCE * form.words


def test_a_new_script_replaces_the_old_one(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """New words under an old clip would be a lie, so the scenes are new ones."""
    before = script.save_script(studio, project_id, drafts_of("Old words."))
    chat_model.answers.append(written(lay_out(2, 20)))
    after = finish(script.write_script(studio, project_id, scenes=2, seconds=20))
    assert len(after) == 2
    assert before[0].scene_id not in {scene.scene_id for scene in after}


def test_closing_the_work_stops_the_model_and_changes_nothing(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Cancel takes effect in the middle of the model's answer."""
    before = script.save_script(studio, project_id, drafts_of("Old words."))
    chat_model.answers.append(written(lay_out(5, 45)))
    work = script.write_script(studio, project_id)
    while not next(work).message.startswith("Writing scene"):
        pass
    work.close()
    assert chat_model.closed_early == 1
    assert script.get_script(studio, project_id) == before


def test_eight_minutes_are_written_in_parts(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """Chapters first, then each part with its own; together as long as was asked for."""
    form = lay_out(40, 480)
    parts = divide(form)
    chapters = [f"Chapter number {number} about honey" for number in range(1, len(parts) + 1)]
    chat_model.answers.append(json.dumps({"chapters": chapters}))
    chat_model.answers += [written(part, seed) for seed, part in enumerate(parts)]
    scenes = finish(script.write_script(studio, project_id, scenes=40, seconds=480))
    questions = [turns[-1].content for turns, _ in chat_model.asked[1:]]
    assert len(scenes) == 40
    assert all(chapter in question for chapter, question in zip(chapters, questions, strict=True))
    assert "The part before ended with" not in questions[0]
    assert all("The part before ended with" in question for question in questions[1:])
    assert ["surprising fact" in question for question in questions] == [True, *[False] * 4]
    assert ["take home" in question for question in questions] == [*[False] * 4, True]
    words = sum(len(scene.text.split()) for scene in scenes)
    assert abs(words - form.words) <= TOLERANCE * form.words


def test_parts_are_written_without_chapters_when_there_are_none(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """A model that cannot plan can still write."""
    parts = divide(lay_out(12, 120))
    chat_model.answers.append("Whatever you like!")
    chat_model.answers += [written(part, seed) for seed, part in enumerate(parts)]
    assert len(finish(script.write_script(studio, project_id, scenes=12, seconds=120))) == 12


def test_a_part_that_fails_leaves_the_old_script(
    studio: Studio, chat_model: QueuedChat, project_id: str
) -> None:
    """A long script is saved whole or not at all; the replies so far are kept."""
    before = script.save_script(studio, project_id, drafts_of("Old words."))
    first = written(divide(lay_out(12, 120))[0])
    chat_model.answers += ['{"chapters": ["One", "Two"]}', first, "{}", "{}"]
    with pytest.raises(ScriptUnusable):
        finish(script.write_script(studio, project_id, scenes=12, seconds=120))
    assert script.get_script(studio, project_id) == before
    assert first in (raw_reply(studio, project_id) or "")


def test_no_two_scenes_seek_the_same_picture() -> None:
    """A model that films the same thing twice is helped by the words of the scene."""
    drafts = [
        SceneDraft("The keeper lights the lamp.", "a keeper at the lighthouse"),
        SceneDraft("A storm breaks over the rocks.", "a keeper at the lighthouse"),
        SceneDraft("The ship reaches the harbour.", ""),
    ]
    queries = [draft.visual_query for draft in with_pictures(drafts)]
    assert len(set(queries)) == 3
    assert queries[0] == "keeper lighthouse"
    assert "ship" in queries[2]


# The form


@pytest.mark.parametrize(
    ("scenes", "seconds"), [(1, 6), (5, 45), (5, 15), (3, 120), (12, 60), (40, 480), (200, 1200)]
)
def test_a_form_has_the_scenes_and_the_length_that_were_asked(scenes: int, seconds: float) -> None:
    """Words and the pauses between scenes together last as long as the video."""
    form = lay_out(scenes, seconds)
    assert form.scenes == scenes
    assert min(form.sentences) >= 1
    assert max(form.sentences) - min(form.sentences) <= 1
    assert form.words / WORDS_PER_SECOND + 0.35 * scenes == pytest.approx(seconds, abs=0.25)


@pytest.mark.parametrize(("scenes", "seconds"), [(5, 45), (40, 480), (200, 1200), (3, 240)])
def test_parts_are_small_enough_for_a_small_model(scenes: int, seconds: float) -> None:
    """Question and answer fit into 4,096 tokens, and nothing gets lost between the parts."""
    form = lay_out(scenes, seconds)
    parts = divide(form)
    assert sum(part.scenes for part in parts) == scenes
    assert abs(sum(part.words for part in parts) - form.words) <= len(parts)
    assert all(part.tokens < 3000 for part in parts)


def test_a_model_that_writes_short_sentences_is_given_more_of_them() -> None:
    """The second asking learns from the first."""
    form = lay_out(5, 45)
    short = drafts_of(*["Bees fly out. They come back."] * 5)
    assert sum(corrected(form, short).sentences) > sum(form.sentences)
    assert corrected(form, short).words == form.words


def test_the_grammar_binds_any_model_to_the_form(
    settings: Settings, studio: Studio, tmp_path: Path
) -> None:
    """Even a model that talks nonsense gives two scenes of whole, plain sentences."""
    path = make_tiny_model(tmp_path / "nonsense.gguf")
    model = BuiltInModel(settings.model_copy(update={"local_model": path}), studio.workspace)
    form = lay_out(2, 8)
    for language, is_ascii in (("en", True), ("de", False)):
        rules = grammar(form, letters_of(language))
        asking = Asking(max_tokens=3000, grammar=rules, seed=3)
        reply = "".join(model.stream([Turn("user", "Bees")], asking))
        drafts = script.read_script(reply)
        assert len(json.loads(reply)["scenes"]) == len(drafts) == 2
        for draft in drafts:
            assert draft.text.lstrip("\u00a1\u00bf")[0].isupper()
            assert draft.text[-1] in ".!?"
            assert draft.text.isascii() or not is_ascii
            assert draft.visual_query
            assert draft.objects is not None


def test_a_sentence_that_was_said_before_is_taken_away() -> None:
    """Small models repeat themselves, within a scene and across scenes."""
    form = Form((2, 2, 1), 40)
    drafts = drafts_of(
        "The bees fly out at dawn. They look for flowers in the fields.",
        "The bees fly out at dawn. A dance shows the others the way home.",
        "They look for flowers in the fields!",
    )
    assert [draft.text for draft in mend(drafts, form)] == [
        "The bees fly out at dawn. They look for flowers in the fields.",
        "A dance shows the others the way home.",
    ]


def test_a_sentence_of_an_earlier_part_is_not_said_again() -> None:
    """A long script does not come back to what it has told."""
    before = drafts_of("The bees fly out at dawn. They dance.")
    mended = mend(
        drafts_of("The bees fly out at dawn.", "Honey is sweet."), Form((1, 1), 8), before
    )
    assert [draft.text for draft in mended] == ["Honey is sweet."]


def test_a_sentence_that_stops_in_the_middle_is_taken_away() -> None:
    """Unless the scene has no other."""
    form = Form((2, 1), 20)
    mended = mend(drafts_of("The bees fly out. They look for the.", "Honey is made of."), form)
    assert [draft.text for draft in mended] == ["The bees fly out.", "Honey is made of."]
    assert faults(mend(drafts_of("Honey is made of the."), form), form)[-1] == (
        "A sentence of scene 1 stopped in the middle."
    )


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Bees visit theflowers. The flowers wait.", "Bees visit the flowers. The flowers wait."),
        ("Andhoney keeps. All honey does.", "And honey keeps. All honey does."),
        ("Bees visit theflowers.", "Bees visit theflowers."),
        ("Often ten of them: this theory, therefore, offers land.", None),
        ("An inland island within reach of land and of their reach.", None),
    ],
)
def test_words_that_stick_together_are_parted(text: str, parted: str | None) -> None:
    """Where the second one is known from elsewhere; nothing that is one word is cut."""
    [draft] = mend(drafts_of(text), Form((2,), 10))
    assert draft.text == (parted or text)


def test_farewells_are_no_scenes() -> None:
    """What only speaks about the video itself has nothing to tell."""
    mended = mend(
        drafts_of("Bees fly far.", "Thank you for watching! Stay tuned."), Form((1, 1), 8)
    )
    assert [draft.text for draft in mended] == ["Bees fly far."]


def test_a_script_that_is_too_long_loses_last_sentences() -> None:
    """The longest scenes give first, and no scene loses its only sentence."""
    form = Form((1, 1), 20)
    long = " ".join(sentence(10, number) for number in range(4))
    mended = mend([SceneDraft(long), SceneDraft(sentence(10, 9))], form)
    assert count_words(mended) == 20
    assert count_words(mend(drafts_of(sentence(40, 1), sentence(40, 2)), form)) == 80


def test_the_faults_are_told_in_numbers() -> None:
    """The model hears what was wrong, a person finds it in the log."""
    assert faults(drafts_of(sentence(10, 1)), Form((2, 2), 50)) == [
        "It had 1 scenes instead of 2.",
        "It had 10 words instead of about 50.",
    ]


def test_pooling_keeps_what_both_say_once() -> None:
    """The second script only adds what the first does not say."""
    form = Form((1, 1), 30)
    pooled = pool(
        [SceneDraft("Bees fly far away.", "a bee")],
        [SceneDraft("Bees fly far away. They dance.", "a wasp"), SceneDraft("Honey is sweet.")],
        form,
    )
    assert [(draft.text, draft.visual_query) for draft in pooled] == [
        ("Bees fly far away. They dance.", "a bee"),
        ("Honey is sweet.", ""),
    ]


def test_a_few_missing_scenes_are_made_of_the_longest_ones() -> None:
    """Nothing is added or lost; a scene of one sentence is not cut."""
    form = Form((1, 1, 1, 1), 20)
    split = split_up(drafts_of("One. Two. Three.", "Four."), form)
    assert [draft.text for draft in split] == ["One.", "Two.", "Three.", "Four."]
    assert len(split_up(drafts_of("One.", "Two.", "Three."), form)) == 3


def test_a_script_with_far_fewer_scenes_stays_as_the_model_meant_it() -> None:
    """More than half missing is no slip."""
    drafts = drafts_of("One. Two. Three. Four.")
    assert split_up(drafts, Form((1, 1, 1, 1), 20)) == drafts


# Saving


@pytest.fixture
def scenes(studio: Studio, project_id: str) -> list[projects.SceneView]:
    """Three scenes, spoken and with a clip each."""
    saved = script.save_script(
        studio, project_id, drafts_of("One bee.", "Two bees.", "Three bees.")
    )
    with studio.store.session() as session:
        clip = Clip(source="fixed", source_id="bee", title="Bee")
        session.add(clip)
        session.flush()
        for scene in saved:
            session.add(
                ClipSelection(project_id=project_id, scene_id=scene.scene_id, clip_id=clip.id)
            )
            session.add(
                AudioFile(
                    project_id=project_id,
                    scene_id=scene.scene_id,
                    file_path=f"{scene.scene_number}.wav",
                    voice_id="af_heart",
                    duration_seconds=1.0,
                )
            )
    return script.get_script(studio, project_id)


def kept(scene: projects.SceneView, **changes: Any) -> SceneDraft:
    """A draft that names this scene."""
    return SceneDraft(**{"text": scene.text, "scene_id": scene.scene_id, **changes})


def test_a_saved_script_keeps_ids_and_takes_the_new_order(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """A scene that moves takes its narration and its clip along."""
    saved = script.save_script(
        studio, project_id, [kept(scenes[2]), SceneDraft("New."), kept(scenes[0])]
    )
    assert [scene.text for scene in saved] == ["Three bees.", "New.", "One bee."]
    assert [scene.scene_number for scene in saved] == [1, 2, 3]
    assert [scene.audio_path for scene in saved] == ["3.wav", None, "1.wav"]
    assert saved[0].scene_id == scenes[2].scene_id
    assert saved[0].clip_id is not None
    assert saved[1].clip_id is None


def test_a_scene_that_is_left_out_is_removed(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """With everything that hangs on it."""
    script.save_script(studio, project_id, [kept(scenes[1])])
    with studio.store.session() as session:
        left = session.scalars(select(Scene.id).where(Scene.project_id == project_id)).all()
        spoken = session.scalars(select(AudioFile.scene_id)).all()
    assert left == [scenes[1].scene_id] == spoken


def test_a_changed_text_costs_its_narration_and_not_its_clip(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """The others keep both."""
    saved = script.save_script(
        studio, project_id, [kept(scenes[0], text="One wasp."), kept(scenes[1]), kept(scenes[2])]
    )
    assert [scene.audio_path for scene in saved] == [None, "2.wav", "3.wav"]
    assert all(scene.clip_id for scene in saved)


def test_blanks_around_a_text_change_nothing(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """An editor's trailing line break costs no narration."""
    saved = script.save_script(studio, project_id, [kept(scenes[0], text=" One bee.\n")])
    assert (saved[0].text, saved[0].audio_path) == ("One bee.", "1.wav")


def test_another_voice_costs_the_narration(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """None leaves the voice as it is, an empty one goes back to the project's."""
    saved = script.save_script(studio, project_id, [kept(scenes[0], voice_id="am_michael")])
    assert (saved[0].voice_id, saved[0].audio_path) == ("am_michael", None)
    saved = script.save_script(studio, project_id, [kept(scenes[0])])
    assert saved[0].voice_id == "am_michael"
    saved = script.save_script(studio, project_id, [kept(scenes[0], voice_id="")])
    assert saved[0].voice_id is None


def test_the_pause_is_kept_unless_it_is_given(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """Silence is no reason to speak anew."""
    saved = script.save_script(studio, project_id, [kept(scenes[0], pause_seconds=1.5)])
    assert (saved[0].pause_seconds, saved[0].audio_path) == (1.5, "1.wav")
    saved = script.save_script(studio, project_id, [kept(scenes[0])])
    assert saved[0].pause_seconds == 1.5


def test_a_new_scene_has_the_pause_of_the_settings(studio: Studio, project_id: str) -> None:
    """The scenes that are there keep theirs, and a scene's own counts more."""
    usual = studio.settings.model_copy(update={"scene_pause": 0.8})
    first = script.save_script(studio, project_id, [SceneDraft("A")])[0]
    drafts = [kept(first), SceneDraft("B"), SceneDraft("C", pause_seconds=0.1)]
    saved = script.save_script(replace(studio, settings=usual), project_id, drafts)
    assert [scene.pause_seconds for scene in saved] == [0.35, 0.8, 0.1]


def test_the_level_is_kept_unless_it_is_given(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """A louder scene is the same narration; it stays louder when its words are edited."""
    saved = script.save_script(studio, project_id, [kept(scenes[0], level_db=6.0)])
    assert (saved[0].level_db, saved[0].audio_path) == (6.0, "1.wav")
    saved = script.save_script(studio, project_id, [kept(scenes[0])])
    assert saved[0].level_db == 6.0
    with pytest.raises(InvalidArgument, match="-24 to 12"):
        script.save_script(studio, project_id, [kept(scenes[0], level_db=13.0)])


def test_the_picture_is_sought_by_given_words_else_by_the_text(
    studio: Studio, project_id: str
) -> None:
    """Given words stay while the text stands; a new text brings new ones."""
    [scene] = script.save_script(
        studio, project_id, [SceneDraft("The bees fly to the flowers.", "honeycomb close")]
    )
    assert scene.visual_query == "honeycomb close"
    [scene] = script.save_script(studio, project_id, [kept(scene)])
    assert scene.visual_query == "honeycomb close"
    [scene] = script.save_script(studio, project_id, [kept(scene, text="A bear eats the honey.")])
    assert scene.visual_query == "bear eats honey"


def test_a_scene_with_nothing_to_speak_is_saved_and_says_so(
    studio: Studio, project_id: str
) -> None:
    """It is flagged where it is edited, and the flag goes when there are words."""
    saved = script.save_script(studio, project_id, drafts_of("...", "🎉🎉", "(music)", "", "Bees."))
    codes = [scene.error["code"] if scene.error else None for scene in saved]
    assert codes == ["NOTHING_TO_SPEAK"] * 4 + [None]
    saved = script.save_script(studio, project_id, [kept(saved[0], text="Bees.")])
    assert saved[0].error is None


def test_an_error_of_a_scene_stays_until_its_text_changes(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """Saving the script does not wipe away what went wrong elsewhere."""
    with studio.store.session() as session:
        row = session.get(Scene, scenes[0].scene_id)
        assert row is not None
        row.error_code, row.error_message = "TRUNCATED", "The clip is damaged."
    saved = script.save_script(studio, project_id, [kept(scenes[0])])
    assert saved[0].error == {"code": "TRUNCATED", "message": "The clip is damaged."}


def test_a_scene_that_is_not_there_cannot_be_saved(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """Neither an unknown one nor one of another project; nothing is changed."""
    other = projects.create_project(studio, topic="Wasps").project_id
    for project, scene_id in [(project_id, "nowhere"), (other, scenes[0].scene_id)]:
        with pytest.raises(NotFound):
            script.save_script(studio, project, [SceneDraft("X.", scene_id=scene_id)])
    assert script.get_script(studio, project_id) == scenes


def test_a_scene_cannot_be_in_two_places(
    studio: Studio, project_id: str, scenes: list[projects.SceneView]
) -> None:
    """An id that is given twice is refused."""
    with pytest.raises(InvalidArgument, match="twice"):
        script.save_script(studio, project_id, [kept(scenes[0]), kept(scenes[0])])


@pytest.mark.parametrize(
    ("drafts", "failure", "said"),
    [
        ([], ScriptEmpty, "1 to 200"),
        (drafts_of(*["Bee."] * 201), ScriptTooLong, "201 scenes"),
        (drafts_of("Bee.", "x" * 2001), SceneTooLong, "Scene 2 has 2001 characters"),
    ],
)
def test_a_script_over_its_limits_is_refused_with_limit_and_count(
    studio: Studio, project_id: str, drafts: list[SceneDraft], failure: type, said: str
) -> None:
    """Never a silent cut."""
    with pytest.raises(failure, match=said):
        script.save_script(studio, project_id, drafts)


@pytest.mark.parametrize("pause", [-0.1, 10.5, math.inf, math.nan])
def test_a_pause_that_is_none_is_refused(studio: Studio, project_id: str, pause: float) -> None:
    """Whichever door it comes in by, and nothing is changed."""
    with pytest.raises(InvalidArgument, match="pause after scene 2"):
        script.save_script(
            studio, project_id, [SceneDraft("A"), SceneDraft("B", pause_seconds=pause)]
        )
    assert script.get_script(studio, project_id) == []


def test_a_script_at_its_limits_is_saved(studio: Studio, project_id: str) -> None:
    """200 scenes, and 2,000 characters in one."""
    texts = ["x" * 2000, *[f"Bee {number}." for number in range(199)]]
    assert len(script.save_script(studio, project_id, drafts_of(*texts))) == 200


# Real weights


@pytest.mark.slow
def test_the_built_in_model_writes_three_scenes(
    studio: Studio, project_id: str, settings: Settings, weights_dir: Path
) -> None:
    """Qwen keeps the form: three scenes, the length, plain sentences, things to film."""
    path = weights_dir / weights.QWEN.file_name
    if not path.is_file():
        pytest.skip("The built-in model is not in the cache")
    model = BuiltInModel(settings.model_copy(update={"local_model": path}), studio.workspace)
    studio = Studio(**{**vars(studio), "chat_model": model})
    scenes = finish(script.write_script(studio, project_id, scenes=3, seconds=25))
    words, wanted = sum(len(scene.text.split()) for scene in scenes), lay_out(3, 25).words
    assert len(scenes) == 3
    assert abs(words - wanted) <= TOLERANCE * wanted
    for scene in scenes:
        assert scene.text[-1] in ".!?"
        assert not set(scene.text) & set("*#{}[]()")
        assert 1 <= len(scene.visual_query.split()) <= 4
    assert any(scene.objects for scene in scenes)
