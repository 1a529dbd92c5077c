"""What both ways of searching YouTube share: consent, small pictures, licences, downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from aivideo import ranking
from aivideo.answers import Answers
from aivideo.engines.download import VIDEO_ID, Downloads, Order
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import FoundClip, Wanted
from aivideo.engines.waiting import aside
from aivideo.errors import YouTubeRightsUnconfirmed
from aivideo.progress import Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace

DOWNLOADS, SEARCH = "youtube-downloads", "youtube-search"
"""What a person may consent to."""

KEPT: Final = timedelta(days=7)
"""How long an answer is used again; YouTube's terms allow to keep it for thirty days."""
NOTHING_KEPT: Final = timedelta(days=1)
"""How long it counts that nothing was found."""
TERMS: Final = "https://www.youtube.com/t/terms"
PICTURES: Final = "https://i.ytimg.com"

FREE, STANDARD = "CC BY", "YouTube standard"
LICENCE_URLS: Final = {
    # YouTube's page about its Creative Commons licence: it names no version.
    FREE: "https://support.google.com/youtube/answer/2797468",
    STANDARD: TERMS,
}

_PICTURE_LIMIT: Final = 1_000_000
_ALIKE: Final = 0.75
_SHORTEST_ALIKE: Final = 3

Allowed = Callable[[str], bool]
"""Whether a person has consented to something."""


@dataclass(frozen=True)
class Videos:
    """YouTube's videos, however they were found.

    Attributes:
        settings: Whether downloads are allowed.
        workspace: Where pictures and videos are kept.
        pictures: Where thumbnails come from.
        options: More options for yt-dlp.
        allowed: Asked where the settings do not allow something.
    """

    settings: Settings
    workspace: Workspace
    pictures: str = PICTURES
    options: Mapping[str, object] | None = None
    allowed: Allowed | None = None

    def allows(self, what: str) -> bool:
        """Whether the settings or a person's consent allow downloads, or keyless search."""
        settings = self.settings
        by_setting = {DOWNLOADS: settings.youtube_downloads, SEARCH: settings.youtube_search}[what]
        return by_setting or (self.allowed is not None and self.allowed(what))

    def picture_address(self, video_id: str) -> str:
        """Where the small picture of a video lies, 320 x 180."""
        return f"{self.pictures}/vi/{video_id}/mqdefault.jpg"

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The clip with its thumbnail, where YouTube gives one."""
        path = self.workspace.artifact("thumbnails", ".jpg", youtube=clip.source_id, recipe=1)
        if not self.workspace.use(path):
            if not VIDEO_ID.fullmatch(clip.source_id):
                return clip
            address = self.picture_address(clip.source_id)
            data = yield from aside(lambda _: _picture(address), "Fetching thumbnails")
            if not data:
                return clip
            with self.workspace.draft(path) as draft:
                draft.write_bytes(data)
        return replace(clip, thumbnail=str(path))

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """Download what is wanted of a video; ``sections.section_offset`` says where it begins.

        Raises:
            YouTubeRightsUnconfirmed: The person has not said that they may.
            AIVideoError: It cannot be had, as ``Downloads.bring`` says.
        """
        if not self.allows(DOWNLOADS):
            raise YouTubeRightsUnconfirmed
        downloads = Downloads(
            self.workspace, FFmpeg(self.settings.ffmpeg), dict(self.options or {})
        )
        free = wanted.licence != STANDARD
        return (yield from downloads.bring(Order(wanted, free=free)))


def recall_alike(answers: Answers, source: str, question: Mapping[str, Any]) -> Any | None:
    """The kept answer to a question, or to one that asks nearly the same.

    What is asked for is found among fifty videos, and judged afterwards: whether a search was
    for "ocean waves at sunset" or "ocean waves sunset beach" makes little difference to them. A
    kept answer serves when one question has all the terms of the other and at most one more,
    and three or more in all; or when they share three quarters of their terms. An empty one
    serves only its own question.
    """
    exact = answers.recall(source, question)
    if exact is not None:
        return exact
    wanted = set(question["terms"])
    others = [
        kept
        for kept in answers.questions(source)
        if {**kept, "terms": 0} == {**question, "terms": 0}
        and are_alike(wanted, kept.get("terms", ()))
    ]
    others.sort(key=lambda kept: -len(wanted & set(kept["terms"])))
    found = (answers.recall(source, kept) for kept in others)
    return next((answer for answer in found if answer), None)


def are_alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two searches are so near each other that one answer serves both."""
    ours, theirs = set(one), set(other)
    longest, apart = max(len(ours), len(theirs)), len(ours ^ theirs)
    if apart <= 1:
        return apart == 0 or longest >= _SHORTEST_ALIKE
    return len(ours & theirs) >= _ALIKE * len(ours | theirs)


def question_of(words: str, *, reusable: bool) -> dict[str, Any]:
    """What decides the answer to a search: the stems of its words, and the licence."""
    return {"terms": sorted(set(ranking.terms(words))), "free": reusable}


def keep(answers: Answers, source: str, question: Mapping[str, Any], answer: Any) -> None:
    """Keep an answer for a week, and the answer that there is nothing for a day."""
    answers.keep(source, question, answer, KEPT if answer else NOTHING_KEPT)


def _picture(address: str) -> bytes:
    """A JPEG; empty when it cannot be had."""
    import httpx

    data = b""
    try:
        with httpx.stream("GET", address, timeout=5, follow_redirects=False) as answer:
            for chunk in answer.iter_bytes():
                data += chunk
                if len(data) > _PICTURE_LIMIT:
                    return b""
    except httpx.HTTPError:
        return b""
    return data if data.startswith(b"\xff\xd8\xff") else b""
