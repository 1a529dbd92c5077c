"""How many YouTube searches were made today: a key has a hundred, counted in Pacific days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import filelock
from pydantic import SecretStr

from aivideo.workspace import Workspace

A_DAY: Final = 100


@dataclass
class Day:
    """One day's searches.

    Attributes:
        day: The Pacific date, ISO 8601.
        made: How many went out.
        used_up: Whether YouTube has said that there are no more today.
    """

    day: str
    made: int = 0
    used_up: bool = False


class Searches:
    """The count of one key, kept in a file of the workspace so that every process sees the same.

    The file's name tells one key from another by a few signs of a hash, which tell nothing of it.
    """

    def __init__(self, workspace: Workspace, key: SecretStr | None = None) -> None:
        self._workspace = workspace
        secret = "" if key is None else key.get_secret_value()
        self._key = hashlib.sha256(secret.encode()).hexdigest()[:8]

    def today(self) -> Day:
        """Today's searches so far."""
        return self._read()

    @property
    def left(self) -> int:
        """How many more searches today has, as far as we know."""
        day = self.today()
        return 0 if day.used_up else max(0, A_DAY - day.made)

    def count(self) -> None:
        """One more search goes out."""
        with self._changing() as day:
            day.made += 1

    def take_back(self) -> None:
        """The last one did not arrive."""
        with self._changing() as day:
            day.made = max(0, day.made - 1)

    def use_up(self) -> None:
        """YouTube says that there are no more today."""
        with self._changing() as day:
            day.used_up = True

    @property
    def _file(self) -> Path:
        return self._workspace.folder("youtube") / f"searches-{self._key}.json"

    def _read(self) -> Day:
        today = Day(pacific_day().isoformat())
        try:
            day = Day(**json.loads(self._file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return today
        return day if day.day == today.day else today

    @contextmanager
    def _changing(self) -> Iterator[Day]:
        with filelock.FileLock(self._file.with_suffix(".lock")):
            day = self._read()
            yield day
            with self._workspace.draft(self._file) as draft:
                draft.write_text(json.dumps(asdict(day)), encoding="utf-8")


def pacific_day() -> date:
    """The date in California, where the count starts anew at midnight."""
    return datetime.now(_pacific()).date()


def returns_at() -> str:
    """When the count starts anew, as the clock here will show it, such as ``09:00``."""
    midnight = datetime.combine(pacific_day() + timedelta(days=1), datetime.min.time())
    return f"{midnight.replace(tzinfo=_pacific()).astimezone():%H:%M}"


def _pacific() -> tzinfo:
    try:
        return ZoneInfo("America/Los_Angeles")
    except ZoneInfoNotFoundError:  # a machine without time zones; an hour off in summer
        return timezone(timedelta(hours=-8))
