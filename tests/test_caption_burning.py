"""Captions as they are burned in, looked at in the frames that ffmpeg makes of them."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from aivideo import captions
from aivideo.captions import (
    LAYOUTS,
    READING,
    Cue,
    Position,
    Preset,
    Style,
    layout_of,
    make_cues,
    timed_words,
)
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.filters import TAGS, Canvas, Lettering, captions_filter, captions_over
from aivideo.engines.speech import Word
from aivideo.errors import CaptionsUnreadable, InvalidArgument

HOSTILE: Final = r"{\an8} it's 100%: [x]; \N done"
PRESETS: Final = get_args(Preset)
SIZES: Final = {"16:9": (480, 270), "9:16": (270, 480), "1:1": (320, 320)}
SAFE: Final = {
    "16:9": (0.05, 0.05, 0.95, 0.95),
    "9:16": (0.05, 0.10, 0.90, 0.80),
    "1:1": (0.05, 0.05, 0.95, 0.95),
}
"""Left, top, right, bottom: what a platform leaves uncovered, as parts of the picture."""

Frames = NDArray[np.uint8]


def spoken(text: str, seconds_a_word: float = 0.3) -> list[Word]:
    """The words of a text, one after the other."""
    return [
        Word(word, n * seconds_a_word, (n + 1) * seconds_a_word)
        for n, word in enumerate(text.split())
    ]


def cues_of(words: list[Word], style: Style, aspect: str = "16:9") -> list[Cue]:
    """The cues of words in a style."""
    return make_cues(words, layout_of(aspect, style), until=words[-1].end + 0.3)


def ass_of(
    words: list[Word],
    style: Style | None = None,
    *,
    aspect: str = "16:9",
    size: tuple[int, int] = (960, 540),
    fps: int = 30,
) -> str:
    """Words as an ASS file in a style."""
    style = style or Style()
    cues = cues_of(words, style, aspect)
    return captions.to_ass(cues, layout_of(aspect, style), size, fps, style=style)


def burned(
    path: Path,
    size: tuple[int, int],
    background: str,
    *,
    frames: int = 1,
    fps: int = 30,
    fonts: Path = captions.FONTS,
) -> Frames:
    """What ffmpeg makes of a caption file, as RGB, shape (frames, height, width, 3)."""
    command = [
        str(FFmpeg().path), "-v", "error", "-f", "lavfi",
        "-i", f"color={background}:size={size[0]}x{size[1]}:rate={fps}",
        "-vf", f"format=yuv444p,{captions_filter(path, fonts)},format=rgb24",
        "-frames:v", str(frames), "-f", "rawvideo", "-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own list
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, size[1], size[0], 3)


def graph_frames(graph: str, frames: int) -> Frames:
    """The samples of so many pictures that a graph of ffmpeg's makes."""
    command = [
        str(FFmpeg().path), "-v", "error", "-filter_complex", f"{graph}[out]", "-map", "[out]",
        "-frames:v", str(frames), "-fps_mode", "passthrough", "-f", "rawvideo", "-",
    ]  # fmt: skip
    return np.frombuffer(
        subprocess.run(command, capture_output=True, check=True).stdout,  # noqa: S603 - our own
        np.uint8,
    )


def write(ass: str, folder: Path, name: str = "captions.ass") -> Path:
    """A caption file."""
    path = folder / name
    path.write_text(ass, encoding="utf-8")
    return path


def events(ass: str) -> list[tuple[float, float, str]]:
    """Start, end and text of each event that has words."""
    found = []
    for line in ass.splitlines():
        if line.startswith("Dialogue: 1,"):
            fields = line.split(",", 9)
            start, end = (sum(float(x) * 60**n for n, x in enumerate(reversed(t.split(":"))))
                          for t in fields[1:3])  # fmt: skip
            found.append((start, end, fields[9]))
    return found


def lit_words(text: str, style: Style) -> list[str]:
    """The words that are lit in an event's text."""
    colour = f"&H{style.lit[5:7]}{style.lit[3:5]}{style.lit[1:3]}&".upper()
    found = re.findall(r"\{\\c" + colour + r"[^}]*\}(.*?)\{\\c&HFFFFFF&[^}]*\}", text)
    return [re.sub(r"\{[^}]*\}", "", word) for word in found]


def yellow(picture: Frames) -> NDArray[np.int64]:
    """Where ink of the colour of spoken words is, as (row, column)."""
    red, blue = picture[..., 0].astype(int), picture[..., 2].astype(int)
    return np.argwhere((red > 190) & (red - blue > 90))


