"""Sample data in the store of this portal: a history of its own catalog, put in and taken out."""

from collections.abc import Callable

from backstage_py.analytics import AnalyticsError, sample_session
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.insights.sample import Plan, SampleStore, fill, remove, simulate
from backstage_py.plugins.insights.sample.of_catalog import build_company


class SampleData:
    """Fills a store and clears it; what was really recorded is left alone."""

    def __init__(self, store: SampleStore, get_catalog: Callable[[], CatalogService]) -> None:
        self._store = store
        self._get_catalog = get_catalog

    def fill(self, plan: Plan) -> int:
        """Put a history in; how many events it has.

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
        """Take every sample event out; how many there were."""
        return remove(self._store)
