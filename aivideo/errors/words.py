"""Language models, the conversation and the script."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aivideo.errors.base import AIVideoError


class TopicInvalid(AIVideoError):
    """A topic that is empty or too long."""

    code = "TOPIC_INVALID"

    def __init__(self, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(
            f"The topic {said}. Write 1 to {limit} characters; details belong in the chat."
        )


class OllamaNotRunning(AIVideoError):
    """Nothing answers where Ollama should be."""

    code = "OLLAMA_NOT_RUNNING"

    def __init__(self, url: str, *, detail: str = "") -> None:
        super().__init__(
            f"Ollama does not answer at {url}. Start it with `ollama serve`, correct "
            "OLLAMA_BASE_URL, or set LLM_PROVIDER=local to use the built-in model.",
            detail=detail,
        )


class ModelMissing(AIVideoError):
    """Ollama runs, but does not have the model that the settings name."""

    code = "MODEL_MISSING"

    def __init__(self, model: str, installed: Iterable[str], *, detail: str = "") -> None:
        names = ", ".join(sorted(installed)) or "none"
        super().__init__(
            f"Ollama does not have the model {model}. Bring it with `ollama pull {model}`, or "
            f"set OLLAMA_MODEL to one that is installed: {names}.",
            detail=detail,
        )
        self.model = model


class ModelBrokeOff(AIVideoError):
    """A language model stopped in the middle of its answer."""

    code = "MODEL_BROKE_OFF"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} broke off in the middle of its answer. Ask again; what it said so far is "
            "kept where it can be.",
            detail=detail,
        )


class ModelFailed(AIVideoError):
    """A language model refused the request or failed while working on it."""

    code = "MODEL_FAILED"

    def __init__(self, name: str, status: int, *, detail: str = "") -> None:
        said = f"answered with the error {status}" if status > 0 else "failed"
        super().__init__(
            f"{name} {said}. Try again; if it stays, look at the details or choose another model.",
            detail=detail,
        )


class EmptyReply(AIVideoError):
    """A language model answered with nothing."""

    code = "EMPTY_REPLY"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} answered with nothing. Ask again in other words, or choose another model."
        )


class ConversationTooLong(AIVideoError):
    """What a language model is asked to read does not fit into its memory."""

    code = "CONVERSATION_TOO_LONG"

    def __init__(self, name: str, tokens: int, limit: int | None, *, detail: str = "") -> None:
        most = f"at most {limit}" if limit else "fewer"
        super().__init__(
            f"That is {tokens} tokens and {name} reads {most}. Shorten the message or the "
            "persona, or choose a model with a longer memory.",
            detail=detail,
        )


class ModelUnreadable(AIVideoError):
    """A file with a language model cannot be loaded."""

    code = "MODEL_UNREADABLE"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"The language model in {path} cannot be loaded. Free some memory if little is left, "
            "set LOCAL_MODEL to another GGUF file, or remove the file so that it is fetched again.",
            detail=detail,
        )


class ModelRuntimeMissing(AIVideoError):
    """The program library that runs the built-in language model is not there."""

    code = "MODEL_RUNTIME_MISSING"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "The built-in language model cannot run here: the package xllamacpp is missing. "
            "Install the packages of requirements.txt, or run Ollama and set LLM_PROVIDER=ollama.",
            detail=detail,
        )


class MessageInvalid(AIVideoError):
    """A message of the conversation that is empty or too long."""

    code = "MESSAGE_INVALID"

    def __init__(self, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(f"The message {said}. Write 1 to {limit} characters, or send it in parts.")


class PersonaInvalid(AIVideoError):
    """A persona whose name or prompt is empty or too long."""

    code = "PERSONA_INVALID"

    def __init__(self, field: str, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(f"The persona's {field} {said}. Write 1 to {limit} characters.")


class NothingSaidYet(AIVideoError):
    """A topic is to be taken from a conversation in which nothing was said."""

    code = "NOTHING_SAID_YET"

    def __init__(self) -> None:
        super().__init__(
            "There is no conversation to take a topic from yet. Talk about your idea first, or "
            "write the topic yourself."
        )


class ScriptEmpty(AIVideoError):
    """A script without a single scene."""

    code = "SCRIPT_EMPTY"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The script has no scenes. Write 1 to {limit} scenes, or have it written."
        )


class ScriptTooLong(AIVideoError):
    """A script with more scenes than a video may have."""

    code = "SCRIPT_TOO_LONG"

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(
            f"The script has {count} scenes and a video takes at most {limit}. Join some, or "
            "make a second video of the rest."
        )


class SceneTooLong(AIVideoError):
    """A scene with more text than one scene may have."""

    code = "SCENE_TOO_LONG"

    def __init__(self, number: int, length: int, limit: int) -> None:
        super().__init__(
            f"Scene {number} has {length} characters and a scene takes at most {limit}. Split it "
            "into two."
        )


class ScriptUnusable(AIVideoError):
    """What a language model wrote is no script, even when asked again."""

    code = "SCRIPT_UNUSABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} wrote something that is no script, twice. Try again, say the topic in other "
            "words, or make it a script yourself: it waits under the Script tab, in Paste or "
            "upload. The script you had is unchanged.",
            detail=detail,
        )


class LengthImpossible(AIVideoError):
    """A script of so many scenes cannot last so long."""

    code = "LENGTH_IMPOSSIBLE"

    def __init__(
        self, scenes: int, seconds: float, *, limit: int, each: tuple[float, float]
    ) -> None:
        shortest, longest = each
        super().__init__(
            f"{scenes} scenes in {seconds:g} seconds are not possible. Ask for 1 to {limit} "
            f"scenes of {shortest:g} to {longest:g} seconds each."
        )