def white(picture: Frames) -> NDArray[np.int64]:
    """Where white ink is, as (row, column)."""
    return np.argwhere((picture > 215).all(axis=2))


# --------------------------------------------------------------------------- the style
def test_a_font_that_is_not_ours_is_refused_with_the_list() -> None:
    """A person learns what there is."""
    with pytest.raises(InvalidArgument, match=r"Comic Sans.*Inter, Montserrat"):
        Style(font="Comic Sans")


@pytest.mark.parametrize("name", captions.FONT_NAMES)
def test_each_font_is_one_that_the_renderer_finds(name: str, tmp_path: Path) -> None:
    """Named as the file names itself: another name would be another font."""
    style = Style("karaoke", font=name)
    path = write(ass_of(spoken("Xqzt-9"), style), tmp_path)
    log = subprocess.run(  # noqa: S603 - our own list
        [
            str(FFmpeg().path), "-v", "verbose", "-f", "lavfi", "-i", "color=size=960x540",
            "-vf", captions_filter(path, captions.FONTS), "-frames:v", "1", "-f", "null", "-",
        ],
        capture_output=True, text=True, check=True, encoding="utf-8",
    ).stderr  # fmt: skip

    (found,) = set(re.findall(r"fontselect: \(.*?\) -> (\S+),", log))
    assert found == captions.font_file(style).stem


def test_size_and_colour_reach_the_picture(tmp_path: Path) -> None:
    """Twice the size covers about four times the ink, in the colour that was asked for."""
    inks = []
    for size in (0.7, 1.4):
        style = Style("karaoke", size=size, colour="#ff2020")
        path = write(ass_of([Word("Bees", 0.0, 1.0)], style), tmp_path)
        (picture,) = burned(path, (960, 540), "gray")
        inks.append(((picture[..., 0] > 200) & (picture[..., 1] < 90)).sum())

    assert 3.3 < inks[1] / inks[0] < 4.8


# --------------------------------------------------------------------------- inside the picture
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("aspect", SIZES)
def test_everything_stays_inside_the_safe_area(tmp_path: Path, aspect: str, preset: Preset) -> None:
    """Whatever the words, the size and the place: no ink, veil or shadow near what is covered."""
    text = f"{HOSTILE} Internationalization of {'W' * 40} Ågjpq, النحل يرقص ليخبر أخواته นี้ที่ไหน"
    width, height = SIZES[aspect]
    left, top, right, bottom = SAFE[aspect]
    for size, position in itertools.product((0.6, 1.0, 1.8), get_args(Position)):
        style = Style(preset, size=size, position=position)
        ass = ass_of(spoken(text, 0.5), style, aspect=aspect, size=(width, height), fps=2)
        frames = burned(write(ass, tmp_path), (width, height), "0x505050", frames=18, fps=2)
        changed = np.argwhere((np.abs(frames.astype(int) - 0x50) > 24).any(axis=(0, 3)))
        rows, columns = changed[:, 0], changed[:, 1]
        where = f"{size} {position}"
        assert len(changed) > 300, where
        assert columns.min() >= left * width - 1, where
        assert columns.max() <= right * width, where
        assert rows.min() >= top * height - 1, where
        assert rows.max() <= bottom * height, where
        if position == "middle":
            assert rows.min() < height / 2 < rows.max()
        else:
            assert (rows.min() < height * 0.3) == (position == "top"), where


@pytest.mark.parametrize("preset", PRESETS)
def test_captions_can_be_read_on_white(tmp_path: Path, preset: Preset) -> None:
    """White letters stand out from a white picture: dark lies all around them."""
    path = write(ass_of(spoken("One two three"), Style(preset)), tmp_path)

    (picture,) = burned(path, (960, 540), "white")

    dark = (picture.max(axis=2) < 130).sum()
    letters = len(white(picture[400:, 300:660]))
    assert dark > 1500
    assert letters > 500


def test_two_lines_keep_their_distance_in_every_font(tmp_path: Path) -> None:
    """Fonts differ by half in what they call a line; captions do not."""
    for name in captions.FONT_NAMES:
        style = Style("karaoke", font=name)
        words = spoken("Honeybees dance to tell their sisters where the flowers are")
        (picture,) = burned(write(ass_of(words, style), tmp_path), (960, 540), "black")
        inked = (picture.max(axis=(1, 2)) > 200).astype(int)
        rows = np.flatnonzero(np.diff(inked))
        assert len(rows) >= 4, f"{name}: its lines touch"
        assert np.ptp(rows) < 540 * 0.06 * 2.6, f"{name}: its lines lie far apart"


