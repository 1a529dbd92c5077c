"""The script's words, on screen when they are spoken."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from aivideo import captions
from aivideo.captions import LAYOUTS, READING, Cue, make_cues, timed_words
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.filters import captions_filter
from aivideo.engines.speech import Word

HOSTILE = r"{\an8} it's 100%: [x]; \N done"


def spoken(text: str, seconds_a_word: float = 0.3) -> list[Word]:
    """The words of a text, one after the other."""
    return [
        Word(word, n * seconds_a_word, (n + 1) * seconds_a_word)
        for n, word in enumerate(text.split())
    ]


def cues_of(text: str, aspect: str = "16:9") -> list[Cue]:
    """The cues of a text in a shape."""
    words = spoken(text)
    return make_cues(words, LAYOUTS[aspect], until=words[-1].end + 0.3)


def events(ass: str) -> list[tuple[float, float, str]]:
    """Start, end and text of each event of an ASS file."""
    found = []
    for line in ass.splitlines():
        if line.startswith("Dialogue:"):
            fields = line.split(",", 9)
            start, end = (sum(float(x) * 60**n for n, x in enumerate(reversed(t.split(":"))))
                          for t in fields[1:3])  # fmt: skip
            found.append((start, end, fields[9]))
    return found


def lit_word(text: str) -> str:
    """The word that is lit in an event's text."""
    found = re.search(r"\{\\c&H3CD7FF&\}(.*?)\{\\c&HFFFFFF&\}", text)
    return found[1] if found else ""


