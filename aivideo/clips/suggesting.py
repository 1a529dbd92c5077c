"""Candidates for a scene: who is asked, in which order they are shown, what is kept.

The sources are asked in the studio's order until there are enough clips that fit. Drawn
pictures fill up; what fits badly comes last, at most as half of what was still missing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aivideo import ranking
from aivideo.clips.views import ClipView, view_clip
from aivideo.engines.finding import ClipFinder, ClipQuery, FoundClip
from aivideo.engines.library import FootageFolder
from aivideo.errors import AIVideoError, InvalidArgument, MachineFailure, UnknownProvider
from aivideo.progress import Progress, Work, within
from aivideo.projects import find_scene
from aivideo.shots import SIZES
from aivideo.spoken import silence_of, without_marks, words_of
from aivideo.store import LOCAL_OWNER, Clip, Project, Scene, Search, get_row, now
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

OFFERED: Final = 6
MOST_OFFERED: Final = 20
KEPT: Final = timedelta(days=7)
"""How long an answer counts; what YouTube tells may not be kept for more than 30 days."""
WORDS_A_SECOND: Final = 2.5
"""How fast is spoken, for scenes that are not spoken yet."""


@dataclass(frozen=True)
class _Wish:
    """What is asked, of whom, and under which key the answer is kept."""

    key: str
    source: str
    finders: tuple[ClipFinder, ...]
    query: ClipQuery


@dataclass
class _Finds:
    """What came in so far, by how it is shown, and what went wrong."""

    fitting: list[FoundClip] = field(default_factory=list)
    drawn: list[FoundClip] = field(default_factory=list)
    guesses: list[FoundClip] = field(default_factory=list)
    failures: list[AIVideoError] = field(default_factory=list)

    def add(self, found: Sequence[FoundClip]) -> None:
        """Sort candidates in."""
        for clip in found:
            if clip.kind == "illustration":
                self.drawn.append(clip)
            elif clip.score >= ranking.CONFIDENT:
                self.fitting.append(clip)
            else:
                self.guesses.append(clip)

    def shown(self, at_most: int) -> list[FoundClip]:
        """The candidates in the order in which they are offered."""
        room = max(0, at_most - len(self.fitting))
        drawn = self.drawn[: room - min(len(self.guesses), room // 2)]
        guesses = ranking.shortlist(self.guesses, room - len(drawn), per_author=room)
        return [*self.fitting, *drawn, *guesses][:at_most]


def suggest(
    studio: Studio,
    project_id: str,
    scene_number: int,
    *,
    query: str | None = None,
    source: str | None = None,
    max_results: int = OFFERED,
    fresh: bool = False,
) -> Work[list[ClipView]]:
    """Find candidates for a scene; the same question again is answered from what was kept.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        query: What to look for instead of the scene's own visual query.
        source: The only source to ask; all of them when None or ``auto``.
        max_results: How many candidates, 1 to 20.
        fresh: Ask again although an answer was kept.

    Raises:
        NotFound: There is no such project or scene.
        UnknownProvider: There is no such source.
        InvalidArgument: ``max_results`` is out of bounds.
        AIVideoError: No source answered; the reason of the first.
    """
    if not 1 <= max_results <= MOST_OFFERED:
        raise InvalidArgument(
            f"{max_results} candidates cannot be offered. Ask for 1 to {MOST_OFFERED}."
        )
    finders = _asked(studio, source)
    wish = _wish(studio, project_id, scene_number, finders, query)
    wish = replace(wish, query=replace(wish.query, at_most=max_results))
    if fresh or not _is_kept(studio, wish):
        found = yield from within(_gather(wish), 0.0, 0.8)
        _keep(studio, wish, (yield from within(_pictured(studio, found), 0.8, 0.95)))
    yield Progress(1.0)
    return candidates(studio, project_id, scene_number)[:max_results]


def candidates(studio: Studio, project_id: str, scene_number: int) -> list[ClipView]:
    """What the scene was offered last, best first; empty when nothing was asked yet.

    Raises:
        NotFound: There is no such project or scene.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        answer = session.scalar(_answers(_key(scene, get_row(session, Project, project_id))))
        if answer is None:
            return []
        rows = session.scalars(select(Clip).where(Clip.id.in_(answer.clip_ids)))
        by_id = {row.id: row for row in rows}
        chosen = scene.selection.clip_id if scene.selection else None
        return [
            view_clip(by_id[clip_id], score, chosen=clip_id == chosen)
            for clip_id, score in zip(answer.clip_ids, answer.scores, strict=True)
        ]


def add_footage(studio: Studio, file: Path, *, title: str = "", tags: str = "") -> ClipView:
    """Take a copy of a video or picture into the library, where every scene can find it.

    Args:
        studio: The collaborators.
        file: The file; its name need not be kept.
        title: What it is called; the words of its name without one.
        tags: More words to find it by.

    Raises:
        UnknownProvider: The library is not among the sources.
        ClipUnusable: It is of no kind that counts as footage, or it breaks off.
        AIVideoError: It cannot be opened as a video or a picture.
    """
    library = studio.finders.get(FootageFolder.name)
    if not isinstance(library, FootageFolder):
        raise UnknownProvider("clip source", FootageFolder.name, studio.finders)
    found = library.add(file, title=title, tags=tags)
    with studio.store.session() as session:
        row = _save(session, found)
        session.flush()
        return view_clip(row, 0.0, chosen=False)


