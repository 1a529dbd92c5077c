"""When words are heard: our voices against energy onsets, and recordings against our voices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import hearing
import numpy as np
import pytest

from aivideo.engines import weights
from aivideo.engines.alignment import align, share_out
from aivideo.engines.speech import RATE, KokoroSpeaker, Speech, Word
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace

pytestmark = pytest.mark.slow

TEXT = "Paper costs $3.50. Call Dr. Kay, Tom, AT&T."
"""Plosives after pauses, whose onset is sharp; and words that are written otherwise than said."""
VOICES = ("af_heart", "bm_george")
"""One of each accent and gender."""
BLOCK = RATE // 200
QUIET = 16
"""Blocks of 5 ms (80 ms) without a sound, after which the next sound is an onset."""


@pytest.fixture(scope="module")
def spoken(weights_dir: Path) -> Iterator[Mapping[str, Speech]]:
    """The text in each voice."""
    settings = Settings(
        cache_dir=weights_dir.parent, model_hub="", kokoro_model=None, tts_engine="onnx"
    )
    workspace = Workspace(settings)
    speaker = KokoroSpeaker(settings, workspace, weights.KOKORO, hearing.network, hearing.front_end)
    yield {voice: finish(speaker.speak(TEXT, voice)) for voice in VOICES}
    workspace.close()


def onsets(speech: Speech) -> list[float]:
    """The seconds at which a sound sets in after silence (-40 dB of the loudest sample)."""
    whole = speech.samples[: len(speech.samples) // BLOCK * BLOCK].reshape(-1, BLOCK)
    loud = np.sqrt(np.mean(np.square(whole), axis=1)) > 0.01 * np.abs(speech.samples).max()
    before = np.concatenate([np.zeros(QUIET, bool), loud])
    return [at * BLOCK / RATE for at in np.flatnonzero(loud) if not before[at : at + QUIET].any()]


def errors_after_pauses(speech: Speech) -> dict[str, float]:
    """How far the start of each word that begins a phrase is from the onset that belongs to it.

    It lies between the middles of the word before and of the word itself; where a voice reads on
    without a pause there is none, and a word such as "AT&T" has another one inside.
    """
    found: dict[str, float] = {}
    before = Word(".", 0.0, 0.0)
    for word in speech.words:
        middles = [(each.start + each.end) / 2 for each in (before, word)]
        near = [onset for onset in onsets(speech) if middles[0] <= onset <= middles[1]]
        if near and re.search(r"(?<!Dr)[.,]$", before.text):
            found[word.text] = min((word.start - onset for onset in near), key=abs)
        before = word
    return found


def test_words_start_where_they_are_heard(spoken: Mapping[str, Speech]) -> None:
    """Half of them within 40 ms of an onset of energy, all within 150 ms, not early nor late."""
    errors = [error for speech in spoken.values() for error in errors_after_pauses(speech).values()]
    assert len(errors) >= 6
    assert np.median(np.abs(errors)) <= 0.04
    assert np.abs(errors).max() <= 0.15
    assert abs(np.median(errors)) <= 0.02


def test_every_word_of_the_text_has_its_time(spoken: Mapping[str, Speech]) -> None:
    """As the author wrote it, an amount as one word, measured and not shared out."""
    for speech in spoken.values():
        assert [word.text for word in speech.words] == TEXT.split()
        assert all(word.end > word.start for word in speech.words)
        assert not any(word.proportional for word in speech.words)


def test_words_of_a_recording_are_found_by_our_voice(spoken: Mapping[str, Speech]) -> None:
    """Another voice of another accent stands for the person: its word times are known.

    Half of the words within 80 ms; sharing the time out is at least three times as far off.
    """
    ours, theirs = (spoken[voice] for voice in VOICES)
    aligned = align(ours.words, ours.samples, theirs.samples)
    assert aligned is not None
    meant = np.array([word.start for word in theirs.words])
    off, shared = (
        np.median(np.abs(np.array([word.start for word in words]) - meant))
        for words in (aligned, share_out(TEXT, theirs.samples))
    )
    assert off <= 0.08
    assert off * 3 <= shared
