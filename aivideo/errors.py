"""One class per failure a person can act on; its constructor writes the sentence.

A sentence says what happened, then what to do. ``code`` is stable and meant for programs;
``detail`` is the technical text, for the log and for the page's "details". Call sites raise
facts, never prose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Health:
    """One engine's own word on how it is.

    Attributes:
        name: What a person calls it, such as "Language model".
        works: Whether it can do its work now.
        says: One sentence: what was found.
        remedy: The one sentence that mends it; empty when nothing is wrong.
        needed: Whether a video cannot be made without it.
        tried: False when the answer is read off a setting or a file and the thing itself
            was not exercised.
    """

    name: str
    works: bool
    says: str
    remedy: str = ""
    needed: bool = False
    tried: bool = True


class AIVideoError(Exception):
    """The base of every failure that ends as a sentence for the user."""

    code = "INTERNAL"

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class InvalidArgument(AIVideoError):
    """A value that a caller gave cannot be used."""

    code = "INVALID_ARGUMENT"


class NotFound(AIVideoError):
    """A row that a caller named does not exist."""

    code = "NOT_FOUND"

    def __init__(self, what: str, name: object) -> None:
        super().__init__(f"There is no {what} {name!s}. Look at the list and choose one of those.")


class UnknownProvider(AIVideoError):
    """A setting or an argument names an engine that we do not have."""

    code = "UNKNOWN_PROVIDER"

    def __init__(self, ability: str, name: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known))
        super().__init__(f"There is no {ability} called {name!r}. Choose one of: {names}.")


class MachineFailure(AIVideoError):
    """The machine cannot go on: no scene's own failure, so no scene may swallow it."""


class DiskFull(MachineFailure):
    """The disk has no room for what is being written."""

    code = "DISK_FULL"

    def __init__(self, folder: Path, *, detail: str = "") -> None:
        super().__init__(
            f"The disk that holds {folder} is full. Free some space, or point CACHE_DIR and "
            "OUTPUT_DIR at another disk, and run again: finished parts are kept.",
            detail=detail,
        )


class NoWritePermission(MachineFailure):
    """A folder or file of ours cannot be written."""

    code = "NO_WRITE_PERMISSION"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"{path} cannot be written. Give yourself permission to write there, or choose "
            "another place with DATABASE_PATH, CACHE_DIR, OUTPUT_DIR or --out.",
            detail=detail,
        )


class OutsideWorkspace(AIVideoError):
    """A name would lead out of the folders that are ours."""

    code = "OUTSIDE_WORKSPACE"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a file of this project. Choose one that the app made.")


class ProgramFailed(AIVideoError):
    """A program that we started ended with an error."""

    code = "PROGRAM_FAILED"

    def __init__(self, program: str, exit_code: int, *, detail: str = "") -> None:
        super().__init__(
            f"{program} stopped with exit code {exit_code}. Try again; if it stays, look at the "
            "details and report them.",
            detail=detail,
        )