# --------------------------------------------------------------------------- in time
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_a_word_lights_up_in_the_frame_where_it_begins(preset: Preset, fps: int) -> None:
    """The event starts after the frame before and not after the frame of the word."""
    style = Style(preset)
    words = [Word(f"w{n}.", 0.137 * n, 0.137 * (n + 1)) for n in range(60)]
    shown: dict[str, float] = {}
    for start, _, text in events(ass_of(words, style, fps=fps)):
        for lit in lit_words(text, style):
            shown[lit] = min(start, shown.get(lit, start))

    for word in words:
        frame = round(word.start * fps)
        assert (frame - 1) / fps < shown[word.text] <= frame / fps + 1e-9


@pytest.mark.parametrize("preset", PRESETS)
def test_a_word_lights_up_in_its_frame_of_a_preview(tmp_path: Path, preset: Preset) -> None:
    """Seen in the frames of 854 x 480: each is lit from its frame on, and none before."""
    starts = [0.0, 0.31, 0.77]
    words = [Word("AA", 0.0, 0.31), Word("BB", 0.31, 0.77), Word("CC", 0.77, 1.2)]
    path = write(ass_of(words, Style(preset), size=(854, 480)), tmp_path)

    frames = burned(path, (854, 480), "black", frames=33)

    # The middle of the ink in each frame moves when another word is lit.
    middles = [round(float(yellow(frame)[:, 1].mean())) for frame in frames]
    changes = [n for n, (a, b) in enumerate(itertools.pairwise(middles), 1) if abs(a - b) > 8]
    assert changes == [round(start * 30) for start in starts[1:]]
    assert middles[0] < 427


def test_exactly_one_word_is_lit_at_any_time() -> None:
    """A line's events follow each other without a gap or an overlap, and light one word."""
    words = spoken("Honeybees dance to tell their sisters where, many times over, flowers are.")
    shown = events(ass_of(words))

    times = sorted({time for start, end, _ in shown for time in (start, end)})
    for start, end in itertools.pairwise(times):
        now = [text for a, b, text in shown if a < (start + end) / 2 < b]
        assert sum(len(lit_words(text, Style())) for text in now) == 1


def test_karaoke_keeps_words_lit_that_were_spoken() -> None:
    """From one to all."""
    style = Style("karaoke")
    shown = events(ass_of(spoken("One two three four."), style))

    assert [len(lit_words(text, style)) for _, _, text in shown] == [1, 2, 3, 4]


def test_pop_makes_the_spoken_word_larger(tmp_path: Path) -> None:
    """The same letters, taller while they are spoken."""
    words = [Word("HH", 0.0, 0.5), Word("HH", 0.5, 1.0)]
    first, *_, last = burned(
        write(ass_of(words, Style("pop")), tmp_path), (960, 540), "black", frames=29
    )

    assert yellow(first)[:, 1].max() < yellow(last)[:, 1].min()
    tall, usual = (np.ptp(found(first)[:, 0]) for found in (yellow, white))
    assert 1.06 < tall / usual < 1.2


# --------------------------------------------------------------------------- what is written
def test_text_cannot_command_the_captions() -> None:
    """Braces, backslashes and everything between them are shown, not obeyed."""
    text = "".join(text for _, _, text in events(ass_of(spoken(HOSTILE))))

    assert not re.search(r"(?<!\\)\{\\an8", text)
    assert not re.search(r"\\N", text)


def test_hostile_text_is_drawn_letter_by_letter(tmp_path: Path) -> None:
    """It is as wide as what is written is, and stands where captions stand."""
    style = Style("karaoke")
    pictures = []
    for number, text in enumerate((r"{\an8}x \Ny", "[/an8]x /Ny")):
        path = write(ass_of([Word(text, 0.0, 1.0)], style), tmp_path, f"{number}.ass")
        pictures.append(yellow(burned(path, (960, 540), "black")[0]))

    hostile, harmless = (np.ptp(ink, axis=0) for ink in pictures)
    assert pictures[0][:, 0].min() > 270
    assert np.abs(hostile - harmless).max() <= 8


