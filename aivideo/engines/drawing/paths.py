"""Arrangements that go somewhere: steps in time, a way from one to another, two sides."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, Final

from aivideo.engines.drawing import lettering, props, sprites
from aivideo.engines.drawing.motion import Moment, between, ease, ease_out, spring, unit
from aivideo.engines.drawing.props import Point
from aivideo.engines.drawing.sprites import Sprite, ink, line_through
from aivideo.engines.drawing.stage import Layer, Scene, Stage

FIRST_STEP: Final = 0.03  # shares of the scene: when the first step is reached, and the last
LAST_STEP: Final = 0.68
DEPARTURE: Final = 0.08
ARRIVAL: Final = 0.9


def steps(stage: Stage) -> Scene:
    """A line that fills as time goes by, and an icon that comes up at each of its stations."""
    count = min(4 if stage.shape != "square" else 3, max(2, len(stage.recipe.icons)))
    stations = _stations(stage, count)
    reached = [between(FIRST_STEP, LAST_STEP, index / (count - 1)) for index in range(count)]
    size = _station_size(stage, count)
    layers: list[Layer] = [_line(stage, stations, reached, 0.5 * size)]
    for index, at in enumerate(stations):
        layers += _station(stage, index, at, size, reached[index])
    glows = [stage.glow(*at, 0.75 * size / stage.u, 0.25) for at in stations]
    return Scene(layers, glows, push=0.04)


def _stations(stage: Stage, count: int) -> list[Point]:
    area = stage.area
    if stage.shape == "tall":
        return [
            # A little high, since the words stand below.
            area.at(0.3 if index % 2 == 0 else 0.7, (index + 0.42) / count)
            for index in range(count)
        ]
    return [
        area.at((index + 0.5) / count, 0.46 + (0.05 if index % 2 else -0.05))
        for index in range(count)
    ]


def _station_size(stage: Stage, count: int) -> float:
    if stage.shape == "tall":
        return min(0.8 * stage.area.height / count, 34 * stage.u)
    return min(0.74 * stage.area.width / count, 38 * stage.u)


def _line(
    stage: Stage, stations: Sequence[Point], reached: Sequence[float], radius: float
) -> Layer:
    """The way from each station's rim to the next one's."""
    faint = ink(stage.palette.glow, 0.28, stroke=0.9 * stage.u)
    bright = ink(stage.palette.accent, 0.95, stroke=0.9 * stage.u)
    legs = [_rim_to_rim(a, b, radius) for a, b in itertools.pairwise(stations)]

    def paint(canvas: Any, moment: Moment) -> None:
        appeared = ease_out(moment.since(0.0, 0.8))
        for leg, (begins, ends) in zip(legs, itertools.pairwise(reached), strict=True):
            _draw_part(canvas, leg, appeared, faint)
            span = ends - begins
            _draw_part(
                canvas, leg, ease((moment.share - begins - 0.25 * span) / (0.75 * span)), bright
            )

    return paint


def _rim_to_rim(start: Point, end: Point, radius: float) -> tuple[Point, Point]:
    cut = radius / math.dist(start, end)
    return (
        (between(start[0], end[0], cut), between(start[1], end[1], cut)),
        (between(end[0], start[0], cut), between(end[1], start[1], cut)),
    )


def _draw_part(canvas: Any, leg: tuple[Point, Point], share: float, paint: Any) -> None:
    if share:
        (x, y), (far_x, far_y) = leg
        canvas.drawLine(x, y, between(x, far_x, share), between(y, far_y, share), paint)


def _station(stage: Stage, index: int, at: Point, size: float, reached: float) -> list[Layer]:
    icon = stage.icon(index, 0.74 * size)
    layers = [_medal(stage, at, size / 2, reached), _at_time(icon, at, stage, index, reached)]
    label = stage.label(index, 0.2 * size, 1.2 * size)
    if label:
        below = (at[0], at[1] + 0.72 * size)
        layers.append(_said_at(label, below, 2 * stage.u, reached))
    return layers


def _medal(stage: Stage, at: Point, radius: float, reached: float) -> Layer:
    """The round ground of a station: faint, until its time has come."""
    ground = sprites.plate(radius, stage.palette.mesh[1], stage.palette.glow)
    shine = sprites.light(1.5 * radius, stage.palette.glow)

    def paint(canvas: Any, moment: Moment) -> None:
        come = ease((moment.share - reached) / 0.08)
        size = ease_out(moment.since(0.15)) * (0.9 + 0.1 * come)
        shine.paint(canvas, *at, scale=size, alpha=0.35 * come)
        ground.paint(canvas, *at, scale=size, alpha=0.55 + 0.45 * come)
        if come:
            edge = ink(stage.palette.accent, come, stroke=0.8 * stage.u)
            canvas.drawCircle(*at, radius * size, edge)

    return paint


def _at_time(icon: Sprite, at: Point, stage: Stage, index: int, reached: float) -> Layer:
    """An icon that springs up when a share of the scene is over."""

    def paint(canvas: Any, moment: Moment) -> None:
        come = unit((moment.share - reached) * moment.total / 0.8)
        icon.paint(
            canvas,
            at[0],
            at[1] + 0.6 * stage.u * moment.wave(4.7, 0.22 * index),
            scale=spring(come),
            angle=3 * moment.wave(6.3, 0.22 * index),
            alpha=ease_out(2 * come),
        )

    return paint


def _said_at(label: Sprite, at: Point, rise: float, reached: float) -> Layer:
    def paint(canvas: Any, moment: Moment) -> None:
        come = ease_out((moment.share - reached) * moment.total / 0.9 - 0.2)
        label.paint(canvas, at[0], at[1] + rise * (1 - come), alpha=come)

    return paint


def journey(stage: Stage) -> Scene:
    """Someone under way on a winding path from one icon to another."""
    u = stage.u
    size = {"wide": 27, "square": 25, "tall": 30}[stage.shape] * u
    start, end, bends = _way(stage)
    way = _Bezier(start, *bends, end)
    reach = 0.74 * size / way.length
    layers: list[Layer] = [_trail(stage, way, reach)]
    for index, at in enumerate((start, end)):
        delay = 0.05 + 0.3 * index
        layers += [
            _post(stage, at, 0.66 * size, delay),
            props.hovering(
                stage.icon(index, 0.86 * size),
                at,
                delay=delay + 0.1,
                sway=0.7 * u,
                phase=0.4 * index,
            ),
        ]
        label = stage.label(index, 5.2 * u, 1.5 * size)
        if label:
            layers.append(
                props.rising(label, (at[0], at[1] + 0.86 * size), delay=delay + 0.4, rise=2 * u)
            )
    layers.append(_traveller(stage, way, reach))
    return Scene(layers, [stage.glow(*start, 34, 0.3), stage.glow(*end, 34, 0.3)], push=0.03)


def _way(stage: Stage) -> tuple[Point, Point, tuple[Point, Point]]:
    """From where to where, and the two points that bend the way between."""
    at = stage.area.at
    if stage.shape == "tall":
        return at(0.27, 0.70), at(0.73, 0.19), (at(1.35, 0.66), at(-0.35, 0.3))
    low, side = 0.60 if stage.recipe.labels else 0.68, 0.15 if stage.shape == "wide" else 0.19
    return at(side, low), at(1 - side, 0.3), (at(0.45, 1.2), at(0.52, -0.3))


class _Bezier:
    """A cubic curve walked at an even pace."""

    def __init__(self, *points: Point) -> None:
        self._points = points
        self._walked = [0.0]
        last = self._raw(0.0)
        for index in range(1, 121):
            here = self._raw(index / 120)
            self._walked.append(self._walked[-1] + math.dist(last, here))
            last = here
        self.length = self._walked[-1]

    def at(self, share: float) -> Point:
        """The point after this share of the way."""
        goal = unit(share) * self.length
        index = next(i for i, walked in enumerate(self._walked) if walked >= goal - 1e-6)
        if index == 0:
            return self._raw(0.0)
        before, after = self._walked[index - 1], self._walked[index]
        return self._raw((index - 1 + (goal - before) / (after - before)) / 120)

    def _raw(self, t: float) -> Point:
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x = sum(w * p[0] for w, p in zip(weights, self._points, strict=True))
        y = sum(w * p[1] for w, p in zip(weights, self._points, strict=True))
        return x, y


def _trail(stage: Stage, way: _Bezier, reach: float) -> Layer:
    """The way as dots, from the rim of one post to the other's; those passed shine."""
    count = max(8, int((1 - 2 * reach) * way.length / (2.6 * stage.u)))
    dots = [way.at(between(reach, 1 - reach, (index + 0.5) / count)) for index in range(count)]

    def paint(canvas: Any, moment: Moment) -> None:
        gone = _progress(moment)
        for index, dot in enumerate(dots):
            share = (index + 0.5) / count
            shown = ease_out(moment.since(0.1 + 0.7 * share, 0.4))
            passed = ease((gone - share) * 30)
            canvas.drawCircle(
                *dot, (0.42 + 0.16 * passed) * stage.u * shown, ink(stage.palette.glow, 0.4 * shown)
            )
            if passed:
                canvas.drawCircle(*dot, 0.58 * stage.u, ink(stage.palette.accent, passed))

    return paint


