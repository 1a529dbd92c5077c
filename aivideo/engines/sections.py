"""A part of a long video, cut out while it is brought: no byte of the rest is asked for.

The pictures are copied as they are, never encoded again. They begin at the key frame before the
cut; the file says in its index that it is shown from the cut on, so that its second 0 is, to
the frame, the second of the video that its name tells (``section_offset``).
"""

from __future__ import annotations

import math
import re
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aivideo.engines import media
from aivideo.engines.ffmpeg import FFmpeg, in_name, seconds_of
from aivideo.engines.finding import Wanted
from aivideo.engines.media import FORMATS
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
_SILENCE: Final = 15_000_000
"""Microseconds without a byte after which the connection counts as lost."""
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
        # Later rather than earlier: a scene then never begins a frame too late.
        begin = math.ceil(self.begin * 1000) / 1000
        return f".from-{begin:.10g}-to-{math.floor(self.end * 1000) / 1000:.10g}.mp4"


@dataclass(frozen=True)
class Remote:
    """Where a video's file lies, and how it is asked for.

    Attributes:
        address: Where it lies; changes from hour to hour.
        agent: What the one who asks calls itself.
        proxy: The proxy to go through; empty for none.
        authorities: The certificates that are trusted, as a file; empty trusts any.
    """

    address: str
    agent: str = ""
    proxy: str = ""
    authorities: str = ""

    def __post_init__(self) -> None:
        ensure_hosted(self.address)


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


def cut(
    ffmpeg: FFmpeg, source: Remote | Path, section: Section, target: Path, reporter: Reporter
) -> None:
    """Bring a section into a file; ends, with the program it runs, when nobody waits any more.

    Args:
        ffmpeg: The program.
        source: Where the video lies; or a file that holds just this section.
        section: From where to where.
        target: The file.
        reporter: Whether anybody still waits.

    Raises:
        CancelledError: Nobody waits any more.
        ProgramFailed: The host refused, or sent something else than a video.
        YouTubeUnreachable: The connection broke off, or nothing came for too long.
        DownloadFailed: What came cannot be shown.
        DiskFull: There is no room.
    """
    told = repacked(source) if isinstance(source, Path) else arguments(source, section)
    work = ffmpeg.run(told, target, read_line=seconds_of(section.seconds))
    try:
        for news in work:
            reporter.tell(news.fraction, "Downloading a part")
            if reporter.stopped:
                raise CancelledError
    except ProgramStuck as problem:
        raise YouTubeUnreachable(detail=problem.detail) from problem
    finally:
        work.close()


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
    """What ffmpeg is told: read from this host alone, copy, write an MP4."""
    return (
        "-protocol_whitelist", "https,tls,tcp,httpproxy,crypto",
        "-format_whitelist", FORMATS,
        "-rw_timeout", str(_SILENCE),
        *(("-http_proxy", remote.proxy) if remote.proxy else ()),
        *(("-ca_file", remote.authorities) if remote.authorities else ("-tls_verify", "0")),
        *(("-user_agent", remote.agent) if remote.agent else ()),
        "-ss", f"{section.begin:.3f}",
        "-t", f"{section.seconds:.3f}",
        "-i", remote.address,
        "-map", "0:v:0",
        "-c", "copy",
        "-f", "mp4",
    )


def repacked(source: Path) -> tuple[str, ...]:
    """What ffmpeg is told: copy a file of this machine, whatever container, into an MP4."""
    return (
        "-protocol_whitelist", "file",
        "-format_whitelist", FORMATS,
        "-i", in_name(source),
        "-map", "0:v:0",
        "-c", "copy",
        "-f", "mp4",
    )
# fmt: on
