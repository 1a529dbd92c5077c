"""The YouTube Data API: which videos there are for some words, and what is known of them.

The key travels in a header, so that it stands in no address, log or failure. Each call makes
its own service: the vendor's client is not made for several threads, and one costs 5 ms.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any, Final

from pydantic import SecretStr

from aivideo.engines.searches import A_DAY, Searches, returns_at
from aivideo.errors import (
    AIVideoError,
    YouTubeAnswerBroken,
    YouTubeKeyRefused,
    YouTubeNotEnabled,
    YouTubeQuota,
    YouTubeTooFast,
    YouTubeUnreachable,
)

TIMEOUT: Final = 15
PER_SEARCH: Final = 50
"""Videos in one answer; more cost no more."""

_SERVER_FAILS: Final = 500
_TOO_MANY: Final = 429
_PAUSE: Final = 0.5
_CONSOLE: Final = re.compile(r"https://console\.(?:developers|cloud)\.google\.com/[^\s\"<>]+")
_NO_MORE: Final = {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded"} | {
    "userRateLimitExceeded"
}
_FOR_NOW: Final = re.compile("per[ _]?(minute|second|100 ?sec)|userRateLimit", re.IGNORECASE)
"""A limit that is over in a minute; the day's is called "per day"."""
_NOT_ENABLED: Final = {"accessNotConfigured", "SERVICE_DISABLED"}
_KEY_WRONG: Final = {"API_KEY_INVALID", "keyInvalid", "keyExpired"}

_TEXT_KEPT: Final = 500
"""Letters of a description; the rest is links and thanks."""
_KEPT: Final = {
    "snippet": (
        "title",
        "description",
        "channelId",
        "channelTitle",
        "tags",
        "liveBroadcastContent",
    ),
    "contentDetails": ("duration", "contentRating", "regionRestriction"),
    "status": ("license", "privacyStatus", "embeddable"),
}

_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh-Hans", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
)
"""Languages that their letters give away, as the service names them."""

Video = dict[str, Any]
"""One item of ``videos.list``, as the service gives it, without what nobody looks at."""


