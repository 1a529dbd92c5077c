"""Who may come in, what may go out: a key in front of everything, and our own media route.

Gradio's own login leaves several of its routes open and accepts any Host name, so the gate
stands before all of them: pages, endpoints, uploads, files and tools alike.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import ipaddress
import secrets
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aivideo.api_files import find_media
from aivideo.errors import KeyTooShort, OutsideWorkspace
from aivideo.workspace import Workspace

COOKIE: Final = "aivideo_pass"
WEEK: Final = 7 * 86_400

SHORTEST_KEY: Final = 12
"""Characters; with the delay below, guessing a random one of these takes for ever."""

DELAY: Final = 0.3
"""Seconds that a wrong key costs whoever tries it."""

OPENING: Final = "/gradio_api/startup-events"
"""The one call that Gradio makes to itself while it opens; it answers nothing of interest."""

ERRANDS: Final = ("/gradio_api/file=http", "/gradio_api/proxy=")
"""Routes through which Gradio would fetch a foreign address for a visitor."""

HEADERS: Final = {  # scripts cannot be named here: Gradio compiles some of its own as it goes
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'self'; base-uri 'self'; object-src 'none'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self' data: blob:",
}


def key_for(*, key: str | None, host: str, share: bool) -> str | None:
    """The key that visitors need: the given one, a fresh one where one is demanded, or None.

    Raises:
        KeyTooShort: The given key is too short to keep anybody out.
    """
    if key is not None and len(key) < SHORTEST_KEY:
        raise KeyTooShort(len(key), SHORTEST_KEY)
    if key is None and (share or not is_loopback(host)):
        return secrets.token_urlsafe(16)
    return key


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    host = host.strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Gate:
    """ASGI middleware: whoever does not sit at this machine needs the key.

    "At this machine" means that the connection, the Host and the Origin (when there is one)
    are loopback and nothing forwarded the request; that also shuts out pages of other sites
    that point their own name at this machine. Without a key, everybody else is refused.
    """

    def __init__(self, app: ASGIApp, key: str | None = None, *, everyone: bool = False) -> None:
        """Stand before ``app``; with ``everyone``, those at this machine need the key too."""
        self.app = app
        self.everyone = everyone
        self._key = key
        self._pass = _pass_for(key) if key else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(Request(scope))
            await (answer or self.app)(scope, receive, _hardened(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, request: Request) -> Response | None:
        """What the gate itself answers; None lets the request through."""
        if request.url.path.startswith(ERRANDS):
            return refusal("FORBIDDEN", "Other addresses are not fetched from here.", 403)
        if self._has_key(request.query_params.get("key", "")):
            return self._welcome(request)
        if self._may_enter(request):
            return None
        await asyncio.sleep(DELAY)
        return _locked(request)

    def _may_enter(self, request: Request) -> bool:
        if is_local(request) and (not self.everyone or request.url.path == OPENING):
            return True
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self._has_key(bearer) or self._has_pass(request.cookies.get(COOKIE, ""))

    def _has_key(self, given: str) -> bool:
        return self._key is not None and _same(given, self._key)

    def _has_pass(self, given: str) -> bool:
        return bool(self._pass) and _same(given, self._pass)

    def _welcome(self, request: Request) -> Response:
        """Give the visitor a pass and lead on to the same address without the key in it."""
        rest = [(name, value) for name, value in request.query_params.multi_items()]
        query = urlencode([(name, value) for name, value in rest if name != "key"])
        answer = RedirectResponse(f"?{query}", 303)
        answer.set_cookie(
            COOKIE,
            self._pass,
            max_age=WEEK,
            httponly=True,
            samesite="lax",
            secure=request.headers.get("x-forwarded-proto", request.url.scheme) == "https",
        )
        return answer


def is_local(connection: HTTPConnection) -> bool:
    """Whether a request was made at this machine, by a page of this machine or by no page."""
    headers = connection.headers
    if any(name == "forwarded" or name.startswith("x-forwarded-") for name in headers):
        return False
    peer = connection.client.host if connection.client else ""
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    origin = headers.get("origin")
    from_here = origin is None or is_loopback(urlsplit(origin).hostname or "")
    return is_loopback(peer) and is_loopback(host) and from_here


def media_route(workspace: Workspace) -> Route:
    """The route ``/media/<folder>/<name>``: pictures, sounds and videos that the app made.

    Only known folders of the workspace and only media types: nothing that a browser would
    run, no database, no weights, no upload as it came.
    """

    def serve(request: Request) -> Response:
        try:
            path = find_media(workspace, request.path_params["name"])
        except OutsideWorkspace as refused:
            return refusal(refused.code, refused.message, 404)
        return FileResponse(path, headers={"cache-control": "private, max-age=3600"})

    return Route("/media/{name:path}", serve, methods=["GET", "HEAD"])


def refusal(code: str, message: str, status: int) -> JSONResponse:
    """A refusal in the same envelope as every endpoint's."""
    error = {"code": code, "message": message}
    return JSONResponse({"success": False, "error": error}, status_code=status)


def _pass_for(key: str) -> str:
    """What the cookie holds: it opens the gate, and the key cannot be read out of it."""
    return hmac.new(key.encode(), b"aivideo visitor's pass", hashlib.sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _locked(request: Request) -> Response:
    sentence = "This address needs its key. Ask the person who shared it for the full link."
    if "text/html" not in request.headers.get("accept", ""):
        return refusal("KEY_NEEDED", sentence, 401)
    return HTMLResponse(LOCKED_PAGE.format(sentence=html.escape(sentence)), 401)


def _hardened(send: Send) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
        await send(message)

    return hardened


LOCKED_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Key needed</title>
<style>
body {{ background: #0f172a; color: #e2e8f0; font: 16px/1.5 system-ui, sans-serif;
        display: grid; place-content: center; min-height: 90vh; margin: 0 24px }}
input, button {{ font: inherit; padding: 10px 14px; border-radius: 8px; border: 1px solid #475569;
        background: #1e293b; color: inherit }}
button {{ background: #38bdf8; color: #082f49; border: 0; font-weight: 600 }}
form {{ display: flex; gap: 8px; flex-wrap: wrap }}
</style>
<h1>A key is needed</h1><p>{sentence}</p>
<form><label>Key <input name="key" type="password" autocomplete="off" required></label>
<button>Open</button></form></html>
"""
