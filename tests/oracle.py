"""Says what is wrong with a finished video; it shares no code with what made it.

    python tests/oracle.py VIDEO.mp4 --script SCRIPT.json [--whisper MODEL_FOLDER]

Nothing a file declares is believed where frames or samples can be counted. SCRIPT.json is a
list of scenes (or an object with ``scenes``), each with its ``text``; with a folder that holds
a faster-whisper model, what is heard is compared with it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

LOUDNESS, LOUDNESS_TOLERANCE, TRUE_PEAK = -14.0, 0.5, -1.0
FROZEN_SECONDS = 0.5
WORD_ERRORS = 0.10
SIZES = {(1920, 1080), (1080, 1920), (1080, 1080), (1280, 720), (720, 1280), (720, 720)}
SIZES |= {(854, 480), (480, 854), (480, 480)}


@dataclass
class Findings:
    """What was measured, and what is wrong."""

    figures: dict[str, object] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def need(self, condition: object, complaint: str) -> None:
        """Complain unless the condition holds."""
        if not condition:
            self.complaints.append(complaint)


def check(
    video: Path,
    *,
    frames: int | None = None,
    script: str | None = None,
    whisper: Path | None = None,
) -> Findings:
    """Look a finished video over.

    Args:
        video: The file.
        frames: How many frames it is to have, when that is known.
        script: The words that are to be heard.
        whisper: A folder with a faster-whisper model, to hear them with.
    """
    findings = Findings()
    _check_container(video, findings)
    if any("streams" in complaint for complaint in findings.complaints):
        return findings
    _check_pictures(video, frames, findings)
    _check_sound(video, findings)
    said = _ffmpeg("-v", "warning", "-i", video, "-map", "0", "-f", "null", "-")
    findings.need(not said, f"decoding it says: {said[:300]}")
    if script and whisper:
        _check_words(video, script, whisper, findings)
    return findings


def _check_container(video: Path, findings: Findings) -> None:
    data = video.read_bytes()
    findings.need(
        0 < data.find(b"moov") < data.find(b"mdat"), "its index comes last (no faststart)"
    )
    with av.open(str(video)) as container:
        kinds = sorted(stream.type for stream in container.streams)
        findings.need(kinds == ["audio", "video"], f"its streams are {kinds}")
        if "audio" not in kinds or "video" not in kinds:
            return
        picture, sound = container.streams.video[0], container.streams.audio[0]
        context = picture.codec_context
        codec = (context.name, context.profile, context.pix_fmt)
        findings.need(codec == ("h264", "High", "yuv420p"), f"its pictures are {codec}")
        size = (picture.width, picture.height)
        findings.need(size in SIZES, f"its size is {size}")
        findings.need((picture.sample_aspect_ratio or 1) == 1, "its pixels are not square")
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        findings.need(tags == (1, 1, 1, 1), f"its colour tags are {tags}, not BT.709 limited")
        heard = (sound.codec_context.name, sound.codec_context.sample_rate,
                 sound.codec_context.channels)  # fmt: skip
        findings.need(heard == ("aac", 48000, 2), f"its sound is {heard}")


def _check_pictures(video: Path, frames: int | None, findings: Findings) -> None:
    times: list[Fraction] = []
    black: list[int] = []
    still_since, reference = 0, None
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        rate = Fraction(stream.average_rate or 30)
        for number, frame in enumerate(container.decode(stream)):
            luma = frame.reformat(width=160, height=90, format="gray").to_ndarray().astype(np.int16)
            times.append(Fraction(frame.pts or 0) * (frame.time_base or 1))
            if luma.mean() < 20 and luma.std() < 6:
                black.append(number)
            if reference is None or _differ(luma, reference):
                still_since, reference = number, luma
            elif number - still_since == int(FROZEN_SECONDS * rate):
                findings.complaints.append(
                    f"the picture stands still from {float(still_since / rate):.2f} seconds"
                )
    steps = {b - a for a, b in itertools.pairwise(times)}
    findings.figures |= {"frames": len(times), "fps": float(rate)}
    findings.need(steps == {1 / rate}, f"its steps are {sorted(map(float, steps))} seconds")
    findings.need(times and times[0] == 0, "its first frame is not at 0")
    findings.need(not black, f"{len(black)} black frames, the first is number {black[:1]}")
    if frames is not None:
        findings.need(len(times) == frames, f"it has {len(times)} frames instead of {frames}")
    seconds = float(len(times) / rate)
    heard = len(samples_of(video)) / 48000
    findings.figures |= {"picture_seconds": seconds, "sound_seconds": heard}
    findings.need(
        abs(seconds - heard) <= 1 / rate, f"pictures last {seconds:.3f} s, sound {heard:.3f} s"
    )


def _differ(one: NDArray[np.int16], other: NDArray[np.int16]) -> bool:
    return float(np.abs(one - other).mean()) > 0.1


def loudness_of(video: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of a file's first sound."""
    said = _ffmpeg("-i", video, "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose",
                   "-f", "null", "-", level="info")  # fmt: skip
    summary = said[said.rfind("Summary:") :]
    return (
        _number(r"I:\s+(-?[\d.]+|-inf) LUFS", summary),
        _number(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary),
    )


