"""Candidates for a scene: the sources are asked, their answers judged together and kept.

In ``auto`` a source that may be asked only so often a day is spared while the others have
enough, and nothing is drawn that nobody needs.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import select

from aivideo import ranking
from aivideo.clips.alike import repeated
from aivideo.clips.asking import PATIENCE, Answered, Round
from aivideo.clips.drawn import coloured
from aivideo.clips.judging import Known, shown
from aivideo.clips.kept import candidates, forget_old, found_again, is_kept, keep, save_clip
from aivideo.clips.offers import Offer
from aivideo.clips.views import ClipView, Standing, view_clip
from aivideo.clips.wishes import Wish, wish_of
from aivideo.engines.finding import ClipFinder, MediaFile, Wanted
from aivideo.engines.library import FootageFolder
from aivideo.engines.waiting import aside
from aivideo.errors import AIVideoError, InvalidArgument, MachineFailure, UnknownProvider
from aivideo.progress import Progress, Work, together, within
from aivideo.store import LOCAL_OWNER, Clip, Project, get_row
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

OFFERED: Final = 6
MOST_OFFERED: Final = 20
PICTURES_AT_ONCE: Final = 4
AGAIN: Final = 3
"""How often candidates are picked at most, those left out whose picture another one shows."""


def suggest(
    studio: Studio,
    project_id: str,
    scene_number: int,
    *,
    query: str | None = None,
    source: str | None = None,
    max_results: int = OFFERED,
    fresh: bool = False,
    reusable: bool = True,
    like: str | None = None,
    patience: float = PATIENCE,
    sitting: Round | None = None,
) -> Work[list[ClipView]]:
    """Find candidates for a scene; the same question again is answered from what was kept.

    Args:
        studio: The collaborators.
        project_id: The project.
        scene_number: The scene, from 1.
        query: What to look for instead of the scene's own visual query.
        source: The sources to ask, with commas between them; all that can be asked when None
            or ``auto``.
        max_results: How many candidates, 1 to 20.
        fresh: Ask again although an answer was kept.
        reusable: Only clips whose licence allows to publish them.
        like: A clip's id: others like it are looked for, and it is not offered again.
        patience: Seconds that a source has for its answer.
        sitting: The searches that this one belongs to; one of its own when None.

    Raises:
        NotFound: There is no such project, scene or clip.
        UnknownProvider: There is no such source.
        InvalidArgument: ``max_results`` is out of bounds.
        AIVideoError: No source answered; the reason of the first.
    """
    if not 1 <= max_results <= MOST_OFFERED:
        raise InvalidArgument(
            f"{max_results} candidates cannot be offered. Ask for 1 to {MOST_OFFERED}."
        )
    wish = wish_of(studio, project_id, scene_number, query=query, source=source, like=like)
    asked = replace(wish.query, at_most=max_results, reusable=reusable)
    wish = replace(wish, query=asked)
    if fresh or like or not is_kept(studio, wish):
        known = _known(studio, project_id, scene_number)
        gathering = _gather(studio, wish, known, sitting or Round(patience))
        answers = yield from within(gathering, 0.0, 0.7)
        failures = [each for each in answers if each.failure]
        offers = yield from within(_unlike(studio, wish, known, answers), 0.7, 0.95)
        forget_old(studio)
        # What was found earlier stays in sight when nobody answers now.
        if offers or not failures or not candidates(studio, project_id, scene_number):
            keep(studio, wish, offers, [each.failed for each in failures if each.failed])
        if failures and failures[0].failure and not offers:
            raise failures[0].failure
    yield Progress(1.0)
    return candidates(studio, project_id, scene_number)[:max_results]


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
    found = replace(found, media=_as_it_lies(file))
    with studio.store.session() as session:
        row = save_clip(session, found)
        session.flush()
        return view_clip(row, Standing())


def _known(studio: Studio, project_id: str, scene_number: int) -> Known:
    with studio.store.session() as session:
        refused = session.execute(
            select(Clip.source, Clip.source_id).where(
                Clip.owner_id == LOCAL_OWNER, Clip.refused_code.is_not(None)
            )
        ).all()
        scenes = get_row(session, Project, project_id).scenes
        used = {
            scene.number: found_again(scene.selection.clip)
            for scene in scenes
            if scene.selection is not None and scene.number != scene_number
        }
    return Known(frozenset((source, name) for source, name in refused), used)


def _gather(studio: Studio, wish: Wish, known: Known, sitting: Round) -> Work[list[Answered]]:
    """Ask everybody at once, but those that are better spared only where they are needed."""
    answers: list[Answered] = []
    turns = [turn for turn in _turns(wish) if turn]
    for place, finders in enumerate(turns):
        if answers and _fitting(answers, wish, known) >= wish.query.at_most:
            break
        share = (place / len(turns), (place + 1) / len(turns))
        heard = yield from within(sitting.ask(finders, wish.query), *share)
        yield from within(_compared(studio, wish, known, heard), share[1], share[1])
        answers += heard
    return answers


def _compared(studio: Studio, wish: Wish, known: Known, answers: Sequence[Answered]) -> Work[None]:
    """Find out how near in meaning what was found is, where that can be known."""
    found = [clip for each in answers for clip in each.found if clip.kind != "illustration"]
    if studio.meaning is None or not studio.meaning.ready or not found:
        return
    compare = partial(studio.meaning.likeness, wish.query, found)
    near = yield from aside(lambda _: compare(), "Comparing what was found")
    keys = [(clip.source, clip.source_id) for clip in found]
    known.likeness.update(zip(keys, near, strict=True))


def _turns(wish: Wish) -> tuple[list[ClipFinder], ...]:
    """Whom to ask at the same time, and whom only after that."""
    drawing = [one for one in wish.finders if "illustration" in one.about.kinds]
    asked = [one for one in wish.finders if one not in drawing]
    if not wish.automatic:
        return asked, drawing
    ready = [one for one in asked if not one.about.needs]
    spared = [one for one in ready if one.about.searches_left is not None]
    return [one for one in ready if one not in spared], spared, drawing


def _fitting(answers: Sequence[Answered], wish: Wish, known: Known) -> int:
    """How many candidates would be shown that are neither guesses nor drawn."""
    offers = shown([each.found for each in answers], wish, known)
    return sum(o.score >= ranking.CONFIDENT for o in offers if o.clip.kind != "illustration")


def _unlike(
    studio: Studio, wish: Wish, known: Known, answers: Sequence[Answered]
) -> Work[list[Offer]]:
    """The candidates with their pictures; where two show the same, the next one moves up."""
    found = [each.found for each in answers]
    for turn in range(AGAIN):
        offers = coloured(shown(found, wish, known), wish.beside)
        share = (turn / AGAIN, (turn + 1) / AGAIN)
        offers = yield from within(_pictured(studio, offers), *share)
        twice = repeated(offers)
        if not twice:
            break
        known = replace(known, refused=known.refused | twice)
        offers = [offer for offer in offers if offer.key not in twice]
    return offers


def _pictured(studio: Studio, offers: Sequence[Offer]) -> Work[list[Offer]]:
    """The candidates with their thumbnails, a few fetched at a time."""
    works = [_with_picture(studio, offer) for offer in offers]
    return (yield from together(works, at_once=PICTURES_AT_ONCE))


def _with_picture(studio: Studio, offer: Offer) -> Work[Offer]:
    """The candidate with its thumbnail, or without one when that cannot be had."""
    finder = studio.finders[offer.clip.source]
    try:
        clip = yield from finder.picture(offer.clip)
        if not finder.about.online and clip.kind != "illustration":
            path = yield from finder.fetch(Wanted(clip.source_id, clip.title))
            clip = replace(clip, media=_as_it_lies(path))
    except MachineFailure:
        raise
    except AIVideoError as problem:
        logger.info("%s of %s has no picture: %s", offer.clip.source_id, offer.clip.source, problem)
        return offer
    return replace(offer, clip=clip)


def _as_it_lies(path: Path) -> tuple[MediaFile, ...]:
    """A file on this machine, for its size; none when it is gone in this moment."""
    try:
        return (MediaFile("", size=path.stat().st_size),)
    except OSError:
        return ()
