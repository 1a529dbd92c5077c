"""High dynamic range on an ordinary screen, for single pictures; a render has ffmpeg do it.

Light is mapped as ``filters.TONE_MAP`` maps it: what is darker than a third of a white sheet of
paper stays as it is, what is brighter is drawn together, and ``PEAK`` becomes white.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import av

Light = NDArray[np.float32]

WHITE: Final = 203.0
"""Candelas a square metre of a white sheet of paper (ITU-R BT.2408)."""
PEAK: Final = 1000.0 / WHITE
"""The brightest light that is told from white, in sheets of paper."""
KNEE: Final = 0.3
"""Up to here light stays as it is."""
WIDEST: Final = 960
"""Pixels of the wider side at which a picture is mapped."""

_HALF: Final = 0.5
"""The signal up to which HLG is a square root."""
_SCREEN: Final = 2.4
"""The power of an ordinary screen (ITU-R BT.1886), which is what ffmpeg's zscale assumes."""
_TO_BT709: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)
"""Linear BT.2020 to linear BT.709 (ITU-R BT.2087)."""


def _perceptual_quantizer(signal: Light) -> Light:
    """SMPTE ST 2084: the signal, 0..1, as light in sheets of paper."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = signal ** (1 / m2)
    light = (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return np.asarray(light * 10_000 / WHITE, np.float32)


def _hybrid_log_gamma(signal: Light) -> Light:
    """ITU-R BT.2100: the signal, 0..1, as light of a screen of 1,000 cd/m2 in sheets of paper."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= _HALF, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luminance = scene @ np.array([0.2627, 0.6780, 0.0593], np.float32)
    shown = scene * np.maximum(luminance, 1e-6)[..., None] ** 0.2
    return np.asarray(shown * PEAK, np.float32)


CURVES: Final[Mapping[int, Callable[[Light], Light]]] = {
    16: _perceptual_quantizer,
    18: _hybrid_log_gamma,
}
"""The transfer characteristics of ITU-T H.273 that have to be mapped."""


def mapped(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """A decoded frame as RGB for an ordinary screen, at most ``WIDEST`` across."""
    from av.video.reformatter import ColorRange, Colorspace

    scale = min(1.0, WIDEST / max(frame.width, frame.height))
    size = (max(2, round(frame.width * scale)), max(2, round(frame.height * scale)))
    small = frame.reformat(
        *size, format="rgb48le", src_colorspace=Colorspace.BT2020, dst_color_range=ColorRange.JPEG
    )
    signal = small.to_ndarray().astype(np.float32) / np.float32(65535)
    curve = CURVES.get(frame.color_trc, _perceptual_quantizer)
    linear = (curve(signal) @ _TO_BT709.T).clip(min=0)
    light = _drawn_together(linear.astype(np.float32))
    shown = light ** (1 / _SCREEN)
    return np.asarray((np.clip(shown, 0, 1) * 255).round(), np.uint8)


def _drawn_together(light: Light) -> Light:
    """Moebius's curve by the brightest of the three colours, so that none changes its hue."""
    a = -(KNEE**2) * (PEAK - 1) / (KNEE**2 - 2 * KNEE + PEAK)
    b = (KNEE**2 - 2 * KNEE * PEAK + PEAK) / (PEAK - 1)
    brightest = np.maximum(light.max(axis=-1, keepdims=True), 1e-6)
    factor = (b**2 + 2 * b * KNEE + KNEE**2) / (b - a)
    curved = factor * (brightest + a) / (brightest + b)
    return np.asarray(light * np.where(brightest <= KNEE, 1.0, curved / brightest), np.float32)
