"""The author's pronunciations: what is refused, what a word then sounds like, what it costs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import hearing
import pytest
from fakes import ToneSpeaker

from aivideo import voiceover
from aivideo.engines.kokoro import VOCABULARY
from aivideo.engines.lexicon import (
    MOST_WORDS,
    Lexical,
    as_lines,
    checked,
    in_symbols,
    read_lines,
    used,
)
from aivideo.engines.phonemes import Sound
from aivideo.errors import NotFound, PronunciationInvalid
from aivideo.progress import finish
from aivideo.projects import create_project, open_project
from aivideo.spoken import Said, say
from aivideo.store import Scene
from aivideo.studio import Studio


class Letters:
    """A front end that stresses the beginning of each word and reads it letter by letter."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """A sound for each word and one for each mark."""
        self.read += [word.spoken for word in said]
        found: list[Sound] = []
        for index, word in enumerate(said):
            parts = re.findall(r"[a-z']+|[.,!?\"-]", word.spoken.lower().replace("mute", ""))
            found.extend(
                Sound(part if part in '".,!?' else f"ˈ{part}", index, spaced=at == len(parts))
                for at, part in enumerate(parts, 1)
            )
        return found


def heard(text: str, accent: str = "a", **lexicon: str) -> str:
    """What the network would be given for a text."""
    sounds = Lexical(Letters(), lexicon, accent).sounds(say(text))
    assert all(sound.word < len(text.split()) for sound in sounds)
    return "".join(sound.phonemes + " " * sound.spaced for sound in sounds).strip()


@pytest.mark.parametrize(
    ("ipa", "american", "british"),
    [
        ("kəˈkoʊɹoʊ", "kəkˈOɹO", "kəkˈQɹQ"),
        ("ˈt͡ʃiːz", "ʧˈiz", "ʧˈiːz"),
        ("ˌdʒɛˈneɪɾɚ", "ʤˌɛnˈATəɹ", "ʤˌɛnˈAɾə"),
        ("ˈgɪg.ə", "ɡˈɪɡə", "ɡˈɪɡə"),
        ("kəkˈOɹO", "kəkˈOɹO", "kəkˈOɹO"),
        ("ˈnuː ˈjɔːɹk", "nˈu jˈɔɹk", "nˈuː jˈɔːɹk"),
    ],
)
def test_phonemes_are_turned_into_the_voices_own(ipa: str, american: str, british: str) -> None:
    """As dictionaries write them, for either accent; the stress moves to its vowel."""
    assert in_symbols(ipa, "a") == american
    assert in_symbols(ipa, "b") == british
    assert set(american + british) <= VOCABULARY.keys()


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("I met Kokoro.", "ˈi ˈmet kəkˈOɹO."),
        ("KOKORO, kokoro!", "kəkˈOɹO, kəkˈOɹO!"),
        ("“Kokoro’s” bees", '"kəkˈOɹOz" ˈbees'),
        ("Kokoro-based kokoros", "kəkˈOɹOˈbased ˈkokoros."),
        ("(Kokoro)", "kəkˈOɹO."),
    ],
)
def test_whole_words_are_replaced_with_their_marks_kept(text: str, sounds: str) -> None:
    """Whatever their case, with a possessive, in quotes or in a compound; longer words are not."""
    assert heard(text, Kokoro="/kəˈkoʊɹoʊ/").rstrip(".") == sounds.rstrip(".")


@pytest.mark.parametrize(
    ("said", "possessive"),
    [("/bæt/", "bæts"), ("/bɛd/", "bɛdz"), ("/bʌs/", "bʌsᵻz"), ("/biː/", "biz")],
)
def test_a_possessive_sounds_as_it_must(said: str, possessive: str) -> None:
    """After a voiceless sound, a voiced one and a hiss."""
    assert heard("x's", x=said) == f"{possessive}."


def test_syllables_in_capitals_are_stressed() -> None:
    """A respelling is read syllable by syllable, as one word."""
    assert heard("Kokoro flies", Kokoro="koh-KOH-roh") == "kohkˈohroh ˈflies."
    assert heard("Kokoro flies", Kokoro="koh-koh-roh") == "ˈkohˈkohˈroh ˈflies."
    assert heard("Nguyen flies", Nguyen="win") == "ˈwin ˈflies."
    assert heard("Lxy flies", Lxy="LUX ee") == "ˈlux ˈee ˈflies."


def test_the_sentence_is_read_as_it_is_written() -> None:
    """Other words are pronounced as they stand beside the author's own spelling."""
    front_end = Letters()
    Lexical(front_end, {"Kokoro": "/koʊ/"}, "a").sounds(say("The Kokoro bees"))
    assert front_end.read[:3] == ["The", "Kokoro", "bees."]


