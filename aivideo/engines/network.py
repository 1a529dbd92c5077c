"""The network for addresses that strangers name: encrypted, public, and cut when nobody waits.

A name is looked up once for each connection, what it leads to is checked, and exactly that is
connected to, so that no name can lead into the network of the person who runs this.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore
import httpx

from aivideo.engines.resting import Rest
from aivideo.engines.waiting import TICK

PORT: Final = 443
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv6 that carry one of IPv4 in their last four bytes (RFC 6052)."""
_NAME: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_MOST_ADDRESSES: Final = 4
"""How many of the addresses of a name are tried."""


class Forbidden(Exception):
    """An address that is not connected to; the reason is half a sentence."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class TooLong(Exception):
    """It has taken longer than it may, in all."""


@dataclass(frozen=True)
class Patience:
    """Seconds that are waited.

    Attributes:
        connect: For a connection.
        idle: For the next byte.
        total: For all of it.
        pause: Between two tries.
        tries: How often it is tried.
    """

    connect: float = 5.0
    idle: float = 15.0
    total: float = 1800.0
    pause: float = 1.0
    tries: int = 3


def addresses_of(host: str) -> list[str]:
    """What a name leads to.

    Raises:
        OSError: It leads nowhere, or nobody can be asked.
    """
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an address lies on the internet, not on this machine or in a network of one's own."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved)


@functools.cache
def certificates() -> ssl.SSLContext:
    """Whom we trust; read once, as that takes longer than a small answer."""
    return httpx.create_ssl_context()


@dataclass(frozen=True)
class Network:
    """The network as it is; tests put one of this machine in its place.

    Attributes:
        look_up: What a name leads to.
        permits: Whether an address may be connected to.
        port: Where the other side listens.
        trusted: Whose certificates are believed.
        rests: Which hosts want to be left alone, and until when.
    """

    look_up: Callable[[str], Sequence[str]] = addresses_of
    permits: Callable[[str], bool] = is_public
    port: int = PORT
    trusted: Callable[[], ssl.SSLContext] = certificates
    rests: dict[str, Rest] = field(default_factory=dict, compare=False)


class Watch:
    """Whether somebody still waits, and for how much longer.

    Args:
        stop: Is set when nobody waits any more.
        seconds: How long all of it may take.
    """

    def __init__(self, stop: threading.Event, seconds: float) -> None:
        self._stop = stop
        self._ends = time.monotonic() + seconds

    def look(self) -> None:
        """Go on only while there is a reason to.

        Raises:
            Abandoned: Nobody waits any more.
            TooLong: It has taken too long.
        """
        if self._stop.is_set():
            raise Abandoned
        if time.monotonic() > self._ends:
            raise TooLong("it took too long in all")

    def pause(self, seconds: float) -> None:
        """Wait, unless nobody waits for us."""
        self._stop.wait(seconds)
        self.look()


def client(transport: Transport, patience: Patience, headers: Mapping[str, str]) -> httpx.Client:
    """A client that keeps to all that; it follows no redirect and asks no proxy."""
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(patience.idle, connect=patience.connect),
        follow_redirects=False,
        trust_env=False,
        headers=dict(headers),
    )


class Transport(httpx.HTTPTransport):
    """httpx's own transport over connections that are checked.

    Args:
        network: What may be connected to.
        watch: Whether somebody still waits.
        hidden: Parameters that join an address on its way out only: who calls, logs and fails
            knows the address without them.
    """

    def __init__(
        self, network: Network, watch: Watch, hidden: Mapping[str, str] | None = None
    ) -> None:
        trusted = network.trusted()
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted, network_backend=_Backend(network, watch)
        )
        self._hidden = dict(hidden or {})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with what is hidden."""
        if not self._hidden:
            return super().handle_request(request)
        full = httpx.Request(
            request.method,
            request.url.copy_merge_params(self._hidden),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(full)


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, never to a name."""

    def __init__(self, network: Network, watch: Watch) -> None:
        self._network = network
        self._watch = watch
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to what a host's name leads to.

        Raises:
            Forbidden: It leads to no place on the internet, or another port is meant.
        """
        if port != PORT:
            raise Forbidden(f"its address names the port {port}")
        failure: Exception = httpcore.ConnectError(f"{host} leads nowhere")
        for address in self._permitted(host)[:_MOST_ADDRESSES]:
            self._watch.look()
            try:
                stream = self._plain.connect_tcp(
                    address, self._network.port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                failure = problem
            else:
                return _Stream(stream, self._watch)
        raise failure

    def _permitted(self, host: str) -> list[str]:
        try:
            found = list(dict.fromkeys(self._network.look_up(host)))
        except (OSError, UnicodeError) as problem:
            raise httpcore.ConnectError(f"{host}: {problem}") from problem
        public = [address for address in found if self._network.permits(address)]
        if found and not public:
            raise Forbidden(f"{host} leads to no place on the internet")
        return public


class _Stream(httpcore.NetworkStream):
    """A connection whose reader looks up, several times a second, whether to go on."""

    def __init__(self, inner: httpcore.NetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        ends = time.monotonic() + (timeout or TICK)
        while True:
            self._watch.look()
            left = ends - time.monotonic()
            if left <= 0:
                raise httpcore.ReadTimeout("nothing came for too long")
            try:
                return self._inner.read(max_bytes, min(TICK, left))
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        encrypted = self._inner.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(encrypted, self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def permitted(address: str, hosts: Iterable[str]) -> httpx.URL:
    """An address that may be asked: encrypted, at one of these hosts or of theirs.

    Raises:
        Forbidden: It is none.
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as problem:
        raise Forbidden("its address cannot be read") from problem
    if url.scheme != "https":
        raise Forbidden("its address is not an encrypted one (https)")
    if url.userinfo or (url.port or PORT) != PORT:
        raise Forbidden("its address names a user or a port")
    if not _NAME.fullmatch(url.host):
        raise Forbidden("its address names no host")
    if not any(url.host == one or url.host.endswith(f".{one}") for one in hosts):
        raise Forbidden(f"it leads to {url.host}, where its source keeps no files")
    return url
