"""Chinese and Japanese: parts, marks, Latin words; and real characters, where packages allow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from aivideo.engines import front_ends, japanese, mandarin
from aivideo.engines.kokoro import VOCABULARY
from aivideo.engines.phonemes import SENTENCE, Sound, break_after, cut, phonemes_of
from aivideo.engines.unspaced import UnspacedFrontEnd
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.spoken import Said, say


def english(said: Sequence[Said]) -> list[Sound]:
    """An English front end that spells."""
    return [Sound(word.spoken.lower(), index, spaced=True) for index, word in enumerate(said)]


def read(text: str) -> str:
    """A reader that says "ma" for each character, and knows blanks."""
    if "?" in text:
        raise AssertionError(text)
    return " ".join("ma→❓" * len(word) for word in text.split())


def sounds(text: str, *, initials: bool = False) -> list[Sound]:
    """The sounds of a text with both."""
    return UnspacedFrontEnd(english, read, initials=initials).sounds(say(text, "zh-CN"))


def test_a_sentence_is_pronounced_part_by_part() -> None:
    """Its marks become those that the voice knows, and part sentences though no blank follows."""
    found = sounds("蜜蜂，飞。好！")
    assert phonemes_of(found) == "ma→ma→, ma→. ma→!"
    assert {sound.word for sound in found} == {0}
    assert break_after(found[:4]) == SENTENCE


def test_every_word_keeps_its_own_sounds() -> None:
    """What stands between blanks is a word of the author's."""
    assert [sound.word for sound in sounds("蜜蜂 飞。 🎉 好") if sound.is_heard] == [0, 1, 3]


def test_latin_words_are_read_in_english() -> None:
    """A name among the characters is no row of letters."""
    assert phonemes_of(sounds("用Kokoro说")) == "ma→kokoroma→."


def test_initials_are_left_to_a_reader_that_knows_them() -> None:
    """Japanese has its own names for the letters of "AI"; names are English all the same."""
    assert phonemes_of(sounds("用AI说", initials=True)) == "ma→ma→ma→ma→."
    assert phonemes_of(sounds("用Kokoro说", initials=True)) == "ma→kokoroma→."


@pytest.mark.parametrize("text", ["有3.5公斤", "有1,200人", "在5:30来"])
def test_a_mark_inside_a_number_does_not_part_it(text: str) -> None:
    """The reader sees the number whole."""
    assert phonemes_of(sounds(text)) == "ma→" * len(text) + "."


def test_a_long_text_is_cut_at_its_marks() -> None:
    """No blank parts a Chinese text; its sentences are pieces all the same."""
    pieces = cut(sounds("蜜蜂飞得很远很远。" * 40))
    assert len(pieces) > 3
    assert all(piece[-1].phonemes == "." for piece in pieces)


def test_what_it_stumbles_over_fails_alone() -> None:
    """A spelling that nobody foresaw is a failure of its scene."""

    def stumble(_: str) -> str:
        raise AssertionError

    with pytest.raises(SpeechFailed):
        UnspacedFrontEnd(english, stumble).sounds(say("蜜", "zh"))


@pytest.mark.parametrize("package", ["jieba", "misaki.zh"])
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VoiceRuntimeMissing):
        mandarin.open_reader()


def test_misaki_reads_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader gives phonemes and tokens, of which the first count; jieba keeps its news."""
    levels: list[str] = []
    jieba, misaki, zh = (ModuleType(name) for name in ("jieba", "misaki", "misaki.zh"))
    vars(jieba)["setLogLevel"] = levels.append
    vars(zh)["ZHG2P"] = lambda: lambda text: (f"{text}→", None)
    for module in (jieba, misaki, zh):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    assert mandarin.open_reader()("ma") == "ma→"
    assert levels == ["WARNING"]


@pytest.mark.slow
def test_real_characters_have_tones() -> None:
    """Where the packages are installed: words, figures and marks, all in the voice's symbols."""
    for module in mandarin.PACKAGES:
        pytest.importorskip(module)
    found = UnspacedFrontEnd(english, mandarin.open_reader()).sounds(
        say("2024年，3.5公斤。蜜蜂飞。", "zh-CN")
    )
    text = phonemes_of(found)
    assert set(text) <= VOCABULARY.keys()
    assert text.count("↗") + text.count("→") + text.count("↘") + text.count("↓") >= 7
    assert text.count(".") == 2


