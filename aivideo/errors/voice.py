"""Model weights and the voice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aivideo.errors.base import AIVideoError, InvalidArgument, scenes_named


class WeightsUnreachable(AIVideoError):
    """No source of a model file answers."""

    code = "WEIGHTS_UNREACHABLE"

    def __init__(self, title: str, size: int, setting: str, *, detail: str = "") -> None:
        own = f", or name a file of your own with {setting}" if setting else ""
        super().__init__(
            f"{title} ({size / 1e6:.0f} MB) is not on this machine and could not be fetched. "
            f"Run `python aivideo_app.py fetch` where there is a network{own}. "
            "What has arrived is kept.",
            detail=detail,
        )


class WeightsDamaged(AIVideoError):
    """A model file that arrived is not the one it should be."""

    code = "WEIGHTS_DAMAGED"

    def __init__(self, title: str, *, detail: str = "") -> None:
        super().__init__(
            f"{title} arrived damaged and was thrown away. Fetch it again with "
            "`python aivideo_app.py fetch`; if it stays, set MODEL_HUB to another mirror.",
            detail=detail,
        )


class WeightsNotFound(AIVideoError):
    """A setting names a model file that is not there."""

    code = "WEIGHTS_NOT_FOUND"

    def __init__(self, setting: str, path: Path) -> None:
        super().__init__(
            f"{setting} names {path}, and there is no such file. Correct it, or leave it out to "
            "use the default model."
        )


class NothingToSpeak(AIVideoError):
    """A text without a single word that can be said."""

    code = "NOTHING_TO_SPEAK"

    def __init__(self, text: str) -> None:
        shown = " ".join(text.split())[:40]
        said = f"In {shown!r} there is" if shown else "There is"
        super().__init__(f"{said} nothing to speak. Write some words for it, or remove the scene.")


class PauseImpossible(AIVideoError):
    """A pause in a text that is no length of time, or too long."""

    code = "PAUSE_IMPOSSIBLE"

    def __init__(self, mark: str, longest: float) -> None:
        super().__init__(
            f"{mark} is no pause that can be made. Choose one from 0 to {longest:g} seconds, such "
            "as [pause 0.8s]."
        )


class PronunciationInvalid(InvalidArgument):
    """An entry of a pronunciation dictionary that nobody could speak."""

    code = "PRONUNCIATION_INVALID"

    def __init__(self, word: str, problem: str) -> None:
        of_word = f" of {word!r}" if word else "s"
        super().__init__(
            f"The pronunciation{of_word} cannot be used: {problem}. Give one word and how it is "
            "said, as phonemes such as /kə\u02c8koʊɹoʊ/ or respelt such as koh-KOH-roh."
        )


class VoiceUnknown(AIVideoError):
    """A voice that nobody published."""

    code = "VOICE_UNKNOWN"

    def __init__(self, voice_id: str, near: Iterable[str]) -> None:
        names = ", ".join(near)
        super().__init__(f"There is no voice {voice_id!r}. Choose another one, such as: {names}.")


class VoiceBlendInvalid(InvalidArgument):
    """A blend of voices that cannot be mixed."""

    code = "VOICE_BLEND_INVALID"

    def __init__(self, voice_id: str, problem: str) -> None:
        super().__init__(
            f"The blend {voice_id!r} cannot be used: {problem}. Write it as voices with weights "
            "that add up to 1, such as af_heart:0.6+am_michael:0.4, or without weights for equal "
            "parts."
        )


class VoiceUnavailable(AIVideoError):
    """A published voice that cannot speak on this machine."""

    code = "VOICE_UNAVAILABLE"

    def __init__(self, name: str, missing: str) -> None:
        super().__init__(f"{name} cannot speak here. {missing} Choose another voice.")


class TextNotForVoice(AIVideoError):
    """A text in a script that the voice cannot read."""

    code = "TEXT_NOT_FOR_VOICE"

    def __init__(self, voice_name: str, language: str, script: str, able: Iterable[str]) -> None:
        names = ", ".join(able)
        other = f", or choose a voice that reads them, such as: {names}" if names else ""
        super().__init__(
            f"{voice_name} speaks {language} and cannot read {script} letters. Write the text in "
            f"{language}{other}."
        )


class LanguageMismatch(AIVideoError):
    """A text that looks like another language than the one its voice speaks: a warning."""

    code = "LANGUAGE_MISMATCH"

    def __init__(
        self, scenes: tuple[int, ...], language: str, voice: tuple[str, str], able: Iterable[str]
    ) -> None:
        look = "looks" if len(scenes) == 1 else "look"
        names = ", ".join(able)
        choose = f"Choose a voice that speaks it: {names}." if names else "No voice here speaks it."
        super().__init__(
            f"{scenes_named(scenes)} {look} {language}, and {voice[0]} speaks {voice[1]}. {choose}"
        )


class VoiceRuntimeMissing(AIVideoError):
    """A package that the voice needs is not installed."""

    code = "VOICE_RUNTIME_MISSING"

    def __init__(self, package: str, *, detail: str = "") -> None:
        where = ", with Python 3.11 or 3.12" if package in {"kokoro", "misaki"} else ""
        super().__init__(
            f"The voice cannot run here: the package {package} is missing or broken. Install the "
            f"packages of requirements.txt again{where}.",
            detail=detail,
        )


class VoiceUnreadable(AIVideoError):
    """A file with the voice's weights cannot be loaded."""

    code = "VOICE_UNREADABLE"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"The voice weights in {path} cannot be loaded. Free some memory if little is left, "
            "set KOKORO_MODEL to another file, or remove the file so that it is fetched again.",
            detail=detail,
        )


