"""Sound as it flows through us: blocks of stereo floats at one rate, cut, padded and faded.

A stream is an iterator of blocks of any length, so that an hour of sound takes no more memory
than a second of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""A block of sound: shape (samples, 2), -1..1 where it does not clip."""

RATE: Final = 48_000
"""Samples a second of every sound that we make."""
BLOCK: Final = RATE
"""Samples of a block that is worked on at once."""
FADE: Final = RATE // 50
"""Samples over which a sound comes and goes where it is joined: 20 ms, so that nothing clicks."""


def silence(samples: int) -> Iterator[Samples]:
    """So many samples of nothing."""
    for start in range(0, samples, BLOCK):
        yield np.zeros((min(BLOCK, samples - start), 2), np.float32)


def at_most(stream: Iterable[Samples], samples: int) -> Iterator[Samples]:
    """The beginning of a stream, which is closed when that is reached."""
    with _closing(stream):
        for block in stream:
            yield block[:samples]
            samples -= len(block[:samples])
            if not samples:
                return


def exactly(stream: Iterable[Samples], samples: int) -> Iterator[Samples]:
    """The beginning of a stream, followed by silence where it ends before."""
    left = samples
    for block in at_most(stream, samples):
        left -= len(block)
        yield block
    yield from silence(left)


def in_blocks(stream: Iterable[Samples], size: int = BLOCK) -> Iterator[Samples]:
    """The same stream in blocks of one length; the last is what is left."""
    held: list[Samples] = []
    length = 0
    for block in stream:
        held.append(block)
        length += len(block)
        while length >= size:
            whole = np.concatenate(held)
            yield whole[:size]
            held, length = [whole[size:]], length - size
    if length:
        yield np.concatenate(held)


def faded(stream: Iterable[Samples], ramp: int = FADE) -> Iterator[Samples]:
    """A stream that rises from nothing and falls back to it, each over ``ramp`` samples.

    The last samples are held back, since the end is only known when it comes; a stream that is
    shorter than both ramps rises over its first half.
    """
    held, risen = np.zeros((0, 2), np.float32), False
    for block in stream:
        held = np.concatenate([held, block])
        if len(held) > 2 * ramp:
            ready, held = held[:-ramp], held[-ramp:]
            if not risen:
                ready[:ramp] *= _rising(ramp)
                risen = True
            yield ready
    if not risen:
        ramp = min(ramp, len(held) // 2)
        held[:ramp] *= _rising(ramp)
    held[len(held) - ramp :] *= _rising(ramp)[::-1]
    yield held


def ratio(decibels: float) -> float:
    """What samples are multiplied with to be so many decibels louder."""
    return float(10 ** (decibels / 20))


def _rising(ramp: int) -> Samples:
    """Half a cosine from 0 to 1: it begins and ends level, so the slope does not jump either."""
    steps = np.sin(np.linspace(0, np.pi / 2, ramp, dtype=np.float32)) ** 2
    rise: Samples = steps[:, None]
    return rise


def _closing(stream: Iterable[Samples]) -> contextlib.AbstractContextManager[object]:
    return contextlib.closing(stream) if isinstance(stream, Generator) else contextlib.nullcontext()
