"""The named endpoints: everything that a page can do, for programs.

One typed function each, one envelope for all; ``api_endpoint`` says what makes a function an
endpoint, ``api_types`` what goes in and out. Documentation and tools are made from the hints
and docstrings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aivideo.api_clips import ClipEndpoints
from aivideo.api_jobs import JobEndpoints
from aivideo.api_making import MakingEndpoints
from aivideo.api_models import ModelEndpoints
from aivideo.api_projects import ProjectEndpoints
from aivideo.api_talk import TalkEndpoints
from aivideo.api_video import VideoEndpoints


class Endpoints(
    ProjectEndpoints,
    TalkEndpoints,
    MakingEndpoints,
    ClipEndpoints,
    VideoEndpoints,
    JobEndpoints,
    ModelEndpoints,
):
    """Everything that programs can do."""


ENDPOINTS: Final[tuple[Callable[..., Any], ...]] = (
    Endpoints.health,
    Endpoints.create_project,
    Endpoints.list_projects,
    Endpoints.get_project,
    Endpoints.update_project,
    Endpoints.delete_project,
    Endpoints.list_system_prompts,
    Endpoints.create_system_prompt,
    Endpoints.update_system_prompt,
    Endpoints.delete_system_prompt,
    Endpoints.restore_system_prompt,
    Endpoints.preview_system_prompt,
    Endpoints.chat,
    Endpoints.retry_message,
    Endpoints.undo_message,
    Endpoints.list_messages,
    Endpoints.suggest_topic,
    Endpoints.generate_script,
    Endpoints.get_script,
    Endpoints.save_script,
    Endpoints.import_script,
    Endpoints.rewrite_scene,
    Endpoints.list_script_versions,
    Endpoints.restore_script,
    Endpoints.update_scene,
    Endpoints.list_voices,
    Endpoints.preview_voice,
    Endpoints.select_voice,
    Endpoints.get_pronunciations,
    Endpoints.set_pronunciations,
    Endpoints.generate_voice,
    Endpoints.upload_narration,
    Endpoints.remove_narration,
    Endpoints.list_clip_sources,
    Endpoints.give_consent,
    Endpoints.withdraw_consent,
    Endpoints.search_clips,
    Endpoints.upload_clip,
    Endpoints.preview_clip,
    Endpoints.select_clip,
    Endpoints.confirm_clip,
    Endpoints.use_another_part,
    Endpoints.clip_filmstrip,
    Endpoints.download_clip,
    Endpoints.select_look,
    Endpoints.preview_cut,
    Endpoints.plan_video,
    Endpoints.assemble,
    Endpoints.make_video,
    Endpoints.list_jobs,
    Endpoints.get_job,
    Endpoints.watch_job,
    Endpoints.cancel_job,
    Endpoints.pull_model,
)
"""In the order in which README lists them."""
