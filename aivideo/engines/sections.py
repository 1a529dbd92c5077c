"""A part of a long video, brought alone: no byte of the rest is asked for.

The pictures are copied as they are, never encoded again, so a part begins at the key frame
before what is wanted. Where that lies in the video is measured on the video's own clock, and
stands in the name of the file (``section_offset``): second ``s`` of the video is, to the
frame, second ``s - section_offset(path)`` of the part, for every program that reads it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aivideo.engines import media
from aivideo.engines.ffmpeg import FFmpeg, in_name, seconds_of
from aivideo.engines.finding import Wanted
from aivideo.engines.media import FORMATS, OWN_FILE
from aivideo.engines.process import Finished
from aivideo.engines.waiting import Reporter
from aivideo.errors import (
    DownloadFailed,
    MediaTruncated,
    NotMedia,
    ProgramStuck,
    YouTubeUnreachable,
)

BEFORE, AFTER = 1.0, 3.0
"""Seconds that are brought on either side, for a scene that moves a little later on."""

_LACKING: Final = 0.5
"""Seconds by which a part may end before the scene does: a page rounds what it tells."""
_ROUGH: Final = "nut"
"""A container that takes every kind of picture and keeps every clock as it is."""
_LATER: Final = 60
"""Seconds added to that clock: what is decoded first comes before 0, which is not kept."""
_BEGINS: Final = re.compile(r"Duration: \S+ start: (-?[\d.]+)")
"""What ffmpeg says of its source: when its clock begins."""
_HOSTS: Final = re.compile(r"(?:[\w-]+\.)*(?:googlevideo|youtube)\.com")
_OFFSET: Final = re.compile(r"\.from-(\d+(?:\.\d+)?)-to-(\d+(?:\.\d+)?)\.\w+$")


@dataclass(frozen=True)
class Section:
    """From where to where a video is brought, in seconds of it."""

    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.begin

    @property
    def suffix(self) -> str:
        """The end of its file's name, which ``section_offset`` reads."""
        begin, end = (f"{second:.6f}".rstrip("0").rstrip(".") for second in (self.begin, self.end))
        return f".from-{begin}-to-{end}.mp4"


@dataclass(frozen=True)
class Remote:
    """Where a video's file lies, and how it is asked for.

    Attributes:
        address: Where it lies; changes from hour to hour.
        agent: What the one who asks calls itself.
        proxy: The proxy to go through; empty for none.
        authorities: The certificates that are trusted, as a file; empty trusts any.
        patience: Seconds without a byte after which the connection counts as lost.
    """

    address: str
    agent: str = ""
    proxy: str = ""
    authorities: str = ""
    patience: float = 15.0

    def __post_init__(self) -> None:
        ensure_hosted(self.address)
        if self.proxy and not self.proxy.startswith(("http://", "https://")):
            # ffmpeg knows no other kind, and would go past it.
            raise DownloadFailed("A part of this video", detail="The proxy is no web proxy")


def ensure_hosted(address: str) -> None:
    """Raise DownloadFailed when an address does not lead to YouTube's own hosts."""
    told = urlsplit(address)
    if told.scheme != "https" or not _HOSTS.fullmatch(told.hostname or ""):
        raise DownloadFailed("This video", detail=f"It lies at {told.scheme}:{told.hostname}")


def around(start: float, seconds: float, duration: float) -> Section:
    """The section of a video that a scene needs, with something on either side."""
    begin = max(0, math.floor(start - BEFORE))
    end = math.ceil(start + seconds + AFTER)
    return Section(begin, max(begin + 1, min(end, math.ceil(duration))))


def section_offset(path: Path) -> float:
    """The second of the video at which a file of it begins; 0 for a whole one.

    A scene that begins at second ``s`` of the video begins at ``s - section_offset(path)`` of
    the file.
    """
    found = _OFFSET.search(path.name)
    return float(found[1]) if found else 0.0


def reaches(path: Path, wanted: Wanted) -> bool:
    """Whether a part, as its name tells, holds what is wanted."""
    found = _OFFSET.search(path.name)
    if found is None or wanted.seconds <= 0:
        return False
    begin, end = float(found[1]), float(found[2])
    return begin <= wanted.start_seconds and wanted.start_seconds + wanted.seconds <= end


