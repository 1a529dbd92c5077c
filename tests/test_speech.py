"""The speaker: what it refuses, how it splits and times; and, slowly, how it really sounds."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import hearing
import numpy as np
import pytest
from numpy.typing import NDArray
from oracle import word_error_rate

from aivideo.engines import front_ends, weights
from aivideo.engines.kokoro import FRAME, LONGEST, STYLE, Utterance
from aivideo.engines.phonemes import LONGEST_PIECE, Sound
from aivideo.engines.speakers import open_speaker
from aivideo.engines.speech import (
    CATALOGUE,
    RATE,
    RECIPE,
    KokoroSpeaker,
    Speaker,
    Speech,
    find_voice,
)
from aivideo.engines.voices import check_script, vector
from aivideo.errors import (
    AIVideoError,
    InvalidArgument,
    NothingToSpeak,
    PauseImpossible,
    TextNotForVoice,
    VoiceUnavailable,
    VoiceUnknown,
    WeightsNotFound,
    WeightsUnreachable,
)
from aivideo.progress import Progress, Work, finish
from aivideo.settings import Settings
from aivideo.spoken import Said
from aivideo.workspace import Workspace


class Spelling:
    """A front end that takes each letter of a word for a phoneme; "mute" has no sound."""

    def __init__(self, accent: str) -> None:
        self.accent = accent

    def sounds(self, said: Sequence[Said]) -> list[Sound]:
        """A sound for each word and one for each mark at its end."""
        found: list[Sound] = []
        for index, word in enumerate(said):
            tokens = re.findall(r"[a-z]+|[.,!?]", word.spoken.lower().replace("mute", ""))
            found.extend(Sound(token, index, spaced=False) for token in tokens)
            if found and found[-1].word == index:
                found[-1] = Sound(found[-1].phonemes, index, spaced=True)
        return found


class Hum:
    """A network that hums two frames for each phoneme, and keeps what it was given."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.given: list[tuple[int, float]] = []

    def run(
        self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
    ) -> Work[Utterance]:
        """Hum."""
        assert style.shape == (STYLE,)
        self.given.append((len(numbers), speed))
        yield Progress(0.5)
        frames = np.full(len(numbers) + 2, round(2 / speed), np.float32)
        samples = 0.3 * np.sin(np.arange(int(frames.sum()) * FRAME) * 0.1)
        return Utterance(samples.astype(np.float32), frames)


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings that name weights of one's own."""
    path = tmp_path / "own.onnx"
    path.write_bytes(b"weights")
    return settings.model_copy(update={"kokoro_model": path})


@pytest.fixture
def networks() -> list[Hum]:
    """The networks that ``humming`` has opened."""
    return []


@pytest.fixture
def humming(own: Settings, workspace: Workspace, networks: list[Hum]) -> KokoroSpeaker:
    """Kokoro's speaker around a network that hums."""

    def open_network(path: Path) -> Hum:
        networks.append(Hum(path))
        return networks[-1]

    return KokoroSpeaker(own, workspace, weights.KOKORO, open_network, Spelling)


def test_the_catalogue_has_every_published_voice() -> None:
    """54 voices in 9 accents, best grade first, each id once."""
    assert len({voice.id for voice in CATALOGUE}) == len(CATALOGUE) == 54
    assert len({voice.language for voice in CATALOGUE}) == 9
    assert CATALOGUE[0].id == "af_heart"
    graded = [voice.grade for voice in CATALOGUE if voice.grade]
    assert graded == sorted(graded, key=lambda grade: (grade[0], "+ -".index((grade + " ")[1])))


def test_every_voice_that_is_not_missing_has_its_vector() -> None:
    """All 54 come with the app, and a voice's gender and language are in its id."""
    languages = dict(zip("abefhijpz", LANGUAGES, strict=True))
    for voice in CATALOGUE:
        rows = vector(voice)
        assert rows.shape == (LONGEST, STYLE)
        assert np.isfinite(rows).all()
        assert np.abs(rows).max() > 0.1
        assert voice.language == languages[voice.id[0]]
        assert voice.gender == {"f": "female", "m": "male"}[voice.id[1]]


def test_no_two_voices_sound_the_same() -> None:
    """Each has a vector of its own."""
    assert len({vector(voice).tobytes() for voice in CATALOGUE}) == len(CATALOGUE)


LANGUAGES = ("en-US", "en-GB", "es-ES", "fr-FR", "hi-IN", "it-IT", "ja-JP", "pt-BR", "zh-CN")


