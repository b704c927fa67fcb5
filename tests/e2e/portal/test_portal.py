"""What people do in the portal, and the exact events of it."""

from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

SHELL = {"routeRef": "unknown", "pluginId": "root", "extension": "App"}
COMPONENT = "/catalog/default/component/booking-service"


def in_app(plugin: str, route_ref: str) -> dict[str, Any]:
    return {"pluginId": plugin, "routeRef": route_ref, "extension": "App"}


def navigate(subject: str, plugin: str, route_ref: str, **params: str) -> dict[str, Any]:
    return {
        "action": "navigate",
        "subject": subject,
        "attributes": params,
        "context": in_app(plugin, route_ref),
    }


def click(subject: str, to: str, **context: str) -> dict[str, Any]:
    return {"action": "click", "subject": subject, "attributes": {"to": to}, "context": context}


def test_a_visit_is_recorded_event_by_event(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)

    visitor.open("/")
    visitor.sees("Welcome")
    visitor.click("Catalog")
    visitor.sees("Nordlicht Rail Catalog")
    visitor.click("Booking Service")
    visitor.sees("Booking Service")
    visitor.click("Dependencies")
    visitor.sees("Depends on components")
    visitor.page.go_back()
    visitor.sees("About")
    visitor.open("/no/such/page?x=1")
    visitor.sees("Page not found")

    params = {"namespace": "default", "kind": "component", "name": "booking-service"}
    entity = ("catalog", "catalog:catalog-entity")
    assert visitor.recorded(10) == [
        navigate("/", "home", "home"),
        click("Catalog", "/catalog", **SHELL),
        navigate("/catalog", "catalog", "catalog"),
        click(
            "Booking Service",
            COMPONENT,
            pluginId="catalog",
            routeRef="catalog",
            extension="CatalogIndexPage",
        ),
        navigate(COMPONENT, *entity, **params),
        click(
            "Dependencies",
            f"{COMPONENT}/dependencies",
            pluginId="catalog",
            routeRef="catalog:catalog-entity",
            extension="CatalogEntityPage",
            entityRef="component:default/booking-service",
        ),
        navigate(f"{COMPONENT}/dependencies", *entity, **params),
        navigate(COMPONENT, *entity, **params),
        {
            "action": "navigate",
            "subject": "/no/such/page?x=1",
            "attributes": {},
            "context": SHELL,
        },
        {"action": "not-found", "subject": "/no/such/page", "context": SHELL},
    ]


def test_an_entity_that_is_not_there_is_a_not_found_of_the_catalog(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)

    visitor.open("/catalog/default/component/ghost")
    visitor.sees("Entity not found")

    assert visitor.recorded(2)[1] == {
        "action": "not-found",
        "subject": "/catalog/default/component/ghost",
        "context": {
            "pluginId": "catalog",
            "routeRef": "catalog:catalog-entity",
            "extension": "CatalogEntityPage",
            "entityRef": "component:default/ghost",
        },
    }


def test_a_page_opened_by_its_address_is_marked_in_the_sidebar(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)

    visitor.open(COMPONENT)
    visitor.sees("Booking Service")

    main = visitor.page.get_by_role("navigation", name="Main")
    expect(main.get_by_role("link", name="Catalog", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    expect(main.get_by_role("link", name="Home")).to_have_attribute("aria-current", "false")


def test_events_appear_in_the_live_view_and_open(visit: Visit, portal_url: str) -> None:
    watcher, walker = visit(portal_url), visit(portal_url)
    watcher.open("/events")

    walker.open("/no/opened")
    row = watcher.page.get_by_role("group").filter(has_text="/no/opened").last
    expect(row).to_be_visible()
    row.locator("summary").click()

    expect(row.get_by_text('"root"').first).to_be_visible()
    expect(watcher.page.get_by_text("Live")).to_be_visible()


def test_the_live_view_follows_what_happens_until_it_is_paused(
    visit: Visit, portal_url: str
) -> None:
    watcher, walker = visit(portal_url), visit(portal_url)
    watcher.open("/events")

    walker.open("/no/first")
    expect(watcher.page.get_by_text("/no/first").first).to_be_visible()
    watcher.click("Pause", role="button")
    expect(watcher.page.get_by_text("Paused")).to_be_visible()
    walker.open("/no/second")
    walker.recorded(4)
    expect(watcher.page.get_by_text("/no/second")).to_have_count(0)
    watcher.click("Resume", role="button")

    expect(watcher.page.get_by_text("/no/second").first).to_be_visible()


def test_the_theme_is_chosen_and_kept(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/")

    visitor.click("Theme", role="button")
    visitor.click("Dark", role="menuitem")
    expect(visitor.page.locator("html")).to_have_class("dark")
    visitor.page.reload()

    expect(visitor.page.locator("html")).to_have_class("dark")


def test_the_sidebar_collapses_and_stays_so(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/")

    visitor.click("Collapse the sidebar", role="button")
    visitor.page.reload()

    expect(visitor.page.locator("html")).to_have_attribute("data-sidebar", "collapsed")


def test_the_menu_of_a_phone_shows_every_entry_and_closes_on_arrival(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url, viewport={"width": 390, "height": 844})
    visitor.open("/")
    health = visitor.page.get_by_role("link", name="Health", exact=True)
    expect(health).to_be_hidden()

    visitor.click("Menu", role="button")
    expect(visitor.page.get_by_text("guest", exact=True)).to_be_visible()
    health.click()

    visitor.sees("Health")
    expect(health).to_be_hidden()
    expect(visitor.page.get_by_role("link", name="Catalog", exact=True)).to_be_visible()


def test_what_other_people_typed_is_shown_as_text(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    markup = "<img src=x onerror=document.title='broken-in'>"

    visitor.open(f"/no/{markup}")
    visitor.sees("Page not found")
    visitor.open("/events")
    expect(visitor.page.get_by_text("onerror").first).to_be_visible()

    assert visitor.page.title() != "broken-in"


@pytest.mark.parametrize(("start", "button"), [("/catalog", "Owned"), ("/create", "Starred")])
def test_a_late_answer_leaves_the_next_page_its_address(
    visit: Visit, portal_url: str, start: str, button: str
) -> None:
    visitor, waiting = visit(portal_url), list[str | bytes]()
    is_slow = False

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        sockets.append(socket)
        server.on_message(
            lambda message: waiting.append(message) if is_slow else socket.send(message)
        )

    sockets: list[WebSocketRoute] = []
    visitor.page.route_web_socket("**/_event**", connect)
    visitor.open(start)
    chosen = visitor.page.get_by_role("button", name=button).first
    expect(chosen).to_be_visible()

    is_slow = True
    chosen.click()
    while not any("replaceState" in str(message) for message in waiting):
        visitor.page.wait_for_timeout(20)
    visitor.click("Docs")
    visitor.sees("Documentation")
    is_slow = False
    for message in waiting:
        sockets[-1].send(message)

    expect(visitor.page.get_by_role("link", name="Fleet Registry").first).to_be_visible()
    assert visitor.page.url == f"{portal_url}/docs"
