"""Blends: several voices as one, written ``af_heart:0.6+am_michael:0.4``."""

from __future__ import annotations

from typing import Final

from aivideo.errors import VoiceBlendInvalid

MOST_VOICES: Final = 8
"""Voices in one blend; with more of them each is heard too little to matter."""
LEAST_WEIGHT: Final = 0.01
TOLERANCE: Final = 0.02
"""How far from 1 the weights may add up: thirds written with two figures add up to 0.99."""

Weighted = tuple[str, float]
"""A voice's id and its share of the blend."""


def parts_of(voice_id: str) -> tuple[Weighted, ...]:
    """The voices that an id names, in order, with weights that add up to 1.

    One voice is a blend of one. Without weights (``af_heart+am_michael``) the parts are equal.

    Raises:
        VoiceBlendInvalid: The weights are none, or do not add up to 1; a voice is named twice;
            or there are too many.
    """
    parts = [_part(voice_id, part) for part in voice_id.split("+")]
    names = [name for name, _ in parts]
    weights = [weight for _, weight in parts if weight is not None]
    if len(parts) > MOST_VOICES:
        raise VoiceBlendInvalid(voice_id, f"it has {len(parts)} voices, and {MOST_VOICES} fit")
    if len(set(names)) < len(names):
        raise VoiceBlendInvalid(voice_id, "it names a voice twice")
    if not weights:
        weights = [1 / len(parts)] * len(parts)
    if len(weights) < len(parts):
        raise VoiceBlendInvalid(voice_id, "only some of its voices have a weight")
    total = sum(weights)
    if abs(total - 1) > TOLERANCE:
        raise VoiceBlendInvalid(voice_id, f"its weights add up to {total:g} instead of 1")
    return tuple((name, weight / total) for name, weight in zip(names, weights, strict=True))


def blend_id(parts: tuple[Weighted, ...]) -> str:
    """The one way in which we write a blend, so that the same blend has the same name."""
    if len(parts) == 1:
        return parts[0][0]
    return "+".join(f"{name}:{round(weight, 4):g}" for name, weight in parts)


def tidy(voice_id: str) -> str:
    """An id as we write it; what is no blend stays as it is, for others to refuse."""
    try:
        return blend_id(parts_of(voice_id))
    except VoiceBlendInvalid:
        return voice_id


def _part(voice_id: str, part: str) -> tuple[str, float | None]:
    name, colon, written = part.partition(":")
    if not colon:
        return name.strip(), None
    try:
        weight = float(written)
    except ValueError:
        weight = 0.0
    if not LEAST_WEIGHT <= weight <= 1 + TOLERANCE:
        raise VoiceBlendInvalid(
            voice_id, f"{written.strip() or 'nothing'} is no weight from {LEAST_WEIGHT} to 1"
        )
    return name.strip(), weight
