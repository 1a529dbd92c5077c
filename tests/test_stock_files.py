"""Pictures and files of stock sources: which one is brought, and what comes of it."""

from __future__ import annotations

import io
import itertools
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest
from footage import Reel
from PIL import Image
from staging_stock import SOURCES, Shelf, shelf
from stock_server import commons_film, commons_photo, pexels_film, pexels_photo
from tls_host import Served

from aivideo.engines import media
from aivideo.engines.finding import ClipQuery, FoundClip, MediaFile, Wanted
from aivideo.engines.stock_media import best_file, suffix_of, type_of
from aivideo.errors import (
    AIVideoError,
    ClipUnusable,
    DiskFull,
    DownloadBrokeOff,
    DownloadRefused,
    StockLimited,
)
from aivideo.progress import Progress, finish

__all__ = ["shelf"]

FULL_HD: Final = (1920, 1080)
UPRIGHT: Final = (1080, 1920)
MP4, WEBM, JPEG = "video/mp4", 'video/webm; codecs="vp9"', "image/jpeg"

each_source = pytest.mark.parametrize("name", SOURCES)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real film."""
    return Reel(tmp_path_factory.mktemp("reel"))["plain"].path.read_bytes()


@pytest.fixture(scope="module")
def web_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real film as Commons has them."""
    return Reel(tmp_path_factory.mktemp("reel"))["webm"].path.read_bytes()


def photo(kind: str = "JPEG", size: tuple[int, int] = (600, 400)) -> bytes:
    """A real picture."""
    data = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(data, kind)
    return data.getvalue()


def wanted(clip: FoundClip, size: tuple[int, int] = FULL_HD) -> Wanted:
    """What is to be brought of a clip."""
    return Wanted(clip.source_id, clip.title, clip.media, size)


def bare(address: str) -> str:
    """An address without its parameters, as the stand-in knows files."""
    return address.partition("?")[0]


# --------------------------------------------------------------------------- which file
def files(*sizes: tuple[int, int], mime: str = MP4) -> list[MediaFile]:
    """Files of these sizes."""
    return [MediaFile(f"https://a/{w}x{h}", mime, w, h) for w, h in sizes]


UHD, QHD, FHD, HD, SD = (3840, 2160), (2560, 1440), (1920, 1080), (1280, 720), (640, 360)


@pytest.mark.parametrize(
    ("canvas", "sizes", "best"),
    [
        (FULL_HD, [UHD, QHD, FHD, HD, SD], FHD),
        (FULL_HD, [UHD, QHD, HD, SD], QHD),
        (FULL_HD, [UHD, HD, SD], HD),
        (FULL_HD, [UHD, SD], UHD),
        (FULL_HD, [HD, SD], HD),
        (FULL_HD, [SD], SD),
        (FULL_HD, [UHD], UHD),
        (FULL_HD, [(1880, 1058), UHD], (1880, 1058)),
        ((1280, 720), [UHD, FHD, HD, SD], HD),
        ((640, 360), [UHD, FHD, HD], HD),
        (UPRIGHT, [(2160, 3840), (1080, 1920), (720, 1280)], (1080, 1920)),
        (UPRIGHT, [UHD, FHD, HD], UHD),
        (UPRIGHT, [(7680, 4320), FHD, HD], FHD),
        (UPRIGHT, [(7680, 4320), HD], (7680, 4320)),
        (UPRIGHT, [(7680, 4320), (1280, 2276), HD], (1280, 2276)),
        (UPRIGHT, [UHD, HD], UHD),
        (UPRIGHT, [(1080, 1920), UHD], (1080, 1920)),
        ((3840, 2160), [(7680, 4320), UHD, FHD], UHD),
        (FULL_HD, [(0, 0), SD], SD),
        (FULL_HD, [(0, 0)], (0, 0)),
    ],
    ids=itertools.count(),
)
def test_the_smallest_file_that_covers_the_canvas_is_brought(
    canvas: tuple[int, int], sizes: list[tuple[int, int]], best: tuple[int, int]
) -> None:
    """Unless it is far too large and a slightly soft one is there; else the largest."""
    for order in (sizes, sizes[::-1]):
        chosen = best_file(files(*order), canvas)
        assert chosen is not None
        assert (chosen.width, chosen.height) == best


def test_an_mp4_is_better_than_others_that_do_as_well() -> None:
    """Its pictures are H.264, which every machine decodes quickly; but size comes first."""
    webm = files(FHD, mime=WEBM)
    assert best_file([*webm, *files(QHD)], FULL_HD) == files(QHD)[0]
    assert best_file([*webm, *files(SD)], FULL_HD) == webm[0]


