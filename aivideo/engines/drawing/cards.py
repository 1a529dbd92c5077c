"""Arrangements around words: a number, a phrase, a statement."""

from __future__ import annotations

from typing import Any, Final

import skia

from aivideo.engines.drawing import lettering, props
from aivideo.engines.drawing.layouts import COMPANION_SIZE, companions
from aivideo.engines.drawing.lettering import Setting
from aivideo.engines.drawing.motion import Moment, between, ease, ease_out, spring, unit
from aivideo.engines.drawing.props import STAGGER, Point
from aivideo.engines.drawing.sprites import Sprite, ink
from aivideo.engines.drawing.stage import Box, Layer, Scene, Stage

ROLL_SECONDS: Final = 2.0
SPREAD: Final = {"wide": 1.17, "square": 1.0, "tall": 1.0}  # how far icons give way to words
SPOKEN_BY: Final = 0.62  # the share of the scene by which a statement is all there


def number(stage: Stage) -> Scene:
    """A big figure whose digits roll into place, what it counts below it, an icon beside it."""
    u, area = stage.u, stage.area
    beside = bool(stage.recipe.icons) and stage.shape == "wide"
    room = Box(area.left + 0.36 * area.width, area.top, area.right, area.bottom) if beside else area
    above = bool(stage.recipe.icons) and not beside
    middle = room.y + (0.12 * room.height if above else -0.02 * room.height)
    size = _figure_size(stage, room)
    layers: list[Layer] = []
    glows = [stage.glow(room.x, middle, 50, 0.3)]
    if stage.recipe.icons:
        at = area.at(0.18, 0.5) if beside else area.at(0.5, 0.22)
        large = (44 if beside else 36 if stage.shape == "tall" else 26) * u
        layers += [
            props.rings(stage, at, 0.63 * large),
            props.floor(stage, (at[0], at[1] + 0.58 * large), 0.9 * large),
            props.hovering(stage.icon(0, large), at, sway=u),
        ]
        glows.append(stage.glow(*at, 0.8 * large / u))
    layers.append(_odometer(stage, (room.x, middle), size))
    layers += _counted(stage, room, (room.x, middle), size)
    return Scene(layers, glows)


def _figure_size(stage: Stage, room: Box) -> float:
    wanted = 34 * stage.u
    return min(wanted, wanted * 0.96 * room.width / _figure_width(stage.recipe.figure, wanted))


def _figure_width(figure: str, size: float) -> float:
    return sum(_cell(letter, size) for letter in figure)


def _cell(letter: str, size: float) -> float:
    """Digits share one width, so that nothing moves sideways while they roll."""
    return lettering.width("0" if letter.isdigit() else letter, size) * 1.02


def _odometer(stage: Stage, at: Point, size: float) -> Layer:
    figure = stage.recipe.figure
    glyphs = {letter: lettering.words(letter, size) for letter in {*figure, *"0123456789"}}
    left = at[0] - _figure_width(figure, size) / 2
    columns: list[tuple[str, float, float]] = []
    for letter in figure:
        wide = _cell(letter, size)
        columns.append((letter, left + wide / 2, wide))
        left += wide

    def paint(canvas: Any, moment: Moment) -> None:
        for index, (letter, x, wide) in enumerate(columns):
            arrived = ease_out(moment.since(0.06 * index, 0.6))
            y = at[1] + 0.25 * size * (1 - arrived)
            if letter.isdigit():
                rolled = moment.since(0.1 + 0.06 * index, ROLL_SECONDS)
                _roll(canvas, glyphs, int(letter), (x, y, wide, size), rolled=rolled, alpha=arrived)
            else:
                glyphs[letter].paint(canvas, x, y, alpha=arrived)

    return paint


def _roll(
    canvas: Any,
    glyphs: dict[str, Sprite],
    digit: int,
    cell: tuple[float, float, float, float],
    *,
    rolled: float,
    alpha: float,
) -> None:
    """One wheel of the odometer, seen through its window: what goes, and what comes."""
    x, y, wide, size = cell
    turned = digit + 10 * (1 - _slowing(rolled))
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(x - wide, y - 0.5 * size, x + wide, y + 0.56 * size))
    for value in (int(turned), int(turned) + 1):
        away = value - turned
        shown = alpha * unit(1.35 - 1.35 * abs(away))
        glyphs[str(value % 10)].paint(canvas, x, y - 0.8 * away * size, alpha=shown)
    canvas.restore()


