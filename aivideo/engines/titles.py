"""A title set on a picture: any script, either direction, emoji in colour (skia).

Lines are as large as the margins allow and about equally long. What is drawn is measured, not
estimated: whatever the letters, their ink stays inside the margins.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aivideo.engines.title_fonts import Typesetter

if TYPE_CHECKING:
    from PIL import Image

RECIPE: Final = 1
"""Grows with every change that alters titles."""

LINES, MOST_LINES = 4, 6
"""How many lines a title has; and how many when its letters would get too small."""
SIDE: Final = 0.07
"""The free space left and right, as a part of the width."""
LARGEST, COMFORTABLE, SMALLEST = 0.23, 0.085, 0.06
"""Sizes of letters as parts of the picture's shorter side: at most; below which more lines are
taken; below which a word is broken instead."""
HIGHEST: Final = 0.46
"""The part of the picture's height that a title may take."""
LEADING, TALL_LEADING = 1.14, 1.36
"""From one line to the next, in sizes; the second for scripts with marks above and below."""
TALL: Final = re.compile("[\u0590-\u06ff\u0750-\u077f\u08a0-\u109f\u1780-\u17ff\ufb1d-\ufdff]")
"""Hebrew, Arabic, and the scripts of South and South East Asia."""
WIDOW, WIDOW_COSTS = 0.34, 0.8
"""A last line shorter than this part of the longest, and what it leaves of a setting's worth."""
LINE_COSTS: Final = 1.04
"""How much larger the letters must get for one line more."""
OUTLINE, GLOW = 0.022, 0.09
"""The dark edge of letters and the dark glow around them, in sizes."""
GROUND: Final = 96.0
"""How bright, 0..255, the picture may be behind a title: white on it has a contrast of 6 to 1."""
VEIL: Final = (0.35, 0.72)
"""How dark the veil behind a title is at least and at most, 0..1."""
RAMP: Final = 0.4
"""The part of the height over which the veil begins."""

PRECISION, SLACK = 0.01, 0.02
"""Of widths, in sizes; and what lines get more, so that no rounding breaks them again."""
LINE_SEPARATOR: Final = "\u2028"
"""Breaks a line without ending the paragraph, so that its direction goes on."""
_DIRECTING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANKS: Final = re.compile("[ \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+")


@dataclass(frozen=True)
class Box:
    """Where a title may stand, in pixels: on its bottom, between left and right."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Setting:
    """A title broken into lines.

    Attributes:
        text: The title, with separators where lines are to end.
        size: The size of its letters in pixels.
        width: How wide the lines may be, in sizes.
    """

    text: str
    size: float
    width: float


def lettered(picture: Image.Image, title: str) -> Image.Image:
    """The picture with a title on it, darkened behind the letters as far as they need it.

    Args:
        picture: RGB.
        title: Any text; without anything to draw the picture stays as it is.

    Raises:
        DrawingUnavailable: The drawing library does not load.
        ArtworkMissing: Our fonts are not where they belong.
    """
    text = tidied(title)
    if not text:
        return picture
    box = safe_box(picture.size)
    setter = Typesetter(text, leftwards=runs_left(text), leading=leading_of(text))
    setting = fitted(setter, text, box, min(picture.size))
    while True:
        left, top, right, bottom = _ink(setter, setting, picture.size)
        excess = max((right - left) / box.width, (bottom - top) / box.height)
        if excess <= 1:
            break
        setting = replace(setting, size=setting.size * 0.99 / excess)
    x = box.left - left if not runs_left(text) else box.left + box.width - right
    y = box.bottom - bottom
    return _painted(picture, setter, setting, (x, y), ink=(left, top, right, bottom))


def tidied(title: str) -> str:
    """The title as it is drawn: controls are blanks, blanks are single, the rest stays.

    Marks that force a direction would reach into what is added here, and go.
    """
    shown = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter
        for letter in _DIRECTING.sub("", title)
        if unicodedata.category(letter) != "Cs"
    )
    return _BLANKS.sub(" ", shown).strip()


def runs_left(text: str) -> bool:
    """Whether a text is written from right to left, as its first letter says."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def leading_of(text: str) -> float:
    """From one line of this text to the next, in sizes."""
    return TALL_LEADING if TALL.search(text) else LEADING


def safe_box(size: tuple[int, int]) -> Box:
    """Where a title of a picture of this size may stand.

    Platforms lay a wide video's length over its lower right corner, and their buttons over the
    lowest part of a tall one.
    """
    width, height = size
    free = 0.17 if height > width else 0.13 if width > height else 0.09
    side = width * SIDE
    return Box(side, height * (1 - free), width - 2 * side, height * HIGHEST)


def fitted(setter: Typesetter, text: str, box: Box, shorter_side: int) -> Setting:
    """The best setting of a text: large, balanced, with no short line at the end."""
    settings = [_in_lines(setter, text, box, shorter_side, lines) for lines in range(1, LINES + 1)]
    if max(setting.size for setting, _ in settings) < shorter_side * COMFORTABLE:
        more = range(LINES + 1, MOST_LINES + 1)
        settings += [_in_lines(setter, text, box, shorter_side, lines) for lines in more]
    best, best_worth = settings[0]
    for setting, worth in settings[1:]:
        if worth > best_worth * LINE_COSTS:
            best, best_worth = setting, worth
    return best


