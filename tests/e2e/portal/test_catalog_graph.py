"""People's actions in the graph, and their exact events."""

from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

PAGE = {"pluginId": "catalog-graph", "routeRef": "catalog-graph", "extension": "CatalogGraphPage"}
CARD = {
    "pluginId": "catalog-graph",
    "routeRef": "catalog:catalog-entity",
    "extension": "EntityCatalogGraphCard",
    "entityRef": "component:default/booking-service",
}
SERVICE = "/catalog/default/component/booking-service"
API = "/catalog/default/api/booking-api"
ROOTED = "/catalog-graph?rootEntityRefs[]="
NEAR_SERVICE = f"{ROOTED}component:default/booking-service&maxDepth=1"
NEAR_API = f"{ROOTED}api:default/booking-api&maxDepth=1"


def click(subject: str, context: dict[str, str], to: str | None = None) -> dict[str, Any]:
    event = {"action": "click", "subject": subject, "context": context}
    return event if to is None else {**event, "attributes": {"to": to}}


def at_graph(address: str) -> dict[str, Any]:
    context = {"pluginId": "catalog-graph", "routeRef": "catalog-graph", "extension": "App"}
    return {"action": "navigate", "subject": address, "attributes": {}, "context": context}


def at_entity(path: str) -> dict[str, Any]:
    _, _, namespace, kind, name = path.split("/")
    context = {"pluginId": "catalog", "routeRef": "catalog:catalog-entity", "extension": "App"}
    attributes = {"namespace": namespace, "kind": kind, "name": name}
    return {"action": "navigate", "subject": path, "attributes": attributes, "context": context}


