"""Tools that have an agent of their own in the browser, on the production build.

New Relic's is the real one; of Google's, Matomo's and Quantum Metric's scripts there are the
queues that they read.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from backstage_py.analytics.testing import Answer, Received, RecordingServer
from tests.conftest import PROJECT
from tests.e2e.visitor import Visitor
from tests.served_app import serve

pytestmark = pytest.mark.e2e

SECRETS = {"GA4_SECRET": "s3cret-of-ga4", "MATOMO_TOKEN": "t0ken-of-matomo"}
SHA_256_OF_ADA = hashlib.sha256(b"user:default/ada").hexdigest()
RUM_FLAGS = {"st": 1, "err": 1, "ins": 1, "spa": 1, "loaded": 1, "sr": 0}
QUANTUM_METRIC = """window.calls = [];
window.QuantumMetricAPI = {
  sendEvent: (...call) => window.calls.push(call),
  identifyUser: (email) => window.calls.push(['user', email]),
};"""
CONFIG = """\
app:
  analytics:
    read: ['*']
    newRelic:
      endpoint: {host}
      accountId: '1'
      applicationId: '2'
      licenseKey: public-key
      scriptSrc: {url}/new_relic.js
      identity: optional
    ga4:
      measurementId: G-1
      apiSecret: ${{GA4_SECRET}}
      endpoint: {url}
      tag: true
      scriptSrc: {url}/gtag.js
      allowedAttributes: ['*']
      identity: required
      exclude: [{{action: click, attributes: {{to: mailto*}}}}]
    matomo:
      host: {url}
      siteId: 3
      tokenAuth: ${{MATOMO_TOKEN}}
      tag: true
      enhancedTracking: true
      redact: [to]
    qm:
      enabled: true
      src: {url}/qm.js
      events:
        mappings: [{{name: navigate, id: 7}}, {{name: click, id: 8}}]
auth:
  providers:
    guest: {{auto: {auto}, userEntityRef: user:default/ada}}
"""


@dataclass
class Agents:
    """The servers of the tools' scripts and collectors."""

    server: RecordingServer
    app_url: str
    web: Path
    scripts: dict[str, str] = field(default_factory=dict)

    def sent_to_new_relic(self, kind: str) -> list[Any]:
        """The bodies that the agent has posted, of one kind of data."""
        return [
            json.loads(request.body)
            for request in self.server.requests
            if request.path.startswith(f"/{kind}/1/public-key") and request.body
        ]

    def has_sent_interaction(self, fact: str) -> bool:
        """Whether the agent has posted a page view with a fact, in its own encoding."""
        return any(
            fact.encode() in request.body
            for request in self.server.requests
            if request.path == "/events/1/public-key"
        )


def bundled_agent(folder: Path) -> str:
    """New Relic's own agent from npm, as one script."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    bun = shutil.which("bun", path=path) or "bun"
    for command in (
        ["install", "--frozen-lockfile", "--silent"],
        ["build", "new_relic.js", "--target=browser", "--format=iife", f"--outfile={folder}/nr.js"],
    ):
        here = Path(__file__).parent / "agents"
        subprocess.run([bun, *command], cwd=here, check=True, capture_output=True, timeout=120)
    return (folder / "nr.js").read_text(encoding="utf-8")


def rum_answer() -> dict[str, Any]:
    """New Relic's response to the agent's first call, with what it may send."""
    app = {"agents": [{"entityGuid": "MTIz"}], "nrServerTime": int(time.time() * 1000)}
    return {**RUM_FLAGS, "app": app}


@pytest.fixture(scope="session")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agents]:
    """The tiny app, with four tools; everybody is signed in."""
    folder = tmp_path_factory.mktemp("agents")
    scripts = {
        "/new_relic.js": bundled_agent(folder),
        "/gtag.js": "",
        "/matomo.js": "",
        "/qm.js": QUANTUM_METRIC,
    }

    def answer(request: Received) -> Answer:
        if request.path in scripts:
            return Answer(200, scripts[request.path])
        return Answer(200, rum_answer() if request.path.startswith("/1/") else "")

    with ExitStack() as stack:
        server = stack.enter_context(RecordingServer(answer))
        url = server.url.replace("127.0.0.1", "localhost")
        config = folder / "app-config.yaml"
        host = url.removeprefix("http://")
        config.write_text(CONFIG.format(url=url, host=host, auto="true"), encoding="utf-8")
        environment = {
            **SECRETS,
            "APP_CONFIG": str(config),
            "DATABASE_URL": f"sqlite:///{folder / 'events.db'}",
        }
        app = PROJECT / "examples" / "tiny_app"
        app_url = stack.enter_context(serve(app, environment, web_name="tools"))
        yield Agents(server, app_url, app / ".web-tools", scripts)


@pytest.fixture
def visitor(browser: Browser, agents: Agents) -> Iterator[Visitor]:
    agents.server.requests.clear()
    with (
        browser.new_context(base_url=agents.app_url) as context,
        Visitor(context, agents.app_url) as visitor,
    ):
        yield visitor


def until(visitor: Visitor, found: Callable[[], Any], seconds: float = 20) -> Any:
    """The first result of `found` that is not empty."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, "it never came"
        visitor.page.wait_for_timeout(100)
    return value


