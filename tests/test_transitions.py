"""Crossfades and fades: the length stays, every frame is the right one, only overlaps are new."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import oracle
import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import H264, Footage, Reel, encode, pictures, read_mark
from sqlalchemy import select, update
from staging import DRAFT, SceneOf, filmed, filmed_segment, luma_of, make_project, shot_of
from test_filming import colours_of, lit_place

from aivideo.engines.finding import ClipQuery
from aivideo.engines.illustration import Illustrator
from aivideo.engines.speech import Word
from aivideo.progress import finish
from aivideo.render import FinishedVideo, Look, render_project
from aivideo.render.segments import Segment, Side, cut_up, overlaps
from aivideo.settings import Settings
from aivideo.shots import Shot, plan
from aivideo.store import ClipSelection
from aivideo.studio import Studio, open_studio

QUICK = replace(DRAFT, quality="preview")
CROSSFADE = replace(QUICK, transition="crossfade", transition_seconds=0.4)
FADE = replace(CROSSFADE, transition="fade")


def marks_of(path: Path, clip: Footage) -> list[int | None]:
    """Which frame of the clip each frame of a video shows."""
    marks = [read_mark(luma, clip.width, clip.height) for luma in luma_of(path)]
    return [mark[1] if mark else None for mark in marks]


def filmed_part(studio: Studio, shot: Shot, frames: range, look: Look = CROSSFADE) -> Path:
    """Some frames of a shot, filmed by themselves."""
    return filmed_segment(studio, Segment((Side(shot, frames),)), look)


def shots_of(*lengths: int) -> list[Shot]:
    """Shots of these lengths in frames, one after the other."""
    starts = itertools.accumulate(lengths, initial=0)
    shot = shot_of(Path("none"))
    return [
        replace(shot, number=number, first_frame=start, frames=frames)
        for number, (frames, start) in enumerate(zip(lengths, starts, strict=False), 1)
    ]


# --------------------------------------------------------------------------- where they lie
def test_segments_follow_each_other_without_a_gap() -> None:
    """Bodies and crossfades in turn: every frame of the video once, however short the scenes."""
    shots = shots_of(90, 24, 10, 15, 200, 31, 11)

    segments = cut_up(shots, CROSSFADE)

    covered = [s.first_frame + n for s in segments for n in range(s.frames)]
    assert covered == list(range(sum(shot.frames for shot in shots)))


@pytest.mark.parametrize("seconds", [0.1, 0.5, 3.0])
@pytest.mark.parametrize("fps", [24, 30, 60])
def test_a_transition_is_shortened_for_a_short_scene(seconds: float, fps: Any) -> None:
    """At most half of the shorter neighbour, with enough left of each to be joined."""
    look = replace(CROSSFADE, transition_seconds=seconds, fps=fps)
    shots = shots_of(*range(10, 60), 400, 400)

    taken = overlaps(shots, look)

    assert taken[-1] == pytest.approx(seconds * fps, abs=2)
    for (one, other), overlap in zip(itertools.pairwise(shots), taken, strict=True):
        assert overlap <= min(one.frames, other.frames) / 2
        assert overlap % 2 == 0
    assert all(s.frames >= (4 if s.crosses else 10) for s in cut_up(shots, look))


def test_scenes_too_short_for_a_transition_are_cut() -> None:
    """There is nothing to cross."""
    segments = cut_up(shots_of(10, 12, 10), CROSSFADE)

    assert [(s.frames, s.crosses) for s in segments] == [(10, False), (12, False), (10, False)]


def test_a_cut_leaves_every_scene_whole() -> None:
    """As many segments as scenes."""
    assert [s.frames for s in cut_up(shots_of(30, 40), QUICK)] == [30, 40]


# --------------------------------------------------------------------------- the right frames
ALWAYS = ("plain", "webm", "film_rate", "fast", "transport_stream")
SELDOM = ("varying", "interlaced", "av1", "hdr", "phone", "odd")


@pytest.mark.parametrize(
    "kind", [*ALWAYS, *(pytest.param(kind, marks=pytest.mark.slow) for kind in SELDOM)]
)
def test_a_part_of_a_scene_shows_what_the_whole_shows(
    studio: Studio, reel: Reel, kind: str
) -> None:
    """Each part begins elsewhere in the clip and counts from the same picture."""
    clip = reel[kind]
    shot = shot_of(clip.path, frames=26, start_seconds=0.317)

    whole = marks_of(filmed(studio, shot, CROSSFADE), clip)
    parts = [filmed_part(studio, shot, frames) for frames in (range(7, 19), range(19, 26))]

    assert None not in whole
    assert [mark for part in parts for mark in marks_of(part, clip)] == whole[7:]


def test_a_scene_is_filmed_beyond_its_ends(studio: Studio, reel: Reel) -> None:
    """Before its in-point and after its last frame the clip is shown as it was shot."""
    clip = reel["plain"]
    shot = shot_of(clip.path, frames=20, start_seconds=0.5)

    before = marks_of(filmed_part(studio, shot, range(-6, 6)), clip)
    after = marks_of(filmed_part(studio, shot, range(14, 26)), clip)

    assert before == list(range(9, 21))
    assert after == list(range(29, 41))


def test_before_the_first_picture_of_a_clip_it_stands_still(studio: Studio, reel: Reel) -> None:
    """An in-point at the clip's beginning leaves nothing to come before it."""
    clip = reel["plain"]
    shot = shot_of(clip.path, frames=20, start_seconds=0.1)

    part = filmed_part(studio, shot, range(-6, 6))

    assert marks_of(part, clip) == [0, 0, 0, *range(9)]


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        ("loop", [n % 12 for n in range(3, 44)]),
        ("hold", [min(n, 11) for n in range(3, 44)]),
    ],
)
def test_a_short_clip_goes_on_beyond_its_end_as_it_did_before(
    studio: Studio, reel: Reel, way: Any, wanted: list[int]
) -> None:
    """Bodies and overlaps of a clip that is shown several times, or stands still."""
    clip = reel["short"]
    look = replace(CROSSFADE, short_clip=way)
    shot = shot_of(clip.path, frames=38)

    parts = [filmed_part(studio, shot, part, look) for part in (range(3, 32), range(32, 44))]

    assert [mark for part in parts for mark in marks_of(part, clip)] == wanted


