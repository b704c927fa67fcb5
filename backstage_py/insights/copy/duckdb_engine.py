"""Queries the columnar copy."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Double,
    FromClause,
    Integer,
    TableClause,
    Text,
    and_,
    cast,
    column,
    func,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine, UserDefinedType

from backstage_py.insights.columnar_copy import Freshness
from backstage_py.insights.copy.part_files import SLOT
from backstage_py.insights.copy.reader import CopyReader
from backstage_py.insights.copy.views import write_view
from backstage_py.insights.dialects import Statement, bound, duckdb_dialect, number
from backstage_py.insights.directory import Directory
from backstage_py.insights.directory_tables import DirectoryTables
from backstage_py.insights.events import COLUMNS, VISIT_COLUMNS, Bounds, visits_of
from backstage_py.insights.window import Window

_TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    "position": BigInteger,
    "id": Text,
    "moment": BigInteger,
    "value": Double,
    "is_sample": Boolean,
    "is_robot": Boolean,
}
_DIALECT = duckdb_dialect()
_ALL = table("all_events", *(column(name, _TYPES.get(name, Integer)) for name in COLUMNS))
_VISITS = table(
    "all_visits",
    *(column(name, BigInteger) for name in ("slot", "events", "navigations", "runs")),
    *(column(name, Integer) for name in ("user_ref", "session_id")),
    *(column(name, Boolean) for name in ("is_sample", "is_robot")),
    column("minutes", Double),
)
_WORDS = table("words", column("code", Integer), column("text", Text))
_SESSIONS = table("all_sessions", column("code", Integer), column("text", Text))
_DETAILS = table("all_details", column("code", Integer), column("text", Text))


_POSITIONS = 2**40
"""More positions than a store ever has, so that a moment and a position fit in one number."""


class _HugeInt(UserDefinedType[int]):
    """DuckDB's 128-bit integers."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """The name of the type."""
        return "HUGEINT"


class DuckDbEngine(DirectoryTables):
    """The copy for one question, while its reader is `fresh`."""

    def __init__(self, reader: CopyReader, directory: Directory, freshness: Freshness) -> None:
        super().__init__(directory)
        self._reader = reader
        self._freshness = freshness

    def events(self, first: int | None, end: int) -> FromClause:
        """See `Engine`."""
        wanted = [_ALL.c.moment < number(end)]
        if first is not None:
            wanted.append(_ALL.c.moment >= number(first))
        return select(_ALL).where(*wanted).subquery()

    def visits(self, first: int | None, end: int) -> FromClause | None:
        """See `Engine`: whole quarters of an hour from the roll-up, the rest from the events."""
        last = end // SLOT
        slot = _VISITS.c.slot
        wanted = [slot < number(last)]
        edges = [_ALL.c.moment >= number(last * SLOT)]
        if first is not None:
            begin = -(-first // SLOT)
            if begin > last:
                return None
            wanted.append(slot >= number(begin))
            before = and_(_ALL.c.moment >= number(first), _ALL.c.moment < number(begin * SLOT))
            edges = [or_(edges[0], before)]
        whole = select(
            (slot * number(SLOT)).label("moment"), *(_VISITS.c[name] for name in VISIT_COLUMNS[1:])
        ).where(*wanted)
        if end % SLOT == 0 and (first is None or first % SLOT == 0):
            return whole.subquery()
        narrow = select(_ALL).where(*edges, _ALL.c.moment < number(end)).subquery()
        return union_all(whole, visits_of(narrow, self)).subquery()

    def word(self, text: str) -> ColumnElement[Any]:
        """See `Engine`."""
        return number(self._reader.code(text))

    def text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Engine`."""
        words = _WORDS.alias()
        return select(words.c.text).where(words.c.code == column).scalar_subquery()

    def matching(
        self,
        column: ColumnElement[Any],
        predicate: Callable[[ColumnElement[Any]], ColumnElement[bool]],
    ) -> ColumnElement[bool]:
        """See `Engine`."""
        words = _WORDS.alias()
        return column.in_(select(words.c.code).where(predicate(words.c.text)))

    def session(self, text: str) -> ColumnElement[Any]:
        """See `Engine`."""
        return number(self._reader.session(text))

    def session_text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Engine`; several parts may hold the same session."""
        sessions = _SESSIONS.alias()
        text = func.min(sessions.c.text)
        return select(text).where(sessions.c.code == column).scalar_subquery()

    def key(self, events: FromClause, kind: str, name: str) -> ColumnElement[Any]:
        """See `Engine`; each distinct JSON is parsed once."""
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        details = (
            select(
                _DETAILS.c.code,
                func.any_value(func.json_extract_string(_DETAILS.c.text, pointer)).label("value"),
            )
            .group_by(_DETAILS.c.code)
            .subquery()
        )
        own = details.alias()
        return select(own.c.value).where(own.c.code == events.c[kind]).scalar_subquery()

    def keys(self, events: FromClause, kind: str) -> Statement:
        """See `Engine`; each distinct JSON is parsed once."""
        codes = select(events.c[kind]).distinct()
        name = func.unnest(func.json_keys(_DETAILS.c.text)).label("name")
        return select(name).where(_DETAILS.c.code.in_(codes))

    def last_of(self, rows: FromClause, of: str, value: str, *, first: bool) -> Statement:
        """See `Engine`."""
        pick = func.arg_min if first else func.arg_max
        order = cast(rows.c.moment, _HugeInt) * number(_POSITIONS) + rows.c.position
        return select(rows.c[of], pick(rows.c[value], order).label(value)).group_by(rows.c[of])

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """The rows of a statement."""
        text, values = bound(statement, _DIALECT)
        answered = self._reader.connection.execute(text, list(values))
        names = [described[0] for described in answered.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answered.fetchall()]

    def bounds(self) -> Bounds:
        """The span of all events."""
        span = self._reader.span()
        return Bounds(0, 0) if span is None else Bounds(span[0], span[1] + 1)

    def freshness(self) -> Freshness:
        """The current record to query."""
        return self._freshness

    def write_view(self, view: str, file: Path, window: Window) -> int:
        """See `FreshEngine`; for visits, those that began in the window."""
        begin = "begins_at" if view == "visits" else "time"
        ends = [(">=", window.since), ("<", window.until)]
        given = [(sign, end) for sign, end in ends if end is not None]
        where = " AND ".join(f"{begin} {sign} ?" for sign, _end in given) or "true"
        values = [end for _sign, end in given]
        return write_view(self._reader.connection, view, file, where=where, values=values)

    def _named(
        self, name: str, key: str, value: str, pairs: Sequence[tuple[str, str]]
    ) -> TableClause:
        """Pairs as a table with the code of the first text; unknown texts are left out."""
        made = f"directory_{name}"
        connection = self._reader.connection
        if not self._reader.knows_directory(self.directory, made):
            keys, values = ([pair[index] for pair in pairs] for index in (0, 1))
            arrow = pa.table(
                {"key": pa.array(keys, pa.string()), "value": pa.array(values, pa.string())}
            )
            connection.register("pairs", arrow)
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {made} AS SELECT DISTINCT w.code AS {key}, "
                f"p.value AS {value} FROM pairs AS p JOIN words AS w ON lower(w.text) = p.key"
            )
            connection.unregister("pairs")
        return table(made, column(key, Integer), column(value, Text))