def queue(visitor: Visitor, name: str, count: int) -> list[Any]:
    """A tool's queue in the page, as soon as it has `count` entries."""
    script = f"Array.from(window.{name} ?? [], (entry) => Array.from(entry))"
    return until(
        visitor, lambda: (found := visitor.page.evaluate(script)) and len(found) >= count and found
    )


def test_each_tool_gets_what_happens_by_its_own_api(visitor: Visitor, agents: Agents) -> None:
    visitor.open("/about")
    about_title = visitor.page.title()
    visitor.page.evaluate(
        "addEventListener('click', (event) => event.preventDefault(), { once: true })"
    )
    visitor.click("Write to us")
    visitor.click("Cakes")
    visitor.page.wait_for_function("title => document.title !== title", arg=about_title)
    start_title = visitor.page.title()

    to_google = [entry for entry in queue(visitor, "dataLayer", 6) if entry[0] != "js"]
    about = {"pluginId": "tiny_app", "extension": "App", "routeRef": "about"}
    page = {**about, "extension": "about"}
    on_about = {"page_location": f"{agents.app_url}/about", "page_title": about_title}
    on_start = {"page_location": f"{agents.app_url}/", "page_title": start_title}
    assert to_google[1:] == [
        ["set", {"user_id": SHA_256_OF_ADA}],
        ["event", "page_view", {"category": "App", "label": "/about", **on_about}],
        ["event", "click", {"category": "about", "label": "Cakes", **on_about, "a_to": "/"}],
        ["event", "page_view", {"category": "App", "label": "/", **on_start}],
    ]
    at_about = [
        ["setCustomUrl", f"{agents.app_url}/about"],
        ["setDocumentTitle", about_title],
    ]
    assert queue(visitor, "_paq", 14)[2:] == [
        *at_about,
        ["trackPageView"],
        *at_about,
        ["trackEvent", "about", "click", "Write to us", None],
        *at_about,
        ["trackEvent", "about", "click", "Cakes", None],
        ["setCustomUrl", f"{agents.app_url}/"],
        ["setDocumentTitle", start_title],
        ["trackPageView"],
    ]
    assert queue(visitor, "calls", 4)[:3] == [
        [7, False, "/about", about],
        [8, False, "Write to us", {"to": "mailto:cakes@example.com", **page}],
        [8, False, "Cakes", {"to": "/", **page}],
    ]


def test_new_relics_own_agent_takes_and_sends_it(visitor: Visitor, agents: Agents) -> None:
    begin = time.time() * 1000
    visitor.open("/about")
    visitor.click("Cakes")

    def actions() -> list[Any]:
        """The clicks of this visit: an agent sends its last words when its page is closed."""
        bodies = agents.sent_to_new_relic("ins")
        events = [event for body in bodies for event in body.get("ins", [])]
        clicks = [event for event in events if event.get("actionName") == "click"]
        return [click for click in clicks if click["timestamp"] >= begin]

    (click,) = until(visitor, actions)
    assert click["subject"] == "Cakes"
    assert click["attributes.to"] == "/"
    assert click["context.pluginId"] == "tiny_app"
    assert click["enduser.id"] == SHA_256_OF_ADA
    until(visitor, lambda: agents.has_sent_interaction("'context.routeRef,'index"))


def test_the_record_has_the_same_events(visitor: Visitor) -> None:
    visitor.open("/about")
    visitor.click("Cakes")

    assert [event["action"] for event in visitor.recorded(3)] == ["navigate", "click", "navigate"]


def test_scripts_that_are_blocked_change_nothing(visitor: Visitor, agents: Agents) -> None:
    visitor.page.route(f"{agents.server.url.replace('127.0.0.1', 'localhost')}/**", _abort)

    visitor.open("/about")
    visitor.click("Cakes")
    visitor.sees("Cakes")

    assert len(visitor.recorded(3)) == 3


def test_no_secret_is_in_what_the_browser_loads(agents: Agents) -> None:
    built = [
        path.read_text(encoding="utf-8", errors="ignore")
        for folder in ("build", "utils", "app", "public")
        for path in (agents.web / folder).rglob("*")
        if path.is_file()
    ]

    assert any("public-key" in text for text in built)
    assert not [secret for secret in SECRETS.values() if any(secret in text for text in built)]


def _abort(route: Any) -> None:
    route.abort()
