"""Words, shapes and addresses as stock sources write them. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

SQUARE: Final = 1.2
"""A canvas whose longer side is less than this many times the other counts as square."""
LONGEST_QUESTION: Final = 100
"""Characters; Pixabay takes no more."""
LONGEST_TEXT: Final = 2_000
"""Characters that are kept of a description."""

_ADDRESS: Final = re.compile(r"https://[^\s\"<>\\`{}]{1,2000}")


def plain_words(text: str) -> str:
    """Words alone, in lower case: nothing that a search would take for a command."""
    words = re.sub(r"[\W_]+", " ", text.casefold()).split()
    kept, length = [], 0
    for word in words:
        length += len(word) + 1
        if length > LONGEST_QUESTION + 1:
            break
        kept.append(word)
    return " ".join(kept)


def shape(size: tuple[int, int], wide: str, tall: str, square: str) -> str:
    """What a source calls the shape of a canvas."""
    width, height = size
    if max(size) < SQUARE * min(size):
        return square
    return wide if width > height else tall


def encrypted(address: object) -> str:
    """An address with https; empty when it is none."""
    text = address if isinstance(address, str) else ""
    text = f"https:{text}" if text.startswith("//") else text
    return text if _ADDRESS.fullmatch(text) and text.isprintable() else ""


def slug(address: str) -> str:
    """The words in the last part of a page's address, without its number."""
    last = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return " ".join(word for word in last.split("-") if not word.isdigit()).strip()


def inside(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """A picture's size after it was made to fit into a box; it never becomes larger."""
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def whole(number: object) -> int:
    """A number of pixels or bytes; 0 when it is none."""
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        return 0
    try:
        return max(0, int(number))
    except (ValueError, OverflowError):
        return 0


def text_of(value: object) -> str:
    """A text without HTML and in one line; empty when it is none."""
    return _Page.of(value).text if isinstance(value, str) else ""


def first_link(value: object, base: str) -> str:
    """The address that the first link in some HTML leads to; empty without one."""
    href = _Page.of(value).link if isinstance(value, str) else ""
    return encrypted(urljoin(base, href)) if href else ""


class _Page(HTMLParser):
    """The words and the first link of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._words: list[str] = []
        self._silent = 0
        self.link = ""

    @classmethod
    def of(cls, value: str) -> _Page:
        """Some HTML, read."""
        page = cls()
        page.feed(value[: 10 * LONGEST_TEXT])
        page.close()
        return page

    @property
    def text(self) -> str:
        """The words in one line."""
        words = "".join(self._words).replace("\0", " ").encode("utf-8", "replace").decode()
        return " ".join(words.split())[:LONGEST_TEXT]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, and that a script or style begins."""
        self._silent += tag in {"script", "style"}
        href = dict(attrs).get("href") if tag == "a" else None
        self.link = self.link or href or ""
        if tag in {"br", "p", "div", "li", "td"}:
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Note that a script or style ends."""
        self._silent = max(0, self._silent - (tag in {"script", "style"}))

    def handle_data(self, data: str) -> None:
        """Keep what can be read."""
        if not self._silent:
            self._words.append(data)
