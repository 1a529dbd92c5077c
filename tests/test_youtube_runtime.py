"""Whether downloads will work, as it is told before they begin."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from aivideo.engines import youtube_runtime
from aivideo.engines.youtube_runtime import downloader_state, helper_state, is_stale, javascript


def program(folder: Path, name: str, says: str) -> dict[str, object]:
    """A program that says which version it is, as an option of the downloader."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n", "utf-8")
    path.chmod(0o755)
    return {"path": str(path)}


def test_the_downloader_tells_its_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of last year is said to be too old, and how it is renewed."""
    monkeypatch.setattr(metadata, "version", lambda _: "2020.01.02")
    says, remedy = downloader_state()
    assert "yt-dlp is of 2020.01.02." in says
    assert "too old" in says
    assert "pip install --upgrade" in remedy


def test_a_downloader_of_today_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the helper that comes with the packages, all is well."""
    monkeypatch.setattr(metadata, "version", lambda _: f"{datetime.now(UTC):%Y.%m.%d}")
    monkeypatch.setattr(youtube_runtime, "helper_state", lambda _: "")
    assert downloader_state()[1] == ""


def test_a_downloader_is_stale_from_ninety_days_on() -> None:
    """Its version is a date, sometimes with more behind it."""
    today = datetime.now(UTC)
    assert is_stale(f"{today - timedelta(days=92):%Y.%m.%d}")
    assert not is_stale(f"{today - timedelta(days=88):%Y.%m.%d}")
    assert not is_stale(f"{today:%Y.%m.%d}.1")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
def test_a_helper_that_will_do_is_enough(tmp_path: Path) -> None:
    """Either deno, or a node that is new enough."""
    old, new = program(tmp_path, "deno", "deno 1.4.0"), program(tmp_path, "node", "v22.1.0")
    assert helper_state({"deno": old, "node": new}) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
def test_a_helper_that_is_too_old_is_named(tmp_path: Path) -> None:
    """With its version, so that one need not look for it."""
    missing = {"path": str(tmp_path / "missing")}
    state = helper_state({"deno": missing, "node": program(tmp_path, "node", "v20.11.0")})
    assert "too old (node 20.11.0)" in state


def test_a_missing_helper_is_said(tmp_path: Path) -> None:
    """Without it YouTube gives only some of its videos."""
    missing = {"path": str(tmp_path / "missing")}
    assert "helper is missing" in helper_state({"deno": missing, "node": missing})


def test_the_helper_beside_our_python_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came with the packages, and need not be on the search path."""
    deno = tmp_path / ("deno.exe" if sys.platform == "win32" else "deno")
    deno.touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert javascript() == {"js_runtimes": {"deno": {"path": str(deno)}, "node": {}}}
