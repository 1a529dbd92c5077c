"""The page as a whole: opened, locked where others may come, closed again."""

from __future__ import annotations

import time
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio import networking
from served import Served, free_port, serve

from aivideo import projects
from aivideo.api import ENDPOINTS
from aivideo.ui import app

KEY = "correct-horse-battery"


def test_without_a_key_nobody_else_comes_in(tmp_path: Path) -> None:
    """No key set means this machine alone, whatever key a visitor brings."""
    with serve(tmp_path) as served:
        assert served.opened.key is None
        assert served.opened.address == f"{served.url}/"
        for key in ("None", "x"):
            outside = {"host": "demo.gradio.live", "authorization": f"Bearer {key}"}
            assert served.get(f"/?key={key}", headers=outside).status_code == 401
        assert served.get("/config").status_code == 200


def test_listening_beyond_this_machine_demands_a_key_from_everybody(tmp_path: Path) -> None:
    """A neighbour in the network can claim any Host; so all need the key that was made."""
    said: list[str] = []
    with serve(tmp_path, host="0.0.0.0", say=said.append) as served:  # noqa: S104 - what is tested
        assert served.get("/config").status_code == 401
        assert served.opened.key is not None
        assert f"key={served.opened.key}" in said[0]
        answer = httpx.get(served.opened.address, follow_redirects=False, timeout=30)
        assert answer.status_code == 303


def test_a_share_link_demands_a_key_and_its_failure_is_said(tmp_path: Path) -> None:
    """Without a network the page goes on on this machine, still locked."""
    said: list[str] = []
    with serve(tmp_path, share=True, say=said.append) as served:
        assert served.opened.share_address is None
        assert served.get("/config").status_code == 401
        assert said[-1].startswith("No share link could be made")


def test_no_key_reaches_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The address in the log has no key in it."""
    caplog.set_level("DEBUG")
    with serve(tmp_path, key=KEY) as served:
        served.get(f"/?key={KEY}")
        assert f"http://127.0.0.1:{served.port}" in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("aivideo")]
    assert not any(KEY in line for line in ours)


def test_a_share_link_has_the_key_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address for a collaborator; the tunnel's own makers are stood in for."""
    monkeypatch.setattr(networking, "setup_tunnel", lambda **_: "http://abc.gradio.live")
    said: list[str] = []
    with serve(tmp_path, share=True, say=said.append) as served:
        key = served.opened.key
        assert served.opened.share_address == f"https://abc.gradio.live/?key={key}"
        assert said[-1].endswith(str(served.opened.share_address))


def test_tools_can_be_called_with_the_key_alone(tmp_path: Path) -> None:
    """MCP: every endpoint is a tool, quick and long ones work, strangers stay outside."""
    with serve(tmp_path, mcp=True, host="0.0.0.0") as served:  # noqa: S104 - what is tested
        assert ask_tools(served, "tools/list", key="none").status_code == 401
        tools = ask_tools(served, "tools/list").text
        assert all(f'"name":"{endpoint.__name__}"' in tools for endpoint in ENDPOINTS)
        project_id = projects.create_project(served.studio, topic="Bees").project_id
        served.chat_model.answers.append("Yes indeed.")
        arguments = {"project_id": project_id, "message": "Well?"}
        call = {"name": "chat", "arguments": arguments}
        assert "Yes indeed." in ask_tools(served, "tools/call", call).text


def ask_tools(
    served: Served, method: str, params: dict[str, Any] | None = None, *, key: str = ""
) -> httpx.Response:
    """One MCP request."""
    return served.post(
        "/gradio_api/mcp/",
        json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}},
        headers={
            "accept": "application/json, text/event-stream",
            "authorization": f"Bearer {key or served.opened.key}",
        },
    )


def test_a_page_that_blocks_comes_back_when_it_is_closed(tmp_path: Path) -> None:
    """``launch`` stays as long as the page, and leaves nothing listening."""
    said: list[str] = []
    with serve(tmp_path) as served, ThreadPoolExecutor() as pool:
        port = free_port()
        staying = pool.submit(
            app.launch, served.studio, served.jobs, port=port, block=True, say=said.append
        )
        while not said:
            assert not staying.done()
            time.sleep(0.05)
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=30).status_code == 200
        gr.close_all(verbose=False)
        staying.result(timeout=10)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/", timeout=5)


def test_the_browser_is_shown_the_address_with_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the person who opens the page need not paste it."""
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", shown.append)
    with serve(tmp_path, key=KEY, open_browser=True) as served:
        assert shown == [served.opened.address]
        assert shown[0].endswith(f"?key={KEY}")
