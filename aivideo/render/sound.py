"""The sound of a whole video, made once: it does not change when a picture does."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import update

from aivideo.engines import decoding, loudness, media, mixing
from aivideo.engines.decoding import Stretch
from aivideo.engines.mixing import Narration, OwnSound
from aivideo.engines.probing import probed, stamp_of
from aivideo.engines.samples import RATE
from aivideo.errors import AIVideoError, ClipSoundUnreadable, MachineFailure
from aivideo.progress import Work, within
from aivideo.render.takes import Placing, bring, fingerprint, place
from aivideo.shots import Look, Shot
from aivideo.store import Scene
from aivideo.studio import Studio
from aivideo.workspace import content_hash

logger = logging.getLogger(__name__)

TYPICAL_GAIN: Final = 7.2
"""Decibels that narrations of ours, which are levelled, lack; where the search for it begins."""

Heard = OwnSound | int
"""What a scene plays of its clip's own sound, or how many samples it plays nothing of it."""


def make_sound(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[Path]:
    """Narrations on their exact samples, clips and music under them, levelled and encoded.

    What is there already is not made again. A clip whose own sound cannot be read is silent;
    ``note_unheard`` tells its scene.

    Raises:
        NarrationUnreadable: A narration cannot be read.
        NarrationTooLong: A narration lasts longer than its scene.
        MusicUnusable: The music cannot be read.
        DiskFull: There is no room.
    """
    shots = yield from _brought(studio, shots)
    sound = sound_name(studio, shots, look)
    if not _is_whole(sound, shots, look):
        with studio.workspace.draft(sound) as draft:
            yield from _make(studio, shots, look, draft)
    return sound


def sound_name(studio: Studio, shots: Sequence[Shot], look: Look) -> Path:
    """The name of a video's sound: everything that decides its bytes."""
    return studio.workspace.artifact(
        "sound",
        ".m4a",
        narrations=[
            (content_hash(voice.path), voice.samples, voice.level_db)
            for voice in _narrations(shots, look)
        ],
        clips=[_ingredients(heard) for heard in _all_heard(shots, look)],
        music=fingerprint(look.music) if look.music else "",
        recipes=(mixing.RECIPE, loudness.RECIPE),
        ffmpeg=studio.ffmpeg.version,
    )


def known_sound(studio: Studio, shots: Sequence[Shot], look: Look) -> Path | None:
    """The video's sound if it is there; nothing is fetched to find that out."""
    if any(_may_be_heard(shot) and not _is_here(shot.clip.path) for shot in shots):
        return None
    sound = sound_name(studio, shots, look)
    return sound if _is_whole(sound, shots, look) else None


def note_unheard(studio: Studio, shots: Sequence[Shot], look: Look) -> Work[None]:
    """Write on each scene whose clip's own sound was wanted and cannot be read that it is so.

    To be called when the scenes are filmed: what is wrong with a picture is told first.
    """
    for shot in (yield from _brought(studio, shots)):
        try:
            own_sound(shot, look)
        except ClipSoundUnreadable as problem:
            _note(studio, shot, problem)


def pieces_of(placed: Placing, frames: int, samples: int) -> tuple[tuple[Stretch, int], ...]:
    """The stretches of a clip's sound that go with its pictures, each with its samples.

    Args:
        placed: Which stretch of the clip is shown, and how.
        frames: How many frames the scene lasts.
        samples: How many samples that is.
    """
    length = min(samples, placed.once * samples // frames)
    pieces = [(Stretch(placed.start, placed.stretch), length)]
    turn, begun = (placed.end - placed.begin) * RATE, length
    while placed.way == "loop" and length < samples:
        until = min(samples, begun + round(len(pieces) * turn))
        pieces.append((Stretch(placed.begin), until - length))
        length = until
    return tuple(pieces)


def _is_whole(sound: Path, shots: Sequence[Shot], look: Look) -> bool:
    seconds = sum(shot.frames for shot in shots) / look.fps
    return abs(media.sound_seconds(sound) - seconds) <= 1 / look.fps


def _samples(shot: Shot, look: Look) -> int:
    return shot.frames * RATE // look.fps


def _narrations(shots: Sequence[Shot], look: Look) -> list[Narration]:
    return [Narration(shot.narration, _samples(shot, look), shot.level_db) for shot in shots]


def _may_be_heard(shot: Shot) -> bool:
    return shot.sound_level_db is not None and shot.clip.kind == "video"


def _is_here(path: Path | None) -> bool:
    return path is not None and path.is_file()


def _brought(studio: Studio, shots: Sequence[Shot]) -> Work[list[Shot]]:
    """The shots, with the files of those clips that are to be heard.

    A clip that cannot be had is silent here: filming it will tell why.
    """
    brought = []
    for shot in shots:
        path = shot.clip.path
        if _may_be_heard(shot):
            try:
                path = yield from bring(studio, shot.clip)
            except MachineFailure:
                raise
            except AIVideoError as problem:
                logger.info("Scene %s goes without sound: %s", shot.number, problem.code)
        brought.append(replace(shot, clip=replace(shot.clip, path=path)))
    return brought


def _all_heard(shots: Sequence[Shot], look: Look) -> list[Heard]:
    return [_heard(shot, look) for shot in shots]


def _heard(shot: Shot, look: Look) -> Heard:
    """What a shot plays of its clip's sound; what is wrong with it is told by others."""
    try:
        own = own_sound(shot, look)
    except MachineFailure:
        raise
    except (AIVideoError, OSError) as problem:
        logger.info("Scene %s goes without its clip's sound: %s", shot.number, problem)
        own = None
    return _samples(shot, look) if own is None else own


def own_sound(shot: Shot, look: Look) -> OwnSound | None:
    """What a shot plays of its clip's sound; None when that is nothing.

    Raises:
        ClipSoundUnreadable: There is sound, but it cannot be read.
        NotMedia: The clip is no video.
        MediaTruncated: Nothing of it can be shown.
    """
    path, level = shot.clip.path, shot.sound_level_db
    if not _may_be_heard(shot) or path is None or level is None:
        return None
    written = path.stat().st_mtime_ns
    if not probed(stamp_of(path)).has_audio:
        return None
    placed = place(shot, look, path)
    seekable = placed.info.seekable
    wrong = _what_is_wrong(path, written, placed.start, seekable=seekable)
    if wrong is not None:
        raise ClipSoundUnreadable(shot.clip.title, detail=wrong)
    samples = _samples(shot, look)
    pieces = pieces_of(placed, shot.frames, samples)
    return OwnSound(path, samples, level, pieces, seekable=seekable)


# A render asks several times: for the plan, the name, the mix, and the scene's warning. A file
# that was written anew is another one.
@lru_cache(1024)
def _what_is_wrong(path: Path, written: int, start: float, *, seekable: bool) -> str | None:
    """Why a clip's sound cannot be read from a place on, as the decoder says; None when it can."""
    del written
    try:
        next(decoding.clip(path, Stretch(start), seekable=seekable), None)
    except ClipSoundUnreadable as problem:
        return problem.detail
    return None


def _ingredients(heard: Heard) -> object:
    if isinstance(heard, int):
        return None
    pieces = [(stretch.start, stretch.slower, length) for stretch, length in heard.pieces]
    return fingerprint(heard.path), heard.samples, heard.level_db, pieces


def _make(studio: Studio, shots: Sequence[Shot], look: Look, target: Path) -> Work[None]:
    ffmpeg = studio.ffmpeg
    voices, mixed = target.with_suffix(".voices.pcm"), target.with_suffix(".mixed.pcm")
    seconds = sum(shot.frames for shot in shots) / look.fps
    heard = _all_heard(shots, look)
    try:
        laying = mixing.lay(_narrations(shots, look), voices)
        spans = yield from within(laying, 0.0, 0.15)
        track, guess = voices, TYPICAL_GAIN
        if look.music or any(isinstance(each, OwnSound) for each in heard):
            mixing_all = mixing.mix(ffmpeg, voices, spans, mixed, clips=heard, music=look.music)
            yield from within(mixing_all, 0.15, 0.4)
            track, guess = mixed, 0.0
        finding = loudness.find_gain(ffmpeg, track, seconds, guess)
        gain = yield from within(finding, 0.4, 0.6)
        yield from within(loudness.encode(ffmpeg, track, seconds, gain, target), 0.6, 1.0)
    finally:
        voices.unlink(missing_ok=True)
        mixed.unlink(missing_ok=True)


def _note(studio: Studio, shot: Shot, problem: AIVideoError) -> None:
    """Write a warning on a scene that has none."""
    with studio.store.session() as session:
        session.execute(
            update(Scene)
            .where(Scene.id == shot.scene_id, Scene.error_code.is_(None))
            .values(error_code=problem.code, error_message=problem.message)
        )
