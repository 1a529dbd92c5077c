"""The voices, their samples, and the scenes spoken one by one."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import ToneSpeaker

from aivideo import voiceover
from aivideo.engines.speech import NOTHING, RATE, Lexicon, Speech, Voice
from aivideo.errors import (
    DiskFull,
    InvalidArgument,
    NotFound,
    NothingToSpeak,
    ScriptEmpty,
    VoiceUnavailable,
    VoiceUnknown,
    WeightsUnreachable,
)
from aivideo.progress import Progress, Work, finish
from aivideo.projects import SceneView, create_project, open_project
from aivideo.settings import Settings
from aivideo.spoken import is_speakable
from aivideo.store import AudioFile, Project, Scene
from aivideo.studio import Studio, open_studio
from aivideo.voiceover import lines, speaking

TEXTS = ("Bees fly far.", "They make honey!")


class MoodySpeaker(ToneSpeaker):
    """A speaker that refuses what has no words, and fails as a test tells it to."""

    def __init__(self) -> None:
        super().__init__()
        self.unprepared: Exception | None = None
        self.failure: Exception | None = None
        self.on_speak: Callable[[], object] = bool

    def prepare(self) -> Work[None]:
        """Get ready, or not."""
        yield Progress(0.5)
        if self.unprepared:
            raise self.unprepared

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Hum the text, or not."""
        self.on_speak()
        if self.failure:
            raise self.failure
        if not is_speakable(text):
            raise NothingToSpeak(text)
        return (yield from super().speak(text, voice_id, speed, lexicon))


@pytest.fixture
def speaker() -> MoodySpeaker:
    """The speaker of ``studio``."""
    return MoodySpeaker()


def project_with(studio: Studio, *texts: str, voices: dict[int, str] | None = None) -> str:
    """A project with these scenes; ``voices`` gives scenes (from 1) a voice of their own."""
    project_id = create_project(studio, topic="Bees").project_id
    with studio.store.session() as session:
        for position, text in enumerate(texts):
            voice_id = (voices or {}).get(position + 1)
            session.add(
                Scene(project_id=project_id, position=position, text=text, voice_id=voice_id)
            )
    return project_id


def scenes(studio: Studio, project_id: str) -> tuple[SceneView, ...]:
    """The project's scenes as pages see them."""
    return open_project(studio, project_id).scenes


def row(studio: Studio, project_id: str) -> AudioFile:
    """The only narration of a project."""
    with studio.store.session() as session:
        return session.query(AudioFile).filter_by(project_id=project_id).one()


def test_a_script_in_another_language_than_its_voice_warns(studio: Studio) -> None:
    """The scenes and both languages are named, and nothing is hindered."""
    spanish = "Las abejas salen al amanecer para buscar flores y néctar."
    japanese = "蜜蜂は夜明けに花を探して"
    project_id = project_with(studio, TEXTS[0], spanish, spanish, japanese)
    assert [each.message for each in voiceover.language_warnings(studio, project_id)] == [
        "Scenes 2 and 3 look Spanish, and Heart speaks English. No voice here speaks it.",
        "Scene 4 looks Japanese, and Heart speaks English. No voice here speaks it.",
    ]
    assert len(finish(voiceover.speak_scenes(studio, project_id))) == 4


def test_voices_that_speak_the_language_are_offered(studio: Studio, speaker: MoodySpeaker) -> None:
    """From among those that can speak here; a scene with such a voice is well."""
    dora = Voice("ef_dora", "Dora", "female", "es-ES", "")
    speaker.voices = lambda: (*ToneSpeaker.voices(speaker), dora)  # type: ignore[method-assign] # a richer catalogue
    spanish = "Las abejas salen al amanecer para buscar flores y néctar."
    project_id = project_with(studio, spanish, spanish, spanish, voices={2: "ef_dora", 3: "gone"})
    [warning] = voiceover.language_warnings(studio, project_id)
    assert warning.message.startswith("Scene 1 looks Spanish")
    assert warning.message.endswith("Choose a voice that speaks it: ef_dora.")


def test_voices_that_can_speak_come_first(studio: Studio) -> None:
    """A voice that is missing here stands at the end, and says why."""
    assert [voice.id for voice in voiceover.list_voices(studio)] == [
        "af_heart",
        "am_michael",
        "jf_alpha",
    ]


