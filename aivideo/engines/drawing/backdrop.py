"""The moving ground: a mesh of wandering colours, dithered so that no bands show.

Drawing a smooth gradient at full size for every frame is the dearest thing in such a picture.
So it is computed at a twelfth of the size every other second, kept in 1/128 of a level, and
the frames between are mixed from two such keys in whole-number arithmetic. The grain is part
of the key: it moves with nothing, costs nothing, and survives the video encoder.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.drawing.motion import chance
from aivideo.engines.drawing.palettes import Palette, Rgb

KEY_SECONDS: Final = 2.0
STEPS: Final = 128  # of a level of brightness
CELL: Final = 12  # pixels of the frame for one of the mesh
GRAIN: Final = 1.7  # levels
ROWS: Final = 48  # mixed at once: what fits into the processor's cache

Floats = NDArray[np.float32]
Shorts = NDArray[np.int16]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Glow:
    """A light on the ground behind something.

    Attributes:
        x: Centre, as a share of the width.
        y: Centre, as a share of the height.
        radius: As a share of the shorter side.
        strength: 0..1.
    """

    x: float
    y: float
    radius: float
    strength: float


@dataclass(frozen=True)
class _Blob:
    color: Rgb
    x: float
    y: float
    radius: float
    sway: float
    period: float
    phase: float


class Backdrop:
    """Paints the ground of one scene, frame after frame in order of time."""

    def __init__(
        self,
        size: tuple[int, int],
        palette: Palette,
        glows: Sequence[Glow],
        *,
        calm: float,
        seed: int,
    ) -> None:
        self._width, self._height = size
        self._palette, self._glows, self._calm = palette, glows, calm
        self._blobs = _blobs(palette, chance(seed))
        self._noise = np.random.default_rng(seed)
        self._grid = _grid(size)
        self._key = 0
        self._from = self._dithered(self._mesh(0.0), GRAIN)
        self._slope = self._slope_to(1)

    def paint(self, pixels: Pixels, seconds: float) -> None:
        """Fill a frame, (height, width, 4) BGRA; times must not go back by a key."""
        while seconds >= (self._key + 1) * KEY_SECONDS:
            self._from += self._slope * STEPS
            self._key += 1
            self._slope = self._slope_to(self._key + 1)
        share = np.int16(STEPS * (seconds / KEY_SECONDS - self._key))
        for top in range(0, self._height, ROWS):
            rows = slice(top, top + ROWS)
            mixed = self._slope[rows] * share
            mixed += self._from[rows]
            mixed >>= 7
            np.copyto(pixels[rows], mixed, casting="unsafe")

    def _slope_to(self, key: int) -> Shorts:
        """What one step adds, in levels. Its rounding is noise, not bands, and never adds up."""
        ahead = (self._scaled(self._mesh(key * KEY_SECONDS)) - self._from) / STEPS
        ahead += self._noise.random(ahead.shape, dtype=np.float32)
        return np.floor(ahead, out=ahead).astype(np.int16)

    def _dithered(self, mesh: Floats, levels: float) -> Shorts:
        scaled = self._scaled(mesh)
        grain = self._noise.random((*scaled.shape[:2], 1), dtype=np.float32)
        grain += self._noise.random(grain.shape, dtype=np.float32) - 1.0
        scaled[..., :3] += grain * np.float32(levels * STEPS)
        return np.clip(scaled, 0, 255 * STEPS, out=scaled).astype(np.int16)

    def _scaled(self, mesh: Floats) -> Floats:
        """The mesh at full size, BGRA, in 1/128 of a level."""
        full = np.empty((self._height, self._width, 4), np.float32)
        full[..., :3] = _stretch(_stretch(mesh, self._height, 0), self._width, 1)[..., ::-1]
        full[..., 3] = 255
        full *= STEPS
        return full

    def _mesh(self, seconds: float) -> Floats:
        """The colours at a time, small: (rows, columns, 3) in 0..255."""
        x, y, aspect = self._grid
        mesh = np.empty((*x.shape, 3), np.float32)
        mesh[:] = self._palette.base
        for blob in self._blobs:
            turn = math.tau * (seconds / blob.period + blob.phase)
            at = (blob.x + blob.sway * math.sin(turn), blob.y + blob.sway * math.cos(turn))
            _light(mesh, _distance(x, y, at, aspect) / blob.radius, blob.color, 0.85)
        for glow in self._glows:
            short = min(self._width, self._height) / max(self._width, self._height)
            distance = _distance(x, y, (glow.x, glow.y), aspect) / (glow.radius * short)
            _light(mesh, distance, self._palette.glow, glow.strength)
        mesh *= _shade(x, y, self._calm)[..., None]
        return np.clip(mesh, 2, 250, out=mesh)


def _blobs(palette: Palette, order: random.Random) -> list[_Blob]:
    corners = [(0.12, 0.15), (0.88, 0.2), (0.2, 0.85), (0.85, 0.8)]
    order.shuffle(corners)
    return [
        _Blob(
            color=color,
            x=x + order.uniform(-0.1, 0.1),
            y=y + order.uniform(-0.1, 0.1),
            radius=order.uniform(0.34, 0.52),
            sway=order.uniform(0.07, 0.13),
            period=order.uniform(11.0, 19.0),
            phase=order.random(),
        )
        for color, (x, y) in zip(palette.mesh, corners, strict=True)
    ]


def _grid(size: tuple[int, int]) -> tuple[Floats, Floats, tuple[float, float]]:
    """Where the mesh's corners lie, in shares of the frame, and the frame's own shape."""
    width, height = size
    columns, rows = max(8, width // CELL), max(8, height // CELL)
    x, y = np.meshgrid(
        np.linspace(0, 1, columns, dtype=np.float32), np.linspace(0, 1, rows, dtype=np.float32)
    )
    return x, y, (width / max(size), height / max(size))


def _distance(x: Floats, y: Floats, at: tuple[float, float], aspect: tuple[float, float]) -> Floats:
    distance: Floats = np.hypot((x - at[0]) * aspect[0], (y - at[1]) * aspect[1])
    return distance


def _light(mesh: Floats, distance: Floats, color: Rgb, strength: float) -> None:
    """Mix a colour in, most at distance 0 and hardly at 2."""
    share = (np.exp(-(distance**2) * 1.4) * strength)[..., None]
    mesh += (np.asarray(color, np.float32) - mesh) * share


def _shade(x: Floats, y: Floats, calm: float) -> Floats:
    """Darker corners, and a darker foot where captions will stand."""
    corner = np.clip(np.hypot(x - 0.5, y - 0.46) / 0.72, 0, 1)
    foot = np.clip((y - (1 - calm - 0.12)) / 0.3, 0, 1)
    shade: Floats = (1 - 0.26 * corner**2.2) * (1 - 0.34 * foot * foot * (3 - 2 * foot))
    return shade


def _stretch(mesh: Floats, length: int, axis: int) -> Floats:
    """A mesh stretched along an axis, linearly."""
    place = np.linspace(0, mesh.shape[axis] - 1, length, dtype=np.float32)
    low = np.minimum(place.astype(np.intp), mesh.shape[axis] - 2)
    share = (place - low).reshape(-1, *(1,) * (mesh.ndim - 1 - axis))
    below: Floats = np.take(mesh, low, axis)
    above: Floats = np.take(mesh, low + 1, axis)
    above -= below
    above *= share
    above += below
    return above
