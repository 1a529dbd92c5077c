"""Until when a service is to be left alone, as it says it: in seconds, as a date, as a moment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

LONGEST: Final = 31 * 24 * 3600.0
"""Seconds; what asks for more is taken for this."""
LEAST: Final = 1.0
"""Seconds; who asks for a rest gets at least this one."""
_A_MOMENT: Final = 1_000_000_000
"""From here on a number is a moment (seconds since 1970), below it a length of time."""
_A_DAY: Final = 24 * 3600


@dataclass(frozen=True)
class Rest:
    """A time in which a service is not asked.

    Attributes:
        until: When it ends, in seconds since 1970.
    """

    until: float

    @classmethod
    def of(cls, seconds: float) -> Self:
        """A rest of so many seconds from now on."""
        return cls(time.time() + min(max(seconds, 0.0), LONGEST))

    @classmethod
    def told(cls, headers: Mapping[str, str]) -> Self | None:
        """What an answer's headers ask for; None when they say nothing that can be read."""
        for name in ("retry-after", "x-ratelimit-reset"):
            seconds = _seconds(headers.get(name, ""))
            if seconds is not None:
                return cls.of(max(seconds, LEAST))
        return None

    @property
    def is_over(self) -> bool:
        """Whether the service may be asked again."""
        return time.time() >= self.until

    @property
    def clock(self) -> str:
        """When it ends, as the clock here will show it; with the date when that is another day."""
        ends = datetime.fromtimestamp(self.until).astimezone()
        return f"{ends:%H:%M}" if self.until - time.time() < _A_DAY else f"{ends:%Y-%m-%d %H:%M}"


def _seconds(said: str) -> float | None:
    """How long from now a header means."""
    try:
        number = float(said)
    except ValueError:
        return _until_date(said)
    if not number >= 0:  # a NaN as well
        return None
    return number - time.time() if number > _A_MOMENT else number


def _until_date(said: str) -> float | None:
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()
