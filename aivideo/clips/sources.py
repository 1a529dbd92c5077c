"""The sources of clips, as somebody sees them who chooses among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aivideo.clips.consents import DOWNLOADS, SEARCH, is_allowed
from aivideo.clips.views import SourceView
from aivideo.engines.finding import ClipFinder
from aivideo.studio import Studio

CONSENTS: Final[Mapping[str, str]] = {"youtube": DOWNLOADS, "youtube-search": SEARCH}
"""What must be confirmed before a source is searched, or something of it is brought."""


def sources(studio: Studio) -> list[SourceView]:
    """The sources in the order in which they are asked; nobody is asked for this."""
    return [_view(studio, finder) for finder in studio.finders.values()]


def _view(studio: Studio, finder: ClipFinder) -> SourceView:
    about, kind = finder.about, CONSENTS.get(finder.name, "")
    return SourceView(
        name=finder.name,
        title=about.title,
        says=about.says,
        kinds=about.kinds,
        online=about.online,
        needs=about.needs,
        address=about.address,
        searches_left=about.searches_left,
        consent="" if not kind or is_allowed(studio, kind) else kind,
    )
