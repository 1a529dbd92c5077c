"""The page as a whole: opened, locked where others may come, closed again."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from served import serve

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
