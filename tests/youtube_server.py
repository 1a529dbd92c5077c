"""A stand-in for the YouTube Data API on this machine, strict about what it is asked.

Every parameter is checked against the discovery document that the vendor's client carries:
its name, type, choices and bounds. Filters of videos demand ``type=video``, a search tells
neither length nor licence and escapes its titles, unknown ids are passed over in silence,
searches have a daily bucket of their own: as the service does it.
"""

from __future__ import annotations

import html
import json
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from importlib import resources
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from loopback import serving

FILTERS: Final = {"videoDuration", "videoLicense", "videoDefinition", "videoEmbeddable"}
"""Parameters that are allowed for videos only."""

SHORT: Final = 240
JPEG: Final = b"\xff\xd8\xff\xe0 a small picture"

CONSOLE: Final = "https://console.developers.google.com/apis/api/youtube?project=12"

KEYS: Final[Mapping[str, tuple[int, str, str, str]]] = {
    "bad": (400, "badRequest", "API_KEY_INVALID", "API key not valid. Pass a valid API key."),
    "expired": (400, "badRequest", "API_KEY_INVALID", "API key expired. Renew the API key."),
    "old": (400, "keyInvalid", "", "Bad Request"),
    "web": (403, "forbidden", "API_KEY_HTTP_REFERRER_BLOCKED", "Requests from <empty> are blocked"),
    "ip": (403, "forbidden", "API_KEY_IP_ADDRESS_BLOCKED", "The key has an IP restriction"),
    "maps": (403, "forbidden", "API_KEY_SERVICE_BLOCKED", "Requests to this API are blocked"),
    "off": (
        403,
        "accessNotConfigured",
        "SERVICE_DISABLED",
        f"The API has not been used in project 12 or is disabled. Visit {CONSOLE} then retry.",
    ),
    "slow down": (
        429,
        "rateLimitExceeded",
        "RATE_LIMIT_EXCEEDED",
        "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per minute'",
    ),
    "nothing granted": (
        403,
        "quotaExceeded",
        "",
        "The request cannot be completed because you have exceeded your quota.",
    ),
    "off without address": (403, "accessNotConfigured", "SERVICE_DISABLED", "It is disabled."),
}
"""Keys that are refused: status, old-style reason, new-style reason, message."""


@dataclass
class Video:
    """One video of the service."""

    id: str
    title: str
    description: str = ""
    duration: str = "PT20S"
    seconds: int = 20
    licence: str = "creativeCommon"
    channel: str = "Open Footage"
    live: str = "none"
    privacy: str = "public"
    tags: tuple[str, ...] = ()
    rating: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, list[str]] = field(default_factory=dict)
    embeddable: bool = True


