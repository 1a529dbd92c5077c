"""Titles: any text exactly as it is written, as large as it fits, inside margins, legible."""

from __future__ import annotations

import functools
import sys

import numpy as np
import pytest
from footage import Pixels
from PIL import Image

from aivideo.engines import title_fonts, titles
from aivideo.engines.title_fonts import EMOJI_FONT, Typesetter, pieces_of
from aivideo.errors import ArtworkMissing, DrawingUnavailable

WIDE, TALL, SQUARE = (1280, 720), (720, 1280), (720, 720)
SIDE = 0.07

ANY_TITLE = {
    "short": "Bees",
    "long": "How honeybees tell each other where the flowers are, how far away they are, and why "
    "that matters to every one of us",
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter",
    "wide letters": "W" * 60,
    "arabic": "كيف تتحدث النحلات مع بعضها في عام 2024 (Bees)!",
    "hebrew": "איך דבורים מדברות: Bees 101",
    "devanagari": "मधुमक्खियाँ कैसे बात करती हैं और क्यों",
    "thai": "ผึ้งคุยกันอย่างไรและทำไมมันถึงสำคัญ",
    "chinese": "蜜蜂「如何」互相交流，以及为什么这很重要",
    "korean": "꿀벌은 어떻게 서로 대화할까요? 2024",
    "cyrillic": "Как пчёлы разговаривают друг с другом",
    "emoji alone": "👨‍👩‍👧‍👦🇩🇪👍🏽1️⃣❤️🏳️‍🌈🧑🏿‍🚀🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "emoji and words": "Bees 🐝 ❤️ flowers 🌸: 1️⃣ dance",
    "markup": "{\\an8} 100% [x]; \\N <b>&amp;</b> %{n} '\"",
    "controls": "a\nb\tc\x00d\u2028e\u202egnp.exe",
    "many words": "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 2,
    "no font has it": "\U00013000 \U00014400",
}


def drawn(title: str, size: tuple[int, int] = WIDE, ground: str = "black") -> Pixels:
    """A title on a picture of one colour, as pixels."""
    return np.asarray(titles.lettered(Image.new("RGB", size, ground), title))


