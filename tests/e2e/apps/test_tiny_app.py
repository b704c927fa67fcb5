"""One line in `rxconfig.py` instruments an app that knows nothing of the portal."""

from typing import Any

import pytest
from playwright.sync_api import Response, expect

from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e


def on_page(extension: str, route_ref: str) -> dict[str, Any]:
    return {"pluginId": "tiny_app", "extension": extension, "routeRef": route_ref}


def test_pages_links_and_buttons_of_a_foreign_app_are_captured(
    visit: Visit, tiny_app_url: str
) -> None:
    visitor = visit(tiny_app_url)

    visitor.open("/")
    visitor.click("Carrot cake")
    visitor.sees("A cake")
    visitor.click("Order", role="button")
    expect(visitor.page.get_by_text("1 ordered")).to_be_visible()
    visitor.click("Back to the window")
    visitor.sees("Cakes")
    visitor.click("About us")
    visitor.sees("About us")

    assert visitor.recorded(7) == [
        {
            "action": "navigate",
            "subject": "/",
            "attributes": {},
            "context": on_page("App", "index"),
        },
        {
            "action": "click",
            "subject": "Carrot cake",
            "attributes": {"to": "/cakes/Carrot cake"},
            "context": on_page("index", "index"),
        },
        {
            "action": "navigate",
            "subject": "/cakes/Carrot%20cake",
            "attributes": {"cake": "Carrot cake"},
            "context": on_page("App", "cakes/[cake]"),
        },
        {
            "action": "click",
            "subject": "Order",
            "context": on_page("cake_page", "cakes/[cake]"),
        },
        {
            "action": "navigate",
            "subject": "/",
            "attributes": {},
            "context": on_page("App", "index"),
        },
        {
            "action": "click",
            "subject": "About us",
            "attributes": {"to": "/about"},
            "context": on_page("index", "index"),
        },
        {
            "action": "navigate",
            "subject": "/about",
            "attributes": {},
            "context": on_page("App", "about"),
        },
    ]


def test_an_address_is_served_as_it_was_typed(visit: Visit, tiny_app_url: str) -> None:
    visitor = visit(tiny_app_url)

    visitor.open("/about?from=mail#team")

    assert visitor.recorded(1)[0]["subject"] == "/about?from=mail#team"
    assert visitor.page.url == f"{tiny_app_url}/about?from=mail#team"


DASHBOARD = {
    "": "Overview",
    "/pages": "Pages & clicks",
    "/changes": "What changed",
    "/paths": "Paths & retention",
    "/funnels": "Funnels",
    "/experience": "Experience",
    "/explorer": "Explorer",
    "/dashboards": "Dashboards",
    "/live": "Live events",
    "/instrumentation": "Instrumentation",
}
"""The pages of the dashboard of an app that captures no search, and their tabs."""


def test_the_dashboard_shows_what_was_captured_and_nothing_of_itself(
    visit: Visit, tiny_app_url: str
) -> None:
    visitor = visit(tiny_app_url)
    visitor.open("/")
    visitor.click("Honey cake")
    visitor.sees("A cake")
    visitor.recorded(3)

    visitor.open("/insights")
    tabs = visitor.page.get_by_role("navigation", name="Sections of this page").get_by_role("link")
    expect(tabs).to_have_text(list(DASHBOARD.values()))
    visitor.click("Pages & clicks")
    clicked = visitor.page.get_by_role("region", name="Most clicked")
    expect(clicked.get_by_role("cell", name="Honey cake", exact=True)).to_be_visible()
    visitor.click("Live events")
    visitor.sees("Events")
    expect(visitor.page.locator("summary").filter(has_text="Honey cake").first).to_be_visible()
    visitor.open("/about")

    subjects = [event["subject"] for event in visitor.recorded(4)]
    assert subjects == ["/", "Honey cake", "/cakes/Honey%20cake", "/about"]


@pytest.mark.parametrize("path", ["", "/pages", "/live", "/instrumentation"])
def test_the_dashboard_fits_and_has_no_serious_violation(
    visit: Visit, tiny_app_url: str, path: str
) -> None:
    visitor = visit(tiny_app_url)

    visitor.open(f"/insights{path}")
    visitor.page.get_by_role("heading", level=1).wait_for()
    visitor.page.wait_for_function("!document.querySelector('.bp-skeletons')")

    badge = visitor.page.get_by_text("Built with Reflex")
    badge.evaluate_all("(found) => found.forEach((one) => one.remove())")  # grey on dark, not ours
    assert find_faults(visitor.page) == {}


def test_other_pages_load_nothing_of_the_dashboard(visit: Visit, tiny_app_url: str) -> None:
    visitor = visit(tiny_app_url)
    loaded: list[str] = []

    def keep(response: Response) -> None:  # Playwright marks its handlers, a bound method can't be
        loaded.append(response.url)

    def find_parts_of_the_dashboard() -> set[str]:
        files = [url for url in dict.fromkeys(loaded) if "/assets/" in url]
        assert files
        found = [url for url in files if "bp-insights" in visitor.page.request.get(url).text()]
        return {url.rpartition(".")[2] for url in found}

    visitor.page.on("response", keep)

    visitor.open("/")
    assert find_parts_of_the_dashboard() == set()
    visitor.open("/insights")
    assert find_parts_of_the_dashboard() == {"css", "js"}
