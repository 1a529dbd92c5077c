"""A studio in a temporary folder, with fakes; and the rules that hold for every test."""

from __future__ import annotations

import logging
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FixedFinder, QueuedChat, ToneSpeaker
from footage import Reel, make_stills

from aivideo.settings import Settings, calm_vendors
from aivideo.studio import Studio, open_studio
from aivideo.workspace import Workspace

CHECKOUT = Path(__file__).parent.parent

calm_vendors(Settings(cache_dir=CHECKOUT / ".cache"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that keep everything inside the test's own folder."""
    return Settings(
        cache_dir=tmp_path / "cache",
        output_dir=tmp_path / "cache" / "output",
        database_path=tmp_path / "data" / "test.db",
        footage_dir=tmp_path / "footage",
        model_hub="",
        workers=2,
    )


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    """A workspace in the test's own folder."""
    workspace = Workspace(settings)
    yield workspace
    workspace.close()


@pytest.fixture
def chat_model() -> QueuedChat:
    """The chat model of ``studio``: queue answers into it."""
    return QueuedChat()


@pytest.fixture
def speaker() -> ToneSpeaker:
    """The speaker of ``studio``."""
    return ToneSpeaker()


@pytest.fixture
def finder() -> FixedFinder:
    """The clip source of ``studio``, called "fixed": give it clips."""
    return FixedFinder()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the newest schema with the presets; to make one takes as long as a test."""
    settings = Settings(model_hub="").under(tmp_path_factory.mktemp("empty"))
    with open_studio(settings, chat_model=QueuedChat(), speaker=ToneSpeaker(), finders={}):
        pass
    return settings.database_path


@pytest.fixture
def studio(
    settings: Settings,
    empty_database: Path,
    chat_model: QueuedChat,
    speaker: ToneSpeaker,
    finder: FixedFinder,
) -> Iterator[Studio]:
    """A studio on fakes, with a real database and workspace."""
    settings.database_path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(empty_database, settings.database_path)
    with open_studio(
        settings, chat_model=chat_model, speaker=speaker, finders={"fixed": finder}
    ) as studio:
        yield studio


@pytest.fixture(scope="session")
def weights_dir() -> Path:
    """Where real weights are kept between runs; tests that need them are slow ones."""
    return CHECKOUT / ".cache" / "weights"


@pytest.fixture(autouse=True)
def no_unexpected_errors(
    caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> Iterator[None]:
    """An ERROR in our log that a test did not announce (``expect_errors``) fails it."""
    yield
    if "expect_errors" in request.fixturenames:
        return
    errors = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.ERROR and record.name.startswith("aivideo")
    ]
    assert not errors, f"unexpected errors in the log: {errors}"


@pytest.fixture
def expect_errors() -> None:
    """Announce that this test provokes an ERROR in the log."""


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A connection to anything but this machine is an error, so that no test leans on one."""
    if request.node.get_closest_marker("network"):
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in {"127.0.0.1", "::1", "localhost", ""}:
            raise OSError(f"A test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    """Footage of every kind, each clip made when it is first asked for."""
    return Reel(tmp_path_factory.mktemp("reel"))


@pytest.fixture(scope="session")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pictures of every kind."""
    return make_stills(tmp_path_factory.mktemp("stills"))
