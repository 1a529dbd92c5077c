"""YouTube as a source of clips: search through its Data API, download through yt-dlp.

Only videos under Creative Commons are offered. A key has a hundred searches a day, so each
asks for as many videos as one answer holds, and answers are used again for a week: less than
the thirty days for which the service's terms allow to keep them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from aivideo import ranking
from aivideo.answers import Answers
from aivideo.engines.download import LONGEST, VIDEO_ID, download, javascript
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.searches import A_DAY, Searches
from aivideo.engines.waiting import aside
from aivideo.engines.youtube_api import DataApi, Video
from aivideo.errors import (
    Health,
    YouTubeKeyMissing,
    YouTubeRightsUnconfirmed,
)
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

KEPT: Final = timedelta(days=7)
"""How long an answer is used again."""
STALE: Final = timedelta(days=90)
"""The age from which yt-dlp is likely to fail: YouTube changes often."""
TERMS: Final = "https://www.youtube.com/t/terms"
PICTURES: Final = "https://i.ytimg.com"

LICENCE: Final = "CC BY"
LICENCE_URL: Final = "https://support.google.com/youtube/answer/2797468"
"""YouTube's page about its licence: it names no version."""

_TEXT_READ: Final = 500
_PICTURE_LIMIT: Final = 1_000_000
_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class YouTube:
    """Creative Commons videos of YouTube.

    Args:
        settings: The key, and whether downloads are allowed.
        workspace: Where pictures and videos are kept.
        answers: Where answers are kept.
        endpoint: Where the Data API answers instead of its own address.
        pictures: Where thumbnails come from.
        options: More options for yt-dlp.
    """

    name = "youtube"

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        answers: Answers,
        *,
        endpoint: str = "",
        pictures: str = PICTURES,
        options: Mapping[str, object] | None = None,
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._answers = answers
        self._endpoint = endpoint
        self._pictures = pictures
        self._options = options
        self._searches = Searches(workspace)

    @property
    def about(self) -> About:
        """Whether there is a key, and what is left of today."""
        keyless = self._settings.youtube_api_key is None
        return About(
            title="YouTube",
            says="Videos of YouTube under Creative Commons, whose makers want to be named.",
            needs=YouTubeKeyMissing().message if keyless else "",
            address=TERMS,
            searches_left=None if keyless else self._searches.left,
        )

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Videos for the words of a query, as YouTube orders them.

        Raises:
            YouTubeKeyMissing: There is no key.
            YouTubeQuota: Today's searches are used up.
            AIVideoError: YouTube refused or did not answer, as ``DataApi.find_videos`` says.
        """
        key = self._settings.youtube_api_key
        if key is None:
            raise YouTubeKeyMissing
        if not ranking.terms(query.words):
            return []
        videos = yield from self._videos(key, query.words)
        return list(self._offers(videos))

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The clip with its thumbnail, where YouTube gives one."""
        picture = yield from aside(lambda _: self._picture(clip.source_id), "Fetching thumbnails")
        return replace(clip, thumbnail=picture)

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """Download a video.

        Raises:
            YouTubeRightsUnconfirmed: The person has not said that they may.
            AIVideoError: It cannot be had, as ``download.download`` says.
        """
        if not self._settings.youtube_downloads:
            raise YouTubeRightsUnconfirmed
        return (yield from download(self._workspace, wanted.source_id, self._options))

    def check(self) -> Health:
        """Whether there is a key, what is left of today, and whether downloads will work."""
        says, remedy = self._state()
        return Health(
            "Clips: YouTube",
            works=self._settings.youtube_api_key is not None,
            says=says,
            remedy=remedy,
            tried=False,
        )

    def _state(self) -> tuple[str, str]:
        if self._settings.youtube_api_key is None:
            return "There is no key.", YouTubeKeyMissing().message
        says = f"{self._searches.left} of {A_DAY} searches are left today."
        if not self._settings.youtube_downloads:
            return f"{says} Downloads are off.", YouTubeRightsUnconfirmed().message
        version = metadata.version("yt-dlp")
        says += f" yt-dlp is of {version}."
        update = "Run pip install --upgrade 'yt-dlp[default,deno]'."
        if not javascript():
            return f"{says} Its JavaScript helper is missing, so some videos fail.", update
        return says, update if is_stale(version) else ""

    def _videos(self, key: SecretStr, words: str) -> Work[list[Video]]:
        """What YouTube knows of videos for these words; asked once a week."""
        question = {"terms": sorted(set(ranking.terms(words)))}
        kept: list[Video] | None = self._answers.recall(self.name, question)
        if kept is not None:
            return kept
        api = DataApi(key, self._searches, endpoint=self._endpoint)
        videos = yield from aside(lambda _: api.find_videos(words), "Asking YouTube")
        self._answers.keep(self.name, question, videos, KEPT)
        return videos

    def _offers(self, videos: Sequence[Video]) -> Iterator[FoundClip]:
        for place, video in enumerate(videos):
            # What the service leaves out or writes differently costs one offer, not the answer.
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                if _is_offered(video):
                    yield _clip(video, place)

    def _picture(self, video_id: str) -> str:
        """The video's thumbnail, 320 x 180; empty when it cannot be had."""
        import httpx

        picture = self._workspace.artifact("thumbnails", ".jpg", youtube=video_id, recipe=1)
        if picture.exists() or not VIDEO_ID.fullmatch(video_id):
            return str(picture) if picture.exists() else ""
        try:
            address = f"{self._pictures}/vi/{video_id}/mqdefault.jpg"
            answer = httpx.get(address, timeout=5, follow_redirects=False)
        except httpx.HTTPError:
            return ""
        if not answer.content.startswith(b"\xff\xd8\xff") or len(answer.content) > _PICTURE_LIMIT:
            return ""
        with self._workspace.draft(picture) as draft:
            draft.write_bytes(answer.content)
        return str(picture)


