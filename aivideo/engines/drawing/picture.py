"""A recipe drawn: the ground, the dust, the layout's layers, one frame after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import skia

from aivideo.engines.drawing import abstract, cards, globe, layouts, paths, props
from aivideo.engines.drawing.backdrop import Backdrop
from aivideo.engines.drawing.motion import Moment
from aivideo.engines.drawing.recipe import Recipe
from aivideo.engines.drawing.stage import Scene, Stage
from aivideo.errors import IllustrationUnreadable

LAYOUTS: Final[Mapping[str, Callable[[Stage], Scene]]] = {
    "hero": layouts.hero,
    "trio": layouts.trio,
    "orbit": layouts.orbit,
    "pattern": layouts.pattern,
    "steps": paths.steps,
    "journey": paths.journey,
    "split": paths.split,
    "number": cards.number,
    "keyword": cards.keyword,
    "quote": cards.quote,
    "statement": cards.statement,
    "landscape": abstract.landscape,
    "globe": globe.globe,
    "waves": abstract.waves,
    "network": abstract.network,
    "ripples": abstract.ripples,
    "shapes": abstract.shapes,
}


class Picture:
    """One scene, set up once; frames must be asked for in order of time."""

    def __init__(self, recipe: Recipe, size: tuple[int, int], total: float) -> None:
        if recipe.layout not in LAYOUTS:
            raise IllustrationUnreadable(detail=f"no layout {recipe.layout!r}")
        self._stage = Stage(recipe, size, total)
        self._scene = LAYOUTS[recipe.layout](self._stage)
        self._dust = props.dust(self._stage)
        self._backdrop = Backdrop(
            size,
            self._stage.palette,
            self._scene.glows,
            calm=self._stage.calm,
            seed=recipe.seed,
        )
        self.pixels = np.empty((size[1], size[0], 4), np.uint8)
        # The canvas lives no longer than its surface, nor that than its pixels: keep all three.
        self._surface = skia.Surface(self.pixels, colorType=skia.kBGRA_8888_ColorType)
        self._canvas = self._surface.getCanvas()

    def paint(self, seconds: float) -> None:
        """Draw the frame of this time into ``pixels``, (height, width, 4) BGRA."""
        moment = Moment(seconds, self._stage.total)
        self._backdrop.paint(self.pixels, seconds)
        self._dust(self._canvas, moment)
        self._canvas.save()
        self._come_nearer(1 + self._scene.push * moment.share)
        for layer in self._scene.layers:
            layer(self._canvas, moment)
        self._canvas.restore()

    def as_jpeg(self, quality: int) -> bytes:
        """The frame that was painted last, as a JPEG file."""
        image = skia.Image.fromarray(self.pixels, colorType=skia.kBGRA_8888_ColorType)
        return bytes(image.encodeToData(skia.kJPEG, quality))

    def _come_nearer(self, zoom: float) -> None:
        x, y = self._stage.area.x, self._stage.area.y
        self._canvas.translate(x, y)
        self._canvas.scale(zoom, zoom)
        self._canvas.translate(-x, -y)
