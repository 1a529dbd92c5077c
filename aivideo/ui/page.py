"""How the page follows the database: snapshots, panels, and what every handler shares.

The page holds one thing of its own, the project's id. Everything it shows is a panel: it says
which part of the database decides how it looks, and how to show that. A handler changes rows
and hands back a new mark; whoever sees a new mark (the same page, a second tab, a phone) shows
the panels whose part has changed, and leaves the others, with what is being typed, alone.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import html
import inspect
import json
import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from aivideo import autopilot, clips, conversation, projects, quicklook, render
from aivideo.clips import ClipView, SelectionView, Suggestions
from aivideo.conversation import MessageView
from aivideo.errors import AIVideoError, BadArgument, InvalidArgument, NotFound, Unexpected
from aivideo.jobs import Jobs, JobView
from aivideo.progress import Progress, Work
from aivideo.projects import ProjectView
from aivideo.quicklook import Cut
from aivideo.render import FinishedVideo, Look
from aivideo.studio import Studio

logger = logging.getLogger(__name__)

T = TypeVar("T")
Values = Sequence[Any]

PRIVATE: Final[Mapping[str, Any]] = {"api_visibility": "private"}
"""Page events are no endpoints; those are in ``api``."""

UNSEEN: Final[Mapping[str, Any]] = {"queue": False, "show_progress": "hidden", **PRIVATE}
"""For looks at the database that a timer takes; a failure would not be shown."""

IN_ORDER: Final[Mapping[str, Any]] = {
    "concurrency_limit": 1,
    "concurrency_id": "write",
    "show_progress": "hidden",
    **PRIVATE,
}
"""For what changes rows: one after the other, as they were asked for."""

EACH: Final[Mapping[str, Any]] = {**IN_ORDER, "trigger_mode": "multiple"}
"""The same for quick clicks, none of which may be dropped."""

LIVELY: Final[Mapping[str, Any]] = {"concurrency_limit": None, "show_progress": "hidden", **PRIVATE}
"""For what a person does or sees: only queued events show failures, and move Gradio's states."""

NEWS_SECONDS: Final = 0.5
"""Between two lines about a piece of work; more often would only flicker."""


@dataclass(frozen=True)
class Snapshot:
    """What the database says about one project, each part read when it is first asked for."""

    studio: Studio
    desk: Jobs
    project_id: str
    window: str = ""
    """The window that asks, by Gradio's name for it; blank where that does not matter."""

    @cached_property
    def project(self) -> ProjectView:
        """The project with its scenes."""
        return projects.open_project(self.studio, self.project_id)

    @cached_property
    def listed(self) -> Sequence[ProjectView]:
        """Every project, without scenes."""
        return projects.list_projects(self.studio)

    @cached_property
    def messages(self) -> Sequence[MessageView]:
        """The conversation."""
        return conversation.list_messages(self.studio, self.project_id)

    @cached_property
    def suggestions(self) -> Mapping[int, Suggestions]:
        """What each scene was offered last, by scene number."""
        told = clips.all_suggestions(self.studio, self.project_id)
        return {each.scene_number: each for each in told}

    @cached_property
    def selections(self) -> Mapping[int, SelectionView]:
        """The chosen clips by scene number."""
        return clips.selections(self.studio, self.project_id)

    @cached_property
    def candidates(self) -> Mapping[int, Sequence[ClipView]]:
        """The clips suggested so far, by scene number; the chosen one is always among them."""
        offered: dict[int, Sequence[ClipView]] = {}
        for number, told in self.suggestions.items():
            chosen = self.selections.get(number)
            missing = chosen and all(c.clip_id != chosen.clip.clip_id for c in told.clips)
            offered[number] = [chosen.clip, *told.clips] if chosen and missing else told.clips
        return offered

    @cached_property
    def jobs(self) -> Sequence[JobView]:
        """The project's jobs, newest first."""
        return self.desk.list(self.project_id)

    @property
    def job(self) -> JobView | None:
        """The job to tell about: the one at work, else the newest."""
        return next((job for job in self.jobs if not job.finished), next(iter(self.jobs), None))

    @property
    def running(self) -> bool:
        """Whether anything is being made."""
        return any(not job.finished for job in self.jobs)

    @cached_property
    def video(self) -> FinishedVideo | None:
        """The newest finished video."""
        return render.latest_video(self.studio, self.project_id)

    @cached_property
    def preview(self) -> FinishedVideo | None:
        """The newest preview, unless a video was finished after it."""
        made = render.latest_video(self.studio, self.project_id, preview=True)
        if made and self.video and _time(self.video) > _time(made):
            return None
        return made

    @cached_property
    def look(self) -> Look:
        """How the video is to look; what cannot be made (music that is gone) is left out."""
        try:
            return autopilot.look_from(self.project.look, aspect=self.project.aspect)
        except InvalidArgument as problem:
            logger.info("The look of a project cannot be made: %s", problem.message)
            return Look(aspect=self.project.aspect)

    @cached_property
    def cut(self) -> Cut:
        """The cut as it stands."""
        return quicklook.cut(self.studio, self.project_id, self.look)


