"""Reading what a model wrote, whatever shape it has: only the spoken words remain.

Models are asked for JSON and answer with JSON, with JSON cut off in the middle, with markdown,
or with a screenplay. Nothing here decides whether the script is any good.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aivideo.errors import InvalidArgument
from aivideo.script.drafts import SceneDraft, visible_objects
from aivideo.script.lines import Kind, Line, read_lines, spoken_words
from aivideo.script.shapes import as_json, as_lines
from aivideo.spoken import is_speakable

SPOKEN_KEYS: Final = ("narration", "text", "voiceover", "voice_over", "spoken", "dialogue", "line")
SHOWN_KEYS: Final = ("camera_shows", "search", "visual_query", "visual", "visuals", "image")
OBJECT_KEYS: Final = ("visible_objects", "objects")
SCENE_LISTS: Final = ("scenes", "script", "narration", "lines", "chapters")
KINDS_OF: Final[Mapping[str, tuple[type, ...]]] = {
    "pause_seconds": (int, float),
    "level_db": (int, float),
    "voice_id": (str,),
    "locked": (bool,),
}
"""What may stand beside a scene's words in a file of ours."""
THINKING: Final = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
FENCE: Final = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
REFUSAL: Final = re.compile(
    r"\W*(?:i'm sorry|i am sorry|sorry,|i can'?t|i cannot|i'm unable|i am unable|as an ai)\b",
    re.IGNORECASE,
)
JSON_BEGINS: Final = re.compile(r"[{\[]")
MORE_JSON: Final = re.compile(r"\[?\s*\{")
"""Further JSON after the first: an object or a list of them; lists of words are tags."""
JSON_TEXT: Final = r'"((?:[^"\\]|\\.)*)("?)'
TEXTS: Final = re.compile(JSON_TEXT)
SPOKEN_IN_PIECES: Final = re.compile(rf'"(?:{"|".join(SPOKEN_KEYS)})"\s*:\s*{JSON_TEXT}', re.DOTALL)
SHOWN_IN_PIECES: Final = re.compile(rf'"(?:{"|".join(SHOWN_KEYS)})"\s*:\s*{JSON_TEXT}', re.DOTALL)
OBJECTS_IN_PIECES: Final = re.compile(rf'"(?:{"|".join(OBJECT_KEYS)})"\s*:\s*\[([^\[\]]*)\]')
WHOLE_SENTENCES: Final = re.compile(r".*[.!?]", re.DOTALL)


def read_script(reply: str) -> list[SceneDraft]:
    """The scenes in a model's reply, with nothing but spoken words; empty when it has none."""
    reply = FENCE.sub("", THINKING.sub("", reply)).strip()
    if not reply or REFUSAL.match(reply):
        return []
    found: list[SceneDraft] = []
    for shape in as_json(reply) if re.search(r"[{\[]", reply) else ():
        found = found or (list(_read_json(shape)) if '"' in shape else [])
    if not found and not _is_meant_as_json(reply):
        found = list(_read_prose(as_lines(reply)))
    cleaned = (replace(draft, text=spoken_words(draft.text)) for draft in found)
    return [draft for draft in cleaned if _is_speakable(draft.text)]


def parse_script_file(text: str) -> list[SceneDraft]:
    """The scenes of a file that a person wrote: one per paragraph, or the JSON of /get_script.

    A person's words are left as they are; only line breaks within a paragraph become blanks.

    Raises:
        InvalidArgument: It begins like JSON and is none, or has no scenes in it.
    """
    text = text.removeprefix("\ufeff").strip()
    if not text.startswith(("{", "[{")):
        paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
        return [SceneDraft(" ".join(each.split())) for each in paragraphs if each.strip()]
    try:
        drafts = list(_from_data(json.loads(text), by=_of_a_person))
    except ValueError as problem:
        raise InvalidArgument(
            f"The script file begins like JSON and is broken: {problem}. Mend it, or give plain "
            "text with one scene per paragraph."
        ) from problem
    if not drafts:
        raise InvalidArgument(
            'The script file has no scenes. Give {"scenes": [{"text": "..."}]}, or plain text '
            "with one scene per paragraph."
        )
    return drafts


@functools.lru_cache(maxsize=512)
def _is_speakable(text: str) -> bool:
    """Remembered, since an answer is read again and again while it grows."""
    return is_speakable(text)


def _is_meant_as_json(reply: str) -> bool:
    """Whether a reply is JSON or the beginning of it, so that it must not be read aloud."""
    if reply.startswith(("{", '["', "[{")):
        return True
    try:
        json.loads(reply)
    except ValueError:
        return False
    return True


