"""The settings: where they come from and what they default to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from aivideo.settings import Settings, calm_vendors, read_settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ``.env.local`` of a developer and no variable of a machine reaches these tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_defaults_are_those_of_the_specification() -> None:
    """Names and values as the owner wrote them."""
    settings = read_settings()
    assert settings.ollama_base_url == "http://localhost:11434"
    assert settings.ollama_model == "llama3.2"
    assert settings.llm_provider == "auto"
    assert settings.database_path == Path("ai-video-generator.db")
    assert settings.cache_dir == Path(".cache")
    assert settings.output_dir == Path(".cache/output")


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``.env.local`` is read, and a variable overrides it."""
    (tmp_path / ".env.local").write_text("OLLAMA_MODEL=from-file\nLLM_PROVIDER=ollama\n")
    monkeypatch.setenv("OLLAMA_MODEL", "from-environment")
    settings = read_settings()
    assert (settings.ollama_model, settings.llm_provider) == ("from-environment", "ollama")


def test_output_follows_the_cache_folder_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving CACHE_DIR moves the videos too."""
    monkeypatch.setenv("CACHE_DIR", "elsewhere")
    assert read_settings().output_dir == Path("elsewhere/output")
    monkeypatch.setenv("OUTPUT_DIR", "videos")
    assert read_settings().output_dir == Path("videos")


def test_data_moves_everything_that_is_written(tmp_path: Path) -> None:
    """``--data`` puts database, cache and output below one folder."""
    settings = read_settings(tmp_path / "d")
    written = (settings.database_path, settings.cache_dir, settings.output_dir)
    assert all(path.is_relative_to(tmp_path / "d") for path in written)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """``FFMPEG=`` in a copied example file does not mean the current folder."""
    monkeypatch.setenv("FFMPEG", "")
    assert read_settings().ffmpeg is None


def test_a_key_does_not_show_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets stay secret in logs."""
    monkeypatch.setenv("YOUTUBE_API_KEY", "s3cret")
    assert "s3cret" not in repr(read_settings())


def test_settings_cannot_be_changed_behind_ones_back() -> None:
    """Frozen: a changed copy is made in the open."""
    with pytest.raises(ValidationError):
        read_settings().ollama_model = "x"  # type: ignore[misc] # that is the point


def test_at_once_is_one_per_core_unless_set() -> None:
    """WORKERS=0 means as many as there are cores."""
    assert Settings(workers=0).at_once == (os.cpu_count() or 1)
    assert Settings(workers=3).at_once == 3


def test_vendors_are_told_to_be_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry is off before any vendor is imported, unless the person set it otherwise."""
    monkeypatch.delenv("GRADIO_ANALYTICS_ENABLED", raising=False)
    calm_vendors(Settings())
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
