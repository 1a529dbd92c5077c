"""The sound of a whole video, made once: it does not change when a picture does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aivideo.engines import media, mixing
from aivideo.engines.mixing import RATE, Narration
from aivideo.progress import Work, within
from aivideo.render.takes import fingerprint
from aivideo.shots import Look, Shot
from aivideo.studio import Studio
from aivideo.workspace import content_hash


def make_sound(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[Path]:
    """Narrations on their exact samples, music under them, levelled and encoded; or what is there.

    Raises:
        NarrationUnreadable: A narration cannot be read.
        MusicUnusable: The music cannot be read.
        DiskFull: There is no room.
    """
    narrations = _narrations(shots, look)
    seconds = sum(narration.samples for narration in narrations) / RATE
    sound = sound_name(studio, shots, look)
    if not _is_whole(sound, seconds, look):
        with studio.workspace.draft(sound) as draft:
            yield from _make(studio, narrations, look.music, seconds, draft)
    return sound


def sound_name(studio: Studio, shots: Sequence[Shot], look: Look) -> Path:
    """The name of a video's sound: everything that decides its bytes."""
    return studio.workspace.artifact(
        "sound",
        ".m4a",
        narrations=[(content_hash(n.path), n.samples) for n in _narrations(shots, look)],
        music=fingerprint(look.music) if look.music else "",
        recipe=mixing.RECIPE,
        ffmpeg=studio.ffmpeg.version,
    )


def known_sound(studio: Studio, shots: Sequence[Shot], look: Look) -> Path | None:
    """The video's sound if it is there; nothing is fetched to find that out."""
    sound = sound_name(studio, shots, look)
    return sound if _is_whole(sound, sum(s.frames for s in shots) / look.fps, look) else None


def _is_whole(sound: Path, seconds: float, look: Look) -> bool:
    return abs(media.sound_seconds(sound) - seconds) <= 1 / look.fps


def _narrations(shots: Sequence[Shot], look: Look) -> list[Narration]:
    return [Narration(s.narration, s.frames * RATE // look.fps) for s in shots]


def _make(
    studio: Studio,
    narrations: Sequence[Narration],
    music: Path | None,
    seconds: float,
    target: Path,
) -> Work[None]:
    ffmpeg = studio.ffmpeg
    voices, mixed = target.with_suffix(".voices.wav"), target.with_suffix(".mixed.wav")
    try:
        yield from within(mixing.lay(narrations, voices), 0.0, 0.1)
        if music is not None:
            work = mixing.add_music(ffmpeg, voices, music, seconds, mixed)
            yield from within(work, 0.1, 0.4)
        track = voices if music is None else mixed
        gain = yield from within(mixing.find_gain(ffmpeg, track, seconds), 0.4, 0.6)
        yield from within(mixing.encode(ffmpeg, track, seconds, gain, target), 0.6, 1.0)
    finally:
        voices.unlink(missing_ok=True)
        mixed.unlink(missing_ok=True)