def test_control_characters_do_not_reach_a_caption() -> None:
    """A stray carriage return would end the event's line."""
    ass = ass_of(spoken("One\x07two three\x1b four"))

    assert "Onetwo" in ass
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", ass)


@pytest.mark.parametrize(
    "name",
    [
        "it's [a] file; 100%, b:c.ass",
        "-vf.ass",
        "\u6f22\u5b57 \u0639\u0631\u0628\u064a \u00fc\u00f1.ass",
        "a{b}$c&d=e%03d#f~g.ass",
        "''.ass",
        ":,;[]",
    ],
)
def test_any_name_of_a_file_and_a_folder_reaches_the_filter(tmp_path: Path, name: str) -> None:
    """Quotes, brackets, commas, colons, percents; of the captions and of their fonts."""
    folder = tmp_path / name.removesuffix(".ass")
    folder.mkdir()
    fonts = folder / name
    fonts.mkdir()
    shutil.copy(captions.font_file(Style()), fonts)
    path = write(ass_of(spoken("Bees dance")), folder, f"x{name}" if fonts.name == name else name)

    (picture,) = burned(path, (960, 540), "black", fonts=fonts)

    assert len(white(picture)) > 200


@pytest.mark.parametrize(
    ("preset", "position", "aspect", "text"),
    [
        ("clean", "bottom", "16:9", "\u1785\u17d2\u179a\u17b6\u17c6 it's"),
        ("karaoke", "middle", "9:16", "\u0645\u0631\u062d\u0628\u0627 100%"),
        ("pop", "top", "1:1", "Bees \U0001f525 gone, \u871c\u8702"),
    ],
)
def test_a_layer_looks_as_if_it_were_drawn_into_every_picture(
    tmp_path: Path, preset: Preset, position: Position, aspect: str, text: str
) -> None:
    """Whatever its colours, shadows and veil, in each frame, with the fonts that it names alone."""
    style, size, first, frames = Style(preset, position=position), SIZES[aspect], 2, 24
    words = spoken(text)
    layout, cues = layout_of(aspect, style), cues_of(words, style, aspect)
    layer = captions.to_layer(cues, layout, size, 30, style=style)
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for name in layer.files:
        shutil.copy(captions.FONTS / name, fonts)
    whole = captions_filter(write(ass_of(words, style, aspect=aspect, size=size), tmp_path),
                            captions.FONTS)  # fmt: skip
    drawn = sorted({0, *(n - first for n in layer.changes if n in range(first, first + frames))})
    lettering = Lettering(write(layer.text, tmp_path, "layer.ass"), fonts, layer.rows, drawn, first)
    pictures = f"testsrc2=size={size[0]}x{size[1]}:rate=30,format=yuv420p,{TAGS}"

    each = graph_frames(f"{pictures},{whole},trim=start_frame={first},format=rgb24", frames)
    laid = f"{pictures},trim=start_frame={first}"
    over = graph_frames(f"{captions_over(laid, lettering, Canvas(*size, 30))},format=rgb24", frames)

    off = np.abs(each.astype(int) - over.astype(int))
    assert len(each) == len(over) == frames * size[0] * size[1] * 3
    assert (off > 40).sum() < 20
    assert off.mean() < 1


def test_a_layer_is_drawn_when_a_word_lights_up_and_at_no_other_time() -> None:
    """And it has the rows that its captions touch, not those of the whole picture."""
    style, words = Style(), spoken("Bees dance home")
    cues = cues_of(words, style)

    layer = captions.to_layer(cues, layout_of("16:9", style), (960, 540), 30, style=style)

    assert layer.changes == (0, 9, 18, 36)
    assert layer.files == ("Inter-Bold.otf",)
    assert 60 <= len(layer.rows) <= 100
    assert layer.rows.start % 2 == layer.rows.stop % 2 == 0
    assert captions.to_layer([], layout_of("16:9", style), (960, 540), 30, style=style).rows == (
        range(0)
    )


# --------------------------------------------------------------------------- scripts
SCRIPTS: Final = {
    "Hebrew": "\u05e9\u05dc\u05d5\u05dd",
    "Arabic": "\u0645\u0631\u062d\u0628\u0627",
    "Devanagari": "\u0928\u092e\u0938\u094d\u0924\u0947",
    "Bengali": "\u09a8\u09ae\u09b8\u09cd\u0995\u09be\u09b0",
    "Tamil": "\u0bb5\u0ba3\u0b95\u0bcd\u0b95\u0bae\u0bcd",
    "Telugu": "\u0c28\u0c2e\u0c38\u0c4d\u0c15\u0c3e\u0c30\u0c02",
    "Gujarati": "\u0aa8\u0aae\u0ab8\u0acd\u0aa4\u0ac7",
    "Thai": "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "Khmer": "\u1797\u17b6\u179f\u17b6\u1781\u17d2\u1798\u17c2\u179a",
    "CJK JP": "\u871c\u8702\u3042\u30a2\uae00",
}


