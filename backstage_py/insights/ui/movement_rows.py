"""The movements of a week as rows of the page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import starmap

from backstage_py.insights import Scope, Window
from backstage_py.insights.changes.digest import describe_reason
from backstage_py.insights.changes.movements import Changes, Movement
from backstage_py.insights.ui import texts
from backstage_py.insights.ui.alerting import title_of
from backstage_py.insights.ui.builder import write_conditions

DAYS = 7
_KINDS = {"plugin": "Plugin", "page": "Page", "search": "Search term", "template": "Template"}


@dataclass(frozen=True)
class MovementRow:
    """A movement; `filters` are its conditions as JSON, empty where it is about everything."""

    key: str
    title: str
    change: str
    direction: str
    numbers: str
    facts: list[str] = field(default_factory=list)
    filters: str = ""


@dataclass(frozen=True)
class ChangesPage:
    """The page: its week, the movements, and how sure they are."""

    span: str = ""
    rows: list[MovementRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nothing: str = ""
    problem: str = ""


def week_of(scope: Scope, now: datetime) -> Scope:
    """The seven days that end with the scope's time, or now, with its filters."""
    until = min(scope.window.until or now, now)
    window = Window(until - timedelta(days=DAYS), until, scope.window.zone)
    return Scope(window, scope.conditions, scope.sample, scope.with_robots)


def build_changes(changes: Changes) -> ChangesPage:
    """The page of what changed."""
    rows = list(starmap(_row, enumerate(changes.movements)))
    notes = []
    if changes.holidays:
        notes.append(f"Public holidays in this week: {', '.join(changes.holidays)}.")
    if changes.has_history:
        notes.append(
            f"{changes.numbers:,} numbers were compared with the same days of {changes.weeks} "
            "earlier weeks. A movement is shown if it is far outside what is usual for them."
        )
        nothing = "Nothing moved beyond what is usual."
    else:
        weeks = "1 earlier week" if changes.weeks == 1 else f"{changes.weeks} earlier weeks"
        nothing = f"Movements are shown from 4 earlier weeks on; there is data of {weeks}."
    return ChangesPage(texts.span(changes.window), rows, notes, "" if rows else nothing)


def _row(place: int, movement: Movement) -> MovementRow:
    kind = _KINDS.get(movement.kind)
    name = title_of(movement.kind, movement.name)
    title = f"{kind} {name}: {movement.measure.lower()}" if kind else movement.measure
    facts = []
    if (reason := describe_reason(movement, title_of)) is not None:
        facts.append(reason)
    if movement.annotation is not None:
        at = movement.annotation.at
        facts.append(f"Nearby: {movement.annotation.text} ({at.day} {at:%b}).")
    change = "new" if movement.change is None else texts.signed(movement.change)
    return MovementRow(
        str(place),
        title,
        change,
        "up" if movement.deviations > 0 else "down",
        f"{movement.now:,.0f}, usually {movement.usual:,.0f}",
        facts,
        write_conditions(movement.conditions) if movement.conditions else "",
    )
