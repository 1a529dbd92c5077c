"""What a sound file says of itself: title, artist, album, rights (PyAV)."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from aivideo.engines.decoding import MUSIC_FORMATS

_NAMES: Final = {
    "title": "title",
    "artist": "artist",
    "author": "artist",
    "album": "album",
    "copyright": "copyright",
    "license": "licence",
    "licence": "licence",
}
"""What containers call it -> what we do."""
_LONGEST: Final = 200


def read_tags(path: Path) -> dict[str, str]:
    """The tags of a sound file by the names title, artist, album, copyright and licence.

    None come of a file that cannot be read: whoever plays it says why.
    """
    import av

    found: dict[str, str] = {}
    with (
        contextlib.suppress(av.FFmpegError, OSError, UnicodeError),
        av.open(
            f"file:{path.resolve()}",
            options={"protocol_whitelist": "file", "format_whitelist": MUSIC_FORMATS},
            metadata_errors="replace",
        ) as container,
    ):
        # An Ogg file keeps them with its stream.
        for told in (container.metadata, *(s.metadata for s in container.streams.audio)):
            for key, value in told.items():
                name = _NAMES.get(key.lower())
                if name and value.strip():
                    found.setdefault(name, value.strip()[:_LONGEST])
    return found