@pytest.mark.parametrize("accent", "abefhip")
def test_a_language_that_espeak_knows_can_be_spoken_here(accent: str) -> None:
    """Its front end comes with the app."""
    assert front_ends.missing(accent) == ""
    assert not any(voice.missing for voice in CATALOGUE if voice.id[0] == accent)


@pytest.mark.parametrize(
    ("accent", "says"),
    [
        ("f", "pip install phonemizer-fork espeakng-loader."),
        ("z", "pip install misaki jieba pypinyin cn2an ordered-set."),
        ("j", "pip install pyopenjtalk-plus."),
    ],
)
def test_a_language_without_a_front_end_says_how_to_get_one(
    accent: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The packages are named as a person installs them."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert says in front_ends.missing(accent)


def test_a_voice_of_another_language_says_why_it_is_missing() -> None:
    """The error says what is missing and asks for another voice."""
    elsewhere = [replace(voice, missing="It needs a package.") for voice in CATALOGUE]
    with pytest.raises(VoiceUnavailable, match=r"Kumo cannot speak here.*Choose another voice"):
        find_voice(elsewhere, "jm_kumo")


def test_an_unknown_voice_names_the_near_ones() -> None:
    """A slip of the finger is easily mended."""
    with pytest.raises(VoiceUnknown, match=r"'af_hart'.*af_heart"):
        find_voice(CATALOGUE, "af_hart")


def test_a_voice_like_no_other_names_the_best() -> None:
    """Without a near one, the best voices are named."""
    with pytest.raises(VoiceUnknown, match="af_heart, af_bella"):
        find_voice(CATALOGUE, "???")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Пчёлы делают мёд", "Cyrillic"),
        ("蜜蜂酿蜜", "Chinese"),
        ("みつばち", "Japanese"),
        ("النحل", "Arabic"),
    ],
)
def test_a_text_in_another_script_is_refused(text: str, script: str) -> None:
    """The sentence names the script instead of letting the voice spell letters."""
    with pytest.raises(TextNotForVoice, match=f"Heart speaks English.*{script}"):
        check_script(text, CATALOGUE[0])


def test_a_voice_that_reads_the_script_is_offered() -> None:
    """The best of those that can speak here are named; where there is none, none is."""
    with pytest.raises(TextNotForVoice, match=r"such as: hf_alpha, hf_beta, hm_omega\."):
        check_script("मधुमक्खियाँ शहद बनाती हैं।", CATALOGUE[0])
    with pytest.raises(TextNotForVoice, match=r"in English\.$"):
        check_script("Пчёлы", CATALOGUE[0])


@pytest.mark.parametrize(
    ("voice_id", "text", "reads"),
    [
        ("hf_alpha", "मधुमक्खियाँ", True),
        ("hf_alpha", "madhumakkhi", True),
        ("hf_alpha", "Пчёлы", False),
        ("zf_xiaoxiao", "蜜蜂酿蜜 OK", True),
        ("zf_xiaoxiao", "Only Latin", False),
        ("zf_xiaoxiao", "2024", True),
        ("ff_siwis", "L'été à Zürich", True),
        ("ff_siwis", "蜜蜂酿蜜", False),
    ],
)
def test_a_voice_reads_the_scripts_of_its_language(
    voice_id: str, text: str, *, reads: bool
) -> None:
    """Each language has its own."""
    voice = next(voice for voice in CATALOGUE if voice.id == voice_id)
    if reads:
        check_script(text, voice)
    else:
        with pytest.raises(TextNotForVoice, match=voice.name):
            check_script(text, voice)


@pytest.mark.parametrize(
    "text", ["The word мир means peace", "Crème brûlée", "5", "\uff41\uff42\uff43"]
)
def test_a_foreign_word_in_an_english_text_is_no_matter(text: str) -> None:
    """Only a text most of whose letters are foreign is refused."""
    check_script(text, CATALOGUE[0])


def test_the_words_are_those_of_the_author(humming: KokoroSpeaker) -> None:
    """Every written word comes back, in order, with times that do not overlap."""
    text = "Well —  it costs $3.50, really! 🎉 See example.com."
    speech = finish(humming.speak(text, "af_heart"))
    assert [word.text for word in speech.words] == text.split()
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= len(speech.samples) / RATE + 0.001


