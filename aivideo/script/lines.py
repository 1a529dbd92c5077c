"""The lines of a screenplay or of markdown: which are spoken, which only say how to film."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a line is for."""

    BLANK = auto()
    MARK = auto()
    """A scene begins: a heading, "Scene 2:", "Hook -". Its text is a title, not spoken."""
    RULE = auto()
    ITEM = auto()
    """A point of a list, spoken."""
    SPOKEN = auto()
    SHOWN = auto()
    """What the camera sees."""


@dataclass(frozen=True)
class Line:
    """A line and what it says, without any marking."""

    kind: Kind
    text: str = ""


def _any(names: str) -> str:
    """A pattern for one of the names given one a line."""
    return "|".join(name.strip().replace(" ", r"[\s_-]*") for name in names.strip().splitlines())


SCENE: Final = (
    r"(?:scene|shot|part|act|chapter|segment|section|szene|sc\u00e8ne|escena|scena|cena)[\s_]*#?\s*"
    r"(?:\d+|[ivx]+|one|two|three|four|five|six|seven|eight|nine|ten)"
)
SECTION: Final = _any(
    """
    hook
    intro
    introduction
    opening
    outro
    conclusion
    closing
    climax
    call to action
    cta
    """
)
SPEAKER: Final = _any(
    r"""
    narrator
    narration
    narrator v\.?o\.?
    voice over
    v\.?\s?o\.?
    host
    speaker
    presenter
    dialogue
    spoken
    sprecher(?:in)?
    erz\u00e4hler(?:in)?
    narrador(?:a)?
    narrateur
    narratore
    voz en off
    voix off
    """
)
SHOWN: Final = _any(
    """
    visuals?
    b roll
    footage
    images?
    imagery
    search
    camera
    camera shows
    visual query
    scene description
    on screen
    """
)
SILENT: Final = _any(
    """
    music
    background music
    sounds?
    sound effects?
    sfx
    title
    video title
    duration
    on screen text
    text on screen
    caption
    transition
    tone
    mood
    setting
    hashtags?
    thumbnail
    word count
    keywords?
    tags
    """
)
END: Final = r"\s*(?:[:\u2013\u2014|]|-(?=\s)|\.(?=\s|$))\s*"
SCENE_LINE: Final = re.compile(rf"(?:{SCENE})(?:{END}(?P<rest>.*)|$)", re.IGNORECASE)
SECTION_LINE: Final = re.compile(
    rf"(?:{SECTION})(?:\s*(?:[:\u2013\u2014]|-(?=\s))\s*(?P<rest>.*)|$)", re.IGNORECASE
)
SPEAKER_LABEL: Final = re.compile(rf"(?:{SPEAKER})\s*[:\u2013\u2014-]\s*", re.IGNORECASE)
SHOWN_LINE: Final = re.compile(rf"(?:{SHOWN})\s*:\s*(?P<rest>.*)", re.IGNORECASE)
SILENT_LINE: Final = re.compile(rf"(?:{SILENT})\s*:|(?:cut to|fade (?:in|out|to))\b", re.IGNORECASE)
SLUG_LINE: Final = re.compile(r"(?:INT|EXT|I/E)\b[./ ][A-Z0-9 .,'/\u2013-]+")
"""Where and when a scene of a screenplay plays."""
TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?"
RANGE: Final = rf"{TIME}\s*(?:[-\u2013\u2014]|to)\s*{TIME}"
TIME_LINE: Final = re.compile(rf"(?:{TIME}|{RANGE})\s*[:\u2013\u2014-]?|{RANGE}{END}(?P<rest>.*)")
"""When a scene is seen; a single time before words may be spoken."""
OF_THE_LIST: Final = re.compile(r"(?:scenes|script|narrations?|voice-?over)\s*:", re.IGNORECASE)
"""What stands above a list of scenes."""
ORNAMENT: Final = re.compile(r"^[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff\s]+")
HEADING: Final = re.compile(r"#{1,6}\s+(?P<rest>.*)")
RULE: Final = re.compile(r"(?:[-*_=~]\s*){3,}")
BULLET: Final = re.compile(r"(?:[-*+\u2022\u2013]|\d{1,3}[.)])\s+(?P<rest>.*)")
BOLD: Final = re.compile(r"(?:\*\*|__)(?P<rest>[^*_]+)(?:\*\*|__):?")
ITALIC: Final = re.compile(r"[*_](?![*_ ])[^*_]+[*_]")
LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")
DIRECTION: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
EMPHASIS: Final = re.compile(r"\*+|`+|~~|(?<!\w)_+|_+(?!\w)|</?[a-z][^<>]{0,40}>", re.IGNORECASE)
QUOTES: Final = '"\u201c\u201d\u201e\u00ab\u00bb'
"""Straight, English, German and French ones."""
QUOTED: Final = re.compile(rf"[{QUOTES}].*[{QUOTES}][.!?,]?", re.DOTALL)
WORDS_OF_A_LONG_TITLE: Final = 4
SENTENCE: Final = re.compile(rf"[.!?\u2026][{QUOTES}'\u2019]?$")
OPENER: Final = re.compile(
    r"(?:sure|certainly|of course|absolutely)(?: thing)?!$"
    r"|(?:sure|certainly|of course|absolutely|okay|ok|great|here\b|below\b).*"
    r"(?::$|\b(?:script|scenes|narration|voice-?over)\b)",
    re.IGNORECASE,
)
CLOSER: Final = re.compile(
    r"(?:let me know|feel free to|i hope this|hope this|would you like me|this script)\b",
    re.IGNORECASE,
)


