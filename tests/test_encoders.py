"""Who encodes: argument lists as values, hardware tried before it is trusted, parts that fit."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import av
import pytest
from fakes import FixedFinder
from footage import Reel
from staging import DRAFT, SceneOf, make_project

from aivideo.engines import encoders
from aivideo.engines.encoders import HARDWARE, SOFTWARE, Encoder, VideoEncoder, film_arguments
from aivideo.engines.ffmpeg import ENCODINGS, Encoding, FFmpeg
from aivideo.engines.filters import Canvas
from aivideo.engines.inspection import complaints_about_pictures, headers_of
from aivideo.errors import EncoderLost, ProgramFailed, UnknownProvider
from aivideo.progress import finish
from aivideo.render import render_project
from aivideo.render.filming import part_name
from aivideo.render.joining import unlike
from aivideo.render.segments import cut_up
from aivideo.render.takes import take
from aivideo.shots import plan
from aivideo.studio import Studio

CANVAS = Canvas(1920, 1080, 30)
SMALL = Canvas(256, 144, 30)
NVENC, QSV, VIDEOTOOLBOX, AMF, VAAPI = HARDWARE
STANDARD = Encoding("veryfast", 20)

needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


def value(arguments: list[str] | tuple[str, ...], flag: str) -> str:
    """What follows a flag."""
    return arguments[list(arguments).index(flag) + 1]


def film(encoder: Encoder = SOFTWARE, canvas: Canvas = CANVAS) -> list[str]:
    """The arguments for 45 frames of an input."""
    return film_arguments(["-i", "x"], "null[film]", 45, canvas, STANDARD, encoder=encoder)


# --------------------------------------------------------------------------- arguments
@pytest.mark.parametrize("encoder", [SOFTWARE, *HARDWARE], ids=lambda encoder: encoder.key)
def test_parts_are_encoded_so_that_they_can_be_joined(encoder: Encoder) -> None:
    """Whole time base, closed groups of the same length, High, no metadata of the source."""
    arguments = film(encoder)

    assert value(arguments, "-c:v") == encoder.name
    assert value(arguments, "-frames:v") == "45"
    assert value(arguments, "-video_track_timescale") == "15360"
    assert value(arguments, "-profile:v") == "high"
    assert (value(arguments, "-g"), value(arguments, "-bf")) == ("60", "2")
    assert value(arguments, "-map_metadata") == "-1"


@pytest.mark.parametrize("encoder", [SOFTWARE, *HARDWARE], ids=lambda encoder: encoder.key)
@pytest.mark.parametrize(("fps", "level"), [(30, "41"), (60, "42")])
def test_the_level_fits_the_rate(encoder: Encoder, fps: int, level: str) -> None:
    """A player can trust the level that the file declares."""
    told = value(film(encoder, Canvas(1920, 1080, fps)), "-level:v")

    assert told.replace(".", "") == level


@pytest.mark.parametrize("encoder", [SOFTWARE, *HARDWARE], ids=lambda encoder: encoder.key)
def test_a_better_quality_is_asked_for_as_one(encoder: Encoder) -> None:
    """Each quality is encoded in its own way, so that none is taken for another."""
    ways = {encoder.ingredients(encoding, CANVAS) for encoding in ENCODINGS.values()}

    assert len(ways) == len(ENCODINGS)


def test_the_software_encoder_gives_all_parts_the_same_headers() -> None:
    """Whatever is in the picture, and however fast the preset."""
    assert value(film(), "-x264-params") == "stitchable=1:open-gop=0:8x8dct=1"
    assert value(film(), "-preset") == "veryfast"


def test_frames_are_brought_to_where_the_hardware_reads_them() -> None:
    """The device is opened before the inputs, and the frames are uploaded last."""
    arguments = film(VAAPI)

    assert arguments.index("-init_hw_device") < arguments.index("-i")
    assert value(arguments, "-filter_complex").endswith("[film]format=nv12,hwupload[uploaded]")
    assert value(arguments, "-map") == "[uploaded]"
    assert value(film(), "-map") == "[film]"


def test_hardware_is_given_few_films_at_once() -> None:
    """Consumer cards refuse more; a processor takes as many as it has cores."""
    assert SOFTWARE.at_once(16) == 16
    assert NVENC.at_once(16) == encoders.SIDE_BY_SIDE
    assert NVENC.at_once(1) == 1


# --------------------------------------------------------------------------- trying
def test_the_software_encoder_passes_what_hardware_has_to_pass(tmp_path: Path) -> None:
    """Two parts side by side, joined by copying, decoded again: nothing to complain about."""
    assert finish(encoders.probe(FFmpeg(), SOFTWARE, SMALL, tmp_path)) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoder", HARDWARE, ids=lambda encoder: encoder.key)
def test_hardware_that_is_not_there_is_refused_with_its_reason(
    encoder: Encoder, tmp_path: Path
) -> None:
    """A few words without addresses; or nothing where the machine really has it."""
    said = finish(encoders.probe(FFmpeg(), encoder, SMALL, tmp_path))

    assert "0x" not in said
    assert "\n" not in said
    assert not said.endswith(".")
    assert said == "" or len(said.split()) >= 2


def stand_in(folder: Path, *, swap: str = "") -> FFmpeg:
    """An ffmpeg on which NVENC works: libx264 answers in its place.

    Args:
        folder: Where it is put.
        swap: A line of shell that may change the arguments once more.
    """
    real = FFmpeg().path
    program = folder / "ffmpeg"
    program.write_text(
        "#!/bin/bash\n"
        'if [ "$2" = -encoders ]; then echo " V....D h264_nvenc  stands in"; exit; fi\n'
        "left=()\n"
        "while [ $# -gt 0 ]; do case $1 in\n"
        "  h264_nvenc) left+=(libx264 -x264-params stitchable=1:threads=1);;\n"
        "  -preset) left+=(-preset ultrafast -x264opts 8x8dct=1); shift;;\n"
        "  -tune|-rc|-cq|-b:v|-forced-idr) shift;;\n"
        '  *) left+=("$1");;\n'
        "esac; shift; done\n"
        f'{swap}\nexec "{real}" "${{left[@]}}"\n'
    )
    program.chmod(0o755)
    return FFmpeg(program)


@needs_shell
def test_hardware_that_proves_itself_is_chosen(tmp_path: Path) -> None:
    """The first that passes; and it says so."""
    encoder = VideoEncoder(stand_in(tmp_path), "auto", tmp_path)

    assert encoder.chosen(SMALL) == NVENC
    health = encoder.check(SMALL)
    assert health.works
    assert health.says == "NVENC: 30 frames were encoded and read back."


@needs_shell
@pytest.mark.parametrize(
    ("swap", "said"),
    [
        ('left=("${left[@]/#high/main}"); left=("${left[@]/8x8dct=1/8x8dct=0}")', "h264 Main"),
        ('[[ "${left[-1]}" = */1.mp4 ]] && left=("${left[@]/stitchable=1/ref=3}")', "headers"),
        ('left=("${left[@]/setsar=1/negate,setsar=1}")', "not those that were encoded"),
        ('left=("${left[@]/#30/20}")', "frames instead of"),
    ],
    ids=["profile", "headers", "picture", "frames"],
)  # fmt: skip
def test_hardware_that_writes_something_else_is_refused(
    tmp_path: Path, swap: str, said: str
) -> None:
    """It ends well and its file plays, yet its parts could not be used."""
    encoder = VideoEncoder(stand_in(tmp_path, swap=swap), "nvenc", tmp_path)

    assert encoder.chosen(SMALL) == SOFTWARE
    assert said in encoder.refusal(NVENC, SMALL)


@needs_shell
def test_hardware_is_tried_once_and_again_when_it_failed(tmp_path: Path) -> None:
    """Its answer is remembered for the life of the process, until an encode by it fails."""
    encoder = VideoEncoder(stand_in(tmp_path), "nvenc", tmp_path)
    assert encoder.chosen(SMALL) == NVENC
    (tmp_path / "ffmpeg").write_text("#!/bin/sh\necho gone >&2\nexit 1\n")

    assert encoder.chosen(SMALL) == NVENC
    assert not encoder.still_works(NVENC, SMALL)
    assert encoder.chosen(SMALL) == SOFTWARE


def test_software_is_used_without_any_trial(tmp_path: Path) -> None:
    """The default asks nothing of the machine, not even for ffmpeg."""
    encoder = VideoEncoder(FFmpeg(tmp_path / "nothing"), "software", tmp_path)

    assert encoder.chosen(CANVAS) == SOFTWARE
    assert "libx264 on the processor" in encoder.check().says
    assert "VIDEO_ENCODER=auto" in encoder.check().says


@needs_shell
def test_a_wish_that_cannot_be_met_is_said_with_its_remedy(tmp_path: Path) -> None:
    """The fall-back is stated, and what would bring back what was asked for."""
    encoder = VideoEncoder(stand_in(tmp_path, swap="exit 1"), "nvenc", tmp_path)

    health = encoder.check(SMALL)

    assert (health.works, health.needed) == (False, False)
    assert health.says.startswith("libx264 on the processor (no hardware encoder answered: h264_n")
    assert "VIDEO_ENCODER=software" in health.remedy


def test_an_encoder_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    """The sentence names those there are."""
    with pytest.raises(UnknownProvider, match="videotoolbox"):
        VideoEncoder(FFmpeg(), "cuda", tmp_path)


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("[h264_nvenc @ 0x5581] Cannot load libcuda.so.1\n[vost#0:0 @ 0x1] more", "Cannot load"),
        ("ffmpeg stats and -progress period set to 0.25\n[a @ 0x1] [b @ 0x2] No device.", "No dev"),
        ("", "ffmpeg stopped with exit code 1"),
    ],
)
def test_the_reason_is_what_ffmpeg_complained_of_first(log: str, reason: str) -> None:
    """Its own words, without the addresses around them."""
    assert encoders.reason_in(ProgramFailed("ffmpeg", 1, detail=log)).startswith(reason)


# --------------------------------------------------------------------------- in a render
def test_parts_that_do_not_fit_the_others_are_filmed_again(
    studio: Studio, finder: FixedFinder, reel: Reel
) -> None:
    """A part of another make, right in name and length, does not spoil the video."""
    clip = reel["plain"].path
    project = make_project(studio, finder, [SceneOf(file=clip, start=n / 5) for n in range(3)])
    finish(render_project(studio, project, DRAFT))
    parts = sorted(studio.workspace.folder("parts").glob("*.mp4"))
    stray = parts[0]
    whole = headers_of(stray)
    spoil(studio, stray)
    assert unlike(parts) == [stray]

    video = finish(render_project(studio, project, DRAFT))

    assert headers_of(stray) == whole
    frames = round(video.duration_seconds * DRAFT.fps)
    assert complaints_about_pictures(video.path, DRAFT.canvas, frames) == []


def spoil(studio: Studio, part: Path) -> None:
    """Encode a part again in another way, as a new driver might."""
    other = part.with_suffix(".other.mp4")
    copied = ["-i", str(part), "-c:v", "libx264", "-preset", "ultrafast", "-refs", "4"]
    finish(studio.ffmpeg.run([*copied, "-video_track_timescale", "15360"], other))
    other.replace(part)


@needs_shell
def test_a_render_whose_hardware_is_lost_goes_on_with_software(
    studio: Studio,
    finder: FixedFinder,
    reel: Reel,
    tmp_path: Path,
) -> None:
    """The card that passed its trial fails in the middle; the video is made all the same."""
    encoder = VideoEncoder(stand_in(tmp_path), "nvenc", tmp_path)
    studio = replace(studio, encoder=encoder)
    assert encoder.chosen(DRAFT.canvas) == NVENC
    project = make_project(studio, finder, [SceneOf(file=reel["plain"].path)])
    # The render's own ffmpeg has no card, and neither has the trial that follows the failure.
    (tmp_path / "ffmpeg").write_text("#!/bin/sh\necho gone >&2\nexit 1\n")

    video = finish(render_project(studio, project, DRAFT))

    assert encoder.chosen(DRAFT.canvas) == SOFTWARE
    with av.open(str(video.path)) as container:
        assert container.streams.video[0].codec_context.profile == "High"


def test_the_encoder_is_part_of_a_parts_name(
    studio: Studio, finder: FixedFinder, reel: Reel, tmp_path: Path
) -> None:
    """Nothing that another encoder made is ever taken for this one's."""
    clip = reel["plain"].path
    project = make_project(studio, finder, [SceneOf(file=clip)])
    segment = cut_up(plan(studio, project, DRAFT)[1], DRAFT)[0]
    takes = [take(segment.shot, DRAFT, clip)]
    with_card = replace(studio, encoder=VideoEncoder(stand_in(tmp_path), "nvenc", tmp_path))

    names = {part_name(each, segment, DRAFT, takes) for each in (studio, with_card)}

    assert len(names) == 2


def test_a_lost_encoder_is_said_in_a_sentence() -> None:
    """What happened, and what to do."""
    assert "NVENC stopped working" in EncoderLost("NVENC").message
