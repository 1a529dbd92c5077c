"""The quick look: the whole cut, from small parts that are made while clips are chosen."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import av
import pytest
from fakes import FixedFinder, ToneSpeaker
from footage import Reel, read_mark
from sqlalchemy import delete
from staging import SceneOf, drafts, luma_of, make_project, scene_errors

from aivideo import captions, clips, projects, quicklook, removal, script
from aivideo.engines.finding import ClipQuery
from aivideo.engines.illustration import Illustrator
from aivideo.errors import Health, NotFound, SpeechFailed
from aivideo.progress import Work, finish
from aivideo.quicklook import Cut, preparing
from aivideo.render import Look, plan
from aivideo.render.segments import overlaps
from aivideo.script import SceneDraft
from aivideo.shots import keep_frames
from aivideo.store import AudioFile, Scene
from aivideo.studio import Studio
from aivideo.timeline import frame_starts

LOOK = Look()


def prepared(studio: Studio, project_id: str, look: Look = LOOK) -> Cut:
    """The cut after everything was made for it."""
    finish(quicklook.prepare(studio, project_id, lambda: look))
    return quicklook.cut(studio, project_id, look)


def unspoken(studio: Studio, project_id: str) -> str:
    """The same project, its narrations gone."""
    with studio.store.session() as session:
        session.execute(delete(AudioFile).where(AudioFile.project_id == project_id))
    return project_id


def test_a_proxy_shows_what_the_render_will(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """From the in-point on, for as long as the scene lasts, looped where the clip is too short."""
    plain, short = reel["plain"], reel["short"]
    project_id = make_project(
        studio,
        finder,
        [
            SceneOf("From half a second on.", plain.path, seconds=0.6, start=0.5),
            SceneOf("Longer than its clip.", short.path, seconds=1.0),
        ],
    )
    scenes = prepared(studio, project_id).scenes
    for scene, clip, start in zip(scenes, (plain, short), (0.5, 0.0), strict=True):
        assert scene.proxy
        marks = [read_mark(luma, clip.width, clip.height) for luma in luma_of(scene.proxy)]
        assert len(marks) == round(scene.seconds * quicklook.FPS)
        for number, mark in enumerate(marks):
            wanted = (start * clip.fps + number * clip.fps / quicklook.FPS) % clip.frames
            assert mark
            off = abs(mark[1] - wanted)
            assert mark[0] == clip.mark
            assert min(off, clip.frames - off) <= 1.6


def test_a_proxy_is_small_mute_and_for_every_browser(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """480 lines of H.264 baseline, key frames twice a second, its index before its pictures."""
    project_id = make_project(studio, finder, [SceneOf("Bees.", reel["plain"].path, seconds=1.0)])
    proxy = prepared(studio, project_id).scenes[0].proxy
    assert proxy
    with av.open(str(proxy)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (854, 480)
        assert stream.average_rate == quicklook.FPS
        assert (stream.profile, stream.pix_fmt) == ("Constrained Baseline", "yuv420p")
        assert not container.streams.audio
        keys = [n for n, packet in enumerate(container.demux(stream)) if packet.is_keyframe]
    assert keys == [0, 15, 30]
    written = proxy.read_bytes()
    assert written.index(b"moov") < written.index(b"mdat")


@pytest.mark.parametrize("fps", [24, 30])
def test_the_times_are_those_of_the_render(
    studio: Studio, finder: FixedFinder, reel: Reel, fps: int
) -> None:
    """On the frame, also when one scene was spoken anew and the others kept their frames."""
    look = replace(LOOK, fps=fps, transition="crossfade")
    texts = [
        SceneOf(f"Scene {n}.", reel["plain"].path, seconds=0.7137 + n / 97, pause=0.13 + n / 83)
        for n in range(7)
    ]
    project_id = make_project(studio, finder, texts)
    keep_frames(studio, project_id, plan(studio, project_id, look)[1], fps)
    with studio.store.session() as session:
        audio = projects.find_scene(session, project_id, 3).audio
        assert audio
        audio.duration_seconds = 0.6441
    _, shots = plan(studio, project_id, look)
    lengths = [(shot.narration_seconds, shot.pause_seconds) for shot in shots]
    assert [shot.first_frame for shot in shots] != frame_starts(lengths, fps)[:-1]

    cut = quicklook.cut(studio, project_id, look)

    assert [scene.start_seconds for scene in cut.scenes] == [s.first_frame / fps for s in shots]
    assert [scene.seconds for scene in cut.scenes] == [shot.frames / fps for shot in shots]
    assert [scene.transition_seconds for scene in cut.scenes] == [
        0.0,
        *(taken / fps for taken in overlaps(shots, look)),
    ]
    assert cut.seconds == sum(shot.frames for shot in shots) / fps
    for scene, shot in zip(cut.scenes, shots, strict=True):
        layout = captions.layout_of("16:9", look.style)
        assert scene.cues == tuple(captions.make_cues(shot.words, layout, until=shot.frames / fps))
        assert scene.narration == shot.narration


def test_a_cut_without_voice_or_clip_lasts_as_long_as_its_words_would(
    studio: Studio, finder: FixedFinder
) -> None:
    """There is something to see from the first script on: the text, for about as long."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    script.save_script(studio, project_id, [SceneDraft("word " * 10), SceneDraft("Bees.")])
    cut = quicklook.cut(studio, project_id, LOOK)
    first, second = cut.scenes
    assert (first.narration, first.proxy, first.clip_id) == (None, None, None)
    assert first.seconds == pytest.approx(4.0 + 0.35, abs=0.05)
    assert second.seconds == pytest.approx(quicklook.SHORTEST_ESTIMATE + 0.35, abs=0.05)
    assert [word.text for word in first.cues[0].lines[0]][:2] == ["word", "word"]
    assert cut.missing == ()
    assert finder.asked == []


