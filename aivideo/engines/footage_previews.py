"""A few seconds of a clip, small and mute, for looking at in a page: ffmpeg arguments. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aivideo.engines import filters, proxies
from aivideo.engines.ffmpeg import clip_input
from aivideo.engines.filters import Canvas
from aivideo.engines.media import MediaInfo

LONGER_SIDE: Final = 480
FPS: Final = 24
SECONDS: Final = 6.0
OPENING: Final = 0.1
"""The share of a clip that is skipped: titles, black, a hand at the camera."""

PREVIEW: Final = (filters.RECIPE, proxies.RECIPE, LONGER_SIDE, FPS, SECONDS, OPENING, 1)
"""What decides how a preview looks; the last number grows with every other change."""


def preview_arguments(path: Path, info: MediaInfo) -> tuple[int, list[str]]:
    """How many frames a video's preview has, and how it is made; upright, in ordinary colours."""
    start = OPENING * info.duration_seconds
    seconds = min(SECONDS, info.duration_seconds - start)
    frames = max(1, int(seconds * FPS))
    box = Canvas(LONGER_SIDE, LONGER_SIDE, FPS)
    canvas = Canvas(*filters.inside(info.width, info.height, box), FPS)
    source = clip_input(path, start=start if info.seekable else 0.0, seconds=start + seconds + 1)
    skipped = 0.0 if info.seekable else start
    chain = filters.clip_chain(info, canvas, frames, skip_seconds=skipped)
    return frames, proxies.proxy_arguments(source, f"[0:V:0]{chain}[film]", frames)
