"""Weights that the model hub's own client has brought to this machine before."""

from __future__ import annotations

from pathlib import Path

from aivideo.engines.model_files import ModelFile


def find(model: ModelFile) -> Path | None:
    """The file in the client's cache, when it has the published length; nothing is fetched.

    The client checked its sum when it came.
    """
    repository, found, name = model.hub.partition("/resolve/main/")
    if not found:
        return None
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    kept = try_to_load_from_cache(repository, name)
    path = Path(kept) if isinstance(kept, str) else None
    return path if path and path.is_file() and path.stat().st_size == model.size else None
