"""What a media file is, found out from the file and not from its name."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import Footage, Reel, copy_with, damaged_files, encode, pictures, read_mark
from kinds import EVERY_KIND
from PIL import Image

from aivideo.engines import media
from aivideo.engines.stills import framed_still, open_still
from aivideo.engines.thumbnails import thumbnail
from aivideo.errors import MediaTruncated, NotMedia, PictureTooLarge


def luma(image: Image.Image) -> np.ndarray:
    """A picture's brightness."""
    return np.asarray(image.convert("L"))


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    """Footage of every kind, each clip made once for this file."""
    return Reel(tmp_path_factory.mktemp("media"), EVERY_KIND)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_clip_is_measured_as_it_is_seen(reel: Reel, kind: str) -> None:
    """Upright size, length and rate are right whatever the container, rotation or pixel shape."""
    clip = reel[kind]

    info = media.probe(clip.path)

    assert (info.kind, info.width, info.height) == ("video", clip.width, clip.height)
    assert info.duration_seconds == pytest.approx(clip.seconds, abs=0.11)
    assert info.fps == pytest.approx(clip.fps, rel=0.3 if kind == "varying" else 0.01)


@pytest.mark.parametrize("kind", sorted(EVERY_KIND.keys() - {"varying"}))
def test_a_poster_shows_the_frame_asked_for_upright(reel: Reel, kind: str) -> None:
    """The picture at half a second is that frame of that clip, turned the right way."""
    clip = reel[kind]

    poster = thumbnail(clip.path, 0.4)

    found = read_mark(luma(poster), clip.width, clip.height)
    assert found is not None
    assert found[0] == clip.mark
    assert found[1] - clip.first == pytest.approx(min(0.4 * clip.fps, clip.frames - 1), abs=1)


def test_a_poster_without_a_place_is_from_a_third_in(reel: Reel) -> None:
    """The first frame is often black, so it is not what stands for a clip."""
    poster = thumbnail(reel["plain"].path)

    assert read_mark(luma(poster), 320, 180) == (1, 15)


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("varying", "varying_rate"),
        ("interlaced", "interlaced"),
        ("hdr", "hdr"),
        ("truncated", "truncated"),
        ("plain", "has_audio"),
    ],
)
def test_what_is_special_is_noticed_and_only_there(reel: Reel, kind: str, fact: str) -> None:
    """Each peculiarity that the render has to treat is told of the clip that has it."""
    having = [name for name in ("film_rate", kind) if getattr(media.probe(reel[name].path), fact)]

    assert having == [kind]


def test_a_clip_without_colour_tags_is_known(reel: Reel) -> None:
    """WebM from a browser says nothing about its colours; the H.264 does."""
    assert not media.probe(reel["webm"].path).tagged
    assert media.probe(reel["plain"].path).tagged


def test_a_stream_without_an_index_is_known(reel: Reel) -> None:
    """A place in a transport stream cannot be found exactly."""
    assert not media.probe(reel["transport_stream"].path).seekable


def test_a_broken_off_clip_is_as_long_as_what_is_there(reel: Reel) -> None:
    """The index promises four seconds; about half of the pictures are there."""
    info = media.probe(reel["truncated"].path)

    assert 1.5 < info.duration_seconds < 2.5


# --------------------------------------------------------------------------- files that lie
def overwritten(
    source: Path, target: Path, *changes: tuple[bytes, int, str, tuple[Any, ...]]
) -> Path:
    """A copy with values written so many bytes behind a mark, as ``struct`` lays them out."""
    data = bytearray(source.read_bytes())
    for mark, place, form, values in changes:
        struct.pack_into(form, data, data.index(mark) + len(mark) + place, *values)
    target.write_bytes(bytes(data))
    return target


