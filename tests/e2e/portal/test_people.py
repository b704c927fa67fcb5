"""What the portal has for each person: start page, settings with privacy, notifications."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from backstage_py.analytics import ANYTHING, Signals, open_engine
from backstage_py.analytics.testing import StoredEvents
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.notifications.notification import Payload, Severity
from backstage_py.plugins.notifications.notifications import Notifications
from backstage_py.plugins.notifications.store import NotificationStore
from backstage_py.plugins.settings.api import UserSettings
from tests.conftest import PROJECT
from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import Visit, database_in
from tests.served_app import serve_portal

pytestmark = pytest.mark.e2e

PATIENT_MS = 30_000
"""The bell looks every few seconds."""

SHELL = {"routeRef": "unknown", "pluginId": "root", "extension": "App"}
SETTINGS = {
    "pluginId": "user-settings",
    "routeRef": "user-settings",
    "extension": "UserSettingsPage",
}
SIDEBAR = {"pluginId": "user-settings", "extension": "SidebarSettings"}


def navigate(subject: str, context: dict[str, Any]) -> dict[str, Any]:
    return {
        "action": "navigate",
        "subject": subject,
        "attributes": {},
        "context": {**context, "extension": "App"},
    }


def click(subject: str, to: str, context: dict[str, Any]) -> dict[str, Any]:
    return {"action": "click", "subject": subject, "attributes": {"to": to}, "context": context}


def test_tabs_of_the_settings_are_links_and_what_one_sets_fires_nothing(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)

    visitor.open("/catalog")
    visitor.click("Settings")
    visitor.sees("Profile")
    visitor.click("Dark", role="button")
    expect(visitor.page.locator("html")).to_have_class("dark")
    visitor.click("Pin the sidebar", role="switch")
    expect(visitor.page.locator("html")).to_have_attribute("data-sidebar", "collapsed")
    visitor.click("Feature flags")
    visitor.click("world-clock", role="switch")
    flag = visitor.page.get_by_role("switch", name="world-clock")
    expect(flag).to_have_attribute("aria-checked", "true")
    visitor.click("world-clock", role="switch")
    expect(flag).to_have_attribute("aria-checked", "false")
    visitor.click("Privacy")
    visitor.sees("Recording")

    assert visitor.recorded(7) == [
        navigate("/catalog", {"pluginId": "catalog", "routeRef": "catalog"}),
        click("Settings", "/settings", {**SHELL, **SIDEBAR}),
        navigate("/settings", SETTINGS),
        click("Feature flags", "/settings/feature-flags", SETTINGS),
        navigate("/settings/feature-flags", SETTINGS),
        click("Privacy", "/settings/privacy", SETTINGS),
        navigate("/settings/privacy", SETTINGS),
    ]
    visitor.page.reload()
    expect(visitor.page.locator("html")).to_have_class("dark")


def test_pages_are_in_one_language_whatever_the_browser_prefers(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url, locale="de-AT")

    visitor.open("/settings")
    visitor.sees("Settings")

    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    expect(visitor.page.get_by_role("group", name="Language")).to_have_count(0)


def test_a_person_sees_what_is_recorded_takes_it_along_and_switches_it_off(
    visit: Visit, portal_url: str
) -> None:
    visitor, neighbour = visit(portal_url), visit(portal_url)
    neighbour.open("/catalog?of=the-neighbour")
    neighbour.recorded(1)
    visitor.open("/catalog")
    visitor.recorded(1)
    visitor.open("/settings/privacy")
    visitor.recorded(2)
    visitor.click("Refresh", role="button")
    page = visitor.page
    events = page.locator(".bp-settings-own-events details")
    expect(events).to_have_count(2)
    events.first.locator("summary").click()
    expect(events.first.get_by_text('"user-settings"').first).to_be_visible()

    with page.expect_download() as download:
        visitor.click("Export my events", role="button")
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    visitor.click("Record my activity", role="switch")
    expect(page.get_by_text("Your activity in this portal is not recorded.")).to_be_visible()
    mark = uuid.uuid4().hex
    visitor.open(f"/catalog?mark={mark}")
    visitor.sees("Nordlicht Rail Catalog")
    visitor.open("/settings/privacy")
    visitor.sees("No events")

    assert [json.loads(line)["subject"] for line in lines] == ["/settings/privacy", "/catalog"]
    expect(page.get_by_role("switch", name="Record my activity")).to_have_attribute(
        "aria-checked", "false"
    )
    visitor.click("Record my activity", role="switch")
    expect(page.get_by_text("Your activity in this portal is recorded.")).to_be_visible()
    visitor.click("General")
    visitor.sees("Profile")
    session = page.evaluate("JSON.parse(localStorage['backstage_py.session']).id")
    with StoredEvents(portal_url, session) as stored:
        assert [one.subject for one in stored.wait_until(2)] == ["General", "/settings"]
    with StoredEvents(portal_url) as stored:
        assert not [one for one in stored.list() if mark in one.subject]


@pytest.fixture
def notifications(portal_url: str, portal_data: Path) -> Iterator[Notifications]:
    """What another plugin of the portal would notify with."""
    engine = open_engine({"DATABASE_URL": database_in(portal_data)})
    settings = UserSettings(engine)
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    signals = Signals(engine)
    yield Notifications(
        NotificationStore(engine),
        catalog=lambda: catalog,
        settings=lambda: settings,
        on_change=lambda user: signals.send("notifications", user or ANYTHING),
    )
    signals.close()
    engine.dispose()


def test_a_notification_appears_is_saved_and_read_and_its_origin_switched_off(
    visit: Visit, portal_url: str, notifications: Notifications
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/catalog")
    visitor.sees("Nordlicht Rail Catalog")

    notifications.notify(
        "scaffolder",
        Payload("<b>fares</b> is ready", "It ran to its end.", link="/api-docs"),
        ["group:default/platform-team"],
    )
    urgent = Payload("Seats answer slowly", severity=Severity.CRITICAL, topic="Incidents")
    notifications.notify("on-call", urgent, ["user:default/guest"])

    expect(page.get_by_text("2 unread")).to_be_attached(timeout=PATIENT_MS)
    visitor.click("Notifications")
    visitor.sees("Notifications")
    rows = page.locator(".bp-notifications-notes > li")
    expect(rows).to_have_count(2)
    assert find_faults(page) == {}
    page.get_by_label("Minimum severity").select_option("critical")
    expect(rows).to_have_count(1)
    visitor.click("Save", role="button", within=rows.first)
    visitor.click("Mark as read", role="button", within=rows.first)
    expect(page.get_by_text("1 unread")).to_be_attached(timeout=PATIENT_MS)
    page.get_by_label("Minimum severity").select_option("low")
    visitor.click("Saved", role="button")
    expect(rows.get_by_text("Seats answer slowly")).to_be_visible()
    visitor.click("Unread", role="button")
    visitor.click("<b>fares</b> is ready")
    visitor.sees("APIs")

    visitor.open("/settings/notifications")
    visitor.click("Software templates", role="switch")
    expect(page.get_by_role("switch", name="Software templates")).to_have_attribute(
        "aria-checked", "false"
    )
    assert notifications.notify("scaffolder", Payload("Dropped"), ["user:default/guest"]) == 0
    visitor.click("Software templates", role="switch")
    expect(page.get_by_role("switch", name="Software templates")).to_have_attribute(
        "aria-checked", "true"
    )
    place = {"pluginId": "notifications", "routeRef": "notifications"}
    list_context = {**place, "extension": "NotificationsPage"}
    assert visitor.recorded(6)[:5] == [
        navigate("/catalog", {"pluginId": "catalog", "routeRef": "catalog"}),
        click(
            "Notifications",
            "/notifications",
            {**SHELL, "pluginId": "notifications", "extension": "NotificationsSidebarItem"},
        ),
        navigate("/notifications", place),
        click("<b>fares</b> is ready", "/api-docs", list_context),
        navigate("/api-docs", {"pluginId": "api-docs", "routeRef": "api-docs"}),
    ]


def test_the_start_page_leads_on_and_remembers_where_one_was(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    booking = "/catalog/default/component/booking-service"
    visitor.open(booking)
    visitor.sees("Booking Service")
    visitor.recorded(1)

    visitor.click("Home")
    visitor.sees("Recently visited")
    recent = page.locator(
        ".bp-home-widget", has=page.get_by_role("heading", name="Recently visited")
    )
    visitor.click("Booking Service", within=recent)
    visitor.sees("Booking Service")
    visitor.click("Home")
    visitor.sees("Welcome")
    page.get_by_role("searchbox", name="Search", exact=True).fill("fares")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?query=fares")

    home = {"pluginId": "home", "routeRef": "home"}
    events = [one for one in visitor.recorded(8) if one["action"] != "search"]
    assert events[1:5] == [
        click("Home", "/", SHELL),
        navigate("/", home),
        click("Booking Service", booking, {**home, "extension": "HomePageRecentlyVisited"}),
        {
            "action": "navigate",
            "subject": booking,
            "attributes": {"namespace": "default", "kind": "component", "name": "booking-service"},
            "context": {
                "pluginId": "catalog",
                "routeRef": "catalog:catalog-entity",
                "extension": "App",
            },
        },
    ]
    assert events[-1] == navigate(
        "/search?query=fares", {"pluginId": "search", "routeRef": "search"}
    )


def test_widgets_are_arranged_with_the_keyboard_and_stay_so(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/")
    visitor.sees("Starred")
    titles = page.locator(".bp-home-widget h2")
    before = titles.all_inner_texts()

    visitor.click("Edit", role="button")
    page.get_by_role("button", name="Move Starred later").press("Enter")
    expect(titles.nth(1)).to_have_text("Recently visited")
    page.get_by_role("combobox", name="Width of Starred").select_option("12")
    page.get_by_role("button", name="Remove Quick links").press("Enter")
    expect(page.get_by_role("heading", name="Quick links")).to_have_count(0)
    assert find_faults(page) == {}
    visitor.click("Done", role="button")
    page.reload()
    visitor.sees("Starred")

    after = titles.all_inner_texts()
    starred = page.locator(".bp-home-widget", has=page.get_by_role("heading", name="Starred"))
    expect(starred).to_have_attribute("data-columns", "12")
    assert after[1:3] == ["Recently visited", "Starred"]
    assert "Quick links" not in after
    visitor.click("Edit", role="button")
    visitor.click("Restore defaults", role="button")
    expect(titles).to_have_text(before)
    assert {one["action"] for one in visitor.recorded(2)} == {"navigate"}


def test_active_people_are_those_who_signed_in(
    visit: Visit, guarded_build: Path, guarded: dict[str, str], tmp_path: Path
) -> None:
    environment = {
        **guarded,
        "DATABASE_URL": database_in(tmp_path),
        "APP_CONFIG_app_analytics_read": '["user:default/solveig.aune"]',
        "APP_CONFIG_app_analytics_insights_read": '["user:default/solveig.aune"]',
        "APP_CONFIG_app_analytics_insights_smallestGroup": "1",
    }
    with serve_portal(guarded_build, environment, log=tmp_path / "portal.log") as url:
        solveig, mikkel, nobody = visit(url), visit(url), visit(url)
        nobody.open("/catalog")
        for visitor, name in ((solveig, "solveig.aune"), (mikkel, "mikkel.brandt")):
            visitor.open("/catalog")
            visitor.sign_in(name)
            visitor.sees("Nordlicht Rail Catalog")
            visitor.click("APIs")
            visitor.sees("APIs")
            second = visitor.page.context.new_page()
            second.goto("/docs")
            expect(second.get_by_role("heading", name="Documentation").first).to_be_visible()
            second.close()
        mikkel.click("Sign out", role="button")
        mikkel.click("Yes, sign out", role="button")
        mikkel.sees("Sign in to Nordlicht Portal")
        with solveig.open_record() as record:
            record.wait_for(action="signOut", timeout_seconds=PATIENT_MS / 1000)
            names = {event.user for event in record.list() if event.action == "signIn"}

        solveig.open("/insights")
        active = solveig.page.locator(".bp-insights-figure", has_text="Active people")

        assert names == {"user:default/solveig.aune", "user:default/mikkel.brandt"}
        expect(active.locator("strong")).to_have_text("2", timeout=PATIENT_MS)


def make_it_ask(page: Page) -> None:
    """Let the portal's own pages ask for consent, as with `consent: asked`."""

    def serve(route: Route) -> None:
        answer = route.fetch()
        text = answer.text()
        assert "unasked:`on`" in text
        route.fulfill(response=answer, body=text.replace("unasked:`on`", "unasked:`off`"))

    page.route("**/reflex-env-*.js", serve)


def test_a_portal_that_asks_records_nothing_before_the_answer_and_asks_once(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    make_it_ask(page)
    question = page.get_by_role("region", name="May we record what you do here?")

    visitor.open("/catalog")
    expect(question).to_be_visible()
    assert find_faults(page) == {}
    visitor.click("Home")
    visitor.sees("Welcome")
    assert page.evaluate("indexedDB.databases()") == []
    visitor.click("Allow", role="button")
    expect(question).to_have_count(0)
    visitor.click("Catalog")
    visitor.sees("Nordlicht Rail Catalog")
    page.reload()
    visitor.sees("Nordlicht Rail Catalog")

    session = page.evaluate("JSON.parse(localStorage['backstage_py.session']).id")
    with StoredEvents(portal_url, session) as stored:
        subjects = [one.subject for one in stored.wait_until(3)]
    assert subjects == ["Catalog", "/catalog", "/catalog"]
    assert visitor.events.list() == []
    expect(question).to_have_count(0)
