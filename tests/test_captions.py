"""The script's words, on screen when they are spoken."""

# ruff: noqa: RUF001 - Chinese punctuation is what is tested

from __future__ import annotations

import html
import itertools
import re
from typing import get_args

import pytest

from aivideo import captions
from aivideo.captions import LAYOUTS, READING, Cue, Style, layout_of, make_cues, timed_words
from aivideo.captions.breaking import NOT_AFTER, NOT_BEFORE, units
from aivideo.engines.speech import Word


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


def test_sentences_that_no_blank_parts_are_timed_each_by_itself() -> None:
    """As the voice heard them; what is shown of each shares its own time, not that of all."""
    heard = [
        Word("蜜蜂飞。", 0.0, 1.0, proportional=True),
        Word("它们回家。", 3.0, 4.0, proportional=True, joined=True),
    ]
    assert timed_words("蜜蜂飞。它们回家。", heard, 4.2) == heard
    cues = make_cues(heard, READING, until=4.2)
    assert [(cue.text, cue.start) for cue in cues] == [("蜜蜂飞。", 0.0), ("它们回家。", 3.0)]
    pieces = [piece for cue in cues for line in cue.lines for piece in line]
    assert all(piece.proportional for piece in pieces)
    assert not [piece for piece in pieces if 1.0 < piece.start < 3.0]
    apart = timed_words("蜜蜂飞。 它们回家。", heard, 4.2)
    assert [word.text for word in apart] == ["蜜蜂飞。", "它们回家。"]
    assert all(word.proportional for word in apart)


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


CHINESE = (
    "蜜蜂跳舞，告诉它们的姐妹：“花在哪里？”太阳的方向说明了一切！使用Python编程3月5日（开始）。"
)
JAPANESE = (
    "ミツバチは「ダンス」で、仲間に花のありかを伝えます。とても小さな体なのに、ちょっと驚きですね。"
)
THAI = "ผึ้งเต้นรำเพื่อบอกพี่น้องว่าดอกไม้อยู่ที่ไหนและบินไปไกลแค่ไหน"


@pytest.mark.parametrize("preset", ["clean", "karaoke", "pop"])
@pytest.mark.parametrize("aspect", LAYOUTS)
@pytest.mark.parametrize("text", [TEXT, CHINESE, JAPANESE, THAI], ids=["en", "zh", "ja", "th"])
def test_lines_are_as_wide_as_they_may_be_in_every_preset(
    preset: captions.Preset, aspect: str, text: str
) -> None:
    """At any size lines, and how many there are, follow the style; nothing is lost."""
    for size in (0.6, 1.0, 1.8):
        layout = layout_of(aspect, Style(preset, size=size))
        cues = make_cues(timed_words(text, [], 9.0), layout, until=9.0)
        assert max(len(cue.lines) for cue in cues) <= layout.lines
        lines = [line for cue in cues for line in cue.lines]
        wide = [line for line in lines if sum(piece.ems for piece in line) > layout.line_ems]
        assert all(len(line) == 1 for line in wide), "only a word too wide is alone and shrunk"
        shown = "".join(cue.text for cue in cues).replace("\n", "").replace(" ", "")
        assert shown == text.replace(" ", "")


@pytest.mark.parametrize("text", ["ไปยังอีกดอกหนึ่งเพื่อเก็บน้ำหวาน", "ดอกไม้ในสวนอยู่ใกล้บ้านใหม่ของผีเสื้อ"])
def test_a_thai_consonant_that_ends_no_syllable_is_not_torn_from_the_next(text: str) -> None:
    """Neither where a line ends, nor where a part lights up."""
    for preset in get_args(captions.Preset):
        cues = make_cues(timed_words(text, [], 4.0), layout_of("9:16", Style(preset)), until=4.0)
        parts = [piece.text for cue in cues for line in cue.lines for piece in line]
        assert "".join(parts) == text
        assert len(parts) > 1
        assert not [part for part in parts if part[-1] in "ฉผฝหฮ"]
        assert not re.search("อ ย", " ".join(parts))


def test_larger_letters_make_shorter_lines() -> None:
    """The layout follows the style's size."""
    small, usual, large = (layout_of("9:16", Style(size=size)) for size in (0.6, 1.0, 1.8))

    assert large.size / small.size == pytest.approx(3)
    assert small.line_ems >= usual.line_ems > large.line_ems


def test_pop_shows_two_to_four_words() -> None:
    """A few at a time, and none alone but where a sentence has no more."""
    words = timed_words(TEXT, [], 20.0)
    for aspect in LAYOUTS:
        layout = layout_of(aspect, Style("pop"))
        counts = [len(cue.text.split()) for cue in make_cues(words, layout, until=20.0)]
        assert max(counts) <= 4
        # One address is wider than a line.
        assert counts.count(1) <= 1


@pytest.mark.parametrize("aspect", LAYOUTS)
def test_no_short_word_stands_alone_on_a_line(aspect: str) -> None:
    """Where there are others to put beside it."""
    text = "I know. The little bee that you see is on its way to a far away field of red flowers"

    for cue in cues_of(text, aspect):
        assert all(len(line) > 1 or len(line[0].text) > 6 for line in cue.lines), cue.text


def test_a_word_of_seventy_letters_is_broken_and_a_long_one_is_not() -> None:
    """A word without an end is parted; one that is only long stays whole, to be set smaller."""
    layout = layout_of("9:16", Style("pop"))
    cues = make_cues(spoken("Internationalization " + "w" * 70), layout, until=2.0)

    assert "Internationalization" in cues[0].text
    assert max(len(run) for cue in cues for run in re.findall("w+", cue.text)) < 25


