"""Utterances become one narration: trimmed, joined without clicks, every word timed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from aivideo.engines.kokoro import FRAME, Utterance
from aivideo.engines.narration import (
    AFTER,
    BEFORE,
    FADE_IN,
    FADE_OUT,
    LEAD,
    RATE,
    RING,
    STOP,
    Pauses,
    Reading,
    Span,
    edit,
    fill_in,
    join,
    sentences,
)
from aivideo.engines.phonemes import Piece, Sound

FADES = FADE_IN + FADE_OUT
"""Samples that a fade may take from a tone."""
PIECE: Piece = (
    Sound("on", 0, spaced=True),
    Sound("tu", 1, spaced=False),
    Sound(".", 1, spaced=True),
)


def utterance(frames: Sequence[int], loud: Sequence[tuple[int, int]]) -> Utterance:
    """An utterance that hums at half volume in these ranges of samples and is silent elsewhere."""
    samples = np.zeros(sum(frames) * FRAME, np.float32)
    for start, end in loud:
        samples[start:end] = 0.5 * np.sin(np.arange(end - start) * 0.05 + 1.5)
    return Utterance(samples, np.array(frames, np.float32))


# Start mark 10 frames, "o" 4, "n" 4, blank 2, "t" 4, "u" 6, "." 10, end mark 10.
FRAMES = (10, 4, 4, 2, 4, 6, 10, 10)
STARTS = [sum(FRAMES[:count]) * FRAME - LEAD for count in range(len(FRAMES) + 1)]
HUM = ((STARTS[1], STARTS[3]), (STARTS[4], STARTS[6]))


def hop(samples: NDArray[np.float32]) -> float:
    """The largest step between two neighbouring samples."""
    return float(np.abs(np.diff(samples, prepend=0, append=0)).max())


def test_words_lie_where_they_are_heard() -> None:
    """A word lasts from its first phoneme to its last, 75 ms before the nominal place."""
    part = edit(PIECE, utterance(FRAMES, HUM))
    kept = STARTS[1] - BEFORE
    assert part.spans == (
        Span(0, STARTS[1] - kept, STARTS[3] - kept),
        Span(1, STARTS[4] - kept, STARTS[6] - kept),
    )


def test_silence_around_an_utterance_is_cut_to_a_little() -> None:
    """Enough stays before and after the sound for soft consonants."""
    part = edit(PIECE, utterance(FRAMES, HUM))
    assert len(part.samples) == pytest.approx(BEFORE + STARTS[6] - STARTS[1] + AFTER, abs=20)


def test_a_word_ends_where_its_sound_ends() -> None:
    """The network counts the pause to the last phoneme; the word does not."""
    early = STARTS[5]
    part = edit(PIECE, utterance(FRAMES, ((STARTS[1], STARTS[3]), (STARTS[4], early))))
    assert part.spans[1].end == pytest.approx(early - STARTS[1] + BEFORE + RING, abs=60)


def test_a_soft_first_sound_is_not_cut_off() -> None:
    """When a word begins before it is loud, the utterance is kept from the word on."""
    late = STARTS[1] + 4 * FRAME
    part = edit(PIECE, utterance(FRAMES, ((late, STARTS[3]), HUM[1])))
    assert part.spans[0].start == BEFORE


def test_an_utterance_begins_and_ends_without_a_click() -> None:
    """Both ends are faded, also when the network stops in the middle of a tone."""
    frames = (0, 4, 4, 2, 4, 6, 4, 0)
    part = edit(PIECE, utterance(frames, ((0, sum(frames) * FRAME),)))
    assert hop(part.samples) < 0.03


def test_a_silent_utterance_stays_whole() -> None:
    """There is nothing to trim by, and nothing is divided by nothing."""
    silent = utterance(FRAMES, ())
    part = edit(PIECE, silent)
    assert len(part.samples) == len(silent.samples)


def test_a_very_short_utterance_can_be_faded() -> None:
    """An utterance shorter than its fades is no failure."""
    short = Utterance(np.full(60, 0.5, np.float32), np.zeros(3, np.float32))
    part = edit((Sound("a", 0, spaced=False),), short)
    assert len(part.samples) == 60


def parts(*pieces: Piece, pauses: Pauses | None = None) -> Reading:
    """These pieces joined, each a tenth of a second of full volume."""
    one = Reading(np.ones(RATE // 10, np.float32), ())
    return join([(piece, one) for piece in pieces], pauses or Pauses())


def piece_of(mark: str, word: int = 0) -> Piece:
    """A piece of one word that ends with a mark, or with none."""
    sounds: Piece = (Sound("a", word, spaced=not mark),)
    return (*sounds, Sound(mark, word, spaced=True)) if mark else sounds


@pytest.mark.parametrize(
    ("mark", "pause"),
    [(".", 0.45), (",", 0.06), ("", 0.0)],
    ids=["sentence", "clause", "words"],
)
def test_a_pause_is_as_long_as_the_break_is_strong(mark: str, pause: float) -> None:
    """A sentence breathes longer than a clause; a cut between words does not pause."""
    joined = parts(piece_of(mark), piece_of(mark, 1))
    assert len(joined.samples) / RATE == pytest.approx(0.2 + pause)


def test_pauses_are_as_they_are_set() -> None:
    """Between sentences, between paragraphs, and what the author asks for before both."""
    pauses = Pauses(sentence=1.0, paragraph=2.0, paragraph_starts={2, 3}, asked={3: 0.25})
    joined = parts(*(piece_of(".", word) for word in range(4)), pauses=pauses)
    assert len(joined.samples) / RATE == pytest.approx(0.4 + 1.0 + 2.0 + 0.25)


def test_the_quiet_at_the_ends_counts_to_a_pause() -> None:
    """What is heard is as long as asked: what was kept around the sound is not added to it."""
    padded = np.zeros(RATE // 10 + BEFORE + AFTER, np.float32)
    padded[BEFORE:-AFTER] = 1
    both = [(piece_of("", word), Reading(padded, ())) for word in (0, 1)]
    samples = join(both, Pauses(asked={1: 0.8})).samples
    silent = np.diff(np.flatnonzero(samples)).max() - 1
    assert silent == round(0.8 * RATE)


@pytest.mark.parametrize(("word", "place"), [(0, "start"), (1, "end")])
def test_silence_can_be_asked_for_at_both_ends(word: int, place: str) -> None:
    """Before the first word and after the last; the words move with it."""
    one = Reading(np.ones(2400, np.float32), (Span(0, 0, 2400),))
    joined = join([(piece_of("."), one)], Pauses(asked={word: 0.5}))
    begin = RATE // 2 if place == "start" else 0
    assert len(joined.samples) == 2400 + RATE // 2
    assert joined.spans == (Span(0, begin, begin + 2400),)
    assert np.flatnonzero(joined.samples)[[0, -1]].tolist() == [begin, begin + 2399]


def test_pauses_at_one_place_add_up() -> None:
    """Also when a word without a sound stands between them."""
    joined = parts(piece_of("", 0), piece_of("", 2), pauses=Pauses(asked={1: 0.5, 2: 0.25}))
    assert len(joined.samples) / RATE == pytest.approx(0.2 + 0.75)


def test_nothing_follows_the_last_piece() -> None:
    """The pause after a scene is the scene's own affair."""
    assert len(parts(piece_of(".")).samples) == 2400


