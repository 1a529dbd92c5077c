"""Clip sources: footage, YouTube, drawn scenes."""

from __future__ import annotations

from pathlib import Path

from aivideo.errors.base import AIVideoError, scenes_named


class ClipGone(AIVideoError):
    """A clip that is no longer where it was found."""

    code = "CLIP_GONE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} is no longer there, or is another file now. Put it back, or search again "
            "and choose another clip.",
            detail=detail,
        )


class ClipUnusable(AIVideoError):
    """A clip that cannot be used, for a reason that will not go away by itself."""

    code = "CLIP_UNUSABLE"

    def __init__(self, name: str, reason: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be used: {reason.rstrip('.')}. Choose another clip.", detail=detail
        )


class ClipNotFound(AIVideoError):
    """No source has a clip that shows what a scene is about."""

    code = "CLIP_NOT_FOUND"

    def __init__(self, number: int, words: str) -> None:
        super().__init__(
            f"Scene {number} has no clip: nothing fits {words!r}. Search with other words, put a "
            "clip of your own into the footage folder, or let it be illustrated."
        )


class ClipNotChosen(AIVideoError):
    """Scenes whose clips are needed have none."""

    code = "CLIP_NOT_CHOSEN"

    def __init__(self, *numbers: int) -> None:
        have, one = ("has", "one for it") if len(numbers) == 1 else ("have", "one for each")
        super().__init__(f"{scenes_named(numbers)} {have} no clip yet. Choose {one} first.")


class YouTubeKeyMissing(AIVideoError):
    """YouTube is asked and there is no key."""

    code = "YOUTUBE_KEY_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "YouTube search needs a key. Make one for 'YouTube Data API v3' at "
            "console.cloud.google.com and set YOUTUBE_API_KEY, or choose another source."
        )


class YouTubeKeyRefused(AIVideoError):
    """YouTube does not accept the key, or not from this app."""

    code = "YOUTUBE_KEY_REFUSED"

    def __init__(self, *, restricted: bool, detail: str = "") -> None:
        super().__init__(
            "The YouTube key may not be used by this app. Remove its restrictions to web sites, "
            "addresses or other services at console.cloud.google.com."
            if restricted
            else "The YouTube key was not accepted: it is wrong or has expired. Correct "
            "YOUTUBE_API_KEY.",
            detail=detail,
        )


class YouTubeNotEnabled(AIVideoError):
    """The key's project has not switched the service on."""

    code = "YOUTUBE_NOT_ENABLED"

    def __init__(self, address: str, *, detail: str = "") -> None:
        super().__init__(
            f"The YouTube key is fine, but its project does not use YouTube yet. Enable 'YouTube "
            f"Data API v3' at {address}, wait a few minutes and search again.",
            detail=detail,
        )


class YouTubeQuota(AIVideoError):
    """Today's searches are used up."""

    code = "YOUTUBE_QUOTA"

    def __init__(self, a_day: int, returns_at: str, *, detail: str = "") -> None:
        super().__init__(
            f"Today's YouTube searches are used up ({a_day} a day); they return at {returns_at} "
            "your time. Clips found so far and the other sources still work.",
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


class IllustrationUnreadable(AIVideoError):
    """A recipe that this version of the app cannot draw."""

    code = "ILLUSTRATION_UNREADABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "This drawn scene was made by another version of the app. Suggest clips for the "
            "scene again and choose a new one.",
            detail=detail,
        )


class ArtworkMissing(AIVideoError):
    """The icons or fonts that scenes are drawn with are not where they belong."""

    code = "ARTWORK_MISSING"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"What scenes are drawn with is missing or damaged: {path}. Install the app again, "
            "or bring the folder assets back.",
            detail=detail,
        )


class DrawingUnavailable(AIVideoError):
    """The drawing library cannot be used on this machine."""

    code = "DRAWING_UNAVAILABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "Scenes cannot be drawn here because skia-python does not load. Install it again "
            "with pip install --force-reinstall skia-python.",
            detail=detail,
        )


class NothingToFetch(AIVideoError):
    """A drawn scene was asked for as a file."""

    code = "NOTHING_TO_FETCH"

    def __init__(self, source_id: str) -> None:
        super().__init__(
            f"The drawn scene {source_id} has no file to fetch. It is drawn while the video is "
            "rendered; choose it and go on."
        )
