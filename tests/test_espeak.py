"""The second front end: eSpeak's IPA in Kokoro's symbols, each sound owned by its written word."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import hearing
import pytest
from oracle import word_error_rate
from test_speech import Hum
from tricky import TRICKY

from aivideo.engines import front_ends, weights
from aivideo.engines.espeak import EspeakFrontEnd, translated
from aivideo.engines.kokoro import VOCABULARY, OnnxNetwork
from aivideo.engines.phonemes import LONGEST_PIECE, Sound, cut, phonemes_of
from aivideo.engines.speech import CATALOGUE, KokoroSpeaker
from aivideo.errors import SpeechFailed, VoiceRuntimeMissing
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.spoken import Said, has_sound, say
from aivideo.spoken.figures import cardinal, written_out
from aivideo.workspace import Workspace


@pytest.fixture(scope="module")
def american() -> EspeakFrontEnd:
    """The real front end, American."""
    return EspeakFrontEnd("a")


@pytest.fixture(scope="module")
def british() -> EspeakFrontEnd:
    """The real front end, British."""
    return EspeakFrontEnd("b")


def parts(sounds: list[Sound]) -> dict[int, str]:
    """What each written word sounds like."""
    words = sorted({sound.word for sound in sounds})
    return {word: "".join(s.phonemes for s in sounds if s.word == word) for word in words}


@pytest.mark.parametrize(
    ("ipa", "ours"),
    [
        ("ne\u0361ɪ", "nA"),
        ("a\u0361ɪ", "I"),
        ("ɡo\u0361ʊ", "ɡO"),
        ("na\u0361ʊ", "nW"),
        ("bˈɔ\u0361ɪ", "bˈY"),
        ("d\u0361ʒˈʌd\u0361ʒ", "ʤˈʌʤ"),
        ("t\u0361ʃˈɜːt\u0361ʃ", "ʧˈɜɹʧ"),
        ("hɜːɹ", "hɜɹ"),
        ("wˈɔːɾɚ", "wˈɔTəɹ"),
        ("bˈʌʔn\u0329", "bˈʌtn"),
        ("ˈæpə\u0361lz", "ˈæpᵊlz"),
        ("dˈɑː\u0361ɹk", "dˈɑɹk"),
        ("ɹˈo\u0361ʊzᵻz", "ɹˈOzᵻz"),
    ],
)
def test_american_sounds_have_kokoros_symbols(ipa: str, ours: str) -> None:
    """Diphthongs are capitals, affricates one letter, no length, a tapped t."""
    assert translated(ipa, "a") == ours


@pytest.mark.parametrize(
    ("ipa", "ours"),
    [
        ("kˈə\u0361ʊm", "kˈQm"),
        ("t\u0361ʃˈe\u0361ə", "ʧˈɛː"),
        ("fˈi\u0361ə", "fˈɪə"),
        ("nˈɜːs", "nˈɜːs"),
        ("kæn", "kan"),
    ],
)
def test_british_sounds_have_kokoros_symbols(ipa: str, ours: str) -> None:
    """Length stays, "come" and "comb" differ, no r after a vowel."""
    assert translated(ipa, "b") == ours


def test_a_symbol_that_kokoro_does_not_have_is_dropped() -> None:
    """Nothing reaches the network that has no number there."""
    assert translated("k\u0361æ1\u0303%n", "a") == "kæn"


def test_every_sound_is_in_the_vocabulary(
    american: EspeakFrontEnd, british: EspeakFrontEnd
) -> None:
    """Foreign letters, signs and marks included."""
    said = say('Wałęsa & Søren: "99% naïve" (пчёлы) … 東京 — $5 million, 3 km; what?!')
    for front_end in (american, british):
        assert set(phonemes_of(front_end.sounds(said))) <= set(VOCABULARY)


def test_a_sentence_sounds_like_the_official_front_end(american: EspeakFrontEnd) -> None:
    """Weak words are weak, and what eSpeak melts together is parted again."""
    sounds = american.sounds(say("In its dark comb, honey can last for years of the sea."))
    assert phonemes_of(sounds) == "ɪn ɪts dˈɑɹk kˈOm, hˈʌni kæn lˈæst fɔɹ jˈɪɹz ʌv ðə sˈi."


def test_the_accents_differ(american: EspeakFrontEnd, british: EspeakFrontEnd) -> None:
    """British "bath" is long, "city" has no tap and ends as in "see"."""
    said = say("One bath in the city")
    assert phonemes_of(american.sounds(said)) == "wˈʌn bˈæθ ɪn ðə sˈɪTi."
    assert phonemes_of(british.sounds(said)) == "wˈʌn bˈɑːθ ɪn ðə sˈɪti."


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        ("It is going to be in", {3: "tə", 4: "bi", 5: "ˈɪn."}),
        ("It was a boat", {1: "wʌz", 2: "ɐ", 3: "bˈOt."}),
        ("end of the day", {1: "ʌv", 2: "ðə", 3: "dˈA."}),
        ("an iPhone now", {0: "ɐn", 1: "ˈIfˈOn", 2: "nˈW."}),
    ],
)
def test_melted_words_keep_their_own_sounds(
    american: EspeakFrontEnd, text: str, owned: dict[int, str]
) -> None:
    """ESpeak says "to be" and "of the" as one word; captions know them as two."""
    assert parts(american.sounds(say(text))).items() >= owned.items()


@pytest.mark.parametrize("text", TRICKY)
def test_every_word_that_is_said_has_a_sound(american: EspeakFrontEnd, text: str) -> None:
    """No word of the author's is lost on its way to the network, and none is out of order."""
    said = say(text)
    sounds = american.sounds(said)
    owners = [sound.word for sound in sounds]
    assert owners == sorted(owners)
    heard = {sound.word for sound in sounds if sound.is_heard}
    assert heard >= {index for index, word in enumerate(said) if has_sound(word.spoken)}