def test_a_slowed_clip_is_slow_in_each_of_its_parts(studio: Studio, reel: Reel) -> None:
    """The pace is that of the scene."""
    clip = reel["short"]
    look = replace(CROSSFADE, short_clip="slow")
    shot = shot_of(clip.path, frames=36)

    whole = marks_of(filmed(studio, shot, look), clip)
    parts = [filmed_part(studio, shot, part, look) for part in (range(5, 20), range(20, 36))]

    assert len(set(whole)) == 12
    assert [mark for part in parts for mark in marks_of(part, clip)] == whole[5:]


def test_a_clip_begins_again_at_its_first_picture(studio: Studio, tmp_path: Path) -> None:
    """Also from an in-point behind its first key frame."""
    clip = Footage(tmp_path / "keys.mp4", mark=1, frames=60)
    encode(clip.path, pictures(clip), codec=(*H264, "-g", "15"))

    part = filmed(studio, shot_of(clip.path, frames=90, start_seconds=1.5), QUICK)

    assert marks_of(part, clip) == [*range(45, 60), *range(60), *range(15)]


# --------------------------------------------------------------------------- the mix
def crossed(one: Shot, other: Shot, half: int) -> Segment:
    """The crossfade between two shots."""
    ends = range(one.frames - half, one.frames + half)
    return Segment((Side(one, ends), Side(other, range(-half, half))))


def drawn_shot(studio: Studio, words: str) -> Shot:
    """A drawn scene."""
    illustrator = Illustrator(studio.settings, studio.workspace)
    found, *_ = finish(illustrator.find(ClipQuery(words, "Bees make honey.")))
    return shot_of(Path("none"), frames=20, kind="illustration", recipe=found.recipe)


