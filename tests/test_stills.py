"""Pictures of every kind become upright eight-bit sRGB, or are refused with the reason."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from footage import Pixels, picture, read_mark
from PIL import Image, ImageOps
from staging import filmed, luma_of, shot_of

from aivideo.engines import media, stills
from aivideo.engines.thumbnails import thumbnail
from aivideo.errors import MediaTruncated, NotMedia, PictureTooLarge
from aivideo.shots import Look
from aivideo.studio import Studio

PREVIEW = Look(quality="preview", captions=False)
MARK = 3
UPRIGHT = Image.fromarray(picture(MARK, 0, 320, 180))


def _palette(image: Image.Image) -> Image.Image:
    return image.quantize(256)


def _deep_grey(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def _grey_of_fractions(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.float32) / 255)


def _see_through(image: Image.Image) -> Image.Image:
    return Image.merge("RGBA", (*image.split(), Image.new("L", image.size, 255)))


KINDS: dict[str, tuple[Callable[[Image.Image], Image.Image], dict[str, Any]]] = {
    "plain.png": (Image.Image.copy, {}),
    "palette.png": (_palette, {}),
    "palette.bmp": (_palette, {}),
    "one_picture.gif": (_palette, {}),
    "grey.png": (lambda image: image.convert("L"), {}),
    "deep_grey.png": (_deep_grey, {}),
    "deep_grey.tiff": (_deep_grey, {}),
    "fractions.tiff": (_grey_of_fractions, {}),
    "see_through.png": (_see_through, {}),
    "grey_see_through.png": (lambda image: _see_through(image).convert("LA"), {}),
    "photo.jpg": (Image.Image.copy, {"quality": 95}),
    "grey.jpg": (lambda image: image.convert("L"), {"quality": 95}),
    "progressive.jpg": (Image.Image.copy, {"quality": 95, "progressive": True}),
    "print.jpg": (lambda image: image.convert("CMYK"), {"quality": 95}),
    "print.tiff": (lambda image: image.convert("CMYK"), {}),
    "photo.webp": (Image.Image.copy, {"lossless": True}),
    "photo.avif": (Image.Image.copy, {"quality": 95}),
    "plain.bmp": (Image.Image.copy, {}),
    "packed.tiff": (Image.Image.copy, {"compression": "tiff_lzw"}),
    "ordinary_rgb.jpg": (Image.Image.copy, {"quality": 95, "icc_profile": b"no profile"}),
}


def saved(folder: Path, name: str) -> Path:
    """A picture of a kind, as a file."""
    change, options = KINDS[name]
    change(UPRIGHT).save(folder / name, **options)
    return folder / name


def luma(image: Image.Image) -> Pixels:
    """A picture's brightness."""
    return np.asarray(image.convert("L"))


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_is_read_as_it_looks(tmp_path: Path, name: str) -> None:
    """Its size, what it shows, and its brightness; whatever its mode and depth."""
    path = saved(tmp_path, name)

    info = media.probe(path)
    shown = stills.open_still(path)

    assert (info.kind, info.width, info.height) == ("still", 320, 180)
    assert (shown.mode, shown.size) == ("RGB", (320, 180))
    assert read_mark(luma(shown), 320, 180) == (MARK, 0)
    assert np.abs(luma(shown).astype(int) - luma(UPRIGHT)).mean() < 4


@pytest.mark.parametrize("name", ["deep_grey.png", "print.jpg", "photo.avif", "palette.bmp"])
def test_a_picture_is_filmed(studio: Studio, tmp_path: Path, name: str) -> None:
    """What is read is what is encoded: the middle of the picture is the middle of the frame."""
    path = saved(tmp_path, name)

    frames = list(luma_of(filmed(studio, shot_of(path, frames=10, kind="still"), PREVIEW)))

    assert len(frames) == 10
    assert all(30 < frame.mean() < 200 for frame in frames)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".png", ".tiff"])
def test_every_orientation_stands_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    """All eight, mirrored ones too; the size told is the upright one, and so is the thumbnail."""
    backwards = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    note = Image.Exif()
    note[0x0112] = backwards
    stored = UPRIGHT.copy()
    stored.info["exif"] = note.tobytes()
    stored = ImageOps.exif_transpose(stored)
    note[0x0112] = orientation
    path = tmp_path / f"turned{suffix}"
    options: dict[str, Any] = {"quality": 95} if suffix == ".jpg" else {}
    stored.save(path, exif=note, **options)

    info = media.probe(path)

    assert (info.width, info.height) == (320, 180)
    assert read_mark(luma(thumbnail(path)), 320, 180) == (MARK, 0)
    assert read_mark(luma(stills.framed_still(path, (384, 216), "crop")), 320, 180) == (MARK, 0)


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA"])
def test_transparency_is_laid_on_white(tmp_path: Path, mode: str) -> None:
    """Also that of a palette, and half transparency half."""
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (20, 0, 40, 20))
    path = tmp_path / "logo.png"
    image.convert(mode).save(path)

    shown = stills.open_still(path)

    assert shown.getpixel((5, 5)) == (255, 255, 255)
    assert shown.getpixel((30, 5)) == (0, 0, 0)


def test_half_transparency_lets_half_of_the_paper_through(tmp_path: Path) -> None:
    """A soft edge stays soft."""
    path = tmp_path / "soft.png"
    Image.new("RGBA", (8, 8), (0, 0, 0, 128)).save(path)

    assert stills.open_still(path).getpixel((4, 4)) == (127, 127, 127)


