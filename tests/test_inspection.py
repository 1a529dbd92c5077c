"""A finished video is looked over before anybody sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from footage import Pixels, picture

from aivideo.engines.ffmpeg import FFmpeg, raw_input
from aivideo.engines.filters import TAGS, Canvas
from aivideo.engines.inspection import complaints_about
from aivideo.progress import finish

CANVAS = Canvas(320, 180, 30)
FRAMES = 30

# fmt: off
GOOD = {
    "-vf": f"format=yuv420p,{TAGS}",
    "-c:v": "libx264",
    "-profile:v": "high",
    "-preset": "veryfast",
    "-video_track_timescale": "15360",
    "-af": "anull",
    "-ar": "48000",
    "-ac": "2",
    "-c:a": "aac",
    "-t": "1",
    "-movflags": "+faststart",
}
# fmt: on


def make(path: Path, **changes: str) -> None:
    """A video as we publish them, but for what is changed (``af`` stands for ``-af``)."""
    wanted = GOOD | {f"-{name.replace('__', ':')}": value for name, value in changes.items()}
    images: list[Pixels] = [picture(1, n, 320, 180) for n in range(FRAMES)]
    arguments = [
        *raw_input((320, 180), 30, "rgb24"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"),
        *(word for pair in wanted.items() for word in pair),
    ]
    finish(FFmpeg().run(arguments, path, feed=[image.tobytes() for image in images]))


def test_a_good_video_has_nothing_to_complain_about(tmp_path: Path) -> None:
    """Size, rate, frames, tags, sound and index are as planned."""
    path = tmp_path / "good.mp4"
    make(path)

    assert complaints_about(path, CANVAS, FRAMES) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"profile__v": "baseline"}, "its pictures are"),
        ({"vf": f"scale=160:90,format=yuv420p,{TAGS}"}, "its size is"),
        ({"vf": f"setsar=2,format=yuv420p,{TAGS}"}, "pixels 2"),
        ({"vf": "format=yuv420p"}, "its colour tags"),
        ({"vf": f"fps=25,format=yuv420p,{TAGS}"}, "its steps"),
        ({"vf": f"setpts=PTS+eq(N\\,9)/3/TB,format=yuv420p,{TAGS}"}, "its steps"),
        ({"vf": f"trim=end_frame=20,format=yuv420p,{TAGS}"}, "it has 20 frames instead of 30"),
        ({"ar": "44100"}, "its sound is"),
        ({"ac": "1"}, "its sound is"),
        ({"af": "atrim=end=0.5"}, "its sound lasts"),
        ({"movflags": "0"}, "its index does not come first"),
    ],
)
def test_what_differs_from_the_plan_is_told(
    tmp_path: Path, changes: dict[str, str], complaint: str
) -> None:
    """Each kind of flaw on its own."""
    path = tmp_path / "bad.mp4"
    make(path, **changes)

    complaints = " ".join(complaints_about(path, CANVAS, FRAMES)).replace("the steps", "its steps")

    assert complaint in complaints


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    """A file that cannot even be opened."""
    path = tmp_path / "none.mp4"
    path.write_bytes(b"\0" * 100)

    (complaint,) = complaints_about(path, CANVAS, FRAMES)

    assert "cannot be opened" in complaint
