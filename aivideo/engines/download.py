"""A YouTube video as a file, through yt-dlp: whole, without sound, at most 1080 lines.

Only ids of YouTube are taken, never addresses. What would be refused is refused before the
first byte: live streams, long films, videos that are not under a Creative Commons licence any
more. A download that broke off leaves its part and goes on from there the next time.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import filelock

from aivideo.engines import media
from aivideo.engines.waiting import TICK, Reporter, aside
from aivideo.errors import (
    AIVideoError,
    ClipUnusable,
    DiskFull,
    DownloaderOutdated,
    DownloadFailed,
    MediaTruncated,
    NotMedia,
    YouTubeBusy,
    YouTubeDistrust,
    YouTubeUnreachable,
)
from aivideo.progress import Progress, Work
from aivideo.workspace import Workspace

VIDEO_ID: Final = re.compile(r"[A-Za-z0-9_-]{11}")
HEIGHT: Final = 1080
LONGEST: Final = 600
"""Seconds; a clip is a few of them, and nobody looks through more."""
LARGEST: Final = 500_000_000
"""Bytes."""
KEPT_PARTS: Final = 7 * 24 * 3600
"""Seconds after which the part of a broken download is given up."""

_ROOM: Final = 2 * LARGEST
_SUFFIXES: Final = (".mp4", ".webm", ".mkv")

Failure = Callable[[str, str], AIVideoError]
"""Makes an error of the video's name and the technical text."""


def _unusable(reason: str) -> Failure:
    return lambda name, detail: ClipUnusable(name, reason, detail=detail)


_NO_CONNECTION: Final = (
    r"getaddrinfo|not known|timed out|connection (refused|reset)|unable to connect|unreachable"
    r"|failed to resolve|more expected|IncompleteRead|remote end closed"
)
_FAILURES: Final[tuple[tuple[str, Failure], ...]] = (
    (r"not a bot|captcha", lambda _, detail: YouTubeDistrust(detail=detail)),
    (r"rate-limited|HTTP Error 429", lambda _, detail: YouTubeBusy(detail=detail)),
    (r"confirm your age|age-restricted", _unusable("it is only for grown-ups who sign in")),
    (r"private video|video is private", _unusable("it is private")),
    (r"members-only|join this channel", _unusable("it is only for members of its channel")),
    (r"available in your country|GeoRestricted", _unusable("it is not shown in your country")),
    (r"DRM protected", _unusable("it is protected against copying")),
    (r"live event|premieres in|live ?stream", _unusable("it is live, or has not begun yet")),
    (
        r"format is not available|no video formats|HTTP Error 403",
        lambda _, detail: DownloaderOutdated(detail=detail),
    ),
    (
        r"video unavailable|been removed|account.*terminated|no longer available",
        _unusable("YouTube does not have it any more"),
    ),
    (_NO_CONNECTION, lambda _, detail: YouTubeUnreachable(detail=detail)),
)
"""What yt-dlp says, as patterns, and the failure it stands for; the first that fits counts."""


@dataclass
class _Words:
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


def download(
    workspace: Workspace, video_id: str, options: Mapping[str, object] | None = None
) -> Work[Path]:
    """Bring a video to this machine; one that is here already is not brought again.

    Args:
        workspace: Where it goes.
        video_id: The 11 signs that YouTube calls it by.
        options: More options for yt-dlp, such as a proxy.

    Raises:
        ClipUnusable: It may not be used, or not be had: private, removed, live ...
        YouTubeDistrust: YouTube takes this computer for a robot.
        YouTubeBusy: YouTube limits this computer.
        YouTubeUnreachable: There is no connection, or it broke off.
        DownloaderOutdated: YouTube offered nothing that this yt-dlp could take.
        DownloadFailed: Anything else.
        DiskFull: There is no room.
    """
    if not VIDEO_ID.fullmatch(video_id):
        raise ClipUnusable(video_id[:40], "this is not the id of a YouTube video")
    here = _find(workspace, video_id)
    if here is None:
        workspace.ensure_room(_ROOM)
        bring = partial(_bring, workspace, video_id, options or {})
        here = yield from aside(bring, "Asking YouTube")
    yield Progress(1.0)
    return here


def explain(name: str, said: str) -> AIVideoError:
    """The failure that yt-dlp's words stand for.

    Args:
        name: What the video is called in the sentence.
        said: Everything that yt-dlp said.
    """
    for pattern, failure in _FAILURES:
        if re.search(pattern, said, re.IGNORECASE):
            return failure(name, said)
    return DownloadFailed(name, detail=said)


def _find(workspace: Workspace, video_id: str) -> Path | None:
    paths = (_final(workspace, video_id, suffix) for suffix in _SUFFIXES)
    return next((path for path in paths if path.exists()), None)


def _final(workspace: Workspace, video_id: str, suffix: str) -> Path:
    return workspace.artifact("videos", suffix, source="youtube", id=video_id, height=HEIGHT)


