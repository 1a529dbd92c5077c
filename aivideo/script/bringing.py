"""Scripts that people bring: pasted, or as a file of a word processor."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Final, Literal
from xml.etree import ElementTree as ET

from aivideo.errors import ScriptFileUnreadable, ScriptThere
from aivideo.projects import SceneView
from aivideo.script.drafts import SceneDraft, with_pictures
from aivideo.script.lines import SPEAKER_LABEL, Kind, read_lines
from aivideo.script.reader import FENCE, parse_script_file, read_script
from aivideo.script.saving import get_script, save_script
from aivideo.script.shapes import as_lines
from aivideo.studio import Studio

Into = Literal["empty", "replace", "add"]

FILE_LIMIT: Final = 5_000_000
"""Bytes of a file, and of the text within one."""
KINDS: Final = (".txt", ".md", ".markdown", ".json", ".docx")
LONGEST: Final = 1200
"""Characters of a paragraph that is still one scene: a minute and a half of speech."""
PARTED: Final = 350
"""Characters of the scenes that a longer paragraph is parted into, about."""
DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    OSError,
    ValueError,
    NotImplementedError,
)
"""What reading a package that is none, or a broken one, raises."""
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of ECMA-376, part 1, chapter 17."""
EMPHASISED: Final = re.compile(r"\*\*\w|\w\*\*|^\s{0,3}#{1,6}\s|`\w", re.MULTILINE)
SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?\u2026\u3002\uff01\uff1f])\s*(?=\S)")


def bring_script(
    studio: Studio, project_id: str, text: str, *, into: Into = "empty"
) -> list[SceneView]:
    """Make a text the script: a screenplay, markdown, paragraphs, or the JSON of /get_script.

    Args:
        studio: The collaborators.
        project_id: The project.
        text: What was brought.
        into: What may be there: nothing yet; or a script whose place it takes, and which is
            kept; or one after whose scenes it comes.

    Raises:
        NotFound: There is no such project.
        InvalidArgument: It begins like JSON and is none.
        ScriptThere: The project has a script, and it is to be neither replaced nor added to.
        ScriptEmpty: There are no words in it.
        ScriptTooLong: It has more than 200 scenes.
        SceneTooLong: A scene has more than 2,000 characters and not one whole sentence.
    """
    there = get_script(studio, project_id)
    if there and into == "empty":
        raise ScriptThere(len(there))
    brought = with_pictures(scenes_of(text), trusted=True)
    stay = there if into == "add" else []
    old = [SceneDraft(scene.text, scene_id=scene.scene_id) for scene in stay]
    return save_script(studio, project_id, [*old, *brought], reason="brought")


def scenes_of(text: str) -> list[SceneDraft]:
    """The scenes of a text that a person brought.

    Where it is marked as a screenplay or as markdown, only what is spoken is left; in plain
    paragraphs every word is meant. A paragraph that is too long for a scene is parted between
    sentences.

    Raises:
        InvalidArgument: It begins like JSON and is none, or has no scenes in it.
    """
    text = text.removeprefix("\ufeff").strip()
    if text.startswith(("{", "[{")) or not _is_marked(text):
        found = parse_script_file(text)
    else:
        found = read_script(text)
    return [part for draft in found for part in _parted(draft)]


def text_of_file(name: str, data: bytes) -> str:
    """The text of a file with a script.

    Raises:
        ScriptFileUnreadable: It is none of the kinds that are read, too large, or damaged.
    """
    kind, name = PurePath(name).suffix.lower(), PurePath(name).name[:80]
    if kind not in KINDS:
        raise ScriptFileUnreadable(name, f"files of the kind {kind or 'without an ending'} are not")
    if len(data) > FILE_LIMIT:
        raise ScriptFileUnreadable(name, f"it has more than {FILE_LIMIT // 1_000_000} megabytes")
    text = _text_of_word(name, data) if kind == ".docx" else _decoded(data)
    if "\x00" in text:
        raise ScriptFileUnreadable(name, "it is no text")
    return text.strip()


def _is_marked(text: str) -> bool:
    """Whether more than blank lines says where scenes begin and who speaks."""
    lines = "\n".join(text.splitlines())
    marks = {Kind.MARK, Kind.RULE, Kind.ITEM, Kind.SHOWN}
    return bool(
        as_lines(lines) != lines
        or FENCE.search(text)
        or EMPHASISED.search(text)
        or any(line.kind in marks for line in read_lines(text))
        or any(SPEAKER_LABEL.match(line.strip()) for line in text.splitlines())
    )


def _parted(draft: SceneDraft) -> Iterator[SceneDraft]:
    if len(draft.text) <= LONGEST:
        yield draft
        return
    part = ""
    for sentence in SENTENCE_ENDS.split(draft.text):
        if part and len(part) + len(sentence) > PARTED:
            yield replace(draft, text=part, visual_query="")
            part = ""
        part = f"{part} {sentence}".strip()
    yield replace(draft, text=part, visual_query="")


def _decoded(data: bytes) -> str:
    """The text of a file, in whichever of the usual encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _text_of_word(name: str, data: bytes) -> str:
    """The paragraphs of a .docx, headings marked as in markdown.

    Raises:
        ScriptFileUnreadable: It is no such file, or its text is larger than any script.
    """
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as package,
            package.open("word/document.xml") as part,
        ):
            xml = part.read(FILE_LIMIT + 1)
    except DAMAGED as problem:
        raise ScriptFileUnreadable(name, "it is no Word file", detail=str(problem)) from problem
    except RuntimeError as problem:
        raise ScriptFileUnreadable(name, "it has a password", detail=str(problem)) from problem
    if len(xml) > FILE_LIMIT:
        raise ScriptFileUnreadable(name, "the text in it is larger than any script")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml:  # a zero: not UTF-8
        raise ScriptFileUnreadable(name, "it declares entities, which no Word file does")
    try:
        root = ET.fromstring(xml)  # noqa: S314 - bounded, and without declarations
    except ET.ParseError as problem:
        raise ScriptFileUnreadable(name, "it is damaged", detail=str(problem)) from problem
    return "\n\n".join(_paragraphs(root))


def _paragraphs(root: ET.Element) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        text = "".join(_runs(paragraph)).strip()
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        named = (style.get(f"{W}val") or "").lower() if style is not None else ""
        if text:
            yield f"# {text}" if named.startswith(("heading", "title")) else text


def _runs(paragraph: ET.Element) -> Iterator[str]:
    """What is read in a paragraph; deleted words of a revision are no ``w:t``."""
    for node in paragraph.iter():
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in {f"{W}br", f"{W}cr", f"{W}tab"}:
            yield " "
