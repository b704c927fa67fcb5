"""The owner's view of the instrumentation, and what the shell does with the same portal."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from backstage_py.analytics.inventory.capture import read_inventory
from tests.conftest import PROJECT
from tests.e2e.conftest import Visit, database_in
from tests.served_app import serve_portal

pytestmark = pytest.mark.e2e

NOT_IN_THE_INVENTORY = {"completed", "failed", "signIn", "error", "feedback", "web-vital"}
"""The ends of tasks, which the server records; and what other apps may ask for."""
ROBOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}


@dataclass(frozen=True)
class Portal:
    """The address of the portal, and the environment for a shell."""

    url: str
    build: Path
    environment: dict[str, str]
    log: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the shell, in the portal's folder."""
        return subprocess.run(
            [sys.executable, "-m", "backstage_py", *arguments],
            cwd=PROJECT, env={**os.environ, **self.environment}, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip


@pytest.fixture(scope="module")
def portal(portal_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    data = tmp_path_factory.mktemp("governance")
    environment = {"DATABASE_URL": database_in(data), "REFLEX_WEB_WORKDIR": portal_build.name}
    log = data / "portal.log"
    with serve_portal(portal_build, environment, log=log) as url:
        yield Portal(url, portal_build, environment, log)


def test_the_inventory_is_of_the_build_and_not_in_what_is_served(portal: Portal) -> None:
    captures = read_inventory(portal.build / "backend" / "instrumentation.json")

    found = {(one.source, one.action, one.plugin_id, one.extension) for one in captures}
    assert {
        ("navigation", "navigate", "catalog", "App"),
        ("capture", "search", "search", "SearchPage"),
        ("handler", "click", "catalog-import", "CatalogImportPage"),
        ("mount", "not-found", "root", "App"),
        ("link", "click", "api-docs", "ApiExplorerPage"),
        ("link", "click", "root", "App"),
    } <= found
    served = portal.build / "build" / "client"
    assert not [file for file in served.rglob("*") if file.name.startswith("instrumentation.json")]
    assert httpx.get(f"{portal.url}/backend/instrumentation.json").status_code == 404


def test_the_page_of_events_lists_exactly_what_the_inventory_declares(portal: Portal) -> None:
    captures = read_inventory(portal.build / "backend" / "instrumentation.json")
    page = (PROJECT / "docs" / "events.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| action \|.*\n(?:\|.*\n)+", page, re.MULTILINE)
    rows = re.findall(r"^\| (`[^|]+`) \|", "".join(tables), re.MULTILINE)
    listed = {action for row in rows for action in re.findall(r"`([A-Za-z-]+)`", row)}

    assert listed - NOT_IN_THE_INVENTORY == {one.action for one in captures}


def test_the_owner_sees_what_was_received_and_what_nothing_declares(
    visit: Visit, portal: Portal
) -> None:
    visitor = visit(portal.url)
    visitor.open("/api-docs")
    visitor.click("Register existing API", role="link")
    visitor.events.wait_for(action="click", subject="Register existing API")
    stray = {"id": "01a20a10-cc57-742b-93ed-5a8c14a22dd4", "action": "voteOnIt", "subject": "x"}
    httpx.post(f"{portal.url}/api/events", json={"events": [stray]}).raise_for_status()

    visitor.open("/instrumentation")

    page = visitor.page
    undeclared = page.get_by_role("group").filter(has_text="Received but not declared")
    expect(undeclared).to_contain_text("voteOnIt in root / App was received once")
    names = page.get_by_role("group").filter(has_text="Names that differ from Backstage's advice")
    expect(names).to_contain_text("action voteOnIt is not in kebab-case")
    page.get_by_role("searchbox", name="Search").fill("register existing api")
    row = page.get_by_role("row").filter(has_text="Register existing API")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("ApiExplorerPage")
    expect(row).to_contain_text(re.compile(r"1\s*\d\d \w{3} 20\d\d"))
    page.get_by_label("Status").select_option("Never received")
    expect(page.get_by_role("heading", name="No matches")).to_be_visible()


def test_the_plan_that_is_downloaded_is_kept_to_by_the_app_and_its_events(
    visit: Visit, portal: Portal, tmp_path: Path
) -> None:
    visitor = visit(portal.url)
    visitor.open("/instrumentation")

    with visitor.page.expect_download() as download:
        visitor.click("Tracking plan", role="button")
    plan = tmp_path / download.value.suggested_filename
    download.value.save_as(plan)

    assert plan.name == "tracking-plan.yaml"
    app = portal.run("events", "lint", "--plan", str(plan))
    assert (app.returncode, app.stdout, app.stderr) == (0, "no violations\n", "")
    stored = portal.run("events", "lint", "--plan", str(plan), "--stored", "--format", "json")
    kinds = {(one["kind"], one["about"]) for one in json.loads(stored.stdout)}
    assert kinds <= {("unplanned-event", "voteOnIt in root/App"), ("naming", "action voteOnIt")}


def test_a_person_is_erased_while_the_portal_runs(visit: Visit, portal: Portal) -> None:
    visitor = visit(portal.url)
    visitor.open("/health")
    visitor.events.wait_for(action="navigate", subject="/health")

    erased = json.loads(portal.run("users", "erase", "user:default/guest").stdout)

    assert erased["events"] >= 1
    assert "guest" not in json.dumps(erased)
    assert not portal.run("users", "export", "user:default/guest").stdout
    visitor.open("/instrumentation")
    erasures = visitor.page.get_by_role("listitem").filter(has_text=f"{erased['events']:,} event")
    expect(erasures.first).to_be_visible()


def test_robots_are_refused_and_no_address_reaches_the_log(portal: Portal) -> None:
    event = {"id": "01a20a10-cc57-742b-93ed-5a8c14a22dd5", "action": "click", "subject": "x"}
    transport = httpx.HTTPTransport(local_address="127.0.0.77")
    with httpx.Client(transport=transport, headers={"X-Forwarded-For": "203.0.113.77"}) as client:
        address = portal.url.replace("localhost", "127.0.0.1")
        refused = client.post(f"{address}/api/events", json={"events": [event]}, headers=ROBOT)
        taken = client.post(f"{address}/api/events", json={"events": [event]})

    assert [one.json()["accepted"] for one in (refused, taken)] == [0, 1]
    log = portal.log.read_text(encoding="utf-8")
    assert "127.0.0.77" not in log
    assert "203.0.113.77" not in log
