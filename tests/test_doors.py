"""No file that names others, or is none of ours, gets anything opened: at every door, every kind.

A good clip lies beside each hostile file, and a server listens: neither may be touched.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import av
import pytest
from fakes import FixedFinder
from footage import Reel
from loopback import serving
from staging import SceneOf, filmed, make_project, shot_of

from aivideo import clips
from aivideo.engines import decoding, media, mixing, stills
from aivideo.engines.decoding import Stretch
from aivideo.engines.ffmpeg import clip_input
from aivideo.engines.finding import ClipQuery, FoundClip
from aivideo.engines.library import FootageFolder
from aivideo.engines.thumbnails import thumbnail
from aivideo.errors import AIVideoError
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.studio import Studio
from aivideo.workspace import Workspace

LONG_AGO = 1.0
PACKAGE = Path(media.__file__).parent.parent


@dataclass
class Canary:
    """A good clip that no hostile file may lead to, and a server that nobody may ask."""

    path: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the server would hand out the clip."""
        return f"http://127.0.0.1:{self.port}/{self.path.name}"

    def touched(self) -> list[str]:
        """What was opened or asked for; reading a file is seen where the disk notes it."""
        read = [self.path.name] if self.path.stat().st_atime != LONG_AGO else []
        return read + self.asked


@pytest.fixture
def canary(reel: Reel, tmp_path: Path) -> Iterator[Canary]:
    """A clip that was read long ago, beside the hostile file, and a server for it."""
    bird = Canary(tmp_path / "bird.mp4")
    shutil.copyfile(reel["plain"].path, bird.path)
    os.utime(bird.path, (LONG_AGO, bird.path.stat().st_mtime))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bird.asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with serving(Handler) as port:
        bird.port = port
        yield bird


# --------------------------------------------------------------------------- hostile files
def _hls(canary: Canary, target: str) -> str:
    del canary
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n"


def _script(canary: Canary, target: str) -> str:
    del canary
    return f"ffconcat version 1.0\nfile '{target}'\n"


def _manifest(canary: Canary, target: str) -> str:
    del canary
    return (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT2S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">'
        '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
        f"<BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    )


def _drawing(canary: Canary, target: str) -> str:
    del canary
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="320" height="180"><image xlink:href="{target}" width="320" height="180"/></svg>'
    )


