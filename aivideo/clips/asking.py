"""Asking the sources: side by side, each with its own patience, each question once a round."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from aivideo import ranking
from aivideo.clips.views import SourceFailure
from aivideo.engines.finding import ClipFinder, ClipQuery, FoundClip
from aivideo.errors import AIVideoError, MachineFailure, SourceSlow
from aivideo.errors.stock import StockRefused
from aivideo.progress import Progress, Work, together

logger = logging.getLogger(__name__)

PATIENCE: Final = 15.0
"""Seconds that a source has for its answer."""
AT_ONCE: Final = 8
"""How many are asked at the same time."""


@dataclass(frozen=True)
class Answered:
    """What one source said: clips, or why there are none."""

    source: str
    found: tuple[FoundClip, ...] = ()
    failure: AIVideoError | None = None
    failed: SourceFailure | None = None


@dataclass
class Round:
    """The searches of one sitting, such as those for all scenes of a project.

    A question that comes again is answered from the first time, and a source that could not
    answer is not waited for a second time.

    Attributes:
        patience: Seconds that a source has for its answer.
    """

    patience: float = PATIENCE
    _answers: dict[tuple[object, ...], Answered] = field(default_factory=dict)
    _out: dict[str, Answered] = field(default_factory=dict)

    def ask(self, finders: Sequence[ClipFinder], query: ClipQuery) -> Work[list[Answered]]:
        """What each source says to a query, in the order of the sources.

        Raises:
            MachineFailure: The machine cannot go on.
        """
        works = [self._ask(finder, query) for finder in finders]
        return (yield from together(works, at_once=AT_ONCE))

    def _ask(self, finder: ClipFinder, query: ClipQuery) -> Work[Answered]:
        if finder.name in self._out:
            return self._out[finder.name]
        question = _question(finder, query)
        if question not in self._answers:
            answered = yield from _heard(finder, query, self.patience)
            if answered.failure is None:
                self._answers[question] = answered
            elif not isinstance(answered.failure, StockRefused):  # that is about these words
                self._out[finder.name] = answered
            return answered
        return self._answers[question]


def _question(finder: ClipFinder, query: ClipQuery) -> tuple[object, ...]:
    """What decides an answer; what is drawn depends on everything."""
    if "illustration" in finder.about.kinds:
        return (finder.name, query)
    same = replace(query, words="", narration="", seconds=0.0, objects=())
    return (finder.name, frozenset(ranking.terms(query.words)), same)


def _heard(finder: ClipFinder, query: ClipQuery, patience: float) -> Work[Answered]:
    """What a source says, or that it took too long or could not."""
    ends, title = time.monotonic() + patience, finder.about.title
    work = finder.find(query)
    try:
        while time.monotonic() < ends:
            progress = next(work)
            yield replace(progress, message=progress.message or f"Asking {title}")
        failure: AIVideoError = SourceSlow(title, patience)
    except StopIteration as end:
        return Answered(finder.name, tuple(end.value))
    except MachineFailure:
        raise
    except AIVideoError as problem:
        failure = problem
    finally:
        work.close()
    logger.warning("%s has no clips to offer: %s", finder.name, failure.code)
    yield Progress(1.0, failure.message)
    failed = SourceFailure(finder.name, title, failure.code, failure.message)
    return Answered(finder.name, failure=failure, failed=failed)
