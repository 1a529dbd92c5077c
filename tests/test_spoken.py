"""How a text is read out, word for word."""

from __future__ import annotations

import random

import pytest

from aivideo.errors import NothingToSpeak, PauseImpossible
from aivideo.spoken import (
    LANGUAGES,
    Said,
    fault_of,
    is_speakable,
    language_of,
    paragraph_starts,
    pauses,
    say,
    silence_of,
    without_marks,
    words_of,
)

JUMBLE = [
    *"$½²°%#[]()'&\"-—.🎉\u00a0\n1",
    *("St.", "5", "kg", "1/2", "pm", "http://a.com/b?c=", "x@y.org", "...", "No.", "i.e."),
    *("1", "000", "2024-03-05", "+1", "555-123-4567", "a.m.", "Henry", "V", "10-20", "million"),
]


def spoken(text: str) -> str:
    """The text as it is said; a silent word shows as ``_``."""
    return " ".join(word.spoken or "_" for word in say(text))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $3.5.", "It costs $3.50."),
        ("about $3.5M,", "about $3.5 million,"),
        ("$2bn or $5k!", "$2 billion or $5 thousand!"),
        ("$1.2 million.", "$1.2 million."),
        ("US$500, 500€.", "$500, €500."),
        ("¥800 and ¥ 800.", "800 yen and _ 800 yen."),
        ("₹1,200!", "1,200 rupees!"),
        ("50¢.", "50 cents."),
        ("$5-10, $5\u2013$10.", "$5 to $10, $5 to $10."),
        ("$3.50/month.", "$3.50 per month."),
        ("-$5.", "minus $5."),
    ],
)
def test_money_is_said_as_people_say_it(written: str, said: str) -> None:
    """Amounts, magnitudes, rates and signs that the front end reads wrongly are rewritten."""
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("example.com!", "example dot com!"),
        ("https://www.example.com/a?b=1.", "example dot com slash a question mark b equals 1."),
        ("(example.co.uk/path)", "(example dot co dot U.K slash path)"),
        ("info@bees.co.uk!", "info at bees dot co dot U.K!"),
        (
            "www.bees.org/a-b_c.html#top",
            "bees dot org slash a dash b underscore c dot html hash top.",
        ),
        ("@bees, notes.txt.", "at bees, notes dot txt."),
        ("jane.doe+x@my-mail.org,", "jane dot doe plus x at my dash mail dot org,"),
        ("[our site](https://example.com) is", "our site is."),
    ],
)
def test_addresses_are_spelled_by_their_signs(written: str, said: str) -> None:
    """A web or mail address is said with "dot", "slash" and "at", without its scheme."""
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("5 kg, 1 kg, 5kg.", "5 kilograms, 1 kilogram, 5 kilograms."),
        ("5\u00a0kg, 5\u202fkm, 50\u00a0%.", "5 kilograms, 5 kilometers, 50 %."),
        ("a 10-km run.", "a 10 kilometer run."),
        ("100 km/h, 10 GB/s.", "100 kilometers per hour, 10 gigabytes per second."),
        ("-5°C, 5°, 51°N.", "minus 5 degrees Celsius, 5 degrees, 51 degrees north."),
        ("9.8 m/s², in km/h.", "9.8 meters per second squared, in kilometers per hour."),
        ("3 m², 6 ft, 2 million km.", "3 square meters, 6 feet, 2 million kilometers."),
        ("6'2\" tall.", "6 foot 2 tall."),
        ("2x, 3\u00d74, 1920x1080.", "2 times, 3 by 4, 1920 by 1080."),
    ],
)
def test_units_are_written_out(written: str, said: str) -> None:
    """A unit is one or many, alone, in a compound or as a rate."""
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10\u201320, 10-20%.", "10 to 20, 10 to 20%."),
        ("1939\u20131945, 3-2, GPT-4.", "1939 to 1945, 3-2, GPT-4."),
        ("5 \u2013 10.", "5 to 10."),
        ("Mon\u2013Fri, A\u2013Z, pro\u2013con.", "Monday to Friday, A to Z, pro—con."),
        ("1/3, 3/4, 2 1/2, 2½.", "1 third, 3 quarters, 2 and 1 half, 2 and 1 half."),
        ("24/7, 9/11, ½.", "24 7, 9 11, 1 half."),
        ("5:30, 5:00, 5:00 pm.", "5 30, 5 o'clock, 5 P.M."),
        ("17:05, 17:00, 1:23:45, 16:9.", "17 oh 5, 17 hundred, 1 23 45, 16 to 9."),
        ("at 5 p.m. today.", "at 5 P.M today."),
        ("3.11.7, v2.0, 10.0.0.1.", "3 point 11 point 7, version 2.0, 10 dot 0 dot 0 dot 1."),
        ("2024-03-05.", "March 5, 2024."),
        ("Jan. 3, 5 Sept. 2020.", "January 3, 5 September 2020."),
        ("555-123-4567.", "5 5 5, 1 2 3, 4 5 6 7."),
        ("(555) 123-4567.", "5 5 5, 1 2 3, 4 5 6 7."),
        ("+44 20 7946.", "plus 4 4, 2 0, 7 9 4 6."),
        ("1 000 000 bees.", "1000000 _ _ bees."),
        (
            "10⁻³, 2^10, 1e6, 2.5E-3.",
            "10 to the minus 3, 2 to the 10, 1 times 10 to the 6, 2.5 times 10 to the minus 3.",
        ),
        ("1.000.000, 1'000, 192.168.0.1.", "1000000, 1000, 192 dot 168 dot 0 dot 1."),
        ("9am-5pm.", "9 A.M to 5 P.M."),
        ("E=mc², x³, 10⁶.", "E equals mc squared, x cubed, 10 to the 6."),
        ("5M views, 5\u00d7 3.", "5 million views, 5 times 3."),
    ],
)
def test_numbers_are_said_by_what_they_mean(written: str, said: str) -> None:
    """Ranges, fractions, times, dates, versions, telephone numbers and powers are told apart."""
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("St. Louis, Main St. here.", "Saint Louis, Main Street here."),
        ("Prof. Lee, Mt. Hood, Lee Jr.", "Professor Lee, Mount Hood, Lee Junior."),
        ("i.e., this, e.g. that.", "that is, this, for example, that."),
        (
            "World War II, Henry VIII, Elizabeth I.",
            "World War 2, Henry the eighth, Elizabeth the first.",
        ),
        ("Chapter IV, Rocky III, the IV drip.", "Chapter 4, Rocky 3, the IV drip."),
        ("The IV, Louis XXXIX.", "The IV, Louis 39."),
        ("No. 5, pp. 3-4, vol.2.", "number 5, pages 3 to 4, volume 2."),
        ("w/o and w/ vs. b/c.", "without and with versus b c."),
        ("Acme Inc. makes it.", "Acme Incorporated makes it."),
        ("Ramses II, Leo XIV, Malcolm X.", "Ramses the second, Leo the fourteenth, Malcolm X."),
        ("Super Bowl LVIII, Size XL.", "Super Bowl 58, Size XL."),
        ("Parts IV-VI, King George III's son.", "Parts 4 to 6, King George the third's son."),
        ("XIX century, XVIth centuries.", "nineteenth century, sixteenth centuries."),
        ("I am. CIVIL, LIVID, MIX.", "I am. CIVIL, LIVID, MIX."),
    ],
)
def test_abbreviations_are_written_out(written: str, said: str) -> None:
    """Titles, places, Latin, numerals after names and references are said in full."""
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("AI & ML.", "AI and ML."),
        ("C++, C#, 5+, #1, #bees.", "C plus plus, C sharp, 5 plus, number 1, hashtag bees."),
        ("~5, ±5, §5, 5‰.", "about 5, plus or minus 5, section 5, 5 per thousand."),
        ("5 \u00d7 3 = 15, a=b.", "5 times 3 equals 15, a equals b."),
        ("π, 5 μm, H₂O.", "pi, 5 micrometers, H 2 O."),
        ("“Hi” \u2018there\u2019 «you».", '"Hi" \'there\' "you".'),
        ("so -- yes \u2013 no.", "so — yes — no."),
        ("zero\u200bwidth and soft\u00adhyphen.", "zerowidth and softhyphen."),
        ("\ufeffHi\u200d there\u2060\u2026 \u201cyes\u201d.", 'Hi there... "yes".'),
        ("**bold**, `code`, snake_case, <b>tag</b>.", "bold, code, snake case, tag."),
        ("\uff15\uff4b\uff47.", "5 kilograms."),
    ],
)
def test_signs_are_said_or_dropped(written: str, said: str) -> None:
    """A sign with a name is said, typography becomes plain, markup and the invisible go."""
    assert spoken(written) == said


