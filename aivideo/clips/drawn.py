"""Drawn candidates beside each other: laid out differently, in the colours of their project."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from aivideo.clips.offers import Offer
from aivideo.engines import illustration
from aivideo.errors import IllustrationUnreadable
from aivideo.store import Clip, Project, Scene

NEARBY: Final = 3
"""Scenes within which a layout that comes again is noticed."""
AS_WELL: Final = 0.15
"""Of a score: pictures that differ by less fit about as well."""


@dataclass(frozen=True)
class Beside:
    """What the scenes next to a scene show, or would show first, where that is drawn.

    Attributes:
        layouts: How it is laid out.
        palettes: Its colours.
        nearby: How often each layout is seen a few scenes before and after.
        family: The palettes to choose from.
    """

    layouts: frozenset[str] = frozenset()
    palettes: frozenset[str] = frozenset()
    nearby: Mapping[str, int] = field(default_factory=dict)
    family: tuple[str, ...] = ()


def beside(project: Project, scene: Scene, offered: Mapping[str, Sequence[Clip]]) -> Beside:
    """What is drawn next to a scene; call it inside the session that the rows belong to.

    Args:
        project: The project.
        scene: The scene.
        offered: What scenes were offered, by their ids; of those that show nothing yet the first
            drawn picture counts, since it is taken where nobody chooses.
    """
    recipes = {
        other.position - scene.position: clip.recipe
        for other in near(project, scene)
        for clip in ([other.selection.clip] if other.selection else offered.get(other.id, ()))[:1]
    }
    neighbours = [recipes[place] for place in (-1, 1) if place in recipes]
    return Beside(
        layouts=frozenset(layout_of(recipe) for recipe in neighbours) - {""},
        palettes=frozenset(str(recipe.get("palette", "")) for recipe in neighbours) - {""},
        nearby=Counter(layout_of(recipe) for recipe in recipes.values()),
        family=illustration.palettes_of(project.id, project.topic or ""),
    )


def clashes(clip: Clip, around: Beside) -> bool:
    """Whether a clip is drawn and looks like a scene beside it, where it need not."""
    if clip.kind != "illustration":
        return False
    if layout_of(clip.recipe) in around.layouts:
        return True
    palette = str(clip.recipe.get("palette", ""))
    if palette not in around.palettes:
        return False
    try:
        return palette != illustration.suited_palette(clip.recipe, around.family, around.palettes)
    except IllustrationUnreadable:
        return False


def near(project: Project, scene: Scene) -> list[Scene]:
    """The scenes a little before and after a scene, without it."""
    first = max(0, scene.position - NEARBY)
    return [one for one in project.scenes[first : scene.position + NEARBY + 1] if one is not scene]


def layout_of(recipe: Mapping[str, object]) -> str:
    """How a drawn picture is laid out; empty for what is not drawn."""
    return str(recipe.get("layout", ""))


def varied(drawn: Sequence[Offer], around: Beside) -> list[Offer]:
    """Drawn pictures, each layout once before any comes again; those of the neighbours last.

    Of those that fit about as well, the layouts that were not seen lately come first.
    """
    times: dict[str, int] = {}
    best = max((offer.score for offer in drawn), default=0.0)
    places = []
    for offer in drawn:
        layout = layout_of(offer.clip.recipe)
        worse = math.floor((best - offer.score) / AS_WELL)
        again = times.get(layout, 0) if layout else 0
        places.append((layout in around.layouts, again, worse, around.nearby.get(layout, 0)))
        times[layout] = times.get(layout, 0) + 1
    order = sorted(range(len(drawn)), key=lambda place: places[place])
    return [drawn[place] for place in order]


def coloured(offers: Sequence[Offer], around: Beside) -> list[Offer]:
    """The candidates, the drawn ones among them in the colours of their project.

    Raises:
        ArtworkMissing: The index of the icons is not where it belongs.
    """
    return [
        _coloured(offer, around) if offer.clip.kind == "illustration" else offer for offer in offers
    ]


def _coloured(offer: Offer, around: Beside) -> Offer:
    try:
        recipe = offer.clip.recipe
        palette = illustration.suited_palette(recipe, around.family, around.palettes)
        return replace(offer, clip=illustration.restyled(offer.clip, palette))
    except IllustrationUnreadable:
        return offer  # it was drawn by something else; whoever draws it knows better
