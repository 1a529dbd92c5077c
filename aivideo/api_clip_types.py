"""The shapes of endpoints about clips: sources, candidates, and what a scene shows."""

from __future__ import annotations

from typing import TypedDict

from aivideo.api_types import File, JobData


class SourceData(TypedDict):
    """A source of clips.

    ``needs`` says what is missing before it can be asked; ``consent`` is the kind of consent that
    must be given first, with ``consent_text`` as its words; both are empty when nothing is.
    """

    name: str
    title: str
    says: str
    kinds: list[str]
    online: bool
    needs: str
    address: str
    searches_left: int | None
    consent: str
    consent_text: str


class SourcesData(TypedDict):
    """The sources in the order in which they are asked."""

    sources: list[SourceData]


class ConsentData(TypedDict):
    """A consent as it was given; ``given_at`` is missing for one that a setting gives."""

    kind: str
    text: str
    given_at: str | None


class ConsentsData(TypedDict):
    """The consents that count now."""

    consents: list[ConsentData]


class ClipData(TypedDict):
    """A clip that was suggested for a scene.

    ``reasons`` say why it stands where it stands; ``guess`` when it fits so badly that one must
    look; ``reusable`` whether its licence allows to publish it; ``refused`` why it can never be
    had; ``used_in`` which other scenes show it; ``file_size`` is in bytes.
    """

    clip_id: str
    source: str
    kind: str
    title: str
    thumbnail: File | None
    preview: File | None
    duration: float | None
    width: int | None
    height: int | None
    url: str
    author: str
    author_url: str
    licence: str
    licence_url: str
    score: float
    chosen: bool
    guess: bool
    reasons: list[str]
    reusable: bool
    file_size: int | None
    refused: str
    used_in: list[int]


class SourceFailureData(TypedDict):
    """A source that could not answer, and why."""

    source: str
    title: str
    code: str
    message: str


class ClipsData(TypedDict):
    """The clips suggested for a scene, best first.

    ``failures`` are the sources that could not answer; ``broader`` are other words to look for,
    where little fits.
    """

    query: str
    sources: list[str]
    clips: list[ClipData]
    failures: list[SourceFailureData]
    broader: list[str]


class OneClipData(TypedDict):
    """A clip."""

    clip: ClipData


class ClipPreviewData(TypedDict):
    """A small film of a clip; none where there is none."""

    file: File | None


class SelectionData(TypedDict):
    """The clip chosen for a scene; ``check`` when the scene says something else by now."""

    scene_number: int
    clip_id: str | None
    start_seconds: float
    fit: str
    sound_level_db: float | None
    check: bool


class FilmstripData(TypedDict):
    """Pictures of a clip side by side, ``frames`` of ``width`` x ``height`` pixels.

    They show the ``seconds`` of the clip from its second ``begin`` on.
    """

    file: File
    frames: int
    begin: float
    seconds: float
    width: int
    height: int


class FetchedData(JobData, total=False):
    """A job that fetches a clip; the last value has the file, and the clip that it is."""

    file_path: File
    clip_id: str
