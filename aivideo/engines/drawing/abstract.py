"""Pictures of nothing in particular: for a scene in which nothing can be shown."""

from __future__ import annotations

import math
from typing import Any, Final

import skia

from aivideo.engines.drawing import props, sprites
from aivideo.engines.drawing.motion import Moment, between, ease, ease_out, spring, unit
from aivideo.engines.drawing.sprites import Sprite, color, darker, ink, line_through
from aivideo.engines.drawing.stage import Layer, Scene, Stage
from aivideo.engines.drawing.vocabulary import vocabulary

WAVES: Final = 6
NODES: Final = {"wide": 34, "square": 26, "tall": 30}
RIPPLES: Final = 7
HOVERING: Final = {"wide": (0.36, 42), "square": (0.34, 34), "tall": (0.3, 46)}  # height, size in u
NEAR: Final = 0.6  # panes nearer than this get a light of their own
STANDS: Final = {  # x as a share of the width, before which hill, size in u; the hero first
    "wide": ((0.44, 3, 46), (0.68, 2, 27), (0.2, 2, 24), (0.87, 1, 19)),
    "square": ((0.44, 4, 37), (0.8, 2, 22), (0.14, 2, 20), (0.62, 0, 14)),
    "tall": ((0.46, 4, 52), (0.8, 1, 27), (0.19, 2, 25), (0.52, 0, 17)),
}
PANES: Final = {  # x, y as shares of the area, and how near; the far ones first
    "wide": (
        (0.42, 0.16, 0.0),
        (0.60, 0.80, 0.1),
        (0.03, 0.50, 0.25),
        (0.97, 0.62, 0.35),
        (0.30, 0.80, 0.5),
        (0.72, 0.26, 0.75),
        (0.18, 0.28, 1.0),
    ),
    "tall": (
        (0.80, 0.42, 0.0),
        (0.20, 0.58, 0.1),
        (0.52, 0.08, 0.25),
        (0.50, 0.93, 0.35),
        (0.88, 0.78, 0.5),
        (0.82, 0.20, 0.75),
        (0.18, 0.30, 1.0),
    ),
}


def waves(stage: Stage) -> Scene:
    """Ribbons that roll one behind the other, like hills in the evening."""
    layers = [
        *_evening(stage, (0.72, 0.3), 17),
        *(_Ribbon(stage, index, start=0.46, end=0.8).paint for index in range(WAVES)),
    ]
    return Scene(layers, [stage.glow(*stage.area.at(0.72, 0.3), 60, 0.5)], push=0.03)


def landscape(stage: Stage) -> Scene:
    """Hills in the evening; the icons stand on them near and far, or hover above."""
    tall = stage.shape == "tall"
    mirror = stage.order("sun").choice((False, True))
    sun = (0.22 if mirror else 0.78, 0.2)
    start, end = (0.5, 0.72) if tall else (0.44, 0.76)
    hills = [_Ribbon(stage, index, start=start, end=end) for index in range(WAVES)]
    layers: list[Layer] = _evening(stage, sun, 12)
    stands = STANDS[stage.shape][: len(stage.recipe.icons)]
    hovers = stage.recipe.icons[0] not in vocabulary().standing
    for index, hill in enumerate(hills):
        for number, (x, before, size) in enumerate(stands):
            if before == index and not (hovers and number == 0):
                at = (1 - x if mirror else x) * stage.width
                layers.append(_standing(stage, number, hill, at, size * stage.u))
        layers.append(hill.paint)
    if hovers:
        layers.append(_above_the_hills(stage, mirror=mirror))
    return Scene(layers, [stage.glow(*stage.area.at(*sun), 60, 0.5)], push=0.06)


def _above_the_hills(stage: Stage, *, mirror: bool) -> Layer:
    """The hero of a landscape, when it is nothing that stands: it floats across the sky."""
    u, away = stage.u, -1 if mirror else 1
    high, size = HOVERING[stage.shape]
    at = stage.area.at(0.5 - 0.12 * away, high)
    return props.hovering(stage.icon(0, size * u), at, sway=1.6 * u, drift=(4 * u * away, 0.0))


