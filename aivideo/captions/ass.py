"""Cues as ASS, which ffmpeg burns in: each word lights up in the frame where it begins. Pure.

Every line is an event of its own at a place computed here, in fonts of ours named letter by
letter: so lines keep their distance whatever the script, and none is broken by the renderer.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aivideo.captions import fonts
from aivideo.captions.breaking import JAPANESE, SKIN_COLOURS
from aivideo.captions.cues import BLANK, Cue, Piece, clean, plain
from aivideo.captions.fonts import Font
from aivideo.captions.layout import LINE_HEIGHT, PADDING, Layout
from aivideo.captions.style import Appearance, Style

RECIPE: Final = 3
"""Grows with every change that alters what is burned in."""

LEADING: Final = 1.2
"""From one base line to the next, in ems, unless letters reach further."""
BLACK: Final = "#101010"
ROUNDED: Final = 0.32
"""The radius of a veil's corners, in ems."""
SHADOW: Final = 0.686
"""How dark the shadow of a text is, 0..1."""
BEYOND: Final = 0.4
"""How far letters may reach beyond what is known of their font, in ems."""
ARC: Final = 0.4477
"""How far from a corner the control points of a quarter circle lie, in radii: 1 - 0.5523."""

_HEAD: Final = """\
[Script Info]
ScriptType: v4.00+
{language}PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Word,{font},{size:.1f},{plain},{plain},{black},&H{shade:02X}000000,{bold},\
0,0,0,100,100,0,0,1,{outline:.1f},{drop:.1f},2,0,0,0,-1
Style: Veil,Inter,20,&H{veil:02X}000000,&H00000000,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,\
0,0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"""
"""Encoding -1 lets each line run in its own direction, and orders words across our commands."""


