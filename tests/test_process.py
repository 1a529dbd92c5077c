"""Programs are started, watched and stopped in one place."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aivideo.engines import process
from aivideo.errors import DiskFull, ProgramFailed, ProgramKilled, ProgramMissing, ProgramStuck
from aivideo.progress import Progress, finish

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def python(code: str) -> list[str | Path]:
    """The arguments that run a line of Python in a program of its own."""
    return [sys.executable, "-c", code]


def as_percent(line: str) -> Progress | None:
    """A reader of lines such as ``40``."""
    return Progress(int(line) / 100) if line.isdigit() else None


def is_running(pid: int) -> bool:
    """Whether a process still runs, on Linux and elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if not Path("/proc/self").exists():
        pytest.skip("no /proc to look at")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_what_a_program_says_becomes_progress() -> None:
    """Each line of standard output that the reader understands is yielded as progress."""
    seen: list[Progress] = []

    finished = finish(
        process.run(python("print('hello'); print(40); print(90)"), read_line=as_percent),
        seen.append,
    )

    assert finished.exit_code == 0
    assert [p.fraction for p in dict.fromkeys(seen)] == [0.0, 0.4, 0.9]


def test_the_end_of_standard_error_is_kept() -> None:
    """The last 200 lines of standard error come back with the end of the program."""
    code = "import sys; [print('line', n, file=sys.stderr) for n in range(500)]"

    finished = finish(process.run(python(code)))

    lines = finished.tail.splitlines()
    assert (len(lines), lines[-1]) == (200, "line 499")


def test_arguments_arrive_as_they_are(tmp_path: Path) -> None:
    """No shell looks at the arguments: quotes, dollars and semicolons mean nothing."""
    target = tmp_path / "said.txt"
    odd = 'it\'s "odd" $(touch x); `y` %PATH% *'
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"

    finish(process.run([*python(code), target, odd]))

    assert target.read_text() == odd


def test_bytes_are_fed_to_the_program(tmp_path: Path) -> None:
    """Chunks of bytes arrive on standard input in order, and it ends after the last."""
    target = tmp_path / "fed"
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    chunks = [bytes([n]) * 100_000 for n in range(5)]

    finish(process.run([*python(code), target], feed=iter(chunks)))

    assert target.read_bytes() == b"".join(chunks)


def test_a_chunk_is_made_while_the_one_before_is_taken_in(tmp_path: Path) -> None:
    """A program that reads nothing until the second chunk is being made gets both."""
    asked, size = tmp_path / "asked", 2**20

    def feed() -> Iterator[bytes]:
        yield bytes(size)
        asked.touch()
        yield bytes(size)

    code = (
        "import pathlib, sys, time\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        f"sys.exit(len(sys.stdin.buffer.read()) != {2 * size})"
    )
    work = process.run([*python(code), asked], feed=feed(), timeout_without_news=10)

    assert finish(work).exit_code == 0


def test_without_a_feed_standard_input_is_empty() -> None:
    """A program that asks for input gets none, instead of waiting for the terminal."""
    finished = finish(process.run(python("import sys; sys.exit(len(sys.stdin.read()))")))

    assert finished.exit_code == 0


def test_a_failing_feed_is_the_failure_that_is_reported() -> None:
    """When drawing the next frame fails, that is the cause, not what the program made of it."""

    def feed() -> Iterator[bytes]:
        yield b"first"
        raise LookupError("no such icon")

    work = process.run(python("import sys; sys.exit(len(sys.stdin.read()))"), feed=feed())

    with pytest.raises(LookupError, match="no such icon"):
        finish(work)


def test_a_program_that_takes_no_more_input_is_no_failure() -> None:
    """A program may have seen enough before the feed has ended; the feed is closed then."""
    closed: list[bool] = []

    def feed() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 100_000
        finally:
            closed.append(True)

    finished = finish(process.run(python("import sys; sys.stdin.buffer.read(10)"), feed=feed()))

    assert (finished.exit_code, closed) == (0, [True])


