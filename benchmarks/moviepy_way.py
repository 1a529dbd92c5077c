"""The per-clip MoviePy way of the best-known open generator, written anew from its description.

Each clip is opened, resized and cropped, and written; the written clips are opened again, set one
after the other, given the sound, and written again; that is opened once more to lay the captions
over it, and written a third time. MoviePy's own preset (medium) is what such tools ship with.

Run by ``bench_render.py``: ``python moviepy_way.py JOB.json`` prints the cost as JSON. It imports
nothing of the app, so it can run in an environment of its own, where MoviePy is
(``pip install -r benchmarks/requirements.txt``).
"""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from measuring import Cost, measured
from moviepy import (
    AudioFileClip,
    CompositeVideoClip,
    TextClip,
    VideoClip,
    VideoFileClip,
    concatenate_videoclips,
    vfx,
)

FPS: Final = 30
WORDS_A_LINE: Final = 5
THREADS: Final = 2


def make(job: dict[str, Any]) -> Path:
    """The whole way; the finished video."""
    folder = Path(job["folder"])
    size = tuple(job["size"])
    written = [write_clip(scene, n, size, job) for n, scene in enumerate(job["scenes"])]
    joined = folder / "joined.mp4"
    voices = lay_voices(job["scenes"], folder / "voices.wav")
    clips = [VideoFileClip(str(path), audio=False) for path in written]
    sound = AudioFileClip(str(voices))
    write(concatenate_videoclips(clips).with_audio(sound), joined, job, audio_codec="aac")
    for clip in (*clips, sound):
        clip.close()
    return add_captions(joined, folder / "finished.mp4", size, job) if job["captions"] else joined


def write_clip(scene: dict[str, Any], number: int, size: tuple[int, int], job: Any) -> Path:
    """One scene's pictures, as a file of their own."""
    target = Path(job["folder"]) / f"clip-{number}.mp4"
    source = VideoFileClip(scene["clip"], audio=False)
    seconds = scene["frames"] / FPS
    if source.duration - scene["start"] < seconds:
        clip = source.with_effects([vfx.Loop(duration=seconds)])
    else:
        clip = source.subclipped(scene["start"], scene["start"] + seconds)
    write(covering(clip, size), target, job)
    source.close()
    return target


def covering(clip: VideoClip, size: tuple[int, int]) -> VideoClip:
    """Resized and cropped to the size."""
    width, height = size
    if tuple(clip.size) == size:
        return clip
    factor = max(width / clip.w, height / clip.h)
    resized = clip.resized(
        (max(width, round(clip.w * factor)), max(height, round(clip.h * factor)))
    )
    return resized.cropped(
        x_center=resized.w / 2, y_center=resized.h / 2, width=width, height=height
    )


def add_captions(source: Path, target: Path, size: tuple[int, int], job: Any) -> Path:
    """The captions laid over the joined video, which is written once more."""
    width, height = size
    video = VideoFileClip(str(source))
    lines = [
        TextClip(
            text=text,
            font=job["font"],
            font_size=60,
            color="white",
            stroke_color="black",
            stroke_width=2,
            size=(round(width * 0.9), 160),
        )
        .with_start(start)
        .with_end(end)
        .with_position(("center", height * 0.8))
        for text, start, end in caption_lines(job["scenes"])
    ]
    write(CompositeVideoClip([video, *lines]), target, job, audio_codec="aac")
    video.close()
    return target


def caption_lines(scenes: Sequence[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """A few words at a time, with the seconds of the whole video."""
    lines, first = [], 0.0
    for scene in scenes:
        words = scene["words"]
        for n in range(0, len(words), WORDS_A_LINE):
            group = words[n : n + WORDS_A_LINE]
            text = " ".join(word["text"] for word in group)
            lines.append((text, first + group[0]["start"], first + group[-1]["end"]))
        first += scene["frames"] / FPS
    return lines


def write(clip: VideoClip, target: Path, job: Any, **sound: str) -> None:
    """Encode with MoviePy's own preset, or with the one the job names."""
    preset = {"preset": job["preset"]} if job["preset"] else {}
    clip.write_videofile(
        str(target),
        fps=FPS,
        codec="libx264",
        threads=THREADS,
        logger=None,
        temp_audiofile_path=job["folder"],
        **preset,
        **sound,
    )


def lay_voices(scenes: Sequence[dict[str, Any]], target: Path) -> Path:
    """The narrations one after the other, each as long as its scene."""
    with wave.open(str(target), "wb") as out:
        for number, scene in enumerate(scenes):
            with wave.open(scene["voice"]) as voice:
                if number == 0:
                    out.setparams(voice.getparams())
                frames = voice.readframes(voice.getnframes())
                missing = round(scene["frames"] / FPS * voice.getframerate()) - voice.getnframes()
                out.writeframes(frames + bytes(2 * max(0, missing)))
    return target


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text())
    cost, finished = measured(lambda: make(asked))
    cost = Cost(cost.wall, cost.cpu, cost.megabytes, finished.stat().st_size)
    print(json.dumps({"moviepy": asdict(cost)}))