class TopicInvalid(AIVideoError):
    """A topic that is empty or too long."""

    code = "TOPIC_INVALID"

    def __init__(self, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(
            f"The topic {said}. Write 1 to {limit} characters; details belong in the chat."
        )


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


class JobFailed(AIVideoError):
    """A job ended with a failure; its code and sentence are those of the cause."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ProgramMissing(AIVideoError):
    """A program that we need is not there, or cannot be started."""

    code = "PROGRAM_MISSING"

    def __init__(self, program: str, *, detail: str = "") -> None:
        super().__init__(
            f"{program} cannot be started. Install it again with the packages of "
            "requirements.txt, or name another one in the settings.",
            detail=detail,
        )


class ProgramStuck(AIVideoError):
    """A program that we started gave no news for too long."""

    code = "PROGRAM_STUCK"

    def __init__(self, program: str, seconds: float, *, detail: str = "") -> None:
        super().__init__(
            f"{program} made no progress for {seconds:.0f} seconds and was stopped. Run it "
            "again: what was finished is kept.",
            detail=detail,
        )


class ProgramKilled(AIVideoError):
    """The system ended a program that we started."""

    code = "PROGRAM_KILLED"

    def __init__(self, program: str, signal_number: int, *, detail: str = "") -> None:
        super().__init__(
            f"{program} was ended by the system (signal {signal_number}), most likely because "
            "memory ran out. Close other programs or set WORKERS=1, and run again: what was "
            "finished is kept.",
            detail=detail,
        )


class OllamaNotRunning(AIVideoError):
    """Nothing answers where Ollama should be."""

    code = "OLLAMA_NOT_RUNNING"

    def __init__(self, url: str, *, detail: str = "") -> None:
        super().__init__(
            f"Ollama does not answer at {url}. Start it with `ollama serve`, correct "
            "OLLAMA_BASE_URL, or set LLM_PROVIDER=local to use the built-in model.",
            detail=detail,
        )


class ModelMissing(AIVideoError):
    """Ollama runs, but does not have the model that the settings name."""

    code = "MODEL_MISSING"

    def __init__(self, model: str, installed: Iterable[str], *, detail: str = "") -> None:
        names = ", ".join(sorted(installed)) or "none"
        super().__init__(
            f"Ollama does not have the model {model}. Bring it with `ollama pull {model}`, or "
            f"set OLLAMA_MODEL to one that is installed: {names}.",
            detail=detail,
        )
        self.model = model


class ModelBrokeOff(AIVideoError):
    """A language model stopped in the middle of its answer."""

    code = "MODEL_BROKE_OFF"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} broke off in the middle of its answer. Ask again; what it said so far is "
            "kept where it can be.",
            detail=detail,
        )


class ModelFailed(AIVideoError):
    """A language model refused the request or failed while working on it."""

    code = "MODEL_FAILED"

    def __init__(self, name: str, status: int, *, detail: str = "") -> None:
        said = f"answered with the error {status}" if status > 0 else "failed"
        remedy = {
            401: "It wants a key: check the account behind OLLAMA_BASE_URL.",
            402: "Its account has no credit left: top it up, or set LLM_PROVIDER=local.",
            403: "It does not let you in: check the account behind OLLAMA_BASE_URL.",
            429: "It is asked too often: wait a minute and try again.",
        }.get(status, "Try again; if it stays, look at the details or choose another model.")
        super().__init__(f"{name} {said}. {remedy}", detail=detail)


class EmptyReply(AIVideoError):
    """A language model answered with nothing."""

    code = "EMPTY_REPLY"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} answered with nothing. Ask again in other words, or choose another model."
        )


class ConversationTooLong(AIVideoError):
    """What a language model is asked to read does not fit into its memory."""

    code = "CONVERSATION_TOO_LONG"

    def __init__(self, name: str, tokens: int, limit: int, *, detail: str = "") -> None:
        super().__init__(
            f"That is {tokens} tokens and {name} reads at most {limit}. Shorten the message or "
            "the persona, or choose a model with a longer memory.",
            detail=detail,
        )


class ModelUnreadable(AIVideoError):
    """A file with a language model cannot be loaded."""

    code = "MODEL_UNREADABLE"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"The language model in {path} cannot be loaded. Free some memory if little is left, "
            "set LOCAL_MODEL to another GGUF file, or remove the file so that it is fetched again.",
            detail=detail,
        )


class ModelRuntimeMissing(AIVideoError):
    """The program library that runs the built-in language model is not there."""

    code = "MODEL_RUNTIME_MISSING"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "The built-in language model cannot run here: the package xllamacpp is missing. "
            "Install the packages of requirements.txt, or run Ollama and set LLM_PROVIDER=ollama.",
            detail=detail,
        )


class MessageInvalid(AIVideoError):
    """A message of the conversation that is empty or too long."""

    code = "MESSAGE_INVALID"

    def __init__(self, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(f"The message {said}. Write 1 to {limit} characters, or send it in parts.")


class PersonaInvalid(AIVideoError):
    """A persona whose name or prompt is empty or too long."""

    code = "PERSONA_INVALID"

    def __init__(self, field: str, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(f"The persona's {field} {said}. Write 1 to {limit} characters.")


class PersonaIsPreset(AIVideoError):
    """A persona that comes with the app cannot be removed."""

    code = "PERSONA_IS_PRESET"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} comes with the app and stays. Edit it, or make a persona of your own."
        )


class NothingSaidYet(AIVideoError):
    """A topic is to be taken from a conversation in which nothing was said."""

    code = "NOTHING_SAID_YET"

    def __init__(self) -> None:
        super().__init__(
            "There is no conversation to take a topic from yet. Talk about your idea first, or "
            "write the topic yourself."
        )


class ScriptEmpty(AIVideoError):
    """A script without a single scene."""

    code = "SCRIPT_EMPTY"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The script has no scenes. Write 1 to {limit} scenes, or have it written."
        )


class ScriptTooLong(AIVideoError):
    """A script with more scenes than a video may have."""

    code = "SCRIPT_TOO_LONG"

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(
            f"The script has {count} scenes and a video takes at most {limit}. Join some, or "
            "make a second video of the rest."
        )


class SceneTooLong(AIVideoError):
    """A scene with more text than one scene may have."""

    code = "SCENE_TOO_LONG"

    def __init__(self, number: int, length: int, limit: int) -> None:
        super().__init__(
            f"Scene {number} has {length} characters and a scene takes at most {limit}. Split it "
            "into two."
        )


class ScriptUnusable(AIVideoError):
    """What a language model wrote is no script, even when asked again."""

    code = "SCRIPT_UNUSABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} wrote something that is no script, twice. Try again, say the topic in other "
            "words, or copy what you can use from the details. The script you had is unchanged.",
            detail=detail,
        )


class NotMedia(AIVideoError):
    """A file that is no video or picture, whatever its name says."""

    code = "NOT_MEDIA"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be read as a video or a picture. Use MP4, MOV, WebM, MKV, AVI or TS "
            "for video, and PNG, JPEG or WebP for pictures.",
            detail=detail,
        )


class MediaTruncated(AIVideoError):
    """A video file that ends before its first picture."""

    code = "TRUNCATED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} is broken off: not one picture of it can be shown. Copy or download it again.",
            detail=detail,
        )


class PictureTooLarge(AIVideoError):
    """A picture with more pixels than can be opened safely."""

    code = "PICTURE_TOO_LARGE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} has more pixels than can be opened safely. Save it below 150 megapixels.",
            detail=detail,
        )


class ClipGone(AIVideoError):
    """A clip that is no longer where it was found."""

    code = "CLIP_GONE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} is no longer there, or is another file now. Put it back, or search again "
            "and choose another clip.",
            detail=detail,
        )


class ClipUnusable(AIVideoError):
    """A clip that cannot be used, for a reason that will not go away by itself."""

    code = "CLIP_UNUSABLE"

    def __init__(self, name: str, reason: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be used: {reason.rstrip('.')}. Choose another clip.", detail=detail
        )


class FFmpegLacks(AIVideoError):
    """The ffmpeg that was chosen cannot do what a render needs."""

    code = "FFMPEG_LACKS"

    def __init__(self, path: Path, missing: Iterable[str]) -> None:
        super().__init__(
            f"The ffmpeg at {path} was built without {', '.join(missing)}. Take FFMPEG out of the "
            "settings, so that the packaged one is used."
        )


class ClipNotFound(AIVideoError):
    """No source has a clip that shows what a scene is about."""

    code = "CLIP_NOT_FOUND"

    def __init__(self, number: int, words: str) -> None:
        super().__init__(
            f"Scene {number} has no clip: nothing fits {words!r}. Search with other words, put a "
            "clip of your own into the footage folder, or let it be illustrated."
        )


class ClipNotChosen(AIVideoError):
    """Scenes whose clips are needed have none."""

    code = "CLIP_NOT_CHOSEN"

    def __init__(self, *numbers: int) -> None:
        have, one = ("has", "one for it") if len(numbers) == 1 else ("have", "one for each")
        super().__init__(f"{_scenes(numbers)} {have} no clip yet. Choose {one} first.")


class YouTubeKeyMissing(AIVideoError):
    """YouTube is asked and there is no key."""

    code = "YOUTUBE_KEY_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "YouTube search needs a key. Make one for 'YouTube Data API v3' at "
            "console.cloud.google.com and set YOUTUBE_API_KEY, or choose another source."
        )


class YouTubeKeyRefused(AIVideoError):
    """YouTube does not accept the key, or not from this app."""

    code = "YOUTUBE_KEY_REFUSED"

    def __init__(self, *, restricted: bool, detail: str = "") -> None:
        super().__init__(
            "The YouTube key may not be used by this app. Remove its restrictions to web sites, "
            "addresses or other services at console.cloud.google.com."
            if restricted
            else "The YouTube key was not accepted: it is wrong or has expired. Correct "
            "YOUTUBE_API_KEY.",
            detail=detail,
        )


class YouTubeNotEnabled(AIVideoError):
    """The key's project has not switched the service on."""

    code = "YOUTUBE_NOT_ENABLED"

    def __init__(self, address: str, *, detail: str = "") -> None:
        super().__init__(
            f"The YouTube key is fine, but its project does not use YouTube yet. Enable 'YouTube "
            f"Data API v3' at {address}, wait a few minutes and search again.",
            detail=detail,
        )


class YouTubeQuota(AIVideoError):
    """Today's searches are used up."""

    code = "YOUTUBE_QUOTA"

    def __init__(self, a_day: int, returns_at: str, *, detail: str = "") -> None:
        super().__init__(
            f"Today's YouTube searches are used up ({a_day} a day); they return at {returns_at} "
            "your time. Clips found so far and the other sources still work.",
            detail=detail,
        )


class YouTubeUnreachable(AIVideoError):
    """YouTube does not answer."""

    code = "YOUTUBE_UNREACHABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube does not answer. Look at the internet connection and try again, or choose "
            "another source.",
            detail=detail,
        )


