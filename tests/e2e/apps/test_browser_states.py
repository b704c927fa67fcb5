"""States that a browser can be in: what is captured then, and what is not."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from backstage_py.analytics.testing import StoredEvents
from tests.e2e.conftest import Visit
from tests.served_app import WITH_WINDOWS, chromium_options

pytestmark = pytest.mark.e2e

PRERENDERED = "Object.defineProperty(document, 'prerendering', {value: true, configurable: true})"
SEEN = """() => {
  delete document.prerendering;
  document.dispatchEvent(new Event('prerenderingchange'));
}"""
BLOCKED = """for (const name of ['localStorage', 'sessionStorage']) {
  const get = () => { throw new DOMException('denied', 'SecurityError') };
  Object.defineProperty(window, name, {get});
}"""


def subjects(events: StoredEvents) -> list[str]:
    return [event.subject for event in events.list()]


def test_a_page_that_is_prerendered_is_a_visit_when_it_is_seen(
    visit: Visit, capture_app_url: str
) -> None:
    visitor = visit(capture_app_url)
    visitor.page.add_init_script(PRERENDERED)
    visitor.open("/links")
    visitor.page.wait_for_timeout(1_500)  # longer than a batch is gathered
    before = visitor.events.list()

    visitor.page.evaluate(SEEN)

    assert (before, [event["subject"] for event in visitor.recorded(1)]) == ([], ["/links"])


def test_where_storage_is_blocked_the_app_works_and_a_load_is_one_navigate(
    visit: Visit, capture_app_url: str
) -> None:
    visitor = visit(capture_app_url)
    visitor.page.add_init_script(BLOCKED)
    visitor.open("/links?blocked=1")
    visitor.click("Gathering")
    expect(visitor.page.get_by_text("left")).to_be_visible()
    visitor.errors.clear()  # a script of Reflex's own, ahead of the app

    with StoredEvents(capture_app_url) as everybody:
        everybody.wait_for(action="click", subject="Gathering")

        assert subjects(everybody).count("/links?blocked=1") == 1


def test_secrets_of_an_address_never_leave_the_browser(visit: Visit, capture_app_url: str) -> None:
    visitor = visit(capture_app_url)
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.post_data or ""))

    visitor.open("/links?token=SECRET123&tab=2#access_token=HASHSECRET")
    [navigate] = visitor.recorded(1)

    assert navigate["subject"] == "/links?token=***&tab=2#access_token=***"
    assert not any("SECRET" in body for body in sent)


def test_middle_clicks_and_icons_are_clicks(visit: Visit, capture_app_url: str) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/links")
    with visitor.page.context.expect_page():
        visitor.page.get_by_role("link", name="Gathering").click(button="middle")
    visitor.page.get_by_role("link", name="Favourites").click()

    visitor.events.wait_for(action="click", subject="Favourites")

    assert "Gathering" in subjects(visitor.events)


def test_a_page_out_of_the_back_forward_cache_is_a_navigate(
    playwright: Playwright, capture_app_url: str
) -> None:
    options = {
        **chromium_options(WITH_WINDOWS),
        "ignore_default_args": ["--disable-back-forward-cache"],
    }
    browser = playwright.chromium.launch(**options)
    page = browser.new_page()
    page.add_init_script("addEventListener('pageshow', (e) => window.kept = e.persisted)")
    events = StoredEvents(
        capture_app_url, sleep=lambda seconds: page.wait_for_timeout(seconds * 1000)
    )
    page.goto(f"{capture_app_url}/links?kept=1")
    events.wait_for(action="navigate", subject="/links?kept=1")
    page.goto(f"{capture_app_url}/ping")
    page.go_back(wait_until="commit")
    page.wait_for_timeout(2_500)  # longer than a batch is gathered
    was_kept = page.evaluate("window.kept")
    browser.close()

    found = subjects(events)
    events.close()
    if not was_kept:
        pytest.skip("this browser has not kept the page")
    assert found.count("/links?kept=1") == 2


def test_a_held_navigate_outlives_a_browser_that_is_killed(
    playwright: Playwright, capture_app_url: str, tmp_path: Path
) -> None:
    events = StoredEvents(capture_app_url)
    context = playwright.chromium.launch_persistent_context(
        tmp_path, **chromium_options(WITH_WINDOWS)
    )
    page = context.pages[0]
    page.goto(f"{capture_app_url}/gathering?held=1")
    expect(page.get_by_text("left")).to_be_visible()
    page.wait_for_timeout(1_500)  # longer than a batch is gathered
    held = subjects(events).count("/gathering?held=1")
    _kill(tmp_path)
    again = playwright.chromium.launch_persistent_context(
        tmp_path, **chromium_options(WITH_WINDOWS)
    )
    page = again.pages[0]
    page.goto(f"{capture_app_url}/links?after=1")
    page.wait_for_load_state("networkidle")
    found = events.wait_for(action="navigate", subject="/gathering?held=1")
    after = events.wait_for(action="navigate", subject="/links?after=1")
    again.close()
    events.close()

    assert held == 0
    assert found.timestamp < after.timestamp


def _kill(folder: Path) -> None:
    """Kill the browser that has this profile, with no time for last words."""
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = status.read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in command and b"--type=" not in command:
            os.kill(int(status.parent.name), signal.SIGKILL)
