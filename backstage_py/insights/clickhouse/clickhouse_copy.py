"""The columnar copy in ClickHouse, as Insights uses it."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from backstage_py.analytics import AnalyticsError, Clock, EventStore, StoredEvent, utc_now
from backstage_py.insights.clickhouse.engine import ClickHouseEngine
from backstage_py.insights.clickhouse.keeper import ClickHouseKeeper
from backstage_py.insights.clickhouse.server import ClickHouseServer
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.clickhouse.table import EventTable
from backstage_py.insights.copy.staging import to_table
from backstage_py.insights.directory import Directory

MOST_SENT_EVENTS = 100_000
"""With a question; when the copy lacks more, it has to catch up first."""


class ClickHouseCopy:
    """See `ColumnarCopy`; its methods raise ClickHouseError if ClickHouse does not do its part."""

    def __init__(
        self, store: EventStore, settings: ClickHouseSettings, *, clock: Clock = utc_now
    ) -> None:
        self._store = store
        self._server = ClickHouseServer(settings)
        self._table = EventTable(self._server, settings.table)
        self._keeper = ClickHouseKeeper(store, self._server, settings.table, clock=clock)
        self._is_there = False

    @contextmanager
    def fresh(self, directory: Directory) -> Generator[ClickHouseEngine]:
        """See `ColumnarCopy`.

        Raises:
            AnalyticsError: If the copy is too far behind, or ClickHouse does not answer.
        """
        position = self.position()
        newest = to_table(self._newest(position))
        yield ClickHouseEngine(self._table, directory, position, newest)

    def position(self) -> int:
        """See `ColumnarCopy`."""
        if not self._is_there:
            self._table.create()
            self._is_there = True
        return self._table.position()

    def step(self, *, at_once: bool = False) -> bool:  # ruff: ignore[unused-method-argument]
        """See `ColumnarCopy`; what is new is always taken in at once."""
        return self._keeper.step()

    def reconcile(self) -> int | None:
        """See `ColumnarCopy`."""
        return self._keeper.reconcile()

    def agrees(self) -> bool:
        """See `ColumnarCopy`."""
        return self._keeper.agrees()

    def refresh(self, ids: Iterable[str]) -> bool:
        """See `ColumnarCopy`."""
        return self._keeper.refresh(ids)

    def rebuild(self) -> bool:
        """See `ColumnarCopy`."""
        return self._keeper.rebuild()

    def close(self) -> None:
        """See `ColumnarCopy`."""
        self._keeper.close()
        self._server.close()

    def _newest(self, position: int) -> list[StoredEvent]:
        newest = self._store.after(position, MOST_SENT_EVENTS + 1)
        if len(newest) > MOST_SENT_EVENTS:
            problem = f"lacks more than {MOST_SENT_EVENTS:,} events of the store"
            raise AnalyticsError("The copy in ClickHouse", problem, "Ask again when it has them")
        return newest