@pytest.mark.parametrize(
    ("language", "gender", "found"),
    [
        ("en", None, ["af_heart", "am_michael"]),
        ("en-us", "male", ["am_michael"]),
        ("ja-JP", None, ["jf_alpha"]),
        ("e", None, []),
        (None, "female", ["af_heart", "jf_alpha"]),
    ],
)
def test_voices_can_be_filtered(
    studio: Studio, language: str | None, gender: str | None, found: list[str]
) -> None:
    """By language, with or without its region, and by gender."""
    voices = voiceover.list_voices(studio, language=language, gender=gender)
    assert [voice.id for voice in voices] == found


def test_an_unknown_gender_is_refused(studio: Studio) -> None:
    """The sentence lists what can be asked for."""
    with pytest.raises(InvalidArgument, match="female, male"):
        voiceover.list_voices(studio, gender="robot")


def test_a_sample_greets_in_the_voices_name(studio: Studio, speaker: MoodySpeaker) -> None:
    """Without a text the voice introduces itself; the file is a WAV of the told length."""
    sample = finish(voiceover.preview(studio, "am_michael"))
    assert "I'm Michael" in speaker.spoken[0][0]
    assert speaker.spoken[0][1] == "am_michael"
    with wave.open(str(sample.path)) as file:
        assert file.getnframes() / file.getframerate() == sample.duration_seconds


def test_the_same_sample_is_spoken_once(studio: Studio, speaker: MoodySpeaker) -> None:
    """A second preview of the same words costs nothing; other words are spoken."""
    first = finish(voiceover.preview(studio, "af_heart", "Hello"))
    again = finish(voiceover.preview(studio, "af_heart", "Hello"))
    other = finish(voiceover.preview(studio, "af_heart", "Goodbye"))
    assert first == again != other
    assert [text for text, _ in speaker.spoken] == ["Hello", "Goodbye"]


@pytest.mark.parametrize(
    ("voice_id", "text", "failure"),
    [
        ("af_hart", None, VoiceUnknown),
        ("jf_alpha", None, VoiceUnavailable),
        ("af_heart", "...", NothingToSpeak),
        ("af_heart", "a" * 501, InvalidArgument),
    ],
)
def test_a_sample_that_cannot_be_spoken_says_why(
    studio: Studio, voice_id: str, text: str | None, failure: type[Exception]
) -> None:
    """An unknown voice, one that is missing here, no words, too many words."""
    with pytest.raises(failure):
        finish(voiceover.preview(studio, voice_id, text))


def test_a_chosen_voice_is_the_projects(studio: Studio) -> None:
    """The choice is kept in the project."""
    project_id = project_with(studio, *TEXTS)
    voiceover.choose_voice(studio, project_id, "am_michael")
    assert open_project(studio, project_id).voice_id == "am_michael"


@pytest.mark.parametrize(
    ("voice_id", "failure"), [("af_hart", VoiceUnknown), ("jf_alpha", VoiceUnavailable)]
)
def test_a_voice_that_cannot_speak_is_not_chosen(
    studio: Studio, voice_id: str, failure: type[Exception]
) -> None:
    """A refused choice changes nothing."""
    project_id = project_with(studio, *TEXTS)
    with pytest.raises(failure):
        voiceover.choose_voice(studio, project_id, voice_id)
    assert open_project(studio, project_id).voice_id == "af_heart"


def test_another_voice_lets_go_of_what_the_old_one_spoke(studio: Studio) -> None:
    """Narrations of the old voice go; a scene with a voice of its own keeps its narration."""
    project_id = project_with(studio, *TEXTS, voices={2: "am_michael"})
    finish(voiceover.speak_scenes(studio, project_id))
    voiceover.choose_voice(studio, project_id, "am_michael")
    first, second = scenes(studio, project_id)
    assert first.audio_path is None
    assert second.audio_path is not None


def test_choosing_the_same_voice_again_keeps_the_narration(studio: Studio) -> None:
    """What fits the choice stays."""
    project_id = project_with(studio, TEXTS[0])
    finish(voiceover.speak_scenes(studio, project_id))
    voiceover.choose_voice(studio, project_id, "af_heart")
    assert scenes(studio, project_id)[0].audio_path is not None


def test_a_speed_is_the_projects_and_its_narrations_are_its_own(
    studio: Studio, speaker: MoodySpeaker
) -> None:
    """Another speed lets go of every narration; going back finds what was spoken before."""
    project_id = project_with(studio, *TEXTS, voices={2: "am_michael"})
    first = finish(voiceover.speak_scenes(studio, project_id))
    voiceover.choose_voice(studio, project_id, speed=2.0)
    assert open_project(studio, project_id).speed == 2.0
    assert open_project(studio, project_id).voice_id == "af_heart"
    assert [scene.audio_path for scene in scenes(studio, project_id)] == [None, None]
    fast = finish(voiceover.speak_scenes(studio, project_id))
    assert [each.duration_seconds for each in fast] == [
        pytest.approx(each.duration_seconds / 2) for each in first
    ]
    voiceover.choose_voice(studio, project_id, "af_heart", speed=1.0)
    assert finish(voiceover.speak_scenes(studio, project_id)) == first
    assert len(speaker.spoken) == 4


