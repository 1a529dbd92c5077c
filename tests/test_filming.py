"""Each shot becomes exact frames of one form, whatever its clip is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from fakes import FixedFinder
from footage import Footage, Reel, encode, pictures, read_mark
from PIL import Image
from staging import DRAFT, SceneOf, drafts, filmed, luma_of, make_project, scene_errors, shot_of

from aivideo.engines import media
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import ClipQuery
from aivideo.engines.illustration import Illustrator
from aivideo.engines.speech import Word
from aivideo.errors import AIVideoError, ClipUnreadable, DiskFull
from aivideo.progress import finish
from aivideo.render import plan
from aivideo.studio import Studio

# --------------------------------------------------------------------------- filming
ALWAYS = ("plain", "phone", "varying", "webm", "interlaced", "hdr", "transport_stream")
SELDOM = ("film_rate", "fast", "portrait", "upside_down", "odd", "anamorphic", "av1")


@pytest.mark.parametrize(
    "kind", [*ALWAYS, *(pytest.param(kind, marks=pytest.mark.slow) for kind in SELDOM)]
)
def test_every_kind_of_clip_comes_out_right(studio: Studio, reel: Reel, kind: str) -> None:
    """From 0.2 s on: exact frames at a constant rate, each the right source frame."""
    clip = reel[kind]

    part = filmed(studio, shot_of(clip.path, frames=20, start_seconds=0.2))

    marks = [read_mark(luma, clip.width, clip.height) for luma in luma_of(part)]
    assert len(marks) == 20
    assert {mark[0] for mark in marks if mark} == {clip.mark}
    assert None not in marks
    for number, mark in enumerate(marks):
        wanted = (0.2 + number / 30) * clip.fps
        assert mark is not None
        assert abs(mark[1] - wanted) <= (9 if kind == "varying" else 1.6)


@pytest.mark.parametrize("kind", ["plain", "webm", "film_rate"])
def test_no_frame_is_doubled_or_dropped_beyond_the_rates(
    studio: Studio, reel: Reel, kind: str
) -> None:
    """From an in-point between frames, and from WebM's coarse clock."""
    clip = reel[kind]

    part = filmed(studio, shot_of(clip.path, start_seconds=0.217))

    numbers = [mark[1] for luma in luma_of(part) if (mark := read_mark(luma, 320, 180))]
    assert len(numbers) == 30
    assert len(set(numbers)) == round(clip.fps)


def test_a_part_has_the_form_of_every_part(studio: Studio, reel: Reel) -> None:
    """Size, tags, rate and codec do not depend on the clip."""
    part = filmed(studio, shot_of(reel["odd"].path, frames=10))

    with av.open(str(part)) as container:
        context = container.streams.video[0].codec_context
        assert (context.width, context.height, context.pix_fmt) == (1280, 720, "yuv420p")
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)


@pytest.mark.parametrize("fit", ["contain", "blur"])
@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
def test_all_of_a_clip_can_be_shown(studio: Studio, reel: Reel, fit: Any, aspect: str) -> None:
    """Whole, not stretched, before black or before itself blurred."""
    clip = reel["phone" if aspect == "16:9" else "plain"]

    part = filmed(studio, shot_of(clip.path, frames=10, fit=fit), replace(DRAFT, aspect=aspect))

    luma = next(luma_of(part))
    assert read_mark(luma, clip.width, clip.height, cover=False) == (clip.mark, 0)
    edge = luma[5:15, 300:900] if aspect == "9:16" else luma[300:400, 5:15]
    assert (edge.mean() < 20) == (fit == "contain")


def test_a_clip_shorter_than_its_scene_is_repeated(studio: Studio, reel: Reel) -> None:
    """0.4 seconds of clip fill a second, in order, again and again."""
    part = filmed(studio, shot_of(reel["short"].path))

    numbers = [mark[1] for luma in luma_of(part) if (mark := read_mark(luma, 320, 180))]
    assert numbers == [n % 12 for n in range(30)]


