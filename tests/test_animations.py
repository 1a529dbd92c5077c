"""Animated pictures are film: every frame for its own time, again and again."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import picture, read_mark
from PIL import Image, ImageDraw
from staging import filmed, luma_of, shot_of

from aivideo.engines import animations, media
from aivideo.engines.finding import ClipQuery
from aivideo.engines.library import FootageFolder
from aivideo.errors import MediaTruncated
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.shots import Look
from aivideo.studio import Studio
from aivideo.workspace import Workspace

PREVIEW = Look(quality="preview", captions=False)
MARK = 9
LENGTHS = [100, 50, 200, 100, 150]
"""Milliseconds for which the frames of the made animations are shown."""
OPTIONS: dict[str, dict[str, Any]] = {
    "gif": {"disposal": 2},
    "webp": {"lossless": True},
    "png": {},
    "avif": {"quality": 90},
}


def animation(folder: Path, kind: str, lengths: list[int] | None = None, **options: Any) -> Path:
    """An animation of five numbered frames."""
    first, *others = (Image.fromarray(picture(MARK, n, 320, 180)) for n in range(5))
    path = folder / f"moving.{kind}"
    first.save(
        path,
        save_all=True,
        append_images=others,
        duration=lengths or LENGTHS,
        loop=0,
        **(OPTIONS[kind] | options),
    )
    return path


def shown(path: Path) -> list[int]:
    """The numbers of the source's frames that a part shows."""
    marks = [read_mark(luma, 320, 180) for luma in luma_of(path)]
    assert {mark[0] for mark in marks if mark} == {MARK}
    return [mark[1] if mark else -1 for mark in marks]


def expected(start: float, frames: int, fps: int) -> list[int]:
    """What is on at each frame's time."""
    ends = list(itertools.accumulate(LENGTHS))
    times = [round((start + n / fps) * 1000, 3) % ends[-1] for n in range(frames)]
    return [next(n for n, end in enumerate(ends) if time < end) for time in times]


@pytest.mark.parametrize("kind", OPTIONS)
def test_an_animation_is_a_video_of_its_length(tmp_path: Path, kind: str) -> None:
    """Upright size, length and rate; no sound."""
    info = media.probe(animation(tmp_path, kind))

    assert (info.kind, info.animation, info.codec) == ("video", True, kind)
    assert (info.width, info.height) == (320, 180)
    assert info.duration_seconds == pytest.approx(0.6)
    assert info.fps == pytest.approx(5 / 0.6)
    assert info.varying_rate
    assert not info.has_audio


@pytest.mark.parametrize("kind", OPTIONS)
@pytest.mark.parametrize("start", [0.0, 0.31])
def test_an_animation_is_filmed_in_its_own_time(
    studio: Studio, tmp_path: Path, kind: str, start: float
) -> None:
    """Each frame for as long as it says, from the in-point on, beginning again at the end."""
    path = animation(tmp_path, kind)

    part = filmed(studio, shot_of(path, frames=40, start_seconds=start), PREVIEW)

    assert shown(part) == expected(start, 40, 30)


@pytest.mark.parametrize("way", ["slow", "hold"])
def test_an_animation_begins_again_whatever_is_asked_of_short_clips(
    studio: Studio, tmp_path: Path, way: Any
) -> None:
    """It is made to be repeated."""
    look = Look(quality="preview", captions=False, short_clip=way)

    part = filmed(studio, shot_of(animation(tmp_path, "gif"), frames=30), look)

    assert shown(part) == expected(0, 30, 30)


@pytest.mark.parametrize("length", [0, 10])
def test_a_length_that_no_browser_believes_is_a_tenth_of_a_second(
    tmp_path: Path, length: int
) -> None:
    """Many animations say 0 or 10 ms and are shown at ten frames a second everywhere."""
    assert media.probe(animation(tmp_path, "gif", [length] * 5)).fps == pytest.approx(10)


