"""Join: parts and sound copied into one file, looked over, published in one step."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aivideo.engines.ffmpeg import concat_list, frames_of, join_arguments
from aivideo.engines.inspection import complaints_about, headers_of
from aivideo.errors import VideoBroken
from aivideo.progress import Progress, Work
from aivideo.render.segments import Segment
from aivideo.shots import Look, ProjectFacts
from aivideo.studio import Studio


def video_name(studio: Studio, project: ProjectFacts, look: Look) -> Path:
    """Where the finished video of a project in this shape lies; a new render takes its place.

    A preview lies beside the video and takes its place never.
    """
    shape = "" if look.aspect == "16:9" else f"-{look.aspect.replace(':', 'x')}"
    kind = "-preview" if look.quality == "preview" else ""
    return studio.workspace.output / f"{slug(project.name)}-{project.id[:8]}{shape}{kind}.mp4"


def slug(name: str) -> str:
    """A name as a short file name that is safe everywhere: letters of any script and digits."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = re.sub(r"[^\w]+", "-", plain).strip("-_")
    return words.encode()[:60].decode("utf-8", "ignore").strip("-_") or "video"


def unlike(parts: Sequence[Path]) -> list[Path]:
    """The parts whose headers differ from those of most: copied behind others they do not play."""
    headers = {part: headers_of(part) for part in parts}
    usual, _ = Counter(headers.values()).most_common(1)[0]
    return [part for part, said in headers.items() if said != usual]


def join(
    studio: Studio,
    segments: Sequence[Segment],
    parts: Sequence[Path],
    sound: Path,
    *,
    look: Look,
    target: Path,
) -> Work[None]:
    """Copy parts and sound into the finished video; the one before stays until it is right.

    Raises:
        VideoBroken: It is not what was planned; its parts are removed, to be made anew.
        DiskFull: There is no room.
    """
    frames = sum(segment.frames for segment in segments)
    with studio.workspace.draft(target) as draft:
        listed = draft.with_suffix(".parts.txt")
        try:
            lengths = [(part, each.frames) for part, each in zip(parts, segments, strict=True)]
            listed.write_text(concat_list(lengths, look.fps), encoding="utf-8")
            yield from studio.ffmpeg.run(
                join_arguments(listed, sound, look.canvas, frames),
                draft,
                read_line=frames_of(frames, "Joining the scenes"),
            )
        finally:
            listed.unlink(missing_ok=True)
        yield Progress(1.0, "Looking the video over")
        complaints = complaints_about(draft, look.canvas, frames)
        if unlike(parts):
            complaints.append("its parts are not of one kind")
        if complaints:
            for piece in (*parts, sound):
                piece.unlink(missing_ok=True)
            raise VideoBroken("; ".join(complaints))
