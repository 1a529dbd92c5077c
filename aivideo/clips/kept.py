"""What scenes were offered, as rows: saved when the sources answered, read whenever it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aivideo.clips.drawn import clashes
from aivideo.clips.offers import Offer
from aivideo.clips.views import ClipView, SourceFailure, Standing, Suggestions, view_clip
from aivideo.clips.wishes import Wish, broader_than, key_of
from aivideo.engines.finding import FoundClip
from aivideo.projects import find_scene
from aivideo.shots import SIZES
from aivideo.store import LOCAL_OWNER, Clip, ClipSelection, Project, Scene, Search, get_row, now
from aivideo.studio import Studio

KEPT: Final = timedelta(days=7)
"""How long an answer counts."""
TOLD_BY_YOUTUBE: Final = timedelta(days=30)
"""How long what YouTube told may be kept, by its terms."""
_TOLD: Final = (
    *("title", "description", "author", "author_url", "thumbnail"),
    *("licence_text", "picture_address"),
)
ENOUGH: Final = 3
"""Candidates that fit; with fewer, broader words are offered."""


def suggestions(studio: Studio, project_id: str, scene_number: int) -> Suggestions:
    """What a scene was offered last, best first; without candidates when nobody asked yet.

    Raises:
        NotFound: There is no such project or scene.
    """
    with studio.store.session() as session:
        scene = find_scene(session, project_id, scene_number)
        return _told(session, get_row(session, Project, project_id), [scene])[0]


def all_suggestions(studio: Studio, project_id: str) -> list[Suggestions]:
    """The suggestions of every scene of a project, in order, read together.

    Raises:
        NotFound: There is no such project.
    """
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        return _told(session, project, project.scenes)


def candidates(studio: Studio, project_id: str, scene_number: int) -> list[ClipView]:
    """The candidates of ``suggestions`` alone.

    Raises:
        NotFound: There is no such project or scene.
    """
    return list(suggestions(studio, project_id, scene_number).clips)


def is_kept(studio: Studio, wish: Wish) -> bool:
    """Whether this very question was answered lately, by everybody, with enough clips.

    An answer whose first picture is drawn counts no more when the scene beside it looks so by now.
    """
    asked = (wish.query.words, wish.source, wish.query.reusable)
    with studio.store.session() as session:
        answer = session.scalar(_answers(wish.key))
        return (
            answer is not None
            and (answer.query, answer.source, answer.reusable) == asked
            and len(answer.clip_ids) >= wish.query.at_most
            and not answer.failures
            and (answer.expires_at is None or answer.expires_at > now())
            and not _looks_like_a_neighbour(session, answer, wish)
        )


def _looks_like_a_neighbour(session: Session, answer: Search, wish: Wish) -> bool:
    first = session.get(Clip, answer.clip_ids[0]) if answer.clip_ids else None
    return first is not None and clashes(first, wish.beside)


def keep(
    studio: Studio, wish: Wish, offers: Sequence[Offer], failures: Sequence[SourceFailure]
) -> None:
    """Save the candidates, and the answer in place of the one before."""
    try:
        _write(studio, wish, offers, failures)
    except IntegrityError:
        # Somebody saved the same clip in this moment; now it is there and can be updated.
        _write(studio, wish, offers, failures)


def save_clip(session: Session, found: FoundClip) -> Clip:
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
    row.media = [asdict(file) for file in found.media]
    row.retrieved_at = now()
    return row


def found_again(row: Clip) -> FoundClip:
    """What tells a clip from others, as its source once told it."""
    return FoundClip(
        source=row.source,
        source_id=row.source_id,
        title=row.title,
        kind="illustration" if row.kind == "illustration" else "video",
        duration_seconds=row.duration_seconds,
        author=row.author,
    )


def users_of(session: Session, project_id: str) -> Mapping[str, list[int]]:
    """The numbers of the scenes that show each clip of a project."""
    rows = session.execute(
        select(ClipSelection.clip_id, Scene.position)
        .join(Scene, Scene.id == ClipSelection.scene_id)
        .where(ClipSelection.project_id == project_id)
        .order_by(Scene.position)
    )
    used: dict[str, list[int]] = {}
    for clip_id, position in rows:
        used.setdefault(clip_id, []).append(position + 1)
    return used


def _told(session: Session, project: Project, scenes: Sequence[Scene]) -> list[Suggestions]:
    """What scenes were offered last; three questions of the database, however many there are."""
    keys = [key_of(scene, project) for scene in scenes]
    found = select(Search).where(Search.owner_id == LOCAL_OWNER, Search.key.in_(keys))
    answers = {row.key: row for row in session.scalars(found.order_by(Search.created_at))}
    wanted = {clip_id for answer in answers.values() for clip_id in answer.clip_ids}
    by_id = {row.id: row for row in session.scalars(select(Clip).where(Clip.id.in_(wanted)))}
    used = users_of(session, project.id)
    return [
        _suggestions(project, scene, answers.get(key), by_id, used)
        for scene, key in zip(scenes, keys, strict=True)
    ]


def _suggestions(
    project: Project,
    scene: Scene,
    answer: Search | None,
    by_id: Mapping[str, Clip],
    used: Mapping[str, Sequence[int]],
) -> Suggestions:
    if answer is None:
        return Suggestions(scene.number, scene.visual_query)
    # An answer of an earlier version has no reasons.
    reasons = answer.reasons or [[]] * len(answer.clip_ids)
    clips = tuple(
        view_clip(
            by_id[clip_id],
            Standing(
                score=score,
                chosen=scene.number in used.get(clip_id, ()),
                reasons=why,
                size=SIZES[project.aspect],
                used_in=[n for n in used.get(clip_id, ()) if n != scene.number],
            ),
        )
        for clip_id, score, why in zip(answer.clip_ids, answer.scores, reasons, strict=True)
        if clip_id in by_id
    )
    few = sum(one.kind != "illustration" and not one.guess for one in clips) < ENOUGH
    return Suggestions(
        scene_number=scene.number,
        query=answer.query,
        sources=tuple(answer.source.split(",")),
        reusable=answer.reusable,
        clips=clips,
        failures=tuple(SourceFailure(**failure) for failure in answer.failures),
        broader=broader_than(answer.query, scene, project) if few else (),
    )


def _answers(key: str) -> Select[Search]:
    return (
        select(Search)
        .where(Search.owner_id == LOCAL_OWNER, Search.key == key)
        .order_by(Search.created_at.desc())
        .limit(1)
    )


def forget_old(studio: Studio) -> None:
    """Forget what YouTube told more than 30 days ago of clips that no scene shows.

    That it can never be had is ours to remember; what a credit needs stays while it is shown.
    """
    old = (
        Clip.source.startswith("youtube"),
        Clip.retrieved_at < now() - TOLD_BY_YOUTUBE,
        Clip.id.not_in(select(ClipSelection.clip_id)),
    )
    nothing = dict.fromkeys(_TOLD, "")
    with studio.store.session() as session:
        session.execute(delete(Clip).where(*old, Clip.refused_code.is_(None)))
        session.execute(update(Clip).where(*old).values(**nothing))


def _write(
    studio: Studio, wish: Wish, offers: Sequence[Offer], failures: Sequence[SourceFailure]
) -> None:
    with studio.store.session() as session:
        rows = [save_clip(session, offer.clip) for offer in offers]
        session.flush()
        session.execute(
            delete(Search).where(Search.owner_id == LOCAL_OWNER, Search.key == wish.key)
        )
        session.add(
            Search(
                key=wish.key,
                source=wish.source,
                query=wish.query.words,
                reusable=wish.query.reusable,
                clip_ids=[row.id for row in rows],
                scores=[offer.score for offer in offers],
                reasons=[list(offer.reasons) for offer in offers],
                failures=[asdict(failure) for failure in failures],
                expires_at=now() + KEPT,
            )
        )
