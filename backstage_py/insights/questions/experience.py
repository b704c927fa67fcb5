"""How an app feels: how fast its pages are, and what fails, by page, plugin or version."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Subquery, case, distinct, func, select

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.questions.question import Question, ranked
from backstage_py.insights.record import Record

WEB_VITAL, ERROR = "web-vital", "error"
BY = {"routeRef": "route_ref", "pluginId": "plugin_id", "appVersion": "app_version"}
"""The fields that the questions can be broken down by: page, plugin and version."""
_SHARE, _OF = 3, 4
"""Three quarters of the loads are at most as slow as the value that is shown (web.dev/vitals)."""
_RATING, _GOOD = "rating", "good"


@dataclass(frozen=True, slots=True)
class WebVitals(Question):
    """The Web Vitals of each page, plugin or version, most measured first.

    `value` is the one that three quarters of the measurements do not exceed: in milliseconds, for
    CLS without a unit. `good` is the share of measurements that the browser rated good.

    Raises:
        AnalyticsError: If `by` is not a field of `BY`.
    """

    by: str = "routeRef"
    limit: int | None = 50

    columns: ClassVar = ("metric", "of", "value", "good", "samples")

    def __post_init__(self) -> None:
        _require_known(self.by)

    def select(self, record: Record) -> Statement:
        """The statement; one row per metric and page, plugin or version."""
        measured = record.of(WEB_VITAL)
        of = measured.c[BY[self.by]]
        keys = (measured.c.subject, of)
        is_good = record.engine.key(measured, "attributes", _RATING) == _GOOD
        placed = (
            select(
                measured.c.subject,
                of.label("of"),
                measured.c.value,
                case((is_good, number(1)), else_=number(0)).label("good"),
                func.row_number().over(partition_by=keys, order_by=measured.c.value).label("place"),
                func.count().over(partition_by=keys).label("size"),
            )
            .where(measured.c.value.is_not(None))
            .subquery()
        )
        is_enough = placed.c.place * number(_OF) >= placed.c.size * number(_SHARE)
        counted = (
            select(
                placed.c.subject,
                placed.c.of,
                func.min(placed.c.value).filter(is_enough).label("value"),
                func.sum(placed.c.good).label("good"),
                func.count().label("samples"),
            )
            .group_by(placed.c.subject, placed.c.of)
            .subquery()
        )
        texts = {"metric": "subject", "of": "of"}
        return ranked(record, counted, texts, ("samples", "value", "good"), self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """With the share of good measurements."""
        return [{**row, "good": row["good"] / row["samples"]} for row in rows]


@dataclass(frozen=True, slots=True)
class Errors(Question):
    """The errors of each page, plugin or version, most frequent first.

    Raises:
        AnalyticsError: If `by` is not a field of `BY`.
    """

    by: str = "routeRef"
    limit: int | None = 50

    columns: ClassVar = ("error", "of", "errors", "sessions", "users")

    def __post_init__(self) -> None:
        _require_known(self.by)

    def select(self, record: Record) -> Statement:
        """The statement; one row per error and page, plugin or version."""
        failed: Subquery = record.of(ERROR)
        of = failed.c[BY[self.by]].label("of")
        counted = (
            select(
                failed.c.subject,
                of,
                func.count().label("errors"),
                func.count(distinct(failed.c.session_id)).label("sessions"),
                func.count(distinct(failed.c.user_ref)).label("users"),
            )
            .group_by(failed.c.subject, of)
            .subquery()
        )
        texts = {"error": "subject", "of": "of"}
        return ranked(record, counted, texts, ("errors", "sessions", "users"), self.limit)


def _require_known(by: str) -> None:
    if by not in BY:
        raise AnalyticsError("by", f"is {by[:60]!r}", f"Use one of {', '.join(BY)}")
