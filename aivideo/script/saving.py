"""The script as rows: its scenes in order, under ids that survive editing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from aivideo import projects, recordings
from aivideo.errors import AIVideoError, EditedMeanwhile, InvalidArgument, NotFound
from aivideo.projects import SceneView
from aivideo.script.drafts import SceneDraft, check_limits, visible_objects, visual_words
from aivideo.script.history import Reason, fingerprint, keep, kept_drafts
from aivideo.spoken import fault_of
from aivideo.store import Project, Scene, get_row, now
from aivideo.studio import Studio


def get_script(studio: Studio, project_id: str) -> list[SceneView]:
    """The scenes in order.

    Raises:
        NotFound: There is no such project.
    """
    return list(projects.open_project(studio, project_id).scenes)


def save_script(
    studio: Studio,
    project_id: str,
    drafts: Sequence[SceneDraft],
    *,
    seen: str | None = None,
    reason: Reason | None = None,
) -> list[SceneView]:
    """Make these the project's scenes, in this order.

    A scene that is named by its id keeps its clip, and its narration while text and voice
    stand; scenes that are left out are removed. One that has nothing to speak is saved and
    says so. A script that loses scenes by it is kept as it was; see ``list_script_versions``.

    Args:
        studio: The collaborators.
        project_id: The project.
        drafts: The scenes.
        seen: The ``fingerprint`` of the script that was edited; saves whatever it is now when
            left out.
        reason: Why a whole script takes the place of another one; it is kept from the start.

    Raises:
        EditedMeanwhile: The script is not any more the one that was seen; nothing is changed.
        NotFound: There is no such project, or it has no scene with one of the ids.
        InvalidArgument: An id is given twice, or a pause or level lies outside its limits.
        ScriptEmpty: There are no scenes.
        ScriptTooLong: There are more than 200.
        SceneTooLong: One has more than 2,000 characters.
    """
    check_limits(drafts)
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        if seen is not None and seen != fingerprint(project.scenes):
            raise EditedMeanwhile
        scenes = _match(project, drafts, studio.settings.scene_pause)
        if reason or not set(project.scenes) <= set(scenes):
            keep(session, project, "edited")
        for position, (scene, draft) in enumerate(zip(scenes, drafts, strict=True)):
            scene.position = position
            _edit(scene, draft)
        project.scenes = scenes
        project.current_step = "clips"
        project.last_active = now()
        session.flush()
        for scene, draft in zip(scenes, drafts, strict=True):
            if not draft.scene_id:
                recordings.bring_back(session, scene)
        if reason:
            keep(session, project, reason)
        return _saved(session, studio, project)


def restore_script(studio: Studio, project_id: str, version_id: str) -> list[SceneView]:
    """Bring back a script that was kept; the one that is there is kept instead.

    Scenes that the project still has keep their clips; those that were removed are new ones
    with the old words.

    Raises:
        NotFound: There is no such project, or it has no such version.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        drafts = kept_drafts(session, project, version_id)
        seen = fingerprint(project.scenes)
    return save_script(studio, project_id, drafts, seen=seen, reason="restored")


def reword(studio: Studio, project_id: str, scene: SceneView, text: str) -> SceneView:
    """Give a scene other words; what the script was is kept, and so are picture and clip.

    Raises:
        EditedMeanwhile: The scene is gone, locked, or its words are others by now.
    """
    with studio.store.session() as session:
        row = session.get(Scene, scene.scene_id)
        if row is None or row.locked or row.text != scene.text:
            raise EditedMeanwhile
        project = get_row(session, Project, project_id)
        keep(session, project, "edited")
        _edit(row, SceneDraft(text, row.visual_query))
        project.last_active = now()
        return _saved(session, studio, project)[row.position]


def _match(project: Project, drafts: Sequence[SceneDraft], pause: float) -> list[Scene]:
    """For each draft the scene that it names, or a new one with the usual pause after it."""
    there = {scene.id: scene for scene in project.scenes}
    named = [draft.scene_id for draft in drafts if draft.scene_id]
    if len(set(named)) < len(named):
        raise InvalidArgument("A scene_id is given twice. Give each scene once.")
    for scene_id in named:
        if scene_id not in there:
            raise NotFound("scene", scene_id)
    return [
        there[draft.scene_id]
        if draft.scene_id
        else Scene(project_id=project.id, text="", pause_seconds=pause)
        for draft in drafts
    ]


def _edit(scene: Scene, draft: SceneDraft) -> None:
    """Give a scene what its draft says; drop a narration that no longer says the text."""
    text = draft.text.strip()
    voice = scene.voice_id if draft.voice_id is None else draft.voice_id or None
    if (text, voice) != (scene.text, scene.voice_id):
        scene.audio = None
    query = draft.visual_query.strip()
    if not query:
        stays = text == scene.text and scene.visual_query
        query = scene.visual_query if stays else visual_words(text)
    if draft.objects is not None:
        scene.objects = list(visible_objects(draft.objects))
    elif query != scene.visual_query:
        scene.objects = []
    scene.visual_query = query
    if draft.pause_seconds is not None:
        scene.pause_seconds = draft.pause_seconds
    if draft.level_db is not None:
        scene.level_db = projects.valid_level(draft.level_db)
    if draft.locked is not None:
        scene.locked = draft.locked
    fault = fault_of(text)
    if fault or text != scene.text:
        _flag(scene, fault)
    scene.text, scene.voice_id = text, voice


def _flag(scene: Scene, failure: AIVideoError | None) -> None:
    scene.error_code = failure.code if failure else None
    scene.error_message = failure.message if failure else None


def _saved(session: Session, studio: Studio, project: Project) -> list[SceneView]:
    session.flush()
    session.expire(project)
    return list(projects.view(studio, project).scenes)
