"""The sound of a video: clips heard in step with their pictures, what is kept, and real speech."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import oracle
import pytest
from fakes import FixedFinder
from footage import Footage, encode, pictures, read_mark, write_tone
from numpy.typing import NDArray
from staging import DRAFT, SceneOf, filmed, luma_of, make_project, scene_errors, shot_of
from test_mixing import heard, save, tone, words

from aivideo import projects
from aivideo.engines import decoding, media, mixing
from aivideo.engines.decoding import Stretch
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.mixing import Narration
from aivideo.engines.samples import FADE, RATE
from aivideo.engines.wav import level, save_wav
from aivideo.errors import ClipSoundUnreadable
from aivideo.progress import finish
from aivideo.render import Look, Shot, plan_render, render_project
from aivideo.render.sound import make_sound, own_sound, sound_name
from aivideo.shots import plan
from aivideo.store import ClipSelection, Scene
from aivideo.studio import Studio

FLAC = ("-c:a", "flac")
GREETINGS = Path(__file__).parent.parent / "assets" / "voices" / "greetings"


@dataclass(frozen=True)
class Noisy:
    """A clip whose sound is noise, so that each place in it is known by its samples."""

    footage: Footage
    noise: NDArray[np.float64]

    @property
    def path(self) -> Path:
        """The file."""
        return self.footage.path


def with_sound(silent: Path, sound: Path, target: Path, *arguments: str, late: float = 0.0) -> None:
    """Put a WAV file beside the pictures of a clip, ``late`` seconds after they begin."""
    inputs = ("-i", str(silent), "-itsoffset", str(late), "-f", "wav", "-i", str(sound))
    streams = ("-map", "0:v", "-map", "1:a", "-c:v", "copy")
    finish(FFmpeg().run([*inputs, *streams, *arguments], target))


def noisy(
    folder: Path,
    name: str = "noisy.mkv",
    *,
    frames: int = 45,
    fps: int = 30,
    codec: Sequence[str] = FLAC,
    late: float = 0.0,
    channels: int = 2,
) -> Noisy:
    """A clip with sound made of noise that begins ``late`` seconds after the pictures."""
    clip = Footage(folder / name, mark=3, frames=frames, fps=fps)
    silent = folder / f"{name}.silent.mkv"
    encode(silent, pictures(clip), fps=fps)
    chance = np.random.default_rng(5)
    noise = chance.normal(0, 0.15, (round(clip.seconds * RATE), 1)).repeat(channels, 1)
    sound = save(folder / f"{name}.wav", noise)
    with_sound(silent, sound, clip.path, *codec, late=late)
    return Noisy(clip, noise[:, 0])


def played(shot: Shot, look: Look = DRAFT) -> NDArray[np.float32]:
    """What a shot plays of its clip, shape (samples, 2)."""
    own = own_sound(shot, look)
    return np.concatenate(list(mixing.own_sounds([own or shot.frames * RATE // look.fps], 0.0)))


def audible(path: Path, *, frames: int = 30, sound: float | None = 0.0, start: float = 0.0) -> Shot:
    """A shot whose clip is heard."""
    return replace(shot_of(path, frames=frames, start_seconds=start), sound_level_db=sound)


def place_of(track: NDArray[np.float32], clip: Noisy, at: float) -> float:
    """The second of the clip that is heard at a second of the track."""
    first = round(at * RATE)
    part = track[first : first + RATE // 10, 0].astype(np.float64)
    size = len(clip.noise) + len(part)
    found = np.fft.irfft(np.fft.rfft(clip.noise, size) * np.conj(np.fft.rfft(part, size)), size)
    assert found.max() > 6 * np.abs(found).std(), "that noise is not the clip's"
    return float(np.argmax(found)) / RATE


# --------------------------------------------------------------------------- in step
@pytest.mark.parametrize("start", [0.0, 0.1, 0.5])
def test_a_clip_is_heard_from_where_it_is_seen(tmp_path: Path, start: float) -> None:
    """To the sample, on the scene's first sample."""
    clip = noisy(tmp_path)
    track = played(audible(clip.path, frames=24, start=start))
    assert len(track) == 24 * 1600
    for at in (0.05, 0.4, 0.65):
        assert place_of(track, clip, at) == pytest.approx(start + at, abs=0.002)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("clip.mp4", ("-c:a", "aac", "-b:a", "256k")),
        ("clip.webm.mkv", ("-c:a", "libopus", "-b:a", "256k")),
        ("clip.ts", ("-c:a", "aac", "-b:a", "256k")),
        ("clip.mov", ("-c:a", "pcm_s16le", "-ar", "44100")),
        ("clip.mp3.mkv", ("-c:a", "libmp3lame", "-b:a", "320k", "-ar", "44100")),
    ],
)
def test_any_container_and_codec_is_heard_in_step(
    tmp_path: Path, name: str, codec: Sequence[str]
) -> None:
    """Within a frame, whatever delay an encoder adds."""
    clip = noisy(tmp_path, name, codec=codec)
    track = played(audible(clip.path, frames=24, start=0.5))
    for at in (0.05, 0.4, 0.65):
        assert place_of(track, clip, at) == pytest.approx(0.5 + at, abs=1 / 30)


