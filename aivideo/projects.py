"""Projects: create, list, open, change, remove; and what each scene still needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo import ranking, recordings
from aivideo.errors import InvalidArgument, NotFound, SourcesTooLong, TopicInvalid
from aivideo.recordings import RecordingView
from aivideo.store import LOCAL_OWNER, Project, Scene, SystemPrompt, get_row, now
from aivideo.studio import Studio
from aivideo.workspace import discard

TOPIC_LIMIT: Final = 500
NAME_LIMIT: Final = 120
SOURCE_LIMIT: Final = 8000
"""Characters of notes that a script must stick to."""
LEVELS: Final = (-24.0, 12.0)
"""Decibels by which a scene's narration may be quieter or louder than the others."""
SAME_WORDS: Final = 0.5
"""The share of telling words that a scene keeps at least while its clip still goes with them."""
PAUSES: Final = (0.0, 10.0)
"""Seconds of silence that there may be after a scene's words."""

Aspect = Literal["16:9", "9:16", "1:1"]
Stage = Literal["topic", "voice", "script", "clips", "curation", "assembly"]


@dataclass(frozen=True)
class SceneView:
    """A scene as pages and programs see it.

    Attributes:
        objects: Things that can be seen in it, the most important first; empty when only the
            ``visual_query`` tells.
        audio_path: The narration, or None when the text has not been spoken as it stands.
        proportional: Whether times of its words are shared out by their length, not measured.
        recording: The person's own recording that tells it, or None when the voice speaks.
        level_db: How much louder than the others its narration is, in dB.
        clip_id: The chosen clip, or None.
        sound_level_db: How loud the clip's own sound is, in dB; None when it is not heard.
        error: What went wrong with this scene last, ``{code, message}``, or None.
        locked: Whether its words stay when the script is written anew.
        check: Whether it says something else now than when its clip was chosen.
    """

    scene_id: str
    scene_number: int
    text: str
    visual_query: str
    objects: tuple[str, ...]
    pause_seconds: float
    level_db: float
    voice_id: str | None
    audio_path: str | None
    audio_seconds: float | None
    clip_id: str | None
    start_seconds: float
    fit: str
    sound_level_db: float | None
    error: dict[str, str] | None
    locked: bool = False
    proportional: bool = False
    recording: RecordingView | None = None
    check: bool = False


@dataclass(frozen=True)
class ProjectView:
    """A project as pages and programs see it.

    Attributes:
        look: How its video is to look: the options that were chosen, by the names that jobs
            know them by; what is not in it stays at its default.
        speed: How fast it is spoken; 1 is natural.
        sources: Notes that its script must stick to; empty when there are none.
    """

    project_id: str
    name: str
    topic: str | None
    stage: Stage
    aspect: str
    look: dict[str, Any]
    voice_id: str
    speed: float
    system_prompt_id: str | None
    sources: str
    scene_count: int
    spoken_count: int
    chosen_count: int
    created_at: datetime
    last_active: datetime
    scenes: tuple[SceneView, ...]


def create_project(
    studio: Studio,
    *,
    name: str | None = None,
    topic: str | None = None,
    system_prompt_id: str | None = None,
    aspect: str = "16:9",
) -> ProjectView:
    """Start a project; without a name it is called after its topic.

    Raises:
        TopicInvalid: The topic is empty or longer than 500 characters.
        InvalidArgument: The aspect is none of ours, or the name is too long.
        NotFound: There is no such persona.
    """
    topic = valid_topic(topic) if topic is not None else None
    project = Project(
        name=_valid_name(name) if name else _short_name(topic or "Untitled video"),
        topic=topic,
        system_prompt_id=system_prompt_id or None,
        aspect=_valid_aspect(aspect),
        current_step="voice" if topic else "topic",
    )
    with studio.store.session() as session:
        if system_prompt_id:
            _valid_persona(session, system_prompt_id)
        session.add(project)
        session.flush()
        return view(studio, project)


