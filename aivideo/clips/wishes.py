"""What is looked for: a scene's words, or a person's, and what they could be broadened to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aivideo import ranking
from aivideo.clips.drawn import Beside, beside, near
from aivideo.engines.finding import ClipFinder, ClipQuery
from aivideo.errors import UnknownProvider
from aivideo.projects import find_scene
from aivideo.script import words_per_second
from aivideo.shots import SIZES
from aivideo.spoken import silence_of, without_marks, words_of
from aivideo.store import LOCAL_OWNER, Clip, Project, Scene, Search, get_row
from aivideo.studio import Studio

AUTO: Final = "auto"
BROADER: Final = 3
"""How many broader queries are offered at most."""
_LIKE_WORDS: Final = 4
_TELLING_TITLE: Final = 2
"""Words with which a title says enough to find others like it."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


@dataclass(frozen=True)
class Wish:
    """What is asked, of whom, and under which key the answer is kept.

    Attributes:
        source: The names of those asked, with commas; ``auto`` for all that can be.
        like: The clip that others are wanted like, or None.
        beside: What the scenes next to it show, where they are drawn.
    """

    key: str
    source: str
    finders: tuple[ClipFinder, ...]
    query: ClipQuery
    like: Clip | None = None
    beside: Beside = field(default_factory=Beside)

    @property
    def automatic(self) -> bool:
        """Whether we choose whom to ask."""
        return self.source == AUTO


def wish_of(
    studio: Studio,
    project_id: str,
    scene_number: int,
    *,
    query: str | None = None,
    source: str | None = None,
    like: str | None = None,
) -> Wish:
    """What is asked for a scene, of which sources.

    Raises:
        NotFound: There is no such project, scene or clip to be like.
        UnknownProvider: There is no such source.
    """
    asked = named_sources(studio, source)
    pace = words_per_second(studio, project_id)
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        project = get_row(session, Project, project_id)
        model = get_row(session, Clip, like) if like else None
        typed = (query or "").strip() or (_words_like(model) if model else "")
        return Wish(
            key=key_of(scene, project),
            source=",".join(asked) or AUTO,
            finders=tuple(studio.finders[name] for name in asked or studio.finders),
            query=ClipQuery(
                words=typed or own_words(scene, project),
                narration=without_marks(scene.text),
                seconds=seconds_of_scene(scene, pace),
                size=SIZES[project.aspect],
                # Somebody who looks for other words wants to see something else.
                objects=() if typed else tuple(scene.objects),
            ),
            like=model,
            beside=beside(project, scene, _offered(session, project, scene)),
        )


def named_sources(studio: Studio, source: str | None) -> tuple[str, ...]:
    """The sources that somebody names, each once; none for all.

    Raises:
        UnknownProvider: There is no such source.
    """
    names = tuple(dict.fromkeys(part.strip() for part in (source or "").split(",")))
    names = tuple(name for name in names if name)
    for name in names:
        if name != AUTO and name not in studio.finders:
            raise UnknownProvider("clip source", name, (AUTO, *studio.finders))
    return () if AUTO in names else names


def key_of(scene: Scene, project: Project) -> str:
    """One answer is kept for a scene in a shape: another shape wants other clips."""
    return f"{scene.id}:{project.aspect}"


def _offered(session: Session, project: Project, scene: Scene) -> Mapping[str, Sequence[Clip]]:
    """The drawn pictures that the scenes around a scene were offered, by their ids."""
    ids = {key_of(one, project): one.id for one in near(project, scene)}
    found = select(Search).where(Search.owner_id == LOCAL_OWNER, Search.key.in_(ids))
    answers = {ids[row.key]: row.clip_ids for row in session.scalars(found)}
    every = {clip_id for clip_ids in answers.values() for clip_id in clip_ids}
    wanted = select(Clip).where(Clip.id.in_(every), Clip.kind == "illustration")
    drawn = {row.id: row for row in session.scalars(wanted)}
    return {
        scene_id: [drawn[clip_id] for clip_id in clip_ids if clip_id in drawn]
        for scene_id, clip_ids in answers.items()
    }


def own_words(scene: Scene, project: Project) -> str:
    """What a scene itself wants to show."""
    return scene.visual_query or ranking.search_words(
        without_marks(scene.text), project.topic or ""
    )


def broader_than(query: str, scene: Scene, project: Project) -> tuple[str, ...]:
    """Two or three other queries that find more: fewer of the words, or other ones."""
    asked = set(ranking.terms(query))
    found: list[str] = []
    for words in _broader(query, scene, project):
        known = [set(ranking.terms(one)) for one in found]
        terms = set(ranking.terms(words))
        if terms and terms != asked and terms not in known:
            found.append(words)
    return tuple(found[:BROADER])


def _broader(query: str, scene: Scene, project: Project) -> Iterator[str]:
    first, *others = _telling(query) or [""]
    if others:
        # The noun that the others describe stands last in English.
        yield " ".join(others[-2:])
    yield from scene.objects
    if others:
        yield others[-1]
        yield max([first, *others[:-1]], key=len)
    yield own_words(scene, project)
    yield ranking.search_words(without_marks(scene.text), project.topic or "")
    yield ranking.search_words(project.topic or "")


def _words_like(clip: Clip) -> str:
    """Words that find clips like this one."""
    titled, described = _telling(clip.title), _telling(clip.description)
    words = titled if len(titled) >= _TELLING_TITLE else dict.fromkeys([*titled, *described])
    return " ".join(list(words)[:_LIKE_WORDS])


def _telling(text: str) -> list[str]:
    """The words of a text that say what can be seen, as they are written, each once."""
    words: Sequence[str] = _WORD.findall(text)
    return list(dict.fromkeys(word for word in words if ranking.terms(word)))


def seconds_of_scene(scene: Scene, pace: float) -> float:
    """How long the scene lasts, as far as one can tell."""
    if scene.audio is not None:
        return scene.audio.duration_seconds + scene.pause_seconds
    spoken = len(words_of(scene.text)) / pace + silence_of(scene.text)
    return spoken + scene.pause_seconds
