"""Scripts that are brought in, locked, or told what to stick to."""

from __future__ import annotations

from aivideo.errors.base import AIVideoError


class ScriptFileUnreadable(AIVideoError):
    """A file that was brought as a script cannot be read as one."""

    code = "SCRIPT_FILE_UNREADABLE"

    def __init__(self, name: str, said: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be read as a script: {said}. Give a .txt, .md, .docx or .json file, "
            "or paste the text.",
            detail=detail,
        )


class ScriptThere(AIVideoError):
    """A script would take the place of another one, and nobody said that it may."""

    code = "SCRIPT_THERE"

    def __init__(self, scenes: int) -> None:
        super().__init__(
            f"The project has a script of {scenes} {'scene' if scenes == 1 else 'scenes'}. Say "
            "that it may be replaced, or add to its end; a replaced script can be restored."
        )


class SceneLocked(AIVideoError):
    """A scene that is to be rewritten is locked."""

    code = "SCENE_LOCKED"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Scene {number} is locked, so its words stay. Unlock it first to have it rewritten."
        )


class AllScenesLocked(AIVideoError):
    """As many scenes are locked as the new script is to have."""

    code = "ALL_SCENES_LOCKED"

    def __init__(self, locked: int, wanted: int) -> None:
        super().__init__(
            f"{locked} {'scene is' if locked == 1 else 'scenes are'} locked and the script is to "
            f"have {wanted}, so there is nothing to write. Ask for more scenes, or unlock some."
        )


class SourcesTooLong(AIVideoError):
    """The notes that a script is to stick to are too long."""

    code = "SOURCES_TOO_LONG"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The sources have {length} characters and a script takes at most {limit}. Keep what "
            "the video is about."
        )


class WishInvalid(AIVideoError):
    """What a scene is to become is empty or too long."""

    code = "WISH_INVALID"

    def __init__(self, length: int, limit: int) -> None:
        said = "is empty" if length == 0 else f"has {length} characters"
        super().__init__(
            f"The wish {said}. Say shorter, longer, funnier, or what you want in 1 to {limit} "
            "characters."
        )
