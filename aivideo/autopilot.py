"""The five stages in a row, from one sentence; and the kinds of long work there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from aivideo import clips, projects, quicklook, render, script, voiceover
from aivideo.captions import Style
from aivideo.export import block_of
from aivideo.jobs import Jobs, open_jobs
from aivideo.progress import Work, within
from aivideo.render import Look
from aivideo.store import LOCAL_OWNER, Job, Project
from aivideo.studio import Studio
from aivideo.workflow import Kinds, Stage

Options = Mapping[str, Any]

DEFAULT_SCENES: Final = 5
DEFAULT_SECONDS: Final = 45.0


def write(studio: Studio, project_id: str, options: Options) -> Work[dict[str, Any]]:
    """Have the script written, unless the project has one and a new one was not asked for."""
    project = projects.open_project(studio, project_id)
    if project.scenes and not options.get("rewrite"):
        return {"scenes": len(project.scenes)}
    scenes = yield from script.write_script(
        studio,
        project_id,
        topic=options.get("topic"),
        scenes=options.get("scenes", DEFAULT_SCENES),
        seconds=options.get("seconds", DEFAULT_SECONDS),
    )
    return {"scenes": len(scenes)}


def rewrite(studio: Studio, project_id: str, options: Options) -> Work[dict[str, Any]]:
    """Have one scene's words rewritten as somebody wishes."""
    number = options["scene_number"]
    yield from script.rewrite_scene(studio, project_id, number, options["wish"])
    return {"scene_number": number}


def speak(studio: Studio, project_id: str, options: Options) -> Work[dict[str, Any]]:
    """Speak the scenes that are not spoken as they stand, or the one that is named."""
    spoken = yield from voiceover.speak_scenes(
        studio, project_id, scene_number=options.get("scene_number")
    )
    return {
        "narrations": [
            {
                "scene_number": narration.scene_number,
                "audio": str(narration.path),
                "duration": narration.duration_seconds,
                "words": [asdict(word) for word in narration.words],
            }
            for narration in spoken
        ]
    }


def choose(studio: Studio, project_id: str, _options: Options) -> Work[dict[str, Any]]:
    """Choose the best clip for every scene that has none."""
    yield from within(clips.get_ready(studio), 0.0, 0.3)
    chosen = yield from within(clips.choose_best(studio, project_id), 0.3, 1.0)
    return {"chosen": chosen}


def fetch(studio: Studio, project_id: str, options: Options) -> Work[dict[str, Any]]:
    """Bring one scene's clip to this machine."""
    path = yield from clips.fetch(
        studio,
        project_id,
        options["scene_number"],
        else_next=bool(options.get("else_next")),
    )
    return {"file": str(path)}


def assemble(studio: Studio, project_id: str, options: Options) -> Work[dict[str, Any]]:
    """Render the project; the value is the finished video as endpoints give it."""
    look = look_of(studio, project_id, options)
    video = yield from render.render_project(studio, project_id, look)
    return {
        "video": str(video.path),
        "thumbnail": str(video.thumbnail),
        "captions": {"srt": str(video.srt), "vtt": str(video.vtt), "ass": str(video.ass)},
        "credits": str(video.credits),
        "credits_block": block_of(video.credits.read_text("utf-8")),
        "duration": video.duration_seconds,
        "file_size": video.file_size_bytes,
    }


def preview(studio: Studio, project_id: str, options: Options) -> Work[dict[str, Any]]:
    """Make what the quick look of a project lacks."""
    made = yield from quicklook.prepare(
        studio, project_id, lambda: look_of(studio, project_id, options)
    )
    return {"made": made}


_WRITE: Final = Stage("script", 20, write)
_SPEAK: Final = Stage("voice", 25, speak)
_CHOOSE: Final = Stage("clips", 5, choose)
_RENDER: Final = Stage("render", 50, assemble)

KINDS: Final[Kinds] = {
    "write_script": (_WRITE,),
    "rewrite_scene": (Stage("script", 1, rewrite),),
    "speak": (_SPEAK,),
    "fetch_clip": (Stage("clips", 1, fetch),),
    "assemble": (_SPEAK, _RENDER),
    "make_video": (_WRITE, _SPEAK, _CHOOSE, _RENDER),
    "preview": (Stage("preview", 1, preview, background=True),),
}


STYLE_OPTIONS: Final = {
    "caption_style": "preset",
    "caption_font": "font",
    "caption_size": "size",
    "caption_colour": "colour",
    "caption_position": "position",
}
"""What the options call the parts of a caption style."""


@contextmanager
def open_desk(studio: Studio, *, revive: bool = False) -> Iterator[Jobs]:
    """The desk for every kind of long work; see ``jobs.open_jobs``."""
    with open_jobs(studio, KINDS, revive=revive) as jobs:
        yield jobs


def look_of(studio: Studio, project_id: str, options: Options | None = None) -> Look:
    """A project's look as it was chosen, with these options before what was chosen.

    Raises:
        NotFound: There is no such project.
        InvalidArgument: A value is none of those allowed.
    """
    project = projects.open_project(studio, project_id)
    return look_from({**project.look, **(options or {})}, aspect=project.aspect)


def look_from(options: Options, *, aspect: str) -> Look:
    """The look that a job's options ask for; what they leave out stays at its default.

    Raises:
        InvalidArgument: A value is none of those allowed.
    """
    given = {name: value for name, value in options.items() if value is not None}
    known = {field.name for field in fields(Look)} - {"aspect", "style"}
    chosen = {name: given[name] for name in known & given.keys()}
    if "music" in chosen:
        chosen["music"] = Path(chosen["music"])
    style = {part: given[name] for name, part in STYLE_OPTIONS.items() if name in given}
    return Look(aspect=aspect, style=Style(**style), **chosen)


def unfinished(studio: Studio, topic: str, options: Options) -> str | None:
    """The project that an earlier, interrupted command with the same words left, if any.

    Repeating a command then goes on with it, and nothing that was finished is done twice. A
    preview is of the same project as the video that the same words make without it.
    """
    with studio.store.session() as session:
        rows = session.execute(
            select(Job.project_id, Job.options)
            .join(Project, Project.id == Job.project_id)
            .where(Job.owner_id == LOCAL_OWNER, Job.kind == "make_video")
            .where(Project.topic == topic.strip())
            .order_by(Job.created_at.desc())
        ).all()
    preview = options.get("quality") == "preview"
    for project_id, before in rows:
        made = render.latest_video(studio, project_id, preview=preview)
        if made is None and _same(before, options):
            return str(project_id)
    return None


def _same(before: Options, now: Options) -> bool:
    """Whether two commands ask for the same video, one of them maybe for a preview of it."""
    beside = {"quality"} if "preview" in {before.get("quality"), now.get("quality")} else set()
    one, other = ({k: v for k, v in each.items() if k not in beside} for each in (before, now))
    return one == other
