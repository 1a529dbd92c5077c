"""The mix and its last step: narration at its place, music down in time, one loudness."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from oracle import loudness_of

from aivideo.engines import decoding, ducking, loudness, mixing, samples
from aivideo.engines.ducking import Span
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.mixing import Narration
from aivideo.engines.samples import FADE, RATE
from aivideo.errors import MusicUnusable, NarrationTooLong, NarrationUnreadable
from aivideo.progress import finish

SECONDS = 4.0


def save(path: Path, sound: NDArray[np.float64], rate: int = RATE) -> Path:
    """A WAV file of samples in -1..1, shape (samples,) or (samples, channels)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1] if sound.ndim > 1 else 1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3) -> NDArray[np.float64]:
    """A sine."""
    wave_: NDArray[np.float64] = level * np.sin(
        2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE
    )
    return wave_


def words(seconds: float, *, level: float = 0.2, seed: int = 1) -> NDArray[np.float64]:
    """Noise as dark as a voice that comes and goes like syllables, a short pause after four."""
    time = np.arange(round(seconds * RATE)) / RATE
    white = np.fft.rfft(np.random.default_rng(seed).normal(size=time.size))
    dark = white / np.hypot(1, np.fft.rfftfreq(time.size, 1 / RATE) / 500)
    noise = np.fft.irfft(dark, time.size)
    syllables = np.sin(np.pi * 4 * time) ** 2 * ((time * 4 % 5) < 4)
    spoken: NDArray[np.float64] = level * noise / noise.std() * syllables
    return spoken


def read(track: Path) -> NDArray[np.float32]:
    """What was written, shape (samples, 2)."""
    return np.fromfile(track, np.float32).reshape(-1, 2)


def laid(folder: Path, *narrations: Narration) -> NDArray[np.float32]:
    """Narrations laid one after the other."""
    finish(mixing.lay(narrations, folder / "voices.pcm"))
    return read(folder / "voices.pcm")


# --------------------------------------------------------------------------- streams
def test_a_stream_is_cut_padded_and_blocked_to_the_sample() -> None:
    """Whatever the blocks that come, so many samples go on in blocks of one length."""
    numbers = np.arange(200, dtype=np.float32).reshape(100, 2)
    pieces = [numbers[:7], numbers[7:7], numbers[7:50], numbers[50:]]

    exact = list(samples.in_blocks(samples.exactly(iter(pieces), 120), 32))

    assert [len(block) for block in exact] == [32, 32, 32, 24]
    assert np.array_equal(np.concatenate(exact)[:100], numbers)
    assert not np.concatenate(exact)[100:].any()
    assert np.array_equal(np.concatenate(list(samples.at_most(iter(pieces), 9))), numbers[:9])


def test_a_stream_that_is_cut_is_closed() -> None:
    """The file behind it does not stay open."""
    closed = []

    def endless() -> Iterator[samples.Samples]:
        try:
            while True:
                yield np.zeros((10, 2), np.float32)
        finally:
            closed.append(True)

    assert sum(len(block) for block in samples.at_most(endless(), 25)) == 25
    assert closed == [True]


@pytest.mark.parametrize("length", [0, 1, 5, 15, 20, 21, 57, 200])
def test_a_fade_is_the_same_in_blocks_of_any_length(length: int) -> None:
    """It rises from nothing, keeps what lies between, and falls to nothing at the end."""
    whole = np.ones((length, 2), np.float32)
    blocks = [np.ones((min(7, length - at), 2), np.float32) for at in range(0, length, 7)]

    once = np.concatenate(list(samples.faded(iter([whole]), 10)))
    piecewise = np.concatenate(list(samples.faded(iter(blocks), 10)))

    assert np.array_equal(once, piecewise)
    assert len(once) == length
    ends = np.concatenate([once[:1], once[-1:]])
    assert length < 2 or not ends.any() or np.abs(ends).max() < 1e-6
    assert length < 21 or (once[10 : length - 10] == 1).all()


