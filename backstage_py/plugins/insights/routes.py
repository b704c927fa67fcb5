"""The routes of Insights' pages in the portal."""

from backstage_py.insights.ui.host import BASE
from backstage_py.plugins.insights.host import TITLES
from backstage_py.portal.routes import RouteRef

OVERVIEW = RouteRef("insights", BASE)
ROUTES = {
    view: OVERVIEW if view == "overview" else RouteRef(f"insights:{view}", f"{BASE}/{view}")
    for view in TITLES
}
"""The route ref of each page, by its view."""
