"""What ffmpeg is asked, as values; and whether it is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aivideo.engines import ffmpeg, filters
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.filters import Canvas, Motion
from aivideo.engines.media import MediaInfo
from aivideo.errors import FFmpegLacks, MachineFailure, ProgramMissing
from aivideo.progress import Progress, finish

CANVAS = Canvas(1920, 1080, 30)
CLIP = MediaInfo("video", 1920, 1080, duration_seconds=10, fps=30)


def value(arguments: tuple[str, ...] | list[str], flag: str) -> str:
    """What follows a flag."""
    return arguments[list(arguments).index(flag) + 1]


# --------------------------------------------------------------------------- the program
def test_the_packaged_program_is_found_and_well() -> None:
    """With nothing set, the wheel's ffmpeg has all that a render needs."""
    health = FFmpeg().check()

    assert (health.works, health.needed, health.remedy) == (True, True, "")
    assert "ffmpeg" in health.says


def test_a_program_of_the_persons_own_is_preferred(tmp_path: Path) -> None:
    """The setting comes before the packaged one."""
    assert FFmpeg(tmp_path / "mine").path == tmp_path / "mine"


def test_a_program_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    """The health list names it and what to do."""
    health = FFmpeg(tmp_path / "nothing").check()

    assert not health.works
    assert "nothing" in health.says
    assert health.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_program_that_lacks_what_we_need_is_not_well(tmp_path: Path) -> None:
    """Such as one that was built without captions."""
    other = tmp_path / "ffmpeg"
    other.write_text("#!/bin/sh\necho ffmpeg version 4.0\n")
    other.chmod(0o755)

    health = FFmpeg(other).check()

    assert not health.works
    assert "ass" in health.says
    assert "FFMPEG" in health.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_program_without_crossfades_is_not_well(tmp_path: Path) -> None:
    """Whoever asks for one learns it from the health list, and not from a failed render."""
    names = [name for listed in ffmpeg.NEEDED.values() for name in listed if name != "xfade"]
    other = tmp_path / "ffmpeg"
    other.write_text("#!/bin/sh\n" + "".join(f"echo ' .. {name} V->V'\n" for name in names))
    other.chmod(0o755)

    health = FFmpeg(other).check()

    assert not health.works
    assert "without xfade" in health.says


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_run_that_fails_for_want_of_a_filter_says_which(tmp_path: Path) -> None:
    """It is the program that is at fault then, and not the clip."""
    other = tmp_path / "ffmpeg"
    other.write_text(
        "#!/bin/sh\n"
        'case "$*" in *-filters*|*-encoders*) echo " .. alimiter A->A"; exit 0;; esac\n'
        "echo \"No such filter: 'ass'\" >&2; exit 8\n"
    )
    other.chmod(0o755)

    with pytest.raises(FFmpegLacks, match="without ass, ebur128") as failure:
        finish(FFmpeg(other).run(["-i", "anything"], tmp_path / "out.mp4"))

    assert isinstance(failure.value, MachineFailure)
    assert "No such filter" in failure.value.detail


