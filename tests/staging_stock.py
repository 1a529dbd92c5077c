"""What the tests of stock sources have in common: the stand-ins, and sources that ask them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import SecretStr
from stock_server import (
    PEXELS_KEY,
    PIXABAY_KEY,
    StockServer,
    commons_film,
    commons_photo,
    openverse_photo,
    pexels_film,
    pexels_photo,
    pixabay_film,
    pixabay_photo,
)

from aivideo.answers import Answers
from aivideo.engines.commons import Commons
from aivideo.engines.finding import ClipQuery, FoundClip
from aivideo.engines.network import Network, Patience
from aivideo.engines.openverse import Openverse
from aivideo.engines.pexels import Pexels
from aivideo.engines.pixabay import Pixabay
from aivideo.engines.stock import Stock
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.store import Store
from aivideo.workspace import Workspace

SOURCES: Final[dict[str, type[Stock]]] = {
    kind.name: kind for kind in (Pexels, Pixabay, Commons, Openverse)
}
QUICK: Final = Patience(connect=2, idle=0.4, total=20, pause=0.0, tries=2)
KEYS: Final = {
    "pexels_api_key": SecretStr(PEXELS_KEY),
    "pixabay_api_key": SecretStr(PIXABAY_KEY),
    "contact": "me@example.com",
}


@dataclass
class Shelf:
    """The sources, on the stand-ins.

    Attributes:
        server: The services and the hosts of their files.
        store: Where answers are kept.
        workspace: Where files go.
        settings: With good keys.
    """

    server: StockServer
    store: Store
    workspace: Workspace
    settings: Settings
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        self.network = self.server.network

    def open(self, name: str, patience: Patience = QUICK, **others: Any) -> Stock:
        """A source, with other settings than usual if wanted."""
        return SOURCES[name](
            self.settings.model_copy(update=others),
            self.workspace,
            Answers(self.store),
            network=self.network,
            asking=patience,
            patience=patience,
        )

    def find(self, name: str, words: str = "ocean waves", **query: Any) -> list[FoundClip]:
        """What a source, opened afresh, answers."""
        return finish(self.open(name).find(ClipQuery(words, **query)))

    def unplug(self) -> None:
        """Nobody can be reached any more."""

        def nobody(_name: str) -> list[str]:
            raise OSError("Name or service not known")

        self.network = Network(look_up=nobody)


@pytest.fixture
def shelf(
    settings: Settings, workspace: Workspace, empty_database: Path, tmp_path: Path
) -> Iterator[Shelf]:
    """All four sources, each of which knows a film and a photo, as it has them."""
    settings.database_path.parent.mkdir(parents=True)
    shutil.copyfile(empty_database, settings.database_path)
    store = Store(settings.database_path)
    with StockServer(tmp_path).running() as server:
        server.films = {
            "pexels": [pexels_film()],
            "pixabay": [pixabay_film()],
            "commons": [commons_film()],
        }
        server.photos = {
            "pexels": [pexels_photo()],
            "pixabay": [pixabay_photo()],
            "commons": [commons_photo()],
            "openverse": [openverse_photo()],
        }
        yield Shelf(server, store, workspace, settings.model_copy(update=KEYS))
    store.close()
