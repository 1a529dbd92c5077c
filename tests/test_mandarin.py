"""The Chinese front end: parts, marks, Latin words; and, where it is installed, real characters."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from aivideo.engines.kokoro import VOCABULARY
from aivideo.engines.mandarin import PACKAGES, MandarinFrontEnd
from aivideo.engines.phonemes import SENTENCE, Sound, break_after, cut, phonemes_of
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.spoken import Said, say


def english(said: Sequence[Said]) -> list[Sound]:
    """An English front end that spells."""
    return [Sound(word.spoken.lower(), index, spaced=True) for index, word in enumerate(said)]


def read(text: str) -> str:
    """A Chinese one that says "ma" for each character."""
    if "?" in text:
        raise AssertionError(text)
    return "ma→❓" * len(text.strip())


def sounds(text: str) -> list[Sound]:
    """The sounds of a text with both."""
    return MandarinFrontEnd(english, lambda: read).sounds(say(text, "zh-CN"))


def test_a_sentence_is_pronounced_part_by_part() -> None:
    """Its marks become those that the voice knows, and part sentences though no blank follows."""
    found = sounds("蜜蜂，飞。好！")
    assert phonemes_of(found) == "ma→ma→, ma→. ma→!"
    assert {sound.word for sound in found} == {0}
    assert break_after(found[:4]) == SENTENCE


def test_every_word_keeps_its_own_sounds() -> None:
    """What stands between blanks is a word of the author's."""
    assert [sound.word for sound in sounds("蜜蜂 飞。 🎉 好") if sound.is_heard] == [0, 1, 3]


def test_latin_words_are_read_in_english() -> None:
    """A name among the characters is no row of letters."""
    assert phonemes_of(sounds("用Kokoro说")) == "ma→kokoroma→."


def test_a_long_text_is_cut_at_its_marks() -> None:
    """No blank parts a Chinese text; its sentences are pieces all the same."""
    pieces = cut(sounds("蜜蜂飞得很远很远。" * 40))
    assert len(pieces) > 3
    assert all(piece[-1].phonemes == "." for piece in pieces)


def test_what_it_stumbles_over_fails_alone() -> None:
    """A spelling that nobody foresaw is a failure of its scene."""

    def stumble(_: str) -> str:
        raise AssertionError

    with pytest.raises(SpeechFailed):
        MandarinFrontEnd(english, lambda: stumble).sounds(say("蜜", "zh"))


@pytest.mark.parametrize("package", ["jieba", "misaki.zh"])
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VoiceRuntimeMissing):
        MandarinFrontEnd(english)


@pytest.mark.slow
def test_real_characters_have_tones() -> None:
    """Where the packages are installed: words, figures and marks, all in the voice's symbols."""
    for module in PACKAGES:
        pytest.importorskip(module)
    found = MandarinFrontEnd(english).sounds(say("2024年，蜜蜂飞。", "zh-CN"))
    text = phonemes_of(found)
    assert set(text) <= VOCABULARY.keys()
    assert text.count("↗") + text.count("→") + text.count("↘") + text.count("↓") >= 7
    assert text.endswith(".")