def test_a_clip_shorter_than_its_scene_can_be_slowed(studio: Studio, reel: Reel) -> None:
    """It lasts just as long as the scene, every frame of it."""
    part = filmed(studio, shot_of(reel["short"].path), replace(DRAFT, short_clip="slow"))

    numbers = [mark[1] for luma in luma_of(part) if (mark := read_mark(luma, 320, 180))]
    assert numbers == sorted(numbers)
    assert (len(numbers), set(numbers)) == (30, set(range(12)))


def test_a_clip_shorter_than_its_scene_can_stand_still(studio: Studio, reel: Reel) -> None:
    """Its last frame is held."""
    part = filmed(studio, shot_of(reel["short"].path), replace(DRAFT, short_clip="hold"))

    numbers = [mark[1] for luma in luma_of(part) if (mark := read_mark(luma, 320, 180))]
    assert numbers == [min(n, 11) for n in range(30)]


def test_an_in_point_behind_the_end_is_moved(studio: Studio, reel: Reel) -> None:
    """The clip may have become shorter since it was chosen."""
    part = filmed(studio, shot_of(reel["plain"].path, start_seconds=99.0))

    first = read_mark(next(luma_of(part)), 320, 180)
    assert first is not None
    assert first[1] == pytest.approx(15, abs=1)


