"""Every page for everybody: axe-core's rules, and no sideways scrolling on a phone."""

import pytest

from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

PAGES = {
    "/": "Welcome",
    "/catalog": "Nordlicht Rail Catalog",
    "/catalog/default/component/booking-service": "Booking Service",
    "/catalog-graph": "Choose an entity",
    "/catalog-graph?rootEntityRefs[]=component:default/booking-service": "Catalog graph",
    "/catalog/default/component/booking-service/api": "Provided APIs",
    "/catalog/default/group/ticketing-team": "Ticketing",
    "/catalog/default/user/amara.okafor": "Amara Okafor",
    "/catalog/default/api/journey-api/definition": "Journey API",
    "/catalog-import": "Register an existing component",
    "/catalog-errors": "Processing errors",
    "/api-docs": "APIs",
    "/create": "Create a new component",
    "/create/templates/default/service": "What is it?",
    "/create/tasks": "Tasks",
    "/create/actions": "Installed actions",
    "/search?query=booking": "Search",
    "/search?query=qqqzzz": "Sorry, no results were found",
    "/docs": "Documentation",
    "/docs/default/component/departure-boards": "What a board promises",
    "/docs/default/component/departure-boards/architecture": "What a board waits for",
    "/docs/default/component/departure-boards/guides/local": "Check before you push",
    "/insights": "Insights",
    "/insights/explorer?by=pluginId&over=time": "Insights",
    "/events": "Events",
    "/health": "Health",
    "/instrumentation": "Inventory",
    "/notifications": "Notifications",
    "/settings": "Settings",
    "/settings/feature-flags": "No feature flags",
    "/settings/notifications": "Settings",
    "/settings/privacy": "My events",
    "/no/such/page": "Page not found",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_violation_and_fits(visit: Visit, portal_url: str, path: str) -> None:
    visitor = visit(portal_url)
    visitor.open(path)
    visitor.sees(PAGES[path])
    visitor.page.wait_for_function("!document.querySelector('.bp-skeletons')")

    assert find_faults(visitor.page) == {}
