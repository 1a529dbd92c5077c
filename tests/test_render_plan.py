"""What a render will do is said before, and it does just that: only what changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import Reel, write_tone
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from staging import SceneOf, make_project

from aivideo import voiceover
from aivideo.engines import media, probing
from aivideo.progress import finish
from aivideo.render import Look, RenderPlan, plan_render, render_project
from aivideo.render.pace import FIRST_GUESS, estimate, megapixels, recall, remember
from aivideo.render.segments import whole
from aivideo.settings import Settings
from aivideo.shots import plan
from aivideo.store import AudioFile, Clip, ClipSelection, Scene
from aivideo.studio import Studio, open_studio

PREVIEW = Look(quality="preview")
CROSSFADE = replace(PREVIEW, transition="crossfade", transition_seconds=0.2)
SCENES = 20


@dataclass(frozen=True)
class Twenty:
    """A project of twenty scenes that was rendered, with cuts and with crossfades."""

    studio: Studio
    finder: FixedFinder
    speaker: ToneSpeaker
    project_id: str

    def scene(self, session: Session, number: int) -> Scene:
        """One of its scenes."""
        of_project = select(Scene).where(Scene.project_id == self.project_id)
        return session.scalars(of_project.where(Scene.position == number - 1)).one()

    def made(self, kind: str) -> set[str]:
        """The names of the files of a kind."""
        return {path.name for path in self.studio.workspace.folder(kind).iterdir()}


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory, reel: Reel) -> Iterator[Twenty]:
    """The project; a test changes it and renders it, so that the next finds it rendered."""
    settings = Settings(workers=2).under(tmp_path_factory.mktemp("twenty"))
    finder, speaker = FixedFinder(), ToneSpeaker()
    with open_studio(
        settings, chat_model=QueuedChat(), speaker=speaker, finders={"fixed": finder}
    ) as studio:
        scenes = [
            SceneOf(f"Scene {n}.", reel["plain"].path, seconds=0.413 + n / 301, pause=0.21)
            for n in range(SCENES)
        ]
        project_id = make_project(studio, finder, scenes)
        for look in (PREVIEW, CROSSFADE):
            finish(render_project(studio, project_id, look))
        yield Twenty(studio, finder, speaker, project_id)


Change = Callable[[Twenty, Session, Path, Path], None]


def new_voice(twenty: Twenty, _session: Session, folder: Path, _clip: Path) -> None:
    """The narration of a scene: a person's own recording, of an odd length of its own."""
    take = write_tone(folder / "voice.wav", 0.807, hertz=311)
    voiceover.use_recording(twenty.studio, twenty.project_id, 7, take, take.name)


def new_caption(twenty: Twenty, session: Session, _folder: Path, _clip: Path) -> None:
    """The words of a scene, which its captions show."""
    twenty.scene(session, 8).text = "Other words."


def new_clip(twenty: Twenty, session: Session, _folder: Path, clip: Path) -> None:
    """The clip of a scene."""
    selection = twenty.scene(session, 9).selection
    assert selection is not None
    selection.downloaded_path = str(clip)


def new_in_point(twenty: Twenty, session: Session, _folder: Path, _clip: Path) -> None:
    """The place where a clip begins."""
    selection = twenty.scene(session, 10).selection
    assert selection is not None
    selection.start_seconds = 0.3


@pytest.mark.parametrize(
    ("change", "number", "sound"),
    [
        (new_voice, 7, True),
        (new_caption, 8, False),
        (new_clip, 9, False),
        (new_in_point, 10, False),
    ],
)
def test_changing_one_scene_of_twenty_films_one_scene(
    twenty: Twenty, tmp_path: Path, reel: Reel, change: Change, number: int, *, sound: bool
) -> None:
    """With cuts its part alone; with crossfades its body and the two transitions beside it."""
    with twenty.studio.store.session() as session:
        change(twenty, session, tmp_path, reel["webm"].path)

    for look, joins in ((PREVIEW, 0), (CROSSFADE, 2)):
        planned = plan_render(twenty.studio, twenty.project_id, look)
        before = twenty.made("parts")
        finish(render_project(twenty.studio, twenty.project_id, look))

        assert (planned.filmed, planned.joins) == ((number,), joins)
        assert planned.sound == (sound and look is PREVIEW)
        assert planned.sentence.startswith(f"1 of {SCENES} scenes ")
        assert len(twenty.made("parts") - before) == 1 + joins
        assert before <= twenty.made("parts")


