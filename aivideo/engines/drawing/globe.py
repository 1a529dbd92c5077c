"""A globe of dots that turns, and a pin where it happens."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import skia
from numpy.typing import NDArray

from aivideo.engines.drawing import props, sprites
from aivideo.engines.drawing.motion import Moment, between, ease, ease_out, spring
from aivideo.engines.drawing.palettes import Rgb
from aivideo.engines.drawing.props import Point
from aivideo.engines.drawing.sprites import Sprite, color, darker, ink
from aivideo.engines.drawing.stage import Layer, Scene, Stage
from aivideo.errors import ArtworkMissing

DATA: Final = Path(__file__).resolve().parents[3] / "assets" / "globe" / "globe.json"
RADIUS: Final = {"wide": 32, "square": 28, "tall": 40}  # in u
APPROACH: Final = 70.0  # degrees that the globe turns before the place is reached
SHADES: Final = 4

Dots = NDArray[np.float64]


def globe(stage: Stage) -> Scene:
    """The earth turns until the place is in front; what it is about pops up there."""
    u = stage.u
    at = _middle(stage)
    ball = Ball(stage, at, RADIUS[stage.shape] * u, _land())
    size = {"wide": 23, "square": 20, "tall": 26}[stage.shape] * u
    layers: list[Layer] = [_sphere(stage, at, ball.radius), ball.paint]
    if stage.recipe.place:
        layers += _pinned(stage, ball, size)
    layers += _around(stage, at, ball.radius, first=1 if stage.recipe.place else 0)
    return Scene(layers, [stage.glow(*at, 1.7 * RADIUS[stage.shape], 0.4)], push=0.05)


def _middle(stage: Stage) -> Point:
    return stage.area.at(0.5, 0.54 if stage.recipe.place and stage.shape == "wide" else 0.5)


class Ball:
    """Land on a globe that turns: rows of (longitude, latitude) in degrees, seen from far away."""

    def __init__(self, stage: Stage, at: Point, radius: float, land: Dots) -> None:
        self.at, self.radius = at, radius
        place = stage.recipe.place or (stage.order("globe").uniform(-180, 180), 15.0)
        self._longitude, latitude = place
        self._lean = math.radians(min(max(latitude * 0.9, -35), 45))
        self._settles = stage.recipe.place is not None
        self._land = land
        self._dot = _dot(0.0105 * radius, stage.palette.glow)

    def facing(self, moment: Moment) -> float:
        """The longitude in front, in degrees."""
        if not self._settles:
            return self._longitude + 11 * moment.seconds
        come = ease_out(moment.seconds / min(2.4, 0.6 * moment.total))
        return self._longitude - APPROACH * (1 - come) + 1.2 * moment.seconds - 3

    def seen(self, degrees: Dots, moment: Moment) -> tuple[Dots, Dots, Dots]:
        """Where these (longitude, latitude) rows stand in pixels, and how near, -1..1."""
        turned = np.radians(degrees[:, 0] - self.facing(moment))
        high = np.radians(degrees[:, 1])
        x, y, z = np.cos(high) * np.sin(turned), np.sin(high), np.cos(high) * np.cos(turned)
        up = y * math.cos(self._lean) - z * math.sin(self._lean)
        near = y * math.sin(self._lean) + z * math.cos(self._lean)
        return self.at[0] + self.radius * x, self.at[1] - self.radius * up, near

    def paint(self, canvas: Any, moment: Moment) -> None:
        """Draw the land, brighter the nearer it is."""
        arrived = ease_out(moment.since(0.0, 1.2))
        x, y, near = self.seen(self._land, moment)
        shade = np.ceil(near * SHADES).astype(int)
        whole, half = skia.Rect(self._dot.dimensions()), self._dot.width() / 2
        for level in range(1, SHADES + 1):
            rows = shade == level
            corners = zip((x[rows] - half).tolist(), (y[rows] - half).tolist(), strict=True)
            dots = [skia.RSXform(1, 0, left, top) for left, top in corners]
            canvas.drawAtlas(
                self._dot,
                dots,
                [whole] * len(dots),
                [],
                skia.BlendMode.kModulate,
                sprites.SMOOTH,
                paint=skia.Paint(Alphaf=arrived * level / SHADES),
            )


def _dot(radius: float, tint: Rgb) -> Any:
    """One dot of land as a picture: skia moves shapes by quarters of a pixel only."""
    side = 2 * math.ceil(radius + 1)
    surface = skia.Surface(side, side)
    surface.getCanvas().drawCircle(side / 2, side / 2, radius, ink(tint))
    return surface.makeImageSnapshot()


def _sphere(stage: Stage, at: Point, radius: float) -> Layer:
    """The sea: a ball lit from above left, in a thin bright air."""
    margin = round(0.1 * radius)
    side = round(2 * radius) + 2 * margin
    surface = skia.Surface(side, side)
    canvas, middle = surface.getCanvas(), side / 2
    air = sprites.light(middle, stage.palette.glow, edge=0.9)
    air.paint(canvas, middle, middle, alpha=0.5)
    shader = skia.GradientShader.MakeRadial(
        (0.38 * side, 0.32 * side),
        0.74 * side,
        [color(darker(stage.palette.mesh[1], 0.8)), color(darker(stage.palette.base, 0.55))],
    )
    canvas.drawCircle(middle, middle, radius, skia.Paint(Shader=shader, AntiAlias=True))
    canvas.drawCircle(middle, middle, radius, ink(stage.palette.glow, 0.5, stroke=0.4 * stage.u))
    ball = Sprite(surface.makeImageSnapshot(), 2 * radius, 2 * radius)

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(0.0, 0.9))
        ball.paint(canvas, *at, scale=between(0.9, 1.0, arrived), alpha=arrived)

    return paint


def _pinned(stage: Stage, ball: Ball, size: float) -> list[Layer]:
    """What it is about, on a stalk over its place, with ripples and the place's name."""
    icon, u = stage.icon(0, size), stage.u
    words = stage.label(0, 5.0 * u, 60 * u)
    label = sprites.on_pill(words, darker(stage.palette.base, 0.6)) if words else None
    spot = np.array([stage.recipe.place])

    def paint(canvas: Any, moment: Moment) -> None:
        (x,), (y,), _ = ball.seen(spot, moment)
        come = spring(moment.since(1.0))
        seen = ease_out(2 * moment.since(1.0))
        ripple = (moment.seconds / 2.1) % 1.0
        line = ink(stage.palette.accent, seen * (1 - ripple) ** 2, stroke=0.45 * u)
        canvas.drawOval(_flat(x, y, (1 + 6 * ease_out(ripple)) * u), line)
        canvas.drawCircle(x, y, 1.1 * u * come, ink(stage.palette.accent))
        head = y - (0.5 * size + 5 * u) * come
        canvas.drawLine(x, y, x, head, ink(stage.palette.accent, seen, stroke=0.5 * u))
        sway = 0.5 * u * moment.wave(4.7)
        icon.paint(canvas, x, head - 0.1 * size + sway, scale=come, alpha=seen)
        if label:
            shown = ease(moment.since(1.4))
            label.paint(canvas, x, y + 8 * u + 2 * u * (1 - shown), alpha=shown)

    return [paint]