@functools.cache
def inked(title: str, size: tuple[int, int] = WIDE) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a title on black."""
    rows, columns = np.nonzero(drawn(title, size).max(axis=2) > 60)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def setting_of(title: str, size: tuple[int, int] = WIDE) -> titles.Setting:
    """How a title is set."""
    text = titles.tidied(title)
    setter = Typesetter(text, leftwards=titles.runs_left(text), leading=titles.leading_of(text))
    return titles.fitted(setter, text, titles.safe_box(size), min(size))


def lines_of(title: str, size: tuple[int, int] = WIDE) -> list[str]:
    """The lines of a title that is broken between words."""
    return setting_of(title, size).text.split(titles.LINE_SEPARATOR)


# --------------------------------------------------------------------------- margins
@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE], ids=["wide", "tall", "square"])
@pytest.mark.parametrize("title", ANY_TITLE.values(), ids=ANY_TITLE)
def test_every_title_stays_inside_the_margins(title: str, size: tuple[int, int]) -> None:
    """Whatever its characters, in every shape; and there is something to see of it."""
    left, top, right, bottom = inked(title, size)

    assert left >= SIDE * size[0] - 1
    assert right <= (1 - SIDE) * size[0] + 1
    assert bottom <= 0.91 * size[1] + 1
    assert top >= 0.3 * size[1]
    assert (right - left) * (bottom - top) > 0.01 * size[0] * size[1]


def test_a_wide_title_stays_clear_of_the_length_that_platforms_show() -> None:
    """It is laid over the lower right corner; in a tall one buttons are lower still."""
    assert inked("Bees", WIDE)[3] <= 0.87 * 720 + 1
    assert inked("Bees", TALL)[3] <= 0.83 * 1280 + 1


# --------------------------------------------------------------------------- size and lines
def test_a_title_is_as_large_as_it_fits() -> None:
    """A short title is set larger than a long one, which fills the width."""
    short, long = setting_of("Bees"), setting_of(ANY_TITLE["long"])
    left, _, right, _ = inked(ANY_TITLE["long"])

    assert short.size > 2 * long.size
    assert short.size >= 0.2 * 720
    assert right - left > 0.8 * (1 - 2 * SIDE) * 1280


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE], ids=["wide", "tall", "square"])
def test_a_title_of_120_characters_can_be_read_in_a_list(size: tuple[int, int]) -> None:
    """Few lines, and letters of at least a twentieth of the shorter side."""
    title = ANY_TITLE["long"][:120]

    assert len(lines_of(title, size)) <= titles.MOST_LINES
    assert setting_of(title, size).size > 0.05 * min(size)


def test_lines_are_about_equally_long() -> None:
    """No line is half empty while another is full."""
    widths = [len(line) for line in lines_of(ANY_TITLE["long"])]

    assert len(widths) in {3, 4}
    assert min(widths) > 0.6 * max(widths)


def test_no_short_word_is_left_alone_on_the_last_line() -> None:
    """Rather a little smaller."""
    assert lines_of("Extraordinarily communicative bee") == [
        "Extraordinarily",
        "communicative bee",
    ]


def test_a_word_stays_whole_where_it_can() -> None:
    """Letters get smaller before a word is broken."""
    assert lines_of("Electroencephalographically speaking", TALL) == [
        "Electroencephalographically",
        "speaking",
    ]


def test_a_word_that_would_get_too_small_is_broken() -> None:
    """Sixty letters are set on several lines, as large as any."""
    setting = setting_of(ANY_TITLE["wide letters"])
    _, top, _, bottom = inked(ANY_TITLE["wide letters"])

    assert setting.size > titles.SMALLEST * 720
    assert bottom - top > 2 * setting.size


def test_chinese_is_broken_between_characters_and_balanced() -> None:
    """It has no blanks to break at, and its lines differ by a character or two."""
    title = "蜜蜂如何互相交流以及为什么这对我们每个人都很重要"
    pixels = drawn(title).max(axis=2) > 200
    setting = setting_of(title)
    rows = np.flatnonzero(pixels.any(axis=1))
    lines = np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1)
    widths = [np.ptp(np.flatnonzero(pixels[line].any(axis=0))) for line in lines if len(line) > 9]

    assert len(widths) > 1
    assert max(widths) - min(widths) < 2.1 * setting.size


def test_thai_is_broken_between_words() -> None:
    """It has no blanks either; the library knows its words."""
    title = "ผึ้งคุยกันอย่างไรและทำไมมันถึงสำคัญ"
    setter = Typesetter(title, leftwards=False, leading=1.0)

    assert setter.unbreakable(title) < setter.width(title) / 3


# --------------------------------------------------------------------------- what is drawn
@pytest.mark.parametrize("nothing", ["", " \n\t ", "\x00\x1f", "\u202e"])
def test_a_title_of_nothing_leaves_the_picture_as_it_is(nothing: str) -> None:
    """No veil over a picture that bears no title."""
    picture = Image.new("RGB", WIDE, "white")

    assert titles.lettered(picture, nothing) is picture


def test_markup_is_drawn_as_it_is_written() -> None:
    """Each sign takes its room: none is a command, none a line break."""
    text = "{\\an8} 100% [x]; \\N"

    assert titles.tidied(text) == text
    assert inked(text)[2] - inked("100% [x];")[2] != 0
    assert lines_of(text) == ["{\\an8}", "100% [x]; \\N"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a\nb\r\nc\td", "a b c d"),
        ("  a   b ", "a b"),
        ("a\x00b\x1b[0m", "a b [0m"),
        ("a\u2028b\u2029c", "a b c"),
        ("\u202eevil\u2066x", "evilx"),
        ("lone \ud83d half", "lone half"),
        ("no\u00a0break 1\u202f000", "no\u00a0break 1\u202f000"),
        ("👩‍💻 it's", "👩‍💻 it's"),
    ],
)
def test_controls_are_blanks_and_letters_stay(title: str, shown: str) -> None:
    """What cannot be drawn is not; what joins letters and emoji remains."""
    assert titles.tidied(title) == shown


@pytest.mark.parametrize(
    "emoji",
    ["🐝", "👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👍🏽", "1️⃣", "#️⃣", "❤️", "☀️", "🏳️‍🌈", "🧑🏻‍❤️‍💋‍🧑🏿", "🧑‍🚀",
     "🏃🏾‍♀️", "☝🏿",
     "©️", "⭐"],
)  # fmt: skip
def test_one_emoji_is_one_picture(emoji: str) -> None:
    """Families, flags, skin tones and key caps are joined, and wide as one."""
    setter = Typesetter(emoji, leftwards=False, leading=1.0)

    assert list(pieces_of(f"a{emoji}b")) == [("a", False), (emoji, True), ("b", False)]
    assert setter.width(emoji) == pytest.approx(setter.width("🐝"), rel=0.02)


@pytest.mark.parametrize("emoji", ["🐝", "🇩🇪", "❤️", "1️⃣", "🏳️‍🌈", "👍🏽"])
def test_emoji_are_in_colour(emoji: str) -> None:
    """Not as outlines, and not left out."""
    pixels = drawn(emoji).astype(int)

    assert (np.ptp(pixels, axis=2) > 60).sum() > 2000


def test_signs_that_are_letters_stay_letters() -> None:
    """A bare heart, a copyright sign or a digit is not turned into a picture."""
    assert [piece for piece, is_emoji in pieces_of("© 2024 ♥ ☎\ufe0e 5 # ™") if is_emoji] == []


def test_emoji_in_a_title_do_not_move_its_letters_apart() -> None:
    """Letters and emoji stand on one line."""
    _, top, _, bottom = inked("Bee 🐝")

    assert bottom - top < 1.3 * setting_of("Bee 🐝").size


def test_a_title_from_right_to_left_stands_on_the_right() -> None:
    """As its readers expect it; one from left to right stands on the left."""
    assert inked("שלום")[0] > 640
    assert inked("שלום")[2] == pytest.approx((1 - SIDE) * 1280, abs=6)
    assert inked("Bees")[0] == pytest.approx(SIDE * 1280, abs=6)


def test_a_mixed_title_keeps_the_direction_of_its_first_letter() -> None:
    """The exclamation mark of a Hebrew sentence with an English word stands at its left end."""
    with_mark, without = inked("דבורים Bees!"), inked("דבורים Bees")
    last = drawn("דבורים Bees!")[:, : with_mark[0] + 30].max(axis=2) > 128

    assert with_mark[2] == without[2]
    # An exclamation mark is a stroke, far narrower than the letter that would stand there.
    assert np.ptp(np.flatnonzero(last.any(axis=0))) <= 30
    assert setting_of("דבורים Bees!").text.endswith("!")


def test_arabic_letters_are_joined() -> None:
    """Four times the same letter as one word takes less room than four of them apart."""
    setter = Typesetter("بببب", leftwards=True, leading=1.0)

    assert setter.width("بببب") < 0.8 * 4 * setter.width("ب")


def test_chinese_characters_have_the_shapes_of_the_text_s_language() -> None:
    """The same character is written otherwise in Japan."""
    alone = drawn("骨")[:, :400]
    in_japan = drawn("骨ほ")[:, :400]

    assert not np.array_equal(alone[:, :240], in_japan[:, :240])


def test_letters_that_no_font_has_are_named() -> None:
    """So that the log can tell; all that our fonts have are not."""
    assert title_fonts.undrawable("Bees, пчёлы 蜜蜂 🐝 \U00014400") == "\U00014400"
    for title in list(ANY_TITLE.values())[:-1]:
        assert title_fonts.undrawable(titles.tidied(title)) == ""


# --------------------------------------------------------------------------- contrast
def contrast(light: float, dark: float) -> float:
    """The contrast of two greys, 0..255, after the Web Content Accessibility Guidelines 2."""
    both = [
        ((g / 255 + 0.055) / 1.055) ** 2.4 if g > 10 else g / 255 / 12.92 for g in (light, dark)
    ]
    return (both[0] + 0.05) / (both[1] + 0.05)


@pytest.mark.parametrize("title", ["Bees", ANY_TITLE["long"], ANY_TITLE["arabic"]])
@pytest.mark.parametrize("ground", ["white", "#ffe000", "#808080", "black"])
def test_letters_can_be_read_on_any_picture(title: str, ground: str) -> None:
    """White letters on what is 4.5 times darker, wherever they stand."""
    pixels = np.asarray(Image.fromarray(drawn(title, WIDE, ground)).convert("L"))
    left, top, right, bottom = inked(title)
    behind = pixels[top:bottom, [10, 20, 1260]]

    assert (pixels[top:bottom, left:right] > 250).sum() > 1000
    assert contrast(255, float(behind.max())) > 4.5


def test_a_picture_keeps_its_light_where_no_title_stands() -> None:
    """The veil ends above the title, and is lighter on dark pictures."""
    assert (drawn("Bees", WIDE, "white")[:200] == 255).all()
    assert drawn("Bees", WIDE, "#303030")[-1, 0, 0] > drawn("Bees", WIDE, "white")[-1, 0, 0] * 0.25


# --------------------------------------------------------------------------- what can be missing
def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence tells what to bring back."""
    monkeypatch.setattr(title_fonts, "FONTS", EMOJI_FONT.parent)

    with pytest.raises(ArtworkMissing, match="assets"):
        drawn("Bees")


def test_a_drawing_library_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence tells how to install it."""
    monkeypatch.setitem(sys.modules, "skia", None)

    with pytest.raises(DrawingUnavailable, match="skia-python"):
        drawn("Bees")