def _check_sound(video: Path, findings: Findings) -> None:
    loudness, peak = loudness_of(video)
    findings.figures |= {"lufs": loudness, "true_peak": peak}
    off = abs(loudness - LOUDNESS)
    findings.need(off <= LOUDNESS_TOLERANCE, f"its loudness is {loudness} LUFS, not {LOUDNESS}")
    findings.need(peak <= TRUE_PEAK, f"its true peak is {peak} dBTP, above {TRUE_PEAK}")
    for start, length in _holes(samples_of(video)):
        findings.complaints.append(f"a hole of {length} ms in the sound at {start:.2f} seconds")


def _holes(samples: NDArray[np.float32]) -> Iterator[tuple[float, int]]:
    """Digital silences that begin and end abruptly: start in seconds, length in ms."""
    peaks = np.abs(samples[: len(samples) // 48 * 48]).reshape(-1, 48).max(axis=1)
    silent = peaks < 10 ** (-66 / 20)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(np.int8), [0]])))
    for start, end in edges.reshape(-1, 2):
        around = (peaks[max(0, start - 12) : start], peaks[end : end + 12])
        abrupt = all(len(side) and side.max() > 10 ** (-30 / 20) for side in around)
        if abrupt and 8 <= end - start <= 150:
            yield start / 1000, int(end - start)


def _check_words(video: Path, script: str, whisper: Path, findings: Findings) -> None:
    from faster_whisper import WhisperModel  # noqa: PLC0415 - takes a second, and is not always asked

    model = WhisperModel(str(whisper), device="cpu", compute_type="int8", local_files_only=True)
    segments, _ = model.transcribe(str(video), language="en", beam_size=5)
    heard = " ".join(segment.text for segment in segments)
    errors = word_error_rate(script, heard)
    findings.figures |= {"word_error_rate": round(errors, 3), "heard": heard.strip()}
    findings.need(errors <= WORD_ERRORS, f"{errors:.0%} of the words are heard wrong: {heard!r}")


def word_error_rate(said: str, heard: str) -> float:
    """Words to change, add and drop to come from one text to the other, as a share of the first."""
    one, other = (re.findall(r"[\w']+", text.lower()) for text in (said, heard))
    return error_rate(one, other)


def error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """What to change, add and drop to come from one row to the other, as a share of the first."""
    row = list(range(len(heard) + 1))
    for number, one in enumerate(said, 1):
        corner, row[0] = row[0], number
        for place, candidate in enumerate(heard, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, corner + (one != candidate))
            corner, row[place] = row[place], cost
    return row[-1] / max(1, len(said))


def samples_of(video: Path) -> NDArray[np.float32]:
    """The sound as a player times it: mono floats at 48 kHz from presentation time 0."""
    asked = ("-i", video, "-map", "0:a:0", "-af", "aresample=async=1:first_pts=0")
    command = [
        _program(),
        "-nostdin",
        "-v",
        "error",
        *map(str, asked),
        "-ac",
        "1",
        "-f",
        "f32le",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own list
    return np.frombuffer(done.stdout, "<f4")


def _ffmpeg(*arguments: object, level: str = "warning") -> str:
    command = [_program(), "-nostdin", "-hide_banner", "-v", level, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own list
    code = f" [exit code {done.returncode}]" if done.returncode else ""
    return done.stderr.decode("utf-8", "replace").strip() + code


def _program() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else float("nan")


def script_text(path: Path) -> str:
    """The words of a script file, one scene after the other."""
    data = json.loads(path.read_text("utf-8"))
    scenes = data["scenes"] if isinstance(data, dict) else data
    return " ".join(scene["text"] for scene in scenes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured and what is wrong; 0 when nothing is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("video", type=Path)
    parser.add_argument("--script", type=Path, help="JSON: a list of scenes, each with its text")
    parser.add_argument("--whisper", type=Path, help="folder with a faster-whisper model")
    parser.add_argument("--frames", type=int)
    chosen = parser.parse_args(arguments)
    script = script_text(chosen.script) if chosen.script else None
    findings = check(chosen.video, frames=chosen.frames, script=script, whisper=chosen.whisper)
    out = {"figures": findings.figures, "complaints": findings.complaints}
    sys.stdout.write(json.dumps(out, indent=2, ensure_ascii=False) + "\n")
    return 1 if findings.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