def test_a_guessed_length_follows_the_pace_of_the_voice(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Where it has spoken enough to know it: one scene tells how long the next will last."""
    spoken = SceneOf("word " * 60, reel["plain"].path, seconds=20.0)
    project_id = make_project(studio, finder, [spoken, SceneOf("word " * 30)])
    with studio.store.session() as session:
        second = projects.find_scene(session, project_id, 2)
        session.execute(delete(AudioFile).where(AudioFile.scene_id == second.id))
    cut = quicklook.cut(studio, project_id, LOOK)
    assert cut.scenes[1].seconds == pytest.approx(30 / 3.0 + 0.2, abs=0.05)


def test_nothing_is_made_twice(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """A second look costs nothing; a changed scene costs that scene, whatever else stands where."""
    scenes = [SceneOf(f"Scene {n}.", reel["plain"].path, start=n / 10) for n in (0, 1, 2)]
    project_id = make_project(studio, finder, scenes)
    assert quicklook.cut(studio, project_id, LOOK).missing == (1, 2, 3)
    before = prepared(studio, project_id)
    assert before.missing == ()
    assert finish(quicklook.prepare(studio, project_id, lambda: LOOK)) == 0
    clip_id = str(before.scenes[1].clip_id)
    clips.choose(studio, project_id, 2, clip_id, start_seconds=0.4)
    assert quicklook.cut(studio, project_id, LOOK).missing == (2,)
    scenes_now = projects.open_project(studio, project_id).scenes
    moved = [SceneDraft(each.text, scene_id=each.scene_id) for each in reversed(scenes_now)]
    script.save_script(studio, project_id, moved)
    assert quicklook.cut(studio, project_id, LOOK).missing == (2,)
    assert finish(quicklook.prepare(studio, project_id, lambda: LOOK)) == 1
    assert drafts(studio) == []


def test_captions_quality_rate_and_music_cost_no_proxy(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Another shape does: it shows something else."""
    project_id = make_project(studio, finder, [SceneOf("Bees.", reel["plain"].path)])
    prepared(studio, project_id)
    style = captions.Style(preset="karaoke", size=1.4)
    other = Look(fps=60, captions=False, quality="high", transition="crossfade", style=style)
    assert quicklook.cut(studio, project_id, other).missing == ()
    upright = quicklook.cut(studio, project_id, Look(aspect="9:16"))
    assert (upright.missing, upright.size) == ((1,), (480, 854))


def test_what_is_not_spoken_is_spoken_before_it_is_filmed(
    studio: Studio, finder: FixedFinder, speaker: ToneSpeaker, reel: Reel
) -> None:
    """The voice decides how long the shot is; a scene without a clip can wait."""
    project_id = unspoken(
        studio, make_project(studio, finder, [SceneOf("Bees dance.", reel["plain"].path)])
    )
    assert quicklook.cut(studio, project_id, LOOK).missing == (1,)
    cut = prepared(studio, project_id)
    assert speaker.spoken == [("Bees dance.", "af_heart")]
    assert cut.scenes[0].narration
    assert cut.scenes[0].seconds == pytest.approx(0.7, abs=0.04)
    assert cut.missing == ()
    assert len(list(studio.workspace.folder("proxies").iterdir())) == 1


def test_no_voice_is_fetched_for_a_look(
    studio: Studio,
    finder: FixedFinder,
    speaker: ToneSpeaker,
    reel: Reel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without its weights the scenes are filmed for as long as they would about last."""
    absent = Health("Voice", works=True, says="It is fetched on first use.", tried=False)
    monkeypatch.setattr(speaker, "check", lambda: absent)
    project_id = unspoken(studio, make_project(studio, finder, [SceneOf(file=reel["plain"].path)]))
    cut = prepared(studio, project_id)
    assert speaker.spoken == []
    assert cut.scenes[0].proxy
    assert cut.missing == ()


def test_a_voice_that_fails_leaves_the_picture(
    studio: Studio,
    finder: FixedFinder,
    speaker: ToneSpeaker,
    reel: Reel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The scene says why it is silent; it is not tried again until something changes."""

    def fail(*_arguments: object) -> Work[None]:
        raise SpeechFailed
        yield

    monkeypatch.setattr(speaker, "speak", fail)
    project_id = unspoken(studio, make_project(studio, finder, [SceneOf(file=reel["plain"].path)]))
    cut = prepared(studio, project_id)
    assert cut.scenes[0].proxy
    assert cut.scenes[0].narration is None
    assert cut.missing == ()
    assert scene_errors(studio, project_id) == ["SPEECH_FAILED"]


def test_a_clip_that_cannot_be_filmed_says_so_at_once(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """Not only when the video is assembled; the other scenes go on, another choice settles it."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"this is no film")
    project_id = make_project(
        studio, finder, [SceneOf("One.", broken), SceneOf("Two.", reel["plain"].path)]
    )
    cut = prepared(studio, project_id)
    assert scene_errors(studio, project_id) == ["CLIP_UNREADABLE", None]
    assert "broken.mp4" in cut.scenes[0].problem
    assert [bool(scene.proxy) for scene in cut.scenes] == [False, True]
    assert cut.missing == ()
    clips.choose(studio, project_id, 1, str(cut.scenes[1].clip_id), start_seconds=0.2)
    assert quicklook.cut(studio, project_id, LOOK).missing == (1,)


def test_what_is_chosen_meanwhile_is_made_and_what_is_not_chosen_any_more_is_not(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """One piece of work does for a whole evening of choosing."""
    scenes = [SceneOf(f"Scene {n}.", reel["plain"].path) for n in (1, 2)]
    project_id = make_project(studio, finder, scenes)
    clip_id = str(projects.open_project(studio, project_id).scenes[1].clip_id)
    work = quicklook.prepare(studio, project_id, lambda: LOOK)
    next(work)
    clips.choose(studio, project_id, 2, clip_id, start_seconds=0.3)
    assert finish(work) == 2
    assert quicklook.cut(studio, project_id, LOOK).missing == ()
    assert len(list(studio.workspace.folder("proxies").iterdir())) == 2


def test_stills_and_drawn_scenes_have_proxies_too(
    studio: Studio, finder: FixedFinder, stills: dict[str, Path]
) -> None:
    """They move as they will in the video."""
    drawn = studio_drawing(studio)
    project_id = make_project(
        studio,
        finder,
        [
            SceneOf("A picture.", stills["plain.png"], kind="still"),
            SceneOf("A drawing.", kind="illustration", recipe=drawn),
        ],
    )
    cut = prepared(studio, project_id)
    assert cut.missing == ()
    for scene in cut.scenes:
        assert scene.proxy
        first, *_, last = luma_of(scene.proxy)
        assert first.shape == (480, 854)
        assert abs(first.astype(int) - last).max() > 20


def test_proxies_do_not_pile_up(
    studio: Studio,
    finder: FixedFinder,
    reel: Reel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What nobody looked at for longest goes when there are too many, and is made again."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    first = prepared(studio, project_id).scenes[0]
    assert first.proxy
    os.utime(first.proxy, (0, 0))
    monkeypatch.setattr(preparing, "MOST_BYTES", first.proxy.stat().st_size)
    clips.choose(studio, project_id, 1, str(first.clip_id), start_seconds=0.4)

    now = prepared(studio, project_id).scenes[0]

    assert list(studio.workspace.folder("proxies").iterdir()) == [now.proxy]
    clips.choose(studio, project_id, 1, str(first.clip_id), start_seconds=0.0)
    assert prepared(studio, project_id).scenes[0].proxy == first.proxy
    assert now.proxy
    assert now.proxy.exists()


def test_the_proxies_of_a_removed_project_go_unless_another_shows_them(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """The other project is not disturbed; a page that shows it goes on playing."""
    shared = SceneOf("Both.", reel["plain"].path)
    one = make_project(studio, finder, [shared, SceneOf("One.", reel["plain"].path, start=0.4)])
    other = make_project(studio, finder, [shared])
    projects.update_project(studio, one, look={"music": "gone.mp3", "short_clip": "hold"})
    projects.update_project(studio, other, look={"short_clip": "hold"})
    held = replace(LOOK, short_clip="hold")
    stays, goes = (scene.proxy for scene in prepared(studio, one, held).scenes)
    keep_frames(studio, one, plan(studio, one, held)[1], 30)

    removal.remove_project(studio, one)

    assert list(studio.workspace.folder("proxies").iterdir()) == [stays]
    assert goes != stays
    assert quicklook.cut(studio, other, held).missing == ()
    assert list(studio.workspace.folder("timelines").iterdir()) == []
    removal.remove_project(studio, other)
    assert list(studio.workspace.folder("proxies").iterdir()) == []
    with pytest.raises(NotFound):
        removal.remove_project(studio, other)


def studio_drawing(studio: Studio) -> dict[str, object]:
    """What is drawn for a scene about bees."""
    illustrator = Illustrator(studio.settings, studio.workspace)
    found = finish(illustrator.find(ClipQuery("bees on a flower", "Bees on a flower.", at_most=1)))
    return dict(found[0].recipe)


def test_a_project_whose_look_cannot_be_made_any_more_can_be_removed(studio: Studio) -> None:
    """Another version of the app may have had other choices."""
    project_id = projects.create_project(studio, topic="Bees").project_id
    projects.update_project(studio, project_id, look={"transition": "wipe"})

    removal.remove_project(studio, project_id)

    assert projects.list_projects(studio) == []


def test_stopping_leaves_nothing_half_made(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """A render comes first: what is being filmed is dropped, what is done stays."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path, seconds=3.0)])
    work = quicklook.prepare(studio, project_id, lambda: LOOK)
    next(work)
    next(work)
    work.close()
    assert drafts(studio) == []
    assert list(studio.workspace.folder("proxies").iterdir()) == []


def test_no_project_has_no_cut(studio: Studio) -> None:
    """As everywhere."""
    with pytest.raises(NotFound):
        quicklook.cut(studio, "nowhere", LOOK)


def test_the_levels_of_scenes_are_heard(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """A narration that was made louder is louder in the quick look."""
    project_id = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    with studio.store.session() as session:
        scene = session.get(Scene, projects.open_project(studio, project_id).scenes[0].scene_id)
        assert scene
        scene.level_db = 4.5
    cut = quicklook.cut(studio, project_id, replace(LOOK, captions=False))
    assert (cut.scenes[0].level_db, cut.captions) == (4.5, False)
