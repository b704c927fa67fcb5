"""Requests of other processes to the keeper of the copy: rows of a table beside it."""

from collections.abc import Mapping
from typing import Any

import orjson
import pyarrow as pa

from backstage_py.insights.clickhouse.table import Server


class TableRequests:
    """See `Requests`.

    All methods raise ClickHouseError if ClickHouse fails.
    """

    def __init__(self, server: Server, table: str) -> None:
        self._server = server
        self._name = f"{table}_requests"

    def create(self) -> None:
        """Create the table unless it exists."""
        self._server.command(
            f"CREATE TABLE IF NOT EXISTS {self._name} (id UUID DEFAULT generateUUIDv4(), "
            "asked_at DateTime64(6) DEFAULT now64(6), request String) "
            "ENGINE = MergeTree ORDER BY asked_at"
        )

    def add(self, request: Mapping[str, Any]) -> None:
        """Add a request."""
        texts = pa.array([orjson.dumps(dict(request)).decode()], pa.string())
        self._server.insert(self._name, pa.table({"request": texts}))

    def read(self) -> Mapping[str, Mapping[str, Any]]:
        """All requests by their ids, the oldest first."""
        rows = self._server.ask(f"SELECT id, request FROM {self._name} ORDER BY asked_at")
        return {id_: orjson.loads(text) for id_, text in rows}

    def remove(self, id_: str) -> None:
        """Remove a request that has been answered."""
        self._server.command(f"DELETE FROM {self._name} WHERE id = '{id_}'")