def test_a_network_that_tells_no_durations_has_its_words_shared_out(
    own: Settings, workspace: Workspace
) -> None:
    """Marked so, and each sentence in the stretch that is its own."""

    class Silent(Hum):
        def run(
            self, numbers: Sequence[int], style: NDArray[np.float32], speed: float
        ) -> Work[Utterance]:
            del style, speed
            yield Progress(0.5)
            swell = 0.3 * np.sin(np.arange(RATE) * 0.1) * np.sin(np.arange(RATE) * np.pi / RATE)
            samples = np.concatenate([swell, np.zeros(RATE), swell]).astype(np.float32)
            frames = np.full(len(numbers) + 2, len(samples) / FRAME / (len(numbers) + 2))
            return Utterance(samples, frames.astype(np.float32), proportional=True)

    speaker = KokoroSpeaker(own, workspace, weights.KOKORO, Silent, Spelling)
    speech = finish(speaker.speak("Bees fly far. They make honey.", "af_heart"))
    assert all(word.proportional for word in speech.words)
    assert [word.end < 1.2 for word in speech.words] == [True, True, True, False, False, False]
    assert [word.start > 1.8 for word in speech.words] == [False, False, False, True, True, True]


def test_sentences_without_a_blank_between_are_timed_each_by_itself(humming: KokoroSpeaker) -> None:
    """They share what is spoken between pauses, are marked so, and come out as written."""
    speech = finish(humming.speak("honey。bees。 home", "af_heart"))
    assert [(word.text, word.joined, word.proportional) for word in speech.words] == [
        ("honey。", False, True),
        ("bees。", True, True),
        ("home", False, False),
    ]
    assert speech.words[0].end == speech.words[1].start > speech.words[0].start
    assert speech.words[1].end <= speech.words[2].start


def test_a_long_text_is_spoken_to_its_end(humming: KokoroSpeaker, networks: list[Hum]) -> None:
    """200 words without a mark become several pieces, and the sound grows with the text."""
    short = finish(humming.speak("honey " * 20, "af_heart"))
    long = finish(humming.speak("honey " * 200, "af_heart"))
    assert len(long.words) == 200
    assert all(word.end > word.start for word in long.words)
    assert len(long.samples) > 9 * len(short.samples)
    assert all(count <= LONGEST_PIECE for count, _ in networks[0].given)


def silences(samples: NDArray[np.float32]) -> list[float]:
    """How long each silence inside the sound lasts, in seconds, from a tenth on."""
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    return [round(float(gap) / RATE, 2) for gap in np.diff(loud) if gap > RATE // 10]


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [
        ("[pause 0.8s]", 0.8),
        ("[pause]", 0.5),
        ("[PAUSE 500ms]", 0.5),
        ("[Pause 1,5 s]", 1.5),
        ("[pause 2]", 2.0),
    ],
)
def test_a_pause_is_heard_where_it_is_written(
    humming: KokoroSpeaker, mark: str, seconds: float
) -> None:
    """So long a silence, at its place, and the words after it are heard so much later."""
    plain = finish(humming.speak("Bees fly far away", "af_heart"))
    speech = finish(humming.speak(f"Bees fly {mark} far away", "af_heart"))
    assert [word.text for word in speech.words] == ["Bees", "fly", "far", "away"]
    assert silences(speech.samples) == [seconds]
    assert silences(plain.samples) == []
    assert speech.words[2].start - speech.words[1].end == pytest.approx(seconds, abs=0.15)


def test_a_pause_can_stand_at_both_ends(humming: KokoroSpeaker) -> None:
    """Silence before the first word and after the last belongs to the narration."""
    speech = finish(humming.speak("[pause 1s] Bees fly. [pause 2s]", "af_heart"))
    loud = np.flatnonzero(np.abs(speech.samples) > 0.003)
    assert loud[0] / RATE == pytest.approx(1.0, abs=0.01)
    assert (len(speech.samples) - loud[-1]) / RATE == pytest.approx(2.0, abs=0.01)
    assert speech.words[0].start >= 0.99


def test_an_impossible_pause_is_refused(humming: KokoroSpeaker) -> None:
    """Nothing is cut silently: the sentence names the limit."""
    with pytest.raises(PauseImpossible, match=r"\[pause 30s\].*0 to 10 seconds"):
        finish(humming.speak("Bees [pause 30s] fly.", "af_heart"))


def test_a_pause_alone_is_nothing_to_speak(humming: KokoroSpeaker) -> None:
    """A scene needs a word."""
    with pytest.raises(NothingToSpeak):
        finish(humming.speak("[pause 1s]", "af_heart"))