def test_what_is_too_large_to_be_brought_is_passed_over() -> None:
    """As far as its size is known."""
    large = MediaFile("https://a/b", MP4, *FHD, 600_000_000)
    assert best_file([large, *files(SD)], FULL_HD) == files(SD)[0]
    assert best_file([large], FULL_HD) is None
    assert best_file([], FULL_HD) is None


@pytest.mark.parametrize(
    ("address", "mime", "suffix"),
    [
        ("https://a/b.MP4?x=.webm", "", ".mp4"),
        ("https://a/b%2Ejpeg", "", ".jpg"),
        ("https://a/b.jpg", "video/webm; codecs=vp9", ".webm"),
        ("https://a/b.ogg", "application/ogg", ".ogv"),
        ("https://a/b.exe", "", ".bin"),
        ("https://a/..%2F..%2Fetc", "text/../x", ".bin"),
    ],
)
def test_a_file_of_ours_ends_as_its_kind_does(address: str, mime: str, suffix: str) -> None:
    """Nothing that a stranger writes becomes part of a name."""
    assert suffix_of(MediaFile(address, mime)) == suffix
    assert type_of("https://a/b") == ""


@pytest.mark.parametrize(
    ("size", "height"), [(FULL_HD, 1080), ((1280, 720), 720), (UPRIGHT, 1080), (UHD, 1080)]
)
def test_of_a_film_of_commons_a_smaller_version_is_brought(
    shelf: Shelf, size: tuple[int, int], height: int
) -> None:
    """Originals are often very large; the versions are VP9 of 1080 or 720 lines."""
    [film, _] = shelf.find("commons")
    best = best_file(film.media, size)
    assert best is not None
    assert best.height == height
    assert "transcoded" in best.address


@pytest.mark.parametrize(
    ("width", "height", "versions", "offered"),
    [
        (3840, 2160, [1080, 720], [1080, 720]),
        (3840, 2160, [720], [2160, 720]),
        (1920, 1080, [720], [1080, 720]),
        (1280, 720, [], [720]),
    ],
)
def test_an_original_of_commons_is_brought_only_where_it_is_needed(
    shelf: Shelf, width: int, height: int, versions: list[int], offered: list[int]
) -> None:
    """It may be a hundred times as large as what a video shows of it."""
    made = [
        {
            "src": f"https://upload.wikimedia.org/{one}.webm",
            "type": WEBM,
            "width": one * 16 // 9,
            "height": one,
        }
        for one in versions
    ]
    row = commons_film(6, width=width, height=height, derivatives=made)
    shelf.server.films["commons"] = [row]
    assert [file.height for file in shelf.find("commons")[0].media] == offered


# --------------------------------------------------------------------------- small pictures
@each_source
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_small_picture_becomes_a_jpeg_of_ours(shelf: Shelf, name: str, kind: str) -> None:
    """480 pixels wide, whatever came; the second time nobody is asked."""
    clip = shelf.find(name)[0]
    shelf.server.files[bare(clip.picture_address)] = Served(photo(kind), f"image/{kind.lower()}")
    shown = finish(shelf.open(name).picture(clip))
    with Image.open(shown.thumbnail) as picture:
        assert (picture.format, picture.size) == ("JPEG", (480, 320))
    assert Path(shown.thumbnail).parent == shelf.workspace.folder("thumbnails")
    asked = len(shelf.server.asked)
    assert finish(shelf.open(name).picture(clip)) == shown
    assert len(shelf.server.asked) == asked


