"""One picture that stands for a file, upright and in ordinary colours."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aivideo.engines import animations, stills, tones
from aivideo.engines.media import (
    MediaInfo,
    as_far_as_it_goes,
    decoded,
    opened,
    picture_stream,
    probe,
    start_of,
)
from aivideo.engines.orientation import orientation_of
from aivideo.errors import MediaTruncated

if TYPE_CHECKING:
    import av
    import av.container
    from PIL import Image

_EARLIER: Final = 10.0
"""Seconds before a place at which a stream without an index is entered a second time."""


def thumbnail(path: Path, at_seconds: float | None = None) -> Image.Image:
    """One upright RGB picture of a file: a still itself, or a video's frame.

    Args:
        path: The file.
        at_seconds: Where in a video; without it, a third of the way in.

    Raises:
        NotMedia: It is no video and no picture of a kind that we read.
        MediaTruncated: It is a video of which nothing can be shown.
        PictureTooLarge: It has too many pixels.
        OSError: The file cannot be read at all.
    """
    if stills.is_still(path):
        return stills.open_still(path)
    info = probe(path)
    start = info.duration_seconds / 3 if at_seconds is None else at_seconds
    if info.animation:
        return animations.frame_at(path, start)
    with opened(path) as container:
        return _upright(_frame_at(path, container, start), info)


def _frame_at(path: Path, container: av.container.InputContainer, seconds: float) -> av.VideoFrame:
    """The picture shown at a time; the last one before it when the file ends earlier."""
    stream = picture_stream(path, container)
    wanted = start_of(stream) + seconds
    # A stream without an index may be entered behind the key frame that is needed, or behind
    # the last of all; then from earlier.
    for entry in (wanted, wanted - _EARLIER, 0.0):
        first, found = _first_from(container, stream, max(0.0, entry), wanted)
        if found is not None and (first <= wanted or entry <= 0):
            return found
    raise MediaTruncated(path.name)


def _first_from(
    container: av.container.InputContainer, stream: av.VideoStream, entry: float, wanted: float
) -> tuple[float, av.VideoFrame | None]:
    """When the first picture comes that can be decoded, and the picture wanted."""
    first, found = wanted, None
    with as_far_as_it_goes():
        container.seek(int(entry * 1_000_000))
        for frame in itertools.chain.from_iterable(map(decoded, container.demux(stream))):
            at = wanted if frame.pts is None else frame.time
            first, found = (at, frame) if found is None else (first, frame)
            if at >= wanted:
                break
    return first, found


def _upright(frame: av.VideoFrame, info: MediaInfo) -> Image.Image:
    from av.video.reformatter import Colorspace
    from PIL import Image

    if info.hdr:
        picture = Image.fromarray(tones.mapped(frame))
    else:
        untagged_hd = not info.tagged and info.high_definition
        colours = Colorspace.ITU709 if untagged_hd else None
        rgb = frame.reformat(format="rgb24", src_colorspace=colours)
        picture = Image.fromarray(rgb.to_ndarray())
    return orientation_of(frame).applied(picture).resize((info.width, info.height))
