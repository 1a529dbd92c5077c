"""How the page looks: the theme, the page's own files, and its HTML fragments."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import gradio as gr

from aivideo.errors import Health
from aivideo.jobs import JobView

PAGE_FILES: Final = Path(__file__).parents[2] / "assets" / "page"

UNNAMED: Final = "Untitled video"
"""What a fresh project is called until it has a topic."""

SLATE: Final = {
    50: "#f8fafc",
    100: "#f1f5f9",
    200: "#e2e8f0",
    300: "#cbd5e1",
    400: "#94a3b8",
    500: "#64748b",
    600: "#475569",
    700: "#334155",
    800: "#1e293b",
    900: "#0f172a",
    950: "#020617",
}

LIGHT: Final = {
    50: SLATE[950],
    100: SLATE[900],
    200: SLATE[800],
    300: SLATE[600],
    400: SLATE[500],
    500: SLATE[400],
    600: SLATE[300],
    700: SLATE[300],
    800: SLATE[100],
    900: "#ffffff",
    950: SLATE[50],
}
"""The ramp turned around: what is dark in the theme becomes light, and the text the reverse."""

IN_MINUTES: Final = 100
"""From so many seconds on, a rest is told in minutes."""

STATES: Final = {
    "queued": "Waiting",
    "running": "Working",
    "done": "Ready",
    "failed": "Failed",
    "cancelled": "Cancelled",
}

KINDS: Final = {
    "make_video": "Making the video",
    "assemble": "Assembling the video",
    "speak": "Speaking the scenes",
    "fetch_clip": "Fetching a clip",
    "preview": "Preparing the quick look",
    "write_script": "Writing the script",
    "rewrite_scene": "Rewriting a scene",
}


def page_file(name: str) -> str:
    """The text of one of the page's own files."""
    return (PAGE_FILES / name).read_text("utf-8")