def _read_json(reply: str) -> Iterator[SceneDraft]:
    """The scenes of all JSON in a reply: read as it should be, else picked out in pieces."""
    begun: re.Match[str] | None = JSON_BEGINS.search(reply)
    end = 0
    while begun:
        try:
            data, end = json.JSONDecoder(strict=False).raw_decode(reply, begun.start())
        except ValueError:
            yield from _in_pieces(reply[end:])
            return
        yield from _from_data(data)
        begun = MORE_JSON.search(reply, end)


def _of_a_model(scene: dict[str, Any], text: str, shown: str) -> SceneDraft:
    return SceneDraft(text, shown, objects=_objects(scene))


def _of_a_person(scene: dict[str, Any], text: str, shown: str) -> SceneDraft:
    """The scene with what else /get_script says of one, where that is of its kind."""
    given = {name: scene.get(name) for name in ("pause_seconds", "level_db", "voice_id", "locked")}
    kept: dict[str, Any] = {
        name: value for name, value in given.items() if type(value) in KINDS_OF[name]
    }
    return SceneDraft(text, shown, objects=_objects(scene), **kept)


def _objects(scene: dict[str, Any]) -> tuple[str, ...] | None:
    """What a scene says can be seen; None when it does not say."""
    told = next((scene[key] for key in OBJECT_KEYS if isinstance(scene.get(key), list)), None)
    if told is None:
        return None
    return visible_objects([name for name in told if isinstance(name, str)])


def _from_data(
    data: Any, *, by: Callable[..., SceneDraft] = _of_a_model, is_scene_list: bool = True
) -> Iterator[SceneDraft]:
    """Every scene in decoded JSON, however it is nested, made ``by`` who knows the author."""
    if isinstance(data, dict):
        text = next((joined for key in SPOKEN_KEYS if (joined := _joined(data.get(key)))), "")
        if text:
            shown = next((_joined(data[key]) for key in SHOWN_KEYS if data.get(key)), "")
            yield by(data, text, shown)
            return
        for key, value in data.items():
            yield from _from_data(value, by=by, is_scene_list=key in SCENE_LISTS)
    elif isinstance(data, list):
        for item in data:
            if isinstance(item, str) and is_scene_list:
                yield SceneDraft(item)
            yield from _from_data(item, by=by)


def _joined(value: Any) -> str:
    """A text, or a list of texts as one; empty for anything else."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return value.strip() if isinstance(value, str) else ""


def _in_pieces(reply: str) -> Iterator[SceneDraft]:
    """The scenes of broken JSON; of one that is cut off, the whole sentences."""
    spoken = list(SPOKEN_IN_PIECES.finditer(reply))
    ends = [*(match.start() for match in spoken), len(reply)][1:]
    for match, end in zip(spoken, ends, strict=True):
        text = _unescaped(match[1])
        if not match[2]:
            whole = WHOLE_SENTENCES.match(text)
            text = whole.group() if whole else ""
        shown = SHOWN_IN_PIECES.search(reply, match.end(), end)
        query = _unescaped(shown[1]) if shown and shown[2] else ""
        listed = OBJECTS_IN_PIECES.search(reply, match.end(), end)
        names = [found[1] for found in TEXTS.finditer(listed[1])] if listed else []
        yield SceneDraft(text, query, objects=visible_objects(names) if listed else None)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text.replace("\\", "")


@dataclass
class _Group:
    """The lines between two scene marks."""

    title: str = ""
    spoken: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def draft(self) -> SceneDraft:
        return SceneDraft(" ".join(self.spoken) or self.title, " ".join(self.shown))


def _read_prose(reply: str) -> Iterator[SceneDraft]:
    """The scenes of a screenplay, of markdown, of a list, or of plain paragraphs."""
    lines = read_lines(reply)
    kinds = {line.kind for line in lines}
    marks = next(
        (marks for marks in ({Kind.MARK, Kind.RULE}, {Kind.ITEM}) if kinds & marks), {Kind.BLANK}
    )
    groups = [_Group()]
    for line in lines:
        if line.kind in marks:
            groups.append(_Group())
        _take(groups[-1], line)
    return (group.draft() for group in groups)


def _take(group: _Group, line: Line) -> None:
    if line.kind is Kind.MARK:
        group.title = line.text
    elif line.kind is Kind.SHOWN:
        group.shown.append(line.text)
    elif line.text:
        group.spoken.append(line.text)