def _bring(
    workspace: Workspace, video_id: str, options: Mapping[str, object], reporter: Reporter
) -> Path:
    """Download, look whether it can be used, publish; runs in a thread of its own."""
    folder = workspace.folder("incoming")
    _give_up_old_parts(folder)
    lock = filelock.FileLock(folder / f"{video_id}.lock")
    _take(lock, reporter)
    try:
        here = _find(workspace, video_id)
        return here or _publish(workspace, video_id, _fetch(folder, video_id, options, reporter))
    finally:
        lock.release()


def _give_up_old_parts(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_file() and time.time() - path.stat().st_mtime > KEPT_PARTS:
            path.unlink(missing_ok=True)


def _take(lock: filelock.BaseFileLock, reporter: Reporter) -> None:
    """Wait while another process brings the same video."""
    while not lock.is_locked:
        _leave_when_stopped(reporter)
        try:
            lock.acquire(timeout=TICK)
        except filelock.Timeout:
            reporter.tell(0.0, "Another window is bringing this video")


def _publish(workspace: Workspace, video_id: str, file: Path) -> Path:
    try:
        media.probe(file)
    except (NotMedia, MediaTruncated) as problem:
        file.unlink()
        raise DownloadFailed(f"YouTube video {video_id}", detail=problem.message) from problem
    final = _final(workspace, video_id, file.suffix)
    with workspace.draft(final) as draft:
        file.replace(draft)
    return final


def _fetch(folder: Path, video_id: str, options: Mapping[str, object], reporter: Reporter) -> Path:
    """Have yt-dlp bring the video, its refusals before its bytes."""
    from yt_dlp import YoutubeDL
    from yt_dlp.networking.exceptions import RequestError
    from yt_dlp.utils import YoutubeDLError

    name, words = f"YouTube video {video_id}", _Words(reporter)
    try:
        with YoutubeDL({**_options(folder, words), **options}) as loader:
            address = f"https://www.youtube.com/watch?v={video_id}"
            info = loader.extract_info(address, download=False)
            _refuse_unusable(name, info)
            info = loader.process_ie_result(info, download=True)
    except (YoutubeDLError, RequestError, OSError) as problem:
        said = "\n".join([str(problem), *words.warnings])
        if os.strerror(errno.ENOSPC) in said:
            raise DiskFull(folder, detail=said) from problem
        raise explain(name, said) from problem
    file = Path(info["requested_downloads"][0].get("filepath") or folder / "nothing")
    if not file.is_file():  # yt-dlp passes over what is too large without a word
        raise ClipUnusable(name, _too_large())
    return file


def _refuse_unusable(name: str, info: Mapping[str, Any]) -> None:
    if info.get("live_status") in {"is_live", "is_upcoming", "post_live"}:
        raise ClipUnusable(name, "it is live, or has not begun yet")
    if (info.get("duration") or 0) > LONGEST:
        raise ClipUnusable(name, f"it is longer than {LONGEST // 60} minutes")
    if "Creative Commons" not in (info.get("license") or ""):
        raise ClipUnusable(name, "it is not under a Creative Commons licence (any more)")


def _too_large() -> str:
    return f"it is larger than {LARGEST // 1_000_000} MB"


def _leave_when_stopped(reporter: Reporter) -> None:
    from yt_dlp.utils import DownloadCancelled

    if reporter.stopped:
        raise DownloadCancelled


def _watch(words: _Words, state: Mapping[str, Any]) -> None:
    """yt-dlp's progress hook: tell how far it is; the only way to stop it is to raise."""
    _leave_when_stopped(words.reporter)
    done = state.get("downloaded_bytes") or 0
    if done > LARGEST:
        raise ClipUnusable("This video", _too_large())
    total = state.get("total_bytes") or state.get("total_bytes_estimate") or LARGEST
    words.reporter.tell(min(done / total, 1.0), f"Downloading, {done / 1e6:.1f} MB")


def _options(folder: Path, words: _Words) -> dict[str, object]:
    best = f"bv*[height<={HEIGHT}]"
    return {
        "format": f"{best}[ext=mp4][vcodec^=avc1]/{best}[ext=mp4]/{best}/b[height<={HEIGHT}]",
        "format_sort": ["res", "fps:30", "size"],
        "allowed_extractors": ["youtube$"],
        "noplaylist": True,
        "paths": {"home": str(folder)},
        "outtmpl": {"default": f"yt-%(id)s-{HEIGHT}.%(ext)s"},
        "restrictfilenames": True,
        "windowsfilenames": True,
        "overwrites": False,
        "continuedl": True,
        "updatetime": False,
        "retries": 3,
        "fragment_retries": 3,
        "extractor_retries": 2,
        "socket_timeout": 15,
        "sleep_interval_requests": 0.75,
        "throttledratelimit": 50_000,
        "max_filesize": LARGEST,
        "cachedir": str(folder / "yt-dlp"),
        "geo_bypass": False,
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "logger": words,
        "progress_hooks": [partial(_watch, words)],
        **javascript(),
    }


def javascript() -> dict[str, object]:
    """Where the JavaScript helper lies that came with the packages: it need not be on PATH."""
    deno = Path(sys.executable).with_name("deno.exe" if sys.platform == "win32" else "deno")
    return {"js_runtimes": {"deno": {"path": str(deno)}}} if deno.exists() else {}