@pytest.mark.parametrize("speed", [0.4, 2.1, float("nan")])
def test_a_speed_that_no_voice_has_is_refused(studio: Studio, speed: float) -> None:
    """As a project's and for a sample; the sentence names the range."""
    project_id = project_with(studio, *TEXTS)
    with pytest.raises(InvalidArgument, match=r"0\.5 to 2"):
        voiceover.choose_voice(studio, project_id, "am_michael", speed=speed)
    with pytest.raises(InvalidArgument, match=r"0\.5 to 2"):
        finish(voiceover.preview(studio, "af_heart", speed=speed))
    assert open_project(studio, project_id).voice_id == "af_heart"


def test_a_sample_can_be_heard_at_a_speed(studio: Studio) -> None:
    """Twice as fast is half as long, and a sample of its own."""
    slow = finish(voiceover.preview(studio, "af_heart", "Hello there"))
    fast = finish(voiceover.preview(studio, "af_heart", "Hello there", speed=2.0))
    assert fast.duration_seconds == pytest.approx(slow.duration_seconds / 2)
    assert fast.path != slow.path


def test_a_speed_changed_while_a_scene_is_spoken_leaves_it_unspoken(
    studio: Studio, speaker: MoodySpeaker
) -> None:
    """What was spoken at the old speed is not made the scene's own."""
    project_id = project_with(studio, TEXTS[0])

    def meanwhile() -> None:
        voiceover.choose_voice(studio, project_id, speed=1.5)

    speaker.on_speak = meanwhile
    assert finish(voiceover.speak_scenes(studio, project_id)) == []


def test_all_scenes_are_spoken_and_saved(studio: Studio, speaker: MoodySpeaker) -> None:
    """Each scene has a file, its length and the times of exactly its words."""
    project_id = project_with(studio, *TEXTS, voices={2: "am_michael"})
    narrations = finish(voiceover.speak_scenes(studio, project_id))
    assert [narration.scene_number for narration in narrations] == [1, 2]
    assert speaker.spoken == [(TEXTS[0], "af_heart"), (TEXTS[1], "am_michael")]
    for narration, scene in zip(narrations, scenes(studio, project_id), strict=True):
        assert [word.text for word in narration.words] == scene.text.split()
        assert scene.audio_path == str(narration.path)
        assert scene.audio_seconds == pytest.approx(narration.duration_seconds)


def test_a_narration_is_24_khz_mono_16_bit(studio: Studio) -> None:
    """The file is plain PCM, its row has the voice and the words."""
    project_id = project_with(studio, TEXTS[0])
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    with wave.open(str(narration.path)) as file:
        form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
    assert form == (24_000, 1, 2)
    saved = row(studio, project_id)
    assert saved.voice_id == "af_heart"
    assert saved.words[0] == {
        "text": "Bees",
        "start": 0.0,
        "end": 0.25,
        "proportional": False,
        "joined": False,
    }


