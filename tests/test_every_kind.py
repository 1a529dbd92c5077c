"""Whatever kind of clip a person has: its pictures come out upright, whole, in step, in colour."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from footage import H264, HDR10, Footage, Pixels, Reel, encode, picture, pictures, read_mark
from kinds import EVERY_KIND, HLG, MPEG2
from numpy.typing import NDArray
from staging import filmed, luma_of, shot_of

from aivideo.engines import damage, media
from aivideo.engines.thumbnails import thumbnail
from aivideo.render.takes import take
from aivideo.shots import Look
from aivideo.studio import Studio

Colours = NDArray[np.float64]

PREVIEW = Look(quality="preview", captions=False)
"""854 x 480 pixels at 30 frames a second."""

RICH = {"hdr", "hlg"}
"""Kinds whose light is mapped, so that bright colours change on purpose."""
TEXTURED = {"truncated"}
"""Kinds whose picture has noise laid over it."""
UNEVEN = {"varying"}
COLOUR_TOLERANCE = 8
"""Code values, of 255, by which two encodes may move a colour."""
HEAVY = {"uhd_hevc"}
KINDS = [
    pytest.param(kind, marks=pytest.mark.slow) if kind in HEAVY else kind for kind in EVERY_KIND
]


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    """Footage of every kind, each clip made once for this file."""
    return Reel(tmp_path_factory.mktemp("kinds"), EVERY_KIND)


def colours_of(path: Path) -> Colours:
    """The first frame as RGB, by BT.709's own formula."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    luma = (_plane(frame, 0).astype(float) - 16) / 219
    blue, red = ((_plane(frame, n).repeat(2, 0).repeat(2, 1) - 128.0) / 224 for n in (1, 2))
    rgb = (luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue)
    return np.clip(np.stack(rgb, -1) * 255, 0, 255)


def _plane(frame: av.VideoFrame, number: int) -> Pixels:
    plane = frame.planes[number]
    rows = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def numbers_of(path: Path, clip: Footage) -> list[int]:
    """The source frames that a part shows; every one must be readable and of that clip."""
    marks = [read_mark(luma, clip.width, clip.height) for luma in luma_of(path)]
    assert None not in marks
    assert {mark[0] for mark in marks if mark} == {clip.mark}
    return [mark[1] for mark in marks if mark]


