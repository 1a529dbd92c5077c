"""Endpoints about jobs, and how other endpoints watch theirs to the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_types import JobData, JobsData, plain, with_files
from aivideo.errors import JobCancelled, JobFailed
from aivideo.jobs import JobView


class JobEndpoints(Desk):
    """What programs can ask about long work."""

    @endpoint
    def list_jobs(self, project_id: str | None = None) -> JobsData:
        """List the jobs, newest first, without their results.

        Args:
            project_id: The project whose jobs are wanted; all when left out.
        """
        return {"jobs": [plain(replace(job, result=None)) for job in self.jobs.list(project_id)]}

    @endpoint
    def get_job(self, job_id: str) -> JobData:
        """Say how a job is; when it is done, with its result.

        Args:
            job_id: The job.
        """
        return job_data(self, self.jobs.get(job_id))

    @endpoint
    def watch_job(self, job_id: str) -> Iterator[JobData]:
        """Stream a job's states until it is finished; leaving does not stop the job.

        Args:
            job_id: The job.
        """
        for job in self.jobs.watch(job_id):
            yield job_data(self, job)

    @endpoint
    def cancel_job(self, job_id: str) -> JobData:
        """Stop a job; what it had finished is kept for the next one.

        Args:
            job_id: The job.
        """
        return job_data(self, self.jobs.cancel(job_id))


def to_its_end(desk: Desk, started: JobView) -> Iterator[Any]:
    """The states of a job; the last has what it made beside them.

    Raises:
        JobFailed: It failed; code and sentence are those of the cause.
        JobCancelled: Somebody cancelled it.
    """
    job = started
    watched = desk.jobs.watch(started.job_id)
    for job in watched:
        if not job.finished:
            yield job_data(desk, job)
    if job.error:
        raise JobFailed(job.error["code"], job.error["message"])
    if job.state == "cancelled":
        raise JobCancelled
    done = job_data(desk, job)
    yield {**done, **(done["result"] or {}), "result": None}


def job_data(desk: Desk, job: JobView) -> JobData:
    """A job as endpoints give it, each path in its result as a file."""
    result = with_files(desk.studio.workspace, job.result)
    return cast("JobData", {**plain(job), "result": result})


def given(**options: Any) -> dict[str, Any]:
    """The options that were given; what was left out stays at its default."""
    return {name: value for name, value in options.items() if value is not None}
