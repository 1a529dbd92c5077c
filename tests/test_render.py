"""From a curated project to one MP4: exact, resumable, and never half published."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import oracle
import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import Reel, damaged_files, read_mark, write_tone
from PIL import Image
from sqlalchemy import select, update
from staging import DRAFT, SceneOf, drafts, luma_of, make_project, scene_errors
from test_mixing import save, words

from aivideo import projects
from aivideo.engines.finding import ClipQuery
from aivideo.engines.illustration import Illustrator
from aivideo.errors import DiskFull, MusicUnusable, SceneNotFilmed, UnknownProvider, VideoBroken
from aivideo.progress import Progress, finish
from aivideo.render import FinishedVideo, Look, latest_video, render_project
from aivideo.render.filming import complaints
from aivideo.render.joining import join, slug
from aivideo.render.segments import whole
from aivideo.render.video import MOST_BYTES
from aivideo.settings import Settings
from aivideo.shots import plan
from aivideo.store import AudioFile, Clip, ClipSelection, RenderedVideo, Scene
from aivideo.studio import Studio, open_studio

SMALL = replace(DRAFT, quality="preview")
"""What decides nothing of a test is made with as few pixels as there are."""


def rendered(studio: Studio, project_id: str, look: Look = SMALL) -> FinishedVideo:
    """The finished video."""
    return finish(render_project(studio, project_id, look))


def modified(folder: Path) -> dict[str, int]:
    """When each file in a folder was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def make_bees(studio: Studio, finder: FixedFinder, reel: Reel) -> str:
    """A project of three scenes with unlike clips."""
    return make_project(
        studio,
        finder,
        [
            SceneOf("Bees dance.", reel["plain"].path, seconds=0.4, pause=0.1),
            SceneOf("A phone is upright.", reel["phone"].path, 0.4, 0.1, fit="blur"),
            SceneOf("Short clips come again.", reel["short"].path, seconds=0.5, pause=0.1),
        ],
        name='How "bees" dance: 100% & more',
    )


@pytest.fixture
def bees(studio: Studio, finder: FixedFinder, reel: Reel) -> str:
    """The project of three scenes, not rendered yet."""
    return make_bees(studio, finder, reel)


@dataclass(frozen=True)
class Done:
    """A render that tests only look at: its project, its video, and the progress it told."""

    studio: Studio
    project_id: str
    video: FinishedVideo
    before: FinishedVideo | None
    seen: list[Progress]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, reel: Reel) -> Iterator[Done]:
    """The project of three scenes, rendered once."""
    settings = Settings(workers=2).under(tmp_path_factory.mktemp("done"))
    finder = FixedFinder()
    with open_studio(
        settings, chat_model=QueuedChat(), speaker=ToneSpeaker(), finders={"fixed": finder}
    ) as studio:
        project_id = make_bees(studio, finder, reel)
        before = latest_video(studio, project_id)
        seen: list[Progress] = []
        work = render_project(studio, project_id, replace(DRAFT, captions=True))
        video = finish(work, seen.append)
        yield Done(studio, project_id, video, before, seen)


# --------------------------------------------------------------------------- the whole
def test_a_finished_video_is_what_was_planned(done: Done) -> None:
    """One H.264 with AAC, exact frames, our loudness, nothing frozen, black or broken."""
    findings = oracle.check(done.video.path, frames=15 + 15 + 18)

    assert findings.complaints == []
    assert done.video.duration_seconds == pytest.approx(48 / 30)
    assert done.video.file_size_bytes == done.video.path.stat().st_size


def test_each_scene_shows_its_own_clip_in_order(done: Done, reel: Reel) -> None:
    """Clip n belongs to scene n, from its first frame to its last."""
    frames = list(luma_of(done.video.path))
    sizes = [(320, 180, True)] * 15 + [(180, 320, False)] * 15 + [(320, 180, True)] * 18
    marks = [read_mark(f, w, h, cover=c) for f, (w, h, c) in zip(frames, sizes, strict=True)]
    shown = [mark[0] if mark else None for mark in marks]

    wanted = [reel["plain"].mark] * 15 + [reel["phone"].mark] * 15 + [reel["short"].mark] * 18
    assert shown == wanted