def list_projects(studio: Studio) -> list[ProjectView]:
    """Every project, the one worked on last first; scenes are left out."""
    with studio.store.session() as session:
        rows = session.scalars(
            select(Project)
            .where(Project.owner_id == LOCAL_OWNER)
            .order_by(Project.last_active.desc())
        )
        return [view(studio, row, with_scenes=False) for row in rows]


def open_project(studio: Studio, project_id: str) -> ProjectView:
    """One project with its scenes.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        return view(studio, get_row(session, Project, project_id))


def update_project(
    studio: Studio,
    project_id: str,
    *,
    name: str | None = None,
    topic: str | None = None,
    system_prompt_id: str | None = None,
    aspect: str | None = None,
    look: Mapping[str, Any] | None = None,
    sources: str | None = None,
) -> ProjectView:
    """Change what is given; None leaves a field as it is, an empty persona is the default one.

    Raises:
        NotFound: There is no such project or persona.
        TopicInvalid: The topic is empty or longer than 500 characters.
        InvalidArgument: The aspect is none of ours, or the name is too long.
        SourcesTooLong: The sources have more than 8,000 characters.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        if sources is not None:
            project.sources = _valid_sources(sources)
        if name is not None:
            project.name = _valid_name(name)
        if topic is not None:
            project.topic = valid_topic(topic)
        if system_prompt_id is not None:
            project.system_prompt_id = _valid_persona(session, system_prompt_id)
        if aspect is not None:
            project.aspect = _valid_aspect(aspect)
        if look is not None:
            project.look = dict(look)
        project.last_active = now()
        session.flush()
        return view(studio, project)


def update_scene(
    studio: Studio,
    project_id: str,
    scene_number: int,
    *,
    level_db: float | None = None,
    pause_seconds: float | None = None,
) -> SceneView:
    """Change how a scene sounds, not what is said in it; None leaves a value as it is.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        level_db: How much louder than the others its narration is, -24 to 12 dB.
        pause_seconds: Silence after its words, 0 to 10 seconds.

    Raises:
        NotFound: There is no such project or scene.
        InvalidArgument: A value lies outside its limits.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        if level_db is not None:
            scene.level_db = valid_level(level_db)
        if pause_seconds is not None:
            scene.pause_seconds = valid_pause(pause_seconds)
        get_row(session, Project, project_id).last_active = now()
        session.flush()
        return _view_scene(scene)


def remove_project(studio: Studio, project_id: str) -> None:
    """Remove a project with all that hangs on it; products other projects share stay.

    The person's own recordings go with it, as far as no other project tells a scene with them.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        own = recordings.of_project(session, project_id)
        unused = recordings.unused_after(session, own)
        session.delete(project)
    discard(*unused)


def find_scene(session: Session, project_id: str, scene_number: int) -> Scene:
    """The scene with this number, counted from 1.

    Raises:
        NotFound: There is no such project or scene.
    """
    project = get_row(session, Project, project_id)
    if not 1 <= scene_number <= len(project.scenes):
        raise NotFound("scene", scene_number)
    return project.scenes[scene_number - 1]


def valid_topic(topic: str) -> str:
    """The topic without the blanks around it.

    Raises:
        TopicInvalid: It is empty or longer than 500 characters.
    """
    topic = topic.strip()
    if not 1 <= len(topic) <= TOPIC_LIMIT:
        raise TopicInvalid(len(topic), TOPIC_LIMIT)
    return topic


def _valid_sources(sources: str) -> str:
    sources = sources.strip()
    if len(sources) > SOURCE_LIMIT:
        raise SourcesTooLong(len(sources), SOURCE_LIMIT)
    return sources


def valid_level(level_db: float) -> float:
    """A narration's level in dB.

    Raises:
        InvalidArgument: It lies outside -24 to 12 dB.
    """
    return _within("A narration's level", level_db, LEVELS, "dB")


def valid_pause(seconds: float) -> float:
    """The silence after a scene.

    Raises:
        InvalidArgument: It lies outside 0 to 10 seconds.
    """
    return _within("A pause", seconds, PAUSES, "seconds")


