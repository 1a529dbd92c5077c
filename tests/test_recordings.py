"""A person's own recording: what is read, what is refused, how it is trimmed and levelled."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from babble import babble, save_as
from footage import Reel

from aivideo.engines import recordings
from aivideo.engines.narration import AFTER, BEFORE, RATE
from aivideo.engines.recordings import as_narration, read_recording, voiced
from aivideo.engines.wav import LOUDEST, LOUDNESS, loudness, save_wav
from aivideo.errors import (
    AIVideoError,
    RecordingDamaged,
    RecordingNotAudio,
    RecordingSilent,
    RecordingTooLarge,
    RecordingTooLong,
    RecordingTooShort,
)

SPEECH, WORDS = babble(["Bees", "fly", "far.", "They", "make", "honey."])
LASTS = WORDS[-1].end - WORDS[0].start


def surrounded(before: float, after: float) -> recordings.Samples:
    """The speech with silence around it."""
    ends = (np.zeros(round(seconds * RATE), np.float32) for seconds in (before, after))
    return np.concatenate([next(ends), SPEECH, next(ends)])


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("a.wav", "pcm_s24le", 44_100, "stereo"),
        ("a.mp3", "libmp3lame", 44_100, "stereo"),
        ("a.m4a", "aac", 48_000, "mono"),
        ("a.flac", "flac", 96_000, "mono"),
        ("a.opus", "libopus", 48_000, "mono"),
        ("a.webm", "libopus", 48_000, "stereo"),
        ("a.aiff", "pcm_s16be", 22_050, "mono"),
        ("a.caf", "pcm_s16le", 16_000, "mono"),
    ],
)
def test_any_sound_file_is_read(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str
) -> None:
    """Whatever a phone, a browser or a studio saves comes out alike: its length and its words."""
    path = save_as(tmp_path / name, SPEECH, codec, rate=rate, layout=layout)
    samples = read_recording(path, name)
    assert len(samples) / RATE == pytest.approx(len(SPEECH) / RATE, abs=0.12)
    told = as_narration(samples, name)
    assert len(told) / RATE == pytest.approx(LASTS + (BEFORE + AFTER) / RATE, abs=0.08)
    assert loudness(told) == pytest.approx(LOUDNESS, rel=0.05)


def test_a_file_that_is_called_otherwise_is_read(tmp_path: Path) -> None:
    """A recorder's MP3 that somebody named WAV, and a WAV without an ending."""
    mp3 = save_as(tmp_path / "a.mp3", SPEECH, "libmp3lame").rename(tmp_path / "b.wav")
    save_wav(SPEECH, RATE, tmp_path / "c")
    for path in (mp3, tmp_path / "c"):
        assert len(read_recording(path, path.name)) >= len(SPEECH)


def test_files_put_one_behind_the_other_are_read_to_the_end(tmp_path: Path) -> None:
    """Also where the second has another rate and two channels."""
    parts = [
        save_as(tmp_path / f"{rate}.mp3", SPEECH, "libmp3lame", rate=rate, layout=layout)
        for rate, layout in ((16_000, "mono"), (44_100, "stereo"))
    ]
    path = tmp_path / "both.mp3"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    samples = read_recording(path, "both.mp3")
    assert len(samples) / RATE == pytest.approx(2 * len(SPEECH) / RATE, abs=0.3)
    first, second = (np.sqrt(np.mean(half**2)) for half in np.array_split(samples, 2))
    assert first == pytest.approx(second, rel=0.2)


@pytest.mark.parametrize("gain", [0.01, 0.3, 4.0])
def test_silence_around_it_goes_and_its_level_is_that_of_our_voices(gain: float) -> None:
    """As long before the first word and after the last as in what our voices speak."""
    told = as_narration(surrounded(1.3, 2.1) * np.float32(gain), "take.wav")
    assert len(told) / RATE == pytest.approx(LASTS + (BEFORE + AFTER) / RATE, abs=0.05)
    assert loudness(told) == pytest.approx(LOUDNESS, rel=0.05)
    assert np.abs(told).max() <= LOUDEST
    assert abs(told[0]) < 0.001
    assert abs(told[-1]) < 0.001