def proportion(frame: Colours) -> float:
    """Width by height of the dark square around the grid: 1 where nothing is stretched."""
    dark = frame.mean(axis=2) < 45
    height, width = dark.shape
    rows = np.flatnonzero(dark[:, width // 2 - 20 : width // 2 + 20].any(axis=1))
    columns = np.flatnonzero(dark[height // 2 - 20 : height // 2 + 20].any(axis=0))
    return float((columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1))


def shape_of(clip: Footage) -> Look:
    """A preview of the clip's own orientation."""
    return replace(PREVIEW, aspect="9:16") if clip.height > clip.width else PREVIEW


def in_step(numbers: Sequence[int], clip: Footage, start: float) -> bool:
    """Whether each frame shows the picture of its time, and none twice that need not be."""
    wanted = [clip.first + (start + n / 30) * clip.fps for n in range(len(numbers))]
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    allowed = {math.floor(clip.fps / 30), math.ceil(clip.fps / 30)}
    return set(steps) <= allowed and all(
        abs(number - due) <= 1.05 for number, due in zip(numbers, wanted, strict=True)
    )


def colours_at(frame: Colours, clip: Footage) -> Iterator[tuple[Colours, Colours]]:
    """Colours shown, and those of the source, at places beside the grid."""
    source = picture(clip.mark, 0, clip.width, clip.height)
    height, width = frame.shape[:2]
    scale = max(width / clip.width, height / clip.height)
    for x, y in itertools.product((-0.42, 0.42), (-0.2, 0.0, 0.2)):
        across, down = round(width * (0.5 + x)), round(height * (0.5 + y))
        there = (
            round(clip.height / 2 + (down - height / 2) / scale),
            round(clip.width / 2 + (across - width / 2) / scale),
        )
        shown = frame[down - 3 : down + 4, across - 3 : across + 4].reshape(-1, 3)
        yield shown.mean(axis=0), source[there].astype(float)


def tags_of(path: Path) -> tuple[object, ...]:
    """Pixel format, and what is said of primaries, curve, matrix and range."""
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        return (
            context.pix_fmt,
            context.color_primaries,
            context.color_trc,
            context.colorspace,
            context.color_range,
        )


# --------------------------------------------------------------------------- as it is
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_filmed_as_it_is(studio: Studio, reel: Reel, kind: str) -> None:
    """Each frame the right one, upright and in proportion, in one form and its own colours."""
    clip = reel[kind]
    count = min(20, max(1, int(clip.seconds * 30)))

    look = shape_of(clip)
    part = filmed(studio, shot_of(clip.path, frames=max(10, count)), look)

    first = colours_of(part)
    assert first.shape == (look.canvas.height, look.canvas.width, 3)
    assert tags_of(part) == ("yuv420p", 1, 1, 1, 1)
    numbers = numbers_of(part, clip)
    assert len(numbers) == max(10, count)
    assert kind in UNEVEN or in_step(numbers[:count], clip, 0.0)
    assert numbers[:count] == sorted(numbers[:count])
    assert numbers[0] - clip.first <= (clip.fps > 60)
    if kind not in TEXTURED:
        assert proportion(first) == pytest.approx(1, abs=0.02)
    if kind not in RICH | TEXTURED:
        for shown, meant in colours_at(first, clip):
            assert np.abs(shown - meant).max() <= COLOUR_TOLERANCE


@pytest.mark.parametrize("kind", sorted(RICH))
def test_bright_light_is_mapped_with_sense(studio: Studio, reel: Reel, kind: str) -> None:
    """What is darker than a third of paper white stays; what is brighter keeps its order."""
    clip = reel[kind]

    first = colours_of(filmed(studio, shot_of(clip.path, frames=10), PREVIEW))

    for shown, meant in colours_at(first, clip):
        dark = meant.max() <= 140
        assert np.abs(shown - meant).max() <= (COLOUR_TOLERANCE if dark else 36)
        assert list(np.argsort(shown)) == list(np.argsort(meant))


@pytest.mark.parametrize("kind", sorted(RICH))
def test_paper_is_bright_and_grey_is_grey(studio: Studio, tmp_path: Path, kind: str) -> None:
    """A card of black, grey and white: not dull, not washed out, not clipped."""
    codec = {"hdr": HDR10, "hlg": HLG}[kind]
    card = np.full((180, 320, 3), 118, np.uint8)
    card[:, :100], card[:, 220:] = 16, 235
    path = tmp_path / "card.mp4"
    encode(path, [card] * 10, codec=codec)

    frame = colours_of(filmed(studio, shot_of(path, frames=10), PREVIEW))
    poster = np.asarray(thumbnail(path, 0.0), float)

    for picture_shown, scale in ((frame, 480 / 180), (poster, 1.0)):
        row = picture_shown[picture_shown.shape[0] // 2].mean(axis=1)
        black, grey, white = (row[round(x * scale)] for x in (50, 160, 270))
        assert black <= 26
        assert grey == pytest.approx(118, abs=8)
        assert 195 <= white <= 250


def test_a_poster_of_bright_light_looks_like_the_film(studio: Studio, reel: Reel) -> None:
    """The thumbnail is mapped by the same curve as the video."""
    clip = reel["hdr"]

    frame = colours_of(filmed(studio, shot_of(clip.path, frames=10), PREVIEW))
    poster = np.asarray(thumbnail(clip.path, 0.0).resize((854, 480)), float)

    for (film, _), (small, _) in zip(
        colours_at(frame, clip), colours_at(poster, clip), strict=True
    ):
        assert np.abs(film - small).max() <= COLOUR_TOLERANCE


@pytest.mark.parametrize("kind", ["interlaced", "bottom_first"])
def test_woven_pictures_are_shown_one_moment_at_a_time(
    studio: Studio, reel: Reel, kind: str
) -> None:
    """What moves has a straight edge: no line of it lies where it was, or will be, next."""
    clip = reel[kind]
    woven = edge_of(next(luma_of(clip.path)))

    part = filmed(studio, shot_of(clip.path, frames=10), PREVIEW)

    assert np.ptp(woven) >= 4
    edges = [edge_of(luma) for luma in luma_of(part)]
    assert max(np.ptp(edge) for edge in edges[1:]) <= 4 * 480 / 180 / 2


def edge_of(luma: Pixels) -> NDArray[np.int64]:
    """Where in each line the square that travels through every clip ends."""
    height = luma.shape[0]
    lines = luma[round(height * 0.13) : round(height * 0.17)] > 170
    ends: NDArray[np.int64] = lines.shape[1] - np.argmax(lines[:, ::-1], axis=1)
    return ends


@pytest.mark.parametrize("quality", ["standard", "high"])
def test_colours_and_gradients_survive_the_one_encode(
    studio: Studio, tmp_path: Path, quality: Any
) -> None:
    """Bars within two code values, a gradient without steps: nothing is encoded twice."""
    card = np.zeros((1080, 1920, 3), np.uint8)
    for number, colour in enumerate(itertools.product((16, 235), repeat=3)):
        card[:540, 240 * number : 240 * (number + 1)] = colour
    card[540:] = np.linspace(20, 120, 1920).astype(np.uint8)[None, :, None]
    path = tmp_path / "bars.mp4"
    encode(path, [card] * 4, size=(1920, 1080), codec=H264)

    part = filmed(studio, shot_of(path, frames=10), replace(PREVIEW, quality=quality))

    shown, meant = planes_of(part), planes_of(path)
    for plane, source in zip(shown, meant, strict=True):
        assert plane.shape == source.shape
        edge = plane.shape[1] // 8
        for number in range(8):
            inside = (slice(8, edge), slice(edge * number + 16, edge * (number + 1) - 16))
            assert abs(plane[inside].mean() - source[inside].mean()) <= 2
        below = slice(plane.shape[0] * 5 // 8, None)
        assert np.sqrt(((plane[below] - source[below]) ** 2).mean()) <= 1.0


def planes_of(path: Path) -> list[Colours]:
    """The first frame as it is stored: brightness and both colours."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    return [_plane(frame, number).astype(float) for number in range(3)]


# --------------------------------------------------------------------------- in-points
PLACES = {
    "plain": (0.217, 1.4, 99.0),
    "webm": (0.217, 1.4, 99.0),
    "without_length": (0.217, 1.4, 99.0),
    "transport_stream": (0.217, 1.4, 99.0),
    "broadcast_mpeg2": (0.217, 1.4, 99.0),
    "mpeg_stream": (0.75, 99.0),
    "one_key_frame": (3.3, 4.9),
    "edit_list": (0.517, 2.9),
    "ntsc": (0.5, 1.4),
    "very_fast": (0.503, 99.0),
    "film_rate": (0.63,),
    "phone": (0.217, 99.0),
    "matroska": (1.217,),
    "motion_jpeg": (0.217, 99.0),
    "flash": (0.217,),
    "windows_media": (0.217,),
}


@pytest.mark.parametrize(
    ("kind", "place"), [(kind, place) for kind, places in PLACES.items() for place in places]
)
def test_a_scene_begins_where_it_was_asked_to(
    studio: Studio, reel: Reel, kind: str, place: float
) -> None:
    """Between two frames, near the end, without an index: one picture off at most.

    Behind the end, the scene shows the end of the clip.
    """
    clip = reel[kind]

    part = filmed(studio, shot_of(clip.path, frames=10, start_seconds=place), PREVIEW)

    first, *_ = numbers_of(part, clip)
    start = place if place < clip.seconds else clip.seconds - 1 / 3
    # Of 120 pictures a second, four compete for a frame: half a frame is two of them.
    tolerance = max(1.05, 0.75 * clip.fps / 30) + (place > clip.seconds)
    assert abs(first - clip.first - start * clip.fps) <= tolerance


@pytest.mark.parametrize("codec", [H264, MPEG2], ids=["h264", "mpeg2"])
@pytest.mark.parametrize("place", [16.217, 19.9])
def test_a_place_far_into_a_long_recording_is_found_without_decoding_all_of_it(
    studio: Studio, tmp_path_factory: pytest.TempPathFactory, codec: Sequence[str], place: float
) -> None:
    """Camcorders write streams without an index; the picture is the right one all the same."""
    path = tmp_path_factory.getbasetemp() / f"recording-{codec[1]}.ts"
    clip = Footage(path, mark=4, frames=650)
    if not path.exists():
        encoded = ((picture(4, n % 256, 320, 180)) for n in range(clip.frames))
        encode(path, encoded, codec=codec, sound=("-c:a", "aac"))
    shot = shot_of(path, frames=10, start_seconds=place)

    numbers = numbers_of(filmed(studio, shot, PREVIEW), clip)

    assert abs((numbers[0] - place * 30 + 128) % 256 - 128) <= 1.05
    assert [(n - numbers[0]) % 256 for n in numbers] == list(range(10))
    arguments = take(shot, PREVIEW, path).arguments
    assert float(arguments[arguments.index("-ss") + 1]) > place - 12


@pytest.mark.parametrize("place", [0.2, 0.45, 0.97, 1.4])
def test_a_scene_begins_right_where_steps_vary(studio: Studio, reel: Reel, place: float) -> None:
    """The picture that is on at that moment, or the next."""
    clip = reel["varying"]
    kept = [n for n in range(60) if n % 20 < 12 or n % 4 == 0]
    on = max(index for index, n in enumerate(kept) if n / 30 <= place + 1e-6)

    part = filmed(studio, shot_of(clip.path, frames=10, start_seconds=place), PREVIEW)

    first, *_ = numbers_of(part, clip)
    assert first in kept[on : on + 2]


# --------------------------------------------------------------------------- short clips
LOOPED = ("short", "plain", "webm", "av1", "ntsc", "fast", "transport_stream", "phone",
          "without_length")  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "place"), [("plain", 0.0), ("webm", 0.0), *((kind, 0.2) for kind in LOOPED)]
)
def test_a_clip_that_begins_again_shows_every_frame_in_turn(
    studio: Studio, reel: Reel, kind: str, place: float
) -> None:
    """At the seam the first follows the last: no frame twice, none missing, none black."""
    clip = reel[kind]
    frames = round(2.5 * clip.seconds * 30)

    part = filmed(studio, shot_of(clip.path, frames=frames, start_seconds=place), PREVIEW)

    numbers = numbers_of(part, clip)
    seams = [n for n, (a, b) in enumerate(itertools.pairwise(numbers), 1) if b < a]
    step = max(1.0, clip.fps / 30)
    for seam in seams:
        assert numbers[seam - 1] >= clip.frames - 1 - step
        assert numbers[seam] <= step
    for begin, end in itertools.pairwise([0, *seams, frames]):
        start = place if begin == 0 else 0.0
        assert in_step(numbers[begin:end], clip, start)
    assert len(seams) == math.floor((place * 30 + frames - 1) / (clip.seconds * 30))


def test_a_two_second_clip_lasts_under_a_long_narration(studio: Studio, tmp_path: Path) -> None:
    """It is shown again and again, and every time in full."""
    clip = Footage(tmp_path / "two_seconds.mp4", mark=3, frames=60)
    encode(clip.path, pictures(clip))

    part = filmed(studio, shot_of(clip.path, frames=250), PREVIEW)

    assert numbers_of(part, clip) == [n % 60 for n in range(250)]


@pytest.mark.parametrize("kind", ["short", "webm", "av1", "fast", "transport_stream", "film_rate"])
def test_a_slowed_clip_moves_on_evenly(studio: Studio, reel: Reel, kind: str) -> None:
    """From its first frame to its last, never back, no frame left out that was in time."""
    clip = reel[kind]
    frames = round(1.6 * clip.seconds * 30)

    part = filmed(studio, shot_of(clip.path, frames=frames), replace(PREVIEW, short_clip="slow"))

    numbers = numbers_of(part, clip)
    assert numbers == sorted(numbers)
    assert numbers[0] == 0
    assert numbers[-1] >= clip.frames - 2
    assert max(b - a for a, b in itertools.pairwise(numbers)) <= math.ceil(clip.fps / 30 / 1.6)


def test_a_clip_that_would_have_to_run_too_slow_stands_still_in_the_end(
    studio: Studio, reel: Reel
) -> None:
    """As two seconds under fifteen would: a quarter of its pace, then its last picture."""
    clip = reel["short"]

    part = filmed(studio, shot_of(clip.path, frames=90), replace(PREVIEW, short_clip="slow"))

    numbers = numbers_of(part, clip)
    assert all(abs(number - n / 4) <= 1 for n, number in enumerate(numbers[:48]))
    assert numbers[48:] == [11] * 42


@pytest.mark.parametrize("kind", ["short", "webm", "av1", "fast", "transport_stream", "phone"])
def test_a_held_clip_stands_still_on_its_last_frame(studio: Studio, reel: Reel, kind: str) -> None:
    """It runs as it was shot, and then its last picture stays."""
    clip = reel[kind]
    played = round(clip.seconds * 30)

    part = filmed(
        studio, shot_of(clip.path, frames=played + 20), replace(PREVIEW, short_clip="hold")
    )

    numbers = numbers_of(part, clip)
    assert in_step(numbers[: played - 1], clip, 0.0)
    assert set(numbers[played:]) <= {clip.frames - 1, clip.frames - math.ceil(clip.fps / 30)}
    assert len(set(numbers[played:])) == 1


@pytest.mark.parametrize("size", [(16, 16), (2, 2), (64, 1024), (1022, 18)])
def test_a_video_of_any_size_fills_the_canvas(
    studio: Studio, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Tiny, tall and thin ones too, in each way to fit."""
    path = tmp_path / "odd.mp4"
    images = [np.full((size[1], size[0], 3), 120 + n, np.uint8) for n in range(12)]
    encode(path, images, size=size)

    for fit in ("crop", "blur", "contain"):
        first = colours_of(filmed(studio, shot_of(path, frames=10, fit=fit), PREVIEW))
        assert first.shape == (480, 854, 3)
        assert first[240, 427].mean() == pytest.approx(120, abs=6)


@pytest.mark.parametrize("kind", sorted(EVERY_KIND.keys() - HEAVY))
def test_a_whole_clip_has_no_flaw(reel: Reel, kind: str) -> None:
    """No kind of clip is called damaged that is not."""
    clip = reel[kind]
    info = media.probe(clip.path)

    found = [damage.flaws(clip.path, info, start, 6.0) for start in (0.0, 0.37, 1.2)]

    assert found == [0, 0, 0]