def test_sound_that_begins_after_the_pictures_does_so_in_the_video(tmp_path: Path) -> None:
    """As long as it is not there it is silent."""
    clip = noisy(tmp_path, late=0.4)
    track = played(audible(clip.path, frames=30, start=0.2))
    assert not track[: round(0.19 * RATE)].any()
    assert place_of(track, clip, 0.5) == pytest.approx(0.3, abs=0.002)


@pytest.mark.parametrize("late", [0.0, 17.0], ids=["all along", "late"])
def test_a_place_far_into_a_long_recording_is_heard_without_reading_all_of_it(
    tmp_path: Path, late: float
) -> None:
    """Camcorders write streams without an index; sound that begins late is looked for in all."""
    codec = ("-c:a", "mp2", "-b:a", "256k")
    clip = noisy(tmp_path, "clip.ts", frames=100, fps=5, codec=codec, late=late)
    track = played(audible(clip.path, frames=60, start=16.4))
    for at in (0.05, 0.4, 1.9) if not late else (0.7, 1.9):
        assert place_of(track, clip, at) == pytest.approx(16.4 + at - late, abs=1 / 30)
    assert not late or not track[: round(0.58 * RATE)].any()
    with media.opened(clip.path) as container:
        zero = 16.4 + media.start_of(container.streams.video[0])
        tracks = container.streams.audio
        first = next(decoding._entered(container, tracks[0], zero, 16.4, seekable=False))
    assert first.time is not None
    assert first.time - zero == pytest.approx(late - 16.4 if late else -decoding.ROUGHLY, abs=1.0)


@pytest.mark.parametrize("start", [0.0, 0.5])
@pytest.mark.parametrize("name", ["noisy.mkv", "noisy.mp4"])
def test_a_looped_clip_stays_in_step_with_its_pictures(
    studio: Studio, tmp_path: Path, name: str, start: float
) -> None:
    """After several turns as in the first: what is heard goes with what is seen."""
    codec = FLAC if name.endswith("mkv") else ("-c:a", "aac", "-b:a", "256k")
    clip = noisy(tmp_path, name, frames=27, codec=codec)
    shot = audible(clip.path, frames=120, start=start)
    seen = [read_mark(luma, 320, 180) for luma in luma_of(filmed(studio, shot))]
    track = played(shot)
    for frame in (2, 16, 30, 47, 70, 92, 112):
        marked = seen[frame]
        assert marked is not None
        if marked[1] < 23:
            shown = marked[1] / 30
            assert place_of(track, clip, frame / 30) == pytest.approx(shown, abs=1.5 / 30)


def test_a_slowed_clip_is_heard_slowly_and_no_deeper(tmp_path: Path) -> None:
    """The sound lasts as long as the pictures, at the pitch that it was recorded at."""
    clip = Footage(tmp_path / "clip.mkv", mark=2, frames=30)
    encode(clip.path, pictures(clip), sound=FLAC)
    track = played(audible(clip.path, frames=90), replace(DRAFT, short_clip="slow"))
    assert len(track) == 90 * 1600
    middle = np.abs(np.fft.rfft(track[RATE : 2 * RATE, 0]))
    assert np.argmax(middle) == pytest.approx(440, abs=3)
    assert np.abs(track[round(2.8 * RATE) : round(2.9 * RATE)]).max() > 0.01


