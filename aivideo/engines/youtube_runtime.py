"""Whether downloads from YouTube will work, looked at before they begin.

The downloader, yt-dlp, needs a program that runs JavaScript for most videos, and ages fast:
YouTube changes every few weeks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

STALE: Final = timedelta(days=90)
"""The age from which yt-dlp is likely to fail."""
UPDATE: Final = "Run pip install --upgrade 'yt-dlp[default,deno]'."


def javascript() -> dict[str, object]:
    """The option that tells yt-dlp what may run JavaScript."""
    return {"js_runtimes": runtimes()}


def runtimes() -> dict[str, dict[str, object]]:
    """What may run JavaScript, and where it lies when it is not to be looked for.

    The deno that came with the packages need not be on PATH. A node that is new enough will do
    as well, which yt-dlp would not use unasked.
    """
    deno = Path(sys.executable).with_name("deno.exe" if sys.platform == "win32" else "deno")
    return {"deno": {"path": str(deno)} if deno.exists() else {}, "node": {}}


def downloader_state() -> tuple[str, str]:
    """What is found of the downloader, and what mends it; the latter empty when all is well."""
    version = metadata.version("yt-dlp")
    says = f"yt-dlp is of {version}."
    helper = helper_state(runtimes())
    if helper:
        return f"{says} {helper}", UPDATE
    if is_stale(version):
        return f"{says} That is too old for YouTube, which changes often.", UPDATE
    return says, ""


def is_stale(version: str) -> bool:
    """Whether a version of yt-dlp, which is a date, is too old to be trusted."""
    year, month, day = (int(part) for part in version.split(".")[:3])
    return datetime.now(UTC) - datetime(year, month, day, tzinfo=UTC) > STALE


def helper_state(runtimes: Mapping[str, Mapping[str, object]]) -> str:
    """What is wrong with the programs that run JavaScript; empty when one of them will do.

    Args:
        runtimes: Each of them, as ``runtimes`` says.
    """
    from yt_dlp.globals import supported_js_runtimes

    kinds = supported_js_runtimes.value
    found = [kinds[name](path=told.get("path")).info for name, told in runtimes.items()]
    there = [info for info in found if info is not None]
    if any(info.supported for info in there):
        return ""
    if not there:
        return "Its JavaScript helper is missing, so some videos fail."
    old = " and ".join(f"{info.name} {info.version}" for info in there)
    return f"Its JavaScript helper is too old ({old}), so some videos fail."
