"""Each engine's own word on how it is, in one list."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from aivideo.errors import AIVideoError, Health
from aivideo.studio import Studio

ROOM_FOR_A_VIDEO: Final = 3_000_000_000
"""Bytes: the weights (1.3 GB) while they are put together, and one video with its parts."""


def health_list(studio: Studio) -> list[Health]:
    """How everything is that a video needs, and what could be better; a few seconds at most."""
    checks: list[Callable[[], Health]] = [
        lambda: _chosen(studio),
        studio.speaker.check,
        studio.ffmpeg.check,
        studio.encoder.check,
        *(finder.check for finder in studio.finders.values()),
        *([studio.meaning.check] if studio.meaning else []),
    ]
    return [*map(_ask, checks), *_storage(studio)]


def can_make_a_video(healths: list[Health]) -> bool:
    """Whether nothing that is needed is missing."""
    return all(health.works for health in healths if health.needed)


def _chosen(studio: Studio) -> Health:
    """The language model's word; where a setting chose it, that no other one is asked."""
    health, provider = studio.chat_model.check(), studio.settings.llm_provider
    if provider == "auto":
        return health
    return replace(health, says=f"{health.says} It alone is asked: LLM_PROVIDER is {provider}.")


def _ask(check: Callable[[], Health]) -> Health:
    try:
        return check()
    except AIVideoError as failure:
        return Health("Engine", works=False, says=failure.message, needed=True)


def _storage(studio: Studio) -> Iterator[Health]:
    free = shutil.disk_usage(studio.workspace.root).free
    enough = free >= ROOM_FOR_A_VIDEO
    yield Health(
        "Disk",
        works=enough,
        says=f"{free / 1e9:.1f} GB are free at {studio.workspace.root}.",
        remedy=(
            ""
            if enough
            else "Free some space or set CACHE_DIR to another disk: weights and a video need "
            f"about {ROOM_FOR_A_VIDEO / 1e9:.0f} GB."
        ),
        needed=False,
    )
    yield Health("Database", works=True, says=f"{studio.store.path} answers.", needed=True)