@pytest.mark.parametrize(("script", "text"), SCRIPTS.items(), ids=SCRIPTS)
def test_a_script_that_the_main_font_lacks_gets_its_own(script: str, text: str) -> None:
    """Each script is set in a font of ours that has it; other words are not."""
    shown = events(ass_of(spoken(f"Xqzt-9 {text}")))[0][2]

    assert f"\\fnNoto Sans {script}\\" in shown
    assert shown.index("Xqzt-9") < shown.index("\\fnNoto")
    assert captions.missing_letters(text) == ""


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_the_renderer_finds_every_letter_in_our_fonts(tmp_path: Path, text: str) -> None:
    """It logs the fonts it turned to for a letter that is not in the one it was told."""
    path = write(ass_of(spoken(f"{text}, 12% Ωж {text}!")), tmp_path)
    log = subprocess.run(  # noqa: S603 - our own list
        [
            str(FFmpeg().path), "-v", "verbose", "-f", "lavfi", "-i", "color=size=960x540",
            "-vf", captions_filter(path, captions.FONTS), "-frames:v", "1", "-f", "null", "-",
        ],
        capture_output=True, text=True, check=True, encoding="utf-8",
    ).stderr  # fmt: skip

    used = set(re.findall(r"fontselect: \(.*?\) -> (\S+),", log))
    assert used
    assert all(re.match(r"(Inter|NotoSans)", font) for font in used), used
    assert "fallback" not in log


def middles(path: Path, at: Sequence[int]) -> list[float]:
    """How far right the lit ink is in each of some frames."""
    frames = burned(path, (960, 540), "gray", frames=max(at) + 1)
    return [float(yellow(frames[n])[:, 1].mean()) for n in at]


@pytest.mark.parametrize("preset", ["clean", "pop"])
@pytest.mark.parametrize(
    "text",
    [
        "\u05d0\u05d7\u05d3 \u05e9\u05ea\u05d9\u05d9\u05dd \u05e9\u05dc\u05d5\u05e9",
        "\u0648\u0627\u062d\u062f \u0627\u062b\u0646\u0627\u0646 \u062b\u0644\u0627\u062b\u0629",
        "Google \u05d4\u05d9\u05d0 \u05d7\u05d1\u05e8\u05d4",
        "\u05d0\u05d7\u05d3 Google \u05e9\u05dc\u05d5\u05e9",
        "\u05d0\u05d7\u05d3, (\u05e9\u05ea\u05d9\u05d9\u05dd) 50%.",
    ],
    ids=["Hebrew", "Arabic", "begins in Latin", "Latin within", "marks and numbers"],
)
def test_words_run_from_right_to_left_while_each_is_lit(
    tmp_path: Path, text: str, preset: Preset
) -> None:
    """The first word stands on the right, the next on its left, whichever is coloured."""
    words = spoken(text, 0.2)
    path = write(ass_of(words, Style(preset)), tmp_path)

    first, second, third = middles(path, (2, 8, 14))

    assert first > second + 20 > third + 40


def test_colouring_a_word_moves_no_letter(tmp_path: Path) -> None:
    """The line's ink is the same whichever word is lit, in both directions of writing."""
    for text in ("\u05d0\u05d7\u05d3 Google \u05e9\u05dc\u05d5\u05e9", "One two three"):
        path = write(ass_of(spoken(text, 0.2)), tmp_path)
        frames = burned(path, (960, 540), "black", frames=15)
        inks = [frames[n].max(axis=2) > 150 for n in (2, 8, 14)]
        assert (inks[0] ^ inks[1]).sum() < 0.04 * inks[0].sum()
        assert (inks[0] ^ inks[2]).sum() < 0.04 * inks[0].sum()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("\u76f4\u63a5", "zh"),
        ("\u76f4\u63a5\u3067\u3059", "ja"),
        ("\u76f4\uc811", "ko"),
        ("\u9019\u88e1", "zh-Hant"),
    ],
)
def test_chinese_characters_take_the_forms_of_their_language(
    tmp_path: Path, text: str, language: str
) -> None:
    """One font has them all; the file says whose they are to be."""
    ass = ass_of(spoken(text))

    assert f"Language: {language}\n" in ass
    if language == "zh":
        other = ass.replace("Language: zh", "Language: ja")
        pictures = [
            burned(write(each, tmp_path), (960, 540), "black")[0].astype(int)
            for each in (ass, other)
        ]
        assert (np.abs(pictures[0] - pictures[1]) > 100).sum() > 20


