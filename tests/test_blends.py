"""Blends of voices: how they are written, refused, mixed, and used wherever a voice is."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import ToneSpeaker

from aivideo import voiceover
from aivideo.engines.blends import MOST_VOICES, blend_id, parts_of, tidy
from aivideo.engines.speech import CATALOGUE, find_voice
from aivideo.engines.voices import vector
from aivideo.errors import InvalidArgument, VoiceBlendInvalid, VoiceUnavailable, VoiceUnknown
from aivideo.progress import finish
from aivideo.projects import create_project, open_project
from aivideo.store import Scene
from aivideo.studio import Studio


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("af_heart:0.6+am_michael:0.4", "af_heart:0.6+am_michael:0.4"),
        ("af_heart+am_michael", "af_heart:0.5+am_michael:0.5"),
        (" af_heart : 0.60 + am_michael : .4 ", "af_heart:0.6+am_michael:0.4"),
        ("af_sky:0.33+af_nova:0.33+af_sarah:0.33", "af_sky:0.3333+af_nova:0.3333+af_sarah:0.3333"),
        ("af_heart:1", "af_heart"),
        ("af_heart", "af_heart"),
    ],
)
def test_a_blend_has_one_name(written: str, name: str) -> None:
    """However it is written; and that name is again written so."""
    assert tidy(written) == name
    assert tidy(name) == name
    assert sum(weight for _, weight in parts_of(written)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("af_heart:0.6+am_michael:0.6", r"add up to 1\.2 instead of 1"),
        ("af_heart:0.3+am_michael:0.3", r"add up to 0\.6 instead of 1"),
        ("af_heart:0.5", r"add up to 0\.5 instead of 1"),
        ("af_heart:0.6+am_michael", "only some of its voices have a weight"),
        ("af_heart:half+am_michael:half", "half is no weight"),
        ("af_heart:1.4+am_michael:-0.4", r"1\.4 is no weight"),
        ("af_heart:nan+am_michael:0.4", "nan is no weight"),
        ("af_heart:+am_michael:1", "nothing is no weight"),
        ("af_heart:1.0+am_michael:0", "0 is no weight"),
        ("af_heart:0.5+af_heart:0.5", "names a voice twice"),
        ("+".join(f"v{number}" for number in range(MOST_VOICES + 1)), "9 voices, and 8 fit"),
    ],
)
def test_a_blend_that_cannot_be_mixed_is_refused(written: str, says: str) -> None:
    """The sentence quotes it, says what is wrong and how one is written."""
    with pytest.raises(VoiceBlendInvalid, match=says) as caught:
        find_voice(CATALOGUE, written)
    assert written in caught.value.message
    assert "af_heart:0.6+am_michael:0.4" in caught.value.message
    assert caught.value.code == "VOICE_BLEND_INVALID"
    assert isinstance(caught.value, InvalidArgument)
    assert tidy(written) == written


def test_an_unknown_part_is_named_with_its_neighbours() -> None:
    """Not the whole blend is unknown, but one voice in it."""
    with pytest.raises(VoiceUnknown, match=r"no voice 'am_micheal'.*am_michael"):
        find_voice(CATALOGUE, "af_heart:0.6+am_micheal:0.4")


@pytest.mark.parametrize("written", ["+", "af_heart+", ""])
def test_a_part_without_a_name_is_unknown(written: str) -> None:
    """An unfinished blend is no voice."""
    with pytest.raises((VoiceUnknown, VoiceBlendInvalid)):
        find_voice(CATALOGUE, written)


def test_the_first_voice_gives_the_language() -> None:
    """Accents may be mixed; the front end is that of the first voice."""
    voice = find_voice(CATALOGUE, "bf_emma:0.7+am_michael:0.3")
    assert (voice.id[0], voice.language, voice.gender) == ("b", "en-GB", "female")
    assert voice.name == "Emma and Michael"


def test_vectors_are_averaged_by_weight() -> None:
    """Linearly, as the publisher mixes voices."""
    heart, michael = (vector(find_voice(CATALOGUE, name)) for name in ("af_heart", "am_michael"))
    mixed = vector(find_voice(CATALOGUE, "af_heart:0.6+am_michael:0.4"))
    assert np.allclose(mixed, 0.6 * heart + 0.4 * michael, atol=1e-6)


def test_a_blend_is_named_as_it_is_written() -> None:
    """Thirds are rounded in the name alone."""
    assert blend_id((("a", 1 / 3), ("b", 2 / 3))) == "a:0.3333+b:0.6667"


BLEND = "af_heart:0.6+am_michael:0.4"


def test_a_blend_is_a_projects_voice(studio: Studio, speaker: ToneSpeaker) -> None:
    """It is chosen, spoken and kept under its one name."""
    project_id = create_project(studio, topic="Bees").project_id
    with studio.store.session() as session:
        session.add(Scene(project_id=project_id, position=0, text="Bees fly."))
    voiceover.choose_voice(studio, project_id, " af_heart:.6 + am_michael:.4")
    finish(voiceover.speak_scenes(studio, project_id))
    assert open_project(studio, project_id).voice_id == BLEND
    assert speaker.spoken == [("Bees fly.", BLEND)]


def test_a_blend_is_a_scenes_voice_and_is_spoken_once(studio: Studio, speaker: ToneSpeaker) -> None:
    """Two ways to write it are one narration."""
    project_id = create_project(studio, topic="Bees").project_id
    with studio.store.session() as session:
        for position, voice_id in enumerate([BLEND, "af_heart:0.60+am_michael:0.40"]):
            session.add(
                Scene(project_id=project_id, position=position, text="Fly.", voice_id=voice_id)
            )
    first, second = finish(voiceover.speak_scenes(studio, project_id))
    assert first.path == second.path
    assert len(speaker.spoken) == 1


def test_other_weights_are_another_narration(studio: Studio, speaker: ToneSpeaker) -> None:
    """The blend is an ingredient of the name."""
    samples = [
        finish(voiceover.preview(studio, voice_id, "Hello"))
        for voice_id in (BLEND, "af_heart:0.5+am_michael:0.5", "af_heart+am_michael")
    ]
    assert samples[0] != samples[1] == samples[2]
    assert len(speaker.spoken) == 2


def test_a_blend_introduces_itself_by_its_names(studio: Studio, speaker: ToneSpeaker) -> None:
    """The usual sample names both voices."""
    finish(voiceover.preview(studio, BLEND))
    assert "I'm Heart and Michael" in speaker.spoken[0][0]


def test_a_blend_with_a_voice_that_is_missing_here_is_refused(studio: Studio) -> None:
    """The missing part is named."""
    project_id = create_project(studio, topic="Bees").project_id
    with pytest.raises(VoiceUnavailable, match="Alpha"):
        voiceover.choose_voice(studio, project_id, "af_heart+jf_alpha")


def test_a_scene_with_a_broken_blend_keeps_its_reason(studio: Studio) -> None:
    """The other scenes go on."""
    project_id = create_project(studio, topic="Bees").project_id
    with studio.store.session() as session:
        for position, voice_id in enumerate(["af_heart:2+am_michael:2", None]):
            session.add(
                Scene(project_id=project_id, position=position, text="Fly.", voice_id=voice_id)
            )
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    assert narration.scene_number == 2
    error = open_project(studio, project_id).scenes[0].error
    assert error is not None
    assert error["code"] == "VOICE_BLEND_INVALID"
