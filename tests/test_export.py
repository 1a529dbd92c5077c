"""Who made what is in a video, and under which licence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aivideo import export
from aivideo.shots import ChosenClip, Shot

RETRIEVED = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
FOUND = ChosenClip(
    source="youtube",
    source_id="abc",
    kind="video",
    title="Bees at work",
    start_seconds=3.0,
    author="Ada Keeper",
    author_url="https://example.com/ada",
    url="https://example.com/bees",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    retrieved_at=RETRIEVED,
)
DRAWN = ChosenClip(
    source="illustrated", source_id="x", kind="illustration", title="Honeybee, drawn"
)
OWN = ChosenClip(source="library", source_id="y", kind="video", title="My hive", licence="own")


def shots(*clips: ChosenClip) -> list[Shot]:
    """A shot of five seconds for each clip."""
    return [
        Shot(
            number=n + 1,
            scene_id=str(n),
            first_frame=150 * n,
            frames=150,
            narration=Path("voice.wav"),
            narration_seconds=4.6,
            voice_id="af_heart",
            words=(),
            clip=clip,
        )
        for n, clip in enumerate(clips)
    ]


def test_a_found_clip_is_credited_with_everything_its_licence_asks_for() -> None:
    """Title, author, address, licence, when it was retrieved, and which part was used."""
    text = export.credits_text("How bees talk", shots(OWN, FOUND), 30)

    for said in (
        "How bees talk",
        "0:05.0-0:10.0  Scene 2",
        '"Bees at work" by Ada Keeper https://example.com/ada (youtube)',
        "Licence: CC BY 4.0 https://creativecommons.org/licenses/by/4.0/",
        "Source: https://example.com/bees",
        "Used: 0:03.0-0:08.0",
        "Retrieved: 2026-11-25 09:30 UTC",
    ):
        assert said in text


def test_an_illustration_is_credited_to_its_icons() -> None:
    """The icons' makers are named with their licence."""
    text = export.credits_text("How bees talk", shots(DRAWN), 30)

    assert "Fluent Emoji by Microsoft" in text
    assert "(MIT)" in text
    assert "[!]" not in text


def test_the_voice_is_credited() -> None:
    """Kokoro and its licence, with the voices that speak."""
    text = export.credits_text("How bees talk", shots(OWN), 30)

    assert "Kokoro-82M" in text
    assert "Apache-2.0" in text
    assert "af_heart" in text


def test_music_is_named() -> None:
    """The person chose it, so only they know whose it is."""
    text = export.credits_text("How bees talk", shots(OWN), 30, Path("tunes/waltz.mp3"))

    assert "waltz.mp3" in text


@pytest.mark.parametrize(
    "licence",
    ["CC0", "CC BY 4.0", "CC BY-SA 3.0", "cc-by-4.0", "Public domain", "own", "MIT",
     "Pexels License", "Creative Commons Attribution license (reuse allowed)"],
)  # fmt: skip
def test_a_licence_that_allows_reuse_is_not_marked(licence: str) -> None:
    """These allow a picture to be cut, combined and published."""
    clip = ChosenClip("s", "i", "video", "t", licence=licence)

    assert export.may_be_reused(clip)


@pytest.mark.parametrize(
    "licence",
    ["", "YouTube", "Standard YouTube License", "CC BY-NC 4.0", "CC BY-ND 4.0",
     "All rights reserved", "CC BY-NC-SA 2.0"],
)  # fmt: skip
def test_a_licence_that_forbids_or_does_not_say_is_marked(licence: str) -> None:
    """The credits warn, and say what to do."""
    text = export.credits_text(
        "How bees talk", shots(ChosenClip("s", "i", "video", "t", licence=licence)), 30
    )

    assert "[!] Licence" in text
    assert "Ask its author" in text


def test_what_is_unknown_is_said_to_be() -> None:
    """No author, no time: the credits do not make any up."""
    text = export.credits_text("x", shots(ChosenClip("s", "i", "still", "t", licence="CC0")), 30)

    assert "unknown author" in text
    assert "Retrieved: unknown" in text
    assert "Used:" not in text
