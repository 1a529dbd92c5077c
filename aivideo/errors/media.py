"""Media files and the render."""

from __future__ import annotations

from typing import Final

from aivideo.errors.base import AIVideoError, MachineFailure, scenes_named

MOST_LETTERS: Final = 12
"""Letters that a sentence names one by one."""


class NotMedia(AIVideoError):
    """A file that is no video or picture, whatever its name says; the reason where it is known."""

    code = "NOT_MEDIA"

    def __init__(self, name: str, reason: str = "", *, detail: str = "") -> None:
        because = f": {reason}" if reason else ""
        super().__init__(
            f"{name} cannot be read as a video or a picture{because}. Use MP4, MOV, WebM, MKV, "
            "AVI or TS for video, and PNG, JPEG, WebP or GIF for pictures.",
            detail=detail,
        )


class MediaTruncated(AIVideoError):
    """A video that ends before its first picture, or a picture that is not all there."""

    code = "TRUNCATED"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} is broken off or damaged: not one picture of it can be shown. Copy or "
            "download it again.",
            detail=detail,
        )


class PictureTooLarge(AIVideoError):
    """A picture with more pixels than can be opened safely."""

    code = "PICTURE_TOO_LARGE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} has more pixels than can be opened safely. Save it below 150 megapixels.",
            detail=detail,
        )


class NarrationUnreadable(AIVideoError):
    """A narration's file cannot be read as sound."""

    code = "NARRATION_UNREADABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"The narration {name} cannot be read. Have the scene spoken again.", detail=detail
        )


class NarrationTooLong(AIVideoError):
    """A narration's file lasts longer than the scene that was planned for it."""

    code = "NARRATION_TOO_LONG"

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(
            f"The narration {name} is longer than the {seconds:.2f} seconds of its scene, and "
            "would be cut. Have the scene spoken again."
        )


class MusicUnusable(AIVideoError):
    """A file that was given as music cannot be played."""

    code = "MUSIC_UNUSABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"{name} cannot be used as music. Choose an MP3, WAV, FLAC, OGG or M4A file.",
            detail=detail,
        )


class SceneNotSpoken(AIVideoError):
    """Scenes that are to be rendered have no narration as they stand."""

    code = "SCENE_NOT_SPOKEN"

    def __init__(self, *numbers: int) -> None:
        have, it = ("has", "it") if len(numbers) == 1 else ("have", "them")
        super().__init__(
            f"{scenes_named(numbers)} {have} no narration yet. Have {it} spoken first."
        )


class ClipUnreadable(AIVideoError):
    """A clip from which not enough pictures could be read."""

    code = "CLIP_UNREADABLE"

    def __init__(self, title: str, *, detail: str = "") -> None:
        super().__init__(
            f"The pictures of {title!r} cannot be read. Choose another clip for the scene.",
            detail=detail,
        )


class EncoderLost(MachineFailure):
    """A hardware encoder that had proved itself no longer works."""

    code = "ENCODER_LOST"

    def __init__(self, title: str, *, detail: str = "") -> None:
        super().__init__(
            f"{title} stopped working. Run the render again: libx264 takes its place, or set "
            "VIDEO_ENCODER=software.",
            detail=detail,
        )


class VideoBroken(AIVideoError):
    """A finished video that is not what was planned; it is not published."""

    code = "VIDEO_BROKEN"

    def __init__(self, complaint: str) -> None:
        super().__init__(
            "The finished video did not pass its check and was not published. Render it again: "
            "its parts are made anew.",
            detail=complaint,
        )


class ClipBrokenOff(AIVideoError):
    """A warning: a clip ends before it says it does; it is repeated as far as it goes."""

    code = "CLIP_BROKEN_OFF"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The clip is broken off after {seconds:.1f} seconds; what is there is shown, and "
            "shown again where that is too short. Copy or download it again, or choose another."
        )


class ClipSoundUnreadable(AIVideoError):
    """A warning: a clip's own sound was wanted and cannot be read; the scene goes without it."""

    code = "CLIP_SOUND_UNREADABLE"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"The own sound of {name} cannot be read, so the scene goes without it. Choose "
            "another clip, or leave its sound off.",
            detail=detail,
        )


class ClipDamaged(AIVideoError):
    """A warning: some pictures of a clip could not be read."""

    code = "CLIP_DAMAGED"

    def __init__(self, errors: int) -> None:
        super().__init__(
            f"The clip is damaged in {errors} places and may stutter there. Look at the video, "
            "and choose another clip if it shows."
        )


class CaptionsUnreadable(AIVideoError):
    """A warning: no font of ours can show some of the letters of the captions."""

    code = "CAPTIONS_UNREADABLE"

    def __init__(self, letters: str) -> None:
        super().__init__(
            f"The captions cannot show {_few(letters)}: no font here has it. Write these letters "
            "otherwise, or switch the captions off."
        )


class SceneNotFilmed(AIVideoError):
    """Scenes could not be filmed; the code is that of the first one's cause."""

    def __init__(self, numbers: tuple[int, ...], cause: AIVideoError) -> None:
        super().__init__(
            f"{scenes_named(numbers)} could not be filmed. {cause.message}", detail=cause.detail
        )
        self.code = cause.code


def _few(letters: str) -> str:
    """Letters with blanks between them, and how many more there are than a sentence can hold."""
    named = letters.split()
    more = f" and {len(named) - MOST_LETTERS} more" if len(named) > MOST_LETTERS else ""
    return " ".join(named[:MOST_LETTERS]) + more
