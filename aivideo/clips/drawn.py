"""Drawn candidates beside each other: laid out differently, in the colours of their project."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aivideo.clips.offers import Offer
from aivideo.engines import illustration
from aivideo.errors import IllustrationUnreadable
from aivideo.store import Project, Scene


@dataclass(frozen=True)
class Beside:
    """What the scenes next to a scene show, where it is drawn.

    Attributes:
        layouts: How it is laid out.
        palette: The colours of the scene before; empty when that is not drawn.
    """

    layouts: frozenset[str] = frozenset()
    palette: str = ""


def beside(project: Project, scene: Scene) -> Beside:
    """What is drawn next to a scene; call it inside the session that the rows belong to."""
    recipes: dict[int, Mapping[str, Any]] = {
        other.position - scene.position: other.selection.clip.recipe
        for other in project.scenes
        if other.selection is not None and abs(other.position - scene.position) == 1
    }
    layouts = frozenset(layout_of(recipe) for recipe in recipes.values()) - {""}
    return Beside(layouts, str(recipes.get(-1, {}).get("palette", "")))


def layout_of(recipe: Mapping[str, object]) -> str:
    """How a drawn picture is laid out; empty for what is not drawn."""
    return str(recipe.get("layout", ""))


def varied(drawn: Sequence[Offer], layouts: Collection[str]) -> list[Offer]:
    """Drawn pictures, each layout once before any comes again; those of the neighbours last."""
    times: dict[str, int] = {}
    places = []
    for offer in drawn:
        layout = layout_of(offer.clip.recipe)
        places.append((layout in layouts, times.get(layout, 0) if layout else 0))
        times[layout] = times.get(layout, 0) + 1
    order = sorted(range(len(drawn)), key=lambda place: places[place])
    return [drawn[place] for place in order]


def coloured(offers: Sequence[Offer], project_id: str, avoid: str) -> list[Offer]:
    """The candidates, the drawn ones among them in the colours of their project.

    Raises:
        ArtworkMissing: The index of the icons is not where it belongs.
    """
    family = illustration.palettes_of(project_id)
    return [
        _coloured(offer, family, avoid) if offer.clip.kind == "illustration" else offer
        for offer in offers
    ]


def _coloured(offer: Offer, family: Sequence[str], avoid: str) -> Offer:
    try:
        palette = illustration.suited_palette(offer.clip.recipe, family, avoid)
        return replace(offer, clip=illustration.restyled(offer.clip, palette))
    except IllustrationUnreadable:
        return offer  # it was drawn by something else; whoever draws it knows better
