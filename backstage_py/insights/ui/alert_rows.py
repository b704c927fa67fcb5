"""Alerts and digests in the words of their page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from backstage_py.insights.alerts.alerts import Alerts, Rule
from backstage_py.insights.alerts.rules import IN_APP, AlertRule, When
from backstage_py.insights.alerts.store import AlertState, Owed
from backstage_py.insights.questions.catalogue import find_question

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
    """A rule and its state; `tone` is good, bad or empty."""

    name: str
    says: str
    state: str
    tone: str
    checked: str
    channels: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True)
class MessageRow:
    """A message and what became of it."""

    key: str
    title: str
    body: str
    state: str
    when: str
    problem: str = ""


def build_alert_rows(alerts: Alerts, zone: str) -> list[AlertRow]:
    """Each rule with what is known of it."""
    states = {state.name: state for state in alerts.states()}
    return [_row(rule, states.get(rule.name), zone) for rule in alerts.rules]


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
    answers = find_question(rule.question).answers.rstrip(".")
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
