"""The gate: who may come in, what may go out. Raw HTTP against a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served import Served, free_port, serve

from aivideo.errors import KeyTooShort, PortTaken
from aivideo.ui import app
from aivideo.ui.gate import COOKIE, is_loopback, key_for

KEY = "correct-horse-battery"

OUTSIDE: list[dict[str, str]] = [
    {"host": "demo.gradio.live"},
    {"host": "192.168.1.5:7860"},
    {"host": "evil.example"},
    {"host": "127.0.0.1.evil.example"},
    {"x-forwarded-for": "203.0.113.9"},
    {"x-forwarded-host": "localhost"},
    {"forwarded": "for=203.0.113.9"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
]

PATHS = [
    "/",
    "/config",
    "/theme.css",
    "/media/output/video.mp4",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
    "/gradio_api/startup-events",
    "/gradio_api/queue/data?session_hash=x",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/heartbeat/x",
    "/gradio_api/mcp/",
    "/monitoring",
]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page on this machine with a key for whoever comes from outside."""
    with serve(tmp_path_factory.mktemp("locked"), key=KEY) as served:
        yield served


@pytest.mark.parametrize(
    "headers", OUTSIDE, ids=lambda headers: "-".join(map(str, headers.items()))
)
def test_whoever_is_not_at_this_machine_needs_the_key(
    locked: Served, headers: dict[str, str]
) -> None:
    """A foreign Host, anything forwarded, or a page of another site: no key, no page."""
    assert locked.get("/config", headers=headers).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_behind_the_gate(locked: Served, path: str) -> None:
    """Also those that a login of Gradio's would leave open."""
    answer = locked.get(path, headers={"host": "demo.gradio.live"})
    assert answer.status_code == 401
    assert KEY not in answer.text


def test_an_endpoint_cannot_be_called_without_the_key(locked: Served) -> None:
    """Nothing is done for a stranger, and the refusal has the one envelope."""
    answer = locked.post(
        "/gradio_api/run/create_project",
        json={"data": ["Stranger's"]},
        headers={"host": "demo.gradio.live"},
    )
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "KEY_NEEDED"
    listed = locked.post("/gradio_api/run/list_projects", json={"data": []}).json()["data"][0]
    assert listed == {"success": True, "data": {"projects": []}}


