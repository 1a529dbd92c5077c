"""Records each voice introducing itself: ``python tests/make_greetings.py [PREFIX ...]``.

With prefixes (``hf zm_yunxi``) only those voices are recorded, and the others stand for today's
speaker too, because what changed does not concern them.
To be run when the voice's recipe, a greeting or a voice changes, with the weights on the machine
and the front ends of every language installed (README's table names the packages).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from aivideo.engines import front_ends  # noqa: E402 - the checkout has to be on the path first
from aivideo.engines.greetings import RECORDINGS, SPEAKERS, greeting  # noqa: E402 - the same
from aivideo.engines.speakers import WAYS, open_speaker  # noqa: E402 - the same
from aivideo.engines.speech import CATALOGUE, RATE  # noqa: E402 - the same
from aivideo.engines.wav import level  # noqa: E402 - the same
from aivideo.progress import finish  # noqa: E402 - the same
from aivideo.settings import Settings, calm_vendors  # noqa: E402 - the same
from aivideo.workspace import Workspace  # noqa: E402 - the same

BITS = 32_000
"""A second; Opus needs no more for one voice at 24 kHz."""


def speakers_of(settings: Settings, workspace: Workspace) -> Iterator[str]:
    """The names of the speakers that say greetings as they are recorded.

    Both ways run the published network, and so short a text is read alike by both English front
    ends.
    """
    mark = front_ends.chosen().mark
    for engine in WAYS:
        chosen = settings.model_copy(update={"tts_engine": engine})
        name = open_speaker(chosen, workspace).name.removesuffix(mark)
        yield from (name, name + front_ends.ESPEAK.mark)


def save_opus(samples: NDArray[np.float32], path: Path) -> None:
    """Write mono samples in -1..1 at ``RATE`` as Opus."""
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = BITS
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler("flt", "mono", 48_000, frame_size=960)
        for block in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(block))
        container.mux(stream.encode(None))


def main() -> None:
    """Record every voice that can speak here."""
    settings = Settings(cache_dir=ROOT / ".cache", model_hub="", kokoro_model=None)
    calm_vendors(settings)
    workspace = Workspace(settings)
    speaker = open_speaker(settings.model_copy(update={"tts_engine": "onnx"}), workspace)
    RECORDINGS.mkdir(exist_ok=True)
    for voice in CATALOGUE:
        if not voice.id.startswith(tuple(sys.argv[1:] or [""])):
            continue
        if voice.missing:
            sys.stderr.write(f"{voice.id} was left as it is. {voice.missing}\n")
            continue
        speech = finish(speaker.speak(greeting(voice), voice.id))
        save_opus(level(speech.samples), RECORDINGS / f"{voice.id}.opus")
        sys.stdout.write(f"{voice.id}: {len(speech.samples) / RATE:.1f} s\n")
    names = sorted(speakers_of(settings, workspace))
    SPEAKERS.write_text(json.dumps(names, indent=2) + "\n", encoding="utf-8")
    workspace.close()


if __name__ == "__main__":
    main()