def test_paragraphs_and_sentences_pause_as_set(
    own: Settings, workspace: Workspace, networks: list[Hum]
) -> None:
    """A blank line parts paragraphs; both pauses are settings, and shrink with the speed."""
    del networks
    chosen = own.model_copy(update={"sentence_pause": 0.6, "paragraph_pause": 1.2})
    speaker = KokoroSpeaker(chosen, workspace, weights.KOKORO, Hum, Spelling)
    text = f"{'honey ' * 40}. {'honey ' * 40}.\n\nBees fly."
    assert silences(finish(speaker.speak(text, "af_heart")).samples) == [0.6, 1.2]
    assert silences(finish(speaker.speak(text, "af_heart", 2.0)).samples) == [0.3, 0.6]
    assert "0.6 1.2" in speaker.name


def test_a_speed_reaches_the_network(humming: KokoroSpeaker, networks: list[Hum]) -> None:
    """Twice as fast is about half as long."""
    finish(humming.speak("Honey bees fly.", "af_heart", 2.0))
    assert [speed for _, speed in networks[0].given] == [2.0]


@pytest.mark.parametrize("speed", [0.49, 2.01, 0.0, -1.0, float("nan")])
def test_a_speed_out_of_range_is_refused(humming: KokoroSpeaker, speed: float) -> None:
    """The sentence names the range."""
    with pytest.raises(InvalidArgument, match=r"0\.5 to 2"):
        finish(humming.speak("Hello", "af_heart", speed))


@pytest.mark.parametrize("text", ["...", "🎉🎉", "(music)", "   ", "", "mute"])
def test_a_text_with_nothing_to_speak_is_refused(humming: KokoroSpeaker, text: str) -> None:
    """No narration of no length ever leaves the speaker."""
    with pytest.raises(NothingToSpeak):
        finish(humming.speak(text, "af_heart"))


def test_weights_are_loaded_once(
    humming: KokoroSpeaker, networks: list[Hum], own: Settings
) -> None:
    """Preparing, speaking and speaking again use one network, from the person's own file."""
    finish(humming.prepare())
    finish(humming.speak("Hello", "af_heart"))
    finish(humming.speak("Hello", "bf_emma"))
    assert [network.path for network in networks] == [own.kokoro_model]


