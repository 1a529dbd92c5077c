"""Servers with language models: what they refuse, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aivideo.errors.base import AIVideoError

SHOWN: Final = 12
"""Models that a sentence names; some servers have hundreds."""
LONGEST_NAME: Final = 80


class ModelServerUnreachable(AIVideoError):
    """Nothing answers where an OpenAI-compatible server should be."""

    code = "MODEL_SERVER_UNREACHABLE"

    def __init__(self, url: str, *, detail: str = "") -> None:
        super().__init__(
            f"No language server answers at {url}. Start it or correct OPENAI_BASE_URL, or set "
            "LLM_PROVIDER=local to use the built-in model.",
            detail=detail,
        )


class ModelServerSilent(AIVideoError):
    """A server takes a call and says nothing, as those do that answer one call at a time."""

    code = "MODEL_SERVER_SILENT"

    def __init__(self, url: str, seconds: float, *, detail: str = "") -> None:
        super().__init__(
            f"The language server at {url} takes calls and said nothing for {seconds:.0f} seconds. "
            "It may be busy with another answer: wait a moment, or start it anew.",
            detail=detail,
        )


class ModelServerForeign(AIVideoError):
    """What answers is something, but no OpenAI-compatible server."""

    code = "MODEL_SERVER_FOREIGN"

    def __init__(self, url: str, *, detail: str = "") -> None:
        super().__init__(
            f"What answers at {url} is no OpenAI-compatible server. Correct OPENAI_BASE_URL; "
            "most such addresses end in /v1.",
            detail=detail,
        )


class ModelServerRedirects(AIVideoError):
    """A server sends us elsewhere, where the key does not follow."""

    code = "MODEL_SERVER_REDIRECTS"

    def __init__(self, url: str, target: str) -> None:
        super().__init__(
            f"{url} sends its callers on to {target[:200]}, which is not followed, since the key "
            "would go there too. Set OPENAI_BASE_URL to the right address."
        )


class KeyUnprotected(AIVideoError):
    """A key would cross the internet for everybody to read."""

    code = "MODEL_KEY_UNPROTECTED"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"OPENAI_API_KEY is not sent to {host}, since plain http would show it to everybody "
            "on the way. Give an https address as OPENAI_BASE_URL, or take the key away."
        )


class ModelKeyRefused(AIVideoError):
    """A server lets nobody in with this key, or without one."""

    code = "MODEL_KEY_REFUSED"

    def __init__(
        self, name: str, setting: str, *, status: int = 0, has_key: bool = True, detail: str = ""
    ) -> None:
        said = "refuses the key" if has_key else "wants a key"
        error = f" (error {status})" if status else ""
        super().__init__(
            f"{name} {said}{error}. Set {setting} to a valid one, or set "
            "LLM_PROVIDER=local to use the built-in model.",
            detail=detail,
        )


class ModelNotServed(AIVideoError):
    """A server does not have the model that the settings name, or they name none."""

    code = "MODEL_NOT_SERVED"

    def __init__(self, url: str, model: str, listed: Iterable[str], *, detail: str = "") -> None:
        said = f"does not have the model {model}" if model else "has more than one model"
        names = sorted(name[:LONGEST_NAME] for name in listed)
        shown = ", ".join(names[:SHOWN]) or "none"
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        super().__init__(
            f"The server at {url} {said}. Set OPENAI_MODEL to one that it lists: {shown}{more}.",
            detail=detail,
        )


class ModelBusy(AIVideoError):
    """A server is asked too often, or by too many."""

    code = "MODEL_RATE_LIMITED"

    def __init__(self, name: str, seconds: float | None, *, status: int, detail: str = "") -> None:
        wait = f"{seconds:.0f} seconds" if seconds else "a minute"
        super().__init__(
            f"{name} is asked too often (error {status}). Wait {wait} and ask again.", detail=detail
        )
        self.seconds = seconds


class ModelQuota(AIVideoError):
    """The account behind a server has nothing left to spend."""

    code = "MODEL_QUOTA"

    def __init__(self, name: str, *, status: int, detail: str = "") -> None:
        super().__init__(
            f"{name} has no credit left (error {status}). Top up its account, or set "
            "LLM_PROVIDER=local to use the built-in model.",
            detail=detail,
        )


class ModelLoading(AIVideoError):
    """A server is still bringing its model into memory."""

    code = "MODEL_LOADING"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} is still loading. Wait a moment and ask again.",
            detail=detail,
        )


class ModelTooSlow(AIVideoError):
    """A model said nothing for longer than anybody waits."""

    code = "MODEL_TOO_SLOW"

    def __init__(self, name: str, seconds: float, *, detail: str = "") -> None:
        super().__init__(
            f"{name} said nothing for {seconds:.0f} seconds. Ask again, or choose a smaller model.",
            detail=detail,
        )


class ModelTooLarge(AIVideoError):
    """A model does not fit into the memory of its server."""

    code = "MODEL_TOO_LARGE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} needs more memory than is free. Close other programs, or choose a smaller "
            "model.",
            detail=detail,
        )


class ModelDeclined(AIVideoError):
    """A model, or a filter behind it, does not answer this."""

    code = "MODEL_DECLINED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} declines to answer this. Say it in other words, or choose another model.",
            detail=detail,
        )


class ModelUnknown(AIVideoError):
    """Ollama's library has no model of this name."""

    code = "MODEL_UNKNOWN"

    def __init__(self, model: str, *, detail: str = "") -> None:
        super().__init__(
            f"Ollama cannot find a model called {model} to fetch. Correct OLLAMA_MODEL; "
            "https://ollama.com/library lists what there is.",
            detail=detail,
        )
