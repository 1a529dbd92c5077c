"""The quick look: the whole cut as a page can play it, without any render.

A scene's proxy is its shot, taken by the very rules of the render (in-point, fit, motion, what
happens to a clip that is too short), but small, mute and without captions. ``prepare``
(``preparing``) makes the proxies and narrations that are missing while the person still chooses;
``cut`` (``playing``) says what there is and when each scene begins; both read ``standing``. Sound
comes from the narrations, captions from the cues.
"""

from aivideo.quicklook.playing import Cut, CutScene, cut
from aivideo.quicklook.preparing import prepare
from aivideo.quicklook.standing import FPS, SHORTEST_ESTIMATE, proxies_of

__all__ = ["FPS", "SHORTEST_ESTIMATE", "Cut", "CutScene", "cut", "prepare", "proxies_of"]
