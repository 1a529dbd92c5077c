"""YouTube: its searches, its keys, and every reason why a video of it cannot be had."""

from __future__ import annotations

from typing import Final

from aivideo.errors.base import AIVideoError
from aivideo.errors.clips import ClipUnusable

ENABLE: Final = "https://console.cloud.google.com/apis/library/youtube.googleapis.com"
KEYS: Final = "https://console.cloud.google.com/apis/credentials"
QUOTAS: Final = "https://console.cloud.google.com/apis/api/youtube.googleapis.com/quotas"


class YouTubeKeyMissing(AIVideoError):
    """YouTube is asked and there is no key."""

    code = "YOUTUBE_KEY_MISSING"

    def __init__(self) -> None:
        super().__init__(
            f"YouTube search needs a key. Enable 'YouTube Data API v3' at {ENABLE}, make a key at "
            f"{KEYS} and set YOUTUBE_API_KEY, or choose another source."
        )


class YouTubeKeyRefused(AIVideoError):
    """YouTube does not accept the key, or not from this app."""

    code = "YOUTUBE_KEY_REFUSED"

    def __init__(self, *, restricted: bool, detail: str = "") -> None:
        super().__init__(
            "The YouTube key may not be used by this app. Remove its restrictions to web sites, "
            f"addresses or other services at {KEYS}."
            if restricted
            else "The YouTube key was not accepted: it is wrong or has expired. Look at it at "
            f"{KEYS} and correct YOUTUBE_API_KEY.",
            detail=detail,
        )


class YouTubeNotEnabled(AIVideoError):
    """The key's project has not switched the service on."""

    code = "YOUTUBE_NOT_ENABLED"

    def __init__(self, address: str = "", *, detail: str = "") -> None:
        super().__init__(
            "The YouTube key is fine, but its project does not use YouTube yet. Enable 'YouTube "
            f"Data API v3' at {address or ENABLE}, wait a few minutes and search again.",
            detail=detail,
        )


class YouTubeQuota(AIVideoError):
    """Today's searches are used up."""

    code = "YOUTUBE_QUOTA"

    def __init__(self, a_day: int, returns_at: str, *, detail: str = "") -> None:
        super().__init__(
            f"Today's YouTube searches are used up ({a_day} a day); they return at {returns_at} "
            "your time. Clips found so far and the other sources still work; what your key has is "
            f"shown at {QUOTAS}.",
            detail=detail,
        )


class YouTubeTooFast(AIVideoError):
    """More was asked in a moment than the key may; the day's searches are not at an end."""

    code = "YOUTUBE_TOO_FAST"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube was asked too often within one minute. Wait a minute and search again.",
            detail=detail,
        )


class YouTubeUnreachable(AIVideoError):
    """YouTube does not answer."""

    code = "YOUTUBE_UNREACHABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube does not answer. Look at the internet connection and try again, or choose "
            "another source.",
            detail=detail,
        )


class YouTubeAnswerBroken(AIVideoError):
    """Something answered for YouTube that is not YouTube, or not whole."""

    code = "YOUTUBE_ANSWER_BROKEN"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "What came back from YouTube cannot be read; a proxy or a sign-in page of the network "
            "may have answered instead. Open a web page in the browser, then try again.",
            detail=detail,
        )


class YouTubeSearchOff(AIVideoError):
    """A search without a key was asked for and the person has not turned it on."""

    code = "YOUTUBE_SEARCH_OFF"

    def __init__(self) -> None:
        super().__init__(
            "YouTube search without a key is off: no agreement with YouTube covers it, and its "
            "terms forbid it where it has not allowed it. To use it all the same, on your own "
            "responsibility, set YOUTUBE_SEARCH=true."
        )


class YouTubeRightsUnconfirmed(AIVideoError):
    """A download was asked for and the person has not said that it is allowed."""

    code = "YOUTUBE_RIGHTS_UNCONFIRMED"

    def __init__(self) -> None:
        super().__init__(
            "YouTube downloads are off. If you have the right to use the videos you pick, say so "
            "by setting YOUTUBE_DOWNLOADS=true; otherwise choose a clip from another source."
        )


