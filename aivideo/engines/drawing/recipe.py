"""A recipe: everything that decides what an illustrated scene looks like."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from aivideo.errors import IllustrationUnreadable

VERSION: Final = 3  # raise it whenever the same recipe would give other pixels
READABLE: Final = frozenset({1, 2, 3})  # older ones are understood, and drawn as today


@dataclass(frozen=True)
class Recipe:
    """What one illustrated scene shows.

    Attributes:
        layout: How it is arranged; a key of the picture's layouts.
        palette: The name of its colours.
        seed: What chooses between equals: who sways which way, where a light wanders.
        icons: The icons, most important first.
        labels: A word for each icon, or empty where the narration has none.
        text: A phrase, a statement, or a badge, as the layout uses it.
        figure: A number as it is written, such as ``40,000``.
        place: Longitude and latitude in degrees, or None.
    """

    layout: str
    palette: str
    seed: int
    icons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    text: str = ""
    figure: str = ""
    place: tuple[float, float] | None = None

    def as_json(self) -> dict[str, object]:
        """The recipe as JSON-able data, its version included."""
        return {"version": VERSION, **asdict(self)}

    def name(self, size: tuple[int, int]) -> str:
        """A name that stays: the same recipe for the same shape of canvas has the same."""
        shape = round(size[0] / size[1], 2)
        text = json.dumps([self.as_json(), shape], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def read_recipe(data: Mapping[str, object]) -> Recipe:
    """The recipe that this data says, as ``as_json`` gave it or as it came back from a row.

    Raises:
        IllustrationUnreadable: It is none, or one of a version that is not understood.
    """
    if data.get("version") not in READABLE:
        raise IllustrationUnreadable(detail=f"version {data.get('version')!r}, not {VERSION}")
    try:
        return Recipe(
            layout=str(data["layout"]),
            palette=str(data["palette"]),
            seed=int(str(data["seed"])),
            icons=_strings(data["icons"]),
            labels=_strings(data["labels"]),
            text=str(data["text"]),
            figure=str(data["figure"]),
            place=_place(data["place"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise IllustrationUnreadable(detail=repr(problem)) from problem


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    return tuple(str(item) for item in value)


def _place(value: object) -> tuple[float, float] | None:
    if value is None:
        return None
    longitude, latitude = _strings(value)
    return float(longitude), float(latitude)
