"""Alert rules that people make on the page, in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Column, Engine, String, Table, Text, delete, func, insert, select

from backstage_py.analytics import AnalyticsError, UtcTime
from backstage_py.insights.alerts.rules import IN_APP, AlertRule
from backstage_py.insights.tables import METADATA, open_tables

MAX_RULES = 100

_RULES = Table(
    "insights_alert_rule",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("rule", Text, nullable=False),
    Column("author", String(255), nullable=False),
    Column("made_at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PageRule:
    """A rule and who made it."""

    rule: AlertRule
    author: str


def read_rule(values: Mapping[str, Any]) -> AlertRule:
    """The rule that a form describes; it tells people in the portal and nobody else.

    URLs of other channels hold secrets and reach into networks, so only the configuration has them.

    Raises:
        AnalyticsError: If a value is wrong or nobody is told; it names the key.
    """
    try:
        rule = AlertRule.model_validate({**values, "channels": (IN_APP,)})
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        where = ".".join(map(str, wrong["loc"])) or "rule"
        problem = str(wrong["msg"]).removeprefix("Value error, ")
        raise AnalyticsError(where, f"is wrong: {problem}", "See docs/alerts.md") from None
    if not rule.to:
        raise AnalyticsError("to", "is empty", "Name users or groups to tell")
    return rule


class PageRules:
    """The rules; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._tables = open_tables(engine)

    def list_all(self) -> list[PageRule]:
        """All rules, by name; a rule that this release cannot read is left out."""
        with self._tables.reading() as connection:
            rows = connection.execute(select(_RULES).order_by(_RULES.c.name)).mappings().all()
        found: list[PageRule] = []
        for row in rows:
            try:
                found.append(PageRule(AlertRule.model_validate_json(row["rule"]), row["author"]))
            except ValidationError:
                continue
        return found

    def add(self, rule: AlertRule, author: str, now: datetime) -> None:
        """Keep a rule.

        Raises:
            AnalyticsError: If there is one of this name, or there are too many.
        """
        with self._tables.writing() as connection:
            query = select(_RULES.c.name).where(_RULES.c.name == rule.name)
            if connection.execute(query).first() is not None:
                raise AnalyticsError("name", f"{rule.name!r} is in use", "Choose another name")
            total = connection.execute(select(func.count()).select_from(_RULES)).scalar_one()
            if total >= MAX_RULES:
                raise AnalyticsError("rules", f"are {total} already", "Remove one first")
            text = rule.model_dump_json(by_alias=True)
            connection.execute(
                insert(_RULES).values(name=rule.name, rule=text, author=author, made_at=now)
            )

    def remove(self, name: str) -> bool:
        """Remove a rule; whether it was there."""
        with self._tables.writing() as connection:
            removed = connection.execute(delete(_RULES).where(_RULES.c.name == name))
        return removed.rowcount > 0
