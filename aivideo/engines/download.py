"""A YouTube video as a file, through yt-dlp: without sound, no sharper than the canvas needs.

Only ids of YouTube are taken, never addresses. What would be refused is refused before the
first byte: live streams, long films, videos that are not under the licence they were found
with. Short videos are brought whole; a download that broke off leaves its part and goes on
from there the next time. Of long ones only the part is brought that a scene shows.
"""

from __future__ import annotations

import errno
import os
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import filelock

from aivideo.engines import media, sections, segments
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import Wanted
from aivideo.engines.incoming import give_up_old_parts
from aivideo.engines.sections import Remote, Section
from aivideo.engines.waiting import TICK, Reporter, aside
from aivideo.engines.youtube_formats import LARGEST, MOST_LINES, lines_for, selector, size_of
from aivideo.engines.youtube_refusals import explain, refuse_unusable
from aivideo.engines.youtube_runtime import javascript
from aivideo.errors import (
    DiskFull,
    DownloadFailed,
    MediaTruncated,
    NotMedia,
    ProgramFailed,
    VideoForMembers,
    VideoIdInvalid,
    VideoTooLarge,
    VideoTooLong,
    VideoTooShort,
)
from aivideo.progress import Progress, Work
from aivideo.workspace import Workspace, discard

VIDEO_ID: Final = re.compile(r"[A-Za-z0-9_-]{11}")
SHORT: Final = 360
"""Seconds up to which a video is brought whole: then every other part of it is here, too."""
LONGEST_WHOLE: Final = 600
"""Seconds up to which it is brought whole when all of it is wanted."""
LONGEST: Final = 3 * 3600
"""Seconds; nobody looks through more for a clip of a few."""
AT_ONCE: Final = 2
"""Downloads at the same time; YouTube takes whoever asks for more for a robot."""
PATIENCE: Final = 15.0
"""Seconds without a byte after which a connection counts as lost."""

_ROOM: Final = 2 * LARGEST
_SUFFIXES: Final = (".mp4", ".webm", ".mkv")
_SLOTS: Final = threading.BoundedSemaphore(AT_ONCE)


@dataclass
class Words:
    """What yt-dlp writes while it works; each line is also a chance to stop it."""

    reporter: Reporter
    warnings: list[str] = field(default_factory=list)

    def debug(self, _line: str) -> None:
        """Stop between two steps of looking a video up, when nobody waits any more."""
        _leave_when_stopped(self.reporter)

    info = debug

    def warning(self, line: str) -> None:
        """Keep what went wrong on the way: the failure at the end may not say it."""
        self.warnings.append(line)

    error = warning