@pytest.mark.parametrize(
    "kinds",
    [
        ("video", "video"),
        ("video", "still"),
        ("drawn", "video"),
        ("drawn", "still"),
        ("still", "still"),
        ("drawn", "drawn"),
        ("loop", "drawn"),
    ],
)
def test_a_crossfade_gives_way_frame_by_frame(
    studio: Studio, reel: Reel, stills: dict[str, Path], kinds: Sequence[str]
) -> None:
    """Frame k of d shows k/d of the later scene, both as they are filmed by themselves."""
    half = 6
    shots = {
        "video": shot_of(reel["plain"].path, frames=20, start_seconds=0.3),
        "loop": shot_of(reel["short"].path, frames=20),
        "still": shot_of(stills["plain.png"], frames=20, kind="still"),
        "drawn": drawn_shot(studio, "honey bee"),
    }
    one, other = (shots[kind] for kind in kinds)
    segment = crossed(one, replace(other, number=2), half)

    mixed = list(luma_of(filmed_segment(studio, segment, CROSSFADE)))

    alone = [list(luma_of(filmed_part(studio, side.shot, side.frames))) for side in segment.sides]
    assert len(mixed) == 2 * half
    for number, frame in enumerate(mixed):
        share = number / (2 * half)
        wanted = (1 - share) * alone[0][number] + share * alone[1][number].astype(float)
        assert np.abs(frame - wanted).mean() < (1.5 if number else 0.1)


@pytest.mark.parametrize("kind", ["still", "drawn"])
def test_what_we_draw_moves_on_through_its_parts(
    studio: Studio, stills: dict[str, Path], kind: str
) -> None:
    """A picture's parts continue each other, as if it were filmed at once."""
    shots = {
        "still": shot_of(stills["wide.jpg"], frames=20, kind="still", fit="blur"),
        "drawn": drawn_shot(studio, "honey bee"),
    }

    whole = list(luma_of(filmed_part(studio, shots[kind], range(-6, 26))))
    spans = (range(-6, 6), range(6, 16), range(16, 26))
    parts = [f for span in spans for f in luma_of(filmed_part(studio, shots[kind], span))]

    assert len(parts) == len(whole) == 32
    off = [np.abs(a.astype(float) - b).mean() for a, b in zip(parts, whole, strict=True)]
    steps = [np.abs(a.astype(float) - b).mean() for a, b in itertools.pairwise(whole[6:])]
    assert max(off) < 1.5
    assert np.mean(steps) > 0.2


def test_words_in_an_overlap_light_up_in_their_frames(studio: Studio, reel: Reel) -> None:
    """The earlier scene's last words and the later one's first, over the mixed picture."""
    look = replace(CROSSFADE, captions=True)
    shot = replace(shot_of(reel["plain"].path, frames=40), number=1)
    one = replace(shot, words=tuple(Word("honey", t, t + 0.1) for t in (0.9, 1.0, 1.1, 1.2, 1.28)))
    other = replace(shot, words=tuple(Word("honey", t, t + 0.05) for t in (0.0, 0.1, 0.17)))

    part = filmed_segment(studio, crossed(one, other, 6), look)

    places = [lit_place(frame, top=330) for frame in colours_of(part)]
    moved = [n for n in range(1, 12) if abs(places[n] - places[n - 1]) > 12]
    # Frame 34 of the earlier scene is 0 here, frame 0 of the later one is 6.
    assert moved == [36 - 34, 38 - 34, 6, 6 + 3, 6 + 5]


# --------------------------------------------------------------------------- the whole
@dataclass(frozen=True)
class Mixed:
    """A project that was rendered with cuts, and what its sound is called."""

    studio: Studio
    project_id: str
    cut: FinishedVideo
    sounds: list[Path]


