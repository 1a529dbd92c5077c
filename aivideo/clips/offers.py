"""A candidate on its way from its source to a scene."""

from __future__ import annotations

from dataclasses import dataclass

from aivideo.engines.finding import FoundClip


@dataclass(frozen=True)
class Offer:
    """A candidate as it is going to be shown: how well it fits, and why it stands there."""

    clip: FoundClip
    score: float
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells its clip from others."""
        return self.clip.source, self.clip.source_id