def test_without_any_program_the_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting, no package for this machine, none on the path."""
    monkeypatch.setenv("PATH", "")
    lost = FFmpeg()
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", _no_package)

    with pytest.raises(ProgramMissing, match="ffmpeg"):
        _ = lost.path


def _no_package() -> str:
    raise RuntimeError("No ffmpeg exe could be found")


def test_a_run_writes_to_the_file_and_tells_how_far_it_is(tmp_path: Path) -> None:
    """Frames fed in come out encoded, and progress reaches the end."""
    target = tmp_path / "-out.mp4"
    seen: list[Progress] = []
    arguments = [*ffmpeg.raw_input((64, 48), 30, "rgb24"), "-c:v", "libx264", "-f", "mp4"]

    finish(
        FFmpeg().run(
            arguments,
            target,
            feed=[bytes(64 * 48 * 3)] * 12,
            read_line=ffmpeg.frames_of(12, "Filming"),
        ),
        seen.append,
    )

    assert target.stat().st_size > 500
    assert seen[-1] == Progress(1.0, "Filming")


# --------------------------------------------------------------------------- arguments
def test_a_clip_from_outside_is_read_as_a_known_container_from_this_disk() -> None:
    """Neither its name nor its content can lead anywhere else."""
    arguments = ffmpeg.clip_input(Path("-i http:x.mp4"), start=1.5, seconds=4)

    assert value(arguments, "-protocol_whitelist") == "file"
    assert "hls" not in value(arguments, "-format_whitelist")
    assert value(arguments, "-ss") == "1.500"
    assert arguments.index("-ss") < arguments.index("-i")
    assert value(arguments, "-i").startswith("file:")


def test_the_join_copies_and_starts_fast() -> None:
    """No second generation of pictures or sound, and no picture decoded to find that out."""
    arguments = ffmpeg.join_arguments(Path("list"), Path("sound.m4a"), CANVAS, 300)

    assert value(arguments, "-c") == "copy"
    assert value(arguments, "-codec_whitelist") == "none"
    assert arguments.index("-codec_whitelist") < arguments.index("-i")
    assert int(value(arguments, "-moov_size")) > 14 * (300 + 470)


def test_the_list_of_parts_survives_any_folder_name(tmp_path: Path) -> None:
    """Quotes are quoted, and each part's exact length is told."""
    part = tmp_path / "it's" / "part.mp4"

    text = ffmpeg.concat_list([(part, 45)], 30)

    assert r"it'\''s" in text
    assert text.splitlines()[-1] == "duration 1.500000"


@pytest.mark.parametrize("line", ["frame=N/A", "fps=30", "", "frame=", "out_time_us=N/A"])
def test_other_lines_tell_no_progress(line: str) -> None:
    """Only numbers count."""
    assert ffmpeg.frames_of(10)(line) is None
    assert ffmpeg.seconds_of(10)(line) is None


def test_time_written_is_progress() -> None:
    """Of the time that is to be written."""
    assert ffmpeg.seconds_of(10.0)("out_time_us=2500000") == Progress(0.25)
    assert ffmpeg.seconds_of(10.0)("out_time_us=99000000") == Progress(1.0)


# --------------------------------------------------------------------------- pictures
def test_a_clip_of_our_own_shape_is_neither_cropped_nor_padded() -> None:
    """What fits is only brought to our colours and rate."""
    chain = filters.clip_chain(CLIP, CANVAS, 45)

    assert "scale=1920:1080" in chain
    assert "crop" not in chain
    assert "pad=" not in chain.replace("tpad=", "")
    assert chain.endswith(filters.TAGS)


def test_time_begins_at_the_first_frame_kept() -> None:
    """Before the rate is changed, or frames would be doubled and dropped."""
    chain = filters.clip_chain(CLIP, CANVAS, 45)

    assert chain.index("setpts=(PTS-STARTPTS)") < chain.index("fps=30")


@pytest.mark.parametrize(("fps", "first"), [(60, "fps=30"), (25, "scale=")])
def test_frames_are_dropped_before_and_repeated_after_scaling(fps: float, first: str) -> None:
    """No frame is scaled that is not shown, none twice."""
    info = MediaInfo("video", 3840, 2160, duration_seconds=10, fps=fps)
    chain = filters.clip_chain(info, CANVAS, 45)

    assert min(("fps=30", "scale="), key=chain.index) == first