@dataclass(frozen=True)
class Panel:
    """A part of the page that follows the database.

    Attributes:
        outputs: The components it shows itself in.
        sees: What decides how it looks, JSON-like; while that stays, the panel is left alone.
        show: The components' values.
    """

    outputs: Sequence[Any]
    sees: Callable[[Snapshot], object]
    show: Callable[[Snapshot], Values]


@dataclass
class Page:
    """What the tabs share while the page is built.

    Attributes:
        blocks: The page as Gradio knows it, for its ``load`` event.
        project_id: Hidden; a text box rather than a state, so that it outlives a restart.
        mark: Hidden; what the database said last, and what makes panels look again.
        shown: Hidden; the marks of the panels as they are shown.
    """

    studio: Studio
    jobs: Jobs
    blocks: gr.Blocks
    project_id: gr.Textbox
    mark: gr.Textbox
    shown: gr.Textbox
    panels: list[Panel] = field(default_factory=list)

    def snapshot(self, project_id: str) -> Snapshot:
        """The database as it is now."""
        return Snapshot(self.studio, self.jobs, project_id)

    def follow(
        self,
        outputs: Sequence[Any],
        *,
        sees: Callable[[Snapshot], object],
        show: Callable[[Snapshot], Values],
    ) -> None:
        """Add a panel."""
        self.panels.append(Panel(outputs, sees, show))

    def marks(self, snapshot: Snapshot) -> list[str]:
        """One mark a panel: the same mark, the same look."""
        return [_digest([snapshot.project_id, panel.sees(snapshot)]) for panel in self.panels]

    def look(self, project_id: str) -> str:
        """The mark of the whole page; another one for a project that is gone."""
        try:
            return _digest(self.marks(self.snapshot(project_id)))
        except NotFound:
            return f"gone {project_id}"

    def refresh(self, project_id: str, shown: str, request: gr.Request | None = None) -> Values:
        """The values of every panel that looks different now; the others are left alone."""
        snapshot = replace(self.snapshot(project_id), window=window_of(request))
        before: list[str] = json.loads(shown or "[]")
        marks = self.marks(snapshot)
        values: list[Any] = [json.dumps(marks)]
        for index, panel in enumerate(self.panels):
            same = index < len(before) and before[index] == marks[index]
            values += [gr.skip()] * len(panel.outputs) if same else panel.show(snapshot)
        return values

    def show_on(self, trigger: Any, **how: Any) -> Any:
        """Show what has changed when an event comes."""
        outputs = [output for panel in self.panels for output in panel.outputs]
        return trigger(
            guarded(self.refresh),
            [self.project_id, self.shown],
            [self.shown, *outputs],
            **{**LIVELY, **how},
        )

    def open_on(
        self, trigger: Any, find: Callable[..., str], inputs: Values = (), **how: Any
    ) -> Any:
        """Open the project that ``find(*inputs)`` names, on an event."""

        def handler(*values: Any) -> Values:
            project_id = find(*values)
            return [project_id, self.look(project_id)]

        outputs = [self.project_id, self.mark]
        return trigger(guarded(handler), list(inputs), outputs, **{**LIVELY, **how})

    def act(
        self, trigger: Any, step: Callable[..., object], inputs: Values = (), **how: Any
    ) -> Any:
        """Call ``step(project_id, *inputs)`` on an event; every page then shows what it changed.

        Args:
            trigger: A component's event, or several as ``functools.partial(gr.on, [...])``.
            step: Changes rows or starts work; its value is not looked at.
            inputs: Components whose values it is given.
            **how: Gradio's words for how to run it, instead of ``IN_ORDER``.
        """

        def handler(project_id: str, *values: Any) -> str:
            step(project_id, *values)
            return self.look(project_id)

        return trigger(
            guarded(handler), [self.project_id, *inputs], self.mark, **{**IN_ORDER, **how}
        )

    def receive(self, trigger: Any, kind: type[T], step: Callable[[str, T], object]) -> Any:
        """Call ``step(project_id, sent)`` with what a component of ours sends, in order."""

        def handler(project_id: str, event: gr.EventData) -> str:
            step(project_id, read(event, kind))
            return self.look(project_id)

        return trigger(guarded(handler), self.project_id, self.mark, **EACH)


