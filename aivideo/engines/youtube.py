"""YouTube as a source of clips: search through its Data API, download through yt-dlp.

Only videos under Creative Commons are offered. A key has a hundred searches a day, so each
asks for as many videos as one answer holds and answers are used again for a week; what the
service told is removed after thirty days, as its terms demand.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from aivideo import ranking
from aivideo.engines.download import LONGEST, VIDEO_ID, download, javascript
from aivideo.engines.library import ClipQuery, FoundClip
from aivideo.engines.searches import A_DAY, Searches
from aivideo.engines.waiting import Reporter, aside
from aivideo.engines.youtube_api import DataApi, Video
from aivideo.errors import (
    ClipUnusable,
    Health,
    YouTubeKeyMissing,
    YouTubeRightsUnconfirmed,
)
from aivideo.progress import Work, within
from aivideo.settings import Settings
from aivideo.workspace import Workspace

KEPT: Final = timedelta(days=7)
"""How long an answer is used again."""
FORGOTTEN: Final = timedelta(days=30)
"""How long an answer may lie here at all."""
STALE: Final = timedelta(days=90)
"""The age from which yt-dlp is likely to fail: YouTube changes often."""
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
        workspace: Where answers, pictures and videos are kept.
        endpoint: Where the Data API answers instead of its own address.
        pictures: Where thumbnails come from.
        options: More options for yt-dlp.
    """

    name = "youtube"

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        *,
        endpoint: str = "",
        pictures: str = PICTURES,
        options: Mapping[str, object] | None = None,
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._endpoint = endpoint
        self._pictures = pictures
        self._options = options
        self._searches = Searches(workspace)

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Videos for the words of a query, best first.

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
        videos = yield from within(self._videos(key, query.words), 0.0, 0.6)
        offers = list(self._offers(videos, query))
        best = ranking.shortlist(offers, query.at_most)
        with_pictures = yield from within(
            aside(lambda reporter: self._with_pictures(best, reporter), "Fetching thumbnails"),
            0.6,
            1.0,
        )
        return with_pictures

    def fetch(self, source_id: str) -> Work[Path]:
        """Download a video.

        Raises:
            YouTubeRightsUnconfirmed: The person has not said that they may.
            AIVideoError: It cannot be had, as ``download.download`` says.
        """
        if not self._settings.youtube_downloads:
            raise YouTubeRightsUnconfirmed
        try:
            return (yield from download(self._workspace, source_id, self._options))
        except ClipUnusable as problem:
            with self._workspace.draft(self._refused(source_id)) as draft:
                draft.write_text(problem.message, encoding="utf-8")
            raise

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
        says = f"{self._searches.today().made} of {A_DAY} searches were made today."
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
        self._forget_old_answers()
        terms = sorted(set(ranking.terms(words)))
        answer = self._workspace.artifact("youtube", ".json", search=terms, recipe=1)
        if _age(answer) < KEPT:
            with suppress(OSError, ValueError):
                kept: list[Video] = json.loads(answer.read_text("utf-8"))
                return kept
        api = DataApi(key, self._searches, endpoint=self._endpoint)
        videos = yield from aside(lambda _: api.find_videos(words), "Asking YouTube")
        with self._workspace.draft(answer) as draft:
            draft.write_text(json.dumps(videos), encoding="utf-8")
        return videos

    def _forget_old_answers(self) -> None:
        for path in self._workspace.folder("youtube").glob("*.json"):
            if _age(path) > FORGOTTEN:
                path.unlink(missing_ok=True)

    def _refused(self, video_id: str) -> Path:
        """The note that a video cannot be had, and why."""
        return self._workspace.artifact("youtube", ".json", refused=video_id)

    def _offers(self, videos: Sequence[Video], query: ClipQuery) -> Iterator[FoundClip]:
        for place, video in enumerate(videos):
            # What the service leaves out or writes differently costs one offer, not the answer.
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                if _is_offered(video) and not self._refused(video["id"]).exists():
                    yield _clip(video, query, place)

    def _with_pictures(self, clips: Sequence[FoundClip], reporter: Reporter) -> list[FoundClip]:
        import httpx

        with httpx.Client(timeout=5, follow_redirects=False) as client:
            done = []
            for place, clip in enumerate(clips):
                if reporter.stopped:
                    break
                reporter.tell(place / len(clips))
                done.append(replace(clip, thumbnail=self._picture(clip.source_id, client)))
        return done

    def _picture(self, video_id: str, client: Any) -> str:
        """The video's thumbnail, 320 x 180; empty when it cannot be had."""
        import httpx

        picture = self._workspace.artifact("thumbnails", ".jpg", youtube=video_id, recipe=1)
        if picture.exists():
            return str(picture)
        try:
            answer = client.get(f"{self._pictures}/vi/{video_id}/mqdefault.jpg")
        except httpx.HTTPError:
            return ""
        if not answer.content.startswith(b"\xff\xd8\xff") or len(answer.content) > _PICTURE_LIMIT:
            return ""
        with self._workspace.draft(picture) as draft:
            draft.write_bytes(answer.content)
        return str(picture)


def _clip(video: Video, query: ClipQuery, place: int) -> FoundClip:
    about = video["snippet"]
    title = html.unescape(about["title"])
    tags = " ".join(about.get("tags", ()))
    relevant = ranking.relevance(
        frozenset(ranking.terms(query.words)),
        frozenset(ranking.terms(title)),
        frozenset(ranking.terms(f"{tags} {about.get('description', '')[:_TEXT_READ]}")),
        frozenset(ranking.terms(query.narration)),
    )
    # What YouTube itself finds most relevant breaks ties.
    relevant = 0.9 * relevant + 0.1 / (1 + place)
    seconds = _seconds(video["contentDetails"]["duration"])
    suitable = ranking.suitability((0, 0), query.size, seconds, query.seconds)
    return FoundClip(
        source=YouTube.name,
        source_id=video["id"],
        title=title,
        duration_seconds=seconds,
        url=f"https://www.youtube.com/watch?v={video['id']}",
        author=about.get("channelTitle", ""),
        author_url=f"https://www.youtube.com/channel/{about['channelId']}",
        licence=LICENCE,
        licence_url=LICENCE_URL,
        score=ranking.score(relevant, suitable, title),
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


def _age(path: Path) -> timedelta:
    """How long ago a file was written; very long when there is none."""
    try:
        return timedelta(seconds=time.time() - path.stat().st_mtime)
    except OSError:
        return timedelta.max


def is_stale(version: str) -> bool:
    """Whether a version of yt-dlp, which is a date, is too old to be trusted."""
    year, month, day = (int(part) for part in version.split(".")[:3])
    return datetime.now(UTC) - datetime(year, month, day, tzinfo=UTC) > STALE
