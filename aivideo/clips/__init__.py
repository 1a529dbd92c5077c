"""Stage 4: candidates for each scene, one chosen, its media brought here.

``suggest`` asks the sources and keeps what they answer, ``suggestions`` shows it again,
``choose`` takes one, ``fetch`` brings its media, ``choose_best`` does all of this for every
scene that has no clip. ``preview`` and ``filmstrip`` are for looking before choosing,
``another_part`` and ``confirm_clip`` for changing one's mind, ``rights`` for what the licences
say. ``sources`` and the consents tell who can be asked; ``add_footage`` takes a file of the
person's own into the library.
"""

from aivideo.clips.automatic import choose_best
from aivideo.clips.choosing import choose, confirm_clip, selection_view, selections
from aivideo.clips.consents import (
    ConsentView,
    consent_text,
    consents,
    give_consent,
    withdraw_consent,
)
from aivideo.clips.fetching import fetch
from aivideo.clips.films import filmstrip, preview
from aivideo.clips.kept import all_suggestions, candidates, suggestions
from aivideo.clips.parts import another_part
from aivideo.clips.readiness import get_ready, understand, watch_footage
from aivideo.clips.rights import rights
from aivideo.clips.sources import sources
from aivideo.clips.suggesting import add_footage, suggest
from aivideo.clips.views import (
    ClipView,
    Filmstrip,
    RightsWarning,
    SelectionView,
    SourceFailure,
    SourceView,
    Suggestions,
)

__all__ = [
    "ClipView",
    "ConsentView",
    "Filmstrip",
    "RightsWarning",
    "SelectionView",
    "SourceFailure",
    "SourceView",
    "Suggestions",
    "add_footage",
    "all_suggestions",
    "another_part",
    "candidates",
    "choose",
    "choose_best",
    "confirm_clip",
    "consent_text",
    "consents",
    "fetch",
    "filmstrip",
    "get_ready",
    "give_consent",
    "preview",
    "rights",
    "selection_view",
    "selections",
    "sources",
    "suggest",
    "suggestions",
    "understand",
    "watch_footage",
    "withdraw_consent",
]