def test_times_go_on_from_piece_to_piece() -> None:
    """The second piece's words come after the first piece and its pause."""
    tone = np.ones(2400, np.float32)
    joined = join(
        [
            (piece_of("", 0), Reading(tone, (Span(0, 100, 2000),))),
            (piece_of("", 1), Reading(tone, (Span(1, 50, 2300),))),
        ],
        Pauses(),
    )
    assert joined.spans == (Span(0, 100, 2000), Span(1, 2450, 4700))


def test_a_word_cut_in_two_pieces_is_one_word() -> None:
    """An endless word has one span over all its pieces."""
    piece: Piece = (Sound("a", 0, spaced=False),)
    tone = np.ones(2400, np.float32)
    joined = join([(piece, Reading(tone, (Span(0, 0, 2400),)))] * 2, Pauses())
    assert joined.spans == (Span(0, 0, 4800),)


TWO: Piece = (*piece_of(".", 0), *piece_of(".", 1))


def two_sentences(gap: int) -> Reading:
    """Two tones of a tenth of a second with a silence of ``gap`` samples between them."""
    samples = np.ones(4800 + gap, np.float32)
    samples[2400 : 2400 + gap] = 0
    return Reading(samples, (Span(0, 0, 2400 + RING), Span(1, 2400 + gap, 4800 + gap)))


@pytest.mark.parametrize("gap", [STOP, RATE // 2, 2 * RATE])
def test_a_stop_inside_an_utterance_is_as_long_as_set(gap: int) -> None:
    """However long the network's own stop is, the pause between two sentences is the set one."""
    joined = join(sentences(TWO, two_sentences(gap)), Pauses(sentence=0.7))
    silent = np.diff(np.flatnonzero(joined.samples > 0.5)).max() - 1
    assert silent == pytest.approx(0.7 * RATE, abs=FADES)
    assert joined.spans[1].start == pytest.approx(2400 + 0.7 * RATE, abs=FADES)


def test_an_utterance_without_a_stop_is_left_whole() -> None:
    """In "Dr. Lee" the network reads on, whatever the marks say."""
    reading = two_sentences(STOP - 2)
    [(piece, whole)] = sentences(TWO, reading)
    assert piece == TWO
    assert len(whole.samples) == len(reading.samples)


def test_words_keep_their_sounds_when_sentences_are_parted() -> None:
    """Each part has the words of its own sounds, counted from its own beginning."""
    (first, before), (second, after) = sentences(TWO, two_sentences(RATE))
    assert (first, second) == (piece_of(".", 0), piece_of(".", 1))
    assert before.spans == (Span(0, 0, 2400 + RING),)
    assert after.spans == (Span(1, BEFORE, BEFORE + 2400),)


def test_a_silent_word_gets_the_pause_it_stands_in() -> None:
    """An emoji or a dash lasts from the word before to the word after."""
    filled = fill_in([Span(0, 0, 100), Span(3, 300, 400)], 5, 500)
    assert filled == [
        Span(0, 0, 100),
        Span(1, 100, 200),
        Span(2, 200, 300),
        Span(3, 300, 400),
        Span(4, 400, 500),
    ]


def test_words_never_overlap() -> None:
    """Where the network's edges cross, the later word waits."""
    filled = fill_in([Span(0, 0, 120), Span(2, 100, 90)], 3, 200)
    assert filled == [Span(0, 0, 120), Span(1, 120, 120), Span(2, 120, 120)]
