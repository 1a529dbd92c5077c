"""Connections to model servers: what they trust, where they lead, and how one is cut."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
AT_HOME: Final = (".local", ".lan", ".home", ".internal", ".home.arpa")
"""Endings of names that lead nowhere beyond a network of one's own (RFC 6762, RFC 8375)."""

TALKING: Final = httpx.Timeout(600, connect=5)
"""Seconds. A large model may load and read for minutes; one that does not run is soon known."""
LOOKING: Final = httpx.Timeout(3, connect=2)
LOOK_HOLDS: Final = 60.0
"""Seconds for which a server that answered is not looked for again before each turn."""
A_GLANCE: Final = httpx.Timeout(2, connect=1)
"""Seconds that a server has to show itself before another model takes over."""


class Line:
    """The connections of one request, so that it can be cut while its reader is blocked."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Keep the socket of each connection that httpx reports as made."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def cut(self) -> None:
        """End every connection; a blocked read in another thread comes back at once."""
        for connected in self._sockets:
            with contextlib.suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)


def client_options(url: str, timeout: httpx.Timeout, line: Line | None = None) -> dict[str, Any]:
    """The arguments of httpx's client for a server.

    A proxy of the environment is for the world outside, not for this machine. The certificates
    are read once: a client that reads its own takes longer than a small answer.

    Raises:
        httpx.InvalidURL: It is no address.
    """
    watched = [] if line is None else [_watching(line)]
    return {
        "timeout": timeout,
        "trust_env": host_of(url) not in THIS_MACHINE,
        "verify": _certificates(),
        "event_hooks": {"request": watched},
    }


def host_of(url: str) -> str:
    """The host that an address names.

    Raises:
        httpx.InvalidURL: It is no address.
    """
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError as problem:
        raise httpx.InvalidURL(str(problem)) from problem


def shown(url: str) -> str:
    """An address as it may be shown and logged: without a name and password in it.

    Raises:
        httpx.InvalidURL: It is no address.
    """
    before, slashes, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    return f"{before}{slashes}{host.rpartition('@')[2]}{slash}{path.partition('?')[0]}"


def is_private(host: str) -> bool:
    """Whether a host stands on this machine or in a network of one's own."""
    if host in THIS_MACHINE or host.endswith(AT_HOME) or ("." not in host and ":" not in host):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _watching(line: Line) -> Any:
    return lambda request: request.extensions.update(trace=line.watch)
