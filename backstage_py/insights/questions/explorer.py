"""Any measure by any dimension."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Subquery, Text, func, literal, select, union_all

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.buckets import label
from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.questions.question import Question
from backstage_py.insights.record import KINDS, Record, ordered
from backstage_py.insights.window import Grain

MOST_DIMENSIONS = 3
_THOUSANDTHS = 1_000


class Measure(StrEnum):
    """The measures; the last five use the events' values."""

    EVENTS = "events"
    USERS = "users"
    SESSIONS = "sessions"
    SUM = "sum"
    MEAN = "mean"
    LEAST = "least"
    MOST = "most"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class KeyFields(Question):
    """The fields `attributes.KEY` and `context.KEY` that any event has, by name."""

    limit: int | None = None

    columns: ClassVar = ("field",)

    def select(self, record: Record) -> Statement:
        """The statement; one row per field, ordered by name."""
        keys = {kind: record.engine.keys(record.events, kind).subquery() for kind in KINDS}
        fields = union_all(*(
            select(literal(f"{kind}.", Text()).concat(each.c.name).label("field"))
            for kind, each in keys.items()
        )).subquery()  # fmt: skip
        found = select(fields.c.field).distinct().subquery()
        query = select(found).order_by(ordered(found.c.field))
        return query if self.limit is None else query.limit(self.limit)


@dataclass(frozen=True, slots=True)
class Explore(Question):
    """A measure by up to three dimensions, and by time if a grain is given.

    Dimensions have the names of the fields of conditions, including `team`. `percentile` is the
    value that this share of the values does not exceed. Rows have `value` and, for
    the protection of small groups, `users`.

    Raises:
        AnalyticsError: If a dimension is unknown, or there are too many.
    """

    measure: Measure = Measure.EVENTS
    dimensions: tuple[str, ...] = ("action",)
    grain: Grain | None = None
    percentile: float = 0.95
    limit: int | None = 100

    people: ClassVar = "users"

    def __post_init__(self) -> None:
        if len(set(self.dimensions)) != len(self.dimensions):
            raise AnalyticsError("dimensions", "name one twice", "Name each once")
        if {"user", "session"} <= set(self.dimensions):
            raise AnalyticsError("dimensions", "name user and session", "Use one of them")
        if len(self.dimensions) > MOST_DIMENSIONS:
            raise AnalyticsError(
                "dimensions", f"are {len(self.dimensions)}", f"Use {MOST_DIMENSIONS} at most"
            )
        if not 0 < self.percentile <= 1:
            raise AnalyticsError("percentile", f"is {self.percentile}", "Use 0.95 or the like")

    @property
    def columns(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The dimensions, the time, and the value."""
        return (*self.dimensions, *(("date",) if self.grain else ()), "value", "users")

    @property
    def person(self) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Whether users' refs or sessions are shown."""
        return next((name for name in ("user", "session") if name in self.dimensions), None)

    @property
    def is_of_groups(self) -> bool:  # pyright: ignore[reportIncompatibleVariableOverride]
        """True, since every breakdown may single out a few people."""
        return bool(self.dimensions)

    def select(self, record: Record) -> Statement:
        """Group by the dimensions."""
        rows = self._rows(record)
        keys: list[ColumnElement[Any]] = [rows.c[f"key_{index}"] for index in range(self._keys)]
        counted = self._measure(rows, keys).subquery()
        names = [*self.dimensions, *(("piece",) if self.grain else ())]
        shown = []
        for index, name in enumerate(names):
            column = counted.c[f"key_{index}"]
            shown.append(_text(record, name, column).label(name))
        named = select(*shown, counted.c.value, counted.c.users).subquery()
        texts = [ordered(named.c[name]) for name in self.dimensions]
        pieces = [named.c.piece] if self.grain else []
        query = select(named).order_by(named.c.value.desc().nulls_last(), *pieces, *texts)
        return query if self.limit is None else query.limit(self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Name the intervals."""
        if self.grain is None:
            return rows
        return [{**row, "date": label(row["piece"], self.grain)} for row in rows]

    @property
    def _keys(self) -> int:
        return len(self.dimensions) + (self.grain is not None)

    def _rows(self, record: Record) -> Subquery:
        events = record.events
        source: Any = events
        keys: list[ColumnElement[Any]] = []
        for name in self.dimensions:
            if name == "team":
                teams = record.engine.teams
                source = events.join(teams, teams.c.user_ref == events.c.user_ref)
                keys.append(teams.c.team)
            elif name == "session":
                keys.append(events.c.session_id)
            elif name == "value":
                raise AnalyticsError("dimension", "value is a measure", "Choose sum or mean")
            else:
                keys.append(record.dimension(events, name))
        if self.grain is not None:
            keys.append(record.bucket(events, self.grain))
        return (
            select(
                *(key.label(f"key_{index}") for index, key in enumerate(keys)),
                events.c.user_ref,
                events.c.session_id,
                events.c.value,
            )
            .select_from(source)
            .subquery()
        )

    def _measure(self, rows: Subquery, keys: list[ColumnElement[Any]]) -> Statement:
        if self.measure is Measure.PERCENTILE:
            return self._percentile(rows, keys)
        value = {
            Measure.EVENTS: func.count(),
            Measure.USERS: func.count(rows.c.user_ref.distinct()),
            Measure.SESSIONS: func.count(rows.c.session_id.distinct()),
            Measure.SUM: func.sum(rows.c.value),
            Measure.MEAN: func.avg(rows.c.value),
            Measure.LEAST: func.min(rows.c.value),
            Measure.MOST: func.max(rows.c.value),
        }[self.measure]
        users = func.count(rows.c.user_ref.distinct()).label("users")
        return select(*keys, value.label("value"), users).group_by(*keys)

    def _percentile(self, rows: Subquery, keys: list[ColumnElement[Any]]) -> Statement:
        """The percentile of the values, computed in thousandths without rounding."""
        place = func.row_number().over(partition_by=keys or None, order_by=rows.c.value)
        size = func.count().over(partition_by=keys or None)
        placed = (
            select(*keys, rows.c.user_ref, rows.c.value, place.label("place"), size.label("size"))
            .where(rows.c.value.is_not(None))
            .subquery()
        )
        share = number(round(self.percentile * _THOUSANDTHS))
        enough = placed.c.place * number(_THOUSANDTHS) >= placed.c.size * share
        own = [placed.c[key.key] for key in keys if key.key]
        return select(
            *own,
            func.min(placed.c.value).filter(enough).label("value"),
            func.count(placed.c.user_ref.distinct()).label("users"),
        ).group_by(*own)


def _text(record: Record, name: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A dimension's text; teams, keys and intervals are not coded."""
    if name == "session":
        return record.engine.session_text(column)
    is_coded = name not in {"piece", "team"} and "." not in name
    return record.text(column) if is_coded else column
