"""States that a browser can be in: what is captured then, and what is not.

Queues that cannot be saved or sent, and tabs side by side, are in `test_outbox_faults.py`; a queue
that its person has signed out of is in `portal/test_sign_in.py`.
"""

import base64
import hashlib
import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, Route, expect

from backstage_py.analytics.testing import StoredEvents
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PATIENCE_SECONDS
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
CONTROLLED = """async () => {
  const { serviceWorker } = navigator;
  const isControlled = new Promise((done) => {
    serviceWorker.addEventListener('controllerchange', done);
  });
  await serviceWorker.register('/service-worker.js');
  await (serviceWorker.controller ?? isControlled);
}"""
SAVED = """async () => {
  for (const { name } of await indexedDB.databases()) {
    const opening = indexedDB.open(name);
    await new Promise((done) => (opening.onsuccess = done));
    const counting = opening.result.transaction('events').objectStore('events').count();
    await new Promise((done) => (counting.onsuccess = done));
    opening.result.close();
    if (counting.result) return true;
  }
}"""
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


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
        everybody.wait_for(action="click", subject="Gathering", timeout_seconds=PATIENCE_SECONDS)

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

    visitor.events.wait_for(action="click", subject="Favourites", timeout_seconds=PATIENCE_SECONDS)

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
    events.wait_for(action="navigate", subject="/links?kept=1", timeout_seconds=PATIENCE_SECONDS)
    before = len(subjects(events))
    page.goto(f"{capture_app_url}/ping")
    page.go_back(wait_until="commit")
    events.wait_until(before + 1, PATIENCE_SECONDS)
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
    page.wait_for_function(SAVED)
    held = subjects(events).count("/gathering?held=1")
    _kill(tmp_path)
    again = playwright.chromium.launch_persistent_context(
        tmp_path, **chromium_options(WITH_WINDOWS)
    )
    page = again.pages[0]
    page.goto(f"{capture_app_url}/links?after=1")
    page.wait_for_load_state("networkidle")
    found = events.wait_for(
        action="navigate", subject="/gathering?held=1", timeout_seconds=PATIENCE_SECONDS
    )
    after = events.wait_for(
        action="navigate", subject="/links?after=1", timeout_seconds=PATIENCE_SECONDS
    )
    again.close()
    events.close()

    assert held == 0
    assert found.timestamp < after.timestamp


def test_what_goes_through_a_service_worker_arrives_once(
    visit: Visit, capture_app_url: str
) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/links")
    visitor.recorded(1)
    visitor.page.evaluate(CONTROLLED)

    visitor.click("Gathering")
    expect(visitor.page.get_by_text("left")).to_be_visible()
    visitor.page.goto("/links?worker=1")

    recorded = [event["subject"] for event in visitor.recorded(4)]
    assert recorded == ["/links", "Gathering", "/gathering", "/links?worker=1"]
    assert visitor.page.evaluate("Boolean(navigator.serviceWorker.controller)")


def test_a_strict_content_security_policy_costs_nothing(visit: Visit, capture_app_url: str) -> None:
    """Nothing inline but the scripts that Reflex writes into its pages, by their hashes."""
    visitor = visit(capture_app_url)
    visitor.page.route("**/links", allow_little)
    visitor.page.add_init_script(
        "addEventListener('securitypolicyviolation', ({blockedURI, violatedDirective}) =>"
        " { throw new Error(`${violatedDirective}: ${blockedURI}`) })"
    )
    visitor.open("/links")
    visitor.click("Favourites")

    recorded = [event["subject"] for event in visitor.recorded(3)]

    assert recorded == ["/links", "Favourites", "/links?icon=1"]


def allow_little(route: Route) -> None:
    """Answer with the page, and a policy under which nothing else may run."""
    answer = route.fetch()
    scripts = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in INLINE_SCRIPT.findall(answer.text())
    )
    policy = (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline';"
        " connect-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'"
    )
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})


def _kill(folder: Path) -> None:
    """Kill the browser that has this profile, with no time for last words."""
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = status.read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in command and b"--type=" not in command:
            os.kill(int(status.parent.name), signal.SIGKILL)