def test_an_exit_code_becomes_a_failure_with_the_reason() -> None:
    """The sentence names the program and its exit code, the details carry its last words."""
    code = "import sys; print('moov atom not found', file=sys.stderr); sys.exit(183)"

    with pytest.raises(ProgramFailed, match="exit code 183") as failure:
        finish(process.run(python(code)))

    assert "moov atom not found" in failure.value.detail


def test_a_full_disk_is_told_apart(tmp_path: Path) -> None:
    """What a program says about a full disk becomes our own sentence, naming the folder."""
    code = "import sys; sys.exit('out.mp4: No space left on device')"

    with pytest.raises(DiskFull, match=tmp_path.name):
        finish(process.run(python(code), folder=tmp_path))


@ON_POSIX
def test_a_program_that_the_system_ends_says_so() -> None:
    """What the kernel does when memory runs out is told apart from the program's own errors."""
    with pytest.raises(ProgramKilled, match="signal 9"):
        finish(process.run(python("import os; os.kill(os.getpid(), 9)")))


@ON_POSIX
def test_a_program_that_crashes_is_at_fault_itself() -> None:
    """A file that makes a program crash is that file's failure, not the machine's."""
    with pytest.raises(ProgramFailed, match="exit code -11"):
        finish(process.run(python("import os; os.kill(os.getpid(), 11)")))


def test_a_missing_program_has_its_own_sentence(tmp_path: Path) -> None:
    """A program that is not there is named."""
    with pytest.raises(ProgramMissing, match="no-such-program"):
        finish(process.run([tmp_path / "no-such-program"]))


def test_a_silent_program_is_stopped() -> None:
    """Without news for the time given, it is ended and the person is told."""
    with pytest.raises(ProgramStuck, match="no progress"):
        finish(process.run(python("import time; time.sleep(60)"), timeout_without_news=0.3))


def test_a_program_that_repeats_itself_is_stopped() -> None:
    """The same progress again and again is no news."""
    code = "import time\nwhile True: print(40, flush=True); time.sleep(0.05)"

    with pytest.raises(ProgramStuck):
        finish(process.run(python(code), read_line=as_percent, timeout_without_news=0.3))


def test_a_program_that_closed_its_output_is_still_waited_for(tmp_path: Path) -> None:
    """The work ends when the program ends, not when its output does."""
    target = tmp_path / "late"
    code = (
        "import os, sys, time, pathlib; os.close(1); time.sleep(0.3);"
        "pathlib.Path(sys.argv[1]).touch(); os._exit(0)"
    )

    finish(process.run([*python(code), target]))

    assert target.exists()


def test_progress_comes_at_least_four_times_a_second() -> None:
    """A silent program yields too, so that a cancel is noticed in time."""
    times: list[float] = []

    finish(
        process.run(python("import time; time.sleep(1)")),
        lambda _: times.append(time.monotonic()),
    )

    assert max(b - a for a, b in itertools.pairwise(times)) < 0.25


def test_closing_the_work_ends_the_program() -> None:
    """Cancel: within about a second the program is gone."""
    work = process.run(
        python("import os, time; print(os.getpid(), flush=True); time.sleep(60)"),
        read_line=lambda line: Progress(0.5, line),
    )
    pid = int(next(progress.message for progress in work if progress.message))
    started = time.monotonic()

    work.close()

    assert not is_running(pid)
    assert time.monotonic() - started < 1.0


@ON_POSIX
@pytest.mark.parametrize("parent_ignores", ["", "signal.signal(15, signal.SIG_IGN);"])
def test_closing_the_work_ends_a_stubborn_program_and_its_children(parent_ignores: str) -> None:
    """A program that ignores the polite request is ended all the same, with its children."""
    child = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)"
    code = (
        f"import signal, subprocess, sys, time; {parent_ignores}"
        f"child = subprocess.Popen([sys.executable, '-uc', {child!r}], stdout=subprocess.PIPE);"
        "child.stdout.read(1); print(child.pid, flush=True); time.sleep(60)"
    )
    work = process.run(python(code), read_line=lambda line: Progress(0.5, line))
    pid = int(next(progress.message for progress in work if progress.message))

    work.close()
    time.sleep(0.05)

    assert not is_running(pid)