def _session(canary: Canary, target: str) -> str:
    return (
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"a=control:{target}\r\nm=video {canary.port} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    )


def _windows_list(canary: Canary, target: str) -> str:
    del canary
    return f'<asx version="3.0"><entry><ref href="{target}"/></entry></asx>'


def _radio_list(canary: Canary, target: str) -> str:
    del canary
    return f"[playlist]\nNumberOfEntries=1\nFile1={target}\n"


def _package(canary: Canary, target: str) -> str:
    del canary
    return (
        '<?xml version="1.0"?><AssetMap xmlns="http://www.smpte-ra.org/schemas/429-9/2007/AM">'
        f"<AssetList><Asset><ChunkList><Chunk><Path>{target}</Path></Chunk></ChunkList></Asset>"
        "</AssetList></AssetMap>"
    )


HOSTILE: dict[str, Callable[[Canary, str], str]] = {
    "HLS": _hls,
    "ffconcat": _script,
    "DASH": _manifest,
    "SVG": _drawing,
    "SDP": _session,
    "ASX": _windows_list,
    "PLS": _radio_list,
    "IMF": _package,
}
TARGETS: dict[str, Callable[[Canary], str]] = {
    "a neighbour": lambda canary: canary.path.name,
    "a path": lambda canary: str(canary.path),
    "a file address": lambda canary: canary.path.as_uri(),
    "an address": lambda canary: canary.address,
}


# --------------------------------------------------------------------------- the doors
@contextlib.contextmanager
def shelf_of(path: Path, settings: Settings) -> Iterator[FootageFolder]:
    """A library whose folder holds the file and what lies beside it."""
    workspace = Workspace(settings)
    try:
        yield FootageFolder(settings.model_copy(update={"footage_dir": path.parent}), workspace)
    finally:
        workspace.close()


def refused(act: Callable[[], object], *kinds: type[AIVideoError]) -> str:
    """The sentence with which something is refused."""
    with pytest.raises(kinds or AIVideoError) as caught:
        act()
    return caught.value.message


def _choosing(studio: Studio, finder: FixedFinder, path: Path) -> None:
    project_id = make_project(studio, finder, [SceneOf(file=path, kind="video")])
    finish(clips.fetch(studio, project_id, 1))


DOORS: dict[str, Callable[[Studio, FixedFinder, Path], object]] = {
    "probe": lambda _studio, _finder, path: media.probe(path),
    "thumbnail": lambda _studio, _finder, path: thumbnail(path),
    "still": lambda _studio, _finder, path: stills.framed_still(path, (64, 64), "crop"),
    "choose": _choosing,
    "film": lambda studio, _finder, path: filmed(studio, shot_of(path, frames=10)),
    "clip's sound": lambda _studio, _finder, path: list(decoding.clip(path, Stretch())),
    "music": lambda _studio, _finder, path: next(decoding.music(path)),
    "ffmpeg's clip": lambda studio, _finder, path: finish(
        studio.ffmpeg.run([*clip_input(path, start=0, seconds=1), "-f", "null"])
    ),
    "ffmpeg's music": lambda studio, _finder, path: finish(
        studio.ffmpeg.run([*mixing.music_input(path, 1), "-f", "null"])
    ),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_names_other_files_leads_to_none(
    studio: Studio, finder: FixedFinder, canary: Canary, kind: str, door: str
) -> None:
    """Refused, whatever it names and however it is called; nothing else was opened."""
    for target in TARGETS.values():
        for name in ("clip.mp4", "picture.png", "list.m3u8"):
            path = canary.path.with_name(name)
            path.write_text(HOSTILE[kind](canary, target(canary)), "utf-8")

            refused(partial(DOORS[door], studio, finder, path))

    assert canary.touched() == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_library_names_the_reason(settings: Settings, canary: Canary, kind: str) -> None:
    """Before anybody can choose it: it is not offered, and the check says why."""
    path = canary.path.parent / "footage" / "volcano.mp4"
    path.parent.mkdir()
    path.write_text(HOSTILE[kind](canary, str(canary.path)), "utf-8")

    with shelf_of(path, settings) as shelf:
        assert finish(shelf.find(ClipQuery("volcano"))) == []
        said = shelf.check().says
        refused(lambda: shelf.add(path))

    reason = "a drawing or a document" if kind == "SVG" else "a list that names other files"
    assert f"volcano.mp4 cannot be read as a video or a picture: it is {reason}." in said
    assert canary.touched() == []


@pytest.mark.parametrize("kind", ["HLS", "ffconcat"])
def test_without_the_lists_the_clip_beside_would_be_opened(canary: Canary, kind: str) -> None:
    """What this file's tests look for can be seen: the same lists, opened without care."""
    path = canary.path.with_name("list.m3u8")
    path.write_text(HOSTILE[kind](canary, canary.path.name), "utf-8")
    open_before = canary.path.stat().st_atime

    with contextlib.suppress(av.FFmpegError), av.open(str(path)) as container:
        assert container.streams.video

    assert open_before == LONG_AGO
    if not canary.touched():
        pytest.skip("this disk does not note when a file was read")


@pytest.mark.parametrize(
    "name", ["concat:bird.mp4|bird.mp4", "subfile,,start,0,end,0,,:bird.mp4", "http:bird.mp4"]
)
@pytest.mark.skipif(os.name == "nt", reason="such names cannot be given there")
def test_a_name_is_no_address(studio: Studio, reel: Reel, tmp_path: Path, name: str) -> None:
    """A file may be called like a protocol; it is that file that is opened."""
    path = tmp_path / name
    shutil.copyfile(reel["short"].path, path)

    assert media.probe(path).width == 320
    assert filmed(studio, shot_of(path, frames=10)).exists()


# --------------------------------------------------------------------------- what cannot be used
def _nothing(path: Path, reel: Reel) -> None:
    del reel
    path.write_bytes(b"")


def _text(path: Path, reel: Reel) -> None:
    del reel
    path.write_text("remember the milk\n" * 40)


def _without_index(path: Path, reel: Reel) -> None:
    whole = reel["plain"].path.read_bytes()
    path.write_bytes(whole[: whole.index(b"moov") - 4])


def _without_pictures(path: Path, reel: Reel) -> None:
    whole = reel["truncated"].path.read_bytes()
    path.write_bytes(whole[: whole.index(b"mdat") + 60])


def _page(path: Path, reel: Reel) -> None:
    del reel
    path.write_text("<!DOCTYPE html><title>403</title>")


UNUSABLE: dict[str, tuple[Callable[[Path, Reel], None], str]] = {
    "empty": (_nothing, "it is empty"),
    "text": (_text, "cannot be read as a video or a picture"),
    "a page": (_page, "it is a web page"),
    "no index": (_without_index, "cannot be read as a video or a picture"),
    "no pictures": (_without_pictures, "broken off or damaged"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_cannot_be_used_is_refused_before_it_is_chosen(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path, kind: str
) -> None:
    """By the library, when it is handed in, and when it is brought; with one reason each time."""
    make, reason = UNUSABLE[kind]
    folder = tmp_path / "kept"
    folder.mkdir()
    path = folder / "volcano.mp4"
    make(path, reel)

    with shelf_of(path, studio.settings) as shelf:
        found: list[FoundClip] = finish(shelf.find(ClipQuery("volcano")))
        said = [shelf.check().says, refused(lambda: shelf.add(path))]
    said.append(refused(lambda: _choosing(studio, finder, path)))

    assert found == []
    assert all(re.search(f"volcano.mp4.*{reason}", sentence) for sentence in said)


# --------------------------------------------------------------------------- no door left open
SOURCES = sorted(PACKAGE.rglob("*.py"))


def words_before_inputs(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The words of every argument list between one input and the next, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.List | ast.Tuple):
            continue
        words: list[str] = []
        for element in node.elts:
            text = element.value if isinstance(element, ast.Constant) else ast.unparse(element)
            words.append(str(text))
            if text == "-i":
                yield element.lineno, words
                words = []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_input_of_ffmpeg_has_both_lists(path: Path) -> None:
    """Which protocols, and which containers: by a list, or by the one that it is."""
    for line, words in words_before_inputs(path):
        place = f"{path.name}:{line}"
        assert "-protocol_whitelist" in words, f"{place} does not say which protocols"
        assert {"-format_whitelist", "-f"} & set(words), f"{place} does not say which containers"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_file_that_is_looked_into_has_both_lists(path: Path) -> None:
    """The same for PyAV and Pillow."""
    source = path.read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        said = {word.arg: _written_out(word.value, source) for word in node.keywords}
        place = f"{path.name}:{node.lineno}"
        if name == "av.open":
            options = said.get("options", "")
            assert re.search("protocol_whitelist|OWN_FILE", options), f"{place}: which protocols?"
            listed = "format" in said or "format_whitelist" in options
            assert listed, f"{place}: which containers?"
        if name == "Image.open":
            assert "formats" in said, f"{place}: which formats?"


def _written_out(node: ast.expr, source: str) -> str:
    """An expression's text; of a name, what it is set to in the same file."""
    text = ast.unparse(node)
    values = [
        ast.unparse(found.value)
        for found in ast.walk(ast.parse(source))
        if isinstance(found, ast.Assign) and ast.unparse(found.targets[0]) == text
    ]
    return " ".join([text, *values])


def test_the_lists_hold_nothing_that_names_other_files() -> None:
    """Neither containers that are lists, nor protocols that lead elsewhere."""
    known = set(f"{media.FORMATS},{decoding.MUSIC_FORMATS}".split(","))

    assert not known & {"hls", "dash", "concat", "sdp", "rtsp", "imf", "svg", "lavfi", "image2"}
    assert media.FORMATS in clip_input(Path("clip.mp4"), start=0, seconds=1)