def bring(
    ffmpeg: FFmpeg, remote: Remote, section: Section, target: Path, reporter: Reporter
) -> Section:
    """Copy a section from its host into a file that keeps the video's clock.

    It ends, with the program that it runs, within a moment when nobody waits any more.

    Args:
        ffmpeg: The program.
        remote: Where the video lies.
        section: From where to where.
        target: The file, for ``repack``.
        reporter: Whether anybody still waits.

    Returns:
        From where on it is here: from the key frame before.

    Raises:
        CancelledError: Nobody waits any more.
        ProgramFailed: The host refused, or sent something else than a video.
        YouTubeUnreachable: The connection broke off, or nothing came for too long.
        DiskFull: There is no room.
    """
    said = _run(ffmpeg, arguments(remote, section), target, section, reporter)
    begins = _BEGINS.search(said)
    first, _ = _first(target, _ROUGH)
    zero = float(begins[1]) if begins else 0.0
    return Section(first - _LATER - zero, section.end)


def repack(
    ffmpeg: FFmpeg, source: Path, section: Section, target: Path, reporter: Reporter
) -> Section:
    """Copy a file that holds just a section into an MP4; the answer is what that shows.

    Raises:
        CancelledError: Nobody waits any more.
        ProgramFailed: It is no video.
        DownloadFailed: It holds no picture.
        DiskFull: There is no room.
    """
    _run(ffmpeg, repacking(source), target, section, reporter)
    first, zero = _first(target, "mov")
    return Section(section.begin - (first - zero), section.end)


def _run(
    ffmpeg: FFmpeg,
    told: Sequence[str],
    target: Path,
    section: Section,
    reporter: Reporter,
) -> str:
    work = ffmpeg.run(told, target, read_line=seconds_of(section.seconds))
    try:
        while True:
            news = next(work)
            reporter.tell(news.fraction, "Downloading a part")
            if reporter.stopped:
                raise CancelledError
    except StopIteration as end:
        finished: Finished = end.value
        return finished.tail
    except ProgramStuck as problem:
        raise YouTubeUnreachable(detail=str(problem)) from problem
    finally:
        work.close()


def _first(path: Path, container: str) -> tuple[float, float]:
    """When the first picture of a file is shown, and when its clock begins, in seconds."""
    import av

    try:
        with av.open(str(path), format=container, options=OWN_FILE) as file:
            packets = file.demux(video=0)
            packet = next(one for one in packets if one.pts is not None and one.time_base)
            zero = (file.start_time or 0) / 1_000_000
            return float((packet.pts or 0) * (packet.time_base or 1)), zero
    except (av.FFmpegError, StopIteration, IndexError) as problem:
        raise DownloadFailed("This video", detail=repr(problem)) from problem


def check(target: Path, name: str, need: float) -> None:
    """Raise when a section is not what a scene needs.

    Args:
        target: The file.
        name: What the video is called in the sentence.
        need: How many seconds of the file the scene reaches into.

    Raises:
        YouTubeUnreachable: It ends too early: the connection broke off.
        DownloadFailed: It cannot be shown.
    """
    try:
        has = media.probe(target).duration_seconds
    except (NotMedia, MediaTruncated, FileNotFoundError) as problem:
        raise DownloadFailed(name, detail=str(problem)) from problem
    if has < need - _LACKING:
        raise YouTubeUnreachable(detail=f"{has:.1f} of {need:.1f} seconds came")


# fmt: off
def arguments(remote: Remote, section: Section) -> tuple[str, ...]:
    """What ffmpeg is told: read from this host alone, copy, keep the clock."""
    return (
        "-protocol_whitelist", "https,tls,tcp,httpproxy,crypto",
        "-format_whitelist", FORMATS,
        "-rw_timeout", f"{1_000_000 * remote.patience:.0f}",
        *(("-http_proxy", remote.proxy) if remote.proxy else ()),
        *(("-ca_file", remote.authorities) if remote.authorities else ("-tls_verify", "0")),
        *(("-user_agent", remote.agent) if remote.agent else ()),
        "-copyts",
        "-ss", f"{section.begin:.3f}",
        "-t", f"{section.seconds:.3f}",
        "-i", remote.address,
        "-map", "0:v:0",
        "-c", "copy",
        "-output_ts_offset", str(_LATER),
        "-f", _ROUGH,
    )


def repacking(source: Path) -> tuple[str, ...]:
    """What ffmpeg is told: copy a file of this machine, whatever container, into an MP4."""
    return (
        "-protocol_whitelist", "file",
        "-format_whitelist", f"{FORMATS},{_ROUGH}",
        "-i", in_name(source),
        "-map", "0:v:0",
        "-c", "copy",
        "-f", "mp4",
    )
# fmt: on
