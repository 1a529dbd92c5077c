"""Arrangements around icons: a hero, a row, an orbit, a pattern."""

from __future__ import annotations

import math
from typing import Any, Final

import skia

from aivideo.engines.drawing import props, sprites
from aivideo.engines.drawing.motion import Moment, ease_out, spring
from aivideo.engines.drawing.props import STAGGER, Point
from aivideo.engines.drawing.sprites import Sprite, ink
from aivideo.engines.drawing.stage import Layer, Scene, Stage

HERO_SIZE: Final = {"wide": 50, "square": 46, "tall": 60}  # in u
COMPANION_SIZE: Final = {"wide": 25, "square": 20, "tall": 26}
COMPANIONS: Final[dict[str, tuple[Point, ...]]] = {  # shares of the area, nearest first
    "wide": ((0.15, 0.62), (0.86, 0.34), (0.80, 0.82), (0.24, 0.16)),
    "square": ((0.13, 0.74), (0.88, 0.24), (0.86, 0.82), (0.12, 0.18)),
    "tall": ((0.18, 0.83), (0.83, 0.14), (0.80, 0.82), (0.17, 0.13)),
}


def hero(stage: Stage) -> Scene:
    """One big icon in a light of its own, its companions further back and out of focus."""
    u, at = stage.u, (stage.area.x, stage.area.y)
    size = HERO_SIZE[stage.shape] * u
    layers = [
        props.rings(stage, at, 0.63 * size),
        *companions(stage),
        props.floor(stage, (at[0], at[1] + 0.58 * size), 0.9 * size),
        props.hovering(stage.icon(0, size), at, sway=1.1 * u),
        props.twinkles(stage, at, 0.62 * size),
    ]
    return Scene(layers, [stage.glow(*at, 0.85 * HERO_SIZE[stage.shape])], push=0.07)


def companions(stage: Stage, *, first: int = 1, spread: float = 1.0) -> list[Layer]:
    """The icons from ``first`` on in the corners, softly blurred, drifting apart."""
    u = stage.u
    places = list(COMPANIONS[stage.shape][: len(stage.recipe.icons) - first])
    if stage.order("sides").choice((False, True)):
        places = [(1 - x, y) for x, y in places]
    places = [(0.5 + spread * (x - 0.5), y) for x, y in places]
    return [
        props.hovering(
            stage.icon(
                first + index, COMPANION_SIZE[stage.shape] * u * (1 - 0.12 * index), blur=0.22 * u
            ),
            stage.area.at(x, y),
            delay=0.25 + STAGGER * index,
            sway=1.5 * u,
            tilt=5,
            phase=0.37 * (index + 1),
            drift=((x - 0.5) * 7 * u, (y - 0.5) * 4 * u),
        )
        for index, (x, y) in enumerate(places)
    ]


def trio(stage: Stage) -> Scene:
    """Up to three icons of equal weight, each on a pane of glass, with its word."""
    count = min(3, max(2, len(stage.recipe.icons)))
    side, middles = _panes(stage, count)
    layers: list[Layer] = []
    for index, at in enumerate(middles):
        delay = 0.05 + 1.4 * STAGGER * index
        layers += _pane(stage, index, at, side, delay)
    glows = [stage.glow(*at, 62 * side / (100 * stage.u), 0.25) for at in middles]
    return Scene(layers, glows)


def _panes(stage: Stage, count: int) -> tuple[float, list[Point]]:
    """How wide the panes are, and their middles: a row, or a staircase where it is narrow."""
    area, u = stage.area, stage.u
    if stage.shape == "tall":
        # Beside each other as far as the width allows, so that they may overlap in height.
        side, shift = 38 * u, 21 * u
        step = min((area.height - side) / (count - 1), side + 3.5 * u)
        first = area.y - step * (count - 1) / 2
        return side, [
            (area.x + shift * (-1 if index % 2 == 0 else 1), first + step * index)
            for index in range(count)
        ]
    gap = (7 if stage.shape == "wide" else 3.5) * u
    side = min((area.width - gap * (count - 1)) / count, 0.74 * area.height, 47 * u)
    first = area.x - (side + gap) * (count - 1) / 2
    return side, [(first + (side + gap) * index, area.y) for index in range(count)]


