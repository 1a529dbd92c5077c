"""The poster: a picture that shows something, whatever the clips are like, and its title."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FixedFinder
from footage import H264, Pixels, Reel, encode, picture, scratch
from PIL import Image, ImageFilter
from staging import DRAFT, drafts, shot_of

from aivideo.engines import media, posters, title_fonts, titles
from aivideo.engines.finding import ClipQuery, Wanted
from aivideo.engines.illustration import Illustrator
from aivideo.errors import AIVideoError, ProgramMissing
from aivideo.progress import Work, finish
from aivideo.render.poster import SCENES, _Stretch, make_poster
from aivideo.shots import Look, ProjectFacts, Shot
from aivideo.studio import Studio

ONE_KEY_PICTURE = (*H264, "-g", "600", "-sc_threshold", "0")
BEES = ProjectFacts("p", "Bees")


def poster_of(
    studio: Studio, shots: Sequence[Shot], look: Look = DRAFT, name: str = "Bees"
) -> Image.Image:
    """The poster of shots, opened; nothing is left lying about."""
    path = finish(make_poster(studio, ProjectFacts("p", name), shots, look))
    assert drafts(studio) == []
    assert [other.suffix for other in path.parent.iterdir()] == [".jpg"] * len(
        list(path.parent.iterdir())
    )
    with Image.open(path) as poster:
        return poster.convert("RGB")


class CountingFinder(FixedFinder):
    """Knows how often a clip was fetched."""

    fetched = 0

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """The file, counted."""
        self.fetched += 1
        return (yield from super().fetch(wanted))


def pathless(shot: Shot) -> Shot:
    """The shot before its clip was brought here."""
    return replace(shot, clip=replace(shot.clip, path=None))


def above_the_title(poster: Image.Image) -> Image.Image:
    """The part of a poster that a short title and its veil leave alone."""
    return poster.crop((0, 0, poster.width, poster.height * 2 // 5))


def shows_something(poster: Image.Image) -> bool:
    """Neither black nor blown out nor of one colour, above the title too."""
    grey = np.asarray(above_the_title(poster).convert("L"))
    return 24 < grey.mean() < 230 and float(grey.std()) > 4


def clip(path: Path, *stretches: tuple[int, Pixels | None], key_pictures: bool = True) -> Path:
    """A clip of stretches of so many frames of a picture, or of a film where there is none."""
    encode(path, _frames(stretches), codec=H264 if key_pictures else ONE_KEY_PICTURE)
    return path


def _frames(stretches: Sequence[tuple[int, Pixels | None]]) -> Iterator[Pixels]:
    number = 0
    for count, still in stretches:
        for _ in range(count):
            yield picture(5, number % 256, 320, 180) if still is None else still
            number += 1


def even(level: int) -> Pixels:
    """A picture of one grey."""
    return np.full((180, 320, 3), level, np.uint8)


BLACK, WHITE = even(0), even(255)


# --------------------------------------------------------------------------- appeal
def photo() -> Image.Image:
    """A sharp, well exposed, colourful picture."""
    return Image.fromarray(picture(3, 7, 640, 360))


@pytest.mark.parametrize("level", [0, 16, 128, 235, 255])
def test_an_even_picture_has_no_appeal(level: int) -> None:
    """Black, white, or any grey: there is nothing on it."""
    assert posters.appeal(Image.fromarray(even(level))) == 0.0


@pytest.mark.parametrize("light", [0.05, 0.12])
def test_a_nearly_black_picture_is_no_poster(light: float) -> None:
    """A fade from black in its first frames."""
    assert posters.appeal(photo().point(lambda level: level * light)) < posters.GOOD


def test_a_blown_out_picture_is_no_poster() -> None:
    """All but white."""
    assert posters.appeal(photo().point(lambda level: 215 + level * 0.15)) < posters.GOOD


def test_the_clearer_of_two_pictures_has_more_appeal() -> None:
    """Sharp before blurred, colourful before grey, well exposed before dark, full before bare."""
    good, bare = photo(), Image.new("RGB", (640, 360), (90, 120, 160))
    bare.paste((240, 240, 240), (300, 160, 340, 200))

    assert posters.appeal(good) > posters.GOOD
    for worse in (
        good.filter(ImageFilter.GaussianBlur(12)),
        good.convert("L").convert("RGB"),
        good.point(lambda level: level * 0.25),
        bare,
    ):
        assert posters.appeal(worse) < posters.appeal(good)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (720, 720)])
def test_the_ground_is_a_colourful_picture_of_its_own(size: tuple[int, int]) -> None:
    """It belongs to its name, and is no even colour."""
    one, other = posters.ground(size, "Bees"), posters.ground(size, "Bees")
    pixels = np.asarray(one, int)

    assert one.size == size
    assert np.array_equal(pixels, np.asarray(other))
    assert pixels.std(axis=(0, 1)).max() > 8
    assert np.ptp(pixels, axis=2).mean() > 20
    names = {posters.ground((64, 36), f"name {n}").tobytes() for n in range(8)}
    assert len(names) == 8


# --------------------------------------------------------------------------- never a black one
def test_a_clip_that_begins_in_black_gives_its_clear_part(studio: Studio, tmp_path: Path) -> None:
    """A second of black, then a second of film."""
    path = clip(tmp_path / "fade.mp4", (30, BLACK), (30, None), key_pictures=False)

    poster = poster_of(studio, [shot_of(path, frames=60)])

    assert shows_something(poster)
    assert posters.appeal(poster) > posters.GOOD


@pytest.mark.parametrize("blank", [BLACK, WHITE, even(90)], ids=["black", "white", "grey"])
def test_a_scene_that_shows_nothing_gives_way_to_another(
    studio: Studio, tmp_path: Path, blank: Pixels
) -> None:
    """Though it is the first, which is preferred otherwise."""
    empty, film = clip(tmp_path / "e.mp4", (30, blank)), clip(tmp_path / "f.mp4", (30, None))

    poster = poster_of(studio, [shot_of(empty), replace(shot_of(film), number=2)])

    assert posters.appeal(poster) > posters.GOOD


def test_a_video_of_half_a_second_in_black_shows_what_its_clip_shows_later(
    studio: Studio, tmp_path: Path
) -> None:
    """Better a picture that the video does not reach than none."""
    path = clip(tmp_path / "late.mp4", (60, BLACK), (30, None))

    assert shows_something(poster_of(studio, [shot_of(path, frames=15)]))


@pytest.mark.parametrize("blank", [BLACK, WHITE], ids=["black", "white"])
def test_clips_that_show_nothing_get_a_ground_of_ours(
    studio: Studio, tmp_path: Path, blank: Pixels
) -> None:
    """Black from beginning to end, or white."""
    path = clip(tmp_path / "blank.mp4", (30, blank))
    poster = poster_of(studio, [shot_of(path), replace(shot_of(path), number=2)])

    assert shows_something(poster)
    assert np.ptp(np.asarray(above_the_title(poster), int), axis=2).mean() > 20


@pytest.mark.parametrize("frames", [1, 2, 15])
def test_a_clip_of_a_few_frames_is_enough(studio: Studio, tmp_path: Path, frames: int) -> None:
    """One picture is a picture."""
    path = clip(tmp_path / "tiny.mp4", (frames, None))

    assert posters.appeal(poster_of(studio, [shot_of(path, frames=15)])) > posters.GOOD


def test_a_damaged_clip_gives_what_can_be_seen_of_it(
    studio: Studio, tmp_path: Path, reel: Reel
) -> None:
    """Or the ground; never nothing, and never an error."""
    path = scratch(reel["plain"].path, tmp_path / "scratched.mp4")

    assert shows_something(poster_of(studio, [shot_of(path)]))


def test_a_clip_that_has_gone_gives_way(studio: Studio, tmp_path: Path, reel: Reel) -> None:
    """Parts filmed earlier still make a video, so there must be a poster."""
    gone = shot_of(tmp_path / "gone.mp4", source="a source that went, too")
    there = replace(shot_of(reel["plain"].path), number=2)

    assert posters.appeal(poster_of(studio, [gone, there])) > posters.GOOD
    assert shows_something(poster_of(studio, [gone]))


@pytest.mark.parametrize(
    "kind", ["phone", "odd", "anamorphic", "varying", "webm", "interlaced", "hdr",
             "transport_stream", "truncated"],
)  # fmt: skip
def test_every_kind_of_clip_gives_a_picture(studio: Studio, reel: Reel, kind: str) -> None:
    """As it is filmed: upright, tone-mapped, in the video's shape."""
    poster = poster_of(studio, [shot_of(reel[kind].path, frames=15, start_seconds=0.2)])

    assert poster.size == (1280, 720)
    assert posters.appeal(poster) > posters.GOOD