@pytest.mark.parametrize(
    ("katakana", "phonemes"),
    [
        ("ミツバチ", "mʲiʦɨbaʨi"),
        ("トーキョー", "toːkʲoː"),
        ("イッテ", "iʔte"),
        ("シンブン", "ɕimbɯɴ"),
        ("ギンコー", "ɡʲiŋkoː"),
        ("センニン", "seɲɲiɴ"),
        ("ホントー", "hontoː"),
        ("ジュース", "ʥɨːsɨ"),
        ("シャツ", "ɕaʦɨ"),
        ("チェック", "ʨeʔkɯ"),
        ("ヒョー", "çoː"),
        ("ファン", "ɸaɴ"),
        ("フュージョン", "ɸʲɨːʥoɴ"),
        ("ティー", "tʲiː"),
        ("トゥー", "tɯː"),
        ("ウィキペディア", "βikʲipedʲia"),
        ("クォーター", "kᵝoːtaː"),
        ("ヴァイオリン", "vaioɾʲiɴ"),
        ("イェス", "jesɨ"),
        ("デス’", "desɨ"),
        ("ァ", "a"),
        ("ンァ", "ɴa"),
        ("、", ""),
    ],
)
def test_a_reading_is_spelt_as_the_voices_learnt_it(katakana: str, phonemes: str) -> None:
    """Kana by kana, with what a small one, a doubled one or an "n" does to its neighbours."""
    assert japanese.phonemes_of(katakana) == phonemes
    assert set(phonemes) <= VOCABULARY.keys()


def test_words_are_apart_but_for_a_doubled_consonant() -> None:
    """So that a long sentence can be cut between words."""
    words = [{"pron": "イッ"}, {"pron": "テ"}, {"pron": "、"}, {"pron": "キ’タ"}]
    assert japanese.reading(lambda _: words)("行って来た") == "iʔte kʲita"


def test_a_package_without_a_dictionary_will_not_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would fetch one behind the person's back; the voice says what to install instead."""
    package = tmp_path / "pyopenjtalk"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "pyopenjtalk", raising=False)
    assert "pip install pyopenjtalk-plus" in front_ends.missing("j")
    with pytest.raises(VoiceRuntimeMissing, match="pyopenjtalk-plus"):
        front_ends.open_front_end("j")
    (package / "dictionary").mkdir()
    (package / "dictionary" / "sys.dic").touch()
    assert front_ends.missing("j") == ""
    (package / "__init__.py").write_text("raise ImportError('libfoo.so')", encoding="utf-8")
    with pytest.raises(VoiceRuntimeMissing, match="pyopenjtalk-plus"):
        japanese.open_reader()
    told = "def run_frontend(text):\n    return [{'pron': 'ミツ'}] * len(text)\n"
    (package / "__init__.py").write_text(told, encoding="utf-8")
    assert japanese.open_reader()("蜜蜜") == "mʲiʦɨ mʲiʦɨ"
    del sys.modules["pyopenjtalk"]


@pytest.mark.slow
def test_real_japanese_is_read() -> None:
    """Where Open JTalk is installed: kanji, kana, figures, initials and a Latin name."""
    if not japanese.is_here():
        pytest.skip("Open JTalk is not installed")
    found = UnspacedFrontEnd(english, japanese.open_reader(), initials=True).sounds(
        say("2024年、蜜蜂は3.5キロ。AIとKokoro！", "ja-JP")
    )
    text = phonemes_of(found)
    assert set(text) <= VOCABULARY.keys()
    assert "mʲiʦɨbaʨi βa" in text
    assert "eːai" in text
    assert "kokoro" in text
    assert text.endswith("!")
    assert sum(sound.phonemes in ",.!" for sound in found) == 3


@pytest.mark.parametrize(
    ("version", "says"), [((3, 12), "more packages"), ((3, 13), "Python 3.11 or 3.12, and there")]
)
def test_a_newer_python_is_told_to_do_without_misaki(
    version: tuple[int, int], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package index would refuse it there."""
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert f"{says}: pip install misaki" in front_ends.missing("z")