def theme() -> gr.Theme:
    """Dark slate whatever the system prefers: the dark values become the only ones."""
    slate = gr.themes.Color(name="slate", **{f"c{step}": colour for step, colour in SLATE.items()})
    look = gr.themes.Default(
        primary_hue="sky",
        secondary_hue="sky",
        neutral_hue=slate,
        font=["system-ui", "Segoe UI", "Roboto", "Helvetica", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(
        button_large_text_size="*text_md",
        button_large_text_weight="500",
        button_medium_text_weight="500",
        button_large_padding="*spacing_lg *spacing_xl",
        body_background_fill_dark="*neutral_950",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary_dark="*neutral_900",
        block_background_fill_dark="*neutral_900",
        block_border_color_dark="*neutral_700",
        border_color_primary_dark="*neutral_700",
        input_background_fill_dark="*neutral_800",
        input_border_color_dark="*neutral_600",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color_dark="*neutral_200",
        block_title_text_color_dark="*neutral_100",
        button_primary_background_fill_dark="var(--aiv-accent)",
        button_primary_background_fill_hover_dark="var(--aiv-accent)",
        button_primary_text_color_dark="var(--aiv-on-accent)",
        button_secondary_background_fill_dark="*neutral_800",
        button_secondary_background_fill_hover_dark="*neutral_700",
        button_secondary_text_color_dark="*neutral_100",
    )
    for name in [name for name in vars(look) if name.endswith("_dark")]:
        value = getattr(look, name)
        if value is not None:  # the dark name stays set: Gradio cannot start without it
            setattr(look, name.removesuffix("_dark"), value)
    return look


def head() -> str:
    """What goes into the page's head: its styles, the light ramp, the script that runs first.

    The styles stand here because Gradio's own ``css`` takes selectors apart at every comma.
    """
    ramp = ";".join(f"--neutral-{step}:{colour}" for step, colour in LIGHT.items())
    return (
        '<meta name="color-scheme" content="dark light">'
        f"<style>{page_file('page.css')}</style>"
        f'<style>:root[data-look="light"],:root[data-look="light"] .dark{{{ramp}}}</style>'
        f"<script>{page_file('page.js')}</script>"
    )


def safe(text: object) -> str:
    """Text for an HTML fragment; the dollar and the backtick mean something to Gradio."""
    return html.escape(str(text)).replace("$", "&#36;").replace("`", "&#96;")


def note(text: str, address: str = "") -> str:
    """A quiet line that screen readers are told about, with the page that says more, if any."""
    more = f" {link_out('Read more', address)}" if address else ""
    return f'<p class="note" role="status">{safe(text)}{more}</p>' if text else ""


def link_out(label: str, address: str) -> str:
    """A link to an encrypted address, in a new tab; nothing for other addresses."""
    if not address.startswith("https://"):
        return ""
    return f'<a href="{safe(address)}" target="_blank" rel="noopener noreferrer">{safe(label)}</a>'


def tracker(chosen: int, total: int) -> str:
    """How many scenes have a clip."""
    return (
        f'<div class="tracker"><span role="status"><b>{chosen}/{total}</b> scenes have a clip'
        f"</span>{_meter(chosen / total if total else 0, 'Scenes with a clip')}</div>"
    )


def job_strip(job: JobView | None, stages: Sequence[str] = ()) -> str:
    """A job at work, or how the last one ended when that needs saying; else nothing."""
    if job is None or job.state in {"done", "cancelled"}:
        return ""
    title = KINDS.get(job.kind, job.kind) if not job.finished else STATES[job.state]
    said = job.error["message"] if job.error else job.message
    eta = f"about {_span(job.eta_seconds)} left" if job.eta_seconds is not None else ""
    meter = "" if job.finished else _meter(job.progress, title)
    share = "" if job.finished else f"{job.progress:.0%}"
    return (
        f'<div class="job {job.state}"><div class="line"><b role="status">{safe(title)}</b>'
        f"<span>{safe(said)}</span><span class='eta'>{' · '.join(filter(None, [share, eta]))}"
        f"</span></div>{meter}{_stages(job, stages)}</div>"
    )


def health_items(healths: Sequence[Health]) -> str:
    """The health list: each engine, whether it works, and what mends it."""
    return f'<ul class="healths">{"".join(map(_health_item, healths))}</ul>'


def download_links(links: Sequence[tuple[str, str, str]]) -> str:
    """Links of (label, address, file name) that save a file."""
    anchors = (
        f'<a href="{safe(address)}" download="{safe(name)}">{safe(label)}</a>'
        for label, address, name in links
        if address
    )
    return f'<div class="downloads">{"".join(anchors)}</div>'


def film_screen(title: str, video: str, poster: str, words: str) -> str:
    """A video to be watched, its poster first; its captions can be switched on as text."""
    return (
        f'<figure class="film"><figcaption>{safe(title)}</figcaption>'
        f'<video controls playsinline preload="metadata" aria-label="{safe(title)}" '
        f'src="{safe(video)}" poster="{safe(poster)}">'
        f'<track kind="captions" label="As text" src="{safe(words)}"></video></figure>'
    )


def empty(title: str, text: str) -> str:
    """What an empty place says: what is missing, and what to do next."""
    return f'<div class="empty"><b>{safe(title)}</b>{safe(text)}</div>'


def _meter(fraction: float, label: str) -> str:
    percent = round(100 * min(max(fraction, 0.0), 1.0))
    return (
        f'<div class="meter" role="progressbar" aria-label="{safe(label)}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent}"><i style="width:{percent}%"></i></div>'
    )


def _stages(job: JobView, stages: Sequence[str]) -> str:
    if job.finished or not stages[1:]:
        return ""
    now = stages.index(job.stage) if job.stage in stages else -1
    words = (
        f'<span class="{"past" if place < now else "now" if place == now else ""}">'
        f"{safe(stage)}</span>"
        for place, stage in enumerate(stages)
    )
    return f'<div class="stages" aria-hidden="true">{"".join(words)}</div>'


def _health_item(health: Health) -> str:
    state, mark = ("ok", "✓") if health.works else ("bad", "✗") if health.needed else ("note", "!")
    untried = "" if health.tried else " (not tried)"
    remedy = f"<p>{safe(health.remedy)}</p>" if health.remedy else ""
    return (
        f'<li class="{state}"><span class="mark" aria-hidden="true">{mark}</span>'
        f"<b>{safe(health.name)}</b><p>{safe(health.says)}{untried}</p>{remedy}</li>"
    )


def _span(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < IN_MINUTES else f"{round(whole / 60)} min"
