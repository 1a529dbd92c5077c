"""A part of a video that lies at its host as a list of segments: those that hold it, joined.

Segments begin with a key frame, so nothing is cut: what is brought begins where its first
segment does, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urljoin

from aivideo.engines.sections import Section, ensure_hosted
from aivideo.engines.waiting import Reporter
from aivideo.engines.youtube_formats import LARGEST
from aivideo.errors import DownloadFailed, VideoTooLarge

_CHUNK: Final = 65_536
_LENGTH: Final = re.compile(r"#EXTINF:\s*([\d.]+)")
_HEAD: Final = re.compile(r'#EXT-X-MAP:.*URI="([^"]+)"')
_UNREADABLE: Final = re.compile("#EXT-X-(KEY:(?!METHOD=NONE)|BYTERANGE|I-FRAMES-ONLY)")
_LARGEST_LIST: Final = 5_000_000


@dataclass(frozen=True)
class Segment:
    """One piece of a video: where it lies, and from where to where it goes, in seconds."""

    address: str
    begin: float
    end: float


@dataclass(frozen=True)
class Playlist:
    """The pieces of a video in order, and what stands before the first; often nothing."""

    segments: tuple[Segment, ...]
    head: str = ""

    def holding(self, section: Section) -> tuple[Segment, ...]:
        """The pieces that hold a section; none when the video ends before it."""
        return tuple(
            one for one in self.segments if one.end > section.begin and one.begin < section.end
        )


def read(text: str, address: str) -> Playlist:
    """A playlist as its host wrote it.

    Args:
        text: The playlist.
        address: Where it lies; the pieces lie beside it.

    Raises:
        DownloadFailed: It is none, or of a kind that is not read, or leads to another host.
    """
    if not text.startswith("#EXTM3U") or _UNREADABLE.search(text):
        raise DownloadFailed("This video", detail="Its list of segments cannot be read")
    head = _HEAD.search(text)
    playlist = Playlist(tuple(_segments(text, address)), urljoin(address, head[1]) if head else "")
    for place in (playlist.head, *(one.address for one in playlist.segments)):
        if place:
            ensure_hosted(place)
    return playlist


def gather(
    loader: Any, address: str, section: Section, target: Path, reporter: Reporter
) -> Section:
    """Bring the pieces that hold a section into one file; the answer is what they span.

    Args:
        loader: yt-dlp, which knows the way to the host.
        address: The playlist.
        section: What is wanted.
        target: The file; removed again when it cannot be completed.
        reporter: Whether anybody still waits.

    Raises:
        DownloadFailed: The list cannot be read, or does not reach so far.
        VideoTooLarge: More comes than is brought for one clip.
        YoutubeDLError: The host refused, or the connection broke off.
    """
    with loader.urlopen(address) as answer:
        playlist = read(answer.read(_LARGEST_LIST).decode("utf-8", "replace"), address)
    pieces = playlist.holding(section)
    if not pieces:
        raise DownloadFailed("This video", detail="Its list of segments does not reach so far")
    addresses = [*filter(None, [playlist.head]), *(piece.address for piece in pieces)]
    try:
        with target.open("wb") as file:
            for number, piece in enumerate(addresses):
                reporter.tell(number / len(addresses), "Downloading a part")
                _append(loader, piece, file, reporter)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Section(pieces[0].begin, pieces[-1].end)


def _segments(text: str, address: str) -> Iterator[Segment]:
    begin, lasts = 0.0, 0.0
    for line in map(str.strip, text.splitlines()):
        told = _LENGTH.match(line)
        if told:
            lasts = float(told[1])
        elif line and not line.startswith("#"):
            yield Segment(urljoin(address, line), begin, begin + lasts)
            begin += lasts


def _append(loader: Any, address: str, file: IO[bytes], reporter: Reporter) -> None:
    from yt_dlp.utils import DownloadCancelled

    with loader.urlopen(address) as answer:
        while chunk := answer.read(_CHUNK):
            if reporter.stopped:
                raise DownloadCancelled
            file.write(chunk)
            if file.tell() > LARGEST:
                raise VideoTooLarge("This video", LARGEST)
