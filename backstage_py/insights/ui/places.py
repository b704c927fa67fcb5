"""The pages of the dashboard, and where they are."""

from backstage_py.insights.ui.host import get_host

TITLES = {
    "overview": "Overview",
    "changes": "What changed",
    "plugins": "Plugins & pages",
    "search": "Search",
    "templates": "Templates",
    "content": "Docs & catalog",
    "retention": "Retention & funnels",
    "explorer": "Explorer",
    "alerts": "Alerts",
}
"""The names of their tabs by their views, in their order."""


def path_of(view: str) -> str:
    """The path of a page."""
    base = get_host().base
    return base if view == "overview" else f"{base}/{view}"