@pytest.mark.parametrize(
    "text",
    [
        "...",
        "🎉🎉",
        "(music)",
        "[upbeat music]",
        "*laughs*",
        " ",
        "",
        "— \u2013 -",
        ":)",
        "[12]",
        "👩‍👩‍👧 ❤️",
    ],
)
def test_a_text_without_words_is_not_speakable(text: str) -> None:
    """Dots, emoji, cues, blanks and smileys give the voice nothing to say."""
    assert not is_speakable(text)


@pytest.mark.parametrize("text", ["Hi", "5", "(really)", "the music of Bach", "[sic]", "1️⃣"])
def test_a_text_with_a_word_is_speakable(text: str) -> None:
    """One letter or digit is enough, in brackets too."""
    assert is_speakable(text)


def test_cues_inside_a_text_are_silent_words() -> None:
    """A cue keeps its place among the author's words, without a sound."""
    assert say("(soft music) Welcome back 🎉") == (
        Said("(soft", ""),
        Said("music)", ""),
        Said("Welcome", "Welcome"),
        Said("back", "back"),
        Said("🎉", ""),
    )


def test_another_language_is_not_read_out_in_english() -> None:
    """Figures and signs are left to its front end; cues, emoji and typography are not."""
    said = say("L\u2019eau [upbeat music] coûte 5 kg & 3 € 🎉", "fr-FR")
    assert " ".join(word.spoken or "_" for word in said) == "L'eau _ _ coûte 5 kg & 3 € _"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Bees fly out at dawn to find the flowers."),
        ("es", "Las abejas salen al amanecer para buscar flores y néctar."),
        ("fr", "Les abeilles sortent à l'aube pour trouver les fleurs."),
        ("it", "Le api escono all'alba per cercare i fiori."),
        ("pt", "As abelhas saem ao amanhecer para encontrar as flores."),
        ("de", "Die Bienen fliegen im Morgengrauen aus, um die Blumen zu finden."),
        ("hi", "मधुमक्खियाँ सुबह फूल खोजने निकलती हैं।"),
        ("zh", "蜜蜂在黎明时飞出去"),
        ("ja", "蜜蜂は夜明けに花を探して飛び立ちます"),
        ("ja", "東京特許許可局は今日も休み"),
        ("ru", "Пчёлы"),
        ("ko", "꿀벌"),
        (None, "Honey!"),
        (None, "Café São Paulo Zürich"),
        (None, "La Casa de Papel is on TV"),
        (None, "5 + 5"),
        (None, ""),
    ],
)
def test_a_language_is_guessed_where_it_can_be(language: str | None, text: str) -> None:
    """By its script, or by small words that are its own; a few foreign words are no guess."""
    assert language_of(text) == language
    assert language is None or language in LANGUAGES


