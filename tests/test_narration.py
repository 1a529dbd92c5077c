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
    LEAD,
    RATE,
    RING,
    Reading,
    Span,
    edit,
    fill_in,
    join,
)
from aivideo.engines.phonemes import Piece, Sound

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


def parts(*pieces: Piece) -> Reading:
    """These pieces joined, each a tenth of a second of full volume."""
    one = Reading(np.ones(RATE // 10, np.float32), (Span(0, 0, RATE // 10),))
    return join(pieces, [one] * len(pieces))


@pytest.mark.parametrize(
    ("mark", "pause"),
    [(".", 0.30), (",", 0.06), ("", 0.0)],
    ids=["sentence", "clause", "words"],
)
def test_a_pause_is_as_long_as_the_break_is_strong(mark: str, pause: float) -> None:
    """A sentence breathes longer than a clause; a cut between words does not pause."""
    piece: Piece = (Sound("a", 0, spaced=not mark),)
    piece += (Sound(mark, 0, spaced=True),) if mark else ()
    assert len(parts(piece, piece).samples) / RATE == pytest.approx(0.2 + pause)


def test_nothing_follows_the_last_piece() -> None:
    """The pause after a scene is the scene's own affair."""
    assert len(parts((Sound("a", 0, spaced=False), Sound(".", 0, spaced=True))).samples) == 2400


def test_times_go_on_from_piece_to_piece() -> None:
    """The second piece's words come after the first piece and its pause."""
    piece: Piece = (Sound("a", 0, spaced=True),)
    tone = np.ones(2400, np.float32)
    joined = join(
        [piece, piece],
        [Reading(tone, (Span(0, 100, 2000),)), Reading(tone, (Span(1, 50, 2300),))],
    )
    assert joined.spans == (Span(0, 100, 2000), Span(1, 2450, 4700))


def test_a_word_cut_in_two_pieces_is_one_word() -> None:
    """An endless word has one span over all its pieces."""
    piece: Piece = (Sound("a", 0, spaced=False),)
    tone = np.ones(2400, np.float32)
    joined = join([piece, piece], [Reading(tone, (Span(0, 0, 2400),))] * 2)
    assert joined.spans == (Span(0, 0, 4800),)


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
