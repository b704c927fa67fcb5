"""The errors of the sources at the last refresh."""

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.rows import ProblemRow, build_problem
from backstage_py.plugins.catalog.visibility import visible_catalog

SHOWN_PROBLEMS = 500


@access(CATALOG_ENTITY_READ)
class CatalogErrorsState(rx.State):
    """The first processing errors."""

    problems: rx.Field[list[ProblemRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show the current errors."""
        catalog = visible_catalog(self)
        errors = catalog.errors()
        self.problems = [build_problem(catalog, one) for one in errors[:SHOWN_PROBLEMS]]
        self.total = len(errors)
        self.is_loaded = True
