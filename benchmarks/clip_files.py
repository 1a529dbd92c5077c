"""A folder of ten thousand small videos and pictures under the names of the labelled clips."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import Final

import clip_labels
import imageio_ffmpeg
from measuring import call
from PIL import Image

SECONDS: Final = 2
PICTURES: Final = 4
"""One file in so many is a picture."""


def fill(folder: Path, number: int) -> int:
    """Fill a folder with so many files, all different, a subject a folder; their bytes."""
    video, picture, written = _video(), _picture(), 0
    named = [
        (re.sub(r"\W+", "-", scene.query.words), re.sub(r"[^\w .-]+", "", clip.title)[:80])
        for scene in clip_labels.read()
        for clip in scene.clips
    ]
    for place in range(number):
        subject, title = named[place % len(named)]
        stem = f"{Path(title).stem} {place // len(named):02}".strip()
        suffix, content = (".jpg", picture) if place % PICTURES == 0 else (".mp4", video)
        path = folder / subject / f"{stem}{suffix}"
        path.parent.mkdir(exist_ok=True, parents=True)
        # An empty box, or what stands behind a picture's end, makes each file another one.
        own = content + (16).to_bytes(4, "big") + b"free" + place.to_bytes(8, "big")
        path.write_bytes(own)
        written += len(own)
    return written


def _video() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        # fmt: off
        call([
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-nostdin", "-v", "error",
            "-f", "lavfi",
            "-i", f"testsrc2=s=160x90:r=10:d={SECONDS}",
            "-c:v", "libx264",
            "-pix_fmt", "yuv420p",
            path,
        ])
        # fmt: on
        return path.read_bytes()


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (160, 90), "teal").save(buffer, "JPEG")
    return buffer.getvalue()
