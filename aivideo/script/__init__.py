"""Stage 3: have a script written, read what was written elsewhere, edit it scene by scene.

``writing`` asks the model, in the ``form`` that a length demands; ``reader`` (with ``lines``)
finds the spoken words in whatever came back; ``saving`` keeps them as scenes.
"""

from __future__ import annotations

from aivideo.script.drafts import LONGEST_PAUSE, SCENES_LIMIT, TEXT_LIMIT, SceneDraft, visual_words
from aivideo.script.reader import parse_script_file, read_script
from aivideo.script.saving import get_script, save_script
from aivideo.script.writing import write_script

__all__ = [
    "LONGEST_PAUSE",
    "SCENES_LIMIT",
    "TEXT_LIMIT",
    "SceneDraft",
    "get_script",
    "parse_script_file",
    "read_script",
    "save_script",
    "visual_words",
    "write_script",
]