HEADER, TRACK, STEPS = b"mvhd", b"mdhd", b"stts"
LENGTH = b"\x44\x89\x88"
RATE = b"strh"
LIES: dict[str, tuple[str, tuple[bytes, int, str, tuple[Any, ...]], float]] = {
    "no length of the track": ("fast", (TRACK, 16, ">I", (0,)), 60),
    "no length of the file": ("fast", (HEADER, 16, ">I", (0,)), 60),
    "a length of a thousand seconds": ("fast", (TRACK, 16, ">I", (15_360_000,)), 60),
    "no length in Matroska": ("matroska", (LENGTH, 0, ">d", (0.0,)), 30),
    "a length that is no number": ("matroska", (LENGTH, 0, ">d", (float("nan"),)), 30),
    "a length before nothing": ("matroska", (LENGTH, 0, ">d", (-5.0,)), 30),
    "a length of hours": ("matroska", (LENGTH, 0, ">d", (9e6,)), 30),
    "no rate": ("motion_jpeg", (RATE, 24, "<II", (0, 0)), 30),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_container_says_wrongly_is_not_believed(
    reel: Reel, tmp_path: Path, lie: str
) -> None:
    """Lengths and rates are what can be read."""
    kind, change, fps = LIES[lie]
    clip = reel[kind]

    info = media.probe(overwritten(clip.path, tmp_path / clip.path.name, change))

    assert (info.width, info.height) == (320, 180)
    assert info.duration_seconds == pytest.approx(1.5, abs=0.05)
    assert info.fps == pytest.approx(fps, rel=0.01)


@pytest.mark.parametrize("ticks", [0, 1])
def test_the_ticks_of_a_clock_are_no_rate(reel: Reel, tmp_path: Path, ticks: int) -> None:
    """A single picture that lasts one tick would be 15,360 pictures a second."""
    change = (STEPS, 12, ">I", (ticks,))

    info = media.probe(overwritten(reel["one_frame"].path, tmp_path / "one.mp4", change))

    assert info.fps == 30
    assert info.duration_seconds == pytest.approx(1 / 30)


def test_a_pixel_that_no_screen_has_is_square(reel: Reel, tmp_path: Path) -> None:
    """A thousand times as wide as high is a mistake."""
    change = (b"pasp", 0, ">II", (1000, 1))

    info = media.probe(overwritten(reel["anamorphic"].path, tmp_path / "wide.mp4", change))

    assert (info.width, info.height) == (240, 180)


def test_a_mirrored_clip_has_an_upright_poster(tmp_path: Path) -> None:
    """The front camera of a phone notes that its picture is to be mirrored."""
    source, path = tmp_path / "stored.mp4", tmp_path / "selfie.mp4"
    clip = Footage(source, mark=4)
    encode(source, (image[:, ::-1] for image in pictures(clip)))
    copy_with(source, path, before=("-display_hflip",))

    assert read_mark(luma(thumbnail(path, 0.0)), 320, 180) == (4, 0)


def test_an_encrypted_clip_is_refused_with_the_reason(reel: Reel, tmp_path: Path) -> None:
    """What shops protect cannot be decoded; noise would be shown."""
    path = tmp_path / "film.mp4"
    key = ("-encryption_key", "00112233445566778899aabbccddeeff")
    name = ("-encryption_kid", "ffeeddccbbaa99887766554433221100")
    scheme = ("-encryption_scheme", "cenc-aes-ctr")
    copy_with(reel["film_rate"].path, path, after=(*scheme, *key, *name))

    with pytest.raises(NotMedia, match="it is encrypted"):
        media.probe(path)


def test_a_clip_of_an_unknown_codec_is_refused_with_the_reason(reel: Reel, tmp_path: Path) -> None:
    """Not at the render, where it would be too late."""
    path = tmp_path / "future.mp4"
    path.write_bytes(reel["film_rate"].path.read_bytes().replace(b"avc1", b"zzzz"))

    with pytest.raises(NotMedia, match="no decoder for its pictures"):
        media.probe(path)


def test_moving_pictures_of_absurd_size_are_refused(tmp_path: Path) -> None:
    """A scene's worth of them would fill the memory."""
    path, size = tmp_path / "wall.mp4", (8448, 4480)
    encode(path, [np.zeros((size[1], size[0], 3), np.uint8)], size=size)

    with pytest.raises(PictureTooLarge, match=r"wall\.mp4"):
        media.probe(path)


@pytest.mark.parametrize(
    "name",
    ["empty.mp4", "page.mp4", "notes.mp4", "no_index.mp4", "playlist.mp4", "list.mp4",
     "drawing.mp4", "half.png"],
)  # fmt: skip
def test_what_only_looks_like_a_clip_is_refused(reel: Reel, name: str) -> None:
    """Text, half downloads and lists that would open other files are no media."""
    path = damaged_files(reel.folder, reel["plain"].path)[name]

    with pytest.raises(NotMedia, match=name):
        media.probe(path)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    """A sound file in a video's container has no pictures to show."""
    path = tmp_path / "sound.mp4"
    encode(path, [], codec=("-map", "1:a", "-t", "0.2"), sound=("-c:a", "aac"))

    with pytest.raises(NotMedia, match="no moving pictures"):
        media.probe(path)


def test_a_clip_whose_first_picture_is_missing_is_refused(reel: Reel, tmp_path: Path) -> None:
    """Broken off right behind the index: nothing of it can be shown."""
    whole = reel["truncated"].path.read_bytes()
    path = tmp_path / "nothing.mp4"
    path.write_bytes(whole[: whole.index(b"mdat") + 60])

    with pytest.raises(MediaTruncated, match=r"nothing\.mp4"):
        media.probe(path)


def test_a_picture_of_a_phone_in_apples_format_is_refused(tmp_path: Path) -> None:
    """HEIC comes in tiles; taking the first for the picture would be wrong, so it is refused."""
    clip = Footage(tmp_path / "clip.mp4", mark=1, frames=2)
    encode(clip.path, pictures(clip))
    path = tmp_path / "photo.heic"
    path.write_bytes(clip.path.read_bytes().replace(b"ftypisom", b"ftypheic", 1))

    with pytest.raises(NotMedia, match="heic"):
        media.probe(path)


def test_a_name_cannot_be_taken_for_an_option(reel: Reel, tmp_path: Path) -> None:
    """Quotes, per cent signs, leading dashes and other scripts are only a name."""
    path = tmp_path / '-i it\'s "odd" 100%d: 漢字.mp4'
    path.write_bytes(reel["short"].path.read_bytes())

    assert media.probe(path).width == 320


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("plain.png", (320, 180)),
        ("see_through.webp", (320, 180)),
        ("print.jpg", (320, 180)),
        ("turned.jpg", (320, 180)),
        ("wide.jpg", (3000, 200)),
    ],
)
def test_a_still_is_measured_upright(
    stills: dict[str, Path], name: str, size: tuple[int, int]
) -> None:
    """Pictures are stills with the size at which they are looked at."""
    info = media.probe(stills[name])

    assert (info.kind, info.width, info.height) == ("still", *size)