def _clip(video: Video, place: int) -> FoundClip:
    about = video["snippet"]
    tags = " ".join(about.get("tags", ()))
    return FoundClip(
        source=YouTube.name,
        source_id=video["id"],
        title=html.unescape(about["title"]),
        duration_seconds=_seconds(video["contentDetails"]["duration"]),
        description=f"{tags} {about.get('description', '')[:_TEXT_READ]}".strip(),
        url=f"https://www.youtube.com/watch?v={video['id']}",
        picture_address=f"{PICTURES}/vi/{video['id']}/mqdefault.jpg",
        author=about.get("channelTitle", ""),
        author_url=f"https://www.youtube.com/channel/{about['channelId']}",
        licence=LICENCE,
        licence_url=LICENCE_URL,
        licence_text=video["status"]["license"],
        score=round(1 / (1 + place), 3),
    )


def _is_offered(video: Video) -> bool:
    """Whether a video may be used: public, recorded, short, free, for everyone."""
    details, status = video["contentDetails"], video["status"]
    return (
        VIDEO_ID.fullmatch(video["id"]) is not None
        and 0 < _seconds(details["duration"]) <= LONGEST
        and status["license"] == "creativeCommon"
        and status.get("privacyStatus", "public") == "public"
        and video["snippet"].get("liveBroadcastContent", "none") == "none"
        and "ytRating" not in details.get("contentRating", {})
    )


def _seconds(duration: str) -> float:
    """The length that ISO 8601 writes as ``PT1M35S``; ``P0D`` is a stream without one."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(duration)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def is_stale(version: str) -> bool:
    """Whether a version of yt-dlp, which is a date, is too old to be trusted."""
    year, month, day = (int(part) for part in version.split(".")[:3])
    return datetime.now(UTC) - datetime(year, month, day, tzinfo=UTC) > STALE
