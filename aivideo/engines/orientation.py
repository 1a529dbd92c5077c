"""How the stored pictures of a video come upright."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import av
    from PIL import Image


class Orientation(NamedTuple):
    """Rows become columns (``aside``), then sides and ends change places: all eight ways."""

    aside: bool = False
    from_right: bool = False
    from_below: bool = False

    def applied(self, picture: Image.Image) -> Image.Image:
        """A stored picture, upright."""
        from PIL import Image

        if self.aside:
            picture = picture.transpose(Image.Transpose.TRANSPOSE)
        if self.from_right:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if self.from_below:
            picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        return picture


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """What a frame's display matrix asks for, to the nearest quarter turn.

    The matrix (a b u, c d v, x y w) of ISO/IEC 14496-12 maps a stored place to a shown one.
    """
    from av.sidedata.sidedata import SideData

    noted = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(noted, SideData):
        return Orientation()
    a, b, _, c, d = struct.unpack_from("=5i", bytes(noted))
    aside = abs(b) > abs(a)
    return Orientation(aside, (c if aside else a) < 0, (b if aside else d) < 0)