@pytest.mark.parametrize("text", [CHINESE, JAPANESE], ids=["zh", "ja"])
def test_writing_without_blanks_is_broken_where_it_may_be(text: str) -> None:
    """No line begins with what closes or ends with what opens; Latin words stay whole."""
    cues = make_cues(timed_words(text, [], 9.0), layout_of("9:16", Style(size=1.8)), until=9.0)
    lines = [line for cue in cues for line in cue.text.split("\n")]

    assert len(lines) > 5
    assert not [line for line in lines if line[0] in NOT_BEFORE or line[-1] in NOT_AFTER]
    if "Python" in text:
        assert any("Python" in line for line in lines)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("使用Python编程", ["使", "用", "Python", "编", "程"]),
        ("3月5日（开始）。", ["3月", "5日", "（开", "始）。"]),
        ("日本語のテキストを", ["日本語の", "テキストを"]),
        ("안녕하세요", ["안녕하세요"]),
        ("well-known", ["well-known"]),
        ("zero\u200bwidth", ["zero\u200b", "width"]),
        ("ကြွယ်ဝသောသူတစ်ယောက်", ["ကြွယ်", "ဝ", "သော", "သူ", "တစ်", "ယောက်"]),
    ],
)
def test_a_word_lights_up_in_the_parts_that_its_script_has(word: str, parts: list[str]) -> None:
    """Characters of Chinese, phrases of Japanese, syllables where only a dictionary knows more."""
    assert units(word) == parts


def test_a_chinese_sentence_shares_its_time_among_its_characters() -> None:
    """What the voice tells of a sentence is its beginning and its end."""
    (cue,) = make_cues([Word("蜜蜂跳舞。", 1.0, 3.0)], READING, until=3.0)

    pieces = [piece for line in cue.lines for piece in line]
    assert [piece.text for piece in pieces] == ["蜜", "蜂", "跳", "舞。"]
    assert (pieces[0].start, pieces[-1].end) == (1.0, 3.0)
    assert all(a.end == b.start and a.start < a.end for a, b in itertools.pairwise(pieces))


def test_chinese_sentences_begin_new_cues() -> None:
    """Where a full stop stands, with no blank after it."""
    words = timed_words("蜜蜂跳舞。花在这里。", [], 4.0)

    assert [cue.text for cue in make_cues(words, READING, until=4.0)] == [
        "蜜蜂跳舞。",
        "花在这里。",
    ]


def test_a_broken_word_shares_its_time() -> None:
    """The parts of a long word light up one after the other."""
    cues = make_cues([Word("a" * 60, 1.0, 3.0)], LAYOUTS["9:16"], until=3.0)

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


MARKUP = r"a<b>c</b> & {\an8}d --> e <i>f"


def read_vtt(text: str) -> list[tuple[float, float, str]]:
    """The cues of a WebVTT file, read strictly; after WebVTT, W3C Candidate Recommendation 2019."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        timing, *lines = block.split("\n")
        clock = r"(\d{2,}):([0-5]\d):([0-5]\d\.\d{3})"
        found = re.fullmatch(f"{clock} --> {clock}", timing)
        assert found, timing
        numbers = [float(number) for number in found.groups()]
        start, end = (h * 3600 + m * 60 + s for h, m, s in (numbers[:3], numbers[3:]))
        assert start <= end
        payload = "\n".join(lines)
        assert payload
        assert "-->" not in payload
        assert not re.search(r"<|&(?!amp;|lt;|gt;)", payload), "markup"
        cues.append((start, end, html.unescape(payload)))
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(cues))
    return cues


def read_srt(text: str) -> list[tuple[float, float, str]]:
    """The cues of an SRT file, read strictly."""
    cues = []
    for number, block in enumerate(text.removesuffix("\n").split("\n\n"), 1):
        count, timing, *lines = block.split("\n")
        assert count == str(number)
        clock = r"(\d\d):([0-5]\d):([0-5]\d),(\d{3})"
        found = re.fullmatch(f"{clock} --> {clock}", timing)
        assert found, timing
        h1, m1, s1, t1, h2, m2, s2, t2 = (int(number) for number in found.groups())
        assert all(lines)
        start, end = h1 * 3600 + m1 * 60 + s1 + t1 / 1000, h2 * 3600 + m2 * 60 + s2 + t2 / 1000
        cues.append((start, end, "\n".join(lines)))
    assert all(a[0] <= a[1] <= b[0] for a, b in itertools.pairwise(cues))
    return cues


@pytest.mark.parametrize("text", [TEXT, MARKUP, CHINESE, JAPANESE, "שלום, (עולם) Google 50%"])
def test_the_files_beside_the_video_read_back_as_the_script(text: str) -> None:
    """Whatever the words, a strict reader finds cues in order, and in them the words."""
    cues = make_cues(timed_words(text, [], 30.0), READING, until=30.4)

    expected = [(round(c.start, 3), round(c.end, 3), c.text) for c in cues]
    assert read_vtt(captions.to_vtt(cues)) == expected
    srt = [(a, b, t.replace("\u2060", "")) for a, b, t in read_srt(captions.to_srt(cues))]
    assert srt == expected


def test_players_of_srt_find_no_markup() -> None:
    """They obey tags, commands of ASS and arrows, which SRT cannot escape."""
    srt = captions.to_srt(make_cues(spoken(MARKUP), READING, until=9.0))

    assert not re.search(r"<[a-z/]|\{\\|[^0-9] -->", srt)
