"""One line in `rxconfig.py` instruments an app that knows nothing of the portal."""

from typing import Any

import pytest
from playwright.sync_api import expect

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
