"""Endpoints that make things: voices, clips, videos; and the jobs that do the long ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, cast

from pydantic import FiniteFloat

from aivideo import autopilot, clips, projects, voiceover
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_types import (
    ChosenVoiceData,
    ClipData,
    ClipsData,
    FetchedData,
    JobData,
    JobsData,
    LookInput,
    MakeInput,
    SampleData,
    SelectionData,
    SpokenData,
    VideoData,
    VoiceData,
    VoicesData,
    file_data,
    plain,
    with_files,
)
from aivideo.clips import ClipView
from aivideo.engines.speech import Voice
from aivideo.errors import JobCancelled, JobFailed
from aivideo.jobs import JobView
from aivideo.progress import finish


class MakingEndpoints(Desk):
    """What programs have made."""

    @endpoint
    def list_voices(self, language: str | None = None, gender: str | None = None) -> VoicesData:
        """List the voices, best grade first.

        Args:
            language: Such as en-US; every language when left out.
            gender: female or male; both when left out.
        """
        voices = voiceover.list_voices(self.studio, language=language, gender=gender)
        return {"voices": [_voice(self, voice) for voice in voices]}

    @endpoint
    def preview_voice(self, voice_id: str, text: str | None = None) -> SampleData:
        """Speak a sentence with a voice.

        Args:
            voice_id: The voice, as list_voices names it.
            text: What to say; a sample sentence when left out.
        """
        sample = finish(voiceover.preview(self.studio, voice_id, text))
        audio = file_data(self.studio.workspace, sample.path)
        return {"audio": audio, "duration": sample.duration_seconds}

    @endpoint
    def select_voice(self, project_id: str, voice_id: str) -> ChosenVoiceData:
        """Choose the voice of a project.

        Args:
            project_id: The project.
            voice_id: The voice, as list_voices names it.
        """
        voiceover.choose_voice(self.studio, project_id, voice_id)
        return {"project_id": project_id, "voice_id": voice_id}

    @endpoint
    def generate_voice(
        self, project_id: str, scene_number: int | None = None
    ) -> Iterator[SpokenData]:
        """Speak the scenes; streams the job, the last value has audio, duration and word times.

        Args:
            project_id: The project.
            scene_number: The only scene to speak, from 1; all when left out.
        """
        job = self.jobs.start("speak", project_id, _given(scene_number=scene_number))
        for state in _to_its_end(self, job):
            if "narrations" in state and scene_number is not None:
                state["narrations"] = _narrations(self, project_id, scene_number)
            yield cast("SpokenData", state)

    @endpoint
    def search_clips(
        self,
        project_id: str,
        scene_number: int,
        query: str | None = None,
        source: str | None = None,
        max_results: int = 6,
    ) -> ClipsData:
        """Suggest clips for a scene, best first.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            query: What to look for; the scene's own visual query when left out.
            source: The only source to ask; all when left out.
            max_results: How many clips at most.
        """
        work = clips.suggest(
            self.studio,
            project_id,
            scene_number,
            query=query,
            source=source,
            max_results=max_results,
        )
        return {"clips": [_clip(self, clip) for clip in finish(work)]}

    @endpoint
    def select_clip(
        self,
        project_id: str,
        scene_number: int,
        clip_id: str,
        start_seconds: FiniteFloat = 0.0,
        fit: str = "crop",
    ) -> SelectionData:
        """Choose the clip of a scene.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            clip_id: The clip, as search_clips names it.
            start_seconds: Where in the clip to start.
            fit: crop, blur or contain.
        """
        scene = clips.choose(
            self.studio, project_id, scene_number, clip_id, start_seconds=start_seconds, fit=fit
        )
        return {
            "scene_number": scene_number,
            "clip_id": scene.clip_id,
            "start_seconds": scene.start_seconds,
            "fit": scene.fit,
        }

    @endpoint
    def download_clip(self, project_id: str, scene_number: int) -> Iterator[FetchedData]:
        """Bring the chosen clip of a scene here; streams the job, the last value has the file.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
        """
        job = self.jobs.start("fetch_clip", project_id, {"scene_number": scene_number})
        for state in _to_its_end(self, job):
            if state.pop("file", None):
                path = finish(clips.fetch(self.studio, project_id, scene_number))
                state["file_path"] = file_data(self.studio.workspace, path)
            yield cast("FetchedData", state)

    @endpoint
    def assemble(self, project_id: str, options: LookInput | None = None) -> Iterator[VideoData]:
        """Assemble the video; streams the job, the last value has video, captions and credits.

        Args:
            project_id: The project; every scene needs a clip.
            options: How it is to look, such as {"captions": false, "quality": "high"}.
        """
        job = self.jobs.start("assemble", project_id, _given(**asdict(options or LookInput())))
        yield from _to_its_end(self, job)

    @endpoint
    def make_video(self, topic: str, options: MakeInput | None = None) -> Iterator[VideoData]:
        """Make a whole video from one sentence; streams the job, the last value has the video.

        Calling it again with the same words goes on with what an earlier call left unfinished.

        Args:
            topic: What the video is about, 1 to 500 characters.
            options: Such as {"scenes": 3, "seconds": 30, "voice": "af_heart", "aspect": "9:16"}.
        """
        wanted = _given(**asdict(options or MakeInput()))
        project_id = autopilot.unfinished(self.studio, topic, wanted) or _new_project(
            self, topic, options or MakeInput()
        )
        yield from _to_its_end(self, self.jobs.start("make_video", project_id, wanted))

    @endpoint
    def list_jobs(self, project_id: str | None = None) -> JobsData:
        """List the jobs, newest first, without their results.

        Args:
            project_id: The project whose jobs are wanted; all when left out.
        """
        return {"jobs": [plain(replace(job, result=None)) for job in self.jobs.list(project_id)]}

    @endpoint
    def get_job(self, job_id: str) -> JobData:
        """Say how a job is; when it is done, with its result.

        Args:
            job_id: The job.
        """
        return _job(self, self.jobs.get(job_id))

    @endpoint
    def watch_job(self, job_id: str) -> Iterator[JobData]:
        """Stream a job's states until it is finished; leaving does not stop the job.

        Args:
            job_id: The job.
        """
        for job in self.jobs.watch(job_id):
            yield _job(self, job)

    @endpoint
    def cancel_job(self, job_id: str) -> JobData:
        """Stop a job; what it had finished is kept for the next one.

        Args:
            job_id: The job.
        """
        return _job(self, self.jobs.cancel(job_id))


def _to_its_end(desk: Desk, started: JobView) -> Iterator[Any]:
    """The states of a job; the last has what it made beside them.

    Raises:
        JobFailed: It failed; code and sentence are those of the cause.
        JobCancelled: Somebody cancelled it.
    """
    job = started
    watched = desk.jobs.watch(started.job_id)
    for job in watched:
        if not job.finished:
            yield _job(desk, job)
    if job.error:
        raise JobFailed(job.error["code"], job.error["message"])
    if job.state == "cancelled":
        raise JobCancelled
    done = _job(desk, job)
    yield {**done, **(done["result"] or {}), "result": None}


def _narrations(desk: Desk, project_id: str, scene_number: int) -> list[Any]:
    """One scene as it was spoken, which costs nothing when the job was about this scene.

    It may have been about another one: a project has one job of a kind at a time.
    """
    work = voiceover.speak_scenes(desk.studio, project_id, scene_number=scene_number)
    return [
        {
            "scene_number": narration.scene_number,
            "audio": file_data(desk.studio.workspace, narration.path),
            "duration": narration.duration_seconds,
            "words": plain(narration.words),
        }
        for narration in finish(work)
    ]


def _job(desk: Desk, job: JobView) -> JobData:
    result = with_files(desk.studio.workspace, job.result)
    return cast("JobData", {**plain(job), "result": result})


def _voice(desk: Desk, voice: Voice) -> VoiceData:
    preview = None if voice.missing else _sample_made_before(desk, voice.id)
    return cast("VoiceData", {**plain(voice), "preview": preview})


def _sample_made_before(desk: Desk, voice_id: str) -> Any:
    """The voice's sample when it was spoken already: then the work ends before it begins."""
    work = voiceover.preview(desk.studio, voice_id)
    try:
        next(work)
    except StopIteration as made:
        return file_data(desk.studio.workspace, made.value.path)
    finally:
        work.close()
    return None


def _clip(desk: Desk, clip: ClipView) -> ClipData:
    pictures = {
        "thumbnail": _picture(desk, clip.thumbnail),
        "preview": _picture(desk, clip.preview),
    }
    return cast("ClipData", {**plain(clip), **pictures})


def _picture(desk: Desk, path: str) -> Any:
    return file_data(desk.studio.workspace, path) if path else None


def _new_project(desk: Desk, topic: str, options: MakeInput) -> str:
    """A project with everything in it that the options decide."""
    if options.voice:
        voiceover.check_voice(desk.studio, options.voice)
    project_id = projects.create_project(
        desk.studio,
        topic=topic,
        aspect=options.aspect or "16:9",
        system_prompt_id=options.system_prompt_id,
    ).project_id
    if options.voice:
        voiceover.choose_voice(desk.studio, project_id, options.voice)
    return project_id


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given; what was left out stays at its default."""
    return {name: value for name, value in options.items() if value is not None}