def test_marks_stay_between_the_words(american: EspeakFrontEnd) -> None:
    """They are the network's breath; quotation marks open and close."""
    sounds = american.sounds(say('He said "yes, no" (okay)... well?'))
    assert [s.phonemes for s in sounds if not s.is_heard] == [*"“,”()...?"]
    assert phonemes_of(sounds).endswith("“jˈɛs, nˈO” (OkˈA)... wˈɛl?")


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("Dr. Lee met J. Fox.", 1),
        ("in the U.S. today.", 1),
        ("See you at 5 p.m.", 1),
        ("It is.", 1),
    ],
)
def test_a_shortened_word_ends_no_sentence(american: EspeakFrontEnd, text: str, stops: int) -> None:
    """A title, an initial and "U.S." are followed by no pause; the last stop stays."""
    assert phonemes_of(american.sounds(say(text))).count(".") == stops


@pytest.mark.parametrize("text", ["", "🎉", "(music)"])
def test_a_text_without_words_has_no_sounds(american: EspeakFrontEnd, text: str) -> None:
    """An empty script is no failure of the front end."""
    assert not any(sound.is_heard for sound in american.sounds(say(text)))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("0", "zero"),
        ("2024,", "twenty twenty four,"),
        ("1984", "nineteen eighty four"),
        ("1900", "nineteen hundred"),
        ("1905", "nineteen oh five"),
        ("2005", "two thousand five"),
        ("5000", "five thousand"),
        ("1,200", "one thousand two hundred"),
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("007", "zero zero seven"),
        ("3.14", "three point one four"),
        (".5", "point five"),
        ("1st", "first"),
        ("22nd", "twenty second"),
        ("20th-century", "twentieth-century"),
        ("1,000th", "one thousandth"),
        ("12th", "twelfth"),
        ("1990s", "nineteen nineties"),
        ("'90s", "nineties"),
        ("1800s", "eighteen hundreds"),
        ("1906s", "nineteen oh sixes"),
        ("50%", "fifty percent"),
        ("A4", "A-four"),
        ("4K", "four K"),
        ("20-year-old", "twenty-year-old"),
        ("$1", "one dollar"),
        ("$3.50", "three dollars and fifty cents"),
        ("$0.01", "one cent"),
        ("£2.01", "two pounds and one penny"),
        ("€1,200", "one thousand two hundred euros"),
        ("$1.5 billion", "one point five billion dollars"),
        ("1000000000000000", "one" + " zero" * 15),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_figures_are_written_out(figures: str, words: str) -> None:
    """ESpeak reads years, thousands and money badly, so it gets words."""
    assert written_out([figures]) == [words]


