"""How fast this machine films, remembered from one render to the next to say how long one takes."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from aivideo.engines.ffmpeg import Quality
from aivideo.render.segments import Segment
from aivideo.shots import Look
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

FIRST_GUESS: Final[Mapping[Quality, float]] = {
    "preview": 0.04,
    "draft": 0.035,
    "standard": 0.045,
    "high": 0.09,
}
"""Seconds that one encode takes for a megapixel of a frame on two cores of 2023; few pixels
cost more each, because the clip is decoded all the same."""
NEW_SHARE: Final = 0.5
"""How much the last render counts beside those before it."""
START: Final = 0.15
"""Seconds that each part takes whatever its length: a program is started, a place is sought."""
SOUND: Final = 0.06
"""Seconds of work for a second of sound, levelled and encoded."""
JOIN, JOIN_SHARE = 0.4, 0.003
"""Seconds that the join and the looking over take: in any case, and for a second of video."""


def recall(studio: Studio, look: Look) -> float:
    """Seconds that one encode takes for a million pixels of frames, as it did before."""
    return _kept(studio).get(_key(studio, look), FIRST_GUESS[look.quality])


def remember(studio: Studio, look: Look, filmed: Iterable[tuple[Segment, float]]) -> None:
    """Keep how long segments took; seconds of 0 are those that were there already."""
    made = [(segment, seconds) for segment, seconds in filmed if seconds > 0]
    if not made:
        return
    spent = sum(max(0.0, seconds - START) for _, seconds in made)
    pace = spent / megapixels((segment for segment, _ in made), look)
    kept = dict(_kept(studio))
    before = kept.get(_key(studio, look), pace)
    kept[_key(studio, look)] = round((1 - NEW_SHARE) * before + NEW_SHARE * pace, 5)
    with studio.workspace.draft(studio.workspace.root / "pace.json") as draft:
        draft.write_text(json.dumps(kept), encoding="utf-8")


def estimate(
    studio: Studio, look: Look, segments: Iterable[Segment], *, seconds: float, sound: bool
) -> float:
    """About how many seconds a render will take.

    Args:
        studio: The collaborators.
        look: How the video is to look.
        segments: What will be filmed.
        seconds: How long the video is.
        sound: Whether its sound will be mixed.
    """
    pace, workers = recall(studio, look), studio.settings.at_once
    works = [START + pace * megapixels([segment], look) for segment in segments]
    works += [SOUND * seconds] if sound else []
    side_by_side = max([sum(works) / workers, *works])
    return side_by_side + JOIN + JOIN_SHARE * seconds


def megapixels(segments: Iterable[Segment], look: Look) -> float:
    """How many million pixels the frames of segments have."""
    width, height = look.canvas.size
    return sum(segment.frames for segment in segments) * width * height / 1e6


def _key(studio: Studio, look: Look) -> str:
    return f"{studio.encoder.chosen(look.canvas).name} {look.encoding}"


def _kept(studio: Studio) -> dict[str, float]:
    try:
        kept = json.loads((studio.workspace.root / "pace.json").read_text("utf-8"))
        return {str(key): float(pace) for key, pace in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as problem:
        logger.info("What was remembered of the speed cannot be read: %s", problem)
        return {}
