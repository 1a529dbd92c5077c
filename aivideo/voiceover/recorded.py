"""Scenes told by a person's own recording: handed over, told with word times, taken away."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Final

from sqlalchemy.exc import IntegrityError

from aivideo import recordings
from aivideo.engines.alignment import RECIPE, align, share_out
from aivideo.engines.recordings import RECIPE as SOUND_RECIPE
from aivideo.engines.recordings import as_narration, read_recording
from aivideo.engines.speech import RATE, Word
from aivideo.engines.wav import read_wav, save_wav, wav_seconds
from aivideo.errors import (
    AIVideoError,
    EditedMeanwhile,
    MachineFailure,
    NarrationUnreadable,
    NotFound,
    RecordingMissing,
)
from aivideo.progress import Work
from aivideo.projects import find_scene
from aivideo.store import Project, Recording, Scene, get_row, now
from aivideo.studio import Studio
from aivideo.voiceover.lines import Line, Narration, Spoken, line_of, put_down
from aivideo.workspace import content_hash, discard

logger = logging.getLogger(__name__)

NAME_LIMIT: Final = 120
"""Characters of a file's name that are kept."""


def use_recording(
    studio: Studio, project_id: str, scene_number: int, upload: Path, name: str
) -> Narration:
    """Tell a scene with a person's own recording instead of a voice.

    It is trimmed and brought to the loudness of the spoken scenes, and kept with the project
    under its content's name. Its words share its time until the scene is spoken the next time,
    which aligns them where the voice can say the text as well.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        upload: The file, in any format with sound in it.
        name: What the person calls it.

    Raises:
        NotFound: There is no such project or scene.
        RecordingTooLarge: It has more than 250 MB.
        RecordingTooLong: It lasts more than five minutes.
        RecordingTooShort: Hardly anything is heard in it.
        RecordingSilent: Nobody is heard in it.
        RecordingNotAudio: There is no sound in it of a kind that we read.
        RecordingDamaged: A part of it is missing.
        DiskFull: There is no room for it.
    """
    with studio.store.session() as session:
        scene_id = find_scene(session, project_id, scene_number).id
    name = _shown(name)
    path = _kept(studio, upload, name)
    try:
        return _tell_with(studio, scene_id, path, name)
    except (EditedMeanwhile, IntegrityError):
        # Somebody told, spoke or changed something at the same moment; this looks at it afresh.
        return _tell_with(studio, scene_id, path, name)


def _tell_with(studio: Studio, scene_id: str, path: Path, name: str) -> Narration:
    """Make a kept recording that of a scene, instead of the one it had."""
    seconds, samples = wav_seconds(path), read_wav(path)
    with studio.store.session() as session:
        scene = get_row(session, Scene, scene_id)
        project = get_row(session, Project, scene.project_id)
        before = [scene.recording] if scene.recording else []
        unused = recordings.unused_after(session, before) - {path}
        own = scene.recording or Recording(project_id=project.id)
        own.name, own.file_path, own.duration_seconds = name, str(path), seconds
        own.text, own.created_at = scene.text, now()
        scene.recording = own
        project.last_active = now()
        words = share_out(scene.text, samples)
        put_down(scene, line_of(studio, project, scene), (path, seconds, words))
        narration = Narration(scene.number, path, seconds, words)
    discard(*unused)
    return narration


def remove_recording(studio: Studio, project_id: str, scene_number: int) -> None:
    """Take a scene's recording away; the voice speaks the scene the next time.

    Raises:
        NotFound: There is no such project or scene, or it has no recording.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        if scene.recording is None:
            raise NotFound("recording of scene", scene_number)
        unused = recordings.unused_after(session, [scene.recording])
        session.delete(scene.recording)
        scene.recording = scene.audio = None
        get_row(session, Project, project_id).last_active = now()
    discard(*unused)


def told(studio: Studio, line: Line, spoken: Work[Spoken] | None) -> Work[Spoken]:
    """A scene's recording with the times of the scene's words.

    Args:
        studio: The collaborators.
        line: A scene that has a recording.
        spoken: Has the voice say the same text, to align the words by; None when it cannot.

    Raises:
        RecordingMissing: The recording is not there any more.
        MachineFailure: The machine cannot go on.
    """
    path = line.recording
    try:
        if path is None:
            raise RecordingMissing(line.scene_number)
        seconds, samples = wav_seconds(path), read_wav(path)
    except NarrationUnreadable as problem:
        raise RecordingMissing(line.scene_number) from problem
    aligned = studio.workspace.artifact(
        "audio",
        ".json",
        recording=path.name,
        text=line.text,
        manner=asdict(line.manner),
        speaker=studio.speaker.name,
        recipe=RECIPE,
    )
    words = _read(aligned)
    if words is None and spoken is not None:
        try:
            reference, _, timed = yield from spoken
            words = align(timed, read_wav(reference), samples)
            _keep_words(studio, aligned, words or ())
        except MachineFailure:
            raise
        except AIVideoError as problem:
            logger.info("Scene %d is not aligned: %s", line.scene_number, problem.code)
    return path, seconds, words or share_out(line.text, samples)


def _kept(studio: Studio, upload: Path, name: str) -> Path:
    """The recording as a narration, under the name that its content gives it."""
    path = studio.workspace.artifact(
        "recordings", ".wav", upload=content_hash(upload), recipe=SOUND_RECIPE
    )
    try:
        wav_seconds(path)
    except NarrationUnreadable:
        samples = as_narration(read_recording(upload, name), name)
        with studio.workspace.draft(path) as draft:
            save_wav(samples, RATE, draft)
            wav_seconds(draft)
    return path


def _read(path: Path) -> tuple[Word, ...] | None:
    """Words that were aligned before; none of them when that was tried in vain."""
    try:
        return tuple(Word(**word) for word in json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep_words(studio: Studio, path: Path, words: tuple[Word, ...]) -> None:
    with studio.workspace.draft(path) as draft:
        draft.write_text(json.dumps([asdict(word) for word in words], ensure_ascii=False), "utf-8")


def _shown(name: str) -> str:
    """A file's name as it is shown: one line, not too long."""
    printable = "".join(each if each.isprintable() else " " for each in name)
    return " ".join(printable.split())[:NAME_LIMIT] or "recording"
