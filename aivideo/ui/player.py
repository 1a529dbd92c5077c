"""The quick look on the page: what its player is told, and having its parts made."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aivideo.api_files import media_address
from aivideo.captions import Style
from aivideo.captions.style import font_file
from aivideo.quicklook import CutScene
from aivideo.ui.page import Page, Snapshot
from aivideo.workspace import Workspace


def prepare(page: Page, project_id: str) -> None:
    """Have made, in the background, what the quick look of a project lacks."""
    if page.snapshot(project_id).cut.missing:
        page.jobs.start("preview", project_id)


def cut_value(snapshot: Snapshot) -> dict[str, Any]:
    """The cut as the player takes it; it changes when a part of it is made."""
    cut, workspace = snapshot.cut, snapshot.studio.workspace
    return {
        "project_id": cut.project_id,
        "size": list(cut.size),
        "seconds": cut.seconds,
        "transition": cut.transition,
        "captions": cut.captions,
        "style": _style(workspace, cut.style),
        "layout": {
            "size": cut.layout.size,
            "bottom": cut.layout.bottom,
            "side": cut.layout.side,
        },
        "missing": list(cut.missing),
        "rendered": snapshot.video is not None,
        "scenes": [_scene(workspace, scene) for scene in cut.scenes],
    }


def _style(workspace: Workspace, style: Style) -> dict[str, Any]:
    """What the page makes captions look like those in the video with; lengths are in ems."""
    return {
        **asdict(style.appearance),
        "lit": style.lit,
        "position": style.position,
        "font": style.face.family,
        "scale": style.face.scale,
        "font_file": media_address(workspace, font_file(style)),
    }


def _scene(workspace: Workspace, scene: CutScene) -> dict[str, Any]:
    return {
        "scene_number": scene.scene_number,
        "text": scene.text,
        "start": scene.start_seconds,
        "seconds": scene.seconds,
        "fade": scene.transition_seconds,
        "narration": media_address(workspace, scene.narration),
        "level": scene.level_db,
        "proxy": media_address(workspace, scene.proxy),
        "poster": media_address(workspace, scene.poster),
        "clip": scene.clip_id is not None,
        "problem": scene.problem,
        "cues": [
            {
                "start": cue.start,
                "end": cue.end,
                "lines": [
                    [{"text": p.text, "start": p.start, "joined": p.joined} for p in line]
                    for line in cue.lines
                ],
            }
            for cue in scene.cues
        ],
    }
