"""What goes with a video: who made what is in it, under which licence. Pure.

``credits_text`` is the whole account; its last part, ``block_of``, is short enough to be pasted
under a video, where platforms take 5,000 characters and no angle brackets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final

from aivideo.clips import licences
from aivideo.clips.licences import named_licence
from aivideo.engines.titles import tidied
from aivideo.recordings import OWN_VOICE
from aivideo.shots import ChosenClip, ShortClip, Shot

REUSABLE: Final = licences.REUSABLE
"""Names of licences that allow to publish a picture, at most with credit."""

VOICE: Final = "Kokoro-82M by hexgrad, https://huggingface.co/hexgrad/Kokoro-82M (Apache-2.0)"
ICONS: Final = "Fluent Emoji by Microsoft, https://github.com/microsoft/fluentui-emoji (MIT)"
CHANGES: Final = "The pictures were cut, resized and combined."
"""Creative Commons licences ask to say what was changed."""
UNCLEAR: Final = (
    "[!] This licence is not known to allow publishing the picture in a video.\n"
    "    Ask its author, or choose another clip."
)
RULE: Final = "To paste under the video\n------------------------\n"
"""What stands before the block."""
BLOCK_LIMIT: Final = 5000
"""Characters that YouTube takes as a description: the narrowest of the large platforms."""
_ROOM: Final = 400
"""Characters of the block kept free for what a person writes above it."""

_BRACKETS: Final = {ord("<"): "\u2039", ord(">"): "\u203a"}

_WAYS: Final[Mapping[ShortClip, str]] = {
    "loop": "again from its beginning",
    "slow": "slowed down",
    "hold": "its last picture held",
}


@dataclass(frozen=True)
class Stretch:
    """What a scene shows of a video clip.

    Attributes:
        start: The clip's second at which it begins.
        end: The clip's second at which it ends.
        way: What was done about a clip that is too short; None when it is long enough.
    """

    start: float
    end: float
    way: ShortClip | None = None


@dataclass(frozen=True)
class Music:
    """The file under the narration.

    Attributes:
        name: What the file is called.
        tags: What it says of itself, by the names of ``engines.tags``.
    """

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Entry:
    """One clip with every scene that shows it."""

    clip: ChosenClip
    shots: tuple[Shot, ...]

    @property
    def drawn(self) -> bool:
        return self.clip.kind == "illustration"

    @property
    def credited(self) -> bool:
        """Whether somebody else made it."""
        return not self.drawn and not _is_own(self.clip)


def credits_text(
    name: str,
    shots: Sequence[Shot],
    fps: int,
    music: Music | None = None,
    stretches: Mapping[int, Stretch] | None = None,
) -> str:
    """The credits of a video: each clip with the scenes that show it, the voices, the music.

    Args:
        name: What the video is called.
        shots: Its scenes in order.
        fps: Its frames a second.
        music: The file under the narration, if any.
        stretches: What scenes show of their clips, by their numbers, as far as it is known.
    """
    entries, known = _entries(shots), stretches or {}
    lines = [tidied(name), "", "Pictures"]
    for entry in entries:
        lines += _account(entry, fps, known)
    if any(entry.credited for entry in entries):
        lines += [f"  {CHANGES}"]
    lines += ["", "Voice", f"  {_voice(shots)}"]
    if music is not None:
        lines += ["", "Music", f"  {_music(music)}"]
    if any(not may_be_reused(entry.clip) for entry in entries):
        lines += ["", UNCLEAR]
    spoken = any(shot.voice_id != OWN_VOICE for shot in shots)
    return "\n".join(lines) + f"\n\n\n{RULE}{_block(entries, music, spoken=spoken)}\n"


def block_of(text: str) -> str:
    """The part of a video's credits that is pasted under it; all of those made before it was."""
    return text.partition(RULE)[2].strip() or text


def may_be_reused(clip: ChosenClip) -> bool:
    """Whether a clip's licence allows it to be published in a video."""
    return licences.may_be_reused(clip.kind, clip.licence, clip.licence_url)


def _entries(shots: Sequence[Shot]) -> list[_Entry]:
    """Clips in the order in which they are seen first; drawn scenes are one entry."""
    seen: dict[tuple[str, str], list[Shot]] = {}
    for shot in shots:
        clip = shot.clip
        key = ("", "") if clip.kind == "illustration" else (clip.source, clip.source_id)
        seen.setdefault(key, []).append(shot)
    return [_Entry(each[0].clip, tuple(each)) for each in seen.values()]