def burned(ass: str, tmp_path: Path, size: tuple[int, int], background: str) -> np.ndarray:
    """The picture that ffmpeg makes of a caption file at its beginning, as RGB."""
    path = tmp_path / "it's [a] file; 100%.ass"
    path.write_text(ass, encoding="utf-8")
    command = [
        str(FFmpeg().path), "-v", "error", "-f", "lavfi",
        "-i", f"color={background}:size={size[0]}x{size[1]}:rate=30",
        "-vf", f"format=yuv444p,{captions_filter(path, captions.FONTS)},format=rgb24",
        "-frames:v", "1", "-f", "rawvideo", "-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own list
    return np.frombuffer(done.stdout, np.uint8).reshape(size[1], size[0], 3)


# --------------------------------------------------------------------------- words
def test_the_voices_times_are_used_when_its_words_are_the_scripts() -> None:
    """The engine that speaks knows best when each word is heard."""
    heard = [Word("Hello", 0.1, 0.4), Word("world.", 0.5, 0.9)]

    assert timed_words("Hello world.", heard, 1.0) == heard


@pytest.mark.parametrize(
    "heard",
    [
        [],
        [Word("hello", 0.1, 0.4), Word("world", 0.5, 0.9)],
        [Word("Hello", 0.5, 0.9), Word("world.", 0.1, 0.4)],
    ],
    ids=["nothing", "other words", "out of order"],
)
def test_words_without_usable_times_share_the_narration(heard: list[Word]) -> None:
    """The words on screen are the script's whatever the engine could tell, spread over the time."""
    words = timed_words("Hello world.", heard, 2.0)

    assert [word.text for word in words] == ["Hello", "world."]
    assert (words[0].start, words[-1].end) == (0.0, 2.0)
    assert 0.7 < words[0].end < 1.3


def test_a_text_without_words_has_no_captions() -> None:
    """Nothing to show is no reason to stop."""
    assert make_cues(timed_words("  ", [], 1.0), READING, until=1.0) == []


# --------------------------------------------------------------------------- cues
TEXT = (
    "Honeybees dance to tell their sisters where the flowers are. A waggle run, repeated many "
    "times, points at the sun and says how far to fly. It costs $3.50 at "
    "https://example.com/a?b=1 & more, said Dr. Smith."
)


@pytest.mark.parametrize("aspect", LAYOUTS)
def test_every_word_of_the_script_is_shown_once_and_in_order(aspect: str) -> None:
    """Captions lose, change and repeat nothing."""
    shown = "".join(cue.text for cue in cues_of(TEXT, aspect)).replace("\n", "")

    assert shown.replace(" ", "") == TEXT.replace(" ", "")


@pytest.mark.parametrize("aspect", LAYOUTS)
def test_no_cue_has_more_than_two_lines(aspect: str) -> None:
    """More would cover the picture."""
    assert max(len(cue.lines) for cue in cues_of(TEXT * 3, aspect)) <= 2


@pytest.mark.parametrize("aspect", LAYOUTS)
def test_a_word_of_seventy_letters_is_broken_into_lines_that_fit(aspect: str) -> None:
    """A word without an end stays inside the safe area."""
    cues = cues_of("See " + "w" * 70 + " there", aspect)

    widest = max(len(run) for cue in cues for run in re.findall("w+", cue.text))
    assert widest <= LAYOUTS[aspect].line_ems / 0.9


def test_writing_without_blanks_is_broken_too() -> None:
    """Chinese has no blanks between words."""
    cues = cues_of("蜜蜂跳舞告诉它们的姐妹花在哪里" * 4, "9:16")

    assert max(len(line) for cue in cues for line in cue.text.split("\n")) <= 11
    assert len(cues) > 1


def test_a_broken_word_shares_its_time() -> None:
    """The parts of a long word light up one after the other."""
    cues = make_cues([Word("a" * 40, 1.0, 3.0)], LAYOUTS["9:16"], until=3.0)

    starts = [piece.start for cue in cues for line in cue.lines for piece in line]
    assert starts[0] == 1.0
    assert starts == sorted(set(starts))


def test_sentences_begin_new_cues_and_abbreviations_do_not() -> None:
    """A full stop after a title ends no sentence."""
    cues = cues_of("We met Dr. Smith there. She was kind.")

    assert [cue.text for cue in cues] == ["We met Dr. Smith there.", "She was kind."]


def test_lines_are_balanced_and_rather_cut_at_commas() -> None:
    """No line of one word under a full one."""
    cue, *_ = cues_of("A waggle run, repeated many times, points straight at the morning sun")

    first, second = cue.text.split("\n")
    assert first.endswith(",")
    assert abs(len(first) - len(second)) < 12


def test_a_cue_stays_until_the_next_but_not_through_a_silence() -> None:
    """Between sentences captions do not flicker; in a long pause they go."""
    words = [Word("One", 0.0, 0.3), Word("two.", 0.3, 0.6), Word("Three", 0.8, 1.0),
             Word("four.", 1.0, 1.2), Word("Late", 4.0, 4.5)]  # fmt: skip

    first, second, third = make_cues(words, LAYOUTS["16:9"], until=4.8)

    assert (first.end, second.start) == (0.8, 0.8)
    assert second.end == pytest.approx(1.6)
    assert (third.start, third.end) == (4.0, 4.8)


def test_two_thousand_letters_without_a_full_stop_are_shared_out_at_once() -> None:
    """A scene at the limit costs no noticeable time."""
    cues = cues_of("word " * 400, "9:16")

    assert len(cues) > 40


# --------------------------------------------------------------------------- ASS
@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_a_word_lights_up_in_the_frame_where_it_begins(fps: int) -> None:
    """The event starts after the frame before and not after the frame of the word."""
    words = [Word(f"w{n}", 0.137 * n, 0.137 * (n + 1)) for n in range(60)]
    cues = make_cues(words, LAYOUTS["16:9"], until=60 * 0.137)
    shown = {lit_word(text): start for start, _, text in
             events(captions.to_ass(cues, LAYOUTS["16:9"], (1920, 1080), fps))}  # fmt: skip

    for word in words:
        frame = round(word.start * fps)
        assert (frame - 1) / fps < shown[word.text] <= frame / fps + 1e-9


def test_exactly_one_word_is_lit_at_any_time() -> None:
    """Events of a cue follow each other without a gap or an overlap."""
    shown = events(captions.to_ass(cues_of(TEXT), LAYOUTS["16:9"], (1920, 1080), 30))

    assert all(lit_word(text) for _, _, text in shown)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(shown))


def test_text_cannot_command_the_captions() -> None:
    """Braces, backslashes and everything between them are shown, not obeyed."""
    ass = captions.to_ass(cues_of(HOSTILE), LAYOUTS["16:9"], (1920, 1080), 30)

    (_, _, text), *_ = events(ass)
    assert r"\{\N"[:2] in text
    assert not re.search(r"(?<!\\)\{\\an8", text)
    assert r"\N done" not in text


