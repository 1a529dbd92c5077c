"""Encrypted hosts on this machine, by whatever name they are asked for, and as bad as told.

One server plays every host: the name that a client asks for decides what it gets, as it would on
the internet. ``network`` leads every name to it, trusts its certificate alone, and permits no
other place.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import serving

from aivideo.engines.network import Network

HERE: Final = "127.0.0.1"
PATIENCE: Final = 10.0
"""Seconds after which a stalled answer ends by itself, should nobody end it."""


@dataclass
class Served:
    """What lies at an address, and what goes wrong there.

    Attributes:
        data: The bytes.
        kind: The media type that is told.
        status: The HTTP status.
        headers: More headers, such as an ``ETag`` or a ``Location``.
        ranges: Whether a part may be asked for.
        shift: By how much a part begins elsewhere than was asked for.
        told: The length that is told; None for the right one, -1 for none.
        breaks: After how many bytes the next answers break off, one each.
        stalls: After how many bytes it says nothing more; -1 for never.
    """

    data: bytes = b""
    kind: str = "video/mp4"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    ranges: bool = True
    shift: int = 0
    told: int | None = None
    breaks: list[int] = field(default_factory=list)
    stalls: int = -1


@dataclass(frozen=True)
class Asked:
    """One request that came.

    Attributes:
        address: What was asked for, without parameters.
        parameters: Those.
        headers: Its headers, their names in lower case.
    """

    address: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]


class Host:
    """The server: what lies where, and what was asked.

    Args:
        folder: Where its certificate is kept.
        names: The names that its certificate is for.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.files: dict[str, Served] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self.network = Network()
        self.looked_up: list[str] = []
        self.leads_to: dict[str, list[str]] = {}
        """What names lead to, one look after the other; everything else leads here."""
        self._certificate = make_certificate(folder, names)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self._certificate)

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Answer while the block lasts."""
        with serving(type("Own", (Handler,), {"host": self})) as port:
            trusted = ssl.create_default_context(cafile=str(self._certificate))
            self.network = Network(
                look_up=self._look_up,
                permits=lambda address: address == HERE,
                port=port,
                trusted=lambda: trusted,
            )
            try:
                yield self
            finally:
                self.over.set()

    def answer(self, asked: Asked) -> Served:
        """What is given to a request."""
        return self.files.get(asked.address, Served(b"<html>no</html>", "text/html", status=404))

    @property
    def ranges(self) -> list[str]:
        """The ranges that were asked for, one for each request."""
        return [one.headers.get("range", "") for one in self.asked]

    def _look_up(self, name: str) -> Sequence[str]:
        self.looked_up.append(name)
        led = self.leads_to.get(name, [HERE])
        return [led.pop(0) if len(led) > 1 else led[0]]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out one after the other, without a pause
    host: Host

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep quiet."""

    def setup(self) -> None:
        """Speak TLS; who does not trust us is gone."""
        self._trusts_us = False
        with suppress(OSError):
            self.request = self.host.tls.wrap_socket(self.request, server_side=True)
            super().setup()
            self._trusts_us = True

    def handle(self) -> None:
        """Answer, unless the one who asks has gone."""
        if self._trusts_us:
            with suppress(OSError):
                super().handle()

    def finish(self) -> None:
        """Close what ``setup`` opened: the server only knows the bare connection."""
        with suppress(OSError):
            if self._trusts_us:
                super().finish()
        self.request.close()

    def do_GET(self) -> None:
        """Give what lies there."""
        told = {name.lower(): value for name, value in self.headers.items()}
        parts = urlsplit(self.path)
        address = f"https://{told['host']}{parts.path}"
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(address, parameters, told)
        self.host.asked.append(asked)
        self._give(self.host.answer(asked), told)

    def _give(self, served: Served, told: Mapping[str, str]) -> None:
        start = _start(served, told)
        data = served.data[start or 0 :]
        self.send_response(served.status if start is None else 206)
        self.send_header("Content-Type", served.kind)
        for name, value in served.headers.items():
            self.send_header(name, value)
        if start is not None:
            whole, first = len(served.data), start + served.shift
            self.send_header("Content-Range", f"bytes {first}-{whole - 1}/{whole}")
        if served.told == -1:
            self.send_header("Connection", "close")
        else:
            length = len(data) if served.told is None else served.told
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self._pour(data, served)

    def _pour(self, data: bytes, served: Served) -> None:
        if served.stalls >= 0:
            self.wfile.write(data[: served.stalls])
            self.host.over.wait(PATIENCE)
        elif served.breaks:
            self.wfile.write(data[: served.breaks.pop(0)])
        else:
            self.wfile.write(data)
            self.close_connection = served.told is not None
            return
        self.close_connection = True


def _start(served: Served, told: Mapping[str, str]) -> int | None:
    """From which byte on a part is given; None when all of it is."""
    found = re.fullmatch(r"bytes=(\d+)-", told.get("range", ""))
    same = told.get("if-range") in {
        served.headers.get("ETag"),
        served.headers.get("Last-Modified"),
    }
    given = found and same and served.ranges and served.status == 200
    return int(found[1]) if found and given else None


def make_certificate(folder: Path, names: Sequence[str]) -> Path:
    """A key and a certificate that vouches for itself and for these names, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    today = dt.datetime.now(dt.UTC)
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    signing = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_named(name) for name in names]), False)  # noqa: FBT003 - the vendor's order
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)  # noqa: FBT003 - the same
        .add_extension(signing, True)  # noqa: FBT003 - the same
        .add_extension(identity, False)  # noqa: FBT003 - the same
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{names[0].strip('*.')}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
