"""The published voices of Kokoro: who they are, which can speak here, and their vectors."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from aivideo.engines import front_ends
from aivideo.engines.blends import Weighted, blend_id, parts_of
from aivideo.errors import TextNotForVoice, VoiceUnavailable, VoiceUnknown
from aivideo.spoken import LANGUAGES, language_of, script_of

VECTORS: Final = Path(__file__).parents[2] / "assets" / "voices"
ENGLISH: Final = "kokoro-v1.0-english.npz"
OTHERS: Final = "kokoro-v1.0-other-languages.npz"
SHAPE: Final = (510, 256)
"""Of a voice: a row of style for each number of phonemes."""


@dataclass(frozen=True)
class Voice:
    """One published voice.

    Attributes:
        id: Such as ``af_heart``.
        name: For people, such as "Heart".
        gender: ``female`` or ``male``.
        language: BCP 47, such as ``en-US``.
        grade: The grade its publisher gives it, A to F.
        missing: Why it cannot speak on this machine; empty when it can.
    """

    id: str
    name: str
    gender: Literal["female", "male"]
    language: str
    grade: str
    missing: str = ""


@dataclass(frozen=True)
class Blend(Voice):
    """Several voices as one; language and gender are those of the first, whose accent speaks.

    Attributes:
        parts: The voices' ids with their weights, which add up to 1.
    """

    parts: tuple[Weighted, ...] = ()


# Every voice that was published with Kokoro v1.0, with its publisher's grade ("-": none given).
_PUBLISHED: Final = """
    en-US af heart A, bella A-, nicole B-, aoede C+, kore C+, sarah C+, alloy C, nova C, sky C-
    en-US af jessica D, river D
    en-US am fenrir C+, michael C+, puck C+, echo D, eric D, liam D, onyx D, santa D-, adam F+
    en-GB bf emma B-, isabella C, alice D, lily D
    en-GB bm fable C, george C, lewis D+, daniel D
    es-ES ef dora -
    es-ES em alex -, santa -
    fr-FR ff siwis B-
    hi-IN hf alpha C, beta C
    hi-IN hm omega C, psi C
    it-IT if sara C
    it-IT im nicola C
    ja-JP jf alpha C+, gongitsune C, tebukuro C, nezumi C-
    ja-JP jm kumo C-
    pt-BR pf dora -
    pt-BR pm alex -, santa -
    zh-CN zf xiaobei D, xiaoni D, xiaoxiao D, xiaoyi D
    zh-CN zm yunjian D, yunxi D, yunxia D, yunyang D
"""
_SCRIPTS: Final = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}
_LATIN: Final = frozenset({"LATIN", "FULLWIDTH", "FEMININE", "MASCULINE", "MICRO"})
_READ: Final = {
    "hi": _LATIN | {"DEVANAGARI"},
    "ja": frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    "zh": frozenset({"CJK"}),
}
"""The scripts that a language's voices read where they are not just the Latin one."""
MOST_OFFERED: Final = 3
"""Voices that a sentence names for somebody to choose from."""
_GRADES: Final = ("A", "A-", "B-", "C+", "C", "C-", "D+", "D", "D-", "F+", "")


def _published() -> Iterator[Voice]:
    for line in _PUBLISHED.strip().splitlines():
        language, prefix, names = line.split(maxsplit=2)
        missing = front_ends.missing(prefix[0])
        for name, grade in (entry.split() for entry in names.split(",")):
            yield Voice(
                id=f"{prefix}_{name}",
                name=name.capitalize(),
                gender="female" if prefix[1] == "f" else "male",
                language=language,
                grade=grade.lstrip("-"),
                missing=missing,
            )


CATALOGUE: Final = tuple(sorted(_published(), key=lambda voice: _GRADES.index(voice.grade)))
"""All 54 published voices, best grade first; ``missing`` says which cannot speak here."""


def find_voice(voices: Sequence[Voice], voice_id: str) -> Voice:
    """The voice with this id, or the blend that it writes, ready to speak.

    Raises:
        VoiceUnknown: There is no such voice; the nearest are named.
        VoiceUnavailable: It cannot speak on this machine.
        VoiceBlendInvalid: The blend's weights do not add up to 1, say.
    """
    parts = parts_of(voice_id)
    found = [_find_one(voices, name) for name, _ in parts]
    if len(found) == 1:
        return found[0]
    first = found[0]
    names = " and ".join([", ".join(voice.name for voice in found[:-1]), found[-1].name])
    return Blend(blend_id(parts), names, first.gender, first.language, "", parts=parts)


def _find_one(voices: Sequence[Voice], voice_id: str) -> Voice:
    for voice in voices:
        if voice.id == voice_id:
            if voice.missing:
                raise VoiceUnavailable(voice.name, voice.missing)
            return voice
    here = [voice.id for voice in voices if not voice.missing]
    raise VoiceUnknown(voice_id, difflib.get_close_matches(voice_id, here, cutoff=0.4) or here[:3])


def check_script(text: str, voice: Voice) -> None:
    """Refuse a text most of whose letters the voice cannot read.

    Raises:
        TextNotForVoice: They are of another script than the voice's language.
    """
    script = script_of(text)
    if any(map(str.isalpha, text)) and script not in _READ.get(voice.language[:2], _LATIN):
        named = _SCRIPTS.get(script, script.capitalize())
        speaks = LANGUAGES[voice.language[:2]]
        raise TextNotForVoice(voice.name, speaks, named, speaking(language_of(text)))


def speaking(language: str | None, voices: Sequence[Voice] = ()) -> list[str]:
    """The best voices that speak a language here, for somebody to choose from.

    Args:
        language: ISO 639; None gives none.
        voices: To choose from; the whole catalogue when left out.
    """
    able = (v.id for v in voices or CATALOGUE if v.language[:2] == language and not v.missing)
    return list(islice(able, MOST_OFFERED))


def vector(voice: Voice) -> NDArray[np.float32]:
    """What makes the voice: one row for each number of phonemes, shape (510, 256).

    A blend's is the weighted mean of its parts' (as the publisher mixes voices).
    """
    parts = voice.parts if isinstance(voice, Blend) else ((voice.id, 1.0),)
    rows = np.zeros(SHAPE, np.float32)
    for name, weight in parts:
        with np.load(VECTORS / (ENGLISH if name[0] in "ab" else OTHERS)) as vectors:
            rows += np.float32(weight) * vectors[name].astype(np.float32)
    return rows