def _progress(moment: Moment) -> float:
    return ease((moment.share - DEPARTURE) / (ARRIVAL - DEPARTURE))


def _traveller(stage: Stage, way: _Bezier, reach: float) -> Layer:
    """The third icon, or a light when there is none, on its way; it hops a little."""
    u = stage.u
    shine = sprites.light(6 * u, stage.palette.accent)
    icon = stage.icon(2, 13 * u) if stage.recipe.icons[2:] else None

    def paint(canvas: Any, moment: Moment) -> None:
        gone = _progress(moment)
        x, y = way.at(between(reach, 1 - reach, gone))
        seen = ease_out(moment.since(0.5, 0.5))
        shine.paint(canvas, x, y, scale=1 + 0.1 * moment.wave(1.7), alpha=0.75 * seen)
        if icon:
            hop = abs(moment.wave(1.3)) * 0.8 * u * unit(8 * gone) * unit(8 * (1 - gone))
            icon.paint(canvas, x, y - 2 * u - hop, scale=seen, angle=4 * moment.wave(2.6))
        else:
            canvas.drawCircle(x, y, 1.5 * u * seen, ink((255, 255, 255), seen))

    return paint


def _post(stage: Stage, at: Point, radius: float, delay: float) -> Layer:
    def paint(canvas: Any, moment: Moment) -> None:
        size = radius * spring(moment.since(delay))
        canvas.drawCircle(*at, size, ink(stage.palette.glow, 0.16))
        canvas.drawCircle(*at, size, ink(stage.palette.glow, 0.45, stroke=0.45 * stage.u))

    return paint


