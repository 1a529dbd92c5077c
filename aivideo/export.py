"""What goes with a video: who made what is in it, and under which licence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from aivideo.shots import ChosenClip, Shot

REUSABLE: Final = re.compile(
    r"own|cc0|cc[ -]by(?:[ -]sa)?(?:[ -]\d.*)?|creative ?commons attribution.*|public domain.*"
    r"|mit|apache.*|pexels.*|pixabay.*|unsplash.*",
    re.IGNORECASE,
)
"""Licences that allow a picture to be cut, combined and published, at most with credit."""

VOICE: Final = "Kokoro-82M by hexgrad, https://huggingface.co/hexgrad/Kokoro-82M (Apache-2.0)"
ICONS: Final = (
    "Fluent Emoji by Microsoft, https://github.com/microsoft/fluentui-emoji (MIT); "
    "drawn by AI Video Generator"
)


def credits_text(name: str, shots: Sequence[Shot], fps: int, music: Path | None = None) -> str:
    """The credits of a video: the pictures scene by scene, the voices, the music.

    Args:
        name: What the video is called.
        shots: Its scenes in order.
        fps: Its frames a second.
        music: The file under the narration, if any.
    """
    voices = sorted({shot.voice_id for shot in shots})
    lines = [name, "", "Pictures"]
    for shot in shots:
        lines += _picture(shot, fps)
    lines += ["", "Voice", f"  {VOICE}, {', '.join(voices)}"]
    if music is not None:
        lines += ["", "Music", f"  {music.name}, chosen by the maker of this video"]
    if any(not may_be_reused(shot.clip) for shot in shots):
        lines += ["", "[!] This licence is not known to allow publishing the picture in a video."]
        lines += ["    Ask its author, or choose another clip."]
    return "\n".join(lines) + "\n"


def may_be_reused(clip: ChosenClip) -> bool:
    """Whether a clip's licence allows it to be published in a video."""
    return clip.kind == "illustration" or REUSABLE.fullmatch(clip.licence.strip()) is not None


def _picture(shot: Shot, fps: int) -> Iterator[str]:
    """Where a scene's picture is in the video and in its source, and whose it is."""
    clip, seconds = shot.clip, shot.frames / fps
    start = shot.first_frame / fps
    yield f"  {_clock(start)}-{_clock(start + seconds)}  Scene {shot.number}: {_whose(clip)}"
    if clip.kind == "illustration":
        return
    mark = "" if may_be_reused(clip) else "[!] "
    licence = " ".join(filter(None, [clip.licence or "unknown", clip.licence_url]))
    yield f"      {mark}Licence: {licence}"
    if clip.url:
        yield f"      Source: {clip.url}"
    used = f"{_clock(clip.start_seconds)}-{_clock(clip.start_seconds + seconds)}"
    part = f"Used: {used}; " if clip.kind == "video" else ""
    when = f"{clip.retrieved_at:%Y-%m-%d %H:%M} UTC" if clip.retrieved_at else "unknown"
    yield f"      {part}Retrieved: {when}"


def _whose(clip: ChosenClip) -> str:
    if clip.kind == "illustration":
        return f'"{clip.title}", icons: {ICONS}'
    if clip.licence == "own":
        return f'"{clip.title}", own footage'
    author = " ".join(filter(None, [clip.author or "unknown author", clip.author_url]))
    return f'"{clip.title}" by {author} ({clip.source})'


def _clock(seconds: float) -> str:
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
