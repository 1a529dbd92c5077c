"""What a person has confirmed before a source is used in their name, in the words shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from aivideo.errors import UnknownProvider
from aivideo.store import LOCAL_OWNER, Consent, now
from aivideo.studio import Studio

DOWNLOADS: Final = "youtube-downloads"
SEARCH: Final = "youtube-search"

TEXTS: Final[Mapping[str, str]] = {
    DOWNLOADS: (
        "I have the right to use the videos that I pick. I know that YouTube's terms allow to "
        'download a video only where YouTube or its owner allows it, that "Creative Commons" '
        "is what its uploader says, and that I answer for what I publish."
    ),
    SEARCH: (
        "I want to search YouTube without a key. I know that this asks YouTube's own web pages, "
        "that no agreement with YouTube covers it, that it may stop working or be limited at any "
        "time, and that only videos marked as Creative Commons are looked for."
    ),
}
"""What is confirmed, by its kind."""


@dataclass(frozen=True)
class ConsentView:
    """A consent as it was given.

    Attributes:
        text: The words that were confirmed.
        given_at: When; None for one that a setting gives.
    """

    kind: str
    text: str
    given_at: datetime | None


def consent_text(kind: str) -> str:
    """The words that a person confirms.

    Raises:
        UnknownProvider: There is no such consent.
    """
    if kind not in TEXTS:
        raise UnknownProvider("consent", kind, TEXTS)
    return TEXTS[kind]


def give_consent(studio: Studio, kind: str) -> ConsentView:
    """Keep that the person confirmed the words; confirming them again changes nothing.

    Raises:
        UnknownProvider: There is no such consent.
    """
    text = consent_text(kind)
    given = _given(studio, kind)
    if given is not None and given.text == text:
        return given
    try:
        with studio.store.session() as session:
            session.execute(
                delete(Consent).where(Consent.owner_id == LOCAL_OWNER, Consent.kind == kind)
            )
            session.add(Consent(kind=kind, text=text, given_at=now()))
    except IntegrityError:
        pass  # another window confirmed the same in this moment
    return _given(studio, kind) or ConsentView(kind, text, now())


def withdraw_consent(studio: Studio, kind: str) -> None:
    """Forget that it was given; what a setting says is not changed by this.

    Raises:
        UnknownProvider: There is no such consent.
    """
    consent_text(kind)
    with studio.store.session() as session:
        session.execute(
            delete(Consent).where(Consent.owner_id == LOCAL_OWNER, Consent.kind == kind)
        )


def consents(studio: Studio) -> list[ConsentView]:
    """The consents that count now, by confirmation or by setting."""
    found = [_given(studio, kind) or _by_setting(studio, kind) for kind in TEXTS]
    return [consent for consent in found if consent]


def is_allowed(studio: Studio, kind: str) -> bool:
    """Whether a consent was given, by confirmation or by setting."""
    return bool(_by_setting(studio, kind) or _given(studio, kind))


def _by_setting(studio: Studio, kind: str) -> ConsentView | None:
    settings = studio.settings
    on = {DOWNLOADS: settings.youtube_downloads, SEARCH: settings.youtube_search}
    return ConsentView(kind, TEXTS[kind], None) if on[kind] else None


def _given(studio: Studio, kind: str) -> ConsentView | None:
    with studio.store.session() as session:
        row = session.scalar(
            select(Consent).where(Consent.owner_id == LOCAL_OWNER, Consent.kind == kind)
        )
        return ConsentView(row.kind, row.text, row.given_at) if row else None
