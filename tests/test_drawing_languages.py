"""What is read in other languages than English: icons, numbers, quotations, lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from aivideo.engines.drawing import figures, lettering, phrases, tongues
from aivideo.engines.drawing.reading import read
from aivideo.engines.drawing.vocabulary import vocabulary
from aivideo.errors import ArtworkMissing


@pytest.mark.parametrize("language", tongues.languages())
def test_every_word_of_a_language_calls_for_icons_that_are_there(language: str) -> None:
    """No word dangles, and weights are shares."""
    known = tongues.tongue(language)
    icons = vocabulary().names.keys()
    assert len(known.words) > 200
    for word, called in known.words.items():
        assert called.keys() <= icons, word
        assert all(0 < weight <= 1 for weight in called.values()), word


@pytest.mark.parametrize(
    ("text", "icon"),
    [
        ("Honigbienen sammeln Nektar auf der Wiese.", "honeybee"),
        ("Die Häuser der Stadt sind alt.", "house"),
        ("Les abeilles produisent du miel dans la ruche.", "honeybee"),
        ("Los volcanes son montañas que expulsan lava.", "volcano"),
        ("Le stelle sono lontane dalla terra.", "star"),
        ("As cidades são cheias de gente.", "cityscape"),
        ("De fietsen staan voor het huis van de koning.", "bicycle"),
        ("Pszczoły są ważne dla przyrody.", "honeybee"),
        ("Вулканы извергают лаву.", "volcano"),
        ("日本の電車は世界で一番正確です。", "high-speed-train"),
        ("咖啡是世界上最受欢迎的饮料。", "hot-beverage"),
        ("꿀벌은 꽃에서 꿀을 모은다", "honeybee"),
        ("القمر يدور حول الأرض", "full-moon"),
        ("सूरज पूरब में उगता है", "sun"),
        ("Ar\u0131lar \u00e7i\u00e7ek ve bal i\u00e7in u\u00e7ar.", "honeybee"),
    ],
)
def test_a_narration_in_any_language_calls_for_icons(text: str, icon: str) -> None:
    """Declined words, words with an article before them, words without blanks."""
    assert icon in [hit.slug for hit in read("", text).hits[:3]]


def test_an_english_query_is_understood_whatever_is_spoken() -> None:
    """Scripts in German have English queries and objects."""
    reading = read("rocket launch", "Und dann ist es so weit, der Countdown ist vorbei.")
    assert reading.hits[0].slug == "rocket"


@pytest.mark.parametrize(
    "text",
    [
        "Aber das war noch nicht alles, und es ist mehr als das.",
        "Il a été plus sage, mais pas pendant une heure.",
        "Pero no es nada de lo que era, y no es solo eso.",
        "それはまだ誰も知らない。",
    ],
)
def test_small_words_call_for_nothing(text: str) -> None:
    """In French "mais" is no maize and "été" no summer."""
    assert [hit.slug for hit in read("", text).hits if hit.weight > 0.5] == []


def test_a_german_verb_is_no_noun() -> None:
    """Where nouns have capitals, what has none is not shown."""
    known = [call.said for call in tongues.called("Wir fliegen zur Fliege", "de")]
    assert known == ["Fliege"]


def test_a_compound_is_known_by_its_parts() -> None:
    """A bee-keeping word that nobody listed is about what its parts are."""
    icons = {slug for call in tongues.called("Bienenhaus", "de") for slug in call.icons}
    assert {"honeybee", "house"} <= icons


def test_a_single_character_counts_only_where_it_is_a_word() -> None:
    """The character for fire in the Japanese word for Tuesday is no fire."""
    assert tongues.called("火曜日に", "ja") == []
    assert tongues.called("海は青い", "ja")[0].said == "海"


def test_a_missing_language_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is named."""
    monkeypatch.setattr(tongues, "FOLDER", tmp_path)
    with pytest.raises(ArtworkMissing, match=r"xx\.json"):
        tongues.tongue("xx")


@pytest.mark.parametrize(
    ("text", "language", "figure", "counts"),
    [
        ("Ein Volk hat 60.000 Bienen im Sommer.", "de", "60.000", "Bienen im Sommer"),
        ("Rund 62 Prozent der Haushalte.", "de", "62%", "der Haushalte"),
        ("Près de 60 000 abeilles vivent ici.", "fr", "60 000", "abeilles"),
        ("La población es de 7 millones de personas.", "es", "7", "millones"),
        ("6万匹の蜂がいます。", "ja", "6万", ""),
        ("约有14亿人。", "zh", "14亿", ""),
        ("Es kostet 3,5 % mehr.", "de", "3,5%", "mehr"),
    ],
)
def test_numbers_are_read_as_they_are_written_elsewhere(
    text: str, language: str, figure: str, counts: str
) -> None:
    """Points between thousands, commas before decimals, ten thousands as a character."""
    found = figures.find(text, language)
    assert found is not None
    assert found.text == figure
    assert found.counts.startswith(counts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As he said: \u201cImagination is everything.\u201d", "Imagination is everything."),
        ('She wrote, "we never looked back," and left.', "we never looked back"),
        ("Er sagte: \u201eDas ist nur der Anfang.\u201c", "Das ist nur der Anfang."),
        ("Il dit : \u00ab Je pense, donc je suis. \u00bb", "Je pense, donc je suis."),
        (
            "\u5f7c\u306f\u300c\u6211\u8f29\u306f\u732b\u3067\u3042\u308b\u300d\u3068\u66f8\u3044\u305f\u3002",
            "\u6211\u8f29\u306f\u732b\u3067\u3042\u308b",
        ),
        ("They call it the \u201cred planet\u201d.", ""),
        ("It isn't so, and it wasn't.", ""),
    ],
)  # fmt: skip - one case a line
def test_what_is_quoted_is_found(text: str, said: str) -> None:
    """Between marks of any language; a word in quotation marks is no quotation."""
    assert phrases.quotation(text) == said


def test_a_quotation_is_set_as_one() -> None:
    """The scene's first candidate is what was said, and nothing around it."""
    reading = read("", "As Einstein once said: \u201cImagination is everything we have.\u201d")
    assert reading.quotation == "Imagination is everything we have."


def test_a_text_without_blanks_is_broken_into_lines() -> None:
    """No line is wider than the room, none begins with a mark, and nothing is lost."""
    text = "日本の電車は世界で一番、時間に正確です。"
    setting = lettering.fit(text, 200, 400, largest=40, most_lines=6)
    lines = [lettering.together(line) for line in setting.lines]
    assert len(lines) > 1
    assert "".join(lines) == text
    assert all(lettering.width(line, setting.size) <= 200 for line in lines)
    assert not any(line[0] in "、。" for line in lines)


def test_no_word_is_left_alone_on_the_last_line() -> None:
    """Lines are made about equally long."""
    setting = lettering.fit("Freedom is never given", 290, 200, largest=36, most_lines=3)
    widths = [lettering.width(lettering.together(line), setting.size) for line in setting.lines]
    assert len(widths) == 2
    assert min(widths) > 0.6 * max(widths)
