"""The cut that is measured: scenes over made footage, spoken by made voices, as a project."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from scenery import KINDS

from aivideo.settings import Settings
from aivideo.store import AudioFile, Clip, ClipSelection, Project, Scene
from aivideo.studio import Studio, open_studio

WORDS: Final = (
    "Bees", "carry", "pollen", "from", "flower", "to", "flower,", "and", "while", "they", "do,",
    "the", "whole", "meadow", "is", "made", "anew.", "Nobody", "asked", "them,",
)  # fmt: skip
WORD_SECONDS: Final = 0.36
VOICE_RATE: Final = 24_000
PAUSE: Final = 0.25
"""Seconds after each narration."""
LENGTHS: Final = (5.0, 4.2, 5.6, 4.6, 6.0, 4.0, 5.2, 4.4, 5.8, 4.8)
"""Seconds of narration, scene by scene, over and over."""
IN_POINT: Final = 0.35
"""Seconds; on no frame of most of the clips, as in-points of people are."""


@dataclass(frozen=True)
class SceneOf:
    """A scene to be: how long its narration is, and which clip it shows from where."""

    seconds: float
    clip: Path
    start: float = IN_POINT

    @property
    def words(self) -> list[dict[str, object]]:
        """The words and when they are heard."""
        count = max(1, int(self.seconds / WORD_SECONDS))
        step = self.seconds / count
        return [
            {"text": WORDS[n % len(WORDS)], "start": n * step, "end": (n + 0.8) * step}
            for n in range(count)
        ]

    @property
    def text(self) -> str:
        """What is said."""
        return " ".join(str(word["text"]) for word in self.words)


def scenes_over(
    footage: Path, count: int, *, seconds: float | None = None
) -> list[SceneOf]:
    """So many scenes over the kinds of clips in turn.

    Args:
        footage: The folder with a clip of each kind.
        count: How many scenes.
        seconds: How long the narration of each is; of different lengths when not given.
    """
    return [
        SceneOf(seconds or LENGTHS[n % len(LENGTHS)], footage / KINDS[n % len(KINDS)].name)
        for n in range(count)
    ]


def with_clip(scenes: Sequence[SceneOf], index: int, clip: Path) -> list[SceneOf]:
    """The same scenes, one of them over another clip."""
    return [replace(s, clip=clip) if n == index else s for n, s in enumerate(scenes)]


@contextmanager
def studio_in(folder: Path, workers: int = 0) -> Iterator[Studio]:
    """A studio of its own in a folder."""
    settings = Settings(
        cache_dir=folder / "cache",
        output_dir=folder / "output",
        database_path=folder / "bench.db",
        footage_dir=folder / "footage",
        clip_source="library",
        model_hub="",
        workers=workers,
    )
    with open_studio(settings) as studio:
        yield studio


def make_project(studio: Studio, scenes: Sequence[SceneOf]) -> str:
    """A project of these scenes, spoken and with their clips; its id."""
    with studio.store.session() as session:
        project = Project(name="Benchmark", topic="Benchmark")
        session.add(project)
        session.flush()
        clips: dict[Path, Clip] = {}
        for position, scene in enumerate(scenes):
            row = Scene(
                project_id=project.id, position=position, text=scene.text, pause_seconds=PAUSE
            )
            clip = clips.get(scene.clip)
            if clip is None:
                kind = "still" if scene.clip.suffix == ".jpg" else "video"
                clip = Clip(source="bench", source_id=scene.clip.name, title="", kind=kind)
                clips[scene.clip] = clip
            session.add_all([row, clip])
            session.flush()
            session.add_all([_voice(studio, row, scene, position), _choice(row, clip, scene)])
        return project.id


def _voice(studio: Studio, row: Scene, scene: SceneOf, number: int) -> AudioFile:
    path = studio.workspace.folder("audio") / f"bench-{number}.wav"
    write_voice(path, scene, pitch=110 + 7 * (number % 12))
    return AudioFile(
        project_id=row.project_id,
        scene_id=row.id,
        file_path=str(path),
        voice_id="af_heart",
        duration_seconds=scene.seconds,
        words=scene.words,
    )


def _choice(row: Scene, clip: Clip, scene: SceneOf) -> ClipSelection:
    return ClipSelection(
        project_id=row.project_id,
        scene_id=row.id,
        clip_id=clip.id,
        start_seconds=scene.start,
        downloaded_path=str(scene.clip),
    )


def write_voice(path: Path, scene: SceneOf, *, pitch: float) -> None:
    """A mono WAV that hums and hisses in the rhythm of the words, with speech's harmonics."""
    time = np.arange(round(scene.seconds * VOICE_RATE)) / VOICE_RATE
    step = scene.seconds / len(scene.words)
    within = time % step / step
    swell = np.sin(np.pi * np.minimum(within / 0.8, 1.0)) ** 0.6
    hum = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, 12))
    hiss = np.random.default_rng(round(pitch)).standard_normal(time.size)
    samples = 0.16 * swell * (hum + 0.3 * hiss * (within > 0.6))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(VOICE_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
