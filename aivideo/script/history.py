"""The scripts that a project had: kept when another one takes their place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo.errors import NotFound
from aivideo.projects import SceneView
from aivideo.script.drafts import SceneDraft
from aivideo.store import Project, Scene, ScriptVersion, get_row
from aivideo.studio import Studio

KEPT: Final = 40
"""Scripts of one project; the oldest ones give way."""
BEGINNING: Final = 90
"""Characters that a script is recognised by."""

Reason = Literal["written", "brought", "restored", "edited"]
"""Written by the model, brought as a text or a file, restored, or as it was edited until then."""


@dataclass(frozen=True)
class ScriptVersionView:
    """A script that was kept.

    Attributes:
        reason: How it came about; see ``Reason``.
        beginning: Its first words.
    """

    version_id: str
    reason: Reason
    created_at: datetime
    scene_count: int
    beginning: str


def list_script_versions(studio: Studio, project_id: str) -> list[ScriptVersionView]:
    """The scripts that were kept, the newest first; the one in use is among them or unkept.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        get_row(session, Project, project_id)
        return [_view(row) for row in _rows(session, project_id)]


def fingerprint(scenes: Sequence[SceneView | Scene]) -> str:
    """What a script is known by: another one whenever anything that people edit is different."""
    told = [
        [scene.scene_id if isinstance(scene, SceneView) else scene.id, *_edited(scene)]
        for scene in scenes
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def keep(session: Session, project: Project, reason: Reason) -> None:
    """Keep the project's script as it stands, unless there is none or it was kept last."""
    scenes = [asdict(_draft(scene)) for scene in project.scenes]
    rows = _rows(session, project.id)
    if not scenes or (rows and _words(rows[0].scenes) == _words(scenes)):
        return
    session.add(ScriptVersion(project_id=project.id, reason=reason, scenes=scenes))
    for row in rows[KEPT - 1 :]:
        session.delete(row)


def kept_drafts(session: Session, project: Project, version_id: str) -> list[SceneDraft]:
    """The scenes of a kept script; those that the project still has are named by their ids.

    Raises:
        NotFound: The project has no such version.
    """
    row = session.get(ScriptVersion, version_id)
    if row is None or row.project_id != project.id:
        raise NotFound("version of the script", version_id)
    there = {scene.id for scene in project.scenes}
    return [
        SceneDraft(**{**scene, "scene_id": scene["scene_id"] if scene["scene_id"] in there else ""})
        for scene in row.scenes
    ]


def _rows(session: Session, project_id: str) -> Sequence[ScriptVersion]:
    query = select(ScriptVersion).where(ScriptVersion.project_id == project_id)
    return session.scalars(query.order_by(ScriptVersion.created_at.desc())).all()


def _view(row: ScriptVersion) -> ScriptVersionView:
    words = " ".join(scene["text"] for scene in row.scenes)
    beginning = words if len(words) <= BEGINNING else f"{words[: BEGINNING - 1]}…"
    reason: Any = row.reason
    return ScriptVersionView(row.id, reason, row.created_at, len(row.scenes), beginning)


def _edited(scene: SceneView | Scene) -> list[object]:
    return [
        scene.text,
        scene.visual_query,
        scene.pause_seconds,
        scene.voice_id or "",
        scene.level_db,
        scene.locked,
        list(scene.objects),
    ]


def _draft(scene: Scene) -> SceneDraft:
    return SceneDraft(scene.text, scene.visual_query, scene.id, *_edited(scene)[2:])  # type: ignore[arg-type] # in the order of the fields


def _words(scenes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What makes two kept scripts the same: everything but the ids of the scenes."""
    return [{"objects": [], **scene, "scene_id": ""} for scene in scenes]
