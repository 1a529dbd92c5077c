"""Asking a stock source: through the cache, one question at a time, and never too often.

A key is known to the connection alone: it stands in no address that is kept, logged or told.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from aivideo import __version__
from aivideo.answers import Answers
from aivideo.engines.finding import Kind
from aivideo.engines.network import (
    Forbidden,
    Network,
    Patience,
    TooLong,
    Transport,
    Watch,
    client,
)
from aivideo.engines.resting import Rest
from aivideo.engines.waiting import TICK, Reporter, aside
from aivideo.errors import (
    AIVideoError,
    StockAnswerBroken,
    StockContactWanted,
    StockKeyRefused,
    StockLimited,
    StockRefused,
    StockUnreachable,
)
from aivideo.progress import Work

logger = logging.getLogger(__name__)

ASKING: Final = Patience(connect=5, idle=10, total=30)
"""How long a search may take."""
LARGEST_ANSWER: Final = 10_000_000
"""Bytes."""
PACKED: Final = frozenset({"identity", "gzip", "deflate"})
"""How an answer may be packed: none of these makes more than a thousandfold of what came."""
A_WEEK: Final = timedelta(days=7)

NO_ANSWER: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What reading raises where something is not of the shape that it should be."""

_SHOWN: Final = 300


@dataclass(frozen=True)
class Service:
    """What is known of a source.

    Attributes:
        name: In settings and tables.
        title: What people call it.
        says: What it has and under which terms, one sentence.
        kinds: What it offers.
        terms: Where people read its terms.
        hosts: Where it keeps files; the hosts below these as well.
        setting: The setting with its key; empty when it wants none.
        key_address: Where a key is made.
        lasts: How long its answers are used again.
        rest: Seconds in which it is left alone when it does not say for how long.
        wants_contact: Whether it turns away those who do not say who they are.
    """

    name: str
    title: str
    says: str
    kinds: tuple[Kind, ...]
    terms: str
    hosts: tuple[str, ...]
    setting: str = ""
    key_address: str = ""
    lasts: timedelta = A_WEEK
    rest: float = 60.0
    wants_contact: bool = False


@dataclass(frozen=True)
class Question:
    """One search.

    Attributes:
        kind: What is searched for.
        address: Who is asked.
        parameters: Everything that decides the answer, and nothing secret.
    """

    kind: Kind
    address: str
    parameters: Mapping[str, str]

    @property
    def asked(self) -> dict[str, object]:
        """The question as the cache knows it."""
        return {"address": self.address, **self.parameters}


@dataclass(frozen=True)
class Secret:
    """A key, as it goes out.

    Attributes:
        value: The key itself.
        headers: Headers that carry it.
        parameters: Parameters that carry it.
    """

    value: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def masked(self, text: str) -> str:
        """A text without the key, should it stand in it."""
        for written in {self.value, quote(self.value, safe="")} - {""}:
            text = text.replace(written, "***")
        return text


def bare_key(setting: SecretStr | None) -> str:
    """A key as it was set, without blanks around it; empty when there is none."""
    return setting.get_secret_value().strip() if setting else ""


class _Masking(logging.Filter):
    """Keeps keys out of what connections log, should an answer repeat one."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, Secret] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask every key that was used so far."""
        text = record.getMessage()
        for secret in list(self.secrets.values()):
            text = secret.masked(text)
        record.msg, record.args = text, ()
        return True


_MASKING: Final = _Masking()
NO_SECRET: Final = Secret()


