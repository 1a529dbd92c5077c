"""Proxies: small mute films for looking at in a browser, as ffmpeg arguments. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

RECIPE: Final = 1
"""Grows with every change that alters proxies."""

GROUP: Final = 15
"""Frames between two key frames: half a second, so that a browser finds any place at once."""


# fmt: off
def proxy_arguments(source: Sequence[str], graph: str, frames: int) -> list[str]:
    """A scene's frames as a file that every browser plays, from its first byte on.

    Speed comes before size: it is looked at a few times on this machine. One thread, since
    whoever chooses clips meanwhile comes first.

    Args:
        source: The inputs.
        graph: From the inputs to the frames; what it calls ``[film]`` is encoded.
        frames: How many there are.
    """
    return [
        "-loglevel", "error",
        *source,
        "-filter_complex_threads", "1",
        "-filter_complex", graph,
        "-map", "[film]",
        "-an", "-sn", "-dn",
        "-frames:v", str(frames),
        "-c:v", "libx264",
        "-preset", "ultrafast",
        "-crf", "27",
        "-profile:v", "baseline",
        "-pix_fmt", "yuv420p",
        "-g", str(GROUP),
        "-threads", "1",
        "-fps_mode", "passthrough",
        "-map_metadata", "-1",
        "-movflags", "+faststart",
        "-f", "mp4",
    ]
# fmt: on