def test_what_a_frame_leaves_out_stays_as_it_was(tmp_path: Path) -> None:
    """Small frames are laid over the ones before, and are taken away when they say so."""
    first = Image.new("RGB", (60, 40), "blue")
    second = first.copy()
    second.paste("red", (0, 0, 20, 40))
    third = second.copy()
    third.paste("lime", (40, 0, 60, 40))
    path = tmp_path / "patches.gif"
    first.save(path, save_all=True, append_images=[second, third], duration=100, disposal=1)

    picture_at = animations.frame_at(path, 0.25)

    colours = [picture_at.getpixel((x, 20)) for x in (10, 30, 50)]
    wanted = [(255, 0, 0), (0, 0, 255), (0, 255, 0)]
    assert np.abs(np.array(colours) - np.array(wanted)).max() < 6


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_a_see_through_animation_moves_on_white(tmp_path: Path, kind: str) -> None:
    """No trace of the frames before is left where a later one is see-through."""
    frames = []
    for n in range(3):
        frame = Image.new("RGBA", (60, 20), (0, 0, 0, 0))
        ImageDraw.Draw(frame).ellipse((20 * n, 0, 20 * n + 20, 20), fill=(0, 0, 255, 255))
        frames.append(frame)
    path = tmp_path / f"ghost.{kind}"
    options: dict[str, Any] = (
        {"lossless": True} if kind == "webp" else {"disposal": 2 - (kind == "png")}
    )
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, **options)

    last = animations.frame_at(path, 0.25)

    assert [last.getpixel((x, 10)) for x in (10, 30, 50)] == [(255,) * 3, (255,) * 3, (0, 0, 255)]


def test_a_picture_that_stands_for_an_animation_is_not_part_of_it(tmp_path: Path) -> None:
    """A PNG may carry one for programs that show no animations."""
    path = tmp_path / "stand_in.png"
    frames = [Image.fromarray(picture(MARK, n, 320, 180)) for n in range(3)]
    stand_in = Image.new("RGB", (320, 180), "red")
    stand_in.save(path, save_all=True, append_images=frames, duration=100, default_image=True)

    info = media.probe(path)

    assert info.duration_seconds == pytest.approx(0.3)
    assert animations.measure(path).shown_at([0.0, 0.1, 0.2, 0.3]) == [1, 2, 3, 1]


def test_an_animation_that_breaks_off_is_shown_as_far_as_it_goes(
    studio: Studio, tmp_path: Path
) -> None:
    """The rest is missing, and that is known."""
    whole = animation(tmp_path, "gif").read_bytes()
    path = tmp_path / "half.gif"
    path.write_bytes(whole[: len(whole) * 7 // 10])

    info = media.probe(path)
    part = filmed(studio, shot_of(path, frames=20), PREVIEW)

    assert info.truncated
    assert 0 < info.duration_seconds < 0.6
    assert set(shown(part)) <= {0, 1, 2, 3}


def test_an_animation_of_which_nothing_is_there_is_refused(tmp_path: Path) -> None:
    """Broken off in its first frame."""
    path = tmp_path / "start.gif"
    path.write_bytes(animation(tmp_path, "gif").read_bytes()[:900])

    with pytest.raises(MediaTruncated, match=r"start\.gif"):
        media.probe(path)


def test_a_large_animation_is_made_smaller_before_it_is_fed(studio: Studio, tmp_path: Path) -> None:
    """Its shape stays, and every frame can be read."""
    path = tmp_path / "large.webp"
    frames = [Image.fromarray(picture(MARK, n, 320, 180)).resize((2560, 1440)) for n in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, quality=60)

    part = filmed(studio, shot_of(path, frames=10), PREVIEW)

    assert shown(part) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 0]


def test_several_pages_are_no_animation(tmp_path: Path) -> None:
    """A scanned document has pages, which do not follow each other in time."""
    path = tmp_path / "pages.tiff"
    pages = [Image.fromarray(picture(MARK, n, 320, 180)) for n in range(2)]
    pages[0].save(path, save_all=True, append_images=pages[1:])

    assert media.probe(path).kind == "still"


def test_an_animation_is_found_as_a_video(settings: Settings) -> None:
    """The library offers it with its length and a picture."""
    settings.footage_dir.mkdir()
    animation(settings.footage_dir, "gif").rename(settings.footage_dir / "dancing bear.gif")
    workspace = Workspace(settings)
    try:
        shelf = FootageFolder(settings, workspace)
        (clip,) = finish(shelf.find(ClipQuery("bear")))
        clip = finish(shelf.picture(clip))
    finally:
        workspace.close()

    assert clip.kind == "video"
    assert clip.duration_seconds == pytest.approx(0.6)
    with Image.open(clip.thumbnail) as thumbnail:
        found = read_mark(np.asarray(thumbnail.convert("L")), 320, 180)
    assert found == (MARK, 2)
