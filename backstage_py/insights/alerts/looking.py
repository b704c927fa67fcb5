"""Decides whether the number of a rule is worth an alert."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backstage_py.insights.alerts.rules import AlertRule, When, parse_span
from backstage_py.insights.answer import Answer
from backstage_py.insights.questions.question import Question
from backstage_py.insights.scope import Sample, Scope
from backstage_py.insights.usual import (
    USUAL_DEVIATIONS,
    Calendar,
    Usual,
    weeks_before,
)
from backstage_py.insights.window import Window

_PERCENT = 100
_WEEK = timedelta(days=7)

Ask = Callable[[Question, Scope], Answer]


@dataclass(frozen=True, slots=True)
class Look:
    """A finding; `text` describes it in a sentence."""

    value: float
    is_firing: bool
    text: str


@dataclass(frozen=True, slots=True)
class Looking:
    """Checks the numbers of one rule.

    Args:
        rule: The rule.
        question: Its question, without a limit.
        column: The column to sum up.
        ask: Answers questions, as the receivers may see them.
        calendar: Knows the public holidays.
        zone: The time zone of days.
    """

    rule: AlertRule
    question: Question
    column: str
    ask: Ask
    calendar: Calendar
    zone: str

    def look(self, now: datetime) -> Look | None:
        """The finding at a moment; None if the answer is withheld or there is no history.

        Raises:
            AnalyticsError: If the question cannot be answered.
        """
        window = Window(now - parse_span(self.rule.window), now, self.zone)
        value = self.measure(window)
        if value is None:
            return None
        match self.rule.when:
            case When.CHANGED_BY:
                return self._look_for_change(value, window)
            case When.UNUSUAL:
                return self._look_for_the_unusual(value, window)
            case When.SILENT:
                return Look(value, not value, f"{write(value)} in the last {self.rule.window}")
            case _:
                return self._compare(value)

    def measure(self, window: Window) -> float | None:
        """The number of a period; None if some of it is withheld to protect small groups."""
        sample = Sample.ALL if self.rule.with_sample else Sample.WITHOUT
        conditions = tuple(one.to_condition() for one in self.rule.filter)
        answer = self.ask(self.question, Scope(window, conditions, sample, with_robots=False))
        if answer.hidden and not answer.rows:
            return None
        return float(sum(row[self.column] or 0 for row in answer.rows))

    def _compare(self, value: float) -> Look:
        threshold = self.rule.threshold or 0.0
        is_above = self.rule.when is When.ABOVE
        is_firing = value > threshold if is_above else value < threshold
        text = f"{write(value)} in the last {self.rule.window}"
        return Look(value, is_firing, f"{text}; the limit is {self.rule.when} {write(threshold)}")

    def _look_for_change(self, value: float, window: Window) -> Look | None:
        """Compare with the previous period; less than a week with the same time a week ago."""
        is_short = parse_span(self.rule.window) < _WEEK
        before_window = weeks_before(window, Calendar(), 1)[0] if is_short else window.previous()
        before = self.measure(before_window)
        if before is None:
            return None
        percent = (value - before) / before * _PERCENT if before else (_PERCENT if value else 0.0)
        is_enough = max(value, before) >= self.rule.at_least
        is_firing = is_enough and abs(percent) >= (self.rule.threshold or 0.0)
        when = "a week earlier" if is_short else f"in the {self.rule.window} before"
        text = f"{write(value)} in the last {self.rule.window}, {write(before)} {when}"
        return Look(value, is_firing, f"{text} ({percent:+.0f}%)")

    def _look_for_the_unusual(self, value: float, window: Window) -> Look | None:
        """Compare with the same time of the last eight weeks; quiet holidays are usual."""
        measured = [self.measure(one) for one in weeks_before(window, self.calendar)]
        known = [one for one in measured if one is not None]
        usual = Usual.of(known) if any(known) else None
        if usual is None:
            return None
        distance = usual.distance(value)
        limit = self.rule.threshold or USUAL_DEVIATIONS
        is_holiday = distance < 0 and bool(self.calendar.holidays_in(window))
        is_enough = max(value, usual.middle) >= self.rule.at_least
        is_firing = is_enough and abs(distance) >= limit and not is_holiday
        text = f"{write(value)} in the last {self.rule.window}; usual is {write(usual.middle)}"
        return Look(value, is_firing, f"{text} (± {write(usual.deviation)})")


def write(value: float) -> str:
    """A number as text for people."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def with_limit_off(question: Question) -> Question:
    """The question without a limit, so that sums include everything."""
    if not hasattr(question, "limit"):
        return question
    return replace(question, limit=None)  # pyright: ignore[reportArgumentType]