def _slowing(x: float) -> float:
    return 1 - (1 - unit(x)) ** 4


def _counted(stage: Stage, room: Box, at: Point, size: float) -> list[Layer]:
    """The bar under the figure, and what the figure counts."""
    u = stage.u
    wide = min(_figure_width(stage.recipe.figure, size), 0.9 * room.width)
    low = at[1] + 0.66 * size
    layers = [_bar(stage, at[0], low, 0.5 * wide)]
    if stage.recipe.text:
        setting = lettering.fit(
            stage.recipe.text, 0.94 * room.width, 22 * u, largest=8.5 * u, most_lines=2
        )
        for row, line in enumerate(setting.lines):
            sprite = lettering.words(lettering.together(line), setting.size)
            y = low + 2.5 * u + setting.leading * (row + 0.5)
            layers.append(props.rising(sprite, (at[0], y), delay=0.6 + STAGGER * row, rise=2.5 * u))
    return layers


def _bar(stage: Stage, x: float, y: float, wide: float) -> Layer:
    def paint(canvas: Any, moment: Moment) -> None:
        half = wide / 2 * ease_out(moment.since(0.4, 1.1))
        canvas.drawLine(x - half, y, x + half, y, ink(stage.palette.accent, stroke=1.1 * stage.u))

    return paint


def keyword(stage: Stage) -> Scene:
    """A phrase in big letters, word after word, a bar sweeping under it."""
    u, area = stage.u, stage.area
    icons = bool(stage.recipe.icons)
    room = _between_companions(stage) if icons else area
    setting = lettering.fit(
        stage.recipe.text,
        room.width,
        0.8 * room.height,
        largest=24 * u,
        most_lines=4 if stage.shape == "tall" else 3,
    )
    layers: list[Layer] = companions(stage, first=0, spread=SPREAD[stage.shape]) if icons else []
    top = room.y - setting.leading * (len(setting.lines) - 1) / 2
    layers += _kinetic(stage, setting, room.x, top)
    low = top + setting.leading * (len(setting.lines) - 0.5) + 1.2 * u
    layers.append(_bar(stage, room.x, low, 0.3 * room.width))
    return Scene(layers, [stage.glow(room.x, room.y, 62, 0.32)], push=0.07)


def _between_companions(stage: Stage) -> Box:
    area, side = stage.area, COMPANION_SIZE[stage.shape] * stage.u
    if stage.shape == "wide":
        return Box(area.left + 1.35 * side, area.top, area.right - 1.35 * side, area.bottom)
    return Box(area.left, area.top + 0.9 * side, area.right, area.bottom - 0.9 * side)


def _kinetic(stage: Stage, setting: Setting, x: float, top: float) -> list[Layer]:
    layers, said = [], 0
    for row, line in enumerate(setting.lines):
        middles, wide = lettering.joined(line, setting.size)
        for middle, word in zip(middles, line, strict=True):
            at = (x - wide / 2 + middle, top + row * setting.leading)
            last = row == len(setting.lines) - 1
            tint = stage.palette.accent if last and len(setting.lines) > 1 else lettering.WHITE
            sprite = lettering.words(word, setting.size, tint)
            layers.append(_thrown(sprite, at, delay=0.05 + 0.17 * said, rise=0.5 * setting.size))
            said += 1
    return layers


def _thrown(sprite: Sprite, at: Point, *, delay: float, rise: float) -> Layer:
    """A word that swings up into its place."""

    def paint(canvas: Any, moment: Moment) -> None:
        arrived = moment.since(delay, 0.8)
        sprite.paint(
            canvas,
            at[0],
            at[1] + rise * (1 - spring(arrived)),
            scale=between(0.82, 1.0, spring(arrived)),
            alpha=ease_out(1.6 * arrived),
        )

    return paint


def quote(stage: Stage) -> Scene:
    """What somebody said, lighting up word by word, beside a mark of quotation."""
    u, area = stage.u, stage.area
    inset = 0.07 * area.width if stage.shape == "wide" else 0.0
    room = Box(area.left + inset, area.top + 13 * u, area.right - inset, area.bottom - 2 * u)
    setting = _set(stage, room, largest=16 if stage.shape == "tall" else 14.5)
    top = room.y - setting.leading * (len(setting.lines) - 1) / 2
    mark = lettering.words("\u201c", 34 * u, stage.palette.accent)
    layers = [
        props.hovering(
            mark, (room.left + 7 * u, top - 0.5 * setting.leading + 2 * u), sway=0.5 * u, tilt=0
        )
    ]
    if stage.recipe.icons:
        size = 18 * u
        at = (room.right - 0.5 * size, max(area.top, top - 0.5 * setting.leading - size) + 8 * u)
        layers.append(props.hovering(stage.icon(0, size), at, delay=0.3, sway=u))
    layers.append(_reading(stage, setting, room.left, top))
    return Scene(layers, [stage.glow(room.x, room.y, 70, 0.22)], push=0.04)


