"""Endpoints of a project: itself, its personas, its conversation, its script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

from pydantic import FiniteFloat

from aivideo import conversation, projects, script
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_types import (
    HealthsData,
    MessagesData,
    ProjectData,
    ProjectsData,
    PromptData,
    PromptsData,
    RemovedData,
    ReplyData,
    SceneData,
    SceneInput,
    ScenesData,
    plain,
)
from aivideo.conversation import PersonaView
from aivideo.health import can_make_a_video, health_list
from aivideo.progress import finish
from aivideo.projects import ProjectView, SceneView
from aivideo.store import now


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
    def update_project(
        self,
        project_id: str,
        name: str | None = None,
        topic: str | None = None,
        system_prompt_id: str | None = None,
        aspect: str | None = None,
    ) -> ProjectData:
        """Change what is given of a project; the rest stays.

        Args:
            project_id: The project.
            name: What to call it, 1 to 120 characters.
            topic: What the video is about, 1 to 500 characters.
            system_prompt_id: The persona to talk with.
            aspect: 16:9, 9:16 or 1:1.
        """
        changed = projects.update_project(
            self.studio,
            project_id,
            name=name,
            topic=topic,
            system_prompt_id=system_prompt_id,
            aspect=aspect,
        )
        return project_data(changed)

    @endpoint
    def delete_project(self, project_id: str) -> RemovedData:
        """Remove a project with its conversation, scenes and choices.

        Args:
            project_id: The project.
        """
        projects.remove_project(self.studio, project_id)
        return {"removed": project_id}

    @endpoint
    def list_system_prompts(self) -> PromptsData:
        """List the personas that can be talked with."""
        return {
            "system_prompts": [_prompt(each) for each in conversation.list_personas(self.studio)]
        }

    @endpoint
    def create_system_prompt(self, name: str, prompt: str) -> PromptData:
        """Add a persona.

        Args:
            name: What to call it.
            prompt: What the model is told about how to talk.
        """
        return _prompt(conversation.create_persona(self.studio, name, prompt))

    @endpoint
    def update_system_prompt(
        self, system_prompt_id: str, name: str | None = None, prompt: str | None = None
    ) -> PromptData:
        """Change a persona's name or prompt.

        Args:
            system_prompt_id: The persona.
            name: What to call it.
            prompt: What the model is told about how to talk.
        """
        return _prompt(
            conversation.update_persona(self.studio, system_prompt_id, name=name, prompt=prompt)
        )

    @endpoint
    def delete_system_prompt(self, system_prompt_id: str) -> RemovedData:
        """Remove a persona that is no preset.

        Args:
            system_prompt_id: The persona.
        """
        conversation.remove_persona(self.studio, system_prompt_id)
        return {"removed": system_prompt_id}

    @endpoint
    def chat(
        self, project_id: str, message: str, system_prompt_id: str | None = None
    ) -> Iterator[ReplyData]:
        """Talk about the idea; the answer streams, each value holding all that was said so far.

        Args:
            project_id: The project.
            message: What to say.
            system_prompt_id: The persona that answers; the project's own when left out.
        """
        replies = conversation.talk(self.studio, project_id, message, persona_id=system_prompt_id)
        with closing(replies):
            for reply in replies:
                yield {
                    "message_id": reply.message_id,
                    "response": reply.text,
                    "notice": reply.notice,
                    "done": reply.done,
                    "timestamp": now().isoformat(),
                }

    @endpoint
    def list_messages(self, project_id: str) -> MessagesData:
        """Give the conversation of a project, oldest first.

        Args:
            project_id: The project.
        """
        return {"messages": plain(conversation.list_messages(self.studio, project_id))}

    @endpoint
    def generate_script(
        self,
        project_id: str,
        topic: str | None = None,
        scenes: int = 5,
        seconds: FiniteFloat = 45.0,
    ) -> ScenesData:
        """Have the script written; it replaces the scenes there are.

        Args:
            project_id: The project.
            topic: What the video is about; the project's topic when left out.
            scenes: How many scenes.
            seconds: How long the video should be, about.
        """
        work = script.write_script(
            self.studio, project_id, topic=topic, scenes=scenes, seconds=seconds
        )
        return _scenes(finish(work))

    @endpoint
    def get_script(self, project_id: str) -> ScenesData:
        """Give the script as its scenes in order.

        Args:
            project_id: The project.
        """
        return _scenes(script.get_script(self.studio, project_id))

    @endpoint
    def save_script(self, project_id: str, scenes: list[SceneInput]) -> ScenesData:
        """Save the whole script: order as given, ids kept where given, others removed.

        Args:
            project_id: The project.
            scenes: Each with text, and if wanted visual_query, scene_id, pause_seconds, voice_id,
                level_db.
        """
        drafts = [scene.draft() for scene in scenes]
        return _scenes(script.save_script(self.studio, project_id, drafts))

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
        return cast("SceneData", _scene(changed))


def project_data(view: ProjectView) -> ProjectData:
    """A project without the server's own paths."""
    look = {name: value for name, value in view.look.items() if name != "music"}
    return cast("ProjectData", {**plain(view), "look": look, **_scenes(view.scenes)})


def _scenes(scenes: Any) -> ScenesData:
    return {"scenes": [_scene(scene) for scene in scenes]}


def _scene(view: SceneView) -> Any:
    """A scene without the server's own path; ``/generate_voice`` gives the sound."""
    return {name: value for name, value in plain(view).items() if name != "audio_path"}


def _prompt(view: PersonaView) -> PromptData:
    return {
        "id": view.persona_id,
        "name": view.name,
        "prompt": view.prompt,
        "description": view.description,
        "is_preset": view.is_preset,
        "is_default": view.is_default,
    }
