"""The conversation and its personas."""

from __future__ import annotations

from aivideo.errors.base import AIVideoError


class NoMessageYet(AIVideoError):
    """The last message is to be taken back or answered again, and nobody has said one."""

    code = "NO_MESSAGE_YET"

    def __init__(self) -> None:
        super().__init__("Nothing was said in this project yet. Say something first.")


class AnswerUnderway(AIVideoError):
    """A message is to be answered again while it is being answered."""

    code = "ANSWER_UNDERWAY"

    def __init__(self) -> None:
        super().__init__(
            "This message is being answered right now, maybe in another window. Wait for the "
            "answer, or stop it first."
        )


class NotAPersonsMessage(AIVideoError):
    """Only what a person said can be said differently."""

    code = "NOT_A_PERSONS_MESSAGE"

    def __init__(self) -> None:
        super().__init__(
            "That is an answer of the model. Change the message before it, or have it answered "
            "again."
        )


class PersonaIsDefault(AIVideoError):
    """The default persona cannot be removed: projects without one of their own talk with it."""

    code = "PERSONA_IS_DEFAULT"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is the default persona, which every project without one of its own talks "
            "with. Make another one the default first."
        )


class PersonaNotPreset(AIVideoError):
    """A persona of one's own has no words of ours to go back to."""

    code = "PERSONA_NOT_PRESET"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is a persona of your own; only those that come with the app can be restored. "
            "Edit it instead."
        )
