"""Clip sources: footage, drawn scenes, and what can be said of any of them."""

from __future__ import annotations

from pathlib import Path

from aivideo.errors.base import AIVideoError, scenes_named


class ClipGone(AIVideoError):
    """A clip that is no longer where it was found."""

    code = "CLIP_GONE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} is no longer there, or is another file now. Put it back, or search again "
            "and choose another clip.",
            detail=detail,
        )


class ClipUnusable(AIVideoError):
    """A clip that cannot be used, for a reason that will not go away by itself."""

    code = "CLIP_UNUSABLE"
    permanent = True

    def __init__(self, name: str, reason: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be used: {reason.rstrip('.')}. Choose another clip.", detail=detail
        )


class ClipNotFound(AIVideoError):
    """No source has a clip that shows what a scene is about."""

    code = "CLIP_NOT_FOUND"

    def __init__(self, number: int, words: str) -> None:
        super().__init__(
            f"Scene {number} has no clip: nothing fits {words!r}. Search with other words, put a "
            "clip of your own into the footage folder, or let it be illustrated."
        )


class ClipNotChosen(AIVideoError):
    """Scenes whose clips are needed have none."""

    code = "CLIP_NOT_CHOSEN"

    def __init__(self, *numbers: int) -> None:
        have, one = ("has", "one for it") if len(numbers) == 1 else ("have", "one for each")
        super().__init__(f"{scenes_named(numbers)} {have} no clip yet. Choose {one} first.")


class IllustrationUnreadable(AIVideoError):
    """A recipe that this version of the app cannot draw."""

    code = "ILLUSTRATION_UNREADABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "This drawn scene was made by another version of the app. Suggest clips for the "
            "scene again and choose a new one.",
            detail=detail,
        )


class ArtworkMissing(AIVideoError):
    """The icons or fonts that scenes are drawn with are not where they belong."""

    code = "ARTWORK_MISSING"

    def __init__(self, path: Path, *, detail: str = "") -> None:
        super().__init__(
            f"What scenes are drawn with is missing or damaged: {path}. Install the app again, "
            "or bring the folder assets back.",
            detail=detail,
        )


class DrawingUnavailable(AIVideoError):
    """The drawing library cannot be used on this machine."""

    code = "DRAWING_UNAVAILABLE"

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "Scenes cannot be drawn here because skia-python does not load. Install it again "
            "with pip install --force-reinstall skia-python.",
            detail=detail,
        )


class NothingToFetch(AIVideoError):
    """A drawn scene was asked for as a file."""

    code = "NOTHING_TO_FETCH"

    def __init__(self, source_id: str) -> None:
        super().__init__(
            f"The drawn scene {source_id} has no file to fetch. It is drawn while the video is "
            "rendered; choose it and go on."
        )