# --------------------------------------------------------------------------- colours
DISPLAY_P3 = np.array(
    [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
)
ADOBE_RGB = np.array(
    [[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]]
)
SRGB = np.array(
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]]
)
GAMMA = 563 / 256


def icc_profile(colorants: np.ndarray) -> bytes:
    """A display profile (ICC.1 version 2) of three colorants and a plain power curve."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(values: Any) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(number(float(value)) for value in values)

    text = b"Wide"
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(GAMMA * 256)) + b"\0\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + bytes(80)
    tags = {
        b"desc": described + bytes(-len(described) % 4),
        b"cprt": b"text\0\0\0\0none",
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        **{b"rgb"[n : n + 1] + b"XYZ": xyz(colorants[:, n]) for n in range(3)},
        **{b"rgb"[n : n + 1] + b"TRC": curve for n in range(3)},
    }
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(body), len(content))
        body += content
    head = struct.pack(">I4xI4s4s4s", place + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + number(0.9642) + number(1.0) + number(0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


@pytest.mark.parametrize("colorants", [DISPLAY_P3, ADOBE_RGB], ids=["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("name", ["phone.jpg", "phone.png", "phone_see_through.png"])
def test_wide_colours_are_brought_to_an_ordinary_screen(
    tmp_path: Path, colorants: np.ndarray, name: str
) -> None:
    """A phone's Display P3 and a camera's Adobe RGB would look faded without their profile."""
    meant = np.array([180, 120, 90])
    image = Image.new("RGB", (64, 64), tuple(map(int, meant)))
    if "see_through" in name:
        image.putalpha(255)
    image.save(tmp_path / name, icc_profile=icc_profile(colorants))
    linear = np.linalg.inv(SRGB) @ colorants @ ((meant / 255) ** GAMMA)
    wanted = 255 * np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )

    shown = np.array(stills.open_still(tmp_path / name).getpixel((30, 30)))

    assert np.abs(shown - wanted).max() <= 3
    assert np.abs(shown - meant).max() > 4


def test_a_profile_for_other_colours_is_left_out(tmp_path: Path) -> None:
    """A grey picture with the profile of a screen: it is shown as it is."""
    path = tmp_path / "grey.png"
    Image.new("L", (8, 8), 90).save(path, icc_profile=icc_profile(DISPLAY_P3))

    assert stills.open_still(path).getpixel((4, 4)) == (90, 90, 90)


# --------------------------------------------------------------------------- sizes
def test_a_long_panorama_is_framed_sharply(tmp_path: Path) -> None:
    """12,000 pixels across: its middle is cut out, at full sharpness."""
    path = tmp_path / "panorama.png"
    wide = Image.new("RGB", (12_000, 900), "grey")
    wide.paste(UPRIGHT.resize((1600, 900)), (5200, 0))
    wide.save(path)

    framed = stills.framed_still(path, (1600, 900), "crop")

    assert media.probe(path).width == 12_000
    assert np.abs(luma(framed).astype(int) - luma(UPRIGHT.resize((1600, 900)))).mean() < 2


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_very_large_picture_keeps_its_proportions(tmp_path: Path, suffix: str) -> None:
    """8K, made smaller while it is read."""
    path = tmp_path / f"large{suffix}"
    UPRIGHT.resize((7680, 4320)).save(path)

    for fit in ("crop", "contain"):
        framed = stills.framed_still(path, (640, 480), fit)
        assert read_mark(luma(framed), 320, 180, cover=fit == "crop") == (MARK, 0)


def test_a_tiny_picture_is_enlarged(studio: Studio, tmp_path: Path) -> None:
    """Sixteen pixels square."""
    path = tmp_path / "icon.png"
    Image.new("RGB", (16, 16), "olive").save(path)

    frames = list(luma_of(filmed(studio, shot_of(path, frames=10, kind="still"), PREVIEW)))

    assert {frame.shape for frame in frames} == {(480, 854)}


# --------------------------------------------------------------------------- refusals
def test_a_picture_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """Half a photo would end in grey."""
    whole = saved(tmp_path, "photo.jpg").read_bytes()
    path = tmp_path / "half.jpg"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(MediaTruncated, match=r"half\.jpg"):
        media.probe(path)


def _brand(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + brand + bytes(400)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.heic", _brand(b"heic"), "HEIC"),
        ("photo.jpg", _brand(b"heix"), "HEIC"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a drawing"),
        ("paper.png", b"%PDF-1.7\n", "a drawing or a document"),
        ("nothing.png", b"", "empty"),
        ("page.jpg", b"<!DOCTYPE html><p>403", "web page"),
        ("head.png", b"\x89PNG\r\n\x1a\n" + bytes(60), ""),
        ("photo.avif", _brand(b"avif"), ""),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """The sentence says what the file is, and what to use instead."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(NotMedia, match=rf"{name} cannot be read.*{reason}.*Use MP4"):
        media.probe(path)


@pytest.mark.parametrize("size", [(60_000, 60_000), (13_000, 12_000)])
@pytest.mark.parametrize("suffix", [".gif", ".bmp"])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_by_what_it_claims(
    tmp_path: Path, suffix: str, size: tuple[int, int]
) -> None:
    """A hundred bytes that would become gigabytes are never unpacked; nor is its thumbnail."""
    path = tmp_path / f"bomb{suffix}"
    Image.new("1", (8, 8)).save(path)
    place, form = {".gif": (6, "<HH"), ".bmp": (18, "<ii")}[suffix]
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, place, *size)
    path.write_bytes(bytes(data))

    for opening in (media.probe, thumbnail, stills.open_still):
        with pytest.raises(PictureTooLarge, match="bomb"):
            opening(path)
