"""Endpoints about the video: what is planned, the cut before it is rendered, the render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from aivideo import autopilot, clips, projects, quicklook, render, voiceover
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_files import keep_upload, uploaded
from aivideo.api_jobs import given, to_its_end
from aivideo.api_projects import project_data
from aivideo.api_types import ProjectData, file_data, plain
from aivideo.api_video_types import CutData, LookInput, MakeInput, PlanData, PreviewData, VideoData
from aivideo.captions import Cue
from aivideo.quicklook import CutScene


class VideoEndpoints(Desk):
    """What programs can do with a whole video."""

    @endpoint
    def select_look(self, project_id: str, look: LookInput) -> ProjectData:
        """Choose how the video of a project is to look; what is left out stays as it is.

        Args:
            project_id: The project.
            look: Such as {"transition": "crossfade", "caption_style": "pop"}.
        """
        project = projects.open_project(self.studio, project_id)
        chosen = {**project.look, **look_options(self, look)}
        if look.music:
            chosen["music_name"] = Path(look.music.path).name
        autopilot.look_from(chosen, aspect=project.aspect)
        return project_data(projects.update_project(self.studio, project_id, look=chosen))

    @endpoint
    def plan_video(self, project_id: str, options: LookInput | None = None) -> PlanData:
        """Say what /assemble would do now, and about how long it would take.

        Args:
            project_id: The project; every scene needs a clip and its narration.
            options: As for /assemble.
        """
        look = autopilot.look_of(self.studio, project_id, look_options(self, options))
        plan = render.plan_render(self.studio, project_id, look)
        return cast("PlanData", {**plain(plan), "sentence": plan.sentence})

    @endpoint
    def preview_cut(
        self, project_id: str, options: LookInput | None = None
    ) -> Iterator[PreviewData]:
        """Play the cut without a render; streams a job, the last value has the cut's parts.

        Args:
            project_id: The project; a scene without a clip or narration lasts as its words would.
            options: As for /assemble.
        """
        wanted = look_options(self, options)
        for state in to_its_end(self, self.jobs.start("preview", project_id, wanted)):
            if "made" in state:
                del state["made"]
                state["cut"] = _cut(self, project_id, wanted)
            yield cast("PreviewData", state)

    @endpoint
    def assemble(self, project_id: str, options: LookInput | None = None) -> Iterator[VideoData]:
        """Assemble the video; streams the job, the last value has video, captions and credits.

        Args:
            project_id: The project; every scene needs a clip.
            options: How it is to look, such as {"captions": false, "quality": "high"}; with
                {"quality": "preview"} it is small and quick, and a file of its own.
        """
        job = self.jobs.start("assemble", project_id, look_options(self, options))
        yield from _with_warnings(self, project_id, to_its_end(self, job))

    @endpoint
    def make_video(self, topic: str, options: MakeInput | None = None) -> Iterator[VideoData]:
        """Make a whole video from one sentence; streams the job, the last value has the video.

        Calling it again with the same words goes on with what an earlier call left unfinished.

        Args:
            topic: What the video is about, 1 to 500 characters.
            options: Such as {"scenes": 3, "seconds": 30, "voice": "af_heart", "aspect": "9:16"}.
        """
        wanted = look_options(self, options)
        project_id = autopilot.unfinished(self.studio, topic, wanted) or _new_project(
            self, topic, options or MakeInput()
        )
        job = self.jobs.start("make_video", project_id, wanted)
        yield from _with_warnings(self, project_id, to_its_end(self, job))


def _with_warnings(desk: Desk, project_id: str, states: Iterator[Any]) -> Iterator[Any]:
    """Each state with what a person should know of the clips' licences, the first one too."""
    for state in states:
        said = [warning.message for warning in clips.rights(desk.studio, project_id)]
        yield {**state, "warnings": said}


def look_options(desk: Desk, options: LookInput | None) -> dict[str, Any]:
    """The options as a job takes them; music is copied to where it stays.

    Raises:
        InvalidArgument: The music is no file that was uploaded.
    """
    if options is None:
        return {}
    wanted = given(**asdict(options))
    if options.music:
        kept = keep_upload(desk.studio.workspace, uploaded(options.music.path))
        wanted["music"] = str(kept)
    return wanted


def _cut(desk: Desk, project_id: str, options: dict[str, Any]) -> CutData:
    look = autopilot.look_of(desk.studio, project_id, options)
    cut = quicklook.cut(desk.studio, project_id, look)
    return {
        "project_id": project_id,
        "size": cut.size,
        "seconds": cut.seconds,
        "transition": cut.transition,
        "captions": cut.captions,
        "missing": list(cut.missing),
        "scenes": [_scene(desk, scene) for scene in cut.scenes],
    }


def _scene(desk: Desk, scene: CutScene) -> Any:
    files = {
        name: file_data(desk.studio.workspace, path) if path else None
        for name, path in (
            ("narration", scene.narration),
            ("proxy", scene.proxy),
            ("poster", scene.poster),
        )
    }
    return {**plain(scene), **files, "cues": [_cue(cue) for cue in scene.cues]}


def _cue(cue: Cue) -> dict[str, Any]:
    pieces = [piece for line in cue.lines for piece in line]
    words = [
        {
            "text": piece.text,
            "start": piece.start,
            "end": piece.end,
            "proportional": piece.proportional,
            "joined": piece.joined,
        }
        for piece in pieces
    ]
    return {"start": cue.start, "end": cue.end, "text": cue.text, "words": words}


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
