"""The shapes of endpoints about the video: how it is to look, what is planned, what was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from pydantic import ConfigDict, FiniteFloat

from aivideo.api_types import File, JobData, WordData


@dataclass(frozen=True)
class UploadInput:
    """A file that was handed over by Gradio's own upload, as ``gradio_client``'s handle_file does.

    Over plain HTTP, ``path`` is what ``/gradio_api/upload`` answered.
    """

    __pydantic_config__ = ConfigDict(extra="ignore")

    path: str


@dataclass(frozen=True)
class LookInput:
    """How the video is to look; what is left out stays as the project has it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    captions: bool | None = None
    quality: str | None = None
    fps: int | None = None
    short_clip: str | None = None
    transition: str | None = None
    transition_seconds: FiniteFloat | None = None
    caption_style: str | None = None
    caption_font: str | None = None
    caption_size: FiniteFloat | None = None
    caption_colour: str | None = None
    caption_position: str | None = None
    music: UploadInput | None = None


@dataclass(frozen=True)
class MakeInput(LookInput):
    """How the whole video is to be made; what is left out stays at its default."""

    scenes: int | None = None
    seconds: FiniteFloat | None = None
    voice: str | None = None
    aspect: str | None = None
    system_prompt_id: str | None = None


class PlanData(TypedDict):
    """What a render would do.

    ``filmed`` are the numbers of the scenes to be filmed; ``seconds`` is about how long it takes;
    ``warnings`` are sentences about what will not be right with the result.
    """

    scenes: int
    filmed: list[int]
    joins: int
    sound: bool
    seconds: float
    warnings: list[str]
    sentence: str


class CueData(TypedDict):
    """Words on screen together; times are seconds from the scene's start."""

    start: float
    end: float
    text: str
    words: list[WordData]


class CutSceneData(TypedDict):
    """A scene of the cut; ``proxy`` is its picture, small and mute, ``narration`` its sound.

    ``transition_seconds`` is how long it comes out of the scene before, half of it earlier than
    ``start_seconds``; ``problem`` says why it has no proxy.
    """

    scene_number: int
    text: str
    start_seconds: float
    seconds: float
    transition_seconds: float
    narration: File | None
    level_db: float
    proxy: File | None
    poster: File | None
    clip_id: str | None
    cues: list[CueData]
    problem: str


class CutData(TypedDict):
    """A video that is not rendered yet, as a player needs it.

    ``missing`` are the scenes whose parts can be made and are not there.
    """

    project_id: str
    size: tuple[int, int]
    seconds: float
    transition: str
    captions: bool
    missing: list[int]
    scenes: list[CutSceneData]


class PreviewData(JobData, total=False):
    """A job that makes the parts of a quick look; the last value has the cut."""

    cut: CutData


class CaptionsData(TypedDict):
    """The captions beside the video."""

    srt: File
    vtt: File
    ass: File


class VideoData(JobData, total=False):
    """A job that makes a video; the last value has it with everything that goes with it.

    ``credits_block`` is the part of the credits that is pasted under the video; ``warnings`` are
    sentences about clips whose licence forbids to publish them, or may reach as far as the video.
    """

    video: File
    thumbnail: File
    captions: CaptionsData
    credits: File
    credits_block: str
    duration: float
    file_size: int
    warnings: list[str]