def test_a_noisy_room_is_no_speech() -> None:
    """What is heard all the time is not taken for words, and pauses are found in it."""
    noise = np.random.default_rng(1).normal(0, 0.004, len(SPEECH) + 3 * RATE)
    noisy = (noise + np.pad(SPEECH, (RATE, 2 * RATE))).astype(np.float32)
    told = as_narration(noisy, "take.wav")
    assert len(told) / RATE == pytest.approx(LASTS + (BEFORE + AFTER) / RATE, abs=0.15)
    assert len(voiced(told)) == 2


def test_a_knock_on_the_microphone_does_not_make_the_speech_quiet() -> None:
    """It is turned down by itself, without a step."""
    knocked = SPEECH.copy()
    knocked[RATE // 2 : RATE // 2 + 40] = 3.0
    told = as_narration(knocked, "take.wav")
    assert np.abs(told).max() <= LOUDEST
    assert loudness(told[RATE:]) == pytest.approx(LOUDNESS, rel=0.15)


def test_pauses_part_what_is_spoken() -> None:
    """The stop between the two sentences is found where it is."""
    [(start, end), (again, stop)] = voiced(surrounded(0.5, 0.5))
    for found, meant in (
        (start, WORDS[0].start),
        (end, WORDS[2].end),
        (again, WORDS[3].start),
        (stop, WORDS[-1].end),
    ):
        assert found / RATE - 0.5 == pytest.approx(meant, abs=0.03)


def test_a_single_word_in_a_long_silence_is_found() -> None:
    """It is kept, and all the rest goes."""
    word = babble(["Honey."])[0]
    told = as_narration(np.pad(word, (6 * RATE, 6 * RATE)), "take.wav")
    assert len(told) < 2 * len(word)


@pytest.mark.parametrize("kind", ["nothing", "faint", "hum", "hiss", "click", "gasp"])
def test_a_recording_in_which_nobody_speaks_is_refused(kind: str) -> None:
    """A muted microphone, a hum, a hiss, a click; a gasp is too short to be a word."""
    time = np.arange(2 * RATE) / RATE
    sound = {
        "nothing": np.zeros(0),
        "faint": 0.0005 * np.sin(900 * time),
        "hum": 0.3 * np.sin(2 * np.pi * 50 * time),
        "hiss": np.random.default_rng(0).normal(0, 0.1, 2 * RATE),
        "click": np.where((time > 1) & (time < 1.05), 0.5 * np.sin(3000 * time), 0.0),
        "gasp": np.where((time > 1) & (time < 1.15), 0.5 * np.sin(3000 * time), 0.0),
    }[kind].astype(np.float32)
    failure = RecordingTooShort if kind == "gasp" else RecordingSilent
    with pytest.raises(failure, match=r"In take\.wav .* heard"):
        as_narration(sound, "take.wav")


PLAYLISTS = {
    "list.m3u8": b"#EXTM3U\n#EXTINF:1,\nsecret.wav\n",
    "song.mp3": b"#EXTM3U\n#EXTINF:1,\nsecret.wav\n",
    "take.wav": b"ffconcat version 1.0\nfile secret.wav\n",
    "take.m4a": b"ffconcat version 1.0\nfile secret.wav\n",
    "call.sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    "take.ogg": b"<?xml version='1.0'?><MPD><BaseURL>secret.wav</BaseURL></MPD>",
    "script.wav": b"#!/bin/sh\necho hello\n",
    "page.mp3": b"<!doctype html><html><script>boom()</script></html>",
    "text.flac": b"Just some words that are no sound at all.\n" * 50,
    "empty.wav": b"",
    "zeros.m4a": bytes(4000),
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_what_is_no_sound_is_refused_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    """Lists that name other files, pages, scripts: neither name nor content opens anything."""
    save_wav(SPEECH, RATE, tmp_path / "secret.wav")
    (tmp_path / name).write_bytes(PLAYLISTS[name])
    with pytest.raises(RecordingNotAudio) as refused:
        read_recording(tmp_path / name, name)
    assert refused.value.message.startswith(f"{name} is no recording that can be read")
    assert refused.value.message.endswith(
        "Choose a sound file, such as WAV, MP3, M4A, FLAC, OGG or WebM."
    )


def test_a_film_without_sound_is_no_recording(reel: Reel) -> None:
    """One with sound gives its sound."""
    assert len(read_recording(reel["plain"].path, "film.mp4")) > RATE
    with pytest.raises(RecordingNotAudio, match="there is no sound in it"):
        read_recording(reel["odd"].path, "film.mp4")


@pytest.mark.parametrize(
    ("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.m4a", "aac")]
)
def test_a_recording_that_breaks_off_is_refused(tmp_path: Path, name: str, codec: str) -> None:
    """A copy that stopped half-way: its end is not silently left away."""
    path = save_as(tmp_path / name, surrounded(0.5, 0.5), codec)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises((RecordingDamaged, RecordingNotAudio)) as refused:
        read_recording(path, name)
    assert refused.value.message.startswith(f"{name} is ")


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.flac", "flac")])
def test_a_recording_with_a_hole_is_refused(tmp_path: Path, name: str, codec: str) -> None:
    """A part in the middle that cannot be decoded is told, with how much is missing."""
    path = save_as(tmp_path / name, surrounded(0.5, 0.5), codec)
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : 2 * middle] = np.random.default_rng(3).bytes(middle)
    path.write_bytes(data)
    with pytest.raises(RecordingDamaged, match=r"damaged: \d\.\d seconds of it are missing"):
        read_recording(path, name)


