"""What each voice says to introduce itself, recorded beforehand.

A voice is chosen by ear, and often before the weights are on the machine: so the sentence that
every voice says first comes with the app, as the default speaker says it.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.ffmpeg import in_name
from aivideo.engines.media import OWN_FILE
from aivideo.engines.narration import RATE
from aivideo.engines.voices import VECTORS, Voice

RECORDINGS: Final = VECTORS / "greetings"
SPEAKERS: Final = RECORDINGS / "speakers.json"
"""The names of the speakers for which the recordings stand."""

_GREETINGS: Final = {
    "en": "Hello, I'm {name}. This is how your video sounds when I tell it.",
    "es": "Hola, soy {name}. Así suena tu vídeo cuando lo cuento yo.",
    "fr": "Bonjour, je suis {name}. Voici comment sonne votre vidéo quand je la raconte.",
    "hi": "नमस्ते, यह {name} है। आपका वीडियो मेरी आवाज़ में ऐसा सुनाई देगा।",
    "it": "Ciao, sono {name}. Ecco come suona il tuo video quando lo racconto io.",
    "ja": "こんにちは。あなたの動画を私が語ると、このように聞こえます。",
    "pt": "Olá, eu sou {name}. É assim que o seu vídeo soa quando eu conto a história.",
    "zh": "你好。由我来讲述您的视频\uff0c听起来就是这样。",
}


def greeting(voice: Voice) -> str:
    """What a voice, or a blend of voices, says to introduce itself, in its own language."""
    return _GREETINGS[voice.language[:2]].format(name=voice.name)


def recorded(voice_id: str, speaker: str) -> Path | None:
    """The recording of a voice's greeting, if the speaker of this name would say it so.

    Weights of a person's own and other pauses sound otherwise, and then there is none.
    """
    path = RECORDINGS / f"{voice_id}.opus"
    known = voice_id.isidentifier() and path.is_file()
    return path if known and speaker in _speakers() else None


def heard(recording: Path) -> NDArray[np.float32]:
    """A recording's sound: mono, 24 kHz, -1..1, shape (n,)."""
    import av

    with av.open(in_name(recording), format="ogg", options=OWN_FILE) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [*container.decode(audio=0), None]
        blocks = [block.to_ndarray() for frame in frames for block in resampler.resample(frame)]
    samples: NDArray[np.float32] = np.concatenate(blocks, axis=1)[0].astype(np.float32)
    return samples


@functools.cache
def _speakers() -> frozenset[str]:
    return frozenset(json.loads(SPEAKERS.read_text("utf-8")) if SPEAKERS.is_file() else ())
