"""Queries the copy in ClickHouse together with the events that are not in it yet."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Double,
    FromClause,
    TableClause,
    Text,
    column,
    func,
    literal,
    literal_column,
    not_,
    select,
    table,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.buckets import from_moment
from backstage_py.insights.clickhouse.server import SentTable
from backstage_py.insights.clickhouse.table import SHOWN_ONCE, TYPES, EventTable
from backstage_py.insights.columnar_copy import Freshness
from backstage_py.insights.dialects import (
    CLICKHOUSE_SETTINGS,
    Statement,
    clickhouse_dialect,
    named,
    number,
)
from backstage_py.insights.directory import Directory
from backstage_py.insights.events import COLUMNS, Bounds
from backstage_py.insights.plain_columns import PlainColumns
from backstage_py.insights.window import Window

_TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    "position": BigInteger,
    "moment": BigInteger,
    "value": Double,
    "is_sample": Boolean,
    "is_robot": Boolean,
}
_DIALECT = clickhouse_dialect()
_TAIL = "insights_tail"
_STRUCTURE = ", ".join(f"{name} {TYPES[name]}" for name in COLUMNS)
_JSON_TEXT = literal_column("'Nullable(String)'")


class ClickHouseEngine(PlainColumns):
    """The copy for one question: up to a position from ClickHouse, then the tail.

    The parts of the tail and the directory that a statement needs are sent along with it.
    """

    def __init__(
        self, events: EventTable, directory: Directory, position: int, tail: pa.Table
    ) -> None:
        super().__init__(directory)
        self._events = events
        self._position = position
        self._tail = tail
        self._sent: dict[str, SentTable] = {}
        if tail.num_rows:
            self._sent[_TAIL] = SentTable(_STRUCTURE, tail.select(COLUMNS))

    def events(self, first: int | None, end: int) -> FromClause:
        """See `Engine`."""
        copied = self._copied()
        wanted = [copied.c.position <= number(self._position), not_(copied.c.is_skipped)]
        both = [(copied, wanted)]
        if self._tail.num_rows:
            both.append((_table(_TAIL), []))
        parts = []
        for source, conditions in both:
            moment = source.c.moment
            since = [] if first is None else [moment >= number(first)]
            columns = [source.c[name] for name in COLUMNS]
            parts.append(select(*columns).where(*conditions, *since, moment < number(end)))
        return union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()

    def key(self, events: FromClause, kind: str, name: str) -> ColumnElement[Any]:
        """See `Engine`."""
        return func.JSONExtract(events.c[kind], literal(name, Text()), _JSON_TEXT)

    def keys(self, events: FromClause, kind: str) -> Statement:
        """See `Engine`."""
        keys = func.JSONExtractKeys(func.ifNull(events.c[kind], literal("{}", Text())))
        return select(func.arrayJoin(keys).label("name"))

    def last_of(self, rows: FromClause, of: str, value: str, *, first: bool) -> Statement:
        """See `Engine`."""
        pick = func.argMin if first else func.argMax
        order = func.tuple(rows.c.moment, rows.c.position)
        return select(rows.c[of], pick(rows.c[value], order).label(value)).group_by(rows.c[of])

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """The rows of a statement.

        Raises:
            ClickHouseError: If ClickHouse does not answer.
        """
        query, texts = named(statement, _DIALECT)
        settings = {**CLICKHOUSE_SETTINGS, **SHOWN_ONCE}
        sent = {name: one for name, one in self._sent.items() if name in query}
        rows = self._events.server.ask(query, texts, settings=settings, tables=sent)
        names = statement.exported_columns.keys()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def bounds(self) -> Bounds:
        """The span of all events.

        Raises:
            ClickHouseError: If ClickHouse does not answer.
        """
        moment = self.events(None, 2**53).c.moment
        query = select(func.min(moment).label("first"), func.max(moment).label("last"))
        first, last = self.run(query)[0].values()
        return Bounds(0, 0) if first is None else Bounds(first, last + 1)

    def freshness(self) -> Freshness:
        """The current record to query.

        Raises:
            ClickHouseError: If ClickHouse does not answer.
        """
        copied = self._copied()
        query = select(
            func.count().filter(not_(copied.c.is_skipped)).label("events"),
            func.max(copied.c.copied_at).label("copied_at"),
        ).where(copied.c.position <= number(self._position))
        events, copied_at = self.run(query)[0].values()
        moment = None if copied_at is None else from_moment(copied_at)
        return Freshness(events, self._tail.num_rows, moment)

    def write_view(self, view: str, file: Path, window: Window) -> int:  # ruff: ignore[unused-method-argument]
        """See `FreshEngine`: ClickHouse writes files itself.

        Raises:
            AnalyticsError: Always; it names the table to read.
        """
        hint = f"Read its table {self._events.name}: docs/insights-schema.md"
        raise AnalyticsError("export", "is of a copy in ClickHouse", hint)

    def _copied(self) -> TableClause:
        return _table(self._events.name, column("is_skipped", Boolean), column("copied_at"))

    def _named(
        self, name: str, key: str, value: str, pairs: Sequence[tuple[str, str]]
    ) -> TableClause:
        made = f"insights_{name}"
        keys, values = (pa.array([pair[index] for pair in pairs], pa.string()) for index in (0, 1))
        rows = pa.table({key: keys, value: values})
        self._sent[made] = SentTable(f"{key} String, {value} String", rows)
        return table(made, column(key, Text), column(value, Text))


def _table(name: str, *more: Any) -> TableClause:
    return table(name, *(column(one, _TYPES.get(one, Text)) for one in COLUMNS), *more)