def test_a_turned_photo_stands_upright(stills: dict[str, Path]) -> None:
    """The note about the camera's position is obeyed."""
    picture = open_still(stills["turned.jpg"])

    assert read_mark(luma(picture), 320, 180) == (3, 0)


@pytest.mark.parametrize("name", ["see_through.png", "see_through.webp"])
def test_transparency_becomes_white(stills: dict[str, Path], name: str) -> None:
    """A drawing without a background stands on paper, not on black."""
    picture = open_still(stills[name])

    assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert picture.getpixel((150, 90)) == (0, 0, 255)


def test_a_picture_for_print_keeps_its_colours(stills: dict[str, Path]) -> None:
    """CMYK is brought back to what it looked like."""
    picture = open_still(stills["print.jpg"])

    assert read_mark(luma(picture), 320, 180) == (3, 0)


def test_sixteen_bits_a_pixel_are_not_blown_out(stills: dict[str, Path]) -> None:
    """A deep grey picture keeps its shades."""
    middle = luma(open_still(stills["deep.png"])).mean()

    assert middle == pytest.approx(127, abs=3)


def test_a_gigantic_picture_is_refused(tmp_path: Path) -> None:
    """A small file may claim more pixels than memory holds."""
    path = tmp_path / "vast.png"
    Image.new("1", (16000, 16000)).save(path)

    with pytest.raises(PictureTooLarge, match=r"vast\.png"):
        media.probe(path)


def test_a_picture_just_too_large_is_refused(tmp_path: Path) -> None:
    """Below what the reader itself refuses there is a limit of ours."""
    path = tmp_path / "large.png"
    Image.new("1", (13000, 12000)).save(path)

    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(PictureTooLarge):
        open_still(path)


@pytest.mark.parametrize("fit", ["crop", "contain", "blur"])
def test_a_still_is_framed_without_stretching(stills: dict[str, Path], fit: str) -> None:
    """Cropped or whole, the picture keeps its shape at the exact size asked for."""
    framed = framed_still(stills["plain.png"], (200, 300), fit)

    assert framed.size == (200, 300)
    assert read_mark(luma(framed), 320, 180, cover=fit == "crop") == (3, 0)


def test_the_frames_of_a_video_of_ours_are_counted(reel: Reel) -> None:
    """Without decoding them."""
    assert media.count_frames(reel["fast"].path) == 90


def test_a_missing_file_has_no_frames_and_no_sound(tmp_path: Path) -> None:
    """What is not there counts nothing, so it is made."""
    assert media.count_frames(tmp_path / "none.mp4") == 0
    assert media.sound_seconds(tmp_path / "none.m4a") == 0.0


def test_the_length_of_sound_is_known(reel: Reel) -> None:
    """Of a file of ours; one without sound has none."""
    assert media.sound_seconds(reel["plain"].path) > 1.4
    assert media.sound_seconds(reel["short"].path) == 0.0
