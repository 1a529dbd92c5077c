"""Which of a video's files is brought."""

from __future__ import annotations

from typing import Any

import pytest

from aivideo.engines.youtube_formats import LARGEST, lines_for, pick, selector, size_of


def offered(name: str, width: int, height: int, codec: str = "avc1.640028", **more: Any) -> Any:
    """One file of a video as the downloader describes it."""
    usual = {"ext": "mp4", "acodec": "none", "protocol": "https", "fps": 30}
    return usual | {"format_id": name, "width": width, "height": height, "vcodec": codec} | more


WIDE = [
    offered("135", 854, 480),
    offered("136", 1280, 720),
    offered("247", 1280, 720, "vp9", ext="webm"),
    offered("137", 1920, 1080),
    offered("399", 1920, 1080, "av01.0.08M.08"),
    offered("271", 2560, 1440, "vp9", ext="webm"),
    offered("18", 640, 360, acodec="mp4a.40.2"),
    {"format_id": "140", "vcodec": "none", "acodec": "mp4a.40.2", "protocol": "https"},
    {"format_id": "sb0", "vcodec": "none", "acodec": "none", "ext": "mhtml"},
]


def picked(formats: list[Any], size: tuple[int, int] = (1920, 1080)) -> str:
    """The file that is brought for a canvas of this size."""
    chosen = pick(formats, lines_for(size))
    return chosen["format_id"] if chosen else ""


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ((1920, 1080), "137"),
        ((1080, 1920), "137"),
        ((1080, 1080), "137"),
        ((3840, 2160), "137"),
        ((1280, 720), "136"),
        ((720, 1280), "136"),
        ((720, 720), "136"),
        ((960, 540), "136"),
        ((480, 270), "18"),
    ],
)
def test_no_more_is_brought_than_the_canvas_needs(size: tuple[int, int], name: str) -> None:
    """The smallest that is sharp enough, by its shorter side; never more than 1080 lines."""
    assert picked(WIDE, size) == name


def test_an_upright_video_is_measured_by_its_width() -> None:
    """1080 x 1920 is what the site calls 1080p."""
    tall = [offered("136", 720, 1280), offered("137", 1080, 1920), offered("137b", 1440, 2560)]
    assert picked(tall, (1080, 1920)) == "137"
    assert picked(tall, (1920, 1080)) == "137"


def test_the_sharpest_is_brought_where_none_is_sharp_enough() -> None:
    """An old video has what it has."""
    assert picked([offered("133", 426, 240), offered("134", 640, 360)]) == "134"


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"codec": "vp9"}, {}),
        ({"codec": "av01.0.08M.08"}, {"codec": "vp9"}),
        ({"protocol": "m3u8_native"}, {}),
        ({"acodec": "mp4a.40.2"}, {}),
        ({"fps": 60}, {}),
        ({"filesize": 9_000_000}, {"filesize": 5_000_000}),
        ({"filesize": LARGEST + 1}, {"codec": "av01.0.08M.08"}),
        ({"has_drm": True}, {"codec": "vp9"}),
    ],
    ids=["codec", "newer codec", "segments", "sound", "fast", "bytes", "too large", "encrypted"],
)
def test_of_two_as_sharp_the_simpler_is_brought(
    worse: dict[str, Any], better: dict[str, Any]
) -> None:
    """H.264 before all, one file before many, without sound, at the usual rate."""
    formats = [offered("worse", 1920, 1080, **worse), offered("better", 1920, 1080, **better)]
    assert picked(formats) == "better"
    assert picked(formats[::-1]) == "better"


def test_a_file_of_any_kind_is_better_than_none() -> None:
    """Whatever can be decoded can be used."""
    assert picked([offered("571", 640, 360, "strange.9")]) == "571"
    assert picked([offered("unknown", 0, 0)]) == "unknown"


def test_where_there_are_no_pictures_nothing_is_picked() -> None:
    """Sound and storyboards are no clips; the downloader then says so itself."""
    assert picked(WIDE[-2:]) == ""
    assert list(selector(720)({"formats": WIDE[-2:]})) == []
    assert [one["format_id"] for one in selector(720)({"formats": WIDE})] == ["136"]


def test_an_estimated_size_is_better_than_none() -> None:
    """Some files say how large they are, some about how large, some nothing."""
    assert size_of({"filesize": 5, "filesize_approx": 7.5}) == 5
    assert size_of({"filesize": None, "filesize_approx": 7.5}) == 7
    assert size_of({}) == 0
