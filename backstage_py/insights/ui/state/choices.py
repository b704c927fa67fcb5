"""What the pages offer to choose from."""

from backstage_py.insights import KeyFields, TopRoutes, Viewer, Window
from backstage_py.insights.annotations.annotation import VERSION_TAG
from backstage_py.insights.ui.builder import FIELDS
from backstage_py.insights.ui.reading import Reading
from backstage_py.insights.ui.service import InsightsService

MOST_ROUTES = 200
MOST_VERSIONS = 50
MOST_KEYS = 200
"""A limit, since senders of events choose their keys."""


def list_routes(service: InsightsService, reading: Reading, viewer: Viewer) -> list[str]:
    """The routes that were used in the page's time, most used first; none on other pages."""
    if reading.view not in {"plugins", "pages"}:
        return []
    answer = service.ask(TopRoutes(limit=MOST_ROUTES), reading.scope, viewer)
    return [str(row["routeRef"]) for row in answer.rows]


def list_versions(service: InsightsService) -> list[str]:
    """The versions of the app that were seen, the newest first."""
    marks = [one.tags for one in service.annotations(Window()) if VERSION_TAG in one.tags]
    versions = [tag for tags in reversed(marks) for tag in tags if tag != VERSION_TAG]
    return versions[:MOST_VERSIONS]


def list_fields(service: InsightsService, reading: Reading, viewer: Viewer) -> list[str]:
    """The fields to filter and break down by: the usual ones, and the keys that events have."""
    answer = service.ask(KeyFields(MOST_KEYS), reading.scope, viewer)
    return [*FIELDS, *(str(row["field"]) for row in answer.rows)]