@pytest.mark.parametrize("level", [False, True], ids=["music", "level"])
def test_another_sound_films_nothing(twenty: Twenty, tmp_path: Path, *, level: bool) -> None:
    """Neither music nor the level of a scene touches a picture."""
    look = PREVIEW if level else replace(PREVIEW, music=write_tone(tmp_path / "tune.wav", 1.0))
    with twenty.studio.store.session() as session:
        if level:
            twenty.scene(session, 3).level_db = -4.0
    before = twenty.made("parts"), twenty.made("sound")

    planned = plan_render(twenty.studio, twenty.project_id, look)
    finish(render_project(twenty.studio, twenty.project_id, look))

    assert (planned.filmed, planned.joins, planned.sound) == ((), 0, True)
    assert planned.sentence.startswith("No scene is filmed again, only the sound is mixed, about")
    assert twenty.made("parts") == before[0]
    assert len(twenty.made("sound") - before[1]) == 1


def test_another_shape_films_all_and_speaks_nothing(twenty: Twenty) -> None:
    """All pictures are others; voices and sound are the same."""
    upright = replace(PREVIEW, aspect="9:16")

    planned = plan_render(twenty.studio, twenty.project_id, upright)

    assert planned.filmed == tuple(range(1, SCENES + 1))
    assert not planned.sound
    assert twenty.speaker.spoken == []
    assert planned.sentence.startswith("20 of 20 scenes will be filmed, about ")


def test_a_render_of_what_did_not_change_is_a_join(twenty: Twenty) -> None:
    """The plan says so, and nothing is fetched for it."""
    fetched = list(twenty.finder.asked)

    planned = plan_render(twenty.studio, twenty.project_id, PREVIEW)

    assert (planned.filmed, planned.joins, planned.sound) == ((), 0, False)
    assert re.fullmatch(
        r"Nothing changed: the video is joined again, about \d s\.", planned.sentence
    )
    assert twenty.finder.asked == fetched