def test_emoji_are_drawn_and_nothing_else_is_lost(tmp_path: Path) -> None:
    """In the colour of the words; colours of skin, which need more colours, are left out."""
    ass = ass_of(spoken("Bees\u2122 \U0001f41d\U0001f44d\U0001f3fd like 20\u00b0C"))
    shown = events(ass)[0][2]
    path = write(ass_of([Word("\U0001f41d", 0.0, 1.0)], Style("karaoke")), tmp_path)

    assert "\\fnNoto Emoji" in shown
    assert "\U0001f41d\U0001f44d" in shown
    assert "\U0001f3fd" not in shown
    assert "Bees\u2122" in shown
    assert "20\u00b0C" in shown
    assert len(yellow(burned(path, (960, 540), "black")[0])) > 150


# --------------------------------------------------------------------------- what is missing
def test_letters_of_no_font_are_told_before_anything_is_rendered() -> None:
    """Each once; marks, blanks, joiners and emoji that we have are no fault."""
    text = (
        "\u182e\u1823\u1829 \u182e Ωж e\u0301 \u0915\u094d\u200d\u0937 \U0001f469\u200d\U0001f680"
    )

    assert captions.missing_letters(text) == "\u182e\u1823\u1829"
    assert captions.missing_letters(HOSTILE) == ""


@pytest.mark.parametrize("preset", PRESETS)
def test_unreadable_captions_are_a_warning_with_the_letters(preset: Preset) -> None:
    """As a sentence of a length that can be read."""
    strange = "".join(map(chr, range(0x1820, 0x1840)))
    found = captions.unreadable([Word(strange, 0.0, 1.0)], Style(preset))

    assert isinstance(found, CaptionsUnreadable)
    assert "\u1820" in found.message
    assert "and 20 more" in found.message
    assert captions.unreadable("Bees", Style(preset)) is None


def test_captions_are_imported_without_anything_heavy() -> None:
    """The plan of a render asks for them, and so does every start."""
    names = {name.split(".")[0] for name in vars(captions) if not name.startswith("_")}
    sources = [path.read_text("utf-8") for path in Path(captions.__file__).parent.glob("*.py")]

    assert "Style" in names
    assert not [
        s for s in sources if re.search(r"^\s*(import|from) (skia|numpy|av)\b", s, re.MULTILINE)
    ]


# --------------------------------------------------------------------------- the whole video
def test_the_captions_of_a_whole_video_name_their_fonts_and_size(tmp_path: Path) -> None:
    """Scenes one after the other in one file that shows them at their times."""
    style = Style("pop", colour="#40ff40")
    scenes = [(timed_words("Bees dance.", [], 1.0), 0.0), (timed_words("They fly.", [], 1.0), 2.0)]
    layout = layout_of("16:9", style)
    cues = [
        cue
        for words, start in scenes
        for cue in captions.later(make_cues(words, layout, until=1.5), start)
    ]
    ass = captions.to_ass(cues, layout, (480, 270), 30, style=style)

    frames = burned(write(ass, tmp_path), (480, 270), "black", frames=70)
    assert "PlayResX: 480\nPlayResY: 270\n" in ass
    assert ",Montserrat Black," in ass
    inked = [bool((frames[n] > 150).any()) for n in (0, 20, 50, 60)]
    assert inked == [True, True, False, True]
    assert [start for start, _, _ in events(ass)][-2] == 2.0


def test_reading_and_burning_show_the_same_words() -> None:
    """The files beside the video and the picture tell the same."""
    words = timed_words("Bees dance, they do: where the flowers are.", [], 3.0)
    texts = {
        " ".join(cue.text.replace("\n", " ") for cue in make_cues(words, layout, until=3.0))
        for layout in (READING, *LAYOUTS.values(), layout_of("9:16", Style("pop")))
    }

    assert len(texts) == 1
