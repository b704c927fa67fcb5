"""Alerts and digests in the words of their page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.alerts.alerts import Alerts, Rule
from backstage_py.insights.alerts.page_rules import read_rule
from backstage_py.insights.alerts.rules import ADDITIVE, IN_APP, SINGLE_ROW, AlertRule, When
from backstage_py.insights.alerts.store import AlertState, Owed
from backstage_py.insights.questions.catalogue import QUESTIONS, find_question
from backstage_py.insights.ui.builder import make_condition

_WORDS = {
    When.ABOVE: "above {0}",
    When.BELOW: "below {0}",
    When.CHANGED_BY: "changed by {0}% or more",
    When.UNUSUAL: "{0} deviations from the usual",
    When.SILENT: "nothing at all",
}
_STATES = {"sent": "Sent", "owed": "Waiting", "lost": "Given up"}


@dataclass(frozen=True)
class AlertRow:
    """A rule and its state; `tone` is good, bad or empty.

    `author` made it on the page; it is empty for a rule of the configuration.
    """

    name: str
    says: str
    state: str
    tone: str
    checked: str
    channels: list[str] = field(default_factory=list)
    problem: str = ""
    author: str = ""


@dataclass(frozen=True)
class MessageRow:
    """A message and its delivery state."""

    key: str
    title: str
    body: str
    state: str
    when: str
    problem: str = ""


def build_alert_rows(alerts: Alerts, zone: str) -> list[AlertRow]:
    """A row for each rule, with its state."""
    states = {state.name: state for state in alerts.states()}
    authors = {one.rule.name: one.author for one in alerts.list_page_rules()}
    return [
        replace(_row(rule, states.get(rule.name), zone), author=authors.get(rule.name, ""))
        for rule in alerts.rules
    ]


def build_message_rows(messages: Sequence[Owed], zone: str) -> list[MessageRow]:
    """The newest messages."""
    return [
        MessageRow(
            one.id,
            one.message.title,
            one.message.body,
            _STATES.get(one.state, one.state),
            _when(one.made_at, zone),
            one.problem or "",
        )
        for one in messages
    ]


def describe_rule(rule: Rule) -> str:
    """A rule in a sentence."""
    if not isinstance(rule, AlertRule):
        days = "day" if rule.days == 1 else f"{rule.days} days"
        return f"Digest of the last {days}, on the schedule {rule.schedule} ({rule.zone})."
    threshold = 3 if rule.threshold is None else rule.threshold
    when = _WORDS[rule.when].format(f"{threshold:g}")
    column = f", {rule.column}" if rule.column else ""
    try:
        answers = find_question(rule.question).answers.rstrip(".")
    except AnalyticsError:
        return f"The question {rule.question} no longer exists."
    where = "".join(
        f", {one.field} {one.operator} {', '.join(map(str, one.values))}".rstrip()
        for one in rule.filter
    )
    return f"{answers}{column}{where}: {when} within {rule.window}."


def _row(rule: Rule, state: AlertState | None, zone: str) -> AlertRow:
    said, tone = _state(rule, state, zone)
    checked = _when(state.checked_at, zone) if state and state.checked_at else ""
    channels = ["In the app" if one == IN_APP else one.partition(":")[0] for one in rule.channels]
    return AlertRow(
        rule.name,
        describe_rule(rule),
        said,
        tone,
        checked,
        channels,
        (state.problem or "") if state else "",
    )


def _state(rule: Rule, state: AlertState | None, zone: str) -> tuple[str, str]:
    if state is None:
        return "Not looked at yet", ""
    if state.is_firing:
        since = f" since {_when(state.since, zone)}" if state.since else ""
        return f"Firing{since}", "bad"
    if state.problem:
        return "No answer", ""
    if not isinstance(rule, AlertRule):
        return "Scheduled", "good"
    value = "" if state.value is None else f", now {state.value:,.0f}"
    return f"Fine{value}", "good"


def _when(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b, %H:%M}"


def list_questions() -> dict[str, str]:
    """The questions without parameters that an alert can watch: what they answer, by name."""
    return {
        name: one.answers.rstrip(".")
        for name, one in QUESTIONS.items()
        if (name in SINGLE_ROW or set(one.columns) & set(ADDITIVE))
        and not one.schema.get("required")
    }


def list_columns() -> list[str]:
    """The columns that an alert can look at."""
    single = [column for name in SINGLE_ROW for column in QUESTIONS[name].columns]
    return sorted({*single, *ADDITIVE})


def read_form(form: Mapping[str, Any]) -> AlertRule:
    """The rule that the form of the page describes.

    Raises:
        AnalyticsError: If a field is wrong; it names the field.
    """
    texts = {name: str(form.get(name, "")).strip() for name in _FORM}
    values: dict[str, Any] = {key: text for key, text in texts.items() if text}
    values["to"] = tuple(part for one in texts["to"].split(",") if (part := one.strip()))
    if texts["field"]:
        condition = make_condition(texts["field"], texts["operator"], texts["value"])
        if condition is None:
            raise AnalyticsError("filter", "is incomplete", "Name a field and a value")
        named = {"field": condition.field, "operator": condition.operator}
        values["filter"] = ({**named, "values": condition.values},)
    return read_rule({k: v for k, v in values.items() if k not in {"field", "operator", "value"}})


_FORM = (
    *("name", "question", "column", "when", "threshold", "window", "to"),
    *("field", "operator", "value"),
)
