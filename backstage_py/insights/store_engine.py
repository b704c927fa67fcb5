"""Queries the store itself, SQLite or PostgreSQL: the same numbers, slower.

Its statements are shown to the owner as the SQL behind a number.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    FromClause,
    TableClause,
    Text,
    and_,
    case,
    cast,
    column,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    table,
    text,
    true,
)
from sqlalchemy import Engine as Database

from backstage_py.insights.buckets import SECOND, from_moment
from backstage_py.insights.dialects import Statement
from backstage_py.insights.directory import Directory
from backstage_py.insights.events import PAGE_ACTIONS, SEARCH, Bounds
from backstage_py.insights.plain_columns import PlainColumns
from backstage_py.insights.scope import ROBOT_KEY, SAMPLE_PREFIX

_ROWS = table(
    "analytics_event",
    *(column(name, BigInteger) for name in ("position", "value")),
    *(
        column(name, Text)
        for name in (
            *("id", "action", "subject", "attributes", "context", "plugin_id", "extension"),
            *("route_ref", "timestamp", "session_id", "user", "origin", "app_version"),
        )
    ),
)
_A_TIME = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].*"


class StoreEngine(PlainColumns):
    """The store for one question."""

    def __init__(self, database: Database, directory: Directory) -> None:
        super().__init__(directory)
        self._database = database
        self._is_sqlite = database.dialect.name == "sqlite"
        self._pairs: dict[str, tuple[TableClause, Sequence[tuple[str, str]]]] = {}

    def events(self, first: int | None, end: int) -> FromClause:
        """See `Engine`; the time is compared in the store's form, so that its index is used."""
        rows, key = _ROWS.c, self._key
        wanted = [rows.timestamp < self._time(end), *self._readable()]
        if first is not None:
            wanted.append(rows.timestamp >= self._time(first))
        path = self._before(self._before(rows.subject, "?"), "#")
        page = self._lower(func.rtrim(path, "/"))
        parts = [key("attributes", name) for name in ("kind", "namespace", "name")]
        ref = parts[0] + ":" + parts[1] + "/" + parts[2]
        has_ref = and_(*(func.length(part) > 0 for part in parts))
        no_text = cast(null(), Text)
        derived = {
            "moment": self._moment(),
            "value": self._value(),
            "user_ref": rows.user,
            "path": case(
                (
                    rows.action.in_(PAGE_ACTIONS),
                    func.coalesce(func.nullif(page, ""), "/"),
                ),
                else_=no_text,
            ),
            "term": case(
                (rows.action == SEARCH, self._lower(func.trim(rows.subject, " "))), else_=no_text
            ),
            "link_to": key("attributes", "to"),
            "entity_ref": func.coalesce(
                func.nullif(key("context", "entityRef"), ""),
                func.nullif(key("attributes", "entityRef"), ""),
                case(
                    (has_ref, self._lower(ref)),
                    else_=no_text,
                ),
            ),
            "is_sample": func.coalesce(
                func.substr(rows.session_id, 1, len(SAMPLE_PREFIX)) == SAMPLE_PREFIX, false()
            ),
            "is_robot": self._is_true("context", ROBOT_KEY),
        }
        plain = (
            *("position", "id", "action", "subject", "plugin_id", "extension", "route_ref"),
            *("session_id", "origin", "app_version", "attributes", "context"),
        )
        return (
            select(
                *(rows[name] for name in plain),
                *(value.label(name) for name, value in derived.items()),
            )
            .where(*wanted)
            .subquery()
        )

    def key(self, events: FromClause, kind: str, name: str) -> ColumnElement[Any]:
        """See `Engine`."""
        if not self._is_sqlite:
            return events.c[kind].op("->>")(name)
        entries = func.json_each(events.c[kind]).table_valued("key", "type", "atom").alias()
        value = case(
            (entries.c.type.in_(["true", "false"]), entries.c.type),
            else_=cast(entries.c.atom, Text),
        )
        return select(value).where(entries.c.key == name).scalar_subquery()

    def keys(self, events: FromClause, kind: str) -> Statement:
        """See `Engine`."""
        if not self._is_sqlite:
            return select(func.json_object_keys(events.c[kind]).label("name"))
        entries = func.json_each(events.c[kind]).table_valued("key").alias()
        return select(entries.c.key.label("name")).select_from(events.join(entries, true()))

    def last_of(self, rows: FromClause, of: str, value: str, *, first: bool) -> Statement:
        """See `Engine`."""
        keys = (rows.c.moment, rows.c.position)
        order = keys if first else tuple(key.desc() for key in keys)
        place = func.row_number().over(partition_by=rows.c[of], order_by=order)
        placed = select(rows.c[of], rows.c[value], place.label("place")).subquery()
        return select(placed.c[of], placed.c[value]).where(placed.c.place == 1)

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """The rows of a statement."""
        with self._database.connect() as connection, self._directory_in(connection):
            return [dict(row) for row in connection.execute(statement).mappings()]

    def bounds(self) -> Bounds:
        """The span of all events."""
        events = self.events(None, 2**53)
        moment = events.c.moment
        query = select(func.min(moment).label("first"), func.max(moment).label("last"))
        row = self.run(query)[0]
        return Bounds(0, 0) if row["first"] is None else Bounds(row["first"], row["last"] + 1)

    def _moment(self) -> ColumnElement[int]:
        time = _ROWS.c.timestamp
        if not self._is_sqlite:
            return cast(func.extract("epoch", time) * SECOND, BigInteger)
        seconds = cast(func.strftime("%s", func.substr(time, 1, 19)), BigInteger)
        return seconds * SECOND + cast(func.substr(time, 21, 6), BigInteger)

    def _time(self, moment: int) -> ColumnElement[Any]:
        time = from_moment(min(moment, 2**53))
        if self._is_sqlite:
            shown = time.isoformat(" ", "microseconds").removesuffix("+00:00")
            return literal(shown, Text())
        return cast(literal(time.isoformat(), Text()), _timestamptz())

    def _value(self) -> ColumnElement[float]:
        value = _ROWS.c.value
        return cast(value if self._is_sqlite else cast(value, Text), Double)

    def _key(self, kind: str, name: str) -> ColumnElement[Any]:
        """A key's value if it is a text."""
        rows = _ROWS.c[kind]
        no_text = cast(null(), Text)
        if self._is_sqlite:
            path = f'$."{name}"'
            is_text = func.json_type(rows, path) == "text"
            return case((is_text, func.json_extract(rows, path)), else_=no_text)
        is_text = func.json_typeof(rows.op("->")(name)) == "string"
        return case((is_text, rows.op("->>")(name)), else_=no_text)

    def _is_true(self, kind: str, name: str) -> ColumnElement[bool]:
        rows = _ROWS.c[kind]
        if self._is_sqlite:
            is_true = func.json_type(rows, f'$."{name}"') == "true"
        else:
            is_true = cast(rows.op("->")(name), Text) == "true"
        return func.coalesce(is_true, false())

    def _before(self, whole: ColumnElement[str], mark: str) -> ColumnElement[str]:
        if not self._is_sqlite:
            return func.split_part(whole, mark, 1)
        place = func.instr(whole.concat(mark), mark)
        return func.substr(whole, 1, place - 1)

    def _lower(self, whole: ColumnElement[str]) -> ColumnElement[str]:
        """Lower case of ASCII letters only, like in SQLite."""
        return func.lower(whole if self._is_sqlite else whole.collate("C"))

    def _readable(self) -> list[ColumnElement[bool]]:
        """The condition for readable rows; PostgreSQL has no others."""
        if not self._is_sqlite:
            return []
        rows = _ROWS.c
        return [
            func.json_type(rows.context) == "object",
            or_(rows.attributes.is_(None), func.json_type(rows.attributes) == "object"),
            rows.timestamp.op("GLOB")(_A_TIME),
        ]

    def _named(
        self, name: str, key: str, value: str, pairs: Sequence[tuple[str, str]]
    ) -> TableClause:
        made = table(f"insights_{name}", column(key, Text), column(value, Text))
        self._pairs[name] = (made, pairs)
        return made

    @contextmanager
    def _directory_in(self, connection: Connection) -> Generator[None]:
        """Creates the directory tables that the statement needs, for this connection only."""
        for made, pairs in self._pairs.values():
            names = [one.name for one in made.c]
            columns = ", ".join(f"{name} TEXT" for name in names)
            connection.execute(text(f"CREATE TEMP TABLE {made.name} ({columns})"))
            if pairs:
                rows = [dict(zip(names, pair, strict=True)) for pair in pairs]
                connection.execute(insert(made), rows)
        try:
            yield
        finally:
            connection.rollback()
            for made, _pairs in self._pairs.values():
                connection.execute(text(f"DROP TABLE IF EXISTS {made.name}"))
            connection.commit()


def _timestamptz() -> Any:
    from sqlalchemy import DateTime

    return DateTime(timezone=True)
