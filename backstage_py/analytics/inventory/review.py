"""The inventory side by side with what was really received, and what to fix."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from backstage_py.analytics.event import DEFAULT_CONTEXT, AnalyticsEvent
from backstage_py.analytics.inventory.capture import Capture
from backstage_py.analytics.inventory.declaration import Address, Declaration, declare
from backstage_py.analytics.inventory.naming import find_naming_faults
from backstage_py.analytics.inventory.volume import (
    LOOKED_AT_DAYS,
    WEEKS,
    Days,
    UnusualDay,
    find_unusual_days,
)
from backstage_py.analytics.store.activity import Activity, Heard

SAMPLE_EVENTS = 2_000
"""How many of the newest events are checked for the keys of attributes and contexts."""
_UNKNOWN = frozenset({"", "root", "unknown"})
_USUAL_CONTEXT = frozenset(DEFAULT_CONTEXT)


class FindingKind(StrEnum):
    """Every kind of problem with instrumentation."""

    UNDECLARED = "undeclared"
    MISSING_CONTEXT = "missing-context"
    VOLUME = "volume"
    NAMING = "naming"
    NEVER_FIRED = "never-fired"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem: what it is about, what is wrong, and how to fix it."""

    kind: FindingKind
    about: str
    problem: str
    hint: str


@dataclass(frozen=True, slots=True)
class DeclarationStatus:
    """How often the captures of a declaration have been received in the window."""

    declaration: Declaration
    count: int = 0
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """An app's instrumentation as declared, and the events received from it since a time."""

    since: datetime
    statuses: tuple[DeclarationStatus, ...]
    findings: tuple[Finding, ...]
    received: int


@dataclass(frozen=True, slots=True)
class Record:
    """The received events: by place, by declared subject, by day, and a sample."""

    places: Sequence[Heard] = ()
    subjects: Sequence[Heard] = ()
    days: Mapping[str, Days] | None = None
    sample: Sequence[AnalyticsEvent] = ()