class YouTubeAnswerBroken(AIVideoError):
    """Something answered for YouTube that is not YouTube, or not whole."""

    code = "YOUTUBE_ANSWER_BROKEN"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "What came back from YouTube cannot be read; a proxy or a sign-in page of the network "
            "may have answered instead. Open a web page in the browser, then try again.",
            detail=detail,
        )


class YouTubeRightsUnconfirmed(AIVideoError):
    """A download was asked for and the person has not said that it is allowed."""

    code = "YOUTUBE_RIGHTS_UNCONFIRMED"

    def __init__(self) -> None:
        super().__init__(
            "YouTube downloads are off. If you have the right to use the videos you pick, say so "
            "by setting YOUTUBE_DOWNLOADS=true; otherwise choose a clip from another source."
        )


class YouTubeDistrust(AIVideoError):
    """YouTube takes this computer for a robot."""

    code = "YOUTUBE_BOT_CHECK"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube wants to know whether this computer is a robot and gives no videos. Wait an "
            "hour, or choose a clip from another source.",
            detail=detail,
        )


class YouTubeBusy(AIVideoError):
    """YouTube limits what this computer may download."""

    code = "YOUTUBE_BUSY"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube limits this computer for up to an hour. Wait, or choose a clip from another "
            "source.",
            detail=detail,
        )


