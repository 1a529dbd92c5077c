"""Scenes told by a person's own recording: how it is kept, told, outdated, and taken away."""

from __future__ import annotations

from pathlib import Path

import pytest
from babble import Samples, babble
from fakes import ToneSpeaker

from aivideo import recordings, voiceover
from aivideo.engines.alignment import share_out
from aivideo.engines.speech import NOTHING, RATE, Lexicon, Speech, Word
from aivideo.engines.wav import save_wav
from aivideo.errors import (
    DiskFull,
    NotFound,
    RecordingNotAudio,
    TextNotForVoice,
    WeightsUnreachable,
)
from aivideo.progress import Progress, Work, finish
from aivideo.projects import SceneView, create_project, open_project, remove_project
from aivideo.script import SceneDraft, save_script
from aivideo.spoken import words_of
from aivideo.store import AudioFile
from aivideo.studio import Studio

TEXT, OTHER = "Bees fly far, then they make honey.", "They live in hives."


class BabblingSpeaker(ToneSpeaker):
    """A speaker whose words can be told apart; it fails as a test tells it to."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: Exception | None = None
        self.is_ready = False
        """Whether it fails only when it is to speak."""

    def prepare(self) -> Work[None]:
        """Get ready, or not."""
        yield Progress(1.0)
        if self.failure and not self.is_ready:
            raise self.failure

    def speak(
        self, text: str, voice_id: str, speed: float = 1.0, lexicon: Lexicon = NOTHING
    ) -> Work[Speech]:
        """Babble the text, or not."""
        del lexicon
        yield Progress(0.0)
        if self.failure:
            raise self.failure
        self.spoken.append((text, voice_id))
        return Speech(*babble(words_of(text), pitch=190, pace=speed))


@pytest.fixture
def speaker() -> BabblingSpeaker:
    """The speaker of ``studio``."""
    return BabblingSpeaker()


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project of two scenes, spoken by the voice."""
    project_id = create_project(studio, topic="Bees").project_id
    save_script(studio, project_id, [SceneDraft(TEXT, "bees"), SceneDraft(OTHER, "hives")])
    finish(voiceover.speak_scenes(studio, project_id))
    return project_id


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A recording of the first scene, slow, with silence around it."""
    return recorded(tmp_path / "My take.wav", TEXT)


def recorded(path: Path, text: str, pace: float = 0.7) -> Path:
    """Somebody who reads a text."""
    save_wav(babble(text.split(), pitch=110, pace=pace, stop=0.6)[0], RATE, path)
    return path


def scene(studio: Studio, project_id: str, number: int = 1) -> SceneView:
    """A scene as pages see it."""
    return open_project(studio, project_id).scenes[number - 1]


def row(studio: Studio, scene_id: str) -> AudioFile:
    """The narration of a scene."""
    with studio.store.session() as session:
        return session.query(AudioFile).filter_by(scene_id=scene_id).one()


def kept(studio: Studio) -> list[Path]:
    """The recordings in the workspace."""
    return sorted(studio.workspace.folder("recordings").iterdir())


def use(studio: Studio, project_id: str, take: Path, number: int = 1) -> voiceover.Narration:
    """Tell a scene with a recording."""
    return voiceover.use_recording(studio, project_id, number, take, take.name)


def test_a_scene_is_told_by_the_recording_at_once(
    studio: Studio, project_id: str, take: Path
) -> None:
    """Its state says so, its length is the recording's, its words share it and say that."""
    before = scene(studio, project_id)
    narration = use(studio, project_id, take)
    told = scene(studio, project_id)
    assert told.recording == recordings.RecordingView("My take.wav", narration.duration_seconds)
    assert told.audio_path == str(narration.path)
    assert told.audio_seconds == narration.duration_seconds
    assert before.audio_seconds is not None
    assert narration.duration_seconds > 1.2 * before.audio_seconds
    assert [word.text for word in narration.words] == TEXT.split()
    assert told.proportional
    assert row(studio, told.scene_id).voice_id == recordings.OWN_VOICE
    assert scene(studio, project_id, 2).recording is None
    assert list(studio.workspace.root.rglob("*.draft-*")) == []


def test_speaking_the_scenes_aligns_its_words(
    studio: Studio, speaker: BabblingSpeaker, project_id: str, take: Path
) -> None:
    """The voice has said the text already, so that costs nothing; nor does the next time."""
    use(studio, project_id, take)
    spoken = list(speaker.spoken)
    [narration, _] = finish(voiceover.speak_scenes(studio, project_id))
    _, meant = babble(TEXT.split(), pitch=110, pace=0.7, stop=0.6)
    first = meant[0].start - narration.words[0].start
    for word, other in zip(narration.words, meant, strict=True):
        assert word.start == pytest.approx(other.start - first, abs=0.08)
    assert not scene(studio, project_id).proportional
    assert scene(studio, project_id).recording
    assert finish(voiceover.speak_scenes(studio, project_id))[0] == narration
    assert speaker.spoken == spoken