# --------------------------------------------------------------------------- narration
def test_each_narration_begins_on_its_scenes_first_sample(tmp_path: Path) -> None:
    """At any rate and with any channels; silence up to the next."""
    one = save(tmp_path / "one.wav", tone(0.3)[::2], rate=24_000)
    other = save(tmp_path / "other.wav", np.stack([tone(0.2)] * 2, 1))

    track = laid(tmp_path, Narration(one, 20_000), Narration(other, 16_000))

    assert len(track) == 36_000
    loud = np.flatnonzero(np.abs(track[:, 0]) > 1e-4)
    assert loud[0] == pytest.approx(0, abs=100)
    assert not np.abs(track[14_500:20_000]).any()
    assert np.flatnonzero(np.abs(track[20_000:, 0]) > 1e-4)[0] < 100


def test_a_narration_that_starts_and_ends_loud_does_not_click(tmp_path: Path) -> None:
    """Nothing between two samples is steeper than the 20 ms of a fade make it."""
    loud = save(tmp_path / "loud.wav", np.full(RATE // 2, 0.8))

    track = laid(tmp_path, *[Narration(loud, RATE // 2)] * 3)

    steps = np.diff(track, axis=0, prepend=0.0, append=0.0)
    assert np.abs(steps).max() < 0.8 * np.pi / 2 / FADE
    # One channel becomes two that are together as loud as it was.
    assert np.abs(track).max() == pytest.approx(0.8 / np.sqrt(2), abs=0.001)


def test_a_scene_can_be_lifted_against_the_others(tmp_path: Path) -> None:
    """A quiet one at +12 dB is as loud as the others; nothing clips on the way."""
    quiet = save(tmp_path / "quiet.wav", tone(1.0, level=0.9))

    track = laid(tmp_path, Narration(quiet, RATE), Narration(quiet, RATE, level_db=12.0))

    first, lifted = (np.abs(part).max() for part in (track[:RATE], track[RATE:]))
    assert 20 * np.log10(lifted / first) == pytest.approx(12.0, abs=0.01)
    assert lifted > 2


def test_a_narration_is_never_cut(tmp_path: Path) -> None:
    """One that is longer than its scene is told; one as long to the sample is whole."""
    voice = save(tmp_path / "voice.wav", tone(0.5))
    assert len(laid(tmp_path, Narration(voice, RATE // 2))) == RATE // 2
    with pytest.raises(NarrationTooLong, match=r"0\.49 seconds"):
        laid(tmp_path, Narration(voice, RATE // 2 - 500))


def test_a_narration_that_is_no_sound_is_told(tmp_path: Path) -> None:
    """With the name of its file."""
    path = tmp_path / "voice.wav"
    path.write_text("no sound")
    with pytest.raises(NarrationUnreadable, match=r"voice\.wav"):
        laid(tmp_path, Narration(path, RATE))


# --------------------------------------------------------------------------- ducking
def db(factors: NDArray[np.float32]) -> NDArray[np.float64]:
    """A curve in decibels."""
    decibels: NDArray[np.float64] = 20 * np.log10(factors.astype(np.float64))
    return decibels


def seconds_of(*spans: tuple[float, float]) -> list[Span]:
    """Where somebody speaks, told in seconds."""
    return [Span(round(start * RATE), round(end * RATE)) for start, end in spans]


def test_music_is_down_before_a_word_and_back_after_a_pause() -> None:
    """Down by 14 dB when speech sets in, up again within two seconds, down for the next."""
    curve = db(ducking.curve(seconds_of((2.0, 4.0), (7.0, 8.0)), 10 * RATE))

    assert curve[:160] == pytest.approx(0.0)
    assert curve[200:420] == pytest.approx(-ducking.DEPTH, abs=0.01)
    assert curve[530:655] == pytest.approx(0.0, abs=0.01)
    assert curve[700:800] == pytest.approx(-ducking.DEPTH, abs=0.01)


def test_music_does_not_pump_between_words() -> None:
    """In pauses of less than a second it stays where it is."""
    spans = seconds_of(*((at, at + 0.3) for at in np.arange(1.0, 9.0, 0.9)))
    curve = db(ducking.curve(spans, 10 * RATE))
    assert np.ptp(curve[100:870]) < 0.01


def test_music_moves_smoothly() -> None:
    """It never changes by more than 1 dB in a hundredth of a second, whatever the pause."""
    for pause in np.arange(0.9, 3.0, 0.1):
        spans = seconds_of((1.0, 2.0), (2.0 + pause, 5.0))
        assert np.abs(np.diff(db(ducking.curve(spans, 6 * RATE)))).max() < 1.0


def test_a_curve_can_come_and_go() -> None:
    """From nothing, to nothing, and in between as it was."""
    curve = ducking.faded(ducking.curve([], 10 * RATE), 10 * RATE, rise=1.0, fall=3.0)
    assert curve[[0, 100, 700, 1000]] == pytest.approx([0, 1, 1, 0], abs=1e-6)
    assert ducking.at(curve, 0, RATE)[:, 0].max() == pytest.approx(1.0, abs=0.01)


def test_a_quiet_voice_is_speech_and_noise_between_words_is_not(tmp_path: Path) -> None:
    """What counts is how it stands out in its own recording."""
    gap = np.random.default_rng(2).normal(0, 0.0005, RATE)
    for level in (0.01, 0.3):
        voice = np.concatenate([words(2.0, level=level), gap * level, words(1.0, level=level)])
        path = save(tmp_path / "voice.wav", voice)
        spans = finish(mixing.lay([Narration(path, 5 * RATE)], tmp_path / "v.pcm"))
        found = [(span.start / RATE, span.end / RATE) for span in ducking.joined(spans)]
        assert np.array(found) == pytest.approx(np.array([[0.0, 2.0], [3.0, 4.0]]), abs=0.3)


def test_nobody_speaks_in_silence(tmp_path: Path) -> None:
    """Digital silence has no loud parts to be measured by."""
    path = save(tmp_path / "voice.wav", np.zeros(RATE))
    assert finish(mixing.lay([Narration(path, RATE)], tmp_path / "v.pcm")) == []


# --------------------------------------------------------------------------- music
def mixed(folder: Path, narrations: Sequence[Narration], music: Path) -> NDArray[np.float32]:
    """Narrations with music under them."""
    voices, target = folder / "voices.pcm", folder / "mixed.pcm"
    spans = finish(mixing.lay(narrations, voices))
    finish(mixing.mix(FFmpeg(), voices, spans, target, music=music))
    return read(target)


def heard(track: NDArray[np.float32], start: float, end: float, hertz: float) -> float:
    """How loud a tone is in a stretch of a track, in decibels."""
    part = track[round(start * RATE) : round(end * RATE), 0] * np.hanning(
        round(end * RATE) - round(start * RATE)
    )
    carrier = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / RATE)
    return float(20 * np.log10(np.abs((part * carrier).mean()) + 1e-12))


def test_music_ducks_under_words_loops_and_fades(tmp_path: Path) -> None:
    """12 dB or more quieter while somebody speaks, steady between words, gone at the end."""
    voice = save(tmp_path / "voice.wav", words(4.0))
    music = save(tmp_path / "music.wav", tone(1.0, 12_000.0))
    track = mixed(tmp_path, [Narration(voice, 8 * RATE), Narration(voice, 8 * RATE)], music)

    pause = heard(track, 5.6, 7.0, 12_000.0)
    under = [heard(track, at, at + 0.3, 12_000.0) for at in np.arange(8.5, 11.5, 0.3)]
    assert max(under) <= pause - 12
    assert np.ptp(under) < 3
    assert heard(track, 15.8, 16.0, 12_000.0) < pause - 20


def test_music_is_louder_than_nothing_when_nobody_speaks(tmp_path: Path) -> None:
    """Without narration there is nothing to lie under, and the music plays as it is."""
    silent = save(tmp_path / "voice.wav", np.zeros(RATE))
    music = save(tmp_path / "music.wav", tone(0.7, 1000.0))
    track = mixed(tmp_path, [Narration(silent, 4 * RATE)], music)
    assert np.abs(track[RATE : 2 * RATE]).max() > 0.05


@pytest.mark.parametrize("name", ["tune.mp3", "tune.wav", "tune.flac"])
def test_music_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    """Whatever its name says; a sentence, not a stack trace."""
    voice = save(tmp_path / "voice.wav", words(1.0))
    (tmp_path / name).write_text("no music")
    with pytest.raises(MusicUnusable, match="tune"):
        mixed(tmp_path, [Narration(voice, RATE)], tmp_path / name)


def test_a_playlist_is_no_music(tmp_path: Path) -> None:
    """A file that names other files is not opened, whatever it is called."""
    save(tmp_path / "secret.wav", tone(1.0))
    for name in ("list.m3u8", "list.mp3", "list.ogg"):
        playlist = tmp_path / name
        playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n")
        with pytest.raises(MusicUnusable):
            next(decoding.music(playlist))


def test_music_without_one_packet_that_can_be_decoded_is_told(tmp_path: Path) -> None:
    """Looping what gives nothing would never end."""
    path = save(tmp_path / "empty.wav", np.zeros(0))
    with pytest.raises(MusicUnusable):
        list(samples.at_most(decoding.music(path), RATE))


def test_music_from_outside_is_opened_with_both_lists() -> None:
    """Also when its loudness is measured; a WAV is named as one, as some tones look like others."""
    source = mixing.music_input(Path("waltz.mp3"), 60)
    assert source[source.index("-protocol_whitelist") + 1] == "file"
    assert source[source.index("-format_whitelist") + 1] == decoding.MUSIC_FORMATS
    assert "-f" not in source
    named = mixing.music_input(Path("tone.wav"), 5)
    assert named[named.index("-f") + 1] == "wav"


# --------------------------------------------------------------------------- loudness
@pytest.fixture
def bursts(tmp_path: Path) -> Path:
    """Noise in bursts that start at once: AAC overshoots most on such."""
    chance = np.random.default_rng(7)
    time = np.arange(round(SECONDS * RATE)) / RATE
    loud = chance.normal(0, 0.2, time.size) * ((time * 6 % 1) < 0.3)
    path = tmp_path / "bursts.pcm"
    path.write_bytes(np.repeat(np.clip(loud, -1, 1), 2).astype("<f4").tobytes())
    return path


def test_an_encode_that_overshoots_is_made_again_lower(bursts: Path, tmp_path: Path) -> None:
    """What AAC adds to the peaks never gets into a video."""
    ffmpeg, target = FFmpeg(None), tmp_path / "sound.m4a"
    once = tmp_path / "once.m4a"
    finish(ffmpeg.run(loudness.encode_arguments(bursts, 12.0), once))
    assert loudness_of(once)[1] > loudness.TRUE_PEAK, "these bursts no longer overshoot"
    levels = finish(loudness.encode(ffmpeg, bursts, SECONDS, 12.0, target, aim=None))
    assert levels.peak <= loudness.TRUE_PEAK
    assert loudness_of(target) == pytest.approx((levels.loudness, levels.peak), abs=0.1)


def test_an_encode_that_fits_is_left_alone(bursts: Path, tmp_path: Path) -> None:
    """Where nothing overshoots, the first encode is the last."""
    ffmpeg = FFmpeg(None)
    once, target = tmp_path / "once.m4a", tmp_path / "sound.m4a"
    finish(ffmpeg.run(loudness.encode_arguments(bursts, -12.0), once))
    finish(loudness.encode(ffmpeg, bursts, SECONDS, -12.0, target, aim=None))
    assert target.read_bytes() == once.read_bytes()


@pytest.mark.parametrize("hertz", [997.0, 6000.0, 11_997.0, 15_000.0])
@pytest.mark.parametrize("level", [-1.0, -20.0])
def test_a_peak_between_samples_is_found(tmp_path: Path, hertz: float, level: float) -> None:
    """As the reference meter finds it, to a tenth of a decibel."""
    phase = np.pi / 4
    time = np.arange(RATE) / RATE
    loud = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * time + phase)
    path = tmp_path / "tone.pcm"
    path.write_bytes(np.repeat(loud * np.hanning(RATE), 2).astype("<f4").tobytes())
    encoded = tmp_path / "tone.m4a"
    finish(FFmpeg().run(loudness.encode_arguments(path, 0.0), encoded))
    peak = finish(loudness.examine(encoded, 1.0)).peak
    assert peak == pytest.approx(loudness_of(encoded)[1], abs=0.15)


@pytest.mark.parametrize("level", [0.002, 0.05, 0.9])
@pytest.mark.parametrize("seconds", [0.5, 6.0])
def test_any_narration_comes_out_at_one_loudness(
    tmp_path: Path, level: float, seconds: float
) -> None:
    """Hardly audible or clipping, half a second or more: -14 LUFS, under -1 dBTP."""
    track, target = tmp_path / "voices.pcm", tmp_path / "sound.m4a"
    spoken = np.repeat(words(seconds, level=level), 2).astype("<f4")
    track.write_bytes(spoken.tobytes())

    gain = finish(loudness.find_gain(FFmpeg(), track, seconds))
    finish(loudness.encode(FFmpeg(), track, seconds, gain, target))

    measured, peak = loudness_of(target)
    assert measured == pytest.approx(loudness.LOUDNESS, abs=0.5)
    assert peak <= loudness.TRUE_PEAK


def test_noise_of_which_the_encoder_takes_much_is_as_loud_as_speech(tmp_path: Path) -> None:
    """Rain loses a decibel or more in AAC; it is made up for, and no peak comes of it."""
    track, target = tmp_path / "rain.pcm", tmp_path / "sound.m4a"
    rain = np.random.default_rng(4).normal(0, 0.1, round(SECONDS * RATE))
    track.write_bytes(np.repeat(rain, 2).astype("<f4").tobytes())
    gain = finish(loudness.find_gain(FFmpeg(), track, SECONDS))
    finish(loudness.encode(FFmpeg(), track, SECONDS, gain, target))
    measured, peak = loudness_of(target)
    assert measured == pytest.approx(loudness.LOUDNESS, abs=0.5)
    assert peak <= loudness.TRUE_PEAK


@pytest.mark.parametrize("seconds", [0.2, 2.0])
def test_silence_stays_silence(tmp_path: Path, seconds: float) -> None:
    """Nothing is made of nothing, and nothing fails."""
    track, target = tmp_path / "voices.pcm", tmp_path / "sound.m4a"
    track.write_bytes(bytes(round(seconds * RATE) * 8))
    assert finish(loudness.find_gain(FFmpeg(), track, seconds, guess=7.0)) == 0.0
    levels = finish(loudness.encode(FFmpeg(), track, seconds, 0.0, target))
    assert max(levels.loudness, levels.peak) < loudness.SILENCE


def test_a_ceiling_is_told_in_decibels() -> None:
    """-6 dBFS is half the full scale, as the limiter takes it."""
    assert "limit=0.5012:" in loudness.level(0.0, -6.0)


def test_the_loudness_is_read_from_the_summary() -> None:
    """The last one written is the whole's; silence has none."""
    assert loudness.loudness_in("I:  -20.1 LUFS\nSummary:\n I:   -17.5 LUFS\n LRA: 3") == -17.5
    assert loudness.loudness_in("") < loudness.SILENCE