def test_a_word_that_was_silent_can_be_said() -> None:
    """A spelling that the front end passes over gets its sound in its place."""
    sounds = Lexical(Letters(), {"mute": "/muː/"}, "a").sounds(say("one mute two"))
    assert [(sound.phonemes, sound.word) for sound in sounds if sound.is_heard] == [
        ("ˈone", 0),
        ("mu", 1),
        ("ˈtwo", 2),
    ]


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({"": "koh"}, "not one word"),
        ({"New York": "noo york"}, "not one word"),
        ({"!!": "koh"}, "not one word"),
        ({"x" * 61: "koh"}, "longer than 60"),
        ({"Kokoro": ""}, "neither a respelling nor phonemes"),
        ({"Kokoro": "k0k0"}, "neither a respelling nor phonemes"),
        ({"Kokoro": "koh--roh"}, "neither a respelling nor phonemes"),
        ({"Kokoro": "/k§/"}, "no sound for '§'"),
        ({"Kokoro": "/kt/"}, "no vowel"),
        ({"Kokoro": "//"}, "no vowel"),
        ({"Kokoro": "a" * 121}, "longer than 120"),
        ({"Kokoro": "koh", "kokoro": "kuh"}, "given twice"),
        ({"Kokoro": "koh", " Kokoro ": "kuh"}, "given twice"),
        ({f"w{number}": "koh" for number in range(MOST_WORDS + 1)}, "501 words, and 500 fit"),
    ],
)
def test_what_cannot_be_said_is_refused(entries: dict[str, str], says: str) -> None:
    """The sentence says what is wrong and gives an example of both ways to write it."""
    with pytest.raises(PronunciationInvalid, match=says) as caught:
        checked(entries)
    assert "/kəˈkoʊɹoʊ/" in caught.value.message
    assert "koh-KOH-roh" in caught.value.message
    assert caught.value.code == "PRONUNCIATION_INVALID"


def test_entries_are_tidied() -> None:
    """Blanks around them are nothing that anybody meant."""
    assert checked({" Kokoro ": " koh-KOH  roh "}) == {"Kokoro": "koh-KOH roh"}


def test_a_person_writes_entries_one_a_line() -> None:
    """Blank lines are no matter; what is written back is read again."""
    entries = read_lines(" Kokoro = koh-KOH-roh\n\nbee=/bi/ \n")
    assert entries == {"Kokoro": "koh-KOH-roh", "bee": "/bi/"}
    assert read_lines(as_lines(entries)) == entries
    assert read_lines("") == {}


@pytest.mark.parametrize(
    ("text", "says"), [("Kokoro koh", "no = between"), ("a = koh\na = kuh", "given twice")]
)
def test_a_line_that_is_no_entry_is_refused(text: str, says: str) -> None:
    """Rather than dropped."""
    with pytest.raises(PronunciationInvalid, match=says):
        read_lines(text)


def test_the_words_that_a_text_uses_are_known() -> None:
    """With case, possessives, compounds and marks as when they are spoken."""
    lexicon = {"Kokoro": "koh", "bee": "bay", "Nginx": "en"}
    assert used("Kokoro’s [pause 1s] nginx-based beehive!", lexicon) == {
        "Kokoro": "koh",
        "Nginx": "en",
    }
    assert used("Nothing here", lexicon) == {}
    assert used("Nothing here", {}) == {}