class SpeechFailed(AIVideoError):
    """The voice failed in the middle of a text."""

    code = "SPEECH_FAILED"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "The voice failed while speaking. Try again; if it stays, change the text a little, "
            "and report it with the details.",
            detail=detail,
        )


class RecordingTooLarge(AIVideoError):
    """A recording with more bytes than one can have."""

    code = "RECORDING_TOO_LARGE"

    def __init__(self, name: str, size: int, most: int) -> None:
        super().__init__(
            f"{name} has {size / 1e6:.0f} MB, and a recording may have {most / 1e6:.0f}. Save it "
            "as MP3 or M4A, or cut it to the words of the scene."
        )


class RecordingTooLong(AIVideoError):
    """A recording that lasts longer than a scene can."""

    code = "RECORDING_TOO_LONG"

    def __init__(self, name: str, most: float) -> None:
        super().__init__(
            f"{name} lasts more than {most / 60:g} minutes. Cut it to the words of the scene, or "
            "share them out to several scenes."
        )


class RecordingTooShort(AIVideoError):
    """A recording with hardly anything in it."""

    code = "RECORDING_TOO_SHORT"

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(
            f"In {name} only {seconds:.2f} seconds are heard. Record the words of the scene and "
            "choose that file."
        )


class RecordingSilent(AIVideoError):
    """A recording in which nobody speaks."""

    code = "RECORDING_SILENT"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"In {name} nobody is heard. Look whether the right microphone was chosen and not "
            "muted, and record it again."
        )


class RecordingNotAudio(AIVideoError):
    """A file that was handed over as a recording and is none."""

    code = "RECORDING_NOT_AUDIO"

    def __init__(self, name: str, reason: str = "", *, detail: str = "") -> None:
        because = f": {reason}" if reason else ""
        super().__init__(
            f"{name} is no recording that can be read{because}. Choose a sound file, such as WAV, "
            "MP3, M4A, FLAC, OGG or WebM.",
            detail=detail,
        )


class RecordingDamaged(AIVideoError):
    """A recording of which a part is missing."""

    code = "RECORDING_DAMAGED"

    def __init__(self, name: str, seconds: float) -> None:
        part = f"{seconds:.1f} seconds of it are" if seconds else "all of it is"
        super().__init__(
            f"{name} is damaged: {part} missing. Save or copy it again and choose the whole file."
        )


class RecordingOutdated(AIVideoError):
    """A scene whose words were changed after it was recorded: a warning."""

    code = "RECORDING_SAYS_ANOTHER_TEXT"

    def __init__(self, scene_number: int) -> None:
        super().__init__(
            f"The words of scene {scene_number} were changed after your recording, which still "
            "says the old ones; captions show the new. Record it again, or remove the recording."
        )


class RecordingMissing(AIVideoError):
    """A scene whose recording is to be taken away, or told, and is not there."""

    code = "RECORDING_MISSING"

    def __init__(self, scene_number: int) -> None:
        super().__init__(
            f"Your recording for scene {scene_number} is not there. Upload it again, or remove it "
            "so that the voice speaks the scene."
        )