class DownloaderOutdated(AIVideoError):
    """YouTube has changed and the downloader has not, or its helper is missing."""

    code = "DOWNLOADER_OUTDATED"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube offered nothing that could be downloaded. Update the downloader with pip "
            "install --upgrade 'yt-dlp[default,deno]' and try again, or choose another clip.",
            detail=detail,
        )


class DownloadFailed(AIVideoError):
    """A download ended for a reason that we do not know."""

    code = "DOWNLOAD_FAILED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} could not be downloaded. Try again; if it stays, choose another clip and "
            "report the details.",
            detail=detail,
        )


class BadArgument(InvalidArgument):
    """An argument of an endpoint, or a value from the page, is of the wrong kind."""

    def __init__(self, name: str, said: str, *, detail: str = "") -> None:
        super().__init__(
            f"The argument {name} cannot be used: {said}. Correct it and call again.",
            detail=detail,
        )


class KeyTooShort(InvalidArgument):
    """A key that would not keep anybody out."""

    def __init__(self, length: int, least: int) -> None:
        super().__init__(
            f"The key has {length} characters. Give one of {least} or more letters and digits, "
            "or leave it out and a fresh one is made."
        )


class PortTaken(AIVideoError):
    """The page cannot listen where it was told to."""

    code = "PORT_TAKEN"

    def __init__(self, host: str, port: int, *, detail: str = "") -> None:
        super().__init__(
            f"The page cannot be opened at {host}:{port}; another program may be using it. "
            "Close that program, or choose another place with --port or --host.",
            detail=detail,
        )