class DataApi:
    """The two questions that we ask, and their failures as sentences."""

    def __init__(self, key: SecretStr, searches: Searches, *, endpoint: str = "") -> None:
        self._key = key
        self._searches = searches
        self._endpoint = endpoint

    def find_videos(self, words: str, *, free: bool = True) -> list[Video]:
        """Videos for some words, the most relevant first: short ones, and longer if there are none.

        Args:
            words: What is searched for.
            free: Whether only those under Creative Commons are wanted.

        Raises:
            YouTubeQuota: Today's searches are used up.
            YouTubeTooFast: More was asked in a minute than the key may.
            YouTubeKeyRefused: The key is wrong, or may not be used here.
            YouTubeNotEnabled: The key's project does not use the service.
            YouTubeUnreachable: There is no connection, or the service is down.
            YouTubeAnswerBroken: What came back is not an answer.
        """
        if self._searches.today().used_up:
            raise YouTubeQuota(A_DAY, returns_at())
        with self._service() as service:
            ids = self._search(service, words, free=free, videoDuration="short")
            ids = ids or self._search(service, words, free=free, videoDuration="any")
            return self._describe(service, ids) if ids else []

    def _search(self, service: Any, words: str, *, free: bool, **more: str) -> list[str]:
        self._searches.count()
        asked = service.search().list(
            part="snippet",
            type="video",
            q=words,
            maxResults=PER_SEARCH,
            videoLicense="creativeCommon" if free else "any",
            videoDefinition="high",
            videoEmbeddable="true",
            safeSearch="strict",
            relevanceLanguage=language_of(words),
            **more,
        )
        try:
            found = self._ask(asked)
        except YouTubeUnreachable:
            self._searches.take_back()
            raise
        return [item["id"]["videoId"] for item in found if "videoId" in (item.get("id") or {})]

    def _describe(self, service: Any, ids: Sequence[str]) -> list[Video]:
        """Length, licence and the rest, which a search does not tell, in the order given."""
        parts = "snippet,contentDetails,status"
        videos = self._ask(service.videos().list(part=parts, id=",".join(ids)))
        by_id = {video.get("id"): video for video in videos}
        return [_trimmed(by_id[one]) for one in ids if one in by_id]

    def _service(self) -> Any:
        import httplib2
        from googleapiclient.discovery import build
        from googleapiclient.http import HttpRequest

        key = self._key.get_secret_value()

        def signed(*args: Any, **kwargs: Any) -> Any:
            request = HttpRequest(*args, **kwargs)
            request.headers["X-Goog-Api-Key"] = key
            return request

        return build(
            "youtube",
            "v3",
            http=httplib2.Http(timeout=TIMEOUT),
            requestBuilder=signed,
            cache_discovery=False,
            client_options={"api_endpoint": self._endpoint} if self._endpoint else None,
        )

    def _ask(self, request: Any) -> list[Video]:
        """The items of an answer; a server that fails is asked once more."""
        from googleapiclient.errors import HttpError
        from httplib2.error import HttpLib2Error

        try:
            answer = _execute(request)
        except HttpError as problem:
            raise self._refusal(problem) from problem
        except HTTPException as problem:
            raise YouTubeAnswerBroken(detail=repr(problem)) from problem
        except (HttpLib2Error, OSError) as problem:
            raise YouTubeUnreachable(detail=repr(problem)) from problem
        items = answer.get("items") if isinstance(answer, dict) else None
        if not isinstance(items, list):
            raise YouTubeAnswerBroken(detail=str(answer)[:500])
        return [item for item in items if isinstance(item, dict)]

    def _refusal(self, problem: Any) -> AIVideoError:
        """The failure that an error answer stands for."""
        status, said = int(problem.resp.status), problem.content.decode("utf-8", "replace")
        reasons = _reasons(said)
        if status == _TOO_MANY or reasons & _NO_MORE:
            return self._limit(said)
        if reasons & _NOT_ENABLED:
            address = _CONSOLE.search(said)
            return YouTubeNotEnabled(address[0] if address else "", detail=said)
        if reasons & _KEY_WRONG:
            return YouTubeKeyRefused(restricted=False, detail=said)
        if any(reason.startswith("API_KEY_") for reason in reasons):
            return YouTubeKeyRefused(restricted=True, detail=said)
        if status >= _SERVER_FAILS:
            return YouTubeUnreachable(detail=said)
        return YouTubeAnswerBroken(detail=said)

    def _limit(self, said: str) -> AIVideoError:
        """The failure that a limit stands for: the day's, or one that is over in a minute."""
        if _FOR_NOW.search(said):
            return YouTubeTooFast(detail=said)
        self._searches.use_up()
        return YouTubeQuota(A_DAY, returns_at(), detail=said)


def language_of(words: str) -> str:
    """The language that the words are written in, as far as their letters tell."""
    return next((code for code, letters in _SCRIPTS if letters.search(words)), "en")


def _trimmed(video: Video) -> Video:
    """A video without the dozens of values that nobody looks at: fifty of them are kept."""
    kept: Video = {"id": video.get("id")}
    for part, names in _KEPT.items():
        told = video.get(part)
        kept[part] = {name: told[name] for name in names if name in told} if told else None
    if kept["snippet"]:
        kept["snippet"]["description"] = str(kept["snippet"].get("description", ""))[:_TEXT_KEPT]
    return kept


def _execute(request: Any) -> Any:
    """Send a request; the vendor's own retries would repeat a used-up quota, ours do not."""
    from googleapiclient.errors import HttpError

    try:
        return request.execute(num_retries=0)
    except HttpError as problem:
        if problem.resp.status < _SERVER_FAILS:
            raise
    time.sleep(_PAUSE)
    return request.execute(num_retries=0)


def _reasons(said: str) -> set[str]:
    """Every reason that an error answer gives, old style and new."""
    try:
        error = json.loads(said)["error"]
        told = [*error.get("errors", ()), *error.get("details", ())]
        return {one["reason"] for one in told if "reason" in one}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