def test_a_clip_that_stands_still_is_silent(tmp_path: Path) -> None:
    """Where its pictures end, so does its sound."""
    clip = noisy(tmp_path, frames=30)
    track = played(audible(clip.path, frames=60), replace(DRAFT, short_clip="hold"))
    assert np.abs(track[round(0.9 * RATE) : round(0.97 * RATE)]).max() > 0.1
    assert not track[round(1.001 * RATE) :].any()


def test_a_clip_comes_and_goes_within_20_ms(tmp_path: Path) -> None:
    """At the scene's borders and wherever it begins again: no step, however loud it is."""
    clip = Footage(tmp_path / "clip.mkv", mark=2, frames=20)
    encode(tmp_path / "silent.mkv", pictures(clip))
    constant = save(tmp_path / "dc.wav", np.full((RATE, 2), 0.8))
    with_sound(tmp_path / "silent.mkv", constant, clip.path, *FLAC)
    track = np.concatenate([played(audible(clip.path, frames=50))] * 2)
    steps = np.abs(np.diff(track, axis=0, prepend=0.0, append=0.0))
    assert np.abs(track).max() == pytest.approx(0.8, abs=0.01)
    assert steps.max() < 1.01 * 0.8 * np.pi / 2 / FADE


# --------------------------------------------------------------------------- which sound
def test_a_level_is_in_decibels_of_what_was_recorded(tmp_path: Path) -> None:
    """-20 dB is a tenth."""
    clip = noisy(tmp_path)
    loud, quiet = (played(audible(clip.path, sound=sound)) for sound in (0.0, -20.0))
    assert quiet == pytest.approx(loud / 10, abs=1e-6)


def test_the_default_track_is_heard(tmp_path: Path) -> None:
    """Of several the one that the file calls so, and not the first."""
    clip = noisy(tmp_path)
    other = save(tmp_path / "other.wav", tone(1.5))
    both = tmp_path / "both.mkv"
    with_sound(
        clip.path,
        other,
        both,
        *("-map", "0:a", "-c:a", "flac", "-disposition:a:0", "0", "-disposition:a:1", "default"),
    )
    track = played(audible(both))
    assert place_of(track, clip, 0.3) == pytest.approx(0.3, abs=0.002)


def test_all_of_surround_sound_is_heard_in_two_channels(tmp_path: Path) -> None:
    """The voice of a film is in its middle channel."""
    clip = noisy(tmp_path, channels=6, codec=("-c:a", "flac", "-ar", "44100"))
    track = played(audible(clip.path))
    assert track.shape == (RATE, 2)
    assert place_of(track, clip, 0.3) == pytest.approx(0.3, abs=0.002)


def test_what_has_no_sound_is_silent(tmp_path: Path, stills: dict[str, Path]) -> None:
    """A clip without a track, a picture, a drawing, and a clip that is not to be heard."""
    mute = Footage(tmp_path / "mute.mp4", mark=2, frames=20)
    encode(mute.path, pictures(mute))
    heard_clip = noisy(tmp_path)
    drawn = replace(audible(mute.path), clip=replace(shot_of(mute.path).clip, kind="illustration"))
    still = next(path for path in stills.values() if path.suffix == ".png")
    for shot in (audible(mute.path), audible(still), drawn, audible(heard_clip.path, sound=None)):
        assert own_sound(shot, DRAFT) is None


def test_a_list_of_other_files_is_not_opened_as_a_clip(tmp_path: Path) -> None:
    """Its sound could be anybody's."""
    clip = noisy(tmp_path)
    playlist = tmp_path / "clip.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile {clip.path.name}\n")
    with pytest.raises(ClipSoundUnreadable):
        next(decoding.clip(playlist, Stretch()))


# --------------------------------------------------------------------------- projects
def set_scene(studio: Studio, project_id: str, **values: float | None) -> None:
    """Change the first scene, or how its clip is used."""
    with studio.store.session() as session:
        row: Scene | ClipSelection
        scene = projects.find_scene(session, project_id, 1)
        for name, value in values.items():
            row = scene if hasattr(Scene, name) else scene.selection or ClipSelection()
            setattr(row, name, value)