TEXTS = ("Kokoro sings.", "Bees fly.", "We hear Kokoro's song.")


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project of three spoken scenes, two of which name Kokoro."""
    project_id = create_project(studio, topic="Bees").project_id
    with studio.store.session() as session:
        for position, text in enumerate(TEXTS):
            session.add(Scene(project_id=project_id, position=position, text=text))
    finish(voiceover.speak_scenes(studio, project_id))
    return project_id


def spoken(studio: Studio, project_id: str) -> list[bool]:
    """Which scenes are spoken as they stand."""
    return [bool(scene.audio_path) for scene in open_project(studio, project_id).scenes]


def test_only_scenes_with_the_word_are_spoken_again(
    studio: Studio, speaker: ToneSpeaker, project_id: str
) -> None:
    """They alone lose their narration; the speaker is told what it needs, and no more."""
    speaker.spoken.clear()
    speaker.manners.clear()
    entries = {"Kokoro": "koh-KOH-roh", "Zürich": "tsoo-rikh"}
    assert voiceover.set_pronunciations(studio, project_id, entries) == entries
    assert voiceover.get_pronunciations(studio, project_id) == entries
    assert spoken(studio, project_id) == [False, True, False]
    finish(voiceover.speak_scenes(studio, project_id))
    assert [text for text, _ in speaker.spoken] == [TEXTS[0], TEXTS[2]]
    assert speaker.manners == [(1.0, {"Kokoro": "koh-KOH-roh"})] * 2


def test_captions_keep_the_authors_word(studio: Studio, project_id: str) -> None:
    """The words of the narration are those of the text, with their times."""
    voiceover.set_pronunciations(studio, project_id, {"Kokoro": "koh-KOH-roh"})
    narrations = finish(voiceover.speak_scenes(studio, project_id))
    assert [[word.text for word in each.words] for each in narrations] == [
        text.split() for text in TEXTS
    ]


def test_taking_a_pronunciation_back_finds_what_was_spoken_before(
    studio: Studio, speaker: ToneSpeaker, project_id: str
) -> None:
    """A narration is named by what went into it, so going back costs nothing."""
    before = [scene.audio_path for scene in open_project(studio, project_id).scenes]
    voiceover.set_pronunciations(studio, project_id, {"Kokoro": "koh"})
    finish(voiceover.speak_scenes(studio, project_id))
    speaker.spoken.clear()
    voiceover.set_pronunciations(studio, project_id, {})
    finish(voiceover.speak_scenes(studio, project_id))
    assert [scene.audio_path for scene in open_project(studio, project_id).scenes] == before
    assert speaker.spoken == []


def test_a_refused_dictionary_changes_nothing(studio: Studio, project_id: str) -> None:
    """Not one of its entries is kept."""
    with pytest.raises(PronunciationInvalid):
        voiceover.set_pronunciations(studio, project_id, {"Kokoro": "koh", "Bees": "§"})
    assert voiceover.get_pronunciations(studio, project_id) == {}
    assert spoken(studio, project_id) == [True, True, True]


def test_a_project_that_is_not_there_has_no_pronunciations(studio: Studio) -> None:
    """Both ways."""
    with pytest.raises(NotFound):
        voiceover.get_pronunciations(studio, "nowhere")
    with pytest.raises(NotFound):
        voiceover.set_pronunciations(studio, "nowhere", {})


@pytest.mark.slow
def test_the_official_front_end_reads_respellings() -> None:
    """Real syllables, one stressed, in a sentence that is otherwise read as before."""
    pytest.importorskip("kokoro")
    front_end = hearing.front_end("a")
    said = say("We met Kokoro's friends.")
    own = Lexical(front_end, {"Kokoro": "koh-KOH-roh"}, "a").sounds(said)
    assert "".join(sound.phonemes for sound in own if sound.word == 2) == "kOkˈOɹOz"
    plain = [sound for sound in front_end.sounds(said) if sound.word != 2]
    assert [sound for sound in own if sound.word != 2] == plain
