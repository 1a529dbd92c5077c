"""Who turns frames into H.264: libx264 on the processor, or hardware that proved itself first.

The argument lists are pure. Hardware is asked for by the setting ``VIDEO_ENCODER`` and trusted
only after a short real encode was decoded again: drivers are missing, sessions run out, and some
write pictures that cannot be joined. Whatever is refused, libx264 does the work.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aivideo.engines.ffmpeg import Encoding, FFmpeg, concat_list, in_name, raw_input
from aivideo.engines.filters import TAGS, Canvas
from aivideo.engines.inspection import complaints_about_pictures, first_luma, headers_of
from aivideo.errors import AIVideoError, Health, UnknownProvider
from aivideo.progress import Work, finish, together

LEVEL_4_1_FPS: Final = 30
"""The highest rate of 1080p that players of H.264 level 4.1 must show."""
HARDER: Final = 3
"""How much lower a hardware encoder's quality number is set to look like a CRF of x264's."""
FULL_HD: Final = Canvas(1920, 1080, 30)
PROBE_FRAMES: Final = 30
ALIKE: Final = 6.0
"""How far the mean luma of a column may be off after encoding, of 255."""
SIDE_BY_SIDE: Final = 2
"""Encodes that run at once in a probe, and in a render by hardware: consumer cards allow few."""

NO_COMPLAINT: Final = "ffmpeg stats and -progress period"
"""How the line begins that ffmpeg writes before any other."""

CodecArguments = Callable[[Encoding, Canvas, int], tuple[str, ...]]


@dataclass(frozen=True)
class Encoder:
    """One way of encoding.

    Attributes:
        key: Its name in the setting.
        name: Its name in ffmpeg.
        title: What a person calls it.
        codec: Its arguments for an encoding, a canvas and a number of threads.
        device: What comes before the inputs, to open the hardware.
        upload: Filters that bring our frames to where it reads them.
    """

    key: str
    name: str
    title: str
    codec: CodecArguments
    device: tuple[str, ...] = ()
    upload: str = ""

    def at_once(self, wanted: int) -> int:
        """How many encodes may run side by side."""
        return wanted if self == SOFTWARE else min(wanted, SIDE_BY_SIDE)

    def ingredients(self, encoding: Encoding, canvas: Canvas) -> tuple[str, ...]:
        """Everything about it that decides the bytes of a part, for the part's name."""
        return (*self.device, self.upload, *self.codec(encoding, canvas, 1))


# fmt: off
def _common(canvas: Canvas, level: str) -> tuple[str, ...]:
    """What every part has: the profile, two seconds between key frames, two B-frames."""
    return (
        "-profile:v", "high",
        "-level:v", level,
        "-g", str(2 * canvas.fps),
        "-bf", "2",
    )


def _level(canvas: Canvas) -> str:
    return "4.1" if canvas.fps <= LEVEL_4_1_FPS else "4.2"


def _x264(encoding: Encoding, canvas: Canvas, threads: int) -> tuple[str, ...]:
    """``stitchable`` gives all parts the same headers; ``8x8dct`` makes ultrafast High too."""
    return (
        "-c:v", "libx264",
        "-preset", encoding.preset,
        "-crf", str(encoding.crf),
        *_common(canvas, _level(canvas)),
        "-pix_fmt", "yuv420p",
        "-threads", str(threads),
        "-x264-params", "stitchable=1:open-gop=0:8x8dct=1",
    )


def _nvenc(encoding: Encoding, canvas: Canvas, _threads: int) -> tuple[str, ...]:
    presets = {"ultrafast": "p1", "superfast": "p3", "veryfast": "p5", "fast": "p6"}
    return (
        "-c:v", "h264_nvenc",
        "-preset", presets.get(encoding.preset, "p5"),
        "-tune", "hq",
        "-rc", "vbr",
        "-cq", str(encoding.crf + HARDER),
        "-b:v", "0",
        *_common(canvas, _level(canvas)),
        "-pix_fmt", "yuv420p",
        "-forced-idr", "1",
    )


def _qsv(encoding: Encoding, canvas: Canvas, _threads: int) -> tuple[str, ...]:
    presets = {"ultrafast": "veryfast", "superfast": "faster", "veryfast": "medium"}
    return (
        "-c:v", "h264_qsv",
        "-preset", presets.get(encoding.preset, "slow"),
        "-global_quality", str(encoding.crf + HARDER),
        "-look_ahead", "0",
        *_common(canvas, _level(canvas).replace(".", "")),
        "-pix_fmt", "nv12",
        "-idr_interval", "0",
    )


def _videotoolbox(encoding: Encoding, canvas: Canvas, _threads: int) -> tuple[str, ...]:
    """Its quality goes from 1 to 100, and higher is better: 65 looks like a CRF of 20."""
    return (
        "-c:v", "h264_videotoolbox",
        "-q:v", str(max(1, min(100, 65 + 3 * (20 - encoding.crf)))),
        *_common(canvas, _level(canvas)),
        "-pix_fmt", "yuv420p",
        "-allow_sw", "0",
        "-realtime", "0",
    )