def review_instrumentation(
    captures: Iterable[Capture], engine: Engine, *, now: datetime, window: timedelta
) -> Review:
    """Compare an inventory with what the store has received.

    Args:
        captures: The inventory.
        engine: The store's database.
        now: The current time.
        window: How far back to look. For unusual days it is always 9 weeks.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    declarations = declare(captures)
    activity = Activity(engine)
    since = now - window
    subjects = {one.address.subject for one in declarations} - {None}
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    weeks = timedelta(weeks=WEEKS, days=LOOKED_AT_DAYS)
    record = Record(
        places=activity.places(since),
        subjects=activity.subjects(since, [one for one in subjects if one]),
        days=activity.daily(midnight - weeks, midnight),
        sample=activity.newest(SAMPLE_EVENTS),
    )
    return build_review(declarations, record, since=since, now=now)


def build_review(
    declarations: Sequence[Declaration], record: Record, *, since: datetime, now: datetime
) -> Review:
    """The review of what is declared and what was received."""
    statuses = _statuses(declarations, record)
    findings = [
        *_undeclared(declarations, record),
        *_without_context(declarations, record.places),
        *(_unusual(day) for day in find_unusual_days(record.days or {}, now.date())),
        *_badly_named(declarations, record),
        *_never_fired(statuses),
    ]
    received = sum(heard.count for heard in record.places)
    return Review(since, tuple(statuses), tuple(findings), received)


def _statuses(declarations: Sequence[Declaration], record: Record) -> list[DeclarationStatus]:
    """Events of a declared subject count for it alone, the others for the open declarations."""
    named = {_address(heard): heard for heard in record.subjects}
    exact = {one.address for one in declarations if one.address.subject is not None}
    rest = [_without_named(heard, record.subjects, exact) for heard in record.places]
    statuses: list[DeclarationStatus] = []
    for one in declarations:
        among = rest if one.address.subject is None else named.values()
        heard = [each for each in among if each.count and one.address.covers(_address(each))]
        count = sum(each.count for each in heard)
        last = max((each.last_seen for each in heard), default=None)
        statuses.append(DeclarationStatus(one, count, last))
    return statuses


def _without_named(heard: Heard, subjects: Sequence[Heard], exact: Collection[Address]) -> Heard:
    """The events of a place, without those whose subjects are declared there."""
    place = _address(heard).parts[:4]
    mine = (
        one.count
        for one in subjects
        if _address(one).parts[:4] == place and any(each.covers(_address(one)) for each in exact)
    )
    return replace(heard, count=heard.count - sum(mine))


def _address(heard: Heard) -> Address:
    return Address(heard.action, heard.plugin_id, heard.extension, heard.route_ref, heard.subject)


def _undeclared(declarations: Sequence[Declaration], record: Record) -> Iterator[Finding]:
    exact = {one.address for one in declarations if one.address.subject is not None}
    open_ = [one.address for one in declarations if one.address.subject is None]
    for heard in record.places:
        left = _without_named(heard, record.subjects, exact).count
        if left and not any(one.covers(_address(heard)) for one in open_):
            yield Finding(
                FindingKind.UNDECLARED,
                _shown(_address(heard)),
                f"was received {_times(left)}, and nothing in the app declares it",
                "Find out what sends it: an older release, another app, a component in JavaScript",
            )


def _without_context(
    declarations: Sequence[Declaration], places: Sequence[Heard]
) -> Iterator[Finding]:
    """Events of no plugin or page, where that is not the place of what captures them."""
    declared = {one.address.parts[:4] for one in declarations}
    for heard in places:
        address = _address(heard)
        if heard.plugin_id in _UNKNOWN and address.parts[:4] not in declared:
            yield Finding(
                FindingKind.MISSING_CONTEXT,
                _shown(address),
                f"was received {_times(heard.count)} without a plugin",
                "Capture it below an extension of a plugin, or in analytics_extension()",
            )
    for one in declarations:
        is_on_page = any(path not in {"*", "/404"} for path in one.paths)
        if is_on_page and one.address.plugin_id in _UNKNOWN:
            yield Finding(
                FindingKind.MISSING_CONTEXT,
                _shown(one.address),
                f"is captured on {', '.join(one.paths)} outside of every extension",
                "Declare the page in a plugin, or put it into analytics_extension()",
            )


def _unusual(day: UnusualDay) -> Finding:
    when = f"on {day.day:%a} {day.day.isoformat()}"
    usual = f"{day.usual:,.0f} is usual for that weekday"
    if day.is_silent:
        problem = f"was not captured at all {when}; {usual}"
        hint = "Look whether the portal was down, or a release has lost the capture"
    else:
        problem = f"was captured {_times(day.count)} {when}; {usual}"
        hint = "Look whether it is captured twice, by a robot, or for a reason you know"
    return Finding(FindingKind.VOLUME, day.action, problem, hint)


def _badly_named(declarations: Sequence[Declaration], record: Record) -> Iterator[Finding]:
    actions, keys = named_in(declarations, record.sample)
    actions |= {heard.action for heard in record.places}
    for fault in find_naming_faults(actions, keys):
        yield Finding(FindingKind.NAMING, f"{fault.what} {fault.name}", fault.problem, fault.hint)


def named_in(
    declarations: Iterable[Declaration], events: Iterable[AnalyticsEvent]
) -> tuple[set[str], set[str]]:
    """The actions and the keys that an app uses; navigates are left out, whose keys are routes'."""
    actions: set[str] = set()
    keys: set[str] = set()
    for one in declarations:
        if one.address.action == "navigate":
            continue
        actions |= {one.address.action} if one.address.action else set()
        keys |= {*one.attributes, *one.context_keys}
    for event in events:
        if event.action != "navigate":
            actions.add(event.action)
            keys |= {*(event.attributes or ()), *event.context} - _USUAL_CONTEXT
    return actions, keys


def _never_fired(statuses: Iterable[DeclarationStatus]) -> Iterator[Finding]:
    for status in statuses:
        one = status.declaration
        if status.count or one.address.action is None:
            continue
        places = ", ".join(sorted({each.component for each in one.captures}))
        hint = "Nobody has used it, or it cannot be reached: try it once"
        if one.is_conditional:
            hint = "It is captured under a condition of its handler: look whether that holds"
        yield Finding(
            FindingKind.NEVER_FIRED, _shown(one.address), f"was never received from {places}", hint
        )


def _shown(address: Address) -> str:
    action, plugin, extension, _, subject = (part or "…" for part in address.parts)
    what = action if address.subject is None else f"{action} “{subject}”"
    return f"{what} in {plugin} / {extension}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
