"""README tells the truth: its commands, tables and limits are those of the code."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from readme_tables import README, endpoints_table, section, settings_table

import aivideo_app
from aivideo.settings import Settings

ROOT = README.parent


def readme() -> str:
    """The text of README."""
    return README.read_text("utf-8")


def parser_of(command: str) -> argparse.ArgumentParser:
    """The parser of one command."""
    for action in aivideo_app.build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            found = action.choices[command]
            assert isinstance(found, argparse.ArgumentParser)
            return found
    raise AssertionError(command)


def test_readme_is_short() -> None:
    """Under 150 lines."""
    assert len(readme().splitlines()) < 150


def test_the_settings_table_is_that_of_the_code() -> None:
    """``python tests/readme_tables.py`` writes it anew."""
    assert section(readme(), "settings") == settings_table()


def test_the_endpoint_table_is_that_of_the_code() -> None:
    """``python tests/readme_tables.py`` writes it anew."""
    assert section(readme(), "endpoints") == endpoints_table()


def test_the_example_file_names_every_setting() -> None:
    """``.env.example`` has each setting once, with nothing else."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()[1:]
    assert [line.removeprefix("# ").split("=")[0] for line in lines] == [
        name.upper() for name in Settings.model_fields
    ]


def test_the_first_command_line_is_one_the_parser_takes() -> None:
    """What README tells to copy is what the app understands."""
    line = next(line for line in readme().splitlines() if 'make "How' in line)
    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install -r requirements.txt")
    found = re.search(r'aivideo_app\.py (make "(.+?)" --out (\S+))$', line)
    assert found is not None
    chosen = aivideo_app.build_parser().parse_args(["make", found[2], "--out", found[3]])
    assert (chosen.topic, chosen.out) == ("How bees make honey", Path("bees.mp4"))


def test_the_second_command_line_runs_the_tests() -> None:
    """The build script calls this very line."""
    lines = [line for line in readme().splitlines() if line.endswith("-m pytest")]
    assert len(lines) == 1
    assert "grep -m1 -e '-m pytest$' README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_option_of_make_is_in_readme() -> None:
    """No option is secret, and none is promised that is not there."""
    row = next(line for line in readme().splitlines() if line.startswith('| `make "TOPIC"`'))
    promised = set(re.findall(r"--[a-z-]+", row))
    there = {
        option
        for action in parser_of("make")._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    assert promised == there


def test_every_command_is_in_readme() -> None:
    """Each command has its row."""
    for command in ("make", "fetch", "check", "projects"):
        parser_of(command)
        assert f"| `{command}" in readme()


def test_the_packages_of_the_owner_are_installed_for_use() -> None:
    """The packages that were asked for stand in requirements.txt and are used."""
    requirements = (ROOT / "requirements.txt").read_text("utf-8")
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "aivideo").rglob("*.py"))
    for package, module in {
        "gradio": "gradio",
        "ollama": "ollama",
        "kokoro": "kokoro",
        "yt-dlp": "yt_dlp",
        "google-api-python-client": "googleapiclient",
        "sqlalchemy": "sqlalchemy",
        "pydub": "pydub",
    }.items():
        assert re.search(rf"^{package}\b", requirements, re.MULTILINE), package
        assert re.search(rf"(import|from) {module}\b", sources), module
    assert re.search(r"^pytest\b", requirements, re.MULTILINE)


def test_every_dependency_is_argued_in_the_changelog() -> None:
    """One sentence for each package that is installed by name."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines():
        name = re.split(r"[\[<>=; ]", line.split("#")[0].strip())[0]
        assert not name or f"`{name}`" in changelog, name