@pytest.mark.parametrize(
    "served",
    [
        Served(b"<html>no</html>", "text/html"),
        Served(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        Served(b"not a picture", JPEG),
        Served(b"\xff\xd8\xff\xe0 broken", JPEG),
        Served(b"", JPEG),
        Served(b"x", JPEG, told=2_000_001),
        Served(b"", status=404),
        Served(b"", status=429),
        Served(b"", status=302, headers={"Location": "https://example.com/x.jpg"}),
    ],
    ids=itertools.count(),
)
def test_a_clip_whose_picture_cannot_be_had_has_none(shelf: Shelf, served: Served) -> None:
    """It is no failure: the clip can be chosen all the same."""
    [clip, _] = shelf.find("pexels")
    shelf.server.files[bare(clip.picture_address)] = served
    shown = finish(shelf.open("pexels").picture(clip))
    assert shown == clip
    assert list(shelf.workspace.folder("thumbnails").iterdir()) == []
    assert list(shelf.workspace.folder("incoming").glob("*.part")) == []


def test_a_small_picture_is_not_waited_for_long(shelf: Shelf) -> None:
    """It is tried once."""
    [clip, _] = shelf.find("pexels")
    shelf.server.files[bare(clip.picture_address)] = Served(b"", status=500)
    finish(shelf.open("pexels").picture(clip))
    assert len(shelf.server.asked) == 3


def test_a_full_disk_is_no_missing_picture(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops the work."""
    [clip, _] = shelf.find("pexels")
    full = SimpleNamespace(total=10**9, used=10**9, free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(DiskFull):
        finish(shelf.open("pexels").picture(clip))


def test_a_clip_without_a_picture_asks_nobody(shelf: Shelf) -> None:
    """There is nothing to bring."""
    clip = FoundClip("pexels", "video-1", "Sea")
    assert finish(shelf.open("pexels").picture(clip)) == clip
    assert shelf.server.asked == []


# --------------------------------------------------------------------------- files
def test_a_film_is_brought_and_kept(shelf: Shelf, film: bytes) -> None:
    """The right one of its files, without the key; the second time nobody is asked."""
    [clip, _] = shelf.find("pexels")
    shelf.server.files["https://videos.pexels.com/video-files/1/1920.mp4"] = Served(film)
    path = finish(shelf.open("pexels").fetch(wanted(clip)))
    assert path.parent == shelf.workspace.folder("videos")
    assert path.suffix == ".mp4"
    assert media.probe(path).kind == "video"
    assert "authorization" not in shelf.server.asked[-1].headers
    asked = len(shelf.server.asked)
    assert finish(shelf.open("pexels").fetch(wanted(clip))) == path
    shelf.unplug()
    assert finish(shelf.open("pexels").fetch(wanted(clip))) == path
    assert len(shelf.server.asked) == asked


def test_another_canvas_may_need_another_file(shelf: Shelf, film: bytes) -> None:
    """Each is kept under a name of its own."""
    [clip, _] = shelf.find("pexels")
    for width in (1920, 1280):
        shelf.server.files[f"https://videos.pexels.com/video-files/1/{width}.mp4"] = Served(film)
    large = finish(shelf.open("pexels").fetch(wanted(clip)))
    small = finish(shelf.open("pexels").fetch(wanted(clip, (1280, 720))))
    assert large != small


def test_a_film_of_commons_is_brought_as_webm(shelf: Shelf, web_film: bytes) -> None:
    """Its host is told who asks, as for searches."""
    [clip, _] = shelf.find("commons")
    best = best_file(clip.media, FULL_HD)
    assert best is not None
    shelf.server.files[best.address] = Served(web_film, "video/webm")
    path = finish(shelf.open("commons").fetch(wanted(clip)))
    assert path.suffix == ".webm"
    assert media.probe(path).codec == "vp9"
    assert "me@example.com" in shelf.server.asked[-1].headers["user-agent"]


@pytest.mark.parametrize("name", SOURCES)
def test_a_photo_is_brought_as_it_is(shelf: Shelf, name: str) -> None:
    """In a size that covers the canvas, where there is one."""
    clip = shelf.find(name)[-1]
    best = best_file(clip.media, FULL_HD)
    assert best is not None
    shelf.server.files[bare(best.address)] = Served(photo(size=(1920, 1280)), JPEG)
    path = finish(shelf.open(name).fetch(wanted(clip)))
    assert path.suffix == ".jpg"
    assert media.probe(path).kind == "still"


def test_the_one_who_waits_is_told_how_far_it_is(shelf: Shelf, film: bytes) -> None:
    """In megabytes of all of them."""
    [clip, _] = shelf.find("pexels")
    address = "https://videos.pexels.com/video-files/1/1920.mp4"
    shelf.server.files[address] = Served(film + bytes(2_000_000), stalls=1_200_000)
    told: list[Progress] = []
    with pytest.raises(DownloadBrokeOff):
        finish(shelf.open("pexels").fetch(wanted(clip)), told.append)
    assert any(one.message.startswith("Downloading, 1.2 of 2.") for one in told)


@pytest.mark.parametrize(
    ("served", "failure"),
    [
        (Served(b"", status=404), ClipUnusable),
        (Served(b"", status=410), ClipUnusable),
        (Served(b"no film at all", MP4), ClipUnusable),
        (Served(b"", status=403), DownloadRefused),
        (Served(b"<html>", "text/html"), DownloadRefused),
        (Served(b"", status=302, headers={"Location": "https://evil.example/x"}), DownloadRefused),
        (Served(b"", status=429, headers={"Retry-After": "60"}), StockLimited),
        (Served(b"", status=500), DownloadBrokeOff),
    ],
    ids=itertools.count(),
)
def test_each_failed_download_has_a_sentence(
    shelf: Shelf, served: Served, failure: type[AIVideoError]
) -> None:
    """With the clip's name or the source's, and nothing left behind."""
    [clip, _] = shelf.find("pexels")
    shelf.server.files["https://videos.pexels.com/video-files/1/1920.mp4"] = served
    with pytest.raises(AIVideoError) as raised:
        finish(shelf.open("pexels").fetch(wanted(clip)))
    assert type(raised.value) is failure
    assert clip.title in raised.value.message or "Pexels" in raised.value.message
    assert list(shelf.workspace.folder("videos").iterdir()) == []


def test_a_file_that_was_not_made_yet_is_replaced_by_the_next_best(
    shelf: Shelf, web_film: bytes
) -> None:
    """Commons lists versions before they are there."""
    [clip, _] = shelf.find("commons")
    shelf.server.files[clip.media[1].address] = Served(web_film, "video/webm")
    path = finish(shelf.open("commons").fetch(wanted(clip)))
    assert path.read_bytes() == web_film
    tried = [one.address.rpartition("/")[2] for one in shelf.server.asked[2:]]
    assert [name.split(".")[2] for name in tried] == ["1080p", "720p"]


def test_a_clip_that_is_gone_is_not_asked_for_without_end(shelf: Shelf) -> None:
    """Three of its files are enough to know."""
    [clip, _] = shelf.find("pexels")
    with pytest.raises(ClipUnusable, match="does not have it any more"):
        finish(shelf.open("pexels").fetch(wanted(clip)))
    assert len(shelf.server.asked) == 2 + 3


def test_an_address_of_another_source_is_not_followed(shelf: Shelf) -> None:
    """What is kept of a choice is believed no more than an answer."""
    elsewhere = MediaFile("https://pixabay.com/x.mp4", MP4, *FHD)
    with pytest.raises(DownloadRefused, match=r"pixabay\.com"):
        finish(shelf.open("pexels").fetch(Wanted("video-1", "Sea", (elsewhere,))))
    assert shelf.server.asked == []


def test_a_clip_without_files_cannot_be_brought(shelf: Shelf) -> None:
    """One that was chosen before files were kept, for example."""
    with pytest.raises(ClipUnusable, match="Pexels video-1"):
        finish(shelf.open("pexels").fetch(Wanted("video-1")))


def test_a_photo_with_a_small_original_is_offered_as_it_is(shelf: Shelf) -> None:
    """No version is larger than the original, and none is made up where there is no picture."""
    small = commons_photo(2, width=1600, height=1000, thumburl="")
    shelf.server.photos["commons"], shelf.server.films["commons"] = [small], []
    [clip] = shelf.find("commons")
    assert [file.width for file in clip.media] == [1600]
    tiff = commons_photo(3, mime="image/svg+xml")
    shelf.server.photos["commons"] = [tiff]
    assert shelf.find("commons", "ocean") == []


def test_files_without_a_size_are_used_when_there_are_no_others(shelf: Shelf, film: bytes) -> None:
    """A source may leave it out."""
    row = pexels_film(8)
    for file in row["video_files"]:
        file["width"] = file["height"] = file["size"] = None
    shelf.server.films["pexels"], shelf.server.photos["pexels"] = [row], [pexels_photo(9)]
    clip = finish(shelf.open("pexels").find(ClipQuery("ocean waves")))[0]
    shelf.server.files["https://videos.pexels.com/video-files/8/3840.mp4"] = Served(film)
    assert finish(shelf.open("pexels").fetch(wanted(clip))).is_file()


def test_versions_that_are_no_films_are_left_out(shelf: Shelf) -> None:
    """Lists of pieces, pictures in a row, and what has no address."""
    strange = [
        {"src": "", "type": "video/webm", "width": 1, "height": 1},
        {"src": "//upload.wikimedia.org/a.webm", "type": "video/webm", "width": 1, "height": 1},
        {"src": "https://upload.wikimedia.org/a.m3u8", "type": "application/vnd.apple.mpegurl"},
        {"src": None, "type": None},
    ]
    shelf.server.films["commons"] = [commons_film(5, derivatives=strange)]
    clip = shelf.find("commons")[0]
    assert [file.address.rpartition("/")[2] for file in clip.media] == [
        "Ocean_waves.webm",
        "a.webm",
    ]
