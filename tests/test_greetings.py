"""The recorded greetings: every voice has one, and it is heard without any weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aivideo import voiceover
from aivideo.api import Endpoints
from aivideo.autopilot import open_desk
from aivideo.engines.greetings import RECORDINGS, greeting, heard, recorded
from aivideo.engines.speakers import open_speaker
from aivideo.engines.speech import CATALOGUE, RATE, RECIPE, find_voice
from aivideo.engines.voices import check_script
from aivideo.engines.wav import LOUDNESS, loudness
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.spoken import language_of
from aivideo.studio import open_studio
from aivideo.workspace import Workspace


@pytest.fixture(params=["auto", "onnx", "kokoro"])
def name(request: pytest.FixtureRequest, settings: Settings, workspace: Workspace) -> str:
    """The name of the speaker that each engine gives."""
    chosen = settings.model_copy(update={"tts_engine": request.param})
    return open_speaker(chosen, workspace).name


def test_every_voice_has_a_greeting_of_todays_speaker(name: str) -> None:
    """When the recipe of speaking changes, they are to be recorded anew: make_greetings.py."""
    assert [voice.id for voice in CATALOGUE if recorded(voice.id, name) is None] == []


def test_a_greeting_is_a_sentence_long_and_as_loud_as_any_narration() -> None:
    """So that voices can be compared."""
    for voice in CATALOGUE:
        samples = heard(RECORDINGS / f"{voice.id}.opus")
        assert 2 < len(samples) / RATE < 8
        assert 0.5 * LOUDNESS < loudness(samples) < 1.1 * LOUDNESS  # peaks hold some down
        assert np.abs(samples).max() < 1


def test_a_voice_greets_in_its_own_language() -> None:
    """In words that it can read."""
    for voice in CATALOGUE:
        check_script(greeting(voice), voice)
        assert language_of(greeting(voice)) in {None, voice.language[:2]}
        assert voice.name in greeting(voice) or voice.language[:2] in {"ja", "zh"}
    assert "I'm Heart and Michael." in greeting(find_voice(CATALOGUE, "af_heart+am_michael"))


@pytest.mark.parametrize("voice_id", ["af_heart", "zm_yunxi", "jf_alpha"])
def test_a_greeting_needs_no_weights_and_no_front_end(settings: Settings, voice_id: str) -> None:
    """A click is answered at once, for a voice that cannot speak here too; again it is a file."""
    with open_studio(settings) as studio:
        sample = finish(voiceover.preview(studio, voice_id))
        assert sample.duration_seconds > 2
        written = sample.path.stat().st_mtime_ns
        assert finish(voiceover.preview(studio, voice_id)) == sample
        assert sample.path.stat().st_mtime_ns == written
        assert not list(studio.workspace.folder("weights").glob("*.onnx"))


def test_the_list_of_voices_has_every_greeting(settings: Settings) -> None:
    """A program plays any of them, and is told what the missing ones lack."""
    with open_studio(settings) as studio, open_desk(studio) as jobs:
        answer: Any = Endpoints(studio, jobs).list_voices("ja")
    listed = answer["data"]["voices"]
    assert [voice["id"][0] for voice in listed] == ["j"] * 5
    assert all(voice["preview"] for voice in listed)


@pytest.mark.parametrize(
    ("voice_id", "speaker"),
    [
        ("af_heart", f"kokoro 6e742170d309 recipe {RECIPE - 1} pauses 0.45 0.9"),
        ("af_heart", f"kokoro 0123456789ab recipe {RECIPE} pauses 0.45 0.9"),
        ("af_heart", f"kokoro 6e742170d309 recipe {RECIPE} pauses 0.6 0.9"),
        ("af_heart", "tones 1"),
        ("af_heart:1", f"kokoro 6e742170d309 recipe {RECIPE} pauses 0.45 0.9"),
        ("../greetings/af_heart", f"kokoro 6e742170d309 recipe {RECIPE} pauses 0.45 0.9"),
        ("af_nobody", f"kokoro 6e742170d309 recipe {RECIPE} pauses 0.45 0.9"),
    ],
)
def test_what_would_sound_otherwise_is_not_played(voice_id: str, speaker: str) -> None:
    """Other weights, other pauses, blends and unknown names have no recording."""
    assert recorded(voice_id, speaker) is None
