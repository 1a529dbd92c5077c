"""What a render is told and what it films: the look, and one shot a scene, in whole frames."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from aivideo.captions import Style, timed_words
from aivideo.engines.ffmpeg import ENCODINGS, Encoding, Quality
from aivideo.engines.filters import Canvas, Fit, Motion
from aivideo.engines.finding import MediaFile
from aivideo.engines.speech import Word
from aivideo.errors import ClipNotChosen, InvalidArgument, SceneNotSpoken, ScriptEmpty
from aivideo.projects import Aspect
from aivideo.store import AudioFile, ClipSelection, Project, Scene, get_row
from aivideo.studio import Studio
from aivideo.timeline import Kept, keep, recall, scene_starts

ShortClip = Literal["loop", "slow", "hold"]
Transition = Literal["cut", "crossfade", "fade"]

SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "16:9": (1920, 1080),
    "9:16": (1080, 1920),
    "1:1": (1080, 1080),
}
FITS: Final[Mapping[str, Fit]] = {fit: fit for fit in get_args(Fit)}
SCALES: Final[Mapping[Quality, float]] = {"draft": 2 / 3, "preview": 4 / 9}
"""A draft of 1080 lines has 720, a preview 480."""
SHORTEST_TRANSITION, LONGEST_TRANSITION = 0.1, 3.0
"""Seconds that a person may ask for."""
RATES: Final = (24, 25, 30, 60)
"""Frames a second at which a frame is a whole number of samples of sound."""
SHORTEST_OVERLAP: Final = 4
"""Frames of a transition: parts of one or two would not join cleanly, and it is halved."""
SCENE_LIMIT: Final = 200


@dataclass(frozen=True)
class Look:
    """How a video is to look and sound.

    Attributes:
        aspect: Its shape: ``16:9``, ``9:16`` or ``1:1``.
        fps: Frames a second: 24, 25, 30 or 60.
        captions: Whether the words are burned in; SRT and VTT are always made.
        quality: How much time is taken; a draft is also smaller.
        music: A sound file to lay under the narration, or None.
        short_clip: What happens when a clip is shorter than its scene: it begins again
            (loop), runs slower (slow) or stands still at its end (hold).
        transition: How a scene gives way to the next: at once (cut), into each other
            (crossfade), or by way of black (fade).
        transition_seconds: How long a transition takes where the scenes are long enough.
        style: How burned-in captions look.

    Raises:
        InvalidArgument: A value is none of those allowed.
    """

    aspect: str = "16:9"
    fps: int = 30
    captions: bool = True
    quality: Quality = "standard"
    music: Path | None = None
    short_clip: ShortClip = "loop"
    transition: Transition = "cut"
    transition_seconds: float = 0.5
    style: Style = field(default_factory=Style)

    def __post_init__(self) -> None:
        _one_of("aspect", self.aspect, get_args(Aspect))
        _one_of("frame rate", self.fps, RATES)
        _one_of("quality", self.quality, get_args(Quality))
        _one_of("way with short clips", self.short_clip, get_args(ShortClip))
        _one_of("transition", self.transition, get_args(Transition))
        if not SHORTEST_TRANSITION <= self.transition_seconds <= LONGEST_TRANSITION:
            raise InvalidArgument(
                f"A transition cannot take {self.transition_seconds} seconds. "
                f"Choose from {SHORTEST_TRANSITION} to {LONGEST_TRANSITION}."
            )
        if self.music is not None and not self.music.is_file():
            raise InvalidArgument(f"There is no file {self.music}. Give an audio file as music.")

    @property
    def canvas(self) -> Canvas:
        """The size and rate of every frame."""
        scale = SCALES.get(self.quality, 1)
        width, height = (round(length * scale / 2) * 2 for length in SIZES[self.aspect])
        return Canvas(width, height, self.fps)

    @property
    def overlap(self) -> int:
        """The frames of a transition between long scenes, an even number; 0 for a cut."""
        if self.transition == "cut":
            return 0
        return max(SHORTEST_OVERLAP, round(self.transition_seconds * self.fps / 2) * 2)

    @property
    def encoding(self) -> Encoding:
        """How hard the encoder works."""
        return ENCODINGS[self.quality]


@dataclass(frozen=True)
class ChosenClip:
    """The clip of a scene: what is filmed, and what its credit says.

    Attributes:
        path: Its file, when it was brought here already; maybe of a part of it only.
        media: Where its source has it.
        size: The canvas that its file is brought for, whatever is rendered of it now.
        start_seconds: The in-point, in seconds of the clip.
        seconds: How much of it is shown, about; 0 when that is not known.
        recipe: For an illustration, everything that decides its pixels.
    """

    source: str
    source_id: str
    kind: str
    title: str
    start_seconds: float = 0.0
    seconds: float = 0.0
    fit: Fit = "crop"
    path: Path | None = None
    media: tuple[MediaFile, ...] = ()
    size: tuple[int, int] = (1920, 1080)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    author: str = ""
    author_url: str = ""
    url: str = ""
    licence: str = ""
    licence_url: str = ""
    retrieved_at: datetime | None = None


@dataclass(frozen=True)
class Shot:
    """A scene with all that filming needs.

    Attributes:
        number: The scene's number, from 1.
        first_frame: The frame of the video with which it begins.
        frames: How many it lasts: its narration and its pause.
        words: The script's words with seconds from the scene's start.
        level_db: How much louder than the others its narration is, in dB.
        sound_level_db: How loud the clip's own sound is, in dB; None when it is not heard.
        motion: How the view moves over its clip, should that be a still.
        pause_seconds: The silence after its narration, before it is brought to whole frames.
    """

    number: int
    scene_id: str
    first_frame: int
    frames: int
    narration: Path
    narration_seconds: float
    voice_id: str
    words: tuple[Word, ...]
    clip: ChosenClip
    level_db: float = 0.0
    sound_level_db: float | None = None
    motion: Motion = field(default_factory=Motion)
    pause_seconds: float = 0.0


@dataclass(frozen=True)
class ProjectFacts:
    """What the render needs to know of a project itself."""

    id: str
    name: str


def plan(studio: Studio, project_id: str, look: Look) -> tuple[ProjectFacts, tuple[Shot, ...]]:
    """The shots of a project, each on its exact frame.

    Raises:
        NotFound: There is no such project.
        ScriptEmpty: It has no scenes.
        SceneNotSpoken: Scenes have no narration.
        ClipNotChosen: Scenes have no clip.
    """
    kept = recall(studio.workspace, project_id, look.fps)
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        shots = lay_out(project.scenes, look.fps, kept)
        size = SIZES[project.aspect]
        shots = tuple(replace(shot, clip=replace(shot.clip, size=size)) for shot in shots)
        return ProjectFacts(project.id, project.name), shots


def lay_out(scenes: Sequence[Scene], fps: int, kept: Kept | None = None) -> tuple[Shot, ...]:
    """Scenes as shots one after the other, in whole frames of the cumulative time.

    Args:
        scenes: In order.
        fps: Frames a second.
        kept: How many frames scenes had before; those that did not change keep them.

    Raises:
        ScriptEmpty: There are none.
        SceneNotSpoken: Some have no narration.
        ClipNotChosen: Some have no clip.
    """
    if not scenes:
        raise ScriptEmpty(SCENE_LIMIT)
    spoken = [scene.audio for scene in scenes if scene.audio and _is_there(scene.audio)]
    if len(spoken) < len(scenes):
        raise SceneNotSpoken(*(s.number for s in scenes if not s.audio or not _is_there(s.audio)))
    chosen = [scene.selection for scene in scenes if scene.selection]
    if len(chosen) < len(scenes):
        raise ClipNotChosen(*(s.number for s in scenes if not s.selection))
    lengths = [
        (scene.id, (audio.duration_seconds, scene.pause_seconds))
        for scene, audio in zip(scenes, spoken, strict=True)
    ]
    starts = scene_starts(lengths, fps, kept or {})
    shots = tuple(
        _shot(scene, audio, selection, first, after - first)
        for scene, audio, selection, (first, after) in zip(
            scenes, spoken, chosen, itertools.pairwise(starts), strict=True
        )
    )
    motions = motions_of([shot.scene_id for shot in shots])
    return tuple(replace(s, motion=motion) for s, motion in zip(shots, motions, strict=True))


def keep_frames(studio: Studio, project_id: str, shots: Sequence[Shot], fps: int) -> None:
    """Keep how many frames each scene has, so that changing one leaves the others as they are.

    Raises:
        DiskFull: There is no room.
        NoWritePermission: The workspace cannot be written.
    """
    frames = {s.scene_id: ((s.narration_seconds, s.pause_seconds), s.frames) for s in shots}
    keep(studio.workspace, project_id, fps, frames)


def motions_of(scene_ids: Iterable[str]) -> Iterator[Motion]:
    """How the view moves in each scene; in no two neighbours alike.

    The way comes from the scene's id, so it stays when the scene moves or gets another clip,
    but where it would be that of the scene before.
    """
    before: Motion | None = None
    for scene_id in scene_ids:
        choice = hashlib.sha256(scene_id.encode()).digest()[0]
        motion = Motion(
            closer=choice % 2 == 0,
            right=1.0 if choice & 2 else -1.0,
            down=0.6 if choice & 4 else -0.6,
        )
        if before and (motion.closer, motion.right) == (before.closer, before.right):
            motion = replace(motion, closer=not motion.closer)
        before = motion
        yield motion


def _shot(
    scene: Scene, audio: AudioFile, selection: ClipSelection, first_frame: int, frames: int
) -> Shot:
    words = timed_words(scene.text, heard(audio.words), audio.duration_seconds)
    return Shot(
        number=scene.number,
        scene_id=scene.id,
        first_frame=first_frame,
        frames=frames,
        narration=Path(audio.file_path),
        narration_seconds=audio.duration_seconds,
        pause_seconds=scene.pause_seconds,
        voice_id=audio.voice_id,
        words=tuple(words),
        clip=replace(chosen_clip(selection), seconds=audio.duration_seconds + scene.pause_seconds),
        level_db=scene.level_db,
        sound_level_db=selection.sound_level_db,
    )


def chosen_clip(selection: ClipSelection) -> ChosenClip:
    """What a scene's selection films; call it inside the session that the row belongs to."""
    clip = selection.clip
    return ChosenClip(
        source=clip.source,
        source_id=clip.source_id,
        kind=clip.kind,
        title=clip.title,
        start_seconds=selection.start_seconds,
        fit=FITS.get(selection.fit, "crop"),
        path=Path(selection.downloaded_path) if selection.downloaded_path else None,
        media=tuple(MediaFile(**file) for file in clip.media),
        recipe=clip.recipe,
        author=clip.author,
        author_url=clip.author_url,
        url=clip.url,
        licence=clip.licence,
        licence_url=clip.licence_url,
        retrieved_at=clip.retrieved_at,
    )


def heard(words: Iterable[Mapping[str, Any]]) -> list[Word]:
    """The words as the voice engine timed them; none when a time is missing."""
    try:
        return [
            Word(
                str(w["text"]),
                float(w["start"]),
                float(w["end"]),
                proportional=bool(w.get("proportional")),
                joined=bool(w.get("joined")),
            )
            for w in words
        ]
    except (KeyError, TypeError, ValueError):
        return []


def _is_there(audio: AudioFile) -> bool:
    return Path(audio.file_path).is_file()


def _one_of(what: str, value: object, allowed: Iterable[object]) -> None:
    if value not in (known := tuple(allowed)):
        names = ", ".join(map(str, known))
        raise InvalidArgument(f"There is no {what} {value!r}. Choose one of: {names}.")
