"""Reading documentation, and the exact events of it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

BASE = "/docs/default/component/departure-boards"
PARAMS = {"namespace": "default", "kind": "component", "name": "departure-boards"}
ENTITY = {"entityRef": "component:default/departure-boards"}
INDEX = {"pluginId": "techdocs", "routeRef": "techdocs:index-page"}
READER = {"pluginId": "techdocs", "routeRef": "techdocs:reader-page"}
READING = {**READER, "extension": "TechDocsReaderPage", **ENTITY}


def navigated(path: str, context: dict[str, str], attributes: dict[str, str]) -> dict[str, Any]:
    return {
        "action": "navigate",
        "subject": path,
        "attributes": attributes,
        "context": {**context, "extension": "App"},
    }


def read(path: str) -> dict[str, Any]:
    return navigated(path, READER, PARAMS)


def clicked(text: str, to: str, context: dict[str, str] = READING) -> dict[str, Any]:
    return {"action": "click", "subject": text, "attributes": {"to": to}, "context": context}


def article(visitor: Visitor) -> Any:
    return visitor.page.get_by_role("article")


def test_documentation_is_opened_from_the_index_and_its_links_lead_on(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    visitor.open("/docs")
    visitor.click("Departure Boards")
    visitor.click("the runbook", within=article(visitor))
    visitor.sees("When a board is dark")
    expect(visitor.page.locator("#doc-first-five-minutes")).to_be_focused()
    visitor.click("Architecture")
    expect(article(visitor).get_by_role("heading", name="Decisions")).to_be_visible()
    expect(visitor.page).to_have_title("Architecture | Departure Boards | Nordlicht Portal")
    visitor.click("Next Run it on your machine")
    visitor.sees("Run it on your machine")

    assert visitor.recorded(9) == [
        navigated("/docs", INDEX, {}),
        clicked("Departure Boards", BASE, {**INDEX, "extension": "TechDocsIndexPage"}),
        read(BASE),
        clicked("the runbook", f"{BASE}/runbook#first-five-minutes"),
        read(f"{BASE}/runbook#first-five-minutes"),
        clicked("Architecture", f"{BASE}/architecture"),
        read(f"{BASE}/architecture"),
        clicked("Next Run it on your machine", f"{BASE}/guides/local"),
        read(f"{BASE}/guides/local"),
    ]


def test_a_jump_within_a_page_is_a_click_and_no_navigation(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open(f"{BASE}/runbook")
    headings = page.get_by_role("navigation", name="On this page")
    headings.get_by_role("link", name="One board").click()
    expect(page.locator("#doc-one-board")).to_be_focused()
    assert page.evaluate("location.hash") == "#one-board"

    page.reload()
    expect(page.locator("#doc-one-board")).to_be_focused()
    page.go_back()
    visitor.recorded(4)
    page.go_forward()
    visitor.recorded(5)
    visitor.click("Install a board")
    visitor.sees("Install a board")

    events = visitor.recorded(7)
    assert events[:3] == [
        read(f"{BASE}/runbook"),
        clicked("One board", f"{BASE}/runbook#one-board"),
        read(f"{BASE}/runbook#one-board"),
    ]
    assert events[-2:] == [
        clicked("Install a board", f"{BASE}/guides/install"),
        read(f"{BASE}/guides/install"),
    ]


@pytest.mark.parametrize(
    ("path", "attributes", "text"),
    [
        (f"{BASE}/no/such-page", PARAMS, "This documentation has no such page"),
        (
            "/docs/default/component/nobody",
            {**PARAMS, "name": "nobody"},
            "The catalog has no entity of this name",
        ),
        (
            "/docs/default/component/booking-service/x",
            {**PARAMS, "name": "booking-service"},
            "has no documentation that can be shown",
        ),
    ],
)
def test_a_missing_page_is_reported_once(
    visit: Visit, portal_url: str, path: str, attributes: dict[str, str], text: str
) -> None:
    visitor = visit(portal_url)
    visitor.open(path)
    visitor.sees("Documentation not found")
    expect(visitor.page).to_have_title("Documentation not found | Nordlicht Portal")
    expect(visitor.page.get_by_text(text)).to_be_visible()
    visitor.click("All documentation")
    visitor.sees("Documentation")
    expect(visitor.page).to_have_title("Documentation | Nordlicht Portal")

    ref = {"entityRef": f"component:default/{attributes['name']}"}
    context = {**READER, "extension": "TechDocsReaderPage", **ref}
    assert visitor.recorded(4) == [
        navigated(path, READER, attributes),
        {"action": "not-found", "subject": path, "attributes": attributes, "context": context},
        clicked("All documentation", "/docs", context),
        navigated("/docs", INDEX, {}),
    ]


def test_each_of_several_missing_pages_is_reported(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open(f"{BASE}/nope")
    visitor.sees("Documentation not found")
    visitor.click("Overview")
    visitor.sees("What a board promises")
    visitor.page.go_back()
    visitor.sees("Documentation not found")

    events = visitor.recorded(6)
    assert [one["action"] for one in events] == [
        *("navigate", "not-found", "click", "navigate", "navigate", "not-found")
    ]
    assert [one["subject"] for one in events if one["action"] == "not-found"] == [
        f"{BASE}/nope",
        f"{BASE}/nope",
    ]


def test_a_search_within_a_documentation_leads_to_a_page_of_it(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open(BASE)
    visitor.sees("What a board promises")
    page.get_by_role("searchbox", name="Search this documentation").fill("electricians")
    found = page.locator(".bp-techdocs-search-answer li")
    expect(found).to_have_count(1)
    found.get_by_role("link").click()
    visitor.sees("Install a board")
    expect(page.locator(".bp-techdocs-search-answer")).to_have_count(0)

    searching = {**READING, "searchTypes": "techdocs"}
    assert visitor.recorded(4) == [
        read(BASE),
        {"action": "search", "subject": "electricians", "value": 1, "context": searching},
        {
            "action": "discover",
            "subject": "Install a board",
            "value": 1,
            "attributes": {"to": f"{BASE}/guides/install"},
            "context": searching,
        },
        read(f"{BASE}/guides/install"),
    ]


def test_the_search_page_finds_documentation(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/search?query=kalman&types[]=techdocs")
    visitor.page.get_by_role("link", name="How fixes become positions").click()
    visitor.sees("The filter")

    path = "/docs/default/component/position-tracker/fusion"
    discovered = visitor.recorded(4)[2]
    assert (discovered["action"], discovered["value"]) == ("discover", 1)
    assert discovered["attributes"] == {"to": path}
    assert discovered["context"]["searchTypes"] == "techdocs"


def test_an_entity_page_shows_its_documentation_in_a_tab(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    entity = "/catalog/default/component/departure-boards"
    visitor.open(entity)
    visitor.sees("About")
    visitor.page.get_by_role("navigation", name="Sections").get_by_role("link", name="Docs").click()
    visitor.click("Run it on your machine", within=article(visitor))
    visitor.sees("Check before you push")
    assert visitor.page.url.endswith(f"{entity}/docs/guides/local")
    visitor.click("Overview", within=visitor.page.get_by_role("navigation", name="Sections"))
    visitor.click("View TechDocs")
    visitor.sees("What a board promises")

    catalog = {"pluginId": "catalog", "routeRef": "catalog:catalog-entity"}
    tab = {"pluginId": "techdocs", "routeRef": "techdocs:catalog-reader-view"}
    page = {**catalog, "extension": "CatalogEntityPage", **ENTITY}
    inside = {**tab, "extension": "EntityTechdocsContent", **ENTITY}
    about = {**catalog, "extension": "EntityAboutCard", **ENTITY}
    assert visitor.recorded(9) == [
        navigated(entity, catalog, PARAMS),
        clicked("Docs", f"{entity}/docs", page),
        navigated(f"{entity}/docs", tab, PARAMS),
        clicked("Run it on your machine", f"{entity}/docs/guides/local", inside),
        navigated(f"{entity}/docs/guides/local", tab, PARAMS),
        clicked("Overview", entity, page),
        navigated(entity, catalog, PARAMS),
        clicked("View TechDocs", BASE, about),
        read(BASE),
    ]


def test_diagrams_tabs_and_code_are_alive(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.open(f"{BASE}/architecture")
    expect(page.locator(".bp-techdocs-diagram[data-state=drawn] svg")).to_have_count(2)
    expect(page.get_by_text("Edge cache in each station")).to_be_visible()

    visitor.open("/docs/default/component/developer-portal/writing-docs")
    expect(page.locator(".bp-techdocs-diagram[data-state=drawn] svg")).to_have_count(1)
    expect(page.get_by_text("This diagram cannot be drawn")).to_be_visible()
    expect(page.get_by_label("Source of the diagram")).to_contain_text("Idea --> Code -->")

    visitor.open(f"{BASE}/guides/local")
    page.get_by_role("tab", name="Windows").click()
    expect(page.get_by_role("tabpanel", name="Windows")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="macOS")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tabpanel", name="macOS")).to_be_visible()
    page.get_by_role("button", name="Copy code").first.click()
    assert "npm run board" in page.evaluate("navigator.clipboard.readText()")

    page.get_by_role("button", name="A+ larger text").click()
    page.reload()
    expect(page.get_by_text("110 %")).to_be_visible()
    report = page.get_by_role("link", name="Report an issue")
    assert "issues/new" in (report.get_attribute("href") or "")
    page.evaluate(
        "getSelection().selectAllChildren("
        "document.querySelector('.bp-techdocs-article .admonition'))"
    )
    expect(page.get_by_role("link", name="Report an issue about this text")).to_be_visible()


def test_a_page_that_has_moved_leads_on_and_pictures_are_served(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    visitor.open(f"{BASE}/setup")
    visitor.sees("Check before you push")
    assert visitor.page.url.endswith(f"{BASE}/guides/local")

    visitor.open(BASE)
    picture = visitor.page.get_by_role("img", name="A board with three departures")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth") > 0