def _amf(encoding: Encoding, canvas: Canvas, _threads: int) -> tuple[str, ...]:
    qualities = {"ultrafast": "speed", "superfast": "speed", "veryfast": "balanced"}
    quantizer = encoding.crf + HARDER
    return (
        "-c:v", "h264_amf",
        "-usage", "transcoding",
        "-quality", qualities.get(encoding.preset, "quality"),
        "-rc", "cqp",
        "-qp_i", str(quantizer - 2),
        "-qp_p", str(quantizer),
        "-qp_b", str(quantizer + 2),
        *_common(canvas, _level(canvas)),
        "-pix_fmt", "nv12",
        "-forced_idr", "1",
    )


def _vaapi(encoding: Encoding, canvas: Canvas, _threads: int) -> tuple[str, ...]:
    return (
        "-c:v", "h264_vaapi",
        "-rc_mode", "CQP",
        "-qp", str(encoding.crf + HARDER),
        *_common(canvas, _level(canvas).replace(".", "")),
        "-idr_interval", "0",
    )
# fmt: on


SOFTWARE: Final = Encoder("software", "libx264", "libx264 on the processor", _x264)
HARDWARE: Final = (
    Encoder("nvenc", "h264_nvenc", "NVENC", _nvenc),
    Encoder("qsv", "h264_qsv", "Quick Sync Video", _qsv),
    Encoder("videotoolbox", "h264_videotoolbox", "VideoToolbox", _videotoolbox),
    Encoder("amf", "h264_amf", "AMF", _amf),
    Encoder(
        "vaapi",
        "h264_vaapi",
        "VAAPI",
        _vaapi,
        device=("-init_hw_device", "vaapi=hw", "-filter_hw_device", "hw"),
        upload="format=nv12,hwupload",
    ),
)
"""In the order in which they are tried: the makers' own ways before the general one."""
AUTOMATIC: Final = "auto"
WANTED: Final = (AUTOMATIC, *(encoder.key for encoder in (SOFTWARE, *HARDWARE)))


def film_arguments(
    source: Sequence[str],
    graph: str,
    frames: int,
    canvas: Canvas,
    encoding: Encoding,
    *,
    encoder: Encoder = SOFTWARE,
    threads: int = 1,
) -> list[str]:
    """One scene's frames, encoded so that scenes can be joined by copying.

    The headers are the same for all scenes, and the time base holds a frame's length exactly.
    One thread each costs least when several scenes are filmed side by side.

    Args:
        source: The inputs.
        graph: From the inputs to the frames; what it calls ``[film]`` is encoded.
        frames: How many there are.
        canvas: Their size and rate.
        encoding: How hard the encoder works.
        encoder: Who encodes.
        threads: How many cores it may keep busy.
    """
    upload = f";[film]{encoder.upload}[uploaded]" if encoder.upload else ""
    # fmt: off
    return [
        "-loglevel", "verbose",
        *encoder.device,
        *source,
        "-filter_complex_threads", str(threads),
        "-filter_complex", f"{graph}{upload}",
        "-map", "[uploaded]" if upload else "[film]",
        "-an", "-sn", "-dn",
        "-frames:v", str(frames),
        *encoder.codec(encoding, canvas, threads),
        "-video_track_timescale", str(512 * canvas.fps),
        "-fps_mode", "passthrough",
        "-map_metadata", "-1",
        "-f", "mp4",
    ]
    # fmt: on


class VideoEncoder:
    """The encoder that the settings ask for, tried before it is trusted; else libx264."""

    def __init__(self, ffmpeg: FFmpeg, wanted: str, folder: Path) -> None:
        """Nothing is tried yet.

        Args:
            ffmpeg: The program.
            wanted: What the setting says, one of ``WANTED``.
            folder: Where a probe may write for a moment.

        Raises:
            UnknownProvider: The setting names none of them.
        """
        if wanted not in WANTED:
            raise UnknownProvider("video encoder", wanted, WANTED)
        self._ffmpeg, self._wanted, self._folder = ffmpeg, wanted, folder
        self._verdicts: dict[tuple[Encoder, Canvas], str] = {}
        self._lock = threading.Lock()

    def chosen(self, canvas: Canvas) -> Encoder:
        """Who encodes pictures of this size and rate; hardware is tried once a process."""
        for encoder in self._candidates():
            if not self.refusal(encoder, canvas):
                return encoder
        return SOFTWARE

    def refusal(self, encoder: Encoder, canvas: Canvas) -> str:
        """Why an encoder cannot be used, in a few words; empty when it can."""
        with self._lock:
            known = (encoder, canvas)
            if known not in self._verdicts:
                self._verdicts[known] = finish(probe(self._ffmpeg, encoder, canvas, self._folder))
            return self._verdicts[known]

    def still_works(self, encoder: Encoder, canvas: Canvas) -> bool:
        """Have an encoder prove itself again, because an encode by it failed."""
        with self._lock:
            self._verdicts.pop((encoder, canvas), None)
        return not self.refusal(encoder, canvas)

    def check(self, canvas: Canvas = FULL_HD) -> Health:
        """Who encodes, and why it is nobody faster."""
        encoder = self.chosen(canvas)
        refused = [
            f"{each.name}: {self.refusal(each, canvas)}"
            for each in self._candidates()
            if each != encoder
        ]
        says, remedy = encoder.title, ""
        if encoder == SOFTWARE and refused:
            says += f" (no hardware encoder answered: {'; '.join(refused)})"
            if self._wanted != AUTOMATIC:
                remedy = "Install the driver of that hardware, or set VIDEO_ENCODER=software."
        elif encoder == SOFTWARE:
            says += " (set VIDEO_ENCODER=auto to have hardware encoders tried)"
        else:
            says = f"{encoder.title}: {PROBE_FRAMES} frames were encoded and read back"
        return Health("Video encoder", works=not remedy, says=f"{says}.", remedy=remedy)

    def _candidates(self) -> Sequence[Encoder]:
        if self._wanted == AUTOMATIC:
            return HARDWARE
        return [encoder for encoder in HARDWARE if encoder.key == self._wanted]