@pytest.mark.parametrize(
    ("failure", "is_ready"),
    [
        (WeightsUnreachable("The voice", 1, ""), False),
        (TextNotForVoice("Heart", "English", "Cyrillic", ()), True),
    ],
)
def test_a_voice_that_cannot_speak_is_not_needed(
    studio: Studio, speaker: BabblingSpeaker, take: Path, failure: Exception, *, is_ready: bool
) -> None:
    """Without weights, or in a language of no voice, the words share the recording's time."""
    project_id = create_project(studio, topic="Bees").project_id
    save_script(studio, project_id, [SceneDraft(TEXT, "bees")])
    speaker.failure, speaker.is_ready = failure, is_ready
    use(studio, project_id, take)
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    assert all(word.proportional for word in narration.words)
    speaker.failure = None
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    assert not any(word.proportional for word in narration.words)


@pytest.mark.parametrize("is_ready", [False, True])
def test_a_full_disk_is_no_reason_to_guess(
    studio: Studio, speaker: BabblingSpeaker, take: Path, *, is_ready: bool
) -> None:
    """It stops the work, as it does for every scene."""
    project_id = create_project(studio, topic="Bees").project_id
    save_script(studio, project_id, [SceneDraft(TEXT, "bees")])
    use(studio, project_id, take)
    speaker.failure, speaker.is_ready = DiskFull(studio.workspace.root), is_ready
    with pytest.raises(DiskFull):
        finish(voiceover.speak_scenes(studio, project_id))


def test_a_scene_without_a_recording_still_needs_the_voice(
    studio: Studio, speaker: BabblingSpeaker, take: Path
) -> None:
    """One recording does not hide that the other scenes cannot be spoken."""
    project_id = create_project(studio, topic="Bees").project_id
    save_script(studio, project_id, [SceneDraft(TEXT, "bees"), SceneDraft(OTHER, "hives")])
    use(studio, project_id, take)
    speaker.failure = WeightsUnreachable("The voice", 1, "")
    with pytest.raises(WeightsUnreachable):
        finish(voiceover.speak_scenes(studio, project_id))


def test_another_voice_leaves_recordings_alone(studio: Studio, project_id: str, take: Path) -> None:
    """Voice, speed and pronunciations are how the voice speaks; the other scenes follow them."""
    narration = use(studio, project_id, take)
    voiceover.choose_voice(studio, project_id, "am_michael", speed=1.2)
    voiceover.set_pronunciations(studio, project_id, {"honey": "HUH-nee", "hives": "HYVZ"})
    assert scene(studio, project_id).audio_path == str(narration.path)
    assert scene(studio, project_id, 2).audio_path is None


def test_other_words_are_told_and_the_recording_stays(
    studio: Studio, project_id: str, take: Path
) -> None:
    """Captions show the words as they are now; the person decides what becomes of the recording."""
    narration = use(studio, project_id, take)
    drafts = [
        SceneDraft("Bees fly home.", "bees", scene_id=scene(studio, project_id).scene_id),
        SceneDraft(OTHER, "hives", scene_id=scene(studio, project_id, 2).scene_id),
    ]
    save_script(studio, project_id, drafts)
    changed = scene(studio, project_id)
    assert changed.recording
    assert "words of scene 1 were changed after your recording" in changed.recording.warning
    assert recordings.warnings(studio, project_id) == [changed.recording.warning]
    [told, _] = finish(voiceover.speak_scenes(studio, project_id))
    assert told.path == narration.path
    assert [word.text for word in told.words] == ["Bees", "fly", "home."]
    assert scene(studio, project_id).recording == changed.recording


def test_blanks_and_pauses_are_no_other_words(studio: Studio, project_id: str, take: Path) -> None:
    """Nobody hears them in the recording."""
    use(studio, project_id, take)
    first = SceneDraft(
        TEXT.replace(", then", ", [pause 0.5s]  then"),
        "bees",
        scene_id=scene(studio, project_id).scene_id,
    )
    save_script(studio, project_id, [first])
    assert recordings.warnings(studio, project_id) == []


def test_a_recording_is_no_other_language(studio: Studio, tmp_path: Path) -> None:
    """No voice has to be able to say it."""
    spanish = "Las abejas salen al amanecer para buscar flores."
    project_id = create_project(studio, topic="Bees").project_id
    save_script(studio, project_id, [SceneDraft(spanish, "bees")])
    assert voiceover.language_warnings(studio, project_id)
    use(studio, project_id, recorded(tmp_path / "es.wav", spanish))
    assert voiceover.language_warnings(studio, project_id) == []


