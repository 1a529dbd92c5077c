"""The cut that is measured as a project of the app's, in a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from scenes import PAUSE, SceneOf, write_voice
from sqlalchemy import select

from aivideo.engines import probing
from aivideo.engines.drawing.recipe import Recipe
from aivideo.settings import Settings
from aivideo.store import AudioFile, Clip, ClipSelection, Project, Scene
from aivideo.studio import Studio, open_studio


@contextmanager
def studio_in(folder: Path, workers: int = 0) -> Iterator[Studio]:
    """A studio of its own in a folder."""
    settings = Settings(
        cache_dir=folder / "cache",
        output_dir=folder / "output",
        database_path=folder / "bench.db",
        footage_dir=folder / "footage",
        clip_source="library",
        model_hub="",
        workers=workers,
    )
    with open_studio(settings) as studio:
        yield studio


def make_project(studio: Studio, scenes: Sequence[SceneOf]) -> str:
    """A project of these scenes, spoken and with their clips chosen; its id."""
    for scene in scenes:
        _look_at(studio, scene.clip)
    with studio.store.session() as session:
        project = Project(name="Benchmark", topic="Benchmark")
        session.add(project)
        session.flush()
        clips: dict[Path, Clip] = {}
        for position, scene in enumerate(scenes):
            row = Scene(
                project_id=project.id, position=position, text=scene.text, pause_seconds=PAUSE
            )
            clip = clips.get(scene.clip)
            if clip is None:
                kind = "still" if scene.clip.suffix == ".jpg" else "video"
                clip = Clip(source="bench", source_id=scene.clip.name, title="", kind=kind)
                clips[scene.clip] = clip
            session.add_all([row, clip])
            session.flush()
            session.add_all([_voice(studio, row, scene, position), _choice(row, clip, scene)])
        return project.id


def change_clip(studio: Studio, project_id: str, index: int, path: Path) -> None:
    """Choose another clip for one scene."""
    _look_at(studio, path)
    with studio.store.session() as session:
        scene = session.scalars(
            select(Scene).where(Scene.project_id == project_id, Scene.position == index)
        ).one()
        clip = Clip(source="bench", source_id=f"changed {path.name}", title="", kind="video")
        session.add(clip)
        session.flush()
        selection = scene.selection
        if selection is not None:
            selection.clip_id, selection.downloaded_path = clip.id, str(path)


def draw_instead(studio: Studio, project_id: str, recipes: Sequence[Recipe]) -> None:
    """Choose drawn pictures for all scenes, of these kinds in turn, each another one."""
    with studio.store.session() as session:
        scenes = session.scalars(select(Scene).where(Scene.project_id == project_id)).all()
        for place, scene in enumerate(scenes):
            recipe = replace(recipes[place % len(recipes)], seed=place).as_json()
            clip = Clip(source="bench", source_id=f"drawn {place}", title="", kind="illustration")
            clip.recipe = recipe
            session.add(clip)
            session.flush()
            if scene.selection is not None:
                scene.selection.clip_id, scene.selection.downloaded_path = clip.id, None


def _look_at(studio: Studio, path: Path) -> None:
    """Find out what a clip is, and remember it, as choosing one does."""
    probing.probed(probing.stamp_of(path))
    probing.keep(studio.workspace, [path])


def _voice(studio: Studio, row: Scene, scene: SceneOf, number: int) -> AudioFile:
    path = studio.workspace.folder("audio") / f"bench-{number}.wav"
    write_voice(path, scene, pitch=110 + 7 * (number % 12))
    return AudioFile(
        project_id=row.project_id,
        scene_id=row.id,
        file_path=str(path),
        voice_id="af_heart",
        duration_seconds=scene.seconds,
        words=scene.words,
    )


def _choice(row: Scene, clip: Clip, scene: SceneOf) -> ClipSelection:
    return ClipSelection(
        project_id=row.project_id,
        scene_id=row.id,
        clip_id=clip.id,
        start_seconds=scene.start,
        downloaded_path=str(scene.clip),
    )
