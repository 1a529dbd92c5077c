"""What every failure has in common, and those that any room may meet."""

from __future__ import annotations

import uuid
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
    """The base of every failure that ends as a sentence for the user.

    Attributes:
        code: Stable, for programs.
        permanent: Whether trying the same again can never help.
    """

    code = "INTERNAL"
    permanent = False

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Unexpected(AIVideoError):
    """What nobody foresaw; the log tells it under the reference that the sentence names."""

    def __init__(self) -> None:
        self.reference = uuid.uuid4().hex[:8]
        super().__init__(
            f"Something unexpected went wrong (reference {self.reference}). Try again; if it "
            "stays, look for the reference in the log."
        )


class InvalidArgument(AIVideoError):
    """A value that a caller gave cannot be used."""

    code = "INVALID_ARGUMENT"


class BadArgument(InvalidArgument):
    """An argument of an endpoint, or a value from the page, is of the wrong kind."""

    def __init__(self, name: str, said: str, *, detail: str = "") -> None:
        super().__init__(
            f"The argument {name} cannot be used: {said}. Correct it and call again.",
            detail=detail,
        )


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


class EditedMeanwhile(AIVideoError):
    """Two writers changed the same row; the later one would have undone the earlier."""

    code = "EDITED_MEANWHILE"

    def __init__(self) -> None:
        super().__init__(
            "This was changed elsewhere at the same moment. Look at how it is now, and do it again."
        )


class MachineFailure(AIVideoError):
    """The machine cannot go on: no scene's own failure, so no scene may swallow it."""


class DiskFull(MachineFailure):
    """The disk has no room for what is being written."""

    code = "DISK_FULL"

    def __init__(self, folder: Path, *, detail: str = "") -> None:
        super().__init__(
            f"The disk that holds {folder} is full. Free some space, or point CACHE_DIR and "
            "OUTPUT_DIR at another disk, and run again: finished parts are kept.",
            detail=detail,
        )


class NoWritePermission(MachineFailure):
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


class JobFailed(AIVideoError):
    """A job ended with a failure; its code and sentence are those of the cause."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class JobCancelled(AIVideoError):
    """A job that was being watched to its end was cancelled."""

    code = "CANCELLED"

    def __init__(self) -> None:
        super().__init__("The job was cancelled. Start it again: what was finished is kept.")


class KeyTooShort(InvalidArgument):
    """A key that would not keep anybody out."""

    def __init__(self, length: int, least: int) -> None:
        super().__init__(
            f"The key has {length} characters. Give one of {least} or more letters and digits, "
            "or leave it out and a fresh one is made."
        )


class PortTaken(AIVideoError):
    """The page cannot listen where it was told to."""

    code = "PORT_TAKEN"

    def __init__(self, host: str, port: int, *, detail: str = "") -> None:
        super().__init__(
            f"The page cannot be opened at {host}:{port}; another program may be using it. "
            "Close that program, or choose another place with --port or --host.",
            detail=detail,
        )


def scenes_named(numbers: tuple[int, ...]) -> str:
    """The scenes with these numbers, as the subject of a sentence."""
    *others, last = map(str, numbers)
    return f"Scenes {', '.join(others)} and {last}" if others else f"Scene {last}"
