"""Stage 3: have a script written, read what was written elsewhere, edit it scene by scene.

``writing`` asks the model, in the ``form`` that a length demands and with the ``brief`` of the
project; ``rewriting`` does the same with one scene. ``reader`` (with ``lines``) finds the spoken
words in whatever came back, ``bringing`` in what a person brought. ``saving`` keeps them as
scenes, ``history`` keeps what they replace.
"""

from __future__ import annotations

from aivideo.script.bringing import Into, bring_script, scenes_of, text_of_file
from aivideo.script.drafts import (
    LONGEST_PAUSE,
    SCENES_LIMIT,
    TEXT_LIMIT,
    SceneDraft,
    check_limits,
    visual_words,
)
from aivideo.script.history import ScriptVersionView, fingerprint, list_script_versions
from aivideo.script.pace import words_per_second
from aivideo.script.reader import parse_script_file, read_script
from aivideo.script.rewriting import WISH_LIMIT, rewrite_scene
from aivideo.script.saving import get_script, restore_script, save_script
from aivideo.script.writing import last_reply, write_script

__all__ = [
    "LONGEST_PAUSE",
    "SCENES_LIMIT",
    "TEXT_LIMIT",
    "WISH_LIMIT",
    "Into",
    "SceneDraft",
    "ScriptVersionView",
    "bring_script",
    "check_limits",
    "fingerprint",
    "get_script",
    "last_reply",
    "list_script_versions",
    "parse_script_file",
    "read_script",
    "restore_script",
    "rewrite_scene",
    "save_script",
    "scenes_of",
    "text_of_file",
    "visual_words",
    "words_per_second",
    "write_script",
]