@dataclass(frozen=True)
class Order:
    """What is wanted of a video, and on which terms.

    Attributes:
        wanted: The video, and what of it.
        free: Whether its licence must be Creative Commons.
    """

    wanted: Wanted
    free: bool = True

    @property
    def name(self) -> str:
        """What the video is called in sentences."""
        return self.wanted.title or f"YouTube video {self.wanted.source_id}"

    @property
    def lines(self) -> int:
        """How sharp it must be."""
        return lines_for(self.wanted.size)

    def section(self, duration: float) -> Section | None:
        """The part to bring of a video that lasts so long; None for all of it.

        Raises:
            VideoTooLong: It is too long to look through, or to be had whole.
            VideoTooShort: It ends before the place that is wanted.
        """
        if duration > LONGEST:
            raise VideoTooLong(self.name, LONGEST // 60)
        if duration <= SHORT:
            return None
        if self.wanted.seconds > 0 and self.wanted.start_seconds >= duration:
            raise VideoTooShort(self.name, duration)
        if self.wanted.seconds > 0:
            return sections.around(self.wanted.start_seconds, self.wanted.seconds, duration)
        if duration > LONGEST_WHOLE:
            raise VideoTooLong(self.name, LONGEST_WHOLE // 60, whole=True)
        return None


@dataclass(frozen=True)
class _Part:
    """A part of a long video that is still to be cut, and out of what: a host, or a file here."""

    source: Remote | Path
    section: Section


@dataclass(frozen=True)
class Downloads:
    """Brings videos to this machine; one that is here already is not brought again.

    Attributes:
        workspace: Where they go.
        ffmpeg: Cuts parts out of long ones.
        options: More options for yt-dlp, such as a proxy.
    """

    workspace: Workspace
    ffmpeg: FFmpeg
    options: Mapping[str, Any] = field(default_factory=dict)

    def bring(self, order: Order) -> Work[Path]:
        """A file that shows what is wanted; ``section_offset`` says where in the video it begins.

        Raises:
            ClipUnusable: It may not be used, or not be had: private, removed, live ...
            YouTubeDistrust: YouTube takes this computer for a robot.
            YouTubeBusy: YouTube limits this computer.
            YouTubeUnreachable: There is no connection, or it broke off.
            DownloaderOutdated: YouTube offered nothing that this yt-dlp could take.
            DownloadFailed: Anything else.
            DiskFull: There is no room.
        """
        if not VIDEO_ID.fullmatch(order.wanted.source_id):
            raise VideoIdInvalid(order.wanted.source_id)
        here = self._find(order)
        if here is None:
            self.workspace.ensure_room(_ROOM)
            found = yield from aside(partial(self._look_up, order), "Asking YouTube")
            if isinstance(found, _Part):
                bring = partial(self._bring_part, order, found)
                # It ends within a moment: what runs is a program of ours.
                here = yield from aside(bring, "Downloading a part", stop=lambda: None)
            else:
                here = found
        yield Progress(1.0)
        return here

    def _find(self, order: Order) -> Path | None:
        """What is here already: the whole video or the part needed, also in a sharper file."""
        for lines in dict.fromkeys((order.lines, MOST_LINES)):
            stem = self._stem(order, lines)
            whole = (stem.with_name(stem.name + suffix) for suffix in _SUFFIXES)
            parts = sorted(stem.parent.glob(f"{stem.name}.from-*"))
            fitting = [*whole, *(part for part in parts if sections.reaches(part, order.wanted))]
            here = next((path for path in fitting if self.workspace.use(path)), None)
            if here is not None:
                return here
        return None

    def _stem(self, order: Order, lines: int) -> Path:
        """A file's path without the end of its name, which tells the container and the part."""
        wanted = order.wanted
        return self.workspace.artifact(
            "videos", "", source="youtube", id=wanted.source_id, height=lines
        )

    def _file(self, order: Order, suffix: str) -> Path:
        stem = self._stem(order, order.lines)
        return stem.with_name(stem.name + suffix)

    def _look_up(self, order: Order, reporter: Reporter) -> Path | _Part:
        """Ask whether the video can be had; bring it unless it is long. Runs in a thread."""
        folder = self.workspace.folder("incoming")
        give_up_old_parts(folder)
        lock = filelock.FileLock(folder / f"{order.wanted.source_id}.lock")
        _take(lock, reporter)
        try:
            here = self._find(order)
            if here is not None:
                return here
            with slot(reporter):
                found = self._fetch(order, folder, reporter)
            return found if isinstance(found, _Part) else self._publish(order, found)
        finally:
            lock.release()

    def _publish(self, order: Order, file: Path) -> Path:
        try:
            media.probe(file)
        except (NotMedia, MediaTruncated) as problem:
            file.unlink()
            raise DownloadFailed(order.name, detail=problem.message) from problem
        final = self._file(order, file.suffix)
        with self.workspace.draft(final) as draft:
            file.replace(draft)
        return final

    def _fetch(self, order: Order, folder: Path, reporter: Reporter) -> Path | _Part:
        """Have yt-dlp bring the video, its refusals before its bytes."""
        from yt_dlp import YoutubeDL

        words = Words(reporter)
        options = {**self._settings(order, folder, words), **self.options}
        with explained(order.name, folder, words), YoutubeDL(options) as loader:
            address = f"https://www.youtube.com/watch?v={order.wanted.source_id}"
            info = loader.extract_info(address, download=False, ie_key="Youtube")
            if info.get("id") != order.wanted.source_id:  # a film for sale shows its trailer
                raise VideoForMembers(order.name)
            refuse_unusable(order.name, info, free=order.free)
            section = order.section(info.get("duration") or 0.0)
            if section is not None:
                return self._part(loader, info, section, reporter)
            if size_of(info) > LARGEST:
                raise VideoTooLarge(order.name, LARGEST)
            info = loader.process_ie_result(info, download=True)
        file = Path(info["requested_downloads"][0].get("filepath") or folder / "nothing")
        if not file.is_file():  # yt-dlp passes over what is too large without a word
            raise VideoTooLarge(order.name, LARGEST)
        return file

    def _part(
        self, loader: Any, info: Mapping[str, Any], section: Section, reporter: Reporter
    ) -> _Part:
        """Where a part is to be cut out of; what lies in segments is gathered here first."""
        if not str(info.get("protocol")).startswith("m3u8"):
            return _Part(self._remote(loader, info), section)
        name = f"yt-{info['id']}{section.suffix}.{uuid.uuid4().hex[:8]}.part"
        file = self.workspace.folder("incoming") / name
        return _Part(file, segments.gather(loader, info["url"], section, file, reporter))

    def _bring_part(self, order: Order, part: _Part, reporter: Reporter) -> Path:
        """Cut the part out and publish it; runs in a thread."""
        name = f"yt-{order.wanted.source_id}-{uuid.uuid4().hex[:8]}"
        rough, neat = (self.workspace.folder("incoming") / f"{name}.{n}.part" for n in (1, 2))
        source, section = part.source, part.section
        try:
            if isinstance(source, Remote):
                with slot(reporter):
                    section = sections.bring(self.ffmpeg, source, section, rough, reporter)
                source = rough
            section = sections.repack(self.ffmpeg, source, section, neat, reporter)
            sections.check(neat, order.name, section.seconds - sections.AFTER)
            final = self._file(order, section.suffix)
            with self.workspace.draft(final) as draft:
                neat.replace(draft)
        except ProgramFailed as problem:
            raise explain(order.name, problem.detail) from problem
        finally:
            discard(rough, neat, *([source] if isinstance(source, Path) else ()))
        return final

    def _remote(self, loader: Any, info: Mapping[str, Any]) -> Remote:
        import certifi

        proxy = loader.proxies.get("https") or loader.proxies.get("all") or ""
        return Remote(
            info["url"],
            agent=(info.get("http_headers") or {}).get("User-Agent", ""),
            proxy="" if proxy == "__noproxy__" else proxy,
            patience=self.options.get("socket_timeout", PATIENCE),
            authorities="" if self.options.get("nocheckcertificate") else certifi.where(),
        )

    def _settings(self, order: Order, folder: Path, words: Words) -> dict[str, object]:
        """Every option of yt-dlp that we set, for one video."""
        return {
            **quiet(folder, words),
            "format": selector(order.lines),
            "ffmpeg_location": str(self.ffmpeg.path),
            "allowed_extractors": ["youtube$"],
            "paths": {"home": str(folder)},
            # Parts of different files of one video must not be taken for one another.
            "outtmpl": {"default": "yt-%(id)s-%(format_id)s.%(ext)s"},
            "restrictfilenames": True,
            "windowsfilenames": True,
            "overwrites": False,
            "continuedl": True,
            "updatetime": False,
            "retries": 3,
            "fragment_retries": 3,
            "max_filesize": LARGEST,
            "progress_hooks": [partial(_watch, words)],
        }


def quiet(folder: Path, words: Words) -> dict[str, object]:
    """The options of yt-dlp for anything that it is asked."""
    return {
        "noplaylist": True,
        "extractor_retries": 2,
        "socket_timeout": PATIENCE,
        "sleep_interval_requests": 0.75,
        "cachedir": str(folder / "yt-dlp"),
        "geo_bypass": False,
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "logger": words,
        **javascript(),
    }


@contextmanager
def explained(name: str, folder: Path, words: Words) -> Iterator[None]:
    """Turn what yt-dlp raises into the failure that it stands for."""
    from yt_dlp.networking.exceptions import RequestError
    from yt_dlp.utils import YoutubeDLError

    try:
        yield
    except (YoutubeDLError, RequestError, OSError) as problem:
        said = "\n".join([str(problem), *words.warnings])
        if os.strerror(errno.ENOSPC) in said:
            raise DiskFull(folder, detail=said) from problem
        raise explain(name, said) from problem


def _take(lock: filelock.BaseFileLock, reporter: Reporter) -> None:
    """Wait while another process brings the same video."""
    while not lock.is_locked:
        _leave_when_stopped(reporter)
        try:
            lock.acquire(timeout=TICK)
        except filelock.Timeout:
            reporter.tell(0.0, "Another window is bringing this video")


@contextmanager
def slot(reporter: Reporter) -> Iterator[None]:
    """Wait for one of the places for what asks YouTube, and hold it while the block lasts."""
    while not _SLOTS.acquire(timeout=TICK):
        _leave_when_stopped(reporter)
        reporter.tell(0.0, "Waiting for another download")
    try:
        yield
    finally:
        _SLOTS.release()


def _leave_when_stopped(reporter: Reporter) -> None:
    from yt_dlp.utils import DownloadCancelled

    if reporter.stopped:
        raise DownloadCancelled


def _watch(words: Words, state: Mapping[str, Any]) -> None:
    """yt-dlp's progress hook: tell how far it is; the only way to stop it is to raise."""
    _leave_when_stopped(words.reporter)
    done = state.get("downloaded_bytes") or 0
    if done > LARGEST:
        raise VideoTooLarge("This video", LARGEST)
    total = state.get("total_bytes") or state.get("total_bytes_estimate") or LARGEST
    words.reporter.tell(min(done / total, 1.0), f"Downloading, {done / 1e6:.1f} MB")
