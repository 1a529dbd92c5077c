"""Work that nobody waits for: behind every other job, and out of sight."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from aivideo.jobs import Jobs, JobView, open_jobs
from aivideo.progress import Progress, Work
from aivideo.projects import create_project
from aivideo.studio import Studio
from aivideo.workflow import Stage


class Workshop:
    """A stage in the background and one that somebody waits for; both write down what they do."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.finished = 0

    def tidy(self, _studio: Studio, _project: str, options: Mapping[str, Any]) -> Work[int]:
        """Finish piece by piece, going on where it was put down."""
        self.log.append("tidying")
        try:
            while self.finished < options.get("pieces", 1):
                yield Progress(0.5, "Tidying")
                time.sleep(0.05)
                self.finished += 1
        finally:
            self.log.append("put down")
        return self.finished

    def serve(self, _studio: Studio, _project: str, _options: Mapping[str, Any]) -> Work[str]:
        """Take a moment."""
        self.log.append("serving")
        for _ in range(8):
            yield Progress(0.5, "Serving")
            time.sleep(0.05)
        self.log.append("served")
        return "served"

    @property
    def kinds(self) -> dict[str, tuple[Stage, ...]]:
        """Both kinds of jobs."""
        return {
            "tidy": (Stage("tidy", 1, self.tidy, background=True),),
            "serve": (Stage("serve", 1, self.serve),),
        }


@pytest.fixture
def workshop() -> Workshop:
    """The stages of ``jobs``."""
    return Workshop()


@pytest.fixture
def jobs(studio: Studio, workshop: Workshop) -> Iterator[Jobs]:
    """An open desk."""
    with open_jobs(studio, workshop.kinds) as jobs:
        yield jobs


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project to work for."""
    return create_project(studio, topic="Bees").project_id


def end(jobs: Jobs, job: JobView) -> JobView:
    """Watch a job to its end."""
    return list(jobs.watch(job.job_id))[-1]


def wait_for(log: list[str], words: str) -> None:
    """Wait until something was written down."""
    for _ in range(400):
        if words in log:
            return
        time.sleep(0.05)
    pytest.fail(f"{words} did not come: {log}")


def test_the_background_gives_way_to_what_somebody_waits_for(
    jobs: Jobs, workshop: Workshop, project_id: str
) -> None:
    """It is put down, and when the other is done it finishes what was left."""
    behind = jobs.start("tidy", project_id, {"pieces": 30})
    wait_for(workshop.log, "tidying")
    assert end(jobs, jobs.start("serve", project_id)).state == "done"
    assert "put down" in workshop.log[: workshop.log.index("served")]
    done = end(jobs, behind)
    assert done.state == "done"
    assert workshop.finished == 30
    assert workshop.log[-2:] == ["tidying", "put down"]
    assert workshop.log.index("served") < len(workshop.log) - 2


def test_the_background_does_not_begin_while_somebody_waits(
    jobs: Jobs, workshop: Workshop, project_id: str
) -> None:
    """It waits for its moment, and can be cancelled while it waits."""
    serving = jobs.start("serve", project_id)
    wait_for(workshop.log, "serving")
    behind = jobs.start("tidy", project_id)
    assert jobs.cancel(behind.job_id).state == "cancelled"
    assert end(jobs, serving).state == "done"
    assert jobs.runner.rest()
    assert "tidying" not in workshop.log


def test_the_background_is_not_listed(jobs: Jobs, project_id: str) -> None:
    """The list has what somebody asked for; by its id the other can still be looked at."""
    behind = end(jobs, jobs.start("tidy", project_id))
    served = end(jobs, jobs.start("serve", project_id))
    assert [job.job_id for job in jobs.list(project_id)] == [served.job_id]
    assert jobs.get(behind.job_id).state == "done"
