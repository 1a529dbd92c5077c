"""Sources of clips that a test feeds and looks at, and the projects they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aivideo import clips, projects
from aivideo.clips import ClipView
from aivideo.clips.asking import PATIENCE
from aivideo.engines.finding import About, ClipFinder, ClipQuery, FoundClip, Wanted
from aivideo.engines.meaning import Meaning
from aivideo.errors import AIVideoError, Health
from aivideo.progress import Progress, Work, finish
from aivideo.ranking import Prospect, Wish
from aivideo.store import AudioFile, Project, Scene, get_row
from aivideo.studio import Studio


class Source:
    """A source that finds by words: ``{name: how well it fits}`` for each word of its stock.

    ``facts`` changes what is told of a clip.
    """

    def __init__(
        self, name: str, stock: Mapping[str, Mapping[str, float]], file: Path = Path()
    ) -> None:
        self.name = name
        self.stock = stock
        self.file = file
        self.kind = "video"
        self.needs = ""
        self.searches_left: int | None = None
        self.silent = False
        self.facts: dict[str, dict[str, Any]] = {}
        self.asked: list[ClipQuery] = []
        self.fetched: list[str] = []
        self.wanted: list[Wanted] = []
        self.failure: AIVideoError | None = None
        self.broken: dict[str, AIVideoError] = {}
        self.unpictured: set[str] = set()
        self.pictures: dict[str, Path] = {}

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """The stock of the query's first known word, best first."""
        self.asked.append(query)
        yield Progress(0.5)
        while self.silent:
            yield Progress(0.5)
        if self.failure:
            raise self.failure
        word = next((word for word in query.words.split() if word in self.stock), "")
        return [self._clip(one, word, score) for one, score in self.stock.get(word, {}).items()]

    def _clip(self, name: str, word: str, score: float) -> FoundClip:
        drawn = self.kind == "illustration"
        found = FoundClip(
            source=self.name,
            source_id=name,
            title=name,
            kind="illustration" if drawn else "video",
            duration_seconds=None if drawn else 40.0,
            licence="MIT" if drawn else "CC0",
            url=f"https://example.com/{name}",
            score=score,
            recipe={"word": word} if drawn else {},
        )
        return replace(found, **self.facts.get(name, {}))

    @property
    def about(self) -> About:
        """What it can."""
        return About(
            self.name.capitalize(),
            "What a test says.",
            kinds=("illustration",) if self.kind == "illustration" else ("video",),
            online=self.name not in {"library", "illustrated"},
            needs=self.needs,
            searches_left=self.searches_left,
        )

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The one that a test gives it."""
        yield Progress(1.0)
        if clip.source_id in self.unpictured:
            raise AIVideoError("No picture.")
        picture = self.pictures.get(clip.source_id)
        return replace(clip, thumbnail=str(picture)) if picture else clip

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """The file, unless this clip is broken."""
        self.fetched.append(wanted.source_id)
        self.wanted.append(wanted)
        yield Progress(0.5, "Fetching")
        if wanted.source_id in self.broken:
            raise self.broken[wanted.source_id]
        return self.file

    def check(self) -> Health:
        """Always well."""
        return Health(self.name, works=True, says="well")


class Artist(Source):
    """A source that draws pictures for any words, each laid out in its own way."""

    def __init__(self, layouts: Sequence[str] = ()) -> None:
        super().__init__("illustrated", {})
        self.kind = "illustration"
        self.layouts = layouts

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Six pictures for the words, or one for each layout."""
        names = [f"{query.words} {number}" for number in range(len(self.layouts) or 6)]
        self.stock = dict.fromkeys(query.words.split(), dict.fromkeys(names, 0.5))
        found = yield from super().find(query)
        if not self.layouts:
            return found
        laid_out = zip(found, self.layouts, strict=True)
        return [replace(clip, recipe={**clip.recipe, "layout": way}) for clip, way in laid_out]


class AsTold(Meaning):
    """Holds a clip to be as near in meaning as its source says that it fits."""

    @property
    def ready(self) -> bool:
        """Always."""
        return True

    def likeness(self, query: Wish, clips: Sequence[Prospect]) -> list[float | None]:
        """What the sources say."""
        del query
        return [clip.score for clip in clips]


def with_sources(studio: Studio, *sources: ClipFinder) -> Studio:
    """The studio with other sources, which are believed what they say of their clips."""
    return replace(
        studio,
        finders={source.name: source for source in sources},
        meaning=AsTold(studio.settings, studio.workspace),
    )


def make_project(studio: Studio, *queries: str, aspect: str = "16:9") -> str:
    """A project with a scene for each visual query."""
    project = projects.create_project(studio, topic="The world", aspect=aspect)
    with studio.store.session() as session:
        row = get_row(session, Project, project.project_id)
        row.scenes = [
            Scene(position=place, text=f"Here is scene {place + 1} of them.", visual_query=query)
            for place, query in enumerate(queries)
        ]
    return project.project_id


def speak(studio: Studio, project_id: str, seconds: float, number: int = 1) -> None:
    """Give a scene a narration of this length."""
    with studio.store.session() as session:
        scene = projects.find_scene(session, project_id, number)
        scene.audio = AudioFile(
            project_id=project_id, file_path="a.wav", voice_id="v", duration_seconds=seconds
        )


def suggest(
    studio: Studio,
    project_id: str,
    number: int = 1,
    *,
    query: str | None = None,
    source: str | None = None,
    max_results: int = 6,
    fresh: bool = False,
    reusable: bool = True,
    like: str | None = None,
    patience: float = PATIENCE,
) -> list[ClipView]:
    """Candidates for a scene."""
    return finish(
        clips.suggest(
            studio,
            project_id,
            number,
            query=query,
            source=source,
            max_results=max_results,
            fresh=fresh,
            reusable=reusable,
            like=like,
            patience=patience,
        )
    )


def titles(found: list[ClipView]) -> list[str]:
    """What was found, by title."""
    return [clip.title for clip in found]


def chosen(studio: Studio, project_id: str) -> list[str | None]:
    """The title of each scene's clip."""
    views = [
        clips.selection_view(studio, project_id, scene.scene_number)
        for scene in projects.open_project(studio, project_id).scenes
    ]
    return [view.clip.title if view else None for view in views]


def scene_of(studio: Studio, project_id: str, number: int = 1) -> projects.SceneView:
    """A scene as it is now."""
    return projects.open_project(studio, project_id).scenes[number - 1]


def error_code(studio: Studio, project_id: str, number: int = 1) -> str:
    """The code of what is wrong with a scene; empty when nothing is."""
    return (scene_of(studio, project_id, number).error or {}).get("code", "")


def stocked(file: Path) -> Source:
    """An archive with footage of three subjects, and of something odd that fits nothing."""
    stock = {
        "volcano": {"volcano": 0.9, "lava": 0.8},
        "bees": {"bees": 0.9, "hive": 0.7, "meadow": 0.1},
        "city": {"city": 0.9},
        "odd": {"strange": 0.05},
    }
    return Source("archive", stock, file)