def _pane(stage: Stage, index: int, at: Point, side: float, delay: float) -> list[Layer]:
    label = stage.label(index, 0.14 * side, 0.88 * side)
    lift = 0.09 * side if label else 0.0
    pane = sprites.tile(side, side, stage.palette.glow, radius=0.14 * side, shadow=False)
    layers = [
        props.floor(stage, (at[0], at[1] + 0.55 * side), 1.05 * side),
        props.hovering(pane, at, delay=delay, sway=0.9 * stage.u, tilt=0, phase=0.2 * index),
        props.hovering(
            stage.icon(index, (0.6 if label else 0.7) * side),
            (at[0], at[1] - lift),
            delay=delay + 0.15,
            sway=1.2 * stage.u,
            tilt=3.5,
            phase=0.2 * index + 0.04,
        ),
    ]
    if label:
        low = (at[0], at[1] + 0.345 * side)
        layers.append(_riding(label, low, stage, delay=delay + 0.3, phase=0.2 * index))
    return layers


def _riding(label: Sprite, at: Point, stage: Stage, *, delay: float, phase: float) -> Layer:
    """A word that fades in on a pane and moves as the pane does."""

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(delay))
        sway = 0.9 * stage.u
        label.paint(
            canvas,
            at[0] + 0.5 * sway * moment.wave(7.1, phase + 0.3),
            at[1] + sway * moment.wave(4.7, phase) + 2 * stage.u * (1 - arrived),
            alpha=arrived,
        )

    return paint


def orbit(stage: Stage) -> Scene:
    """A hero with the other icons circling it, before and behind."""
    u, at = stage.u, (stage.area.x, stage.area.y)
    size = 0.82 * HERO_SIZE[stage.shape] * u
    wide = {"wide": 62, "square": 36, "tall": 37}[stage.shape] * u
    path = _Ellipse(at, wide, {"wide": 25, "square": 24, "tall": 35}[stage.shape] * u)
    count = min(3, max(1, len(stage.recipe.icons) - 1))
    moons = [stage.icon(1 + index, 0.4 * size) for index in range(count)]
    start = stage.order("orbit").random()
    layers = [
        _track(stage, path, front=False),
        _moons(moons, path, start, front=False),
        props.floor(stage, (at[0], at[1] + 0.62 * size), 0.9 * size),
        props.hovering(stage.icon(0, size), at, sway=0.8 * u, tilt=2),
        _track(stage, path, front=True),
        _moons(moons, path, start, front=True),
        props.twinkles(stage, at, 0.8 * size, count=5),
    ]
    return Scene(layers, [stage.glow(*at, 44)])


class _Ellipse:
    """A tilted ellipse seen as a circle lying down."""

    def __init__(self, middle: Point, wide: float, high: float) -> None:
        self.middle, self.wide, self.high = middle, wide, high
        self.tilt = -6.0

    def at(self, turn: float) -> tuple[float, float, float]:
        """The point at this turn, and how near it is: -1 behind, 1 in front."""
        x, y = self.wide * math.cos(math.tau * turn), self.high * math.sin(math.tau * turn)
        lean = math.radians(self.tilt)
        return (
            self.middle[0] + x * math.cos(lean) - y * math.sin(lean),
            self.middle[1] + x * math.sin(lean) + y * math.cos(lean),
            math.sin(math.tau * turn),
        )


