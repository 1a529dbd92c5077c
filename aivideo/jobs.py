"""Long work as rows: start, watch, cancel, go on after a crash.

A job is a durable workflow of DBOS on the app's own database. Its stages are steps; each
drives a Work and writes how far it is. Pages and programs only watch, so closing a browser
changes nothing. Products are named by their content, so a stage that runs again finds what
was done. What DBOS knows (state, steps) is not stored a second time: a ``jobs`` row ties a
workflow to its project, kind, options and outcome.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowStatus
from sqlalchemy import Engine, event, select

from aivideo.errors import UnknownProvider
from aivideo.store import LOCAL_OWNER, Job, Project, get_row
from aivideo.studio import Studio
from aivideo.workflow import HEARTBEAT, Kinds, Runner, finish_job

logger = logging.getLogger(__name__)

State = Literal["queued", "running", "done", "failed", "cancelled"]

KNOWS_SUBSECONDS: Final = (3, 42, 0)
"""The first SQLite whose ``unixepoch`` takes 'subsec' (its release notes of May 2023)."""

PATIENCE: Final = 10.0
"""Seconds between two looks for jobs whose process died."""


@dataclass(frozen=True)
class JobView:
    """A job as pages and programs see it.

    Attributes:
        progress: Done, 0..1.
        eta_seconds: The rest as far as one can tell; None while one cannot.
        result: What the last stage made; None until the job is done.
        so_far: The scenes of a script as far as they are written, while one is.
        error: ``{code, message}`` of a failed job.
    """

    job_id: str
    project_id: str
    kind: str
    state: State
    progress: float
    stage: str
    message: str
    eta_seconds: float | None
    error: dict[str, str] | None
    result: dict[str, Any] | None
    created_at: datetime
    so_far: Sequence[Mapping[str, str]] = ()

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"done", "failed", "cancelled"}


class Jobs:
    """The desk where long work is started, watched and cancelled."""

    def __init__(self, studio: Studio, kinds: Kinds) -> None:
        self._studio = studio
        self._kinds = kinds
        self._starting = threading.Lock()
        self.runner = Runner(studio, kinds)

    def start(
        self, kind: str, project_id: str, options: Mapping[str, Any] | None = None
    ) -> JobView:
        """Start a job; while the same work is being done for the project, its job is returned.

        The same work is the same kind and, where a kind works on one scene, the same scene.

        Raises:
            NotFound: There is no such project.
            UnknownProvider: There is no such kind.
        """
        if kind not in self._kinds:
            raise UnknownProvider("kind of job", kind, self._kinds)
        with self._starting:
            running = self._unfinished(kind, project_id, options or {})
            if running is not None:
                self._revive([running])
                return self.get(running)
            job_id = self._record(kind, project_id, dict(options or {}))
            with SetWorkflowID(job_id):
                DBOS.start_workflow(self.runner.workflow, job_id)
        return self.get(job_id)

    def get(self, job_id: str) -> JobView:
        """How a job is.

        Raises:
            NotFound: There is no such job.
        """
        with self._studio.store.session() as session:
            row = get_row(session, Job, job_id)
        return self._view(row)

    def list(self, project_id: str | None = None) -> Sequence[JobView]:
        """The jobs that somebody asked for, newest first; of one project when it is named.

        Raises:
            NotFound: There is no such project.
        """
        behind = [kind for kind, stages in self._kinds.items() if all(s.background for s in stages)]
        query = (
            select(Job)
            .where(Job.owner_id == LOCAL_OWNER, Job.kind.not_in(behind))
            .order_by(Job.created_at.desc())
        )
        with self._studio.store.session() as session:
            if project_id is not None:
                get_row(session, Project, project_id)
                query = query.where(Job.project_id == project_id)
            rows = session.scalars(query.limit(100)).all()
        return [self._view(row) for row in rows]

    def watch(self, job_id: str) -> Iterator[JobView]:
        """Each change of a job until it is finished; leaving does not stop the job.

        Raises:
            NotFound: There is no such job.
        """
        last = self.get(job_id)
        yield last
        while not last.finished:
            time.sleep(HEARTBEAT)
            view = self.get(job_id)
            if view != last:
                yield view
            last = view

    def cancel(self, job_id: str) -> JobView:
        """Stop a job; what it had finished stays for the next one, drafts are removed.

        Raises:
            NotFound: There is no such job.
        """
        if not self.get(job_id).finished:
            DBOS.cancel_workflow(job_id, cancel_children=True)
            finish_job(self._studio.store, job_id, error=None, result=None)
        return self.get(job_id)

    def revive_orphans(self) -> None:
        """Take up every job whose process died."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        self._revive([workflow.workflow_id for workflow in pending])

    def keep_reviving(self) -> None:
        """Look for orphans until the desk closes; runs in a thread of its own."""
        while not self.runner.wait_for_closing(PATIENCE):
            self.revive_orphans()

    def _unfinished(self, kind: str, project_id: str, options: Mapping[str, Any]) -> str | None:
        with self._studio.store.session() as session:
            get_row(session, Project, project_id)
            rows = session.scalars(
                select(Job)
                .where(Job.project_id == project_id, Job.kind == kind)
                .where(Job.finished_at.is_(None))
            ).all()
        scene = options.get("scene_number")
        return next((row.id for row in rows if row.options.get("scene_number") == scene), None)

    def _revive(self, job_ids: Sequence[str]) -> None:
        for job_id in job_ids:
            status = DBOS.get_workflow_status(job_id)
            if status and status.status == "PENDING" and not self._is_alive(status):
                logger.info("Job %s goes on after its process ended", job_id)
                DBOS.resume_workflow(job_id)

    def _is_alive(self, status: WorkflowStatus) -> bool:
        return status.executor_id is not None and self._studio.workspace.alive(status.executor_id)

    def _record(self, kind: str, project_id: str, options: dict[str, Any]) -> str:
        job_id = uuid.uuid4().hex
        with self._studio.store.session() as session:
            get_row(session, Project, project_id)
            session.add(Job(id=job_id, project_id=project_id, kind=kind, options=options))
        return job_id

    def _view(self, row: Job) -> JobView:
        news = {} if row.finished_at else DBOS.get_all_events(row.id).get("progress", {})
        state = self._state(row)
        return JobView(
            job_id=row.id,
            project_id=row.project_id,
            kind=row.kind,
            state=state,
            progress=1.0 if state == "done" else news.get("fraction", 0.0),
            stage=news.get("stage", ""),
            message=_message(state, row, news),
            eta_seconds=news.get("eta_seconds") if state == "running" else None,
            error=(
                {"code": row.error_code, "message": row.error_message or ""}
                if row.error_code
                else None
            ),
            result=row.result,
            created_at=row.created_at,
            so_far=news.get("so_far", ()),
        )

    def _state(self, row: Job) -> State:
        """A finished job's row tells all; a job under way is known to DBOS alone."""
        if row.finished_at is not None:
            return "failed" if row.error_code else "done" if row.result is not None else "cancelled"
        status = DBOS.get_workflow_status(row.id)
        if status is not None and status.status == "CANCELLED":
            return "cancelled"
        if status is not None and status.status == "PENDING" and self._is_alive(status):
            return "running"
        return "queued"


