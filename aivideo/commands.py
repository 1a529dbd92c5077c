"""What each command of the command line does; the door only parses and prints errors.

Progress goes to stderr; stdout gets the answer alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from aivideo import autopilot, clips, projects, script, voiceover
from aivideo.engines import weights
from aivideo.engines.speech import check_speed
from aivideo.errors import InvalidArgument, JobFailed
from aivideo.health import can_make_a_video, health_list
from aivideo.jobs import Jobs, JobView
from aivideo.progress import Progress, finish, within
from aivideo.script.form import lay_out
from aivideo.settings import Settings
from aivideo.studio import Studio, open_studio
from aivideo.workspace import ensure_writable, save_copy

AS_GIVEN: Final = (
    *("scenes", "seconds", "voice", "persona", "source", "aspect", "quality", "fps"),
    *("short_clip", "transition", "transition_seconds", "captions", "caption_style"),
    *("caption_font", "caption_size", "caption_colour", "caption_position"),
)
"""Options of ``make`` that are options of its job under the same name."""

BAR_WIDTH: Final = 24
"""Characters of the progress bar."""

Command = Callable[[Settings, argparse.Namespace], int]


def make(settings: Settings, chosen: argparse.Namespace) -> int:
    """Walk the whole road from a topic to an MP4, going on where an earlier run stopped."""
    if chosen.source:
        settings = settings.model_copy(update={"clip_source": chosen.source})
    options = _options(chosen)
    _check(chosen, options)
    with open_studio(settings) as studio, autopilot.open_desk(studio) as jobs:
        project_id = autopilot.unfinished(studio, _topic(chosen), options) or _new_project(
            studio, chosen
        )
        job = _work(jobs, jobs.start("make_video", project_id, options))
        answer = _deliver(job, chosen.out) | {"scenes": _scenes(studio, project_id)}
    _say(json.dumps(answer, ensure_ascii=False) if chosen.json else answer["video"])
    return 0


def fetch(settings: Settings, chosen: argparse.Namespace) -> int:
    """Bring the weights of the default engines, with progress."""
    with open_studio(settings) as studio:
        bar = _Bar()
        finish(within(studio.chat_model.prepare(), 0.0, 0.9, stage="language model"), bar.show)
        finish(within(studio.speaker.prepare(), 0.9, 1.0, stage="voice"), bar.show)
        if studio.meaning is not None:
            finish(within(studio.meaning.prepare(), 0.9, 1.0, stage="clips"), bar.show)
        if chosen.tests:
            tests = weights.fetch_all(weights.WHISPER, settings, studio.workspace)
            finish(within(tests, 0.0, 1.0, stage="listening"), bar.show)
        bar.end()
        _say(str(studio.workspace.folder("weights")))
    return 0


def check(settings: Settings, chosen: argparse.Namespace) -> int:
    """Say how each engine is and what mends it; 0 when a video can be made."""
    with open_studio(settings) as studio:
        healths = health_list(studio)
    if chosen.json:
        ok = can_make_a_video(healths)
        _say(json.dumps({"ok": ok, "health": [asdict(health) for health in healths]}))
    else:
        for health in healths:
            mark = "ok  " if health.works else "MISS" if health.needed else "note"
            untried = "" if health.tried else " (not tried)"
            _say(f"{mark}  {health.name}: {health.says}{untried}")
            if health.remedy:
                _say(f"      -> {health.remedy}")
    return 0 if can_make_a_video(healths) else 1


def list_projects(settings: Settings, chosen: argparse.Namespace) -> int:
    """List the projects, the one worked on last first."""
    with open_studio(settings) as studio:
        listed = projects.list_projects(studio)
    if chosen.json:
        _say(json.dumps([asdict(project) for project in listed], default=str))
    else:
        for project in listed:
            scenes = f"{project.chosen_count}/{project.scene_count} scenes"
            _say(f"{project.project_id}  {project.stage:<9} {scenes:<12} {project.name}")
    return 0


def serve(settings: Settings, chosen: argparse.Namespace) -> int:
    """Open the page and stay until it is interrupted."""
    from aivideo.ui import app

    with open_studio(settings) as studio, autopilot.open_desk(studio, revive=True) as jobs:
        clips.watch_footage(studio)
        app.launch(
            studio,
            jobs,
            host=chosen.host,
            port=chosen.port,
            share=chosen.share,
            key=chosen.key,
            open_browser=chosen.open,
            mcp=chosen.mcp,
            say=_say,
        )
    return 0


def _options(chosen: argparse.Namespace) -> dict[str, Any]:
    """The job's options: all that decides the video, so that a repeat is known by them."""
    return {
        **{name: getattr(chosen, name) for name in AS_GIVEN},
        **({} if chosen.speed is None else {"speed": chosen.speed}),
        "music": str(chosen.music.resolve()) if chosen.music else None,
        "script": _script_hash(chosen.script) if chosen.script else None,
    }


