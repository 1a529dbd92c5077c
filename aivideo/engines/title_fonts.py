"""The fonts of titles, and a title shaped in them: any script, emoji in colour (skia)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from aivideo.errors import ArtworkMissing, DrawingUnavailable

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
FONTS: Final = ASSETS / "fonts"
EMOJI_FONT: Final = ASSETS / "emoji" / "NotoColorEmoji.ttf"
FIRST: Final = "Inter-Bold"
WITHOUT_COLOUR: Final = frozenset({"NotoEmoji-Bold"})
"""Fonts of the captions that titles have better ones for."""
PROBE: Final = 100.0
"""The size at which a title is measured; widths grow in step with it."""
ENDLESS: Final = 1e6

_SINGLE: Final = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1"
    "\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705"
    "\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50"
    "\u2b55\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001faff"
)
"""Characters that are pictures by themselves: Emoji_Presentation in Unicode's emoji-data.txt,
its last block taken whole."""
_ELEMENT: Final = (
    f"(?:[{_SINGLE}](?!\ufe0e)|[\u00a9-\u3299\U0001f000-\U0001faff]\ufe0f"
    "|[\u261d-\u270d\U0001f3c2-\U0001f590](?=[\U0001f3fb-\U0001f3ff]))"
    "\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
)
EMOJI: Final = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3"
    f"|{_ELEMENT}(?:\u200d(?:{_ELEMENT}|[\u2640-\u2b1b]\ufe0f?))*"
)
"""One emoji: a flag, a key cap, or pictures joined to one, with skin tones and tags; after
Unicode Technical Standard 51."""
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
"""What is never drawn by itself."""
_LANGUAGES: Final = (("ja", "[\u3040-\u30ff]"), ("ko", "[\u1100-\u11ff\uac00-\ud7af]"))
"""Whose shapes Chinese characters get, by what else stands in a text; else those of China."""


class Typesetter:
    """Sets text in our fonts; all lengths are in sizes of its letters.

    Args:
        text: Everything that will be set.
        leftwards: Whether it is written from right to left.
        leading: From one line to the next.

    Raises:
        DrawingUnavailable: The drawing library does not load.
        ArtworkMissing: Our fonts are not where they belong.
    """

    def __init__(self, text: str, *, leftwards: bool, leading: float) -> None:
        skia = _library()
        self._skia, self._leftwards, self._leading = skia, leftwards, leading
        faces = {**_ours(text), **_system(text), EMOJI_FONT.stem: _face(EMOJI_FONT)}
        self._families, self._language = tuple(faces), _language(text)
        provider = skia.textlayout.TypefaceFontProvider()
        for name, face in faces.items():
            provider.registerTypeface(face, name)
        self._collection = skia.textlayout.FontCollection()
        self._collection.setDefaultFontManager(provider)

    def width(self, text: str) -> float:
        """How wide a text is on one line."""
        return float(self.paragraph(text, PROBE, ENDLESS).LongestLine) / PROBE

    def unbreakable(self, text: str) -> float:
        """How wide the widest part of a text is that no line should be broken in."""
        return float(self.paragraph(text, PROBE, PROBE).MinIntrinsicWidth) / PROBE

    def lines(self, text: str, width: float) -> int:
        """How many lines a text takes in this width."""
        paragraph = self.paragraph(text, PROBE, width * PROBE)
        return round(float(paragraph.Height) / (PROBE * self._leading))

    def paragraph(self, text: str, size: float, width: float) -> Any:
        """A text set in white, in letters of so many pixels, in lines of so many pixels."""
        layout = self._skia.textlayout
        style = layout.ParagraphStyle()
        style.setTextStyle(self._style(size, emoji=False))
        style.setStrutStyle(self._strut(size))
        style.setTextAlign(layout.TextAlign.kRight if self._leftwards else layout.TextAlign.kLeft)
        unicode = self._skia.Unicodes.ICU.Make()
        builder = layout.ParagraphBuilder.make(style, self._collection, unicode)
        # The library takes every paragraph for one from left to right; an isolate turns it round.
        if self._leftwards:
            builder.addText("\u2067")
        for piece, is_emoji in pieces_of(text):
            builder.pushStyle(self._style(size, emoji=is_emoji))
            builder.addText(piece)
            builder.pop()
        if self._leftwards:
            builder.addText("\u2069")
        paragraph = builder.Build()
        paragraph.layout(width)
        return paragraph

    def _style(self, size: float, *, emoji: bool) -> Any:
        style = self._skia.textlayout.TextStyle()
        first = (EMOJI_FONT.stem,) if emoji else ()
        style.setFontFamilies([*first, *self._families])
        style.setLocale(self._language)
        style.setFontSize(size)
        style.setColor(self._skia.ColorWHITE)
        return style

    def _strut(self, size: float) -> Any:
        """Every line equally high, whichever fonts its letters come from."""
        strut = self._skia.textlayout.StrutStyle()
        strut.setFontFamilies([FIRST])
        strut.setFontSize(size)
        strut.setHeight(self._leading)
        forced = True
        for switch in (strut.setHeightOverride, strut.setForceStrutHeight, strut.setStrutEnabled):
            switch(forced)
        return strut


def pieces_of(text: str) -> Iterator[tuple[str, bool]]:
    """A text as emoji and what is between them; each with whether it is one."""
    end = 0
    for found in EMOJI.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def undrawable(text: str) -> str:
    """The letters of a text that no font here has, each once.

    Raises:
        DrawingUnavailable: The drawing library does not load.
        ArtworkMissing: Our fonts are not where they belong.
    """
    _library()
    return _missing(text, [*_ours(text).values(), *_system(text).values()])


def _missing(text: str, faces: Iterable[Any]) -> str:
    """The letters of a text that none of these fonts has, nor that of the emoji."""
    known = [*faces, _face(EMOJI_FONT)]
    return "".join(
        letter
        for letter in dict.fromkeys(_HIDDEN.sub("", EMOJI.sub("", text)))
        if not letter.isspace() and not any(face.unicharToGlyph(ord(letter)) for face in known)
    )


def _ours(text: str) -> dict[str, Any]:
    """Our bold fonts by name that this text needs, in the order they are asked for a letter.

    Raises:
        ArtworkMissing: The first of them is not where it belongs.
    """
    faces = {FIRST: _face(FONTS / f"{FIRST}.otf")}
    wanted = _missing(text, faces.values())
    paths = FONTS.glob("*-Bold.[ot]tf")
    # The small ones first: the large one for East Asia is read for its own letters alone.
    for path in sorted(paths, key=lambda path: (path.stat().st_size, path.stem)):
        if not wanted:
            break
        if path.stem not in {FIRST, *WITHOUT_COLOUR}:
            lacking = _missing(wanted, [_face(path)])
            if lacking != wanted:
                faces[path.stem], wanted = _face(path), lacking
    return faces


def _language(text: str) -> str:
    return next((name for name, letters in _LANGUAGES if re.search(letters, text)), "zh-Hans")


def _system(text: str) -> dict[str, Any]:
    """Bold fonts of this machine for what ours lack."""
    skia = _library()
    manager, found = skia.FontMgr(), {}
    for letter in _missing(text, _ours(text).values()):
        face = manager.matchFamilyStyleCharacter("", skia.FontStyle.Bold(), [], ord(letter))
        if face is not None:
            found[f"system {face.getFamilyName()}"] = face
    return found


def fonts_recipe() -> list[tuple[str, int]]:
    """What tells our fonts from others: the name and length of each file; none without skia."""
    try:
        _library()
    except DrawingUnavailable:
        return []
    paths = [*FONTS.glob("*-Bold.[ot]tf"), *EMOJI_FONT.parent.glob("*.ttf")]
    return sorted((path.name, path.stat().st_size) for path in paths)


def _library() -> Any:
    try:
        import skia
    except ImportError as problem:
        raise DrawingUnavailable(detail=str(problem)) from problem
    return skia


@lru_cache(maxsize=32)
def _face(path: Path) -> Any:
    """A font of ours, read by FreeType: not every system's own reader knows coloured vectors."""
    skia = _library()
    if not path.is_file():
        raise ArtworkMissing(path)
    data = skia.Data.MakeWithCopy(path.read_bytes())
    face = skia.FontMgr.New_Custom_Empty().makeFromData(data)
    if face is None:
        raise ArtworkMissing(path)
    return face