def test_progress_grows_to_the_end(humming: KokoroSpeaker) -> None:
    """The bar never goes back, and says who speaks."""
    seen: list[Progress] = []
    finish(humming.speak("Honey bees fly far. " * 40, "af_heart"), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.85
    assert seen[-1].message in {"", "Speaking with Heart"}


def test_weights_that_are_named_and_missing_are_told(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """Speaking and the health list say the same."""
    gone = settings.model_copy(update={"kokoro_model": tmp_path / "gone.onnx"})
    speaker = open_speaker(gone, workspace)
    with pytest.raises(WeightsNotFound):
        finish(speaker.prepare())
    health = speaker.check()
    assert not health.works
    assert "KOKORO_MODEL" in health.says
    assert health.remedy


def test_weights_that_no_source_has_are_told(settings: Settings, workspace: Workspace) -> None:
    """The official weights are on the hub alone; without it the sentence says what to do."""
    speaker = open_speaker(settings.model_copy(update={"tts_engine": "kokoro"}), workspace)
    with pytest.raises(WeightsUnreachable, match="KOKORO_MODEL"):
        finish(speaker.speak("Hello", "af_heart"))


@pytest.mark.parametrize(
    ("voice_id", "text", "chosen", "code"),
    [
        ("af_nobody", "Hi", {}, "VOICE_UNKNOWN"),
        ("af_heart:0.6+am_adam:0.6", "Hi", {}, "VOICE_BLEND_INVALID"),
        ("af_heart", "(music) 🎉", {}, "NOTHING_TO_SPEAK"),
        ("af_heart", "Пчёлы", {}, "TEXT_NOT_FOR_VOICE"),
        ("af_heart", "Hi [pause 99s]", {}, "PAUSE_IMPOSSIBLE"),
        ("af_heart", "Hi", {"kokoro_model": Path("broken.onnx")}, "VOICE_UNREADABLE"),
        ("af_heart", "Hi", {"kokoro_model": Path("gone.onnx")}, "WEIGHTS_NOT_FOUND"),
        ("af_heart", "Hi", {"tts_engine": "kokoro"}, "WEIGHTS_UNREACHABLE"),
    ],
)
def test_what_cannot_be_spoken_is_a_sentence_with_its_code_and_a_remedy(
    own: Settings,
    monkeypatch: pytest.MonkeyPatch,
    *,
    voice_id: str,
    text: str,
    chosen: dict[str, Any],
    code: str,
) -> None:
    """What happened, then what to do; a program reads the code."""
    assert own.kokoro_model
    monkeypatch.chdir(own.kokoro_model.parent)
    Path("broken.onnx").write_bytes(b"half a network")
    plain = own.model_copy(update={"kokoro_model": None, **chosen})
    workspace = Workspace(plain)
    try:
        speaker = open_speaker(plain, workspace, front_end=Spelling)
        with pytest.raises(AIVideoError) as caught:
            finish(speaker.speak(text, voice_id))
    finally:
        workspace.close()
    assert caught.value.code == code
    happened, remedy = caught.value.message.split(". ", maxsplit=1)
    assert happened
    assert remedy.endswith(".")


def test_health_without_weights_says_that_they_will_be_fetched(
    settings: Settings, workspace: Workspace
) -> None:
    """It works, since the first word fetches them; the size is told."""
    health = open_speaker(settings, workspace).check()
    assert health.works
    assert "92 MB" in health.says
    assert "fetch" in health.remedy
    assert not health.tried


def test_health_with_weights_is_well(humming: KokoroSpeaker) -> None:
    """Nothing is loaded for it."""
    health = humming.check()
    assert health.works
    assert re.search(r"with (41|46|49|54) voices in [678] languages", health.says)
    assert not health.remedy


def test_health_names_a_missing_package(
    humming: KokoroSpeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken installation is found without loading anything."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "misaki" else name)
    health = humming.check()
    assert not health.works
    assert "misaki" in health.says


@pytest.mark.parametrize(
    ("engine", "sum_of"),
    [
        ("auto", weights.KOKORO.sha256),
        ("onnx", weights.KOKORO.sha256),
        ("kokoro", weights.KOKORO_OFFICIAL.sha256),
    ],
)
def test_the_name_tells_weights_and_recipe(
    settings: Settings, workspace: Workspace, engine: str, sum_of: str
) -> None:
    """Other weights, another recipe or another front end are another ingredient."""
    speaker = open_speaker(settings.model_copy(update={"tts_engine": engine}), workspace)
    mark = front_ends.chosen().mark
    assert speaker.name == f"kokoro {sum_of[:12]} recipe {RECIPE} pauses 0.45 0.9{mark}"


def test_weights_of_ones_own_change_the_name(humming: KokoroSpeaker) -> None:
    """The sum of the person's file stands in the name."""
    assert weights.KOKORO.sha256[:12] not in humming.name


# --- The real voice. ---


@pytest.fixture(scope="module")
def voice(weights_dir: Path) -> Iterator[Speaker]:
    """The real speaker, on weights that are kept between runs (fetched when missing)."""
    settings = Settings(
        cache_dir=weights_dir.parent, model_hub="", kokoro_model=None, tts_engine="onnx"
    )
    workspace = Workspace(settings)
    yield KokoroSpeaker(settings, workspace, weights.KOKORO, hearing.network, hearing.front_end)
    workspace.close()


@pytest.fixture(scope="module")
def paragraph(voice: Speaker) -> Speech:
    """A few sentences, spoken."""
    return finish(voice.speak(PARAGRAPH, "af_heart"))


PARAGRAPH = (
    "In its dark comb, honey can last for years. A bee visits fifty flowers on each trip. "
    "Back home, she passes the nectar on, and her sisters fan it with their wings."
)


def loudness(samples: NDArray[np.float32], seconds: float = 0.01) -> NDArray[np.float32]:
    """Root mean square of each hundredth of a second."""
    block = round(seconds * RATE)
    whole = samples[: len(samples) // block * block].reshape(-1, block)
    values: NDArray[np.float32] = np.sqrt(np.mean(np.square(whole), axis=1))
    return values


@pytest.fixture(scope="module")
def listener(weights_dir: Path) -> Path:
    """The folder of a small speech recogniser."""
    settings = Settings(cache_dir=weights_dir.parent, model_hub="")
    workspace = Workspace(settings)
    [path, *_] = finish(weights.fetch_all(weights.WHISPER, settings, workspace))
    workspace.close()
    return path.parent


WORD_ERRORS = 0.10
"""The most words that may be heard wrong, as a share of those said."""

TOLD = {
    "af_heart": (PARAGRAPH, PARAGRAPH),
    "af_bella": (
        "Dr. Smith paid $3.50 in St. Louis in 1984, after World War II.",
        "Dr. Smith paid $3.50 in St. Louis in 1984 after World War II",
    ),
    "am_michael": (
        "The bees carry 5\u00a0kg of honey home; that is, about 1/3 of it is theirs.",
        "The bees carry 5 kilograms of honey home that is about 1 third of it is theirs",
    ),
    "am_puck": (
        "At 5:30 p.m. on March 3, 2024 — it was -5°C outside…",
        "At 5:30 pm on March 3, 2024 it was minus 5 degrees celsius outside",
    ),
    "bf_emma": (
        "“Is it a home?” she asked. Visit https://www.example.com or write to me@example.org.",
        "Is it a home she asked visit example.com or write to me at example.org",
    ),
    "bm_george": (
        "NASA\u2019s team read 90 books in 24 hours, i.e. Henry VIII\u2019s whole library! 🎉",
        "NASA's team read 90 books in 24 hours that is Henry VIII's whole library",
    ),
}
"""What a voice is given, with what is hard to read out in it, and how a listener writes it down."""


@pytest.mark.slow
@pytest.mark.parametrize("voice_id", TOLD)
def test_the_voice_says_the_script(
    voice: Speaker, paragraph: Speech, listener: Path, voice_id: str
) -> None:
    """A recogniser understands nine words in ten or more, of each of six voices."""
    given, written = TOLD[voice_id]
    speech = paragraph if given == PARAGRAPH else finish(voice.speak(given, voice_id))
    heard = hearing.heard_by(listener, speech)
    errors = word_error_rate(hearing.counted(written), hearing.counted(heard))
    assert errors <= WORD_ERRORS, heard
    assert [word.text for word in speech.words] == given.split()


@pytest.mark.slow
def test_one_word_is_said_once(voice: Speaker, listener: Path) -> None:
    """A line of one word is neither repeated nor followed by noise."""
    speech = finish(voice.speak("Honey.", "am_michael"))
    [word] = speech.words
    assert len(speech.samples) / RATE < 1.5
    tail = speech.samples[round(word.end * RATE) + RATE // 50 :]
    assert np.abs(tail).max(initial=0.0) < 0.05 * np.abs(speech.samples).max()
    assert word_error_rate("Honey", hearing.heard_by(listener, speech)) == 0.0


@pytest.mark.slow
def test_words_start_where_speech_sets_in(paragraph: Speech) -> None:
    """After every pause a word starts within a tenth of a second; a "k" closes for less."""
    quiet = loudness(paragraph.samples) < 0.01 * np.abs(paragraph.samples).max()
    onsets = [
        at / 100 for at in range(15, len(quiet)) if quiet[at - 15 : at].all() and not quiet[at]
    ]
    starts = np.array([word.start for word in paragraph.words])
    assert len(onsets) >= 3
    assert all(np.abs(starts - onset).min() < 0.1 for onset in onsets)


@pytest.mark.slow
def test_the_first_sound_is_whole_and_no_click_is_heard(paragraph: Speech) -> None:
    """A little silence first and last, and no step in the pauses between."""
    samples = paragraph.samples
    assert np.abs(samples[: RATE // 50]).max() < 0.01
    assert np.abs(samples[-RATE // 100 :]).max() < 0.01
    quiet = np.repeat(loudness(samples) < 0.003, RATE // 100)
    steps = np.abs(np.diff(samples[: len(quiet)], prepend=0))
    assert steps[quiet].max() < 0.02


@pytest.mark.slow
def test_the_end_is_as_loud_as_the_beginning(voice: Speaker) -> None:
    """A sentence of 60 words does not fade away."""
    text = "the bees of the old garden by the river carry the nectar of the lime trees " * 4
    values = loudness(finish(voice.speak(text, "af_heart")).samples, 0.05)
    speech = values[values > 0.1 * values.max()]
    quarter = len(speech) // 4
    assert np.sqrt(np.mean(speech[-quarter:] ** 2)) > 0.6 * np.sqrt(np.mean(speech[:quarter] ** 2))


@pytest.mark.slow
def test_closing_stops_the_voice(voice: Speaker) -> None:
    """Inference is told to end, and no thread stays that speaks on."""
    finish(voice.prepare())
    before = set(threading.enumerate())
    work = voice.speak("honey bees fly far and wide over the meadow " * 6, "af_heart")
    while next(work).fraction < 0.1:
        pass
    for _ in range(3):
        next(work)
    speaking = set(threading.enumerate()) - before
    assert speaking
    work.close()
    for thread in speaking:
        thread.join(5)
        assert not thread.is_alive()
