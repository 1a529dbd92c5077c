"""The sources of clips on the page: what each has and needs, and what a person consents to."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

import gradio as gr

from aivideo import clips
from aivideo.clips import SourceView
from aivideo.engines.library import FootageFolder
from aivideo.studio import Studio
from aivideo.ui.look import link_out, safe
from aivideo.ui.page import Page, Snapshot, Values

ASKED: Final[Mapping[str, tuple[str, str]]] = {
    "youtube-downloads": ("youtube", "YouTube downloads"),
    "youtube-search": ("youtube-search", "YouTube search without a key"),
}
"""What a person can consent to: the source that it is for, and what it is called."""


def build_sources(page: Page) -> None:
    """Lay out the panel and wire it; a consent is kept, or taken back, at once."""
    with gr.Accordion("Where clips come from", open=False, elem_id="clip-sources"):
        listed = gr.HTML(apply_default_css=False)
        page.follow([listed], sees=_rows, show=lambda snapshot: [_list(snapshot.studio)])
        for kind, (source, title) in ASKED.items():
            if source in page.studio.finders:
                _build_consent(page, kind, title)


def _build_consent(page: Page, kind: str, title: str) -> None:
    box = gr.Checkbox(
        label=f"{title}: {clips.consent_text(kind)}",
        interactive=True,
        container=False,
        elem_id=f"consent-{kind}",
    )
    page.act(box.input, functools.partial(_consent, page.studio, kind), [box])
    page.follow(
        [box],
        sees=lambda snapshot: _standing(snapshot, kind),
        show=lambda snapshot: _show_consent(snapshot, kind),
    )


def _consent(studio: Studio, kind: str, _project_id: str, given: bool) -> None:  # noqa: FBT001 - Gradio's order
    if given:
        clips.give_consent(studio, kind)
    else:
        clips.withdraw_consent(studio, kind)


def _standing(snapshot: Snapshot, kind: str) -> tuple[bool, bool]:
    """Whether a consent counts, and whether a setting gave it."""
    given = {one.kind: one.given_at for one in clips.consents(snapshot.studio)}
    return kind in given, kind in given and given[kind] is None


def _show_consent(snapshot: Snapshot, kind: str) -> Values:
    given, by_setting = _standing(snapshot, kind)
    return [gr.Checkbox(value=given, interactive=not by_setting)]


def _rows(snapshot: Snapshot) -> list[Any]:
    return [_list(snapshot.studio)]


def _list(studio: Studio) -> str:
    rows = "".join(_row(source, _more(studio, source)) for source in clips.sources(studio))
    return f'<ul class="healths">{rows}</ul>'


def _row(source: SourceView, more: str) -> str:
    state, mark = ("note", "!") if source.needs else ("ok", "✓")
    terms = link_out("Terms", source.address)
    said = " ".join(filter(None, [source.says, more]))
    needs = f"<p>{safe(source.needs)}</p>" if source.needs else ""
    return (
        f'<li class="{state}"><span class="mark" aria-hidden="true">{mark}</span>'
        f"<b>{safe(source.title)}</b><p>{safe(said)} {terms}</p>{needs}</li>"
    )


def _more(studio: Studio, source: SourceView) -> str:
    """What is known of a source at this moment."""
    if source.searches_left is not None and not source.needs:
        return f"{source.searches_left} searches are left today."
    library = studio.finders.get(source.name)
    if isinstance(library, FootageFolder):
        state = library.state
        if state.is_running and state.indexed < state.files:
            return f"{state.indexed:,} of {state.files:,} files were looked through."
        unusable = f" {state.unusable:,} cannot be used." if state.unusable else ""
        return f"{state.files:,} files.{unusable}" if state.files else "There are none yet."
    return ""