def _flat(x: float, y: float, radius: float) -> Any:
    return skia.Rect.MakeLTRB(x - radius, y - 0.5 * radius, x + radius, y + 0.5 * radius)


def _around(stage: Stage, at: Point, radius: float, *, first: int) -> list[Layer]:
    """The other icons, beside the globe or in its corners."""
    u = stage.u
    far = 1.42 if stage.shape == "wide" else 0.84
    places = [(far, 0.42), (-far, -0.1), (far * 0.98, -0.62)]
    if stage.shape != "wide":
        places = [(far, 1.06), (-far, -1.06), (-far, 1.0)]
    icons = stage.recipe.icons[first : first + len(places)]
    return [
        props.hovering(
            stage.icon(first + index, (21 if stage.shape == "wide" else 19) * u),
            (at[0] + x * radius, at[1] + y * radius),
            delay=0.4 + props.STAGGER * index,
            sway=1.3 * u,
            tilt=5,
            phase=0.3 * index,
            drift=(2.5 * u * math.copysign(1, x), 0.0),
        )
        for index, (_, (x, y)) in enumerate(zip(icons, places, strict=False))
    ]


@lru_cache(maxsize=1)
def _land() -> Dots:
    try:
        return np.array(json.loads(DATA.read_text("utf-8"))["land"], np.float64)
    except (OSError, ValueError, KeyError) as problem:
        raise ArtworkMissing(DATA, detail=str(problem)) from problem