@pytest.fixture
def bees(studio: Studio, finder: FixedFinder, tmp_path: Path) -> str:
    """A project of two scenes whose clip has sound."""
    clip = noisy(tmp_path)
    return make_project(studio, finder, [SceneOf(file=clip.path), SceneOf(file=clip.path)])


def name_of(studio: Studio, project_id: str, look: Look = DRAFT) -> str:
    """The name that a project's sound has now."""
    _, shots = plan(studio, project_id, look)
    finder = studio.finders["fixed"]
    assert isinstance(finder, FixedFinder)
    brought = [
        replace(shot, clip=replace(shot.clip, path=finder.clips[shot.clip.source_id]))
        for shot in shots
    ]
    return sound_name(studio, brought, look).name


def test_all_that_is_heard_is_in_the_name(studio: Studio, bees: str, tmp_path: Path) -> None:
    """Levels, music, the clip's sound and its place; a silent clip's place is not."""
    names = [name_of(studio, bees)]
    set_scene(studio, bees, start_seconds=0.3)
    assert name_of(studio, bees) == names[0]
    for change in ({"level_db": 3.0}, {"sound_level_db": -6.0}, {"start_seconds": 0.5}):
        set_scene(studio, bees, **change)
        names.append(name_of(studio, bees))
    music = write_tone(tmp_path / "music.wav", 1.0)
    names.append(name_of(studio, bees, replace(DRAFT, music=music)))
    assert len(set(names)) == len(names)


def test_what_is_only_heard_films_nothing(studio: Studio, bees: str, tmp_path: Path) -> None:
    """A level, a clip's sound, music: the pictures stay as they are, and the plan says so."""
    finish(render_project(studio, bees, DRAFT))
    parts = sorted(studio.workspace.folder("parts").iterdir())
    music = write_tone(tmp_path / "music.wav", 1.0, rate=RATE)
    before = plan_render(studio, bees, DRAFT)
    set_scene(studio, bees, level_db=3.0, sound_level_db=-6.0)
    after = finish(render_project(studio, bees, replace(DRAFT, music=music)))

    assert (before.sound, before.joins) == (False, 0)
    assert sorted(studio.workspace.folder("parts").iterdir()) == parts
    assert oracle.check(after.path).complaints == []


def test_a_sound_that_is_there_is_not_made_again(studio: Studio, bees: str) -> None:
    """The join of an unchanged cut costs no mixing."""
    set_scene(studio, bees, sound_level_db=-6.0)
    _, shots = plan(studio, bees, DRAFT)
    first = finish(make_sound(studio, shots, DRAFT))
    made = first.stat().st_mtime_ns
    assert finish(make_sound(studio, shots, DRAFT)) == first
    assert first.stat().st_mtime_ns == made
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def broken(path: Path) -> None:
    """Make every packet of a clip's sound unreadable, and leave its pictures."""
    with av.open(str(path)) as container:
        sound = container.streams.audio[0]
        places = [(packet.pos, packet.size) for packet in container.demux(sound) if packet.size]
    with path.open("r+b") as file:
        for place, size in places:
            file.seek(place or 0)
            file.write(b"\xff" * size)


def test_a_clip_whose_sound_is_broken_is_silent_and_told(
    studio: Studio, finder: FixedFinder, tmp_path: Path
) -> None:
    """A render does not stop for it; the scene says why nothing is heard, until it is settled."""
    clip = noisy(tmp_path, "clip.mp4", codec=("-c:a", "aac"))
    broken(clip.path)
    project_id = make_project(studio, finder, [SceneOf(file=clip.path), SceneOf(file=clip.path)])
    set_scene(studio, project_id, sound_level_db=0.0)

    finish(render_project(studio, project_id, DRAFT))
    assert scene_errors(studio, project_id) == ["CLIP_SOUND_UNREADABLE", None]

    finish(render_project(studio, project_id, DRAFT))
    assert scene_errors(studio, project_id) == ["CLIP_SOUND_UNREADABLE", None]

    set_scene(studio, project_id, sound_level_db=None)
    finish(render_project(studio, project_id, DRAFT))
    assert scene_errors(studio, project_id) == [None, None]


def test_a_clip_is_heard_in_the_video(studio: Studio, bees: str) -> None:
    """On its scene alone, under the narration."""
    set_scene(studio, bees, sound_level_db=6.0)
    video = finish(render_project(studio, bees, DRAFT))
    track = oracle.samples_of(video.path)
    high = np.abs(np.diff(track, n=2))
    assert high[4800:33_600].mean() > 10 * high[43_200:72_000].mean()


