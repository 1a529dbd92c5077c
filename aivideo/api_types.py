"""The shapes that endpoints take and give; Gradio makes their documentation from these.

Times are ISO 8601 in UTC, lengths are seconds. A ``File`` becomes a local path at
``gradio_client``; over plain HTTP it is fetched from its ``url``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypedDict

from pydantic import Field, FiniteFloat

from aivideo.api_files import shareable
from aivideo.script import LONGEST_PAUSE, SceneDraft
from aivideo.workspace import Workspace


class File(TypedDict):
    """A file of ours."""

    path: str
    url: str


class ErrorData(TypedDict):
    """Why something failed."""

    code: str
    message: str


class RecordingData(TypedDict):
    """A person's own recording for a scene.

    ``warning`` says that the scene's words are not those of the recording any more.
    """

    name: str
    duration_seconds: float
    warning: str


class SceneData(TypedDict):
    """A scene; ``proportional`` when its word times are shared out and not measured.

    ``check`` when it says something else now than when its clip was chosen.
    """

    scene_id: str
    scene_number: int
    text: str
    visual_query: str
    objects: list[str]
    pause_seconds: float
    voice_id: str | None
    level_db: float
    audio_seconds: float | None
    proportional: bool
    recording: RecordingData | None
    clip_id: str | None
    start_seconds: float
    fit: str
    sound_level_db: float | None
    error: ErrorData | None
    locked: bool
    check: bool


class ScenesData(TypedDict):
    """A script; ``version`` tells whether somebody has edited it since."""

    version: str
    scenes: list[SceneData]


class ScriptVersionData(TypedDict):
    """A script that was kept: ``reason`` is written, brought, restored or edited."""

    version_id: str
    reason: str
    created_at: str
    scene_count: int
    beginning: str


class ScriptVersionsData(TypedDict):
    """The scripts that were kept, the newest first."""

    versions: list[ScriptVersionData]


class ProjectData(TypedDict):
    """A project; ``scenes`` is empty where projects are listed."""

    project_id: str
    name: str
    topic: str | None
    stage: str
    aspect: str
    look: dict[str, Any]
    voice_id: str
    speed: float
    system_prompt_id: str | None
    sources: str
    scene_count: int
    spoken_count: int
    chosen_count: int
    created_at: str
    last_active: str
    scenes: list[SceneData]


class ProjectsData(TypedDict):
    """All projects."""

    projects: list[ProjectData]


class RemovedData(TypedDict):
    """What is gone."""

    removed: str


class VoiceData(TypedDict):
    """A voice; ``missing`` says why it cannot speak on this machine.

    ``preview`` is its greeting: recorded, or as ``/preview_voice`` has spoken it.
    """

    id: str
    name: str
    gender: str
    language: str
    grade: str
    missing: str
    preview: File | None


class VoicesData(TypedDict):
    """The voices."""

    voices: list[VoiceData]


class ChosenVoiceData(TypedDict):
    """The voice of a project, and how fast it speaks; ``warnings`` tell of other languages."""

    project_id: str
    voice_id: str
    speed: float
    warnings: list[str]


class PronunciationsData(TypedDict):
    """How words of a project are said."""

    project_id: str
    pronunciations: dict[str, str]


class SampleData(TypedDict):
    """A voice to be heard."""

    audio: File
    duration: float


class DraftData(TypedDict):
    """A scene that is being written."""

    text: str
    visual_query: str


class JobData(TypedDict):
    """A job; ``result`` is there when it is done, ``so_far`` while a script is written.

    Endpoints that stream a job to its end give what it made beside these fields instead.
    """

    job_id: str
    project_id: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float
    stage: str
    message: str
    eta_seconds: float | None
    error: ErrorData | None
    result: dict[str, Any] | None
    created_at: str
    so_far: list[DraftData]


class JobsData(TypedDict):
    """Jobs, newest first; their results are left out."""

    jobs: list[JobData]


class WordData(TypedDict):
    """A word and when it is heard, seconds from the scene's start.

    Where ``proportional`` is true it was not measured: the words of a stretch share its time by
    their length. What is ``joined`` follows the word before without a blank.
    """

    text: str
    start: float
    end: float
    proportional: bool
    joined: bool


class NarrationData(TypedDict):
    """A scene as it was spoken."""

    scene_number: int
    audio: File
    duration: float
    words: list[WordData]


class WrittenData(JobData, total=False):
    """A job that writes; the last value has the script."""

    version: str
    scenes: list[SceneData]


class SpokenData(JobData, total=False):
    """A job that speaks; the last value has the narrations."""

    narrations: list[NarrationData]
    warnings: list[str]


class HealthData(TypedDict):
    """How one engine is, and what mends it."""

    name: str
    works: bool
    says: str
    remedy: str
    needed: bool
    tried: bool


class HealthsData(TypedDict):
    """The health list; ``ok`` when a video can be made."""

    ok: bool
    health: list[HealthData]


Pause = Annotated[float, Field(ge=0.0, le=LONGEST_PAUSE)]
"""Seconds of silence after a scene."""


@dataclass(frozen=True)
class SceneInput:
    """A scene to save; without ``scene_id`` it is a new one. None leaves a field as it is."""

    text: str
    visual_query: str = ""
    scene_id: str | None = None
    pause_seconds: Pause | None = None
    voice_id: str | None = None
    level_db: FiniteFloat | None = None
    locked: bool | None = None
    objects: list[str] | None = None

    def draft(self) -> SceneDraft:
        """The same, as the script takes it."""
        return SceneDraft(
            text=self.text,
            visual_query=self.visual_query,
            scene_id=self.scene_id,
            pause_seconds=self.pause_seconds,
            voice_id=self.voice_id,
            level_db=self.level_db,
            locked=self.locked,
            objects=None if self.objects is None else tuple(self.objects),
        )


def plain(value: Any) -> Any:
    """A view as JSON-like data: dataclasses become objects, times ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def file_data(workspace: Workspace, path: str | Path) -> Any:
    """A file of ours, in the form that Gradio serves and its client fetches."""
    return {"path": str(shareable(workspace, path)), "meta": {"_type": "gradio.FileData"}}


RESULT_FILES: Final = frozenset(
    {"ass", "audio", "credits", "file", "srt", "thumbnail", "video", "vtt"}
)
"""The names under which a job's result has a file."""


def with_files(workspace: Workspace, result: Any) -> Any:
    """A job's result with each path in it as a file."""
    if isinstance(result, list):
        return [with_files(workspace, item) for item in result]
    if not isinstance(result, Mapping):
        return result
    return {
        name: (
            file_data(workspace, item)
            if name in RESULT_FILES and isinstance(item, str)
            else with_files(workspace, item)
        )
        for name, item in result.items()
    }
