"""Stage 4: a clip looked at before it is chosen, and another part of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from clip_sources import Artist, Source, make_project, scene_of, speak, suggest, with_sources
from footage import Reel, encode
from PIL import Image, ImageStat

from aivideo import clips
from aivideo.clips.parts import Part, next_start
from aivideo.engines import media
from aivideo.engines.drawing.recipe import Recipe
from aivideo.engines.finding import MediaFile, Wanted
from aivideo.engines.library import FootageFolder
from aivideo.errors import ClipNotChosen, InvalidArgument, NotFound, YouTubeRightsUnconfirmed
from aivideo.progress import Progress, Work, finish
from aivideo.studio import Studio


@pytest.fixture
def archive(reel: Reel) -> Source:
    """Footage of one subject."""
    return Source("archive", {"volcano": {"volcano": 0.9, "lava": 0.8}}, reel["plain"].path)


@pytest.fixture
def desk(studio: Studio, archive: Source) -> Studio:
    """A studio that asks the archive alone."""
    return with_sources(studio, archive)


# --------------------------------------------------------------------------- a small film
def test_a_source_that_makes_small_films_is_asked_for_one(desk: Studio, reel: Reel) -> None:
    """Once: afterwards it is known where it lies, and candidates show it."""

    class Filming(Source):
        made = 0

        def proxy(self, wanted: Wanted) -> Work[Path | None]:
            """The file itself."""
            yield Progress(0.5, wanted.title)
            self.made += 1
            return self.file

    source = Filming("filming", {"volcano": {"volcano": 0.9}}, reel["plain"].path)
    desk = with_sources(desk, source)
    project_id = make_project(desk, "volcano")
    clip = suggest(desk, project_id)[0]
    for _ in range(2):
        assert finish(clips.preview(desk, clip.clip_id)) == source.file
    assert source.made == 1
    assert clips.candidates(desk, project_id, 1)[0].preview == str(source.file)


def test_a_stock_clip_is_looked_at_in_its_smallest_file(desk: Studio, archive: Source) -> None:
    """Nothing of the canvas's size comes for a glance; the size that will come is told."""
    files = [MediaFile(f"https://x/{w}", "video/mp4", w, w * 9 // 16, w) for w in (640, 1920)]
    archive.facts["volcano"] = {"media": tuple(files)}
    clip = suggest(desk, make_project(desk, "volcano"))[0]
    assert clip.file_size == 1920
    assert finish(clips.preview(desk, clip.clip_id)) == archive.file
    assert archive.wanted[0].size == (480, 270)


def test_what_has_no_small_film_has_none(desk: Studio, archive: Source) -> None:
    """Its thumbnail has to do; nothing is brought."""
    project_id = make_project(desk, "volcano")
    assert finish(clips.preview(desk, suggest(desk, project_id)[0].clip_id)) is None
    assert archive.fetched == []
    with pytest.raises(NotFound):
        finish(clips.preview(desk, "no-such-clip"))


@pytest.mark.parametrize(
    ("size", "small"),
    [((1920, 1080), (854, 480)), ((1080, 1920), (480, 854))],
    ids=["16:9", "9:16"],
)
def test_a_drawn_picture_is_looked_at_in_motion(
    studio: Studio, size: tuple[int, int], small: tuple[int, int]
) -> None:
    """Four seconds, drawn once, in the shape of its canvas."""
    artist = Artist()
    recipe = Recipe("hero", "slate", 1, icons=("star",)).as_json()
    facts = {"recipe": recipe, "width": size[0], "height": size[1]}
    artist.facts = {f"tea {n}": facts for n in range(6)}
    desk = with_sources(studio, artist)
    clip = suggest(desk, make_project(desk, "tea"), max_results=1)[0]
    path = finish(clips.preview(desk, clip.clip_id))
    assert path is not None
    info = media.probe(path)
    assert (info.width, info.height) == small
    assert info.duration_seconds == pytest.approx(4.0, abs=0.1)
    written = path.stat().st_mtime_ns
    assert finish(clips.preview(desk, clip.clip_id)) == path
    assert path.stat().st_mtime_ns == written


# --------------------------------------------------------------------------- a strip
def greys(path: Path, seconds: int, fps: int = 10) -> Path:
    """A film that is one second black, one white, one grey ... with a cut at each full second."""
    shades = (10, 240, 120, 200, 60)
    pictures = (
        np.full((180, 320, 3), shades[n // fps % len(shades)], np.uint8)
        for n in range(seconds * fps)
    )
    encode(path, pictures, fps=fps)
    return path


def test_a_strip_shows_the_film_from_its_beginning_to_its_end(
    desk: Studio, archive: Source, tmp_path: Path
) -> None:
    """Twelve pictures side by side, at equal distances; made once."""
    archive.file = greys(tmp_path / "greys.mp4", 5)
    project_id = make_project(desk, "volcano")
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    strip = finish(clips.filmstrip(desk, project_id, 1))
    assert (strip.frames, strip.width, strip.height, strip.begin) == (12, 160, 90, 0.0)
    assert strip.seconds == pytest.approx(5.0, abs=0.1)
    with Image.open(strip.path) as image:
        assert image.size == (12 * 160, 90)
        means = [
            ImageStat.Stat(image.crop((n * 160, 0, (n + 1) * 160, 90)).convert("L")).mean[0]
            for n in range(12)
        ]
    near = [min((10, 240, 120, 200, 60), key=lambda shade: abs(shade - mean)) for mean in means]
    assert list(dict.fromkeys(near)) == [10, 240, 120, 200, 60]
    written = strip.path.stat().st_mtime_ns
    assert finish(clips.filmstrip(desk, project_id, 1)) == strip
    assert strip.path.stat().st_mtime_ns == written
    assert archive.fetched == ["volcano"]


def test_a_picture_has_no_strip(studio: Studio) -> None:
    """It is said what it is; without a clip it is said to choose one."""
    desk = with_sources(studio, Artist())
    project_id = make_project(desk, "tea")
    with pytest.raises(ClipNotChosen):
        finish(clips.filmstrip(desk, project_id, 1))
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    with pytest.raises(InvalidArgument, match="is a picture"):
        finish(clips.filmstrip(desk, project_id, 1))


def test_a_strip_of_what_may_not_be_brought_says_why(desk: Studio, archive: Source) -> None:
    """The reason is the source's."""
    archive.name = "youtube"
    archive.broken["volcano"] = YouTubeRightsUnconfirmed()
    tube = with_sources(desk, archive)
    project_id = make_project(tube, "volcano")
    clips.choose(tube, project_id, 1, suggest(tube, project_id)[0].clip_id)
    with pytest.raises(YouTubeRightsUnconfirmed):
        finish(clips.filmstrip(tube, project_id, 1))


# --------------------------------------------------------------------------- another part
@pytest.mark.parametrize(
    ("length", "need", "now", "shown", "start"),
    [
        (40.0, 6.0, 0.0, [(0.0, 6.0)], 10.0),
        (40.0, 6.0, 10.0, [(10.0, 16.0)], 16.0),
        (40.0, 6.0, 28.0, [(28.0, 34.0)], 4.0),
        (40.0, 6.0, 4.0, [(4.0, 10.0), (10.0, 16.0), (17.0, 23.0)], 28.0),
        (13.0, 6.0, 0.0, [(0.0, 6.0)], 1.3),
        (6.2, 6.0, 0.0, [(0.0, 6.0)], None),
        (3.0, 6.0, 0.0, [(0.0, 6.0)], None),
        (0.0, 6.0, 0.0, [(0.0, 6.0)], None),
    ],
    ids=["next", "on", "round", "past others", "overlapping", "full", "too short", "unknown"],
)
def test_the_next_part_is_one_that_nobody_shows(
    length: float, need: float, now: float, shown: list[tuple[float, float]], start: float | None
) -> None:
    """Behind the titles, before the end, on from where one is, then from the beginning."""
    assert next_start(length, need, now, [Part(*part) for part in shown]) == start


def test_another_part_keeps_everything_else_about_the_choice(desk: Studio) -> None:
    """Fit, sound and clip stay; another scene with the same clip is kept clear of."""
    project_id = make_project(desk, "volcano", "volcano")
    for number in (1, 2):
        speak(desk, project_id, 5.65, number)
    clip = suggest(desk, project_id)[0]
    clips.choose(desk, project_id, 2, clip.clip_id, start_seconds=10.0)
    clips.choose(desk, project_id, 1, clip.clip_id, fit="blur", sound_level_db=-6.0)
    scene = clips.another_part(desk, project_id, 1)
    assert (scene.clip_id, scene.fit, scene.sound_level_db) == (clip.clip_id, "blur", -6.0)
    assert scene.start_seconds == 16.0
    assert scene_of(desk, project_id, 2).start_seconds == 10.0


def test_a_part_begins_with_a_shot_where_the_film_is_here(studio: Studio, tmp_path: Path) -> None:
    """The first cut behind the place, up to two seconds on."""
    film = greys(tmp_path / "volcano.mp4", 30)
    source = Source("archive", {"volcano": {"volcano": 0.9}}, film)
    source.facts["volcano"] = {"duration_seconds": 30.0}
    desk = with_sources(studio, source)
    project_id = make_project(desk, "volcano")
    speak(desk, project_id, 2.05)
    clips.choose(desk, project_id, 1, suggest(desk, project_id)[0].clip_id)
    finish(clips.fetch(desk, project_id, 1))
    assert clips.another_part(desk, project_id, 1).start_seconds == pytest.approx(4.0, abs=0.25)


def test_a_clip_without_another_part_says_so(studio: Studio) -> None:
    """A picture, or nothing chosen at all."""
    drawn = with_sources(studio, Artist())
    project_id = make_project(drawn, "tea")
    with pytest.raises(ClipNotChosen):
        clips.another_part(drawn, project_id, 1)
    clips.choose(drawn, project_id, 1, suggest(drawn, project_id)[0].clip_id)
    with pytest.raises(InvalidArgument, match="no other part"):
        clips.another_part(drawn, project_id, 1)


def test_own_footage_tells_its_size_and_moves(studio: Studio, reel: Reel) -> None:
    """The library makes a small film of it."""
    studio.settings.footage_dir.mkdir()
    home = with_sources(studio, FootageFolder(studio.settings, studio.workspace))
    added = clips.add_footage(home, reel["plain"].path, title="A volcano")
    path = finish(clips.preview(home, added.clip_id))
    assert path is not None
    assert path.suffix == ".mp4"
    assert added.file_size == reel["plain"].path.stat().st_size