def test_a_place_far_into_a_long_recording_is_not_looked_for_from_its_beginning(
    studio: Studio, tmp_path: Path
) -> None:
    """The poster is of what the scene shows, though the recording has no index."""
    path = tmp_path / "recording.ts"
    frames = [BLACK] * 80 + [picture(5, n, 320, 180) for n in range(20)] + [BLACK] * 20
    encode(path, frames, fps=5, codec=(*H264, "-g", "5"))
    shot = shot_of(path, frames=60, start_seconds=17.0)

    poster = poster_of(studio, [shot])

    assert posters.appeal(poster) > posters.GOOD
    stretch = _Stretch(path, media.probe(path), 17.0, 2.0, "crop")
    arguments = stretch.arguments
    assert float(arguments[arguments.index("-ss") + 1]) > 14
    assert float(arguments[arguments.index("-t") + 1]) < 6


def test_a_still_gives_its_picture(studio: Studio, tmp_path: Path) -> None:
    """Whatever its fit."""
    path = tmp_path / "still.png"
    Image.fromarray(picture(3, 1, 400, 300)).save(path)

    assert shows_something(poster_of(studio, [shot_of(path, kind="still", fit="blur")]))


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_drawn_scenes_give_their_picture_in_every_shape(studio: Studio, aspect: str) -> None:
    """Late enough that everything has arrived in it."""
    illustrator = Illustrator(studio.settings, studio.workspace)
    found, *_ = finish(illustrator.find(ClipQuery("honey bee", "Bees make honey.")))
    shot = pathless(shot_of(Path("x"), frames=90, kind="illustration", recipe=found.recipe))
    look = replace(DRAFT, aspect=aspect)

    poster = poster_of(studio, [shot], look)

    assert poster.size == look.canvas.size
    assert posters.appeal(above_the_title(poster)) > 0
    assert shows_something(poster)


