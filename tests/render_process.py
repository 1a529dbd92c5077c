"""One render in a process of its own, for tests that kill it: FOLDER PROJECT LOOK-AS-JSON.

It says "ready" when it is about to begin, and the video's path when it is done.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fakes import FixedFinder, QueuedChat, ToneSpeaker

from aivideo.autopilot import look_from
from aivideo.progress import finish
from aivideo.render import render_project
from aivideo.settings import Settings
from aivideo.studio import open_studio


def settings_in(folder: Path) -> Settings:
    """Settings that keep everything inside a folder."""
    return Settings(
        cache_dir=folder / "cache",
        output_dir=folder / "output",
        database_path=folder / "test.db",
        model_hub="",
        workers=2,
    )


def main() -> None:
    """Render, and say what came of it."""
    folder, project_id, options = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    finder = FixedFinder({path.name: path for path in (folder / "clips").iterdir()})
    with open_studio(
        settings_in(folder),
        chat_model=QueuedChat(),
        speaker=ToneSpeaker(),
        finders={"fixed": finder},
    ) as studio:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        look = look_from(options, aspect=options.get("aspect", "16:9"))
        video = finish(render_project(studio, project_id, look))
        sys.stdout.write(f"{video.path}\n")


if __name__ == "__main__":
    main()
