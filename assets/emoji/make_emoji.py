"""Make ``NotoColorEmoji.ttf`` from the package's font; needed only when a newer one is wanted.

pip install fonttools brotli
npm pack @fontsource/noto-color-emoji && tar xzf fontsource-noto-color-emoji-*.tgz
python assets/emoji/make_emoji.py package/files/noto-color-emoji-emoji-400-normal.woff2
"""  # noqa: INP001 - a script beside its data, not a package

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

TARGET: Final = Path(__file__).parent / "NotoColorEmoji.ttf"


def main() -> None:
    """Leave out the pictures as SVG, and write what is left uncompressed."""
    font = TTFont(sys.argv[1])
    del font["SVG "]
    font.flavor = None
    font.save(TARGET)


if __name__ == "__main__":
    main()
