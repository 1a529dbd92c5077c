"""The forms that a model is held to: as GBNF where it takes a grammar, else as a JSON schema.

Small models keep a form that a grammar forces on them and few that they are only told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aivideo.script.form import Form

ENGLISH: Final = "A-Za-z"
EUROPEAN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
"""The Latin blocks of Unicode without signs; not one Chinese letter, as small models slip in."""
SPOKEN_IN_ENGLISH: Final = frozenset({"en"})
WRITTEN_IN_LATIN: Final = frozenset({None, "de", "es", "fr", "it", "nl", "pl", "pt", "tr"})
"""Not known is among them: what is written in other letters is known by them."""

OBJECTS: Final = 3
"""Things to see that a scene names; after the shot, which a small model then takes them from."""
LONGEST_WORDS: Final = {ENGLISH: 17, EUROPEAN: 27}
"""Letters; compounds of German and Dutch are longer than any English word of a narration."""
CAPITALS: Final = {ENGLISH: "A-Z", EUROPEAN: "A-Z\u00c0-\u00d6\u00d8-\u00de\u0106-\u017d"}


def letters_of(language: str | None) -> str:
    """The letters of a language as a GBNF class; blank where no grammar of ours fits it."""
    if language in SPOKEN_IN_ENGLISH:
        return ENGLISH
    return EUROPEAN if language in WRITTEN_IN_LATIN else ""


def grammar(form: Form, letters: str = ENGLISH) -> str | None:
    """The form as GBNF: exact scenes, exact sentences, plain words, no markdown."""
    if not letters:
        return None
    scenes = ' "," '.join(f"scene{count}" for count in form.sentences)
    listed = ' "," '.join([r'"\"" object "\""'] * OBJECTS)
    least = max(1, min(6, round(form.sentence_words * 0.6)) - 1)
    return "\n".join(
        [
            rf'root ::= "{{\"scenes\":[" {scenes} "]}}"',
            *(_scene_rule(count) for count in sorted(set(form.sentences))),
            *_sentence_rules(letters, least, form.sentence_most - 1),
            # A phrase that begins with an article names a thing; it never goes on narrating.
            r'shot ::= ("a" | "an" | "the" | "two" | "some") (" " [A-Za-z] [a-z]{0,14}){1,10}',
            rf"objects ::= {listed}",
            # Forbidden its article, a small model glues it to the noun ("aphone").
            r'object ::= ("a " | "an " | "the ")? [A-Za-z] [a-z]{1,13} (" " [a-z]{1,13}){0,2}',
        ]
    )


def schema(form: Form) -> Mapping[str, object]:
    """The form as a JSON schema, for engines that take no grammar."""
    text = {"type": "string"}
    objects = {"type": "array", "items": text, "minItems": OBJECTS, "maxItems": OBJECTS}
    fields = {"narration": text, "camera_shows": text, "visible_objects": objects}
    scene = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    scenes = {"type": "array", "items": scene, "minItems": form.scenes, "maxItems": form.scenes}
    return {
        "type": "object",
        "properties": {"scenes": scenes},
        "required": ["scenes"],
        "additionalProperties": False,
    }


def narration_grammar(words: int, sentences: int, letters: str = ENGLISH) -> str | None:
    """One narration of at most so many sentences, the longest of about so many words."""
    if not letters:
        return None
    return "\n".join(
        [
            rf'root ::= "{{\"narration\":\"" sentence (" " sentence){{0,{sentences - 1}}} "\"}}"',
            *_sentence_rules(letters, 1, words),
        ]
    )


def chapters_grammar(parts: int, letters: str = ENGLISH) -> str | None:
    """The titles of so many chapters."""
    if not letters:
        return None
    listed = ' "," '.join(["chapter"] * parts)
    chapter = rf"""chapter ::= "\"" [{CAPITALS[letters]}] [{letters}0-9 ,'-]{{12,70}} "\"" """
    return f'root ::= "{{\\"chapters\\":[" {listed} "]}}"\n{chapter}'


def chapters_schema(parts: int) -> Mapping[str, object]:
    """The same as a JSON schema."""
    items = {"type": "string"}
    chapters = {"type": "array", "items": items, "minItems": parts, "maxItems": parts}
    return {"type": "object", "properties": {"chapters": chapters}, "required": ["chapters"]}


def _scene_rule(count: int) -> str:
    sentences = ' " " '.join(["sentence"] * count)
    return (
        rf'scene{count} ::= "{{\"narration\":\"" {sentences} "\",\"camera_shows\":\"" shot '
        r'"\",\"visible_objects\":[" objects "]}"'
    )


def _sentence_rules(letters: str, least: int, most: int) -> list[str]:
    """A whole sentence: its first word and so many more, each parted by blank or comma."""
    longest = LONGEST_WORDS[letters]
    opening = "" if letters == ENGLISH else "[\u00a1\u00bf]? "
    return [
        rf"sentence ::= first (between word){{{least},{most}}} [.!?]",
        rf"first ::= {opening}[{CAPITALS[letters]}] [{letters}'-]{{0,{longest - 3}}}",
        rf"word ::= [{letters}] [{letters}'-]{{0,{longest - 1}}} | number",
        r'number ::= "$"? [0-9]{1,4} ([.,] [0-9]{1,3}){0,2} ("%" | "th" | "s")?',
        r'between ::= " " | ", " | "; " | ": "',
    ]
