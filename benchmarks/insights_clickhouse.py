"""The same events in chDB, a ClickHouse in the process, asked by the portal's own engine."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
from chdb.session import Session

from backstage_py.insights import Directory, Question, Scope
from backstage_py.insights.clickhouse.engine import ClickHouseEngine
from backstage_py.insights.clickhouse.server import SentTable, to_stream
from backstage_py.insights.clickhouse.table import EventTable
from backstage_py.insights.copy.staging import SCHEMA
from backstage_py.insights.events import Bounds
from backstage_py.insights.record import Record

_BLOCK = 500_000


class ChdbServer:
    """What `ClickHouseServer` offers, without a server."""

    def __init__(self, folder: Path) -> None:
        self._session = Session(str(folder))

    def ask(
        self,
        query: str,
        texts: Mapping[str, str] | None = None,
        *,
        settings: Mapping[str, int] | None = None,
        tables: Mapping[str, SentTable] | None = None,
    ) -> list[list[Any]]:
        assert not tables, "nothing is sent along: all events are in the copy"
        given = {"output_format_json_quote_64bit_integers": 0, **(settings or {})}
        told = ", ".join(f"{name} = {value}" for name, value in given.items())
        answer = self._session.query(f"{query} SETTINGS {told}", "JSONCompact", params=texts)
        return orjson.loads(answer.bytes())["data"]

    def command(self, statement: str) -> None:
        self._session.query(statement)

    def insert(self, table: str, rows: pa.Table) -> None:
        with tempfile.NamedTemporaryFile(suffix=".arrow") as file:
            file.write(to_stream(rows))
            file.flush()
            columns = ", ".join(rows.column_names)
            source = f"SELECT * FROM file('{file.name}', 'ArrowStream')"
            self.command(f"INSERT INTO {table} ({columns}) {source}")

    def close(self) -> None:
        self._session.close()


class ChdbCopy:
    """The table of plain columns that the portal keeps in ClickHouse, filled from DuckDB's."""

    def __init__(self, folder: Path, plain: Path, bounds: Bounds) -> None:
        self._server = ChdbServer(folder)
        self._table = EventTable(self._server, "events")
        self._bounds = bounds
        self._table.create()
        with duckdb.connect(str(plain), read_only=True) as connection:
            connection.execute("SET enable_progress_bar = false")  # it goes to stdout
            events = connection.sql("SELECT * FROM events ORDER BY position")
            for batch in events.to_arrow_reader(_BLOCK):
                rows = pa.Table.from_batches([batch]).append_column(
                    "copied_at", pa.array([1] * batch.num_rows, pa.int64())
                )
                self._server.insert(self._table.name, rows)
        self._position = self._table.position()

    def ask(self, question: Question, scope: Scope) -> list[dict[str, Any]]:
        nothing = SCHEMA.empty_table()
        engine = ClickHouseEngine(self._table, Directory(), self._position, nothing)
        record = Record(engine, scope, self._bounds)
        rows = engine.run(question.select(record))
        return question.finish(rows, scope, Directory(), record.bounds)

    def close(self) -> None:
        self._server.close()
