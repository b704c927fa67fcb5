"""Every address of the portal as a visitor sees it: its title, its shape while it loads, axe-core.

Each is loaded twice, on a desktop in light and on a phone in dark, so that both widths and both
themes are looked at without doing so four times.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from backstage_py.backstage_py import BUILT_IN
from tests.e2e.accessibility import list_violations, measure_overflow

pytestmark = pytest.mark.e2e

MOST_SHIFT = 0.05
"""The cumulative layout shift that a page may have."""
MOST_FIRST_LOAD_KB = 350
MOST_FIRST_REQUESTS = 20
PORTAL = "Nordlicht Portal"
PATIENCE_MS = 20_000
"""How long a page may take on a machine that has other work."""
_WATCH_SHIFTS = """
window.shifted = 0;
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries().filter((one) => !one.hadRecentInput)) {
    window.shifted += entry.value;
    window.moved.push(...entry.sources.map(({ node }) => (node ?? {}).outerHTML?.slice(0, 120)));
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True)
class Look:
    """What an address shows: a heading, and the window's title before the portal's name."""

    heading: str
    title: str


ADDRESSES: Mapping[str, Look] = {
    "/": Look("Welcome", "Home"),
    "/catalog": Look("Nordlicht Rail Catalog", "Catalog"),
    "/catalog?filters[kind]=user": Look("Users (15)", "Catalog"),
    "/catalog/default/component/booking-service": Look("Booking Service", "Booking Service"),
    "/catalog/default/component/booking-service/dependencies": Look(
        "Depends on components", "Booking Service"
    ),
    "/catalog/default/component/booking-service/api": Look("Provided APIs", "Booking Service"),
    "/catalog/default/component/departure-boards/docs": Look(
        "What a board promises", "Departure Boards"
    ),
    "/catalog/default/group/ticketing-team": Look("Ticketing", "Ticketing"),
    "/catalog/default/user/amara.okafor": Look("Amara Okafor", "Amara Okafor"),
    "/catalog/default/template/service": Look("Backend service", "Backend service"),
    "/catalog/default/api/journey-api/definition": Look("Journey API", "Journey API"),
    "/catalog/default/component/no-such-thing": Look("Entity not found", "Entity not found"),
    "/catalog-graph": Look("Choose an entity", "Catalog graph"),
    "/catalog-graph?rootEntityRefs[]=component:default/booking-service": Look(
        "Catalog graph", "Catalog graph"
    ),
    "/catalog-import": Look("Register an existing component", "Register an existing component"),
    "/catalog-errors": Look("Processing errors", "Processing errors"),
    "/api-docs": Look("APIs", "APIs"),
    "/create": Look("Create a new component", "Create a new component"),
    "/create/templates/default/service": Look("What is it?", "Backend service"),
    "/create/tasks": Look("Tasks", "Tasks"),
    "/create/tasks/no-such-task": Look("Task not found", "Task not found"),
    "/create/edit": Look("Template editor", "Template editor"),
    "/create/actions": Look("Installed actions", "Installed actions"),
    "/search?query=booking": Look("Search", "booking - Search"),
    "/search?query=qqqzzz": Look("No results", "qqqzzz - Search"),
    "/docs": Look("Documentation", "Documentation"),
    "/docs/default/component/departure-boards": Look(
        "What a board promises", "Overview | Departure Boards"
    ),
    "/docs/default/component/departure-boards/architecture": Look(
        "What a board waits for", "Architecture | Departure Boards"
    ),
    "/docs/default/component/departure-boards/guides/local": Look(
        "Check before you push", "Run it on your machine | Departure Boards"
    ),
    "/events": Look("Events", "Events"),
    "/health": Look("Health", "Health"),
    "/instrumentation": Look("Inventory", "Instrumentation"),
    "/notifications": Look("Notifications", "Notifications"),
    "/settings": Look("Settings", "Settings"),
    "/settings/feature-flags": Look("Settings", "Feature flags - Settings"),
    "/settings/notifications": Look("Settings", "Notifications - Settings"),
    "/settings/parts": Look("Ranking list", "Parts - Settings"),
    "/settings/privacy": Look("My events", "Privacy - Settings"),
    "/settings/sessions": Look("Settings", "Sessions - Settings"),
    "/settings/tokens": Look("Settings", "Access tokens - Settings"),
    "/settings/permissions": Look("Settings", "Permissions - Settings"),
    "/no/such/page": Look("Page not found", "Page not found"),
}
_LOOKED_AT_ELSEWHERE = "insights"  # each of its pages, in test_insights.py


@pytest.fixture(scope="module", params=[("desktop", "light"), ("phone", "dark")], ids="-".join)
def profile(request: pytest.FixtureRequest, browser: Browser, portal_url: str) -> Iterator[Page]:
    """A window in which one page after the other is opened."""
    size, scheme = request.param
    width, height = {"desktop": (1440, 900), "phone": (390, 844)}[size]
    colors: Literal["light", "dark"] = scheme
    context = browser.new_context(
        base_url=portal_url, viewport={"width": width, "height": height}, color_scheme=colors
    )
    context.add_init_script(_WATCH_SHIFTS)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_looks_as_it_should(profile: Page, path: str) -> None:
    look = ADDRESSES[path]

    profile.goto(path)
    expect(profile.get_by_role("heading", name=look.heading, exact=True).first).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(profile).to_have_title(f"{look.title} | {PORTAL}", timeout=PATIENCE_MS)
    profile.wait_for_load_state("networkidle")

    shift, moved = profile.evaluate("[window.shifted, window.moved]")
    assert shift <= MOST_SHIFT, moved
    assert profile.locator("html").get_attribute("lang") == "en"
    assert profile.locator("h1").count() >= 1  # a page of documentation has its own beside ours
    assert list_violations(profile) == []
    assert measure_overflow(profile) == 0


def test_no_page_is_missing_in_the_list() -> None:
    paths = [address.partition("?")[0] for address in ADDRESSES]

    missing = [route for route in _list_routes() if not any(_fits(route, path) for path in paths)]

    assert missing == []


def test_the_first_load_is_small(browser: Browser, portal_url: str) -> None:
    context = browser.new_context(base_url=portal_url)
    page = context.new_page()
    sizes: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    page.goto("/")
    page.wait_for_load_state("networkidle")

    assert sum(sizes) / 1024 <= MOST_FIRST_LOAD_KB
    assert len(sizes) <= MOST_FIRST_REQUESTS
    context.close()


def _list_routes() -> Iterator[str]:
    loaded = [one.load() for one in BUILT_IN]
    plugins = [plugin for plugin in loaded if plugin.id != _LOOKED_AT_ELSEWHERE]
    for page in (page for plugin in plugins for page in plugin.pages):
        yield page.route_ref.path
    for content in (content for plugin in plugins for content in plugin.contents):
        yield f"{content.attach_to.path.rstrip('/')}{content.path}".rstrip("/") or "/"


def _fits(route: str, path: str) -> bool:
    ours, theirs = route.split("/"), path.split("/")
    pairs: list[tuple[Any, Any]] = list(zip(ours, theirs, strict=False))
    return len(ours) == len(theirs) and all(
        one == other or one.startswith("[") for one, other in pairs
    )
