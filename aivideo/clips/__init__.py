"""Stage 4: candidates for each scene, one chosen, its media brought here.

``suggest`` asks the sources and keeps what they answer, ``candidates`` shows it again,
``choose`` takes one, ``fetch`` brings its media, ``choose_best`` does all of this for every
scene that has no clip. ``add_footage`` takes a file of the person's own into the library.
"""

from aivideo.clips.automatic import choose_best
from aivideo.clips.choosing import choose, fetch, selection_view
from aivideo.clips.suggesting import add_footage, candidates, suggest
from aivideo.clips.views import ClipView, SelectionView

__all__ = [
    "ClipView",
    "SelectionView",
    "add_footage",
    "candidates",
    "choose",
    "choose_best",
    "fetch",
    "selection_view",
    "suggest",
]