def test_memory_does_not_grow_with_the_video(tmp_path: Path) -> None:
    """Narration, clips and music flow through in blocks."""
    voice = save(tmp_path / "voice.wav", words(2.0))
    music = save(tmp_path / "music.wav", tone(1.0))

    def peak(scenes: int) -> int:
        narrations = [Narration(voice, 3 * RATE)] * scenes
        tracemalloc.start()
        spans = finish(mixing.lay(narrations, tmp_path / "v.pcm"))
        finish(mixing.mix(FFmpeg(), tmp_path / "v.pcm", spans, tmp_path / "m.pcm", music=music))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    few, many = peak(2), peak(20)
    assert many < 1.25 * few


# --------------------------------------------------------------------------- real speech
VOICES = ("af_heart", "bm_george")
"""Who speaks: what each says of itself comes with the app, so nothing has to be spoken here."""


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two scenes, really spoken, as narrations are kept."""
    folder = tmp_path_factory.mktemp("speech")
    paths = []
    for voice in VOICES:
        with av.open(str(GREETINGS / f"{voice}.opus")) as container:
            frames = list(container.decode(audio=0))
        spoken = np.concatenate([frame.to_ndarray()[0] for frame in frames])
        paths.append(folder / f"{voice}.wav")
        save_wav(level(spoken.astype(np.float32)), frames[0].sample_rate, paths[-1])
    return paths


def speaking(speech: Sequence[Path], pause: float, *, lifted: float = 0.0) -> list[Shot]:
    """Shots of spoken scenes with a pause after each; the first so many dB louder."""
    shots = []
    for number, path in enumerate(speech, 1):
        with av.open(str(path)) as container:
            seconds = (container.duration or 0) / 1_000_000
        shot = shot_of(path, frames=round((seconds + pause) * 30), kind="illustration")
        shots.append(replace(shot, number=number, narration_seconds=seconds))
    return [replace(shots[0], level_db=lifted), *shots[1:]]


def test_music_ducks_under_real_speech_without_pumping(
    studio: Studio, speech: list[Path], tmp_path: Path
) -> None:
    """12 dB or more quieter under words, within 3 dB through a scene, back in its pause."""
    music = save(tmp_path / "music.wav", tone(3.0, 16_000.0))
    shots = speaking(speech, 3.0)
    sound = finish(make_sound(studio, shots, replace(DRAFT, music=music)))
    track = oracle.samples_of(sound)[:, None]

    first, second = (shot.narration_seconds for shot in shots)
    begins = shots[0].frames / 30
    pause = heard(track, first + 1.6, begins - 0.6, 16_000.0)
    under = [heard(track, at, at + 0.25, 16_000.0) for at in np.arange(1.0, first - 0.5, 0.25)]
    under += [
        heard(track, begins + at, begins + at + 0.25, 16_000.0)
        for at in np.arange(0.1, second - 0.5, 0.25)
    ]
    assert max(under) <= pause - 12
    assert np.ptp(under) <= 3
    assert heard(track, begins + second + 2.7, begins + second + 2.9, 16_000.0) < pause - 20


@pytest.mark.parametrize("lifted", [-24.0, 0.0, 12.0])
@pytest.mark.parametrize("with_music", [True, False], ids=["music", "alone"])
def test_real_speech_comes_out_at_one_loudness(
    studio: Studio,
    speech: list[Path],
    tmp_path: Path,
    *,
    lifted: float,
    with_music: bool,
) -> None:
    """-14 LUFS within half, -1 dBTP, 48 kHz stereo; however unlike the scenes are."""
    music = save(tmp_path / "music.wav", words(5.0, seed=3)) if with_music else None
    sound = finish(
        make_sound(studio, speaking(speech, 0.35, lifted=lifted), replace(DRAFT, music=music))
    )
    loudness, peak = oracle.loudness_of(sound)
    assert loudness == pytest.approx(-14.0, abs=0.5)
    assert peak <= -1.0
    with av.open(str(sound)) as container:
        stream = container.streams.audio[0]
        assert (stream.sample_rate, stream.channels) == (48_000, 2)