def test_control_characters_do_not_reach_a_caption() -> None:
    """A stray carriage return would end the event's line."""
    ass = captions.to_ass(cues_of("One\x07two three\x1b four"), LAYOUTS["16:9"], (640, 360), 30)

    assert "Onetwo" in ass
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", ass)


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("שלום", "Noto Sans Hebrew"),
        ("مرحبا", "Noto Sans Arabic"),
        ("नमस्ते", "Noto Sans Devanagari"),
        ("สวัสดี", "Noto Sans Thai"),
    ],
)
def test_a_script_that_the_main_font_lacks_gets_its_own(text: str, font: str) -> None:
    """Each script is set in a font of ours that has it; other words are not."""
    (_, _, shown), *_ = events(
        captions.to_ass(cues_of(f"Xqzt-9 {text}"), LAYOUTS["16:9"], (1920, 1080), 30)
    )

    assert f"\\fn{font}" in shown
    assert f"}}{text}{{" in shown
    assert shown.count(r"\fnNoto") == 1


def test_emoji_are_left_out_and_signs_are_kept() -> None:
    """No font here has emoji; degrees and trade marks are letters like others."""
    (_, _, shown), *_ = events(
        captions.to_ass(cues_of("Bees™ 🐝👍🏽 like 20°C"), LAYOUTS["16:9"], (1920, 1080), 30)
    )

    assert "🐝" not in shown
    assert "👍" not in shown
    assert "Bees™" in shown
    assert "20°C" in shown


@pytest.mark.parametrize(
    ("aspect", "size"), [("16:9", (960, 540)), ("9:16", (540, 960)), ("1:1", (540, 540))]
)
def test_captions_can_be_read_on_white_inside_the_safe_area(
    tmp_path: Path, aspect: str, size: tuple[int, int]
) -> None:
    """White letters stand out from a white picture, and nothing comes near an edge."""
    ass = captions.to_ass(cues_of(f"{HOSTILE} {'W' * 70}", aspect), LAYOUTS[aspect], size, 30)

    picture = burned(ass, tmp_path, size, "white")

    changed = np.argwhere((picture < 200).any(axis=2))
    width, height = size
    assert len(changed) > 500
    assert changed[:, 1].min() > width * 0.04
    assert changed[:, 1].max() < width * 0.96
    assert changed[:, 0].max() < height * 0.95
    assert (picture[changed[:, 0], changed[:, 1]].max(axis=1) < 60).sum() > 100


def test_right_to_left_is_ordered_by_the_renderer(tmp_path: Path) -> None:
    """The first word of a Hebrew line stands on its right, and is the one that is lit."""
    words = [Word("שלום", 0.0, 1.0), Word("לכולם", 1.0, 2.0), Word("היום", 2.0, 3.0)]
    cues = make_cues(words, LAYOUTS["16:9"], until=3.0)
    ass = captions.to_ass(cues, LAYOUTS["16:9"], (960, 540), 30)

    picture = burned(ass, tmp_path, (960, 540), "gray").astype(int)

    lit = np.argwhere((picture[..., 0] > 200) & (picture[..., 2] < 120))
    white = np.argwhere((picture > 220).all(axis=2))
    assert lit[:, 1].min() > np.median(white[:, 1])


# --------------------------------------------------------------------------- SRT and VTT
def test_an_srt_file_numbers_and_times_its_cues() -> None:
    """As players read it: a comma before the thousandths."""
    cues = make_cues([Word("Hello", 0.0, 0.5), Word("there.", 0.5, 3661.25)], READING, until=3662)

    assert captions.to_srt(cues) == "1\n00:00:00,000 --> 01:01:01,650\nHello there.\n"


def test_a_vtt_file_escapes_what_would_be_markup() -> None:
    """An ampersand or an angle bracket of the script is shown."""
    cues = make_cues([Word("a<b", 0.0, 0.5), Word("&", 0.5, 1.0)], READING, until=1.0)

    assert captions.to_vtt(cues) == ("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na&lt;b &amp;\n")


def test_beside_the_video_words_are_left_whole() -> None:
    """A player breaks lines itself; a product's name stays one word."""
    word = "Supercalifragilisticexpialidocious-and-then-some-to-seventy-letters-xx"

    assert word in captions.to_srt(make_cues(spoken(f"This is {word} here"), READING, until=2.0))


def test_cues_of_a_later_scene_come_later() -> None:
    """Each scene's captions are moved to where the scene begins."""
    (cue,) = captions.later(make_cues([Word("Hi", 0.0, 0.5)], READING, until=1.0), 10.0)

    assert (cue.start, cue.end) == (10.0, 11.0)
