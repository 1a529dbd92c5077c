"""Shapes that models give a script although nobody asked for them, made into ones that are read.

Tables, tags and quotations become the lines of a screenplay; JSON that was written as Python,
with a typographer's quotes, or as a string within a string becomes JSON.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

ROW: Final = re.compile(r"\s*\|(.*)\|\s*")
RULER: Final = re.compile(r"[\s:|-]+")
SPOKEN_COLUMN: Final = re.compile(
    r"narrat|voice|spoken|dialogue|\btext\b|script|audio|\bline", re.IGNORECASE
)
SHOWN_COLUMN: Final = re.compile(r"visual|image|picture|camera|b-?roll|footage|shot", re.IGNORECASE)
SCENE_TAG: Final = re.compile(r"</?scene\b[^<>]*>", re.IGNORECASE)
SHOWN_TAG: Final = re.compile(
    r"<(visuals?|images?|pictures?|camera\w*)\b[^<>]*>(.*?)</\1>", re.IGNORECASE | re.DOTALL
)
BLOCK_TAG: Final = re.compile(
    r"</?(?:p|br|div|li|[uo]l|narration|voice-?over|script|section|h[1-6])\b[^<>]*>", re.IGNORECASE
)
QUOTED_LINE: Final = re.compile(r"^[ \t]*>+[ \t]?", re.MULTILINE)
TYPOGRAPHERS: Final = re.compile(r"[{,]\s*\u201c\w+\u201d\s*:")
PYTHONS: Final = re.compile(r"[{\[]\s*'")
MOST_LITERAL: Final = 100_000
"""Characters of a Python literal that are looked at; a script has fewer."""


def as_lines(reply: str) -> str:
    """A reply in prose, with its tables, tags and quotation marks as lines of a screenplay."""
    text = SHOWN_TAG.sub(r"\nVisual: \2\n", reply)
    text = BLOCK_TAG.sub("\n\n", SCENE_TAG.sub("\n---\n", text))
    return "\n".join(_without_tables(QUOTED_LINE.sub("", text).splitlines()))


def as_json(reply: str) -> Iterator[str]:
    """The reply, and what it is as JSON where it was meant as that."""
    yield reply
    if reply.startswith('"'):
        yield from _unpacked(reply)
    if TYPOGRAPHERS.search(reply):
        yield reply.translate({ord("\u201c"): '"', ord("\u201d"): '"'})
    if PYTHONS.search(reply) and len(reply) <= MOST_LITERAL:
        yield from _from_python(reply)


def _unpacked(reply: str) -> Iterator[str]:
    """JSON that is a string in JSON."""
    try:
        inner = json.loads(reply)
    except ValueError:
        return
    if isinstance(inner, str):
        yield inner


def _from_python(reply: str) -> Iterator[str]:
    """A literal of Python as JSON; nothing of it is executed."""
    start = min(at for at in (reply.find("{"), reply.find("[")) if at >= 0)
    end = max(reply.rfind("}"), reply.rfind("]")) + 1
    try:
        yield json.dumps(ast.literal_eval(reply[start:end]))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return


def _without_tables(lines: Sequence[str]) -> Iterator[str]:
    """The lines, each table that has a column of spoken words as scenes."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and ROW.fullmatch(lines[end]):
            end += 1
        scenes = list(_scenes_of([_cells(line) for line in lines[at:end]]))
        yield from scenes or lines[at : max(end, at + 1)]
        at = max(end, at + 1)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _scenes_of(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows of a table as scenes; none when no column is spoken."""
    if len(rows) < 2 or not all(RULER.fullmatch(cell or "-") for cell in rows[1]):  # noqa: PLR2004 - its head and the ruler below
        return
    spoken = _column(rows[0], SPOKEN_COLUMN)
    shown = _column(rows[0], SHOWN_COLUMN)
    if spoken is None:
        return
    for number, row in enumerate(rows[2:], 1):
        if spoken < len(row):
            yield from (f"Scene {number}", row[spoken])
            if shown is not None and shown != spoken and shown < len(row):
                yield f"Visual: {row[shown]}"


def _column(head: Sequence[str], names: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(head) if names.search(cell)), None)
