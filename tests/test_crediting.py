"""What scenes really show of their clips, and what music says of itself, for the credits."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FixedFinder
from footage import Reel, encode, picture, write_tone
from staging import DRAFT, shot_of

from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import Wanted
from aivideo.engines.tags import read_tags
from aivideo.errors import MachineFailure, ProgramMissing
from aivideo.progress import Progress, Work, finish
from aivideo.render.crediting import credit_of
from aivideo.render.takes import bring, place
from aivideo.shots import Look, ProjectFacts, ShortClip, Shot
from aivideo.studio import Studio

BEES = ProjectFacts("p", "Bees")


def credits_of(studio: Studio, *shots: Shot, look: Look = DRAFT) -> str:
    """The credits of shots that follow each other."""
    numbered = [
        replace(shot, number=n + 1, first_frame=90 * n, frames=90) for n, shot in enumerate(shots)
    ]
    return finish(credit_of(studio, BEES, numbered, look))


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("loop", "0:00.5-0:01.5 of it, again from its beginning"),
        ("slow", "0:00.5-0:01.5 of it, slowed down"),
        ("hold", "0:00.5-0:01.5 of it, its last picture held"),
    ],
)
def test_a_short_clip_is_credited_with_what_there_is_of_it(
    studio: Studio, reel: Reel, way: ShortClip, said: str
) -> None:
    """A clip of 1.5 seconds under a scene of three, from its half second on."""
    shot = shot_of(reel["plain"].path, start_seconds=0.5)

    assert said in credits_of(studio, shot, look=replace(DRAFT, short_clip=way))


def test_a_clip_that_is_slowed_to_the_limit_is_credited_with_its_end(
    studio: Studio, tmp_path: Path
) -> None:
    """It stands still at its end; no more of it is claimed than there is."""
    path = tmp_path / "tiny.mp4"
    encode(path, (picture(1, n, 320, 180) for n in range(15)))

    look = replace(DRAFT, short_clip="slow")
    assert "0:00.0-0:00.5 of it, slowed down" in credits_of(studio, shot_of(path), look=look)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The seconds 40 to 50 of a long video, as a source that brings parts calls its file."""
    path = tmp_path / "film.from-40-to-50.mp4"
    encode(path, (picture(1, n, 320, 180) for n in range(300)))
    return path


def test_a_part_of_a_film_is_credited_with_its_true_place(studio: Studio, part: Path) -> None:
    """The file begins at 40 seconds; the video is credited as its viewers know it."""
    shot = shot_of(part, start_seconds=42.0)

    assert "0:42.0-0:45.0 of it\n" in credits_of(studio, shot)


def test_a_part_of_a_film_is_filmed_from_its_true_place(part: Path) -> None:
    """The picture at 42 seconds is the sixtieth of a file that begins at 40."""
    shot = replace(shot_of(part, start_seconds=42.0), frames=15)

    assert place(shot, DRAFT, part).start == pytest.approx(2.0, abs=0.01)


def test_a_part_that_does_not_reach_the_place_is_brought_anew(
    studio: Studio, finder: FixedFinder, part: Path
) -> None:
    """The in-point moved out of what is here; a whole file always has it."""
    shot = shot_of(part, start_seconds=41.0, source="fixed", source_id="film")
    clip = replace(shot.clip, seconds=3.0, path=part, media=())
    finder.clips = {"film": part.with_name("other.mp4")}
    moved = replace(clip, start_seconds=60.0)

    assert finish(bring(studio, clip)) == part
    assert finish(bring(studio, moved)) == finder.clips["film"]
    whole = shutil.copyfile(part, part.with_name("whole.mp4"))
    assert finish(bring(studio, replace(moved, path=whole))) == whole


def test_a_clip_that_has_gone_is_credited_as_it_was_chosen(studio: Studio, tmp_path: Path) -> None:
    """Its part may be there still, and its licence asks for credit all the same."""
    gone = shot_of(tmp_path / "gone.mp4", source="a source that went, too", start_seconds=4.0)

    assert "0:04.0-0:07.0 of it\n" in credits_of(studio, gone)


def test_stills_and_drawings_have_no_stretch(studio: Studio) -> None:
    """Nothing of them comes later than the rest."""
    still = shot_of(Path("still.png"), kind="still")
    drawn = shot_of(Path("x"), kind="illustration", source_id="drawn")

    assert " of it" not in credits_of(studio, still, drawn)


def test_a_machine_that_cannot_go_on_says_so(studio: Studio, tmp_path: Path) -> None:
    """That is not to be taken for a clip that has gone."""

    class Broken:
        name = "fixed"

        def fetch(self, wanted: Wanted) -> Work[Path]:
            yield Progress(0.0)
            raise ProgramMissing(wanted.source_id)

    studio = replace(studio, finders={"fixed": Broken()})  # type: ignore[dict-item] # only fetches

    with pytest.raises(MachineFailure):
        credits_of(studio, shot_of(tmp_path / "gone.mp4"))


def tagged(folder: Path, suffix: str, codec: str) -> Path:
    """A sound file that says whose it is."""
    tone = write_tone(folder / "tone.wav", 0.3)
    path = folder / f"tune{suffix}"
    tags = ("title=Waltz für Bienen", "artist=Ada", "copyright=2026 Ada", "comment=none of ours")
    finish(
        FFmpeg().run(
            [
                *("-f", "wav", "-i", str(tone), "-c:a", codec),
                *(part for tag in tags for part in ("-metadata", tag)),
            ],
            path,
        )
    )
    return path


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [(".mp3", "libmp3lame"), (".ogg", "libopus"), (".flac", "flac"), (".m4a", "aac")],
)
def test_music_says_whose_it_is(tmp_path: Path, suffix: str, codec: str) -> None:
    """Wherever its container keeps that."""
    assert read_tags(tagged(tmp_path, suffix, codec)) == {
        "title": "Waltz für Bienen",
        "artist": "Ada",
        "copyright": "2026 Ada",
    }


def test_music_is_credited_with_what_it_says(studio: Studio, tmp_path: Path, reel: Reel) -> None:
    """From the file to the text."""
    look = replace(DRAFT, music=tagged(tmp_path, ".mp3", "libmp3lame"))

    text = credits_of(studio, shot_of(reel["plain"].path), look=look)

    assert '"Waltz für Bienen" by Ada (2026 Ada), chosen by the maker of this video' in text


@pytest.mark.parametrize("content", [b"", b"no music", b"#EXTM3U\nother.mp3\n"])
def test_a_file_that_is_no_music_says_nothing(tmp_path: Path, content: bytes) -> None:
    """Whoever plays it tells why; the credits name the file."""
    path = tmp_path / "x.mp3"
    path.write_bytes(content)

    assert read_tags(path) == {}
    assert read_tags(tmp_path / "missing.mp3") == {}
