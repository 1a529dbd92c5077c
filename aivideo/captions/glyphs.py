"""What a font file can show and how wide: its characters, advances and line height, read here.

A few tables of OpenType 1.9 (``head``, ``hhea``, ``hmtx``, ``OS/2``, ``cmap`` with subtables
of the formats 4 and 12), with nothing but the standard library: captions are planned before
anything that draws letters is loaded.
"""

from __future__ import annotations

import array
import itertools
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

UNICODE_FULL, UNICODE_PLANE_0 = 12, 4
"""Formats of tables from characters to glyphs: all of Unicode, and its first 65,536."""
NO_GLYPH: Final = 0


@dataclass(frozen=True)
class Glyphs:
    """What a font can show; all lengths in ems.

    Attributes:
        widths: The advance of each character that it has.
        ascent: How far a line reaches above the base line, for a renderer of ASS.
        descent: The same, below.
    """

    widths: Mapping[str, float]
    ascent: float
    descent: float

    @property
    def line(self) -> float:
        """A line's height: what ASS calls the size of a font."""
        return self.ascent + self.descent


@lru_cache(maxsize=64)
def read_glyphs(path: Path) -> Glyphs:
    """Read a font file once.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        count = struct.unpack(">4xH6x", file.read(12))[0]
        tables = {}
        for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * count)):
            if tag in {b"head", b"hhea", b"hmtx", b"OS/2", b"cmap"}:
                here = file.tell()
                file.seek(offset)
                tables[tag] = file.read(length)
                file.seek(here)
    units = struct.unpack_from(">H", tables[b"head"], 18)[0]
    ascent, descent = struct.unpack_from(">HH", tables[b"OS/2"], 74)
    advances = _advances(tables[b"hmtx"], struct.unpack_from(">H", tables[b"hhea"], 34)[0])
    last = len(advances) - 1
    widths = {
        chr(code): advances[min(glyph, last)] / units
        for code, glyph in _characters(tables[b"cmap"])
        if glyph != NO_GLYPH
    }
    return Glyphs(widths, ascent / units, descent / units)


def _advances(table: bytes, count: int) -> array.array[int]:
    """The first ``count`` glyphs' advances; those after them have the last one's."""
    return _numbers(table[: 4 * count])[::2]


def _characters(table: bytes) -> Iterator[tuple[int, int]]:
    """Each character's code and its glyph, from the subtable that has most."""
    count = struct.unpack_from(">2xH", table)[0]
    offsets = [struct.unpack_from(">4xI", table, 4 + 8 * n)[0] for n in range(count)]
    by_format = {struct.unpack_from(">H", table, offset)[0]: offset for offset in offsets}
    if UNICODE_FULL in by_format:
        yield from _all_planes(table, by_format[UNICODE_FULL])
    elif UNICODE_PLANE_0 in by_format:
        yield from _first_plane(table, by_format[UNICODE_PLANE_0])


def _all_planes(table: bytes, offset: int) -> Iterator[tuple[int, int]]:
    groups = struct.unpack_from(">12xI", table, offset)[0]
    body = table[offset + 16 : offset + 16 + 12 * groups]
    for first, last, glyph in struct.iter_unpack(">III", body):
        yield from zip(range(first, last + 1), itertools.count(glyph), strict=False)


def _first_plane(table: bytes, offset: int) -> Iterator[tuple[int, int]]:
    length, segments = struct.unpack_from(">2xH2xH", table, offset)
    numbers = _numbers(table[offset + 14 : offset + length])
    count = segments // 2
    # Four columns of as many numbers as there are segments, one of padding after the first.
    ends, starts = numbers[:count], numbers[count + 1 : 2 * count + 1]
    deltas, steps = numbers[2 * count + 1 : 3 * count + 1], numbers[3 * count + 1 :]
    for segment, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if steps[segment]:
                glyph = steps[segment + steps[segment] // 2 + code - start]
            if glyph or not steps[segment]:
                yield code, (glyph + deltas[segment]) & 0xFFFF


def _numbers(data: bytes) -> array.array[int]:
    """Unsigned numbers of two bytes, the higher one first."""
    numbers = array.array("H", data[: len(data) // 2 * 2])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