def _account(entry: _Entry, fps: int, stretches: Mapping[int, Stretch]) -> Iterator[str]:
    """All that is known of a clip, and where it is in the video and the video in it."""
    clip = entry.clip
    if entry.drawn:
        yield f"  Drawn by AI Video Generator; icons: {ICONS}"
    else:
        yield f"  {_whose(clip)}"
    if entry.credited:
        mark = "" if may_be_reused(clip) else "[!] "
        yield f"      {mark}Licence: {' '.join(filter(None, _licence(clip)))}"
        yield f"      Source: {tidied(clip.url) or 'unknown'}"
        yield f"      Retrieved: {_when(clip)}"
    for shot in entry.shots:
        start, seconds = shot.first_frame / fps, shot.frames / fps
        part = _shown(shot, seconds, stretches) if clip.kind == "video" else ""
        title = f' "{tidied(shot.clip.title)}"' if entry.drawn else ""
        yield f"      {_clock(start)}-{_clock(start + seconds)}  Scene {shot.number}{title}{part}"


def _shown(shot: Shot, seconds: float, stretches: Mapping[int, Stretch]) -> str:
    """What a scene shows of its clip."""
    start = shot.clip.start_seconds
    stretch = stretches.get(shot.number, Stretch(start, start + seconds))
    way = f", {_WAYS[stretch.way]}" if stretch.way else ""
    heard = ", with its sound" if shot.sound_level_db is not None else ""
    return f": {_clock(stretch.start)}-{_clock(stretch.end)} of it{way}{heard}"


def _whose(clip: ChosenClip) -> str:
    title = f'"{tidied(clip.title)}"'
    if _is_own(clip):
        return f"{title}, own footage"
    author = " ".join(
        filter(None, [tidied(clip.author) or "unknown author", tidied(clip.author_url)])
    )
    return f"{title} by {author} ({clip.source})"


def _is_own(clip: ChosenClip) -> bool:
    return clip.licence.strip().lower() == "own"


def _licence(clip: ChosenClip) -> tuple[str, str]:
    return named_licence(clip.licence, clip.licence_url)


def _when(clip: ChosenClip) -> str:
    """The time of retrieval in ISO 8601, UTC."""
    at = clip.retrieved_at
    if at is None:
        return "unknown"
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _voice(shots: Sequence[Shot]) -> str:
    voices = sorted({shot.voice_id for shot in shots} - {OWN_VOICE})
    own = [shot.number for shot in shots if shot.voice_id == OWN_VOICE]
    told = [f"{VOICE}, {', '.join(voices)}"] if voices else []
    if own:
        scenes = ", ".join(map(str, own))
        of = f", scene{'s' if len(own) > 1 else ''} {scenes}" if voices else ""
        told.append(f"The maker of this video, in own recordings{of}")
    return "\n  ".join(told)


def _music(music: Music) -> str:
    """Whose the music is, as far as its file tells; the person chose it and knows the rest."""
    tags = {key: tidied(value) for key, value in music.tags.items()}
    title = f'"{tags["title"]}"' if tags.get("title") else tidied(music.name)
    by = f" by {tags['artist']}" if tags.get("artist") else ""
    album = f', from "{tags["album"]}"' if tags.get("album") else ""
    rights = tags.get("licence") or tags.get("copyright")
    told = f" ({rights})" if rights else ""
    return f"{title}{by}{album}{told}, chosen by the maker of this video"


def _block(entries: Sequence[_Entry], music: Music | None, *, spoken: bool) -> str:
    """Every clip that wants credit in one line, licences' addresses once, within the limit."""
    credited = [entry for entry in entries if entry.credited]
    head = ["Credits"]
    tail = [f"Drawings: {ICONS}"] if any(entry.drawn for entry in entries) else []
    tail += [f"Voice: {VOICE}"] if spoken else []
    tail += [f"Music: {_music(music)}"] if music is not None else []
    addresses = dict(filter(all, (_licence(entry.clip) for entry in credited)))
    tail += [f"{name}: {address}" for name, address in addresses.items()]
    tail += [CHANGES] if credited else []
    clips = [_short(entry.clip) for entry in credited]
    room = BLOCK_LIMIT - _ROOM - sum(len(line) + 1 for line in [*head, *tail])
    lengths = itertools.accumulate(len(line) + 1 for line in clips)
    fitting = sum(length <= room - 80 for length in lengths)
    if fitting < len(clips):
        rest = f"... and {len(clips) - fitting} more clips: see the file of credits."
        clips = [*clips[:fitting], rest]
    return "\n".join([*head, *clips, *tail]).translate(_BRACKETS)


def _short(clip: ChosenClip) -> str:
    mark = "" if may_be_reused(clip) else "[!] "
    author = tidied(clip.author) or "unknown author"
    facts = [f'"{tidied(clip.title)}" by {author}', tidied(clip.url), _licence(clip)[0]]
    return mark + ", ".join(filter(None, facts))


def _clock(seconds: float) -> str:
    tenths = round(seconds * 10)
    minutes = f"{tenths // 600 % 60}:{tenths // 10 % 60:02d}.{tenths % 10}"
    hours = tenths // 36_000
    return f"{hours}:{minutes.zfill(7)}" if hours else minutes