def test_a_broken_off_clip_is_repeated_as_far_as_it_goes(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """It never freezes silently: what is there is repeated, and the scene says so."""
    project_id = make_project(
        studio, finder, [SceneOf(file=reel["truncated"].path, seconds=2.6, pause=0.2)]
    )
    _, (shot,) = plan(studio, project_id, DRAFT)

    part = filmed(studio, shot)

    numbers = [mark[1] for luma in luma_of(part) if (mark := read_mark(luma, 320, 180))]
    assert len(numbers) > 75
    assert numbers[-1] < numbers[50]
    assert scene_errors(studio, project_id) == ["CLIP_BROKEN_OFF"]


def test_a_damaged_clip_is_rendered_with_a_warning(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """Some pictures cannot be read; the rest can, and the scene says so."""
    data = bytearray(reel["truncated"].path.with_name("whole.mp4").read_bytes())
    for place in range(len(data) // 4, len(data) // 2, 997):
        data[place] ^= 0x5A
    path = tmp_path / "scratched.mp4"
    path.write_bytes(bytes(data))
    project_id = make_project(studio, finder, [SceneOf(file=path, seconds=2.0)])
    _, (shot,) = plan(studio, project_id, DRAFT)

    part = filmed(studio, shot)

    assert media.count_frames(part) == shot.frames
    assert scene_errors(studio, project_id) == ["CLIP_DAMAGED"]


@pytest.mark.parametrize("name", ["see_through.webp", "turned.jpg"])
def test_a_still_becomes_moving_pictures(
    studio: Studio, stills: dict[str, Path], name: str
) -> None:
    """Any kind of picture: 8 bit 4:2:0, all frames, and the view moves."""
    part = filmed(studio, shot_of(stills[name], frames=12, kind="still"))

    frames = list(luma_of(part))
    assert len(frames) == 12
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 0.5


def test_a_still_moves_without_shaking(studio: Studio, tmp_path: Path) -> None:
    """A dot is followed: from frame to frame it strays less than a tenth of a pixel."""
    across, down = np.meshgrid(np.arange(2560), np.arange(1440))
    dot = 200 * np.exp(-((across - 900) ** 2 + (down - 520) ** 2) / 300)
    path = tmp_path / "dot.png"
    Image.fromarray((40 + dot).astype(np.uint8)).save(path)

    part = filmed(studio, shot_of(path, frames=30, kind="still"))

    places = []
    for luma in luma_of(part):
        light = np.clip(luma.astype(float) - 90, 0, None)
        rows, columns = np.indices(light.shape)
        places.append(((light * rows).sum() / light.sum(), (light * columns).sum() / light.sum()))
    jitter = np.diff(np.array(places), n=2, axis=0)
    assert np.abs(np.diff(np.array(places), axis=0)).sum() > 4
    assert np.sqrt((jitter**2).mean()) < 0.1


def test_a_word_lights_up_in_its_frame_on_screen(studio: Studio, reel: Reel) -> None:
    """What the person sees: the coloured word moves on in exactly the frames of the words."""
    starts = (0.0, 0.137, 0.4, 0.65)
    words = tuple(Word("honey", start, start + 0.1) for start in starts)
    shot = replace(shot_of(reel["plain"].path), words=words)

    part = filmed(studio, shot, replace(DRAFT, captions=True))

    places = [lit_place(frame) for frame in colours_of(part)]
    moved = [n for n in range(1, 30) if abs(places[n] - places[n - 1]) > 20]
    assert moved == [round(start * 30) for start in starts[1:]]


def test_letters_that_our_fonts_lack_are_told_of_the_shot(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Known from the fonts themselves, and only where captions are burned in."""
    scenes = [
        SceneOf("Bees \u182e\u1823 dance", reel["plain"].path),
        SceneOf(file=reel["plain"].path),
    ]
    project_id = make_project(studio, finder, scenes)

    for burn, told in ((False, None), (True, "CAPTIONS_UNREADABLE")):
        look = replace(DRAFT, captions=burn)
        _, shots = plan(studio, project_id, look)
        for shot in shots:
            filmed(studio, shot, look)
        assert scene_errors(studio, project_id) == [told, None]


def colours_of(path: Path) -> Iterator[np.ndarray]:
    """Every frame of a video as RGB."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24").astype(int)


def lit_place(frame: np.ndarray, top: int = 500) -> float:
    """Where across the lower part of a picture the lit word's colour is, in pixels."""
    red, green, blue = np.moveaxis(frame[top:], 2, 0)
    return float(np.nonzero((red > 225) & (green > 180) & (blue < 100))[1].mean())


def test_a_flash_of_a_clip_stands_still(studio: Studio, tmp_path: Path) -> None:
    """Five frames again and again would flicker."""
    flash = Footage(tmp_path / "flash.mp4", mark=1, frames=5)
    encode(flash.path, pictures(flash))

    part = filmed(studio, shot_of(flash.path, frames=12))

    numbers = [mark[1] for luma in luma_of(part) if (mark := read_mark(luma, 320, 180))]
    assert numbers == [0, 1, 2, 3, *[4] * 8]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("last_act", "failure"),
    [
        ("echo Invalid data found >&2; exit 1", ClipUnreadable),
        ("exit 0", ClipUnreadable),
        ("echo out.mp4: No space left on device >&2; exit 228", DiskFull),
    ],
)
def test_what_goes_wrong_while_filming_has_its_sentence(
    studio: Studio, reel: Reel, tmp_path: Path, last_act: str, failure: type[AIVideoError]
) -> None:
    """A bad clip is the clip's failure, a full disk is the disk's; no draft is left."""
    program = tmp_path / "ffmpeg"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *-version*) echo ffmpeg version 1;; *) {last_act};; esac\n'
    )
    program.chmod(0o755)

    with pytest.raises(failure):
        filmed(replace(studio, ffmpeg=FFmpeg(program)), shot_of(reel["plain"].path))

    assert drafts(studio) == []


def test_an_illustration_is_drawn_straight_into_the_encoder(studio: Studio) -> None:
    """No file of it ever exists."""
    illustrator = Illustrator(studio.settings, studio.workspace)
    found, *_ = finish(illustrator.find(ClipQuery("honey bee", "Bees make honey.")))
    shot = shot_of(Path("none"), frames=15, kind="illustration", recipe=found.recipe)

    part = filmed(studio, shot)

    frames = list(luma_of(part))
    assert len(frames) == 15
    assert frames[-1].std() > 5
