"""Endpoints that make narrations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pydantic import FiniteFloat

from aivideo import projects, voiceover
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_files import uploaded
from aivideo.api_jobs import given, to_its_end
from aivideo.api_projects import scene_data
from aivideo.api_types import (
    ChosenVoiceData,
    PronunciationsData,
    SampleData,
    SceneData,
    SpokenData,
    VoiceData,
    VoicesData,
    file_data,
    plain,
)
from aivideo.api_video_types import UploadInput
from aivideo.engines.speech import Voice
from aivideo.errors import VoiceUnavailable
from aivideo.progress import finish


class MakingEndpoints(Desk):
    """What programs have spoken."""

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
    def preview_voice(
        self, voice_id: str, text: str | None = None, speed: FiniteFloat = 1.0
    ) -> SampleData:
        """Speak a sentence with a voice, or with a blend of voices.

        Args:
            voice_id: The voice, as list_voices names it, or a blend of several, such as
                af_heart:0.6+am_michael:0.4.
            text: What to say; a sample sentence when left out.
            speed: 0.5 to 2; 1 is natural.
        """
        sample = finish(voiceover.preview(self.studio, voice_id, text, speed=speed))
        audio = file_data(self.studio.workspace, sample.path)
        return {"audio": audio, "duration": sample.duration_seconds}

    @endpoint
    def select_voice(
        self, project_id: str, voice_id: str, speed: FiniteFloat | None = None
    ) -> ChosenVoiceData:
        """Choose the voice of a project, or a blend of voices, and how fast it speaks.

        Args:
            project_id: The project.
            voice_id: The voice, as list_voices names it, or a blend of several, such as
                af_heart:0.6+am_michael:0.4.
            speed: 0.5 to 2; 1 is natural. It stays as it is when left out.
        """
        voiceover.choose_voice(self.studio, project_id, voice_id, speed=speed)
        chosen = projects.open_project(self.studio, project_id)
        return {
            "project_id": project_id,
            "voice_id": chosen.voice_id,
            "speed": chosen.speed,
            "warnings": _warnings(self, project_id),
        }

    @endpoint
    def get_pronunciations(self, project_id: str) -> PronunciationsData:
        """Give the words of a project that are said as its author wants.

        Args:
            project_id: The project.
        """
        said = voiceover.get_pronunciations(self.studio, project_id)
        return {"project_id": project_id, "pronunciations": said}

    @endpoint
    def set_pronunciations(
        self, project_id: str, pronunciations: dict[str, str]
    ) -> PronunciationsData:
        """Say how words of a project are spoken; only scenes with such a word are spoken again.

        Args:
            project_id: The project.
            pronunciations: All of them, such as {"Kokoro": "koh-KOH-roh"} or, as phonemes,
                {"Kokoro": "/kokoʊɹoʊ/"}; those that were there before are replaced.
        """
        said = voiceover.set_pronunciations(self.studio, project_id, pronunciations)
        return {"project_id": project_id, "pronunciations": said}

    @endpoint
    def generate_voice(
        self, project_id: str, scene_number: int | None = None
    ) -> Iterator[SpokenData]:
        """Speak the scenes; streams the job, the last value has audio, duration and word times.

        Args:
            project_id: The project.
            scene_number: The only scene to speak, from 1; all when left out.
        """
        job = self.jobs.start("speak", project_id, given(scene_number=scene_number))
        for state in to_its_end(self, job):
            if "narrations" in state:
                state["warnings"] = _warnings(self, project_id)
                if scene_number is not None:
                    state["narrations"] = _narrations(self, project_id, scene_number)
            yield cast("SpokenData", state)

    @endpoint
    def upload_narration(
        self, project_id: str, scene_number: int, file: UploadInput
    ) -> Iterator[SpokenData]:
        """Tell a scene with a recording of your own; streams a job, as /generate_voice does.

        It is trimmed and brought to the loudness of the spoken scenes. Word times come from a
        comparison with the voice saying the same; where it cannot, they are proportional.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            file: Any file with sound in it, up to five minutes.
        """
        upload = uploaded(file.path)
        voiceover.use_recording(self.studio, project_id, scene_number, upload, upload.name)
        job = self.jobs.start("speak", project_id, {"scene_number": scene_number})
        for state in to_its_end(self, job):
            if "narrations" in state:
                state["narrations"] = _narrations(self, project_id, scene_number)
            yield cast("SpokenData", state)

    @endpoint
    def remove_narration(self, project_id: str, scene_number: int) -> SceneData:
        """Take your own recording of a scene away; the voice speaks it the next time.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
        """
        voiceover.remove_recording(self.studio, project_id, scene_number)
        scene = projects.open_project(self.studio, project_id).scenes[scene_number - 1]
        return cast("SceneData", scene_data(scene))


def _warnings(desk: Desk, project_id: str) -> list[str]:
    """What is odd about the voice and the script, though it can be spoken."""
    return [each.message for each in voiceover.language_warnings(desk.studio, project_id)]


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


def _voice(desk: Desk, voice: Voice) -> VoiceData:
    preview = _sample_made_before(desk, voice.id)
    return cast("VoiceData", {**plain(voice), "preview": preview})


def _sample_made_before(desk: Desk, voice_id: str) -> Any:
    """The voice's sample when there is one already: then the work ends before it begins."""
    work = voiceover.preview(desk.studio, voice_id)
    try:
        next(work)
    except StopIteration as made:
        return file_data(desk.studio.workspace, made.value.path)
    except VoiceUnavailable:
        return None
    finally:
        work.close()
    return None
