"""Endpoints that find clips, show them and choose them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pydantic import FiniteFloat

from aivideo import clips
from aivideo.api_clip_types import (
    ClipData,
    ClipPreviewData,
    ClipsData,
    ConsentsData,
    FetchedData,
    FilmstripData,
    OneClipData,
    SelectionData,
    SourcesData,
)
from aivideo.api_endpoint import Desk, endpoint
from aivideo.api_files import uploaded
from aivideo.api_jobs import given, to_its_end
from aivideo.api_types import file_data, plain
from aivideo.api_video_types import UploadInput
from aivideo.clips import ClipView
from aivideo.progress import finish
from aivideo.projects import SceneView


class ClipEndpoints(Desk):
    """Which clips programs find and choose."""

    @endpoint
    def list_clip_sources(self) -> SourcesData:
        """List the sources of clips: what each has, and what it needs before it can be asked."""
        found = [
            {**plain(one), "consent_text": clips.consent_text(one.consent) if one.consent else ""}
            for one in clips.sources(self.studio)
        ]
        return cast("SourcesData", {"sources": found})

    @endpoint
    def give_consent(self, kind: str) -> ConsentsData:
        """Confirm what a source asks for, in the words that /list_clip_sources gives.

        Args:
            kind: youtube-downloads or youtube-search.
        """
        clips.give_consent(self.studio, kind)
        return _consents(self)

    @endpoint
    def withdraw_consent(self, kind: str) -> ConsentsData:
        """Take a consent back; one that a setting gives stays.

        Args:
            kind: youtube-downloads or youtube-search.
        """
        clips.withdraw_consent(self.studio, kind)
        return _consents(self)

    @endpoint
    def search_clips(  # noqa: PLR0917 - Gradio calls endpoints by position
        self,
        project_id: str,
        scene_number: int,
        query: str | None = None,
        source: str | None = None,
        max_results: int = 6,
        reusable: bool = True,  # noqa: FBT001, FBT002 - Gradio calls endpoints by position
        like: str | None = None,
    ) -> ClipsData:
        """Suggest clips for a scene, best first; each source that cannot answer says why.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            query: What to look for; the scene's own visual query when left out.
            source: The sources to ask, such as library or pexels,commons; all when left out.
            max_results: How many clips at most.
            reusable: Only clips whose licence allows to publish them.
            like: A clip's id: others like it are looked for.
        """
        work = clips.suggest(
            self.studio,
            project_id,
            scene_number,
            query=query,
            source=source,
            max_results=max_results,
            reusable=reusable,
            like=like,
        )
        found = finish(work)
        offered = clips.suggestions(self.studio, project_id, scene_number)
        return {
            "query": offered.query,
            "sources": list(offered.sources),
            "clips": [_clip(self, clip) for clip in found],
            "failures": [plain(failure) for failure in offered.failures],
            "broader": list(offered.broader),
        }

    @endpoint
    def upload_clip(
        self, file: UploadInput, title: str | None = None, tags: str | None = None
    ) -> OneClipData:
        """Put a video or picture of your own into the library, where every scene finds it.

        Args:
            file: The video or picture.
            title: What it is called; the words of its name when left out.
            tags: More words to find it by.
        """
        upload = uploaded(file.path)
        clip = clips.add_footage(self.studio, upload, title=title or "", tags=tags or "")
        return {"clip": _clip(self, clip)}

    @endpoint
    def preview_clip(self, clip_id: str) -> ClipPreviewData:
        """Give a small film of a clip to look at; none for what has none.

        Args:
            clip_id: The clip, as search_clips names it.
        """
        path = finish(clips.preview(self.studio, clip_id))
        return {"file": file_data(self.studio.workspace, path) if path else None}

    @endpoint
    def select_clip(  # noqa: PLR0917 - Gradio calls endpoints by position
        self,
        project_id: str,
        scene_number: int,
        clip_id: str,
        start_seconds: FiniteFloat = 0.0,
        fit: str = "crop",
        sound_level_db: FiniteFloat | None = None,
    ) -> SelectionData:
        """Choose the clip of a scene.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            clip_id: The clip, as search_clips names it.
            start_seconds: Where in the clip to start.
            fit: crop, blur or contain.
            sound_level_db: How loud the clip's own sound is, -40 to 6 dB of what was recorded;
                it is not heard when left out.
        """
        scene = clips.choose(
            self.studio,
            project_id,
            scene_number,
            clip_id,
            start_seconds=start_seconds,
            fit=fit,
            sound_level_db=sound_level_db,
        )
        self.jobs.start("preview", project_id)
        return _selection(scene)

    @endpoint
    def confirm_clip(self, project_id: str, scene_number: int) -> SelectionData:
        """Say that a scene's clip goes with its words although they were changed.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
        """
        return _selection(clips.confirm_clip(self.studio, project_id, scene_number))

    @endpoint
    def use_another_part(self, project_id: str, scene_number: int) -> SelectionData:
        """Show another part of a scene's clip, one that no scene shows yet.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
        """
        scene = clips.another_part(self.studio, project_id, scene_number)
        self.jobs.start("preview", project_id)
        return _selection(scene)

    @endpoint
    def clip_filmstrip(self, project_id: str, scene_number: int) -> FilmstripData:
        """Give pictures of a scene's clip side by side, to find the place where it begins.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
        """
        strip = plain(finish(clips.filmstrip(self.studio, project_id, scene_number)))
        strip["file"] = file_data(self.studio.workspace, strip.pop("path"))
        return cast("FilmstripData", strip)

    @endpoint
    def download_clip(
        self,
        project_id: str,
        scene_number: int,
        else_next: bool = False,  # noqa: FBT001, FBT002 - Gradio calls endpoints by position
    ) -> Iterator[FetchedData]:
        """Bring the chosen clip of a scene here; streams the job, the last value has the file.

        Args:
            project_id: The project.
            scene_number: The scene, from 1.
            else_next: When it cannot be had, take the next candidate that fits.
        """
        options = given(scene_number=scene_number, else_next=else_next or None)
        for state in to_its_end(self, self.jobs.start("fetch_clip", project_id, options)):
            if state.pop("file", None):
                work = clips.fetch(self.studio, project_id, scene_number, else_next=else_next)
                state["file_path"] = file_data(self.studio.workspace, finish(work))
                chosen = clips.selection_view(self.studio, project_id, scene_number)
                state["clip_id"] = chosen.clip.clip_id if chosen else ""
            yield cast("FetchedData", state)


def _consents(desk: Desk) -> ConsentsData:
    return {"consents": [plain(consent) for consent in clips.consents(desk.studio)]}


def _selection(scene: SceneView) -> SelectionData:
    return {
        "scene_number": scene.scene_number,
        "clip_id": scene.clip_id,
        "start_seconds": scene.start_seconds,
        "fit": scene.fit,
        "sound_level_db": scene.sound_level_db,
        "check": scene.check,
    }


def _clip(desk: Desk, clip: ClipView) -> ClipData:
    pictures = {
        "thumbnail": _picture(desk, clip.thumbnail),
        "preview": _picture(desk, clip.preview),
    }
    return cast("ClipData", {**plain(clip), **pictures, "guess": clip.guess})


def _picture(desk: Desk, path: str) -> Any:
    return file_data(desk.studio.workspace, path) if path else None