def probe(ffmpeg: FFmpeg, encoder: Encoder, canvas: Canvas, folder: Path) -> Work[str]:
    """Encode two short parts side by side, join them, read all back.

    Returns:
        Why the encoder cannot be used, in a few words; nothing when it can.
    """
    with tempfile.TemporaryDirectory(prefix="probe-", dir=folder) as place:
        parts = [Path(place) / f"{number}.mp4" for number in range(SIDE_BY_SIDE)]
        joined = Path(place) / "joined.mp4"
        try:
            if not ffmpeg.has_encoder(encoder.name):
                return "this ffmpeg was built without it"
            works = [_encode(ffmpeg, encoder, canvas, part) for part in parts]
            yield from together(works, at_once=SIDE_BY_SIDE)
            yield from _join(ffmpeg, parts, canvas, joined)
        except AIVideoError as problem:
            return reason_in(problem)
        return next(iter(_complaints(parts, joined, canvas)), "")


def _complaints(parts: Sequence[Path], joined: Path, canvas: Canvas) -> Iterator[str]:
    yield from complaints_about_pictures(joined, canvas, len(parts) * PROBE_FRAMES)
    if len({headers_of(part) for part in parts}) > 1:
        yield "the headers of two parts differ"
    luma = first_luma(joined)
    if abs(luma.mean(axis=0) - _ramp(canvas)).mean() > ALIKE:
        yield "the pictures that come back are not those that were encoded"


def _encode(ffmpeg: FFmpeg, encoder: Encoder, canvas: Canvas, part: Path) -> Work[None]:
    arguments = film_arguments(
        raw_input(canvas.size, canvas.fps, "yuv420p"),
        f"[0:v]setsar=1,{TAGS}[film]",
        PROBE_FRAMES,
        canvas,
        Encoding("veryfast", 20),
        encoder=encoder,
    )
    yield from ffmpeg.run([*arguments, "-loglevel", "error"], part, feed=_moving_ramp(canvas))


def _join(ffmpeg: FFmpeg, parts: Sequence[Path], canvas: Canvas, target: Path) -> Work[None]:
    listed = target.with_suffix(".txt")
    lengths = [(part, PROBE_FRAMES) for part in parts]
    listed.write_text(concat_list(lengths, canvas.fps), encoding="utf-8")
    # fmt: off
    copied = [
        "-loglevel", "error",
        "-protocol_whitelist", "file",
        "-format_whitelist", "concat,mov",
        "-f", "concat",
        "-safe", "0",
        "-i", in_name(listed),
        "-c", "copy",
    ]
    # fmt: on
    scale = ["-video_track_timescale", str(512 * canvas.fps)]
    yield from ffmpeg.run([*copied, *scale, "-movflags", "+faststart"], target)


def _ramp(canvas: Canvas) -> NDArray[np.uint8]:
    """A line of luma that gets brighter to the right."""
    return np.linspace(16, 235, canvas.width).astype(np.uint8)


def _moving_ramp(canvas: Canvas) -> Iterator[bytes]:
    """Grey pictures of the ramp, which wanders to the right, as yuv420p."""
    chroma = bytes([128]) * (canvas.width * canvas.height // 2)
    for number in range(PROBE_FRAMES):
        line = np.roll(_ramp(canvas), number * canvas.width // (2 * PROBE_FRAMES))
        yield line.tobytes() * canvas.height + chroma


def reason_in(problem: AIVideoError) -> str:
    """The first thing that ffmpeg complained about, without addresses and full stop."""
    for line in problem.detail.splitlines():
        said = re.sub(r"^(\[[^\]]*\]\s*)+", "", line).strip(" .")
        if said and not said.startswith(NO_COMPLAINT):
            return said
    return problem.message.strip(" .")