class StockApi:
    """The search of one source.

    Args:
        service: Which source.
        answers: Where its answers are kept.
        agent: Who asks, as the source is told.
        network: What may be connected to.
        patience: How long a search may take.
    """

    def __init__(
        self,
        service: Service,
        answers: Answers,
        *,
        agent: str,
        network: Network,
        patience: Patience = ASKING,
    ) -> None:
        self._service = service
        self._answers = answers
        self._agent = agent
        self._network = network
        self._patience = patience
        self._rest = Rest(0.0)
        self._turn = threading.Lock()

    @property
    def rest(self) -> Rest:
        """Until when the source wants to be left alone."""
        return self._rest

    def ask(
        self, question: Question, rows: Callable[[Any], list[Any]], secret: Secret = NO_SECRET
    ) -> Work[list[Any]]:
        """What the source answers; what it answered lately is used again.

        Args:
            question: The search.
            rows: The found things in an answer; a failure of ``NO_ANSWER`` means that
                it is none.
            secret: The key.

        Raises:
            StockKeyRefused: The key is not accepted.
            StockLimited: It was asked too often.
            StockUnreachable: It does not answer.
            StockAnswerBroken: What came back is no answer.
            StockContactWanted: It wants to know who asks.
            StockRefused: It refuses the search.
        """
        kept = self._kept(question, rows)
        if kept is not None:
            return kept
        call = partial(self._in_turn, question, rows, secret)
        return (yield from aside(call, f"Asking {self._service.title}"))

    def _in_turn(
        self,
        question: Question,
        rows: Callable[[Any], list[Any]],
        secret: Secret,
        reporter: Reporter,
    ) -> list[Any]:
        """Ask when nobody else of this process does; runs in a thread of its own."""
        watch = Watch(reporter.stop, 10 * self._patience.total)
        with self._told_apart(secret), self._alone(watch):
            kept = self._kept(question, rows)
            if kept is not None:
                return kept
            if not self._rest.is_over:
                raise StockLimited(self._service.title, self._rest.clock)
            text = secret.masked(self._get(question, secret, reporter))
            answer, found = self._understood(text, rows)
            self._answers.keep(self._service.name, question.asked, answer, self._service.lasts)
            return found

    def _kept(self, question: Question, rows: Callable[[Any], list[Any]]) -> list[Any] | None:
        """What was found lately; None when that was never, or cannot be read any more."""
        kept = self._answers.recall(self._service.name, question.asked)
        with suppress(*NO_ANSWER):
            return None if kept is None else list(rows(kept))
        return None

    @contextmanager
    def _alone(self, watch: Watch) -> Iterator[None]:
        while not self._turn.acquire(timeout=TICK):
            watch.look()
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _told_apart(self, secret: Secret) -> Iterator[None]:
        """Turn what connections say into our sentences."""
        try:
            yield
        except (httpx.DecodingError, httpx.RemoteProtocolError) as problem:
            said = secret.masked(repr(problem))
            raise StockAnswerBroken(self._service.title, detail=said) from None
        except (httpx.HTTPError, httpx.InvalidURL, Forbidden, TooLong) as problem:
            said = secret.masked(repr(problem))
            raise StockUnreachable(self._service.title, detail=said) from None

    def _get(self, question: Question, secret: Secret, reporter: Reporter) -> str:
        watch = Watch(reporter.stop, self._patience.total)
        transport = Transport(self._network, watch, secret.parameters)
        headers = {
            "User-Agent": self._agent,
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            **secret.headers,
        }
        _keep_from_logs(secret)
        with (
            client(transport, self._patience, headers) as asked,
            asked.stream("GET", question.address, params=dict(question.parameters)) as answer,
        ):
            if answer.headers.get("content-encoding", "identity") not in PACKED:
                raise StockAnswerBroken(self._service.title, detail="it comes packed strangely")
            body = bytearray()
            for block in answer.iter_bytes():
                body += block
                watch.look()
                if len(body) > LARGEST_ANSWER:
                    raise StockAnswerBroken(self._service.title, detail="it is too large")
            text = body.decode("utf-8", "replace")
            self._note_rest(answer)
            if answer.status_code != httpx.codes.OK:
                raise self._failure(answer, secret.masked(text[:_SHOWN]))
            return text

    def _note_rest(self, answer: httpx.Response) -> None:
        """Remember when the source does not want to be asked before some moment."""
        limited = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        used_up = answer.headers.get("x-ratelimit-remaining") == "0"
        busy = answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
        told = Rest.told(answer.headers)
        if limited or (used_up and told) or (busy and "retry-after" in answer.headers and told):
            self._rest = told or Rest.of(self._service.rest)
            logger.info("%s is not asked until %s", self._service.title, self._rest.clock)

    def _failure(self, answer: httpx.Response, text: str) -> AIVideoError:
        """What an answer that is none stands for."""
        service, status = self._service, answer.status_code
        detail = f"status {status}: {text}"
        if not self._rest.is_over:
            return StockLimited(service.title, self._rest.clock, detail=detail)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return StockUnreachable(service.title, detail=detail)
        # A page is the word of something that stands before the service, not of the service.
        page = "html" in answer.headers.get("content-type", "")
        about_key = (status in {401, 403} and not page) or "api key" in text.lower()
        if about_key and service.setting:
            return StockKeyRefused(
                service.title, service.setting, service.key_address, detail=detail
            )
        if status == httpx.codes.FORBIDDEN and service.wants_contact:
            return StockContactWanted(service.title, detail=detail)
        if status < httpx.codes.BAD_REQUEST:
            return StockAnswerBroken(service.title, detail=detail)
        return StockRefused(service.title, status, detail=detail)

    def _understood(self, text: str, rows: Callable[[Any], list[Any]]) -> tuple[Any, list[Any]]:
        try:
            answer = json.loads(text)
            return answer, list(rows(answer))
        except (*NO_ANSWER, RecursionError) as problem:
            detail = f"{problem!r}: {text[:_SHOWN]}"
            raise StockAnswerBroken(self._service.title, detail=detail) from None


def _keep_from_logs(secret: Secret) -> None:
    if secret.value:
        _MASKING.secrets[secret.value] = secret
        logging.getLogger("httpcore.http11").addFilter(_MASKING)


def agent(contact: str) -> str:
    """Who we are, as every source is told."""
    clean = "".join(sign for sign in contact if sign.isascii() and sign.isprintable())
    return f"ai-video-generator/{__version__} ({clean.strip() or 'an app for one person'})"
