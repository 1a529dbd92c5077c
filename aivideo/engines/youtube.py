"""YouTube as a source of clips: search through its Data API, download through yt-dlp.

A key has a hundred searches a day, so each asks for as many videos as one answer holds, and
answers are used again for a week, also for words that are nearly the same: a page that is
opened again costs nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from aivideo import ranking
from aivideo.answers import Answers
from aivideo.engines.download import LONGEST, VIDEO_ID
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.searches import A_DAY, Searches
from aivideo.engines.waiting import aside
from aivideo.engines.youtube_api import DataApi, Video
from aivideo.engines.youtube_clips import (
    DOWNLOADS,
    FREE,
    LICENCE_URLS,
    PICTURES,
    STANDARD,
    TERMS,
    Allowed,
    Videos,
    keep,
    question_of,
    recall_alike,
)
from aivideo.engines.youtube_runtime import downloader_state
from aivideo.errors import Health, YouTubeKeyMissing, YouTubeRightsUnconfirmed
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

_LICENCES: Final = {"creativeCommon": FREE, "youtube": STANDARD}
"""What the service calls its licences, and what we do."""
_COUNTRIES: Final = 249
_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class YouTube:
    """Videos of YouTube, found with a key of its Data API.

    Args:
        settings: The key, and whether downloads are allowed.
        workspace: Where pictures and videos are kept.
        answers: Where answers are kept.
        endpoint: Where the Data API answers instead of its own address.
        pictures: Where thumbnails come from.
        options: More options for yt-dlp.
        allowed: Asked whether a person has consented to downloads.
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
        allowed: Allowed | None = None,
    ) -> None:
        self._settings = settings
        self._answers = answers
        self._endpoint = endpoint
        self._videos = Videos(settings, workspace, pictures, options, allowed)
        self._searches = Searches(workspace, settings.youtube_api_key)

    @property
    def about(self) -> About:
        """Whether there is a key, and what is left of today."""
        keyless = self._settings.youtube_api_key is None
        return About(
            title="YouTube",
            says="Videos of YouTube; those under Creative Commons may be used when their makers "
            "are named.",
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
        question = question_of(query.words, reusable=query.reusable)
        videos: list[Video] | None = recall_alike(self._answers, self.name, question)
        if videos is None:
            api = DataApi(key, self._searches, endpoint=self._endpoint)
            videos = yield from aside(
                lambda _: api.find_videos(query.words, free=query.reusable), "Asking YouTube"
            )
            keep(self._answers, self.name, question, videos)
        return list(self._offers(videos, reusable=query.reusable))

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The clip with its thumbnail, where YouTube gives one."""
        return (yield from self._videos.picture(clip))

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """Download what is wanted of a video; ``sections.section_offset`` says where it begins.

        Raises:
            YouTubeRightsUnconfirmed: The person has not said that they may.
            AIVideoError: It cannot be had, as ``Downloads.bring`` says.
        """
        return (yield from self._videos.fetch(wanted))

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
        if not self._videos.allows(DOWNLOADS):
            return f"{says} Downloads are off.", YouTubeRightsUnconfirmed().message
        state, remedy = downloader_state()
        return f"{says} {state}", remedy

    def _offers(self, videos: Sequence[Video], *, reusable: bool) -> Iterator[FoundClip]:
        for place, video in enumerate(videos):
            # What the service leaves out or writes differently costs one offer, not the answer.
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                if _is_offered(video) and (_licence(video) == FREE or not reusable):
                    yield self._clip(video, place)

    def _clip(self, video: Video, place: int) -> FoundClip:
        about, video_id = video["snippet"], video["id"]
        licence = _licence(video)
        told = (" ".join(about.get("tags", ())), about.get("description", ""))
        return FoundClip(
            source=self.name,
            source_id=video_id,
            title=html.unescape(about["title"]),
            duration_seconds=_seconds(video["contentDetails"]["duration"]),
            description=" ".join(filter(None, told)),
            url=f"https://www.youtube.com/watch?v={video_id}",
            picture_address=self._videos.picture_address(video_id),
            author=about.get("channelTitle", ""),
            author_url=f"https://www.youtube.com/channel/{about['channelId']}",
            licence=licence,
            licence_url=LICENCE_URLS[licence],
            licence_text=video["status"]["license"],
            score=round(1 / (1 + place), 3),
        )


def _licence(video: Video) -> str:
    return _LICENCES[video["status"]["license"]]


def _is_offered(video: Video) -> bool:
    """Whether a video may be used: public, recorded, not endless, for everyone, everywhere."""
    details, status = video["contentDetails"], video["status"]
    return (
        VIDEO_ID.fullmatch(video["id"]) is not None
        and 0 < _seconds(details["duration"]) <= LONGEST
        and status.get("privacyStatus", "public") == "public"
        and status.get("embeddable", True)
        and video["snippet"].get("liveBroadcastContent", "none") == "none"
        and "ytRating" not in details.get("contentRating", {})
        and _is_seen_widely(details.get("regionRestriction", {}))
    )


def _is_seen_widely(restriction: Mapping[str, Any]) -> bool:
    """Whether a video is shown in most countries; in which one we are is not asked."""
    allowed, blocked = restriction.get("allowed"), restriction.get("blocked", ())
    shown = _COUNTRIES - len(blocked) if allowed is None else len(allowed)
    return shown > _COUNTRIES / 2


def _seconds(duration: str) -> float:
    """The length that ISO 8601 writes as ``PT1M35S``; ``P0D`` is a stream without one."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(duration)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
