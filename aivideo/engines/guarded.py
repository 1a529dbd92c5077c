"""Downloads of direct links: the one way in which a stranger's file comes here.

Only encrypted links to the hosts that a source is known for are followed, hop by hop, and only
to public addresses (``network``). What comes must say that it is of a kind that was asked for,
may not be larger than was allowed, and is published only after it was found to be right. A
download that broke off leaves its part and goes on from there while the file is still the same.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import filelock
import httpx

from aivideo.engines.incoming import give_up_old_parts
from aivideo.engines.network import (
    Forbidden,
    Network,
    Patience,
    TooLong,
    Transport,
    Watch,
    client,
    permitted,
)
from aivideo.engines.resting import Rest
from aivideo.engines.waiting import TICK, Reporter, aside
from aivideo.errors import ClipUnusable, DownloadBrokeOff, DownloadRefused, StockLimited
from aivideo.progress import Progress, Work
from aivideo.workspace import Workspace, writing

HOPS: Final = 5
"""Redirects that are followed."""
REST: Final = 60.0
"""Seconds in which a host is left alone that does not say for how long."""

_UNKNOWN: Final = ("application/octet-stream", "binary/octet-stream")
_PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "image/tiff")
_PLACE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_UNPACKED: Final = frozenset({"", "identity"})


@dataclass(frozen=True)
class Load:
    """What may come.

    Attributes:
        called: What it is, for a sentence.
        types: Media types, or how they begin.
        most: Bytes of the largest.
        turns: How many of its kind come at a time.
    """

    called: str
    types: tuple[str, ...]
    most: int
    turns: threading.BoundedSemaphore


FILM: Final = Load(
    "a video",
    ("video/", "application/ogg", *_UNKNOWN),
    500_000_000,
    threading.BoundedSemaphore(2),
)
STILL: Final = Load("a picture", (*_PICTURES, *_UNKNOWN), 30_000_000, threading.BoundedSemaphore(3))
THUMBNAIL: Final = Load(
    "a small picture", (*_PICTURES, *_UNKNOWN), 2_000_000, threading.BoundedSemaphore(3)
)


@dataclass(frozen=True)
class Order:
    """One file that is to come.

    Attributes:
        address: Where it lies.
        name: What people call it.
        source: Who has it, for sentences.
        hosts: Where that source keeps files; the hosts below these as well.
        load: What may come.
        final: Where it goes.
        publish: Is handed what came, and where to put what it makes of it; a failure that it
            raises means that what came is worth nothing.
        agent: Who asks, as it is told to the host.
        size: Bytes as the source says; 0 when it does not.
    """

    address: str
    name: str
    source: str
    hosts: tuple[str, ...]
    load: Load
    final: Path
    publish: Callable[[Path, Path], None]
    agent: str
    size: int = 0


def bring(
    workspace: Workspace, order: Order, *, network: Network, patience: Patience
) -> Work[Path]:
    """Bring a file to this machine; one that is here already is not brought again.

    Raises:
        DownloadRefused: It is not where, what, or as small as it should be.
        ClipUnusable: Its source does not have it any more.
        StockLimited: Its host was asked too often.
        DownloadBrokeOff: It did not come to its end.
        DiskFull: There is no room for it.
    """
    if not workspace.use(order.final):
        if order.size > order.load.most:
            raise _too_large(order)
        workspace.ensure_room(order.size or order.load.most)
        coming = partial(_bring, workspace, order, network, patience)
        yield from aside(coming, f"Asking {order.source}")
    yield Progress(1.0)
    return order.final


class _Part:
    """What has come of a file so far, and by what its host tells that file from another."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.part"
        self._mark = folder / f"{name}.mark"

    def asked(self) -> tuple[int, Mapping[str, str]]:
        """From which byte on the file is wanted, and how to ask for that."""
        if not (self.path.is_file() and self._mark.is_file()):
            return 0, {}
        have = self.path.stat().st_size
        mark = self._mark.read_text("ascii")
        return (have, {"Range": f"bytes={have}-", "If-Range": mark}) if have else (0, {})

    def remember(self, headers: httpx.Headers) -> None:
        """Keep what the rest may be asked for with; without that it begins anew."""
        strong = headers.get("etag", "")
        mark = headers.get("last-modified", "") if strong.startswith("W/") or not strong else strong
        self._mark.unlink(missing_ok=True)
        if mark and mark.isascii():
            self._mark.write_text(mark, "ascii")

    def drop(self) -> None:
        """Begin anew the next time."""
        self.path.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)


class _AnotherTry(Exception):
    """It failed in a way that may be over in a moment."""


def _bring(
    workspace: Workspace, order: Order, network: Network, patience: Patience, reporter: Reporter
) -> None:
    """Download, look whether it is right, publish; runs in a thread of its own."""
    folder = workspace.folder("incoming")
    give_up_old_parts(folder)
    asking = _Asking(network, patience, Watch(reporter.stop, patience.total), reporter)
    try:
        with _alone(folder / f"{order.final.stem}.lock", asking), _turn(order, asking):
            if not workspace.use(order.final):
                _take(workspace, order, _Part(folder, order.final.stem), asking)
    except TooLong as problem:
        raise DownloadBrokeOff(order.name, detail=repr(problem)) from problem


def _take(workspace: Workspace, order: Order, part: _Part, asking: _Asking) -> None:
    """Have the part become whole, and publish what is made of it."""
    try:
        _fetch(workspace, order, part, asking)
        with workspace.draft(order.final) as draft:
            order.publish(part.path, draft)
    except (DownloadRefused, ClipUnusable):
        part.drop()
        raise
    part.drop()


