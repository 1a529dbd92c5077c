"""The header: which project is open, how the engines are, and what is being made now."""

from __future__ import annotations

import functools
from typing import Final

import gradio as gr

from aivideo import autopilot, projects, removal
from aivideo.errors import NotFound
from aivideo.health import can_make_a_video, health_list
from aivideo.jobs import JobView
from aivideo.ui.look import UNNAMED, health_items, job_strip
from aivideo.ui.models import lacks
from aivideo.ui.page import LIVELY, PRIVATE, UNSEEN, Page, Snapshot, Values, guarded

KEEP_JS: Final = "(id) => { aiv.keepProject(id); return id; }"
WANTED_JS: Final = "() => aiv.wantedProject()"


def build_header(page: Page) -> None:
    """Lay out the header and wire it."""
    with gr.Row(elem_id="topbar"):
        gr.HTML("<h1>AI Video Generator</h1>", elem_id="brand", apply_default_css=False)
        picker = gr.Dropdown(
            label="Project",
            show_label=False,
            container=False,
            choices=[],
            interactive=True,
            elem_id="project-picker",
        )
        new = gr.Button("New", elem_id="project-new", min_width=70)
        manage = gr.Button("Edit", elem_id="project-edit", min_width=70)
        chip = gr.Button("Checking…", elem_id="health-chip", min_width=110)
        flip = gr.Button("◐", elem_id="look-flip", min_width=46)
    manage.click(None, js="() => aiv.togglePanel('manage')", **PRIVATE)
    chip.click(None, js="() => aiv.togglePanel('health')", **PRIVATE)
    flip.click(None, js="() => aiv.flipLook()", **PRIVATE)
    _build_manage(page)
    _build_health(page, chip)
    _build_job(page)
    page.follow([picker], sees=_names, show=_show_names)
    page.project_id.change(None, page.project_id, None, js=KEEP_JS, **PRIVATE)
    page.open_on(
        page.blocks.load,
        functools.partial(first_project, page),
        [page.project_id],
        js=WANTED_JS,
    )
    page.open_on(picker.input, lambda chosen: chosen, [picker])
    page.open_on(new.click, lambda: projects.create_project(page.studio, name=UNNAMED).project_id)


def first_project(page: Page, wanted: str | None) -> str:
    """The project to show: the wanted one, else the one worked on last, else a fresh one."""
    try:
        return projects.open_project(page.studio, wanted or "").project_id
    except NotFound:
        listed = projects.list_projects(page.studio)
        fresh = listed[0] if listed else projects.create_project(page.studio, name=UNNAMED)
        return fresh.project_id


def _build_manage(page: Page) -> None:
    with gr.Column(elem_id="manage"), gr.Row():
        name = gr.Textbox(label="Name of this project", scale=3, min_width=200)
        rename = gr.Button("Rename", min_width=100)
        delete = gr.Button("Delete this project", variant="stop", min_width=160)
        sure = gr.Button("Really delete it?", variant="stop", visible=False, min_width=160)
    page.follow(
        [name],
        sees=lambda snapshot: snapshot.project.name,
        show=lambda snapshot: [snapshot.project.name],
    )
    # By itself: nothing but another project takes a question away that is being answered.
    page.follow(
        [delete, sure],
        sees=lambda snapshot: snapshot.project_id,
        show=lambda _: [gr.Button(visible=True), gr.Button(visible=False)],
    )
    page.act(
        functools.partial(gr.on, [rename.click, name.submit]),
        lambda project_id, text: projects.update_project(page.studio, project_id, name=text),
        [name],
    )
    delete.click(
        lambda: [gr.Button(visible=False), gr.Button(visible=True)], None, [delete, sure], **UNSEEN
    )

    def remove(project_id: str) -> str:
        removal.remove_project(page.studio, project_id)
        return first_project(page, None)

    page.open_on(sure.click, remove, [page.project_id])


def _build_health(page: Page, chip: gr.Button) -> None:
    with gr.Column(elem_id="health"):
        listed = gr.HTML(health_items([]))
        again = gr.Button("Check again", size="sm")
    lacking = gr.Textbox(str(False), visible="hidden", label="A model is lacking")
    page.follow([lacking], sees=lacks, show=lambda snapshot: [str(lacks(snapshot))])

    def check() -> Values:
        healths = health_list(page.studio)
        missing = sum(not health.works for health in healths if health.needed)
        label = "● Ready" if can_make_a_video(healths) else f"● {missing} missing"
        return [gr.Button(label), health_items(healths)]

    # In every window, a model that has been fetched, or is found to be missing, is news.
    news = [page.blocks.load, again.click, lacking.change]
    gr.on(news, guarded(check), None, [chip, listed], **LIVELY)


def _build_job(page: Page) -> None:
    with gr.Row(elem_id="job-row"):
        strip = gr.HTML()
        cancel = gr.Button("Cancel", visible=False, min_width=100)
    timer = gr.Timer(1.0, active=False)
    outputs = [strip, cancel, timer]
    page.follow(outputs, sees=_job_mark, show=_show_job)
    page.act(cancel.click, lambda project_id: _cancel(page, project_id))

    def tick(project_id: str) -> Values:
        snapshot = page.snapshot(project_id)
        # The rest of the page looks again when there is news: the end, or words to read along.
        news = not snapshot.running or any(job.so_far for job in snapshot.jobs)
        return [*_show_job(snapshot), page.look(project_id) if news else gr.skip()]

    timer.tick(guarded(tick), page.project_id, [*outputs, page.mark], **UNSEEN)


def _cancel(page: Page, project_id: str) -> None:
    for job in page.jobs.list(project_id):
        if not job.finished:
            page.jobs.cancel(job.job_id)


def _names(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(each.name, each.project_id) for each in snapshot.listed]


def _show_names(snapshot: Snapshot) -> Values:
    return [gr.Dropdown(choices=_names(snapshot), value=snapshot.project_id)]


def _job_mark(snapshot: Snapshot) -> list[str]:
    return [f"{job.job_id} {job.state}" for job in snapshot.jobs[:8]]


def _show_job(snapshot: Snapshot) -> Values:
    job = snapshot.job
    return [
        job_strip(job, _stages(job)),
        gr.Button(visible=snapshot.running),
        gr.Timer(active=snapshot.running),
    ]


def _stages(job: JobView | None) -> list[str]:
    return [stage.name for stage in autopilot.KINDS.get(job.kind, ())] if job else []
