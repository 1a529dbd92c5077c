"""Layers that several layouts use: what hovers, shines, circles and drifts."""

from __future__ import annotations

import math
from typing import Any, Final

import skia

from aivideo.engines.drawing import sprites
from aivideo.engines.drawing.motion import Moment, between, ease, ease_out, spring, unit
from aivideo.engines.drawing.sprites import Sprite, ink, line_through
from aivideo.engines.drawing.stage import Layer, Stage

STAGGER: Final = 0.16  # seconds between the entrances of neighbours
Point = tuple[float, float]


def hovering(
    sprite: Sprite,
    at: Point,
    *,
    delay: float = 0.0,
    sway: float = 6.0,
    tilt: float = 3.0,
    phase: float = 0.0,
    drift: Point = (0.0, 0.0),
) -> Layer:
    """A sprite that springs in and then hovers.

    Args:
        sprite: What is shown.
        at: Its middle, in pixels.
        delay: When it enters, in seconds.
        sway: How far it bobs, in pixels.
        tilt: How far it rocks, in degrees.
        phase: Where in its swing it begins, in turns; neighbours differ.
        drift: How far it wanders over the whole scene, in pixels.
    """

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = moment.since(delay)
        sprite.paint(
            canvas,
            at[0] + 0.5 * sway * moment.wave(7.1, phase + 0.3) + drift[0] * moment.share,
            at[1] + sway * moment.wave(4.7, phase) + drift[1] * moment.share,
            scale=spring(arrived),
            angle=tilt * moment.wave(6.3, phase) - 14 * (1 - ease_out(arrived)),
            alpha=ease_out(2 * arrived),
        )

    return paint


def rising(sprite: Sprite, at: Point, *, delay: float, rise: float) -> Layer:
    """A sprite that fades in while it comes up by ``rise`` pixels, and stays."""

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(delay, 0.7))
        sprite.paint(canvas, at[0], at[1] + rise * (1 - arrived), alpha=arrived)

    return paint


def floor(stage: Stage, at: Point, wide: float) -> Layer:
    """The soft shadow on the ground below something that hovers."""
    shadow = sprites.light(wide / 2, stage.palette.base)

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(0.1))
        canvas.save()
        canvas.translate(*at)
        canvas.scale(arrived * (1 - 0.05 * moment.wave(4.7)), 0.16 * arrived)
        shadow.paint(canvas, 0, 0, alpha=0.6 * arrived)
        canvas.restore()

    return paint


def rings(stage: Stage, at: Point, radius: float, *, delay: float = 0.1) -> Layer:
    """Thin arcs that turn slowly around something."""
    order = stage.order("rings")
    arcs = [
        (radius * scale, order.uniform(0, 360), order.choice((-1, 1)) * order.uniform(7, 13))
        for scale in (1.0, 1.12, 1.24)
    ]

    def paint(canvas: Any, moment: Moment) -> None:
        for index, (size, start, speed) in enumerate(arcs):
            arrived = ease_out(moment.since(delay + STAGGER * index, 1.2))
            box = skia.Rect.MakeLTRB(at[0] - size, at[1] - size, at[0] + size, at[1] + size)
            line = ink(stage.palette.glow, (0.34, 0.22, 0.13)[index], stroke=0.35 * stage.u)
            turned = start + speed * moment.seconds
            for part in (0, 180):
                canvas.drawArc(box, turned + part, 118 * arrived, useCenter=False, paint=line)

    return paint


def twinkles(stage: Stage, at: Point, radius: float, *, count: int = 6) -> Layer:
    """Four-pointed stars that light up and fade around something."""
    order = stage.order("twinkles")
    stars = [
        (
            math.tau * (index + order.uniform(0.2, 0.8)) / count,
            radius * order.uniform(0.95, 1.25),
            stage.u * order.uniform(1.3, 2.6),
            order.random(),
        )
        for index in range(count)
    ]

    def paint(canvas: Any, moment: Moment) -> None:
        for angle, far, size, phase in stars:
            shine = unit(moment.wave(3.4, phase)) * ease_out(moment.since(0.6))
            if shine:
                x, y = at[0] + far * math.cos(angle), at[1] + far * math.sin(angle) * 0.8
                canvas.drawPath(
                    _star(x, y, size * (0.4 + 0.6 * shine)), ink(stage.palette.glow, 0.9 * shine)
                )

    return paint


def dust(stage: Stage) -> Layer:
    """Lights out of focus that rise slowly, fewer and fainter where captions stand."""
    order = stage.order("dust")
    near = sprites.light(5 * stage.u, stage.palette.glow, edge=0.8)
    motes = [
        (
            order.random(),
            order.random(),
            order.uniform(0.08, 0.62) ** 1.5,
            order.uniform(0.010, 0.032),
            order.random(),
            order.uniform(0.05, 0.2),
        )
        for _ in range(26)
    ]

    def paint(canvas: Any, moment: Moment) -> None:
        for x, y, size, speed, phase, alpha in motes:
            high = (y - speed * moment.seconds) % 1.0
            fade = unit(6 * high) * unit(4 * (1 - high)) * between(1, 0.25, ease((high - 0.6) * 4))
            near.paint(
                canvas,
                (x + 0.012 * moment.wave(9, phase)) * stage.width,
                (high * 1.1 - 0.05) * stage.height,
                scale=size,
                alpha=alpha * fade,
            )

    return paint


def _star(x: float, y: float, size: float) -> Any:
    thin = 0.16 * size
    corners = [(0, -size), (thin, -thin), (size, 0), (thin, thin)]
    corners += [(-dx, -dy) for dx, dy in corners]
    return line_through([(x + dx, y + dy) for dx, dy in corners], closed=True).detach()
