"""A stand-in for YouTube's web site on this machine, so that the real downloader can be tested.

It is a proxy that ends the encryption itself and plays ``www.youtube.com`` and
``*.googlevideo.com``: yt-dlp looks a video up, picks a format and downloads it by ranges, and
what it says of a refusal are its own words.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import serving

CREATIVE_COMMONS: Final = "Creative Commons Attribution license (reuse allowed)"
CLIENT: Final = {
    "INNERTUBE_API_KEY": "k",
    "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
    "INNERTUBE_CONTEXT": {
        "client": {
            "clientName": "WEB",
            "clientVersion": "2.20260708.00.00",
            "hl": "en",
            "visitorData": "abc",
        }
    },
}


@dataclass
class SiteVideo:
    """One video of the site.

    Attributes:
        file: Its media; without one it is refused with ``reason``.
        licence: What its page says; empty for the standard one.
        seconds: The length that it claims.
        live: Whether it is a stream.
        bytes_a_second: How fast it comes; 0 for at once.
        status: The HTTP status of its media when it is not to be had.
    """

    file: Path | None = None
    licence: str = CREATIVE_COMMONS
    seconds: int = 2
    live: bool = False
    reason: str = "Video unavailable"
    bytes_a_second: int = 0
    status: int = 0
    breaks_off: bool = False


class YouTubeSite:
    """The site: its videos, and which ranges of media were asked for."""

    def __init__(self, folder: Path) -> None:
        self.videos: dict[str, SiteVideo] = {}
        self.ranges: list[str] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(_certificate(folder))
        self.options: Mapping[str, object] = {}

    @contextmanager
    def running(self) -> Iterator[YouTubeSite]:
        """Answer while the block lasts."""
        with serving(type("Own", (Handler,), {"site": self})) as port:
            self.options = {
                "proxy": f"http://127.0.0.1:{port}",
                "nocheckcertificate": True,
                "sleep_interval_requests": 0,
            }
            yield self

    def encrypt(self, handler: BaseHTTPRequestHandler) -> None:
        """Speak TLS from here on, as the host that was asked for."""
        handler.connection = self._tls.wrap_socket(handler.connection, server_side=True)
        handler.rfile = handler.connection.makefile("rb")
        handler.wfile = handler.connection.makefile("wb", 0)

    def player(self, video_id: str) -> Mapping[str, Any]:
        """What the player is told about a video."""
        video = self.videos.get(video_id, SiteVideo())
        told: dict[str, Any] = {
            "playabilityStatus": {"status": "OK" if video.file else "ERROR"},
            "videoDetails": {
                "videoId": video_id,
                "title": "Ocean waves",
                "lengthSeconds": str(video.seconds),
                "channelId": "UC" + "a" * 22,
                "author": "Open Footage",
                "isLiveContent": video.live,
                "isLive": video.live,
            },
        }
        if video.file is None:
            told["playabilityStatus"]["reason"] = video.reason
        else:
            told["streamingData"] = {"adaptiveFormats": [_format(video_id, video, video.file)]}
        return told

    def beside(self, video_id: str) -> Mapping[str, Any]:
        """What stands beside a video on its page: its licence."""
        licence = self.videos.get(video_id, SiteVideo()).licence
        row = {
            "metadataRowRenderer": {
                "title": {"simpleText": "License"},
                "contents": [{"runs": [{"text": licence}]}],
            }
        }
        about = {
            "videoSecondaryInfoRenderer": {
                "metadataRowContainer": {
                    "metadataRowContainerRenderer": {"rows": [row] if licence else []}
                }
            }
        }
        results = {"results": {"contents": [{"videoPrimaryInfoRenderer": {}}, about]}}
        return {"contents": {"twoColumnWatchNextResults": {"results": results}}}

    def page(self, video_id: str) -> str:
        """The page of a video."""
        return (
            f"<html><script>ytcfg.set({json.dumps(CLIENT)});</script>"
            f"<script>var ytInitialPlayerResponse = {json.dumps(self.player(video_id))};</script>"
            f"<script>var ytInitialData = {json.dumps(self.beside(video_id))};</script></html>"
        )


def _format(video_id: str, video: SiteVideo, file: Path) -> Mapping[str, Any]:
    return {
        "itag": 137,
        "mimeType": 'video/mp4; codecs="avc1.640028"',
        "contentLength": str(file.stat().st_size),
        "bitrate": 100_000,
        "approxDurationMs": str(1000 * video.seconds),
        "url": f"https://rr1.googlevideo.com/videoplayback?id={video_id}&itag=137",
        "width": 320,
        "height": 180,
        "fps": 30,
        "qualityLabel": "180p",
    }


def _certificate(folder: Path) -> Path:
    """A key and a certificate that nobody trusts, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "stand-in.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Handler(BaseHTTPRequestHandler):
    """One connection to the site."""

    protocol_version = "HTTP/1.1"
    site: YouTubeSite
    host = ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep quiet."""

    def finish(self) -> None:
        """Close what ``encrypt`` opened: the server only knows the bare connection."""
        super().finish()
        self.connection.close()

    def do_CONNECT(self) -> None:
        """Begin to speak for a host."""
        self.host = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        self.site.encrypt(self)
        self.close_connection = False

    def do_GET(self) -> None:
        """Give a page, or media."""
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if self.host.endswith("googlevideo.com"):
            self._media(self.site.videos[asked["id"]])
        elif address.path == "/watch":
            self._send(self.site.page(asked["v"]).encode(), "text/html")
        else:
            self._send(b"<html></html>", "text/html")

    def do_POST(self) -> None:
        """Answer what the player asks."""
        length = int(self.headers.get("Content-Length", 0))
        asked = json.loads(self.rfile.read(length) or b"{}")
        method = urlsplit(self.path).path.rpartition("/")[2]
        answers = {"player": self.site.player, "next": self.site.beside}
        told = answers[method](asked["videoId"]) if method in answers else {}
        self._send(json.dumps(told).encode(), "application/json")

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _media(self, video: SiteVideo) -> None:
        data = video.file.read_bytes() if video.file else b""
        self.site.ranges.append(self.headers.get("Range", ""))
        found = re.match(r"bytes=(\d+)-(\d*)", self.site.ranges[-1])
        start = int(found[1]) if found else 0
        if video.status:
            self._send(b"", "text/html", video.status)
            return
        self.send_response(206 if found else 200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Length", str(len(data) - start))
        if found:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        self._pour(data[start:], video)

    def _pour(self, data: bytes, video: SiteVideo) -> None:
        step = video.bytes_a_second // 20 or len(data)
        for at in range(0, len(data), step):
            self.wfile.write(data[at : at + step])
            time.sleep(0.05 if video.bytes_a_second else 0.0)
            if video.breaks_off:
                self.close_connection = True
                return
