"""The named endpoints: everything that a page can do, for programs.

One typed function each, one envelope for all; ``api_endpoint`` says what makes a function an
endpoint, ``api_types`` what goes in and out. Documentation and tools are made from the hints
and docstrings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aivideo.api_making import MakingEndpoints
from aivideo.api_projects import ProjectEndpoints


class Endpoints(ProjectEndpoints, MakingEndpoints):
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
    Endpoints.chat,
    Endpoints.list_messages,
    Endpoints.generate_script,
    Endpoints.get_script,
    Endpoints.save_script,
    Endpoints.list_voices,
    Endpoints.preview_voice,
    Endpoints.select_voice,
    Endpoints.generate_voice,
    Endpoints.search_clips,
    Endpoints.select_clip,
    Endpoints.download_clip,
    Endpoints.assemble,
    Endpoints.make_video,
    Endpoints.list_jobs,
    Endpoints.get_job,
    Endpoints.watch_job,
    Endpoints.cancel_job,
)
"""In the order in which README lists them."""