class JobCancelled(AIVideoError):
    """A job that was being watched to its end was cancelled."""

    code = "CANCELLED"

    def __init__(self) -> None:
        super().__init__("The job was cancelled. Start it again: what was finished is kept.")


class NarrationUnreadable(AIVideoError):
    """A narration's file cannot be read as sound."""

    code = "NARRATION_UNREADABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"The narration {name} cannot be read. Have the scene spoken again.", detail=detail
        )


class MusicUnusable(AIVideoError):
    """A file that was given as music cannot be played."""

    code = "MUSIC_UNUSABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be used as music. Choose an MP3, WAV, FLAC, OGG or M4A file.",
            detail=detail,
        )


class NothingToSpeak(AIVideoError):
    """A text without a single word that can be said."""

    code = "NOTHING_TO_SPEAK"

    def __init__(self, text: str) -> None:
        shown = " ".join(text.split())[:40]
        said = f"In {shown!r} there is" if shown else "There is"
        super().__init__(f"{said} nothing to speak. Write some words for it, or remove the scene.")


class VoiceUnknown(AIVideoError):
    """A voice that nobody published."""

    code = "VOICE_UNKNOWN"

    def __init__(self, voice_id: str, near: Iterable[str]) -> None:
        names = ", ".join(near)
        super().__init__(f"There is no voice {voice_id!r}. Choose another one, such as: {names}.")


class VoiceUnavailable(AIVideoError):
    """A published voice that cannot speak on this machine."""

    code = "VOICE_UNAVAILABLE"

    def __init__(self, name: str, missing: str) -> None:
        super().__init__(f"{name} cannot speak here. {missing} Choose another voice.")


class TextNotForVoice(AIVideoError):
    """A text in a script that the voice cannot read."""

    code = "TEXT_NOT_FOR_VOICE"

    def __init__(self, voice_name: str, language: str, script: str) -> None:
        super().__init__(
            f"{voice_name} speaks {language} and cannot read {script} letters. Write the text in "
            f"{language}."
        )


