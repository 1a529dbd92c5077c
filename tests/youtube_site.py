"""A stand-in for YouTube's web site on this machine, so that the real downloader can be tested.

It is a proxy that ends the encryption itself and plays ``www.youtube.com`` and
``*.googlevideo.com``: yt-dlp looks a video up, picks a format and downloads it by ranges, and
what it says of a refusal are its own words.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import serving

from aivideo.engines.ffmpeg import FFmpeg
from aivideo.progress import finish

CREATIVE_COMMONS: Final = "Creative Commons Attribution license (reuse allowed)"
FILTER_LENGTH, FILTER_FREE = 3, 6
"""Fields of a search's filters: the length (1 is short), and Creative Commons only."""
SHORT: Final = 240
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
        live: Whether it is a stream that goes on.
        upcoming: Whether it is one that has not begun.
        reason: Why it is refused, as the site says it.
        because: The second line of that.
        protected: Whether it is encrypted.
        trailer: The video that is shown instead of one for sale.
        playlist: The folder of its segments and ``index.m3u8``, for one that has no whole file.
        sizes: In which sizes it is offered, by the number of the file.
        bytes_a_second: How fast it comes; 0 for at once.
        status: The HTTP status of its media when it is not to be had.
        breaks_off: Whether the connection breaks after the first bytes.
        stops_after: How many bytes come before nothing comes any more; 0 for all.
        moved: Whether its media has moved to another host.
    """

    file: Path | None = None
    licence: str = CREATIVE_COMMONS
    seconds: int = 2
    live: bool = False
    upcoming: bool = False
    reason: str = "Video unavailable"
    because: str = ""
    protected: bool = False
    trailer: str = ""
    playlist: Path | None = None
    sizes: Mapping[int, tuple[int, int]] = field(default_factory=lambda: {137: (320, 180)})
    bytes_a_second: int = 0
    status: int = 0
    breaks_off: bool = False
    stops_after: int = 0
    moved: bool = False
    title: str = "Ocean waves"

    @property
    def is_free(self) -> bool:
        """Whether it is under Creative Commons."""
        return self.licence == CREATIVE_COMMONS


class YouTubeSite:
    """The site: its videos, and which ranges of media were asked for."""

    def __init__(self, folder: Path) -> None:
        self.videos: dict[str, SiteVideo] = {}
        self.ranges: list[str] = []
        self.files: list[str] = []
        self.hosts: list[str] = []
        self.searches: list[Mapping[str, Any]] = []
        self.search_answer: Mapping[str, Any] | None = None
        self.over = threading.Event()
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
            try:
                yield self
            finally:
                self.over.set()

    def encrypt(self, handler: BaseHTTPRequestHandler) -> None:
        """Speak TLS from here on, as the host that was asked for."""
        handler.connection = self._tls.wrap_socket(handler.connection, server_side=True)
        handler.rfile = handler.connection.makefile("rb")
        handler.wfile = handler.connection.makefile("wb", 0)

    def player(self, video_id: str) -> Mapping[str, Any]:
        """What the player is told about a video."""
        video = self.videos.get(video_id, SiteVideo())
        playable = video.file is not None or video.playlist is not None
        told: dict[str, Any] = {
            "playabilityStatus": {"status": "OK" if playable else "ERROR"},
            "videoDetails": {
                "videoId": video_id,
                "title": video.title,
                "lengthSeconds": str(video.seconds),
                "channelId": "UC" + "a" * 22,
                "author": "Open Footage",
                "isLiveContent": video.live or video.upcoming,
                "isLive": video.live,
                "isUpcoming": video.upcoming,
            },
        }
        if playable:
            told["streamingData"] = _streaming(video_id, video)
        else:
            told["playabilityStatus"] |= _refusal(video)
        return told

    def search(self, query: str, filters: str) -> Mapping[str, Any]:
        """What the search page shows: the videos with a word of the query that the filters let by.

        The filters are read as the site reads them: numbered fields of a small message.
        """
        self.searches.append({"query": query, "filters": filters})
        if self.search_answer is not None:
            return self.search_answer
        asked = _fields(base64.b64decode(filters))
        words = set(query.lower().split())
        found = [
            _shown(video_id, video)
            for video_id, video in self.videos.items()
            if words & set(video.title.lower().split())
            and (not asked.get(FILTER_FREE) or video.is_free)
            and (asked.get(FILTER_LENGTH) != 1 or video.seconds < SHORT)
        ]
        section = {"itemSectionRenderer": {"contents": found}}
        results = {"primaryContents": {"sectionListRenderer": {"contents": [section]}}}
        return {"contents": {"twoColumnSearchResultsRenderer": results}}

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


def segmented(film: Path, folder: Path) -> Path:
    """A film as a list of segments of about five seconds, in a new folder."""
    folder.mkdir()
    cut = ("-c", "copy", "-f", "hls", "-hls_time", "5", "-hls_list_size", "0")
    names = ("-hls_segment_filename", str(folder / "part%d.ts"))
    finish(FFmpeg().run(["-i", str(film), *cut, *names], folder / "media.m3u8"))
    variant = '#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=320x180,CODECS="avc1.640028"'
    (folder / "index.m3u8").write_text(f"#EXTM3U\n{variant}\nmedia.m3u8\n", "utf-8")
    return folder


def _streaming(video_id: str, video: SiteVideo) -> Mapping[str, Any]:
    if video.protected:
        licence = {"drmFamily": "WIDEVINE", "url": "https://www.youtube.com/licence"}
        return {"formats": [], "adaptiveFormats": [], "licenseInfos": [licence]}
    if video.playlist is not None:
        host = "https://manifest.googlevideo.com/api/manifest/hls_variant"
        return {"hlsManifestUrl": f"{host}/{video_id}/index.m3u8"}
    formats = [_format(video_id, video, number) for number in video.sizes]
    return {"adaptiveFormats": formats}


def _format(video_id: str, video: SiteVideo, number: int) -> Mapping[str, Any]:
    width, height = video.sizes[number]
    return {
        "itag": number,
        "mimeType": 'video/mp4; codecs="avc1.640028"',
        "contentLength": str(video.file.stat().st_size) if video.file else "0",
        "bitrate": 100_000,
        "approxDurationMs": str(1000 * video.seconds),
        "url": f"https://rr1.googlevideo.com/videoplayback?id={video_id}&itag={number}",
        "width": width,
        "height": height,
        "fps": 30,
        "qualityLabel": f"{height}p",
    }


def _refusal(video: SiteVideo) -> Mapping[str, Any]:
    told: dict[str, Any] = {"reason": video.reason}
    if video.because:
        lines = {"reason": {"simpleText": video.reason}, "subreason": {"simpleText": video.because}}
        told["errorScreen"] = {"playerErrorMessageRenderer": lines}
    if video.trailer:
        trailer = {"trailerVideoId": video.trailer}
        told["errorScreen"] = {"playerLegacyDesktopYpcTrailerRenderer": trailer}
    return told


def _shown(video_id: str, video: SiteVideo) -> Mapping[str, Any]:
    """One row of the search page."""
    minutes, seconds = divmod(video.seconds, 60)
    channel = {"browseEndpoint": {"browseId": "UC" + "a" * 22}}
    owner = {"runs": [{"text": "Open Footage", "navigationEndpoint": channel}]}
    row: dict[str, Any] = {
        "videoId": video_id,
        "title": {"runs": [{"text": video.title}]},
        "ownerText": owner,
        "shortBylineText": owner,
        "detailedMetadataSnippets": [{"snippetText": {"runs": [{"text": "Filmed at a beach"}]}}],
    }
    if video.live:
        row["badges"] = [{"metadataBadgeRenderer": {"style": "BADGE_STYLE_TYPE_LIVE_NOW"}}]
    else:
        row["lengthText"] = {"simpleText": f"{minutes}:{seconds:02}"}
    return {"videoRenderer": row}


def _fields(message: bytes) -> dict[int, int]:
    """The numbers of a message's inner message: its fields are the filters of a search."""
    assert message[0] == 0x12, "field 2, a message"
    assert message[1] == len(message) - 2
    inner = message[2:]
    return {inner[at] >> 3: inner[at + 1] for at in range(0, len(inner), 2)}


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
        try:
            super().finish()
        finally:
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
        self.site.hosts.append(self.host)
        if self.host == "manifest.googlevideo.com":
            self._segment(*address.path.split("/")[-2:])
        elif self.host.endswith("googlevideo.com"):
            self._media(self.site.videos[asked["id"]], asked)
        elif address.path == "/watch":
            self._send(self.site.page(asked["v"]).encode(), "text/html")
        else:
            page = f"<html><script>ytcfg.set({json.dumps(CLIENT)});</script></html>"
            self._send(page.encode(), "text/html")

    def do_POST(self) -> None:
        """Answer what the player asks."""
        length = int(self.headers.get("Content-Length", 0))
        asked = json.loads(self.rfile.read(length) or b"{}")
        method = urlsplit(self.path).path.rpartition("/")[2]
        answers = {"player": self.site.player, "next": self.site.beside}
        if method == "search":
            told = self.site.search(asked["query"], asked.get("params", ""))
        else:
            told = answers[method](asked["videoId"]) if method in answers else {}
        self._send(json.dumps(told).encode(), "application/json")

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _segment(self, video_id: str, name: str) -> None:
        """A playlist, or one of its segments."""
        video = self.site.videos[video_id]
        self.site.files.append(name)
        file = (video.playlist or Path()) / name
        kind = "application/vnd.apple.mpegurl" if name.endswith("m3u8") else "video/mp2t"
        if video.status and not name.endswith("m3u8"):
            self._send(b"", "text/html", video.status)
            return
        data = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self._pour(data, video)

    def _media(self, video: SiteVideo, asked: Mapping[str, str]) -> None:
        data = video.file.read_bytes() if video.file else b""
        if video.moved and "moved" not in asked:
            self.send_response(302)
            self.send_header("Location", f"https://rr2.googlevideo.com{self.path}&moved=1")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.site.ranges.append(self.headers.get("Range", ""))
        self.site.files.append(asked["itag"])
        found = re.match(r"bytes=(\d+)-(\d*)", self.site.ranges[-1])
        start = int(found[1]) if found else 0
        end = min(int(found[2]) + 1, len(data)) if found and found[2] else len(data)
        if video.status:
            self._send(b"", "text/html", video.status)
            return
        self.send_response(206 if found else 200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start))
        if found:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.end_headers()
        self._pour(data[start:end], video)

    def _pour(self, data: bytes, video: SiteVideo) -> None:
        step = video.bytes_a_second // 20 or len(data)
        if video.stops_after:
            self.wfile.write(data[: video.stops_after])
            self.site.over.wait(20)
            self.close_connection = True
            return
        for at in range(0, len(data), step):
            try:
                self.wfile.write(data[at : at + step])
            except OSError:  # whoever asked has gone
                self.close_connection = True
                return
            time.sleep(0.05 if video.bytes_a_second else 0.0)
            if video.breaks_off:
                self.close_connection = True
                return
