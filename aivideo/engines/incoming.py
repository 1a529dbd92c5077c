"""Where downloads arrive: what was left there by broken ones is given up after a while."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

KEPT_PARTS: Final = 7 * 24 * 3600
"""Seconds after which the part of a broken download is given up."""


def give_up_old_parts(folder: Path) -> None:
    """Remove what nobody has written to for so long; what another process removes first is gone."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.is_file() and time.time() - path.stat().st_mtime > KEPT_PARTS:
                path.unlink()
