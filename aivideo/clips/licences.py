"""What a clip's licence allows, as far as its name and address tell. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aivideo.engines.titles import tidied

REUSABLE: Final = re.compile(
    r"own|cc0(?:[ -]1\.0)?|cc[ -]by(?:[ -]sa)?(?:[ -]\d.*)?|creative ?commons attribution.*"
    r"|public domain.*|pd(?:[ -].*)?|mit|apache.*|pexels.*|pixabay.*|unsplash.*",
    re.IGNORECASE,
)
"""Licences that allow a picture to be cut, combined and published, at most with credit."""
_FORBIDDING: Final = re.compile(
    r"non-?commercial|no-?deriv|\b(?:nc|nd)\b|all rights reserved|\bstandard\b|^youtube$",
    re.IGNORECASE,
)
_SHARE_ALIKE: Final = re.compile(r"\bsa\b|share-?alike", re.IGNORECASE)
_CC_ADDRESS: Final = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(?P<zero>zero))"
    r"/(?P<version>\d\.\d)",
    re.IGNORECASE,
)
_CC_NAME: Final = re.compile(
    r"(?:cc|creative commons)?[ -]*(?P<kind>by(?:[ -]nc)?(?:[ -](?:nd|sa))?|cc0|zero)"
    r"(?:[ -]v?(?P<version>\d\.\d))?(?: .*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Licence:
    """A licence by its usual name.

    Attributes:
        name: Such as ``CC BY 4.0``; ``unknown`` when nothing was told.
        address: Where it can be read; may be empty.
    """

    name: str
    address: str

    @property
    def allows(self) -> bool:
        """Whether what is under it may be cut, combined and published, at most with credit."""
        return REUSABLE.fullmatch(self.name) is not None and not _FORBIDDING.search(self.name)

    @property
    def forbids(self) -> bool:
        """Whether it says that this is not allowed, or not to everybody."""
        return _FORBIDDING.search(self.name) is not None

    @property
    def shares_alike(self) -> bool:
        """Whether a video with it in may have to be published under the same licence."""
        return _SHARE_ALIKE.search(self.name) is not None


def licence_of(name: str, address: str = "") -> Licence:
    """The licence that a source means by a name and an address.

    Args:
        name: As the source calls it: ``cc-by-4.0``, ``Creative Commons Attribution``.
        address: Its address, if the source gives one.
    """
    return Licence(*named_licence(name, address))


def may_be_reused(kind: str, licence: str, address: str = "") -> bool:
    """Whether a clip's licence allows it to be published in a video; what we draw always may."""
    return kind == "illustration" or licence_of(licence, address).allows


def named_licence(licence: str, url: str) -> tuple[str, str]:
    """A licence's name and address; those of Creative Commons with version, as far as told.

    Args:
        licence: As the source calls it: ``cc-by-4.0``, ``Creative Commons Attribution``.
        url: Its address, if the source gives one.
    """
    name, address = tidied(licence), tidied(url)
    at, called = _CC_ADDRESS.search(address), _CC_NAME.fullmatch(name)
    kind = (at and (at["kind"] or "zero")) or (called and called["kind"]) or ""
    version = (at and at["version"]) or (called and called["version"]) or ""
    if not kind or (name and not called and not at):
        return name or "unknown", address
    kind = re.sub("[ _]", "-", kind.lower())
    if kind in {"zero", "cc0"}:
        return "CC0 1.0", address or "https://creativecommons.org/publicdomain/zero/1.0/"
    told = f"CC {kind.upper()} {version}".strip()
    if version and not at:
        address = f"https://creativecommons.org/licenses/{kind}/{version}/"
    return told, address