def read_lines(text: str) -> list[Line]:
    """The lines of a text without chatter around the script and without what is not spoken."""
    raw = [line.strip() for line in text.splitlines()]
    told = [number for number, line in enumerate(raw) if line]
    if told and OPENER.match(_plain(raw[told[0]])):
        raw = raw[told.pop(0) + 1 :]
    if told and CLOSER.match(_plain(raw[-1])):
        raw = raw[:-1]
    return [line for each in raw for line in _read_line(each)]


def spoken_words(text: str) -> str:
    """A narration without labels, stage directions, emphasis, quotes around it and list marks."""
    lines = (_unlabelled(_plain(line.strip())) for line in text.splitlines())
    joined = " ".join(line for line in lines if line)
    if QUOTED.fullmatch(joined):
        joined = joined.translate(dict.fromkeys(map(ord, QUOTES)))
    return re.sub(r"\s+([,.!?;:])(?=\s|$)", r"\1", " ".join(joined.split())).strip()


def _read_line(raw: str) -> Iterator[Line]:
    """A line by its marking; a scene mark that goes on with a sentence gives two."""
    if not raw:
        yield Line(Kind.BLANK)
    elif RULE.fullmatch(raw):
        yield Line(Kind.RULE)
    elif ITALIC.fullmatch(raw) and not SENTENCE.search(raw.strip("*_")):
        return  # *(upbeat music)*, _slow zoom_
    elif heading := HEADING.match(raw) or BOLD.fullmatch(raw):
        yield from _begin(_plain(heading["rest"]))
    elif item := BULLET.match(raw):
        yield from _read_item(_plain(item["rest"]))
    else:
        yield from _read_words(_plain(raw))


def _read_item(words: str) -> Iterator[Line]:
    """A point of a list; a label before its words begins no scene of its own."""
    lines = list(_read_words(words))
    spoken = [Line(Kind.ITEM, line.text) for line in lines if line.kind is Kind.SPOKEN]
    yield from spoken or lines


def _begin(title: str) -> Iterator[Line]:
    """A heading; one that is a whole sentence is spoken."""
    label = SCENE_LINE.fullmatch(title) or SECTION_LINE.fullmatch(title)
    title = (label["rest"] or "") if label else title
    if SENTENCE.search(title) and not title.endswith(":"):
        yield Line(Kind.MARK)
        yield Line(Kind.SPOKEN, _unlabelled(title))
    elif SILENT_LINE.match(title) is None:
        yield Line(Kind.MARK, title if label and _is_long(title) else "")


def _read_words(words: str) -> Iterator[Line]:
    """A line that has no marking but its words."""
    if not words or SILENT_LINE.match(words) or OF_THE_LIST.fullmatch(words) or _names(words):
        return
    timed = TIME_LINE.fullmatch(words)
    if timed or SLUG_LINE.fullmatch(words):
        yield Line(Kind.MARK)
        yield from _read_words((timed and timed["rest"]) or "")
    elif SCENE_LINE.fullmatch(words) or SECTION_LINE.fullmatch(words):
        yield from _begin(words)
    elif shown := SHOWN_LINE.fullmatch(words):
        yield Line(Kind.SHOWN, shown["rest"])
    else:
        yield Line(Kind.SPOKEN, _unlabelled(words))


def _plain(text: str) -> str:
    """The words of a line, without stage directions and emphasis."""
    text = DIRECTION.sub(" ", DIRECTION.sub(" ", LINK.sub(r"\1", ORNAMENT.sub("", text))))
    return " ".join(EMPHASIS.sub("", text).split())


def _unlabelled(words: str) -> str:
    """What is said, without who says it."""
    bullet = BULLET.fullmatch(words)
    words = bullet["rest"] if bullet else words
    label = SPEAKER_LABEL.match(words) or SECTION_LINE.fullmatch(words)
    if label is None:
        return words
    return words[label.end() :] if label.re is SPEAKER_LABEL else label["rest"] or ""


def _names(words: str) -> bool:
    """Whether a line only says who speaks, as screenplays do, in capitals."""
    return words.isupper() and re.fullmatch(SPEAKER, words, re.IGNORECASE) is not None


def _is_long(title: str) -> bool:
    """Whether a title can stand in for a scene that has no other words."""
    return len(title.split()) >= WORDS_OF_A_LONG_TITLE