# --------------------------------------------------------------------------- which one
def test_the_first_scene_is_preferred_among_equals(studio: Studio, tmp_path: Path) -> None:
    """It says what the video is about."""
    red, blue = picture(1, 1, 320, 180), picture(1, 1, 320, 180)[..., ::-1]
    shots = [shot_of(clip(tmp_path / f"{n}.mp4", (30, p))) for n, p in enumerate((red, blue, blue))]
    shots = [replace(shot, number=n + 1) for n, shot in enumerate(shots)]

    first = np.asarray(poster_of(studio, shots))
    alone = np.asarray(poster_of(studio, shots[:1]))

    assert np.array_equal(first, alone)


@pytest.mark.parametrize("scenes", [1, 2, 200])
def test_the_work_does_not_grow_with_the_video(studio: Studio, reel: Reel, scenes: int) -> None:
    """A few scenes are looked at, from all over it; the others are not even fetched."""
    finder = CountingFinder({"plain.mp4": reel["plain"].path})
    studio = replace(studio, finders={"fixed": finder})
    shot = pathless(shot_of(reel["plain"].path))

    poster_of(studio, [replace(shot, number=number + 1) for number in range(scenes)])

    assert finder.fetched == min(scenes, SCENES)


# --------------------------------------------------------------------------- the title on it
@pytest.mark.parametrize("ground", [BLACK, WHITE], ids=["black", "white"])
@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_the_title_is_inside_the_margins_of_the_poster(
    studio: Studio, tmp_path: Path, aspect: str, ground: Pixels
) -> None:
    """As a JPEG, in every shape: white letters nowhere else."""
    half = ground.copy()
    half[:90] = picture(2, 1, 320, 180)[:90] // 2
    path = clip(tmp_path / "half.mp4", (15, half))
    look = replace(DRAFT, aspect=aspect)

    poster = poster_of(studio, [shot_of(path, frames=15)], look, "How bees dance {\\an8} 🐝")

    pixels = np.asarray(poster.convert("L"))
    width, height = poster.size
    letters = np.argwhere(pixels > 235)
    assert len(letters) > 2000
    assert letters[:, 1].min() >= titles.SIDE * width - 1
    assert letters[:, 1].max() <= (1 - titles.SIDE) * width + 1
    assert letters[:, 0].max() <= 0.91 * height + 1


