"""Long work: run, composed, side by side, stopped."""

from __future__ import annotations

import time

import pytest

from aivideo.progress import Progress, Work, finish, together, within


def counting(steps: int, value: str = "done", log: list[str] | None = None) -> Work[str]:
    """Count to ``steps``; write to ``log`` when it is left."""
    try:
        for step in range(steps):
            yield Progress(step / steps, f"{value} {step}")
            time.sleep(0.01)
    finally:
        if log is not None:
            log.append(value)
    return value


def failing(after: int) -> Work[str]:
    """Fail after some steps."""
    yield from counting(after)
    raise ValueError("broken")


def test_finish_gives_the_value_and_shows_every_progress() -> None:
    """A Work is run plainly with finish()."""
    seen: list[float] = []
    assert finish(counting(4), lambda progress: seen.append(progress.fraction)) == "done"
    assert seen == [0.0, 0.25, 0.5, 0.75]


def test_a_part_of_a_longer_work_moves_within_its_share() -> None:
    """within() maps 0..1 to the part's share and names its stage."""
    seen: list[Progress] = []
    assert finish(within(counting(2), 0.5, 0.7, stage="clips"), seen.append) == "done"
    assert [progress.fraction for progress in seen] == pytest.approx([0.5, 0.6])
    assert {progress.stage for progress in seen} == {"clips"}


def test_works_side_by_side_give_their_values_in_the_order_given() -> None:
    """together() keeps the order, whoever is first."""
    assert finish(together([counting(5, "slow"), counting(1, "fast")], at_once=2)) == [
        "slow",
        "fast",
    ]


def test_the_progress_of_many_ends_at_one() -> None:
    """The fraction of together() is the mean, and everything done is 1."""
    seen: list[float] = []
    finish(
        together([counting(3), counting(3), counting(3)], at_once=2),
        lambda p: seen.append(p.fraction),
    )
    assert seen[-1] == pytest.approx(1.0)
    assert seen == sorted(seen)


def test_the_first_failure_stops_the_others_and_is_raised() -> None:
    """One broken Work does not wait for the long ones, and they clean up."""
    log: list[str] = []
    begin = time.monotonic()
    with pytest.raises(ValueError, match="broken"):
        finish(together([counting(2000, "long", log), failing(2)], at_once=2))
    assert log == ["long"]
    assert time.monotonic() - begin < 10


def test_a_failed_work_does_not_count_as_done() -> None:
    """The bar does not jump forward before the failure is told."""
    seen: list[float] = []
    with pytest.raises(ValueError, match="broken"):
        finish(
            together([failing(0), counting(2000)], at_once=2),
            lambda progress: seen.append(progress.fraction),
        )
    assert max(seen, default=0.0) < 0.5


def test_closing_stops_every_work_and_waits_for_their_cleaning_up() -> None:
    """Cancel: after close() each Work has run its finally."""
    log: list[str] = []
    work = together([counting(2000, "a", log), counting(2000, "b", log)], at_once=2)
    for _ in range(5):
        next(work)
    work.close()
    assert sorted(log) == ["a", "b"]


def test_more_works_than_places_all_get_their_turn() -> None:
    """at_once bounds how many run, not how many are done."""
    names = [f"work {index}" for index in range(7)]
    assert finish(together([counting(1, name) for name in names], at_once=2)) == names


def test_nothing_to_do_is_done_at_once() -> None:
    """together() of nothing gives nothing."""
    assert finish(together([], at_once=2)) == []


def test_progress_counts_what_there_is_to_do() -> None:
    """A work with nine tenths of the weight is nine tenths of the progress."""

    def steps(count: int) -> Work[int]:
        for number in range(count):
            yield Progress(number / count)
        return count

    seen: list[Progress] = []

    values = finish(together([steps(1), steps(4)], at_once=1, weights=[1.0, 9.0]), seen.append)

    assert values == [1, 4]
    fractions = {round(progress.fraction, 3) for progress in seen}
    assert {0.1, 0.325, 0.55, 0.775, 1.0} <= fractions
