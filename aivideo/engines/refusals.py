"""What the refusals of model servers mean: their statuses, codes and words as our failures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from aivideo.errors import (
    AIVideoError,
    ConversationTooLong,
    ModelBusy,
    ModelFailed,
    ModelKeyRefused,
    ModelLoading,
    ModelQuota,
    ModelTooLarge,
)

NO_CREDIT: Final = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
)
TOO_LONG_CODES: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
TOO_LONG: Final = re.compile(
    r"maximum context|context (?:length|size|window)|too many (?:input )?tokens|"
    r"prompt is too long",
    re.IGNORECASE,
)
LOADING: Final = re.compile(r"\bloading\b", re.IGNORECASE)
BUSY: Final = re.compile(r"\bbusy\b|pending requests|overloaded", re.IGNORECASE)
MEMORY: Final = re.compile(r"(?:system|more) memory|out of memory", re.IGNORECASE)
NUMBER: Final = re.compile(r"\b(\d[\d,]*)\s*tokens|n_ctx\D{0,6}(\d+)", re.IGNORECASE)
KEYLIKE: Final = re.compile(r"\b(?:sk|pk|key|gsk)-[\w*.-]{4,}|Bearer\s+\S+")
"""What looks like a key; some servers repeat a part of it when they refuse it."""
SAID_LIMIT: Final = 500


@dataclass(frozen=True)
class Refusal:
    """A server's no.

    Attributes:
        status: The HTTP status; 0 where it came in the middle of an answer.
        said: Its words.
        code: What it calls this, for programs; blank when it calls it nothing.
        parameter: The part of the request that it does not take.
        retry_after: Seconds after which it may say yes.
        limit: The most tokens it reads, when it says so.
        tokens: How many tokens it was asked to read, when it says so.
        foreign: It is not in the form in which such servers refuse.
    """

    status: int
    said: str
    code: str = ""
    parameter: str = ""
    retry_after: float | None = None
    limit: int | None = None
    tokens: int = 0
    foreign: bool = False


def is_too_long(refusal: Refusal) -> bool:
    """Whether a server was given more than its model can read."""
    return refusal.code in TOO_LONG_CODES or TOO_LONG.search(refusal.said) is not None


def failure_of(
    refusal: Refusal, name: str, setting: str, *, tokens: int = 0, has_key: bool = True
) -> AIVideoError:
    """The failure that a refusal means, whatever the server.

    Args:
        refusal: What the server answered.
        name: Who answered, for people.
        setting: Where its key, or the account behind it, is set.
        tokens: About how many tokens it was asked to read.
        has_key: Whether it was given a key.
    """
    status, said = refusal.status, refusal.said
    if status in {401, 403}:
        return ModelKeyRefused(name, setting, status=status, has_key=has_key, detail=said)
    if status == httpx.codes.PAYMENT_REQUIRED or refusal.code in NO_CREDIT:
        return ModelQuota(name, status=status, detail=said)
    if status == httpx.codes.TOO_MANY_REQUESTS or BUSY.search(said):
        return ModelBusy(name, refusal.retry_after, status=status, detail=said)
    if is_too_long(refusal):
        return _too_long(refusal, name, tokens)
    return _unable(refusal, name)


def _unable(refusal: Refusal, name: str) -> AIVideoError:
    if refusal.status == httpx.codes.SERVICE_UNAVAILABLE and LOADING.search(refusal.said):
        return ModelLoading(name, detail=refusal.said)
    if MEMORY.search(refusal.said):
        return ModelTooLarge(name, detail=refusal.said)
    return ModelFailed(name, refusal.status, detail=refusal.said)


def _too_long(refusal: Refusal, name: str, tokens: int) -> AIVideoError:
    """With the numbers that the server names; the smallest is what it reads."""
    said = [int((a or b).replace(",", "")) for a, b in NUMBER.findall(refusal.said)]
    numbers = [number for number in said if number]
    limit = refusal.limit or min(numbers, default=None)
    return ConversationTooLong(
        name, refusal.tokens or max(tokens, *numbers, 0), limit, detail=refusal.said
    )


def seconds_until(retry_after: str | None) -> float | None:
    """The seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3)."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def without_keys(said: str, key: str = "") -> str:
    """Words of a server as they may be logged: short, and without anything like a key."""
    if key:
        said = said.replace(key, "(key)")
    return KEYLIKE.sub("(key)", said)[:SAID_LIMIT]
