"""Whether a clip may be used: what its licence says, and clips that can never be had."""

from __future__ import annotations

from aivideo.errors.base import AIVideoError


class LicenceForbids(AIVideoError):
    """A clip whose licence does not allow it to be published in a video."""

    code = "LICENCE_FORBIDS"

    def __init__(self, number: int, title: str, licence: str) -> None:
        super().__init__(
            f'Scene {number}: the licence of "{title}" ({licence}) does not allow to cut it, '
            "combine it and publish it freely. Choose another clip, or ask its author."
        )


class LicenceUnclear(AIVideoError):
    """A clip of which nobody says that it may be used again."""

    code = "LICENCE_UNCLEAR"

    def __init__(self, number: int, title: str) -> None:
        super().__init__(
            f'Scene {number}: the licence of "{title}" does not say that it may be used again. '
            "Ask its author, or choose another clip."
        )


class LicenceShareAlike(AIVideoError):
    """A clip whose licence reaches as far as the video that it is part of."""

    code = "LICENCE_SHARE_ALIKE"

    def __init__(self, number: int, title: str, licence: str) -> None:
        super().__init__(
            f'Scene {number}: "{title}" is under {licence}, so the whole video may have to be '
            "published under that licence. Choose another clip if you do not want that."
        )


class ClipRefused(AIVideoError):
    """A clip that was asked for before and can never be had; the sentence is the one from then."""

    permanent = True

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SourceSlow(AIVideoError):
    """A source of clips that did not answer in time."""

    code = "SOURCE_SLOW"

    def __init__(self, title: str, seconds: float) -> None:
        super().__init__(
            f"{title} has not answered within {seconds:g} seconds and was left out. Search again, "
            "or choose another source."
        )