def test_a_line_that_ends_without_a_stop_is_closed() -> None:
    """A title on its own line is a sentence of its own; a marked end stays as it is."""
    assert spoken("The bees\n\nThey fly!\nFar") == "The bees. They fly! Far."


@pytest.mark.parametrize(
    ("text", "shown", "asked"),
    [
        ("Hello [pause 0.8s] world", "Hello world", {1: 0.8}),
        ("Hello[pause]world", "Hello world", {1: 0.5}),
        ("honey [pause 500ms]. Bees", "honey. Bees", {1: 0.5}),
        ("say [Pause: 1 sec], then", "say, then", {1: 1.0}),
        ("[PAUSE 0,8 S] Hi", "Hi", {0: 0.8}),
        ("one\n[pause 2]\ntwo", "one\n\ntwo", {1: 2.0}),
        ("Hi [pause 1s]", "Hi", {1: 1.0}),
        ("[pause][pause 2 seconds]Hi", "Hi", {0: 2.5}),
        ("a [pause 0s] b [pause 10s] c", "a b c", {1: 0.0, 2: 10.0}),
        ("a [pause .25s] b", "a b", {1: 0.25}),
        ("no  mark [sic] (pause) [pause begins]", "no  mark [sic] (pause) [pause begins]", {}),
        ("[pauses] [pause s] pause 1s", "[pauses] [pause s] pause 1s", {}),
    ],
)
def test_a_pause_is_found_and_not_shown(text: str, shown: str, asked: dict[int, float]) -> None:
    """Its mark is no word; other brackets stay as they are."""
    assert without_marks(text) == shown
    assert pauses(text) == pytest.approx(asked)
    assert silence_of(text) == pytest.approx(sum(asked.values()))
    assert words_of(text) == shown.split()
    assert [word.written for word in say(text)] == shown.split()


def test_words_around_a_pause_are_read_as_without_it() -> None:
    """The rules of speaking see the sentence whole."""
    assert spoken("World War [pause 1s] II cost 5 [pause] kg.") == "World War 2 cost 5 kilograms."


@pytest.mark.parametrize("mark", ["[pause 10.1s]", "[pause -1s]", "[pause 11000ms]"])
def test_an_impossible_pause_is_the_texts_fault(mark: str) -> None:
    """It is told when the text is edited, and does not hinder estimates."""
    fault = fault_of(f"Hello {mark} world")
    assert isinstance(fault, PauseImpossible)
    assert mark in fault.message
    assert 0.0 <= silence_of(f"Hello {mark} world") <= 10.0


def test_a_text_of_pauses_alone_has_nothing_to_speak() -> None:
    """A scene needs a word."""
    assert isinstance(fault_of("[pause 1s] [pause]"), NothingToSpeak)
    assert fault_of("Hi [pause 1s]") is None


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("One two.\n\nThree.\n \nFour.", {2, 3}),
        ("One.\nTwo.", set()),
        ("\n\nOne.\n\n", set()),
        ("One. [pause 1s]\n\n[pause 1s] Two.", {1}),
    ],
)
def test_a_blank_line_begins_a_paragraph(text: str, starts: set[int]) -> None:
    """A broken line alone does not."""
    assert paragraph_starts(text) == starts


def test_every_written_word_is_said_in_its_place() -> None:
    """Whatever is thrown at the rules, the words are those of ``text.split()``, in order."""
    source = random.Random(7)  # noqa: S311 - a fixed jumble, no secret
    pieces = ["$3.5", "5:30", "World War", "II", "(soft", "music)", "\u2013", "\u00d7", *JUMBLE]
    for _ in range(2000):
        text = " ".join(source.choices(pieces, k=source.randint(1, 9)))
        assert [word.written for word in say(text)] == text.split()
