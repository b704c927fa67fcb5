"""Sample data in the store of this portal: a history of its own catalog, to store and delete."""

from collections.abc import Callable

from backstage_py.analytics import AnalyticsError, sample_session
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.insights.sample import Plan, SampleStore, fill, remove, simulate
from backstage_py.plugins.insights.sample.of_catalog import build_company


class SampleData:
    """Stores and deletes sample data; real events are left alone."""

    def __init__(self, store: SampleStore, get_catalog: Callable[[], CatalogService]) -> None:
        self._store = store
        self._get_catalog = get_catalog

    def fill(self, plan: Plan) -> int:
        """Store a history; returns the number of events.

        Raises:
            AnalyticsError: If there is sample data already.
        """
        if self._store.has_sessions(sample_session()):
            raise AnalyticsError(
                "sample data",
                "is there already",
                "Remove it first: python -m backstage_py events simulate --remove",
            )
        return fill(self._store, simulate(build_company(self._get_catalog()), plan))

    def remove(self) -> int:
        """Delete all sample events; returns their number."""
        return remove(self._store)