def test_a_stranger_cannot_upload(locked: Served) -> None:
    """A cross-site form can send a file without asking first; it does not get in."""
    answer = locked.post(
        "/gradio_api/upload",
        files={"files": ("x.txt", b"hello")},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 401


def test_this_machine_needs_no_key(locked: Served) -> None:
    """The person who runs the app is not asked."""
    for host in (f"127.0.0.1:{locked.port}", f"localhost:{locked.port}", "[::1]:80"):
        assert locked.get("/config", headers={"host": host}).status_code == 200


def test_the_key_opens_once_and_leaves_the_address(locked: Served) -> None:
    """``?key=`` becomes a pass in a cookie, and the address goes on without it."""
    outside = {"host": "demo.gradio.live", "x-forwarded-proto": "https"}
    answer = locked.get(f"/?key={KEY}&project=abc&tab=clips", headers=outside)
    assert answer.status_code == 303
    assert answer.headers["location"] == "?project=abc&tab=clips"
    cookie = answer.headers["set-cookie"]
    for word in ("HttpOnly", "SameSite=lax", "Secure"):
        assert word in cookie
    again = locked.get("/config", headers=outside, cookies={COOKIE: answer.cookies[COOKIE]})
    assert again.status_code == 200


def test_the_pass_is_not_the_key(locked: Served) -> None:
    """Whoever reads the cookie learns nothing that could be passed on as the key."""
    outside = {"host": "demo.gradio.live"}
    given = locked.get(f"/?key={KEY}", headers=outside).cookies[COOKIE]
    assert KEY not in given
    assert locked.get(f"/?key={given}", headers=outside).status_code == 401
    assert locked.get("/", headers=outside, cookies={COOKIE: KEY}).status_code == 401


def test_programs_bring_the_key_as_a_bearer(locked: Served) -> None:
    """So gradio_client and MCP work through the tunnel."""
    headers = {"host": "demo.gradio.live", "authorization": f"Bearer {KEY}"}
    assert locked.get("/config", headers=headers).status_code == 200


@pytest.mark.parametrize("wrong", ["", "x", KEY[:-1], KEY + "x", "ключ", KEY.upper()])
def test_a_wrong_key_stays_outside_and_costs_time(locked: Served, wrong: str) -> None:
    """Guessing is slow, and no wrong key is nearly right."""
    started = time.monotonic()
    answer = locked.get("/", params={"key": wrong}, headers={"host": "demo.gradio.live"})
    assert answer.status_code == 401
    assert time.monotonic() - started >= 0.3


def test_a_person_is_shown_where_to_put_the_key(locked: Served) -> None:
    """A browser gets a page with a field, a program a sentence."""
    outside = {"host": "demo.gradio.live", "accept": "text/html"}
    answer = locked.get("/", headers=outside)
    assert answer.headers["content-type"].startswith("text/html")
    assert 'name="key"' in answer.text


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/media/x", "/nowhere"])
def test_every_answer_is_hardened(locked: Served, path: str) -> None:
    """No sniffing, no referrer, no frame on other sites, no picture from elsewhere."""
    headers = locked.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "img-src 'self' data: blob:" in policy


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/monitoring"])
def test_no_page_but_ours_is_served(locked: Served, path: str) -> None:
    """The framework's own pages are off."""
    assert locked.get(path).status_code in {404, 403}


@pytest.mark.parametrize(
    "path",
    [
        "/media/../data.db",
        "/media/output/../../ai-video-generator.db",
        "/media/output/%2e%2e/%2e%2e/ai-video-generator.db",
        "/media/output/..%2f..%2fai-video-generator.db",
        "/media/output//etc/passwd",
        "/media//etc/passwd",
        "/media/etc/passwd",
        "/media/output/C:/Windows/win.ini",
        "/media/output/..\\..\\ai-video-generator.db",
        "/media/%5c%5chost%5cshare%5cx.mp4",
        "/media/output/%00.mp4",
        "/media/output/" + "a" * 5000 + ".mp4",
        "/media/weights/model.onnx",
        "/media/output/page.html",
        "/media/output/",
        "/media/",
    ],
)
def test_no_path_leads_out_of_the_media(locked: Served, path: str) -> None:
    """Only media, only of ours; everything else is not there."""
    output = locked.studio.workspace.output
    (output / "page.html").write_text("<script>alert(1)</script>")
    (locked.studio.workspace.folder("weights") / "model.onnx").write_bytes(b"weights")
    with httpx.Client() as client:
        request = client.build_request("GET", locked.url)
        request.url = httpx.URL(locked.url).copy_with(raw_path=path.encode())
        answer = client.send(request)
    assert answer.status_code == 404


def test_our_own_media_is_served_in_ranges(locked: Served) -> None:
    """A player can jump about in a video."""
    (locked.studio.workspace.output / "video.mp4").write_bytes(b"0123456789")
    answer = locked.get("/media/output/video.mp4", headers={"range": "bytes=2-4"})
    assert (answer.status_code, answer.content) == (206, b"234")
    assert answer.headers["content-type"] == "video/mp4"


def test_gradio_serves_no_file_that_is_not_media(locked: Served) -> None:
    """Its own file route knows neither the database, nor weights, nor the system."""
    weights = locked.studio.workspace.folder("weights") / "model.onnx"
    weights.write_bytes(b"weights")
    for path in (locked.studio.store.path, weights, Path("/etc/passwd"), Path(__file__)):
        assert locked.get(f"/gradio_api/file={path}").status_code in {403, 404}


def test_nothing_foreign_is_fetched_for_a_visitor(locked: Served) -> None:
    """The server is nobody's errand boy."""
    for route in ("file=http://127.0.0.1:1/x", "proxy=http://127.0.0.1:1/x", "file=https://x.y/z"):
        assert locked.get(f"/gradio_api/{route}").status_code == 403


def test_an_upload_over_the_limit_is_refused(
    locked: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visitor cannot fill the disk with one file."""
    assert locked.opened.blocks.max_file_size == app.UPLOAD_LIMIT
    monkeypatch.setattr(locked.opened.blocks, "max_file_size", 1000)
    answer = locked.post("/gradio_api/upload", files={"files": ("x.bin", b"x" * 2000)})
    assert answer.status_code == 413


def test_a_planted_path_in_the_chat_is_not_handed_out(locked: Served) -> None:
    """A history with a file in it, as only a forged request sends it, gives nothing away."""
    secret = locked.studio.store.path
    config = locked.get("/config").json()
    kinds = {each["id"]: each["type"] for each in config["components"]}
    forged = [{"role": "user", "content": [{"type": "file", "file": _file(secret)}]}]
    answers: list[httpx.Response] = []
    for event in config["dependencies"]:
        if "chatbot" in {kinds.get(each) for each in event["inputs"]}:
            data: list[Any] = [
                forged if kinds[each] == "chatbot" else None for each in event["inputs"]
            ]
            body = {"data": data, "fn_index": event["id"], "session_hash": "x"}
            answers.append(locked.post("/gradio_api/run/predict", json=body))
    assert answers
    for answer in answers:
        assert "file=" not in answer.text


def _file(path: Path) -> dict[str, Any]:
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}}


def test_a_key_is_made_only_where_one_is_demanded() -> None:
    """Fresh and long where others may come, none on this machine alone."""
    assert key_for(key=None, host="127.0.0.1", share=False) is None
    first = key_for(key=None, host="127.0.0.1", share=True)
    second = key_for(key=None, host="192.168.1.5", share=False)
    assert first != second
    assert first is not None
    assert len(first) >= 20
    assert key_for(key=KEY, host="127.0.0.1", share=False) == KEY


def test_a_short_key_is_refused() -> None:
    """A key that would not keep anybody out is no key."""
    with pytest.raises(KeyTooShort, match="12 or more"):
        key_for(key="1234", host="127.0.0.1", share=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_loopback_is_this_machine(host: str) -> None:
    """Every name of this machine for itself."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "192.168.1.5", "localhost.evil.example"])  # noqa: S104 - what is tested
def test_anything_else_is_not_this_machine(host: str) -> None:
    """Also the address that means every one."""
    assert not is_loopback(host)


def test_a_taken_port_is_said_before_anything_starts(locked: Served) -> None:
    """With what to do about it."""
    with pytest.raises(PortTaken, match="--port"):
        app.launch(locked.studio, locked.jobs, port=locked.port)


def test_a_port_that_is_none_is_refused(locked: Served) -> None:
    """Not with a stack trace."""
    with pytest.raises(PortTaken):
        app.launch(locked.studio, locked.jobs, port=70_000)


def test_ports_are_free_when_asked_for() -> None:
    """The helper itself: what it names can be listened on."""
    app.ensure_free("127.0.0.1", free_port())
