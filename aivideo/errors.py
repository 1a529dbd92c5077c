"""One class per failure a person can act on; its constructor writes the sentence.

A sentence says what happened, then what to do. ``code`` is stable and meant for programs;
``detail`` is the technical text, for the log and for the page's "details". Call sites raise
facts, never prose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Health:
    """One engine's own word on how it is.

    Attributes:
        name: What a person calls it, such as "Language model".
        works: Whether it can do its work now.
        says: One sentence: what was found.
        remedy: The one sentence that mends it; empty when nothing is wrong.
        needed: Whether a video cannot be made without it.
        tried: False when the answer is read off a setting or a file and the thing itself
            was not exercised.
    """

    name: str
    works: bool
    says: str
    remedy: str = ""
    needed: bool = False
    tried: bool = True


class AIVideoError(Exception):
    """The base of every failure that ends as a sentence for the user."""

    code = "INTERNAL"

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class InvalidArgument(AIVideoError):
    """A value that a caller gave cannot be used."""

    code = "INVALID_ARGUMENT"


class NotFound(AIVideoError):
    """A row that a caller named does not exist."""

    code = "NOT_FOUND"

    def __init__(self, what: str, name: object) -> None:
        super().__init__(f"There is no {what} {name!s}. Look at the list and choose one of those.")


class UnknownProvider(AIVideoError):
    """A setting or an argument names an engine that we do not have."""

    code = "UNKNOWN_PROVIDER"

    def __init__(self, ability: str, name: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known))
        super().__init__(f"There is no {ability} called {name!r}. Choose one of: {names}.")


class DiskFull(AIVideoError):
    """The disk has no room for what is being written."""

    code = "DISK_FULL"

    def __init__(self, folder: Path, *, detail: str = "") -> None:
        super().__init__(
            f"The disk that holds {folder} is full. Free some space, or point CACHE_DIR and "
            "OUTPUT_DIR at another disk, and run again: finished parts are kept.",
            detail=detail,
        )


class NoWritePermission(AIVideoError):
    """A folder or file of ours cannot be written."""

    code = "NO_WRITE_PERMISSION"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"{path} cannot be written. Give yourself permission to write there, or choose "
            "another place with DATABASE_PATH, CACHE_DIR, OUTPUT_DIR or --out.",
            detail=detail,
        )


class OutsideWorkspace(AIVideoError):
    """A name would lead out of the folders that are ours."""

    code = "OUTSIDE_WORKSPACE"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a file of this project. Choose one that the app made.")


class ProgramFailed(AIVideoError):
    """A program that we started ended with an error."""

    code = "PROGRAM_FAILED"

    def __init__(self, program: str, exit_code: int, *, detail: str = "") -> None:
        super().__init__(
            f"{program} stopped with exit code {exit_code}. Try again; if it stays, look at the "
            "details and report them.",
            detail=detail,
        )


class TopicInvalid(AIVideoError):
    """A topic that is empty or too long."""

    code = "TOPIC_INVALID"

    def __init__(self, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(
            f"The topic {said}. Write 1 to {limit} characters; details belong in the chat."
        )


class WeightsUnreachable(AIVideoError):
    """No source of a model file answers."""

    code = "WEIGHTS_UNREACHABLE"

    def __init__(self, title: str, size: int, setting: str, *, detail: str = "") -> None:
        own = f", or name a file of your own with {setting}" if setting else ""
        super().__init__(
            f"{title} ({size / 1e6:.0f} MB) is not on this machine and could not be fetched. "
            f"Run `python aivideo_app.py fetch` where there is a network{own}. "
            "What has arrived is kept.",
            detail=detail,
        )


class WeightsDamaged(AIVideoError):
    """A model file that arrived is not the one it should be."""

    code = "WEIGHTS_DAMAGED"

    def __init__(self, title: str, *, detail: str = "") -> None:
        super().__init__(
            f"{title} arrived damaged and was thrown away. Fetch it again with "
            "`python aivideo_app.py fetch`; if it stays, set MODEL_HUB to another mirror.",
            detail=detail,
        )


class WeightsNotFound(AIVideoError):
    """A setting names a model file that is not there."""

    code = "WEIGHTS_NOT_FOUND"

    def __init__(self, setting: str, path: Path) -> None:
        super().__init__(
            f"{setting} names {path}, and there is no such file. Correct it, or leave it out to "
            "use the default model."
        )


class JobFailed(AIVideoError):
    """A job ended with a failure; its code and sentence are those of the cause."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ProgramMissing(AIVideoError):
    """A program that we need is not there, or cannot be started."""

    code = "PROGRAM_MISSING"

    def __init__(self, program: str, *, detail: str = "") -> None:
        super().__init__(
            f"{program} cannot be started. Install it again with the packages of "
            "requirements.txt, or name another one in the settings.",
            detail=detail,
        )


class ProgramStuck(AIVideoError):
    """A program that we started gave no news for too long."""

    code = "PROGRAM_STUCK"

    def __init__(self, program: str, seconds: float, *, detail: str = "") -> None:
        super().__init__(
            f"{program} made no progress for {seconds:.0f} seconds and was stopped. Run it "
            "again: what was finished is kept.",
            detail=detail,
        )


class ProgramKilled(AIVideoError):
    """The system ended a program that we started."""

    code = "PROGRAM_KILLED"

    def __init__(self, program: str, signal_number: int, *, detail: str = "") -> None:
        super().__init__(
            f"{program} was ended by the system (signal {signal_number}), most likely because "
            "memory ran out. Close other programs or set WORKERS=1, and run again: what was "
            "finished is kept.",
            detail=detail,
        )