def _standing(stage: Stage, number: int, hill: _Ribbon, x: float, size: float) -> Layer:
    """An icon that comes up behind the crest of a hill and stays on it."""
    icon = stage.icon(number, size)

    def paint(canvas: Any, moment: Moment) -> None:
        come = moment.since(0.15 + 0.2 * number, 1.1)
        foot = hill.crest(x / stage.width, moment) + 0.06 * size
        high = 0.5 * icon.height
        icon.paint(
            canvas,
            x,
            foot - high + (1 - spring(come)) * 1.1 * size,
            angle=0.7 * moment.wave(5.3, 0.3 * number),
            alpha=ease_out(3 * come),
        )

    return paint


def _evening(stage: Stage, at: tuple[float, float], radius: float) -> list[Layer]:
    """A low sun in thin rings."""
    spot = stage.area.at(*at)
    red, _, blue = stage.palette.accent
    light = stage.palette.accent if red > blue else stage.palette.glow  # a sun is never blue
    sun = sprites.light(radius * stage.u, light, edge=1.06)
    return [
        props.rings(stage, spot, 1.3 * radius * stage.u),
        props.hovering(sun, spot, sway=0.8 * stage.u, tilt=0, drift=(0.0, 4 * stage.u)),
    ]


class _Ribbon:
    """One rolling band of hills, the first the furthest."""

    def __init__(self, stage: Stage, index: int, *, start: float, end: float) -> None:
        order = stage.order(f"ribbon {index}")
        self._stage, self._delay = stage, 0.06 * index
        depth = index / (WAVES - 1)
        self._level = stage.height * between(start, end, depth)
        self._swells = [
            (
                order.uniform(1.4, 3.2) * stage.u,
                order.uniform(0.5, 1.5),
                order.choice((-1, 1)) * order.uniform(0.02, 0.05),
                order.random(),
            )
            for _ in range(3)
        ]
        step = stage.height * (end - start) / (WAVES - 1)
        # The next one hides the rest: its swells and its entrance reach no lower than this.
        self._foot = self._level + step + 24 * stage.u if depth < 1 else 1.1 * stage.height
        self._body = _hill(stage, index, self._level, depth)
        self._edge = ink(stage.palette.glow, 0.3 - 0.2 * depth, stroke=0.3 * stage.u)

    def crest(self, along: float, moment: Moment) -> float:
        """How high the ribbon is at this share of the width, as y in pixels."""
        lift = sum(
            size * math.sin(math.tau * (count * along + speed * moment.seconds + phase))
            for size, count, speed, phase in self._swells
        )
        return (
            self._level + lift + 12 * self._stage.u * (1 - ease_out(moment.since(self._delay, 1.2)))
        )

    def paint(self, canvas: Any, moment: Moment) -> None:
        """Fill what is below the crest and can be seen, and light its edge."""
        wide = self._stage.width
        shares = [1.1 * step / 48 - 0.05 for step in range(49)]
        crest = [(wide * share, self.crest(share, moment)) for share in shares]
        path = line_through(crest, closed=False)
        edge = path.snapshot()
        path.lineTo(1.1 * wide, self._foot)
        path.lineTo(-0.1 * wide, self._foot)
        path.close()
        canvas.drawPath(path.detach(), self._body)
        canvas.drawPath(edge, self._edge)


def _hill(stage: Stage, index: int, level: float, depth: float) -> Any:
    """The colour of a hill: the nearer, the more like the ground.

    Of all but the nearest only a ribbon is seen, so one colour is enough; it costs half.
    """
    mesh, base = stage.palette.mesh[index % 4], stage.palette.base
    near = [round(between(c, b, 0.25 + 0.7 * depth)) for c, b in zip(mesh, base, strict=True)]
    tint = (near[0], near[1], near[2])
    if depth < 1:
        return ink(darker(tint, 0.94))
    shader = skia.GradientShader.MakeLinear(
        [(0, level - 6 * stage.u), (0, level + 0.3 * stage.height)],
        [color(tint), color(darker(base, 0.8))],
    )
    return skia.Paint(Shader=shader, AntiAlias=True)


