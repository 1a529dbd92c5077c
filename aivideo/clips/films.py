"""What is looked at before a clip is chosen: a small film of it, and a strip of its pictures."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from aivideo.clips.choosing import finder_of, wanted_of
from aivideo.clips.fetching import fetch
from aivideo.clips.views import Filmstrip
from aivideo.engines import filmstrips, filters, proxies
from aivideo.engines.ffmpeg import frames_of, raw_input
from aivideo.engines.filters import Canvas
from aivideo.engines.finding import Wanted
from aivideo.engines.illustration import draw
from aivideo.engines.probing import probed, stamp_of
from aivideo.engines.sections import section_offset
from aivideo.engines.waiting import Reporter, aside
from aivideo.engines.youtube import YouTube
from aivideo.errors import ClipNotChosen, InvalidArgument
from aivideo.progress import Progress, Work, within
from aivideo.projects import find_scene
from aivideo.store import Clip, get_row
from aivideo.studio import Studio

SMALL: Final = (480, 270)
"""The canvas for which a stock source is asked for a small file."""
DRAWN_LINES, DRAWN_FPS, DRAWN_SECONDS = 480, 24, 4
PICTURES: Final = 12
STRIP_HEIGHT: Final = 90
MARGIN: Final = 0.02
"""The share of a clip at either end that a strip leaves out: black and titles."""
RECIPE: Final = 1


@runtime_checkable
class Previewing(Protocol):
    """A source that makes small films of its clips itself."""

    def proxy(self, wanted: Wanted) -> Work[Path | None]:
        """A small film of a clip, or None where it has none."""


def preview(studio: Studio, clip_id: str) -> Work[Path | None]:
    """A small film of a clip to play where it is offered; None where there is none.

    Raises:
        NotFound: There is no such clip.
        UnknownProvider: Its source is not among the sources any more.
        AIVideoError: It cannot be had, or cannot be drawn.
    """
    with studio.store.session() as session:
        clip = get_row(session, Clip, clip_id)
        wanted = wanted_of(session, clip)
    if clip.preview and Path(clip.preview).is_file():
        return Path(clip.preview)
    path = yield from _small_film(studio, clip, wanted)
    if path is not None:
        with studio.store.session() as session:
            get_row(session, Clip, clip_id).preview = str(path)
    return path


def filmstrip(studio: Studio, project_id: str, scene_number: int) -> Work[Filmstrip]:
    """Pictures of a scene's film side by side, to find the place where it begins.

    Raises:
        NotFound: There is no such project or scene.
        ClipNotChosen: The scene has no clip.
        InvalidArgument: Its clip is no film.
        AIVideoError: The film cannot be had, or cannot be opened.
    """
    with studio.store.session() as session:
        chosen = find_scene(session, project_id, scene_number).selection
        if chosen is None:
            raise ClipNotChosen(scene_number)
        clip, here = chosen.clip, chosen.downloaded_path
    if clip.kind != "video":
        raise InvalidArgument(f"{clip.title} is a picture; it has no other places to begin.")
    path = Path(here) if here and Path(here).is_file() else None
    if path is None and not clip.source.startswith(YouTube.name):
        path = yield from within(preview(studio, clip.id), 0.0, 0.5)
    if path is None:
        path = yield from within(fetch(studio, project_id, scene_number), 0.0, 0.5)
    return (yield from within(_strip(studio, path), 0.5, 1.0))


def _small_film(studio: Studio, clip: Clip, wanted: Wanted) -> Work[Path | None]:
    if clip.kind == "illustration":
        return (yield from _drawn(studio, clip))
    finder = finder_of(studio, clip)
    if isinstance(finder, Previewing):
        return (yield from finder.proxy(wanted))
    if clip.kind != "video" or not (finder.about.online and wanted.media):
        return None
    return (yield from finder.fetch(replace(wanted, size=SMALL)))


def _drawn(studio: Studio, clip: Clip) -> Work[Path]:
    """A drawn picture in motion, made once."""
    width, height = clip.width or 16, clip.height or 9
    scale = DRAWN_LINES / min(width, height)
    size = 2 * round(width * scale / 2), 2 * round(height * scale / 2)
    frames = DRAWN_FPS * DRAWN_SECONDS
    final = studio.workspace.artifact(
        "previews", ".mp4", drawn=clip.recipe, size=size, frames=frames, recipe=RECIPE
    )
    if not final.exists():
        canvas = Canvas(*size, DRAWN_FPS)
        graph = f"[0:V:0]{filters.drawn_chain(canvas, frames)}[film]"
        with studio.workspace.draft(final) as draft:
            yield from studio.ffmpeg.run(
                proxies.proxy_arguments(raw_input(size, DRAWN_FPS, "bgr0"), graph, frames),
                draft,
                feed=draw(clip.recipe, size, DRAWN_FPS, frames),
                read_line=frames_of(frames),
            )
    yield Progress(1.0)
    return final


def _strip(studio: Studio, path: Path) -> Work[Filmstrip]:
    """The strip of a file, made once."""
    info = probed(stamp_of(path))
    width = max(2, round(STRIP_HEIGHT * info.width / info.height))
    _, size, changed = stamp_of(path)
    final = studio.workspace.artifact(
        "previews", ".jpg", strip=str(path), size=size, changed=changed, recipe=RECIPE
    )
    begin = section_offset(path)
    strip = Filmstrip(final, PICTURES, info.duration_seconds, width, STRIP_HEIGHT, begin)
    if not final.exists():
        yield from aside(lambda reporter: _write(studio, path, strip, reporter), "Making a strip")
    yield Progress(1.0)
    return strip


def _write(studio: Studio, path: Path, strip: Filmstrip, reporter: Reporter) -> None:
    def told(share: float) -> None:
        reporter.tell(share)
        if reporter.stopped:
            raise NobodyWaits

    step = (1 - 2 * MARGIN) / (strip.frames - 1)
    places = [strip.seconds * (MARGIN + step * place) for place in range(strip.frames)]
    with suppress(NobodyWaits), studio.workspace.draft(strip.path) as draft:
        filmstrips.write_strip(path, places, (strip.width, strip.height), draft, told)


class NobodyWaits(Exception):
    """The strip is not wanted any more."""
