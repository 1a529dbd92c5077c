"""What the render is measured against, and the tables in which that is said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from measuring import Cost, added

OURS, CAPTIONED, GRAPH = "ours", "ours, with captions", "one process, one graph"
ALL_DRAWN: Final = "ours, every scene drawn"
LIMIT, DECODE = "limit: encoding raw frames", "decoding and filtering"
SHIPPED, AT_OUR_PRESET = "MoviePy, three encodes, medium", "MoviePy, three encodes, our preset"
FULL, CHANGED, AGAIN = "a long cut", "one clip of it changed", "nothing changed but the video gone"
FEW, MANY = "10 short scenes", "100 short scenes"
CORES_OF_GOAL: Final = 2


@dataclass(frozen=True)
class Goal:
    """A figure and how far it may go.

    Attributes:
        name: What it says.
        measured: The figure; None when this run did not measure it.
        limit: Where it has to stop.
        at_least: Whether it has to be above the limit, not below.
    """

    name: str
    measured: float | None
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it was measured and is within the limit."""
        if self.measured is None:
            return False
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def missed(self) -> bool:
        """Whether it was measured and is not."""
        return self.measured is not None and not self.met


def floor_of(costs: Mapping[str, Cost]) -> Cost | None:
    """Encoding alone and decoding with filtering alone, added; None when one was not measured."""
    if LIMIT not in costs or DECODE not in costs:
        return None
    return added([costs[LIMIT], costs[DECODE]])


def goals(costs: Mapping[str, Cost], *, cores: int = CORES_OF_GOAL) -> list[Goal]:
    """All goals, measured by these costs.

    Args:
        costs: What ways cost, by their names.
        cores: How many this machine has; the goal for the wall was set on two.
    """
    floor = floor_of(costs)
    floor_cpu = floor.cpu if floor else None
    wall = 0.6 * CORES_OF_GOAL / cores
    return [
        Goal("CPU, times the floor", _ratio(_cpu(costs, OURS), floor_cpu), 1.05),
        Goal("CPU with captions, times the floor", _ratio(_cpu(costs, CAPTIONED), floor_cpu), 1.15),
        Goal(
            f"wall on {cores} cores, times the floor's CPU",
            _ratio(_wall(costs, OURS), floor_cpu),
            wall,
        ),
        Goal(
            "wall with every scene drawn, times that of footage",
            _ratio(_wall(costs, ALL_DRAWN), _wall(costs, OURS)),
            1.1,
        ),
        Goal(
            "CPU of MoviePy as it ships, times ours",
            _ratio(_cpu(costs, SHIPPED), _cpu(costs, CAPTIONED)),
            8.0,
            at_least=True,
        ),
        Goal(
            "CPU of one clip changed of 20, share of all",
            _ratio(_cpu(costs, CHANGED), _cpu(costs, FULL)),
            0.035,
        ),
        Goal("join and sound of an unchanged 3-minute cut, wall s", _wall(costs, AGAIN), 1.0),
        Goal(
            "memory of 100 scenes, times that of 10",
            _ratio(_megabytes(costs, MANY), _megabytes(costs, FEW)),
            1.10,
        ),
    ]


def cost_table(costs: Mapping[str, Cost]) -> list[str]:
    """One line a way: what it cost, beside the floor and the limit."""
    floor, limit = floor_of(costs), costs.get(LIMIT)
    rows = dict(costs)
    if floor:
        rows["floor: the two above"] = Cost(floor.wall, floor.cpu, floor.megabytes)
    head = f"{'way':<38} {'wall s':>8} {'CPU s':>8} {'MB':>6} {'file MB':>8} "
    lines = [f"{head}{'CPU x floor':>12} {'wall x limit':>13}"]
    for name, cost in rows.items():
        size = f"{cost.size / 1e6:8.1f}" if cost.size else f"{'':8}"
        lines.append(
            f"{name:<38} {cost.wall:8.2f} {cost.cpu:8.2f} {cost.megabytes:6.0f} {size} "
            f"{_told(_ratio(cost.cpu, floor.cpu if floor else None)):>12} "
            f"{_told(_ratio(cost.wall, limit.wall if limit else None)):>13}"
        )
    return lines


def goal_table(judged: Iterable[Goal]) -> list[str]:
    """One line a goal: what was measured, the limit, and whether it is met."""
    lines = [f"{'goal':<54} {'measured':>9} {'limit':>8}"]
    for goal in judged:
        sign = ">=" if goal.at_least else "<="
        verdict = "not measured" if goal.measured is None else "ok" if goal.met else "MISS"
        limit = f"{sign} {goal.limit:g}"
        lines.append(f"{goal.name:<54} {_told(goal.measured, 3):>9} {limit:>8}  {verdict}")
    return lines


def frame_table(costs: Sequence[tuple[str, float]]) -> list[str]:
    """One line a kind of scene: processor milliseconds of a frame."""
    return ["CPU ms a frame", *(f"{name:<46} {cost:8.1f}" for name, cost in costs)]


def _told(figure: float | None, digits: int = 2) -> str:
    return "" if figure is None else f"{figure:.{digits}f}"


def _ratio(figure: float | None, of: float | None) -> float | None:
    return None if figure is None or not of else figure / of


def _cpu(costs: Mapping[str, Cost], name: str) -> float | None:
    return costs[name].cpu if name in costs else None


def _wall(costs: Mapping[str, Cost], name: str) -> float | None:
    return costs[name].wall if name in costs else None


def _megabytes(costs: Mapping[str, Cost], name: str) -> float | None:
    return costs[name].megabytes if name in costs else None