def split(stage: Stage) -> Scene:
    """Two icons face to face, a slanted edge between them."""
    u = stage.u
    tall = stage.shape == "tall"
    size = {"wide": 42, "square": 34, "tall": 33}[stage.shape] * u
    places = ((0.5, 0.2), (0.5, 0.72)) if tall else ((0.22, 0.46), (0.78, 0.46))
    layers: list[Layer] = [_side(stage, tall=tall)]
    glows = []
    for index, place in enumerate(places):
        at = stage.area.at(*place)
        glows.append(stage.glow(*at, 0.95 * size / u, 0.36))
        layers += _face(stage, index, at, size, tall=tall)
    layers.append(_badge(stage))
    return Scene(layers, glows, push=0.04)


def _face(stage: Stage, index: int, at: Point, size: float, *, tall: bool) -> list[Layer]:
    u, away = stage.u, -1 if index == 0 else 1
    label = stage.label(index, 6.4 * u, 1.1 * size)
    lift = 3.5 * u if label else 0.0
    drift = (0.0, 1.5 * u * away) if tall else (2 * u * away, 0.0)
    here = (at[0], at[1] - lift)
    layers = [
        props.floor(stage, (here[0], here[1] + 0.57 * size), 0.8 * size),
        props.hovering(
            stage.icon(index, size),
            here,
            delay=0.15 + 0.2 * index,
            sway=u,
            phase=0.5 * index,
            drift=drift,
        ),
    ]
    if label:
        low = (here[0], here[1] + 0.7 * size)
        layers.append(props.rising(label, low, delay=0.5 + 0.2 * index, rise=2 * u))
    return layers


def _side(stage: Stage, *, tall: bool) -> Layer:
    """The second half, lighter, behind a slanted edge that slides in."""
    u = stage.u
    outside, middle = (stage.height, stage.area.y) if tall else (stage.width, stage.area.x)
    fill, edge = ink(stage.palette.glow, 0.15), ink(stage.palette.glow, 0.6, stroke=0.5 * u)

    def paint(canvas: Any, moment: Moment) -> None:
        slid = ease_out(moment.since(0.0, 1.0))
        at = between(outside, middle, slid) + 0.5 * u * moment.wave(8)
        corners = _half(stage, at, tall=tall)
        canvas.drawPath(line_through(corners, closed=True).detach(), fill)
        canvas.drawLine(*corners[0], *corners[1], edge)

    return paint


def _half(stage: Stage, at: float, *, tall: bool) -> list[Point]:
    """The corners of the second half, first the two of its slanted edge; all outside the frame."""
    wide, high, lean = stage.width, stage.height, 9 * stage.u
    if tall:
        return [
            (-wide, at + 2 * lean),
            (2 * wide, at - 2 * lean),
            (2 * wide, 2 * high),
            (-wide, 2 * high),
        ]
    return [
        (at + lean, -0.1 * high),
        (at - lean, 1.1 * high),
        (2 * wide, 1.1 * high),
        (2 * wide, -0.1 * high),
    ]


def _badge(stage: Stage) -> Layer:
    """A round mark on the edge, with what the recipe writes on it."""
    u = stage.u
    at = (stage.area.x, stage.area.y if stage.shape == "tall" else stage.area.at(0, 0.46)[1])
    text = (
        lettering.words(stage.recipe.text, 4.6 * u, stage.palette.base, shadow=0)
        if stage.recipe.text
        else None
    )
    halo = sprites.light(11 * u, stage.palette.base)

    def paint(canvas: Any, moment: Moment) -> None:
        size = spring(moment.since(0.55)) * (1 + 0.03 * moment.wave(3.1))
        halo.paint(canvas, *at, scale=size, alpha=0.4)
        canvas.drawCircle(*at, (5.6 if text else 1.8) * u * size, ink(stage.palette.accent))
        if text:
            text.paint(canvas, *at, scale=size)

    return paint
