"""Long work as rows: started once, watched from anywhere, cancelled, taken up after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from aivideo.errors import InvalidArgument, NotFound, UnknownProvider
from aivideo.jobs import Jobs, JobView, open_jobs
from aivideo.progress import Progress, Work
from aivideo.projects import create_project, remove_project
from aivideo.settings import Settings
from aivideo.studio import Studio, open_studio
from aivideo.workflow import Stage

STEP_SECONDS = 0.05


class Workshop:
    """Stages that write down what happened to them."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.at_work = 0
        self.most_at_work = 0
        self._lock = threading.Lock()

    def count(self, _studio: Studio, _project: str, options: Mapping[str, Any]) -> Work[Any]:
        """Count to ``options['steps']``."""
        with self._lock:
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            for step in range(options.get("steps", 3)):
                yield Progress(step / options.get("steps", 3), f"Counting {step}")
                time.sleep(STEP_SECONDS)
            self.log.append("counted")
        finally:
            with self._lock:
                self.at_work -= 1
            self.log.append("left")
        return {"steps": options.get("steps", 3)}

    def first(self, _studio: Studio, _project: str, _options: Mapping[str, Any]) -> Work[Any]:
        """A quick first stage."""
        self.log.append("first")
        yield Progress(0.5, "First")
        return {}

    def refuse(self, _studio: Studio, _project: str, _options: Mapping[str, Any]) -> Work[Any]:
        """Fail with a sentence."""
        yield Progress(0.5)
        raise InvalidArgument("This cannot be. Do something else.")

    def crash(self, _studio: Studio, _project: str, _options: Mapping[str, Any]) -> Work[Any]:
        """Fail in a way that nobody thought of."""
        yield Progress(0.5)
        raise ZeroDivisionError("a secret detail")

    @property
    def kinds(self) -> dict[str, tuple[Stage, ...]]:
        """All kinds of jobs there are in here."""
        return {
            "count": (Stage("first", 1, self.first), Stage("second", 3, self.count)),
            "count too": (Stage("only", 1, self.count),),
            "refuse": (Stage("only", 1, self.refuse), Stage("never", 1, self.count)),
            "crash": (Stage("only", 1, self.crash),),
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


def wait_until_running(jobs: Jobs, job: JobView) -> None:
    """Wait until the job shows progress of its own."""
    for view in jobs.watch(job.job_id):
        if view.message.startswith("Counting"):
            return


def test_a_job_ends_with_its_result(jobs: Jobs, project_id: str) -> None:
    """The last stage's value is the job's result."""
    done = end(jobs, jobs.start("count", project_id, {"steps": 2}))
    assert (done.state, done.progress, done.result) == ("done", 1.0, {"steps": 2})
    assert done.error is None


def test_starting_does_not_wait_for_the_work(jobs: Jobs, project_id: str) -> None:
    """start() returns a running job at once."""
    job = jobs.start("count", project_id, {"steps": 20})
    assert job.state in {"queued", "running"}
    assert job.progress < 0.9
    jobs.cancel(job.job_id)


def test_watching_shows_stage_message_and_a_guess_at_the_rest(jobs: Jobs, project_id: str) -> None:
    """Progress moves forward through the stages and says what is done now."""
    seen = list(jobs.watch(jobs.start("count", project_id, {"steps": 40}).job_id))
    fractions = [view.progress for view in seen]
    assert fractions == sorted(fractions)
    counting = [view for view in seen if view.message.startswith("Counting")]
    assert {view.stage for view in counting} == {"second"}
    assert any(view.eta_seconds for view in counting)


def test_a_second_request_watches_the_running_job(jobs: Jobs, project_id: str) -> None:
    """One project runs one assembly at a time."""
    first = jobs.start("count", project_id, {"steps": 40})
    assert jobs.start("count", project_id, {"steps": 2}).job_id == first.job_id
    jobs.cancel(first.job_id)


def test_another_scene_is_other_work(jobs: Jobs, project_id: str) -> None:
    """A request for scene 2 does not get the job of scene 1."""
    first = jobs.start("count", project_id, {"steps": 3, "scene_number": 1})
    second = jobs.start("count", project_id, {"steps": 3, "scene_number": 2})
    assert first.job_id != second.job_id
    assert jobs.start("count", project_id, {"scene_number": 2}).job_id == second.job_id
    assert [end(jobs, job).state for job in (first, second)] == ["done", "done"]


def test_a_finished_job_does_not_stand_in_for_a_new_one(jobs: Jobs, project_id: str) -> None:
    """Asking again after the end starts again."""
    first = end(jobs, jobs.start("count", project_id, {"steps": 1}))
    assert jobs.start("count", project_id, {"steps": 1}).job_id != first.job_id


def test_heavy_jobs_take_turns(
    jobs: Jobs, studio: Studio, workshop: Workshop, project_id: str
) -> None:
    """Two renders at once would each take twice as long; both end well."""
    other = create_project(studio, topic="Ants").project_id
    started = [jobs.start("count too", one, {"steps": 6}) for one in (project_id, other)]
    assert [end(jobs, job).state for job in started] == ["done", "done"]
    assert workshop.most_at_work == 1


def test_cancel_stops_the_work_and_lets_it_clean_up(
    jobs: Jobs, workshop: Workshop, project_id: str
) -> None:
    """The generator is closed, its finally has run, and the job says so."""
    job = jobs.start("count", project_id, {"steps": 2000})
    wait_until_running(jobs, job)
    begin = time.monotonic()
    assert jobs.cancel(job.job_id).state == "cancelled"
    assert jobs.runner.rest(timeout=10)
    assert time.monotonic() - begin < 10
    assert workshop.log == ["first", "left"]
    assert jobs.get(job.job_id).state == "cancelled"


def test_cancelling_a_waiting_job_never_starts_it(
    jobs: Jobs, studio: Studio, workshop: Workshop, project_id: str
) -> None:
    """A job that waits for its turn can be cancelled too."""
    other = create_project(studio, topic="Ants").project_id
    first = jobs.start("count too", project_id, {"steps": 40})
    wait_until_running(jobs, first)
    waiting = jobs.start("count too", other, {"steps": 1})
    jobs.cancel(waiting.job_id)
    jobs.cancel(first.job_id)
    assert jobs.runner.rest(timeout=10)
    assert workshop.log == ["left"]


def test_cancelling_a_finished_job_changes_nothing(jobs: Jobs, project_id: str) -> None:
    """A result that is there stays."""
    done = end(jobs, jobs.start("count", project_id, {"steps": 1}))
    assert jobs.cancel(done.job_id) == done


def test_a_failure_carries_its_code_and_sentence(
    jobs: Jobs, workshop: Workshop, project_id: str
) -> None:
    """A typed error ends the job with what a person can act on; later stages do not run."""
    failed = end(jobs, jobs.start("refuse", project_id))
    assert failed.state == "failed"
    assert failed.error == {
        "code": "INVALID_ARGUMENT",
        "message": "This cannot be. Do something else.",
    }
    assert failed.message == "This cannot be. Do something else."
    assert workshop.log == []


@pytest.mark.usefixtures("expect_errors")
def test_an_unexpected_failure_gets_a_reference_and_hides_its_detail(
    jobs: Jobs, project_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The person sees a reference, the log has the rest under it."""
    failed = end(jobs, jobs.start("crash", project_id))
    assert failed.error is not None
    assert failed.error["code"] == "INTERNAL"
    assert "a secret detail" not in failed.error["message"]
    reference = failed.error["message"].split("reference ")[1][:8]
    assert reference in caplog.text
    assert "a secret detail" in caplog.text


def test_the_list_has_the_newest_first(jobs: Jobs, studio: Studio, project_id: str) -> None:
    """All jobs, or those of one project."""
    other = create_project(studio, topic="Ants").project_id
    started = [end(jobs, jobs.start("count too", one, {"steps": 1})) for one in (project_id, other)]
    assert [job.job_id for job in jobs.list()] == [started[1].job_id, started[0].job_id]
    assert [job.job_id for job in jobs.list(other)] == [started[1].job_id]


def test_what_does_not_exist_is_said(jobs: Jobs, project_id: str) -> None:
    """Unknown job, kind and project are sentences."""
    with pytest.raises(NotFound):
        jobs.get("nothing")
    with pytest.raises(NotFound):
        jobs.start("count", "nowhere")
    with pytest.raises(NotFound):
        jobs.list("nowhere")
    with pytest.raises(UnknownProvider, match="count, count too"):
        jobs.start("dance", project_id)


def test_a_project_removed_meanwhile_does_not_break_its_job(
    jobs: Jobs, studio: Studio, workshop: Workshop, project_id: str
) -> None:
    """The job ends on its own; nobody can ask for it any more."""
    job = jobs.start("count", project_id, {"steps": 6})
    wait_until_running(jobs, job)
    remove_project(studio, project_id)
    assert jobs.runner.rest(timeout=10)
    assert "left" in workshop.log
    with pytest.raises(NotFound):
        jobs.get(job.job_id)


def test_closing_puts_a_job_down_and_the_next_start_takes_it_up(
    settings: Settings, workshop: Workshop
) -> None:
    """Stopping the app loses nothing: finished stages are not run again."""
    with open_studio(settings) as studio, open_jobs(studio, workshop.kinds) as jobs:
        project_id = create_project(studio, topic="Bees").project_id
        job = jobs.start("count", project_id, {"steps": 20})
        wait_until_running(jobs, job)
    assert workshop.log == ["first", "left"]
    with open_studio(settings) as studio, open_jobs(studio, workshop.kinds, revive=True) as jobs:
        assert end(jobs, job).state == "done"
    assert workshop.log == ["first", "left", "counted", "left"]


def test_a_command_takes_up_only_the_job_it_asks_for(
    settings: Settings, workshop: Workshop
) -> None:
    """Without ``revive`` an orphan waits until its own project starts it again."""
    with open_studio(settings) as studio, open_jobs(studio, workshop.kinds) as jobs:
        project_id = create_project(studio, topic="Bees").project_id
        orphan = jobs.start("count", project_id, {"steps": 20})
        wait_until_running(jobs, orphan)
    with open_studio(settings) as studio, open_jobs(studio, workshop.kinds) as jobs:
        assert jobs.get(orphan.job_id).state == "queued"
        assert jobs.start("count", project_id).job_id == orphan.job_id
        assert end(jobs, orphan).state == "done"


SCRIPT = """
import sys, time
from pathlib import Path
from aivideo.jobs import open_jobs
from aivideo.progress import Progress
from aivideo.projects import create_project
from aivideo.settings import Settings, read_settings
from aivideo.studio import open_studio
from aivideo.workflow import Stage

data = Path(sys.argv[1])

def part(name):
    def run(studio, project_id, options):
        final = studio.workspace.artifact("parts", ".bin", name=name)
        for step in range(20):
            yield Progress(step / 20, f"{name} {step}")
            time.sleep(0.1)
        with studio.workspace.draft(final) as draft:
            draft.write_bytes(b"x")
            with (data / "made.txt").open("a") as log:
                log.write(name + "\\n")
            if name == "two" and not (data / "again").exists():
                (data / "again").touch()
                print("in the middle", flush=True)
                time.sleep(60)
        return {"name": name}
    return run

kinds = {"two": (Stage("one", 1, part("one")), Stage("two", 1, part("two")))}
with open_studio(read_settings(data)) as studio, open_jobs(studio, kinds, revive=True) as jobs:
    ours = jobs.list()
    job = ours[0] if ours else jobs.start("two", create_project(studio, topic="Bees").project_id)
    print(list(jobs.watch(job.job_id))[-1].state, flush=True)
    drafts = [path.name for path in studio.workspace.root.rglob("*.draft-*")]
    print("drafts", drafts, flush=True)
"""


@pytest.mark.slow
def test_a_job_survives_kill_9(tmp_path: Path) -> None:
    """Killed with a draft half-written, the next start removes it and redoes only that stage."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(tmp_path / "data")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    (tmp_path / "data").mkdir()
    with subprocess.Popen(  # noqa: S603 - our own interpreter on our own script
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "in the middle\n"
        first.send_signal(signal.SIGKILL)
    second = subprocess.run(  # noqa: S603 - the same
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert second.stdout == "done\ndrafts []\n"
    assert (tmp_path / "data" / "made.txt").read_text().split() == ["one", "two", "two"]