def test_narrations_are_brought_to_one_level(studio: Studio) -> None:
    """A hum of 0.14 is raised to the level of all speech, without touching the ceiling."""
    project_id = project_with(studio, TEXTS[0])
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    with wave.open(str(narration.path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_767
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1, rel=0.02)
    assert np.abs(samples).max() < 0.9


def test_one_scene_can_be_spoken_alone(studio: Studio, speaker: MoodySpeaker) -> None:
    """Only the named scene is spoken."""
    project_id = project_with(studio, *TEXTS)
    [narration] = finish(voiceover.speak_scenes(studio, project_id, scene_number=2))
    assert narration.scene_number == 2
    assert [text for text, _ in speaker.spoken] == [TEXTS[1]]


def test_a_scene_that_is_spoken_costs_nothing_again(studio: Studio, speaker: MoodySpeaker) -> None:
    """The second time nothing is loaded and nothing is spoken, and the result is the same."""
    project_id = project_with(studio, *TEXTS)
    first = finish(voiceover.speak_scenes(studio, project_id))
    speaker.unprepared = WeightsUnreachable("The voice", 1, "")
    assert finish(voiceover.speak_scenes(studio, project_id)) == first
    assert len(speaker.spoken) == 2


def test_the_same_words_in_another_project_are_not_spoken_again(
    studio: Studio, speaker: MoodySpeaker
) -> None:
    """A narration is named by what goes into it, so a copy of a project shares it."""
    finish(voiceover.speak_scenes(studio, project_with(studio, TEXTS[0])))
    other = project_with(studio, TEXTS[0])
    finish(voiceover.speak_scenes(studio, other))
    assert scenes(studio, other)[0].audio_path is not None
    assert len(speaker.spoken) == 1


def test_another_engine_speaks_anew(studio: Studio, speaker: MoodySpeaker) -> None:
    """The engine's name and version are an ingredient."""
    project_id = project_with(studio, TEXTS[0])
    [first] = finish(voiceover.speak_scenes(studio, project_id))
    speaker.name = "tones 2"
    [second] = finish(voiceover.speak_scenes(studio, project_id))
    assert first.path != second.path
    assert row(studio, project_id).file_path == str(second.path)


def test_work_that_was_interrupted_goes_on_where_it_stopped(
    studio: Studio, speaker: MoodySpeaker
) -> None:
    """Each scene is saved the moment it is done; closing leaves no draft."""
    project_id = project_with(studio, *TEXTS)
    work = voiceover.speak_scenes(studio, project_id)
    while len(speaker.spoken) < 2:
        next(work)
    work.close()
    assert [bool(scene.audio_path) for scene in scenes(studio, project_id)] == [True, False]
    assert list(studio.workspace.root.rglob("*.draft-*")) == []
    finish(voiceover.speak_scenes(studio, project_id))
    assert [text for text, _ in speaker.spoken] == [TEXTS[0], TEXTS[1], TEXTS[1]]


def test_progress_tells_which_scene_is_spoken(studio: Studio) -> None:
    """The bar grows to the end, and its message counts the scenes."""
    project_id = project_with(studio, *TEXTS)
    seen: list[Progress] = []
    finish(voiceover.speak_scenes(studio, project_id), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert {progress.message for progress in seen} >= {
        "Speaking scene 1 of 2",
        "Speaking scene 2 of 2",
    }


@pytest.mark.parametrize(("broken", "left"), [(".wav", 30), (".wav", 5000), (".json", 20)])
def test_a_broken_file_is_spoken_again(
    studio: Studio, speaker: MoodySpeaker, broken: str, left: int
) -> None:
    """A narration that is cut off, or whose words are gone, does not count as spoken."""
    project_id = project_with(studio, TEXTS[0])
    [first] = finish(voiceover.speak_scenes(studio, project_id))
    path = first.path.with_suffix(broken)
    path.write_bytes(path.read_bytes()[:left])
    [again] = finish(voiceover.speak_scenes(studio, project_id))
    assert again == first
    assert len(speaker.spoken) == 2


def test_a_scene_that_fails_keeps_its_reason_and_the_others_go_on(studio: Studio) -> None:
    """The failure is that scene's state; no exception while something was spoken."""
    project_id = project_with(studio, "...", TEXTS[1])
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    assert narration.scene_number == 2
    first, second = scenes(studio, project_id)
    assert first.error is not None
    assert first.error["code"] == "NOTHING_TO_SPEAK"
    assert first.audio_path is None
    assert second.error is None


def test_when_nothing_can_be_spoken_the_first_reason_is_told(studio: Studio) -> None:
    """With every scene failing the work fails, with the first scene's sentence."""
    project_id = project_with(studio, "...", "🎉")
    with pytest.raises(NothingToSpeak, match=r"'\.\.\.'"):
        finish(voiceover.speak_scenes(studio, project_id))
    assert all(scene.error for scene in scenes(studio, project_id))


def test_speaking_a_mended_scene_clears_its_failure(studio: Studio) -> None:
    """The reason is gone once the scene speaks."""
    project_id = project_with(studio, "...", TEXTS[1])
    finish(voiceover.speak_scenes(studio, project_id))
    with studio.store.session() as session:
        session.query(Scene).filter_by(position=0).one().text = "Better."
    finish(voiceover.speak_scenes(studio, project_id))
    assert scenes(studio, project_id)[0].error is None


def test_a_failure_of_another_stage_is_left_alone(studio: Studio) -> None:
    """Speaking a scene says nothing about its clip."""
    project_id = project_with(studio, TEXTS[0])
    with studio.store.session() as session:
        session.query(Scene).one().error_code = "CLIP_GONE"
    finish(voiceover.speak_scenes(studio, project_id))
    error = scenes(studio, project_id)[0].error
    assert error is not None
    assert error["code"] == "CLIP_GONE"


def test_missing_weights_stop_the_work_before_any_scene(
    studio: Studio, speaker: MoodySpeaker
) -> None:
    """What is wrong with the machine is no scene's fault, and is told once."""
    project_id = project_with(studio, *TEXTS)
    speaker.unprepared = WeightsUnreachable("The voice", 1, "")
    with pytest.raises(WeightsUnreachable):
        finish(voiceover.speak_scenes(studio, project_id))
    assert [scene.error for scene in scenes(studio, project_id)] == [None, None]


def test_a_full_disk_stops_the_work(studio: Studio, speaker: MoodySpeaker) -> None:
    """The next scenes would meet the same full disk."""
    project_id = project_with(studio, *TEXTS)
    speaker.failure = DiskFull(studio.workspace.root)
    with pytest.raises(DiskFull):
        finish(voiceover.speak_scenes(studio, project_id))


@pytest.mark.parametrize("change", ["text", "voice", "removed"])
def test_a_scene_changed_while_it_is_spoken_stays_unspoken(
    studio: Studio, speaker: MoodySpeaker, change: str
) -> None:
    """A narration of words or a voice that are not the scene's any more is not made its own."""
    project_id = project_with(studio, TEXTS[0])

    def meanwhile() -> None:
        with studio.store.session() as session:
            scene = session.query(Scene).one()
            if change == "text":
                scene.text = "Something else."
            elif change == "voice":
                scene.voice_id = "am_michael"
            else:
                session.delete(scene)

    speaker.on_speak = meanwhile
    assert finish(voiceover.speak_scenes(studio, project_id)) == []
    assert not any(scene.audio_path for scene in scenes(studio, project_id))


def test_a_scene_removed_while_it_fails_is_no_trouble(
    studio: Studio, speaker: MoodySpeaker
) -> None:
    """There is no scene left that could keep the failure."""
    project_id = project_with(studio, "...")

    def meanwhile() -> None:
        with studio.store.session() as session:
            session.delete(session.query(Scene).one())

    speaker.on_speak = meanwhile
    with pytest.raises(NothingToSpeak):
        finish(voiceover.speak_scenes(studio, project_id))


def test_a_project_without_scenes_has_nothing_to_speak(studio: Studio) -> None:
    """The sentence asks for a script."""
    with pytest.raises(ScriptEmpty):
        finish(voiceover.speak_scenes(studio, project_with(studio)))


@pytest.mark.parametrize("scene_number", [0, 3])
def test_a_scene_that_is_not_there_cannot_be_spoken(studio: Studio, scene_number: int) -> None:
    """Scenes are counted from 1."""
    project_id = project_with(studio, *TEXTS)
    with pytest.raises(NotFound):
        finish(voiceover.speak_scenes(studio, project_id, scene_number=scene_number))


def test_a_silent_hum_is_left_silent(settings: Settings, tmp_path: Path) -> None:
    """Nothing is divided by nothing when a speaker gives silence."""

    class Silent(ToneSpeaker):
        def speak(
            self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
        ) -> Work[Speech]:
            del text, voice_id, speed, lexicon
            yield Progress(1.0)
            return Speech(np.zeros(RATE // 100, np.float32), ())

    with open_studio(settings.under(tmp_path), speaker=Silent()) as studio:
        sample = finish(voiceover.preview(studio, "af_heart", "Hush"))
    assert sample.duration_seconds == pytest.approx(0.01)


def test_two_jobs_may_speak_a_scene_at_the_same_moment(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that comes second writes over what the first has just written."""
    project_id = project_with(studio, TEXTS[0])
    known = lines.line_of
    overtaken: list[str] = []

    def overtake(studio: Studio, project: Project, scene: Scene) -> lines.Line:
        if studio.workspace.folder("audio").joinpath("spoken").exists() and not overtaken:
            overtaken.append(scene.id)
            with studio.store.session() as session:
                session.add(
                    AudioFile(
                        project_id=project_id,
                        scene_id=scene.id,
                        file_path="elsewhere.wav",
                        voice_id="af_heart",
                        duration_seconds=1.0,
                    )
                )
        return known(studio, project, scene)

    monkeypatch.setattr(speaking, "line_of", overtake)
    monkeypatch.setattr(
        studio.speaker,
        "on_speak",
        studio.workspace.folder("audio").joinpath("spoken").touch,
    )

    finish(voiceover.speak_scenes(studio, project_id))

    assert overtaken
    scene = open_project(studio, project_id).scenes[0]
    assert scene.audio_path
    assert scene.audio_path.endswith(".wav")
    assert scene.audio_path != "elsewhere.wav"