def _within(what: str, value: float, limits: tuple[float, float], unit: str) -> float:
    least, most = limits
    if not least <= value <= most:
        raise InvalidArgument(
            f"{what} cannot be {value:g} {unit}. Choose from {least:g} to {most:g}."
        )
    return value


def view(studio: Studio, project: Project, *, with_scenes: bool = True) -> ProjectView:
    """The project as plain data; call it inside the session that the row belongs to."""
    scenes = tuple(_view_scene(scene) for scene in project.scenes)
    return ProjectView(
        project_id=project.id,
        name=project.name,
        topic=project.topic,
        stage=_stage(project, scenes),
        aspect=project.aspect,
        look=project.look,
        voice_id=project.selected_voice or studio.settings.default_voice,
        speed=project.speed,
        system_prompt_id=project.system_prompt_id,
        sources=project.sources,
        scene_count=len(scenes),
        spoken_count=sum(scene.audio_path is not None for scene in scenes),
        chosen_count=sum(scene.clip_id is not None for scene in scenes),
        created_at=project.created_at,
        last_active=project.last_active,
        scenes=scenes if with_scenes else (),
    )


def _view_scene(scene: Scene) -> SceneView:
    audio, chosen = scene.audio, scene.selection
    return SceneView(
        scene_id=scene.id,
        scene_number=scene.number,
        text=scene.text,
        visual_query=scene.visual_query,
        objects=tuple(scene.objects),
        pause_seconds=scene.pause_seconds,
        level_db=scene.level_db,
        voice_id=scene.voice_id,
        audio_path=audio.file_path if audio else None,
        audio_seconds=audio.duration_seconds if audio else None,
        clip_id=chosen.clip_id if chosen else None,
        start_seconds=chosen.start_seconds if chosen else 0.0,
        fit=chosen.fit if chosen else "crop",
        sound_level_db=chosen.sound_level_db if chosen else None,
        error=(
            {"code": scene.error_code, "message": scene.error_message or ""}
            if scene.error_code
            else None
        ),
        locked=scene.locked,
        proportional=any(word.get("proportional") for word in audio.words) if audio else False,
        recording=recordings.view_of(scene),
        check=clip_is_outdated(scene),
    )


def clip_is_outdated(scene: Scene) -> bool:
    """Whether a scene says something else now than when its clip was chosen.

    A clip that an earlier version of the app chose has no words to compare with.
    """
    before = set(ranking.terms(scene.selection.chosen_text)) if scene.selection else set()
    after = set(ranking.terms(scene.text))
    return bool(before) and len(before & after) < SAME_WORDS * len(before | after)


def _stage(project: Project, scenes: tuple[SceneView, ...]) -> Stage:
    """The stage the work has reached: what is there decides, not which page was opened."""
    if not project.topic and not scenes:
        return "topic"
    if not scenes:
        return "script" if project.selected_voice else "voice"
    chosen = sum(scene.clip_id is not None for scene in scenes)
    if chosen < len(scenes):
        return "curation" if chosen else "clips"
    return "assembly"


def _valid_persona(session: Session, persona_id: str) -> str | None:
    """The persona's id; None, which is the default one, for an empty id."""
    if persona_id and get_row(session, SystemPrompt, persona_id).removed:
        raise NotFound("system prompt", persona_id)
    return persona_id or None


def _valid_aspect(aspect: str) -> str:
    if aspect not in get_args(Aspect):
        known = ", ".join(get_args(Aspect))
        raise InvalidArgument(f"There is no aspect {aspect!r}. Choose one of: {known}.")
    return aspect


def _valid_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise InvalidArgument(
            f"A project's name has {len(name)} characters. Write 1 to {NAME_LIMIT}."
        )
    return name


def _short_name(topic: str) -> str:
    return topic if len(topic) <= NAME_LIMIT else topic[: NAME_LIMIT - 1] + "…"
