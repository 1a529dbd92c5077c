"""What is encoded by itself: the body of each scene, and each crossfade between two. Pure.

A transition takes its frames half from the end of one scene and half from the beginning of the
next, so the video keeps its length and no narration moves. In a crossfade both scenes are filmed
half a transition beyond their ends; changing one scene films it and the transitions at its ends
anew. A fade by way of black lies inside the two scenes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from aivideo.shots import SHORTEST_OVERLAP, Look, Shot
from aivideo.timeline import FEWEST_FRAMES


@dataclass(frozen=True)
class Side:
    """Frames of a shot, counted from its first; they may reach beyond its ends."""

    shot: Shot
    frames: range


@dataclass(frozen=True)
class Segment:
    """Frames of the video that become one part.

    Attributes:
        sides: What is seen: one scene, or in a crossfade the earlier and the later one.
        fade_in: Of how many frames it comes out of black.
        fade_out: In how many frames it goes to black.
    """

    sides: tuple[Side, ...]
    fade_in: int = 0
    fade_out: int = 0

    @property
    def frames(self) -> int:
        """How many there are."""
        return len(self.sides[0].frames)

    @property
    def shot(self) -> Shot:
        """The scene whose end or whole it is."""
        return self.sides[0].shot

    @property
    def first_frame(self) -> int:
        """The frame of the video with which it begins."""
        return self.shot.first_frame + self.sides[0].frames.start

    @property
    def crosses(self) -> bool:
        """Whether it is a crossfade."""
        return len(self.sides) > 1

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its scenes."""
        return tuple(side.shot.number for side in self.sides)


def whole(shot: Shot) -> Segment:
    """A shot by itself, from its first frame to its last."""
    return Segment((Side(shot, range(shot.frames)),))


def cut_up(shots: Sequence[Shot], look: Look) -> tuple[Segment, ...]:
    """The segments of a video, in order; their frames are those of the shots."""
    halves = [overlap // 2 for overlap in overlaps(shots, look)]
    ends = list(zip(shots, [0, *halves], [*halves, 0], strict=True))
    if look.transition == "fade":
        return tuple(
            Segment((Side(shot, range(shot.frames)),), fade_in, fade_out)
            for shot, fade_in, fade_out in ends
        )
    bodies = [Segment((Side(s, range(start, s.frames - end)),)) for s, start, end in ends]
    joins = [
        Segment(
            (
                Side(one, range(one.frames - half, one.frames + half)),
                Side(other, range(-half, half)),
            )
        )
        for (one, other), half in zip(itertools.pairwise(shots), halves, strict=True)
    ]
    woven = itertools.chain.from_iterable(zip(bodies, joins, strict=False))
    return tuple(segment for segment in (*woven, bodies[-1]) if segment.frames)


def overlaps(shots: Sequence[Shot], look: Look) -> list[int]:
    """How many frames the transition between each two neighbours takes; 0 for a cut."""
    return [
        overlap(min(one.frames, other.frames), look) for one, other in itertools.pairwise(shots)
    ]


def overlap(shorter: int, look: Look) -> int:
    """How many frames a transition takes where the shorter scene has so many; 0 for a cut.

    At most half of that scene, and so many that its body can still be joined.
    """
    most = min(look.overlap, shorter // 2, shorter - FEWEST_FRAMES)
    return most // 2 * 2 if most >= SHORTEST_OVERLAP else 0