def node(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def is_root(page: Page, name: str) -> None:
    expect(node(page, name)).to_have_attribute("aria-current", "true")


def view(page: Page) -> str:
    """The visible part of the picture, once it no longer moves."""
    return page.evaluate("""async () => {
        const { style } = document.querySelector(".react-flow__viewport");
        let seen;
        do {
            seen = style.transform;
            for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
        } while (seen !== style.transform);
        return seen;
    }""")


def address(page: Page) -> str:
    return unquote(page.evaluate("location.pathname + location.search"))


def test_a_click_makes_the_root_and_a_shift_click_opens_the_page(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    visitor.open(NEAR_SERVICE)
    page = visitor.page
    is_root(page, "component Booking Service")

    node(page, "api Booking API").click()
    is_root(page, "api Booking API")
    assert address(page) == NEAR_API
    expect(page.locator(".bp-subtitle")).to_have_text("Booking API")

    page.go_back()
    is_root(page, "component Booking Service")
    node(page, "api Booking API").click(modifiers=["Shift"])
    visitor.sees("Booking API")
    assert address(page) == API

    assert visitor.recorded(6) == [
        at_graph(NEAR_SERVICE),
        click("Booking API", PAGE),
        at_graph(NEAR_API),
        at_graph(NEAR_SERVICE),
        click("Booking API", PAGE, to=API),
        at_entity(API),
    ]


def test_a_ctrl_click_opens_the_page_in_a_tab_of_its_own(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open(NEAR_SERVICE)

    with visitor.page.context.expect_page() as opened:
        node(visitor.page, "api Booking API").click(modifiers=["Control"])

    assert opened.value.url.endswith(API)
    assert address(visitor.page) == NEAR_SERVICE
    assert click("Booking API", PAGE, to=API) in visitor.recorded(2)


def test_the_keyboard_is_enough(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open(NEAR_SERVICE)
    page = visitor.page
    root = node(page, "component Booking Service")

    expect(root).to_be_visible()
    page.get_by_label("Merge relations").focus()
    page.keyboard.press("Tab")
    expect(root).to_be_focused()
    expect(root).to_have_css("outline-width", "3px")
    page.keyboard.press("ArrowLeft")
    expect(root).not_to_be_focused()
    name = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("ArrowRight")
    expect(root).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    kind, title = name.split("\n")
    is_root(page, f"{kind} {title}")

    assert visitor.recorded(3)[1:] == [click(title, PAGE), at_graph(address(page))]


def test_filters_are_in_the_address_and_are_not_navigations(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open(NEAR_SERVICE)
    page = visitor.page
    links = page.locator("a.bp-catalog-graph-node")
    is_root(page, "component Booking Service")
    near = links.count()

    page.get_by_label("Direction").select_option("Top to bottom")
    page.get_by_label("Curve").select_option("Stepped")
    page.get_by_label("Simplified").click()
    page.get_by_label("Merge relations").click()
    page.get_by_text("Kinds", exact=True).click()
    page.get_by_role("group", name="Kinds").get_by_label("API").click()
    expect(links).not_to_have_count(near)
    page.get_by_label("Max depth").fill("2")
    page.get_by_text("Relations", exact=True).click()
    page.get_by_role("group", name="Relations").get_by_label("consumesApi").click()
    whole = (
        f"{ROOTED}component:default/booking-service&maxDepth=2&selectedKinds[]=api"
        "&selectedRelations[]=consumesApi&unidirectional=false&mergeRelations=false"
        "&direction=TB&curve=curveStepBefore"
    )
    page.wait_for_function(
        "whole => decodeURIComponent(location.pathname + location.search) === whole", arg=whole
    )
    names = links.evaluate_all("nodes => nodes.map(node => node.innerText)")

    page.reload()
    visitor.sees("Catalog graph")
    expect(page.get_by_label("Max depth")).to_have_value("2")
    expect(page.get_by_label("Direction")).to_have_value("TB")
    expect(page.get_by_label("Curve")).to_have_value("curveStepBefore")
    expect(page.get_by_label("Simplified")).not_to_be_checked()
    expect(page.get_by_label("Merge relations")).not_to_be_checked()
    expect(links).to_have_count(len(names))
    assert links.evaluate_all("nodes => nodes.map(node => node.innerText)") == names
    assert len(names) < near

    assert visitor.recorded(2) == [at_graph(NEAR_SERVICE), at_graph(whole)]


def test_the_step_back_leads_to_the_filters_as_they_were_left(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    visitor.open(NEAR_SERVICE)
    page = visitor.page

    page.get_by_label("Direction").select_option("Top to bottom")
    expect(node(page, "api Booking API")).to_have_attribute("href", f"{NEAR_API}&direction=TB")
    node(page, "api Booking API").click()
    is_root(page, "api Booking API")
    page.go_back()
    is_root(page, "component Booking Service")

    expect(page.get_by_label("Direction")).to_have_value("TB")
    assert visitor.recorded(4) == [
        at_graph(NEAR_SERVICE),
        click("Booking API", PAGE),
        at_graph(f"{NEAR_API}&direction=TB"),
        at_graph(f"{NEAR_SERVICE}&direction=TB"),
    ]


def test_the_card_opens_pages_and_leads_to_the_graph(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open(SERVICE)
    page = visitor.page
    card = page.locator(".bp-catalog-graph-card")

    node(page, "api Booking API").click()
    visitor.sees("Booking API")
    page.go_back()
    visitor.sees("Booking Service")
    expect(node(page, "api Booking API")).to_be_visible()
    visitor.click("View graph", within=card)
    is_root(page, "component Booking Service")

    assert visitor.recorded(6) == [
        at_entity(SERVICE),
        click("Booking API", CARD, to=API),
        at_entity(API),
        at_entity(SERVICE),
        click("View graph", CARD, to=NEAR_SERVICE),
        at_graph(NEAR_SERVICE),
    ]


def test_without_a_root_one_chooses_an_entity(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/catalog-graph")
    visitor.sees("Choose an entity")

    visitor.page.get_by_label("Entity").fill("booking serv")
    expect(visitor.page.locator(".bp-catalog-graph-start li")).to_have_count(1)
    visitor.click("Booking Service")

    is_root(visitor.page, "component Booking Service")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rootEntityRefs[]=api:ghost", "The catalog has no entity api:default/ghost."),
        (
            "rootEntityRefs[]=component:booking-service&maxDepth=none",
            "maxDepth is 'none': use a whole number from 1 up, or nothing for infinite",
        ),
        (
            "rootEntityRefs[]=component:booking-service&rootEntityRefs[]=<b>",
            (
                "rootEntityRefs: '<b>' is not an entity reference: the kind must be written, as in "
                "component:my-service"
            ),
        ),
    ],
)
def test_what_the_address_asks_for_in_vain_is_said(
    visit: Visit, portal_url: str, query: str, said: str
) -> None:
    visitor = visit(portal_url)
    visitor.open(f"/catalog-graph?{query}")

    expect(visitor.page.get_by_role("alert")).to_have_text(said)
    if "booking-service" in query:
        is_root(visitor.page, "component Booking Service")


def test_zoom_and_drag_move_the_picture_and_are_not_clicks(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open(NEAR_SERVICE)
    page = visitor.page
    is_root(page, "component Booking Service")
    fitted = view(page)

    visitor.click("Zoom in", role="button")
    visitor.click("Zoom out", role="button")
    visitor.click("Zoom out", role="button")
    assert view(page) != fitted
    visitor.click("Fit", role="button")
    assert view(page) == fitted

    box = node(page, "api Booking API").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60, steps=4)
    page.mouse.up()
    moved = view(page)
    assert moved != fitted
    assert address(page) == NEAR_SERVICE
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(
        "moved => document.querySelector('.react-flow__viewport').style.transform !== moved",
        arg=moved,
    )
    node(page, "api Booking API").click()
    is_root(page, "api Booking API")
    assert visitor.recorded(3) == [
        at_graph(NEAR_SERVICE),
        click("Booking API", PAGE),
        at_graph(NEAR_API),
    ]


def test_other_pages_do_not_load_what_draws(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    loaded: list[str] = []
    visitor.page.on("response", lambda response: loaded.append(response.url))

    visitor.open("/catalog")
    assert not [url for url in loaded if "drawing" in url]
    visitor.open(NEAR_SERVICE)
    is_root(visitor.page, "component Booking Service")
    assert [url for url in loaded if "drawing" in url]