def test_a_currency_moves_behind_the_million() -> None:
    """The words stay as many as they were."""
    assert written_out(["over", "$5", "million,", "or"]) == [
        "over",
        "five",
        "million dollars,",
        "or",
    ]


def test_the_largest_number_with_a_name_is_named() -> None:
    """Longer ones are read figure by figure."""
    assert cardinal(999 * 10**12).startswith("nine hundred ninety nine trillion")


def test_a_figure_belongs_to_its_written_word(american: EspeakFrontEnd) -> None:
    """However many words it takes, captions show one."""
    sounds = american.sounds(say("In 1984, $3.50 was much."))
    assert {sound.word for sound in sounds} == {0, 1, 2, 3, 4}
    assert parts(sounds)[1].startswith("nˈInt")


@pytest.mark.parametrize(
    ("module", "package"),
    [("espeakng_loader", "espeakng-loader"), ("phonemizer.backend.espeak.wrapper", "phonemizer")],
)
def test_a_missing_package_is_named(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what to install again."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(VoiceRuntimeMissing, match=package):
        EspeakFrontEnd("a")


def test_an_espeak_without_its_voices_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken installation is named like a missing one, with what eSpeak said in the details."""
    loader = importlib.import_module("espeakng_loader")
    monkeypatch.setattr(loader, "get_data_path", lambda: str(tmp_path / "gone"))
    with pytest.raises(VoiceRuntimeMissing, match="espeakng-loader") as caught:
        EspeakFrontEnd("a")
    assert "gone" in caught.value.detail
    monkeypatch.undo()
    EspeakFrontEnd("a")


def test_a_text_espeak_stumbles_over_fails_alone() -> None:
    """It is told as a failure of this text, with the text in the details."""

    def stumbling(text: str) -> str:
        raise RuntimeError(f"no phonemes for {text}")

    with pytest.raises(SpeechFailed) as caught:
        EspeakFrontEnd("a", lambda _: stumbling).sounds([Said("odd", "odd")])
    assert "odd" in caught.value.detail


def test_the_official_front_end_is_used_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ESpeak steps in alone, and the choice says so."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert front_ends.chosen() is front_ends.OFFICIAL
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert front_ends.chosen() is front_ends.ESPEAK
    assert isinstance(front_ends.open_front_end("b"), EspeakFrontEnd)


@pytest.fixture
def speaker(settings: Settings, tmp_path: Path) -> Iterator[KokoroSpeaker]:
    """A speaker with weights that nobody loads."""
    own = tmp_path / "own.onnx"
    own.write_bytes(b"weights")
    workspace = Workspace(settings)
    yield KokoroSpeaker(
        settings.model_copy(update={"kokoro_model": own}), workspace, weights.KOKORO, OnnxNetwork
    )
    workspace.close()


def test_health_tells_that_espeak_pronounces(
    speaker: KokoroSpeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The voice works on Python 3.13, and a person knows what would be better."""
    monkeypatch.setitem(sys.modules, "kokoro", None)
    health = speaker.check()
    assert health.works
    assert "pronounced by eSpeak; on Python 3.11 or 3.12" in health.says


def test_narration_of_another_front_end_has_another_name(
    speaker: KokoroSpeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of Python the same text is spoken anew, better."""
    monkeypatch.setitem(sys.modules, "kokoro", None)
    assert speaker.name.endswith("eSpeak 1")


def test_the_official_network_asks_for_another_python(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing again would not help on 3.13; the sentence says where it would."""
    monkeypatch.setitem(sys.modules, "kokoro", None)
    workspace = Workspace(settings)
    health = KokoroSpeaker(settings, workspace, weights.KOKORO_OFFICIAL, OnnxNetwork).check()
    workspace.close()
    assert not health.works
    assert "3.11 or 3.12" in health.remedy


OTHERS = {
    "e": "¿Cuántas abejas viven aquí? Unas 1.200, dice «la niña» — y el 37 % vuela.",
    "f": "L’été, l’abeille d’à côté n’a que 3 heures : « c’est peu », dit-elle à Zoë.",
    "h": "मधुमक्खियाँ 5 फूलों पर बैठती हैं। क्या यह शहद AI है?",
    "i": "Perché l’ape vola? Dall’alba, c’è il 50% dei fiori… e un’altra città.",
    "p": "As abelhas dão mel; são 3 colmeias, não é? O João põe-as lá à tarde.",
}
"""A text in each language that is eSpeak's alone, with what is hard in it."""


@pytest.mark.parametrize("accent", OTHERS)
def test_another_language_keeps_every_word(accent: str) -> None:
    """Each has its sounds, in order, all in the voice's symbols; marks that pause are kept."""
    language = next(v.language for v in CATALOGUE if v.id[0] == accent)
    said = say(OTHERS[accent], language)
    found = hearing.front_end(accent).sounds(said)
    owners = [sound.word for sound in found]
    assert owners == sorted(owners)
    heard = {sound.word for sound in found if sound.is_heard}
    assert heard >= {index for index, word in enumerate(said) if has_sound(word.spoken)}
    assert {symbol for sound in found for symbol in sound.phonemes} <= VOCABULARY.keys()
    assert found[-1].phonemes in {".", "?"}


@pytest.mark.parametrize("accent", OTHERS)
def test_every_word_of_another_language_has_its_time(
    settings: Settings, workspace: Workspace, tmp_path: Path, accent: str
) -> None:
    """The words are the author's, in order and apart, so that captions can light them up."""
    (tmp_path / "own.onnx").write_bytes(b"weights")
    own = settings.model_copy(update={"kokoro_model": tmp_path / "own.onnx"})
    humming = KokoroSpeaker(own, workspace, weights.KOKORO, Hum, hearing.front_end)
    voice = next(voice for voice in CATALOGUE if voice.id[0] == accent)
    speech = finish(humming.speak(OTHERS[accent], voice.id))
    assert [word.text for word in speech.words] == OTHERS[accent].split()
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    heard = [word for word in speech.words if has_sound(word.text)]
    assert all(word.end > word.start for word in heard)


@pytest.mark.parametrize(
    ("accent", "text"),
    [("h", "यह Alpha और iPhone है"), ("f", "le shopping sur Facebook"), ("i", "il Facebook")],
)
def test_a_change_of_language_is_not_read_out(accent: str, text: str) -> None:
    """An English word is read as English; that eSpeak says so is no word of the author's."""
    language = next(v.language for v in CATALOGUE if v.id[0] == accent)
    phonemes = phonemes_of(hearing.front_end(accent).sounds(say(text, language)))
    assert not set("()") & set(phonemes)
    assert "en" not in phonemes.replace("ˈ", "")


def test_a_long_sentence_of_another_language_is_cut_between_words() -> None:
    """An Italian one without a mark, ten times over: every word is in a piece, none is too long."""
    text = "le api escono all'alba per cercare i fiori e tornano cariche di nettare " * 10
    said = say(text, "it-IT")
    pieces = cut(hearing.front_end("i").sounds(said))
    assert len(pieces) > 1
    assert all(len(phonemes_of(piece)) <= LONGEST_PIECE for piece in pieces)
    owners = [sound.word for piece in pieces for sound in piece if sound.is_heard]
    assert sorted(set(owners)) == list(range(len(said)))
    assert all(piece[-1].spaced for piece in pieces[:-1])


SENTENCE = (
    "In 1984, a team opened a museum that costs $5 million, and 1,200 people have been there."
)


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["af_heart", "bf_emma"])
def test_espeaks_words_are_understood(weights_dir: Path, voice: str) -> None:
    """A recogniser hears what was written, in both accents."""
    settings = Settings(cache_dir=weights_dir.parent, model_hub="", kokoro_model=None)
    workspace = Workspace(settings)
    speaker = KokoroSpeaker(settings, workspace, weights.KOKORO, hearing.network, EspeakFrontEnd)
    speech = finish(speaker.speak(SENTENCE, voice))
    [listener, *_] = finish(weights.fetch_all(weights.WHISPER, settings, workspace))
    workspace.close()
    heard = hearing.heard_by(listener.parent, speech)
    assert word_error_rate(SENTENCE, heard) <= 0.15, heard
    assert [word.text for word in speech.words] == SENTENCE.split()
