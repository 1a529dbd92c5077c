"""The scenes spoken with every word's time, and samples of the voices."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy.exc import IntegrityError

from aivideo.engines.blends import tidy
from aivideo.engines.greetings import greeting, heard, recorded
from aivideo.engines.speech import RATE, Speech, Word, check_speed
from aivideo.engines.wav import level, save_wav, wav_seconds
from aivideo.errors import (
    AIVideoError,
    InvalidArgument,
    MachineFailure,
    NarrationUnreadable,
    NothingToSpeak,
    PauseImpossible,
    RecordingMissing,
    ScriptEmpty,
    SpeechFailed,
    TextNotForVoice,
    VoiceBlendInvalid,
    VoiceUnavailable,
    VoiceUnknown,
)
from aivideo.progress import Progress, Work, within
from aivideo.projects import find_scene
from aivideo.shots import SCENE_LIMIT
from aivideo.store import Project, Scene, get_row
from aivideo.studio import Studio
from aivideo.voiceover.choices import check_voice
from aivideo.voiceover.lines import Line, Manner, Narration, Spoken, line_of, put_down
from aivideo.voiceover.recorded import told
from aivideo.workspace import content_hash

logger = logging.getLogger(__name__)

SAMPLE_LIMIT: Final = 500
RECIPE: Final = 1
"""Grows when the same speech is saved differently (level, format)."""
GETTING_READY: Final = 0.1
"""The share of the bar in which weights are fetched and loaded."""

SCENE_FAILURES: Final = (
    NarrationUnreadable,
    NothingToSpeak,
    PauseImpossible,
    RecordingMissing,
    SpeechFailed,
    TextNotForVoice,
    VoiceBlendInvalid,
    VoiceUnavailable,
    VoiceUnknown,
)
"""What is wrong with one scene and leaves the others be; a full disk, say, stops them all."""
OUR_CODES: Final = tuple(failure.code for failure in SCENE_FAILURES)
"""Failures that speaking the scene settles."""


@dataclass(frozen=True)
class Sample:
    """A voice to listen to."""

    path: Path
    duration_seconds: float


def preview(
    studio: Studio, voice_id: str, text: str | None = None, *, speed: float = 1.0
) -> Work[Sample]:
    """Speak a sentence with a voice; the same sentence again costs nothing.

    Without a text the voice introduces itself in its own language, which is recorded: nothing is
    loaded for it, and a voice is heard that lacks something to speak with.

    Raises:
        VoiceUnknown: There is no such voice.
        VoiceUnavailable: It cannot speak on this machine.
        VoiceBlendInvalid: The blend's weights do not add up to 1, say.
        NothingToSpeak: There is no word in the text.
        InvalidArgument: The text is longer than 500 characters, or the speed outside 0.5..2.
    """
    check_speed(speed)
    recording = recorded(voice_id, studio.speaker.name)
    if text is None and speed == 1.0 and recording:
        return _unpacked(studio, recording)
    voice = check_voice(studio, voice_id)
    if text is not None and len(text) > SAMPLE_LIMIT:
        raise InvalidArgument(
            f"A sample of {len(text)} characters is too long. Write 1 to {SAMPLE_LIMIT}."
        )
    manner = Manner(voice_id, speed)
    words = greeting(voice) if text is None else text
    path, seconds, _ = yield from _spoken(studio, "samples", words, manner)
    return Sample(path, seconds)


def _unpacked(studio: Studio, recording: Path) -> Sample:
    """A recorded greeting as the file that every sample is."""
    path = studio.workspace.artifact("samples", ".wav", recorded=content_hash(recording))
    if not studio.workspace.use(path):
        with studio.workspace.draft(path) as draft:
            save_wav(heard(recording), RATE, draft)
    return Sample(path, wav_seconds(path))


def speak_scenes(
    studio: Studio, project_id: str, *, scene_number: int | None = None
) -> Work[list[Narration]]:
    """Speak all scenes, or one; a scene that is spoken as it stands costs nothing.

    Each scene is saved the moment it is done. A scene that fails keeps its failure as its
    state, and the others go on. A scene with a person's own recording is told by that, with its
    words aligned where the voice can say them as well.

    Raises:
        NotFound: There is no such project or scene.
        ScriptEmpty: The project has no scenes.
        AIVideoError: Nothing could be spoken; this is the first scene's reason.
    """
    lines = _lines(studio, project_id, scene_number)
    can_speak = yield from within(_get_ready(studio, lines), 0.0, GETTING_READY)
    narrations: list[Narration] = []
    failures: list[AIVideoError] = []
    for index, line in enumerate(lines):
        start, end = (
            GETTING_READY + (1 - GETTING_READY) * at / len(lines) for at in (index, index + 1)
        )
        try:
            speaking = _narrate(studio, line, len(lines), can_speak=can_speak)
            narration = yield from within(speaking, start, end)
        except SCENE_FAILURES as failure:
            _note_failure(studio, line, failure)
            failures.append(failure)
        else:
            narrations += [narration] if _save(studio, line, narration) else []
    if failures and not narrations:
        raise failures[0]
    return narrations


def _lines(studio: Studio, project_id: str, scene_number: int | None) -> list[Line]:
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        if not project.scenes:
            raise ScriptEmpty(SCENE_LIMIT)
        scenes = project.scenes
        if scene_number is not None:
            scenes = [find_scene(session, project_id, scene_number)]
        return [line_of(studio, project, scene) for scene in scenes]


def _get_ready(studio: Studio, lines: Sequence[Line]) -> Work[bool]:
    """Load the voice if it has to speak; false where it cannot and recordings do without it."""
    if all(_found(_path(studio, "audio", line.text, line.manner)) for line in lines):
        return True
    try:
        yield from studio.speaker.prepare()
    except MachineFailure:
        raise
    except AIVideoError as problem:
        if not all(line.recording for line in lines):
            raise
        logger.info("The recordings are not aligned: %s", problem.code)
        return False
    return True


def _narrate(studio: Studio, line: Line, count: int, *, can_speak: bool) -> Work[Narration]:
    """Speak one scene, telling which."""
    message = f"Speaking scene {line.scene_number}" + (f" of {count}" if count > 1 else "")
    speaking = _spoken(studio, "audio", line.text, line.manner)
    if line.recording:
        message = f"Listening to your recording of scene {line.scene_number}"
        speaking = told(studio, line, speaking if can_speak else None)
    try:
        while True:
            yield replace(next(speaking), message=message)
    except StopIteration as end:
        path, seconds, words = end.value
        return Narration(line.scene_number, path, seconds, words)
    finally:
        speaking.close()


def _spoken(studio: Studio, kind: str, text: str, manner: Manner) -> Work[Spoken]:
    """The text as a file, from before or spoken now."""
    path = _path(studio, kind, text, manner)
    found = _found(path)
    if found is None:
        yield Progress(0.0)
        speech = yield from studio.speaker.speak(
            text, manner.voice_id, manner.speed, manner.lexicon
        )
        found = _publish(studio, path, speech)
    return found


def _path(studio: Studio, kind: str, text: str, manner: Manner) -> Path:
    said = {"lexicon": dict(manner.lexicon)} if manner.lexicon else {}
    return studio.workspace.artifact(
        kind,
        ".wav",
        text=text,
        voice=tidy(manner.voice_id),
        speed=manner.speed,
        speaker=studio.speaker.name,
        recipe=RECIPE,
        **said,
    )


def _found(path: Path) -> Spoken | None:
    """What was spoken before, when it is whole; what is not is removed."""
    if not path.is_file():
        return None
    try:
        words = json.loads(path.with_suffix(".json").read_text("utf-8"))
        return path, wav_seconds(path), tuple(Word(**word) for word in words)
    except (NarrationUnreadable, OSError, ValueError, TypeError) as problem:
        logger.info("%s is not whole and is spoken again: %s", path.name, problem)
        path.unlink(missing_ok=True)
        return None


def _publish(studio: Studio, path: Path, speech: Speech) -> Spoken:
    """Write the words first: whoever finds the sound then finds them as well."""
    with studio.workspace.draft(path.with_suffix(".json")) as draft:
        words = [asdict(word) for word in speech.words]
        draft.write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    with studio.workspace.draft(path) as draft:
        save_wav(level(speech.samples), RATE, draft)
        seconds = wav_seconds(draft)
    return path, seconds, speech.words


def _save(studio: Studio, line: Line, narration: Narration) -> bool:
    """Make the narration the scene's, unless the scene was changed or removed meanwhile."""
    try:
        return _written_down(studio, line, narration)
    except IntegrityError:
        # Another job spoke the scene at the same moment and was first; now there is a row.
        return _written_down(studio, line, narration)


def _written_down(studio: Studio, line: Line, narration: Narration) -> bool:
    with studio.store.session() as session:
        scene = session.get(Scene, line.scene_id)
        if scene is None:
            return False
        project = get_row(session, Project, scene.project_id)
        if replace(line_of(studio, project, scene), scene_number=line.scene_number) != line:
            return False
        put_down(scene, line, (narration.path, narration.duration_seconds, narration.words))
        if scene.error_code and scene.error_code.startswith(OUR_CODES):
            scene.error_code = scene.error_message = None
    return True


def _note_failure(studio: Studio, line: Line, failure: AIVideoError) -> None:
    """Make a failure the scene's state; the other scenes go on."""
    logger.info("Scene %d was not spoken: %s", line.scene_number, failure.code)
    with studio.store.session() as session:
        scene = session.get(Scene, line.scene_id)
        if scene is not None:
            scene.error_code, scene.error_message = failure.code, failure.message