def test_taken_away_the_voice_speaks_again(
    studio: Studio, speaker: BabblingSpeaker, project_id: str, take: Path
) -> None:
    """Its file goes, and what the voice had said before is found again."""
    before = scene(studio, project_id)
    spoken = list(speaker.spoken)
    use(studio, project_id, take)
    voiceover.remove_recording(studio, project_id, 1)
    assert scene(studio, project_id).recording is None
    assert scene(studio, project_id).audio_path is None
    assert kept(studio) == []
    finish(voiceover.speak_scenes(studio, project_id))
    assert scene(studio, project_id) == before
    assert speaker.spoken == spoken
    with pytest.raises(NotFound, match="no recording of scene 1"):
        voiceover.remove_recording(studio, project_id, 1)


def test_a_newer_recording_takes_the_place_of_the_older(
    studio: Studio, project_id: str, take: Path, tmp_path: Path
) -> None:
    """The older file goes; the same file again changes nothing but the time."""
    first = use(studio, project_id, take)
    second = use(studio, project_id, recorded(tmp_path / "again.wav", TEXT, pace=0.9))
    assert second.path != first.path
    assert kept(studio) == [second.path]
    assert use(studio, project_id, tmp_path / "again.wav") == second
    assert kept(studio) == [second.path]


def test_a_refused_recording_changes_nothing(
    studio: Studio, project_id: str, take: Path, tmp_path: Path
) -> None:
    """What told the scene before still does."""
    use(studio, project_id, take)
    before = scene(studio, project_id)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\nhttp://127.0.0.1/a.mp3\n", "utf-8")
    with pytest.raises(RecordingNotAudio, match="it is a list that names other files"):
        use(studio, project_id, tmp_path / "list.m3u8")
    with pytest.raises(NotFound):
        use(studio, project_id, take, number=3)
    assert scene(studio, project_id) == before
    assert len(kept(studio)) == 1


def test_a_recording_goes_with_its_project(studio: Studio, project_id: str, take: Path) -> None:
    """Unless another project tells a scene with it; also when its scene went before."""
    other = create_project(studio, topic="Bees").project_id
    save_script(studio, other, [SceneDraft(TEXT, "bees")])
    for each in (project_id, other):
        use(studio, each, take)
    assert len(kept(studio)) == 1
    save_script(
        studio, project_id, [SceneDraft(OTHER, "x", scene_id=scene(studio, project_id, 2).scene_id)]
    )
    assert len(kept(studio)) == 1
    remove_project(studio, project_id)
    assert len(kept(studio)) == 1
    assert scene(studio, other).recording
    remove_project(studio, other)
    assert kept(studio) == []


def test_a_scene_that_comes_back_has_its_recording_again(
    studio: Studio, project_id: str, take: Path
) -> None:
    """Deleted and restored, it is a new scene with the old words; others get nothing."""
    use(studio, project_id, take)
    before = scene(studio, project_id).recording
    rest = SceneDraft(OTHER, "hives", scene_id=scene(studio, project_id, 2).scene_id)
    save_script(studio, project_id, [rest])
    save_script(studio, project_id, [SceneDraft("Bees fly.", "x"), SceneDraft(TEXT, "x"), rest])
    told = [each.recording for each in open_project(studio, project_id).scenes]
    assert told == [None, before, None]
    save_script(studio, project_id, [rest, SceneDraft(TEXT, "x"), SceneDraft(TEXT, "x")])
    told = [each.recording for each in open_project(studio, project_id).scenes]
    assert told == [None, before, None]


def test_a_recording_that_is_gone_is_its_scenes_state(
    studio: Studio, project_id: str, take: Path
) -> None:
    """The others are told, and the sentence says what to do."""
    use(studio, project_id, take).path.unlink()
    [narration] = finish(voiceover.speak_scenes(studio, project_id))
    assert narration.scene_number == 2
    error = scene(studio, project_id).error
    assert error is not None
    assert error["code"] == "RECORDING_MISSING"
    assert "Upload it again" in error["message"]
    use(studio, project_id, take)
    finish(voiceover.speak_scenes(studio, project_id))
    assert scene(studio, project_id).error is None


def test_two_people_may_tell_a_scene_at_the_same_moment(
    studio: Studio, project_id: str, take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that comes second counts, and the file of the first goes."""
    overtaken: list[str] = []

    def overtake(text: str, samples: Samples) -> tuple[Word, ...]:
        if not overtaken:
            overtaken.append(text)
            use(studio, project_id, recorded(tmp_path / "first.wav", TEXT, pace=0.9))
        return share_out(text, samples)

    monkeypatch.setattr("aivideo.voiceover.recorded.share_out", overtake)
    second = use(studio, project_id, take)
    assert overtaken
    told = scene(studio, project_id)
    assert told.audio_path == str(second.path)
    assert told.recording
    assert told.recording.name == take.name
    assert kept(studio) == [second.path]


def test_its_name_is_shown_in_one_line(studio: Studio, project_id: str, take: Path) -> None:
    """Whatever a file is called elsewhere."""
    voiceover.use_recording(studio, project_id, 1, take, "a\n\u202eb\tc " + "x" * 200)
    told = scene(studio, project_id).recording
    assert told
    assert told.name == "a b c " + "x" * 114