def network(stage: Stage) -> Scene:
    """Points of light that drift and are joined where they come near each other."""
    order = stage.order("network")
    nodes = [
        (
            between(-0.02, 1.02, order.random()) * stage.width,
            between(0.02, 0.98 - 0.8 * stage.calm, order.random()) * stage.height,
            order.uniform(4, 9) * stage.u,
            order.uniform(9, 17),
            order.random(),
            order.uniform(0.5, 1.0),
        )
        for _ in range(NODES[stage.shape])
    ]
    star = sprites.light(2.6 * stage.u, stage.palette.glow, edge=0.35)
    near = 30 * stage.u

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(0.0, 1.3))
        spots = [
            (
                x + sway * moment.wave(period, phase),
                y + sway * moment.wave(1.3 * period, phase + 0.25),
            )
            for x, y, sway, period, phase, _ in nodes
        ]
        for index, here in enumerate(spots):
            for there in spots[index + 1 :]:
                close = 1 - math.dist(here, there) / near
                if close > 0:
                    line = ink(stage.palette.glow, 0.6 * close * arrived, stroke=0.3 * stage.u)
                    canvas.drawLine(*here, *there, line)
        for (x, y), node in zip(spots, nodes, strict=True):
            beat = 0.85 + 0.15 * moment.wave(3.0, node[4])
            star.paint(canvas, x, y, scale=node[5] * beat * spring(moment.since(0.6 * node[4])))

    return Scene([paint], [stage.glow(stage.area.x, stage.area.y, 55, 0.3)], push=0.08)


def ripples(stage: Stage) -> Scene:
    """Rings that run out from a light in the middle, as on water."""
    at, u = (stage.area.x, stage.area.y), stage.u
    reach = 0.42 * max(stage.width, stage.height)
    heart = sprites.light(13 * u, stage.palette.glow, edge=0.5)
    bead = sprites.light(2.0 * u, stage.palette.accent, edge=0.5)
    fade = _fading(stage)

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = ease_out(moment.since(0.0))
        for index in range(RIPPLES):
            out = (moment.seconds / 9 + index / RIPPLES) % 1.0
            seen, far = arrived * math.sin(math.pi * out) ** 1.2, 6 * u + reach * out
            line = ink(stage.palette.glow, 0.55 * seen, stroke=(0.9 - 0.6 * out) * u)
            line.setShader(fade)
            canvas.drawCircle(*at, far, line)
            angle = math.tau * (0.618 * index + moment.seconds / (23 + 3 * index))
            x, y = at[0] + far * math.cos(angle), at[1] + far * math.sin(angle) * 0.8
            bead.paint(canvas, x, y, alpha=seen * unit((stage.area.bottom - y) / (8 * u)))
        heart.paint(canvas, *at, scale=spring(moment.since(0.0)) * (1 + 0.05 * moment.wave(3.3)))

    return Scene([paint], [stage.glow(*at, 62, 0.45)], push=0.04)


def _fading(stage: Stage) -> Any:
    """The colour of light, going out towards where captions stand."""
    return skia.GradientShader.MakeLinear(
        [(0, stage.area.bottom - 14 * stage.u), (0, stage.area.bottom + 6 * stage.u)],
        [color(stage.palette.glow), color(stage.palette.glow, 0.08)],
    )


def shapes(stage: Stage) -> Scene:
    """Panes of glass at several distances that turn and drift past each other."""
    order, u = stage.order("shapes"), stage.u
    places = PANES["tall" if stage.shape == "tall" else "wide"]
    mirror = order.choice((False, True))
    layers: list[Layer] = []
    glows = []
    for index, (x, y, near) in enumerate(places):
        pane = _pane(stage, between(11, 33, near) * u, round_=index % 3 == 1)
        at = stage.area.at(1 - x if mirror else x, y + order.uniform(-0.04, 0.04))
        turn = order.choice((-1, 1)) * order.uniform(3, 7)
        layers.append(_tumbling(pane, at, index, near=near, turn=turn, u=u))
        if near > NEAR:
            glows.append(stage.glow(*at, 34, 0.32))
    return Scene(layers, glows, push=0.07)


def _pane(stage: Stage, side: float, *, round_: bool) -> Sprite:
    radius = side / 2 if round_ else 0.2 * side
    return sprites.tile(side, side, stage.palette.glow, radius=radius)


def _tumbling(
    pane: Sprite, at: props.Point, index: int, *, near: float, turn: float, u: float
) -> Layer:
    start = 23.0 * index

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = moment.since(0.05 * (len(PANES["wide"]) - index))
        pane.paint(
            canvas,
            at[0] + 1.6 * u * near * moment.wave(9, 0.21 * index),
            at[1]
            - (0.2 + 0.5 * near) * u * moment.seconds
            + 1.2 * u * moment.wave(6.5, 0.37 * index),
            scale=spring(arrived),
            angle=start + turn * moment.seconds * 0.8,
            alpha=unit(0.35 + 0.65 * near) * ease(2 * arrived),
        )

    return paint
