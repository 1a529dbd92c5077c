"""The command line: answers on stdout, progress on stderr, exit codes, bad input."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import aivideo_app
from aivideo import autopilot, commands
from aivideo.captions import Style
from aivideo.projects import open_project
from aivideo.render import Look
from aivideo.settings import Settings
from aivideo.studio import Studio

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the app as the shell would, in an empty folder, with everything below it."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("MODEL_HUB", "")

    def call(*arguments: str) -> int:
        return aivideo_app.main(["--data", str(tmp_path / "data"), *arguments])

    return call


def test_check_lists_every_engine_and_what_mends_it(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line an engine; a remedy under what is missing."""
    run("check")
    said = capsys.readouterr().out
    for word in ("Language model", "Voice", "Video engine", "Disk"):
        assert word in said


def test_check_speaks_json_too(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 and "ok" say the same."""
    code = run("check", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is (code == 0)
    assert {"name", "works", "says", "remedy", "needed", "tried"} == set(answer["health"][0])


def test_no_projects_are_an_empty_list(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing made yet is no error."""
    assert run("projects", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["make", ""], "TOPIC_INVALID"),
        (["make", "   "], "TOPIC_INVALID"),
        (["make", "x" * 501], "TOPIC_INVALID"),
        (["make", "Bees", "--voice", "af_nobody"], "VOICE_UNKNOWN"),
        (["make", "Bees", "--voice", "af_heart:0.6+am_adam:0.6"], "VOICE_BLEND_INVALID"),
        (["make", "Bees", "--speed", "0.4"], "INVALID_ARGUMENT"),
        (["make", "Bees", "--speed", "nan"], "INVALID_ARGUMENT"),
        (["make", "Bees", "--persona", "nobody"], "NOT_FOUND"),
        (["make", "Bees", "--source", "nowhere"], "UNKNOWN_PROVIDER"),
        (["make", "Bees", "--scenes", "0"], "LENGTH_IMPOSSIBLE"),
        (["make", "Bees", "--scenes", "201"], "LENGTH_IMPOSSIBLE"),
        (["make", "Bees", "--seconds", "0"], "LENGTH_IMPOSSIBLE"),
        (["make", "Bees", "--music", "missing.mp3"], "INVALID_ARGUMENT"),
        (["make", "Bees", "--script", "missing.txt"], "INVALID_ARGUMENT"),
        (["make", "Bees", "--out", "."], "INVALID_ARGUMENT"),
        (["make", "Bees", "--transition-seconds", "9"], "INVALID_ARGUMENT"),
        (["make", "Bees", "--caption-size", "9"], "INVALID_ARGUMENT"),
        (["make", "Bees", "--caption-colour", "red"], "INVALID_ARGUMENT"),
    ],
)
def test_bad_input_is_a_sentence_with_its_code(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    """Exit 1, one sentence on stderr, nothing on stdout, no project left behind."""
    assert run(*arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip().endswith(f"[{code}]")
    assert len(said.err.strip().splitlines()) == 1
    run("projects", "--json")
    assert json.loads(capsys.readouterr().out) == []


def test_an_unknown_provider_in_the_settings_is_said(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence lists the providers that there are."""
    monkeypatch.setenv("LLM_PROVIDER", "hal9000")
    assert run("check") == 1
    said = capsys.readouterr().err
    assert "hal9000" in said
    assert "ollama" in said
    assert "[UNKNOWN_PROVIDER]" in said


def test_wrong_usage_is_exit_code_2(run: Run) -> None:
    """What the parser refuses is wrong usage."""
    with pytest.raises(SystemExit) as refused:
        run("dance")
    assert refused.value.code == 2


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="root and Windows may write anywhere",
)
def test_a_folder_that_cannot_be_written_is_said(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No write permission names the place, before any work."""
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert run("make", "Bees", "--out", str(locked / "x.mp4")) == 1
    assert "[NO_WRITE_PERMISSION]" in capsys.readouterr().err


def test_a_file_where_a_folder_should_be_is_said(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An output below a file can never be written; that is said before any work."""
    (tmp_path / "file").write_text("x")
    assert run("make", "Bees", "--out", str(tmp_path / "file" / "x.mp4")) == 1
    assert "[NO_WRITE_PERMISSION]" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--scenes", "0"], ["--music", "missing.mp3"], ["--out", "."]])
def test_what_cannot_work_is_refused_before_anything_is_opened(
    run: Run, tmp_path: Path, wrong: list[str]
) -> None:
    """Neither a database nor a folder is made for it."""
    assert run("make", "Bees", *wrong) == 1
    assert not (tmp_path / "data").exists()


@pytest.fixture
def stops(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The same without a voice: the road ends right after the script."""
    monkeypatch.setenv("KOKORO_MODEL", str(tmp_path / "missing.onnx"))
    return run


def count(run: Run, capsys: pytest.CaptureFixture[str]) -> int:
    """How many projects there are."""
    capsys.readouterr()
    run("projects", "--json")
    return len(json.loads(capsys.readouterr().out))


def test_a_script_without_a_topic_goes_on_where_it_stopped(
    stops: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The same command is the same video: its project is taken up again, none is added."""
    script = tmp_path / "bees.txt"
    script.write_text("Bees dance.\n\nBees sing.", encoding="utf-8")
    for _ in range(2):
        assert stops("make", "--script", str(script)) == 1
        assert "[WEIGHTS_NOT_FOUND]" in capsys.readouterr().err
    assert count(stops, capsys) == 1


def test_another_script_persona_or_source_is_another_video(
    stops: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An edited file is not spoken with the words that it had before."""
    script = tmp_path / "bees.txt"
    script.write_text("Bees dance.", encoding="utf-8")
    road = ("make", "Bees", "--script", str(script))
    stops(*road)
    stops(*road, "--persona", "documentary_filmmaker")
    stops(*road, "--source", "illustrated")
    assert count(stops, capsys) == 3
    script.write_text("Bees sing.", encoding="utf-8")
    stops(*road)
    assert count(stops, capsys) == 4
    stops(*road)
    assert count(stops, capsys) == 4


def test_every_option_of_the_look_reaches_the_render() -> None:
    """What the command line takes is what the render is told; what is left out is not."""
    parser = aivideo_app.build_parser()
    given = parser.parse_args(
        [
            *("make", "Bees", "--quality", "preview", "--fps", "60", "--short-clip", "hold"),
            *("--transition", "fade", "--transition-seconds", "0.8", "--caption-style", "pop"),
            *("--caption-size", "1.2", "--caption-colour", "#00ff00", "--caption-position", "top"),
        ]
    )
    look = autopilot.look_from(commands._options(given), aspect="1:1")
    assert look == Look(
        aspect="1:1",
        quality="preview",
        fps=60,
        short_clip="hold",
        transition="fade",
        transition_seconds=0.8,
        style=Style(preset="pop", size=1.2, colour="#00ff00", position="top"),
    )
    plain = parser.parse_args(["make", "Bees"])
    assert autopilot.look_from(commands._options(plain), aspect="16:9") == Look()


def test_a_speed_is_the_projects(studio: Studio) -> None:
    """It is a new project's from the command line, and another video than without it."""
    parse = aivideo_app.build_parser().parse_args
    given, plain = parse(["make", "Bees", "--speed", "1.25"]), parse(["make", "Bees"])
    project_id = commands._new_project(studio, given)
    assert open_project(studio, project_id).speed == 1.25
    assert commands._options(given)["speed"] == 1.25
    assert "speed" not in commands._options(plain)
    assert open_project(studio, commands._new_project(studio, plain)).speed == 1.0
