"""What runs inside a durable workflow: the stages of a job, driven and put down when asked.

Each stage is a step of DBOS that is not repeated once it is done. It drives a Work, writes how
far it is, and looks several times a second whether it was cancelled.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from dbos import DBOS

from aivideo.errors import AIVideoError, Unexpected
from aivideo.progress import Work, within
from aivideo.store import Job, Store, get_row, now
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

HEARTBEAT: Final = 0.3
"""Seconds between two writes of a job's progress, and between two looks for its cancelling."""

TOO_SOON: Final = 0.02
"""Before this much of the job was seen, a guess at the rest would jump about."""


@dataclass(frozen=True)
class Stage:
    """One durable step of a job.

    Attributes:
        name: Shown as the stage: script, voice, clips, render.
        weight: Its share of the job's length, relative to the other stages.
        run: Does it, given the project's id and the job's options; its value is the job's
            result when it is the last.
        background: Whether nobody waits for it: it is put down for the stages of other jobs,
            begins again after them, and so has to find what it had finished.
    """

    name: str
    weight: float
    run: Callable[[Studio, str, Mapping[str, Any]], Work[Any]]
    background: bool = False


Kinds = Mapping[str, Sequence[Stage]]


class _LeftForLater(BaseException):
    """Ends a step without an outcome.

    Not an Exception, so that DBOS records nothing: a cancelled workflow stays cancelled, and
    one whose process is closing stays pending and goes on with the next start.
    """


class _GivesWay(Exception):
    """Ends a stage in the background for now, since another job wants the machine."""


class Runner:
    """Runs the stages of jobs in this process: one heavy job at a time, one behind it."""

    def __init__(self, studio: Studio, kinds: Kinds) -> None:
        self._studio = studio
        self._kinds = kinds
        self._closing = threading.Event()
        self._idle = threading.Condition()
        self._working = 0
        self._awaited = 0
        """Of those at work, how many somebody waits for."""
        self._turn, self._turn_behind = threading.Semaphore(1), threading.Semaphore(1)

        # Plain functions: DBOS keeps its notes on them, which a method does not let it.
        @DBOS.step(name="stage")
        def stage(job_id: str, index: int) -> dict[str, Any]:
            return self._run_stage(job_id, index)

        @DBOS.workflow(name="job")
        def workflow(job_id: str) -> dict[str, Any]:
            return self._run(job_id)

        self._step, self.workflow = stage, workflow

    def rest(self, timeout: float = 5.0) -> bool:
        """Wait until no job of this process is at work; False when the time ran out."""
        with self._idle:
            return self._idle.wait_for(lambda: self._working == 0, timeout)

    def close(self) -> None:
        """Put running jobs down where they are; the next start takes them up again."""
        self._closing.set()
        if not self.rest():
            logger.warning("A job did not stop in time; it goes on with the next start")

    def wait_for_closing(self, timeout: float) -> bool:
        """Wait until it closes; False when the time ran out."""
        return self._closing.wait(timeout)

    def _run(self, job_id: str) -> dict[str, Any]:
        """The workflow: its stages in a row, each a step that is not repeated once it is done."""
        with self._studio.store.session() as session:
            job = session.get(Job, job_id)
        if job is None:
            return {}
        outcome: dict[str, Any] = {}
        for index in range(len(self._kinds[job.kind])):
            outcome = self._step(job_id, index)
            if "error" in outcome:
                break
        finish_job(
            self._studio.store, job_id, error=outcome.get("error"), result=outcome.get("result")
        )
        return outcome

    def _run_stage(self, job_id: str, index: int) -> dict[str, Any]:
        with self._studio.store.session() as session:
            job = get_row(session, Job, job_id)
        stages = self._kinds[job.kind]
        try:
            with self._at_work(job_id, stages[index]):
                return {"result": self._carry_out(job, stages, index)}
        except AIVideoError as failure:
            logger.info("Job %s failed: %s %s", job_id, failure.code, failure.detail)
            return {"error": {"code": failure.code, "message": failure.message}}
        except Exception:
            unexpected = Unexpected()
            logger.exception(
                "Job %s failed unexpectedly, reference %s", job_id, unexpected.reference
            )
            return {"error": {"code": unexpected.code, "message": unexpected.message}}

    @contextmanager
    def _at_work(self, job_id: str, stage: Stage) -> Iterator[None]:
        """Count as working, and take turns: two renders at once would each take twice as long."""
        turn, awaited = (self._turn_behind, 0) if stage.background else (self._turn, 1)
        with self._idle:
            self._working += 1
            self._awaited += awaited
        try:
            while not turn.acquire(timeout=HEARTBEAT):
                self._leave_when_asked(job_id)
            try:
                self._leave_when_asked(job_id)
                yield
            finally:
                turn.release()
        finally:
            with self._idle:
                self._working -= 1
                self._awaited -= awaited
                self._idle.notify_all()

    def _carry_out(self, job: Job, stages: Sequence[Stage], index: int) -> Any:
        """Run a stage as its part of the job; in the background, whenever nobody else works."""
        total = sum(stage.weight for stage in stages)
        before = sum(stage.weight for stage in stages[:index])
        stage = stages[index]
        while True:
            self._let_others_pass(job.id, stage)
            work = within(
                stage.run(self._studio, job.project_id, job.options),
                before / total,
                (before + stage.weight) / total,
                stage=stage.name,
            )
            with contextlib.suppress(_GivesWay):
                return self._drive(job.id, work, gives_way=stage.background)

    def _let_others_pass(self, job_id: str, stage: Stage) -> None:
        while stage.background and self._awaited:
            self._leave_when_asked(job_id)
            self._closing.wait(HEARTBEAT)

    def _drive(self, job_id: str, work: Work[Any], *, gives_way: bool) -> Any:
        """Run a Work to its end, writing how far it is and looking for its cancelling."""
        try:
            due, pace = 0.0, _Pace()
            while True:
                progress = next(work)
                if time.monotonic() >= due:
                    self._leave_when_asked(job_id)
                    if gives_way and self._awaited:
                        raise _GivesWay
                    news = {**asdict(progress), "eta_seconds": pace.rest(progress.fraction)}
                    DBOS.set_event("progress", news)
                    due = time.monotonic() + HEARTBEAT
        except StopIteration as end:
            return end.value
        finally:
            work.close()

    def _leave_when_asked(self, job_id: str) -> None:
        status = DBOS.get_workflow_status(job_id)
        if self._closing.is_set() or status is None or status.status == "CANCELLED":
            raise _LeftForLater


class _Pace:
    """How fast a stage goes, for a guess at the rest of the job."""

    def __init__(self) -> None:
        self._begin: tuple[float, float] | None = None

    def rest(self, fraction: float) -> float | None:
        """Seconds until 1.0 at the pace seen so far; None while that would be a wild guess."""
        moment = time.monotonic()
        if self._begin is None:
            self._begin = (moment, fraction)
        begin, start = self._begin
        if fraction - start < TOO_SOON:
            return None
        return round((moment - begin) * (1 - fraction) / (fraction - start), 1)


def finish_job(
    store: Store, job_id: str, *, error: dict[str, str] | None, result: dict[str, Any] | None
) -> None:
    """Write a job's outcome, once; a job whose project was removed meanwhile has none."""
    with store.session() as session:
        row = session.get(Job, job_id)
        if row is None or row.finished_at is not None:
            return
        row.finished_at = now()
        row.result = result
        row.error_code = error["code"] if error else None
        row.error_message = error["message"] if error else None