def _track(stage: Stage, path: _Ellipse, *, front: bool) -> Layer:
    box = skia.Rect.MakeLTRB(-path.wide, -path.high, path.wide, path.high)
    line = ink(
        stage.palette.glow, 0.42 if front else 0.2, stroke=(0.5 if front else 0.35) * stage.u
    )

    def paint(canvas: Any, moment: Moment) -> None:
        drawn = ease_out(moment.since(0.1, 1.3))
        canvas.save()
        canvas.translate(*path.middle)
        canvas.rotate(path.tilt)
        canvas.drawArc(box, 0 if front else 180, 180 * drawn, useCenter=False, paint=line)
        canvas.restore()

    return paint


def _moons(moons: list[Sprite], path: _Ellipse, start: float, *, front: bool) -> Layer:
    """The icons on the near or on the far half of their way."""

    def paint(canvas: Any, moment: Moment) -> None:
        for index, moon in enumerate(moons):
            x, y, near = path.at(start + index / len(moons) + moment.seconds / 17)
            if (near >= 0) == front:
                arrived = moment.since(0.35 + STAGGER * index)
                moon.paint(
                    canvas,
                    x,
                    y,
                    scale=spring(arrived) * (0.86 + 0.2 * near),
                    angle=5 * moment.wave(6, index / 3),
                    alpha=ease_out(2 * arrived),
                )

    return paint


def pattern(stage: Stage) -> Scene:
    """A hero on a bright disc before a drifting wallpaper of its kind."""
    u, at = stage.u, (stage.area.x, stage.area.y)
    size = 0.9 * HERO_SIZE[stage.shape] * u
    layers = [
        _wallpaper(stage),
        _disc(stage, at, 0.72 * size),
        props.hovering(stage.icon(0, size), at, delay=0.12, sway=1.0 * u),
        props.twinkles(stage, at, 0.8 * size, count=5),
    ]
    return Scene(layers, [stage.glow(*at, 64, 0.5)], push=0.06)


def _wallpaper(stage: Stage) -> Layer:
    """Silhouettes on a slanted grid that drifts without end; each breathes a little."""
    cell = 31 * stage.u
    kinds = [
        sprites.silhouette(slug, 0.46 * cell, stage.palette.glow) for slug in stage.recipe.icons[:3]
    ]
    columns, rows = round(stage.width / cell) + 3, round(stage.height / cell) + 3

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(0.0, 1.4))
        slide = 1.6 * stage.u * moment.seconds
        for row in range(rows):
            for column in range(columns):
                x = (column + 0.5 * (row % 2)) * cell + slide
                y = row * cell - 0.5 * slide
                x, y = _wrapped(x, columns * cell, cell), _wrapped(y, rows * cell, cell)
                beat = moment.wave(5.0, 0.09 * (column - 0.8 * row))
                kinds[(column + row) % len(kinds)].paint(
                    canvas,
                    x,
                    y,
                    scale=0.9 + 0.1 * beat,
                    angle=-12,
                    alpha=(0.19 + 0.07 * beat) * arrived * _above(y, stage),
                )

    return paint


def _wrapped(value: float, period: float, margin: float) -> float:
    """A place that, leaving at one edge, comes in again at the other."""
    return value % period - 1.2 * margin


def _above(y: float, stage: Stage) -> float:
    """1 where pictures are, falling to 0.3 where captions stand."""
    foot = stage.area.bottom
    return 1 - 0.7 * ease_out((y - foot + 4 * stage.u) / (10 * stage.u))


def _disc(stage: Stage, at: Point, radius: float) -> Layer:
    """A bright plate that hides the wallpaper behind the hero; rings run out from it."""
    plate = sprites.plate(radius, stage.palette.mesh[1], stage.palette.glow)

    def paint(canvas: Any, moment: Moment) -> None:
        size = spring(moment.since(0.0))
        plate.paint(canvas, *at, scale=size)
        pulse = (moment.seconds / 3.2) % 1.0
        canvas.drawCircle(
            *at,
            radius * size * (1 + 0.28 * ease_out(pulse)),
            ink(stage.palette.glow, 0.4 * (1 - pulse) ** 2, stroke=0.35 * stage.u),
        )

    return paint
