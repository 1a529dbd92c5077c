"""Drawn candidates beside each other: laid out differently, in the colours of their project."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from aivideo.clips.offers import Offer
from aivideo.engines import illustration
from aivideo.errors import IllustrationUnreadable
from aivideo.store import Clip, Project, Scene


@dataclass(frozen=True)
class Beside:
    """What the scenes next to a scene show, or would show first, where that is drawn.

    Attributes:
        layouts: How it is laid out.
        palettes: Its colours.
        family: The palettes to choose from.
    """

    layouts: frozenset[str] = frozenset()
    palettes: frozenset[str] = frozenset()
    family: tuple[str, ...] = ()


def beside(project: Project, scene: Scene, offered: Mapping[str, Sequence[Clip]]) -> Beside:
    """What is drawn next to a scene; call it inside the session that the rows belong to.

    Args:
        project: The project.
        scene: The scene.
        offered: What scenes were offered, by their ids; of those that show nothing yet the first
            drawn picture counts, since it is taken where nobody chooses.
    """
    clips = [
        _drawn([other.selection.clip] if other.selection else offered.get(other.id, ()))
        for other in project.scenes
        if abs(other.position - scene.position) == 1
    ]
    recipes = [clip.recipe for clip in clips if clip]
    return Beside(
        layouts=frozenset(layout_of(recipe) for recipe in recipes) - {""},
        palettes=frozenset(str(recipe.get("palette", "")) for recipe in recipes) - {""},
        family=illustration.palettes_of(project.id, project.topic or ""),
    )


def _drawn(clips: Sequence[Clip]) -> Clip | None:
    return next((clip for clip in clips if clip.kind == "illustration"), None)


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
