"""Ways of making the same cut: ours, one process with one graph, and the parts of the floor.

Run by ``bench_render.py`` as a process of its own: ``python ways.py JOB.json`` prints costs as
JSON. Importing and setting up is not part of what is measured, in any of the ways.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from cut import change_clip, draw_instead, make_project, studio_in
from goals import AGAIN, ALL_DRAWN, CAPTIONED, CHANGED, DECODE, FULL, GRAPH, LIMIT, OURS
from measuring import Cost, added, call, measured, run
from scenes import SceneOf

from aivideo.engines.drawing.recipe import Recipe
from aivideo.engines.encoders import film_arguments
from aivideo.engines.ffmpeg import ENCODINGS, QUIET, in_name
from aivideo.engines.filters import TAGS
from aivideo.progress import finish
from aivideo.render import render_project
from aivideo.render.takes import Take, take
from aivideo.shots import Look, Shot, plan
from aivideo.studio import Studio

Command = list[str | Path]

DRAWN: Final = (
    Recipe("hero", "slate", 1, icons=("star",)),
    Recipe("trio", "slate", 2, icons=("star", "rocket", "star"), labels=("one", "two", "three")),
    Recipe("landscape", "slate", 3, icons=("star",)),
    Recipe("quote", "slate", 4, text="Nobody asked them"),
    Recipe("network", "slate", 5, icons=("star",)),
)
"""Drawn scenes of the kinds that are chosen most."""


def ours(studio: Studio, project: str, look: Look) -> Cost:
    """The real render, with whatever is in the cache."""
    cost, video = measured(lambda: finish(render_project(studio, project, look)))
    return _sized(cost, video.path)


def drawn(studio: Studio, project: str, look: Look) -> Cost:
    """The real render of the same cut with a drawn picture in place of every clip."""
    draw_instead(studio, project, DRAWN)
    return ours(studio, project, look)


def less(studio: Studio, project: str, look: Look, *, index: int, clip: Path) -> dict[str, Cost]:
    """The real render from nothing; with only the video gone; with one clip changed."""
    costs = {FULL: ours(studio, project, look)}
    for video in studio.workspace.output.glob("*.mp4"):
        video.unlink()
    costs[AGAIN] = ours(studio, project, look)
    change_clip(studio, project, index, clip)
    costs[CHANGED] = ours(studio, project, look)
    return costs


def floor(studio: Studio, project: str, look: Look, folder: Path) -> dict[str, Cost]:
    """Decoding and filtering alone, then encoding alone, as many at once as the render does."""
    ffmpeg, at_once = studio.ffmpeg.path, studio.settings.at_once
    shots = plan(studio, project, look)[1]
    decodes: list[Command] = [
        [ffmpeg, *QUIET, *_frames_of(shot, look), "-f", "null", "-"] for shot in shots
    ]
    decoding = _side_by_side(decodes, at_once)
    encoding = []
    # A few at a time: a minute of raw frames is six gigabytes.
    for first in range(0, len(shots), at_once):
        raws = [(shot, folder / f"{shot.number}.raw") for shot in shots[first : first + at_once]]
        for shot, raw in raws:
            call([ffmpeg, *QUIET, *_frames_of(shot, look), "-f", "rawvideo", in_name(raw)])
        encoding.append(_encoded(ffmpeg, raws, look, at_once))
        for _, raw in raws:
            raw.unlink()
    return {DECODE: decoding, LIMIT: added(encoding)}


def presets(studio: Studio, project: str, look: Look, folder: Path) -> dict[str, Cost]:
    """Encoding alone at each quality, all at the same size; walls are per megapixel-frame in s."""
    ffmpeg = studio.ffmpeg.path
    shots = plan(studio, project, look)[1]
    raws = [(shot, folder / f"{shot.number}.raw") for shot in shots]
    for shot, raw in raws:
        call([ffmpeg, *QUIET, *_frames_of(shot, look), "-f", "rawvideo", in_name(raw)])
    pixels = sum(s.frames for s in shots) * look.canvas.width * look.canvas.height / 1e6
    found = {}
    for quality, encoding in ENCODINGS.items():
        cost = _encoded(ffmpeg, raws, look, 1, preset=(encoding.preset, encoding.crf))
        found[f"{quality}: {encoding.preset}, crf {encoding.crf}"] = replace(
            cost, wall=cost.wall / pixels, cpu=cost.cpu / pixels
        )
    return found


def one_graph(studio: Studio, project: str, look: Look, target: Path) -> Cost:
    """One ffmpeg, one graph over all clips and narrations, one encode by all cores."""
    shots = plan(studio, project, look)[1]
    inputs: list[str] = []
    graph, joined, number = [], "", 0
    for index, shot in enumerate(shots):
        made = _take(shot, look)
        inputs += made.arguments
        graph += [
            made.graph(f"p{index}", look.canvas, number),
            f"[p{index}]setpts=N/{look.fps}/TB[v{index}]",
        ]
        number += made.inputs
    for index, shot in enumerate(shots):
        samples = shot.frames * 48_000 // look.fps
        inputs += ["-f", "wav", "-i", in_name(shot.narration)]
        graph.append(
            f"[{number + index}:a]aresample=48000,aformat=channel_layouts=stereo,"
            f"apad=whole_len={samples},atrim=end_sample={samples}[a{index}]"
        )
        joined += f"[v{index}][a{index}]"
    graph.append(f"{joined}concat=n={len(shots)}:v=1:a=1[film][said]")
    graph.append("[said]loudnorm=I=-14:TP=-1.5:LRA=11,aresample=48000[sound]")
    frames = sum(shot.frames for shot in shots)
    film = film_arguments(inputs, ";".join(graph), frames, look.canvas, look.encoding, threads=0)
    film.remove("-an")
    sound = ["-map", "[sound]", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart"]
    return _sized(run([studio.ffmpeg.path, *QUIET, *film, *sound, in_name(target)]), target)


def frames(studio: Studio, project: str, look: Look) -> dict[str, Cost]:
    """What a frame costs before it is encoded, by kind of scene; times are per frame."""
    shots = plan(studio, project, look)[1]
    takes = {Path(shot.clip.path or "").name: take(shot, look, shot.clip.path) for shot in shots}
    count = shots[0].frames
    for recipe in DRAWN:
        clip = replace(shots[0].clip, kind="illustration", recipe=recipe.as_json(), path=None)
        takes[f"drawn: {recipe.layout}"] = take(replace(shots[0], clip=clip), look, None)
    found = {}
    for name, made in takes.items():
        cost, _ = measured(lambda made=made: finish(_thrown_away(studio, made, look)))  # type: ignore[misc] # a loop's value, bound now
        found[name] = replace(cost, wall=cost.wall / count, cpu=cost.cpu / count)
    return found


def _thrown_away(studio: Studio, made: Take, look: Look) -> Any:
    arguments = _filtered(made, look, "-f", "null")
    return studio.ffmpeg.run(arguments, feed=made.feed() if made.feed else None)


def _encoded(
    ffmpeg: Path,
    raws: Sequence[tuple[Shot, Path]],
    look: Look,
    at_once: int,
    preset: tuple[str, int] | None = None,
) -> Cost:
    size = f"{look.canvas.width}x{look.canvas.height}"
    source = ["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", size]
    source += ["-framerate", str(look.fps), "-i"]
    commands: list[Command] = []
    for shot, raw in raws:
        film = film_arguments(
            [*source, in_name(raw)], f"[0:v]{TAGS}[film]", shot.frames, look.canvas, look.encoding
        )
        if preset:
            film[film.index("-preset") + 1] = preset[0]
            film[film.index("-crf") + 1] = str(preset[1])
        commands.append([ffmpeg, *QUIET, *film, in_name(raw.with_suffix(".mp4"))])
    cost = _side_by_side(commands, at_once)
    return _sized(cost, *(raw.with_suffix(".mp4") for _, raw in raws))


def _side_by_side(commands: Iterable[Sequence[str | Path]], at_once: int) -> Cost:
    def work() -> None:
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(call, commands))

    return measured(work)[0]


def _take(shot: Shot, look: Look) -> Take:
    made = take(shot, look, shot.clip.path)
    if made.feed is not None:
        raise ValueError(f"{shot.clip.path} is fed by us; the floor is made of clips")
    return made


def _frames_of(shot: Shot, look: Look) -> list[str]:
    return [*_filtered(_take(shot, look), look), "-frames:v", str(shot.frames)]


def _filtered(made: Take, look: Look, *after: str) -> list[str]:
    # fmt: off
    return [
        "-loglevel", "error",
        *made.arguments,
        "-filter_complex_threads", "1",
        "-filter_complex", made.graph("film", look.canvas),
        "-map", "[film]",
        "-fps_mode", "passthrough",
        "-pix_fmt", "yuv420p",
        *after,
    ]
    # fmt: on


def _sized(cost: Cost, *paths: Path) -> Cost:
    return replace(cost, size=sum(path.stat().st_size for path in paths))


def main(job: Mapping[str, Any]) -> dict[str, Cost]:
    """Do what a job says, in a folder of its own."""
    folder = Path(job["folder"])
    scenes = [SceneOf(s["seconds"], Path(s["clip"]), s["start"]) for s in job["scenes"]]
    look = Look(quality=job["quality"], captions=job["way"] == CAPTIONED)
    ways: dict[str, Callable[[Studio, str], dict[str, Cost]]] = {
        OURS: lambda studio, project: {OURS: ours(studio, project, look)},
        CAPTIONED: lambda studio, project: {CAPTIONED: ours(studio, project, look)},
        ALL_DRAWN: lambda studio, project: {ALL_DRAWN: drawn(studio, project, look)},
        GRAPH: lambda studio, project: {GRAPH: one_graph(studio, project, look, folder / "g.mp4")},
        "floor": lambda studio, project: floor(studio, project, look, folder),
        "presets": lambda studio, project: presets(studio, project, look, folder),
        "frames": lambda studio, project: frames(studio, project, look),
        "less": lambda studio, project: less(
            studio, project, look, index=job["index"], clip=Path(job["clip"])
        ),
    }
    with studio_in(folder) as studio:
        return ways[job["way"]](studio, make_project(studio, scenes))


if __name__ == "__main__":
    done = main(json.loads(Path(sys.argv[1]).read_text()))
    print(json.dumps({name: asdict(cost) for name, cost in done.items()}))