@dataclass(frozen=True)
class _Asking:
    """How a host is asked."""

    network: Network
    patience: Patience
    watch: Watch
    reporter: Reporter


def _fetch(workspace: Workspace, order: Order, part: _Part, asking: _Asking) -> None:
    """Try until the part is whole.

    Raises:
        DownloadBrokeOff: It was tried often enough.
    """
    said = []
    for left in reversed(range(asking.patience.tries)):
        try:
            _try(workspace, order, part, asking)
        except Forbidden as problem:
            raise DownloadRefused(order.name, str(problem)) from problem
        except (httpx.TransportError, _AnotherTry) as problem:
            said.append(repr(problem))
        else:
            return
        if left:
            asking.watch.pause(asking.patience.pause)
    raise DownloadBrokeOff(order.name, detail="\n".join(said))


def _try(workspace: Workspace, order: Order, part: _Part, asking: _Asking) -> None:
    """Follow the address to the file, and take what is missing of it."""
    told = {"User-Agent": order.agent, "Accept-Encoding": "identity"}
    transport = Transport(asking.network, asking.watch)
    with client(transport, asking.patience, told) as asked:
        address = order.address
        for _ in range(HOPS + 1):
            url = permitted(address, order.hosts)
            _leave_alone(url.host, order, asking.network)
            start, wanted = part.asked()
            with asked.stream("GET", url, headers=wanted) as answer:
                if not answer.has_redirect_location:
                    _refuse(answer, order, part, asking.network)
                    _receive(workspace, order, part, (answer, start), asking)
                    return
                address = str(url.join(answer.headers["location"]))
    raise Forbidden("its address leads from one to another without end")


def _leave_alone(host: str, order: Order, network: Network) -> None:
    """Do not ask a host that wants to be left alone."""
    rest = network.rests.get(host, Rest(0.0))
    if not rest.is_over:
        raise StockLimited(order.source, rest.clock, detail=f"{host} was asked too often")


def _refuse(answer: httpx.Response, order: Order, part: _Part, network: Network) -> None:
    """Take nothing that is not the file that was asked for."""
    status = answer.status_code
    if status in {404, 410}:
        raise ClipUnusable(order.name, f"{order.source} does not have it any more")
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        part.drop()
        raise _AnotherTry("the part is not one of this file")
    rest = Rest.told(answer.headers)
    if status == httpx.codes.TOO_MANY_REQUESTS or (status in {503, 509} and rest):
        network.rests[answer.url.host] = rest or Rest.of(REST)
        _leave_alone(answer.url.host, order, network)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise _AnotherTry(f"status {status}")
    if status not in {200, 206}:
        raise DownloadRefused(order.name, f"{answer.url.host} refuses it (status {status})")
    _refuse_kind(answer, order)


def _refuse_kind(answer: httpx.Response, order: Order) -> None:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.startswith(order.load.types):
        said = kind or "something of no kind"
        raise DownloadRefused(order.name, f"what lies there is {said}, not {order.load.called}")
    if answer.headers.get("content-encoding", "").strip().lower() not in _UNPACKED:
        raise DownloadRefused(order.name, "it comes packed, which was not asked for")


def _receive(
    workspace: Workspace,
    order: Order,
    part: _Part,
    given: tuple[httpx.Response, int],
    asking: _Asking,
) -> None:
    """Write what comes to the part's end."""
    answer, asked_from = given
    start = _beginning(answer, asked_from, part)
    length = answer.headers.get("content-length", "")
    total = start + int(length) if length.isdecimal() else None
    if (total or 0) > order.load.most:
        raise _too_large(order)
    workspace.ensure_room((total or order.load.most) - start)
    part.remember(answer.headers)
    done = start
    with writing(part.path), part.path.open("ab" if start else "wb") as file:
        for block in answer.iter_raw():
            done += len(block)
            if done > order.load.most:
                raise _too_large(order)
            file.write(block)
            asking.watch.look()
            asking.reporter.tell(min(1.0, done / (total or order.load.most)), _said(done, total))


def _beginning(answer: httpx.Response, asked_from: int, part: _Part) -> int:
    """At which byte of the file the answer begins."""
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0
    found = _PLACE.match(answer.headers.get("content-range", ""))
    if not asked_from or found is None or int(found[1]) != asked_from:
        part.drop()
        raise _AnotherTry(f"another part came: {answer.headers.get('content-range')}")
    return asked_from


def _said(done: int, total: int | None) -> str:
    of = f" of {total / 1e6:.1f}" if total else ""
    return f"Downloading, {done / 1e6:.1f}{of} MB"


def _too_large(order: Order) -> DownloadRefused:
    limit = order.load.most // 1_000_000
    return DownloadRefused(order.name, f"it is larger than {limit} MB", lasts=True)


@contextmanager
def _alone(path: Path, asking: _Asking) -> Iterator[None]:
    """Wait while another process brings the same."""
    lock = filelock.FileLock(path)
    while not lock.is_locked:
        asking.watch.look()
        try:
            lock.acquire(timeout=TICK)
        except filelock.Timeout:
            asking.reporter.tell(0.0, "Another window is bringing this")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _turn(order: Order, asking: _Asking) -> Iterator[None]:
    """Wait while others of this process come."""
    while not order.load.turns.acquire(timeout=TICK):
        asking.watch.look()
        asking.reporter.tell(0.0, "Waiting for other downloads")
    try:
        yield
    finally:
        order.load.turns.release()
