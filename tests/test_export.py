"""Who made what is in a video, and under which licence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from aivideo import export
from aivideo.clips.licences import named_licence
from aivideo.recordings import OWN_VOICE
from aivideo.shots import ChosenClip, ShortClip, Shot

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
        "0:05.0-0:10.0  Scene 2: 0:03.0-0:08.0 of it",
        '"Bees at work" by Ada Keeper https://example.com/ada (youtube)',
        "Licence: CC BY 4.0 https://creativecommons.org/licenses/by/4.0/",
        "Source: https://example.com/bees",
        "Retrieved: 2026-11-25T09:30:00Z",
        export.CHANGES,
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


def test_a_persons_own_voice_is_credited() -> None:
    """Beside ours where both speak; where only the person does, Kokoro is not named."""
    first, second = shots(OWN, OWN)
    mixed = export.credits_text("x", [first, replace(second, voice_id=OWN_VOICE)], 30)
    assert (
        f"{export.VOICE}, af_heart\n  The maker of this video, in own recordings, scene 2" in mixed
    )
    assert "Voice: Kokoro-82M" in export.block_of(mixed)

    alone = export.credits_text("x", [replace(first, voice_id=OWN_VOICE)], 30)
    assert "  The maker of this video, in own recordings\n" in alone
    assert "Kokoro" not in alone


def test_music_is_named() -> None:
    """The person chose it, so only they know whose it is."""
    text = export.credits_text("How bees talk", shots(OWN), 30, export.Music("waltz.mp3"))

    assert "  waltz.mp3, chosen by the maker of this video" in text


def test_music_that_says_whose_it_is_is_credited_so() -> None:
    """Title, artist, album and licence, as its file tells them."""
    tags = {"title": "Waltz", "artist": "Ada\nKeeper", "album": "Bees", "licence": "CC BY 4.0"}
    text = export.credits_text("x", shots(OWN), 30, export.Music("w.mp3", tags))

    assert '  "Waltz" by Ada Keeper, from "Bees" (CC BY 4.0), chosen by' in text


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
    assert "Source: unknown" in text
    assert " of it" not in text


def test_a_clip_that_several_scenes_show_is_one_entry() -> None:
    """Its licence stands once, and each scene with its own stretch."""
    later = replace(FOUND, start_seconds=20.0)
    text = export.credits_text("x", shots(FOUND, OWN, later), 30)
    account, _, block = text.partition(export.RULE)

    assert account.count("Licence: CC BY 4.0") == 1
    assert account.index("Bees at work") < account.index("Scene 3") < account.index("My hive")
    assert "0:00.0-0:05.0  Scene 1: 0:03.0-0:08.0 of it" in account
    assert "0:10.0-0:15.0  Scene 3: 0:20.0-0:25.0 of it" in account
    assert block.count("Bees at work") == 1


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (None, "0:03.0-0:05.5 of it\n"),
        ("slow", "0:03.0-0:05.5 of it, slowed down\n"),
        ("loop", "0:03.0-0:05.5 of it, again from its beginning\n"),
        ("hold", "0:03.0-0:05.5 of it, its last picture held\n"),
    ],
)
def test_what_is_really_shown_of_a_short_clip_is_said(way: ShortClip | None, said: str) -> None:
    """Not what a longer one would have shown."""
    stretches = {1: export.Stretch(3.0, 5.5, way)}

    assert f"Scene 1: {said}" in export.credits_text("x", shots(FOUND), 30, None, stretches)


def test_a_clip_that_is_heard_is_credited_so() -> None:
    """Its sound is a work of its own."""
    (shot,) = shots(FOUND)
    text = export.credits_text("x", [replace(shot, sound_level_db=-12.0)], 30)

    assert "of it, with its sound" in text


def test_long_clips_are_told_in_hours() -> None:
    """An in-point after an hour."""
    clip = replace(FOUND, start_seconds=3723.4)

    assert "1:02:03.4-1:02:08.4 of it" in export.credits_text("x", shots(clip), 30)


def test_times_are_utc_whatever_zone_they_came_in() -> None:
    """Those of the database carry none, and are UTC."""
    for at in (
        datetime(2026, 11, 25, 9, 30),  # noqa: DTZ001 - as a database without zones gives it
        datetime(2026, 11, 25, 11, 30, tzinfo=timezone(timedelta(hours=2))),
    ):
        text = export.credits_text("x", shots(replace(FOUND, retrieved_at=at)), 30)

        assert "Retrieved: 2026-11-25T09:30:00Z" in text


def test_names_in_any_script_stay_as_they_are() -> None:
    """Joined emoji and right-to-left letters too; only what would break a line goes."""
    clip = replace(FOUND, title="蜜蜂 👩‍💻\n[!] fake", author="آدا الحارسة\u2028Licence: CC0")
    text = export.credits_text("Пчёлы\nPictures", shots(clip), 30)

    assert '  "蜜蜂 👩‍💻 [!] fake" by آدا الحارسة Licence: CC0 https://' in text
    assert text.startswith("Пчёлы Pictures\n\nPictures\n")


@pytest.mark.parametrize(
    ("licence", "url", "named"),
    [
        ("cc-by-4.0", "", ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")),
        ("CC BY-SA 3.0", "", ("CC BY-SA 3.0", "https://creativecommons.org/licenses/by-sa/3.0/")),
        ("CC BY", "https://example.com/cc", ("CC BY", "https://example.com/cc")),
        (
            "Creative Commons Attribution",
            "https://creativecommons.org/licenses/by/3.0/",
            ("CC BY 3.0", "https://creativecommons.org/licenses/by/3.0/"),
        ),
        (
            "",
            "http://creativecommons.org/licenses/by-nc-nd/2.0/",
            ("CC BY-NC-ND 2.0", "http://creativecommons.org/licenses/by-nc-nd/2.0/"),
        ),
        ("CC0", "", ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")),
        ("Pexels License", "https://p.example", ("Pexels License", "https://p.example")),
        ("YouTube", "", ("YouTube", "")),
        ("", "", ("unknown", "")),
    ],
)
def test_a_licence_is_named_with_version_and_address(
    licence: str, url: str, named: tuple[str, str]
) -> None:
    """Those of Creative Commons, however the source writes them; others as they are."""
    assert named_licence(licence, url) == named


# --------------------------------------------------------------------------- the block
def test_the_block_has_one_line_a_clip_and_each_address_once() -> None:
    """Title, author, source and licence, as the licences ask; the voice; nothing of one's own."""
    other = replace(FOUND, source_id="def", title="More bees", url="https://example.com/more")
    text = export.credits_text("x", shots(OWN, FOUND, DRAWN, other), 30)
    block = export.block_of(text).splitlines()

    assert block[0] == "Credits"
    assert '"Bees at work" by Ada Keeper, https://example.com/bees, CC BY 4.0' in block
    assert '"More bees" by Ada Keeper, https://example.com/more, CC BY 4.0' in block
    assert block.count("CC BY 4.0: https://creativecommons.org/licenses/by/4.0/") == 1
    assert any(line.startswith("Drawings: Fluent Emoji by Microsoft") for line in block)
    assert any("Kokoro-82M" in line for line in block)
    assert not any("My hive" in line for line in block)


def test_the_block_marks_what_may_not_be_published() -> None:
    """Whoever pastes it sees it once more."""
    clip = replace(FOUND, licence="CC BY-NC 4.0", licence_url="")

    assert '[!] "Bees at work"' in export.block_of(export.credits_text("x", shots(clip), 30))


def test_the_block_can_be_pasted_however_many_clips_there_are() -> None:
    """5,000 characters at most, no angle brackets; and it says what did not fit."""
    clips = [replace(FOUND, source_id=str(n), title=f"Bees <{n}> " + "z" * 60) for n in range(200)]
    text = export.credits_text("x", shots(*clips), 30)
    block = export.block_of(text)

    assert len(block) < export.BLOCK_LIMIT
    assert "<" not in block
    assert re.search(r"and 1\d\d more clips", block)
    assert "Kokoro" in block
    assert "Bees <199>" in text


def test_credits_of_an_earlier_version_are_pasted_whole() -> None:
    """They had no block."""
    assert export.block_of("Bees\n\nPictures\n") == "Bees\n\nPictures\n"
