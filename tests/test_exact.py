"""Exact to the frame: every picture of a cut with odd lengths is read back, every voice found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import oracle
import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import Reel, read_mark
from staging import DRAFT, SceneOf, filmed, luma_of, make_project, shot_of

from aivideo.progress import finish
from aivideo.render import FinishedVideo, render_project
from aivideo.settings import Settings
from aivideo.shots import Shot, plan
from aivideo.studio import Studio, open_studio

QUICK = replace(DRAFT, quality="preview")


@dataclass(frozen=True)
class Cut:
    """A rendered project of odd lengths."""

    shots: tuple[Shot, ...]
    video: FinishedVideo
    fps: int


@pytest.fixture(scope="module", params=[(30, 100), (24, 16)], ids=["30", "24"])
def cut(
    tmp_path_factory: pytest.TempPathFactory, reel: Reel, request: pytest.FixtureRequest
) -> Iterator[Cut]:
    """Many scenes, no length a multiple of a frame's, from places all over one clip.

    Some are alike but for a frame, which is what keeps a hundred of them quick to film.
    """
    fps, count = request.param
    look = replace(QUICK, fps=fps)
    finder = FixedFinder()
    scenes = [
        SceneOf(
            f"Scene {n}.",
            reel["plain"].path,
            seconds=0.231 + (n * 37 % 5) / 117,
            pause=0.207 + (n * 37 % 5) / 171,
            start=(n * 7 % 5) / 10,
        )
        for n in range(count)
    ]
    settings = Settings(workers=2).under(tmp_path_factory.mktemp("cut"))
    with open_studio(
        settings, chat_model=QueuedChat(), speaker=ToneSpeaker(), finders={"fixed": finder}
    ) as studio:
        project_id = make_project(studio, finder, scenes)
        _, shots = plan(studio, project_id, look)
        yield Cut(shots, finish(render_project(studio, project_id, look)), look.fps)


def test_the_cut_is_as_long_as_its_scenes(cut: Cut) -> None:
    """Total frames are the cumulative seconds, rounded; constant rate, tags, no warning."""
    seconds = sum(shot.narration_seconds + shot.pause_seconds for shot in cut.shots)

    findings = oracle.check(cut.video.path, frames=round(seconds * cut.fps))

    assert findings.complaints == []


def test_every_picture_of_the_cut_is_the_right_one(cut: Cut) -> None:
    """None twice, none left out, none black: at the last join as at the first."""
    shown = [read_mark(luma, 320, 180) for luma in luma_of(cut.video.path)]

    wanted = [
        shot.clip.start_seconds * 30 + n * 30 / cut.fps
        for shot in cut.shots
        for n in range(shot.frames)
    ]
    assert None not in shown
    off = [mark[1] - frame for mark, frame in zip(shown, wanted, strict=True) if mark]
    assert max(map(abs, off)) <= (0.01 if cut.fps == 30 else 0.51)


def test_every_voice_begins_with_its_picture(cut: Cut) -> None:
    """Within a frame: at the last scene as at the first."""
    heard = np.abs(oracle.samples_of(cut.video.path))
    frame = 48000 // cut.fps

    for shot in cut.shots[1:]:
        start = shot.first_frame * frame
        rises = start - 2 * frame + int(np.argmax(heard[start - 2 * frame :] > 0.01))
        assert abs(rises - start) < frame


@pytest.mark.parametrize(
    "kind",
    ["fast", "portrait", "upside_down", "odd", "anamorphic",
     *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("av1", "hdr", "interlaced"))],
)  # fmt: skip
@pytest.mark.parametrize("start", [0.6166, 1.0])
def test_a_clip_begins_at_the_picture_that_was_asked_for(
    studio: Studio, reel: Reel, kind: str, start: float
) -> None:
    """Within one picture of the source; ``test_every_kind`` has more kinds and places."""
    clip = reel[kind]

    part = filmed(studio, shot_of(clip.path, frames=10, start_seconds=start), QUICK)

    mark = read_mark(next(luma_of(part)), clip.width, clip.height)
    assert mark is not None
    assert abs(mark[1] - start * clip.fps) <= 1