@pytest.mark.parametrize("name", ["long.wav", "long.mp3"])
def test_a_recording_that_is_too_long_is_refused(tmp_path: Path, name: str) -> None:
    """From what the file says of itself, or else as soon as that much was decoded."""
    path = tmp_path / name
    if name.endswith("wav"):
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(1)
            file.setframerate(8000)
            file.writeframes(bytes(8000 * 301))
    else:
        second = save_as(tmp_path / "one.mp3", SPEECH[:RATE], "libmp3lame", rate=8000).read_bytes()
        path.write_bytes(second * 301)
    with pytest.raises(RecordingTooLong, match="more than 5 minutes"):
        read_recording(path, name)


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    """The sentence has both sizes."""
    path = tmp_path / "large.wav"
    with path.open("wb") as file:
        file.truncate(recordings.LARGEST + 1)
    with pytest.raises(RecordingTooLarge, match="has 250 MB, and a recording may have 250"):
        read_recording(path, "large.wav")


def test_numbers_that_are_none_are_silence(tmp_path: Path) -> None:
    """A sound of floating-point numbers may hold infinity; nothing of it reaches a speaker."""
    spoilt = SPEECH.copy()
    spoilt[100:120], spoilt[130] = np.nan, np.inf
    path = save_as(tmp_path / "a.wav", spoilt, "pcm_f32le")
    told = as_narration(read_recording(path, "a.wav"), "a.wav")
    assert np.isfinite(told).all()


def test_each_refusal_has_a_code_of_its_own() -> None:
    """Programs tell them apart."""
    refusals: list[AIVideoError] = [
        RecordingDamaged("a", 1.0),
        RecordingNotAudio("a"),
        RecordingSilent("a"),
        RecordingTooLarge("a", 1, 1),
        RecordingTooLong("a", 1),
        RecordingTooShort("a", 1),
    ]
    codes = {refusal.code for refusal in refusals}
    assert len(codes) == len(refusals)
    assert all(code.startswith("RECORDING_") for code in codes)