class Refused(Exception):
    """An error answer of the service."""

    def __init__(self, status: int, reason: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        error: dict[str, Any] = {
            "code": status,
            "message": message,
            "errors": [{"message": message, "domain": "global", "reason": reason}],
        }
        if detail:
            error["details"] = [{"@type": "type.googleapis.com/x"}, {"reason": detail}]
        self.body = {"error": error}


class DataApiServer:
    """The service: what it knows, what it was asked, and what is to go wrong next."""

    def __init__(self) -> None:
        self.videos: list[Video] = []
        self.searches_a_day = 100
        self.units_a_day = 10_000
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.keys: list[str] = []
        self.pictures: list[str] = []
        self.picture_seconds = 0.0
        self.spent: Counter[str] = Counter()
        self.answers: deque[tuple[int, bytes, bool]] = deque()
        """Answers to give instead of the right ones: status, body, whether it breaks off."""
        self._methods = {
            name: {**_discovery()["parameters"], **methods["methods"]["list"]["parameters"]}
            for name, methods in _discovery()["resources"].items()
            if name in {"search", "videos"}
        }
        self.address = ""

    @contextmanager
    def running(self) -> Iterator[DataApiServer]:
        """Answer while the block lasts."""
        with serving(_handler_of(self)) as port:
            self.address = f"http://127.0.0.1:{port}"
            yield self

    def answer(self, path: str, query: str, key: str) -> Mapping[str, Any]:
        """What the service answers.

        Raises:
            Refused: It answers with an error.
        """
        method = path.removeprefix("/youtube/v3/")
        pairs = parse_qsl(query, keep_blank_values=True)
        self.asked.append((method, dict(pairs)))
        asked = self._checked(method, pairs)
        if key in KEYS:
            status, reason, detail, message = KEYS[key]
            raise Refused(status, reason, message, detail)
        if not key:
            raise Refused(403, "forbidden", "Method doesn't allow unregistered callers")
        return self._search(asked) if method == "search" else self._describe(asked)

    def _checked(self, method: str, pairs: list[tuple[str, str]]) -> dict[str, str]:
        known = self._methods.get(method)
        if known is None:
            raise Refused(404, "notFound", "There is no such method")
        for name, value in pairs:
            if name not in known:
                raise Refused(400, "badRequest", f"Unknown name {name!r}")
            _check_value(name, value, known[name])
        missing = [name for name, rule in known.items() if rule.get("required")]
        if set(missing) - {name for name, _ in pairs}:
            raise Refused(400, "required", f"Required parameters: {missing}")
        return dict(pairs)

    def _search(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        if FILTERS & asked.keys() and asked.get("type") != "video":
            raise Refused(400, "invalidSearchFilter", "Set type to video")
        if self.spent["searches"] >= self.searches_a_day:
            raise Refused(
                429, "rateLimitExceeded", "Quota exceeded: 'Search Queries per day'", "RATE_LIMIT"
            )
        self.spent["searches"] += 1
        words = asked.get("q", "").lower().split()
        found = [
            video
            for video in self.videos
            if any(word in f"{video.title} {video.description}".lower() for word in words)
            and asked.get("videoLicense", "any") in {"any", video.licence}
            and (asked.get("videoDuration") != "short" or video.seconds < SHORT)
            and (asked.get("videoEmbeddable") != "true" or video.embeddable)
        ]
        return {
            "kind": "youtube#searchListResponse",
            "pageInfo": {"totalResults": 1_000_000, "resultsPerPage": len(found)},
            "items": [_found(video) for video in found[: int(asked.get("maxResults", 5))]],
        }

    def _describe(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        if self.spent["units"] >= self.units_a_day:
            raise Refused(403, "quotaExceeded", "You have exceeded your quota")
        self.spent["units"] += 1
        if "maxResults" in asked:
            raise Refused(400, "incompatibleParameters", "maxResults does not go with id")
        by_id = {video.id: video for video in self.videos}
        ids = dict.fromkeys(asked["id"].split(","))
        parts = asked["part"].split(",")
        items = [_described(by_id[one], parts) for one in ids if one in by_id]
        return {"kind": "youtube#videoListResponse", "items": items}


def _discovery() -> Any:
    """The service's description of itself, as the vendor's client carries it."""
    documents = resources.files("googleapiclient") / "discovery_cache" / "documents"
    return json.loads((documents / "youtube.v3.json").read_text("utf-8"))


def _check_value(name: str, value: str, rule: Mapping[str, Any]) -> None:
    if "enum" in rule and not set(value.split(",")) <= set(rule["enum"]):
        raise Refused(400, "invalidParameter", f"{name} cannot be {value}")
    if rule["type"] == "integer":
        low, high = int(rule.get("minimum", 0)), int(rule.get("maximum", 1 << 30))
        if not value.isdigit() or not low <= int(value) <= high:
            raise Refused(400, "invalidParameter", f"{name} must be {low} to {high}")
    if rule["type"] == "boolean" and value not in {"true", "false"}:
        raise Refused(400, "badRequest", f"{name} must be true or false")


def _found(video: Video) -> Mapping[str, Any]:
    return {
        "id": {"kind": "youtube#video", "videoId": video.id},
        "snippet": {
            "title": html.escape(video.title),
            "channelId": "UC" + "x" * 22,
            "channelTitle": video.channel,
            "liveBroadcastContent": video.live,
        },
    }


def _described(video: Video, parts: list[str]) -> Mapping[str, Any]:
    everything: dict[str, Any] = {
        "snippet": {
            "title": video.title,
            "description": video.description,
            "channelId": "UC" + "x" * 22,
            "channelTitle": video.channel,
            "liveBroadcastContent": video.live,
            "tags": list(video.tags),
        },
        "contentDetails": {
            "duration": video.duration,
            "definition": "hd",
            "contentRating": dict(video.rating),
            "regionRestriction": dict(video.regions),
        },
        "status": {
            "license": video.licence,
            "privacyStatus": video.privacy,
            "embeddable": video.embeddable,
        },
    }
    return {"id": video.id} | {part: everything[part] for part in parts}


def _handler_of(server: DataApiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Keep quiet."""

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path.startswith("/vi/"):
                self._picture(address.path)
            elif server.answers:
                status, body, breaks_off = server.answers.popleft()
                self._send(status, body, breaks_off=breaks_off)
            else:
                self._answer(address.path, address.query)

        def _answer(self, path: str, query: str) -> None:
            try:
                key = self.headers.get("X-Goog-Api-Key", "")
                server.keys.append(key)
                self._send(200, json.dumps(server.answer(path, query, key)).encode())
            except Refused as refusal:
                self._send(refusal.status, json.dumps(refusal.body).encode())

        def _picture(self, path: str) -> None:
            server.pictures.append(path)
            time.sleep(server.picture_seconds)
            known = {f"/vi/{video.id}/mqdefault.jpg" for video in server.videos}
            found = path in known
            self._send(200 if found else 404, JPEG if found else b"<html>no</html>")

        def _send(self, status: int, body: bytes, *, breaks_off: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if breaks_off else body)
            self.close_connection = breaks_off

    return Handler
