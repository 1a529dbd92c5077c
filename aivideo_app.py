"""The door: the command line. Everything it does is done by ``aivideo``."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from aivideo.errors import AIVideoError
from aivideo.settings import calm_vendors, read_settings

INTERRUPTED = 130

LOOK = (
    ("quality", str, ("preview", "draft", "standard", "high"), "a preview has 480 lines"),
    ("fps", int, (24, 25, 30, 60), "frames a second"),
    ("short-clip", str, ("loop", "slow", "hold"), "what a clip shorter than its scene does"),
    ("transition", str, ("cut", "crossfade", "fade"), "from scene to scene; fade is through black"),
    ("transition-seconds", float, (), "how long a transition takes"),
    ("caption-style", str, ("clean", "karaoke", "pop"), "how captions look"),
    ("caption-font", str, (), "a font of the app's own, by its name"),
    ("caption-size", float, (), "times the usual size, such as 1.2"),
    ("caption-colour", str, (), "of the spoken word, such as #ffd73c"),
    ("caption-position", str, ("bottom", "middle", "top"), "where captions stand"),
)
"""Options of make about the look: name, kind, choices, help; what is left out has its default."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the value is the exit code (0 done, 1 a sentence, 130 interrupted)."""
    from aivideo import commands

    parser = build_parser()
    chosen = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if chosen.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        settings = read_settings(chosen.data)
        calm_vendors(settings)
        code = commands.COMMANDS[chosen.command](settings, chosen)
    except AIVideoError as failure:
        print(f"{failure.message} [{failure.code}]", file=sys.stderr)
        logging.getLogger("aivideo").debug("%s", failure.detail)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. What was finished is kept; the same command goes on.", file=sys.stderr)
        return INTERRUPTED
    return code


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options, as README lists them."""
    parser = argparse.ArgumentParser(
        prog="aivideo_app.py", description="From a topic to a narrated, captioned video."
    )
    parser.add_argument("--data", type=Path, help="keep everything below this folder")
    parser.add_argument("--verbose", action="store_true", help="log every command line")
    _add_page_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_make(commands.add_parser("make", help="topic to MP4 without a page"))
    fetch = commands.add_parser("fetch", help="bring the weights that the default engines need")
    fetch.add_argument("--tests", action="store_true", help="and what the tests listen with")
    check = commands.add_parser("check", help="what works here, and what mends the rest")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    listing = commands.add_parser("projects", help="list the projects")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _add_page_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="another than loopback needs the key")
    parser.add_argument("--port", type=int, default=7860, help="7860 unless given")
    parser.add_argument("--share", action="store_true", help="a tunnel link, behind the key")
    parser.add_argument("--key", help="the key for whoever is not at this machine")
    parser.add_argument(
        "--open", action=argparse.BooleanOptionalAction, default=False, help="open a browser"
    )
    parser.add_argument("--mcp", action="store_true", help="offer the endpoints as MCP tools too")


def _add_make(make: argparse.ArgumentParser) -> None:
    make.add_argument("topic", nargs="?", default="", help="what the video is about, one sentence")
    make.add_argument("--out", type=Path, help="where the video goes (beside it: the rest)")
    make.add_argument("--voice", help="a voice id such as af_heart")
    make.add_argument("--speed", type=float, help="how fast it speaks, 0.5 to 2")
    make.add_argument("--aspect", choices=["16:9", "9:16", "1:1"], default="16:9")
    make.add_argument("--scenes", type=int, default=5, help="how many scenes")
    make.add_argument("--seconds", type=float, default=45.0, help="how long, about")
    make.add_argument("--persona", help="who writes, such as documentary_filmmaker")
    make.add_argument("--source", help="where clips come from, such as library or illustrated")
    make.add_argument("--music", type=Path, help="an audio file to lay under the voice")
    make.add_argument(
        "--script", type=Path, help="speak this file (txt, md, docx, JSON) instead of writing one"
    )
    make.add_argument("--json", action="store_true", help="print one JSON object")
    make.add_argument("--captions", action=argparse.BooleanOptionalAction, default=True)
    for name, kind, choices, told in LOOK:
        make.add_argument(f"--{name}", type=kind, choices=choices or None, help=told)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
