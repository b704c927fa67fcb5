"""Where Insights' pages are."""

from backstage_py.portal.routes import RouteRef

OVERVIEW = RouteRef("insights", "/insights")
PLUGINS = RouteRef("insights:plugins", "/insights/plugins")
SEARCH = RouteRef("insights:search", "/insights/search")
TEMPLATES = RouteRef("insights:templates", "/insights/templates")
CONTENT = RouteRef("insights:content", "/insights/content")
RETENTION = RouteRef("insights:retention", "/insights/retention")
EXPLORER = RouteRef("insights:explorer", "/insights/explorer")

TABS = {
    OVERVIEW: "Overview",
    PLUGINS: "Plugins & pages",
    SEARCH: "Search",
    TEMPLATES: "Templates",
    CONTENT: "Docs & catalog",
    RETENTION: "Retention & funnels",
    EXPLORER: "Explorer",
}
"""The tabs of Insights, each a page of its own."""
