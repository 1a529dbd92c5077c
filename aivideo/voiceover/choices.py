"""Whose voice it is: the catalogue, the project's voice, speed and pronunciations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal, get_args

from aivideo.engines.lexicon import checked
from aivideo.engines.speech import Voice, check_speed, find_voice
from aivideo.engines.voices import speaking
from aivideo.errors import (
    InvalidArgument,
    LanguageMismatch,
    VoiceBlendInvalid,
    VoiceUnavailable,
    VoiceUnknown,
)
from aivideo.spoken import LANGUAGES, language_of, without_marks
from aivideo.store import Project, get_row, now
from aivideo.studio import Studio
from aivideo.voiceover.lines import line_of

Gender = Literal["female", "male"]

_NO_VOICE: Final = (VoiceBlendInvalid, VoiceUnavailable, VoiceUnknown)


def list_voices(
    studio: Studio, *, language: str | None = None, gender: str | None = None
) -> list[Voice]:
    """The voices, those that can speak here first, then by grade.

    Args:
        studio: The collaborators.
        language: Only voices of this language, such as ``en`` or ``en-GB``.
        gender: Only ``female`` or only ``male`` ones.

    Raises:
        InvalidArgument: There is no such gender.
    """
    if gender is not None and gender not in get_args(Gender):
        known = ", ".join(get_args(Gender))
        raise InvalidArgument(f"There is no gender {gender!r}. Choose one of: {known}.")
    wanted = (language or "").lower()
    voices = [
        voice
        for voice in studio.speaker.voices()
        if f"{voice.language.lower()}-".startswith(wanted and f"{wanted}-")
        and gender in {None, voice.gender}
    ]
    return sorted(voices, key=lambda voice: bool(voice.missing))


def check_voice(studio: Studio, voice_id: str) -> Voice:
    """The voice with this id, or the blend that it writes, when it can speak here.

    Raises:
        VoiceUnknown: There is no such voice; the nearest are named.
        VoiceUnavailable: It cannot speak on this machine.
        VoiceBlendInvalid: The blend's weights do not add up to 1, say.
    """
    return find_voice(studio.speaker.voices(), voice_id)


def choose_voice(
    studio: Studio, project_id: str, voice_id: str | None = None, *, speed: float | None = None
) -> None:
    """Give a project its voice, its speed, or both; None leaves one as it is.

    What was spoken otherwise is let go. A scene with a voice of its own keeps that voice.

    Raises:
        NotFound: There is no such project.
        VoiceUnknown: There is no such voice.
        VoiceUnavailable: It cannot speak on this machine.
        VoiceBlendInvalid: The blend's weights do not add up to 1, say.
        InvalidArgument: The speed is outside 0.5..2.
    """
    if voice_id is not None:
        voice_id = check_voice(studio, voice_id).id
    if speed is not None:
        check_speed(speed)
    with _changing(studio, project_id) as project:
        project.selected_voice = voice_id or project.selected_voice
        project.speed = project.speed if speed is None else speed


def get_pronunciations(studio: Studio, project_id: str) -> dict[str, str]:
    """How words of a project are said where the author does not leave it to the voice.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        return dict(get_row(session, Project, project_id).pronunciations)


def set_pronunciations(
    studio: Studio, project_id: str, pronunciations: Mapping[str, str]
) -> dict[str, str]:
    """Say how words of a project are spoken, instead of what was said before.

    Only scenes with a word whose pronunciation changes are to be spoken again.

    Args:
        studio: The collaborators.
        project_id: The project.
        pronunciations: Words, and how each is said: phonemes between slashes, or a
            respelling such as ``koh-KOH-roh``.

    Raises:
        NotFound: There is no such project.
        PronunciationInvalid: A word is none, or cannot be said so.
    """
    entries = checked(pronunciations)
    with _changing(studio, project_id) as project:
        project.pronunciations = entries
    return entries


def language_warnings(studio: Studio, project_id: str) -> list[LanguageMismatch]:
    """Which scenes look like another language than the one that their voice speaks.

    It is a guess, so nobody is hindered; each says which voices speak the language.

    Raises:
        NotFound: There is no such project.
    """
    mismatched: dict[tuple[str, str, str], list[int]] = {}
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        for scene in project.scenes:
            if scene.recording is not None:
                continue
            language = language_of(without_marks(scene.text))
            voice = _voice_of(studio, line_of(studio, project, scene).manner.voice_id)
            if voice and language not in {None, voice.language[:2]}:
                key = (str(language), voice.name, voice.language[:2])
                mismatched.setdefault(key, []).append(scene.number)
    return [
        LanguageMismatch(
            tuple(numbers),
            LANGUAGES[language],
            (name, LANGUAGES[speaks]),
            speaking(language, studio.speaker.voices()),
        )
        for (language, name, speaks), numbers in mismatched.items()
    ]


def _voice_of(studio: Studio, voice_id: str) -> Voice | None:
    try:
        return check_voice(studio, voice_id)
    except _NO_VOICE:
        return None


@contextmanager
def _changing(studio: Studio, project_id: str) -> Iterator[Project]:
    """Change how a project is spoken; scenes that a voice spoke otherwise are let go."""
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        before = [line_of(studio, project, scene) for scene in project.scenes]
        yield project
        project.last_active = now()
        for scene, line in zip(project.scenes, before, strict=True):
            after = line_of(studio, project, scene)
            if scene.audio is None or scene.recording is not None:
                continue
            if after != line or scene.audio.voice_id != after.manner.voice_id:
                scene.audio = None