def _asked(studio: Studio, source: str | None) -> tuple[ClipFinder, ...]:
    if source is None or source in {"", "auto"}:
        return tuple(studio.finders.values())
    if source not in studio.finders:
        raise UnknownProvider("clip source", source, ("auto", *studio.finders))
    return (studio.finders[source],)


def _wish(
    studio: Studio,
    project_id: str,
    scene_number: int,
    finders: tuple[ClipFinder, ...],
    query: str | None,
) -> _Wish:
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        project = get_row(session, Project, project_id)
        own_words = scene.visual_query or ranking.search_words(
            without_marks(scene.text), project.topic or ""
        )
        return _Wish(
            key=_key(scene, project),
            source=finders[0].name if len(finders) == 1 else "auto",
            finders=finders,
            query=ClipQuery(
                words=(query or "").strip() or own_words,
                narration=without_marks(scene.text),
                seconds=_seconds(scene),
                size=SIZES[project.aspect],
            ),
        )


def _seconds(scene: Scene) -> float:
    """How long the scene lasts, as far as one can tell."""
    if scene.audio is not None:
        return scene.audio.duration_seconds + scene.pause_seconds
    spoken = len(words_of(scene.text)) / WORDS_A_SECOND + silence_of(scene.text)
    return spoken + scene.pause_seconds


def _gather(wish: _Wish) -> Work[list[FoundClip]]:
    """Ask the sources in a row until enough fits; one that fails leaves it to the others."""
    finds = _Finds()
    for place, finder in enumerate(wish.finders):
        missing = wish.query.at_most - len(finds.fitting)
        if missing <= 0:
            break
        share = (place / len(wish.finders), (place + 1) / len(wish.finders))
        try:
            found = yield from within(finder.find(replace(wish.query, at_most=missing)), *share)
            finds.add(found)
        except MachineFailure:
            raise
        except AIVideoError as failure:
            logger.warning("%s has no clips to offer: %s", finder.name, failure.code)
            finds.failures.append(failure)
            yield Progress(share[1], failure.message)
    shown = finds.shown(wish.query.at_most)
    if finds.failures and not shown:
        raise finds.failures[0]
    return shown


def _pictured(studio: Studio, found: Sequence[FoundClip]) -> Work[list[FoundClip]]:
    """The candidates with their thumbnails."""
    clips = []
    for place, clip in enumerate(found):
        share = (place / len(found), (place + 1) / len(found))
        clips.append((yield from within(studio.finders[clip.source].picture(clip), *share)))
    return clips


# --------------------------------------------------------------------------- what is kept
def _key(scene: Scene, project: Project) -> str:
    """One answer is kept for a scene in a shape: another shape wants other clips."""
    return f"{scene.id}:{project.aspect}"


def _answers(key: str) -> Select[Search]:
    return (
        select(Search)
        .where(Search.owner_id == LOCAL_OWNER, Search.key == key)
        .order_by(Search.created_at.desc())
        .limit(1)
    )


def _is_kept(studio: Studio, wish: _Wish) -> bool:
    """Whether this very question was answered lately, by enough clips."""
    with studio.store.session() as session:
        answer = session.scalar(_answers(wish.key))
        return (
            answer is not None
            and (answer.query, answer.source) == (wish.query.words, wish.source)
            and len(answer.clip_ids) >= wish.query.at_most
            and (answer.expires_at is None or answer.expires_at > now())
        )


def _keep(studio: Studio, wish: _Wish, found: Sequence[FoundClip]) -> None:
    """Save the candidates, and the answer in place of the one before."""
    try:
        _write(studio, wish, found)
    except IntegrityError:
        # Somebody saved the same clip in this moment; now it is there and can be updated.
        _write(studio, wish, found)


def _write(studio: Studio, wish: _Wish, found: Sequence[FoundClip]) -> None:
    with studio.store.session() as session:
        rows = [_save(session, clip) for clip in found]
        session.flush()
        session.execute(
            delete(Search).where(Search.owner_id == LOCAL_OWNER, Search.key == wish.key)
        )
        session.add(
            Search(
                key=wish.key,
                source=wish.source,
                query=wish.query.words,
                clip_ids=[row.id for row in rows],
                scores=[clip.score for clip in found],
                expires_at=now() + KEPT,
            )
        )


def _save(session: Session, found: FoundClip) -> Clip:
    """The row of a candidate, brought up to date."""
    row = session.scalar(
        select(Clip).where(
            Clip.owner_id == LOCAL_OWNER,
            Clip.source == found.source,
            Clip.source_id == found.source_id,
        )
    )
    if row is None:
        row = Clip(source=found.source, source_id=found.source_id)
        session.add(row)
    facts = asdict(found)
    del facts["score"]
    for name, value in facts.items():
        setattr(row, name, value)
    row.retrieved_at = now()
    return row
