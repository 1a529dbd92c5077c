"""Word times in a recording: compared with our own voice, or shared out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from babble import Samples, babble

from aivideo.engines.alignment import align, share_out
from aivideo.engines.narration import RATE
from aivideo.engines.recordings import voiced
from aivideo.engines.sharing import sentences_of
from aivideo.engines.speech import Word

TEXT = "Bees visit fifty flowers, then fly home. At dusk the hive hums with quiet work."
SPOKEN, TIMED = babble(TEXT.split(), pitch=190)


def off(found: Sequence[Word] | None, meant: Sequence[Word]) -> np.ndarray:
    """How far each word begins from where it is, in seconds."""
    assert found is not None
    return np.array([abs(a.start - b.start) for a, b in zip(found, meant, strict=True)])


@pytest.mark.parametrize(
    ("pitch", "pace", "stop", "noise"),
    [(110, 1.0, 0.3, 0.0), (110, 0.7, 0.9, 0.0), (150, 1.4, 0.15, 0.0), (110, 0.9, 0.6, 0.005)],
    ids=["another voice", "slowly", "hastily", "in a noisy room"],
)
def test_words_are_found_in_another_persons_recording(
    pitch: float, pace: float, stop: float, noise: float
) -> None:
    """However slowly they speak and wherever they pause; half of the words within 30 ms."""
    recorded, meant = babble(TEXT.split(), pitch=pitch, pace=pace, stop=stop)
    recorded += np.random.default_rng(5).normal(0, noise, len(recorded)).astype(np.float32)
    found = align(TIMED, SPOKEN, recorded)
    errors = off(found, meant)
    assert np.median(errors) <= 0.03
    assert errors.max() <= 0.15
    assert [word.text for word in found or ()] == TEXT.split()
    assert not any(word.proportional for word in found or ())


def test_words_come_one_after_the_other(recorded: Samples) -> None:
    """None begins before the one before it ends, and none lies outside of the recording."""
    found = align(TIMED, SPOKEN, recorded) or ()
    assert all(word.start <= word.end for word in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert found[-1].end <= len(recorded) / RATE


@pytest.fixture
def recorded() -> Samples:
    """Somebody who reads the text."""
    return babble(TEXT.split(), pitch=110, pace=0.8, stop=0.6)[0]


@pytest.mark.parametrize("words", [2, 60])
def test_a_recording_of_something_else_is_not_aligned(words: int) -> None:
    """One that is far too short or far too long for the text."""
    assert align(TIMED, SPOKEN, babble(["other", "words"] * (words // 2))[0]) is None


def test_what_was_guessed_of_our_voice_stays_a_guess(recorded: Samples) -> None:
    """Words that share the voice's time are not measured by being compared."""
    guessed = [replace(word, proportional=True) for word in TIMED]
    assert all(word.proportional for word in align(guessed, SPOKEN, recorded) or ())


def test_silence_is_not_aligned(recorded: Samples) -> None:
    """Neither that of a voice nor that of a text."""
    assert align(TIMED, np.zeros(RATE, np.float32), recorded) is None
    assert align((), SPOKEN, recorded) is None


def test_a_long_recording_is_compared_in_longer_steps() -> None:
    """What it costs is bounded, and words are found nearly as well."""
    text = TEXT.split() * 6
    spoken, timed = babble(text, pitch=190)
    recorded, meant = babble(text, pitch=110, pace=0.9, stop=0.5)
    assert len(recorded) > 40 * RATE
    assert np.median(off(align(timed, spoken, recorded), meant)) <= 0.04


def test_shared_out_words_keep_out_of_pauses() -> None:
    """A sentence is said in the stretch that is its own; each word is marked as a guess."""
    recorded, meant = babble(TEXT.split(), pitch=110, stop=0.8)
    found = share_out(TEXT, recorded)
    stretches = [(start / RATE, end / RATE) for start, end in voiced(recorded)]
    assert len(stretches) == 3
    assert [word.text for word in found] == TEXT.split()
    assert all(word.proportional for word in found)
    for word, other in zip(found, meant, strict=True):
        [stretch] = [each for each in stretches if each[0] <= other.start + 0.05 < each[1]]
        assert stretch[0] - 0.01 <= word.start <= word.end <= stretch[1] + 0.01
    assert np.median(off(found, meant)) <= 0.15


def test_a_long_word_gets_a_long_share() -> None:
    """By what is said: an amount is as long as it is spoken, a dash takes no time."""
    recorded, _ = babble(["one", "two", "three", "four"])
    found = share_out("I — paid $1,250.75 there", recorded)
    lengths = {word.text: word.end - word.start for word in found}
    assert lengths["$1,250.75"] > lengths["there"] > lengths["I"] > 0
    assert lengths["—"] < 0.05


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("蜜蜂飞。它们回家\uff01", ["蜜蜂飞。", "它们回家\uff01"]),
        ("「行く。」と言った。", ["「行く。」", "と言った。"]),
        ("真的\uff1f\uff01好。", ["真的\uff1f\uff01", "好。"]),
        ("www.example.com.", ["www.example.com."]),
        ("。", ["。"]),
    ],
)
def test_a_word_without_blanks_has_its_sentences(written: str, sentences: list[str]) -> None:
    """Only full-width stops part them, with what closes behind; nothing is lost."""
    assert sentences_of(written) == sentences


def test_sentences_without_blanks_keep_out_of_pauses() -> None:
    """A pause in the recording lies between two of them, and none of it is shared out."""
    recorded, _ = babble(["abcabcabc.", "defdef."], stop=1.0)
    first, second = share_out("蜜蜂飞到田野里。它们回家。", recorded)
    [(start, end), (again, stop)] = voiced(recorded)
    edges = [edge / RATE for edge in (start, end, again, stop)]
    assert [first.start, first.end, second.start, second.end] == pytest.approx(edges, abs=0.001)
    assert (first.joined, second.joined) == (False, True)


@pytest.mark.parametrize("text", ["Word.", "One. Two. Three. Four. Five.", "蜜蜂", "…", ""])
def test_any_text_is_shared_out(text: str) -> None:
    """More pauses than words, more words than pauses, other scripts, nothing to say."""
    recorded, _ = babble(["Bees.", "fly.", "home."])
    found = share_out(text, recorded)
    assert [word.text for word in found] == text.split()
    assert all(0 <= word.start <= word.end <= len(recorded) / RATE for word in found)
    assert all(a.end <= b.start + 0.001 for a, b in itertools.pairwise(found))
    assert [word.text for word in share_out(text, np.zeros(RATE, np.float32))] == text.split()
