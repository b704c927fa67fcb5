"""A portal with a tool that refuses some events, and one that takes none."""

import contextlib
import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.served_app import serve_portal

pytestmark = pytest.mark.e2e

PATIENCE = 20_000
"""Milliseconds: a tool is tried again, then the page looks again, each every few seconds."""


@dataclass(frozen=True)
class FailingPortal:
    """The address of the portal, its database, and the file that fixes the picky tool."""

    url: str
    database: Path
    fixed: Path


@pytest.fixture(scope="module")
def served(portal_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingPortal]:
    data = tmp_path_factory.mktemp("health")
    database, fixed = data / "events.db", data / "fixed"
    environment = {
        "DATABASE_URL": f"sqlite:///{database}",
        "APP_CONFIG": "app-config.yaml,tests/e2e/portal/health.yaml",
        "FIXED_FILE": str(fixed),
    }
    with serve_portal(portal_build, environment, log=data / "portal.log") as url:
        yield FailingPortal(url, database, fixed)


@pytest.fixture
def portal(served: FailingPortal) -> FailingPortal:
    """It, with both tools failing."""
    served.fixed.unlink(missing_ok=True)
    return served


def rows(visitor: Visitor, name: str) -> Locator:
    """The dead letters whose subject is the address that `fail` opened."""
    subject = visitor.page.get_by_text(f"/no/{name}", exact=True)
    return visitor.page.get_by_role("group").filter(has=subject, has_text="Given up")


def fail(visitor: Visitor, name: str) -> Locator:
    """Open an address that the picky tool refuses; gives the newest row of it."""
    visitor.open(f"/no/{name}")
    visitor.sees("Page not found")
    visitor.open("/health")
    both = rows(visitor, name)  # a navigate and a not-found
    expect(both).to_have_count(2, timeout=PATIENCE)
    return both.first


def heading(visitor: Visitor, text: str) -> Locator:
    return visitor.page.get_by_role("heading", name=text)


def backend(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("row").filter(
        has=visitor.page.get_by_role("rowheader", name=name)
    )


def test_problems_are_said_in_words_at_the_top(visit: Visit, portal: FailingPortal) -> None:
    visitor = visit(portal.url)
    fail(visitor, "at-a-glance")

    expect(visitor.page.get_by_role("heading", name="problems")).to_be_visible()
    expect(visitor.page.get_by_text("for picky had to be given up.")).to_be_visible()
    expect(visitor.page.get_by_text("warehouse takes nothing:")).to_be_visible()
    expect(backend(visitor, "picky")).to_contain_text("Up to date")
    expect(backend(visitor, "warehouse")).to_contain_text("Pausing until")
    expect(backend(visitor, "warehouse")).to_contain_text("HTTP 503")


def test_an_event_opens_and_stays_open_while_the_page_looks_again(
    visit: Visit, portal: FailingPortal
) -> None:
    watcher, walker = visit(portal.url), visit(portal.url)
    row = fail(watcher, "stays-open")

    row.locator("summary").click()
    walker.open("/no/comes-later")
    later = watcher.page.get_by_text("/no/comes-later", exact=True).first
    expect(later).to_be_visible(timeout=PATIENCE)

    expect(row.get_by_text("Event id")).to_be_visible()
    expect(row.get_by_text('"root"')).to_be_visible()
    expect(row.get_by_role("button", name="Retry")).to_be_visible()


def test_a_dead_letter_that_is_tried_again_is_delivered(
    visit: Visit, portal: FailingPortal
) -> None:
    visitor = visit(portal.url)
    row = fail(visitor, "one-more-try")
    row.locator("summary").click()
    portal.fixed.touch()

    row.get_by_role("button", name="Retry").click()

    expect(visitor.page.get_by_text("1 event for picky is tried again.")).to_be_visible()
    expect(rows(visitor, "one-more-try")).to_have_count(1, timeout=PATIENCE)


def test_everything_of_a_backend_is_tried_again(visit: Visit, portal: FailingPortal) -> None:
    visitor = visit(portal.url)
    fail(visitor, "all-of-it")
    portal.fixed.touch()

    visitor.click("Retry all for picky", role="button")

    expect(visitor.page.get_by_text("for picky are tried again.")).to_be_visible()
    expect(heading(visitor, "Everything is delivered")).to_be_visible(timeout=PATIENCE)
    visitor.click("Dismiss", role="button")
    expect(visitor.page.get_by_text("for picky are tried again.")).to_have_count(0)


def test_filters_leave_what_fits(visit: Visit, portal: FailingPortal) -> None:
    visitor = visit(portal.url)
    fail(visitor, "filtered")

    visitor.page.get_by_role("combobox", name="Backend").select_option("warehouse")
    expect(heading(visitor, "No matches")).to_be_visible(timeout=PATIENCE)
    visitor.page.get_by_role("combobox", name="Backend").select_option("picky")
    visitor.page.get_by_role("combobox", name="State").select_option("Dead letters")

    expect(rows(visitor, "filtered")).to_have_count(2, timeout=PATIENCE)


def test_what_people_and_tools_wrote_is_shown_as_text(visit: Visit, portal: FailingPortal) -> None:
    visitor = visit(portal.url)
    row = fail(visitor, "markup")

    row.locator("summary").click()
    expect(row.get_by_text("onerror").last).to_be_visible()

    assert visitor.page.title() != "broken-in"


def test_a_database_that_does_not_answer_is_reported_until_it_does(
    visit: Visit, portal: FailingPortal
) -> None:
    visitor = visit(portal.url)
    fail(visitor, "before-the-database-went")

    with _without_deliveries(portal.database):
        no_answer = heading(visitor, "The database is not responding")
        expect(no_answer).to_be_visible(timeout=PATIENCE)
        expect(visitor.page.get_by_text("Captured", exact=True)).to_be_visible()

    expect(heading(visitor, "Events not delivered")).to_be_visible(timeout=PATIENCE)


def test_a_page_full_of_problems_is_for_everybody(visit: Visit, portal: FailingPortal) -> None:
    visitor = visit(portal.url)
    row = fail(visitor, "a-long-name-" * 40)
    row.locator("summary").click()
    visitor.page.locator("summary").filter(has_text="HTTP 503").click()
    visitor.click("Retry all for warehouse", role="button")
    expect(visitor.page.get_by_text("No dead letters for warehouse.")).to_be_visible()

    assert find_faults(visitor.page) == {}


@contextlib.contextmanager
def _without_deliveries(database: Path) -> Generator[None]:
    """The table is not there meanwhile."""
    rename = "ALTER TABLE {} RENAME TO {}"
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute(rename.format("analytics_delivery", "away"))
        connection.commit()
        try:
            yield
        finally:
            connection.execute(rename.format("away", "analytics_delivery"))
            connection.commit()