def window_of(request: gr.Request | None) -> str:
    """What Gradio calls the window that an event comes from."""
    return (request.session_hash if request else None) or ""


def _time(made: FinishedVideo) -> float:
    return made.path.stat().st_mtime


def guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a handler's failures reach the person as a sentence, and the log as they are."""
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def streaming(*values: Any, **named: Any) -> Iterator[Any]:
            with _sentences():
                yield from handler(*values, **named)

        return streaming

    @functools.wraps(handler)
    def answering(*values: Any, **named: Any) -> Any:
        with _sentences():
            return handler(*values, **named)

    return answering


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """The page's own boundary: the second of the two places where everything is caught."""
    try:
        yield
    except AIVideoError as failure:
        logger.info("The page refused: %s %s", failure.code, failure.detail)
        raise _toast(failure.message) from failure
    except gr.Error:
        raise
    except Exception as problem:
        unexpected = Unexpected()
        logger.exception("The page failed unexpectedly, reference %s", unexpected.reference)
        raise _toast(unexpected.message) from problem


def _toast(sentence: str) -> gr.Error:
    """A toast takes HTML, a sentence may quote anybody."""
    sentence = html.escape(sentence, quote=False)
    return gr.Error(sentence, title="That did not work", duration=10, print_exception=False)


def telling(work: Work[T], say: Callable[[Progress], Any]) -> Generator[Any, None, T]:
    """Run a Work inside a handler that streams: now and then a line, at the end its value."""
    due = 0.0
    try:
        while True:
            progress = next(work)
            if time.monotonic() >= due:
                yield say(progress)
                due = time.monotonic() + NEWS_SECONDS
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        work.close()


def read(event: gr.EventData, kind: type[T]) -> T:
    """What a component of ours sent, as a dataclass; whoever sends it may be anybody.

    Raises:
        BadArgument: It is not what the component would send.
    """
    names = [part.name for part in fields(cast("Any", kind))]
    try:
        sent = {name: getattr(event, name) for name in names if hasattr(event, name)}
        return TypeAdapter(kind).validate_python(sent)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadArgument(place, first["msg"], detail=first["type"]) from problem
    except TypeError as problem:
        raise BadArgument("event", "it is no object", detail=str(problem)) from problem


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
