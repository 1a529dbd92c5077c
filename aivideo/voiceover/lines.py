"""What a scene wants spoken, and how; everything that decides its narration, and its row."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

from aivideo.engines.lexicon import Lexicon, used
from aivideo.engines.speech import Word
from aivideo.recordings import OWN_VOICE
from aivideo.store import AudioFile, Project, Scene, now
from aivideo.studio import Studio

Spoken = tuple[Path, float, tuple[Word, ...]]
"""A file, how many seconds it lasts, and the words in it."""


@dataclass(frozen=True)
class Narration:
    """A spoken scene: its file, its length, and when each word is heard."""

    scene_number: int
    path: Path
    duration_seconds: float
    words: tuple[Word, ...]


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
    """What one scene wants spoken, as it stood when the work began.

    Attributes:
        recording: The person's own recording that tells it instead of a voice.
    """

    scene_id: str
    scene_number: int
    text: str
    manner: Manner
    recording: Path | None = None

    @property
    def told_by(self) -> str:
        """What its narration's row has as its voice."""
        return OWN_VOICE if self.recording else self.manner.voice_id


def line_of(studio: Studio, project: Project, scene: Scene) -> Line:
    """The scene as it is to be spoken now; call it inside the session of the rows."""
    voice_id = scene.voice_id or project.selected_voice or studio.settings.default_voice
    manner = Manner(voice_id, project.speed, used(scene.text, project.pronunciations))
    own = scene.recording
    return Line(scene.id, scene.number, scene.text, manner, Path(own.file_path) if own else None)


def put_down(scene: Scene, line: Line, spoken: Spoken) -> None:
    """Make what was spoken the scene's narration; call it inside the session of the row."""
    audio = scene.audio or AudioFile(project_id=scene.project_id, scene_id=scene.id)
    path, audio.duration_seconds, words = spoken
    audio.file_path, audio.voice_id = str(path), line.told_by
    audio.words = [asdict(word) for word in words]
    audio.created_at = now()
    scene.audio = audio
