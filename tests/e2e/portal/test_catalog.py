"""What people do in the catalog, and the exact events of it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.served_app import serve_portal

pytestmark = pytest.mark.e2e

INDEX = {"pluginId": "catalog", "routeRef": "catalog", "extension": "CatalogIndexPage"}
ENTITY = {
    "pluginId": "catalog",
    "routeRef": "catalog:catalog-entity",
    "extension": "CatalogEntityPage",
}
SHOP = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop, title: Shop}
spec: {type: website, lifecycle: production, owner: guests}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart, title: Cart, description: "[manual](https://example.com) <b>bold</b>"}
spec: {type: service, lifecycle: experimental, owner: user:guest}
"""
NEWS = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: news, title: News}
spec: {type: service, lifecycle: production, owner: guests}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: news}
spec: {lifecycle: production, owner: guests}
"""
CONFIG = """\
app:
  analytics:
    read: ['*']
auth:
  providers:
    guest:
      auto: true
catalog:
  captureEvents: [filter, star, unstar, register, unregister, copy]
  locations:
    - {{type: file, target: {folder}/catalog/*.yaml}}
"""


@dataclass(frozen=True)
class Shop:
    """A portal of a small catalog, and a descriptor beside it that is not read."""

    url: str
    news: Path


@pytest.fixture(scope="module")
def shop(portal_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Its owner wants every event of the catalog."""
    folder = tmp_path_factory.mktemp("shop")
    news = folder / "catalog" / "more" / "news.yaml"
    news.parent.mkdir(parents=True)
    news.write_text(NEWS, encoding="utf-8")
    (folder / "catalog" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    (folder / "catalog" / "broken.yaml").write_text("kind: [", encoding="utf-8")
    (folder / "app-config.yaml").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    environment = {
        "APP_CONFIG": str(folder / "app-config.yaml"),
        "DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
    }
    with serve_portal(portal_build, environment, log=folder / "portal.log") as url:
        yield Shop(url, news)


def rows(page: Page) -> Any:
    return page.get_by_role("region", name="Entities").get_by_role("row")


def address(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.pathname + location.search)")


def act(visitor: Visitor, count: int) -> list[dict[str, Any]]:
    """The events of a visit except the navigates."""
    return [one for one in visitor.recorded(count) if one["action"] != "navigate"]


def test_filters_are_in_the_address_and_are_not_navigations(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/catalog")
    visitor.sees("Nordlicht Rail Catalog")

    page.get_by_label("Kind").select_option("api")
    page.get_by_text("Lifecycle", exact=True).first.click()
    page.get_by_role("checkbox", name="experimental").click()
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_role("checkbox", name="experimental")).to_be_checked()
    assert address(page) == (
        "/catalog?filters[kind]=api&filters[user]=all&filters[lifecycles]=experimental"
        "&limit=20&offset=0"
    )
    assert [event["action"] for event in visitor.recorded(1)] == ["navigate"]

    shared = visit(portal_url)
    shared.open(address(page))
    expect(rows(shared.page)).to_have_count(2)
    expect(shared.page.get_by_role("checkbox", name="experimental")).to_be_checked()


def test_filters_of_nothing_can_be_cleared(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/catalog")

    visitor.page.get_by_label("Search", exact=True).fill("no such thing")
    visitor.sees("No matches")
    visitor.click("Clear the filters", role="button")

    expect(rows(visitor.page)).to_have_count(21)


def test_the_list_is_paged_and_ordered_by_the_server(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    visitor.open("/catalog")
    expect(page.get_by_text("1 to 20 of 26")).to_be_visible()

    visitor.click("Next", role="button")
    expect(page.get_by_text("21 to 26 of 26")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    visitor.click("Name", role="button")

    expect(page.get_by_text("1 to 20 of 26")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(rows(page).nth(1)).to_contain_text("Workshop Tablet")


def test_what_is_shown_can_be_exported(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/catalog?filters[kind]=api&filters[lifecycles]=experimental")
    expect(rows(visitor.page)).to_have_count(2)

    with visitor.page.expect_download() as download:
        visitor.click("Export CSV")

    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["kind"], row["lifecycle"]) == ("API", "experimental")


def test_a_tab_of_another_plugin_is_navigated_to_as_its_own(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    path = "/catalog/default/api/booking-api"
    visitor.open(path)
    visitor.sees("Booking API")

    visitor.click("Definition")
    expect(visitor.page.get_by_role("region", name="API definition")).to_contain_text("/bookings")
    visitor.click("Raw", role="button")
    expect(visitor.page.get_by_role("region", name="API definition, raw")).to_contain_text(
        "openapi: 3"
    )

    _, click, navigate = visitor.recorded(3)
    ref = {"entityRef": "api:default/booking-api"}
    assert click == {
        "action": "click",
        "subject": "Definition",
        "attributes": {"to": f"{path}/definition"},
        "context": {**ENTITY, **ref},
    }
    assert navigate["subject"] == f"{path}/definition"
    assert navigate["context"]["pluginId"] == "catalog"


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("booking-api", "Hold seats for ten minutes"),
        ("journey-api", "journeys"),
        ("fare-api", "syntax"),
    ],
)
def test_each_sort_of_definition_has_its_viewer_and_asks_nobody_else(
    visit: Visit, portal_url: str, name: str, drawn: str
) -> None:
    visitor = visit(portal_url)
    asked: set[str] = set()
    visitor.page.on("request", lambda request: asked.add(request.url))

    visitor.open(f"/catalog/default/api/{name}/definition")
    expect(visitor.page.get_by_role("region", name="API definition")).to_contain_text(drawn)
    visitor.page.wait_for_load_state("networkidle")

    foreign = {url for url in asked if not url.startswith((portal_url, "data:", "blob:", "ws:"))}
    assert foreign == set()


def test_an_asyncapi_definition_is_drawn_in_a_frame_that_reaches_nobody(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    asked: set[str] = set()
    page.context.on("response", lambda answer: asked.add(answer.url))

    visitor.open("/catalog/default/api/payment-events/definition")
    frame = page.frame_locator('iframe[title="API definition"]')
    expect(frame.get_by_text("Payment Events 1.1.0")).to_be_visible()
    inner = next(one for one in page.frames if one.url.endswith("/asyncapi-frame"))

    inner.wait_for_function("innerHeight > 500 && document.body.scrollHeight <= innerHeight")
    assert inner.evaluate(_ATTEMPTS) == [
        "SecurityError",  # cookies
        "SecurityError",  # storage
        "SecurityError",  # the page
        "TypeError",  # the portal's API
        "TypeError",  # another host
        "Event",  # a websocket
        "Event",  # a picture
        "null",  # a window
        "SecurityError",  # the page's address
    ]
    assert {url for url in asked if not url.startswith((portal_url, "data:", "blob:"))} == set()


_ATTEMPTS = """async () => {
  const open = (one) => new Promise((resolve, reject) => Object.assign(one, {
    onload: resolve, onopen: resolve, onerror: reject }));
  const attempts = [
    () => document.cookie,
    () => localStorage.length,
    () => parent.document.title,
    () => fetch(new URL("/api/catalog/entities", location.href)),
    () => fetch("http://elsewhere.localhost:9/"),
    () => open(new WebSocket("ws://elsewhere.localhost:9/")),
    () => open(Object.assign(new Image(), { src: "http://elsewhere.localhost:9/x.png" })),
    () => String(window.open("http://elsewhere.localhost:9/")),
    () => { top.location = "http://elsewhere.localhost:9/"; },
  ];
  const answers = [];
  for (const attempt of attempts) {
    try { answers.push(await attempt()); }
    catch (error) { answers.push(error.name ?? error.constructor.name); }
  }
  return answers;
}"""
"""What a script in the frame could try; gives what each came to."""

HOSTILE = """
asyncapi: 2.6.0
info:
  title: Styled
  version: 1.0.0
  description: "<form action=/elsewhere><button>Phish</button></form><style>*{display:none}</style>"
  termsOfService: "javascript:parent.postMessage({link:'x'}, '*')"
channels:
  a:
    subscribe:
      message: {name: m, payload: {$ref: "http://elsewhere.localhost:9/ref.json"}}
"""


def test_a_hostile_asyncapi_definition_changes_only_its_frame(
    visit: Visit, portal_url: str
) -> None:
    visitor = visit(portal_url)
    page = visitor.page
    asked: set[str] = set()
    page.route("http://elsewhere.localhost:9/**", lambda route: asked.add(route.request.url))
    page.route("**/api/api-docs/definitions/**", lambda route: route.fulfill(body=HOSTILE))

    visitor.open("/catalog/default/api/payment-events/definition")
    expect(page.frame_locator("iframe").locator("#definition > *").first).to_be_attached()

    visitor.sees("Payment Events")
    expect(page.get_by_text("Phish")).to_have_count(0)
    assert asked == set()


def test_a_team_shows_its_people_and_what_it_owns(visit: Visit, portal_url: str) -> None:
    visitor = visit(portal_url)
    visitor.open("/catalog/default/group/digital-products")
    visitor.sees("Members (1)")

    visitor.page.get_by_role("switch", name="Aggregated").last.click()
    expect(visitor.page.get_by_role("heading", name="Members (")).not_to_have_text("Members (1)")
    visitor.click("Amara Okafor")
    visitor.sees("Amara Okafor")

    assert visitor.recorded(2)[1] == {
        "action": "click",
        "subject": "Amara Okafor",
        "attributes": {"to": "/catalog/default/user/amara.okafor"},
        "context": {
            "pluginId": "org",
            "routeRef": "catalog:catalog-entity",
            "extension": "EntityMembersListCard",
            "entityRef": "group:default/digital-products",
        },
    }


def test_stars_filters_and_copies_are_captured_where_the_owner_wants_it(
    visit: Visit, shop: Shop
) -> None:
    visitor = visit(shop.url, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.open("/catalog")

    visitor.click("Star Shop", role="button")
    expect(page.get_by_role("button", name="Star Shop")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Starred").click()
    expect(rows(page)).to_have_count(2)
    visitor.click("Shop")
    visitor.sees("Shop")
    visitor.click("More", role="button")
    visitor.click("Copy entity URL", role="menuitem")
    expect(page.get_by_text("Address copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(
        "/catalog/default/component/shop"
    )
    visitor.click("Star Shop", role="button")
    expect(page.get_by_role("button", name="Star Shop")).to_have_attribute("aria-pressed", "false")

    ref = {"entityRef": "component:default/shop"}
    path = "/catalog/default/component/shop"
    assert act(visitor, 7) == [
        {"action": "star", "subject": "Shop", "attributes": ref, "context": INDEX},
        {
            "action": "filter",
            "subject": "user",
            "attributes": {"value": "starred"},
            "context": INDEX,
        },
        {"action": "click", "subject": "Shop", "attributes": {"to": path}, "context": INDEX},
        {
            "action": "copy",
            "subject": "Shop",
            "attributes": {**ref, "to": path},
            "context": {**ENTITY, **ref},
        },
        {
            "action": "unstar",
            "subject": "Shop",
            "attributes": ref,
            "context": {**ENTITY, **ref},
        },
    ]


def test_a_location_is_looked_at_registered_and_taken_out(visit: Visit, shop: Shop) -> None:
    visitor = visit(shop.url)
    page = visitor.page
    visitor.open("/catalog-import")

    page.get_by_label("From").select_option("file")
    page.get_by_label("Location", exact=True).fill("nowhere.yaml")
    visitor.click("Analyze", role="button")
    visitor.sees("This cannot be imported")
    page.get_by_label("Location", exact=True).fill(str(shop.news))
    visitor.click("Analyze", role="button")
    expect(page.get_by_text("component:default/news")).to_be_visible()
    expect(page.get_by_text("spec.type: must be a string")).to_be_visible()
    visitor.click("Import", role="button")
    visitor.sees("In the catalog now")
    expect(page.get_by_role("cell", name=f"file:{shop.news}", exact=True)).to_be_visible()
    visitor.click("News")
    visitor.sees("News")
    visitor.click("More", role="button")
    visitor.click("Unregister entity", role="menuitem")
    visitor.click("Unregister location", role="button")
    expect(page).to_have_url(f"{shop.url}/catalog")
    expect(rows(page)).to_have_count(3)

    importing = {
        "pluginId": "catalog-import",
        "routeRef": "catalog-import",
        "extension": "CatalogImportPage",
    }
    ref = {"entityRef": "component:default/news"}
    path = "/catalog/default/component/news"
    assert act(visitor, 7) == [
        {"action": "click", "subject": "import entity", "context": importing},
        {"action": "register", "subject": f"file:{shop.news}", "context": importing},
        {"action": "click", "subject": "News", "attributes": {"to": path}, "context": importing},
        {
            "action": "unregister",
            "subject": f"file:{shop.news}",
            "attributes": ref,
            "context": {**ENTITY, **ref},
        },
    ]


def test_an_entity_is_inspected(visit: Visit, shop: Shop) -> None:
    visitor = visit(shop.url)
    page = visitor.page
    visitor.open("/catalog/default/component/cart")
    visitor.sees("Cart")

    expect(page.get_by_text("<b>bold</b>").first).to_be_visible()
    visitor.click("More", role="button")
    visitor.click("Inspect entity", role="menuitem")
    dialog = page.get_by_role("dialog", name="Entity inspector")
    visitor.click("Raw YAML", role="tab")
    expect(dialog.get_by_role("region", name="Entity as YAML")).to_contain_text("kind: Component")
    visitor.click("Colocated", role="tab")
    expect(dialog.get_by_role("link", name="component:default/shop")).to_be_visible()
    visitor.click("Close", role="button")
    expect(dialog).to_be_hidden()


def test_what_could_not_be_read_is_said(visit: Visit, shop: Shop) -> None:
    visitor = visit(shop.url)

    visitor.open("/catalog")
    visitor.click("Processing errors (1)")

    table = visitor.page.get_by_role("region", name="Processing errors")
    expect(table).to_contain_text("broken.yaml:1")
    expect(table).to_contain_text("must be valid YAML")
    visitor.open("/catalog/default/component/shop")
    expect(visitor.page.get_by_role("alert")).to_contain_text("group:guests")
