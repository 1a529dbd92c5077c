"""A program that we started, or could not start."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aivideo.errors.base import AIVideoError, MachineFailure


class ProgramFailed(AIVideoError):
    """A program that we started ended with an error."""

    code = "PROGRAM_FAILED"

    def __init__(self, program: str, exit_code: int, *, detail: str = "") -> None:
        super().__init__(
            f"{program} stopped with exit code {exit_code}. Try again; if it stays, look at the "
            "details and report them.",
            detail=detail,
        )


class ProgramMissing(MachineFailure):
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


class ProgramKilled(MachineFailure):
    """The system ended a program that we started."""

    code = "PROGRAM_KILLED"

    def __init__(self, program: str, signal_number: int, *, detail: str = "") -> None:
        super().__init__(
            f"{program} was ended by the system (signal {signal_number}), most likely because "
            "memory ran out. Close other programs or set WORKERS=1, and run again: what was "
            "finished is kept.",
            detail=detail,
        )


class FFmpegLacks(MachineFailure):
    """The ffmpeg that was chosen cannot do what a render needs."""

    code = "FFMPEG_LACKS"

    def __init__(self, path: Path, missing: Iterable[str], *, detail: str = "") -> None:
        super().__init__(
            f"The ffmpeg at {path} was built without {', '.join(missing)}. Take FFMPEG out of the "
            "settings, so that the packaged one is used.",
            detail=detail,
        )