class YouTubeDistrust(AIVideoError):
    """YouTube takes this computer for a robot."""

    code = "YOUTUBE_BOT_CHECK"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube wants to know whether this computer is a robot and gives no videos. Wait an "
            "hour, or choose a clip from another source.",
            detail=detail,
        )


class YouTubeBusy(AIVideoError):
    """YouTube limits what this computer may download."""

    code = "YOUTUBE_BUSY"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube limits this computer for up to an hour. Wait, or choose a clip from another "
            "source.",
            detail=detail,
        )


class DownloaderOutdated(AIVideoError):
    """YouTube has changed and the downloader has not, or its helper is missing."""

    code = "DOWNLOADER_OUTDATED"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "YouTube offered nothing that could be downloaded. Update the downloader with pip "
            "install --upgrade 'yt-dlp[default,deno]' and try again, or choose another clip.",
            detail=detail,
        )


class DownloadFailed(AIVideoError):
    """A download ended for a reason that we do not know."""

    code = "DOWNLOAD_FAILED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} could not be downloaded. Try again; if it stays, choose another clip and "
            "report the details.",
            detail=detail,
        )


class VideoIdInvalid(ClipUnusable):
    """What should name a video of YouTube is not of the form that its names have."""

    code = "VIDEO_ID_INVALID"

    def __init__(self, said: str) -> None:
        super().__init__(said[:40], "this is not the id of a YouTube video")


class VideoPrivate(ClipUnusable):
    """Only those whom its owner invited may see a video."""

    code = "VIDEO_PRIVATE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it is private", detail=detail)


class VideoRemoved(ClipUnusable):
    """A video that is no longer there."""

    code = "VIDEO_REMOVED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "YouTube does not have it any more", detail=detail)


class VideoForMembers(ClipUnusable):
    """Only those who pay for its channel, or for itself, may see a video."""

    code = "VIDEO_FOR_MEMBERS"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it is only for paying members of its channel", detail=detail)


class VideoNotForAll(ClipUnusable):
    """Only grown-ups who sign in may see a video."""

    code = "VIDEO_AGE_RESTRICTED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it is only for grown-ups who sign in", detail=detail)


class VideoNotInRegion(ClipUnusable):
    """A video is not shown where this computer is."""

    code = "VIDEO_NOT_IN_REGION"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it is not shown in your country", detail=detail)


class VideoProtected(ClipUnusable):
    """A video is encrypted against copying."""

    code = "VIDEO_PROTECTED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it is protected against copying", detail=detail)


class VideoLive(ClipUnusable):
    """A broadcast that goes on: it has no end to cut a clip from, yet."""

    code = "VIDEO_LIVE"
    permanent = False

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it is live", detail=detail)


class VideoUpcoming(ClipUnusable):
    """A broadcast or premiere that has not begun."""

    code = "VIDEO_UPCOMING"
    permanent = False

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(name, "it has not begun yet", detail=detail)


class VideoTooLong(ClipUnusable):
    """A video is longer than what is looked through, or brought here whole."""

    code = "VIDEO_TOO_LONG"

    def __init__(self, name: str, minutes: int, *, whole: bool = False) -> None:
        limit = f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"
        super().__init__(name, f"it is longer than {limit}" + ", too long to be had whole" * whole)
        self.permanent = not whole


class VideoTooShort(ClipUnusable):
    """A scene begins in a video where that has ended."""

    code = "VIDEO_TOO_SHORT"
    permanent = False

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(name, f"it ends after {seconds:.0f} seconds, before the place chosen")


class VideoTooLarge(ClipUnusable):
    """A video has more bytes than are brought for one clip."""

    code = "VIDEO_TOO_LARGE"

    def __init__(self, name: str, limit: int, *, detail: str = "") -> None:
        super().__init__(name, f"it is larger than {limit // 1_000_000} MB", detail=detail)


class VideoLicenceGone(ClipUnusable):
    """A video that was found as free to use is not, or not any more."""

    code = "VIDEO_LICENCE_GONE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            name, "it is not under a Creative Commons licence (any more)", detail=detail
        )
