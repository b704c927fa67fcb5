"""Finds significant movements: size, certainty, reason, and nearby annotations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.annotations.annotation import Annotation
from backstage_py.insights.changes.series import Ask, Series, read_series
from backstage_py.insights.questions.explorer import Explore
from backstage_py.insights.scope import Condition, Operator, Scope
from backstage_py.insights.usual import FEWEST_WEEKS, Calendar, Usual, weeks_before
from backstage_py.insights.window import Window

SURE_TOTAL, SURE_PART = 3.0, 4.0
"""The deviations required. There are many parts, so chance alone would exceed three."""
FEWEST = 10
"""The smallest change that is reported, even if it is certain."""
LEAST_SHARE = 0.2
"""The smallest share of the usual value that is reported."""
MOST_MOVEMENTS = 20
MOST_PART_ROWS = 50
EXPLAINS = 0.5
"""The share of a movement from which one value counts as its reason."""
NEARBY = timedelta(days=2)
_REASONS = {
    "total": ("pluginId", "action", "team", "origin", "appVersion"),
    "plugin": ("path", "action", "subject", "team", "origin", "appVersion"),
    "page": ("team", "origin"),
    "search": ("team", "origin"),
    "template": ("team", "origin"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """The value of a field that explains most of a movement, and its share."""

    field: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Movement:
    """A number that differs from its usual value.

    `kind` and `name` are its subject (`page`, `/catalog`), `measure` is the name of the number.
    `usual` is the median of the same time in the weeks before, `deviations` how many usual
    deviations the number is above it.
    """

    kind: str
    name: str
    measure: str
    now: float
    usual: float
    deviations: float
    conditions: tuple[Condition, ...] = ()
    reason: Reason | None = None
    annotation: Annotation | None = None

    @property
    def change(self) -> float | None:
        """The change as a share of the usual value; None if that is 0."""
        return (self.now - self.usual) / self.usual if self.usual else None


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a window.

    `weeks` were compared; with too few there are no movements. `numbers` were checked.
    `holidays` are the public holidays of the window, on which lower numbers are usual.
    """

    window: Window
    weeks: int
    numbers: int
    movements: tuple[Movement, ...]
    holidays: tuple[str, ...]

    @property
    def has_history(self) -> bool:
        """Whether there were enough weeks to compare with."""
        return self.weeks >= FEWEST_WEEKS


def find_changes(
    ask: Ask,
    scope: Scope,
    *,
    calendar: Calendar,
    annotations: Sequence[Annotation] = (),
) -> Changes:
    """The significant movements of a scope, the most certain first.

    Args:
        ask: Answers questions, with the permissions of the recipients.
        scope: The period, such as a week, and the events.
        calendar: Knows the public holidays; weeks with one are not compared.
        annotations: The annotations to look for nearby.

    Raises:
        AnalyticsError: If the window is open, or a question cannot be answered.
    """
    window = scope.window
    if window.since is None or window.until is None:
        raise AnalyticsError("window", "is open", "Give both ends to compare it")
    weeks = weeks_before(window, calendar)
    series = read_series(ask, scope, weeks)
    weeks_known = _count_known(series)
    holidays = calendar.holidays_in(window)
    found = [one for each in series if (one := _movement(each, weeks_known)) is not None]
    if holidays:
        found = [one for one in found if one.deviations > 0]
    found.sort(key=lambda one: (one.kind != "total", -abs(one.deviations), one.name))
    nearby = _nearby(annotations, window)
    movements = [_explained(ask, scope, one, weeks[0], nearby) for one in found[:MOST_MOVEMENTS]]
    named = tuple(f"{name} ({day:%d %b})" for day, name in sorted(holidays.items()))
    return Changes(window, weeks_known, len(series), tuple(movements), named)


def _count_known(series: Sequence[Series]) -> int:
    """The number of past weeks that have events."""
    known = [number + 1 for one in series for number, value in enumerate(one.before) if value > 0]
    return max(known, default=0)


def _movement(series: Series, weeks: int) -> Movement | None:
    """The movement of a number, if it is significant."""
    usual = Usual.of(series.before[:weeks])
    if usual is None:
        return None
    distance = usual.distance(series.now)
    sure = SURE_PART if series.watch.key else SURE_TOTAL
    size = abs(series.now - usual.middle)
    if abs(distance) < sure or size < max(FEWEST, LEAST_SHARE * usual.middle):
        return None
    conditions = series.watch.conditions
    if series.watch.field:
        has_name = Condition(series.watch.field, Operator.IS, (series.name,))
        conditions = (*conditions, has_name)
    return Movement(
        kind=series.watch.kind,
        name=series.name,
        measure=series.watch.columns[series.column],
        now=series.now,
        usual=usual.middle,
        deviations=distance,
        conditions=conditions,
    )


def _explained(
    ask: Ask, scope: Scope, movement: Movement, week_before: Window, nearby: Annotation | None
) -> Movement:
    """The movement with its reason, compared with the week before."""
    here = scope.narrowed(*movement.conditions)
    there = Scope(week_before, here.conditions, here.sample, here.with_robots)
    reasons = (_reason(ask, here, there, field) for field in _REASONS[movement.kind])
    best = max(filter(None, reasons), key=lambda one: one.share, default=None)
    return Movement(
        movement.kind,
        movement.name,
        movement.measure,
        movement.now,
        movement.usual,
        movement.deviations,
        movement.conditions,
        best,
        nearby,
    )


def _reason(ask: Ask, here: Scope, there: Scope, field: str) -> Reason | None:
    question = Explore(dimensions=(field,), limit=MOST_PART_ROWS)
    now, before = ({r[field]: r["value"] for r in ask(question, one).rows} for one in (here, there))
    whole = sum(now.values()) - sum(before.values())
    if not whole or len({*now, *before}) < 2:  # ruff: ignore[magic-value-comparison]
        return None
    changes = {key: now.get(key, 0) - before.get(key, 0) for key in {*now, *before}}
    key = max(changes, key=lambda one: (changes[one] / whole, str(one)))
    share = changes[key] / whole
    return None if key is None or share < EXPLAINS else Reason(field, str(key), min(share, 1.0))


def _nearby(annotations: Sequence[Annotation], window: Window) -> Annotation | None:
    """The newest annotation within the window or shortly before it."""
    assert window.since is not None
    assert window.until is not None
    close = [a for a in annotations if window.since - NEARBY <= a.at < window.until]
    return max(close, key=lambda one: one.at, default=None)
