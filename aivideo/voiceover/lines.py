"""What a scene wants spoken, and how; everything that decides its narration."""

from __future__ import annotations

from dataclasses import dataclass, field

from aivideo.engines.lexicon import Lexicon, used
from aivideo.store import Project, Scene
from aivideo.studio import Studio


@dataclass(frozen=True)
class Manner:
    """How a text is spoken.

    Attributes:
        lexicon: How the author says words of this text; other words are not in it.
    """

    voice_id: str
    speed: float = 1.0
    lexicon: Lexicon = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """What one scene wants spoken, as it stood when the work began."""

    scene_id: str
    scene_number: int
    text: str
    manner: Manner


def line_of(studio: Studio, project: Project, scene: Scene) -> Line:
    """The scene as it is to be spoken now; call it inside the session of the rows."""
    voice_id = scene.voice_id or project.selected_voice or studio.settings.default_voice
    manner = Manner(voice_id, project.speed, used(scene.text, project.pronunciations))
    return Line(scene.id, scene.number, scene.text, manner)
