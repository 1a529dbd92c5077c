"""YouTube as a source of clips for those without a key: its own search page, through yt-dlp.

No agreement covers it, so it is off unless a person turns it on. The search can be told to find
only what is under Creative Commons; whether a video is, its own page says when it is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from aivideo import ranking
from aivideo.answers import Answers
from aivideo.engines.download import LONGEST, VIDEO_ID, Words, explained, quiet, slot
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.waiting import Reporter, aside
from aivideo.engines.youtube_clips import (
    DOWNLOADS,
    FREE,
    LICENCE_URLS,
    PICTURES,
    SEARCH,
    STANDARD,
    TERMS,
    Allowed,
    Videos,
    keep,
    question_of,
    recall_alike,
)
from aivideo.engines.youtube_runtime import downloader_state
from aivideo.errors import Health, YouTubeRightsUnconfirmed, YouTubeSearchOff
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

AT_MOST: Final = 20
"""Results: what one page of the search holds; more would cost another request."""

_KEY: Final = "aivideosearch"
_FILTERS: Final = {True: "EgYQARgBMAE=", False: "EgQQARgB"}
"""The search page's own filters, short videos, with and without "Creative Commons"."""
_TOLD: Final = {
    FREE: "Creative Commons, by the filter of YouTube's search",
    STANDARD: "YouTube's search does not tell; its standard licence is assumed",
}
_FIELDS: Final = ("id", "title", "description", "duration", "live_status", "channel", "channel_id")


class YouTubeSearch:
    """Short videos of YouTube, found without a key.

    Args:
        settings: Whether it is turned on, and whether downloads are allowed.
        workspace: Where pictures and videos are kept.
        answers: Where answers are kept.
        pictures: Where thumbnails come from.
        options: More options for yt-dlp.
        allowed: Asked whether a person has consented to searching, or to downloads.
    """

    name = "youtube-search"

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        answers: Answers,
        *,
        pictures: str = PICTURES,
        options: Mapping[str, object] | None = None,
        allowed: Allowed | None = None,
    ) -> None:
        self._workspace = workspace
        self._answers = answers
        self._options = dict(options or {})
        self._videos = Videos(settings, workspace, pictures, options, allowed)

    @property
    def about(self) -> About:
        """What turning it on means."""
        return About(
            title="YouTube without a key",
            says="Short videos of YouTube, found as its search page finds them; no agreement with "
            "YouTube covers that.",
            needs="" if self._videos.allows(SEARCH) else YouTubeSearchOff().message,
            address=TERMS,
        )

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Videos for the words of a query, as YouTube orders them.

        Raises:
            YouTubeSearchOff: Nobody has turned it on.
            YouTubeDistrust: YouTube takes this computer for a robot.
            YouTubeBusy: YouTube limits this computer.
            YouTubeUnreachable: There is no connection, or it broke off.
            DownloadFailed: Anything else.
        """
        if not self._videos.allows(SEARCH):
            raise YouTubeSearchOff
        if not ranking.terms(query.words):
            return []
        question = question_of(query.words, reusable=query.reusable)
        found: list[dict[str, Any]] | None = recall_alike(self._answers, self.name, question)
        if found is None:
            search = partial(self._search, query.words, free=query.reusable)
            found = yield from aside(search, "Searching YouTube")
            keep(self._answers, self.name, question, found)
        return list(self._offers(found, FREE if query.reusable else STANDARD))

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
        """Whether it is turned on, and whether downloads will work."""
        on = self._videos.allows(SEARCH)
        if not on:
            says, remedy = "It is off.", YouTubeSearchOff().message
        elif not self._videos.allows(DOWNLOADS):
            says, remedy = "It is on. Downloads are off.", YouTubeRightsUnconfirmed().message
        else:
            state, remedy = downloader_state()
            says = f"It is on. {state}"
        return Health("Clips: YouTube without a key", on, says, remedy, tried=False)

    def _search(self, words: str, reporter: Reporter, *, free: bool) -> list[dict[str, Any]]:
        """What the search page shows, as data; runs in a thread."""
        from yt_dlp import YoutubeDL

        folder, said = self._workspace.folder("incoming"), Words(reporter)
        options = {**quiet(folder, said), "extract_flat": "in_playlist", **self._options}
        # Nothing but this one search is known to it: no address can lead anywhere else.
        with (
            slot(reporter),
            explained("YouTube's search", folder, said),
            YoutubeDL(options, auto_init=False) as loader,
        ):
            loader.add_info_extractor(_extractor(_FILTERS[free])())
            answer = loader.extract_info(f"{_KEY}{AT_MOST}:{words}", download=False)
        return [{name: one.get(name) for name in _FIELDS} for one in answer["entries"] if one]

    def _offers(self, found: Sequence[Mapping[str, Any]], licence: str) -> Iterator[FoundClip]:
        for place, entry in enumerate(found):
            # An odd entry costs itself, not the answer.
            with suppress(KeyError, TypeError, ValueError):
                if _is_offered(entry):
                    yield self._clip(entry, licence, place)

    def _clip(self, entry: Mapping[str, Any], licence: str, place: int) -> FoundClip:
        channel = entry.get("channel_id")
        return FoundClip(
            source=self.name,
            source_id=entry["id"],
            title=entry["title"],
            duration_seconds=float(entry["duration"]),
            description=entry.get("description") or "",
            url=f"https://www.youtube.com/watch?v={entry['id']}",
            picture_address=self._videos.picture_address(entry["id"]),
            author=entry.get("channel") or "",
            author_url=f"https://www.youtube.com/channel/{channel}" if channel else "",
            licence=licence,
            licence_url=LICENCE_URLS[licence],
            licence_text=_TOLD[licence],
            score=round(1 / (1 + place), 3),
        )


def _is_offered(entry: Mapping[str, Any]) -> bool:
    return (
        VIDEO_ID.fullmatch(entry["id"]) is not None
        and bool(entry["title"])
        and 0 < float(entry["duration"]) <= LONGEST
        and entry.get("live_status") not in {"is_live", "is_upcoming", "post_live"}
    )


def _extractor(filters: str) -> Any:
    """yt-dlp's search of YouTube, with filters set."""
    from yt_dlp.extractor.youtube import YoutubeSearchIE

    return type(
        "FilteredYoutubeSearchIE",
        (YoutubeSearchIE,),
        {"IE_NAME": _KEY, "_SEARCH_KEY": _KEY, "_SEARCH_PARAMS": filters},
    )