def test_a_plan_decodes_nothing(twenty: Twenty, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a fresh process, and for scenes that are to be filmed: what is known is enough."""
    looked: list[object] = []
    monkeypatch.setattr(media, "decoded", looked.append)
    probing._known.clear()

    planned = plan_render(twenty.studio, twenty.project_id, replace(PREVIEW, aspect="1:1"))

    assert len(planned.filmed) == SCENES
    assert looked == []


def test_a_clip_that_was_not_fetched_or_is_gone_counts_as_to_be_filmed(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """Before the first render, and when somebody removed the file."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)] * 2)
    assert plan_render(studio, project_id, PREVIEW).filmed == (1, 2)
    finish(render_project(studio, project_id, PREVIEW))
    with studio.store.session() as session:
        for selection in session.scalars(select(ClipSelection)):
            if selection.scene_number == 2:
                selection.downloaded_path = str(tmp_path / "gone.mp4")

    assert plan_render(studio, project_id, PREVIEW).filmed == (2,)


def test_a_clip_that_cannot_be_used_is_planned_as_if_it_could(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """What is wrong with it is said by the render, on its scene."""
    bad = tmp_path / "bad.mp4"
    bad.write_text("no film")
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    with studio.store.session() as session:
        session.scalars(select(ClipSelection)).one().downloaded_path = str(bad)

    assert plan_render(studio, project_id, PREVIEW).filmed == (1,)


def test_a_voice_that_is_gone_is_mixed_again_or_told(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """A plan does not fail over what the render will say."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    with studio.store.session() as session:
        Path(session.scalars(select(AudioFile)).one().file_path).write_text("no sound")

    assert plan_render(studio, project_id, PREVIEW).sound


@pytest.mark.parametrize(
    ("planned", "sentence"),
    [
        (
            RenderPlan(20, (4,), 0, sound=False, seconds=4.2),
            "1 of 20 scenes will be filmed, about 4 s.",
        ),
        (
            RenderPlan(20, (4,), 2, sound=True, seconds=5.6),
            "1 of 20 scenes and 2 transitions will be filmed, about 6 s.",
        ),
        (
            RenderPlan(1, (1,), 0, sound=True, seconds=0.2),
            "1 of 1 scene will be filmed, about 1 s.",
        ),
        (RenderPlan(9, (), 1, sound=False, seconds=2), "1 transition will be filmed, about 2 s."),
        (
            RenderPlan(40, tuple(range(1, 41)), 39, sound=True, seconds=400),
            "40 of 40 scenes and 39 transitions will be filmed, about 7 min.",
        ),
    ],
)
def test_a_plan_is_a_sentence(planned: RenderPlan, sentence: str) -> None:
    """How much, and how long."""
    assert planned.sentence == sentence


def test_a_plan_warns_of_what_will_not_be_right(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Letters that no font has, where captions are burned in; and a licence that forbids it."""
    clip = reel["plain"].path
    texts = ["Plain words.", "Mongolian: \u1820\u182d"]
    project_id = make_project(studio, finder, [SceneOf(text, clip) for text in texts])
    letters = "Scene 2: The captions cannot show \u1820 \u182d"
    burned = replace(PREVIEW, captions=True)

    (warning,) = plan_render(studio, project_id, burned).warnings
    assert warning.startswith(letters)
    assert plan_render(studio, project_id, replace(burned, captions=False)).warnings == ()

    with studio.store.session() as session:
        session.execute(update(Clip).values(licence="CC BY-NC 4.0"))
    first, *_, last = plan_render(studio, project_id, burned).warnings
    assert "Scene 1: the licence of" in first
    assert "Scene 2: the licence of" in last


# --------------------------------------------------------------------------- how long
def test_the_pace_of_a_render_is_remembered(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """The next plan counts with what this machine needed; each encoding has its own."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    _, shots = plan(studio, project_id, PREVIEW)
    segment = whole(shots[0])
    assert recall(studio, PREVIEW) == FIRST_GUESS["preview"]

    remember(studio, PREVIEW, [(segment, 100.15), (segment, 0.0)])

    pace = 100 / megapixels([segment], PREVIEW)
    assert recall(studio, PREVIEW) == pytest.approx(pace, rel=1e-3)
    assert recall(studio, Look()) == FIRST_GUESS["standard"]
    assert plan_render(studio, project_id, PREVIEW).seconds > 90
    remember(studio, PREVIEW, [(segment, 50.15)])
    assert recall(studio, PREVIEW) == pytest.approx(0.75 * pace, rel=1e-3)


def test_a_render_leaves_its_pace_behind(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """One that filmed nothing leaves the old one."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    finish(render_project(studio, project_id, PREVIEW))
    kept = (studio.workspace.root / "pace.json").read_text("utf-8")

    finish(render_project(studio, project_id, PREVIEW))

    assert (studio.workspace.root / "pace.json").read_text("utf-8") == kept


def test_a_damaged_memory_of_the_pace_is_none(studio: Studio) -> None:
    """It costs a guess, not a render."""
    (studio.workspace.root / "pace.json").write_text("[1, 2")

    assert recall(studio, PREVIEW) == FIRST_GUESS["preview"]


def test_what_is_done_side_by_side_takes_as_long_as_the_longest(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Two scenes on two cores take no longer than one; three take longer."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)] * 3)
    _, shots = plan(studio, project_id, PREVIEW)
    segments = [whole(shot) for shot in shots]

    one, two, three = (
        estimate(studio, PREVIEW, segments[:count], seconds=3.0, sound=False) for count in (1, 2, 3)
    )

    assert one == two < three
    assert estimate(studio, PREVIEW, [], seconds=3.0, sound=True) < one + 1