@pytest.fixture(scope="module")
def mixed(
    tmp_path_factory: pytest.TempPathFactory, reel: Reel, stills: dict[str, Path]
) -> Iterator[Mixed]:
    """A clip, a still, a drawing, a short clip and a very short scene."""
    settings = Settings(workers=2).under(tmp_path_factory.mktemp("mixed"))
    finder = FixedFinder()
    with open_studio(
        settings, chat_model=QueuedChat(), speaker=ToneSpeaker(), finders={"fixed": finder}
    ) as studio:
        recipe = drawn_shot(studio, "honey bee").clip.recipe
        scenes = [
            SceneOf("One.", reel["plain"].path, seconds=0.7, pause=0.2, start=0.3),
            SceneOf("Two.", stills["plain.png"], seconds=0.83, pause=0.21, kind="still"),
            SceneOf("Three.", seconds=0.71, pause=0.23, kind="illustration", recipe=recipe),
            SceneOf("Four.", reel["short"].path, seconds=0.77, pause=0.2),
            SceneOf("Five.", reel["webm"].path, seconds=0.3, pause=0.04, start=0.2),
        ]
        project_id = make_project(studio, finder, scenes)
        cut = finish(render_project(studio, project_id, QUICK))
        yield Mixed(studio, project_id, cut, list(studio.workspace.folder("sound").iterdir()))


@pytest.mark.parametrize("look", [CROSSFADE, FADE], ids=["crossfade", "fade"])
def test_a_video_with_transitions_is_exact(mixed: Mixed, look: Look) -> None:
    """As long as with cuts, with the same sound, one form of parts, nothing frozen or broken."""
    studio = mixed.studio
    _, shots = plan(studio, mixed.project_id, look)

    video = finish(render_project(studio, mixed.project_id, look))

    black = oracle.check(video.path, frames=sum(shot.frames for shot in shots)).complaints
    assert [c for c in black if "black" not in c or look.transition == "crossfade"] == []
    assert video.duration_seconds == mixed.cut.duration_seconds
    assert list(studio.workspace.folder("sound").iterdir()) == mixed.sounds
    heads = set()
    for part in studio.workspace.folder("parts").iterdir():
        with av.open(str(part)) as container:
            heads.add(bytes(container.streams.video[0].codec_context.extradata or b""))
    assert len(heads) == 1


def test_every_frame_of_a_crossfaded_video_is_the_right_one(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """Outside the overlaps each picture's number is read back: none twice, none left out."""
    clip = reel["plain"]
    scenes = [SceneOf(file=clip.path, seconds=0.9, pause=0.07, start=at) for at in (0.2, 0.4, 0.3)]
    project_id = make_project(studio, finder, scenes)
    _, shots = plan(studio, project_id, CROSSFADE)

    video = finish(render_project(studio, project_id, CROSSFADE))

    shown = marks_of(video.path, clip)
    bodies = [s for s in cut_up(shots, CROSSFADE) if not s.crosses]
    assert len(bodies) == 3
    for body, scene in zip(bodies, scenes, strict=True):
        first = round(scene.start * 30)
        wanted = [first + n for n in body.sides[0].frames]
        assert shown[body.first_frame : body.first_frame + body.frames] == wanted


def test_a_fade_goes_by_way_of_black(studio: Studio, finder: FixedFinder, reel: Reel) -> None:
    """Darker and darker to the scene's end, and out of black in the next."""
    scenes = [SceneOf(file=reel["plain"].path, seconds=0.9, pause=0.1)] * 2
    project_id = make_project(studio, finder, scenes)

    video = finish(render_project(studio, project_id, FADE))

    light = [float(luma.mean()) for luma in luma_of(video.path)]
    assert light[30] < 20
    assert light[23] == pytest.approx(light[10], abs=6)
    assert light[24:31] == sorted(light[24:31], reverse=True)
    assert light[30:37] == sorted(light[30:37])
    assert min(light[:24]) > 40


def test_changing_one_scene_between_fades_films_that_scene(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """A fade lies inside the scenes; ``test_render_plan`` does the same with crossfades."""
    scenes = [SceneOf(file=reel["plain"].path, seconds=0.4, pause=0.1)] * 3
    project_id = make_project(studio, finder, scenes)
    finish(render_project(studio, project_id, FADE))
    parts = {path.name for path in studio.workspace.folder("parts").iterdir()}
    with studio.store.session() as session:
        selections = {s.scene_number: s.id for s in session.scalars(select(ClipSelection))}
        chosen = update(ClipSelection).where(ClipSelection.id == selections[2])
        session.execute(chosen.values(start_seconds=0.4))

    finish(render_project(studio, project_id, FADE))

    after = {path.name for path in studio.workspace.folder("parts").iterdir()}
    assert parts <= after
    assert len(after - parts) == 1
