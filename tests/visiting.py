"""A visitor of the page in a real Chromium, and everything that must not be complained about."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)
from served import Served

FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK: Final = ViewportSize(width=1440, height=900)
PHONE: Final = ViewportSize(width=390, height=844)

CUT_OFF: Final = re.compile(
    "errored out|AbortError|status of 422"
    "|Unexpected error 404|INCOMPLETE_CHUNKED_ENCODING|TypeError: network error"
)
"""What Gradio says when a reload takes the connection away, when it refuses a message, and when
the stream of a page's news is closed at the moment in which the next one is opened: closing it
takes the page's queue away from the new one."""


@dataclass
class Watched:
    """A page, and everything that it should not have said or asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def tab(self, name: str) -> None:
        """Open a tab."""
        self.page.locator(f"[role=tab][data-tab-id={name}]").click()

    def overflows(self) -> bool:
        """Whether the page is wider than the window."""
        wider: bool = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return wider


def typed(box: Locator, text: str) -> None:
    """Type until it stays: a field that has just appeared is given its value a moment later."""
    for _ in range(5):
        box.fill(text)
        box.page.wait_for_timeout(200)
        if box.input_value() == text:
            return
    expect(box).to_have_value(text)


def eventually(page: Page, true: Callable[[], bool]) -> None:
    """Wait until something holds; the page goes on meanwhile."""
    for _ in range(150):
        if true():
            return
        page.wait_for_timeout(200)
    pytest.fail("It did not come to hold within half a minute")


def chromium() -> Iterator[Browser]:
    """Debian's Chromium; only where there is none are the tests that want it left out."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("AIVIDEO_BROWSER") == "required":
            pytest.fail("No chromium is installed, and AIVIDEO_BROWSER says that one is required")
        pytest.skip("No chromium is installed")
    with sync_playwright() as playwright:
        expect.set_options(timeout=40_000)  # a busy machine is no failure
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def visitor(browser: Browser, served: Served) -> Iterator[Callable[..., Watched]]:
    """Open the page as a fresh visitor; afterwards nothing may have been complained about."""
    visits: list[Watched] = []
    served.chat_model.answers.clear()

    def visit(path: str = "/", size: ViewportSize = DESK) -> Watched:
        context = browser.new_context(viewport=size)
        context.set_default_timeout(40_000)
        watched = Watched(context.new_page())
        visits.append(watched)
        _watch(watched, served.url)
        watched.page.goto(f"{served.url}{path}")
        expect(watched.page.locator("#health-chip")).to_contain_text("Ready")
        if "project=" in path:
            # What is typed before the project is shown would be written over by it.
            expect(watched.page.get_by_label("Shown", exact=True)).not_to_have_value("")
        return watched

    yield visit
    for watched in visits:
        watched.page.context.close()
    assert [complaint for watched in visits for complaint in watched.complaints] == []


def _watch(watched: Watched, home: str) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not CUT_OFF.search(message.text):
            watched.complaints.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            watched.complaints.append(f"outside: {request.url}")

    watched.page.on("console", on_console)
    watched.page.on("request", on_request)
    watched.page.on("pageerror", lambda error: watched.complaints.append(f"error: {error}"))
