"""A portal whose guests enter by the sign-in page."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import PROJECT
from tests.e2e.conftest import Visit
from tests.served_app import serve

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def guarded_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("guarded")
    environment = {
        "DATABASE_URL": f"sqlite:///{data / 'events.db'}",
        "APP_CONFIG": "app-config.yaml,tests/e2e/sign-in.yaml",
        "BACKSTAGE_PY_SECRET": "only-for-the-tests-of-signing-in",
    }
    with serve(PROJECT, environment, web_name="guarded") as url:
        yield url


def test_a_guest_enters_and_leaves_by_the_sign_in_page(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)

    visitor.open("/catalog")
    visitor.sees("Sign in to Nordlicht Portal")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Nordlicht Rail Catalog")
    visitor.click("Sign out", role="button")

    visitor.sees("Sign in to Nordlicht Portal")


def test_analytics_are_read_only_by_whom_the_owner_lets(visit: Visit, guarded_url: str) -> None:
    stranger = httpx.get(f"{guarded_url}/api/events")
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")

    reader = visitor.page.request.get("/api/events")

    assert (stranger.status_code, reader.status) == (401, 200)


def test_events_bear_the_user_that_the_server_knows(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")
    visitor.page.wait_for_load_state("networkidle")

    items = visitor.page.request.get("/api/events?action=navigate").json()["items"]

    assert [item["user"] for item in items[:2]] == ["user:default/guest", None]


def test_who_may_not_see_insights_is_told_whom_to_ask(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")
    visitor.open("/insights")

    visitor.sees("Not for you")
    expect(visitor.page.get_by_text("Ask the team that runs the portal")).to_be_visible()
    refused = visitor.page.request.get("/api/insights/overview/totals.json")
    assert refused.status == 403