def _script_hash(path: Path) -> str:
    """Names a script by what is in it: an edited file is another script."""
    return hashlib.sha256(_read(path).encode()).hexdigest()


def _topic(chosen: argparse.Namespace) -> str:
    """What the video is about; with a script alone, what the file is called."""
    return chosen.topic or (chosen.script.stem if chosen.script else "")


def _new_project(studio: Studio, chosen: argparse.Namespace) -> str:
    """A project with everything that the command line decides already in it."""
    brought = _read(chosen.script) if chosen.script else None
    if brought is not None:
        script.check_limits(script.scenes_of(brought))
    if chosen.voice:
        voiceover.check_voice(studio, chosen.voice)
    project_id = projects.create_project(
        studio, topic=_topic(chosen), aspect=chosen.aspect, system_prompt_id=chosen.persona
    ).project_id
    voiceover.choose_voice(studio, project_id, chosen.voice or None, speed=chosen.speed)
    if brought is not None:
        script.bring_script(studio, project_id, brought)
    return project_id


def _read(path: Path) -> str:
    """The text of a script's file, as the page reads it."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InvalidArgument(
            f"{path} cannot be read. Name a file with a script: txt, md, docx or JSON.",
            detail=str(problem),
        ) from problem
    return script.text_of_file(path.name, data)


def _check(chosen: argparse.Namespace, options: Mapping[str, Any]) -> None:
    """Refuse what cannot work before anything is opened, let alone made."""
    if chosen.script is None:
        lay_out(chosen.scenes, chosen.seconds)
    autopilot.look_from(options, aspect=chosen.aspect)
    if chosen.speed is not None:
        check_speed(chosen.speed)
    if chosen.out is not None:
        if chosen.out.is_dir():
            raise InvalidArgument(f"{chosen.out} is a folder. Name the video file in it.")
        ensure_writable(chosen.out.parent)


def _work(jobs: Jobs, job: JobView) -> JobView:
    """Watch the job to its end; an interrupt stops it before it is passed on."""
    bar = _Bar()
    try:
        for view in jobs.watch(job.job_id):
            bar.show(Progress(view.progress, view.message, view.stage), view.eta_seconds)
            job = view
    except BaseException:
        jobs.cancel(job.job_id)
        jobs.runner.rest()
        raise
    finally:
        bar.end()
    if job.error:
        raise JobFailed(job.error["code"], job.error["message"])
    if job.result is None:
        raise KeyboardInterrupt
    return job


def _scenes(studio: Studio, project_id: str) -> list[dict[str, Any]]:
    scenes = projects.open_project(studio, project_id).scenes
    return [asdict(scene) for scene in scenes]


def _deliver(job: JobView, out: Path | None) -> dict[str, Any]:
    """Copy the finished files to where they were asked for; the answer names them there."""
    answer = {"project_id": job.project_id, **(job.result or {})}
    if out is None:
        return answer
    captions = dict(answer["captions"])
    beside = {
        "thumbnail": out.with_suffix(".jpg"),
        "credits": out.with_name(f"{out.stem}.credits.txt"),
    }
    for name, target in beside.items():
        save_copy(Path(answer[name]), target)
        answer[name] = str(target)
    for name, source in captions.items():
        save_copy(Path(source), out.with_suffix(f".{name}"))
        captions[name] = str(out.with_suffix(f".{name}"))
    save_copy(Path(answer["video"]), out)
    return {**answer, "video": str(out), "captions": captions}


class _Bar:
    """Progress on stderr: one line that is written over; where it is no terminal, few lines."""

    def __init__(self) -> None:
        self._last = ("", -1)

    def show(self, progress: Progress, eta_seconds: float | None = None) -> None:
        """Show how far it is, and about how long the rest takes."""
        filled = round(progress.fraction * BAR_WIDTH)
        left = f", about {eta_seconds:.0f} s left" if eta_seconds else ""
        line = (
            f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {progress.fraction:4.0%} "
            f"{progress.stage}: {progress.message}{left}"
        )
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[2K{line[: shutil.get_terminal_size().columns - 1]}")
        elif self._last != (progress.stage, filled):
            sys.stderr.write(f"{line}\n")
            self._last = (progress.stage, filled)
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line, so that what follows stands below it."""
        if sys.stderr.isatty():
            sys.stderr.write("\n")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


COMMANDS: Final[Mapping[str | None, Command]] = {
    None: serve,
    "make": make,
    "fetch": fetch,
    "check": check,
    "projects": list_projects,
}