@pytest.mark.parametrize("lacking", ["skia", "fonts"])
def test_a_poster_without_a_title_is_better_than_no_video(
    studio: Studio, reel: Reel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lacking: str
) -> None:
    """Where titles cannot be drawn; as soon as they can, the poster is made again."""
    shots = [shot_of(reel["plain"].path)]
    with monkeypatch.context() as broken:
        if lacking == "skia":
            broken.setitem(sys.modules, "skia", None)
        else:
            broken.setattr(title_fonts, "FONTS", tmp_path)
        bare = poster_of(studio, shots)

    assert shows_something(bare)
    assert (np.asarray(bare.convert("L"))[450:] > 250).sum() < 1000
    assert (np.asarray(poster_of(studio, shots).convert("L"))[450:] > 250).sum() > 5000


@pytest.mark.parametrize("name", ["", "  ", "\n\t"])
def test_a_blank_name_leaves_the_picture(studio: Studio, reel: Reel, name: str) -> None:
    """A poster without a title is still a poster."""
    assert shows_something(poster_of(studio, [shot_of(reel["plain"].path)], name=name))


def test_a_poster_is_small_enough_for_platforms(studio: Studio, tmp_path: Path) -> None:
    """YouTube takes up to 2 MB; noise is what JPEG finds hardest."""
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    still = tmp_path / "noise.png"
    Image.fromarray(noise).save(still)

    path = finish(make_poster(studio, BEES, [shot_of(still, kind="still")], DRAFT))

    assert path.stat().st_size < 2_000_000


# --------------------------------------------------------------------------- made before
def test_a_poster_is_made_again_only_when_something_of_it_changes(
    studio: Studio, reel: Reel
) -> None:
    """Its name holds the title, the clips and where in them, the shape: and nothing else."""
    shots = [shot_of(reel["plain"].path), replace(shot_of(reel["fast"].path), number=2)]
    first = finish(make_poster(studio, BEES, shots, DRAFT))
    written = first.stat().st_mtime_ns

    assert finish(make_poster(studio, BEES, shots, DRAFT)) == first
    louder = [replace(shot, level_db=3.0) for shot in shots]
    captioned = replace(DRAFT, captions=True, quality="high")
    assert finish(make_poster(studio, BEES, louder, captioned)) == first
    assert first.stat().st_mtime_ns == written

    later = [replace(shots[0], clip=replace(shots[0].clip, start_seconds=0.7)), shots[1]]
    others = [
        finish(make_poster(studio, ProjectFacts("p", "Wasps"), shots, DRAFT)),
        finish(make_poster(studio, BEES, shots[:1], DRAFT)),
        finish(make_poster(studio, BEES, later, DRAFT)),
        finish(make_poster(studio, BEES, shots, replace(DRAFT, aspect="1:1"))),
    ]
    assert len({first, *others}) == 5
    assert all(math.isfinite(path.stat().st_size) for path in others)


def test_a_machine_that_cannot_go_on_says_so(studio: Studio, tmp_path: Path, reel: Reel) -> None:
    """That is no scene's own failure, which another scene could make up for."""
    studio = replace(studio, ffmpeg=type(studio.ffmpeg)(tmp_path / "no ffmpeg"))

    with pytest.raises(ProgramMissing):
        finish(make_poster(studio, BEES, [shot_of(reel["plain"].path)], DRAFT))
    assert issubclass(ProgramMissing, AIVideoError)
    assert drafts(studio) == []
