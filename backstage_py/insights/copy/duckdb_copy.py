"""The columnar copy in files of DuckDB, as Insights uses it."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from backstage_py.analytics import Clock, EventStore, utc_now
from backstage_py.insights.copy.duckdb_engine import DuckDbEngine
from backstage_py.insights.copy.keeper import Keeper
from backstage_py.insights.copy.manifest import Manifest
from backstage_py.insights.copy.reader import CopyReader
from backstage_py.insights.directory import Directory


class DuckDbCopy:
    """See `ColumnarCopy`."""

    def __init__(self, store: EventStore, folder: Path, *, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._keeper = Keeper(store, folder, clock=clock)
        self._reader = CopyReader(store, folder)

    @contextmanager
    def fresh(self, directory: Directory) -> Generator[DuckDbEngine]:
        """See `ColumnarCopy`."""
        with self._reader.fresh() as freshness:
            yield DuckDbEngine(self._reader, directory, freshness)

    def position(self) -> int:
        """See `ColumnarCopy`."""
        return Manifest.read(self._folder).position

    def step(self, *, at_once: bool = False) -> bool:
        """See `ColumnarCopy`."""
        return self._keeper.step(at_once=at_once)

    def reconcile(self) -> int | None:
        """See `ColumnarCopy`."""
        return self._keeper.reconcile()

    def agrees(self) -> bool:
        """See `ColumnarCopy`."""
        return self._keeper.agrees()

    def refresh(self, ids: Iterable[str]) -> bool:
        """See `ColumnarCopy`."""
        self._reader.reread()
        return self._keeper.refresh(ids)

    def rebuild(self) -> bool:
        """See `ColumnarCopy`."""
        return self._keeper.rebuild()

    def close(self) -> None:
        """See `ColumnarCopy`."""
        self._keeper.close()
        self._reader.close()