@dataclass(frozen=True)
class Layer:
    """Captions for a layer of their own, which is laid over the pictures.

    Attributes:
        text: An ASS file for such a layer, which has these rows alone.
        rows: The rows of the picture that they touch; even, and none when there are no cues.
        changes: The frames in which something about them changes, in order.
        files: The fonts they need, by their files in ``FONTS``.
    """

    text: str
    rows: range
    changes: tuple[int, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class _Setter:
    """What the cues of a file have in common; lengths are in pixels."""

    layout: Layout
    style: Style
    width: int
    height: int
    fps: int
    leftwards: bool
    rows: range = range(0)
    """Those of a layer of its own; none where the captions go into the picture."""

    @property
    def look(self) -> Appearance:
        return self.style.appearance

    @property
    def em(self) -> float:
        return self.height * self.layout.size / LINE_HEIGHT


def to_ass(
    cues: Iterable[Cue],
    layout: Layout,
    size: tuple[int, int],
    fps: int,
    *,
    style: Style | None = None,
) -> str:
    """The cues as an ASS file in which each word lights up in the frame where it begins.

    Args:
        cues: In order; of one scene, or of the whole video.
        layout: How they are set; that of the style.
        size: The canvas, (width, height) in pixels.
        fps: Its frames a second.
        style: How they look; clean when it is not said.
    """
    cues = list(cues)
    return _written(_Setter(layout, style or Style(), *size, fps, leftwards=_runs_left(cues)), cues)


def to_layer(
    cues: Sequence[Cue], layout: Layout, size: tuple[int, int], fps: int, *, style: Style
) -> Layer:
    """The cues as a layer to be burned in, which is drawn only where it changes."""
    setter = _Setter(layout, style, *size, fps, leftwards=_runs_left(cues))
    setter = replace(setter, rows=_rows(setter, cues))
    times = {time for cue in cues for time in (cue.start, cue.end)}
    times |= {piece.start for cue in cues for line in cue.lines for piece in line}
    text, said = _written(setter, cues), [clean(_said([cue])) for cue in cues]
    return Layer(
        text=text,
        rows=setter.rows,
        changes=tuple(sorted({round(time * fps) for time in times})),
        files=fonts.files(said, style.face, signs=text),
    )


def _written(setter: _Setter, cues: Sequence[Cue]) -> str:
    events = (event for cue in cues for event in _events(setter, cue))
    return "\n".join([_head(setter, _language(_said(cues))), *events, ""])


def _said(cues: Iterable[Cue]) -> str:
    return "".join(piece.text for cue in cues for line in cue.lines for piece in line)


def _rows(setter: _Setter, cues: Iterable[Cue]) -> range:
    """The rows that cues touch, with what surrounds their letters."""
    look, blocks = setter.look, [_block(setter, cue) for cue in cues]
    around = BEYOND + PADDING[1] + look.outline + 3 * look.glow
    first = min((math.floor(b.top - around * b.em) for b in blocks), default=0)
    after = max((math.ceil(b.bottom + (around + look.drop) * b.em) for b in blocks), default=0)
    # Colour has a row for each two of the picture.
    return range(max(0, first // 2 * 2), min(setter.height, -(-after // 2) * 2))


def _head(setter: _Setter, language: str) -> str:
    look, font = setter.look, setter.style.face
    return _HEAD.format(
        language=f"Language: {language}\n" if language else "",
        width=setter.width,
        height=len(setter.rows) or setter.height,
        font=font.family,
        size=_font_size(font, setter.em),
        plain=_colour(look.plain).replace("&H", "&H00"),
        black=_colour(BLACK).replace("&H", "&H00"),
        bold=-1 if font.bold else 0,
        outline=look.outline * setter.em,
        drop=look.drop * setter.em,
        shade=_clear(setter, SHADOW),
        veil=_clear(setter, look.veil),
    )


def _clear(setter: _Setter, opacity: float) -> int:
    """How transparent a black of an opacity is, as ASS counts it.

    On a layer of its own ffmpeg multiplies an opacity by itself.
    """
    return round(255 * (1 - (math.sqrt(opacity) if setter.rows else opacity)))


@dataclass(frozen=True)
class _Block:
    """Where a cue's text stands: its em and its top, width and lines' bases, in pixels."""

    em: float
    wide: float
    top: float
    bottom: float
    bases: tuple[float, ...]


def _block(setter: _Setter, cue: Cue) -> _Block:
    texts = [plain(line) for line in cue.lines]
    widest = max(_width(line, setter) for line in cue.lines)
    # A word too wide for its line makes its cue smaller.
    em = setter.em * min(1.0, setter.layout.line_ems / widest)
    rooms = [fonts.room(text, setter.style.face) for text in texts]
    steps = [max(LEADING, below + above) for (_, below), (above, _) in itertools.pairwise(rooms)]
    zoom = setter.look.zoom
    above, below = rooms[0][0] * zoom * em, rooms[-1][1] * zoom * em
    high = above + sum(steps) * em + below
    top = _top(setter, high, em)
    bases = tuple(top + above + sum(steps[:n]) * em for n in range(len(texts)))
    return _Block(em, widest * em, top, top + high, bases)


def _events(setter: _Setter, cue: Cue) -> Iterator[str]:
    """A cue's veil, and its lines as they change from word to word."""
    block = _block(setter, cue)
    if setter.look.veil:
        yield _veil(setter, cue, block)
    for number, (line, base) in enumerate(zip(cue.lines, block.bases, strict=True)):
        for start, end, lit in _states(cue, number):
            first, after = _time(start, setter.fps), _time(end, setter.fps)
            if first < after:
                text = _text(setter, line, lit, em=block.em, base=base)
                yield f"Dialogue: 1,{first},{after},Word,,0,0,0,,{text}"


def _width(line: Sequence[Piece], setter: _Setter) -> float:
    """How wide a line gets, in ems, while its widest word is spoken."""
    whole = sum(piece.ems + (0 if piece.joined else BLANK) for piece in line) - BLANK
    return whole + (setter.look.zoom - 1) * max(piece.ems for piece in line)


def _top(setter: _Setter, high: float, em: float) -> float:
    """Where the text begins so that it stands where the style says, with all around it."""
    look, height = setter.look, setter.height
    around = PADDING[1] * em if look.veil else (look.outline + look.glow) * em
    free = setter.layout.bottom * height + around
    return {
        "bottom": height - free - look.drop * em - high,
        "middle": (height - high) / 2,
        "top": free,
    }[setter.style.position]


def _veil(setter: _Setter, cue: Cue, block: _Block) -> str:
    """A dark area with round corners behind the text, as a drawing."""
    em, high = block.em, block.bottom - block.top
    width, height = round(block.wide + 2 * PADDING[0] * em), round(high + 2 * PADDING[1] * em)
    x, y = round((setter.width - width) / 2), round(block.top - PADDING[1] * em) - setter.rows.start
    r, c = round(ROUNDED * em), round(ROUNDED * em * ARC)
    w, h = width, height
    shape = (
        f"m {r} 0 l {w - r} 0 b {w - c} 0 {w} {c} {w} {r} "
        f"l {w} {h - r} b {w} {h - c} {w - c} {h} {w - r} {h} "
        f"l {r} {h} b {c} {h} 0 {h - c} 0 {h - r} l 0 {r} b 0 {c} {c} 0 {r} 0"
    )
    start, end = _time(cue.start, setter.fps), _time(cue.end, setter.fps)
    return f"Dialogue: 0,{start},{end},Veil,,0,0,0,,{{\\pos({x},{y})\\p1}}{shape}"


def _states(cue: Cue, number: int) -> Iterator[tuple[float, float, int]]:
    """From when to when which word of a line is lit: -1 before its first, its length after."""
    line = cue.lines[number]
    first = line[0].start if number else cue.start
    after = cue.lines[number + 1][0].start if number + 1 < len(cue.lines) else cue.end
    times = [cue.start, first, *(piece.start for piece in line[1:]), after, cue.end]
    for step, (start, end) in enumerate(itertools.pairwise(times)):
        yield start, end, step - 1


def _time(seconds: float, fps: int) -> str:
    """The last hundredth of a second before the frame in which something is to change.

    Times have steps of 10 ms and an event shows from its start on, so a rounded time could
    come a frame late.
    """
    hundredths = math.floor(round(seconds * fps) * 100 / fps + 1e-6)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"


def _text(setter: _Setter, line: Sequence[Piece], lit: int, *, em: float, base: float) -> str:
    """A line as its event's text, its letters standing on ``base``, with one of its words lit."""
    look, face = setter.look, setter.style.face
    words, deep = [], _descent(face, em)
    for number, piece in enumerate(line):
        runs = fonts.runs(clean(piece.text), face)
        zoom = look.zoom if number == lit else 1.0
        # The renderer measures a line down to the deepest of its fonts.
        deep = max(deep, *(_descent(font, em) * zoom for font, _ in runs))
        spoken = number == lit or (look.stays_lit and number < lit)
        shown = _in_fonts(runs, face, em)
        words.append(" " if number and not piece.joined else "")
        words.append(_lit(setter, shown) if spoken else shown)
    commands = [f"\\pos({setter.width / 2:g},{base + deep - setter.rows.start:.1f})"]
    if look.drop:
        commands.append("\\xshad0")
    if look.glow:
        commands.append(f"\\blur{look.glow * em:.1f}")
    if em < setter.em:
        commands.append(f"\\fs{_font_size(face, em):.1f}")
    mark = _direction_mark(plain(line), leftwards=setter.leftwards)
    return f"{{{''.join(commands)}}}{mark}{''.join(words)}"


def _in_fonts(runs: Sequence[tuple[Font, str]], face: Font, em: float) -> str:
    """Text with the font of each of its runs, and the style's own again at its end."""
    shown, current = [], face
    for font, text in [*runs, (face, "")]:
        if font != current:
            bold, size = int(font.bold), _font_size(font, em)
            shown.append(f"{{\\fn{font.family}\\b{bold}\\fs{size:.1f}}}")
            current = font
        shown.append(_escaped(text))
    return "".join(shown)


def _lit(setter: _Setter, shown: str) -> str:
    """A word in the colour of what is spoken, and larger where the preset says so."""
    look = setter.look
    on, off = f"\\c{_colour(setter.style.lit)}&", f"\\c{_colour(look.plain)}&"
    if look.zoom != 1:
        percent = round(100 * look.zoom)
        on += f"\\fscx{percent}\\fscy{percent}"
        off += "\\fscx100\\fscy100"
    return f"{{{on}}}{shown}{{{off}}}"


def _escaped(text: str) -> str:
    """Text that means nothing to ASS: no commands and no line breaks.

    A word joiner after a backslash keeps it from being read together with what follows.
    """
    text = "".join(c for c in text if c not in SKIN_COLOURS)
    return text.replace("\\", "\\\u2060").replace("{", r"\{").replace("}", r"\}")


def _font_size(font: Font, em: float) -> float:
    """What ASS calls the size at which a font looks as large as the main one: a line's height."""
    return em * font.scale * font.glyphs.line


def _descent(font: Font, em: float) -> float:
    return em * font.scale * font.glyphs.descent


def _colour(value: str) -> str:
    """``#rrggbb`` as ASS writes colours: blue first."""
    return f"&H{value[5:7]}{value[3:5]}{value[1:3]}".upper()


def _language(text: str) -> str:
    """Whose forms Chinese characters take, as BCP 47; empty when there are none."""
    if JAPANESE.search(text):
        return "ja"
    if any("\uac00" <= c <= "\ud7a3" for c in text):
        return "ko"
    han = "".join(c for c in text if "\u4e00" <= c <= "\u9fff")
    return ("zh" if _is_in(han, "gb2312") or not _is_in(han, "big5") else "zh-Hant") if han else ""


def _is_in(text: str, encoding: str) -> bool:
    return text.encode(encoding, "ignore").decode(encoding) == text


def _runs_left(cues: Iterable[Cue]) -> bool:
    """Whether most letters of cues run from right to left."""
    kinds = [unicodedata.bidirectional(character) for character in _said(cues)]
    return kinds.count("R") + kinds.count("AL") > kinds.count("L")


def _direction_mark(line: str, *, leftwards: bool) -> str:
    """What makes a line run as the whole text does, whichever letter it begins with."""
    kinds = (unicodedata.bidirectional(character) for character in line)
    first = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "")
    if first and (first != "L") == leftwards:
        return ""
    return "\u200f" if leftwards else ("\u200e" if first else "")
