"""The findings for CI: violations of the plan and of the naming conventions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Engine

from backstage_py.analytics.event import AnalyticsEvent
from backstage_py.analytics.inventory.capture import Capture, Kind, kind_of
from backstage_py.analytics.inventory.declaration import Declaration, declare
from backstage_py.analytics.inventory.naming import find_naming_faults
from backstage_py.analytics.inventory.plan import (
    TrackingPlan,
    Violation,
    ViolationKind,
    build_plan,
    check_declarations,
    check_events,
    write_plan,
)
from backstage_py.analytics.inventory.review import named_in
from backstage_py.analytics.store.activity import Activity

SEEN_EVENTS = 20_000
"""How many of the newest events are read to learn the types of attributes."""


def lint(
    declarations: Sequence[Declaration],
    events: Iterable[AnalyticsEvent],
    plan: TrackingPlan | None = None,
) -> list[Violation]:
    """The violations of an app's captures and of events, which are read once.

    Without a plan, only the names are checked.
    """
    actions, keys = named_in(declarations, ())
    seen = _noting(events, actions, keys)
    violations: list[Violation] = []
    if plan is None:
        for _ in seen:
            pass
    else:
        violations += check_declarations(plan, declarations) if declarations else []
        violations += check_events(plan, seen)
    return [*violations, *_naming(actions, keys)]


def write_tracking_plan(captures: Iterable[Capture], engine: Engine) -> str:
    """The tracking plan of an inventory as YAML; types are taken from the newest events too.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    newest = Activity(engine).newest(SEEN_EVENTS)
    return write_plan(build_plan(declare(captures), kinds_seen(newest)))


def kinds_seen(events: Iterable[AnalyticsEvent]) -> Mapping[str, Mapping[str, set[Kind]]]:
    """The types that attributes were received with, by action."""
    seen: dict[str, dict[str, set[Kind]]] = {}
    for event in events:
        of_action = seen.setdefault(event.action, {})
        for key, value in (event.attributes or {}).items():
            of_action.setdefault(key, set()).add(kind_of(value))
    return seen


def _noting(
    events: Iterable[AnalyticsEvent], actions: set[str], keys: set[str]
) -> Iterator[AnalyticsEvent]:
    for event in events:
        more_actions, more_keys = named_in((), [event])
        actions |= more_actions
        keys |= more_keys
        yield event


def _naming(actions: set[str], keys: set[str]) -> list[Violation]:
    return [
        Violation(ViolationKind.NAMING, f"{fault.what} {fault.name}", fault.problem, fault.hint)
        for fault in find_naming_faults(actions, keys)
    ]