def test_what_is_special_about_a_clip_is_treated() -> None:
    """Interlaced, HDR, untagged, unseekable: each has its filter, others have none."""
    woven = MediaInfo("video", 1920, 1080, duration_seconds=9, fps=25, interlaced=True)
    bright = MediaInfo("video", 1920, 1080, duration_seconds=9, fps=30, hdr=True)
    unknown = MediaInfo("video", 1920, 1080, duration_seconds=9, fps=30, tagged=False)
    small = MediaInfo("video", 640, 480, duration_seconds=9, fps=30, tagged=False)

    assert "bwdif" in filters.clip_chain(woven, CANVAS, 9)
    assert "tonemap" in filters.clip_chain(bright, CANVAS, 9)
    assert "setparams=colorspace=bt709,scale" in filters.clip_chain(unknown, CANVAS, 9)
    assert "setparams=colorspace=smpte170m,scale" in filters.clip_chain(small, CANVAS, 9)
    assert filters.clip_chain(CLIP, CANVAS, 9, skip_seconds=2.5).startswith("trim=start=2.500,")
    plain = filters.clip_chain(CLIP, CANVAS, 9)
    assert not any(word in plain for word in ("bwdif", "tonemap", "smpte170m", "trim=start"))


def test_an_hdr_clip_without_matrix_is_taken_for_what_hdr_means() -> None:
    """Or the conversion would not know a way."""
    bright = MediaInfo("video", 1920, 1080, duration_seconds=9, fps=30, hdr=True, tagged=False)

    assert "setparams=colorspace=bt2020nc" in filters.clip_chain(bright, CANVAS, 9)


@pytest.mark.parametrize(
    ("width", "height", "cover", "whole"),
    [
        (1080, 1920, (1920, 3414), (608, 1080)),
        (853, 481, (1920, 1084), (1916, 1080)),
        (640, 480, (1920, 1440), (1440, 1080)),
        (4000, 10, (432000, 1080), (1920, 6)),
    ],
)
def test_pictures_are_scaled_alike_both_ways_to_even_sizes(
    width: int, height: int, cover: tuple[int, int], whole: tuple[int, int]
) -> None:
    """Nothing is stretched; half a pixel of colour cannot be coded."""
    assert filters.covering(width, height, CANVAS) == cover
    assert filters.inside(width, height, CANVAS) == whole


def test_a_slowed_clip_has_its_time_stretched() -> None:
    """Twice as long is half as fast."""
    assert "setpts=(PTS-STARTPTS)*2.0000" in filters.clip_chain(CLIP, CANVAS, 9, stretch=2.0)


@pytest.mark.parametrize("closer", [True, False])
def test_the_view_never_leaves_a_still(closer: bool) -> None:  # noqa: FBT001 - a parameter
    """At every frame the four corners lie inside the picture."""
    chain = filters.still_chain(CANVAS, 60, Motion(closer=closer, right=-1.0, down=1.0))
    corners = [part.split("=", 1)[1].strip("'") for part in chain.split(":")
               if part[:2] in {"x3", "y3"} or part.startswith("y0")]  # fmt: skip

    for expression in corners:
        for on in (1, 30, 60):
            place = eval(expression, {"on": on, "W": 1.0, "H": 1.0})  # noqa: S307 - our own text
            assert -1e-9 <= place <= 1 + 1e-9


def test_captions_are_drawn_for_any_number_of_frames() -> None:
    """A scene may say hundreds of words; those frames are drawn and no others."""
    drawn = sorted({0, *range(5, 900, 3)})
    words = filters.Lettering(Path("a.ass"), Path("fonts"), range(8, 16), drawn)
    graph = filters.captions_over("nullsrc", words, Canvas(32, 16, 30))
    select = graph[graph.index("select='") : graph.index("',setpts") + 1]
    source = ["-f", "lavfi", "-i", f"color=s=16x16:r=30:d=31,{select}"]
    seen: list[Progress] = []

    finish(
        FFmpeg().run(
            ["-loglevel", "error", *source, "-fps_mode", "passthrough", "-f", "null"],
            read_line=ffmpeg.frames_of(1000),
        ),
        seen.append,
    )

    assert round(1000 * seen[-1].fraction) == len(drawn)


def test_a_path_in_a_filter_is_escaped_for_both_its_readers() -> None:
    """Colons and quotes end options, brackets and commas end filters."""
    escaped = filters.in_filter(Path("/a b/it's [x], y;z:1.ass"))

    assert escaped == r"/a b/it\\\'s \[x\]\, y\;z\\:1.ass"
