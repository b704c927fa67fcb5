"""The routes of the documentation. Source of the ids: `@backstage/plugin-techdocs` (routes)."""

from backstage_py.plugins.techdocs.documented import find_docs_path
from backstage_py.portal.routes import RouteRef

__all__ = ["ENTITY_DOCS", "TECHDOCS_INDEX", "TECHDOCS_READER", "find_docs_path"]

TECHDOCS_INDEX = RouteRef("techdocs:index-page", "/docs")
TECHDOCS_READER = RouteRef(
    "techdocs:reader-page", "/docs/[namespace]/[kind]/[name]", open_ended=True
)
ENTITY_DOCS = "techdocs:catalog-reader-view"
"""The id of the tab of entity pages."""