def test_each_narration_begins_with_its_picture(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """At the last scene as at the first: the sound rises on the scene's first frame."""
    scenes = [SceneOf(file=reel["plain"].path, seconds=0.413, pause=0.31)] * 6
    project_id = make_project(studio, finder, scenes)
    _, shots = plan(studio, project_id, SMALL)

    video = rendered(studio, project_id)

    heard = np.abs(oracle.samples_of(video.path))
    for shot in shots[1:]:
        start = shot.first_frame * 1600
        assert heard[start - 2400 : start - 480].max() < 0.05
        assert heard[start : start + 960].max() > 0.02


def test_unlike_clips_and_unlike_voices_make_one_video(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """25, 60 and 30 pictures a second, a voice of 24 kHz, one of 44.1 kHz in two channels.

    The pictures are as long as the sound, and whoever decodes them is not warned.
    """
    clips = [reel[kind] for kind in ("av1", "fast", "portrait")]
    scenes = [SceneOf(file=clip.path, seconds=0.61, pause=0.23) for clip in clips]
    project_id = make_project(studio, finder, scenes)
    with studio.store.session() as session:
        audio = projects.find_scene(session, project_id, 2).audio
        assert audio
        spoken = words(0.61)[: round(0.61 * 44_100)]
        save(Path(audio.file_path), np.stack([spoken, spoken], 1), rate=44_100)
    _, shots = plan(studio, project_id, SMALL)

    video = rendered(studio, project_id)

    frames = list(luma_of(video.path))
    assert oracle.check(video.path, frames=sum(shot.frames for shot in shots)).complaints == []
    for shot, clip in zip(shots, clips, strict=True):
        ends = (frames[shot.first_frame], frames[shot.first_frame + shot.frames - 1])
        marks = [read_mark(luma, clip.width, clip.height) for luma in ends]
        assert [mark and mark[0] for mark in marks] == [clip.mark] * 2


def test_what_goes_with_the_video_lies_beside_it(done: Done) -> None:
    """Poster, SRT, VTT and credits, under the project's name."""
    video = done.video

    assert re.fullmatch(r"how-bees-dance-100-more-[0-9a-f]{8}\.mp4", video.path.name)
    assert video.srt.read_text("utf-8").startswith("1\n00:00:00,000 --> 00:00:00,500\nBees dance.")
    assert "A phone is upright." in video.vtt.read_text("utf-8")
    styled = video.ass.read_text("utf-8")
    assert video.ass == video.path.with_suffix(".ass")
    assert re.search(r"^Dialogue: \d+,0:00:00\.00,.*Bees", styled, re.MULTILINE)
    assert re.search(r"^Dialogue: \d+,0:00:01\.\d\d,.*Short", styled, re.MULTILINE)
    assert "plain.mp4" in video.credits.read_text("utf-8")


def test_the_poster_is_a_clear_picture_with_the_title_on_it(done: Done) -> None:
    """A JPEG of the video's shape, lettered inside the margins, small enough for a platform."""
    with Image.open(done.video.thumbnail) as poster:
        assert (poster.format, poster.size) == ("JPEG", (1280, 720))
        pixels = np.asarray(poster.convert("L"))

    letters = np.argwhere(pixels[400:] > 240)
    assert len(letters) > 2000
    assert letters[:, 1].min() > 0.05 * 1280
    assert letters[:, 1].max() < 0.95 * 1280
    assert pixels[:300].std() > 20
    assert done.video.thumbnail.stat().st_size < 2_000_000


def test_the_latest_video_is_remembered(done: Done) -> None:
    """The page shows it again; before there is one there is none."""
    assert done.before is None
    assert latest_video(done.studio, done.project_id) == done.video


def test_a_video_whose_file_has_gone_is_no_video(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Whoever removed the file does not want it shown."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    rendered(studio, project_id).path.unlink()

    assert latest_video(studio, project_id) is None


def test_progress_tells_what_is_being_done_and_never_goes_back(done: Done) -> None:
    """From 0 to 1 through the film and the join."""
    fractions = [progress.fraction for progress in done.seen]

    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {progress.stage for progress in done.seen} == {"film", "join"}
    assert any("Filming scene 2 of 3" in progress.message for progress in done.seen)


def test_a_preview_never_takes_the_place_of_the_video(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """It has a name of its own, and is found only by who asks for it."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    look = replace(DRAFT, quality="preview")
    preview = rendered(studio, project_id, look)
    assert latest_video(studio, project_id) is None

    video = rendered(studio, project_id, DRAFT)
    again = rendered(studio, project_id, look)

    assert preview.path.name == video.path.name.replace(".mp4", "-preview.mp4")
    assert latest_video(studio, project_id) == video
    assert latest_video(studio, project_id, preview=True) == again
    assert (video.quality, again.quality) == ("draft", "preview")
    assert oracle.check(again.path, frames=24).complaints == []
    assert oracle.check(video.path, frames=24).complaints == []


def test_a_bad_clip_is_told_once_though_its_transitions_fail_too(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """The neighbours are not named for it."""
    bad = damaged_files(reel.folder, reel["plain"].path)["page.mp4"]
    files = [reel["plain"].path, bad, reel["plain"].path]
    project_id = make_project(studio, finder, [SceneOf(file=file) for file in files])

    with pytest.raises(SceneNotFilmed, match=r"Scene 2 could not be filmed"):
        rendered(studio, project_id, replace(SMALL, transition="crossfade"))

    assert scene_errors(studio, project_id) == [None, "NOT_MEDIA", None]


@pytest.mark.slow
@pytest.mark.parametrize("aspect", ["9:16", "1:1"])
def test_other_shapes_are_whole_videos_of_their_own(studio: Studio, bees: str, aspect: str) -> None:
    """They lie beside the wide one and do not replace it."""
    wide = rendered(studio, bees)
    other = rendered(studio, bees, replace(SMALL, aspect=aspect, captions=True))

    assert wide.path.exists()
    assert oracle.check(other.path, frames=48).complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("fps", [24, 25, 60])
def test_other_rates_are_exact_too(studio: Studio, bees: str, fps: int) -> None:
    """Frames, steps and sound fit at each rate that can be chosen."""
    _, shots = plan(studio, bees, replace(SMALL, fps=fps))

    video = rendered(studio, bees, replace(SMALL, fps=fps))

    frames = sum(shot.frames for shot in shots)
    assert oracle.check(video.path, frames=frames).complaints == []


def test_drawn_scenes_need_no_file(studio: Studio, finder: FixedFinder) -> None:
    """A project of illustrations alone: film, poster and credits."""
    illustrator = Illustrator(studio.settings, studio.workspace)
    found, *_ = finish(illustrator.find(ClipQuery("honey bee", "Bees make honey.")))
    scene = SceneOf(seconds=0.4, pause=0.1, kind="illustration", recipe=found.recipe)

    video = rendered(studio, make_project(studio, finder, [scene]))

    assert oracle.check(video.path, frames=15).complaints == []
    assert "Fluent Emoji" in video.credits.read_text("utf-8")
    with Image.open(video.thumbnail) as poster:
        assert np.asarray(poster.convert("L"))[:300].std() > 5


# --------------------------------------------------------------------------- made before
def test_nothing_is_made_twice(studio: Studio, bees: str) -> None:
    """A second render of the same takes every part, the sound and the poster as they are."""
    rendered(studio, bees)
    folders = [studio.workspace.folder(kind) for kind in ("parts", "sound", "posters")]
    before = [modified(folder) for folder in folders]

    rendered(studio, bees)

    assert [modified(folder) for folder in folders] == before


def test_what_renders_leave_behind_has_an_end(
    studio: Studio, finder: FixedFinder, reel: Reel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was used for this video stays; what no render has used for long goes first."""
    parts = studio.workspace.folder("parts")
    old = [parts / f"{age}.mp4" for age in (1, 2)]
    for path in old:
        path.write_bytes(bytes(500))
        os.utime(path, (1_000_000 - int(path.stem), 1_000_000))
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    rendered(studio, project_id)
    made = set(parts.iterdir()) - set(old)
    assert len(made) == 1
    for path in made:
        os.utime(path, (0, 0))
    whole = sum(path.stat().st_size for path in parts.iterdir())
    monkeypatch.setitem(MOST_BYTES, "parts", whole - 1)

    rendered(studio, project_id)

    assert set(parts.iterdir()) == {*made, old[0]}


def test_another_clip_costs_its_scene_only(studio: Studio, bees: str, reel: Reel) -> None:
    """One part is added; sound and the other parts stay."""
    rendered(studio, bees)
    parts = modified(studio.workspace.folder("parts"))
    sound = modified(studio.workspace.folder("sound"))
    with studio.store.session() as session:
        session.execute(update(ClipSelection).values(downloaded_path=None))
        second = session.scalars(select(Clip).where(Clip.source_id == "phone.mp4")).one()
        second.source_id = reel["fast"].path.name
    studio.finders["fixed"].clips[reel["fast"].path.name] = reel["fast"].path  # type: ignore[attr-defined]

    rendered(studio, bees)

    after = modified(studio.workspace.folder("parts"))
    assert len(after.keys() - parts.keys()) == 1
    assert {name: after[name] for name in parts} == parts
    assert modified(studio.workspace.folder("sound")) == sound


def test_a_damaged_part_is_made_again(studio: Studio, bees: str) -> None:
    """What lies in the cache is looked at before it is used."""
    rendered(studio, bees)
    part = next(studio.workspace.folder("parts").iterdir())
    part.write_bytes(part.read_bytes()[:2000])

    video = rendered(studio, bees)

    assert oracle.check(video.path, frames=48).complaints == []


def test_a_cancelled_render_leaves_no_draft_and_no_program(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Closing it half-way ends within two seconds; what was finished is used next time."""
    scenes = [SceneOf(file=reel["plain"].path, seconds=20.0)] * 2
    work = render_project(studio, make_project(studio, finder, scenes), Look())
    for progress in work:
        if "Filming" in progress.message and progress.fraction > 0.01:
            break
    started = time.monotonic()

    work.close()

    assert time.monotonic() - started < 2.0
    assert drafts(studio) == []
    assert not _children()


def _children() -> list[str]:
    """The programs that this process has started and that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"PPid:\t{os.getpid()}\n" in text and "State:\tZ" not in text:
            found.append(text.splitlines()[0])
    return [name for name in found if "ffmpeg" in name]


# --------------------------------------------------------------------------- what goes wrong
def test_one_bad_clip_does_not_stop_the_other_scenes(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """It is that scene's state, with cause and remedy; the others are filmed and kept."""
    bad = damaged_files(reel.folder, reel["plain"].path)["page.mp4"]
    project_id = make_project(
        studio, finder, [SceneOf(file=bad), SceneOf(file=reel["plain"].path), SceneOf(file=bad)]
    )

    with pytest.raises(SceneNotFilmed, match=r"Scenes 1 and 3 could not be filmed\. page") as told:
        rendered(studio, project_id)

    assert told.value.code == "NOT_MEDIA"
    assert scene_errors(studio, project_id) == ["NOT_MEDIA", None, "NOT_MEDIA"]
    assert len(modified(studio.workspace.folder("parts"))) == 1
    assert drafts(studio) == []


def test_a_clip_that_goes_away_meanwhile_is_its_scenes_failure(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """The source still knows it, the file has gone; the video of before stays."""
    passing = shutil.copy(reel["plain"].path, tmp_path / "passing.mp4")
    scenes = [SceneOf(file=reel["webm"].path), SceneOf(file=Path(passing))]
    project_id = make_project(studio, finder, scenes)
    before = rendered(studio, project_id)
    Path(passing).unlink()

    with pytest.raises(SceneNotFilmed, match=r"Scene 2 could not be filmed\. passing.* no longer"):
        rendered(studio, project_id, replace(SMALL, fps=25))

    assert scene_errors(studio, project_id) == [None, "CLIP_GONE"]
    assert latest_video(studio, project_id, preview=True) == before
    assert oracle.check(before.path, frames=48).complaints == []


def test_a_mended_scene_loses_its_error(studio: Studio, bees: str) -> None:
    """A failure of before does not stay on a scene that is filmed now, new or from the cache."""
    for _ in range(2):
        with studio.store.session() as session:
            session.execute(update(Scene).values(error_code="CLIP_GONE", error_message="Gone."))
        rendered(studio, bees)

        assert scene_errors(studio, bees) == [None, None, None]


def test_a_warning_stays_while_the_part_is_used(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """The second render films nothing, and the clip is still broken off."""
    scene = SceneOf(file=reel["truncated"].path, seconds=2.6)
    project_id = make_project(studio, finder, [scene])
    rendered(studio, project_id)

    rendered(studio, project_id)

    assert scene_errors(studio, project_id) == ["CLIP_BROKEN_OFF"]


def test_damage_that_only_choosing_saw_is_not_forgotten(studio: Studio, bees: str) -> None:
    """The encoder says nothing of it in some codecs; other failures are over with the render."""
    for code, left in (("CLIP_DAMAGED", "CLIP_DAMAGED"), ("CAPTIONS_UNREADABLE", None)):
        with studio.store.session() as session:
            session.execute(
                update(Scene)
                .where(Scene.project_id == bees, Scene.position == 0)
                .values(error_code=code, error_message="As it was before.")
            )
        shutil.rmtree(studio.workspace.folder("parts"))

        rendered(studio, bees)

        assert scene_errors(studio, bees)[0] == left


def test_a_source_that_is_not_in_use_is_told(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """The scene's clip came from one that the settings leave out now."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    with studio.store.session() as session:
        session.execute(update(Clip).values(source="elsewhere"))

    with pytest.raises(SceneNotFilmed, match="elsewhere") as told:
        rendered(studio, project_id)

    assert isinstance(told.value.__cause__, UnknownProvider)


def test_the_video_of_before_stays_when_the_new_one_fails(
    studio: Studio, bees: str, tmp_path: Path
) -> None:
    """A render that breaks off has touched nothing that was published."""
    video = rendered(studio, bees)
    before = video.path.read_bytes()
    (tmp_path / "tune.mp3").write_text("no music")

    with pytest.raises(MusicUnusable, match=r"tune\.mp3"):
        rendered(studio, bees, replace(SMALL, music=tmp_path / "tune.mp3"))

    assert video.path.read_bytes() == before
    assert drafts(studio) == []


def test_a_video_that_is_not_as_planned_is_not_published(studio: Studio, bees: str) -> None:
    """Parts that were swapped behind our back give the wrong number of frames."""
    _, shots = plan(studio, bees, SMALL)
    rendered(studio, bees)
    parts = sorted(studio.workspace.folder("parts").iterdir())
    (sound,) = studio.workspace.folder("sound").iterdir()
    target = studio.workspace.output / "wrong.mp4"
    longer = [whole(replace(shot, frames=shot.frames + 5)) for shot in shots]

    with pytest.raises(VideoBroken) as told:
        finish(join(studio, longer, parts, sound, look=SMALL, target=target))

    assert "frames instead of" in told.value.detail
    assert not target.exists()
    assert not any(part.exists() for part in parts)


def test_too_little_room_is_told_before_the_work(studio: Studio, bees: str) -> None:
    """Not after half an hour of filming."""
    with studio.store.session() as session:
        session.execute(update(AudioFile).values(duration_seconds=40_000_000.0))

    with pytest.raises(DiskFull):
        rendered(studio, bees)

    assert not list(studio.workspace.root.glob("parts/*"))


def test_a_narration_that_is_no_sound_is_told(studio: Studio, bees: str) -> None:
    """Its scene can be spoken again."""
    with studio.store.session() as session:
        path = Path(session.scalars(select(AudioFile)).all()[1].file_path)
    path.write_text("no sound")

    with pytest.raises(Exception, match="Have the scene spoken again"):
        rendered(studio, bees)


def test_a_newer_video_takes_the_place_of_the_older(studio: Studio, bees: str) -> None:
    """One file, one row: the row of a video that was replaced would lie."""
    rendered(studio, bees)
    video = rendered(studio, bees)

    with studio.store.session() as session:
        rows = session.scalars(select(RenderedVideo)).all()
    assert [row.id for row in rows] == [video.video_id]


def test_letters_that_no_font_has_are_told() -> None:
    """From the encoder's log, each once."""
    tail = "\n".join(
        f"fontselect: failed to find any fallback with glyph 0x{code} for font: (Inter)"
        for code in ("4E2D", "6587", "4E2D")
    )

    (told,) = complaints(tail)

    assert told.code == "CAPTIONS_UNREADABLE"
    assert "中 文" in told.message


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("How bees dance!", "how-bees-dance"),
        ("../../etc/passwd", "etc-passwd"),
        ("蜜蜂 & Straße", "蜜蜂-strasse"),
        ("???", "video"),
        ("x" * 200, "x" * 60),
    ],
)
def test_any_name_makes_a_safe_file_name(name: str, file_name: str) -> None:
    """Letters of any script, no separators, not too long."""
    assert slug(name) == file_name


# --------------------------------------------------------------------------- sound
@pytest.mark.slow
def test_music_plays_in_pauses_and_ducks_under_speech(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """At least 12 dB quieter while somebody speaks, looped, gone at the end."""
    scenes = [SceneOf(file=reel["plain"].path, seconds=2.5, pause=3.5)] * 2
    project_id = make_project(studio, finder, scenes)
    music = write_tone(tmp_path / "music.wav", 1.3, hertz=1500.0, rate=48_000)

    video = rendered(studio, project_id, replace(SMALL, music=music))

    heard = oracle.samples_of(video.path)
    pause, speech = (_level(heard, at, 1500.0) for at in (5.0, 7.2))
    assert pause - speech >= 12
    assert _level(heard, 11.9, 1500.0) < pause - 20
    assert oracle.check(video.path, frames=360).complaints == []


def _level(samples: np.ndarray, at: float, hertz: float) -> float:
    """How loud a tone is in half a second around a time, in decibels."""
    window = samples[int((at - 0.25) * 48000) : int((at + 0.25) * 48000)]
    time_ = np.arange(len(window)) / 48000
    tone = np.exp(-2j * np.pi * hertz * time_)
    return float(20 * np.log10(np.abs((window * tone).mean()) + 1e-9))


# --------------------------------------------------------------------------- the oracle itself
def test_the_oracle_reports_each_kind_of_damage(done: Done, tmp_path: Path) -> None:
    """A good video damaged in seven ways: each is told, or the oracle proves nothing."""
    good = done.video.path
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-bf", "2"]
    fast = ["-movflags", "+faststart"]
    damages: dict[str, tuple[Sequence[str], str]] = {
        "slow start": (["-c", "copy"], "faststart"),
        "quieter": (["-c:v", "copy", "-af", "volume=-4dB", *fast], "loudness"),
        "black": (["-vf", "drawbox=enable='eq(n,20)':t=fill", *encode, *fast], "1 black frames"),
        "frozen": (["-vf", "loop=loop=30:size=1:start=20", *encode, *fast], "stands still"),
        "untagged": (
            ["-vf", "setparams=colorspace=unknown:color_primaries=unknown", *encode, *fast],
            "colour tags",
        ),
        "hole": (["-c:v", "copy", "-af", "volume=0:enable='between(t,0.2,0.26)'", *fast], "hole"),
        "shorter": (["-c", "copy", "-an", "-map", "0:v", *fast], "streams"),
    }
    for name, (arguments, complaint) in damages.items():
        bad = tmp_path / f"{name}.mp4"
        finish(done.studio.ffmpeg.run(["-i", str(good), *arguments], bad))
        told = oracle.check(bad, frames=48).complaints
        assert any(complaint in each for each in told), f"{name}: {told}"


def test_the_oracle_is_a_command(
    done: Done, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints figures and complaints as JSON, and its exit code says whether all is well."""
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"scenes": [{"text": "Bees dance."}]}))

    code = oracle.main([str(done.video.path), "--script", str(script), "--frames", "47"])

    assert code == 1
    assert json.loads(capsys.readouterr().out)["complaints"] == ["it has 48 frames instead of 47"]


def test_words_heard_wrong_are_counted() -> None:
    """Changed, added and dropped words, without regard to case and signs."""
    assert oracle.word_error_rate("Bees dance, and sing!", "bees dance and sing") == 0
    assert oracle.word_error_rate("one two three four", "one too three") == 0.5