@contextmanager
def open_jobs(studio: Studio, kinds: Kinds, *, revive: bool = False) -> Iterator[Jobs]:
    """Open the desk; with ``revive``, jobs that other processes left behind go on here.

    DBOS keeps one instance a process, so only one desk can be open at a time.
    """
    config = DBOSConfig(
        name="aivideo",
        system_database_url=studio.store.url,
        executor_id=studio.workspace.tenant,
        application_version="1",
        log_level="ERROR",
        enable_otlp=False,
        notification_listener_polling_interval_sec=0.2,
    )
    if sqlite3.sqlite_version_info < KNOWS_SUBSECONDS and not event.contains(*TEACHING):
        event.listen(*TEACHING)
    # With a handler there, DBOS adds none of its own, and its messages go where ours go.
    logging.getLogger("dbos").addHandler(logging.NullHandler())
    DBOS(config=config)
    jobs = Jobs(studio, kinds)
    DBOS.launch()
    try:
        if revive:
            jobs.revive_orphans()
            threading.Thread(target=jobs.keep_reviving, daemon=True).start()
        yield jobs
    finally:
        jobs.runner.close()
        DBOS.destroy(destroy_registry=True)


def _teach_subseconds(connection: object, _record: object) -> None:
    """Let an old SQLite tell the time in fractions, as DBOS asks it on Python 3.12 and newer.

    Older ones answer ``unixepoch('subsec')`` with NULL. DBOS makes its own engine, so this
    listens to all of them; nothing else here asks for that function.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, lambda _how: time.time())


TEACHING: Final = (Engine, "connect", _teach_subseconds)


def _message(state: State, row: Job, news: Mapping[str, Any]) -> str:
    if state == "failed":
        return row.error_message or ""
    if state in {"done", "cancelled"}:
        return state.capitalize()
    said: str = news.get("message", "")
    return said or ("Getting on" if news else "Waiting to start")
