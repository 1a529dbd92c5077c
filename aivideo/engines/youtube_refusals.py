"""What the downloader says, as the failure it stands for, and what may not be brought at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from aivideo.errors import (
    AIVideoError,
    DownloaderOutdated,
    DownloadFailed,
    VideoForMembers,
    VideoLicenceGone,
    VideoLive,
    VideoNotForAll,
    VideoNotInRegion,
    VideoPrivate,
    VideoProtected,
    VideoRemoved,
    VideoUpcoming,
    YouTubeBusy,
    YouTubeDistrust,
    YouTubeUnreachable,
)

Failure = Callable[[str, str], AIVideoError]
"""Makes an error of the video's name and the technical text."""

_NO_CONNECTION: Final = (
    r"getaddrinfo|not known|timed out|connection (refused|reset)|unable to connect|unreachable"
    r"|failed to resolve|more expected|IncompleteRead|remote end closed|HTTP Error 5\d\d"
    r"|Server returned 5|Input/output error|Connection (aborted|to .* failed)|End of file"
)
_QUERY: Final = re.compile(r"(https?://[^\s?]+)\?[^\s'\"]+")
"""An address with what is asked: where media lies, that tells who asks from where."""
_GONE: Final = (
    r"video (is )?(unavailable|not available)|been removed|account.*terminated"
    r"|no longer available|HTTP Error 4(04|10)|4(04 Not Found|10 Gone)"
)
_FAILURES: Final[tuple[tuple[str, Failure], ...]] = (
    (r"not a bot|captcha", lambda _, detail: YouTubeDistrust(detail=detail)),
    (r"rate-limited|\b429\b.*Too Many", lambda _, detail: YouTubeBusy(detail=detail)),
    (
        r"confirm your age|age-restricted|inappropriate for some users",
        lambda name, detail: VideoNotForAll(name, detail=detail),
    ),
    (r"private video|video is private", lambda name, detail: VideoPrivate(name, detail=detail)),
    (
        r"members[- ]only|members on level|join this channel|requires payment|music premium",
        lambda name, detail: VideoForMembers(name, detail=detail),
    ),
    (
        r"(available|blocked it) in your country|GeoRestricted|from your location",
        lambda name, detail: VideoNotInRegion(name, detail=detail),
    ),
    (r"DRM protected", lambda name, detail: VideoProtected(name, detail=detail)),
    (
        r"(event|premiere) will begin|premieres in|(starting|begins) (soon|shortly|in)",
        lambda name, detail: VideoUpcoming(name, detail=detail),
    ),
    (r"live event|live ?stream", lambda name, detail: VideoLive(name, detail=detail)),
    (
        r"format is not available|no video formats|HTTP Error 403|403 Forbidden",
        lambda _, detail: DownloaderOutdated(detail=detail),
    ),
    (
        _GONE,
        lambda name, detail: VideoRemoved(name, detail=detail),
    ),
    (_NO_CONNECTION, lambda _, detail: YouTubeUnreachable(detail=detail)),
    ("extractor error has occurred", lambda _, detail: DownloaderOutdated(detail=detail)),
)
"""What is said, as patterns, and the failure it stands for; the first that fits counts."""


def explain(name: str, said: str) -> AIVideoError:
    """The failure that the downloader's words stand for.

    Args:
        name: What the video is called in the sentence.
        said: Everything that it said.
    """
    said = _QUERY.sub(r"\1?...", said)
    for pattern, failure in _FAILURES:
        if re.search(pattern, said, re.IGNORECASE):
            return failure(name, said)
    return DownloadFailed(name, detail=said)


def refuse_unusable(name: str, info: Mapping[str, Any], *, free: bool) -> None:
    """Raise what speaks against a video, as far as its page tells, before its first byte.

    Args:
        name: What the video is called in the sentence.
        info: What the downloader found out about it.
        free: Whether its licence must be Creative Commons.

    Raises:
        ClipUnusable: It is live, has not begun, or is under another licence.
    """
    status = info.get("live_status")
    if status == "is_upcoming":
        raise VideoUpcoming(name)
    if status in {"is_live", "post_live"}:
        raise VideoLive(name)
    licence = info.get("license") or ""
    if free and "Creative Commons" not in licence:
        raise VideoLicenceGone(name, detail=f"The page says: {licence or 'standard licence'}")
