"""A portal on which people sign in by an OpenID provider, and guests enter by the page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, database_in
from tests.served_app import serve_portal

pytestmark = pytest.mark.e2e

PATIENCE = 30.0
"""Seconds until events have left the browser's outbox, on a slow machine."""


@pytest.fixture(scope="module")
def guarded_url(
    guarded_build: Path, guarded: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    data = tmp_path_factory.mktemp("guarded")
    environment = {**guarded, "DATABASE_URL": database_in(data)}
    with serve_portal(guarded_build, environment, log=data / "portal.log") as url:
        yield url


def test_a_guest_enters_and_leaves_by_the_sign_in_page(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)

    visitor.open("/catalog")
    visitor.sees("Sign in to Nordlicht Portal")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Nordlicht Rail Catalog")
    visitor.click("Sign out", role="button")

    visitor.sees("Sign in to Nordlicht Portal")


def test_only_users_named_by_the_owner_read_analytics(visit: Visit, guarded_url: str) -> None:
    stranger = httpx.get(f"{guarded_url}/api/events")
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")

    reader = visitor.page.request.get("/api/events")

    assert (stranger.status_code, reader.status) == (401, 200)


def test_events_bear_the_user_that_the_server_knows(visit: Visit, guarded_url: str) -> None:
    since = datetime.now(UTC)
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")

    with visitor.open_record(since=since) as record:
        events = sorted(record.wait_until(3, PATIENCE), key=lambda event: event.timestamp)

    assert [(event.action, event.user) for event in events] == [
        ("navigate", None),
        ("navigate", "user:default/guest"),
        ("signIn", "user:default/guest"),
    ]


def test_what_somebody_leaves_behind_stays_theirs(visit: Visit, guarded_url: str) -> None:
    since = datetime.now(UTC)
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")
    visitor.page.route("**/api/events", lambda route: route.abort())
    visitor.open("/docs?left=behind")
    visitor.click("Sign out", role="button")
    visitor.sees("Sign in to Nordlicht Portal")
    visitor.page.unroute("**/api/events")
    visitor.page.reload()
    visitor.sees("Sign in to Nordlicht Portal")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")

    with visitor.open_record(since=since) as record:
        left = record.wait_for(subject="/docs?left=behind", timeout_seconds=PATIENCE)
        out = record.wait_for(action="signOut", timeout_seconds=PATIENCE)
        nobodys = {event.session_id for event in record.list() if event.user is None}

    assert [left.user, out.user] == ["user:default/guest"] * 2
    assert left.session_id == out.session_id
    assert nobodys
    assert left.session_id not in nobodys


def test_users_who_may_not_see_insights_are_told_whom_to_ask(
    visit: Visit, guarded_url: str
) -> None:
    visitor = visit(guarded_url)
    visitor.open("/")
    visitor.click("Continue as guest", role="button")
    visitor.sees("Welcome")
    visitor.open("/insights")

    visitor.sees("No permission")
    expect(visitor.page.get_by_text("Ask the team that runs the portal")).to_be_visible()
    refused = visitor.page.request.get("/api/insights/overview/totals.json")
    assert refused.status == 403


def test_two_people_sign_in_each_where_they_wanted_to_go(visit: Visit, guarded_url: str) -> None:
    solveig, mikkel = visit(guarded_url), visit(guarded_url)
    for visitor in (solveig, mikkel):
        visitor.open("/catalog?limit=50#content")
        expect(visitor.page).to_have_title("Sign in to Nordlicht Portal")

    solveig.sign_in("solveig.aune")
    mikkel.sign_in("mikkel.brandt")

    for visitor, name in ((solveig, "solveig.aune"), (mikkel, "mikkel.brandt")):
        visitor.sees("Nordlicht Rail Catalog")
        assert visitor.page.url.endswith("/catalog?limit=50#content")
        answer = visitor.page.request.get("/api/auth/v1/userinfo").json()
        assert answer["claims"]["sub"] == f"user:default/{name}"


def test_a_refused_person_reads_why(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)
    visitor.open("/docs")

    visitor.sign_in("nobody")
    expect(visitor.page.get_by_role("alert")).to_contain_text("refused the sign-in")
    visitor.sign_in("eve")

    expect(visitor.page.get_by_role("alert")).to_contain_text("eve@elsewhere.example")


def test_signing_out_in_one_tab_closes_the_other(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)
    visitor.open("/settings/sessions")
    visitor.sign_in("solveig.aune")
    visitor.sees("Where you are signed in")
    expect(visitor.page.get_by_text("this browser")).to_be_visible()
    other = visitor.page.context.new_page()
    other.goto("/catalog")
    expect(other.get_by_role("heading", name="Nordlicht Rail Catalog")).to_be_visible()

    visitor.page.get_by_role("button", name="Sign out", exact=True).first.click()

    expect(other.get_by_role("link", name="Sign in with OpenID Connect")).to_be_visible()
    visitor.page.get_by_role("button", name="Yes, sign out").click()
    expect(visitor.page.get_by_role("link", name="Sign in with OpenID Connect")).to_be_visible()


def test_a_token_is_made_shown_once_and_revoked(visit: Visit, guarded_url: str) -> None:
    visitor = visit(guarded_url)
    visitor.open("/settings/tokens")
    visitor.sign_in("mikkel.brandt")
    visitor.sees("Personal access tokens")
    visitor.page.get_by_label("Name").fill("script")
    visitor.page.get_by_role("checkbox", name="catalog.entity.read").check()
    visitor.click("Create token", role="button")
    token = visitor.page.get_by_role("status").locator("code").inner_text()

    def call() -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{guarded_url}/api/auth/v1/userinfo", headers=headers)

    assert call().json()["claims"]["sub"] == "user:default/mikkel.brandt"
    visitor.click("Revoke script", role="button")
    visitor.sees("No tokens")
    assert call().status_code == 401
