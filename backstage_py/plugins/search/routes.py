"""The route of the search. Source of the id: `@backstage/plugin-search`."""

from backstage_py.portal.routes import RouteRef

SEARCH = RouteRef("search", "/search")