class VoiceRuntimeMissing(AIVideoError):
    """A package that the voice needs is not installed."""

    code = "VOICE_RUNTIME_MISSING"

    def __init__(self, package: str, *, detail: str = "") -> None:
        super().__init__(
            f"The voice cannot run here: the package {package} is missing or broken. Install the "
            "packages of requirements.txt again.",
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


class SceneNotSpoken(AIVideoError):
    """Scenes that are to be rendered have no narration as they stand."""

    code = "SCENE_NOT_SPOKEN"

    def __init__(self, *numbers: int) -> None:
        have, it = ("has", "it") if len(numbers) == 1 else ("have", "them")
        super().__init__(f"{_scenes(numbers)} {have} no narration yet. Have {it} spoken first.")


class ClipUnreadable(AIVideoError):
    """A clip from which not enough pictures could be read."""

    code = "CLIP_UNREADABLE"

    def __init__(self, title: str, *, detail: str = "") -> None:
        super().__init__(
            f"The pictures of {title!r} cannot be read. Choose another clip for the scene.",
            detail=detail,
        )


class VideoBroken(AIVideoError):
    """A finished video that is not what was planned; it is not published."""

    code = "VIDEO_BROKEN"

    def __init__(self, complaint: str) -> None:
        super().__init__(
            "The finished video did not pass its check and was not published. Render it again: "
            "its parts are made anew.",
            detail=complaint,
        )


class ClipBrokenOff(AIVideoError):
    """A warning: a clip that ends before it says it does was repeated as far as it goes."""

    code = "CLIP_BROKEN_OFF"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The clip is broken off after {seconds:.1f} seconds; what is there was repeated. "
            "Copy or download it again, or choose another."
        )


class ClipDamaged(AIVideoError):
    """A warning: some pictures of a clip could not be read."""

    code = "CLIP_DAMAGED"

    def __init__(self, errors: int) -> None:
        super().__init__(
            f"The clip is damaged in {errors} places and may stutter there. Look at the video, "
            "and choose another clip if it shows."
        )


class CaptionsUnreadable(AIVideoError):
    """A warning: no font here can show some of the letters of the captions."""

    code = "CAPTIONS_UNREADABLE"

    def __init__(self, letters: str) -> None:
        super().__init__(
            f"No font on this machine can show {letters} in the captions. Install one for that "
            "script, such as Noto, and render again, or switch the captions off."
        )


def _scenes(numbers: tuple[int, ...]) -> str:
    """The scenes with these numbers, as the subject of a sentence."""
    *others, last = map(str, numbers)
    return f"Scenes {', '.join(others)} and {last}" if others else f"Scene {last}"


class IllustrationUnreadable(AIVideoError):
    """A recipe that this version of the app cannot draw."""

    code = "ILLUSTRATION_UNREADABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "This drawn scene was made by another version of the app. Suggest clips for the "
            "scene again and choose a new one.",
            detail=detail,
        )


class ArtworkMissing(AIVideoError):
    """The icons or fonts that scenes are drawn with are not where they belong."""

    code = "ARTWORK_MISSING"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"What scenes are drawn with is missing or damaged: {path}. Install the app again, "
            "or bring the folder assets back.",
            detail=detail,
        )


class DrawingUnavailable(AIVideoError):
    """The drawing library cannot be used on this machine."""

    code = "DRAWING_UNAVAILABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "Scenes cannot be drawn here because skia-python does not load. Install it again "
            "with pip install --force-reinstall skia-python.",
            detail=detail,
        )


class NothingToFetch(AIVideoError):
    """A drawn scene was asked for as a file."""

    code = "NOTHING_TO_FETCH"

    def __init__(self, source_id: str) -> None:
        super().__init__(
            f"The drawn scene {source_id} has no file to fetch. It is drawn while the video is "
            "rendered; choose it and go on."
        )


class SceneNotFilmed(AIVideoError):
    """Scenes could not be filmed; the code is that of the first one's cause."""

    def __init__(self, numbers: tuple[int, ...], cause: AIVideoError) -> None:
        super().__init__(
            f"{_scenes(numbers)} could not be filmed. {cause.message}", detail=cause.detail
        )
        self.code = cause.code


class LengthImpossible(AIVideoError):
    """A script of so many scenes cannot last so long."""

    code = "LENGTH_IMPOSSIBLE"

    def __init__(
        self, scenes: int, seconds: float, *, limit: int, each: tuple[float, float]
    ) -> None:
        shortest, longest = each
        super().__init__(
            f"{scenes} scenes in {seconds:g} seconds are not possible. Ask for 1 to {limit} "
            f"scenes of {shortest:g} to {longest:g} seconds each."
        )
