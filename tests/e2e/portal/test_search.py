"""Searching, and the exact events of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

PAGE = {
    "pluginId": "search",
    "routeRef": "search",
    "extension": "SearchPage",
    "searchTypes": "",
}
MODAL = {
    "pluginId": "search",
    "routeRef": "unknown",
    "extension": "SidebarSearchModal",
}


def act(visitor: Visitor, count: int) -> list[dict[str, Any]]:
    """The events of a visit except the navigates."""
    return [one for one in visitor.recorded(count) if one["action"] != "navigate"]


def search(term: str, value: int, context: dict[str, str] = PAGE) -> dict[str, Any]:
    return {"action": "search", "subject": term, "value": value, "context": context}


def results(visitor: Visitor) -> Any:
    return visitor.page.locator(".bp-results > li")


def type_in(visitor: Visitor, text: str) -> None:
    """Type a term at once: key by key, a pause on a slow machine makes two searches of it."""
    visitor.page.get_by_role("searchbox", name="Search").fill(text)


def test_a_search_is_captured_once_it_is_answered_and_an_opened_result_is_discovered(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    visitor.open("/search?query=booking")
    expect(results(visitor)).to_have_count(4)

    results(visitor).nth(1).get_by_role("link").click()
    visitor.sees("Booking Service")

    assert visitor.recorded(4) == [
        {
            "action": "navigate",
            "subject": "/search?query=booking",
            "attributes": {},
            "context": {"pluginId": "search", "routeRef": "search", "extension": "App"},
        },
        search("booking", 4),
        {
            "action": "discover",
            "subject": "Booking Service",
            "value": 2,
            "attributes": {"to": "/catalog/default/component/booking-service"},
            "context": PAGE,
        },
        {
            "action": "navigate",
            "subject": "/catalog/default/component/booking-service",
            "attributes": {
                "namespace": "default",
                "kind": "component",
                "name": "booking-service",
            },
            "context": {
                "pluginId": "catalog",
                "routeRef": "catalog:catalog-entity",
                "extension": "App",
            },
        },
    ]


def test_a_term_that_is_being_typed_is_one_search_and_no_navigation(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    visitor.open("/search")
    expect(results(visitor).first).to_be_visible()

    type_in(visitor, "bookign")
    expect(results(visitor)).to_have_count(4)
    expect(visitor.page.locator(".bp-results mark").first).to_have_text("Booking")
    assert visitor.page.evaluate("location.search") == "?query=bookign"
    type_in(visitor, "qqqzzz xxyyzz")
    visitor.sees("No results")

    assert act(visitor, 3) == [search("bookign", 4), search("qqqzzz xxyyzz", 0)]


def test_the_same_term_is_not_searched_again_but_with_filters_and_on_pages_it_is(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/search?query=nordlicht&pageLimit=10")
    total = int(page.get_by_role("heading", name="results").inner_text().split()[0])
    assert total > 10

    type_in(visitor, "nordlicht")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text(f"11 to {min(20, total)} of {total}")).to_be_visible()
    page.get_by_role("button", name="Software Catalog").click()
    expect(page.get_by_text(f" of {total}")).not_to_be_visible()
    entities = int(page.get_by_role("heading", name="results").inner_text().split()[0])
    page.get_by_label("Kind").select_option("User")
    expect(page.get_by_text(f"1 to 10 of {entities}")).not_to_be_visible()
    people = int(page.get_by_role("heading", name="results").inner_text().split()[0])
    assert 0 < people < entities < total

    limited = {**PAGE, "searchTypes": "software-catalog"}
    assert act(visitor, 5) == [
        search("nordlicht", total),
        search("nordlicht", total),
        search("nordlicht", entities, limited),
        search("nordlicht", people, limited),
    ]
    shared = visit(portal_url)
    shared.open(page.evaluate("location.pathname + location.search"))
    shared.sees(f"{people} results")


def test_ranks_count_on_over_pages(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/search?query=nordlicht&pageLimit=10&pageCursor=MQ==")

    eleventh = results(visitor).first.get_by_role("link")
    title = eleventh.inner_text()
    eleventh.click()
    visitor.page.wait_for_url("**/catalog/**")

    discovered = act(visitor, 4)[1]
    assert (discovered["action"], discovered["subject"]) == ("discover", title)
    assert discovered["value"] == 11


def test_a_reload_and_a_step_back_search_once_each(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/search?query=booking")
    expect(results(visitor)).to_have_count(4)
    visitor.page.reload()
    expect(results(visitor)).to_have_count(4)
    visitor.click("Home")
    visitor.sees("Welcome")
    visitor.page.go_back()
    expect(results(visitor)).to_have_count(4)

    events = act(visitor, 8)
    assert [one["action"] for one in events] == ["search", "search", "click", "search"]


def test_the_dialog_of_the_sidebar_searches_opens_and_leads_to_the_page(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/")
    visitor.sees("Welcome")
    visitor.click("Search", role="button")
    type_in(visitor, "booking service")
    results(visitor).first.get_by_role("link").click()
    visitor.sees("Booking Service")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("Control+k")
    type_in(visitor, "zzzz")
    expect(page.get_by_text("No results for zzzz")).to_be_visible()
    page.keyboard.press("Enter")
    visitor.sees("No results")

    assert page.url.endswith("/search?query=zzzz")
    limited = {**MODAL, "searchTypes": ""}
    assert act(visitor, 8) == [
        {
            "action": "click",
            "subject": "Search",
            "attributes": {"to": "/"},
            "context": MODAL,
        },
        search("booking service", 1, limited),
        {
            "action": "discover",
            "subject": "Booking Service",
            "value": 1,
            "attributes": {"to": "/catalog/default/component/booking-service"},
            "context": limited,
        },
        search("zzzz", 0, limited),
        search("zzzz", 0),
    ]


def test_escape_closes_the_dialog_and_it_opens_empty(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("booking", delay=20)
    expect(results(visitor).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")

    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_have_value("")
    expect(results(visitor)).to_have_count(0)
    assert len(act(visitor, 2)) == 1


def test_the_palette_is_walked_by_keys_and_gives_the_focus_back(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/catalog")
    dialog = page.get_by_role("dialog")
    docs = page.get_by_role("navigation", name="Main").get_by_role("link", name="Docs")
    docs.focus()
    page.keyboard.press("/")
    page.keyboard.type("sett", delay=20)
    expect(dialog.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(docs).to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("sett", delay=20)
    expect(dialog.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("link", name="Settings")).to_be_focused()
    page.keyboard.press("Enter")
    visitor.sees("Settings")


def test_the_palette_follows_the_keys_however_late_the_server_answers(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    is_late, held = False, list[Callable[[], None]]()

    def pass_on(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def answer(message: str | bytes) -> None:
            if is_late:
                held.append(lambda: route.send(message))
            else:
                route.send(message)

        server.on_message(answer)

    page.route_web_socket("**/_event/**", pass_on)
    visitor.open("/catalog")
    settings = page.get_by_role("dialog").get_by_role("link", name="Settings")
    is_late = True

    page.keyboard.press("Control+k")
    page.keyboard.type("docu")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("sett")
    page.keyboard.press("ArrowDown")
    expect(settings).to_be_focused()

    is_late = False
    for deliver in held:
        deliver()
    expect(results(visitor).first).to_be_visible()
    expect(settings).to_be_focused()


def test_what_was_typed_is_shown_as_text(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/")
    visitor.page.keyboard.press("Control+k")
    visitor.page.keyboard.type("<qqqzzz> & <xqzxqz>", delay=5)

    expect(visitor.page.get_by_text("No results for <qqqzzz> & <xqzxqz>")).to_be_visible()
