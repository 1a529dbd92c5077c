"""The layers, the one place per danger, and the size budgets, as tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = ROOT / "aivideo"

LAYERS: Final = (
    {"errors", "progress", "settings"},
    {"workspace", "store", "columns", "prompts", "spoken", "ranking", "migrations", "__init__"}
    | {"sqlite", "answers"},
    {"engines"},
    {"studio"},
    {"health", "projects", "workflow", "jobs", "timeline", "recordings"},
    {"captions", "export", "conversation", "script", "voiceover", "clips", "render", "shots"}
    | {"quicklook"},
    {"autopilot", "removal"},
    {"api", "ui"},
    {"commands"},
    {"aivideo_app"},
)
"""From the right of the design's chain to its left; a room imports its own layer or righter."""

VENDORS: Final = {
    "gradio": {"ui", "api"},
    "gradio_client": {"ui", "api"},
    "ollama": {"engines"},
    "kokoro": {"engines"},
    "torch": {"engines"},
    "onnxruntime": {"engines"},
    "xllamacpp": {"engines"},
    "yt_dlp": {"engines"},
    "googleapiclient": {"engines"},
    "av": {"engines"},
    "skia": {"engines"},
    "imageio_ffmpeg": {"engines"},
    "dbos": {"jobs", "workflow"},
    "alembic": {"store", "migrations"},
}

NEVER: Final = {"utils", "helpers", "manager"}
"""Names that say nothing."""

SQLALCHEMYS: Final = {"process_bind_param", "process_result_value"}
"""Methods that a column type must have under these names."""

FILE_LIMIT: Final = 400
FUNCTION_LIMIT: Final = 60
TAB_LIMIT: Final = 80
POSITIONAL_LIMIT: Final = 5

SOURCES: Final = sorted(
    path
    for path in [*PACKAGE.rglob("*.py"), ROOT / "aivideo_app.py"]
    if "versions" not in path.parts
)


def room(path: Path) -> str:
    """The top-level room that a file belongs to."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = parts[1] if len(parts) > 1 else parts[0]
    return "api" if name.startswith("api_") else name


def layer(name: str) -> int:
    """How far left a room stands."""
    for index, rooms in enumerate(LAYERS):
        if name in rooms:
            return index
    pytest.fail(f"The room {name!r} has no place in the layers; give it one in {__file__}")


def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the package."""
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body; its docstring explains and does not count."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def calls(path: Path) -> Iterator[str]:
    """The dotted names of everything that a file calls."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    """Left imports right, never back."""
    here = room(path)
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "aivideo" and len(parts) > 1:
            there = "api" if parts[1].startswith("api_") else parts[1]
            if (PACKAGE / f"{there}.py").exists() or (PACKAGE / there).is_dir():
                assert layer(there) <= layer(here), f"{here} may not import {there}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_vendor_stays_behind_its_door(path: Path) -> None:
    """Only engines import the engines' vendors, only the page and the endpoints import Gradio."""
    for module in imports(path):
        allowed = VENDORS.get(module.split(".")[0])
        assert allowed is None or room(path) in allowed, f"{room(path)} may not import {module}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_there_is_one_place_per_danger(path: Path) -> None:
    """One starter of programs, one reader of the environment; no shell, no print."""
    name = str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else path.name
    for module in imports(path):
        starts = module.split(".")[0] in {"subprocess", "multiprocessing", "pty"}
        assert not starts or name == str(Path("engines/process.py")), f"{name} starts programs"
    source = path.read_text("utf-8")
    reads = re.search(r"os\.(environ|getenv)|load_dotenv", source)
    assert not reads or name == "settings.py", f"{name} reads the environment"
    assert "os.system" not in source
    assert "shell=True" not in source
    if name != "aivideo_app.py":
        assert "print" not in set(calls(path)), f"{name} prints"


def test_nothing_catches_everything_but_the_outer_boundaries() -> None:
    """Bare except 0; broad except at three boundaries: endpoints, page, job runner."""
    broad = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path} has a bare except"
                caught = {
                    ast.unparse(kind) for kind in ast.walk(node.type) if isinstance(kind, ast.Name)
                }
                raises_again = any(
                    isinstance(inner, ast.Raise) and inner.exc is None for inner in node.body
                )
                if caught & {"Exception", "BaseException"} and not raises_again:
                    broad.append(str(path.relative_to(ROOT)))
    assert len(broad) <= 3, broad


def test_names_say_what_things_do() -> None:
    """No utils, no helpers, no manager; no function that processes or handles."""
    assert not [path for path in SOURCES if NEVER & set(path.stem.split("_"))]
    vague = [
        f"{path.name}:{node.name}"
        for path, node in functions()
        if re.match(r"_?(process|manage|do)_", node.name) and node.name not in SQLALCHEMYS
    ]
    assert vague == []


def test_files_are_short_enough_to_read() -> None:
    """No file over 400 lines, half of them under 150."""
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in SOURCES
    }
    assert {name: size for name, size in sizes.items() if size > FILE_LIMIT} == {}


def test_functions_are_short() -> None:
    """Median <= 8 lines, nine in ten <= 25, none over 60 (a tab builder 80)."""
    lengths = sorted(length(node) for _, node in functions())
    limits = {
        f"{path.name}:{node.name}": length(node)
        for path, node in functions()
        if length(node) > (TAB_LIMIT if node.name.startswith("build_") else FUNCTION_LIMIT)
    }
    assert limits == {}
    assert median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25


def test_functions_take_few_positional_arguments() -> None:
    """At most five positional parameters; booleans are keyword-only."""
    for path, node in functions():
        positional = [
            argument
            for argument in [*node.args.posonlyargs, *node.args.args]
            if argument.arg not in {"self", "cls"}
        ]
        if room(path) == "api" or "ui" in path.parts:
            continue  # Gradio calls endpoints and handlers by position
        assert len(positional) <= POSITIONAL_LIMIT, f"{path.name}:{node.name}"
        for argument in positional:
            kind = ast.unparse(argument.annotation) if argument.annotation else ""
            assert kind != "bool", f"{path.name}:{node.name} takes a boolean by position"


def test_nothing_is_global() -> None:
    """State lives in rows and values."""
    for path in SOURCES:
        assert not [node for node in ast.walk(tree(path)) if isinstance(node, ast.Global)], path


def test_suppressions_are_few_and_argued() -> None:
    """At most three per thousand lines, each with its reason on the line."""
    found, lines = [], 0
    for path in SOURCES:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            lines += 1
            if re.search(r"#\s*(noqa|type:\s*ignore)", line):
                found.append(f"{path.name}:{number}")
                assert re.search(
                    r"(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\s*(-|#) \S", line
                ), f"{path.name}:{number} suppresses without a reason"
    assert len(found) <= 3 * lines / 1000, found


def test_the_door_is_small() -> None:
    """The command line has no logic: under 120 lines."""
    assert len((ROOT / "aivideo_app.py").read_text("utf-8").splitlines()) < 120


def test_the_project_speaks_of_itself_alone() -> None:
    """No path or host of one machine stands in what is shipped."""
    for path in [*SOURCES, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "requirements.txt"]:
        found = re.search(r"/(?:work|root|home|Users)/|/tmp/bash", path.read_text("utf-8"))
        assert not found, f"{path} names {found and found.group()}"
