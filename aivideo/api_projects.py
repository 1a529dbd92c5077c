"""Endpoints of a project: itself and its script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pydantic import FiniteFloat

from aivideo import projects, removal, script
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_jobs import given, to_its_end
from aivideo.api_types import (
    HealthsData,
    ProjectData,
    ProjectsData,
    RemovedData,
    SceneData,
    SceneInput,
    ScenesData,
    ScriptVersionsData,
    WrittenData,
    plain,
)
from aivideo.health import can_make_a_video, health_list
from aivideo.progress import finish
from aivideo.projects import ProjectView, SceneView
from aivideo.script import Into


class ProjectEndpoints(Desk):
    """What programs do with a project."""

    @endpoint
    def health(self) -> HealthsData:
        """Say how each engine, tool and key is, and the one sentence that mends it."""
        found = health_list(self.studio)
        return {"ok": can_make_a_video(found), "health": plain(found)}

    @endpoint
    def create_project(
        self,
        name: str | None = None,
        topic: str | None = None,
        system_prompt_id: str | None = None,
        aspect: str = "16:9",
    ) -> ProjectData:
        """Start a project; without a name it is called after its topic.

        Args:
            name: What to call it, 1 to 120 characters.
            topic: What the video is about, 1 to 500 characters.
            system_prompt_id: The persona to talk with.
            aspect: 16:9, 9:16 or 1:1.
        """
        made = projects.create_project(
            self.studio, name=name, topic=topic, system_prompt_id=system_prompt_id, aspect=aspect
        )
        return project_data(made)

    @endpoint
    def list_projects(self) -> ProjectsData:
        """List the projects, the one worked on last first, without their scenes."""
        return {"projects": [project_data(each) for each in projects.list_projects(self.studio)]}

    @endpoint
    def get_project(self, project_id: str) -> ProjectData:
        """Give a project with its scenes, its stage and what is still missing.

        Args:
            project_id: The project.
        """
        return project_data(projects.open_project(self.studio, project_id))

    @endpoint
    def update_project(  # noqa: PLR0917 - Gradio calls endpoints by position
        self,
        project_id: str,
        name: str | None = None,
        topic: str | None = None,
        system_prompt_id: str | None = None,
        aspect: str | None = None,
        sources: str | None = None,
    ) -> ProjectData:
        """Change what is given of a project; the rest stays.

        Args:
            project_id: The project.
            name: What to call it, 1 to 120 characters.
            topic: What the video is about, 1 to 500 characters.
            system_prompt_id: The persona to talk with; empty for the default one.
            aspect: 16:9, 9:16 or 1:1.
            sources: Notes that the script must stick to, at most 8,000 characters.
        """
        changed = projects.update_project(
            self.studio,
            project_id,
            name=name,
            topic=topic,
            system_prompt_id=system_prompt_id,
            aspect=aspect,
            sources=sources,
        )
        return project_data(changed)

    @endpoint
    def delete_project(self, project_id: str) -> RemovedData:
        """Remove a project with its conversation, scenes and choices.

        Args:
            project_id: The project.
        """
        removal.remove_project(self.studio, project_id)
        return {"removed": project_id}

    @endpoint
    def generate_script(
        self,
        project_id: str,
        topic: str | None = None,
        scenes: int = 5,
        seconds: FiniteFloat = 45.0,
    ) -> Iterator[WrittenData]:
        """Have the script written; it replaces the scenes there are, except those that are locked.

        Streams the job, whose so_far has the scenes as they are written; the last value has the
        script.

        Args:
            project_id: The project.
            topic: What the video is about; the project's topic when left out.
            scenes: How many scenes.
            seconds: How long the video should be, about.
        """
        options = given(topic=topic, scenes=scenes, seconds=seconds, rewrite=True)
        job = self.jobs.start("write_script", project_id, options)
        for state in to_its_end(self, job):
            written = dict(state)
            if state["state"] == "done":
                written |= _scenes(script.get_script(self.studio, project_id))
            yield cast("WrittenData", written)

    @endpoint
    def get_script(self, project_id: str) -> ScenesData:
        """Give the script as its scenes in order.

        Args:
            project_id: The project.
        """
        return _scenes(script.get_script(self.studio, project_id))

    @endpoint
    def save_script(
        self, project_id: str, scenes: list[SceneInput], version: str | None = None
    ) -> ScenesData:
        """Save the whole script: order as given, ids kept where given, others removed.

        Args:
            project_id: The project.
            scenes: Each with text, and if wanted visual_query, objects (things to be seen, the
                most important first), scene_id, pause_seconds, voice_id, level_db, locked.
            version: The version of the script that was edited, as get_script gave it; then
                nothing is saved when somebody else has edited it since (EDITED_MEANWHILE).
        """
        drafts = [scene.draft() for scene in scenes]
        return _scenes(script.save_script(self.studio, project_id, drafts, seen=version))

    @endpoint
    def import_script(self, project_id: str, text: str, into: Into = "empty") -> ScenesData:
        """Make a text the script: paragraphs, markdown, a screenplay, or the JSON of get_script.

        Args:
            project_id: The project.
            text: What is to be read; stage directions, labels and markup are not spoken.
            into: empty, where a script that is there refuses it; replace, where it takes that
                one's place; or add, where its scenes come after those that are there.
        """
        return _scenes(script.bring_script(self.studio, project_id, text, into=into))

    @endpoint
    def rewrite_scene(self, project_id: str, scene_number: int, wish: str) -> SceneData:
        """Have one scene's words rewritten; its picture and clip stay.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            wish: shorter, longer, funnier, or what is wanted in own words.
        """
        work = script.rewrite_scene(self.studio, project_id, scene_number, wish)
        return cast("SceneData", scene_data(finish(work)))

    @endpoint
    def list_script_versions(self, project_id: str) -> ScriptVersionsData:
        """List the scripts that were kept when others took their place, the newest first.

        Args:
            project_id: The project.
        """
        return {"versions": plain(script.list_script_versions(self.studio, project_id))}

    @endpoint
    def restore_script(self, project_id: str, version_id: str) -> ScenesData:
        """Bring back a script that was kept; the one that is there is kept instead.

        Args:
            project_id: The project.
            version_id: The version, as list_script_versions names it.
        """
        return _scenes(script.restore_script(self.studio, project_id, version_id))

    @endpoint
    def update_scene(
        self,
        project_id: str,
        scene_number: int,
        level_db: FiniteFloat | None = None,
        pause_seconds: FiniteFloat | None = None,
    ) -> SceneData:
        """Change how a scene sounds, not what is said in it; what is left out stays.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            level_db: How much louder than the others its narration is, -24 to 12 dB.
            pause_seconds: Silence after its words, 0 to 10 seconds.
        """
        changed = projects.update_scene(
            self.studio,
            project_id,
            scene_number,
            level_db=level_db,
            pause_seconds=pause_seconds,
        )
        return cast("SceneData", scene_data(changed))


def project_data(view: ProjectView) -> ProjectData:
    """A project without the server's own paths."""
    look = {name: value for name, value in view.look.items() if name != "music"}
    scenes = [scene_data(scene) for scene in view.scenes]
    return cast("ProjectData", {**plain(view), "look": look, "scenes": scenes})


def _scenes(scenes: Any) -> ScenesData:
    return {
        "version": script.fingerprint(scenes),
        "scenes": [scene_data(scene) for scene in scenes],
    }


def scene_data(view: SceneView) -> Any:
    """A scene without the server's own path; ``/generate_voice`` gives the sound."""
    return {name: value for name, value in plain(view).items() if name != "audio_path"}