def _in_lines(
    setter: Typesetter, text: str, box: Box, shorter_side: int, lines: int
) -> tuple[Setting, float]:
    """A text in at most so many lines, and what that setting is worth."""
    unbreakable = setter.unbreakable(text)
    # A word is broken only where it would not fit in the smallest letters.
    whole = unbreakable <= box.width / (shorter_side * SMALLEST)
    narrowest = max(1.0, unbreakable if whole else 0.0)
    width = _least_width(setter, text, lines, narrowest)
    size = min(shorter_side * LARGEST, box.width / width, box.height / (lines * leading_of(text)))
    shares = _shared(setter, text.split(" "), lines, box.width / size)
    if shares:
        widths = [setter.width(share) for share in shares]
        last = widths[-1] / max(widths)
        setting = Setting(LINE_SEPARATOR.join(shares), size, max(widths) + SLACK)
    else:
        last = setter.width(text) / width - (lines - 1)
        setting = Setting(text, size, width + SLACK)
    return setting, size * (WIDOW_COSTS if lines > 1 and last < WIDOW else 1.0)


def _least_width(setter: Typesetter, text: str, lines: int, narrowest: float) -> float:
    """The least width, in sizes, in which a text takes no more than so many lines."""
    low, high = narrowest, max(narrowest, setter.width(text))
    if setter.lines(text, low) <= lines:
        return low
    while high - low > PRECISION:
        middle = (low + high) / 2
        if setter.lines(text, middle) <= lines:
            high = middle
        else:
            low = middle
    return high


def _shared(setter: Typesetter, words: Sequence[str], lines: int, width: float) -> list[str]:
    """Words shared out to so many lines of about equal length.

    Nothing comes of a text that has to be broken inside its words, as Chinese has.
    """
    blank = setter.width("a b") - setter.width("ab")
    widths = [setter.width(word) + blank for word in words]
    ends = list(itertools.accumulate(widths, initial=0.0))
    ideal = ends[-1] / lines
    # For each number of words: how uneven the best lines of them are, and where those end.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for _ in range(lines):
        options: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
        for start, (uneven, cuts) in best.items():
            for end in range(start + 1, len(ends)):
                length = ends[end] - ends[start]
                if length - blank > width + PRECISION:
                    break
                option = (uneven + (length - ideal) ** 2, (*cuts, end))
                options.setdefault(end, []).append(option)
        best = {end: min(each) for end, each in options.items()}
    if len(words) not in best:
        return []
    _, cuts = best[len(words)]
    return [" ".join(words[start:end]) for start, end in itertools.pairwise(cuts)]


def _ink(
    setter: Typesetter, setting: Setting, size: tuple[int, int]
) -> tuple[float, float, float, float]:
    """What a setting covers when it is painted at (0, 0): left, top, right, bottom in pixels."""
    import skia

    margin, edge = math.ceil(setting.size), math.ceil(_edge(setting))
    pixels = np.zeros((size[1] + 2 * margin, size[0] + 2 * margin, 4), np.uint8)
    surface = skia.Surface(pixels, colorType=skia.kRGBA_8888_ColorType)
    setter.paragraph(setting.text, setting.size, setting.width * setting.size).paint(
        surface.getCanvas(), margin, margin
    )
    rows, columns = (np.flatnonzero(pixels[..., 3].max(axis=axis)) - margin for axis in (1, 0))
    if not len(rows):
        return 0, 0, 0, 0
    return columns[0] - edge, rows[0] - edge, columns[-1] + 1 + edge, rows[-1] + 1 + edge


def _painted(
    picture: Image.Image,
    setter: Typesetter,
    setting: Setting,
    place: tuple[float, float],
    *,
    ink: tuple[float, float, float, float],
) -> Image.Image:
    """The picture with a setting on it, which has a dark edge and a dark glow around that.

    ``ink`` is what the setting covers when it is painted at (0, 0): left, top, right, bottom.
    """
    import skia
    from PIL import Image

    pixels = np.array(_veiled(picture, place[1] + ink[1]).convert("RGBA"))
    filters, edge, glow = skia.ImageFilters, _edge(setting), setting.size * GLOW
    dark = skia.ColorFilters.Blend(skia.Color(8, 10, 14), skia.BlendMode.kSrcIn)
    wider = filters.ColorFilter(dark, filters.Dilate(edge, edge))
    around = filters.Blur(glow, glow, input=wider)
    surface = skia.Surface(pixels, colorType=skia.kRGBA_8888_ColorType)
    canvas = surface.getCanvas()
    # The effects are worked out where there are letters only.
    area = skia.Rect.MakeLTRB(*ink).makeOffset(*place).makeOutset(4 * glow, 4 * glow)
    canvas.clipRect(area)
    canvas.saveLayer(area, skia.Paint(ImageFilter=filters.Merge([around, wider, None])))
    paragraph = setter.paragraph(setting.text, setting.size, setting.width * setting.size)
    paragraph.paint(canvas, *place)
    canvas.restore()
    return Image.fromarray(pixels).convert("RGB")


def _edge(setting: Setting) -> float:
    return max(1.0, setting.size * OUTLINE)


def _veiled(picture: Image.Image, top: float) -> Image.Image:
    """The picture darkened from a row on, and gently above it, as far as white letters need."""
    from PIL import Image

    height = picture.height
    begin = max(0.0, top - RAMP * height)
    brightest = float(np.percentile(np.asarray(picture.convert("L"))[round(top) :], 95))
    least, most = VEIL
    strength = min(most, max(least, 1 - GROUND / max(brightest, 1.0)))
    rows = np.clip((np.arange(height) - begin) / max(1.0, top - begin), 0.0, 1.0)
    light = 1.0 - strength * rows * rows * (3 - 2 * rows)
    pixels = np.asarray(picture, np.float32) * light[:, None, None].astype(np.float32)
    return Image.fromarray(np.rint(pixels).astype(np.uint8))