def _set(stage: Stage, room: Box, *, largest: float) -> Setting:
    """A statement in the largest letters that its room allows, so that few words are large."""
    return lettering.fit(
        stage.recipe.text,
        room.width,
        room.height,
        largest=largest * stage.u,
        most_lines=9 if stage.shape == "tall" else 5,
    )


def statement(stage: Stage) -> Scene:
    """A thought in big letters: its words come up as they are said, along a bar that grows."""
    u, area = stage.u, stage.area
    wide, icon = stage.shape == "wide", bool(stage.recipe.icons)
    left = area.left + (6 if wide else 5) * u
    right = area.right - (40 if wide and icon else 4 if wide else 0) * u
    top = area.top + (30 * u if icon and not wide else 2 * u)
    room = Box(left, top, right, area.bottom - 2 * u)
    setting = _set(stage, room, largest=17 if stage.shape == "tall" else 19)
    broad = max(lettering.joined(line, setting.size)[1] for line in setting.lines or ((),))
    left += 0.45 * (room.width - broad) if wide else 0.0
    high = setting.leading * len(setting.lines)
    first = room.y - 0.5 * (high - setting.leading)
    layers: list[Layer] = [_pillar(stage, left - 4.5 * u, room.y, high - 0.2 * setting.leading)]
    glows = [stage.glow(room.x, room.y, 66, 0.26)]
    if icon:
        size = (32 if wide else 27) * u
        at = (area.right - 0.55 * size, area.y) if wide else (left + 0.4 * size, area.top + 14 * u)
        layers.append(props.hovering(stage.icon(0, size), at, delay=0.3, sway=u))
        glows.append(stage.glow(*at, 0.9 * size / u, 0.3))
    layers += _spoken(stage, setting, left, first)
    return Scene(layers, glows, push=0.05)


def _pillar(stage: Stage, x: float, y: float, high: float) -> Layer:
    """An upright bar that grows from its middle."""

    def paint(canvas: Any, moment: Moment) -> None:
        half = high / 2 * ease_out(moment.since(0.05, 1.0))
        if half:
            line = ink(stage.palette.accent, stroke=1.3 * stage.u)
            canvas.drawLine(x, y - half, x, y + half, line)

    return paint


def _spoken(stage: Stage, setting: Setting, left: float, top: float) -> list[Layer]:
    """The words of a statement, each thrown up when its turn has come."""
    layers: list[Layer] = []
    count = max(1, sum(map(len, setting.lines)))
    pace = min(0.3, SPOKEN_BY * stage.total / count)
    for row, line in enumerate(setting.lines):
        middles, _ = lettering.joined(line, setting.size)
        for middle, word in zip(middles, line, strict=True):
            sprite = lettering.words(word, setting.size)
            at = (left + middle, top + row * setting.leading)
            delay = 0.1 + pace * len(layers)
            layers.append(_thrown(sprite, at, delay=delay, rise=0.45 * setting.size))
    return layers


def _reading(stage: Stage, setting: Setting, left: float, top: float) -> Layer:
    """All words are there, faint; each becomes bright in its turn."""
    placed: list[tuple[Sprite, float, float]] = []
    for row, line in enumerate(setting.lines):
        middles, _ = lettering.joined(line, setting.size)
        placed += [
            (lettering.words(word, setting.size), left + middle, top + row * setting.leading)
            for middle, word in zip(middles, line, strict=True)
        ]

    def paint(canvas: Any, moment: Moment) -> None:
        appeared = ease_out(moment.since(0.1, 0.7))
        spoken = moment.share / SPOKEN_BY * (len(placed) + 2)
        for index, (word, x, y) in enumerate(placed):
            lit = ease((spoken - index) / 2.5)
            rise = 0.35 * stage.u * (1 - lit) + 2 * stage.u * (1 - appeared)
            word.paint(canvas, x, y + rise, alpha=appeared * between(0.26, 1.0, lit))

    return paint
